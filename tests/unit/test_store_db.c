/* The layer over the database as its callers know it: statements, types, transactions, ids, limits,
 * refusals. Expected values are those of db.h and of plain SQL on a bare connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/migrate.h"
#include "tests/unit/child.h"
#include "tests/unit/tmpdb.h"

/* A table of the test's own, with every kind of column. */
static int setup(void **state)
{
    if (tmpdb_setup(state))
        return -1;
    tmpdb_run(*state, "create table thing (id integer primary key, n integer unique, d real, t text, b blob,"
                      " even integer check (even % 2 = 0)) strict");
    return 0;
}

static void ok(struct tmpdb *t, enum status st)
{
    if (st)
        fail_msg("%s: %s", t->err.code, t->err.param[0]);
}

static int64_t number(struct tmpdb *t, const char *sql)
{
    int64_t v = 0;
    ok(t, db_get_int(t->db, &t->err, &v, sql, ""));
    return v;
}

static void refused(struct tmpdb *t, enum status got, enum status st, const char *code)
{
    assert_int_equal(got, st);
    assert_int_equal(t->err.status, st);
    assert_string_equal(t->err.code, code);
    err_clear(&t->err);
}

#define BIG                                                                                        \
    "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000000000000) "    \
    "select count(*) from n"

/* ---- statements --------------------------------------------------------------------------------------- */

static void the_same_text_nests(void **state)
{
    struct tmpdb *t = *state;
    const char *sql = "select id from branch where id <= $1 order by id";
    int64_t seen[64];
    size_t n = 0;
    struct stmt *outer = db_query(t->db, sql, "i", INT64_C(3));
    while (db_row(outer)) {
        struct stmt *inner = db_query(t->db, sql, "i", db_int(outer, 0));
        assert_ptr_not_equal(inner, outer);
        while (db_row(inner))
            seen[n++] = db_int(outer, 0) * 100 + db_int(inner, 0);
        ok(t, db_end(inner, &t->err));
    }
    ok(t, db_end(outer, &t->err));
    static const int64_t want[] = { 101, 201, 202, 301, 302, 303 };
    assert_int_equal(n, 6);
    assert_memory_equal(seen, want, sizeof want);
}

static void more_texts_than_the_cache_holds(void **state)
{
    struct tmpdb *t = *state;
    struct stmt *held = db_query(t->db, "select id from branch order by id", "");
    assert_true(db_row(held));
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 300; i++) {
            char sql[64];
            snprintf(sql, sizeof sql, "select %d + $1", i);
            int64_t v;
            ok(t, db_get_int(t->db, &t->err, &v, sql, "i", (int64_t)round));
            assert_int_equal(v, i + round);
        }
    int rows = 1;
    while (db_row(held))
        rows++;
    ok(t, db_end(held, &t->err));
    assert_int_equal(rows, BRANCHES);
}

static void a_kept_statement_follows_the_schema(void **state)
{
    struct tmpdb *t = *state;
    const char *sql = "select * from thing";
    struct stmt *s = db_query(t->db, sql, "");
    assert_int_equal(db_columns(s), 6);
    assert_false(db_row(s));
    ok(t, db_end(s, &t->err));
    tmpdb_run(t, "alter table thing add column more text");
    tmpdb_run(t, "insert into thing (id, more) values (1, 'x')");
    s = db_query(t->db, sql, "");
    assert_true(db_row(s));
    assert_int_equal(db_columns(s), 7);
    assert_string_equal(db_text(s, 6), "x");
    ok(t, db_end(s, &t->err));
}

/* SQLite numbers $N by first appearance: the caller's numbers must count. */
static void parameters_go_by_their_numbers(void **state)
{
    struct tmpdb *t = *state;
    struct stmt *s = db_query(t->db, "select $3, $1, $2, $1, $10, $4, $5, $6, $7, $8, $9",
                              "itdiiiiiii", INT64_C(1), "two", 3.5, INT64_C(4), INT64_C(5),
                              INT64_C(6), INT64_C(7), INT64_C(8), INT64_C(9), INT64_C(10));
    assert_true(db_row(s));
    assert_true(db_num(s, 0) == 3.5);
    assert_int_equal(db_int(s, 1), 1);
    assert_string_equal(db_text(s, 2), "two");
    assert_int_equal(db_int(s, 3), 1);
    assert_int_equal(db_int(s, 4), 10);
    assert_int_equal(db_int(s, 5), 4);
    assert_int_equal(db_int(s, 10), 9);
    ok(t, db_end(s, &t->err));
}

static void again_keeps_the_bindings(void **state)
{
    struct tmpdb *t = *state;
    struct stmt *s = db_query(t->db, "insert into thing (n, t) values ($1, $2)", "it", INT64_C(1), "a");
    assert_false(db_row(s));
    ok(t, db_ok(s, &t->err));
    db_bind_int(s, 1, 2);
    assert_false(db_row(s));
    ok(t, db_ok(s, &t->err));
    assert_false(db_row(s));                        /* the second once more: n is unique */
    refused(t, db_ok(s, &t->err), ST_CONFLICT, "db.unique");
    db_bind_int(s, 1, 3);
    assert_false(db_row(s));
    ok(t, db_end(s, &t->err));
    assert_int_equal(number(t, "select count(*) from thing where t = 'a'"), 3);
}

