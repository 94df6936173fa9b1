/* filterbar.c - the bar: typing, proposals, the live count, what was asked before. */
#include "views/filterbar.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "tui/rows.h"
#include "views/words.h"

enum { REST_MS = 150, BAR_CHARS = 2000, VALUES = 40, ITEM_CELLS = 28, CLICK_ITEM = 1000, CLICK_CHIP = 2000 };

static const char *typed_text(const struct filterbar *b)
{
    return edit_text(&b->edit);
}

/* ---- history ------------------------------------------------------------------------------------------ */

static const char *past_key(const struct filterbar *b, int i, char out[64])
{
    snprintf(out, 64, "filter.%s.%02d", b->host->noun->name, i);
    return out;
}

static bool is_secret(const struct field *f)
{
    return f->type == F_SECRET;
}

/* Names a person, or what only a person has? */
static bool is_personal(const struct field *f)
{
    return (f->flags & FIELD_PII) || f->type == F_SECRET;
}

static bool any_field(const struct cond *c, bool (*is)(const struct field *f))
{
    if (c->kind == COND_TEST && c->name.field)
        return is(c->name.field);
    for (size_t i = 0; i < c->nkids; i++)
        if (any_field(c->kids[i], is))
            return true;
    return false;
}

static bool may_be_kept(struct filterbar *b, const char *where)
{
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    b->host->env(b->self, &env);
    bool kept = lang_parse(&a, where, &env, &c, NULL) == ST_OK && c && !any_field(c, is_personal);
    arena_free(&a);
    return kept;
}

static void read_past(struct filterbar *b)
{
    const struct viewstate *state = app_of(b->view->ui)->state;
    char key[64];
    for (int i = 0; i < FILTER_PAST && b->npast < FILTER_PAST; i++) {
        const char *where = viewstate_get(state, past_key(b, i, key));
        if (where && *where)
            b->past[b->npast++] = xstrdup(where);
    }
}

static void write_past(struct filterbar *b)
{
    struct viewstate *state = app_of(b->view->ui)->state;
    char key[64];
    int n = 0;
    for (int i = 0; i < b->npast; i++)
        if (may_be_kept(b, b->past[i]))
            viewstate_set(state, past_key(b, n++, key), b->past[i]);
    for (; n < FILTER_PAST; n++)
        viewstate_set(state, past_key(b, n, key), NULL);
}

static void remember(struct filterbar *b, const char *where)
{
    int at = 0;
    if (!*where)
        return;
    while (at < b->npast && strcmp(b->past[at], where) != 0)
        at++;
    if (at == FILTER_PAST)
        at--;
    if (at < b->npast)
        free(b->past[at]);
    else
        b->npast++;
    memmove(b->past + 1, b->past, (size_t)at * sizeof *b->past);
    b->past[0] = xstrdup(where);
    write_past(b);
}

void filter_take(struct filterbar *b, const char *where)
{
    char *own = xstrdup(where ? where : "");
    filterbar_close(b);
    remember(b, own);
    b->choosing = false;
    b->host->apply(b->self, own);
    free(own);
}

/* ---- what is typed: its parts and what may come next --------------------------------------------------- */

int filter_look_ink(enum lang_look look)
{
    static const int inks[] = {
        [LOOK_FIELD] = ROLE_STRONG, [LOOK_OPERATOR] = ROLE_DIM, [LOOK_VALUE] = ROLE_ACCENT,
        [LOOK_TEXT] = ROLE_TEXT, [LOOK_LINK] = ROLE_KEY, [LOOK_BRACKET] = ROLE_DIM,
        [LOOK_WRONG] = ROLE_BAD | INK_BOLD | INK_UNDERLINE,
    };
    return inks[look];
}

/* A field's ground is a line in mono: what is wrong needs another look there. */
static int wrong_ink(const struct filterbar *b)
{
    return ui_mono(b->view->ui) ? ROLE_MATCH : filter_look_ink(LOOK_WRONG);
}

