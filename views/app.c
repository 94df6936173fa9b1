#include "views/app.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "core/model/record_text.h"
#include "tui/dump.h"
#include "views/console.h"
#include "views/words.h"

enum {
    TELL_MS = 250, JITTER_MS = 150,
        /* between a change and the look at it: consoles do not all ask at once */
    SHOW_COLS = 120, SHOW_ROWS = 40
};

struct app *app_of(struct ui *ui)
{
    return ui_options(ui)->work_arg;
}

bool app_may(const struct app *app, enum right r)
{
    return app->me.rights & (UINT64_C(1) << r);
}

/* ---- who works here ----------------------------------------------------------------------------------- */

static void copy_words(char *to, size_t size, const char *from)
{
    size_t n = from ? text_cut(from, size - 1) : 0;
    memcpy(to, from ? from : "", n);
    to[n] = '\0';
}

/* The role that the header names: of several the first of the table. */
static const char *role_words(unsigned roles)
{
    for (int r = 0; r < ACCOUNT_ROLE_COUNT; r++)
        if (roles & (1u << r))
            return i18n_text(account_role_label((enum account_role)r));
    return "";
}

static void fill_words(struct app *app)
{
    struct frame *f = ui_frame(app->ui);
    const struct whoami *w = app->news->who(app->news);
    copy_words(f->role, sizeof f->role, role_words(app->me.roles));
    copy_words(f->connection, sizeof f->connection, w->demo ? _("demo data") : w->test ? _("test data")
               : app->config.server ? w->place : _("local file"));
    f->connection_ink = w->demo || w->test ? ROLE_WARN : ROLE_GOOD;
    app->words_lang = i18n_lang();
}

/* Staff number, terminal and date: behind real customers' data. */
static void fill_watermark(struct app *app)
{
    char when[WORDS], host[64] = "";
    const char *tty = ttyname(STDIN_FILENO);
    app->watermark[0] = '\0';
    if (!app->o->watermark || app->me.marked)
        return;
    gethostname(host, sizeof host - 1);
    tty = tty && strncmp(tty, "/dev/", 5) == 0 ? tty + 5 : tty ? tty : "";
    clock_date(clock_now(), when);
    snprintf(app->watermark, sizeof app->watermark, "%s  %s%s%s  %s", app->me.login, tty, *tty ? "@" : "",
             host, when);
}

void app_words(struct app *app)
{
    if (!app->news || app->words_lang == i18n_lang())
        return;
    fill_words(app);
    ui_redraw(app->ui);
}

static void fill_frame(struct app *app, const struct whoami *w)
{
    struct frame *f = ui_frame(app->ui);
    f->nunits = 0;
    for (int i = 0; f->nunits < FRAME_UNITS && w->branch_path[i]; i++)
        copy_words(f->unit[f->nunits++], sizeof f->unit[0], w->branch_path[i]);
    copy_words(f->person, sizeof f->person, app->me.name);
    fill_words(app);
    f->read_only = app->config.read_only;
}

static void learn_me(struct app *app)
{
    const struct whoami *w = app->news->who(app->news);
    app->me = (struct me){ .employee = w->employee, .branch = w->branch, .roles = w->roles,
                           .rights = w->rights,
                           .marked = w->demo || w->test };
    copy_words(app->me.login, sizeof app->me.login, w->login);
    copy_words(app->me.name, sizeof app->me.name, w->name);
    fill_watermark(app);
    fill_frame(app, w);
}

void app_unread(struct app *app, int64_t n)
{
    struct frame *f = ui_frame(app->ui);
    int unread = n < 0 ? -1 : n > 9999 ? 9999 : (int)n;
    if (f->messages != unread)
        ui_redraw(app->ui);
    f->messages = unread;
}

/* ---- what others change ------------------------------------------------------------------------------- */

void app_watch(struct app *app, struct view *v, unsigned (*changed)(struct view *v))
{
    assert(app->nwatchers < APP_WATCHERS);
    app->watcher[app->nwatchers].view = v;
    app->watcher[app->nwatchers++].changed = changed;
}

void app_unwatch(struct app *app, const struct view *v)
{
    for (int i = 0; i < app->nwatchers; i++)
        if (app->watcher[i].view == v)
            app->watcher[i--] = app->watcher[--app->nwatchers];
}

unsigned app_changed(struct app *app)
{
    unsigned bits = 0;
    for (int i = 0; i < app->nwatchers; i++)
        bits |= app->watcher[i].changed(app->watcher[i].view);
    return bits;
}

static unsigned tell(void *self)
{
    struct app *app = self;
    app->tell_timer = 0;
    learn_me(app);
    return app_changed(app) | UI_REDRAW;
}

static unsigned look(void *self);

static unsigned look_again(void *self)
{
    ((struct app *)self)->again_timer = 0;
    return look(self);
}

