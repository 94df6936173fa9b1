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
    /* One step inside a write transaction; sets *more when there is another. It ends its work at
     * c->until. c->arena is the step's own: what must outlive it belongs to the state. done and
     * total are for the progress bar. */
    enum status (*step)(struct ctx *c, void *state, bool *more, int64_t *done, int64_t *total);
    /* After the last step was committed, or with st not ST_OK after a failure or a cancel (its
     * transaction was rolled back): fills out and frees what the state holds. Runs in a transaction
     * of its own. */
    enum status (*finish)(struct ctx *c, void *state, enum status st, void *out);
    /* NULL, or called after finish when that was committed (how is then how the job ended) or failed:
     * makes visible what must not be seen before it is recorded, and frees the state in finish's
     * place. Outside any transaction. A failure is recorded in its turn. */
    enum status (*publish)(struct ctx *c, void *state, enum status how);
    /* Frees the state when finish could not run (no transaction to be had). */
    void (*abandon)(void *state);
    /* NULL: the steps write. True: they write nothing; each sees a snapshot and holds no lock. */
    bool (*reads)(const void *state);
};

#endif
