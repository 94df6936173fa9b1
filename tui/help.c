#include "tui/help.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/chooser.h"
#include "tui/ui.h"

enum { KEYS_MOST = 12, LABEL_MOST = 20, TWO_COLUMNS = 92, COLUMN_GAP = 3 };

struct item { struct action_call call; const char *group; char *keys, *hay; };

/* A line of the sheet: an item; why it cannot be done, where its own line has no room for that; a group's
 * title; nothing. */
struct sheet_line {
    enum { LINE_ITEM, LINE_WHY, LINE_GROUP, LINE_EMPTY } kind;
    size_t item;
    const char *group;
};

struct help {
    struct view view;
    struct arena mem;
    const char *title;
    struct item *item;
    size_t n, can;
    struct chooser chooser;
    struct sheet_line *line;                /* n * 4 at most */
    size_t nlines, scroll;
    int keys_cells, label_cells;
    int width;                              /* what the sheet is laid out for */
    size_t rows_one, rows_two;              /* of the whole sheet, in one column and in two */
};

/* --- collecting ------------------------------------------------------------------------------- */

/* "↑ k", "PgUp ^U": all keys that work, as people see them. */
static char *key_labels(struct help *h, const struct action_list *l, int set, const struct action *a)
{
    struct ui *ui = h->view.ui;
    const char *keys = keymap_keys(ui_keymap(ui), l->set[set].scope, a);
    char name[K_NAME], label[K_NAME], *all = arena_strdup(&h->mem, "");

    for (size_t n; *(keys += strspn(keys, " ")); keys += n) {
        n = strcspn(keys, " ");
        snprintf(name, sizeof name, "%.*s", n < sizeof name ? (int)n : (int)sizeof name - 1, keys);
        if (!action_reached(ui_keymap(ui), l, set, a, key_find(name)))
            continue;
        key_label(key_find(name), ui_ascii(ui), label);
        all = arena_printf(&h->mem, "%s%s%s", all, *all ? " " : "", label);
    }
    return all;
}

static void widen(int *cells, const char *words, int most)
{
    int width = text_width(words);

    *cells = width > most ? most : width > *cells ? width : *cells;
}

static void add_item(struct help *h, const struct action_list *l, int i, const struct action *a)
{
    const struct action_set *set = &l->set[i];
    struct item *it = &h->item[h->n++];

    it->call = (struct action_call){ .ui = h->view.ui, .self = set->self, .action = a };
    it->call.has_subject = set->subject && set->subject(set->self, &it->call.subject);
    it->group = i18n_text(a->group ? a->group : N_("Here"));
    it->keys = key_labels(h, l, i, a);
    it->hay = text_key(&h->mem, arena_printf(&h->mem, "%s %s %s %04d %s", i18n_text(a->label),
                                             a->name, it->keys, a->number, i18n_text(a->help)));
    h->can += action_disabled(&it->call) == NULL;
    widen(&h->keys_cells, it->keys, KEYS_MOST);
    widen(&h->label_cells, i18n_text(a->label), LABEL_MOST);
}

static void collect(struct help *h, struct view *below)
{
    struct action_list list = { 0 };
    size_t total = 0;

    ui_actions_of(h->view.ui, below, &list);
    for (int i = 0; i < list.n; i++)
        total += list.set[i].n;
    h->item = arena_array(&h->mem, struct item, total + 1);
    h->line = arena_array(&h->mem, struct sheet_line, total * 4 + 1);
    for (int i = 0; i < list.n; i++)
        for (size_t j = 0; j < list.set[i].n; j++)
            if (!(list.set[i].rows[j].flags & ACTION_HIDDEN))
                add_item(h, &list, i, &list.set[i].rows[j]);
}

static int help_score(void *self, size_t i, const char *words)
{
    return chooser_match(((struct help *)self)->item[i].hay, words) > 0;
}

static bool group_listed(const struct help *h, const char *group)
{
    for (size_t i = 0; i < h->nlines; i++)
        if (h->line[i].kind == LINE_GROUP && !strcmp(h->line[i].group, group))
            return true;
    return false;
}

static int column_cells(int width)
{
    return width >= TWO_COLUMNS ? (width - COLUMN_GAP) / 2 : width;
}

/* Where the reason or the number stands in an item's line. */
static int note_at(const struct help *h)
{
    return h->keys_cells + h->label_cells + 4;
}

static bool has_why_line(const struct help *h, size_t item)
{
    const char *why = action_disabled(&h->item[item].call);

    return why && text_width(why) > column_cells(h->width) - note_at(h) - 1;
}

static void add_item_lines(struct help *h, size_t item)
{
    h->line[h->nlines++] = (struct sheet_line){ .kind = LINE_ITEM, .item = item };
    if (has_why_line(h, item))
        h->line[h->nlines++] = (struct sheet_line){ .kind = LINE_WHY, .item = item };
}

/* The sheet of the hits: groups in the order in which they first come. The chooser's order
 * follows the sheet's. */
