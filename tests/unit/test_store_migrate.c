/* The way of a database up to this program's schema: from nothing, from each schema that a release had
 * (tests/schemas), by steps that are yet to come, and when a step fails. Looked at from outside, on
 * a bare connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/store/migrate.h"
#include "core/store/row.h"
#include "schema.h"
#include "tests/unit/tmpdb.h"

enum { SCHEMAS_MOST = 200 };

struct stage {
    struct tmpdb t;             /* a bank that stands at the newest schema; here mostly its folder counts */
    glob_t stored;              /* the files of tests/schemas */
};

static int setup(void **state)
{
    struct stage *g = xcalloc(1, sizeof *g);
    const char *root = getenv("ROOT");
    tmpdb_open(&g->t);
    const char *pattern =
        arena_printf(&g->t.arena, "%s/tests/schemas/[0-9][0-9][0-9].sql", root ? root : ".");
    *state = g;
    return glob(pattern, 0, NULL, &g->stored);
}

static int teardown(void **state)
{
    struct stage *g = *state;
    globfree(&g->stored);
    tmpdb_close(&g->t);
    free(g);
    return 0;
}

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

static char *read_file(struct arena *a, const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s is not there", path);
    enum { MOST = 4 << 20 };
    char *text = arena_alloc(a, MOST);
    *n = fread(text, 1, MOST - 1, f);
    assert_true(*n < MOST - 1);
    text[*n] = 0;
    fclose(f);
    return text;
}

static const char *fresh(struct tmpdb *t, const char *name)
{
    const char *path = tmpdb_path(t, name);
    fclose(fopen(path, "wb"));
    return path;
}

/* A database as the release with that schema left it. */
static const char *stored(struct stage *g, size_t i)
{
    size_t n;
    const char *sql = read_file(&g->t.arena, g->stored.gl_pathv[i], &n);
    const char *path = fresh(&g->t, arena_printf(&g->t.arena, "stored%zu.db", i));
    raw_run(path, sql);
    return path;
}

static int number_at(struct tmpdb *t, const char *path)
{
    return atoi(raw_text(path, "pragma user_version", &t->arena));
}

static bool exists(struct tmpdb *t, const char *path, const char *ending)
{
    return access(arena_printf(&t->arena, "%s%s", path, ending), F_OK) == 0;
}

static enum status migrate_with(struct tmpdb *t, const char *path, const struct schema_file *steps, size_t n,
                                const struct schema_code *codes)
{
    struct db *db;
    ok(t, db_open(&db, path, DB_CREATE, &t->err));
    enum status st = db_migrate_by(db, steps, n, codes, &t->err);
    db_close(db);
    return st;
}

static enum status migrate_by(struct tmpdb *t, const char *path, const struct schema_file *steps, size_t n)
{
    return migrate_with(t, path, steps, n, schema_codes);
}

static enum status migrate(struct tmpdb *t, const char *path)
{
    struct db *db;
    ok(t, db_open(&db, path, DB_CREATE, &t->err));
    enum status st = db_migrate(db, &t->err);
    db_close(db);
    return st;
}

/* Everything in a table, all columns that `like` has there, one text. */
#define ROWS "select group_concat(row, char(10)) from (select %s as row from %s order by 1)"

static const char *table_text(struct arena *a, const char *path, const char *like, const char *table)
{
    const char *columns =
        raw_text(like,
                 arena_printf(a,
                              "select group_concat('quote(' || name || ')', '||'',''||')"
                              " from pragma_table_info('%s')",
                              table),
                 a);
    return raw_text(path, arena_printf(a, ROWS, columns, table), a);
}

static const char *tables(struct arena *a, const char *path)
{
    return raw_text(
        path,
        "select group_concat(name) from (select name from sqlite_master where type = 'table' and"
        " name not like 'sqlite%' order by name)",
        a);
}

/* Tables, columns and indexes as they were declared, without blanks: ours are indented, what is
 * dumped is too. */
static const char *declared(struct arena *a, const char *path)
{
    return raw_text(
        path,
        "select group_concat(sql, char(10)) from (select replace(replace(sql, ' ', ''), char(10), "
        "'')"
        " as sql from sqlite_master where sql is not null and name <> 'lead_x' order by name)",
        a);
}

/* ---- up to this program's schema ---------------------------------------------------------------------- */