/* What an earlier use bound is not seen by the next. */
static void a_null_takes_the_old_value_s_place(void **state)
{
    struct tmpdb *t = *state;
    int64_t v;
    ok(t, db_get_int(t->db, &t->err, &v, "select $1", "I", INT64_C(7)));
    assert_int_equal(v, 7);
    ok(t, db_get_int(t->db, &t->err, &v, "select $1", "I", NONE));
    assert_int_equal(v, NONE);
}

/* ---- types -------------------------------------------------------------------------------------------- */

static void values_come_back_as_they_went(void **state)
{
    static const int64_t ints[] = {
        0, 1, -1, INT64_MAX, INT64_MIN + 1, INT64_C(1) << 53, (INT64_C(1) << 53) + 1
    };
    static const double nums[] = { 0, 0.1, 1e308, 5e-324, -1.0 / 3, INFINITY, -INFINITY };
    static const char *const texts[] = { "", "a", "𠮷野家", "a'b\"c;--", "\xe2\x80\xae" };
    struct tmpdb *t = *state;
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
        ok(t, db_exec(t->db, &t->err, "insert into thing (id, n) values ($1, $2)", "iI",
                      (int64_t)i + 1, ints[i]));
        int64_t v;
        ok(t, db_get_int(t->db, &t->err, &v, "select n from thing where id = $1", "i", (int64_t)i + 1));
        assert_true(v == ints[i]);
    }
    for (size_t i = 0; i < sizeof nums / sizeof *nums; i++) {
        ok(t, db_exec(t->db, &t->err, "insert into thing (id, d) values ($1, $2)", "id",
                      (int64_t)i + 100, nums[i]));
        struct stmt *s = db_query(t->db, "select d from thing where id = $1", "i", (int64_t)i + 100);
        assert_true(db_row(s));
        assert_false(db_null(s, 0));
        double d = db_num(s, 0);
        assert_true(d == nums[i]);
        ok(t, db_end(s, &t->err));
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ok(t, db_exec(t->db, &t->err, "insert into thing (id, t) values ($1, $2)", "it",
                      (int64_t)i + 200, texts[i]));
        struct stmt *s = db_query(t->db, "select t from thing where id = $1", "i", (int64_t)i + 200);
        assert_true(db_row(s));
        assert_false(db_null(s, 0));
        assert_string_equal(db_text(s, 0), texts[i]);
        assert_int_equal(db_bytes(s, 0), strlen(texts[i]));
        assert_string_equal(db_strdup(s, 0, &t->arena), texts[i]);
        ok(t, db_end(s, &t->err));
    }
}

static void counted_text_and_bytes(void **state)
{
    struct tmpdb *t = *state;
    unsigned char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    ok(t, db_exec(t->db, &t->err, "insert into thing (id, t, b) values (1, $1, $2)", "Tb", "abcdef",
                  (size_t)3, all, sizeof all));
    ok(t, db_exec(t->db, &t->err, "insert into thing (id, b) values (2, $1)", "b", all, (size_t)0));
    struct stmt *s = db_query(t->db, "select t, b from thing order by id", "");
    assert_true(db_row(s));
    assert_string_equal(db_text(s, 0), "abc");
    assert_int_equal(db_bytes(s, 1), 256);
    assert_memory_equal(db_blob(s, 1), all, 256);
    assert_true(db_row(s));
    assert_false(db_null(s, 1));                    /* nothing is not null */
    assert_int_equal(db_bytes(s, 1), 0);
    ok(t, db_end(s, &t->err));
}

static void empty_is_null_both_ways(void **state)
{
    struct tmpdb *t = *state;
    ok(t, db_exec(t->db, &t->err,
                  "insert into thing (id, n, d, t, b, even) values (1, $1, $2, $3, $4, $5)",
                  "Idtbn", NONE, NAN, (const char *)NULL, NULL, (size_t)0));
    assert_int_equal(number(t, "select count(*) from thing where n is null and d is null and t is "
                               "null and b is null and"
                               " even is null"),
                     1);
    struct stmt *s = db_query(t->db, "select n, d, t, b from thing", "");
    assert_true(db_row(s));
    for (int i = 0; i < 4; i++)
        assert_true(db_null(s, i));
    assert_true(db_int(s, 0) == NONE);
    assert_true(isnan(db_num(s, 1)));
    assert_null(db_text(s, 2));
    assert_null(db_blob(s, 3));
    assert_null(db_strdup(s, 2, &t->arena));
    ok(t, db_end(s, &t->err));
    assert_int_equal(number(t, "select id from thing where id = 99"), NONE);       /* no row at all */
}

/* ---- errors ------------------------------------------------------------------------------------------- */

