/* importbulk.h - a load into empty tables. Private to core/data.
 *
 * All indexes of the tables are dropped before and built after, each by one sort: kept up to date
 * row by row at random places they cost five times more. What they guarded is guarded here while
 * they are gone: who is already there is known by sets of keyed hashes in memory, 8 bytes a row. A
 * hash that is met is looked up in its row by id before it counts.
 */
#ifndef CORE_DATA_IMPORTBULK_H
#define CORE_DATA_IMPORTBULK_H

#include "core/guard/ctx.h"
#include "core/model/nouns.h"

struct bulk;

/* Inside the transaction of the load. *out is NULL when there are leads or persons already: then
 * rows go the usual way. rows: how many leads come at most, for the sets; 0 when the caller knows
 * that no two are the same, and loads tasks, follow-ups, deals and events too. */
enum status bulk_begin(struct ctx *c, int64_t rows, struct bulk **out);

/* Builds the indexes and the grams of all names, and frees b. */
enum status bulk_end(struct ctx *c, struct bulk *b);
void bulk_free(struct bulk *b);         /* after a failure; NULL allowed */

/* The lead that l is again: by external_id, else by phone and product among the open ones. 0: none. */
enum status bulk_find_lead(struct ctx *c, struct bulk *b, const struct lead *l, int64_t product, int64_t *id);

/* As person_of: who has the lead's phone, id number or e-mail, else a new one. */
enum status bulk_person(struct ctx *c, struct bulk *b, const struct lead *l, struct ref *out);

/* Remembers a lead that was written, so that bulk_find_lead finds it. */
enum status bulk_note_lead(struct ctx *c, struct bulk *b, const struct lead *l);

#endif
