/* row.c - records out of SQL. The way in is rowwrite.c, masks are mask.c. */
#include "core/store/row.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/store/refcache.h"

static bool stored(const struct field *f)
{
    return f->type != F_LIST && f->type != F_ATTRS && f->type != F_REFS && !(f->flags & FIELD_VIRTUAL);
}

static bool wanted(const struct shape *shape, size_t i)
{
    const struct field *f = &shape->noun->rec->fields[i];
    return stored(f) && (!shape->want || i < 2 || shape->want[i]);
}

static bool refs_wanted(const struct shape *shape, size_t i)
{
    const struct field *f = &shape->noun->rec->fields[i];
    return f->type == F_REFS && !(f->flags & FIELD_VIRTUAL) && (!shape->want || shape->want[i]);
}

enum status shape_full(struct db *db, const struct noun *n, struct arena *a, struct shape *out, struct err *e)
{
    *out = (struct shape){ .noun = n };
    return n->attr_table ? attr_defs(db, n, a, &out->attrs, &out->nattrs, e) : ST_OK;
}

/* ---- columns ------------------------------------------------------------------------------------------ */

static const char *suffix(const struct field *f)
{
    return f->type == F_REF ? "_id" : f->type == F_SECRET ? "_enc" : "";
}

void row_columns(struct sql *q, const struct shape *shape)
{
    const char *comma = "";
    for (size_t i = 0; i < shape->noun->rec->nfields; i++) {
        const struct field *f = &shape->noun->rec->fields[i];
        if (!wanted(shape, i))
            continue;
        sql_addf(q, "%st.%s%s", comma, f->name, suffix(f));
        comma = ", ";
    }
    for (size_t i = 0; i < shape->nattrs; i++)
        sql_addf(q, ", x.a_%s", shape->attrs[i].key);
}

void row_from(struct sql *q, const struct shape *shape, bool side)
{
    const struct noun *n = shape->noun;
    sql_addf(q, "%s t", n->table);
    if (shape->nattrs || side)
        sql_addf(q, " left join %s x on x.id = t.id", n->attr_table);
}

/* ---- references --------------------------------------------------------------------------------------- */

/* "select CODE, NAME from TABLE where id = $1" of a noun: what its rows are called. */
static void ref_sql(struct sql *q, const struct noun *n)
{
    const char *code = n->code;
    sql_add(q, "select ");
    if (strcmp(code, "external_id") == 0)
        sql_add(q, "coalesce(external_id, cast(no as text))");
    else if (strcmp(code, "id") == 0)
        sql_add(q, "cast(id as text)");
    else
        sql_add(q, code);
    sql_addf(q, ", %s from %s where id = ", record_field(n->rec, "name") ? "name" : "null", n->table);
}

/* The nouns with many rows are not worth a place in the cache. */
static bool few(const struct noun *n)
{
    return n != &lead_noun && n != &person_noun;
}

static enum status ref_load(struct db *db, const struct noun *n, int64_t id, struct arena *a, struct ref *out,
                            struct err *e)
{
    struct sql q;
    sql_init(&q, a);
    ref_sql(&q, n);
    sql_int(&q, id);
    struct stmt *s = sql_query(&q, db);
    *out = (struct ref){ .id = id };
    if (db_row(s)) {
        out->code = db_strdup(s, 0, a);
        out->name = db_strdup(s, 1, a);
    }
    sql_release(&q);
    return db_end(s, e);
}

enum status row_ref(struct db *db, const char *noun, int64_t id, struct arena *a, struct ref *out,
                    struct err *e)
{
    *out = (struct ref){ 0 };
    if (id == 0 || id == NONE)
        return ST_OK;
    const struct noun *n = refcache_noun(db_refs(db), noun);
    assert(n);
    const struct ref *known = refcache_get(db_refs(db), n, id);
    if (known) {
        *out = (struct ref){ id, arena_strdup(a, known->code), arena_strdup(a, known->name) };
        return ST_OK;
    }
    enum status st = ref_load(db, n, id, a, out, e);
    if (!st && few(n))
        refcache_put(db_refs(db), n, out);
    return st;
}

