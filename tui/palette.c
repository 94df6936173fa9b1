#include "tui/palette.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/chooser.h"
#include "tui/uistate.h"

enum { PALETTE_ROWS = 10, PALETTE_CELLS = 82, BELOW_ROWS = 4 };

struct item {
    struct action_call call;
    const struct view_ops *where;       /* the screen that has it, NULL: the one below */
    char *label_key, *name_key, *initials;
    char number[8], keys[K_NAME];
};

struct palette {
    struct view view;
    struct arena mem;
    struct item *item;
    size_t n;
    struct chooser chooser;
    char *arg;                          /* words behind the name, in mem; NULL */
    int back;                           /* how far in the history, 0: not */
};

/* --- items ------------------------------------------------------------------------------------ */

static void add_item(struct palette *p, const struct action_list *l, int i, const struct action *a,
                     const struct view_ops *where)
{
    const struct action_set *set = &l->set[i];
    struct ui *ui = p->view.ui;
    struct item *it = &p->item[p->n++];
    struct buf initials = BUF_INIT;

    it->call = (struct action_call){ .ui = ui, .self = set->self, .action = a };
    it->where = where;
    if (!where)
        it->call.has_subject = set->subject && set->subject(set->self, &it->call.subject);
    it->label_key = text_key(&p->mem, i18n_text(a->label));
    it->name_key = text_key(&p->mem, a->name);
    if (ui_options(ui)->initials)
        ui_options(ui)->initials(ui_options(ui)->initials_arg, i18n_text(a->label), &initials);
    it->initials = arena_strdup(&p->mem, initials.s);
    buf_release(&initials);
    if (a->number)
        snprintf(it->number, sizeof it->number, "%04d", a->number);
    if (!where && action_key(ui_keymap(ui), l, i, a) != K_NONE)
        key_label(action_key(ui_keymap(ui), l, i, a), ui_ascii(ui), it->keys);
}

static bool is_listed(const struct palette *p, const struct action *a)
{
    for (size_t i = 0; i < p->n; i++)
        if (!strcmp(p->item[i].call.action->name, a->name))
            return true;
    return false;
}

static size_t count_rows(const struct action_list *l)
{
    size_t n = 0;

    for (int i = 0; i < l->n; i++)
        n += l->set[i].n;
    return n;
}

static void add_list(struct palette *p, const struct action_list *l, const struct view_ops *where)
{
    for (int i = 0; i < l->n; i++)
        for (size_t j = 0; j < l->set[i].n; j++) {
            const struct action *a = &l->set[i].rows[j];

            if (!(a->flags & ACTION_HIDDEN) && !(where && is_listed(p, a)))
                add_item(p, l, i, a, where);
        }
}

/* What can be done here, then what the other screens can do: running that goes there first. */
static void collect(struct palette *p, struct view *below)
{
    struct action_list here = { 0 }, there[UI_TABS];
    const struct view_ops *where[UI_TABS];
    int n = ui_actions_elsewhere(p->view.ui, there, where);
    size_t total;

    ui_actions_of(p->view.ui, below, &here);
    total = count_rows(&here);
    for (int i = 0; i < n; i++)
        total += count_rows(&there[i]);
    p->item = arena_array(&p->mem, struct item, total + 1);
    add_list(p, &here, NULL);
    for (int i = 0; i < n; i++)
        add_list(p, &there[i], where[i]);
}

/* Why it cannot be done now; what another screen has is asked there. */
static const char *why_not(const struct item *it)
{
    return it->where ? NULL : action_disabled(&it->call);
}

static int score_item(const struct item *it, const char *words)
{
    int label = chooser_match(it->label_key, words), name = chooser_match(it->name_key, words);
    int number = it->number[0] && !strncmp(it->number, words, strlen(words)) ? 3 : 0;
    int initials = it->initials[0] && !strncmp(it->initials, words, strlen(words)) ? 2 : 0;
    int best = label > name ? label : name;

    best = number > best ? number : best;
    return initials > best ? initials : best;
}

