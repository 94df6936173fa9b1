/* ctx.h - what every operation runs in: one a call, on one thread. */
#ifndef CORE_GUARD_CTX_H
#define CORE_GUARD_CTX_H

#include <stdatomic.h>

#include "core/guard/actor.h"

/* A row that was asked for and is there, but not in the caller's scope. */
struct hidden { const struct noun *noun; int64_t id, branch; };

struct ctx {
    struct db *db;
    struct arena *arena;            /* lives until the reply has been used */
    struct err *e;
    const struct actor *who;
    int64_t now;                    /* one moment for the whole operation */
    int64_t until;                  /* in steps: the monotonic microsecond at which this one ends its
                                       work, so that its commit still fits into OP_STEP_MS */
    const char *request;            /* id of the call, for log and audit */
    const atomic_bool *cancel;      /* NULL: cannot be cancelled */
    /* what takes long says how far it is: jobs, counts; NULL allowed */
    void (*progress)(void *arg, int64_t done, int64_t total);
    void *progress_arg;
    const bool *given;              /* which fields of the input were given, in the order of its
                                       table; NULL: those not empty */

    const void *prepared;           /* what op->prepare left for run, NULL if nothing */

    /* The last one that was looked for (core/noun/resolve.h); id 0: none. A call that fails with it
     * is written to the audit as denied, whatever it answers. */
    struct hidden hidden;

    /* Filled by the operation for its audit row: written once, by the frame around run. */
    int64_t subject;                /* id of the row at the centre, 0 if none */
    int64_t subject_branch;
    const char *detail;             /* JSON without personal data, or NULL */
};

/* Writes an event row in the operation's transaction. data: JSON without personal data, or NULL. */
enum status ctx_event(struct ctx *c, const char *type, const char *noun, int64_t subject,
                      int64_t branch, const char *data);

/* ST_DENIED "scope.branch" unless the actor covers it. */
enum status ctx_covers(struct ctx *c, int64_t branch);

#endif
