/* termstate.h - what term.c (the terminal's life) and termpaint.c (its frames) share. No one else includes
 * it. UI thread only.
 */
#ifndef TUI_TERMSTATE_H
#define TUI_TERMSTATE_H

#define NCURSES_WIDECHAR 1

#include <curses.h>

#include "tui/term.h"
#include "tui/wire.h"

enum { PAIRS_MAX = 512, INK_KINDS = 4 };

/* What curses needs for one ink on one ground; pair -1: not made yet. Bare: a blank in it shows
 * nothing but the terminal's own ground. */
struct look { attr_t attr; int pair; bool bare; };

struct term {
    SCREEN *curses;
    FILE *in, *out;
    const char *fallback, *name;    /* name: $TERM */
    enum depth depth;
    bool mouse, own_default, signals, repaint, cursor_on, fixed;
    struct decoder decoder;
    struct grid shown;
    char theme[THEME_NAME];
    struct look look[INK_KINDS][ROLE_COUNT][ROLE_COUNT];
    struct { int32_t fg, bg; } pair[PAIRS_MAX];
    int npairs, max_pairs;
    bool plain_underline;           /* underline and colour exclude each other here */
    cchar_t *row;
    int row_cap;
    struct wire *wire;
    int64_t asked;                  /* when the terminal was asked what it has not answered; 0: nothing */
};

/* Colours change their meaning: a new theme, or a terminal that has just started. */
void term_forget_looks(struct term *t);

#endif
