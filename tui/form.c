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
#include "tui/chooser.h"
#include "tui/loop.h"

enum { LABEL_MOST = 16, CHOICE_NONE = -1, FIELD_CELLS = 2, AREA_ROWS = 4, LIST_ROWS = 8 };

/* Of a PICK: what was taken, and the completions of the text in the field. */
struct pick_state {
    char *value;                        /* NULL: nothing is taken */
    struct arena mem;
    struct form_choice *hit;            /* strings in mem, labels ready to show */
    size_t nhits;
    int sel, top;                       /* sel -1: none in hand yet */
    bool asked, shut;                   /* hits are those of the text; the list was closed by Esc */
};

struct entry {
    const struct form_field *field;
    struct edit edit;                  /* of the kinds that are typed */
    int choice;                         /* of the kinds that are chosen */
    bool flag;
    char *error;
    char *note;                         /* what is worth knowing, in note_ink */
    int note_ink;
    struct pick_state pick;
};

/* What a click at a place of the last drawing means. */
enum { SPOT_FIELD = -1, SPOT_HIT = 1000, SPOTS = 128 };
struct spot {
    int y, x, h, w;
    size_t entry;
    int what;                           /* the field, its choice i, or SPOT_HIT + i of its list */
};

struct form {
    struct spot spot[SPOTS];
    int nspots;
    struct entry *entry;
    size_t n, focus;
    void *self;
    bool changed;
    int scroll;
};

/* --- kinds ------------------------------------------------------------------------------------ */

static bool is_typed(const struct entry *e)
{
    return e->field->kind <= FORM_DATE || e->field->kind == FORM_AREA ||
           e->field->kind == FORM_PICK;
}

static bool is_pick(const struct entry *e)
{
    return e->field->kind == FORM_PICK;
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

static int rows_of(const struct form_field *f)
{
    if (f->kind == FORM_AREA)
        return f->rows > 1 ? f->rows : AREA_ROWS;
    return f->kind == FORM_TEXT && f->rows > 1 ? f->rows : 1;
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
        edit_init(&e->edit, fields[i].max, rows_of(&fields[i]));
        e->edit.lines = fields[i].kind == FORM_AREA;
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
        free(f->entry[i].note);
        free(f->entry[i].pick.value);
        arena_free(&f->entry[i].pick.mem);
    }
    free(f->entry);
    free(f);
}

/* --- picking by words ------------------------------------------------------------------------- */

static void set_value(struct entry *e, const char *value)
{
    free(e->pick.value);
    e->pick.value = value ? xstrdup(value) : NULL;
}

/* The field's own choices that fit the text; the whole list for none. */
static size_t match_choices(struct form *f, struct entry *e, const char *text, struct form_choice *out)
{
    struct arena mem = ARENA_INIT;
    const char *words = text_key(&mem, text);
    size_t n = 0;

    (void)f;
    for (int want = 3; want > 0; want--)
        for (size_t i = 0; i < e->field->nchoices && n < FORM_COMPLETIONS; i++) {
            const struct form_choice *c = &e->field->choices[i];
            const char *hay = text_key(&mem, arena_printf(&mem, "%s %s", choice_label(e, i), c->value));
            int score = *words ? chooser_match(hay, words) : 3;

            if (score == want) {
                out[n] = *c;
                out[n++].label = choice_label(e, i);
            }
        }
    arena_free(&mem);
    return n;
}

static size_t ask_completions(struct form *f, struct entry *e, const char *text, struct form_choice *out)
{
    size_t n = e->field->complete ? e->field->complete(f->self, text, out, FORM_COMPLETIONS)
                                  : match_choices(f, e, text, out);

    assert(n <= FORM_COMPLETIONS);
    return n;
}

/* The completions of what is in the field; the best is in hand once something was typed. */
static void freshen(struct form *f, struct entry *e)
{
    struct form_choice out[FORM_COMPLETIONS] = { { 0 } };
    struct pick_state *p = &e->pick;

    if (!is_pick(e) || p->asked)
        return;
    p->asked = true;
    p->nhits = ask_completions(f, e, p->value ? "" : edit_text(&e->edit), out);
    arena_reset(&p->mem);
    p->hit = arena_array(&p->mem, struct form_choice, p->nhits + 1);
    for (size_t i = 0; i < p->nhits; i++) {
        p->hit[i] = out[i];
        p->hit[i].value = arena_strdup(&p->mem, out[i].value);
        p->hit[i].label = arena_strdup(&p->mem, out[i].label);
    }
    p->top = 0;
    p->sel = p->nhits > 0 && !p->value && e->edit.text.len > 0 ? 0 : -1;
}

