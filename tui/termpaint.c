/* termpaint.c - from the cells of a screen to curses: looks, colour pairs, and the cells that changed. */
#include "tui/termstate.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const struct look bare_look = { .bare = true };

/* --- looks ------------------------------------------------------------------------------------ */

void term_forget_looks(struct term *t)
{
    for (int k = 0; k < INK_KINDS; k++)
        for (int r = 0; r < ROLE_COUNT; r++)
            for (int g = 0; g < ROLE_COUNT; g++)
                t->look[k][r][g].pair = -1;
    t->npairs = 1;
}

/* Colours as curses wants them; direct colours below 8 would be taken as indices. */
static int curses_color(const struct term *t, int32_t c, int otherwise)
{
    if (c == COLOR_NONE)
        return t->own_default ? otherwise : -1;
    if (c & COLOR_RGB) {
        int rgb = c & 0xffffff;

        return rgb < 8 ? 8 : rgb;
    }
    return c;
}

static int pair_for(struct term *t, int32_t fg, int32_t bg)
{
    if (t->depth == DEPTH_MONO)
        return 0;
    for (int i = 1; i < t->npairs; i++)
        if (t->pair[i].fg == fg && t->pair[i].bg == bg)
            return i;
    if (t->npairs >= t->max_pairs)
        return 0;
    t->pair[t->npairs].fg = fg;
    t->pair[t->npairs].bg = bg;
    init_extended_pair(t->npairs, curses_color(t, fg, COLOR_WHITE),
                       curses_color(t, bg, COLOR_BLACK));
    return t->npairs++;
}

static const struct look *look_for(struct term *t, const struct theme *theme, int ink, int ground)
{
    struct look *l = &t->look[ink >> 8 & (INK_KINDS - 1)][ink & INK_ROLE][ground];

    if (l->pair < 0) {
        struct style s = theme_style(theme, ink, (enum role)ground, t->depth);

        l->attr = (s.attr & STYLE_BOLD ? A_BOLD : 0) | (s.attr & STYLE_DIM ? A_DIM : 0) |
                  (s.attr & STYLE_UNDERLINE ? A_UNDERLINE : 0) |
                  (s.attr & STYLE_REVERSE ? A_REVERSE : 0);
        l->pair = t->plain_underline && (s.attr & STYLE_UNDERLINE) ? 0 : pair_for(t, s.fg, s.bg);
        l->bare = s.bg == COLOR_NONE && !t->own_default && !(l->attr & (A_UNDERLINE | A_REVERSE));
    }
    return l;
}

static bool is_blank(const struct cell *c)
{
    return c->c[0] == ' ' && !c->c[1];
}

/* A blank shows no ink: it goes on in the look of what stands left of it, if that is the same to
 * the eye, so that no sequence need be written between two words. Behind the last word (from `end`
 * on) nothing is shown, as on a cleared line. */
static const struct look *cell_look(struct term *t, const struct theme *theme,
                                    const struct cell *row, int x, int end, const struct look *left)
{
    const struct look *own = look_for(t, theme, row[x].ink, row[x].ground);

    if (!is_blank(&row[x]))
        return own;
    if (x > 0 && x < end && left && row[x - 1].ground == row[x].ground &&
        (left->attr & (A_UNDERLINE | A_REVERSE)) == (own->attr & (A_UNDERLINE | A_REVERSE)))
        return left;
    return own->bare ? &bare_look : own;
}

static void set_cchar(const struct look *l, const struct cell *c, cchar_t *out)
{
    wchar_t text[CELL_CHARS + 1] = { c->c[0] ? (wchar_t)c->c[0] : L' ' };
    int pair = l->pair;

    for (int i = 1; i < CELL_CHARS; i++)
        text[i] = (wchar_t)c->c[i];
    setcchar(out, text, l->attr, (short)pair, &pair);
}

/* The same for a cell with no marks, after one of the same look: a scrolled list sets thousands. */
static void set_next_cchar(const cchar_t *before, const struct cell *c, cchar_t *out)
{
    *out = *before;
    out->chars[0] = (wchar_t)c->c[0];
    for (int i = 1; i < CCHARW_MAX && out->chars[i]; i++)
        out->chars[i] = L'\0';
}

/* --- cells ------------------------------------------------------------------------------------ */

/* The cells from..to of row y, whole characters. */
static void show_cells(struct term *t, const struct grid *s, const struct theme *theme, int y,
                       int from, int to)
{
    const struct cell *row = s->cells + y * s->w;
    const struct look *look = NULL, *before = NULL;
    int n = 0, end = s->w - 1;      /* the last column has the thumb */

    while (from > 0 && row[from].width == 0)
        from--;
    while (end > 0 && is_blank(&row[end - 1]))
        end--;
    for (int x = 0; x <= to; x++) {
        if (row[x].width == 0)
            continue;
        look = cell_look(t, theme, row, x, end, look);
        if (x < from)
            continue;
        if (n > 0 && look == before && row[x].c[0] && !row[x].c[1])
            set_next_cchar(&t->row[n - 1], &row[x], &t->row[n]);
        else
            set_cchar(look, &row[x], &t->row[n]);
        before = look;
        n++;
    }
    mvadd_wchnstr(y, from, t->row, n);
}

