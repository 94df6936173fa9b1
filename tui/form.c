#include "tui/form.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/loop.h"

enum { LABEL_MOST = 16, CHOICE_NONE = -1, FIELD_CELLS = 2 };

struct entry {
    const struct form_field *field;
    struct edit edit;                  /* of the kinds that are typed */
    int choice;                         /* of the kinds that are chosen */
    bool flag;
    char *error;
};

struct form {
    struct entry *entry;
    size_t n, focus;
    void *self;
    bool changed;
    int scroll;
};

/* --- kinds ------------------------------------------------------------------------------------ */

static bool is_typed(const struct entry *e)
{
    return e->field->kind <= FORM_DATE;
}

static bool is_chosen(const struct entry *e)
{
    return e->field->kind == FORM_CHOICE || e->field->kind == FORM_GRID;
}

static bool takes_focus(const struct entry *e)
{
    return e->field->kind != FORM_NOTE;
}

static const char *choice_label(const struct entry *e, size_t i)
{
    const char *label = e->field->choices[i].label;

    return e->field->raw_labels ? label : i18n_text(label);
}

static struct entry *find(const struct form *f, const char *key)
{
    for (size_t i = 0; i < f->n; i++)
        if (!strcmp(f->entry[i].field->key, key))
            return &f->entry[i];
    assert(!"a form has no such field");
    return &f->entry[0];
}

/* --- life ------------------------------------------------------------------------------------- */

struct form *form_new(const struct form_field *fields, size_t n, void *self)
{
    struct form *f = xcalloc(1, sizeof *f);

    assert(n > 0);
    f->entry = xcalloc(n, sizeof *f->entry);
    f->n = n;
    f->self = self;
    for (size_t i = 0; i < n; i++) {
        struct entry *e = &f->entry[i];

        assert(fields[i].key);
        e->field = &fields[i];
        e->choice = CHOICE_NONE;
        edit_init(&e->edit, fields[i].max, fields[i].kind == FORM_TEXT ? fields[i].rows : 1);
        e->edit.secret = fields[i].kind == FORM_SECRET;
        e->edit.hint = fields[i].hint;
    }
    while (f->focus + 1 < n && !takes_focus(&f->entry[f->focus]))
        f->focus++;
    return f;
}

void form_free(struct form *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n; i++) {
        edit_free(&f->entry[i].edit);
        free(f->entry[i].error);
    }
    free(f->entry);
    free(f);
}

/* --- values ----------------------------------------------------------------------------------- */

static const char *value_of(const struct entry *e)
{
    if (is_typed(e))
        return edit_text(&e->edit);
    if (is_chosen(e))
        return e->choice == CHOICE_NONE ? "" : e->field->choices[e->choice].value;
    return e->flag ? "1" : "";
}

const char *form_get(const struct form *f, const char *key)
{
    return value_of(find(f, key));
}

void form_set(struct form *f, const char *key, const char *value)
{
    struct entry *e = find(f, key);

    value = value ? value : "";
    edit_set(&e->edit, value);
    e->flag = *value && strcmp(value, "0");
    e->choice = CHOICE_NONE;
    for (size_t i = 0; is_chosen(e) && i < e->field->nchoices; i++)
        if (!strcmp(e->field->choices[i].value, value))
            e->choice = (int)i;
    f->changed = false;
}

bool form_changed(const struct form *f)
{
    return f->changed;
}

/* --- checking --------------------------------------------------------------------------------- */

static void set_error(struct entry *e, const char *sentence)
{
    free(e->error);
    e->error = sentence ? xstrdup(sentence) : NULL;
}

