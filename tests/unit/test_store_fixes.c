/* Files beside a database and what becomes of them: names, modes, makers; and values that were refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/api/init.h"
#include "core/api/open.h"
#include "core/store/copy.h"
#include "core/store/migrate.h"
#include "core/store/refcache.h"
#include "core/store/row.h"
#include "schema.h"
#include "tests/unit/tmpdb.h"

static void ok(struct tmpdb *t, enum status st)
{
    if (st)
        fail_msg("%s: %s", t->err.code, t->err.param[0]);
}

static void refused(struct tmpdb *t, enum status got, enum status st, const char *code)
{
    assert_int_equal(got, st);
    assert_string_equal(t->err.code, code);
    err_clear(&t->err);
}

static int64_t number(struct tmpdb *t, const char *sql)
{
    int64_t v = 0;
    ok(t, db_get_int(t->db, &t->err, &v, sql, ""));
    return v;
}

static const char *beside(struct tmpdb *t, const char *path, const char *end)
{
    return arena_printf(&t->arena, "%s%s", path, end);
}

static int mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return (int)(st.st_mode & 0777);
}

static bool there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* ---- one database by two names ------------------------------------------------------------------------ */

/* Whoever opened it by the link waits in the same queue, and is told by the same note. */
static void a_link_is_the_same_database(void **state)
{
    struct tmpdb *t = *state;
    const char *link = tmpdb_path(t, "link.db");
    struct db *other;
    assert_int_equal(symlink(t->path, link), 0);
    ok(t, db_open(&other, link, 0, &t->err));
    assert_string_equal(db_path(other), t->path);
    assert_false(there(beside(t, link, "-lock")));
    assert_false(there(beside(t, link, "-notify")));

    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(inotify_add_watch(watch, beside(t, db_path(t->db), "-notify"), IN_ATTRIB) >= 0);
    ok(t, db_begin(other, &t->err));
    int fd = open(beside(t, t->path, "-lock"), O_RDWR | O_CLOEXEC);
    struct flock f = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &f), -1); /* its turn, in the queue of the first name */
    close(fd);
    ok(t, db_exec(other, &t->err, "update branch set name = 'x' where id = 1", ""));
    ok(t, db_commit(other, &t->err));
    struct pollfd told = { .fd = watch, .events = POLLIN };
    assert_int_equal(poll(&told, 1, 5000), 1);
    close(watch);
    db_close(other);
}

/* ---- modes -------------------------------------------------------------------------------------------- */

static void open_new(struct tmpdb *t, const char *path, struct db **out)
{
    ok(t, db_open(out, path, DB_NEW, &t->err));
    ok(t, db_migrate(*out, &t->err));
}

