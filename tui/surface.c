#include "tui/surface.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { GRID_MAX = 1000 };           /* rows and columns: larger terminals show the rest empty */

/* --- glyphs ----------------------------------------------------------------------------------- */

static const struct { uint32_t code; char twin; } glyphs[GLYPH_COUNT] = {
#define GLYPH_ROW(sym, code, twin) [GLYPH_##sym] = { code, twin },
    GLYPH_LIST(GLYPH_ROW)
#undef GLYPH_ROW
};

uint32_t glyph_char(enum glyph g, bool ascii)
{
    assert(g < GLYPH_COUNT);
    if (ascii || !text_safe(glyphs[g].code) || text_shown(glyphs[g].code) != glyphs[g].code ||
        text_char_width(glyphs[g].code) != 1)
        return (uint32_t)(unsigned char)glyphs[g].twin;
    return glyphs[g].code;
}

/* --- the grid --------------------------------------------------------------------------------- */

static const struct cell blank = { .c = { ' ' }, .width = 1 };

void grid_clear(struct grid *s)
{
    size_t all = (size_t)(s->h * s->w), done = all > 0;

    if (all > 0)
        s->cells[0] = blank;
    for (size_t more; done < all; done += more) {
        more = done < all - done ? done : all - done;
        memcpy(s->cells + done, s->cells, sizeof blank * more);
    }
    s->cursor_y = s->cursor_x = 0;
    s->cursor_shown = false;
}

void grid_init(struct grid *s, int h, int w)
{
    *s = (struct grid){ .scratch = BUF_INIT };
    grid_resize(s, h, w);
}

void grid_resize(struct grid *s, int h, int w)
{
    s->h = h < 0 ? 0 : h > GRID_MAX ? GRID_MAX : h;
    s->w = w < 0 ? 0 : w > GRID_MAX ? GRID_MAX : w;
    s->cells = xrealloc(s->cells, sizeof *s->cells * (size_t)(s->h * s->w + 1));
    grid_clear(s);
}

void grid_free(struct grid *s)
{
    free(s->cells);
    buf_release(&s->scratch);
    *s = (struct grid){ .scratch = BUF_INIT };
}

void grid_step_back(struct grid *s)
{
    for (int i = 0; i < s->h * s->w; i++) {
        struct cell *c = &s->cells[i];
        int role = c->ink & INK_ROLE;

        if (role != ROLE_WATERMARK && role != ROLE_BORDER && role != ROLE_TRACK)
            c->ink = ROLE_STALE;
        if (c->ground == ROLE_SELECT || c->ground == ROLE_TAB || c->ground == ROLE_MATCH)
            c->ground = ROLE_SELECT_OFF;
    }
    s->cursor_shown = false;
}

/* Blanks the other half of a wide character that is about to lose one. */
static void break_wide(struct cell *row, int w, int x)
{
    if (row[x].width == 0 && x > 0) {
        row[x - 1].c[0] = ' ';
        row[x - 1].c[1] = 0;
        row[x - 1].width = 1;
    } else if (row[x].width == 2 && x + 1 < w) {
        row[x + 1].c[0] = ' ';
        row[x + 1].c[1] = 0;
        row[x + 1].width = 1;
    }
}

/* A blank shows its ground only, or a line under it: equal blanks are equal cells. */
static uint16_t blank_ink(int ink)
{
    return (uint16_t)(ROLE_TEXT | (ink & INK_UNDERLINE));
}

/* Writes a character of 1 or 2 cells at a place that is inside the grid. */
static void put(struct grid *g, int y, int x, uint32_t c, int width, int ink, int ground)
{
    struct cell *row = g->cells + y * g->w;

    if (c == ' ')
        ink = blank_ink(ink);
    for (int i = x; i < x + width; i++) {
        break_wide(row, g->w, i);
        row[i] = (struct cell){ .c = { i == x ? c : 0 },
                                .ink = (uint16_t)ink,
                                .ground = (uint8_t)ground,
                                .width = (uint8_t)(i == x ? width : 0) };
    }
}

