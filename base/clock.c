/* clock.c - time, civil dates, reading and writing them.
 *
 * The zone's rules are libc's. Dates themselves are computed here (days from civil, H. Hinnant's),
 * for a million rows: each thread remembers the offset of the UTC days it met and asks
 * localtime_r() once for each end of a day.
 */
#include "base/clock.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t ms_min = -62135596800000, ms_max = 253402300799999;   /* years 1 .. 9999 */

static _Atomic int64_t fixed_now = NONE, fixed_mono = NONE;

/* Counts the calls of clock_zone(): 0 means none yet. Caches of other zones are told apart by
 * it. */
static _Atomic unsigned zone_turn;
static pthread_mutex_t zone_lock = PTHREAD_MUTEX_INITIALIZER;

static int64_t read_clock(clockid_t id, int64_t per_second)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return ts.tv_sec * per_second + ts.tv_nsec / (1000000000 / per_second);
}

int64_t clock_real(void)
{
    return read_clock(CLOCK_REALTIME, 1000);
}

int64_t clock_mono(void)
{
    int64_t fixed = atomic_load_explicit(&fixed_mono, memory_order_relaxed);

    return fixed == NONE ? read_clock(CLOCK_MONOTONIC, 1000) : fixed;
}

void clock_mono_set(int64_t ms)
{
    atomic_store(&fixed_mono, ms);
}

int64_t clock_mono_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

int64_t clock_now(void)
{
    int64_t fixed = atomic_load_explicit(&fixed_now, memory_order_relaxed);

    return fixed == NONE ? clock_real() : fixed;
}

void clock_set(int64_t ms)
{
    atomic_store(&fixed_now, ms);
}

/* --- the zone --------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Only names inside the zone database: no path climbs out of it. */
static bool zone_name_ok(const char *name)
{
    if (*name == '\0' || *name == '/' || strlen(name) > 64 || strstr(name, ".."))
        return false;
    for (; *name; name++)
        if (!is_letter(*name) && !is_digit(*name) && !strchr("_+-/", *name))
            return false;
    return true;
}

static bool zone_file_ok(const char *name)
{
    const char *dir = getenv("TZDIR");
    char path[PATH_MAX], magic[4];
    bool ok = false;
    FILE *f;

    if (snprintf(path, sizeof path, "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", name) >=
        (int)sizeof path)
        return false;
    f = fopen(path, "rbe");
    if (f) {
        ok = fread(magic, 1, 4, f) == 4 && memcmp(magic, "TZif", 4) == 0;
        fclose(f);
    }
    return ok;
}

/* What TZ is set to for name, NULL if it is unknown. */
static const char *zone_tz(const char *name)
{
    static const struct { const char *name, *posix; } bare[] = {
        { "Asia/Shanghai", "CST-8" },
        { "UTC", "UTC0" },
        { "Etc/UTC", "UTC0" },
    };

    if (!zone_name_ok(name))
        return NULL;
    if (zone_file_ok(name))
        return name;
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        if (strcmp(bare[i].name, name) == 0)
            return bare[i].posix;
    return NULL;
}

static bool set_zone(const char *name)
{
    const char *tz = zone_tz(name);

    if (!tz)
        return false;
    setenv("TZ", tz, 1);
    tzset();
    if (++zone_turn == 0)
        zone_turn = 1;
    return true;
}

bool clock_zone(const char *iana)
{
    bool ok;

    pthread_mutex_lock(&zone_lock);
    ok = set_zone(iana);
    pthread_mutex_unlock(&zone_lock);
    return ok;
}

static unsigned current_turn(void)
{
    unsigned turn = atomic_load_explicit(&zone_turn, memory_order_acquire);

    if (turn == 0) {
        pthread_mutex_lock(&zone_lock);
        if (zone_turn == 0)
            set_zone("Asia/Shanghai");
        turn = zone_turn;
        pthread_mutex_unlock(&zone_lock);
    }
    return turn;
}

