#include "core/api/init.h"

#include <pwd.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/settings.h"
#include "base/text.h"
#include "core/api/backend.h"
#include "core/api/open.h"
#include "core/guard/audit.h"
#include "core/guard/keys.h"
#include "core/guard/password.h"
#include "core/model/nouns.h"
#include "core/noun/crud.h"
#include "core/store/migrate.h"

const char *backend_default_path(struct arena *a)
{
    const char *path = settings_path(a, DIR_DATA, "gonghai.db");
    return path ? path : "gonghai.db";
}

/* ---- what every database has -------------------------------------------------------------------------- */

static const struct { const char *code, *kind;
} stages[] = {
    { "new", "open" },     { "contacted", "open" },   { "nurturing", "open" }, { "mql", "open" },
    { "sql", "open" },     { "opportunity", "open" }, { "won", "won" },        { "lost", "lost" },
    { "invalid", "void" }, { "duplicate", "void" },
};

static enum status put(struct ctx *c, const struct noun *n, void *rec)
{
    crud_stamp(c, rec);
    return row_insert(c->db, n, rec, c->arena, c->e);
}

static enum status make_stages(struct ctx *c)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < sizeof stages / sizeof *stages && !st; i++) {
        struct stage s;
        record_empty(&stage_record, &s);
        s.code = stages[i].code;
        s.kind = stages[i].kind;
        s.position = (int64_t)(i + 1) * 10;
        s.active = 1;
        st = put(c, &stage_noun, &s);
    }
    return st;
}

static enum status make_head_office(struct ctx *c, struct ref *hq)
{
    struct branch b;
    record_empty(&branch_record, &b);
    b.code = "HQ";
    b.name = "HQ";
    b.level = "head_office";
    b.path = "1/";
    b.active = 1;
    enum status st = put(c, &branch_noun, &b);
    *hq = (struct ref){ b.head.id, b.code, b.name };
    return st;
}

static enum status make_pool_and_product(struct ctx *c, const struct ref *hq)
{
    struct product p;
    struct pool pool;
    record_empty(&product_record, &p);
    record_empty(&pool_record, &pool);
    p.code = p.name = "none";
    p.active = pool.active = 1;
    pool.code = pool.name = "default";
    pool.branch = *hq;
    enum status st = put(c, &product_noun, &p);
    return st ? st : put(c, &pool_noun, &pool);
}

/* The OS user, as the bank's people will see him. */
static enum status make_owner(struct ctx *c, const struct ref *hq)
{
    const struct passwd *pw = getpwuid(getuid());
    const char *login = pw ? pw->pw_name : arena_printf(c->arena, "u%u", (unsigned)getuid());
    struct employee m;
    struct account a;
    record_empty(&employee_record, &m);
    record_empty(&account_record, &a);
    m.code = m.name = login;
    m.branch = *hq;
    m.status = "active";
    enum status st = put(c, &employee_noun, &m);
    a.code = arena_printf(c->arena, "local:%u", (unsigned)getuid());
    a.employee.id = m.head.id;
    a.branch = *hq;
    a.roles = "local_owner";
    a.active = 1;
    a.local_uid = (int64_t)getuid();
    return st ? st : put(c, &account_noun, &a);
}

static enum status make_admin(struct ctx *c, const struct init_options *o, const char *hash,
                              const struct ref *hq)
{
    if (!o->admin)
        return ST_OK;
    struct account a;
    record_empty(&account_record, &a);
    a.code = o->admin;
    a.branch = *hq;
    a.roles = "secadmin";
    a.active = 1;
    enum status st = put(c, &account_noun, &a);
    return st ? st : password_store(c, a.head.id, hash);
}

static enum status put_meta(struct ctx *c, const char *key, const char *value)
{
    return db_exec(c->db, c->e, "insert into meta (key, value) values ($1, $2)", "tt", key, value);
}

