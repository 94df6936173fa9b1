/* What the WAL holds is brought home while others write and read, and nobody waits for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "tests/unit/tmpdb.h"

enum { COMMITS = 450, BLOB = 256 << 10 };       /* 112 MiB through the WAL */
enum { WAL_MOST_BYTES = 100 << 20 };

static int64_t wal_bytes(struct tmpdb *t)
{
    struct stat st;
    assert_int_equal(stat(tmpdb_path(t, "t.db-wal"), &st), 0);
    return st.st_size;
}

static void rewrite(struct tmpdb *t, int times)
{
    for (int i = 0; i < times; i++)
        tmpdb_run(t, "update heap set x = randomblob(length(x)), n = n + 1");
}

static void make_heap(struct tmpdb *t)
{
    tmpdb_run(t, "create table heap (x blob, n integer)");
    tmpdb_run(t, "insert into heap values (zeroblob(262144), 0)");
}

static int64_t times(struct tmpdb *t, struct db *db)
{
    int64_t n = -1;
    assert_int_equal(db_get_int(db, &t->err, &n, "select n from heap", ""), ST_OK);
    return n;
}

static void test_wal_stays_small(void **state)
{
    struct tmpdb *t = *state;
    make_heap(t);
    rewrite(t, COMMITS);
    assert_true(wal_bytes(t) < WAL_MOST_BYTES);
    assert_int_equal(times(t, t->db), COMMITS);
}

/* One who reads an old state keeps the WAL: writers go on, and when he is gone it is used again. */
static void test_reader_holds_it_up(void **state)
{
    struct tmpdb *t = *state;
    struct db *reader;
    make_heap(t);
    assert_int_equal(db_open(&reader, t->path, 0, &t->err), ST_OK);
    assert_int_equal(db_begin_read(reader, &t->err), ST_OK);
    assert_int_equal(times(t, reader), 0);
    rewrite(t, COMMITS);
    assert_int_equal(times(t, reader), 0);
    int64_t held = wal_bytes(t);
    assert_true(held > (int64_t)COMMITS * BLOB);
    db_end_read(reader);
    assert_int_equal(times(t, reader), COMMITS);
    rewrite(t, COMMITS);
    assert_true(wal_bytes(t) <= held + (16 << 20));
    assert_int_equal(times(t, reader), 2 * COMMITS);
    db_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_wal_stays_small, tmpdb_setup, tmpdb_teardown),
        cmocka_unit_test_setup_teardown(test_reader_holds_it_up, tmpdb_setup, tmpdb_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
