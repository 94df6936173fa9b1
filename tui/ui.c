#include "tui/uistate.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/keymapfile.h"

enum { TYPED_AHEAD = 40 };  /* ms that painting may wait for input that keeps coming */

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

bool ui_mono(const struct ui *ui)
{
    bool named = strcmp(ui->theme.name, "mono") == 0;
    return named || (ui->term && term_depth(ui->term) == DEPTH_MONO);
}

const struct ui_options *ui_options(const struct ui *ui)
{
    return &ui->options;
}

bool ui_ascii(const struct ui *ui)
{
    return ui->grid.ascii;
}

bool ui_large(const struct ui *ui)
{
    return ui->grid.large;
}

void ui_wake_at(struct ui *ui, int64_t when)
{
    if (when != NONE && when > clock_now() && (ui->wake_at == NONE || when < ui->wake_at))
        ui->wake_at = when;
}

void ui_chose(struct ui *ui, const char *key, const char *value)
{
    if (ui->options.chose)
        ui->options.chose(ui->options.chose_arg, key, value);
}

bool ui_blank(const struct ui *ui)
{
    return ui->blank;
}

struct ui_history *ui_history(struct ui *ui)
{
    return &ui->history;
}

void ui_redraw(struct ui *ui)
{
    if (!ui->dirty)
        ui->dirty_since = clock_mono();
    ui->dirty = true;
}

/* --- the loop --------------------------------------------------------------------------------- */

/* One turn: what is waiting, then a frame, unless more input is on its way. */
static void turn(struct ui *ui, int ms)
{
    ui->input_seen = false;
    ui_take_bits(ui, loop_wait(ui->loop, ui->dirty ? 0 : ms));
    ui_bury(ui);
    lock_look(ui->lock);
    if (ui->dirty && (!ui->input_seen || clock_mono() - ui->dirty_since >= TYPED_AHEAD))
        ui_paint(ui);
}

/* The next scripted input, once all is quiet. False when the script is over. */
static bool play(struct ui *ui)
{
    struct input e;
    const char *bad;

    if (!script_next(&ui->script, &e, &bad))
        return false;
    if (!bad)
        ui_input(ui, &e);
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
    ui_ask_terminal(ui);
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
    struct input e;
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
        loop_add_fd(ui->loop, term_signal_fd(ui->term), ui_on_signal, ui);
        if (ui->options.term.rows == 0)
            loop_add_fd(ui->loop, term_fd(ui->term), ui_on_input, ui);
    } else {
        decoder_init(&ui->own_decoder, ui->options.term.esc_digit);
        ui->decoder = &ui->own_decoder;
    }
    grid_init(&ui->grid, rows > 0 ? rows : 24, cols > 0 ? cols : 80);
    ui->grid.ascii = ui->options.ascii;
    ui->grid.large = ui->options.large;
    return ST_OK;
}

static void say_mistake(void *self, const char *sentence)
{
    ui_toast(self, TOAST_WARN, "%s", sentence);
}

static enum status start_keys(struct ui *ui, struct err *e)
{
    const char *bad;
    enum status st = ST_OK;

    if (ui->options.keymap_file)
        st = keymap_load(ui->keymap, keymap_builtin(), ui->options.keymap_file, say_mistake, ui, e);
    if (st != ST_OK)
        return st;
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
    ui->script_text = ui->script.word = ui->copied = (struct buf)BUF_INIT;
    ui->grid.scratch = (struct buf)BUF_INIT;
    ui->loop = loop_new();
    ui->work = work_new(o->work, o->work_arg);
    ui->keymap = keymap_new();
    ui->messages = messages_new(ui);
    text_ambiguous(o->ambiguous);
    ui->lock = lock_new(ui);
    ui->wake_at = NONE;
    loop_add_fd(ui->loop, work_fd(ui->work), ui_on_work, ui);
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

void ui_stop(struct ui *ui)
{
    if (!ui)
        return;
    term_stop(ui->term);
    ui->term = NULL;
    ui_close_views(ui);
    lock_free(ui->lock);
    messages_free(ui->messages);
    work_free(ui->work);
    keymap_free(ui->keymap);
    if (ui->decoder == &ui->own_decoder)
        decoder_free(&ui->own_decoder);
    while (ui->history.n > 0)
        free(ui->history.line[--ui->history.n]);
    script_free(&ui->script);
    buf_release(&ui->script_text);
    buf_release(&ui->copied);
    grid_free(&ui->grid);
    loop_free(ui->loop);
    free(ui);
}
