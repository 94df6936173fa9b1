/* create.c - a lead entered by hand. Products and sources are offered where there are few; else their code
 * or name is typed. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "views/desk.h"
#include "views/leadcell.h"
#include "views/sheet.h"

enum { OFFERED = 12, FIELDS = 6 };

struct create {
    struct form_field field[FIELDS];
    struct form_choice products[OFFERED], channels[OFFERED];
    bool by_list[2];                    /* products, channels: choices are ids */
};

static unsigned create_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    if (deed_failed(d, j))
        return UI_REDRAW;
    ui_toast(d->ui, TOAST_DONE, _("New lead: %s."), (const char *)d->seen[0].name);
    return deed_done(d);
}

static const char *first_word(struct form *form)
{
    return *form_get(form, "name") ? form_get(form, "name") : form_get(form, "phone");
}

static void set_reference(struct api_job *j, int step, const char *field, const char *value, bool by_list)
{
    if (!*value)
        return;
    if (by_list)
        api_set_ref(j, step, field, strtoll(value, NULL, 10));
    else
        api_set_code(j, step, field, value);
}

static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    const struct create *c = d->data;
    (void)sheet;
    if (!*first_word(form)) {
        form_error(form, "name", _("a name or a phone is needed"));
        return UI_DONE;
    }
    d->seen = arena_new(&d->mem, struct seen);
    d->seen[0].name = arena_strdup(&d->mem, first_word(form));
    struct api_job *j = deed_job(d, create_done);
    int step = api_add(j, "lead.create");
    api_set_text(j, step, "name", form_get(form, "name"));
    api_set_text(j, step, "phone", form_get(form, "phone"));
    api_set_text(j, step, "source_detail", form_get(form, "source_detail"));
    set_reference(j, step, "product", form_get(form, "product"), c->by_list[0]);
    set_reference(j, step, "channel", form_get(form, "channel"), c->by_list[1]);
    if (*form_get(form, "mine"))
        api_set_ref(j, step, "owner", app_of(d->ui)->me.employee);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static void ready(struct form *form, void *self)
{
    const struct deed *d = self;
    const struct create *c = d->data;
    for (size_t i = 0; i < c->field[2].nchoices; i++)
        if (c->products[i].key == '1')
            form_set(form, "product", c->products[i].value);
    form_set(form, "mine", app_of(d->ui)->me.employee ? "1" : "");
}

/* Few rows: chips with digits. Else a field for code or name. */
static bool offer(struct deed *d, const struct ref *rows, size_t n, bool more, struct form_choice *out,
                  struct form_field *f)
{
    f->kind = FORM_TEXT;
    f->width = 24;
    f->max = 64;
    f->hint = N_("code or name");
    if (more || n == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct form_choice){ .value = arena_printf(&d->mem, "%lld", (long long)rows[i].id),
                                       .label = arena_strdup(&d->mem, product_word(&rows[i])),
                                       .key = (char)(i < 9 ? '1' + i : 0) };
    f->kind = FORM_CHOICE;
    f->raw_labels = true;
    f->choices = out;
    f->nchoices = n;
    f->hint = NULL;
    return true;
}

static void make_fields(struct deed *d, struct create *c, struct api_job *j)
{
    struct ref refs[2][OFFERED];
    size_t n[2];
    const struct product *products = api_rows(j, 0, &n[0]);
    const struct channel *channels = api_rows(j, 1, &n[1]);
    for (size_t i = 0; i < n[0]; i++)
        refs[0][i] = (struct ref){ products[i].head.id, products[i].code, products[i].name };
    for (size_t i = 0; i < n[1]; i++)
        refs[1][i] = (struct ref){ channels[i].head.id, channels[i].code, channels[i].name };
    static const struct form_field plain[FIELDS] = {
        { .key = "phone", .label = N_("Phone"), .kind = FORM_TEXT, .width = 20, .max = 40 },
        { .key = "name", .label = N_("Name"), .kind = FORM_TEXT, .width = 24, .max = 60 },
        { .key = "product", .label = N_("Product") },
        { .key = "channel", .label = N_("Source") },
        { .key = "source_detail", .label = N_("Note"), .kind = FORM_TEXT, .rows = 2, .max = 500 },
        { .key = "mine", .label = N_("Owner"), .kind = FORM_FLAG,
          .help = N_("it is mine; else it goes to the public pool") },
    };
    memcpy(c->field, plain, sizeof plain);
    c->by_list[0] = offer(d, refs[0], n[0], ((const struct page *)j->step[0].out)->next, c->products,
                          &c->field[2]);
    c->by_list[1] = offer(d, refs[1], n[1], ((const struct page *)j->step[1].out)->next, c->channels,
                          &c->field[3]);
}

static unsigned got_lists(void *self, struct api_job *j)
{
    struct deed *d = self;
    if (deed_failed(d, j))
        return UI_REDRAW;
    struct create *c = arena_new(&d->mem, struct create);
    d->data = c;
    make_fields(d, c, j);
    /* Without an employee nothing can be one's own. */
    size_t n = app_of(d->ui)->me.employee ? FIELDS : FIELDS - 1;
    if (n < FIELDS)
        c->field[n] = (struct form_field){ 0 };
    d->sheet = sheet_open(d->ui, &(struct sheet_spec){
        .title = _("New lead"), .go_label = _("Save"), .fields = c->field, .nfields = n, .cells = 64,
        .ready = n == FIELDS ? ready : NULL, .submit = submit, .closed = deed_sheet_closed,
        .self = deed_hold(d) });
    return UI_REDRAW;
}

unsigned create_open(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    struct desk *k = call->self;
    struct api_job *j = api_new(call->ui, k->view, 0, got_lists, d);
    static const char *const lists[] = { "product.list", "channel.list" };
    j->released = deed_drop;
    for (int i = 0; i < 2; i++) {
        api_add(j, lists[i]);
        api_set_text(j, i, "where", "active = yes");
        api_set_int(j, i, "limit", OFFERED);
    }
    api_post(j, WORK_PAGES);
    return UI_DONE;
}
