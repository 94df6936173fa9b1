#include "core/data/cell.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"

enum { PLAIN_MAX = 64, DIGITS_EXACT = 15 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Bytes of the blank at s, 0 if none: ASCII, no-break and ideographic space, a stray byte order mark. */
static size_t blank(const char *s)
{
    unsigned char c = (unsigned char)*s;

    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    if (strncmp(s, "\xC2\xA0", 2) == 0)
        return 2;
    return strncmp(s, "\xE3\x80\x80", 3) == 0 || strncmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

const char *cell_trim(const char *s, size_t *n)
{
    size_t step;

    while ((step = blank(s)) > 0)
        s += step;
    *n = 0;
    for (size_t i = 0; s[i]; i += step) {
        step = blank(s + i);
        if (step == 0)
            *n = i + (step = 1);
    }
    return s;
}

bool cell_empty(const char *s)
{
    size_t step;

    while ((step = blank(s)) > 0)
        s += step;
    return !*s;
}

/* A half-width copy of s without blanks at the ends; false if it is longer than any scalar. */
static bool plain(const char *s, char out[PLAIN_MAX])
{
    size_t n;

    s = cell_trim(s, &n);
    if (n >= PLAIN_MAX)
        return false;
    memcpy(out, s, n);
    out[n] = '\0';
    text_halfwidth(out);
    return true;
}

/* ---- numbers --------------------------------------------------------------------------------------- */

/* The shape of a decimal number: [+-] digits, or 1 to 3 digits and groups of three; perhaps a fraction;
 * perhaps an exponent. Commas are dropped in place. */
static bool number_shape(char *s)
{
    char *in = s, *out = s;
    int digits = 0, group = -1;

    if (*in == '+' || *in == '-')
        *out++ = *in++;
    for (; is_digit(*in) || (*in == ',' && digits > 0); in++) {
        if (*in == ',') {
            if (group < 0 ? digits > 3 : group != 3)
                return false;
            group = 0;
            continue;
        }
        *out++ = *in;
        digits++;
        if (group >= 0)
            group++;
    }
    if (group >= 0 && group != 3)
        return false;
    if (*in == '.')
        for (*out++ = *in++; is_digit(*in); digits++)
            *out++ = *in++;
    if (digits == 0)
        return false;
    if (*in == 'e' || *in == 'E') {
        *out++ = *in++;
        if (*in == '+' || *in == '-')
            *out++ = *in++;
        if (!is_digit(*in))
            return false;
        while (is_digit(*in))
            *out++ = *in++;
    }
    if (*in)
        return false;
    *out = '\0';
    return true;
}

static locale_t c_locale;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* strtod with a point, whatever the user's locale writes. */
static double parse_double(const char *s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_c_locale);
    return strtod_l(s, NULL, c_locale);
}

const char *cell_number(const char *s, double *out)
{
    char text[PLAIN_MAX];

    if (!plain(s, text) || !number_shape(text))
        return "import.number";

    double v = parse_double(text);

    if (!isfinite(v))
        return "import.number";
    *out = v;
    return NULL;
}

const char *cell_integer(const char *s, int64_t *out)
{
    char text[PLAIN_MAX];
    const char *d = text;
    int64_t v = 0;

    if (!plain(s, text) || !number_shape(text) || strpbrk(text, "eE"))
        return "import.integer";

    bool negative = *d == '-';

    d += *d == '-' || *d == '+';
    for (; is_digit(*d); d++)
        if (__builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, negative ? '0' - *d : *d - '0', &v))
            return "import.integer";
    if (*d == '.')
        d += 1 + strspn(d + 1, "0");
    if (*d || v == NONE)
        return "import.integer";
    *out = v;
    return NULL;
}

const char *cell_money(const char *s, int64_t *fen)
{
    char text[PLAIN_MAX];
    int64_t v;

    if (!plain(s, text) || !money_parse(text, &v))
        return "import.money";
    *fen = v;
    return NULL;
}

