/* uiinput.c - from what arrives (bytes, signals, finished work) to the handler that takes it. */
#include "base/clock.h"
#include "tui/uistate.h"

enum { ESC_DELAY = 25 };    /* ms until a lone ESC is the key */

void ui_take_bits(struct ui *ui, unsigned bits)
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

    ui_add_global(ui, &global);
    return action_by_key(ui->keymap, &global, ui, key, call) &&
           (call->action->flags & ACTION_ALWAYS);
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
        if (!key_is_text(key) && always_call(ui, key, &call))
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

static void dispatch(struct ui *ui, const struct input *in)
{
    struct view *v = ui->top;
    struct input narrow = *in;
    bool typing = v && v->ops->typing && v->ops->typing(v);
    unsigned bits = 0;

    if (ui_is_small(ui)) {
        small_input(ui, in);
        return;
    }
    if (in->kind == INPUT_KEY && !typing)
        narrow.key = key_narrow(in->key);
    ui->depth++;
    if (v && v->ops->input)
        bits = v->ops->input(v, &narrow);
    if (!(bits & UI_HANDLED) && in->kind == INPUT_KEY)
        bits |= key_action(ui, v, narrow.key);
    ui_take_bits(ui, bits);
    if ((bits & UI_CLOSE) && v)
        ui_close(ui, v);
    ui->depth--;
    ui_bury(ui);
}

void ui_input(struct ui *ui, const struct input *in)
{
    if (in->kind == INPUT_RESIZE)
        ui_resize(ui, in->y, in->x);
    else
        dispatch(ui, in);
}

static unsigned flush_escape(void *self);

static void drain(struct ui *ui, bool flush)
{
    struct input e;

    while (!ui->quit && decoder_next(ui->decoder, flush, &e))
        ui_input(ui, &e);
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

unsigned ui_on_input(void *self)
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

unsigned ui_on_signal(void *self)
{
    struct ui *ui = self;
    unsigned what = term_signals(ui->term);
    int rows, cols;

    if (what & TERM_GONE) {
        ui->quit = true;
        ui->rc = 1;
    }
    if (what & TERM_SUSPEND)
        ui_suspend(ui);
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
