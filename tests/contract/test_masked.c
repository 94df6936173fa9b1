/* test_masked.c - phones can't be tried out one by one: full values of masked fields are counted for each
 * account, on every way that asks for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/guard/asks.h"
#include "tests/contract/bank.h"

static const char *ask(struct bank *k, int i)
{
    return bank_call(k, "lead.count", bank_text(k, "{\"where\":\"phone = 1390000%04d\"}", i));
}

static void ask_many(struct bank *k, int from, int to)
{
    for (int i = from; i < to; i++)
        if (!ask(k, i))
            fail_msg("%d: %s", i, k->e.code);
}

static int64_t denials(struct bank *k)
{
    return bank_sql_int(k,
                        "select count(*) from audit where result = 'denied' and code = 'cond.masked_rate'");
}

static void sixty_phones_an_hour_and_no_more(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"external_id\":\"A\",\"phone\":\"13900000061\"}");
    bank_as(k, "101");
    ask_many(k, 0, ASKS_MOST);
    assert_int_equal(denials(k), 0);
    bank_refused(k, ask(k, 61), ST_DENIED, "cond.masked_rate");
    assert_string_equal(k->e.param[0], "60");
    assert_string_equal(k->e.param[1], "60");
    assert_int_equal(denials(k), 1);
    assert_string_equal(
        bank_sql(k, "select substr(account, 1, 3) || ' ' || operation from audit order by id desc limit 1"),
        "101 lead.count");
    /* what was asked may be asked again, however it is written; another account is another */
    assert_non_null(bank_call(k, "lead.list", "{\"where\":\"phone = \\\"+86 139-0000-0007\\\"\"}"));
    assert_int_equal(bank_count(k, "score > 1"), 0);
    bank_as(k, "102");
    assert_non_null(ask(k, 61));
    /* at another console, and later */
    bank_as(k, "101");
    bank_later(30 * CLOCK_MINUTE);
    bank_refused(k, ask(k, 61), ST_DENIED, "cond.masked_rate");
    assert_string_equal(k->e.param[0], "30");
    bank_later(30 * CLOCK_MINUTE + 1);
    assert_non_null(ask(k, 61));
    assert_int_equal(
        bank_sql_int(k, "select count(*) from masked_ask m join account a on a.id = m.account_id where "
                        "a.code = '101'"),
        1);
}

static void the_local_owner_too(void **state)
{
    struct bank *k = *state;
    ask_many(k, 0, ASKS_MOST);
    bank_refused(k, ask(k, 100), ST_DENIED, "cond.masked_rate");
}

/* Each way to ask, when nothing is left: none of them answers. What it asked would have been no new value
 * before. */
static void no_way_leads_around(void **state)
{
    struct bank *k = *state;
    const char *csv = bank_text(k, "%s/out.csv", k->dir);
    const char *id = bank_get(k, bank_do(k, "segment.create", "{\"code\":\"list\",\"name\":\"list\"}"), "id");
    const char *lead = bank_get(k, bank_do(k, "lead.create", "{\"name\":\"张三\"}"), "id");
    const struct { const char *op, *in; } ways[] = {
        { "lead.count", "{\"where\":\"phone = 13912345678\"}" },
        { "lead.list", "{\"where\":\"not (phone != 13912345678)\"}" },
        { "lead.list", "{\"where\":\"phone in (13912345678)\",\"columns\":\"no\"}" },
        { "lead.list", "{\"where\":\"id_no = 11010519491231002X or score > 1\"}" },
        { "person.count", "{\"where\":\"email = \\\"a@b.cn\\\"\"}" },
        { "lead.count", "{\"where\":\"person.phone = 13912345678\"}" },
        { "lead.values", "{\"field\":\"stage\",\"where\":\"phone = 13912345678\"}" },
        { "condition.check", "{\"noun\":\"leads\",\"where\":\"phone = 13912345678\"}" },
        { "lead.export", bank_text(k, "{\"file\":\"%s\",\"where\":\"phone = 13912345678\"}", csv) },
        { "segment.add", bank_text(k, "{\"id\":\"%s\",\"where\":\"phone = 13912345678\"}", id) },
        { "lead.duplicate", "{\"phone\":\"13912345678\"}" },
        { "lead.explain", bank_text(k, "{\"id\":\"%s\",\"where\":\"phone = 13912345678\"}", lead) },
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!bank_call(k, ways[i].op, ways[i].in) && strcmp(k->e.code, "cond.unknown_field") != 0)
            fail_msg("%s: %s %s", ways[i].op, k->e.code, k->e.param[0]);
    bank_sql(k, "delete from masked_ask");
    ask_many(k, 0, ASKS_MOST);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (!bank_call(k, ways[i].op, ways[i].in) && strcmp(k->e.code, "cond.unknown_field") == 0)
            continue;
        if (strcmp(k->e.code, "cond.masked_rate") != 0)
            fail_msg("%s %s: %s", ways[i].op, ways[i].in, k->e.code);
        err_clear(&k->e);
    }
    assert_int_equal(bank_sql_int(k, "select members from segment"), 0);
}

