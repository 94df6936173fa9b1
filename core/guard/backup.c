/* backup.c - copy, seal, read back. The file's format is in gbk.c. */
#include "core/guard/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/guard/audit.h"
#include "core/guard/gbk.h"
#include "core/store/migrate.h"

enum { WIPE_BLOCK = 256 << 10 };

static const char work_prefix[] = ".gonghai-backup-";

/* ---- files ----------------------------------------------------------------------------------- */

static const char *dir_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_strndup(a, path, (size_t)(slash - path));
}

static bool there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* Renames, never over something; false with errno. */
static bool move_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (there(to)) {            /* a file system that cannot do it in one step */
        errno = EEXIST;
        return false;
    }
    return rename(from, to) == 0;
}

static bool sync_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Overwrites a file and removes it. */
static void wipe(int dir_fd, const char *name)
{
    char *zeros = xcalloc(1, WIPE_BLOCK);
    struct stat st;
    int fd = openat(dir_fd, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        off_t left = st.st_size;
        while (left > 0 && gbk_write_full(fd, zeros, left < WIPE_BLOCK ? (size_t)left : WIPE_BLOCK))
            left -= WIPE_BLOCK;
        fdatasync(fd);
    }
    if (fd >= 0)
        close(fd);
    free(zeros);
    unlinkat(dir_fd, name, 0);
}

/* ---- the folder of the plain copy ------------------------------------------------------------ */

struct work {
    struct arena arena;
    const char *parent;
    char *dir;                  /* NULL: none made */
    int fd;                     /* holds its lock */
    const char *copy, *sealed;  /* names of the files in it */
};

/* A listing of its own: dup() would share the place in it. */
static DIR *list_dir(int dir_fd)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (!d && fd >= 0)
        close(fd);
    return d;
}

static void wipe_all(int dir_fd)
{
    DIR *d = list_dir(dir_fd);
    if (!d)
        return;
    for (struct dirent *x; (x = readdir(d));)
        if (strcmp(x->d_name, ".") != 0 && strcmp(x->d_name, "..") != 0)
            wipe(dir_fd, x->d_name);
    closedir(d);
}

/* Folders whose lock nobody holds were left by a process that died. */
static void sweep(int parent)
{
    DIR *d = list_dir(parent);
    if (!d)
        return;
    for (struct dirent *x; (x = readdir(d));) {
        if (strncmp(x->d_name, work_prefix, sizeof work_prefix - 1) != 0)
            continue;
        int dir = openat(parent, x->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (dir >= 0 && flock(dir, LOCK_EX | LOCK_NB) == 0) {
            wipe_all(dir);
            unlinkat(parent, x->d_name, AT_REMOVEDIR);
        }
        if (dir >= 0)
            close(dir);
    }
    closedir(d);
}

static void work_end(struct work *w)
{
    if (w->fd >= 0) {
        wipe_all(w->fd);
        close(w->fd);
    }
    if (w->dir)
        rmdir(w->dir);
    arena_free(&w->arena);
}

/* The parent's lock keeps others from sweeping a folder that is not locked yet. */
static enum status work_begin(struct work *w, const char *target, struct err *e)
{
    *w = (struct work){ .arena = ARENA_INIT, .fd = -1 };
    w->parent = dir_of(target, &w->arena);
    char *dir = arena_printf(&w->arena, "%s/%sXXXXXX", w->parent, work_prefix);
    int parent = open(w->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = parent >= 0 && flock(parent, LOCK_EX) == 0;
    if (ok) {
        sweep(parent);
        ok = mkdtemp(dir) != NULL;
    }
    if (ok) {
        w->dir = dir;
        w->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ok = w->fd >= 0 && flock(w->fd, LOCK_EX) == 0;
    }
    enum status st = ok ? ST_OK : gbk_io_error(e, "backup.write", w->parent);
    if (parent >= 0)
        close(parent);
    if (st) {
        work_end(w);
        return st;
    }
    w->copy = arena_printf(&w->arena, "%s/copy.db", dir);
    w->sealed = arena_printf(&w->arena, "%s/sealed.gbk", dir);
    return ST_OK;
}

/* ---- what is in it --------------------------------------------------------------------------- */

static enum status count_rows(struct db *db, struct backup_info *info, struct err *e)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < info->ntables && !st; i++) {
        char sql[64 + BACKUP_NAME];
        snprintf(sql, sizeof sql, "select count(*) from \"%s\"", info->tables[i].name);
        st = db_get_int(db, e, &info->tables[i].rows, sql, "");
    }
    return st;
}