/* "+3" becomes the date three days on at ten; a date without a time keeps none. */
static const char *settle_date(struct entry *e)
{
    const char *s = edit_text(&e->edit);
    char text[CLOCK_TEXT];
    int64_t ms;
    bool day_only;
    int days;
    char rest;

    if (s[0] == '+' && sscanf(s, "+%4d%c", &days, &rest) == 1) {
        clock_minute(clock_day_add(clock_day(clock_now()), days) + 10 * (int64_t)CLOCK_HOUR, text);
        edit_set(&e->edit, text);
        return NULL;
    }
    if (!clock_parse(s, &ms, &day_only))
        return _("not a date; write 2026-11-22, 2026-11-22 10:00, or +3 for three days on");
    if (day_only)
        clock_date(ms, text);
    else
        clock_minute(ms, text);
    edit_set(&e->edit, text);
    return NULL;
}

static const char *check_number(const struct entry *e)
{
    const char *s = edit_text(&e->edit);
    char *end;
    double d = strtod(s, &end);

    return *end || end == s || !isfinite(d) ? _("not a number") : NULL;
}

static bool check(struct form *f, struct entry *e)
{
    const char *value = value_of(e), *wrong = NULL;

    if (e->field->kind == FORM_NOTE)
        return true;
    if (!*value)
        wrong = !e->field->required ? NULL : is_chosen(e) ? _("choose one") : _("needed");
    else if (e->field->kind == FORM_DATE)
        wrong = settle_date(e);
    else if (e->field->kind == FORM_NUMBER)
        wrong = check_number(e);
    if (!wrong && *value && e->field->check)
        wrong = e->field->check(f->self, e->field, value_of(e));
    set_error(e, wrong);
    return !wrong;
}

bool form_check(struct form *f)
{
    bool right = true;

    for (size_t i = f->n; i-- > 0;)
        if (!check(f, &f->entry[i])) {
            f->focus = i;
            right = false;
        }
    return right;
}

void form_error(struct form *f, const char *key, const char *sentence)
{
    struct entry *e = find(f, key);

    set_error(e, sentence);
    if (sentence)
        f->focus = (size_t)(e - f->entry);
}

/* --- focus ------------------------------------------------------------------------------------ */

const char *form_focus(const struct form *f)
{
    return f->entry[f->focus].field->key;
}

void form_set_focus(struct form *f, const char *key)
{
    f->focus = (size_t)(find(f, key) - f->entry);
}

bool form_typing(const struct form *f)
{
    return is_typed(&f->entry[f->focus]);
}

/* Leaving checks what is there; what was not filled in yet is not scolded for. */
static unsigned walk(struct form *f, int by)
{
    struct entry *e = &f->entry[f->focus];
    size_t at = f->focus;

    if (*value_of(e))
        check(f, e);
    else
        set_error(e, NULL);
    do
        at = (at + f->n + (size_t)(by + (int)f->n)) % f->n;
    while (at != f->focus && !takes_focus(&f->entry[at]));
    f->focus = at;
    return UI_DONE;
}

/* --- input ------------------------------------------------------------------------------------ */

static unsigned choose(struct form *f, struct entry *e, int i)
{
    e->choice = i;
    f->changed = true;
    set_error(e, NULL);
    return UI_DONE;
}

/* A choice's own key, of the field in hand first. */
static unsigned choose_by_key(struct form *f, int key)
{
    for (size_t k = 0; k < f->n; k++) {
        struct entry *e = &f->entry[(f->focus + k) % f->n];

        for (size_t i = 0; is_chosen(e) && i < e->field->nchoices; i++) {
            if (!e->field->choices[i].key || e->field->choices[i].key != key)
                continue;
            choose(f, e, (int)i);
            if (e->field->then)
                form_set_focus(f, e->field->then);
            else
                f->focus = (size_t)(e - f->entry);
            return UI_DONE;
        }
    }
    return 0;
}

