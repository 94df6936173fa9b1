/* cost.h - what a condition costs before it is carried out.
 *
 * It is the cost of counting all that it finds; a page of a list that its order's index gives costs less. No
 * index serving a condition is no mistake: it says that the answer takes as long as there are rows.
 */
#ifndef CORE_NOUN_COST_H
#define CORE_NOUN_COST_H

#include "core/guard/op.h"
#include "core/model/noun.h"

/* Rows of an index are counted up to the first, rows of a whole scope up to the second. */
enum { COST_INDEX_ROWS = 20000, COST_SCAN_ROWS = 1000000 };

struct cost {
    const char *english, *chinese;  /* the condition in both spellings; NULL: it is empty */
    const char *cost;               /* "one": one row at most; "index": those that an index finds; "scan": all
                                       rows of the caller's scope */
    int64_t rows;                   /* how many of them, of the caller's scope; of masked values none are
                                       looked for, and each counts as one */
    int64_t at_least;               /* there are more, they were counted so far */
    int64_t tests;                  /* that each of them is put to */
};
extern const struct record cost_record;

/* Errors are the condition's (core/lang/lang.h) and those of masked_ask(). */
enum status cost_of(struct ctx *c, const struct noun *noun, const char *where, struct cost *out);

#endif