const char *cell_flag(const char *s, bool *out)
{
    static const struct { const char *word; bool value; } words[] = {
        { "1", true }, { "yes", true }, { "y", true }, { "true", true }, { "t", true },
        { "是", true }, { "真", true }, { "对", true },
        { "0", false }, { "no", false }, { "n", false }, { "false", false }, { "f", false },
        { "否", false }, { "假", false }, { "错", false },
    };
    char text[PLAIN_MAX];

    if (!plain(s, text))
        return "import.flag";
    for (char *p = text; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].word) == 0) {
            *out = words[i].value;
            return NULL;
        }
    return "import.flag";
}

/* ---- dates ----------------------------------------------------------------------------------------- */

/* The day as it stands: a and b are month and day in an order not yet known when year_last. */
struct day_text { int year, a, b; bool year_last; };

struct scan { const char *s; };

/* Reads min to max digits, and no digit after them. */
static bool scan_number(struct scan *c, int min, int max, int *out)
{
    int n = 0, v = 0;

    for (; n < max && is_digit(c->s[n]); n++)
        v = v * 10 + (c->s[n] - '0');
    if (n < min || is_digit(c->s[n]))
        return false;
    c->s += n;
    *out = v;
    return true;
}

static bool scan_word(struct scan *c, const char *word)
{
    size_t n = strlen(word);

    if ((*c->s | 0x20) != (*word | 0x20) || strncasecmp(c->s, word, n) != 0)
        return false;
    c->s += n;
    return true;
}

static bool scan_separator(struct scan *c, char *sep)
{
    if (!*c->s || !strchr("-/.", *c->s))
        return false;
    *sep = *c->s++;
    return true;
}

/* 20180201 */
static bool scan_compact(struct scan *c, struct day_text *d)
{
    int v;

    if (!scan_number(c, 8, 8, &v))
        return false;
    *d = (struct day_text){ .year = v / 10000, .a = v / 100 % 100, .b = v % 100 };
    return true;
}

/* 2018年2月1日 */
static bool scan_chinese(struct scan *c, struct day_text *d)
{
    return scan_number(c, 4, 4, &d->year) && scan_word(c, "年") && scan_number(c, 1, 2, &d->a) &&
           scan_word(c, "月") && scan_number(c, 1, 2, &d->b) && (scan_word(c, "日") || scan_word(c, "号"));
}

/* 2018-02-01 and 2/1/2018, the same separator twice */
static bool scan_separated(struct scan *c, struct day_text *d)
{
    int v[3];
    char s1, s2;

    if (!scan_number(c, 1, 4, &v[0]) || !scan_separator(c, &s1) || !scan_number(c, 1, 2, &v[1]) ||
        !scan_separator(c, &s2) || s1 != s2 || !scan_number(c, 1, 4, &v[2]))
        return false;
    if (v[0] > 999)
        *d = (struct day_text){ .year = v[0], .a = v[1], .b = v[2] };
    else
        *d = (struct day_text){ .year = v[2], .a = v[0], .b = v[1], .year_last = true };
    return d->a <= 31 && d->b <= 31;
}

static bool scan_day(struct scan *c, struct day_text *d)
{
    static bool (*const forms[])(struct scan *, struct day_text *) = {
        scan_separated, scan_compact, scan_chinese,
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct scan at = *c;

        *d = (struct day_text){ 0 };
        if (forms[i](&at, d) && d->year >= 1900 && d->year <= 2199 && d->a > 0 && d->b > 0) {
            *c = at;
            return true;
        }
    }
    return false;
}

struct time_text { int hour, minute, second, ms; };

/* Any number of digits after the point; milliseconds are kept. */
static bool scan_fraction(struct scan *c, int *ms)
{
    int scale = 100;

    if (*c->s != '.' && *c->s != ',')
        return true;
    c->s++;
    if (!is_digit(*c->s))
        return false;
    for (*ms = 0; is_digit(*c->s); c->s++, scale /= 10)
        *ms += (*c->s - '0') * scale;
    return true;
}

