/* uiinput.c - from what arrives (bytes, signals, finished work) to the handler that takes it. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/probe.h"
#include "tui/uistate.h"

enum { ESC_DELAY = 25 };    /* ms until a lone ESC is the key */

void ui_take_bits(struct ui *ui, unsigned bits)
{
    if (bits & UI_REDRAW)
        ui_redraw(ui);
    if (bits & UI_QUIT)
        ui->quit = true;
}

/* Rows that work over a dialog, or over the lock. */
static bool always_call(struct ui *ui, int key, unsigned flag, struct action_call *call)
{
    struct action_list global = { 0 };

    ui_add_global(ui, &global);
    return action_by_key(ui->keymap, &global, ui, key, call) && (call->action->flags & flag);
}

static unsigned key_action(struct ui *ui, struct view *v, int key)
{
    struct action_list list = { 0 };
    struct action_call call;

    ui_actions_of(ui, v, &list);
    if (action_by_key(ui->keymap, &list, ui, key, &call) &&
        (!list.typing || !key_is_text(key) || (call.action->flags & ACTION_TYPING)))
        return ui_call(ui, &call) | UI_HANDLED;
    if (v && v->ops->kind == VIEW_DIALOG) {
        if (key == K_ESC)
            return UI_CLOSE | UI_DONE;
        if (!key_is_text(key) && always_call(ui, key, ACTION_ALWAYS, &call))
            return ui_call(ui, &call) | UI_HANDLED;
    }
    return 0;
}

/* What still works in a window that shows nothing. */
static void small_input(struct ui *ui, const struct input *in)
{
    if (in->kind == INPUT_KEY && in->key == ('c' | K_CTRL))
        ui->quit = true;
}

/* A code that the view had no use for: the app's, but not under the dialog that someone works in. */
static unsigned take_scan(struct ui *ui, const struct view *v, const char *code)
{
    if (v && v->ops->kind == VIEW_DIALOG)
        ui_toast(ui, TOAST_WARN, _("Scanned %s; close this window first"), code);
    else if (ui->options.scanned)
        return ui->options.scanned(ui->options.scanned_arg, code) | UI_DONE;
    else
        ui_toast(ui, TOAST_WARN, _("Scanned %s; nothing here takes it"), code);
    return UI_DONE;
}

/* What no view took that is not a key. */
static unsigned left_over(struct ui *ui, struct view *v, const struct input *in)
{
    if (in->kind == INPUT_SCAN)
        return take_scan(ui, v, in->text);
    if (in->kind != INPUT_PASTE)
        return 0;
    ui_toast(ui, TOAST_WARN, "%s", _("Text is pasted into fields only; there is none here"));
    return UI_DONE;
}

static void dispatch(struct ui *ui, const struct input *in)
{
    struct view *v = ui->top;
    struct input narrow = *in;
    bool typing = v && v->ops->typing && v->ops->typing(v);
    unsigned bits = 0;

    if (in->kind == INPUT_MOUSE && !ui->mouse)
        return;
    if (ui_is_small(ui)) {
        small_input(ui, in);
        return;
    }
    if (in->kind == INPUT_KEY && !typing)
        narrow.key = key_narrow(in->key);
    if (in->kind == INPUT_SCAN && typing)
        narrow.kind = INPUT_PASTE;
    ui->depth++;
    if (in->kind == INPUT_MOUSE && in->button == MOUSE_LEFT)
        bits = ui_click(ui, in);
    if (!bits && v && v->ops->input)
        bits = v->ops->input(v, &narrow);
    if (!(bits & UI_HANDLED))
        bits |= in->kind == INPUT_KEY ? key_action(ui, v, narrow.key) : left_over(ui, v, &narrow);
    ui_take_bits(ui, bits);
    if ((bits & UI_CLOSE) && v)
        ui_close(ui, v);
    ui->depth--;
    ui_bury(ui);
}

/* On the lock screen: the password, and what says nothing of the data. */
static void locked_input(struct ui *ui, const struct input *in)
{
    struct action_call call;
    unsigned bits = lock_input(ui->lock, in);

    if (!bits && in->kind == INPUT_KEY && !key_is_text(in->key) &&
        always_call(ui, in->key, ACTION_LOCKED, &call))
        bits = ui_call(ui, &call);
    ui_take_bits(ui, bits);
}

void ui_input(struct ui *ui, const struct input *in)
{
    if (in->kind == INPUT_RESIZE) {
        ui_resize(ui, in->y, in->x);
    } else if (in->kind == INPUT_PASTE && !ui->options.paste) {
        ui_toast(ui, TOAST_WARN, "%s", _("Pasting is switched off here"));
    } else if (lock_held(ui->lock)) {
        locked_input(ui, in);
    } else if (!lock_look(ui->lock)) {          /* the key that finds it idle too long only locks */
        lock_touch(ui->lock);
        dispatch(ui, in);
    }
}

/* --- scanners and answers --------------------------------------------------------------------- */

/* Could a letter or digit be a command here? In a field it is a letter, and scanners may type. */
static bool is_scanned(const struct ui *ui)
{
    const struct view *v = ui->top;

    return ui->options.scan && v && !(v->ops->typing && v->ops->typing(v)) && !ui_locked(ui) &&
           !ui_is_small(ui);
}

