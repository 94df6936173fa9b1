/* compile.c - the tree as SQL.
 *
 * A comparison with a null column is null. In a `where` that filters like a false, so a plain comparison
 * means what the language means, and indexes serve it. Under a `not` it would not: there null has to
 * become true. So `not` is carried down to the tests, `and` and `or` changing places, and a negated
 * test is written `(x is null or not (...))`. Each `not` of the tree is kept in meaning that way,
 * whatever the column holds.
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

/* SQLite refuses expressions deeper than 1,000, so long chains are split in halves. */
enum { CHAIN_MAX = 100 };

typedef enum status (*link_fn)(const void *chain, size_t i);

static enum status emit_chain(struct sql *q, const char *word, const void *chain, size_t from,
                              size_t to, link_fn link)
{
    enum status st = ST_OK;
    if (to - from > CHAIN_MAX) {
        size_t middle = from + (to - from) / 2;
        sql_add(q, "(");
        st = emit_chain(q, word, chain, from, middle, link);
        sql_addf(q, ")%s(", word);
        st = st ? st : emit_chain(q, word, chain, middle, to, link);
        sql_add(q, ")");
        return st;
    }
    for (size_t i = from; i < to && !st; i++) {
        sql_add(q, i > from ? word : "");
        st = link(chain, i);
    }
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
                nearest_code(c, n.field->ref, v->s), number_text(v->column, number), name_msgid(n), NULL);
}

/* One blind index, or two by comma while the key is changed: they stand inside "in (...)". */
static enum status emit_secret(const struct term *t, const struct value *v)
{
    const struct lang_resolver *r = t->c->env->resolver;
    const struct field *f = t->test->name.field;
    unsigned char hash[SECRET_HASH];
    enum status st = r->secret_index(r->self, f, v->s, hash, t->c->e);
    if (st)
        return st;
    sql_blob(t->c->q, hash, sizeof hash);
    if (r->secret_former && r->secret_former(r->self, f, v->s, hash)) {
        sql_add(t->c->q, ", ");
        sql_blob(t->c->q, hash, sizeof hash);
    }
    return ST_OK;
}

/* Appends the placeholder of a value that stands for one moment, number or text. */
static enum status emit_value(const struct term *t, const struct value *v)
{
    struct lang_name n = t->test->name;
    struct sql *q = t->c->q;
    enum status st = ST_OK;
    int64_t id;

