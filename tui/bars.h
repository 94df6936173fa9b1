/* bars.h - small figures drawn in cells: bars, sparklines, three-row digits. Pure functions of
 * their data; all have twins without block characters. */
#ifndef TUI_BARS_H
#define TUI_BARS_H

#include "tui/surface.h"

/* A solid bar in eighths, for bars with air around them; share 0..1 is clamped. tick 0..1 marks
 * pace or target, below 0 none. */
void bar_solid(struct surface s, int y, int x, int cells, double share, int ink, double tick);

/* A line bar for stacked rows: heavy on light, half-cell steps. */
void bar_line(struct surface s, int y, int x, int cells, double share, int ink, double tick);

/* n values as columns of one row, NAN is a gap; the last one in `last_ink`. */
void bar_spark(struct surface s, int y, int x, const double *v, int n, int ink, int last_ink);

/* Digits, '.', ',', '%', '-' and blanks three rows high; returns the cells used. Without block
 * characters it is the plain text in the middle row. */
int bar_digits(struct surface s, int y, int x, const char *text, int ink);

#endif
