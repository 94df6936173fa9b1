/* account.verify: the question of the lock screen, and how often it may be asked in vain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "tests/contract/bank.h"

static const char *verify(struct bank *k, const char *password)
{
    return bank_call(k, "account.verify", bank_text(k, "{\"password\":\"%s\"}", password));
}

static void wrong_times(struct bank *k, int n)
{
    for (int i = 0; i < n; i++)
        bank_refused(k, verify(k, "Kaffee-2025"), ST_DENIED, "password.wrong");
}

/* 101 with a password, who is the caller from now on. */
static void with_password(struct bank *k)
{
    bank_as(k, "101");
    bank_do(k, "account.password", "{\"password\":\"Kaffee-2026\"}");
}

static void locked_for(struct bank *k, const char *minutes)
{
    bank_refused(k, verify(k, "Kaffee-2026"), ST_DENIED, "account.locked_for");
    assert_string_equal(k->e.param[0], minutes);
}

static void after_five_wrong_ones_the_right_one_waits_too(void **state)
{
    struct bank *k = *state;
    with_password(k);
    wrong_times(k, 3);
    bank_later(14 * CLOCK_MINUTE);
    wrong_times(k, 2);                      /* the fifth within fifteen minutes */
    bank_as(k, "101");                      /* as from another console */
    locked_for(k, "15");
    bank_refused(k, verify(k, "Kaffee-2025"), ST_DENIED, "account.locked_for");
    bank_later(14 * CLOCK_MINUTE + 1);
    locked_for(k, "1");                     /* no try meanwhile made it longer */
    bank_later(CLOCK_MINUTE - 1);
    assert_non_null(verify(k, "Kaffee-2026"));
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'account.verify' and "
                                     "code = 'password.wrong'"), 5);
}

static const char *change(struct bank *k, const char *old, const char *password)
{
    return bank_call(k, "account.password",
                     bank_text(k, "{\"old\":\"%s\",\"password\":\"%s\"}", old, password));
}

/* The old password that a new one asks for is guessed no faster. */
static void wrong_old_ones_are_counted_with_them(void **state)
{
    struct bank *k = *state;
    with_password(k);
    wrong_times(k, 3);
    for (int i = 0; i < 2; i++)
        bank_refused(k, change(k, "Kaffee-2025", "Tee-Tasse-27"), ST_DENIED, "password.wrong");
    locked_for(k, "15");
    bank_refused(k, change(k, "Kaffee-2026", "Tee-Tasse-27"), ST_DENIED, "account.locked_for");
    assert_string_equal(k->e.param[0], "15");
    assert_int_equal(
        bank_sql_int(k, "select count(*) from audit where operation = 'account.password' and code "
                        "= 'password.wrong'"),
        2);
    bank_later(15 * CLOCK_MINUTE);
    for (int i = 0; i < 6; i++)             /* the right one, whatever is wrong with the new one */
        bank_refused(k, change(k, "Kaffee-2026", "short"), ST_INVALID, "password.short");
    for (int i = 0; i < 6; i++)             /* not looked at, and no try */
        bank_refused(k, change(k, "Kaffee-2025", "Kaffee-2025"), ST_INVALID, "password.same");
    assert_non_null(change(k, "Kaffee-2026", "Tee-Tasse-27"));
    assert_non_null(verify(k, "Tee-Tasse-27"));
}

static void the_right_one_clears_what_was_wrong(void **state)
{
    struct bank *k = *state;
    with_password(k);
    wrong_times(k, 4);
    assert_non_null(verify(k, "Kaffee-2026"));
    wrong_times(k, 4);
    assert_non_null(verify(k, "Kaffee-2026"));
}

static void five_wrong_ones_over_a_longer_time_are_none_too_many(void **state)
{
    struct bank *k = *state;
    with_password(k);
    for (int i = 0; i < 6; i++) {
        wrong_times(k, 1);
        bank_later(4 * CLOCK_MINUTE);
    }
    assert_non_null(verify(k, "Kaffee-2026"));
}

static void one_account_s_tries_are_no_other_s_and_end_with_a_new_password(void **state)
{
    struct bank *k = *state;
    with_password(k);
    bank_as(k, "102");
    bank_do(k, "account.password", "{\"password\":\"Kaffee-2026\"}");
    wrong_times(k, 5);
    bank_as(k, "101");
    assert_non_null(verify(k, "Kaffee-2026"));
    bank_as(k, NULL);
    bank_do(k, "account.password", "{\"code\":\"102\",\"password\":\"Kaffee-2026\"}");
    bank_as(k, "102");
    assert_non_null(verify(k, "Kaffee-2026"));
}

static void no_password_is_never_the_right_one(void **state)
{
    static const char *const none[] = { "{\"password\":\"\"}", "{}" };
    struct bank *k = *state;
    bank_as(k, "101");
    assert_string_equal(bank_get(k, bank_do(k, "account.has_password", "{}"), "count"), "0");
    bank_refused(k, verify(k, "Kaffee-2026"), ST_DENIED, "password.wrong");
    for (int has = 0; has < 2; has++) {
        for (size_t i = 0; i < 2; i++)
            bank_refused(k, bank_call(k, "account.verify", none[i]), ST_INVALID, "field.required");
        if (!has)
            with_password(k);
    }
    assert_string_equal(bank_get(k, bank_do(k, "account.has_password", "{}"), "count"), "1");
    const char *right = bank_call_key(k, "account.verify", "{\"password\":\"Kaffee-2026\"}", "once");
    assert_non_null(right);                 /* another's answer is none to a wrong one */
    for (int i = 0; i < 6; i++)             /* nor is it a wrong try to ask for it again */
        assert_non_null(bank_call_key(k, "account.verify", "{\"password\":\"Kaffee-2026\"}", "once"));
    bank_refused(k, bank_call_key(k, "account.verify", "{\"password\":\"Kaffee-2025\"}", "once"),
                 ST_CONFLICT, "key.reused");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(after_five_wrong_ones_the_right_one_waits_too),
        TEST(wrong_old_ones_are_counted_with_them), TEST(the_right_one_clears_what_was_wrong),
        TEST(five_wrong_ones_over_a_longer_time_are_none_too_many),
        TEST(one_account_s_tries_are_no_other_s_and_end_with_a_new_password),
        TEST(no_password_is_never_the_right_one),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
