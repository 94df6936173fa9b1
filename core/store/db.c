/* db.c - what all databases share: the cache of statements, nesting of transactions, named series. */
#include "core/store/db.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "core/store/copy.h"
#include "core/store/driver.h"
#include "core/store/refcache.h"
#include "core/store/row.h"
#include "core/store/sql.h"

enum { CACHE_SLOTS = 256, DEPTH_MAX = 16, SERIES_MAX = 8, TYPES_MAX = 400 };

struct stmt {
    struct db *db;
    void *st;                   /* NULL: could not be prepared; err says why */
    char *sql;
    uint64_t used;              /* for eviction: the tick of the last use */
    bool busy, cached, logged;
    struct err err;
    char types[TYPES_MAX + 1];  /* as bound, for the twin check (GONGHAI_SQL_LOG) */
};

struct series { const char *name; int64_t value; bool dirty; };

struct level {
    const char *file;
    int line;
    struct series series[SERIES_MAX];
    size_t nseries;
};

struct db {
    const struct driver *drv;
    void *conn;
    char *path;
    const struct sealer *sealer;
    struct refcache *refs;
    struct stmt *cache[CACHE_SLOTS];
    uint64_t hashes[CACHE_SLOTS];       /* of the texts: one array to look through */
    size_t ncache;
    uint64_t tick;
    int depth;                  /* open transactions, the outermost included */
    bool reading;
    bool scratch;               /* its twin says which key is in use */
    struct level levels[DEPTH_MAX];
    struct series series[SERIES_MAX];
    size_t nseries;
    struct err unread;          /* why a series could not be read: what was numbered by it is not kept */
    int64_t changes;
    enum db_use use;
};

/* ---- opening ------------------------------------------------------------------------------------------ */

enum status db_open(struct db **out, const char *url, unsigned flags, struct err *e)
{
    if (strncmp(url, "postgres://", 11) == 0 || strncmp(url, "postgresql://", 13) == 0)
        return fail(e, ST_INVALID, "db.no_postgres", NULL);
    const char *path = strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url;
    void *conn;
    enum status st = sqlite_driver.open(path, flags, &conn, e);
    if (st)
        return st;
    struct db *db = xcalloc(1, sizeof *db);
    db->drv = &sqlite_driver;
    db->conn = conn;
    db->path = realpath(path, NULL);
    if (!db->path)
        db->path = xstrdup(path);
    db->refs = refcache_new();
    *out = db;
    return ST_OK;
}

enum status db_scratch(struct db *like, struct db **out, struct err *e)
{
    void *conn;
    enum status st = like->drv->scratch(like->conn, &conn, e);
    if (st)
        return st;
    struct db *db = xcalloc(1, sizeof *db);
    db->drv = like->drv;
    db->conn = conn;
    db->path = xstrdup("");
    db->refs = refcache_new();
    db->sealer = like->sealer;
    db->scratch = true;
    *out = db;
    return ST_OK;
}

static void stmt_free(struct stmt *s)
{
    if (s->st)
        s->db->drv->finalize(s->st);
    free(s->sql);
    free(s);
}

void db_close(struct db *db)
{
    if (!db)
        return;
    assert(db->depth == 0);
    for (size_t i = 0; i < db->ncache; i++) {
        assert(!db->cache[i]->busy);
        stmt_free(db->cache[i]);
    }
    db->drv->close(db->conn);
    refcache_free(db->refs);
    free(db->path);
    free(db);
}

struct refcache *db_refs(struct db *db) { return db->refs; }
const char *db_path(const struct db *db) { return db->path; }
void db_set_sealer(struct db *db, const struct sealer *s) { db->sealer = s; }
const struct sealer *db_sealer(const struct db *db) { return db->sealer; }
void db_set_cancel(struct db *db, const atomic_bool *flag) { db->drv->set_cancel(db->conn, flag); }
void db_set_limit(struct db *db, int64_t ms) { db->drv->set_limit(db->conn, ms); }
int64_t db_data_version(struct db *db) { return db->drv->data_version(db->conn); }