static void an_empty_file_comes_up(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    const char *path = fresh(t, "new.db");
    struct db *db;
    int n;
    ok(t, db_open(&db, path, DB_CREATE, &t->err));
    ok(t, schema_number(db, &n, &t->err));
    assert_int_equal(n, 0);
    refused(t, schema_check(db, &t->err), ST_NOT_FOUND, "db.empty");
    ok(t, db_migrate(db, &t->err));
    ok(t, schema_check(db, &t->err));
    ok(t, schema_number(db, &n, &t->err));
    assert_int_equal(n, schema_newest());
    db_close(db);
    assert_int_equal(number_at(t, path), schema_newest());
    assert_false(exists(t, path, ".before-001"));           /* of nothing no copy is kept */
}

static void at_the_newest_nothing_happens(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct db *other;
    ok(t, db_open(&other, t->path, DB_READ, &t->err));
    int64_t seen = db_data_version(other);
    const char *was = declared(&t->arena, t->path);
    ok(t, db_migrate(t->db, &t->err));
    assert_int_equal(db_data_version(other), seen);         /* nothing was written */
    db_close(other);
    assert_string_equal(declared(&t->arena, t->path), was);
    assert_string_equal(raw_text(t->path, "select count(*) from branch", &t->arena), "6");
}

static void there_is_a_stored_schema_for_every_number(void **state)
{
    struct stage *g = *state;
    assert_int_equal(g->stored.gl_pathc, schema_newest());
    for (size_t i = 0; i < g->stored.gl_pathc; i++)
        assert_int_equal(number_at(&g->t, stored(g, i)), i + 1);
}

/* Rows and columns that a release had are there afterwards, with their values. A step that changes
 * values on purpose gives its table a test of its own and is left out here. */
static void every_stored_schema_comes_up_with_its_rows(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    for (size_t i = 0; i < g->stored.gl_pathc; i++) {
        const char *path = stored(g, i), *old = arena_printf(&t->arena, "%s.old", path);
        raw_run(path, arena_printf(&t->arena, "vacuum into '%s'", old));
        ok(t, migrate(t, path));
        assert_int_equal(number_at(t, path), schema_newest());
        char *list = (char *)(uintptr_t)tables(&t->arena, old);
        for (char *name; (name = strsep(&list, ","));) {
            const char *rows = table_text(&t->arena, old, old, name);
            assert_true(*rows);                             /* each table has some */
            if (strcmp(name, "lead_gram") != 0)             /* step 8: old_names_get_their_initials */
                assert_string_equal(table_text(&t->arena, path, old, name), rows);
        }
        assert_string_equal(raw_text(path, "pragma integrity_check", &t->arena), "ok");
        assert_string_equal(raw_text(path, "pragma foreign_key_check", &t->arena), "");
        assert_string_equal(raw_text(path, "select name from lead where no = 2", &t->arena), "欧阳·𨱇");
    }
}

/* Step 8. The rows are the same in all older schemas; the initials were found by hand. */
static void old_names_get_their_initials(void **state)
{
    static const struct { const char *sql, *gives; } rows[] = {
        { "select group_concat(name_py) from (select name_py from employee order by id)", "sh,lmmt" },
        { "select group_concat(name_py) from person", "wf" },
        { "select group_concat(coalesce(name_py, '-')) from (select name_py from lead where id < 115 order "
          "by id)", "wf,oyq,-,-" },
        { "select group_concat(gram || lead_id) from (select gram, lead_id from lead_gram where gram glob "
          "'[a-z]*' order by 1)", "oy112,wf111,yq112" },
        { "select group_concat(version) from (select version from lead where id < 115 order by id)",
          "5,1,7,2" },
        { "select count(*) from (select 1 from lead_gram_due where name_py is not 'wf')", "0" },
    };
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    for (size_t i = 0; i < g->stored.gl_pathc && i < 8; i++) {
        const char *path = stored(g, i);
        ok(t, migrate(t, path));
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            assert_string_equal(raw_text(path, rows[k].sql, &t->arena), rows[k].gives);
    }
}

/* More than are read at once; those that have their grams already, or have none, do no harm. */
static void many_old_names_get_their_initials(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    const char *path = stored(g, 6);
    raw_run(path, "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500) insert "
                  "into lead (id, version, created_at, updated_at, no, name, name_key, branch_id, "
                  "product_id, stage_id, open, pool_id, received_at, received_how, follow_up_count, "
                  "returned_count, frozen) select 1000 + i, 1, 0, 0, 1000 + i, k, k, 12, 51, 71, 1, 62, 0, "
                  "'import', 0, 0, 0 from (select i, case i % 3 when 0 then '单于' when 1 then 'ab' else "
                  "'张' end || i as k from n)");
    raw_run(path, "insert into lead_gram values ('dy', 1003)");
    ok(t, migrate(t, path));
    assert_string_equal(raw_text(path, "select name_py from lead where id = 3499", &t->arena),
                        "dy2499 cy2499");
    const char *counts = "select count(*) || ' ' || count(name_py) from lead where id > 1000";
    assert_string_equal(raw_text(path, counts, &t->arena), "2500 1666");
    assert_string_equal(raw_text(path, "select count(*) from lead_gram where gram = 'cy'", &t->arena), "833");
    assert_string_equal(raw_text(path, "select count(*) from lead_gram where gram = 'dy'", &t->arena), "833");
    const char *across = "select count(*) from lead_gram where gram glob '*[ ]*'";
    assert_string_equal(raw_text(path, across, &t->arena), "0");
}

