/* The console in a locale of another encoding: GB18030, in which lines, dots and stars take two cells.
 *
 * What a terminal of that encoding would show must be what the console holds, cell by cell, on every
 * screen. How the main ones look: test_golden_gb18030.c. One binary a locale: a process has one.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/api/init.h"
#include "core/model/record_text.h"
#include "tests/screens/sampleterm.h"
#include "tui/uistate.h"
#include "views/console.h"

#define LOCALE "zh_CN.gb18030"

static char dir[200], db[240], keys_dir[240];
static struct vt *vt;
static struct ui *ui;           /* of the sample, or of the app */
static struct app *app;
static struct app_options options;

/* ---- a few leads --------------------------------------------------------------------------------------- */

static void create_lead(struct backend *b, const char *name, const char *phone)
{
    const struct op *op = op_find("lead.create");
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    void *in = record_new(op->in, &mem), *out = record_new(op->out, &mem);
    struct call call = { .op = op, .in = in };
    assert_int_equal(record_parse(record_field(op->in, "name"), name, in, &mem, &e), ST_OK);
    assert_int_equal(record_parse(record_field(op->in, "phone"), phone, in, &mem, &e), ST_OK);
    if (backend_call(b, &call, &mem, out, &e) != ST_OK)
        fail_msg("%s: %s", name, e.code);
    arena_free(&mem);
}

static void at(int hour)
{
    clock_zone("Asia/Shanghai");
    clock_set(clock_from_civil((struct civil){ .year = 2026, .month = 11, .day = 24, .hour = hour }));
}

static int make_bank(void **state)
{
    static const char *const names[] = { "李䶮", "欧阳·慧敏", "“引号”—…", "★①Ⅳ", "王😀小", "阿卜杜热合曼·买买提",
                                         "José", "𠮷野" };
    const char *tmp = getenv("TMPDIR");
    struct err e = { 0 };
    struct backend *b;
    char phone[16];
    (void)state;
    if (strcmp(setlocale(LC_CTYPE, NULL), LOCALE) != 0)
        return 0;
    snprintf(dir, sizeof dir, "%s/gb.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    snprintf(db, sizeof db, "%s/t.db", dir);
    snprintf(keys_dir, sizeof keys_dir, "%s/keys", dir);
    struct init_options init = { .url = db, .keys_dir = keys_dir, .test = true };
    struct backend_config config = { .url = db, .keys_dir = keys_dir };
    at(8);
    assert_int_equal(database_init(&init, &e), ST_OK);
    assert_int_equal(backend_open(&config, &b, &e), ST_OK);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(phone, sizeof phone, "1380000%04zu", i);
        create_lead(b, names[i], phone);
    }
    backend_close(b);
    at(9);
    return 0;
}

