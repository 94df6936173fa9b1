/* surface.h - the only way to put something on the screen.
 *
 * A grid is the screen in cells; each holds one character with its combining marks, an ink and a
 * ground, never a colour. Widgets write to a surface, a clipped rectangle of the screen, in its own
 * coordinates; what lies outside is dropped. Words pass base/text (cleaned, fitted by width); a
 * wide character is written and overwritten whole. term.h carries the grid to the terminal, dump.h
 * to text. UI thread only.
 */
#ifndef TUI_SURFACE_H
#define TUI_SURFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/theme.h"

struct line;

enum { CELL_CHARS = 5 };                    /* a base and its marks: what curses can hold */

/* width 1 or 2; 0 is the right half of the wide character before it. */
struct cell { uint32_t c[CELL_CHARS]; uint16_t ink; uint8_t ground, width; };

struct grid {
    int h, w;
    struct cell *cells;                     /* h * w, by rows */
    int cursor_y, cursor_x;                 /* the terminal's own cursor */
    bool cursor_shown;                      /* true at an edit point only */
    bool ascii;                             /* draw the ASCII twins of chrome characters */
    bool large;                             /* large print: few facts, two rows each */
    struct buf scratch;
};

struct surface { struct grid *grid; int y, x, h, w; enum role ground; };

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER };

/* Chrome: symbol, character, ASCII twin. Twins are drawn when a character would not be one cell
 * wide. */
#define GLYPH_LIST(X) \
    X(HLINE, 0x2500, '-') X(VLINE, 0x2502, '|') X(TOP_LEFT, 0x250c, '+') \
    X(TOP_RIGHT, 0x2510, '+') X(BOTTOM_LEFT, 0x2514, '+') X(BOTTOM_RIGHT, 0x2518, '+') \
    X(TEE_RIGHT, 0x251c, '+') X(TEE_LEFT, 0x2524, '+') X(CROSS, 0x253c, '+') \
    X(CROSS_HEAVY, 0x253f, '#') X(HEAVY, 0x2501, '=') X(HEAVY_HALF, 0x2578, '-') \
    X(THUMB, 0x2503, '#') X(DOTTED, 0x2504, '.') X(DASHED, 0x254c, '.') \
    X(ARC_TOP_LEFT, 0x256d, '+') X(ARC_TOP_RIGHT, 0x256e, '+') X(ARC_BOTTOM_RIGHT, 0x256f, '+') \
    X(ARC_BOTTOM_LEFT, 0x2570, '+') X(FOCUS, 0x258c, '>') X(FOCUS_OFF, 0x258f, '>') \
    X(TOP_RULE, 0x2594, '-') X(SHADE1, 0x2591, '.') X(SHADE2, 0x2592, ':') \
    X(COLUMN1, 0x2581, '.') X(COLUMN2, 0x2582, '.') X(COLUMN3, 0x2583, ':') \
    X(COLUMN4, 0x2584, '-') X(COLUMN5, 0x2585, '=') X(COLUMN6, 0x2586, '+') \
    X(COLUMN7, 0x2587, '#') X(BLOCK, 0x2588, '#') X(EIGHTH1, 0x258f, ' ') \
    X(EIGHTH2, 0x258e, ' ') X(EIGHTH3, 0x258d, ' ') X(EIGHTH4, 0x258c, '=') \
    X(EIGHTH5, 0x258b, '=') X(EIGHTH6, 0x258a, '=') X(EIGHTH7, 0x2589, '=') \
    X(UPPER, 0x2580, '#') X(LOWER, 0x2584, '#') X(MORE, 0x203a, '>') X(LESS, 0x2039, '<') \
    X(YES, 0x2713, '*') X(NO, 0x2717, 'x') X(DOT, 0x25cf, '*') X(RING, 0x25cb, 'o') \
    X(UP, 0x25b2, '^') X(DOWN, 0x25bc, 'v') X(SORT_UP, 0x25b4, '^') X(SORT_DOWN, 0x25be, 'v') \
    X(FOLDED, 0x25b8, '>') X(BACK, 0x25c2, '<') X(TO_RIGHT, 0x2192, '>') X(TO_LEFT, 0x2190, '<') \
    X(TO_UP, 0x2191, '^') X(TO_DOWN, 0x2193, 'v') X(ELLIPSIS, 0x2026, '~')

