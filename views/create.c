/* create.c - a lead entered by hand, with what the customer said of being reached.
 *
 * Few products or sources stand as chips with digits, many are named by typing. While the phone is typed a
 * worker looks whether somebody has it already; an answer about another number is dropped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "core/model/contact.h"
#include "views/desk.h"
#include "views/leadcell.h"
#include "views/sheet.h"

enum { CHIPS = 9, PAGES = 10, PAGE_ROWS = 500, REST_MS = 150 };
enum field_place { PHONE, NAME, PRODUCT, CHANNEL, CONSENT, GIVEN, NOTE, MINE, FIELDS };

/* Products or channels, in the deed's arena. */
struct offer { struct form_choice *choice; const char **also; size_t n; };

struct create {
    struct deed *deed;
    struct form_field field[FIELDS];
    struct offer product, channel;
    const char *none;                   /* the product that init makes */
    /* The look-up: what it was asked for last, the rest before the next one. */
    char phone[64], about[32];
    char wrong[200];
    int timer;
    uint32_t generation;
};

/* ---- has somebody got it? ----------------------------------------------------------------------------- */

/* "L-12, 沈若溪", as far as the rights let it be known. */
static void whose(struct api_job *j, char *out, size_t size)
{
    int64_t no = api_int(j, 0, "no");
    const char *name = api_text(j, 0, "owner_name"), *code = api_text(j, 0, "owner");
    const char *owner = name ? name : code;
    if (no == NONE)
        snprintf(out, size, "%s", _("in another branch"));
    else if (owner)
        snprintf(out, size, _("L-%lld, with %s"), (long long)no, owner);
    else
        snprintf(out, size, "L-%lld", (long long)no);
}

static void say_verdict(struct form *form, struct api_job *j)
{
    const char *code = api_text(j, 0, "verdict"), *words = _("free: nobody has it");
    int ink = ROLE_GOOD;
    char who[80];
    whose(j, who, sizeof who);
    if (strcmp(code, "open") == 0) {
        words = arena_printf(&j->mem, _("!taken: %s"), who);
        ink = ROLE_BAD;
    } else if (strcmp(code, "closed") == 0) {
        words = arena_printf(&j->mem, _("closed before: %s"), who);
        ink = ROLE_WARN;
    } else if (strcmp(code, "other_product") == 0) {
        words = arena_printf(&j->mem, _("other product: %s"), who);
        ink = ROLE_WARN;
    }
    form_note(form, "phone", ink, words);
}

static unsigned looked(void *self, struct api_job *j)
{
    const struct deed *d = self;
    if (d->sheet && !api_error(j))
        say_verdict(sheet_form(d->sheet), j);
    return UI_REDRAW;
}

static unsigned look(void *self)
{
    struct create *c = self;
    c->timer = 0;
    struct api_job *j = api_new(c->deed->ui, c, c->generation, looked, deed_hold(c->deed));
    j->released = deed_drop;
    int step = api_add(j, "lead.duplicate");
    api_set_text(j, step, "phone", c->phone);
    if (c->about[0])
        api_set_ref(j, step, "product", strtoll(c->about, NULL, 10));
    api_post(j, WORK_PAGES);
    return 0;
}

/* The phone or the product is another one now: what was known of the old one is gone at once. */
static void typed(struct form *form, void *self)
{
    struct deed *d = self;
    struct create *c = d->data;
    char normal[PHONE_TEXT];
    const char *phone = form_get(form, "phone"), *product = form_get(form, "product");
    if (strcmp(c->phone, phone) == 0 && strcmp(c->about, product) == 0)
        return;
    snprintf(c->phone, sizeof c->phone, "%s", phone);
    snprintf(c->about, sizeof c->about, "%s", product);
    work_cancel(ui_work(d->ui), c, ++c->generation);
    loop_cancel_timer(ui_loop(d->ui), c->timer);
    c->timer = 0;
    form_note(form, "phone", ROLE_DIM, NULL);
    if (phone_normal(phone, normal))
        return;                         /* no number yet */
    if (app_of(d->ui)->at_once)
        look(c);
    else
        c->timer = loop_add_timer(ui_loop(d->ui), REST_MS, look, c);
}

static const char *check_phone(void *self, const struct form_field *f, const char *value)
{
    struct create *c = ((struct deed *)self)->data;
    struct arena a = ARENA_INIT;
    char normal[PHONE_TEXT];
    const char *code = phone_normal(value, normal);
    (void)f;
    if (!code)
        return NULL;
    snprintf(c->wrong, sizeof c->wrong, "%s", sentence_of(&a, code, NULL, 0));
    arena_free(&a);
    return c->wrong;
}

static void closed(void *self)
{
    struct deed *d = self;
    struct create *c = d->data;
    loop_cancel_timer(ui_loop(d->ui), c->timer);
    work_cancel(ui_work(d->ui), c, WORK_ALL);
    deed_sheet_closed(d);
}

/* ---- saving ------------------------------------------------------------------------------------------- */

