/* value.c - what a value means to a field, and how it is written. One row a field type. */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/text.h"
#include "core/lang/test.h"
#include "core/model/worktime.h"

enum { DAYS_MAX = 36500 };      /* relative times reach a hundred years */

/* ---- whole numbers, numbers, money, flags ---------------------------------------------------- */

/* "3万": digits go on as in money. */
static bool read_scaled(const char *text, int64_t *fen)
{
    return strspn(text, "-0123456789.") < strlen(text) && money_parse(text, fen) && *fen != NONE;
}

static bool read_int(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    const char *digits = o->text + (o->text[0] == '-');
    int64_t fen;
    if (!o->sign && read_scaled(o->text, &fen) && fen % 100 == 0) {
        v->kind = VAL_INT;
        v->i = fen / 100;
        return true;
    }
    if (o->sign || !*digits || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    v->kind = VAL_INT;
    v->i = strtoll(o->text, NULL, 10);
    return errno == 0 && v->i != NONE;
}

static bool read_money(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    v->kind = VAL_INT;
    return !o->sign && money_parse(o->text, &v->i) && v->i != NONE;
}

/* Numbers are read and written with a point, whatever the user's locale has. */
static locale_t use_point(void)
{
    return uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

static bool read_double(const char *text, double *d)
{
    if (!*text || text[strspn(text, "0123456789.eE+-")] != '\0')
        return false;
    locale_t user = use_point();
    char *end;
    *d = strtod(text, &end) + 0.0;          /* -0 is 0 */
    uselocale(user);
    return end != text && !*end && isfinite(*d);
}

/* "15%" is 0.15, rounded once. */
static bool read_percent(const char *text, double *d)
{
    char shifted[64];
    size_t n = strlen(text);
    if (n < 2 || n > 40 || text[n - 1] != '%' || memchr(text, 'e', n) || memchr(text, 'E', n))
        return false;
    snprintf(shifted, sizeof shifted, "%.*se-2", (int)n - 1, text);
    return read_double(shifted, d);
}

static bool read_number(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    int64_t fen;
    v->kind = VAL_NUMBER;
    if (o->sign)
        return false;
    if (read_scaled(o->text, &fen)) {
        v->d = (double)fen / 100;
        return true;
    }
    return read_percent(o->text, &v->d) || read_double(o->text, &v->d);
}

/* Of all rows, in hundredths of a percent: so many buckets. */
static bool read_share(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    double d;
    v->kind = VAL_INT;
    if (o->sign || !read_percent(o->text, &d) || d < 0 || d > 1)
        return false;
    v->i = (int64_t)(d * LANG_BUCKETS + 0.5);
    return fabs(d * LANG_BUCKETS - (double)v->i) < 1e-6;
}

static void print_share(int64_t i, struct buf *out)
{
    buf_addi(out, i / 100);
    if (i % 100)
        buf_addf(out, i % 10 ? ".%02lld" : ".%lld", (long long)(i % 10 ? i % 100 : i % 100 / 10));
    buf_addc(out, '%');
}

/* The shortest text that reads back equal. */
static void print_number(double d, struct buf *out)
{
    char text[40];
    locale_t user = use_point();
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, d);
        if (strtod(text, NULL) == d)
            break;
    }
    uselocale(user);
    word_print(text, strspn(text, "0123456789.-") != strlen(text), out);
}

static bool read_flag(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    enum special sp = o->sign ? SP_NONE : special_find(o->text, strlen(o->text));
    v->kind = VAL_INT;
    v->i = sp == SP_YES || strcmp(o->text, "1") == 0;
    return v->i || sp == SP_NO || strcmp(o->text, "0") == 0;
}

/* ---- times ----------------------------------------------------------------------------------- */

static const struct { enum special unit; int64_t ms; } units[] = {
    { SP_WEEK, 7 * (int64_t)CLOCK_DAY }, { SP_DAY, CLOCK_DAY },
    { SP_HOUR, CLOCK_HOUR }, { SP_MINUTE, CLOCK_MINUTE },
};

/* "3d" in ms. */
static bool read_duration(const char *s, int64_t *ms)
{
    size_t digits = strspn(s, "0123456789");
    if (digits < 1 || digits > 9 || !s[digits])
        return false;
    enum special unit = special_find(s + digits, strlen(s + digits));
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].unit == unit) {
            *ms = atoi(s) * units[i].ms;
            return *ms <= DAYS_MAX * (int64_t)CLOCK_DAY;
        }
    return false;
}