/* 8:05, 08:05:30.123, 8时5分30秒 */
static bool scan_clock(struct scan *c, struct time_text *t)
{
    if (!scan_number(c, 1, 2, &t->hour))
        return false;
    if (scan_word(c, "时") || scan_word(c, "点")) {
        if (!scan_number(c, 1, 2, &t->minute) || !scan_word(c, "分"))
            return false;
        return !is_digit(*c->s) || (scan_number(c, 1, 2, &t->second) && scan_word(c, "秒"));
    }
    if (!scan_word(c, ":") || !scan_number(c, 2, 2, &t->minute))
        return false;
    return !scan_word(c, ":") || (scan_number(c, 2, 2, &t->second) && scan_fraction(c, &t->ms));
}

/* -1 none, 0 before noon, 1 after */
static int scan_half(struct scan *c)
{
    if (scan_word(c, "上午") || scan_word(c, "AM"))
        return 0;
    return scan_word(c, "下午") || scan_word(c, "PM") ? 1 : -1;
}

static void scan_blanks(struct scan *c)
{
    while (*c->s == ' ')
        c->s++;
}

static bool scan_time(struct scan *c, struct time_text *t)
{
    int half = scan_half(c);

    *t = (struct time_text){ 0 };
    scan_blanks(c);
    if (!scan_clock(c, t) || t->minute > 59 || t->second > 59)
        return false;
    if (half < 0) {
        scan_blanks(c);
        half = scan_half(c);
    }
    if (half < 0)
        return t->hour <= 23;
    if (t->hour < 1 || t->hour > 12)
        return false;
    t->hour = t->hour % 12 + 12 * half;
    return true;
}

/* What may stand behind a day. */
struct rest { bool timed, zoned; struct time_text time; int east; };