static void make_sheet(struct help *h)
{
    size_t *order = arena_array(&h->mem, size_t, h->n + 1), n = 0;

    h->nlines = h->scroll = 0;
    for (size_t i = 0; i < h->chooser.nhits; i++) {
        const char *group = h->item[h->chooser.hit[i]].group;

        if (group_listed(h, group))
            continue;
        if (h->nlines > 0)
            h->line[h->nlines++] = (struct sheet_line){ .kind = LINE_EMPTY };
        h->line[h->nlines++] = (struct sheet_line){ .kind = LINE_GROUP, .group = group };
        for (size_t j = i; j < h->chooser.nhits; j++)
            if (!strcmp(h->item[h->chooser.hit[j]].group, group)) {
                order[n++] = h->chooser.hit[j];
                add_item_lines(h, h->chooser.hit[j]);
            }
    }
    memcpy(h->chooser.hit, order, n * sizeof *order);
}

/* Where the second column begins: at the group that is nearest to the middle. */
static size_t middle(const struct help *h)
{
    size_t best = h->nlines, half = h->nlines / 2;

    for (size_t i = 1; i < h->nlines; i++)
        if (h->line[i].kind == LINE_GROUP) {
            size_t off = i > half ? i - half : half - i,
                   old = best > half ? best - half : half - best;

            if (off < old)
                best = i;
        }
    return best;
}

/* The rows of the window are those of the whole list: it keeps its size while the list is narrowed. */
static void lay_out(struct help *h, int width)
{
    h->width = width;
    make_sheet(h);
    if (h->chooser.field.text.len > 0)
        return;
    h->rows_one = h->nlines;
    h->rows_two = middle(h) * 2 > h->nlines ? middle(h) : h->nlines - middle(h);
}

/* --- view ------------------------------------------------------------------------------------- */

static enum status help_view_open(struct view *v, const void *arg, struct err *e)
{
    struct help *h = (struct help *)v;
    struct view *below = ui_top(v->ui);

    (void)arg;
    (void)e;
    h->title = below ? below->ops->title : "";
    collect(h, below);
    chooser_init(&h->chooser, h->n, help_score, h);
    h->chooser.field.hint = N_("Type a few letters to narrow the list");
    lay_out(h, 0);
    return ST_OK;
}

static void help_close(struct view *v)
{
    struct help *h = (struct help *)v;

    chooser_free(&h->chooser);
    arena_free(&h->mem);
}

static unsigned help_input(struct view *v, const struct input *in)
{
    struct help *h = (struct help *)v;
    size_t before = h->chooser.field.text.len;
    struct input wheel = { .kind = INPUT_KEY, .key = in->button == MOUSE_WHEEL_UP ? K_UP : K_DOWN };
    bool turned = in->kind == INPUT_MOUSE &&
                  (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN);
    unsigned bits = chooser_input(&h->chooser, turned ? &wheel : in);

    if (bits && (h->chooser.field.text.len != before || in->kind == INPUT_PASTE))
        make_sheet(h);
    return bits;
}

static bool help_typing(const struct view *v)
{
    (void)v;
    return true;
}

static unsigned run_item(struct help *h)
{
    struct ui *ui = h->view.ui;
    size_t i = chooser_item(&h->chooser);
    struct action_call chosen;

    if (i >= h->n)
        return UI_HANDLED;
    chosen = h->item[i].call;
    ui_close(ui, &h->view);
    return ui_call(ui, &chosen) | UI_DONE;
}

static unsigned do_run(const struct action_call *call)
{
    return run_item(call->self);
}

static unsigned help_clicked(struct view *v, int id)
{
    struct help *h = (struct help *)v;

    chooser_select(&h->chooser, (size_t)id);
    return run_item(h);
}

