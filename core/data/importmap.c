/* importmap.c - which column fills which field, and what the whole file says about dates and types. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "core/data/importer.h"
#include "core/org/org.h"

/* ---- the map as typed --------------------------------------------------------------------------------- */

/* One side of FIELD=COLUMN: quoted when it holds a comma or an equals sign ("" is a quote inside). */
static const char *take_word(struct arena *a, const char *s, const char *stop, const char **word)
{
    if (*s != '"') {
        size_t n = strcspn(s, stop);
        *word = arena_strndup(a, s, n);
        return s + n;
    }
    char *out = arena_alloc(a, strlen(s) + 1), *o = out;
    for (s++; *s && !(*s == '"' && s[1] != '"'); s++) {
        if (*s == '"')
            s++;
        *o++ = *s;
    }
    *word = out;
    return *s == '"' ? s + 1 : NULL;
}

static struct column *add_column(struct importer *m, size_t *cap)
{
    m->columns = arena_grow(&m->mem, m->columns, sizeof *m->columns, cap, m->ncolumns + 1);
    struct column *x = &m->columns[m->ncolumns++];
    *x = (struct column){ .col = -1 };
    return x;
}

/* Keys are [a-z0-9_]: other characters of a name become _, and what is too long is cut. */
static const char *attr_key(struct arena *a, const char *name)
{
    char key[CUSTOM_KEY_MAX + 1];
    size_t left = strlen(name), n = 0, len;
    for (const char *s = name; left && n < CUSTOM_KEY_MAX; s += len, left -= len) {
        text_char(s, left, &len);
        key[n++] = len == 1 && isascii((unsigned char)*s) && isalnum((unsigned char)*s)
                       ? (char)tolower((unsigned char)*s)
                       : '_';
    }
    return arena_strndup(a, key, n);
}

static bool is_ascii(const char *s)
{
    while (*s && isascii((unsigned char)*s))
        s++;
    return !*s;
}

