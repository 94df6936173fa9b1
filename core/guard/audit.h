/* audit.h - who did what: append-only and chained.
 *
 * hash(n) = MAC(audit key, hash(n-1) | every column of row n in a fixed text form). Row 1 is bound to the database id. The
 * last link also stands in meta (audit.head: seq, hash), so that a cut tail shows. Verification needs the key.
 */
#ifndef CORE_GUARD_AUDIT_H
#define CORE_GUARD_AUDIT_H

#include "core/guard/ctx.h"
#include "core/guard/keys.h"

struct audit_entry {
    const char *operation, *noun;       /* noun NULL if there is none */
    int64_t subject, branch;            /* 0: none */
    const char *result;                 /* ok, denied, failed */
    const char *code, *detail;          /* or NULL */
};

/* Appends one row in the open transaction. */
enum status audit_append(struct ctx *c, const struct keys *k, const struct audit_entry *entry);

struct audit_report {
    int64_t rows, last_seq, last_at;
    bool intact;
    int64_t bad_seq;            /* the first row that does not fit; 0 when intact */
    const char *finding;        /* sentence code: "audit.edited", "audit.missing", "audit.truncated", ... */
};

/* Walks the chain: at least 500,000 rows a second. Progress is asked to stop by cancel (NULL: never). */
enum status audit_verify(struct db *db, const struct keys *k, const atomic_bool *cancel, struct audit_report *out,
                         struct err *e);

/* The head as a line to be kept elsewhere ("anchor"), and its check against the chain. */
char *audit_anchor(struct db *db, struct arena *a, struct err *e);
enum status audit_check_anchor(struct db *db, const struct keys *k, const char *anchor, struct audit_report *out,
                               struct err *e);

#endif
