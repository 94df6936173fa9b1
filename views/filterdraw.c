/* filterdraw.c - how the bar and its list of proposals look. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "tui/rows.h"
#include "views/filterbar.h"
#include "views/words.h"

enum { ITEM_CELLS = 28, SENTENCE_ROWS = 4 };

static int label_cells(void)
{
    return text_width(_("Filter")) + 2;
}

static void add_count(const struct filterbar *b, struct line *l)
{
    char number[WORDS];
    if (b->count >= 0) {
        words_count(b->count, number);
        line_add(l, ROLE_STRONG | INK_BOLD, "%s ", number);
        line_add(l, ROLE_DIM, "%s", b->host->matches(b->count));
    } else if (b->asking && b->so_far > 0) {
        words_count(b->so_far, number);
        line_add(l, ROLE_DIM, _("counting .. %s so far"), number);
    } else if (b->asking || b->timer) {
        line_add(l, ROLE_DIM, "%s", _("counting .."));
    }
    if (b->looks_at >= 0) {
        words_count(b->looks_at, number);
        line_gap(l, l->text.len ? 3 : 0);
        line_add(l, ROLE_WARN, _("no index: looks at %s rows"), number);
    }
}

/* What can be done here, while there is nothing to say. */
static void add_hint(const struct filterbar *b, struct line *l)
{
    char key[K_NAME];
    bool list = filter_list_shown(b);
    if (b->nitems) {
        line_add(l, ROLE_KEY, "Tab");
        line_add(l, ROLE_DIM, " %s",
                 list               ? _("takes the first")
                 : b->edit.text.len ? _("what may come next")
                                    : _("fields, operators and values to choose from"));
    }
    if (list) {
        key_label(K_DOWN, ui_ascii(b->view->ui), key);
        line_add(l, ROLE_KEY, "   %s", key);
        line_add(l, ROLE_DIM, " %s", _("chooses another"));
    } else if (b->npast && b->fresh) {
        key_label(K_UP, ui_ascii(b->view->ui), key);
        line_add(l, ROLE_KEY, "   %s", key);
        line_add(l, ROLE_DIM, " %s", _("filters of before"));
    }
}

static void add_sentence(struct filterbar *b, struct line *l)
{
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    filter_env(b, &env);
    if (b->sentence && lang_parse(&a, b->sentence, &env, &c, NULL) == ST_OK && c) {
        line_add(l, ROLE_DIM, "= ");
        filter_words(l, c, &env, i18n_lang());
    }
    arena_free(&a);
}

/* A mistake has its sentence whole; returns the first row below. */
static int draw_error(const struct filterbar *b, struct surface s, int x)
{
    if (b->unfinished) {
        surface_text(s, 1, x, ROLE_DIM, b->error, s.w - x - 1, ALIGN_LEFT);
        return 2;
    }
    surface_text(s, 1, x, ROLE_BAD | INK_BOLD, "!", -1, ALIGN_LEFT);
    return 1 + surface_wrap(surface_sub(s, 0, x + 2, s.h, -1), 1, ROLE_BAD, b->error);
}

/* The sentence stands beside the count where there is room, so that the list does not move. */
static int draw_state(struct filterbar *b, struct surface s, int x)
{
    struct line l = LINE_INIT, own = LINE_INIT;
    int room = s.w - x - 1, rows = 2;
    if (b->count >= 0 || b->looks_at >= 0 || b->asking || b->timer)
        add_count(b, &l);
    else if (b->waits)
        line_add(&l, ROLE_DIM, "%s", _("Enter counts: what is masked is not asked for while you type"));
    else
        add_hint(b, &l);
    add_sentence(b, &own);
    surface_line(s, 1, x, &l, room, ALIGN_LEFT);
    int used = line_width(&l) + 3;
    if (own.text.len && used + line_width(&own) <= room)
        surface_line(s, 1, x + used, &own, room - used, ALIGN_LEFT);
    else if (own.text.len)
        rows += surface_line_wrap(surface_sub(s, 0, 0, s.h, s.w - 1), rows, x, &own, SENTENCE_ROWS);
    line_free(&l);
    line_free(&own);
    return rows;
}