void row_refs_from(struct sql *q, const struct noun *n, const struct field *f, const char *alias)
{
    sql_addf(q, " from %s_%s r where r.%s_id = %s.id", n->table, f->ref, n->table, alias);
}

/* ---- reading ------------------------------------------------------------------------------------------ */

/* The row at hand. */
struct reading { struct row_reader *r; struct stmt *s; int64_t id; };

void secret_column(const struct field *f, char out[80])
{
    size_t n = strlen(f->name);
    assert(n < 70);
    memcpy(out, f->name, n);
    memcpy(out + n, "_enc", sizeof "_enc");
}

static bool read_secret(struct reading *at, int col, const struct field *f, const char **out)
{
    struct row_reader *r = at->r;
    const void *box = db_blob(at->s, col);
    if (!box)
        return true;
    const struct sealer *sealer = db_sealer(r->db);
    assert(sealer);
    char column[80];
    secret_column(f, column);
    const char *plain = sealer->open(sealer->self, r->a, r->shape->noun->table, column, at->id, box,
                                     db_bytes(at->s, col), r->e);
    if (!plain)
        return false;
    *out = r->lens->show_secrets ? plain : mask_secret(r->a, f->name, plain);
    return true;
}

static bool is_people(const char *noun)
{
    return strcmp(noun, "lead") == 0 || strcmp(noun, "person") == 0;
}

/* Rows that follow each other often have the same. */
static bool read_ref(struct reading *at, int col, const struct field *f, struct ref *last, struct ref *out)
{
    struct row_reader *r = at->r;
    int64_t id = db_int(at->s, col);
    if (id == NONE)
        return true;
    if (id != last->id) {
        if (row_ref(r->db, f->ref, id, r->a, last, r->e))
            return false;
        if (last->name && r->lens->mask_names && is_people(f->ref))
            last->name = mask_name(r->a, last->name);
    }
    *out = *last;
    return true;
}

static int64_t id_or_0(int64_t id)
{
    return id == NONE ? 0 : id;
}

static bool read_field(struct reading *at, int col, size_t i, void *rec)
{
    struct row_reader *r = at->r;
    const struct field *f = r->columns[i];
    const char *text;
    switch (f->type) {
    case F_ID:
        *field_int(f, rec) = id_or_0(db_int(at->s, col));
        return true;
    case F_INT: case F_MONEY: case F_FLAG: case F_TIME:
        *field_int(f, rec) = db_int(at->s, col);
        if (f->type == F_TIME && r->lens->mask_names && (f->flags & FIELD_PII))
            *field_int(f, rec) = NONE;
        return true;
    case F_NUMBER:
        *field_number(f, rec) = db_num(at->s, col);
        return true;
    case F_TEXT: case F_CHOICE:
        text = db_strdup(at->s, col, r->a);
        if (text && r->lens->mask_names && (f->flags & FIELD_PII))
            text = mask_name(r->a, text);
        *field_text(f, rec) = text;
        return true;
    case F_SECRET:
        return read_secret(at, col, f, field_text(f, rec));
    case F_REF:
        return read_ref(at, col, f, &r->last[i], field_ref(f, rec));
    default:
        assert(!"a stored field");
        return false;
    }
}

static void read_attr(const struct reading *at, int col, const struct attr_def *def, struct attr *out)
{
    *out = (struct attr){ .def = def, .i = NONE, .d = NAN };
    if (def->type == F_NUMBER)
        out->d = db_num(at->s, col);
    else if (def->type == F_TIME || def->type == F_FLAG)
        out->i = db_int(at->s, col);
    else
        out->s = db_strdup(at->s, col, at->r->a);
}

static struct attrs *attrs_member(const struct noun *n, void *rec)
{
    for (size_t i = 0; i < n->rec->nfields; i++)
        if (n->rec->fields[i].type == F_ATTRS)
            return field_attrs(&n->rec->fields[i], rec);
    return NULL;
}

static int by_code(const void *a, const void *b)
{
    const struct ref *x = a, *y = b;
    return strcmp(x->code ? x->code : "", y->code ? y->code : "");
}

