/* defs.h - the custom fields' definitions, as the caller of a backend may read them: what reads or writes
 * attr.KEY as JSON needs them.
 */
#ifndef CORE_API_DEFS_H
#define CORE_API_DEFS_H

#include "core/api/backend.h"

/* May records of r hold custom fields, in their lists too? NULL: no. */
bool defs_needed(const struct record *r);

/* All of them, asked for by custom_field.list; in the arena. Errors are that operation's. */
enum status defs_load(struct backend *b, const atomic_bool *cancel, struct arena *a, struct attr_def **defs,
                      size_t *n, struct err *e);

/* The same in another arena. */
struct attr_def *defs_copy(const struct attr_def *defs, size_t n, struct arena *a);

#endif
