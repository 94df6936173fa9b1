/* Times and dates. Expected milliseconds are computed by hand, or asked of libc in the sweeps. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* 2026-11-22 is 20779 days after 1970-01-01: 56 * 365 + 14 leap days + 325. A Sunday. */
#define DAY_20779 (20779LL * 86400000)
#define EAST8 (8 * 3600000LL)

static int shanghai(void **state)
{
    (void)state;
    clock_set(NONE);
    return clock_zone("Asia/Shanghai") ? 0 : -1;
}

static int64_t parsed(const char *s)
{
    int64_t ms = NONE;

    if (!clock_parse(s, &ms, NULL))
        fail_msg("'%s' is refused", s);
    return ms;
}

static void time_can_be_fixed_and_set_free(void **state)
{
    int64_t before;

    (void)state;
    clock_set(12345);
    assert_int_equal(clock_now(), 12345);
    assert_true(clock_real() > 1600000000000);
    clock_set(NONE);
    before = clock_real();
    assert_true(clock_now() >= before);
    assert_true(clock_now() - before < 60000);
}

static void measuring_goes_forward(void **state)
{
    int64_t ms = clock_mono(), us = clock_mono_us();

    (void)state;
    assert_true(clock_mono() >= ms);
    assert_true(clock_mono_us() >= us);
    assert_true(llabs(clock_mono_us() / 1000 - clock_mono()) < 5000);
}

static void reads_dates(void **state)
{
    static const struct { const char *s; int64_t ms; bool day_only; } rows[] = {
        { "2026-11-22", DAY_20779 - EAST8, true },
        { "2026/11/22", DAY_20779 - EAST8, true },
        { "2026.11.22", DAY_20779 - EAST8, true },
        { "  2026-11-22\t", DAY_20779 - EAST8, true },
        { "2026-11-22 08:30", DAY_20779 + 1800000, false },
        { "2026-11-22 8:30", DAY_20779 + 1800000, false },
        { "2026-11-22T08:30", DAY_20779 + 1800000, false },
        { "2026-11-22 08:30:15", DAY_20779 + 1815000, false },
        { "2026-11-22 08:30:15.123", DAY_20779 + 1815123, false },
        { "2026-11-22 08:30:15.1", DAY_20779 + 1815100, false },
        { "2026-11-22 08:30:15.123999", DAY_20779 + 1815123, false },
        { "2026-11-22T08:30:00Z", DAY_20779 + 30600000, false },
        { "2026-11-22t08:30:00z", DAY_20779 + 30600000, false },
        { "2026-11-22T08:30:00+08:00", DAY_20779 + 1800000, false },
        { "2026-11-22T08:30:00+0800", DAY_20779 + 1800000, false },
        { "2026-11-22T08:30:00+08", DAY_20779 + 1800000, false },
        { "2026-11-22 08:30:00 +0800", DAY_20779 + 1800000, false },
        { "2026-11-21T19:00:00-05:30", DAY_20779 + 1800000, false },
        { "2026/1/5 7:05", 20458LL * 86400000 - 3300000, false },          /* 23:05 UTC the day before */
        { "2024-02-29", 19782LL * 86400000 - EAST8, true },
        { "1970-01-01T00:00:00Z", 0, false },
        { "1970-01-01", -EAST8, true },
        { "1969-12-31T23:59:59.999Z", -1, false },
        { "2000-02-29T00:00:00Z", 11016LL * 86400000, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = 7;
        bool day_only = !rows[i].day_only;

        if (!clock_parse(rows[i].s, &ms, &day_only) || ms != rows[i].ms ||
            day_only != rows[i].day_only)
            fail_msg("'%s' gives %lld", rows[i].s, (long long)ms);
    }
}

static void refuses_what_is_no_date(void **state)
{
    static const char *const rows[] = {
        "", " ", "x", "2026", "2026-11", "2026-1122", "20261122", "26-11-22", "12026-11-22",
        "2026-02-29", "2025-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10",
        "2026-01-00", "2026-01-32", "0000-01-01", "2026-11/22", "2026/11-22", "2026--11-22",
        "2026-11-22x", "2026-11-22 x", "2026-11-22T", "2026-11-22 08", "2026-11-22 08:3",
        "2026-11-22 24:00", "2026-11-22 08:60", "2026-11-22 08:30:60", "2026-11-22 08:30:5",
        "2026-11-22 08:30:", "2026-11-22 08:30:15.", "2026-11-22 08:30:15Zx",
        "2026-11-22 08:30:15+8", "2026-11-22 08:30:15+08:0", "2026-11-22 08:30:15+24:00",
        "2026-11-22 08:30:15+08:60", "2026-11-22Z", "2026-11-22 08:30 pm", "-2026-11-22",
        "2026-11-22 -08:30", "2026-11-111", "２０２６-11-22",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = 7;
        bool day_only = true;

        if (clock_parse(rows[i], &ms, &day_only))
            fail_msg("'%s' is taken", rows[i]);
        assert_int_equal(ms, 7);
        assert_true(day_only);
    }
}

static void splits_a_moment(void **state)
{
    struct civil c = clock_civil(DAY_20779 + 1815123);

    (void)state;
    assert_int_equal(c.year, 2026);
    assert_int_equal(c.month, 11);
    assert_int_equal(c.day, 22);
    assert_int_equal(c.hour, 8);
    assert_int_equal(c.minute, 30);
    assert_int_equal(c.second, 15);
    assert_int_equal(c.ms, 123);
    assert_int_equal(c.weekday, 7);
    assert_int_equal(clock_civil(0).weekday, 4);                /* 1970-01-01 was a Thursday */
    assert_int_equal(clock_civil(-EAST8 - 1).weekday, 3);
}

static void fields_carry_over(void **state)
{
    (void)state;
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = 11, .day = 22 }),
                     parsed("2026-11-22"));
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = 13, .day = 1 }),
                     parsed("2027-01-01"));
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = 0, .day = 1 }),
                     parsed("2025-12-01"));
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = -11, .day = 1 }),
                     parsed("2025-01-01"));
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = 3, .day = 0 }),
                     parsed("2026-02-28"));
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = 1, .day = 60 }),
                     parsed("2026-03-01"));
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = 1, .day = 1,
                                                      .hour = -1, .minute = 90, .second = -1 }),
                     parsed("2026-01-01 00:29:59"));
    assert_int_equal(clock_from_civil((struct civil){ .year = 2026, .month = 1, .day = 1,
                                                      .ms = 86400000 }),
                     parsed("2026-01-02"));
}

