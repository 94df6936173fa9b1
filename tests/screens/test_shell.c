/* The shell around the views as a person meets it: lock, hidden names, F-keys, mouse, watermark, large
 * print, an idle console. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <locale.h>
#include <semaphore.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tests/screens/sampleterm.h"
#include "tui/dialog.h"
#include "tui/dump.h"
#include "tui/keymapfile.h"
#include "tui/uistate.h"

static struct vt *vt;
static struct ui *ui;
static int64_t now;

static void start_in(const char *lang, struct ui_options o, int rows, int cols)
{
    i18n_set(lang);
    now = sample_morning();
    if (o.term.colors == COLORS_AUTO)
        o.term.colors = COLORS_256;
    o.term.mouse = true;
    sample_start(&vt, &ui, &o, rows, cols, SAMPLE_ROWS);
}

static void start_with(struct ui_options o, int rows, int cols)
{
    start_in("en", o, rows, cols);
}

static int stop(void **state)
{
    (void)state;
    return sample_stop(&vt, &ui);
}

static size_t press(const char *keys)
{
    return sample_press(vt, ui, keys);
}

static void pass(int seconds)
{
    now += (int64_t)seconds * CLOCK_SECOND;
    clock_set(now);
    sample_settle(vt, ui);
}

/* Clicks on the first cell of words that the screen shows. */
static void click(const char *words)
{
    char script[40];

    for (int y = 0; y < ui_grid(ui)->h; y++) {
        const char *row = vt_row(vt, y), *at = strstr(row, words);

        if (!at)
            continue;
        char *before = strndup(row, (size_t)(at - row));
        snprintf(script, sizeof script, "click:%d,%d", y, text_width(before));
        free(before);
        press(script);
        return;
    }
    fail_msg("the screen does not show \"%s\"", words);
}

/* --- the lock --------------------------------------------------------------------------------- */

static int tries;

static bool has_password(void *arg)
{
    (void)arg;
    return true;
}

static enum status is_it(void *arg, const char *password, struct err *e)
{
    (void)arg;
    tries++;
    return strcmp(password, "Sesame") ? fail(e, ST_DENIED, "password.wrong", NULL) : ST_OK;
}

static void with_password(void)
{
    tries = 0;
    ui_lock_with(ui, &(struct ui_lock){ .needs = has_password, .check = is_it });
}

static bool shows_data(void)
{
    return vt_shows(vt, "李䶮") || vt_shows(vt, "Pudong");
}

static void a_locked_screen_shows_no_data_and_takes_only_the_password(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    with_password();
    assert_true(shows_data());
    press(": text:ui.lock Enter");
    assert_true(vt_shows(vt, "Locked since 08:47"));
    assert_false(shows_data());
    press("q C-c : ? F1 F10 1 Down Esc");               /* none of these is a key here */
    assert_true(ui_locked(ui));
    assert_false(ui->quit);
    assert_false(shows_data());
    press("text:wrong Enter");
    assert_true(ui_locked(ui));
    assert_true(vt_shows(vt, "That is not the password."));
    assert_false(vt_shows(vt, "wrong"));
    press("text:Sesame");
    assert_false(vt_shows(vt, "Sesame"));
    press("Enter");
    assert_false(ui_locked(ui));
    assert_true(shows_data());
}

static void an_account_without_password_is_told_so(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    press(": text:ui.lock Enter");
    assert_true(vt_shows(vt, "This account has no password: Enter unlocks"));
    press("x");
    assert_true(ui_locked(ui));
    press("Enter");
    assert_false(ui_locked(ui));
}

static void idleness_locks_and_the_key_that_comes_too_late_does_nothing(void **state)
{
    (void)state;
    start_with((struct ui_options){ .lock_after_s = 300 }, 24, 80);
    with_password();
    pass(299);
    assert_false(ui_locked(ui));
    press("Down");                                      /* counts anew from here */
    pass(299);
    assert_false(ui_locked(ui));
    pass(1);
    assert_true(ui_locked(ui));
    assert_false(shows_data());
    press("text:Sesame Enter");
    assert_false(ui_locked(ui));
    /* The machine slept: the first key finds it idle for hours, and neither acts nor is it typed. */
    now += 3 * CLOCK_HOUR;
    clock_set(now);
    ui_input(ui, &(struct input){ .kind = INPUT_KEY, .key = 'q' });
    assert_true(ui_locked(ui));
    assert_false(ui->quit);
    press("text:Sesame Enter");
    assert_false(ui_locked(ui));
}