/* What the header says of a database; info->tables are named already. */
static enum status describe(struct db *db, struct backup_info *info, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct err none;
    enum status st = schema_number(db, &info->schema, e);
    info->anchor[0] = 0;
    if (!st) {
        const char *anchor = audit_anchor(db, &a, &none);
        if (anchor)
            snprintf(info->anchor, sizeof info->anchor, "%s", anchor);
        else if (strcmp(none.code, "audit.head") != 0)
            st = fail(e, none.status, none.code, none.param[0], NULL);
    }
    arena_free(&a);
    return st ? st : count_rows(db, info, e);
}

static void name_tables(struct backup_info *info)
{
    info->ntables = 0;
    for (size_t i = 0; nouns[i] && info->ntables < BACKUP_TABLES; i++)
        snprintf(info->tables[info->ntables++].name, BACKUP_NAME, "%s", nouns[i]->table);
}

static bool same(const struct backup_info *x, const struct backup_info *y)
{
    if (x->schema != y->schema || strcmp(x->anchor, y->anchor) != 0)
        return false;
    for (size_t i = 0; i < x->ntables; i++)
        if (x->tables[i].rows != y->tables[i].rows)
            return false;
    return true;
}

static enum status check_integrity(struct db *db, bool *sound, struct err *e)
{
    struct stmt *q = db_query(db, "pragma integrity_check(1)", "");
    *sound = db_row(q) && strcmp(db_text(q, 0), "ok") == 0;
    return db_end(q, e);
}

/* Is the copy a sound database, with what the header says? */
static enum status check_copy(const char *copy, const struct backup_info *want, const char *path,
                              const atomic_bool *cancel, struct err *e)
{
    struct db *db;
    struct err own;
    bool sound = false;
    struct backup_info have = *want;
    enum status st = db_open(&db, copy, DB_READ, &own);
    if (!st) {
        db_set_cancel(db, cancel);
        st = check_integrity(db, &sound, &own);
        if (!st && sound)
            st = describe(db, &have, &own);
        db_close(db);
    }
    if (st == ST_CANCELLED)
        return fail(e, st, "cancelled", NULL);
    if (st || !sound || !same(want, &have))
        return fail(e, ST_FAILED, "backup.damaged", path, NULL);
    return ST_OK;
}

/* ---- the three verbs ------------------------------------------------------------------------- */

/* Reads the backup at path back into w->copy and checks it. */
static enum status read_back(const struct work *w, const char *path, const char *name,
                             const struct keys *k,
                             struct gbk_header *h, struct stage stage, struct err *e)
{
    struct stage reading = { stage.watch, stage.from, (stage.from + stage.to) / 2 };
    enum status st = gbk_unseal(path, w->copy, k, h, &reading, e);
    if (!st)
        st = check_copy(w->copy, &h->info, name, stage_cancel(&stage), e);
    if (!st)
        stage_advance(&stage, 1, 1);
    return st;
}

/* A snapshot is held all the while: else each commit of another process would make the copy start
 * anew. */
static enum status copy_plain(struct db *db, const struct keys *k, const struct work *w,
                              struct backup_info *info, struct stage *stage, struct err *e)
{
    struct copy_watch watch = {
        .progress = stage_advance, .arg = stage, .cancel = stage_cancel(stage),
    };
    enum status st = db_begin_read(db, e);
    if (st)
        return st;
    info->key = keys_current(k);
    st = describe(db, info, e);
    if (!st)
        st = db_copy(db, w->copy, &watch, e);
    db_end_read(db);
    return st;
}

enum status backup_read_info(const char *path, struct backup_info *info, struct err *e)
{
    struct gbk_header h;
    int fd;
    enum status st = gbk_open(path, &fd, &h, e);
    if (st)
        return st;
    close(fd);
    *info = h.info;
    return ST_OK;
}

enum status backup_make(struct db *db, const struct keys *k, const char *path,
                        const struct copy_watch *w, struct backup_info *info, struct err *e)
{
    struct work work;
    struct gbk_header read;
    struct backup_info made = { .created = clock_now() };
    if (!db_path(db))
        return fail(e, ST_INVALID, "backup.server", NULL);
    if (there(path))
        return fail(e, ST_CONFLICT, "backup.exists", path, NULL);
    enum status st = work_begin(&work, path, e);
    if (st)
        return st;
    snprintf(made.id, sizeof made.id, "%s", keys_id(k));
    name_tables(&made);
    struct stage copying = { w, 0, 300 }, sealing = { w, 300, 500 };
    st = copy_plain(db, k, &work, &made, &copying, e);
    if (!st)
        st = gbk_seal(work.copy, work.sealed, k, &made, &sealing, e);
    wipe(work.fd, "copy.db");
    if (!st)
        st = read_back(&work, work.sealed, path, k, &read, (struct stage){ w, 500, 1000 }, e);
    if (!st && !move_new(work.sealed, path))
        st = errno == EEXIST ? fail(e, ST_CONFLICT, "backup.exists", path, NULL)
            : gbk_io_error(e, "backup.write", path);
    if (!st && !sync_dir(work.parent))
        st = gbk_io_error(e, "backup.write", path);
    work_end(&work);
    if (!st && info)
        *info = made;
    return st;
}

