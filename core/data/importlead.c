/* importlead.c - leads and deals out of files. History carries the file's dates; it starts no clock. */
#include <string.h>

#include "core/data/importer.h"
#include "core/noun/crud.h"
#include "core/noun/resolve.h"

/* ---- duplicates --------------------------------------------------------------------------------------- */

static enum status by_phone(struct ctx *c, struct db *db, const unsigned char *hash, int64_t product,
                            int64_t *id)
{
    return db_get_int(db, c->e, id,
                      "select id from lead where phone_hash = $1 and product_id = $2 and open = 1", "bi",
                      hash, (size_t)SECRET_HASH, product);
}

static enum status look_for(struct importer *m, struct db *db, const struct lead *l, int64_t *id)
{
    struct ctx *c = m->c;
    int64_t product = l->product.id ? l->product.id : m->defaults.product.id;
    enum status st = ST_OK;
    *id = 0;
    if (l->external_id)
        st = row_external(db, l->external_id, c->arena, id, c->e);
    if (!st && !*id && l->phone && l->open != 0) {
        unsigned char hash[SECRET_HASH];
        *id = NONE;
        st = row_secret_index(db, m->phone, l->phone, c->arena, hash, c->e);
        if (!st)
            st = by_phone(c, db, hash, product, id);
        if (!st && *id == NONE && row_secret_former(db, m->phone, l->phone, hash))
            st = by_phone(c, db, hash, product, id);
    }
    *id = *id == NONE ? 0 : *id;
    return st;
}

/* The lead that this row is again: by external_id, else by phone and product among the open ones. 0:
 * none. In a dry run what only creates need not lift what is there: it stays as it is. */
static enum status find_duplicate(struct importer *m, const struct lead *l, bool update, int64_t *id)
{
    struct ctx *c = m->c;
    enum status st = ST_OK;
    *id = 0;
    if (m->bulk)
        return bulk_find_lead(c, m->bulk, l, l->product.id ? l->product.id : m->defaults.product.id, id);
    if (m->real && update)
        st = import_lift_lead(m, l);
    else if (m->real)
        st = look_for(m, m->real, l, id);
    return st || *id ? st : look_for(m, c->db, l, id);
}

/* ---- a lead ------------------------------------------------------------------------------------------- */

static enum status person_for(struct importer *m, struct lead *l)
{
    return m->bulk ? bulk_person(m->c, m->bulk, l, &l->person) : person_of(m->c, l, &l->person);
}

/* A short file is worth no detour. */
static enum status import_name(struct importer *m, const struct lead *l)
{
    enum { FEW = 200 };
    if (m->found <= FEW)
        return grams_write(m->c, l->head.id, NULL, l->name);
    m->waiting++;
    return grams_later(m->c, l->head.id, l->name);
}

static enum status write_lead(struct importer *m, struct lead *l)
{
    struct ctx *c = m->c;
    enum status st = person_for(m, l);
    if (!st)
        st = row_writer_put(m->writer, l, c->arena, c->e);
    if (st)
        return st;
    if (m->bulk)                        /* grams are made for all names at the end */
        return bulk_note_lead(c, m->bulk, l);
    return l->name ? import_name(m, l) : ST_OK;
}

/* History that ended. Won comes with its deal, by the file of deals; else the last day that the
 * file tells is the end. */
static enum status close_lead(struct importer *m, struct lead *l)
{
    struct stage s;
    enum status st = row_get(m->c->db, &stage_noun, l->stage.id, NULL, m->c->arena, &s, m->c->e);
    if (!st && strcmp(s.kind, "won") == 0)
        return fail_field(m->c->e, ST_INVALID, "stage", "import.won", NULL);
    if (l->closed_at == NONE)
        l->closed_at = l->last_follow_up_at > l->received_at ? l->last_follow_up_at : l->received_at;
    return st;
}

static enum status create_lead(struct importer *m, struct lead *l)
{
    struct ctx *c = m->c;
    int64_t created = l->head.created_at;
    crud_stamp(c, &l->head);
    if (created != NONE)
        l->head.created_at = created;
    if (l->owner.id && l->pool.id)
        return fail_field(c->e, ST_INVALID, "pool", "lead.owner_and_pool", NULL);
    l->received_how = "import";
    l->batch.id = m->batch.head.id;
    enum status st = lead_place(c, &m->defaults, l, true);
    if (!st && l->branch.id)
        st = ctx_covers(c, l->branch.id);
    if (!st && l->open != 1)
        st = close_lead(m, l);
    return st ? st : write_lead(m, l);
}

static void overlay_attrs(struct importer *m, const struct attrs *from, struct attrs *to)
{
    struct attr *items = arena_array(m->c->arena, struct attr, m->shape.nattrs);
    for (size_t i = 0; i < m->shape.nattrs; i++) {
        const char *key = m->shape.attrs[i].key;
        const struct attr *given = attr_get((struct attrs *)(uintptr_t)from, key), *old = attr_get(to, key);
        items[i] = given ? *given
                   : old ? *old
                         : (struct attr){ .def = &m->shape.attrs[i], .i = NONE, .d = NAN };
    }
    *to = (struct attrs){ items, m->shape.nattrs };
}

/* While the unique indexes are away: another lead may have the phone that this one gets. */
static enum status update_in_bulk(struct importer *m, const struct lead *was, struct lead *now)
{
    struct ctx *c = m->c;
    struct lead other = *now;
    int64_t id;
    other.external_id = NULL;           /* never changed by a file */
    enum status st = bulk_find_lead(c, m->bulk, &other, now->product.id, &id);
    if (!st && id && id != now->head.id)
        st = fail_field(c->e, ST_CONFLICT, "phone", "noun.duplicate", "lead", m->phone->label, NULL);
    if (!st)
        st = row_update(c->db, &m->shape, was, now, c->arena, NULL, c->e);
    return st || id ? st : bulk_note_lead(c, m->bulk, &other);
}

