/* sqlite.c - the SQLite driver: hardening, the writers' queue, and the note to the other
 * consoles.
 *
 * Writers queue on PATH-lock (an OFD lock) before BEGIN IMMEDIATE: SQLite's own busy handler
 * polls, and starves one of many. After COMMIT the file PATH-notify is touched: consoles watch
 * it by inotify. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "core/store/checkpoint.h"
#include "core/store/copy.h"
#include "core/store/db.h"
#include "core/store/driver.h"
#include "core/store/turn.h"

enum { APPLICATION_ID = 0x476f6e67 /* "Gong" */ };
enum { PATH_MOST = 4000 };      /* so that the files beside it have names too */

/* What every transaction says, prepared once. */
enum fixed { FIXED_READ, FIXED_WRITE, FIXED_COMMIT, FIXED_ROLLBACK, FIXED_VERSION, FIXED };
static const char *const fixed_sql[FIXED] = {
    [FIXED_READ] = "begin",
    [FIXED_WRITE] = "begin immediate",
    [FIXED_COMMIT] = "commit",
    [FIXED_ROLLBACK] = "rollback",
    [FIXED_VERSION] = "pragma data_version",
};

struct conn {
    sqlite3 *db;
    sqlite3_stmt *fixed[FIXED];
    const atomic_bool *cancel;
    int64_t limit, until; /* of reads: milliseconds, and the monotonic microsecond they end at; 0: none */
    bool writing;
    bool scratch;               /* nobody else has it: no queue, no note */
    struct err lost;            /* why the transaction ended under its owner */
    int lock_fd, notify_fd;
    bool wrote;                 /* the transaction changed something */
    int wal_pages;              /* in the WAL after our last commit */
    int wal_home;               /* as many when it was last sent home */
    struct checkpointer *home;
};

struct statement {
    sqlite3_stmt *st;
    int bad;                    /* what the first binding that failed said; 0: none. Until the reset */
    int nparams;
    int index[];                /* of $1, $2, ...: SQLite numbers them by first appearance */
};

/* ---- errors ------------------------------------------------------------------------------------------- */

/* of_file: its sentence names the file, not what SQLite says; reason: what it says instead, a msgid. */
struct rc_code { int rc; enum status st; const char *code; bool of_file; const char *reason; };

static const struct rc_code rc_codes[] = {
    { SQLITE_BUSY, ST_FAILED, "db.busy", false, NULL },
    { SQLITE_LOCKED, ST_FAILED, "db.busy", false, NULL },
    { SQLITE_FULL, ST_FAILED, "db.disk_full", false, NULL },
    { SQLITE_INTERRUPT, ST_CANCELLED, "cancelled", false, NULL },
    { SQLITE_READONLY, ST_FAILED, "db.read_only", false, NULL },
    { SQLITE_CORRUPT, ST_FAILED, "db.corrupt", false, N_("its pages contradict each other") },
    { SQLITE_NOTADB, ST_FAILED, "db.not_ours", true, NULL },
    { SQLITE_IOERR, ST_FAILED, "db.io", false, N_("the system reports an error") },
    { SQLITE_CANTOPEN, ST_FAILED, "db.cannot_open", true, NULL },
    { SQLITE_PERM, ST_FAILED, "db.cannot_open", true, NULL },
    { SQLITE_TOOBIG, ST_INVALID, "db.too_big", false, NULL },
};

static enum status rc_error(int rc, const char *msg, const char *file, struct err *e)
{
    if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY) {
        const char *what = strstr(msg, "failed: ");
        return fail(e, ST_CONFLICT, "db.unique", what ? what + 8 : msg, NULL);
    }
    if ((rc & 0xff) == SQLITE_CONSTRAINT)
        return fail(e, ST_CONFLICT, "db.constraint", msg, NULL);
    for (size_t i = 0; i < sizeof rc_codes / sizeof *rc_codes; i++)
        if (rc_codes[i].rc == (rc & 0xff))
            return fail(e, rc_codes[i].st, rc_codes[i].code, rc_codes[i].reason ? rc_codes[i].reason
                        : rc_codes[i].of_file ? file : msg, NULL);
    return fail(e, ST_FAILED, "db.error", msg, NULL);
}

