/* compile.c - the tree as SQL.
 *
 * A comparison with a null column is null, and `not` would keep it so, where the language says
 * true. Outside any `not` a null filters like a false, so there comparisons stand plain and indexes
 * serve them; under a `not` (`exact`) each is made true or false first.
 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/lang/test.h"

struct compiler {
    const struct lang_env *env;
    const char *alias;
    struct sql *q;
    struct err *e;
    bool side;
};

/* One test and its column. */
struct term {
    struct compiler *c;
    const struct cond *test;
    const char *col;
};

/* Long chains are split in halves: SQLite refuses expressions deeper than 1,000. */
enum { CHAIN_MAX = 16 };

typedef enum status (*link_fn)(const void *chain, size_t i);

static enum status emit_chain(struct sql *q, const char *word, const void *chain, size_t from,
                              size_t to, link_fn link)
{
    enum status st = ST_OK;
    sql_add(q, "(");
    if (to - from > CHAIN_MAX) {
        size_t middle = from + (to - from) / 2;
        st = emit_chain(q, word, chain, from, middle, link);
        sql_add(q, word);
        st = st ? st : emit_chain(q, word, chain, middle, to, link);
    } else {
        for (size_t i = from; i < to && !st; i++) {
            sql_add(q, i > from ? word : "");
            st = link(chain, i);
        }
    }
    sql_add(q, ")");
    return st;
}

/* ---- values ---------------------------------------------------------------------------------- */

static const char *nearest_code(struct compiler *c, const char *noun, const char *word)
{
    const struct lang_resolver *r = c->env->resolver;
    const char *const *codes = r->codes ? r->codes(r->self, noun, c->q->arena) : NULL;
    struct near near;
    near_start(&near, word);
    for (; codes && *codes; codes++)
        near_try(&near, *codes, *codes);
    return near.found;
}

static enum status resolve(struct compiler *c, struct lang_name n, const struct value *v,
                           int64_t *id)
{
    const struct lang_resolver *r = c->env->resolver;
    char name[NAME_TEXT], number[NUMBER_TEXT];

    *id = c->env->me;
    if (v->kind == VAL_ME)
        return ST_OK;
    *id = 0;
    enum status st = r->ref(r->self, n.field->ref, v->s, id, c->e);
    if (st || *id)
        return st;
    return fail(c->e, ST_INVALID, "cond.unknown_value", name_text(n, name), v->s,
                nearest_code(c, n.field->ref, v->s), number_text(v->column, number), NULL);
}

/* Appends the placeholder of a value that stands for one moment, number or text. */
static enum status emit_value(const struct term *t, const struct value *v)
{
    const struct lang_resolver *r = t->c->env->resolver;
    struct lang_name n = t->test->name;
    struct sql *q = t->c->q;
    unsigned char hash[SECRET_HASH];
    enum status st = ST_OK;
    int64_t id;

    switch (name_type(n)) {
    case F_REF:
        st = resolve(t->c, n, v, &id);
        if (!st)
            sql_int(q, id);
        break;
    case F_SECRET:
        st = r->secret_index(r->self, n.field, v->s, hash, t->c->e);
        if (!st)
            sql_blob(q, hash, sizeof hash);
        break;
    case F_TEXT:
        sql_text(q, name_is_keyed(n) ? text_key(q->arena, v->s) : v->s);
        break;
    case F_CHOICE:
        sql_text(q, v->s);
        break;
    case F_NUMBER:
        sql_num(q, v->d);
        break;
    default:
        sql_int(q, v->kind == VAL_NOW ? clock_now() + v->i : v->i);
    }
    return st;
}

static bool is_day(const struct value *v)
{
    return v->kind == VAL_DAY || v->kind == VAL_TODAY;
}

/* The day's first moment and that of the next. */
static void day_bounds(const struct value *v, int64_t *from, int64_t *to)
{
    int64_t at = v->kind == VAL_DAY ? v->i : clock_day_add(clock_now(), (int)v->i);
    *from = clock_day(at);
    *to = clock_day_add(at, 1);
}

