/* leadfilter.c - the condition of the lead list: its sentence, and the bar in which it is typed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "views/leads.h"

enum { BAR_REST_MS = 150, BAR_CHARS = 2000 };

/* ---- the condition ------------------------------------------------------------------------------------ */

const char *leads_where(const struct leads *v, enum lead_tab tab, const char *own, struct arena *a)
{
    const char *base = tab == TAB_POOL ? "open = yes and pool is set" : tab == TAB_MINE
        ? "open = yes and owner = me"
                     : tab == TAB_BRANCH ? "open = yes" : "";
    if (tab == TAB_BRANCH && v->branch_code)
        base = arena_printf(a, "open = yes and branch under \"%s\"", v->branch_code);
    if (!own || !*own)
        return base;
    return *base ? arena_printf(a, "(%s) and %s", own, base) : own;
}

void leads_take_where(struct leads *v, const char *where)
{
    free(v->where);
    free(v->shown);
    v->where = where && *where ? xstrdup(where) : NULL;
    v->shown = NULL;
}

/* ---- the sentence ------------------------------------------------------------------------------------- */

static struct lang_env env_of(const struct leads *v)
{
    return (struct lang_env){ .noun = &lead_noun, .attrs = v->attrs, .nattrs = v->nattrs,
                              .me = v->app->me.employee };
}

/* "阶段 属于 (新线索)": the field plain, the operator dim, the value in accent. */
static void add_test(struct line *l, const char *test)
{
    size_t field = strcspn(test, " "), op = test[field] ? strcspn(test + field + 1, " ") : 0;
    line_add(l, ROLE_TEXT, "%.*s", (int)field, test);
    if (op)
        line_add(l, ROLE_DIM, " %.*s", (int)op, test + field + 1);
    if (test[field] && test[field + 1 + op])
        line_add(l, ROLE_ACCENT, "%s", test + field + 1 + op);
}

static void add_cond(struct line *l, const struct cond *c, const struct lang_env *env)
{
    struct buf text = BUF_INIT;
    lang_print(c, env, i18n_lang(), &text);
    if (c->kind == COND_TEST)
        add_test(l, text.s);
    else
        line_add(l, ROLE_ACCENT, c->kind == COND_OR ? "(%s)" : "%s", text.s);
    buf_release(&text);
}

void leads_sentence(struct leads *v, struct line *l)
{
    struct arena a = ARENA_INIT;
    struct lang_env env = env_of(v);
    struct cond *c = NULL;
    if (!v->where || lang_parse(&a, v->where, &env, &c, NULL) != ST_OK) {
        line_add(l, ROLE_ACCENT, "%s", v->where ? v->where : "");
    } else if (c && c->kind == COND_AND) {
        for (size_t i = 0; i < c->nkids; i++) {
            if (i)
                line_add(l, ROLE_DIM, " %s ", _("and"));
            add_cond(l, c->kids[i], &env);
        }
    } else if (c) {
        add_cond(l, c, &env);
    }
    arena_free(&a);
}

/* ---- counting while typing ---------------------------------------------------------------------------- */

/* Columns count from the parenthesis that was put before what was typed. */
static void shift_column(struct err *e)
{
    static const struct { const char *code; int param; } columns[] = {
        { "cond.syntax", 0 }, { "cond.unknown_field", 2 }, { "cond.operator", 2 }, { "cond.type", 3 },
        { "cond.unknown_value", 3 }, { "cond.empty_value", 1 }, { "cond.masked_equality", 1 },
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(e->code, columns[i].code) == 0)
            snprintf(e->param[columns[i].param], ERR_PARAM_SIZE, "%ld", strtol(e->param[columns[i].param],
                    NULL, 10) - 1);
}

/* The condition goes wrong behind its last word: what stands there was put behind it, or nothing. */
static bool is_unfinished(const struct leads *v, const struct err *e)
{
    const char *typed = edit_text(&v->bar);
    return strcmp(e->code, "cond.syntax") == 0 && strtol(e->param[0], NULL, 10) > (long)text_count(typed);
}

/* `typing`: what is missing at the end is still to come, and said as a help. Columns are those of what
 * was typed. */
static void set_error(struct leads *v, const struct err *e, bool typing)
{
    struct arena a = ARENA_INIT;
    struct err typed;
    v->bar_unfinished = false;
    if (e) {
        typed = *e;
        v->bar_unfinished = typing && is_unfinished(v, &typed);
        if (is_unfinished(v, &typed))
            typed.param[1][0] = '\0';
    }
    free(v->bar_error);
    v->bar_error = !e ? NULL
                   : v->bar_unfinished
                       ? xstrdup(arena_printf(&a, _("next: %s"), i18n_text(typed.param[2])))
                       : xstrdup(sentence(&a, &typed));
    arena_free(&a);
}

static unsigned answered(struct leads *v, struct api_job *j, bool typing)
{
    const struct err *e = api_error(j);
    struct err own;
    v->bar_asking = false;
    if (!v->filtering)
        return 0;
    if (e && v->tab != TAB_ALL) {
        own = *e;
        shift_column(&own);
        e = &own;
    }
    set_error(v, e, typing);
    v->bar_count = e ? -1 : api_int(j, 0, "count");
    return UI_REDRAW;
}

static unsigned counted(void *self, struct api_job *j)
{
    return answered(self, j, true);
}

static unsigned applied(void *self, struct api_job *j)
{
    struct leads *v = self;
    unsigned bits = answered(v, j, false);
    if (!v->filtering || api_error(j))
        return bits;
    leads_take_where(v, edit_text(&v->bar));
    filter_close(v);
    leads_restart(v);
    return UI_REDRAW;
}

