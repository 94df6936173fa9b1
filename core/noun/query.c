#include "core/noun/query.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/lang.h"
#include "core/noun/resolve.h"

enum { STREAMS_MOST = 48 };

/* Bytes of a text in a cursor, and of a cursor: LANG_SORTS texts, each with its length, and the id. */
enum { CURSOR_TEXT = 256, CURSOR_MAX = 4000 };

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

/* ---- the plan ----------------------------------------------------------------------------------------- */

/* The value of one sort key in a cursor. */
struct key_value {
    char type;              /* i, d, t; T: the start of a longer text; n: empty */
    int64_t i;
    double d;
    const char *s;
};

/* What one stream of several is of: a branch, what waits in a pool (of any branch), or all of a pool. */
struct source { int64_t id; enum { OF_BRANCH, OF_WAITING, OF_POOL } of; };

struct plan {
    struct ctx *c;
    const struct noun *noun;
    struct shape shape;
    struct lang_env env;
    struct cond *cond;
    struct lang_sort *sort;
    size_t nsort;
    bool side;              /* the side table is needed */
    struct source *sources; /* one stream each, merged; NULL: one stream for all */
    size_t nsources;
    bool small;             /* the scope has few rows, and finds them */
    bool ordered;           /* the order's index drives, the condition sifts what it gives */
    const char *gram;       /* a part of a name that few have drives; NULL: none */
    const char *sieve;      /* a part of a name that many have: tried before a row is read; NULL: none */
    bool back;
    struct key_value *from; /* of the cursor; NULL: from the start */
    int64_t from_id;
    int64_t limit, skip;
};

static enum status bad_cursor(struct plan *p)
{
    return fail_field(p->c->e, ST_INVALID, "cursor", "list.cursor", NULL);
}

/* Is a field fixed whose rows are few, or stand in the list's order under it? */
static bool narrow(const struct plan *p)
{
    static const char *const fields[] = { "owner", "pool", "branch", "person",
                                          "phone", "id",   "no",     "external_id" };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (lang_fixes(p->cond, fields[i]))
            return true;
    return false;
}

static bool by_id(const struct plan *p)
{
    return p->nsort == 1 && p->sort[0].name.field == p->noun->rec->fields;
}

static bool by_sorted(const struct plan *p)
{
    return p->nsort == 1 && p->sort[0].name.field && (p->sort[0].name.field->flags & FIELD_SORT);
}

/* Do the ids of rows that are equal fall? Only where an index is read from its end, whether or
 * not this list is read from it. */
static bool ids_fall(const struct plan *p)
{
    return (by_id(p) || by_sorted(p)) && p->sort[0].desc;
}

static const struct cond *find_test(const struct cond *c, const char *field, enum cond_op op)
{
    if (c && c->kind == COND_TEST)
        return c->name.field && c->op == op && strcmp(c->name.field->name, field) == 0 ? c : NULL;
    for (size_t i = 0; c && c->kind == COND_AND && i < c->nkids; i++) {
        const struct cond *found = find_test(c->kids[i], field, op);
        if (found)
            return found;
    }
    return NULL;
}

/* Tasks that are done lie in no index. */
static bool in_index(const struct plan *p)
{
    const struct cond *state = p->noun == &task_noun ? find_test(p->cond, "state", OP_EQ) : NULL;
    return p->noun != &task_noun || (state && strcmp(state->values[0].s, "open") == 0);
}

/* Does an index lead with the key, so that both halves can be stepped in order? */
static bool indexed(const struct plan *p)
{
    return by_id(p) || (by_sorted(p) && in_index(p));
}

/* At most one row: nothing to sort. (An external id may be that of a few old leads.) */
static bool single(const struct plan *p)
{
    return lang_fixes(p->cond, "id") || (p->noun == &lead_noun && lang_fixes(p->cond, "no"));
}

/* The pools whose leads he sees wherever they are. */
static size_t pools_seen(const struct plan *p)
{
    return p->noun == &lead_noun ? p->c->who->npools : 0;
}

/* One stream a branch or pool pays where an index (branch, key, id) serves the order and nothing
 * narrower is fixed. */
static bool mergeable(const struct plan *p)
{
    return p->noun->scope && p->noun != &pool_noun && by_sorted(p) && indexed(p) &&
           strcmp(p->noun->scope, "id") != 0 && !narrow(p) && !p->gram;
}

