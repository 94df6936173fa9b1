/* eval.c - conditions made ready to be asked of one row after another. */
#include <assert.h>
#include <string.h>

#include "core/lang/eval.h"

/* ---- slots ----------------------------------------------------------------------------------- */

static bool same_slot(const struct slot *a, const struct slot *b)
{
    if (a->type != b->type)
        return false;
    if (a->type != SLOT_FLAG)
        return name_same(a->name, b->name);
    return a->env->me == b->env->me && a->env->my_branch == b->env->my_branch &&
           a->env->resolver == b->env->resolver && lang_equal(a->test, b->test);
}

static enum status too_wide(struct err *e)
{
    char number[NUMBER_TEXT];
    return fail(e, ST_INVALID, "cond.too_wide", number_text(EVAL_SLOTS, number), NULL);
}

enum status eval_slot(struct lang_eval *ev, const struct slot *want, unsigned short *out, struct err *e)
{
    size_t i = 0;
    while (i < ev->nslots && !same_slot(&ev->slots[i], want))
        i++;
    *out = (unsigned short)i;
    if (i < ev->nslots)
        return ST_OK;
    if (i == EVAL_SLOTS)
        return too_wide(e);
    ev->slots = arena_grow(ev->arena, ev->slots, sizeof *ev->slots, &ev->slots_cap, ev->nslots + 1);
    ev->cells = arena_grow(ev->arena, ev->cells, sizeof *ev->cells, &ev->cells_cap, ev->nslots + 1);
    ev->slots[ev->nslots++] = *want;
    return ST_OK;
}

void eval_column(struct sql *q, const struct noun *noun, const struct slot *s, const char *alias)
{
    const struct noun_span *span = s->name.span;
    if (s->type == SLOT_INITIALS)
        sql_addf(q, "%s.%s_py", alias, s->name.field->name);
    else if (s->type == SLOT_BUCKET && noun->bucket)
        sql_addf(q, "coalesce(%s.%s, %s.id)", alias, noun->bucket, alias);
    else if (s->type == SLOT_BUCKET)
        sql_addf(q, "%s.id", alias);
    else if (span && span->or_from)
        sql_addf(q, "coalesce(%s.%s, %s.%s)", alias, span->from, alias, span->or_from);
    else if (span)
        sql_addf(q, "%s.%s", alias, span->from);
    else
        lang_column(q, s->name, alias, true);
}

/* What one statement may hold of them, in bytes. */
enum { COLUMNS_TEXT = 48 << 10 };

enum status lang_eval_columns(struct lang_eval *ev, const char *alias, struct sql *q, bool *side,
                              struct err *e)
{
    enum status st = ST_OK;
    size_t before = q->text.len;
    *side = false;
    sql_add(q, ev->nslots ? "" : "null");
    for (size_t i = 0; i < ev->nslots && !st; i++) {
        const struct slot *s = &ev->slots[i];
        bool needs = s->name.attr != NULL;
        sql_add(q, i ? ", " : "");
        if (s->type == SLOT_FLAG) {
            sql_add(q, "case when (");
            st = lang_compile(s->test, s->env, alias, q, &needs, e);
            sql_add(q, ") then 1 else 0 end");
        } else {
            eval_column(q, ev->noun, s, alias);
        }
        *side |= needs;
    }
    return !st && q->text.len - before > COLUMNS_TEXT ? too_wide(e) : st;
}

/* ---- instructions ---------------------------------------------------------------------------- */

bool eval_is_group(const struct cond *c)
{
    return c->kind == COND_AND || c->kind == COND_OR || c->kind == COND_NOT;
}

/* How many instructions a part of the tree takes. */
static int tests_of(const struct cond *c)
{
    int n = !eval_is_group(c);
    for (size_t i = 0; eval_is_group(c) && i < c->nkids; i++)
        n += tests_of(c->kids[i]);
    return n;
}

struct maker { struct lang_eval *ev; const struct lang_env *env; struct err *e; };

/* Writes the part's instructions from number `at` on. Where it holds they go on at `yes`, else at `no`. */
static enum status make(struct maker *m, const struct cond *c, int at, int yes, int no)
{
    enum status st = ST_OK;
    if (c->kind == COND_NOT)
        return make(m, c->kids[0], at, no, yes);
    if (!eval_is_group(c)) {
        struct instruction *x = &m->ev->code[at];
        st = eval_test(m->ev, m->env, c, x, m->e);
        x->yes = x->turned ? no : yes;
        x->no = x->turned ? yes : no;
        return st;
    }
    for (size_t i = 0; i < c->nkids && !st; i++) {
        int next = at + tests_of(c->kids[i]);
        bool last = i + 1 == c->nkids;
        st = make(m, c->kids[i], at, last || c->kind == COND_OR ? yes : next,
                  last || c->kind == COND_AND ? no : next);
        at = next;
    }
    return st;
}

static struct lang_eval *eval_new(struct arena *a, const struct noun *noun)
{
    struct lang_eval *ev = arena_new(a, struct lang_eval);
    ev->arena = a;
    ev->noun = noun;
    return ev;
}

/* What the compiler refuses is refused, in its words. */
static enum status check(struct arena *a, const struct cond *c, const struct lang_env *env,
                         struct err *e)
{
    struct sql q;
    sql_init(&q, a);
    enum status st = lang_compile(c, env, "t", &q, NULL, e);
    sql_release(&q);
    return st;
}

enum status lang_eval_add(struct arena *a, struct lang_eval **ev, const struct cond *c,
                          const struct lang_env *env, size_t *index, struct err *e)
{
    struct err own;
    struct lang_eval *made = *ev ? *ev : eval_new(a, env->noun);
    struct maker m = { made, arena_memdup(made->arena, env, sizeof *env), e ? e : &own };
    int start = (int)made->ncode, tests = c ? tests_of(c) : 0;
    size_t nslots = made->nslots;
    enum status st = check(made->arena, c, env, m.e);

    assert(made->noun == env->noun);
    if (!st && c) {
        made->code = arena_grow(made->arena, made->code, sizeof *made->code, &made->code_cap,
                                made->ncode + (size_t)tests);
        st = make(&m, c, start, EVAL_YES, EVAL_NO);
    }
    if (st) {
        made->nslots = nslots;
        return st;
    }
    made->ncode += (size_t)tests;
    made->conds = arena_grow(made->arena, made->conds, sizeof *made->conds, &made->conds_cap,
                             made->nconds + 1);
    made->conds[made->nconds].cond = c;
    made->conds[made->nconds].start = c ? start : EVAL_YES;
    *index = made->nconds++;
    *ev = made;
    return ST_OK;
}
