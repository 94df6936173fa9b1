#include "core/api/upkeep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "core/api/login.h"
#include "core/guard/audit.h"
#include "core/guard/password.h"

/* ---- who may --------------------------------------------------------------------------------- */

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

/* Before anything leaves the database: what can't be recorded is not done. */
static enum status run_record(struct run *r, struct err *e)
{
    return write_audit(r, &(struct audit_entry){ .operation = r->operation, .result = "ok" }, e);
}

/* What was recorded was not done after all. */
static void run_failed(struct run *r, const struct err *why)
{
    struct audit_entry entry = { .operation = r->operation, .result = "failed", .code = why->code };
    write_audit(r, &entry, NULL);
}

/* Opens the database for an operation that only the right "system" allows; a denial is written
 * down. Always run_end(). */
static enum status run_begin(struct run *r, struct err *e)
{
    bool proven;
    enum status st = database_open(r->config->url, r->config->keys_dir, 0, &r->d, e);
    if (!st)
        st = login_enter(r->config, &r->d, &proven, e);
    if (!st)
        st = login_actor(r->config, r->d.db, proven, &r->mem, &r->who, e);
    const char *first = st ? NULL : actor_must_change(&r->who, r->config->password_ms, clock_now());
    if (first) {
        struct audit_entry entry = { .operation = r->operation, .result = "denied", .code = first };
        write_audit(r, &entry, NULL);
        st = fail(e, ST_DENIED, first, NULL);
    }
    if (!st && !actor_may(&r->who, RIGHT_SYSTEM)) {
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
        st = run_record(&r, e);
    if (!st && (st = backup_make(r.d.db, r.d.keys, path, w, info, e)))
        run_failed(&r, e);
    run_end(&r);
    return st;
}

static const char *os_user(struct arena *a)
{
    return arena_printf(a, "{\"os_user\":%u}", (unsigned)getuid());
}

/* In the database that was put back: its own accounts may not know who did it. */
static enum status note_restore(const struct backend_config *config, struct err *e)
{
    struct run r = { .config = config };
    struct audit_entry entry = { .operation = "database.restore", .result = "ok" };
    enum status st = database_open(config->url, config->keys_dir, 0, &r.d, e);
    if (!st) {
        entry.detail = os_user(&r.mem);
        if (actor_local(r.d.db, (int64_t)getuid(), &r.mem, &r.who, NULL) != ST_OK)
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
        st = run_record(&r, e);
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
        st = run_record(&r, e);
    if (!st && (st = keys_copy(r.d.keys, db_path(r.d.db), path, e)))
        run_failed(&r, e);
    run_end(&r);
    return st;
}

/* Are the keys in use among those that were typed? */
static enum status check_numbers(struct run *r, struct err *e)
{
    char text[32] = "1 0", *rest = text;
    struct stmt *s = db_query(r->d.db, "select value from meta where key = 'keys'", "");
    if (db_row(s))
        snprintf(text, sizeof text, "%s", db_text(s, 0));
    enum status st = db_end(s, e);
    for (int i = 0; i < 2 && !st; i++) {
        long number = strtol(rest, &rest, 10);
        bool there = number == 0;
        for (size_t j = 0; j < keys_count(r->d.keys); j++) {
            struct key_info x = keys_info(r->d.keys, j);
            there |= x.number == number && !x.past;
        }
        if (!there)
            st = fail(e, ST_INVALID, "keys.printed_old", arena_printf(&r->mem, "%ld", number), NULL);
    }
    return st;
}

static enum status check_no_file(struct run *r, struct err *e)
{
    struct stat there;
    const char *dir = keys_dir(r->config->keys_dir, &r->mem);
    const char *path = arena_printf(&r->mem, "%s/%s.key", dir, r->d.id);
    return lstat(path, &there) ? ST_OK : fail(e, ST_CONFLICT, "keys.exists", path, NULL);
}

enum status database_key_restore(const struct backend_config *config, const char *key_text, struct err *e)
{
    struct run r = { .config = config, .operation = "database.key_restore" };
    struct keys *k = NULL;
    enum status st = database_open_sealed(config->url, 0, &r.d, e);
    if (!st)
        st = check_no_file(&r, e);
    if (!st)
        st = keys_typed(config->keys_dir, r.d.id, key_text, &k, e);
    if (k)
        database_unseal(&r.d, k);
    if (!st)
        st = check_numbers(&r, e);
    if (!st && actor_local(r.d.db, (int64_t)getuid(), &r.mem, &r.who, NULL) != ST_OK)
        actor_system(&r.who);
    if (!st)                            /* which fails where the log is not of this key */
        st = write_audit(&r, &(struct audit_entry){ .operation = r.operation, .result = "ok",
                                                    .detail = os_user(&r.mem) }, e);
    if (!st && (st = keys_write(k, e)))
        run_failed(&r, e);
    run_end(&r);
    return st;
}

/* ---- after the last officer ------------------------------------------------------------------- */

/* The security administrator of that login, while none has a password; else 0. */
static enum status find_locked_out(struct run *r, const char *key, int64_t *account, struct err *e)
{
    *account = 0;
    struct stmt *q = db_query(
        r->d.db,
        "select a.id from account a where a.code_key = $1 and a.active = 1"
        " and a.roles = 'secadmin' and not exists (select 1 from account b"
        " left join employee p on p.id = b.employee_id where b.active = 1 and b.roles ="
        " 'secadmin' and b.password_hash is not null and coalesce(p.status, '') <> 'left')",
        "t", key);
    if (db_row(q))
        *account = db_int(q, 0);
    return db_end(q, e);
}

static enum status store_first(struct run *r, const char *key, const char *hash, const struct err *why,
                               struct err *e)
{
    struct ctx c = { .db = r->d.db, .arena = &r->mem, .e = e, .who = &r->who, .now = clock_now() };
    struct audit_entry entry = { .operation = r->operation, .noun = "account", .result = "ok" };
    enum status st = db_begin(r->d.db, e);
    if (st)
        return st;
    st = find_locked_out(r, key, &entry.subject, e);
    if (!st && !entry.subject) {
        *e = *why;
        st = why->status;
    }
    if (!st)
        st = password_store(&c, entry.subject, hash);
    if (!st)
        st = ctx_event(&c, "account.password_set", "account", entry.subject, 0, NULL);
    if (!st)
        st = audit_append(&c, r->d.keys, &entry);
    if (!st)
        return db_commit(r->d.db, e);
    db_rollback(r->d.db);
    return st;
}

enum status database_first_password(const struct backend_config *config, const char *login,
                                    const char *password, struct err *e)
{
    struct run r = { .config = config, .operation = "account.password" };
    struct err why = { 0 };
    char hash[PASSWORD_HASH];
    const char *key = text_key(&r.mem, login);
    enum status st = database_open(config->url, config->keys_dir, 0, &r.d, e);
    if (!st && actor_local(r.d.db, (int64_t)getuid(), &r.mem, &r.who, &why) == ST_OK)
        fail(&why, ST_CONFLICT, "noun.stale", "account", NULL);
    if (!st && strcmp(why.code, "actor.local_ended") != 0) {
        *e = why;
        st = why.status;
    }
    if (!st)
        st = password_check(password, login, e);
    if (!st)
        st = password_hash(password, &password_cost, hash, e);
    if (!st) {
        r.who = (struct actor){ .login = arena_printf(&r.mem, "local:%u", (unsigned)getuid()) };
        st = store_first(&r, key, hash, &why, e);
    }
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
