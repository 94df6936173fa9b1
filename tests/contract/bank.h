/* bank.h - a database made by database_init in a folder of its own, and operations called on it as
 * JSON, as a script would.
 *
 *     HQ ── N (branch) ── N1, N2 (outlets)        employees 101 at N1 (staff), 102 at N1 (staff),
 *     201 at N2 (staff),
 *        └─ S (branch)                            300 at N (supervisor), 900 at HQ (auditor,
 *        config: top1, top2)
 *
 * Logins are the staff numbers; the local owner is the OS user. Time stands at BANK_NOW until
 * bank_later() moves it.
 */
#ifndef TESTS_CONTRACT_BANK_H
#define TESTS_CONTRACT_BANK_H

#include "core/api/backend.h"
#include "core/api/open.h"
#include "core/api/server.h"

#define BANK_NOW INT64_C(1795402800000)     /* Monday 2026-11-23 11:00 in Shanghai */

struct bank {
    char dir[256], path[300], keys[300];
    struct arena arena;
    struct err e;
    struct backend *b;          /* of the caller */
    const char *login;          /* NULL: the local owner */
    struct opened raw;          /* a connection beside the backend, for plain SQL */
    /* With GONGHAI_BACKEND=unix in the environment the backend is a server's, of this process;
     * NULL: it is local. */
    struct server *server;
};

int bank_setup(void **state);
int bank_teardown(void **state);

/* The caller from now on: a login, or NULL for the local owner. */
void bank_as(struct bank *k, const char *login);
void bank_later(int64_t ms);

/* Calls with a JSON object; the reply as JSON text in the arena, or NULL with k->e. key:
 * Idempotency-Key or NULL. */
const char *bank_call(struct bank *k, const char *op, const char *json);
const char *bank_call_key(struct bank *k, const char *op, const char *json, const char *key);

/* As bank_call, and ends the test when it is refused. */
const char *bank_do(struct bank *k, const char *op, const char *json);

/* The value of a member of a reply as text ("id", "version"): "" when it is not there. */
const char *bank_get(struct bank *k, const char *reply, const char *member);

/* As bank_call on a record by its id. more: further members of the input with their comma before them,
 * or "". */
const char *bank_on(struct bank *k, const char *op, const char *id, const char *more);

/* A member of a lead as lead.get tells it. */
const char *bank_field(struct bank *k, const char *id, const char *member);

/* Ends the test unless the call was refused, with this status and this code. */
void bank_refused(struct bank *k, const char *reply, enum status st, const char *code);

/* A reply for assert_string_equal(), which takes no NULL. */
#define bank_said(reply) ((reply) ? (reply) : "(refused)")

/* printf into the arena. */
#define bank_text(k, ...) arena_printf(&(k)->arena, __VA_ARGS__)

/* The first column of the first row, by plain SQL on another connection: as text, and as a number. */
const char *bank_sql(struct bank *k, const char *sql);
int64_t bank_sql_int(struct bank *k, const char *sql);

/* Writes a file into the bank's folder; its path. */
const char *bank_file(struct bank *k, const char *name, const char *text);

/* lead.count with a condition. */
int64_t bank_count(struct bank *k, const char *where);

#endif