/* A folder of a group (setgid, group-writable): the next of the group may write too, whatever the umask. */
static void a_group_may_use_it(void **state)
{
    struct tmpdb *t = *state;
    struct db *db;
    const char *dir = tmpdb_path(t, "group"), *path = tmpdb_path(t, "group/g.db");
    mode_t mask = umask(022);
    assert_int_equal(mkdir(dir, 0770), 0);
    assert_int_equal(chmod(dir, 02770), 0);
    open_new(t, path, &db);
    static const char *const ends[] = { "", "-lock", "-notify", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        assert_int_equal(mode_of(beside(t, path, ends[i])), 0660);
    db_close(db);
    /* made by a program that did not know */
    assert_int_equal(chmod(beside(t, path, "-lock"), 0640), 0);
    ok(t, db_open(&db, path, 0, &t->err));
    assert_int_equal(mode_of(beside(t, path, "-lock")), 0660);
    db_close(db);
    umask(mask);
}

/* What is beside it does not stay so when it is written again. */
static void one_may_be_read_only_for_a_while(void **state)
{
    struct tmpdb *t = *state;
    static const char *const ends[] = { "-lock", "-notify", "-wal", "-shm" };
    struct db *db, *then;
    const char *path = tmpdb_path(t, "while.db");
    open_new(t, path, &db);
    db_close(db);
    assert_int_equal(chmod(path, 0444), 0);
    ok(t, db_open(&db, path, 0, &t->err));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(mode_of(beside(t, path, ends[i])), 0600);
    assert_int_equal(mode_of(beside(t, path, "-shm")), 0444);       /* SQLite's own */
    assert_int_equal(chmod(path, 0600), 0);
    ok(t, db_open(&then, path, 0, &t->err));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        assert_int_equal(mode_of(beside(t, path, ends[i])), 0600);
    db_close(then);
    db_close(db);
}

static void one_user_is_alone(void **state)
{
    struct tmpdb *t = *state;
    static const char *const ends[] = { "", "-lock", "-notify", "-wal", "-shm" };
    mode_t mask = umask(0);
    struct db *db;
    const char *path = tmpdb_path(t, "alone.db");
    open_new(t, path, &db);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        assert_int_equal(mode_of(beside(t, path, ends[i])), 0600);
    db_close(db);
    umask(mask);
}

/* ---- copies ------------------------------------------------------------------------------------------- */

static void a_copy_is_its_makers_alone(void **state)
{
    struct tmpdb *t = *state;
    struct copy_watch quiet = { 0 };
    mode_t mask = umask(0);
    const char *to = tmpdb_path(t, "copy.db");
    ok(t, db_copy(t->db, to, &quiet, &t->err));
    assert_int_equal(mode_of(to), 0600);
    umask(mask);
}

/* What a migration keeps: of the maker alone, whole, and made anew where a killed one left half of it. */
static void the_copy_before_a_migration(void **state)
{
    struct tmpdb *t = *state;
    struct schema_file steps[] = {
        { .number = schema_newest(), .sql = "" },
        { .number = schema_newest() + 1,
          .sql = "create table later (id integer primary key) strict" },
    };
    char end[32];
    snprintf(end, sizeof end, ".before-%03d", steps[1].number);
    const char *kept = beside(t, t->path, end), *half = beside(t, kept, ".half");
    mode_t mask = umask(0);
    FILE *f = fopen(half, "w");
    assert_non_null(f);
    fputs("half", f);
    fclose(f);
    ok(t, db_migrate_by(t->db, steps, 2, schema_codes, &t->err));
    assert_int_equal(mode_of(kept), 0600);
    assert_false(there(half));
    assert_string_equal(raw_text(kept, "select count(*) from branch", &t->arena),
                        arena_printf(&t->arena, "%d", BRANCHES));
    assert_string_equal(
        raw_text(kept, "select count(*) from sqlite_master where name = 'later'", &t->arena), "0");
    umask(mask);
}

/* ---- two who make the same ---------------------------------------------------------------------------- */

static void what_is_there_is_not_new(void **state)
{
    struct tmpdb *t = *state;
    struct db *db = NULL;
    refused(t, db_open(&db, t->path, DB_NEW, &t->err), ST_CONFLICT, "init.exists");
    assert_null(db);
    assert_int_equal(number(t, "select count(*) from branch"), BRANCHES);
    /* refused for another reason: nothing that was made stays */
    refused(t, db_open(&db, tmpdb_path(t, "none/x.db"), DB_NEW, &t->err), ST_FAILED,
            "db.cannot_open");
    const char *taken = tmpdb_path(t, "taken.db");
    assert_int_equal(mkdir(beside(t, taken, "-lock"), 0700), 0);
    refused(t, db_open(&db, taken, DB_NEW, &t->err), ST_FAILED, "db.cannot_open");
    assert_false(there(taken));
    assert_false(there(beside(t, taken, "-wal")));
}

static void a_folder_is_no_place_for_one(void **state)
{
    struct tmpdb *t = *state;
    struct init_options o = { .url = t->dir, .keys_dir = t->keydir, .test = true };
    refused(t, database_init(&o, &t->err), ST_FAILED, "db.folder");
    o.url = t->path;
    refused(t, database_init(&o, &t->err), ST_CONFLICT, "init.exists");
}

enum { MADE, EXISTED, BROKE };

static int init_one(const char *path, const char *keys, int start)
{
    char go;
    struct err e = { 0 };
    struct init_options o = { .url = path, .keys_dir = keys, .test = true };
    if (read(start, &go, 1) != 0)
        return BROKE;
    enum status st = database_init(&o, &e);
    return !st ? MADE : strcmp(e.code, "init.exists") == 0 ? EXISTED : BROKE;
}

static void init_race(struct tmpdb *t, const char *path)
{
    enum { PROCESSES = 3 };
    pid_t pids[PROCESSES];
    int start[2], made = 0;
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            close(start[1]);
            _exit(init_one(path, t->keydir, start[0]));
        }
    }
    close(start[0]);
    close(start[1]); /* all at once */
    for (int i = 0; i < PROCESSES; i++) {
        int how;
        assert_int_equal(waitpid(pids[i], &how, 0), pids[i]);
        assert_true(WIFEXITED(how));
        assert_int_not_equal(WEXITSTATUS(how), BROKE);
        made += WEXITSTATUS(how) == MADE;
    }
    assert_int_equal(made, 1);
    struct opened d;
    ok(t, database_open(path, t->keydir, 0, &d, &t->err));
    int64_t n = 0;
    ok(t, db_get_int(d.db, &t->err, &n, "select count(*) from branch where code = 'HQ'", ""));
    assert_int_equal(n, 1);
    database_close(&d);
}

