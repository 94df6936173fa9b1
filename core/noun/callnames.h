/* callnames.h - finds what the rows are called that a condition names by code. */
#ifndef CORE_NOUN_CALLNAMES_H
#define CORE_NOUN_CALLNAMES_H

#include "core/model/called.h"
#include "core/noun/resolve.h"

/* The rows that the condition names, each word once, but for customers; those that are not there
 * are left out. Errors are those of lang_parse(). */
enum status called_in(struct ctx *c, const struct noun *noun, const char *where, struct called_rows *out);

/* For prints of conditions with this environment: asks the database for each name. Lives in c's arena. */
const struct lang_called *called_live(struct ctx *c, const struct lang_env *env);

#endif
