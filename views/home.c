/* home.c - the first screen: whom to call first, and by when nothing is lost. */
#include "views/home.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "tui/dialog.h"

/* ---- what the actions work with ----------------------------------------------------------------------- */

static struct home *of_desk(struct desk *k)
{
    return home_of(k->view);
}

static bool desk_subject(void *desk, struct subject *out)
{
    const struct tile_row *row = home_row(of_desk(desk));
    if (!row || !row->lead)
        return false;
    *out = (struct subject){ .id = row->lead->head.id, .version = row->lead->head.version };
    size_t n = strlen(row->who) < sizeof out->name ? strlen(row->who) : 0;
    memcpy(out->name, row->who, n);
    return true;
}

static size_t desk_chosen(struct desk *k, struct arena *a, struct seen **out)
{
    const struct tile_row *row = home_row(of_desk(k));
    *out = arena_array(a, struct seen, 1);
    if (!row || !row->lead)
        return 0;
    **out = (struct seen){ row->lead->head.id, row->lead->head.version, arena_strdup(a, row->who) };
    return 1;
}

static const struct lead *desk_lead(struct desk *k)
{
    const struct tile_row *row = home_row(of_desk(k));
    return row ? row->lead : NULL;
}

static unsigned desk_finished(struct desk *k)
{
    (void)k;
    return UI_REDRAW;
}

/* ---- life --------------------------------------------------------------------------------------------- */

static unsigned changed(struct view *v)
{
    struct home *h = home_of(v);
    h->stale = true;
    if (ui_screen(v->ui) != v)
        return 0;
    h->stale = false;
    home_read(h);
    return 0;
}

static enum status open_home(struct view *v, const void *arg, struct err *e)
{
    struct home *h = home_of(v);
    (void)arg;
    (void)e;
    h->app = app_of(v->ui);
    h->desk = (struct desk){ .ui = v->ui, .view = v, .lasting = true, .held = true, .subject = desk_subject,
                             .chosen = desk_chosen,
                             .lead = desk_lead, .finished = desk_finished };
    for (int t = 0; t < TILES; t++)
        h->tile[t] = (struct tile){ .count = -1, .room = TILE_ROWS };
    for (int i = 0; i < NUMBERS; i++)
        h->number[i] = -1;
    detail_init(&h->detail, v->ui);
    home_sources(h);
    app_watch(h->app, v, changed);
    home_read(h);
    return ST_OK;
}

static void close_home(struct view *v)
{
    struct home *h = home_of(v);
    app_unwatch(h->app, v);
    work_cancel(ui_work(v->ui), &h->number, WORK_ALL);
    detail_free(&h->detail);
    arena_free(&h->mem);
}

static void shown(struct view *v)
{
    if (home_of(v)->stale)
        changed(v);
}

/* Who left does not wait for its figures, and the next screen wants some of its own. */
static void hidden(struct view *v)
{
    struct home *h = home_of(v);
    if (home_stop(h))
        h->stale = true;
}

static bool stop(struct view *v)
{
    return home_stop(home_of(v));
}

static bool busy(const struct view *v)
{
    const struct home *h = (const struct home *)(const void *)v;
    return work_outstanding_of(ui_work(v->ui), h) || work_outstanding_of(ui_work(v->ui), &h->number);
}

static void status(struct view *v, struct line *left, struct line *right)
{
    const struct home *h = home_of(v);
    char count[WORDS];
    if (h->works) {
        words_count(h->number[NUMBER_MINE], count);
        line_add(left, ROLE_DIM, "%s ", _("In hand"));
        line_add(left, ROLE_TEXT, "%s", count);
    }
    if (!h->sees)
        return;
    line_add(right, ROLE_DIM, "%s ", _("Leads"));
    line_add(right, ROLE_GOOD, "%s", _("live"));
}

/* ---- actions ------------------------------------------------------------------------------------------ */

static const char *no_row(const struct action_call *call)
{
    return home_row(call->self) ? NULL : _("nothing selected");
}

static const char *no_list(const struct action_call *call)
{
    const struct home *h = call->self;
    return !home_row(h) ? _("nothing selected") : h->tile_sel == TILE_MESSAGES
        ? _("messages are no list of leads") : NULL;
}

static const char *no_group(const struct action_call *call)
{
    const struct home *h = call->self;
    int n = 0;
    for (int t = 0; t < TILES; t++)
        n += tile_shown(&h->tile[t]) > 0;
    return n > 1 ? NULL : _("there is no other group");
}

static unsigned read_done(void *self, struct api_job *j)
{
    struct home *h = self;
    if (api_error(j))
        app_toast(h->view.ui, api_error(j));
    return app_changed(h->app) | UI_REDRAW;
}