static enum status sqlite_error(sqlite3 *db, struct err *e)
{
    const char *file = sqlite3_db_filename(db, "main");
    return rc_error(sqlite3_extended_errcode(db), sqlite3_errmsg(db), file ? file : "", e);
}

/* A full disk or a failing one ends the whole transaction, savepoints too. Until its owner has
 * rolled it back, all that he still asks for is refused: it would be written alone. */
static bool is_lost(struct conn *c, struct err *e)
{
    if (!c->writing || !sqlite3_get_autocommit(c->db))
        return false;
    if (e)
        *e = c->lost;
    return true;
}

static bool is_cancelled(const struct conn *c)
{
    return c->cancel && atomic_load_explicit(c->cancel, memory_order_relaxed);
}

/* A read that was stopped and not by a person. */
static enum status too_slow(const struct conn *c, struct err *e)
{
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%lld", (long long)((c->limit + 999) / 1000));
    return fail(e, ST_FAILED, "read.too_slow", seconds, NULL);
}

static enum status failed(struct conn *c, struct err *e)
{
    struct err own;
    enum status st = sqlite_error(c->db, &own);
    if (st == ST_CANCELLED && c->until && !is_cancelled(c))
        st = too_slow(c, &own);
    if (c->writing && sqlite3_get_autocommit(c->db))
        c->lost = own;
    if (e)
        *e = own;
    return st;
}

