/* explain.c - why a lead matches the condition in force, or not: its tests as a tree, each with what the lead
 * has there. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "tui/dialog.h"
#include "views/console.h"
#include "views/desk.h"
#include "views/words.h"

enum { CELLS_MOST = 92, STEP_CELLS = 2, MARK_CELLS = 2, GAP = 2, VALUE_LEAST = 14, VALUE_MOST = 30 };

struct part { int depth; bool holds, test; const char *text, *actual; };

struct explain {
    struct view view;
    struct arena mem;               /* the lead and the condition */
    int64_t id;
    const char *name, *where;       /* where NULL: no condition is in force */
    struct arena answer;            /* what is shown */
    struct part *part;
    size_t n;
    bool matches;
    const char *lang, *error;       /* error: a sentence instead */
    uint32_t generation;
    int scroll, rows, height;       /* first row shown, rows there are, room */
};

struct explain_arg { int64_t id; const char *name, *where; };

static struct explain *explain_of(struct view *v)
{
    return (struct explain *)(void *)v;
}

/* ---- asking ------------------------------------------------------------------------------------------- */

static void take_lines(struct explain *x, const struct api_job *j)
{
    const struct api_step *s = &j->step[0];
    const struct field *f = record_field(s->op->out, "lines");
    const struct record *r = f->rec;
    const struct list *list = field_list(f, s->out);
    const char *text = strcmp(i18n_lang(), "zh_CN") == 0 ? "text_zh" : "text_en";
    x->part = arena_array(&x->answer, struct part, list->n);
    x->n = list->n;
    for (size_t i = 0; i < list->n; i++) {
        const char *row = (const char *)list->items + i * r->size;
        x->part[i] = (struct part){
            .depth = (int)record_int(r, row, "depth"), .holds = record_int(r, row, "holds") == 1,
            .test = strcmp(record_word(r, row, "kind"), "test") == 0,
            .text = arena_strdup(&x->answer, record_word(r, row, text)),
            .actual = arena_strdup(&x->answer, record_word(r, row, "actual")),
        };
    }
}

static unsigned told(void *self, struct api_job *j)
{
    struct explain *x = self;
    arena_reset(&x->answer);
    x->n = 0;
    x->error = api_error(j) ? sentence(&x->answer, api_error(j)) : NULL;
    if (!x->error) {
        x->matches = api_int(j, 0, "matches") == 1;
        take_lines(x, j);
    }
    return UI_REDRAW;
}

static void ask(struct explain *x)
{
    x->lang = i18n_lang();
    if (!x->where)
        return;
    struct api_job *j = api_new(x->view.ui, &x->view, ++x->generation, told, x);
    int step = api_add(j, "lead.explain");
    work_cancel(ui_work(x->view.ui), &x->view, x->generation);
    api_set_int(j, step, "id", x->id);
    api_set_text(j, step, "where", x->where);
    api_post(j, WORK_PAGES);
}

/* ---- the view ----------------------------------------------------------------------------------------- */

static unsigned changed(struct view *v)
{
    ask(explain_of(v));
    return 0;
}

static enum status open_explain(struct view *v, const void *arg, struct err *e)
{
    struct explain *x = explain_of(v);
    const struct explain_arg *a = arg;
    (void)e;
    x->id = a->id;
    x->name = arena_strdup(&x->mem, a->name);
    x->where = arena_strdup(&x->mem, a->where);
    app_watch(app_of(v->ui), v, changed);
    ask(x);
    return ST_OK;
}

static void close_explain(struct view *v)
{
    struct explain *x = explain_of(v);
    app_unwatch(app_of(v->ui), v);
    arena_free(&x->mem);
    arena_free(&x->answer);
}

/* The cells of the values' column, and those of all. */
static int widths(const struct explain *x, int most, int *all)
{
    int text = 0, value = 0;
    for (size_t i = 0; i < x->n; i++) {
        const struct part *p = &x->part[i];
        int cells = p->depth * STEP_CELLS + MARK_CELLS + text_width(p->text);
        int actual = p->actual ? text_width(p->actual) : p->test;
        text = cells > text ? cells : text;
        value = actual > value ? actual : value;
    }
    value = value < VALUE_LEAST ? VALUE_LEAST : value > VALUE_MOST ? VALUE_MOST : value;
    if (text + GAP + value > most && value > most / 3)
        value = most / 3;
    *all = text + GAP + value < most ? text + GAP + value : most;
    return value;
}

