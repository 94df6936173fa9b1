#include "views/sheet.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "core/api/sentence.h"
#include "tui/view.h"

enum { FORM_CELLS = 60, FIRST_ROWS = 3 };

struct sheet {
    struct view view;
    struct arena mem;
    struct sheet_spec d;
    struct form *form;
    bool waiting, has_side, warned; /* Esc was pressed once on a changed form */
    struct action row[FIRST_ROWS];
};

static struct sheet *sheet_of(struct view *v)
{
    return (struct sheet *)(void *)v;
}

/* ---- rows --------------------------------------------------------------------------------------------- */

static unsigned go(const struct action_call *call)
{
    struct sheet *s = call->self;
    if (!form_check(s->form))
        return UI_DONE;
    unsigned bits = s->d.submit(&s->view, s->form, s->d.self);
    if (bits & UI_CLOSE)
        ui_close(call->ui, &s->view);
    return (bits & ~(unsigned)UI_CLOSE) | UI_DONE;
}

static const char *no_go(const struct action_call *call)
{
    return ((struct sheet *)call->self)->waiting ? _("still being written") : NULL;
}

/* Shown in the key row only: the form itself takes Tab. */
static unsigned next_field(const struct action_call *call)
{
    struct sheet *s = call->self;
    return form_input(s->form, &(struct input){ .kind = INPUT_KEY, .key = K_TAB });
}

static unsigned cancel(const struct action_call *call)
{
    struct sheet *s = call->self;
    if (form_changed(s->form) && !s->warned && !s->waiting) {
        s->warned = true;
        ui_toast(call->ui, TOAST_WARN, "%s", _("Press Esc again to drop what you typed"));
        return UI_DONE;
    }
    if (s->waiting)
        ui_toast(call->ui, TOAST_WARN, "%s",
                 _("No longer waited for; what was sent already may still be carried out, so look first"));
    ui_close(call->ui, &s->view);
    return UI_DONE;
}

static bool many_fields(const struct sheet *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->d.nfields; i++)
        n += s->d.fields[i].kind != FORM_NOTE;
    return n > 1;
}

static void make_rows(struct sheet *s)
{
    s->row[0] = (struct action){ .name = "sheet.go", .label = s->d.go_label, .help = s->d.go_label,
                                 .group = N_("Form"),
                                 .keys = "Enter F2 M-Enter", .flags = ACTION_FOOTER, .run = go,
                                 .disabled = no_go };
    s->row[1] = (struct action){ .name = "sheet.next", .label = N_("Next field"),
                                 .help = N_("Goes to the next field."),
                                 .group = N_("Form"), .keys = "Tab",
                                 .flags = many_fields(s) ? ACTION_FOOTER : ACTION_HIDDEN,
                                 .run = next_field };
    s->row[2] = (struct action){ .name = "sheet.cancel", .label = N_("Cancel"),
                                 .help = N_("Changes nothing."),
                                 .group = N_("Form"), .keys = "Esc", .flags = ACTION_FOOTER, .run = cancel };
}

/* ---- the view ----------------------------------------------------------------------------------------- */

static enum status open_sheet(struct view *v, const void *arg, struct err *e)
{
    struct sheet *s = sheet_of(v);
    (void)e;
    s->d = *(const struct sheet_spec *)arg;
    assert(s->d.nmore <= SHEET_MORE);
    s->d.title = arena_strdup(&s->mem, s->d.title);
    s->d.go_label = arena_strdup(&s->mem, s->d.go_label);
    s->form = form_new(s->d.fields, s->d.nfields, s->d.self);
    if (s->d.ready)
        s->d.ready(s->form, s->d.self);
    make_rows(s);
    return ST_OK;
}

static void close_sheet(struct view *v)
{
    struct sheet *s = sheet_of(v);
    form_free(s->form);
    if (s->d.closed)
        s->d.closed(s->d.self);
    arena_free(&s->mem);
}