static int drop_bank(void **state)
{
    char command[260];
    (void)state;
    clock_set(NONE);
    if (!*dir)
        return 0;
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

/* ---- screens ------------------------------------------------------------------------------------------- */

static void need_locale(void)
{
    if (strcmp(setlocale(LC_CTYPE, NULL), LOCALE) != 0) {
        print_message("this machine has no locale " LOCALE "\n");
        skip();
    }
}

static void press(const char *script)
{
    sample_press(vt, ui, script);
}

static void open_sample(int rows, int cols)
{
    struct ui_options o = { .paste = true };
    at(9);
    i18n_set("zh_CN");
    sample_start(&vt, &ui, &o, rows, cols, SAMPLE_ROWS);
}

static void open_console(const char *view, int rows, int cols)
{
    struct term_options term = { 0 };
    struct err e = { 0 };
    at(9);
    vt = vt_open(rows, cols);
    vt_options(vt, &term, NULL);
    options = (struct app_options){ .backend = { .url = db, .keys_dir = keys_dir }, .lang = "zh_CN",
                                    .in = term.in, .out = term.out, .cols = cols, .rows = rows,
                                    .no_mouse = true };
    if (app_start(&app, &options, view, false, &e) != ST_OK)
        fail_msg("app_start: %s", e.code);
    app->at_once = true;
    ui = app->ui;
    press("");
}

static int close_screen(void **state)
{
    (void)state;
    if (!vt)
        return 0;
    if (app)
        app_stop(app);
    else
        ui_stop(ui);
    vt_sync(vt);
    if (vt_bad(vt))
        fprintf(stderr, "written to the terminal: %s\n", vt_bad(vt));
    vt_close(vt);
    vt = NULL;
    ui = NULL;
    app = NULL;
    return 0;
}

/* A row of the console's cells as vt_row() gives it. */
static void row_of_grid(int y, struct buf *out)
{
    const struct grid *g = ui_grid(ui);
    buf_clear(out);
    for (int x = 0; x < g->w; x++) {
        const struct cell *c = &g->cells[y * g->w + x];
        char utf8[4];
        if (c->width == 0)
            continue;
        for (int i = 0; i < CELL_CHARS && (i == 0 || c->c[i]); i++)
            buf_add(out, utf8, text_put(utf8, c->c[i] ? c->c[i] : ' '));
        if (c->width == 2 && vt_utf8_width(c->c[0]) == 1)
            buf_addc(out, ' ');
    }
    while (out->len > 0 && out->s[out->len - 1] == ' ')
        buf_cut(out, out->len - 1);
}

static void terminal_shows_the_grid(const char *what)
{
    struct buf row = BUF_INIT;
    if (vt_bad(vt))
        fail_msg("%s: %s", what, vt_bad(vt));
    for (int y = 0; y < ui_grid(ui)->h; y++) {
        row_of_grid(y, &row);
        if (strcmp(row.s, vt_row(vt, y)) != 0)
            fail_msg("%s, row %d:\n-%s\n+%s", what, y, row.s, vt_row(vt, y));
    }
    buf_release(&row);
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static void the_toolkit_stays_in_line(void **state)
{
    static const char *const scripts[] = { "", "Down Space", "G", "f 7", "Esc", ":", "text:20", "Esc", "?",
                                           "Esc", "o", "Esc", "c M", "Esc", "3", "resize:10x40",
                                           "resize:40x120", "1", "F8", "F12", "F12", "C-l" };
    int rows, cols;
    need_locale();
    open_sample(24, 80);
    sample_rename(ui, 2, "欧阳·“慧敏”★");
    sample_rename(ui, 3, "王😀小");
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (!strncmp(scripts[i], "resize:", 7)) {
            assert_int_equal(sscanf(scripts[i], "resize:%dx%d", &rows, &cols), 2);
            vt_resize(vt, rows, cols);
        }
        press(scripts[i]);
        terminal_shows_the_grid(scripts[i]);
    }
    close_screen(state);
}

static void the_console_stays_in_line(void **state)
{
    static const char *const scripts[] = { "", "2", "j", "j", "Space", "/", "text:姓名_包含_\"·\"",
                                           "Enter", "Esc",
                                           "Enter", "Esc", "n", "text:1390000", "Esc", "?", "Esc", ":",
                                           "text:lq", "Esc", "G", "M", "Esc", "1" };
    need_locale();
    for (int size = 0; size < 2; size++) {
        open_console("home", size ? 40 : 24, size ? 120 : 80);
        for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
            press(scripts[i]);
            terminal_shows_the_grid(scripts[i]);
        }
        close_screen(state);
    }
}

/* A dot in a name has two cells here; the rare name is shown; a face that the locale does not know has
 * a substitute of two cells. */
static void names_are_shown_as_the_locale_can(void **state)
{
    need_locale();
    open_console("leads", 24, 80);
    assert_true(vt_shows(vt, "李䶮"));
    assert_true(vt_shows(vt, "欧阳· 慧敏"));
    assert_true(vt_shows(vt, "王〓小"));
    assert_false(vt_shows(vt, "│"));
    close_screen(state);
}

static void the_keyboard_speaks_gb18030(void **state)
{
    need_locale();
    open_console("leads", 24, 80);
    press("/");
    ui_bytes(ui, "\xc0\xee\x83\x9c\xf4\x30", 4);        /* 李, and a byte sequence that is a half */
    press("");
    assert_true(vt_shows(vt, "李"));
    close_screen(state);
}

/* `show` is read by people, too: in their encoding. */
static void a_dump_speaks_the_locale(void **state)
{
    static const char gb_li[] = "\xc0\xee", utf8_li[] = "\xe6\x9d\x8e";
    struct app_options o = { .backend = { .url = db, .keys_dir = keys_dir }, .lang = "zh_CN", .cols = 80,
                             .rows = 24 };
    char *text = NULL;
    size_t n = 0;
    (void)state;
    need_locale();
    at(9);
    o.out = open_memstream(&text, &n);
    assert_int_equal(app_show(&o, "leads"), 0);
    fclose(o.out);
    assert_non_null(strstr(text, gb_li));
    assert_null(strstr(text, utf8_li));
    free(text);
}

#define CASE(f) cmocka_unit_test_teardown(f, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_toolkit_stays_in_line), CASE(the_console_stays_in_line),
        CASE(names_are_shown_as_the_locale_can), CASE(the_keyboard_speaks_gb18030),
        CASE(a_dump_speaks_the_locale),
    };

    setenv("LC_ALL", LOCALE, 1);
    setenv("TERM", "xterm-256color", 1);
    i18n_init("zh_CN");
    unsetenv("NO_COLOR");
    unsetenv("COLORTERM");
    return cmocka_run_group_tests(tests, make_bank, drop_bank);
}
