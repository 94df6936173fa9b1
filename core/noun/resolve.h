/* resolve.h - what the language and the lists ask of the database and the caller. */
#ifndef CORE_NOUN_RESOLVE_H
#define CORE_NOUN_RESOLVE_H

#include "core/guard/ctx.h"
#include "core/lang/lang.h"

/* The environment of conditions on a noun for this caller; lives in c's arena. */
enum status resolve_env(struct ctx *c, const struct noun *noun, struct lang_env *out);

/* Appends "t.branch_id in (...)": the rows of the noun that the caller may see. */
void resolve_scope(const struct ctx *c, const struct noun *noun, struct sql *q);

/* Fills references whose code is given but not their id (input of operations): ST_INVALID
 * "ref.unknown" with the field. */
enum status resolve_refs(struct ctx *c, const struct record *r, void *rec);

#endif
