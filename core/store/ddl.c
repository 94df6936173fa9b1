#include "core/store/ddl.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

struct type_names { const char *sqlite, *pg; };

static struct type_names names_of(enum ftype type)
{
    switch (type) {
    case F_ID: case F_INT: case F_MONEY: case F_TIME: case F_FLAG: case F_REF:
        return (struct type_names){ "integer", "bigint" };
    case F_NUMBER:
        return (struct type_names){ "real", "double precision" };
    case F_SECRET:
        return (struct type_names){ "blob", "bytea" };
    default:
        assert(type == F_TEXT || type == F_CHOICE);
        return (struct type_names){ "text", "text collate \"C\"" };
    }
}

const char *db_type(const struct db *db, enum ftype type)
{
    struct type_names names = names_of(type);
    return db_path(db) ? names.sqlite : names.pg;
}

static bool plain_name(const char *s)
{
    return *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == 0;
}

enum status db_add_column(struct db *db, const char *table, const char *column, enum ftype type,
                          struct err *e)
{
    assert(db_in_tx(db) && plain_name(table) && plain_name(column));
    struct buf sql = BUF_INIT;
    buf_addf(&sql, "alter table %s add column %s %s", table, column, db_type(db, type));
    enum status st = db_script(db, sql.s, e);
    buf_release(&sql);
    return st;
}

enum status db_drop_indexes(struct db *db, const char *table, struct arena *a,
                            struct saved_indexes *saved, struct err *e)
{
    assert(db_in_tx(db));
    struct buf drops = BUF_INIT;
    struct stmt *s = db_query(db,
                              "select name, sql from sqlite_master where type = 'index' and "
                              "tbl_name = $1 and sql is not null "
                              "order by name",
                              "t", table);
    while (db_row(s)) {
        saved->sql = arena_grow(a, saved->sql, sizeof *saved->sql, &saved->cap, saved->n + 1);
        saved->sql[saved->n++] = db_strdup(s, 1, a);
        buf_addf(&drops, "drop index %s;", db_text(s, 0));
    }
    enum status st = db_end(s, e);
    if (!st && drops.len)
        st = db_script(db, drops.s, e);
    buf_release(&drops);
    return st;
}

enum status db_build_indexes(struct db *db, const struct saved_indexes *saved, struct err *e)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < saved->n && !st; i++)
        st = db_script(db, saved->sql[i], e);
    return st;
}
