#include "core/model/record_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/text.h"

/* ---- out ------------------------------------------------------------------------------------- */

static const char *int_text(int64_t v, struct arena *a)
{
    return arena_printf(a, "%lld", (long long)v);
}

/* The shortest that reads back equal. */
static const char *number_text(double v, struct arena *a)
{
    char text[40];
    int digits = fabs(v) < 1e-300 ? 1 : 15;
    do
        snprintf(text, sizeof text, "%.*g", digits, v);
    while (digits++ < 17 && strtod(text, NULL) != v);
    return arena_strdup(a, text);
}

static const char *money_words(int64_t fen, enum text_style style, struct arena *a)
{
    char text[MONEY_TEXT];
    if (style == TEXT_SHOW)
        money_grouped(fen, text);
    else
        money_text(fen, text);
    return arena_strdup(a, text);
}

static const char *time_words(int64_t ms, bool short_day, struct arena *a)
{
    char text[CLOCK_TEXT];
    if (short_day && clock_day(ms) == ms)
        clock_date(ms, text);
    else
        clock_minute(ms, text);
    return arena_strdup(a, text);
}

static const char *flag_words(int64_t v, enum text_style style)
{
    const char *word = v ? N_("yes") : N_("no");
    return style == TEXT_SHOW ? i18n_text(word) : word;
}

static const char *choice_words(const struct choice *list, const char *code, enum text_style style)
{
    for (const struct choice *c = style == TEXT_SHOW && list ? list : NULL; c && c->code; c++)
        if (strcmp(c->code, code) == 0)
            return c->label ? i18n_text(c->label) : code;
    return code;
}

/* A reference without a code (its row is gone or not to be seen) is its id. */
static const char *ref_words(const struct ref *r, enum text_style style, struct arena *a)
{
    if (style == TEXT_SHOW && r->name)
        return r->name;
    return r->code ? r->code : r->id ? int_text(r->id, a) : "";
}

static const char *refs_words(const struct refs *r, enum text_style style, struct arena *a)
{
    const char *comma = style == TEXT_SHOW ? _(", ") : ",";
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < r->n; i++)
        buf_addf(&b, "%s%s", i ? comma : "", ref_words(&r->items[i], style, a));
    const char *text = arena_strndup(a, b.s, b.len);
    buf_release(&b);
    return text;
}

static bool attr_empty(const struct attr *x)
{
    if (x->def->type == F_NUMBER)
        return isnan(x->d);
    return x->def->type == F_TIME || x->def->type == F_FLAG ? x->i == NONE : !x->s;
}

static const char *attr_text(const struct attr *x, enum text_style style, struct arena *a)
{
    if (attr_empty(x))
        return "";
    switch (x->def->type) {
    case F_NUMBER: return number_text(x->d, a);
    case F_TIME: return time_words(x->i, true, a);
    case F_FLAG: return flag_words(x->i, style);
    case F_CHOICE: return choice_words(x->def->choices, x->s, style);
    default: return x->s;
    }
}

static const char *attrs_text(const struct attrs *attrs, enum text_style style, struct arena *a)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < attrs->n; i++) {
        const struct attr *x = &attrs->items[i];
        if (!attr_empty(x))
            buf_addf(&b, "%s%s=%s", b.len ? "; " : "",
                     style == TEXT_SHOW ? x->def->label : x->def->key, attr_text(x, style, a));
    }
    const char *text = arena_strndup(a, b.s, b.len);
    buf_release(&b);
    return text;
}

static const char *member_text(const struct field *f, void *rec, enum text_style style,
                               struct arena *a)
{
    switch (f->type) {
    case F_ID: case F_INT: return int_text(*field_int(f, rec), a);
    case F_MONEY: return money_words(*field_int(f, rec), style, a);
    case F_TIME: return time_words(*field_int(f, rec), style == TEXT_SHOW, a);
    case F_FLAG: return flag_words(*field_int(f, rec), style);
    case F_NUMBER: return number_text(*field_number(f, rec), a);
    case F_CHOICE: return choice_words(f->choices, *field_text(f, rec), style);
    case F_REF: return ref_words(field_ref(f, rec), style, a);
    case F_REFS: return refs_words(field_refs(f, rec), style, a);
    case F_ATTRS: return attrs_text(field_attrs(f, rec), style, a);
    case F_LIST: return int_text((int64_t)field_list(f, rec)->n, a);
    default: return *field_text(f, rec);
    }
}