static void add_sources(struct plan *p, const int64_t *ids, size_t n, int of)
{
    for (size_t i = 0; i < n; i++) {
        p->sources[p->nsources].id = ids[i];
        p->sources[p->nsources++].of = of;
    }
}

/* All pools, for one who sees them all and asks for leads that are in one: in the order of the time
 * left those may come behind half a million that are not. */
static enum status take_pools(struct plan *p)
{
    struct stmt *s = db_query(p->c->db, "select id from pool limit $1", "i", (int64_t)STREAMS_MOST + 1);
    size_t n = 0;
    p->sources = arena_array(p->c->arena, struct source, STREAMS_MOST + 1);
    for (; db_row(s); n++)
        p->sources[n] = (struct source){ db_int(s, 0), OF_POOL };
    if (n <= STREAMS_MOST)
        p->nsources = n;
    else
        p->sources = NULL;
    return db_end(s, p->c->e);
}

static enum status find_sources(struct plan *p)
{
    const struct actor *who = p->c->who;
    size_t branches = who->nbranches, pools = pools_seen(p);
    if (!mergeable(p))
        return ST_OK;
    if (who->see_all)
        return p->noun == &lead_noun && strcmp(p->sort[0].name.field->name, "left_at") == 0 &&
                       find_test(p->cond, "pool", OP_SET) ? take_pools(p) : ST_OK;
    if (branches + pools > STREAMS_MOST)
        return ST_OK;
    p->sources = arena_array(p->c->arena, struct source, branches + pools + 1);
    add_sources(p, who->branches, branches, OF_BRANCH);
    add_sources(p, who->pools, pools, OF_WAITING);
    return ST_OK;
}

static void want_attr(struct plan *p, struct attr_def *attrs, const struct attr_def *one)
{
    for (size_t i = 0; i < p->shape.nattrs; i++)
        if (attrs[i].id == one->id)
            return;
    assert(p->shape.nattrs < p->env.nattrs);
    attrs[p->shape.nattrs++] = *one;
}

static enum status want_columns(struct plan *p, const char *columns)
{
    const struct record *r = p->noun->rec;
    bool *want = arena_array(p->c->arena, bool, r->nfields);
    struct attr_def *attrs = arena_array(p->c->arena, struct attr_def, p->env.nattrs + 1);
    p->shape.want = want;
    p->shape.attrs = attrs;
    for (const char *s = columns; *s;) {
        size_t len = strcspn(s, ",");
        struct lang_name name;
        enum status st = lang_name_find(&p->env, arena_strndup(p->c->arena, s, len), &name, p->c->e);
        if (st)
            return st;
        if (name.field)
            want[name.field - r->fields] = true;
        else
            want_attr(p, attrs, name.attr);
        s += len + (s[len] == ',');
    }
    for (size_t i = 0; i < p->nsort; i++)       /* cursors are made from what was read */
        if (p->sort[i].name.field)
            want[p->sort[i].name.field - r->fields] = true;
        else
            want_attr(p, attrs, p->sort[i].name.attr);
    return ST_OK;
}

/* ---- what drives -------------------------------------------------------------------------------------- */

/* SQLite knows no LIMIT when it chooses between an index that serves the order and one that
 * serves the condition, and takes the latter: for a page of a stage that 100,000 leads are in it
 * sorts them all. So we choose. Where the rows of a condition are few (looked up in its index,
 * up to this many) they are sorted, else the order's index drives. */
enum { FEW = 2000 };

/* Are there fewer than FEW rows of that? */
static enum status are_few(struct plan *p, struct sql *rows, bool *few)
{
    struct sql q;
    sql_init(&q, p->c->arena);
    sql_add(&q, "select count(*) from (");
    sql_append(&q, rows);
    sql_addf(&q, " limit %d) few", FEW);
    struct stmt *s = sql_query(&q, p->c->db);
    *few = db_row(s) && db_int(s, 0) < FEW;
    enum status st = db_end(s, p->c->e);
    sql_release(&q);
    return st;
}

