/* What opens and what does not, and why it does not: a file that is locked or can't be read now may well be
 * ours, one of another program never is. Locks are held by other processes: this program again, with a job
 * and a path (SQLite's connections do not survive fork()). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/migrate.h"
#include "tests/unit/child.h"
#include "tests/unit/tmpdb.h"

static void ok(struct tmpdb *t, enum status st)
{
    if (st)
        fail_msg("%s: %s", t->err.code, t->err.param[0]);
}

/* A database of ours that nobody has open. */
static const char *bank(struct tmpdb *t, const char *name)
{
    const char *path = tmpdb_path(t, name);
    struct db *db;
    ok(t, db_open(&db, path, DB_NEW, &t->err));
    ok(t, db_migrate(db, &t->err));
    db_close(db);
    return path;
}

static void does_not_open(struct tmpdb *t, const char *path, unsigned flags, enum status st, const char *code)
{
    struct db *db = NULL;
    assert_int_equal(db_open(&db, path, flags, &t->err), st);
    assert_null(db);
    assert_string_equal(t->err.code, code);
}

static void opens(struct tmpdb *t, const char *path, unsigned flags)
{
    struct db *db;
    ok(t, db_open(&db, path, flags, &t->err));
    ok(t, schema_check(db, &t->err));
    db_close(db);
}

/* ---- locked ------------------------------------------------------------------------------------------- */

static sqlite3 *lock(const char *path, const char *how)
{
    sqlite3 *db;
    int rc = sqlite3_open(path, &db);
    rc = rc ? rc : sqlite3_exec(db, how, NULL, NULL, NULL);
    putchar(rc ? 'n' : 'x');
    fflush(stdout);
    return db;
}

static int lock_whole(const char *path)
{
    sqlite3 *db = lock(path, "pragma journal_mode = delete; begin exclusive");
    while (db)
        pause();
    return 1;
}

/* In a WAL that nobody else may look at. */
static int lock_alone(const char *path)
{
    sqlite3 *db = lock(path, "pragma locking_mode = exclusive; begin immediate; pragma user_version = 1");
    while (db)
        pause();
    return 1;
}

static int lock_briefly(const char *path)
{
    sqlite3 *db = lock(path, "pragma journal_mode = delete; begin exclusive");
    usleep(100000);             /* while the other waits; nothing depends on how long */
    return sqlite3_exec(db, "commit", NULL, NULL, NULL) || sqlite3_close(db);
}

static int busy(const char *path, unsigned flags)
{
    struct err e = { 0 };
    struct db *db;
    if (db_open(&db, path, flags, &e) == ST_OK)
        return 2;
    return e.status != ST_FAILED || strcmp(e.code, "db.busy") != 0;
}

static int busy_to_write(const char *path)
{
    return busy(path, 0);
}

static int busy_to_look(const char *path)
{
    return busy(path, DB_READ);
}

static const struct child_job jobs[] = {
    { "whole", lock_whole }, { "alone", lock_alone }, { "briefly", lock_briefly },
    { "write", busy_to_write }, { "look", busy_to_look },
};

static void killed(pid_t pid)
{
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void one_that_is_locked_for_long_is_busy(void **state)
{
    enum { OPENERS = 4 };
    struct tmpdb *t = *state;
    const char *whole = bank(t, "whole.db"), *alone = bank(t, "alone.db");
    pid_t first = child_start_ready("whole", whole), second = child_start_ready("alone", alone),
          pids[OPENERS];
    for (int i = 0; i < OPENERS; i++)
        pids[i] = child_start(i % 2 ? "look" : "write", i < 2 ? whole : alone, NULL);
    for (int i = 0; i < OPENERS; i++)
        child_ended_well(pids[i]);
    killed(first);
    killed(second);
    opens(t, whole, 0);
    opens(t, alone, 0);
}

static void a_short_lock_is_waited_for(void **state)
{
    struct tmpdb *t = *state;
    const char *path = bank(t, "brief.db");
    pid_t pid = child_start_ready("briefly", path);
    opens(t, path, 0);
    child_ended_well(pid);
}

/* ---- not readable now --------------------------------------------------------------------------------- */

/* With `more` descriptors and not one above. */
static enum status open_with(struct tmpdb *t, const char *path, unsigned flags, rlim_t more)
{
    struct rlimit usual, few;
    struct db *db;
    int next = dup(STDIN_FILENO);
    assert_true(next >= 0);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    few = usual;
    few.rlim_cur = (rlim_t)next + more;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    enum status st = db_open(&db, path, flags, &t->err);
    if (!st)
        db_close(db);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    return st;
}

/* However far it comes. What was made until then is gone, what was there stays. */
static void one_without_descriptors_is_not_another_s(void **state)
{
    enum { ENOUGH = 12 };
    static const unsigned how[] = { 0, DB_READ, DB_CREATE };
    struct tmpdb *t = *state;
    const char *path = bank(t, "few.db");
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        int refused = 0;
        for (rlim_t more = 0; more <= ENOUGH; more++) {
            const char *fresh = tmpdb_path(t, arena_printf(&t->arena, "fresh%d.db", (int)more));
            const char *file = how[i] & DB_CREATE ? fresh : path;
            enum status st = open_with(t, file, how[i], more);
            refused += st != ST_OK;
            if (more == ENOUGH)
                assert_int_equal(st, ST_OK);
            if (!st)
                continue;
            assert_int_equal(st, ST_FAILED);
            assert_string_equal(t->err.code, "db.cannot_open");
            assert_true(strncmp(t->err.param[0], file, strlen(file)) == 0);         /* or one beside it */
            assert_int_equal(access(fresh, F_OK), -1);
        }
        assert_true(refused >= 2);
    }
    opens(t, path, 0);
}

