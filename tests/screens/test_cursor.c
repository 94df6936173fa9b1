/* An input method draws what is being typed at the terminal's own cursor: it must stand, and be seen, where
 * the next letter goes, on every screen that takes letters, and stay there when the screen changes by
 * itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tests/screens/viewbank.h"

/* The cursor is seen, right behind these words. */
static void stands_behind(struct screen *s, const char *script, const char *words)
{
    char before[400];
    const char *row, *at;
    int y, x;
    bool shown;

    vt_cursor(s->vt, &y, &x, &shown);
    row = vt_row(s->vt, y);
    at = strstr(row, words);
    if (!shown || !at)
        fail_msg("%s: the cursor is %s in \"%s\"", script, shown ? "shown" : "hidden", row);
    snprintf(before, sizeof before, "%.*s%s", (int)(at - row), row, words);
    if (text_width(before) != x)
        fail_msg("%s: the cursor is in column %d of \"%s\"", script, x, row);
}

static void the_cursor_is_where_the_next_letter_goes(void **state)
{
    static const struct { const char *view, *script, *words; } rows[] = {
        { "leads", "/ text:年ab", "年ab" },
        { "leads", "/ text:姓名_=_李 Left", "姓名 = " },
        { "leads", ": text:线索", "线索" },
        { "leads", "? text:认领", "认领" },
        { "leads", "n text:1390000", "1390000" },
        { "leads", "n Tab text:李轩", "李轩" },
        { "leads", "Tab f 7 text:想一想", "想一想" },
        { "home", ": text:li", "li" },
    };
    static struct screen s;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int size = 0; size < 2; size++) {
            open_screen(&s, SHEN, rows[i].view, "zh_CN", size ? 120 : 80, size ? 40 : 24, NULL);
            keys(&s, rows[i].script);
            stands_behind(&s, rows[i].script, rows[i].words);
            ui_toast(s.app->ui, TOAST_DONE, "%s", "news");       /* something comes by itself */
            ui_redraw(s.app->ui);
            keys(&s, "");
            stands_behind(&s, rows[i].script, rows[i].words);
            close_screen(&s);
        }
}

/* Where letters are commands it stands on the selected row, for readers that follow it, and is not seen. */
static void elsewhere_it_is_hidden(void **state)
{
    static const char *const scripts[] = { "", "/ Esc", ": Esc", "n Esc", "/ text:a ? Esc Esc" };
    static struct screen s;
    int y, x;
    bool shown;

    (void)state;
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
        keys(&s, scripts[i]);
        vt_cursor(s.vt, &y, &x, &shown);
        if (shown)
            fail_msg("\"%s\": the cursor is seen in \"%s\"", scripts[i], vt_row(s.vt, y));
        close_screen(&s);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_bank, close_bank)

int main(void)
{
    const struct CMUnitTest tests[] = { CASE(the_cursor_is_where_the_next_letter_goes),
                                        CASE(elsewhere_it_is_hidden) };

    i18n_init("zh_CN");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
