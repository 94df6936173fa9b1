#include "tui/lock.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/edit.h"
#include "tui/uistate.h"

enum { PASSWORD_CELLS = 24, PASSWORD_CHARS = 200, BOX_ROWS = 9, FREE_TRIES = 2, LONGEST_WAIT = 60 };

/* A moment on both clocks. */
struct moment { int64_t wall, mono; };

struct lock {
    struct ui *ui;
    struct ui_lock how;
    struct edit password;
    bool held;
    int timer, tries;
    struct moment touched, failed;
    int64_t since;                          /* clock_now() at which it locked */
    size_t said;                            /* messages so far when it locked */
    struct buf why;                         /* why the last try did not unlock */
};

static struct moment this_moment(void)
{
    return (struct moment){ clock_now(), clock_mono() };
}

/* Milliseconds since then, by the clock that says more. */
static int64_t passed(const struct moment *m)
{
    int64_t wall = clock_now() - m->wall, mono = clock_mono() - m->mono;

    return wall > mono ? wall : mono;
}

static void empty_password(struct lock *l)
{
    edit_free(&l->password);                /* wipes it */
    edit_init(&l->password, PASSWORD_CHARS, 1);
    l->password.secret = true;
}

struct lock *lock_new(struct ui *ui)
{
    struct lock *l = xcalloc(1, sizeof *l);

    l->ui = ui;
    l->why = (struct buf)BUF_INIT;
    l->touched = this_moment();
    edit_init(&l->password, PASSWORD_CHARS, 1);
    empty_password(l);
    return l;
}

void lock_free(struct lock *l)
{
    if (!l)
        return;
    loop_cancel_timer(ui_loop(l->ui), l->timer);
    edit_free(&l->password);
    buf_release(&l->why);
    free(l);
}

bool lock_held(const struct lock *l)
{
    return l->held;
}

bool ui_locked(const struct ui *ui)
{
    return ui->lock->held;
}

void ui_lock_with(struct ui *ui, const struct ui_lock *how)
{
    ui->lock->how = *how;
}

static bool needs_password(const struct lock *l)
{
    return l->how.needs && l->how.check && l->how.needs(l->how.arg);
}

void ui_lock(struct ui *ui)
{
    struct lock *l = ui->lock;

    if (l->held)
        return;
    l->held = true;
    l->since = clock_now();
    l->said = messages_count(ui->messages);
    l->tries = 0;
    buf_cut(&l->why, 0);
    empty_password(l);
    ui_redraw(ui);
}

/* --- idleness --------------------------------------------------------------------------------- */

static unsigned look_again(void *self)
{
    struct lock *l = self;

    l->timer = 0;
    return lock_look(l) ? UI_REDRAW : 0;
}

void lock_touch(struct lock *l)
{
    l->touched = this_moment();
}

bool lock_look(struct lock *l)
{
    int64_t after = (int64_t)l->ui->options.lock_after_s * CLOCK_SECOND, idle;

    if (after <= 0 || l->held)
        return false;
    idle = passed(&l->touched);
    if (idle >= after) {
        ui_lock(l->ui);
        return true;
    }
    if (!l->timer)
        l->timer = loop_add_timer(ui_loop(l->ui), after - idle, look_again, l);
    return false;
}

/* --- unlocking -------------------------------------------------------------------------------- */

static void unlock(struct lock *l)
{
    size_t waiting = messages_count(l->ui->messages) - l->said;

    l->held = false;
    lock_touch(l);
    empty_password(l);
    if (waiting > 0)
        messages_again(l->ui->messages);
    ui_redraw(l->ui);
}

/* Seconds until the next try is taken: none for the first two, then 1, 2, 4 up to a minute. */
static int wait_left(const struct lock *l)
{
    int beyond = l->tries - FREE_TRIES;
    int64_t wait = beyond <= 0 ? 0 : beyond > 6 ? LONGEST_WAIT : 1 << (beyond - 1), gone;

    if (wait > LONGEST_WAIT)
        wait = LONGEST_WAIT;
    gone = passed(&l->failed) / CLOCK_SECOND;
    return gone >= wait ? 0 : (int)(wait - gone);
}

