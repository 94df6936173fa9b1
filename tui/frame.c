#include "tui/frame.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/uistate.h"

enum { KEYS_MAX = 9, FKEYS = 12 };

/* --- header ----------------------------------------------------------------------------------- */

static const char *weekday(int day)
{
    static const char *const names[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                         N_("Fri"), N_("Sat"), N_("Sun") };

    return _(names[(day + 6) % 7]);
}

static void header_place(const struct frame *f, struct line *l, bool wide)
{
    int from = wide || f->nunits < 2 ? 0 : f->nunits - 2;
    char more[4];

    more[text_put(more, glyph_char(GLYPH_MORE, false))] = '\0';
    line_add(l, ROLE_HEADER | INK_BOLD, "%s", f->product ? f->product : _("Gonghai"));
    line_add(l, ROLE_HEADER, "  ");
    for (int i = from; i < f->nunits; i++) {
        if (i > from)
            line_add(l, ROLE_HEADER, " %s ", more);
        line_add(l, ROLE_HEADER | (i == f->nunits - 1 ? INK_BOLD : 0), "%s", f->unit[i]);
    }
}

/* The time at which the screen was drawn: an idle console draws again when something changes, not each
 * minute. */
static void header_time(struct line *l, bool wide, bool narrow)
{
    struct civil c = clock_civil(clock_now());

    if (wide)
        line_add(l, ROLE_HEADER, "%02d-%02d %s ", c.month, c.day, weekday(c.weekday));
    if (narrow)
        line_add(l, ROLE_HEADER, "%02d:%02d", c.hour, c.minute);
    else
        /* TRANSLATORS: the time of day to which the screen is up to date */
        line_add(l, ROLE_HEADER, _("at %02d:%02d"), c.hour, c.minute);
}

static void header_person(const struct frame *f, struct line *l, bool blank, bool wide, bool narrow)
{
    const char *gap = wide ? "   " : "  ";

    if (!narrow)
        line_add(l, ROLE_HEADER, "%s", f->person);
    if (wide && f->role[0])
        line_add(l, ROLE_HEADER, " %s", f->role);
    if (f->connection[0]) {
        line_add(l, ROLE_HEADER, "%s", gap);
        line_add(l, f->connection_ink, "%s", f->connection);
    }
    if (f->read_only) {
        line_add(l, ROLE_HEADER, "%s", gap);
        line_add(l, ROLE_WARN, "%s", _("read only"));
    }
    if (blank) {
        line_add(l, ROLE_HEADER, "%s", gap);
        line_add(l, ROLE_WARN, "%s", _("names hidden"));
    }
    if (f->messages > 0 && !narrow) {
        line_add(l, ROLE_HEADER, "%s", gap);
        line_add(l, ROLE_KEY | INK_BOLD, _("%d new"), f->messages);
    }
    line_add(l, ROLE_HEADER, "%s", gap);
    header_time(l, wide, narrow);
}

/* Two lines in one row; the left one gives way. */
static void both_ends(struct surface s, int y, const struct line *left, const struct line *right)
{
    int cells = line_width(right), room;

    if (cells > s.w - 2)
        cells = s.w - 2;
    room = s.w - 2 - cells - (cells ? 1 : 0);
    if (cells > 0)
        surface_line(s, y, s.w - 1 - cells, right, cells, ALIGN_RIGHT);
    if (room > 0)
        surface_line(s, y, 1, left, line_width(left) > room ? room : -1, ALIGN_LEFT);
}

static void draw_header(const struct frame *f, bool blank, struct surface s)
{
    struct surface row = surface_on(surface_sub(s, 0, 0, 1, s.w), ROLE_HEADER);
    struct line left = LINE_INIT, right = LINE_INIT;
    bool wide = s.w >= FRAME_WIDE;

    surface_fill(row);
    header_place(f, &left, wide);
    header_person(f, &right, blank, wide, s.w < FRAME_NARROW);
    both_ends(row, 0, &left, &right);
    line_free(&left);
    line_free(&right);
}

/* --- tabs ------------------------------------------------------------------------------------- */

/* Cells that the tabs need with this air around them. */
static int tabs_width(const struct frame_parts *p, bool wide, int air)
{
    int n = 1;

    for (int i = 0; i < p->ntabs; i++)
        n += 3 + text_width(i18n_text(wide ? p->tabs[i].label : p->tabs[i].short_label)) + air;
    return n;
}

