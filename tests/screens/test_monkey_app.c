/* The console itself under random keys at random sizes: no crash, no odd byte, the screen is what it is
 * held for. SEED and STEPS in the environment: monkey.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/i18n.h"
#include "tests/screens/monkey.h"
#include "tests/screens/viewbank.h"

static void run(const char *view, const char *lang, unsigned seed)
{
    struct screen s;
    struct buf why = BUF_INIT;

    open_screen(&s, SHEN, view, lang, 120, 40, NULL);
    if (!monkey_run(&(struct monkey){ .ui = s.app->ui, .vt = s.vt, .seed = seed, .steps = 10000 }, &why))
        fail_msg("%s: %s", view, why.s);
    buf_release(&why);
    close_screen(&s);
}

static void the_lead_list_bears_any_key(void **state)
{
    (void)state;
    run("leads", "zh_CN", 20261124);
}

static void home_bears_any_key(void **state)
{
    (void)state;
    run("home", "en", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_lead_list_bears_any_key, open_bank, close_bank),
        cmocka_unit_test_setup_teardown(home_bears_any_key, open_bank, close_bank)
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
