/* homedraw.c - how home looks: a sentence, the groups, at the right the public pool and the day. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/api/sentence.h"
#include "views/home.h"

enum { PANE_LEAST = 110, PERCENT = 63, LIST_LEAST = 66, SIDE_LEAST = 36, THREE_LEAST = 180,
       THREE_PERCENT = 50, SIDE_PERCENT = 44, LEAD_ROWS = 16, DAY_LEAST = 4, WHO = 10, PRODUCT = 10 };

/* ---- the first sentence ------------------------------------------------------------------------------- */

static void greet(struct line *l, const char *name)
{
    int hour = clock_civil(clock_now()).hour;
    line_add(l, ROLE_STRONG | INK_BOLD, hour < 11   ? _("Good morning, %s.")
                                        : hour < 14 ? _("Good day, %s.")
                                        : hour < 18 ? _("Good afternoon, %s.")
                                                    : _("Good evening, %s."), name);
    line_gap(l, 1);
}

/* For people without leads of their own: what they are here for. */
static const char *duty_words(const struct app *app)
{
    static const struct { unsigned role; const char *words; } duties[] = {
        { 1u << ROLE_SYSADMIN, N_("You run the system: gonghai backup, restore and doctor on the command "
                                  "line.") },
        { 1u << ROLE_SECADMIN, N_("You manage accounts and roles: gonghai user on the command line.") },
        { 1u << ROLE_AUDITADMIN, N_("You read and verify the audit log: gonghai audit verify on the "
                                    "command line.") },
        { 1u << ROLE_CONFIG, N_("You set up channels, products, pools and stages: gonghai call on the "
                                "command line.") },
        { 1u << ROLE_AUDITOR, N_("You see the leads of all branches with names masked, and change "
                                 "nothing: 2 shows them.") },
    };
    for (size_t i = 0; i < sizeof duties / sizeof *duties; i++)
        if (app->me.roles & duties[i].role)
            return i18n_text(duties[i].words);
    return app_may(app, RIGHT_LEAD_READ)
        ? _("This account is no employee's, so nothing is due for it: 2 shows the leads.")
                                         : _("This account sees no leads.");
}

/* The last limit of today. */
static void last_limit(const struct home *h, char out[WORDS])
{
    const struct tile *t = &h->tile[TILE_TODAY];
    words_clock(t->n ? t->row[t->n - 1].at : NONE, clock_now(), out);
}

/* Nothing in the pool, nothing in hand: a new database, where the first lead has yet to come. */
static bool is_bare(const struct home *h)
{
    return h->number[NUMBER_POOL] == 0 && h->number[NUMBER_MINE] == 0;
}

static void sentence_line(const struct home *h, struct line *l, bool wide)
{
    char text[400], at[WORDS], pool[WORDS];
    long long late = h->tile[TILE_OVERDUE].count, due = h->tile[TILE_TODAY].count;
    greet(l, h->app->me.name);
    if (!h->works)
        return;
    last_limit(h, at);
    words_count(h->number[NUMBER_POOL], pool);
    if (late < 0 || due < 0)
        return;
    if (late && due && !wide)
        snprintf(text, sizeof text,
                 _("First the {b%1$lld} overdue, then {w%2$lld} more before {w%3$s}."), late,
                 due, at);
    else if (late && due)
        snprintf(text, sizeof text, _("First the {b%lld} overdue, then {w%lld} more before {w%s}, "
                                      "and nothing is lost today."),
                 late, due, at);
    else if (late)
        snprintf(text, sizeof text, _("First the {b%lld} overdue; nothing else is due today."), late);
    else if (due && !wide)
        snprintf(text, sizeof text, _("Nothing is overdue; {w%1$lld} due before {w%2$s}."), due, at);
    else if (due)
        snprintf(text, sizeof text, _("Nothing is overdue; {w%lld} due before {w%s}, and nothing "
                                      "is lost today."), due, at);
    else if (is_bare(h) && app_may(h->app, RIGHT_LEAD_WRITE))
        snprintf(text, sizeof text, "%s", app_may(h->app, RIGHT_IMPORT)
                 ? _("No lead waits: {an} enters one, {ai} imports a file.")
                 : _("No lead waits: {an} enters one."));
    else
        snprintf(text, sizeof text, P_("Nothing is due today; {s%s} lead waits in the public pool.",
                                       "Nothing is due today; {s%s} leads wait in the public pool.",
                                       h->number[NUMBER_POOL]), pool);
    words_rich(l, ROLE_TEXT, text);
}