/* What is typed stands in brackets beside the tab's own condition: it may not get out of them. */
static void ask_count(struct leads *v, api_done *done)
{
    struct err e;
    work_cancel(ui_work(v->view.ui), &v->bar, ++v->bar_gen);
    v->bar_asking = false;
    if (lang_alone(edit_text(&v->bar), &e) != ST_OK) {
        v->bar_count = -1;
        set_error(v, &e, done == counted);
        return;
    }
    struct api_job *j = api_new(v->view.ui, &v->bar, v->bar_gen, done, v);
    api_add(j, "lead.count");
    api_set_text(j, 0, "where", leads_where(v, v->tab, edit_text(&v->bar), &j->mem));
    v->bar_asking = true;
    api_post(j, WORK_SCANS);
}

static unsigned rested(void *self)
{
    struct leads *v = self;
    v->bar_timer = 0;
    ask_count(v, counted);
    return UI_REDRAW;
}

/* ---- the bar ------------------------------------------------------------------------------------------ */

void filter_open(struct leads *v)
{
    v->filtering = true;
    v->bar_count = -1;
    edit_init(&v->bar, BAR_CHARS, 1);
    v->bar.hint = N_("stage in (new, contacted) and score >= 60");
    edit_set(&v->bar, v->where ? v->where : "");
}

void filter_close(struct leads *v)
{
    if (!v->filtering)
        return;
    loop_cancel_timer(ui_loop(v->view.ui), v->bar_timer);
    work_cancel(ui_work(v->view.ui), &v->bar, WORK_ALL);
    v->bar_timer = 0;
    v->filtering = v->bar_asking = false;
    set_error(v, NULL, false);
    edit_free(&v->bar);
}

unsigned filter_input(struct leads *v, const struct input *in)
{
    size_t before = v->bar.text.len;
    unsigned bits = edit_input(&v->bar, in);
    if (!bits || (v->bar.text.len == before && in->kind == INPUT_KEY && !key_is_text(in->key)))
        return bits;
    v->bar_count = -1;
    set_error(v, NULL, false);
    work_cancel(ui_work(v->view.ui), &v->bar, ++v->bar_gen);
    loop_cancel_timer(ui_loop(v->view.ui), v->bar_timer);
    v->bar_timer = loop_add_timer(ui_loop(v->view.ui), BAR_REST_MS, rested, v);
    return bits;
}

int filter_draw(struct leads *v, struct surface s)
{
    struct line l = LINE_INIT;
    char count[WORDS];
    int rows = 2;
    surface_text(s, 0, 1, ROLE_ACCENT | INK_BOLD, _("Filter"), -1, ALIGN_LEFT);
    edit_draw(&v->bar, surface_sub(s, 0, 8, 1, s.w - 9), true);
    if (v->bar_error && v->bar_unfinished) {
        surface_text(s, 1, 8, ROLE_DIM, v->bar_error, s.w - 9, ALIGN_LEFT);
    } else if (v->bar_error) {
        surface_text(s, 1, 8, ROLE_BAD | INK_BOLD, "!", -1, ALIGN_LEFT);
        rows = 1 + surface_wrap(surface_sub(s, 0, 10, s.h, -1), 1, ROLE_BAD, v->bar_error);
    } else if (v->bar_count >= 0) {
        words_count(v->bar_count, count);
        line_add(&l, ROLE_STRONG | INK_BOLD, "%s ", count);
        line_add(&l, ROLE_DIM, "%s", P_("lead matches", "leads match", v->bar_count));
        surface_line(s, 1, 8, &l, -1, ALIGN_LEFT);
    } else {
        surface_text(s, 1, 8, ROLE_DIM, v->bar_asking || v->bar_timer ? _("counting ..") :
                     _("= != < > in contains is empty, and or not ( ), me, today - 3d"), s.w - 9, ALIGN_LEFT);
    }
    line_free(&l);
    return rows + (s.h > 24);
}

/* ---- actions ------------------------------------------------------------------------------------------ */

static unsigned do_apply(const struct action_call *call)
{
    struct leads *v = call->self;
    loop_cancel_timer(ui_loop(call->ui), v->bar_timer);
    v->bar_timer = 0;
    ask_count(v, applied);
    return UI_DONE;
}

static unsigned do_leave(const struct action_call *call)
{
    filter_close(call->self);
    return UI_DONE;
}

static unsigned do_empty(const struct action_call *call)
{
    struct leads *v = call->self;
    edit_set(&v->bar, "");
    return do_apply(call);
}

static const struct action bar_actions[] = {
    { .name = "filter.apply", .label = N_("Show"),
      .help = N_("Shows the leads for which the condition holds."), .group = N_("Filter"),
      .keys = "Enter", .flags = ACTION_FOOTER, .run = do_apply },
    { .name = "filter.empty", .label = N_("Without condition"), .help = N_("Shows all of the list again."),
      .group = N_("Filter"),
      .keys = "F4", .flags = ACTION_FOOTER, .run = do_empty },
    { .name = "filter.leave", .label = N_("Cancel"), .help = N_("Leaves the condition as it was."),
      .group = N_("Filter"),
      .keys = "Esc", .flags = ACTION_FOOTER, .run = do_leave },
};

void filter_actions(struct leads *v, struct action_list *out)
{
    ACTION_LIST_ADD(out, "filter", bar_actions, v, NULL);
}
