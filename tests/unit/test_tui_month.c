#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "tui/dump.h"
#include "tui/loop.h"
#include "tui/month.h"

static int64_t day(int year, int month, int d)
{
    return clock_day(clock_from_civil((struct civil){ .year = year, .month = month, .day = d, .hour = 12 }));
}

static void is_day(int64_t at, const char *text)
{
    char out[CLOCK_TEXT];

    clock_date(at, out);
    assert_string_equal(out, text);
}

static unsigned press(struct month *m, int key)
{
    return month_input(m, &(struct input){ .kind = INPUT_KEY, .key = key });
}

static char *look(struct month *m, int h, int w, int *rows)
{
    struct grid g;
    struct buf b = BUF_INIT;

    grid_init(&g, h, w);
    *rows = month_draw(m, surface_of(&g), true);
    dump_text(&g, &b);
    grid_free(&g);
    return buf_detach(&b);
}

/* From the ISO 8601 standard's own and well-known cases. */
static void weeks_are_numbered_as_iso_says(void **state)
{
    (void)state;
    assert_int_equal(month_week(day(2026, 1, 1)), 1);
    assert_int_equal(month_week(day(2024, 12, 30)), 1);
    assert_int_equal(month_week(day(2023, 1, 1)), 52);
    assert_int_equal(month_week(day(2020, 12, 31)), 53);
    assert_int_equal(month_week(day(2021, 1, 3)), 53);
    assert_int_equal(month_week(day(2026, 11, 22)), 47);
}

static void days_are_walked(void **state)
{
    struct month m;

    (void)state;
    month_init(&m, day(2026, 1, 31));
    press(&m, K_PGDN);
    is_day(m.selected, "2026-02-28");
    press(&m, K_PGUP | K_SHIFT);
    is_day(m.selected, "2025-02-28");
    press(&m, K_RIGHT);
    is_day(m.selected, "2025-03-01");
    press(&m, K_HOME);
    is_day(m.selected, "2025-02-24");               /* a Monday */
    press(&m, K_END);
    is_day(m.selected, "2025-03-02");
    press(&m, K_UP);
    is_day(m.selected, "2025-02-23");
    press(&m, '.');
    is_day(m.selected, "2026-11-22");
    m.to = day(2026, 11, 24);
    press(&m, K_DOWN);
    is_day(m.selected, "2026-11-24");               /* the bound */
    assert_int_equal(press(&m, K_ENTER), 0);
}

static void mark(void *self, int64_t d, struct month_day *out)
{
    (void)self;
    if (d == day(2026, 11, 18))
        out->words = "x!";
}

static void months_stand_side_by_side(void **state)
{
    struct month m;
    int rows;
    char *text;

    (void)state;
    month_init(&m, day(2026, 11, 22));
    m.day = mark;
    text = look(&m, 24, 100, &rows);
    assert_int_equal(m.across, 3);
    assert_int_equal(m.down, 2);
    assert_int_equal(rows, 17);
    assert_non_null(strstr(text, "2026-11"));
    assert_non_null(strstr(text, "2027-01"));
    assert_non_null(strstr(text, "18x!"));
    assert_non_null(strstr(text, "47 16  17  18x!19  20  21  22"));
    free(text);
    press(&m, K_PGUP);                              /* before what is shown: it scrolls to it */
    text = look(&m, 24, 100, &rows);
    assert_non_null(strstr(text, "2026-10"));
    assert_null(strstr(text, "2027-04"));
    free(text);
    text = look(&m, 7, 30, &rows);                  /* no room for one */
    assert_int_equal(rows, 0);
    free(text);
    m.weeks = false;
    text = look(&m, 8, 28, &rows);
    assert_int_equal(rows, 8);
    free(text);
}

static void a_click_takes_the_day(void **state)
{
    struct month m;
    struct input in = { .kind = INPUT_MOUSE, .button = MOUSE_LEFT };
    struct grid g;

    (void)state;
    month_init(&m, day(2026, 11, 22));
    grid_init(&g, 20, 70);
    month_draw(&m, surface_sub(surface_of(&g), 1, 2, -1, -1), true);
    in.y = 1 + 2 + 2;                               /* the third week of the first month */
    in.x = 2 + 3 + 2 * 4;                           /* its Wednesday */
    assert_int_equal(month_input(&m, &in), UI_DONE);
    is_day(m.selected, "2026-11-11");
    in.y = 3;
    in.x = 5;                                       /* 26 October: not of this month */
    assert_int_equal(month_input(&m, &in), 0);
    in.x += 33;                                     /* 30 November in the next month's grid */
    assert_int_equal(month_input(&m, &in), 0);
    in.x += 4;
    assert_int_equal(month_input(&m, &in), UI_DONE);
    is_day(m.selected, "2026-12-01");
    in.button = MOUSE_WHEEL_UP;
    month_input(&m, &in);
    is_day(m.selected, "2026-11-01");
    grid_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_are_numbered_as_iso_says), cmocka_unit_test(days_are_walked),
        cmocka_unit_test(months_stand_side_by_side), cmocka_unit_test(a_click_takes_the_day)
    };

    i18n_init("en");
    clock_zone("Asia/Shanghai");
    clock_set(day(2026, 11, 22) + 9 * (int64_t)CLOCK_HOUR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
