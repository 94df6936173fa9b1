/* resolve.h - what the language and the lists ask of the database and the caller. */
#ifndef CORE_NOUN_RESOLVE_H
#define CORE_NOUN_RESOLVE_H

#include "core/guard/ctx.h"
#include "core/lang/lang.h"

/* The environment of conditions on a noun for this caller; lives in c's arena. */
enum status resolve_env(struct ctx *c, const struct noun *noun, struct lang_env *out);

/* May the caller read rows of the noun at all (READING of core/guard/role.h)? ST_DENIED "right.missing" (the
 * list's operation, the right's label). Asked wherever a condition is taken: in a list, in what is kept. */
enum status resolve_may_read(struct ctx *c, const struct noun *noun);

/* The segment of that noun which the word names, among those in use that the caller may use: by code, else by
 * a unique name; id 0 when there is none. */
enum status resolve_segment(struct ctx *c, const struct noun *noun, const char *word,
                            struct lang_segment *out);

/* Are its rows customers? Whether there is one outside the caller's scope is not told. The organisation
 * (branches, people, pools) is known to everybody. */
bool resolve_is_customer(const struct noun *n);

/* The row which a condition's word names as a value (lang_names()), a segment too, with code and name; id 0
 * when there is none that the caller may see. */
enum status resolve_word(struct ctx *c, const struct lang_env *env, const char *noun, const char *word,
                         struct ref *out);

/* Appends "t.branch_id in (...)": the rows of the noun that the caller may see. `drives`: they are to
 * be found by it (see actor_scope_leads); else it tests rows that were found otherwise. */
void resolve_scope(const struct ctx *c, const struct noun *noun, bool drives, struct sql *q);

/* Is a row of that id in the caller's scope? One that is there, but outside, is noted in c->hidden. */
enum status resolve_seen(struct ctx *c, const struct noun *noun, int64_t id, bool *seen);

/* ST_NOT_FOUND "noun.not_found" (noun): the one answer for what is not there and for what the caller
 * may not see. */
enum status resolve_not_found(struct ctx *c, const struct noun *noun);

/* Fills references whose code is given but not their id, or the other way round (input of
 * operations): ST_INVALID "ref.unknown" with the field. Leads and persons are found in the caller's
 * scope only: else resolve_not_found(). `old` is the row as it stands, whose references need no
 * second look (what they point to may have left the scope); NULL: none. */
enum status resolve_refs(struct ctx *c, const struct record *r, const void *old, void *rec);

#endif
