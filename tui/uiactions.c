/* uiactions.c - what the toolkit itself can do, and how any action is called: checks, confirmation,
 * run. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crash.h"
#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/help.h"
#include "tui/palette.h"
#include "tui/uistate.h"

/* --- actions of the toolkit ------------------------------------------------------------------- */

static unsigned do_palette(const struct action_call *call)
{
    palette_open(call->ui);
    return UI_DONE;
}

static unsigned do_help(const struct action_call *call)
{
    help_open(call->ui);
    return UI_DONE;
}

static unsigned do_messages(const struct action_call *call)
{
    messages_open(call->ui, call->ui->messages);
    return UI_DONE;
}

static unsigned do_undo(const struct action_call *call)
{
    return messages_undo(call->ui->messages) | UI_DONE;
}

static const char *no_undo(const struct action_call *call)
{
    return messages_can_undo(call->ui->messages) ? NULL : _("nothing to undo");
}

static unsigned do_theme(const struct action_call *call)
{
    struct err e = { 0 };

    if (ui_set_theme(call->ui, call->arg, &e) == ST_OK) {
        ui_chose(call->ui, "ui.theme", call->ui->theme.name);
        ui_toast(call->ui, TOAST_DONE, _("Theme: %s"), _(call->ui->theme.title));
    } else {
        ui_toast(call->ui, TOAST_WARN, _("No theme has this name: %s"), call->arg);
    }
    return UI_DONE;
}

static unsigned do_language(const struct action_call *call)
{
    i18n_set(strcmp(i18n_lang(), "en") ? "en" : "zh_CN");
    ui_chose(call->ui, "ui.lang", i18n_lang());
    return UI_DONE;
}

static unsigned do_mouse(const struct action_call *call)
{
    struct ui *ui = call->ui;

    ui->mouse = !ui->mouse;
    if (ui->term)
        term_mouse(ui->term, ui->mouse);
    ui_chose(ui, "ui.mouse", ui->mouse ? "true" : "false");
    ui_toast(ui, TOAST_DONE, "%s",
             ui->mouse ? _("Mouse on; hold Shift to select text") : _("Mouse off"));
    return UI_DONE;
}

static unsigned do_large(const struct action_call *call)
{
    struct ui *ui = call->ui;

    ui->grid.large = !ui->grid.large;
    ui_chose(ui, "ui.large", ui->grid.large ? "true" : "false");
    if (!ui_locked(ui))
        ui_toast(ui, TOAST_DONE, "%s",
                 ui->grid.large ? _("Large print; the terminal's own letters can be made larger, too")
                                : _("Normal print"));
    return UI_DONE;
}

static unsigned do_blank(const struct action_call *call)
{
    struct ui *ui = call->ui;

    ui->blank = !ui->blank;
    ui_toast(ui, TOAST_DONE, "%s",
             ui->blank ? _("Names are hidden while a customer looks on") : _("Names are shown again"));
    return UI_DONE;
}

static unsigned do_lock(const struct action_call *call)
{
    ui_lock(call->ui);
    return UI_DONE;
}

static unsigned do_repaint(const struct action_call *call)
{
    if (call->ui->term)
        term_repaint(call->ui->term);
    return UI_DONE;
}

/* Nobody could bring back the leader of a session. */
static const char *no_suspend(const struct action_call *call)
{
    return !call->ui->term || getsid(0) == getpid() ? _("no shell to go to") : NULL;
}

void ui_suspend(struct ui *ui)
{
    int rows, cols;

    term_suspend(ui->term);
    term_size(ui->term, &rows, &cols);
    ui_resize(ui, rows, cols);
}

static unsigned do_suspend(const struct action_call *call)
{
    ui_suspend(call->ui);
    return UI_DONE;
}

static unsigned do_back(const struct action_call *call)
{
    struct view *v = ui_screen(call->ui);

    if (!v || ui_is_tab(call->ui, v)) {
        if (!v || !v->ops->stop || !v->ops->stop(v))
            return UI_HANDLED;
        ui_toast(call->ui, TOAST_WARN, "%s", _("Stopped; what had come stays on the screen"));
        return UI_DONE;
    }
    ui_close(call->ui, v);
    return UI_DONE;
}

static unsigned do_quit(const struct action_call *call)
{
    (void)call;
    return UI_HANDLED | UI_QUIT;
}

