#include "views/detail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "core/model/record_text.h"
#include "views/console.h"
#include "views/leadcell.h"
#include "views/words.h"

enum { REST_MS = 120, MOMENTS = 50, FACTS = 40, LABEL_MOST = 12, WHEN = 11, NOTE_ROWS = 3 };

/* ---- asking ------------------------------------------------------------------------------------------- */

enum { STEP_LEAD, STEP_MOMENTS, STEP_CONSENT };

static void detail_work(struct api_job *j)
{
    char where[48];
    if (api_call(j, STEP_LEAD) || api_call(j, STEP_MOMENTS))
        return;
    const struct lead *l = j->step[STEP_LEAD].out;
    j->step[STEP_CONSENT].err.status = ST_OK;
    if (!l->person.id)
        return;
    snprintf(where, sizeof where, "person = %" PRId64, l->person.id);
    api_set_text(j, STEP_CONSENT, "where", where);
    api_call(j, STEP_CONSENT);
}

void moment_read(const struct record *r, const void *row, struct moment_row *out)
{
    const struct ref *who = field_ref(record_field(r, "actor"), (void *)(uintptr_t)row);
    const struct ref *to = field_ref(record_field(r, "to"), (void *)(uintptr_t)row);
    *out = (struct moment_row){
        .at = record_int(r, row, "at"), .type = record_word(r, row, "type"),
        .actor = who->id ? ref_word(who) : NULL,
        .to = to->id ? ref_word(to) : NULL, .to_code = to->id ? to->code : NULL,
        .way = record_word(r, row, "way"), .result = record_word(r, row, "result"),
        .note = record_word(r, row, "note"), .data = record_word(r, row, "data"),
    };
}

static void take_moments(struct detail *d, const struct api_job *j)
{
    const struct api_step *s = &j->step[STEP_MOMENTS];
    size_t n;
    const char *rows = api_rows(j, STEP_MOMENTS, &n);
    d->moment = arena_array(&d->mem, struct moment_row, n);
    d->nmoments = n;
    d->more = n && ((const struct page *)s->out)->next;
    for (size_t i = 0; i < n; i++)
        moment_read(s->op->out, rows + i * s->op->out->size, &d->moment[i]);
}

bool moment_last_talk(const struct api_job *j, int step, struct moment_row *out)
{
    const struct record *r = j->step[step].op->out;
    size_t n;
    const char *rows = api_rows(j, step, &n);
    for (size_t i = 0; i < n; i++) {
        moment_read(r, rows + i * r->size, out);
        if (out->result)
            return true;
    }
    return false;
}

/* The newest row of a way holds; rows come newest first. */
static void take_consents(struct detail *d, const struct api_job *j)
{
    size_t n;
    const struct consent *rows = api_rows(j, STEP_CONSENT, &n);
    d->nconsents = 0;
    for (size_t i = 0; i < n && d->nconsents < 8; i++) {
        int k = 0;
        while (k < d->nconsents && strcmp(d->consent[k][0], rows[i].way) != 0)
            k++;
        if (k < d->nconsents)
            continue;
        d->consent[d->nconsents][0] = rows[i].way;
        d->consent[d->nconsents++][1] = rows[i].state;
    }
}

static unsigned detail_done(void *self, struct api_job *j)
{
    struct detail *d = self;
    bool same = d->lead && d->lead->head.id == d->id;
    arena_free(&d->mem);
    d->mem = j->mem;
    j->mem = (struct arena)ARENA_INIT;
    d->lead = NULL;
    d->error = NULL;
    d->nmoments = 0;
    if (j->step[STEP_LEAD].err.status) {
        d->error = sentence(&d->mem, &j->step[STEP_LEAD].err);
        return UI_REDRAW;
    }
    d->lead = j->step[STEP_LEAD].out;
    take_moments(d, j);
    take_consents(d, j);
    if (!same)
        d->scroll = 0;
    return UI_REDRAW;
}

void detail_reload(struct detail *d)
{
    loop_cancel_timer(ui_loop(d->ui), d->timer);
    d->timer = 0;
    work_cancel(ui_work(d->ui), d, ++d->generation);
    if (!d->id)
        return;
    struct api_job *j = api_new(d->ui, d, d->generation, detail_done, d);
    j->work = detail_work;
    api_set_int(j, api_add(j, "lead.get"), "id", d->id);
    api_set_int(j, api_add(j, "lead.timeline"), "id", d->id);
    api_set_int(j, STEP_MOMENTS, "limit", MOMENTS);
    api_set_text(j, api_add(j, "consent.list"), "sort", "-id");
    api_set_int(j, STEP_CONSENT, "limit", 100);
    api_post(j, WORK_PAGES);
}

