/* first.c - the first run, without a database: a screen that asks which one to take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/settings.h"
#include "core/api/demo.h"
#include "core/api/init.h"
#include "core/api/sentence.h"
#include "tui/progress.h"
#include "views/console.h"
#include "views/sheet.h"

enum choice_kind { CHOOSE_DEMO, CHOOSE_HERE, CHOOSE_OTHER, CHOICES };
enum { INDENT = 5, CELLS = 70, ROWS_MOST = 40, ROWS_MORE = 5 };

struct first {
    struct view view;
    struct app *app;
    struct arena mem;
    const char *demo_path, *here_path;
    int sel;
    struct api_job *job;                /* a database is being made */
    struct progress progress;
    char *error;
};

static struct first *first_of(struct view *v)
{
    return (struct first *)(void *)v;
}

/* ---- making one --------------------------------------------------------------------------------------- */

/* In the job's arena. */
struct making { const char *path, *keys; bool demo; struct err err; };

static void on_demo(void *arg, int64_t done, int64_t total)
{
    struct api_job *j = arg;
    job_report(&j->job, done, total);
}

static void make_work(struct api_job *j)
{
    struct making *m = j->data;
    struct init_options init = { .url = m->path, .keys_dir = m->keys };
    struct demo_options demo = { .leads = DEMO_LEADS, .seed = 1, .uid = (int64_t)getuid(),
                                 .progress = on_demo, .arg = j };
    enum status st = m->demo ? database_demo(&init, &demo, &m->err) : database_init(&init, &m->err);
    m->err.status = st;
}

static void say(struct first *f, const struct err *e)
{
    struct arena a = ARENA_INIT;
    free(f->error);
    f->error = e ? xstrdup(sentence(&a, e)) : NULL;
    arena_free(&a);
}

/* Opens what is there now, and goes on to home. */
static void enter(struct first *f, const char *path)
{
    struct app *app = f->app;
    struct err e = { 0 };
    snprintf(app->path, sizeof app->path, "%s", path);
    app->config.url = app->path;
    if (app_connect(app, &e) != ST_OK || ui_goto(app->ui, "home", NULL, &e) != ST_OK)
        say(f, &e);
}

static unsigned made(void *self, struct api_job *j)
{
    struct first *f = self;
    const struct making *m = j->data;
    f->job = NULL;
    if (m->err.status && strcmp(m->err.code, "init.exists") != 0)
        say(f, &m->err);
    else
        enter(f, m->path);
    return UI_REDRAW;
}

static unsigned progress(void *self, struct api_job *j)
{
    struct first *f = self;
    progress_set(&f->progress, job_at(&j->job), job_of(&j->job));
    return UI_REDRAW;
}

static void make(struct first *f, const char *path, bool demo)
{
    struct err e = { 0 };
    say(f, NULL);
    if (!f->app->config.url && settings_make_dir(DIR_DATA, &e) != ST_OK) {
        say(f, &e);
        return;
    }
    f->job = api_new(f->view.ui, f, 0, made, f);
    struct making *m = arena_new(&f->job->mem, struct making);
    *m = (struct making){ .path = arena_strdup(&f->job->mem, path), .keys = f->app->config.keys_dir,
                          .demo = demo };
    f->job->work = make_work;
    f->job->data = m;
    f->job->progress = progress;
    progress_start(&f->progress, N_("leads"));
    api_post(f->job, WORK_WRITES);
}

/* ---- another place ------------------------------------------------------------------------------------ */

static const struct form_field path_fields[] = {
    { .key = "path", .label = N_("Path"), .kind = FORM_TEXT, .required = true, .max = 1000,
      .hint = N_("/srv/gonghai/branch.db") },
    { .key = "make", .label = N_("New"), .kind = FORM_FLAG, .help = N_("make it if it is not there") },
};

