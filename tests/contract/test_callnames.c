/* What the rows are called that a condition names by code: names for people, codes where a name is
 * not enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "tests/contract/bank.h"

static const char *ask(struct bank *k, const char *where)
{
    struct buf in = BUF_INIT;
    struct jw w;
    jw_init(&w, &in);
    jw_object(&w);
    jw_key(&w, "noun");
    jw_str(&w, "leads");
    jw_key(&w, "where");
    jw_str(&w, where);
    jw_end_object(&w);
    const char *reply = bank_call(k, "condition.names", in.s);
    buf_release(&in);
    return reply;
}

/* "branch N1 = N1 North 1; ...": a name that others have too has a star. */
static const char *names(struct bank *k, const char *where)
{
    struct json *j;
    struct buf out = BUF_INIT;
    const char *reply = ask(k, where);
    assert_non_null(reply);
    assert_int_equal(json_parse(reply, strlen(reply), &j, &k->e), ST_OK);
    for (const struct json *x = json_first(json_get(j, "rows")); x; x = json_next(x)) {
        const char *name = json_string(json_get(x, "name"));
        buf_addf(&out, "%s%s %s = %s %s%s", out.len ? "; " : "", json_string(json_get(x, "noun")),
                 json_string(json_get(x, "word")), json_string(json_get(x, "code")), name ? name : "-",
                 json_bool(json_get(x, "alone")) ? "" : "*");
    }
    json_free(j);
    const char *kept = arena_strdup(&k->arena, out.s);
    buf_release(&out);
    return kept;
}

static void each_word_once(void **state)
{
    struct bank *k = *state;
    assert_string_equal(names(k, "branch = n1 or (branch in (N1, N2) and not (branch under \"North 1\"))"),
                        "branch n1 = N1 North 1; branch N1 = N1 North 1; branch N2 = N2 North 2; "
                        "branch North 1 = N1 North 1");
    assert_string_equal(names(k, "stage = new and score > 1"), "stage new = new -");
    assert_string_equal(names(k, "owner = me and branch = my branch and owner is set"), "");
    assert_string_equal(names(k, ""), "");
    assert_string_equal(names(k, "owner.branch = N1 and any follow_ups (employee = 101)"),
                        "branch N1 = N1 North 1; employee 101 = 101 Li");
}

/* The code says which of two people of one name is meant. */
static void of_two_of_one_name_neither_is_alone(void **state)
{
    struct bank *k = *state;
    bank_do(k, "employee.create", "{\"code\":\"103\",\"name\":\"Li\",\"branch\":\"N1\"}");
    assert_string_equal(names(k, "owner = 103"), "employee 103 = 103 Li*");
}

static void what_is_not_there_is_left_out(void **state)
{
    struct bank *k = *state;
    assert_string_equal(names(k, "branch = nowhere and product = N1"), "");
    bank_refused(k, ask(k, "branch ="), ST_INVALID, "cond.syntax");
    bank_refused(k, bank_call(k, "condition.names", "{\"noun\":\"unicorns\"}"), ST_INVALID, "ref.unknown");
}

/* A customer's name is not told by a code. */
static void customers_are_not_told_of(void **state)
{
    struct bank *k = *state;
    const char *made =
        bank_do(k, "lead.create", "{\"external_id\":\"A1\",\"branch\":\"N1\",\"name\":\"张三\"}");
    const char *person = bank_field(k, bank_get(k, made, "id"), "person");
    assert_string_equal(names(k, "person is set"), "");
    assert_non_null(person);
    assert_null(strstr(bank_said(ask(k, "name = 张三")), "A1"));
}

static void segments_have_names_for_those_who_may_use_them(void **state)
{
    struct bank *k = *state;
    bank_do(k, "segment.create", "{\"code\":\"vip\",\"name\":\"贵宾客户\"}");
    assert_string_equal(names(k, "segment = vip"), "segment vip = vip 贵宾客户");
    bank_as(k, "201");
    assert_string_equal(names(k, "segment = vip"), "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_word_once),
        TEST(of_two_of_one_name_neither_is_alone),
        TEST(what_is_not_there_is_left_out),
        TEST(customers_are_not_told_of),
        TEST(segments_have_names_for_those_who_may_use_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