static bool shows_error(const struct filterbar *b);

/* The word that is being typed may still become right. */
static void look(struct filterbar *b, const struct lang_env *env)
{
    struct lang_stretch *s;
    size_t n;
    lang_look(&b->mem, typed_text(b), env, &s, &n);
    b->ink = arena_array(&b->mem, struct edit_ink, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool wrong = s[i].look == LOOK_WRONG, begun = s[i].end == b->edit.at && !shows_error(b);
        int ink = !wrong ? filter_look_ink(s[i].look) : begun ? ROLE_FIELD : wrong_ink(b);
        b->ink[i] = (struct edit_ink){ s[i].at, s[i].end, ink };
    }
    b->edit.ink = b->ink;
    b->edit.nink = n;
}

static void say_in_own_words(struct filterbar *b, const struct lang_env *env)
{
    struct buf text = BUF_INIT;
    struct cond *c;
    b->sentence = NULL;
    if (lang_parse(&b->mem, typed_text(b), env, &c, NULL) != ST_OK || !c)
        return;
    lang_print(c, env, i18n_lang(), &text);
    const char *rest = strncmp(typed_text(b), text.s, text.len) == 0 ? typed_text(b) + text.len : "?";
    if (rest[strspn(rest, " ")])
        b->sentence = arena_strdup(&b->mem, text.s);
    buf_release(&text);
}

static bool same_name(struct lang_name a, struct lang_name b)
{
    return a.via == b.via && a.field == b.field && a.attr == b.attr && a.span == b.span;
}

static bool has_item(const struct filterbar *b, const char *text)
{
    for (size_t i = 0; i < b->nitems; i++)
        if (strcmp(b->item[i].text, text) == 0)
            return true;
    return false;
}

/* Values that have a proposal of their own give it their count; the others follow. */
static void add_values(struct filterbar *b, const char *word)
{
    const char *key = text_key(&b->mem, word);
    for (size_t v = 0; v < b->nvalues; v++) {
        const struct filter_item *from = &b->value[v];
        for (size_t i = 0; i < b->nitems; i++)
            if (strcmp(b->item[i].text, from->text) == 0 ||
                (from->label && strcmp(b->item[i].text, from->label) == 0))
                b->item[i].count = from->count;
        bool fits = strcmp(word, b->value_word) == 0 || strstr(text_key(&b->mem, from->text), key) ||
                    (from->label && strstr(text_key(&b->mem, from->label), key));
        bool there = has_item(b, from->text) || (from->label && has_item(b, from->label));
        if (fits && !there)
            b->item[b->nitems++] = *from;
    }
}

/* The word that is begun, without its quotes. */
static const char *begun_word(struct arena *a, const char *text, const struct lang_wish *w)
{
    char *word = arena_strndup(a, text + w->from, w->to - w->from);
    size_t n;
    word += *word == '"';
    n = strlen(word);
    if (n && word[n - 1] == '"')
        word[n - 1] = '\0';
    return word;
}

static void propose(struct filterbar *b, const struct lang_env *env)
{
    struct lang_proposal *p;
    size_t n;
    const char *text = typed_text(b);
    lang_wish(&b->mem, text, b->edit.at, env, &b->wish);
    lang_propose(&b->mem, text, &b->wish, env, i18n_lang(), &p, &n);
    b->item = arena_array(&b->mem, struct filter_item, n + b->nvalues + 1);
    b->nitems = 0;
    for (size_t i = 0; i < n; i++)
        b->item[b->nitems++] = (struct filter_item){ p[i].text, p[i].label, -1 };
    if (b->wish.kind == WISH_VALUE && b->value_word && same_name(b->wish.name, b->value_name))
        add_values(b, begun_word(&b->mem, text, &b->wish));
}