static enum status stage_is_few(struct plan *p, const struct cond *test, bool *few)
{
    struct sql rows;
    sql_init(&rows, p->c->arena);
    sql_addf(&rows, "select 1 from %s t where ", p->noun->table);
    enum status st = lang_compile(test, &p->env, "t", &rows, NULL, p->c->e);
    if (!st)
        st = are_few(p, &rows, few);
    sql_release(&rows);
    return st;
}

/* The first two characters of what the name contains, or the one that there is. */
static const char *first_gram(struct arena *a, const char *text)
{
    const char *key = text_key(a, text);
    size_t n = strlen(key), one, two;
    text_char(key, n, &one);
    text_char(key + one, n - one, &two);
    return arena_strndup(a, key, one + two);
}

static enum status gram_is_few(struct plan *p, const char *gram, bool *few)
{
    struct sql rows;
    sql_init(&rows, p->c->arena);
    sql_add(&rows, "select 1 from lead_gram where gram = ");
    sql_text(&rows, gram);
    enum status st = are_few(p, &rows, few);
    sql_release(&rows);
    return st;
}

/* No index has a branch's leads by id: those of a small scope are sorted, else all leads are
 * stepped through. */
static enum status scope_is_few(struct plan *p, bool *few)
{
    struct sql rows;
    if (p->c->who->see_all)
        return ST_OK;
    sql_init(&rows, p->c->arena);
    sql_addf(&rows, "select 1 from %s t where ", p->noun->table);
    resolve_scope(p->c, p->noun, true, &rows);
    enum status st = are_few(p, &rows, few);
    sql_release(&rows);
    return st;
}

