/* The evaluator over rows: of random trees it says what the SQL finds and what a plain evaluator says
 * that stands only in the tests; many conditions are asked of one scan; and why is told part by part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "lang_plain.h"

enum { ROWS = 120, AT_ONCE = 60, ROUNDS = 25 };

static struct arena arena = ARENA_INIT;
static struct thing rows[ROWS];
static sqlite3 *bare;
static struct db *db;
static char folder[256], path[300];

/* ---- a world that the product's connection has too ------------------------------------------- */

static const char names[] =
    "create table called (id integer primary key, name text, name_key text, name_py text);"
    "insert into called values (1, '张三', '张三', 'zs'), (2, '单丹', '单丹', 'sd dd'),"
    " (3, 'Sam XYZ', 'sam xyz', null), (4, null, null, null), (5, '王五', '王五', 'ww')";

static void fill(uint64_t seed, const char *zone, int year, int month, int day)
{
    struct err e;
    char sql[400];
    plain_start(seed, zone, year, month, day);
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gonghai-eval.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.db", folder);
    bare = world_open();
    for (int i = 0; i < ROWS; i++) {
        rows[i] = plain_thing(i + 1);
        world_insert(bare, &rows[i]);
    }
    assert_int_equal(sqlite3_exec(bare, names, NULL, NULL, NULL), SQLITE_OK);
    snprintf(sql, sizeof sql, "pragma application_id = %d; vacuum into '%s'", 0x476f6e67, path);
    assert_int_equal(sqlite3_exec(bare, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(db_open(&db, path, DB_READ, &e), ST_OK);
}

static void empty(void)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-lock", "-notify" };
    char name[320];
    db_close(db);
    sqlite3_close(bare);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
    plain_stop();
}

static int start(void **state)
{
    (void)state;
    fill(20261122, "Asia/Shanghai", 2026, 3, 1);
    return 0;
}

/* The clocks of Berlin went an hour on in the night before. */
static int start_at_gap(void **state)
{
    (void)state;
    fill(4711, "Europe/Berlin", 2026, 3, 29);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    empty();
    arena_reset(&arena);
    return 0;
}

static const char *print(const struct cond *c)
{
    struct buf b = BUF_INIT;
    lang_print(c, &world_env, "en", &b);
    const char *s = arena_strdup(&arena, b.s ? b.s : "");
    buf_release(&b);
    return s;
}

static struct stmt *rows_of(struct lang_eval *ev, int before)
{
    struct sql columns, q;
    struct err e;
    bool side;
    sql_init(&columns, &arena);
    sql_init(&q, &arena);
    assert_int_equal(lang_eval_columns(ev, "t", &columns, &side, &e), ST_OK);
    sql_add(&q, "select t.id, ");
    if (before == 2)
        sql_add(&q, "'before', ");
    sql_append(&q, &columns);
    sql_add(&q, " from thing t");
    sql_add(&q, side ? " left join thing_x x on x.id = t.id" : "");
    sql_add(&q, " order by t.id");
    struct stmt *s = sql_query(&q, db);
    sql_release(&columns);
    sql_release(&q);
    return s;
}

/* ---- the properties -------------------------------------------------------------------------- */

static bool in_list(const char *list, int64_t id)
{
    char word[32], all[8200];
    snprintf(all, sizeof all, " %s ", list);
    snprintf(word, sizeof word, " %lld ", (long long)id);
    return strstr(all, word) != NULL;
}

/* One scan tells of all conditions what each would find alone. */
static void one_round(int before)
{
    struct lang_eval *ev = NULL;
    const struct cond *conds[AT_ONCE];
    const char *found[AT_ONCE];
    struct err e;
    size_t index;
    for (int i = 0; i < AT_ONCE; i++) {
        conds[i] = plain_cond(&arena, plain_pick(4) ? 3 : 0);
        found[i] = arena_strdup(&arena, world_find(bare, &world_env, conds[i]));
        assert_int_equal(lang_eval_add(&arena, &ev, conds[i], &world_env, &index, &e), ST_OK);
        assert_int_equal(index, i);
    }
    struct stmt *s = rows_of(ev, before);
    int r = 0;
    for (; db_row(s); r++) {
        lang_eval_row(ev, s, before);
        assert_int_equal(db_int(s, 0), rows[r].id);
        for (int i = 0; i < AT_ONCE; i++) {
            bool got = lang_eval_holds(ev, (size_t)i), plain = plain_holds(conds[i], &rows[r]);
            if (got != plain || plain != in_list(found[i], rows[r].id))
                fail_msg("row %d: %s\nthe evaluator says %d, plainly it is %d", r + 1,
                         print(conds[i]), got, plain);
        }
    }
    if (db_end(s, &e))
        fail_msg("%s: %s", e.code, e.param[0]);
    assert_int_equal(r, ROWS);
}

static void test_says_what_sql_finds(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        one_round(1 + i % 2);
        arena_reset(&arena);
    }
}

