#include "tui/messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

enum { MESSAGES_KEPT = 200, TOAST_MS = 4000, LOG_INDENT = 10, LOG_LEAST = 6, LOG_ROWS = 20, LOG_CELLS = 90 };

struct message { int64_t time; enum toast_kind kind; char *text; };

struct messages {
    struct ui *ui;
    struct message log[MESSAGES_KEPT];      /* a ring: the newest is log[(n - 1) % MESSAGES_KEPT] */
    size_t n;
    int64_t until;                          /* clock_mono() at which the toast goes; 0: none */
    int timer;
    unsigned (*undo)(struct ui *ui, void *self);
    void (*done)(void *self);
    void *self;
};

struct messages *messages_new(struct ui *ui)
{
    struct messages *m = xcalloc(1, sizeof *m);

    m->ui = ui;
    return m;
}

static void drop_undo(struct messages *m)
{
    void (*done)(void *self) = m->done;

    m->undo = NULL;
    m->done = NULL;
    if (done)
        done(m->self);
}

void messages_free(struct messages *m)
{
    if (!m)
        return;
    loop_cancel_timer(ui_loop(m->ui), m->timer);
    drop_undo(m);
    for (size_t i = 0; i < MESSAGES_KEPT; i++)
        free(m->log[i].text);
    free(m);
}

static unsigned tick(void *self);

/* A toast with undo counts its seconds; another one only goes. */
static void arm(struct messages *m)
{
    int64_t left = m->until - clock_mono();

    if (m->undo && left > CLOCK_SECOND)
        left = left % CLOCK_SECOND ? left % CLOCK_SECOND : CLOCK_SECOND;
    m->timer = loop_add_timer(ui_loop(m->ui), left, tick, m);
}

static unsigned tick(void *self)
{
    struct messages *m = self;

    m->timer = 0;
    if (clock_mono() >= m->until) {
        m->until = 0;
        drop_undo(m);
    } else {
        arm(m);
    }
    return UI_REDRAW;
}

static void say(struct messages *m, enum toast_kind kind, const char *text, int64_t ms)
{
    struct message *slot = &m->log[m->n++ % MESSAGES_KEPT];

    free(slot->text);
    *slot = (struct message){ clock_now(), kind, xstrdup(text) };
    loop_cancel_timer(ui_loop(m->ui), m->timer);
    m->until = clock_mono() + ms;
    arm(m);
    ui_redraw(m->ui);
}

void messages_say(struct messages *m, enum toast_kind kind, const char *text)
{
    drop_undo(m);
    say(m, kind, text, TOAST_MS);
}

void messages_say_undo(struct messages *m, const char *text, int seconds,
                       unsigned (*undo)(struct ui *ui, void *self), void (*done)(void *self),
                       void *self)
{
    drop_undo(m);
    m->undo = undo;
    m->done = done;
    m->self = self;
    say(m, TOAST_DONE, text, (int64_t)seconds * CLOCK_SECOND);
}

size_t messages_count(const struct messages *m)
{
    return m->n;
}

void messages_again(struct messages *m)
{
    if (m->n == 0 || m->until)
        return;
    m->until = clock_mono() + TOAST_MS;
    arm(m);
    ui_redraw(m->ui);
}

bool messages_toast(const struct messages *m)
{
    return m->until != 0;
}

bool messages_can_undo(const struct messages *m)
{
    return m->undo != NULL;
}

unsigned messages_undo(struct messages *m)
{
    unsigned (*undo)(struct ui *ui, void *self) = m->undo;
    void (*done)(void *self) = m->done;
    unsigned bits;

    if (!undo)
        return 0;
    m->undo = NULL;                 /* undo() may say something itself */
    m->done = NULL;
    m->until = 0;
    bits = undo(m->ui, m->self);
    if (done)
        done(m->self);
    return bits | UI_DONE;
}

void messages_draw_toast(struct messages *m, struct surface row)
{
    const struct message *last = &m->log[(m->n - 1) % MESSAGES_KEPT];
    enum role ground = last->kind == TOAST_DONE ? ROLE_TOAST : ROLE_BANNER;
    struct line right = LINE_INIT;
    int cells = 0;

    row = surface_on(row, ground);
    surface_fill(row);
    if (m->undo) {
        int64_t left = (m->until - clock_mono() + CLOCK_SECOND - 1) / CLOCK_SECOND;

        line_add(&right, (int)ground | INK_BOLD, "u ");
        line_add(&right, (int)ground, _("Undo   %d s left"), left > 0 ? (int)left : 0);
        cells = line_width(&right);
        surface_line(row, 0, row.w - 1 - cells, &right, -1, ALIGN_LEFT);
        cells += 2;
    }
    surface_text(row, 0, 1, (int)ground, last->text, row.w - 2 - cells, ALIGN_LEFT);
    line_free(&right);
}

