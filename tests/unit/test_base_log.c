/* The log: each line is JSON, files rotate, processes and threads share one. */
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

static char dir[64], path[96];

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "%s", "/tmp/gonghai-log-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof path, "%s/log", dir);
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    log_close();
    log_request(NULL);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static char *content(const char *name)
{
    struct buf b = BUF_INIT;
    char part[4096];
    FILE *f = fopen(name, "rb");
    size_t n;

    if (!f)
        return NULL;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&b, part, n);
    fclose(f);
    return buf_detach(&b);
}

/* Checks that the file is whole lines of JSON; returns how many. */
static int lines_in(const char *name)
{
    char *all = content(name), *at = all, *end;
    int n = 0;

    for (; all && *at; at = end + 1, n++) {
        struct json *j;

        end = strchr(at, '\n');
        assert_non_null(end);
        assert_int_equal(json_parse(at, (size_t)(end - at), &j, NULL), ST_OK);
        assert_non_null(json_string(json_get(j, "event")));
        json_free(j);
    }
    free(all);
    return n;
}

static void a_line_says_what_happened(void **state)
{
    char *all, when[CLOCK_TEXT];
    int64_t ms;
    bool day_only;
    struct json *j;

    (void)state;
    assert_int_equal(log_open(path, LOG_SIZE, LOG_KEEP, LEVEL_INFO, NULL), ST_OK);
    log_request("r-17");
    log_event(LEVEL_WARN, "db.slow", LOG_TEXT("op", "lead.list"), LOG_INT("ms", 1234),
              LOG_TEXT("none", NULL));
    all = content(path);
    assert_int_equal(json_parse(all, strlen(all), &j, NULL), ST_OK);
    snprintf(when, sizeof when, "%s", json_string(json_get(j, "time")));
    assert_true(clock_parse(when, &ms, &day_only));
    assert_true(llabs(ms - clock_real()) < 60000);
    assert_string_equal(json_string(json_get(j, "level")), "warn");
    assert_string_equal(json_string(json_get(j, "event")), "db.slow");
    assert_string_equal(json_string(json_get(j, "req")), "r-17");
    assert_string_equal(json_string(json_get(j, "op")), "lead.list");
    assert_true(json_number(json_get(j, "ms")) == 1234);
    assert_int_equal(json_type(json_get(j, "none")), JSON_NULL);
    assert_true(json_number(json_get(j, "pid")) == getpid());
    json_free(j);
    free(all);
}

static void an_event_needs_no_fields(void **state)
{
    char *all;

    (void)state;
    log_open(path, LOG_SIZE, LOG_KEEP, LEVEL_INFO, NULL);
    log_event(LEVEL_ERROR, "bare");
    all = content(path);
    assert_non_null(strstr(all, "\"event\":\"bare\""));
    assert_null(strstr(all, "\"req\""));
    free(all);
}

static void lower_levels_are_dropped(void **state)
{
    (void)state;
    log_event(LEVEL_ERROR, "too.early");
    assert_false(log_wants(LEVEL_ERROR));
    log_open(path, LOG_SIZE, LOG_KEEP, LEVEL_WARN, NULL);
    assert_false(log_wants(LEVEL_INFO));
    assert_true(log_wants(LEVEL_WARN));
    log_event(LEVEL_INFO, "no");
    log_event(LEVEL_WARN, "yes");
    log_set_level(LEVEL_DEBUG);
    log_event(LEVEL_DEBUG, "yes");
    assert_int_equal(lines_in(path), 2);
    log_close();
    log_event(LEVEL_ERROR, "too.late");
    assert_int_equal(lines_in(path), 2);
}

/* A value can neither begin a line of its own nor drive the terminal of who reads the log. */
static void values_cannot_forge_lines(void **state)
{
    char *all;

    (void)state;
    log_open(path, LOG_SIZE, LOG_KEEP, LEVEL_INFO, NULL);
    log_event(LEVEL_INFO, "x", LOG_TEXT("path", "a\n{\"event\":\"forged\"}\x1B[2J\xE2\x80\xAE\xFF"));
    assert_int_equal(lines_in(path), 1);
    all = content(path);
    assert_null(strchr(all, 0x1B));
    assert_null(strstr(all, "\xE2\x80\xAE"));
    free(all);
}

