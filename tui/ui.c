#include "tui/ui.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/frame.h"
#include "tui/help.h"
#include "tui/messages.h"
#include "tui/palette.h"

enum {
    UI_TABS = 24,
    UI_SETS = 4,
    ESC_DELAY = 25,             /* ms until a lone ESC is the key */
    BUSY_SHOWN = 100,           /* ms until the spinner shows, and between its turns */
    TYPED_AHEAD = 40            /* ms that painting may wait for input that keeps coming */
};

struct tab {
    const struct view_ops *ops;             /* NULL: announced only */
    const char *label, *short_label;
    struct view *view;                      /* once opened */
};

struct ui {
    struct ui_options options;
    struct term *term;                      /* NULL when headless */
    struct decoder *decoder, own_decoder;
    struct loop *loop;
    struct work *work;
    struct keymap *keymap;
    struct theme theme;
    struct frame frame;
    struct grid grid;
    struct messages *messages;
    struct ui_history history;
    struct tab tab[UI_TABS];
    int ntabs;
    struct action tab_action[FRAME_TABS];
    struct action_set set[UI_SETS];
    int nsets;
    struct view *top, *dead;
    int depth;                              /* handlers under way: closed views wait */
    bool dirty, quit, mouse, input_seen;
    int rc;
    int64_t dirty_since, busy_since;
    int esc_timer, busy_timer, clock_timer, spinner;
    struct script script;
    struct buf script_text;
    size_t script_base;
};

static void take_bits(struct ui *ui, unsigned bits);
static void dispatch(struct ui *ui, const struct event *e);

/* --- small answers ---------------------------------------------------------------------------- */

struct loop *ui_loop(struct ui *ui)
{
    return ui->loop;
}

struct work *ui_work(struct ui *ui)
{
    return ui->work;
}

struct frame *ui_frame(struct ui *ui)
{
    return &ui->frame;
}

struct grid *ui_grid(struct ui *ui)
{
    return &ui->grid;
}

struct keymap *ui_keymap(struct ui *ui)
{
    return ui->keymap;
}

const struct theme *ui_theme(const struct ui *ui)
{
    return &ui->theme;
}

const struct ui_options *ui_options(const struct ui *ui)
{
    return &ui->options;
}

bool ui_ascii(const struct ui *ui)
{
    return ui->grid.ascii;
}

struct ui_history *ui_history(struct ui *ui)
{
    return &ui->history;
}

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

void ui_redraw(struct ui *ui)
{
    if (!ui->dirty)
        ui->dirty_since = clock_mono();
    ui->dirty = true;
}

void ui_quit(struct ui *ui)
{
    ui->quit = true;
}

/* --- views ------------------------------------------------------------------------------------ */

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
static void bury(struct ui *ui)
{
    while (ui->depth == 0 && ui->dead) {
        struct view *v = ui->dead;

        ui->dead = v->below;
        if (v->ops->close)
            v->ops->close(v);
        free(v);
    }
}

static void drop_top(struct ui *ui)
{
    struct view *v = ui->top;

    ui->top = v->below;
    work_cancel(ui->work, v, WORK_ALL);
    v->below = ui->dead;
    ui->dead = v;
}

static bool is_tab(const struct ui *ui, const struct view *v)
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
    if (!is_open(ui, v) || is_tab(ui, v))
        return;
    while (ui->top != v)
        drop_top(ui);
    drop_top(ui);
    if (ui->top && ui->top->ops->shown)
        ui->top->ops->shown(ui->top);
    ui_redraw(ui);
    bury(ui);
}

struct view *ui_push(struct ui *ui, const struct view_ops *ops, const void *arg, struct err *e)
{
    struct err ignored = { 0 };
    struct view *v = make_view(ui, ops, arg, ui->top ? ui->top->trigger : K_NONE, e ? e : &ignored);

    if (!v)
        return NULL;
    v->below = ui->top;
    ui->top = v;
    ui_redraw(ui);
    return v;
}

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

