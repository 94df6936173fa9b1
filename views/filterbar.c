/* filterbar.c - the bar: typing, proposals, what was asked before. */
#include "views/filterbar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { REST_MS = 150, BAR_CHARS = 2000, VALUES = 40 };

const char *filter_typed(const struct filterbar *b)
{
    return edit_text(&b->edit);
}

/* ---- history ------------------------------------------------------------------------------------------ */

static const char *past_key(const struct filterbar *b, int i, char out[64])
{
    snprintf(out, 64, "filter.%s.%02d", b->host->noun->name, i);
    return out;
}

bool filter_is_secret(const struct field *f)
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

bool filter_has_field(struct filterbar *b, const char *text, bool (*is)(const struct field *f), bool wrong)
{
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    b->host->env(b->self, &env);
    bool right = lang_parse(&a, text, &env, &c, NULL) == ST_OK && c;
    bool has = right ? any_field(c, is) : wrong;
    arena_free(&a);
    return has;
}

static bool may_be_kept(struct filterbar *b, const char *where)
{
    return !filter_has_field(b, where, is_personal, true);
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

/* ---- names in the place of codes ----------------------------------------------------------------------- */

void filter_env(struct filterbar *b, struct lang_env *out)
{
    b->host->env(b->self, out);
    out->called = &b->book.as;
}

static unsigned names_told(void *self)
{
    struct filterbar *b = self;
    if (b->open)
        filter_understand(b);
    return UI_REDRAW;
}

void filterbar_learn(struct filterbar *b, const char *where)
{
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    b->host->env(b->self, &env);
    if (where && lang_parse(&a, where, &env, &c, NULL) == ST_OK)
        callbook_learn(&b->book, b->host->noun, c, where);
    arena_free(&a);
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

/* The byte of the n-th character, from 1. */
static size_t byte_of(const char *text, long n)
{
    size_t at = 0, left = strlen(text), len;
    for (; n > 1 && at < left; at += len, n--)
        text_char(text + at, left - at, &len);
    return at;
}

/* The word that is being typed may still become right. A value that the database does not know is as wrong as
 * what the parser refuses. */
static void look(struct filterbar *b, const struct lang_env *env)
{
    struct lang_stretch *s;
    size_t n;
    lang_look(&b->mem, filter_typed(b), env, &s, &n);
    b->ink = arena_array(&b->mem, struct edit_ink, n + 1);
    size_t bad = b->error && b->error_at ? byte_of(filter_typed(b), b->error_at) : strlen(filter_typed(b));
    for (size_t i = 0; i < n; i++) {
        bool wrong = s[i].look == LOOK_WRONG || (s[i].at <= bad && bad < s[i].end),
             begun = s[i].end == b->edit.at && !filter_shows_error(b);
        int ink = !wrong ? filter_look_ink(s[i].look) : begun ? ROLE_FIELD : wrong_ink(b);
        b->ink[i] = (struct edit_ink){ s[i].at, s[i].end, ink };
    }
    b->edit.ink = b->ink;
    b->edit.nink = n;
}

/* "7d" and "7天" are one. */
static bool says_the_proposal(struct filterbar *b, const struct lang_env *env, const struct cond *typed)
{
    const char *text = filter_typed(b);
    struct cond *c;
    if (b->nitems != 1)
        return false;
    text = arena_printf(&b->mem, "%.*s%s%s", (int)b->wish.from, text, b->item[0].text, text + b->wish.to);
    return lang_parse(&b->mem, text, env, &c, NULL) == ST_OK && lang_equal(c, typed);
}

static void say_in_own_words(struct filterbar *b, const struct lang_env *env)
{
    struct buf text = BUF_INIT;
    struct cond *c;
    b->sentence = NULL;
    b->said = false;
    b->reads = lang_parse(&b->mem, filter_typed(b), env, &c, NULL) == ST_OK && c;
    if (!b->reads)
        return;
    b->said = says_the_proposal(b, env, c);
    lang_print(c, env, i18n_lang(), &text);
    const char *rest = strncmp(filter_typed(b), text.s, text.len) == 0 ? filter_typed(b) + text.len : "?";
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

static void propose(struct filterbar *b, const struct lang_env *env)
{
    struct lang_proposal *p;
    size_t n;
    const char *text = filter_typed(b);
    lang_wish(&b->mem, text, b->edit.at, env, &b->wish);
    lang_propose(&b->mem, text, &b->wish, env, i18n_lang(), &p, &n);
    b->item = arena_array(&b->mem, struct filter_item, n + b->nvalues + 1);
    b->nitems = 0;
    for (size_t i = 0; i < n; i++)
        b->item[b->nitems++] = (struct filter_item){ p[i].text, p[i].label, -1, p[i].search };
    if (b->wish.kind == WISH_VALUE && b->value_word && same_name(b->wish.name, b->value_name))
        add_values(b, lang_begun(&b->mem, text, &b->wish));
}

void filter_understand(struct filterbar *b)
{
    struct lang_env env;
    b->edit.ink = NULL;
    b->edit.nink = 0;
    arena_reset(&b->mem);
    filter_env(b, &env);
    propose(b, &env);
    look(b, &env);
    say_in_own_words(b, &env);
    if (b->sel >= (int)b->nitems)
        b->sel = (int)b->nitems - 1;
}

/* Is the word that is typed one of the proposals? */
static bool is_typed_out(const struct filterbar *b)
{
    size_t n = b->wish.to - b->wish.from;
    for (size_t i = 0; i < b->nitems; i++)
        if (strlen(b->item[i].text) == n && memcmp(b->item[i].text, filter_typed(b) + b->wish.from, n) == 0)
            return true;
    return false;
}

/* There is something to propose, and it is not there already. */
bool filter_list_shown(const struct filterbar *b)
{
    if (!b->listing || b->nitems == 0 || b->said)
        return false;
    return !is_typed_out(b) || (b->nitems > 1 && (b->wanted || !b->reads));
}

void filter_go_wrong(struct filterbar *b)
{
    size_t at = byte_of(filter_typed(b), b->error_at);
    if (!b->error_at)
        return;
    for (size_t i = 0; i < b->edit.nink; i++)
        if (b->ink[i].at <= at && at < b->ink[i].end)
            at = b->ink[i].end;
    edit_move(&b->edit, at);
    b->listing = false;
    filter_understand(b);
}

/* ---- values of the data -------------------------------------------------------------------------------- */

bool filter_asks_values(const struct filterbar *b, const struct lang_wish *w)
{
    struct lang_name n = w->name;
    enum ftype type = n.field ? n.field->type : n.attr ? n.attr->type : F_ATTRS;
    bool listed = type == F_TEXT || type == F_CHOICE || type == F_REF || type == F_REFS || type == F_FLAG ||
                  lang_names(n) != NULL;
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
    filter_understand(b);
    return UI_REDRAW;
}

void filter_ask_values(struct filterbar *b)
{
    const char *word = lang_begun(&b->mem, filter_typed(b), &b->wish);
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

/* ---- typing -------------------------------------------------------------------------------------------- */

static void changed(struct filterbar *b)
{
    b->fresh = b->edit.text.len == 0;
    b->at_past = 0;
    b->sel = -1;
    b->top = 0;
    b->listing = true;
    b->wanted = false;
    filter_set_error(b, NULL, false);
    filter_forget_count(b);
    filter_understand(b);
    filter_stop_timer(b);
    b->timer = loop_add_timer(ui_loop(b->view->ui), REST_MS, filter_rested, b);
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
    char next = filter_typed(b)[b->wish.to], last = text[strlen(text) - 1];
    bool in_list = b->wish.kind == WISH_VALUE && b->wish.in_list;
    return last == '(' || in_list || next == ' ' || next == ')' || next == ',' ? "" : " ";
}

/* A word that is put behind another needs air. */
static const char *before(const struct filterbar *b, const char *text)
{
    const char *typed = filter_typed(b);
    char last = b->wish.from ? typed[b->wish.from - 1] : ' ';
    bool joins = *text == ')' || *text == ',';
    return joins || strchr(" (.", last) || strncmp(typed + b->wish.from - 1, "　", 3) == 0 ? "" : " ";
}

unsigned filter_take_item(struct filterbar *b, size_t i)
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
    if (!filter_list_shown(b))
        return UI_HANDLED;
    int n = (int)b->nitems, to = b->sel + by;
    b->sel = to < -1 ? -1 : to >= n ? n - 1 : to;
    return UI_DONE;
}

/* Up and Down: in the proposals once they are in hand, else through what was asked before. */
static unsigned walk(struct filterbar *b, bool up)
{
    bool in_list = b->sel >= 0 && filter_list_shown(b);
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
        if (b->edit.at == b->edit.text.len && filter_list_shown(b))
            return filter_take_item(b, b->sel < 0 ? 0 : (size_t)b->sel);
        return 0;
    default: return 0;
    }
}

unsigned filterbar_input(struct filterbar *b, const struct input *in)
{
    unsigned bits = in->kind == INPUT_KEY ? own_key(b, in->key) : 0;
    if (bits)
        return bits;
    char *was = xstrdup(filter_typed(b));
    bits = edit_input(&b->edit, in);
    bool same = strcmp(was, filter_typed(b)) == 0;
    free(was);
    if (bits && !same) {
        changed(b);
    } else if (bits) {                      /* the cursor went elsewhere */
        b->sel = -1;
        b->listing = false;
        filter_understand(b);
    }
    return bits;
}

/* ---- life ---------------------------------------------------------------------------------------------- */

void filterbar_init(struct filterbar *b, struct view *view, const struct filter_host *host, void *self)
{
    *b = (struct filterbar){
        .host = host, .self = self, .view = view, .sel = -1, .count = -1, .looks_at = -1
    };
    callbook_init(&b->book, view->ui, names_told, b);
    read_past(b);
}

void filterbar_free(struct filterbar *b)
{
    if (!b->host)
        return;
    filterbar_close(b);
    callbook_free(&b->book);
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
    filter_understand(b);
}

void filterbar_close(struct filterbar *b)
{
    struct work *w = ui_work(b->view->ui);
    if (!b->open)
        return;
    filter_stop_timer(b);
    work_cancel(w, &b->edit, WORK_ALL);
    work_cancel(w, &b->value, WORK_ALL);
    b->open = b->asking = b->listing = false;
    filter_set_error(b, NULL, false);
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

/* ---- actions ------------------------------------------------------------------------------------------- */

/* A name alone is looked for. */
static bool is_search(const struct filterbar *b)
{
    return b->nitems > 0 && b->item[0].search && b->wish.from == 0 && b->wish.to == strlen(filter_typed(b));
}

static unsigned do_apply(const struct action_call *call)
{
    struct filterbar *b = call->self;
    if (is_search(b))
        filter_take_item(b, 0);
    filter_stop_timer(b);
    b->listing = false;
    filter_ask_count(b, filter_applied);
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
    return filter_take_item(b, b->sel < 0 ? 0 : (size_t)b->sel);
}

/* The one word that it could be is typed already: on to what comes behind it. */
static unsigned do_list(const struct action_call *call)
{
    struct filterbar *b = call->self;
    b->listing = b->wanted = true;
    return b->nitems == 1 && !filter_list_shown(b) ? filter_take_item(b, 0) : move_sel(b, 1);
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
    { .name = "filter.build", .label = N_("Step by step"),
      .help = N_("Builds the condition by choosing: field, comparison, value."), .group = N_("Filter"),
      .keys = "F6", .flags = ACTION_FOOTER, .run = filter_build_open },
    { .name = "filter.empty", .label = N_("Clear filter"), .help = N_("Shows all of the list again."),
      .group = N_("Filter"),
      .keys = "F4", .flags = ACTION_FOOTER, .run = do_empty },
};
static const struct action saved_actions[] = {
    { .name = "filter.saved", .label = N_("Saved"), .help = N_("Lists the filters that were saved."),
      .group = N_("Filter"), .keys = "F3", .flags = ACTION_FOOTER, .run = filter_saved_open },
    { .name = "filter.save", .label = N_("Save"), .help = N_("Saves the condition under a name."),
      .group = N_("Filter"), .keys = "F2", .flags = ACTION_FOOTER | ACTION_WRITE, .run = filter_save_open,
      .disabled = filter_cant_save },
};
static const struct action leave_actions[] = {
    { .name = "filter.leave", .label = N_("Cancel"), .help = N_("Leaves the condition as it was."),
      .group = N_("Filter"),
      .keys = "Esc", .flags = ACTION_FOOTER, .run = do_leave },
};

static void bar_sets(struct filterbar *b, struct action_list *out)
{
    bool list = filter_list_shown(b);
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
    ACTION_LIST_ADD(out, "filter", saved_actions, b, NULL);
    ACTION_LIST_ADD(out, "filter", bar_actions, b, NULL);
}

bool filterbar_actions(struct filterbar *b, struct action_list *out)
{
    if (!b->open)
        return filterbar_chip_actions(b, out);
    bar_sets(b, out);
    return true;
}

static const struct action list_rows[] = {
    { .name = "filter.choose", .number = 2016, .label = N_("Filter step by step"), .group = N_("List"),
      .help = N_("Builds the condition by choosing: field, comparison, value."), .keys = "B",
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
    else if (b)
        filter_no_part_actions(b, out);
}