static unsigned path_given(struct view *sheet, struct form *form, void *self)
{
    struct first *f = self;
    (void)sheet;
    const char *path = arena_strdup(&f->mem, form_get(form, "path"));
    bool there = access(path, F_OK) == 0;
    if (!there && !*form_get(form, "make")) {
        form_error(form, "path", _("there is none at this path; mend it, or tick New below"));
        return UI_DONE;
    }
    if (there)
        enter(f, path);
    else
        make(f, path, false);
    return UI_CLOSE | UI_DONE;
}

/* ---- the view ----------------------------------------------------------------------------------------- */

static enum status first_open(struct view *v, const void *arg, struct err *e)
{
    struct first *f = first_of(v);
    (void)arg;
    (void)e;
    f->app = app_of(v->ui);
    const char *url = f->app->config.url, *here = backend_default_path(&f->mem);
    f->here_path = url ? url : here;
    f->demo_path = url ? url : settings_path(&f->mem, DIR_DATA, "demo.db");
    return ST_OK;
}

static void first_close(struct view *v)
{
    free(first_of(v)->error);
    arena_free(&first_of(v)->mem);
}

static const struct { const char *title, *words; } choices[CHOICES] = {
    [CHOOSE_DEMO] = { N_("Look at demo data first"),
                      N_("40 outlets and 3,000 made-up leads, ready in a moment; try anything, nothing "
                         "real can break.") },
    [CHOOSE_HERE] = { N_("Use it on this machine"),
                      N_("The data lie in one file; right for one person, or for one outlet's trial.") },
    [CHOOSE_OTHER] = { N_("Open or make a database elsewhere"), N_("You give the path.") },
};

static int draw_choice(struct first *f, struct surface s, int y, int i)
{
    char digit[2] = { (char)('1' + i), '\0' };
    const char *path = i == CHOOSE_DEMO ? f->demo_path : i == CHOOSE_HERE ? f->here_path : NULL;
    bool selected = f->sel == i;
    struct surface words = surface_sub(s, 0, INDENT, s.h, -1);
    int rows = 1 + surface_wrap(words, y + 1, ROLE_DIM, _(choices[i].words));
    surface_text(s, y, 2, ROLE_KEY | INK_BOLD, digit, 1, ALIGN_LEFT);
    surface_text(s, y, INDENT, selected ? ROLE_ACCENT | INK_BOLD : ROLE_TITLE | INK_BOLD,
                 _(choices[i].title), -1, ALIGN_LEFT);
    if (path)
        surface_text(s, y + rows++, INDENT, ROLE_DIM, path, s.w - INDENT, ALIGN_LEFT);
    for (int r = 0; selected && r < rows; r++)
        surface_glyph(s, y + r, 0, ROLE_ACCENT, GLYPH_FOCUS);
    return rows + 1;
}

/* What stands above the progress; returns its rows. An error stands first, where no screen is too small
 * for it. */
static int draw_choices(struct first *f, struct surface s)
{
    int y =
        surface_wrap(s, 0, f->error ? ROLE_BAD : ROLE_TEXT,
                     f->error ? f->error
                              : _("There is no data yet. Choose one; it can be changed later.")) +
        1;
    for (int i = 0; i < CHOICES; i++)
        y += draw_choice(f, s, y, i);
    return y;
}

static void first_draw(struct view *v, struct surface s)
{
    struct first *f = first_of(v);
    int y = draw_choices(f, s);
    if (f->job)
        progress_draw(&f->progress, s, y);
}

/* Drawn on a grid that nobody sees: rows depend on the language. */
static void first_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    struct first *f = first_of(v);
    struct grid scratch = { 0 };
    grid_init(&scratch, ROWS_MOST, CELLS);
    *w = max_w < CELLS ? max_w : CELLS;
    int rows = draw_choices(f, surface_sub(surface_of(&scratch), 0, 0, -1, *w)) - 1;
    rows += f->job ? ROWS_MORE : 0;
    *h = max_h < rows ? max_h : rows;
    grid_free(&scratch);
}

