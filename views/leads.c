/* leads.c - the lead list: tabs, sentence, table, the lead in hand beside it. */
#include "views/leads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"

enum { PANE_LEAST = 110, LIST_PERCENT = 61, LIST_LEAST = 66, DETAIL_LEAST = 38, THREE_LEAST = 180,
       THREE_PERCENT = 46, DETAIL_GOOD = 41 };

static const char *const tab_names[LEAD_TABS] = { N_("Public pool"), N_("My leads"), N_("My branch"),
                                                  N_("All") };

/* ---- reading ------------------------------------------------------------------------------------------ */

static bool has_pane(const struct leads *v)
{
    return !v->no_pane && ui_grid(v->view.ui)->w >= PANE_LEAST;
}

static unsigned counted(struct leads *v)
{
    if (--v->counting == 0 && v->recount)
        leads_count(v);
    return UI_REDRAW;
}

static void take_tab(struct leads *v, enum lead_tab tab, int64_t count)
{
    v->tab_count[tab] = count;
    v->tab_stale[tab] = v->recount;     /* something changed while it was counted: once more */
}

static unsigned counted_list(void *self, struct api_job *j)
{
    struct leads *v = self;
    if (!api_error(j)) {
        v->total = api_int(j, 0, "count");
        table_set_total(&v->table, v->total);
        if (!v->where)
            take_tab(v, v->tab, v->total);
    }
    return counted(v);
}

static unsigned counted_tab(void *self, struct api_job *j)
{
    struct leads *v = self;
    const enum lead_tab *tab = j->data;
    if (!api_error(j))
        take_tab(v, *tab, api_int(j, 0, "count"));
    return counted(v);
}

static void count_one(struct leads *v, enum lead_tab tab, const char *own, api_done *done)
{
    struct api_job *j = api_new(v->view.ui, &v->total, v->count_gen, done, v);
    enum lead_tab *which = arena_new(&j->mem, enum lead_tab);
    *which = tab;
    j->data = which;
    api_add(j, "lead.count");
    api_set_text(j, 0, "where", leads_where(v, tab, own, &j->mem));
    api_post(j, WORK_SCANS);
    v->counting++;
}

/* The list's own count first: it is what a person waits for. Of the tabs only what is not known. */
void leads_count(struct leads *v)
{
    v->recount = v->counting > 0;
    if (v->counting)
        return;
    count_one(v, v->tab, v->where, counted_list);
    for (int t = 0; t < LEAD_TABS; t++)
        if (v->tab_stale[t] && (v->where || t != (int)v->tab))
            count_one(v, (enum lead_tab)t, NULL, counted_tab);
}

static void stale_counts(struct leads *v)
{
    for (int t = 0; t < LEAD_TABS; t++)
        v->tab_stale[t] = true;
}

/* What is counted now is wanted no more. */
static void drop_counts(struct leads *v)
{
    work_cancel(ui_work(v->view.ui), &v->total, ++v->count_gen);
    v->counting = 0;
    v->recount = false;
}

/* ---- marks -------------------------------------------------------------------------------------------- */

static struct seen *kept(const struct leads *v, int64_t id)
{
    for (size_t i = 0; i < v->nkept; i++)
        if (v->kept[i].id == id)
            return &v->kept[i];
    return NULL;
}

void leads_keep(struct leads *v, const struct seen *s)
{
    struct seen *at = kept(v, s->id);
    if (at) {
        free((char *)(uintptr_t)at->name);
    } else {
        if (v->nkept == v->kept_cap) {
            v->kept_cap = v->kept_cap ? 2 * v->kept_cap : 16;
            v->kept = xrealloc(v->kept, v->kept_cap * sizeof *v->kept);
        }
        at = &v->kept[v->nkept++];
    }
    *at = (struct seen){ s->id, s->version, xstrdup(s->name) };
}

static void forget_kept(struct leads *v)
{
    for (size_t i = 0; i < v->nkept; i++)
        free((char *)(uintptr_t)v->kept[i].name);
    v->nkept = 0;
}

static void unmark(struct leads *v)
{
    table_unmark_all(&v->table);
    forget_kept(v);
}