static void understand(struct filterbar *b)
{
    struct lang_env env;
    b->edit.ink = NULL;
    b->edit.nink = 0;
    arena_reset(&b->mem);
    b->host->env(b->self, &env);
    propose(b, &env);
    look(b, &env);
    say_in_own_words(b, &env);
    if (b->sel >= (int)b->nitems)
        b->sel = (int)b->nitems - 1;
}

/* There is something to propose that is not there already. */
static bool list_shown(const struct filterbar *b)
{
    if (!b->listing || b->nitems == 0)
        return false;
    size_t n = b->wish.to - b->wish.from;
    return b->nitems > 1 || strlen(b->item[0].text) != n ||
           memcmp(b->item[0].text, typed_text(b) + b->wish.from, n) != 0;
}

/* ---- values of the data -------------------------------------------------------------------------------- */

bool filter_asks_values(const struct filterbar *b, const struct lang_wish *w)
{
    struct lang_name n = w->name;
    enum ftype type = n.field ? n.field->type : n.attr ? n.attr->type : F_ATTRS;
    bool listed = type == F_TEXT || type == F_CHOICE || type == F_REF || type == F_REFS || type == F_FLAG;
    return w->kind == WISH_VALUE && b->host->values && op_find(b->host->values) && listed;
}

struct api_job *filter_value_job(struct filterbar *b, const void *owner, uint32_t gen,
                                 api_done *done, void *self, const struct lang_wish *w,
                                 const char *word)
{
    struct api_job *j = api_new(b->view->ui, owner, gen, done, self);
    struct buf name = BUF_INIT;
    lang_name_print(w->name, &name);
    api_add(j, b->host->values);
    api_set_text(j, 0, "field", name.s);
    api_set_text(j, 0, "prefix", word);
    api_set_text(j, 0, "where", b->host->whole(b->self, NULL, &j->mem));
    api_set_int(j, 0, "limit", VALUES);
    buf_release(&name);
    return j;
}

size_t filter_value_rows(const struct api_job *j, struct arena *a, struct filter_item **out)
{
    const struct op *op = j->step[0].op;
    const struct field *list = record_field(op->out, "values");
    const struct list *rows = field_list(list, j->step[0].out);
    const char *row = rows->items;
    size_t k = 0;
    *out = arena_array(a, struct filter_item, rows->n + 1);
    for (size_t i = 0; i < rows->n; i++, row += list->rec->size) {
        struct buf word = BUF_INIT;
        const char *value = record_word(list->rec, row, "value");
        const char *label = i18n_text(record_word(list->rec, row, "label"));
        if (!value || !*value)
            continue;
        lang_word_print(value, &word);
        (*out)[k].text = arena_strdup(a, word.s);
        (*out)[k].label = *label && strcmp(label, value) != 0 ? arena_strdup(a, label) : NULL;
        (*out)[k++].count = record_int(list->rec, row, "count");
        buf_release(&word);
    }
    return k;
}

static void forget_values(struct filterbar *b)
{
    b->value_word = NULL;
    b->nvalues = 0;
    arena_reset(&b->value_mem);
}

struct value_ask { struct lang_name name; const char *word; };

/* A refusal proposes nothing: the count says what is wrong. */
static unsigned got_values(void *self, struct api_job *j)
{
    struct filterbar *b = self;
    const struct value_ask *ask = j->data;
    forget_values(b);
    if (api_error(j))
        return 0;
    b->nvalues = filter_value_rows(j, &b->value_mem, &b->value);
    b->value_name = ask->name;
    b->value_word = arena_strdup(&b->value_mem, ask->word);
    understand(b);
    return UI_REDRAW;
}

static void ask_values(struct filterbar *b)
{
    const char *word = begun_word(&b->mem, typed_text(b), &b->wish);
    if (!filter_asks_values(b, &b->wish) ||
        (b->value_word && same_name(b->value_name, b->wish.name) && strcmp(b->value_word, word) == 0))
        return;
    work_cancel(ui_work(b->view->ui), &b->value, ++b->value_gen);
    struct api_job *j = filter_value_job(b, &b->value, b->value_gen, got_values, b, &b->wish, word);
    struct value_ask *ask = arena_new(&j->mem, struct value_ask);
    *ask = (struct value_ask){ b->wish.name, arena_strdup(&j->mem, word) };
    j->data = ask;
    api_post(j, WORK_PAGES);
}