static bool first_busy(const struct view *v)
{
    return ((const struct first *)(const void *)v)->job;
}

/* ---- actions ------------------------------------------------------------------------------------------ */

static unsigned choose(struct first *f, int i)
{
    f->sel = i;
    if (i == CHOOSE_DEMO)
        make(f, f->demo_path, true);
    else if (i == CHOOSE_HERE)
        make(f, f->here_path, false);
    else
        sheet_open(f->view.ui, &(struct sheet_spec){
            .title = _("Open or make a database elsewhere"), .go_label = _("Continue"),
            .fields = path_fields, .nfields = 2,
            .submit = path_given, .self = f });
    return UI_DONE;
}

static const char *while_making(const struct action_call *call)
{
    return ((struct first *)call->self)->job ? _("still being written") : NULL;
}

static unsigned do_take(const struct action_call *call)
{
    struct first *f = call->self;
    return choose(f, f->sel);
}

static unsigned do_digit(const struct action_call *call)
{
    const char *name = call->action->name;
    enum choice_kind i = strcmp(name, "first.demo") == 0   ? CHOOSE_DEMO
                         : strcmp(name, "first.here") == 0 ? CHOOSE_HERE
                                                           : CHOOSE_OTHER;
    return choose(call->self, (int)i);
}

static unsigned do_move(const struct action_call *call)
{
    struct first *f = call->self;
    f->sel = (f->sel + (strcmp(call->action->name, "first.up") == 0 ? CHOICES - 1 : 1)) % CHOICES;
    return UI_DONE;
}

static unsigned do_language(const struct action_call *call)
{
    (void)call;
    i18n_set(strcmp(i18n_lang(), "en") == 0 ? "zh_CN" : "en");
    return UI_DONE;
}

static unsigned do_quit(const struct action_call *call)
{
    (void)call;
    return UI_HANDLED | UI_QUIT;
}

#define FIRST N_("Welcome")
static const struct action first_actions[] = {
    { .name = "first.take", .label = N_("Take this"), .help = N_("Takes the one that is marked."),
      .group = FIRST, .keys = "Enter",
      .flags = ACTION_FOOTER, .run = do_take, .disabled = while_making },
    { .name = "first.down", .label = N_("Choose"), .help = N_("The next one."), .group = FIRST,
      .keys = "Down j",
      .flags = ACTION_FOOTER, .run = do_move },
    { .name = "first.up", .label = N_("Up"), .help = N_("The one before."), .group = FIRST, .keys = "Up k",
      .run = do_move },
    { .name = "first.demo", .label = N_("Demo"), .help = N_("Look at demo data first"), .group = FIRST,
      .keys = "1",
      .run = do_digit, .disabled = while_making },
    { .name = "first.here", .label = N_("Here"), .help = N_("Use it on this machine"), .group = FIRST,
      .keys = "2",
      .run = do_digit, .disabled = while_making },
    { .name = "first.other", .label = N_("Elsewhere"), .help = N_("Open or make a database elsewhere"),
      .group = FIRST,
      .keys = "3", .run = do_digit, .disabled = while_making },
    { .name = "first.language", .label = N_("中文 / English"), .help = N_("Switches the language."),
      .group = FIRST,
      .keys = "F12", .flags = ACTION_FOOTER, .run = do_language },
    { .name = "first.quit", .label = N_("Quit"), .help = N_("Leaves Gonghai."), .group = FIRST,
      .keys = "q Esc C-c",
      .flags = ACTION_FOOTER, .run = do_quit },
};

static void first_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "first", first_actions, v, NULL);
}

const struct view_ops first_view = {
    .name = "first", .title = N_("Welcome to Gonghai"), .kind = VIEW_DIALOG, .size = sizeof(struct first),
    .open = first_open,
    .close = first_close, .draw = first_draw, .measure = first_measure, .actions = first_sets,
    .busy = first_busy,
};
