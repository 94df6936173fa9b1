/* run.c - what cuts across every operation is done here, once, around run.
 *
 *     right -> prepare -> transaction -> right -> (answer known?) -> references -> checks -> run
 *     -> audit -> answer kept -> commit
 *
 * A refusal rolls all of it back; a denial is then written to the audit in a transaction of its own.
 * So is "there is no such row" where there is one, out of the caller's scope: ids can't be tried out
 * unseen.
 */
#include "core/api/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "core/api/running.h"
#include "core/guard/audit.h"
#include "core/noun/resolve.h"
#include "core/store/migrate.h"
#include "core/store/refcache.h"

/* ---- one operation ------------------------------------------------------------------------------------ */

enum status run_audit(struct running *r, const char *result, const char *code)
{
    const struct op *op = r->call->op;
    const char *dot = strchr(op->name, '.');
    const struct hidden *hidden = &r->ctx.hidden;
    struct audit_entry entry = {
        .operation = op->name,
        .noun = dot ? arena_strndup(r->ctx.arena, op->name, (size_t)(dot - op->name)) : NULL,
        .subject = r->ctx.subject,
        .branch = r->ctx.subject_branch,
        .result = result,
        .code = code,
        .detail = r->ctx.detail,
    };
    /* what was tried, not what the operation is about */
    if (hidden->id && strcmp(result, "denied") == 0) {
        entry.noun = hidden->noun->name;
        entry.subject = hidden->id;
        entry.branch = hidden->branch;
    }
    return audit_append(&r->ctx, r->line->keys, &entry);
}

void run_log_lost(const struct running *r, const char *result, const struct err *why)
{
    log_event(LEVEL_ERROR, "audit.lost", LOG_TEXT("operation", r->call->op->name), LOG_TEXT("result", result),
              LOG_TEXT("code", why->code));
}

void run_audit_apart(struct running *r, const char *result, const char *detail)
{
    struct err *e = r->ctx.e, own = { 0 };
    r->ctx.e = &own;
    r->ctx.detail = detail;
    enum status st = db_begin(r->line->db, &own);
    if (!st) {
        st = line_check(r->line, &own);
        if (!st)
            st = run_audit(r, result, e->code);
        if (st)
            db_rollback(r->line->db);
        else
            st = db_commit(r->line->db, &own);
    }
    if (st)
        run_log_lost(r, result, &own);
    r->ctx.e = e;
}

/* What a person does who has logged in, never a program with his key: it would give itself more, or lock him
 * out. */
static bool is_by_hand(const struct op *op)
{
    static const char *const names[] = { "account.password", "account.verify", "account.end_sessions",
                                         "session.end",      "api_key.create", "api_key.end" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], op->name) == 0)
            return true;
    return false;
}

static enum status check_right(struct running *r)
{
    const struct op *op = r->call->op;
    if (r->who->actor.key && is_by_hand(op))
        return fail(r->ctx.e, ST_DENIED, "api_key.person", NULL);
    if (actor_may(&r->who->actor, op->right))
        return ST_OK;
    return fail(r->ctx.e, ST_DENIED, "right.missing", op->name, right_label(op->right), NULL);
}

enum status run_input(struct running *r)
{
    const struct op *op = r->call->op;
    if (!op->in)
        return ST_OK;
    void *copy = record_new(op->in, r->ctx.arena);
    if (r->call->in)
        memcpy(copy, r->call->in, op->in->size);
    r->in = copy;
    enum status st = resolve_refs(&r->ctx, op->in, NULL, copy);
    return st || op->own_checks ? st : record_check(op->in, copy, true, r->ctx.e);
}

enum status run_allowed(struct running *r)
{
    enum status st = caller_refresh(r->who, r->line, r->ctx.e);
    return st ? st : check_right(r);
}

static enum status read_all(struct running *r)
{
    enum status st = run_allowed(r);
    if (!st)
        st = run_input(r);
    return st ? st : r->call->op->run(&r->ctx, r->call->op, r->in, r->out);
}

