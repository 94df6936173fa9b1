/* work.c - three queues, three threads, one pipe back.
 *
 * Who may touch what: everything in struct work is under `lock` but ops, arg and pipe, which never
 * change, and `outstanding`, which is the UI thread's. A job's fields belong to the worker between
 * taking it from the queue and putting it into `finished`, to the UI thread else; `cancelled`,
 * `told`, `at` and `of` are atomic.
 */
#include "tui/work.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crash.h"

/* milliseconds between two reports of one job that wake the screen */
enum { REPORT_GAP = 50 };

struct lane {
    struct work *work;
    enum worker which;
    pthread_t thread;
    pthread_cond_t wake;
    bool started, stop, opened;
    void *context;
    struct job *first, *last, *running;
};

struct work {
    const struct work_ops *ops;
    void *arg;
    int pipe[2];
    pthread_mutex_t lock;
    struct lane lane[WORKERS];
    struct job *finished, **finished_end;
    int outstanding;
};

static const struct work_ops no_ops;

struct work *work_new(const struct work_ops *ops, void *arg)
{
    struct work *w = xcalloc(1, sizeof *w);

    w->ops = ops ? ops : &no_ops;
    w->arg = arg;
    w->finished_end = &w->finished;
    pthread_mutex_init(&w->lock, NULL);
    if (pipe2(w->pipe, O_NONBLOCK | O_CLOEXEC) != 0)
        crash_die("no pipe for the workers");
    for (int i = 0; i < WORKERS; i++) {
        w->lane[i].work = w;
        w->lane[i].which = (enum worker)i;
        pthread_cond_init(&w->lane[i].wake, NULL);
    }
    return w;
}

/* One byte says that there is something to deliver; a full pipe says it already. */
static void wake_ui(struct work *w)
{
    while (write(w->pipe[1], "", 1) < 0 && errno == EINTR)
        continue;
}

/* --- the worker thread ------------------------------------------------------------------------ */

/* Waits for a job; NULL when the lane is to stop. Locked. */
static struct job *take(struct lane *l)
{
    struct job *j;

    while (!l->first && !l->stop)
        pthread_cond_wait(&l->wake, &l->work->lock);
    if (!l->first || (l->stop && l->which != WORK_WRITES))
        return NULL;
    j = l->first;
    l->first = j->next;
    if (!l->first)
        l->last = NULL;
    j->next = NULL;
    l->running = j;
    return j;
}

/* Locked. */
static void finish(struct work *w, struct job *j)
{
    *w->finished_end = j;
    w->finished_end = &j->next;
}

static void run_one(struct lane *l, struct job *j)
{
    struct work *w = l->work;

    if (atomic_load(&j->cancelled) && l->which != WORK_WRITES)
        return;
    if (!l->opened) {
        void *context = w->ops->open ? w->ops->open(w->arg, l->which) : NULL;

        pthread_mutex_lock(&w->lock);
        l->context = context;
        l->opened = true;
        pthread_mutex_unlock(&w->lock);
    }
    j->run(j, l->context);
}

static void *lane_main(void *arg)
{
    struct lane *l = arg;
    struct work *w = l->work;
    struct job *j;

    pthread_mutex_lock(&w->lock);
    while ((j = take(l)) != NULL) {
        pthread_mutex_unlock(&w->lock);
        run_one(l, j);
        pthread_mutex_lock(&w->lock);
        l->running = NULL;
        finish(w, j);
        wake_ui(w);
    }
    pthread_mutex_unlock(&w->lock);
    if (l->opened && w->ops->close)
        w->ops->close(w->arg, l->context);
    return NULL;
}

static void start(struct lane *l)
{
    if (!crash_spawn(&l->thread, lane_main, l))
        crash_die("cannot start a worker");
    l->started = true;
}

/* --- the UI thread ---------------------------------------------------------------------------- */

void work_post(struct work *w, enum worker which, struct job *j)
{
    struct lane *l = &w->lane[which];

    assert(j->run && j->free);
    j->worker = which;
    j->work = w;
    j->next = NULL;
    pthread_mutex_lock(&w->lock);
    if (l->last)
        l->last->next = j;
    else
        l->first = j;
    l->last = j;
    w->outstanding++;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&w->lock);
    if (!l->started)
        start(l);
}

static bool is_older(const struct job *j, const void *owner, uint32_t below)
{
    return j->owner == owner && (below == WORK_ALL || j->generation < below);
}

/* What still waits in the queue needs no thread any more: it is finished at once, unless it is a
 * write. */
static void cancel_queued(struct lane *l, const void *owner, uint32_t below)
{
    struct job **at = &l->first, *j;

    if (l->which == WORK_WRITES) {
        for (j = l->first; j; j = j->next)
            if (is_older(j, owner, below))
                atomic_store(&j->cancelled, true);
        return;
    }

    l->last = NULL;
    while ((j = *at) != NULL) {
        if (is_older(j, owner, below)) {
            atomic_store(&j->cancelled, true);
            *at = j->next;
            j->next = NULL;
            finish(l->work, j);
        } else {
            l->last = j;
            at = &j->next;
        }
    }
}

