#include "cli/meter.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/out.h"

enum { EVERY_MS = 100, KNOWN_MS = 1000 };

void meter_start(struct meter *p, const char *what, const char *unit)
{
    *p = (struct meter){ what, unit, clock_mono(), 0, 0 };
}

void meter_end(struct meter *p)
{
    if (p->shown) {
        say_over("", p->shown);
        say_over("", 0);
    }
    p->shown = 0;
}

static void show_line(struct meter *p, const char *line)
{
    int width = text_width(line);
    say_over(line, p->shown - width);
    p->shown = width;
}

/* Seconds that the rest takes at the pace so far; -1 while that says nothing. */
static long seconds_left(int64_t ms, int64_t done, int64_t total)
{
    if (ms < KNOWN_MS || done <= 0 || done >= total)
        return -1;
    return (long)((double)ms * (double)(total - done) / (double)done / 1000 + 0.5);
}

/* "  45%  12345 rows  98000 a second  3 s left": as much of it as is known. */
static void add_words(const struct meter *p, struct buf *b, int64_t ms, int64_t done, int64_t total)
{
    int64_t percent = total > 0 ? 100 * done / total : 0;
    long seconds = seconds_left(ms, done, total);
    if (total > 0 || !p->unit)
        buf_addf(b, "  %3d%%", (int)(percent > 100 ? 100 : percent));
    if (p->unit)
        buf_addf(b, "  %" PRId64 " %s", done, p->unit);
    if (p->unit && ms >= KNOWN_MS)
        buf_addf(b, _("  %ld a second"), (long)(done * 1000 / ms));
    if (seconds >= 0)
        buf_addf(b, _("  %ld s left"), seconds);
}

void meter_step(void *arg, int64_t done, int64_t total)
{
    struct meter *p = arg;
    int64_t now = clock_mono();
    if (!isatty(STDERR_FILENO) || now - p->last < EVERY_MS)
        return;
    p->last = now;
    struct buf line = BUF_INIT;
    buf_adds(&line, p->what);
    add_words(p, &line, now - p->start, done, total);
    show_line(p, line.s);
    buf_release(&line);
}
