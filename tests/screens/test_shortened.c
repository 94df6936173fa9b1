/* A frame is shortened on its way to the terminal (tui/wire.h). Under every terminal that a console is
 * opened on, random keys at random sizes: after each key the screen is the one that curses drew, cell by
 * cell, in its words, its looks and its cursor. Terminals that speak otherwise get curses' own bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "tests/screens/monkey.h"
#include "tests/screens/sampleterm.h"

enum { ROWS = 24, COLS = 80, KEYS = 150 };

static struct vt *vt, *twin;        /* what is sent; what curses wrote */
static struct ui *ui;
static size_t sent, drawn;

static int stop(void **state)
{
    int rc = sample_stop(&vt, &ui);

    (void)state;
    if (twin)
        vt_close(twin);
    twin = NULL;
    return rc;
}

static void start(const char *term, enum color_choice colors)
{
    struct ui_options o = { .paste = true, .clipboard = true };
    struct term_options as_drawn;
    int y, x;
    bool shown;

    i18n_set("en");
    sample_morning();
    twin = vt_open(ROWS, COLS);
    vt_options(twin, &as_drawn, term);
    o.term.term = term;
    o.term.colors = colors;
    o.term.as_drawn = as_drawn.out;
    sample_start(&vt, &ui, &o, ROWS, COLS, SAMPLE_ROWS);
    vt_cursor(vt, &y, &x, &shown);          /* what curses said before the first frame */
    fputs(shown ? "\033[?25h" : "\033[?25l", as_drawn.out);
    vt_sync(twin);
    sent = drawn = 0;
}

static void looks_of(struct vt *of, struct buf *out)
{
    int y, x;
    bool shown;

    vt_look(of, NULL, out);
    vt_cursor(of, &y, &x, &shown);
    buf_addf(out, "cursor %d,%d %s\n", y, x, shown ? "shown" : "hidden");
}

/* The first line that differs, of each. */
static void say_difference(const char *a, const char *b, struct buf *why)
{
    while (*a && !strncmp(a, b, strcspn(a, "\n") + 1)) {
        b += strcspn(a, "\n") + 1;
        a += strcspn(a, "\n") + 1;
    }
    buf_addf(why, "\n%.*s\n%.*s", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

static bool is_as_drawn(void *self, struct buf *why)
{
    struct buf a = BUF_INIT, b = BUF_INIT;
    bool same;

    (void)self;
    drawn += vt_sync(twin);
    looks_of(vt, &a);
    looks_of(twin, &b);
    same = !strcmp(a.s, b.s);
    if (!same)
        say_difference(a.s, b.s, why);
    buf_release(&a);
    buf_release(&b);
    return same;
}

static void press(const char *key)
{
    struct buf why = BUF_INIT;

    sent += sample_press(vt, ui, key);
    if (!is_as_drawn(NULL, &why))
        fail_msg("%s: %s", key, why.s);
    buf_release(&why);
}

/* The monkey of monkey.h, but that both terminals change their size. */
static void random_keys(const char *term, unsigned seed)
{
    static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 10, 40 }, { 24, 81 }, { 13, 50 },
                                    { 60, 200 } };
    size_t n;
    const char *const *words = monkey_words(&n);
    char resize[40];

    for (int i = 0; i < KEYS; i++) {
        seed = seed * 1664525u + 1013904223u;
        if (i % 30 == 29) {
            const int *size = sizes[(seed >> 20) % 6];

            vt_resize(vt, size[0], size[1]);
            vt_resize(twin, size[0], size[1]);
            snprintf(resize, sizeof resize, "resize:%dx%d", size[0], size[1]);
            press(resize);
        }
        press(words[(seed >> 8) % n]);
    }
    if (vt_bad(vt))
        fail_msg("%s: %s", term, vt_bad(vt));
}

static void it_looks_as_drawn_on(const char *term, enum color_choice colors, bool shortened)
{
    void *none = NULL;

    start(term, colors);
    press("C-l");
    random_keys(term, 20261122);
    assert_true(drawn > 1000);
    if (shortened)
        assert_true(sent < drawn);
    else
        assert_int_equal(sent, drawn);
    assert_int_equal(stop(&none), 0);
}

static void known_terminals_get_fewer_bytes(void **state)
{
    static const char *const terms[] = { "xterm-256color", "xterm", "screen", "screen-256color",
                                         "tmux-256color", "putty", "putty-256color", "linux", "vt220",
                                         "rxvt-unicode-256color", "konsole-256color", "xterm-direct" };

    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        it_looks_as_drawn_on(terms[i], COLORS_AUTO, true);
    it_looks_as_drawn_on("xterm-256color", COLORS_8, true);
    it_looks_as_drawn_on("xterm-256color", COLORS_NEVER, true);
}

/* vt100 asks for pauses in its sequences, ansi and cygwin leave the last column in their own way. */
static void other_terminals_get_all_bytes(void **state)
{
    static const char *const terms[] = { "vt100", "ansi", "cygwin" };

    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        it_looks_as_drawn_on(terms[i], COLORS_AUTO, false);
}

/* Ctrl-L mends what another program wrote: also the colours and the letters that it left behind. */
static void a_repaint_begins_in_plain_colours_and_letters(void **state)
{
    struct buf before = BUF_INIT, after = BUF_INIT, why = BUF_INIT;
    struct term_options o;

    (void)state;
    start("xterm-256color", COLORS_AUTO);
    looks_of(vt, &before);
    vt_options(vt, &o, NULL);
    fputs("\033[3;1H\033[41;1m\033(0qqq\r\nlqk", o.out);
    fflush(o.out);
    sample_press(vt, ui, "C-l");
    looks_of(vt, &after);
    if (strcmp(before.s, after.s) != 0) {
        say_difference(before.s, after.s, &why);
        fail_msg("%s", why.s);
    }
    buf_release(&before);
    buf_release(&after);
}

#define CASE(f) cmocka_unit_test_teardown(f, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(known_terminals_get_fewer_bytes), CASE(other_terminals_get_all_bytes),
        CASE(a_repaint_begins_in_plain_colours_and_letters),
    };

    i18n_init("en");
    unsetenv("NO_COLOR");
    unsetenv("COLORTERM");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