static enum status run(struct conn *c, const char *sql, struct err *e)
{
    if (is_lost(c, e))
        return c->lost.status;
    if (sqlite3_exec(c->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return failed(c, e);
    return ST_OK;
}

/* Steps one of the fixed statements. *out: the number in its row, if it gives one. */
static enum status run_fixed(struct conn *c, enum fixed which, int64_t *out, struct err *e)
{
    if (is_lost(c, e))
        return c->lost.status;
    sqlite3_stmt **s = &c->fixed[which];
    if (!*s && sqlite3_prepare_v3(c->db, fixed_sql[which], -1, SQLITE_PREPARE_PERSISTENT, s,
                                  NULL) != SQLITE_OK)
        return failed(c, e);
    int rc = sqlite3_step(*s);
    if (rc == SQLITE_ROW && out)
        *out = sqlite3_column_int64(*s, 0);
    enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : failed(c, e);
    sqlite3_reset(*s);
    return st;
}

/* ---- opening ------------------------------------------------------------------------------------------ */

/* WAL needs memory shared between all that have the file open: f_type of file systems that cannot
 * give it, or only to the processes of one host. */
bool sqlite_network_fs(unsigned long f_type)
{
    static const unsigned long kinds[] = {
        0x6969 /* NFS */,      0x517b /* SMB */,    0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */,
        0x65735546 /* FUSE */, 0x01021997 /* 9P */, 0x5346414f /* AFS */,  0x00c36400 /* Ceph */,
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((f_type & 0xffffffffUL) == kinds[i])        /* it is a signed word on some machines */
            return true;
    return false;
}

static bool network_fs(const char *path)
{
    struct statfs fs;
    char dir[4096];
    snprintf(dir, sizeof dir, "%s", path);
    if (statfs(dir, &fs)) {
        char *slash = strrchr(dir, '/');
        if (slash && slash != dir)
            *slash = 0;
        else
            snprintf(dir, sizeof dir, "%s", slash ? "/" : ".");
        if (statfs(dir, &fs))
            return false;
    }
    return sqlite_network_fs((unsigned long)fs.f_type);
}

static int stopped(void *arg)
{
    const struct conn *c = arg;
    return !c->writing && (is_cancelled(c) || (c->until && clock_mono_us() > c->until));
}

static void harden(sqlite3 *db)
{
    static const struct { int op, value; } config[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },
        { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_DQS_DDL, 0 },
        { SQLITE_DBCONFIG_DQS_DML, 0 },
        { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
        { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
    };
    static const struct { int id, value; } limits[] = {
        { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_LENGTH, 16 << 20 },
        { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },           /* a condition of 8 KiB may become 300 KiB of SQL, */
        { SQLITE_LIMIT_EXPR_DEPTH, 1000 },              /* and its parser's stack is what bounds its depth */
        { SQLITE_LIMIT_COMPOUND_SELECT, 50 },
        { SQLITE_LIMIT_VDBE_OP, 250000 },
        { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 512 },
    };
    for (size_t i = 0; i < sizeof config / sizeof *config; i++)
        sqlite3_db_config(db, config[i].op, config[i].value, NULL);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        sqlite3_limit(db, limits[i].id, limits[i].value);
}

/* Big sorts spill beside the database, in a folder of this user's own, not in /tmp. SQLite has
 * one such place a process: the first database decides. */
static void temp_folder(const char *path)
{
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&once);
    if (!sqlite3_temp_directory) {
        char dir[4096];
        struct stat st;
        snprintf(dir, sizeof dir, "%s-tmp-%u", path, (unsigned)geteuid());
        bool made = mkdir(dir, 0700) == 0;
        if (made || (lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid()))
            sqlite3_temp_directory = sqlite3_mprintf("%s", dir);
    }
    pthread_mutex_unlock(&once);
}

/* The files beside the database. */
static const char *const beside[] = { "-wal", "-shm", "-lock", "-notify" };

/* Whoever may write the database may write what is beside it, whatever the umask says. A database that its
 * owner can't write either is so for a while only: then nothing is taken away. */
static void fit_mode(int fd, const struct stat *db)
{
    char name[40];
    struct stat st;
    mode_t mode = db->st_mode & 0666;
    if (!(mode & S_IWUSR) || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != geteuid())
        return;
    if (st.st_gid != db->st_gid && fchownat(fd, "", (uid_t)-1, db->st_gid, AT_EMPTY_PATH))
        mode &= ~(mode_t)0060;              /* a group that may not write the database */
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    if ((st.st_mode & 0777) != mode && fchmod(fd, mode))
        chmod(name, mode);                  /* one that only names the file */
}

/* Those that are there, before they are opened: SQLite makes its own as the database is at that moment. It
 * has locks on them that closing any other descriptor would drop, so theirs only name them. */
static void fit_files(const char *path)
{
    char name[4096];
    struct stat db;
    if (stat(path, &db))
        return;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        snprintf(name, sizeof name, "%s%s", path, beside[i]);
        int fd = open(name, O_PATH | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
            continue;
        fit_mode(fd, &db);
        close(fd);
    }
}

static enum status side_file(const char *path, const char *end, const struct stat *db, int *fd, struct err *e)
{
    char name[4096];
    snprintf(name, sizeof name, "%s%s", path, end);
    *fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, (db->st_mode & 0666) | S_IWUSR);
    if (*fd < 0)
        return fail(e, ST_FAILED, "db.cannot_open", name, NULL);
    fit_mode(*fd, db);
    return ST_OK;
}

static enum status side_files(struct conn *c, const char *path, struct err *e)
{
    struct stat db;
    if (stat(path, &db))
        return fail(e, ST_FAILED, "db.cannot_open", path, NULL);
    enum status st = side_file(path, "-lock", &db, &c->lock_fd, e);
    return st ? st : side_file(path, "-notify", &db, &c->notify_fd, e);
}

static enum status ask_int(sqlite3 *db, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *st;
    enum status rc = ST_OK;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        return sqlite_error(db, e);
    if (sqlite3_step(st) == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    else
        rc = sqlite_error(db, e);
    sqlite3_finalize(st);
    return rc;
}

/* A file that another program made is left alone. One that can't be read now (locked, no rights, no
 * file left to open) may well be ours. */
static enum status check_ours(struct conn *c, const char *path, int64_t *id, struct err *e)
{
    struct err own;
    int64_t tables = 0;
    enum status st = ask_int(c->db, "pragma application_id", id, &own);
    if (!st && *id != APPLICATION_ID)
        st = ask_int(c->db, "select count(*) from sqlite_master", &tables, &own);
    if (st && strcmp(own.code, "db.not_ours") != 0) {
        if (e)
            *e = own;
        return st;
    }
    return st || (*id != APPLICATION_ID && (*id || tables))
               ? fail(e, ST_FAILED, "db.not_ours", path, NULL) : ST_OK;
}

static int note_wal(void *conn, sqlite3 *db, const char *name, int pages)
{
    (void)db, (void)name;
    ((struct conn *)conn)->wal_pages = pages;
    ((struct conn *)conn)->wrote = true;
    return SQLITE_OK;
}

static enum status prepare_writer(struct conn *c, const char *path, int64_t was, struct err *e)
{
    char id[64];
    snprintf(id, sizeof id, "pragma application_id = %d", APPLICATION_ID);
    if (was != APPLICATION_ID && run(c, id, e))
        return e ? e->status : ST_FAILED;
    temp_folder(path);
    enum status st = run(c, "pragma journal_mode = wal; pragma synchronous = full;"
                            "pragma wal_autocheckpoint = 0;"
                            "pragma journal_size_limit = 67108864", e);
    sqlite3_wal_hook(c->db, note_wal, c);
    if (!st)
        st = side_files(c, path, e);
    if (st)
        return st;
    char queue[4096];
    snprintf(queue, sizeof queue, "%s-lock", path);
    c->home = checkpointer_new(path, queue);
    return ST_OK;
}

static void sqlite_close(void *conn)
{
    struct conn *c = conn;
    for (int i = 0; i < FIXED; i++)
        sqlite3_finalize(c->fixed[i]);
    checkpointer_stop(c->home);
    if (c->db)
        sqlite3_close(c->db);
    if (c->lock_fd >= 0)
        close(c->lock_fd);
    if (c->notify_fd >= 0)
        close(c->notify_fd);
    free(c);
}

/* A new file is its maker's alone, or its group's where the folder says so (setgid and group-writable). */
static enum status create_file(const char *path, unsigned flags, bool *made, struct err *e)
{
    char dir[4096];
    struct stat st;
    snprintf(dir, sizeof dir, "%s", path);
    char *slash = strrchr(dir, '/');
    snprintf(slash ? slash + 1 : dir, 2, "%s", ".");
    mode_t group = S_ISGID | S_IWGRP;
    mode_t mode = stat(dir, &st) == 0 && (st.st_mode & group) == group ? 0660 : 0600;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0 && errno == EEXIST)
        return flags & DB_NEW ? fail(e, ST_CONFLICT, "init.exists", path, NULL) : ST_OK;
    if (fd < 0)
        return fail(e, ST_FAILED, "db.cannot_open", path, NULL);
    *made = true;
    fchmod(fd, mode);
    close(fd);
    return ST_OK;
}

/* What a refused opening has made. */
static void remove_files(const char *path)
{
    char name[4096];
    unlink(path);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        snprintf(name, sizeof name, "%s%s", path, beside[i]);
        unlink(name);
    }
}

/* Before the first connection. Counting what is allocated takes a mutex for each piece, and nobody
 * asks. A row of a lead touches some 20 pages: what its savepoint keeps of them stays in memory, not
 * in a file that is made and removed for each row. (SQLite writes the whole of it at once when it
 * spills, and no more than 128 KiB.) */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 120 << 10);
}

