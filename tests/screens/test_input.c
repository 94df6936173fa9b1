/* What arrives from terminals, on a whole console: pastes, scanners, copies, answers. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tests/screens/sampleterm.h"
#include "tui/clip.h"
#include "tui/uistate.h"

static struct vt *vt;
static struct ui *ui;
static char scanned[SCAN_MOST + 1];

static unsigned on_scan(void *arg, const char *text)
{
    (void)arg;
    snprintf(scanned, sizeof scanned, "%s", text);
    return UI_DONE;
}

static void start(struct ui_options o)
{
    scanned[0] = '\0';
    sample_start(&vt, &ui, &o, 24, 80, SAMPLE_ROWS);
}

static int stop(void **state)
{
    (void)state;
    text_ambiguous(0);
    return sample_stop(&vt, &ui);
}

static void settle(void)
{
    sample_settle(vt, ui);
}

static void feed(const char *bytes)
{
    ui_bytes(ui, bytes, strlen(bytes));
    settle();
}

static void press(const char *keys)
{
    sample_press(vt, ui, keys);
}

/* Turns the loop until the words stand on the screen: for what a timer brings. */
static bool comes(const char *words)
{
    int64_t until = clock_mono() + 5000;

    while (!vt_shows(vt, words) && clock_mono() < until) {
        loop_wait(ui_loop(ui), 10);
        settle();
    }
    return vt_shows(vt, words);
}

static int64_t selected(void)
{
    return sample_table(ui)->sel_id;
}

static void a_forbidden_paste_leaves_no_trace(void **state)
{
    (void)state;
    start((struct ui_options){ .paste = false });
    feed("\033[200~cjjq\r\033[201~");
    assert_int_equal(selected(), 1);
    assert_false(ui->quit);
    assert_true(vt_shows(vt, "Pasting is switched off here"));
    press("f 7");
    feed("\033[200~secret\033[201~typed");
    assert_false(vt_shows(vt, "secret"));
    assert_true(vt_shows(vt, "typed"));
}

static void a_paste_without_a_field_says_so(void **state)
{
    (void)state;
    start((struct ui_options){ .paste = true });
    feed("\033[200~cjjq\r\033[201~");
    assert_int_equal(selected(), 1);
    assert_true(vt_shows(vt, "Text is pasted into fields only"));
    press("f 7");
    feed("\033[200~two words\033[201~");
    assert_true(vt_shows(vt, "two words"));
}

static void a_paste_that_never_ends_does_not_deafen(void **state)
{
    (void)state;
    start((struct ui_options){ .paste = true });
    press("f 7");
    feed("\033[200~half a sentence");
    assert_false(vt_shows(vt, "half a"));
    assert_true(comes("half a sentence"));
    feed(" typed");
    assert_true(vt_shows(vt, "half a sentence typed"));
}

static void a_scanned_code_is_no_row_of_commands(void **state)
{
    (void)state;
    start((struct ui_options){ .scan = true, .scanned = on_scan });
    feed("3jcjjq9012\r\n");
    assert_string_equal(scanned, "3jcjjq9012");
    assert_int_equal(selected(), 1);
    assert_false(ui->quit);
    assert_string_equal(ui_top(ui)->ops->name, "list");
}

/* As a serial line brings it: byte by byte, and the loop turning between. */
static void a_code_may_come_in_pieces(void **state)
{
    static const char code[] = "6901234567892\r";

    (void)state;
    start((struct ui_options){ .scan = true, .scanned = on_scan });
    for (size_t i = 0; code[i]; i++) {
        ui_bytes(ui, code + i, 1);
        loop_wait(ui_loop(ui), 0);
    }
    settle();
    assert_string_equal(scanned, "6901234567892");
    assert_int_equal(selected(), 1);
}

static void a_single_key_comes_by_itself(void **state)
{
    int64_t until = clock_mono() + 5000;

    (void)state;
    start((struct ui_options){ .scan = true, .scanned = on_scan });
    feed("j");
    while (selected() == 1 && clock_mono() < until)
        loop_wait(ui_loop(ui), 10);
    assert_int_equal(selected(), 2);
    feed("j\033[B");                    /* an arrow brings what was held before it */
    assert_int_equal(selected(), 4);
    press("j");                         /* scripts wait for nothing */
    assert_int_equal(selected(), 5);
}

static void a_scanner_fills_the_field_with_the_focus(void **state)
{
    (void)state;
    start((struct ui_options){ .scan = true, .scanned = on_scan });
    press("f 7");
    feed("AB-20260001");
    assert_true(vt_shows(vt, "AB-20260001"));
    assert_string_equal(scanned, "");
    press("scan:ZZ-99");
    assert_true(vt_shows(vt, "ZZ-99"));
}

