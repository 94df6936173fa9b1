/* Several consoles on one file: each hears of the others' commits within a second, and sleeps while
 * there are none. Nothing here waits for time to pass: the kernel has queued the event before the
 * writer's call returns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/model/nouns.h"
#include "core/noun/query.h"
#include "tests/contract/bank.h"
#include "tests/unit/tmpdb.h"

/* Another console on the bank's file. */
static struct backend *console(struct bank *k, const char *login)
{
    struct backend_config c = { .url = k->path, .keys_dir = k->keys, .as = login };
    struct backend *b = NULL;
    if (backend_open(&c, &b, &k->e))
        fail_msg("%s %s", k->e.code, k->e.param[0]);
    return b;
}

/* Hears something before ms have passed? */
static bool wakes(struct backend *b, int ms)
{
    struct pollfd p = { .fd = b->watch(b), .events = POLLIN };
    return poll(&p, 1, ms) == 1;
}

/* Does as a console's loop does: sleeps on the descriptor, or as long as changed() says. The
 * milliseconds until it knew; -1 after two seconds. */
static int64_t until_it_knows(struct backend *b)
{
    int64_t start = clock_mono();
    int again = 0;
    while (clock_mono() - start < 2000) {
        if (!wakes(b, again ? again : 2000) && !again)
            break;
        if (b->changed(b, &again))
            return clock_mono() - start;
    }
    return -1;
}

static void knows_within_a_second(struct backend *b)
{
    int64_t ms = until_it_knows(b);
    assert_true(ms >= 0);
    assert_true(ms < 1000);
}

/* Nothing to hear and nothing to look at again. */
static void is_asleep(struct backend *b)
{
    int again = -1;
    assert_false(wakes(b, 0));
    assert_false(b->changed(b, &again));
    assert_int_equal(again, 0);
}

static void new_channel(struct bank *k, const char *code)
{
    bank_do(k, "channel.create",
            bank_text(k, "{\"code\":\"%s\",\"name\":\"%s\",\"active\":true}", code, code));
}

static int64_t channels(struct bank *k, struct backend *b)
{
    struct count out;
    struct call c = { .op = op_find("channel.count") };
    if (backend_call(b, &c, &k->arena, &out, &k->e))
        fail_msg("%s", k->e.code);
    return out.count;
}

/* ---- hearing ------------------------------------------------------------------------------------------ */

static void a_commit_is_heard_by_the_others(void **state)
{
    struct bank *k = *state;
    struct backend *others[3];
    for (int i = 0; i < 3; i++) {
        others[i] = console(k, NULL);
        assert_true(others[i]->watch(others[i]) >= 0);
        is_asleep(others[i]);
    }
    for (int round = 0; round < 3; round++) {
        new_channel(k, bank_text(k, "c%d", round));
        for (int i = 0; i < 3; i++) {
            knows_within_a_second(others[i]);
            assert_int_equal(channels(k, others[i]), 2 + round);
        }
    }
    for (int i = 0; i < 3; i++)
        backend_close(others[i]);
}

/* This program in another process: SQLite's connections do not survive fork(). */
static int far_console(const char *path, const char *keys)
{
    struct backend_config c = { .url = path, .keys_dir = keys };
    struct backend *b;
    struct call call = { .op = op_find("channel.create") };
    struct channel x;
    struct arena a = ARENA_INIT;
    record_empty(&channel_record, &x);
    x.code = x.name = "far";
    x.active = 1;
    void *out = record_new(call.op->out, &a);
    call.in = &x;
    int rc = (int)backend_open(&c, &b, NULL);
    if (!rc) {
        rc = (int)backend_call(b, &call, &a, out, NULL);
        backend_close(b);
    }
    arena_free(&a);
    return rc;
}

static void another_process_is_heard(void **state)
{
    struct bank *k = *state;
    is_asleep(k->b);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/proc/self/exe", "test_watch", k->path, k->keys, (char *)NULL);
        _exit(127);
    }
    knows_within_a_second(k->b);
    int how;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_int_equal(how, 0);
    assert_int_equal(channels(k, k->b), 2);
}

