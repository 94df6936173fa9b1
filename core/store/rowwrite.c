/* rowwrite.c - records into SQL. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pinyin.h"
#include "base/text.h"
#include "core/model/contact.h"
#include "core/model/nouns.h"
#include "core/store/refcache.h"
#include "core/store/row.h"

struct row_writer {
    struct db *db;
    struct shape shape;
    struct stmt *row, *attrs;       /* attrs: of the side table; NULL without custom fields */
};

static bool stored(const struct field *f)
{
    return f->type != F_LIST && f->type != F_ATTRS && f->type != F_REFS && !(f->flags & FIELD_VIRTUAL);
}

/* ---- one field ---------------------------------------------------------------------------------------- */

/* The columns that a field fills: x; x_id; x_enc and x_hash; x and x_key; x, x_key and x_py. */
static int field_columns(const struct field *f, char names[3][80])
{
    switch (f->type) {
    case F_REF:
        snprintf(names[0], 80, "%s_id", f->name);
        return 1;
    case F_SECRET:
        snprintf(names[0], 80, "%s_enc", f->name);
        snprintf(names[1], 80, "%s_hash", f->name);
        return 2;
    default:
        snprintf(names[0], 80, "%s", f->name);
        snprintf(names[1], 80, "%s_key", f->name);
        snprintf(names[2], 80, "%s_py", f->name);
        return f->flags & FIELD_PINYIN ? 3 : f->flags & FIELD_KEYED ? 2 : 1;
    }
}

enum status row_secret_index(struct db *db, const struct field *f, const char *value, struct arena *a,
                             unsigned char out[SECRET_HASH], struct err *e)
{
    (void)a;
    struct secret_memo *memo = refcache_memo(db_refs(db));
    char normal[EMAIL_TEXT];
    if (strcmp(memo->value, value) == 0 && *value && strcmp(memo->field, f->name) == 0) {
        memcpy(out, memo->hash, SECRET_HASH);
        return ST_OK;
    }
    const char *code = contact_normal(f->name, value, normal);
    if (code)
        return fail_field(e, ST_INVALID, f->name, code, f->label, NULL);
    const struct sealer *s = db_sealer(db);
    assert(s);
    s->index(s->self, f->name, normal, out);
    size_t n = strlen(value), nf = strlen(f->name);
    if (n < sizeof memo->value && nf < sizeof memo->field) {
        memcpy(memo->value, value, n + 1);
        memcpy(memo->field, f->name, nf + 1);
        memcpy(memo->hash, out, SECRET_HASH);
    }
    return ST_OK;
}

/* Stand values under two keys beside each other? */
static bool key_changes(struct db *db)
{
    const struct sealer *s = db_sealer(db);
    unsigned char none[SECRET_HASH];
    return s && s->former && s->former(s->self, "", "", none);
}

bool row_secret_former(struct db *db, const struct field *f, const char *value,
                       unsigned char out[SECRET_HASH])
{
    const struct sealer *s = db_sealer(db);
    char normal[EMAIL_TEXT];
    return key_changes(db) && !contact_normal(f->name, value, normal) &&
           s->former(s->self, f->name, normal, out);
}

enum status row_secret_hashes(struct db *db, const struct field *f, const char *value, struct arena *a,
                              unsigned char out[2][SECRET_HASH], struct err *e)
{
    enum status st = row_secret_index(db, f, value, a, out[0], e);
    if (!st && !row_secret_former(db, f, value, out[1]))
        memcpy(out[1], out[0], SECRET_HASH);
    return st;
}

/* While the key is changed: rows with the same value take the hash under the current key first, so
 * that the unique indexes see them. */
static enum status hash_forward(struct db *db, const struct noun *n, const struct field *f,
                                const char *value, const unsigned char *hash, struct arena *a,
                                struct err *e)
{
    unsigned char old[SECRET_HASH];
    if (!row_secret_former(db, f, value, old))
        return ST_OK;
    return db_exec(db, e, arena_printf(a, "update %s set %s_hash = $1 where %s_hash = $2", n->table,
                                       f->name, f->name),
                   "bb", hash, (size_t)SECRET_HASH, old, (size_t)SECRET_HASH);
}

/* What one record needs while it is bound: values that db_bind does not copy. */
struct binding {
    struct db *db;
    struct stmt *s;
    int n;                      /* next parameter */
    const struct noun *noun;
    int64_t id;
    struct arena *a;
    struct err *e;
};