static int draw_tab(const struct frame_tab *tab, int number, struct view *v, struct surface s, int x,
                    bool wide)
{
    const char *label = i18n_text(wide ? tab->label : tab->short_label);
    int start = x;

    if (tab->current) {
        surface_text(s, 1, x - 1, ROLE_TAB, " ", 3 + text_width(label) + 1, ALIGN_LEFT);
        s = surface_on(s, ROLE_TAB);
    }
    if (v)
        ui_click_action(v, surface_sub(s, 1, x, 1, 2 + text_width(label)), tab->action);
    surface_printf(s, 1, x,
                   tab->later     ? ROLE_DIM
                   : tab->current ? ROLE_TAB
                                  : ROLE_KEY,
                   "%d", number);
    x += 2;
    x += surface_text(s, 1, x,
                      tab->current ? ROLE_TAB | INK_BOLD
                      : tab->later ? ROLE_DIM
                                   : ROLE_TEXT,
                      label, -1, ALIGN_LEFT);
    return x - start;
}

static void draw_tabs(const struct frame_parts *p, struct surface s)
{
    bool wide = s.w >= FRAME_WIDE && tabs_width(p, true, 2) <= s.w;
    int air = tabs_width(p, wide, 3) <= s.w - 14 ? 3 : tabs_width(p, wide, 2) <= s.w ? 2 : 1, x = 1;

    for (int i = 0; i < p->ntabs; i++)
        x += draw_tab(&p->tabs[i], i + 1, p->view, s, x, wide) + air;
    if (p->view && p->view->ops->number && s.w - x > 14) {
        struct line code = LINE_INIT;

        line_add(&code, ROLE_DIM, "%s ", _("Function"));
        line_add(&code, ROLE_TEXT, "%04d", p->view->ops->number);
        surface_line(s, 1, x, &code, s.w - x - 1, ALIGN_RIGHT);
        line_free(&code);
    }
}

/* --- context, status, keys -------------------------------------------------------------------- */

static void draw_context(const struct frame_parts *p, struct surface s)
{
    struct line left = LINE_INIT, right = LINE_INIT;

    for (int row = 0; row < 2; row++) {
        line_clear(&left);
        line_clear(&right);
        if (row == 0 && p->frame->offline) {
            struct surface banner = surface_on(surface_sub(s, 2, 0, 1, s.w), ROLE_BANNER);

            surface_fill(banner);
            surface_text(banner, 0, 1, ROLE_BANNER, p->frame->offline_why, s.w - 2, ALIGN_LEFT);
            continue;
        }
        p->view->ops->context(p->view, row, &left, &right);
        both_ends(s, 2 + row, &left, &right);
    }
    line_free(&left);
    line_free(&right);
}

struct surface frame_status_row(struct surface s)
{
    return surface_sub(s, s.h - 2, 0, 1, s.w);
}

void frame_status(const struct frame_parts *p, struct surface s)
{
    static const char turns[] = "|/-\\";
    struct line left = LINE_INIT, right = LINE_INIT;

    if (p->view->ops->status)
        p->view->ops->status(p->view, &left, &right);
    if (p->spinner) {
        line_gap(&right, 2);
        line_add(&right, ROLE_ACCENT, "%c", turns[p->spinner & 3]);
    }
    both_ends(frame_status_row(s), 0, &left, &right);
    line_free(&left);
    line_free(&right);
}

struct shown_key { char keys[K_NAME]; const char *label; const struct action *action; };

/* Which rows stand in the key row: those that say so, have a key that works and can be called now. */
static int collect_keys(const struct action_list *l, const struct keymap *k, struct ui *ui,
                        bool more, struct shown_key *out)
{
    int n = 0;

    for (int i = 0; i < l->n; i++)
        for (size_t j = 0; j < l->set[i].n; j++) {
            const struct action_set *set = &l->set[i];
            const struct action *a = &set->rows[j];
            struct action_call call;
            int key = a->flags & ACTION_FOOTER ? action_key(k, l, i, a) : K_NONE;

            if (key == K_NONE)
                continue;
            if (n == KEYS_MAX || (more && i < l->n - 1 && n >= KEYS_MAX - 2))
                continue;       /* the last set, with palette and help, keeps its room */
            if (!action_by_name(l, ui, a->name, &call) || call.action != a ||
                action_disabled(&call))
                continue;
            if (a->footer_keys)
                snprintf(out[n].keys, K_NAME, "%s", a->footer_keys);
            else
                key_label(key, ui_ascii(ui), out[n].keys);
            out[n].action = a;
            out[n++].label = i18n_text(a->label);
        }
    return n;
}

static int key_cells(const struct shown_key *k)
{
    return text_width(k->keys) + 1 + text_width(k->label);
}

