#include "core/model/record.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

const struct field *record_field(const struct record *r, const char *name)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (strcmp(r->fields[i].name, name) == 0)
            return &r->fields[i];
    return NULL;
}

/* ---- members ------------------------------------------------------------------------------------------ */

static bool is_int(enum ftype t)
{
    return t == F_ID || t == F_INT || t == F_MONEY || t == F_TIME || t == F_FLAG;
}

static bool is_text(enum ftype t)
{
    return t == F_TEXT || t == F_CHOICE || t == F_SECRET;
}

static void *member(const struct field *f, const void *rec)
{
    return (char *)(uintptr_t)rec + f->off;
}

int64_t *field_int(const struct field *f, void *rec)
{
    assert(is_int(f->type));
    return member(f, rec);
}

double *field_number(const struct field *f, void *rec)
{
    assert(f->type == F_NUMBER);
    return member(f, rec);
}

const char **field_text(const struct field *f, void *rec)
{
    assert(is_text(f->type));
    return member(f, rec);
}

struct ref *field_ref(const struct field *f, void *rec)
{
    assert(f->type == F_REF);
    return member(f, rec);
}

struct refs *field_refs(const struct field *f, void *rec)
{
    assert(f->type == F_REFS);
    return member(f, rec);
}

struct attrs *field_attrs(const struct field *f, void *rec)
{
    assert(f->type == F_ATTRS);
    return member(f, rec);
}

struct list *field_list(const struct field *f, void *rec)
{
    assert(f->type == F_LIST);
    return member(f, rec);
}

void record_empty(const struct record *r, void *rec)
{
    memset(rec, 0, r->size);
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == F_ID)
            *field_int(f, rec) = 0;
        else if (is_int(f->type))
            *field_int(f, rec) = NONE;
        else if (f->type == F_NUMBER)
            *field_number(f, rec) = NAN;
    }
}

void *record_new(const struct record *r, struct arena *a)
{
    void *rec = arena_alloc(a, r->size);
    record_empty(r, rec);
    return rec;
}

bool field_empty(const struct field *f, const void *rec)
{
    const void *m = member(f, rec);
    if (is_int(f->type))
        return *(const int64_t *)m == (f->type == F_ID ? 0 : NONE);
    if (is_text(f->type))
        return *(const char *const *)m == NULL;
    switch (f->type) {
    case F_NUMBER: return isnan(*(const double *)m);
    case F_REF: return ((const struct ref *)m)->id == 0;
    case F_REFS: return ((const struct refs *)m)->n == 0;
    case F_ATTRS: return ((const struct attrs *)m)->n == 0;
    case F_LIST: return ((const struct list *)m)->n == 0;
    default: return true;
    }
}

bool refs_have(const struct refs *r, int64_t id)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].id == id)
            return true;
    return false;
}

static bool refs_equal(const struct refs *x, const struct refs *y)
{
    for (size_t i = 0; i < x->n; i++)
        if (!refs_have(y, x->items[i].id))
            return false;
    return x->n == y->n;
}

bool field_equal(const struct field *f, const void *a, const void *b)
{
    const void *x = member(f, a), *y = member(f, b);
    if (is_int(f->type))
        return *(const int64_t *)x == *(const int64_t *)y;
    if (is_text(f->type)) {
        const char *s = *(const char *const *)x, *t = *(const char *const *)y;
        return s == t || (s && t && strcmp(s, t) == 0);
    }
    if (f->type == F_NUMBER) {
        double v = *(const double *)x, w = *(const double *)y;
        return v == w || (isnan(v) && isnan(w));
    }
    if (f->type == F_REFS)
        return refs_equal(x, y);
    return f->type == F_REF && ((const struct ref *)x)->id == ((const struct ref *)y)->id;
}

/* ---- checks ------------------------------------------------------------------------------------------- */

static bool key_equal(struct arena *a, const char *key, const char *label)
{
    return strcmp(key, text_key(a, label)) == 0;
}

enum called how_called(struct arena *a, const char *key, const char *name, const char *label)
{
    if (key_equal(a, key, name))
        return CALLED_NAME;
    if (key_equal(a, key, i18n_text(label)))
        return CALLED_SHOWN;
    return key_equal(a, key, i18n_english(label)) || key_equal(a, key, i18n_other(label)) ? CALLED_OTHER
                                                                                          : CALLED_NOT;
}