void work_cancel(struct work *w, const void *owner, uint32_t below)
{
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < WORKERS; i++) {
        struct lane *l = &w->lane[i];

        cancel_queued(l, owner, below);
        if (l->running && is_older(l->running, owner, below) &&
            !atomic_exchange(&l->running->cancelled, true) && w->ops->interrupt && l->opened)
            w->ops->interrupt(w->arg, l->context, l->running);
    }
    for (struct job *j = w->finished; j; j = j->next)
        if (is_older(j, owner, below))
            atomic_store(&j->cancelled, true);
    pthread_mutex_unlock(&w->lock);
    wake_ui(w);
}

int work_outstanding(const struct work *w)
{
    return w->outstanding;
}

static int count_of(const struct job *j, const void *owner)
{
    int n = 0;

    for (; j; j = j->next)
        n += j->owner == owner && !atomic_load(&j->cancelled);
    return n;
}

int work_outstanding_of(const struct work *w, const void *owner)
{
    struct work *u = (struct work *)w;
    int n = 0;

    if (w->outstanding == 0)
        return 0;
    pthread_mutex_lock(&u->lock);
    for (int i = 0; i < WORKERS; i++) {
        n += count_of(w->lane[i].first, owner);
        if (w->lane[i].running && w->lane[i].running->owner == owner)
            n += !atomic_load(&w->lane[i].running->cancelled);
    }
    n += count_of(w->finished, owner);
    pthread_mutex_unlock(&u->lock);
    return n;
}

int work_fd(const struct work *w)
{
    return w->pipe[0];
}

/* Progress of the jobs that run now. They may end meanwhile, but only this thread frees them. */
static unsigned deliver_progress(struct work *w)
{
    struct job *told[WORKERS];
    unsigned bits = 0;
    int n = 0;

    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < WORKERS; i++) {
        struct job *j = w->lane[i].running;

        if (j && j->progress && !atomic_load(&j->cancelled) && atomic_exchange(&j->told, false))
            told[n++] = j;
    }
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < n; i++)
        bits |= told[i]->progress(told[i]);
    return bits;
}

unsigned work_deliver(struct work *w)
{
    char bytes[256];
    unsigned bits;
    struct job *j;

    while (read(w->pipe[0], bytes, sizeof bytes) > 0)
        continue;
    bits = deliver_progress(w);
    for (;;) {
        pthread_mutex_lock(&w->lock);
        j = w->finished;
        if (j && !(w->finished = j->next))
            w->finished_end = &w->finished;
        pthread_mutex_unlock(&w->lock);
        if (!j)
            return bits;
        if (!atomic_load(&j->cancelled) && j->done)
            bits |= j->done(j);
        w->outstanding--;
        j->free(j);
    }
}

static void stop(struct lane *l)
{
    pthread_mutex_lock(&l->work->lock);
    l->stop = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->work->lock);
    if (l->started)
        pthread_join(l->thread, NULL);
}

/* Cancels whatever its owner. */
static void cancel_all(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < WORKERS; i++) {
        struct lane *l = &w->lane[i];

        for (struct job *j = l->first; j; j = j->next)
            atomic_store(&j->cancelled, true);
        if (l->running && !atomic_exchange(&l->running->cancelled, true) && w->ops->interrupt &&
            l->opened)
            w->ops->interrupt(w->arg, l->context, l->running);
    }
    for (struct job *j = w->finished; j; j = j->next)
        atomic_store(&j->cancelled, true);
    pthread_mutex_unlock(&w->lock);
}

void work_free(struct work *w)
{
    if (!w)
        return;
    cancel_all(w);
    for (int i = 0; i < WORKERS; i++)
        stop(&w->lane[i]);
    for (int i = 0; i < WORKERS; i++) {
        struct lane *l = &w->lane[i];

        while (l->first) {          /* pages and scans that never ran */
            struct job *j = l->first;

            l->first = j->next;
            j->free(j);
        }
        pthread_cond_destroy(&l->wake);
    }
    work_deliver(w);
    pthread_mutex_destroy(&w->lock);
    close(w->pipe[0]);
    close(w->pipe[1]);
    free(w);
}

/* --- inside run() ----------------------------------------------------------------------------- */

bool job_cancelled(const struct job *j)
{
    return atomic_load(&j->cancelled);
}

void job_report(struct job *j, int64_t at, int64_t of)
{
    int64_t now = clock_mono();

    atomic_store(&j->at, at);
    atomic_store(&j->of, of);
    if (j->told_at && now - j->told_at < REPORT_GAP)
        return;
    j->told_at = now;
    if (!atomic_exchange(&j->told, true))
        wake_ui(j->work);
}

int64_t job_at(const struct job *j)
{
    return atomic_load(&j->at);
}

int64_t job_of(const struct job *j)
{
    return atomic_load(&j->of);
}
