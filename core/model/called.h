/* called.h - what the rows are called that a condition names by code: so that people read names. */
#ifndef CORE_MODEL_CALLED_H
#define CORE_MODEL_CALLED_H

#include "base/arena.h"
#include "core/model/record.h"

/* A word of a condition and the row that it names. */
struct called_row {
    const char *noun, *word, *code, *name;      /* of a segment the noun is "segment" */
    int64_t alone;                              /* no other row of the noun is called so */
};
struct called_rows { struct list rows; };       /* of struct called_row */
extern const struct record called_rows_record;

/* What people read in the place of the code, in the arena: the name, the label of what Gonghai ships; with
 * the code behind it where others are called so. NULL: it has no name. */
const char *called_text(struct arena *a, const struct called_row *row, bool zh);

#endif
