/* test_segment.c - segments: by a condition, by a list, taken once; who sees them, who changes them, and that
 * none asks for itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/lang/lang.h"
#include "tests/contract/bank.h"

static const char *lead(struct bank *k, const char *name, const char *more)
{
    return bank_get(k,
                    bank_do(k, "lead.create",
                            bank_text(k, "{\"external_id\":\"%s\",\"name\":\"%s\"%s}", name, name, more)),
                    "id");
}

static const char *make(struct bank *k, const char *code, const char *more)
{
    return bank_call(k, "segment.create",
                     bank_text(k, "{\"code\":\"%s\",\"name\":\"%s\"%s}", code, code, more));
}

static const char *must_make(struct bank *k, const char *code, const char *more)
{
    const char *reply = make(k, code, more);
    if (!reply)
        fail_msg("%s: %s %s %s", code, k->e.code, k->e.field, k->e.param[0]);
    return bank_get(k, reply, "id");
}

static const char *fill(struct bank *k, const char *op, const char *code, const char *more)
{
    return bank_call(k, op, bank_text(k, "{\"code\":\"%s\"%s}", code, more));
}

static const char *member(struct bank *k, const char *id, const char *what)
{
    return bank_get(k, bank_do(k, "segment.get", bank_text(k, "{\"id\":\"%s\"}", id)), what);
}

/* What the kept number says, and what stands in the table. */
static void check_members(struct bank *k, const char *id, int64_t n)
{
    assert_int_equal(atoll(member(k, id, "members")), n);
    assert_int_equal(
        bank_sql_int(k, bank_text(k, "select count(*) from segment_member where segment_id = %s", id)), n);
}

/* ---- a condition -------------------------------------------------------------------------------------- */

static void a_condition_is_kept_in_english_and_asked_anew(void **state)
{
    struct bank *k = *state;
    lead(k, "A", ",\"score\":80");
    const char *b = lead(k, "B", ",\"score\":20");
    const char *id = must_make(k, "hot", ",\"condition\":\"评分 >= 50\"");
    assert_string_equal(member(k, id, "condition"), "score >= 50");
    assert_string_equal(member(k, id, "kind"), "dynamic");
    assert_string_equal(member(k, id, "sharing"), "own");
    assert_string_equal(member(k, id, "members"), "");
    assert_int_equal(bank_count(k, "segment = hot"), 1);
    assert_int_equal(bank_count(k, "not (segment = hot)"), 1);
    bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"score\":60}", b));
    assert_int_equal(bank_count(k, "segment = hot"), 2);
    assert_int_equal(bank_count(k, "客群 = hot 且 score = 80"), 1);
    /* another condition for the same name */
    bank_do(k, "segment.change", bank_text(k, "{\"id\":\"%s\",\"condition\":\"score = 60\"}", id));
    assert_int_equal(bank_count(k, "segment = hot"), 1);
    /* what is switched off is no segment to ask for */
    bank_do(k, "segment.change", bank_text(k, "{\"id\":\"%s\",\"active\":false}", id));
    bank_refused(k, bank_call(k, "lead.count", "{\"where\":\"segment = hot\"}"), ST_INVALID,
                 "cond.unknown_value");
}

static void wrong_conditions_are_not_kept(void **state)
{
    static const struct { const char *more, *code, *field; } tries[] = {
        { ",\"condition\":\"nix = 1\"", "cond.unknown_field", "" },
        { ",\"condition\":\"channel = nix\"", "cond.unknown_value", "" },
        { ",\"condition\":\"score > 1) or (score < 5\"", "cond.syntax", "" },
        { ",\"condition\":\"phone = 13812345678\"", "cond.secret_kept", "" },
        { ",\"condition\":\"score > 1 and not (id_no in (11010519491231002X))\"", "cond.secret_kept", "" },
        { ",\"kind\":\"dynamic\"", "field.required", "condition" },
        { ",\"kind\":\"dynamic\",\"condition\":\"  \"", "field.required", "condition" },
        { ",\"kind\":\"static\",\"condition\":\"score > 1\"", "segment.listed", "condition" },
        { ",\"kind\":\"snapshot\"", "segment.by_snapshot", "kind" },
        { ",\"kind\":\"static\",\"members\":5", "field.read_only", "members" },
    };
    struct bank *k = *state;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        bank_refused(k, make(k, "x", tries[i].more), ST_INVALID, tries[i].code);
        assert_string_equal(k->e.field, tries[i].field);
    }
    assert_int_equal(bank_sql_int(k, "select count(*) from segment"), 0);
    must_make(k, "x", ",\"condition\":\"score > 1\"");
    bank_refused(k, make(k, "X", ",\"condition\":\"score > 1\""), ST_CONFLICT, "noun.duplicate");
    assert_string_equal(k->e.field, "code");
}

