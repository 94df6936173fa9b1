#include "core/store/checkpoint.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/store/turn.h"

struct checkpointer {
    char *path, *lock_path;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake, rest;
    bool running, wanted, busy, stop;
};

enum { READERS_MS = 5, WAL_LONG = 4000 };

/* Its own connection and its own place in the queue; both are there for good once they were opened. */
struct hands { sqlite3 *db; int turn; };

/* A connection knows of the WAL only when it has read, and checkpoints nothing before. */
static bool open_db(const char *path, sqlite3 **db)
{
    const int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    return sqlite3_open_v2(path, db, mode, NULL) == SQLITE_OK &&
           sqlite3_busy_timeout(*db, READERS_MS) == SQLITE_OK &&
           sqlite3_exec(*db, "pragma user_version", NULL, NULL, NULL) == SQLITE_OK;
}

static bool reach(struct hands *h, const struct checkpointer *k)
{
    if (h->turn < 0)
        h->turn = open(k->lock_path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (!h->db && !open_db(k->path, &h->db)) {
        sqlite3_close(h->db);
        h->db = NULL;
    }
    return h->db && h->turn >= 0;
}

/* Without the turn, beside the writers. Where the WAL has grown long all the same, what came meanwhile
 * is brought home with the turn, which is little, and the WAL begins again at its start: readers of
 * its old pages are waited for, but not long, since all who write are held up. One that another
 * process is at already is its business. */
static void bring_home(struct hands *h)
{
    int pages = 0;
    if (sqlite3_wal_checkpoint_v2(h->db, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, NULL) != SQLITE_OK ||
        pages < WAL_LONG)
        return;
    turn_take(h->turn);
    sqlite3_wal_checkpoint_v2(h->db, "main", SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    turn_give(h->turn);
}

static void *work(void *arg)
{
    struct checkpointer *k = arg;
    struct hands h = { NULL, -1 };
    pthread_mutex_lock(&k->mutex);
    for (;;) {
        while (!k->wanted && !k->stop)
            pthread_cond_wait(&k->wake, &k->mutex);
        if (k->stop)
            break;
        k->wanted = false;
        k->busy = true;
        pthread_mutex_unlock(&k->mutex);
        if (reach(&h, k))
            bring_home(&h);
        pthread_mutex_lock(&k->mutex);
        k->busy = false;
        pthread_cond_broadcast(&k->rest);
    }
    pthread_mutex_unlock(&k->mutex);
    sqlite3_close(h.db);
    if (h.turn >= 0)
        close(h.turn);
    return NULL;
}

struct checkpointer *checkpointer_new(const char *path, const char *lock_path)
{
    struct checkpointer *k = xcalloc(1, sizeof *k);
    k->path = xstrdup(path);
    k->lock_path = xstrdup(lock_path);
    pthread_mutex_init(&k->mutex, NULL);
    pthread_cond_init(&k->wake, NULL);
    pthread_cond_init(&k->rest, NULL);
    return k;
}

/* Signals are for the threads that know what to do with them. */
static void start(struct checkpointer *k)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    k->running = pthread_create(&k->thread, NULL, work, k) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void checkpointer_wake(struct checkpointer *k)
{
    if (!k->running)
        start(k);
    pthread_mutex_lock(&k->mutex);
    k->wanted = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->mutex);
}

void checkpointer_wait(struct checkpointer *k)
{
    pthread_mutex_lock(&k->mutex);
    while (k->running && (k->busy || k->wanted))
        pthread_cond_wait(&k->rest, &k->mutex);
    pthread_mutex_unlock(&k->mutex);
}

void checkpointer_stop(struct checkpointer *k)
{
    if (!k)
        return;
    if (k->running) {
        pthread_mutex_lock(&k->mutex);
        k->stop = true;
        pthread_cond_signal(&k->wake);
        pthread_mutex_unlock(&k->mutex);
        pthread_join(k->thread, NULL);
    }
    pthread_cond_destroy(&k->rest);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->mutex);
    free(k->lock_path);
    free(k->path);
    free(k);
}
