/* test_start.c - the first run, what is remembered of a run, the lock, a scanned code: the console around its
 * views, in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "core/api/init.h"
#include "core/model/record_text.h"
#include "tests/screens/vt.h"
#include "views/console.h"

#define PASSWORD "Kaffee-2026"

static struct { char dir[64], db[100], keys[100]; struct err e; struct arena mem; } place;

static int set_up(void **state)
{
    (void)state;
    int64_t now;
    i18n_init("en");
    if (!clock_parse("2026-11-24 08:47", &now, NULL))
        return -1;
    clock_set(now);
    snprintf(place.dir, sizeof place.dir, "%s", "/tmp/gonghai-start-XXXXXX");
    if (!mkdtemp(place.dir))
        return -1;
    snprintf(place.db, sizeof place.db, "%s/t.db", place.dir);
    snprintf(place.keys, sizeof place.keys, "%s/keys", place.dir);
    setenv("XDG_STATE_HOME", place.dir, 1);
    return setenv("XDG_DATA_HOME", "/home/wang/.local/share", 1);
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    clock_set(NONE);
    arena_free(&place.mem);
    snprintf(command, sizeof command, "rm -rf '%s'", place.dir);
    return system(command);
}

static struct backend_config config(void)
{
    return (struct backend_config){ .url = place.db, .keys_dir = place.keys };
}

static void make_bank(void)
{
    struct init_options init = { .url = place.db, .keys_dir = place.keys };
    if (database_init(&init, &place.e))
        fail_msg("init: %s", place.e.code);
}

/* An operation on a backend of its own, fields as name, text, ..., NULL. */
static void *op_as(const char *who, const char *name, ...)
{
    struct backend_config c = config();
    struct backend *b;
    const struct op *op = op_find(name);
    void *in = record_new(op->in, &place.mem), *out = record_new(op->out, &place.mem);
    const char *field;
    va_list ap;
    c.as = who;
    va_start(ap, name);
    while ((field = va_arg(ap, const char *)))
        assert_int_equal(record_parse(record_field(op->in, field), va_arg(ap, const char *), in, &place.mem,
                                      &place.e), ST_OK);
    va_end(ap);
    assert_int_equal(backend_open(&c, &b, &place.e), ST_OK);
    enum status st = backend_call(b, &(struct call){ .op = op, .in = in }, &place.mem, out, &place.e);
    backend_close(b);
    if (st)
        fail_msg("%s: %s %s", name, place.e.code, place.e.field);
    return out;
}

/* ---- the console -------------------------------------------------------------------------------------- */

struct screen { struct vt *vt; struct app *app; struct app_options o; };

static void open_with(struct screen *s, const char *view, struct app_options o, int cols, int rows)
{
    struct term_options term = { 0 };
    struct err e = { 0 };
    *s = (struct screen){ .vt = vt_open(rows, cols), .o = o };
    vt_options(s->vt, &term, NULL);
    s->o.in = term.in;
    s->o.out = term.out;
    s->o.term = term.term;
    s->o.cols = cols;
    s->o.rows = rows;
    if (!s->o.backend.url)
        s->o.backend = config();
    if (app_start(&s->app, &s->o, view, false, &e) != ST_OK)
        fail_msg("app_start: %s", e.code);
    ui_run_until_idle(s->app->ui);
    vt_sync(s->vt);
}

static void keys(struct screen *s, const char *script)
{
    const char *bad = NULL;
    if (!ui_keys(s->app->ui, script, &bad))
        fail_msg("no such key: %s", bad);
    ui_run_until_idle(s->app->ui);
    vt_sync(s->vt);
    assert_null(vt_bad(s->vt));
}

static void close_screen(struct screen *s)
{
    app_stop(s->app);
    vt_close(s->vt);
}

static void shows(struct screen *s, const char *words)
{
    struct buf text = BUF_INIT;
    if (vt_shows(s->vt, words))
        return;
    vt_text(s->vt, &text);
    fputs(text.s, stderr);
    buf_release(&text);
    fail_msg("not on the screen: %s", words);
}

/* ---- the first run ------------------------------------------------------------------------------------ */

static void each_way_of_the_first_run_does_something(void **state)
{
    struct screen s;
    (void)state;
    open_with(&s, NULL, (struct app_options){ .lang = "en" }, 80, 24);
    keys(&s, "2");
    shows(&s, "local file");
    assert_int_equal(access(place.db, R_OK), 0);
    close_screen(&s);
    open_with(&s, NULL, (struct app_options){ .lang = "en", .backend.url = "/nonexistent/x.db" }, 80, 24);
    keys(&s, "3");
    shows(&s, "Path");
    close_screen(&s);
}

/* ---- what is remembered ------------------------------------------------------------------------------- */