static void errors_wait_for_the_end(void **state)
{
    struct tmpdb *t = *state;
    struct stmt *s = db_query(t->db, "select nothing from nowhere where a = $1", "i", INT64_C(1));
    assert_false(db_row(s));
    assert_false(db_row(s));
    assert_int_equal(db_columns(s), 0);
    refused(t, db_end(s, &t->err), ST_FAILED, "db.error");
    s = db_query(t->db, "select nothing from nowhere where a = $1", "i", INT64_C(1));
    assert_int_equal(db_end(s, NULL), ST_FAILED);
    assert_int_equal(number(t, "select 1"), 1);
}

static void a_unique_clash_names_the_column(void **state)
{
    struct tmpdb *t = *state;
    tmpdb_run(t, "insert into thing (id, n) values (1, 7)");
    refused(t, db_exec(t->db, &t->err, "insert into thing (id, n) values (2, $1)", "i", INT64_C(7)),
            ST_CONFLICT, "db.unique");
    assert_int_equal(db_changes(t->db), 0);
    struct err e = { 0 };
    assert_int_equal(db_exec(t->db, &e, "insert into thing (id, n) values (1, 8)", ""), ST_CONFLICT);
    assert_true(db_is_unique(&e));
    assert_string_equal(e.param[0], "thing.id");
    assert_int_equal(db_exec(t->db, &e, "insert into thing (id, n) values (3, 7)", ""), ST_CONFLICT);
    assert_true(db_is_unique(&e));
    assert_string_equal(e.param[0], "thing.n");
}

static void other_constraints_are_another_code(void **state)
{
    static const char *const bad[] = {
        "insert into thing (id, even) values (1, 3)",
        "insert into meta (key, value) values ('x', null)",
        "insert into thing (id, n) values (1, 5x)",
        "update branch set parent_id = 4711 where id = 2",
        "insert into thing (id, n) values (1, 'no number')",
    };
    struct tmpdb *t = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = { 0 };
        enum status st = db_exec(t->db, &e, bad[i], "");
        assert_false(db_is_unique(&e));
        if (i == 2)
            assert_string_equal(e.code, "db.error");        /* no constraint: 5x is no SQL */
        else
            assert_string_equal(e.code, "db.constraint");
        assert_int_equal(st, i == 2 ? ST_FAILED : ST_CONFLICT);
    }
    assert_int_equal(number(t, "select count(*) from thing"), 0);
}

static void changed_rows_are_counted(void **state)
{
    struct tmpdb *t = *state;
    tmpdb_run(t, "insert into thing (id, n) values (1, 1), (2, 2), (3, 3)");
    ok(t, db_exec(t->db, &t->err, "update thing set d = 1 where n >= $1", "i", INT64_C(2)));
    assert_int_equal(db_changes(t->db), 2);
    ok(t, db_exec(t->db, &t->err, "delete from thing where n > $1", "i", INT64_C(9)));
    assert_int_equal(db_changes(t->db), 0);
    struct stmt *s = db_query(t->db, "delete from thing", "");
    assert_false(db_row(s));
    assert_int_equal(db_last_changes(t->db), 3);
    ok(t, db_end(s, &t->err));
}

/* ---- transactions ------------------------------------------------------------------------------------- */

static void inner_transactions_roll_back_alone(void **state)
{
    struct tmpdb *t = *state;
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (1)");
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (2)");
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (3)");
    db_rollback(t->db);
    assert_true(db_in_tx(t->db));
    ok(t, db_commit(t->db, &t->err));
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (4)");
    db_rollback(t->db);
    ok(t, db_commit(t->db, &t->err));
    assert_false(db_in_tx(t->db));
    assert_string_equal(raw_text(t->path, "select group_concat(id) from thing", &t->arena), "1,2");
}

static void the_outer_takes_the_inner_with_it(void **state)
{
    struct tmpdb *t = *state;
    ok(t, db_begin(t->db, &t->err));
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (1)");
    ok(t, db_commit(t->db, &t->err));
    assert_int_equal(number(t, "select count(*) from thing"), 1);
    /* others: not yet */
    assert_string_equal(raw_text(t->path, "select count(*) from thing", &t->arena), "0");
    db_rollback(t->db);
    assert_int_equal(number(t, "select count(*) from thing"), 0);
}

