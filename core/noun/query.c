/* query.c - lists and counts: the plan carried out. */
#include "core/noun/query.h"

#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "core/noun/queryplan.h"
#include "core/noun/resolve.h"

static const struct field query_fields[] = {
    FIELD_TEXT(struct query, where, N_("condition"), .max = LANG_TEXT),
    FIELD_TEXT(struct query, sort, N_("order"), .max = 500),
    FIELD_TEXT(struct query, columns, N_("columns"), .max = 4000),
    FIELD_TEXT(struct query, cursor, N_("cursor"), .max = CURSOR_MAX),
    FIELD_FLAG(struct query, back, N_("backwards")),
    FIELD_INT(struct query, limit, N_("rows at most"), .min = 1, .max = PAGE_MOST),
    FIELD_ID(struct query, around, N_("around")),
    FIELD_INT(struct query, skip, N_("rows passed over"), .min = 0, .max = SKIP_MOST),
};
const struct record query_record = RECORD(struct query, "query", query_fields);

static const struct field count_fields[] = { FIELD_INT(struct count, count, N_("count")) };
const struct record count_record = RECORD(struct count, "count", count_fields);

/* ---- running ------------------------------------------------------------------------------------------ */

struct rows { struct plan *p; struct row_reader reader; char *items; size_t n; int64_t skipped; };

/* Is the row at hand one of those that are passed over? */
static bool skips(struct rows *r)
{
    return r->skipped < r->p->skip && ++r->skipped;
}

static void *add_row(struct rows *r)
{
    size_t size = r->p->noun->rec->size;
    if (!r->items)                      /* one more than asked for: is there a next page? */
        r->items = arena_calloc(r->p->c->arena, (size_t)r->p->limit + 1, size);
    return r->items + size * r->n++;
}

static enum status read_rows(struct rows *r, struct sql *q)
{
    struct plan *p = r->p;
    enum status st = ST_OK;
    struct stmt *s = sql_query(q, p->c->db);
    while (!st && (int64_t)r->n <= p->limit && db_row(s))
        if (!skips(r))
            st = row_reader_read(&r->reader, s, 0, add_row(r));
    enum status end = db_end(s, st ? NULL : p->c->e);
    return st ? st : end;
}

/* One statement gives all: a part of the index-ordered list, or the whole by sorting. */
static enum status run_one(struct rows *r, bool sorted, enum part part)
{
    struct sql q;
    sql_init(&q, r->p->c->arena);
    enum status st = sorted ? sql_of_sorted(r->p, &q) : sql_of_part(r->p, &q, NULL, part);
    if (!st)
        st = read_rows(r, &q);
    sql_release(&q);
    return st;
}

/* Each stream's head waits here; the least is taken. */
struct stream { struct stmt *s; bool live; struct key_value key; int64_t id; };

static bool is_text(const struct field *f)
{
    return f->type == F_TEXT || f->type == F_CHOICE;
}

static int key_compare(const struct key_value *a, const struct key_value *b)
{
    if (a->type == 't' && b->type == 't')
        return strcmp(a->s, b->s);
    double x = a->type == 'd' ? a->d : 0, y = b->type == 'd' ? b->d : 0;
    return a->i != b->i ? (a->i < b->i ? -1 : 1) : x < y ? -1 : x > y;
}

static void stream_step(const struct plan *p, struct stream *s, enum part part)
{
    s->live = db_row(s->s);
    if (!s->live)
        return;
    s->id = db_int(s->s, 0);
    if (part == EMPTY)
        s->key = (struct key_value){ .type = 'n' };
    else if (is_text(p->sort[0].name.field))
        s->key = (struct key_value){ .type = 't', .s = db_strdup(s->s, 1, p->c->arena) };
    else if (p->sort[0].name.field->type == F_NUMBER)
        s->key = (struct key_value){ .type = 'd', .d = db_num(s->s, 1) };
    else
        s->key = (struct key_value){ .type = 'i', .i = db_int(s->s, 1) };
}

static struct stream *least(const struct plan *p, struct stream *s, size_t n)
{
    bool down = p->sort[0].desc != p->back;
    struct stream *best = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!s[i].live)
            continue;
        int c = best ? key_compare(&s[i].key, &best->key) : -1;
        if (best && c == 0)
            c = s[i].id < best->id ? -1 : 1;
        if (!best || (down ? c > 0 : c < 0))
            best = &s[i];
    }
    return best;
}