static enum status sqlite_open(const char *path, unsigned flags, void **conn, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct stat file;
    pthread_once(&once, configure);
    if (strlen(path) > PATH_MOST)
        return fail(e, ST_FAILED, "db.cannot_open", path, NULL);
    if (network_fs(path))
        return fail(e, ST_FAILED, "db.network_fs", path, NULL);
    if (stat(path, &file) == 0 && S_ISDIR(file.st_mode))
        return fail(e, ST_FAILED, "db.folder", path, NULL);
    if (!(flags & (DB_CREATE | DB_NEW)) && access(path, F_OK)) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        return missing ? fail(e, ST_NOT_FOUND, "db.missing", path, NULL)
                       : fail(e, ST_FAILED, "db.cannot_open", path, NULL);
    }
    bool made = false;
    enum status st = flags & (DB_CREATE | DB_NEW) ? create_file(path, flags, &made, e) : ST_OK;
    if (st)
        return st;
    struct conn *c = xcalloc(1, sizeof *c);
    int64_t id = 0;
    c->lock_fd = c->notify_fd = -1;
    int mode = flags & DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    mode |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
    char *real = realpath(path, NULL);      /* by any name: one queue, one note */
    if (!real || strlen(real) > PATH_MOST || sqlite3_open_v2(real, &c->db, mode, NULL) != SQLITE_OK) {
        st = fail(e, ST_FAILED, "db.cannot_open", path, NULL);
    } else {
        sqlite3_busy_timeout(c->db, 5000);
        harden(c->db);
        if (!(flags & DB_READ))
            fit_files(real);
        st = check_ours(c, path, &id, e);
        if (!st)
            st = run(c, "pragma foreign_keys = on; pragma cell_size_check = on; pragma mmap_size = 0; "
                       "pragma cache_size = -3072", e);
        if (!st && (flags & DB_READ))
            st = run(c, "pragma query_only = on", e);
        else if (!st)
            st = prepare_writer(c, real, id, e);
    }
    if (st)
        sqlite_close(c);
    else
        *conn = c;
    if (st && made)
        remove_files(real ? real : path);
    free(real);
    return st;
}

