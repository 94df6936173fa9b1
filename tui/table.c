/* table.c - the window: a list of pages, a selection in it, and one outstanding wish for more.
 *
 * Rows are numbered in the window, 0 .. n-1. Pages that come before shift these numbers; everything
 * that holds one (sel, top) is shifted with them in one place, add_page() and trim(). `owed` is
 * movement that could not be paid yet.
 */
#include "tui/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/pick.h"
#include "tui/ui.h"

enum {
    PAGES_MAX = 64,
    COUNT_LEAST = 60,           /* rows asked for at least */
    COUNT_MOST = 1000,
    MARK_CELLS = 2              /* left of the first column: bar and mark */
};

enum goal { GOAL_NONE, GOAL_END };

struct table_private {
    struct table_page *page[PAGES_MAX];
    int npages;
    uint32_t generation;
    bool asked;                         /* an ask is outstanding */
    enum table_side side;
    int64_t id;                         /* the row that is sought with TABLE_AROUND */
    bool replace;                       /* its answer takes the place of the whole window */
    /* a reload was asked for while another ask was on its way */
    bool wanted;
    int64_t owed;                       /* rows the selection still has to move */
    int offset;                         /* rows between top and selection, kept over a reload */
    bool fresh;                         /* nothing was ever shown */
    int64_t *mark;
    size_t nmarks, cap_marks;
    struct buf text[2];                 /* of table_text(), in turn */
    int turn;
    /* Of the last drawing. */
    struct surface area;
    int width[TABLE_COLUMNS];           /* 0: no room */
    int liked[TABLE_COLUMNS];
};

/* --- the window ------------------------------------------------------------------------------- */

static void free_page(struct table *t, struct table_page *page)
{
    if (t->source->free_page) {
        t->source->free_page(t->self, page);
        return;
    }
    arena_free(&page->mem);
    free(page);
}

static void drop_pages(struct table *t)
{
    for (int i = 0; i < t->p->npages; i++)
        free_page(t, t->p->page[i]);
    t->p->npages = 0;
    t->n = t->sel = t->top = 0;
}

const struct table_row *table_row_at(const struct table *t, size_t i)
{
    for (int k = 0; k < t->p->npages; k++) {
        if (i < t->p->page[k]->n)
            return &t->p->page[k]->row[i];
        i -= t->p->page[k]->n;
    }
    return NULL;
}

const struct table_row *table_selected(const struct table *t)
{
    return t->n ? table_row_at(t, t->sel) : NULL;
}

int64_t table_place(const struct table *t)
{
    return t->n && t->first >= 0 ? t->first + (int64_t)t->sel + 1 : 0;
}

/* Where the row with this id stands in the window; false if it is not there. */
static bool find_row(const struct table *t, int64_t id, size_t *at)
{
    size_t i = 0;

    for (int k = 0; k < t->p->npages; k++)
        for (size_t j = 0; j < t->p->page[k]->n; j++, i++)
            if (t->p->page[k]->row[j].id == id) {
                *at = i;
                return true;
            }
    return false;
}

static void select_row(struct table *t, size_t i)
{
    const struct table_row *row;
    int64_t before = t->sel_id;

    t->sel = t->n == 0 ? 0 : i < t->n ? i : t->n - 1;
    row = table_selected(t);
    t->sel_id = row ? row->id : 0;
    if (t->sel_id != before && t->source->selected)
        t->source->selected(t->self, t);
}

/* Keeps the selection on the screen. */
static void scroll(struct table *t)
{
    size_t height = t->height > 0 ? (size_t)t->height : 1;

    if (t->top > t->sel)
        t->top = t->sel;
    if (t->sel >= t->top + height)
        t->top = t->sel - height + 1;
    if (t->top + height > t->n)
        t->top = t->n > height ? t->n - height : 0;
}

/* --- asking ----------------------------------------------------------------------------------- */

static int ask_count(const struct table *t, int64_t owed)
{
    int64_t want = (t->height > 0 ? t->height : 24) * 3 + (owed < 0 ? -owed : owed);

    return want < COUNT_LEAST ? COUNT_LEAST : want > COUNT_MOST ? COUNT_MOST : (int)want;
}

static void ask(struct table *t, enum table_side side, const struct table_row *edge, int64_t id,
                bool replace)
{
    struct table_ask a = { .side = side, .edge = edge, .id = id, .count = ask_count(t, t->p->owed),
                           .generation = ++t->p->generation };

    t->p->asked = t->loading = true;
    t->p->side = side;
    t->p->id = id;
    t->p->replace = replace;
    t->source->ask(t->self, t, &a);
}