/* A mark joins the character before it. */
static void put_mark(struct grid *g, int y, int x, uint32_t mark)
{
    struct cell *c = g->cells + y * g->w + x;

    for (int i = 1; i < CELL_CHARS; i++)
        if (!c->c[i]) {
            c->c[i] = mark;
            return;
        }
}

/* --- surfaces --------------------------------------------------------------------------------- */

struct surface surface_of(struct grid *s)
{
    return (struct surface){ .grid = s, .h = s->h, .w = s->w, .ground = ROLE_NONE };
}

struct surface surface_sub(struct surface s, int y, int x, int h, int w)
{
    struct surface r = s;

    if (y < 0)
        y = 0;
    if (x < 0)
        x = 0;
    if (h < 0)
        h = s.h - y + h + 1;
    if (w < 0)
        w = s.w - x + w + 1;
    if (y > s.h)
        y = s.h;
    if (x > s.w)
        x = s.w;
    r.y = s.y + y;
    r.x = s.x + x;
    r.h = h < 0 ? 0 : h > s.h - y ? s.h - y : h;
    r.w = w < 0 ? 0 : w > s.w - x ? s.w - x : w;
    return r;
}

struct surface surface_on(struct surface s, enum role ground)
{
    s.ground = ground;
    return s;
}

static bool inside(struct surface s, int y, int x)
{
    return y >= 0 && y < s.h && x >= 0 && x < s.w;
}

static int ground_of(struct surface s, int ink)
{
    enum role role = (enum role)(ink & INK_ROLE);

    return (int)(role_is_ground(role) ? role : s.ground);
}

static void put_at(struct surface s, int y, int x, uint32_t c, int width, int ink)
{
    if (!inside(s, y, x))
        return;
    if (x + width > s.w) {
        c = ' ';
        width = 1;
    }
    put(s.grid, s.y + y, s.x + x, c, width, ink, ground_of(s, ink));
}

static struct cell *row_of(struct surface s, int y)
{
    return s.grid->cells + (s.y + y) * s.grid->w + s.x;
}

/* A run of printable ASCII, or of blanks (NULL), from x on: most of what a screen shows. */
static void put_run(struct surface s, int y, int x, int ink, const char *run, int cells)
{
    struct cell c = { .ink = (uint16_t)ink, .ground = (uint8_t)ground_of(s, ink), .width = 1 }, *row;
    int from = x < 0 ? 0 : x, to = x + cells < s.w ? x + cells : s.w;

    if (y < 0 || y >= s.h || from >= to)
        return;
    row = row_of(s, y);
    break_wide(row - s.x, s.grid->w, s.x + from);
    break_wide(row - s.x, s.grid->w, s.x + to - 1);
    for (int i = from; i < to; i++) {
        c.c[0] = run ? (unsigned char)run[i - x] : ' ';
        c.ink = c.c[0] == ' ' ? blank_ink(ink) : (uint16_t)ink;
        row[i] = c;
    }
}

void surface_fill(struct surface s)
{
    for (int y = 0; y < s.h; y++)
        put_run(s, y, 0, ROLE_TEXT, NULL, s.w);
}

void surface_ground(struct surface s, int y, int x, int cells, enum role ground)
{
    if (cells < 0 || cells > s.w - x)
        cells = s.w - x;
    for (int i = x; i < x + cells; i++)
        if (inside(s, y, i))
            s.grid->cells[(s.y + y) * s.grid->w + s.x + i].ground = (uint8_t)ground;
}

/* Clean words of known width from x on; returns the cell after the last. */
static int put_clean(struct surface s, int y, int x, int ink, const char *words, size_t n)
{
    size_t len;

    for (size_t i = 0; i < n; i += len) {
        uint32_t c;
        int width;

        len = text_ascii(words + i, n - i);
        if (len > 0) {
            put_run(s, y, x, ink, words + i, (int)len);
            x += (int)len;
            continue;
        }
        c = text_char(words + i, n - i, &len);
        width = text_char_width(c);
        if (width == 0) {
            if (inside(s, y, x - 1)) {
                int at = s.x + x - 1, row = s.y + y;

                put_mark(s.grid, row, s.grid->cells[row * s.grid->w + at].width == 0 ? at - 1 : at,
                         c);
            }
            continue;
        }
        put_at(s, y, x, c, width, ink);
        x += width;
    }
    return x;
}

