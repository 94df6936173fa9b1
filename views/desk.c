#include "views/desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/money.h"
#include "core/api/sentence.h"
#include "tui/clip.h"
#include "tui/dialog.h"
#include "views/leadcell.h"
#include "views/sheet.h"
#include "views/words.h"

/* ---- deeds -------------------------------------------------------------------------------------------- */

struct deed *deed_new(struct desk *k)
{
    struct deed *d = xcalloc(1, sizeof *d);
    d->ui = k->ui;
    d->desk = k->lasting ? k : NULL;
    d->refs = 1;
    d->n = k->chosen(k, &d->mem, &d->seen);
    return d;
}

struct deed *deed_after(const struct deed *before)
{
    struct deed *d = xcalloc(1, sizeof *d);
    d->ui = before->ui;
    d->desk = before->desk;
    d->refs = 1;
    return d;
}

struct deed *deed_hold(struct deed *d)
{
    d->refs++;
    return d;
}

void deed_drop(void *deed)
{
    struct deed *d = deed;
    if (--d->refs)
        return;
    arena_free(&d->mem);
    free(d);
}

void deed_sheet_closed(void *deed)
{
    ((struct deed *)deed)->sheet = NULL;
    deed_drop(deed);
}

/* Writes belong to the console, not to a view: what was begun is told to the end. */
struct api_job *deed_job(struct deed *d, api_done *done)
{
    struct api_job *j = api_new(d->ui, app_of(d->ui), 0, done, deed_hold(d));
    j->released = deed_drop;
    if (d->sheet)
        sheet_wait(d->sheet, true);
    return j;
}

bool deed_failed(struct deed *d, struct api_job *j)
{
    const struct err *e = api_error(j);
    if (!e)
        return false;
    if (d->sheet)
        sheet_refuse(d->sheet, e);
    else
        app_toast(d->ui, e);
    return true;
}

unsigned deed_done(struct deed *d)
{
    if (d->sheet)
        ui_close(d->ui, d->sheet);
    unsigned bits = d->desk && d->desk->finished ? d->desk->finished(d->desk) : 0;
    return bits | app_changed(app_of(d->ui)) | UI_REDRAW;
}

const char *deed_name(struct deed *d)
{
    return d->n == 1 ? words_name(d->ui, d->seen[0].name) : arena_printf(&d->mem, _("%zu leads"), d->n);
}

/* ---- asking first ------------------------------------------------------------------------------------- */

struct asked { struct deed *deed; unsigned (*go)(struct deed *d); };

static unsigned asked_go(struct ui *ui, void *self)
{
    struct asked *a = self;
    (void)ui;
    return a->go(a->deed);
}

static void asked_free(void *self)
{
    struct asked *a = self;
    deed_drop(a->deed);
    free(a);
}

unsigned deed_ask(struct deed *d, const char *title, const char *text, const char *go_label,
                  unsigned (*go)(struct deed *d))
{
    struct asked *a = xcalloc(1, sizeof *a);
    *a = (struct asked){ deed_hold(d), go };
    dialog_ask(d->ui, &(struct question){ .title = title, .text = text, .go_label = go_label,
                                          .stake = STAKE_CONFIRM, .go = asked_go, .free = asked_free,
                                          .self = a });
    return UI_DONE;
}

unsigned deed_ask_many(struct deed *d, const char *go_label, unsigned (*go)(struct deed *d))
{
    if (d->n <= DEED_MANY)
        return go(d);
    return deed_ask(d, go_label, arena_printf(&d->mem, _("%s: %zu leads at once."), go_label, d->n), go_label,
                    go);
}

/* ---- taking back -------------------------------------------------------------------------------------- */

enum { UNDO_SECONDS = 20 };

struct undo { struct ui *ui; size_t n; int64_t *ids, *versions; char *name; };

static void undo_free(void *self)
{
    struct undo *u = self;
    free(u->ids);
    free(u->versions);
    free(u->name);
    free(u);
}

