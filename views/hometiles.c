/* hometiles.c - what home reads: five short lists, and the numbers. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "core/api/sentence.h"
#include "core/model/record_text.h"
#include "views/home.h"

enum { STEP_LOOKS = TILES, LOOKS = 2 * TILE_MOST };

const char *const tile_titles[TILES] = {
    [TILE_OVERDUE] = N_("Overdue"), [TILE_TODAY] = N_("Due today"),
        [TILE_RECYCLE] = N_("Recycled within 24 h"),
    [TILE_NEW] = N_("Newly mine"), [TILE_MESSAGES] = N_("Messages"),
};
const char *const tile_notes[TILES] = {
    [TILE_OVERDUE] = N_("the oldest first"), [TILE_TODAY] = N_("due at"), [TILE_RECYCLE] = N_("time left"),
    [TILE_NEW] = N_("received"), [TILE_MESSAGES] = N_("unread"),
};

static const struct { const char *list, *count, *where, *sort; } sources[TILES] = {
    [TILE_OVERDUE] = { "task.list", "task.count", "owner = me and state = open and due_at < now", "due_at" },
    [TILE_TODAY] = { "task.list", "task.count",
                     "owner = me and state = open and due_at >= now and due_at <= today", "due_at" },
    [TILE_RECYCLE] = { "lead.list", "lead.count", "owner = me and open = yes and recycle_at < now + 24h",
                       "recycle_at" },
    [TILE_NEW] = { "lead.list", "lead.count", "owner = me and open = yes and received_at >= today",
                   "-received_at" },
    [TILE_MESSAGES] = { "message.list", "message.count", "read_at is empty", "-at" },
};

static const char *const number_where[NUMBERS] = {
    [NUMBER_POOL] = "open = yes and pool is set",
    [NUMBER_POOL_HIGH] = "open = yes and pool is set and intent = high",
    [NUMBER_POOL_NEW] = "open = yes and pool is set and created_at >= today",
    [NUMBER_MINE] = "open = yes and owner = me",
};

const char *tile_where(enum tile_kind kind)
{
    switch (kind) {
    case TILE_OVERDUE: return "left_at < now";
    case TILE_TODAY: return "left_at >= now and left_at <= today";
    case TILE_RECYCLE: return "recycle_at < now + 24h";
    default: return "received_at >= today";
    }
}

void home_sources(struct home *h)
{
    h->sees = app_may(h->app, RIGHT_LEAD_READ);
    h->works = h->sees && h->app->me.employee;
    for (int t = 0; t < TILES; t++)
        h->tile[t].there = t == TILE_MESSAGES ? app_may(h->app, RIGHT_MESSAGE) && h->app->me.employee
            : h->works;
}

/* ---- the selection ------------------------------------------------------------------------------------ */

int tile_shown(const struct tile *t)
{
    return !t->there ? 0 : t->n < t->room ? t->n : t->room;
}

const struct tile_row *home_row(const struct home *h)
{
    const struct tile *t = &h->tile[h->tile_sel];
    return h->row_sel < tile_shown(t) ? &t->row[h->row_sel] : NULL;
}