int surface_text(struct surface s, int y, int x, int ink, const char *words, int cells,
                 enum align align)
{
    struct buf *b = &s.grid->scratch;
    int used, before, spare, room = s.w - x;
    size_t n = strlen(words);

    if (y < 0 || y >= s.h || room <= 0)
        return 0;
    if (cells >= 0 && cells < room)
        room = cells;
    if (n <= (size_t)room && text_ascii(words, n) == n) {
        used = (int)n;
    } else {
        buf_clear(b);
        used = text_fit(b, words, room);
        words = b->s;
        n = b->len;
    }
    spare = cells < 0 ? 0 : room - used;
    before = align == ALIGN_RIGHT ? spare : align == ALIGN_CENTER ? spare / 2 : 0;
    put_run(s, y, x, ink & ~INK_UNDERLINE, NULL, before);
    put_clean(s, y, x + before, ink, words, n);
    put_run(s, y, x + before + used, ink & ~INK_UNDERLINE, NULL, spare - before);
    return used;
}

int surface_printf(struct surface s, int y, int x, int ink, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    int used;

    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    used = surface_text(s, y, x, ink, b.s, -1, ALIGN_LEFT);
    buf_release(&b);
    return used;
}

void surface_glyph(struct surface s, int y, int x, int ink, enum glyph g)
{
    put_at(s, y, x, glyph_char(g, s.grid->ascii), 1, ink);
}

void surface_hline(struct surface s, int y, int x, int cells, int ink, enum glyph g)
{
    uint32_t c = glyph_char(g, s.grid->ascii);

    for (int i = 0; i < cells; i++)
        put_at(s, y, x + i, c, 1, ink);
}

void surface_vline(struct surface s, int y, int x, int rows, int ink, enum glyph g)
{
    uint32_t c = glyph_char(g, s.grid->ascii);

    for (int i = 0; i < rows; i++)
        put_at(s, y + i, x, c, 1, ink);
}

void surface_cursor(struct surface s, int y, int x, bool shown)
{
    if (!inside(s, y, x) || (s.grid->cursor_shown && !shown))
        return;
    s.grid->cursor_y = s.y + y;
    s.grid->cursor_x = s.x + x;
    s.grid->cursor_shown = shown;
}

/* --- boxes ------------------------------------------------------------------------------------ */

static bool is_blank(const struct cell *c)
{
    return c->width == 1 && (c->c[0] == ' ' || c->c[0] == 0);
}

/* Words that touch the box's edge at x go whole, in direction d, up to a gap of two blanks or a
 * line. */
static void clear_cut(struct surface s, int y, int x, int d)
{
    uint32_t line = glyph_char(GLYPH_VLINE, s.grid->ascii);
    struct grid *g = s.grid;
    struct cell *row = g->cells + y * g->w;

    for (; x >= 0 && x < g->w && row[x].c[0] != line; x += d) {
        int next = x + d;

        if (is_blank(&row[x]) &&
            (next < 0 || next >= g->w || is_blank(&row[next]) || row[next].c[0] == line))
            return;
        break_wide(row, g->w, x);
        row[x].c[0] = ' ';
        row[x].c[1] = 0;
        row[x].width = 1;
    }
}

static void box_frame(struct surface s)
{
    int bottom = s.h - 1, right = s.w - 1;

    surface_hline(s, 0, 1, s.w - 2, ROLE_ACCENT, GLYPH_HLINE);
    surface_hline(s, bottom, 1, s.w - 2, ROLE_ACCENT, GLYPH_HLINE);
    surface_vline(s, 1, 0, s.h - 2, ROLE_ACCENT, GLYPH_VLINE);
    surface_vline(s, 1, right, s.h - 2, ROLE_ACCENT, GLYPH_VLINE);
    surface_glyph(s, 0, 0, ROLE_ACCENT, GLYPH_TOP_LEFT);
    surface_glyph(s, 0, right, ROLE_ACCENT, GLYPH_TOP_RIGHT);
    surface_glyph(s, bottom, 0, ROLE_ACCENT, GLYPH_BOTTOM_LEFT);
    surface_glyph(s, bottom, right, ROLE_ACCENT, GLYPH_BOTTOM_RIGHT);
}

