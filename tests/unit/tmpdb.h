/* tmpdb.h - a small bank in a folder of its own under TMPDIR, gone after the test.
 *
 *     HQ 总行 ── EAST 华东 ── SH 上海, NJ 南京
 *             └─ WEST 西部
 *             └─ NORTH 华北          its path begins as EAST's does, as text, not in the tree
 *
 * One employee a branch (code "E." and the branch's), and one account a role that can be given,
 * without password; its login is the role's name. staff stands at SH, supervisor at EAST,
 * operations is NJ's employee with the scope EAST, head_office stands at HQ, config has the scope
 * HQ; the officers and the auditor have neither employee nor branch. The local owner is OS user
 * TMPDB_UID; two of the three officers (sysadmin, secadmin) are switched off, so that the role has
 * not ended.
 */
#ifndef TESTS_UNIT_TMPDB_H
#define TESTS_UNIT_TMPDB_H

#include "core/guard/ctx.h"
#include "core/guard/keys.h"

enum { HQ = 1, EAST = 2, SH = 3, NJ = 4, WEST = 5, NORTH = 20, BRANCHES = 6 };      /* ids */
enum { EMPLOYEE = 100 };        /* id of the employee of branch b: EMPLOYEE + b */
enum { ACCOUNT = 200 };         /* id of the account of role r: ACCOUNT + r */
enum { TMPDB_UID = 4711 };
#define TMPDB_ID "5eed"         /* of the database: names the key */
#define TMPDB_NOW INT64_C(1795305600000)    /* 2026-11-22 00:00 UTC */

struct tmpdb {
    char dir[256];
    char path[300], keydir[300];        /* DIR/t.db, DIR/keys */
    struct db *db;
    struct keys *keys;
    struct arena arena;
    struct err err;
    struct actor system;
};

/* Opens it migrated and filled; ends the test program when that fails. */
void tmpdb_open(struct tmpdb *t);
/* Closes what is open (db and keys may be NULL by then) and removes the folder. */
void tmpdb_close(struct tmpdb *t);

/* A path in the folder; in t's arena. */
const char *tmpdb_path(struct tmpdb *t, const char *name);

/* What an operation of Gonghai itself runs in, at TMPDB_NOW. */
struct ctx tmpdb_ctx(struct tmpdb *t);

/* A statement without parameters, in a transaction of its own if none is open; ends the program
 * when it fails. */
void tmpdb_run(struct tmpdb *t, const char *sql);

/* The same on a second, bare connection to a file, that knows nothing of Gonghai: several
 * statements. */
void raw_run(const char *path, const char *sql);

/* The first column of the first row, as text, on a bare connection; "" when there is none. In the
 * arena. */
const char *raw_text(const char *path, const char *sql, struct arena *a);

/* For cmocka: state is a struct tmpdb *. */
int tmpdb_setup(void **state);
int tmpdb_teardown(void **state);

#endif