static void days_begin_at_midnight(void **state)
{
    int64_t day = parsed("2026-11-22");

    (void)state;
    assert_int_equal(clock_day(day), day);
    assert_int_equal(clock_day(day + CLOCK_DAY - 1), day);
    assert_int_equal(clock_day(day - 1), day - CLOCK_DAY);
    assert_int_equal(clock_day_add(day + 5, 10), parsed("2026-12-02"));
    assert_int_equal(clock_day_add(day, -22), parsed("2026-10-31"));
    assert_int_equal(clock_day_add(parsed("2024-02-28 23:00"), 1), parsed("2024-02-29"));
}

/* Shanghai had summer time from 1986 to 1991: clocks one hour ahead, in September back. */
static void shanghai_had_summer_time(void **state)
{
    char text[CLOCK_TEXT];

    (void)state;
    assert_int_equal(parsed("1990-07-01 12:00"), parsed("1990-07-01T03:00:00Z"));
    assert_int_equal(parsed("1990-01-15 12:00"), parsed("1990-01-15T04:00:00Z"));
    assert_int_equal(parsed("1992-07-01 12:00"), parsed("1992-07-01T04:00:00Z"));
    assert_int_equal(parsed("1985-07-01"), parsed("1985-06-30T16:00:00Z"));
    clock_rfc3339(parsed("1988-08-08 08:08:08"), text);
    assert_string_equal(text, "1988-08-08T08:08:08+09:00");
    /* The day that it began on, the second Sunday of April 1990, had 23 hours. */
    assert_int_equal(parsed("1990-04-16") - parsed("1990-04-15"), 23 * CLOCK_HOUR);
    assert_int_equal(clock_day_add(parsed("1990-04-15"), 1), parsed("1990-04-16"));
    assert_int_equal(parsed("1990-09-17") - parsed("1990-09-16"), 25 * CLOCK_HOUR);
}

