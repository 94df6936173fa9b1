#include "core/api/open.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/api/backend.h"
#include "core/store/migrate.h"

/* The database's own name of its key, and its zone. */
static enum status load_meta(struct opened *d, struct err *e)
{
    struct stmt *s = db_query(d->db, "select key, value from meta where key in ('id', 'zone')", "");
    while (db_row(s)) {
        if (strcmp(db_text(s, 0), "id") == 0)
            snprintf(d->id, sizeof d->id, "%s", db_text(s, 1));
        else
            snprintf(d->zone, sizeof d->zone, "%s", db_text(s, 1));
    }
    enum status st = db_end(s, e);
    if (!st && !*d->id)
        st = fail(e, ST_FAILED, "db.not_ours", d->place, NULL);
    if (!st && *d->zone)
        clock_zone(d->zone);
    return st;
}

void database_unseal(struct opened *d, struct keys *k)
{
    d->keys = k;
    db_set_sealer(d->db, keys_sealer(k));
}

enum status database_open_sealed(const char *url, unsigned flags, struct opened *out, struct err *e)
{
    struct arena a = ARENA_INIT;
    *out = (struct opened){ 0 };
    snprintf(out->place, sizeof out->place, "%s", url ? url : backend_default_path(&a));
    arena_free(&a);
    enum status st = db_open(&out->db, out->place, flags, e);
    int at = 0;
    if (!st)
        st = schema_number(out->db, &at, e);
    if (!st && at == 0)
        st = fail(e, ST_NOT_FOUND, "db.empty", out->place, NULL);
    if (!st)
        st = flags & DB_READ ? schema_check(out->db, e) : db_migrate(out->db, e);
    if (!st)
        st = load_meta(out, e);
    if (st)
        database_close(out);
    return st;
}

enum status database_open(const char *url, const char *keys, unsigned flags, struct opened *out,
                          struct err *e)
{
    struct keys *k = NULL;
    enum status st = database_open_sealed(url, flags, out, e);
    if (st)
        return st;
    st = keys_load(keys, out->id, &k, e);
    if (st)
        database_close(out);
    else
        database_unseal(out, k);
    return st;
}

void database_close(struct opened *d)
{
    if (d->db)
        db_close(d->db);
    keys_free(d->keys);
    d->db = NULL;
    d->keys = NULL;
}

void database_remove(const char *url, const char *keys, const char *id)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-lock", "-notify" };
    struct arena a = ARENA_INIT;
    const char *path = url ? url : backend_default_path(&a);
    if (strncmp(path, "sqlite:", 7) == 0)
        path += 7;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        unlink(arena_printf(&a, "%s%s", path, ends[i]));
    rmdir(arena_printf(&a, "%s-tmp-%u", path, (unsigned)geteuid()));
    if (id && *id)
        unlink(arena_printf(&a, "%s/%s.key", keys_dir(keys, &a), id));
    arena_free(&a);
}
