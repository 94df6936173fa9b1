#include "core/noun/masked.h"

#include <stdio.h>

#include "base/text.h"
#include "core/guard/asks.h"

struct asked { struct ctx *c; struct ask *items; size_t n, cap; };

/* Phones that are written in two ways are one. */
static enum status add_secret(struct asked *x, const struct field *f, const char *value)
{
    unsigned char index[SECRET_HASH];
    char hex[2 * SECRET_HASH + 1];
    enum status st = row_secret_index(x->c->db, f, value, x->c->arena, index, x->c->e);
    if (st)
        return st;
    for (size_t i = 0; i < SECRET_HASH; i++)
        snprintf(hex + 2 * i, 3, "%02x", index[i]);
    x->items = arena_grow(x->c->arena, x->items, sizeof *x->items, &x->cap, x->n + 1);
    x->items[x->n++] = ask_of(x->c, f->name, hex);
    return ST_OK;
}

static void add_name(struct asked *x, const struct field *f, const char *value)
{
    x->items = arena_grow(x->c->arena, x->items, sizeof *x->items, &x->cap, x->n + 1);
    x->items[x->n++] = ask_of(x->c, f->name, text_key(x->c->arena, value));
}

static enum status add_test(struct asked *x, const struct cond *t)
{
    const struct field *f = t->name.field;
    bool secret = f && f->type == F_SECRET;
    bool masked = f && (f->flags & FIELD_PII) && x->c->who->lens.mask_names;
    enum status st = ST_OK;
    for (size_t i = 0; i < t->nvalues && !st && (secret || masked) && t->op != OP_CHANGED; i++) {
        const struct value *v = &t->values[i];
        if (v->kind != VAL_TEXT)                /* a birthday: each day of a year is a value */
            add_name(x, f,
                     arena_printf(x->c->arena, "%d %d %lld", (int)v->kind, (int)v->unit,
                                  (long long)v->i));
        else if (secret)
            st = add_secret(x, f, v->s);
        else
            add_name(x, f, v->s);
    }
    return st;
}

static enum status collect(struct asked *x, const struct cond *t)
{
    enum status st = t && t->kind == COND_TEST ? add_test(x, t) : ST_OK;
    for (size_t i = 0; t && i < t->nkids && !st; i++)
        st = collect(x, t->kids[i]);
    return st;
}

enum status masked_ask(struct ctx *c, const struct cond *cond)
{
    struct asked x = { .c = c };
    enum status st = collect(&x, cond);
    return st ? st : asks_take(c, x.items, x.n);
}

enum status masked_ask_value(struct ctx *c, const struct field *f, const char *value)
{
    struct asked x = { .c = c };
    enum status st = add_secret(&x, f, value);
    return st ? st : asks_take(c, x.items, x.n);
}

enum status masked_keep(struct ctx *c, const struct cond *t)
{
    enum status st = ST_OK;
    if (t && t->kind == COND_TEST && t->name.field && t->name.field->type == F_SECRET && t->nvalues)
        return fail(c->e, ST_INVALID, "cond.secret_kept", t->name.field->name,
                    arena_printf(c->arena, "%d", t->column), t->name.field->label, NULL);
    for (size_t i = 0; t && i < t->nkids && !st; i++)
        st = masked_keep(c, t->kids[i]);
    return st;
}