enum { WORKING_DAYS_MAX = 1000 };

bool span_read(const char *text, struct value *v)
{
    static const char working[] = "working";
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits;
    bool en = strncmp(unit, working, strlen(working)) == 0;
    unit += en ? strlen(working) : 0;
    enum special sp = special_find(unit, strlen(unit));

    *v = (struct value){ .kind = VAL_SPAN, .column = v->column };
    if (!en && sp != SP_WORKDAY && sp != SP_WORKHOUR)
        return read_duration(text, &v->i);
    bool day = sp == SP_WORKDAY || (en && sp == SP_DAY);
    if (digits < 1 || digits > 5 || (!day && sp != SP_WORKHOUR && !(en && sp == SP_HOUR)))
        return false;
    v->unit = UNIT_WORKING;
    v->i = atoi(text) * (day ? (int64_t)CLOCK_DAY : CLOCK_HOUR);
    return v->i <= WORKING_DAYS_MAX * (int64_t)CLOCK_DAY;
}

static void print_working(int64_t ms, bool zh, struct buf *out)
{
    bool days = ms % CLOCK_DAY == 0;
    long long n = ms / (days ? CLOCK_DAY : CLOCK_HOUR);
    if (zh)
        buf_addf(out, "%lld%s", n, special_print(days ? SP_WORKDAY : SP_WORKHOUR, true));
    else
        buf_addf(out, "%lld %s %s%s", n, special_print(SP_WORKING, false), days ? "day" : "hour",
                 n == 1 ? "" : "s");
}

static void print_duration(int64_t ms, bool zh, struct buf *out)
{
    size_t i = 1;       /* weeks are written in days */
    while (ms % units[i].ms != 0)
        i++;
    buf_addi(out, ms / units[i].ms);
    buf_adds(out, special_print(units[i].unit, zh));
}

/* Years that are written with four digits in every zone. */
static bool is_near(int64_t ms)
{
    int year = clock_civil(ms).year;
    return year > 1 && year < 9999;
}

static bool read_date(const struct operand *o, struct value *v)
{
    bool day;
    if (o->sign || !clock_parse(o->text, &v->i, &day) || !is_near(v->i))
        return false;
    v->kind = day ? VAL_DAY : VAL_TIME;
    if (day)
        v->i += CLOCK_DAY / 2;
    return true;
}

/* A day of the calendar that is near: today, or where the month began. */
static bool read_day(enum special sp, int64_t offset, struct value *v)
{
    static const struct { enum special word; enum value_unit unit; } starts[] = {
        { SP_START_WEEK, UNIT_WEEK }, { SP_START_MONTH, UNIT_MONTH },
        { SP_START_QUARTER, UNIT_QUARTER }, { SP_START_YEAR, UNIT_YEAR },
    };
    v->kind = VAL_TODAY;
    v->i = offset / CLOCK_DAY;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (sp == starts[i].word) {
            v->kind = VAL_START;
            v->unit = starts[i].unit;
        }
    if (v->kind == VAL_TODAY)
        v->i += (sp == SP_TOMORROW) - (sp == SP_YESTERDAY);
    return offset % CLOCK_DAY == 0 && llabs(v->i) <= DAYS_MAX;
}

static bool read_time(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    enum special sp = o->said;
    int64_t offset = 0;
    if (o->sign && !read_duration(o->offset, &offset))
        return false;
    if (o->sign == '-')
        offset = -offset;
    v->kind = VAL_NOW;
    v->i = offset;
    if (sp == SP_NOW)
        return true;
    bool day = sp == SP_TODAY || sp == SP_YESTERDAY || sp == SP_TOMORROW ||
               (sp >= SP_START_WEEK && sp <= SP_START_YEAR);
    return day ? read_day(sp, offset, v) : read_date(o, v);
}

static void print_offset(int64_t offset, bool zh, struct buf *out)
{
    if (offset) {
        buf_adds(out, offset < 0 ? " - " : " + ");
        print_duration(llabs(offset), zh, out);
    }
}