/* Is the list to be seen? Not once something is taken, nor after Esc. */
static bool list_open(const struct entry *e)
{
    return is_pick(e) && !e->pick.value && !e->pick.shut && e->pick.nhits > 0;
}

static void take(struct form *f, struct entry *e, const char *value, const char *label)
{
    char *keep = xstrdup(value);

    edit_set(&e->edit, label);
    set_value(e, keep);
    free(keep);
    e->pick.asked = e->pick.shut = false;
    f->changed = true;
}

static bool same_words(const char *a, const char *b)
{
    struct arena mem = ARENA_INIT;
    bool same = !strcmp(text_key(&mem, a), text_key(&mem, b));

    arena_free(&mem);
    return same;
}

/* Words that name one row and no other are as good as taking it. */
static void settle_pick(struct form *f, struct entry *e)
{
    const char *text = edit_text(&e->edit);
    size_t same = 0, at = 0;

    if (e->pick.value || !*text)
        return;
    freshen(f, e);
    for (size_t i = 0; i < e->pick.nhits; i++)
        if (same_words(e->pick.hit[i].label, text) || same_words(e->pick.hit[i].value, text)) {
            same++;
            at = i;
        }
    if (same == 1)
        take(f, e, e->pick.hit[at].value, e->pick.hit[at].label);
}

/* What the text of a PICK stands for when it is set from outside. */
static void set_pick(struct form *f, struct entry *e, const char *value)
{
    struct form_choice out[FORM_COMPLETIONS] = { { 0 } };
    size_t n = *value ? ask_completions(f, e, value, out) : 0;

    e->pick.asked = e->pick.shut = false;
    set_value(e, *value ? value : NULL);
    for (size_t i = 0; i < n; i++)
        if (!strcmp(out[i].value, value)) {
            edit_set(&e->edit, out[i].label);
            return;
        }
}

void form_complete(struct form *f, const char *key)
{
    struct entry *e = find(f, key);
    int sel = e->pick.sel, top = e->pick.top;

    e->pick.asked = false;
    freshen(f, e);
    if (sel < (int)e->pick.nhits && sel > 0) {
        e->pick.sel = sel;
        e->pick.top = top;
    }
}

/* --- values ----------------------------------------------------------------------------------- */

static const char *value_of(const struct entry *e)
{
    if (is_pick(e))
        return e->pick.value ? e->pick.value : "";
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
    if (is_pick(e))
        set_pick(f, e, value);
    f->changed = false;
}

