/* row.h - records in and out of SQL by their field tables, never by position.
 *
 * Columns: a field is a column of its name; a reference x is x_id; a secret x is x_enc and x_hash; a keyed text
 * x has x_key beside it. Custom fields live in TABLE_x with one column `a_KEY` each (and `k_KEY` for texts).
 */
#ifndef CORE_STORE_ROW_H
#define CORE_STORE_ROW_H

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
};

enum { SECRET_HASH = 16 };

/* What the reader may see of personal data. Applied while the record is read, so nothing above can leak it. */
struct lens {
    bool show_secrets;      /* phone, e-mail, id number in clear: only inside lead.reveal and person.reveal */
    bool mask_names;        /* 张* */
};

/* "t.id, t.code, ..." of the stored fields of a noun; with r_FIELD.code and r_FIELD.name for references.
 * row_from appends the joins that it needs: "lead t left join employee r_owner on ...". `want` (a bit a field, NULL
 * = all) leaves fields out. */
void row_columns(struct sql *q, const struct noun *n, const bool *want);
void row_from(struct sql *q, const struct noun *n, const bool *want);

/* Reads the current row, whose columns are row_columns() from col on, into rec. Returns the next column, or -1
 * with an error when a secret can't be opened. */
int row_read(struct stmt *s, int col, const struct noun *n, const bool *want, const struct lens *lens,
             struct arena *a, void *rec, struct err *e);

/* One record by id: ST_NOT_FOUND ("noun.not_found") when it is not there. Without scope: the caller checks. */
enum status row_get(struct db *db, const struct noun *n, int64_t id, const struct lens *lens, struct arena *a,
                    void *rec, struct err *e);

/* Writes a new row. id, version, created_at and updated_at must be set (noun_stamp). Unique clashes come back as
 * ST_CONFLICT "noun.duplicate" with the field. */
enum status row_insert(struct db *db, const struct noun *n, const void *rec, struct arena *a, struct err *e);

/* Writes the fields that differ between before and after, where the version is still before's, and raises the
 * version and updated_at of *after. ST_CONFLICT "noun.stale" when another was faster. */
enum status row_update(struct db *db, const struct noun *n, const void *before, void *after, struct arena *a,
                       struct err *e);

/* The normal form of a secret's value (phone, e-mail, id number by field name) and its blind index. ST_INVALID
 * with the code of core/model/contact.h when it is none. */
enum status row_secret_index(struct db *db, const struct field *f, const char *value, struct arena *a,
                             unsigned char out[SECRET_HASH], struct err *e);

/* "138****6721", "z***@bank.cn", "3****************X", "张*": in the arena. */
const char *mask_secret(struct arena *a, const char *field, const char *value);
const char *mask_name(struct arena *a, const char *name);

/* Finds the row that a word of a file or a condition names: code case-folded, else a name that is unique.
 * 0 when there is none. */
enum status row_resolve(struct db *db, const struct noun *n, const char *word, struct ref *out, struct arena *a,
                        struct err *e);

#endif
