/* filtersaved.c - filters that have a name: saving the one at hand, and the list of those that are there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "tui/chooser.h"
#include "tui/dialog.h"
#include "views/filterbar.h"
#include "views/sheet.h"

enum { LISTED = 500 };

/* What is at hand: typed, else in force. NULL: nothing. */
static const char *at_hand(const struct filterbar *b)
{
    const char *where = b->open ? edit_text(&b->edit) : b->host->where(b->self);
    return where && *where ? where : NULL;
}

const char *filter_cant_save(const struct action_call *call)
{
    const struct filterbar *b = call->self;
    return !b || at_hand(b) ? NULL : _("there is no condition");
}

/* ---- saving -------------------------------------------------------------------------------------------- */

/* Shared by the sheet and the job of its write. */
struct saving {
    struct filterbar *bar;
    struct view *sheet;
    char *where, *name, *sharing;
    int64_t id, version;
    int refs;
};

static void saving_drop(void *self)
{
    struct saving *k = self;
    if (--k->refs)
        return;
    free(k->where);
    free(k->name);
    free(k->sharing);
    free(k);
}

static void saving_closed(void *self)
{
    ((struct saving *)self)->sheet = NULL;
    saving_drop(self);
}

static const struct form_choice sharings[] = {
    { .value = "own", .label = N_("for oneself"), .key = '1' },
    { .value = "branch", .label = N_("for a branch"), .key = '2' },
    { .value = "all", .label = N_("for everybody"), .key = '3' },
};

static const struct form_field fields[] = {
    { .key = "name",
      .label = NC_("filter", "Name"),
      .kind = FORM_TEXT,
      .required = true,
      .width = 40,
      .max = 60,
      .hint = N_("what you would call it") },
    { .key = "sharing",
      .label = N_("For"),
      .kind = FORM_CHOICE,
      .required = true,
      .choices = sharings,
      .nchoices = sizeof sharings / sizeof *sharings },
};

static unsigned saved(void *self, struct api_job *j)
{
    struct saving *k = self;
    struct ui *ui = j->app->ui;
    const struct err *e = api_error(j);
    if (e && k->sheet) {
        sheet_wait(k->sheet, false);
        sheet_refuse(k->sheet, e);
        return UI_REDRAW;
    }
    if (e) {
        app_toast(ui, e);
        return UI_REDRAW;
    }
    if (k->sheet)
        ui_close(ui, k->sheet);
    ui_toast(ui, TOAST_DONE, _("Saved: %s."), k->name);
    return UI_REDRAW;
}

static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct saving *k = self;
    struct api_job *j = api_new(sheet->ui, k->bar->view, 0, saved, k);
    int step = api_add(j, k->id ? "filter.change" : "filter.create");
    free(k->name);
    k->name = xstrdup(form_get(form, "name"));
    j->released = saving_drop;
    k->refs++;
    if (k->id) {
        api_set_int(j, step, "id", k->id);
        api_set_int(j, step, "version", k->version);
    } else {
        api_set_text(j, step, "noun", k->bar->host->noun->plural);
        api_set_text(j, step, "condition", k->where);
    }
    api_set_text(j, step, "name", k->name);
    api_set_text(j, step, "sharing", form_get(form, "sharing"));
    sheet_wait(sheet, true);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static void preset(struct form *form, void *self)
{
    const struct saving *k = self;
    form_set(form, "sharing", k->sharing ? k->sharing : "own");
    if (k->name)
        form_set(form, "name", k->name);
}

static void open_sheet(struct saving *k)
{
    k->sheet = sheet_open(
        k->bar->view->ui,
        &(struct sheet_spec){ .title = k->id ? _("Change the filter") : _("Save the filter"),
                              .go_label = _("Save"),
                              .fields = fields,
                              .nfields = sizeof fields / sizeof *fields,
                              .cells = 56,
                              .ready = preset,
                              .submit = submit,
                              .closed = saving_closed,
                              .self = k });
}

