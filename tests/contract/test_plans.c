/* test_plans.c - what people look at all day is stepped through an index: no scan of a table, no
 * temporary sort. Every statement of the page, the look-up and my due list is caught as SQLite gets
 * it, and its EXPLAIN QUERY PLAN read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/contract/bank.h"

enum { CAUGHT_MOST = 200 };

static char *caught[CAUGHT_MOST];
static int ncaught;
static bool catching;

static int on_statement(unsigned kind, void *arg, void *st, void *text)
{
    (void)kind, (void)arg, (void)text;
    const char *sql = sqlite3_sql(st);
    if (!catching || !sql || strncmp(sql, "select", 6) || ncaught == CAUGHT_MOST)
        return 0;
    for (int i = 0; i < ncaught; i++)
        if (strcmp(caught[i], sql) == 0)
            return 0;
    caught[ncaught++] = strdup(sql);
    return 0;
}

/* Called by SQLite for every connection that is opened from now on. */
static int watch(sqlite3 *db, char **error, const void *api)
{
    (void)error, (void)api;
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, on_statement, NULL);
    return SQLITE_OK;
}

static void forget(void)
{
    while (ncaught)
        free(caught[--ncaught]);
}

/* A branch, and for each of its people ten leads: some in the pool, some owned, some with a next date. */
static int setup(void **state)
{
    sqlite3_auto_extension((void (*)(void))watch);
    if (bank_setup(state))
        return -1;
    struct bank *k = *state;
    for (int i = 0; i < 40; i++) {
        static const char *const owners[] = { "101", "102", "201", "400" };
        bank_do(
            k, "lead.create",
            i % 2 ? bank_text(k, "{\"name\":\"N%d\",\"phone\":\"138000000%02d\",\"branch\":\"N1\"}",
                              i, i)
                  : bank_text(k, "{\"name\":\"N%d\",\"branch\":\"N2\",\"owner\":\"%s\"}", i,
                              owners[i / 2 % 4]));
    }
    return 0;
}

static int teardown(void **state)
{
    int rc = bank_teardown(state);
    sqlite3_reset_auto_extension();
    forget();
    return rc;
}

/* The plan of one statement; true if it is free of scans and sorts. */
static bool good_plan(sqlite3 *db, const char *sql)
{
    char *explain = sqlite3_mprintf("explain query plan %s", sql);
    sqlite3_stmt *st;
    bool good = true;
    assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(st, 3);
        bool bad = strncmp(step, "SCAN", 4) == 0 || strstr(step, "TEMP B-TREE");
        if (bad)
            print_message("%s\n    in: %.300s\n", step, sql);
        good = good && !bad;
    }
    sqlite3_finalize(st);
    sqlite3_free(explain);
    return good;
}

static void check_plans(struct bank *k, const char *login, const char *json)
{
    sqlite3 *db;
    bool good = true, asked = false;
    bank_as(k, login);
    forget();
    catching = true;
    const char *page = bank_do(k, "lead.list", json);
    const char *next = bank_get(k, page, "next");
    if (*next)                          /* the second page has the cursor in its statements */
        bank_do(k, "lead.list", bank_text(k, "%.*s,\"cursor\":\"%s\"}", (int)strlen(json) - 1, json, next));
    catching = false;
    assert_int_equal(sqlite3_open_v2(k->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (int i = 0; i < ncaught; i++) {
        asked = asked || strstr(caught[i], " lead t");
        /* the definitions of custom fields: a table of a few rows, no list */
        if (!strstr(caught[i], "from custom_field"))
            good = good_plan(db, caught[i]) && good;
    }
    sqlite3_close(db);
    assert_true(asked);
    if (!good)
        fail_msg("%s as %s", json, login ? login : "owner");
}

static void for_all(struct bank *k, const char *json)
{
    static const char *const logins[] = { NULL, "300", "101", "audit" };
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++)
        check_plans(k, logins[i], json);
}

static void page_is_stepped(void **state)
{
    for_all(*state, "{\"limit\":5}");
    for_all(*state, "{\"limit\":5,\"sort\":\"-left_at\"}");
    for_all(*state, "{\"limit\":5,\"columns\":\"no,name,phone,owner,stage,left_at\"}");
}

static void look_up_is_by_index(void **state)
{
    for_all(*state, "{\"limit\":40,\"where\":\"phone = 13800000003\"}");
    for_all(*state, "{\"limit\":40,\"where\":\"external_id = X7\"}");
}

static void due_list_is_stepped(void **state)
{
    check_plans(*state, "101", "{\"limit\":3,\"where\":\"owner = me\"}");
    check_plans(*state, "300", "{\"limit\":3,\"where\":\"owner = 101\"}");
}

static void pool_is_stepped(void **state)
{
    for_all(*state, "{\"limit\":3,\"where\":\"pool = default\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_is_stepped),
        cmocka_unit_test(look_up_is_by_index),
        cmocka_unit_test(due_list_is_stepped),
        cmocka_unit_test(pool_is_stepped),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
