/* The place in a list that a caller keeps says nothing of its row, and opens for the list it was made for,
 * unchanged, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "tests/contract/bank.h"

enum { ROWS = 7, CURSOR_ROOM = 4000 };

static void fill(struct bank *k)
{
    static const char *const names[ROWS] = { "王芳", "欧阳小明", "Li", "赵钱孙李周吴郑王", "王芳", "Anna Smith", "金" };
    for (int i = 0; i < ROWS; i++)
        bank_do(k, "lead.create",
                bank_text(k, "{\"name\":\"%s\",\"phone\":\"1380013800%d\",\"branch\":\"N1\"}", names[i], i));
}

static const char *page(struct bank *k, const char *op, const char *members, const char *cursor)
{
    return bank_call(k, op, cursor ? bank_text(k, "{\"limit\":2%s,\"cursor\":\"%s\"}", members, cursor)
                                   : bank_text(k, "{\"limit\":2%s}", members));
}

/* The place after the first two. */
static const char *first_next(struct bank *k, const char *op, const char *members)
{
    const char *reply = page(k, op, members, NULL);
    if (!reply)
        fail_msg("%s %s: %s", op, members, k->e.code);
    const char *next = bank_get(k, reply, "next");
    assert_true(*next);
    return next;
}

static void refused(struct bank *k, const char *op, const char *members, const char *cursor)
{
    if (page(k, op, members, cursor))
        fail_msg("%s %s took %s", op, members, cursor);
    assert_string_equal(k->e.code, "list.cursor");
    assert_string_equal(k->e.field, "cursor");
    assert_int_equal(k->e.status, ST_INVALID);
}

static size_t decoded(const char *cursor, unsigned char out[CURSOR_ROOM])
{
    size_t n = 0;
    assert_int_equal(sodium_base642bin(out, CURSOR_ROOM, cursor, strlen(cursor), NULL, &n, NULL,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING), 0);
    return n;
}

static bool holds(const unsigned char *box, size_t n, const char *s)
{
    return memmem(box, n, s, strlen(s)) != NULL;
}

#define BY_NAME ",\"sort\":\"name,-score\""

/* ---- what it says -------------------------------------------------------------------------------------- */

static void it_says_nothing_of_its_row(void **state)
{
    static const char *const logins[] = { NULL, "101", "300" };
    struct bank *k = *state;
    fill(k);
    for (size_t who = 0; who < sizeof logins / sizeof *logins; who++) {
        const char *cursor = NULL;
        size_t length = 0;
        bank_as(k, logins[who]);
        for (int i = 0; i < ROWS - 1; i++) {
            const char *more = cursor ? bank_text(k, ",\"cursor\":\"%s\"", cursor) : "";
            const char *reply =
                bank_do(k, "lead.list", bank_text(k, "{\"sort\":\"name\",\"limit\":1%s}", more));
            unsigned char box[CURSOR_ROOM];
            cursor = bank_get(k, reply, "next");
            size_t n = decoded(cursor, box);
            assert_true(length == 0 || n == length);        /* names of 1 to 8 characters look alike */
            length = n;
            const char *name = bank_sql(k, bank_text(k, "select name from lead order by name_key, id limit 1 "
                                                     "offset %d", i)),
                       *row = bank_sql(k, bank_text(k, "select id from lead order by name_key, id limit 1 "
                                                    "offset %d", i));
            assert_false(holds(box, n, name));
            assert_false(holds(box, n, row));
            assert_null(strstr(cursor, row));
        }
    }
}

/* Equal questions have equal answers: what keeps an answer for others, or its tag, can rely on it. */
static void the_same_place_has_the_same_cursor(void **state)
{
    struct bank *k = *state;
    fill(k);
    const char *one = first_next(k, "lead.list", BY_NAME);
    assert_string_equal(one, first_next(k, "lead.list", BY_NAME));
    assert_string_not_equal(one, first_next(k, "lead.list", ",\"sort\":\"name\""));
}

/* ---- what opens ---------------------------------------------------------------------------------------- */

/* The character that differs in one bit of the six. */
static char other(char c, int bit)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return set[(strchr(set, c) - set) ^ 1 << bit];
}

static void each_changed_character_is_seen(void **state)
{
    struct bank *k = *state;
    fill(k);
    const char *cursor = first_next(k, "lead.list", BY_NAME);
    assert_non_null(page(k, "lead.list", BY_NAME, cursor));
    for (size_t i = 0; cursor[i]; i++) {
        char *forged = arena_strdup(&k->arena, cursor);
        forged[i] = other(cursor[i], (int)(i % 6));
        refused(k, "lead.list", BY_NAME, forged);
    }
}

static void a_cut_or_longer_one_is_refused(void **state)
{
    struct bank *k = *state;
    fill(k);
    const char *cursor = first_next(k, "lead.list", BY_NAME);
    for (size_t n = strlen(cursor) - 1; n; n--)
        refused(k, "lead.list", BY_NAME, arena_strndup(&k->arena, cursor, n));
    refused(k, "lead.list", BY_NAME, bank_text(k, "%sA", cursor));
    refused(k, "lead.list", BY_NAME, bank_text(k, "%s=", cursor));
    refused(k, "lead.list", BY_NAME, bank_text(k, "%s ", cursor));
    refused(k, "lead.list", BY_NAME, bank_text(k, " %s", cursor));
    refused(k, "lead.list", BY_NAME, bank_text(k, "%s%s", cursor, cursor));
}