enum status ui_goto(struct ui *ui, const char *name, const void *arg, struct err *e)
{
    for (int i = 0; i < ui->ntabs; i++) {
        struct tab *t = &ui->tab[i];
        bool fresh = !t->view;

        if (!t->ops || strcmp(t->ops->name, name))
            continue;
        if (fresh && !(t->view = make_view(ui, t->ops, arg, K_NONE, e)))
            return e->status == ST_OK ? ST_FAILED : e->status;
        while (ui->top && !is_tab(ui, ui->top))
            drop_top(ui);
        ui->top = t->view;
        t->view->below = NULL;
        if (!fresh && t->ops->shown)
            t->ops->shown(t->view);
        ui_redraw(ui);
        bury(ui);
        return ST_OK;
    }
    return fail(e, ST_NOT_FOUND, "view.unknown", name, NULL);
}

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

    if (ui_set_theme(call->ui, call->arg, &e) == ST_OK)
        ui_toast(call->ui, TOAST_DONE, _("Theme: %s"), _(call->ui->theme.title));
    else
        ui_toast(call->ui, TOAST_WARN, _("No theme has this name: %s"), call->arg);
    return UI_DONE;
}

static unsigned do_language(const struct action_call *call)
{
    (void)call;
    i18n_set(strcmp(i18n_lang(), "en") ? "en" : "zh_CN");
    return UI_DONE;
}

static unsigned do_mouse(const struct action_call *call)
{
    struct ui *ui = call->ui;

    ui->mouse = !ui->mouse;
    if (ui->term)
        term_mouse(ui->term, ui->mouse);
    ui_toast(ui, TOAST_DONE, "%s",
             ui->mouse ? _("Mouse on; hold Shift to select text") : _("Mouse off"));
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
    return !call->ui->term || getsid(0) == getpid() ? _("there is no shell to go to") : NULL;
}

static void suspend(struct ui *ui)
{
    int rows, cols;

    term_suspend(ui->term);
    term_size(ui->term, &rows, &cols);
    ui_resize(ui, rows, cols);
}

static unsigned do_suspend(const struct action_call *call)
{
    suspend(call->ui);
    return UI_DONE;
}

static unsigned do_back(const struct action_call *call)
{
    struct view *v = ui_screen(call->ui);

    if (!v || is_tab(call->ui, v))
        return UI_HANDLED;
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
      .group = N_("Everywhere"), .keys = ":", .flags = ACTION_FOOTER, .run = do_palette },
    { .name = "ui.undo", .label = N_("Undo"),
      .help = N_("Takes back the last change while its message stands."),
      .group = N_("Everywhere"), .keys = "u", .run = do_undo, .disabled = no_undo },
    { .name = "ui.messages", .label = N_("Messages"), .help = N_("What was said so far."),
      .group = N_("Everywhere"), .keys = "i", .run = do_messages },
    { .name = "ui.theme", .label = N_("Theme"), .help = N_("The next theme, or the one named."),
      .group = N_("Everywhere"), .keys = "F8", .run = do_theme },
    { .name = "ui.language", .label = N_("Language"), .help = N_("Switches the language."),
      .group = N_("Everywhere"), .keys = "F12", .flags = ACTION_ALWAYS, .run = do_language },
    { .name = "ui.mouse", .label = N_("Mouse"), .help = N_("Switches the mouse on or off."),
      .group = N_("Everywhere"), .run = do_mouse },
    { .name = "ui.repaint", .label = N_("Repaint"), .help = N_("Draws the whole screen again."),
      .group = N_("Everywhere"), .keys = "C-l", .flags = ACTION_ALWAYS, .run = do_repaint },
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

static void add_global(struct ui *ui, struct action_list *out)
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
    if (v && v->ops->actions)
        v->ops->actions(v, out);
    if (!v || v->ops->kind == VIEW_SCREEN)
        add_global(ui, out);
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
        ui_toast(ui, TOAST_WARN, "%s: %s", i18n_text(call->action->label), why);
        return UI_DONE;
    }
    if (ui->top)
        ui->top->trigger = call->key;
    if (call->action->flags & (ACTION_CONFIRM | ACTION_TYPED))
        return ask_first(ui, call);
    return run_call(call);
}