static void print_relative(const struct value *v, bool zh, struct buf *out)
{
    enum special day = v->i == -1 ? SP_YESTERDAY : v->i == 1 ? SP_TOMORROW : SP_TODAY;
    enum special sp = v->kind == VAL_NOW ? SP_NOW : day;
    buf_adds(out, special_print(sp, zh));
    print_offset(v->kind == VAL_NOW ? v->i : sp == SP_TODAY ? v->i * CLOCK_DAY : 0, zh, out);
}

static void print_start(const struct value *v, bool zh, struct buf *out)
{
    static const struct { enum special zh, en; } words[] = {
        [UNIT_WEEK] = { SP_START_WEEK, SP_WEEK }, [UNIT_MONTH] = { SP_START_MONTH, SP_MONTH },
        [UNIT_QUARTER] = { SP_START_QUARTER, SP_QUARTER }, [UNIT_YEAR] = { SP_START_YEAR, SP_YEAR },
    };
    if (zh)
        buf_adds(out, special_print(words[v->unit].zh, true));
    else
        buf_addf(out, "%s %s %s", special_print(SP_START, false), special_print(SP_OF, false),
                 v->unit == UNIT_WEEK ? "week" : special_print(words[v->unit].en, false));
    print_offset(v->i * CLOCK_DAY, zh, out);
}

/* ---- what times mean now --------------------------------------------------------------------- */

bool value_is_day(const struct value *v)
{
    return v->kind == VAL_DAY || v->kind == VAL_TODAY || v->kind == VAL_START;
}

/* A moment of the day on which the unit that now is in began. */
static int64_t start_of(enum value_unit unit)
{
    struct civil c = clock_civil(clock_now());
    c.hour = 12;
    c.minute = c.second = c.ms = 0;
    if (unit == UNIT_WEEK)
        c.day -= c.weekday - 1;
    else
        c.day = 1;
    if (unit == UNIT_QUARTER)
        c.month -= (c.month - 1) % 3;
    if (unit == UNIT_YEAR)
        c.month = 1;
    return clock_from_civil(c);
}

void value_day(const struct value *v, int64_t *from, int64_t *to)
{
    int64_t at = v->kind == VAL_DAY ? v->i :
                 clock_day_add(v->kind == VAL_START ? start_of(v->unit) : clock_now(), (int)v->i);
    *from = clock_day(at);
    *to = clock_day_add(at, 1);
}

/* The first moment of the free days that end at `at`; `at` where there are none. */
static int64_t before_free_days(int64_t at)
{
    while (!worktime_is_working_day(at - 1))
        at = clock_day(at - 1);
    return at;
}

/* Between *since and now lie so many ms of working time (more than none), as between any moment from
 * *least on, where free days lie before it. */
static void working_since(int64_t ms, int64_t now, int64_t *least, int64_t *since)
{
    int64_t at = now, day;
    for (;; at = day) {
        day = clock_day(at - 1);
        if (!worktime_is_working_day(day))
            continue;
        if (at - day >= ms)
            break;
        ms -= at - day;
    }
    *since = at - ms;
    *least = *since > day ? *since : before_free_days(day);
}

void span_back(const struct value *v, int64_t *first, int64_t *last)
{
    int64_t now = clock_now();
    *first = *last = now - v->i;
    if (v->unit != UNIT_WORKING)
        return;
    if (v->i == 0) {
        *first = before_free_days(now);
        *last = worktime_is_working_day(now) ? now : *first - 1;
        return;
    }
    working_since(v->i, now, first, last);
    if (!worktime_is_working_day(now - 1))      /* it ended before the free days that now is in */
        *first = *last + 1;
}

