/* test_values.c - what stands in a field, with counts, in the caller's scope; what a condition costs; and
 * that a read which takes too long is stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/noun/values.h"
#include "tests/contract/bank.h"

static void lead(struct bank *k, const char *name, const char *more)
{
    bank_do(k, "lead.create", bank_text(k, "{\"external_id\":\"%s\",\"name\":\"%s\"%s}", name, name, more));
}

/* "web:2 (none):1": values with their counts, as they come; a label in brackets where it is another word. */
static const char *values(struct bank *k, const char *op, const char *json)
{
    const char *reply = bank_do(k, op, json);
    struct json *j = NULL;
    struct buf b = BUF_INIT;
    assert_int_equal(json_parse(reply, strlen(reply), &j, &k->e), ST_OK);
    for (const struct json *v = json_first(json_get(j, "values")); v; v = json_next(v)) {
        const char *label = json_string(json_get(v, "label")), *value = json_string(json_get(v, "value"));
        buf_addf(&b, "%s%s", b.len ? " " : "", value);
        if (label && strcmp(label, value) != 0)
            buf_addf(&b, "(%s)", label);
        buf_addf(&b, ":%d", (int)json_number(json_get(v, "count")));
    }
    json_free(j);
    const char *text = arena_strdup(&k->arena, b.s);
    buf_release(&b);
    return text;
}

static const char *of(struct bank *k, const char *field, const char *more)
{
    return values(k, "lead.values", bank_text(k, "{\"field\":\"%s\"%s}", field, more));
}

static void some(struct bank *k)
{
    bank_do(k, "tag.create", "{\"code\":\"vip\",\"name\":\"贵宾\"}");
    bank_do(k, "tag.create", "{\"code\":\"cold\",\"name\":\"陌拜\"}");
    bank_do(k, "custom_field.create",
            "{\"noun\":\"lead\",\"code\":\"job\",\"name\":\"Job\",\"type\":\"text\"}");
    bank_do(k, "custom_field.create",
            "{\"noun\":\"lead\",\"code\":\"size\",\"name\":\"Size\",\"type\":\"choice\","
            "\"choices\":\"big,small\"}");
    lead(k, "A",
         ",\"branch\":\"N1\",\"owner\":\"101\",\"channel\":\"web\",\"intent\":\"high\",\"tags\":[\"vip\"],"
         "\"region\":\"华东\",\"attr.job\":\"Nurse\",\"attr.size\":\"big\"");
    lead(k, "B", ",\"branch\":\"N1\",\"owner\":\"102\",\"channel\":\"web\",\"intent\":\"high\","
         "\"tags\":[\"vip\",\"cold\"],\"region\":\"华南\",\"attr.job\":\"nurse\"");
    lead(
        k, "C",
        ",\"branch\":\"N2\",\"owner\":\"201\",\"intent\":\"low\",\"region\":\"华东\",\"attr.job\":\"pilot\"");
    lead(
        k, "D",
        ",\"branch\":\"S\",\"owner\":\"400\",\"intent\":\"mid\",\"region\":\"西北\",\"attr.job\":\"sailor\"");
    lead(k, "E", ",\"branch\":\"S\",\"owner\":\"400\",\"phone\":\"13912345678\"");
}

static void values_come_with_their_counts(void **state)
{
    struct bank *k = *state;
    some(k);
    assert_string_equal(of(k, "channel", ""), "web(Web):2");
    assert_string_equal(of(k, "owner", ""), "400(Qian):2 101(Li):1 102(Wang):1 201(Zhao):1");
    assert_string_equal(of(k, "intent", ""), "high:2 low:1 mid:1");
    assert_string_equal(of(k, "open", ""), "yes:5");
    assert_string_equal(of(k, "tags", ""), "vip(贵宾):2 cold(陌拜):1");
    assert_string_equal(of(k, "stage", ""), "new(new lead):5");
    assert_string_equal(of(k, "region", ""), "华东:2 华南:1 西北:1");
    assert_string_equal(of(k, "attr.job", ""), "Nurse:2 pilot:1 sailor:1");
    assert_string_equal(of(k, "attr.size", ""), "big:1");
    assert_string_equal(of(k, "owner", ",\"limit\":1"), "400(Qian):2");
    /* labels name fields too, and what has no values gives none */
    assert_string_equal(of(k, "意向", ""), "high:2 low:1 mid:1");
    assert_string_equal(of(k, "score", ""), "");
    assert_string_equal(of(k, "left_at", ""), "");
    assert_string_equal(of(k, "person", ""), "");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"nix\"}"), ST_INVALID, "cond.unknown_field");
    bank_refused(k, bank_call(k, "lead.values", "{}"), ST_INVALID, "field.required");
}

