/* test_filter.c - saved filters: for oneself, for a branch, for everybody; what is kept of them, and what
 * becomes of one whose field is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/contract/bank.h"

static const char *make(struct bank *k, const char *name, const char *more)
{
    return bank_call(k, "filter.create", bank_text(k, "{\"name\":\"%s\",\"noun\":\"leads\"%s}", name, more));
}

static const char *must_make(struct bank *k, const char *name, const char *more)
{
    const char *reply = make(k, name, more);
    if (!reply)
        fail_msg("%s: %s %s %s", name, k->e.code, k->e.field, k->e.param[0]);
    return bank_get(k, reply, "id");
}

static const char *member(struct bank *k, const char *id, const char *what)
{
    return bank_get(k, bank_do(k, "filter.get", bank_text(k, "{\"id\":\"%s\"}", id)), what);
}

static void a_filter_is_kept_with_field_names(void **state)
{
    struct bank *k = *state;
    const char *id = must_make(k, "今天到期", ",\"condition\":\"归属人 = 我 且 剩余时限 < today + 1d\","
                               "\"sort\":\"-score,left_at\",\"columns\":\"no,name,score\"");
    assert_string_equal(member(k, id, "condition"), "owner = me and left_at < tomorrow");
    assert_string_equal(member(k, id, "sort"), "-score,left_at");
    assert_string_equal(member(k, id, "columns"), "no,name,score");
    assert_string_equal(member(k, id, "noun"), "leads");
    assert_string_equal(member(k, id, "sharing"), "own");
    assert_string_equal(member(k, id, "fault"), "");
    /* of any noun that can be listed, in the singular too; without a condition it is an order and columns */
    assert_non_null(
        bank_call(k, "filter.create", "{\"name\":\"x\",\"noun\":\"task\",\"condition\":\"state = open\"}"));
    assert_non_null(
        bank_call(k, "filter.create", "{\"name\":\"x\",\"noun\":\"custom-fields\",\"sort\":\"code\"}"));
    assert_string_equal(
        bank_sql(k, "select group_concat(noun || position) from (select * from saved_filter order by "
                    "position)"),
        "leads0,tasks1,custom_fields2");
    assert_string_equal(
        bank_get(k, bank_on(k, "filter.change", id, ",\"condition\":\"\",\"position\":7"), "version"), "2");
    assert_string_equal(member(k, id, "condition"), "");
}

static void what_can_t_be_a_filter_is_refused(void **state)
{
    static const struct { const char *more, *code; } tries[] = {
        { ",\"condition\":\"nix = 1\"", "cond.unknown_field" },
        { ",\"condition\":\"score > 1); delete from lead; --\"", "cond.syntax" },
        { ",\"condition\":\"email = a@b.cn\"", "cond.syntax" },
        { ",\"condition\":\"email = \\\"a@b.cn\\\"\"", "cond.secret_kept" },
        { ",\"sort\":\"nix\"", "cond.unknown_field" },
        { ",\"columns\":\"no,nix\"", "cond.unknown_field" },
        { ",\"fault\":\"x\"", "field.read_only" },
    };
    struct bank *k = *state;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        bank_refused(k, make(k, "x", tries[i].more), ST_INVALID, tries[i].code);
    bank_refused(k, make(k, "x", ",\"sort\":\"phone\""), ST_DENIED, "cond.masked_sort");
    bank_refused(k, bank_call(k, "filter.create", "{\"name\":\"x\",\"noun\":\"nix\"}"), ST_INVALID,
                 "ref.unknown");
    assert_int_equal(bank_sql_int(k, "select count(*) from saved_filter"), 0);
}

