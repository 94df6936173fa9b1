#include "core/noun/cost.h"

#include <string.h>

#include "base/i18n.h"
#include "core/noun/queryplan.h"
#include "core/noun/resolve.h"

static const struct field cost_fields[] = {
    FIELD_TEXT(struct cost, english, N_("in English")),
    FIELD_TEXT(struct cost, chinese, N_("in Chinese")),
    FIELD_TEXT(struct cost, cost, N_("cost")),
    FIELD_INT(struct cost, rows, N_("rows looked at")),
    FIELD_FLAG(struct cost, at_least, N_("there are more rows")),
    FIELD_INT(struct cost, tests, N_("tests")),
};
const struct record cost_record = RECORD(struct cost, "cost", cost_fields);

/* A number of rows; more than can be said when no index finds them. */
#define ALL INT64_MAX

static int64_t count_tests(const struct cond *t)
{
    if (!t)
        return 0;
    int64_t n = t->nkids ? 0 : 1;
    for (size_t i = 0; i < t->nkids; i++)
        n += count_tests(t->kids[i]);
    return n + (t->kind > COND_TEST && t->nkids ? 1 : 0);
}

static const char *print(struct plan *p, const char *lang)
{
    struct buf b = BUF_INIT;
    if (!p->cond)
        return NULL;
    lang_print(p->cond, &p->env, lang, &b);
    const char *text = arena_strdup(p->c->arena, b.s);
    buf_release(&b);
    return text;
}

/* How many rows the statement gives, up to most + 1. */
static enum status count_up_to(struct plan *p, struct sql *rows, int64_t most, int64_t *out)
{
    struct sql q;
    sql_init(&q, p->c->arena);
    sql_add(&q, "select count(*) from (");
    sql_append(&q, rows);
    sql_add(&q, " limit ");
    sql_int(&q, most + 1);
    sql_add(&q, ") some_rows");
    struct stmt *s = sql_query(&q, p->c->db);
    *out = db_row(s) ? db_int(s, 0) : 0;
    enum status st = db_end(s, p->c->e);
    sql_release(&q);
    return st;
}

static void select_from(struct plan *p, bool side, struct sql *q)
{
    struct shape bare = { .noun = p->noun };
    sql_add(q, "select 1 from ");
    row_from(q, &bare, side);
    sql_add(q, " where ");
}

/* ---- one test ----------------------------------------------------------------------------------------- */

/* Whether such a row is there is not to be told by its cost. */
static bool is_masked(struct plan *p, const struct cond *t)
{
    const struct field *f = t->name.field;
    return f && (f->type == F_SECRET || ((f->flags & FIELD_PII) && p->c->who->lens.mask_names));
}

static enum status rows_of_test(struct plan *p, const struct cond *t, int64_t *rows)
{
    struct sql cond, q;
    bool side = false, scans = true;
    sql_init(&cond, p->c->arena);
    sql_init(&q, p->c->arena);
    *rows = ALL;
    enum status st = lang_compile(t, &p->env, "t", &cond, &side, p->c->e);
    if (!st) {
        select_from(p, side, &q);
        sql_append(&q, &cond);
        st = db_scans(p->c->db, &q, "t", &scans, p->c->e);
    }
    if (!st && side && !scans)              /* from the side table to the other */
        st = db_scans(p->c->db, &q, LANG_SIDE, &scans, p->c->e);
    if (!st && !scans && is_masked(p, t)) {
        *rows = (int64_t)t->nvalues;
    } else if (!st && !scans) {
        sql_add(&q, " and ");
        resolve_scope(p->c, p->noun, false, &q);
        st = count_up_to(p, &q, COST_INDEX_ROWS, rows);
    }
    sql_release(&cond);
    sql_release(&q);
    return st;
}

/* ---- the condition ------------------------------------------------------------------------------------ */

static int64_t sum(int64_t a, int64_t b)
{
    return a == ALL || b == ALL ? ALL : a + b;
}

/* Of an `and` the index that finds fewest serves, of an `or` each of its parts needs one. */
static enum status rows_of(struct plan *p, const struct cond *t, int64_t *rows)
{
    enum status st = ST_OK;
    if (t->kind == COND_TEST)
        return rows_of_test(p, t, rows);
    *rows = t->kind == COND_OR ? 0 : ALL;
    for (size_t i = 0; i < t->nkids && !st && (t->kind == COND_AND || t->kind == COND_OR); i++) {
        int64_t part = ALL;
        if (t->kind == COND_OR && *rows == ALL)
            break;
        st = rows_of(p, t->kids[i], &part);
        if (t->kind == COND_OR)
            *rows = sum(*rows, part);
        else if (part < *rows)
            *rows = part;
    }
    return st;
}

static enum status rows_of_gram(struct plan *p, int64_t *rows)
{
    struct sql q;
    sql_init(&q, p->c->arena);
    sql_add(&q, "select 1 from ");
    sql_add(&q, "(");
    sql_named(p, p->gram, "union", &q);
    sql_add(&q, ") g cross join lead t where t.id = g.lead_id and ");
    resolve_scope(p->c, p->noun, false, &q);
    enum status st = count_up_to(p, &q, COST_INDEX_ROWS, rows);
    sql_release(&q);
    return st;
}

static enum status rows_of_scope(struct plan *p, int64_t *rows)
{
    struct sql q;
    sql_init(&q, p->c->arena);
    select_from(p, false, &q);
    resolve_scope(p->c, p->noun, true, &q);
    enum status st = count_up_to(p, &q, COST_SCAN_ROWS, rows);
    sql_release(&q);
    return st;
}

static enum status find_rows(struct plan *p, struct cost *out)
{
    int64_t rows = ALL;
    enum status st = ST_OK;
    if (p->gram)
        st = rows_of_gram(p, &rows);
    else if (p->cond)
        st = rows_of(p, p->cond, &rows);
    out->cost = rows == ALL ? "scan" : "index";
    int64_t most = rows == ALL ? COST_SCAN_ROWS : COST_INDEX_ROWS;
    if (!st && rows == ALL)
        st = rows_of_scope(p, &rows);
    out->at_least = rows > most;
    out->rows = out->at_least ? most : rows;
    return st;
}

enum status cost_of(struct ctx *c, const struct noun *noun, const char *where, struct cost *out)
{
    struct plan p;
    struct query q = { .where = where, .limit = NONE };
    struct sql whole;
    *out = (struct cost){ .at_least = 0 };
    enum status st = plan_make(&p, c, noun, &q);
    sql_init(&whole, c->arena);
    if (!st)                                /* all of it, as a list would have it */
        st = lang_compile(p.cond, &p.env, "t", &whole, NULL, c->e);
    sql_release(&whole);
    if (st)
        return st;
    out->english = print(&p, "en");
    out->chinese = print(&p, "zh_CN");
    out->tests = count_tests(p.cond);
    if (!plan_single(&p))
        return find_rows(&p, out);
    out->cost = "one";
    out->rows = 1;
    return ST_OK;
}