static enum status choose(struct plan *p)
{
    const struct cond *name = find_test(p->cond, "name", OP_CONTAINS),
                      *stage = find_test(p->cond, "stage", OP_EQ);
    enum status st = ST_OK;
    bool few = false;
    if (p->noun != &lead_noun || narrow(p) || (!p->cond && (!by_id(p) || p->c->who->see_all)))
        return ST_OK;
    if (name) {
        const char *gram = first_gram(p->c->arena, name->values[0].s);
        st = *gram ? gram_is_few(p, gram, &few) : ST_OK;
        if (few)
            p->gram = gram;
        else if (*gram)
            p->sieve = gram;
    }
    if (by_id(p) && stage)
        return st;                      /* the stage's index goes on by id */
    if (!st && !few && by_id(p)) {
        st = scope_is_few(p, &few);
        p->small = few;
    } else if (!st && !few && stage && indexed(p))
        st = stage_is_few(p, stage, &few);
    p->ordered = !few && indexed(p);
    return st;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static enum status plan_make(struct plan *p, struct ctx *c, const struct noun *noun, const struct query *in)
{
    *p = (struct plan){ .c = c, .noun = noun, .shape = { .noun = noun } };
    enum status st = resolve_env(c, noun, &p->env);
    if (!st)
        st = lang_parse(c->arena, in->where ? in->where : "", &p->env, &p->cond, c->e);
    if (!st)
        st = lang_sort_parse(c->arena, in->sort ? in->sort : noun->sort, &p->env, &p->sort, &p->nsort, c->e);
    if (st)
        return st;
    if (p->nsort && p->sort[0].name.field == noun->rec->fields)
        p->nsort = 1;                   /* nothing is equal to decide */
    if (in->columns) {
        st = want_columns(p, in->columns);
    } else {
        p->shape.attrs = p->env.attrs;
        p->shape.nattrs = p->env.nattrs;
    }
    if (!st)
        st = choose(p);
    if (!st)
        st = find_sources(p);
    p->back = in->back == 1;
    p->limit = in->limit == NONE || in->limit == 0 ? PAGE_DEFAULT : in->limit;
    if (p->limit > PAGE_MOST)
        p->limit = PAGE_MOST;
    p->skip = in->skip == NONE ? 0 : in->skip;
    return st;
}

/* ---- cursors ------------------------------------------------------------------------------------------ */

/* "i42|n|t3:abc|ID": one value a sort key, then the id. Of a long text the start stands there:
 * the rest is read again from the row. */
static void cursor_put(struct buf *out, const struct key_value *v)
{
    switch (v->type) {
    case 'i': buf_addf(out, "i%" PRId64 "|", v->i); break;
    case 'd': buf_addf(out, "d%a|", v->d); break;
    case 't': {
        size_t len = strlen(v->s), cut = text_cut(v->s, CURSOR_TEXT);
        buf_addf(out, "%c%zu:%.*s|", cut < len ? 'T' : 't', cut, (int)cut, v->s);
        break;
    }
    default: buf_adds(out, "n|");
    }
}

static const char *cursor_take(struct arena *a, const char *s, struct key_value *v)
{
    char *end = NULL;
    v->type = *s++;
    if (v->type == 'i') {
        v->i = strtoll(s, &end, 10);
    } else if (v->type == 'd') {
        v->d = strtod(s, &end);
    } else if (v->type == 't' || v->type == 'T') {
        size_t len = strtoul(s, &end, 10);
        if (*end != ':' || strlen(end + 1) < len)
            return NULL;
        v->s = arena_strndup(a, end + 1, len);
        end += 1 + len;
    } else if (v->type == 'n') {
        end = (char *)(uintptr_t)s;
    }
    return end && *end == '|' ? end + 1 : NULL;
}

/* The value that the order compares, of a record that was read. References are ordered by
 * code_key and other keyed texts by their key: both come from the row by text_key. */
static struct key_value key_of(struct arena *a, const struct lang_sort *s, void *rec)
{
    const struct field *f = s->name.field;
    if (!f) {
        struct attrs *attrs = NULL;
        for (size_t i = 0; i < lead_noun.rec->nfields; i++)
            if (lead_noun.rec->fields[i].type == F_ATTRS)
                attrs = field_attrs(&lead_noun.rec->fields[i], rec);
        const struct attr *x = attrs ? attr_get(attrs, s->name.attr->key) : NULL;
        if (!x)
            return (struct key_value){ .type = 'n' };
        if (x->def->type == F_NUMBER)
            return (struct key_value){ .type = isnan(x->d) ? 'n' : 'd', .d = x->d };
        if (x->def->type == F_TIME || x->def->type == F_FLAG)
            return (struct key_value){ .type = x->i == NONE ? 'n' : 'i', .i = x->i };
        return (struct key_value){ .type = x->s ? 't' : 'n',
                                   .s = x->def->type == F_TEXT ? text_key(a, x->s) : x->s };
    }
    switch (f->type) {
    case F_ID: case F_INT: case F_MONEY: case F_TIME: case F_FLAG:
        return (struct key_value){ .type = *field_int(f, rec) == NONE ? 'n' : 'i', .i = *field_int(f, rec) };
    case F_NUMBER:
        return (struct key_value){ .type = isnan(*field_number(f, rec)) ? 'n' : 'd',
                                   .d = *field_number(f, rec) };
    case F_REF:
        return (struct key_value){ .type = field_ref(f, rec)->id ? 'i' : 'n', .i = field_ref(f, rec)->id };
    default: {
        const char *t = *field_text(f, rec);
        return (struct key_value){ .type = t ? 't' : 'n', .s = f->flags & FIELD_KEYED ? text_key(a, t) : t };
    }
    }
}

/* The values of the order of a row that the caller may see. ST_NOT_FOUND when there is none. */
static enum status keys_of_row(const struct plan *p, int64_t id, struct key_value *keys)
{
    struct plan one = { .c = p->c,
                        .noun = p->noun,
                        .env = p->env,
                        .shape = { .noun = p->noun },
                        .sort = p->sort,
                        .nsort = p->nsort };
    struct ctx *c = p->c;
    void *rec = record_new(p->noun->rec, c->arena);
    struct sql q;
    enum status st = want_columns(&one, "");
    sql_init(&q, c->arena);
    sql_add(&q, "select ");
    row_columns(&q, &one.shape);
    sql_add(&q, " from ");
    row_from(&q, &one.shape, false);
    sql_add(&q, " where t.id = ");
    sql_int(&q, id);
    sql_add(&q, " and ");
    resolve_scope(c, p->noun, false, &q);
    struct stmt *s = sql_query(&q, c->db);
    bool there = !st && db_row(s);
    if (there && row_read(c->db, s, 0, &one.shape, &c->who->lens, c->arena, rec, c->e) < 0)
        st = c->e->status;
    enum status end = db_end(s, st ? NULL : c->e);
    sql_release(&q);
    for (size_t i = 0; there && i < p->nsort; i++)
        keys[i] = key_of(c->arena, &p->sort[i], rec);
    return st ? st : end ? end : there ? ST_OK : ST_NOT_FOUND;
}

/* The whole of the texts that were cut. Where the row has another by now, the place is the one
 * from which no row is skipped. */
static enum status cursor_fill(struct plan *p)
{
    struct key_value *now = arena_array(p->c->arena, struct key_value, p->nsort + 1);
    enum status st = keys_of_row(p, p->from_id, now);
    if (st && st != ST_NOT_FOUND)
        return st;
    for (size_t i = 0; i < p->nsort; i++) {
        struct key_value *v = &p->from[i];
        if (v->type != 'T')
            continue;
        v->type = 't';
        if (!st && now[i].type == 't' && strncmp(now[i].s, v->s, strlen(v->s)) == 0)
            v->s = now[i].s;
        else if (p->sort[i].desc != p->back)            /* read downwards: from behind all that begin so */
            v->s = arena_printf(p->c->arena, "%s\xf4\x8f\xbf\xbf", v->s);
    }
    return ST_OK;
}

/* A cursor of a list in another order has values of other types. */
static bool fits(const struct lang_sort *s, const struct key_value *v)
{
    enum ftype t = s->name.field ? s->name.field->type : s->name.attr->type;
    bool words = t == F_TEXT || t == F_CHOICE;
    switch (v->type) {
    case 'n': return true;
    case 'd': return t == F_NUMBER;
    case 'i': return t != F_NUMBER && !words;
    default: return words;
    }
}

static enum status cursor_read(struct plan *p, const char *text)
{
    bool cut = false;
    p->from = arena_array(p->c->arena, struct key_value, p->nsort + 1);
    for (size_t i = 0; i < p->nsort; i++) {
        text = cursor_take(p->c->arena, text, &p->from[i]);
        if (!text || !fits(&p->sort[i], &p->from[i]))
            return bad_cursor(p);
        cut |= p->from[i].type == 'T';
    }
    char *end;
    p->from_id = strtoll(text, &end, 10);
    if (*end || end == text)
        return bad_cursor(p);
    return cut ? cursor_fill(p) : ST_OK;
}

static const char *cursor_at(struct plan *p, void *rec)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < p->nsort; i++) {
        struct key_value v = key_of(p->c->arena, &p->sort[i], rec);
        cursor_put(&out, &v);
    }
    buf_addf(&out, "%" PRId64, *(int64_t *)rec);
    const char *text = arena_strdup(p->c->arena, out.s);
    buf_release(&out);
    return text;
}