/* Once released, a step never changes. Before its release: tests/schemas/make.sh makes the stored
 * one anew. */
static void stored_schemas_are_what_their_steps_make(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    for (size_t i = 0; i < g->stored.gl_pathc; i++) {
        const char *path = fresh(t, arena_printf(&t->arena, "made%zu.db", i));
        ok(t, migrate_by(t, path, schema_sqlite, i + 1));
        assert_string_equal(declared(&t->arena, stored(g, i)), declared(&t->arena, path));
    }
}

/* ---- steps that are yet to come ----------------------------------------------------------------------- */

#define PAINT "alter table channel add column colour text; update channel set colour = 'blue';" \
              " create table extra (a integer) strict; insert into extra values (7)"

/* The steps that there are, and one more, or two. */
static size_t steps_with(struct schema_file *steps, const char *next, const char *after)
{
    size_t n = sizeof schema_sqlite / sizeof *schema_sqlite;
    int newest = schema_newest();
    memcpy(steps, schema_sqlite, sizeof schema_sqlite);
    steps[n++] = (struct schema_file){ newest + 1, "next", next };
    if (after)
        steps[n++] = (struct schema_file){ newest + 2, "after", after };
    return n;
}

static const char *before(struct tmpdb *t, const char *path, int step)
{
    return arena_printf(&t->arena, "%s.before-%03d", path, step);
}

static void a_step_keeps_a_copy_and_the_rows(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT, NULL), last = g->stored.gl_pathc - 1;
    int newest = schema_newest();
    const char *path = stored(g, last), *old = arena_printf(&t->arena, "%s.old", path);
    raw_run(path, arena_printf(&t->arena, "vacuum into '%s'", old));
    ok(t, migrate_by(t, path, steps, n));
    assert_int_equal(number_at(t, path), newest + 1);
    assert_string_equal(
        raw_text(path, "select group_concat(distinct colour) from channel", &t->arena), "blue");
    assert_string_equal(table_text(&t->arena, path, old, "lead"), table_text(&t->arena, old, old, "lead"));

    const char *copy = before(t, path, newest + 1);
    assert_int_equal(number_at(t, copy), newest);
    assert_string_equal(declared(&t->arena, copy), declared(&t->arena, old));
    assert_string_equal(table_text(&t->arena, copy, old, "lead"), table_text(&t->arena, old, old, "lead"));
    assert_string_equal(raw_text(copy, "pragma integrity_check", &t->arena), "ok");
    assert_false(exists(t, copy, ".half"));
}

static void an_empty_file_takes_all_steps_without_copies(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT, "drop table extra");
    const char *path = fresh(t, "new.db");
    ok(t, migrate_by(t, path, steps, n));
    assert_int_equal(number_at(t, path), schema_newest() + 2);
    for (int i = 1; i <= schema_newest() + 2; i++)
        assert_int_equal(access(before(t, path, i), F_OK), -1);
}

/* What failed takes back the steps before it too: the database stands where the old program can work with it.
 * Mended, all of them run. */
static void a_step_that_fails_rolls_back_whole(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    int newest = schema_newest();
    size_t n = steps_with(
        steps, PAINT,
        "update extra set a = a + 1; create table more (x); insert into extra values ('no')");
    const char *path = stored(g, g->stored.gl_pathc - 1);
    refused(t, migrate_by(t, path, steps, n), ST_CONFLICT, "db.constraint");
    assert_int_equal(number_at(t, path), newest);
    assert_null(strstr(tables(&t->arena, path), "extra"));
    assert_null(strstr(tables(&t->arena, path), "more"));
    assert_int_equal(number_at(t, before(t, path, newest + 1)), newest);

    n = steps_with(steps, PAINT, "update extra set a = a + 1; syntax error");
    refused(t, migrate_by(t, path, steps, n), ST_FAILED, "db.error");
    assert_int_equal(number_at(t, path), newest);

    raw_run(path, "insert into channel (id, version, created_at, updated_at, code, code_key, name, name_key, "
                  /* people worked on */
                  "active) values (77, 1, 0, 0, 'late', 'late', 'late', 'late', 1)");
    n = steps_with(steps, PAINT, "update extra set a = a + 1");
    ok(t, migrate_by(t, path, steps, n));
    assert_int_equal(number_at(t, path), newest + 2);
    assert_string_equal(raw_text(path, "select group_concat(a) from extra", &t->arena), "8");
    /* the copy is of just before the steps that went well, not of the first try */
    assert_string_equal(
        raw_text(before(t, path, newest + 1), "select count(*) from channel where id = 77", &t->arena), "1");
    assert_int_equal(access(before(t, path, newest + 2), F_OK), -1);
}

