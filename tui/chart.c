#include "tui/chart.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/bars.h"

/* --- figures ---------------------------------------------------------------------------------- */

/* Three figures without zeros at the end: 3.9, 39, 0.05. */
static void three_figures(double v, char out[CHART_NUMBER])
{
    double a = fabs(v);
    int decimals = a >= 100 || a == 0 ? 0 : a >= 10 ? 1 : a >= 0.1 ? 2 : a >= 0.01 ? 3 : 4;

    snprintf(out, CHART_NUMBER, "%.*f", decimals, v);
    if (strchr(out, '.')) {
        char *end = out + strlen(out);

        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
    if (!strcmp(out, "-0"))
        snprintf(out, CHART_NUMBER, "0");
}

static void grouped(double v, char out[CHART_NUMBER])
{
    char digits[CHART_NUMBER];
    int len = snprintf(digits, sizeof digits, "%.0f", fabs(v)), to = 0;

    if (v <= -0.5)
        out[to++] = '-';
    for (int i = 0; i < len && to < CHART_NUMBER - 2; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[to++] = ',';
        out[to++] = digits[i];
    }
    out[to] = '\0';
}

void chart_number(double v, char out[CHART_NUMBER])
{
    static const struct { double from, by; const char *zh, *en; } unit[] = {
        { 1e12, 1e12, "万亿", "T" }, { 1e9, 1e9, NULL, "G" },
        { 1e8, 1e8, "亿", NULL },              { 1e6, 1e6, NULL, "M" },
        { 1e4, 1e4, "万", NULL },              { 1e4, 1e3, NULL, "k" }
    };
    bool zh = !strcmp(i18n_lang(), "zh_CN");

    for (size_t i = 0; i < sizeof unit / sizeof unit[0]; i++) {
        const char *word = zh ? unit[i].zh : unit[i].en;

        if (!word || !(fabs(v) >= unit[i].from))
            continue;
        if (fabs(v) / unit[i].by >= 1e7)
            snprintf(out, CHART_NUMBER, "%.2e", v);
        else {
            three_figures(v / unit[i].by, out);
            strncat(out, word, CHART_NUMBER - 1 - strlen(out));
        }
        return;
    }
    if (isnan(v))
        snprintf(out, CHART_NUMBER, "-");
    else if (fabs(v) >= 1000)
        grouped(v, out);
    else
        three_figures(v, out);
}

static void spell(chart_spell *number, double v, char out[CHART_NUMBER])
{
    (number ? number : chart_number)(v, out);
}

/* --- the axis --------------------------------------------------------------------------------- */

/* The least of 1, 2, 5 x 10^k that is not below x. */
static double round_step(double x)
{
    double power = pow(10, floor(log10(x)));

    for (int i = 0; i < 3; i++) {
        double step = power * (double[]){ 1, 2, 5 }[i];

        if (step >= x * (1 - 1e-9))
            return step;
    }
    return power * 10;
}

int chart_ticks(double low, double high, int most, double tick[CHART_TICKS])
{
    double step, from, to;
    int n;

    assert(most >= 2 && most <= CHART_TICKS);
    if (!isfinite(low) || !isfinite(high) || !isfinite(high - low)) {
        low = 0;
        high = 1;
    }
    if (!(high > low))
        high = low + (low ? fabs(low) : 1);
    step = round_step((high - low) / (most - 1));
    do {
        from = floor(low / step + 1e-9) * step;
        to = ceil(high / step - 1e-9) * step;
        n = (int)((to - from) / step + 1.5);
        if (n > most)
            step = round_step(step * 1.01);
    } while (n > most && most > 2);
    if (most == 2) {                    /* its ends: a range around zero has no two ticks of one step */
        tick[0] = from;
        tick[1] = to;
        return 2;
    }
    for (int i = 0; i < n; i++)
        tick[i] = from + i * step;
    return n;
}

struct axis {
    double tick[CHART_TICKS];
    int n, cells;                   /* ticks, and the widest one's cells */
    struct surface plot;
    chart_spell *number;
};

static int row_of(const struct axis *a, double v)
{
    double low = a->tick[0], high = a->tick[a->n - 1];
    int y = (int)floor((high - v) / (high - low) * (a->plot.h - 1) + 0.5);

    return y < 0 ? 0 : y >= a->plot.h ? a->plot.h - 1 : y;
}

static void range_of(const struct chart *c, int nseries, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (int k = 0; k < nseries; k++)
        for (int i = 0; i < c->n; i++) {
            double v = c->series[k].v[i];

            if (isfinite(v)) {
                *low = v < *low ? v : *low;
                *high = v > *high ? v : *high;
            }
        }
    if (isfinite(c->target) && *high >= *low) {
        *low = c->target < *low ? c->target : *low;
        *high = c->target > *high ? c->target : *high;
    }
    if (c->from_zero && *high >= *low) {
        *low = *low > 0 ? 0 : *low;
        *high = *high < 0 ? 0 : *high;
    }
}

static void draw_target(const struct axis *a, const struct chart *c)
{
    int y;

    if (!isfinite(c->target))
        return;
    y = row_of(a, c->target);
    surface_hline(a->plot, y, 0, a->plot.w, ROLE_WARN, GLYPH_DASHED);
    if (c->target_words)
        surface_text(a->plot, y, 1, ROLE_WARN, c->target_words,
                     text_width(c->target_words) < a->plot.w / 2 ? -1 : a->plot.w / 2, ALIGN_LEFT);
}

/* Figures, ticks and grid lines at the left of what is left for the plot. */
static void draw_axis(struct axis *a, struct surface s, const struct chart *c)
{
    char text[CHART_NUMBER];

    for (int i = 0; i < a->n; i++) {
        int y = row_of(a, a->tick[i]);

        spell(a->number, a->tick[i], text);
        surface_text(s, y, 0, ROLE_DIM, text, a->cells, ALIGN_RIGHT);
        surface_glyph(s, y, a->cells + 1, ROLE_BORDER, GLYPH_TEE_LEFT);
        surface_hline(a->plot, y, 0, a->plot.w, ROLE_BORDER, GLYPH_DOTTED);
    }
    draw_target(a, c);
}

/* Makes the axis for the first nseries and cuts s into it, the plot, and `right` cells for names. */
static bool make_axis(struct axis *a, struct surface s, const struct chart *c, int nseries, int right)
{
    double low, high;
    int most = s.h >= 13 ? 5 : s.h >= 8 ? 4 : s.h >= 5 ? 3 : 2;
    char text[CHART_NUMBER];

    range_of(c, nseries, &low, &high);
    *a = (struct axis){ .number = c->number };
    a->n = chart_ticks(low, high, most, a->tick);
    for (int i = 0; i < a->n; i++) {
        int w;

        spell(a->number, a->tick[i], text);
        w = text_width(text);
        a->cells = w > a->cells ? w : a->cells;
    }
    a->plot = surface_sub(s, 0, a->cells + 2, s.h, s.w - a->cells - 2 - right);
    return s.h >= 3 && a->plot.w >= 8;
}

static int x_of(const struct chart *c, int cells, int i)
{
    return c->n > 1 ? (int)((double)i * (cells - 1) / (c->n - 1) + 0.5) : cells / 2;
}

/* Labels under their points, those left out that would touch the one before. */
static void draw_labels(const struct chart *c, struct surface row, int each)
{
    int free_from = 0;

    for (int i = 0; c->label && i < c->n; i++) {
        int w = c->label[i] ? text_width(c->label[i]) : 0,
            x = each > 0 ? i * each + (each - w) / 2 : x_of(c, row.w, i) - w / 2;

        x = x < 0 ? 0 : x;
        x = x + w > row.w ? row.w - w : x;
        if (w == 0 || x < free_from || w > row.w)
            continue;
        surface_text(row, 0, x, ROLE_DIM, c->label[i], -1, ALIGN_LEFT);
        free_from = x + w + 1;
    }
}

/* --- lines ------------------------------------------------------------------------------------ */

static const int series_ink[CHART_SERIES] = { ROLE_CHART1, ROLE_CHART2, ROLE_CHART3 };

/* The last figure that is there; -1 when none is. */
static int last_of(const struct chart *c, int k)
{
    for (int i = c->n - 1; i >= 0; i--)
        if (isfinite(c->series[k].v[i]))
            return i;
    return -1;
}

static double value_at(const struct chart *c, int k, int x, int cells)
{
    int i = cells > 1 ? (int)((double)x * (c->n - 1) / (cells - 1) + 0.5) : 0;

    return c->series[k].v[i];
}

static void draw_step(struct surface plot, int x, int from, int to, int ink)
{
    bool up = to < from;

    surface_glyph(plot, from, x, ink, up ? GLYPH_ARC_BOTTOM_RIGHT : GLYPH_ARC_TOP_RIGHT);
    for (int y = (up ? to : from) + 1; y < (up ? from : to); y++)
        surface_glyph(plot, y, x, ink, GLYPH_VLINE);
    surface_glyph(plot, to, x, ink, up ? GLYPH_ARC_TOP_LEFT : GLYPH_ARC_BOTTOM_LEFT);
}

/* A level stretch carries the series' letter now and then, each series at places of its own. */
static void draw_steps(const struct axis *a, const struct chart *c, int k)
{
    int before = -1, ink = series_ink[k];
    char letter[2] = { (char)('A' + k), '\0' };

    for (int x = 0; x < a->plot.w; x++) {
        double v = value_at(c, k, x, a->plot.w);
        int y = isfinite(v) ? row_of(a, v) : -1;

        if (y >= 0 && before >= 0 && y != before)
            draw_step(a->plot, x, before, y, ink);
        else if (y >= 0 && c->nseries > 1 && x % 14 == 3 + 4 * k)
            surface_text(a->plot, y, x, ink | INK_BOLD, letter, 1, ALIGN_LEFT);
        else if (y >= 0)
            surface_glyph(a->plot, y, x, ink, GLYPH_HLINE);
        before = y;
    }
}

/* Can dots be drawn here? */
static bool has_braille(const struct grid *g)
{
    return !g->ascii && text_safe(0x28ff) && text_char_width(0x28ff) == 1;
}

static void dot(const struct axis *a, unsigned char *bits, int x, int y)
{
    static const unsigned char bit[4][2] = { { 1, 8 }, { 2, 16 }, { 4, 32 }, { 64, 128 } };

    if (x >= 0 && x < a->plot.w * 2 && y >= 0 && y < a->plot.h * 4)
        bits[y / 4 * a->plot.w + x / 2] |= bit[y % 4][x % 2];
}

/* From figure to figure, in dots of which a cell holds 2 x 4. */
static void draw_dots(const struct axis *a, const struct chart *c, int k)
{
    unsigned char *bits = xcalloc((size_t)(a->plot.w * a->plot.h), 1);
    double low = a->tick[0], high = a->tick[a->n - 1];
    int wide = a->plot.w * 2, tall = a->plot.h * 4, before = -1;

    for (int x = 0; x < wide; x++) {
        double at = wide > 1 ? (double)x * (c->n - 1) / (wide - 1) : 0;
        int i = (int)at, next = i + 1 < c->n ? i + 1 : i;
        double v = c->series[k].v[i] + (c->series[k].v[next] - c->series[k].v[i]) * (at - i);
        int y = isfinite(v) ? (int)((high - v) / (high - low) * (tall - 1) + 0.5) : -1;

        for (int j = y; y >= 0 && before >= 0 && abs(j - before) > 1; j += before > y ? 1 : -1)
            dot(a, bits, x, j);
        if (y >= 0)
            dot(a, bits, x, y);
        before = y;
    }
    for (int i = 0; i < a->plot.w * a->plot.h; i++) {
        char utf8[5] = "";

        if (!bits[i])
            continue;
        utf8[text_put(utf8, 0x2800u + bits[i])] = '\0';
        surface_text(a->plot, i / a->plot.w, i % a->plot.w, series_ink[k], utf8, 1, ALIGN_LEFT);
    }
    free(bits);
}

static void series_words(const struct chart *c, int k, struct line *l)
{
    int last = last_of(c, k);
    char text[CHART_NUMBER];

    spell(c->number, last < 0 ? NAN : c->series[k].v[last], text);
    line_add(l, series_ink[k] | INK_BOLD, "%c", 'A' + k);
    line_add(l, ROLE_STRONG, " %s", text);
    if (c->series[k].name)
        line_add(l, ROLE_TEXT, " %s", c->series[k].name);
}

/* The row for a name that would stand in `want`: the nearest that is free. */
static int free_row(const bool *taken, int rows, int want)
{
    for (int d = 0; d < rows; d++) {
        if (want - d >= 0 && !taken[want - d])
            return want - d;
        if (want + d < rows && !taken[want + d])
            return want + d;
    }
    return want;
}

static void draw_names(const struct axis *a, const struct chart *c, struct surface s, int right)
{
    bool *taken = xcalloc((size_t)s.h + 1, sizeof *taken);

    for (int k = 0; k < c->nseries; k++) {
        int last = last_of(c, k), want = last < 0 ? 0 : row_of(a, c->series[k].v[last]),
            y = free_row(taken, a->plot.h, want);
        struct line l = LINE_INIT;

        taken[y] = true;
        series_words(c, k, &l);
        surface_line(s, y, s.w - right + 1, &l, right - 1, ALIGN_LEFT);
        line_free(&l);
    }
    free(taken);
}

static int names_cells(const struct chart *c, int room)
{
    int cells = 0;

    for (int k = 0; k < c->nseries; k++) {
        struct line l = LINE_INIT;
        int w;

        series_words(c, k, &l);
        w = line_width(&l) + 1;
        cells = w > cells ? w : cells;
        line_free(&l);
    }
    return cells < room / 3 ? cells : room / 3;
}

/* Where names find no room at the right they stand above. */
static void draw_legend(const struct chart *c, struct surface row)
{
    struct line l = LINE_INIT;

    for (int k = 0; k < c->nseries; k++) {
        line_gap(&l, 2);
        series_words(c, k, &l);
    }
    surface_line(row, 0, 0, &l, row.w, ALIGN_LEFT);
    line_free(&l);
}

int chart_lines(struct surface s, const struct chart *c)
{
    int right = s.w >= 48 ? names_cells(c, s.w) : 0, top = right ? 0 : 1,
        rows = s.h - top - (c->label ? 1 : 0);
    struct surface in = surface_sub(s, top, 0, rows > 0 ? rows : 0, s.w);
    struct axis a;

    assert(c->nseries >= 1 && c->nseries <= CHART_SERIES && c->n >= 1);
    if (s.h < 4 || s.w < 16 || !make_axis(&a, in, c, c->nseries, right))
        return 0;
    draw_axis(&a, in, c);
    for (int k = c->nseries - 1; k >= 0; k--)
        if (c->braille && has_braille(s.grid))
            draw_dots(&a, c, k);
        else
            draw_steps(&a, c, k);
    if (right)
        draw_names(&a, c, in, right);
    else
        draw_legend(c, surface_sub(s, 0, 0, 1, s.w));
    draw_labels(c, surface_sub(s, top + rows, a.cells + 2, 1, a.plot.w), 0);
    return s.h;
}

/* --- columns ---------------------------------------------------------------------------------- */

static void draw_column(const struct axis *a, int x, int cells, double v, int zero, int ink)
{
    static const enum glyph part[] = { GLYPH_COUNT,   GLYPH_COLUMN1, GLYPH_COLUMN2, GLYPH_COLUMN3,
                                       GLYPH_COLUMN4, GLYPH_COLUMN5, GLYPH_COLUMN6, GLYPH_COLUMN7 };
    double low = a->tick[0], high = a->tick[a->n - 1];
    int eighths = (int)(fabs(v) / (high - low) * (a->plot.h - 1) * 8 + 0.5), full = eighths / 8;

    for (int i = x; i < x + cells; i++) {
        for (int k = 0; k < full; k++)
            surface_glyph(a->plot, v < 0 ? zero + 1 + k : zero - k, i, ink, GLYPH_BLOCK);
        if (v < 0 && (eighths % 8 >= 4 || full == 0))
            surface_glyph(a->plot, zero + 1 + full, i, ink, GLYPH_UPPER);
        else if (v >= 0 && eighths % 8)
            surface_glyph(a->plot, zero - full, i, ink, part[eighths % 8]);
    }
}

static void draw_missing(const struct axis *a, int x, int cells, int zero)
{
    const char *words = C_("missing figure", "-");

    if (text_width(words) <= cells)
        surface_text(a->plot, zero, x, ROLE_WARN, words, cells, ALIGN_CENTER);
}

/* Figures above the columns where each has room for its own. */
static void draw_figures(const struct axis *a, const struct chart *c, int each, int zero)
{
    double span = a->tick[a->n - 1] - a->tick[0];

    for (int i = 0; i < c->n; i++) {
        double v = c->series[0].v[i];
        int up = (int)(fabs(v) / span * (a->plot.h - 1) * 8 + 0.5), y;
        char text[CHART_NUMBER];

        if (!isfinite(v))
            continue;
        spell(c->number, v, text);
        y = v < 0 ? zero + 1 + (up + 7) / 8 : zero - (up + 7) / 8;
        y = y < 0 ? 0 : y >= a->plot.h ? a->plot.h - 1 : y;     /* over the end of a full column */
        if (text_width(text) < each)
            surface_text(a->plot, y, i * each, v < 0 ? ROLE_BAD : ROLE_STRONG, text, each - 1,
                         ALIGN_CENTER);
    }
}

int chart_columns(struct surface s, const struct chart *c)
{
    struct chart from_zero = *c;
    int rows = s.h - (c->label ? 1 : 0), each, zero;
    struct axis a;

    from_zero.from_zero = true;
    if (s.h < 4 || s.w < 16 || c->n < 1 ||
        !make_axis(&a, surface_sub(s, 0, 0, rows, s.w), &from_zero, 1, 0))
        return 0;
    draw_axis(&a, s, &from_zero);
    each = a.plot.w / c->n;
    zero = row_of(&a, 0);
    for (int i = 0; i < c->n && each > 0; i++) {
        int cells = each > 1 ? each - 1 : 1;
        double v = c->series[0].v[i];

        if (!isfinite(v))
            draw_missing(&a, i * each, cells, zero);
        else
            draw_column(&a, i * each, cells, v, zero,
                        v < 0 ? ROLE_BAD : i == c->n - 1 ? ROLE_CHART1 : ROLE_CHART6);
    }
    draw_figures(&a, c, each, zero);
    draw_labels(c, surface_sub(s, rows, a.cells + 2, 1, a.plot.w), each);
    return s.h;
}

/* --- bars ------------------------------------------------------------------------------------- */

struct bar_room { int label, bar, figure, note; };

static struct bar_room share_row(const struct chart_bar *b, int n, int cells, chart_spell *number)
{
    struct bar_room r = { 0 };
    char text[CHART_NUMBER];

    for (int i = 0; i < n; i++) {
        int label = text_width(b[i].label), note = b[i].note ? text_width(b[i].note) : 0, figure;

        spell(number, b[i].v, text);
        figure = text_width(text);
        r.label = label > r.label ? label : r.label;
        r.figure = figure > r.figure ? figure : r.figure;
        r.note = note > r.note ? note : r.note;
    }
    r.label = r.label < cells / 3 ? r.label : cells / 3;
    r.bar = cells - r.label - r.figure - 2 - (r.note ? r.note + 1 : 0);
    if (r.bar < 10 && r.note) {
        r.bar += r.note + 1;
        r.note = 0;
    }
    return r;
}

/* A bar on an axis that has figures below zero: heavy from zero to the figure. */
static void draw_signed(struct surface s, int y, const struct chart_bar *b, double low, double high, int ink)
{
    int zero = (int)(-low / (high - low) * (s.w - 1) + 0.5),
        at = (int)((b->v - low) / (high - low) * (s.w - 1) + 0.5);

    surface_hline(s, y, 0, s.w, ROLE_BORDER, GLYPH_HLINE);
    for (int x = at < zero ? at : zero; x <= (at < zero ? zero : at); x++)
        surface_glyph(s, y, x, ink, GLYPH_HEAVY);
    surface_glyph(s, y, zero, ROLE_STRONG, GLYPH_CROSS);
}

static void draw_bar(struct surface s, int y, const struct chart_bar *b, double low, double high)
{
    int ink = b->ink ? b->ink : b->v < 0 ? ROLE_BAD : ROLE_CHART1;

    if (!isfinite(b->v)) {
        surface_text(s, y, 0, ROLE_WARN, C_("missing figure", "-"), -1, ALIGN_LEFT);
        return;
    }
    if (low < 0)
        draw_signed(s, y, b, low, high, ink);
    else
        bar_line(s, y, 0, s.w, b->v / high, ink, isfinite(b->target) ? b->target / high : -1);
}

static void draw_bar_axis(struct surface row, const double *tick, int n, chart_spell *number)
{
    double low = tick[0], high = tick[n - 1];
    int free_from = 0;

    for (int i = 0; i < n; i++) {
        char text[CHART_NUMBER];
        int w, x;

        spell(number, tick[i], text);
        w = text_width(text);
        x = (int)((tick[i] - low) / (high - low) * (row.w - 1) + 0.5) -
            (i == 0 ? 0 : i == n - 1 ? w - 1 : w / 2);
        if (x >= free_from && x + w <= row.w) {
            surface_text(row, 0, x, ROLE_DIM, text, -1, ALIGN_LEFT);
            free_from = x + w + 1;
        }
    }
}

int chart_bars(struct surface s, const struct chart_bar *b, int n, chart_spell *number)
{
    struct bar_room r = share_row(b, n, s.w, number);
    double low = 0, high = 0, tick[CHART_TICKS];
    int nticks, rows = n < s.h ? n : s.h;

    for (int i = 0; i < n; i++) {
        low = b[i].v < low ? b[i].v : low;
        high = b[i].v > high ? b[i].v : high;
        high = b[i].target > high ? b[i].target : high;
    }
    nticks = chart_ticks(low, high, r.bar >= 40 ? 5 : 3, tick);
    if (r.bar < 4)
        r.bar = 0;
    for (int y = 0; y < rows; y++) {
        int x = r.label + 1 + r.bar + (r.bar ? 1 : 0);
        char text[CHART_NUMBER];

        surface_text(s, y, 0, ROLE_TEXT, b[y].label, r.label, ALIGN_LEFT);
        draw_bar(surface_sub(s, 0, r.label + 1, s.h, r.bar), y, &b[y], tick[0], tick[nticks - 1]);
        spell(number, b[y].v, text);
        surface_text(s, y, x, b[y].v < 0 ? ROLE_BAD : ROLE_STRONG, text, r.figure, ALIGN_RIGHT);
        if (r.note && b[y].note)
            surface_text(s, y, x + r.figure + 1, ROLE_DIM, b[y].note, r.note, ALIGN_LEFT);
    }
    if (rows == s.h || r.bar == 0)
        return rows;
    draw_bar_axis(surface_sub(s, rows, r.label + 1, 1, r.bar), tick, nticks, number);
    return rows + 1;
}