const char *query_cursor(struct ctx *c, const struct noun *noun, const char *sort, void *rec)
{
    struct plan p;
    struct query q = { .sort = sort, .limit = NONE };
    return plan_make(&p, c, noun, &q) ? NULL : cursor_at(&p, rec);
}

/* ---- SQL ---------------------------------------------------------------------------------------------- */

static void sort_column(struct sql *q, const struct lang_sort *s)
{
    lang_column(q, s->name, "t", true);
}

/* References order by id: rows of one owner stand together, and the index serves. */
static void put_value(struct sql *q, const struct key_value *v)
{
    if (v->type == 't')
        sql_text(q, v->s);
    else if (v->type == 'd')
        sql_num(q, v->d);
    else
        sql_int(q, v->i);
}

/* Rows strictly beyond the cursor in reading direction, empty last in the list's order:
 * (k1 beyond) or (k1 equal and k2 beyond) or ... or (all equal and id beyond). */
static void beyond(struct sql *q, const struct plan *p, size_t i)
{
    if (i == p->nsort) {
        sql_addf(q, "t.id %s ", ids_fall(p) != p->back ? "<" : ">");
        sql_int(q, p->from_id);
        return;
    }
    const struct lang_sort *s = &p->sort[i];
    const struct key_value *v = &p->from[i];
    const char *than = s->desc != p->back ? "<" : ">";
    sql_add(q, "(");
    if (v->type == 'n') {
        if (p->back) {              /* all that have a value stand before the empty ones */
            sort_column(q, s);
            sql_add(q, " is not null or ");
        }
        sort_column(q, s);
        sql_add(q, " is null and ");
    } else {
        sort_column(q, s);
        sql_addf(q, " %s ", than);
        put_value(q, v);
        if (!p->back) {
            sql_add(q, " or ");
            sort_column(q, s);
            sql_add(q, " is null");
        }
        sql_add(q, " or ");
        sort_column(q, s);
        sql_add(q, " = ");
        put_value(q, v);
        sql_add(q, " and ");
    }
    beyond(q, p, i + 1);
    sql_add(q, ")");
}

