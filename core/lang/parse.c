#include <string.h>

#include "base/i18n.h"
#include "core/lang/test.h"

struct parser {
    struct lexer l;
    const struct lang_env *env;
    struct err *e;
    int depth;
};

static struct cond *parse_or(struct parser *p);

/* ---- helpers --------------------------------------------------------------------------------- */

static void *wrong(struct parser *p, const char *expected)
{
    syntax_fail(&p->l, expected, p->e);
    return NULL;
}

static bool at_keyword(const struct parser *p, enum keyword k)
{
    return p->l.now.kind == TOK_WORD && p->l.now.kw == k;
}

static bool take(struct parser *p, enum keyword k)
{
    if (!at_keyword(p, k))
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

static struct cond *new_cond(struct parser *p, enum cond_kind kind)
{
    struct cond *c = arena_new(p->l.arena, struct cond);
    c->kind = kind;
    return c;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* The text that the tokens from `at` to the one before now cover. */
static const char *slice(struct parser *p, size_t at, size_t end)
{
    return arena_strndup(p->l.arena, p->l.text + at, end - at);
}

/* "+ 3d" or "- 3d" behind a bare word. */
static bool take_offset(struct parser *p, struct operand *o, size_t *end)
{
    if (p->l.now.kind != TOK_PLUS && p->l.now.kind != TOK_MINUS)
        return true;
    o->sign = p->l.now.kind == TOK_PLUS ? '+' : '-';
    lex_next(&p->l);
    if (p->l.now.kind != TOK_WORD)
        return wrong(p, N_("a span of time: 30m, 48h, 7d"));
    o->offset = p->l.now.text;
    *end = p->l.now.end;
    lex_next(&p->l);
    return true;
}

static bool take_operand(struct parser *p, struct operand *o)
{
    struct lexer *l = &p->l;
    size_t at = l->now.at, end;
    bool minus = l->now.kind == TOK_MINUS;

    *o = (struct operand){ .column = lex_column(l, at) };
    if (minus)
        lex_next(l);
    bool word = l->now.kind == TOK_WORD && l->now.kw == KW_NONE;
    if (minus && !(word && l->now.text[0] >= '0' && l->now.text[0] <= '9'))
        return wrong(p, N_("a number"));
    if (!word && l->now.kind != TOK_TEXT)
        return wrong(p, N_("a value; the language's own words need quotes"));
    o->quoted = !word;
    o->text = minus ? arena_printf(l->arena, "-%s", l->now.text) : l->now.text;
    end = l->now.end;
    lex_next(l);
    if (word && !minus && !take_offset(p, o, &end))
        return false;
    o->all = slice(p, at, end);
    return true;
}

static bool take_value(struct parser *p, struct cond *c, size_t *cap)
{
    char number[NUMBER_TEXT];
    struct operand o;
    if (c->nvalues == LANG_VALUES) {
        fail(p->e, ST_INVALID, "cond.too_many", number_text(LANG_VALUES, number), NULL);
        return false;
    }
    c->values = arena_grow(p->l.arena, c->values, sizeof *c->values, cap, c->nvalues + 1);
    struct value *v = &c->values[c->nvalues++];
    return take_operand(p, &o) && !value_read(p->l.arena, c->name, &o, v, p->e);
}

static bool take_list(struct parser *p, struct cond *c)
{
    size_t cap = 0;
    if (p->l.now.kind != TOK_OPEN)
        return wrong(p, N_("a list in brackets"));
    do {
        lex_next(&p->l);
        if (!take_value(p, c, &cap))
            return false;
    } while (p->l.now.kind == TOK_COMMA);
    if (p->l.now.kind != TOK_CLOSE)
        return wrong(p, N_("a comma or a closing bracket"));
    lex_next(&p->l);
    return true;
}

/* ---- a test ---------------------------------------------------------------------------------- */

static bool is_name(const struct token *t)
{
    return (t->kind == TOK_WORD && t->kw == KW_NONE) || t->kind == TOK_TEXT;
}

static bool take_name(struct parser *p, struct cond *c)
{
    struct token name = p->l.now;
    if (!is_name(&name))
        return wrong(p, N_("a field"));
    c->column = lex_column(&p->l, name.at);
    lex_next(&p->l);
    bool attr = p->l.now.kind == TOK_DOT;
    if (attr) {
        if (name.kind != TOK_WORD || strcmp(name.text, "attr") != 0)
            return wrong(p, N_("a comparison"));
        lex_next(&p->l);
        name = p->l.now;
        if (name.kind != TOK_WORD && name.kind != TOK_TEXT)
            return wrong(p, N_("the name of a custom field"));
        lex_next(&p->l);
    }
    return !name_find(p->env, attr, name.text, c->column, &c->name, p->e);
}

/* `is empty`, `is not empty`, `is set`. */
static bool take_state(struct parser *p, enum cond_op *op)
{
    bool not = take(p, KW_NOT);
    if (!at_keyword(p, KW_EMPTY) && !at_keyword(p, KW_SET))
        return wrong(p, N_("`empty` or `set`"));
    *op = at_keyword(p, KW_EMPTY) != not ? OP_EMPTY : OP_SET;
    lex_next(&p->l);
    return true;
}

/* Operators that are one word. */
static const struct { enum keyword kw; enum cond_op op; } one_word[] = {
    { KW_IN, OP_IN }, { KW_NOT_IN, OP_NOT_IN }, { KW_IS_EMPTY, OP_EMPTY }, { KW_IS_SET, OP_SET },
    { KW_UNDER, OP_UNDER }, { KW_CONTAINS, OP_CONTAINS }, { KW_STARTS_WITH, OP_STARTS },
    { KW_EQ, OP_EQ }, { KW_NE, OP_NE }, { KW_LT, OP_LT }, { KW_LE, OP_LE },
    { KW_GT, OP_GT }, { KW_GE, OP_GE },
};

static bool take_op(struct parser *p, enum cond_op *op)
{
    if (p->l.now.kind == TOK_OP) {
        *op = p->l.now.op;
        lex_next(&p->l);
        return true;
    }
    if (take(p, KW_IS))
        return take_state(p, op);
    if (take(p, KW_NOT)) {
        *op = OP_NOT_IN;
        return take(p, KW_IN) || wrong(p, N_("`in`"));
    }
    if (take(p, KW_STARTS)) {
        *op = OP_STARTS;
        return take(p, KW_WITH) || wrong(p, N_("`with`"));
    }
    for (size_t i = 0; i < sizeof one_word / sizeof *one_word; i++)
        if (take(p, one_word[i].kw)) {
            *op = one_word[i].op;
            return true;
        }
    return wrong(p, N_("a comparison"));
}

static struct cond *parse_test(struct parser *p)
{
    struct cond *c = new_cond(p, COND_TEST);
    size_t cap = 0;
    if (!take_name(p, c) || !take_op(p, &c->op) ||
        test_check(p->env, c->name, c->op, c->column, p->e))
        return NULL;
    if (c->op == OP_EMPTY || c->op == OP_SET)
        return c;
    bool list = c->op == OP_IN || c->op == OP_NOT_IN;
    return (list ? take_list(p, c) : take_value(p, c, &cap)) ? c : NULL;
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
        return wrong(p, N_("`and`, `or` or a closing bracket"));
    lex_next(&p->l);
    return c;
}

static struct cond *parse_unary(struct parser *p)
{
    struct cond *c, *kid;
    bool open = p->l.now.kind == TOK_OPEN, not = at_keyword(p, KW_NOT);

    if (!open && !not)
        return parse_test(p);
    if (!enter(p))
        return NULL;
    if (open) {
        c = parse_group(p);
    } else {
        lex_next(&p->l);
        kid = p->l.now.kind == TOK_OPEN ? parse_group(p) : parse_unary(p);
        c = kid ? new_cond(p, COND_NOT) : NULL;
        if (c) {
            c->kids = arena_memdup(p->l.arena, &kid, sizeof kid);
            c->nkids = 1;
        }
    }
    p->depth--;
    return c;
}

static struct cond *parse_chain(struct parser *p, enum cond_kind kind, enum keyword kw,
                                struct cond *(*operand)(struct parser *p))
{
    struct cond *first = operand(p), *c;
    size_t cap = 0;
    if (!first || !at_keyword(p, kw))
        return first;
    c = new_cond(p, kind);
    for (struct cond *kid = first; kid; kid = operand(p)) {
        c->kids = arena_grow(p->l.arena, c->kids, sizeof *c->kids, &cap, c->nkids + 1);
        c->kids[c->nkids++] = kid;
        if (!take(p, kw))
            return c;
    }
    return NULL;
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
        bool brackets = c->kind != COND_NOT && (kind == COND_AND || kind == COND_OR);
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
        c = wrong(&p, p.l.now.kind == TOK_CLOSE ? N_("an opening bracket before it") :
                                                  N_("`and`, `or` or the end"));
    if (!c)
        return p.e->status;
    st = check_print(c, env, strlen(text), p.e);
    *out = st ? NULL : c;
    return st;
}
