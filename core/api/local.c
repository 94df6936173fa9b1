/* local.c - the local backend: what cuts across every operation is done here, once, around run.
 *
 *     right -> prepare -> transaction -> right -> (answer known?) -> references -> checks -> run
 *     -> audit -> answer kept -> commit
 *
 * A refusal rolls all of it back; a denial is then written to the audit in a transaction of its own.
 * So is "there is no such row" where there is one, out of the caller's scope: ids can't be tried out
 * unseen.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "core/api/login.h"
#include "core/api/pace.h"
#include "core/api/sentence.h"
#include "core/data/import.h"
#include "core/data/job.h"
#include "core/guard/audit.h"
#include "core/guard/keys.h"
#include "core/model/record_json.h"
#include "core/noun/crud.h"
#include "core/noun/resolve.h"
#include "core/store/migrate.h"
#include "core/store/refcache.h"

enum { ANSWER_DAYS = 7 };           /* answers are kept so long for their keys */

struct local {
    struct backend base;
    struct opened at;
    struct db *db;                  /* at.db and at.keys, for short */
    struct keys *keys;
    struct backend_config config;
    bool proven;                    /* config.as came with its password */
    struct arena mem;               /* of the actor and whoami; renewed with them */
    struct actor actor;
    struct whoami who;
    int inotify;                    /* -1 until watch() */
    int64_t age;                    /* actor_age() when the actor was loaded */
    bool stale;                     /* it could not be loaded: asked again at the next call */
    bool migrated;                  /* the file has another schema than this program: nothing goes any more */
    bool unsure;                    /* whether it has is to be asked */
    int64_t seen_version;
    int look_ms;                    /* next back-off look, 0: none */
    uint64_t calls;
};

static struct local *local_of(struct backend *b)
{
    return (struct local *)(void *)b;
}

/* ---- who is asking ------------------------------------------------------------------------------------ */

static bool meta_is(struct db *db, const char *key, const char *value)
{
    struct stmt *s = db_query(db, "select 1 from meta where key = $1 and value = $2", "tt", key, value);
    bool is = db_row(s);
    db_end(s, NULL);
    return is;
}

struct identity { struct arena mem; struct actor actor; struct whoami who; };

static enum status load_place(struct local *l, struct identity *me, struct err *e)
{
    size_t n = 0;
    if (!me->actor.branch.id)
        return ST_OK;
    struct stmt *s =
        db_query(l->db,
                 "select p.name from branch p, branch b where b.id = $1 and b.path >= p.path and "
                 "b.path < p.path || '~' order by length(p.path)",
                 "i", me->actor.branch.id);
    while (n < sizeof me->who.branch_path / sizeof *me->who.branch_path - 1 && db_row(s))
        me->who.branch_path[n++] = db_strdup(s, 0, &me->mem);
    return db_end(s, e);
}

/* Who we are, read anew: what was known stays until all of it is. */
static enum status load_actor(struct local *l, struct err *e)
{
    struct identity me = { .who = { .place = l->at.place } };
    enum status st = login_actor(&l->config, l->db, l->proven, &me.mem, &me.actor, e);
    if (!st)
        st = load_place(l, &me, e);
    if (st) {
        arena_free(&me.mem);
        l->stale = true;
        return st;
    }
    struct whoami *w = &me.who;
    w->login = me.actor.login;
    w->name = me.actor.employee.name ? me.actor.employee.name : w->login;
    w->employee = me.actor.employee.id;
    w->branch = me.actor.branch.id;
    w->roles = me.actor.roles;
    w->rights = me.actor.rights;
    w->demo = meta_is(l->db, "mark", "demo");
    w->test = meta_is(l->db, "mark", "test");
    arena_free(&l->mem);
    l->mem = me.mem;
    l->actor = me.actor;
    l->who = me.who;
    l->stale = false;
    return ST_OK;
}

/* What another process changed may have changed even the schema under us. An answer that can't be had now
 * is asked for again. */
static enum status check_schema(struct local *l, struct err *e)
{
    int at;
    if (refcache_check(l->db))
        l->unsure = true;
    if (l->unsure && !l->migrated) {
        enum status st = schema_number(l->db, &at, e);
        if (st)
            return st;
        l->unsure = false;
        l->migrated = at != schema_newest();
    }
    return l->migrated ? fail(e, ST_FAILED, "db.migrated", NULL) : ST_OK;
}

