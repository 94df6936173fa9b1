/* What the WAL holds is brought home while others write and read, and nobody waits for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* No thread can be had: the one who writes brings it home himself, and a thread does once there is room. */
static void test_without_a_thread(void **state)
{
    struct tmpdb *t = *state;
    pthread_attr_t usual, huge;
    assert_int_equal(pthread_getattr_default_np(&usual), 0);
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, (size_t)1 << 48);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    make_heap(t);
    rewrite(t, COMMITS);
    assert_int_equal(pthread_setattr_default_np(&usual), 0);
    assert_true(wal_bytes(t) < (16 << 20));
    rewrite(t, COMMITS);
    assert_true(wal_bytes(t) < WAL_MOST_BYTES);
    assert_int_equal(times(t, t->db), 2 * COMMITS);
    pthread_attr_destroy(&huge);
    pthread_attr_destroy(&usual);
}

/* Signals that a thread of this process has blocked, as bits from SIGHUP = 1 on. */
static uint64_t blocked_in(const char *thread)
{
    char path[300], line[200];
    uint64_t bits = 0;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", thread);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "SigBlk:", 7) == 0)
            bits = strtoull(line + 7, NULL, 16);
    if (f)
        fclose(f);
    return bits;
}

static uint64_t bit(int sig)
{
    return UINT64_C(1) << (sig - 1);
}

/* Whoever it may be, it leaves the terminal's signals alone, and its crash is written down. */
static void test_its_thread_hears_of_crashes(void **state)
{
    static const int fatal[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
    static const int others[] = { SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGTSTP };
    struct tmpdb *t = *state;
    struct dirent *entry;
    int threads = 0;
    make_heap(t);
    rewrite(t, 10);
    DIR *d = opendir("/proc/self/task");
    assert_non_null(d);
    while ((entry = readdir(d))) {
        if (*entry->d_name == '.' || atoi(entry->d_name) == (int)getpid())
            continue;
        uint64_t blocked = blocked_in(entry->d_name);
        for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
            assert_false(blocked & bit(fatal[i]));
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            assert_true(blocked & bit(others[i]));
        threads++;
    }
    closedir(d);
    assert_int_equal(threads, 1);
}

/* Commands beside a console that only looks: each goes as soon as it has written, and its thread has hardly
 * begun. */
static void test_one_who_goes_at_once(void **state)
{
    struct tmpdb *t = *state;
    struct stat home;
    int64_t before = 0;
    make_heap(t);
    for (int i = 0; i < 20; i++) {
        struct db *db;
        assert_int_equal(stat(t->path, &home), 0);
        before = home.st_size;
        assert_int_equal(db_open(&db, t->path, 0, &t->err), ST_OK);
        assert_int_equal(db_begin(db, &t->err), ST_OK);
        assert_int_equal(db_exec(db, &t->err, "insert into heap values (zeroblob(1200000), 0)", ""), ST_OK);
        assert_int_equal(db_commit(db, &t->err), ST_OK);
        db_close(db);
        assert_int_equal(stat(t->path, &home), 0);
        assert_true(home.st_size >= before + 1200000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_wal_stays_small, tmpdb_setup, tmpdb_teardown),
        cmocka_unit_test_setup_teardown(test_reader_holds_it_up, tmpdb_setup, tmpdb_teardown),
        cmocka_unit_test_setup_teardown(test_without_a_thread, tmpdb_setup, tmpdb_teardown),
        cmocka_unit_test_setup_teardown(test_its_thread_hears_of_crashes, tmpdb_setup, tmpdb_teardown),
        cmocka_unit_test_setup_teardown(test_one_who_goes_at_once, tmpdb_setup, tmpdb_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