static const struct action global_actions[] = {
    { .name = "ui.back", .label = N_("Back"), .help = N_("Closes what stands on top."),
      .group = N_("Everywhere"), .keys = "Esc", .flags = ACTION_HIDDEN, .run = do_back },
    { .name = "ui.palette", .label = N_("Command"),
      .help = N_("Finds an action by its words, name or number."),
      .group = N_("Everywhere"), .keys = ": F10", .flags = ACTION_FOOTER, .run = do_palette },
    { .name = "ui.undo", .label = N_("Undo"),
      .help = N_("Takes back the last change while its message stands."),
      .group = N_("Everywhere"), .keys = "u", .run = do_undo, .disabled = no_undo },
    { .name = "ui.messages", .label = N_("Messages"), .help = N_("What was said so far."),
      .group = N_("Everywhere"), .keys = "M", .run = do_messages },
    { .name = "ui.theme", .label = N_("Theme"), .help = N_("The next theme, or the one named."),
      .group = N_("Everywhere"), .keys = "F8 T", .flags = ACTION_ALWAYS, .run = do_theme },
    { .name = "ui.blank", .label = N_("Hide names"),
      .help = N_("Hides names while a customer looks on, or shows them again."),
      .group = N_("Everywhere"), .keys = "F9 N", .flags = ACTION_ALWAYS, .run = do_blank },
    { .name = "ui.large", .label = N_("Large print"), .help = N_("Large print on or off."),
      .group = N_("Everywhere"), .keys = "F11 P", .flags = ACTION_ALWAYS | ACTION_LOCKED,
      .run = do_large },
    { .name = "ui.language", .label = N_("Language"), .help = N_("Switches the language."),
      .group = N_("Everywhere"), .keys = "F12 E", .flags = ACTION_ALWAYS | ACTION_LOCKED,
      .run = do_language },
    { .name = "ui.mouse", .label = N_("Mouse"), .help = N_("Switches the mouse on or off."),
      .group = N_("Everywhere"), .run = do_mouse },
    { .name = "ui.repaint", .label = N_("Repaint"), .help = N_("Draws the whole screen again."),
      .group = N_("Everywhere"), .keys = "C-l", .flags = ACTION_ALWAYS | ACTION_LOCKED,
      .run = do_repaint },
    { .name = "ui.lock", .label = N_("Lock screen"),
      .help = N_("Hides the screen until the password is given."),
      .group = N_("Everywhere"), .keys = "L", .run = do_lock },
    { .name = "ui.suspend", .label = N_("Suspend"), .help = N_("Back to the shell; `fg` returns."),
      .group = N_("Everywhere"),
      .keys = "C-z", .flags = ACTION_ALWAYS, .run = do_suspend, .disabled = no_suspend },
    { .name = "ui.quit", .label = N_("Quit"), .help = N_("Leaves Gonghai."),
      .group = N_("Everywhere"), .keys = "q C-c", .run = do_quit },
    { .name = "ui.help", .label = N_("Help"), .help = N_("What can be done here."),
      .group = N_("Everywhere"), .keys = "? F1", .flags = ACTION_FOOTER, .run = do_help }
};

void ui_add_actions(struct ui *ui, const char *scope, const struct action *rows, size_t n,
                    void *self)
{
    assert(ui->nsets < UI_SETS);
    ui->set[ui->nsets++] =
        (struct action_set){ .scope = scope, .rows = rows, .n = n, .self = self };
}

void ui_add_global(struct ui *ui, struct action_list *out)
{
    for (int i = 0; i < ui->nsets; i++)
        action_list_add(out, ui->set[i].scope, ui->set[i].rows, ui->set[i].n, ui->set[i].self,
                        NULL);
    action_list_add(out, "views", ui->tab_action,
                    (size_t)(ui->ntabs < FRAME_TABS ? ui->ntabs : FRAME_TABS), ui, NULL);
    ACTION_LIST_ADD(out, "global", global_actions, ui, NULL);
}

void ui_actions_of(struct ui *ui, struct view *v, struct action_list *out)
{
    out->typing = v && v->ops->typing && v->ops->typing(v);
    if (v && v->ops->actions)
        v->ops->actions(v, out);
    if (!v || v->ops->kind == VIEW_SCREEN)
        ui_add_global(ui, out);
}

void ui_actions(struct ui *ui, struct action_list *out)
{
    ui_actions_of(ui, ui->top, out);
}

/* --- calling ---------------------------------------------------------------------------------- */

/* An action that waits for its confirmation: the call as it was when the key was pressed. */
struct pending { struct action_call call; char *arg; };

static unsigned run_call(const struct action_call *call)
{
    crash_note(call->action->name);
    return call->action->run(call);
}

static unsigned go_pending(struct ui *ui, void *self)
{
    struct pending *p = self;

    (void)ui;
    return run_call(&p->call);
}

static void free_pending(void *self)
{
    struct pending *p = self;

    free(p->arg);
    free(p);
}

static unsigned ask_first(struct ui *ui, const struct action_call *call)
{
    const struct action *a = call->action;
    struct pending *p = xcalloc(1, sizeof *p);
    char text[400];

    p->call = *call;
    p->call.arg = p->arg = call->arg ? xstrdup(call->arg) : NULL;
    snprintf(text, sizeof text, "%s%s%s", call->has_subject ? call->subject.name : "",
             call->has_subject && call->subject.name[0] ? "  " : "",
             i18n_text(a->confirm ? a->confirm : a->help));
    dialog_ask(
        ui, &(struct question){
                .title = i18n_text(a->label),
                .text = text,
                .go_label = i18n_text(a->label),
                .word = call->has_subject && call->subject.name[0] ? call->subject.name : a->name,
                .stake = a->flags & ACTION_TYPED ? STAKE_TYPED : STAKE_CONFIRM,
                .go = go_pending,
                .free = free_pending,
                .self = p });
    return UI_DONE;
}

unsigned ui_call(struct ui *ui, const struct action_call *call)
{
    const char *why = action_disabled(call);

    if (why) {
        /* TRANSLATORS: an action, and why it cannot be done now */
        ui_toast(ui, TOAST_WARN, _("%s: %s"), i18n_text(call->action->label), why);
        return UI_DONE;
    }
    if (ui->top)
        ui->top->trigger = call->key;
    if (call->action->flags & (ACTION_CONFIRM | ACTION_TYPED))
        return ask_first(ui, call);
    return run_call(call);
}
