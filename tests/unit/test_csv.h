/* test_csv.h - files for the tests of tables: written where TMPDIR says, gone when the test is. */
#ifndef TESTS_UNIT_TEST_CSV_H
#define TESTS_UNIT_TEST_CSV_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/status.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* A file name in the test's folder; static, the next call overwrites it. */
static inline const char *temp_path(const char *name)
{
    static char path[512];
    const char *dir = getenv("TMPDIR");

    snprintf(path, sizeof path, "%s/gonghai-%ld-%s", dir ? dir : "/tmp", (long)getpid(), name);
    return path;
}

/* Writes n bytes to one file, always the same, and returns its path. */
static inline const char *put_bytes(const void *p, size_t n)
{
    const char *path = temp_path("in.csv");
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    return path;
}

static inline const char *put(const char *text)
{
    return put_bytes(text, strlen(text));
}

static inline int remove_file(void **state)
{
    (void)state;
    unlink(temp_path("in.csv"));
    unlink(temp_path("out.csv"));
    return 0;
}

/* The path of a file of the shared data; skips the test, visibly, where there is none. */
static inline const char *shared(const char *name)
{
    static char path[512];
    const char *dir = getenv("SHARED");

    if (!dir || !*dir) {
        print_message("SHARED names no folder with the large test data\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/data/%s", dir, name);
    return path;
}

/* A whole file. */
static inline struct buf slurp(const char *path)
{
    struct buf b = BUF_INIT;
    char piece[65536];
    FILE *f = fopen(path, "rb");

    if (!f)
        fail_msg("%s can't be read", path);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0; )
        buf_add(&b, piece, n);
    fclose(f);
    return b;
}

#endif