static void theme_and_language_chosen_at_run_time_are_remembered(void **state)
{
    struct app_options o = { .lang = "zh_CN", .remembers = true }, fixed = o;
    struct screen s;
    char theme[THEME_NAME];
    (void)state;
    make_bank();
    open_with(&s, "home", o, 80, 24);
    shows(&s, "晨会");
    keys(&s, "F8 F12");
    snprintf(theme, sizeof theme, "%s", ui_theme(s.app->ui)->name);
    assert_string_not_equal(theme, "default");
    close_screen(&s);
    open_with(&s, "home", o, 80, 24);
    assert_string_equal(ui_theme(s.app->ui)->name, theme);
    shows(&s, "Home");
    close_screen(&s);
    fixed.theme = "light";
    fixed.fixed_theme = fixed.fixed_lang = true;
    open_with(&s, "home", fixed, 80, 24);
    assert_string_equal(ui_theme(s.app->ui)->name, "light");
    shows(&s, "晨会");
    close_screen(&s);
    o.remembers = false;
    open_with(&s, "home", o, 80, 24);
    assert_string_equal(ui_theme(s.app->ui)->name, "default");
    close_screen(&s);
    i18n_set("en");
}

/* ---- the lock ----------------------------------------------------------------------------------------- */

static void a_locked_console_wants_the_password(void **state)
{
    struct screen s;
    struct app_options o = { .lang = "en", .backend = config() };
    (void)state;
    make_bank();
    op_as(NULL, "employee.create", "code", "1001", "name", "沈若溪", "branch", "HQ", NULL);
    op_as(NULL, "account.create", "code", "1001", "employee", "1001", "roles", "supervisor", NULL);
    op_as("1001", "account.password", "password", PASSWORD, NULL);
    op_as(NULL, "lead.create", "name", "李四", "phone", "13900001234", NULL);
    o.backend.as = "1001";
    open_with(&s, "leads", o, 80, 24);
    shows(&s, "李四");
    ui_lock(s.app->ui);
    ui_paint(s.app->ui);
    vt_sync(s.vt);
    assert_false(vt_shows(s.vt, "李四"));
    keys(&s, "w r o n g Enter");
    assert_true(ui_locked(s.app->ui));
    shows(&s, "That is not the password.");
    keys(&s, "text:" PASSWORD " Enter");
    assert_false(ui_locked(s.app->ui));
    shows(&s, "李四");
    close_screen(&s);
}

static void without_a_password_enter_unlocks(void **state)
{
    struct screen s;
    (void)state;
    make_bank();
    open_with(&s, "home", (struct app_options){ .lang = "en" }, 80, 24);
    ui_lock(s.app->ui);
    keys(&s, "Enter");
    assert_false(ui_locked(s.app->ui));
    close_screen(&s);
}

/* ---- a scanned code ----------------------------------------------------------------------------------- */

static void a_scanned_code_opens_the_lead(void **state)
{
    struct screen s;
    (void)state;
    make_bank();
    op_as(NULL, "lead.create", "name", "李四", "phone", "13900001234", "external_id", "CRM-77", NULL);
    op_as(NULL, "lead.create", "name", "王五", "phone", "13900001235", NULL);
    open_with(&s, "home", (struct app_options){ .lang = "en" }, 80, 24);
    static const struct { const char *code, *name; } codes[] = {
        { "1", "李四" }, { "CRM-77", "李四" }, { "13900001235", "王五" },
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        keys(&s, arena_printf(&place.mem, "scan:%s", codes[i].code));
        assert_string_equal(ui_top(s.app->ui)->ops->name, "lead");
        shows(&s, codes[i].name);
        keys(&s, "Esc");
        assert_string_equal(ui_top(s.app->ui)->ops->name, "home");
    }
    keys(&s, "scan:690123");
    shows(&s, "no lead in your sight");
    keys(&s, "scan:a\"b");
    assert_string_equal(ui_top(s.app->ui)->ops->name, "home");
    close_screen(&s);
}

/* ---- the watermark ------------------------------------------------------------------------------------ */

static void real_data_bear_who_and_where(void **state)
{
    struct screen s;
    (void)state;
    make_bank();
    open_with(&s, "leads", (struct app_options){ .lang = "en", .watermark = true }, 80, 24);
    assert_non_null(strstr(s.app->watermark, s.app->me.login));
    assert_non_null(strstr(s.app->watermark, "2026-11-24"));
    close_screen(&s);
    open_with(&s, "leads", (struct app_options){ .lang = "en" }, 80, 24);
    assert_string_equal(s.app->watermark, "");
    close_screen(&s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_way_of_the_first_run_does_something),
        TEST(theme_and_language_chosen_at_run_time_are_remembered),
        TEST(a_locked_console_wants_the_password),
        TEST(without_a_password_enter_unlocks),
        TEST(a_scanned_code_opens_the_lead),
        TEST(real_data_bear_who_and_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