static void a_list_of_values_counts_each(void **state)
{
    struct bank *k = *state;
    struct buf many = BUF_INIT;
    for (int i = 0; i < ASKS_MOST + 1; i++)
        buf_addf(&many, "%s1390000%04d", i ? ", " : "", i);
    const char *all = bank_text(k, "{\"where\":\"phone in (%s)\"}", many.s);
    bank_refused(k, bank_call(k, "lead.count", all), ST_DENIED, "cond.masked_rate");
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"), 0);
    buf_cut(&many, (size_t)(strrchr(many.s, ',') - many.s));
    assert_int_equal(bank_count(k, bank_text(k, "phone in (%s)", many.s)), 0);
    assert_int_equal(bank_count(k, bank_text(k, "phone in (%s)", many.s)), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"), ASKS_MOST);
    buf_release(&many);
}

/* Whose names are masked tries them out no faster. */
static void masked_names_are_counted(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"张三\"}");
    for (int i = 0; i < ASKS_MOST + 5; i++)
        bank_count(k, bank_text(k, "name = n%d", i));               /* names are clear to him */
    bank_as(k, "audit");
    assert_int_equal(bank_count(k, "name = 张三"), 1);
    for (int i = 1; i < ASKS_MOST; i++)
        bank_count(k, bank_text(k, "name = n%d", i));
    bank_refused(k, bank_call(k, "lead.count", "{\"where\":\"name = 李四\"}"), ST_DENIED, "cond.masked_rate");
}

/* Nor by segments that others keep names in: of each the values count, a snapshot's and those of a segment
 * inside another too. */
static void names_in_segments_are_counted(void **state)
{
    struct bank *k = *state;
    struct buf many = BUF_INIT;
    bank_do(k, "lead.create", "{\"name\":\"张三\"}");
    for (int i = 0; i < ASKS_MOST - 1; i++)
        buf_addf(&many, "%sn%d", i ? ", " : "", i);
    bank_do(k, "segment.create",
            bank_text(k, "{\"code\":\"many\",\"name\":\"many\",\"sharing\":\"all\","
                "\"condition\":\"name in (%s)\"}",
                      many.s));
    buf_release(&many);
    bank_do(k, "segment.create", "{\"code\":\"zhang\",\"name\":\"zhang\",\"sharing\":\"all\","
            "\"condition\":\"any tasks (state = done) or name = 张三\"}");
    bank_do(k, "segment.create", "{\"code\":\"outer\",\"name\":\"outer\",\"sharing\":\"all\","
            "\"condition\":\"segment = zhang and score is empty\"}");
    bank_do(k, "segment.snapshot", "{\"code\":\"li\",\"name\":\"li\",\"sharing\":\"all\","
            "\"where\":\"name = 李四 or name contains 王\"}");
    bank_do(k, "segment.create", "{\"code\":\"scored\",\"name\":\"scored\",\"sharing\":\"all\","
            "\"condition\":\"score > 3\"}");
    assert_int_equal(bank_count(k, "segment = outer"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"),
        0);       /* names are clear to him */
    bank_as(k, "audit");
    assert_int_equal(bank_count(k, "segment = scored"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"), 0);
    assert_int_equal(bank_count(k, "segment in (outer, zhang) and segment != scored"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"), 1);
    assert_int_equal(bank_count(k, "name = 张三"), 1);          /* asked already */
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"), 1);
    const char *id = bank_sql(k, "select id from lead");
    bank_do(k, "lead.explain", bank_text(k, "{\"id\":\"%s\",\"where\":\"segment = many\"}", id));
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"), ASKS_MOST);
    static const char *const ways[] = { "segment = li", "not (segment = li)",
    "score > 1 or segment in (li)" };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        bank_refused(k, bank_call(k, "lead.count", bank_text(k, "{\"where\":\"%s\"}", ways[i])), ST_DENIED,
                     "cond.masked_rate");
    assert_int_equal(bank_count(k, "segment = outer"), 1);
}

/* Nor birthdays, which are masked with the names: each day is a value. */
static void masked_days_are_counted(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"张三\",\"birthday\":\"1990-03-07\"}");
    bank_as(k, "audit");
    assert_int_equal(bank_count(k, "birthday = 1990-03-07"), 1);
    for (int i = 1; i < ASKS_MOST; i++)
        bank_count(k, bank_text(k, "birthday = 1991-%02d-%02d", 1 + i / 28, 1 + i % 28));
    bank_refused(k,
                 bank_call(k, "lead.count", "{\"where\":\"birthday in (1990-03-08, 1990-03-09)\"}"),
                 ST_DENIED, "cond.masked_rate");
}

/* What is kept of a value leads to no row. */
static void what_is_kept_is_no_phone_and_no_index(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"phone\":\"13900000001\"}");
    assert_int_equal(bank_count(k, "phone = 13900000001"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from masked_ask"), 1);
    assert_int_equal(
        bank_sql_int(k, "select count(*) from masked_ask m join lead l on l.phone_hash = m.hash"), 0);
    assert_int_equal(bank_sql_int(k, "select length(hash) from masked_ask"), ASK_HASH);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(sixty_phones_an_hour_and_no_more),
        T(the_local_owner_too),
        T(no_way_leads_around),
        T(a_list_of_values_counts_each),
        T(masked_names_are_counted),
        T(names_in_segments_are_counted),
        T(masked_days_are_counted),
        T(what_is_kept_is_no_phone_and_no_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