/* ---- numbers ------------------------------------------------------------------------------------------ */

static const char *const number_names[NUMBERS] = {
    [NUMBER_POOL] = N_("waiting in the pool"), [NUMBER_POOL_HIGH] = N_("high intent"),
        [NUMBER_POOL_NEW] = N_("new today"),
    [NUMBER_MINE] = N_("in my hands"),
};

static void numbers_line(const struct home *h, struct line *l)
{
    char count[WORDS];
    for (int i = 0; i < NUMBERS; i++) {
        if (i == NUMBER_MINE && !h->works)
            continue;
        words_count(h->number[i], count);
        if (l->text.len)
            line_gap(l, 3);
        line_add(l, ROLE_DIM, "%s ", _(number_names[i]));
        line_add(l, ROLE_STRONG, "%s", count);
    }
}

/* ---- groups ------------------------------------------------------------------------------------------- */

static int tile_ink(enum tile_kind t, int64_t count)
{
    return !count ? ROLE_DIM : t == TILE_OVERDUE ? ROLE_BAD | INK_BOLD : t == TILE_RECYCLE
        ? ROLE_WARN | INK_BOLD
           : t == TILE_NEW ? ROLE_GOOD | INK_BOLD : ROLE_STRONG | INK_BOLD;
}

static void draw_title(const struct home *h, int t, struct surface s, int y, bool collapsed)
{
    const struct tile *tile = &h->tile[t];
    struct line title = LINE_INIT, note = LINE_INIT;
    bool focused = t == h->tile_sel && home_row(h);
    char count[WORDS];
    words_count(tile->count, count);
    surface_hline(s, y, 0, s.w, ROLE_BORDER, GLYPH_HLINE);
    line_add(&title, focused ? ROLE_ACCENT | INK_BOLD : ROLE_TITLE | INK_BOLD, "%s", _(tile_titles[t]));
    line_add(&title, tile_ink((enum tile_kind)t, tile->count), " %s ", count);
    for (int i = 0; collapsed && i < tile_shown(tile); i++) {
        line_add(&title, ROLE_TEXT, " %s", words_name(h->view.ui, tile->row[i].who));
        line_add(&title, ROLE_DIM, " %s ", tile->row[i].product);
    }
    if (tile->count > tile_shown(tile) && tile_shown(tile) && !collapsed) {
        char more[WORDS];
        words_count(tile->count - tile_shown(tile), more);
        line_add(&note, ROLE_DIM, t == TILE_MESSAGES ? _(" %s more ") : _(" %s more: "), more);
        if (t != TILE_MESSAGES) {
            line_add(&note, ROLE_KEY, "o");
            line_add(&note, ROLE_DIM, " %s", _("as a list"));
        }
    } else if (!collapsed && tile->n) {
        line_add(&note, ROLE_DIM, " %s", _(tile_notes[t]));
    }
    int room = s.w - line_width(&note);
    surface_line(s, y, focused, &title, line_width(&title) < room - focused ? -1 : room - focused,
                 ALIGN_LEFT);
    if (focused)
        surface_glyph(s, y, 0, ROLE_ACCENT, GLYPH_FOCUS);
    surface_line(s, y, room, &note, -1, ALIGN_LEFT);
    line_free(&title);
    line_free(&note);
}

static int right_words(enum tile_kind t, const struct tile_row *row, int64_t now, char out[WORDS])
{
    if (t == TILE_OVERDUE || t == TILE_RECYCLE)
        return words_left(row->at, now, out);
    words_clock(row->at, now, out);
    return ROLE_TEXT;
}