/* What has another name tomorrow is still what was meant. */
static void codes_are_kept_for_names(void **state)
{
    struct bank *k = *state;
    bank_do(k, "tag.create", "{\"code\":\"vip\",\"name\":\"贵宾\"}");
    lead(k, "A", ",\"owner\":\"101\",\"branch\":\"N1\",\"tags\":[\"vip\"]");
    must_make(k, "base", ",\"condition\":\"owner in (Li, 102, Zhao) and not (tags has 贵宾)\"");
    const char *id =
        must_make(k, "x",
                  ",\"condition\":\"阶段 = 新线索 and branch under \\\"North 1\\\" and segment != BASE and "
                  "every follow_ups (employee = Li)\"");
    assert_string_equal(bank_sql(k, "select condition from segment where code = 'base'"),
                        "owner in (101, 102, 201) and not (tags has vip)");
    assert_string_equal(member(k, id, "condition"),
                        "stage = new and branch under N1 and segment != base and every "
                        "follow_ups (employee = 101)");
    bank_sql(k, "update employee set name = 'Lu', name_key = 'lu' where code = '101'");
    bank_sql(k, "update branch set name = 'x', name_key = 'x'");
    bank_as(k, NULL);
    assert_int_equal(bank_count(k, "segment = x"), 1);
}

/* ---- rings -------------------------------------------------------------------------------------------- */

static void no_segment_asks_for_itself(void **state)
{
    struct bank *k = *state;
    lead(k, "A", ",\"score\":80");
    const char *a = must_make(k, "a", ",\"condition\":\"score > 1\"");
    must_make(k, "b", ",\"condition\":\"segment = a and score > 2\"");
    const char *c = must_make(k, "c", ",\"condition\":\"score > 3 or not (segment in (b, a))\"");
    assert_int_equal(bank_count(k, "segment = b"), 1);
    bank_refused(k, bank_on(k, "segment.change", a, ",\"condition\":\"segment = a\""), ST_INVALID,
                 "cond.segment_ring");
    bank_refused(k, bank_on(k, "segment.change", a, ",\"condition\":\"score > 1 or segment = c\""),
                 ST_INVALID, "cond.segment_ring");
    assert_string_equal(k->e.param[1], "24");
    assert_string_equal(member(k, a, "condition"), "score > 1");
    assert_non_null(bank_on(k, "segment.change", c, ",\"condition\":\"segment = a\""));
}

static void segments_stand_in_each_other_so_deep(void **state)
{
    struct bank *k = *state;
    lead(k, "A", ",\"score\":80");
    must_make(k, "s0", ",\"condition\":\"score > 1\"");
    for (int i = 1; i < LANG_SEGMENTS; i++)
        must_make(k, bank_text(k, "s%d", i), bank_text(k, ",\"condition\":\"segment = s%d\"", i - 1));
    assert_int_equal(bank_count(k, bank_text(k, "segment = s%d", LANG_SEGMENTS - 1)), 1);
    must_make(k, "last", bank_text(k, ",\"condition\":\"segment = s%d\"", LANG_SEGMENTS - 1));
    bank_refused(k, bank_call(k, "lead.count", "{\"where\":\"segment = last\"}"), ST_INVALID,
                 "cond.segment_ring");
    bank_refused(k, make(k, "more", ",\"condition\":\"segment = last\""), ST_INVALID, "cond.segment_ring");
}