/* Of what lies behind a reference the rows are counted,
not those of the other noun: of six employees four own
 * these five leads, and one of them is on leave. */
static void behind_a_reference_rows_are_counted(void **state)
{
    struct bank *k = *state;
    some(k);
    bank_do(k, "employee.change", bank_text(k, "{\"id\":\"%s\",\"status\":\"leave\"}",
                                            bank_sql(k, "select id from employee where code = '400'")));
    assert_string_equal(of(k, "owner.status", ""), "active(on duty):3 leave(on leave):2");
    assert_string_equal(of(k, "归属人.状态", ""), "active(on duty):3 leave(on leave):2");
    assert_string_equal(of(k, "owner.status", ",\"prefix\":\"le\""), "leave(on leave):2");
    assert_string_equal(of(k, "owner.status", ",\"where\":\"intent = high or intent = mid\""),
                        "active(on duty):2 leave(on leave):1");
    assert_string_equal(of(k, "owner.branch", ""), "S(South):2 N1(North 1):2 N2(North 2):1");
    assert_string_equal(of(k, "owner.branch", ",\"prefix\":\"n\""), "N1(North 1):2 N2(North 2):1");
    assert_string_equal(of(k, "owner.name", ",\"limit\":1"), "Qian:2");
    assert_string_equal(of(k, "owner.name", ",\"prefix\":\"wa\""), "Wang:1");
    assert_string_equal(of(k, "channel.name", ""), "Web:2");
    assert_string_equal(of(k, "owner.created_at", ""), "");
    assert_string_equal(values(k, "task.values", "{\"field\":\"owner.status\",\"where\":\"state = open\"}"),
                        values(k, "task.values", "{\"field\":\"owner.status\"}"));
    bank_as(k, "300");                          /* of his scope, and no more */
    assert_string_equal(of(k, "owner.status", ""), "active(on duty):3");
    bank_as(k, "audit");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"person.name\"}"), ST_DENIED,
        "cond.masked_equality");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"person.phone\"}"), ST_DENIED,
        "cond.masked_equality");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"owner.nix\"}"), ST_INVALID,
        "cond.unknown_field");
}

/* What no column holds: segments are chosen among, spans and shares are typed. */
static void segments_are_values_and_spans_are_typed(void **state)
{
    struct bank *k = *state;
    some(k);
    bank_do(k, "segment.create",
            "{\"code\":\"hot\",\"name\":\"热\",\"sharing\":\"all\",\"condition\":\"intent = high\"}");
    bank_do(k, "segment.create", "{\"code\":\"own\",\"name\":\"自用\",\"condition\":\"intent = low\"}");
    bank_do(k, "segment.create", "{\"code\":\"off\",\"name\":\"停\",\"condition\":\"intent = low\","
        "\"active\":false}");
    bank_do(k, "segment.snapshot",
            "{\"code\":\"east\",\"name\":\"华东\",\"sharing\":\"all\",\"where\":\"region = 华东\"}");
    assert_string_equal(of(k, "segment", ",\"prefix\":\"e\""), "east(华东):2");
    const char *all = bank_do(k, "lead.values", "{\"field\":\"客群\"}");
    assert_non_null(strstr(all, "\"value\":\"east\",\"label\":\"华东\",\"count\":2"));
    assert_non_null(strstr(all, "\"value\":\"hot\",\"label\":\"热\",\"count\":null"));
    assert_non_null(strstr(all, "\"own\""));
    assert_null(strstr(all, "\"off\""));
    assert_null(strstr(bank_do(k, "lead.values", "{\"field\":\"segment\",\"prefix\":\"热\"}"), "\"east\""));
    bank_as(k, "300");
    all = bank_do(k, "lead.values", "{\"field\":\"segment\"}");
    assert_null(strstr(all, "\"own\""));
    assert_non_null(strstr(all, "\"value\":\"east\",\"label\":\"华东\",\"count\":null"));
    static const struct { const char *field, *takes; } typed[] = {
        { "idle", "a span of time: 30m, 48h, 7d" },
        { "未跟进", "a span of time: 30m, 48h, 7d" },
        { "bucket(\\\"spring\\\")", "a share of all: 10%, 12.5%" },
    };
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        bank_refused(k, bank_call(k, "lead.values", bank_text(k, "{\"field\":\"%s\"}", typed[i].field)),
                     ST_INVALID, "cond.no_values");
        assert_string_equal(k->e.param[1], typed[i].takes);
    }
}

