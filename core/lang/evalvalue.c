/* evalvalue.c - what a test compares with, settled: references are ids, secrets their blind indexes, texts
 * their keys, a day is its first and last moment. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/lang/eval.h"

/* One test on its way to an instruction. */
struct making {
    struct lang_eval *ev;
    const struct lang_env *env;
    const struct cond *test;
    struct instruction *out;
    struct err *e;
};

static void *copy(const struct making *m, const void *items, size_t size)
{
    return arena_memdup(m->ev->arena, items, size);
}

/* ---- whole numbers, references, times -------------------------------------------------------- */

static enum status ref_id(const struct making *m, const struct value *v, int64_t *id)
{
    const struct lang_resolver *r = m->env->resolver;
    *id = v->kind == VAL_MY_BRANCH ? m->env->my_branch : m->env->me;
    return v->kind == VAL_ME || v->kind == VAL_MY_BRANCH
        ? ST_OK : r->ref(r->self, m->test->name.field->ref, v->s, id, m->e);
}

/* From the first moment of the value to its last: a day has many. */
static enum status range_of(const struct making *m, const struct value *v, struct range *out)
{
    enum status st = ST_OK;
    int64_t at = v->i;
    if (value_is_day(v)) {
        value_day(v, &out->lo, &out->hi);
        out->hi--;
        return ST_OK;
    }
    if (v->kind == VAL_NOW)
        at += clock_now();
    else if (name_type(m->test->name) == F_REF)
        st = ref_id(m, v, &at);
    *out = (struct range){ at, at };
    return st;
}

enum { LEAST = 1 };     /* above NONE, which is empty */

static const struct range nothing = { 1, 0 };

static struct range side_of(enum cond_op op, struct range v)
{
    switch (op) {
    case OP_LT: return (struct range){ NONE + LEAST, v.lo - 1 };
    case OP_LE: return (struct range){ NONE + LEAST, v.hi };
    case OP_GT: return v.hi == INT64_MAX ? nothing : (struct range){ v.hi + 1, INT64_MAX };
    case OP_GE: return (struct range){ v.lo, INT64_MAX };
    default: return v;
    }
}