static unsigned create_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    if (deed_failed(d, j))
        return UI_REDRAW;
    ui_toast(d->ui, TOAST_DONE, _("New lead: %s."), deed_name(d));
    return deed_done(d);
}

static const char *first_word(struct form *form)
{
    return *form_get(form, "name") ? form_get(form, "name") : form_get(form, "phone");
}

/* "phone" as the way that is granted, "refused" as all ways refused. */
static void set_consent(struct api_job *j, int step, const char *said, const char *given)
{
    bool refused = strcmp(said, "refused") == 0;
    if (*said && strcmp(said, "unasked") != 0)
        api_set_row(j, step, "consent", (const char *const[]){
            "way", refused ? "all" : said, "state", refused ? "refused" : "granted",
            "source", given, NULL });
}

static void set_id(struct api_job *j, int step, const char *field, const char *id)
{
    if (*id)
        api_set_ref(j, step, field, strtoll(id, NULL, 10));
}

static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    (void)sheet;
    if (!*first_word(form)) {
        form_error(form, "name", _("a name or a phone is needed"));
        return UI_DONE;
    }
    d->seen = arena_new(&d->mem, struct seen);
    d->seen[0].name = arena_strdup(&d->mem, first_word(form));
    d->n = 1;
    struct api_job *j = deed_job(d, create_done);
    int step = api_add(j, "lead.create");
    api_set_text(j, step, "name", form_get(form, "name"));
    api_set_text(j, step, "phone", form_get(form, "phone"));
    api_set_text(j, step, "source_detail", form_get(form, "source_detail"));
    set_id(j, step, "product", form_get(form, "product"));
    set_id(j, step, "channel", form_get(form, "channel"));
    set_consent(j, step, form_get(form, "consent"), form_get(form, "given"));
    if (app_of(d->ui)->me.employee && *form_get(form, "mine"))
        api_set_ref(j, step, "owner", app_of(d->ui)->me.employee);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

/* ---- the form ----------------------------------------------------------------------------------------- */

static const struct form_choice consents[] = {
    { "phone", N_("calls"), '1', 0 }, { "all", N_("all ways"), '2', 0 },
    { "refused", N_("refuses"), '3', ROLE_BAD }, { "unasked", N_("not asked"), '0', 0 },
};
static const struct form_choice ways_given[] = {
    { "counter", N_("counter"), '1', 0 }, { "call", N_("call"), '2', 0 }, { "form", N_("form"), '3', 0 },
};

static const struct form_field plain[FIELDS] = {
    [PHONE] = { .key = "phone", .label = N_("Phone"), .kind = FORM_TEXT, .narrow = true, .width = 18,
                .max = 40,
                .check = check_phone },
    [NAME] = { .key = "name", .label = N_("Name"), .kind = FORM_TEXT, .width = 24, .max = 60 },
    [PRODUCT] = { .key = "product", .label = N_("Product"), .required = true, .then = "channel" },
    [CHANNEL] = { .key = "channel", .label = N_("Source"), .then = "consent" },
    [CONSENT] = { .key = "consent", .label = N_("Consent"), .kind = FORM_CHOICE, .choices = consents,
                  .nchoices = sizeof consents / sizeof *consents, .then = "given" },
    [GIVEN] = { .key = "given", .label = N_("Given by"), .kind = FORM_CHOICE, .choices = ways_given,
                .nchoices = sizeof ways_given / sizeof *ways_given, .then = "source_detail" },
    [NOTE] = { .key = "source_detail", .label = N_("Note"), .kind = FORM_TEXT, .rows = 2, .max = 500 },
    [MINE] = { .key = "mine", .label = N_("Owner"), .kind = FORM_FLAG,
               .help = N_("it is mine; else it goes to the public pool") },
};

/* What begins with the words stands before what has them elsewhere. */
static size_t complete(const struct offer *o, const char *text, struct form_choice *out, size_t most)
{
    struct arena a = ARENA_INIT;
    const char *words = text_key(&a, text);
    size_t n = 0;
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < o->n && n < most; i++) {
            const char *at = strstr(o->also[i], words);
            int fits = strcmp(o->choice[i].value, text) == 0 ? 0 : !at ? 3 : at == o->also[i] ? 1 : 2;
            if (fits == pass)
                out[n++] = o->choice[i];
        }
    arena_free(&a);
    return n;
}

static size_t complete_product(void *self, const char *text, struct form_choice *out, size_t most)
{
    return complete(&((const struct create *)((struct deed *)self)->data)->product, text, out, most);
}

static size_t complete_channel(void *self, const char *text, struct form_choice *out, size_t most)
{
    return complete(&((const struct create *)((struct deed *)self)->data)->channel, text, out, most);
}

static void add_choice(struct deed *d, struct offer *o, const struct ref *r)
{
    const char *word = product_word(r);
    o->also[o->n] = text_key(&d->mem, arena_printf(&d->mem, "%s %s", r->code ? r->code : "", word));
    o->choice[o->n++] = (struct form_choice){ .value = arena_printf(&d->mem, "%lld", (long long)r->id),
                                              .label = arena_strdup(&d->mem, word) };
}