enum glyph {
#define GLYPH_ENUM(sym, code, twin) GLYPH_##sym,
    GLYPH_LIST(GLYPH_ENUM)
#undef GLYPH_ENUM
    GLYPH_COUNT
};

/* The character drawn for g: itself, or its twin when `ascii` or when it is not one cell wide in
 * this locale. */
uint32_t glyph_char(enum glyph g, bool ascii);

/* --- the grid --------------------------------------------------------------------------------- */
void grid_init(struct grid *s, int h, int w);
void grid_resize(struct grid *s, int h, int w);     /* blank afterwards */
void grid_clear(struct grid *s);
void grid_free(struct grid *s);

/* All that is drawn so far steps back behind a dialog: words turn stale, the bar and the tab
 * turn grey. */
void grid_step_back(struct grid *s);

/* --- surfaces --------------------------------------------------------------------------------- */
struct surface surface_of(struct grid *s);
/* A part, clipped to s; negative h or w count from the far edge (-1: all that is left). */
struct surface surface_sub(struct surface s, int y, int x, int h, int w);
/* The same place, drawn on another ground. */
struct surface surface_on(struct surface s, enum role ground);

/* Blanks the surface in its ground. */
void surface_fill(struct surface s);
/* Puts the ground under what stands in row y, from x, `cells` wide (-1: to the edge); words keep
 * their ink. */
void surface_ground(struct surface s, int y, int x, int cells, enum role ground);

/* Words at (y, x) in exactly `cells` cells (-1: as many as they need, up to the edge), blanks
 * around them by `align`; cut with an ellipsis. An ink whose role has a ground of its own brings
 * it along. Returns the cells that the words took. */
int surface_text(struct surface s, int y, int x, int ink, const char *words, int cells,
                 enum align align);
int surface_printf(struct surface s, int y, int x, int ink, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void surface_glyph(struct surface s, int y, int x, int ink, enum glyph g);
void surface_hline(struct surface s, int y, int x, int cells, int ink, enum glyph g);
void surface_vline(struct surface s, int y, int x, int rows, int ink, enum glyph g);

/* A box around the whole surface, filled with its ground, title left and `subject` right in the
 * top line (each may be NULL). Words behind that the box cuts in two step back whole. Returns
 * the inside. */
struct surface surface_box(struct surface s, const char *title, const struct line *subject);

/* Breaks words into rows of at most s.w cells, at blanks and between CJK characters, from row y
 * on. Returns the rows needed, also when fewer fit. */
int surface_wrap(struct surface s, int y, int ink, const char *words);
/* The rows that surface_wrap() would need in `cells` cells. */
int text_rows(const char *words, int cells);

/* The terminal's cursor goes here, visible when it is an edit point. The last call of a frame counts, but
 * an edit point goes before all that are none (grid_step_back() forgets it). */
void surface_cursor(struct surface s, int y, int x, bool shown);

/* --- a row of words in several inks ----------------------------------------------------------- */
enum { LINE_RUNS = 48 };
struct line {
    struct buf text;
    /* runs used; further words join the last one */
    int n;
    struct { size_t start; int ink; } run[LINE_RUNS];
};
#define LINE_INIT { .text = BUF_INIT }

/* Appends words. The format is translated by the caller; data goes through %s, never into the
 * format. */
void line_add(struct line *l, int ink, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void line_gap(struct line *l, int cells);               /* blanks between facts */
int line_width(const struct line *l);                   /* in cells */
void line_clear(struct line *l);
void line_free(struct line *l);

/* The same over as many rows as it takes, at most `rows`, from row y on: broken at blanks; what
 * finds no room is cut in the last. Returns the rows used. */
int surface_line_wrap(struct surface s, int y, int x, const struct line *l, int rows);

/* The thumb of a scrolled list in column x: s shows s.h of `rows` rows, from `top` on. */
void surface_thumb(struct surface s, int x, int64_t top, int64_t rows);

/* Draws it in `cells` cells (-1: up to the edge); cut with an ellipsis. Returns the cells used. */
int surface_line(struct surface s, int y, int x, const struct line *l, int cells, enum align align);

#endif
