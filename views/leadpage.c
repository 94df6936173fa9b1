/* leadpage.c - pages of the lead list: what the table asks for becomes one to a dozen calls on a worker. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "views/leads.h"

enum { NEIGHBOURS = 10, PAGE_ROWS = 500, SHOWN_ATTRS = 3 };

enum { STEP_HERE, STEP_BEFORE };

struct page_ask {
    struct leads *view;
    enum table_side side;
    int count;
    int64_t id[NEIGHBOURS];             /* AROUND: the row, then those that stood near it */
    int nids;
    const char *cursor;                 /* of the edge */
    struct lead_item *item;             /* what was made of the answer, on the worker */
    struct table_row *row;
    size_t n, anchor;
    const char *prev, *next;
    const char *fields;                 /* with the custom ones, for leads that have but these; NULL: asked */
    bool nameless;                      /* there are such leads */
};

/* ---- on the worker ------------------------------------------------------------------------------------ */

static const struct page *page_of(const struct api_job *j, int step)
{
    return j->step[step].out;
}

static int64_t first_id(const struct api_job *j)
{
    size_t n;
    const struct lead *rows = api_rows(j, STEP_HERE, &n);
    return n ? rows[0].head.id : 0;
}

/* The page around the row; where it left the list, around the nearest of those that stood beside it. */
static enum status call_around(struct api_job *j, struct page_ask *k)
{
    enum status st = ST_OK;
    for (int i = 0; i < k->nids && !st; i++) {
        api_set_int(j, STEP_HERE, "around", k->id[i]);
        st = api_call(j, STEP_HERE);
        if (!st && first_id(j) == k->id[i])
            break;
        if (!st && i + 1 == k->nids) {          /* none of them is here any more */
            api_set_int(j, STEP_HERE, "around", 0);
            st = api_call(j, STEP_HERE);
        }
    }
    if (st || !page_of(j, STEP_HERE)->prev)
        return st;
    api_set_text(j, STEP_BEFORE, "cursor", page_of(j, STEP_HERE)->prev);
    return api_call(j, STEP_BEFORE);
}

static void add_rows(struct api_job *j, struct page_ask *k, int step)
{
    size_t n;
    const struct lead *rows = api_rows(j, step, &n);
    for (size_t i = 0; i < n; i++) {
        struct lead_item *item = &k->item[k->n];
        *item = (struct lead_item){ .lead = &rows[i], .called = lead_called(&rows[i], &j->mem) };
        k->row[k->n++] = (struct table_row){ .id = rows[i].head.id, .version = rows[i].head.version,
                                             .data = item };
    }
}

static void make_rows(struct api_job *j, struct page_ask *k, bool before)
{
    size_t here = page_of(j, STEP_HERE)->rows.n, back = before ? page_of(j, STEP_BEFORE)->rows.n : 0;
    k->item = arena_array(&j->mem, struct lead_item, here + back);
    k->row = arena_array(&j->mem, struct table_row, here + back);
    if (before)
        add_rows(j, k, STEP_BEFORE);
    k->anchor = k->n;
    add_rows(j, k, STEP_HERE);
    k->prev = before ? page_of(j, STEP_BEFORE)->prev : page_of(j, STEP_HERE)->prev;
    k->next = page_of(j, STEP_HERE)->next;
    for (size_t i = 0; i < k->n; i++) {
        k->item[i].prev = k->prev;
        k->item[i].next = k->next;
    }
}

static bool any_nameless(const struct api_job *j, int step)
{
    size_t n;
    const struct lead *rows = api_rows(j, step, &n);
    for (size_t i = 0; i < n; i++)
        if (!rows[i].name && !rows[i].phone && !rows[i].external_id)
            return true;
    return false;
}

/* Only leads without any name cost the look at the custom fields. */
static enum status name_rows(struct api_job *j, struct page_ask *k, int step)
{
    if (!k->fields || !any_nameless(j, step))
        return ST_OK;
    k->nameless = true;
    api_set_text(j, step, "columns", k->fields);
    return api_call(j, step);
}

static void page_work(struct api_job *j)
{
    struct page_ask *k = j->data;
    j->step[STEP_BEFORE].err.status = ST_OK;
    if (k->side == TABLE_AROUND ? call_around(j, k) : api_call(j, STEP_HERE))
        return;
    bool before = k->side == TABLE_AROUND && page_of(j, STEP_HERE)->prev;
    if (name_rows(j, k, STEP_HERE) || (before && name_rows(j, k, STEP_BEFORE)))
        return;
    make_rows(j, k, before);
}

/* ---- the answer --------------------------------------------------------------------------------------- */

static unsigned page_done(void *self, struct api_job *j)
{
    struct leads *v = self;
    struct page_ask *k = j->data;
    const struct err *e = api_error(j);
    if (e) {
        table_failed(&v->table, j->job.generation);
        if (e->status != ST_CANCELLED)
            v->err = *e;
        return UI_REDRAW;
    }
    err_clear(&v->err);
    v->nameless = v->nameless || k->nameless;
    struct table_page *page = xcalloc(1, sizeof *page);
    bool before = k->side == TABLE_BEFORE;
    *page = (struct table_page){ .n = k->n, .row = k->row, .anchor = k->anchor, .mem = j->mem };
    bool more_before = k->prev != NULL, more = before ? more_before : k->next != NULL;
    j->mem = (struct arena)ARENA_INIT;
    bool changed = table_answer(&v->table, j->job.generation, page, more_before, more);
    if (changed && v->total >= 0)
        table_set_total(&v->table, v->total);   /* it may have come while the old window stood */
    if (v->detail.id != v->table.sel_id && v->table.n)
        detail_follow(&v->detail, v->table.sel_id);
    return changed ? UI_REDRAW : 0;
}