const struct field *record_field_called(const struct record *r, const char *text)
{
    const struct field *found = record_field(r, text);
    if (found)
        return found;
    struct arena a = ARENA_INIT;
    const char *key = text_key(&a, text);
    enum called best = CALLED_NOT;
    for (size_t i = 0; *key && i < r->nfields && best != CALLED_NAME; i++) {
        enum called how = how_called(&a, key, r->fields[i].name, r->fields[i].label);
        if (how == CALLED_NOT || how < best)
            continue;
        found = how > best ? &r->fields[i] : NULL;
        best = how;
    }
    arena_free(&a);
    return found;
}

const struct choice *choices_split(struct arena *a, const char *codes)
{
    size_t n = 1, i = 0;
    for (const char *p = codes ? codes : ""; *p; p++)
        n += *p == ',';
    struct choice *list = arena_array(a, struct choice, n + 1);
    for (const char *p = codes; p && *p; p += strcspn(p, ","), p += *p == ',', i++)
        list[i].code = list[i].label = arena_strndup(a, p, strcspn(p, ","));
    return list;
}

const struct choice *choice_find(const struct choice *list, const char *text)
{
    for (const struct choice *c = list; c->code; c++)
        if (strcmp(c->code, text) == 0)
            return c;
    struct arena a = ARENA_INIT;
    const char *key = text_key(&a, text);
    const struct choice *found = NULL;
    enum called best = CALLED_NOT;
    for (const struct choice *c = list; *key && c->code; c++) {
        enum called how = how_called(&a, key, c->code, c->label);
        if (how > best) {
            found = c;
            best = how;
        }
    }
    arena_free(&a);
    return found;
}

static enum status check_text(const struct field *f, const char *s, struct err *e)
{
    size_t n = strlen(s);
    if (!text_valid(s, n))
        return fail_field(e, ST_INVALID, f->name, "field.utf8", f->label, NULL);
    if (f->type == F_CHOICE && !choice_find(f->choices, s))
        return fail_field(e, ST_INVALID, f->name, "field.choice", f->label, s, NULL);
    if (f->max && n > (size_t)f->max) {
        char max[24];
        snprintf(max, sizeof max, "%lld", (long long)f->max);
        return fail_field(e, ST_INVALID, f->name, "field.long", f->label, max, NULL);
    }
    return ST_OK;
}

static enum status check_count(const struct field *f, size_t n, struct err *e)
{
    if (!f->max || n <= (size_t)f->max)
        return ST_OK;
    char max[24];
    snprintf(max, sizeof max, "%lld", (long long)f->max);
    return fail_field(e, ST_INVALID, f->name, "field.many", f->label, max, NULL);
}

static enum status check_range(const struct field *f, double v, struct err *e)
{
    if ((f->min == 0 && f->max == 0) || (v >= (double)f->min && v <= (double)f->max))
        return ST_OK;
    char min[24], max[24];
    snprintf(min, sizeof min, "%lld", (long long)f->min);
    snprintf(max, sizeof max, "%lld", (long long)f->max);
    return fail_field(e, ST_INVALID, f->name, "field.range", f->label, min, max, NULL);
}

enum status field_check(const struct field *f, const void *rec, bool create, struct err *e)
{
    if (field_empty(f, rec)) {
        if (create && (f->flags & FIELD_REQUIRED))
            return fail_field(e, ST_INVALID, f->name, "field.required", f->label, NULL);
        return ST_OK;
    }
    const void *m = member(f, rec);
    if (is_text(f->type))
        return check_text(f, *(const char *const *)m, e);
    if (f->type == F_REFS)
        return check_count(f, ((const struct refs *)m)->n, e);
    if (f->type == F_INT || f->type == F_MONEY)
        return check_range(f, (double)*(const int64_t *)m, e);
    if (f->type == F_FLAG && *(const int64_t *)m != 0 && *(const int64_t *)m != 1)
        return fail_field(e, ST_INVALID, f->name, "field.flag", f->label, NULL);
    if (f->type == F_NUMBER && !isfinite(*(const double *)m))
        return fail_field(e, ST_INVALID, f->name, "field.number", f->label, NULL);
    return ST_OK;
}

enum status record_check(const struct record *r, const void *rec, bool create, struct err *e)
{
    for (size_t i = 0; i < r->nfields; i++) {
        enum status st = field_check(&r->fields[i], rec, create, e);
        if (st)
            return st;
    }
    return ST_OK;
}
