#include <string.h>

#include "base/i18n.h"
#include "core/lang/parse.h"

static struct cond *parse_or(struct parser *p);

/* ---- helpers --------------------------------------------------------------------------------- */

void *parse_wrong(struct parser *p, const char *expected)
{
    syntax_fail(&p->l, expected, p->e);
    return NULL;
}

bool parse_at(const struct parser *p, enum keyword k)
{
    return p->l.now.kind == TOK_WORD && p->l.now.kw == k;
}

bool parse_take(struct parser *p, enum keyword k)
{
    if (!parse_at(p, k))
        return false;
    lex_next(&p->l);
    return true;
}

bool parse_take_special(struct parser *p, enum special s)
{
    if (!lex_at(&p->l, s))
        return false;
    lex_next(&p->l);
    return true;
}

static bool enter(struct parser *p)
{
    char number[NUMBER_TEXT];
    if (p->depth++ < LANG_DEPTH)
        return true;
    fail(p->e, ST_INVALID, "cond.too_deep", number_text(LANG_DEPTH, number), NULL);
    return false;
}

struct cond *parse_new(struct parser *p, enum cond_kind kind)
{
    struct cond *c = arena_new(p->l.arena, struct cond);
    c->kind = kind;
    return c;
}

/* ---- and, or, not ---------------------------------------------------------------------------- */

/* What stands in brackets; they are gone from the tree, but what they bind stays together. */
static struct cond *parse_group(struct parser *p)
{
    lex_next(&p->l);
    struct cond *c = parse_or(p);
    if (!c)
        return NULL;
    if (p->l.now.kind != TOK_CLOSE)
        return parse_wrong(p, N_("`and`, `or` or a closing bracket"));
    lex_next(&p->l);
    return c;
}

static struct cond *parse_unary(struct parser *p)
{
    struct cond *c, *kid;
    bool open = p->l.now.kind == TOK_OPEN, not = parse_at(p, KW_NOT);

    if (!open && !not)
        return parse_test(p);
    if (!enter(p))
        return NULL;
    if (open) {
        c = parse_group(p);
    } else {
        lex_next(&p->l);
        kid = p->l.now.kind == TOK_OPEN ? parse_group(p) : parse_unary(p);
        c = kid ? parse_new(p, COND_NOT) : NULL;
        if (c) {
            c->kids = arena_memdup(p->l.arena, &kid, sizeof kid);
            c->nkids = 1;
        }
    }
    p->depth--;
    return c;
}

/* In Chinese the next test may stand right behind the word: "且阶段 = ...". */
static bool take_link(struct parser *p, enum keyword kw)
{
    enum keyword k = KW_NONE;
    if (p->l.now.kind == TOK_WORD && !p->l.now.kw) {
        size_t n = keyword_starts(p->l.now.text, &k);
        if (n && k == kw)
            lex_cut(&p->l, n);
    }
    return parse_take(p, kw);
}

bool parse_goes_on(const struct parser *p)
{
    struct err none;
    struct parser t = *p;
    t.trying = true;
    t.e = &none;
    if (!take_link(&t, KW_AND) && !take_link(&t, KW_OR))
        return false;
    while (parse_take(&t, KW_NOT))
        ;
    return t.l.now.kind == TOK_OPEN || parse_test(&t);      /* what a bracket holds is read once */
}

struct cond *parse_inner(struct parser *p, const struct noun *noun)
{
    const struct lang_env *outer = p->env;
    struct lang_env inner = lang_env_of(outer, noun);
    if (!enter(p))
        return NULL;
    p->env = &inner;
    struct cond *c = parse_group(p);
    p->env = outer;
    p->depth--;
    return c;
}

static struct cond *parse_chain(struct parser *p, enum cond_kind kind, enum keyword kw,
                                struct cond *(*operand)(struct parser *p))
{
    struct cond *first = operand(p), *c;
    size_t cap = 0;
    if (!first || !take_link(p, kw))
        return first;
    c = parse_new(p, kind);
    c->kids = arena_grow(p->l.arena, c->kids, sizeof *c->kids, &cap, 2);
    c->kids[c->nkids++] = first;
    do {
        struct cond *kid = operand(p);
        if (!kid)
            return NULL;
        c->kids = arena_grow(p->l.arena, c->kids, sizeof *c->kids, &cap, c->nkids + 1);
        c->kids[c->nkids++] = kid;
    } while (take_link(p, kw));
    return c;
}

static struct cond *parse_and(struct parser *p)
{
    return parse_chain(p, COND_AND, KW_AND, parse_unary);
}

static struct cond *parse_or(struct parser *p)
{
    return parse_chain(p, COND_OR, KW_OR, parse_and);
}

/* Levels of brackets and `not` in the print of c. */
static int depth_of(const struct cond *c)
{
    int deepest = 0;
    for (size_t i = 0; i < c->nkids; i++) {
        enum cond_kind kind = c->kids[i]->kind;
        bool brackets = is_counted(c) || (c->kind != COND_NOT && (kind == COND_AND || kind == COND_OR));
        int depth = depth_of(c->kids[i]) + brackets;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + (c->kind == COND_NOT);
}

/* What is stored is the English print, so that too has to keep the limits. A short text can't grow
 * too long. */
static enum status check_print(const struct cond *c, const struct lang_env *env, size_t typed,
                               struct err *e)
{
    char number[NUMBER_TEXT];
    struct buf text = BUF_INIT;
    if (depth_of(c) > LANG_DEPTH)
        return fail(e, ST_INVALID, "cond.too_deep", number_text(LANG_DEPTH, number), NULL);
    if (typed < LANG_TEXT / 32)
        return ST_OK;
    lang_print(c, env, "en", &text);
    size_t n = text.len;
    buf_release(&text);
    if (n <= LANG_TEXT)
        return ST_OK;
    return fail(e, ST_INVALID, "cond.too_long", number_text(LANG_TEXT, number), NULL);
}

enum status lang_alone(const char *text, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct lexer l;
    int open = 0;
    enum status st = lex_start(&l, &a, text, false, e);
    for (; !st && l.now.kind != TOK_END && l.now.kind != TOK_BAD; lex_next(&l)) {
        open += (l.now.kind == TOK_OPEN) - (l.now.kind == TOK_CLOSE);
        if (open < 0) {
            st = syntax_fail(&l, N_("an opening bracket before it"), e);
            break;
        }
    }
    arena_free(&a);
    return st;
}

enum status lang_parse(struct arena *a, const char *text, const struct lang_env *env,
                       struct cond **out, struct err *e)
{
    struct err own;
    struct parser p = { .env = env, .e = e ? e : &own };
    *out = NULL;
    enum status st = lex_start(&p.l, a, text, false, p.e);
    if (st || p.l.now.kind == TOK_END)
        return st;
    struct cond *c = parse_or(&p);
    if (c && p.l.now.kind != TOK_END)
        c = parse_wrong(&p, p.l.now.kind == TOK_CLOSE ? N_("an opening bracket before it") :
                                                  N_("`and`, `or` or the end"));
    if (!c)
        return p.e->status;
    st = check_print(c, env, strlen(text), p.e);
    *out = st ? NULL : c;
    return st;
}