void run_limit(struct running *r)
{
    int64_t ms = r->line->read_ms ? r->line->read_ms : READ_MS;
    if (r->call->cancel)
        db_set_cancel(r->line->db, r->call->cancel);
    if (!r->call->op->unlimited)
        db_set_limit(r->line->db, ms);
}

void run_end_limit(struct running *r)
{
    db_set_limit(r->line->db, 0);
    if (r->call->cancel)
        db_set_cancel(r->line->db, NULL);
}

static enum status run_read(struct running *r)
{
    struct db *db = r->line->db;
    run_limit(r);
    enum status st = db_begin_read(db, r->ctx.e);
    if (!st) {
        st = read_all(r);
        if (db_reading(db))             /* not if it could not be taken up again: masked_ask() */
            db_end_read(db);
    }
    run_end_limit(r);
    return st;
}

static enum status run_prepare(struct running *r)
{
    const struct op *op = r->call->op;
    if (!op->prepare)
        return ST_OK;
    run_limit(r);
    enum status st = op->prepare(&r->ctx, op, r->call->in);
    run_end_limit(r);
    return st;
}

static enum status run_write(struct running *r)
{
    struct db *db = r->line->db;
    bool known = false;
    const struct op *op = r->call->op;
    enum status st = run_prepare(r);
    if (!st)
        st = db_begin(db, r->ctx.e);
    if (st)
        return st;
    st = run_allowed(r);
    if (!st)
        st = answer_replay(r, &known);
    if (!st && !known)
        st = run_input(r);
    if (!st && !known)
        st = op->run(&r->ctx, op, r->in, r->out);
    if (!st && !known)
        st = run_audit(r, "ok", NULL);
    if (!st && !known)
        st = answer_keep(r);
    if (st || known) {
        db_rollback(db);
        return st;
    }
    return db_commit(db, r->ctx.e);
}

/* ---- the call ----------------------------------------------------------------------------------------- */

static void log_call(const struct running *r, enum status st, int64_t us)
{
    log_event(st && st != ST_CANCELLED ? LEVEL_WARN : LEVEL_INFO, "call",
              LOG_TEXT("operation", r->call->op->name), LOG_TEXT("account", r->who->actor.login),
              LOG_TEXT("status", status_name(st)), LOG_TEXT("code", st ? r->ctx.e->code : NULL),
              LOG_INT("us", us));
}

static enum status carry_out(struct running *r, struct err *e)
{
    const struct op *op = r->call->op;
    if (op->kind == OP_READ)
        return run_read(r);
    enum status st = caller_refresh(r->who, r->line, e);    /* before the lock is asked for */
    if (!st)
        st = check_right(r);
    if (st)
        return st;
    if (op->kind == OP_JOB)
        return steps_job(r, e);
    return op->each && r->call->in && op->each->count(r->call->in) ? steps_each(r) : run_write(r);
}

enum status run_call(struct line *l, struct caller *who, const struct call *call, struct arena *a, void *out,
                     struct err *e)
{
    struct err own = { 0 };
    e = e ? e : &own;
    err_clear(e);
    struct running r = { .line = l, .who = who, .call = call, .out = out, .in = call->in };
    snprintf(r.request, sizeof r.request, "%x-%" PRIx64, (unsigned)getpid(), ++l->calls);
    r.ctx = (struct ctx){
        .db = l->db, .arena = a, .e = e, .who = &who->actor, .now = clock_now(), .given = call->given,
        .request = call->request ? call->request : r.request, .cancel = call->cancel,
        .progress = call->progress, .progress_arg = call->progress_arg,
    };
    if (call->op->many == OUT_MANY)
        *(struct page *)out = (struct page){ 0 };
    else if (call->op->out && out)
        record_empty(call->op->out, out);
    int64_t start = clock_mono_us();
    log_request(r.ctx.request);
    enum status st = carry_out(&r, e);
    if (st == ST_DENIED || (st && r.ctx.hidden.id))
        run_audit_apart(&r, "denied", NULL);
    log_call(&r, st, clock_mono_us() - start);
    log_request(NULL);
    return st;
}