/* ---- comparisons ----------------------------------------------------------------------------- */

/* "col = v", a day as its range. */
static enum status emit_match(const void *term, size_t i)
{
    const struct term *t = term;
    const struct value *v = &t->test->values[i];
    struct sql *q = t->c->q;
    int64_t from, to;

    if (!is_day(v)) {
        sql_addf(q, "%s = ", t->col);
        return emit_value(t, v);
    }
    day_bounds(v, &from, &to);
    sql_addf(q, "(%s >= ", t->col);
    sql_int(q, from);
    sql_addf(q, " and %s < ", t->col);
    sql_int(q, to);
    sql_add(q, ")");
    return ST_OK;
}

static bool has_day(const struct cond *test)
{
    for (size_t i = 0; i < test->nvalues; i++)
        if (is_day(&test->values[i]))
            return true;
    return false;
}

/* The column is one of the values. */
static enum status emit_any(const struct term *t)
{
    const struct cond *test = t->test;
    if (test->nvalues == 1)
        return emit_match(t, 0);
    if (has_day(test))
        return emit_chain(t->c->q, " or ", t, 0, test->nvalues, emit_match);
    sql_addf(t->c->q, "%s in (", t->col);
    for (size_t i = 0; i < test->nvalues; i++) {
        sql_add(t->c->q, i ? ", " : "");
        enum status st = emit_value(t, &test->values[i]);
        if (st)
            return st;
    }
    sql_add(t->c->q, ")");
    return ST_OK;
}

static enum status emit_none(const struct term *t)
{
    sql_addf(t->c->q, "(%s is null or not ", t->col);
    enum status st = emit_any(t);
    sql_add(t->c->q, ")");
    return st;
}

/* Before a day is before its beginning, after it is from the next on. */
static enum status emit_order(const struct term *t)
{
    static const char *const symbols[] = { [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">",
                                           [OP_GE] = ">=" };
    const struct value *v = t->test->values;
    enum cond_op op = t->test->op;
    struct sql *q = t->c->q;
    int64_t from, to;

    if (!is_day(v)) {
        sql_addf(q, "%s %s ", t->col, symbols[op]);
        return emit_value(t, v);
    }
    day_bounds(v, &from, &to);
    sql_addf(q, "%s %s ", t->col, op == OP_LT || op == OP_LE ? "<" : ">=");
    sql_int(q, op == OP_LT || op == OP_GE ? from : to);
    return ST_OK;
}

/* ---- parts of texts -------------------------------------------------------------------------- */

/* The first text behind all that begin with s, NULL if there is none: s with its last character one
 * higher. */
static char *after_prefix(struct arena *a, const char *s)
{
    size_t n = strlen(s), len;
    char *out = arena_alloc(a, n + 5);
    while (n > 0) {
        size_t at = n - 1;
        while (at > 0 && (s[at] & 0xC0) == 0x80)
            at--;
        uint32_t c = text_char(s + at, n - at, &len);
        if (c < 0x10FFFF) {
            memcpy(out, s, at);
            out[at + text_put(out + at, c == 0xD7FF ? 0xE000 : c + 1)] = '\0';
            return out;
        }
        n = at;
    }
    return NULL;
}

static enum status emit_starts(const struct term *t)
{
    struct sql *q = t->c->q;
    const char *s = t->test->values[0].s;
    if (name_is_keyed(t->test->name))
        s = text_key(q->arena, s);
    const char *end = after_prefix(q->arena, s);
    sql_addf(q, "%s >= ", t->col);
    sql_text(q, s);
    if (end) {
        sql_addf(q, " and %s < ", t->col);
        sql_text(q, end);
    }
    return ST_OK;
}

static char *like_pattern(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, 2 * strlen(s) + 3), *w = out;
    *w++ = '%';
    for (; *s; s++) {
        if (*s == '%' || *s == '_' || *s == '\\')
            *w++ = '\\';
        *w++ = *s;
    }
    *w++ = '%';
    return out;
}