static bool is_test(const struct cond *c)
{
    return c->kind > COND_NOT;
}

/* Walks the tree beside the lines. */
static size_t check_lines(const struct lang_because *lines, size_t at, const struct cond *c, int depth,
                          const struct thing *t)
{
    const struct lang_because *line = &lines[at++];
    assert_ptr_equal(line->cond, c);
    assert_int_equal(line->depth, depth);
    if (line->holds != plain_holds(c, t))
        fail_msg("row %d: %s: the line says %d", (int)t->id, print(c), line->holds);
    for (size_t i = 0; !is_test(c) && i < c->nkids; i++)
        at = check_lines(lines, at, c->kids[i], depth + 1, t);
    return at;
}

static void test_because_tells_each_part(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round++) {
        struct lang_eval *ev = NULL;
        const struct cond *conds[10];
        struct err e;
        size_t index, n;
        for (int i = 0; i < 10; i++) {
            conds[i] = plain_cond(&arena, 4);
            assert_int_equal(lang_eval_add(&arena, &ev, conds[i], &world_env, &index, &e), ST_OK);
        }
        struct stmt *s = rows_of(ev, 1);
        for (int r = 0; db_row(s); r++) {
            lang_eval_row(ev, s, 1);
            for (int i = 0; r % 7 == 0 && i < 10; i++) {
                struct lang_because *lines;
                lang_eval_because(ev, (size_t)i, &arena, &lines, &n);
                assert_int_equal(check_lines(lines, 0, conds[i], 0, &rows[r]), n);
            }
        }
        assert_int_equal(db_end(s, &e), ST_OK);
        arena_reset(&arena);
    }
}

/* ---- by hand --------------------------------------------------------------------------------- */

static size_t add(struct lang_eval **ev, const char *text)
{
    struct cond *c;
    struct err e;
    size_t index;
    assert_int_equal(lang_parse(&arena, text, &world_env, &c, &e), ST_OK);
    assert_int_equal(lang_eval_add(&arena, ev, c, &world_env, &index, &e), ST_OK);
    return index;
}

static void test_no_condition_holds(void **state)
{
    (void)state;
    struct lang_eval *ev = NULL;
    struct lang_because *lines;
    size_t all = add(&ev, "  "), n;
    struct stmt *s = rows_of(ev, 1);
    assert_true(db_row(s));
    lang_eval_row(ev, s, 1);
    assert_true(lang_eval_holds(ev, all));
    lang_eval_because(ev, all, &arena, &lines, &n);
    assert_int_equal(n, 0);
    db_end(s, NULL);
}

