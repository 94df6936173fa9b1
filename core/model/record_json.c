#include "core/model/record_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/* ---- out ------------------------------------------------------------------------------------- */

static void write_int(struct jw *w, int64_t v)
{
    if (v == NONE)
        jw_null(w);
    else
        jw_int(w, v);
}

static void write_time(struct jw *w, int64_t ms)
{
    char text[CLOCK_TEXT];
    clock_rfc3339(ms, text);
    jw_str(w, ms == NONE ? NULL : text);
}

static void write_flag(struct jw *w, int64_t v)
{
    if (v == NONE)
        jw_null(w);
    else
        jw_bool(w, v != 0);
}

/* A field, its value's key, and of references the keys of names and ids. */
struct json_member { const struct field *f; struct jw_name key, name, id; };

/* The same of a custom field. */
struct attr_key { const struct attr_def *def; struct jw_name key; };

struct json_plan {
    struct arena *a;
    struct json_member *members;
    size_t n;
    struct attr_key *attrs;     /* those that were met */
    size_t nattrs, room, at;    /* at: behind the last one that was looked for */
};

static struct json_member member_of(struct arena *a, const struct field *f)
{
    struct json_member m = { .f = f, .key = jw_name(a, f->name, "") };
    if (f->type == F_REF || f->type == F_REFS) {
        m.name = jw_name(a, f->name, "_name");
        m.id = jw_name(a, f->name, "_id");
    }
    return m;
}

struct json_plan *json_plan(struct arena *a, const struct record *r, const bool *want)
{
    struct json_plan *p = arena_alloc(a, sizeof *p);
    p->a = a;
    p->members = arena_array(a, struct json_member, r->nfields + 1);
    for (size_t i = 0; i < r->nfields; i++)
        if (!want || want[i])
            p->members[p->n++] = member_of(a, &r->fields[i]);
    return p;
}

static void write_ref(struct jw *w, const struct json_member *m, const struct ref *ref)
{
    jw_named(w, &m->key);
    jw_str(w, ref->code);
    jw_named(w, &m->name);
    jw_str(w, ref->name);
    jw_named(w, &m->id);
    jw_id(w, ref->id);
}

/* Three arrays in one order. */
static void write_refs(struct jw *w, const struct json_member *m, const struct refs *refs)
{
    jw_named(w, &m->key);
    jw_array(w);
    for (size_t i = 0; i < refs->n; i++)
        jw_str(w, refs->items[i].code);
    jw_end_array(w);
    jw_named(w, &m->name);
    jw_array(w);
    for (size_t i = 0; i < refs->n; i++)
        jw_str(w, refs->items[i].name);
    jw_end_array(w);
    jw_named(w, &m->id);
    jw_array(w);
    for (size_t i = 0; i < refs->n; i++)
        jw_id(w, refs->items[i].id);
    jw_end_array(w);
}

/* One record after the other has its custom fields in one order: mostly it is the next. */
static const struct jw_name *attr_key(struct json_plan *p, const struct attr_def *def)
{
    for (size_t i = 0; i < p->nattrs; i++) {
        const struct attr_key *k = &p->attrs[p->at < p->nattrs ? p->at : 0];
        p->at = (size_t)(k - p->attrs) + 1;
        if (k->def == def)
            return &k->key;
    }
    p->attrs = arena_grow(p->a, p->attrs, sizeof *p->attrs, &p->room, p->nattrs + 1);
    struct attr_key *k = &p->attrs[p->nattrs++];
    *k = (struct attr_key){ def, jw_name(p->a, "attr.", def->key) };
    p->at = p->nattrs;
    return &k->key;
}

static void write_attr(struct jw *w, const struct jw_name *key, const struct attr *x)
{
    jw_named(w, key);
    switch (x->def->type) {
    case F_NUMBER: jw_num(w, x->d); break;
    case F_TIME: write_time(w, x->i); break;
    case F_FLAG: write_flag(w, x->i); break;
    default: jw_str(w, x->s); break;
    }
}