/* ---- lists -------------------------------------------------------------------------------------------- */

/* The same key, the same answer, whatever came between. */
static void a_key_is_carried_out_once(void **state)
{
    struct bank *k = *state;
    const char *a = lead(k, "A", ""), *id = must_make(k, "list", "");
    const char *one = bank_text(k, "{\"code\":\"list\",\"leads\":[{\"id\":\"%s\"}]}", a);
    bank_do(k, "segment.add", one);
    assert_string_equal(bank_get(k, bank_call_key(k, "segment.remove", one, "r1"), "changed"), "1");
    bank_do(k, "segment.add", one);
    assert_string_equal(bank_get(k, bank_call_key(k, "segment.remove", one, "r1"), "changed"), "1");
    check_members(k, id, 1);
    bank_refused(k, bank_call_key(k, "segment.add", one, "r1"), ST_CONFLICT, "key.reused");
}

static void leads_go_in_and_out_by_their_ids(void **state)
{
    struct bank *k = *state;
    const char *a = lead(k, "A", ""), *b = lead(k, "B", "");
    lead(k, "C", "");
    const char *id = must_make(k, "list", ""), *both = bank_text(
        k, ",\"leads\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]", a, b);
    assert_string_equal(member(k, id, "kind"), "static");
    check_members(k, id, 0);
    const char *reply = fill(k, "segment.add", "list", both);
    assert_string_equal(bank_get(k, reply, "changed"), "2");
    assert_string_equal(bank_get(k, reply, "members"), "2");
    check_members(k, id, 2);
    assert_int_equal(bank_count(k, "segment = list"), 2);
    /* twice is once */
    assert_string_equal(bank_get(k, fill(k, "segment.add", "list", both), "changed"), "0");
    check_members(k, id, 2);
    reply =
        fill(k, "segment.remove", "LIST", bank_text(k, ",\"leads\":[{\"id\":\"%s\"},{\"id\":\"77\"}]", a));
    assert_string_equal(bank_get(k, reply, "changed"), "1");
    assert_string_equal(bank_get(k, reply, "refused"), "1");
    check_members(k, id, 1);
    assert_int_equal(bank_count(k, "segment = list and external_id = B"), 1);
    assert_int_equal(bank_count(k, "segment != list"), 2);
    assert_string_equal(
        bank_sql(k, "select group_concat(type || data, ' ') from (select * from event where noun = "
                    "'segment' and type <> 'segment.created' order by id)"),
        "segment.added{\"added\":2,\"members\":2} segment.removed{\"removed\":1,\"members\":1}");
    bank_refused(k, fill(k, "segment.add", "list", ""), ST_INVALID, "segment.leads_or_where");
    bank_refused(k, fill(k, "segment.add", "list", bank_text(k, "%s,\"where\":\"score > 1\"", both)),
                 ST_INVALID, "segment.leads_or_where");
    bank_refused(k, fill(k, "segment.add", "nix", both), ST_NOT_FOUND, "noun.not_found");
    must_make(k, "dyn", ",\"condition\":\"score > 1\"");
    bank_refused(k, fill(k, "segment.add", "dyn", both), ST_CONFLICT, "segment.by_condition");
}

enum { MANY = 1300 };       /* more than two pages */

static void many(struct bank *k)
{
    lead(k, "first", "");
    bank_sql(k, bank_text(k,
                          "with recursive n(i) as (select 1 union all select i + 1 from n where i < %d) "
                          "insert into lead (id, version, created_at, updated_at, no, name, name_key, "
                          "branch_id, product_id, "
                          "stage_id, open, pool_id, received_at, received_how, score) select l.id + n.i, 1, "
                          "1, 1, l.no + n.i, "
                          "'n' || n.i, 'n' || n.i, l.branch_id, l.product_id, l.stage_id, 1, l.pool_id, 1, "
                          "'create', n.i %% 100 "
                          "from n, lead l where l.external_id = 'first'",
                          MANY));
}

