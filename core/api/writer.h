/* writer.h - the server's one writer: what waits is carried out together and shares one commit.
 *
 * Each write is a savepoint of its own inside the group's transaction, so that one that is refused
 * undoes no other. Nothing is answered before the commit returned. Where the transaction is lost (a
 * full disk) each is carried out again alone.
 */
#ifndef CORE_API_WRITER_H
#define CORE_API_WRITER_H

#include "core/api/lane.h"
#include "core/api/queue.h"

enum { WRITER_GROUP = 64, WRITER_QUEUE = 1000, WRITER_HOLD_US = 5000, WRITER_REST_US = 100 };

/* Of the one who asks, until done() was called. */
struct write {
    struct queued queued;
    struct seat seat;
    struct call call;
    struct arena *arena;
    void *out;
    enum status st;
    struct err e;
    void (*done)(struct write *w);      /* on the writer's thread */
    bool touch;                         /* no call: see writer_touch() */
};

struct writer;

/* Opens a lane of its own and starts the thread. group: the most that share a commit, 1 .. WRITER_GROUP. */
enum status writer_start(struct writer **out, const struct backend_config *config, int group, struct err *e);

/* Takes the write in; ST_FAILED "server.busy" when WRITER_QUEUE wait already. An operation that
 * runs in steps, is a job or prepares something is not for it (assert). Any thread. */
enum status writer_put(struct writer *w, struct write *x, struct err *e);

/* Writes down that the session or key is in use, when there is time; forgotten where there is none. */
void writer_touch(struct writer *w, const struct seat *seat);

/* Carries out what waits, and ends. */
void writer_stop(struct writer *w);

/* Writes and commits so far. Any thread. */
void writer_counts(struct writer *w, int64_t *writes, int64_t *commits, int64_t *waiting);

#endif