static int palette_score(void *self, size_t i, const char *words)
{
    return score_item(&((struct palette *)self)->item[i], words);
}

/* Whole words first; if nothing fits them, the first word is the name and the rest its argument. */
static void refilter(struct palette *p)
{
    const char *text = edit_text(&p->chooser.field), *blank = strchr(text, ' ');
    struct buf whole;

    p->arg = NULL;
    chooser_filter(&p->chooser);
    if (p->chooser.nhits > 0 || !blank || blank == text || !blank[1])
        return;
    p->arg = arena_strdup(&p->mem, blank + 1);
    whole = p->chooser.field.text;
    p->chooser.field.text = (struct buf)BUF_INIT;
    buf_add(&p->chooser.field.text, whole.s, (size_t)(blank - text));
    chooser_filter(&p->chooser);
    buf_release(&p->chooser.field.text);
    p->chooser.field.text = whole;
}

/* --- view ------------------------------------------------------------------------------------- */

static enum status palette_view_open(struct view *v, const void *arg, struct err *e)
{
    struct palette *p = (struct palette *)v;

    (void)arg;
    (void)e;
    collect(p, ui_top(v->ui));
    chooser_init(&p->chooser, p->n, palette_score, p);
    p->chooser.field.prompt = ": ";
    return ST_OK;
}

static void palette_close(struct view *v)
{
    struct palette *p = (struct palette *)v;

    chooser_free(&p->chooser);
    arena_free(&p->mem);
}

static unsigned recall(struct palette *p, int by)
{
    struct ui_history *h = ui_history(p->view.ui);
    int to = p->back + by;

    if (to < 0 || to > h->n)
        return UI_HANDLED;
    p->back = to;
    edit_set(&p->chooser.field, to ? h->line[h->n - to] : "");
    refilter(p);
    return UI_DONE;
}

static unsigned palette_input(struct view *v, const struct input *in)
{
    struct palette *p = (struct palette *)v;
    size_t before = p->chooser.field.text.len;
    unsigned bits;

    if (in->kind == INPUT_MOUSE && (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN))
        return chooser_input(&p->chooser,
                             &(struct input){ .kind = INPUT_KEY,
                                              .key = in->button == MOUSE_WHEEL_UP ? K_UP : K_DOWN });
    if (in->kind == INPUT_KEY &&
        (in->key == ('p' | K_CTRL) || (in->key == K_UP && (before == 0 || p->back))))
        return recall(p, 1);
    if (in->kind == INPUT_KEY && p->back && (in->key == ('n' | K_CTRL) || in->key == K_DOWN))
        return recall(p, -1);
    bits = chooser_input(&p->chooser, in);
    if (bits && (p->chooser.field.text.len != before || in->kind == INPUT_PASTE)) {
        p->back = 0;
        refilter(p);
    }
    return bits;
}

static bool palette_typing(const struct view *v)
{
    (void)v;
    return true;
}

static void remember(struct ui_history *h, const char *line)
{
    if (!*line || (h->n && !strcmp(h->line[h->n - 1], line)))
        return;
    if (h->n == UI_HISTORY) {
        free(h->line[0]);
        memmove(h->line, h->line + 1, sizeof h->line[0] * (size_t)--h->n);
    }
    h->line[h->n++] = xstrdup(line);
}

/* Goes to the screen that has the action, which is then asked for it anew. */
static unsigned run_there(struct ui *ui, const struct item *it, const char *arg)
{
    struct action_list list = { 0 };
    struct action_call call;
    struct err e = { 0 };

    if (ui_goto(ui, it->where->name, NULL, &e) != ST_OK) {
        ui_toast(ui, TOAST_BAD, _("%s cannot be opened: %s"), i18n_text(it->where->title), e.code);
        return UI_DONE;
    }
    ui_actions(ui, &list);
    if (!action_by_name(&list, ui, it->call.action->name, &call)) {
        ui_toast(ui, TOAST_WARN, _("%s: %s"), i18n_text(it->call.action->label), _("not now"));
        return UI_DONE;
    }
    call.arg = arg;
    return ui_call(ui, &call) | UI_DONE;
}