static void hours_that_are_skipped_or_come_twice(void **state)
{
    (void)state;
    assert_true(clock_zone("America/New_York"));
    assert_int_equal(parsed("2026-03-08 01:59"), parsed("2026-03-08T06:59:00Z"));
    assert_int_equal(parsed("2026-03-08 02:30"), parsed("2026-03-08T07:30:00Z"));
    assert_int_equal(parsed("2026-03-08 03:00"), parsed("2026-03-08T07:00:00Z"));
    assert_int_equal(parsed("2026-11-01 01:30"), parsed("2026-11-01T05:30:00Z"));
    assert_int_equal(parsed("2026-11-01 02:00"), parsed("2026-11-01T07:00:00Z"));
    assert_int_equal(clock_civil(parsed("2026-11-01T06:30:00Z")).hour, 1);
    assert_int_equal(clock_day_add(parsed("2026-03-08"), 1) - parsed("2026-03-08"),
                     23 * CLOCK_HOUR);
}

static void a_day_without_midnight_begins_later(void **state)
{
    (void)state;
    assert_true(clock_zone("America/Sao_Paulo"));
    assert_int_equal(clock_day(parsed("2018-11-04T14:00:00Z")), parsed("2018-11-04T03:00:00Z"));
    assert_int_equal(clock_civil(parsed("2018-11-04")).hour, 1);
    assert_int_equal(clock_civil(parsed("2018-11-04")).day, 4);
}

