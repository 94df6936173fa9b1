#include "tui/dialog.h"

#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/uistate.h"

enum { ASK_CELLS = 56, FORM_CELLS = 60 };

/* --- the question ----------------------------------------------------------------------------- */

struct ask {
    struct view view;
    struct arena mem;
    struct question q;
    const char *code;                       /* of a message */
    struct edit word;
    bool wrong;
    /* labelled by the question: go and cancel; CONFIRM: what Enter presses, go, cancel */
    struct action row[3];
    bool on_go;                             /* CONFIRM: the button in hand is not Cancel */
};

static unsigned ask_go(const struct action_call *call)
{
    struct ask *a = call->self;

    if (a->q.stake == STAKE_TYPED && strcmp(edit_text(&a->word), a->q.word)) {
        a->wrong = true;
        return UI_DONE;
    }
    ui_close(call->ui, &a->view);
    return a->q.go ? a->q.go(call->ui, a->q.self) | UI_DONE : UI_DONE;
}

static unsigned ask_cancel(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

/* Presses the button in hand. */
static unsigned ask_press(const struct action_call *call)
{
    struct ask *a = call->self;

    return a->on_go ? ask_go(call) : ask_cancel(&(struct action_call){ .ui = call->ui, .self = a });
}

/* The button in hand is what Enter says in the key row; the other one keeps its letter there. */
static void ask_hand(struct ask *a, bool on_go)
{
    a->on_go = on_go;
    a->row[0].label = a->row[on_go ? 1 : 2].label;
    a->row[0].help = a->row[on_go ? 1 : 2].help;
    a->row[1].flags = on_go ? 0 : ACTION_FOOTER;
    a->row[2].flags = on_go ? ACTION_FOOTER : 0;
}

/* Which keys go on and which step back, by what is at stake. */
static void ask_rows(struct ask *a)
{
    static const struct { const char *go, *cancel; } keys[] = {
        [STAKE_NONE] = { "Enter y", "Esc n" }, [STAKE_CONFIRM] = { "y", "Esc n" },
        [STAKE_TYPED] = { "Enter", "Esc" }
    };
    bool taken = a->q.stake == STAKE_CONFIRM && (a->view.trigger & ~K_MODS) == 'y';
    struct action go = { .name = "ask.go",
                         .label = a->q.go_label,
                         .help = a->q.go_label,
                         .group = N_("Question"),
                         .keys = taken ? "o" : keys[a->q.stake].go,
                         .flags = ACTION_FOOTER,
                         .run = ask_go };
    struct action cancel = { .name = "ask.cancel",
                             .label = N_("Cancel"),
                             .help = N_("Changes nothing."),
                             .group = N_("Question"),
                             .keys = keys[a->q.stake].cancel,
                             .flags = ACTION_FOOTER,
                             .run = ask_cancel };
    bool confirm = a->q.stake == STAKE_CONFIRM;     /* what Enter presses stands first */

    a->row[confirm ? 1 : 0] = go;
    a->row[confirm ? 2 : 1] = cancel;
    if (!confirm)
        return;
    a->row[0] = (struct action){ .name = "ask.press",
                                 .group = N_("Question"),
                                 .keys = "Enter",
                                 .flags = ACTION_FOOTER,
                                 .run = ask_press };
    ask_hand(a, false);
}

static enum status ask_open(struct view *v, const void *arg, struct err *e)
{
    struct ask *a = (struct ask *)v;
    const struct question *q = arg;

    (void)e;
    a->q = *q;
    a->q.title = arena_strdup(&a->mem, q->title);
    a->q.text = arena_strdup(&a->mem, q->text);
    a->q.go_label = arena_strdup(&a->mem, q->go_label);
    a->q.word = arena_strdup(&a->mem, q->word ? q->word : "");
    edit_init(&a->word, 100, 1);
    ask_rows(a);
    return ST_OK;
}

static void ask_close(struct view *v)
{
    struct ask *a = (struct ask *)v;

    if (a->q.free)
        a->q.free(a->q.self);
    edit_free(&a->word);
    arena_free(&a->mem);
}

static bool ask_typing(const struct view *v)
{
    return ((const struct ask *)v)->q.stake == STAKE_TYPED;
}

static unsigned ask_input(struct view *v, const struct input *in)
{
    struct ask *a = (struct ask *)v;
    unsigned bits = ask_typing(v) ? edit_input(&a->word, in) : 0;

    if (a->q.stake == STAKE_CONFIRM && in->kind == INPUT_KEY &&
        (in->key == K_LEFT || in->key == K_RIGHT || in->key == K_TAB || in->key == K_BTAB)) {
        ask_hand(a, in->key == K_LEFT ? false : in->key == K_RIGHT || !a->on_go);
        return UI_DONE;
    }
    if (bits)
        a->wrong = false;
    return bits;
}

/* One button; the one in hand has the bar's ground and the focus sign. Returns its cells. */
static int draw_button(struct ask *a, struct surface s, int y, int x, const struct action *row, bool in_hand)
{
    const char *label = i18n_text(row->label);
    int cells = text_width(label) + 4;
    struct surface button = surface_sub(s, y, x, 1, cells);

    if (in_hand) {
        button = surface_on(button, ROLE_SELECT);
        surface_fill(button);
        surface_glyph(button, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
        surface_cursor(button, 0, 0, false);
    }
    surface_text(button, 0, 2, in_hand ? ROLE_STRONG : ROLE_TEXT, label, -1, ALIGN_LEFT);
    ui_click_action(&a->view, button, row);
    return cells;
}

static void ask_draw(struct view *v, struct surface s)
{
    struct ask *a = (struct ask *)v;
    int y = surface_wrap(s, 0, ROLE_TEXT, a->q.text);
    struct line l = LINE_INIT;

    if (a->q.stake == STAKE_TYPED) {
        line_add(&l, ROLE_DIM, _("To go on, type:"));
        line_add(&l, ROLE_STRONG, "  %s", a->q.word);
        surface_line(s, y + 1, 0, &l, -1, ALIGN_LEFT);
        edit_draw(&a->word, surface_sub(s, y + 2, 0, 1, s.w), true);
        if (a->wrong)
            surface_text(s, y + 3, 0, ROLE_BAD, _("That is not the word; nothing was changed"), s.w,
                         ALIGN_LEFT);
    }
    if (a->q.stake == STAKE_CONFIRM) {
        int x = draw_button(a, s, y + 1, 0, &a->row[2], !a->on_go);

        draw_button(a, s, y + 1, x + 2, &a->row[1], a->on_go);
    }
    if (a->code)
        surface_text(s, y + 1, 0, ROLE_DIM, a->code, s.w, ALIGN_LEFT);
    line_free(&l);
}

static void ask_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    struct ask *a = (struct ask *)v;
    int wanted = text_width(a->q.text) > ASK_CELLS * 3 ? ASK_CELLS * 3 / 2 : ASK_CELLS;

    *w = wanted < max_w ? wanted : max_w;
    *h = text_rows(a->q.text, *w) + (a->q.stake == STAKE_TYPED ? 4 : 0) +
         (a->q.stake == STAKE_CONFIRM ? 2 : 0) + (a->code ? 2 : 0);
    *h = *h < max_h ? *h : max_h;
}

static void ask_subject(struct view *v, struct line *title, struct line *right)
{
    (void)right;
    line_add(title, ROLE_TITLE, "%s", ((struct ask *)v)->q.title);
}

static void ask_sets(struct view *v, struct action_list *out)
{
    struct ask *a = (struct ask *)v;

    if (a->q.go)
        action_list_add(out, "ask", a->row, a->q.stake == STAKE_CONFIRM ? 3 : 2, a, NULL);
    else
        action_list_add(out, "ask", &a->row[1], 1, a, NULL);
}

static const struct view_ops ask_ops = {
    .name = "ask", .title = N_("Question"), .kind = VIEW_DIALOG, .size = sizeof(struct ask),
    .open = ask_open, .close = ask_close, .draw = ask_draw, .input = ask_input, .actions = ask_sets,
    .typing = ask_typing, .measure = ask_measure, .subject = ask_subject
};

void dialog_ask(struct ui *ui, const struct question *q)
{
    ui_push(ui, &ask_ops, q, NULL);
}

void dialog_tell(struct ui *ui, const char *title, const char *text, const char *code)
{
    struct question q = { .title = title, .text = text, .go_label = "", .stake = STAKE_NONE };
    struct ask *a = (struct ask *)ui_push(ui, &ask_ops, &q, NULL);

    a->row[1].label = N_("Close");
    a->row[1].keys = "Enter Esc q";
    a->code = code ? arena_strdup(&a->mem, code) : NULL;
}

/* --- the form --------------------------------------------------------------------------------- */

struct form_view {
    struct view view;
    struct arena mem;
    struct form_dialog d;
    struct form *form;
    bool warned;                            /* Esc was pressed once on a changed form */
    struct action row[3];
};

static unsigned form_go(const struct action_call *call)
{
    struct form_view *f = call->self;
    unsigned bits;

    if (!form_check(f->form))
        return UI_DONE;
    bits = f->d.submit(call->ui, &f->view, f->form, f->d.self);
    if (bits & UI_CLOSE)
        ui_close(call->ui, &f->view);
    return (bits & ~(unsigned)UI_CLOSE) | UI_DONE;
}

static unsigned form_cancel(const struct action_call *call)
{
    struct form_view *f = call->self;

    if (work_outstanding_of(ui_work(call->ui), &f->view) > 0) {
        ui_close(call->ui, &f->view);
        ui_toast(call->ui, TOAST_WARN, "%s",
                 _("No longer waited for; what was sent already may still be carried out, so look first"));
        return UI_DONE;
    }
    if (form_changed(f->form) && !f->warned) {
        f->warned = true;
        ui_toast(call->ui, TOAST_WARN, "%s", _("Press Esc again to drop what you typed"));
        return UI_DONE;
    }
    ui_close(call->ui, &f->view);
    return UI_DONE;
}

/* Shown in the key row only: the form itself takes Tab. */
static unsigned form_next(const struct action_call *call)
{
    struct form_view *f = call->self;

    return form_input(f->form, &(struct input){ .kind = INPUT_KEY, .key = K_TAB });
}

static enum status form_view_open(struct view *v, const void *arg, struct err *e)
{
    struct form_view *f = (struct form_view *)v;

    (void)e;
    f->d = *(const struct form_dialog *)arg;
    f->d.title = arena_strdup(&f->mem, f->d.title);
    f->d.go_label = arena_strdup(&f->mem, f->d.go_label);
    f->form = form_new(f->d.fields, f->d.nfields, f->d.self);
    if (f->d.ready)
        f->d.ready(f->form, f->d.self);
    f->row[0] = (struct action){ .name = "form.go",
                                 .label = f->d.go_label,
                                 .help = f->d.go_label,
                                 .group = N_("Form"),
                                 .keys = "Enter F2 M-Enter",
                                 .flags = ACTION_FOOTER,
                                 .run = form_go };
    f->row[1] = (struct action){ .name = "form.next",
                                 .label = N_("Next field"),
                                 .help = N_("Goes to the next field."),
                                 .group = N_("Form"),
                                 .keys = "Tab",
                                 .flags = ACTION_FOOTER,
                                 .run = form_next };
    f->row[2] = (struct action){ .name = "form.cancel",
                                 .label = N_("Cancel"),
                                 .help = N_("Changes nothing."),
                                 .group = N_("Form"),
                                 .keys = "Esc",
                                 .flags = ACTION_FOOTER,
                                 .run = form_cancel };
    return ST_OK;
}

static void form_view_close(struct view *v)
{
    struct form_view *f = (struct form_view *)v;

    form_free(f->form);
    if (f->d.free)
        f->d.free(f->d.self);
    arena_free(&f->mem);
}

static unsigned form_view_input(struct view *v, const struct input *in)
{
    struct form_view *f = (struct form_view *)v;

    if (in->kind == INPUT_KEY && in->key != K_ESC)
        f->warned = false;
    return form_input(f->form, in);
}

static bool form_view_typing(const struct view *v)
{
    return form_typing(((const struct form_view *)v)->form);
}

static void form_view_draw(struct view *v, struct surface s)
{
    form_draw(((struct form_view *)v)->form, s, true);
}

static void form_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    struct form_view *f = (struct form_view *)v;
    int wanted = f->d.cells > 0 ? f->d.cells : FORM_CELLS;

    *w = wanted < max_w ? wanted : max_w;
    *h = form_rows(f->form, *w);
    *h = *h < max_h ? *h : max_h;
}

static void form_subject(struct view *v, struct line *title, struct line *right)
{
    (void)right;
    line_add(title, ROLE_TITLE, "%s", ((struct form_view *)v)->d.title);
}

static void form_sets(struct view *v, struct action_list *out)
{
    action_list_add(out, "form", ((struct form_view *)v)->row, 3, v, NULL);
}

static const struct view_ops form_ops = {
    .name = "form", .title = N_("Form"), .kind = VIEW_DIALOG, .size = sizeof(struct form_view),
    .open = form_view_open,
    .close = form_view_close, .draw = form_view_draw, .input = form_view_input,
    .actions = form_sets,
    .typing = form_view_typing, .measure = form_measure, .subject = form_subject
};

struct view *dialog_form(struct ui *ui, const struct form_dialog *d)
{
    return ui_push(ui, &form_ops, d, NULL);
}

struct form *dialog_form_of(struct view *v)
{
    return ((struct form_view *)v)->form;
}
