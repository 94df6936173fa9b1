#include "core/store/steps.h"

#include "base/text.h"

/* ---- 3: keys of external ids -------------------------------------------------------------------------- */

enum { KEYS_AT_ONCE = 1000 };

struct external { int64_t id; const char *key; };

/* The keys of the next leads behind `after`; their number in *n. */
static enum status read_externals(struct db *db, int64_t after, struct arena *a,
                                  struct external out[KEYS_AT_ONCE], size_t *n, struct err *e)
{
    struct stmt *s = db_query(db,
                              "select id, external_id from lead where external_id is not null and "
                              "id > $1 order by id limit $2",
                              "ii", after, (int64_t)KEYS_AT_ONCE);
    *n = 0;
    while (db_row(s))
        out[(*n)++] = (struct external){ db_int(s, 0), text_key(a, db_strdup(s, 1, a)) };
    return db_end(s, e);
}

static enum status fill_keys(struct db *db, struct err *e)
{
    struct external some[KEYS_AT_ONCE];
    struct arena a = ARENA_INIT;
    int64_t after = 0;
    size_t n = 0;
    enum status st;
    do {
        st = read_externals(db, after, &a, some, &n, e);
        for (size_t i = 0; i < n && !st; i++)
            st = db_exec(db, e, "update lead set external_id_key = $1 where id = $2", "ti", some[i].key,
                         some[i].id);
        after = n ? some[n - 1].id : after;
        arena_reset(&a);
    } while (!st && n == KEYS_AT_ONCE);
    arena_free(&a);
    return st;
}

/* Leads that had different ids by case only both stay: the older one is whom the code names, the
 * others are told apart by their numbers. */
static enum status mark_twins(struct db *db, struct err *e)
{
    return db_exec(db, e,
                   "update lead set external_id_twin = no where id in (select l.id from lead l join "
                   "(select external_id_key as key, min(id) as first from lead where "
                   "external_id_key is not null group by external_id_key having count(*) > 1) k "
                   "on l.external_id_key = k.key where l.id > k.first)",
                   "");
}

static enum status fill_external_keys(struct db *db, struct err *e)
{
    enum status st = fill_keys(db, e);
    return st ? st : mark_twins(db, e);
}

/* ---- all of them -------------------------------------------------------------------------------------- */

const struct schema_code schema_codes[] = {
    { 3, fill_external_keys },
    { 0, NULL },
};