static unsigned rested(void *self)
{
    struct detail *d = self;
    d->timer = 0;
    detail_reload(d);
    return 0;
}

void detail_follow(struct detail *d, int64_t id)
{
    bool first = !d->lead || ui_options(d->ui)->headless || app_of(d->ui)->at_once;
    if (id == d->id)
        return;
    d->id = id;
    if (!id)
        d->lead = NULL;                 /* whatever comes next is shown at once */
    loop_cancel_timer(ui_loop(d->ui), d->timer);
    d->timer = 0;
    if (first || !id)
        detail_reload(d);
    else
        d->timer = loop_add_timer(ui_loop(d->ui), REST_MS, rested, d);
}

void detail_init(struct detail *d, struct ui *ui)
{
    *d = (struct detail){ .ui = ui };
}

void detail_free(struct detail *d)
{
    loop_cancel_timer(ui_loop(d->ui), d->timer);
    work_cancel(ui_work(d->ui), d, WORK_ALL);
    arena_free(&d->mem);
}

void detail_scroll(struct detail *d, int rows)
{
    int most = d->rows - d->height;
    d->scroll += rows;
    d->scroll = d->scroll > most ? most : d->scroll;
    d->scroll = d->scroll < 0 ? 0 : d->scroll;
}

/* ---- sentences ---------------------------------------------------------------------------------------- */

const char *lead_rule(const struct lead *l, int64_t now, struct arena *a)
{
    char due[WORDS], back[WORDS];
    words_when(l->first_due_at, now, due);
    words_when(l->recycle_at, now, back);
    if (l->frozen == 1)
        return _("{bMarketing to this customer is stopped}: no calls, no messages, no claim.");
    if (l->open != 1)
        return _("Closed. A lead that is closed has no time limits.");
    if (!l->owner.id)
        return arena_printf(a, _("Once claimed: follow up within {s%d hours} (working days only) and "
                                 "record the result; without"
                                 " one it goes back to the public pool after {s%d hours}."),
                                     SAID_FIRST_HOURS, SAID_RECYCLE_HOURS);
    if (l->first_response_at == NONE && l->first_due_at != NONE && l->first_due_at <= now)
        return arena_printf(a, _("The first follow-up was due {b%s}; without one the lead goes back to "
                                 "the public pool {s%s}."
                                 " Only working days count."), due, back);
    if (l->first_response_at == NONE)
        return arena_printf(a, _("Record a first follow-up by {s%s}; without one it goes back to the "
                                 "public pool {s%s}."
                                 " Only working days count."), due, back);
    return arena_printf(a, _("Without another follow-up it goes back to the public pool {s%s}, {s%d "
                             "working days} after the"
                             " last one."), back, SAID_IDLE_DAYS);
}

static const char *choice_word(const struct choice *list, const char *code)
{
    const struct choice *c = code ? choice_find(list, code) : NULL;
    return c ? i18n_text(c->label) : code ? code : "";
}

/* A member of an event's data, in the arena; NULL when there is none. */
static const char *data_word(const char *data, const char *key, struct arena *a)
{
    struct json *j;
    if (!data || json_parse(data, strlen(data), &j, NULL) != ST_OK)
        return NULL;
    const char *word = arena_strdup(a, json_string(json_get(j, key)));
    json_free(j);
    return word;
}

static const struct { const char *type, *words; } kinds[] = {
    { "lead.created", N_("created") },
    { "lead.changed", N_("facts changed") },
    { "lead.imported", N_("imported") },
    { "lead.claimed", N_("claimed") },
    { "lead.assigned", N_("assigned") },
    { "lead.returned", N_("returned to the public pool") },
    { "lead.recycled", N_("recycled to the public pool") },
    { "lead.stage_changed", N_("stage changed") },
    { "lead.won", N_("won") },
    { "lead.lost", N_("lost") },
    { "lead.revealed", N_("phone shown in clear") },
    { "lead.tagged", N_("tags changed") },
    { "lead.undone", N_("took it back") },
    { "lead.frozen", N_("marketing stopped: the customer refuses") },
    { "lead.unfrozen", N_("marketing allowed again") },
};

const char *moment_words(const struct moment_row *m, struct arena *a)
{
    const char *actor = m->actor ? m->actor : "", *gap = m->actor ? " " : "";
    if (m->result)
        return arena_printf(a, "%s%s%s %s", actor, gap, choice_word(follow_up_ways, m->way),
                            choice_word(follow_up_results, m->result));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (m->type && strcmp(m->type, kinds[i].type) == 0)
            return arena_printf(a, "%s%s%s", actor, gap, i18n_text(kinds[i].words));
    return arena_printf(a, "%s%s%s", actor, gap, m->type ? m->type : "");
}