/* `like` folds ASCII on one database and not on the other: that is no difference to keys, which are
 * folded. Other text is compared bytewise by replace(), which both have. */
static enum status emit_contains(const struct term *t)
{
    struct sql *q = t->c->q;
    const char *s = t->test->values[0].s;
    if (name_is_keyed(t->test->name)) {
        sql_addf(q, "%s like ", t->col);
        sql_text(q, like_pattern(q->arena, text_key(q->arena, s)));
        sql_add(q, " escape '\\'");
        return ST_OK;
    }
    sql_addf(q, "replace(%s, ", t->col);
    sql_text(q, s);
    sql_addf(q, ", '') <> %s", t->col);
    return ST_OK;
}

static enum status emit_under(const struct term *t)
{
    struct sql *q = t->c->q;
    sql_addf(q, "%s in (select b.id from branch r join branch b on b.path >= r.path"
             " and b.path < r.path || '~' where r.id = ", t->col);
    enum status st = emit_value(t, t->test->values);
    sql_add(q, ")");
    return st;
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* Each leaves null where the column is null, but for OP_NE and OP_NOT_IN, which say so themselves. */
static enum status (*const emitters[OP_COUNT])(const struct term *) = {
    [OP_EQ] = emit_any, [OP_IN] = emit_any, [OP_NE] = emit_none, [OP_NOT_IN] = emit_none,
    [OP_LT] = emit_order, [OP_LE] = emit_order, [OP_GT] = emit_order, [OP_GE] = emit_order,
    [OP_CONTAINS] = emit_contains, [OP_STARTS] = emit_starts, [OP_UNDER] = emit_under,
};

static enum status emit_test(struct compiler *c, const struct cond *test, bool exact)
{
    bool emptiness = test->op == OP_EMPTY || test->op == OP_SET;
    const char *col = name_column(c->q->arena, test->name, c->alias, !emptiness);
    enum status st = test_check(c->env, test->name, test->op, test->column, c->e);

    if (st)
        return st;
    c->side |= test->name.attr != NULL;
    if (emptiness) {
        sql_addf(c->q, "%s is %snull", col, test->op == OP_SET ? "not " : "");
        return ST_OK;
    }
    exact = exact && test->op != OP_NE && test->op != OP_NOT_IN;
    if (exact)
        sql_addf(c->q, "(%s is not null and ", col);
    st = emitters[test->op](&(struct term){ c, test, col });
    sql_add(c->q, exact ? ")" : "");
    return st;
}

struct chain { struct compiler *c; const struct cond *cond; bool exact; };

static enum status emit_cond(struct compiler *c, const struct cond *cond, bool exact);

static enum status emit_kid(const void *chain, size_t i)
{
    const struct chain *ch = chain;
    return emit_cond(ch->c, ch->cond->kids[i], ch->exact);
}

static enum status emit_cond(struct compiler *c, const struct cond *cond, bool exact)
{
    if (cond->kind == COND_TEST)
        return emit_test(c, cond, exact);
    struct chain chain = { c, cond, exact || cond->kind == COND_NOT };
    if (cond->kind == COND_NOT)
        sql_add(c->q, "not ");
    return emit_chain(c->q, cond->kind == COND_AND ? " and " : " or ", &chain, 0, cond->nkids,
                      emit_kid);
}

enum status lang_compile(const struct cond *cond, const struct lang_env *env, const char *alias,
                         struct sql *q, bool *side, struct err *e)
{
    struct err own;
    struct compiler c = { .env = env, .alias = alias, .q = q, .e = e ? e : &own };
    size_t len = q->text.len, n = q->n;
    enum status st = ST_OK;

    if (cond)
        st = emit_cond(&c, cond, false);
    else
        sql_add(q, "1 = 1");
    if (st) {
        buf_cut(&q->text, len);
        q->n = n;
    }
    if (side)
        *side = c.side;
    return st;
}
