/* test_cli.c - the tables of the command line, and how words are read by them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/parse.h"

/* ---- the tables ------------------------------------------------------------------------------ */

typedef void each_option(const struct command *cmd, const struct option *o);

static void walk_options(each_option *each)
{
    size_t table = 0, row = 0;
    const struct command *cmd;
    while ((cmd = command_next(&table, &row)))
        for (const struct option *o = cmd->options; o && o->name; o++)
            each(cmd, o);
    for (const struct option *o = global_options; o->name; o++)
        each(NULL, o);
}

static void option_is_told(const struct command *cmd, const struct option *o)
{
    const char *of = cmd ? cmd->name : "global";
    if (!o->help || !*o->help || (o->takes == TAKES_NOTHING) != !o->value)
        fail_msg("--%s of %s", o->name, of);
    if (o->name[strspn(o->name, "abcdefghijklmnopqrstuvwxyz-")] || strlen(o->name) > 20)
        fail_msg("--%s of %s: its name", o->name, of);
    if (o->takes == TAKES_CHOICE && !strchr(o->value, '|'))
        fail_msg("--%s of %s: no choice", o->name, of);
    if (cmd && option_find(cmd, o->name, strlen(o->name)) != o)
        fail_msg("--%s of %s: twice", o->name, of);
}

static void every_option_is_told(void **state)
{
    (void)state;
    walk_options(option_is_told);
}

/* Options stand before their command too: there it must be clear whether a value follows. */
static const struct option *first_of_name;
static void takes_the_same(const struct command *cmd, const struct option *o)
{
    if (strcmp(o->name, first_of_name->name) == 0 &&
        (o->takes == TAKES_NOTHING) != (first_of_name->takes == TAKES_NOTHING))
        fail_msg("--%s of %s takes something else elsewhere", o->name, cmd ? cmd->name : "all");
}

static void compare_with_all(const struct command *cmd, const struct option *o)
{
    (void)cmd;
    first_of_name = o;
    walk_options(takes_the_same);
}

static void options_of_one_name_take_the_same(void **state)
{
    (void)state;
    walk_options(compare_with_all);
}

static void every_command_is_told(void **state)
{
    size_t table = 0, row = 0, n = 0;
    const struct command *cmd;
    (void)state;
    while ((cmd = command_next(&table, &row))) {
        n++;
        assert_true(strlen(cmd->name) < CLI_NAME);
        if (!cmd->summary || !islower((unsigned char)cmd->summary[0]) ||
            cmd->summary[strlen(cmd->summary) - 1] == '.')
            fail_msg("%s: %s", cmd->name, cmd->summary);
    }
    assert_true(n > 15);
}

/* ---- reading words --------------------------------------------------------------------------- */

enum { WORDS = 12 };

static enum status parse(struct cli *c, const char *line)
{
    struct asked asked = { 0 };
    char *argv[WORDS + 1] = { arena_strdup(&c->arena, "gonghai") };
    int argc = 1;
    for (char *s = arena_strdup(&c->arena, line); s && *s && argc < WORDS;) {
        argv[argc++] = s;
        s = strchr(s, ' ');
        if (s)
            *s++ = '\0';
    }
    return parse_args(c, argc, argv, &asked);
}

static int setup(void **state)
{
    *state = xcalloc(1, sizeof(struct cli));
    i18n_init("en");
    return 0;
}

static int teardown(void **state)
{
    arena_free(&((struct cli *)*state)->arena);
    free(*state);
    return 0;
}

static void options_stand_anywhere(void **state)
{
    static const char *const lines[] = {
        "list leads --limit 5 --db x",    "--db x list leads --limit 5",
        "--db=x --limit=5 list leads",    "list --limit 5 leads --db=x",
        "list --db x --limit 5 -- leads",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct cli c = { .now = NONE };
        assert_int_equal(parse(&c, lines[i]), ST_OK);
        assert_string_equal(c.command->name, "list");
        assert_int_equal(c.nargs, 1);
        assert_string_equal(c.arg[0], "leads");
        assert_string_equal(cli_option(&c, "limit"), "5");
        assert_string_equal(cli_option(&c, "db"), "x");
        assert_false(cli_flag(&c, "where"));
        arena_free(&c.arena);
    }
}

