/* tabledraw.c - how the table looks, and what the mouse does with it. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/columns.h"
#include "tui/tablestate.h"
#include "tui/ui.h"

enum {
    MARK_CELLS = 2,             /* left of the first column: bar and mark */
    LARGE_LEAD = 4,             /* columns on the first line of large print */
    LARGE_ROWS = 3
};

/* --- widths ----------------------------------------------------------------------------------- */

static int gap_of(const struct table *t)
{
    return t->large ? 3 : t->ncolumns > 10 ? 1 : 2;
}

static int row_height(const struct table *t)
{
    return t->large ? LARGE_ROWS : 1;
}

/* Two or three characters that are two cells wide stand apart in large print: "李 䶮". */
static const char *spaced(struct table *t, const char *words)
{
    struct buf b = BUF_INIT;
    size_t n = words ? strlen(words) : 0, chars = 0, len;
    const char *out = words;

    for (size_t i = 0; i < n; i += len, chars++) {
        uint32_t c = text_char(words + i, n - i, &len);

        if (c < 0x2e80 || text_char_width(c) != 2 || chars == 3)
            goto done;
        if (i > 0)
            buf_addc(&b, ' ');
        buf_add(&b, words + i, len);
    }
    if (chars > 1)
        out = table_text(t, "%s", b.s);
done:
    buf_release(&b);
    return out;
}

static struct table_cell shown_cell(struct table *t, const struct table_row *row, int column)
{
    struct table_cell c = table_cell(t, row, column);

    /* bold is kept for what is one in a screen, not for what stands in each row; roles bring their own */
    c.ink = t->large ? c.ink | INK_BOLD : c.ink & ~INK_BOLD;
    if (t->large && column == 0)
        c.words = spaced(t, c.words);
    return c;
}

static int title_cells(const struct table *t, int i)
{
    return text_width(i18n_text(t->column[i].title)) + (i == t->sort ? 2 : 0);
}

static int shorter_cells(struct table_cell c)
{
    const char *words = c.brief ? c.brief : c.words;
    return words ? text_width(words) : 0;
}

/* What one shown row asks of each column. */
static void meet_row(struct table *t, const struct table_row *row)
{
    for (int i = 0; i < t->ncolumns; i++) {
        struct table_cell c;
        int full, brief;

        if (!t->column[i].number && t->p->widest[i] >= t->column[i].max)
            continue;
        c = shown_cell(t, row, i);
        full = c.words ? text_width(c.words) : 0;
        brief = t->column[i].number ? shorter_cells(c) : 0;
        t->p->widest[i] = full > t->p->widest[i] ? full : t->p->widest[i];
        t->p->brief[i] = brief > t->p->brief[i] ? brief : t->p->brief[i];
    }
}

/* Were the row's words measured since they last may have changed, as those that tell how long something
 * lasts do with each second? Says so from now on. */
static bool has_met(struct table *t, const struct table_row *row, int64_t when)
{
    struct met_row *m = &t->p->met[row->id & (TABLE_MET - 1)];

    if (m->id == row->id && m->version == row->version && m->when == when)
        return true;
    *m = (struct met_row){ row->id, row->version, when };
    return false;
}

/* Looks at the words of the rows that are shown. */
static void meet_words(struct table *t)
{
    int64_t when = clock_now() / CLOCK_SECOND * 4 + (i18n_lang()[0] == 'z') * 2 + t->large + 1;

    if (t->p->widest_of != t->column) {
        memset(t->p->widest, 0, sizeof t->p->widest);
        memset(t->p->brief, 0, sizeof t->p->brief);
        memset(t->p->met, 0, sizeof t->p->met);
    }
    t->p->widest_of = t->column;
    for (size_t r = t->top; r < t->n && r < t->top + (size_t)t->height; r++) {
        const struct table_row *row = table_row_at(t, r);

        if (!has_met(t, row, when))
            meet_row(t, row);
    }
}

/* The cells that column i needs at least, and those it would like: a number's short spelling, and
 * its full one. A width of its own is what it gets, but a number is never cut. *floor: what it may
 * be cut back to when no column is left that can go. */