static void try_password(struct lock *l)
{
    struct err e = { 0 };
    int wait = wait_left(l);

    buf_cut(&l->why, 0);
    if (wait > 0) {
        buf_addf(&l->why, P_("Wait %d second, then try again.", "Wait %d seconds, then try again.",
                                   (unsigned long)wait),
                 wait);
        return;
    }
    if (l->how.check(l->how.arg, edit_text(&l->password), &e) == ST_OK) {
        unlock(l);
        return;
    }
    l->tries++;
    l->failed = this_moment();
    if (l->how.say)
        l->how.say(l->how.arg, &e, &l->why);
    if (!l->why.len)
        buf_adds(&l->why, _("That is not the password."));
    empty_password(l);
}

unsigned lock_input(struct lock *l, const struct input *in)
{
    if (in->kind == INPUT_KEY && (in->key == K_ENTER || in->key == K_ESC)) {
        if (in->key == K_ESC)
            empty_password(l);
        else if (!needs_password(l))
            unlock(l);
        else if (edit_text(&l->password)[0])
            try_password(l);
        return UI_DONE;
    }
    if (needs_password(l) && in->kind != INPUT_MOUSE && edit_input(&l->password, in)) {
        buf_cut(&l->why, 0);
        return UI_DONE;
    }
    return 0;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_password(struct lock *l, struct surface s, int y)
{
    const char *label = _("Password");
    int cells = text_width(label), x = (s.w - cells - 2 - PASSWORD_CELLS) / 2;

    if (!needs_password(l)) {
        surface_text(s, y, 0, ROLE_TEXT, _("This account has no password: Enter unlocks"), s.w,
                     ALIGN_CENTER);
        return;
    }
    if (x < 1)
        x = 1;
    surface_text(s, y, x, ROLE_DIM, label, cells, ALIGN_LEFT);
    edit_draw(&l->password, surface_sub(s, y, x + cells + 2, 1, PASSWORD_CELLS), true);
    surface_text(s, y + 2, 0, ROLE_BAD, l->why.len ? l->why.s : "", s.w, ALIGN_CENTER);
}

/* Jobs that still run and messages that came meanwhile, in words. */
static void draw_waiting(struct lock *l, struct surface s, int y)
{
    size_t said = messages_count(l->ui->messages) - l->said;
    struct line line = LINE_INIT;

    if (work_outstanding(l->ui->work) > 0)
        line_add(&line, ROLE_DIM, "%s", _("Work that was begun goes on"));
    if (said > 0) {
        if (line.n > 0)
            line_gap(&line, 3);
        line_add(&line, ROLE_TEXT, P_("%zu message waits", "%zu messages wait", said), said);
    }
    surface_line(s, y, 0, &line, s.w, ALIGN_CENTER);
    line_free(&line);
}

static void draw_keys(struct surface s, int y, bool ascii)
{
    struct line line = LINE_INIT;
    char key[K_NAME];

    key_label(K_ENTER, ascii, key);
    line_add(&line, ROLE_KEY | INK_BOLD, "%s", key);
    line_add(&line, ROLE_TEXT, " %s", _("Unlock"));
    surface_line(s, y, 0, &line, s.w, ALIGN_CENTER);
    line_free(&line);
}

void lock_draw(struct lock *l, struct surface s)
{
    const struct frame *f = ui_frame(l->ui);
    struct civil c = clock_civil(l->since);
    struct line line = LINE_INIT;
    int y = s.h > BOX_ROWS + 2 ? (s.h - BOX_ROWS) / 2 : 0;

    surface_text(s, y, 0, ROLE_TITLE, f->product ? f->product : _("Gonghai"), s.w, ALIGN_CENTER);
    line_add(&line, ROLE_STRONG, "%s", f->person);
    if (f->person[0])
        line_gap(&line, 2);
    /* TRANSLATORS: the time of day at which the screen was locked */
    line_add(&line, ROLE_TEXT, _("Locked since %02d:%02d"), c.hour, c.minute);
    surface_line(s, y + 2, 0, &line, s.w, ALIGN_CENTER);
    line_free(&line);
    draw_password(l, s, y + 4);
    draw_waiting(l, s, y + 7);
    draw_keys(s, y + 8, ui_ascii(l->ui));
}