/* ---- the question ------------------------------------------------------------------------------------- */

/* The ids around the selection, nearest below first. */
static void neighbours(const struct leads *v, struct page_ask *k, int64_t id)
{
    const struct table *t = &v->table;
    k->id[k->nids++] = id;
    if (!table_selected(t) || table_selected(t)->id != id)
        return;
    for (size_t i = t->sel + 1; i < t->n && k->nids < NEIGHBOURS - 3; i++)
        k->id[k->nids++] = table_row_at(t, i)->id;
    for (size_t i = t->sel; i-- > 0 && k->nids < NEIGHBOURS;)
        k->id[k->nids++] = table_row_at(t, i)->id;
}

/* Leads that have but custom fields are named by them. */
static const char *with_attrs(const struct leads *v, struct arena *a)
{
    const char *fields = lead_row_fields;
    for (size_t i = 0; i < v->nattrs && i < SHOWN_ATTRS; i++)
        fields = arena_printf(a, "%s,attr.%s", fields, v->attrs[i].key);
    return fields;
}

static void fill_query(struct leads *v, struct api_job *j, int step, int count, bool back)
{
    const char *field = lead_sort_field(v->table.sort);
    api_add(j, "lead.list");
    api_set_text(j, step, "where", leads_where(v, v->tab, v->where, &j->mem));
    api_set_text(j, step, "columns", v->nameless ? with_attrs(v, &j->mem) : lead_row_fields);
    if (field)
        api_set_text(j, step, "sort", arena_printf(&j->mem, "%s%s", v->table.sort_desc ? "-" : "", field));
    api_set_int(j, step, "limit", count);
    api_set_int(j, step, "back", back);
}

static void leads_ask(void *self, struct table *t, const struct table_ask *ask)
{
    struct leads *v = self;
    struct api_job *j = api_new(v->view.ui, t, ask->generation, page_done, v);
    struct page_ask *k = arena_new(&j->mem, struct page_ask);
    int count = ask->count < PAGE_ROWS ? ask->count : PAGE_ROWS;
    const struct lead_item *edge = ask->edge ? ask->edge->data : NULL;
    v->asked = ask->generation;
    *k = (struct page_ask){ .view = v, .side = ask->side, .count = count };
    k->fields = v->nattrs && !v->nameless ? with_attrs(v, &j->mem) : NULL;
    j->work = page_work;
    j->data = k;
    fill_query(v, j, STEP_HERE, ask->side == TABLE_AROUND ? count - count / 2 : count,
               ask->side == TABLE_BEFORE || ask->side == TABLE_LAST);
    fill_query(v, j, STEP_BEFORE, count / 2 ? count / 2 : 1, true);
    if (ask->side == TABLE_AROUND)
        neighbours(v, k, ask->id);
    else if (edge && ask->side == TABLE_AFTER)
        api_set_text(j, STEP_HERE, "cursor", edge->next);
    else if (edge && ask->side == TABLE_BEFORE)
        api_set_text(j, STEP_HERE, "cursor", edge->prev);
    if (ask->skip)
        api_set_int(j, STEP_HERE, "skip", ask->skip);
    work_cancel(ui_work(v->view.ui), t, ask->generation);
    /* Orders that no index serves are sorted: they wait with the searches. */
    api_post(j, t->sort == LEAD_LEFT ? WORK_PAGES : WORK_SCANS);
}

/* ---- cells -------------------------------------------------------------------------------------------- */

static void leads_cell(void *self, struct table *t, const struct table_row *row, int column,
                       struct table_cell *out)
{
    struct leads *v = self;
    const struct lead_item *item = row->data;
    lead_cell(item->lead, words_name(v->view.ui, item->called), column, v->now, t, out);
    for (int i = 0; column == LEAD_LEFT && i < v->noutcomes; i++)
        if (v->outcome[i].id == row->id) {
            out->words = v->outcome[i].words;
            out->brief = NULL;
            out->ink = v->outcome[i].ink;
        }
}

static void leads_sort(void *self, struct table *t, int column, bool desc)
{
    (void)self;
    (void)column;
    (void)desc;
    table_reset(t);
}

static void leads_selected(void *self, struct table *t)
{
    struct leads *v = self;
    detail_follow(&v->detail, t->n ? t->sel_id : 0);
}

/* Marked rows leave the window with the version that they were seen at. */
static void leads_free_page(void *self, struct table_page *page)
{
    struct leads *v = self;
    for (size_t i = 0; i < page->n; i++) {
        const struct lead_item *item = page->row[i].data;
        if (table_marked(&v->table, page->row[i].id))
            leads_keep(v, &(struct seen){ page->row[i].id, page->row[i].version, item->called });
    }
    arena_free(&page->mem);
    free(page);
}

static void leads_laid_out(void *self, struct table *t)
{
    const struct leads *v = self;
    struct buf layout = BUF_INIT;
    table_layout(t, &layout);
    viewstate_set(v->app->state, "leads.columns", layout.s);
    buf_release(&layout);
}

const struct table_source leads_source = { .skips = true,
                                           .ask = leads_ask,
                                           .cell = leads_cell,
                                           .free_page = leads_free_page,
                                           .sort = leads_sort,
                                           .selected = leads_selected,
                                           .laid_out = leads_laid_out };