/* Tables first, then what stands on them. */
static enum status copy_schema(struct conn *like, struct conn *c, struct err *e)
{
    static const char sql[] = "select sql from sqlite_master where sql is not null and name not like "
                              "'sqlite%' order by type <> 'table', rowid";
    sqlite3_stmt *s;
    enum status st = ST_OK;
    int rc = sqlite3_prepare_v2(like->db, sql, -1, &s, NULL);
    if (rc != SQLITE_OK)
        return sqlite_error(like->db, e);
    while (!st && (rc = sqlite3_step(s)) == SQLITE_ROW)
        st = run(c, (const char *)sqlite3_column_text(s, 0), e);
    if (!st && rc != SQLITE_DONE)
        st = sqlite_error(like->db, e);
    sqlite3_finalize(s);
    return st;
}

/* Without a name SQLite keeps it in the folder of its sorts, and it is gone when it is closed. */
static enum status sqlite_scratch(void *like, void **conn, struct err *e)
{
    struct conn *c = xcalloc(1, sizeof *c);
    c->lock_fd = c->notify_fd = -1;
    c->scratch = true;
    int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    enum status st = ST_OK;
    if (sqlite3_open_v2("", &c->db, mode, NULL) != SQLITE_OK)
        st = fail(e, ST_FAILED, "db.cannot_open", "", NULL);
    if (!st) {
        harden(c->db);
        st = run(c, "pragma foreign_keys = off; pragma synchronous = off; pragma journal_mode = memory", e);
    }
    if (!st)
        st = copy_schema(like, c, e);
    if (st)
        sqlite_close(c);
    else
        *conn = c;
    return st;
}

/* ---- statements --------------------------------------------------------------------------------------- */

static void *sqlite_prepare(void *conn, const char *sql, struct err *e)
{
    struct conn *c = conn;
    sqlite3_stmt *st;
    const char *tail;
    if (sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, &tail) != SQLITE_OK) {
        sqlite_error(c->db, e);
        return NULL;
    }
    assert(st && *tail == 0);
    int n = sqlite3_bind_parameter_count(st);
    struct statement *s = xmalloc(sizeof *s + sizeof(int) * (size_t)(n + 1));
    s->st = st;
    s->bad = SQLITE_OK;
    s->nparams = n;
    for (int i = 1; i <= n; i++) {
        char name[16];
        snprintf(name, sizeof name, "$%d", i);
        s->index[i] = sqlite3_bind_parameter_index(st, name);
        assert(s->index[i] > 0);
    }
    return s;
}

static void sqlite_finalize(void *st)
{
    struct statement *s = st;
    sqlite3_finalize(s->st);
    free(s);
}

static void sqlite_reset(void *st)
{
    struct statement *s = st;
    sqlite3_reset(s->st);
    s->bad = SQLITE_OK;
}

static int param(const struct statement *s, int n)
{
    assert(n >= 1 && n <= s->nparams);
    return s->index[n];
}

static void bound(struct statement *s, int rc)
{
    if (rc != SQLITE_OK && s->bad == SQLITE_OK)
        s->bad = rc;
}

static void bind_int(void *st, int n, int64_t v)
{
    struct statement *s = st;
    bound(s, sqlite3_bind_int64(s->st, param(s, n), v));
}

static void bind_num(void *st, int n, double v)
{
    struct statement *s = st;
    bound(s, sqlite3_bind_double(s->st, param(s, n), v));
}

static void bind_text(void *st, int n, const char *v, size_t len)
{
    struct statement *s = st;
    bound(s, sqlite3_bind_text64(s->st, param(s, n), v, len, SQLITE_STATIC, SQLITE_UTF8));
}

static void bind_blob(void *st, int n, const void *v, size_t len)
{
    struct statement *s = st;
    bound(s, sqlite3_bind_blob64(s->st, param(s, n), v, len, SQLITE_STATIC));
}

