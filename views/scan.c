/* scan.c - what a barcode scanner read: a lead's number, its external id, or a phone. */
#include <string.h>

#include "base/i18n.h"
#include "core/model/nouns.h"
#include "views/console.h"

enum scan_step { SCAN_NO, SCAN_EXTERNAL, SCAN_PHONE, SCANS };
enum { NO_DIGITS = 18, PHONE_DIGITS = 7 };

struct scanned { const char *where[SCANS]; };

/* As a value of a condition: in double quotes. NULL when it can't be one. */
static const char *quoted(struct arena *a, const char *text)
{
    return strpbrk(text, "\"\\\n\r\t") ? NULL : arena_printf(a, "\"%s\"", text);
}

static void find_ways(struct scanned *s, struct arena *a, const char *text)
{
    const char *value = quoted(a, text);
    size_t n = strlen(text), digits = strspn(text, "0123456789");
    *s = (struct scanned){ { NULL } };
    if (!value)
        return;
    if (digits == n && n <= NO_DIGITS)
        s->where[SCAN_NO] = arena_printf(a, "no = %s", text);
    s->where[SCAN_EXTERNAL] = arena_printf(a, "external_id = %s", value);
    if (n >= PHONE_DIGITS && strspn(text, "+0123456789 -") == n)
        s->where[SCAN_PHONE] = arena_printf(a, "phone = %s", value);
}

/* One way after the other, until one finds something. */
static void look(struct api_job *j)
{
    size_t n = 0;
    for (int i = 0; i < j->nsteps; i++) {
        if (!n && api_call(j, i) == ST_OK)
            api_rows(j, i, &n);
        if (j->step[i].err.status == ST_CANCELLED)
            err_clear(&j->step[i].err);         /* it was not needed */
    }
}

static unsigned looked(void *self, struct api_job *j)
{
    struct app *app = self;
    const struct scanned *s = j->data;
    const struct err *e = api_error(j);
    for (int i = 0, way = 0; i < j->nsteps; i++, way++) {
        size_t n = 0;
        while (!s->where[way])
            way++;
        const struct lead *rows = j->step[i].out ? api_rows(j, i, &n) : NULL;
        if (n == 1)
            return lead_screen_open(app->ui, rows[0].head.id);
        if (n > 1)
            return leads_show(app->ui, &(struct leads_arg){ .tab = TAB_ALL, .where = s->where[way] });
    }
    if (e)
        app_toast(app->ui, e);
    else
        ui_toast(app->ui, TOAST_WARN, "%s", _("Scanned: no lead in your sight has this number, external id "
                                              "or phone."));
    return UI_REDRAW;
}

unsigned app_scanned(void *self, const char *text)
{
    struct app *app = self;
    struct scanned ways;
    struct arena a = ARENA_INIT;
    find_ways(&ways, &a, text);
    bool known = app->news && app_may(app, RIGHT_LEAD_READ);
    if (known && ways.where[SCAN_EXTERNAL] && ui_top(app->ui)->ops->kind == VIEW_SCREEN) {
        struct api_job *j = api_new(app->ui, app, 0, looked, app);
        struct scanned *s = arena_new(&j->mem, struct scanned);
        for (int i = 0; i < SCANS; i++) {
            s->where[i] = arena_strdup(&j->mem, ways.where[i]);
            if (!s->where[i])
                continue;
            int step = api_add(j, "lead.list");
            api_set_text(j, step, "where", s->where[i]);
            api_set_int(j, step, "limit", 2);
        }
        j->work = look;
        j->data = s;
        api_post(j, WORK_PAGES);
    }
    arena_free(&a);
    return known ? UI_DONE : 0;
}