int filterbar_draw(struct filterbar *b, struct surface s)
{
    int x = label_cells();
    surface_text(s, 0, 1, ROLE_ACCENT | INK_BOLD, _("Filter"), -1, ALIGN_LEFT);
    edit_draw(&b->edit, surface_sub(s, 0, x, 1, s.w - x - 1), true);
    b->rows = filter_shows_error(b) ? draw_error(b, s, x) : draw_state(b, s, x);
    return b->rows + (s.h > 24);
}

static int list_cells(const struct filterbar *b, int *text, int *count)
{
    int label = 0;
    *text = *count = 0;
    for (size_t i = 0; i < b->nitems; i++) {
        char number[WORDS];
        int t = text_width(b->item[i].text), l = b->item[i].label ? text_width(b->item[i].label) : 0, c = 0;
        if (b->item[i].count >= 0) {
            words_count(b->item[i].count, number);
            c = text_width(number) + 2;
        }
        *text = t > *text ? t : *text;
        *count = c > *count ? c : *count;
        label = l > label ? l : label;
    }
    *text = *text > ITEM_CELLS ? ITEM_CELLS : *text;
    return *text + (label ? label + 2 : 0) + *count + 4;
}

/* The one in hand is on the bar; while none is, the one that Tab takes is on its shadow. */
static void draw_item(const struct filterbar *b, struct surface row, size_t i, int text, int count)
{
    const struct filter_item *item = &b->item[i];
    bool hand = (int)i == b->sel, first = b->sel < 0 && i == 0;
    char number[WORDS];
    if (hand || first)
        row = surface_on(row, hand ? ROLE_SELECT : ROLE_SELECT_OFF);
    surface_fill(row);
    text = text > row.w - count - 2 ? row.w - count - 2 : text;
    surface_text(row, 0, 1, hand ? ROLE_STRONG : ROLE_TEXT, item->text, text, ALIGN_LEFT);
    if (item->label && row.w - text - count - 4 > 3)
        surface_text(row, 0, text + 3, ROLE_DIM, item->label, row.w - text - count - 4, ALIGN_LEFT);
    if (item->count >= 0) {
        words_count(item->count, number);
        surface_text(row, 0, row.w - count - 1, ROLE_ACCENT, number, count, ALIGN_RIGHT);
    }
}

/* Below the bar, under the word that it goes on with. */
void filterbar_draw_list(struct filterbar *b, struct surface s)
{
    int text, count, w, rows, top = b->rows, x;
    if (!b->open || !filter_list_shown(b) || s.h < top + 3)
        return;
    w = list_cells(b, &text, &count);
    w = w > s.w - 2 ? s.w - 2 : w;
    rows = (int)b->nitems < FILTER_LIST ? (int)b->nitems : FILTER_LIST;
    rows = rows > s.h - top - 2 ? s.h - top - 2 : rows;
    x = label_cells() + edit_cell(&b->edit, b->wish.from) - 2;
    x = x + w > s.w - 1 ? s.w - 1 - w : x;
    b->top = rows_top(b->top, b->sel < 0 ? 0 : (size_t)b->sel, b->nitems, rows);
    struct surface in = surface_box(surface_on(surface_sub(s, top, x < 0 ? 0 : x, rows + 2, w), ROLE_DIALOG),
                                    NULL, NULL);
    for (int i = 0; i < rows; i++) {
        struct surface row = surface_sub(in, i, 0, 1, in.w);
        draw_item(b, row, b->top + (size_t)i, text, count);
        ui_clickable(b->view, row, CLICK_ITEM + (int)b->top + i);
    }
    if ((int)b->nitems > rows)
        surface_thumb(in, in.w - 1, (int64_t)b->top, (int64_t)b->nitems);
}

unsigned filterbar_clicked(struct filterbar *b, int id)
{
    if (id >= CLICK_CHIP)
        return filterbar_click_chip(b, id - CLICK_CHIP) ? UI_DONE : 0;
    if (id >= CLICK_ITEM && b->open && (size_t)(id - CLICK_ITEM) < b->nitems)
        return filter_take_item(b, (size_t)(id - CLICK_ITEM));
    return 0;
}
