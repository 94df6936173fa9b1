/* hear.h - what a server tells of changes: its stream of events, in a thread of its own with a connection of
 * its own. It comes back by itself when the stream breaks, and asks for what it missed.
 */
#ifndef CORE_API_HEAR_H
#define CORE_API_HEAR_H

#include "core/api/pass.h"

struct hear;

/* Begins to listen, and waits a quarter of a second at most for the stream to stand: what changes after that
 * is heard for sure. pass must outlive it. Errors are exchange_open()'s, or ST_FAILED "server.listen"
 * (reason). */
enum status hear_start(const struct backend_config *config, struct pass *pass, struct hear **out,
                       struct err *e);

/* Readable when something was told. */
int hear_fd(const struct hear *h);

/* Was there? Makes it unreadable again. */
bool hear_take(struct hear *h);

void hear_stop(struct hear *h);         /* NULL allowed; back within a few milliseconds */

#endif
