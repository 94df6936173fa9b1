/* gramsort.h - the grams of many names at once, in the order of their table's key. Private to core/data.
 *
 * Into an empty table (grams_build): one and two characters of every name
 * and two of its initials, sorted in runs of bounded
 * memory (the runs wait in a file beside the database), merged, and each row goes to the table's end.
 *
 * Into one in use (grams_due): names of a load wait in lead_gram_due. A gram written with its row
 * changes a page of its own for each, five or so a name; written many names at a time, a page takes
 * those of many.
 */
#ifndef CORE_DATA_GRAMSORT_H
#define CORE_DATA_GRAMSORT_H

#include "core/guard/ctx.h"

/* Of all leads there are, into the empty table: in the load's own transaction, however long it takes; 32 MiB
 * of memory and a file of the size of the grams beside the database. ST_FAILED "db.io" (why) when that can't
 * be written. */
enum status grams_build(struct ctx *c);

/* So many names wait before they are worth the writing: about 5 MiB of memory, and some milliseconds
 * of a search by name that looks at them one by one. */
enum { GRAMS_WAIT = 20000 };

/* Some of the names that wait, sorted: reads only. Those of leads up to that id; of long names fewer. NULL:
 * none waits. Free it. */
struct gram_due;
enum status grams_due(struct ctx *c, int64_t upto, struct gram_due **out);
void grams_due_free(struct gram_due *d);        /* NULL is fine */

/* Writes them until c->until, at least a few, in a transaction that is to be committed; again while there is
 * more. A name is let go when all of its grams stand: what is broken off in between is done again. */
enum status grams_write_due(struct ctx *c, struct gram_due *d, bool *more);

#endif
