/* person.c - people, and what they said of being reached. */
#include <string.h>

#include "core/org/private.h"

/* ---- marketing stopped ----------------------------------------------------------------------- */

enum status person_stopped(struct ctx *c, int64_t person, int64_t *stopped)
{
    return db_get_int(c->db, c->e, stopped,
                      "select case when p.deceased = 1 or p.minor = 1 or exists (select 1 from"
                      " consent x where x.person_id = p.id and x.way = 'all' and"
                      " x.state <> 'granted' and x.id = (select max(y.id) from consent y where"
                      " y.person_id = p.id and y.way = 'all')) then 1 else 0 end"
                      " from person p where p.id = $1", "i", person);
}

static enum status mark_lead(struct ctx *c, int64_t lead, int64_t branch, int64_t stopped)
{
    enum status st = db_exec(c->db, c->e,
                             "update lead set frozen = $1, version = version + 1, updated_at = $2"
                             " where id = $3",
                             "iii", stopped, c->now, lead);
    return st ? st
              : ctx_event(c, stopped ? "lead.frozen" : "lead.unfrozen", "lead", lead, branch, NULL);
}

enum status person_settle(struct ctx *c, int64_t person)
{
    struct lead_place { int64_t id, branch; } *leads = NULL;
    size_t n = 0, cap = 0;
    int64_t stopped = 0;
    enum status st = person_stopped(c, person, &stopped);
    if (st)
        return st;
    struct stmt *q =
        db_query(c->db,
                 "select id, branch_id from lead where person_id = $1 and open = 1 and frozen <> $2"
                 " order by id",
                 "ii", person, stopped);
    while (db_row(q)) {
        leads = arena_grow(c->arena, leads, sizeof *leads, &cap, n + 1);
        leads[n++] = (struct lead_place){ db_int(q, 0), db_int(q, 1) };
    }
    st = db_end(q, c->e);
    for (size_t i = 0; i < n && !st; i++)
        st = mark_lead(c, leads[i].id, leads[i].branch, stopped);
    return st;
}

/* ---- the person ------------------------------------------------------------------------------ */

/* Phone, e-mail and id number are what a person is known by; they come and change with his
 * leads. */
static enum status check_contact(struct ctx *c, const struct person *old, const struct person *x)
{
    for (size_t i = 0; i < person_noun.rec->nfields; i++) {
        const struct field *f = &person_noun.rec->fields[i];
        if (f->type == F_SECRET && !field_equal(f, old, x))
            return fail_field(c->e, ST_INVALID, f->name, "field.fixed", f->label, NULL);
    }
    return ST_OK;
}

/* Whose only leads are seen in a pool from below is read, and no more, until one of them is claimed. */
static enum status check_ours(struct ctx *c, int64_t person)
{
    struct sql q;
    sql_init(&q, c->arena);
    sql_add(&q, "select 1 from lead l where l.person_id = ");
    sql_int(&q, person);
    sql_add(&q, " and ");
    actor_scope_by_branch(c->who, "l", &q);
    struct stmt *s = sql_query(&q, c->db);
    bool ours = db_row(s) || c->who->see_all;
    enum status st = db_end(s, c->e);
    sql_release(&q);
    return st || ours ? st : fail(c->e, ST_DENIED, "lead.in_pool", NULL);
}

static enum status before(struct ctx *c, const void *old, void *rec)
{
    struct person *x = rec;
    org_default(&x->deceased, 0);
    org_default(&x->minor, 0);
    enum status st = old ? check_ours(c, x->head.id) : ST_OK;
    if (!st && old)
        st = check_contact(c, old, x);
    return st ? st : org_whole(c, &person_noun, x);
}

static enum status after(struct ctx *c, const void *old_, void *rec)
{
    const struct person *old = old_;
    const struct person *x = rec;
    bool same = old && old->deceased == x->deceased && old->minor == x->minor;
    return same ? ST_OK : person_settle(c, x->head.id);
}

const struct crud person_crud = { .noun = &person_noun, .before = before, .after = after };

/* ---- consent --------------------------------------------------------------------------------- */

const struct crud consent_crud = { .noun = &consent_noun };

/* One more row: what was said before stays, the newest word holds. */
enum status consent_put(struct ctx *c, struct consent *x, int64_t branch)
{
    crud_stamp(c, &x->head);
    enum status st = row_insert(c->db, &consent_noun, x, c->arena, c->e);
    return st ? st : ctx_event(c, "person.consent_changed", "person", x->person.id, branch,
                               arena_printf(c->arena, "{\"way\":\"%s\",\"state\":\"%s\"}", x->way,
                                            x->state));
}

enum status op_consent(struct ctx *c, const struct op *op, const void *in, void *out)
{
    struct consent x;
    struct person who;
    enum status st = org_take(c, op->in, in, &x);
    if (!st)
        st = crud_find(c, &person_noun, x.person.id, NULL, &who);
    if (!st)
        st = check_ours(c, x.person.id);
    if (st)
        return st;
    x.at = c->now;
    x.employee = c->who->employee;
    st = consent_put(c, &x, c->who->branch.id);
    if (!st && strcmp(x.way, "all") == 0)
        st = person_settle(c, x.person.id);
    c->subject = x.person.id;
    c->subject_branch = c->who->branch.id;
    *(struct done *)out = (struct done){ x.head.id, 1 };
    return st;
}