static unsigned undone(void *self, struct api_job *j)
{
    struct ui *ui = self;
    const struct err *e = api_error(j);
    const char *name = j->data;
    if (e)
        app_toast(ui, e);
    else if (api_int(j, 0, "refused") > 0)
        ui_toast(ui, TOAST_WARN, _("Taken back: %lld; not: %lld."), (long long)api_int(j, 0, "ok"),
                 (long long)api_int(j, 0, "refused"));
    else
        ui_toast(ui, TOAST_DONE, _("Taken back: %s."), name);
    app_of(ui)->forced = true;          /* a row must not go on saying what was taken back */
    unsigned bits = app_changed(app_of(ui));
    app_of(ui)->forced = false;
    return bits | UI_REDRAW;
}

static unsigned undo_go(struct ui *ui, void *self)
{
    const struct undo *u = self;
    struct api_job *j = api_new(ui, app_of(ui), 0, undone, ui);
    int step = api_add(j, "lead.undo");
    j->data = arena_strdup(&j->mem, u->name);
    if (u->n == 1) {
        api_set_int(j, step, "id", u->ids[0]);
        api_set_int(j, step, "version", u->versions[0]);
    } else {
        api_set_seen(j, step, "leads", u->ids, u->versions, u->n);
    }
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

/* The leads of an answer that were done, at the versions that they have since. */
static struct undo *undo_new(struct deed *d, const struct api_job *j, int step)
{
    const struct api_step *s = &j->step[step];
    const struct field *f = record_field(s->op->out, "outcomes");
    const struct list *list = field_list(f, s->out);
    struct undo *u = xcalloc(1, sizeof *u);
    u->ui = d->ui;
    u->name = xstrdup(deed_name(d));
    u->ids = xcalloc(list->n + 1, sizeof *u->ids);
    u->versions = xcalloc(list->n + 1, sizeof *u->versions);
    for (size_t i = 0; i < list->n; i++) {
        const char *row = (const char *)list->items + i * f->rec->size;
        if (strcmp(record_word(f->rec, row, "code"), "OK") != 0)
            continue;
        u->ids[u->n] = record_int(f->rec, row, "id");
        u->versions[u->n++] = record_int(f->rec, row, "version");
    }
    return u;
}

void deed_say_undo(struct deed *d, const struct api_job *j, int step, const char *words)
{
    struct undo *u = undo_new(d, j, step);
    if (u->n) {
        ui_toast_undo(d->ui, UNDO_SECONDS, undo_go, undo_free, u, "%s", words);
        return;
    }
    undo_free(u);
    ui_toast(d->ui, TOAST_DONE, "%s", words);
}

void deed_set_leads(struct deed *d, struct api_job *j, int step)
{
    if (d->n == 1) {
        api_set_int(j, step, "id", d->seen[0].id);
        api_set_int(j, step, "version", d->seen[0].version);
        return;
    }
    int64_t *ids = arena_array(&d->mem, int64_t, d->n), *versions = arena_array(&d->mem, int64_t, d->n);
    for (size_t i = 0; i < d->n; i++) {
        ids[i] = d->seen[i].id;
        versions[i] = d->seen[i].version;
    }
    api_set_seen(j, step, "leads", ids, versions, d->n);
}

/* ---- what became of each ------------------------------------------------------------------------------ */

struct verdict { int64_t id; const char *code, *detail; };

/* The outcomes of claim, assign and return, in the job's arena. */
static size_t verdicts(struct api_job *j, int step, struct verdict **out)
{
    const struct api_step *s = &j->step[step];
    const struct field *f = record_field(s->op->out, "outcomes");
    const struct list *list = field_list(f, s->out);
    *out = arena_array(&j->mem, struct verdict, list->n);
    for (size_t i = 0; i < list->n; i++) {
        const char *row = (const char *)list->items + i * f->rec->size;
        (*out)[i] = (struct verdict){ record_int(f->rec, row, "id"), record_word(f->rec, row, "code"),
                                      record_word(f->rec, row, "detail") };
    }
    return list->n;
}

static const char *seen_name(const struct deed *d, int64_t id)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->seen[i].id == id)
            return words_name(d->ui, d->seen[i].name);
    return "";
}

