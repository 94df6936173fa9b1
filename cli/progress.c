#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/out.h"

enum { EVERY_MS = 100, TEXT = 160 };

void progress_start(struct progress *p, const char *what)
{
    *p = (struct progress){ what, clock_mono(), 0, 0 };
}

void progress_end(struct progress *p)
{
    if (p->shown)
        sayf("\r%*s\r", p->shown, "");
    p->shown = 0;
}

static void show_line(struct progress *p, const char *line)
{
    int width = text_width(line);
    sayf("\r%s%*s", line, p->shown > width ? p->shown - width : 0, "");
    p->shown = width;
}

void progress_show(struct progress *p, int64_t done, int64_t total, int64_t rows)
{
    char line[TEXT];
    int64_t now = clock_mono(), ms = now - p->start;
    if (!isatty(STDERR_FILENO) || now - p->last < EVERY_MS)
        return;
    p->last = now;
    int percent = total > 0 ? (int)(100.0 * (double)done / (double)total) : 0;
    int n = snprintf(line, sizeof line, "%s  %3d%%", p->what, percent > 100 ? 100 : percent);
    if (rows >= 0 && ms > 0 && n > 0 && n < TEXT)
        snprintf(line + n, sizeof line - (size_t)n, _("  %lld rows/s"), (long long)(rows * 1000 / ms));
    show_line(p, line);
}

void progress_step(void *arg, int64_t done, int64_t total)
{
    progress_show(arg, done, total, -1);
}
