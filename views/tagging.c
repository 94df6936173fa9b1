/* tagging.c - tags put on leads and taken off: chosen from a list, or made where the right allows it. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "core/model/record.h"
#include "tui/pick.h"
#include "views/desk.h"
#include "views/sheet.h"

enum { LISTED = 500 };

enum { STEP_TAGS, STEP_LEAD };

/* What a line of the list does: PUT_ON and TAKE_OFF stand before the tag's id and its name. */
enum { PUT_ON = '+', TAKE_OFF = '-', MAKE = 'n' };

static unsigned tag_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    if (deed_failed(d, j))
        return UI_REDRAW;
    int step = j->nsteps - 1;
    int64_t ok = api_int(j, step, "ok"), refused = api_int(j, step, "refused");
    const char *what = d->data;         /* the sign and the name */
    bool on = *what == PUT_ON;
    for (size_t i = 0; i < d->n && d->desk && d->desk->outcome && !refused; i++)
        d->desk->outcome(d->desk, d->seen[i].id, arena_printf(&j->mem, "%c %s", *what, what + 1),
                         on ? ROLE_GOOD : ROLE_DIM);
    if (refused)
        ui_toast(d->ui, TOAST_WARN, on ? _("Tag %s put on %lld; not on %lld.") :
                 _("Tag %s taken off %lld; not off %lld."), what + 1, (long long)ok, (long long)refused);
    else
        deed_say_undo(d, j, step, arena_printf(&j->mem,
                                               on ? _("Tag %s put on: %s.") : _("Tag %s taken off: %s."),
                                               what + 1, deed_name(d)));
    return deed_done(d);
}

/* ---- a new tag ---------------------------------------------------------------------------------------- */

static const struct form_field fields[] = {
    { .key = "name", .label = N_("Tag"), .kind = FORM_TEXT, .required = true, .width = 24, .max = 60,
      .hint = N_("a word of its own") },
};

enum { STEP_MADE, STEP_PUT_ON };

/* One that is there already is meant. */
static void make_work(struct api_job *j)
{
    struct err *e = &j->step[STEP_MADE].err;
    if (api_call(j, STEP_MADE)) {
        if (strcmp(e->code, "noun.duplicate") != 0)
            return;
        e->status = ST_OK;
    }
    api_call(j, STEP_PUT_ON);
}

static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    const char *name = form_get(form, "name");
    (void)sheet;
    d->data = arena_printf(&d->mem, "%c%s", PUT_ON, name);
    struct api_job *j = deed_job(d, tag_done);
    j->work = make_work;
    api_add(j, "tag.create");
    api_add(j, "lead.tag");
    api_set_text(j, STEP_MADE, "code", name);
    api_set_text(j, STEP_MADE, "name", name);
    deed_set_leads(d, j, STEP_PUT_ON);
    api_set_several(j, STEP_PUT_ON, "add", 0, name);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static void open_new(struct deed *d)
{
    d->sheet = sheet_open(d->ui, &(struct sheet_spec){
        .title = arena_printf(&d->mem, "%s   %s", _("New tag"), deed_name(d)), .go_label = _("Put on"),
        .fields = fields, .nfields = 1, .submit = submit, .closed = deed_sheet_closed,
        .self = deed_hold(d) });
}

/* ---- the list ----------------------------------------------------------------------------------------- */

static unsigned tag_go(struct deed *d)
{
    struct api_job *j = deed_job(d, tag_done);
    int step = api_add(j, "lead.tag");
    deed_set_leads(d, j, step);
    api_set_several(j, step, *(const char *)d->data == PUT_ON ? "add" : "remove", d->chosen, NULL);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

static unsigned chosen(struct ui *ui, const char *value, void *self)
{
    struct deed *d = self;
    char *name;
    (void)ui;
    if (*value == MAKE) {
        open_new(d);
        return UI_REDRAW;
    }
    d->chosen = strtoll(value + 1, &name, 10);
    d->data = arena_printf(&d->mem, "%c%s", *value, name + 1);
    return deed_ask_many(d, _("Tags"), tag_go);
}

static struct pick_item line_of(struct deed *d, char sign, int64_t id, const char *code, const char *name)
{
    const char *word = name ? name : code;
    return (struct pick_item){
        .value = arena_printf(&d->mem, "%c%lld %s", sign, (long long)id, word),
        .label = arena_printf(&d->mem, "%c %s", sign, word),
        .note = sign == TAKE_OFF ? _("take off") : _("put on"),
        .also = arena_strdup(&d->mem, code),
    };
}

/* What one lead has can only be taken off, the rest only put on; of several leads either may be
 * meant. */
static unsigned open_list(struct deed *d, const struct tag *rows, size_t n, const struct refs *has)
{
    struct pick_item *items = arena_array(&d->mem, struct pick_item, 2 * n + has->n + 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (!refs_have(has, rows[i].head.id))
            items[k++] = line_of(d, PUT_ON, rows[i].head.id, rows[i].code, rows[i].name);
    for (size_t i = 0; i < has->n; i++)
        items[k++] = line_of(d, TAKE_OFF, has->items[i].id, has->items[i].code, has->items[i].name);
    for (size_t i = 0; i < n && d->n > 1; i++)
        items[k++] = line_of(d, TAKE_OFF, rows[i].head.id, rows[i].code, rows[i].name);
    if (app_may(app_of(d->ui), RIGHT_CONFIG))
        items[k++] = (struct pick_item){ .value = "new", .label = _("New tag ...") };
    if (k == 0) {
        ui_toast(d->ui, TOAST_WARN, "%s",
                 _("There are no tags yet. Ask whoever sets up the tables for one."));
        return UI_REDRAW;
    }
    pick_open(d->ui, &(struct pick){ .title = arena_printf(&d->mem, _("Tags of %s"), deed_name(d)),
                                     .items = items, .n = k, .chosen = chosen, .free = deed_drop,
                                     .self = deed_hold(d) });
    return UI_REDRAW;
}

static unsigned got_tags(void *self, struct api_job *j)
{
    struct deed *d = self;
    size_t n;
    const struct tag *rows = api_rows(j, STEP_TAGS, &n);
    struct refs none = { 0 };
    if (deed_failed(d, j))
        return UI_REDRAW;
    const struct lead *l = d->n == 1 ? j->step[STEP_LEAD].out : NULL;
    for (size_t i = 0; i < d->n; i++)
        d->seen[i].version = l ? l->head.version : NONE;
    return open_list(d, rows, n, l ? &l->tags : &none);
}

unsigned tagging_open(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    struct desk *k = call->self;
    struct api_job *j = api_new(call->ui, k->view, 0, got_tags, d);
    j->released = deed_drop;
    api_add(j, "tag.list");
    api_set_text(j, STEP_TAGS, "where", "active = yes");
    api_set_int(j, STEP_TAGS, "limit", LISTED);
    if (d->n == 1)
        api_set_int(j, api_add(j, "lead.get"), "id", d->seen[0].id);
    api_post(j, WORK_PAGES);
    return UI_DONE;
}
