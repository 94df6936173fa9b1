/* assign.c - giving leads to an employee: chosen from a list, or where there are too many for one, named by
 * number or name. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "tui/pick.h"
#include "views/desk.h"
#include "views/leadcell.h"
#include "views/sheet.h"

enum { LISTED = 500 };

/* data: the employee chosen from the list, or what was typed: a staff number, or a name that only one has. */
struct to { int64_t id; const char *word; };

static unsigned assign_done(void *self, struct api_job *j)
{
    struct deed *d = self;
    if (deed_failed(d, j))
        return UI_REDRAW;
    int64_t ok = api_int(j, 0, "ok"), refused = api_int(j, 0, "refused");
    const char *to = ((const struct to *)d->data)->word;
    for (size_t i = 0; i < d->n && d->desk && d->desk->outcome && !refused; i++)
        d->desk->outcome(d->desk, d->seen[i].id, arena_printf(&j->mem, _("to %s"), to), ROLE_GOOD);
    if (refused)
        ui_toast(d->ui, TOAST_WARN, _("Assigned to %s: %lld; not: %lld."), to, (long long)ok,
                 (long long)refused);
    else
        deed_say_undo(d, j, 0, arena_printf(&j->mem, _("Assigned to %s: %s."), to, deed_name(d)));
    return deed_done(d);
}

static unsigned assign(struct deed *d)
{
    const struct to *to = d->data;
    struct api_job *j = deed_job(d, assign_done);
    int step = api_add(j, "lead.assign");
    if (to->id)
        api_set_ref(j, step, "employee", to->id);
    else
        api_set_code(j, step, "employee", to->word);
    deed_set_leads(d, j, step);
    api_post(j, WORK_WRITES);
    return UI_DONE;
}

/* ---- from a list -------------------------------------------------------------------------------------- */

static unsigned chosen(struct ui *ui, const char *value, void *self)
{
    struct deed *d = self;
    (void)ui;
    const char *label = strchr(value, ' ');
    struct to *to = arena_new(&d->mem, struct to);
    *to = (struct to){ strtoll(value, NULL, 10), arena_strdup(&d->mem, label ? label + 1 : value) };
    d->data = to;
    return deed_ask_many(d, _("Assign"), assign);
}

static void open_list(struct deed *d, const struct employee *rows, size_t n)
{
    struct pick_item *items = arena_array(&d->mem, struct pick_item, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct pick_item){
            .value = arena_printf(&d->mem, "%lld %s", (long long)rows[i].head.id, rows[i].name),
            .label = arena_printf(&d->mem, "%s  %s", rows[i].code, rows[i].name),
            .note = arena_strdup(&d->mem, ref_word(&rows[i].branch)), .also = arena_strdup(&d->mem,
                    rows[i].name) };
    pick_open(d->ui, &(struct pick){ .title = arena_printf(&d->mem, _("Assign %s to"), deed_name(d)),
                                     .items = items, .n = n,
                                     .chosen = chosen, .free = deed_drop, .self = deed_hold(d) });
}

/* ---- by name ------------------------------------------------------------------------------------------ */

static const struct form_field fields[] = {
    { .key = "employee", .label = N_("Employee"), .kind = FORM_TEXT, .required = true, .width = 24, .max = 64,
      .hint = N_("staff number or name") },
};

static unsigned submit(struct view *sheet, struct form *form, void *self)
{
    struct deed *d = self;
    (void)sheet;
    struct to *to = arena_new(&d->mem, struct to);
    to->word = arena_strdup(&d->mem, form_get(form, "employee"));
    d->data = to;
    return deed_ask_many(d, _("Assign"), assign);
}

static void open_field(struct deed *d)
{
    d->sheet = sheet_open(d->ui, &(struct sheet_spec){
        .title = arena_printf(&d->mem, _("Assign %s to"), deed_name(d)), .go_label = _("Assign"),
        .fields = fields, .nfields = 1,
        .submit = submit, .closed = deed_sheet_closed, .self = deed_hold(d) });
}

/* ---- the action --------------------------------------------------------------------------------------- */

static unsigned got_staff(void *self, struct api_job *j)
{
    struct deed *d = self;
    size_t n;
    const struct employee *rows = api_rows(j, 0, &n);
    if (deed_failed(d, j))
        return UI_REDRAW;
    if (((const struct page *)j->step[0].out)->next)
        open_field(d);
    else
        open_list(d, rows, n);
    return UI_REDRAW;
}

unsigned assign_open(const struct action_call *call)
{
    struct deed *d = deed_new(call->self);
    struct desk *k = call->self;
    struct api_job *j = api_new(call->ui, k->view, 0, got_staff, d);
    j->released = deed_drop;
    int step = api_add(j, "employee.list");
    api_set_text(j, step, "where", "status = active");
    api_set_text(j, step, "columns", "code,name,branch,status");
    api_set_int(j, step, "limit", LISTED);
    api_post(j, WORK_PAGES);
    return UI_DONE;
}