static void write_attrs(struct jw *w, struct json_plan *p, const struct attrs *attrs)
{
    for (size_t i = 0; i < attrs->n; i++)
        write_attr(w, attr_key(p, attrs->items[i].def), &attrs->items[i]);
}

static void write_list(struct jw *w, const struct field *f, const struct list *list)
{
    struct arena a = ARENA_INIT;
    struct json_plan *p = list->n ? json_plan(&a, f->rec, NULL) : NULL;
    jw_array(w);
    for (size_t i = 0; i < list->n; i++)
        record_to_json_by(w, p, (const char *)list->items + i * f->rec->size);
    jw_end_array(w);
    arena_free(&a);
}

static void write_member(struct jw *w, struct json_plan *p, const struct json_member *m, void *rec)
{
    const struct field *f = m->f;
    switch (f->type) {
    case F_REF: write_ref(w, m, field_ref(f, rec)); return;
    case F_REFS: write_refs(w, m, field_refs(f, rec)); return;
    case F_ATTRS: write_attrs(w, p, field_attrs(f, rec)); return;
    default: jw_named(w, &m->key);
    }
    switch (f->type) {
    case F_ID: jw_id(w, *field_int(f, rec)); break;
    case F_INT: case F_MONEY: write_int(w, *field_int(f, rec)); break;
    case F_TIME: write_time(w, *field_int(f, rec)); break;
    case F_FLAG: write_flag(w, *field_int(f, rec)); break;
    case F_NUMBER: jw_num(w, *field_number(f, rec)); break;
    case F_LIST: write_list(w, f, field_list(f, rec)); break;
    default: jw_str(w, *field_text(f, rec)); break;
    }
}

void record_member_to_json(struct jw *w, const struct field *f, const struct attr *attr,
                           const void *rec)
{
    struct arena a = ARENA_INIT;
    struct json_plan p = { .a = &a };
    struct json_member m = { .f = f };
    if (attr) {
        write_attr(w, attr_key(&p, attr->def), attr);
    } else {
        m = member_of(&a, f);
        write_member(w, &p, &m, (void *)(uintptr_t)rec);
    }
    arena_free(&a);
}

void record_to_json_by(struct jw *w, struct json_plan *p, const void *rec)
{
    jw_object(w);
    for (size_t i = 0; i < p->n; i++)
        write_member(w, p, &p->members[i], (void *)(uintptr_t)rec);
    jw_end_object(w);
}

void record_to_json_some(struct jw *w, const struct record *r, const void *rec, const bool *want)
{
    struct arena a = ARENA_INIT;
    record_to_json_by(w, json_plan(&a, r, want), rec);
    arena_free(&a);
}

void record_to_json(struct jw *w, const struct record *r, const void *rec)
{
    record_to_json_some(w, r, rec, NULL);
}

/* ---- in -------------------------------------------------------------------------------------- */

static const int64_t exact = INT64_C(1) << 53; /* a JSON number holds whole numbers up to here */

/* One object on its way in. */
struct reader {
    const struct record *r;
    const struct attr_def *defs;
    size_t ndefs;
    struct arena *a;
    void *rec;
    bool *given;
    bool lenient;               /* a reply: who wrote it knows more, and has checked it */
    struct err *e;
};

static enum status read_object(struct reader *in, const struct json *j);

static enum status unknown(struct reader *in, const char *key)
{
    return in->lenient ? ST_OK : fail_field(in->e, ST_INVALID, key, "json.unknown", key, NULL);
}

static enum status wrong_type(struct reader *in, const char *key, const char *takes)
{
    return fail_field(in->e, ST_INVALID, key, "json.type", key, takes, NULL);
}

static bool read_id(const struct json *j, int64_t *out)
{
    const char *s = json_string(j);
    size_t digits = s ? strspn(s, "0123456789") : 0;
    if (digits == 0 || s[digits])
        return false;
    errno = 0;
    *out = strtoll(s, NULL, 10);
    return errno == 0 && *out != 0;
}

static bool read_int(const struct json *j, int64_t *out)
{
    double v = json_number(j);
    if (!(v >= (double)-exact && v <= (double)exact) || v != floor(v))
        return false;
    *out = (int64_t)v;
    return true;
}

