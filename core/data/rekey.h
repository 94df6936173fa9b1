/* rekey.h - the change of the database's key: every sealed value and blind index under a new one,
 * while people work.
 *
 * A new key is put into the key file, then one small transaction makes it the current key and the
 * one before the former (core/guard/keys.h): from then on whatever is written is sealed with the
 * new key, look-ups try both indexes, and a write first moves the rows that have its value to the
 * new index, so that the unique indexes hold over both. Then all rows are walked in steps that hold
 * the write lock at most OP_STEP_MS. A walk that finds nothing to do proves that no value uses
 * the former key, and ends the change. How far it is stands in meta ("keys_progress"): killed or
 * cancelled, it goes on where it was, and several processes may share it.
 */
#ifndef CORE_DATA_REKEY_H
#define CORE_DATA_REKEY_H

#include "core/guard/keys.h"
#include "core/guard/op.h"

struct key_rotate_in { int64_t forget; };
struct key_rotate_out { int64_t key, former, sealed, forgotten; };
struct key_forget_in { int64_t number; };
struct key_forget_out { int64_t number; };
struct key_row {
    int64_t number, made_at;
    const char *algorithm, *state;      /* state: current, former, retired, unused, forgotten,
                                           missing */
    int64_t values;                     /* that are sealed with it */
};

extern const struct record key_rotate_in_record, key_rotate_out_record, key_forget_in_record,
    key_forget_out_record, key_row_record;

/* key.list, key.rotate, key.forget. */
extern const struct op key_ops[];

/* A place of sealed values: a table with its sealed columns, and the blind index beside each. By
 * the field tables; what is sealed and no field of a noun is in a list of its own in rekey.c. */
enum { SEALED_MOST = 8 };
struct sealed_place {
    const char *table;
    const char *id, *id2;               /* what rows are ordered by; id2 NULL: by id alone */
    size_t n;
    struct {
        const char *column, *name;      /* in the table; as the sealer is told it */
        const struct field *field;      /* of the blind index; NULL: there is none */
    } at[SEALED_MOST];
};

/* Place number i in a, false behind the last. */
bool sealed_place(size_t i, struct arena *a, struct sealed_place *out);

/* How many values are sealed with each key number; [0]: with what is no key at all. */
enum status sealed_count(struct db *db, int64_t out[256], struct err *e);

#endif