static unsigned run_item(struct palette *p)
{
    struct ui *ui = p->view.ui;
    size_t i = chooser_item(&p->chooser);
    struct action_call chosen;

    if (i >= p->n)
        return UI_HANDLED;
    remember(ui_history(ui), edit_text(&p->chooser.field));
    chosen = p->item[i].call;
    /* lives in mem until the palette is buried, after this call */
    chosen.arg = p->arg;
    ui_close(ui, &p->view);
    return p->item[i].where ? run_there(ui, &p->item[i], p->arg) : ui_call(ui, &chosen) | UI_DONE;
}

static unsigned do_run(const struct action_call *call)
{
    return run_item(call->self);
}

static unsigned palette_clicked(struct view *v, int id)
{
    struct palette *p = (struct palette *)v;

    chooser_select(&p->chooser, (size_t)id);
    return run_item(p);
}

/* Takes the rest of the name that is in hand. */
static unsigned do_complete(const struct action_call *call)
{
    struct palette *p = call->self;
    size_t i = chooser_item(&p->chooser);

    if (i < p->n) {
        edit_set(&p->chooser.field, p->item[i].call.action->name);
        refilter(p);
    }
    return UI_DONE;
}

static unsigned do_close(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static const char *no_item(const struct action_call *call)
{
    const struct palette *p = call->self;

    return chooser_item(&p->chooser) < p->n ? NULL : _("no action fits these words");
}

static const struct action palette_actions[] = {
    { .name = "palette.run", .label = N_("Run"), .help = N_("Runs the action in hand."),
      .group = N_("Command"), .keys = "Enter", .flags = ACTION_FOOTER, .run = do_run, .disabled = no_item },
    { .name = "palette.complete", .label = N_("Complete"),
      .help = N_("Writes the name of the action in hand."),
      .group = N_("Command"), .keys = "Tab", .flags = ACTION_FOOTER, .run = do_complete,
      .disabled = no_item },
    { .name = "palette.close", .label = N_("Close"), .help = N_("Closes the palette."),
      .group = N_("Command"), .keys = "Esc", .flags = ACTION_FOOTER, .run = do_close }
};

static void palette_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "palette", palette_actions, v, NULL);
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* Grounds the letters of the label that were typed. */
static void show_match(struct surface row, int x, const char *label, const char *typed)
{
    const char *at = *typed ? strcasestr(label, typed) : NULL;
    char *before, *same;

    if (!at)
        return;
    before = strndup(label, (size_t)(at - label));
    same = strndup(at, strlen(typed));
    surface_text(row, 0, x + text_width(before), ROLE_MATCH, same, -1, ALIGN_LEFT);
    free(before);
    free(same);
}

static void draw_item(void *self, size_t i, struct surface row, bool selected)
{
    struct palette *p = self;
    const struct item *it = &p->item[i];
    const char *label = i18n_text(it->call.action->label), *why = why_not(it);
    bool wide = row.w >= 70;
    int x = wide ? 28 : row.w - 14, room = row.w - 28 - 22 - 14 - 1;
    char there[80];
    bool tight = wide && why && text_width(why) > room;     /* the reason is worth more than the name */

    if (it->where) {            /* TRANSLATORS: the screen that has the action */
        snprintf(there, sizeof there, _("in %s"), i18n_text(it->where->title));
        tight = false;
    }
    ui_clickable(&p->view, row, (int)i);
    surface_text(row, 0, 2,
                 why        ? ROLE_DIM
                 : selected ? ROLE_STRONG
                            : ROLE_TEXT,
                 label, x - 4, ALIGN_LEFT);
    show_match(row, 2, label, edit_text(&p->chooser.field));
    if (wide) {
        surface_text(row, 0, x, ROLE_DIM, tight ? why : it->call.action->name, 20, ALIGN_LEFT);
        x += 22;
    }
    surface_text(row, 0, x, ROLE_DIM, it->number, 4, ALIGN_LEFT);
    surface_text(row, 0, x + 6, ROLE_KEY | INK_BOLD, it->keys, 7, ALIGN_LEFT);
    if (wide && why && !tight)
        surface_text(row, 0, x + 14, ROLE_DIM, why, room, ALIGN_LEFT);
    if (wide && it->where)
        surface_text(row, 0, x + 14, ROLE_DIM, there, room, ALIGN_LEFT);
}

