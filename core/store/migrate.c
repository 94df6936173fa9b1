#include "core/store/migrate.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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

static enum status newer(int n, int newest, struct err *e)
{
    char have[16], know[16];
    snprintf(have, sizeof have, "%d", n);
    snprintf(know, sizeof know, "%d", newest);
    return fail(e, ST_FAILED, "db.newer", have, know, NULL);
}

static bool on_disk(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* The folder that the file is in: its name is then on disk too. */
static bool folder_on_disk(const char *file)
{
    char dir[4096];
    snprintf(dir, sizeof dir, "%s", file);
    char *slash = strrchr(dir, '/');
    snprintf(slash ? slash + 1 : dir, 2, "%s", ".");
    return on_disk(dir);
}

/* Whole or not there: a copy that could not be finished must not pass for one. A connection that
 * writes can't copy, so another one reads what was last committed. */
static enum status keep_copy(struct db *db, int step, struct err *e)
{
    char path[4096], half[sizeof path + 8];
    struct copy_watch quiet = { 0 };
    struct db *reader;
    snprintf(path, sizeof path, "%s.before-%03d", db_path(db), step);
    snprintf(half, sizeof half, "%s.half", path);
    unlink(half);
    enum status st = db_open(&reader, db_path(db), DB_READ, e);
    if (st)
        return st;
    st = db_copy(reader, half, &quiet, e);
    db_close(reader);
    if (!st && (!on_disk(half) || rename(half, path) || !folder_on_disk(path)))
        st = fail(e, ST_FAILED, "db.cannot_open", path, NULL);
    if (st)
        unlink(half);
    return st;
}

/* The copy is made under the write lock: nobody's change falls between it and the step. A file
 * that was empty needs none. */
static enum status apply(struct db *db, const struct schema_file *f, bool copy, struct err *e)
{
    enum status st = db_begin(db, e);
    if (st)
        return st;
    int now;
    char version[48];
    snprintf(version, sizeof version, "pragma user_version = %d", f->number);
    st = schema_number(db, &now, e);
    bool due = now < f->number;         /* else another console was faster */
    if (!st && due && copy)
        st = keep_copy(db, f->number, e);
    if (!st && due)
        st = db_script(db, f->sql, e);
    if (!st && due)
        st = db_script(db, version, e);
    if (st) {
        db_rollback(db);
        return st;
    }
    return db_commit(db, e);
}

enum status db_migrate_by(struct db *db, const struct schema_file *steps, size_t n, struct err *e)
{
    struct err own;
    if (!e)
        e = &own;
    int at;
    enum status st = schema_number(db, &at, e);
    if (st)
        return st;
    if (at > steps[n - 1].number)
        return newer(at, steps[n - 1].number, e);
    for (size_t i = 0; i < n && !st; i++)
        if (steps[i].number > at)
            st = apply(db, &steps[i], at > 0, e);
    return st;
}

enum status db_migrate(struct db *db, struct err *e)
{
    return db_migrate_by(db, schema_sqlite, NFILES, e);
}

enum status schema_check(struct db *db, struct err *e)
{
    int at;
    enum status st = schema_number(db, &at, e);
    if (st)
        return st;
    if (at > schema_newest())
        return newer(at, schema_newest(), e);
    if (at == 0)
        return fail(e, ST_NOT_FOUND, "db.empty", db_path(db), NULL);
    if (at < schema_newest())
        return fail(e, ST_FAILED, "db.older", NULL);
    return ST_OK;
}