static void series_go_back_with_their_transaction(void **state)
{
    struct tmpdb *t = *state;
    ok(t, db_begin(t->db, &t->err));
    assert_int_equal(db_next(t->db, "lead_no"), 1);
    assert_int_equal(db_next(t->db, "lead_no"), 2);
    assert_int_equal(db_next(t->db, "other"), 1);
    ok(t, db_begin(t->db, &t->err));
    assert_int_equal(db_next(t->db, "lead_no"), 3);
    assert_int_equal(db_next(t->db, "inner only"), 1);
    db_rollback(t->db);
    assert_int_equal(db_next(t->db, "lead_no"), 3);         /* no gap */
    assert_int_equal(db_next(t->db, "inner only"), 1);
    ok(t, db_begin(t->db, &t->err));
    assert_int_equal(db_next(t->db, "lead_no"), 4);
    ok(t, db_commit(t->db, &t->err));
    assert_int_equal(db_next(t->db, "lead_no"), 5);
    ok(t, db_commit(t->db, &t->err));

    ok(t, db_begin(t->db, &t->err));
    assert_int_equal(db_next(t->db, "lead_no"), 6);
    db_rollback(t->db);
    ok(t, db_begin(t->db, &t->err));
    assert_int_equal(db_next(t->db, "lead_no"), 6);
    ok(t, db_commit(t->db, &t->err));
    assert_string_equal(
        raw_text(t->path, "select value from counter where name = 'lead_no'", &t->arena), "6");
}

static void a_series_that_can_not_be_read_does_not_begin_anew(void **state)
{
    struct tmpdb *t = *state;
    ok(t, db_begin(t->db, &t->err));
    for (int i = 0; i < 5; i++)
        db_next(t->db, "lead_no");
    ok(t, db_commit(t->db, &t->err));
    ok(t, db_begin(t->db, &t->err));
    ok(t, db_script(t->db, "alter table counter rename to away", &t->err));
    db_next(t->db, "lead_no");
    ok(t, db_script(t->db, "alter table away rename to counter", &t->err));
    refused(t, db_commit(t->db, &t->err), ST_FAILED, "db.error");
    assert_false(db_in_tx(t->db));
    assert_string_equal(
        raw_text(t->path, "select value from counter where name = 'lead_no'", &t->arena), "5");
    ok(t, db_begin(t->db, &t->err));
    assert_int_equal(db_next(t->db, "lead_no"), 6);
    ok(t, db_commit(t->db, &t->err));
}

/* A series that another connection moved on is read anew in the next transaction. */
static void series_follow_the_other_writers(void **state)
{
    struct tmpdb *t = *state;
    struct db *other;
    ok(t, db_open(&other, t->path, 0, &t->err));
    for (int64_t i = 1; i <= 6; i++) {
        struct db *db = i % 2 ? t->db : other;
        ok(t, db_begin(db, &t->err));
        assert_int_equal(db_next(db, "lead_no"), i);
        ok(t, db_commit(db, &t->err));
    }
    db_close(other);
}

static void ids_are_never_below_the_clock(void **state)
{
    struct tmpdb *t = *state;
    clock_set(INT64_C(1000));                               /* the settable clock has no say */
    ok(t, db_begin(t->db, &t->err));
    int64_t last = 0, floor = clock_real() << 20;
    for (int i = 0; i < 10000; i++) {
        int64_t id = db_new_id(t->db);
        assert_true(id > last && id >= floor);
        last = id;
    }
    ok(t, db_commit(t->db, &t->err));
    clock_set(NONE);
    assert_true(last <= (clock_real() << 20) + 10000);
}

/* A machine whose clock was ahead by a year made the last ids; now the clock is right again. */
static void ids_rise_when_the_clock_was_set_back(void **state)
{
    struct tmpdb *t = *state;
    int64_t ahead = (clock_real() + INT64_C(365) * CLOCK_DAY) << 20;
    ok(t, db_exec(t->db, &t->err, "insert into counter (name, value) values ('id', $1)", "i", ahead));
    ok(t, db_begin(t->db, &t->err));
    assert_true(db_new_id(t->db) == ahead + 1);
    assert_true(db_new_id(t->db) == ahead + 2);
    ok(t, db_commit(t->db, &t->err));
    ok(t, db_begin(t->db, &t->err));
    assert_true(db_new_id(t->db) == ahead + 3);
    db_rollback(t->db);
}

/* A reference that is checked at COMMIT and fails there: nothing stays, and the next may write. */
static void a_refused_commit_leaves_nothing(void **state)
{
    struct tmpdb *t = *state;
    ok(t, db_begin(t->db, &t->err));
    ok(t, db_script(t->db, "pragma defer_foreign_keys = on", &t->err));
    tmpdb_run(t, "insert into thing (id) values (1)");
    tmpdb_run(t, "update branch set parent_id = 4711 where id = 2");
    refused(t, db_commit(t->db, &t->err), ST_CONFLICT, "db.constraint");
    assert_false(db_in_tx(t->db));
    assert_int_equal(number(t, "select count(*) from thing"), 0);
    struct db *other;
    ok(t, db_open(&other, t->path, 0, &t->err));
    ok(t, db_begin(other, &t->err));
    ok(t, db_exec(other, &t->err, "insert into thing (id) values (2)", ""));
    ok(t, db_commit(other, &t->err));
    db_close(other);
    assert_int_equal(number(t, "select count(*) from thing"), 1);
}

/* A full disk ends the whole transaction, however deep. What its owner still does in it must not be
 * written alone. */
