/* copy.h - a consistent copy of a database while others write to it. */
#ifndef CORE_STORE_COPY_H
#define CORE_STORE_COPY_H

#include <stdatomic.h>

#include "base/status.h"

struct db;

struct copy_watch {
    void (*progress)(void *arg, int done, int total);   /* pages; NULL allowed */
    void *arg;
    const atomic_bool *cancel;                          /* NULL: cannot be cancelled */
};

/* Copies page by page to the new file `to` (a plain SQLite file, journal mode delete). Others may
 * write meanwhile. On error the file may be left half made: the caller removes it. */
enum status db_copy(struct db *db, const char *to, const struct copy_watch *w, struct err *e);

/* The driver's half, for db.c. */
enum status sqlite_copy(void *conn, const char *to, const struct copy_watch *w, struct err *e);

#endif