/* What stands instead of the tree, or NULL. */
static const char *instead(const struct explain *x)
{
    if (!x->where)
        return _("No condition is in force. / in the list narrows it; this then says why a lead is in it. "
                 "c asks a condition of this lead alone.");
    return x->error ? x->error : x->n ? NULL : _("reading ..");
}

/* One part from row y on, both its sides wrapped. Returns the rows it takes. */
static int draw_part(const struct explain *x, struct surface s, int y, const struct part *p, int value)
{
    int left = p->depth * STEP_CELLS, text = s.w - GAP - value - left - MARK_CELLS;
    const char *actual = !p->test ? "" : !p->actual ? "-" : ui_blank(x->view.ui) ? "***" : p->actual;
    surface_glyph(s, y, left, (p->holds ? ROLE_GOOD : ROLE_BAD) | INK_BOLD, p->holds ? GLYPH_YES : GLYPH_NO);
    int rows = surface_wrap(surface_sub(s, 0, left + MARK_CELLS, -1, text), y,
                            p->test ? ROLE_TEXT : ROLE_DIM, p->text);
    int beside = surface_wrap(surface_sub(s, 0, s.w - value, -1, value), y,
                              p->actual ? ROLE_STRONG : ROLE_DIM, actual);
    return beside > rows ? beside : rows;
}

static int part_rows(const struct explain *x, const struct part *p, int all, int value)
{
    int rows = text_rows(p->text, all - GAP - value - p->depth * STEP_CELLS - MARK_CELLS);
    int beside = p->actual && !ui_blank(x->view.ui) ? text_rows(p->actual, value) : 1;
    return beside > rows ? beside : rows;
}

/* The condition as a whole, then a line for each part; from row `scroll` on. */
static void draw_explain(struct view *v, struct surface s)
{
    struct explain *x = explain_of(v);
    const char *words = instead(x);
    int all, y = 1 - x->scroll;
    if (x->lang != i18n_lang())
        ask(x);
    if (words) {
        surface_wrap(s, 0, x->error ? ROLE_BAD : ROLE_TEXT, words);
        return;
    }
    int value = widths(x, s.w - 1, &all);
    struct surface in = surface_sub(s, 1, 0, -1, s.w - 1);
    surface_text(s, 0, 0, ROLE_DIM, _("Condition"), s.w - 1 - value, ALIGN_LEFT);
    surface_text(s, 0, s.w - 1 - value, ROLE_DIM, _("this lead has"), value, ALIGN_LEFT);
    x->height = s.h - 1;
    x->rows = 0;
    y = -x->scroll;
    for (size_t i = 0; i < x->n; i++) {
        int rows = part_rows(x, &x->part[i], in.w, value);
        if (y >= 0 && y < x->height)
            draw_part(x, in, y, &x->part[i], value);
        y += rows;
        x->rows += rows;
    }
    if (x->rows > x->height)
        surface_thumb(surface_sub(s, 1, 0, -1, -1), s.w - 1, x->scroll, x->rows);
}

static void measure_explain(struct view *v, int max_h, int max_w, int *h, int *w)
{
    struct explain *x = explain_of(v);
    const char *words = instead(x);
    int most = max_w < CELLS_MOST ? max_w : CELLS_MOST, all = 0;
    if (words) {
        *w = most < 60 ? most : 60;
        *h = text_rows(words, *w);
    } else {
        int value = widths(x, most - 1, &all);
        *w = all + 1 < 44 && most >= 44 ? 44 : all + 1;
        *h = 1;
        for (size_t i = 0; i < x->n; i++)
            *h += part_rows(x, &x->part[i], *w - 1, value);
    }
    *h = *h < 3 ? 3 : *h;
    *h = *h < max_h ? *h : max_h;
}

static void subject_explain(struct view *v, struct line *title, struct line *right)
{
    struct explain *x = explain_of(v);
    line_add(title, ROLE_TITLE, "%s   %s", _("Why"), words_name(v->ui, x->name));
    if (!instead(x))
        line_add(right, x->matches ? ROLE_GOOD : ROLE_BAD, "%s",
                 x->matches ? _("matches") : _("does not match"));
}

/* ---- actions ------------------------------------------------------------------------------------------ */

static unsigned do_close(const struct action_call *call)
{
    ui_close(call->ui, call->self);
    return UI_DONE;
}

