/* chart.h - lines, columns and bars with axes, drawn in cells. Pure functions of their data.
 *
 * Every chart reads without colour: series carry their letters, values are printed. Steps and
 * eighths have ASCII twins where their characters are not one cell wide. A missing figure is NAN
 * and stays a gap.
 */
#ifndef TUI_CHART_H
#define TUI_CHART_H

#include <stdbool.h>

#include "tui/surface.h"

enum { CHART_SERIES = 3, CHART_NUMBER = 32, CHART_TICKS = 5 };

/* How figures are spelled, at most CHART_NUMBER - 1 bytes. */
typedef void chart_spell(double v, char out[CHART_NUMBER]);

/* The spelling of its own: "0.05", "1,284", "3.9万" or "39k" by the language, three figures. */
void chart_number(double v, char out[CHART_NUMBER]);

struct chart_series { const char *name; const double *v; };    /* name: translated, or data */

struct chart {
    const struct chart_series *series;
    int nseries;                    /* 1..CHART_SERIES: A, B, C */
    int n;                          /* points of each, from 1 */
    const char *const *label;       /* under the points; NULL: none, each may be NULL */
    double target;                  /* a line across, NAN: none */
    const char *target_words;       /* on it; NULL: none */
    bool from_zero;                 /* the axis begins at zero though all figures are far from it */
    bool braille;                   /* dots in place of steps, where the terminal has them */
    chart_spell *number;            /* NULL: chart_number */
};

/* Lines over an axis of two to five ticks; each ends in its letter, last figure and name. Needs 4
 * rows and 16 cells. Returns the rows used, 0 when there was no room. */
int chart_lines(struct surface s, const struct chart *c);

/* The first series as columns on the zero line, negative ones below it. The same needs. */
int chart_columns(struct surface s, const struct chart *c);

struct chart_bar {
    const char *label;
    double v;                       /* NAN: missing */
    double target;                  /* NAN: none */
    int ink;                        /* 0: ROLE_CHART1 */
    const char *note;               /* behind the figure, dim; NULL: none */
};

/* A row each: label, bar from zero, figure, note; below them the axis with its figures when a row
 * is left. Returns the rows used. */
int chart_bars(struct surface s, const struct chart_bar *bars, int n, chart_spell *number);

/* Ticks for low..high: fills tick[] with two to `most` round figures that hold the range between
 * them, and returns how many. most: 2..CHART_TICKS. */
int chart_ticks(double low, double high, int most, double tick[CHART_TICKS]);

#endif
