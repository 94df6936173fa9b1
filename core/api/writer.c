#include "core/api/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "core/guard/session.h"

struct writer {
    struct lane lane;
    pthread_t thread;
    struct queue queue;
    int group;
    int64_t writes, commits;
};

static struct write *next_of(const struct write *x)
{
    return (struct write *)(void *)x->queued.next;
}

/* ---- one write ---------------------------------------------------------------------------------------- */

static enum status touch(struct writer *w, const struct seat *s)
{
    struct bearer b = { .session = s->session, .key = s->key };
    enum status st = db_begin(w->lane.line.db, NULL);
    if (st)
        return st;
    st = bearer_touch(w->lane.line.db, &b, clock_now(), NULL);
    if (st)
        db_rollback(w->lane.line.db);
    return st ? st : db_commit(w->lane.line.db, NULL);
}

static void run_one(struct writer *w, struct write *x)
{
    struct caller *who;
    err_clear(&x->e);
    if (x->touch) {
        x->st = touch(w, &x->seat);
        return;
    }
    x->st = lane_caller(&w->lane, &x->seat, &who, &x->e);
    if (!x->st)
        x->st = run_call(&w->lane.line, who, &x->call, x->arena, x->out, &x->e);
}

/* ---- a group ------------------------------------------------------------------------------------------ */

/* In the order in which they came, as many as fit into the time; returns the first that is left. */
static struct write *run_some(struct writer *w, struct write *list, int *n)
{
    int64_t until = clock_mono_us() + WRITER_HOLD_US;
    *n = 0;
    for (; list && *n < w->group && (*n == 0 || clock_mono_us() < until); list = next_of(list), ++*n)
        run_one(w, list);
    return list;
}

/* Carries out the beginning of the list in one transaction; false when that was lost. */
static bool run_group(struct writer *w, struct write *list, struct write **rest)
{
    struct err e = { 0 };
    int n = 0;
    *rest = next_of(list);
    if (db_begin(w->lane.line.db, &e) != ST_OK)
        return false;
    *rest = run_some(w, list, &n);
    if (db_commit(w->lane.line.db, &e) == ST_OK) {
        __atomic_add_fetch(&w->commits, 1, __ATOMIC_RELAXED);
        return true;
    }
    db_rollback(w->lane.line.db);
    log_event(LEVEL_WARN, "writer.lost", LOG_TEXT("code", e.code), LOG_INT("writes", n));
    return false;
}

static void answer(struct writer *w, struct write *list, struct write *end)
{
    while (list != end) {
        struct write *next = next_of(list);        /* it may be gone with its answer */
        __atomic_add_fetch(&w->writes, 1, __ATOMIC_RELAXED);
        list->done(list);
        list = next;
    }
}

/* A transaction shows what became of it only as a whole: without it each says so itself. */
static void run_alone(struct writer *w, struct write *list, struct write *end)
{
    for (struct write *x = list; x != end; x = next_of(x)) {
        run_one(w, x);
        __atomic_add_fetch(&w->commits, 1, __ATOMIC_RELAXED);
    }
}

static void run_all(struct writer *w, struct write *list)
{
    while (list) {
        struct write *rest = next_of(list);
        bool alone = !rest || w->group == 1;
        if (alone || !run_group(w, list, &rest))
            run_alone(w, list, rest);
        answer(w, list, rest);
        list = rest;
    }
}

/* ---- the thread --------------------------------------------------------------------------------------- */

/* The lock is no queue: others of this machine get their turn between two groups. */
static void rest(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = WRITER_REST_US * 1000 }, NULL);
}

static void *work(void *arg)
{
    struct writer *w = arg;
    for (struct write *list; (list = (struct write *)(void *)queue_take_all(&w->queue));) {
        run_all(w, list);
        rest();
    }
    return NULL;
}

enum status writer_start(struct writer **out, const struct backend_config *config, int group, struct err *e)
{
    struct writer *w = xcalloc(1, sizeof *w);
    assert(group >= 1 && group <= WRITER_GROUP);
    w->group = group;
    queue_begin(&w->queue, WRITER_QUEUE);
    enum status st = lane_open(&w->lane, config, e);
    if (!st && pthread_create(&w->thread, NULL, work, w) != 0) {
        lane_close(&w->lane);
        st = fail(e, ST_FAILED, "server.threads", NULL);
    }
    if (st) {
        queue_free(&w->queue);
        free(w);
    } else {
        *out = w;
    }
    return st;
}

enum status writer_put(struct writer *w, struct write *x, struct err *e)
{
    const struct op *op = x->call.op;
    assert(op->kind == OP_WRITE && !op->prepare);
    return queue_put(&w->queue, &x->queued, e);
}

static void forget(struct write *x)
{
    free(x);
}

void writer_touch(struct writer *w, const struct seat *seat)
{
    struct write *x = xcalloc(1, sizeof *x);
    *x = (struct write){ .seat = *seat, .touch = true, .done = forget };
    if (queue_put(&w->queue, &x->queued, NULL) != ST_OK)
        free(x);
}

void writer_stop(struct writer *w)
{
    queue_end(&w->queue);
    pthread_join(w->thread, NULL);
    lane_close(&w->lane);
    queue_free(&w->queue);
    free(w);
}

void writer_counts(struct writer *w, int64_t *writes, int64_t *commits, int64_t *waiting)
{
    *writes = __atomic_load_n(&w->writes, __ATOMIC_RELAXED);
    *commits = __atomic_load_n(&w->commits, __ATOMIC_RELAXED);
    *waiting = queue_waiting(&w->queue);
}