/* A refusal in the width of a cell. */
static const char *short_word(struct arena *a, const struct verdict *v)
{
    if (strcmp(v->code, "TAKEN") == 0 && v->detail && *v->detail)
        return arena_printf(a, _("with %s"), v->detail);
    return strcmp(v->code, "noun.stale") == 0 ? _("changed") : _("refused");
}

/* Tells the rows, and the message log each refusal; gives the words for the toast: "Not 2: 欧阳慧敏: Somebody
 * was faster ..". */
static const char *tell_refused(struct deed *d, struct api_job *j, const struct verdict *v, size_t n,
                                const char *done_word)
{
    const char *first = NULL, *who = NULL;
    size_t refused = 0;
    for (size_t i = 0; i < n; i++) {
        bool ok = strcmp(v[i].code, "OK") == 0;
        if (d->desk && d->desk->outcome)
            d->desk->outcome(d->desk, v[i].id, ok ? done_word : short_word(&j->mem, &v[i]), ok ? ROLE_GOOD
                             : ROLE_WARN);
        if (ok)
            continue;
        const char *why = sentence_of(&j->mem, v[i].code, &v[i].detail, v[i].detail ? 1 : 0),
            *name = seen_name(d, v[i].id);
        if (!refused++) {
            first = why;
            who = name;
        } else {
            ui_toast(d->ui, TOAST_WARN, "%s: %s", name, why);
        }
    }
    return refused ? arena_printf(&j->mem, _(" Not %zu: %s: %s"), refused, who, first) : "";
}

/* ---- claim -------------------------------------------------------------------------------------------- */

enum { STEP_CLAIM, STEP_LOOK };

/* The first lead that was won is looked at again: its clock goes into the sentence. */
static void claim_work(struct api_job *j)
{
    struct verdict *v;
    j->step[STEP_LOOK].err.status = ST_OK;
    if (api_call(j, STEP_CLAIM))
        return;
    size_t n = verdicts(j, STEP_CLAIM, &v);
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].code, "OK") == 0) {
            api_set_int(j, STEP_LOOK, "id", v[i].id);
            api_call(j, STEP_LOOK);
            j->data = &j->step[STEP_LOOK];
            return;
        }
}

static unsigned claim_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    struct verdict *v;
    char due[WORDS] = "-", count[WORDS];
    if (j->step[STEP_CLAIM].err.status) {
        app_toast(d->ui, &j->step[STEP_CLAIM].err);
        return app_changed(app_of(d->ui)) | UI_REDRAW;
    }
    size_t n = verdicts(j, STEP_CLAIM, &v);
    int64_t ok = api_int(j, STEP_CLAIM, "ok");
    const char *refused = tell_refused(d, j, v, n, _("claimed"));
    if (j->data)
        words_when(api_int(j, STEP_LOOK, "first_due_at"), clock_now(), due);
    words_count(ok, count);
    if (d->n == 1)
        deed_say_undo(d, j, STEP_CLAIM, arena_printf(&j->mem, _("Claimed %s; first follow-up by %s."),
                                                     deed_name(d), due));
    else if (ok && !*refused)
        deed_say_undo(d, j, STEP_CLAIM, arena_printf(&j->mem, P_("Claimed %s lead; first follow-up by %s.%s",
                                                     "Claimed %s leads; first follow-up by %s.%s", ok),
                                                     count, due, ""));
    else if (ok)
        ui_toast(d->ui, *refused ? TOAST_WARN : TOAST_DONE,
                 P_("Claimed %s lead; first follow-up by %s.%s",
                    "Claimed %s leads; first follow-up by %s.%s", ok),
                 count, due, refused);
    else
        ui_toast(d->ui, TOAST_WARN, _("Claimed nothing.%s"), refused);
    return deed_done(d);
}

