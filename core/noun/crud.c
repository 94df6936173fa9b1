#include "core/noun/crud.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/lang.h"
#include "core/noun/resolve.h"

static const struct field one_fields[] = {
    FIELD_ID(struct one, id, N_("id")),
    FIELD_TEXT(struct one, code, N_("code"), .max = 128),
};
const struct record one_record = RECORD(struct one, "one", one_fields);

static const struct field done_fields[] = {
    FIELD_ID(struct done, id, N_("id")),
    FIELD_INT(struct done, version, N_("version")),
};
const struct record done_record = RECORD(struct done, "done", done_fields);

/* ---- reading ------------------------------------------------------------------------------------------ */

static const struct noun *noun_of(const struct op *op)
{
    return ((const struct crud *)op->arg)->noun;
}

enum status crud_list(struct ctx *c, const struct op *op, const void *in, void *out)
{
    const struct crud *k = op->arg;
    const struct page *page = out;
    enum status st = query_list(c, k->noun, in, out);
    for (size_t i = 0; i < page->rows.n && !st && k->read; i++)
        st = k->read(c, (char *)page->rows.items + i * k->noun->rec->size);
    return st;
}

enum status crud_count(struct ctx *c, const struct op *op, const void *in, void *out)
{
    const struct query *q = in;
    return query_count(c, noun_of(op), q->where, &((struct count *)out)->count);
}

enum status crud_values(struct ctx *c, const struct op *op, const void *in, void *out)
{
    return query_values(c, noun_of(op), in, out);
}

static enum status in_scope(struct ctx *c, const struct noun *noun, int64_t id)
{
    bool seen;
    enum status st = resolve_seen(c, noun, id, &seen);
    return st || seen ? st : resolve_not_found(c, noun);
}

enum status crud_find(struct ctx *c, const struct noun *noun, int64_t id, const char *code, void *rec)
{
    if (!id && code) {
        struct ref r;
        enum status st = row_resolve(c->db, noun, code, &r, c->arena, c->e);
        if (st)
            return st;
        id = r.id;
    }
    enum status st = in_scope(c, noun, id);
    return st ? st : row_get(c->db, noun, id, &c->who->lens, c->arena, rec, c->e);
}

enum status crud_get(struct ctx *c, const struct op *op, const void *in, void *out)
{
    const struct one *o = in;
    const struct crud *k = op->arg;
    enum status st = crud_find(c, k->noun, o->id, o->code, out);
    return st || !k->read ? st : k->read(c, out);
}

/* ---- writing ------------------------------------------------------------------------------------------ */

bool crud_given(const struct ctx *c, const struct record *r, size_t field, const void *in)
{
    return c->given ? c->given[field] : !field_empty(&r->fields[field], in);
}

void crud_stamp(struct ctx *c, struct row_head *head)
{
    *head = (struct row_head){ db_new_id(c->db), 1, c->now, c->now };
}

/* Read-only fields are refused rather than dropped: the caller would believe that they were taken. */
static enum status check_writable(struct ctx *c, const struct record *r, const void *in, bool create)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        /* id and version say which row is changed */
        bool names_it = f->off <= offsetof(struct row_head, version);
        if ((names_it && !create) || !crud_given(c, r, i, in))
            continue;
        if ((f->flags & FIELD_READONLY) || (!create && (f->flags & FIELD_FIXED)))
            return fail_field(c->e, ST_INVALID, f->name, create ? "field.read_only" : "field.fixed",
                              f->label, NULL);
    }
    return ST_OK;
}

/* Choices are stored by code, whatever spelling was given. */
static void settle_choices(const struct record *r, void *rec)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        const char **text = f->type == F_CHOICE ? field_text(f, rec) : NULL;
        const struct choice *x = text && *text ? choice_find(f->choices, *text) : NULL;
        if (x)
            *text = x->code;
    }
}

static int64_t branch_of(const struct noun *noun, void *rec)
{
    if (noun == &branch_noun)
        return *(int64_t *)rec;
    const struct field *f = noun->scope ? record_field(noun->rec, "branch") : NULL;
    return f ? field_ref(f, rec)->id : 0;
}

static enum status write_event(struct ctx *c, const struct noun *noun, void *rec, const char *verb,
                               const char *data)
{
    c->subject = *(int64_t *)rec;
    c->subject_branch = branch_of(noun, rec);
    actor_touched(c->db, noun);
    return ctx_event(c, arena_printf(c->arena, "%s.%s", noun->name, verb), noun->name, c->subject,
                     c->subject_branch, data);
}

