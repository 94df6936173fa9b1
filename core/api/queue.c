#include "core/api/queue.h"

void queue_begin(struct queue *q, int most)
{
    *q = (struct queue){ .most = most };
    q->last = &q->first;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->came, NULL);
}

enum status queue_put(struct queue *q, struct queued *x, struct err *e)
{
    pthread_mutex_lock(&q->lock);
    bool full = q->n == q->most || q->ending;
    if (!full) {
        x->next = NULL;
        *q->last = x;
        q->last = &x->next;
        q->n++;
        pthread_cond_signal(&q->came);
    }
    pthread_mutex_unlock(&q->lock);
    return full ? fail(e, ST_FAILED, "server.busy", NULL) : ST_OK;
}

/* Under the lock. */
static void wait(struct queue *q)
{
    while (!q->first && !q->ending)
        pthread_cond_wait(&q->came, &q->lock);
}

struct queued *queue_take(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    wait(q);
    struct queued *x = q->first;
    if (x) {
        q->first = x->next;
        q->last = q->first ? q->last : &q->first;
        q->n--;
    }
    pthread_mutex_unlock(&q->lock);
    return x;
}

struct queued *queue_take_all(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    wait(q);
    struct queued *list = q->first;
    q->first = NULL;
    q->last = &q->first;
    q->n = 0;
    pthread_mutex_unlock(&q->lock);
    return list;
}

int queue_waiting(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    int n = q->n;
    pthread_mutex_unlock(&q->lock);
    return n;
}

void queue_end(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->ending = true;
    pthread_cond_broadcast(&q->came);
    pthread_mutex_unlock(&q->lock);
}

void queue_free(struct queue *q)
{
    pthread_cond_destroy(&q->came);
    pthread_mutex_destroy(&q->lock);
}