static void bind_opt_int(struct stmt *s, int n, int64_t v)
{
    if (v == NONE)
        db_bind_null(s, n);
    else
        db_bind_int(s, n, v);
}

static enum status bind_secret(struct binding *b, const struct field *f, const char *value)
{
    if (!value) {
        db_bind_null(b->s, b->n++);
        db_bind_null(b->s, b->n++);
        return ST_OK;
    }
    unsigned char *hash = arena_alloc(b->a, SECRET_HASH);
    enum status st = row_secret_index(b->db, f, value, b->a, hash, b->e);
    if (!st)
        st = hash_forward(b->db, b->noun, f, value, hash, b->a, b->e);
    if (st)
        return st;
    char column[80];
    secret_column(f, column);
    const struct sealer *s = db_sealer(b->db);
    size_t len;
    const void *box = s->seal(s->self, b->a, b->noun->table, column, b->id, value, strlen(value), &len);
    db_bind_blob(b->s, b->n++, box, len);
    db_bind_blob(b->s, b->n++, hash, SECRET_HASH);
    return ST_OK;
}

static void bind_one_text(struct binding *b, const char *value)
{
    db_bind_text(b->s, b->n++, value, value ? strlen(value) : 0);
}

static void bind_text(struct binding *b, const struct field *f, const char *value)
{
    const char *key = f->flags & FIELD_KEYED ? text_key(b->a, value) : NULL;
    bind_one_text(b, value);
    if (f->flags & FIELD_KEYED)
        bind_one_text(b, key);
    if (f->flags & FIELD_PINYIN)
        bind_one_text(b, pinyin_initials(b->a, key));
}

static enum status bind_field(struct binding *b, const struct field *f, const void *rec)
{
    void *r = (void *)(uintptr_t)rec;
    switch (f->type) {
    case F_ID: case F_INT: case F_MONEY: case F_TIME: case F_FLAG:
        bind_opt_int(b->s, b->n++, *field_int(f, r));
        return ST_OK;
    case F_NUMBER:
        db_bind_num(b->s, b->n++, *field_number(f, r));
        return ST_OK;
    case F_REF:
        bind_opt_int(b->s, b->n++, field_ref(f, r)->id ? field_ref(f, r)->id : NONE);
        return ST_OK;
    case F_SECRET:
        return bind_secret(b, f, *field_text(f, r));
    default:
        bind_text(b, f, *field_text(f, r));
        return ST_OK;
    }
}

/* Steps a writing statement and readies it for the next record: a refusal leaves it usable. */
static enum status step_once(struct stmt *s, struct err *e)
{
    while (db_row(s))
        ;
    return db_ok(s, e);
}

/* ---- custom fields ------------------------------------------------------------------------------------ */

bool attr_empty(const struct attr *x)
{
    return !x || (x->def->type == F_NUMBER ? isnan(x->d) : x->def->type == F_TIME || x->def->type == F_FLAG
                      ? x->i == NONE : x->s == NULL);
}

static bool has_key(const struct attr_def *d)
{
    return d->type == F_TEXT || d->type == F_CHOICE;
}

static struct attrs *record_attrs(const struct noun *n, const void *rec)
{
    for (size_t i = 0; i < n->rec->nfields; i++)
        if (n->rec->fields[i].type == F_ATTRS)
            return field_attrs(&n->rec->fields[i], (void *)(uintptr_t)rec);
    return NULL;
}

/* "insert into lead_x (id, a_age, a_job, k_job) values (...)", also over a row that stands. */
static void attrs_sql(struct buf *q, const struct shape *shape)
{
    struct buf names = BUF_INIT, marks = BUF_INIT, sets = BUF_INIT;
    int n = 1;
    for (size_t i = 0; i < shape->nattrs; i++)
        for (int key = 0; key <= has_key(&shape->attrs[i]); key++) {
            const char *prefix = key ? "k" : "a", *name = shape->attrs[i].key;
            buf_addf(&names, ", %s_%s", prefix, name);
            buf_addf(&marks, ", $%d", ++n);
            buf_addf(&sets, "%s%s_%s = excluded.%s_%s", sets.len ? ", " : "", prefix, name, prefix, name);
        }
    buf_addf(q, "insert into %s (id%s) values ($1%s) on conflict (id) do update set %s",
             shape->noun->attr_table, names.s, marks.s, sets.s);
    buf_release(&names);
    buf_release(&marks);
    buf_release(&sets);
}