/* --- events ----------------------------------------------------------------------------------- */

static void take_bits(struct ui *ui, unsigned bits)
{
    if (bits & UI_REDRAW)
        ui_redraw(ui);
    if (bits & UI_QUIT)
        ui->quit = true;
}

/* Rows that work over a dialog. */
static bool always_call(struct ui *ui, int key, struct action_call *call)
{
    struct action_list global = { 0 };

    add_global(ui, &global);
    return action_by_key(ui->keymap, &global, ui, key, call) &&
           (call->action->flags & ACTION_ALWAYS);
}

static unsigned key_action(struct ui *ui, struct view *v, int key, bool typing)
{
    struct action_list list = { 0 };
    struct action_call call;

    ui_actions_of(ui, v, &list);
    if (action_by_key(ui->keymap, &list, ui, key, &call) &&
        (!typing || !key_is_text(key) || (call.action->flags & ACTION_TYPING)))
        return ui_call(ui, &call) | UI_HANDLED;
    if (v && v->ops->kind == VIEW_DIALOG) {
        if (key == K_ESC)
            return UI_CLOSE | UI_DONE;
        if (!key_is_text(key) && always_call(ui, key, &call))
            return ui_call(ui, &call) | UI_HANDLED;
    }
    return 0;
}

static bool is_small(const struct ui *ui)
{
    return ui->grid.h < FRAME_MIN_ROWS || ui->grid.w < FRAME_MIN_COLS;
}

/* What still works in a window that shows nothing. */
static void small_event(struct ui *ui, const struct event *e)
{
    if (e->kind == EVENT_KEY && e->key == ('c' | K_CTRL))
        ui->quit = true;
}

static void dispatch(struct ui *ui, const struct event *e)
{
    struct view *v = ui->top;
    struct event narrow = *e;
    bool typing = v && v->ops->typing && v->ops->typing(v);
    unsigned bits = 0;

    if (is_small(ui)) {
        small_event(ui, e);
        return;
    }
    if (e->kind == EVENT_KEY && !typing)
        narrow.key = key_narrow(e->key);
    ui->depth++;
    if (v && v->ops->event)
        bits = v->ops->event(v, &narrow);
    if (!(bits & UI_HANDLED) && e->kind == EVENT_KEY)
        bits |= key_action(ui, v, narrow.key, typing);
    take_bits(ui, bits);
    if ((bits & UI_CLOSE) && v)
        ui_close(ui, v);
    ui->depth--;
    bury(ui);
}

void ui_event(struct ui *ui, const struct event *e)
{
    if (e->kind == EVENT_RESIZE)
        ui_resize(ui, e->y, e->x);
    else
        dispatch(ui, e);
}

static unsigned flush_escape(void *self);

static void drain(struct ui *ui, bool flush)
{
    struct event e;

    while (!ui->quit && decoder_next(ui->decoder, flush, &e))
        ui_event(ui, &e);
    if (decoder_waiting(ui->decoder) && !ui->esc_timer)
        ui->esc_timer = loop_add_timer(ui->loop, ESC_DELAY, flush_escape, ui);
}

static unsigned flush_escape(void *self)
{
    struct ui *ui = self;

    ui->esc_timer = 0;
    drain(ui, true);
    return 0;
}

void ui_bytes(struct ui *ui, const void *bytes, size_t n)
{
    const char *p = bytes;

    while (n > 0 && !ui->quit) {
        size_t took = decoder_feed(ui->decoder, p, n);

        p += took;
        n -= took;
        drain(ui, took == 0);
    }
}

static unsigned on_input(void *self)
{
    struct ui *ui = self;

    ui->input_seen = true;
    if (ui->esc_timer) {
        loop_cancel_timer(ui->loop, ui->esc_timer);
        ui->esc_timer = 0;
    }
    if (!term_read(ui->term)) {
        ui->quit = true;
        ui->rc = 1;
    }
    drain(ui, false);
    return 0;
}