static void a_beginning_narrows_them(void **state)
{
    struct bank *k = *state;
    some(k);
    assert_string_equal(of(k, "owner", ",\"prefix\":\"1\""), "101(Li):1 102(Wang):1");
    assert_string_equal(of(k, "owner", ",\"prefix\":\"wA\""), "102(Wang):1");
    bank_do(k, "employee.change", bank_text(k, "{\"id\":\"%s\",\"name\":\"单雄信\"}",
                                            bank_sql(k, "select id from employee where code = '101'")));
    assert_string_equal(of(k, "owner", ",\"prefix\":\"sx\""), "101(单雄信):1");
    assert_string_equal(of(k, "owner", ",\"prefix\":\"dxx\""), "101(单雄信):1");
    assert_string_equal(of(k, "owner", ",\"prefix\":\"xx\""), "");
    assert_string_equal(of(k, "intent", ",\"prefix\":\"高\""), "high:2");
    assert_string_equal(of(k, "stage", ",\"prefix\":\"新\""), "new(new lead):5");
    assert_string_equal(of(k, "stage", ",\"prefix\":\"con\""), "");
    assert_string_equal(of(k, "tags", ",\"prefix\":\"陌\""), "cold(陌拜):1");
    assert_string_equal(of(k, "region", ",\"prefix\":\"华\""), "华东:2 华南:1");
    assert_string_equal(of(k, "attr.job", ",\"prefix\":\"NU\""), "Nurse:2");
    assert_string_equal(of(k, "region", ",\"prefix\":\"%\""), "");
    assert_string_equal(of(k, "attr.job", ",\"prefix\":\"' or 1 = 1 --\""), "");
    assert_string_equal(
        bank_get(k, bank_do(k, "lead.values", "{\"field\":\"region\",\"prefix\":\"x\"}"), "rows"), "4");
}

static void they_are_of_the_scope_and_the_condition(void **state)
{
    struct bank *k = *state;
    some(k);
    assert_string_equal(of(k, "intent", ",\"where\":\"channel = web\""), "high:2");
    assert_string_equal(of(k, "region", ",\"where\":\"attr.job = nurse and tags has cold\""), "华南:1");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"region\",\"where\":\"no > 1) or (no > 0\"}"),
                 ST_INVALID, "cond.syntax");
    bank_as(k, "300");
    assert_string_equal(of(k, "region", ""), "华东:2 华南:1");
    assert_string_equal(of(k, "attr.job", ""), "Nurse:2 pilot:1");
    assert_string_equal(of(k, "tags", ""), "vip(贵宾):2 cold(陌拜):1");
    bank_as(k, "400");
    assert_string_equal(of(k, "owner", ""), "400(Qian):2");
    assert_string_equal(values(k, "employee.values", "{\"field\":\"branch\"}"), "S(South):1");
}