/* As somebody whom modes mean something to. False: not to be had here. */
static bool be_a_user(struct tmpdb *t)
{
    if (geteuid() != 0)
        return true;
    if (chmod(t->dir, 0777) == 0 && seteuid(65534) == 0 && access(t->dir, X_OK) == 0)
        return true;
    if (seteuid(0) != 0)
        abort();
    print_message("rights of files mean nothing to root, and there is no other user to be: skipped\n");
    return false;
}

static void be_as_before(uid_t was)
{
    if (seteuid(was) != 0)
        abort();
}

/* Owned by whoever runs the tests; `mode` is what is left to the user. */
static void refused_to_user(struct tmpdb *t, const char *path, const char *changed, mode_t mode,
                            unsigned flags, const char *code)
{
    uid_t was = geteuid();
    struct err e = { 0 };
    struct db *db = NULL;
    assert_int_equal(chmod(changed, mode), 0);
    if (!be_a_user(t))
        skip();
    enum status st = db_open(&db, path, flags, &e);
    be_as_before(was);
    assert_int_equal(chmod(changed, 0700), 0);
    assert_int_equal(st, ST_FAILED);
    assert_string_equal(e.code, code);
    assert_true(strncmp(e.param[0], path, strlen(path)) == 0);
}

static void one_without_rights_is_not_another_s(void **state)
{
    struct tmpdb *t = *state;
    const char *path = bank(t, "rights.db");
    refused_to_user(t, path, path, 0, 0, "db.cannot_open");
    refused_to_user(t, path, path, 0, DB_READ, "db.cannot_open");
    refused_to_user(t, path, path, 0444, 0, "db.cannot_open");
    opens(t, path, 0);
}

/* Whether it is there can't be seen: who may not look is not told to make one. */
static void one_in_a_closed_folder_is_not_missing(void **state)
{
    struct tmpdb *t = *state;
    const char *dir = tmpdb_path(t, "closed");
    assert_int_equal(mkdir(dir, 0700), 0);
    const char *path = bank(t, "closed/c.db");
    refused_to_user(t, path, dir, 0, 0, "db.cannot_open");
    refused_to_user(t, path, dir, 0, DB_READ, "db.cannot_open");
    does_not_open(t, tmpdb_path(t, "closed/none.db"), 0, ST_NOT_FOUND, "db.missing");
    does_not_open(t, tmpdb_path(t, "nowhere/none.db"), 0, ST_NOT_FOUND, "db.missing");
    does_not_open(t, tmpdb_path(t, "closed/c.db/none.db"), 0, ST_NOT_FOUND, "db.missing");
}

static void a_folder_is_no_database(void **state)
{
    struct tmpdb *t = *state;
    static const unsigned how[] = { 0, DB_READ, DB_CREATE, DB_NEW };
    const char *dir = tmpdb_path(t, "folder");
    assert_int_equal(mkdir(dir, 0700), 0);
    for (size_t i = 0; i < sizeof how / sizeof *how; i++)
        does_not_open(t, dir, how[i], ST_FAILED, "db.folder");
}

/* The files beside it need longer names, and would have been other files. */
static void a_name_that_is_too_long_is_refused(void **state)
{
    struct tmpdb *t = *state;
    static const unsigned how[] = { 0, DB_READ, DB_CREATE, DB_NEW };
    for (size_t length = 4080; length <= 4200; length += 1) {
        char *path = arena_alloc(&t->arena, length + 1);
        memset(path, '/', length);
        memcpy(path, t->dir, strlen(t->dir));
        path[length] = 0;
        for (size_t i = 0; i < sizeof how / sizeof *how; i++)
            does_not_open(t, path, how[i], ST_FAILED, "db.cannot_open");
    }
}

/* ---- of others ---------------------------------------------------------------------------------------- */

static void another_s_says_its_name(void **state)
{
    static const unsigned how[] = { 0, DB_READ, DB_CREATE };
    struct tmpdb *t = *state;
    const char *text = tmpdb_path(t, "notes.txt"), *other = tmpdb_path(t, "other.db");
    FILE *f = fopen(text, "w");
    assert_non_null(f);
    for (int i = 0; i < 500; i++)
        fputs("not a database\n", f);
    fclose(f);
    fclose(fopen(other, "w"));
    raw_run(other, "create table bookmarks (url text)");
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        does_not_open(t, text, how[i], ST_FAILED, "db.not_ours");
        assert_string_equal(t->err.param[0], text);
        does_not_open(t, other, how[i], ST_FAILED, "db.not_ours");
        assert_string_equal(t->err.param[0], other);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, tmpdb_setup, tmpdb_teardown)

int main(int argc, char **argv)
{
    if (argc == 3)
        return child_run(jobs, sizeof jobs / sizeof *jobs, argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        T(one_that_is_locked_for_long_is_busy),
        T(a_short_lock_is_waited_for),
        T(one_without_descriptors_is_not_another_s),
        T(one_without_rights_is_not_another_s),
        T(one_in_a_closed_folder_is_not_missing),
        T(a_folder_is_no_database), T(a_name_that_is_too_long_is_refused),
        T(another_s_says_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