/* --- the log ---------------------------------------------------------------------------------- */

/* all_seen: the oldest stands whole on the screen */
struct log_view { struct view view; struct messages *messages; size_t top; bool all_seen; };

static enum status log_open(struct view *v, const void *arg, struct err *e)
{
    (void)e;
    ((struct log_view *)v)->messages = *(struct messages *const *)arg;
    return ST_OK;
}

static void log_draw(struct view *v, struct surface s)
{
    struct log_view *l = (struct log_view *)v;
    struct messages *m = l->messages;
    size_t kept = m->n < MESSAGES_KEPT ? m->n : MESSAGES_KEPT;
    int y = 0;

    if (kept == 0)
        view_empty(s, 0, _("Nothing was said yet"), NULL, NULL, 0);
    for (size_t i = l->top; i < kept && y < s.h; i++) {
        const struct message *one = &m->log[(m->n - 1 - i) % MESSAGES_KEPT];
        struct civil c = clock_civil(one->time);
        int ink = one->kind == TOAST_DONE   ? ROLE_TEXT
                  : one->kind == TOAST_WARN ? ROLE_WARN
                                            : ROLE_BAD;

        surface_printf(s, y, 0, ROLE_DIM, "%02d:%02d:%02d", c.hour, c.minute, c.second);
        y += surface_wrap(surface_sub(s, 0, LOG_INDENT, s.h, -1), y, ink, one->text);
    }
}

static unsigned scroll_by_one(struct log_view *l, bool down)
{
    size_t kept = l->messages->n < MESSAGES_KEPT ? l->messages->n : MESSAGES_KEPT;

    if (down && !l->all_seen && l->top + 1 < kept)
        l->top++;
    else if (!down && l->top > 0)
        l->top--;
    return UI_DONE;
}

static unsigned log_scroll(const struct action_call *call)
{
    return scroll_by_one(call->self, !strcmp(call->action->name, "messages.down"));
}

static unsigned log_input(struct view *v, const struct input *in)
{
    if (in->kind != INPUT_MOUSE || (in->button != MOUSE_WHEEL_UP && in->button != MOUSE_WHEEL_DOWN))
        return 0;
    return scroll_by_one((struct log_view *)v, in->button == MOUSE_WHEEL_DOWN);
}

static unsigned log_close(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static const char *no_older(const struct action_call *call)
{
    const struct log_view *l = call->self;

    return l->all_seen ? _("the oldest is in sight") : NULL;
}

static const char *no_newer(const struct action_call *call)
{
    return ((const struct log_view *)call->self)->top > 0 ? NULL : _("this is the newest");
}

static const struct action log_actions[] = {
    { .name = "messages.close", .label = N_("Close"), .help = N_("Closes the messages."),
      .group = N_("Messages"), .keys = "Esc q Enter M", .flags = ACTION_FOOTER, .run = log_close },
    { .name = "messages.down", .label = N_("Older"), .help = N_("Older messages."),
      .group = N_("Messages"), .keys = "Down j PgDn", .flags = ACTION_FOOTER, .run = log_scroll,
      .disabled = no_older },
    { .name = "messages.up", .label = N_("Newer"), .help = N_("Newer messages."),
      .group = N_("Messages"), .keys = "Up k PgUp", .run = log_scroll, .disabled = no_newer }
};

static void log_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "messages", log_actions, v, NULL);
}

/* As many rows as the messages take. What the keys may do depends on it, so it is settled here. */
static void log_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    struct log_view *l = (struct log_view *)v;
    const struct messages *m = l->messages;
    size_t kept = m->n < MESSAGES_KEPT ? m->n : MESSAGES_KEPT;
    int rows = 0, below = 0;

    *w = max_w < LOG_CELLS ? max_w : LOG_CELLS;
    for (size_t i = 0; i < kept; i++) {
        int more = text_rows(m->log[(m->n - 1 - i) % MESSAGES_KEPT].text, *w - LOG_INDENT);

        rows += more;
        below += i < l->top ? 0 : more;
    }
    *h = rows < LOG_LEAST ? LOG_LEAST : rows < LOG_ROWS ? rows : LOG_ROWS;
    *h = *h < max_h ? *h : max_h;
    l->all_seen = below <= *h;
}

static const struct view_ops log_ops = {
    .name = "messages", .title = N_("Messages"), .kind = VIEW_DIALOG,
    .size = sizeof(struct log_view),
    .open = log_open, .draw = log_draw, .input = log_input, .actions = log_sets,
    .measure = log_measure
};

void messages_open(struct ui *ui, struct messages *m)
{
    ui_push(ui, &log_ops, &m, NULL);
}
