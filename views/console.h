/* console.h - what the screens of the console share: who works here, and who wants to hear of changes.
 *
 * One struct app a process, made by app.c. UI thread only, but for config, which the workers read.
 */
#ifndef VIEWS_CONSOLE_H
#define VIEWS_CONSOLE_H

#include "tui/ui.h"
#include "views/api.h"
#include "views/app.h"
#include "views/viewstate.h"

enum { APP_WATCHERS = 8 };

struct me {
    char login[64], name[64];
    int64_t employee, branch;       /* 0: none */
    unsigned roles;
    uint64_t rights;
    bool marked;                    /* a demo or a test */
};

struct app {
    const struct app_options *o;
    struct backend_config config;
    struct ui *ui;
    struct backend *news;           /* of the UI thread: who we are, and what others change */
    struct me me;
    struct viewstate *state;        /* what was chosen on the screens before: viewstate.h. Never NULL */
    char watermark[160];            /* "" on made-up data */
    char path[4096];                /* of a database that was chosen on the first screen */
    struct err fatal;               /* why the console leaves; status ST_OK: because it was asked to */

    struct { struct view *view; unsigned (*changed)(struct view *v); } watcher[APP_WATCHERS];
    int nwatchers;
    int tell_timer, again_timer;
    bool at_once;                   /* tests: the pane follows without a rest */
    bool forced;                    /* a person asked for it: nothing holds the reading back */
    const char *words_lang;         /* the language that the frame's words are in */
    unsigned told;
};

/* The console without its loop: what app_run() and app_show() begin with. headless: no terminal, and no
 * question where there is no database. o and its strings outlive the app. */
enum status app_start(struct app **out, const struct app_options *o, const char *view, bool headless,
                      struct err *e);
void app_stop(struct app *app);

struct app *app_of(struct ui *ui);
bool app_may(const struct app *app, enum right r);

/* Calls changed(view) when somebody, here or elsewhere, changed something: not more than four times a
 * second. */
void app_watch(struct app *app, struct view *v, unsigned (*changed)(struct view *v));
void app_unwatch(struct app *app, const struct view *v);

/* This console has just changed something: tells all who watch now. Reaction bits. */
unsigned app_changed(struct app *app);

/* Every answer passes here first: an error that ends the console ends it. e NULL: none. */
unsigned app_heard(struct app *app, const struct err *e);

/* Says an error as a toast; "cancelled" is said quietly. */
void app_toast(struct ui *ui, const struct err *e);

/* Puts the frame's words into the language in use: a screen calls it when it draws. */
void app_words(struct app *app);

/* Unread messages for the header. */
void app_unread(struct app *app, int64_t n);

/* Opens the database that config names, fills the frame, watches. For the first screen, too. */
enum status app_connect(struct app *app, struct err *e);

/* A barcode scanner read `text`: looks up the lead by number, external id or phone, and opens it, a list of
 * them where there are several; says when there is none. Reaction bits. */
unsigned app_scanned(void *app, const char *text);

/* The screens. */
extern const struct view_ops home_view, leads_view, first_view;

/* How leads_view is opened or turned to: a list, a condition in it, a lead in that. */
enum lead_tab { TAB_POOL, TAB_MINE, TAB_BRANCH, TAB_ALL, LEAD_TABS, TAB_KEEP = LEAD_TABS };
struct leads_arg { enum lead_tab tab; const char *where; int64_t lead; };
/* One lead on a screen of its own, over what is shown now. */
unsigned lead_screen_open(struct ui *ui, int64_t id);

/* The person's own condition of a lead list; NULL: none, or the view is another screen. */
const char *leads_condition(const struct view *view);
/* Opens the bar of a lead list, as `/` does in it. */
void leads_type_filter(struct view *view);

/* Shows the screen so, wherever it was. */
unsigned leads_show(struct ui *ui, const struct leads_arg *arg);

#endif
