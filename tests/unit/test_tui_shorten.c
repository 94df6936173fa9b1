/* What is taken out of a frame's bytes changes nothing that a terminal shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <vterm.h>

#include "tui/shorten.h"

enum { ROWS = 6, COLS = 250 };         /* no words run over the edge */

static const struct shorten_can all = { .column = true, .defaults = true };

static VTerm *show(const char *bytes, size_t n)
{
    VTerm *vt = vterm_new(ROWS, COLS);

    vterm_set_utf8(vt, 1);
    vterm_screen_reset(vterm_obtain_screen(vt), 1);
    vterm_input_write(vt, bytes, n);
    return vt;
}

static bool same_cell(const VTermScreenCell *a, const VTermScreenCell *b)
{
    return !memcmp(a->chars, b->chars, sizeof a->chars) && a->width == b->width &&
           a->attrs.bold == b->attrs.bold && a->attrs.underline == b->attrs.underline &&
           a->attrs.reverse == b->attrs.reverse && a->attrs.italic == b->attrs.italic &&
           vterm_color_is_equal(&a->fg, &b->fg) && vterm_color_is_equal(&a->bg, &b->bg);
}

static bool same_screen(VTerm *a, VTerm *b)
{
    VTermPos p, at_a, at_b;
    VTermScreenCell x, y;

    vterm_state_get_cursorpos(vterm_obtain_state(a), &at_a);
    vterm_state_get_cursorpos(vterm_obtain_state(b), &at_b);
    for (p.row = 0; p.row < ROWS; p.row++)
        for (p.col = 0; p.col < COLS; p.col++) {
            vterm_screen_get_cell(vterm_obtain_screen(a), p, &x);
            vterm_screen_get_cell(vterm_obtain_screen(b), p, &y);
            if (!same_cell(&x, &y))
                return false;
        }
    return at_a.row == at_b.row && at_a.col == at_b.col;
}

/* Both sequences, then a letter: what it looks like shows the colours that were left. */
static void looks_the_same(const char *bytes, size_t n, struct shorten_can can)
{
    struct buf more = BUF_INIT, fewer = BUF_INIT;
    VTerm *a, *b;

    shorten(&fewer, bytes, n, can);
    buf_add(&more, bytes, n);
    buf_adds(&more, "x");
    buf_adds(&fewer, "x");
    a = show(more.s, more.len);
    b = show(fewer.s, fewer.len);
    if (!same_screen(a, b)) {
        print_error("these are not the same:\n%s\n%s\n", more.s, fewer.s);
        fail();
    }
    vterm_free(a);
    vterm_free(b);
    buf_release(&more);
    buf_release(&fewer);
}

static void becomes(const char *bytes, const char *want, struct shorten_can can)
{
    struct buf out = BUF_INIT;

    shorten(&out, bytes, strlen(bytes), can);
    assert_string_equal(out.s, want);
    buf_release(&out);
}

static void what_changes_nothing_is_left_out(void **state)
{
    static const struct shorten_can none = { .column = false };

    (void)state;
    /* the ground stays, only the letters' colour changes */
    becomes("\033[38;5;80m\033[48;5;17ma\033[38;5;231m\033[48;5;17mb\033[39;49m\033(B\033[m",
            "\033[38;5;80;48;5;17ma\033[38;5;231mb\033[m", all);
    becomes("\033[31m\033[39m\033[42ma\033[mb", "\033[42ma\033[mb", all);
    becomes("\033(B\033[0;1m\033[38;5;2ma\033(B\033[0m\033[38;5;2mb\033[m",
            "\033[1;38;5;2ma\033[0;38;5;2mb\033[m", all);
    becomes("\033[38:2::1:2:3m\033[48;2;4;5;6ma", "\033[38:2::1:2:3;48;2;4;5;6ma", all);
    becomes("\033[31;42ma\033[39mb", "\033[31;42ma\033[39mb", all);
    becomes("\033[31;42ma\033[39mb", "\033[31;42ma\033[0;42mb", none);
    /* a jump inside the row */
    becomes("\033[3;4Ha\033[3;9Hb\033[4;9Hc\033[4;1Hd", "\033[3;4Ha\033[9Gb\033[4;9Hc\rd", all);
    becomes("\033[3;4Ha\033[3;9Hb", "\033[3;4Ha\033[3;9Hb", none);
    /* after a scroll the row is another */
    becomes("\033[3;4Ha\n\033[3;9Hb", "\033[3;4Ha\n\033[3;9Hb", all);
    /* a line is cleared in the ground that it was to have */
    becomes("\033[41m\033[K\033[m", "\033[41m\033[K\033[m", all);
    becomes("\033[?25l\033[1ma", "\033[?25l\033[1ma", all);
}