static void wrong_passwords_have_to_wait(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    with_password();
    press(": text:ui.lock Enter text:a Enter text:b Enter text:c Enter");
    assert_int_equal(tries, 3);
    press("text:Sesame Enter");                         /* within the second */
    assert_int_equal(tries, 3);
    assert_true(ui_locked(ui));
    assert_true(vt_shows(vt, "Wait 1 second"));
    pass(1);
    press("Enter");
    assert_int_equal(tries, 4);
    assert_false(ui_locked(ui));
}

static void messages_wait_behind_the_lock(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    press(": text:ui.lock Enter");
    ui_toast(ui, TOAST_DONE, "%s", "Customer Zhang was imported");
    press("C-l");
    assert_false(vt_shows(vt, "Zhang"));
    assert_true(vt_shows(vt, "1 message waits"));
    press("Enter");
    assert_true(vt_shows(vt, "Customer Zhang was imported"));
}

static void a_dialog_that_opens_meanwhile_stays_behind_the_lock(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    press(": text:ui.lock Enter");
    dialog_tell(ui, "Result", "Customer Zhang was imported", NULL);
    press("C-l");
    assert_false(vt_shows(vt, "Zhang"));
    press("Enter");
    assert_true(vt_shows(vt, "Zhang"));
}

static void a_small_window_is_locked_too(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    with_password();
    press(": text:ui.lock Enter resize:8x30 C-c");
    assert_false(ui->quit);
    press("resize:24x80");
    assert_true(ui_locked(ui));
}

/* --- names, watermark, large print ------------------------------------------------------------ */

static void f9_hides_names_and_the_header_says_so(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    assert_false(ui_blank(ui));
    press("F9");
    assert_true(ui_blank(ui));
    assert_non_null(strstr(vt_row(vt, 0), "names hidden"));
    press("N");
    assert_false(ui_blank(ui));
    assert_null(strstr(vt_row(vt, 0), "names hidden"));
    press("f F9");                                      /* over a dialog, too */
    assert_true(ui_blank(ui));
}

static void the_watermark_stands_in_empty_cells_only(void **state)
{
    struct grid g = { 0 };
    struct surface s;

    (void)state;
    grid_init(&g, 4, 40);
    s = surface_of(&g);
    surface_text(s, 3, 25, ROLE_TEXT, "words here", -1, ALIGN_LEFT);
    surface_text(surface_on(s, ROLE_SELECT), 2, 0, ROLE_TEXT, "", 40, ALIGN_LEFT);
    frame_watermark(s, s, "10203847 PD-07");
    assert_int_equal(g.cells[3 * 40 + 25].c[0], 'w');
    assert_int_equal(g.cells[2 * 40 + 38].c[0], ' ');   /* the bar is no empty row */
    assert_int_equal(g.cells[1 * 40 + 37].c[0], '7');
    assert_int_equal(g.cells[1 * 40 + 37].ink, ROLE_WATERMARK);
    grid_free(&g);
}

/* On a full list it finds room beside the words, and every word is where it was. */
static void the_watermark_changes_no_word(void **state)
{
    char without[40][400];

    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    for (int y = 0; y < 24; y++)
        snprintf(without[y], sizeof without[y], "%s", vt_row(vt, y));
    assert_int_equal(stop(state), 0);
    start_with((struct ui_options){ .watermark = "10203847" }, 24, 80);
    assert_true(vt_shows(vt, "10203847"));
    for (int y = 0; y < 24; y++) {
        char *row = strdup(vt_row(vt, y)), *mark = strstr(row, "10203847");

        if (mark)
            memset(mark, ' ', strlen("10203847"));
        if (strcmp(row, without[y]))
            fail_msg("\"%s\" was \"%s\"", row, without[y]);
        free(row);
    }
    vt_resize(vt, 40, 120);
    press("resize:40x120");                             /* two panes: there is room */
    for (int y = 0, n = 0; y < 40; y++) {
        n += strstr(vt_row(vt, y), "10203847") != NULL;
        if (y == 39)
            assert_int_equal(n, 1);
    }
    press("3");                                         /* nobody's data: no mark */
    assert_false(vt_shows(vt, "10203847"));
}