/* Z, +08:00, +0800 or nothing. */
static bool scan_zone(struct scan *c, struct rest *r)
{
    int hour, minute;
    char sign = *c->s;

    r->zoned = scan_word(c, "Z");
    if (r->zoned || (sign != '+' && sign != '-'))
        return true;
    c->s++;
    if (!is_digit(c->s[0]) || !is_digit(c->s[1]))
        return false;
    hour = (c->s[0] - '0') * 10 + (c->s[1] - '0');
    c->s += 2;
    (void)scan_word(c, ":");
    if (!scan_number(c, 2, 2, &minute) || hour > 14 || minute > 59)
        return false;
    r->zoned = true;
    r->east = (sign == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
    return true;
}

/* Everything after the day: nothing, or a time and perhaps a zone. */
static bool scan_rest(struct scan *c, struct rest *r)
{
    bool blanks = *c->s == ' ';

    *r = (struct rest){ .timed = *c->s };
    if (!r->timed)
        return true;
    if (!blanks && !scan_word(c, "T") && scan_half(&(struct scan){ c->s }) < 0)
        return false;
    scan_blanks(c);
    if (!scan_time(c, &r->time))
        return false;
    scan_blanks(c);
    return scan_zone(c, r) && !*c->s;
}

/* Five digits, perhaps with a fraction: days since 1900 as a spreadsheet counts them, 1954 to 2119. */
static bool serial_date(const char *s)
{
    struct scan c = { s };
    int v;

    if (!scan_number(&c, 5, 5, &v) || v < 20000 || v > 80000)
        return false;
    if (*c.s == '.')
        c.s += 1 + strspn(c.s + 1, "0123456789");
    return *c.s == '\0';
}

/* The month and day that d means under the order; false if that leaves it open. */
static bool settle_day(const struct day_text *d, enum date_order order, int *month, int *day)
{
    bool swap = d->year_last && (order == DATE_DMY || (order == DATE_OPEN && d->a > 12));
    bool only_one = d->a > 12 || d->b > 12 || d->a == d->b;

    *month = swap ? d->b : d->a;
    *day = swap ? d->a : d->b;
    return !d->year_last || order == DATE_MDY || order == DATE_DMY || (order == DATE_OPEN && only_one);
}

const char *cell_date(const char *s, enum date_order order, int64_t *ms, bool *day_only)
{
    char text[PLAIN_MAX];
    struct scan at = { text };
    struct day_text d;
    struct rest r;
    struct civil c;

    if (!plain(s, text))
        return "import.date";
    if (serial_date(text))
        return "import.serial_date";
    if (!scan_day(&at, &d) || !scan_rest(&at, &r))
        return "import.date";
    c = (struct civil){ .year = d.year, .hour = r.time.hour, .minute = r.time.minute,
                        .second = r.time.second, .ms = r.time.ms };
    if (!settle_day(&d, order, &c.month, &c.day))
        return "import.date_order";
    if (!clock_moment(&c, r.zoned ? &r.east : NULL, ms))
        return "import.date";
    if (day_only)
        *day_only = !r.timed;
    return NULL;
}

/* Reads the day of a cell whose whole text is a date, perhaps with a time. */
static bool read_day(const char *s, struct day_text *d)
{
    char text[PLAIN_MAX];
    struct scan c = { text };
    struct rest r;

    return plain(s, text) && !serial_date(text) && scan_day(&c, d) && scan_rest(&c, &r);
}

/* "2026-04-22": nothing to learn of the order, and what most files have. */
static bool year_stands_first(const char *s)
{
    return strspn(s, "0123456789") == 4 && (s[4] == '-' || s[4] == '/' || s[4] == '.');
}

void date_orders_feed(struct date_orders *o, const char *s)
{
    struct day_text d;

    if (year_stands_first(s) || !read_day(s, &d) || !d.year_last || (d.a > 12 && d.b > 12))
        return;
    o->seen++;
    if (d.a > 12)
        o->dmy++;
    else if (d.b > 12)
        o->mdy++;
    else if (d.a != d.b)
        o->open++;
}

enum date_verdict date_orders_verdict(const struct date_orders *o, enum date_order *order)
{
    *order = DATE_OPEN;
    if (o->mdy && o->dmy)
        return DATES_CLASH;
    if (o->mdy)
        *order = DATE_MDY;
    else if (o->dmy)
        *order = DATE_DMY;
    else if (o->open)
        return DATES_ASK;
    return DATES_KNOWN;
}

/* ---- contacts -------------------------------------------------------------------------------------- */

bool cell_exponent(const char *s)
{
    char text[PLAIN_MAX];

    return plain(s, text) && strpbrk(text, "eE") && number_shape(text);
}

const char *cell_phone(const char *s, char out[PHONE_TEXT])
{
    if (!cell_exponent(s))
        return phone_normal(s, out);
    out[0] = '\0';
    return "import.exponent";
}

const char *cell_email(const char *s, char out[EMAIL_TEXT])
{
    if (!cell_exponent(s))
        return email_normal(s, out);
    out[0] = '\0';
    return "import.exponent";
}

const char *cell_idno(const char *s, char out[IDNO_TEXT])
{
    if (!cell_exponent(s))
        return idno_normal(s, out);
    out[0] = '\0';
    return "import.exponent";
}

/* ---- the type of a custom field -------------------------------------------------------------------- */

/* 08123 and a card number are names made of digits: as a number they would lose something. */
static bool looks_like_id(const char *s)
{
    char text[PLAIN_MAX];

    if (!plain(s, text))
        return true;

    const char *d = text + (text[0] == '-' || text[0] == '+');

    return (d[0] == '0' && is_digit(d[1])) || strspn(d, "0123456789") > DIGITS_EXACT;
}

void cell_guess_feed(struct cell_guess *g, const char *s)
{
    struct day_text d;
    double v;

    if (cell_empty(s))
        return;
    g->values++;
    if (g->numbers == g->values - 1 && cell_number(s, &v) == NULL && !looks_like_id(s))
        g->numbers++;
    if (g->dates == g->values - 1 && read_day(s, &d))
        g->dates++;
}

enum cell_type cell_guess_type(const struct cell_guess *g)
{
    if (g->values && g->dates == g->values)
        return CELL_DATE;
    return g->values && g->numbers == g->values ? CELL_NUMBER : CELL_TEXT;
}