/* Not all that is called an xterm knows ESC [ n b. */
static void a_repeated_letter_is_written_out(void **state)
{
    (void)state;
    becomes("\033[1ma-\033[4bb", "\033[1ma-----b", all);
    becomes("-\033[b", "--", all);
    becomes("\346\235\216\033[4b", "\346\235\216\033[4b", all);
    becomes("-\r\033[4b", "-\r\033[4b", all);
    becomes("-\033[2C\033[4b", "-\033[2C\033[4b", all);
    becomes("-\033[99999b", "-\033[99999b", all);
}

/* A place without a row is in the first one, wherever the cursor was. */
static void a_row_that_is_not_named_is_the_first(void **state)
{
    (void)state;
    becomes("\033[;9Hb", "\033[;9Hb", all);
    becomes("\033[3d\033[;9Hb", "\033[3d\033[;9Hb", all);
}

static void what_is_not_known_stays(void **state)
{
    static const char *const as_is[] = {
        "\033(0qq\033(B\033[1mx\033[1m", "\016q\017", "\033]0;title\007", "\033[>4m", "\033[3", "\033",
        "\033[38;7m\033[1m", "\0338\033[1m\033[1m", "\033[?5m", "\033P1$r\033\\"
    };

    (void)state;
    for (size_t i = 0; i < sizeof as_is / sizeof as_is[0]; i++)
        becomes(as_is[i], as_is[i], all);
    becomes("\033[31m\033[32m\033]0;a\007\033[1m\033[1m", "\033[32m\033]0;a\007\033[1m\033[1m", all);
}

static uint32_t turn(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void any_frame_looks_the_same(void **state)
{
    static const char *const pieces[] = {
        "ab", "\346\235\216\350\275\251", "   ", "\r", "\n", "\033[K", "\033[m", "\033(B\033[m", "\033[0;1m",
        "\033[1;4m", "\033[7m", "\033[22m", "\033[24m", "\033[27m", "\033[31m", "\033[92m", "\033[39m",
        "\033[49m", "\033[39;49m", "\033[38;5;80m", "\033[48;5;17m", "\033[48;2;1;2;3m", "\033[44m",
        "\033[104m", "\033[2;5H", "\033[2;12H", "\033[2;1H", "\033[4;3H", "\033[4;18H", "\033[7G", "\033[3d",
        "\033[A", "\033[5C", "\033[3X", "\033[2P", "\033[2@", "\033[2;4r", "\033[1;6r", "\033[L", "\033[M",
        "\0337", "\0338", "\033[J", "\033[H", "\033M", "=\033[5b", "\033[;7H"
    };
    uint32_t seed = 20261122;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct buf b = BUF_INIT;

        for (int i = 0; i < 40; i++)
            buf_adds(&b, pieces[turn(&seed) % (sizeof pieces / sizeof pieces[0])]);
        looks_the_same(b.s, b.len, (struct shorten_can){ round & 1, round & 2 });
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changes_nothing_is_left_out),
        cmocka_unit_test(a_repeated_letter_is_written_out),
        cmocka_unit_test(a_row_that_is_not_named_is_the_first),
        cmocka_unit_test(what_is_not_known_stays),
        cmocka_unit_test(any_frame_looks_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
