#include "tui/view.h"

#include <stdio.h>

#include "base/text.h"

struct split view_split(struct surface s, int percent, int left_min, int right_min)
{
    int left = s.w * percent / 100;
    struct split parts = { .left = s, .right = surface_sub(s, 0, s.w, s.h, 0) };

    if (s.grid->large)
        return parts;
    if (left < left_min)
        left = left_min;
    if (s.w - left - 4 < right_min)
        left = s.w - right_min - 4;
    if (left < left_min || right_min < 1)
        return parts;
    parts.left = surface_sub(s, 0, 0, s.h, left);
    parts.right = surface_sub(s, 0, left + 3, s.h, -2);     /* a cell of air at the edge */
    surface_vline(s, 0, left + 1, s.h, ROLE_BORDER, GLYPH_VLINE);
    return parts;
}

void view_pane_title(struct surface s, int y, const char *title, const struct line *note,
                     bool focused)
{
    int x = 0, note_cells = note ? line_width(note) : 0;

    surface_hline(s, y, 0, s.w, ROLE_BORDER, GLYPH_HLINE);
    if (focused)
        surface_glyph(s, y, x++, ROLE_ACCENT, GLYPH_FOCUS);
    if (note_cells + 8 > s.w)
        note_cells = 0;
    x += surface_text(s, y, x, focused ? ROLE_ACCENT | INK_BOLD : ROLE_TITLE, title,
                      text_width(title) < s.w - note_cells - 4 ? -1 : s.w - note_cells - 4,
                      ALIGN_LEFT);
    surface_text(s, y, x, ROLE_TEXT, " ", -1, ALIGN_LEFT);
    if (note_cells > 0) {
        surface_text(s, y, s.w - note_cells - 1, ROLE_TEXT, " ", -1, ALIGN_LEFT);
        surface_line(s, y, s.w - note_cells, note, -1, ALIGN_LEFT);
    }
}

int view_fact(struct surface s, int y, int label_cells, const char *label, int ink,
              const char *value)
{
    struct surface words = surface_sub(s, 0, label_cells + 2, s.h, -1);
    int rows;

    surface_text(s, y, 0, ROLE_DIM, label, label_cells, ALIGN_LEFT);
    rows = surface_wrap(words, y, ink, value && *value ? value : "-");
    return rows > 0 ? rows : 1;
}

int view_empty(struct surface s, int y, const char *what, const char *why, const char *const *ways,
               size_t n)
{
    struct surface in = surface_sub(s, 0, 2, s.h, -1);
    int at = y;
    char number[24];

    at += surface_wrap(in, at, ROLE_STRONG, what);
    if (why)
        at += 1 + surface_wrap(in, at + 1, ROLE_DIM, why);
    at += n > 0;
    for (size_t i = 0; i < n; i++) {
        snprintf(number, sizeof number, "%zu", i + 1);
        surface_text(in, at, 0, ROLE_KEY | INK_BOLD, number, 2, ALIGN_LEFT);
        at += surface_wrap(surface_sub(in, 0, 3, in.h, -1), at, ROLE_TEXT, ways[i]);
    }
    return at - y;
}