unsigned filter_save_open(const struct action_call *call)
{
    struct filterbar *b = call->self;
    struct saving *k = xcalloc(1, sizeof *k);
    struct arena a = ARENA_INIT;
    struct lang_env env;
    struct cond *c;
    struct err e = { 0 };
    *k = (struct saving){ .bar = b, .refs = 1, .where = xstrdup(at_hand(b)) };
    b->host->env(b->self, &env);
    if (lang_parse(&a, k->where, &env, &c, &e) != ST_OK) {
        ui_toast(call->ui, TOAST_BAD, "%s", sentence(&a, &e));
        saving_drop(k);
    } else {
        open_sheet(k);
    }
    arena_free(&a);
    return UI_DONE;
}

/* ---- the list ------------------------------------------------------------------------------------------ */

struct saved_filter {
    int64_t id, version, branch, position;
    const char *name, *where, *sort, *columns, *sharing, *shared_with, *words, *key, *whose, *fault;
    bool mine;                          /* the person's own, whoever else may use it */
};

struct saved_view {
    struct view view;
    struct filterbar *bar;
    struct arena mem;
    struct callbook book;               /* what the rows are called that conditions name by code */
    struct saved_filter *row;
    size_t n;
    struct chooser chooser;
    bool ready;
    bool removed;                       /* one just was: `u` brings it back while its message stands */
    int64_t back;                       /* the one that was brought back: it is taken in hand; 0: none */
    struct err err;
};

static struct saved_view *saved_of(struct view *v)
{
    return (struct saved_view *)(void *)v;
}

static int score(void *self, size_t i, const char *words)
{
    const struct saved_view *v = self;
    return chooser_match(v->row[i].key, words);
}

/* The condition in the language in use. */
static const char *in_words(struct saved_view *v, const char *where)
{
    struct lang_env env;
    struct cond *c;
    struct buf text = BUF_INIT;
    const char *words = where;
    v->bar->host->env(v->bar->self, &env);
    env.called = &v->book.as;
    if (lang_parse(&v->mem, where, &env, &c, NULL) == ST_OK && c) {
        callbook_learn(&v->book, v->bar->host->noun, c, where);
        lang_print(c, &env, i18n_lang(), &text);
        words = arena_strdup(&v->mem, text.s);
    }
    buf_release(&text);
    return words;
}

static const char *sharing_words(const char *sharing)
{
    for (size_t i = 0; i < sizeof sharings / sizeof *sharings; i++)
        if (sharing && strcmp(sharings[i].value, sharing) == 0)
            return i18n_text(sharings[i].label);
    return "";
}

static const struct ref *row_ref_of(const struct record *rec, const void *row, const char *name)
{
    const struct field *f = record_field(rec, name);
    return f ? field_ref(f, (void *)(uintptr_t)row) : NULL;
}

static const char *ref_words(struct saved_view *v, const struct ref *r)
{
    return r ? arena_strdup(&v->mem, r->name ? r->name : r->code) : NULL;
}

/* Why it can't be used any more, as a sentence; NULL: it can. */
static const char *fault_of(struct saved_view *v, const struct record *rec, const void *row)
{
    const char *code = record_word(rec, row, "fault"), *words = record_word(rec, row, "fault_words");
    struct err e = { .status = ST_INVALID };
    if (!code || !*code)
        return NULL;
    snprintf(e.code, sizeof e.code, "%s", code);
    for (; words && *words && e.nparam < ERR_PARAMS; words += strcspn(words, "\t"), words += *words == '\t')
        snprintf(e.param[e.nparam++], ERR_PARAM_SIZE, "%.*s", (int)strcspn(words, "\t"), words);
    return sentence(&v->mem, &e);
}

static const char *copied(struct saved_view *v, const struct record *rec, const void *row, const char *name)
{
    return arena_strdup(&v->mem, record_word(rec, row, name));
}

static void put_words(struct saved_view *v, struct saved_filter *s)
{
    s->words = in_words(v, s->where);
    s->key = text_key(&v->mem, arena_printf(&v->mem, "%s %s %s", s->name, s->words, s->where));
}