static struct column_need measure(struct table *t, int i, int *floor)
{
    const struct table_column *c = &t->column[i];
    int own = t->p->own[i], least = title_cells(t, i), liked = t->p->widest[i];

    least = least < c->min ? c->min : least;
    if (!c->number && liked > c->max)
        liked = c->max;
    if (own > 0)
        least = liked = own;
    if (t->p->brief[i] > least)
        least = t->p->brief[i];
    *floor = own > 0 && c->min < least ? c->min : least;
    if (*floor < TABLE_WIDTH_LEAST)
        *floor = TABLE_WIDTH_LEAST < least ? TABLE_WIDTH_LEAST : least;
    return (struct column_need){ least, liked > least ? liked : least };
}

/* Takes the columns out of order[] that matter least, so that `most` stay. */
static int keep_foremost(const struct table *t, int *order, int n, int most)
{
    while (n > most) {
        int out = 0;

        for (int k = 1; k < n; k++)
            if (t->column[order[k]].priority >= t->column[order[out]].priority)
                out = k;
        memmove(order + out, order + out + 1, sizeof *order * (size_t)(n - out - 1));
        n--;
    }
    return n;
}

/* The columns that are not hidden, in their order; returns how many. */
static int shown_columns(const struct table *t, int *order)
{
    int n = 0;

    for (int k = 0; k < t->ncolumns; k++)
        if (!t->p->hidden[t->p->order[k]])
            order[n++] = t->p->order[k];
    return n;
}

static void lay_out(struct table *t, int cells)
{
    struct column_need need[TABLE_COLUMNS] = { { 0 } };
    int floor[TABLE_COLUMNS], n = shown_columns(t, t->p->lead);

    if (t->large)
        n = keep_foremost(t, t->p->lead, n, LARGE_LEAD);
    t->p->nlead = n;
    meet_words(t);
    memset(t->p->width, 0, sizeof t->p->width);
    for (int k = 0; k < n; k++) {
        int i = t->p->lead[k];

        need[i] = measure(t, i, &floor[i]);
        if (t->p->held[i])
            need[i].least = floor[i] = cells;           /* nothing fits beside it */
    }
    t->dropped = columns_share(t->column, t->p->lead, n, need, floor, MARK_CELLS, gap_of(t), cells,
                               t->p->width);
    t->p->short_of = 0;
    for (int k = 0; k < n; k++) {
        int i = t->p->lead[k];

        if (t->p->width[i] > 0 && need[i].liked > t->p->width[i])
            t->p->short_of += need[i].liked - t->p->width[i];
    }
}