static enum status add_condition(struct plan *p, struct sql *q)
{
    if (!p->cond)
        return ST_OK;
    sql_add(q, " and (");
    p->env.sifts = p->ordered;
    enum status st = lang_compile(p->cond, &p->env, "t", q, &p->side, p->c->e);
    sql_add(q, ")");
    return st;
}

/* "lead t", with what drives before it: a cross join is done from left to right. The condition
 * has been compiled before, so that side is known. */
static void add_from(const struct plan *p, struct sql *q)
{
    if (p->gram)
        sql_add(q, "lead_gram g cross join ");
    row_from(q, &p->shape, p->side);
    sql_add(q, " where ");
    if (p->gram) {
        sql_add(q, "g.gram = ");
        sql_text(q, p->gram);
        sql_add(q, " and t.id = g.lead_id and ");
    }
    if (p->ordered && p->sieve) {
        sql_add(q, "exists (select 1 from lead_gram n where n.gram = ");
        sql_text(q, p->sieve);
        sql_add(q, " and n.lead_id = t.id) and ");
    }
}

static void add_head(const struct plan *p, struct sql *q)
{
    sql_add(q, "select ");
    row_columns(q, &p->shape);
    sql_add(q, " from ");
    add_from(p, q);
}

/* An index-ordered list is read in parts, each a plain range of the index: behind a cursor first what
 * has the same key as its row (TIES), then what lies beyond (REST), and last, or backwards first,
 * what has no key (EMPTY). As one range, (key, id) > ($1, $2), SQLite would step through all rows of
 * that key, and a Monday can have thousands. */
enum part { TIES, REST, EMPTY };

/* The range of one part, behind the cursor if there is one. */
static void add_range(const struct plan *p, struct sql *where, enum part part)
{
    const struct lang_sort *s = &p->sort[0];
    const char *than = s->desc != p->back ? "<" : ">";
    bool from = p->from && (p->from[0].type == 'n') == (part == EMPTY);
    if (!by_id(p)) {
        sql_add(where, " and ");
        sort_column(where, s);
        if (part == EMPTY)
            sql_add(where, " is null");
        else if (!from)
            sql_add(where, " is not null");
        else {
            sql_addf(where, " %s ", part == TIES ? "=" : than);
            put_value(where, &p->from[0]);
        }
    }
    if (from && (by_id(p) || part != REST)) {
        sql_addf(where, " and t.id %s ", than);
        sql_int(where, p->from_id);
    }
}

static void add_source(const struct plan *p, const struct source *of, struct sql *where)
{
    sql_addf(where, "t.%s = ", of->of == OF_BRANCH ? p->noun->scope : "pool_id");
    sql_int(where, of->id);
    if (of->of == OF_WAITING)
        sql_add(where, " and t.open = 1");
}

/* One part of an index-ordered stream: of one source it gives id and key before the row's columns,
 * for the merge; with `of` NULL it is the whole scope's. */
static enum status add_stream(struct plan *p, struct sql *q, const struct source *of, enum part part)
{
    const struct lang_sort *s = &p->sort[0];
    const char *dir = s->desc != p->back ? " desc" : "";
    struct sql where;
    sql_init(&where, p->c->arena);
    if (of)
        add_source(p, of, &where);
    else
        resolve_scope(p->c, p->noun, p->small, &where);
    add_range(p, &where, part);
    enum status st = add_condition(p, &where);
    sql_add(q, "select ");
    if (of) {
        sql_add(q, "t.id, ");
        sort_column(q, s);
        sql_add(q, ", ");
    }
    row_columns(q, &p->shape);
    sql_add(q, " from ");
    add_from(p, q);
    sql_append(q, &where);
    sql_release(&where);
    if (!single(p)) {
        sql_add(q, " order by ");
        if (part == REST && !by_id(p)) {
            sort_column(q, s);
            sql_addf(q, "%s, ", dir);
        }
        sql_addf(q, "t.id%s", dir);
    }
    sql_add(q, " limit ");
    sql_int(q, p->skip + p->limit + 1);
    return st;
}

