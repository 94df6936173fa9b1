/* uipaint.c - one frame: the screen, the dialogs above it, the toast; and what makes the next one
 * due. */
#include <string.h>

#include "base/clock.h"
#include "tui/uistate.h"

enum {
    BUSY_SHOWN = 100,       /* ms until the spinner shows, and between its turns */
    KEYBAR_MIN_ROWS = 14
};

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

static unsigned something_is_due(void *self)
{
    struct ui *ui = self;

    ui->wake_timer = 0;
    ui_redraw(ui);
    return 0;
}

/* An idle console wakes for the next change of what it shows, not for a clock. A clock that stands
 * (a test's, or --now) brings no change. */
static void watch_due(struct ui *ui)
{
    int64_t now = clock_now(), off = now - clock_real(), left;

    loop_cancel_timer(ui->loop, ui->wake_timer);
    ui->wake_timer = 0;
    if (!ui->term || ui->wake_at == NONE || off <= -CLOCK_SECOND || off >= CLOCK_SECOND)
        return;
    left = ui->wake_at - now;
    ui->wake_timer = loop_add_timer(ui->loop, left > CLOCK_DAY ? CLOCK_DAY : left > 0 ? left + 1 : 1,
                                    something_is_due, ui);
}

bool ui_is_small(const struct ui *ui)
{
    return ui->grid.h < FRAME_MIN_ROWS || ui->grid.w < FRAME_MIN_COLS;
}

static int collect_tabs(struct ui *ui, struct frame_tab *tabs)
{
    struct view *base = ui->top;
    int n = ui->ntabs < FRAME_TABS ? ui->ntabs : FRAME_TABS;

    while (base && base->below)
        base = base->below;
    if (base && base->ops->kind == VIEW_DIALOG)     /* it asks for what the screens need */
        return 0;
    for (int i = 0; i < n; i++)
        tabs[i] = (struct frame_tab){ .label = ui->tab[i].label,
                                      .short_label = ui->tab[i].short_label,
                                      .action = &ui->tab_action[i],
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
    if (v && body.h > 0) {
        v->ops->draw(v, body);
        if (ui->grid.large)
            frame_embolden(body);
    }
    if (v)
        frame_status(&parts, s);
    if (v && v->ops->personal && ui->options.watermark)
        frame_watermark(s, body, ui->options.watermark);
}

static void draw_dialogs(struct ui *ui, struct surface s, struct view *v)
{
    struct action_list actions = { 0 };

    if (!v || v->ops->kind != VIEW_DIALOG)
        return;
    draw_dialogs(ui, s, v->below);
    grid_step_back(&ui->grid);
    ui_actions_of(ui, v, &actions);
    v->ops->draw(v, frame_dialog(s, v, &actions, ui->keymap));
}

/* The row that says what the F-keys do in what is on top; s without it. */
static struct surface draw_keybar(struct ui *ui, struct surface s)
{
    struct action_list actions = { 0 };
    struct action_list global = { 0 };

    if (!ui->options.keybar || s.h < KEYBAR_MIN_ROWS || !ui->top)
        return s;
    ui_actions(ui, &actions);
    if (ui->top->ops->kind == VIEW_DIALOG)
        ui_add_global(ui, &global);
    frame_keybar(surface_sub(s, s.h - 1, 0, 1, s.w), ui->top, &actions, &global, ui->keymap);
    return surface_sub(s, 0, 0, s.h - 1, s.w);
}

static void draw_all(struct ui *ui)
{
    struct surface s = surface_of(&ui->grid);

    grid_clear(&ui->grid);
    ui->nzones = 0;
    ui->wake_at = NONE;
    if (ui_is_small(ui)) {
        frame_too_small(s, s.h, s.w);
        return;
    }
    if (lock_held(ui->lock)) {
        lock_draw(ui->lock, s);
        return;
    }
    s = draw_keybar(ui, s);
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
    watch_due(ui);
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
