#include "core/api/upkeep.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/api/open.h"
#include "core/guard/audit.h"

/* ---- who may --------------------------------------------------------------------------------- */

/* The account of the config in an open database. `own`: the arena of its texts. */
static enum status load_actor(const struct backend_config *config, struct db *db, struct arena *a,
                              struct actor *who, struct err *e)
{
    return config->as ? actor_load(db, config->as, a, who, e)
                      : actor_local(db, (int64_t)getuid(), a, who, e);
}

/* Opens the backend once, only to be told whether the account may be used and holds the right. */
static enum status check_right(const struct backend_config *config, struct err *e)
{
    struct backend *b;
    enum status st = backend_open(config, &b, e);
    if (st)
        return st;
    bool may = b->who(b)->rights & UINT64_C(1) << RIGHT_SYSTEM;
    backend_close(b);
    return may ? ST_OK : ST_DENIED;
}

/* One operation on an open database, from the question whether the caller may to the line in the audit. */
struct run {
    const struct backend_config *config;
    const char *operation;
    struct arena mem;
    struct opened d;
    struct actor who;
};

static enum status write_audit(struct run *r, const struct audit_entry *entry, struct err *e)
{
    struct ctx c = { .db = r->d.db, .arena = &r->mem, .e = e, .who = &r->who, .now = clock_now() };
    enum status st = db_begin(r->d.db, e);
    if (st)
        return st;
    st = audit_append(&c, r->d.keys, entry);
    if (st) {
        db_rollback(r->d.db);
        return st;
    }
    return db_commit(r->d.db, e);
}

static enum status run_done(struct run *r, struct err *e)
{
    return write_audit(r, &(struct audit_entry){ .operation = r->operation, .result = "ok" }, e);
}

/* Opens the database for an operation that only the right "system" allows; a denial is written
 * down. Always run_end(). */
static enum status run_begin(struct run *r, struct err *e)
{
    struct err denied = { 0 };
    enum status may = check_right(r->config, &denied);
    if (may && *denied.code) {
        *e = denied;
        return may;
    }
    enum status st = database_open(r->config->url, r->config->keys_dir, 0, &r->d, e);
    if (!st)
        st = load_actor(r->config, r->d.db, &r->mem, &r->who, e);
    if (!st && may) {
        struct audit_entry entry = { .operation = r->operation, .result = "denied", .code = "right.missing" };
        write_audit(r, &entry, NULL);
        st = fail(e, ST_DENIED, "right.missing", r->operation, right_label(RIGHT_SYSTEM), NULL);
    }
    return st;
}

static void run_end(struct run *r)
{
    if (r->d.db)
        database_close(&r->d);
    arena_free(&r->mem);
}

/* ---- backup and restore ---------------------------------------------------------------------- */

enum status database_backup(const struct backend_config *config, const char *path,
                            const struct copy_watch *w, struct backup_info *info, struct err *e)
{
    struct run r = { .config = config, .operation = "database.backup" };
    enum status st = run_begin(&r, e);
    if (!st)
        st = backup_make(r.d.db, r.d.keys, path, w, info, e);
    if (!st)
        st = run_done(&r, e);
    run_end(&r);
    return st;
}

/* In the database that was put back: its own accounts may not know who did it. */
static enum status note_restore(const struct backend_config *config, struct err *e)
{
    struct run r = { .config = config };
    struct audit_entry entry = { .operation = "database.restore", .result = "ok" };
    enum status st = database_open(config->url, config->keys_dir, 0, &r.d, e);
    if (!st) {
        entry.detail = arena_printf(&r.mem, "{\"os_user\":%u}", (unsigned)getuid());
        if (load_actor(config, r.d.db, &r.mem, &r.who, NULL) != ST_OK)
            actor_system(&r.who);
        st = write_audit(&r, &entry, e);
    }
    run_end(&r);
    return st;
}

static const char *path_of(const struct backend_config *config, struct arena *a)
{
    const char *path = config->url ? config->url : backend_default_path(a);
    return strncmp(path, "sqlite:", 7) == 0 ? path + 7 : path;
}

enum status database_restore(const struct backend_config *config, const char *path,
                             const char *key_text, bool replace, const struct copy_watch *w,
                             struct backup_info *info, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct keys *k = NULL;
    enum status st = backup_read_info(path, info, e);
    if (!st && key_text)
        st = keys_import(config->keys_dir, info->id, key_text, e);
    if (!st)
        st = keys_load(config->keys_dir, info->id, &k, e);
    if (!st)
        st = backup_restore(path, k, path_of(config, &a), replace, w, info, e);
    keys_free(k);
    if (!st)
        st = note_restore(config, e);
    arena_free(&a);
    return st;
}

enum status database_key(const struct backend_config *config, struct arena *a, char **text,
                         struct err *e)
{
    struct run r = { .config = config, .operation = "database.key" };
    enum status st = run_begin(&r, e);
    if (!st)
        st = run_done(&r, e);
    if (!st)
        *text = keys_print(r.d.keys, a);
    run_end(&r);
    return st;
}

enum status database_key_copy(const struct backend_config *config, const char *path, struct err *e)
{
    struct run r = { .config = config, .operation = "database.key" };
    enum status st = run_begin(&r, e);
    if (!st)
        st = keys_copy(r.d.keys, db_path(r.d.db), path, e);
    if (!st)
        st = run_done(&r, e);
    run_end(&r);
    return st;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

enum status database_sizes(const struct backend_config *config, struct arena *a, char **text,
                           struct err *e)
{
    struct run r = { .config = config, .operation = "database.sizes" };
    *text = arena_strdup(a, "");
    enum status st = run_begin(&r, e);
    for (size_t i = 0; nouns[i] && !st; i++) {
        int64_t n = 0;
        st = db_get_int(r.d.db, e, &n, arena_printf(&r.mem, "select count(*) from %s", nouns[i]->table), "");
        *text = arena_printf(a, "%s%s %lld\n", *text, nouns[i]->table, (long long)n);
    }
    run_end(&r);
    return st;
}