static void without_a_word_it_is_the_console(void **state)
{
    struct cli *c = *state;
    assert_int_equal(parse(c, "--view leads"), ST_OK);
    assert_string_equal(c->command->name, "");
    assert_string_equal(cli_option(c, "view"), "leads");
}

static void commands_of_two_words(void **state)
{
    struct cli *c = *state;
    assert_int_equal(parse(c, "user --db x roles E1 staff"), ST_OK);
    assert_string_equal(c->command->name, "user roles");
    assert_int_equal(c->nargs, 2);
    assert_string_equal(c->arg[0], "E1");
    assert_string_equal(c->arg[1], "staff");
}

static void a_sort_may_begin_with_a_dash(void **state)
{
    struct cli *c = *state;
    assert_int_equal(parse(c, "list leads --sort -created_at"), ST_OK);
    assert_string_equal(cli_option(c, "sort"), "-created_at");
}

static const struct { const char *line, *code, *param; } refused[] = {
    { "lits", "cli.unknown_command", "lits" },
    { "user", "cli.group", "user" },
    { "user fly", "cli.unknown_command", "user fly" },
    { "list", "cli.missing", "KIND" },
    { "import leads", "cli.missing", "FILE" },
    { "list leads now", "cli.too_many", "now" },
    { "list leads --now", "cli.value", "now" },
    { "list leads --limit --sort x", "cli.value", "limit" },
    { "list leads --json", "cli.unknown_option", "--json" },
    { "list leads -j", "cli.unknown_option", "-j" },
    { "list leads --format=html", "cli.choice", "format" },
    { "list leads --format=", "cli.choice", "format" },
    { "list leads --columns=", "cli.value", "columns" },
    { "list leads --db=", "cli.value", "db" },
    { "list leads --format csv --format csv", "cli.twice", "format" },
    { "import leads f --again=no", "cli.no_value", "again" },
    { "list leads --where \xff", "cli.utf8", "\xff" },
    { "list \xff", "cli.utf8", "\xff" },
    { "--view home list leads", "cli.unknown_option", "--view" },
};

static void what_is_wrong_is_a_usage_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct cli c = { .now = NONE };
        if (parse(&c, refused[i].line) != ST_INVALID || !c.usage ||
            strcmp(c.err.code, refused[i].code) != 0 ||
            strcmp(c.err.param[0], refused[i].param) != 0)
            fail_msg("%s: %s (%s)", refused[i].line, c.err.code, c.err.param[0]);
        arena_free(&c.arena);
    }
}

static void the_nearest_word_is_named(void **state)
{
    struct cli *c = *state;
    assert_int_equal(parse(c, "improt leads f"), ST_INVALID);
    assert_string_equal(c->err.param[1], "import");
    assert_int_equal(parse(c, "list leads --colums a"), ST_INVALID);
    assert_string_equal(c->err.param[1], "--columns");
    assert_int_equal(parse(c, "list leads --zzzzzz a"), ST_INVALID);
    assert_string_equal(c->err.param[1], "");
}

static void whole_numbers_keep_their_bounds(void **state)
{
    static const char *const bad[] = { "0",   "11",  "1x",
                                       "1.5", "",    " 1",
                                       "+1",  "0x1", "99999999999999999999" };
    int64_t v;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct cli c = { .now = NONE };
        assert_int_equal(parse(&c, "list leads"), ST_OK);
        c.given[0].name = "limit";
        c.given[0].value = bad[i];
        c.ngiven = 1;
        if (cli_number(&c, "limit", 1, 10, NONE, &v) != ST_INVALID)
            fail_msg("taken: \"%s\"", bad[i]);
        arena_free(&c.arena);
    }
    struct cli *c = *state;
    assert_int_equal(parse(c, "list leads --limit 10"), ST_OK);
    assert_int_equal(cli_number(c, "limit", 1, 10, NONE, &v), ST_OK);
    assert_int_equal(v, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_told),
        cmocka_unit_test(options_of_one_name_take_the_same),
        cmocka_unit_test(every_command_is_told),
        cmocka_unit_test_setup_teardown(options_stand_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_word_it_is_the_console, setup, teardown),
        cmocka_unit_test_setup_teardown(commands_of_two_words, setup, teardown),
        cmocka_unit_test_setup_teardown(a_sort_may_begin_with_a_dash, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_a_usage_error, setup, teardown),
        cmocka_unit_test_setup_teardown(the_nearest_word_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(whole_numbers_keep_their_bounds, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