static void draw_row(const struct home *h, int t, int r, struct surface s, int y)
{
    const struct tile_row *row = &h->tile[t].row[r];
    bool selected = t == h->tile_sel && r == h->row_sel;
    struct surface in = surface_sub(s, y, 0, 1, s.w);
    char at[WORDS];
    int ink = right_words((enum tile_kind)t, row, clock_now(), at), cells = text_width(at),
        from = 2 + WHO + 1 + PRODUCT + 1;
    if (selected) {
        in = surface_on(in, ROLE_SELECT);
        surface_fill(in);
        surface_glyph(in, 0, 0, ROLE_ACCENT, GLYPH_FOCUS);
        surface_cursor(in, 0, 0, false);
    }
    surface_text(in, 0, 2, ROLE_TEXT, words_name(h->view.ui, row->who), WHO, ALIGN_LEFT);
    surface_text(in, 0, 2 + WHO + 1, ROLE_DIM, row->product, PRODUCT, ALIGN_LEFT);
    surface_text(in, 0, from, selected ? ROLE_TEXT : ROLE_DIM,
                 t == TILE_MESSAGES ? words_name(h->view.ui,
                                                 row->what) : row->what, s.w - from - cells - 2, ALIGN_LEFT);
    surface_text(in, 0, s.w - cells, ink, at, cells, ALIGN_RIGHT);
}

/* What is left of the rows goes round among the groups that have more to show, in the order of pain. */
static void hand_out(struct home *h, int left)
{
    for (bool any = true; any && left > 0;) {
        any = false;
        for (int t = 0; t < TILES && left > 0; t++) {
            if (!h->tile[t].there || h->tile[t].n <= h->tile[t].room)
                continue;
            h->tile[t].room++;
            left--;
            any = true;
        }
    }
}

/* Which groups show their rows, and how many, in so many rows: first the air goes, then groups collapse from
 * the last on, but never the one in hand. Returns the rows of air between groups. */
static int fit(struct home *h, int height, bool collapsed[TILES])
{
    int need = 0, tiles = 0;
    for (int t = 0; t < TILES; t++) {
        collapsed[t] = false;
        h->tile[t].room = TILE_ROWS;
        if (h->tile[t].there) {
            need += 1 + tile_shown(&h->tile[t]);
            tiles++;
        }
    }
    if (need + tiles - 1 <= height) {
        hand_out(h, height - need - (tiles - 1));
        return 1;
    }
    for (int t = TILES; t-- > 0 && need > height;) {
        if (!h->tile[t].there || t == h->tile_sel || !tile_shown(&h->tile[t]))
            continue;
        collapsed[t] = true;
        need -= tile_shown(&h->tile[t]);
    }
    return 0;
}

static void draw_tiles(struct home *h, struct surface s)
{
    bool collapsed[TILES];
    int air = fit(h, s.h, collapsed), y = 0;
    if (!home_row(h))
        home_settle(h);                 /* its row has no room any more */
    for (int t = 0; t < TILES; t++) {
        if (!h->tile[t].there)
            continue;
        draw_title(h, t, s, y++, collapsed[t]);
        for (int r = 0; !collapsed[t] && r < tile_shown(&h->tile[t]); r++)
            draw_row(h, t, r, s, y++);
        y += air;
    }
}

/* ---- the right side ----------------------------------------------------------------------------------- */

static int draw_pool(const struct home *h, struct surface s, int y)
{
    char count[WORDS];
    view_pane_title(s, y++, _("Public pool"), NULL, false);
    for (int i = 0; i < NUMBERS; i++) {
        if (i == NUMBER_MINE && !h->works)
            continue;
        words_count(h->number[i], count);
        surface_text(s, y, 0, ROLE_DIM, _(number_names[i]), s.w - 12, ALIGN_LEFT);
        surface_text(s, y++, s.w - 12, ROLE_STRONG | INK_BOLD, count, 12, ALIGN_RIGHT);
    }
    return y + 1;
}

/* As many rows as leave the lead in hand its own, `keep`; what does not fit is in the group anyway.
 * Returns the row below. */
