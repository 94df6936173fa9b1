#include "core/store/migrate.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
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

/* A copy that was not finished, and what its making has beside it. */
static void remove_half(const char *half)
{
    static const char *const ends[] = { "", "-journal", "-wal", "-shm" };
    char name[4200];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", half, ends[i]);
        unlink(name);
    }
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
    remove_half(half);
    enum status st = db_open(&reader, db_path(db), DB_READ, e);
    if (st)
        return st;
    st = db_copy(reader, half, &quiet, e);
    db_close(reader);
    if (!st && (!on_disk(half) || rename(half, path) || !folder_on_disk(path)))
        st = fail(e, ST_FAILED, "db.cannot_open", path, NULL);
    if (st)
        remove_half(half);
    return st;
}

/* The SQL of a step, and what it does in C where its SQL says so. */
static enum status run_step(struct db *db, const struct schema_file *f, const struct schema_code *codes,
                            struct err *e)
{
    while (codes->number && codes->number != f->number)
        codes++;
    const char *mark = codes->number ? strstr(f->sql, "\n-- code:") : NULL;
    if (!mark) {
        enum status st = db_script(db, f->sql, e);
        return st || !codes->number ? st : codes->run(db, e);
    }
    struct arena a = ARENA_INIT;
    enum status st = db_script(db, arena_strndup(&a, f->sql, (size_t)(mark - f->sql)), e);
    arena_free(&a);
    if (!st)
        st = codes->run(db, e);
    return st ? st : db_script(db, mark, e);
}

/* A step that makes a table anew drops one that others refer to, so references are not looked at
 * row by row but all at the end. */
static enum status check_references(struct db *db, struct err *e)
{
    char table[64] = "";
    struct stmt *s = db_query(db, "pragma foreign_key_check", "");
    if (db_row(s))
        snprintf(table, sizeof table, "%s", db_text(s, 0));
    enum status st = db_end(s, e);
    return st || !*table ? st : fail(e, ST_FAILED, "db.references", table, NULL);
}

static enum status apply(struct db *db, const struct schema_file *f, const struct schema_code *codes,
                         struct err *e)
{
    char version[48];
    snprintf(version, sizeof version, "pragma user_version = %d", f->number);
    enum status st = run_step(db, f, codes, e);
    if (!st)
        st = check_references(db, e);
    return st ? st : db_script(db, version, e);
}

/* The copy is made under the write lock: nobody's change falls between it and the steps. A file that
 * was empty needs none. By then another console may have brought it up, and higher than we know. */
static enum status apply_due(struct db *db, const struct schema_file *steps, size_t n,
                             const struct schema_code *codes, struct err *e)
{
    int at;
    size_t i = 0;
    enum status st = schema_number(db, &at, e);
    while (!st && i < n && steps[i].number <= at)
        i++;
    if (!st && at > steps[n - 1].number)
        st = newer(at, steps[n - 1].number, e);
    if (!st && at > 0 && i < n)
        st = keep_copy(db, steps[i].number, e);
    for (; i < n && !st; i++)
        st = apply(db, &steps[i], codes, e);
    return st;
}

static enum status apply_locked(struct db *db, const struct schema_file *steps, size_t n,
                                const struct schema_code *codes, struct err *e)
{
    enum status st = db_begin(db, e);
    if (st)
        return st;
    st = apply_due(db, steps, n, codes, e);
    if (!st)
        return db_commit(db, e);
    db_rollback(db);
    return st;
}

/* Inside a transaction SQLite does not hear of foreign_keys. What can't be switched on again is no
 * connection to work with. */
static enum status apply_all(struct db *db, const struct schema_file *steps, size_t n,
                             const struct schema_code *codes, struct err *e)
{
    struct err own = { 0 };
    enum status st = db_script(db, "pragma foreign_keys = off", e);
    if (!st)
        st = apply_locked(db, steps, n, codes, e);
    enum status on = db_script(db, "pragma foreign_keys = on", &own);
    if (!st && on)
        *e = own;
    return st ? st : on;
}

enum status db_migrate_by(struct db *db, const struct schema_file *steps, size_t n,
                          const struct schema_code *codes, struct err *e)
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
    return at == steps[n - 1].number ? ST_OK : apply_all(db, steps, n, codes, e);
}

enum status db_migrate(struct db *db, struct err *e)
{
    return db_migrate_by(db, schema_sqlite, NFILES, schema_codes, e);
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
