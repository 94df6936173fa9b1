/* uiviews.c - the stack of views, and the tabs: what is open, what stands on what. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "tui/uistate.h"

struct view *ui_top(struct ui *ui)
{
    return ui->top;
}

struct view *ui_screen(struct ui *ui)
{
    struct view *v = ui->top;

    while (v && v->ops->kind == VIEW_DIALOG)
        v = v->below;
    return v;
}

/* --- opening and closing ---------------------------------------------------------------------- */

static struct view *make_view(struct ui *ui, const struct view_ops *ops, const void *arg, int key,
                              struct err *e)
{
    struct view *v = xcalloc(1, ops->size > sizeof *v ? ops->size : sizeof *v);

    assert(ops->size >= sizeof *v);
    v->ops = ops;
    v->ui = ui;
    v->trigger = key;
    ui->depth++;
    if (ops->open && ops->open(v, arg, e) != ST_OK) {
        ui->depth--;
        work_cancel(ui->work, v, WORK_ALL);
        free(v);
        return NULL;
    }
    ui->depth--;
    return v;
}

/* Views that were closed while a handler ran go now. */
void ui_bury(struct ui *ui)
{
    while (ui->depth == 0 && ui->dead) {
        struct view *v = ui->dead;

        ui->dead = v->below;
        if (v->ops->close)
            v->ops->close(v);
        free(v);
    }
}

static void tell_hidden(struct view *v)
{
    if (v && v->ops->hidden)
        v->ops->hidden(v);
}

static void drop_top(struct ui *ui)
{
    struct view *v = ui->top;

    ui->top = v->below;
    work_cancel(ui->work, v, WORK_ALL);
    v->below = ui->dead;
    ui->dead = v;
}

bool ui_is_tab(const struct ui *ui, const struct view *v)
{
    for (int i = 0; i < ui->ntabs; i++)
        if (ui->tab[i].view == v)
            return true;
    return false;
}

static bool is_open(const struct ui *ui, const struct view *v)
{
    for (const struct view *u = ui->top; u; u = u->below)
        if (u == v)
            return true;
    return false;
}

void ui_close(struct ui *ui, struct view *v)
{
    if (!is_open(ui, v) || ui_is_tab(ui, v))
        return;
    while (ui->top != v)
        drop_top(ui);
    drop_top(ui);
    if (ui->top && ui->top->ops->shown)
        ui->top->ops->shown(ui->top);
    ui_redraw(ui);
    ui_bury(ui);
}

struct view *ui_push(struct ui *ui, const struct view_ops *ops, const void *arg, struct err *e)
{
    struct err ignored = { 0 };
    struct view *v = make_view(ui, ops, arg, ui->top ? ui->top->trigger : K_NONE, e ? e : &ignored);

    if (!v)
        return NULL;
    if (ops->kind == VIEW_SCREEN)
        tell_hidden(ui_screen(ui));
    v->below = ui->top;
    ui->top = v;
    ui_redraw(ui);
    return v;
}

/* --- tabs ------------------------------------------------------------------------------------- */

static unsigned run_tab(const struct action_call *call)
{
    struct ui *ui = call->ui;
    const struct tab *t = &ui->tab[call->action - ui->tab_action];
    struct err e = { 0 };

    if (ui_goto(ui, t->ops->name, NULL, &e) != ST_OK)
        ui_toast(ui, TOAST_BAD, _("%s cannot be opened: %s"), i18n_text(t->label), e.code);
    return UI_DONE;
}

static const char *tab_disabled(const struct action_call *call)
{
    return call->ui->tab[call->action - call->ui->tab_action].ops ? NULL
                                                                  : _("not in this version yet");
}

static const char *const tab_keys[FRAME_TABS] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };

