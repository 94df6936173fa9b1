#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/i18n.h"
#include "tui/chart.h"
#include "tui/dump.h"

static struct grid g;
static struct buf shown = BUF_INIT;

static struct surface blank(int h, int w)
{
    grid_free(&g);
    grid_init(&g, h, w);
    return surface_of(&g);
}

static const char *look(void)
{
    buf_clear(&shown);
    dump_text(&g, &shown);
    return shown.s;
}

static void says(double v, const char *en, const char *zh)
{
    char out[CHART_NUMBER];

    i18n_set("en");
    chart_number(v, out);
    assert_string_equal(out, en);
    i18n_set("zh_CN");
    chart_number(v, out);
    assert_string_equal(out, zh);
    i18n_set("en");
}

static void figures_are_short(void **state)
{
    (void)state;
    says(0, "0", "0");
    says(-0.0, "0", "0");
    says(0.05, "0.05", "0.05");
    says(1.62, "1.62", "1.62");
    says(-12.5, "-12.5", "-12.5");
    says(1284, "1,284", "1,284");
    says(-9999, "-9,999", "-9,999");
    says(39000, "39k", "3.9万");
    says(12300000, "12.3M", "1230万");
    says(456000000, "456M", "4.56亿");
    says(NAN, "-", "-");
    says(1e300, "1.00e+300", "1.00e+300");
}

