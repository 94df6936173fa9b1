/* migrate.h - the schema's number and the way up to it. */
#ifndef CORE_STORE_MIGRATE_H
#define CORE_STORE_MIGRATE_H

#include "core/store/db.h"
#include "core/store/steps.h"

/* The number of the newest schema file that this program carries. */
int schema_newest(void);

/* The number the database stands at; 0 for an empty file. */
enum status schema_number(struct db *db, int *out, struct err *e);

/* Brings the database up, all steps that are due in one transaction: it stands at the old schema or
 * at the new one, never between them, where no program would open it. Before them a copy
 * PATH.before-NNN (NNN: the first step) is made of a database that has rows. Foreign keys are off
 * meanwhile, so that a step may make a table anew that others refer to (create, insert from the old
 * one, drop, rename); after each all references are checked: ST_FAILED "db.references" (the table
 * whose rows refer to nothing), and all is taken back. ST_FAILED "db.newer" when the database stands
 * higher than this program knows; ST_OK when there is nothing to do. Not inside a transaction. */
enum status db_migrate(struct db *db, struct err *e);

/* The same by steps of the caller's own, in rising order of their numbers; n > 0. The steps of
 * schema.h and schema_codes are what db_migrate takes; tests take some that are yet to come. */
struct schema_file;
enum status db_migrate_by(struct db *db, const struct schema_file *steps, size_t n,
                          const struct schema_code *codes, struct err *e);

/* ST_OK when the database stands exactly where this program does; else "db.newer", "db.older" or
 * "db.empty". */
enum status schema_check(struct db *db, struct err *e);

#endif
