/* lane.h - a line of the server's with the callers that came through it: who they are is loaded
 * once, and again when rights have changed. Of one thread. */
#ifndef CORE_API_LANE_H
#define CORE_API_LANE_H

#include "core/api/run.h"

enum { SEAT_LOGIN = 200, LANE_CHAIRS = 64 };

/* Whom a request acts for. Plain. */
struct seat {
    bool local;                 /* the local owner, by the OS user of a unix socket */
    int64_t uid;                /* of that user */
    char login[SEAT_LOGIN];     /* else the account's */
    uint64_t rights;            /* of those of the account (an API key's); all bits: all */
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
