/* lane.h - a line of the server's with the callers that came through it: who they are is loaded
 * once, and again when rights have changed. Of one thread. */
#ifndef CORE_API_LANE_H
#define CORE_API_LANE_H

#include "core/api/run.h"

enum { LANE_CHAIRS = 64 };

/* Whom a request acts for: one of three. Plain. */
struct seat {
    int64_t uid;                /* the OS user of a unix socket's peer: the local owner, or the account of his
                                 * name; NONE: not by that */
    int64_t session, key;       /* a session, or an API key; 0: not by that */
};

struct chair { struct seat seat; struct caller caller; uint64_t used; };

struct lane {
    struct line line;
    struct chair *chair[LANE_CHAIRS];
    uint64_t turn;
};

enum status lane_open(struct lane *l, const struct backend_config *config, struct err *e);
void lane_close(struct lane *l);

/* The caller of that seat on this lane: until the next call for another. ST_DENIED when the account
 * may not be used (any more). */
enum status lane_caller(struct lane *l, const struct seat *s, struct caller **out, struct err *e);

#endif
