/* target.h - where a file may be written: never over the database, its side files, or a key. */
#ifndef CORE_DATA_TARGET_H
#define CORE_DATA_TARGET_H

#include "core/guard/ctx.h"

/* Would a file of that name replace one that the database lives on? By what the name leads to, not by
 * how it is spelled: a hard link to one is taken too, and so are all databases and key files. */
bool target_is_ours(struct ctx *c, const char *path);

/* Do both names lead to one file? False where either leads nowhere. */
bool target_same(const char *a, const char *b);

#endif
