/* importnoun.c - rows of plain nouns by their own operations, and what --create-missing makes. */
#include <string.h>

#include "core/data/importer.h"
#include "core/noun/resolve.h"
#include "core/org/org.h"

const struct op *import_op(const char *name)
{
    for (const struct op *op = org_ops; op->name; op++)
        if (strcmp(op->name, name) == 0)
            return op;
    return NULL;
}

static enum status make_channel(struct importer *m, const char *word, int64_t *id)
{
    struct channel x;
    struct done done = { 0 };
    record_empty(&channel_record, &x);
    x.code = x.name = word;
    x.active = 1;
    const struct op *op = import_op("channel.create");
    if (!actor_may(m->c->who, op->right))
        return fail(m->c->e, ST_DENIED, "import.create_right", word, NULL);
    enum status st = op->run(m->c, op, &x, &done);
    *id = done.id;
    return st;
}

static enum status make_employee(struct importer *m, const char *word, int64_t *id)
{
    struct employee x;
    struct done done = { 0 };
    record_empty(&employee_record, &x);
    x.code = x.name = word;
    x.status = "active";
    const struct op *op = import_op("employee.create");
    if (!actor_may(m->c->who, op->right))
        return fail(m->c->e, ST_DENIED, "import.create_right", word, NULL);
    enum status st = row_resolve(m->c->db, &branch_noun, "HQ", &x.branch, m->c->arena, m->c->e);
    if (!st)
        st = op->run(m->c, op, &x, &done);
    *id = done.id;
    return st;
}

static enum status make_tag(struct importer *m, const char *word, int64_t *id)
{
    struct tag x;
    struct done done = { 0 };
    record_empty(&tag_record, &x);
    x.code = x.name = word;
    x.active = 1;
    const struct op *op = import_op("tag.create");
    if (!actor_may(m->c->who, op->right))
        return fail(m->c->e, ST_DENIED, "import.create_right", word, NULL);
    enum status st = op->run(m->c, op, &x, &done);
    *id = done.id;
    return st;
}

enum status import_make(struct importer *m, const char *noun, const char *word, int64_t *id)
{
    *id = 0;
    if (strcmp(noun, "channel") == 0)
        return make_channel(m, word, id);
    if (strcmp(noun, "tag") == 0)
        return make_tag(m, word, id);
    if (strcmp(noun, "employee") == 0)
        return make_employee(m, word, id);
    return ST_OK;
}

/* Which fields of the record the file fills. */
static const bool *given(struct importer *m, const void *rec)
{
    const struct record *r = m->kind->noun->rec;
    bool *bits = arena_array(m->c->arena, bool, r->nfields);
    for (size_t i = 0; i < m->ncolumns; i++)
        if (m->columns[i].field && !field_empty(m->columns[i].field, rec))
            bits[m->columns[i].field - r->fields] = true;
    return bits;
}

static enum status change(struct importer *m, void *rec, int64_t id)
{
    const struct op *op = import_op(arena_printf(m->c->arena, "%s.change", m->kind->noun->name));
    struct row_head *head = rec;
    struct done done;
    head->id = id;
    bool *bits = (bool *)(uintptr_t)given(m, rec);
    for (size_t i = 0; i < m->kind->noun->rec->nfields; i++)
        if (m->kind->noun->rec->fields[i].flags & FIELD_FIXED)
            bits[i] = false;            /* the code found the row; it is the same */
    m->c->given = bits;
    enum status st = op->run(m->c, op, rec, &done);
    m->c->given = NULL;
    return st;
}

enum status import_noun_row(struct importer *m, const struct csv_row *row, enum outcome_kind *what)
{
    const struct noun *n = m->kind->noun;
    void *rec = import_record_of(m, row);
    if (!rec)
        return m->c->e->status;
    const struct field *code = record_field(n->rec, "code");
    const char *word = *field_text(code, rec);
    if (!word)
        return fail_field(m->c->e, ST_INVALID, "code", "field.required", code->label, NULL);
    struct ref r;
    enum status st = row_resolve(m->c->db, n, word, &r, m->c->arena, m->c->e);
    if (st)
        return st;
    bool update = strcmp(m->in.mode, "create") != 0 || strcmp(m->in.on_duplicate, "update") == 0;
    if (r.id && !update) {
        *what = ROW_SKIPPED;
        return strcmp(m->in.on_duplicate, "error")
                   ? ST_OK
                   : fail(m->c->e, ST_CONFLICT, "import.duplicate", word, NULL);
    }
    if (r.id) {
        *what = ROW_UPDATED;
        st = m->real ? import_lift_hanging(m, r.id) : ST_OK;
        return st ? st : change(m, rec, r.id);
    }
    if (strcmp(m->in.mode, "update") == 0)
        return fail(m->c->e, ST_NOT_FOUND, "import.no_match", word, NULL);
    const struct op *op = import_op(m->kind->create);
    struct done done;
    const struct field *active = record_field(n->rec, "active");
    if (active && field_empty(active, rec))
        *field_int(active, rec) = 1;
    *what = ROW_CREATED;
    return op->run(m->c, op, rec, &done);
}
