#include "tui/month.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "tui/loop.h"

enum { DAY_CELLS = 4, WEEK_CELLS = 3, APART = 2, WEEK_ROWS = 6 };

static const char *const weekdays[] = {
    NC_("weekday", "Mo"), NC_("weekday", "Tu"), NC_("weekday", "We"), NC_("weekday", "Th"),
    NC_("weekday", "Fr"), NC_("weekday", "Sa"), NC_("weekday", "Su")
};

/* --- days ------------------------------------------------------------------------------------- */

static int64_t month_start(int64_t day)
{
    struct civil c = clock_civil(day);

    return clock_day_add(clock_day(day), 1 - c.day);
}

/* The first day of the month n months on. */
static int64_t month_on(int64_t start, int n)
{
    struct civil c = clock_civil(start);

    return clock_day(clock_from_civil(
        (struct civil){ .year = c.year, .month = c.month + n, .day = 1, .hour = 12 }));
}

static int month_length(int64_t start)
{
    return clock_civil(clock_day_add(month_on(start, 1), -1)).day;
}

/* Monday of the week that a day lies in. */
static int64_t week_start(int64_t day)
{
    return clock_day_add(day, 1 - clock_civil(day).weekday);
}

int month_week(int64_t day)
{
    int64_t thursday = clock_day_add(week_start(clock_day(day)), 3);
    int year = clock_civil(thursday).year, n = 0;

    while (clock_civil(clock_day_add(thursday, -7 * (n + 1))).year == year)
        n++;
    return n + 1;
}

void month_title(int64_t day, char out[32])
{
    struct civil c = clock_civil(day);

    /* the heading of a month's grid: year and month */
    snprintf(out, 32, _("%d-%02d"), c.year, c.month);
}

/* Months from the month of a to that of b. */
static int months_between(int64_t a, int64_t b)
{
    struct civil x = clock_civil(a), y = clock_civil(b);

    return (y.year - x.year) * 12 + y.month - x.month;
}

/* --- state ------------------------------------------------------------------------------------ */

void month_init(struct month *m, int64_t day)
{
    *m = (struct month){ .selected = clock_day(day), .from = NONE, .to = NONE, .weeks = true,
                         .first = NONE };
}

void month_select(struct month *m, int64_t day)
{
    day = clock_day(day);
    if (m->from != NONE && day < m->from)
        day = m->from;
    if (m->to != NONE && day > m->to)
        day = m->to;
    m->selected = day;
}

/* --- input ------------------------------------------------------------------------------------ */

static unsigned go(struct month *m, int64_t day)
{
    month_select(m, day);
    return UI_DONE;
}

/* Months on; the 31st becomes the last where there is none. */
static unsigned go_months(struct month *m, int n)
{
    int64_t start = month_on(month_start(m->selected), n);
    int day = clock_civil(m->selected).day, last = month_length(start);

    return go(m, clock_day_add(start, (day < last ? day : last) - 1));
}

static int block_cells(const struct month *m)
{
    return month_cells(m) + APART;
}

/* The day at a cell of the last drawing; NONE for none. */
static int64_t day_at(const struct month *m, int y, int x)
{
    int column = x / block_cells(m), row = y / (MONTH_ROWS + 1);
    int64_t start, day;

    x = x % block_cells(m) - (m->weeks ? WEEK_CELLS : 0);
    y = y % (MONTH_ROWS + 1) - 2;
    if (x < 0 || x / DAY_CELLS > 6 || y < 0 || y >= WEEK_ROWS || column >= m->across ||
        row >= m->down)
        return NONE;
    start = month_on(m->first, row * m->across + column);
    day = clock_day_add(week_start(start), y * 7 + x / DAY_CELLS);
    return months_between(start, day) == 0 ? day : NONE;
}

static unsigned mouse(struct month *m, const struct input *in)
{
    struct surface a = m->area;
    int64_t day;

    if (m->first == NONE || in->y < a.y || in->y >= a.y + a.h || in->x < a.x || in->x >= a.x + a.w)
        return 0;
    if (in->button == MOUSE_WHEEL_UP || in->button == MOUSE_WHEEL_DOWN)
        return go_months(m, in->button == MOUSE_WHEEL_UP ? -1 : 1);
    day = in->button == MOUSE_LEFT ? day_at(m, in->y - a.y, in->x - a.x) : NONE;
    return day == NONE ? 0 : go(m, day);
}

