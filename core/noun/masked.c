#include "core/noun/masked.h"

#include <stdio.h>

#include "base/text.h"
#include "core/guard/asks.h"

struct asked {
    struct ctx *c;
    const struct noun *noun;            /* the condition's */
    struct ask *items;
    size_t n, cap;
    int64_t *segments;                  /* those whose conditions are counted */
    size_t nsegments, segments_cap;
    int depth;
};

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

/* ---- what segments ask --------------------------------------------------------------------------------- */

static enum status collect(struct asked *x, const struct cond *t);

/* Its condition, a snapshot's too: whoever knows it knows what the members have. NULL: there is none. */
static enum status condition_of(struct ctx *c, int64_t segment, const char **where)
{
    struct stmt *s = db_query(c->db, "select condition from segment where id = $1", "i", segment);
    *where = db_row(s) && !db_null(s, 0) ? db_strdup(s, 0, c->arena) : NULL;
    return db_end(s, c->e);
}

static bool is_counted(const struct asked *x, int64_t segment)
{
    for (size_t i = 0; i < x->nsegments; i++)
        if (x->segments[i] == segment)
            return true;
    return false;
}

static enum status add_segment(struct asked *x, const struct value *v)
{
    struct ctx *c = x->c;
    struct lang_segment s = { 0 };
    struct lang_env env;
    struct cond *inner = NULL;
    struct err own;
    const char *where = NULL;
    enum status st = resolve_segment(c, x->noun, v->s, &s);
    if (st || !s.id || is_counted(x, s.id))
        return st;
    if (x->depth == LANG_SEGMENTS)
        return fail(c->e, ST_INVALID, "cond.segment_ring", v->s, arena_printf(c->arena, "%d", v->column),
                    NULL);
    x->segments = arena_grow(c->arena, x->segments, sizeof *x->segments, &x->segments_cap, x->nsegments + 1);
    x->segments[x->nsegments++] = s.id;
    st = condition_of(c, s.id, &where);
    if (!st && where)
        st = resolve_env(c, x->noun, &env);
    if (st || !where)
        return st;
    env.lens = NULL;                    /* of a snapshot it may ask more than he may */
    if (lang_parse(c->arena, where, &env, &inner, &own))
        return ST_OK;                   /* it finds nothing any more: the compiler says why */
    x->depth++;
    st = collect(x, inner);
    x->depth--;
    return st;
}

/* "segment = x": a test of no member of struct lang_name. */
static bool asks_segment(const struct cond *t)
{
    const struct lang_name *n = &t->name;
    return !n->via && !n->field && !n->attr && !n->span && !n->bucket;
}

/* Secrets are kept in no condition (masked_keep()), so that segments matter to those alone who see names
 * masked. */
static enum status add_segments(struct asked *x, const struct cond *t)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < t->nvalues && !st; i++)
        if (t->values[i].kind == VAL_TEXT)
            st = add_segment(x, &t->values[i]);
    return st;
}

static enum status collect(struct asked *x, const struct cond *t)
{
    bool test = t && t->kind == COND_TEST;
    enum status st = test ? add_test(x, t) : ST_OK;
    if (!st && test && asks_segment(t) && x->c->who->lens.mask_names)
        st = add_segments(x, t);
    for (size_t i = 0; t && i < t->nkids && !st; i++)
        st = collect(x, t->kids[i]);
    return st;
}

enum status masked_ask(struct ctx *c, const struct noun *noun, const struct cond *cond)
{
    struct asked x = { .c = c, .noun = noun };
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