void home_settle(struct home *h)
{
    for (int t = 0; h->id_sel && t < TILES; t++)
        for (int r = 0; r < tile_shown(&h->tile[t]); r++)
            if (h->tile[t].row[r].id == h->id_sel) {
                h->tile_sel = t;
                h->row_sel = r;
                return;
            }
    for (int i = 0; i < TILES; i++) {           /* the same group, else the next that has rows */
        int t = (h->tile_sel + i) % TILES, n = tile_shown(&h->tile[t]);
        if (!n)
            continue;
        h->row_sel = i == 0 && h->row_sel < n ? h->row_sel : i == 0 ? n - 1 : 0;
        h->tile_sel = t;
        h->id_sel = h->tile[t].row[h->row_sel].id;
        return;
    }
    h->id_sel = 0;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static const struct lead *looked(const struct api_job *j, int64_t id)
{
    for (int s = STEP_LOOKS; id && s < j->nsteps; s++) {      /* a task need not be about a lead */
        const struct lead *l = j->step[s].out;
        if (!j->step[s].err.status && l->head.id == id)
            return l;
    }
    return NULL;
}

/* The lists; then the leads of the tasks among them, whose names and products a task does not have. */
static void read_work(struct api_job *j)
{
    int look = STEP_LOOKS;
    const bool *there = j->data;        /* of the view itself nothing: it may be closed meanwhile */
    for (int s = STEP_LOOKS; s < j->nsteps; s++)
        j->step[s].err.status = ST_OK;
    for (int t = 0; t < TILES; t++) {
        j->step[t].err.status = ST_OK;
        if (there[t] && api_call(j, t))
            return;
    }
    for (int t = TILE_OVERDUE; t <= TILE_TODAY; t++) {
        size_t n;
        const struct task *rows = there[t] ? api_rows(j, t, &n) : NULL;
        for (size_t i = 0; rows && i < n && look < j->nsteps; i++)
            if (rows[i].lead.id) {
                api_set_int(j, look, "id", rows[i].lead.id);
                if (api_call(j, look++))
                    err_clear(&j->step[look - 1].err);       /* out of sight: the task is shown without it */
            }
    }
}

static const char *choice_label(const struct record *r, const char *field, const char *code)
{
    const struct choice *c = code ? choice_find(record_field(r, field)->choices, code) : NULL;
    return c ? i18n_text(c->label) : code ? code : "";
}

static void lead_words(struct tile_row *row, const struct lead *l, struct arena *a)
{
    row->lead = l;
    row->lead_id = l->head.id;
    row->who = lead_called(l, a);
    row->product = product_word(&l->product);
}

static void task_row(struct tile_row *row, const struct task *t, const struct lead *l, struct arena *a)
{
    const char *kind = choice_label(&task_record, "kind", t->kind);
    *row = (struct tile_row){ .id = t->head.id, .lead_id = t->lead.id, .product = "",
                              .who = t->lead.id ? ref_word(&t->lead) : _("Task"), .at = t->due_at };
    if (l)
        lead_words(row, l, a);
    if (t->subject)
        row->what = t->subject;
    else if (l && l->channel.id)
        row->what = arena_printf(a, _("%s, from %s"), kind, ref_word(&l->channel));
    else
        row->what = kind;
}

static void lead_row(struct tile_row *row, const struct lead *l, bool recycle, int64_t now, struct arena *a)
{
    char idle[WORDS];
    int64_t since = lead_idle_since(l);
    *row = (struct tile_row){ .id = l->head.id, .at = recycle ? l->recycle_at : l->received_at };
    lead_words(row, l, a);
    words_span(since == NONE ? 0 : now - since, idle);
    if (!recycle && l->channel.id)
        row->what = arena_printf(a, _("%s, %s"), ref_word(&l->channel), choice_label(&lead_record,
                "received_how", l->received_how));
    else if (!recycle)
        row->what = choice_label(&lead_record, "received_how", l->received_how);
    else if (l->first_response_at == NONE)
        row->what = arena_printf(a, _("no first follow-up for %s"), idle);
    else
        row->what = arena_printf(a, _("no follow-up for %s"), idle);
}

/* The system's messages are a code and its parameters, parted by TAB. */
const char *message_words(const struct message *m, struct arena *a)
{
    const char *params[ERR_PARAMS];
    int n = 0;
    if (!m->code)
        return m->body ? m->body : "";
    for (char *p = arena_strdup(a, m->body ? m->body : ""); p && n < ERR_PARAMS; n++) {
        char *tab = strchr(p, '\t');
        params[n] = p;
        if (tab)
            *tab++ = '\0';
        p = tab;
    }
    return sentence_of(a, m->code, params, n);
}

static void message_row(struct tile_row *row, const struct message *m, struct arena *a)
{
    *row = (struct tile_row){ .id = m->head.id, .lead_id = m->lead.id, .who = m->from.id
                              ? ref_word(&m->from) : _("system"),
                              .product = choice_label(&message_record, "kind", m->kind),
                              .what = message_words(m, a), .at = m->at };
}

static void take_tile(struct home *h, const struct api_job *j, int t)
{
    struct tile *tile = &h->tile[t];
    size_t n = 0;
    const char *rows = tile->there ? api_rows(j, t, &n) : NULL;
    int64_t now = clock_now();
    tile->n = 0;
    for (size_t i = 0; i < n && i < TILE_MOST; i++) {
        struct tile_row *row = &tile->row[tile->n++];
        if (t <= TILE_TODAY) {
            const struct task *task = (const struct task *)(const void *)rows + i;
            task_row(row, task, looked(j, task->lead.id), &h->mem);
        } else if (t == TILE_MESSAGES) {
            message_row(row, (const struct message *)(const void *)rows + i, &h->mem);
        } else {
            lead_row(row, (const struct lead *)(const void *)rows + i, t == TILE_RECYCLE, now, &h->mem);
        }
    }
}

/* ---- the counts --------------------------------------------------------------------------------------- */

struct counted { int64_t *to; };

static void ask_counts(struct home *h);

static unsigned count_done(void *self, struct api_job *j)
{
    struct home *h = self;
    const struct counted *k = j->data;
    if (!api_error(j))
        *k->to = api_int(j, 0, "count");
    if (k->to == &h->tile[TILE_MESSAGES].count)
        app_unread(h->app, *k->to);
    if (--h->counting == 0 && h->recount)
        ask_counts(h);
    return UI_REDRAW;
}

/* Each is a job of its own, shown as soon as it is known. */
static void ask_count(struct home *h, const char *op, const char *where, int64_t *to)
{
    struct api_job *j = api_new(h->view.ui, &h->number, h->count_gen, count_done, h);
    struct counted *k = arena_new(&j->mem, struct counted);
    k->to = to;
    j->data = k;
    api_add(j, op);
    api_set_text(j, 0, "where", where);
    api_post(j, WORK_SCANS);
    h->counting++;
}

/* Tiles first, they are few; then the looks through all leads. What is counted now is counted to its end: a
 * bank in which something changes all the time must get to see its figures. */
static void ask_counts(struct home *h)
{
    h->recount = h->counting > 0;
    if (h->recount)
        return;
    for (int t = 0; t < TILES; t++)
        if (h->tile[t].there)
            ask_count(h, sources[t].count, sources[t].where, &h->tile[t].count);
    for (int i = NUMBERS; i-- > 0 && h->sees;)
        ask_count(h, "lead.count", number_where[i], &h->number[i]);
}

static unsigned rows_done(void *self, struct api_job *j)
{
    struct home *h = self;
    const struct err *e = api_error(j);
    h->read = true;
    ask_counts(h);                      /* the rows first: a count may be a look through all leads */
    if (e) {
        if (e->status != ST_CANCELLED)
            h->err = *e;
        return UI_REDRAW;
    }
    err_clear(&h->err);
    arena_free(&h->mem);
    h->mem = j->mem;
    j->mem = (struct arena)ARENA_INIT;
    for (int t = 0; t < TILES; t++)
        take_tile(h, j, t);
    home_settle(h);
    if (h->beside)
        detail_reload(&h->detail);
    return UI_REDRAW;
}

void home_read(struct home *h)
{
    work_cancel(ui_work(h->view.ui), h, ++h->generation);
    struct api_job *j = api_new(h->view.ui, h, h->generation, rows_done, h);
    bool *there = arena_array(&j->mem, bool, TILES);
    j->work = read_work;
    j->data = there;
    for (int t = 0; t < TILES; t++) {
        there[t] = h->tile[t].there;
        api_add(j, sources[t].list);
        api_set_text(j, t, "where", sources[t].where);
        api_set_text(j, t, "sort", sources[t].sort);
        api_set_int(j, t, "limit", TILE_MOST);
    }
    for (int i = 0; i < LOOKS; i++)
        api_add(j, "lead.get");
    api_post(j, WORK_PAGES);
}

bool home_stop(struct home *h)
{
    bool any = work_outstanding_of(ui_work(h->view.ui), h) || h->counting;
    work_cancel(ui_work(h->view.ui), h, ++h->generation);
    work_cancel(ui_work(h->view.ui), &h->number, ++h->count_gen);
    h->counting = 0;
    h->recount = false;
    return any;
}
