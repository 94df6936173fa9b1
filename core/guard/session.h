/* session.h - who is in over the network: by a session, which a login begins, or by an API key.
 *
 * A token is 256 random bits in base64url; a key has "ghk_" before it. Both are given out once.
 * What is kept is a digest (BLAKE2b-256): nothing shorter than trying all tokens leads back from
 * it, and it outlives a change of the database's key. They stand in the database, so they outlive
 * the server too.
 *
 * A session ends when its time is over, when it was not used for a while, by its owner, by who manages
 * accounts, when its account gets another password, is switched off or its employee leaves, and when its
 * account begins one too many. Why it ended is a word: logout, revoked, password, account, many, idle,
 * expired.
 */
#ifndef CORE_GUARD_SESSION_H
#define CORE_GUARD_SESSION_H

#include "core/guard/ctx.h"

enum { SESSION_TOKEN = 48 };    /* room for a token or a key, with its NUL */

struct session_rules {
    int64_t whole_ms;           /* a session lasts no longer */
    int64_t idle_ms;            /* nor so long without a call; NONE: it does */
    int64_t most;               /* of one account at a time */
};
extern const struct session_rules session_rules;    /* 12 h, 30 min, 8 */

/* from, agent: what is shown of it, NULL allowed; rules NULL: those above. */
struct session_new { int64_t account; const char *from, *agent; const struct session_rules *rules; };

/* Begins one, in the transaction in which the account's password was found right; those that are over are
 * taken off the list, and of too many the oldest ends. Wipe the token after use. */
enum status session_begin(struct ctx *c, const struct session_new *s, char token[SESSION_TOKEN], int64_t *id);

/* What a token or key is: one of session and key is set. */
struct bearer {
    int64_t session, key, account;
    const char *login;          /* in the arena, as rights */
    const char *rights;         /* of a key: their names by comma */
    bool touch;                 /* seen a minute ago or more: bearer_touch() is due */
};

/* Finds it; reads only. ST_DENIED: "session.unknown", "session.idle", "session.expired", "session.ended" (the
 * word why), "api_key.unknown", "api_key.ended". Whether the account may be used is bearer_actor's to say. */
enum status bearer_find(struct db *db, const char *token, int64_t now, struct arena *a, struct bearer *out,
                        struct err *e);

/* The account as it comes in by that, asked anew each time that rights have changed: ST_DENIED as
 * bearer_find(), by the id, and as actor_load(). A key has the rights that are the account's and its own. */
enum status bearer_actor(struct db *db, const struct bearer *b, int64_t now, struct arena *a,
                         struct actor *out, struct err *e);

/* Writes down that it is in use; nothing when that was done within the minute. In a write transaction. */
enum status bearer_touch(struct db *db, const struct bearer *b, int64_t now, struct err *e);

/* Ends an open one; *ended (NULL allowed): it was. In a write transaction. */
enum status session_end(struct ctx *c, int64_t id, const char *why, bool *ended);

/* Ends those of the account, but for the one that the caller comes through when that is his own password's
 * change: `keep`, 0 for none. *n (NULL allowed): how many. */
enum status session_end_all(struct ctx *c, int64_t account, int64_t keep, const char *why, int64_t *n);

/* The account is switched off: its sessions end, and its API keys. */
enum status session_account_off(struct ctx *c, int64_t account);

/* ---- API keys ---------------------------------------------------------------------------------- */

struct api_key_new { const char *name, *rights; int64_t ends_at; };

/* Makes one for the caller's account; rights are names by comma, checked by the caller (api_key_rights).
 * ST_CONFLICT "noun.duplicate" with the field name: it has one of that name. Wipe the key after use. */
enum status api_key_make(struct ctx *c, const struct api_key_new *k, char key[SESSION_TOKEN], int64_t *id);

/* The names as bits, RIGHT_NONE among them; *bad: a word that is none (in the arena), NULL: all are. */
uint64_t api_key_rights(const char *names, struct arena *a, const char **bad);

enum status api_key_end(struct ctx *c, int64_t id, bool *ended);

#endif