/* The references of several: a look-up of their own, by the first column of the table's key. */
static bool read_refs(struct reading *at, const struct field *f, struct refs *out)
{
    struct row_reader *r = at->r;
    const char *table = r->shape->noun->table;
    size_t cap = 0;
    enum status st = ST_OK;
    struct stmt *s = db_query(
        r->db, arena_printf(r->a, "select %s_id from %s_%s where %s_id = $1", f->ref, table, f->ref, table),
        "i", at->id);
    while (!st && db_row(s)) {
        out->items = arena_grow(r->a, out->items, sizeof *out->items, &cap, out->n + 1);
        st = row_ref(r->db, f->ref, db_int(s, 0), r->a, &out->items[out->n++], r->e);
    }
    enum status end = db_end(s, st ? NULL : r->e);
    if (out->n > 1)
        qsort(out->items, out->n, sizeof *out->items, by_code);
    return !st && !end;
}

void row_reader_open(struct row_reader *r, struct db *db, const struct shape *shape, const struct lens *lens,
                     struct arena *a, struct err *e)
{
    static const struct lens plain = { 0 };
    const struct record *rec = shape->noun->rec;
    *r = (struct row_reader){ .db = db, .shape = shape, .lens = lens ? lens : &plain, .a = a, .e = e,
                              .empty = record_new(rec, a) };
    r->columns = arena_array(a, const struct field *, rec->nfields);
    r->several = arena_array(a, const struct field *, rec->nfields);
    r->last = arena_array(a, struct ref, rec->nfields);
    for (size_t i = 0; i < rec->nfields; i++) {
        if (wanted(shape, i))
            r->columns[r->ncolumns++] = &rec->fields[i];
        if (refs_wanted(shape, i))
            r->several[r->nseveral++] = &rec->fields[i];
    }
}

enum status row_reader_read(struct row_reader *r, struct stmt *s, int col, void *rec)
{
    struct reading at = { r, s, db_int(s, col) };
    memcpy(rec, r->empty, r->shape->noun->rec->size);
    for (size_t i = 0; i < r->ncolumns; i++)
        if (!read_field(&at, col++, i, rec))
            return r->e->status;
    for (size_t i = 0; i < r->nseveral; i++)
        if (!read_refs(&at, r->several[i], field_refs(r->several[i], rec)))
            return r->e->status;
    struct attrs *attrs = r->shape->nattrs ? attrs_member(r->shape->noun, rec) : NULL;
    if (!attrs)
        return ST_OK;
    attrs->n = r->shape->nattrs;
    attrs->items = arena_array(r->a, struct attr, attrs->n);
    for (size_t i = 0; i < attrs->n; i++)
        read_attr(&at, col++, &r->shape->attrs[i], &attrs->items[i]);
    return ST_OK;
}

enum status row_get(struct db *db, const struct noun *n, int64_t id, const struct lens *lens, struct arena *a,
                    void *rec, struct err *e)
{
    struct err own = { 0 };
    e = e ? e : &own;
    struct shape shape;
    struct row_reader r;
    enum status st = shape_full(db, n, a, &shape, e);
    if (st)
        return st;
    row_reader_open(&r, db, &shape, lens, a, e);
    struct sql q;
    sql_init(&q, a);
    sql_add(&q, "select ");
    row_columns(&q, &shape);
    sql_add(&q, " from ");
    row_from(&q, &shape, false);
    sql_add(&q, " where t.id = ");
    sql_int(&q, id);
    struct stmt *s = sql_query(&q, db);
    bool found = db_row(s);
    if (found)
        st = row_reader_read(&r, s, 0, rec);
    sql_release(&q);
    enum status end = db_end(s, st ? NULL : e);
    if (st || end)
        return st ? st : end;
    return found ? ST_OK : fail(e, ST_NOT_FOUND, "noun.not_found", n->name, NULL);
}

/* ---- finding by word ---------------------------------------------------------------------------------- */

