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

static void a_keymap_changes_and_takes_away_keys(void **state)
{
    struct keymap *k = keymap_new();
    struct action_list l = all();
    struct action_call call;
    struct err e = { 0 };
    struct buf b = BUF_INIT;

    (void)state;
    assert_int_equal(
        keymap_parse(k, "keys.ini", "[leads]\nlead.claim = x C-y\nlead.assign =\n", &e), ST_OK);
    assert_int_equal(keymap_check(k, &l, &e), ST_OK);
    assert_true(action_by_key(k, &l, NULL, 'x', &call));
    assert_true(action_by_key(k, &l, NULL, 'y' | K_CTRL, &call));
    assert_true(action_by_key(k, &l, NULL, 'c', &call));
    assert_string_equal(call.action->name, "ui.quit");           /* free again for the set below */
    assert_false(action_by_key(k, &l, NULL, 'a', &call));
    assert_int_equal(keymap_first(k, "leads", &rows[0]), 'x');
    /* What is printed is read back and changes nothing. */
    keymap_print(k, &l, &b);
    assert_int_equal(keymap_parse(k, "printed", b.s, &e), ST_OK);
    assert_int_equal(keymap_check(k, &l, &e), ST_OK);
    assert_int_equal(keymap_first(k, "leads", &rows[0]), 'x');
    assert_int_equal(keymap_first(k, "global", &others[0]), 'q');
    buf_release(&b);
    keymap_free(k);
}

static void mistakes_name_file_and_line(void **state)
{
    static const struct { const char *text, *line, *what; bool late; } wrong[] = {
        { "[leads]\nlead.claim = Entr\n", "2", "Entr", false },
        { "lead.claim = x\n", "1", "section", false },
        { "[leads]\n\n\nlead.claims = x\n", "4", "lead.claims", true },
        { "[lead]\nlead.claim = x\n", "2", "[lead]", true },
        { "[leads]\nlead.claim = a\n", "2", "both lead.claim and lead.assign", true }
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct keymap *k = keymap_new();
        struct action_list l = all();
        struct err e = { 0 };
        enum status st = keymap_parse(k, "dir/keys.ini", wrong[i].text, &e);

        if (wrong[i].late) {
            assert_int_equal(st, ST_OK);
            st = keymap_check(k, &l, &e);
        }
        assert_int_equal(st, ST_INVALID);
        assert_string_equal(e.code, "keymap.mistake");
        assert_string_equal(e.param[0], "dir/keys.ini");
        assert_string_equal(e.param[1], wrong[i].line);
        assert_non_null(strstr(e.param[2], wrong[i].what));
        keymap_free(k);
    }
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
        cmocka_unit_test(what_cannot_be_done_says_why)
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
