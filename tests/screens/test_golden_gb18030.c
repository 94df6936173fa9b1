/* test_golden_gb18030.c - how the main screens look on a terminal of GB18030, where ambiguous characters take
 * two cells: pictures in tests/screens/golden/gb18030/. One binary a locale: a process has one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "tests/screens/viewbank.h"

#define LOCALE "zh_CN.gb18030"

static const struct { const char *name, *view, *keys; } screens[] = {
    { "home", "home", "" },
    { "leads", "leads", "" },
    { "lead", "leads", "Tab Down Enter" },
    { "follow-up", "leads", "Tab Down f 7 text:太太一起来定" },
    { "create", "leads", "n text:13800001234 Tab text:许诺" },
    { "help", "leads", "?" },
    { "palette", "leads", ":" },
    { "return-ask", "leads", "Tab x 2 Enter" },
};
static const struct { int cols, rows; } sizes[] = { { 80, 24 }, { 120, 40 } };

static bool looks(const char *name, const char *view, const char *script, int cols, int rows)
{
    static struct screen s;
    struct buf look = BUF_INIT;
    struct err e = { 0 };
    char path[80];
    open_screen(&s, SHEN, view, "zh_CN", cols, rows, NULL);
    keys(&s, script);
    vt_look(s.vt, NULL, &look);
    assert_int_equal(ui_set_theme(s.app->ui, "mono", &e), ST_OK);
    keys(&s, "");
    vt_look(s.vt, "mono", &look);
    close_screen(&s);
    snprintf(path, sizeof path, "gb18030/%s-%dx%d", name, cols, rows);
    bool same = golden_same(path, look.s);
    buf_release(&look);
    return same;
}

static void main_screens_look_as_agreed(void **state)
{
    int wrong = 0;
    (void)state;
    if (strcmp(setlocale(LC_CTYPE, NULL), LOCALE) != 0) {
        print_message("this machine has no locale " LOCALE "\n");
        skip();
    }
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            wrong += !looks(screens[i].name, screens[i].view, screens[i].keys, sizes[k].cols, sizes[k].rows);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(main_screens_look_as_agreed, open_bank, close_bank),
    };
    setenv("LC_ALL", LOCALE, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
