#include "core/api/workers.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct workers {
    struct backend_config config;
    pthread_t thread[WORKERS_MOST];
    int n;
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct errand *first, **last;
    int waiting;
    bool stopping;
};

static struct errand *take(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stopping)
        pthread_cond_wait(&w->came, &w->lock);
    struct errand *x = w->first;
    if (x) {
        w->first = x->next;
        w->last = w->first ? w->last : &w->first;
        w->waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return x;
}

static void *work(void *arg)
{
    struct workers *w = arg;
    struct lane lane;
    bool open = false;
    for (struct errand *x = take(w); x; x = take(w)) {
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
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->came, NULL);
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
    pthread_mutex_lock(&w->lock);
    bool full = w->waiting == WORKERS_QUEUE || w->stopping;
    if (!full) {
        x->next = NULL;
        *w->last = x;
        w->last = &x->next;
        w->waiting++;
        pthread_cond_signal(&w->came);
    }
    pthread_mutex_unlock(&w->lock);
    return full ? fail(e, ST_FAILED, "server.busy", NULL) : ST_OK;
}

void workers_stop(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->came);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n; i++)
        pthread_join(w->thread[i], NULL);
    pthread_cond_destroy(&w->came);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