/* "+ vip, - cold" of what an event says of tags; NULL when it says nothing. */
static const char *tags_note(const char *data, struct arena *a)
{
    static const struct { const char *key, *sign; } ways[] = { { "add", "+" }, { "remove", "-" } };
    struct buf b = BUF_INIT;
    struct json *j;
    if (!data || json_parse(data, strlen(data), &j, NULL) != ST_OK)
        return NULL;
    for (size_t i = 0; i < 2; i++)
        for (const struct json *x = json_first(json_get(j, ways[i].key)); x; x = json_next(x))
            buf_addf(&b, "%s%s %s", b.len ? ", " : "", ways[i].sign, json_string(x));
    json_free(j);
    const char *note = b.len ? arena_strdup(a, b.s) : NULL;
    buf_release(&b);
    return note;
}

static const char *moment_note(const struct moment_row *m, struct arena *a)
{
    if (m->note)
        return m->note;
    if (m->type && strcmp(m->type, "lead.tagged") == 0)
        return tags_note(m->data, a);
    const char *reason = data_word(m->data, "reason", a), *to = m->to;
    if (to && m->to_code && strcmp(to, m->to_code) != 0)
        to = arena_printf(a, "%s (%s)", to, m->to_code);
    if (to)
        return arena_printf(a, reason ? _("to %s, %s") : _("to %s"), to, reason);
    return reason;
}

/* ---- drawing ------------------------------------------------------------------------------------------ */

static int both(struct surface s, int y, const struct line *left, const struct line *right)
{
    int cells = line_width(right);
    surface_line(s, y, 0, left, s.w - cells - (cells ? 1 : 0), ALIGN_LEFT);
    surface_line(s, y, s.w - cells, right, cells, ALIGN_LEFT);
    return 1;
}

static int draw_who(struct detail *d, struct surface s, int y, struct arena *a)
{
    const struct lead *l = d->lead;
    struct line left = LINE_INIT, right = LINE_INIT;
    int ink;
    const char *name = words_name(d->ui, lead_called(l, a));
    const char *gender = l->gender ? choice_word(gender_choices, l->gender) : "";
    const char *phone = l->phone && l->name ? l->phone : "", *intent = intent_word(l, &ink);
    int rows = 0;
    if (l->intent)
        line_add(&right, ink, _("%s intent"), intent);
    if (text_width(name) + text_width(gender) + text_width(phone) + 5 + line_width(&right) > s.w) {
        rows = surface_wrap(surface_sub(s, y, 0, -1, s.w), 0, ROLE_STRONG | INK_BOLD, name);
        y += rows;      /* a long name has rows of its own: it takes nothing from the phone */
    } else {
        line_add(&left, ROLE_STRONG | INK_BOLD, "%s  ", name);
    }
    line_add(&left, ROLE_TEXT, "%s%s%s", gender, *gender ? "  " : "", phone);
    both(s, y, &left, &right);
    line_free(&left);
    line_free(&right);
    return rows + 1;
}

/* What is at stake, and until when. */
static int draw_limit(const struct lead *l, struct surface s, int y, int64_t now)
{
    struct line left = LINE_INIT, right = LINE_INIT;
    char span[WORDS];
    int ink = words_left(l->left_at, now, span);
    if (l->open != 1)
        line_add(&left, ROLE_DIM, "%s", _("closed"));
    else if (l->left_at == NONE)
        line_add(&left, ROLE_DIM, "%s", _("no time limit"));
    else if (!l->owner.id)
        line_add(&left, ink, _("To the parent pool: %s"), span);
    else if (l->first_response_at == NONE)
        line_add(&left, ink, _("First follow-up: %s"), span);
    else if (l->left_at == l->next_follow_up_at)
        line_add(&left, ink, _("Next follow-up: %s"), span);
    else
        line_add(&left, ink, _("Recycled in: %s"), span);
    line_add(&right, ROLE_DIM, "L-%lld", (long long)l->no);
    int rows = 1 + (line_width(&left) + 1 + line_width(&right) > s.w);      /* the limit is never cut */
    if (rows > 1)
        surface_line(s, y, 0, &left, -1, ALIGN_LEFT);
    if (rows > 1)
        line_clear(&left);
    both(s, y + rows - 1, &left, &right);
    line_free(&left);
    line_free(&right);
    return rows;
}

