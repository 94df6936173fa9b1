/* tries.h - wrong passwords: after some of them none is heard for a while, not even the right one.
 *
 * They are counted in the database, so that it does not help to ask at another console.
 */
#ifndef CORE_GUARD_TRIES_H
#define CORE_GUARD_TRIES_H

#include "core/guard/ctx.h"

/* So many within so many minutes, and none is heard for as long after the last of them. */
enum { TRIES_MOST = 5, TRIES_MINUTES = 15 };

/* Counts a try as wrong before anybody looks whether it is, so that many at once are no more than one after
 * the other. *minutes: it is not heard and not counted, and none will be for so long; 0: it is heard. In a
 * write transaction, which must be committed whatever comes of the try. */
enum status tries_take(struct ctx *c, int64_t account, int64_t *minutes);

/* The same for a login that is not there, by a digest of it: with the same look-ups and writes, so that how
 * long it takes tells nobody which logins there are. */
enum { TRIES_HASH = 32 };
enum status tries_take_nobody(struct ctx *c, const unsigned char login[TRIES_HASH], int64_t *minutes);

/* Forgets those of the account: the right password came, or a new one was set. In a write transaction. */
enum status tries_clear(struct ctx *c, int64_t account);

#endif
