/* compiletest.c - one test as SQL, on a column of the record. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/lang/compile.h"

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

enum status compile_resolve(struct compiler *c, struct lang_name n, const char *noun, const struct value *v,
                            int64_t *id)
{
    const struct lang_resolver *r = c->env->resolver;
    char name[NAME_TEXT], number[NUMBER_TEXT];

    *id = v->kind == VAL_MY_BRANCH ? c->env->my_branch : c->env->me;
    if (v->kind == VAL_ME || v->kind == VAL_MY_BRANCH)
        return ST_OK;
    *id = 0;
    enum status st = r->ref(r->self, noun, v->s, id, c->e);
    if (st || *id)
        return st;
    return fail(c->e, ST_INVALID, "cond.unknown_value", name_text(n, name), v->s,
                nearest_code(c, noun, v->s), number_text(v->column, number), name_msgid(n), NULL);
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

enum status compile_value(const struct term *t, const struct value *v)
{
    struct lang_name n = t->test->name;
    struct sql *q = t->c->q;
    enum status st = ST_OK;
    int64_t id;

    switch (name_type(n)) {
    case F_REF:
        st = compile_resolve(t->c, n, n.field->ref, v, &id);
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
    if (!value_is_day(v)) {
        sql_addf(q, "%s = ", t->col);
        return compile_value(t, v);
    }
    value_day(v, &from, &to);
    sql_addf(q, "%s >= ", t->col);
    sql_int(q, from);
    sql_addf(q, " and %s < ", t->col);
    sql_int(q, to);
    return ST_OK;
}

static bool has_day(const struct cond *test)
{
    for (size_t i = 0; i < test->nvalues; i++)
        if (value_is_day(&test->values[i]))
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
        st = compile_chain(q, " or ", t, 0, test->nvalues, emit_match);
    } else {
        sql_addf(q, "%s in (", t->col);
        for (size_t i = 0; i < test->nvalues && !st; i++) {
            sql_add(q, i ? ", " : "");
            st = compile_value(t, &test->values[i]);
        }
    }
    sql_add(q, ")");
    return st;
}

/* Before a day is before its beginning, after it is from the next on. */
static enum status emit_than(const struct term *t, enum cond_op op, const struct value *v)
{
    static const char *const symbols[] = { [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">",
                                           [OP_GE] = ">=" };
    struct sql *q = t->c->q;
    int64_t from, to;

    if (!value_is_day(v)) {
        sql_addf(q, "%s %s ", t->col, symbols[op]);
        return compile_value(t, v);
    }
    value_day(v, &from, &to);
    sql_addf(q, "%s %s ", t->col, op == OP_LT || op == OP_LE ? "<" : ">=");
    sql_int(q, op == OP_LT || op == OP_GE ? from : to);
    return ST_OK;
}

static enum status emit_order(const struct term *t)
{
    return emit_than(t, t->test->op, t->test->values);
}

static enum status emit_between(const struct term *t)
{
    enum status st = emit_than(t, OP_GE, &t->test->values[0]);
    sql_add(t->c->q, " and ");
    return st ? st : emit_than(t, OP_LE, &t->test->values[1]);
}

/* ---- times and spans ------------------------------------------------------------------------- */

static void emit_bound(const struct term *t, const char *than, int64_t at)
{
    sql_addf(t->c->q, "%s %s ", t->col, than);
    sql_int(t->c->q, at);
}

/* How long ago: the longer, the earlier the time from which it counts. */
static void emit_ago(const struct term *t, enum cond_op op, const struct value *v)
{
    int64_t first, last;
    span_back(v, &first, &last);
    switch (op) {
    case OP_LT: emit_bound(t, ">", last); break;
    case OP_LE: emit_bound(t, ">=", first); break;
    case OP_GT: emit_bound(t, "<", first); break;
    default: emit_bound(t, "<=", last); break;
    }
}

static enum status emit_span(const struct term *t)
{
    bool range = t->test->op == OP_BETWEEN;
    emit_ago(t, range ? OP_GE : t->test->op, &t->test->values[0]);
    if (range) {
        sql_add(t->c->q, " and ");
        emit_ago(t, OP_LE, &t->test->values[1]);
    }
    return ST_OK;
}

static enum status emit_near(const struct term *t)
{
    bool ahead = t->test->op == OP_NEXT;
    int64_t first, last, now = clock_now();
    span_back(&t->test->values[0], &first, &last);
    emit_bound(t, ">=", ahead ? now : first);
    sql_add(t->c->q, " and ");
    emit_bound(t, "<=", ahead ? span_ahead(&t->test->values[0]) : now);
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

static void emit_prefix(const struct term *t, const char *s)
{
    struct sql *q = t->c->q;
    const char *end = after_prefix(q->arena, s);
    sql_addf(q, "%s >= ", t->col);
    sql_text(q, s);
    if (end) {
        sql_addf(q, " and %s < ", t->col);
        sql_text(q, end);
    }
}

static bool by_initials(struct lang_name n, const char *key);
static const char *initials_of(const struct term *t);
static void emit_like(struct sql *q, const char *col, const char *pattern);

/* A surname may be read in two ways: the initials of the second stand behind a blank. */
static enum status emit_starts(const struct term *t)
{
    struct sql *q = t->c->q;
    const char *s = t->test->values[0].s;
    if (name_is_keyed(t->test->name))
        s = text_key(q->arena, s);
    if (!by_initials(t->test->name, s)) {
        emit_prefix(t, s);
        return ST_OK;
    }
    sql_add(q, "(");
    emit_prefix(t, s);
    sql_add(q, " or ");
    emit_like(q, arena_printf(q->arena, "coalesce(' ' || %s, '')", initials_of(t)),
              arena_printf(q->arena, "%% %s%%", s));
    sql_add(q, ")");
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

/* The initials of a name in Chinese: "zs" finds 张三 by them. */
static bool by_initials(struct lang_name n, const char *key)
{
    return n.field && (n.field->flags & FIELD_PINYIN) && *key &&
           key[strspn(key, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

static const char *initials_of(const struct term *t)
{
    return arena_printf(t->c->q->arena, "%s.%s_py", t->c->alias, t->test->name.field->name);
}

/* Not of the value itself, but an expression: see docs/decisions.md. */
static void emit_like(struct sql *q, const char *col, const char *pattern)
{
    sql_addf(q, "%s like (", col);
    sql_text(q, pattern);
    sql_add(q, " || '') escape '\\'");
}

/* `like` folds ASCII on one database and not on the other: that is no difference to keys, which are
 * folded. Other text is compared bytewise by replace(), which both have. */
static enum status emit_contains(const struct term *t)
{
    struct sql *q = t->c->q;
    const char *s = t->test->values[0].s;
    if (!name_is_keyed(t->test->name)) {
        sql_addf(q, "replace(%s, ", t->col);
        sql_text(q, s);
        sql_addf(q, ", '') <> %s", t->col);
        return ST_OK;
    }
    const char *key = text_key(q->arena, s), *pattern = like_pattern(q->arena, key);
    if (!by_initials(t->test->name, key)) {
        emit_like(q, t->col, pattern);
        return ST_OK;
    }
    sql_add(q, "(");
    emit_like(q, t->col, pattern);
    sql_add(q, " or ");
    emit_like(q, arena_printf(q->arena, "coalesce(%s, '')", initials_of(t)), pattern);
    sql_add(q, ")");
    return ST_OK;
}

/* A pattern of the language as one of `like`. */
static char *like_stars(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, 2 * strlen(s) + 1), *w = out;
    for (; *s; s++) {
        if (*s == '%' || *s == '_' || *s == '\\')
            *w++ = '\\';
        *w++ = (char)(*s == '*' ? '%' : *s == '?' ? '_' : *s);
    }
    *w = '\0';
    return out;
}

/* Case is folded: keys are, and of other text the ASCII letters. */
static enum status emit_matches(const struct term *t)
{
    struct sql *q = t->c->q;
    bool keyed = name_is_keyed(t->test->name);
    const char *s = t->test->values[0].s;
    if (keyed) {
        emit_like(q, t->col, like_stars(q->arena, text_key(q->arena, s)));
        return ST_OK;
    }
    sql_addf(q, "lower(%s) like lower(", t->col);
    sql_text(q, like_stars(q->arena, s));
    sql_add(q, ") escape '\\'");
    return ST_OK;
}

static enum status emit_under(const struct term *t)
{
    struct sql *q = t->c->q;
    sql_addf(q, "%s in (select b.id from branch r join branch b on b.path >= r.path"
             " and b.path < r.path || '~' where r.id = ", t->col);
    enum status st = compile_value(t, t->test->values);
    sql_add(q, ")");
    return st;
}

/* ---- random buckets -------------------------------------------------------------------------- */

/* A prime below 2^31: products of two remainders fit into 63 bits, so every database gets the same. */
#define DRAW_PRIME INT64_C(2147483647)

static void draw_numbers(const char *draw, int64_t *times, int64_t *plus)
{
    uint64_t h = UINT64_C(14695981039346656037);        /* FNV-1a, 64 bits */
    for (; *draw; draw++)
        h = (h ^ (unsigned char)*draw) * UINT64_C(1099511628211);
    *times = 1 + (int64_t)((h & 0xFFFFFFFF) % (uint64_t)(DRAW_PRIME - 1));
    *plus = (int64_t)((h >> 32) % (uint64_t)DRAW_PRIME);
}

int64_t lang_bucket(int64_t id, const char *draw)
{
    int64_t times, plus;
    draw_numbers(draw, &times, &plus);
    int64_t x = (id % DRAW_PRIME + id / DRAW_PRIME % DRAW_PRIME) % DRAW_PRIME;
    x = (x * times + plus) % DRAW_PRIME;
    x = x * (x + 1) % DRAW_PRIME;
    return (x * times + plus) % DRAW_PRIME % LANG_BUCKETS;
}

const char *compile_bucket(struct arena *a, const struct lang_env *env, const char *alias, const char *draw)
{
    long long times, plus, prime = DRAW_PRIME;
    int64_t t, p;
    draw_numbers(draw, &t, &p);
    times = t;
    plus = p;
    const char *id = env->noun->bucket
        ? arena_printf(a, "coalesce(%s.%s, %s.id)", alias, env->noun->bucket, alias)
        : arena_printf(a, "%s.id", alias);
    const char *x =
        arena_printf(a, "(((%s %% %lld + %s / %lld %% %lld) %% %lld * %lld + %lld) %% %lld)", id,
                     prime, id, prime, prime, prime, times, plus, prime);
    return arena_printf(a, "((%s * (%s + 1) %% %lld * %lld + %lld) %% %lld %% %d)", x, x, prime,
                        times, plus, prime, LANG_BUCKETS);
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* Each is null where the column is. The negations among them have been turned round by compile_test(). */
static enum status (*const emitters[OP_COUNT])(const struct term *) = {
    [OP_EQ] = emit_any, [OP_IN] = emit_any, [OP_NE] = emit_any, [OP_NOT_IN] = emit_any,
    [OP_LT] = emit_order, [OP_LE] = emit_order, [OP_GT] = emit_order, [OP_GE] = emit_order,
    [OP_CONTAINS] = emit_contains, [OP_STARTS] = emit_starts, [OP_UNDER] = emit_under,
    [OP_BETWEEN] = emit_between, [OP_MATCHES] = emit_matches, [OP_LAST] = emit_near, [OP_NEXT] = emit_near,
};

static const char *column_of(struct compiler *c, const struct cond *test, bool key)
{
    const struct noun_span *span = test->name.span;
    struct arena *a = c->q->arena;
    if (span && span->or_from)
        return arena_printf(a, "coalesce(%s.%s, %s.%s)", c->alias, span->from, c->alias, span->or_from);
    if (span)
        return arena_printf(a, "%s.%s", c->alias, span->from);
    if (test->name.bucket)
        return compile_bucket(a, c->env, c->alias, test->name.bucket);
    const char *col = name_column(a, test->name, c->alias, key);
    return c->env->sifts ? arena_printf(a, "coalesce(%s, null)", col) : col;
}

static enum status emit_column(struct compiler *c, const struct cond *test, bool negated)
{
    bool emptiness = test->op == OP_EMPTY || test->op == OP_SET;
    const char *col = column_of(c, test, !emptiness);

    if (emptiness) {
        sql_addf(c->q, "%s is %snull", col, (test->op == OP_SET) != negated ? "not " : "");
        return ST_OK;
    }
    negated ^= test->op == OP_NE || test->op == OP_NOT_IN;
    if (negated)
        sql_addf(c->q, "(%s is null or not (", col);
    struct term t = { c, test, col };
    enum status st = test->name.span ? emit_span(&t) : emitters[test->op](&t);
    sql_add(c->q, negated ? "))" : "");
    return st;
}

enum status compile_test(struct compiler *c, const struct cond *test, bool negated)
{
    enum status st = test_check(c->env, test->name, test->op, test->column, c->e);
    int type = name_type(test->name);

    if (st)
        return st;
    c->side |= test->name.attr != NULL;
    return test->op == OP_CHANGED ? compile_changed(c, test, negated) :
           type == T_SEGMENT ? compile_segment(c, test, negated) :
           test->name.via ? compile_behind(c, test, negated) :
           type == F_REFS ? compile_refs(c, test, negated) : emit_column(c, test, negated);
}
