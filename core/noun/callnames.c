#include "core/noun/callnames.h"

#include <string.h>

struct calling { struct ctx *c; struct lang_env env; struct called_row *rows; size_t n, cap; };

static bool has(const struct calling *k, const char *noun, const char *word)
{
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->rows[i].noun, noun) == 0 && strcmp(k->rows[i].word, word) == 0)
            return true;
    return false;
}

/* row->code NULL: there is no such row to tell of. */
static enum status look_up(struct ctx *c, const struct lang_env *env, const char *noun, const char *word,
                           struct called_row *row)
{
    struct ref by_word = { 0 }, by_name = { 0 };
    *row = (struct called_row){ .noun = noun, .word = word };
    if (resolve_is_customer(noun_find(noun)))
        return ST_OK;
    enum status st = resolve_word(c, env, noun, word, &by_word);
    row->code = by_word.code;
    row->name = by_word.name;
    if (!st && by_word.name)
        st = resolve_word(c, env, noun, by_word.name, &by_name);
    row->alone = !by_word.name || by_name.id == by_word.id;
    return st;
}

static enum status call_words(struct calling *k, const struct cond *t)
{
    enum status st = ST_OK;
    const char *noun = t && t->kind == COND_TEST ? lang_names(t->name) : NULL;
    for (size_t i = 0; noun && i < t->nvalues && !st; i++) {
        const struct value *v = &t->values[i];
        if (v->kind != VAL_TEXT || has(k, noun, v->s))
            continue;
        k->rows = arena_grow(k->c->arena, k->rows, sizeof *k->rows, &k->cap, k->n + 1);
        st = look_up(k->c, &k->env, noun, v->s, &k->rows[k->n]);
        k->n += k->rows[k->n].code != NULL;
    }
    for (size_t i = 0; t && i < t->nkids && !st; i++)
        st = call_words(k, t->kids[i]);
    return st;
}

enum status called_in(struct ctx *c, const struct noun *noun, const char *where, struct called_rows *out)
{
    struct calling k = { .c = c };
    struct cond *t = NULL;
    enum status st = resolve_env(c, noun, &k.env);
    if (!st)
        st = lang_parse(c->arena, where ? where : "", &k.env, &t, c->e);
    if (!st)
        st = call_words(&k, t);
    out->rows = (struct list){ k.rows, k.n };
    return st;
}

/* ---- asked while a condition is printed ---------------------------------------------------------------- */

struct live { struct lang_called as; struct ctx *c; const struct lang_env *env; };

static const char *live_name(void *self, const char *noun, const char *word, bool zh)
{
    const struct live *l = self;
    struct called_row row;
    struct err ignored, *told = l->c->e;
    l->c->e = &ignored;
    enum status st = look_up(l->c, l->env, noun, word, &row);
    l->c->e = told;
    return st || !row.code ? NULL : called_text(l->c->arena, &row, zh);
}

const struct lang_called *called_live(struct ctx *c, const struct lang_env *env)
{
    struct live *l = arena_new(c->arena, struct live);
    *l = (struct live){ .as = { .self = l, .name = live_name }, .c = c, .env = env };
    return &l->as;
}
