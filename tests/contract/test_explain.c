/* Why a row matches a condition, or not: each part of it, with what the row has, as its reader may see it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "tests/contract/bank.h"

static const char *lead(struct bank *k, const char *code, const char *more)
{
    const char *in = bank_text(k, "{\"external_id\":\"%s\",\"branch\":\"N1\"%s}", code, more);
    return bank_get(k, bank_do(k, "lead.create", in), "id");
}

static const char *ask(struct bank *k, const char *op, const char *code, const char *where)
{
    struct buf in = BUF_INIT;
    struct jw w;
    jw_init(&w, &in);
    jw_object(&w);
    jw_key(&w, "code");
    jw_str(&w, code);
    jw_key(&w, "where");
    jw_str(&w, where);
    jw_end_object(&w);
    const char *reply = bank_call(k, op, in.s);
    buf_release(&in);
    return reply;
}

/* The whole as lines "0 and yes all of these", "1 test no score >= 80 [72]", by bars. */
static const char *told(struct bank *k, const char *reply)
{
    struct json *j;
    struct buf out = BUF_INIT;
    assert_non_null(reply);
    assert_int_equal(json_parse(reply, strlen(reply), &j, &k->e), ST_OK);
    buf_adds(&out, json_bool(json_get(j, "matches")) ? "yes" : "no");
    for (const struct json *x = json_first(json_get(j, "lines")); x; x = json_next(x)) {
        const char *actual = json_string(json_get(x, "actual"));
        buf_addf(&out, "|%lld %s %s", (long long)json_number(json_get(x, "depth")),
                 json_bool(json_get(x, "holds")) ? "+" : "-", json_string(json_get(x, "text_en")));
        if (actual)
            buf_addf(&out, " [%s]", actual);
    }
    json_free(j);
    const char *kept = arena_strdup(&k->arena, out.s);
    buf_release(&out);
    return kept;
}

#define TOLD(code, where) told(k, ask(k, "lead.explain", code, where))

static void each_part_is_told_with_its_value(void **state)
{
    struct bank *k = *state;
    lead(k, "A1", ",\"name\":\"张三\",\"phone\":\"13812345678\","
                  "\"region\":\"上海\",\"score\":72,\"intent\":\"high\"");
    assert_string_equal(TOLD("A1", "score >= 80"), "no|0 - score >= 80 [72]");
    assert_string_equal(TOLD("a1", "score between 60 and 80"), "yes|0 + score between 60 and 80 [72]");
    assert_string_equal(TOLD("A1", "region = \"上海\" and (score >= 80 or not (owner is set)) and "
                                   "intent != high"),
                        "no|0 - all of these|1 + region = 上海 [上海]|1 + at least one of these"
                        "|2 - score >= 80 [72]|2 + not|3 - owner is set|1 - intent != high [high]");
    assert_string_equal(
        TOLD("A1", "branch under N and product is set"),
        "yes|0 + all of these|1 + branch under North [North 1 (N1)]|1 + product is set [none]");
    assert_string_equal(TOLD("A1", "phone = 13812345678"), "yes|0 + phone = 13812345678 [138****5678]");
    assert_string_equal(TOLD("A1", "created_at = today"), "yes|0 + created_at = today [2026-11-23 11:00]");
}

/* The other language is there too. */
static void both_languages_are_told(void **state)
{
    struct bank *k = *state;
    lead(k, "A1", ",\"name\":\"张三\"");
    const char *reply = ask(k, "lead.explain", "A1", "score is empty and not (score > 1)");
    assert_non_null(strstr(reply, "\"text_zh\":\"以下全部\""));
    assert_non_null(strstr(reply, "为空"));
    assert_non_null(strstr(reply, "\"text_zh\":\"非\""));
}

static void without_a_condition_all_match(void **state)
{
    struct bank *k = *state;
    const char *id = lead(k, "A1", ",\"name\":\"张三\"");
    assert_string_equal(told(k, bank_on(k, "lead.explain", id, "")), "yes");
    assert_string_equal(TOLD("A1", "  "), "yes");
    assert_string_equal(bank_get(k, bank_on(k, "lead.explain", id, ""), "id"), id);
}