/* Arrows inside a choice; 0 at its ends, where they walk on. */
static unsigned move_choice(struct form *f, struct entry *e, int key)
{
    int last = (int)e->field->nchoices - 1, to = e->choice,
        columns = e->field->kind == FORM_GRID ? 2 : 1;

    if (key == K_LEFT)
        to--;
    else if (key == K_RIGHT)
        to++;
    else if (columns == 2 && key == K_UP)
        to -= 2;
    else if (columns == 2 && key == K_DOWN)
        to += e->choice == CHOICE_NONE ? 1 : 2;
    else
        return 0;
    if (to >= 0 && to <= last)
        return choose(f, e, to);
    return key == K_LEFT || key == K_RIGHT ? UI_DONE : 0;
}

static bool fits_kind(const struct entry *e, const struct input *in)
{
    if (in->kind != INPUT_KEY || !key_is_text(in->key))
        return true;
    if (e->field->kind == FORM_NUMBER)
        return in->key < 128 && strchr("0123456789.-", in->key);
    if (e->field->kind == FORM_DATE)
        return in->key < 128 && strchr("0123456789-/.:+ ", in->key);
    return true;
}

static unsigned type(struct form *f, struct entry *e, const struct input *in)
{
    struct input narrow = *in;
    size_t before = e->edit.text.len;
    unsigned bits;

    if (in->kind == INPUT_KEY && (e->field->kind == FORM_NUMBER || e->field->kind == FORM_DATE))
        narrow.key = key_narrow(in->key);
    if (!fits_kind(e, &narrow))
        return UI_HANDLED;
    bits = edit_input(&e->edit, &narrow);
    if (bits &&
        (e->edit.text.len != before || narrow.kind == INPUT_PASTE || key_is_text(narrow.key))) {
        f->changed = true;
        set_error(e, NULL);
    }
    return bits;
}