static unsigned claim(struct deed *d)
{
    struct api_job *j = deed_job(d, claim_done);
    j->work = claim_work;
    deed_set_leads(d, j, api_add(j, "lead.claim"));
    api_add(j, "lead.get");
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static unsigned do_claim(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    unsigned bits = deed_ask_many(d, i18n_text(call->action->label), claim);
    deed_drop(d);
    return bits;
}

/* ---- return ------------------------------------------------------------------------------------------- */

/* A reason is one of a list, words of its own, or both. */
static const char *reason_of(struct deed *d, struct form *form, const struct form_choice *list, size_t n)
{
    const char *code = form_get(form, "reason"), *words = form_get(form, "words"), *label = "";
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].value, code) == 0 && strcmp(code, "other") != 0)
            label = i18n_text(list[i].label);
    return arena_printf(&d->mem, "%s%s%s", label, *label && *words ? ": " : "", words);
}

/* "other" wants words. */
static bool lacks_words(struct form *form)
{
    if (strcmp(form_get(form, "reason"), "other") != 0 || *form_get(form, "words"))
        return false;
    form_error(form, "words", _("say what the reason is"));
    return true;
}

static const struct form_choice return_reasons[] = {
    { "declined", N_("no interest now"), '1', 0 },
    { "unreached", N_("not reachable"), '2', 0 },
    { "not_mine", N_("not my segment"), '3', 0 },
    { "other_branch", N_("another branch's"), '4', 0 },
    { "busy", N_("no time for it"), '5', 0 },
    { "other", N_("another reason"), '6', 0 },
};
static const struct form_choice lose_reasons[] = {
    { "elsewhere", N_("with another bank"), '1', 0 },
    { "no_need", N_("has no need"), '2', 0 },
    { "unfit", N_("not eligible"), '3', 0 },
    { "price", N_("rate or price"), '4', 0 },
    { "service", N_("poor service"), '5', 0 },
    { "other", N_("another reason"), '6', 0 },
};
enum { REASONS = sizeof return_reasons / sizeof *return_reasons };

#define REASON_FIELDS(list) \
    { .key = "reason", .label = N_("Reason"), .kind = FORM_GRID, .required = true, .choices = (list), \
      .nchoices = REASONS, \
      .help = N_("press one digit"), .then = "words" }, \
    { .key = "words", .label = N_("Words"), .kind = FORM_TEXT, .rows = 2, .max = 200, \
      .hint = N_("more about it, if you like") }

static const struct form_field return_fields[] = { REASON_FIELDS(return_reasons) };
static const struct form_field lose_fields[] = { REASON_FIELDS(lose_reasons) };

static unsigned return_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    struct verdict *v;
    if (deed_failed(d, j))
        return UI_REDRAW;
    size_t n = verdicts(j, 0, &v);
    const char *refused = tell_refused(d, j, v, n, _("returned"));
    int64_t ok = api_int(j, 0, "ok");
    if (ok && !*refused)
        deed_say_undo(d, j, 0, arena_printf(&j->mem, _("Returned to the public pool: %s.%s"),
                                            deed_name(d), ""));
    else if (ok)
        ui_toast(d->ui, TOAST_WARN, _("Returned to the public pool: %s.%s"),
                 arena_printf(&j->mem, P_("%lld lead", "%lld leads", ok), (long long)ok), refused);
    else
        ui_toast(d->ui, TOAST_WARN, _("Returned nothing.%s"), refused);
    return deed_done(d);
}

/* data: the reason. */
static unsigned post_reason(struct deed *d, const char *operation, api_done *done)
{
    struct api_job *j = deed_job(d, done);
    int step = api_add(j, operation);
    deed_set_leads(d, j, step);
    api_set_text(j, step, "reason", d->data);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static unsigned return_go(struct deed *d)
{
    return post_reason(d, "lead.return", return_done);
}

static unsigned return_submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    (void)sheet;
    if (lacks_words(form))
        return UI_DONE;
    d->data = (void *)(uintptr_t)reason_of(d, form, return_reasons, REASONS);
    return deed_ask(d, _("Return"), arena_printf(&d->mem,
                                                 _("%s goes back to the public pool, for anyone to claim."),
                                                 deed_name(d)), _("Return"), return_go);
}