static void without_a_copy_there_is_no_step(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT, NULL);
    const char *path = stored(g, g->stored.gl_pathc - 1);
    const char *copy = before(t, path, schema_newest() + 1);
    assert_int_equal(mkdir(copy, 0700), 0);                 /* nothing can take its place */
    refused(t, migrate_by(t, path, steps, n), ST_FAILED, "db.cannot_open");
    assert_int_equal(number_at(t, path), schema_newest());
    assert_false(exists(t, copy, ".half"));
    assert_int_equal(rmdir(copy), 0);
    ok(t, migrate_by(t, path, steps, n));
}

/* fork() is harmless here: no connection to this file is open. */
static void two_consoles_at_once_take_the_step_once(void **state)
{
    enum { CONSOLES = 4 };
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT, NULL);
    const char *path = stored(g, g->stored.gl_pathc - 1);
    pid_t pids[CONSOLES];
    for (int i = 0; i < CONSOLES; i++)
        if ((pids[i] = fork()) == 0)
            _exit((int)migrate_by(t, path, steps, n));
    for (int i = 0; i < CONSOLES; i++) {
        int how;
        assert_int_equal(waitpid(pids[i], &how, 0), pids[i]);
        assert_true(WIFEXITED(how));
        assert_int_equal(WEXITSTATUS(how), ST_OK);
    }
    assert_string_equal(raw_text(path, "select count(*) from extra", &t->arena), "1");
    assert_int_equal(number_at(t, before(t, path, schema_newest() + 1)), schema_newest());
}

struct waiter { struct tmpdb *t; const char *path; const struct schema_file *steps; size_t n; struct err e; };

static void *migrate_later(void *arg)
{
    struct waiter *w = arg;
    struct db *db;
    if (db_open(&db, w->path, 0, &w->e))
        return NULL;
    db_migrate_by(db, w->steps, w->n, schema_codes, &w->e);
    db_close(db);
    return NULL;
}

/* Somebody waits for a lock of open files on that file. */
static bool waited_for(const char *path)
{
    char line[300], inode[40];
    struct stat st;
    bool there = false;
    assert_int_equal(stat(path, &st), 0);
    snprintf(inode, sizeof inode, ":%llu ", (unsigned long long)st.st_ino);
    FILE *f = fopen("/proc/locks", "r");
    while (f && fgets(line, sizeof line, f))
        there = there || (strstr(line, "->") && strstr(line, inode));
    if (f)
        fclose(f);
    return there;
}

/* A newer program was faster: what this one does not know it does not take for brought up. */
static void who_waited_for_a_newer_program_is_told(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT, NULL);
    const char *path = stored(g, g->stored.gl_pathc - 1);
    struct waiter w = { .t = t, .path = path, .steps = steps, .n = n };
    const struct timespec tick = { .tv_nsec = 2000000 };
    struct db *db;
    pthread_t thread;
    ok(t, db_open(&db, path, 0, &t->err));
    ok(t, db_begin(db, &t->err));
    assert_int_equal(pthread_create(&thread, NULL, migrate_later, &w), 0);
    const char *lock = arena_printf(&t->arena, "%s-lock", path);
    for (int i = 0; i < 1000 && !waited_for(lock); i++)     /* that it waits is for the test to be sharp */
        nanosleep(&tick, NULL);
    ok(t, db_script(db, arena_printf(&t->arena, "pragma user_version = %d", schema_newest() + 2), &t->err));
    ok(t, db_commit(db, &t->err));
    pthread_join(thread, NULL);
    assert_string_equal(w.e.code, "db.newer");
    db_close(db);
}

/* ---- steps in C --------------------------------------------------------------------------------------- */

/* At the line of its SQL, in the step's transaction: the column is there, the index is not yet. */
static enum status colour(struct db *db, struct err *e)
{
    assert_true(db_in_tx(db));
    return db_exec(db, e, "update channel set colour = 'c' || id", "");
}

static enum status refuse(struct db *db, struct err *e)
{
    enum status st = db_exec(db, e, "update channel set colour = 'red'", "");
    return st ? st : fail(e, ST_FAILED, "db.incomplete", "channel", NULL);
}