/* A product of one's own choice: the shipped one, which stands for none, comes last, under 0. */
static bool is_none(const struct ref *r)
{
    return r->code && strcmp(r->code, "none") == 0;
}

static void chips(struct offer *o, bool none_last)
{
    for (size_t i = 0; i < o->n; i++)
        o->choice[i].key = (char)(none_last && i + 1 == o->n ? '0' : '1' + i);
}

static void offer_field(struct form_field *f, struct offer *o, bool none_last,
                        size_t (*source)(void *, const char *, struct form_choice *, size_t))
{
    f->raw_labels = true;
    if (o->n <= (size_t)CHIPS + none_last) {
        chips(o, none_last);
        f->kind = FORM_CHOICE;
        f->choices = o->choice;
        f->nchoices = o->n;
        return;
    }
    f->kind = FORM_PICK;
    f->width = 24;
    f->max = 64;
    f->hint = N_("code or name");
    f->complete = source;
}

enum { STEP_PRODUCTS, STEP_CHANNELS = PAGES };

/* Page by page: a bank's own list may be longer than one. */
static void lists_work(struct api_job *j)
{
    for (int list = STEP_PRODUCTS; list <= STEP_CHANNELS; list += PAGES)
        for (int i = 0; i < PAGES; i++) {
            const struct page *before = i ? j->step[list + i - 1].out : NULL;
            j->step[list + i].err.status = ST_OK;
            if (i && (!before || !before->next))
                continue;
            if (i)
                api_set_text(j, list + i, "cursor", before->next);
            if (api_call(j, list + i))
                return;
        }
}

/* Products and channels begin alike as far as they are named here. */
static void take_list(struct deed *d, struct api_job *j, int list, struct offer *o)
{
    struct ref none = { 0 };
    size_t n, all = 0;
    for (int i = 0; i < PAGES; i++) {
        api_rows(j, list + i, &n);
        all += n;
    }
    o->choice = arena_array(&d->mem, struct form_choice, all + 1);
    o->also = arena_array(&d->mem, const char *, all + 1);
    for (int i = 0; i < PAGES; i++) {
        const struct record *r = j->step[list + i].op->out;
        const char *rows = api_rows(j, list + i, &n);
        for (size_t k = 0; k < n; k++) {
            const char *row = rows + k * r->size;
            struct ref x = { record_int(r, row, "id"), record_word(r, row, "code"), record_word(r, row,
                                                                                                "name") };
            if (list == STEP_PRODUCTS && is_none(&x))
                none = x;
            else
                add_choice(d, o, &x);
        }
    }
    if (none.id)
        add_choice(d, o, &none);
}

static bool has_none(const struct api_job *j)
{
    size_t n;
    for (int i = 0; i < PAGES; i++) {
        const struct product *rows = api_rows(j, STEP_PRODUCTS + i, &n);
        for (size_t k = 0; k < n; k++)
            if (is_none(&(struct ref){ .code = rows[k].code }))
                return true;
    }
    return false;
}

static void ready(struct form *form, void *self)
{
    const struct deed *d = self;
    if (app_of(d->ui)->me.employee)
        form_set(form, "mine", "1");
}

static unsigned got_lists(void *self, struct api_job *j)
{
    struct deed *d = self;
    if (deed_failed(d, j))
        return UI_REDRAW;
    struct create *c = arena_new(&d->mem, struct create);
    d->data = c;
    c->deed = d;
    take_list(d, j, STEP_PRODUCTS, &c->product);
    take_list(d, j, STEP_CHANNELS, &c->channel);
    memcpy(c->field, plain, sizeof plain);
    offer_field(&c->field[PRODUCT], &c->product, has_none(j), complete_product);
    offer_field(&c->field[CHANNEL], &c->channel, false, complete_channel);
    /* Without an employee nothing can be one's own. */
    size_t n = app_of(d->ui)->me.employee ? FIELDS : FIELDS - 1;
    d->sheet = sheet_open(d->ui, &(struct sheet_spec){
        .title = _("New lead"), .go_label = _("Save"), .fields = c->field, .nfields = n, .cells = 68,
        .ready = ready, .typed = typed, .submit = submit, .closed = closed,
        .self = deed_hold(d) });
    return UI_REDRAW;
}

unsigned create_open(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    struct desk *k = call->self;
    struct api_job *j = api_new(call->ui, k->view, 0, got_lists, d);
    j->released = deed_drop;
    j->work = lists_work;
    for (int i = 0; i < 2 * PAGES; i++) {
        api_add(j, i < STEP_CHANNELS ? "product.list" : "channel.list");
        api_set_text(j, i, "where", "active = yes");
        api_set_text(j, i, "columns", "code,name");
        api_set_int(j, i, "limit", PAGE_ROWS);
    }
    api_post(j, WORK_PAGES);
    return UI_DONE;
}