static bool read_time(const struct json *j, int64_t *out)
{
    const char *s = json_string(j);
    return s && clock_parse(s, out, NULL);
}

static bool read_flag(const struct json *j, int64_t *out)
{
    *out = json_bool(j);
    return json_type(j) == JSON_BOOL;
}

/* "" is empty, as everywhere. The text outlives the document. */
static bool read_text(struct reader *in, const struct json *j, const char **out)
{
    const char *s = json_string(j);
    *out = s && *s ? arena_strdup(in->a, s) : NULL;
    return s != NULL;
}

static const char *takes(enum ftype t)
{
    switch (t) {
    case F_ID: return N_("an id as text");
    case F_INT: return N_("a whole number");
    case F_MONEY: return N_("an amount in fen, a whole number");
    case F_TIME: return N_("a time like \"2026-11-22T08:30:00+08:00\"");
    case F_FLAG: return N_("true or false");
    case F_NUMBER: return N_("a number");
    case F_LIST: return N_("an array of objects");
    case F_REFS: return N_("an array of texts");
    case F_ATTRS: return N_("an object");
    default: return N_("text");
    }
}

static enum status read_list(struct reader *in, const struct field *f, const struct json *j)
{
    struct list *list = field_list(f, in->rec);
    if (json_type(j) != JSON_ARRAY)
        return wrong_type(in, f->name, takes(F_LIST));
    size_t n = 0;
    for (const struct json *kid = json_first(j); kid; kid = json_next(kid))
        n++;
    *list = (struct list){ arena_calloc(in->a, n, f->rec->size), n };
    char *item = list->items;
    for (const struct json *kid = json_first(j); kid; kid = json_next(kid), item += f->rec->size) {
        struct reader one = { .r = f->rec, .a = in->a, .rec = item, .lenient = in->lenient, .e = in->e };
        enum status st = read_object(&one, kid);
        if (!st && !in->lenient)
            st = record_check(f->rec, item, true, in->e);
        if (st)
            return st;
    }
    return ST_OK;
}

static enum status check(struct reader *in, const struct field *f)
{
    return in->lenient ? ST_OK : field_check(f, in->rec, false, in->e);
}

/* One of the arrays of several references: all that come are of one length. */
static enum status read_refs(struct reader *in, const struct field *f, const char *key,
                             const struct json *j)
{
    struct refs *refs = field_refs(f, in->rec);
    const char *part = key + strlen(f->name);
    size_t n = 0;
    in->given[f - in->r->fields] |= strcmp(part, "_name") != 0;
    if (json_type(j) == JSON_NULL)
        return ST_OK;
    if (json_type(j) != JSON_ARRAY)
        return wrong_type(in, key, takes(F_REFS));
    for (const struct json *kid = json_first(j); kid; kid = json_next(kid))
        n++;
    if (!refs->items)
        *refs = (struct refs){ arena_array(in->a, struct ref, n + 1), n };
    if (refs->n != n)
        return wrong_type(in, key, takes(F_REFS));
    struct ref *r = refs->items;
    for (const struct json *kid = json_first(j); kid; kid = json_next(kid), r++) {
        bool ok = !*part                     ? read_text(in, kid, &r->code)
                  : strcmp(part, "_id") == 0 ? read_id(kid, &r->id)
                                             : read_text(in, kid, &r->name);
        if (!ok && json_type(kid) != JSON_NULL)         /* a row is named by code or by id */
            return wrong_type(in, key, takes(F_REFS));
    }
    return check(in, f);
}

static bool read_value(struct reader *in, const struct field *f, const struct json *j)
{
    switch (f->type) {
    case F_ID: return read_id(j, field_int(f, in->rec));
    case F_INT: case F_MONEY: return read_int(j, field_int(f, in->rec));
    case F_TIME: return read_time(j, field_int(f, in->rec));
    case F_FLAG: return read_flag(j, field_int(f, in->rec));
    case F_NUMBER: *field_number(f, in->rec) = json_number(j); return json_type(j) == JSON_NUMBER;
    case F_REF: return read_text(in, j, &field_ref(f, in->rec)->code);
    default: return read_text(in, j, field_text(f, in->rec));
    }
}

