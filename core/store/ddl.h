/* ddl.h - the changes of the schema at run time: a new column of a side table; indexes set aside
 * for a big load.
 *
 * The twins name their types apart: a STRICT table of SQLite knows INTEGER, REAL and TEXT only,
 * where PostgreSQL's INTEGER has 32 bits and its REAL 24 of mantissa.
 */
#ifndef CORE_STORE_DDL_H
#define CORE_STORE_DDL_H

#include "core/model/record.h"
#include "core/store/db.h"

/* How this database declares a column of the type, in lower case; texts with the order of their
 * bytes. Not for F_REF of a noun (declare F_ID and name the table), F_ATTRS and F_LIST, which
 * are no columns. A literal. */
const char *db_type(const struct db *db, enum ftype type);

/* Adds an empty column inside the caller's transaction. table and column are the program's own
 * names or made of [a-z0-9_] (assert): they stand in the text of the statement. */
enum status db_add_column(struct db *db, const char *table, const char *column, enum ftype type,
                          struct err *e);

/* A load of very many rows writes them without indexes and builds those after, each by one sort.
 * db_drop_indexes takes away the indexes of a table (not those of its keys) and adds to *saved what
 * makes them again; db_build_indexes does. Both inside one transaction of the caller: others see
 * the table with all of them, before and after. The texts are in the arena. */
struct saved_indexes { const char **sql; size_t n, cap; };
enum status db_drop_indexes(struct db *db, const char *table, struct arena *a,
                            struct saved_indexes *saved, struct err *e);
enum status db_build_indexes(struct db *db, const struct saved_indexes *saved, struct err *e);

#endif