/* A condition that is tried out on a list tells of its rows: of which codes there are, at least. */
static void whoever_may_not_read_the_list_keeps_no_filter_of_it(void **state)
{
    struct bank *k = *state;
    static const char *const lists[] = { "leads", "accounts", "audits", "events", "imports", "follow_ups" };
    bank_do(k, "account.create", "{\"code\":\"conf\",\"branch\":\"S\",\"roles\":\"config\",\"active\":true}");
    const char *id = must_make(k, "shared", ",\"sharing\":\"all\",\"condition\":\"score > 3\"");
    bank_as(k, "conf");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const char *in = bank_text(k, "{\"name\":\"x\",\"noun\":\"%s\",\"condition\":\"id > 3\"}", lists[i]);
        bank_refused(k, bank_call(k, "filter.create", in), ST_DENIED, "right.missing");
        in = bank_text(k, "{\"name\":\"x\",\"noun\":\"%s\",\"sort\":\"id\"}", lists[i]);
        bank_refused(k, bank_call(k, "filter.create", in), ST_DENIED, "right.missing");
        bank_refused(k, bank_call(k, "condition.check", bank_text(k, "{\"noun\":\"%s\"}", lists[i])),
            ST_DENIED,
                     "right.missing");
    }
    bank_refused(k, bank_on(k, "filter.change", id, ",\"condition\":\"owner = 101\""), ST_DENIED,
        "right.missing");
    assert_string_equal(member(k, id, "fault"), "right.missing");
    assert_non_null(bank_on(k, "filter.change", id, ",\"name\":\"ours\""));
    assert_non_null(
        bank_call(k, "filter.create", "{\"name\":\"x\",\"noun\":\"employees\","
            "\"condition\":\"status = leave\"}"));
    bank_as(k, NULL);
    assert_string_equal(member(k, id, "fault"), "");
    assert_string_equal(member(k, id, "condition"), "score > 3");
}

static void a_name_is_unique_for_its_owner(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    const char *id = must_make(k, "Hot", ",\"condition\":\"score > 50\"");
    bank_refused(k, make(k, "hot", ""), ST_CONFLICT, "noun.duplicate");
    assert_string_equal(k->e.field, "name");
    bank_as(k, "102");
    must_make(k, "hot", "");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "filter.change", id, ",\"name\":\"HOT\""));
    bank_refused(k, bank_on(k, "filter.change", id, ",\"name\":\"x\",\"version\":1"), ST_CONFLICT,
                 "noun.stale");
}

static bool sees(struct bank *k, const char *login, const char *name)
{
    bank_as(k, login);
    return strstr(bank_do(k, "filter.list", "{}"), bank_text(k, "\"name\":\"%s\"", name)) != NULL;
}

