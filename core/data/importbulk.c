#include "core/data/importbulk.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/data/gramsort.h"
#include "core/pool/pool.h"
#include "core/store/ddl.h"

/* ---- sets --------------------------------------------------------------------------------------------- */

/* Where a key was seen: open addressing, one word a place, 0 is free. A word holds the row's id less the first one, plus one, above
 * FP_BITS of the key's hash; the other bits of the hash say where it stands. */
enum { FP_BITS = 18, FIRST_PLACES = 1 << 12 };

struct seen { uint64_t *places; size_t size, n; int64_t base; };

static uint64_t fingerprint(uint64_t hash) { return hash >> (64 - FP_BITS); }

/* The least place from `at` on whose fingerprint is the hash's, or the free one at the end of its run. */
static size_t seen_next(const struct seen *s, uint64_t hash, size_t at)
{
    while (s->places[at] && (s->places[at] & ((1u << FP_BITS) - 1)) != fingerprint(hash))
        at = (at + 1) & (s->size - 1);
    return at;
}

/* Words do not keep the bits of their place, so a bigger set is made of words that say where they may stand: linear hashing would need
 * them. Instead the places use the low bits and the whole hash is kept nowhere; growing asks the hash again of the old place: see below. */
static int64_t seen_id(const struct seen *s, size_t at)
{
    return (int64_t)(s->places[at] >> FP_BITS) - 1 + s->base;
}
