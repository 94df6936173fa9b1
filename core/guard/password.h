/* password.h - passwords: the rules, argon2id, and reading one from a person. */
#ifndef CORE_GUARD_PASSWORD_H
#define CORE_GUARD_PASSWORD_H

#include "core/guard/ctx.h"

enum { PASSWORD_MIN = 10 /* characters */, PASSWORD_MAX = 256 /* bytes */, PASSWORD_HASH = 128 };

/* What one hash costs. password_cost is the product's: 3 passes over 64 MiB, about 0.1 s. Tests
 * give a cheaper one. */
struct password_cost { unsigned long long passes; size_t bytes; };
extern const struct password_cost password_cost;

/* The rules. ST_INVALID with field "password": "password.short" (least characters), "password.long"
 * (most bytes), "password.characters" (controls, or no UTF-8), "password.classes" (three of: small
 * letters, capitals, digits, others), "password.login" (contains the login, whatever the case;
 * logins of one or two characters do not count). */
enum status password_check(const char *password, const char *login, struct err *e);

/* Hashes the NFC form, so that every keyboard gives the same. ST_FAILED "password.memory". */
enum status password_hash(const char *password, const struct password_cost *cost,
                          char out[PASSWORD_HASH], struct err *e);

/* Does it fit the stored hash? hash NULL (no account, or none set) takes as long as a wrong
 * password, and is false. *rehash (NULL allowed): it fits, and was made at another cost: store a
 * new one. */
bool password_verify(const char *hash, const char *password, const struct password_cost *cost,
                     bool *rehash);

/* Stores what password_hash made for an account, with the time, and ends its sessions but for the one through
 * which its owner sets it himself; inside the caller's transaction. Hashing takes long: it is done
 * before, with nobody waiting for the lock. ST_NOT_FOUND "account.not_found". */
enum status password_store(struct ctx *c, int64_t account, const char *hash);

/* Is it the password of that login? ST_DENIED "password.wrong" in all other cases, an unknown login
 * too, after the same time. Whether the account may be used is actor_load's to say. */
enum status password_login(struct db *db, const char *login, const char *password,
                           const struct password_cost *cost, bool *rehash, struct err *e);

/* Reads a line from fd without its end, byte by byte, so that later lines stay there. On a
 * terminal: after the prompt (on stderr, NULL for none), without echo; Ctrl-C gives ST_CANCELLED; a
 * signal that ends the program does so after the terminal has its echo again. ST_INVALID:
 * "password.none" (end of file at once), "password.long", "password.characters" (a NUL). Wipe `out`
 * (sodium_memzero, explicit_bzero) after use; on an error it is wiped. */
enum status password_read(int fd, const char *prompt, char out[PASSWORD_MAX + 1], struct err *e);

#endif