static void a_full_disk_leaves_nothing(void **state)
{
    struct tmpdb *t = *state;
    char sql[64];
    snprintf(sql, sizeof sql, "pragma max_page_count = %d", (int)number(t, "pragma page_count") + 20);
    ok(t, db_script(t->db, sql, &t->err));
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (1)");
    ok(t, db_begin(t->db, &t->err));
    enum status st = ST_OK;
    for (int i = 0; i < 100 && !st; i++)
        st = db_exec(t->db, &t->err, "insert into thing (b) values (zeroblob(5000))", "");
    refused(t, st, ST_FAILED, "db.disk_full");
    refused(t, db_exec(t->db, &t->err, "insert into thing (id) values (2)", ""), ST_FAILED, "db.disk_full");
    db_rollback(t->db);
    refused(t, db_exec(t->db, &t->err, "insert into thing (id) values (3)", ""), ST_FAILED, "db.disk_full");
    refused(t, db_begin(t->db, &t->err), ST_FAILED, "db.disk_full");
    refused(t, db_commit(t->db, &t->err), ST_FAILED, "db.disk_full");
    assert_false(db_in_tx(t->db));
    assert_string_equal(raw_text(t->path, "select count(*) from thing", &t->arena), "0");

    ok(t, db_script(t->db, "pragma max_page_count = 1000000", &t->err));
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (9)");
    ok(t, db_commit(t->db, &t->err));
    assert_string_equal(raw_text(t->path, "select group_concat(id) from thing", &t->arena), "9");
}

/* Somebody did not hear that it had ended: he can't close what he opened as if it stood, and holds up
 * nobody afterwards. */
static void what_a_full_disk_ended_can_not_be_committed(void **state)
{
    struct tmpdb *t = *state;
    struct db *other;
    char sql[64];
    snprintf(sql, sizeof sql, "pragma max_page_count = %d", (int)number(t, "pragma page_count") + 20);
    ok(t, db_script(t->db, sql, &t->err));
    ok(t, db_begin(t->db, &t->err));
    ok(t, db_begin(t->db, &t->err));
    for (int i = 0; i < 100; i++)
        db_exec(t->db, NULL, "insert into thing (b) values (zeroblob(5000))", "");
    refused(t, db_commit(t->db, &t->err), ST_FAILED, "db.disk_full");
    assert_true(db_in_tx(t->db));
    db_rollback(t->db);
    assert_false(db_in_tx(t->db));
    ok(t, db_open(&other, t->path, 0, &t->err));
    ok(t, db_begin(other, &t->err));
    ok(t, db_exec(other, &t->err, "insert into thing (id) values (1)", ""));
    ok(t, db_commit(other, &t->err));
    db_close(other);
}

static void one_snapshot_for_several_reads(void **state)
{
    struct tmpdb *t = *state;
    ok(t, db_begin_read(t->db, &t->err));
    assert_int_equal(number(t, "select count(*) from thing"), 0);
    raw_run(t->path, "insert into thing (id) values (1)");
    assert_int_equal(number(t, "select count(*) from thing"), 0);
    db_end_read(t->db);
    assert_int_equal(number(t, "select count(*) from thing"), 1);
}

static void another_s_commit_changes_the_data_version(void **state)
{
    struct tmpdb *t = *state;
    int64_t v = db_data_version(t->db);
    tmpdb_run(t, "insert into thing (id) values (1)");
    assert_int_equal(db_data_version(t->db), v);
    raw_run(t->path, "insert into thing (id) values (2)");
    assert_int_not_equal(db_data_version(t->db), v);
}

/* ---- cancelling --------------------------------------------------------------------------------------- */

static void *set_flag(void *flag)
{
    atomic_store((atomic_bool *)flag, true);
    return NULL;
}

static void a_long_read_is_cancelled_from_another_thread(void **state)
{
    struct tmpdb *t = *state;
    for (int i = 0; i < 3; i++) {
        atomic_bool flag = false;
        pthread_t thread;
        db_set_cancel(t->db, &flag);
        struct stmt *s = db_query(t->db, "select 0 union all select * from (" BIG ")", "");
        assert_true(db_row(s));                             /* it runs */
        assert_int_equal(pthread_create(&thread, NULL, set_flag, &flag), 0);
        assert_false(db_row(s));
        pthread_join(thread, NULL);
        refused(t, db_end(s, &t->err), ST_CANCELLED, "cancelled");
        db_set_cancel(t->db, NULL);
        assert_int_equal(number(t, "select count(*) from branch"), BRANCHES);
    }
}

static void a_write_is_never_interrupted(void **state)
{
    struct tmpdb *t = *state;
    atomic_bool flag = true;
    db_set_cancel(t->db, &flag);
    ok(t, db_begin(t->db, &t->err));
    ok(t, db_exec(t->db, &t->err,
                  "with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)"
                  " insert into thing (n) select i from n",
                  ""));
    assert_int_equal(number(t, "select count(*) from thing, thing x where thing.n = x.n"), 20000);
    ok(t, db_commit(t->db, &t->err));
    int64_t v;
    refused(t, db_get_int(t->db, &t->err, &v, BIG, ""), ST_CANCELLED, "cancelled");
    db_set_cancel(t->db, NULL);
    assert_int_equal(number(t, "select count(*) from thing"), 20000);
}