static enum status by_column(struct db *db, const struct noun *n, const char *column,
                             const char *word, struct arena *a, int64_t *id, struct err *e)
{
    const char *sql = arena_printf(a, "select id from %s where %s = $1 limit 2", n->table, column);
    struct stmt *s = db_query(db, sql, "t", word);
    *id = db_row(s) ? db_int(s, 0) : 0;
    if (*id && db_row(s))
        *id = 0;                /* not unique: names nobody */
    return db_end(s, e);
}

static int64_t whole(const char *word)
{
    int64_t v = 0;
    for (; *word; word++) {
        int digit = *word - '0';
        if (digit < 0 || digit > 9 || v > (INT64_MAX - digit) / 10)
            return 0;
        v = v * 10 + digit;
    }
    return v;
}

enum status row_external(struct db *db, const char *word, struct arena *a, int64_t *id, struct err *e)
{
    struct stmt *s = db_query(db,
                              "select id, external_id from lead where external_id_key = $1 "
                              "order by external_id_twin",
                              "t", text_key(a, word));
    *id = 0;
    while (db_row(s)) {
        bool spelled = strcmp(db_text(s, 1), word) == 0;
        if (!*id || spelled)
            *id = db_int(s, 0);
        if (spelled)
            break;
    }
    return db_end(s, e);
}

static enum status find_lead(struct db *db, const char *word, struct arena *a, int64_t *id, struct err *e)
{
    enum status st = row_external(db, word, a, id, e);
    int64_t no = whole(word);
    if (st || *id || !no)
        return st;
    int64_t found;
    st = db_get_int(db, e, &found, "select id from lead where no = $1", "i", no);
    *id = found == NONE ? 0 : found;
    return st;
}

enum status row_resolve(struct db *db, const struct noun *n, const char *word, struct ref *out,
                        struct arena *a, struct err *e)
{
    int64_t id = 0;
    enum status st = ST_OK;
    *out = (struct ref){ 0 };
    if (n == &lead_noun) {
        st = find_lead(db, word, a, &id, e);
    } else if (strcmp(n->code, "code") == 0) {
        const char *key = text_key(a, word);
        st = by_column(db, n, "code_key", key, a, &id, e);
        if (!st && !id && record_field(n->rec, "name"))
            st = by_column(db, n, "name_key", key, a, &id, e);
    } else {
        st = db_get_int(db, e, &id, arena_printf(a, "select id from %s where id = $1", n->table),
                        "i", whole(word));
        id = id == NONE ? 0 : id;
    }
    return st || !id ? st : row_ref(db, n->name, id, a, out, e);
}

/* ---- custom fields ------------------------------------------------------------------------------------ */

static enum ftype attr_type(const char *word)
{
    static const struct { const char *word; enum ftype type; } types[] = {
        { "number", F_NUMBER }, { "date", F_TIME }, { "choice", F_CHOICE }, { "flag", F_FLAG },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].word, word) == 0)
            return types[i].type;
    return F_TEXT;
}

enum status attr_defs(struct db *db, const struct noun *n, struct arena *a,
                      const struct attr_def **out, size_t *count, struct err *e)
{
    struct attr_def *defs = NULL;
    size_t cap = 0;
    *count = 0;
    struct stmt *s =
        db_query(db,
                 "select id, code, name, type, choices, active from custom_field where noun = $1 "
                 "order by position, id",
                 "t", n->name);
    while (db_row(s)) {
        defs = arena_grow(a, defs, sizeof *defs, &cap, *count + 1);
        struct attr_def *d = &defs[(*count)++];
        *d = (struct attr_def){ .id = db_int(s, 0), .key = db_strdup(s, 1, a), .label = db_strdup(s, 2, a),
                                .type = attr_type(db_text(s, 3)), .off = db_int(s, 5) == 0 };
        if (d->type == F_CHOICE)
            d->choices = choices_split(a, db_null(s, 4) ? "" : db_strdup(s, 4, a));
    }
    *out = defs;
    return db_end(s, e);
}

struct attr *attr_get(struct attrs *attrs, const char *key)
{
    for (size_t i = 0; i < attrs->n; i++)
        if (strcmp(attrs->items[i].def->key, key) == 0)
            return &attrs->items[i];
    return NULL;
}