/* Conditions on the same fields share the columns; each custom field makes one more. */
static void test_a_field_is_one_column(void **state)
{
    (void)state;
    struct lang_eval *ev = NULL;
    struct stmt *s;
    for (int i = 0; i < 40; i++)
        add(&ev, "no > 5 and (no < 9 or no is empty) and name = a and not (name contains b)");
    s = rows_of(ev, 1);
    assert_int_equal(db_columns(s), 1 + 2);
    db_end(s, NULL);
    add(&ev, "branch under east or attr.age > 3");
    add(&ev, "not (branch under east) and branch under west");
    s = rows_of(ev, 1);
    assert_int_equal(db_columns(s), 1 + 2 + 3);      /* under east, under west, attr.age */
    db_end(s, NULL);
}

static void test_what_is_wrong_is_refused(void **state)
{
    (void)state;
    struct lang_eval *ev = NULL;
    struct lang_env masked = world_env;
    struct lens lens = { .mask_names = true };
    struct cond *c;
    struct err e;
    size_t index = 99;
    masked.lens = &lens;

    add(&ev, "no = 1");
    assert_int_equal(lang_parse(&arena, "no = 1 and stage = nowhere", &world_env, &c, &e), ST_OK);
    assert_int_equal(lang_eval_add(&arena, &ev, c, &world_env, &index, &e), ST_INVALID);
    assert_string_equal(e.code, "cond.unknown_value");
    assert_int_equal(lang_parse(&arena, "name contains a", &world_env, &c, &e), ST_OK);
    assert_int_equal(lang_eval_add(&arena, &ev, c, &masked, &index, &e), ST_DENIED);
    assert_string_equal(e.code, "cond.masked_equality");
    assert_int_equal(index, 99);
    assert_int_equal(add(&ev, "no = 2"), 1);            /* what was refused left nothing behind */
    struct stmt *s = rows_of(ev, 1);
    assert_int_equal(db_columns(s), 1 + 1);
    db_end(s, NULL);
}

/* One statement holds so many columns and no more: the condition that is one too many is refused when it is
 * added, and those before it go on being asked. */
static void test_there_is_an_end_to_columns(void **state)
{
    (void)state;
    enum { MOST = 1500 };
    struct lang_eval *ev = NULL;
    struct cond *c;
    struct err e;
    size_t index = 0;
    char text[64], last[64] = "";
    for (int i = 0; i < MOST; i++) {
        snprintf(text, sizeof text, "bucket(\"draw %d\") < 50%%", i);
        assert_int_equal(add(&ev, text), i);
    }
    assert_int_equal(lang_parse(&arena, "no = 1", &world_env, &c, &e), ST_OK);
    assert_int_equal(lang_eval_add(&arena, &ev, c, &world_env, &index, &e), ST_INVALID);
    assert_string_equal(e.code, "cond.too_wide");
    assert_string_equal(e.param[0], "1500");
    snprintf(last, sizeof last, "bucket(\"draw %d\") >= 50%%", MOST - 1);
    assert_int_equal(add(&ev, last), MOST);             /* its column is there already */
    struct stmt *s = rows_of(ev, 1);
    assert_int_equal(db_columns(s), 1 + MOST);
    for (int rows_seen = 0; db_row(s); rows_seen++) {
        int64_t id = db_int(s, 0);
        lang_eval_row(ev, s, 1);
        snprintf(text, sizeof text, "draw %d", MOST - 1);
        bool low = lang_bucket(id, text) < LANG_BUCKETS / 2;
        assert_int_equal(lang_eval_holds(ev, MOST - 1), low);
        assert_int_equal(lang_eval_holds(ev, MOST), !low);
    }
    db_end(s, NULL);
}

/* ---- initials -------------------------------------------------------------------------------- */

struct calling { int64_t id; const char *name; };
static const struct field called_fields[] = {
    FIELD_ID(struct calling, id, "id"),
    FIELD_TEXT(struct calling, name, "name", .flags = FIELD_KEYED | FIELD_PINYIN),
};
static const struct record called_record = RECORD(struct calling, "called", called_fields);
static const struct noun called_noun = {
    .name = "called", .plural = "called", .table = "called", .rec = &called_record,
};
static const struct lang_env called_env = { .noun = &called_noun };

