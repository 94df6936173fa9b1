/* feed.h - /v1/changes: who listens is told which nouns have changed, as server-sent events.
 *
 *     id: 1882590441            the newest event that it covers
 *     event: change
 *     data: {"topics":["lead","task"]}
 *
 * Topics are those of the nouns that the listener may read: no row is named, so nothing is told of
 * what lies outside of his scope. `event: reset` says that what was missed can't be told any more,
 * `event: bye` that nothing more comes. A comment each 15 seconds keeps the connection, and finds
 * those that are dead.
 */
#ifndef CORE_API_FEED_H
#define CORE_API_FEED_H

#include "core/api/lane.h"
#include "core/api/mhd.h"

enum { FEED_BEAT_MS = 15000, FEED_TICK_MS = 50, FEED_BACK = 1000 };

struct feed;

/* Starts its thread, with a lane of its own. */
enum status feed_start(struct feed **out, const struct backend_config *config,
                       const struct mhd *mhd, struct err *e);

/* Adds a listener: the response that its connection is answered with, to be queued and destroyed. last: its
 * Last-Event-ID, NULL: none. fd: of the connection, to end it at once when its seat is lost. Any thread. */
struct MHD_Response *feed_listen(struct feed *f, struct MHD_Connection *at, int fd, const struct seat *seat,
                                 const char *last);

/* How many listen. */
int feed_listeners(struct feed *f);

/* Says bye to all and waits until they are gone; those that come later get nothing. Before the
 * daemon is stopped. */
void feed_end(struct feed *f);
void feed_free(struct feed *f);

#endif