static void large_print_is_bold_and_has_one_pane(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 40, 120);
    press("F11");
    assert_true(ui_large(ui));
    assert_true(ui_grid(ui)->cells[10 * 120 + 4].ink & INK_BOLD);
    press("P");
    assert_false(ui_large(ui));
}

/* --- F-keys and the mouse --------------------------------------------------------------------- */

static void the_key_bar_names_what_works_and_is_a_row_of_buttons(void **state)
{
    (void)state;
    start_with((struct ui_options){ .keybar = true }, 24, 80);
    assert_non_null(strstr(vt_row(vt, 23), "F1 Help"));
    assert_non_null(strstr(vt_row(vt, 23), "F9 Hide names"));
    assert_null(strstr(vt_row(vt, 23), "F6"));           /* F6 means nothing here */
    assert_non_null(strstr(vt_row(vt, 22), "?"));       /* the key row stays */
    click("F9");
    assert_true(ui_blank(ui));
    press("f");                                         /* over a dialog those that work there */
    assert_null(strstr(vt_row(vt, 23), "F1 Help"));
    assert_non_null(strstr(vt_row(vt, 23), "F9 Hide names"));
}

static void tabs_keys_and_rows_answer_a_click(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    click("? Help");
    assert_true(vt_shows(vt, "Type a few letters"));
    click("Esc Close");
    assert_false(vt_shows(vt, "Type a few letters"));
    click(": Command");
    press("text:ui.blank");
    click("Hide names");
    assert_true(ui_blank(ui));
    assert_int_equal(ui_top(ui)->ops->kind, VIEW_SCREEN);
    click("? Help");
    press("text:ui.blank");
    click("Hide names");
    assert_false(ui_blank(ui));
    press("3");
    assert_string_equal(ui_top(ui)->ops->name, "import");
    click("2 Leads");
    assert_string_equal(ui_top(ui)->ops->name, "list");
}

static void a_click_beside_a_dialog_reaches_nothing(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    press("f");
    assert_int_equal(ui_top(ui)->ops->kind, VIEW_DIALOG);
    press("click:1,1 click:23,2 click:23,30");
    assert_int_equal(ui_top(ui)->ops->kind, VIEW_DIALOG);
}

static void the_mouse_can_be_switched_off(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    press(": text:ui.mouse Enter");
    click("? Help");
    assert_false(vt_shows(vt, "Type a few letters"));
}

/* --- questions -------------------------------------------------------------------------------- */

static int went;

static unsigned go(struct ui *u, void *self)
{
    (void)u;
    (void)self;
    went++;
    return UI_DONE;
}

static void ask(void)
{
    went = 0;
    dialog_ask(ui, &(struct question){ .title = "Return", .text = "Really?", .go_label = "Return it",
                                       .stake = STAKE_CONFIRM, .go = go });
}

static void arrows_choose_and_enter_presses_but_cancel_comes_first(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    ask();
    press("Enter");
    assert_int_equal(went, 0);
    ask();
    press("Right Enter");
    assert_int_equal(went, 1);
    ask();
    press("Right Left Enter");
    assert_int_equal(went, 0);
    ask();
    press("Tab Esc");
    assert_int_equal(went, 0);
    ask();
    press("y");
    assert_int_equal(went, 1);
    ask();
    press("C-l");
    click("Return it");
    assert_int_equal(went, 1);
}

static void the_palette_reaches_other_screens(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    press("3 : text:lead.assign Enter");
    assert_string_equal(ui_screen(ui)->ops->name, "list");
}

/* --- waiting for work ------------------------------------------------------------------------- */

static sem_t may_end;
static int answered;

static void slow_run(struct job *j, void *worker)
{
    (void)j;
    (void)worker;
    sem_wait(&may_end);
}

static unsigned slow_done(struct job *j)
{
    (void)j;
    answered++;
    return UI_REDRAW;
}

static void slow_free(struct job *j)
{
    free(j);
}