static void a_condition_fills_a_list_page_by_page(void **state)
{
    struct bank *k = *state;
    many(k);
    const char *id = must_make(k, "list", "");
    const char *reply = fill(k, "segment.add", "list", ",\"where\":\"score >= 0\"");
    assert_string_equal(bank_get(k, bank_said(reply), "changed"), bank_text(k, "%d", MANY));
    check_members(k, id, MANY);
    assert_int_equal(bank_count(k, "segment = list"), MANY);
    assert_int_equal(bank_count(k, "segment = list and score = 7"), MANY / 100);
    reply = fill(k, "segment.remove", "list", ",\"where\":\"segment = list and score < 50\"");
    assert_string_equal(bank_get(k, bank_said(reply), "changed"), bank_text(k, "%d", MANY / 2));
    check_members(k, id, MANY / 2);
    assert_int_equal(bank_count(k, "segment = list and score < 50"), 0);
    assert_string_equal(
        bank_sql(k, "select result || coalesce(detail, '') from audit order by id desc limit 1"),
        "ok{\"removed\":650,\"members\":650}");
}

/* The one who fills a list stops in the middle: what is in stays, and the number is that of the rows. */
static void stop(void *flag, int64_t done, int64_t total)
{
    (void)total;
    if (done > 0)
        atomic_store((atomic_bool *)flag, true);
}

static void what_was_filled_before_a_stop_stays(void **state)
{
    struct bank *k = *state;
    many(k);
    const char *id = must_make(k, "list", "");
    const struct op *op = op_find("segment.add");
    void *in = record_new(op->in, &k->arena), *out = record_new(op->out, &k->arena);
    *field_text(record_field(op->in, "code"), in) = "list";
    *field_text(record_field(op->in, "where"), in) = "score >= 0";
    atomic_bool cancel = false;
    struct call call = { .op = op, .in = in, .cancel = &cancel, .progress = stop, .progress_arg = &cancel };
    assert_int_equal(backend_call(k->b, &call, &k->arena, out, &k->e), ST_CANCELLED);
    int64_t n = atoll(member(k, id, "members"));
    assert_true(n > 0 && n < MANY);
    check_members(k, id, n);
    const char *reply = fill(k, "segment.add", "list", ",\"where\":\"score >= 0\"");
    assert_string_equal(bank_get(k, bank_said(reply), "changed"), bank_text(k, "%d", MANY - (int)n));
    check_members(k, id, MANY);
}

/* ---- snapshots ---------------------------------------------------------------------------------------- */

static void a_snapshot_stays_as_it_was_taken(void **state)
{
    struct bank *k = *state;
    const char *a = lead(k, "A", ",\"score\":80"), *b = lead(k, "B", ",\"score\":20");
    const char *in = "{\"code\":\"now\",\"name\":\"now\",\"where\":\"评分 > 50\",\"note\":\"for the fair\"}";
    const char *reply = bank_call_key(k, "segment.snapshot", in, "key-1");
    assert_string_equal(bank_get(k, bank_said(reply), "members"), "1");
    const char *id = bank_get(k, reply, "id");
    /* the same key takes none anew */
    assert_string_equal(bank_said(bank_call_key(k, "segment.snapshot", in, "key-1")), reply);
    assert_int_equal(bank_sql_int(k, "select count(*) from segment"), 1);
    assert_string_equal(member(k, id, "condition"), "score > 50");
    assert_string_equal(member(k, id, "kind"), "snapshot");
    assert_int_equal(bank_sql_int(k, "select taken_at from segment"), BANK_NOW);
    check_members(k, id, 1);
    bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"score\":10}", a));
    bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"score\":90}", b));
    assert_int_equal(bank_count(k, "segment = now and external_id = A"), 1);
    assert_int_equal(bank_count(k, "segment = now"), 1);
    bank_refused(k, fill(k, "segment.add", "now", bank_text(k, ",\"leads\":[{\"id\":\"%s\"}]", b)),
                 ST_CONFLICT, "segment.taken_once");
    bank_refused(k, bank_on(k, "segment.change", id, ",\"condition\":\"score > 1\""), ST_INVALID,
                 "segment.listed");
    assert_non_null(bank_on(k, "segment.change", id, ",\"note\":\"done\""));
    bank_refused(
        k,
        bank_call(k, "segment.snapshot", "{\"code\":\"p\",\"name\":\"p\",\"where\":\"phone = 13812345678\"}"),
        ST_INVALID, "cond.secret_kept");
    bank_refused(k, bank_call(k, "segment.snapshot", "{\"code\":\"p\",\"name\":\"p\",\"where\":\" \"}"),
                 ST_INVALID, "field.required");
    assert_int_equal(bank_sql_int(k, "select count(*) from segment"), 1);
}