/* What was held is no code. */
static void let_go(struct ui *ui)
{
    int key;

    while (!ui->quit && (key = scan_let_go(&ui->scan)) != 0)
        ui_input(ui, &(struct input){ .kind = INPUT_KEY, .key = key });
}

static unsigned no_code(void *self)
{
    struct ui *ui = self;

    ui->scan_timer = 0;
    let_go(ui);
    return 0;
}

void ui_ask_terminal(struct ui *ui)
{
    if (ui->options.ambiguous || !ui->term || ui->options.term.rows > 0)
        return;
    ui->asked = term_probe(ui->term, &ui->asked_y, &ui->asked_x);
    if (ui->asked)
        ui_redraw(ui);
}

static void take_reply(struct ui *ui, const struct input *in)
{
    int width = ui->asked ? probe_width(ui->asked_y, ui->asked_x, in->y, in->x) : 0;

    if (width == 0)
        return;
    ui->asked = false;
    if (!text_ambiguous(width))
        return;
    term_repaint(ui->term);
    ui_redraw(ui);
}

/* A key that may belong to a code. */
static void take_key(struct ui *ui, const struct input *in)
{
    struct input code = { .kind = INPUT_SCAN };

    if (ui->scan.n > 0 && ui->read_at - ui->scan.at > SCAN_GAP)
        let_go(ui);
    switch (scan_key(&ui->scan, key_narrow(in->key), ui->read_at, ui->read_late)) {
    case SCAN_PASS:
        let_go(ui);
        if (!ui->quit)
            ui_input(ui, in);
        break;
    case SCAN_CODE:
        code.text = scan_text(&ui->scan);
        ui_input(ui, &code);
        break;
    case SCAN_HOLD:
    case SCAN_EAT:
        break;
    }
}

static void take(struct ui *ui, const struct input *in)
{
    if (in->kind == INPUT_REPLY) {
        take_reply(ui, in);
    } else if (in->kind == INPUT_KEY && is_scanned(ui)) {
        take_key(ui, in);
    } else {
        let_go(ui);
        if (!ui->quit)
            ui_input(ui, in);
    }
}

/* --- bytes ------------------------------------------------------------------------------------ */

static unsigned flush_escape(void *self);

static int patience(const struct ui *ui)
{
    if (ui->decoder->pasting)
        return PASTE_DELAY;
    return ui->options.term.esc_ms > 0 ? ui->options.term.esc_ms : ESC_DELAY;
}

static void drain(struct ui *ui, bool flush)
{
    struct input e;

    while (!ui->quit && decoder_next(ui->decoder, flush, &e))
        take(ui, &e);
    if (decoder_waiting(ui->decoder) && !ui->esc_timer)
        ui->esc_timer = loop_add_timer(ui->loop, patience(ui), flush_escape, ui);
    if (ui->scan.n > 0 && !ui->scan_timer)
        ui->scan_timer = loop_add_timer(ui->loop, SCAN_GAP + 1, no_code, ui);
}

/* Something was read: what waited for the next byte has it. */
static void arrived(struct ui *ui, bool late)
{
    ui->read_at = clock_mono();
    ui->read_late = late;
    loop_cancel_timer(ui->loop, ui->esc_timer);
    loop_cancel_timer(ui->loop, ui->scan_timer);
    ui->esc_timer = ui->scan_timer = 0;
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

    arrived(ui, false);
    while (n > 0 && !ui->quit) {
        size_t took = decoder_feed(ui->decoder, p, n);

        p += took;
        n -= took;
        drain(ui, took == 0);
    }
}

/* The terminal is gone, or someone wants us to go: a write has its last moment. */
static void leave(struct ui *ui)
{
    ui->quit = true;
    ui->rc = 1;
    term_leave(ui->term);
}

unsigned ui_on_input(void *self)
{
    struct ui *ui = self;

    ui->input_seen = true;
    arrived(ui, loop_deaf(ui->loop) > SCAN_GAP);
    if (!term_read(ui->term))
        leave(ui);
    drain(ui, false);
    return 0;
}

unsigned ui_on_signal(void *self)
{
    struct ui *ui = self;
    unsigned what = term_signals(ui->term);
    int rows, cols;

    if (what & TERM_GONE)
        leave(ui);
    if (what & TERM_SUSPEND)
        ui_suspend(ui);
    else if (what & TERM_CONTINUED)
        term_resume(ui->term);
    if (what & (TERM_SUSPEND | TERM_CONTINUED))
        ui_redraw(ui);
    if (what & (TERM_RESIZED | TERM_CONTINUED)) {
        term_resize(ui->term, 0, 0);
        term_size(ui->term, &rows, &cols);
        ui_resize(ui, rows, cols);
    }
    return 0;
}

unsigned ui_on_work(void *self)
{
    struct ui *ui = self;
    unsigned bits;

    ui->depth++;
    bits = work_deliver(ui->work);
    ui->depth--;
    ui_take_bits(ui, bits | (ui->busy_since ? UI_REDRAW : 0));     /* the spinner may have to go */
    ui_bury(ui);
    return 0;
}
