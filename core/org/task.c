/* task.c - tasks that people set themselves and each other. Those of the clocks (first
 * follow-up, follow-up) come and go with what is done to the lead; nobody changes them by hand. */
#include <string.h>

#include "base/i18n.h"
#include "core/org/private.h"

static bool is_other(const struct task *t)
{
    return strcmp(t->kind, "other") == 0;
}

static enum status check_kind(struct ctx *c, const struct task *t)
{
    return is_other(t) ? ST_OK : fail_field(c->e, ST_CONFLICT, "kind", "task.by_clock", NULL);
}

/* The owner's own business, or that of those who assign work in his branch. */
static enum status check_hand(struct ctx *c, const struct ref *owner)
{
    if (owner->id == c->who->employee.id || actor_may(c->who, RIGHT_LEAD_ASSIGN))
        return ST_OK;
    return fail(c->e, ST_DENIED, "task.not_yours", NULL);
}

/* Of a lead that the one who writes may see. */
static enum status check_lead(struct ctx *c, const struct ref *lead)
{
    struct lead l;
    return lead->id ? crud_find(c, &lead_noun, lead->id, NULL, &l) : ST_OK;
}

static enum status settle_owner(struct ctx *c, const struct task *old, struct task *t)
{
    struct employee owner;
    if (old && old->owner.id == t->owner.id)
        return ST_OK;
    enum status st = check_hand(c, &t->owner);
    if (!st)
        st = org_on_staff(c, "owner", t->owner.id, &owner);
    if (!st)
        t->branch = owner.branch;
    return st;
}

static void settle_state(struct ctx *c, const struct task *old, struct task *t)
{
    if (!t->state)
        t->state = old ? old->state : "open";
    if (strcmp(t->state, "open") == 0)
        t->done_at = NONE;
    else if (!old || strcmp(old->state, t->state) != 0)
        t->done_at = c->now;
}

static enum status before(struct ctx *c, const void *old_, void *rec)
{
    const struct task *old = old_;
    struct task *t = rec;
    if (!t->kind)
        t->kind = "other";
    settle_state(c, old, t);
    enum status st = org_whole(c, &task_noun, t);
    if (!st)
        st = check_kind(c, t);
    if (!st && !t->subject)
        st = fail_field(c->e, ST_INVALID, "subject", "field.required", N_("subject"), NULL);
    if (!st && old)
        st = check_hand(c, &old->owner);
    if (!st)
        st = settle_owner(c, old, t);
    return st || old ? st : check_lead(c, &t->lead);
}

const struct crud task_crud = { .noun = &task_noun, .before = before };

/* Where no owner is named the task is the caller's own. */
enum status op_task_create(struct ctx *c, const struct op *op, const void *in, void *out)
{
    struct task t = *(const struct task *)in;
    if (!t.owner.id)
        t.owner = c->who->employee;
    return crud_create(c, op, &t, out);
}

/* ---- done ------------------------------------------------------------------------------------ */

static const struct field done_fields[] = {
    FIELD_ID(struct task_done_in, id, N_("id"), .flags = FIELD_REQUIRED),
    FIELD_INT(struct task_done_in, version, N_("version")),
};
const struct record task_done_record = RECORD(struct task_done_in, "task_done", done_fields);

static enum status check_open(struct ctx *c, const struct task *t, int64_t version)
{
    if (version != NONE && version != t->head.version)
        return fail(c->e, ST_CONFLICT, "noun.stale", "task", NULL);
    if (strcmp(t->state, "open") != 0)
        return fail(c->e, ST_CONFLICT, "task.closed", NULL);
    enum status st = check_kind(c, t);
    return st ? st : check_hand(c, &t->owner);
}

enum status op_task_done(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct task_done_in *in = in_;
    const struct shape shape = { .noun = &task_noun };
    struct task was;
    enum status st = crud_find(c, &task_noun, in->id, NULL, &was);
    if (!st)
        st = check_open(c, &was, in->version);
    if (st)
        return st;
    struct task now = was;
    now.state = "done";
    now.done_at = now.head.updated_at = c->now;
    st = row_update(c->db, &shape, &was, &now, c->arena, NULL, c->e);
    c->subject = now.head.id;
    c->subject_branch = now.branch.id;
    *(struct done *)out = (struct done){ now.head.id, now.head.version };
    return st ? st : ctx_event(c, "task.done", "task", now.head.id, now.branch.id, NULL);
}