static void a_read_ends_at_its_limit_and_a_write_does_not(void **state)
{
    struct tmpdb *t = *state;
    int64_t v;
    db_set_limit(t->db, 1);
    refused(t, db_get_int(t->db, &t->err, &v, BIG, ""), ST_FAILED, "read.too_slow");
    db_set_limit(t->db, 1001);
    assert_int_equal(db_get_int(t->db, &t->err, &v, BIG, ""), ST_FAILED);
    assert_string_equal(t->err.param[0], "2");              /* seconds, begun ones too */
    refused(t, t->err.status, ST_FAILED, "read.too_slow");
    ok(t, db_begin(t->db, &t->err));                        /* the time is up already */
    ok(t, db_exec(t->db, &t->err,
                  "with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)"
                  " insert into thing (n) select i from n",
                  ""));
    ok(t, db_commit(t->db, &t->err));
    /* who was cancelled is told so, past the limit too */
    atomic_bool flag = true;
    db_set_cancel(t->db, &flag);
    refused(t, db_get_int(t->db, &t->err, &v, BIG, ""), ST_CANCELLED, "cancelled");
    db_set_cancel(t->db, NULL);
    db_set_limit(t->db, 0);
    assert_int_equal(number(t, "select count(*) from thing"), 20000);
}

static bool scans(struct tmpdb *t, const char *sql, const char *alias)
{
    struct sql q;
    bool all;
    sql_init(&q, &t->arena);
    sql_add(&q, sql);
    sql_int(&q, 7);
    ok(t, db_scans(t->db, &q, alias, &all, &t->err));
    sql_release(&q);
    return all;
}

static void a_plan_says_whether_all_rows_are_looked_at(void **state)
{
    struct tmpdb *t = *state;
    assert_true(scans(t, "select 1 from branch t where t.level = ", "t"));
    assert_true(scans(t, "select count(*) from branch t where 0 < ", "t"));
    assert_false(scans(t, "select 1 from branch t where t.id = ", "t"));
    assert_false(scans(t, "select 1 from branch t where t.code_key = ", "t"));
    assert_false(scans(t, "select 1 from branch tt where tt.level = ", "t"));
}

/* ---- opening ------------------------------------------------------------------------------------------ */

static void it_is_set_up_to_survive_a_power_cut(void **state)
{
    struct tmpdb *t = *state;
    static const struct { const char *pragma; int64_t value;
    } want[] = {
        { "pragma synchronous", 2 /* full */ },
        { "pragma foreign_keys", 1 },
        { "pragma mmap_size", 0 },
        { "pragma cell_size_check", 1 },
        { "pragma trusted_schema", 0 },
        { "pragma application_id", 0x476f6e67 },
        { "pragma query_only", 0 },
    };
    struct stmt *s = db_query(t->db, "pragma journal_mode", "");
    assert_true(db_row(s));
    assert_string_equal(db_text(s, 0), "wal");
    ok(t, db_end(s, &t->err));
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(number(t, want[i].pragma), want[i].value);
}

