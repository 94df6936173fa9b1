/* queue.h - what waits for a thread: first in, first out, no more than fit. Any thread.
 *
 * What waits begins with a struct queued, and belongs to the one who put it there until it was taken.
 */
#ifndef CORE_API_QUEUE_H
#define CORE_API_QUEUE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/status.h"

struct queued { struct queued *next; };

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct queued *first, **last;
    int n, most;
    bool ending;
};

void queue_begin(struct queue *q, int most);

/* ST_FAILED "server.busy" when as many wait already as may, or the queue is ending. */
enum status queue_put(struct queue *q, struct queued *x, struct err *e);

/* The first, or all in their order as a list: waits until there is one. NULL: the queue is ending,
 * and empty. */
struct queued *queue_take(struct queue *q);
struct queued *queue_take_all(struct queue *q);

int queue_waiting(struct queue *q);

/* No more come in; those who take get what is left, then NULL. */
void queue_end(struct queue *q);
void queue_free(struct queue *q);       /* nobody takes any more */

#endif