static unsigned on_signal(void *self)
{
    struct ui *ui = self;
    unsigned what = term_signals(ui->term);
    int rows, cols;

    if (what & TERM_GONE) {
        ui->quit = true;
        ui->rc = 1;
    }
    if (what & TERM_SUSPEND)
        suspend(ui);
    if (what & (TERM_RESIZED | TERM_CONTINUED)) {
        term_resize(ui->term, 0, 0);
        term_size(ui->term, &rows, &cols);
        ui_resize(ui, rows, cols);
    }
    return 0;
}

static unsigned on_work(void *self)
{
    struct ui *ui = self;
    unsigned bits;

    ui->depth++;
    bits = work_deliver(ui->work);
    ui->depth--;
    take_bits(ui, bits | (ui->busy_since ? UI_REDRAW : 0));     /* the spinner may have to go */
    bury(ui);
    return 0;
}

/* --- painting --------------------------------------------------------------------------------- */

static bool is_busy(struct ui *ui, struct view *v)
{
    if (!v)
        return false;
    return v->ops->busy ? v->ops->busy(v) : work_outstanding_of(ui->work, v) > 0;
}

static unsigned turn_spinner(void *self)
{
    struct ui *ui = self;

    ui->busy_timer = 0;
    ui_redraw(ui);
    return 0;
}

/* The spinner's turn: 0 until something has been waited for long enough. */
static int spin(struct ui *ui)
{
    int64_t now = clock_mono();

    if (!is_busy(ui, ui->top) && !is_busy(ui, ui_screen(ui))) {
        ui->busy_since = 0;
        return 0;
    }
    if (!ui->busy_since)
        ui->busy_since = now;
    if (!ui->busy_timer)
        ui->busy_timer = loop_add_timer(ui->loop, BUSY_SHOWN, turn_spinner, ui);
    return now - ui->busy_since < BUSY_SHOWN ? 0 : (int)((now - ui->busy_since) / BUSY_SHOWN);
}

static unsigned next_minute(void *self)
{
    struct ui *ui = self;

    ui->clock_timer = 0;
    ui_redraw(ui);
    return 0;
}

/* The header's clock shows minutes; a clock that stands needs no timer. */
static void watch_clock(struct ui *ui)
{
    int64_t now = clock_now(), off = now - clock_real();

    if (ui->term && !ui->clock_timer && off > -CLOCK_SECOND && off < CLOCK_SECOND)
        ui->clock_timer =
            loop_add_timer(ui->loop, CLOCK_MINUTE - now % CLOCK_MINUTE + 1, next_minute, ui);
}

static int collect_tabs(struct ui *ui, struct frame_tab *tabs)
{
    struct view *base = ui->top;
    int n = ui->ntabs < FRAME_TABS ? ui->ntabs : FRAME_TABS;

    while (base && base->below)
        base = base->below;
    for (int i = 0; i < n; i++)
        tabs[i] = (struct frame_tab){ .label = ui->tab[i].label,
                                      .short_label = ui->tab[i].short_label,
                                      .later = !ui->tab[i].ops,
                                      .current = base && ui->tab[i].view == base };
    return n;
}

static void draw_screen(struct ui *ui, struct surface s)
{
    struct view *v = ui_screen(ui);
    struct frame_tab tabs[FRAME_TABS];
    struct action_list actions = { 0 };
    struct frame_parts parts = { .frame = &ui->frame,
                                 .tabs = tabs,
                                 .ntabs = collect_tabs(ui, tabs),
                                 .view = v,
                                 .actions = &actions,
                                 .keymap = ui->keymap,
                                 .ui = ui,
                                 .spinner = spin(ui) };
    struct surface body;

    if (v)
        ui_actions_of(ui, v, &actions);
    body = frame_draw(&parts, s);
    if (v && body.h > 0)
        v->ops->draw(v, body);
    if (v)
        frame_status(&parts, s);
}

static void draw_dialogs(struct ui *ui, struct surface s, struct view *v)
{
    struct action_list actions = { 0 };

    if (!v || v->ops->kind != VIEW_DIALOG)
        return;
    draw_dialogs(ui, s, v->below);
    grid_step_back(&ui->grid);
    if (v->ops->actions)
        v->ops->actions(v, &actions);
    v->ops->draw(v, frame_dialog(s, v, &actions, ui->keymap));
}