struct surface surface_box(struct surface s, const char *title, const struct line *subject)
{
    int right = s.w - 2;

    for (int y = 0; y < s.h; y++) {
        clear_cut(s, s.y + y, s.x - 1, -1);
        clear_cut(s, s.y + y, s.x + s.w, 1);
    }
    surface_fill(s);
    if (s.h < 2 || s.w < 2)
        return surface_sub(s, 0, 0, 0, 0);
    box_frame(s);
    if (subject && line_width(subject) > 0 &&
        line_width(subject) + 2 + (title ? text_width(title) + 2 : 0) <= s.w - 6) {
        int at = s.w - 4 - line_width(subject);

        surface_text(s, 0, at - 1, ROLE_TEXT, " ", -1, ALIGN_LEFT);
        at += surface_line(s, 0, at, subject, -1, ALIGN_LEFT);
        surface_text(s, 0, at, ROLE_TEXT, " ", -1, ALIGN_LEFT);
        right = s.w - 6 - line_width(subject);
    }
    if (title && *title && right > 4) {
        int used = surface_text(s, 0, 3, ROLE_TITLE, title,
                                text_width(title) < right - 4 ? -1 : right - 4, ALIGN_LEFT);

        surface_text(s, 0, 2, ROLE_TEXT, " ", -1, ALIGN_LEFT);
        surface_text(s, 0, 3 + used, ROLE_TEXT, " ", -1, ALIGN_LEFT);
    }
    return surface_sub(s, 1, 1, s.h - 2, s.w - 2);
}

/* --- paragraphs ------------------------------------------------------------------------------- */

static bool breaks_after(uint32_t c)
{
    return c == ' ' || text_char_width(c) == 2;
}

/* No row begins with closing punctuation. */
static bool sticks(uint32_t c)
{
    static const uint32_t closing[] = { 0x3001, 0x3002, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff01,
                                        0xff1f, 0xff09, 0x300d, 0x300f, 0x300b, 0x201d, ',',
                                        '.',    ';',    ':',    '!',    '?',    ')',    '%' };

    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
        if (closing[i] == c)
            return true;
    return false;
}

/* The bytes of the clean text that go on one row of `cells` cells. */
static size_t row_bytes(const char *s, size_t n, int cells)
{
    size_t len, last = 0;
    int used = 0;

    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len), next;
        int width = text_char_width(c);
        size_t ignored;

        if (used + width > cells)
            return last ? last : i ? i : len;
        used += width;
        next = i + len < n ? text_char(s + i + len, n - i - len, &ignored) : 0;
        if (!next)
            return n;
        if ((breaks_after(c) || text_char_width(next) == 2) && !sticks(next) &&
            text_char_width(next) > 0)
            last = i + len;
    }
    return n;
}

static int wrap(struct surface *s, int y, int ink, const char *words, int cells)
{
    struct buf clean = BUF_INIT;
    size_t at = 0;
    int rows = 0;

    text_clean(&clean, words, strlen(words));
    while (at < clean.len && cells > 0) {
        size_t n = row_bytes(clean.s + at, clean.len - at, cells), shown = n;

        while (shown > 0 && clean.s[at + shown - 1] == ' ')
            shown--;
        if (s && y + rows >= 0 && y + rows < s->h)
            put_clean(*s, y + rows, 0, ink, clean.s + at, shown);
        at += n;
        while (at < clean.len && clean.s[at] == ' ')
            at++;
        rows++;
    }
    buf_release(&clean);
    return rows;
}

int surface_wrap(struct surface s, int y, int ink, const char *words)
{
    return wrap(&s, y, ink, words, s.w);
}