/* And who we are. */
static enum status refresh(struct local *l, struct err *e)
{
    int64_t age;
    enum status st = check_schema(l, e);
    if (!st)
        st = actor_age(l->db, &age, e);
    if (st || (age == l->age && !l->stale))
        return st;
    l->age = age;
    return load_actor(l, e);
}

/* ---- one operation ------------------------------------------------------------------------------------ */

struct running {
    struct local *l;
    const struct call *call;
    struct ctx ctx;
    const void *in;
    void *out;
    const char *kept;           /* the answer as it was last read or written under the call's key */
    struct pace pace;           /* of its steps */
    char request[40];
};

static enum status write_audit(struct running *r, const char *result, const char *code)
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
    return audit_append(&r->ctx, r->l->keys, &entry);
}

/* What should stand in the audit and does not. */
static void log_lost(const struct running *r, const char *result, const struct err *why)
{
    log_event(LEVEL_ERROR, "audit.lost", LOG_TEXT("operation", r->call->op->name), LOG_TEXT("result", result),
              LOG_TEXT("code", why->code));
}

/* Outside the transaction that was rolled back, or after the one that was committed. The caller's error
 * is kept. */
static void audit_apart(struct running *r, const char *result, const char *detail)
{
    struct err *e = r->ctx.e, own = { 0 };
    r->ctx.e = &own;
    r->ctx.detail = detail;
    enum status st = db_begin(r->l->db, &own);
    if (!st) {
        st = check_schema(r->l, &own);
        if (!st)
            st = write_audit(r, result, e->code);
        if (st)
            db_rollback(r->l->db);
        else
            st = db_commit(r->l->db, &own);
    }
    if (st)
        log_lost(r, result, &own);
    r->ctx.e = e;
}

static enum status check_right(struct running *r)
{
    const struct op *op = r->call->op;
    if (actor_may(&r->l->actor, op->right))
        return ST_OK;
    return fail(r->ctx.e, ST_DENIED, "right.missing", op->name, right_label(op->right), NULL);
}

/* The input, copied, with its references found and (for operations of their own) checked. */
static enum status take_input(struct running *r)
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

/* Inside a transaction: what was known of rights may have changed until it began. */
static enum status still_allowed(struct running *r)
{
    enum status st = refresh(r->l, r->ctx.e);
    return st ? st : check_right(r);
}

static enum status read_all(struct running *r)
{
    enum status st = still_allowed(r);
    if (!st)
        st = take_input(r);
    return st ? st : r->call->op->run(&r->ctx, r->call->op, r->in, r->out);
}

/* What is asked of the database from now on is stopped by the caller, or when it takes too long. */
static void limit_reads(struct running *r)
{
    int64_t ms = r->l->config.read_ms ? r->l->config.read_ms : READ_MS;
    if (r->call->cancel)
        db_set_cancel(r->l->db, r->call->cancel);
    if (!r->call->op->unlimited)
        db_set_limit(r->l->db, ms);
}

static void end_limit(struct running *r)
{
    db_set_limit(r->l->db, 0);
    if (r->call->cancel)
        db_set_cancel(r->l->db, NULL);
}

static enum status run_read(struct running *r)
{
    struct db *db = r->l->db;
    limit_reads(r);
    enum status st = db_begin_read(db, r->ctx.e);
    if (!st) {
        st = read_all(r);
        if (db_reading(db))             /* not if it could not be taken up again: masked_ask() */
            db_end_read(db);
    }
    end_limit(r);
    return st;
}

static enum status run_prepare(struct running *r)
{
    const struct op *op = r->call->op;
    if (!op->prepare)
        return ST_OK;
    limit_reads(r);
    enum status st = op->prepare(&r->ctx, op, r->call->in);
    end_limit(r);
    return st;
}

/* ---- the same key, the same answer -------------------------------------------------------------------- */

/* An answer with personal data is not kept: the operation runs, and is audited, each time. */
static bool keeps_answer(const struct running *r)
{
    const struct record *out = r->call->op->out;
    for (size_t i = 0; out && i < out->nfields; i++)
        if (out->fields[i].flags & FIELD_PII)
            return false;
    return r->call->key != NULL;
}

/* Over the input as it was given: what it refers to may be renamed before the key comes again.
 * number: of the database's key; false when it is not here. */