static void bind_attr(struct binding *b, const struct attr_def *def, const struct attr *x)
{
    bool empty = attr_empty(x);
    if (has_key(def)) {
        const char *text = empty ? NULL : x->s, *key = text_key(b->a, text);
        db_bind_text(b->s, b->n++, text, text ? strlen(text) : 0);
        db_bind_text(b->s, b->n++, key, key ? strlen(key) : 0);
    } else if (empty) {
        db_bind_null(b->s, b->n++);
    } else if (def->type == F_NUMBER) {
        db_bind_num(b->s, b->n++, x->d);
    } else {
        db_bind_int(b->s, b->n++, x->i);
    }
}

static bool any_attr(const struct attrs *attrs)
{
    for (size_t i = 0; attrs && i < attrs->n; i++)
        if (!attr_empty(&attrs->items[i]))
            return true;
    return false;
}

static enum status put_attrs(struct db *db, struct stmt *s, const struct shape *shape, int64_t id,
                             struct attrs *attrs, struct arena *a, struct err *e)
{
    struct binding b = { .db = db, .s = s, .n = 1, .noun = shape->noun, .id = id, .a = a, .e = e };
    db_bind_int(s, b.n++, id);
    for (size_t i = 0; i < shape->nattrs; i++)
        bind_attr(&b, &shape->attrs[i], attr_get(attrs, shape->attrs[i].key));
    return step_once(s, e);
}

/* ---- references to several rows ------------------------------------------------------------------------ */

static bool is_refs(const struct field *f)
{
    return f->type == F_REFS && !(f->flags & FIELD_VIRTUAL);
}

/* Writes those of `now` that `had` lacks, and takes away the others. had NULL: a new row. */
static enum status put_refs(struct db *db, const struct noun *n, const struct field *f, int64_t id,
                            const struct refs *had, const struct refs *now, struct arena *a, struct err *e)
{
    enum status st = ST_OK;
    for (size_t i = 0; now && i < now->n && !st; i++)
        if (!had || !refs_have(had, now->items[i].id))
            st = db_exec(db, e,
                         arena_printf(a, "insert into %s_%s (%s_id, %s_id) values ($1, $2) "
                                      "on conflict do nothing", n->table, f->ref, n->table, f->ref),
                         "ii", id, now->items[i].id);
    for (size_t i = 0; had && i < had->n && !st; i++)
        if (!refs_have(now, had->items[i].id))
            st = db_exec(db, e,
                         arena_printf(a, "delete from %s_%s where %s_id = $1 and %s_id = $2", n->table,
                                      f->ref, n->table, f->ref),
                         "ii", id, had->items[i].id);
    return st;
}

/* All such fields of a record. */
static enum status put_all_refs(struct db *db, const struct noun *n, const void *before, const void *rec,
                                int64_t id, struct arena *a, struct err *e)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < n->rec->nfields && !st; i++) {
        const struct field *f = &n->rec->fields[i];
        if (is_refs(f))
            st = put_refs(db, n, f, id, before ? field_refs(f, (void *)(uintptr_t)before) : NULL,
                          field_refs(f, (void *)(uintptr_t)rec), a, e);
    }
    return st;
}

/* ---- new rows ----------------------------------------------------------------------------------------- */

static struct stmt *insert_statement(struct db *db, const struct noun *n)
{
    struct buf names = BUF_INIT, marks = BUF_INIT;
    int count = 0;
    for (size_t i = 0; i < n->rec->nfields; i++) {
        if (!stored(&n->rec->fields[i]))
            continue;
        char columns[3][80];
        int k = field_columns(&n->rec->fields[i], columns);
        for (int c = 0; c < k; c++) {
            buf_addf(&names, "%s%s", count ? ", " : "", columns[c]);
            buf_addf(&marks, "%s$%d", count ? ", " : "", count + 1);
            count++;
        }
    }
    struct buf sql = BUF_INIT;
    buf_addf(&sql, "insert into %s (%s) values (%s)", n->table, names.s, marks.s);
    struct stmt *s = db_prepare(db, sql.s);
    buf_release(&names);
    buf_release(&marks);
    buf_release(&sql);
    return s;
}

