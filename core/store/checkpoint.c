#include "core/store/checkpoint.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crash.h"
#include "core/store/turn.h"

/* Its own connection and its own place in the queue; both are there for good once they were opened. */
struct hands { sqlite3 *db; int turn; };

struct checkpointer {
    char *path, *lock_path;
    struct hands hands;             /* the thread's, where there is one; else the waker's */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake, rest;
    bool running, wanted, busy, stop;
};

enum { READERS_MS = 5, WAL_LONG = 4000 };

/* A connection knows of the WAL only when it has read, and checkpoints nothing before. */
static bool open_db(const char *path, sqlite3 **db)
{
    const int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    return sqlite3_open_v2(path, db, mode, NULL) == SQLITE_OK &&
           sqlite3_busy_timeout(*db, READERS_MS) == SQLITE_OK &&
           sqlite3_exec(*db, "pragma user_version", NULL, NULL, NULL) == SQLITE_OK;
}

static bool reach(struct checkpointer *k)
{
    struct hands *h = &k->hands;
    if (h->turn < 0)
        h->turn = open(k->lock_path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (!h->db && !open_db(k->path, &h->db)) {
        sqlite3_close(h->db);
        h->db = NULL;
    }
    return h->db && h->turn >= 0;
}

/* *pages: in the WAL. */
static bool passive(struct hands *h, int *pages)
{
    return sqlite3_wal_checkpoint_v2(h->db, "main", SQLITE_CHECKPOINT_PASSIVE, pages, NULL) == SQLITE_OK;
}

/* What is left of it, which is little, with the turn: readers of its old pages are waited for, but not
 * long, since all who write are held up. Where many processes see that the WAL is long, one does it: each
 * would hold the turn for some milliseconds, and the writers would wait for all of them. */
static void begin_again(struct hands *h)
{
    if (!turn_try_restart(h->turn))
        return;
    turn_take(h->turn);
    sqlite3_wal_checkpoint_v2(h->db, "main", SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    turn_give(h->turn);
    turn_end_restart(h->turn);
}

/* Without the turn, beside the writers. Where the WAL has grown long all the same, what came while that
 * took its time is brought home too, and the WAL begins again at its start. What another process is at
 * already is its business. */
static void bring_home(struct checkpointer *k)
{
    struct hands *h = &k->hands;
    int pages = 0;
    if (reach(k) && passive(h, &pages) && pages >= WAL_LONG && passive(h, &pages) && pages >= WAL_LONG)
        begin_again(h);
}

static void *work(void *arg)
{
    struct checkpointer *k = arg;
    pthread_mutex_lock(&k->mutex);
    for (;;) {
        while (!k->wanted && !k->stop)
            pthread_cond_wait(&k->wake, &k->mutex);
        if (!k->wanted)
            break;
        k->wanted = false;
        k->busy = true;
        pthread_mutex_unlock(&k->mutex);
        bring_home(k);
        pthread_mutex_lock(&k->mutex);
        k->busy = false;
        pthread_cond_broadcast(&k->rest);
    }
    pthread_mutex_unlock(&k->mutex);
    return NULL;
}

struct checkpointer *checkpointer_new(const char *path, const char *lock_path)
{
    struct checkpointer *k = xcalloc(1, sizeof *k);
    k->path = xstrdup(path);
    k->lock_path = xstrdup(lock_path);
    k->hands.turn = -1;
    pthread_mutex_init(&k->mutex, NULL);
    pthread_cond_init(&k->wake, NULL);
    pthread_cond_init(&k->rest, NULL);
    return k;
}

void checkpointer_wake(struct checkpointer *k)
{
    if (!k->running && !(k->running = crash_spawn(&k->thread, work, k))) {
        bring_home(k);
        return;
    }
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
    sqlite3_close(k->hands.db);
    if (k->hands.turn >= 0)
        close(k->hands.turn);
    pthread_cond_destroy(&k->rest);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->mutex);
    free(k->lock_path);
    free(k->path);
    free(k);
}