/* ---- counting while typing ----------------------------------------------------------------------------- */

/* Columns count from the bracket that was put before what was typed. */
static void shift_column(struct filterbar *b, struct err *e)
{
    struct arena a = ARENA_INIT;
    int param = lang_error_column(e);
    const char *alone = b->host->whole(b->self, NULL, &a);
    if (param >= 0 && alone && *alone)
        snprintf(e->param[param], ERR_PARAM_SIZE, "%ld", strtol(e->param[param], NULL, 10) - 1);
    arena_free(&a);
}

/* The condition goes wrong behind its last word: what stands there was put behind it, or nothing. */
static bool is_unfinished(const struct filterbar *b, const struct err *e)
{
    return strcmp(e->code, "cond.syntax") == 0 &&
           strtol(e->param[0], NULL, 10) > (long)text_count(typed_text(b));
}

/* Not while it goes wrong in the word that is being typed, and the list says how that goes on. */
static bool shows_error(const struct filterbar *b)
{
    struct arena a = ARENA_INIT;
    if (!b->error || b->error_at == 0 || !list_shown(b) || b->edit.at != b->wish.to)
        return b->error != NULL;
    size_t before = text_count(arena_strndup(&a, typed_text(b), b->wish.from));
    arena_free(&a);
    return b->error_at != (long)before + 1;
}

/* `typing`: what is missing at the end is still to come, and said as a help. Columns are those of what was
 * typed. */
static void set_error(struct filterbar *b, const struct err *e, bool typing)
{
    struct arena a = ARENA_INIT;
    struct err typed;
    b->unfinished = false;
    free(b->error);
    b->error = NULL;
    b->error_at = 0;
    if (e) {
        int param = lang_error_column(e);
        b->error_at = typing && param >= 0 ? strtol(e->param[param], NULL, 10) : 0;
        typed = *e;
        b->unfinished = typing && is_unfinished(b, &typed);
        if (is_unfinished(b, &typed))
            typed.param[1][0] = '\0';
        b->error = xstrdup(b->unfinished ? arena_printf(&a, _("next: %s"), i18n_text(typed.param[2]))
                                         : sentence(&a, &typed));
    }
    arena_free(&a);
}

static unsigned answered(struct filterbar *b, struct api_job *j, bool typing)
{
    const struct err *e = api_error(j);
    struct err own;
    b->asking = false;
    if (!b->open)
        return 0;
    if (e) {
        own = *e;
        shift_column(b, &own);
        e = &own;
    }
    set_error(b, e, typing);
    b->count = e ? -1 : api_int(j, 0, "count");
    understand(b);
    return UI_REDRAW;
}

static unsigned counted(void *self, struct api_job *j)
{
    return answered(self, j, true);
}

static unsigned applied(void *self, struct api_job *j)
{
    struct filterbar *b = self;
    unsigned bits = answered(b, j, false);
    if (!b->open || api_error(j))
        return bits;
    filter_take(b, typed_text(b));
    return UI_REDRAW;
}

/* Said before the count is there: a condition that no index serves looks at every row. */
static unsigned weighed(void *self, struct api_job *j)
{
    struct filterbar *b = self;
    const char *cost = api_error(j) ? NULL : api_text(j, 0, "cost");
    b->looks_at = cost && strcmp(cost, "scan") == 0 ? api_int(j, 0, "rows") : -1;
    return UI_REDRAW;
}

static void ask_cost(struct filterbar *b)
{
    struct api_job *j = api_new(b->view->ui, &b->edit, b->gen, weighed, b);
    api_add(j, "condition.check");
    api_set_text(j, 0, "noun", b->host->noun->name);
    api_set_text(j, 0, "where", b->host->whole(b->self, typed_text(b), &j->mem));
    api_post(j, WORK_PAGES);
}