static void take_row(struct saved_view *v, const struct record *rec, const void *row)
{
    struct saved_filter *s = &v->row[v->n++];
    const struct ref *owner = row_ref_of(rec, row, "owner"), *branch = row_ref_of(rec, row, "branch");
    const char *who = ref_words(v, owner);
    *s = (struct saved_filter){
        .id = record_int(rec, row, "id"), .version = record_int(rec, row, "version"),
        .branch = branch ? branch->id : 0, .position = record_int(rec, row, "position"),
        .mine = owner && owner->id == app_of(v->view.ui)->me.employee,
        .name = copied(v, rec, row, "name"), .where = copied(v, rec, row, "condition"),
        .sort = copied(v, rec, row, "sort"), .columns = copied(v, rec, row, "columns"),
        .sharing = copied(v, rec, row, "sharing"), .shared_with = ref_words(v, branch),
        .fault = fault_of(v, rec, row),
    };
    bool own = strcmp(s->sharing, "own") == 0;
    s->whose = own || !who ? sharing_words(s->sharing)
                           : arena_printf(&v->mem, "%s · %s", sharing_words(s->sharing), who);
    put_words(v, s);
}

/* Names were learned. */
static unsigned told(void *self)
{
    struct saved_view *v = self;
    for (size_t i = 0; i < v->n; i++)
        put_words(v, &v->row[i]);
    return UI_REDRAW;
}

/* The list is another one; the words that narrow it stay. */
static void choose_among(struct saved_view *v)
{
    char *words = xstrdup(edit_text(&v->chooser.field));
    size_t at = v->chooser.sel;
    chooser_free(&v->chooser);
    chooser_init(&v->chooser, v->n, score, v);
    v->chooser.field.hint = N_("Type a few letters to narrow the list");
    edit_set(&v->chooser.field, words);
    chooser_filter(&v->chooser);
    if (at < v->chooser.nhits)
        chooser_select(&v->chooser, v->chooser.hit[at]);
    for (size_t i = 0; i < v->n && v->back; i++)
        if (v->row[i].id == v->back)
            chooser_select(&v->chooser, i);
    v->back = 0;
    free(words);
}

static unsigned got_rows(void *self, struct api_job *j)
{
    struct saved_view *v = self;
    const struct record *rec = j->step[0].op->out;
    const struct err *e = api_error(j);
    size_t n;
    const char *row = api_rows(j, 0, &n);
    arena_reset(&v->mem);
    v->ready = true;
    v->n = 0;
    if (e)
        v->err = *e;
    v->row = arena_array(&v->mem, struct saved_filter, n + 1);
    for (size_t i = 0; i < n; i++)
        take_row(v, rec, row + i * rec->size);
    choose_among(v);
    return UI_REDRAW;
}

static void ask_rows(struct saved_view *v)
{
    struct api_job *j = api_new(v->view.ui, v, 0, got_rows, v);
    api_add(j, "filter.list");
    api_set_text(j, 0, "where", arena_printf(&j->mem, "noun = %s", v->bar->host->noun->plural));
    api_set_int(j, 0, "limit", LISTED);
    api_post(j, WORK_PAGES);
}

static enum status saved_open(struct view *view, const void *arg, struct err *e)
{
    struct saved_view *v = saved_of(view);
    (void)e;
    v->bar = *(struct filterbar *const *)arg;
    chooser_init(&v->chooser, 0, score, v);
    callbook_init(&v->book, view->ui, told, v);
    ask_rows(v);
    return ST_OK;
}

static void saved_close(struct view *view)
{
    struct saved_view *v = saved_of(view);
    chooser_free(&v->chooser);
    callbook_free(&v->book);
    arena_free(&v->mem);
}

/* A sheet above it may have changed what it lists. */
static void saved_shown(struct view *view)
{
    ask_rows(saved_of(view));
}