static void a_dialog_is_not_scanned_away(void **state)
{
    (void)state;
    start((struct ui_options){ .scan = true, .scanned = on_scan });
    press("Down b");
    feed("690123456789\r");
    assert_string_equal(scanned, "");
    assert_true(vt_shows(vt, "Scanned 690123456789; close this window first"));
}

static void without_the_setting_keys_are_keys(void **state)
{
    (void)state;
    start((struct ui_options){ .scanned = on_scan });
    feed("jjjj");
    assert_int_equal(selected(), 5);
}

static void a_copy_goes_to_the_terminal_or_says_why_not(void **state)
{
    (void)state;
    unsetenv("TMUX");
    start((struct ui_options){ .clipboard = true });
    clip_copy(ui, "张三\t13800138000\033]0;x\a");
    settle();
    assert_true(vt_shows(vt, "Copied"));
    assert_string_equal(clip_text(ui), "张三\t13800138000]0;x");
    assert_null(vt_bad(vt));
    stop(state);
    start((struct ui_options){ .clipboard = false });
    clip_copy(ui, "张三");
    settle();
    assert_true(vt_shows(vt, "Copying is switched off here"));
    assert_string_equal(clip_text(ui), "");
}

/* A terminal that draws them in two cells: no line and no sign of one cell is left on the screen. */
static void ambiguous_characters_have_a_certain_width(void **state)
{
    struct buf text = BUF_INIT;
    size_t len;

    (void)state;
    start((struct ui_options){ .ambiguous = 2 });
    sample_rename(ui, 1, "李·“é—Ⅳ”");
    settle();
    assert_true(vt_shows(vt, "李・\"e-〓\""));
    vt_text(vt, &text);
    for (size_t i = 0; i < text.len; i += len) {
        uint32_t c = text_char(text.s + i, text.len - i, &len);

        if (text_shown(c) != c)
            fail_msg("U+%04X is on the screen", (unsigned)c);
    }
    assert_null(strstr(text.s, "─"));
    buf_release(&text);
}

static void the_answer_changes_the_screen(void **state)
{
    (void)state;
    start((struct ui_options){ .ambiguous = 0 });
    sample_rename(ui, 1, "李·四");
    settle();
    assert_true(vt_shows(vt, "李·四"));
    ui->asked = true;                   /* a terminal in memory is not asked */
    ui->asked_y = 1;
    ui->asked_x = 4;
    feed("j\033[2;7Rj");                /* keys typed meanwhile live */
    assert_true(vt_shows(vt, "李・四"));
    assert_int_equal(selected(), 3);
    feed("\033[2;6R");                  /* nobody asked twice */
    assert_true(vt_shows(vt, "李・四"));
}

/* Whatever the terminal's description says of these codes: a vt100's calls some of them F5 to F10. */
static void the_keypad_types_digits_on_every_terminal(void **state)
{
    static const char *const terms[] = { "vt100", "vt220", "xterm", "xterm-256color", "screen",
                                         "tmux-256color", "putty", "putty-256color", "linux", "ansi",
                                         "rxvt-unicode-256color" };

    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        start((struct ui_options){ .term.term = terms[i] });
        press("f 7");
        feed("\033Op\033Oq\033Or\033Os\033Ot\033Ou\033Ov\033Ow\033Ox\033Oy");
        feed("\033On\033Ok\033Om\033Oj\033Oo\033Ol\033OX");
        if (!vt_shows(vt, "0123456789.+-*/+="))
            fail_msg("%s: %s", terms[i], "the keypad types something else");
        stop(state);
    }
}

#define CASE(f) cmocka_unit_test_teardown(f, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_forbidden_paste_leaves_no_trace), CASE(a_paste_without_a_field_says_so),
        CASE(a_paste_that_never_ends_does_not_deafen), CASE(a_scanned_code_is_no_row_of_commands),
        CASE(a_code_may_come_in_pieces), CASE(a_single_key_comes_by_itself),
        CASE(a_scanner_fills_the_field_with_the_focus), CASE(a_dialog_is_not_scanned_away),
        CASE(without_the_setting_keys_are_keys), CASE(a_copy_goes_to_the_terminal_or_says_why_not),
        CASE(ambiguous_characters_have_a_certain_width), CASE(the_answer_changes_the_screen),
        CASE(the_keypad_types_digits_on_every_terminal),
    };

    i18n_init("en");
    unsetenv("NO_COLOR");
    unsetenv("COLORTERM");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