static int draw_key(struct surface s, int y, int x, const struct shown_key *k, struct view *v)
{
    int used = surface_text(s, y, x, ROLE_KEY | INK_BOLD, k->keys, -1, ALIGN_LEFT);

    used += 1 + surface_text(s, y, x + used + 1, ROLE_TEXT, k->label, -1, ALIGN_LEFT);
    ui_click_action(v, surface_sub(s, y, x, 1, used), k->action);
    return used;
}

void frame_keys(struct surface s, int y, const struct action_list *actions,
                const struct keymap *keymap, struct view *v, bool more)
{
    struct shown_key keys[KEYS_MAX];
    int n = collect_keys(actions, keymap, v->ui, more, keys), kept = n, total = 1, gap, x = 1,
        last = more ? 2 : 1;            /* the way to all actions, and help, are never dropped */

    for (int i = 0; i < n; i++)
        total += key_cells(&keys[i]);
    gap = total + 3 * (n - 1) < s.w ? 3 : 2;
    while (kept > last && total + gap * (kept - 1) > s.w - 1) {
        int out = kept - 1 - last;

        total -= key_cells(&keys[out]);
        memmove(keys + out, keys + out + 1, sizeof *keys * (size_t)last);
        kept--;
    }
    for (int i = 0; i < kept; i++)
        x += draw_key(s, y, x, &keys[i], v) + gap;
}

static void draw_key_row(const struct frame_parts *p, struct surface s)
{
    struct surface row = surface_on(surface_sub(s, s.h - 1, 0, 1, s.w), ROLE_HEADER);

    surface_fill(row);
    frame_keys(row, 0, p->actions, p->keymap, p->view, true);
}

/* The row that Fn reaches: of the view, or one of those that hold everywhere. */
static bool f_key(int n, struct view *v, const struct action_list *actions, const struct action_list *global,
                  const struct keymap *keymap, struct action_call *call)
{
    return action_by_key(keymap, actions, v->ui, K_F0 + n, call) ||
           (action_by_key(keymap, global, v->ui, K_F0 + n, call) && (call->action->flags & ACTION_ALWAYS));
}

struct f_label { struct action_call call; const char *label; bool there, off; };

/* Cells of the row with so many between two keys, and one more after each digit where `long_names`
 * ("F1 "). */
static int keybar_cells(const struct f_label *keys, int gap, bool long_names)
{
    int cells = 1;

    for (int i = 1; i <= FKEYS; i++)
        if (keys[i].there)
            cells += 1 + (i > 9) + (long_names ? 2 : 0) + text_width(keys[i].label) + gap;
    return cells;
}

/* Too narrow: first what can't be used now goes, from the right; then the rest. */
static void fit_keybar(struct f_label *keys, int cells)
{
    for (int off = 1; off >= 0; off--)
        for (int i = FKEYS; i >= 1 && keybar_cells(keys, 1, false) > cells; i--)
            if (keys[i].off == (off == 1))
                keys[i].there = false;
}

void frame_keybar(struct surface row, struct view *v, const struct action_list *actions,
                  const struct action_list *global, const struct keymap *keymap)
{
    struct f_label keys[FKEYS + 1] = { 0 };
    int x = 1, gap;
    bool long_names;

    for (int i = 1; i <= FKEYS; i++) {
        keys[i].there = f_key(i, v, actions, global, keymap, &keys[i].call);
        keys[i].label = keys[i].there ? i18n_text(keys[i].call.action->label) : "";
        keys[i].off = keys[i].there && action_disabled(&keys[i].call);
    }
    fit_keybar(keys, row.w + 1);
    long_names = keybar_cells(keys, 1, true) <= row.w + 1;          /* narrow: the digit alone, as in mc */
    gap = keybar_cells(keys, 2, long_names) <= row.w + 2 ? 2 : 1;
    for (int i = 1; i <= FKEYS; i++) {
        int from = x;
        char key[8];

        if (!keys[i].there)
            continue;
        snprintf(key, sizeof key, long_names ? "F%d" : "%d", i);
        x += surface_text(row, 0, x, keys[i].off ? ROLE_DIM : ROLE_KEY | INK_BOLD, key, -1, ALIGN_LEFT);
        x += long_names;
        x += surface_text(row, 0, x, keys[i].off ? ROLE_DIM : ROLE_TEXT, keys[i].label, -1, ALIGN_LEFT);
        ui_click_action(v, surface_sub(row, 0, from, 1, x - from), keys[i].call.action);
        x += gap;
    }
}

/* --- over the body ---------------------------------------------------------------------------- */

/* Are these cells empty, and the terminal's own ground? */
static bool is_empty(struct surface s, int y, int x, int cells)
{
    const struct cell *c = &s.grid->cells[(s.y + y) * s.grid->w + s.x + x];

    for (int i = 0; i < cells; i++)
        if (c[i].width != 1 || c[i].c[0] != ' ' || c[i].ground != ROLE_NONE)
            return false;
    return true;
}

