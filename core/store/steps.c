#include "core/store/steps.h"

#include "base/pinyin.h"
#include "base/text.h"

/* ---- 3: keys of external ids -------------------------------------------------------------------------- */

enum { ROWS_AT_ONCE = 1000 };

struct external { int64_t id; const char *key; };

/* The keys of the next leads behind `after`; their number in *n. */
static enum status read_externals(struct db *db, int64_t after, struct arena *a,
                                  struct external out[ROWS_AT_ONCE], size_t *n, struct err *e)
{
    struct stmt *s = db_query(db,
                              "select id, external_id from lead where external_id is not null and "
                              "id > $1 order by id limit $2",
                              "ii", after, (int64_t)ROWS_AT_ONCE);
    *n = 0;
    while (db_row(s))
        out[(*n)++] = (struct external){ db_int(s, 0), text_key(a, db_strdup(s, 1, a)) };
    return db_end(s, e);
}

static enum status fill_keys(struct db *db, struct err *e)
{
    struct external some[ROWS_AT_ONCE];
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
    } while (!st && n == ROWS_AT_ONCE);
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

/* ---- 8: initials of names ----------------------------------------------------------------------------- */

struct initials { int64_t id; const char *py; };

/* Those of the next rows behind `after`; their number in *n. */
static enum status read_initials(struct db *db, const char *sql, int64_t after, struct arena *a,
                                 struct initials out[ROWS_AT_ONCE], size_t *n, struct err *e)
{
    struct stmt *s = db_query(db, sql, "ii", after, (int64_t)ROWS_AT_ONCE);
    *n = 0;
    while (db_row(s))
        out[(*n)++] = (struct initials){ db_int(s, 0), pinyin_initials(a, db_text(s, 1)) };
    return db_end(s, e);
}

/* Leads are found by two initials that follow one another, in one form. Few pairs there are, and the leads of
 * each come in their order, so their places in the table are at hand. */
static enum status write_pairs(struct db *db, const struct initials *x, struct err *e)
{
    enum status st = ST_OK;
    for (const char *p = x->py; !st && p[0] && p[1]; p++)
        if (p[0] != ' ' && p[1] != ' ')
            st = db_exec(db, e,
                         "insert into lead_gram (gram, lead_id) values ($1, $2) on conflict do nothing",
                         "Ti", p, (size_t)2, x->id);
    return st;
}

/* The tables with names. */
struct named { const char *read, *write; bool pairs; };

static const struct named named[] = {
    { "select id, name_key from employee where name_key is not null and id > $1 order by id limit $2",
      "update employee set name_py = $1 where id = $2", false },
    { "select id, name_key from person where name_key is not null and id > $1 order by id limit $2",
      "update person set name_py = $1 where id = $2", false },
    { "select id, name_key from lead where name_key is not null and id > $1 order by id limit $2",
      "update lead set name_py = $1 where id = $2", true },
};

static enum status write_initials(struct db *db, const struct named *t, const struct initials *x,
                                  struct err *e)
{
    if (!x->py)
        return ST_OK;
    enum status st = db_exec(db, e, t->write, "ti", x->py, x->id);
    return st || !t->pairs ? st : write_pairs(db, x, e);
}

static enum status fill_table(struct db *db, const struct named *t, struct err *e)
{
    struct initials some[ROWS_AT_ONCE];
    struct arena a = ARENA_INIT;
    int64_t after = 0;
    size_t n = 0;
    enum status st;
    do {
        st = read_initials(db, t->read, after, &a, some, &n, e);
        for (size_t i = 0; i < n && !st; i++)
            st = write_initials(db, t, &some[i], e);
        after = n ? some[n - 1].id : after;
        arena_reset(&a);
    } while (!st && n == ROWS_AT_ONCE);
    arena_free(&a);
    return st;
}

static enum status fill_initials(struct db *db, struct err *e)
{
    enum status st = ST_OK;
    db_use(db, USE_LOAD);
    for (size_t i = 0; i < sizeof named / sizeof *named && !st; i++)
        st = fill_table(db, &named[i], e);
    db_use(db, USE_LISTS);
    return st;
}

/* ---- all of them -------------------------------------------------------------------------------------- */

const struct schema_code schema_codes[] = {
    { 3, fill_external_keys },
    { 8, fill_initials },
    { 0, NULL },
};
