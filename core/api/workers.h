/* workers.h - threads for what takes long or pauses: logins, steps over several subjects, jobs.
 * Each has a lane of its own, opened when it is first needed. */
#ifndef CORE_API_WORKERS_H
#define CORE_API_WORKERS_H

#include "core/api/lane.h"
#include "core/api/queue.h"

enum { WORKERS_QUEUE = 200, WORKERS_MOST = 16 };

/* Of the one who asks, until run() was called. */
struct errand {
    struct queued queued;
    /* On a worker's thread. l NULL: there is no way to the database, and *e says why. */
    void (*run)(struct errand *x, struct lane *l, const struct err *e);
};

struct workers;

enum status workers_start(struct workers **out, const struct backend_config *config, int n, struct err *e);

/* ST_FAILED "server.busy" when WORKERS_QUEUE wait already. Any thread. */
enum status workers_put(struct workers *w, struct errand *x, struct err *e);

/* Runs what waits, and ends. */
void workers_stop(struct workers *w);

#endif
