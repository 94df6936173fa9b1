/* month.h - months as grids of days, as many side by side as fit: a day is in hand, today is known,
 * the caller marks days.
 *
 * Weeks begin on Monday; their numbers are ISO's. Days are clock_day() values. The state is plain;
 * drawing remembers where the days stand for the mouse.
 */
#ifndef TUI_MONTH_H
#define TUI_MONTH_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/key.h"
#include "tui/surface.h"

/* What is special about a day. It comes with ink 0 (a weekend's is ROLE_DIM), no words, no mark. */
struct month_day {
    int ink;
    enum glyph mark;                /* behind the number; GLYPH_COUNT: none */
    const char *words;              /* at most two cells, in place of the mark: "休", "班" */
};

struct month {
    int64_t selected;               /* a day */
    int64_t from, to;               /* days that may be chosen; NONE: no bound */
    bool weeks;                     /* the numbers of weeks at the left */
    /* Fills *out for a day; it gets *out with the defaults. NULL: no day is special. */
    void (*day)(void *self, int64_t day, struct month_day *out);
    void *self;

    /* Of the last drawing. */
    struct surface area;
    int64_t first;                  /* first day of the first month shown; NONE: nothing was shown */
    int across, down;               /* months in a row, rows of them */
};

/* day: any moment of it. No bounds, no marks, week numbers on. */
void month_init(struct month *m, int64_t day);

/* Takes the day in hand, within the bounds. */
void month_select(struct month *m, int64_t day);

/* Arrows by day and week, PgUp and PgDn by month (the day of the month is kept where there is one),
 * S-PgUp and S-PgDn by year, Home and End to the ends of the week, `.` and `t` to today; clicks, and
 * the wheel by month. 0 for the rest, and at a bound for nothing. */
unsigned month_input(struct month *m, const struct input *in);

/* Draws as many months as fit, in order, the one with the day in hand among them. Needs
 * MONTH_ROWS x month_cells() for one. Returns the rows used, 0 when not even one fits. */
enum { MONTH_ROWS = 8 };
int month_cells(const struct month *m);
int month_draw(struct month *m, struct surface s, bool focused);

/* The ISO week of a day, 1..53. */
int month_week(int64_t day);

/* "2026-11" or "2026年11月". */
void month_title(int64_t day, char out[32]);

#endif
