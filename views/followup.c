/* followup.c - the follow-up dialog: a digit, a word, Enter. At the right what was said last and what hangs
 * on it. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "views/desk.h"
#include "views/leadcell.h"
#include "views/sheet.h"
#include "views/words.h"

/* In the order of follow_up_results: the digits of the bank's ten results. */
static const struct form_choice results[] = {
    { "reached", N_("reached"), '1', 0 },
    { "no_answer", N_("no answer"), '2', 0 },
    { "busy", N_("busy"), '3', 0 },
    { "hung_up", N_("hung up"), '4', 0 },
    { "refuses_marketing", N_("refuses marketing"), '5', ROLE_BAD },
    { "wrong_number", N_("wrong number"), '6', 0 },
    { "interested", N_("interested"), '7', 0 },
    { "not_interested", N_("not interested"), '8', 0 },
    { "appointment", N_("appointment made"), '9', 0 },
    { "considering", N_("considering"), '0', 0 },
    { "visited_outlet", N_("visited outlet"), 'o', 0 },
    { "visited_customer", N_("visited customer"), 'v', 0 },
};
static const struct form_choice ways[] = {
    { "phone", N_("phone call"), 'd', 0 }, { "wechat", N_("WeChat"), 'w', 0 }, { "visit", N_("visit"), 'm',
            0 },
    { "counter", N_("counter"), 'k', 0 },  { "sms", N_("SMS"), 's', 0 },       { "email", N_("e-mail"), 'e',
            0 },
};

static const struct form_field fields[] = {
    { .key = "result", .label = N_("Result"), .kind = FORM_GRID, .required = true, .choices = results,
      .nchoices = sizeof results / sizeof *results, .help = N_("press one digit"), .then = "note" },
    { .key = "way", .label = N_("Way"), .kind = FORM_CHOICE, .required = true, .choices = ways,
      .nchoices = sizeof ways / sizeof *ways },
    { .key = "note", .label = N_("Note"), .kind = FORM_TEXT, .rows = 3, .max = 1000 },
    { .key = "next_at", .label = N_("Next"), .kind = FORM_DATE, .width = 18, .max = 20,
      .help = N_("+1 +3 +7 days on") },
};

enum { TALKS = 50 };

struct follow_up_state {
    const char *phone, *product, *last_when, *last_words, *last_note;
    int64_t first_due, left_at;
    bool first, mine;
    bool known;                 /* what was said last has been read */
    const char *result;
};

static unsigned follow_up_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    const struct follow_up_state *f = d->data;
    char left[WORDS];
    if (deed_failed(d, j))
        return UI_REDRAW;
    int64_t left_at = api_int(j, 0, "left_at");
    words_when(left_at, clock_now(), left);
    if (d->desk && d->desk->outcome)
        d->desk->outcome(d->desk, d->seen[0].id, _("recorded"), ROLE_GOOD);
    if (strcmp(f->result, "refuses_marketing") == 0)
        ui_toast(d->ui, TOAST_WARN, _("Recorded for %s: this way of reaching the customer is stopped at "
                                      "once."), d->seen[0].name);
    else if (left_at == NONE)
        ui_toast(d->ui, TOAST_DONE, _("Recorded for %s."), d->seen[0].name);
    else
        ui_toast(d->ui, TOAST_DONE, _("Recorded for %s; the next limit is %s."), d->seen[0].name, left);
    return deed_done(d);
}

static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    struct follow_up_state *f = d->data;
    int64_t next = NONE;
    bool day_only;
    (void)sheet;
    f->result = arena_strdup(&d->mem, form_get(form, "result"));
    if (*form_get(form, "next_at"))
        clock_parse(form_get(form, "next_at"), &next, &day_only);
    struct api_job *j = deed_job(d, follow_up_done);
    int step = api_add(j, "lead.follow_up");
    api_set_int(j, step, "id", d->seen[0].id);
    api_set_int(j, step, "version", d->seen[0].version);
    api_set_text(j, step, "result", f->result);
    api_set_text(j, step, "way", form_get(form, "way"));
    api_set_text(j, step, "note", form_get(form, "note"));
    api_set_int(j, step, "next_at", next);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static void ready(struct form *form, void *self)
{
    (void)self;
    form_set(form, "way", "phone");
}

/* ---- the right side ----------------------------------------------------------------------------------- */

static int heading(struct surface s, int y, const char *title, const char *note)
{
    struct line l = LINE_INIT;
    line_add(&l, ROLE_TITLE | INK_BOLD, "%s", title);
    if (note)
        line_add(&l, ROLE_DIM, " %s", note);
    surface_line(s, y, 0, &l, s.w, ALIGN_LEFT);
    line_free(&l);
    return y + 1;
}