static bool mark_at(struct surface s, int y, int x, int cells, const char *words)
{
    if (y < 0 || x < 0 || !is_empty(s, y, x, cells))
        return false;
    surface_text(s, y, x + 1, ROLE_WATERMARK, words, -1, ALIGN_LEFT);
    return true;
}

void frame_watermark(struct surface s, struct surface body, const char *words)
{
    int cells = text_width(words) + 2;
    const int rows[] = { s.h - 2, 2, 3 };

    if (!*words)
        return;
    for (int y = body.h - 1; y >= 0; y--)
        if (mark_at(body, y, body.w - cells - 1, cells, words))
            return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int x = s.w - cells; x >= 0; x--)
            if (mark_at(s, rows[i], x, cells, words))
                return;
}

void frame_embolden(struct surface s)
{
    for (int y = 0; y < s.h; y++)
        for (int x = 0; x < s.w; x++)
            s.grid->cells[(s.y + y) * s.grid->w + s.x + x].ink |= INK_BOLD;
}

struct surface frame_draw(const struct frame_parts *p, struct surface s)
{
    bool context = p->view && (p->view->ops->context || p->frame->offline);
    int top = context ? 4 : 2;

    draw_header(p->frame, ui_blank(p->ui), s);
    draw_tabs(p, s);
    if (!p->view)
        return surface_sub(s, 2, 0, 0, 0);
    if (p->view->ops->context)
        draw_context(p, s);
    else if (p->frame->offline)
        surface_text(s, 2, 0, ROLE_BANNER, p->frame->offline_why, s.w, ALIGN_LEFT);
    draw_key_row(p, s);
    return surface_sub(s, top, 0, s.h - top - 2, s.w);
}

void frame_too_small(struct surface s, int rows, int cols)
{
    char words[120];
    int y = s.h / 2 - 1;

    surface_text(s, y < 0 ? 0 : y, 0, ROLE_TITLE, _("Window too small"), s.w, ALIGN_CENTER);
    snprintf(words, sizeof words, _("It is %d x %d, the least is %d x %d"), cols, rows,
             FRAME_MIN_COLS, FRAME_MIN_ROWS);
    surface_text(s, y + 1, 0, ROLE_TEXT, words, s.w, ALIGN_CENTER);
    if (y + 3 < s.h)
        surface_text(s, y + 3, 0, ROLE_DIM, _("Nothing is lost; make it larger"), s.w,
                     ALIGN_CENTER);
}

/* --- dialogs ---------------------------------------------------------------------------------- */

/* border, air, rule and keys around the body */
enum { DIALOG_MARGIN = 3, DIALOG_EXTRA_ROWS = 6 };

struct surface frame_dialog(struct surface s, struct view *v, const struct action_list *actions,
                            const struct keymap *keymap)
{
    int top = v->ops->top ? v->ops->top(v) : 0;
    s = surface_sub(s, top, 0, -1, -1);
    int extra = s.h < 20 ? DIALOG_EXTRA_ROWS - 2 : DIALOG_EXTRA_ROWS, below = s.h < 16 ? 0 : 2;
    int max_h = s.h - below - extra, max_w = s.w - 2 * DIALOG_MARGIN - (s.w >= 80 ? 4 : 0),
        h = max_h, w = max_w;
    struct surface box, in;
    struct line title = LINE_INIT, subject = LINE_INIT;

    if (v->ops->measure)
        v->ops->measure(v, max_h, max_w, &h, &w);
    h = h > max_h ? max_h : h < 1 ? 1 : h;
    w = w > max_w ? max_w : w < 20 ? 20 : w;
    if (v->ops->subject)
        v->ops->subject(v, &title, &subject);
    box = surface_sub(s, top ? 0 : (s.h - below - h - extra) / 2, (s.w - w - 2 * DIALOG_MARGIN) / 2,
                      h + extra, w + 2 * DIALOG_MARGIN);
    box = surface_on(box, ROLE_DIALOG);
    in = surface_box(box, title.text.len ? title.text.s : i18n_text(v->ops->title), &subject);
    surface_hline(in, in.h - 2, 1, in.w - 2, ROLE_BORDER, GLYPH_HLINE);
    frame_keys(surface_sub(in, 0, 1, in.h, in.w - 2), in.h - 1, actions, keymap, v, false);
    line_free(&title);
    line_free(&subject);
    return surface_sub(in, extra == DIALOG_EXTRA_ROWS ? 1 : 0, DIALOG_MARGIN - 1, h, w);
}
