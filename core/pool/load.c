/* load.c - a lead read to be changed, written back with its event, and the tasks that hang on it. */
#include <stdarg.h>
#include <string.h>

#include "base/json.h"
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

/* An event's data, which say last what was changed: conditions ask for it ("stage changed within 7d"). */
static const char *with_changed(struct arena *a, const char *data, const char *changed)
{
    size_t n = data ? strlen(data) : 0;
    if (!*changed)
        return data;
    if (n < 3)
        return arena_printf(a, "{\"changed\":\"%s\"}", changed);
    return arena_printf(a, "%.*s,\"changed\":\"%s\"}", (int)n - 1, data, changed);
}

enum status lead_save(struct ctx *c, const struct lead *was, struct lead *now, const char *event,
                      const char *data)
{
    struct shape shape;
    struct buf changed = BUF_INIT;
    now->head.updated_at = c->now;
    enum status st = shape_full(c->db, &lead_noun, c->arena, &shape, c->e);
    if (!st)
        st = row_update(c->db, &shape, was, now, c->arena, &changed, c->e);
    c->subject = now->head.id;
    c->subject_branch = now->branch.id;
    if (!st)
        st = ctx_event(c, event, "lead", now->head.id, now->branch.id,
                       with_changed(c->arena, data, changed.len ? changed.s : ""));
    buf_release(&changed);
    return st;
}

enum status lead_save_traced(struct ctx *c, const struct lead *was, struct lead *now, const char *event,
                             const char *data, const struct trace *t)
{
    return lead_save(c, was, now, event, trace_json(c, data, was, now, t));
}

enum status lead_is_mine(struct ctx *c, const struct lead *l)
{
    if (l->owner.id && l->owner.id == c->who->employee.id)
        return ST_OK;
    if (actor_may(c->who, RIGHT_LEAD_ASSIGN) && actor_covers(c->who, l->branch.id))
        return ST_OK;
    return fail(c->e, ST_DENIED, l->owner.id ? "lead.not_yours" : "lead.in_pool", NULL);
}

static enum status open_task(struct ctx *c, const struct lead *l, const char *kind, int64_t due_at,
                             int64_t *id)
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
    *id = t.head.id;
    return row_insert(c->db, &task_noun, &t, c->arena, c->e);
}

enum status task_open(struct ctx *c, const struct lead *l, const char *kind, int64_t due_at)
{
    int64_t id;
    return open_task(c, l, kind, due_at, &id);
}

enum status trace_open(struct ctx *c, const struct lead *l, const char *kind, int64_t due_at, struct trace *t)
{
    return open_task(c, l, kind, due_at, &t->opened);
}

enum status tasks_close(struct ctx *c, const struct lead *l, const char *kind, const char *state)
{
    return db_exec(
        c->db, c->e,
        "update task set state = $1, done_at = $2, updated_at = $2, version = version + 1 "
        "where lead_id = $3 and state = 'open' and (kind = $4 or $5 = 1)",
        "tiiti", state, c->now, l->head.id, kind ? kind : "", (int64_t)(kind == NULL));
}

enum status trace_close(struct ctx *c, const struct lead *l, struct trace *t)
{
    size_t cap = 0;
    struct stmt *q = db_query(c->db, "select id from task where lead_id = $1 and state = 'open' order by id",
                              "i", l->head.id);
    while (db_row(q)) {
        t->closed = arena_grow(c->arena, t->closed, sizeof *t->closed, &cap, t->n + 1);
        t->closed[t->n++] = db_int(q, 0);
    }
    enum status st = db_end(q, c->e);
    return st || !t->n ? st : tasks_close(c, l, NULL, "cancelled");
}

/* ---- small things that all of them need --------------------------------------------------------------- */

const char *texts_json(struct arena *a, ...)
{
    struct buf b = BUF_INIT;
    struct jw w;
    va_list pairs;
    jw_init(&w, &b);
    jw_object(&w);
    va_start(pairs, a);
    for (const char *key; (key = va_arg(pairs, const char *));) {
        const char *value = va_arg(pairs, const char *);
        if (value) {
            jw_key(&w, key);
            jw_str(&w, value);
        }
    }
    va_end(pairs);
    jw_end_object(&w);
    const char *text = arena_strdup(a, b.s);
    buf_release(&b);
    return text;
}

enum status row_needed(struct ctx *c, const struct noun *n, const char *code, struct ref *out)
{
    enum status st = row_resolve(c->db, n, code, out, c->arena, c->e);
    return st || out->id ? st : fail(c->e, ST_FAILED, "db.incomplete", n->name, code, NULL);
}
