/* A whole morning's work with digits, arrows, Enter and F-keys only: no letter is typed, not even to say
 * yes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/screens/viewbank.h"

/* Plays a script that has nothing but such keys in it. */
static void plain(struct screen *s, const char *script)
{
    static const char *const allowed[] = { "Up", "Down", "Left", "Right", "Enter", "Space", "Tab",
                                           "BTab", "Esc",
                                           "Backspace", "Home", "End", "PgUp", "PgDn" };
    const char *p = script + strspn(script, " ");
    while (*p) {
        size_t n = strcspn(p, " "), i = 0;
        char *end;
        bool digit = n == 1 && *p >= '0' && *p <= '9';
        bool f = *p == 'F' && strtol(p + 1, &end, 10) > 0 && end == p + n;
        while (i < sizeof allowed / sizeof *allowed && (strlen(allowed[i]) != n || strncmp(allowed[i], p,
                                                                                           n) != 0))
            i++;
        if (!digit && !f && i == sizeof allowed / sizeof *allowed)
            fail_msg("a letter: %.*s in %s", (int)n, p, script);
        p += n;
        p += strspn(p, " ");
    }
    keys(s, script);
}

/* 赵婉君 stands first: she is overdue. */
static void call_back_who_is_overdue(struct screen *s)
{
    plain(s, "1");
    shows(s, "赵婉君");
    plain(s, "Enter");                  /* the lead, whole */
    shows(s, "138****1234");
    plain(s, "F3 7 Enter");             /* interested */
    assert_int_equal(count(SHEN, "name = 赵婉君 and last_follow_up_at is set"), 1);
    plain(s, "Esc");
}

static void take_two_from_the_pool(struct screen *s)
{
    plain(s, "2 Space Space F2");
    assert_int_equal(count(SHEN, "owner = me and open = yes"), 6);
}

/* The second was a mistake: the command menu takes it back by its words' place, the form asks by digits. */
static void give_one_back(struct screen *s)
{
    plain(s, "F5 Tab Home");
    int64_t had = count(SHEN, "owner = me and open = yes");
    plain(s, "F7 3 Enter");
    shows(s, "退回");
    plain(s, "Enter");                  /* Cancel is in hand */
    assert_int_equal(count(SHEN, "owner = me and open = yes"), had);
    plain(s, "Enter Right Enter");
    assert_int_equal(count(SHEN, "owner = me and open = yes"), had - 1);
}

/* Somebody calls: a new lead, known by his number, without a letter. */
static void write_down_who_calls(struct screen *s)
{
    plain(s, "F10 2 0 2 0 Enter");
    shows(s, "新建线索");
    plain(s, "1 3 6 1 2 3 4 5 6 7 8 Tab Tab 2 1 1 2 Enter");
    assert_int_equal(count(SHEN, "phone = 13612345678 and owner = me and product = loan"), 1);
}

static void look_up_the_number(struct screen *s)
{
    plain(s, "2 F5 Home F10 2 0 3 7 Enter 1 Enter Right Enter");
    shows(s, "20 秒");
    plain(s, "Enter");
}

static void win_one(struct screen *s)
{
    plain(s, "F10 2 0 3 5 Enter");
    plain(s, "3 0 0 0 0 0 Enter");
    shows(s, "成交");
    assert_int_equal(count(SHEN, "stage = won and amount = 300000"), 1);
}

static void lose_one(struct screen *s)
{
    plain(s, "F5 Home F10 2 0 3 6 Enter 1 Enter Right Enter");
    assert_int_equal(count(SHEN, "stage = lost"), 1);
}

static void a_morning(int cols, int rows)
{
    static struct screen s;
    open_screen(&s, SHEN, "home", "zh_CN", cols, rows, NULL);
    call_back_who_is_overdue(&s);
    take_two_from_the_pool(&s);
    give_one_back(&s);
    write_down_who_calls(&s);
    look_up_the_number(&s);
    win_one(&s);
    lose_one(&s);
    plain(&s, "1");
    shows(&s, "消息");
    plain(&s, "F1");                    /* and help is where it always is */
    shows(&s, "f F3");
    plain(&s, "Esc");
    close_screen(&s);
}

static void test_a_morning_at_120x40(void **state)
{
    (void)state;
    a_morning(120, 40);
}

static void test_a_morning_at_80x24(void **state)
{
    (void)state;
    a_morning(80, 24);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_bank, close_bank)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_a_morning_at_120x40), TEST(test_a_morning_at_80x24) };
    return cmocka_run_group_tests_name("morning", tests, NULL, NULL);
}