static unsigned do_scroll(const struct action_call *call)
{
    struct explain *x = call->self;
    const char *name = call->action->name;
    int page = x->height > 2 ? x->height - 1 : 1, most = x->rows > x->height ? x->rows - x->height : 0;
    x->scroll += strcmp(name, "explain.down") == 0 ? 1 : strcmp(name, "explain.up") == 0 ? -1 :
                 strcmp(name, "explain.page-down") == 0 ? page : -page;
    x->scroll = x->scroll > most ? most : x->scroll < 0 ? 0 : x->scroll;
    return UI_DONE;
}

static const struct form_field fields[] = {
    { .key = "where", .label = N_("Condition"), .kind = FORM_TEXT, .required = true, .max = 2000, .rows = 3,
      .hint = N_("stage in (new, contacted) and score >= 60") },
};

static void ready(struct form *form, void *self)
{
    const struct explain *x = self;
    if (x->where)
        form_set(form, "where", x->where);
}

static unsigned typed(struct ui *ui, struct view *dialog, struct form *form, void *self)
{
    struct explain *x = self;
    (void)ui, (void)dialog;
    x->where = arena_strdup(&x->mem, form_get(form, "where"));
    x->scroll = 0;
    ask(x);
    return UI_CLOSE | UI_DONE;
}

/* To the list's own bar: that is where conditions are typed. */
static unsigned do_filter(const struct action_call *call)
{
    struct explain *x = call->self;
    struct view *list = x->view.below;
    ui_close(call->ui, &x->view);
    leads_type_filter(list);
    return UI_DONE;
}

static unsigned do_type(const struct action_call *call)
{
    dialog_form(call->ui, &(struct form_dialog){ .title = _("Another condition for this lead"),
                                                 .fields = fields, .nfields = 1,
                                                 .go_label = _("Ask"), .submit = typed, .ready = ready,
                                                 .self = call->self });
    return UI_DONE;
}

static const struct action rows[] = {
    { .name = "explain.close", .label = N_("Close"), .help = N_("Back to where you came from."),
      .group = N_("Lead"), .keys = "Esc Enter q", .flags = ACTION_FOOTER, .run = do_close },
    { .name = "explain.type", .label = N_("Another condition"),
      .help = N_("Asks a condition that you type of this lead alone; the list stays as it is."),
      .group = N_("Lead"), .keys = "c", .flags = ACTION_FOOTER, .run = do_type },
    { .name = "explain.down", .label = N_("Line down"), .help = N_("Scrolls the reasons."),
      .group = N_("Movement"), .keys = "Down j", .run = do_scroll },
    { .name = "explain.up", .label = N_("Line up"), .help = N_("Scrolls the reasons."),
      .group = N_("Movement"), .keys = "Up k", .run = do_scroll },
    { .name = "explain.page-down", .label = N_("Page down"), .help = N_("A screenful down."),
      .group = N_("Movement"), .keys = "PgDn Space", .run = do_scroll },
    { .name = "explain.page-up", .label = N_("Page up"), .help = N_("A screenful up."),
      .group = N_("Movement"), .keys = "PgUp", .run = do_scroll },
};

static const struct action list_rows[] = {
    { .name = "explain.filter", .label = N_("Filter"),
      .help = N_("Closes this and goes to the filter of the list."),
      .group = N_("List"), .keys = "/", .flags = ACTION_FOOTER, .run = do_filter },
};

static void explain_sets(struct view *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "explain", rows, explain_of(v), NULL);
    if (v->below->ops == &leads_view)
        ACTION_LIST_ADD(out, "explain", list_rows, explain_of(v), NULL);
}

static const struct view_ops explain_ops = {
    .name = "explain", .title = N_("Why"), .kind = VIEW_DIALOG, .size = sizeof(struct explain),
    .open = open_explain, .close = close_explain, .draw = draw_explain, .measure = measure_explain,
    .subject = subject_explain, .actions = explain_sets,
};

unsigned explain_open(const struct action_call *call)
{
    struct desk *k = call->self;
    struct arena a = ARENA_INIT;
    struct seen *seen;
    if (k->chosen(k, &a, &seen) == 1)
        ui_push(call->ui, &explain_ops,
                &(struct explain_arg){ seen[0].id, seen[0].name, k->where ? k->where(k) : NULL }, NULL);
    arena_free(&a);
    return UI_DONE;
}