static void draw_below(struct palette *p, struct surface s)
{
    size_t i = chooser_item(&p->chooser);
    const char *why;
    struct line l = LINE_INIT;
    int y = 1;

    surface_hline(s, 0, 0, s.w, ROLE_BORDER, GLYPH_HLINE);
    if (i >= p->n) {
        surface_text(s, 1, 2, ROLE_STRONG, _("No action fits these words"), s.w - 2, ALIGN_LEFT);
        return;
    }
    line_add(&l, ROLE_STRONG, "%s", i18n_text(p->item[i].call.action->label));
    line_add(&l, ROLE_TEXT, "  %s", i18n_text(p->item[i].call.action->help));
    surface_line(s, y++, 2, &l, -1, ALIGN_LEFT);
    line_clear(&l);
    if (p->item[i].call.has_subject && (p->item[i].call.action->flags & ACTION_SUBJECT)) {
        line_add(&l, ROLE_DIM, "%s  ", _("On"));
        line_add(&l, ROLE_STRONG, "%s", p->item[i].call.subject.name);
    }
    if (p->arg) {
        line_gap(&l, 3);
        line_add(&l, ROLE_DIM, "%s  ", _("With"));
        line_add(&l, ROLE_STRONG, "%s", p->arg);
    }
    why = why_not(&p->item[i]);
    if (why) {
        line_gap(&l, 3);
        line_add(&l, ROLE_WARN, _("Not now: %s"), why);
    }
    surface_line(s, y, 2, &l, -1, ALIGN_LEFT);
    line_free(&l);
}

static void palette_draw(struct view *v, struct surface s)
{
    struct palette *p = (struct palette *)v;
    struct surface field = surface_on(surface_sub(s, 0, 0, 1, s.w), ROLE_FIELD);
    struct line count = LINE_INIT;
    int below = s.h >= 10 ? BELOW_ROWS : 0;

    surface_fill(field);
    line_add(&count, ROLE_DIM, P_("%zu match", "%zu matches", p->chooser.nhits),
             p->chooser.nhits);
    surface_line(field, 0, s.w - line_width(&count) - 1, &count, -1, ALIGN_LEFT);
    edit_draw(&p->chooser.field, surface_sub(field, 0, 0, 1, s.w - 2 - line_width(&count)), true);
    line_free(&count);
    chooser_draw(&p->chooser, surface_sub(s, 2, 0, s.h - 2 - below, s.w), draw_item);
    if (below)
        draw_below(p, surface_sub(s, s.h - below + 1, 0, below - 1, s.w));
}

static void palette_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    (void)v;
    *h = 2 + PALETTE_ROWS + BELOW_ROWS < max_h ? 2 + PALETTE_ROWS + BELOW_ROWS : max_h;
    *w = PALETTE_CELLS < max_w ? PALETTE_CELLS : max_w;
}

static void palette_subject(struct view *v, struct line *title, struct line *right)
{
    (void)v;
    (void)title;
    line_add(right, ROLE_DIM, "%s", _("words, name or number"));
}

static const struct view_ops palette_ops = {
    .name = "palette", .title = N_("Command"), .kind = VIEW_DIALOG, .size = sizeof(struct palette),
    .open = palette_view_open, .close = palette_close, .draw = palette_draw, .input = palette_input,
    .actions = palette_sets, .typing = palette_typing, .measure = palette_measure,
    .subject = palette_subject, .clicked = palette_clicked
};

void palette_open(struct ui *ui)
{
    ui_push(ui, &palette_ops, NULL, NULL);
}