static void forget_count(struct filterbar *b)
{
    work_cancel(ui_work(b->view->ui), &b->edit, ++b->gen);
    b->asking = b->waits = false;
    b->count = b->looks_at = -1;
    b->so_far = 0;
}

/* Full values of what is masked are few an hour: none is spent before the person says so. */
static bool asks_secret(struct filterbar *b)
{
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    b->host->env(b->self, &env);
    bool secret = lang_parse(&a, typed_text(b), &env, &c, NULL) == ST_OK && c && any_field(c, is_secret);
    arena_free(&a);
    return secret;
}

/* A count that takes long says how far it is. */
static unsigned grows(void *self, struct api_job *j)
{
    struct filterbar *b = self;
    b->so_far = job_at(&j->job);
    return UI_REDRAW;
}

/* What can be told here is told of what was typed alone. Values are known to the database. */
static bool reads_well(struct filterbar *b, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    b->host->env(b->self, &env);
    enum status st = lang_parse(&a, typed_text(b), &env, &c, e);
    arena_free(&a);
    return st == ST_OK || strcmp(e->code, "cond.unknown_value") == 0;
}

/* What is typed stands in brackets beside the list's own condition: it may not get out of them. */
static void ask_count(struct filterbar *b, api_done *done)
{
    struct err e;
    forget_count(b);
    if (lang_alone(typed_text(b), &e) != ST_OK || !reads_well(b, &e)) {
        set_error(b, &e, done == counted);
        understand(b);
        return;
    }
    b->waits = done == counted && asks_secret(b);
    if (b->waits)
        return;
    ask_cost(b);
    struct api_job *j = api_new(b->view->ui, &b->edit, b->gen, done, b);
    api_add(j, b->host->count);
    api_set_text(j, 0, "where", b->host->whole(b->self, typed_text(b), &j->mem));
    j->progress = grows;
    b->asking = true;
    api_post(j, WORK_SCANS);
}

static void stop_timer(struct filterbar *b)
{
    loop_cancel_timer(ui_loop(b->view->ui), b->timer);
    b->timer = 0;
}

static unsigned rested(void *self)
{
    struct filterbar *b = self;
    b->timer = 0;
    ask_values(b);
    ask_count(b, counted);
    return UI_REDRAW;
}

/* ---- typing -------------------------------------------------------------------------------------------- */

static void changed(struct filterbar *b)
{
    b->fresh = b->edit.text.len == 0;
    b->at_past = 0;
    b->sel = -1;
    b->top = 0;
    b->listing = true;
    set_error(b, NULL, false);
    forget_count(b);
    understand(b);
    stop_timer(b);
    b->timer = loop_add_timer(ui_loop(b->view->ui), REST_MS, rested, b);
}

void filter_set(struct filterbar *b, const char *text)
{
    edit_set(&b->edit, text);
    changed(b);
    b->listing = false;
}

/* What follows a proposal by itself. */
static const char *behind(const struct filterbar *b, const char *text)
{
    char next = typed_text(b)[b->wish.to], last = text[strlen(text) - 1];
    bool in_list = b->wish.kind == WISH_VALUE && b->wish.in_list;
    return last == '(' || in_list || next == ' ' || next == ')' || next == ',' ? "" : " ";
}

/* A word that is put behind another needs air. */
static const char *before(const struct filterbar *b, const char *text)
{
    const char *typed = typed_text(b);
    char last = b->wish.from ? typed[b->wish.from - 1] : ' ';
    bool joins = *text == ')' || *text == ',';
    return joins || strchr(" (.", last) || strncmp(typed + b->wish.from - 1, "　", 3) == 0 ? "" : " ";
}