static void who_sees_which(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    must_make(k, "mine", ",\"condition\":\"owner = me\"");
    bank_refused(k, make(k, "x", ",\"sharing\":\"branch\""), ST_DENIED, "share.branch");
    bank_refused(k, make(k, "x", ",\"sharing\":\"all\""), ST_DENIED, "share.all");
    bank_as(k, "300");
    must_make(k, "north", ",\"sharing\":\"branch\"");
    bank_refused(k, make(k, "x", ",\"sharing\":\"branch\",\"branch\":\"S\""), ST_DENIED, "scope.branch");
    bank_as(k, NULL);
    bank_do(k, "account.create", "{\"code\":\"conf\",\"branch\":\"S\",\"roles\":\"operations\","
        "\"active\":true}");
    bank_as(k, "conf");
    must_make(k, "everybody", ",\"sharing\":\"all\"");
    static const struct { const char *login, *name; bool sees;
    } rows[] = {
        { "101", "mine", true },        { "102", "mine", false },     { "300", "mine", false },
        { NULL, "mine", false },        { "101", "north", true },     { "400", "north", false },
        { "audit", "north", true },     { "101", "everybody", true }, { "400", "everybody", true },
        { "audit", "everybody", true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (sees(k, rows[i].login, rows[i].name) != rows[i].sees)
            fail_msg("%s %s", rows[i].login ? rows[i].login : "owner", rows[i].name);
}

static void only_its_own_ones_change_and_remove_it(void **state)
{
    struct bank *k = *state;
    bank_as(k, "300");
    const char *north = must_make(k, "north", ",\"sharing\":\"branch\"");
    bank_as(k, "101");
    const char *mine = must_make(k, "mine", "");
    bank_refused(k, bank_on(k, "filter.change", north, ",\"name\":\"x\""), ST_DENIED, "share.not_yours");
    bank_refused(k, bank_on(k, "filter.remove", north, ""), ST_DENIED, "share.not_yours");
    bank_as(k, "400");
    bank_refused(k, bank_on(k, "filter.remove", north, ""), ST_NOT_FOUND, "noun.not_found");
    bank_refused(k, bank_on(k, "filter.change", mine, ",\"name\":\"x\""), ST_NOT_FOUND, "noun.not_found");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "filter.remove", mine, ",\"version\":4"), ST_CONFLICT, "noun.stale");
    assert_non_null(bank_on(k, "filter.remove", mine, ",\"version\":1"));
    bank_refused(k, bank_on(k, "filter.remove", mine, ""), ST_NOT_FOUND, "noun.not_found");
    assert_int_equal(bank_sql_int(k, "select count(*) from saved_filter"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'filter.removed'"), 1);
    bank_as(k, NULL);                           /* could have shared it so himself */
    assert_non_null(bank_on(k, "filter.remove", north, ""));
}

static void the_same_key_makes_one(void **state)
{
    struct bank *k = *state;
    const char *in = "{\"name\":\"a\",\"noun\":\"leads\"}";
    const char *first = bank_call_key(k, "filter.create", in, "k1");
    assert_string_equal(bank_said(bank_call_key(k, "filter.create", in, "k1")), bank_said(first));
    assert_int_equal(bank_sql_int(k, "select count(*) from saved_filter"), 1);
}

/* A custom field is taken away by hand, as a later program might take one of its own. */
static void one_whose_field_is_gone_says_so(void **state)
{
    struct bank *k = *state;
    bank_do(k, "custom_field.create",
            "{\"noun\":\"lead\",\"code\":\"job\",\"name\":\"Job\",\"type\":\"text\"}");
    const char *id = must_make(k, "nurses", ",\"condition\":\"attr.job = nurse\"");
    const char *other = must_make(k, "web", ",\"condition\":\"channel = web\"");
    const char *shown = must_make(k, "wide", ",\"columns\":\"no,attr.job\"");
    bank_sql(k, "delete from custom_field");
    bank_sql(k, "update channel set code = 'www', code_key = 'www', name = 'W', name_key = 'w'");
    bank_as(k, NULL);
    assert_string_equal(member(k, id, "fault"), "cond.unknown_field");
    assert_string_equal(member(k, id, "condition"), "attr.job = nurse");
    assert_string_equal(member(k, other, "fault"), "cond.unknown_value");
    assert_string_equal(member(k, shown, "fault"), "cond.unknown_field");
    const char *list = bank_do(k, "filter.list", "{}");
    assert_non_null(strstr(list, "\"fault\":\"cond.unknown_field\",\"fault_words\":\"attr.job\\t"));
    assert_null(strstr(bank_do(k, "filter.list", "{\"columns\":\"name\"}"), "cond."));
    /* it may be renamed and removed all the same, and mended */
    assert_non_null(bank_on(k, "filter.change", id, ",\"name\":\"old\""));
    bank_refused(k, bank_on(k, "filter.change", id, ",\"condition\":\"attr.job = x\""), ST_INVALID,
                 "cond.unknown_field");
    assert_non_null(bank_on(k, "filter.change", id, ",\"condition\":\"region = x\""));
    assert_string_equal(member(k, id, "fault"), "");
    assert_non_null(bank_on(k, "filter.remove", other, ""));
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_filter_is_kept_with_field_names),
        T(what_can_t_be_a_filter_is_refused),
        T(whoever_may_not_read_the_list_keeps_no_filter_of_it),
        T(a_name_is_unique_for_its_owner),
        T(who_sees_which),
        T(only_its_own_ones_change_and_remove_it),
        T(the_same_key_makes_one),
        T(one_whose_field_is_gone_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
