/* running.h - a call under way, shared by run.c, steps.c and answer.c. Private to them. */
#ifndef CORE_API_RUNNING_H
#define CORE_API_RUNNING_H

#include "core/api/pace.h"
#include "core/api/run.h"

struct running {
    struct line *line;
    struct caller *who;
    const struct call *call;
    struct ctx ctx;
    const void *in;
    void *out;
    const char *kept;           /* the answer as it was last read or written under the call's key */
    struct pace pace;           /* of its steps */
    char request[40];
};

/* ---- run.c ---- */
/* The row of the audit, in the transaction at hand. code NULL: none. */
enum status run_audit(struct running *r, const char *result, const char *code);
/* In a transaction of its own: outside the one that was rolled back, or after the one that was committed. The
 * caller's error is kept. */
void run_audit_apart(struct running *r, const char *result, const char *detail);
/* What should stand in the audit and does not. */
void run_log_lost(const struct running *r, const char *result, const struct err *why);
/* The input, copied, with its references found and (for operations of their own) checked. */
enum status run_input(struct running *r);
/* Inside a transaction: what was known of rights may have changed until it began. */
enum status run_allowed(struct running *r);
/* What is asked of the database from now on is stopped by the caller, or when it takes too long. */
void run_limit(struct running *r);
void run_end_limit(struct running *r);

/* ---- steps.c ---- */
enum status steps_each(struct running *r);
enum status steps_job(struct running *r, struct err *e);

/* ---- answer.c: the same key, the same answer ---- */
/* An answer with personal data is not kept: the operation runs, and is audited, each time. */
bool answer_is_kept(const struct running *r);
/* Looks the key up. *known: the answer was given before and is in out now; of several subjects, perhaps of
 * the first of them only. ST_CONFLICT "key.reused": it was another request. */
enum status answer_replay(struct running *r, bool *known);
/* Keeps the answer, in the transaction at hand. */
enum status answer_keep(struct running *r);

#endif