static bool known_type(const char *type)
{
    static const char *const types[] = { "text", "number", "date", "choice", "flag" };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

/* "attr.age:number": the key and its type. */
static enum status name_attr(struct importer *m, struct ctx *c, const char *target, struct column *x)
{
    const char *colon = strchr(target, ':');
    const char *name = colon ? arena_strndup(&m->mem, target, (size_t)(colon - target)) : target;
    x->key = attr_key(&m->mem, name);
    x->label = is_ascii(name) ? NULL : name;
    x->type = colon ? colon + 1 : NULL;
    if (!m->kind->noun->attr_table && strcmp(m->kind->noun->name, "deal") != 0)
        return fail(c->e, ST_INVALID, "import.no_attrs", m->kind->noun->plural, NULL);
    if (!*x->key || (x->type && !known_type(x->type)))
        return fail(c->e, ST_INVALID, "import.attr", target, NULL);
    return ST_OK;
}

/* Fields that a file may fill: what a person could give, the file's own history, and what only an
 * import may set. */
static bool may_fill(const struct noun *n, const struct field *f)
{
    static const char *const history[] = { "created_at", "received_at", "last_follow_up_at", "closed_at" };
    if (f->type == F_ATTRS || f->type == F_LIST || (f->flags & FIELD_VIRTUAL))
        return false;
    for (size_t i = 0; i < sizeof history / sizeof *history; i++)
        if (n == &lead_noun && strcmp(f->name, history[i]) == 0)
            return true;
    return !(f->flags & FIELD_READONLY);
}

static enum status name_target(struct importer *m, struct ctx *c, const char *target, struct column *x)
{
    if (strncmp(target, "attr.", 5) == 0)
        return name_attr(m, c, target + 5, x);
    x->field = record_field_called(m->kind->noun->rec, target);
    if (!x->field || !may_fill(m->kind->noun, x->field))
        return fail(c->e, ST_INVALID, "import.unknown_field", target, m->kind->noun->plural, NULL);
    return ST_OK;
}

enum { SAID_MOST = 150 };       /* bytes of a list in a sentence: some names, not all */

static const char *columns_said(struct importer *m)
{
    const char *said = "";
    for (int i = 0; i < csvread_columns(m->reader) && strlen(said) < SAID_MOST; i++)
        said = arena_printf(&m->mem, "%s%s%s", said, i ? ", " : "", csvread_name(m->reader, i));
    return said;
}

static const char *fields_said(struct importer *m)
{
    const struct record *r = m->kind->noun->rec;
    const char *said = "";
    for (size_t i = 0; i < r->nfields && strlen(said) < SAID_MOST; i++)
        if (may_fill(m->kind->noun, &r->fields[i]))
            said = arena_printf(&m->mem, "%s%s%s", said, *said ? ", " : "", r->fields[i].name);
    return said;
}

static enum status name_source(struct importer *m, struct ctx *c, const char *source, struct column *x)
{
    x->header = source;
    x->col = csvread_find(m->reader, source);
    if (x->col >= 0)
        return ST_OK;
    return fail(c->e, ST_INVALID, "import.unknown_column", source, columns_said(m), NULL);
}

static enum status typed_map(struct importer *m, struct ctx *c)
{
    size_t cap = 0;
    for (const char *s = m->in.map; *s;) {
        const char *target, *source = NULL;
        s = take_word(&m->mem, s, "=,", &target);
        if (s && *s == '=')
            s = take_word(&m->mem, s + 1, ",", &source);
        if (!s || !source || (*s && *s != ','))
            return fail_field(c->e, ST_INVALID, "map", "import.map", m->in.map, NULL);
        struct column *x = add_column(m, &cap);
        enum status st = name_target(m, c, target, x);
        if (!st)
            st = name_source(m, c, source, x);
        if (st)
            return st;
        s += *s == ',';
    }
    return ST_OK;
}

/* Without a map, headers that are field names (or attr.KEY) map themselves. */
static enum status header_map(struct importer *m, struct ctx *c)
{
    size_t cap = 0;
    for (int i = 0; i < csvread_columns(m->reader); i++) {
        const char *name = csvread_name(m->reader, i);
        const struct field *f = record_field(m->kind->noun->rec, name);
        bool attr = strncmp(name, "attr.", 5) == 0 && name[5];
        if ((!attr && !(f && may_fill(m->kind->noun, f))) || csvread_twin(m->reader, i) >= 0)
            continue;
        struct column *x = add_column(m, &cap);
        enum status st = name_target(m, c, arena_strdup(&m->mem, name), x);
        if (st)
            return st;
        x->header = arena_strdup(&m->mem, name);
        x->col = i;
    }
    return m->ncolumns ? ST_OK : fail(c->e, ST_INVALID, "import.no_columns", m->in.file, columns_said(m),
                                      fields_said(m), NULL);
}

static bool same_attr(const struct column *x, const struct column *y)
{
    if (x->label || y->label)
        return x->label && y->label && strcmp(x->label, y->label) == 0;
    return y->key && strcmp(x->key, y->key) == 0;
}

static enum status check_twice(struct importer *m, struct ctx *c)
{
    for (size_t i = 0; i < m->ncolumns; i++)
        for (size_t k = 0; k < i; k++) {
            const struct column *x = &m->columns[i], *y = &m->columns[k];
            if (x->field ? x->field == y->field : same_attr(x, y))
                return fail(c->e, ST_INVALID, "import.twice", x->field ? x->field->name : x->key, NULL);
        }
    return ST_OK;
}

enum status import_map(struct importer *m, struct ctx *c)
{
    enum status st = m->in.map ? typed_map(m, c) : header_map(m, c);
    return st ? st : check_twice(m, c);
}

/* ---- the first pass ----------------------------------------------------------------------------------- */

static bool is_date(const struct column *x)
{
    return x->field ? x->field->type == F_TIME : x->type && strcmp(x->type, "date") == 0;
}

static const struct attr_def *find_def(const struct column *x, const struct attr_def *defs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(x->label ? x->label : x->key, x->label ? defs[i].label : defs[i].key) == 0)
            return &defs[i];
    return NULL;
}

static bool key_taken(const struct importer *m, const struct column *x, const char *key,
                      const struct attr_def *defs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(defs[i].key, key) == 0)
            return true;
    for (size_t i = 0; i < m->ncolumns; i++) {
        const struct column *y = &m->columns[i];
        if (y->key && (y < x || !y->label) && strcmp(y->key, key) == 0)
            return true;
    }
    return false;
}

/* 年龄 and 性别 are both __ : fields of such names are known by them, and their keys are numbered. */
static void own_key(struct importer *m, struct column *x, const struct attr_def *defs, size_t n)
{
    const char *stem = x->key;
    for (int i = 2; key_taken(m, x, x->key, defs, n); i++)
        x->key = arena_printf(&m->mem, "%.*s%d", CUSTOM_KEY_MAX - 4, stem, i);
}