static void long_values_are_cut_between_characters(void **state)
{
    struct buf b = BUF_INIT;
    struct json *j;
    char *all;

    (void)state;
    while (b.len < 3000)
        buf_adds(&b, "银");
    log_open(path, LOG_SIZE, LOG_KEEP, LEVEL_INFO, NULL);
    log_event(LEVEL_INFO, "x", LOG_TEXT("v", b.s));
    all = content(path);
    assert_int_equal(json_parse(all, strlen(all), &j, NULL), ST_OK);
    assert_int_equal(strlen(json_string(json_get(j, "v"))), 999);
    json_free(j);
    free(all);
    buf_release(&b);
}

static void full_files_move_up(void **state)
{
    char name[128];
    struct stat st;

    (void)state;
    log_open(path, 1000, 2, LEVEL_INFO, NULL);
    for (int i = 0; i < 100; i++)
        log_event(LEVEL_INFO, "tick", LOG_INT("i", i));
    assert_true(lines_in(path) > 0);
    for (int i = 1; i <= 2; i++) {
        snprintf(name, sizeof name, "%s.%d", path, i);
        assert_true(lines_in(name) > 3);
        assert_int_equal(stat(name, &st), 0);
        assert_true(st.st_size <= 1000);
    }
    snprintf(name, sizeof name, "%s.3", path);
    assert_int_equal(access(name, F_OK), -1);
}

static void write_many(int who)
{
    for (int i = 0; i < 500; i++)
        log_event(LEVEL_INFO, "shared", LOG_INT("who", who), LOG_INT("i", i));
}

static void *write_many_in_thread(void *arg)
{
    log_request("thread");
    write_many(*(int *)arg);
    return NULL;
}

/* Four processes, two threads each, a file that is full every few lines: none is lost or torn. */
static void processes_and_threads_share_a_file(void **state)
{
    char name[128];
    int total = 0;

    (void)state;
    for (int p = 0; p < 4; p++)
        if (fork() == 0) {
            pthread_t thread;

            log_open(path, 20000, 200, LEVEL_INFO, NULL);
            pthread_create(&thread, NULL, write_many_in_thread, &p);
            write_many(p);
            pthread_join(thread, NULL);
            _exit(0);
        }
    for (int p = 0; p < 4; p++) {
        int status;

        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    total = lines_in(path);
    for (int i = 1; i <= 200; i++) {
        snprintf(name, sizeof name, "%s.%d", path, i);
        total += lines_in(name);
    }
    assert_int_equal(total, 4 * 2 * 500);
}

static void a_file_it_cannot_have_is_an_error(void **state)
{
    char name[128];
    struct err e;

    (void)state;
    snprintf(name, sizeof name, "%s/no/log", dir);
    assert_int_equal(log_open(name, LOG_SIZE, 1, LEVEL_INFO, &e), ST_FAILED);
    assert_string_equal(e.code, "log.open");
    assert_string_equal(e.param[0], name);
    assert_string_equal(e.param[1], "No such file or directory");
    assert_false(log_wants(LEVEL_ERROR));
    snprintf(name, sizeof name, "%s/link", dir);
    assert_int_equal(symlink(path, name), 0);
    assert_int_equal(log_open(name, LOG_SIZE, 1, LEVEL_INFO, &e), ST_FAILED);
}

static void others_cannot_read_it(void **state)
{
    struct stat st;

    (void)state;
    log_open(path, LOG_SIZE, 1, LEVEL_INFO, NULL);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0137, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_says_what_happened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_needs_no_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lower_levels_are_dropped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_cannot_forge_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_values_are_cut_between_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(full_files_move_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(processes_and_threads_share_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_it_cannot_have_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(others_cannot_read_it, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