enum { BEFORE_ROW = 2 };        /* id and key */

static enum status take_row(struct rows *r, struct stream *s)
{
    return row_reader_read(&r->reader, s->s, BEFORE_ROW, add_row(r));
}

/* Sources of one kind have one text, into which each is bound. */
static enum status open_streams(struct plan *p, struct stream *streams, enum part part)
{
    enum status st = ST_OK;
    size_t at = p->ordered && p->sieve ? 1 : 0;         /* what stands before the source */
    struct sql q;
    sql_init(&q, p->c->arena);
    for (size_t i = 0; i < p->nsources && !st; i++) {
        const struct source *x = &p->sources[i];
        if (i == 0 || x->of != x[-1].of) {
            sql_release(&q);
            sql_init(&q, p->c->arena);
            st = sql_of_part(p, &q, x, part);
            assert(st || q.values[at].i == x->id);
        }
        if (!st) {
            q.values[at].i = x->id;
            streams[i].s = sql_query(&q, p->c->db);
            stream_step(p, &streams[i], part);
        }
    }
    sql_release(&q);
    return st;
}

/* One part of the list from all sources at once. A lead that
 * waits in a pool seen from below, and is of a branch of the scope, comes in two streams: both
 * times with the same key and id, so the second follows the first at once. */
static enum status run_merged(struct rows *r, enum part part)
{
    struct plan *p = r->p;
    size_t n = p->nsources;
    struct stream *streams = arena_array(p->c->arena, struct stream, n + 1), *s;
    int64_t last = 0;
    enum status st = open_streams(p, streams, part);
    while (!st && (int64_t)r->n <= p->limit && (s = least(p, streams, n))) {
        if (s->id != last && !skips(r))
            st = take_row(r, s);
        last = s->id;
        stream_step(p, s, part);
    }
    for (size_t i = 0; i < n; i++) {
        enum status end = streams[i].s ? db_end(streams[i].s, st ? NULL : p->c->e) : ST_OK;
        st = st ? st : end;
    }
    return st;
}

/* Does the part have rows that the list still needs? */
static bool needed(const struct plan *p, enum part part)
{
    bool required = plan_by_id(p) || (p->sort[0].name.field->flags & FIELD_REQUIRED);
    bool from_empty = p->from && p->from[0].type == 'n';
    switch (part) {
    case TIES: return p->from && !from_empty && !plan_by_id(p);
    case REST: return p->back || !from_empty;
    default: return !required && (!p->back || !p->from || from_empty);
    }
}

static enum status run_plan(struct rows *r)
{
    static const enum part forward[] = { TIES, REST, EMPTY }, backward[] = { EMPTY, TIES, REST };
    struct plan *p = r->p;
    if (!plan_indexed(p))
        return run_one(r, true, REST);
    enum status st = ST_OK;
    for (int i = 0; i < 3 && !st && (int64_t)r->n <= p->limit; i++) {
        enum part part = p->back ? backward[i] : forward[i];
        if (needed(p, part))
            st = p->sources ? run_merged(r, part) : run_one(r, false, part);
    }
    return st;
}

static void reverse(char *items, size_t n, size_t size, struct arena *a)
{
    char *tmp = arena_alloc(a, size);
    for (size_t i = 0; i < n / 2; i++) {
        memcpy(tmp, items + i * size, size);
        memcpy(items + i * size, items + (n - 1 - i) * size, size);
        memcpy(items + (n - 1 - i) * size, tmp, size);
    }
}

/* The cursor just before a row's place: its own values, with the id one less in reading order. */
static enum status start_around(struct plan *p, int64_t id)
{
    struct key_value *keys = arena_array(p->c->arena, struct key_value, p->nsort + 1);
    enum status st = cursor_keys(p, id, keys);
    if (st)
        return st == ST_NOT_FOUND ? ST_OK : st;         /* it left: the list from its start */
    p->from = keys;
    p->from_id = plan_ids_fall(p) ? id + 1 : id - 1;
    return ST_OK;
}