static bool digest_request(struct running *r, int number, unsigned char out[32])
{
    const struct record *in = r->call->op->in;
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_array(&w);
    jw_str(&w, r->call->op->name);
    if (in && r->call->in)
        record_to_json(&w, in, r->call->in);
    for (size_t i = 0; in && r->call->given && i < in->nfields; i++)
        jw_bool(&w, r->call->given[i]);
    jw_end_array(&w);
    bool known = keys_mac_of(r->l->keys, number, "answer", b.s, b.len, out);
    buf_release(&b);
    return known;
}

/* Is it the digest of this request, under the key of its time? */
static bool same_request(struct running *r, const unsigned char digest[32])
{
    unsigned char mine[32];
    for (size_t i = 0; i < keys_count(r->l->keys); i++)
        if (digest_request(r, keys_info(r->l->keys, i).number, mine) && memcmp(mine, digest, 32) == 0)
            return true;
    return false;
}

static enum status parse_reply(struct running *r, const char *text)
{
    const struct op *op = r->call->op;
    if (op->many != OUT_ONE)
        return ST_OK;
    struct json *j;
    bool *given;
    enum status st = json_parse(text, strlen(text), &j, r->ctx.e);
    if (st)
        return st;
    st = record_from_json(j, op->out, NULL, 0, r->ctx.arena, r->out, &given, r->ctx.e);
    json_free(j);
    return st;
}

/* Looks the key up. *known: the answer was given before and is in out now; of several subjects, perhaps
 * of the first of them only. */
static enum status replay(struct running *r, bool *known)
{
    *known = false;
    if (!keeps_answer(r))
        return ST_OK;
    struct stmt *s =
        db_query(r->l->db, "select request, reply from answer where account_id = $1 and key = $2",
                 "it", r->l->actor.account, r->call->key);
    bool there = db_row(s), same = false;
    const char *reply = NULL;
    if (there) {
        same = db_bytes(s, 0) == 32 && same_request(r, db_blob(s, 0));
        bool ours = r->kept && strcmp(db_text(s, 1), r->kept) == 0;
        reply = ours ? r->kept : db_strdup(s, 1, r->ctx.arena);
    }
    enum status st = db_end(s, r->ctx.e);
    if (st || !there)
        return st;
    if (!same)
        return fail(r->ctx.e, ST_CONFLICT, "key.reused", NULL);
    *known = true;
    if (reply == r->kept)
        return ST_OK;
    r->kept = reply;
    return parse_reply(r, reply);
}

static enum status keep_answer(struct running *r, const unsigned char digest[32])
{
    const struct op *op = r->call->op;
    if (!keeps_answer(r))
        return ST_OK;
    enum status old = db_exec(r->l->db, r->ctx.e, "delete from answer where at < $1", "i",
                              r->ctx.now - ANSWER_DAYS * (int64_t)CLOCK_DAY);
    if (old)
        return old;
    struct buf b = BUF_INIT;
    if (op->many == OUT_ONE) {
        struct jw w;
        jw_init(&w, &b);
        record_to_json(&w, op->out, r->out);
    }
    enum status st = db_exec(r->l->db, r->ctx.e,
                             "insert into answer (account_id, key, operation, request, reply, at) "
                             "values ($1, $2, $3, $4, $5, $6) on conflict (account_id, key) "
                             "do update set reply = excluded.reply, at = excluded.at",
                             "ittbti", r->l->actor.account, r->call->key, op->name, digest,
                             (size_t)32, b.s, r->ctx.now);
    r->kept = op->each ? arena_strdup(r->ctx.arena, b.s) : NULL;
    buf_release(&b);
    return st;
}

static enum status run_write(struct running *r)
{
    struct db *db = r->l->db;
    unsigned char digest[32] = { 0 };
    bool known = false;
    const struct op *op = r->call->op;
    enum status st = run_prepare(r);
    if (!st)
        st = db_begin(db, r->ctx.e);
    if (st)
        return st;
    st = still_allowed(r);
    if (!st && keeps_answer(r)) {
        digest_request(r, keys_current(r->l->keys), digest);
        st = replay(r, &known);
    }
    if (!st && !known)
        st = take_input(r);
    if (!st && !known)
        st = op->run(&r->ctx, op, r->in, r->out);
    if (!st && !known)
        st = write_audit(r, "ok", NULL);
    if (!st && !known)
        st = keep_answer(r, digest);
    if (st || known) {
        db_rollback(db);
        return st;
    }
    return db_commit(db, r->ctx.e);
}

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
    st = st == ST_DENIED || r->ctx.hidden.id ? write_audit(r, "denied", why.code) : ST_OK;
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
        st = write_audit(r, "ok", NULL);
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
    enum status st = still_allowed(r);
    if (!st)
        st = replay(r, &known);
    if (!st && known && each->done(r->out) == each->count(r->in))
        return ST_OK;
    if (!st && first)
        st = take_input(r);
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
    enum status st = db_begin(r->l->db, r->ctx.e);
    r->ctx.until = pace_begin(&r->pace);
    r->ctx.now = clock_now();
    return st;
}

