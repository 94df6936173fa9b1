/* A list that moves between its head and its foot, by rows up and down, while some of its rows change: the
 * terminal shows the frame it was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "tests/screens/vt.h"
#include "tui/surface.h"
#include "tui/term.h"

enum { ROWS = 24, COLS = 60, HEAD = 2, FOOT = ROWS - 2, STEPS = 400 };

static struct vt *vt;
static struct term *term;
static struct theme theme;
static struct grid grid;

static int set_up(void **state)
{
    struct term_options o = { 0 };
    struct err e = { 0 };

    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8");
    vt = vt_open(ROWS, COLS);
    vt_options(vt, &o, "xterm-256color");
    grid_init(&grid, ROWS, COLS);
    if (theme_builtin(&theme, "default", &e) != ST_OK || term_start(&term, &o, &e) != ST_OK)
        return -1;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    term_stop(term);
    vt_close(vt);
    grid_free(&grid);
    return 0;
}

/* What stands in a row of the frame; every third row of the list has another ground. */
static void row_words(int y, int top, unsigned mood, char *out, size_t size)
{
    int row = top + y - HEAD;

    if (y < HEAD || y >= FOOT)
        snprintf(out, size, "%s %d", y < HEAD ? "head" : "foot", top);
    else if ((unsigned)row % 16 == mood)
        snprintf(out, size, "改 %d %u", row, mood);
    else
        snprintf(out, size, "%-4d 李䶮 row of the list", row);
}

static void show(int top, unsigned mood)
{
    struct surface s = surface_of(&grid);
    char words[80];

    grid_clear(&grid);
    for (int y = 0; y < ROWS; y++) {
        row_words(y, top, mood, words, sizeof words);
        surface_text(surface_on(s, (top + y) % 3 ? ROLE_NONE : ROLE_SELECT), y, 0, ROLE_TEXT, words, COLS - 1,
                     ALIGN_LEFT);
    }
    surface_glyph(s, HEAD + (top & 15), COLS - 1, ROLE_TEXT, GLYPH_THUMB);
    term_show(term, &grid, &theme);
    vt_sync(vt);
}

static void check(int step, int top, unsigned mood)
{
    char words[80];

    for (int y = 0; y < ROWS; y++) {
        const char *shown = vt_row(vt, y);

        row_words(y, top, mood, words, sizeof words);
        if (strncmp(shown, words, strlen(words)) ||
            (strstr(shown, "┃") != NULL) != (y == HEAD + (top & 15)))
            fail_msg("step %d, row %d: \"%s\", not \"%s\"", step, y, shown, words);
    }
}

static void the_terminal_follows(void **state)
{
    static const int by[] = { 1, 1, 1, -1, -1, 2, -2, 0, 1, 20, -20, -1 };
    unsigned seed = 7;
    int top = 500;

    (void)state;
    for (int step = 0; step < STEPS; step++) {
        seed = seed * 1664525u + 1013904223u;
        top += by[(seed >> 16) % (sizeof by / sizeof *by)];
        show(top, (seed >> 24) % 16);
        check(step, top, (seed >> 24) % 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_terminal_follows, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