/* The row is that of a lead out of the caller's scope: as if there were none, and where one would be
 * made then, as for any that is taken. */
static enum status no_match(struct importer *m, const struct lead *l)
{
    const char *name = l->external_id ? l->external_id : "";
    if (strcmp(m->in.mode, "update") == 0)
        return fail(m->c->e, ST_NOT_FOUND, "import.no_match", name, NULL);
    return fail(m->c->e, ST_CONFLICT, "import.duplicate", name, NULL);
}

/* Cells that are filled replace; empty ones leave what stands. Who has the lead and its stage are
 * never changed by a file. */
static enum status update_lead(struct importer *m, int64_t id, const struct lead *given)
{
    static const struct lens clear = { .show_secrets = true };
    struct ctx *c = m->c;
    struct lead was, now;
    bool seen;
    enum status st = resolve_seen(c, &lead_noun, id, &seen);
    if (!st && !seen)
        st = no_match(m, given);
    if (!st)
        st = row_get(c->db, &lead_noun, id, &clear, c->arena, &was, c->e);
    if (!st)
        st = ctx_covers(c, was.branch.id);
    if (st)
        return st;
    now = was;
    for (size_t i = 0; i < m->ncolumns; i++) {
        const struct field *f = m->columns[i].field;
        if (!f || (f->flags & (FIELD_FIXED | FIELD_READONLY)) || field_empty(f, given))
            continue;
        size_t size = f->type == F_REF    ? sizeof(struct ref)
                      : f->type == F_REFS ? sizeof(struct refs)
                                          : 8;
        memcpy((char *)&now + f->off, (const char *)given + f->off, size);
    }
    overlay_attrs(m, &given->attr, &now.attr);
    now.head.updated_at = c->now;
    st = ctx_covers(c, now.branch.id);
    if (!st && now.branch.id != was.branch.id)
        st = lead_fits_pool(c, &now);
    if (!st)
        st = person_for(m, &now);
    if (!st && m->bulk)
        return update_in_bulk(m, &was, &now);
    if (!st)
        st = row_update(c->db, &m->shape, &was, &now, c->arena, NULL, c->e);
    bool renamed = now.name && (!was.name || strcmp(now.name, was.name) != 0);
    return st || !renamed ? st : grams_write(c, id, was.name, now.name);
}

/* A row that is there stays as it is: the rest of its cells is not looked at. */
static enum status find_row(struct importer *m, const struct csv_row *row, bool update,
                            struct lead *l, int64_t *id)
{
    enum status st = import_record_begin(m, row, l);
    if (!st && update)
        st = import_record_end(m, row, l);
    if (!st)
        st = find_duplicate(m, l, update, id);
    if (!st && !update && !*id)
        st = import_record_end(m, row, l);
    bool none = !st && (update || !*id) && !l->name && !l->phone && !l->external_id && !l->attr.n;
    return none ? fail_field(m->c->e, ST_INVALID, "name", "lead.nameless", NULL) : st;
}

enum status import_lead_row(struct importer *m, const struct csv_row *row, enum outcome_kind *what)
{
    struct lead *l = arena_alloc(m->c->arena, sizeof *l);
    struct ctx *c = m->c;
    int64_t id = 0;
    bool update = strcmp(m->in.mode, "create") != 0 || strcmp(m->in.on_duplicate, "update") == 0;
    enum status st = find_row(m, row, update, l, &id);
    if (!st && (!id || update))
        st = import_guard(m);
    if (st)
        return st;
    const char *name = l->external_id ? l->external_id : "";
    if (!id) {
        *what = ROW_CREATED;
        return strcmp(m->in.mode, "update")
                   ? create_lead(m, l)
                   : fail(c->e, ST_NOT_FOUND, "import.no_match", name, NULL);
    }
    if (update) {
        *what = ROW_UPDATED;
        return update_lead(m, id, l);
    }
    *what = ROW_SKIPPED;
    return strcmp(m->in.on_duplicate, "error")
               ? ST_OK
               : fail(c->e, ST_CONFLICT, "import.duplicate", name, NULL);
}

/* ---- a deal ------------------------------------------------------------------------------------------- */

enum status import_deal_row(struct importer *m, const struct csv_row *row, enum outcome_kind *what)
{
    static const struct lens clear = { .show_secrets = true };
    struct deal *d = import_record_of(m, row);
    struct ctx *c = m->c;
    struct lead was, now;
    if (!d)
        return c->e->status;
    if (!d->lead.id)
        return fail_field(c->e, ST_INVALID, "lead", "field.required", "lead", NULL);
    if (d->won_at == NONE)
        return fail_field(c->e, ST_INVALID, "won_at", "field.required", "won at", NULL);
    enum status st = row_get(c->db, &lead_noun, d->lead.id, &clear, c->arena, &was, c->e);
    if (!st)
        st = ctx_covers(c, was.branch.id);
    if (st)
        return st;
    if (was.open != 1) {
        *what = ROW_SKIPPED;
        return was.stage.code && strcmp(was.stage.code, "won") == 0 && strcmp(m->in.on_duplicate, "error")
                   ? ST_OK : fail(c->e, ST_CONFLICT, "CLOSED", NULL);
    }
    *what = ROW_CREATED;
    now = was;
    d->batch.id = m->batch.head.id;
    d->lead = (struct ref){ .id = was.head.id };
    st = lead_win(c, &now, d);
    overlay_attrs(m, m->deal_attrs, &now.attr);
    now.head.updated_at = c->now;
    return st ? st : row_update(c->db, &m->shape, &was, &now, c->arena, NULL, c->e);
}
