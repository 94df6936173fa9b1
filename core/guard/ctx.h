/* ctx.h - what every operation runs in: one a call, on one thread. */
#ifndef CORE_GUARD_CTX_H
#define CORE_GUARD_CTX_H

#include <stdatomic.h>

#include "core/guard/actor.h"

struct ctx {
    struct db *db;
    struct arena *arena;            /* lives until the reply has been used */
    struct err *e;
    const struct actor *who;
    int64_t now;                    /* one moment for the whole operation */
    const char *request;            /* id of the call, for log and audit */
    const atomic_bool *cancel;      /* NULL: cannot be cancelled */
    const bool *given;              /* which fields of the input were given, in the order of its
                                       table; NULL: those not empty */

    /* Filled by the operation for its audit row: written once, by the frame around run. */
    int64_t subject;                /* id of the row at the centre, 0 if none */
    int64_t subject_branch;
    const char *detail;             /* JSON without personal data, or NULL */
    bool denied;                    /* all of it was denied, one by one: the audit row says so */
};

/* Writes an event row in the operation's transaction. data: JSON without personal data, or NULL. */
enum status ctx_event(struct ctx *c, const char *type, const char *noun, int64_t subject,
                      int64_t branch, const char *data);

/* ST_DENIED "scope.branch" unless the actor covers it. */
enum status ctx_covers(struct ctx *c, int64_t branch);

#endif
