#include "cli/meter.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/out.h"

enum { EVERY_MS = 100, KNOWN_MS = 1000, TEXT = 160 };

void meter_start(struct meter *p, const char *what)
{
    *p = (struct meter){ what, clock_mono(), 0, 0 };
}

void meter_end(struct meter *p)
{
    if (p->shown)
        sayf("\r%*s\r", p->shown, "");
    p->shown = 0;
}

static void show_line(struct meter *p, const char *line)
{
    int width = text_width(line);
    sayf("\r%s%*s", line, p->shown > width ? p->shown - width : 0, "");
    p->shown = width;
}

/* Seconds that the rest takes at the pace so far; -1 while that says nothing. */
static long seconds_left(int64_t ms, int64_t done, int64_t total)
{
    if (ms < KNOWN_MS || done <= 0 || done >= total)
        return -1;
    return (long)((double)ms * (double)(total - done) / (double)done / 1000 + 0.5);
}

void meter_step(void *arg, int64_t done, int64_t total)
{
    struct meter *p = arg;
    char line[TEXT], left[TEXT] = "";
    int64_t now = clock_mono();
    if (!isatty(STDERR_FILENO) || now - p->last < EVERY_MS)
        return;
    p->last = now;
    int percent = total > 0 ? (int)(100.0 * (double)done / (double)total) : 0;
    long seconds = seconds_left(now - p->start, done, total);
    if (seconds >= 0)
        snprintf(left, sizeof left, _("  %ld s left"), seconds);
    snprintf(line, sizeof line, "%s  %3d%%%s", p->what, percent > 100 ? 100 : percent, left);
    show_line(p, line);
}
