/* steps.c - what takes long: several subjects, and jobs, each in steps that are transactions. */
#include <string.h>

#include "core/api/running.h"
#include "core/data/job.h"
#include "core/noun/resolve.h"

/* ---- several subjects, in steps ----------------------------------------------------------------------- */

/* A refusal of this one; else the whole step fails. What is wrong with the input is so for all of them. */
static bool is_refusal(const struct running *r, enum status st)
{
    bool of_input = st == ST_INVALID && record_field(r->call->op->in, r->ctx.e->field);
    return st != ST_FAILED && !of_input;
}

static enum status note_refusal(struct running *r, int64_t id, enum status st)
{
    struct err why = *r->ctx.e;
    err_clear(r->ctx.e);
    r->call->op->each->add(&r->ctx, r->out, id, NULL, &why);
    r->ctx.subject = id;
    r->ctx.subject_branch = 0;
    r->ctx.detail = NULL;
    st = st == ST_DENIED || r->ctx.hidden.id ? run_audit(r, "denied", why.code) : ST_OK;
    r->ctx.hidden = (struct hidden){ 0 };
    return st;
}

static enum status each_one(struct running *r, size_t i)
{
    const struct op *op = r->call->op;
    struct ctx *c = &r->ctx;
    void *in = arena_memdup(c->arena, r->in, op->in->size), *one = record_new(op->out, c->arena);
    int64_t id = op->each->pick(in, i);
    c->subject = c->subject_branch = 0;
    c->detail = NULL;
    enum status st = db_begin(c->db, c->e);
    if (st)
        return st;
    st = op->run(c, op, in, one);
    if (!st)
        st = run_audit(r, "ok", NULL);
    if (st) {
        db_rollback(c->db);
        return is_refusal(r, st) ? note_refusal(r, id, st) : st;
    }
    st = db_commit(c->db, c->e);
    if (!st)
        op->each->add(c, r->out, id, one, NULL);
    return st;
}

/* What the key knows, perhaps by another who came with it since the last step; the input, once. */
static enum status each_begin(struct running *r)
{
    const struct op_each *each = r->call->op->each;
    const char *kept = r->kept;
    bool known = false, first = r->in == r->call->in;
    enum status st = run_allowed(r);
    if (!st)
        st = answer_replay(r, &known);
    if (!st && known && each->done(r->out) == each->count(r->in))
        return ST_OK;
    if (!st && first)
        st = run_input(r);
    if (!st && (first || r->kept != kept))
        st = each->begin(&r->ctx, r->in, r->out);
    return st;
}

/* As many as fit the time, in the open transaction. */
static enum status each_some(struct running *r)
{
    const struct op_each *each = r->call->op->each;
    enum status st = ST_OK;
    do
        st = each_one(r, each->done(r->out));
    while (!st && each->done(r->out) < each->count(r->in) && clock_mono_us() < r->ctx.until);
    return st;
}

/* ---- steps -------------------------------------------------------------------------------------------- */

/* Begins a step's transaction: until when it may work, and what time it is in it. */
static enum status step_begin(struct running *r)
{
    pace_ask(&r->pace);
    enum status st = db_begin(r->line->db, r->ctx.e);
    r->ctx.until = pace_begin(&r->pace);
    r->ctx.now = clock_now();
    return st;
}

static enum status step_commit(struct running *r)
{
    enum status st = db_commit(r->line->db, r->ctx.e);
    pace_end(&r->pace);
    return st;
}

static enum status each_step(struct running *r)
{
    const struct op_each *each = r->call->op->each;
    struct db *db = r->line->db;
    enum status st = step_begin(r);
    if (st)
        return st;
    st = each_begin(r);
    bool left = !st && each->done(r->out) < each->count(r->in);
    if (left)
        st = each_some(r);
    if (!st && left)
        st = answer_keep(r);
    if (st || !left) {
        db_rollback(db);
        return st;
    }
    return step_commit(r);
}

enum status steps_each(struct running *r)
{
    const struct op_each *each = r->call->op->each;
    size_t n = each->count(r->call->in);
    r->ctx.given = NULL;            /* of the input for all of them */
    for (;;) {
        enum status st = each_step(r);
        if (st)
            return st;
        if (r->call->progress)
            r->call->progress(r->call->progress_arg, (int64_t)each->done(r->out), (int64_t)n);
        if (each->done(r->out) == n)
            return ST_OK;
        pace_rest(&r->pace);
    }
}