static unsigned take_item(struct filterbar *b, size_t i)
{
    struct buf text = BUF_INIT;
    const char *word = b->item[i].text;
    buf_addf(&text, "%s%s%s", before(b, word), word, behind(b, word));
    edit_replace(&b->edit, b->wish.from, b->wish.to, text.s);
    buf_release(&text);
    changed(b);
    return UI_DONE;
}

static unsigned show_past(struct filterbar *b, int at)
{
    b->at_past = at;
    edit_set(&b->edit, at ? b->past[at - 1] : "");
    changed(b);
    b->at_past = at;
    b->fresh = true;
    b->listing = false;
    return UI_DONE;
}

static unsigned move_sel(struct filterbar *b, int by)
{
    b->listing = true;
    if (!list_shown(b))
        return UI_HANDLED;
    int n = (int)b->nitems, to = b->sel + by;
    b->sel = to < -1 ? -1 : to >= n ? n - 1 : to;
    return UI_DONE;
}

/* Up and Down: in the proposals once they are in hand, else through what was asked before. */
static unsigned walk(struct filterbar *b, bool up)
{
    bool in_list = b->sel >= 0 && list_shown(b);
    if (up && !in_list)
        return b->fresh && b->at_past < b->npast ? show_past(b, b->at_past + 1) : UI_HANDLED;
    if (!up && b->at_past > 0)
        return show_past(b, b->at_past - 1);
    return move_sel(b, up ? -1 : 1);
}

static unsigned own_key(struct filterbar *b, int key)
{
    switch (key) {
    case K_UP: return walk(b, true);
    case K_DOWN: return walk(b, false);
    case K_PGUP: return move_sel(b, b->sel > FILTER_LIST ? -FILTER_LIST : -b->sel);
    case K_PGDN: return move_sel(b, FILTER_LIST);
    case K_RIGHT:
        if (b->edit.at == b->edit.text.len && list_shown(b))
            return take_item(b, b->sel < 0 ? 0 : (size_t)b->sel);
        return 0;
    default: return 0;
    }
}

unsigned filterbar_input(struct filterbar *b, const struct input *in)
{
    unsigned bits = in->kind == INPUT_KEY ? own_key(b, in->key) : 0;
    if (bits)
        return bits;
    char *was = xstrdup(typed_text(b));
    bits = edit_input(&b->edit, in);
    bool same = strcmp(was, typed_text(b)) == 0;
    free(was);
    if (bits && !same) {
        changed(b);
    } else if (bits) {
        b->sel = -1;
        understand(b);
    }
    return bits;
}

/* ---- life ---------------------------------------------------------------------------------------------- */

void filterbar_init(struct filterbar *b, struct view *view, const struct filter_host *host, void *self)
{
    *b = (struct filterbar){
        .host = host, .self = self, .view = view, .sel = -1, .count = -1, .looks_at = -1
    };
    read_past(b);
}

void filterbar_free(struct filterbar *b)
{
    if (!b->host)
        return;
    filterbar_close(b);
    for (int i = 0; i < b->npast; i++)
        free(b->past[i]);
    b->npast = 0;
}

void filterbar_open(struct filterbar *b)
{
    const char *where = b->host->where(b->self);
    if (b->open)
        return;
    b->open = true;
    b->choosing = b->listing = false;
    b->count = b->looks_at = -1;
    b->sel = -1;
    b->at_past = 0;
    b->fresh = true;
    edit_init(&b->edit, BAR_CHARS, 1);
    b->edit.hint = N_("stage in (new, contacted) and score >= 60");
    edit_set(&b->edit, where ? where : "");
    understand(b);
}

void filterbar_close(struct filterbar *b)
{
    struct work *w = ui_work(b->view->ui);
    if (!b->open)
        return;
    stop_timer(b);
    work_cancel(w, &b->edit, WORK_ALL);
    work_cancel(w, &b->value, WORK_ALL);
    b->open = b->asking = b->listing = false;
    set_error(b, NULL, false);
    forget_values(b);
    edit_free(&b->edit);
    arena_free(&b->value_mem);
    arena_free(&b->mem);
    b->item = NULL;
    b->nitems = 0;
}

