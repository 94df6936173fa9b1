/* masked.h - full values of what the caller sees masked, in conditions and look-ups. */
#ifndef CORE_NOUN_MASKED_H
#define CORE_NOUN_MASKED_H

#include "core/lang/lang.h"
#include "core/noun/resolve.h"

/* Counts the full values that a condition asks for (core/guard/asks.h): those of secrets, and of names where
 * the caller sees them masked, also those in the conditions of segments that it asks for, whoever wrote them.
 * Before it is carried out. ST_DENIED "cond.masked_rate", and what is wrong with a value. */
enum status masked_ask(struct ctx *c, const struct noun *noun, const struct cond *cond);
/* The same of one value of a secret field of leads or persons. */
enum status masked_ask_value(struct ctx *c, const struct field *f, const char *value);

/* ST_INVALID "cond.secret_kept" (field, column, label) where the condition holds a phone number, an e-mail
 * address or an id number: what is stored would have it in clear. */
enum status masked_keep(struct ctx *c, const struct cond *cond);

#endif