static unsigned do_close(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static const char *no_item(const struct action_call *call)
{
    const struct help *h = call->self;

    return chooser_item(&h->chooser) < h->n ? NULL : _("no action fits these words");
}

static const struct action help_actions[] = {
    { .name = "help.run", .label = N_("Run"), .help = N_("Runs the action in hand."),
      .group = N_("Help"), .keys = "Enter", .flags = ACTION_FOOTER, .run = do_run, .disabled = no_item },
    { .name = "help.close", .label = N_("Close"), .help = N_("Closes the help."),
      .group = N_("Help"), .keys = "Esc F1", .flags = ACTION_FOOTER, .run = do_close }
};

static void help_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "help", help_actions, v, NULL);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_item(struct help *h, const struct item *it, struct surface row,
                      bool selected)
{
    const char *why = action_disabled(&it->call);
    char number[16] = "";
    int at = note_at(h);

    if (selected) {
        row = surface_on(row, ROLE_SELECT);
        surface_fill(row);
        surface_glyph(row, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
        surface_cursor(row, 0, 0, false);
    }
    ui_clickable(&h->view, row, (int)(it - h->item));
    if (it->call.action->number)
        snprintf(number, sizeof number, "%04d", it->call.action->number);
    surface_text(row, 0, 1, why ? ROLE_DIM : ROLE_KEY | INK_BOLD, it->keys, h->keys_cells, ALIGN_LEFT);
    surface_text(row, 0, h->keys_cells + 2, why ? ROLE_DIM : ROLE_TEXT,
                 i18n_text(it->call.action->label), h->label_cells, ALIGN_LEFT);
    if (row.w > at + 3 && !has_why_line(h, (size_t)(it - h->item)))
        surface_text(row, 0, at, ROLE_DIM, why ? why : number, row.w - at - 1, ALIGN_LEFT);
}

static void draw_why(struct help *h, const struct item *it, struct surface row, bool selected)
{
    const char *why = action_disabled(&it->call);

    if (selected) {
        row = surface_on(row, ROLE_SELECT);
        surface_fill(row);
    }
    ui_clickable(&h->view, row, (int)(it - h->item));
    surface_text(row, 0, h->keys_cells + 2, ROLE_DIM, why ? why : "", row.w - h->keys_cells - 3, ALIGN_LEFT);
}

static void draw_lines(struct help *h, struct surface s, size_t from, size_t to)
{
    size_t held = chooser_item(&h->chooser);

    for (size_t i = from; i < to && (int)(i - from) < s.h; i++) {
        const struct sheet_line *l = &h->line[i];
        int y = (int)(i - from);

        if (l->kind == LINE_GROUP)
            view_pane_title(surface_sub(s, 0, 1, s.h, -1), y, l->group, NULL, false);
        else if (l->kind == LINE_ITEM)
            draw_item(h, &h->item[l->item], surface_sub(s, y, 0, 1, s.w), l->item == held);
        else if (l->kind == LINE_WHY)
            draw_why(h, &h->item[l->item], surface_sub(s, y, 0, 1, s.w), l->item == held);
    }
}

static size_t held_line(const struct help *h)
{
    size_t held = chooser_item(&h->chooser);

    for (size_t i = 0; i < h->nlines; i++)
        if (h->line[i].kind == LINE_ITEM && h->line[i].item == held)
            return i;
    return 0;
}

/* Scrolls both columns by the same amount, so that the item in hand is seen, with its reason. */
static void follow(struct help *h, size_t line, size_t height, bool reason)
{
    size_t last = line + reason;

    if (line <= 1)
        h->scroll = 0;
    else if (line < h->scroll)
        h->scroll = line;
    else if (height > 0 && last >= h->scroll + height)
        h->scroll = last - height + 1;
}

static void help_draw(struct view *v, struct surface s)
{
    struct help *h = (struct help *)v;
    struct surface sheet = surface_sub(s, 2, 0, -1, s.w);
    size_t split = s.w >= TWO_COLUMNS ? middle(h) : h->nlines, held = held_line(h);
    size_t tall = split == h->nlines || h->nlines - split < split ? split : h->nlines - split;
    int half = column_cells(s.w);

    edit_draw(&h->chooser.field, surface_sub(s, 0, 0, 1, s.w < 60 ? s.w : 50), true);
    if (h->chooser.nhits == 0)
        surface_text(sheet, 0, 2, ROLE_STRONG, _("No action fits these words"), s.w - 2,
                     ALIGN_LEFT);
    follow(h, held < split ? held : held - split, sheet.h > 0 ? (size_t)sheet.h : 0,
           held + 1 < h->nlines && h->line[held + 1].kind == LINE_WHY);
    if (split == h->nlines) {
        draw_lines(h, sheet, h->scroll < split ? h->scroll : split, split);
        surface_thumb(sheet, sheet.w - 1, (int64_t)h->scroll, (int64_t)tall);
        return;
    }
    draw_lines(h, surface_sub(sheet, 0, 0, sheet.h, half), h->scroll < split ? h->scroll : split,
               split);
    draw_lines(h, surface_sub(sheet, 0, half + COLUMN_GAP, sheet.h, half),
               split + h->scroll < h->nlines ? split + h->scroll : h->nlines, h->nlines);
    surface_thumb(sheet, sheet.w - 1, (int64_t)h->scroll, (int64_t)tall);
}

static void help_measure(struct view *v, int max_h, int max_w, int *h, int *w)
{
    struct help *help = (struct help *)v;
    size_t rows;

    *w = max_w < 104 ? max_w : 104;
    if (*w != help->width)
        lay_out(help, *w);
    rows = *w >= TWO_COLUMNS ? help->rows_two : help->rows_one;
    *h = (int)rows + 2 < max_h ? (int)rows + 2 : max_h;
    *h = *h < 14 ? (max_h < 14 ? max_h : 14) : *h;
}

static void help_subject(struct view *v, struct line *title, struct line *right)
{
    struct help *h = (struct help *)v;

    line_add(title, ROLE_TITLE, "%s   %s", _("Help"), i18n_text(h->title));
    line_add(right, ROLE_DIM, _("%zu actions, %zu now"), h->n, h->can);
}

static const struct view_ops help_ops = {
    .name = "help", .title = N_("Help"), .kind = VIEW_DIALOG, .size = sizeof(struct help),
    .open = help_view_open,
    .close = help_close, .draw = help_draw, .input = help_input, .actions = help_sets,
    .typing = help_typing, .measure = help_measure, .subject = help_subject, .clicked = help_clicked
};

void help_open(struct ui *ui)
{
    ui_push(ui, &help_ops, NULL, NULL);
}