static void a_step_runs_its_code_where_its_sql_says(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    int newest = schema_newest();
    const struct schema_code bad[] = { { newest + 1, refuse }, { 0, NULL } };
    const struct schema_code good[] = { { newest, refuse }, { newest + 1, colour }, { 0, NULL } };
    size_t n = steps_with(steps,
                          "alter table channel add column colour text;\n-- code: colour\n"
                          "create unique index channel_colour on channel (colour);"
                          "update channel set name = colour;",
                          NULL);
    const char *path = stored(g, g->stored.gl_pathc - 1);
    ok(t, migrate(t, path));
    refused(t, migrate_with(t, path, steps, n, bad), ST_FAILED, "db.incomplete");
    assert_int_equal(number_at(t, path), newest);
    assert_string_equal(
        raw_text(path, "select count(*) from pragma_table_info('channel') where name = 'colour'", &t->arena),
        "0");
    ok(t, migrate_with(t, path, steps, n, good));
    assert_int_equal(number_at(t, path), newest + 1);
    assert_string_equal(
        raw_text(path, "select count(*) from channel where colour <> 'c' || id", &t->arena), "0");
    assert_string_equal(raw_text(path, "select count(*) from channel where name <> colour", &t->arena), "0");
}

/* ---- references --------------------------------------------------------------------------------------- */

/* As SQLite's documents say: a new table, the rows, the old one away, the new one in its place. */
#define REBUILD                                                                                    \
    "create table channel_new (id integer primary key, version integer not null, created_at "      \
    "integer not null, updated_at integer not null, code text not null, code_key text not null, "  \
    "name text not null, name_key text not null, parent_id integer references channel, kind text " \
    "not null default 'online' check (kind in ('online', 'offline', 'both')), active integer not " \
    "null default 1) strict; insert into channel_new select id, version, created_at, updated_at, " \
    "code, code_key, name, name_key, parent_id, kind, active from channel; drop table channel;"    \
    "alter table channel_new rename to channel; create unique index channel_code on channel "      \
    "(code_key); create index channel_name on channel (name_key)"

static void a_step_may_make_a_table_anew_that_others_refer_to(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, REBUILD, NULL);
    const char *path = stored(g, g->stored.gl_pathc - 1);
    const char *children = "select count(*) from lead l join channel c on c.id = l.channel_id";
    const char *rows = table_text(&t->arena, path, path, "channel");
    const char *had = raw_text(path, children, &t->arena);
    assert_string_not_equal(had, "0");
    struct db *db;
    ok(t, db_open(&db, path, 0, &t->err));
    ok(t, db_migrate_by(db, steps, n, schema_codes, &t->err));
    assert_string_equal(table_text(&t->arena, path, path, "channel"), rows);
    assert_string_equal(raw_text(path, children, &t->arena), had);
    assert_string_equal(raw_text(path, "pragma foreign_key_check", &t->arena), "");
    /* on this connection, too, references are looked at again */
    ok(t, db_begin(db, &t->err));
    refused(t, db_exec(db, &t->err, "update lead set channel_id = 999999999", ""), ST_CONFLICT,
            "db.constraint");
    refused(t, db_exec(db, &t->err, "delete from channel", ""), ST_CONFLICT, "db.constraint");
    ok(t, db_exec(db, &t->err, "update channel set kind = 'both'", ""));
    db_rollback(db);
    db_close(db);
}

static void a_step_that_loses_referred_rows_is_taken_back(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, "delete from channel", NULL);
    const char *path = stored(g, g->stored.gl_pathc - 1);
    const char *rows = table_text(&t->arena, path, path, "channel");
    struct db *db;
    ok(t, db_open(&db, path, 0, &t->err));
    assert_int_equal(db_migrate_by(db, steps, n, schema_codes, &t->err), ST_FAILED);
    assert_string_equal(t->err.code, "db.references");
    assert_non_null(strstr("lead channel", t->err.param[0]));
    err_clear(&t->err);
    assert_int_equal(number_at(t, path), schema_newest());
    assert_string_equal(table_text(&t->arena, path, path, "channel"), rows);
    ok(t, db_begin(db, &t->err));
    refused(t, db_exec(db, &t->err, "delete from channel", ""), ST_CONFLICT, "db.constraint");
    db_rollback(db);
    db_close(db);
}

/* ---- killed on the way -------------------------------------------------------------------------------- */

static enum status die(struct db *db, struct err *e)
{
    (void)e;
    assert_true(db_in_tx(db));
    raise(SIGKILL);
    return ST_OK;
}