static unsigned send_it(struct ui *u, struct view *dialog, struct form *form, void *self)
{
    struct job *j = calloc(1, sizeof *j);

    (void)form;
    (void)self;
    *j = (struct job){ .run = slow_run, .done = slow_done, .free = slow_free, .owner = dialog };
    work_post(ui_work(u), WORK_WRITES, j);
    return UI_DONE;
}

static const struct form_field one_field[] = { { .key = "note", .label = "Note" } };

static void esc_stops_waiting_for_a_long_write_at_once(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    answered = 0;
    sem_init(&may_end, 0, 0);
    dialog_form(ui, &(struct form_dialog){ .title = "Slow", .fields = one_field, .nfields = 1,
                                           .go_label = "Save", .submit = send_it });
    for (const char *p = "hi\r"; *p; p++)
        ui_input(ui, &(struct input){ .kind = INPUT_KEY, .key = *p });
    assert_int_equal(work_outstanding(ui_work(ui)), 1);
    ui_input(ui, &(struct input){ .kind = INPUT_KEY, .key = K_ESC });
    assert_int_equal(ui_top(ui)->ops->kind, VIEW_SCREEN);       /* no question, once is enough */
    ui_paint(ui);
    vt_sync(vt);
    assert_true(vt_shows(vt, "No longer waited for"));
    sem_post(&may_end);
    ui_run_until_idle(ui);
    assert_int_equal(answered, 0);
    sem_destroy(&may_end);
}

/* --- a key table with mistakes ---------------------------------------------------------------- */

static void a_key_table_with_a_mistake_is_said_and_the_console_starts(void **state)
{
    char path[] = "/tmp/gonghai-keys-XXXXXX";
    const char *text = "[global]\nui.blank = C-o\nui.hepl = h\nui.theme = F1\n";
    int fd = mkstemp(path);

    (void)state;
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    start_with((struct ui_options){ .keymap_file = path }, 24, 120);
    unlink(path);
    press("C-o");
    assert_true(ui_blank(ui));
    press("M");
    assert_true(vt_shows(vt, "line 3: there is no action \"ui.hepl\" in [global]"));
    assert_true(vt_shows(vt, "line 4: key F1 would mean both ui.theme and ui.help"));
    press("Esc F1");                                    /* still help */
    assert_true(vt_shows(vt, "Type a few letters"));
}

/* --- looks ------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *lang, *keys;
    int rows, cols;
    struct ui_options o;
} golden[] = {
    { "shell-lock-40x10-zh", "zh_CN", ": text:ui.lock Enter text:abc Enter", 10, 40, { .keybar = false } },
    { "shell-confirm-80x24-zh", "zh_CN", "Down b Right", 24, 80, { .keybar = false } },
    { "shell-confirm-80x24-en-mono", "en", "Down b", 24, 80, { .term.colors = COLORS_NEVER } },
    { "shell-solar-80x24-zh", "zh_CN", "", 24, 80, { .theme = "solar" } }
};

static void the_shell_looks_as_agreed(void **state)
{
    int wrong = 0;

    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        start_in(golden[i].lang, golden[i].o, golden[i].rows, golden[i].cols);
        if (!strcmp(golden[i].lang, "zh_CN") && strcmp(gettext("Help"), "帮助")) {
            stop(state);
            print_message("the Chinese catalogue is not built\n");
            skip();
        }
        with_password();
        press(golden[i].keys);
        wrong += !vt_golden(vt, golden[i].name);
        assert_int_equal(stop(state), 0);
    }
    assert_int_equal(wrong, 0);
}

/* The built-in table knows every action of the toolkit that a person meets, under its section. */
static void the_built_in_table_has_what_the_toolkit_offers(void **state)
{
    static const char *const places[] = { "", "?", "Esc :", "Esc M", "Esc f", "Esc Esc b", "Esc Esc" };

    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct action_list list = { 0 };

        press(places[i]);
        ui_actions(ui, &list);
        for (int s = 0; s < list.n; s++) {
            char section[60];
            const char *from, *to, *at;

            if (!strcmp(list.set[s].scope, "leads") || !strcmp(list.set[s].scope, "views"))
                continue;                               /* the sample's own */
            snprintf(section, sizeof section, "\n[%s]\n", list.set[s].scope);
            from = strstr(keymap_builtin(), section);
            if (!from)
                fail_msg("no section%s", section);
            to = strstr(from + 2, "\n[");
            for (size_t j = 0; j < list.set[s].n; j++) {
                snprintf(section, sizeof section, "\n%s =", list.set[s].rows[j].name);
                at = strstr(from, section);
                if (!at || (to && at > to))
                    fail_msg("[%s] lacks%s", list.set[s].scope, section);
            }
        }
    }
}

