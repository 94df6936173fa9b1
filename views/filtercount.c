/* filtercount.c - the live count of what is typed, what it costs, and what is wrong with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "views/filterbar.h"

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
           strtol(e->param[0], NULL, 10) > (long)text_count(filter_typed(b));
}

/* Not while it goes wrong in the word that is being typed, and the list says how that goes on. */
bool filter_shows_error(const struct filterbar *b)
{
    struct arena a = ARENA_INIT;
    if (!b->error || !b->error_typed || b->error_at == 0 || !filter_list_shown(b) || b->edit.at != b->wish.to)
        return b->error != NULL;
    size_t before = text_count(arena_strndup(&a, filter_typed(b), b->wish.from));
    arena_free(&a);
    return b->error_at != (long)before + 1;
}

/* `typing`: what is missing at the end is still to come, and said as a help. Columns are those of what was
 * typed. */
void filter_set_error(struct filterbar *b, const struct err *e, bool typing)
{
    struct arena a = ARENA_INIT;
    struct err typed;
    b->unfinished = false;
    free(b->error);
    b->error = NULL;
    b->error_at = 0;
    if (e) {
        int param = lang_error_column(e);
        b->error_typed = typing;
        b->error_at = param >= 0 ? strtol(e->param[param], NULL, 10) : 0;
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
    filter_set_error(b, e, typing);
    b->count = e ? -1 : api_int(j, 0, "count");
    filter_understand(b);
    if (e && !typing)
        filter_go_wrong(b);
    return UI_REDRAW;
}

static unsigned counted(void *self, struct api_job *j)
{
    return answered(self, j, true);
}

unsigned filter_applied(void *self, struct api_job *j)
{
    struct filterbar *b = self;
    unsigned bits = answered(b, j, false);
    if (!b->open || api_error(j))
        return bits;
    filter_take(b, filter_typed(b));
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
    api_set_text(j, 0, "where", b->host->whole(b->self, filter_typed(b), &j->mem));
    api_post(j, WORK_PAGES);
}

void filter_forget_count(struct filterbar *b)
{
    work_cancel(ui_work(b->view->ui), &b->edit, ++b->gen);
    b->asking = b->waits = false;
    b->count = b->looks_at = -1;
    b->so_far = 0;
}

/* Full values of what is masked are few an hour: none is spent before the person says so. */
static bool asks_secret(struct filterbar *b)
{
    return filter_has_field(b, filter_typed(b), filter_is_secret, false);
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
    enum status st = lang_parse(&a, filter_typed(b), &env, &c, e);
    arena_free(&a);
    return st == ST_OK || strcmp(e->code, "cond.unknown_value") == 0;
}

/* What is typed stands in brackets beside the list's own condition: it may not get out of them. */
void filter_ask_count(struct filterbar *b, api_done *done)
{
    struct err e;
    filter_forget_count(b);
    if (lang_alone(filter_typed(b), &e) != ST_OK || !reads_well(b, &e)) {
        filter_set_error(b, &e, done == counted);
        filter_understand(b);
        if (done != counted)
            filter_go_wrong(b);
        return;
    }
    b->waits = done == counted && asks_secret(b);
    if (b->waits)
        return;
    filterbar_learn(b, filter_typed(b));
    ask_cost(b);
    struct api_job *j = api_new(b->view->ui, &b->edit, b->gen, done, b);
    api_add(j, b->host->count);
    api_set_text(j, 0, "where", b->host->whole(b->self, filter_typed(b), &j->mem));
    j->progress = grows;
    b->asking = true;
    api_post(j, WORK_SCANS);
}

void filter_stop_timer(struct filterbar *b)
{
    loop_cancel_timer(ui_loop(b->view->ui), b->timer);
    b->timer = 0;
}

unsigned filter_rested(void *self)
{
    struct filterbar *b = self;
    b->timer = 0;
    filter_ask_values(b);
    filter_ask_count(b, counted);
    return UI_REDRAW;
}