unsigned form_input(struct form *f, const struct input *in)
{
    struct entry *e = &f->entry[f->focus];
    unsigned bits = 0;

    if (is_typed(e))
        bits = type(f, e, in);
    if (bits || in->kind != INPUT_KEY)
        return bits;
    if (is_chosen(e))
        bits = move_choice(f, e, in->key);
    if (!bits && e->field->kind == FORM_FLAG && (in->key == K_SPACE || in->key == 'x')) {
        e->flag = !e->flag;
        f->changed = true;
        return UI_DONE;
    }
    if (!bits && !is_typed(e) && key_is_text(in->key))
        bits = choose_by_key(f, in->key);
    if (bits)
        return bits;
    if (in->key == K_TAB || in->key == K_DOWN)
        return walk(f, 1);
    if (in->key == K_BTAB || in->key == K_UP)
        return walk(f, -1);
    return 0;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static int label_cells(const struct form *f)
{
    int cells = 4;

    for (size_t i = 0; i < f->n; i++) {
        int w = text_width(i18n_text(f->entry[i].field->label));

        if (f->entry[i].field->kind != FORM_NOTE && f->entry[i].field->kind != FORM_GRID &&
            w > cells)
            cells = w;
    }
    return cells < LABEL_MOST ? cells : LABEL_MOST;
}

static int error_rows(const struct entry *e, int cells)
{
    int rows = e->error ? text_rows(e->error, cells - 2) : 0;

    return rows;
}

/* Rows of chips when they do not fit side by side. */
static int chip_rows(const struct entry *e, int cells)
{
    int rows = 1, x = 0;

    for (size_t i = 0; i < e->field->nchoices; i++) {
        int w = text_width(choice_label(e, i)) + (e->field->choices[i].key ? 2 : 0) + 3;

        if (x > 0 && x + w > cells) {
            rows++;
            x = 0;
        }
        x += w;
    }
    return rows;
}

static int entry_rows(const struct form *f, const struct entry *e, int cells)
{
    int inside = cells - label_cells(f) - 2, rows = 1;

    switch (e->field->kind) {
    case FORM_NOTE:
        return text_rows(i18n_text(e->field->label), cells);
    case FORM_GRID:
        rows = 1 + (int)(e->field->nchoices + 1) / 2;
        break;
    case FORM_CHOICE:
        rows = chip_rows(e, inside);
        break;
    case FORM_TEXT:
        rows = e->field->rows > 1 ? e->field->rows : 1;
        break;
    default:
        break;
    }
    return rows + error_rows(e, inside);
}

static void draw_typed(struct entry *e, struct surface s, bool focused)
{
    int room = s.w, help = e->field->help ? text_width(i18n_text(e->field->help)) : 0;

    if (e->field->width > 0 && e->field->width + FIELD_CELLS < room)
        room = e->field->width + FIELD_CELLS;
    edit_draw(&e->edit, surface_sub(s, 0, 0, e->edit.rows > 1 ? e->edit.rows : 1, room), focused);
    if (help > 0 && room + 2 + 8 <= s.w)
        surface_text(s, 0, room + 2, ROLE_DIM, i18n_text(e->field->help),
                     help < s.w - room - 2 ? -1 : s.w - room - 2, ALIGN_LEFT);
}

static void draw_key(struct surface s, int y, int x, char key, bool chosen)
{
    char text[2] = { key, '\0' };

    surface_text(s, y, x, chosen ? ROLE_TAB | INK_BOLD : ROLE_KEY | INK_BOLD, text, 1, ALIGN_LEFT);
}

static void draw_chips(const struct entry *e, struct surface s, bool focused)
{
    int x = 0, y = 0;

    for (size_t i = 0; i < e->field->nchoices; i++) {
        const struct form_choice *c = &e->field->choices[i];
        bool chosen = (int)i == e->choice;
        int w = text_width(choice_label(e, i)) + (c->key ? 2 : 0) + 2;
        struct surface chip;

        if (x > 0 && x + w > s.w) {
            x = 0;
            y++;
        }
        chip = surface_sub(s, y, x, 1, w);
        if (chosen) {
            chip = surface_on(chip, ROLE_TAB);
            surface_fill(chip);
            surface_glyph(chip, 0, 0, ROLE_ACCENT, focused ? GLYPH_FOCUS : GLYPH_FOCUS_OFF);
        } else if (focused && e->choice == CHOICE_NONE && i == 0) {
            surface_glyph(chip, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
        }
        if (c->key)
            draw_key(chip, 0, 1, c->key, chosen);
        surface_text(chip, 0, c->key ? 3 : 1, chosen ? ROLE_TAB | INK_BOLD : c->ink,
                     choice_label(e, i), -1, ALIGN_LEFT);
        x += w + 1;
    }
    if (focused)
        surface_cursor(s, 0, 0, false);
}

static void draw_grid_choice(const struct entry *e, size_t i, struct surface cell, bool focused)
{
    const struct form_choice *c = &e->field->choices[i];
    bool chosen = (int)i == e->choice;

    if (chosen) {
        cell = surface_on(cell, focused ? ROLE_SELECT : ROLE_SELECT_OFF);
        surface_fill(cell);
        surface_glyph(cell, 0, 0, focused ? ROLE_ACCENT : ROLE_DIM,
                      focused ? GLYPH_FOCUS : GLYPH_FOCUS_OFF);
        surface_glyph(cell, 0, cell.w - 2, ROLE_MARK, GLYPH_YES);
    }
    if (c->key) {
        char text[2] = { c->key, '\0' };

        surface_text(cell, 0, 2, ROLE_KEY | INK_BOLD, text, 1, ALIGN_LEFT);
    }
    surface_text(cell, 0, 4, c->ink | (chosen ? INK_BOLD : 0), choice_label(e, i),
                 cell.w - (chosen ? 7 : 4), ALIGN_LEFT);
    if (chosen && focused)
        surface_cursor(cell, 0, 2, false);
}

static void draw_grid(const struct entry *e, struct surface s, bool focused)
{
    int half = s.w / 2, x = 0;

    if (half > 24)
        half = 24;
    if (focused)
        surface_glyph(s, 0, x++, ROLE_ACCENT, GLYPH_FOCUS);
    x += surface_text(s, 0, x, focused ? ROLE_ACCENT | INK_BOLD : ROLE_TITLE,
                      i18n_text(e->field->label), -1, ALIGN_LEFT);
    if (e->field->help)
        surface_text(s, 0, x + 1, ROLE_DIM, i18n_text(e->field->help), -1, ALIGN_LEFT);
    for (size_t i = 0; i < e->field->nchoices; i++)
        draw_grid_choice(e, i, surface_sub(s, 1 + (int)i / 2, (int)(i % 2) * half, 1, half - 1),
                         focused);
}

static void draw_flag(const struct entry *e, struct surface s, bool focused)
{
    surface_text(s, 0, 0, focused ? ROLE_ACCENT | INK_BOLD : ROLE_TEXT, "[ ]", -1, ALIGN_LEFT);
    if (e->flag)
        surface_glyph(s, 0, 1, ROLE_MARK, GLYPH_YES);
    if (e->field->help)
        surface_text(s, 0, 4, ROLE_TEXT, i18n_text(e->field->help), s.w - 4, ALIGN_LEFT);
    if (focused)
        surface_cursor(s, 0, 1, false);
}

static void draw_error(const struct entry *e, struct surface s, int y)
{
    surface_text(s, y, 0, ROLE_BAD | INK_BOLD, "!", -1, ALIGN_LEFT);
    surface_wrap(surface_sub(s, 0, 2, s.h, -1), y, ROLE_BAD, e->error);
}

static void draw_entry(struct form *f, struct entry *e, struct surface s, bool focused)
{
    int label = label_cells(f);
    struct surface in = surface_sub(s, 0, label + 2, s.h, -1);

    if (e->field->kind == FORM_NOTE) {
        surface_wrap(s, 0, ROLE_DIM, i18n_text(e->field->label));
        return;
    }
    if (e->field->kind == FORM_GRID)
        draw_grid(e, s, focused);
    else
        surface_text(s, 0, 0, focused ? ROLE_ACCENT | INK_BOLD : ROLE_DIM,
                     i18n_text(e->field->label), label, ALIGN_LEFT);
    if (is_typed(e))
        draw_typed(e, in, focused);
    else if (e->field->kind == FORM_CHOICE)
        draw_chips(e, in, focused);
    else if (e->field->kind == FORM_FLAG)
        draw_flag(e, in, focused);
    if (e->error)
        draw_error(e, in, entry_rows(f, e, s.w) - error_rows(e, in.w));
}

static int total_rows(const struct form *f, int cells)
{
    int rows = 0;

    for (size_t i = 0; i < f->n; i++)
        rows += entry_rows(f, &f->entry[i], cells);
    return rows;
}

int form_rows(const struct form *f, int cells)
{
    return total_rows(f, cells) + (int)f->n - 1;
}

/* Scrolls so that the field in hand is inside. */
static void show_focus(struct form *f, int cells, int height)
{
    int from = 0, to;

    for (size_t i = 0; i < f->focus; i++)
        from += entry_rows(f, &f->entry[i], cells);
    to = from + entry_rows(f, &f->entry[f->focus], cells);
    if (to > f->scroll + height)
        f->scroll = to - height;
    if (from < f->scroll)
        f->scroll = from;
}

int form_draw(struct form *f, struct surface s, bool focused)
{
    int need = total_rows(f, s.w), spare = s.h - need, y;

    if (spare >= 0)
        f->scroll = 0;
    else
        show_focus(f, s.w, s.h);
    y = -f->scroll;
    for (size_t i = 0; i < f->n; i++) {
        int rows = entry_rows(f, &f->entry[i], s.w);

        if (y >= 0 && y < s.h)
            draw_entry(f, &f->entry[i], surface_sub(s, y, 0, rows, s.w), focused && i == f->focus);
        y += rows + (spare-- > 0);          /* an empty row between fields while there are any */
    }
    return need;
}