enum status row_writer_open(struct db *db, const struct shape *shape, struct row_writer **out, struct err *e)
{
    (void)e;
    struct row_writer *w = xcalloc(1, sizeof *w);
    w->db = db;
    w->shape = *shape;
    w->row = insert_statement(db, shape->noun);
    if (shape->nattrs) {
        struct buf sql = BUF_INIT;
        attrs_sql(&sql, shape);
        w->attrs = db_prepare(db, sql.s);
        buf_release(&sql);
    }
    *out = w;
    return ST_OK;
}

void row_writer_close(struct row_writer *w)
{
    if (!w)
        return;
    db_end(w->row, NULL);
    if (w->attrs)
        db_end(w->attrs, NULL);
    free(w);
}

/* "lead.phone_hash, lead.product_id" to the field that a person filled in wrongly. */
static enum status duplicate(const struct noun *n, struct err *e)
{
    const char *column = strchr(e->param[0], '.');
    for (size_t i = 0; column && i < n->rec->nfields; i++) {
        const struct field *f = &n->rec->fields[i];
        size_t len = strlen(f->name);
        const char *rest = column + 1 + len;
        if (strncmp(column + 1, f->name, len) == 0 && strcspn(rest, ", ") <= 5 &&
            (*rest == 0 || *rest == '_' || *rest == ','))
            return fail_field(e, ST_CONFLICT, f->name, "noun.duplicate", n->name, f->label, NULL);
    }
    return fail(e, ST_CONFLICT, "noun.duplicate", n->name, "", NULL);
}

enum status row_writer_put(struct row_writer *w, const void *rec, struct arena *a, struct err *e)
{
    struct err own = { 0 };
    e = e ? e : &own;
    const struct noun *n = w->shape.noun;
    const struct row_head *head = rec;
    assert(head->id && head->version != NONE && head->created_at != NONE);
    struct binding b = { .db = w->db, .s = w->row, .n = 1, .noun = n, .id = head->id, .a = a, .e = e };
    enum status st = ST_OK;
    for (size_t i = 0; i < n->rec->nfields && !st; i++)
        if (stored(&n->rec->fields[i]))
            st = bind_field(&b, &n->rec->fields[i], rec);
    if (!st)
        st = step_once(w->row, e);
    if (st)
        return db_is_unique(e) ? duplicate(n, e) : st;
    st = put_all_refs(w->db, n, NULL, rec, head->id, a, e);
    struct attrs *attrs = record_attrs(n, rec);
    if (!st && w->attrs && any_attr(attrs))
        st = put_attrs(w->db, w->attrs, &w->shape, head->id, attrs, a, e);
    return st;
}

enum status row_insert(struct db *db, const struct noun *n, const void *rec, struct arena *a, struct err *e)
{
    struct shape shape;
    struct row_writer *w;
    enum status st = shape_full(db, n, a, &shape, e);
    if (!st)
        st = row_writer_open(db, &shape, &w, e);
    if (st)
        return st;
    st = row_writer_put(w, rec, a, e);
    row_writer_close(w);
    refcache_written(db_refs(db), n);
    return st;
}

/* ---- changed rows ------------------------------------------------------------------------------------- */

static bool attrs_equal(const struct attrs *x, const struct attrs *y)
{
    if (x->items == y->items)
        return true;
    for (size_t i = 0; i < y->n; i++) {
        const struct attr *b = &y->items[i], *a = attr_get((struct attrs *)(uintptr_t)x, b->def->key);
        if (attr_empty(a) != attr_empty(b))
            return false;
        if (!attr_empty(b) && (b->def->type == F_NUMBER ? a->d != b->d
                               : has_key(b->def)        ? strcmp(a->s, b->s) != 0
                                                        : a->i != b->i))
            return false;
    }
    return true;
}

/* Which stored fields differ; version and updated_at are not asked. */
static bool differs(const struct field *f, const void *before, const void *after)
{
    return stored(f) && f->off >= sizeof(struct row_head) && !field_equal(f, before, after);
}

static void update_sql(struct buf *q, const struct noun *n, const void *before, const void *after,
                       struct buf *changed)
{
    int count = 3;              /* $1 id, $2 old version, $3 updated_at */
    buf_addf(q, "update %s set version = version + 1, updated_at = $3", n->table);
    for (size_t i = 0; i < n->rec->nfields; i++) {
        const struct field *f = &n->rec->fields[i];
        if (!differs(f, before, after))
            continue;
        char columns[3][80];
        int k = field_columns(f, columns);
        for (int c = 0; c < k; c++)
            buf_addf(q, ", %s = $%d", columns[c], ++count);
        if (changed)
            buf_addf(changed, "%s%s", changed->len ? "," : "", f->name);
    }
    buf_adds(q, " where id = $1 and version = $2");
}