static unsigned look(void *self)
{
    struct app *app = self;
    int again = 0;
    bool changed = app->news->changed(app->news, &again);
    if (changed && !app->tell_timer) {
        int64_t jitter = (int64_t)((unsigned)getpid() * 7919u + app->told++ * 53u) % JITTER_MS;
        app->tell_timer = loop_add_timer(ui_loop(app->ui), TELL_MS + jitter, tell, app);
    }
    if (again > 0 && !app->again_timer)
        app->again_timer = loop_add_timer(ui_loop(app->ui), again, look_again, app);
    return 0;
}

/* Opens the database, and what was chosen when this person was here last. */
static enum status open_news(struct app *app, struct err *e)
{
    enum status st = backend_open(&app->config, &app->news, e);
    struct arena a = ARENA_INIT;
    if (!st && app->o->remembers) {
        const char *url = app->config.server ? app->config.server
                          : app->config.url  ? app->config.url
                                             : backend_default_path(&a);
        viewstate_bind(app->state, app->news->who(app->news)->login,
                       strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url);
    }
    arena_free(&a);
    return st;
}

/* A person switched something by the toolkit's keys. */
static void chose(void *arg, const char *key, const char *value)
{
    struct app *app = arg;
    bool fixed = (app->o->fixed_theme && strcmp(key, "ui.theme") == 0) ||
                 (app->o->fixed_lang && strcmp(key, "ui.lang") == 0);
    if (!fixed)
        viewstate_set(app->state, key, value);
}

/* The screen follows what others change from here on. */
static void join(struct app *app)
{
    int fd = app->news->watch(app->news);
    if (fd >= 0)
        loop_add_fd(ui_loop(app->ui), fd, look, app);
    learn_me(app);
}

enum status app_connect(struct app *app, struct err *e)
{
    enum status st = open_news(app, e);
    if (!st)
        join(app);
    return st;
}

/* ---- errors ------------------------------------------------------------------------------------------- */

unsigned app_heard(struct app *app, const struct err *e)
{
    if (!e || strcmp(e->code, "db.migrated") != 0)
        return 0;
    app->fatal = *e;
    return UI_QUIT;
}

void app_toast(struct ui *ui, const struct err *e)
{
    struct arena a = ARENA_INIT;
    ui_toast(ui, e->status == ST_CONFLICT || e->status == ST_CANCELLED ? TOAST_WARN : TOAST_BAD, "%s",
             sentence(&a, e));
    arena_free(&a);
}

static void say_on_stderr(const struct err *e)
{
    struct arena a = ARENA_INIT;
    struct buf out = BUF_INIT;
    const char *words = sentence(&a, e);
    text_to_locale(&out, words, strlen(words));
    fprintf(stderr, "gonghai: %s\n", out.s);
    buf_release(&out);
    arena_free(&a);
}

/* ---- the lock ----------------------------------------------------------------------------------------- */

/* An account without a password is unlocked by any key, and so is a console without a database yet. Where the
 * database can't be read the password is asked for. */
static bool lock_needs(void *arg)
{
    struct app *app = arg;
    struct arena a = ARENA_INIT;
    const struct op *op = op_find("account.has_password");
    if (!app->news)
        return false;
    void *out = arena_alloc(&a, op->out->size);
    enum status st = backend_call(app->news, &(struct call){ .op = op }, &a, out, NULL);
    bool needs = st || record_int(op->out, out, "count") > 0;
    arena_free(&a);
    return needs;
}

static enum status lock_check(void *arg, const char *password, struct err *e)
{
    struct app *app = arg;
    struct arena a = ARENA_INIT;
    const struct op *op = op_find("account.verify");
    void *in = arena_alloc(&a, op->in->size), *out = arena_alloc(&a, op->out->size);
    record_empty(op->in, in);
    enum status st = record_parse(record_field(op->in, "password"), password, in, &a, e);
    if (!st)
        st = backend_call(app->news, &(struct call){ .op = op, .in = in }, &a, out, e);
    if (record_word(op->in, in, "password"))
        explicit_bzero((char *)record_word(op->in, in, "password"), strlen(password));
    arena_free(&a);
    return st;
}

static void lock_say(void *arg, const struct err *e, struct buf *out)
{
    struct arena a = ARENA_INIT;
    (void)arg;
    buf_adds(out, strcmp(e->code, "password.wrong") == 0 ? _("That is not the password.") : sentence(&a, e));
    arena_free(&a);
}

/* ---- actions that hold everywhere --------------------------------------------------------------------- */

static unsigned do_reload(const struct action_call *call)
{
    struct app *app = call->self;
    app->forced = true;
    unsigned bits = app_changed(app);
    app->forced = false;
    return bits | UI_DONE;
}

static const struct action app_actions[] = {
    { .name = "app.reload", .number = 9010, .label = N_("Reload"),
      .help = N_("Reads what the screen shows anew."),
      .group = N_("Everywhere"), .keys = "F5 R", .run = do_reload },
};

/* ---- start and end ------------------------------------------------------------------------------------ */

/* What a person chose on the screens stands over the settings. */
static bool chosen_flag(const struct app *app, const char *key, bool set)
{
    const char *value = viewstate_get(app->state, key);
    return value ? strcmp(value, "true") == 0 : set;
}

