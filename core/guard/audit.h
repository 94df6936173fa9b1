/* audit.h - who did what: append-only and chained.
 *
 * hash(n) = MAC(audit key, hash(n-1) | every column of row n in a fixed binary form). In the place
 * of hash(0) stands a MAC of the database's id. The last link also stands in meta (audit.head: "SEQ
 * HASH MAC", the MAC over seq and hash), so that a cut tail shows. Verification needs the key.
 *
 * A hash names its algorithm and key: "b2:" and hex is keyed BLAKE2b-256 under key 1, "b2.3:" under
 * key 3. After a change of key the chain goes on with the new one; its first link holds what the
 * former key proved, and key numbers never fall along the chain. A key that was forgotten
 * (core/guard/keys.h) still proves its rows.
 *
 * What it proves: without the key nobody can change, insert, move or drop a row unseen. Whoever
 * keeps an old copy of the whole file can still put that back: only an anchor that left the machine
 * shows it.
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

/* Appends one row in the open transaction; the account is c->who's login, the time c->now.
 * ST_FAILED "audit.head": the head is missing beside rows, or not of this key: nothing is appended
 * to a chain that was tampered with. */
enum status audit_append(struct ctx *c, const struct keys *k, const struct audit_entry *entry);

struct audit_report {
    int64_t rows, last_seq, last_at;    /* how far it is proven; last_at NONE when no row is */
    bool intact;
    int64_t bad_seq;            /* the first row that does not fit; 0 when intact */
    const char *finding;        /* sentence code, NULL when intact; a literal:
                                   audit.edited     the row was changed, moved, or put in
                                   audit.missing    rows before a later one are gone
                                   audit.truncated  the last rows are gone
                                   audit.inserted   rows stand outside the chain,
                                   before its start or behind its head
                                   audit.key        the key of this row is not in the key file
                                   audit.head       the head is gone or not of this key (bad_seq:
                                                    behind the last proven)
                                   audit.rewritten  not the chain that the anchor was taken from */
};

/* Walks the chain in one snapshot: at least 500,000 rows a second. ST_OK whatever it finds;
 * ST_CANCELLED by cancel (NULL: never). A database without a single row is not intact (audit.head):
 * making one is its first row. Not inside a transaction. */
enum status audit_verify(struct db *db, const struct keys *k, const atomic_bool *cancel,
                         struct audit_report *out, struct err *e);

/* The head as a line to be kept elsewhere, "gonghai-audit 1 SEQ HASH MAC", in the arena; NULL with
 * an error. */
char *audit_anchor(struct db *db, struct arena *a, struct err *e);

/* audit_verify, and that the chain still runs through the anchor. ST_INVALID "audit.anchor": no
 * anchor of this database. */
enum status audit_check_anchor(struct db *db, const struct keys *k, const char *anchor,
                               const atomic_bool *cancel, struct audit_report *out, struct err *e);

#endif