static int cost(const struct follow_up_state *f, struct surface s, int y)
{
    char span[WORDS], words[4 * WORDS];
    int64_t now = clock_now();
    if (!f->first || f->first_due == NONE || !f->mine)
        return y;
    words_span(f->first_due - now, span);
    snprintf(words, sizeof words, f->first_due <= now
             ? _("The first follow-up is %s late; the clock stops when this is saved.")
                                                      : _("The first follow-up is due in %s; the clock "
                                                          "stops when this is saved."),
             span);
    return y + surface_wrap(s, y, f->first_due <= now ? ROLE_BAD : ROLE_TEXT, words);
}

static void side(void *self, struct surface s)
{
    const struct deed *d = self;
    const struct follow_up_state *f = d->data;
    int y = heading(s, 0, _("Last time"), f->last_when);
    if (!f->known) {
        y += surface_wrap(s, y, ROLE_DIM, _("reading .."));
    } else if (f->last_words) {
        y += surface_wrap(s, y, ROLE_TEXT, f->last_words);
        if (f->last_note)
            y += surface_wrap(s, y, ROLE_DIM, f->last_note);
    } else {
        y += surface_wrap(s, y, ROLE_DIM, _("Nobody has talked to this customer about it yet."));
    }
    y = heading(s, y + 1, _("What happens"), NULL);
    y = cost(f, s, y);
    y += surface_wrap(s, y, ROLE_TEXT, _("\"No answer\" and \"busy\" are written down, but stop no clock."));
    surface_wrap(s, y, ROLE_TEXT, _("\"Refuses marketing\" stops this way of reaching the customer at "
                                    "once."));
}

static void subject(void *self, struct line *right)
{
    const struct deed *d = self;
    const struct follow_up_state *f = d->data;
    char left[WORDS];
    int ink = words_left(f->left_at, clock_now(), left);
    if (f->phone)
        line_add(right, ROLE_TEXT, "%s  ", f->phone);
    line_add(right, ROLE_DIM, "%s  ", f->product);
    line_add(right, ink, "%s", left);
}

static unsigned got_talk(void *self, struct api_job *j)
{
    struct deed *d = self;
    struct follow_up_state *f = d->data;
    struct moment_row m;
    char when[WORDS];
    if (api_error(j))
        return 0;
    f->known = true;
    if (moment_last_talk(j, 0, &m)) {
        words_when(m.at, clock_now(), when);
        f->last_when = arena_strdup(&d->mem, when);
        f->last_words = arena_strdup(&d->mem, moment_words(&m, &d->mem));
        f->last_note = arena_strdup(&d->mem, m.note);
    }
    return UI_REDRAW;
}

/* The list does not know it, and the pane beside it may still show another lead. */
static void ask_talk(struct deed *d)
{
    struct api_job *j = api_new(d->ui, app_of(d->ui), 0, got_talk, deed_hold(d));
    j->released = deed_drop;
    api_set_int(j, api_add(j, "lead.timeline"), "id", d->seen[0].id);
    api_set_int(j, 0, "limit", TALKS);
    api_post(j, WORK_PAGES);
}

/* What was known when the key was pressed; the dialog outlives the list's page. */
static void capture(struct deed *d, struct desk *k)
{
    struct follow_up_state *f = arena_new(&d->mem, struct follow_up_state);
    const struct lead *l = k->lead(k);
    *f = (struct follow_up_state){ .left_at = NONE, .first_due = NONE, .product = "" };
    if (l) {
        f->phone = arena_strdup(&d->mem, l->phone);
        f->product = arena_strdup(&d->mem, product_word(&l->product));
        f->left_at = l->left_at;
        f->first = l->first_response_at == NONE;
        f->first_due = l->first_due_at;
        f->mine = l->owner.id != 0;
    }
    d->data = f;
}

unsigned follow_up_open(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    capture(d, call->self);
    ask_talk(d);
    d->sheet = sheet_open(call->ui, &(struct sheet_spec){
        .title = arena_printf(&d->mem, "%s   %s", _("Follow up"), deed_name(d)), .go_label = _("Save"),
        .fields = fields,
        .nfields = sizeof fields / sizeof *fields, .cells = 62, .side_cells = 40, .side_rows = 16,
        .ready = ready, .submit = submit,
        .side = side, .subject = subject, .closed = deed_sheet_closed, .self = d });
    return UI_DONE;
}
