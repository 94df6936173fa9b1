/* progress.h - how far a long job is: share, counts, speed, what is left of the time.
 *
 * Speed is over the last seconds, by clock_mono(). Draw from a struct that the view keeps and feeds
 * from job progress.
 */
#ifndef TUI_PROGRESS_H
#define TUI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/surface.h"

struct progress {
    int64_t at, of;                     /* of 0: unknown */
    int64_t started, ended;             /* clock_mono(); 0: not yet */
    struct { int64_t time, at; } mark[8];
    int nmarks;
    const char *unit;                   /* msgid: "rows" */
};

void progress_start(struct progress *p, const char *unit);
void progress_set(struct progress *p, int64_t at, int64_t of);
void progress_end(struct progress *p);

/* Units a second over the last moments (over all, once it ended), and seconds left; -1 when
 * unknown. */
double progress_rate(const struct progress *p);
double progress_left(const struct progress *p);

/* The full drawing: big share, three lines of words, bar; 5 rows. Below 5 rows or 40 cells: one
 * line and the bar. Returns the rows used. */
int progress_draw(const struct progress *p, struct surface s, int y);

/* One row for a status line: "64%  30,854/48,210". */
void progress_line(const struct progress *p, struct line *l);

#endif