static int compare_ranges(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* Sorted, those that touch made one. */
static size_t merge(struct range *r, size_t n)
{
    size_t kept = 0;
    qsort(r, n, sizeof *r, compare_ranges);
    for (size_t i = 1; i < n; i++) {
        if (r[i].lo > r[kept].hi)
            r[++kept] = r[i];
        else if (r[i].hi > r[kept].hi)
            r[kept].hi = r[i].hi;
    }
    return kept + 1;
}

static enum status set_range(const struct making *m, struct range r)
{
    m->out->op = EV_INT;
    m->out->lo = r.lo;
    m->out->hi = r.hi;
    return ST_OK;
}

/* Within the last or the next span of time, now included. */
static enum status make_near(const struct making *m)
{
    int64_t first, last, now = clock_now();
    span_back(m->test->values, &first, &last);
    return set_range(m, m->test->op == OP_LAST ? (struct range){ first, now } :
                        (struct range){ now, span_ahead(m->test->values) });
}

/* How long ago: the longer, the earlier the time from which it counts. */
static struct range ago(enum cond_op op, const struct value *v)
{
    struct range back;
    span_back(v, &back.lo, &back.hi);
    switch (op) {
    case OP_LT: return side_of(OP_GT, (struct range){ back.hi, back.hi });
    case OP_LE: return side_of(OP_GE, back);
    case OP_GT: return side_of(OP_LT, back);
    default: return side_of(OP_LE, back);
    }
}

static enum status make_span(const struct making *m)
{
    const struct cond *test = m->test;
    if (test->op != OP_BETWEEN)
        return set_range(m, ago(test->op, &test->values[0]));
    return set_range(m, (struct range){ ago(OP_LE, &test->values[1]).lo, ago(OP_GE, &test->values[0]).hi });
}

static enum status make_ints(const struct making *m)
{
    const struct cond *test = m->test;
    struct range *r = arena_array(m->ev->arena, struct range, test->nvalues);
    enum status st = ST_OK;
    if (test->op == OP_LAST || test->op == OP_NEXT)
        return make_near(m);
    for (size_t i = 0; i < test->nvalues && !st; i++)
        st = range_of(m, &test->values[i], &r[i]);
    if (st || test->op == OP_BETWEEN)
        return st ? st : set_range(m, (struct range){ r[0].lo, r[1].hi });
    size_t n = merge(r, test->nvalues);
    if (n == 1)
        return set_range(m, side_of(test->op, r[0]));
    m->out->op = EV_INTS;
    m->out->set = copy(m, &(struct set){ .n = n, .ranges = r }, sizeof(struct set));
    return ST_OK;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static int compare_nums(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static enum status make_nums(const struct making *m)
{
    const struct cond *test = m->test;
    struct instruction *x = m->out;
    double *d = arena_array(m->ev->arena, double, test->nvalues);
    for (size_t i = 0; i < test->nvalues; i++)
        d[i] = test->values[i].d;
    x->op = EV_NUM;
    x->from = x->to = d[0];
    switch (test->op) {
    case OP_LT: x->op = EV_LESS; break;
    case OP_LE: x->from = -INFINITY; break;
    case OP_GT: x->op = EV_MORE; break;
    case OP_GE: x->to = INFINITY; break;
    case OP_BETWEEN: x->to = d[1]; break;
    default:
        if (test->nvalues == 1)
            break;
        qsort(d, test->nvalues, sizeof *d, compare_nums);
        x->op = EV_NUMS;
        x->set = copy(m, &(struct set){ .n = test->nvalues, .nums = d }, sizeof(struct set));
    }
    return ST_OK;
}

/* ---- texts and hashes ------------------------------------------------------------------------ */

static int compare_bytes(const void *a, const void *b)
{
    const struct bytes *x = a, *y = b;
    int c = memcmp(x->s, y->s, x->n < y->n ? x->n : y->n);
    return c ? c : x->n < y->n ? -1 : x->n > y->n;
}

static void equal_to(const struct making *m, struct bytes *list, size_t n)
{
    m->out->op = n > 1 ? EV_TEXTS : EV_TEXT;
    if (n > 1) {
        qsort(list, n, sizeof *list, compare_bytes);
        m->out->set = copy(m, &(struct set){ .n = n, .texts = list }, sizeof(struct set));
    } else {
        m->out->text = list[0];
    }
}

/* The initials of a name in Chinese: "zs" finds 张三 by them. */
static bool by_initials(struct lang_name n, const char *key)
{
    return n.field && (n.field->flags & FIELD_PINYIN) && *key &&
           key[strspn(key, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

static enum status make_part(const struct making *m)
{
    const struct cond *test = m->test;
    m->out->op = test->op == OP_STARTS ? EV_STARTS : EV_CONTAINS;
    if (!by_initials(test->name, m->out->text.s))
        return ST_OK;
    struct slot initials = { .type = SLOT_INITIALS, .name = test->name };
    enum status st = eval_slot(m->ev, &initials, &m->out->also, m->e);
    m->out->also++;
    return st;
}

static enum status make_texts(const struct making *m)
{
    const struct cond *test = m->test;
    struct arena *a = m->ev->arena;
    bool keyed = name_is_keyed(test->name);
    struct bytes *list = arena_array(a, struct bytes, test->nvalues);
    for (size_t i = 0; i < test->nvalues; i++) {
        const char *s = test->values[i].s;
        s = keyed ? text_key(a, s) : arena_strdup(a, s);
        list[i] = (struct bytes){ s, strlen(s) };
    }
    m->out->text = list[0];
    switch (test->op) {
    case OP_LT: m->out->op = EV_BEFORE; break;
    case OP_LE: m->out->op = EV_UPTO; break;
    case OP_GT: m->out->op = EV_AFTER; break;
    case OP_GE: m->out->op = EV_FROM; break;
    case OP_MATCHES: m->out->op = keyed ? EV_LIKE : EV_LIKE_FOLDED; break;
    case OP_STARTS:
    case OP_CONTAINS: return make_part(m);
    case OP_BETWEEN:
        m->out->op = EV_WITHIN;
        m->out->set = copy(m, &(struct set){ .n = 2, .texts = list }, sizeof(struct set));
        break;
    default: equal_to(m, list, test->nvalues);
    }
    return ST_OK;
}

/* Under both keys while there are two. */
static enum status make_hashes(const struct making *m)
{
    const struct cond *test = m->test;
    const struct lang_resolver *r = m->env->resolver;
    struct bytes *list = arena_array(m->ev->arena, struct bytes, 2 * test->nvalues);
    unsigned char hash[SECRET_HASH];
    size_t n = 0;
    for (size_t i = 0; i < test->nvalues; i++) {
        const char *value = test->values[i].s;
        enum status st = r->secret_index(r->self, test->name.field, value, hash, m->e);
        if (st)
            return st;
        list[n++] = (struct bytes){ copy(m, hash, sizeof hash), sizeof hash };
        if (r->secret_former && r->secret_former(r->self, test->name.field, value, hash))
            list[n++] = (struct bytes){ copy(m, hash, sizeof hash), sizeof hash };
    }
    equal_to(m, list, n);
    return ST_OK;
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct {
    enum slot_type slot;
    enum eval_op empty;
    enum status (*make)(const struct making *);
} kinds[] = {
    [F_ID] = { SLOT_INT, EV_NO_INT, make_ints },
    [F_INT] = { SLOT_INT, EV_NO_INT, make_ints },
    [F_MONEY] = { SLOT_INT, EV_NO_INT, make_ints },
    [F_TIME] = { SLOT_INT, EV_NO_INT, make_ints },
    [F_FLAG] = { SLOT_INT, EV_NO_INT, make_ints },
    [F_NUMBER] = { SLOT_NUM, EV_NO_NUM, make_nums },
    [F_TEXT] = { SLOT_TEXT, EV_NO_TEXT, make_texts },
    [F_CHOICE] = { SLOT_TEXT, EV_NO_TEXT, make_texts },
    [F_SECRET] = { SLOT_TEXT, EV_NO_TEXT, make_hashes },
    [F_REF] = { SLOT_INT, EV_NO_INT, make_ints },
    [T_SPAN] = { SLOT_INT, EV_NO_INT, make_span },
    [T_BUCKET] = { SLOT_BUCKET, EV_NO_INT, make_ints },
};

/* Can't the row's own columns tell? */
static bool is_told(const struct cond *test)
{
    int type = test->kind == COND_TEST ? name_type(test->name) : T_SEGMENT;
    return type == T_SEGMENT || type == F_REFS || test->name.via || test->op == OP_UNDER ||
           test->op == OP_CHANGED;
}

enum status eval_test(struct lang_eval *ev, const struct lang_env *env, const struct cond *test,
                      struct instruction *out, struct err *e)
{
    *out = (struct instruction){ .op = EV_INT, .lo = 1, .hi = 1 };
    if (is_told(test)) {
        struct slot flag = { .type = SLOT_FLAG, .test = test, .env = env };
        return eval_slot(ev, &flag, &out->slot, e);
    }
    int type = name_type(test->name);
    struct slot column = { .type = kinds[type].slot, .name = test->name };
    enum status st = eval_slot(ev, &column, &out->slot, e);
    if (st)
        return st;
    out->turned = test->op == OP_NE || test->op == OP_NOT_IN || test->op == OP_SET;
    if (test->op == OP_EMPTY || test->op == OP_SET) {
        out->op = (unsigned char)kinds[type].empty;
        return ST_OK;
    }
    return kinds[type].make(&(struct making){ ev, env, test, out, e });
}