/* A message is read by opening it; one that is about a lead opens the lead. */
static unsigned open_message(struct home *h, const struct tile_row *row)
{
    struct api_job *j = api_new(h->view.ui, h->app, 0, read_done, h);
    api_set_int(j, api_add(j, "message.read"), "id", row->id);
    api_post(j, WORK_WRITES);
    if (row->lead_id)
        return lead_screen_open(h->view.ui, row->lead_id) | UI_DONE;
    dialog_tell(h->view.ui, row->who, row->what, NULL);
    return UI_DONE;
}

static unsigned do_open(const struct action_call *call)
{
    struct home *h = call->self;
    const struct tile_row *row = home_row(h);
    if (h->tile_sel == TILE_MESSAGES)
        return open_message(h, row);
    if (row->lead_id)
        return lead_screen_open(call->ui, row->lead_id) | UI_DONE;
    dialog_tell(call->ui, _("Task"), row->what, NULL);
    return UI_DONE;
}

static unsigned do_list(const struct action_call *call)
{
    const struct home *h = call->self;
    struct leads_arg arg = { .tab = TAB_MINE, .where = tile_where((enum tile_kind)h->tile_sel) };
    return leads_show(call->ui, &arg) | UI_DONE;
}

/* To the next row in a direction, over the groups. */
static bool step(struct home *h, int by)
{
    int t = h->tile_sel, r = h->row_sel + by;
    while (t >= 0 && t < TILES && (r < 0 || r >= tile_shown(&h->tile[t]))) {
        t += by;
        r = t >= 0 && t < TILES && by < 0 ? tile_shown(&h->tile[t]) - 1 : 0;
    }
    if (t < 0 || t >= TILES)
        return false;
    h->tile_sel = t;
    h->row_sel = r;
    h->id_sel = h->tile[t].row[r].id;
    return true;
}

static void next_group(struct home *h, int by)
{
    for (int i = 1; i < TILES; i++) {
        int t = (h->tile_sel + i * by + TILES * i) % TILES;
        if (!tile_shown(&h->tile[t]))
            continue;
        h->tile_sel = t;
        h->row_sel = 0;
        h->id_sel = h->tile[t].row[0].id;
        return;
    }
}

static unsigned do_move(const struct action_call *call)
{
    struct home *h = call->self;
    const char *name = call->action->name;
    if (strcmp(name, "home.next-group") == 0)
        next_group(h, 1);
    else if (strcmp(name, "home.back-group") == 0)
        next_group(h, -1);
    else if (strcmp(name, "home.up") == 0 || strcmp(name, "home.down") == 0)
        step(h, strcmp(name, "home.up") == 0 ? -1 : 1);
    else
        while (step(h, strcmp(name, "home.first") == 0 ? -1 : 1))
            continue;
    return UI_DONE;
}

#define MOVE N_("Movement")
static const struct action open_actions[] = {
    { .name = "home.open", .number = 1010, .label = N_("Open"),
      .help = N_("Opens the lead, or reads the message."),
      .group = N_("Home"), .keys = "Enter", .flags = ACTION_FOOTER, .run = do_open, .disabled = no_row },
};
static const struct action move_actions[] = {
    { .name = "home.next-group", .label = N_("Next group"), .help = N_("The first row of the next group."),
      .group = MOVE,
      .keys = "Tab", .flags = ACTION_FOOTER, .run = do_move, .disabled = no_group },
    { .name = "home.list", .number = 1011, .label = N_("As a list"),
      .help = N_("Shows all of the group in the lead list."),
      .group = N_("Home"), .keys = "o", .flags = ACTION_FOOTER, .run = do_list, .disabled = no_list },
    { .name = "home.back-group", .label = N_("Group before"),
      .help = N_("The first row of the group before."), .group = MOVE,
      .keys = "BTab", .run = do_move, .disabled = no_group },
    { .name = "home.up", .label = N_("Up"), .help = N_("The row above."), .group = MOVE, .keys = "Up k",
      .run = do_move },
    { .name = "home.down", .label = N_("Down"), .help = N_("The row below."), .group = MOVE,
      .keys = "Down j", .run = do_move },
    { .name = "home.first", .label = N_("First"), .help = N_("The first row."), .group = MOVE,
      .keys = "g Home", .run = do_move },
    { .name = "home.last", .label = N_("Last"), .help = N_("The last row."), .group = MOVE, .keys = "G End",
      .run = do_move },
};

static void actions(struct view *v, struct action_list *out)
{
    struct home *h = home_of(v);
    if (h->works)
        ACTION_LIST_ADD(out, "home", open_actions, h, NULL);
    if (h->sees)
        desk_actions(&h->desk, out);
    if (h->works)
        ACTION_LIST_ADD(out, "home", move_actions, h, NULL);
}

const struct view_ops home_view = {
    .name = "home", .title = N_("Morning board"), .short_title = N_("Home"), .number = 1000,
    .kind = VIEW_SCREEN, .size = sizeof(struct home), .open = open_home,
    .close = close_home, .shown = shown, .hidden = hidden, .stop = stop, .personal = true,
    .draw = home_draw, .actions = actions, .status = status,
    .busy = busy,
};
