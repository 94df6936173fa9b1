/* Properties of random trees: both prints read back as the same tree, and the SQL finds what a
 * plain evaluator, which stands only in the tests, finds. The seed is fixed; LANG_SEED sets another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lang_plain.h"

enum { ROWS = 120, TREES = 1500 };

static struct arena arena = ARENA_INIT;
static struct thing rows[ROWS];
static sqlite3 *db;

static int start(void **state)
{
    (void)state;
    plain_start(20261122, "Asia/Shanghai", 2026, 3, 1);
    db = world_open();
    for (int i = 0; i < ROWS; i++) {
        rows[i] = plain_thing(i + 1);
        world_insert(db, &rows[i]);
    }
    return 0;
}

static int stop(void **state)
{
    (void)state;
    sqlite3_close(db);
    arena_free(&arena);
    plain_stop();
    return 0;
}

/* ---- the properties -------------------------------------------------------------------------- */

static const char *print(const struct cond *c, const char *lang)
{
    struct buf b = BUF_INIT;
    lang_print(c, &world_env, lang, &b);
    const char *s = arena_strdup(&arena, b.s);
    buf_release(&b);
    return s;
}

static void test_prints_read_back(void **state)
{
    (void)state;
    int fit = 0;
    for (int i = 0; i < TREES; i++) {
        const struct cond *c = plain_cond(&arena, 4);
        const char *en = print(c, "en"), *zh = print(c, "zh_CN");
        struct cond *a, *b;
        struct err e;
        if (strlen(en) > LANG_TEXT || strlen(zh) > LANG_TEXT)
            continue;
        fit++;
        if (lang_parse(&arena, en, &world_env, &a, &e) ||
            lang_parse(&arena, zh, &world_env, &b, &e))
            fail_msg("%s (%s, %s): %s\n%s", e.code, e.param[0], e.param[1], en, zh);
        if (!lang_equal(a, c) || !lang_equal(b, c))
            fail_msg("not the same: %s\n%s", en, zh);
        assert_string_equal(print(b, "en"), en);
        assert_string_equal(print(a, "zh_CN"), zh);
        arena_reset(&arena);
    }
    assert_true(fit > TREES / 2);
}

static void test_sql_finds_the_same(void **state)
{
    (void)state;
    int some = 0;
    for (int i = 0; i < TREES; i++) {
        const struct cond *c = plain_cond(&arena, plain_pick(4) ? 3 : 0);
        struct buf want = BUF_INIT;
        for (int r = 0; r < ROWS; r++)
            if (plain_holds(c, &rows[r]))
                buf_addf(&want, "%s%lld", want.len ? " " : "", (long long)rows[r].id);
        const char *got = world_find(db, &world_env, c);
        if (strcmp(got, want.s) != 0)
            fail_msg("%s\nfinds %s\nnot   %s", print(c, "en"), got, want.s);
        some += want.len > 0 && !plain_holds(c, &rows[0]);
        buf_release(&want);
        arena_reset(&arena);
    }
    assert_true(some > TREES / 10);     /* the trees are not all trivial */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prints_read_back),
        cmocka_unit_test(test_sql_finds_the_same),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