enum status backup_verify(const char *path, const struct keys *k, const struct copy_watch *w,
                          struct backup_info *info, struct err *e)
{
    struct work work;
    struct gbk_header h;
    enum status st = work_begin(&work, path, e);
    if (st)
        return st;
    st = read_back(&work, path, path, k, &h, (struct stage){ w, 0, 1000 }, e);
    work_end(&work);
    if (!st && info)
        *info = h.info;
    return st;
}

/* What SQLite would take for a part of the database at `to`. */
static const char *const companions[] = { "", "-wal", "-journal" };
enum { NCOMPANIONS = sizeof companions / sizeof *companions };

static enum status check_target(const char *to, struct arena *a, struct err *e)
{
    for (size_t i = 0; i < NCOMPANIONS; i++) {
        const char *name = arena_printf(a, "%s%s", to, companions[i]);
        if (there(name))
            return fail(e, ST_CONFLICT, "backup.target_exists", name, NULL);
    }
    return ST_OK;
}

/* Leaving WAL mode needs the file alone and puts all of it into the one file. A database that does
 * not open can have no users. */
static enum status check_unused(const char *to, struct err *e)
{
    struct db *db;
    struct err own;
    if (db_open(&db, to, 0, &own))
        return ST_OK;
    enum status st = db_script(db, "pragma journal_mode = delete", &own);
    db_close(db);
    if (st && strcmp(own.code, "db.busy") == 0)
        return fail(e, ST_CONFLICT, "backup.in_use", to, NULL);
    return ST_OK;
}

static enum status put_aside(const char *to, struct arena *a, struct err *e)
{
    for (size_t i = 0; i < NCOMPANIONS; i++) {
        const char *from = arena_printf(a, "%s%s", to, companions[i]);
        const char *aside = arena_printf(a, "%s.replaced%s", to, companions[i]);
        if (unlink(aside) < 0 && errno != ENOENT)
            return gbk_io_error(e, "backup.write", aside);
        if (rename(from, aside) < 0 && errno != ENOENT)
            return gbk_io_error(e, "backup.write", aside);
    }
    unlink(arena_printf(a, "%s-shm", to));
    return ST_OK;
}

/* Undoes put_aside where nothing stands in the place yet. */
static void put_back(const char *to, struct arena *a)
{
    for (size_t i = NCOMPANIONS; i-- > 0;)
        move_new(arena_printf(a, "%s.replaced%s", to, companions[i]),
                 arena_printf(a, "%s%s", to, companions[i]));
}

static enum status put_in_place(struct work *w, const char *to, bool replace, struct err *e)
{
    struct stat old;
    enum status st = ST_OK;
    if (replace && stat(to, &old) == 0) {
        if (chmod(w->copy, old.st_mode & 0777) < 0)
            return gbk_io_error(e, "backup.write", to);
        st = check_unused(to, e);
    }
    if (st)
        return st;
    if (replace)
        st = put_aside(to, &w->arena, e);
    if (!st)
        st = check_target(to, &w->arena, e);
    if (!st && !move_new(w->copy, to))
        st = errno == EEXIST ? fail(e, ST_CONFLICT, "backup.target_exists", to, NULL)
            : gbk_io_error(e, "backup.write", to);
    if (st && replace)
        put_back(to, &w->arena);
    if (!st && !sync_dir(w->parent))
        st = gbk_io_error(e, "backup.write", to);
    return st;
}

enum status backup_restore(const char *path, const struct keys *k, const char *to, bool replace,
                           const struct copy_watch *w, struct backup_info *info, struct err *e)
{
    struct work work;
    struct gbk_header h;
    enum status st = work_begin(&work, to, e);
    if (st)
        return st;
    if (!replace)
        st = check_target(to, &work.arena, e);
    if (!st)
        st = read_back(&work, path, path, k, &h, (struct stage){ w, 0, 1000 }, e);
    if (!st)
        st = put_in_place(&work, to, replace, e);
    work_end(&work);
    if (!st && info)
        *info = h.info;
    return st;
}