static const char *stage_fact(const struct lead *l, struct arena *a)
{
    int ink;
    const char *stage = stage_word(l, &ink);
    if (l->score != NONE)
        stage = arena_printf(a, _("%s   score %lld"), stage, (long long)l->score);
    if (l->open != 1 && l->reason)
        stage = arena_printf(a, "%s   %s", stage, l->reason);
    return stage;
}

static const char *owner_fact(const struct lead *l, int64_t now, struct arena *a)
{
    char when[WORDS];
    words_when(l->received_at, now, when);
    if (l->owner.id)
        return arena_printf(a, _("%s, since %s"), ref_word(&l->owner), when);
    return l->pool.id ? arena_printf(a, _("nobody; in %s since %s"), pool_word(&l->pool), when) : "";
}

static const char *source_fact(const struct lead *l, struct arena *a)
{
    if (!l->channel.id)
        return l->source_detail;
    return l->source_detail ? arena_printf(a, "%s %s", ref_word(&l->channel), l->source_detail)
                            : ref_word(&l->channel);
}

static void consent_line(const struct detail *d, struct line *l)
{
    for (int i = 0; i < d->nconsents; i++) {
        bool granted = strcmp(d->consent[i][1], "granted") == 0;
        line_add(l, ROLE_TEXT, "%s%s ", i ? "   " : "", choice_word(consent_ways, d->consent[i][0]));
        line_add(l, granted ? ROLE_GOOD : ROLE_BAD, "%s", granted ? _("yes") : _("no"));
    }
}

struct fact { const char *label, *value; };

/* The facts that there are; returns how many. */
static int collect_facts(struct detail *d, struct fact out[FACTS], struct arena *a, int64_t now)
{
    const struct lead *l = d->lead;
    char money[WORDS];
    words_money(l->amount, money);
    const struct fact all[] = {
        { _("Product"), product_word(&l->product) },
        { _("Source"), source_fact(l, a) },
        { _("Stage"), stage_fact(l, a) },
        { _("Owner"), owner_fact(l, now, a) },
        { _("Branch"), ref_word(&l->branch) },
        { _("Tags"), record_text(record_field(&lead_record, "tags"), NULL, l, TEXT_SHOW, a) },
        { _("Amount"), l->amount == NONE ? "" : arena_strdup(a, money) },
        { _("External id"), l->name ? l->external_id : NULL },
    };
    int n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value && *all[i].value)
            out[n++] = all[i];
    for (size_t i = 0; i < l->attr.n && n < FACTS; i++) {
        const char *value = record_text(NULL, &l->attr.items[i], l, TEXT_SHOW, a);
        if (*value)
            out[n++] = (struct fact){ l->attr.items[i].def->label, value };
    }
    return n;
}

/* Facts from row y on, at most to the row `end`; returns the rows used. */
static int draw_facts(struct detail *d, struct surface s, int y, int end, struct arena *a, int64_t now)
{
    struct fact fact[FACTS];
    struct line l = LINE_INIT;
    int n = collect_facts(d, fact, a, now), top = y, label = d->nconsents ? text_width(_("Consent")) : 0;
    for (int i = 0; i < n; i++)
        label = text_width(fact[i].label) > label ? text_width(fact[i].label) : label;
    label = label < LABEL_MOST ? label : LABEL_MOST;
    for (int i = 0; i < n && y < end; i++)
        y += view_fact(s, y, label, fact[i].label, ROLE_TEXT, fact[i].value);
    if (d->nconsents && y < end) {
        consent_line(d, &l);
        surface_text(s, y, 0, ROLE_DIM, _("Consent"), label, ALIGN_LEFT);
        surface_line(s, y++, label + 2, &l, -1, ALIGN_LEFT);
    }
    line_free(&l);
    return y - top;
}

/* The rule as a quotation: a mark at the left, a quiet ground. words_rich() marks are kept over the breaks
 * by drawing the plain words and counting their rows. */
static void plain_words(const char *rich, struct buf *out)
{
    for (; *rich; rich++)
        if (*rich == '{' && rich[1])
            rich++;
        else if (*rich != '}')
            buf_addc(out, *rich);
}

static int draw_rule(const struct lead *l, struct surface s, int y, struct arena *a, int64_t now)
{
    struct buf words = BUF_INIT;
    plain_words(lead_rule(l, now, a), &words);
    int rows = text_rows(words.s, s.w - 2);
    struct surface box = surface_on(surface_sub(s, y, 0, rows, s.w), ROLE_SELECT_OFF);
    if (box.h > 0) {
        surface_fill(box);
        surface_vline(box, 0, 0, box.h, ROLE_KEY, GLYPH_FOCUS_OFF);
        surface_wrap(surface_sub(box, 0, 2, box.h, -1), 0, ROLE_TEXT, words.s);
    }
    buf_release(&words);
    return rows;
}