static void bind_null(void *st, int n)
{
    struct statement *s = st;
    bound(s, sqlite3_bind_null(s->st, param(s, n)));
}

static void bind_same(void *st, int n, void *from, int col)
{
    struct statement *s = st;
    sqlite3_value *v = sqlite3_column_value(((struct statement *)from)->st, col);
    bound(s, sqlite3_bind_value(s->st, param(s, n), v));
}

static int sqlite_step(void *conn, void *st, struct err *e)
{
    struct statement *s = st;
    if (is_lost(conn, e))
        return STEP_ERROR;
    if (s->bad != SQLITE_OK) {              /* it would run with the value before, or none */
        rc_error(s->bad, sqlite3_errstr(s->bad), "", e);
        return STEP_ERROR;
    }
    switch (sqlite3_step(s->st)) {
    case SQLITE_ROW: return STEP_ROW;
    case SQLITE_DONE: return STEP_DONE;
    default: failed(conn, e); return STEP_ERROR;
    }
}

static int columns(void *st) { return sqlite3_column_count(((struct statement *)st)->st); }
static bool is_null(void *st, int c)
{
    return sqlite3_column_type(((struct statement *)st)->st, c) == SQLITE_NULL;
}

/* One look at the column for its type and its value: the connection has no mutex, so a value may
 * be used as it stands. */
static int64_t get_int(void *st, int c)
{
    sqlite3_value *v = sqlite3_column_value(((struct statement *)st)->st, c);
    return sqlite3_value_type(v) == SQLITE_NULL ? NONE : sqlite3_value_int64(v);
}

static double get_num(void *st, int c) { return sqlite3_column_double(((struct statement *)st)->st, c); }
static const void *get_blob(void *st, int c) { return sqlite3_column_blob(((struct statement *)st)->st, c); }
static size_t get_bytes(void *st, int c)
{
    return (size_t)sqlite3_column_bytes(((struct statement *)st)->st, c);
}

static const char *get_text(void *st, int c)
{
    return (const char *)sqlite3_column_text(((struct statement *)st)->st, c);
}

static const char *get_both(void *st, int c, size_t *len)
{
    sqlite3_value *v = sqlite3_column_value(((struct statement *)st)->st, c);
    const void *s = sqlite3_value_blob(v);
    *len = s ? (size_t)sqlite3_value_bytes(v) : 0;
    return s || sqlite3_value_type(v) == SQLITE_NULL ? s : "";
}

static enum status sqlite_script(void *conn, const char *sql, struct err *e)
{
    return run(conn, sql, e);
}

static int64_t changes(void *conn)
{
    return sqlite3_changes64(((struct conn *)conn)->db);
}

/* ---- transactions ------------------------------------------------------------------------------------- */

static enum status sqlite_begin(void *conn, struct err *e)
{
    struct conn *c = conn;
    if (c->lock_fd < 0 && !c->scratch)
        return fail(e, ST_FAILED, "db.read_only", NULL);
    turn_take(c->lock_fd);
    enum status st = run_fixed(c, FIXED_WRITE, NULL, e);
    if (st)
        turn_give(c->lock_fd);
    c->writing = !st;
    c->wrote = false;
    return st;
}

static void sqlite_rollback(void *conn)
{
    struct conn *c = conn;
    if (!sqlite3_get_autocommit(c->db))
        run_fixed(c, FIXED_ROLLBACK, NULL, NULL);
    if (c->writing)
        turn_give(c->lock_fd);
    c->writing = false;
}

/* Each WAL_PAGES pages the WAL is brought home, beside the writers. One who writes faster than that
 * is held up where it has WAL_MOST, without his turn. */
enum { WAL_PAGES = 250, WAL_MOST = 16000 };

static void tend_wal(struct conn *c)
{
    if (c->wal_pages < c->wal_home)             /* it has begun again */
        c->wal_home = 0;
    if (c->wal_pages - c->wal_home < WAL_PAGES)
        return;
    c->wal_home = c->wal_pages;
    checkpointer_wake(c->home);
    if (c->wal_pages >= WAL_MOST)
        checkpointer_wait(c->home);
}

