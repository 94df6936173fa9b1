#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/bars.h"
#include "tui/dump.h"
#include "tui/surface.h"

static struct grid g;

static int setup(void **state)
{
    (void)state;
    grid_init(&g, 6, 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    grid_free(&g);
    return 0;
}

static void row_is(int y, const char *want)
{
    struct buf b = BUF_INIT;
    char *line;

    dump_text(&g, &b);
    line = b.s;
    for (int i = 0; i < y; i++)
        line = strchr(line, '\n') + 1;
    *strchr(line, '\n') = '\0';
    assert_string_equal(line, want);
    buf_release(&b);
}

static void words_are_cut_between_characters(void **state)
{
    struct surface s = surface_of(&g);

    (void)state;
    assert_int_equal(surface_text(s, 0, 0, ROLE_TEXT, "欧阳慧敏", 5, ALIGN_LEFT), 5);
    row_is(0, "欧阳…");
    surface_text(s, 1, 0, ROLE_TEXT, "欧阳慧敏", 6, ALIGN_LEFT);
    row_is(1, "欧阳…");
    surface_text(s, 2, 0, ROLE_TEXT, "ab", 5, ALIGN_RIGHT);
    row_is(2, "   ab");
    surface_text(s, 3, 0, ROLE_TEXT, "ab", 6, ALIGN_CENTER);
    row_is(3, "  ab");
}

static void what_lies_outside_is_dropped(void **state)
{
    struct surface s = surface_sub(surface_of(&g), 1, 4, 2, 5);

    (void)state;
    surface_text(s, 0, 0, ROLE_TEXT, "一二三四", -1, ALIGN_LEFT);
    row_is(1, "    一二…");
    surface_text(s, 2, 0, ROLE_TEXT, "below", -1, ALIGN_LEFT);
    surface_text(s, -1, 0, ROLE_TEXT, "above", -1, ALIGN_LEFT);
    surface_glyph(s, 0, 9, ROLE_TEXT, GLYPH_VLINE);
    surface_hline(s, 1, 0, 100, ROLE_BORDER, GLYPH_HLINE);
    row_is(0, "");
    row_is(2, "    ─────");
    row_is(3, "");
}

static void wide_characters_are_overwritten_whole(void **state)
{
    struct surface s = surface_of(&g);

    (void)state;
    surface_text(s, 0, 0, ROLE_TEXT, "中文字", -1, ALIGN_LEFT);
    surface_text(s, 0, 1, ROLE_TEXT, "x", -1, ALIGN_LEFT);
    row_is(0, " x文字");
    surface_text(s, 0, 4, ROLE_TEXT, "y", -1, ALIGN_LEFT);
    row_is(0, " x文y");
    surface_text(s, 0, 1, ROLE_TEXT, "好", -1, ALIGN_LEFT);     /* over x and the left half of 文 */
    row_is(0, " 好 y");
    for (int x = 0; x < g.w; x++)
        if (g.cells[x].width == 0)
            assert_int_equal(g.cells[x - 1].width, 2);
}

static void names_cannot_drive_the_screen(void **state)
{
    struct surface s = surface_of(&g);

    (void)state;
    surface_text(s, 0, 0, ROLE_TEXT, "a\033[31mb\007\xe2\x80\xae" "c\nd", -1, ALIGN_LEFT);
    for (int i = 0; i < g.h * g.w; i++)
        for (int k = 0; k < CELL_CHARS && g.cells[i].c[k]; k++)
            assert_true(text_safe(g.cells[i].c[k]));
    surface_text(s, 1, 0, ROLE_TEXT, "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81x", -1,
                 ALIGN_LEFT);
    assert_int_equal(g.cells[20].c[0], 'e');
    assert_int_equal(g.cells[21].c[0], 'x');
}

static void boxes_step_over_words_that_they_would_cut(void **state)
{
    struct surface s = surface_of(&g);
    struct surface in;

    (void)state;
    for (int y = 0; y < 6; y++)
        surface_text(s, y, 0, ROLE_TEXT, "ab  cdefgh  ijklmnop", -1, ALIGN_LEFT);
    in = surface_box(surface_on(surface_sub(s, 1, 6, 4, 8), ROLE_DIALOG), "T", NULL);
    assert_int_equal(in.h, 2);
    assert_int_equal(in.w, 6);
    row_is(0, "ab  cdefgh  ijklmnop");
    row_is(1, "ab    ┌─ T ──┐");
    row_is(2, "ab    │      │");
}

static void paragraphs_break_where_readers_expect(void **state)
{
    struct surface s = surface_sub(surface_of(&g), 0, 0, 6, 10);

    (void)state;
    assert_int_equal(surface_wrap(s, 0, ROLE_TEXT, "one two three four"), 2);
    row_is(0, "one two");
    row_is(1, "three four");
    assert_int_equal(surface_wrap(s, 2, ROLE_TEXT, "领取后二十，小时"), 2);
    row_is(2, "领取后二");
    row_is(3, "十，小时");          /* no row begins with a comma */
    assert_int_equal(text_rows("abcdefghijklmnop", 10), 2);
    assert_int_equal(text_rows("", 10), 0);
}

static void lines_keep_their_inks(void **state)
{
    struct line l = LINE_INIT;

    (void)state;
    line_add(&l, ROLE_DIM, "%s ", "在手");
    line_add(&l, ROLE_STRONG, "%d", 41);
    assert_int_equal(line_width(&l), 7);
    surface_line(surface_of(&g), 0, 0, &l, 10, ALIGN_RIGHT);
    row_is(0, "   在手 41");
    assert_int_equal(g.cells[3].ink, ROLE_DIM);
    assert_int_equal(g.cells[8].ink, ROLE_STRONG);
    surface_line(surface_of(&g), 1, 0, &l, 6, ALIGN_LEFT);
    row_is(1, "在手 …");
    line_free(&l);
}

static void ascii_twins_stand_in_for_lines(void **state)
{
    struct surface s = surface_of(&g);

    (void)state;
    g.ascii = true;
    surface_box(surface_on(s, ROLE_DIALOG), NULL, NULL);
    row_is(0, "+------------------+");
    row_is(1, "|                  |");
    bar_line(s, 2, 2, 8, 0.5, ROLE_CHART1, -1);
    row_is(2, "| ====----         |");
    bar_solid(s, 3, 2, 8, 0.5, ROLE_CHART1, -1);
    row_is(3, "| ####....         |");
    for (int i = 0; i < g.h * g.w; i++)
        assert_true(g.cells[i].c[0] < 128);
}

static void bars_show_eighths_and_halves(void **state)
{
    struct surface s = surface_of(&g);

    (void)state;
    bar_solid(s, 0, 0, 8, 0.5 + 1.0 / 16, ROLE_CHART1, -1);     /* four and a half of eight */
    row_is(0, "████▌");
    bar_line(s, 1, 0, 8, 0.5 + 1.0 / 16, ROLE_CHART1, -1);
    row_is(1, "━━━━╸───");
    bar_line(s, 2, 0, 4, 7.0, ROLE_CHART1, 0.0);
    row_is(2, "┿━━━");
    bar_spark(s, 3, 0, (double[]){ 0, 6, 3 }, 3, ROLE_CHART6, ROLE_CHART1);
    row_is(3, "▁▇▄");
    assert_int_equal(bar_digits(s, 3, 5, "64%", ROLE_STRONG), 12);
    row_is(3, "▁▇▄  █▀▀ █ █ ▀ █");
}

static void a_shape_has_no_data(void **state)
{
    struct buf b = BUF_INIT;

    (void)state;
    surface_text(surface_of(&g), 0, 0, ROLE_TEXT, "Li 李䶮 138-6721", -1, ALIGN_LEFT);
    dump_shape(&g, &b);
    assert_non_null(strstr(b.s, "Xx 国国 999-9999\n"));
    buf_release(&b);
}

static void odd_sizes_hold_nothing_and_harm_nothing(void **state)
{
    (void)state;
    for (int h = 0; h < 4; h++)
        for (int w = 0; w < 4; w++) {
            struct surface s;

            grid_resize(&g, h, w);
            s = surface_of(&g);
            surface_fill(s);
            surface_box(s, "title", NULL);
            surface_text(s, 0, 0, ROLE_TAB, "中文", 5, ALIGN_RIGHT);
            surface_wrap(s, 0, ROLE_TEXT, "中文 words");
            surface_ground(s, 0, 0, -1, ROLE_SELECT);
            surface_cursor(s, 0, 0, true);
            grid_step_back(&g);
        }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* A list is drawn below the field that someone types in: an input method needs the cursor in the field. */
static void an_edit_point_keeps_the_cursor(void **state)
{
    struct grid grid;
    struct surface s;

    (void)state;
    grid_init(&grid, 10, 20);
    s = surface_of(&grid);
    surface_cursor(s, 1, 2, false);
    surface_cursor(s, 3, 4, true);
    surface_cursor(s, 5, 0, false);
    assert_int_equal(grid.cursor_y, 3);
    assert_int_equal(grid.cursor_x, 4);
    assert_true(grid.cursor_shown);
    grid_step_back(&grid);                     /* a dialog that has no field */
    surface_cursor(s, 7, 8, false);
    assert_int_equal(grid.cursor_y, 7);
    assert_false(grid.cursor_shown);
    grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(words_are_cut_between_characters), CASE(what_lies_outside_is_dropped),
        CASE(wide_characters_are_overwritten_whole), CASE(names_cannot_drive_the_screen),
        CASE(boxes_step_over_words_that_they_would_cut),
        CASE(paragraphs_break_where_readers_expect),
        CASE(lines_keep_their_inks), CASE(ascii_twins_stand_in_for_lines),
        CASE(bars_show_eighths_and_halves), CASE(an_edit_point_keeps_the_cursor),
        CASE(a_shape_has_no_data), CASE(odd_sizes_hold_nothing_and_harm_nothing)
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
