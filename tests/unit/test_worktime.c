/* Counting by working days (contract: Clocks). Every expected moment was found with a calendar, by
 * hand: 2026-11-20 is a Friday,
 * 2026-11-23 a Monday. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "core/model/worktime.h"

static int64_t at(const char *text)
{
    int64_t ms = NONE;
    assert_true(clock_parse(text, &ms, NULL));
    return ms;
}

static void counts_to(const char *from, int hours, const char *to)
{
    char got[CLOCK_TEXT], want[CLOCK_TEXT];
    clock_rfc3339(worktime_add(at(from), hours), got);
    clock_rfc3339(at(to), want);
    assert_string_equal(got, want);
}

static int in_shanghai(void **state)
{
    (void)state;
    return clock_zone("Asia/Shanghai") ? 0 : -1;
}

static void working_days_are_monday_to_friday(void **state)
{
    static const char *const days[] = {
        "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29",
    };
    (void)state;
    for (int i = 0; i < 7; i++)
        assert_int_equal(worktime_is_working_day(at(days[i])), i < 5);
}

/* Friday 23:30 in UTC is Saturday 07:30 in the bank. */
static void the_day_is_the_bank_s(void **state)
{
    (void)state;
    assert_false(worktime_is_working_day(at("2026-11-20T23:30:00Z")));
    assert_true(worktime_is_working_day(at("2026-11-22T16:00:00Z")));      /* Monday 00:00 */
    assert_false(worktime_is_working_day(at("2026-11-22T15:59:59Z")));
}

static void within_a_day_and_over_a_night(void **state)
{
    (void)state;
    counts_to("2026-11-23 09:00", 4, "2026-11-23 13:00");
    counts_to("2026-11-23 18:00", 24, "2026-11-24 18:00");
    counts_to("2026-11-23 18:00", 48, "2026-11-25 18:00");
    counts_to("2026-11-23 09:00:15.250", 20, "2026-11-24 05:00:15.250");
}

static void a_weekend_does_not_count(void **state)
{
    (void)state;
    counts_to("2026-11-20 18:00", 24, "2026-11-23 18:00");
    counts_to("2026-11-20 18:00", 20, "2026-11-23 14:00");
    counts_to("2026-11-19 18:00", 48, "2026-11-23 18:00");
    counts_to("2026-11-20 18:00", 48, "2026-11-24 18:00");
}

static void a_start_on_a_free_day_counts_from_monday(void **state)
{
    (void)state;
    counts_to("2026-11-21 00:00", 24, "2026-11-24 00:00");
    counts_to("2026-11-21 10:00", 24, "2026-11-24 00:00");
    counts_to("2026-11-22 23:59", 24, "2026-11-24 00:00");
    counts_to("2026-11-21 10:00", 9, "2026-11-23 09:00");
    counts_to("2026-11-21 10:00", 48, "2026-11-25 00:00");
}

/* A clock that runs out exactly at midnight ends with the working day, not after the weekend. */
static void midnight_belongs_to_the_day_that_ends(void **state)
{
    (void)state;
    counts_to("2026-11-20 00:00", 24, "2026-11-21 00:00");
    counts_to("2026-11-20 18:00", 6, "2026-11-21 00:00");
    counts_to("2026-11-20 18:00", 7, "2026-11-23 01:00");
    counts_to("2026-11-23 00:00", 24, "2026-11-24 00:00");
    counts_to("2026-11-23 00:00", 120, "2026-11-28 00:00");
    counts_to("2026-11-23 00:00", 121, "2026-11-30 01:00");
}

static void nothing_added_is_now(void **state)
{
    (void)state;
    counts_to("2026-11-23 18:00", 0, "2026-11-23 18:00");
    counts_to("2026-11-23 00:00", 0, "2026-11-23 00:00");
}

/* The recycling clocks: 5 and 7 days, which are weeks where they cross a weekend. */
static void days_of_24_hours(void **state)
{
    (void)state;
    counts_to("2026-11-23 13:00", 7 * 24, "2026-12-02 13:00");
    counts_to("2026-11-20 18:00", 7 * 24, "2026-12-01 18:00");
    counts_to("2026-11-23 13:00", 5 * 24, "2026-11-30 13:00");
    counts_to("2026-11-23 13:00", 10 * 24, "2026-12-07 13:00");
    counts_to("2026-11-23 13:00", 50 * 24, "2027-02-01 13:00");
}

/* A working day is its own length where a zone has summer time: Friday 18:00 in Berlin, the clocks
 * go back on Sunday. */
static void a_day_of_25_hours_is_one_day(void **state)
{
    (void)state;
    if (!clock_zone("Europe/Berlin"))
        skip();
    counts_to("2026-10-23 18:00", 24, "2026-10-26 18:00");
    clock_zone("Asia/Shanghai");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_days_are_monday_to_friday),
        cmocka_unit_test(the_day_is_the_bank_s),
        cmocka_unit_test(within_a_day_and_over_a_night),
        cmocka_unit_test(a_weekend_does_not_count),
        cmocka_unit_test(a_start_on_a_free_day_counts_from_monday),
        cmocka_unit_test(midnight_belongs_to_the_day_that_ends),
        cmocka_unit_test(nothing_added_is_now),
        cmocka_unit_test(days_of_24_hours),
        cmocka_unit_test(a_day_of_25_hours_is_one_day),
    };
    return cmocka_run_group_tests(tests, in_shanghai, NULL);
}
