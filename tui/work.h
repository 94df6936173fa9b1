/* work.h - three worker threads between the screen and the data.
 *
 * A job owns copies of its inputs and its results. run() works on a worker thread and touches
 * neither views nor curses; done() and free() run on the UI thread, when the loop finds the job in
 * the pipe. A cancelled job is never done(): cancelling is also how an answer that came too late is
 * dropped. So a view raises its generation, cancels what is older, and posts anew; when it closes
 * all its jobs are cancelled. A write that was posted is never lost: on WORK_WRITES a cancelled job
 * still runs, with job_cancelled() true; short ones go through, long ones leave.
 *
 *     struct page_job { struct job job; ...inputs, results... };
 *     p->job = (struct job){ .run = page_run, .done = page_done, .free = page_free,
 *                            .owner = v, .generation = v->generation };
 *     work_post(ui_work(ui), WORK_PAGES, &p->job);
 */
#ifndef TUI_WORK_H
#define TUI_WORK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum worker { WORK_PAGES, WORK_SCANS, WORK_WRITES, WORKERS };

struct job {
    /* worker thread; `worker` is what open() returned */
    void (*run)(struct job *j, void *worker);
    unsigned (*done)(struct job *j);                /* UI thread; reaction bits */
    /* UI thread, after job_report(), coalesced; NULL allowed */
    unsigned (*progress)(struct job *j);
    /* UI thread; always called once, last; the owner may be gone */
    void (*free)(struct job *j);
    const void *owner;                              /* the view, compared only */
    uint32_t generation;

    /* Of work.c from here on. */
    atomic_bool cancelled;
    atomic_bool told;
    _Atomic int64_t at, of;
    int64_t told_at;
    struct work *work;
    enum worker worker;
    struct job *next;
};

/* How a worker gets what it works with: a backend, a database connection. All run on the
 * worker's thread but interrupt(), which the UI thread calls while job `j` runs and was
 * cancelled (sqlite3_interrupt, closing a socket); the job cannot end meanwhile. Each may be
 * NULL. */
struct work_ops {
    /* at the first job; NULL is passed on to run() */
    void *(*open)(void *arg, enum worker which);
    void (*close)(void *arg, void *worker);
    void (*interrupt)(void *arg, void *worker, struct job *j);
};

struct work;

/* Starts nothing yet: a thread starts with its first job, with all signals blocked. */
struct work *work_new(const struct work_ops *ops, void *arg);

/* Cancels all, waits for the running jobs and the writes, frees every job. NULL allowed. */
void work_free(struct work *w);

/* Queues the job, which is work's until free(). First in, first out on each worker. */
void work_post(struct work *w, enum worker which, struct job *j);

/* Cancels the owner's jobs of a generation below `below` (WORK_ALL: every one), queued, running
 * or just finished. */
#define WORK_ALL UINT32_MAX
void work_cancel(struct work *w, const void *owner, uint32_t below);

/* Jobs that were posted and not yet freed. */
int work_outstanding(const struct work *w);
/* The same, of one owner. */
int work_outstanding_of(const struct work *w, const void *owner);

/* Readable when work_deliver() has something; deliver runs progress, done and free and returns
 * their bits. */
int work_fd(const struct work *w);
unsigned work_deliver(struct work *w);

/* --- inside run() ----------------------------------------------------------------------------- */
bool job_cancelled(const struct job *j);
/* Tells how far the job is (at of `of`, of 0: unknown); cheap, call it freely: the screen hears
 * of it 20 times a second at most. */
void job_report(struct job *j, int64_t at, int64_t of);
/* UI thread: what was told last. */
int64_t job_at(const struct job *j);
int64_t job_of(const struct job *j);

#endif
