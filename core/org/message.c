/* message.c - words from one employee to another. Each sees his own only (core/noun/resolve.h). */
#include <inttypes.h>

#include "base/i18n.h"
#include "core/org/private.h"

const struct crud message_crud = { .noun = &message_noun };

/* ---- writing --------------------------------------------------------------------------------- */

/* A message shows its lead's name: only to those who may see the lead anyway. The receiver's
 * account says so, or his branch where he has none yet. */
static enum status may_see(struct ctx *c, int64_t employee, const struct lead *l, bool *sees)
{
    struct actor other;
    struct err none = { 0 };
    int64_t below = 0;
    struct stmt *q =
        db_query(c->db, "select code from account where employee_id = $1", "i", employee);
    const char *login = db_row(q) ? db_strdup(q, 0, c->arena) : NULL;
    enum status st = db_end(q, c->e);
    *sees = !st && login && actor_load(c->db, login, c->arena, &other, &none) == ST_OK &&
            actor_sees_lead(&other, l->branch.id, l->open == 1 ? l->pool.id : 0) &&
            actor_may(&other, RIGHT_LEAD_READ);
    if (st || *sees || login)
        return st;
    st = db_get_int(
        c->db, c->e, &below,
        "select count(*) from employee e, branch h, branch b where e.id = $1 and"
        " h.id = e.branch_id and b.id = $2 and substr(b.path, 1, length(h.path)) = h.path",
        "ii", employee, l->branch.id);
    *sees = below > 0;
    return st;
}

static enum status check_lead(struct ctx *c, const struct message *m)
{
    struct lead l;
    bool sees;
    if (!m->lead.id)
        return ST_OK;
    enum status st = crud_find(c, &lead_noun, m->lead.id, NULL, &l);
    if (!st)
        st = may_see(c, m->to.id, &l, &sees);
    if (!st && !sees)
        st = fail_field(c->e, ST_DENIED, "lead", "message.lead_unseen",
                        m->to.name ? m->to.name : "", NULL);
    return st;
}

static enum status check_message(struct ctx *c, const struct message *m)
{
    struct employee to;
    if (!c->who->employee.id)           /* without a sender it would be the system's */
        return fail(c->e, ST_DENIED, "message.no_sender", NULL);
    if (!m->body)
        return fail_field(c->e, ST_INVALID, "body", "field.required", N_("text"), NULL);
    enum status st = org_on_staff(c, "to", m->to.id, &to);
    return st ? st : check_lead(c, m);
}

enum status op_message(struct ctx *c, const struct op *op, const void *in, void *out)
{
    struct message m;
    enum status st = org_take(c, op->in, in, &m);
    if (!st)
        st = check_message(c, &m);
    if (st)
        return st;
    m.from = c->who->employee;
    m.at = c->now;
    if (!m.kind)
        m.kind = "notice";
    st = row_insert(c->db, &message_noun, &m, c->arena, c->e);
    c->subject = m.head.id;
    *(struct done *)out = (struct done){ m.head.id, 1 };
    return st ? st : ctx_event(c, "message.created", "message", m.head.id, 0, NULL);
}

/* ---- reading --------------------------------------------------------------------------------- */

static const struct field read_fields[] = {
    FIELD_ID(struct message_read_in, id, N_("id")),
    FIELD_FLAG(struct message_read_in, all, N_("all of them")),
};
const struct record message_read_record =
    RECORD(struct message_read_in, "message_read", read_fields);

static enum status read_one(struct ctx *c, int64_t id, int64_t *count)
{
    struct message m;
    enum status st = crud_find(c, &message_noun, id, NULL, &m);
    if (st || m.read_at != NONE)
        return st;
    *count = 1;
    c->subject = id;
    st = db_exec(
        c->db, c->e,
        "update message set read_at = $1, version = version + 1, updated_at = $1 where id = $2",
        "ii", c->now, id);
    return st ? st : ctx_event(c, "message.read", "message", id, 0, NULL);
}

static enum status read_all(struct ctx *c, int64_t *count)
{
    enum status st =
        db_exec(c->db, c->e,
                "update message set read_at = $1, version = version + 1, updated_at = $1"
                " where to_id = $2 and read_at is null",
                "ii", c->now, c->who->employee.id);
    *count = st ? 0 : db_changes(c->db);
    c->detail = arena_printf(c->arena, "{\"read\":%" PRId64 "}", *count);
    return st;
}

enum status op_message_read(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct message_read_in *in = in_;
    int64_t *count = &((struct count *)out)->count;
    *count = 0;
    if (in->id)
        return read_one(c, in->id, count);
    if (in->all != 1)
        return fail_field(c->e, ST_INVALID, "id", "field.required", N_("id"), NULL);
    return read_all(c, count);
}