static void one_of_several_inits_wins(void **state)
{
    struct tmpdb *t = *state;
    for (int i = 0; i < 5; i++)
        init_race(t, tmpdb_path(t, arena_printf(&t->arena, "race%d.db", i)));
}

/* ---- values and what was taken back ------------------------------------------------------------------- */

static void a_value_that_is_too_big_is_refused(void **state)
{
    struct tmpdb *t = *state;
    enum { BIG = 17 << 20 };
    char *text = malloc(BIG + 1);
    memset(text, 'x', BIG);
    text[BIG] = 0;
    const char *sql = "insert into meta (key, value) values ($1, $2) on conflict (key) do update "
                      "set value = excluded.value";
    tmpdb_run(t, "insert into meta (key, value) values ('note', 'short')");
    ok(t, db_begin(t->db, &t->err));
    refused(t, db_exec(t->db, &t->err, sql, "tT", "note", text, (size_t)BIG), ST_INVALID,
            "db.too_big");
    refused(t,
            db_exec(t->db, &t->err, "update branch set name = $1 where id = $2", "ti", text,
                    (int64_t)HQ),
            ST_INVALID, "db.too_big");
    refused(t,
            db_exec(t->db, &t->err, "update person set phone_enc = $1 where id = $2", "bi", text,
                    (size_t)BIG, (int64_t)HQ),
            ST_INVALID, "db.too_big");
    ok(t, db_commit(t->db, &t->err));
    assert_string_equal(raw_text(t->path, "select value from meta where key = 'note'", &t->arena),
                        "short");
    /* the statement can be used again, at once and from the cache */
    ok(t, db_begin(t->db, &t->err));
    struct stmt *s = db_prepare(t->db, sql);
    db_bind_text(s, 1, "note", 4);
    db_bind_text(s, 2, text, BIG);
    assert_false(db_row(s));
    refused(t, db_ok(s, &t->err), ST_INVALID, "db.too_big");
    db_bind_text(s, 2, "again", 5);
    assert_false(db_row(s));
    ok(t, db_ok(s, &t->err));
    ok(t, db_end(s, &t->err));
    ok(t, db_commit(t->db, &t->err));
    assert_string_equal(raw_text(t->path, "select value from meta where key = 'note'", &t->arena),
                        "again");
    free(text);
}

static const char *name_of(struct tmpdb *t, int64_t branch)
{
    struct ref r;
    ok(t, row_ref(t->db, "branch", branch, &t->arena, &r, &t->err));
    return r.name;
}

/* A name that a refused commit took back is not remembered. */
static void names_of_a_refused_commit_are_forgotten(void **state)
{
    struct tmpdb *t = *state;
    tmpdb_run(t, "create table kid (id integer primary key, parent integer references branch "
                 "deferrable initially deferred) strict");
    ok(t, db_begin(t->db, &t->err));
    ok(t, db_exec(t->db, &t->err, "update branch set name = 'never' where id = 1", ""));
    assert_string_equal(name_of(t, HQ), "never");
    ok(t, db_exec(t->db, &t->err, "insert into kid values (1, 987654)", ""));
    assert_int_not_equal(db_commit(t->db, &t->err), ST_OK);
    assert_string_equal(name_of(t, HQ), "总行");
}

/* Memory for pages that a load was given goes when the load is taken back. */
static void a_load_taken_back_gives_its_pages_back(void **state)
{
    struct tmpdb *t = *state;
    int64_t lists = number(t, "pragma cache_size");
    static const enum db_use uses[] = { USE_LOAD, USE_SORT };
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        ok(t, db_begin(t->db, &t->err));
        db_use(t->db, uses[i]);
        assert_int_not_equal(number(t, "pragma cache_size"), lists);
        ok(t, db_begin(t->db, &t->err));
        db_rollback(t->db);
        assert_int_not_equal(number(t, "pragma cache_size"),
                             lists); /* a row of the load was refused: it goes on */
        db_rollback(t->db);
        assert_int_equal(number(t, "pragma cache_size"), lists);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, tmpdb_setup, tmpdb_teardown)
        TEST(a_link_is_the_same_database),
        TEST(a_group_may_use_it),
        TEST(one_may_be_read_only_for_a_while), TEST(one_user_is_alone),
        TEST(a_copy_is_its_makers_alone),
        TEST(the_copy_before_a_migration),
        TEST(a_folder_is_no_place_for_one), TEST(what_is_there_is_not_new),
        TEST(one_of_several_inits_wins),
        TEST(a_value_that_is_too_big_is_refused),
        TEST(names_of_a_refused_commit_are_forgotten),
        TEST(a_load_taken_back_gives_its_pages_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