enum status query_list(struct ctx *c, const struct noun *noun, const struct query *in, struct page *out)
{
    struct plan p;
    enum status st = plan_make(&p, c, noun, in);
    if (!st && in->cursor)
        st = cursor_read(&p, in->cursor);
    else if (!st && in->around)
        st = start_around(&p, in->around);
    if (st)
        return st;
    struct rows r = { .p = &p };
    row_reader_open(&r.reader, c->db, &p.shape, &c->who->lens, c->arena, c->e);
    st = run_plan(&r);
    if (st)
        return st;
    size_t size = noun->rec->size;
    bool more = (int64_t)r.n > p.limit;
    if (more)
        r.n = (size_t)p.limit;
    if (p.back)
        reverse(r.items, r.n, size, c->arena);
    out->rows = (struct list){ r.items, r.n };
    if (r.n && (p.back || more))
        out->next = cursor_at(&p, r.items + size * (r.n - 1));
    if (r.n && (p.from || p.skip || (p.back && more)) && !(p.back && !more))
        out->prev = cursor_at(&p, r.items);
    return ST_OK;
}

enum { GROWS_MS = 100, GROWS_ROWS = 2048 };

/* Steps through what matches and says every now and then how many there are so far. */
static enum status count_growing(struct ctx *c, struct stmt *s, int64_t *out)
{
    int64_t told = clock_mono();
    while (db_row(s)) {
        if (++*out % GROWS_ROWS || clock_mono() - told < GROWS_MS)
            continue;
        told = clock_mono();
        c->progress(c->progress_arg, *out, 0);
    }
    return db_end(s, c->e);
}

/* Counts the rows of the scope, or a part of it, that match. */
static enum status count_part(struct plan *p, const struct sql *scope, int64_t *out)
{
    struct sql cond, q;
    sql_init(&cond, p->c->arena);
    sql_init(&q, p->c->arena);
    enum status st = sql_condition(p, &cond);           /* says if the side table is needed */
    bool growing = p->c->progress && p->cond;
    sql_add(&q, growing ? "select 1 from " : "select count(*) from ");
    sql_from(p, &q);
    sql_append(&q, scope);
    sql_append(&q, &cond);
    if (!st && growing) {
        st = count_growing(p->c, sql_query(&q, p->c->db), out);
    } else if (!st) {
        struct stmt *s = sql_query(&q, p->c->db);
        *out += db_row(s) ? db_int(s, 0) : 0;
        st = db_end(s, p->c->e);
    }
    sql_release(&cond);
    sql_release(&q);
    return st;
}

/* Leads are counted in two parts that have none in common, each by its own index: those of the
 * branches, and those of others that wait in a pool seen from below. */
enum status query_count(struct ctx *c, const struct noun *noun, const char *where, int64_t *out)
{
    struct plan p;
    struct query in = { .where = where, .limit = NONE };
    enum status st = plan_make(&p, c, noun, &in);
    if (st)
        return st;
    struct sql scope, others;
    sql_init(&scope, c->arena);
    sql_init(&others, c->arena);
    p.shape.nattrs = 0;
    p.ordered = false;
    p.from_side = c->who->see_all && !plan_narrow(&p) && !p.gram && lang_needs_side(p.cond);
    *out = 0;
    if (noun == &lead_noun)
        actor_scope_by_branch(c->who, "t", &scope);
    else
        resolve_scope(c, noun, true, &scope);
    st = count_part(&p, &scope, out);
    if (!st && plan_pools(&p)) {
        actor_scope_by_pool(c->who, "t", &others);
        st = count_part(&p, &others, out);
    }
    sql_release(&scope);
    sql_release(&others);
    return st;
}

enum status query_from(struct ctx *c, const struct noun *noun, const char *where, struct sql *q)
{
    struct plan p;
    struct sql cond;
    struct query in = { .where = where, .limit = NONE };
    enum status st = plan_make(&p, c, noun, &in);
    if (st)
        return st;
    p.shape.nattrs = 0;
    p.ordered = false;
    sql_init(&cond, c->arena);
    st = sql_condition(&p, &cond);
    sql_add(q, "from ");
    sql_from(&p, q);
    resolve_scope(c, noun, !plan_narrow(&p) && !p.gram, q);
    sql_append(q, &cond);
    sql_release(&cond);
    return st;
}
