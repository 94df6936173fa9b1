/* sort.c - the order of a list: "left,-received_at". */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/test.h"

static bool is_name(const struct token *t)
{
    return t->kind == TOK_WORD || t->kind == TOK_TEXT;
}

/* NAME or attr.NAME; leaves l behind it. */
static enum status take_name(struct lexer *l, const struct lang_env *env, struct lang_name *out,
                             struct err *e)
{
    struct token name = l->now;
    if (!is_name(&name))
        return syntax_fail(l, N_("a field"), e);
    lex_next(l);
    bool attr = l->now.kind == TOK_DOT && strcmp(name.text, "attr") == 0;
    if (attr) {
        lex_next(l);
        name = l->now;
        if (!is_name(&name))
            return syntax_fail(l, N_("a field"), e);
        lex_next(l);
    }
    return name_find_stored(env, attr, name.text, lex_column(l, name.at), out, e);
}

static enum status take_key(struct lexer *l, const struct lang_env *env, struct lang_sort *s,
                            struct err *e)
{
    char name[NAME_TEXT];
    s->desc = l->now.kind == TOK_MINUS;
    if (s->desc)
        lex_next(l);
    enum status st = take_name(l, env, &s->name, e);
    if (!st && name_type(s->name) == F_REFS)
        return fail(e, ST_INVALID, "cond.no_order", name_text(s->name, name), name_msgid(s->name), NULL);
    if (!st && !lang_may_sort(env, s->name))
        st = fail(e, ST_DENIED, "cond.masked_sort", name_text(s->name, name), name_msgid(s->name),
                  NULL);
    return st;
}

enum status lang_sort_parse(struct arena *a, const char *text, const struct lang_env *env,
                            struct lang_sort **out, size_t *n, struct err *e)
{
    char number[NUMBER_TEXT];
    struct lexer l;
    enum status st;

    *n = 0;
    *out = arena_array(a, struct lang_sort, LANG_SORTS);
    st = lex_start(&l, a, text, true, e);
    if (st || l.now.kind == TOK_END)
        return st;
    for (;;) {
        if (*n == LANG_SORTS)
            return fail(e, ST_INVALID, "cond.order_long", number_text(LANG_SORTS, number), NULL);
        st = take_key(&l, env, &(*out)[*n], e);
        if (st)
            return st;
        ++*n;
        if (l.now.kind == TOK_END)
            return ST_OK;
        if (l.now.kind != TOK_COMMA)
            return syntax_fail(&l, N_("a comma or the end"), e);
        lex_next(&l);
    }
}