static enum status step_commit(struct running *r)
{
    enum status st = db_commit(r->l->db, r->ctx.e);
    pace_end(&r->pace);
    return st;
}

static enum status each_step(struct running *r)
{
    const struct op_each *each = r->call->op->each;
    struct db *db = r->l->db;
    unsigned char digest[32] = { 0 };
    enum status st = step_begin(r);
    if (st)
        return st;
    st = each_begin(r);
    bool left = !st && each->done(r->out) < each->count(r->in);
    if (left)
        st = each_some(r);
    if (!st && left && keeps_answer(r)) {
        digest_request(r, keys_current(r->l->keys), digest);
        st = keep_answer(r, digest);
    }
    if (st || !left) {
        db_rollback(db);
        return st;
    }
    return step_commit(r);
}

static enum status run_each(struct running *r)
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
    enum status st = reads ? db_begin_read(r->l->db, r->ctx.e) : step_begin(r);
    if (st)
        return st;
    if (reads) {
        limit_reads(r);
        r->ctx.now = clock_now();
        r->ctx.until = clock_mono_us() + OP_STEP_MS * 1000;
    }
    *r->ctx.arena = step;
    st = still_allowed(r);
    if (!st)
        st = job->step(&r->ctx, state, more, &done, &total);
    if (reads) {
        if (db_reading(r->l->db))
            db_end_read(r->l->db);
        end_limit(r);
    } else if (st)
        db_rollback(r->l->db);
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
    unsigned char digest[32];
    enum status end = job->finish(&r->ctx, state, st, r->out);
    if (!end)
        end = write_audit(r, st ? "failed" : "ok", code);
    if (!end && !st && keeps_answer(r)) {
        digest_request(r, keys_current(r->l->keys), digest);
        end = keep_answer(r, digest);
    }
    if (end)
        db_rollback(r->l->db);
    else
        end = db_commit(r->l->db, r->ctx.e);
    return end;
}

static enum status job_finish(struct running *r, const struct job_ops *job, void *state, enum status st)
{
    struct err *e = r->ctx.e, own = { 0 };
    r->ctx.e = &own;
    enum status end = db_begin(r->l->db, &own);
    if (!end && (end = check_schema(r->l, &own)))           /* nothing is written into another schema */
        db_rollback(r->l->db);
    if (end) {
        job->abandon(state);
    } else {
        end = job_record(r, job, state, st, st ? e->code : NULL);
        enum status shown = job->publish ? job->publish(&r->ctx, state, st ? st : end) : ST_OK;
        if (!st && (end || shown))
            audit_apart(r, "failed", r->ctx.detail);
        end = end ? end : shown;
    }
    r->ctx.e = e;
    if (!st && end)
        *e = own;
    else if (end)
        log_lost(r, "failed", &own);
    return st ? st : end;
}

/* Was it done under this key before? */
static enum status job_replay(struct running *r, bool *known)
{
    *known = false;
    if (!keeps_answer(r))
        return ST_OK;
    enum status st = db_begin_read(r->l->db, r->ctx.e);
    if (st)
        return st;
    st = replay(r, known);
    db_end_read(r->l->db);
    return st;
}

static enum status run_job(struct running *r, struct err *e)
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

/* ---- the call ----------------------------------------------------------------------------------------- */

static void log_call(const struct running *r, enum status st, int64_t us)
{
    log_event(st && st != ST_CANCELLED ? LEVEL_WARN : LEVEL_INFO, "call",
              LOG_TEXT("operation", r->call->op->name), LOG_TEXT("account", r->l->actor.login),
              LOG_TEXT("status", status_name(st)), LOG_TEXT("code", st ? r->ctx.e->code : NULL),
              LOG_INT("us", us));
}

