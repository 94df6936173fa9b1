/* run.h - one operation, whoever asks for it and however it came. */
#ifndef CORE_API_RUN_H
#define CORE_API_RUN_H

#include "core/api/caller.h"

/* Carries the call out through the line for the caller. out as in struct backend; err cleared first. A write
 * may stand inside a transaction that is open already (several writes that share one commit): then it is a
 * savepoint, and what is acknowledged only holds when that was committed. */
enum status run_call(struct line *l, struct caller *who, const struct call *call, struct arena *a, void *out,
                     struct err *e);

#endif