static const char *chosen_theme(const struct app *app)
{
    const char *theme = viewstate_get(app->state, "ui.theme");
    for (const char *const *name = theme_names(); theme && *name; name++)
        if (!app->o->fixed_theme && strcmp(*name, theme) == 0)
            return theme;
    return NULL;
}

static struct ui_options options_of(const struct app_options *o, struct app *app)
{
    const char *theme = chosen_theme(app);
    return (struct ui_options){
        .term = { .in = o->in, .out = o->out, .term = o->term, .colors = o->colors, .rows = o->rows,
                  .cols = o->cols, .mouse = chosen_flag(app, "ui.mouse", !o->no_mouse), .esc_ms = o->esc_ms },
        .ascii = o->ascii, .keybar = o->keybar, .cursor_always = o->cursor,
        .large = chosen_flag(app, "ui.large", o->large),
        .theme = theme ? theme : o->theme, .theme_file = theme ? NULL : o->theme_file,
        .keymap_file = o->keymap_file,
        .clipboard = !o->no_clipboard, .paste = !o->no_paste, .ambiguous = o->ambiguous,
        .lock_after_s = o->lock_minutes * 60, .watermark = o->watermark ? app->watermark : NULL,
        .scan = !o->no_scan, .scanned = app_scanned, .scanned_arg = app,
        .chose = chose, .chose_arg = app,
        .work = &api_work, .work_arg = app, .keys = o->keys, .quit_after_keys = o->quit_after_keys,
    };
}

static enum status start_ui(struct app *app, const struct ui_options *u, struct err *e)
{
    enum status st = ui_start(&app->ui, u, e);
    if (st)
        return st;
    viewstate_attach(app->state, ui_loop(app->ui));
    ui_register(app->ui, &home_view);
    ui_register(app->ui, &leads_view);
    ui_lock_with(app->ui, &(struct ui_lock){ .needs = lock_needs, .check = lock_check, .say = lock_say,
                                             .arg = app });
    ui_add_actions(app->ui, "app", app_actions, sizeof app_actions / sizeof *app_actions, app);
    return ST_OK;
}

static bool no_database(const struct app *app, const struct err *e)
{
    if (app->config.server)
        return false;
    return strcmp(e->code, "db.missing") == 0 || strcmp(e->code, "db.empty") == 0;
}

static enum status open_first(struct app *app, const char *view, struct err *e)
{
    if (!app->news)
        return ui_push(app->ui, &first_view, NULL, e) ? ST_OK : e->status;
    join(app);
    return ui_goto(app->ui, view ? view : "home", NULL, e);
}

static void app_free(struct app *app)
{
    viewstate_attach(app->state, NULL);
    ui_stop(app->ui);
    viewstate_free(app->state);
    backend_close(app->news);
    free(app);
}

static enum status start_app(struct app *app, const char *view, bool headless, struct err *e)
{
    const char *lang = viewstate_get(app->state, "ui.lang");
    if (lang && !app->o->fixed_lang)
        i18n_set(lang);
    struct ui_options u = options_of(app->o, app);
    u.headless = headless;
    enum status st = start_ui(app, &u, e);
    return st ? st : open_first(app, view, e);
}

enum status app_start(struct app **out, const struct app_options *o, const char *view, bool headless,
                      struct err *e)
{
    struct app *app = xcalloc(1, sizeof *app);
    app->o = o;
    app->config = o->backend;
    app->state = viewstate_new();
    if (o->lang)
        i18n_set(o->lang);
    enum status st = open_news(app, e);
    if (!headless && no_database(app, e)) {  /* a person is asked, a dump is refused */
        err_clear(e);
        st = ST_OK;
    }
    if (!st)
        st = start_app(app, view, headless, e);
    if (st)
        app_free(app);
    else
        *out = app;
    return st;
}

void app_stop(struct app *app)
{
    app_free(app);
}

int app_run(const struct app_options *o)
{
    struct app *app;
    struct err e = { 0 };
    int rc = 1;
    enum status st = app_start(&app, o, o->view, false, &e);
    if (!st) {
        rc = ui_run(app->ui);
        e = app->fatal;
        app_stop(app);
    }
    if (!e.status)
        return rc;
    say_on_stderr(&e);
    return st && e.status != ST_CANCELLED ? (int)e.status : ST_FAILED;
}

int app_show(const struct app_options *o, const char *view)
{
    struct app_options sized = *o;
    struct app *app;
    struct err e = { 0 };
    sized.rows = o->rows ? o->rows : SHOW_ROWS;
    sized.cols = o->cols ? o->cols : SHOW_COLS;
    if (app_start(&app, &sized, view ? view : o->view, true, &e) == ST_OK) {
        struct buf text = BUF_INIT;
        ui_run_until_idle(app->ui);
        dump_text(ui_grid(app->ui), &text);
        fputs(text.s, o->out ? o->out : stdout);
        buf_release(&text);
        e = app->fatal;
        app_stop(app);
    }
    if (e.status)
        say_on_stderr(&e);
    return e.status == ST_CANCELLED ? ST_FAILED : (int)e.status;
}