static enum status prepare(struct ctx *c, const struct crud *k, const void *old, void *rec)
{
    settle_choices(k->noun->rec, rec);
    enum status st = record_check(k->noun->rec, rec, !old, c->e);
    if (!st)
        st = resolve_refs(c, k->noun->rec, old, rec);
    if (!st && k->before)
        st = k->before(c, old, rec);
    int64_t branch = branch_of(k->noun, rec);
    if (!st && branch && (old || k->noun != &branch_noun))
        st = ctx_covers(c, branch);
    return st;
}

enum status crud_create(struct ctx *c, const struct op *op, const void *in, void *out)
{
    const struct crud *k = op->arg;
    const struct record *r = k->noun->rec;
    void *rec = arena_memdup(c->arena, in, r->size);
    enum status st = check_writable(c, r, in, true);
    if (st)
        return st;
    crud_stamp(c, rec);
    st = prepare(c, k, NULL, rec);
    if (!st)
        st = row_insert(c->db, k->noun, rec, c->arena, c->e);
    if (!st && k->after)
        st = k->after(c, NULL, rec);
    if (!st)
        st = write_event(c, k->noun, rec, "created", NULL);
    *(struct done *)out = (struct done){ *(int64_t *)rec, 1 };
    return st;
}

/* Lays what was given over what stands. */
static void overlay(const struct ctx *c, const struct record *r, const void *in, void *rec)
{
    static const size_t sizes[] = {
        [F_ID] = 8,
        [F_INT] = 8,
        [F_MONEY] = 8,
        [F_TIME] = 8,
        [F_FLAG] = 8,
        [F_NUMBER] = sizeof(double),
        [F_TEXT] = sizeof(char *),
        [F_CHOICE] = sizeof(char *),
        [F_SECRET] = sizeof(char *),
        [F_REF] = sizeof(struct ref),
        [F_REFS] = sizeof(struct refs),
        [F_ATTRS] = sizeof(struct attrs),
        [F_LIST] = sizeof(struct list),
    };
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->off >= sizeof(struct row_head) && f->type != F_ATTRS && crud_given(c, r, i, in))
            memcpy((char *)rec + f->off, (const char *)in + f->off, sizes[f->type]);
    }
}

/* Custom fields that were given, over a copy of those that stand. */
static enum status overlay_attrs(struct ctx *c, const struct shape *shape, const void *in, void *rec)
{
    const struct record *r = shape->noun->rec;
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->type != F_ATTRS || !crud_given(c, r, i, in))
            continue;
        struct attrs *have = field_attrs(f, rec), *given = field_attrs(f, (void *)(uintptr_t)in);
        struct attrs copy = { arena_memdup(c->arena, have->items, have->n * sizeof *have->items), have->n };
        for (size_t k = 0; k < given->n; k++) {
            struct attr *x = attr_get(&copy, given->items[k].def->key);
            if (x)
                *x = given->items[k];
        }
        *have = copy;
    }
    return ST_OK;
}

/* What stands, unmasked: what is compared and written back must be the real values. */
static enum status load_whole(struct ctx *c, const struct shape *shape, const void *in, void *rec)
{
    static const struct lens clear = { .show_secrets = true };
    const struct row_head *head = in;
    enum status st = in_scope(c, shape->noun, head->id);
    if (!st)
        st = row_get(c->db, shape->noun, head->id, &clear, c->arena, rec, c->e);
    const struct row_head *have = rec;
    if (!st && head->version != NONE && head->version != have->version)
        st = fail(c->e, ST_CONFLICT, "noun.stale", shape->noun->name, NULL);
    return st;
}

enum status crud_change(struct ctx *c, const struct op *op, const void *in, void *out)
{
    const struct crud *k = op->arg;
    const struct record *r = k->noun->rec;
    void *old = arena_alloc(c->arena, r->size);
    struct shape shape;
    struct buf changed = BUF_INIT;
    enum status st = check_writable(c, r, in, false);
    if (!st)
        st = shape_full(c->db, k->noun, c->arena, &shape, c->e);
    if (!st)
        st = load_whole(c, &shape, in, old);
    if (st)
        return st;
    void *rec = arena_memdup(c->arena, old, r->size);
    overlay(c, r, in, rec);
    st = overlay_attrs(c, &shape, in, rec);
    ((struct row_head *)rec)->updated_at = c->now;
    if (!st)
        st = prepare(c, k, old, rec);
    if (!st)
        st = row_update(c->db, &shape, old, rec, c->arena, &changed, c->e);
    if (!st && k->after)
        st = k->after(c, old, rec);
    if (!st && changed.len) {
        c->detail = arena_printf(c->arena, "{\"changed\":\"%s\"}", changed.s);
        st = write_event(c, k->noun, rec, "changed", c->detail);
    }
    buf_release(&changed);
    const struct row_head *head = rec;
    *(struct done *)out = (struct done){ head->id, head->version };
    return st;
}