/* A program that knows nothing of us touches no notify file: its commit is seen in the WAL. */
static void plain_sqlite_is_heard(void **state)
{
    struct bank *k = *state;
    is_asleep(k->b);
    raw_run(k->path, "update channel set name = 'Internet'");
    knows_within_a_second(k->b);
    const char *page = bank_do(k, "channel.list", "{}");
    assert_non_null(strstr(page, "Internet"));
}

/* The WAL is emptied and begun anew beneath the watchers. */
static void a_checkpoint_makes_nobody_deaf(void **state)
{
    struct bank *k = *state;
    is_asleep(k->b);
    for (int i = 0; i < 3; i++) {
        raw_run(k->path, "update channel set name = name || '.'");
        knows_within_a_second(k->b);
        raw_run(k->path, "pragma wal_checkpoint(truncate)");
        int again;
        while (wakes(k->b, 0))
            k->b->changed(k->b, &again);
    }
    new_channel(k, "own");                      /* by the watcher itself: others only */
    struct backend *other = console(k, NULL);
    assert_true(other->watch(other) >= 0);
    new_channel(k, "last");
    knows_within_a_second(other);
    backend_close(other);
}

/* The WAL's event comes before the commit can be seen: looks after 1, 2, 4 .. 512 ms, then silence.
 * One's own commit is no news. */
static void looks_back_off_and_end(void **state)
{
    struct bank *k = *state;
    is_asleep(k->b);
    new_channel(k, "own");
    assert_true(wakes(k->b, 0));
    int again;
    for (int want = 1; want <= 512; want *= 2) {
        assert_false(k->b->changed(k->b, &again));
        assert_int_equal(again, want);
    }
    assert_false(k->b->changed(k->b, &again));
    assert_int_equal(again, 0);
    is_asleep(k->b);
}

static void news_end_the_looking(void **state)
{
    struct bank *k = *state;
    struct backend *other = console(k, NULL);
    is_asleep(other);
    new_channel(k, "a");
    int again = -1;
    assert_true(wakes(other, 0));
    while (!other->changed(other, &again))
        assert_true(again > 0);
    assert_int_equal(again, 0);
    is_asleep(other);
    backend_close(other);
}

static void reading_wakes_nobody(void **state)
{
    struct bank *k = *state;
    struct backend *other = console(k, NULL);
    is_asleep(other);
    for (int i = 0; i < 20; i++) {
        bank_do(k, "lead.list", "{}");
        bank_do(k, "channel.count", "{}");
    }
    struct backend *third = console(k, NULL);  /* comes and goes */
    channels(k, third);
    backend_close(third);
    is_asleep(other);
    backend_close(other);
}

/* ---- what others change under us ---------------------------------------------------------------------- */

static enum status count_channels(struct bank *k, struct backend *b)
{
    struct count out;
    struct call c = { .op = op_find("channel.count") };
    err_clear(&k->e);
    return backend_call(b, &c, &k->arena, &out, &k->e);
}

/* A newer program has migrated the file: this one leaves, and does not come back to it. */
static void an_old_console_leaves_a_migrated_file(void **state)
{
    struct bank *k = *state;
    assert_int_equal(count_channels(k, k->b), ST_OK);
    const char *leads = bank_sql(k, "select count(*) || ' ' || (select count(*) from audit) from lead");
    raw_run(k->path, "pragma user_version = 900");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(count_channels(k, k->b), ST_FAILED);
        assert_string_equal(k->e.code, "db.migrated");
        assert_null(bank_call(k, "lead.create", "{\"name\":\"x\",\"branch\":\"N1\"}"));
        assert_string_equal(k->e.code, "db.migrated");
    }
    assert_string_equal(
        bank_sql(k, "select count(*) || ' ' || (select count(*) from audit) from lead"), leads);
    struct backend_config c = { .url = k->path, .keys_dir = k->keys };
    struct backend *b = NULL;
    assert_int_equal(backend_open(&c, &b, &k->e), ST_FAILED);
    assert_string_equal(k->e.code, "db.newer");
    assert_null(b);
}