static void what_is_masked_has_none(void **state)
{
    struct bank *k = *state;
    some(k);
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"phone\"}"), ST_DENIED, "cond.masked_equality");
    bank_refused(k, bank_call(k, "person.values", "{\"field\":\"id_no\",\"prefix\":\"1\"}"), ST_DENIED,
                 "cond.masked_equality");
    assert_string_equal(of(k, "name", ",\"prefix\":\"a\""), "A:1");
    bank_as(k, "audit");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"name\",\"prefix\":\"a\"}"), ST_DENIED,
                 "cond.masked_equality");
    assert_string_equal(of(k, "region", ",\"limit\":1"), "华东:2");
}

/* One row has as many rows of its own as it likes. */
static void explaining_ends_too(struct bank *k)
{
    bank_sql(k, bank_text(k, "with recursive n(i) as (select 1 union all select i + 1 from n where i < %d) "
                          "insert into follow_up (id, version, created_at, updated_at, lead_id, branch_id,"
                          " at, "
                          "result, note) select n.i, 1, 1, 1, l.id, l.branch_id, 1, 'reached', 'n' || n.i "
                          "from n, lead l where l.external_id = 'A'", VALUES_ROWS));
    const char *id = bank_sql(k, "select id from lead where external_id = 'A'");
    const char *why = bank_text(k, "{\"id\":\"%s\",\"where\":\"any follow_ups (note contains x)\"}", id);
    bank_refused(k, bank_call(k, "lead.explain", why), ST_FAILED, "read.too_slow");
    why = bank_text(k, "{\"id\":\"%s\",\"where\":\"region = old\"}", id);
    assert_string_equal(bank_get(k, bank_do(k, "lead.explain", why), "matches"), "true");
}

/* Two hundred thousand and some more rows, one of the oldest with a word of its own. */
static void there_is_an_end_to_counting(void **state)
{
    struct bank *k = *state;
    lead(k, "A", ",\"region\":\"old\"");
    bank_sql(
        k,
        bank_text(
            k,
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < %d) "
            "insert into lead (id, version, created_at, updated_at, no, branch_id, product_id, stage_id, "
            "open, pool_id, "
            "received_at, received_how, region) select l.id + n.i, 1, 1, 1, l.no + n.i, l.branch_id, "
            "l.product_id, "
            "l.stage_id, 1, l.pool_id, 1, 'create', 'r' || n.i %% 2 from n, lead l where l.external_id = 'A'",
            VALUES_ROWS));
    const char *reply = bank_do(k, "lead.values", "{\"field\":\"region\"}");
    assert_string_equal(bank_get(k, reply, "rows"), "200000");
    assert_string_equal(bank_get(k, reply, "at_least"), "true");
    assert_string_equal(of(k, "region", ",\"where\":\"external_id = A\""), "old:1");
    reply = bank_do(k, "lead.values", "{\"field\":\"region\",\"where\":\"external_id = A\"}");
    assert_string_equal(bank_get(k, reply, "at_least"), "false");
    /* a slow read is stopped, and a quick one goes on being answered */
    backend_close(k->b);
    k->b = NULL;
    struct backend_config c = { .url = k->path, .keys_dir = k->keys, .read_ms = 1 };
    assert_int_equal(backend_open(&c, &k->b, &k->e), ST_OK);
    bank_refused(k,
                 bank_call(k, "lead.count", "{\"where\":\"source_detail contains x or region contains y\"}"),
                 ST_FAILED, "read.too_slow");
    bank_refused(k, bank_call(k, "lead.list", "{\"where\":\"source_detail contains x\",\"sort\":\"-score\"}"),
                 ST_FAILED, "read.too_slow");
    bank_refused(k, bank_call(k, "segment.snapshot",
                              "{\"code\":\"x\",\"name\":\"x\",\"where\":\"source_detail contains x\"}"),
                 ST_FAILED, "read.too_slow");
    assert_string_equal(k->e.param[0], "1");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"region\"}"), ST_FAILED, "read.too_slow");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"branch.name\"}"), ST_FAILED, "read.too_slow");
    explaining_ends_too(k);
    assert_int_equal(bank_sql_int(k, "select count(*) from segment"), 0);
    assert_int_equal(bank_count(k, "external_id = A"), 1);
}

