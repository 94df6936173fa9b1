/* row.h - records in and out of SQL by their field tables, never by position.
 *
 * Columns: a field is a column of its name; a reference x is x_id; a secret x is x_enc and x_hash;
 * a keyed text x has x_key beside it. Custom fields live in TABLE_x with one column `a_KEY` each
 * (and `k_KEY` for texts). References to several rows are rows (lead_id, tag_id) of a table lead_tag.
 */
#ifndef CORE_STORE_ROW_H
#define CORE_STORE_ROW_H

#include "base/buf.h"
#include "core/model/noun.h"
#include "core/store/db.h"
#include "core/store/sql.h"

/* What is secret: sealed on its way in, opened on its way out. Implemented by core/guard/keys.c. */
struct sealer {
    void *self;
    /* Encrypts n bytes for table.column of row id; the result is in the arena. */
    const void *(*seal)(void *self, struct arena *a, const char *table, const char *column, int64_t id,
                        const char *plain, size_t n, size_t *len);
    /* Opens what seal made; NULL with an error when it was changed or the key is another. */
    const char *(*open)(void *self, struct arena *a, const char *table, const char *column, int64_t id,
                        const void *box, size_t len, struct err *e);
    /* The keyed blind index of a normalised value: 16 bytes. kind is the field name. */
    void (*index)(void *self, const char *kind, const char *normal, unsigned char out[16]);
    /* The same under the key before this one, while rows of both stand beside each other; false
     * when there is none. NULL: never. */
    bool (*former)(void *self, const char *kind, const char *normal, unsigned char out[16]);
    /* Learns which keys are in use; at the start of every transaction. NULL: they never change. */
    enum status (*fresh)(void *self, struct db *db, struct err *e);
};

enum { SECRET_HASH = 16 };

/* What the reader may see of personal data. Applied while the record is read, so nothing above can
 * leak it. */
struct lens {
    bool show_secrets;      /* phone, e-mail, id number in clear: only inside lead.reveal and person.reveal */
    bool mask_names;        /* 张* */
};

/* Which part of a noun is read: all fields, or those whose bit in want is set (in the order of the
 * field table; id and version always are). attrs: the custom fields, when F_ATTRS is wanted. */
struct shape {
    const struct noun *noun;
    const bool *want;                   /* NULL: all */
    const struct attr_def *attrs;
    size_t nattrs;
};

/* The shape of everything there is: loads the custom fields' definitions. */
enum status shape_full(struct db *db, const struct noun *n, struct arena *a, struct shape *out,
                       struct err *e);

/* Appends "t.id, t.version, ..., x.a_age" and "lead t left join lead_x x on x.id = t.id". The side
 * table is joined when the shape has attrs or `side` says that a condition needs it. */
void row_columns(struct sql *q, const struct shape *shape);
void row_from(struct sql *q, const struct shape *shape, bool side);

/* Reads rows of one shape. References get their codes and names, secrets are opened and masked as the
 * lens says (NULL: masked). Everything lies in the arena, what rows have in common only once. */
struct row_reader {
    struct db *db;
    const struct shape *shape;
    const struct lens *lens;
    struct arena *a;
    struct err *e;
    const struct field **columns;       /* as in row_columns() */
    const struct field **several;       /* F_REFS, each by a look-up of its own */
    struct ref *last;                   /* of each column: what was read last */
    size_t ncolumns, nseveral;
    const void *empty;                  /* a record without values */
};
void row_reader_open(struct row_reader *r, struct db *db, const struct shape *shape, const struct lens *lens,
                     struct arena *a, struct err *e);

/* The current row, whose columns are row_columns() from col on, into rec. ST_OK, or the reader's error. */
enum status row_reader_read(struct row_reader *r, struct stmt *s, int col, void *rec);

/* One record by id: ST_NOT_FOUND ("noun.not_found") when it is not there. Without scope: the caller
 * checks. */
enum status row_get(struct db *db, const struct noun *n, int64_t id, const struct lens *lens, struct arena *a,
                    void *rec, struct err *e);

/* Writes new rows of one noun, one statement for all. id, version and times must be set. Unique
 * clashes come back as ST_CONFLICT "noun.duplicate" with the field. The noun's attrs are written
 * too. */
struct row_writer;
enum status row_writer_open(struct db *db, const struct shape *shape, struct row_writer **out, struct err *e);
enum status row_writer_put(struct row_writer *w, const void *rec, struct arena *a, struct err *e);
void row_writer_close(struct row_writer *w);

/* One row by a writer of its own. */
enum status row_insert(struct db *db, const struct noun *n, const void *rec, struct arena *a, struct err *e);

/* Writes the fields that differ between before and after, where the version is still before's, and raises the
 * version of *after; its updated_at must be set. Nothing differs: nothing is written. ST_CONFLICT
 * "noun.stale" when another was faster. `changed` gets the names of the fields by comma (NULL: not
 * wanted). */
enum status row_update(struct db *db, const struct shape *shape, const void *before, void *after,
                       struct arena *a, struct buf *changed, struct err *e);

/* The normal form of a secret's value (phone, e-mail, id number by field name) and its blind index.
 * ST_INVALID with the code of core/model/contact.h when it is none. */
enum status row_secret_index(struct db *db, const struct field *f, const char *value, struct arena *a,
                             unsigned char out[SECRET_HASH], struct err *e);

/* The same under every key in use, for looking up with `x_hash in ($1, $2)`; twice the same when
 * one is in use. */
enum status row_secret_hashes(struct db *db, const struct field *f, const char *value, struct arena *a,
                              unsigned char out[2][SECRET_HASH], struct err *e);

/* The hash under the former key; false when there is none. The value has a normal form. */
bool row_secret_former(struct db *db, const struct field *f, const char *value,
                       unsigned char out[SECRET_HASH]);

/* "phone_enc": the column of a secret, as the sealer is told it. */
void secret_column(const struct field *f, char out[80]);

/* Appends " from lead_tag r where r.lead_id = ALIAS.id": the rows that hold the references of f. */
void row_refs_from(struct sql *q, const struct noun *n, const struct field *f, const char *alias);

/* "138****6721", "z***@bank.cn", "3****************X", "张*": in the arena. */
const char *mask_secret(struct arena *a, const char *field, const char *value);
const char *mask_name(struct arena *a, const char *name);

/* Code and name of a row, from the connection's cache for the nouns that are few. Id 0 gives an
 * empty reference. */
enum status row_ref(struct db *db, const char *noun, int64_t id, struct arena *a, struct ref *out,
                    struct err *e);

/* The definitions of a noun's custom fields, in their order; inactive ones too. */
enum status attr_defs(struct db *db, const struct noun *n, struct arena *a,
                      const struct attr_def **out, size_t *count, struct err *e);

/* Has it no value? NULL counts as empty. */
bool attr_empty(const struct attr *x);

/* The attribute of that key in a record; NULL if it has none. */
struct attr *attr_get(struct attrs *attrs, const char *key);

/* The lead of an external id, case-folded; 0 if there is none. Where older leads have ids that
 * differ by case only (external_id_twin): the one that is spelled so, else the oldest. */
enum status row_external(struct db *db, const char *word, struct arena *a, int64_t *id, struct err *e);

/* Finds the row that a word of a file or a condition names: code case-folded, else a name that is unique.
 * 0 when there is none. */
enum status row_resolve(struct db *db, const struct noun *n, const char *word, struct ref *out,
                        struct arena *a, struct err *e);

#endif