static void writes_moments(void **state)
{
    char text[CLOCK_TEXT];

    (void)state;
    clock_rfc3339(DAY_20779 + 1800000, text);
    assert_string_equal(text, "2026-11-22T08:30:00+08:00");
    clock_rfc3339(DAY_20779 + 1800007, text);
    assert_string_equal(text, "2026-11-22T08:30:00.007+08:00");
    clock_minute(DAY_20779 + 1859999, text);
    assert_string_equal(text, "2026-11-22 08:30");
    clock_date(DAY_20779 - EAST8, text);
    assert_string_equal(text, "2026-11-22");
    clock_date(DAY_20779 - EAST8 - 1, text);
    assert_string_equal(text, "2026-11-21");
    assert_true(clock_zone("America/St_Johns"));
    clock_rfc3339(0, text);
    assert_string_equal(text, "1969-12-31T20:30:00-03:30");
    assert_true(clock_zone("UTC"));
    clock_rfc3339(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00+00:00");
}

static void no_time_is_no_text(void **state)
{
    char text[CLOCK_TEXT] = "x";

    (void)state;
    clock_rfc3339(NONE, text);
    assert_string_equal(text, "");
    clock_minute(NONE, text);
    assert_string_equal(text, "");
    clock_date(NONE, text);
    assert_string_equal(text, "");
}

/* "For ever" in files is 9999-12-31; before 1901 Shanghai was +08:05:43. */
static void far_dates_come_back(void **state)
{
    static const char *const days[] = { "0001-01-02", "1850-06-15", "1900-12-31", "9999-12-31" };
    char text[CLOCK_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT(days); i++) {
        int64_t ms = parsed(days[i]);

        clock_date(ms, text);
        assert_string_equal(text, days[i]);
        clock_rfc3339(ms, text);
        assert_int_equal(parsed(text), ms);
    }
    clock_date(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31");
    clock_date(INT64_MIN + 1, text);
    assert_string_equal(text, "0001-01-01");
    assert_int_equal(clock_from_civil((struct civil){ .year = INT32_MAX, .month = INT32_MAX,
                                                      .day = INT32_MAX, .hour = INT32_MAX }),
                     253402300799999);
}

/* Our calendar against libc's, in zones of all sorts. */
static void agrees_with_libc(void **state)
{
    static const char *const zones[] = {
        "Asia/Shanghai", "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe",
        "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia",
    };
    uint64_t seed = 42;

    (void)state;
    for (size_t z = 0; z < COUNT(zones); z++) {
        assert_true(clock_zone(zones[z]));
        for (int i = 0; i < 4000; i++) {
            struct civil c;
            struct tm tm;
            time_t t;

            seed = seed * 6364136223846793005u + 1442695040888963407u;
            t = (time_t)((seed >> 32) % 6000000000u) - 2000000000;
            localtime_r(&t, &tm);
            c = clock_civil(t * 1000);
            assert_int_equal(c.year, tm.tm_year + 1900);
            assert_int_equal(c.month, tm.tm_mon + 1);
            assert_int_equal(c.day, tm.tm_mday);
            assert_int_equal(c.hour, tm.tm_hour);
            assert_int_equal(c.minute, tm.tm_min);
            assert_int_equal(c.second, tm.tm_sec);
            assert_int_equal(c.weekday, tm.tm_wday ? tm.tm_wday : 7);
            c = clock_civil(clock_from_civil(c));           /* the same wall clock, maybe an hour off */
            assert_int_equal(c.hour, tm.tm_hour);
            assert_int_equal(c.day, tm.tm_mday);
        }
    }
}

static void unknown_zones_are_refused(void **state)
{
    static const char *const rows[] = {
        "", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Asia/Shang hai", "Asia",
        ":UTC", "UTC;ls", "CST-8CDT,M3.1.0,M11.1.0",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_false(clock_zone(rows[i]));
    assert_int_equal(parsed("2026-11-22"), DAY_20779 - EAST8);
}

static void a_machine_without_zones_knows_shanghai(void **state)
{
    (void)state;
    setenv("TZDIR", "/nonexistent", 1);
    assert_false(clock_zone("Europe/Berlin"));
    assert_true(clock_zone("Asia/Shanghai"));
    assert_int_equal(parsed("2026-11-22"), DAY_20779 - EAST8);
    assert_true(clock_zone("UTC"));
    assert_int_equal(parsed("2026-11-22"), DAY_20779);
    unsetenv("TZDIR");
}

static void *write_many(void *arg)
{
    int64_t from = *(int64_t *)arg, bad = 0;

    for (int i = 0; i < 20000; i++) {
        int64_t ms = from + i * 3 * (int64_t)CLOCK_HOUR, back = NONE;
        char text[CLOCK_TEXT];

        clock_rfc3339(ms, text);
        bad += !clock_parse(text, &back, NULL) || back != ms;
    }
    return bad ? arg : NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
    int64_t from[4] = { 0, 500000000000, 700000000000, -5 };
    pthread_t thread[4];
    void *bad;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, write_many, &from[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], &bad);
        assert_null(bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(time_can_be_fixed_and_set_free, shanghai),
        cmocka_unit_test_setup(measuring_goes_forward, shanghai),
        cmocka_unit_test_setup(reads_dates, shanghai),
        cmocka_unit_test_setup(refuses_what_is_no_date, shanghai),
        cmocka_unit_test_setup(splits_a_moment, shanghai),
        cmocka_unit_test_setup(fields_carry_over, shanghai),
        cmocka_unit_test_setup(days_begin_at_midnight, shanghai),
        cmocka_unit_test_setup(shanghai_had_summer_time, shanghai),
        cmocka_unit_test_setup(hours_that_are_skipped_or_come_twice, shanghai),
        cmocka_unit_test_setup(a_day_without_midnight_begins_later, shanghai),
        cmocka_unit_test_setup(writes_moments, shanghai),
        cmocka_unit_test_setup(no_time_is_no_text, shanghai),
        cmocka_unit_test_setup(far_dates_come_back, shanghai),
        cmocka_unit_test_setup(agrees_with_libc, shanghai),
        cmocka_unit_test_setup(unknown_zones_are_refused, shanghai),
        cmocka_unit_test_setup(a_machine_without_zones_knows_shanghai, shanghai),
        cmocka_unit_test_setup(threads_do_not_disturb_each_other, shanghai),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
