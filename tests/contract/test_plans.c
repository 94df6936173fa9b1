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
static bool catching, sorts;        /* sorts: a sort is no fault */

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
    bank_do(k, "pool.create", "{\"code\":\"PN\",\"name\":\"PN\",\"branch\":\"N\"}");
    for (int i = 0; i < 20; i++)
        bank_do(k, "lead.create", bank_text(k, "{\"name\":\"P%d\",\"branch\":\"%s\",\"pool\":\"%s\"}", i,
                                            i % 2 ? "HQ" : "N1", i % 4 ? "default" : "PN"));
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
        bool bad = strncmp(step, "SCAN", 4) == 0 || (!sorts && strstr(step, "TEMP B-TREE"));
        if (bad)
            print_message("%s\n    in: %.300s\n", step, sql);
        good = good && !bad;
    }
    sqlite3_finalize(st);
    sqlite3_free(explain);
    return good;
}

static bool plan_has(struct bank *k, const char *sql, const char *words)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    bool has = false;
    char *explain = sqlite3_mprintf("explain query plan %s", sql);
    assert_int_equal(sqlite3_open_v2(k->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW)
        has = has || strstr((const char *)sqlite3_column_text(st, 3), words);
    sqlite3_finalize(st);
    sqlite3_free(explain);
    sqlite3_close(db);
    return has;
}

/* What was caught. */
static void check_caught(struct bank *k, const char *login, const char *json)
{
    sqlite3 *db;
    bool good = true, asked = false;
    catching = false;
    assert_int_equal(sqlite3_open_v2(k->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (int i = 0; i < ncaught; i++) {
        asked = asked || strstr(caught[i], " lead t");
        /* not the definitions of custom fields, a table of a few rows, nor the look whether rows are few */
        if (!strstr(caught[i], "from custom_field") && !strstr(caught[i], ") few"))
            good = good_plan(db, caught[i]) && good;
    }
    sqlite3_close(db);
    assert_true(asked);
    if (!good)
        fail_msg("%s as %s", json, login ? login : "owner");
}

static void check_plans(struct bank *k, const char *login, const char *json)
{
    bank_as(k, login);
    forget();
    catching = true;
    const char *page = bank_do(k, "lead.list", json);
    const char *next = bank_get(k, page, "next");
    for (int back = 0; *next && back < 2; back++)       /* these have the cursor in their statements */
        bank_do(k, "lead.list", bank_text(k, "%.*s,\"cursor\":\"%s\"%s}", (int)strlen(json) - 1, json, next,
                                          back ? ",\"back\":true" : ""));
    check_caught(k, login, json);
}

static void check_count(struct bank *k, const char *login, const char *json)
{
    bank_as(k, login);
    forget();
    catching = true;
    bank_do(k, "lead.count", json);
    check_caught(k, login, json);
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
    sorts = true;                       /* of a pair of old leads at most: see row_external() */
    for_all(*state, "{\"limit\":40,\"where\":\"external_id = X7\"}");
    sorts = false;
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

/* The branches by their index, the pools above by theirs: the one that has all that is asked of it. */
static void counts_are_by_index(void **state)
{
    static const char *const logins[] = { "300", "101", "400" };
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        check_count(*state, logins[i], "{}");
        check_count(*state, logins[i], "{\"where\":\"stage = new\"}");
        check_count(*state, logins[i], "{\"where\":\"score > 5\"}");
    }
    check_count(*state, "101", "{}");
    bool covered = false;
    for (int i = 0; i < ncaught; i++)
        covered = covered || (strstr(caught[i], "pool_id in (") &&
                              plan_has(*state, caught[i], "COVERING INDEX lead_pool_left"));
    assert_true(covered);
}

/* A condition is tried on each row that the order gives, from every branch and pool. */
static void conditions_leave_the_order(void **state)
{
    struct bank *k = *state;
    bank_as(k, NULL);
    for (int i = 0; i < 2100; i++)      /* past what is sorted */
        bank_sql(k, bank_text(k, "insert into lead (id, version, created_at, updated_at, no, branch_id,"
                                 " product_id, stage_id, open, received_at, received_how, pool_id)"
                                 " select %d, 1, 1, 1, %d, l.branch_id, l.product_id, l.stage_id, 1, 1,"
                                 " 'create', q.id from lead l, pool q where l.no = 1 and q.code = 'default'",
                              1000 + i, 1000 + i));
    for_all(k, "{\"limit\":5,\"where\":\"stage = new\"}");
    for_all(k, "{\"limit\":5,\"where\":\"score > 5 or intent = high\"}");
    for_all(k, "{\"limit\":5,\"where\":\"stage = new\",\"sort\":\"-left_at\"}");
}

/* No index has the leads of branches and pools by id: those of a small scope are found by both. */
static void few_are_found_by_their_scope(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    forget();
    catching = true;
    bank_do(k, "lead.list", "{\"limit\":5,\"sort\":\"id\"}");
    bank_do(k, "lead.list", "{\"limit\":5,\"sort\":\"-score\"}");
    catching = false;
    int found = 0;
    for (int i = 0; i < ncaught; i++)
        found += strstr(caught[i], "order by") && strstr(caught[i], " lead t") &&
                 plan_has(k, caught[i], "MULTI-INDEX OR");
    assert_int_equal(found, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_is_stepped),
        cmocka_unit_test(look_up_is_by_index),
        cmocka_unit_test(due_list_is_stepped),
        cmocka_unit_test(pool_is_stepped),
        cmocka_unit_test(counts_are_by_index),
        cmocka_unit_test(few_are_found_by_their_scope),
        cmocka_unit_test(conditions_leave_the_order),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
