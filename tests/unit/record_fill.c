#include "tests/unit/record_fill.h"

#include <string.h>

static const struct choice levels[] = { { "gold", "gold" },
                                        { "silver", "silver" },
                                        { NULL, NULL } };

const struct attr_def fill_defs[FILL_DEFS] = {
    { .id = 1, .key = "job", .label = "Job", .type = F_TEXT },
    { .id = 2, .key = "age", .label = "Age", .type = F_NUMBER },
    { .id = 3, .key = "since", .label = "Since", .type = F_TIME },
    { .id = 4, .key = "level", .label = "Level", .type = F_CHOICE, .choices = levels },
    { .id = 5, .key = "vip", .label = "VIP", .type = F_FLAG },
};

/* 2026-11-22 08:30 in Shanghai, and so many minutes on. */
static int64_t minute(int64_t n)
{
    return INT64_C(1795307400000) + n * CLOCK_MINUTE;
}

static void fill_attrs(struct attrs *attrs, int64_t n, struct arena *a)
{
    *attrs = (struct attrs){ arena_array(a, struct attr, FILL_DEFS), FILL_DEFS };
    for (size_t i = 0; i < FILL_DEFS; i++)
        attrs->items[i] = (struct attr){ .def = &fill_defs[i], .i = NONE, .d = NAN };
    attrs->items[0].s = arena_printf(a, "blue-collar, \"%lld\"\n=1+1", (long long)n);
    attrs->items[1].d = 0.1 * (double)n + 1e-9;
    attrs->items[2].i = minute(n);
    attrs->items[3].s = levels[n % 2].code;
    attrs->items[4].i = n % 2;
}

static size_t count_choices(const struct choice *list)
{
    size_t n = 0;
    while (list[n].code)
        n++;
    return n;
}

/* Inside the field's bounds. */
static int64_t whole_number(const struct field *f, int64_t n)
{
    return f->min == 0 && f->max == 0 ? n * 1000003 : f->min + n % (f->max - f->min + 1);
}

static struct ref fill_ref(int64_t n, struct arena *a)
{
    return (struct ref){ INT64_C(9100000000000000000) + n, arena_printf(a, "C%lld", (long long)n),
                         arena_printf(a, "名称 %lld", (long long)n) };
}

/* None, one or two, in the order of their codes. */
static void fill_refs(struct refs *refs, int64_t n, struct arena *a)
{
    *refs = (struct refs){ arena_array(a, struct ref, 2), (size_t)(n % 3) };
    for (size_t i = 0; i < refs->n; i++)
        refs->items[i] = fill_ref(1000 + n + (int64_t)i, a);
}

/* One or two. */
static void fill_list(const struct field *f, int64_t n, struct arena *a, struct list *list)
{
    *list = (struct list){ arena_calloc(a, 2, f->rec->size), (size_t)(1 + n % 2) };
    for (size_t i = 0; i < list->n; i++)
        fill_record(f->rec, n + (int64_t)i, a, (char *)list->items + i * f->rec->size);
}

static void fill_member(const struct field *f, int64_t n, struct arena *a, void *rec)
{
    switch (f->type) {
    case F_ID: *field_int(f, rec) = INT64_C(9000000000000000000) + n; break;
    case F_INT: case F_MONEY: *field_int(f, rec) = whole_number(f, n); break;
    case F_TIME: *field_int(f, rec) = minute(n * 61); break;
    case F_FLAG: *field_int(f, rec) = n % 2; break;
    case F_NUMBER: *field_number(f, rec) = (double)n / 3; break;
    case F_CHOICE:
        *field_text(f, rec) = f->choices[(size_t)n % count_choices(f->choices)].code;
        break;
    case F_REF:
        *field_ref(f, rec) = fill_ref(n, a);
        break;
    case F_REFS: fill_refs(field_refs(f, rec), n, a); break;
    case F_ATTRS: fill_attrs(field_attrs(f, rec), n, a); break;
    case F_LIST: fill_list(f, n, a, field_list(f, rec)); break;
    default: *field_text(f, rec) = arena_printf(a, "文\x01 \"t%lld\"", (long long)n); break;
    }
}

void fill_record(const struct record *r, int64_t seed, struct arena *a, void *rec)
{
    record_empty(r, rec);
    for (size_t i = 0; i < r->nfields; i++)
        fill_member(&r->fields[i], (int64_t)i + 1 + seed * 7, a, rec);
}

static bool same_text(const char *s, const char *t)
{
    return s == t || (s && t && strcmp(s, t) == 0);
}

static bool same_attrs(const struct attrs *x, const struct attrs *y)
{
    for (size_t i = 0; i < x->n && x->n == y->n; i++) {
        const struct attr *p = &x->items[i], *q = &y->items[i];
        if (p->def != q->def || p->i != q->i || !(p->d == q->d || (isnan(p->d) && isnan(q->d))) ||
            !same_text(p->s, q->s))
            return false;
    }
    return x->n == y->n;
}

static bool same_ref(const struct ref *x, const struct ref *y, bool codes_only)
{
    return same_text(x->code, y->code) &&
           (codes_only || (x->id == y->id && same_text(x->name, y->name)));
}

static bool same_refs(const struct refs *x, const struct refs *y, bool codes_only)
{
    for (size_t i = 0; i < x->n && x->n == y->n; i++)
        if (!same_ref(&x->items[i], &y->items[i], codes_only))
            return false;
    return x->n == y->n;
}

static bool same_list(const struct record *r, const struct list *x, const struct list *y, bool codes_only)
{
    for (size_t i = 0; i < x->n && x->n == y->n; i++)
        if (fill_differs(r, (char *)x->items + i * r->size, (char *)y->items + i * r->size, codes_only))
            return false;
    return x->n == y->n;
}

const char *fill_differs(const struct record *r, const void *x, const void *y, bool codes_only)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        void *p = (void *)(uintptr_t)x, *q = (void *)(uintptr_t)y;
        bool same = f->type == F_REF     ? same_ref(field_ref(f, p), field_ref(f, q), codes_only)
                    : f->type == F_REFS  ? same_refs(field_refs(f, p), field_refs(f, q), codes_only)
                    : f->type == F_LIST  ? same_list(f->rec, field_list(f, p), field_list(f, q), codes_only)
                    : f->type == F_ATTRS ? same_attrs(field_attrs(f, p), field_attrs(f, q))
                                         : field_equal(f, x, y);
        if (!same)
            return f->name;
    }
    return NULL;
}
