/* totp.h - one-time codes from an authenticator (RFC 6238: HMAC-SHA-1, 30 seconds, six digits), as a second
 * factor of an account.
 *
 * The secret is sealed in the database (account_totp.secret_enc). A code is taken in its own half minute, the
 * one before and the one after; each once, and none that is older than the last one taken.
 */
#ifndef CORE_GUARD_TOTP_H
#define CORE_GUARD_TOTP_H

#include "core/guard/ctx.h"

enum { TOTP_BYTES = 20, TOTP_TEXT = 33 /* base32 of it, with its NUL */, TOTP_SECONDS = 30, TOTP_DIGITS = 6 };

/* The code of a half minute (counted from 1970) with so many digits, 1 to 8: RFC 4226, 5.3. */
uint32_t totp_code(const unsigned char *secret, size_t n, int64_t step, int digits);

/* HMAC-SHA-1, RFC 2104. For codes alone: SHA-1 is good for nothing else any more. */
void totp_hmac(const unsigned char *key, size_t nkey, const unsigned char *text, size_t n,
               unsigned char out[20]);

/* The half minute whose code that is: around `now` (ms), and after `last`. False: of none. Blanks in the code
 * do not count. */
bool totp_fits(const unsigned char secret[TOTP_BYTES], const char *code, int64_t now, int64_t last,
               int64_t *step);

/* The secret from its base32 (RFC 4648, no padding), as totp_start gives it. */
bool totp_secret(const char *text, unsigned char out[TOTP_BYTES]);

/* Has the account one in use? */
enum status totp_is_on(struct db *db, int64_t account, bool *on, struct err *e);

/* Makes a new secret that is not in use yet, in the place of one that is not either; as base32: wipe it. In a
 * write transaction, as those below. ST_CONFLICT "totp.on": one is in use. */
enum status totp_start(struct ctx *c, int64_t account, char secret[TOTP_TEXT]);

/* A code of it: from now on one is asked for. ST_CONFLICT "totp.none" (there is no secret), "totp.on";
 * ST_DENIED "totp.wrong", field totp. */
enum status totp_confirm(struct ctx *c, int64_t account, const char *code);

/* Takes the code of an account that has one in use; it is not taken again. *fits: it was one. */
enum status totp_take(struct ctx *c, int64_t account, const char *code, bool *fits);

/* No code is asked for any more, and the secret is gone. *was: one was asked for. */
enum status totp_clear(struct ctx *c, int64_t account, bool *was);

#endif