bool filterbar_busy(const struct filterbar *b)
{
    const struct work *w = ui_work(b->view->ui);
    return work_outstanding_of(w, &b->edit) || work_outstanding_of(w, &b->value);
}

/* ---- drawing ------------------------------------------------------------------------------------------- */

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
    bool list = list_shown(b);
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

static void add_sentence(const struct filterbar *b, struct line *l)
{
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    b->host->env(b->self, &env);
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
static int draw_state(const struct filterbar *b, struct surface s, int x)
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
        surface_line(s, rows++, x, &own, room, ALIGN_LEFT);
    line_free(&l);
    line_free(&own);
    return rows;
}

int filterbar_draw(struct filterbar *b, struct surface s)
{
    int x = label_cells();
    surface_text(s, 0, 1, ROLE_ACCENT | INK_BOLD, _("Filter"), -1, ALIGN_LEFT);
    edit_draw(&b->edit, surface_sub(s, 0, x, 1, s.w - x - 1), true);
    b->rows = shows_error(b) ? draw_error(b, s, x) : draw_state(b, s, x);
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
    if (!b->open || !list_shown(b) || s.h < top + 3)
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
        return take_item(b, (size_t)(id - CLICK_ITEM));
    return 0;
}

/* ---- actions ------------------------------------------------------------------------------------------- */

static unsigned do_apply(const struct action_call *call)
{
    struct filterbar *b = call->self;
    stop_timer(b);
    b->listing = false;
    ask_count(b, applied);
    return UI_DONE;
}

static unsigned do_leave(const struct action_call *call)
{
    filterbar_close(call->self);
    return UI_DONE;
}

static unsigned do_empty(const struct action_call *call)
{
    filter_take(call->self, "");
    return UI_DONE;
}

static unsigned do_item(const struct action_call *call)
{
    struct filterbar *b = call->self;
    return take_item(b, b->sel < 0 ? 0 : (size_t)b->sel);
}

/* The one word that it could be is typed already: on to what comes behind it. */
static unsigned do_list(const struct action_call *call)
{
    struct filterbar *b = call->self;
    b->listing = true;
    return b->nitems == 1 && !list_shown(b) ? take_item(b, 0) : move_sel(b, 1);
}

static unsigned do_close_list(const struct action_call *call)
{
    struct filterbar *b = call->self;
    b->listing = false;
    b->sel = -1;
    return UI_DONE;
}

static const char *no_items(const struct action_call *call)
{
    const struct filterbar *b = call->self;
    return b && !b->nitems ? _("nothing is known that may come next") : NULL;
}

static const struct action first_actions[] = {
    { .name = "filter.take", .label = N_("Take"), .help = N_("Takes the first proposal."),
      .group = N_("Filter"), .keys = "Tab", .flags = ACTION_FOOTER, .run = do_item },
};
static const struct action item_actions[] = {
    { .name = "filter.close-list", .label = N_("Close the list"),
      .help = N_("Closes the list of what may come next."), .group = N_("Filter"), .keys = "Esc",
      .flags = ACTION_FOOTER, .run = do_close_list },
};
static const struct action hand_actions[] = {
    { .name = "filter.take-hand", .label = N_("Take"), .help = N_("Takes the proposal in hand."),
      .group = N_("Filter"), .keys = "Enter Tab", .flags = ACTION_FOOTER, .run = do_item },
};
static const struct action apply_actions[] = {
    { .name = "filter.apply", .label = N_("Show"),
      .help = N_("Shows the leads for which the condition holds."), .group = N_("Filter"),
      .keys = "Enter", .flags = ACTION_FOOTER, .run = do_apply },
};
static const struct action list_actions[] = {
    { .name = "filter.list", .label = N_("What next"), .help = N_("Lists what may come next."),
      .group = N_("Filter"), .keys = "Tab", .flags = ACTION_FOOTER, .run = do_list, .disabled = no_items },
};
static const struct action bar_actions[] = {
    { .name = "filter.build", .label = N_("Choose"),
      .help = N_("Builds the condition by choosing: field, operator, value."), .group = N_("Filter"),
      .keys = "F6", .flags = ACTION_FOOTER, .run = filter_build_open },
    { .name = "filter.empty", .label = N_("Without condition"), .help = N_("Shows all of the list again."),
      .group = N_("Filter"),
      .keys = "F4", .flags = ACTION_FOOTER, .run = do_empty },
};
static const struct action saved_actions[] = {
    { .name = "filter.save", .label = N_("Save"), .help = N_("Saves the condition under a name."),
      .group = N_("Filter"), .keys = "F2", .flags = ACTION_FOOTER | ACTION_WRITE, .run = filter_save_open,
      .disabled = filter_cant_save },
    { .name = "filter.saved", .label = N_("Saved"), .help = N_("Lists the filters that were saved."),
      .group = N_("Filter"), .keys = "F3", .flags = ACTION_FOOTER, .run = filter_saved_open },
};
static const struct action leave_actions[] = {
    { .name = "filter.leave", .label = N_("Cancel"), .help = N_("Leaves the condition as it was."),
      .group = N_("Filter"),
      .keys = "Esc", .flags = ACTION_FOOTER, .run = do_leave },
};

