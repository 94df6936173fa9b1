/* What a failed call says: status, code, field, parameters; arenas and growing strings, on which
 * all stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

static void fail_fills_the_error(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(fail(&e, ST_CONFLICT, "lead.taken", "L-1", "王芳", NULL), ST_CONFLICT);
    assert_int_equal(e.status, ST_CONFLICT);
    assert_string_equal(e.code, "lead.taken");
    assert_string_equal(e.field, "");
    assert_int_equal(e.nparam, 2);
    assert_string_equal(e.param[0], "L-1");
    assert_string_equal(e.param[1], "王芳");
}

static void fail_field_names_the_field(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(fail_field(&e, ST_INVALID, "phone", "field.required", NULL), ST_INVALID);
    assert_string_equal(e.field, "phone");
    assert_int_equal(e.nparam, 0);
}

static void a_second_failure_forgets_the_first(void **state)
{
    struct err e;

    (void)state;
    fail_field(&e, ST_INVALID, "phone", "field.bad", "a", "b", NULL);
    fail(&e, ST_FAILED, "disk.full", NULL);
    assert_string_equal(e.field, "");
    assert_int_equal(e.nparam, 0);
    assert_string_equal(e.param[0], "");
    err_clear(&e);
    assert_int_equal(e.status, ST_OK);
    assert_string_equal(e.code, "");
}

static void nobody_need_listen(void **state)
{
    (void)state;
    assert_int_equal(fail(NULL, ST_DENIED, "no.right", "x", NULL), ST_DENIED);
    assert_int_equal(fail_field(NULL, ST_INVALID, "a", "b", NULL), ST_INVALID);
}

static void more_than_five_parameters_are_dropped(void **state)
{
    struct err e;

    (void)state;
    fail(&e, ST_FAILED, "x", "1", "2", "3", "4", "5", "6", NULL);
    assert_int_equal(e.nparam, 5);
    assert_string_equal(e.param[4], "5");
}

/* 67 characters of 3 bytes are 201: one too many, and half of it must not stay. */
static void a_long_parameter_is_cut_between_characters(void **state)
{
    struct err e;
    char text[67 * 3 + 1] = "";

    (void)state;
    for (int i = 0; i < 67; i++)
        memcpy(text + i * 3, "银", 4);
    fail(&e, ST_FAILED, "x", text, NULL);
    assert_int_equal(strlen(e.param[0]), 66 * 3);
    assert_memory_equal(e.param[0], text, 66 * 3);
}

static void every_status_has_its_word(void **state)
{
    static const char *const words[] = {
        "ok", "failed", "invalid", "not_found", "conflict", "denied", "unreachable", "cancelled",
    };

    (void)state;
    for (int i = 0; i < 8; i++)
        assert_string_equal(status_name((enum status)i), words[i]);
}

static void arena_memory_is_zeroed_and_aligned(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t n = 0; n < 300; n += 7) {
            unsigned char *p = arena_alloc(&a, n);

            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xA5, n);
        }
        arena_reset(&a);
    }
    arena_free(&a);
    assert_null(a.head);
    assert_non_null(arena_alloc(&a, 10));
    arena_free(&a);
}

static void arena_pieces_do_not_overlap(void **state)
{
    struct arena a = ARENA_INIT;
    char *small[200], *large;

    (void)state;
    for (int i = 0; i < 200; i++) {
        small[i] = arena_alloc(&a, 100);
        memset(small[i], i, 100);
        large = arena_alloc(&a, i % 10 == 0 ? 400000 : 1);
        memset(large, 0xFF, i % 10 == 0 ? 400000 : 1);
    }
    for (int i = 0; i < 200; i++)
        for (int k = 0; k < 100; k++)
            assert_int_equal((unsigned char)small[i][k], i);
    arena_free(&a);
}

static void arena_copies_strings(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    assert_null(arena_strdup(&a, NULL));
    assert_string_equal(arena_strdup(&a, "公海"), "公海");
    assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(&a, "ab", 30), "ab");
    assert_string_equal(arena_printf(&a, "%s-%04d", "x", 42), "x-0042");
    assert_memory_equal(arena_memdup(&a, "a\0b", 3), "a\0b", 3);
    assert_string_equal(arena_memdup(&a, "abc", 2), "ab");
    arena_free(&a);
}

static void arena_arrays_grow_and_keep_their_items(void **state)
{
    struct arena a = ARENA_INIT;
    size_t cap = 0;
    int *v = NULL, *same;

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        v = arena_grow(&a, v, sizeof *v, &cap, i + 1);
        assert_true(cap > i);
        v[i] = (int)i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(v[i], i);
    same = arena_grow(&a, v, sizeof *v, &cap, 10);
    assert_ptr_equal(same, v);
    arena_free(&a);
}

static void buf_grows_and_ends_in_nul(void **state)
{
    struct buf b = BUF_INIT;

    (void)state;
    assert_string_equal(b.s, "");
    for (int i = 0; i < 1000; i++) {
        buf_addc(&b, (char)('a' + i % 26));
        assert_int_equal(b.s[b.len], 0);
    }
    assert_int_equal(b.len, 1000);
    assert_int_equal(b.s[27], 'b');
    buf_cut(&b, 3);
    buf_adds(&b, "DEF");
    buf_add(&b, "\0x", 2);
    assert_int_equal(b.len, 8);
    assert_memory_equal(b.s, "abcDEF\0x", 9);
    buf_clear(&b);
    assert_string_equal(b.s, "");
    buf_release(&b);
    assert_int_equal(b.cap, 0);
    assert_string_equal(b.s, "");
}

static void buf_formats_what_is_longer_than_its_room(void **state)
{
    struct buf b = BUF_INIT;
    char expect[400];

    (void)state;
    memset(expect, '0', sizeof expect);
    expect[399] = '\0';
    buf_addf(&b, "%s", "");
    assert_string_equal(b.s, "");
    buf_adds(&b, "x");
    buf_addf(&b, "%0399d", 0);
    assert_int_equal(b.len, 400);
    assert_string_equal(b.s + 1, expect);
    buf_addf(&b, "%d%%", 7);
    assert_string_equal(b.s + 400, "7%");
    buf_release(&b);
}

static void buf_detach_gives_the_string_away(void **state)
{
    struct buf b = BUF_INIT;
    char *s = buf_detach(&b);

    (void)state;
    assert_string_equal(s, "");
    free(s);
    buf_adds(&b, "mine");
    s = buf_detach(&b);
    assert_string_equal(s, "mine");
    assert_int_equal(b.len, 0);
    buf_adds(&b, "other");
    assert_string_equal(s, "mine");
    free(s);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_fills_the_error),
        cmocka_unit_test(fail_field_names_the_field),
        cmocka_unit_test(a_second_failure_forgets_the_first),
        cmocka_unit_test(nobody_need_listen),
        cmocka_unit_test(more_than_five_parameters_are_dropped),
        cmocka_unit_test(a_long_parameter_is_cut_between_characters),
        cmocka_unit_test(every_status_has_its_word),
        cmocka_unit_test(arena_memory_is_zeroed_and_aligned),
        cmocka_unit_test(arena_pieces_do_not_overlap),
        cmocka_unit_test(arena_copies_strings),
        cmocka_unit_test(arena_arrays_grow_and_keep_their_items),
        cmocka_unit_test(buf_grows_and_ends_in_nul),
        cmocka_unit_test(buf_formats_what_is_longer_than_its_room),
        cmocka_unit_test(buf_detach_gives_the_string_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
