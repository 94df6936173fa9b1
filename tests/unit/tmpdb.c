#include "tests/unit/tmpdb.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/store/migrate.h"

static _Noreturn void stop(const char *what, const char *why)
{
    fprintf(stderr, "tmpdb: %s: %s\n", what, why);
    abort();
}

static void must(struct tmpdb *t, enum status st, const char *what)
{
    if (!st)
        return;
    fprintf(stderr, "tmpdb: %s %s\n", t->err.param[0], t->err.param[1]);
    stop(what, t->err.code);
}

/* ---- the bank -------------------------------------------------------------------------------- */

static const struct { int64_t id, parent; const char *code, *name, *path; } branches[BRANCHES] = {
    { HQ, 0, "HQ", "总行", "1/" },
    { EAST, HQ, "EAST", "华东", "1/2/" },
    { SH, EAST, "SH", "上海", "1/2/3/" },
    { NJ, EAST, "NJ", "南京", "1/2/4/" },
    { WEST, HQ, "WEST", "西部", "1/5/" },
    { NORTH, HQ, "NORTH", "华北", "1/20/" },
};

static const struct { enum account_role role; int64_t employee, branch, active; } accounts[] = {
    { ROLE_SYSADMIN, 0, 0, 0 },
    { ROLE_SECADMIN, 0, 0, 0 },
    { ROLE_AUDITADMIN, 0, 0, 1 },
    { ROLE_STAFF, EMPLOYEE + SH, 0, 1 },
    { ROLE_SUPERVISOR, EMPLOYEE + EAST, 0, 1 },
    { ROLE_OPERATIONS, EMPLOYEE + NJ, EAST, 1 },
    { ROLE_HEAD_OFFICE, EMPLOYEE + HQ, 0, 1 },
    { ROLE_CONFIG, 0, HQ, 1 },
    { ROLE_AUDITOR, 0, 0, 1 },
};

static void add_branches(struct tmpdb *t)
{
    for (size_t i = 0; i < BRANCHES; i++) {
        char key[16];
        size_t n = 0;
        for (const char *p = branches[i].code; *p; p++)
            key[n++] = (char)(*p | 0x20);
        key[n] = 0;
        int64_t parent = branches[i].parent ? branches[i].parent : NONE;
        must(t, db_exec(t->db, &t->err,
                        "insert into branch (id, version, created_at, updated_at, code, code_key,"
                        " name, name_key, parent_id, path, active)"
                        " values ($1, 1, $2, $2, $3, $4, $5, $5, $6, $7, 1)",
                        "iitttIt", branches[i].id, TMPDB_NOW, branches[i].code, key,
                        branches[i].name, parent, branches[i].path), "branch");
        must(t, db_exec(t->db, &t->err,
                        "insert into employee (id, version, created_at, updated_at, code, code_key,"
                        " name, name_key, branch_id)"
                        " values ($1, 1, $2, $2, $3, $4, $5, $5, $6)",
                        "iittti", EMPLOYEE + branches[i].id, TMPDB_NOW,
                        arena_printf(&t->arena, "E.%s", branches[i].code),
                        arena_printf(&t->arena, "e.%s", key),
                        arena_printf(&t->arena, "王%s", branches[i].name), branches[i].id),
             "employee");
    }
}

static void add_account(struct tmpdb *t, int64_t id, const char *login, int64_t employee,
                        int64_t branch, const char *roles, int64_t active, int64_t uid)
{
    must(t, db_exec(t->db, &t->err,
                    "insert into account (id, version, created_at, updated_at, code, code_key,"
                    " employee_id, branch_id, roles, active, local_uid)"
                    " values ($1, 1, $2, $2, $3, $3, $4, $5, $6, $7, $8)",
                    "iitIItiI", id, TMPDB_NOW, login, employee ? employee : NONE,
                    branch ? branch : NONE, roles, active, uid), "account");
}

static void add_accounts(struct tmpdb *t)
{
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
        const char *name = account_role_name(accounts[i].role);
        add_account(t, ACCOUNT + accounts[i].role, name, accounts[i].employee, accounts[i].branch,
                    name, accounts[i].active, NONE);
    }
    add_account(t, ACCOUNT + ROLE_LOCAL_OWNER, "owner", 0, 0, account_role_name(ROLE_LOCAL_OWNER),
                1, TMPDB_UID);
}

/* ---- opening and closing --------------------------------------------------------------------- */

void tmpdb_open(struct tmpdb *t)
{
    const char *tmp = getenv("TMPDIR");
    *t = (struct tmpdb){ .arena = ARENA_INIT };
    snprintf(t->dir, sizeof t->dir, "%s/gonghai-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(t->dir))
        stop(t->dir, "cannot be made");
    snprintf(t->path, sizeof t->path, "%s/t.db", t->dir);
    snprintf(t->keydir, sizeof t->keydir, "%s/keys", t->dir);
    actor_system(&t->system);
    must(t, keys_create(t->keydir, TMPDB_ID, &t->keys, &t->err), "keys");
    must(t, db_open(&t->db, t->path, DB_CREATE, &t->err), "open");
    must(t, db_migrate(t->db, &t->err), "migrate");
    db_set_sealer(t->db, keys_sealer(t->keys));
    must(t, db_begin(t->db, &t->err), "begin");
    add_branches(t);
    add_accounts(t);
    must(t, db_commit(t->db, &t->err), "commit");
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

void tmpdb_close(struct tmpdb *t)
{
    db_close(t->db);
    keys_free(t->keys);
    arena_free(&t->arena);
    nftw(t->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int tmpdb_setup(void **state)
{
    struct tmpdb *t = xmalloc(sizeof *t);
    tmpdb_open(t);
    *state = t;
    return 0;
}

int tmpdb_teardown(void **state)
{
    tmpdb_close(*state);
    free(*state);
    return 0;
}

/* ---- at work --------------------------------------------------------------------------------- */

const char *tmpdb_path(struct tmpdb *t, const char *name)
{
    return arena_printf(&t->arena, "%s/%s", t->dir, name);
}

struct ctx tmpdb_ctx(struct tmpdb *t)
{
    return (struct ctx){
        .db = t->db, .arena = &t->arena, .e = &t->err, .who = &t->system, .now = TMPDB_NOW,
        .request = "r-1",
    };
}

void tmpdb_run(struct tmpdb *t, const char *sql)
{
    bool own = !db_in_tx(t->db);
    if (own)
        must(t, db_begin(t->db, &t->err), sql);
    must(t, db_exec(t->db, &t->err, sql, ""), sql);
    if (own)
        must(t, db_commit(t->db, &t->err), sql);
}

static sqlite3 *raw_open(const char *path)
{
    sqlite3 *db;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        stop(path, sqlite3_errmsg(db));
    sqlite3_busy_timeout(db, 5000);
    return db;
}

void raw_run(const char *path, const char *sql)
{
    sqlite3 *db = raw_open(path);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        stop(sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

const char *raw_text(const char *path, const char *sql, struct arena *a)
{
    sqlite3 *db = raw_open(path);
    sqlite3_stmt *st;
    const char *text = "";
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        stop(sql, sqlite3_errmsg(db));
    if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_text(st, 0))
        text = arena_strdup(a, (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    sqlite3_close(db);
    return text;
}