/* A process has one such folder, the first database's: this test comes first. */
static void big_sorts_spill_beside_the_first_database(void **state)
{
    struct tmpdb *t = *state;
    struct stat st;
    assert_int_equal(stat(arena_printf(&t->arena, "%s-tmp-%u", t->path, (unsigned)geteuid()), &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(st.st_mode & 0777, 0700);
}

static void limits_hold(void **state)
{
    struct tmpdb *t = *state;
    char sql[200];
    snprintf(sql, sizeof sql, "attach '%s' as other", tmpdb_path(t, "other.db"));
    assert_int_equal(db_exec(t->db, &t->err, sql, ""), ST_FAILED);
    assert_int_equal(access(tmpdb_path(t, "other.db"), F_OK), -1);
    assert_int_equal(db_exec(t->db, &t->err, "select load_extension('x')", ""), ST_FAILED);
    assert_int_equal(db_exec(t->db, &t->err, "select \"no such column\"", ""), ST_FAILED);
    db_script(t->db, "pragma writable_schema = on", NULL);
    assert_int_equal(db_exec(t->db, &t->err, "update sqlite_master set sql = 'x'", ""), ST_FAILED);
    refused(t, db_exec(t->db, &t->err, "insert into thing (b) values (zeroblob(20000000))", ""),
            ST_INVALID, "db.too_big");

    enum { MUCH = 1100000 };            /* bytes of a statement */
    char *text = arena_alloc(&t->arena, MUCH);
    memset(text, ' ', MUCH - 1);
    memcpy(text, "select 1", 8);
    text[MUCH - 1] = 0;
    assert_int_not_equal(db_exec(t->db, &t->err, text, ""), ST_OK);
    snprintf(text, MUCH, "select 1");
    for (int i = 0; i < 1200; i++)      /* deeper than any condition is */
        memcpy(text + 8 + 2 * i, "+1", 3);
    assert_int_not_equal(db_exec(t->db, &t->err, text, ""), ST_OK);
}

static void a_reading_connection_writes_nothing(void **state)
{
    struct tmpdb *t = *state;
    struct db *reader;
    ok(t, db_open(&reader, t->path, DB_READ, &t->err));
    assert_int_equal(db_exec(reader, &t->err, "insert into thing (id) values (1)", ""), ST_FAILED);
    assert_string_equal(t->err.code, "db.read_only");
    db_script(reader, "pragma query_only = off", NULL);     /* nor when asked to */
    assert_int_equal(db_exec(reader, &t->err, "insert into thing (id) values (1)", ""), ST_FAILED);
    refused(t, db_begin(reader, &t->err), ST_FAILED, "db.read_only");
    assert_false(db_in_tx(reader));
    int64_t n;
    ok(t, db_get_int(reader, &t->err, &n, "select count(*) from branch", ""));
    assert_int_equal(n, BRANCHES);
    tmpdb_run(t, "insert into thing (id) values (2)");
    ok(t, db_get_int(reader, &t->err, &n, "select count(*) from thing", ""));
    assert_int_equal(n, 1);
    db_close(reader);
}

static void does_not_open(struct tmpdb *t, const char *url, unsigned flags, enum status st, const char *code)
{
    struct db *db = NULL;
    refused(t, db_open(&db, url, flags, &t->err), st, code);
    assert_null(db);
}

static void what_is_missing_is_not_made(void **state)
{
    struct tmpdb *t = *state;
    const char *path = tmpdb_path(t, "none.db");
    does_not_open(t, path, 0, ST_NOT_FOUND, "db.missing");
    does_not_open(t, path, DB_READ, ST_NOT_FOUND, "db.missing");
    assert_int_equal(access(path, F_OK), -1);
    does_not_open(t, tmpdb_path(t, "no/folder/t.db"), DB_CREATE, ST_FAILED, "db.cannot_open");
    does_not_open(t, t->dir, DB_CREATE, ST_FAILED, "db.folder");
    does_not_open(t, "postgres://host/db", 0, ST_INVALID, "db.no_postgres");
    struct db *db;
    ok(t, db_open(&db, arena_printf(&t->arena, "sqlite:%s", path), DB_CREATE, &t->err));
    assert_string_equal(db_path(db), path);
    db_close(db);
    assert_int_equal(access(path, F_OK), 0);
}

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static char *read_file(struct tmpdb *t, const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *bytes = arena_alloc(&t->arena, 1 << 20);
    assert_non_null(f);
    *n = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    return bytes;
}

/* Refused, and left as it was: its bytes and the files beside it. */
static void is_left_alone(struct tmpdb *t, const char *path)
{
    const char *sides[] = { "-wal", "-shm", "-lock", "-notify",
                            arena_printf(&t->arena, "-tmp-%u", (unsigned)geteuid()) };
    size_t before, after;
    const char *was = read_file(t, path, &before);
    does_not_open(t, path, 0, ST_FAILED, "db.not_ours");
    does_not_open(t, path, DB_CREATE, ST_FAILED, "db.not_ours");
    does_not_open(t, path, DB_READ, ST_FAILED, "db.not_ours");
    const char *is = read_file(t, path, &after);
    assert_int_equal(before, after);
    assert_memory_equal(was, is, after);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        assert_int_equal(access(arena_printf(&t->arena, "%s%s", path, sides[i]), F_OK), -1);
}

static void files_of_others_are_left_alone(void **state)
{
    struct tmpdb *t = *state;
    const char *path = tmpdb_path(t, "theirs.db");
    write_file(path, "", 0);
    raw_run(path, "create table bookmarks (url text); insert into bookmarks values ('x')");
    is_left_alone(t, path);
    unlink(path);
    write_file(path, "", 0);
    /* empty, and marked */
    raw_run(path, "pragma application_id = 4711; create table x (a); drop table x");
    is_left_alone(t, path);
}

static void what_is_no_database_is_left_alone(void **state)
{
    struct tmpdb *t = *state;
    const char *path = tmpdb_path(t, "notes.txt");
    char text[10000];
    memset(text, 'x', sizeof text);
    write_file(path, text, sizeof text);
    is_left_alone(t, path);
    write_file(path, "hello\n", 6);
    is_left_alone(t, path);
    memcpy(text, "SQLite format 3", 16);
    write_file(path, text, sizeof text);
    is_left_alone(t, path);
}

/* ---- taking turns ------------------------------------------------------------------------------------- */

enum { TURNS = 60, PROCESSES = 4 };

/* Other processes are this program again, with a job and a path: SQLite's connections do not
 * survive fork(). */

static void say_ready(void)
{
    putchar('x');
    fflush(stdout);
}

/* Reads, then writes one more: without turns, counts get lost. */
static int count_up(const char *path)
{
    struct err e = { 0 };
    struct db *db;
    enum status st = db_open(&db, path, 0, &e);
    for (int i = 0; i < TURNS && !st; i++) {
        int64_t n;
        st = db_begin(db, &e);
        if (!st)
            st = db_get_int(db, &e, &n, "select n from thing where id = 1", "");
        if (!st)
            st = db_exec(db, &e, "update thing set n = $1 where id = 1", "i", n + 1);
        if (!st)
            st = db_commit(db, &e);
    }
    db_close(db);
    return (int)st;
}

/* A program that knows nothing of the queue. */
static int write_slowly(const char *path)
{
    sqlite3 *db;
    int rc = sqlite3_open(path, &db);
    rc = rc ? rc : sqlite3_exec(db, "begin immediate; insert into thing (id) values (1)", NULL, NULL, NULL);
    say_ready();
    usleep(100000);             /* while the other waits; nothing depends on how long */
    rc = rc ? rc : sqlite3_exec(db, "commit", NULL, NULL, NULL);
    sqlite3_close(db);
    return rc != SQLITE_OK;
}

static int write_and_stay(const char *path)
{
    struct db *db;
    if (db_open(&db, path, 0, NULL) || db_begin(db, NULL) ||
        db_exec(db, NULL, "insert into thing (id) values (1)", ""))
        return 1;
    say_ready();
    for (;;)
        pause();
}

static const struct child_job jobs[] = {
    { "count", count_up }, { "slowly", write_slowly }, { "stay", write_and_stay },
};

static void writers_take_turns(void **state)
{
    struct tmpdb *t = *state;
    pid_t pids[PROCESSES];
    tmpdb_run(t, "insert into thing (id, n) values (1, 0)");
    for (int i = 0; i < PROCESSES; i++)
        pids[i] = child_start("count", t->path, NULL);
    for (int i = 0; i < PROCESSES; i++)
        child_ended_well(pids[i]);
    assert_int_equal(number(t, "select n from thing"), TURNS * PROCESSES);
}

static void another_program_s_transaction_is_waited_for(void **state)
{
    struct tmpdb *t = *state;
    pid_t pid = child_start_ready("slowly", t->path);
    ok(t, db_begin(t->db, &t->err));
    assert_int_equal(number(t, "select count(*) from thing"), 1);
    tmpdb_run(t, "insert into thing (id) values (2)");
    ok(t, db_commit(t->db, &t->err));
    child_ended_well(pid);
}

/* A writer that is killed leaves neither its change nor its lock. */
static void a_killed_writer_blocks_nobody(void **state)
{
    struct tmpdb *t = *state;
    pid_t pid = child_start_ready("stay", t->path);
    assert_int_equal(kill(pid, SIGKILL), 0);
    ok(t, db_begin(t->db, &t->err));
    tmpdb_run(t, "insert into thing (id) values (2)");
    ok(t, db_commit(t->db, &t->err));
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_string_equal(raw_text(t->path, "select group_concat(id) from thing", &t->arena), "2");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, tmpdb_teardown)

int main(int argc, char **argv)
{
    if (argc == 3)
        return child_run(jobs, sizeof jobs / sizeof *jobs, argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        T(big_sorts_spill_beside_the_first_database),
        T(the_same_text_nests),
        T(more_texts_than_the_cache_holds),
        T(a_kept_statement_follows_the_schema),
        T(parameters_go_by_their_numbers),
        T(again_keeps_the_bindings),
        T(a_null_takes_the_old_value_s_place),
        T(values_come_back_as_they_went),
        T(counted_text_and_bytes),
        T(empty_is_null_both_ways),
        T(errors_wait_for_the_end),
        T(a_unique_clash_names_the_column),
        T(other_constraints_are_another_code),
        T(changed_rows_are_counted),
        T(inner_transactions_roll_back_alone),
        T(the_outer_takes_the_inner_with_it),
        T(series_go_back_with_their_transaction),
        T(series_follow_the_other_writers),
        T(ids_are_never_below_the_clock),
        T(ids_rise_when_the_clock_was_set_back),
        T(a_refused_commit_leaves_nothing),
        T(a_full_disk_leaves_nothing),
        T(what_a_full_disk_ended_can_not_be_committed),
        T(a_series_that_can_not_be_read_does_not_begin_anew),
        T(one_snapshot_for_several_reads),
        T(another_s_commit_changes_the_data_version),
        T(a_long_read_is_cancelled_from_another_thread),
        T(a_write_is_never_interrupted),
        T(a_read_ends_at_its_limit_and_a_write_does_not),
        T(a_plan_says_whether_all_rows_are_looked_at),
        T(it_is_set_up_to_survive_a_power_cut),
        T(limits_hold),
        T(a_reading_connection_writes_nothing),
        T(what_is_missing_is_not_made),
        T(files_of_others_are_left_alone),
        T(what_is_no_database_is_left_alone),
        T(writers_take_turns),
        T(another_program_s_transaction_is_waited_for),
        T(a_killed_writer_blocks_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