/* The choice's code; NULL where there is none, or text itself in a reply. */
static const char *choice_of(const struct reader *in, const struct choice *list, const char *text)
{
    if (!in->lenient) {
        const struct choice *c = choice_find(list, text);
        return c ? c->code : NULL;
    }
    while (list->code && strcmp(list->code, text) != 0)
        list++;
    return list->code ? list->code : text;
}

static enum status read_field(struct reader *in, const struct field *f, const struct json *j)
{
    in->given[f - in->r->fields] = true;
    if (json_type(j) == JSON_NULL)
        return ST_OK;                   /* the record was empty */
    if (f->type == F_LIST)
        return read_list(in, f, j);
    if (f->type == F_REFS)
        return read_refs(in, f, f->name, j);
    if (!read_value(in, f, j))
        return wrong_type(in, f->name, takes(f->type));
    enum status st = check(in, f);
    if (!st && f->type == F_CHOICE && *field_text(f, in->rec))
        *field_text(f, in->rec) = choice_of(in, f->choices, *field_text(f, in->rec));
    return st;
}

/* x_id and x_name of a reference x, or of several. Which field it is, or NULL. */
static const struct field *ref_part(const struct record *r, const char *key, const char *suffix)
{
    size_t n = strlen(key), end = strlen(suffix);
    if (n <= end || strcmp(key + n - end, suffix) != 0)
        return NULL;
    for (size_t i = 0; i < r->nfields; i++)
        if ((r->fields[i].type == F_REF || r->fields[i].type == F_REFS) &&
            strlen(r->fields[i].name) == n - end && strncmp(r->fields[i].name, key, n - end) == 0)
            return &r->fields[i];
    return NULL;
}

static enum status read_ref_id(struct reader *in, const struct field *f, const char *key,
                               const struct json *j)
{
    in->given[f - in->r->fields] = true;
    if (json_type(j) == JSON_NULL || read_id(j, &field_ref(f, in->rec)->id))
        return ST_OK;
    return wrong_type(in, key, takes(F_ID));
}

static enum status read_ref_name(struct reader *in, const struct field *f, const char *key,
                                 const struct json *j)
{
    if (json_type(j) == JSON_NULL || read_text(in, j, &field_ref(f, in->rec)->name))
        return ST_OK;
    return wrong_type(in, key, takes(F_TEXT));
}

/* ---- custom fields in ------------------------------------------------------------------------ */

static const struct field *attrs_field(const struct record *r)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == F_ATTRS)
            return &r->fields[i];
    return NULL;
}

static const struct attr_def *def_find(const struct reader *in, const char *key)
{
    for (size_t i = 0; i < in->ndefs; i++)
        if (strcmp(in->defs[i].key, key) == 0)
            return &in->defs[i];
    return NULL;
}

/* The place of the attribute in the record: the array has room for every definition. */
static struct attr *attr_place(struct reader *in, const struct field *f, const struct attr_def *def)
{
    struct attrs *attrs = field_attrs(f, in->rec);
    if (!attrs->items)
        attrs->items = arena_array(in->a, struct attr, in->ndefs);
    size_t i = 0;
    while (i < attrs->n && attrs->items[i].def != def)
        i++;
    attrs->n += i == attrs->n;
    attrs->items[i] = (struct attr){ .def = def, .i = NONE, .d = NAN };
    return &attrs->items[i];
}

static bool read_attr_value(struct reader *in, struct attr *x, const struct json *j)
{
    switch (x->def->type) {
    case F_NUMBER: x->d = json_number(j); return json_type(j) == JSON_NUMBER;
    case F_TIME: return read_time(j, &x->i);
    case F_FLAG: return read_flag(j, &x->i);
    default: return read_text(in, j, &x->s);
    }
}