unsigned month_input(struct month *m, const struct input *in)
{
    int weekday = clock_civil(m->selected).weekday;

    if (in->kind == INPUT_MOUSE)
        return mouse(m, in);
    if (in->kind != INPUT_KEY)
        return 0;
    switch (in->key) {
    case K_LEFT:
    case 'h':
        return go(m, clock_day_add(m->selected, -1));
    case K_RIGHT:
    case 'l':
        return go(m, clock_day_add(m->selected, 1));
    case K_UP:
    case 'k':
        return go(m, clock_day_add(m->selected, -7));
    case K_DOWN:
    case 'j':
        return go(m, clock_day_add(m->selected, 7));
    case K_HOME:
        return go(m, clock_day_add(m->selected, 1 - weekday));
    case K_END:
        return go(m, clock_day_add(m->selected, 7 - weekday));
    case K_PGUP:
        return go_months(m, -1);
    case K_PGDN:
        return go_months(m, 1);
    case K_PGUP | K_SHIFT:
        return go_months(m, -12);
    case K_PGDN | K_SHIFT:
        return go_months(m, 12);
    case '.':
    case 't':
        return go(m, clock_now());
    default:
        return 0;
    }
}

/* --- drawing ---------------------------------------------------------------------------------- */

int month_cells(const struct month *m)
{
    return (m->weeks ? WEEK_CELLS : 0) + 7 * DAY_CELLS;
}

/* Two cells of number, then mark or words. Today is underlined and stands between brackets of its
 * own where no mark is; the day in hand is on the bar. */
static void draw_day(struct month *m, struct surface cell, int64_t day, bool focused)
{
    struct month_day d = { .ink = clock_civil(day).weekday > 5 ? ROLE_DIM : ROLE_TEXT,
                           .mark = GLYPH_COUNT };
    bool today = day == clock_day(clock_now());

    if (m->day)
        m->day(m->self, day, &d);
    if (day == m->selected) {
        cell = surface_on(cell, focused ? ROLE_SELECT : ROLE_SELECT_OFF);
        surface_fill(cell);
        if (focused)
            surface_cursor(cell, 0, 1, false);
    }
    if ((m->from != NONE && day < m->from) || (m->to != NONE && day > m->to))
        d.ink = ROLE_STALE;
    if (today)
        d.ink = ROLE_ACCENT | INK_BOLD | INK_UNDERLINE;
    surface_printf(cell, 0, 0, d.ink, "%2d", clock_civil(day).day);
    if (d.words)
        surface_text(cell, 0, 2, d.ink & ~INK_UNDERLINE, d.words, 2, ALIGN_LEFT);
    else if (d.mark != GLYPH_COUNT)
        surface_glyph(cell, 0, 2, d.ink & ~INK_UNDERLINE, d.mark);
    else if (today)
        surface_glyph(cell, 0, 2, ROLE_ACCENT, GLYPH_LESS);
}

static void draw_head(const struct month *m, struct surface s, int64_t start)
{
    int x = m->weeks ? WEEK_CELLS : 0;
    char title[32];

    month_title(start, title);
    surface_text(s, 0, 0, ROLE_TITLE | INK_BOLD, title, s.w, ALIGN_CENTER);
    for (int i = 0; i < 7; i++)
        surface_text(s, 1, x + i * DAY_CELLS, ROLE_DIM, i18n_text(weekdays[i]), 2, ALIGN_RIGHT);
}

static void draw_month(struct month *m, struct surface s, int64_t start, bool focused)
{
    int x = m->weeks ? WEEK_CELLS : 0;
    int64_t day = week_start(start);

    draw_head(m, s, start);
    for (int row = 0; row < WEEK_ROWS && months_between(start, day) <= 0; row++) {
        if (m->weeks)
            surface_printf(s, row + 2, 0, ROLE_BORDER, "%2d", month_week(day));
        for (int i = 0; i < 7; i++, day = clock_day_add(day, 1))
            if (months_between(start, day) == 0)
                draw_day(m, surface_sub(s, row + 2, x + i * DAY_CELLS, 1, DAY_CELLS), day, focused);
    }
}

/* Which months are shown: those of before, moved just so far that the day in hand is among them. */
static void scroll_to_selected(struct month *m)
{
    int shown = m->across * m->down, at;

    if (m->first == NONE)
        m->first = month_start(m->selected);
    at = months_between(m->first, m->selected);
    if (at < 0)
        m->first = month_on(m->first, at);
    else if (at >= shown)
        m->first = month_on(m->first, at - shown + 1);
}

int month_draw(struct month *m, struct surface s, bool focused)
{
    int cells = month_cells(m), across = (s.w + APART) / (cells + APART),
        down = (s.h + 1) / (MONTH_ROWS + 1);

    if (across < 1 || down < 1)
        return 0;
    across = across > 12 ? 12 : across;
    m->area = s;
    m->across = across;
    m->down = down * across > 12 ? (12 + across - 1) / across : down;
    scroll_to_selected(m);
    for (int i = 0; i < m->across * m->down; i++)
        draw_month(m,
                   surface_sub(s, i / across * (MONTH_ROWS + 1), i % across * block_cells(m),
                               MONTH_ROWS, cells),
                   month_on(m->first, i), focused);
    return m->down * (MONTH_ROWS + 1) - 1;
}