/* Migrates in a process that ends at once: where its code says so, or in the middle of the write that makes
 * a file longer than `most` bytes (0: no matter). */
static void killed_at(struct tmpdb *t, const char *path, const struct schema_file *steps, size_t n,
                      const struct schema_code *codes, rlim_t most)
{
    pid_t pid = fork();
    if (pid == 0) {
        static const struct rlimit no_core = { 0, 0 };
        const struct rlimit room = { most, most };
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGXFSZ, SIG_DFL);
        if (most)
            setrlimit(RLIMIT_FSIZE, &room);
        _exit((int)migrate_with(t, path, steps, n, codes));
    }
    int how;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFSIGNALED(how));
    assert_int_equal(WTERMSIG(how), most ? SIGXFSZ : SIGKILL);
}

static const char *const halves[] = { ".half", ".half-journal", ".half-wal", ".half-shm" };

/* As it was before, whole; then it comes up as if nothing had been, and nothing half lies beside it. */
static void comes_up_after(struct stage *g, const char *path, const char *old,
                           const struct schema_file *steps, size_t n)
{
    struct tmpdb *t = &g->t;
    int newest = schema_newest();
    assert_int_equal(number_at(t, path), newest);
    assert_string_equal(raw_text(path, "pragma integrity_check", &t->arena), "ok");
    assert_string_equal(declared(&t->arena, path), declared(&t->arena, old));
    assert_string_equal(table_text(&t->arena, path, old, "lead"), table_text(&t->arena, old, old, "lead"));

    ok(t, migrate_with(t, path, steps, n, schema_codes));
    assert_int_equal(number_at(t, path), newest + 2);
    assert_string_equal(raw_text(path, "pragma integrity_check", &t->arena), "ok");
    assert_string_equal(table_text(&t->arena, path, old, "lead"), table_text(&t->arena, old, old, "lead"));
    assert_string_equal(raw_text(path, "select count(*) from extra where a >= 7", &t->arena), "1");
    const char *copy = before(t, path, newest + 1);
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
        assert_false(exists(t, copy, halves[i]));
    assert_int_equal(number_at(t, copy), newest);
    assert_string_equal(raw_text(copy, "pragma integrity_check", &t->arena), "ok");
    assert_string_equal(declared(&t->arena, copy), declared(&t->arena, old));
    assert_string_equal(table_text(&t->arena, copy, old, "lead"), table_text(&t->arena, old, old, "lead"));
}

static const char *old_of(struct tmpdb *t, const char *path)
{
    const char *old = arena_printf(&t->arena, "%s.old", path);
    unlink(old);
    raw_run(path, arena_printf(&t->arena, "vacuum into '%s'", old));
    return old;
}

static void killed_in_the_copy(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT, "update extra set a = a + 1");
    const char *path = stored(g, g->stored.gl_pathc - 1), *old = old_of(t, path);
    const char *copy = before(t, path, schema_newest() + 1);
    struct stat whole;
    assert_int_equal(stat(path, &whole), 0);
    assert_true(whole.st_size > 200000);
    const rlim_t most[] = { 65536, (rlim_t)whole.st_size / 2, (rlim_t)whole.st_size - 1 };
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        killed_at(t, path, steps, n, schema_codes, most[i]);
        assert_true(exists(t, copy, ".half"));
        assert_int_equal(access(copy, F_OK), -1);
    }
    /* and what one may leave that was killed while it made the copy a plain file */
    for (size_t i = 1; i < sizeof halves / sizeof *halves; i++)
        fclose(fopen(arena_printf(&t->arena, "%s%s", copy, halves[i]), "w"));
    comes_up_after(g, path, old, steps, n);
}

static void killed_between_the_copy_and_the_steps(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, "\n-- code: at once\n" PAINT, "update extra set a = a + 1");
    const struct schema_code dying[] = { { schema_newest() + 1, die }, { 0, NULL } };
    const char *path = stored(g, g->stored.gl_pathc - 1), *old = old_of(t, path);
    killed_at(t, path, steps, n, dying, 0);
    assert_int_equal(number_at(t, before(t, path, schema_newest() + 1)), schema_newest());
    comes_up_after(g, path, old, steps, n);
}

/* In the second of two: what the first did is in the WAL perhaps, and gone. */
static void killed_in_the_steps(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT "; create table big (x blob); insert into big values "
                                       "(zeroblob(8000000))",
                          "update extra set a = a + 1; drop table big;\n-- code: late\n");
    const struct schema_code dying[] = { { schema_newest() + 2, die }, { 0, NULL } };
    const char *path = stored(g, g->stored.gl_pathc - 1), *old = old_of(t, path);
    killed_at(t, path, steps, n, dying, 0);
    comes_up_after(g, path, old, steps, n);
}

