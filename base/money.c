/* money.c - amounts in fen. */
#include "base/money.h"

#include <limits.h>
#include <string.h>

#include "base/clock.h"

static void skip_blanks(const char **s)
{
    while (**s == ' ' || **s == '\t')
        ++*s;
}

static bool take(const char **s, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(*s, word, n) != 0)
        return false;
    *s += n;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The sign, the currency mark, in either order. */
static bool take_head(const char **s)
{
    bool negative = take(s, "-");

    if (!negative)
        take(s, "+");
    if (take(s, "¥") || take(s, "￥")) {
        skip_blanks(s);
        if (!negative)
            negative = take(s, "-");
    }
    return negative;
}

/* The digits before the point into *v. Commas stand between groups of three or nowhere: "12,5" is
 * no amount. */
static bool take_whole(const char **s, int64_t *v)
{
    const char *p = *s;
    int group = 0, digits = 0;
    bool grouped = false;

    *v = 0;
    for (; is_digit(*p) || *p == ','; p++) {
        if (*p == ',') {
            if (group == 0 || group > 3 || (grouped && group != 3))
                return false;
            grouped = true;
            group = 0;
            continue;
        }
        if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, *p - '0', v))
            return false;
        group++;
        digits++;
    }
    *s = p;
    return (!grouped || group == 3) && (digits > 0 || *p == '.');
}

/* 10 to the power that the unit stands for. */
static int take_unit(const char **s)
{
    int power = 0;

    if (take(s, "万"))
        power += 4;
    if (take(s, "亿"))
        power += 8;
    take(s, "元");
    return power;
}

/* *v times 10^power plus the decimals, which may not reach below the last place. */
static bool scale(int64_t *v, const char *decimals, size_t n, int power)
{
    for (int i = 0; i < power; i++) {
        int digit = (size_t)i < n ? decimals[i] - '0' : 0;

        if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, digit, v))
            return false;
    }
    for (size_t i = (size_t)power; i < n; i++)
        if (decimals[i] != '0')
            return false;
    return true;
}

bool money_parse(const char *s, int64_t *fen)
{
    const char *decimals = "";
    size_t n = 0;
    bool negative;
    int64_t v;

    skip_blanks(&s);
    negative = take_head(&s);
    if (!take_whole(&s, &v))
        return false;
    if (take(&s, ".")) {
        decimals = s;
        while (is_digit(*s))
            s++;
        n = (size_t)(s - decimals);
        if (n == 0)
            return false;
    }
    skip_blanks(&s);
    if (!scale(&v, decimals, n, 2 + take_unit(&s)))
        return false;
    skip_blanks(&s);
    if (*s != '\0')
        return false;
    *fen = negative ? -v : v;
    return true;
}

/* Written from the right, since that is where the groups begin. */
static void write_money(int64_t fen, char out[MONEY_TEXT], bool grouped)
{
    uint64_t v = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;
    char text[MONEY_TEXT], *p = text + MONEY_TEXT - 1;
    int digits = 0;

    *out = '\0';
    if (fen == NONE)
        return;
    *p = '\0';
    *--p = (char)('0' + v % 10);
    *--p = (char)('0' + v / 10 % 10);
    *--p = '.';
    v /= 100;
    do {
        if (grouped && digits > 0 && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + v % 10);
        digits++;
    } while (v /= 10);
    if (fen < 0)
        *--p = '-';
    memcpy(out, p, (size_t)(text + MONEY_TEXT - p));
}

void money_text(int64_t fen, char out[MONEY_TEXT])
{
    write_money(fen, out, false);
}

void money_grouped(int64_t fen, char out[MONEY_TEXT])
{
    write_money(fen, out, true);
}
