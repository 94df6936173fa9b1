/* org.h - organisation and configuration: branches, employees, accounts, what leads refer to,
 * people and their consents, tasks, messages, and the nouns that are only read (events, audit,
 * imports).
 *
 * Nearly all of it is core/noun/crud.h with a hook for what is a noun's own. Every change writes
 * its event; marking all messages as read writes none.
 */
#ifndef CORE_ORG_ORG_H
#define CORE_ORG_ORG_H

#include "core/guard/op.h"
#include "core/model/nouns.h"
#include "core/noun/crud.h"

/* Ends with a row whose name is NULL. */
extern const struct op org_ops[];

enum { CUSTOM_FIELDS_MOST = 200, CUSTOM_KEY_MAX = 40, CUSTOM_CHOICES_MOST = 200 };

/* Marks the person's open leads as what he said and is (refused all ways, deceased, minor) wants;
 * each change is an event. */
enum status person_settle(struct ctx *c, int64_t person);
/* *stopped 1 when nobody may approach him at all. */
enum status person_stopped(struct ctx *c, int64_t person, int64_t *stopped);

/* Writes down what a person said of being reached, with its event; x->head is stamped here. Way and state
 * are of their choices. The person's leads are not marked: see person_settle. */
enum status consent_put(struct ctx *c, struct consent *x, int64_t branch);

/* ---- inputs and outputs of the operations that are no crud ----------------------------------- */

/* account.password: whose (neither id nor code: the caller's own). old: the one before, for the
 * caller's own. */
struct password_in { int64_t id; const char *code, *password, *old; };

/* account.verify: is it the caller's own password? ST_DENIED "password.wrong"; "account.locked_for" (minutes)
 * after several of these, whatever the password (core/guard/tries.h); so with `old` of account.password,
 * which is counted with them. account.has_password: has he any? */
struct verify_in { const char *password; };

/* session.list, api_key.list: of the account, the caller's own without it; of who manages accounts, all
 * without it. all 1: those that have ended, too. */
struct session_list_in { const char *account; int64_t all; const char *cursor; int64_t limit; };
struct session_row {
    int64_t id;
    const char *account, *from, *agent;     /* login; address; what the program calls itself */
    int64_t made_at, seen_at, ends_at;
    const char *state;                      /* open, ended */
    int64_t ended_at;
    const char *why;                        /* core/guard/session.h */
    int64_t current;                        /* the caller comes through it */
};
struct api_key_row {
    int64_t id;
    const char *account, *name, *rights;    /* rights: names by comma */
    int64_t made_at, seen_at, ends_at;
    const char *state;
    int64_t ended_at;
};

/* session.end, api_key.end: id 0 is the session that the caller comes through. They answer a count:
 * 1 when it was open. */
struct session_end_in { int64_t id; };

/* account.end_sessions: whose (neither id nor code: the caller's own others). */
struct account_in { int64_t id; const char *code; };

/* api_key.create: rights by comma, days NONE: 90. The key is in the answer, and nowhere else. ST_INVALID
 * "api_key.right_unknown" (word); ST_DENIED "api_key.right_not_yours" (label), "api_key.local_owner". */
struct api_key_in { const char *name, *rights; int64_t days; };
struct api_key_made { int64_t id; const char *key; int64_t ends_at; };

/* message.read: one by id, or all of the caller's. How many became read. */
struct message_read_in { int64_t id, all; };

/* task.done. version NONE: whatever it is now. */
struct task_done_in { int64_t id, version; };

/* filter.remove. version NONE: whatever it is now. */
struct filter_remove_in { int64_t id, version; };

/* audit.verify: with the line of audit.anchor as it was kept elsewhere, or without. */
struct audit_verify_in { const char *anchor; };
struct audit_verdict {
    int64_t intact, rows, last_seq, last_at, bad_seq;
    const char *finding;        /* sentence code (core/guard/audit.h); NULL when intact */
};
struct audit_anchor_out { const char *anchor; };

#endif