static void add_tab(struct ui *ui, const struct view_ops *ops, const char *label,
                    const char *short_label)
{
    static const char *const later_names[FRAME_TABS] = {
        "view.1", "view.2", "view.3", "view.4", "view.5", "view.6", "view.7", "view.8", "view.9"
    };
    int i = ui->ntabs++;
    char name[48];

    assert(i < UI_TABS);
    ui->tab[i] = (struct tab){ .ops = ops,
                               .label = label,
                               .short_label = short_label ? short_label : label };
    if (i >= FRAME_TABS)
        return;
    snprintf(name, sizeof name, "view.%s", ops ? ops->name : "");
    ui->tab_action[i] = (struct action){ .name = ops ? xstrdup(name) : later_names[i],
                                         .number = ops ? ops->number : 0,
                                         .label = label,
                                         .help = N_("Shows this screen."),
                                         .group = N_("Screens"),
                                         .keys = tab_keys[i],
                                         .run = run_tab,
                                         .disabled = tab_disabled };
}

void ui_register(struct ui *ui, const struct view_ops *ops)
{
    assert(ops->kind == VIEW_SCREEN);
    add_tab(ui, ops, ops->title, ops->short_title);
}

void ui_register_later(struct ui *ui, const char *label, const char *short_label)
{
    add_tab(ui, NULL, label, short_label);
}

/* "home, leads": what could have been said. */
static enum status unknown_view(const struct ui *ui, const char *name, struct err *e)
{
    struct buf names = BUF_INIT;
    enum status st;

    for (int i = 0; i < ui->ntabs; i++)
        if (ui->tab[i].ops)
            buf_addf(&names, "%s%s", names.len ? ", " : "", ui->tab[i].ops->name);
    st = fail(e, ST_INVALID, "view.unknown", name, names.s, NULL);
    buf_release(&names);
    return st;
}

enum status ui_goto(struct ui *ui, const char *name, const void *arg, struct err *e)
{
    for (int i = 0; i < ui->ntabs; i++) {
        struct tab *t = &ui->tab[i];
        bool fresh = !t->view;

        if (!t->ops || strcmp(t->ops->name, name))
            continue;
        if (fresh && !(t->view = make_view(ui, t->ops, arg, K_NONE, e)))
            return e->status == ST_OK ? ST_FAILED : e->status;
        while (ui->top && !ui_is_tab(ui, ui->top))
            drop_top(ui);
        if (ui->top != t->view)
            tell_hidden(ui->top);
        ui->top = t->view;
        t->view->below = NULL;
        if (!fresh && t->ops->shown)
            t->ops->shown(t->view);
        ui_redraw(ui);
        ui_bury(ui);
        return ST_OK;
    }
    return unknown_view(ui, name, e);
}

int ui_actions_elsewhere(struct ui *ui, struct action_list *lists, const struct view_ops **whose)
{
    const struct view *shown = ui_screen(ui);
    int n = 0;

    for (int i = 0; i < ui->ntabs; i++) {
        const struct tab *t = &ui->tab[i];

        if (!t->ops || (shown && shown == t->view))
            continue;
        lists[n] = (struct action_list){ 0 };
        if (t->ops->rows)
            t->ops->rows(&lists[n]);
        else if (t->view && t->ops->actions)
            t->ops->actions(t->view, &lists[n]);
        whose[n++] = t->ops;
    }
    return n;
}

/* --- the end ---------------------------------------------------------------------------------- */

void ui_close_views(struct ui *ui)
{
    while (ui->top && !ui_is_tab(ui, ui->top))
        drop_top(ui);
    ui->top = NULL;
    ui_bury(ui);
    for (int i = 0; i < ui->ntabs; i++) {
        struct view *v = ui->tab[i].view;

        if (i < FRAME_TABS && ui->tab[i].ops)
            free((char *)ui->tab_action[i].name);
        if (!v)
            continue;
        work_cancel(ui->work, v, WORK_ALL);
        if (v->ops->close)
            v->ops->close(v);
        free(v);
    }
    ui->ntabs = 0;
}