static enum status run_update(struct db *db, const struct shape *shape, const char *sql, const void *before,
                              void *after, struct arena *a, struct err *e)
{
    const struct noun *n = shape->noun;
    const struct row_head *old = before;
    struct row_head *head = after;
    struct stmt *s = db_prepare(db, sql);
    db_bind_int(s, 1, old->id);
    db_bind_int(s, 2, old->version);
    db_bind_int(s, 3, head->updated_at);
    struct binding b = { .db = db, .s = s, .n = 4, .noun = n, .id = old->id, .a = a, .e = e };
    enum status st = ST_OK;
    for (size_t i = 0; i < n->rec->nfields && !st; i++)
        if (differs(&n->rec->fields[i], before, after))
            st = bind_field(&b, &n->rec->fields[i], after);
    while (!st && db_row(s))
        ;
    enum status end = db_end(s, st ? NULL : e);
    if (st || end)
        return !st && db_is_unique(e) ? duplicate(n, e) : st ? st : end;
    return ST_OK;
}

static void refs_changed(const struct noun *n, const void *before, const void *after, struct buf *names)
{
    for (size_t i = 0; i < n->rec->nfields; i++) {
        const struct field *f = &n->rec->fields[i];
        if (is_refs(f) && !field_equal(f, before, after))
            buf_addf(names, "%s%s", names->len ? "," : "", f->name);
    }
}

/* While the key is changed: a row that is opened again, say, must meet the others with its phone
 * in the unique index. What stands is read from the row: the record may be masked. */
static enum status forward_row(struct db *db, const struct noun *n, int64_t id, struct arena *a,
                               struct err *e)
{
    const struct lens clear = { .show_secrets = true };
    void *rec = NULL;
    enum status st = ST_OK;
    unsigned char hash[SECRET_HASH];
    if (!key_changes(db))
        return ST_OK;
    for (size_t i = 0; i < n->rec->nfields && !st; i++) {
        const struct field *f = &n->rec->fields[i];
        if (f->type != F_SECRET || (f->flags & FIELD_VIRTUAL))
            continue;
        if (!rec) {
            rec = record_new(n->rec, a);
            st = row_get(db, n, id, &clear, a, rec, e);
        }
        const char *value = st ? NULL : *field_text(f, rec);
        if (value)
            st = row_secret_index(db, f, value, a, hash, e);
        if (value && !st)
            st = hash_forward(db, n, f, value, hash, a, e);
    }
    return st;
}

enum status row_update(struct db *db, const struct shape *shape, const void *before, void *after,
                       struct arena *a, struct buf *changed, struct err *e)
{
    struct err own = { 0 };
    e = e ? e : &own;
    const struct noun *n = shape->noun;
    struct buf names = BUF_INIT, sql = BUF_INIT;
    update_sql(&sql, n, before, after, &names);
    refs_changed(n, before, after, &names);
    struct attrs *x = record_attrs(n, before), *y = record_attrs(n, after);
    bool attrs = x && shape->nattrs && !attrs_equal(x, y);
    enum status st = names.len ? forward_row(db, n, ((const struct row_head *)before)->id, a, e) : ST_OK;
    if (!st && (names.len || attrs)) {
        st = run_update(db, shape, sql.s, before, after, a, e);
        if (!st && db_last_changes(db) != 1)
            st = fail(e, ST_CONFLICT, "noun.stale", n->name, NULL);
        if (!st)
            ((struct row_head *)after)->version = ((const struct row_head *)before)->version + 1;
    }
    if (!st && names.len)
        st = put_all_refs(db, n, before, after, ((const struct row_head *)before)->id, a, e);
    if (!st && attrs) {
        struct buf text = BUF_INIT;
        attrs_sql(&text, shape);
        struct stmt *s = db_prepare(db, text.s);
        st = put_attrs(db, s, shape, ((const struct row_head *)before)->id, y, a, e);
        db_end(s, NULL);
        buf_release(&text);
        buf_addf(&names, "%sattr", names.len ? "," : "");
    }
    if (changed)
        buf_adds(changed, names.s);
    refcache_written(db_refs(db), n);
    buf_release(&names);
    buf_release(&sql);
    return st;
}