static void draw_all(struct ui *ui)
{
    struct surface s = surface_of(&ui->grid);

    grid_clear(&ui->grid);
    if (is_small(ui)) {
        frame_too_small(s, s.h, s.w);
        return;
    }
    draw_screen(ui, s);
    draw_dialogs(ui, s, ui->top);
    if (messages_toast(ui->messages))
        messages_draw_toast(ui->messages, frame_status_row(s));
    if (ui->options.cursor_always)
        ui->grid.cursor_shown = true;
}

void ui_paint(struct ui *ui)
{
    if (!ui->dirty)
        return;
    ui->dirty = false;
    draw_all(ui);
    watch_clock(ui);
    if (ui->term)
        term_show(ui->term, &ui->grid, &ui->theme);
}

void ui_resize(struct ui *ui, int rows, int cols)
{
    if (rows == ui->grid.h && cols == ui->grid.w)
        return;
    if (ui->term)
        term_resize(ui->term, rows, cols);
    grid_resize(&ui->grid, rows, cols);
    ui_redraw(ui);
}

enum status ui_set_theme(struct ui *ui, const char *name, struct err *e)
{
    const char *const *all = theme_names();
    enum status st;

    if (!name) {
        int i = 0;

        while (all[i] && strcmp(all[i], ui->theme.name))
            i++;
        name = all[i] && all[i + 1] ? all[i + 1] : all[0];
    }
    st = theme_builtin(&ui->theme, name, e);
    ui_redraw(ui);
    return st;
}

/* --- the loop --------------------------------------------------------------------------------- */

/* One turn: what is waiting, then a frame, unless more input is on its way. */
static void turn(struct ui *ui, int ms)
{
    ui->input_seen = false;
    take_bits(ui, loop_wait(ui->loop, ui->dirty ? 0 : ms));
    bury(ui);
    if (ui->dirty && (!ui->input_seen || clock_mono() - ui->dirty_since >= TYPED_AHEAD))
        ui_paint(ui);
}

/* The next scripted event, once all is quiet. False when the script is over. */
static bool play(struct ui *ui)
{
    struct event e;
    const char *bad;

    if (!script_next(&ui->script, &e, &bad))
        return false;
    if (!bad)
        ui_event(ui, &e);
    return true;
}

static bool is_quiet(const struct ui *ui)
{
    return work_outstanding(ui->work) == 0;
}

void ui_run_until_idle(struct ui *ui)
{
    for (;;) {
        while (!is_quiet(ui) && !ui->quit)
            turn(ui, -1);
        turn(ui, 0);
        if (!is_quiet(ui) && !ui->quit)
            continue;
        if (ui->quit || !play(ui))
            break;
    }
    ui_paint(ui);
}

int ui_run(struct ui *ui)
{
    ui_redraw(ui);
    ui_paint(ui);
    if (ui->script.at)
        ui_run_until_idle(ui);
    if (ui->options.quit_after_keys || ui->options.headless)
        return ui->rc;
    while (!ui->quit)
        turn(ui, -1);
    return ui->rc;
}

bool ui_keys(struct ui *ui, const char *keys, const char **bad)
{
    struct script s = { .at = keys, .word = BUF_INIT };
    struct event e;
    size_t done = ui->script.at ? (size_t)(ui->script.at - ui->script_text.s) : ui->script_text.len;
    size_t typing = ui->script.typing ? (size_t)(ui->script.typing - ui->script_text.s) : 0;

    while (script_next(&s, &e, bad))
        if (*bad) {
            script_free(&s);
            return false;
        }
    script_free(&s);
    buf_addc(&ui->script_text, ' ');
    buf_adds(&ui->script_text, keys);
    ui->script.at = ui->script_text.s + done;
    if (typing)
        ui->script.typing = ui->script_text.s + typing;
    return true;
}

/* --- saying things ---------------------------------------------------------------------------- */

void ui_toast(struct ui *ui, enum toast_kind kind, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    messages_say(ui->messages, kind, b.s);
    buf_release(&b);
}