/* Asks for what is missing: owed movement, else a screenful beyond the edges. One wish at a
 * time. */
static void fetch(struct table *t)
{
    size_t height = t->height > 0 ? (size_t)t->height : 24;

    if (t->p->asked || t->n == 0)
        return;
    if (!t->at_end && (t->p->owed > 0 || t->sel + height * 2 >= t->n))
        ask(t, TABLE_AFTER, table_row_at(t, t->n - 1), 0, false);
    else if (!t->at_start && (t->p->owed < 0 || t->sel < height))
        ask(t, TABLE_BEFORE, table_row_at(t, 0), 0, false);
}

void table_reset(struct table *t)
{
    t->p->owed = 0;
    t->p->offset = 0;
    ask(t, TABLE_FIRST, NULL, 0, true);
}

void table_reload(struct table *t)
{
    const struct table_row *row = table_selected(t);

    if (!row) {
        table_reset(t);
        return;
    }
    if (t->p->asked && t->p->replace && t->p->side == TABLE_AROUND) {
        /* asked again when that answer is here: a busy list stays readable */
        t->p->wanted = true;
        return;
    }
    t->p->offset = (int)(t->sel - t->top);
    ask(t, TABLE_AROUND, row, row->id, true);
}

void table_goto(struct table *t, int64_t id)
{
    size_t at;

    t->p->owed = 0;
    if (find_row(t, id, &at)) {
        select_row(t, at);
        scroll(t);
        fetch(t);
        return;
    }
    t->p->offset = t->height / 3;
    ask(t, TABLE_AROUND, NULL, id, true);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Gives back pages far from the selection when the window grew too large. */
static void trim(struct table *t)
{
    struct table_private *p = t->p;

    while (p->npages > 1 && (t->n > TABLE_WINDOW || p->npages == PAGES_MAX)) {
        size_t head = p->page[0]->n, tail = p->page[p->npages - 1]->n;

        if (t->sel >= t->n / 2 && t->top >= head) {
            free_page(t, p->page[0]);
            memmove(p->page, p->page + 1, sizeof p->page[0] * (size_t)--p->npages);
            t->n -= head;
            t->sel -= head;
            t->top -= head;
            t->first = t->first >= 0 ? t->first + (int64_t)head : -1;
            t->at_start = false;
        } else if (t->sel + tail < t->n && t->top + (size_t)t->height + tail <= t->n) {
            free_page(t, p->page[--p->npages]);
            t->n -= tail;
            t->at_end = false;
        } else {
            return;
        }
    }
}

static void add_page(struct table *t, struct table_page *page, bool before)
{
    struct table_private *p = t->p;

    if (page->n == 0 || p->npages == PAGES_MAX) {
        free_page(t, page);
        return;
    }
    if (before) {
        memmove(p->page + 1, p->page, sizeof p->page[0] * (size_t)p->npages);
        p->page[0] = page;
        t->sel += page->n;
        t->top += page->n;
        t->first = t->first >= (int64_t)page->n ? t->first - (int64_t)page->n : -1;
    } else {
        p->page[p->npages] = page;
    }
    p->npages++;
    t->n += page->n;
}

/* Pays owed movement as far as the window reaches. */
static void pay(struct table *t)
{
    int64_t at = (int64_t)t->sel + t->p->owed, last = (int64_t)t->n - 1;

    if (t->n == 0 || t->p->owed == 0)
        return;
    if (at > last) {
        t->p->owed = t->at_end ? 0 : at - last;
        at = last;
    } else if (at < 0) {
        t->p->owed = t->at_start ? 0 : at;
        at = 0;
    } else {
        t->p->owed = 0;
    }
    select_row(t, (size_t)at);
}

/* Where the window stands in the list, when an end tells it. */
static void locate(struct table *t)
{
    if (t->at_start)
        t->first = 0;
    else if (t->at_end && t->total >= 0)
        t->first = t->total - (int64_t)t->n;
    if (t->at_start && t->at_end)
        t->total = (int64_t)t->n;
}

static void replace_window(struct table *t, struct table_page *page, bool more_before, bool more)
{
    enum table_side side = t->p->side;
    int64_t id = t->p->id;
    size_t at, anchor = page->anchor;

    drop_pages(t);
    t->first = -1;
    t->at_start = side == TABLE_FIRST || !more_before;
    t->at_end = side == TABLE_LAST || !more;
    add_page(t, page, false);
    locate(t);
    if (side == TABLE_FIRST)
        at = 0;
    else if (side == TABLE_LAST)
        at = t->n ? t->n - 1 : 0;
    else if (!find_row(t, id, &at))
        at = anchor;
    select_row(t, at);
    t->top = t->sel > (size_t)t->p->offset ? t->sel - (size_t)t->p->offset : 0;
}

bool table_answer(struct table *t, uint32_t generation, struct table_page *page, bool more_before,
                  bool more)
{
    struct table_private *p = t->p;

    if (generation != p->generation || !p->asked) {
        free_page(t, page);
        return false;
    }
    p->asked = t->loading = false;
    p->fresh = false;
    if (p->replace) {
        replace_window(t, page, more_before, more);
    } else if (p->side == TABLE_AFTER) {
        t->at_end = !more || page->n == 0;
        add_page(t, page, false);
    } else {
        t->at_start = !more || page->n == 0;
        add_page(t, page, true);
    }
    pay(t);
    locate(t);
    scroll(t);
    trim(t);
    if (p->wanted) {
        p->wanted = false;
        table_reload(t);
    } else {
        fetch(t);
    }
    return t->p->owed == 0;
}

void table_failed(struct table *t, uint32_t generation)
{
    if (generation != t->p->generation)
        return;
    t->p->asked = t->loading = t->p->wanted = false;
    t->p->owed = 0;
}

void table_set_total(struct table *t, int64_t total)
{
    t->total = total;
    locate(t);
}

/* --- movement --------------------------------------------------------------------------------- */

void table_move(struct table *t, int64_t rows)
{
    if (t->p->asked && t->p->replace && t->n == 0)
        return;
    t->p->owed += rows;
    pay(t);
    scroll(t);
    trim(t);
    fetch(t);
}

void table_move_end(struct table *t, bool last)
{
    t->p->owed = 0;
    if (t->n > 0 && (last ? t->at_end : t->at_start)) {
        select_row(t, last ? t->n - 1 : 0);
        scroll(t);
        fetch(t);
        return;
    }
    t->p->offset = last && t->height > 0 ? t->height - 1 : 0;
    ask(t, last ? TABLE_LAST : TABLE_FIRST, NULL, 0, true);
}

/* --- marks ------------------------------------------------------------------------------------ */

/* Where the id is among the marks, or where it would stand. */
static size_t mark_at(const struct table *t, int64_t id)
{
    size_t low = 0, high = t->p->nmarks;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (t->p->mark[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool table_marked(const struct table *t, int64_t id)
{
    size_t at = mark_at(t, id);

    return at < t->p->nmarks && t->p->mark[at] == id;
}

void table_mark(struct table *t, int64_t id, bool on)
{
    struct table_private *p = t->p;
    size_t at = mark_at(t, id);

    if (on == table_marked(t, id))
        return;
    if (!on) {
        memmove(p->mark + at, p->mark + at + 1, sizeof *p->mark * (--p->nmarks - at));
        return;
    }
    if (p->nmarks == p->cap_marks) {
        p->cap_marks = p->cap_marks ? p->cap_marks * 2 : 64;
        p->mark = xrealloc(p->mark, sizeof *p->mark * p->cap_marks);
    }
    memmove(p->mark + at + 1, p->mark + at, sizeof *p->mark * (p->nmarks++ - at));
    p->mark[at] = id;
}

size_t table_marks(const struct table *t, const int64_t **ids)
{
    *ids = t->p->mark;
    return t->p->nmarks;
}

void table_unmark_all(struct table *t)
{
    t->p->nmarks = 0;
}

/* --- start and end ---------------------------------------------------------------------------- */

void table_init(struct table *t, const struct table_column *columns, int n,
                const struct table_source *source, void *self)
{
    assert(n > 0 && n <= TABLE_COLUMNS && source->ask && source->cell);
    *t = (struct table){ .source = source, .self = self, .column = columns, .ncolumns = n };
    t->sort = -1;
    t->total = t->first = -1;
    t->focused = true;
    t->p = xcalloc(1, sizeof *t->p);
    t->p->text[0] = t->p->text[1] = (struct buf)BUF_INIT;
    t->p->fresh = true;
}

void table_free(struct table *t)
{
    if (!t->p)
        return;
    drop_pages(t);
    free(t->p->mark);
    buf_release(&t->p->text[0]);
    buf_release(&t->p->text[1]);
    free(t->p);
    t->p = NULL;
}

const char *table_text(struct table *t, const char *fmt, ...)
{
    struct buf *b = &t->p->text[t->p->turn ^= 1];
    va_list ap;

    buf_clear(b);
    va_start(ap, fmt);
    buf_vaddf(b, fmt, ap);
    va_end(ap);
    return b->s;
}

static struct table_cell cell_of(struct table *t, const struct table_row *row, int column)
{
    struct table_cell c = { .ink = t->column[column].ink };

    t->source->cell(t->self, t, row, column, &c);
    return c;
}

/* --- widths ----------------------------------------------------------------------------------- */

static int gap_of(const struct table *t)
{
    return t->ncolumns > 10 ? 1 : 2;
}

/* The cells that column i needs at least, and those it would like: a number's short spelling,
 * and its full one. */
static void measure(struct table *t, int i)
{
    const struct table_column *c = &t->column[i];
    int least = text_width(i18n_text(c->title)) + (i == t->sort ? 2 : 0), liked;

    least = least < c->min ? c->min : least;
    liked = least < c->max ? c->max : least;
    for (size_t r = t->top; c->number && r < t->n && r < t->top + (size_t)t->height; r++) {
        struct table_cell cell = cell_of(t, table_row_at(t, r), i);
        int full = cell.words ? text_width(cell.words) : 0,
            brief = cell.brief ? text_width(cell.brief) : full;

        least = brief > least ? brief : least;
        liked = full > liked ? full : liked;
    }
    t->p->width[i] = least;
    t->p->liked[i] = liked > least ? liked : least;
}

static int sum_widths(const struct table *t, int n)
{
    int sum = MARK_CELLS, gap = gap_of(t), shown = 0;

    for (int i = 0; i < n; i++)
        if (t->p->width[i] > 0) {
            sum += t->p->width[i];
            shown++;
        }
    return sum + (shown > 1 ? gap * (shown - 1) : 0);
}

/* The column that goes first when it gets narrow; -1 when only those are left that never go. */
static int least_wanted(const struct table *t)
{
    int found = -1;

    for (int i = 0; i < t->ncolumns; i++)
        if (t->p->width[i] > 0 && t->column[i].priority > 0 &&
            (found < 0 || t->column[i].priority >= t->column[found].priority))
            found = i;
    return found;
}

/* Gives spare cells to the columns that would like more, numbers first. */
static void widen(struct table *t, int spare, bool numbers)
{
    for (int i = 0; i < t->ncolumns; i++) {
        int more = t->p->liked[i] - t->p->width[i];

        if (t->p->width[i] == 0 || t->column[i].number != numbers)
            continue;
        more = more < spare ? more : spare;
        t->p->width[i] += more > 0 ? more : 0;
        spare -= more > 0 ? more : 0;
    }
}

static void lay_out(struct table *t, int cells)
{
    int gone;

    for (int i = 0; i < t->ncolumns; i++)
        measure(t, i);
    t->dropped = 0;
    while (sum_widths(t, t->ncolumns) > cells && (gone = least_wanted(t)) >= 0) {
        t->p->width[gone] = 0;
        t->dropped++;
    }
    widen(t, cells - sum_widths(t, t->ncolumns), true);
    widen(t, cells - sum_widths(t, t->ncolumns), false);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_head(struct table *t, struct surface row)
{
    int x = MARK_CELLS;

    row = surface_on(row, ROLE_COLHEAD);
    surface_fill(row);
    for (int i = 0; i < t->ncolumns; i++) {
        const struct table_column *c = &t->column[i];
        int width = t->p->width[i];

        if (width == 0)
            continue;
        if (i == t->sort) {
            int title = text_width(i18n_text(c->title)),
                at = c->align == ALIGN_RIGHT ? x + width - 2 - title : x;

            surface_text(row, 0, at, ROLE_COLHEAD, i18n_text(c->title), title, ALIGN_LEFT);
            surface_glyph(row, 0, at + title + 1, ROLE_ACCENT,
                          t->sort_desc ? GLYPH_SORT_DOWN : GLYPH_SORT_UP);
        } else {
            surface_text(row, 0, x, ROLE_COLHEAD, i18n_text(c->title), width, c->align);
        }
        x += width + gap_of(t);
    }
}

static void draw_row(struct table *t, struct surface row, const struct table_row *r, bool selected)
{
    int x = MARK_CELLS, over = t->source->row_ink ? t->source->row_ink(t->self, t, r) : ROLE_TEXT;

    if (selected) {
        row = surface_on(row, t->focused ? ROLE_SELECT : ROLE_SELECT_OFF);
        surface_fill(row);
        surface_glyph(row, 0, 0, t->focused ? ROLE_ACCENT : ROLE_DIM,
                      t->focused ? GLYPH_FOCUS : GLYPH_FOCUS_OFF);
    }
    if (table_marked(t, r->id))
        surface_glyph(row, 0, 1, ROLE_MARK, GLYPH_YES);
    for (int i = 0; i < t->ncolumns; i++) {
        struct table_cell c;

        if (t->p->width[i] == 0)
            continue;
        c = cell_of(t, r, i);
        if (c.words && c.brief && text_width(c.words) > t->p->width[i])
            c.words = c.brief;
        surface_text(row, 0, x, over == ROLE_TEXT ? c.ink : over, c.words ? c.words : "",
                     t->p->width[i], t->column[i].align);
        x += t->p->width[i] + gap_of(t);
    }
    if (selected)
        surface_cursor(row, 0, 0, false);
}

/* Grey stand-ins while the first rows are on their way. */
static void draw_stubs(struct table *t, struct surface s)
{
    for (int y = 0; y < s.h; y++) {
        int x = MARK_CELLS;

        for (int i = 0; i < t->ncolumns; i++) {
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
    if (t->first >= 0)
        surface_thumb(s, s.w - 1, t->first + (int64_t)t->top, t->total);
}

void table_draw(struct table *t, struct surface s)
{
    struct surface rows = surface_sub(s, 1, 0, -1, -1);

    if (s.h < 2 || s.w < 4)
        return;
    t->p->area = s;
    if (t->height != rows.h) {
        t->height = rows.h;
        scroll(t);
        fetch(t);
    }
    lay_out(t, s.w - 1);
    draw_head(t, surface_sub(s, 0, 0, 1, s.w));
    if (t->p->fresh) {
        draw_stubs(t, rows);
        return;
    }
    draw_thumb(t, rows);
    for (int y = 0; y < rows.h && t->top + (size_t)y < t->n; y++)
        draw_row(t, surface_sub(rows, y, 0, 1, s.w - 1), table_row_at(t, t->top + (size_t)y),
                 t->top + (size_t)y == t->sel);
}

unsigned table_input(struct table *t, const struct input *in)
{
    struct surface a = t->p->area;

    if (in->kind != INPUT_MOUSE || in->y < a.y || in->y >= a.y + a.h || in->x < a.x ||
        in->x >= a.x + a.w)
        return 0;
    if (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN)
        table_move(t, in->button == MOUSE_WHEEL_UP ? -3 : 3);
    else if (in->button == MOUSE_LEFT && in->y > a.y && t->top + (size_t)(in->y - a.y - 1) < t->n)
        table_move(t, (int64_t)t->top + (in->y - a.y - 1) - (int64_t)t->sel);
    else
        return 0;
    return UI_DONE;
}

void table_status(const struct table *t, struct line *l)
{
    if (t->n == 0)
        return;
    if (table_place(t) && t->total >= 0)
        line_add(l, ROLE_TEXT, _("%lld of %lld"), (long long)table_place(t), (long long)t->total);
    else if (t->total >= 0)
        line_add(l, ROLE_TEXT, _("of %lld"), (long long)t->total);
    else if (table_place(t))
        line_add(l, ROLE_TEXT, _("row %lld"), (long long)table_place(t));
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
    for (int i = 0; i < t->ncolumns; i++)
        if (t->p->width[i] == 0)
            line_add(l, ROLE_DIM, " %s", i18n_text(t->column[i].title));
}

/* --- actions ---------------------------------------------------------------------------------- */

static int64_t page_rows(const struct table *t)
{
    return t->height > 1 ? t->height - 1 : 1;
}

static unsigned do_move(const struct action_call *call)
{
    struct table *t = call->self;
    const char *name = call->action->name;

    if (!strcmp(name, "list.up"))
        table_move(t, -1);
    else if (!strcmp(name, "list.down"))
        table_move(t, 1);
    else if (!strcmp(name, "list.page-up"))
        table_move(t, -page_rows(t));
    else if (!strcmp(name, "list.page-down"))
        table_move(t, page_rows(t));
    else
        table_move_end(t, !strcmp(name, "list.last"));
    return UI_DONE;
}

static unsigned do_mark(const struct action_call *call)
{
    struct table *t = call->self;

    table_mark(t, call->subject.id, !table_marked(t, call->subject.id));
    table_move(t, 1);
    return UI_DONE;
}

static unsigned do_unmark(const struct action_call *call)
{
    table_unmark_all(call->self);
    return UI_DONE;
}

static const char *no_marks(const struct action_call *call)
{
    const struct table *t = call->self;

    return t->p->nmarks ? NULL : _("nothing is marked");
}

static unsigned sort_chosen(struct ui *ui, const char *value, void *self)
{
    struct table *t = self;

    (void)ui;
    for (int i = 0; i < t->ncolumns; i++)
        if (!strcmp(t->column[i].key, value)) {
            t->sort_desc = i == t->sort ? !t->sort_desc : t->column[i].sort_desc;
            t->sort = i;
            t->source->sort(t->self, t, i, t->sort_desc);
        }
    return UI_DONE;
}

static unsigned do_sort(const struct action_call *call)
{
    struct table *t = call->self;
    struct pick_item items[TABLE_COLUMNS];
    size_t n = 0;

    for (int i = 0; i < t->ncolumns; i++)
        if (t->column[i].sortable)
            items[n++] =
                (struct pick_item){ .value = t->column[i].key,
                                    .label = i18n_text(t->column[i].title),
                                    .note = i == t->sort ? _("again: the other way round") : NULL };
    pick_open(call->ui, &(struct pick){ .title = _("Sort by"), .items = items, .n = n,
                                        .current = t->sort >= 0 ? t->column[t->sort].key : NULL,
                                        .chosen = sort_chosen, .self = t });
    return UI_DONE;
}

static const char *no_sort(const struct action_call *call)
{
    const struct table *t = call->self;

    return t->source->sort ? NULL : _("this list has one order only");
}

static const struct action list_actions[] = {
    { .name = "list.up", .label = N_("Up"), .help = N_("The row above."), .group = N_("Movement"),
      .keys = "Up k", .run = do_move },
    { .name = "list.down", .label = N_("Down"), .help = N_("The row below."),
      .group = N_("Movement"), .keys = "Down j", .run = do_move },
    { .name = "list.page-up", .label = N_("Page up"), .help = N_("A screenful up."),
      .group = N_("Movement"), .keys = "PgUp C-u C-b", .run = do_move },
    { .name = "list.page-down", .label = N_("Page down"), .help = N_("A screenful down."),
      .group = N_("Movement"), .keys = "PgDn C-d C-f", .run = do_move },
    { .name = "list.first", .label = N_("First"), .help = N_("The first row of the list."),
      .group = N_("Movement"), .keys = "g Home", .run = do_move },
    { .name = "list.last", .label = N_("Last"), .help = N_("The last row of the list."),
      .group = N_("Movement"), .keys = "G End", .run = do_move },
    { .name = "list.mark", .label = N_("Mark"),
      .help = N_("Marks the row, or takes the mark away."), .group = N_("List"),
      .keys = "Space", .flags = ACTION_SUBJECT | ACTION_FOOTER, .run = do_mark },
    { .name = "list.unmark", .label = N_("Unmark all"), .help = N_("Takes all marks away."),
      .group = N_("List"), .keys = "U", .run = do_unmark, .disabled = no_marks },
    { .name = "list.sort", .label = N_("Sort"),
      .help = N_("Chooses the column that the list is sorted by."),
      .group = N_("List"), .keys = "o", .flags = ACTION_FOOTER, .run = do_sort,
      .disabled = no_sort }
};

bool table_subject(void *table, struct subject *out)
{
    struct table *t = table;
    const struct table_row *row = table_selected(t);
    struct table_cell name;
    size_t n;

    if (!row)
        return false;
    name = cell_of(t, row, 0);
    *out = (struct subject){ .id = row->id, .version = row->version };
    out->marked = (int64_t)t->p->nmarks;
    if (name.words) {
        n = text_cut(name.words, sizeof out->name - 1);
        memcpy(out->name, name.words, n);
        out->name[n] = '\0';
    }
    return true;
}

void table_actions(struct table *t, struct action_list *out)
{
    ACTION_LIST_ADD(out, "list", list_actions, t, table_subject);
}
