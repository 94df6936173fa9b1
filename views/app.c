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
#include "tui/dump.h"
#include "views/console.h"

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
               : _("local file"));
    f->connection_ink = w->demo || w->test ? ROLE_WARN : ROLE_GOOD;
    app->words_lang = i18n_lang();
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

enum status app_connect(struct app *app, struct err *e)
{
    enum status st = backend_open(&app->config, &app->news, e);
    if (st)
        return st;
    int fd = app->news->watch(app->news);
    if (fd >= 0)
        loop_add_fd(ui_loop(app->ui), fd, look, app);
    learn_me(app);
    return ST_OK;
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
    fprintf(stderr, "gonghai: %s\n", sentence(&a, e));
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
      .group = N_("Everywhere"), .keys = "F5", .run = do_reload },
};

/* ---- start and end ------------------------------------------------------------------------------------ */

static struct ui_options options_of(const struct app_options *o, struct app *app)
{
    return (struct ui_options){
        .term = { .in = o->in, .out = o->out, .colors = o->no_color ? COLORS_NEVER : COLORS_AUTO,
                  .rows = o->rows,
                  .cols = o->cols, .mouse = !o->no_mouse, .no_paste = o->no_paste },
        .ascii = o->ascii, .theme = o->theme, .theme_file = o->theme_file, .keymap_file = o->keymap_file,
        .work = &api_work, .work_arg = app, .keys = o->keys, .quit_after_keys = o->quit_after_keys,
    };
}

static enum status start_ui(struct app *app, const struct ui_options *u, struct err *e)
{
    enum status st = ui_start(&app->ui, u, e);
    if (st)
        return st;
    ui_register(app->ui, &home_view);
    ui_register(app->ui, &leads_view);
    ui_add_actions(app->ui, "app", app_actions, sizeof app_actions / sizeof *app_actions, app);
    return ST_OK;
}

static bool no_database(const struct err *e)
{
    return strcmp(e->code, "db.missing") == 0 || strcmp(e->code, "db.empty") == 0;
}

/* Opens the database and the first screen; where there is no database, a person is asked, a dump is
 * refused. */
static enum status open_first(struct app *app, const char *view, bool ask, struct err *e)
{
    enum status st = app_connect(app, e);
    if (!st)
        return ui_goto(app->ui, view ? view : "home", NULL, e);
    if (!ask || !no_database(e))
        return st;
    err_clear(e);
    return ui_push(app->ui, &first_view, NULL, e) ? ST_OK : e->status;
}

static void app_free(struct app *app)
{
    ui_stop(app->ui);
    backend_close(app->news);
    free(app);
}

enum status app_start(struct app **out, const struct app_options *o, const char *view, bool headless,
                      struct err *e)
{
    struct app *app = xcalloc(1, sizeof *app);
    app->o = o;
    app->config = o->backend;
    if (o->lang)
        i18n_set(o->lang);
    struct ui_options u = options_of(o, app);
    u.headless = headless;
    enum status st = start_ui(app, &u, e);
    if (!st)
        st = open_first(app, view, !headless, e);
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