    switch (name_type(n)) {
    case F_REF:
        st = resolve(t->c, n, v, &id);
        if (!st)
            sql_int(q, id);
        break;
    case F_SECRET:
        st = emit_secret(t, v);
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

/* "col = v", a day as its range: no weaker than `and`. */
static enum status emit_match(const void *term, size_t i)
{
    const struct term *t = term;
    const struct value *v = &t->test->values[i];
    struct sql *q = t->c->q;
    int64_t from, to;

    if (name_type(t->test->name) == F_SECRET) {
        sql_addf(q, "%s in (", t->col);
        enum status st = emit_secret(t, v);
        sql_add(q, ")");
        return st;
    }
    if (!is_day(v)) {
        sql_addf(q, "%s = ", t->col);
        return emit_value(t, v);
    }
    day_bounds(v, &from, &to);
    sql_addf(q, "%s >= ", t->col);
    sql_int(q, from);
    sql_addf(q, " and %s < ", t->col);
    sql_int(q, to);
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
    struct sql *q = t->c->q;
    bool days = has_day(test);
    enum status st = ST_OK;

    if (test->nvalues == 1)
        return emit_match(t, 0);
    if (days) {
        sql_add(q, "(");
        st = emit_chain(q, " or ", t, 0, test->nvalues, emit_match);
    } else {
        sql_addf(q, "%s in (", t->col);
        for (size_t i = 0; i < test->nvalues && !st; i++) {
            sql_add(q, i ? ", " : "");
            st = emit_value(t, &test->values[i]);
        }
    }
    sql_add(q, ")");
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
        sql_addf(q, "%s like (", t->col);           /* not of the value itself: decisions.md */
        sql_text(q, like_pattern(q->arena, text_key(q->arena, s)));
        sql_add(q, " || '') escape '\\'");
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

/* Each is null where the column is. The negations among them have been turned round by emit_test(). */
static enum status (*const emitters[OP_COUNT])(const struct term *) = {
    [OP_EQ] = emit_any, [OP_IN] = emit_any, [OP_NE] = emit_any, [OP_NOT_IN] = emit_any,
    [OP_LT] = emit_order, [OP_LE] = emit_order, [OP_GT] = emit_order, [OP_GE] = emit_order,
    [OP_CONTAINS] = emit_contains, [OP_STARTS] = emit_starts, [OP_UNDER] = emit_under,
};

/* References to several rows stand in a table of their own: its key finds them. */
static void emit_any_rows(struct compiler *c, const struct cond *test, bool some)
{
    sql_addf(c->q, "%sexists (select 1", some ? "" : "not ");
    row_refs_from(c->q, c->env->noun, test->name.field, c->alias);
    sql_add(c->q, ")");
}

static enum status emit_test(struct compiler *c, const struct cond *test, bool negated)
{
    bool emptiness = test->op == OP_EMPTY || test->op == OP_SET;
    const char *col = name_column(c->q->arena, test->name, c->alias, !emptiness);
    if (c->env->sifts)
        col = arena_printf(c->q->arena, "coalesce(%s, null)", col);
    enum status st = test_check(c->env, test->name, test->op, test->column, c->e);

    if (st)
        return st;
    c->side |= test->name.attr != NULL;
    if (name_type(test->name) == F_REFS) {
        emit_any_rows(c, test, (test->op == OP_SET) != negated);
        return ST_OK;
    }
    if (emptiness) {
        sql_addf(c->q, "%s is %snull", col, (test->op == OP_SET) != negated ? "not " : "");
        return ST_OK;
    }
    negated ^= test->op == OP_NE || test->op == OP_NOT_IN;
    if (negated)
        sql_addf(c->q, "(%s is null or not (", col);
    st = emitters[test->op](&(struct term){ c, test, col });
    sql_add(c->q, negated ? "))" : "");
    return st;
}

/* ---- and, or, not ---------------------------------------------------------------------------- */

/* SQLite's parser has a stack of 100. A bracket takes one place of it, what stands before a member
 * of a chain two, so the deepest member comes first. These are measured, with room for the rest of
 * the statement. */
enum { STACK_MAX = 80, STACK_TEST = 13, STACK_BIG_TEST = 30, STACK_BEFORE = 2, STACK_HALF = 3 };

/* A part of the tree under an even or odd number of `not`s. */
struct part { const struct cond *cond; bool negated; };

/* Without the `not`s above. */
static struct part part_of(const struct cond *cond, bool negated)
{
    for (; cond->kind == COND_NOT; cond = cond->kids[0])
        negated = !negated;
    return (struct part){ cond, negated };
}

static bool is_or(struct part p)
{
    return p.cond->kind == (p.negated ? COND_AND : COND_OR);
}

/* `and` binds closer: only an `or` inside an `and` needs brackets. */
static bool needs_brackets(struct part p, bool inside_and)
{
    return inside_and && p.cond->kind != COND_TEST && is_or(p);
}

/* Places of the parser's stack. *first is the member that needs most. */
static int stack_of(struct part p, bool inside_and, size_t *first)
{
    int most = 0, second = 0;
    size_t ignored;
    *first = 0;
    if (p.cond->kind == COND_TEST)
        return p.cond->op == OP_UNDER || p.cond->nvalues > 1 || name_type(p.cond->name) == F_REFS
                   ? STACK_BIG_TEST : STACK_TEST;
    for (size_t i = 0; i < p.cond->nkids; i++) {
        int n = stack_of(part_of(p.cond->kids[i], p.negated), !is_or(p), &ignored);
        if (n > most) {
            second = most;
            most = n;
            *first = i;
        } else if (n > second) {
            second = n;
        }
    }
    most = most > second + STACK_BEFORE ? most : second + STACK_BEFORE;
    for (size_t n = p.cond->nkids; n > CHAIN_MAX; n = (n + 1) / 2)
        most += STACK_HALF;
    return most + needs_brackets(p, inside_and);
}

struct chain { struct compiler *c; struct part part; size_t first; };

static enum status emit_part(struct compiler *c, struct part p, bool inside_and);

static enum status emit_kid(const void *chain, size_t i)
{
    const struct chain *ch = chain;
    size_t at = i == 0 ? ch->first : i <= ch->first ? i - 1 : i;
    struct part p = part_of(ch->part.cond->kids[at], ch->part.negated);
    return emit_part(ch->c, p, !is_or(ch->part));
}

static enum status emit_part(struct compiler *c, struct part p, bool inside_and)
{
    if (p.cond->kind == COND_TEST)
        return emit_test(c, p.cond, p.negated);
    struct chain chain = { .c = c, .part = p };
    bool brackets = needs_brackets(p, inside_and);
    stack_of(p, inside_and, &chain.first);
    sql_add(c->q, brackets ? "(" : "");
    enum status st = emit_chain(c->q, is_or(p) ? " or " : " and ", &chain, 0, p.cond->nkids,
                                emit_kid);
    sql_add(c->q, brackets ? ")" : "");
    return st;
}

static enum status emit_cond(struct compiler *c, const struct cond *cond)
{
    char number[NUMBER_TEXT];
    struct part p = part_of(cond, false);
    size_t first;
    if (stack_of(p, true, &first) > STACK_MAX)
        return fail(c->e, ST_INVALID, "cond.too_deep", number_text(LANG_DEPTH, number), NULL);
    return emit_part(c, p, true);
}

enum status lang_compile(const struct cond *cond, const struct lang_env *env, const char *alias,
                         struct sql *q, bool *side, struct err *e)
{
    struct err own;
    struct compiler c = { .env = env, .alias = alias, .q = q, .e = e ? e : &own };
    size_t len = q->text.len, n = q->n;
    enum status st = ST_OK;

    if (cond)
        st = emit_cond(&c, cond);
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
