/* asks.h - full values that are asked of what the asker sees masked: so many different ones an hour.
 *
 * Whoever may ask whether a full phone number is there can try them out one by one. They are counted in the
 * database, so that it does not help to ask at another console. The same value again is no new one. What is
 * kept of a value is a keyed hash that is no column's.
 */
#ifndef CORE_GUARD_ASKS_H
#define CORE_GUARD_ASKS_H

#include "core/guard/ctx.h"

enum { ASKS_MOST = 60, ASKS_MINUTES = 60, ASK_HASH = 16 };

struct ask { unsigned char hash[ASK_HASH]; };

/* What is kept of a value of that field; field and normal form tell two values apart. In the arena of c. */
struct ask ask_of(struct ctx *c, const char *field, const char *normal);

/* Counts the values against the caller's account before anything is looked up, or refuses all of them:
 * ST_DENIED "cond.masked_rate" (minutes, ASKS_MOST). Where one of them is new that is written: in the open
 * write transaction, else in one of its own, around which a snapshot is let go and taken anew, so it comes
 * before what is to be read. The system itself asks what it likes. */
enum status asks_take(struct ctx *c, const struct ask *asks, size_t n);

#endif