static unsigned open_reasons(const struct action_call *call, const char *title,
                             const struct form_field *fields,
                             unsigned (*submit)(struct view *, struct form *, void *))
{
    struct deed *d = deed_new(call->self);
    d->sheet = sheet_open(call->ui, &(struct sheet_spec){
        .title = arena_printf(&d->mem, "%s   %s", title, deed_name(d)),
        .go_label = i18n_text(call->action->label), .cells = 56,
        .fields = fields, .nfields = 2, .submit = submit, .closed = deed_sheet_closed, .self = d });
    return UI_DONE;
}

static unsigned do_return(const struct action_call *call)
{
    return open_reasons(call, _("Return to the public pool"), return_fields, return_submit);
}

/* ---- win and lose ------------------------------------------------------------------------------------- */

static unsigned closed_done(struct deed *d, struct api_job *j, const char *words, int ink,
                            const char *sentence_fmt_done)
{
    if (deed_failed(d, j))
        return UI_REDRAW;
    if (d->desk && d->desk->outcome)
        d->desk->outcome(d->desk, d->seen[0].id, words, ink);
    ui_toast(d->ui, TOAST_DONE, "%s", sentence_fmt_done);
    return deed_done(d);
}

static unsigned lose_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    return closed_done(d, j, _("lost"), ROLE_DIM,
                       arena_printf(&j->mem, _("Closed as lost: %s."), deed_name(d)));
}

static unsigned lose_go(struct deed *d)
{
    return post_reason(d, "lead.lose", lose_done);
}

static unsigned lose_submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    (void)sheet;
    if (lacks_words(form))
        return UI_DONE;
    d->data = (void *)(uintptr_t)reason_of(d, form, lose_reasons, REASONS);
    return deed_ask(d, _("Lose"), arena_printf(&d->mem, _("%s is closed as lost; its tasks end."),
                                               deed_name(d)),
                    _("Lose"), lose_go);
}

static unsigned do_lose(const struct action_call *call)
{
    return open_reasons(call, _("Close as lost"), lose_fields, lose_submit);
}

static const char *check_amount(void *self, const struct form_field *f, const char *value)
{
    int64_t fen;
    (void)self;
    (void)f;
    return money_parse(value, &fen) && fen >= 0 ? NULL : _("not an amount; write 1234.50 or 30万");
}

static const struct form_field win_fields[] = {
    { .key = "amount", .label = N_("Amount"), .kind = FORM_TEXT, .required = true, .width = 18, .max = 24,
      .check = check_amount,
      .help = N_("yuan; 30万 will do") },
    { .key = "won_at", .label = N_("Closed on"), .kind = FORM_DATE, .required = true, .width = 18,
      .max = 20 },
    { .key = "note", .label = N_("Note"), .kind = FORM_TEXT, .rows = 2, .max = 500 },
};

static unsigned win_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    return closed_done(d, j, _("won"), ROLE_GOOD,
                       arena_printf(&j->mem, _("Won: %s, %s yuan."), deed_name(d), (const char *)d->data));
}

static unsigned win_submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    int64_t fen = 0, at = NONE;
    bool day_only;
    char money[WORDS];
    (void)sheet;
    money_parse(form_get(form, "amount"), &fen);
    clock_parse(form_get(form, "won_at"), &at, &day_only);
    words_money(fen, money);
    d->data = arena_strdup(&d->mem, money);
    struct api_job *j = deed_job(d, win_done);
    int step = api_add(j, "lead.win");
    deed_set_leads(d, j, step);
    api_set_int(j, step, "amount", fen);
    api_set_int(j, step, "won_at", at);
    api_set_text(j, step, "note", form_get(form, "note"));
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static void win_ready(struct form *form, void *self)
{
    char today[CLOCK_TEXT];
    (void)self;
    clock_date(clock_now(), today);
    form_set(form, "won_at", today);
}