/* Rows of lists are counted, spans and draws are told as people say them. */
static void what_lies_elsewhere_is_counted(void **state)
{
    struct bank *k = *state;
    const char *id = lead(k, "A1", ",\"name\":\"张三\",\"owner\":\"101\"");
    assert_string_equal(TOLD("A1", "any follow_ups (result = reached)"),
                        "no|0 - any follow_ups (result = reached) [0]");
    assert_string_equal(TOLD("A1", "every follow_ups (result = reached)"),
                        "yes|0 + every follow_ups (result = reached) [0 / 0]");
    bank_on(k, "lead.follow_up", id, ",\"way\":\"phone\",\"result\":\"reached\"");
    bank_later(3 * CLOCK_DAY);
    bank_on(k, "lead.follow_up", id, ",\"way\":\"phone\",\"result\":\"no_answer\"");
    assert_string_equal(TOLD("A1", "any follow_ups (result = reached)"),
                        "yes|0 + any follow_ups (result = reached) [1]");
    assert_string_equal(TOLD("A1", "every follow_ups (result = reached)"),
                        "no|0 - every follow_ups (result = reached) [1 / 2]");
    assert_string_equal(TOLD("A1", "did follow_up at least 2 times in 30d"),
                        "yes|0 + did follow_up at least 2 times in 30d [2]");
    assert_string_equal(TOLD("A1", "did follow_up at least 2 times in 2d"),
                        "no|0 - did follow_up at least 2 times in 2d [1]");
    bank_later(5 * CLOCK_DAY);
    assert_non_null(strstr(TOLD("A1", "idle > 4d"), " > 4d [5 days, since 2026-11-26 11:00]"));
    assert_non_null(strstr(TOLD("A1", "idle <= 6h"), "no|0 - "));
    assert_string_equal(TOLD("A1", "owner.branch = N1"), "yes|0 + owner.branch = \"North 1\" [North 1 (N1)]");
}

static void tags_and_changes_are_told(void **state)
{
    struct bank *k = *state;
    bank_do(k, "tag.create", "{\"code\":\"vip\",\"name\":\"贵宾\"}");
    const char *id = lead(k, "A1", ",\"name\":\"张三\",\"owner\":\"101\"");
    assert_string_equal(TOLD("A1", "tags has vip"), "no|0 - tags has 贵宾");
    bank_later(CLOCK_HOUR);
    bank_do(k, "lead.tag", bank_text(k, "{\"id\":\"%s\",\"add\":[\"vip\"]}", id));
    assert_string_equal(TOLD("A1", "tags has vip"), "yes|0 + tags has 贵宾 [贵宾]");
    bank_later(2 * CLOCK_DAY);
    assert_string_equal(TOLD("A1", "tags changed within 1d"),
                        "no|0 - tags changed within 1d [2026-11-23 12:00]");
    assert_string_equal(TOLD("A1", "tags changed within 7d"),
                        "yes|0 + tags changed within 7d [2026-11-23 12:00]");
}

static void what_is_masked_stays_masked(void **state)
{
    struct bank *k = *state;
    lead(k, "A1", ",\"name\":\"张三丰\",\"phone\":\"13812345678\"");
    bank_as(k, "audit");
    assert_string_equal(TOLD("A1", "name = \"张三丰\" and phone is set"),
                        "yes|0 + all of these|1 + name = 张三丰 [张*]|1 + phone is set [138****5678]");
    bank_refused(k, ask(k, "lead.explain", "A1", "name contains 三"), ST_DENIED, "cond.masked_equality");
}

static void only_rows_of_the_scope(void **state)
{
    struct bank *k = *state;
    const char *id = lead(k, "A1", ",\"name\":\"张三\",\"owner\":\"101\"");
    bank_as(k, "201");
    bank_refused(k, bank_on(k, "lead.explain", id, ",\"where\":\"score > 1\""), ST_NOT_FOUND,
                 "noun.not_found");
    bank_refused(k, ask(k, "lead.explain", "A1", "score > 1"), ST_NOT_FOUND, "noun.not_found");
    bank_refused(k, bank_on(k, "lead.explain", "12345", ""), ST_NOT_FOUND, "noun.not_found");
    bank_as(k, NULL);
    bank_refused(k, ask(k, "lead.explain", "A1", "score >"), ST_INVALID, "cond.syntax");
}

/* The same answer as the list gives, for what is long and for what is deep. */
static void long_conditions_are_told(void **state)
{
    struct bank *k = *state;
    struct buf where = BUF_INIT;
    lead(k, "A1", ",\"name\":\"张三\",\"score\":72");
    for (int i = 0; i < 100; i++)
        buf_addf(&where, "%sscore = %d", i ? " or " : "", i);
    assert_int_equal(bank_count(k, where.s), 1);
    const char *reply = TOLD("A1", where.s);
    assert_non_null(strstr(reply, "yes|0 + at least one of these|1 - score = 0 [72]|"));
    assert_non_null(strstr(reply, "|1 + score = 72 [72]|"));
    buf_release(&where);
}

static void any_noun_is_told(void **state)
{
    struct bank *k = *state;
    assert_string_equal(
        told(k, ask(k, "employee.explain", "101", "branch under N and status = leave")),
        "no|0 - all of these|1 + branch under North [North 1 (N1)]|1 - status = leave [on duty]");
    assert_string_equal(told(k, ask(k, "branch.explain", "N1", "code = n1")), "yes|0 + code = n1 [N1]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_part_is_told_with_its_value, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(both_languages_are_told, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(without_a_condition_all_match, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(what_lies_elsewhere_is_counted, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(tags_and_changes_are_told, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(what_is_masked_stays_masked, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(only_rows_of_the_scope, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(long_conditions_are_told, bank_setup, bank_teardown),
        cmocka_unit_test_setup_teardown(any_noun_is_told, bank_setup, bank_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
