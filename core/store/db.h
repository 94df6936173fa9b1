/* db.h - the thin layer over the databases: SQL text in, rows out, on SQLite now and PostgreSQL later.
 *
 * SQL is written once, in the subset that both speak, with parameters $1, $2 ... A connection belongs to one
 * thread. A statement carries its own error: ask once, at db_end(). Typical use:
 *
 *     struct stmt *q = db_query(db, "select code, name from branch where parent_id = $1", "i", id);
 *     while (db_row(q))
 *         add(db_text(q, 0), db_text(q, 1));
 *     if (db_end(q, e))
 *         return e->status;
 */
#ifndef CORE_STORE_DB_H
#define CORE_STORE_DB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

struct db;
struct stmt;

enum {
    DB_CREATE = 1,      /* make the file if it is missing */
    DB_READ = 2,        /* a connection that cannot write */
    DB_NEW = 4,         /* make the file, the caller's to remove; "init.exists" if one is there */
};

/* Opens "path", "sqlite:path" (or, later, "postgres://..."). Refuses network file systems
 * ("db.network_fs") and files of others' programs ("db.not_ours"). Does not migrate, and does not look
 * at the schema (core/store/migrate.h). */
enum status db_open(struct db **out, const char *url, unsigned flags, struct err *e);
void db_close(struct db *db);

/* The file behind a SQLite connection, without symbolic links; NULL for a server. */
const char *db_path(const struct db *db);

/* An empty twin of a database, with the same tables, for what is tried and thrown away: of this
 * connection alone, without a name, gone with db_close. It holds no lock of the other, syncs
 * nothing, and does not check that what a row refers to is there. */
enum status db_scratch(struct db *like, struct db **out, struct err *e);

/* Puts the row at which `from` stands (a query's "select * from TABLE ...") into the same table of
 * a scratch database. *fresh (NULL allowed): it was not there; what stands there is kept. */
enum status db_lift(struct stmt *from, struct db *scratch, const char *table, bool *fresh, struct err *e);

/* Where what is secret is sealed and opened; set once by core/guard/keys.h. See core/store/row.h. */
struct sealer;
void db_set_sealer(struct db *db, const struct sealer *s);
const struct sealer *db_sealer(const struct db *db);

/* A flag that another thread sets to stop a running read: the statement ends with ST_CANCELLED. Writes are
 * never interrupted. NULL takes it away. */
void db_set_cancel(struct db *db, const atomic_bool *flag);

/* From now on reads may run for so many ms; past that they end with ST_FAILED "read.too_slow" (seconds).
 * Writes have all the time that they need. 0 takes the limit away. */
void db_set_limit(struct db *db, int64_t ms);

/* Prepares (from a cache, by text) and binds. One letter a parameter: i int64, I int64 with NONE as null, d
 * double with NaN as null, t text or NULL, T text and size_t, b blob and size_t, n null (no argument). */
struct stmt *db_query(struct db *db, const char *sql, const char *types, ...);

/* The same in steps, for built statements. n counts from 1. */
struct stmt *db_prepare(struct db *db, const char *sql);
void db_bind_int(struct stmt *s, int n, int64_t v);
void db_bind_num(struct stmt *s, int n, double v);
void db_bind_text(struct stmt *s, int n, const char *v, size_t len);    /* v NULL: null; not copied: must */
void db_bind_blob(struct stmt *s, int n, const void *v, size_t len);    /* live until db_end or rebinding */
void db_bind_null(struct stmt *s, int n);

/* The next row? False at the end and after an error. */
bool db_row(struct stmt *s);

/* Ends the statement (it returns to the cache). ST_OK or what went wrong. */
enum status db_end(struct stmt *s, struct err *e);

/* Ends the turn with the bindings kept, for the same statement many times: says (and forgets) what went
 * wrong with it, so that the next one can be tried. */
enum status db_ok(struct stmt *s, struct err *e);

/* Columns of the current row, from 0. Text and blobs live until the next row. Null: NONE, NaN, NULL. */
int db_columns(const struct stmt *s);
bool db_null(struct stmt *s, int col);
int64_t db_int(struct stmt *s, int col);
double db_num(struct stmt *s, int col);
const char *db_text(struct stmt *s, int col);
size_t db_bytes(struct stmt *s, int col);
const void *db_blob(struct stmt *s, int col);
char *db_strdup(struct stmt *s, int col, struct arena *a);
/* The bytes of a text or blob in one look, as they stand; "" where it is empty, NULL where it is null. */
const char *db_bytes_of(struct stmt *s, int col, size_t *len);

/* A statement without rows. db_changes: rows that the last one changed. */
enum status db_exec(struct db *db, struct err *e, const char *sql, const char *types, ...);
int64_t db_changes(const struct db *db);
/* The same, of a statement that was stepped by hand. */
int64_t db_last_changes(struct db *db);

/* Several statements without parameters, one after the other (schema files). */
enum status db_script(struct db *db, const char *sql, struct err *e);

/* The first column of the first row as a number; NONE if there is no row. */
enum status db_get_int(struct db *db, struct err *e, int64_t *out, const char *sql, const char *types, ...);

/* Transactions nest: the outermost waits for its turn on the lock file and is BEGIN IMMEDIATE, inner ones are
 * savepoints. They remember who opened them; closing in the wrong order is an assert. After COMMIT the notify
 * file is touched. */
#define db_begin(db, e) db_begin_at((db), (e), __FILE__, __LINE__)
enum status db_begin_at(struct db *db, struct err *e, const char *file, int line);
/* Closes the innermost also when it fails: it is then taken back. */
enum status db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db);
bool db_in_tx(const struct db *db);

/* What memory for pages is given to: lists of rows from all over the table; a big load; a sort,
 * as that of an index being built, which is fastest when it fits the processor's cache. A
 * connection begins with USE_LISTS, and goes back to it when a whole transaction is taken back. */
enum db_use { USE_LISTS, USE_LOAD, USE_SORT };
void db_use(struct db *db, enum db_use use);

/* One snapshot for several reads. Must be ended. */
enum status db_begin_read(struct db *db, struct err *e);
void db_end_read(struct db *db);
bool db_reading(const struct db *db);

/* Would the statement look at every row of the table under that alias, because no index finds those that it
 * asks for? It is prepared, not run. */
struct sql;
enum status db_scans(struct db *db, struct sql *q, const char *alias, bool *scans, struct err *e);

/* A new id: only in a write transaction; rises for ever, never below real milliseconds shifted left 20. */
int64_t db_new_id(struct db *db);
/* The next number of a named series (event seq, audit seq, lead no): only in a write transaction. */
int64_t db_next(struct db *db, const char *series);

/* Changes when another connection has committed (SQLite: data_version). */
int64_t db_data_version(struct db *db);

/* An error code that says a constraint refused the row: the index or column in *what (in the arena). */
bool db_is_unique(const struct err *e);

#endif
