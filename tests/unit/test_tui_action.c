#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/keymapfile.h"

static unsigned nothing(const struct action_call *call)
{
    (void)call;
    return UI_DONE;
}

static const char *never(const struct action_call *call)
{
    return call->has_subject && call->subject.id == 7 ? NULL : "only the seventh";
}

static bool seventh(void *self, struct subject *out)
{
    *out = (struct subject){ .id = *(int *)self, .version = 3 };
    return true;
}

static const struct action rows[] = {
    { .name = "lead.claim", .number = 2031, .label = "Claim", .help = "h", .keys = "c F3",
      .run = nothing },
    { .name = "lead.assign", .number = 2034, .label = "Assign", .help = "h", .keys = "a",
      .flags = ACTION_SUBJECT, .run = nothing },
    { .name = "lead.return", .label = "Return", .help = "h", .run = nothing, .disabled = never }
};
static const struct action others[] = {
    { .name = "ui.quit", .label = "Quit", .help = "h", .keys = "q c", .run = nothing }
};
static int id = 7;

static struct action_list all(void)
{
    struct action_list l = { 0 };

    ACTION_LIST_ADD(&l, "leads", rows, &id, seventh);
    ACTION_LIST_ADD(&l, "global", others, NULL, NULL);
    return l;
}

static void keys_find_the_first_set_that_has_them(void **state)
{
    struct keymap *k = keymap_new();
    struct action_list l = all();
    struct action_call call;

    (void)state;
    assert_true(action_by_key(k, &l, NULL, 'c', &call));
    assert_string_equal(call.action->name, "lead.claim");
    assert_int_equal(call.subject.id, 7);
    assert_true(action_by_key(k, &l, NULL, K_F0 + 3, &call));
    assert_true(action_by_key(k, &l, NULL, 'q', &call));
    assert_false(call.has_subject);
    assert_false(action_by_key(k, &l, NULL, 'z', &call));
    assert_true(action_by_number(&l, NULL, 2034, &call));
    assert_string_equal(call.action->name, "lead.assign");
    assert_false(action_by_number(&l, NULL, 0, &call));
    assert_true(action_by_name(&l, NULL, "lead.return", &call));
    assert_false(action_by_name(&l, NULL, "lead", &call));
    keymap_free(k);
}

static int nsaid;
static char said[500];

static void take_sentence(void *self, const char *sentence)
{
    (void)self;
    nsaid++;
    snprintf(said, sizeof said, "%s", sentence);
}

/* Reads a key table over the rows of this file. */
static void read_keys(struct keymap *k, const char *text)
{
    struct keymap *plain = keymap_new();
    struct action_list l = all();
    struct buf known = BUF_INIT;

    nsaid = 0;
    keymap_print(plain, &l, &known);
    keymap_read(k, known.s, "dir/keys.ini", text, take_sentence, NULL);
    buf_release(&known);
    keymap_free(plain);
}

static void a_keymap_changes_and_takes_away_keys(void **state)
{
    struct keymap *k = keymap_new();
    struct action_list l = all();
    struct action_call call;
    struct buf b = BUF_INIT;

    (void)state;
    read_keys(k, "[leads]\nlead.claim = x C-y\nlead.assign =\n");
    assert_int_equal(nsaid, 0);
    assert_true(action_by_key(k, &l, NULL, 'x', &call));
    assert_true(action_by_key(k, &l, NULL, 'y' | K_CTRL, &call));
    assert_true(action_by_key(k, &l, NULL, 'c', &call));
    assert_string_equal(call.action->name, "ui.quit");           /* free again for the set below */
    assert_false(action_by_key(k, &l, NULL, 'a', &call));
    assert_int_equal(keymap_first(k, "leads", &rows[0]), 'x');
    /* What is printed is read back and changes nothing. */
    keymap_print(k, &l, &b);
    read_keys(k, b.s);
    assert_int_equal(nsaid, 0);
    assert_int_equal(keymap_first(k, "leads", &rows[0]), 'x');
    assert_int_equal(keymap_first(k, "global", &others[0]), 'q');
    buf_release(&b);
    keymap_free(k);
}