enum status db_copy(struct db *db, const char *to, const struct copy_watch *w, struct err *e)
{
    return sqlite_copy(db->conn, to, w, e);
}

/* ---- statements --------------------------------------------------------------------------------------- */

/* Eight bytes at a time: statements are long and looked up for every row. */
static uint64_t hash_text(const char *s)
{
    size_t n = strlen(s);
    uint64_t h = 0x9e3779b97f4a7c15u ^ n, w = 0;
    for (; n >= sizeof w; s += sizeof w, n -= sizeof w) {
        memcpy(&w, s, sizeof w);
        h = (h ^ w) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    w = 0;
    memcpy(&w, s, n);
    h = (h ^ w) * 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 32;
}

static struct stmt *stmt_new(struct db *db, const char *sql)
{
    struct stmt *s = xcalloc(1, sizeof *s);
    s->db = db;
    s->sql = xstrdup(sql);
    s->st = db->drv->prepare(db->conn, sql, &s->err);
    return s;
}

/* A place for one more: the least recently used that nobody steps through. */
static size_t cache_place(struct db *db)
{
    if (db->ncache < CACHE_SLOTS)
        return db->ncache++;
    size_t oldest = CACHE_SLOTS;
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        if (!db->cache[i]->busy && (oldest == CACHE_SLOTS || db->cache[i]->used < db->cache[oldest]->used))
            oldest = i;
    if (oldest < CACHE_SLOTS)
        stmt_free(db->cache[oldest]);
    return oldest;
}

struct stmt *db_prepare(struct db *db, const char *sql)
{
    uint64_t hash = hash_text(sql);
    for (size_t i = 0; i < db->ncache; i++) {
        if (db->hashes[i] != hash)
            continue;
        struct stmt *s = db->cache[i];
        if (!s->busy && strcmp(s->sql, sql) == 0) {
            s->busy = true;
            s->used = ++db->tick;
            err_clear(&s->err);
            return s;
        }
    }
    struct stmt *s = stmt_new(db, sql);
    s->busy = true;
    s->used = ++db->tick;
    size_t place = s->st ? cache_place(db) : CACHE_SLOTS;
    if (place < CACHE_SLOTS) {
        db->cache[place] = s;
        db->hashes[place] = hash;
        s->cached = true;
    }
    return s;
}

static void note_type(struct stmt *s, int n, char type)
{
    if (n <= TYPES_MAX)
        s->types[n - 1] = type;
}

void db_bind_int(struct stmt *s, int n, int64_t v)
{
    note_type(s, n, 'i');
    if (s->st)
        s->db->drv->bind_int(s->st, n, v);
}

void db_bind_num(struct stmt *s, int n, double v)
{
    note_type(s, n, 'd');
    if (s->st && isnan(v))
        s->db->drv->bind_null(s->st, n);
    else if (s->st)
        s->db->drv->bind_num(s->st, n, v);
}

void db_bind_text(struct stmt *s, int n, const char *v, size_t len)
{
    note_type(s, n, 't');
    if (s->st && !v)
        s->db->drv->bind_null(s->st, n);
    else if (s->st)
        s->db->drv->bind_text(s->st, n, v, len);
}

void db_bind_blob(struct stmt *s, int n, const void *v, size_t len)
{
    note_type(s, n, 'b');
    if (s->st && !v)
        s->db->drv->bind_null(s->st, n);
    else if (s->st)
        s->db->drv->bind_blob(s->st, n, v, len);
}

void db_bind_null(struct stmt *s, int n)
{
    note_type(s, n, 'n');
    if (s->st)
        s->db->drv->bind_null(s->st, n);
}

static void bind_args(struct stmt *s, const char *types, va_list ap)
{
    for (int n = 1; *types; types++, n++) {
        const char *text;
        const void *blob;
        int64_t i;
        switch (*types) {
        case 'i':
            db_bind_int(s, n, va_arg(ap, int64_t));
            break;
        case 'I':
            i = va_arg(ap, int64_t);
            if (i == NONE) {
                db_bind_null(s, n);
                note_type(s, n, 'i');
            } else {
                db_bind_int(s, n, i);
            }
            break;
        case 'd':
            db_bind_num(s, n, va_arg(ap, double));
            break;
        case 't':
            text = va_arg(ap, const char *);
            db_bind_text(s, n, text, text ? strlen(text) : 0);
            break;
        case 'T':
            text = va_arg(ap, const char *);
            db_bind_text(s, n, text, va_arg(ap, size_t));
            break;
        case 'b':
            blob = va_arg(ap, const void *);
            db_bind_blob(s, n, blob, va_arg(ap, size_t));
            break;
        default:
            assert(*types == 'n');
            db_bind_null(s, n);
        }
    }
}

struct stmt *db_query(struct db *db, const char *sql, const char *types, ...)
{
    struct stmt *s = db_prepare(db, sql);
    va_list ap;
    va_start(ap, types);
    bind_args(s, types, ap);
    va_end(ap);
    return s;
}

bool db_row(struct stmt *s)
{
    if (!s->st || s->err.status)
        return false;
    return s->db->drv->step(s->db->conn, s->st, &s->err) == STEP_ROW;
}

#ifdef GONGHAI_SQL_LOG
/* Test builds write down every statement with the types of its parameters, and new columns as "ddl";
 * tests/system/pg-prepare.sh prepares them all on PostgreSQL. */
static void log_line(const char *types, const char *sql)
{
    const char *path = getenv("GONGHAI_SQL_LOG");
    FILE *f = path ? fopen(path, "a") : NULL;
    if (!f)
        return;
    fprintf(f, "%s\t", types);
    for (const char *p = sql; *p; p++)
        fputc(*p == '\n' ? ' ' : *p, f);
    fputc('\n', f);
    fclose(f);
}

static void log_sql(struct stmt *s)
{
    if (!s->logged)
        log_line(s->types, s->sql);
    s->logged = true;
}

static void log_script(const char *sql)
{
    if (strncmp(sql, "alter table ", 12) == 0)
        log_line("ddl", sql);
}
#else
#define log_sql(s) ((void)(s))
#define log_script(sql) ((void)(sql))
#endif

enum status db_end(struct stmt *s, struct err *e)
{
    assert(s->busy);
    log_sql(s);
    enum status st = s->err.status;
    if (st && e)
        *e = s->err;
    if (s->st)
        s->db->drv->reset(s->st);
    s->busy = false;
    if (!s->cached)
        stmt_free(s);
    return st;
}

enum status db_ok(struct stmt *s, struct err *e)
{
    enum status st = s->err.status;
    if (st && e)
        *e = s->err;
    if (s->st) {
        s->db->drv->reset(s->st);
        err_clear(&s->err);
    }
    return st;
}

int db_columns(const struct stmt *s) { return s->st ? s->db->drv->columns(s->st) : 0; }
bool db_null(struct stmt *s, int col) { return s->db->drv->is_null(s->st, col); }
int64_t db_int(struct stmt *s, int col) { return s->db->drv->get_int(s->st, col); }
double db_num(struct stmt *s, int col) { return db_null(s, col) ? NAN : s->db->drv->get_num(s->st, col); }
const char *db_text(struct stmt *s, int col) { return s->db->drv->get_text(s->st, col); }
size_t db_bytes(struct stmt *s, int col) { return s->db->drv->get_bytes(s->st, col); }
const char *db_bytes_of(struct stmt *s, int col, size_t *n) { return s->db->drv->get_both(s->st, col, n); }
const void *db_blob(struct stmt *s, int col) { return s->db->drv->get_blob(s->st, col); }

char *db_strdup(struct stmt *s, int col, struct arena *a)
{
    const char *t = db_text(s, col);
    return t ? arena_strndup(a, t, db_bytes(s, col)) : NULL;
}

enum status db_exec(struct db *db, struct err *e, const char *sql, const char *types, ...)
{
    struct stmt *s = db_prepare(db, sql);
    va_list ap;
    va_start(ap, types);
    bind_args(s, types, ap);
    va_end(ap);
    while (db_row(s))
        ;
    db->changes = s->err.status ? 0 : db->drv->changes(db->conn);
    return db_end(s, e);
}

/* Not written down for the twin check: the columns stand in the order of this database. */
enum status db_lift(struct stmt *from, struct db *scratch, const char *table, bool *fresh, struct err *e)
{
    struct buf sql = BUF_INIT;
    int n = db_columns(from);
    buf_addf(&sql, "insert into %s values (", table);
    for (int i = 1; i <= n; i++)
        buf_addf(&sql, "%s$%d", i > 1 ? ", " : "", i);
    buf_adds(&sql, ") on conflict do nothing");
    struct stmt *s = db_prepare(scratch, sql.s);
    buf_release(&sql);
    s->logged = true;
    for (int i = 0; i < n && s->st; i++)
        scratch->drv->bind_same(s->st, i + 1, from->st, i);
    while (db_row(s))
        ;
    if (fresh)
        *fresh = !s->err.status && scratch->drv->changes(scratch->conn) > 0;
    return db_end(s, e);
}

/* Not written down for the twin check: each database has its own words for it. */
enum status db_scans(struct db *db, struct sql *q, const char *alias, bool *scans, struct err *e)
{
    struct sql asked;
    *scans = false;
    sql_init(&asked, q->arena);
    sql_add(&asked, db->drv->explain);
    sql_append(&asked, q);
    struct stmt *s = sql_query(&asked, db);
    s->logged = true;
    while (db_row(s))
        *scans = *scans || db->drv->scans(s->st, alias);
    sql_release(&asked);
    return db_end(s, e);
}

int64_t db_changes(const struct db *db) { return db->changes; }
int64_t db_last_changes(struct db *db) { return db->drv->changes(db->conn); }

enum status db_script(struct db *db, const char *sql, struct err *e)
{
    log_script(sql);
    return db->drv->script(db->conn, sql, e);
}

enum status db_get_int(struct db *db, struct err *e, int64_t *out, const char *sql, const char *types, ...)
{
    struct stmt *s = db_prepare(db, sql);
    va_list ap;
    va_start(ap, types);
    bind_args(s, types, ap);
    va_end(ap);
    *out = db_row(s) ? db_int(s, 0) : NONE;
    return db_end(s, e);
}

bool db_is_unique(const struct err *e)
{
    return strcmp(e->code, "db.unique") == 0;
}

/* ---- transactions ------------------------------------------------------------------------------------- */

static enum status save_series(struct db *db, struct err *e)
{
    if (db->unread.status) {
        if (e)
            *e = db->unread;
        return db->unread.status;
    }
    for (size_t i = 0; i < db->nseries; i++) {
        struct series *s = &db->series[i];
        if (!s->dirty)
            continue;
        enum status st = db_exec(db, e,
                                 "insert into counter (name, value) values ($1, $2) "
                                 "on conflict (name) do update set value = excluded.value",
                                 "ti", s->name, s->value);
        if (st)
            return st;
        s->dirty = false;
    }
    return ST_OK;
}

/* A statement of the cache: rows of an import open and close one each. */
static enum status savepoint(struct db *db, const char *what, int depth, struct err *e)
{
    char sql[32];
    snprintf(sql, sizeof sql, "%s s%d", what, depth);
    struct stmt *s = db_prepare(db, sql);
    while (db_row(s))
        ;
    return db_end(s, e);
}

/* Which keys are in use may have changed since the last transaction. */
static enum status know_keys(struct db *db, struct err *e)
{
    const struct sealer *s = db->sealer;
    return s && s->fresh && !db->scratch ? s->fresh(s->self, db, e) : ST_OK;
}

enum status db_begin_at(struct db *db, struct err *e, const char *file, int line)
{
    assert(db->depth < DEPTH_MAX && !db->reading);
    enum status st;
    if (db->depth == 0) {
        st = db->drv->begin(db->conn, e);
        if (!st && (st = know_keys(db, e)))
            db->drv->rollback(db->conn);
    } else {
        st = savepoint(db, "savepoint", db->depth, e);
    }
    if (st)
        return st;
    struct level *l = &db->levels[db->depth++];
    l->file = file;
    l->line = line;
    memcpy(l->series, db->series, sizeof l->series);
    l->nseries = db->nseries;
    if (db->depth == 1)
        err_clear(&db->unread);
    return ST_OK;
}

/* Names that were never committed, and pages for a load that is over. */
static void taken_back(struct db *db)
{
    refcache_clear(db->refs);
    if (db->use != USE_LISTS)
        db_use(db, USE_LISTS);
}

enum status db_commit(struct db *db, struct err *e)
{
    assert(db->depth > 0);
    enum status st = ST_OK;
    if (db->depth > 1) {
        st = savepoint(db, "release", db->depth - 1, e);
        if (st)
            db_rollback(db);
        else
            db->depth--;
        return st;
    }
    st = save_series(db, e);
    if (!st)
        st = db->drv->commit(db->conn, e);
    else
        db->drv->rollback(db->conn);
    db->depth = 0;
    db->nseries = 0;
    if (st)
        taken_back(db);
    return st;
}

void db_rollback(struct db *db)
{
    assert(db->depth > 0);
    struct level *l = &db->levels[--db->depth];
    memcpy(db->series, l->series, sizeof db->series);
    db->nseries = l->nseries;
    refcache_clear(db->refs);
    if (db->depth == 0) {
        db->drv->rollback(db->conn);
        taken_back(db);
        return;
    }
    savepoint(db, "rollback to", db->depth, NULL);
    savepoint(db, "release", db->depth, NULL);
}

void db_use(struct db *db, enum db_use use)
{
    static const char *const pragmas[] = {
        [USE_LISTS] = "pragma cache_size = -3072", [USE_LOAD] = "pragma cache_size = -16384",
        [USE_SORT] = "pragma cache_size = -2048",
    };
    db_script(db, pragmas[use], NULL);
    db->use = use;
}

bool db_in_tx(const struct db *db) { return db->depth > 0; }

enum status db_begin_read(struct db *db, struct err *e)
{
    assert(db->depth == 0 && !db->reading);
    enum status st = db->drv->begin_read(db->conn, e);
    if (!st && (st = know_keys(db, e)))
        db->drv->end_read(db->conn);
    db->reading = !st;
    return st;
}

void db_end_read(struct db *db)
{
    assert(db->reading);
    db->reading = false;
    db->drv->end_read(db->conn);
}

bool db_reading(const struct db *db) { return db->reading; }

/* ---- series ------------------------------------------------------------------------------------------- */

static struct series *series_get(struct db *db, const char *name)
{
    assert(db->depth > 0);
    for (size_t i = 0; i < db->nseries; i++)
        if (strcmp(db->series[i].name, name) == 0)
            return &db->series[i];
    assert(db->nseries < SERIES_MAX);
    int64_t v = NONE;
    struct err e;
    if (db_get_int(db, &e, &v, "select value from counter where name = $1", "t", name))
        db->unread = e;
    struct series *s = &db->series[db->nseries++];
    *s = (struct series){ .name = name, .value = v == NONE ? 0 : v };
    return s;
}

int64_t db_next(struct db *db, const char *series)
{
    struct series *s = series_get(db, series);
    s->dirty = true;
    return ++s->value;
}

int64_t db_new_id(struct db *db)
{
    struct series *s = series_get(db, "id");
    int64_t floor = clock_real() << 20;
    s->value = s->value < floor ? floor : s->value + 1;
    s->dirty = true;
    return s->value;
}