/* In the middle of what goes to the WAL, some of it with more in it than memory is given to. */
static void killed_while_it_is_written(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    size_t n = steps_with(steps, PAINT "; create table big (x blob); insert into big values "
                                       "(zeroblob(8000000))",
                          "update extra set a = a + 1");
    const char *path = stored(g, g->stored.gl_pathc - 1), *old = old_of(t, path);
    const rlim_t most[] = { 2000000, 5000000, 8000000 };
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        killed_at(t, path, steps, n, schema_codes, most[i]);
        assert_int_equal(number_at(t, before(t, path, schema_newest() + 1)), schema_newest());
    }
    comes_up_after(g, path, old, steps, n);
}

/* ---- 2: tags ------------------------------------------------------------------------------------------ */

/* Killed in the step: the tables were made, and are not there. Begun again it comes up; the copy of before
 * stands beside it. */
static void a_bank_of_schema_1_gets_tags_though_it_was_killed_once(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    const struct schema_code dying[] = { { 2, die }, { 0, NULL } };
    const char *path = stored(g, 0), *old = arena_printf(&t->arena, "%s.old", path);
    raw_run(path, arena_printf(&t->arena, "vacuum into '%s'", old));
    killed_at(t, path, schema_sqlite, 2, dying, 0);
    assert_int_equal(number_at(t, path), 1);
    assert_null(strstr(tables(&t->arena, path), ",tag"));

    ok(t, migrate_by(t, path, schema_sqlite, 2));
    assert_int_equal(number_at(t, path), 2);
    assert_int_equal(number_at(t, before(t, path, 2)), 1);
    assert_string_equal(declared(&t->arena, before(t, path, 2)), declared(&t->arena, old));
    assert_string_equal(table_text(&t->arena, path, old, "lead"), table_text(&t->arena, old, old, "lead"));
    assert_string_equal(raw_text(path, "select count(*) from tag", &t->arena), "0");
    raw_run(path, "pragma foreign_keys = on;"
                  "insert into tag values (9, 1, 1, 1, 'vip', 'vip', 'VIP', 'vip', 1);"
                  "insert into lead_tag select id, 9 from lead");
    const char *lacking = "select count(*) - (select count(*) from lead) from lead_tag";
    assert_string_equal(raw_text(path, lacking, &t->arena), "0");
    ok(t, migrate(t, path));
    assert_string_equal(raw_text(path, lacking, &t->arena), "0");
    assert_string_equal(raw_text(path, "pragma foreign_key_check", &t->arena), "");
}

/* ---- 3: external ids ---------------------------------------------------------------------------------- */

/* Leads of a bank that took codes by case; %d: id and number, %s: external id as SQL. */
#define OLD_LEAD                                                                                   \
    "insert into lead (id, version, created_at, updated_at, no, external_id, branch_id, "          \
    "product_id, stage_id, open, pool_id, received_at, received_how) select %d, 1, 1, 1, %d, %s, " \
    "branch_id, product_id, stage_id, 1, (select min(id) from pool), 1, 'create' from lead where no = 1;"

static const char *key_of(struct tmpdb *t, const char *path, int no)
{
    return raw_text(path,
                    arena_printf(&t->arena,
                                 "select external_id || '|' || external_id_key || '|' || external_id_twin "
                                 "from lead where no = %d",
                                 no),
                    &t->arena);
}

static void external_ids_of_old_leads_are_folded(void **state)
{
    static const char *const ids[] = { "'AbC'", "'abc'", "'ABC'", "'Müller'", "'MU\xcc\x88LLER'",
                                       "'\xef\xbc\xa1\xef\xbc\x91'", "' '", "'  '", "null" };
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct buf sql = BUF_INIT;
    const char *path = stored(g, 0);
    buf_adds(&sql, "begin;");
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        buf_addf(&sql, OLD_LEAD, 500 + (int)i, 500 + (int)i, ids[i]);
    for (int i = 1000; i < 3500; i++)               /* more than are read at once */
        buf_addf(&sql, OLD_LEAD, i, i, arena_printf(&t->arena, "'Bulk-%d'", i));
    buf_adds(&sql, "commit");
    raw_run(path, sql.s);
    buf_release(&sql);
    ok(t, migrate(t, path));
    assert_string_equal(key_of(t, path, 500), "AbC|abc|0");
    assert_string_equal(key_of(t, path, 501), "abc|abc|501");
    assert_string_equal(key_of(t, path, 502), "ABC|abc|502");
    assert_string_equal(key_of(t, path, 503), "Müller|müller|0");
    assert_string_equal(key_of(t, path, 504), "MU\xcc\x88LLER|müller|504");
    assert_string_equal(key_of(t, path, 505), "\xef\xbc\xa1\xef\xbc\x91|a1|0");
    assert_string_equal(key_of(t, path, 506), " ||0");
    assert_string_equal(key_of(t, path, 507), "  ||507");
    assert_string_equal(key_of(t, path, 3499), "Bulk-3499|bulk-3499|0");
    assert_string_equal(raw_text(path,
                                 "select count(*) from lead where (external_id is null) <> "
                                 "(external_id_key is null)",
                                 &t->arena),
                        "0");

    struct db *db;
    struct ref r;
    ok(t, db_open(&db, path, 0, &t->err));
    static const struct { const char *word; int64_t id; } named[] = {
        { "AbC", 500 }, { "abc", 501 }, { "ABC", 502 }, { "aBC", 500 }, { "BULK-2999", 2999 }, { "503", 503 },
    };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        ok(t, row_resolve(db, &lead_noun, named[i].word, &r, &t->arena, &t->err));
        assert_int_equal(r.id, named[i].id);
    }
    db_close(db);
}

