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
#include "tui/pick.h"
#include "tui/tablestate.h"
#include "tui/ui.h"

enum { COUNT_LEAST = 60, COUNT_MOST = 1000 };           /* rows asked for */
enum { JUMP_LEAST = 500, JUMP_MOST = 90000 };           /* rows owed that are jumped over */

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

void table_scroll(struct table *t)
{
    t->top = rows_top(t->top, t->sel, t->n, t->height);
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
    t->p->jump = 0;
    t->source->ask(t->self, t, &a);
}

/* What is owed is far: a window of its own around where it ends. */
static bool jump(struct table *t, int64_t height)
{
    struct table_private *p = t->p;
    int64_t far = p->owed < 0 ? -p->owed : p->owed;
    bool down = p->owed > 0;

    if (!t->source->skips || far < JUMP_LEAST)
        return false;
    if (far > JUMP_MOST)
        far = JUMP_MOST;
    p->asked = t->loading = p->replace = true;
    p->side = down ? TABLE_AFTER : TABLE_BEFORE;
    p->jump = down ? far : -far;
    p->margin = height;
    p->offset = (int)(t->sel - t->top);
    t->source->ask(t->self, t, &(struct table_ask){
                                   .side = p->side, .edge = table_row_at(t, down ? t->n - 1 : 0),
                                   .count = ask_count(t, 0), .skip = far - 1 - height,
                                   .generation = ++p->generation });
    return true;
}

/* Owed movement first, else a screenful beyond the edges. One wish at a time. */
void table_fetch(struct table *t)
{
    size_t height = t->height > 0 ? (size_t)t->height : 24;

    if (t->p->asked || t->n == 0)
        return;
    if ((t->p->owed > 0 ? !t->at_end : !t->at_start) && jump(t, (int64_t)height))
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
    memset(t->p->brief, 0, sizeof t->p->brief);
    memset(t->p->met, 0, sizeof t->p->met);
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
        table_scroll(t);
        table_fetch(t);
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

    while (p->npages > 1 && (t->n > TABLE_WINDOW || p->npages == TABLE_PAGES)) {
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

    if (page->n == 0 || p->npages == TABLE_PAGES) {
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

/* Where a page begins in the list that a jump brought; -1: not known. */
static int64_t landing(const struct table *t, size_t rows)
{
    const struct table_private *p = t->p;

    if (t->first < 0 || p->jump == 0)
        return -1;
    return p->jump > 0 ? t->first + (int64_t)t->n + p->jump - 1 - p->margin
                       : t->first + p->jump + 1 + p->margin - (int64_t)rows;
}

static void replace_window(struct table *t, struct table_page *page, bool more_before, bool more)
{
    enum table_side side = t->p->side;
    int64_t id = t->p->id, first = landing(t, page->n);
    size_t at, anchor = page->anchor, margin = (size_t)t->p->margin;

    drop_pages(t);
    t->first = first;
    t->at_start = side == TABLE_FIRST || (side == TABLE_BEFORE ? !more : side != TABLE_AFTER && !more_before);
    t->at_end = side == TABLE_LAST || (side != TABLE_BEFORE && !more);
    add_page(t, page, false);
    t->p->owed -= t->p->jump;
    locate(t);
    if (side == TABLE_FIRST)
        at = 0;
    else if (side == TABLE_LAST)
        at = t->n ? t->n - 1 : 0;
    else if (side == TABLE_AFTER)
        at = t->n > margin ? margin : t->n - 1;
    else if (side == TABLE_BEFORE)
        at = t->n > margin ? t->n - 1 - margin : 0;
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
    if (p->jump && page->n == 0) {          /* beyond the end */
        bool last = p->jump > 0;
        free_page(t, page);
        table_move_end(t, last);
        return false;
    }
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
    table_scroll(t);
    trim(t);
    if (p->wanted) {
        p->wanted = false;
        table_reload(t);
    } else {
        table_fetch(t);
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
    table_scroll(t);
    trim(t);
    table_fetch(t);
}

void table_move_end(struct table *t, bool last)
{
    t->p->owed = 0;
    if (t->n > 0 && (last ? t->at_end : t->at_start)) {
        select_row(t, last ? t->n - 1 : 0);
        table_scroll(t);
        table_fetch(t);
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
    t->p->text = (struct rows_text)ROWS_TEXT_INIT;
    t->p->fresh = true;
    t->p->drag = -1;
    table_columns_reset(t);
}

void table_free(struct table *t)
{
    if (!t->p)
        return;
    drop_pages(t);
    free(t->p->mark);
    rows_text_release(&t->p->text);
    free(t->p);
    t->p = NULL;
}

const char *table_text(struct table *t, const char *fmt, ...)
{
    const char *words;
    va_list ap;

    va_start(ap, fmt);
    words = rows_vtext(&t->p->text, fmt, ap);
    va_end(ap);
    return words;
}

struct table_cell table_cell(struct table *t, const struct table_row *row, int column)
{
    struct table_cell c = { .ink = t->column[column].ink };

    t->source->cell(t->self, t, row, column, &c);
    return c;
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

void table_sort_by(struct table *t, int column)
{
    t->sort_desc = column == t->sort ? !t->sort_desc : t->column[column].sort_desc;
    t->sort = column;
    t->source->sort(t->self, t, column, t->sort_desc);
}

static unsigned sort_chosen(struct ui *ui, const char *value, void *self)
{
    struct table *t = self;

    (void)ui;
    for (int i = 0; i < t->ncolumns; i++)
        if (!strcmp(t->column[i].key, value))
            table_sort_by(t, i);
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

    return !t->source->sort ? _("this list has one order only")
           : t->n == 0      ? _("there is nothing to sort")
                            : NULL;
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

    if (!row)
        return false;
    *out = (struct subject){ .id = row->id, .version = row->version };
    out->marked = (int64_t)t->p->nmarks;
    subject_name(out, table_cell(t, row, 0).words);
    return true;
}

void table_actions(struct table *t, struct action_list *out)
{
    ACTION_LIST_ADD(out, "list", list_actions, t, table_subject);
}