/* Cursors were written so before they were sealed; and other things that someone may try. */
static void what_is_no_cursor_is_refused(void **state)
{
    static const char *const words[] = { "n", "i5|", "t5:ab|3", "n|99999999999999999999", "|||",
                                         "t6:王芳|1795402800000000001", "王芳", "1", "AQ", "AAAA", "../..",
                                         "AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
    static const char *const sorts[] = { ",\"sort\":\"left_at\"", ",\"sort\":\"name,score\"",
                                         ",\"sort\":\"-id\"" };
    struct bank *k = *state;
    fill(k);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (size_t j = 0; j < sizeof sorts / sizeof *sorts; j++)
            refused(k, "lead.list", sorts[j], words[i]);
        const char *id = bank_sql(k, "select min(id) from lead");
        refused(k, "lead.timeline", bank_text(k, ",\"id\":\"%s\"", id), words[i]);
    }
    char *longest = arena_alloc(&k->arena, CURSOR_ROOM + 1);
    memset(longest, 'A', CURSOR_ROOM);
    refused(k, "lead.list", BY_NAME, longest);
}

static void it_opens_for_its_own_list_alone(void **state)
{
    struct bank *k = *state;
    fill(k);
    const char *cursor = first_next(k, "lead.list", BY_NAME ",\"where\":\"name is set\"");
    refused(k, "person.list", ",\"sort\":\"name\"", first_next(k, "lead.list", ",\"sort\":\"name\""));
    refused(k, "lead.list", BY_NAME, cursor);
    refused(k, "lead.list", BY_NAME ",\"where\":\"stage is set\"", cursor);
    refused(k, "lead.list", ",\"sort\":\"-name,-score\",\"where\":\"name is set\"", cursor);
    refused(k, "lead.list", ",\"sort\":\"name\",\"where\":\"name is set\"", cursor);
    refused(k, "lead.list", ",\"where\":\"name is set\"", cursor);
    assert_non_null(page(k, "lead.list", ",\"columns\":\"no\"" BY_NAME ",\"where\":\"name is set\"", cursor));
    /* the noun's own order is the one that it says of itself */
    const char *own = first_next(k, "branch.list", "");
    refused(k, "employee.list", "", own);
    assert_non_null(page(k, "branch.list", "", own));
}

/* ---- the timeline -------------------------------------------------------------------------------------- */

static void a_timeline_goes_on_where_it_was(void **state)
{
    struct bank *k = *state;
    fill(k);
    const char *ids[2] = { bank_sql(k, "select id from lead order by id limit 1"),
                           bank_sql(k, "select id from lead order by id limit 1 offset 1") };
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 2; j++) {
            bank_later(CLOCK_MINUTE);
            assert_non_null(bank_on(k, "lead.change", ids[j], bank_text(k, ",\"score\":%d", 10 + i)));
        }
    const char *of[2] = { bank_text(k, ",\"id\":\"%s\"", ids[0]), bank_text(k, ",\"id\":\"%s\"", ids[1]) };
    const char *whole = bank_do(k, "lead.timeline", bank_text(k, "{\"id\":\"%s\"}", ids[0])), *cursor = NULL;
    const char *at = whole;
    int pages = 0;
    do {
        const char *reply = page(k, "lead.timeline", of[0], cursor);
        assert_non_null(reply);
        for (const char *m = strstr(reply, "\"id\":\""); m; m = strstr(m + 1, "\"id\":\"")) {
            at = strstr(at + 1, "\"id\":\"");
            assert_non_null(at);
            assert_memory_equal(at, m, strlen("\"id\":\"") + 19);
        }
        cursor = bank_get(k, reply, "next");
        pages++;
    } while (*cursor);
    assert_null(strstr(at + 1, "\"id\":\""));
    assert_true(pages >= 3);
    cursor = first_next(k, "lead.timeline", of[0]);
    refused(k, "lead.timeline", of[1], cursor);
    refused(k, "lead.list", "", cursor);
    refused(k, "lead.timeline", of[0], first_next(k, "lead.list", ",\"sort\":\"id\""));
    refused(k, "lead.timeline", of[0], "9223372036854775807");
}

/* ---- the key ------------------------------------------------------------------------------------------- */

static void a_former_key_opens_it_until_it_is_forgotten(void **state)
{
    struct bank *k = *state;
    fill(k);
    const char *cursor = first_next(k, "lead.list", BY_NAME),
               *before = page(k, "lead.list", BY_NAME ",\"columns\":\"no\"", cursor);
    bank_do(k, "key.rotate", "{}");
    const char *after = page(k, "lead.list", BY_NAME ",\"columns\":\"no\"", cursor);
    assert_non_null(after);
    assert_memory_equal(before, after, strcspn(before, "]"));           /* the same rows */
    assert_string_not_equal(bank_get(k, before, "next"), bank_get(k, after, "next"));
    assert_string_not_equal(cursor, first_next(k, "lead.list", BY_NAME));
    bank_do(k, "key.forget", "{\"number\":1}");
    bank_as(k, NULL);                                                   /* a console that began since */
    refused(k, "lead.list", BY_NAME, cursor);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)
    static const struct CMUnitTest tests[] = {
        TEST(it_says_nothing_of_its_row),
        TEST(the_same_place_has_the_same_cursor),
        TEST(each_changed_character_is_seen),
        TEST(a_cut_or_longer_one_is_refused),
        TEST(what_is_no_cursor_is_refused),
        TEST(it_opens_for_its_own_list_alone),
        TEST(a_timeline_goes_on_where_it_was),
        TEST(a_former_key_opens_it_until_it_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