/* ---- who ---------------------------------------------------------------------------------------------- */

static bool sees(struct bank *k, const char *login, const char *code)
{
    bank_as(k, login);
    const char *list = bank_do(k, "segment.list", "{}");
    bool listed = strstr(list, bank_text(k, "\"code\":\"%s\"", code)) != NULL;
    const char *reply = bank_call(k, "lead.count", bank_text(k, "{\"where\":\"segment = %s\"}", code));
    if (!reply)
        assert_string_equal(k->e.code, "cond.unknown_value");
    if (listed != (reply != NULL))
        fail_msg("%s: %s lists %s and counts %s", login, code, listed ? "it" : "it not",
                 reply ? "it" : "it not");
    return listed;
}

static void sharing_says_who_sees_it(void **state)
{
    struct bank *k = *state;
    bank_as(k, "300");                          /* supervisor of N */
    must_make(k, "mine", ",\"condition\":\"score > 1\"");
    must_make(k, "north", ",\"condition\":\"score > 1\",\"sharing\":\"branch\"");
    must_make(k, "n1", ",\"condition\":\"score > 1\",\"sharing\":\"branch\",\"branch\":\"N1\"");
    assert_string_equal(
        bank_sql(k, "select b.code from segment s join branch b on b.id = s.branch_id where s.code = "
                    "'north'"),
        "N");
    bank_refused(k, make(k, "s", ",\"condition\":\"score > 1\",\"sharing\":\"branch\",\"branch\":\"S\""),
                 ST_DENIED, "scope.branch");
    bank_refused(k, make(k, "all", ",\"condition\":\"score > 1\",\"sharing\":\"all\""), ST_DENIED,
                 "share.all");
    bank_as(k, NULL);
    must_make(k, "all", ",\"condition\":\"score > 1\",\"sharing\":\"all\"");
    must_make(k, "own", ",\"condition\":\"score > 1\"");
    static const struct { const char *login, *code; bool sees;
    } rows[] = {
        { "300", "mine", true },    { "101", "mine", false },   { "101", "north", true },
        { "201", "north", true },   { "400", "north", false },  { "101", "n1", true },
        { "201", "n1", false },     { "400", "all", true },     { "audit", "all", true },
        { "audit", "north", true }, { "audit", "mine", false }, { "300", "own", false },
        { "300", "n1", true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (sees(k, rows[i].login, rows[i].code) != rows[i].sees)
            fail_msg("%s %s", rows[i].login, rows[i].code);
}

static void a_segment_shows_nobody_another_s_leads(void **state)
{
    struct bank *k = *state;
    const char *n = lead(k, "N", ",\"branch\":\"N1\",\"owner\":\"101\"");
    const char *s = lead(k, "S", ",\"branch\":\"S\",\"owner\":\"400\"");
    must_make(k, "all", ",\"sharing\":\"all\"");
    assert_non_null(fill(k, "segment.add", "all",
                         bank_text(k, ",\"leads\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]", n, s)));
    assert_int_equal(bank_count(k, "segment = all"), 2);
    bank_as(k, "101");
    assert_int_equal(bank_count(k, "segment = all"), 1);
    bank_as(k, "300");
    assert_int_equal(bank_count(k, "segment = all"), 1);
    /* one's own list takes what one sees, by id and by condition */
    const char *id = must_make(k, "north", "");
    const char *reply = fill(k, "segment.add", "north",
                             bank_text(k, ",\"leads\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]", n, s));
    assert_string_equal(bank_get(k, bank_said(reply), "refused"), "1");
    fill(k, "segment.add", "north", ",\"where\":\"no > 0\"");
    check_members(k, id, 1);
    reply = bank_call(k, "segment.snapshot", "{\"code\":\"t\",\"name\":\"t\",\"where\":\"no > 0\"}");
    assert_string_equal(bank_get(k, bank_said(reply), "members"), "1");
}

static void who_may_change_one(void **state)
{
    struct bank *k = *state;
    bank_do(k, "employee.create", "{\"code\":\"301\",\"name\":\"Zhou\",\"branch\":\"N\"}");
    bank_do(k, "account.create",
            "{\"code\":\"301\",\"employee\":\"301\",\"roles\":\"supervisor\",\"active\":true}");
    bank_do(k, "account.create",
            "{\"code\":\"s1\",\"branch\":\"N1\",\"roles\":\"supervisor\",\"active\":true}");
    const char *x = lead(k, "X", ",\"branch\":\"N1\",\"owner\":\"101\"");
    const char *all = must_make(k, "all", ",\"sharing\":\"all\"");
    bank_as(k, "300");
    const char *id = must_make(k, "north", ",\"sharing\":\"branch\"");
    const char *leads = bank_text(k, ",\"leads\":[{\"id\":\"%s\"}]", x);
    bank_refused(k, bank_on(k, "segment.change", all, ",\"name\":\"mine\""), ST_DENIED, "share.not_yours");
    bank_refused(k, fill(k, "segment.add", "all", leads), ST_DENIED, "share.not_yours");
    bank_as(k, "101");                          /* may use it, and no more */
    bank_refused(k, bank_on(k, "segment.change", id, ",\"name\":\"x\""), ST_DENIED, "right.missing");
    bank_refused(k, fill(k, "segment.add", "north", leads), ST_DENIED, "right.missing");
    bank_as(k, "s1");                           /* of a branch below the one that it is shared with */
    bank_refused(k, bank_on(k, "segment.change", id, ",\"name\":\"x\""), ST_DENIED, "share.not_yours");
    assert_string_equal(k->e.param[1], "Sun");
    bank_as(k, "301");                          /* could have shared it himself */
    assert_non_null(bank_on(k, "segment.change", id, ",\"name\":\"x\""));
    assert_non_null(fill(k, "segment.add", "north", leads));
    check_members(k, id, 1);
    bank_as(k, "audit");
    bank_refused(k, make(k, "a", ",\"condition\":\"score > 1\""), ST_DENIED, "right.missing");
    bank_as(k, "400");
    bank_refused(k, bank_on(k, "segment.get", id, ""), ST_NOT_FOUND, "noun.not_found");
}

/* `me` and `my branch` are those of the one who asks. */
static void me_is_who_asks(void **state)
{
    struct bank *k = *state;
    lead(k, "A", ",\"branch\":\"N1\",\"owner\":\"101\"");
    lead(k, "B", ",\"branch\":\"N2\",\"owner\":\"201\"");
    must_make(k, "mine", ",\"condition\":\"owner = me\",\"sharing\":\"all\"");

    assert_int_equal(bank_count(k, "segment = mine"), 0);
    bank_as(k, "101");
    assert_int_equal(bank_count(k, "segment = mine"), 1);
    assert_int_equal(bank_count(k, "branch under my branch"), 1);
    bank_as(k, "300");
    assert_int_equal(bank_count(k, "segment = mine"), 0);
    assert_int_equal(bank_count(k, "branch under my branch"), 2);
    assert_int_equal(bank_count(k, "branch = my branch"), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_condition_is_kept_in_english_and_asked_anew),
        T(wrong_conditions_are_not_kept),
        T(codes_are_kept_for_names),
        T(no_segment_asks_for_itself),
        T(segments_stand_in_each_other_so_deep),
        T(a_key_is_carried_out_once),
        T(leads_go_in_and_out_by_their_ids),
        T(a_condition_fills_a_list_page_by_page),
        T(what_was_filled_before_a_stop_stays),
        T(a_snapshot_stays_as_it_was_taken),
        T(sharing_says_who_sees_it),
        T(a_segment_shows_nobody_another_s_leads),
        T(who_may_change_one),
        T(me_is_who_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