const char *record_text(const struct field *f, const struct attr *attr, const void *rec,
                        enum text_style style, struct arena *a)
{
    if (attr)
        return attr_text(attr, style, a);
    if (f->type != F_REF && field_empty(f, rec))
        return "";
    return member_text(f, (void *)(uintptr_t)rec, style, a);
}

/* ---- in -------------------------------------------------------------------------------------- */

static bool parse_int(const char *s, int64_t *out)
{
    const char *digits = s + (*s == '-' || *s == '+');
    if (!*digits || digits[strspn(digits, "0123456789")])
        return false;
    errno = 0;
    long long v = strtoll(s, NULL, 10);
    if (errno || v == NONE)
        return false;
    *out = v;
    return true;
}

/* Decimal and finite; strtod() would take hexadecimal, inf and nan too. */
static bool parse_number(const char *s, double *out)
{
    char *end;
    if (!*s || s[strspn(s, "0123456789+-.eE")])
        return false;
    double v = strtod(s, &end);
    if (*end || !isfinite(v))
        return false;
    *out = v;
    return true;
}

static const struct choice flag_choices[] = {
    { "1", N_("yes") }, { "0", N_("no") }, { "true", "yes" }, { "false", "no" }, { "y", "t" },
    { "n", "f" },       { "是", "对" },    { "否", "错" },    { NULL, NULL },
};

static bool parse_flag(const char *s, int64_t *out)
{
    const struct choice *c = choice_find(flag_choices, s);
    if (c)
        *out = (c - flag_choices) % 2 == 0;
    return c != NULL;
}

static bool parse_time(const char *s, int64_t *out)
{
    return clock_parse(s, out, NULL);
}

static bool parse_id(const char *s, int64_t *out)
{
    return parse_int(s, out) && *out > 0;
}

/* Without the blanks around it, full-width digits and signs made ASCII. */
static char *plain(const char *text, struct arena *a)
{
    char *s = arena_strdup(a, text);
    text_halfwidth(s);
    s += strspn(s, " \t\r\n");
    size_t n = strlen(s);
    while (n && strchr(" \t\r\n", s[n - 1]))
        n--;
    s[n] = '\0';
    return s;
}

static const struct {
    const char *code;
    bool (*parse)(const char *s, int64_t *out);
} int_parsers[] = {
    [F_ID] = { "field.id", parse_id },          [F_INT] = { "field.integer", parse_int },
    [F_MONEY] = { "field.money", money_parse }, [F_TIME] = { "field.time", parse_time },
    [F_FLAG] = { "field.flag", parse_flag },
};

static enum status parse_choice(const char *name, const char *label, const struct choice *list,
                                const char *text, const char **out, struct err *e)
{
    const struct choice *c = choice_find(list, text);
    if (!c)
        return fail_field(e, ST_INVALID, name, "field.choice", label, text, NULL);
    *out = c->code;
    return ST_OK;
}

/* Bytes of the separator that s begins with; 0 for none. */
static size_t separator(const char *s)
{
    static const char *const list[] = { ",", ";", "|", "、", "，", "；", "｜" };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strncmp(s, list[i], strlen(list[i])) == 0)
            return strlen(list[i]);
    return 0;
}

static bool named(const struct refs *r, const char *word)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->items[i].code, word) == 0)
            return true;
    return false;
}

void refs_parse(const char *text, struct arena *a, struct refs *out)
{
    size_t cap = 0, step = 0;
    *out = (struct refs){ 0 };
    for (const char *s = text; *s; s += step) {
        size_t n = 0;
        s += strspn(s, " \t\r\n");
        while (s[n] && !(step = separator(s + n)))
            n++;
        size_t end = n;
        while (end && strchr(" \t\r\n", s[end - 1]))
            end--;
        const char *word = arena_strndup(a, s, end);
        if (end && !named(out, word)) {
            out->items = arena_grow(a, out->items, sizeof *out->items, &cap, out->n + 1);
            out->items[out->n++] = (struct ref){ .code = word };
        }
        s += n;
        step = *s ? step : 0;
    }
}