void ui_toast_undo(struct ui *ui, int seconds, unsigned (*undo)(struct ui *ui, void *self),
                   void (*done)(void *self), void *self, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    messages_say_undo(ui->messages, b.s, seconds, undo, done, self);
    buf_release(&b);
}

/* --- start and stop --------------------------------------------------------------------------- */

static enum status start_theme(struct ui *ui, struct err *e)
{
    const char *name = ui->options.theme ? ui->options.theme : "default";
    enum status st = theme_builtin(&ui->theme, name, e);
    struct theme base;

    if (st != ST_OK || !ui->options.theme_file)
        return st;
    base = ui->theme;
    return theme_load(&ui->theme, ui->options.theme_file, &base, e);
}

static enum status start_screen(struct ui *ui, struct err *e)
{
    int rows = ui->options.term.rows, cols = ui->options.term.cols;
    enum status st;

    if (!ui->options.headless) {
        st = term_start(&ui->term, &ui->options.term, e);
        if (st != ST_OK)
            return st;
        term_size(ui->term, &rows, &cols);
        ui->decoder = term_decoder(ui->term);
        loop_add_fd(ui->loop, term_signal_fd(ui->term), on_signal, ui);
        if (ui->options.term.rows == 0)
            loop_add_fd(ui->loop, term_fd(ui->term), on_input, ui);
    } else {
        decoder_init(&ui->own_decoder, ui->options.term.esc_digit);
        ui->decoder = &ui->own_decoder;
    }
    grid_init(&ui->grid, rows > 0 ? rows : 24, cols > 0 ? cols : 80);
    ui->grid.ascii = ui->options.ascii;
    return ST_OK;
}

static enum status start_keys(struct ui *ui, struct err *e)
{
    const char *bad;

    if (ui->options.keymap_file && keymap_load(ui->keymap, ui->options.keymap_file, e) != ST_OK)
        return e ? e->status : ST_INVALID;
    if (ui->options.keys && !ui_keys(ui, ui->options.keys, &bad))
        return fail(e, ST_INVALID, "keys.unknown", bad, NULL);
    return ST_OK;
}

enum status ui_start(struct ui **out, const struct ui_options *o, struct err *e)
{
    struct ui *ui = xcalloc(1, sizeof *ui);
    enum status st;

    *out = NULL;
    ui->options = *o;
    ui->frame.messages = -1;
    ui->frame.connection_ink = ROLE_GOOD;
    ui->mouse = o->term.mouse;
    ui->script_text = ui->script.word = (struct buf)BUF_INIT;
    ui->grid.scratch = (struct buf)BUF_INIT;
    ui->loop = loop_new();
    ui->work = work_new(o->work, o->work_arg);
    ui->keymap = keymap_new();
    ui->messages = messages_new(ui);
    loop_add_fd(ui->loop, work_fd(ui->work), on_work, ui);
    st = start_theme(ui, e);
    if (st == ST_OK)
        st = start_keys(ui, e);
    if (st == ST_OK)
        st = start_screen(ui, e);
    if (st != ST_OK) {
        ui_stop(ui);
        return st;
    }
    if (ui->term && term_fallback(ui->term))
        ui_toast(ui, TOAST_WARN, _("This terminal is unknown here; it is taken for %s"),
                 term_fallback(ui->term));
    ui->dirty = true;
    *out = ui;
    return ST_OK;
}

static void close_views(struct ui *ui)
{
    while (ui->top && !is_tab(ui, ui->top))
        drop_top(ui);
    ui->top = NULL;
    bury(ui);
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

void ui_stop(struct ui *ui)
{
    if (!ui)
        return;
    term_stop(ui->term);
    ui->term = NULL;
    close_views(ui);
    messages_free(ui->messages);
    work_free(ui->work);
    keymap_free(ui->keymap);
    if (ui->decoder == &ui->own_decoder)
        decoder_free(&ui->own_decoder);
    while (ui->history.n > 0)
        free(ui->history.line[--ui->history.n]);
    script_free(&ui->script);
    buf_release(&ui->script_text);
    grid_free(&ui->grid);
    loop_free(ui->loop);
    free(ui);
}