static void draw_row(void *self, size_t i, struct surface row, bool selected)
{
    const struct saved_view *v = self;
    const struct saved_filter *s = &v->row[i];
    int whose = text_width(s->whose), name = 0, most = row.w * 2 / 5;
    for (size_t k = 0; k < v->n; k++)
        name = text_width(v->row[k].name) > name ? text_width(v->row[k].name) : name;
    if (selected)
        row = surface_on(row, ROLE_SELECT);
    surface_fill(row);
    if (selected)
        surface_glyph(row, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
    name = name > most ? most : name;
    surface_text(row, 0, 2, selected ? ROLE_STRONG : ROLE_TEXT, s->name, name, ALIGN_LEFT);
    if (row.w - name - whose - 7 > 0)
        surface_text(row, 0, name + 4, ROLE_DIM, s->words, row.w - name - whose - 7, ALIGN_LEFT);
    surface_text(row, 0, row.w - whose - 1, ROLE_ACCENT, s->whose, whose, ALIGN_LEFT);
}

static const struct saved_filter *in_hand(struct saved_view *v)
{
    size_t i = chooser_item(&v->chooser);
    return i < v->n ? &v->row[i] : NULL;
}

/* Rows that the one in hand takes whole below the list. */
static int whole_rows(const struct saved_filter *f, int cells)
{
    return 1 + text_rows(f->name, cells) + text_rows(f->words, cells) +
           (f->fault ? text_rows(f->fault, cells) : 0);
}

/* Of all of them the most, so that the list stays where it is; the list keeps its half. */
static int below_rows(const struct saved_view *v, int h, int cells)
{
    int most = 0;
    for (size_t i = 0; i < v->n; i++) {
        int rows = whole_rows(&v->row[i], cells);
        most = rows > most ? rows : most;
    }
    return most < (h - 2) / 2 + 1 ? most : (h - 2) / 2 + 1;
}

/* Name and condition of the one in hand, whole: a row of the list may have cut them. */
static void draw_whole(struct saved_view *v, struct surface s)
{
    const struct saved_filter *f = in_hand(v);
    int y = 1;
    if (!f || s.h < 2)
        return;
    surface_hline(s, 0, 0, s.w, ROLE_BORDER, GLYPH_HLINE);
    struct surface in = surface_sub(s, 0, 2, -1, s.w - 4);
    y += surface_wrap(in, y, ROLE_STRONG | INK_BOLD, f->name);
    y += surface_wrap(in, y, ROLE_TEXT, f->words);
    if (f->fault)
        surface_wrap(in, y, ROLE_BAD, f->fault);
}

static void saved_draw(struct view *view, struct surface s)
{
    struct saved_view *v = saved_of(view);
    int below = below_rows(v, s.h, s.w - 4);
    struct surface list = surface_sub(s, 2, 0, s.h - 2 - below, s.w);
    struct arena a = ARENA_INIT;
    edit_draw(&v->chooser.field, surface_sub(s, 0, 0, 1, s.w), true);
    chooser_draw(&v->chooser, list, draw_row);
    if (v->err.status)
        surface_wrap(surface_sub(list, 0, 2, -1, s.w - 4), 0, ROLE_BAD, sentence(&a, &v->err));
    else if (!v->ready)
        surface_text(list, 0, 2, ROLE_DIM, _("reading .."), s.w - 4, ALIGN_LEFT);
    else if (!v->chooser.nhits)
        surface_text(list, 0, 2, ROLE_DIM,
                     v->n ? _("nothing fits")
                          : _("no filter was saved yet: F2 in the filter saves one"),
                     s.w - 4, ALIGN_LEFT);
    draw_whole(v, surface_sub(s, s.h - below, 0, below, s.w));
    arena_free(&a);
}

static unsigned do_take(const struct action_call *call)
{
    struct saved_view *v = call->self;
    struct filterbar *b = v->bar;
    char *where = xstrdup(in_hand(v)->where);
    ui_close(call->ui, &v->view);
    filter_take(b, where);
    free(where);
    return UI_DONE;
}

static unsigned do_change(const struct action_call *call)
{
    struct saved_view *v = call->self;
    const struct saved_filter *s = in_hand(v);
    struct saving *k = xcalloc(1, sizeof *k);
    *k = (struct saving){ .bar = v->bar, .refs = 1, .where = xstrdup(s->where), .name = xstrdup(s->name),
                          .sharing = xstrdup(s->sharing), .id = s->id, .version = s->version };
    open_sheet(k);
    return UI_DONE;
}

/* ---- removing, and back -------------------------------------------------------------------------------- */

enum { UNDO_SECONDS = 20 };

/* A filter as it was, to be removed and made again; shared by the question, its job and the undo. */
struct removing { struct ui *ui; struct saved_filter was; const char *noun; struct arena mem; int refs; };

static void removing_drop(void *self)
{
    struct removing *r = self;
    if (--r->refs)
        return;
    arena_free(&r->mem);
    free(r);
}

static struct removing *removing_new(struct saved_view *v, const struct saved_filter *f)
{
    struct removing *r = xcalloc(1, sizeof *r);
    *r = (struct removing){ .ui = v->view.ui, .was = *f, .refs = 1 };
    r->noun = v->bar->host->noun->plural;
    r->was.name = arena_strdup(&r->mem, f->name);
    r->was.where = arena_strdup(&r->mem, f->where);
    r->was.sort = arena_strdup(&r->mem, f->sort);
    r->was.columns = arena_strdup(&r->mem, f->columns);
    r->was.sharing = arena_strdup(&r->mem, f->sharing);
    return r;
}

/* The list reads anew, if it is still open; a view above it tells it so when it goes. */
static struct saved_view *list_on_top(struct ui *ui)
{
    struct view *top = ui_top(ui);
    return top && top->ops->open == saved_open ? saved_of(top) : NULL;
}

static unsigned made_again(void *self, struct api_job *j)
{
    struct removing *r = self;
    struct saved_view *v = list_on_top(r->ui);
    if (api_error(j))
        app_toast(r->ui, api_error(j));
    else
        ui_toast(r->ui, TOAST_DONE, _("Taken back: %s."), r->was.name);
    if (v) {
        v->back = api_error(j) ? 0 : api_int(j, 0, "id");
        ask_rows(v);
    }
    return UI_REDRAW;
}

static unsigned make_again(struct ui *ui, void *self)
{
    struct removing *r = self;
    struct api_job *j = api_new(ui, app_of(ui), 0, made_again, r);
    int step = api_add(j, "filter.create");
    api_set_text(j, step, "noun", r->noun);
    api_set_text(j, step, "name", r->was.name);
    api_set_text(j, step, "condition", r->was.where);
    api_set_text(j, step, "sort", r->was.sort);
    api_set_text(j, step, "columns", r->was.columns);
    api_set_text(j, step, "sharing", r->was.sharing);
    api_set_int(j, step, "position", r->was.position);
    if (r->was.branch)
        api_set_ref(j, step, "branch", r->was.branch);
    j->released = removing_drop;
    r->refs++;
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

/* Another person's filter does not come back as mine: it is told, and stays gone. */
static unsigned removed(void *self, struct api_job *j)
{
    struct removing *r = self;
    struct saved_view *v = list_on_top(r->ui);
    if (api_error(j)) {
        app_toast(r->ui, api_error(j));
    } else if (r->was.mine) {
        r->refs++;
        ui_toast_undo(r->ui, UNDO_SECONDS, make_again, removing_drop, r, _("Removed: %s."), r->was.name);
    } else {
        ui_toast(r->ui, TOAST_DONE, _("Removed: %s."), r->was.name);
    }
    if (v) {
        v->removed = !api_error(j) && r->was.mine;
        ask_rows(v);
    }
    return UI_REDRAW;
}

static unsigned go_remove(struct ui *ui, void *self)
{
    struct removing *r = self;
    struct api_job *j = api_new(ui, app_of(ui), 0, removed, r);
    int step = api_add(j, "filter.remove");
    api_set_int(j, step, "id", r->was.id);
    api_set_int(j, step, "version", r->was.version);
    j->released = removing_drop;
    r->refs++;
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

/* Who loses it. */
static const char *remove_words(struct arena *a, const struct saved_filter *f)
{
    if (strcmp(f->sharing, "all") == 0)
        return arena_printf(a, _("\"%s\" is shared with everybody: it goes for all of them."), f->name);
    if (strcmp(f->sharing, "branch") == 0)
        return f->shared_with
            ? arena_printf(a, _("\"%1$s\" is shared with %2$s: it goes for all there."), f->name,
                           f->shared_with)
            : arena_printf(a, _("\"%s\" is shared with a branch: it goes for all there."), f->name);
    return arena_printf(a, _("\"%s\" is for yourself alone: nobody else loses it."), f->name);
}

static unsigned do_remove(const struct action_call *call)
{
    struct saved_view *v = call->self;
    const struct saved_filter *s = in_hand(v);
    struct arena a = ARENA_INIT;
    dialog_ask(call->ui, &(struct question){ .title = _("Remove the filter"),
                                             .text = remove_words(&a, s),
                                             .go_label = _("Remove"),
                                             .stake = STAKE_CONFIRM,
                                             .go = go_remove,
                                             .free = removing_drop,
                                             .self = removing_new(v, s) });
    arena_free(&a);
    return UI_DONE;
}

/* The toolkit's own undo, whose letter would be typed here. */
static bool find_undo(struct ui *ui, struct action_call *out)
{
    struct action_list all = { 0 };
    ui_actions_of(ui, ui_screen(ui), &all);
    return action_by_name(&all, ui, "ui.undo", out) && !action_disabled(out);
}

static unsigned do_undo(const struct action_call *call)
{
    struct saved_view *v = call->self;
    struct action_call undo;
    v->removed = false;
    return find_undo(call->ui, &undo) ? ui_call(call->ui, &undo) : UI_DONE;
}

static unsigned do_close(const struct action_call *call)
{
    ui_close(call->ui, &((struct saved_view *)call->self)->view);
    return UI_DONE;
}

static const char *none_in_hand(const struct action_call *call)
{
    struct saved_view *v = call->self;
    return in_hand(v) ? NULL : v->ready ? _("there is none in hand") : _("the list is still being read");
}

static const struct action list_actions[] = {
    { .name = "saved.take",
      .label = N_("Show"),
      .help = N_("Shows what fits the filter."),
      .group = N_("Filter"),
      .keys = "Enter",
      .flags = ACTION_FOOTER,
      .run = do_take,
      .disabled = none_in_hand },
    { .name = "saved.change",
      .label = N_("Name and sharing"),
      .help = N_("Changes what it is called, and for whom."),
      .group = N_("Filter"),
      .keys = "F2",
      .flags = ACTION_FOOTER | ACTION_WRITE,
      .run = do_change,
      .disabled = none_in_hand },
    { .name = "saved.remove",
      .label = N_("Remove"),
      .help = N_("Removes the filter."),
      .group = N_("Filter"),
      .keys = "F8",
      .flags = ACTION_FOOTER | ACTION_WRITE,
      .run = do_remove,
      .disabled = none_in_hand },
    { .name = "saved.close",
      .label = N_("Close"),
      .help = N_("Closes the list."),
      .group = N_("Filter"),
      .keys = "Esc",
      .flags = ACTION_FOOTER,
      .run = do_close },
};

static const struct action undo_actions[] = {
    { .name = "saved.undo",
      .label = N_("Undo"),
      .help = N_("Brings back the filter that was just removed."),
      .group = N_("Filter"),
      .keys = "u",
      .flags = ACTION_FOOTER | ACTION_WRITE | ACTION_TYPING,
      .run = do_undo },
};

/* Until something is typed. */
static bool offers_undo(struct saved_view *v)
{
    struct action_call undo;
    return v->removed && !v->chooser.field.text.len && find_undo(v->view.ui, &undo);
}

static unsigned saved_input(struct view *view, const struct input *in)
{
    struct saved_view *v = saved_of(view);
    bool undo = in->kind == INPUT_KEY && offers_undo(v) &&
                keymap_has(ui_keymap(view->ui), "saved", undo_actions, key_narrow(in->key));
    return undo ? 0 : chooser_input(&v->chooser, in);
}

static bool saved_typing(const struct view *view)
{
    (void)view;
    return true;
}

static void saved_actions(struct view *view, struct action_list *out)
{
    struct saved_view *v = saved_of(view);
    ACTION_LIST_ADD(out, "saved", list_actions, v, NULL);
    if (offers_undo(v))
        ACTION_LIST_ADD(out, "saved", undo_actions, v, NULL);
}

static void saved_measure(struct view *view, int max_h, int max_w, int *h, int *w)
{
    const struct saved_view *v = saved_of(view);
    *w = max_w < 90 ? max_w : 90;
    int rows = 2 + (int)v->n + (v->n ? 1 : 2) + below_rows(v, max_h, *w - 4);
    *h = rows < 6 ? 6 : rows > max_h ? max_h : rows;
}

static const struct view_ops saved_view = {
    .name = "saved-filters",
    .title = N_("Saved filters"),
    .kind = VIEW_DIALOG,
    .size = sizeof(struct saved_view),
    .open = saved_open,
    .close = saved_close,
    .shown = saved_shown,
    .draw = saved_draw,
    .input = saved_input,
    .actions = saved_actions,
    .typing = saved_typing,
    .measure = saved_measure,
};

unsigned filter_saved_open(const struct action_call *call)
{
    struct filterbar *b = call->self;
    ui_push(call->ui, &saved_view, &b, NULL);
    return UI_DONE;
}