static enum status read_attr(struct reader *in, const struct field *f, const char *key,
                             const struct json *j)
{
    const struct attr_def *def = def_find(in, key);
    const char *name = arena_printf(in->a, "attr.%s", key);
    if (!def)
        return unknown(in, name);
    struct attr *x = attr_place(in, f, def);
    in->given[f - in->r->fields] = true;
    if (json_type(j) == JSON_NULL)
        return ST_OK;
    if (!read_attr_value(in, x, j))
        return wrong_type(in, name, takes(def->type));
    if (def->type != F_CHOICE || !x->s)
        return ST_OK;
    const char *code = choice_of(in, def->choices, x->s);
    if (!code)
        return fail_field(in->e, ST_INVALID, name, "field.choice", def->label, x->s, NULL);
    x->s = code;
    return ST_OK;
}

static enum status read_attrs(struct reader *in, const struct field *f, const struct json *j)
{
    if (json_type(j) == JSON_NULL)
        return ST_OK;
    if (json_type(j) != JSON_OBJECT)
        return wrong_type(in, f->name, takes(F_ATTRS));
    for (const struct json *kid = json_first(j); kid; kid = json_next(kid)) {
        enum status st = read_attr(in, f, json_key(kid), kid);
        if (st)
            return st;
    }
    return ST_OK;
}

/* ---- the object ------------------------------------------------------------------------------ */

static enum status read_member(struct reader *in, const struct json *j)
{
    const char *key = json_key(j);
    const struct field *f = record_field(in->r, key), *attrs = attrs_field(in->r);
    if (f && f->type == F_ATTRS)
        return read_attrs(in, f, j);
    if (f)
        return read_field(in, f, j);
    if (attrs && strncmp(key, "attr.", 5) == 0)
        return read_attr(in, attrs, key + 5, j);
    if ((f = ref_part(in->r, key, "_id")))
        return f->type == F_REFS ? read_refs(in, f, key, j) : read_ref_id(in, f, key, j);
    if ((f = ref_part(in->r, key, "_name")))
        return f->type == F_REFS ? read_refs(in, f, key, j) : read_ref_name(in, f, key, j);
    return unknown(in, key);
}

static const char *type_name(enum json_type t)
{
    static const char *const names[] = {
        [JSON_NULL] = N_("null"), [JSON_BOOL] = N_("true or false"), [JSON_NUMBER] = N_("a number"),
        [JSON_STRING] = N_("text"), [JSON_ARRAY] = N_("an array"), [JSON_OBJECT] = N_("an object"),
    };
    return names[t];
}

/* Each of several rows is named somehow. */
static enum status check_refs(struct reader *in)
{
    for (size_t i = 0; i < in->r->nfields; i++) {
        const struct field *f = &in->r->fields[i];
        const struct refs *refs = f->type == F_REFS && in->given[i] ? field_refs(f, in->rec) : NULL;
        for (size_t k = 0; refs && k < refs->n; k++)
            if (!refs->items[k].code && !refs->items[k].id)
                return wrong_type(in, f->name, takes(F_REFS));
    }
    return ST_OK;
}

static enum status read_object(struct reader *in, const struct json *j)
{
    in->given = arena_array(in->a, bool, in->r->nfields);
    record_empty(in->r, in->rec);
    if (json_type(j) != JSON_OBJECT)
        return fail(in->e, ST_INVALID, "json.object", type_name(json_type(j)), NULL);
    for (const struct json *kid = json_first(j); kid; kid = json_next(kid)) {
        enum status st = read_member(in, kid);
        if (st)
            return st;
    }
    return check_refs(in);
}

enum status record_from_json(const struct json *j, const struct record *r,
                             const struct attr_def *defs, size_t ndefs, struct arena *a, void *rec,
                             bool **given, struct err *e)
{
    struct reader in = { .r = r, .defs = defs, .ndefs = ndefs, .a = a, .rec = rec, .e = e };
    enum status st = read_object(&in, j);
    *given = in.given;
    return st;
}

enum status record_from_reply(const struct json *j, const struct record *r, const struct attr_def *defs,
                              size_t ndefs, struct arena *a, void *rec, struct err *e)
{
    struct reader in = { .r = r, .defs = defs, .ndefs = ndefs, .a = a, .rec = rec, .lenient = true, .e = e };
    return read_object(&in, j);
}