static int draw_day(const struct home *h, struct surface s, int y, int keep)
{
    const struct tile *t = &h->tile[TILE_TODAY];
    struct line note = LINE_INIT;
    char at[WORDS];
    int end = s.h - keep < y + DAY_LEAST ? y + DAY_LEAST : s.h - keep;
    line_add(&note, ROLE_DIM, "%s", _("by their limits"));
    view_pane_title(s, y++, _("My day"), &note, false);
    line_free(&note);
    if (!t->n)
        surface_text(s, y++, 0, ROLE_DIM, _("Nothing is due any more today."), s.w, ALIGN_LEFT);
    for (int i = 0; i < t->n && y < end && y < s.h; i++, y++) {
        words_clock(t->row[i].at, clock_now(), at);
        surface_text(s, y, 0, i ? ROLE_DIM : ROLE_ACCENT, at, 6, ALIGN_LEFT);
        surface_glyph(s, y, 6, i ? ROLE_BORDER : ROLE_ACCENT, i ? GLYPH_VLINE : GLYPH_FOLDED);
        int used = surface_text(s, y, 8, ROLE_TEXT, words_name(h->view.ui, t->row[i].who), -1, ALIGN_LEFT);
        surface_text(s, y, 9 + used, ROLE_DIM, t->row[i].what, s.w - 9 - used, ALIGN_LEFT);
    }
    return y + 1;
}

/* The lead of the row in hand: whom to call, what was said last. */
static void draw_lead(struct home *h, struct surface s)
{
    const struct tile_row *row = home_row(h);
    h->beside = s.h >= LEAD_ROWS && s.w >= SIDE_LEAST && !s.grid->large;
    if (!h->beside)
        return;
    detail_follow(&h->detail, row ? row->lead_id : 0);
    if (!h->detail.id)
        return;
    struct line note = LINE_INIT;
    line_add(&note, ROLE_KEY | INK_BOLD, "Enter");
    line_add(&note, ROLE_DIM, " %s", _("full screen"));
    view_pane_title(s, 0, _("Lead"), &note, false);
    detail_draw(&h->detail, surface_sub(s, 1, 0, -1, -1), false);
    line_free(&note);
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

/* Where there is room the lead in hand has a column of its own. */
static void draw_wide(struct home *h, struct surface s)
{
    bool three = s.w >= THREE_LEAST;
    struct split parts = view_split(s, three ? THREE_PERCENT : PERCENT, LIST_LEAST, SIDE_LEAST);
    struct surface side = parts.right, lead = side;
    draw_tiles(h, parts.left);
    if (three) {
        struct split two = view_split(side, SIDE_PERCENT, SIDE_LEAST, SIDE_LEAST);
        side = two.left;
        lead = two.right;
    }
    int y = draw_pool(h, side, 0);
    if (!h->works)
        return;
    y = draw_day(h, side, y, three ? 0 : LEAD_ROWS + 1);
    draw_lead(h, three ? lead : surface_sub(side, y, 0, side.h - y, -1));
}

/* What the account is here for: behind the greeting, below it where there is no room. The rows it took. */
static int draw_duty(const struct home *h, struct surface s, int y, const struct line *greeting)
{
    const char *words = duty_words(h->app);
    int x = line_width(greeting);
    if (x + text_width(words) > s.w)
        return surface_wrap(surface_sub(s, y, 0, -1, s.w), 0, ROLE_TEXT, words);
    surface_text(s, y - 1, x, ROLE_TEXT, words, s.w - x, ALIGN_LEFT);
    return 0;
}

void home_draw(struct view *v, struct surface s)
{
    struct home *h = home_of(v);
    struct line l = LINE_INIT;
    struct arena a = ARENA_INIT;
    bool wide = s.w >= PANE_LEAST, tall = s.h >= 30;
    int y = tall;
    h->beside = false;
    app_words(h->app);
    sentence_line(h, &l, s.w >= 100);
    surface_line(s, y++, 1, &l, s.w - 2, ALIGN_LEFT);
    if (!h->works)
        y += draw_duty(h, surface_sub(s, 0, 1, -1, s.w - 2), y, &l);
    if (h->err.status)
        y += 1 + surface_wrap(surface_sub(s, 0, 1, -1, s.w - 2), y, ROLE_BAD, sentence(&a, &h->err));
    arena_free(&a);
    line_clear(&l);
    if (!wide && h->sees) {
        numbers_line(h, &l);
        surface_line(s, y++, 1, &l, s.w - 2, ALIGN_LEFT);
    }
    line_free(&l);
    y++;
    if (wide && h->sees)
        draw_wide(h, surface_sub(s, y, 1, -1, s.w - 2));
    else
        draw_tiles(h, surface_sub(s, y, 1, -1, s.w - 2));
}
