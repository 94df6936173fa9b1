/* reveal.c - phone and e-mail in clear, for a reason and for 20 seconds. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "views/desk.h"
#include "views/sheet.h"
#include "views/words.h"

enum { SHOWN_MS = 20000, TICK_MS = 1000, LABEL = 10 };

/* ---- what is shown ------------------------------------------------------------------------------------ */

struct clear {
    struct view view;
    char name[64], phone[48], email[256], id_no[48];
    int64_t until;
    int timer;
};
struct clear_arg { const char *name, *phone, *email, *id_no; };

static struct clear *clear_of(struct view *v)
{
    return (struct clear *)(void *)v;
}

static unsigned tick(void *self)
{
    struct clear *c = self;
    c->timer = 0;
    if (clock_mono() >= c->until) {
        ui_close(c->view.ui, &c->view);
        return UI_REDRAW;
    }
    c->timer = loop_add_timer(ui_loop(c->view.ui), TICK_MS, tick, c);
    return UI_REDRAW;
}

static void take(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static enum status clear_open(struct view *v, const void *arg, struct err *e)
{
    struct clear *c = clear_of(v);
    const struct clear_arg *a = arg;
    (void)e;
    take(c->name, sizeof c->name, a->name);
    take(c->phone, sizeof c->phone, a->phone);
    take(c->email, sizeof c->email, a->email);
    take(c->id_no, sizeof c->id_no, a->id_no);
    c->until = clock_mono() + SHOWN_MS;
    c->timer = loop_add_timer(ui_loop(v->ui), TICK_MS, tick, c);
    return ST_OK;
}

static void clear_close(struct view *v)
{
    struct clear *c = clear_of(v);
    loop_cancel_timer(ui_loop(v->ui), c->timer);
    explicit_bzero(c->phone, sizeof c->phone);
    explicit_bzero(c->email, sizeof c->email);
    explicit_bzero(c->id_no, sizeof c->id_no);
}

static void clear_draw(struct view *v, struct surface s)
{
    struct clear *c = clear_of(v);
    int64_t left = (c->until - clock_mono() + TICK_MS - 1) / TICK_MS;
    int y = 0;
    char words[80];
    y += view_fact(s, y, LABEL, _("Phone"), ROLE_STRONG | INK_BOLD, c->phone);
    y += view_fact(s, y, LABEL, _("E-mail"), ROLE_TEXT, c->email);
    y += view_fact(s, y, LABEL, _("ID number"), ROLE_TEXT, c->id_no);
    snprintf(words, sizeof words, P_("Closes by itself in %lld second. This look was recorded.",
                                        "Closes by itself in %lld seconds. This look was recorded.", left),
             (long long)(left < 0 ? 0 : left));
    surface_wrap(s, y + 1, ROLE_DIM, words);
}

static void clear_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    (void)v;
    *w = max_w < 52 ? max_w : 52;
    *h = max_h < 6 ? max_h : 6;
}

static void clear_subject(struct view *v, struct line *title, struct line *right)
{
    (void)right;
    line_add(title, ROLE_TITLE, "%s   %s", _("In clear"), words_name(v->ui, clear_of(v)->name));
}

static unsigned do_close(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static const struct action clear_actions[] = {
    { .name = "clear.close", .label = N_("Close"), .help = N_("Hides it again."), .group = N_("Lead"),
      .keys = "Esc Enter q",
      .flags = ACTION_FOOTER, .run = do_close },
};

static void clear_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "clear", clear_actions, v, NULL);
}

static const struct view_ops clear_ops = {
    .name = "clear", .title = N_("In clear"), .kind = VIEW_DIALOG, .size = sizeof(struct clear),
    .open = clear_open,
    .close = clear_close, .draw = clear_draw, .measure = clear_measure, .subject = clear_subject,
    .actions = clear_sets,
};

/* ---- the reason --------------------------------------------------------------------------------------- */

static const struct form_choice reasons[] = {
    { "call", N_("to call back"), '1', 0 },
    { "appointment", N_("for an appointment"), '2', 0 },
    { "verify", N_("to verify identity"), '3', 0 },
    { "other", N_("another reason"), '4', 0 },
};
static const struct form_field fields[] = {
    { .key = "reason", .label = N_("Reason for viewing"), .kind = FORM_GRID, .required = true,
      .choices = reasons, .nchoices = 4,
      .help = N_("press one digit") },
    { .key = "words", .label = N_("Words"), .kind = FORM_TEXT, .max = 200 },
};

static unsigned reveal_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    if (deed_failed(d, j))
        return UI_REDRAW;
    struct clear_arg a = { d->seen[0].name, api_text(j, 0, "phone"), api_text(j, 0, "email"), api_text(j, 0,
            "id_no") };
    unsigned bits = deed_done(d);
    ui_push(d->ui, &clear_ops, &a, NULL);
    return bits;
}

static unsigned reveal(struct deed *d)
{
    struct api_job *j = deed_job(d, reveal_done);
    int step = api_add(j, "lead.reveal");
    api_set_int(j, step, "id", d->seen[0].id);
    api_set_text(j, step, "reason", d->data);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    const char *code = form_get(form, "reason"), *words = form_get(form, "words"), *label = "";
    (void)sheet;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(reasons[i].value, code) == 0)
            label = i18n_text(reasons[i].label);
    if (!*label && !*words) {
        form_error(form, "words", _("say what the reason is"));
        return UI_DONE;
    }
    d->data = arena_printf(&d->mem, "%s%s%s", label, *label && *words ? ": " : "", words);
    return deed_ask(d, _("Phone in clear"), arena_printf(&d->mem,
                                                         _("The phone of %s is shown for 20 seconds; "
                    "who looked and why goes into the audit log."), deed_name(d)), _("Show"), reveal);
}

unsigned reveal_open(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    d->sheet = sheet_open(call->ui, &(struct sheet_spec){
        .title = arena_printf(&d->mem, "%s   %s", _("Phone in clear"), deed_name(d)), .go_label = _("Show"),
        .fields = fields,
        .nfields = 2, .submit = submit, .closed = deed_sheet_closed, .self = d });
    return UI_DONE;
}