static int64_t clamp(int64_t ms)
{
    return ms < ms_min ? ms_min : ms > ms_max ? ms_max : ms;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Seconds east of UTC at ms, from libc. */
static int ask_offset(int64_t ms)
{
    time_t t = (time_t)floor_div(ms, 1000);
    struct tm tm;

    return localtime_r(&t, &tm) ? (int)tm.tm_gmtoff : 0;
}

enum { OFFSET_DAYS = 2048, OFFSET_VARIES = INT_MIN };

/* Seconds east of UTC at ms. */
static int offset_at(int64_t ms)
{
    static _Thread_local struct { int day, offset; unsigned turn; } cache[OFFSET_DAYS];
    int day = (int)floor_div(ms, CLOCK_DAY), slot = (int)((unsigned)day % OFFSET_DAYS), last;
    unsigned turn = current_turn();

    if (cache[slot].turn != turn || cache[slot].day != day) {
        cache[slot].turn = turn;
        cache[slot].day = day;
        cache[slot].offset = ask_offset((int64_t)day * CLOCK_DAY);
        last = ask_offset((int64_t)day * CLOCK_DAY + CLOCK_DAY - 1);
        if (last != cache[slot].offset)
            cache[slot].offset = OFFSET_VARIES;
    }
    return cache[slot].offset == OFFSET_VARIES ? ask_offset(ms) : cache[slot].offset;
}

/* --- civil dates ------------------------------------------------------------------------------ */

/* Days since 1970-01-01 of a date; month 1..12, day any. */
static int64_t days_from_civil(int64_t year, int month, int64_t day)
{
    int64_t y = year - (month <= 2), era = floor_div(y, 400), of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_from_days(int64_t days, struct civil *c)
{
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    c->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c->year = (int)(yoe + era * 400 + (c->month <= 2));
    c->weekday = (int)((days % 7 + 10) % 7) + 1;
}

/* The fields of ms in a zone that is offset seconds east. */
static struct civil civil_at(int64_t ms, int offset)
{
    int64_t local = clamp(ms + (int64_t)offset * 1000), days = floor_div(local, CLOCK_DAY);
    int rest = (int)(local - days * CLOCK_DAY);
    struct civil c;

    civil_from_days(days, &c);
    c.hour = rest / CLOCK_HOUR;
    c.minute = rest / CLOCK_MINUTE % 60;
    c.second = rest / CLOCK_SECOND % 60;
    c.ms = rest % CLOCK_SECOND;
    return c;
}

struct civil clock_civil(int64_t ms)
{
    assert(ms != NONE);
    ms = clamp(ms);
    return civil_at(ms, offset_at(ms));
}

/* The moment whose civil fields, counted as if in UTC, are local. */
static int64_t from_local(int64_t local)
{
    int before = offset_at(clamp(local - CLOCK_DAY)), after = offset_at(clamp(local + CLOCK_DAY));
    int64_t early = local - before * 1000LL, late = local - after * 1000LL;

    if (before == after || offset_at(clamp(early)) == before)
        return early;
    return offset_at(clamp(late)) == after ? late : early;
}

int64_t clock_from_civil(struct civil c)
{
    int64_t months = (int64_t)c.month - 1, year = c.year + floor_div(months, 12), local;
    int month = (int)(months - floor_div(months, 12) * 12) + 1;

    year = year < -10000 ? -10000 : year > 20000 ? 20000 : year;
    local = days_from_civil(year, month, c.day) * CLOCK_DAY + (int64_t)c.hour * CLOCK_HOUR +
            (int64_t)c.minute * CLOCK_MINUTE + (int64_t)c.second * CLOCK_SECOND + c.ms;
    return clamp(from_local(local));
}

int64_t clock_day(int64_t ms)
{
    return clock_day_add(ms, 0);
}

int64_t clock_day_add(int64_t ms, int days)
{
    struct civil c = clock_civil(ms);

    return clamp(from_local((days_from_civil(c.year, c.month, c.day) + days) * CLOCK_DAY));
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Reads low..high digits into *out and steps over them. */
static bool take_number(const char **s, int low, int high, int *out)
{
    int n = 0, v = 0;

    while (n < high && (*s)[n] >= '0' && (*s)[n] <= '9')
        v = v * 10 + ((*s)[n++] - '0');
    *s += n;
    *out = v;
    return n >= low;
}

static bool take_char(const char **s, char c)
{
    return **s == c && ++*s;
}

static void skip_blanks(const char **s)
{
    while (**s == ' ' || **s == '\t')
        ++*s;
}

static bool day_exists(const struct civil *c)
{
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = c->year % 4 == 0 && (c->year % 100 != 0 || c->year % 400 == 0);

    return c->year > 0 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
           c->day <= length[c->month - 1] + (leap && c->month == 2);
}

static bool take_date(const char **s, struct civil *c)
{
    char sep;

    if (!take_number(s, 4, 4, &c->year))
        return false;
    sep = **s;
    if (sep != '-' && sep != '/' && sep != '.')
        return false;
    ++*s;
    return take_number(s, 1, 2, &c->month) && take_char(s, sep) && take_number(s, 1, 2, &c->day) &&
           day_exists(c);
}

static bool take_time(const char **s, struct civil *c)
{
    int unit = 100;

    if (!take_number(s, 1, 2, &c->hour) || !take_char(s, ':') || !take_number(s, 2, 2, &c->minute))
        return false;
    if (take_char(s, ':')) {
        if (!take_number(s, 2, 2, &c->second))
            return false;
        if (take_char(s, '.')) {
            if (!is_digit(**s))
                return false;
            for (; is_digit(**s); ++*s, unit /= 10)
                c->ms += (**s - '0') * unit;
        }
    }
    return c->hour < 24 && c->minute < 60 && c->second < 60;
}

/* "Z", "+08", "+0800", "+08:00" or nothing; *known says that there was one, *seconds how far
 * east. */
static bool take_zone(const char **s, bool *known, int *seconds)
{
    int hours, minutes = 0, sign = **s == '-' ? -1 : 1;

    *known = true;
    *seconds = 0;
    if (take_char(s, 'Z') || take_char(s, 'z'))
        return true;
    if (!take_char(s, '+') && !take_char(s, '-')) {
        *known = false;
        return true;
    }
    if (!take_number(s, 2, 2, &hours))
        return false;
    if ((take_char(s, ':') || is_digit(**s)) && !take_number(s, 2, 2, &minutes))
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

/* As if in UTC. */
static int64_t local_of(const struct civil *c)
{
    return days_from_civil(c->year, c->month, c->day) * CLOCK_DAY + c->hour * (int64_t)CLOCK_HOUR +
           c->minute * CLOCK_MINUTE + c->second * CLOCK_SECOND + c->ms;
}

bool clock_moment(const struct civil *c, const int *east, int64_t *ms)
{
    if (!day_exists(c))
        return false;
    *ms = clamp(east ? local_of(c) - *east * 1000LL : from_local(local_of(c)));
    return true;
}

bool clock_parse(const char *s, int64_t *ms, bool *day_only)
{
    struct civil c = { 0 };
    bool timed, known = false;
    int seconds = 0;

    skip_blanks(&s);
    if (!take_date(&s, &c))
        return false;
    timed = take_char(&s, 'T') || take_char(&s, 't');
    if (!timed && (*s == ' ' || *s == '\t')) {
        skip_blanks(&s);
        timed = *s != '\0';
    }
    if (timed) {
        if (!take_time(&s, &c))
            return false;
        skip_blanks(&s);
        if (!take_zone(&s, &known, &seconds))
            return false;
    }
    skip_blanks(&s);
    if (*s != '\0')
        return false;
    if (day_only)
        *day_only = !timed;
    return clock_moment(&c, known ? &seconds : NULL, ms);
}

/* --- writing ---------------------------------------------------------------------------------- */

static char *put_digits(char *p, int v, int digits)
{
    for (int i = digits - 1; i >= 0; i--, v /= 10)
        p[i] = (char)('0' + v % 10);
    return p + digits;
}

static char *put_date(char *p, const struct civil *c)
{
    p = put_digits(p, c->year, 4);
    *p++ = '-';
    p = put_digits(p, c->month, 2);
    *p++ = '-';
    return put_digits(p, c->day, 2);
}

static char *put_minute(char *p, const struct civil *c, char between)
{
    p = put_date(p, c);
    *p++ = between;
    p = put_digits(p, c->hour, 2);
    *p++ = ':';
    return put_digits(p, c->minute, 2);
}

/* An offset that is no whole minute (before 1901) is rounded, and the fields with it: the moment
 * stays exact. */
void clock_rfc3339(int64_t ms, char out[CLOCK_TEXT])
{
    struct civil c;
    int minutes;
    char *p = out;

    *out = '\0';
    if (ms == NONE)
        return;
    ms = clamp(ms);
    minutes = (int)floor_div(offset_at(ms) + 30, 60);
    c = civil_at(ms, minutes * 60);
    p = put_minute(p, &c, 'T');
    *p++ = ':';
    p = put_digits(p, c.second, 2);
    if (c.ms) {
        *p++ = '.';
        p = put_digits(p, c.ms, 3);
    }
    *p++ = minutes < 0 ? '-' : '+';
    p = put_digits(p, abs(minutes) / 60, 2);
    *p++ = ':';
    p = put_digits(p, abs(minutes) % 60, 2);
    *p = '\0';
}

void clock_minute(int64_t ms, char out[CLOCK_TEXT])
{
    struct civil c;

    *out = '\0';
    if (ms == NONE)
        return;
    c = clock_civil(ms);
    *put_minute(out, &c, ' ') = '\0';
}

void clock_date(int64_t ms, char out[CLOCK_TEXT])
{
    struct civil c;

    *out = '\0';
    if (ms == NONE)
        return;
    c = clock_civil(ms);
    *put_date(out, &c) = '\0';
}