static unsigned do_win(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    d->sheet = sheet_open(call->ui, &(struct sheet_spec){
        .title = arena_printf(&d->mem, "%s   %s", _("Close as won"), deed_name(d)), .go_label = _("Won"),
        .cells = 56,
        .fields = win_fields, .nfields = sizeof win_fields / sizeof *win_fields, .ready = win_ready,
        .submit = win_submit,
        .closed = deed_sheet_closed, .self = d });
    return UI_DONE;
}

/* ---- copying ------------------------------------------------------------------------------------------ */

/* Number, name and phone as the screen shows them, parted by tabs: masked phones stay masked, hidden names
 * hidden. */
static unsigned do_copy(const struct action_call *call)
{
    struct desk *k = call->self;
    const struct lead *l = k->lead(k);
    struct arena a = ARENA_INIT;
    if (!l)
        return UI_HANDLED;
    const char *name = l->name ? l->name : l->phone ? "" : lead_called(l, &a),
        *phone = !l->phone ? "" : l->name ? l->phone : words_name(k->ui, l->phone);
    unsigned bits = clip_copy(k->ui, arena_printf(&a, "L-%lld\t%s\t%s", (long long)l->no,
                                                  words_name(k->ui, name), phone));
    arena_free(&a);
    return bits;
}

/* ---- the rows ----------------------------------------------------------------------------------------- */

static const struct lead *lead_in_hand(const struct action_call *call)
{
    struct desk *k = call->self;
    return call->subject.marked ? NULL : k->lead(k);
}

static const char *need(const struct action_call *call, enum right r)
{
    return app_may(app_of(call->ui), r) ? NULL : _("your role may not");
}

static bool is_mine(const struct action_call *call, const struct lead *l)
{
    const struct app *app = app_of(call->ui);
    return l->owner.id && (l->owner.id == app->me.employee || app_may(app, RIGHT_LEAD_ASSIGN));
}

static const char *no_claim(const struct action_call *call)
{
    const struct lead *l = lead_in_hand(call);
    const char *why = need(call, RIGHT_LEAD_CLAIM);
    if (why || !l)
        return why;
    if (!app_of(call->ui)->me.employee)
        return _("this account is no employee's");
    if (l->open != 1)
        return _("closed already");
    return l->pool.id ? NULL : l->owner.id == app_of(call->ui)->me.employee ? _("yours already")
        : _("in other hands");
}

static const char *no_own_work(const struct action_call *call)
{
    const struct lead *l = lead_in_hand(call);
    const char *why = need(call, RIGHT_LEAD_WRITE);
    if (why || !l)
        return why;
    if (l->open != 1)
        return _("closed already");
    return is_mine(call, l) ? NULL : l->pool.id ? _("claim it first")
        : _("in other hands");
}

static const char *no_single_work(const struct action_call *call)
{
    return call->subject.marked > 1 ? _("for one lead only; take the marks away") : no_own_work(call);
}

static const char *no_assign(const struct action_call *call)
{
    const struct lead *l = lead_in_hand(call);
    const char *why = need(call, RIGHT_LEAD_ASSIGN);
    return why || !l ? why : l->open == 1 ? NULL : _("closed already");
}

static const char *no_tagging(const struct action_call *call)
{
    const struct lead *l = lead_in_hand(call);
    const char *why = need(call, RIGHT_LEAD_WRITE);
    if (why || !l || is_mine(call, l) || app_may(app_of(call->ui), RIGHT_LEAD_ASSIGN))
        return why;
    return l->pool.id ? _("claim it first") : _("in other hands");
}

static const char *no_reveal(const struct action_call *call)
{
    return call->subject.marked > 1 ? _("for one lead only; take the marks away")
                                    : need(call, RIGHT_LEAD_REVEAL);
}

static const char *not_several(const struct action_call *call)
{
    return call->subject.marked > 1 ? _("for one lead only; take the marks away") : NULL;
}

