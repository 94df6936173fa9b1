/* condition.h - condition.check: what a condition says and costs, before it is carried out; condition.names:
 * what the rows are called that it names. */
#ifndef CORE_API_CONDITION_H
#define CORE_API_CONDITION_H

#include "core/guard/op.h"

extern const struct op condition_ops[];

/* noun: in the singular or plural. The caller needs the right to list it. */
struct condition_in { const char *noun, *where; };

#endif