/* Any order, by sorting. */
static enum status add_sorted(struct plan *p, struct sql *q)
{
    struct sql where;
    sql_init(&where, p->c->arena);
    resolve_scope(p->c, p->noun, !narrow(p) && !p->gram, &where);
    if (p->from) {
        sql_add(&where, " and ");
        beyond(&where, p, 0);
    }
    enum status st = add_condition(p, &where);
    add_head(p, q);
    sql_append(q, &where);
    sql_release(&where);
    sql_add(q, " order by ");
    for (size_t i = 0; i < p->nsort; i++) {
        const char *dir = p->sort[i].desc != p->back ? " desc" : "";
        sort_column(q, &p->sort[i]);
        sql_addf(q, " is null%s, ", p->back ? " desc" : "");
        sort_column(q, &p->sort[i]);
        sql_addf(q, "%s, ", dir);
    }
    sql_addf(q, "t.id%s limit ", ids_fall(p) != p->back ? " desc" : "");
    sql_int(q, p->skip + p->limit + 1);
    return st;
}

/* ---- running ------------------------------------------------------------------------------------------ */

struct rows { struct plan *p; char *items; size_t n; int64_t skipped; };

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
        if (!skips(r) && row_read(p->c->db, s, 0, &p->shape, &p->c->who->lens, p->c->arena,
                                  add_row(r), p->c->e) < 0)
            st = p->c->e->status;
    enum status end = db_end(s, st ? NULL : p->c->e);
    return st ? st : end;
}

/* One statement gives all: a part of the index-ordered list, or the whole by sorting. */
static enum status run_one(struct rows *r, bool sorted, enum part part)
{
    struct sql q;
    sql_init(&q, r->p->c->arena);
    enum status st = sorted ? add_sorted(r->p, &q) : add_stream(r->p, &q, NULL, part);
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
    const struct plan *p = r->p;
    return row_read(p->c->db, s->s, BEFORE_ROW, &p->shape, &p->c->who->lens, p->c->arena, add_row(r),
                    p->c->e) < 0 ? p->c->e->status : ST_OK;
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
            st = add_stream(p, &q, x, part);
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
    bool required = by_id(p) || (p->sort[0].name.field->flags & FIELD_REQUIRED);
    bool from_empty = p->from && p->from[0].type == 'n';
    switch (part) {
    case TIES: return p->from && !from_empty && !by_id(p);
    case REST: return p->back || !from_empty;
    default: return !required && (!p->back || !p->from || from_empty);
    }
}

static enum status run_plan(struct rows *r)
{
    static const enum part forward[] = { TIES, REST, EMPTY }, backward[] = { EMPTY, TIES, REST };
    struct plan *p = r->p;
    if (!indexed(p))
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
    enum status st = keys_of_row(p, id, keys);
    if (st)
        return st == ST_NOT_FOUND ? ST_OK : st;         /* it left: the list from its start */
    p->from = keys;
    p->from_id = ids_fall(p) ? id + 1 : id - 1;
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
    struct rows r = { .p = &p };
    if (!st)
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

/* Counts the rows of the scope, or a part of it, that match. */
static enum status count_part(struct plan *p, const struct sql *scope, int64_t *out)
{
    struct sql cond, q;
    sql_init(&cond, p->c->arena);
    sql_init(&q, p->c->arena);
    enum status st = add_condition(p, &cond);           /* says if the side table is needed */
    sql_add(&q, "select count(*) from ");
    add_from(p, &q);
    sql_append(&q, scope);
    sql_append(&q, &cond);
    if (!st) {
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
    *out = 0;
    if (noun == &lead_noun)
        actor_scope_by_branch(c->who, "t", &scope);
    else
        resolve_scope(c, noun, true, &scope);
    st = count_part(&p, &scope, out);
    if (!st && pools_seen(&p)) {
        actor_scope_by_pool(c->who, "t", &others);
        st = count_part(&p, &others, out);
    }
    sql_release(&scope);
    sql_release(&others);
    return st;
}