static int moment_ink(const struct moment_row *m)
{
    if (m->result)
        return strcmp(m->result, "refuses_marketing") == 0 ? ROLE_BAD : ROLE_GOOD;
    if (!m->type || strcmp(m->type, "lead.returned") == 0 || strcmp(m->type, "lead.recycled") == 0)
        return ROLE_WARN;
    return strcmp(m->type, "lead.won") == 0 ? ROLE_GOOD : ROLE_ACCENT;
}

/* One thing that happened from row y (which may lie above s); returns the rows it takes. */
static int draw_moment(const struct ui *ui, const struct moment_row *m, struct surface s, int y,
                       struct arena *a, int64_t now,
                       bool last)
{
    char when[WORDS];
    const char *note = words_name(ui, moment_note(m, a));       /* notes name people, too */
    struct surface words = surface_sub(s, 0, WHEN + 3, s.h, -1);
    const char *what = moment_words(m, a);
    int head = text_rows(what, words.w), rows = note ? text_rows(note, words.w) : 0;
    words_when(m->at, now, when);
    rows = head + (rows > NOTE_ROWS ? NOTE_ROWS : rows);
    for (int r = 1; r < rows + !last; r++)
        if (y + r >= 0 && y + r < s.h)
            surface_glyph(s, y + r, WHEN + 1, ROLE_BORDER, GLYPH_VLINE);
    if (y >= 0 && y < s.h) {
        surface_text(s, y, 0, ROLE_DIM, when, WHEN, ALIGN_RIGHT);
        surface_glyph(s, y, WHEN + 1, moment_ink(m), m->result ? GLYPH_DOT : GLYPH_RING);
    }
    surface_wrap(words, y, ROLE_TEXT, what);
    if (note && y + head >= 0 && y + head < s.h)
        surface_wrap(surface_sub(words, y + head, 0, rows - head, -1), 0, ROLE_DIM, note);
    return rows + !last;
}

static void draw_timeline(struct detail *d, struct surface s, struct arena *a, int64_t now, bool focused)
{
    struct line note = LINE_INIT;
    struct surface rows = surface_sub(s, 1, 0, -1, -1);
    int y = -d->scroll;
    if (s.h < 2)
        return;
    line_add(&note, ROLE_DIM, d->more ? _("last %zu") : _("%zu in all"), d->nmoments);
    view_pane_title(s, 0, _("Timeline"), &note, focused);
    line_free(&note);
    if (!d->nmoments)
        surface_wrap(rows, 0, ROLE_DIM, _("Nothing has happened yet: the first follow-up is yours."));
    for (size_t i = 0; i < d->nmoments; i++)
        y += draw_moment(d->ui, &d->moment[i], rows, y, a, now, i + 1 == d->nmoments);
    d->height = rows.h;
    d->rows = y + d->scroll;
    surface_thumb(rows, rows.w - 1, d->scroll, d->rows);
}

/* Facts and rule from row 0; returns the rows used. */
static int draw_head(struct detail *d, struct surface s, struct arena *a, int64_t now)
{
    int y = 0;
    y += draw_who(d, s, y, a);
    y += draw_limit(d->lead, s, y, now);
    y += s.h > 22;
    y += draw_facts(d, s, y, s.h > 16 ? s.h - 8 : s.h, a, now);
    y += s.h > 18;
    return y + draw_rule(d->lead, s, y, a, now);
}

void detail_draw(struct detail *d, struct surface s, bool focused)
{
    struct arena a = ARENA_INIT;
    int64_t now = clock_now();
    if (d->error)
        surface_wrap(s, 0, ROLE_BAD, d->error);
    if (!d->lead || s.h < 3 || s.w < 20)
        return;
    int y = draw_head(d, s, &a, now);
    y += s.h > 18;
    draw_timeline(d, surface_sub(s, y, 0, s.h - y, s.w), &a, now, focused);
    arena_free(&a);
}

void detail_draw_wide(struct detail *d, struct surface s)
{
    struct arena a = ARENA_INIT;
    int64_t now = clock_now();
    struct split parts = view_split(s, 50, 44, 44);
    if (!parts.right.w || !d->lead) {
        detail_draw(d, s, false);
        return;
    }
    draw_head(d, parts.left, &a, now);
    draw_timeline(d, parts.right, &a, now, false);
    arena_free(&a);
}