/* Types of custom fields that exist already are theirs. */
static enum status known_attrs(struct importer *m, struct ctx *c)
{
    const struct attr_def *defs;
    size_t n;
    enum status st = attr_defs(c->db, &lead_noun, &m->mem, &defs, &n, c->e);
    for (size_t i = 0; i < m->ncolumns && !st; i++) {
        struct column *x = &m->columns[i];
        x->attr = x->key ? find_def(x, defs, n) : NULL;
        if (x->attr)
            x->key = x->attr->key;
        else if (x->label)
            own_key(m, x, defs, n);
        if (x->attr)
            x->type = x->attr->type == F_TIME ? "date" : x->attr->type == F_NUMBER ? "number"
                    : x->attr->type == F_FLAG ? "flag" : x->attr->type == F_CHOICE ? "choice" : "text";
        else if (x->key && m->in.create_missing != 1)
            st = fail(c->e, ST_INVALID, "import.no_custom_field", x->label ? x->label : x->key, NULL);
    }
    return st;
}

static void settle_types(struct importer *m)
{
    for (size_t i = 0; i < m->ncolumns; i++) {
        struct column *x = &m->columns[i];
        if (x->key && !x->type) {
            enum cell_type t = cell_guess_type(&x->guess);
            x->type = t == CELL_NUMBER ? "number" : t == CELL_DATE ? "date" : "text";
        }
    }
}

static enum status settle_dates(struct importer *m, struct ctx *c)
{
    static const struct { const char *word; enum date_order order; } orders[] = {
        { "mdy", DATE_MDY }, { "dmy", DATE_DMY }, { "ymd", DATE_YMD },
    };
    for (size_t i = 0; m->in.dates && i < sizeof orders / sizeof *orders; i++)
        if (strcmp(m->in.dates, orders[i].word) == 0) {
            m->order = orders[i].order;
            return ST_OK;
        }
    if (m->in.dates)
        return fail_field(c->e, ST_INVALID, "dates", "import.dates_word", m->in.dates, NULL);
    switch (date_orders_verdict(&m->dates, &m->order)) {
    case DATES_ASK: return fail_field(c->e, ST_INVALID, "dates", "import.dates_ask", NULL);
    case DATES_CLASH: return fail_field(c->e, ST_INVALID, "dates", "import.dates_clash", NULL);
    default: return ST_OK;
    }
}

enum status import_scan(struct importer *m, struct ctx *c)
{
    struct csv_row row;
    int rc;
    enum status st = known_attrs(m, c);
    if (st)
        return st;
    while ((rc = csvread_next(m->reader, &row, c->e)) > 0) {
        m->found = row.record;
        for (size_t i = 0; i < m->ncolumns && !row.code; i++) {
            struct column *x = &m->columns[i];
            const char *cell = row.cell[x->col];
            if (cell_empty(cell))
                continue;
            if (is_date(x))
                date_orders_feed(&m->dates, cell);
            else if (x->key && !x->type)
                cell_guess_feed(&x->guess, cell);
        }
        if (c->cancel && (row.record & 1023) == 0 && atomic_load(c->cancel))
            return fail(c->e, ST_CANCELLED, "cancelled", NULL);
    }
    if (rc < 0)
        return c->e->status;
    settle_types(m);
    st = settle_dates(m, c);
    return st ? st : csvread_rewind(m->reader, c->e);
}

/* ---- custom fields ------------------------------------------------------------------------------------ */

/* What importlead.c looks for. */
static bool finds_lead(const struct field *f)
{
    return f && (strcmp(f->name, "external_id") == 0 || strcmp(f->name, "phone") == 0 ||
                 strcmp(f->name, "product") == 0);
}

static enum status make_attr(struct importer *m, const struct column *x)
{
    struct custom_field f;
    struct done done;
    record_empty(&custom_field_record, &f);
    f.noun = "lead";
    f.code = x->key;
    f.name = x->label ? x->label : x->header;
    f.type = x->type;
    f.active = 1;
    const struct op *op = import_op("custom_field.create");
    if (!actor_may(m->c->who, op->right))
        return fail(m->c->e, ST_DENIED, "import.create_right", x->key, NULL);
    return op->run(m->c, op, &f, &done);
}

enum status import_attrs(struct importer *m)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < m->ncolumns && !st; i++) {
        m->columns[i].finds = m->kind->noun == &lead_noun && finds_lead(m->columns[i].field);
        if (m->columns[i].key && !m->columns[i].attr)
            st = make_attr(m, &m->columns[i]);
    }
    const struct noun *n = m->kind->noun->attr_table ? m->kind->noun : &lead_noun;
    if (!st)
        st = shape_full(m->c->db, n, &m->mem, &m->shape, m->c->e);
    for (size_t i = 0; i < m->ncolumns && !st; i++)
        for (size_t k = 0; k < m->shape.nattrs && m->columns[i].key; k++)
            if (strcmp(m->shape.attrs[k].key, m->columns[i].key) == 0)
                m->columns[i].attr = &m->shape.attrs[k];
    return st;
}
