/* check.c - the checks that several nouns share. */
#include <inttypes.h>
#include <string.h>

#include "core/org/private.h"

enum status org_take(struct ctx *c, const struct record *r, const void *in, void *copy)
{
    memcpy(copy, in, r->size);
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->off >= sizeof(struct row_head) && f->flags & FIELD_READONLY &&
            crud_given(c, r, i, in))
            return fail_field(c->e, ST_INVALID, f->name, "field.read_only", f->label, NULL);
        const char **text = f->type == F_CHOICE ? field_text(f, copy) : NULL;
        const struct choice *x = text && *text ? choice_find(f->choices, *text) : NULL;
        if (x)
            *text = x->code;
    }
    crud_stamp(c, copy);
    return record_check(r, copy, true, c->e);
}

enum status org_whole(struct ctx *c, const struct noun *n, const void *rec)
{
    return record_check(n->rec, rec, true, c->e);
}

void org_default(int64_t *flag, int64_t value)
{
    if (*flag == NONE)
        *flag = value;
}

bool org_switched_off(const int64_t *before, int64_t after)
{
    return before && *before == 1 && after == 0;
}

enum status org_none(struct ctx *c, const char *field, const char *code, const char *sql,
                     int64_t id)
{
    int64_t n = 0;
    enum status st = db_get_int(c->db, c->e, &n, sql, "i", id);
    if (st || n == 0)
        return st;
    return fail_field(c->e, ST_CONFLICT, field, code, arena_printf(c->arena, "%" PRId64, n), NULL);
}

enum status org_no_ring(struct ctx *c, const struct noun *n, const char *field, int64_t id,
                        int64_t parent)
{
    if (!parent)
        return ST_OK;
    int64_t met = 0;
    const char *sql =
        arena_printf(c->arena,
                     "with recursive up(id) as (select id from %s where id = $1 union"
                     " select t.%s_id from %s t, up where t.id = up.id and t.%s_id is not null)"
                     " select count(*) from up where id = $2",
                     n->table, field, n->table, field);
    enum status st = db_get_int(c->db, c->e, &met, sql, "ii", parent, id);
    return st || !met ? st : fail_field(c->e, ST_CONFLICT, field, "noun.ring", n->name, NULL);
}

enum status org_branch_in_use(struct ctx *c, const struct ref *branch)
{
    int64_t active = 0;
    enum status st = db_get_int(c->db, c->e, &active, "select active from branch where id = $1",
                                "i", branch->id);
    if (st || active == 1)
        return st;
    return fail_field(c->e, ST_CONFLICT, "branch", "branch.inactive",
                      branch->name ? branch->name : "", NULL);
}

enum status org_on_staff(struct ctx *c, const char *field, int64_t id, struct employee *out)
{
    enum status st = row_get(c->db, &employee_noun, id, NULL, c->arena, out, c->e);
    if (!st && strcmp(out->status, "left") == 0)
        st = fail_field(c->e, ST_CONFLICT, field, "employee.has_left", out->name, NULL);
    return st;
}
