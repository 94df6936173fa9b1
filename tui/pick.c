#include "tui/pick.h"

#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/chooser.h"
#include "tui/ui.h"

enum { DIGITS = 9, PICK_ROWS = 16 };

struct pick_view {
    struct view view;
    struct arena mem;
    struct pick pick;                   /* strings and items in mem */
    const char **hay;
    struct chooser chooser;
};

static char *copy(struct pick_view *p, const char *s)
{
    return arena_strdup(&p->mem, s);
}

static int pick_score(void *self, size_t i, const char *words)
{
    return chooser_match(((struct pick_view *)self)->hay[i], words);
}

static void copy_items(struct pick_view *p, const struct pick *from)
{
    struct pick_item *items = arena_array(&p->mem, struct pick_item, from->n + 1);

    p->hay = arena_array(&p->mem, const char *, from->n + 1);
    for (size_t i = 0; i < from->n; i++) {
        const struct pick_item *f = &from->items[i];

        items[i] = (struct pick_item){ .value = copy(p, f->value),
                                       .label = copy(p, f->label),
                                       .note = copy(p, f->note),
                                       .disabled = copy(p, f->disabled),
                                       .also = copy(p, f->also) };
        p->hay[i] = text_key(&p->mem, arena_printf(&p->mem, "%s %s %s %s", f->label, f->value,
                                                   f->also ? f->also : "", f->note ? f->note : ""));
    }
    p->pick.items = items;
}

static enum status pick_view_open(struct view *v, const void *arg, struct err *e)
{
    struct pick_view *p = (struct pick_view *)v;
    const struct pick *from = arg;

    (void)e;
    p->pick = *from;
    p->pick.title = copy(p, from->title);
    copy_items(p, from);
    chooser_init(&p->chooser, from->n, pick_score, p);
    if (from->n > DIGITS)
        p->chooser.field.hint = N_("Type a few letters to narrow the list");
    for (size_t i = 0; from->current && i < from->n; i++)
        if (!strcmp(from->items[i].value, from->current))
            chooser_select(&p->chooser, i);
    p->pick.current = NULL;
    return ST_OK;
}

static void pick_close(struct view *v)
{
    struct pick_view *p = (struct pick_view *)v;

    if (p->pick.free)
        p->pick.free(p->pick.self);
    chooser_free(&p->chooser);
    arena_free(&p->mem);
}

static unsigned take(struct pick_view *p, size_t i)
{
    if (i >= p->pick.n)
        return UI_HANDLED;
    if (p->pick.items[i].disabled) {
        ui_toast(p->view.ui, TOAST_WARN, "%s: %s", p->pick.items[i].label,
                 p->pick.items[i].disabled);
        return UI_DONE;
    }
    ui_close(p->view.ui, &p->view);
    return p->pick.chosen(p->view.ui, p->pick.items[i].value, p->pick.self) | UI_DONE;
}

static bool has_digits(const struct pick_view *p)
{
    return p->pick.n <= DIGITS && p->chooser.field.text.len == 0;
}

static unsigned pick_input(struct view *v, const struct input *in)
{
    struct pick_view *p = (struct pick_view *)v;
    int key = in->kind == INPUT_KEY ? key_narrow(in->key) : K_NONE;

    if (in->kind == INPUT_KEY && has_digits(p) && key >= '1' && key <= '9' &&
        (size_t)(key - '1') < p->pick.n)
        return take(p, (size_t)(key - '1'));
    return chooser_input(&p->chooser, in);
}

static unsigned pick_clicked(struct view *v, int id)
{
    return take((struct pick_view *)v, (size_t)id);
}

static bool pick_typing(const struct view *v)
{
    (void)v;
    return true;
}

static void draw_item(void *self, size_t i, struct surface row, bool selected)
{
    struct pick_view *p = self;
    const struct pick_item *item = &p->pick.items[i];
    int x = 2, note = item->note ? text_width(item->note) : 0, used;
    const char *right = item->disabled ? item->disabled : item->note;

    ui_clickable(&p->view, row, (int)i);
    if (has_digits(p)) {
        char digit[2] = { (char)('1' + i), '\0' };

        surface_text(row, 0, x, ROLE_KEY | INK_BOLD, digit, -1, ALIGN_LEFT);
        x += 2;
    }
    note = right ? text_width(right) : 0;
    used = surface_text(row, 0, x,
                        item->disabled ? ROLE_DIM
                        : selected     ? ROLE_STRONG
                                       : ROLE_TEXT,
                        item->label, row.w - x - 1, ALIGN_LEFT);
    if (right && x + used + 2 + note < row.w)
        surface_text(row, 0, row.w - note - 1, ROLE_DIM, right, -1, ALIGN_LEFT);
}

static void pick_draw(struct view *v, struct surface s)
{
    struct pick_view *p = (struct pick_view *)v;

    edit_draw(&p->chooser.field, surface_sub(s, 0, 0, 1, s.w), true);
    if (p->chooser.nhits == 0)
        surface_text(s, 2, 2, ROLE_STRONG, _("Nothing fits these words"), s.w - 2, ALIGN_LEFT);
    chooser_draw(&p->chooser, surface_sub(s, 2, 0, -1, s.w), draw_item);
}

static void pick_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    struct pick_view *p = (struct pick_view *)v;
    int width = 40;

    for (size_t i = 0; i < p->pick.n; i++) {
        const struct pick_item *it = &p->pick.items[i];
        const char *right = it->disabled ? it->disabled : it->note;
        int need = 8 + text_width(it->label) + (right ? text_width(right) + 3 : 0);

        width = need > width ? need : width;
    }
    *w = width < max_w ? width : max_w;
    *h = 2 + (int)(p->pick.n < PICK_ROWS ? p->pick.n : PICK_ROWS);
    *h = *h < max_h ? *h : max_h;
}

static void pick_subject(struct view *v, struct line *title, struct line *right)
{
    struct pick_view *p = (struct pick_view *)v;

    line_add(title, ROLE_TITLE, "%s", p->pick.title);
    if (p->pick.n > PICK_ROWS)
        line_add(right, ROLE_DIM, _("%zu of %zu"), p->chooser.nhits, p->pick.n);
}

static unsigned do_take(const struct action_call *call)
{
    struct pick_view *p = call->self;

    return take(p, chooser_item(&p->chooser));
}

static unsigned do_close(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static const char *no_item(const struct action_call *call)
{
    const struct pick_view *p = call->self;

    return chooser_item(&p->chooser) < p->pick.n ? NULL : _("nothing fits these words");
}

static const struct action pick_actions[] = {
    { .name = "pick.take", .label = N_("Choose"), .help = N_("Takes the one in hand."),
      .group = N_("Choosing"), .keys = "Enter", .flags = ACTION_FOOTER, .run = do_take,
      .disabled = no_item },
    { .name = "pick.close", .label = N_("Cancel"), .help = N_("Closes the list."),
      .group = N_("Choosing"), .keys = "Esc", .flags = ACTION_FOOTER, .run = do_close }
};

static void pick_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "pick", pick_actions, v, NULL);
}

static const struct view_ops pick_ops = {
    .name = "pick", .title = N_("Choose"), .kind = VIEW_DIALOG, .size = sizeof(struct pick_view),
    .open = pick_view_open,
    .close = pick_close, .draw = pick_draw, .input = pick_input, .actions = pick_sets,
    .typing = pick_typing, .measure = pick_measure, .subject = pick_subject,
    .clicked = pick_clicked
};

void pick_open(struct ui *ui, const struct pick *p)
{
    ui_push(ui, &pick_ops, p, NULL);
}
