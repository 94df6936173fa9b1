#include "tui/bars.h"

#include <math.h>
#include <string.h>

static double clamp(double share)
{
    return !(share > 0) ? 0 : share > 1 ? 1 : share;
}

void bar_solid(struct surface s, int y, int x, int cells, double share, int ink, double tick)
{
    static const enum glyph eighths[] = { GLYPH_COUNT,   GLYPH_EIGHTH1, GLYPH_EIGHTH2,
                                          GLYPH_EIGHTH3, GLYPH_EIGHTH4, GLYPH_EIGHTH5,
                                          GLYPH_EIGHTH6, GLYPH_EIGHTH7 };
    int units = (int)(clamp(share) * cells * 8), full = units / 8, part = units % 8;
    struct surface track = surface_on(s, ROLE_TRACK);
    bool plain = glyph_char(GLYPH_BLOCK, s.grid->ascii) == '#';

    for (int i = 0; i < cells; i++) {
        if (i < full)
            surface_glyph(s, y, x + i, ink, GLYPH_BLOCK);
        else if (i == full && part)
            surface_glyph(track, y, x + i, ink, eighths[part]);
        else if (plain)
            surface_glyph(track, y, x + i, ROLE_DIM, GLYPH_SHADE1);
        else
            surface_text(track, y, x + i, ROLE_TEXT, " ", 1, ALIGN_LEFT);
    }
    if (tick >= 0 && cells > 0) {
        int at = (int)(clamp(tick) * cells);

        surface_glyph(track, y, x + (at < cells ? at : cells - 1), ROLE_STRONG, GLYPH_VLINE);
    }
}

void bar_line(struct surface s, int y, int x, int cells, double share, int ink, double tick)
{
    int halves = (int)(clamp(share) * cells * 2 + 0.5), full = halves / 2;

    for (int i = 0; i < cells; i++) {
        if (i < full)
            surface_glyph(s, y, x + i, ink, GLYPH_HEAVY);
        else if (i == full && halves % 2)
            surface_glyph(s, y, x + i, ink, GLYPH_HEAVY_HALF);
        else
            surface_glyph(s, y, x + i, ROLE_BORDER, GLYPH_HLINE);
    }
    if (tick >= 0 && cells > 0) {
        int at = (int)(clamp(tick) * cells);

        at = at < cells ? at : cells - 1;
        surface_glyph(s, y, x + at, ROLE_STRONG, at < full ? GLYPH_CROSS_HEAVY : GLYPH_CROSS);
    }
}

void bar_spark(struct surface s, int y, int x, const double *v, int n, int ink, int last_ink)
{
    static const enum glyph columns[] = { GLYPH_COLUMN1, GLYPH_COLUMN2, GLYPH_COLUMN3,
                                          GLYPH_COLUMN4, GLYPH_COLUMN5, GLYPH_COLUMN6,
                                          GLYPH_COLUMN7 };
    double low = INFINITY, high = -INFINITY;

    for (int i = 0; i < n; i++)
        if (!isnan(v[i])) {
            low = v[i] < low ? v[i] : low;
            high = v[i] > high ? v[i] : high;
        }
    for (int i = 0; i < n; i++) {
        if (isnan(v[i]))
            continue;
        surface_glyph(s, y, x + i, i == n - 1 ? last_ink : ink,
                      columns[high > low ? (int)((v[i] - low) / (high - low) * 6.99) : 3]);
    }
}

/* Each sign three rows of cells: u is the upper half, l the lower, # both. */
static const struct { char sign; const char *row[3]; } big[] = {
    { '0', { "#u#", "# #", "uuu" } }, { '1', { " u#", "  #", "  u" } },
    { '2', { "uu#", "#uu", "uuu" } },
    { '3', { "uu#", "uu#", "uuu" } }, { '4', { "# #", "uu#", "  u" } },
    { '5', { "#uu", "uu#", "uuu" } },
    { '6', { "#uu", "#u#", "uuu" } }, { '7', { "uu#", "  #", "  u" } },
    { '8', { "#u#", "#u#", "uuu" } },
    { '9', { "#u#", "uu#", "uuu" } }, { '.', { " ", " ", "u" } },       { ',', { " ", " ", "l" } },
    { '%', { "u #", " # ", "# l" } },
    { '-', { "  ", "uu", "  " } },    { ' ', { "  ", "  ", "  " } }
};

static int big_sign(struct surface s, int y, int x, int k, int ink)
{
    int cells = (int)strlen(big[k].row[0]);

    for (int r = 0; r < 3; r++)
        for (int i = 0; i < cells; i++) {
            char c = big[k].row[r][i];

            if (c != ' ')
                surface_glyph(s, y + r, x + i, ink,
                              c == '#'   ? GLYPH_BLOCK
                              : c == 'u' ? GLYPH_UPPER
                                         : GLYPH_LOWER);
        }
    return cells + 1;
}

int bar_digits(struct surface s, int y, int x, const char *text, int ink)
{
    int start = x;

    if (glyph_char(GLYPH_UPPER, s.grid->ascii) == '#')
        return surface_text(s, y + 1, x, ink, text, -1, ALIGN_LEFT);
    for (; *text; text++)
        for (size_t k = 0; k < sizeof big / sizeof big[0]; k++)
            if (big[k].sign == *text)
                x += big_sign(s, y, x, (int)k, ink);
    return x - start;
}