static void bar_sets(struct filterbar *b, struct action_list *out)
{
    bool list = list_shown(b);
    if (list && b->sel >= 0)
        ACTION_LIST_ADD(out, "filter", hand_actions, b, NULL);
    else
        ACTION_LIST_ADD(out, "filter", apply_actions, b, NULL);
    if (list && b->sel < 0)
        ACTION_LIST_ADD(out, "filter", first_actions, b, NULL);
    if (list)
        ACTION_LIST_ADD(out, "filter", item_actions, b, NULL);
    else
        ACTION_LIST_ADD(out, "filter", list_actions, b, NULL);
    if (!list)
        ACTION_LIST_ADD(out, "filter", leave_actions, b, NULL);
    ACTION_LIST_ADD(out, "filter", bar_actions, b, NULL);
    ACTION_LIST_ADD(out, "filter", saved_actions, b, NULL);
}

bool filterbar_actions(struct filterbar *b, struct action_list *out)
{
    if (!b->open)
        return filterbar_chip_actions(b, out);
    bar_sets(b, out);
    return true;
}

static const struct action list_rows[] = {
    { .name = "filter.choose", .number = 2016, .label = N_("Filter by choosing"), .group = N_("List"),
      .help = N_("Builds the condition by choosing: field, operator, value."), .keys = "B",
      .run = filter_build_open },
    { .name = "filter.pick", .number = 2017, .label = N_("Saved filters"), .group = N_("List"),
      .help = N_("Lists the filters that were saved."), .keys = "S", .run = filter_saved_open },
    { .name = "filter.keep", .number = 2018, .label = N_("Save the filter"), .group = N_("List"),
      .help = N_("Saves the condition under a name."), .flags = ACTION_WRITE, .run = filter_save_open,
      .disabled = filter_cant_save },
};
static const struct action part_rows[] = {
    { .name = "filter.chips",
      .number = 2019,
      .label = N_("Take parts off"),
      .group = N_("List"),
      .help = N_("Chooses parts of the condition and takes them off."),
      .keys = "Backslash",
      .flags = ACTION_FOOTER,
      .run = filter_chips_open },
    { .name = "filter.last-off",
      .label = N_("Take the last part off"),
      .group = N_("List"),
      .help = N_("Takes the last part off the condition."),
      .keys = "Backspace",
      .run = filter_chip_last },
};

void filterbar_list_actions(struct filterbar *b, struct action_list *out)
{
    ACTION_LIST_ADD(out, "filter-list", list_rows, b, NULL);
    if (b && filter_has_parts(b))
        ACTION_LIST_ADD(out, "filter-list", part_rows, b, NULL);
}