/* ---- refusals ----------------------------------------------------------------------------------------- */

static void a_newer_schema_is_refused_and_untouched(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    struct schema_file steps[SCHEMAS_MOST];
    const char *path = fresh(t, "newer.db");
    ok(t, migrate_by(t, path, steps, steps_with(steps, PAINT, NULL)));
    size_t n, m;
    const char *was = read_file(&t->arena, path, &n);
    struct db *db;
    ok(t, db_open(&db, path, 0, &t->err));
    refused(t, schema_check(db, &t->err), ST_FAILED, "db.newer");
    assert_int_equal(db_migrate(db, &t->err), ST_FAILED);
    assert_string_equal(t->err.code, "db.newer");
    char have[16], know[16];
    snprintf(have, sizeof have, "%d", schema_newest() + 1);
    snprintf(know, sizeof know, "%d", schema_newest());
    assert_string_equal(t->err.param[0], have);
    assert_string_equal(t->err.param[1], know);
    db_close(db);
    const char *is = read_file(&t->arena, path, &m);
    assert_int_equal(n, m);
    assert_memory_equal(was, is, n);
    for (int i = 1; i <= schema_newest() + 2; i++)
        assert_int_equal(access(before(t, path, i), F_OK), -1);
}

/* Ours, but half there: the first step can't be made whole, so nothing of it is. */
static void a_first_step_that_fails_leaves_the_file_empty(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    const char *path = fresh(t, "half.db");
    raw_run(path, "pragma application_id = 1198485095; create table task (x)");
    refused(t, migrate(t, path), ST_FAILED, "db.error");
    assert_int_equal(number_at(t, path), 0);
    assert_string_equal(tables(&t->arena, path), "task");
}

static void an_older_schema_is_not_for_those_who_only_read(void **state)
{
    struct stage *g = *state;
    struct tmpdb *t = &g->t;
    raw_run(t->path, "pragma user_version = 0");
    refused(t, schema_check(t->db, &t->err), ST_NOT_FOUND, "db.empty");
    if (schema_newest() == 1)
        return;
    raw_run(t->path, "pragma user_version = 1");
    refused(t, schema_check(t->db, &t->err), ST_FAILED, "db.older");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(an_empty_file_comes_up),
        T(at_the_newest_nothing_happens),
        T(there_is_a_stored_schema_for_every_number),
        T(every_stored_schema_comes_up_with_its_rows),
        T(old_names_get_their_initials),
        T(many_old_names_get_their_initials),
        T(stored_schemas_are_what_their_steps_make),
        T(a_step_keeps_a_copy_and_the_rows),
        T(an_empty_file_takes_all_steps_without_copies),
        T(a_step_that_fails_rolls_back_whole),
        T(without_a_copy_there_is_no_step),
        T(two_consoles_at_once_take_the_step_once),
        T(who_waited_for_a_newer_program_is_told),
        T(a_step_runs_its_code_where_its_sql_says),
        T(a_step_may_make_a_table_anew_that_others_refer_to),
        T(a_step_that_loses_referred_rows_is_taken_back),
        T(killed_in_the_copy),
        T(killed_between_the_copy_and_the_steps),
        T(killed_in_the_steps),
        T(killed_while_it_is_written),
        T(a_bank_of_schema_1_gets_tags_though_it_was_killed_once),
        T(external_ids_of_old_leads_are_folded),
        T(a_newer_schema_is_refused_and_untouched),
        T(a_first_step_that_fails_leaves_the_file_empty),
        T(an_older_schema_is_not_for_those_who_only_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