int text_rows(const char *words, int cells)
{
    return wrap(NULL, 0, ROLE_TEXT, words, cells);
}

/* --- lines ------------------------------------------------------------------------------------ */

void line_add(struct line *l, int ink, const char *fmt, ...)
{
    va_list ap;

    if (l->n == 0 || (l->run[l->n - 1].ink != ink && l->n < LINE_RUNS)) {
        l->run[l->n].start = l->text.len;
        l->run[l->n++].ink = ink;
    }
    va_start(ap, fmt);
    buf_vaddf(&l->text, fmt, ap);
    va_end(ap);
}

void line_gap(struct line *l, int cells)
{
    if (l->text.len > 0)
        line_add(l, ROLE_TEXT, "%*s", cells, "");
}

int line_width(const struct line *l)
{
    return text_width(l->text.s);
}

void line_clear(struct line *l)
{
    buf_clear(&l->text);
    l->n = 0;
}

void line_free(struct line *l)
{
    buf_release(&l->text);
    l->n = 0;
}

/* The part of a line between two bytes of its text. */
static void line_part(const struct line *l, size_t from, size_t to, struct line *out)
{
    line_clear(out);
    for (int i = 0; i < l->n; i++) {
        size_t start = l->run[i].start, end = i + 1 < l->n ? l->run[i + 1].start : l->text.len;

        start = start < from ? from : start;
        end = end > to ? to : end;
        if (start < end)
            line_add(out, l->run[i].ink, "%.*s", (int)(end - start), l->text.s + start);
    }
}

/* As row_bytes(), but a word of CJK characters stays whole where a blank before it is near. */
static size_t row_of_words(const char *s, size_t n, int cells)
{
    size_t most = row_bytes(s, n, cells), end = most;

    while (end > most / 2 && end < n && s[end - 1] != ' ' && s[end] != ' ')
        end--;
    return end > most / 2 ? end : most;
}

int surface_line_wrap(struct surface s, int y, int x, const struct line *l, int rows)
{
    struct line part = LINE_INIT;
    size_t at = 0;
    int used = 0;

    for (; used < rows && at < l->text.len; used++) {
        size_t left = l->text.len - at,
               n = used == rows - 1 ? left : row_of_words(l->text.s + at, left, s.w - x);

        line_part(l, at, at + n, &part);
        surface_line(s, y + used, x, &part, s.w - x, ALIGN_LEFT);
        for (at += n; l->text.s[at] == ' '; at++)
            ;
    }
    line_free(&part);
    return used;
}

int surface_line(struct surface s, int y, int x, const struct line *l, int cells, enum align align)
{
    int width = line_width(l), room = s.w - x, start = x, end;

    if (cells < 0 || cells > room)
        cells = cells < 0 && width < room ? width : room;
    if (cells <= 0 || y < 0 || y >= s.h)
        return 0;
    if (width < cells)
        start += align == ALIGN_RIGHT    ? cells - width
                 : align == ALIGN_CENTER ? (cells - width) / 2
                                         : 0;
    end = x + cells;
    for (int i = 0; i < l->n && start < end; i++) {
        size_t from = l->run[i].start, to = i + 1 < l->n ? l->run[i + 1].start : l->text.len;
        char *part = strndup(l->text.s + from, to - from);

        if (part && *part) {
            bool cut = text_width(part) > end - start;

            start +=
                surface_text(s, y, start, l->run[i].ink, part, cut ? end - start : -1, ALIGN_LEFT);
            if (cut)
                start = end;
        }
        free(part);
    }
    return start - x;
}

void surface_thumb(struct surface s, int x, int64_t top, int64_t rows)
{
    int size, at;

    if (rows <= s.h || s.h < 3)
        return;
    size = (int)((int64_t)s.h * s.h / rows);
    size = size < 1 ? 1 : size;
    at = (int)(top * (s.h - size) / (rows - s.h));
    surface_vline(s, at > s.h - size ? s.h - size : at, x, size, ROLE_TEXT, GLYPH_THUMB);
}
