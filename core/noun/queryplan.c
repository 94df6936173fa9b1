/* queryplan.c - how a list is read: by which index, in how many streams, what the condition may drive. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "core/noun/masked.h"
#include "core/noun/queryplan.h"
#include "core/noun/resolve.h"

enum { STREAMS_MOST = 48 };

/* ---- what it is like ----------------------------------------------------------------------------------- */

bool plan_narrow(const struct plan *p)
{
    static const char *const fields[] = { "owner", "pool", "branch", "person",
                                          "phone", "id",   "no",     "external_id" };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (lang_fixes(p->cond, fields[i]))
            return true;
    return false;
}

bool plan_by_id(const struct plan *p)
{
    return p->nsort == 1 && p->sort[0].name.field == p->noun->rec->fields;
}

static bool by_sorted(const struct plan *p)
{
    return p->nsort == 1 && p->sort[0].name.field && (p->sort[0].name.field->flags & FIELD_SORT);
}

bool plan_ids_fall(const struct plan *p)
{
    return (plan_by_id(p) || by_sorted(p)) && p->sort[0].desc;
}

/* Is it the row's own field, as it stands? */
static bool is_own(struct lang_name n, const char *field)
{
    return n.field && !n.via && !n.span && !n.bucket && strcmp(n.field->name, field) == 0;
}

static const struct cond *find_test(const struct cond *c, const char *field, enum cond_op op)
{
    if (c && c->kind == COND_TEST)
        return c->op == op && is_own(c->name, field) ? c : NULL;
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

bool plan_indexed(const struct plan *p)
{
    return plan_by_id(p) || (by_sorted(p) && in_index(p));
}

/* At most one row: nothing to sort. (An external id may be that of a few old leads.) */
bool plan_single(const struct plan *p)
{
    return lang_fixes(p->cond, "id") || (p->noun == &lead_noun && lang_fixes(p->cond, "no"));
}

size_t plan_pools(const struct plan *p)
{
    return p->noun == &lead_noun ? p->c->who->npools : 0;
}

/* One stream a branch or pool pays where an index (branch, key, id) serves the order and nothing
 * narrower is fixed. */
static bool mergeable(const struct plan *p)
{
    return p->noun->scope && p->noun != &pool_noun && by_sorted(p) && plan_indexed(p) &&
           strcmp(p->noun->scope, "id") != 0 && !plan_narrow(p) && !p->gram;
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
    size_t branches = who->nbranches, pools = plan_pools(p);
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

enum status plan_columns(struct plan *p, const char *columns)
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

/* The first two characters of what the name contains, or the one that there is. "" where the grams can't
 * tell: one letter may be an initial (no syllable begins with i, u or v), of which only pairs are grams. */
static const char *first_gram(struct arena *a, const char *text)
{
    const char *key = text_key(a, text);
    size_t n = strlen(key), one, two;
    if (n == 1 && *key >= 'a' && *key <= 'z' && !strchr("iuv", *key))
        return "";
    text_char(key, n, &one);
    text_char(key + one, n - one, &two);
    return arena_strndup(a, key, one + two);
}

/* What the name is to contain. Letters that it is to begin with are contained too, and no index has the names
 * that begin so by their initials. */
static const struct cond *name_test(const struct plan *p)
{
    const struct cond *test = find_test(p->cond, "name", OP_CONTAINS);
    if (test)
        return test;
    test = find_test(p->cond, "name", OP_STARTS);
    const char *key = test ? text_key(p->c->arena, test->values[0].s) : "";
    return *key && !key[strspn(key, "abcdefghijklmnopqrstuvwxyz")] ? test : NULL;
}

static enum status gram_is_few(struct plan *p, const char *gram, bool *few)
{
    struct sql rows;
    sql_init(&rows, p->c->arena);
    sql_named(p, gram, "union all", &rows);
    enum status st = are_few(p, &rows, few);
    sql_release(&rows);
    return st;
}

static enum status find_due(struct plan *p)
{
    int64_t any = NONE;
    enum status st = db_get_int(p->c->db, p->c->e, &any, "select 1 from lead_gram_due limit 1", "");
    p->due = any != NONE;
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
    const struct cond *name = name_test(p), *stage = find_test(p->cond, "stage", OP_EQ);
    enum status st = ST_OK;
    bool few = false;
    if (p->noun != &lead_noun || plan_narrow(p) || (!p->cond && (!plan_by_id(p) || p->c->who->see_all)))
        return ST_OK;
    if (name) {
        const char *gram = first_gram(p->c->arena, name->values[0].s);
        st = find_due(p);
        if (!st && *gram)
            st = gram_is_few(p, gram, &few);
        if (few)
            p->gram = gram;
        else if (*gram)
            p->sieve = gram;
    }
    if (plan_by_id(p) && stage)
        return st;                      /* the stage's index goes on by id */
    if (!st && !few && plan_by_id(p)) {
        st = scope_is_few(p, &few);
        p->small = few;
    } else if (!st && !few && stage && plan_indexed(p))
        st = stage_is_few(p, stage, &few);
    p->ordered = !few && plan_indexed(p);
    return st;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

enum status plan_make(struct plan *p, struct ctx *c, const struct noun *noun, const struct query *in)
{
    const char *sort = in->sort ? in->sort : noun->sort;
    *p = (struct plan){ .c = c, .noun = noun, .shape = { .noun = noun },
                        .list = { .name = noun->name, .order = sort, .where = in->where } };
    enum status st = resolve_may_read(c, noun);
    if (!st)
        st = resolve_env(c, noun, &p->env);
    if (!st)
        st = lang_parse(c->arena, in->where ? in->where : "", &p->env, &p->cond, c->e);
    if (!st)
        st = masked_ask(c, noun, p->cond);
    if (!st)
        st = lang_sort_parse(c->arena, sort, &p->env, &p->sort, &p->nsort, c->e);
    if (st)
        return st;
    if (p->nsort && p->sort[0].name.field == noun->rec->fields)
        p->nsort = 1;                   /* nothing is equal to decide */
    if (in->columns) {
        st = plan_columns(p, in->columns);
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
