/* test_lock.c - the lock screen over a bank: what it says of passwords that are given elsewhere, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/viewbank.h"

static void after_too_many_wrong_ones_it_says_how_long_to_wait(void **state)
{
    static const struct { const char *lang, *from, *until, *words; } rows[] = {
        { "en", NOW, "2026-11-24 09:02", "Too many wrong passwords. Wait 15 min, then try again." },
        { "zh_CN", "2026-11-24 09:10", "2026-11-24 09:25", "密码错误次数过多。请 15 分钟后再试。" },
    };
    struct screen s;
    (void)state;
    OP(SHEN, "account.password", "password", "Kaffee-2026");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        at(rows[i].from);
        for (int k = 0; k < 5; k++)         /* at another console */
            assert_null(try_op(SHEN, "account.verify", "password", "Kaffee-2025", NULL));
        open_screen(&s, SHEN, "leads", rows[i].lang, 80, 24, "default");
        keys(&s, "L text:Kaffee-2026 Enter");
        shows(&s, rows[i].words);
        assert_true(ui_locked(s.app->ui));
        at(rows[i].until);
        keys(&s, "text:Kaffee-2026 Enter");
        assert_false(ui_locked(s.app->ui));
        close_screen(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(after_too_many_wrong_ones_it_says_how_long_to_wait, open_bank,
                                        close_bank),
    };
    return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