static unsigned sheet_input(struct view *v, const struct input *in)
{
    struct sheet *s = sheet_of(v);
    if (in->kind == INPUT_KEY && in->key != K_ESC)
        s->warned = false;
    if (s->waiting)
        return 0;
    unsigned bits = form_input(s->form, in);
    if (bits && s->d.typed)
        s->d.typed(s->form, s->d.self);
    return bits;
}

static bool sheet_typing(const struct view *v)
{
    return form_typing(((const struct sheet *)(const void *)v)->form);
}

static bool sheet_busy(const struct view *v)
{
    return ((const struct sheet *)(const void *)v)->waiting;
}

static void sheet_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    const struct sheet *s = sheet_of(v);
    int form = s->d.cells ? s->d.cells : FORM_CELLS, both = form + 3 + s->d.side_cells;
    bool side = s->d.side_cells && both <= max_w;
    *w = side ? both : form < max_w ? form : max_w;
    *h = form_rows(s->form, form < *w ? form : *w);
    if (side && *h < s->d.side_rows)
        *h = s->d.side_rows;
    *h = *h < max_h ? *h : max_h;
}

static void sheet_draw(struct view *v, struct surface s)
{
    struct sheet *f = sheet_of(v);
    int form = f->d.cells ? f->d.cells : FORM_CELLS;
    f->has_side = f->d.side && s.w >= form + 3 + f->d.side_cells;
    if (!f->has_side) {
        form_draw(f->form, s, true);
        return;
    }
    form_draw(f->form, surface_sub(s, 0, 0, s.h, form), true);
    surface_vline(s, 0, form + 1, s.h, ROLE_BORDER, GLYPH_VLINE);
    f->d.side(f->d.self, surface_sub(s, 0, form + 3, s.h, -1));
}

static void sheet_subject(struct view *v, struct line *title, struct line *right)
{
    struct sheet *s = sheet_of(v);
    line_add(title, ROLE_TITLE, "%s", s->d.title);
    if (s->d.subject)
        s->d.subject(s->d.self, right);
}

static void sheet_actions(struct view *v, struct action_list *out)
{
    struct sheet *s = sheet_of(v);
    action_list_add(out, "form", s->row, 2, s, NULL);
    if (s->d.nmore)
        action_list_add(out, "form", s->d.more, s->d.nmore, s->d.self, NULL);
    action_list_add(out, "form", s->row + 2, 1, s, NULL);
}

static const struct view_ops sheet_ops = {
    .name = "sheet", .title = N_("Form"), .kind = VIEW_DIALOG, .size = sizeof(struct sheet),
    .open = open_sheet,
    .close = close_sheet, .draw = sheet_draw, .input = sheet_input, .actions = sheet_actions,
    .typing = sheet_typing,
    .busy = sheet_busy, .measure = sheet_measure, .subject = sheet_subject,
};

struct view *sheet_open(struct ui *ui, const struct sheet_spec *spec)
{
    return ui_push(ui, &sheet_ops, spec, NULL);
}

struct form *sheet_form(struct view *sheet)
{
    return sheet_of(sheet)->form;
}

bool sheet_has_side(const struct view *sheet)
{
    return ((const struct sheet *)(const void *)sheet)->has_side;
}

void sheet_wait(struct view *sheet, bool on)
{
    sheet_of(sheet)->waiting = on;
}

void sheet_refuse(struct view *sheet, const struct err *e)
{
    struct sheet *s = sheet_of(sheet);
    struct arena a = ARENA_INIT;
    const char *key = s->d.fields[0].key;
    for (size_t i = 0; i < s->d.nfields; i++)
        if (strcmp(s->d.fields[i].key, e->field) == 0 && s->d.fields[i].kind != FORM_NOTE)
            key = e->field;
    s->waiting = false;
    form_error(s->form, key, sentence(&a, e));
    arena_free(&a);
    ui_redraw(sheet->ui);
}
