/* test_viewkeys.c - the console's screens: one meaning for each key, help and palette, what is said
 * of times and money. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "tests/screens/viewbank.h"
#include "views/words.h"

/* ---- keys --------------------------------------------------------------------------------------------- */

/* Every view and dialog of the console, and what it is called there. keys() looks at all actions after each
 * script. */
static void test_keys_have_one_meaning(void **state)
{
    static const struct { const char *who, *view, *script, *top; } at[] = {
        { SHEN, "home", "", "home" },
        { SHEN, "home", "Enter", "lead" },
        { SHEN, "home", "BTab Enter", "ask" },
        { SHEN, "home", "?", "help" },
        { SHEN, "home", ":", "palette" },
        { SHEN, "home", "M", "messages" },
        { SHEN, "home", "n", "sheet" },
        { SHEN, "leads", "", "leads" },
        { SHEN, "leads", "Space", "leads" },
        { SHEN, "leads", "/", "leads" },
        { SHEN, "leads", "/ text:score_>_1 Enter", "leads" },
        { SHEN, "leads", "o", "pick" },
        { SHEN, "leads", "v", "sheet" },
        { SHEN, "leads", "v 1 Enter", "ask" },
        { SHEN, "leads", "v 1 Enter y", "clear" },
        { SHEN, "leads", "e", "explain" },
        { SHEN, "leads", "e /", "leads" },
        { SHEN, "leads", "e c", "form" },
        { SHEN, "leads", "B", "builder" },
        { SHEN, "leads", "B text:score Enter 1", "builder" },
        { SHEN, "leads", "S", "saved-filters" },
        { SHEN, "leads", "C", "columns" },
        { SHEN, "leads", "d", "leads" },
        { SHEN, "leads", "Tab f", "sheet" },
        { SHEN, "leads", "Tab x", "sheet" },
        { SHEN, "leads", "Tab w", "sheet" },
        { SHEN, "leads", "Tab l", "sheet" },
        { SHEN, "leads", "Tab Enter", "lead" },
        { SHEN, "leads", "Tab Enter f", "sheet" },
        { CHIEF, "leads", "a", "pick" },
        { CHIEF, "leads", "i", "sheet" },
        { "runner", "home", "", "home" },
        { "runner", "leads", "", "leads" },
    };
    static struct screen s;
    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        open_screen(&s, at[i].who, at[i].view, "zh_CN", 120, 40, NULL);
        keys(&s, at[i].script);
        if (strcmp(ui_top(s.app->ui)->ops->name, at[i].top) != 0)
            fail_msg("%s, %s: %s", at[i].view, at[i].script, ui_top(s.app->ui)->ops->name);
        close_screen(&s);
    }
}

/* Help says a key only where it works: while a condition is typed, `q` and `:` are letters. */
static void test_help_shows_what_works(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "en", 120, 40, NULL);
    keys(&s, "M");
    shows(&s, "Messages");
    keys(&s, "Esc / F1");
    shows(&s, "Quit");
    shows(&s, "^C");
    shows_not(&s, "q ^C");
    keys(&s, "Esc Esc ?");
    shows(&s, "q ^C");
    close_screen(&s);
}

/* What is not open to somebody says so, and has no rows to come behind the sentence. */
static void test_leads_without_the_right(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, "runner", "leads", "zh_CN", 80, 24, NULL);
    shows(&s, "你没有权限");
    shows_not(&s, "┄┄");
    shows_not(&s, "实时");
    close_screen(&s);
}

/* The palette says why in full, also where the row is short; keys that do nothing are not in the key row. */
static void test_the_palette_says_why(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, ":");
    shows(&s, "还在公海，请先领取");
    shows(&s, "Tab 补全");
    keys(&s, "text:zzz");
    shows(&s, "没有符合的操作");
    shows_not(&s, "Tab 补全");
    keys(&s, "Esc M");
    shows(&s, "还没有消息");
    shows_not(&s, "↓ 较早");
    close_screen(&s);
}