static void ticks_are_round_and_hold_the_range(void **state)
{
    static const struct { double low, high; int most, n; double first, last; } want[] = {
        { 0, 100, 5, 3, 0, 100 }, { 0.3, 1.62, 5, 4, 0, 2 }, { -0.9, 1.62, 4, 4, -1, 2 },
        { 18200, 41200, 5, 4, 10000, 50000 }, { 5, 5, 5, 3, 5, 10 }, { 0, 0, 5, 3, 0, 1 },
        { NAN, NAN, 5, 3, 0, 1 }, { INFINITY, -INFINITY, 2, 2, 0, 1 }
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        for (int most = 2; most <= want[i].most; most++) {
            double tick[CHART_TICKS];
            int n = chart_ticks(want[i].low, want[i].high, most, tick);

            assert_in_range(n, 2, most);
            if (isfinite(want[i].low)) {
                assert_true(tick[0] <= want[i].low + 1e-9);
                assert_true(tick[n - 1] >= want[i].high - 1e-9);
            }
            for (int k = 1; k + 1 < n; k++)
                assert_true(fabs((tick[k + 1] - tick[k]) - (tick[1] - tick[0])) < 1e-9);
        }
}

static const double up[] = { 0, 0, 1, 2, 3, 4 }, down[] = { 4, 3, NAN, NAN, 1, 0 };

static void lines_end_in_their_names(void **state)
{
    const struct chart_series s[] = { { "first", up }, { "second", down } };
    const char *months[] = { "Jan", NULL, NULL, NULL, NULL, "Jun" };
    struct chart c = { .series = s, .nseries = 2, .n = 6, .label = months, .target = 2,
                       .target_words = "plan" };

    (void)state;
    assert_int_equal(chart_lines(blank(9, 60), &c), 9);
    look();
    assert_non_null(strstr(shown.s, "A 4 first"));
    assert_non_null(strstr(shown.s, "B 0 second"));
    assert_non_null(strstr(shown.s, "4 ┤"));
    assert_non_null(strstr(shown.s, "plan"));
    assert_non_null(strstr(shown.s, "Jan"));
    assert_non_null(strstr(shown.s, "Jun"));
    assert_non_null(strstr(shown.s, "╯"));          /* going up */
    assert_non_null(strstr(shown.s, "╰"));          /* and down */
    assert_int_equal(chart_lines(blank(9, 30), &c), 9);
    assert_non_null(strstr(look(), "A 4 first  B 0 second"));      /* above, where it is narrow */
    g.ascii = true;
    grid_clear(&g);
    chart_lines(surface_of(&g), &c);
    look();
    for (const char *p = shown.s; *p; p++)
        assert_in_range((unsigned char)*p, '\n', '~');
    c.braille = true;
    chart_lines(blank(9, 60), &c);
    assert_non_null(strstr(look(), "⣀"));           /* the level beginning, in dots */
}

static void nothing_is_drawn_where_there_is_no_room(void **state)
{
    const struct chart_series s[] = { { "first", up }, { NULL, down } };
    struct chart c = { .series = s, .nseries = 2, .n = 6, .target = NAN };
    double one[] = { NAN };
    const struct chart_series none[] = { { "none", one } };

    (void)state;
    assert_int_equal(chart_lines(blank(3, 60), &c), 0);
    assert_int_equal(chart_columns(blank(9, 15), &c), 0);
    for (int h = 1; h < 16; h++)
        for (int w = 1; w < 70; w += 3) {
            c.braille = w % 2;
            chart_lines(blank(h, w), &c);
            chart_columns(blank(h, w), &c);
            chart_lines(blank(h, w), &(struct chart){ .series = none, .nseries = 1, .n = 1 });
            chart_columns(blank(h, w), &(struct chart){ .series = none, .nseries = 1, .n = 1 });
        }
}

static void columns_stand_on_zero(void **state)
{
    static const double v[] = { 8, NAN, -4, 4 };
    const struct chart_series s[] = { { NULL, v } };
    const char *end;

    (void)state;
    assert_int_equal(chart_columns(blank(9, 40), &(struct chart){ .series = s, .nseries = 1, .n = 4,
                                                                  .target = NAN }), 9);
    look();
    assert_non_null(strstr(shown.s, "10 ┤"));
    assert_non_null(strstr(shown.s, "8"));
    assert_non_null(strstr(shown.s, "█"));
    end = strstr(shown.s, "-5 ┤");
    assert_non_null(end);
    assert_true(strstr(shown.s, "0 ┤") < end);              /* zero stands above the foot */
    assert_non_null(strstr(shown.s, "-4"));
}

static void bars_have_figures_and_an_axis(void **state)
{
    const struct chart_bar b[] = { { "Ouyang", 612.7, 533, 0, "88%" }, { "Zhao", 300, NAN, 0, NULL },
                                   { "Nobody", NAN, NAN, 0, NULL } };
    const struct chart_bar change[] = { { "web", 9, NAN, 0, NULL }, { "sms", -12, NAN, 0, NULL } };
    int heavy = 0;

    (void)state;
    assert_int_equal(chart_bars(blank(6, 60), b, 3, NULL), 4);
    look();
    assert_non_null(strstr(shown.s, "613"));        /* three figures */
    assert_non_null(strstr(shown.s, "88%"));
    assert_non_null(strstr(shown.s, "┿"));          /* the target is passed */
    for (const char *p = strstr(shown.s, "Zhao"); p && *p && *p != '\n'; p++)
        heavy += !strncmp(p, "━", 3);
    assert_in_range(heavy, 10, 20);                 /* 300 of 800 in the cells there are */
    assert_int_equal(chart_bars(blank(3, 60), b, 3, NULL), 3);     /* no row left for the axis */
    assert_int_equal(chart_bars(blank(6, 40), change, 2, NULL), 3);
    assert_non_null(strstr(look(), "┼"));           /* zero stands inside */
    assert_non_null(strstr(shown.s, "-12"));
    for (int w = 1; w < 60; w++)
        chart_bars(blank(4, w), b, 3, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_short), cmocka_unit_test(ticks_are_round_and_hold_the_range),
        cmocka_unit_test(lines_end_in_their_names),
        cmocka_unit_test(nothing_is_drawn_where_there_is_no_room),
        cmocka_unit_test(columns_stand_on_zero), cmocka_unit_test(bars_have_figures_and_an_axis)
    };
    int rc;

    i18n_init("en");
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    grid_free(&g);
    buf_release(&shown);
    return rc;
}
