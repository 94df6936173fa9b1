/* kept.h - what people keep of conditions (segments, saved filters): the condition itself, and who may see,
 * use and change it. */
#ifndef CORE_NOUN_KEPT_H
#define CORE_NOUN_KEPT_H

#include "core/lang/lang.h"
#include "core/noun/resolve.h"

/* Puts the English print in the place of a condition, with codes for the rows that it names, in the arena;
 * NULL where it is blank. The caller needs the right to read the noun. It is parsed and compiled as his;
 * errors are those, "cond.too_long" where the print is, and those of masked_keep(). tree NULL: not wanted. */
enum status kept_condition(struct ctx *c, const struct noun *noun, const char **condition,
                           struct cond **tree);

/* Can it be used as it stands? Only ST_FAILED of the database is an error; else *fault says what is wrong. */
enum status kept_fault(struct ctx *c, const struct noun *noun, const char *condition, struct err *fault);

/* The members that say who may see a row, in the tables segment and saved_filter of these names. */
struct sharing { const char **sharing; struct ref *branch, *owner; int64_t *account; };

/* Fills who the owner of a new row is, and what was not given (for oneself; for a branch: one's own), and
 * refuses what the caller may not: to share with everybody takes the right to configure, or to assign in all
 * branches; with a branch the right to assign in it: ST_DENIED "share.all", "share.branch", "scope.branch".
 * old NULL: a new row. */
enum status share_settle(struct ctx *c, const struct sharing *old, const struct sharing *now);

/* May the caller change or remove the row? It is his, or shared as he could have shared it: ST_DENIED
 * "share.not_yours" (noun, owner). */
enum status share_mine(struct ctx *c, const struct noun *noun, const struct sharing *s);

#endif