int table_wish(struct table *t, struct surface s)
{
    int was = t->height;

    t->large = s.grid->large;
    if (was == 0)
        t->height = s.h > 1 ? s.h - 1 : 1;
    memset(t->p->held, 0, sizeof t->p->held);
    lay_out(t, s.w - 1);
    t->height = was;
    for (int k = 0; k < t->p->nlead; k++)
        t->p->held[t->p->lead[k]] = t->p->width[t->p->lead[k]] == 0 && t->column[t->p->lead[k]].priority > 0;
    return t->p->short_of;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_title(struct table *t, struct surface row, int i, int x)
{
    const char *words = i18n_text(t->column[i].title);
    int width = t->p->width[i], title = text_width(words), room = width - 2, at = x;

    if (i != t->sort || room < 1) {
        surface_text(row, 0, x, ROLE_COLHEAD, words, width, t->column[i].align);
        return;
    }
    title = title < room ? title : room;
    if (t->column[i].align == ALIGN_RIGHT)
        at = x + room - title;
    surface_text(row, 0, at, ROLE_COLHEAD, words, title, ALIGN_LEFT);
    surface_glyph(row, 0, at + title + 1, ROLE_ACCENT,
                  t->sort_desc ? GLYPH_SORT_DOWN : GLYPH_SORT_UP);
}

static void draw_head(struct table *t, struct surface row)
{
    int x = MARK_CELLS;

    row = surface_on(row, ROLE_COLHEAD);
    surface_fill(row);
    for (int k = 0; k < t->p->nlead; k++) {
        int i = t->p->lead[k];

        if (t->p->width[i] == 0)
            continue;
        draw_title(t, row, i, x);
        x += t->p->width[i] + gap_of(t);
    }
}

/* Large print's second line: what has no column above it, each with its title. */
static void draw_more(struct table *t, struct surface row, const struct table_row *r, int over)
{
    struct line l = LINE_INIT;

    for (int k = 0; k < t->ncolumns; k++) {
        int i = t->p->order[k];
        struct table_cell c;

        if (t->p->hidden[i] || t->p->width[i] > 0)
            continue;
        c = shown_cell(t, r, i);
        if (!c.words || !*c.words)
            continue;
        line_gap(&l, 3);
        line_add(&l, over == ROLE_TEXT ? ROLE_DIM : over, "%s ", i18n_text(t->column[i].title));
        line_add(&l, over == ROLE_TEXT ? c.ink : over, "%s", c.words);
    }
    surface_line(row, 1, MARK_CELLS, &l, row.w - MARK_CELLS, ALIGN_LEFT);
    line_free(&l);
}

static void draw_bar(struct table *t, struct surface row)
{
    surface_fill(row);
    for (int y = 0; y < row.h; y++)
        surface_glyph(row, y, 0, t->focused ? ROLE_ACCENT : ROLE_DIM,
                      t->focused ? GLYPH_FOCUS : GLYPH_FOCUS_OFF);
}

static void draw_row(struct table *t, struct surface row, const struct table_row *r, bool selected)
{
    int x = MARK_CELLS, over = t->source->row_ink ? t->source->row_ink(t->self, t, r) : ROLE_TEXT;

    if (selected) {
        row = surface_on(row, t->focused ? ROLE_SELECT : ROLE_SELECT_OFF);
        draw_bar(t, row);
    }
    if (table_marked(t, r->id))
        surface_glyph(row, 0, 1, ROLE_MARK, GLYPH_YES);
    for (int k = 0; k < t->p->nlead; k++) {
        int i = t->p->lead[k];
        struct table_cell c;

        if (t->p->width[i] == 0)
            continue;
        c = shown_cell(t, r, i);
        if (c.words && c.brief && text_width(c.words) > t->p->width[i])
            c.words = c.brief;
        surface_text(row, 0, x, over == ROLE_TEXT ? c.ink : over, c.words ? c.words : "",
                     t->p->width[i], t->column[i].align);
        x += t->p->width[i] + gap_of(t);
    }
    if (t->large && row.h > 1)
        draw_more(t, row, r, over);
    if (selected)
        surface_cursor(row, 0, 0, false);
}

/* Grey stand-ins while the first rows are on their way. */
static void draw_stubs(struct table *t, struct surface s)
{
    for (int y = 0; y < s.h; y += row_height(t)) {
        int x = MARK_CELLS;

        for (int k = 0; k < t->p->nlead; k++) {
            int i = t->p->lead[k];

            if (t->p->width[i] == 0)
                continue;
            surface_hline(s, y, x, t->p->width[i] * (3 + (y * 7 + i * 3) % 5) / 8, ROLE_TRACK,
                          GLYPH_DOTTED);
            x += t->p->width[i] + gap_of(t);
        }
    }
}

/* The part of the right edge that stands for what is seen. */
static void draw_thumb(const struct table *t, struct surface s)
{
    int each = row_height(t);

    if (t->first >= 0)
        surface_thumb(s, s.w - 1, (t->first + (int64_t)t->top) * each, t->total * each);
}

void table_draw(struct table *t, struct surface s)
{
    struct surface rows = surface_sub(s, 1, 0, -1, -1);
    int each, height;

    t->large = s.grid->large;
    each = row_height(t);
    height = (rows.h + (t->large ? 1 : 0)) / each;
    if (s.h < 2 || s.w < 4)
        return;
    height = height > 0 ? height : 1;
    t->p->area = s;
    if (t->height != height) {
        t->height = height;
        table_scroll(t);
        table_fetch(t);
    }
    lay_out(t, s.w - 1);
    memset(t->p->held, 0, sizeof t->p->held);
    draw_head(t, surface_sub(s, 0, 0, 1, s.w));
    if (t->p->fresh) {
        draw_stubs(t, rows);
        return;
    }
    draw_thumb(t, rows);
    for (int y = 0; y < height && t->top + (size_t)y < t->n; y++)
        draw_row(t, surface_sub(rows, y * each, 0, t->large ? 2 : 1, s.w - 1),
                 table_row_at(t, t->top + (size_t)y), t->top + (size_t)y == t->sel);
}

/* --- the mouse -------------------------------------------------------------------------------- */

/* The column whose head is at x of the table; *border: whose border it is. -1: none. */
static int column_at(const struct table *t, int x, bool *border)
{
    int from = MARK_CELLS;

    for (int k = 0; k < t->p->nlead; k++) {
        int i = t->p->lead[k], width = t->p->width[i];

        if (width == 0)
            continue;
        if (x >= from && x < from + width + gap_of(t)) {
            *border = x >= from + width;
            return i;
        }
        from += width + gap_of(t);
    }
    return -1;
}

static unsigned press_head(struct table *t, int x)
{
    bool border = false;
    int i = column_at(t, x, &border);

    if (i < 0)
        return 0;
    if (border) {
        t->p->drag = i;
        t->p->drag_x = x;
        t->p->drag_cells = t->p->width[i];
        return UI_HANDLED;
    }
    if (!t->column[i].sortable || !t->source->sort)
        return 0;
    table_sort_by(t, i);
    return UI_DONE;
}

/* The border follows the mouse, and is let go wherever that is. */
static unsigned drag(struct table *t, const struct input *in)
{
    int moved = in->x - t->p->area.x - t->p->drag_x, i = t->p->drag;

    if (in->button != MOUSE_DRAG && in->button != MOUSE_RELEASE) {
        t->p->drag = -1;
        return 0;
    }
    if (t->p->drag_cells + moved < TABLE_WIDTH_LEAST)
        moved = TABLE_WIDTH_LEAST - t->p->drag_cells;
    if (moved || t->p->own[i])
        table_column_width(t, i, t->p->drag_cells + moved);
    if (in->button == MOUSE_RELEASE) {
        t->p->drag = -1;
        if (moved)
            table_tell_layout(t);
    }
    return UI_DONE;
}

static unsigned press_row(struct table *t, int y)
{
    size_t row = t->top + (size_t)(y / row_height(t));

    if (row >= t->n || row >= t->top + (size_t)t->height)
        return 0;
    table_move(t, (int64_t)row - (int64_t)t->sel);
    return UI_DONE;
}

unsigned table_input(struct table *t, const struct input *in)
{
    struct surface a = t->p->area;

    if (in->kind != INPUT_MOUSE)
        return 0;
    if (t->p->drag >= 0) {
        unsigned bits = drag(t, in);

        if (bits)
            return bits;
    }
    if (in->y < a.y || in->y >= a.y + a.h || in->x < a.x || in->x >= a.x + a.w)
        return 0;
    if (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN) {
        table_move(t, in->button == MOUSE_WHEEL_UP ? -3 : 3);
        return UI_DONE;
    }
    if (in->button != MOUSE_LEFT)
        return 0;
    return in->y == a.y ? press_head(t, in->x - a.x) : press_row(t, in->y - a.y - 1);
}

/* --- words about it --------------------------------------------------------------------------- */

void table_status(const struct table *t, struct line *l)
{
    if (t->n == 0)
        return;
    char place[TEXT_GROUPED], total[TEXT_GROUPED];

    text_grouped(table_place(t), place);
    text_grouped(t->total, total);
    if (table_place(t) && t->total >= 0)
        line_add(l, ROLE_TEXT, _("%s of %s"), place, total);
    else if (t->total >= 0)
        line_add(l, ROLE_TEXT, _("of %s"), total);
    else if (table_place(t))
        line_add(l, ROLE_TEXT, _("row %s"), place);
    if (t->p->nmarks > 0) {
        line_gap(l, 3);
        line_add(l, ROLE_MARK, _("%zu marked"), t->p->nmarks);
    }
}

void table_dropped(const struct table *t, struct line *l)
{
    if (t->dropped == 0)
        return;
    line_add(l, ROLE_DIM, ">");
    for (int k = 0; k < t->p->nlead; k++)
        if (t->p->width[t->p->lead[k]] == 0)
            line_add(l, ROLE_DIM, " %s", i18n_text(t->column[t->p->lead[k]].title));
}
