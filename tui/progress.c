#include "tui/progress.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/bars.h"

enum {
    MARKS = sizeof((struct progress *)0)->mark / sizeof((struct progress *)0)->mark[0],
    MARK_GAP = 500
};

void progress_start(struct progress *p, const char *unit)
{
    *p = (struct progress){ .unit = unit, .started = clock_mono() };
}

void progress_set(struct progress *p, int64_t at, int64_t of)
{
    int64_t now = clock_mono();

    p->at = at;
    p->of = of;
    if (p->nmarks > 0 && now - p->mark[p->nmarks - 1].time < MARK_GAP)
        return;
    if (p->nmarks == MARKS)
        memmove(p->mark, p->mark + 1, sizeof p->mark[0] * (size_t)--p->nmarks);
    p->mark[p->nmarks].time = now;
    p->mark[p->nmarks++].at = at;
}

void progress_end(struct progress *p)
{
    p->ended = clock_mono();
}

static int64_t elapsed(const struct progress *p)
{
    return p->started ? (p->ended ? p->ended : clock_mono()) - p->started : 0;
}

double progress_rate(const struct progress *p)
{
    int64_t time = elapsed(p), done = p->at;

    if (!p->ended && p->nmarks > 1) {
        time = clock_mono() - p->mark[0].time;
        done = p->at - p->mark[0].at;
    }
    return time > 0 ? (double)done * 1000 / (double)time : -1;
}

double progress_left(const struct progress *p)
{
    double rate = progress_rate(p);

    if (p->ended)
        return 0;
    return p->of > 0 && rate > 0 ? (double)(p->of - p->at) / rate : -1;
}

static double share(const struct progress *p)
{
    return p->of > 0 ? (double)p->at / (double)p->of : 0;
}

static int percent(const struct progress *p)
{
    int n = (int)(share(p) * 100);

    return n > 100 ? 100 : n;
}

static void counts(const struct progress *p, struct line *l)
{
    char at[32], of[32];

    text_grouped(p->at, at);
    text_grouped(p->of, of);
    line_add(l, ROLE_STRONG, "%s", at);
    if (p->of > 0)
        line_add(l, ROLE_DIM, " / %s", of);
    line_add(l, ROLE_DIM, " %s", i18n_text(p->unit));
}

static void speed(const struct progress *p, struct line *l)
{
    double rate = progress_rate(p);
    char number[32];

    if (rate > 0) {
        text_grouped((int64_t)rate, number);
        line_add(l, ROLE_TEXT, _("%s %s a second"), number, i18n_text(p->unit));
        line_gap(l, 3);
    }
    line_add(l, ROLE_DIM, _("%.1f s so far"), (double)elapsed(p) / 1000);
}

static void rest(const struct progress *p, struct line *l)
{
    double left = progress_left(p);

    if (p->ended)
        line_add(l, ROLE_GOOD, "%s", _("done"));
    else if (left < 0)
        line_add(l, ROLE_DIM, "%s", _("the end is not known yet"));
    else if (left < 90)
        line_add(l, ROLE_TEXT, _("about %.0f s left"), left);
    else
        line_add(l, ROLE_TEXT, _("about %.0f min left"), left / 60);
}

void progress_line(const struct progress *p, struct line *l)
{
    if (p->of > 0)
        line_add(l, ROLE_STRONG, "%d%%  ", percent(p));
    counts(p, l);
}

static int draw_small(const struct progress *p, struct surface s, int y)
{
    struct line l = LINE_INIT;

    progress_line(p, &l);
    surface_line(s, y, 0, &l, -1, ALIGN_LEFT);
    bar_solid(s, y + 1, 0, s.w, share(p), ROLE_CHART1, -1);
    line_free(&l);
    return 2;
}

int progress_draw(const struct progress *p, struct surface s, int y)
{
    void (*const words[])(const struct progress *p, struct line *l) = { counts, speed, rest };
    struct line l = LINE_INIT;
    char text[16];
    int x = 0;

    if (s.h - y < 5 || s.w < 40)
        return draw_small(p, s, y);
    if (p->of > 0) {
        snprintf(text, sizeof text, "%d%%", percent(p));
        x = bar_digits(s, y, 0, text, ROLE_STRONG) + 3;
    }
    for (int i = 0; i < 3; i++) {
        line_clear(&l);
        words[i](p, &l);
        surface_line(s, y + i, x, &l, -1, ALIGN_LEFT);
    }
    line_free(&l);
    bar_solid(s, y + 4, 0, s.w, share(p), ROLE_CHART1, -1);
    return 5;
}