void form_set_pick(struct form *f, const char *key, const char *value, const char *label)
{
    struct entry *e = find(f, key);

    assert(is_pick(e));
    take(f, e, value, label);
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
    if (is_pick(e)) {
        settle_pick(f, e);
        value = value_of(e);
    }
    if (!*value && is_pick(e) && e->edit.text.len > 0)
        wrong = e->field->unknown ? i18n_text(e->field->unknown) : _("no such one; choose from the list");
    else if (!*value)
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

void form_note(struct form *f, const char *key, int ink, const char *words)
{
    struct entry *e = find(f, key);
    char *copy = words ? xstrdup(words) : NULL;

    free(e->note);
    e->note = copy;
    e->note_ink = ink;
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

    if (*value_of(e) || (is_pick(e) && e->edit.text.len > 0))
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

static unsigned turn_flag(struct form *f, struct entry *e)
{
    e->flag = !e->flag;
    f->changed = true;
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

/* Do full-width characters become their twins? */
static bool is_narrow(const struct entry *e)
{
    return e->field->narrow || e->field->kind == FORM_NUMBER || e->field->kind == FORM_DATE;
}

static unsigned type(struct form *f, struct entry *e, const struct input *in)
{
    struct input narrow = *in;
    size_t before = e->edit.text.len;
    unsigned bits;

    struct buf twins = BUF_INIT;

    if (is_narrow(e) && in->kind == INPUT_KEY)
        narrow.key = key_narrow(in->key);
    if (is_narrow(e) && in->kind == INPUT_PASTE) {
        buf_adds(&twins, in->text);
        text_halfwidth(twins.s);
        narrow.text = twins.s;
    }
    if (!fits_kind(e, &narrow))
        return UI_HANDLED;
    bits = edit_input(&e->edit, &narrow);
    buf_release(&twins);
    if (bits &&
        (e->edit.text.len != before || narrow.kind == INPUT_PASTE || key_is_text(narrow.key))) {
        f->changed = true;
        set_error(e, NULL);
        if (is_pick(e)) {
            set_value(e, NULL);
            e->pick.asked = e->pick.shut = false;
        }
    }
    return bits;
}

static unsigned walk_list(struct entry *e, int by)
{
    struct pick_state *p = &e->pick;
    int to = p->sel + by, last = (int)p->nhits - 1;

    p->sel = to > last ? last : to < 0 ? (p->sel < 0 || by < -1 ? 0 : -1) : to;
    return UI_DONE;
}

/* Enter and Tab take what is in hand and go on. */
static unsigned take_hit(struct form *f, struct entry *e)
{
    const struct form_choice *hit = &e->pick.hit[e->pick.sel];

    take(f, e, hit->value, hit->label);
    set_error(e, NULL);
    if (e->field->then) {
        form_set_focus(f, e->field->then);
        return UI_DONE;
    }
    return walk(f, 1);
}

/* Keys of the list beside a PICK; 0 when they are none. */
static unsigned pick_key(struct form *f, struct entry *e, int key)
{
    struct pick_state *p = &e->pick;

    freshen(f, e);
    if (key == K_DOWN && p->shut && p->nhits > 0) {
        p->shut = false;
        return UI_DONE;
    }
    if (!list_open(e))
        return 0;
    if (key == K_DOWN || key == ('n' | K_CTRL))
        return walk_list(e, 1);
    if ((key == K_UP || key == ('p' | K_CTRL)) && p->sel >= 0)
        return walk_list(e, -1);
    if (key == K_PGDN || key == K_PGUP)
        return walk_list(e, key == K_PGDN ? LIST_ROWS - 1 : 1 - LIST_ROWS);
    if ((key == K_ENTER || key == K_TAB) && p->sel >= 0)
        return take_hit(f, e);
    if (key == K_ESC && (p->sel >= 0 || e->edit.text.len > 0)) {
        p->shut = true;
        return UI_DONE;
    }
    return 0;
}

/* A click: the field gets the focus, the choice under it is taken; the wheel walks. */
static unsigned mouse(struct form *f, const struct input *in)
{
    if (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN)
        return walk(f, in->button == MOUSE_WHEEL_UP ? -1 : 1);
    for (int i = f->nspots - 1; in->button == MOUSE_LEFT && i >= 0; i--) {
        const struct spot *s = &f->spot[i];
        struct entry *e = &f->entry[s->entry];

        if (in->y < s->y || in->y >= s->y + s->h || in->x < s->x || in->x >= s->x + s->w)
            continue;
        f->focus = s->entry;
        if (s->what >= SPOT_HIT && s->what - SPOT_HIT < (int)e->pick.nhits) {
            e->pick.sel = s->what - SPOT_HIT;
            return take_hit(f, e);
        }
        if (s->what >= 0 && s->what < (int)e->field->nchoices)
            return choose(f, e, s->what);
        if (e->field->kind == FORM_FLAG)
            return turn_flag(f, e);
        return UI_DONE;
    }
    return 0;
}

unsigned form_input(struct form *f, const struct input *in)
{
    struct entry *e = &f->entry[f->focus];
    unsigned bits = 0;

    if (in->kind == INPUT_MOUSE)
        return mouse(f, in);
    if (is_pick(e) && in->kind == INPUT_KEY)
        bits = pick_key(f, e, in->key);
    if (!bits && is_typed(e))
        bits = type(f, e, in);
    if (bits || in->kind != INPUT_KEY)
        return bits;
    if (is_chosen(e))
        bits = move_choice(f, e, in->key);
    if (!bits && e->field->kind == FORM_FLAG && (in->key == K_SPACE || in->key == 'x'))
        return turn_flag(f, e);
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

/* Of the sentences under a field: what is wrong, or else what is worth knowing. */
static int error_rows(const struct entry *e, int cells)
{
    const char *words = e->error ? e->error : e->note;

    return words ? text_rows(words, cells - 2) : 0;
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
    case FORM_AREA:
        rows = rows_of(e->field);
        break;
    default:
        break;
    }
    return rows + error_rows(e, inside);
}

static void add_spot(struct form *f, const struct entry *e, struct surface s, int what)
{
    if (f->nspots < SPOTS && s.h > 0 && s.w > 0)
        f->spot[f->nspots++] = (struct spot){ .y = s.y, .x = s.x, .h = s.h, .w = s.w,
                                              .entry = (size_t)(e - f->entry), .what = what };
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

static void draw_chips(struct form *f, const struct entry *e, struct surface s, bool focused)
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
        add_spot(f, e, chip, (int)i);
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

static void draw_grid(struct form *f, const struct entry *e, struct surface s, bool focused)
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
    for (size_t i = 0; i < e->field->nchoices; i++) {
        struct surface cell = surface_sub(s, 1 + (int)i / 2, (int)(i % 2) * half, 1, half - 1);

        add_spot(f, e, cell, (int)i);
        draw_grid_choice(e, i, cell, focused);
    }
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
    if (e->error)
        surface_text(s, y, 0, ROLE_BAD | INK_BOLD, "!", -1, ALIGN_LEFT);
    surface_wrap(surface_sub(s, 0, 2, s.h, -1), y, e->error ? ROLE_BAD : e->note_ink,
                 e->error ? e->error : e->note);
}

static void draw_entry(struct form *f, struct entry *e, struct surface s, bool focused)
{
    int label = label_cells(f);
    struct surface in = surface_sub(s, 0, label + 2, s.h, -1);

    if (e->field->kind == FORM_NOTE) {
        surface_wrap(s, 0, ROLE_DIM, i18n_text(e->field->label));
        return;
    }
    add_spot(f, e, s, SPOT_FIELD);
    if (e->field->kind == FORM_GRID)
        draw_grid(f, e, s, focused);
    else
        surface_text(s, 0, 0, focused ? ROLE_ACCENT | INK_BOLD : ROLE_DIM,
                     i18n_text(e->field->label), label, ALIGN_LEFT);
    if (is_typed(e))
        draw_typed(e, in, focused);
    else if (e->field->kind == FORM_CHOICE)
        draw_chips(f, e, in, focused);
    else if (e->field->kind == FORM_FLAG)
        draw_flag(e, in, focused);
    if (e->error || e->note)
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

/* Where the list of a field in row y of s stands: below it, else above, inside the form where that
 * is possible, else over what is around it. `want` rows with its box. */
static struct surface list_place(struct surface s, int y, int x, int want, int cells)
{
    struct surface all = surface_of(s.grid);
    int field = s.y + y, below = s.h - y - 1, above = y, from;

    if (want > below && want > above) {
        below = all.h - field - 2;
        above = field - 1;
    }
    if (want <= below || below >= above) {
        want = want < below ? want : below;
        from = field + 1;
    } else {
        want = want < above ? want : above;
        from = field - want;
    }
    x += s.x;
    if (x + cells > all.w)
        x = all.w > cells ? all.w - cells : 0;
    all.ground = ROLE_DIALOG;
    return surface_sub(all, from, x, want > 0 ? want : 0, cells);
}

static void draw_list(struct form *f, struct entry *e, struct surface s, int y, int x)
{
    struct pick_state *p = &e->pick;
    int cells = 24, shown = p->nhits < LIST_ROWS ? (int)p->nhits : LIST_ROWS;
    struct surface in;

    for (size_t i = 0; i < p->nhits; i++) {
        int w = text_width(p->hit[i].label) + 6;

        cells = w > cells ? w : cells;
    }
    in = list_place(s, y, x, shown + 2, cells < s.w - x ? cells : s.w - x);
    if (in.h < 3 || in.w < 8)
        return;
    in = surface_box(in, NULL, NULL);
    if (p->sel < p->top)
        p->top = p->sel < 0 ? 0 : p->sel;
    if (p->sel >= p->top + in.h)
        p->top = p->sel - in.h + 1;
    for (int i = 0; i < in.h && p->top + i < (int)p->nhits; i++) {
        const struct form_choice *hit = &p->hit[p->top + i];
        struct surface row = surface_sub(in, i, 0, 1, in.w);

        add_spot(f, e, row, SPOT_HIT + p->top + i);
        if (p->top + i == p->sel) {
            row = surface_on(row, ROLE_SELECT);
            surface_fill(row);
            surface_glyph(row, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
        }
        surface_text(row, 0, 2, hit->ink ? hit->ink : ROLE_TEXT, hit->label, row.w - 3, ALIGN_LEFT);
    }
    surface_thumb(in, in.w - 1, p->top, (int64_t)p->nhits);
}

int form_draw(struct form *f, struct surface s, bool focused)
{
    int need = total_rows(f, s.w), spare = s.h - need, y, at = -1;

    f->nspots = 0;
    freshen(f, &f->entry[f->focus]);
    if (spare >= 0)
        f->scroll = 0;
    else
        show_focus(f, s.w, s.h);
    y = -f->scroll;
    for (size_t i = 0; i < f->n; i++) {
        int rows = entry_rows(f, &f->entry[i], s.w);

        at = i == f->focus ? y : at;
        if (y >= 0 && y < s.h)
            draw_entry(f, &f->entry[i], surface_sub(s, y, 0, rows, s.w), focused && i == f->focus);
        y += rows + (spare-- > 0);          /* an empty row between fields while there are any */
    }
    if (focused && at >= 0 && list_open(&f->entry[f->focus]))
        draw_list(f, &f->entry[f->focus], s, at, label_cells(f) + 2);
    return need;
}