/* What was given stands as it is, blanks too. */
static bool is_verbatim(enum ftype t)
{
    return t == F_TEXT || t == F_SECRET || t == F_REF;
}

static enum status parse_member(const struct field *f, const char *text, void *rec, struct arena *a,
                                struct err *e)
{
    const char *s = plain(text, a);
    if (!*s && !is_verbatim(f->type))
        return ST_OK;
    switch (f->type) {
    case F_ID: case F_INT: case F_MONEY: case F_TIME: case F_FLAG:
        if (int_parsers[f->type].parse(s, field_int(f, rec)))
            return ST_OK;
        return fail_field(e, ST_INVALID, f->name, int_parsers[f->type].code, f->label, text, NULL);
    case F_NUMBER:
        if (parse_number(s, field_number(f, rec)))
            return ST_OK;
        return fail_field(e, ST_INVALID, f->name, "field.number", f->label, text, NULL);
    case F_CHOICE:
        return parse_choice(f->name, f->label, f->choices, s, field_text(f, rec), e);
    case F_REF:
        *field_ref(f, rec) = (struct ref){ .code = arena_strdup(a, text) };
        return ST_OK;
    case F_REFS:
        refs_parse(text, a, field_refs(f, rec));
        return ST_OK;
    case F_ATTRS: case F_LIST:
        return fail_field(e, ST_INVALID, f->name, "field.compound", f->label, NULL);
    default:
        *field_text(f, rec) = arena_strdup(a, text);
        return ST_OK;
    }
}

/* The member as record_empty() leaves it. */
static void empty_member(const struct field *f, void *rec)
{
    switch (f->type) {
    case F_ID: *field_int(f, rec) = 0; break;
    case F_INT: case F_MONEY: case F_TIME: case F_FLAG: *field_int(f, rec) = NONE; break;
    case F_NUMBER: *field_number(f, rec) = NAN; break;
    case F_REF: *field_ref(f, rec) = (struct ref){ 0 }; break;
    case F_REFS: *field_refs(f, rec) = (struct refs){ 0 }; break;
    case F_ATTRS: *field_attrs(f, rec) = (struct attrs){ 0 }; break;
    case F_LIST: *field_list(f, rec) = (struct list){ 0 }; break;
    default: *field_text(f, rec) = NULL; break;
    }
}

enum status record_parse(const struct field *f, const char *text, void *rec, struct arena *a,
                         struct err *e)
{
    if (!text_valid(text, strlen(text)))
        return fail_field(e, ST_INVALID, f->name, "field.utf8", f->label, NULL);
    empty_member(f, rec);
    if (!*text)
        return ST_OK;
    enum status st = parse_member(f, text, rec, a, e);
    return st ? st : field_check(f, rec, false, e);
}

enum status attr_parse(const struct attr_def *def, const char *text, struct attr *out,
                       struct arena *a, struct err *e)
{
    const char *name = arena_printf(a, "attr.%s", def->key), *s = plain(text, a);
    *out = (struct attr){ .def = def, .i = NONE, .d = NAN };
    if (!text_valid(text, strlen(text)))
        return fail_field(e, ST_INVALID, name, "field.utf8", def->label, NULL);
    if (!*text || (!*s && !is_verbatim(def->type)))
        return ST_OK;
    switch (def->type) {
    case F_TIME: case F_FLAG:
        if (int_parsers[def->type].parse(s, &out->i))
            return ST_OK;
        return fail_field(e, ST_INVALID, name, int_parsers[def->type].code, def->label, text, NULL);
    case F_NUMBER:
        if (parse_number(s, &out->d))
            return ST_OK;
        return fail_field(e, ST_INVALID, name, "field.number", def->label, text, NULL);
    case F_CHOICE:
        return parse_choice(name, def->label, def->choices, s, &out->s, e);
    default:
        out->s = arena_strdup(a, text);
        return ST_OK;
    }
}
