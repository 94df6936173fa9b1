/* load.c - a lead read to be changed, written back with its event, and the tasks that hang on it. */
#include <string.h>

#include "core/noun/resolve.h"
#include "core/pool/private.h"

enum status lead_load(struct ctx *c, int64_t id, int64_t version, struct lead *out)
{
    static const struct lens clear = { .show_secrets = true };
    struct lead seen;
    enum status st = crud_find(c, &lead_noun, id, NULL, &seen);
    if (!st)
        st = row_get(c->db, &lead_noun, id, &clear, c->arena, out, c->e);
    if (!st && version != NONE && version != out->head.version)
        st = fail(c->e, ST_CONFLICT, "noun.stale", "lead", NULL);
    return st;
}

enum status lead_save(struct ctx *c, const struct lead *was, struct lead *now, const char *event,
                      const char *data)
{
    struct shape shape;
    now->head.updated_at = c->now;
    enum status st = shape_full(c->db, &lead_noun, c->arena, &shape, c->e);
    if (!st)
        st = row_update(c->db, &shape, was, now, c->arena, NULL, c->e);
    c->subject = now->head.id;
    c->subject_branch = now->branch.id;
    return st ? st : ctx_event(c, event, "lead", now->head.id, now->branch.id, data);
}

enum status lead_is_mine(struct ctx *c, const struct lead *l)
{
    if (l->owner.id && l->owner.id == c->who->employee.id)
        return ST_OK;
    if (actor_may(c->who, RIGHT_LEAD_ASSIGN) && actor_covers(c->who, l->branch.id))
        return ST_OK;
    return fail(c->e, ST_DENIED, l->owner.id ? "lead.not_yours" : "lead.in_pool", NULL);
}

enum status task_open(struct ctx *c, const struct lead *l, const char *kind, int64_t due_at)
{
    struct task t;
    record_empty(task_noun.rec, &t);
    crud_stamp(c, &t.head);
    t.kind = kind;
    t.lead.id = l->head.id;
    t.owner.id = l->owner.id;
    t.branch.id = l->branch.id;
    t.due_at = due_at;
    t.state = "open";
    return row_insert(c->db, &task_noun, &t, c->arena, c->e);
}

enum status tasks_close(struct ctx *c, const struct lead *l, const char *kind, const char *state)
{
    return db_exec(
        c->db, c->e,
        "update task set state = $1, done_at = $2, updated_at = $2, version = version + 1 "
        "where lead_id = $3 and state = 'open' and (kind = $4 or $5 = 1)",
        "tiiti", state, c->now, l->head.id, kind ? kind : "", (int64_t)(kind == NULL));
}