/* ---- the cost ----------------------------------------------------------------------------------------- */

static const char *cost(struct bank *k, const char *where)
{
    const char *reply =
        bank_do(k, "condition.check", bank_text(k, "{\"noun\":\"leads\",\"where\":\"%s\"}", where));
    return bank_text(k, "%s %s of %s", bank_get(k, reply, "cost"), bank_get(k, reply, "rows"),
                     bank_get(k, reply, "tests"));
}

static void a_condition_says_what_it_costs(void **state)
{
    struct bank *k = *state;
    some(k);
    bank_do(k, "segment.create", "{\"code\":\"dyn\",\"name\":\"dyn\",\"condition\":\"owner = 101\"}");
    static const struct { const char *where, *cost;
    } rows[] = {
        { "", "scan 5 of 0" },
        { "no = 3", "one 1 of 1" },
        { "external_id = A", "index 1 of 1" },
        { "owner = 400", "index 2 of 1" },
        { "phone = 13912345678", "index 1 of 1" },
        { "phone in (13912345678, 13900000000)", "index 2 of 1" }, /* whether they are there is not said */
        { "stage = new and owner = 101", "index 1 of 2" },
        { "owner = 101 or owner = 400", "index 3 of 2" },
        { "owner = 101 or region = x", "scan 5 of 2" },
        { "region = x", "scan 5 of 1" },
        { "attr.job = nurse", "scan 5 of 1" },
        { "not (owner = 101)", "scan 5 of 1" },
        { "owner = 101 and region contains x and attr.job = y", "index 1 of 3" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(cost(k, rows[i].where), rows[i].cost) != 0)
            fail_msg("%s: %s, not %s", rows[i].where, cost(k, rows[i].where), rows[i].cost);
    const char *reply =
        bank_do(k, "condition.check", "{\"noun\":\"lead\",\"where\":\"评分 >= 50 且 归属人 = 101\"}");
    assert_string_equal(bank_get(k, reply, "english"), "score >= 50 and owner = 101");
    assert_string_equal(bank_get(k, reply, "at_least"), "false");
    assert_non_null(strstr(bank_get(k, reply, "chinese"), "且"));
    bank_as(k, "101");                          /* of his scope, and no more */
    assert_string_equal(cost(k, "region = x"), "scan 2 of 1");
    assert_string_equal(cost(k, "owner = 400"), "index 0 of 1");
}

static void wrong_conditions_have_their_errors(void **state)
{
    struct bank *k = *state;
    bank_refused(k, bank_call(k, "condition.check", "{\"noun\":\"leads\",\"where\":\"score >\"}"), ST_INVALID,
                 "cond.syntax");
    bank_refused(k, bank_call(k, "condition.check", "{\"noun\":\"leads\",\"where\":\"channel = nix\"}"),
                 ST_INVALID, "cond.unknown_value");
    bank_refused(k, bank_call(k, "condition.check", "{\"noun\":\"leads\",\"where\":\"phone contains 139\"}"),
                 ST_DENIED, "cond.masked_equality");
    bank_refused(k, bank_call(k, "condition.check", "{\"noun\":\"nix\"}"), ST_INVALID, "ref.unknown");
    /* no further than conditions go */
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"batch.file\"}"), ST_INVALID,
                 "cond.unknown_field");
    bank_refused(k, bank_call(k, "lead.values", "{\"field\":\"owner.manager.name\"}"), ST_INVALID,
                 "cond.unknown_field");
    bank_as(k, "101");
    bank_refused(k, bank_call(k, "condition.check", "{\"noun\":\"audits\",\"where\":\"id > 3\"}"), ST_DENIED,
                 "right.missing");
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(values_come_with_their_counts),
        T(behind_a_reference_rows_are_counted),
        T(segments_are_values_and_spans_are_typed),
        T(a_beginning_narrows_them),
        T(they_are_of_the_scope_and_the_condition),
        T(what_is_masked_has_none),
        T(there_is_an_end_to_counting),
        T(a_condition_says_what_it_costs),
        T(wrong_conditions_have_their_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