/* Is row y of the frame row `of` of the last one? */
static bool same_row(const struct term *t, const struct grid *s, int y, int of)
{
    return !memcmp(s->cells + y * s->w, t->shown.cells + of * s->w, sizeof *s->cells * (size_t)s->w);
}

/* Curses finds by itself that a list moved on by a row, but wants each of its cells first: a copy is
 * quicker. */
static void follow_scroll(struct term *t, const struct grid *s, int h)
{
    int top = 0, bottom = h - 1, moved = 0;
    struct cell *was;

    while (top < bottom && same_row(t, s, top, top))
        top++;
    while (bottom > top && same_row(t, s, bottom, bottom))
        bottom--;
    for (int y = top; y < bottom; y++)
        moved += same_row(t, s, y, y + 1) - same_row(t, s, y + 1, y);
    if (2 * abs(moved) <= bottom - top)
        return;
    scrollok(stdscr, TRUE);
    setscrreg(top, bottom);
    scrl(moved > 0 ? 1 : -1);
    setscrreg(0, getmaxy(stdscr) - 1);
    scrollok(stdscr, FALSE);
    was = t->shown.cells + top * s->w;
    memmove(was + (moved > 0 ? 0 : s->w), was + (moved > 0 ? s->w : 0),
            sizeof *was * (size_t)((bottom - top) * s->w));
    memset(t->shown.cells + (moved > 0 ? bottom : top) * s->w, 0, sizeof *was * (size_t)s->w);
}

/* Writes what differs from the last frame to curses and keeps it; true if anything did. */
static bool show_changes(struct term *t, const struct grid *s, const struct theme *theme, bool all)
{
    int h = s->h < getmaxy(stdscr) ? s->h : getmaxy(stdscr),
        w = s->w < getmaxx(stdscr) ? s->w : getmaxx(stdscr);
    bool changed = false;

    if (!all && w == s->w)
        follow_scroll(t, s, h);
    for (int y = 0; y < h && w > 0; y++) {
        const struct cell *now = s->cells + y * s->w;
        struct cell *was = t->shown.cells + y * s->w;
        int from = 0, to = w - 1;

        if (!all) {
            if (!memcmp(now, was, sizeof *now * (size_t)w))
                continue;
            while (!memcmp(&now[from], &was[from], sizeof *now))
                from++;
            while (!memcmp(&now[to], &was[to], sizeof *now))
                to--;
        }
        show_cells(t, s, theme, y, from, to);
        memcpy(was, now, sizeof *now * (size_t)s->w);
        changed = true;
    }
    return changed;
}

static void make_room(struct term *t, const struct grid *s)
{
    if (t->row_cap <= s->w) {
        t->row_cap = s->w + 1;
        t->row = xrealloc(t->row, sizeof *t->row * (size_t)t->row_cap);
    }
}

static bool show_cursor(struct term *t, const struct grid *s, bool resized)
{
    bool changed = resized || s->cursor_shown != t->cursor_on || s->cursor_y != t->shown.cursor_y ||
                   s->cursor_x != t->shown.cursor_x;

    if (s->cursor_shown != t->cursor_on)
        curs_set(s->cursor_shown ? 1 : 0);
    t->cursor_on = s->cursor_shown;
    move(s->cursor_y < getmaxy(stdscr) ? s->cursor_y : 0,
         s->cursor_x < getmaxx(stdscr) ? s->cursor_x : 0);
    return changed;
}

void term_show(struct term *t, const struct grid *s, const struct theme *theme)
{
    bool resized = s->h != t->shown.h || s->w != t->shown.w, all = resized || t->repaint, changed;

    if (strcmp(t->theme, theme->name)) {
        snprintf(t->theme, sizeof t->theme, "%s", theme->name);
        term_forget_looks(t);
        all = true;
    }
    if (resized)
        grid_resize(&t->shown, s->h, s->w);
    make_room(t, s);
    if (all)
        erase();
    if (t->repaint) {
        wire_plain(t->wire);
        clearok(curscr, TRUE);
    }
    t->repaint = false;
    changed = show_changes(t, s, theme, all);
    wire_catch(t->wire);
    changed = show_cursor(t, s, all) || changed;
    if (changed) {
        wnoutrefresh(stdscr);
        doupdate();
    }
    wire_send(t->wire);
    if (!changed)
        return;
    t->shown.cursor_y = s->cursor_y;
    t->shown.cursor_x = s->cursor_x;
}
