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

enum { DAYS_MAX = 36500 };      /* relative times reach a hundred years */

/* ---- whole numbers, numbers, money, flags ---------------------------------------------------- */

static enum special special_of(const struct operand *o)
{
    return o->quoted ? SP_NONE : special_find(o->text, strlen(o->text));
}

static bool read_int(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    const char *digits = o->text + (o->text[0] == '-');
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

static bool read_number(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    if (o->sign || !*o->text || o->text[strspn(o->text, "0123456789.eE+-")] != '\0')
        return false;
    locale_t user = use_point();
    char *end;
    v->kind = VAL_NUMBER;
    v->d = strtod(o->text, &end) + 0.0;     /* -0 is 0 */
    uselocale(user);
    return end != o->text && !*end && isfinite(v->d);
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

static void print_duration(int64_t ms, bool zh, struct buf *out)
{
    size_t i = 1;       /* weeks are written in days */
    while (ms % units[i].ms != 0)
        i++;
    buf_addf(out, "%lld%s", (long long)(ms / units[i].ms), special_print(units[i].unit, zh));
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

static bool read_time(struct lang_name n, const struct operand *o, struct value *v)
{
    (void)n;
    enum special sp = special_of(o);
    int64_t offset = 0;
    if (o->sign && !read_duration(o->offset, &offset))
        return false;
    if (o->sign == '-')
        offset = -offset;
    v->kind = sp == SP_NOW ? VAL_NOW : VAL_TODAY;
    v->i = offset;
    if (sp == SP_NOW)
        return true;
    if (sp != SP_TODAY && sp != SP_YESTERDAY && sp != SP_TOMORROW)
        return read_date(o, v);
    v->i = offset / CLOCK_DAY + (sp == SP_TOMORROW) - (sp == SP_YESTERDAY);
    return offset % CLOCK_DAY == 0 && llabs(v->i) <= DAYS_MAX;
}

static void print_relative(const struct value *v, bool zh, struct buf *out)
{
    enum special day = v->i == -1 ? SP_YESTERDAY : v->i == 1 ? SP_TOMORROW : SP_TODAY;
    enum special sp = v->kind == VAL_NOW ? SP_NOW : day;
    int64_t offset = v->kind == VAL_NOW ? v->i : sp == SP_TODAY ? v->i * CLOCK_DAY : 0;
    buf_adds(out, special_print(sp, zh));
    if (offset) {
        buf_adds(out, offset < 0 ? " - " : " + ");
        print_duration(llabs(offset), zh, out);
    }
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
    if (special_of(o) != SP_ME || o->sign || !name_refers_to(n, "employee"))
        return read_text(n, o, v);
    v->kind = VAL_ME;
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
    PARTS = 1 << OP_CONTAINS | 1 << OP_STARTS,
};

static const struct {
    unsigned ops;
    bool (*read)(struct lang_name n, const struct operand *o, struct value *v);
    const char *takes;
} types[] = {
    [F_ID] = { EQUALITY | EMPTINESS | ORDER, read_int, N_("a whole number") },
    [F_INT] = { EQUALITY | EMPTINESS | ORDER, read_int, N_("a whole number") },
    [F_MONEY] = { EQUALITY | EMPTINESS | ORDER, read_money,
                  N_("an amount in yuan: 1234.50, 3万") },
    [F_TIME] = { EQUALITY | EMPTINESS | ORDER, read_time,
                 N_("a date or time: 2026-11-22, today, now - 3d") },
    [F_FLAG] = { EQUALITY | EMPTINESS, read_flag, N_("yes or no") },
    [F_NUMBER] = { EQUALITY | EMPTINESS | ORDER, read_number, N_("a number") },
    [F_TEXT] = { EQUALITY | EMPTINESS | ORDER | PARTS, read_text, N_("a word, or text in quotes") },
    [F_CHOICE] = { EQUALITY | EMPTINESS, read_text, N_("a word, or text in quotes") },
    [F_SECRET] = { EQUALITY | EMPTINESS, read_text, N_("a word, or text in quotes") },
    [F_REF] = { EQUALITY | EMPTINESS | 1 << OP_UNDER, read_ref, N_("a word, or text in quotes") },
    [F_REFS] = { EMPTINESS, read_text, "" },
    [F_ATTRS] = { 0, read_text, "" },
    [F_LIST] = { 0, read_text, "" },
};

enum status test_check(const struct lang_env *env, struct lang_name n, enum cond_op op, int column,
                       struct err *e)
{
    enum ftype type = name_type(n);
    unsigned bit = 1u << op;
    char name[NAME_TEXT], number[NUMBER_TEXT], word[OP_TEXT];

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
    enum ftype type = name_type(n);
    char name[NAME_TEXT], number[NUMBER_TEXT];

    *out = (struct value){ .column = o->column };
    if (is_blank(a, n, o))
        return fail(e, ST_INVALID, "cond.empty_value", name_text(n, name),
                    number_text(o->column, number), NULL);
    if (!types[type].read(n, o, out))
        return fail(e, ST_INVALID, "cond.type", name_text(n, name), o->all, types[type].takes,
                    number_text(o->column, number), name_msgid(n), NULL);
    return type == F_CHOICE ? read_choice(n, o, out, e) : ST_OK;
}

static void print_int(enum ftype type, int64_t i, bool zh, struct buf *out)
{
    char money[MONEY_TEXT];
    if (type == F_FLAG) {
        buf_adds(out, special_print(i ? SP_YES : SP_NO, zh));
    } else if (type == F_MONEY) {
        money_text(i, money);
        size_t n = strlen(money);
        buf_add(out, money, i % 100 ? n : n - 3);
    } else {
        buf_addf(out, "%lld", (long long)i);
    }
}

static void print_text(struct lang_name n, const char *s, bool zh, struct buf *out)
{
    bool me = name_refers_to(n, "employee") && special_find(s, strlen(s)) == SP_ME;
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
    case VAL_ME: buf_adds(out, special_print(SP_ME, zh)); break;
    }
}