static const char *no_create(const struct action_call *call)
{
    return need(call, RIGHT_LEAD_WRITE);
}

static const char *no_import(const struct action_call *call)
{
    return need(call, RIGHT_IMPORT);
}

enum { ON_LEAD = ACTION_SUBJECT | ACTION_WRITE };
#define LEAD N_("Lead")

static const struct action desk_rows[] = {
    { .name = "lead.claim", .number = 2031, .label = N_("Claim"), .group = LEAD, .keys = "c F2",
      .flags = ON_LEAD | ACTION_FOOTER,
      .help = N_("Makes the leads yours and starts their clocks."), .run = do_claim, .disabled = no_claim },
    { .name = "lead.follow_up", .number = 2032, .label = N_("Follow up"), .group = LEAD, .keys = "f F3",
      .flags = ON_LEAD | ACTION_FOOTER, .help = N_("Records what was said and when to talk next."),
      .run = follow_up_open,
      .disabled = no_single_work },
    { .name = "lead.assign", .number = 2033, .label = N_("Assign"), .group = LEAD, .keys = "a F6",
      .flags = ON_LEAD | ACTION_FOOTER,
      .help = N_("Gives the leads to an employee."), .run = assign_open, .disabled = no_assign },
    { .name = "lead.return", .number = 2034, .label = N_("Return"), .group = LEAD, .keys = "x F7",
      .flags = ON_LEAD,
      .help = N_("Gives the leads back to the public pool, with a reason."), .run = do_return,
      .disabled = no_own_work },
    { .name = "lead.win", .number = 2035, .label = N_("Win"), .group = LEAD, .keys = "w", .flags = ON_LEAD,
      .help = N_("Closes the lead with its deal."), .run = do_win, .disabled = no_single_work },
    { .name = "lead.lose", .number = 2036, .label = N_("Lose"), .group = LEAD, .keys = "l", .flags = ON_LEAD,
      .help = N_("Closes the lead as lost, with a reason."), .run = do_lose, .disabled = no_single_work },
    { .name = "lead.tag", .number = 2038, .label = N_("Tags"), .group = LEAD, .keys = "t", .flags = ON_LEAD,
      .help = N_("Puts tags on the leads, or takes them off."), .run = tagging_open, .disabled = no_tagging },
    { .name = "lead.reveal", .number = 2037, .label = N_("Phone in clear"), .group = LEAD, .keys = "v",
      .flags = ON_LEAD,
      .help = N_("Shows phone and e-mail for 20 seconds; asks why, and is audited."), .run = reveal_open,
      .disabled = no_reveal },
    { .name = "lead.explain", .number = 2041, .label = N_("Why"), .group = LEAD, .keys = "e",
      .flags = ACTION_SUBJECT,
      .help = N_("Says why the lead matches the list's condition: each test with what the lead has."),
      .run = explain_open, .disabled = not_several },
    { .name = "lead.copy", .number = 2039, .label = N_("Copy"), .group = LEAD, .keys = "y",
      .flags = ACTION_SUBJECT,
      .help = N_("Copies number, name and phone as they are shown."), .run = do_copy,
      .disabled = not_several },
};

static const struct action data_rows[] = {
    { .name = "lead.create", .number = 2020, .label = N_("New"), .group = N_("Data"), .keys = "n",
      .flags = ACTION_WRITE,
      .help = N_("Enters a lead by hand."), .run = create_open, .disabled = no_create },
    { .name = "lead.import", .number = 2100, .label = N_("Import"), .group = N_("Data"), .keys = "i",
      .flags = ACTION_WRITE,
      .help = N_("Takes leads from a CSV file."), .run = import_open, .disabled = no_import },
};

void desk_actions(struct desk *k, struct action_list *out)
{
    size_t from = k->held;              /* the first row claims */
    action_list_add(out, "lead", desk_rows + from, sizeof desk_rows / sizeof *desk_rows - from, k,
                    k->subject);
    ACTION_LIST_ADD(out, "data", data_rows, k, NULL);
}