/* ---- jobs --------------------------------------------------------------------------------------------- */

static bool call_cancelled(const struct running *r)
{
    return r->call->cancel && atomic_load(r->call->cancel);
}

static enum status job_step(struct running *r, const struct job_ops *job, void *state, bool *more)
{
    struct arena whole = *r->ctx.arena, step = ARENA_INIT;
    int64_t done = 0, total = 0;
    bool reads = job->reads && job->reads(state);
    enum status st = reads ? db_begin_read(r->line->db, r->ctx.e) : step_begin(r);
    if (st)
        return st;
    if (reads) {
        run_limit(r);
        r->ctx.now = clock_now();
        r->ctx.until = clock_mono_us() + OP_STEP_MS * 1000;
    }
    *r->ctx.arena = step;
    st = run_allowed(r);
    if (!st)
        st = job->step(&r->ctx, state, more, &done, &total);
    if (reads) {
        if (db_reading(r->line->db))
            db_end_read(r->line->db);
        run_end_limit(r);
    } else if (st)
        db_rollback(r->line->db);
    else
        st = step_commit(r);
    arena_free(r->ctx.arena);
    *r->ctx.arena = whole;
    if (!st && r->call->progress)
        r->call->progress(r->call->progress_arg, done, total);
    return st;
}

static enum status job_record(struct running *r, const struct job_ops *job, void *state, enum status st,
                              const char *code)
{
    enum status end = job->finish(&r->ctx, state, st, r->out);
    if (!end)
        end = run_audit(r, st ? "failed" : "ok", code);
    if (!end && !st)
        end = answer_keep(r);
    if (end)
        db_rollback(r->line->db);
    else
        end = db_commit(r->line->db, r->ctx.e);
    return end;
}

static enum status job_finish(struct running *r, const struct job_ops *job, void *state, enum status st)
{
    struct err *e = r->ctx.e, own = { 0 };
    r->ctx.e = &own;
    enum status end = db_begin(r->line->db, &own);
    if (!end && (end = line_check(r->line, &own)))           /* nothing is written into another schema */
        db_rollback(r->line->db);
    if (end) {
        job->abandon(state);
    } else {
        end = job_record(r, job, state, st, st ? e->code : NULL);
        enum status shown = job->publish ? job->publish(&r->ctx, state, st ? st : end) : ST_OK;
        if (!st && (end || shown))
            run_audit_apart(r, "failed", r->ctx.detail);
        end = end ? end : shown;
    }
    r->ctx.e = e;
    if (!st && end)
        *e = own;
    else if (end)
        run_log_lost(r, "failed", &own);
    return st ? st : end;
}

/* Was it done under this key before? */
static enum status job_replay(struct running *r, bool *known)
{
    *known = false;
    if (!answer_is_kept(r))
        return ST_OK;
    enum status st = db_begin_read(r->line->db, r->ctx.e);
    if (st)
        return st;
    st = answer_replay(r, known);
    db_end_read(r->line->db);
    return st;
}

enum status steps_job(struct running *r, struct err *e)
{
    const struct job_ops *job = r->call->op->arg;
    void *state = NULL, *in = record_new(r->call->op->in, r->ctx.arena);
    if (r->call->in)
        memcpy(in, r->call->in, r->call->op->in->size);
    r->in = in;
    bool known;
    enum status st = job_replay(r, &known);
    if (st || known)
        return st;
    st = resolve_refs(&r->ctx, r->call->op->in, NULL, in);
    if (!st)
        st = record_check(r->call->op->in, r->in, true, e);
    if (!st)
        st = job->start(&r->ctx, r->call->op, r->in, &state);
    if (st)
        return st;
    r->ctx.given = NULL;            /* of the job's own input: the rows it works on are others */
    bool more = true;
    while (!st && more) {
        st = call_cancelled(r) ? fail(e, ST_CANCELLED, "cancelled", NULL) : job_step(r, job, state, &more);
        if (!st && more && !(job->reads && job->reads(state)))
            pace_rest(&r->pace);
    }
    return job_finish(r, job, state, st);
}