static void change(struct bank *k, const char *noun, const char *code, const char *more)
{
    const char *id = bank_sql(k, bank_text(k, "select id from %s where code = '%s'", noun, code));
    bank_do(k, bank_text(k, "%s.change", noun), bank_text(k, "{\"id\":\"%s\",%s}", id, more));
}

/* An account that is switched off is out at its next call, and at all that follow, until it is on again. */
static void an_account_switched_off_is_out(void **state)
{
    struct bank *k = *state;
    struct backend *b = console(k, "101");
    assert_int_equal(count_channels(k, b), ST_OK);
    change(k, "account", "101", "\"active\":false");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(count_channels(k, b), ST_DENIED);
        assert_string_equal(k->e.code, "actor.inactive");
    }
    change(k, "account", "101", "\"active\":true");
    assert_int_equal(count_channels(k, b), ST_OK);
    backend_close(b);
}

static void who_has_left_is_out(void **state)
{
    struct bank *k = *state;
    struct backend *b = console(k, "101");
    assert_int_equal(count_channels(k, b), ST_OK);
    change(k, "employee", "101", "\"status\":\"left\"");
    for (int i = 0; i < 3; i++)
        assert_int_equal(count_channels(k, b), ST_DENIED);
    backend_close(b);
}

static int64_t leads_seen(struct bank *k, struct backend *b)
{
    struct count out;
    struct call c = { .op = op_find("lead.count") };
    if (backend_call(b, &c, &k->arena, &out, &k->e))
        fail_msg("%s", k->e.code);
    return out.count;
}

/* Who moves, or whose branch gets outlets, sees by the new tree at once. */
static void scope_follows_the_tree(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"A\",\"branch\":\"N1\",\"owner\":\"101\"}");
    bank_do(k, "lead.create", "{\"name\":\"B\",\"branch\":\"N2\",\"owner\":\"201\"}");
    bank_do(k, "lead.create", "{\"name\":\"C\",\"branch\":\"N2\",\"owner\":\"201\"}");
    struct backend *staff = console(k, "101"), *above = console(k, "300");
    assert_int_equal(leads_seen(k, staff), 1);
    assert_int_equal(leads_seen(k, above), 3);
    change(k, "employee", "101", "\"branch\":\"N2\"");
    assert_int_equal(leads_seen(k, staff), 2);
    bank_do(k, "branch.create",
            "{\"code\":\"N3\",\"name\":\"North 3\",\"parent\":\"N\",\"level\":\"outlet\"}");
    bank_do(k, "lead.create", "{\"name\":\"D\",\"branch\":\"N3\",\"owner\":\"300\"}");
    assert_int_equal(leads_seen(k, above), 4);
    change(k, "branch", "N2", "\"parent\":\"S\"");
    assert_int_equal(leads_seen(k, above), 2);
    backend_close(staff);
    backend_close(above);
}

/* Codes and names are kept by each connection: what another changed is read anew. */
static void a_name_changed_elsewhere_is_shown(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create",
            "{\"name\":\"王芳\",\"phone\":\"13800000001\",\"branch\":\"N1\",\"channel\":\"web\"}");
    assert_non_null(strstr(bank_do(k, "lead.list", "{}"), "\"channel_name\":\"Web\""));
    raw_run(k->path, "update channel set name = '官网', name_key = '官网'");
    assert_non_null(strstr(bank_do(k, "lead.list", "{}"), "\"channel_name\":\"官网\""));
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(int argc, char **argv)
{
    if (argc == 3)
        return far_console(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        T(a_commit_is_heard_by_the_others),
        T(another_process_is_heard),
        T(plain_sqlite_is_heard),
        T(a_checkpoint_makes_nobody_deaf),
        T(looks_back_off_and_end),
        T(news_end_the_looking),
        T(reading_wakes_nobody),
        T(an_old_console_leaves_a_migrated_file),
        T(an_account_switched_off_is_out),
        T(who_has_left_is_out),
        T(scope_follows_the_tree),
        T(a_name_changed_elsewhere_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
