/* job.h - operations that take long: they run in steps, each a transaction of its own.
 *
 * The row of an OP_JOB is run once a step with the same state until it says that it is done.
 * Between two steps the write lock is free and the job can be cancelled; its progress stands in its
 * own table (import), so that it can be taken up again.
 */
#ifndef CORE_DATA_JOB_H
#define CORE_DATA_JOB_H

#include "core/guard/op.h"

struct job_ops {
    /* Makes the state: reads the file's head, checks the request. Outside any transaction, with the
     * rights already checked.
     * *state may point into c->arena, which lives until the job ends. */
    enum status (*start)(struct ctx *c, const struct op *op, const void *in, void **state);
    /* One step inside a write transaction; sets *more when there is another. c->arena is the step's
     * own: what must outlive it belongs to the state. done and total are for the progress bar. */
    enum status (*step)(struct ctx *c, void *state, bool *more, int64_t *done, int64_t *total);
    /* After the last step was committed, or with st not ST_OK after a failure or a cancel (its
     * transaction was rolled back): fills out and frees what the state holds. Runs in a transaction
     * of its own. */
    enum status (*finish)(struct ctx *c, void *state, enum status st, void *out);
    /* Frees the state when finish could not run (no transaction to be had). */
    void (*abandon)(void *state);
    bool reads;         /* the steps write nothing: each sees a snapshot and holds no lock */
    /* Rest between steps in microseconds: a lock file is no queue, and others must get their turn. */
    int rest_us;
};

#endif