/* A line with a mistake is one sentence that names it; what else the file says is taken. */
static void mistakes_name_file_and_line(void **state)
{
    static const struct { const char *text, *line, *what; } wrong[] = {
        { "[global]\nui.quit = Q\n[leads]\nlead.claim = Entr\n", "line 4:", "Entr" },
        { "lead.claim = x\n[global]\nui.quit = Q\n", "line 1:", "section" },
        { "[global]\nui.quit = Q\n[leads]\nlead.claims = x\n", "line 4:", "lead.claims" },
        { "[lead]\nlead.claim = x\n[global]\nui.quit = Q\n", "line 2:", "[lead]" },
        { "[leads]\nlead.claim = a\n[global]\nui.quit = Q\n", "line 2:", "both lead.claim and lead.assign" }
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct keymap *k = keymap_new();

        read_keys(k, wrong[i].text);
        assert_int_equal(nsaid, 1);
        assert_non_null(strstr(said, "dir/keys.ini"));
        assert_non_null(strstr(said, wrong[i].line));
        if (!strstr(said, wrong[i].what))
            fail_msg("\"%s\" does not say %s", said, wrong[i].what);
        assert_int_equal(keymap_first(k, "leads", &rows[0]), 'c');      /* the built-in one holds */
        assert_int_equal(keymap_first(k, "global", &others[0]), 'Q');   /* the rest is taken */
        keymap_free(k);
    }
}

static void two_actions_may_change_places(void **state)
{
    struct keymap *k = keymap_new();

    (void)state;
    read_keys(k, "[leads]\nlead.claim = a\nlead.assign = c\n");
    assert_int_equal(nsaid, 0);
    assert_int_equal(keymap_first(k, "leads", &rows[0]), 'a');
    keymap_free(k);
}

static void what_is_no_key_table_changes_nothing(void **state)
{
    struct keymap *k = keymap_new();

    (void)state;
    read_keys(k, "[leads]\nlead.claim = x\nthis is no line\n");
    assert_int_equal(nsaid, 1);
    assert_non_null(strstr(said, "dir/keys.ini, line 3:"));
    assert_int_equal(keymap_first(k, "leads", &rows[0]), 'c');
    keymap_free(k);
}

/* A whole copy of the built-in table is a good start for one's own. */
static void the_built_in_table_is_right(void **state)
{
    struct keymap *k = keymap_new();

    (void)state;
    nsaid = 0;
    keymap_read(k, keymap_builtin(), "default.ini", keymap_builtin(), take_sentence, NULL);
    if (nsaid)
        fail_msg("%s", said);
    keymap_free(k);
}

static void what_cannot_be_done_says_why(void **state)
{
    struct action_list l = all(), bare = { 0 };
    struct action_call call;

    (void)state;
    assert_true(action_by_name(&l, NULL, "lead.return", &call));
    assert_null(action_disabled(&call));
    id = 8;
    assert_true(action_by_name(&l, NULL, "lead.return", &call));
    assert_string_equal(action_disabled(&call), "only the seventh");
    id = 7;
    ACTION_LIST_ADD(&bare, "leads", rows, &id, NULL);
    assert_true(action_by_name(&bare, NULL, "lead.assign", &call));
    assert_string_equal(action_disabled(&call), "nothing selected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_find_the_first_set_that_has_them),
        cmocka_unit_test(a_keymap_changes_and_takes_away_keys),
        cmocka_unit_test(mistakes_name_file_and_line),
        cmocka_unit_test(two_actions_may_change_places),
        cmocka_unit_test(what_is_no_key_table_changes_nothing),
        cmocka_unit_test(the_built_in_table_is_right),
        cmocka_unit_test(what_cannot_be_done_says_why)
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