/* A long name takes nothing from the phone beside it, and what init made has words of the language. */
static void test_long_names_leave_the_phone(void **state)
{
    static struct screen s;
    (void)state;
    OP(CHIEF, "lead.create", "name", "古丽巴哈尔·阿卜杜热合曼·买买提艾力·吾斯曼江·阿不力孜",
       "phone", "13712345678", "product", "none", "source_detail", "晚场");
    open_screen(&s, CHIEF, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "/ text:name_contains_古丽巴哈尔 Enter");
    shows(&s, "137****5678");
    shows(&s, "阿不力孜");
    shows(&s, "产品  未定");
    shows(&s, "来源  晚场");
    close_screen(&s);
}

static void test_an_unknown_view_is_a_usage_error(void **state)
{
    struct app_options o = { .backend = views_bank.config, .view = "home" };
    struct app *app = NULL;
    struct err e = { 0 };
    (void)state;
    o.backend.as = SHEN;
    assert_int_equal(app_start(&app, &o, "bogus", true, &e), ST_INVALID);
    assert_string_equal(e.code, "view.unknown");
    assert_string_equal(e.param[0], "bogus");
    assert_string_equal(e.param[1], "home, leads");
    assert_int_equal(app_show(&o, "bogus"), 2);
}

/* ---- words -------------------------------------------------------------------------------------------- */

static void test_words(void **state)
{
    static const struct { int64_t minutes; const char *zh, *en; int ink; } left[] = {
        { -134, "!超 2时14分", "!late 2h 14m", ROLE_BAD | INK_BOLD }, { 0, "!超 0分", "!late 0m",
                                                                     ROLE_BAD | INK_BOLD },
        { 11, "11分", "11m", ROLE_WARN | INK_BOLD },                  { 192, "3时12分", "3h 12m",
                ROLE_WARN | INK_BOLD },
        { 479, "7时59分", "7h 59m", ROLE_WARN | INK_BOLD },           { 480, "8时", "8h", ROLE_TEXT },
        { 485, "8时05分", "8h 05m", ROLE_TEXT },                      { 1440, "1天", "1d", ROLE_TEXT },
        { 1800, "1天6时", "1d 6h", ROLE_TEXT },                       { 2880, "2天", "2d", ROLE_TEXT },
        { 8700, "6天", "6d", ROLE_TEXT },
    };
    static const struct { int64_t fen; const char *zh, *en; } money[] = {
        { 0, "0", "0" },                       { 12345, "123.45", "123.45" },          { 980000, "9,800",
                "9,800" },
        { 30000000, "30万", "300,000" },       { 1234567800, "1234.56万", "12,345,678" }, { 12500000000,
                "1.25亿", "125,000,000" },
        { -30000000, "-30万", "-300,000" },
    };
    char out[WORDS];
    (void)state;
    for (int zh = 0; zh < 2; zh++) {
        i18n_set(zh ? "zh_CN" : "en");
        for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
            int ink = words_left(clock_now() + left[i].minutes * CLOCK_MINUTE, clock_now(), out);
            assert_string_equal(out, zh ? left[i].zh : left[i].en);
            assert_int_equal(ink, left[i].ink);
        }
        for (size_t i = 0; i < sizeof money / sizeof *money; i++) {
            words_money(money[i].fen, out);
            assert_string_equal(out, zh ? money[i].zh : money[i].en);
        }
    }
    words_left(NONE, clock_now(), out);
    assert_string_equal(out, "-");
    words_count(1284, out);
    assert_string_equal(out, "1,284");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_bank, close_bank)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keys_have_one_meaning),
        TEST(test_help_shows_what_works),
        TEST(test_leads_without_the_right),
        TEST(test_the_palette_says_why),
        TEST(test_long_names_leave_the_phone),
        TEST(test_an_unknown_view_is_a_usage_error),
        TEST(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