void leads_restart(struct leads *v)
{
    drop_counts(v);
    v->total = -1;
    table_set_total(&v->table, -1);
    unmark(v);
    v->noutcomes = 0;
    detail_follow(&v->detail, 0);
    table_reset(&v->table);
    leads_count(v);
}

static unsigned leads_changed(struct view *view)
{
    struct leads *v = leads_of(view);
    v->stale = true;
    if (ui_screen(view->ui) != view || !v->ready || (v->hold_timer && !v->app->forced))
        return 0;
    v->stale = false;
    v->noutcomes = 0;
    stale_counts(v);
    table_reload(&v->table);
    leads_count(v);
    if (has_pane(v))
        detail_reload(&v->detail);
    return 0;
}

static unsigned hold_over(void *self)
{
    struct leads *v = self;
    v->hold_timer = 0;
    v->noutcomes = 0;
    return leads_changed(&v->view) | UI_REDRAW;
}

/* ---- once: the custom fields, the own branch ---------------------------------------------------------- */

enum { STEP_FIELDS, STEP_BRANCH };

static enum ftype attr_type(const char *type)
{
    static const struct { const char *name; enum ftype type; } types[] = {
        { "number", F_NUMBER }, { "date", F_TIME }, { "choice", F_CHOICE }, { "flag", F_FLAG },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (type && strcmp(types[i].name, type) == 0)
            return types[i].type;
    return F_TEXT;
}

static unsigned set_up(void *self, struct api_job *j)
{
    struct leads *v = self;
    size_t n;
    const struct custom_field *rows = api_rows(j, STEP_FIELDS, &n);
    v->attrs = arena_array(&v->mem, struct attr_def, n);
    for (size_t i = 0; i < n; i++)
        v->attrs[i] = (struct attr_def){ .id = rows[i].head.id, .key = arena_strdup(&v->mem, rows[i].code),
                                         .label = arena_strdup(&v->mem, rows[i].name),
                                         .type = attr_type(rows[i].type),
                                         .choices = choices_split(&v->mem, rows[i].choices),
                                         .off = rows[i].active == 0 };
    v->nattrs = n;
    if (j->nsteps > STEP_BRANCH)
        v->branch_code = arena_strdup(&v->mem, api_text(j, STEP_BRANCH, "code"));
    v->ready = true;
    filterbar_learn(&v->bar, v->where);
    leads_restart(v);
    return UI_REDRAW;
}

static void ask_setup(struct leads *v)
{
    struct api_job *j = api_new(v->view.ui, v, 0, set_up, v);
    api_add(j, "custom_field.list");
    api_set_text(j, STEP_FIELDS, "where", "noun = lead and active = yes");
    api_set_text(j, STEP_FIELDS, "sort", "position");
    api_set_int(j, STEP_FIELDS, "limit", 200);
    if (v->app->me.branch) {
        api_add(j, "branch.get");
        api_set_int(j, STEP_BRANCH, "id", v->app->me.branch);
    }
    api_post(j, WORK_PAGES);
}

/* ---- what the actions work with ----------------------------------------------------------------------- */

static bool desk_subject(void *desk, struct subject *out)
{
    struct leads *v = leads_of(((struct desk *)desk)->view);
    return table_subject(&v->table, out);
}

static const struct lead_item *item_of(const struct leads *v, int64_t id)
{
    for (size_t i = 0; i < v->table.n; i++)
        if (table_row_at(&v->table, i)->id == id)
            return table_row_at(&v->table, i)->data;
    return NULL;
}

static void take_seen(const struct leads *v, struct arena *a, int64_t id, struct seen *out)
{
    const struct lead_item *item = item_of(v, id);
    const struct seen *old = item ? NULL : kept(v, id);
    *out = (struct seen){ .id = id, .version = item ? item->lead->head.version : old ? old->version : NONE,
                          .name = item ? arena_strdup(a, item->called) : old ? arena_strdup(a,
                                                                                            old->name) : "" };
}

static size_t desk_chosen(struct desk *k, struct arena *a, struct seen **out)
{
    const struct leads *v = leads_of(k->view);
    const struct table_row *row = table_selected(&v->table);
    const int64_t *ids;
    size_t n = table_marks(&v->table, &ids);
    *out = arena_array(a, struct seen, n + 1);
    for (size_t i = 0; i < n; i++)
        take_seen(v, a, ids[i], &(*out)[i]);
    if (n || !row)
        return n;
    take_seen(v, a, row->id, *out);
    return 1;
}

static const struct lead *desk_lead(struct desk *k)
{
    const struct table_row *row = table_selected(&leads_of(k->view)->table);
    return row ? ((const struct lead_item *)row->data)->lead : NULL;
}

static void desk_outcome(struct desk *k, int64_t id, const char *words, int ink)
{
    struct leads *v = leads_of(k->view);
    if (v->noutcomes == OUTCOMES)
        return;
    v->outcome[v->noutcomes].id = id;
    v->outcome[v->noutcomes].ink = ink;
    size_t n = text_cut(words, sizeof v->outcome[0].words - 1);
    memcpy(v->outcome[v->noutcomes].words, words, n);
    v->outcome[v->noutcomes++].words[n] = '\0';
}

/* The rows say for a moment what became of them; then the list goes on. */
static unsigned desk_finished(struct desk *k)
{
    struct leads *v = leads_of(k->view);
    unmark(v);
    if (v->noutcomes && !v->hold_timer)
        v->hold_timer = loop_add_timer(ui_loop(k->ui), OUTCOME_HOLD_MS, hold_over, v);
    if (has_pane(v))
        detail_reload(&v->detail);      /* it has nothing to hold: it tells where the lead is now */
    return UI_REDRAW;
}

/* ---- life --------------------------------------------------------------------------------------------- */

static void take_arg(struct leads *v, const struct leads_arg *arg)
{
    if (arg->tab != TAB_KEEP)
        v->tab = arg->tab;
    leads_take_where(v, arg->where);
}

const char *leads_condition(const struct view *view)
{
    return view && view->ops == &leads_view ? ((const struct leads *)(const void *)view)->where : NULL;
}

static const char *desk_where(struct desk *k)
{
    return leads_condition(k->view);
}

void leads_type_filter(struct view *view)
{
    filterbar_open(&leads_of(view)->bar);
}

static enum status leads_open(struct view *view, const void *arg, struct err *e)
{
    struct leads *v = leads_of(view);
    (void)e;
    v->app = app_of(view->ui);
    v->total = -1;
    for (int t = 0; t < LEAD_TABS; t++)
        v->tab_count[t] = -1;
    stale_counts(v);
    const char *pane = viewstate_get(v->app->state, "leads.pane");
    v->no_pane = pane && strcmp(pane, "off") == 0;
    table_init(&v->table, lead_columns(), LEAD_COLUMNS, &leads_source, v);
    table_set_layout(&v->table, viewstate_get(v->app->state, "leads.columns"));
    v->table.sort = LEAD_LEFT;
    filterbar_init(&v->bar, view, &leads_filter, v);
    detail_init(&v->detail, view->ui);
    v->desk = (struct desk){ .ui = view->ui, .view = view, .lasting = true,
                             .subject = desk_subject,
                             .chosen = desk_chosen, .lead = desk_lead, .where = desk_where,
                             .outcome = desk_outcome,
                             .finished = desk_finished };
    if (arg)
        take_arg(v, arg);
    app_watch(v->app, view, leads_changed);
    ask_setup(v);
    return ST_OK;
}

static void leads_close(struct view *view)
{
    struct leads *v = leads_of(view);
    app_unwatch(v->app, view);
    filterbar_free(&v->bar);
    loop_cancel_timer(ui_loop(view->ui), v->hold_timer);
    work_cancel(ui_work(view->ui), &v->table, WORK_ALL);
    work_cancel(ui_work(view->ui), &v->total, WORK_ALL);
    detail_free(&v->detail);
    table_free(&v->table);
    forget_kept(v);
    free(v->kept);
    leads_take_where(v, NULL);
    arena_free(&v->mem);
}

static void leads_shown(struct view *view)
{
    if (leads_of(view)->stale)
        leads_changed(view);
}

/* Nobody waits for the counts any more, and the next screen has some of its own. */
static void leads_hidden(struct view *view)
{
    struct leads *v = leads_of(view);
    v->stale = v->stale || v->counting;
    drop_counts(v);
}

unsigned leads_show(struct ui *ui, const struct leads_arg *arg)
{
    struct err e = { 0 };
    if (ui_goto(ui, "leads", NULL, &e) != ST_OK) {
        app_toast(ui, &e);
        return UI_REDRAW;
    }
    struct leads *v = leads_of(ui_screen(ui));
    filterbar_close(&v->bar);
    take_arg(v, arg);
    if (v->ready)
        leads_restart(v);
    if (arg->lead)
        table_goto(&v->table, arg->lead);
    return UI_REDRAW;
}

/* Esc while it waits: the rows that stand stay. */
static bool leads_stop(struct view *view)
{
    struct leads *v = leads_of(view);
    struct work *w = ui_work(view->ui);
    if (!work_outstanding_of(w, &v->table) && !v->counting)
        return false;
    work_cancel(w, &v->table, WORK_ALL);
    table_failed(&v->table, v->asked);
    drop_counts(v);
    return true;
}

static bool leads_busy(const struct view *view)
{
    const struct leads *v = (const struct leads *)(const void *)view;
    const struct work *w = ui_work(view->ui);
    return work_outstanding_of(w, v) || work_outstanding_of(w, &v->table) || work_outstanding_of(w,
            &v->total) ||
           filterbar_busy(&v->bar);
}

/* ---- drawing ------------------------------------------------------------------------------------------ */

static void add_total(const struct leads *v, struct line *l)
{
    char words[2 * WORDS], count[WORDS];
    words_count(v->total, count);
    snprintf(words, sizeof words, P_("{s%s} lead", "{s%s} leads", v->total), count);
    words_rich(l, ROLE_DIM, words);
}

static void leads_context(struct view *view, int row, struct line *left, struct line *right)
{
    struct leads *v = leads_of(view);
    char count[WORDS];
    bool refused = v->err.status && v->total < 0;       /* no count will ever come */
    app_words(v->app);
    for (int t = 0; row == 0 && t < LEAD_TABS; t++) {
        bool here = t == (int)v->tab;
        if (t)
            line_gap(left, 3);
        words_count(v->tab_count[t], count);
        line_add(left, here ? ROLE_STRONG | INK_BOLD | INK_UNDERLINE : ROLE_DIM, "%s", _(tab_names[t]));
        if (!refused)
            line_add(left, here ? ROLE_STRONG : ROLE_DIM, " %s", count);
    }
    if (refused)
        return;
    if (row == 0) {
        line_add(right, ROLE_KEY, "Tab");
        line_add(right, ROLE_DIM, " %s", _("next list"));
        return;
    }
    line_add(left, ROLE_DIM, "%s  ", _("Filter"));
    if (v->where)
        filterbar_sentence(&v->bar, left);
    else if (v->tab_count[v->tab] == 0)
        line_add(left, ROLE_DIM, "%s", C_("filter", "none"));
    else
        line_add(left, ROLE_DIM, "%s", _("none: / narrows the list"));
    add_total(v, right);
}

static void leads_status(struct view *view, struct line *left, struct line *right)
{
    struct leads *v = leads_of(view);
    char count[WORDS];
    if (v->err.status && !v->table.n)
        return;
    if (v->app->me.employee) {
        words_count(v->tab_count[TAB_MINE], count);
        line_add(left, ROLE_DIM, "%s ", _("In hand"));
        line_add(left, ROLE_TEXT, "%s", count);
        line_gap(left, 3);
    }
    table_status(&v->table, left);
    table_dropped(&v->table, right);
    if (right->text.len)
        line_gap(right, 3);
    if (!v->err.status)
        line_add(right, ROLE_GOOD, "%s", _("live"));
}

static int way(struct surface s, int y, int cells, const char *key, const char *words)
{
    surface_text(s, y, 0, ROLE_KEY | INK_BOLD, key, cells, ALIGN_LEFT);
    surface_text(s, y, cells + 1, ROLE_TEXT, words, -1, ALIGN_LEFT);
    return y + 1;
}

/* While the condition has the keys: only what they do there. */
static bool draw_bar_ways(const struct leads *v, struct surface in, int y)
{
    int cells = text_width("Enter");
    bool open = v->bar.open;
    if (!open && !v->bar.choosing)
        return false;
    y = way(in, y, cells, "Enter", open ? _("show what the condition finds") : _("take this part off"));
    if (v->where)
        y = way(in, y, cells, "F4", _("show all of this list"));
    way(in, y, cells, "Esc", open ? _("leave the condition as it was") : _("keep the condition as it is"));
    return true;
}

/* What is missing, what shuts it out, and the ways on. */
static void draw_empty(struct leads *v, struct surface s)
{
    const struct app *app = v->app;
    int x = s.w > 60 ? s.w / 2 - 26 : 2, y = s.h > 14 ? s.h / 3 - 2 : 1;
    struct surface in = surface_sub(s, y, x, -1, s.w - x < 60 ? s.w - x : 60);
    const char *what = v->where ? _("No lead fits the condition") : v->tab == TAB_POOL
        ? _("The public pool is empty")
                     : v->tab == TAB_MINE ? _("No lead is yours yet") : _("There are no leads here yet");
    bool to_pool = !v->where && v->tab == TAB_MINE && app_may(app, RIGHT_LEAD_CLAIM);
    char back[K_NAME];
    key_label(K_BTAB, ui_ascii(v->view.ui), back);      /* the pool is the list before */
    int cells = to_pool ? text_width(back) : 4;
    y = surface_wrap(in, 0, ROLE_STRONG | INK_BOLD, what) + 1;
    if (draw_bar_ways(v, in, y))
        return;
    if (v->where)
        y = way(in, y, cells, "Esc", _("show all of this list"));
    if (v->where)
        y = way(in, y, cells, "/", _("change the condition"));
    if (to_pool)
        y = way(in, y, cells, back, _("claim leads from the public pool"));
    else
        y = way(in, y, cells, "Tab", _("look at another list"));
    if (app_may(app, RIGHT_LEAD_WRITE))
        y = way(in, y, cells, "n", _("enter a lead by hand"));
    if (app_may(app, RIGHT_IMPORT))
        way(in, y, cells, "i", _("import a file"));
}

/* In place of rows that may stand there. */
static void draw_error(struct surface s, const char *words)
{
    struct surface in = surface_sub(s, 0, 2, -1, s.w - 4);
    surface_fill(surface_sub(s, 0, 0, surface_wrap(in, 0, ROLE_BAD, words), -1));
    surface_wrap(in, 0, ROLE_BAD, words);
}

static void draw_list(struct leads *v, struct surface s)
{
    struct arena a = ARENA_INIT;
    if (!v->err.status || v->table.n)
        table_draw(&v->table, s);       /* rows that never came leave no dashes behind the sentence */
    if (v->err.status)
        draw_error(surface_sub(s, v->table.n ? 2 : 1, 0, -1, s.w), sentence(&a, &v->err));
    else if (v->ready && !v->table.loading && v->table.n == 0)
        draw_empty(v, surface_sub(s, 1, 0, -1, -1));
    arena_free(&a);
}

/* Where there is room the timeline has a column of its own. */
static void draw_pane(struct leads *v, struct surface s, bool wide)
{
    struct line note = LINE_INIT;
    if (!v->detail.id)
        return;
    line_add(&note, ROLE_KEY | INK_BOLD, "Enter");
    line_add(&note, ROLE_DIM, " %s", _("full screen"));
    view_pane_title(s, 0, _("Lead"), &note, false);
    if (wide)
        detail_draw_wide(&v->detail, surface_sub(s, 1, 0, -1, -1));
    else
        detail_draw(&v->detail, surface_sub(s, 1, 0, -1, -1), false);
    line_free(&note);
}

/* The next limit among the rows that are here: its words change then. */
static void wake_for(const struct leads *v)
{
    int64_t next = NONE, now = clock_now();
    for (size_t i = 0; i < v->table.n; i++) {
        int64_t at = ((const struct lead_item *)table_row_at(&v->table, i)->data)->lead->left_at;
        if (at != NONE && at > now && (next == NONE || at < next))
            next = at;
    }
    if (next != NONE)
        ui_wake_at(v->view.ui, next);
}

/* The list's share, and what more its columns can fill of what the pane can spare. */
static int list_cells(struct leads *v, struct surface s, int percent)
{
    int list = s.w * percent / 100, spare;
    list = list < LIST_LEAST ? LIST_LEAST : list;
    spare = s.w - list - DETAIL_GOOD - 4;
    int wish = spare > 0 ? table_wish(&v->table, surface_sub(s, 0, 0, -1, list)) : 0;
    return list + (wish < spare ? wish : spare > 0 ? spare : 0);
}

/* The parts of the sentence stand in row 3 of the frame, behind its word. */
static void draw_zones(struct leads *v, struct surface s)
{
    struct surface frame = surface_of(s.grid);
    struct line total = LINE_INIT;
    add_total(v, &total);
    filterbar_sentence_zones(&v->bar, frame, 3, 3 + text_width(_("Filter")),
                             frame.w - 2 - line_width(&total));
    line_free(&total);
}

static void leads_draw(struct view *view, struct surface s)
{
    struct leads *v = leads_of(view);
    struct split parts = { .left = s };
    v->now = clock_now();
    v->table.column = lead_columns();
    v->table.focused = !v->bar.open && !v->bar.choosing;
    bool wide = s.w >= THREE_LEAST;
    if (s.w >= PANE_LEAST && !v->no_pane)
        parts = view_split(s, 0, list_cells(v, s, wide ? THREE_PERCENT : LIST_PERCENT), DETAIL_LEAST);
    struct surface list = parts.left;
    if (v->bar.open)
        list = surface_sub(list, filterbar_draw(&v->bar, list), 0, -1, -1);
    draw_list(v, list);
    wake_for(v);
    if (parts.right.w)
        draw_pane(v, parts.right, wide);
    if (v->bar.open)
        filterbar_draw_list(&v->bar, parts.left);
    else if (v->where)
        draw_zones(v, s);
}

/* ---- events and actions ------------------------------------------------------------------------------- */

static unsigned leads_input(struct view *view, const struct input *in)
{
    struct leads *v = leads_of(view);
    unsigned bits = v->bar.open ? filterbar_input(&v->bar, in) : 0;
    return bits ? bits : table_input(&v->table, in);
}

static bool leads_typing(const struct view *view)
{
    return ((const struct leads *)(const void *)view)->bar.open;
}

static unsigned leads_clicked(struct view *view, int id)
{
    return filterbar_clicked(&leads_of(view)->bar, id);
}

static unsigned do_open(const struct action_call *call)
{
    return lead_screen_open(call->ui, call->subject.id);
}

static unsigned do_tab(const struct action_call *call)
{
    struct leads *v = call->self;
    int by = strcmp(call->action->name, "leads.back-tab") == 0 ? LEAD_TABS - 1 : 1;
    v->tab = (enum lead_tab)((v->tab + by) % LEAD_TABS);
    leads_restart(v);
    return UI_DONE;
}

/* NULL: there is a list to work with. It may be empty. */
static const char *no_list(const struct action_call *call)
{
    const struct leads *v = call->self;
    return v && v->err.status && v->err.status != ST_CANCELLED && !v->table.n
               ? _("the list can't be read")
               : NULL;
}

static const char *no_narrowing(const struct action_call *call)
{
    const struct leads *v = call->self;
    const char *why = no_list(call);
    return why || !v || v->where || v->tab_count[v->tab] ? why : _("the list is empty");
}

static const char *no_columns(const struct action_call *call)
{
    const struct leads *v = call->self;
    const char *why = no_list(call);
    return why || !v || v->table.n ? why : _("the list is empty");
}

static unsigned do_filter(const struct action_call *call)
{
    filterbar_open(&((struct leads *)call->self)->bar);
    return UI_DONE;
}

static unsigned do_clear(const struct action_call *call)
{
    struct leads *v = call->self;
    leads_take_where(v, NULL);
    leads_restart(v);
    ui_toast(call->ui, TOAST_DONE, "%s", _("The filter is off. / and Up bring it back."));
    return UI_DONE;
}

static unsigned do_pane(const struct action_call *call)
{
    struct leads *v = call->self;
    v->no_pane = !v->no_pane;
    viewstate_set(v->app->state, "leads.pane", v->no_pane ? "off" : NULL);
    if (has_pane(v))
        detail_reload(&v->detail);
    return UI_DONE;
}

static const char *no_pane(const struct action_call *call)
{
    return ui_grid(call->ui)->w >= PANE_LEAST ? NULL : _("the screen is too narrow; Enter opens the lead");
}

static unsigned do_columns(const struct action_call *call)
{
    table_columns_dialog(call->ui, &((struct leads *)call->self)->table);
    return UI_DONE;
}

static unsigned do_scroll(const struct action_call *call)
{
    struct leads *v = call->self;
    detail_scroll(&v->detail, strcmp(call->action->name, "detail.up") == 0 ? -3 : 3);
    return UI_DONE;
}

static const struct action open_actions[] = {
    { .name = "lead.open", .number = 2011, .label = N_("Open"),
      .help = N_("Shows the lead on a screen of its own."),
      .group = N_("Lead"), .keys = "Enter", .flags = ACTION_SUBJECT | ACTION_FOOTER, .run = do_open },
};
static const struct action list_actions[] = {
    { .name = "leads.filter", .number = 2012, .label = N_("Filter"),
      .help = N_("Narrows the list by a condition."),
      .group = N_("List"), .keys = "/ F4", .flags = ACTION_FOOTER, .run = do_filter,
      .disabled = no_narrowing },
    { .name = "leads.next-tab", .number = 2013, .label = N_("Next list"), .group = N_("List"),
      .help = N_("Public pool, my leads, my branch, all."), .keys = "Tab", .run = do_tab,
      .disabled = no_list },
    { .name = "leads.columns", .number = 2014, .label = N_("Columns"), .group = N_("List"), .keys = "C",
      .help = N_("Hides, moves and widens columns; they stay so."), .run = do_columns,
      .disabled = no_columns },
    { .name = "leads.pane", .number = 2015, .label = N_("Lead beside the list"), .group = N_("List"),
      .keys = "d", .help = N_("Closes the pane beside the list, or opens it again."), .run = do_pane,
      .disabled = no_pane },
    { .name = "leads.back-tab", .label = N_("List before"), .help = N_("The list before."),
      .group = N_("List"),
      .keys = "BTab", .run = do_tab, .disabled = no_list },
};
static const struct action clear_actions[] = {
    { .name = "leads.clear", .label = N_("Clear filter"), .help = N_("Shows all of the list again."),
      .group = N_("List"),
      .keys = "Esc", .run = do_clear },
};
static const struct action pane_actions[] = {
    { .name = "detail.down", .label = N_("Timeline down"), .help = N_("Scrolls what happened."),
      .group = N_("Lead"), .keys = "J",
      .run = do_scroll },
    { .name = "detail.up", .label = N_("Timeline up"), .help = N_("Scrolls what happened."),
      .group = N_("Lead"), .keys = "K",
      .run = do_scroll },
};

static void leads_actions(struct view *view, struct action_list *out)
{
    struct leads *v = leads_of(view);
    if (filterbar_actions(&v->bar, out))
        return;
    ACTION_LIST_ADD(out, "leads", open_actions, &v->desk, desk_subject);
    desk_actions(&v->desk, out);
    table_actions(&v->table, out);
    ACTION_LIST_ADD(out, "leads", list_actions, v, NULL);
    filterbar_list_actions(&v->bar, out);
    if (v->where)
        ACTION_LIST_ADD(out, "leads", clear_actions, v, NULL);
    if (has_pane(v))
        ACTION_LIST_ADD(out, "leads", pane_actions, v, NULL);
}

/* What the palette may offer before the tab was opened. */
static void leads_rows(struct action_list *out)
{
    ACTION_LIST_ADD(out, "leads", list_actions, NULL, NULL);
    filterbar_list_actions(NULL, out);
}

const struct view_ops leads_view = {
    .name = "leads", .title = N_("Lead pool"), .short_title = N_("Leads"), .number = 2010,
    .kind = VIEW_SCREEN,
    .size = sizeof(struct leads), .open = leads_open, .close = leads_close, .shown = leads_shown,
    .hidden = leads_hidden, .stop = leads_stop, .personal = true,
    .draw = leads_draw,
    .input = leads_input, .actions = leads_actions, .rows = leads_rows, .typing = leads_typing,
    .clicked = leads_clicked,
    .context = leads_context,
    .status = leads_status,
    .busy = leads_busy,
};