static enum status carry_out(struct running *r, struct err *e)
{
    const struct op *op = r->call->op;
    if (op->kind == OP_READ)
        return run_read(r);
    enum status st = refresh(r->l, e);      /* before the lock is asked for */
    if (!st)
        st = check_right(r);
    if (st)
        return st;
    if (op->kind == OP_JOB)
        return run_job(r, e);
    return op->each && r->call->in && op->each->count(r->call->in) ? run_each(r) : run_write(r);
}

static enum status local_call(struct backend *b, const struct call *call, struct arena *a,
                              void *out, struct err *e)
{
    struct local *l = local_of(b);
    struct err own = { 0 };
    e = e ? e : &own;
    err_clear(e);
    struct running r = { .l = l, .call = call, .out = out, .in = call->in };
    snprintf(r.request, sizeof r.request, "%x-%" PRIx64, (unsigned)getpid(), ++l->calls);
    r.ctx = (struct ctx){
        .db = l->db, .arena = a, .e = e, .who = &l->actor, .now = clock_now(), .given = call->given,
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
        audit_apart(&r, "denied", NULL);
    log_call(&r, st, clock_mono_us() - start);
    log_request(NULL);
    return st;
}

/* ---- what others change ------------------------------------------------------------------------------- */

static int local_watch(struct backend *b)
{
    struct local *l = local_of(b);
    if (l->inotify >= 0)
        return l->inotify;
    char name[4096];
    l->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (l->inotify < 0)
        return -1;
    snprintf(name, sizeof name, "%s-notify", db_path(l->db));
    bool notes = inotify_add_watch(l->inotify, name, IN_ATTRIB) >= 0;
    snprintf(name, sizeof name, "%s-wal", db_path(l->db));
    bool writes = inotify_add_watch(l->inotify, name, IN_MODIFY) >= 0;
    if (!notes && !writes) {            /* this user watches as many files as he may: none, not a deaf one */
        close(l->inotify);
        l->inotify = -1;
    }
    l->seen_version = db_data_version(l->db);
    return l->inotify;
}

/* The WAL's event comes before the commit can be seen: look again after 1, 2, 4 .. 512 ms, then
 * fall silent. */
static bool local_changed(struct backend *b, int *again_ms)
{
    struct local *l = local_of(b);
    char events[4096];
    bool told = false;
    while (read(l->inotify, events, sizeof events) > 0)
        told = true;
    int64_t version = db_data_version(l->db);
    bool changed = version != l->seen_version;
    l->seen_version = version;
    if (changed)
        l->look_ms = 0;
    else if (told)
        l->look_ms = 1;
    else if (l->look_ms)
        l->look_ms = l->look_ms >= 512 ? 0 : l->look_ms * 2;
    *again_ms = l->look_ms;
    return changed;
}

static const struct whoami *local_who(struct backend *b)
{
    return &local_of(b)->who;
}

static void local_close(struct backend *b)
{
    struct local *l = local_of(b);
    if (l->inotify >= 0)
        close(l->inotify);
    database_close(&l->at);
    arena_free(&l->mem);
    free(l);
}

/* ---- opening ------------------------------------------------------------------------------------------ */

enum status backend_open(const struct backend_config *config, struct backend **out, struct err *e)
{
    struct err own = { 0 };
    e = e ? e : &own;
    struct local *l = xcalloc(1, sizeof *l);
    l->inotify = -1;
    l->base = (struct backend){ .call = local_call,
                                .watch = local_watch,
                                .changed = local_changed,
                                .who = local_who,
                                .close = local_close };
    l->config = *config;
    enum status st = database_open(config->url, config->keys_dir, config->read_only ? DB_READ : 0, &l->at, e);
    l->db = l->at.db;
    l->keys = l->at.keys;
    if (!st)
        st = login_enter(config, &l->at, &l->proven, e);
    /* before what it is about: what changes meanwhile is noticed at the first call */
    l->unsure = true;
    if (!st)
        st = actor_age(l->db, &l->age, e);
    if (!st)
        st = load_actor(l, e);
    if (st) {
        struct err kept = *e;
        local_close(&l->base);
        *e = kept;
        return st;
    }
    import_words(sentence);
    *out = &l->base;
    return ST_OK;
}

void backend_close(struct backend *b)
{
    if (b)
        b->close(b);
}