/* hash: of the administrator's password, if there is one. */
static enum status fill(struct ctx *c, const struct init_options *o, const char *hash, const struct keys *k,
                        const char *id)
{
    struct ref hq;
    struct audit_entry entry = { .operation = "database.init", .result = "ok" };
    enum status st = put_meta(c, "id", id);
    if (!st)
        st = put_meta(c, "zone", "Asia/Shanghai");
    if (!st && (o->demo || o->test))
        st = put_meta(c, "mark", o->demo ? "demo" : "test");
    if (!st)
        st = make_stages(c);
    if (!st)
        st = make_head_office(c, &hq);
    if (!st)
        st = make_pool_and_product(c, &hq);
    if (!st)
        st = make_owner(c, &hq);
    if (!st)
        st = make_admin(c, o, hash, &hq);
    if (!st)
        st = ctx_event(c, "database.created", "database", 0, hq.id, NULL);
    return st ? st : audit_append(c, k, &entry);
}

/* ---- the file ----------------------------------------------------------------------------------------- */

static enum status fill_in_tx(struct db *db, const struct init_options *o, const char *hash,
                              const struct keys *k, const char *id, struct arena *a, struct err *e)
{
    struct actor system;
    actor_system(&system);
    struct ctx c = { .db = db, .arena = a, .e = e, .who = &system, .now = clock_now(), .request = "init" };
    enum status st = db_begin(db, e);
    if (st)
        return st;
    st = fill(&c, o, hash, k, id);
    if (st) {
        db_rollback(db);
        return st;
    }
    return db_commit(db, e);
}

static enum status check_free(const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st))
        return ST_OK;
    return S_ISDIR(st.st_mode) ? fail(e, ST_FAILED, "db.folder", path, NULL)
                               : fail(e, ST_CONFLICT, "init.exists", path, NULL);
}

/* Only a file that was made here may be removed: another's init may have been faster. */
static enum status make(const struct init_options *o, const char *hash, const char *path, const char *id,
                        struct arena *a, struct err *e)
{
    struct db *db = NULL;
    struct keys *k = NULL;
    enum status st = db_open(&db, path, DB_NEW, e);
    bool made = !st;
    if (!st)
        st = db_migrate(db, e);
    if (!st)
        st = keys_create(o->keys_dir, id, &k, e);
    if (!st) {
        db_set_sealer(db, keys_sealer(k));
        st = fill_in_tx(db, o, hash, k, id, a, e);
        if (st)
            unlink(arena_printf(a, "%s/%s.key", keys_dir(o->keys_dir, a), id));
    }
    if (db)
        db_close(db);
    keys_free(k);
    if (st && made)
        database_remove(path, o->keys_dir, NULL);
    return st;
}

enum status database_init(const struct init_options *o, struct err *e)
{
    struct err own = { 0 };
    struct arena a = ARENA_INIT;
    e = e ? e : &own;
    if (!o->url) {
        enum status st = settings_make_dir(DIR_DATA, e);
        if (st)
            return st;
    }
    const char *path = o->url ? o->url : backend_default_path(&a);
    if (strncmp(path, "sqlite:", 7) == 0)
        path += 7;
    char hash[PASSWORD_HASH] = "";
    const char *password = o->password ? o->password : "";
    enum status st = check_free(path, e);
    if (!st && o->admin)
        st = password_check(password, o->admin, e);
    if (!st && o->admin)
        st = password_hash(password, &password_cost, hash, e);
    if (!st) {
        unsigned char raw[12];
        char id[sizeof raw * 2 + 1];
        if (sodium_init() < 0)
            st = fail(e, ST_FAILED, "keys.random", NULL);
        else
            randombytes_buf(raw, sizeof raw);
        sodium_bin2hex(id, sizeof id, raw, sizeof raw);
        if (!st)
            st = make(o, hash, path, id, &a, e);
    }
    arena_free(&a);
    return st;
}
