#include "views/words.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/text.h"
#include "tui/ui.h"

enum { SOON = 8 * CLOCK_HOUR };

/* ---- spans -------------------------------------------------------------------------------------------- */

void words_span(int64_t ms, char out[WORDS])
{
    int64_t minutes = (ms < 0 ? -ms : ms) / CLOCK_MINUTE;
    int m = (int)(minutes % 60), h = (int)(minutes / 60 % 24), d = (int)(minutes / (24 * 60));
    if (d >= 2)
        snprintf(out, WORDS, _("%dd"), d);
    else if (d == 1 && h)
        snprintf(out, WORDS, _("%dd %dh"), d, h);
    else if (d == 1)
        snprintf(out, WORDS, _("%dd"), d);
    else if (h && m)
        snprintf(out, WORDS, _("%dh %02dm"), h, m);
    else if (h)
        snprintf(out, WORDS, _("%dh"), h);
    else
        snprintf(out, WORDS, _("%dm"), m);
}

void words_short(int64_t ms, char out[WORDS])
{
    int64_t minutes = (ms < 0 ? -ms : ms) / CLOCK_MINUTE;
    if (minutes >= 24 * 60)
        snprintf(out, WORDS, _("%dd"), (int)(minutes / (24 * 60)));
    else if (minutes >= 60)
        snprintf(out, WORDS, _("%dh"), (int)(minutes / 60));
    else
        snprintf(out, WORDS, _("%dm"), (int)minutes);
}

int words_left(int64_t at, int64_t now, char out[WORDS])
{
    char span[WORDS];
    if (at == NONE) {
        snprintf(out, WORDS, "-");
        return ROLE_DIM;
    }
    words_span(at - now, span);
    if (at <= now) {
        /* TRANSLATORS: how long a time limit has passed: "!late 2h 14m" */
        snprintf(out, WORDS, _("!late %s"), span);
        return ROLE_BAD | INK_BOLD;
    }
    snprintf(out, WORDS, "%s", span);
    return at - now < SOON ? ROLE_WARN | INK_BOLD : ROLE_TEXT;
}

/* ---- moments ------------------------------------------------------------------------------------------ */

void words_when(int64_t at, int64_t now, char out[WORDS])
{
    if (at == NONE) {
        snprintf(out, WORDS, "-");
        return;
    }
    struct civil c = clock_civil(at), today = clock_civil(now);
    int64_t day = clock_day(at), this_day = clock_day(now);
    if (day == this_day)
        snprintf(out, WORDS, _("today %02d:%02d"), c.hour, c.minute);
    else if (day == clock_day_add(this_day, -1))
        snprintf(out, WORDS, _("yest. %02d:%02d"), c.hour, c.minute);
    else if (day == clock_day_add(this_day, 1))
        snprintf(out, WORDS, _("tomorrow %02d:%02d"), c.hour, c.minute);
    else if (c.year == today.year)
        snprintf(out, WORDS, "%02d-%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
    else
        snprintf(out, WORDS, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void words_clock(int64_t at, int64_t now, char out[WORDS])
{
    struct civil c = clock_civil(at == NONE ? 0 : at);
    if (at == NONE)
        snprintf(out, WORDS, "-");
    else if (clock_day(at) == clock_day(now))
        snprintf(out, WORDS, "%02d:%02d", c.hour, c.minute);
    else
        words_when(at, now, out);
}

/* ---- amounts ------------------------------------------------------------------------------------------ */

/* 12.50 as "12.5", 30.00 as "30". */
static void cut_zeros(char *s)
{
    size_t n = strlen(s);
    while (n && s[n - 1] == '0')
        s[--n] = '\0';
    if (n && s[n - 1] == '.')
        s[n - 1] = '\0';
}

static void chinese_money(int64_t fen, char out[WORDS])
{
    static const struct { int64_t fen; const char *unit; } units[] = {
        { INT64_C(10000000000), "亿" }, { 1000000, "万" },
    };
    int64_t size = fen < 0 ? -fen : fen;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (size < units[i].fen)
            continue;
        int64_t hundredths = size / (units[i].fen / 100);
        char text[WORDS];
        snprintf(text, sizeof text, "%s%lld.%02lld", fen < 0 ? "-" : "", (long long)(hundredths / 100),
                 (long long)(hundredths % 100));
        cut_zeros(text);
        snprintf(out, WORDS, "%.40s%s", text, units[i].unit);
        return;
    }
    money_grouped(fen, out);
    cut_zeros(out);
}

void words_money(int64_t fen, char out[WORDS])
{
    if (fen == NONE) {
        snprintf(out, WORDS, "-");
    } else if (strcmp(i18n_lang(), "zh_CN") == 0) {
        chinese_money(fen, out);
    } else {
        money_grouped(fen, out);
        if (fen % 100 == 0)
            cut_zeros(out);
    }
}

void words_count(int64_t n, char out[WORDS])
{
    if (n < 0)
        out[text_put(out, glyph_char(GLYPH_ELLIPSIS, false))] = '\0';
    else
        text_grouped(n, out);
}

const char *words_name(const struct ui *ui, const char *name)
{
    return name && *name && ui_blank(ui) ? "***" : name;
}

/* ---- words in several inks ---------------------------------------------------------------------------- */

static int ink_of(char letter)
{
    switch (letter) {
    case 'b': return ROLE_BAD | INK_BOLD;
    case 'w': return ROLE_WARN | INK_BOLD;
    case 'g': return ROLE_GOOD | INK_BOLD;
    case 'a': return ROLE_ACCENT | INK_BOLD;
    default: return ROLE_STRONG | INK_BOLD;
    }
}

void words_rich(struct line *l, int ink, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        if (plain)
            line_add(l, ink, "%.*s", (int)plain, text);
        text += plain;
        if (!*text)
            return;
        size_t inside = strcspn(text, "}");
        if (inside > 2)
            line_add(l, ink_of(text[1]), "%.*s", (int)inside - 2, text + 2);
        text += inside + (text[inside] == '}');
    }
}
