/* uiclick.c - which cells answer a click, and what a click does. */
#include "tui/uistate.h"

static void add_zone(struct ui *ui, struct surface s, struct click_zone z)
{
    if (ui->nzones == UI_ZONES || s.h <= 0 || s.w <= 0)
        return;
    z.y = s.y;
    z.x = s.x;
    z.h = s.h;
    z.w = s.w;
    ui->zone[ui->nzones++] = z;
}

void ui_clickable(struct view *v, struct surface s, int id)
{
    add_zone(v->ui, s, (struct click_zone){ .view = v, .id = id });
}

void ui_click_action(struct view *v, struct surface s, const struct action *a)
{
    add_zone(v->ui, s, (struct click_zone){ .view = v, .action = a });
}

/* The row as the view offers it now: the frame that drew it may be older than what holds. */
static bool still_offered(struct ui *ui, struct view *v, const struct action *a, struct action_call *call)
{
    struct action_list list = { 0 };

    ui_actions_of(ui, v, &list);
    for (int i = 0; i < list.n; i++)
        if (a >= list.set[i].rows && a < list.set[i].rows + list.set[i].n) {
            const struct action_set *set = &list.set[i];

            *call = (struct action_call){ .ui = ui, .self = set->self, .action = a };
            call->has_subject = set->subject && set->subject(set->self, &call->subject);
            return true;
        }
    return false;
}

unsigned ui_click(struct ui *ui, const struct input *in)
{
    struct action_call call;

    for (int i = ui->nzones; i-- > 0;) {        /* what was drawn last lies on top */
        const struct click_zone *z = &ui->zone[i];

        if (z->view != ui->top || in->y < z->y || in->y >= z->y + z->h || in->x < z->x ||
            in->x >= z->x + z->w)
            continue;
        if (!z->action)
            return z->view->ops->clicked ? z->view->ops->clicked(z->view, z->id) | UI_HANDLED : 0;
        return still_offered(ui, z->view, z->action, &call) ? ui_call(ui, &call) | UI_DONE : UI_HANDLED;
    }
    return 0;
}
