#include "core/api/workers.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct workers {
    struct backend_config config;
    struct queue queue;
    pthread_t thread[WORKERS_MOST];
    int n;
};

static void *work(void *arg)
{
    struct workers *w = arg;
    struct lane lane;
    bool open = false;
    for (struct errand *x; (x = (struct errand *)(void *)queue_take(&w->queue));) {
        struct err e = { 0 };
        open = open || lane_open(&lane, &w->config, &e) == ST_OK;
        x->run(x, open ? &lane : NULL, &e);
    }
    if (open)
        lane_close(&lane);
    return NULL;
}

enum status workers_start(struct workers **out, const struct backend_config *config, int n, struct err *e)
{
    struct workers *w = xcalloc(1, sizeof *w);
    assert(n >= 1 && n <= WORKERS_MOST);
    w->config = *config;
    queue_begin(&w->queue, WORKERS_QUEUE);
    while (w->n < n && pthread_create(&w->thread[w->n], NULL, work, w) == 0)
        w->n++;
    *out = w;
    if (w->n == n)
        return ST_OK;
    workers_stop(w);
    *out = NULL;
    return fail(e, ST_FAILED, "server.threads", NULL);
}

enum status workers_put(struct workers *w, struct errand *x, struct err *e)
{
    return queue_put(&w->queue, &x->queued, e);
}

void workers_stop(struct workers *w)
{
    queue_end(&w->queue);
    for (int i = 0; i < w->n; i++)
        pthread_join(w->thread[i], NULL);
    queue_free(&w->queue);
    free(w);
}
