/* leadscreen.c - one lead on a screen of its own: over the list, over home. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "views/desk.h"
#include "views/leadcell.h"
#include "views/words.h"

struct lead_screen {
    struct view view;
    struct desk desk;
    struct detail detail;
};

static struct lead_screen *screen_of(struct view *v)
{
    return (struct lead_screen *)(void *)v;
}

/* ---- what the actions work with ----------------------------------------------------------------------- */

static const struct lead *desk_lead(struct desk *k)
{
    return screen_of(k->view)->detail.lead;
}

static bool desk_subject(void *desk, struct subject *out)
{
    const struct lead *l = desk_lead(desk);
    struct arena a = ARENA_INIT;
    if (!l)
        return false;
    *out = (struct subject){ .id = l->head.id, .version = l->head.version };
    subject_name(out, lead_called(l, &a));
    arena_free(&a);
    return true;
}

static size_t desk_chosen(struct desk *k, struct arena *a, struct seen **out)
{
    const struct lead *l = desk_lead(k);
    *out = arena_array(a, struct seen, 1);
    if (!l)
        return 0;
    **out = (struct seen){ l->head.id, l->head.version, arena_strdup(a, lead_called(l, a)) };
    return 1;
}

/* Of the list below. */
static const char *desk_where(struct desk *k)
{
    return leads_condition(k->view->below);
}

/* ---- the view ----------------------------------------------------------------------------------------- */

static unsigned changed(struct view *v)
{
    detail_reload(&screen_of(v)->detail);
    return 0;
}

static enum status screen_open(struct view *v, const void *arg, struct err *e)
{
    struct lead_screen *s = screen_of(v);
    (void)e;
    detail_init(&s->detail, v->ui);
    s->desk = (struct desk){ .ui = v->ui, .view = v, .subject = desk_subject,
                             .chosen = desk_chosen,
                             .lead = desk_lead, .where = desk_where };
    app_watch(app_of(v->ui), v, changed);
    detail_follow(&s->detail, *(const int64_t *)arg);
    return ST_OK;
}

static void screen_close(struct view *v)
{
    app_unwatch(app_of(v->ui), v);
    detail_free(&screen_of(v)->detail);
}

static void screen_draw(struct view *v, struct surface s)
{
    app_words(app_of(v->ui));
    detail_draw_wide(&screen_of(v)->detail, surface_sub(s, s.h > 24, 1, -1, s.w - 2));
}

static bool screen_busy(const struct view *v)
{
    return work_outstanding_of(ui_work(v->ui), &((const struct lead_screen *)(const void *)v)->detail);
}

static void screen_status(struct view *v, struct line *left, struct line *right)
{
    const struct lead *l = screen_of(v)->detail.lead;
    char when[WORDS];
    if (!l)
        return;
    words_when(l->head.updated_at, clock_now(), when);
    line_add(left, ROLE_DIM, _("Changed %s, version %lld"), when, (long long)l->head.version);
    line_add(right, ROLE_GOOD, "%s", _("live"));
}

static unsigned do_scroll(const struct action_call *call)
{
    struct lead_screen *s = call->self;
    const char *name = call->action->name;
    int page = s->detail.height > 2 ? s->detail.height - 1 : 1;
    int by = strcmp(name, "lead.down") == 0 ? 1 : strcmp(name, "lead.up") == 0 ? -1 : strcmp(name,
            "lead.page-down") == 0 ? page : -page;
    detail_scroll(&s->detail, by);
    return UI_DONE;
}

static unsigned do_back(const struct action_call *call)
{
    struct lead_screen *s = call->self;
    ui_close(call->ui, &s->view);
    return UI_DONE;
}

static const struct action back_actions[] = {
    { .name = "lead.back", .label = N_("Back"), .help = N_("Back to where you came from."),
      .group = N_("Lead"), .keys = "Esc",
      .flags = ACTION_FOOTER, .run = do_back },
};
static const struct action screen_actions[] = {
    { .name = "lead.down", .label = N_("Timeline down"), .help = N_("Scrolls what happened."),
      .group = N_("Movement"),
      .keys = "Down j", .run = do_scroll },
    { .name = "lead.up", .label = N_("Timeline up"), .help = N_("Scrolls what happened."),
      .group = N_("Movement"),
      .keys = "Up k", .run = do_scroll },
    { .name = "lead.page-down", .label = N_("Page down"), .help = N_("A screenful down."),
      .group = N_("Movement"),
      .keys = "PgDn", .run = do_scroll },
    { .name = "lead.page-up", .label = N_("Page up"), .help = N_("A screenful up."), .group = N_("Movement"),
      .keys = "PgUp", .run = do_scroll },
};

static void screen_sets(struct view *v, struct action_list *out)
{
    struct lead_screen *s = screen_of(v);
    ACTION_LIST_ADD(out, "lead-screen", back_actions, s, NULL);
    desk_actions(&s->desk, out);
    ACTION_LIST_ADD(out, "lead-screen", screen_actions, s, NULL);
}

static const struct view_ops lead_view = {
    .name = "lead", .title = N_("Lead"), .number = 2011, .kind = VIEW_SCREEN,
    .size = sizeof(struct lead_screen),
    .open = screen_open, .close = screen_close, .draw = screen_draw, .actions = screen_sets,
    .status = screen_status, .personal = true,
    .busy = screen_busy,
};

unsigned lead_screen_open(struct ui *ui, int64_t id)
{
    ui_push(ui, &lead_view, &id, NULL);
    return UI_REDRAW;
}