/* 单 is read shan as a surname, dan else. */
static void test_initials_find_names(void **state)
{
    static const struct { const char *where, *ids; } want[] = {
        { "name contains zs", "1 " }, { "name contains s", "1 2 3 " }, { "name starts with sd", "2 " },
        { "name starts with dd", "2 " }, { "name starts with d", "2 " }, { "name contains xyz", "3 " },
        { "name starts with yz", "" }, { "not (name contains s)", "4 5 " }, { "name contains ZS", "1 " },
        { "name contains \"d d\"", "" }, { "name matches \"张?\"", "1 " }, { "name contains 三", "1 " },
    };
    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct lang_eval *ev = NULL;
        struct cond *c;
        struct sql q;
        struct err e;
        size_t index;
        bool side;
        struct buf found = BUF_INIT, selected = BUF_INIT;
        assert_int_equal(lang_parse(&arena, want[i].where, &called_env, &c, &e), ST_OK);
        assert_int_equal(lang_eval_add(&arena, &ev, c, &called_env, &index, &e), ST_OK);
        sql_init(&q, &arena);
        sql_add(&q, "select t.id, ");
        assert_int_equal(lang_eval_columns(ev, "t", &q, &side, &e), ST_OK);
        sql_add(&q, ", (");
        assert_int_equal(lang_compile(c, &called_env, "t", &q, &side, &e), ST_OK);
        sql_add(&q, ") from called t order by t.id");
        struct stmt *s = sql_query(&q, db);
        while (db_row(s)) {
            lang_eval_row(ev, s, 1);
            if (lang_eval_holds(ev, 0))
                buf_addf(&found, "%lld ", (long long)db_int(s, 0));
            if (db_int(s, db_columns(s) - 1) == 1)
                buf_addf(&selected, "%lld ", (long long)db_int(s, 0));
        }
        assert_int_equal(db_end(s, &e), ST_OK);
        if (strcmp(found.len ? found.s : "", want[i].ids) != 0)
            fail_msg("%s finds %s", want[i].where, found.s);
        assert_string_equal(selected.len ? selected.s : "", want[i].ids);
        buf_release(&found);
        buf_release(&selected);
        sql_release(&q);
    }
}

static const char *actual_of(struct lang_eval *ev, size_t index)
{
    struct lang_because *lines;
    size_t n;
    lang_eval_because(ev, index, &arena, &lines, &n);
    assert_int_equal(n, 1);
    return lines[0].actual ? lines[0].actual : "";
}

static void test_actual_values(void **state)
{
    (void)state;
    struct lang_eval *ev = NULL;
    size_t id = add(&ev, "id = 1"), phone = add(&ev, "phone = 13800138000"),
           under = add(&ev, "branch under east");
    struct stmt *s = rows_of(ev, 1);
    assert_true(db_row(s) && db_row(s));
    lang_eval_row(ev, s, 1);
    assert_string_equal(actual_of(ev, id), "2");
    assert_string_equal(actual_of(ev, phone), "");      /* what is secret is not told */
    assert_string_equal(actual_of(ev, under), "");
    db_end(s, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_says_what_sql_finds, start, stop),
        cmocka_unit_test_setup_teardown(test_says_what_sql_finds, start_at_gap, stop),
        cmocka_unit_test_setup_teardown(test_because_tells_each_part, start, stop),
        cmocka_unit_test_setup_teardown(test_no_condition_holds, start, stop),
        cmocka_unit_test_setup_teardown(test_a_field_is_one_column, start, stop),
        cmocka_unit_test_setup_teardown(test_what_is_wrong_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_there_is_an_end_to_columns, start, stop),
        cmocka_unit_test_setup_teardown(test_initials_find_names, start, stop),
        cmocka_unit_test_setup_teardown(test_actual_values, start, stop),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