int64_t span_ahead(const struct value *v)
{
    return v->unit == UNIT_WORKING ? worktime_add(clock_now(), (int)(v->i / CLOCK_HOUR)) : clock_now() + v->i;
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool read_text(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    v->kind = VAL_TEXT;
    v->s = o->text;
    return !o->sign && (o->quoted || o->text[0] != '-');
}

static bool read_ref(struct lang_name n, const struct operand *o, struct value *v)
{
    bool me = o->said == SP_ME && name_refers_to(n, "employee"),
         my_branch = o->said == SP_MY_BRANCH && name_refers_to(n, "branch");
    if (o->sign || (!me && !my_branch))
        return read_text(n, o, v);
    v->kind = me ? VAL_ME : VAL_MY_BRANCH;
    return true;
}

void word_print(const char *s, bool quote, struct buf *out)
{
    if (!quote) {
        buf_adds(out, s);
        return;
    }
    buf_addc(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_addc(out, '\\');
        buf_addc(out, *s);
    }
    buf_addc(out, '"');
}

/* A code in English; in Chinese the label, if it names the same choice. */
static void print_choice(const struct choice *list, const char *code, bool zh, struct buf *out)
{
    const struct choice *c = zh ? choice_find(list, code) : NULL;
    const char *label = c ? i18n_text(c->label) : NULL;
    if (label && text_valid(label, strlen(label)) && choice_find(list, label) == c)
        code = label;
    word_print(code, !lex_is_bare(code), out);
}

/* ---- the table ------------------------------------------------------------------------------- */

enum {
    EQUALITY = 1 << OP_EQ | 1 << OP_NE | 1 << OP_IN | 1 << OP_NOT_IN,
    EMPTINESS = 1 << OP_EMPTY | 1 << OP_SET,
    ORDER = 1 << OP_LT | 1 << OP_LE | 1 << OP_GT | 1 << OP_GE,
    RANGE = ORDER | 1 << OP_BETWEEN,
    PARTS = 1 << OP_CONTAINS | 1 << OP_STARTS | 1 << OP_MATCHES,
    NEAR = 1 << OP_LAST | 1 << OP_NEXT,
};

static const struct {
    unsigned ops;
    bool (*read)(struct lang_name n, const struct operand *o, struct value *v);
    const char *takes;
} types[] = {
    [F_ID] = { EQUALITY | EMPTINESS | RANGE, read_int, N_("a whole number") },
    [F_INT] = { EQUALITY | EMPTINESS | RANGE, read_int, N_("a whole number") },
    [F_MONEY] = { EQUALITY | EMPTINESS | RANGE, read_money, N_("an amount in yuan: 1234.50, 3万") },
    [F_TIME] = { EQUALITY | EMPTINESS | RANGE | NEAR, read_time,
                 N_("a date or time: 2026-11-22, today, now - 3d") },
    [F_FLAG] = { EQUALITY | EMPTINESS, read_flag, N_("yes or no") },
    [F_NUMBER] = { EQUALITY | EMPTINESS | RANGE, read_number, N_("a number") },
    [F_TEXT] = { EQUALITY | EMPTINESS | RANGE | PARTS, read_text, N_("a word, or text in quotes") },
    [F_CHOICE] = { EQUALITY | EMPTINESS, read_text, N_("a word, or text in quotes") },
    [F_SECRET] = { EQUALITY | EMPTINESS, read_text, N_("a word, or text in quotes") },
    [F_REF] = { EQUALITY | EMPTINESS | 1 << OP_UNDER, read_ref, N_("a word, or text in quotes") },
    [F_REFS] = { 1 << OP_HAS | 1 << OP_IN | 1 << OP_NOT_IN | EMPTINESS, read_ref,
                 N_("a word, or text in quotes") },
    [F_ATTRS] = { 0, read_text, "" },
    [F_LIST] = { 0, read_text, "" },
    [T_SPAN] = { EMPTINESS | RANGE, read_text, N_("a span of time: 30m, 48h, 7d") },
    [T_BUCKET] = { RANGE, read_share, N_("a share of all: 10%, 12.5%") },
    [T_SEGMENT] = { EQUALITY, read_text, N_("a word, or text in quotes") },
};

/* Changes are known of what is stored in the record itself. */
static bool has_changes(const struct lang_env *env, struct lang_name n)
{
    return env->noun->changes && n.field && !n.via && !(n.field->flags & FIELD_VIRTUAL);
}

enum status test_check(const struct lang_env *env, struct lang_name n, enum cond_op op, int column,
                       struct err *e)
{
    int type = name_type(n);
    unsigned bit = 1u << op;
    char name[NAME_TEXT], number[NUMBER_TEXT], word[OP_TEXT];

    if (op == OP_CHANGED && has_changes(env, n))
        return ST_OK;
    if ((type == F_SECRET || name_is_masked(env, n)) && !(bit & (EQUALITY | EMPTINESS)))
        return fail(e, ST_DENIED, "cond.masked_equality", name_text(n, name),
                    number_text(column, number), name_msgid(n), NULL);
    if ((bit & types[type].ops) && (op != OP_UNDER || name_refers_to(n, "branch")))
        return ST_OK;
    return fail(e, ST_INVALID, "cond.operator", name_text(n, name), op_print(op, false, word),
                number_text(column, number), name_msgid(n), NULL);
}

/* Nothing between the quotes, or nothing that a key would keep. */
static bool is_blank(struct arena *a, struct lang_name n, const struct operand *o)
{
    return o->quoted && (!o->text[0] || (name_is_keyed(n) && !text_key(a, o->text)[0]));
}

static enum status read_choice(struct lang_name n, const struct operand *o, struct value *v,
                               struct err *e)
{
    const struct choice *list = name_choices(n), *c = list ? choice_find(list, o->text) : NULL;
    char name[NAME_TEXT], number[NUMBER_TEXT];
    struct near near;

    if (c) {
        v->s = c->code;
        return ST_OK;
    }
    near_start(&near, o->text);
    for (c = list; c && c->code; c++) {
        near_try(&near, c->code, c->code);
        if (c->label)
            near_try(&near, i18n_text(c->label), i18n_text(c->label));
    }
    return fail(e, ST_INVALID, "cond.unknown_value", name_text(n, name), o->text, near.found,
                number_text(o->column, number), name_msgid(n), NULL);
}

enum status value_read(struct arena *a, struct lang_name n, const struct operand *o,
                       struct value *out, struct err *e)
{
    int type = name_type(n);
    char name[NAME_TEXT], number[NUMBER_TEXT];

    *out = (struct value){ .column = o->column };
    if (is_blank(a, n, o))
        return fail(e, ST_INVALID, "cond.empty_value", name_text(n, name),
                    number_text(o->column, number), NULL);
    if (!types[type].read(n, o, out) || (o->joined && out->kind == VAL_TEXT))
        return fail(e, ST_INVALID, "cond.type", name_text(n, name), o->all, types[type].takes,
                    number_text(o->column, number), name_msgid(n), NULL);
    return type == F_CHOICE ? read_choice(n, o, out, e) : ST_OK;
}

static void print_int(int type, int64_t i, bool zh, struct buf *out)
{
    char money[MONEY_TEXT];
    if (type == T_BUCKET) {
        print_share(i, out);
    } else if (type == F_FLAG) {
        buf_adds(out, special_print(i ? SP_YES : SP_NO, zh));
    } else if (type == F_MONEY) {
        money_text(i, money);
        size_t n = strlen(money);
        buf_add(out, money, i % 100 ? n : n - 3);
    } else {
        buf_addi(out, i);
    }
}

static void print_text(struct lang_name n, const char *s, bool zh, struct buf *out)
{
    enum special sp = special_find(s, strlen(s));
    bool me = (sp == SP_ME && name_refers_to(n, "employee")) ||
              ((sp == SP_MY_BRANCH || sp == SP_MY) && name_refers_to(n, "branch"));
    if (name_type(n) == F_CHOICE)
        print_choice(name_choices(n), s, zh, out);
    else
        word_print(s, me || !lex_is_bare(s), out);
}

void value_print(struct lang_name n, const struct value *v, bool zh, struct buf *out)
{
    char text[CLOCK_TEXT];
    switch (v->kind) {
    case VAL_TEXT: print_text(n, v->s, zh, out); break;
    case VAL_INT: print_int(name_type(n), v->i, zh, out); break;
    case VAL_NUMBER: print_number(v->d, out); break;
    case VAL_DAY: clock_date(v->i, text); buf_adds(out, text); break;
    case VAL_TIME: clock_rfc3339(v->i, text); buf_adds(out, text); break;
    case VAL_TODAY:
    case VAL_NOW: print_relative(v, zh, out); break;
    case VAL_START: print_start(v, zh, out); break;
    case VAL_SPAN:
        v->unit == UNIT_WORKING ? print_working(v->i, zh, out) : print_duration(v->i, zh, out);
        break;
    case VAL_ME: buf_adds(out, special_print(SP_ME, zh)); break;
    case VAL_MY_BRANCH:
        buf_adds(out, zh ? special_print(SP_MY_BRANCH, true) : "my branch");
        break;
    }
}