static void a_dump_is_in_the_encoding_of_the_locale(void **state)
{
    struct grid g = { 0 };
    struct buf b = BUF_INIT;

    (void)state;
    grid_init(&g, 1, 20);
    surface_text(surface_of(&g), 0, 0, ROLE_TEXT, "公海", -1, ALIGN_LEFT);
    if (!setlocale(LC_CTYPE, "zh_CN.GB18030")) {
        grid_free(&g);
        skip();
    }
    dump_text(&g, &b);
    setlocale(LC_CTYPE, "C.UTF-8");
    assert_string_equal(b.s, "\xb9\xab\xba\xa3\n");
    buf_cut(&b, 0);
    dump_text(&g, &b);
    assert_string_equal(b.s, "公海\n");
    buf_release(&b);
    grid_free(&g);
}

/* --- idle ------------------------------------------------------------------------------------- */

static void an_idle_console_wakes_for_nothing_but_what_is_due(void **state)
{
    (void)state;
    start_with((struct ui_options){ .lock_after_s = 300 }, 24, 80);
    clock_set(NONE);                                    /* the real clock: it moves, nothing else does */
    ui_redraw(ui);
    ui_run_until_idle(ui);
    while (ui->busy_timer)                              /* the spinner of the first page */
        ui_take_bits(ui, loop_wait(ui_loop(ui), -1));
    ui_paint(ui);
    vt_sync(vt);
    assert_true(loop_next(ui_loop(ui)) > 290 * 1000);   /* the lock */
    ui->options.lock_after_s = 0;
    assert_int_equal(ui->wake_timer, 0);
    clock_set(clock_now() + 10 * CLOCK_MINUTE);         /* ten minutes later not a byte was due */
    ui_run_until_idle(ui);
    assert_int_equal(vt_sync(vt), 0);
}

static void a_limit_that_passes_wakes_it(void **state)
{
    (void)state;
    start_with((struct ui_options){ 0 }, 24, 80);
    ui->wake_at = NONE;
    ui_wake_at(ui, now - 5);                            /* passed: nothing more to come */
    assert_true(ui->wake_at == NONE);
    ui_wake_at(ui, now + 5000);
    ui_wake_at(ui, now + 3000);
    ui_wake_at(ui, NONE);
    assert_true(ui->wake_at == now + 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_teardown(f, stop)
        T(a_locked_screen_shows_no_data_and_takes_only_the_password),
        T(an_account_without_password_is_told_so),
        T(idleness_locks_and_the_key_that_comes_too_late_does_nothing),
        T(wrong_passwords_have_to_wait),
        T(messages_wait_behind_the_lock),
        T(a_dialog_that_opens_meanwhile_stays_behind_the_lock),
        T(a_small_window_is_locked_too),
        T(f9_hides_names_and_the_header_says_so),
        T(the_watermark_stands_in_empty_cells_only),
        T(the_watermark_changes_no_word),
        T(large_print_is_bold_and_has_one_pane),
        T(the_key_bar_names_what_works_and_is_a_row_of_buttons),
        T(tabs_keys_and_rows_answer_a_click),
        T(a_click_beside_a_dialog_reaches_nothing),
        T(the_mouse_can_be_switched_off),
        T(arrows_choose_and_enter_presses_but_cancel_comes_first),
        T(the_palette_reaches_other_screens),
        T(esc_stops_waiting_for_a_long_write_at_once),
        T(a_key_table_with_a_mistake_is_said_and_the_console_starts),
        T(the_shell_looks_as_agreed),
        T(the_built_in_table_has_what_the_toolkit_offers),
        T(a_dump_is_in_the_encoding_of_the_locale),
        T(an_idle_console_wakes_for_nothing_but_what_is_due),
        T(a_limit_that_passes_wakes_it)
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
