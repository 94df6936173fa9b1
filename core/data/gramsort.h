/* gramsort.h - the grams of all names at once, for a table of them that is empty. Private to core/data.
 *
 * One and two characters of every name, sorted in runs of bounded memory (the runs wait in a file
 * beside the database), merged, and written in the order of the table's key: each row goes to its
 * end.
 */
#ifndef CORE_DATA_GRAMSORT_H
#define CORE_DATA_GRAMSORT_H

#include "core/guard/ctx.h"

enum status grams_build(struct ctx *c);

#endif
