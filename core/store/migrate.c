#include "core/store/migrate.h"

#include <stdio.h>
#include <unistd.h>

#include "core/store/copy.h"
#include "schema.h"

enum { NFILES = sizeof schema_sqlite / sizeof *schema_sqlite };

int schema_newest(void)
{
    return schema_sqlite[NFILES - 1].number;
}

enum status schema_number(struct db *db, int *out, struct err *e)
{
    int64_t v = 0;
    enum status st = db_get_int(db, e, &v, "pragma user_version", "");
    *out = st ? 0 : (int)v;
    return st;
}

static enum status newer(int n, struct err *e)
{
    char have[16], know[16];
    snprintf(have, sizeof have, "%d", n);
    snprintf(know, sizeof know, "%d", schema_newest());
    return fail(e, ST_FAILED, "db.newer", have, know, NULL);
}

static enum status keep_copy(struct db *db, int from, struct err *e)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.before-%03d", db_path(db), from + 1);
    if (access(path, F_OK) == 0)
        return ST_OK;
    struct copy_watch quiet = { 0 };
    return db_copy(db, path, &quiet, e);
}

static enum status apply(struct db *db, const struct schema_file *f, struct err *e)
{
    enum status st = db_begin(db, e);
    if (st)
        return st;
    int now;
    char version[48];
    snprintf(version, sizeof version, "pragma user_version = %d", f->number);
    st = schema_number(db, &now, e);
    if (!st && now < f->number)         /* else another console was faster */
        st = db_script(db, f->sql, e) ? e->status : db_script(db, version, e);
    if (st) {
        db_rollback(db);
        return st;
    }
    return db_commit(db, e);
}

enum status db_migrate(struct db *db, struct err *e)
{
    struct err own;
    if (!e)
        e = &own;
    int at;
    enum status st = schema_number(db, &at, e);
    if (st)
        return st;
    if (at > schema_newest())
        return newer(at, e);
    for (size_t i = 0; i < NFILES && !st; i++) {
        if (schema_sqlite[i].number <= at)
            continue;
        if (at > 0)
            st = keep_copy(db, at, e);
        if (!st)
            st = apply(db, &schema_sqlite[i], e);
        at = schema_sqlite[i].number;
    }
    return st;
}

enum status schema_check(struct db *db, struct err *e)
{
    int at;
    enum status st = schema_number(db, &at, e);
    if (st)
        return st;
    if (at > schema_newest())
        return newer(at, e);
    if (at == 0)
        return fail(e, ST_NOT_FOUND, "db.empty", db_path(db), NULL);
    if (at < schema_newest())
        return fail(e, ST_FAILED, "db.older", NULL);
    return ST_OK;
}
