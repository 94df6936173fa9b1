/* compile.c - the tree as SQL.
 *
 * A comparison with a null column is null. In a `where` that filters like a false, so a plain comparison
 * means what the language means, and indexes serve it. Under a `not` it would not: there null has to
 * become true. So `not` is carried down to the tests, `and` and `or` changing places, and a negated
 * test is written `(x is null or not (...))`. Each `not` of the tree is kept in meaning that way,
 * whatever the column holds.
 */
#include <string.h>

#include "core/lang/compile.h"

/* SQLite refuses expressions deeper than 1,000, so long chains are split in halves. */
enum { CHAIN_MAX = 100 };

enum status compile_chain(struct sql *q, const char *word, const void *chain, size_t from, size_t to,
                          link_fn link)
{
    enum status st = ST_OK;
    if (to - from > CHAIN_MAX) {
        size_t middle = from + (to - from) / 2;
        sql_add(q, "(");
        st = compile_chain(q, word, chain, from, middle, link);
        sql_addf(q, ")%s(", word);
        st = st ? st : compile_chain(q, word, chain, middle, to, link);
        sql_add(q, ")");
        return st;
    }
    for (size_t i = from; i < to && !st; i++) {
        sql_add(q, i > from ? word : "");
        st = link(chain, i);
    }
    return st;
}

/* ---- and, or, not ---------------------------------------------------------------------------- */

/* SQLite's parser has a stack of 100. A bracket takes one place of it, what stands before a member
 * of a chain two, so the deepest member comes first. These are measured, with room for the rest of
 * the statement. */
enum { STACK_MAX = 80, STACK_TEST = 13, STACK_BIG_TEST = 30, STACK_BEFORE = 2, STACK_HALF = 3,
       STACK_EXISTS = 11,       /* before the condition on another table's rows */
       STACK_INLINE = 4 };      /* before that of a segment */

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
    return inside_and && is_chain(p.cond) && is_or(p);
}

static bool is_big(const struct cond *test)
{
    int type = name_type(test->name);
    return test->op == OP_UNDER || test->op == OP_CHANGED || test->nvalues > 1 || test->name.via ||
           type == F_REFS || type == T_BUCKET || type == T_SEGMENT;
}

static int stack_of(struct part p, bool inside_and, size_t *first);

static int stack_of_leaf(const struct cond *c)
{
    size_t ignored;
    int inside = c->nkids ? STACK_EXISTS + stack_of(part_of(c->kids[0], false), true, &ignored) : 0;
    if (is_counted(c))
        return inside > STACK_BIG_TEST ? inside : STACK_BIG_TEST;
    return is_big(c) ? STACK_BIG_TEST : STACK_TEST;
}

/* Places of the parser's stack. *first is the member that needs most. */
static int stack_of(struct part p, bool inside_and, size_t *first)
{
    int most = 0, second = 0;
    size_t ignored;
    *first = 0;
    if (!is_chain(p.cond))
        return stack_of_leaf(p.cond);
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

/* The tests and what they ask of other tables have the places that the tree around them leaves. */
static enum status emit_leaf(struct compiler *c, struct part p)
{
    int used = c->used;
    bool counted = is_counted(p.cond);
    c->used += (counted ? STACK_EXISTS : STACK_INLINE) - stack_of_leaf(p.cond);
    enum status st = counted ? compile_counted(c, p.cond, p.negated) : compile_test(c, p.cond, p.negated);
    c->used = used;
    return st;
}

static enum status emit_kid(const void *chain, size_t i)
{
    const struct chain *ch = chain;
    size_t at = i == 0 ? ch->first : i <= ch->first ? i - 1 : i;
    struct part p = part_of(ch->part.cond->kids[at], ch->part.negated);
    return emit_part(ch->c, p, !is_or(ch->part));
}

static enum status emit_part(struct compiler *c, struct part p, bool inside_and)
{
    if (!is_chain(p.cond))
        return emit_leaf(c, p);
    struct chain chain = { .c = c, .part = p };
    bool brackets = needs_brackets(p, inside_and);
    stack_of(p, inside_and, &chain.first);
    sql_add(c->q, brackets ? "(" : "");
    enum status st = compile_chain(c->q, is_or(p) ? " or " : " and ", &chain, 0, p.cond->nkids,
                                emit_kid);
    sql_add(c->q, brackets ? ")" : "");
    return st;
}

enum status compile_part(struct compiler *c, const struct cond *cond, bool negated)
{
    char number[NUMBER_TEXT];
    size_t first;
    if (!cond) {
        sql_add(c->q, negated ? "1 = 0" : "1 = 1");
        return ST_OK;
    }
    struct part p = part_of(cond, negated);
    int needs = stack_of(p, true, &first), used = c->used;
    if (used + needs > STACK_MAX)
        return fail(c->e, ST_INVALID, "cond.too_deep", number_text(LANG_DEPTH, number), NULL);
    c->used = used + needs;             /* what is inside of its tests has the rest */
    enum status st = emit_part(c, p, true);
    c->used = used;
    return st;
}

enum status lang_compile(const struct cond *cond, const struct lang_env *env, const char *alias,
                         struct sql *q, bool *side, struct err *e)
{
    struct err own;
    int asked = 0;
    struct compiler c = { .env = env, .alias = alias, .q = q, .e = e ? e : &own, .asked = &asked };
    size_t len = q->text.len, n = q->n;
    enum status st = compile_part(&c, cond, false);
    if (st) {
        buf_cut(&q->text, len);
        q->n = n;
    }
    if (side)
        *side = c.side;
    return st;
}