static enum status sqlite_commit(void *conn, struct err *e)
{
    struct conn *c = conn;
    enum status st = run_fixed(c, FIXED_COMMIT, NULL, e);
    if (st) {
        sqlite_rollback(c);
        return st;
    }
    c->writing = false;
    turn_give(c->lock_fd);
    if (c->scratch || !c->wrote)
        return ST_OK;
    int told = futimens(c->notify_fd, NULL);
    (void)told;             /* not told, the others will see the change at their next key */
    tend_wal(c);
    return ST_OK;
}

static enum status sqlite_begin_read(void *conn, struct err *e)
{
    return run_fixed(conn, FIXED_READ, NULL, e);
}

static void sqlite_end_read(void *conn)
{
    run_fixed(conn, FIXED_ROLLBACK, NULL, NULL);
}

static void heed(struct conn *c)
{
    bool asks = c->cancel || c->until;
    sqlite3_progress_handler(c->db, asks ? 2000 : 0, asks ? stopped : NULL, c);
}

static void set_cancel(void *conn, const atomic_bool *flag)
{
    struct conn *c = conn;
    c->cancel = flag;
    heed(c);
}

static void set_limit(void *conn, int64_t ms)
{
    struct conn *c = conn;
    c->limit = ms;
    c->until = ms ? clock_mono_us() + ms * 1000 : 0;
    heed(c);
}

/* "SCAN t" or "SCAN t USING COVERING INDEX ...", and not "SEARCH t USING ..." or "SCAN t2". */
static bool scans(void *st, const char *alias)
{
    const char *step = get_text(st, 3);
    size_t n = strlen(alias);
    return step && strncmp(step, "SCAN ", 5) == 0 && strncmp(step + 5, alias, n) == 0 &&
           (step[5 + n] == '\0' || step[5 + n] == ' ');
}

static int64_t data_version(void *conn)
{
    int64_t version = -1;
    run_fixed(conn, FIXED_VERSION, &version, NULL);
    return version;
}

/* ---- copying ------------------------------------------------------------------------------------------ */

enum status sqlite_copy(void *conn, const char *to, const struct copy_watch *w, struct err *e)
{
    struct conn *c = conn;
    sqlite3 *target;
    /* its maker's alone from the first byte on */
    int fd = open(to, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(e, ST_FAILED, "db.cannot_open", to, NULL);
    close(fd);
    if (sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL)) {
        sqlite3_close(target);
        return fail(e, ST_FAILED, "db.cannot_open", to, NULL);
    }
    enum status st = ST_OK;
    sqlite3_backup *b = sqlite3_backup_init(target, "main", c->db, "main");
    int rc = b ? SQLITE_OK : SQLITE_ERROR;
    while (b && (rc = sqlite3_backup_step(b, 200)) != SQLITE_DONE) {
        if (w->cancel && atomic_load(w->cancel)) {
            st = fail(e, ST_CANCELLED, "cancelled", NULL);
            break;
        }
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
            sqlite3_sleep(5);
        else if (rc != SQLITE_OK)
            break;
        int total = sqlite3_backup_pagecount(b);
        if (w->progress)
            w->progress(w->arg, total - sqlite3_backup_remaining(b), total);
    }
    if (b)
        sqlite3_backup_finish(b);
    if (!st && rc != SQLITE_DONE)
        st = sqlite_error(target, e);
    if (!st && sqlite3_exec(target, "pragma journal_mode = delete", NULL, NULL, NULL))
        st = sqlite_error(target, e);
    sqlite3_close(target);
    return st;
}

const struct driver sqlite_driver = {
    .open = sqlite_open, .close = sqlite_close, .scratch = sqlite_scratch,
    .prepare = sqlite_prepare, .finalize = sqlite_finalize, .reset = sqlite_reset,
    .bind_int = bind_int, .bind_num = bind_num, .bind_text = bind_text, .bind_blob = bind_blob,
    .bind_null = bind_null, .bind_same = bind_same, .step = sqlite_step, .columns = columns,
    .is_null = is_null, .get_int = get_int,
    .get_num = get_num, .get_text = get_text, .get_blob = get_blob,
    .get_bytes = get_bytes, .get_both = get_both,
    .script = sqlite_script, .changes = changes,
    .begin = sqlite_begin, .commit = sqlite_commit, .rollback = sqlite_rollback,
    .begin_read = sqlite_begin_read, .end_read = sqlite_end_read,
    .set_cancel = set_cancel, .set_limit = set_limit, .explain = "explain query plan ", .scans = scans,
    .data_version = data_version,
};
