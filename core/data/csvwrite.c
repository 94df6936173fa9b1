#include "core/data/csvwrite.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "core/data/cell.h"

enum { FLUSH_AT = 64 << 10, TEMP_TRIES = 100, SWEEP_AFTER_S = 60 };

/* ---- one cell -------------------------------------------------------------------------------------- */

/* Does a spreadsheet take text that begins so for a formula? */
static bool starts_formula(const char *s)
{
    static const char *const wide[] = { "＝", "＋", "－", "＠" };

    if (*s && strchr("=+-@\t\r\n", *s))
        return true;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(s, wide[i], strlen(wide[i])) == 0)
            return true;
    return false;
}

bool csv_risky(const char *cell)
{
    return starts_formula(cell + strspn(cell, "'"));
}

const char *csv_unguard(const char *cell)
{
    return *cell == '\'' && csv_risky(cell) ? cell + 1 : cell;
}

static char separator_of(const struct csv_style *st)
{
    return st->separator ? st->separator : ',';
}

/* Also where a blank stands at an end: other readers cut it from a bare cell. */
static bool needs_quotes(const char *cell, char separator)
{
    size_t n = strlen(cell);

    return n > 0 && (strpbrk(cell, "\"\r\n") || strchr(cell, separator) || strchr(" \t", cell[0]) ||
                     strchr(" \t", cell[n - 1]));
}

static bool needs_guard(const struct csv_style *st, const char *cell, enum csv_column col)
{
    double v;

    return st->guard && csv_risky(cell) && !(col == CSV_NUMERIC && cell_number(cell, &v) == NULL);
}

void csv_cell(struct buf *out, const struct csv_style *st, const char *cell, enum csv_column col)
{
    bool guard = needs_guard(st, cell, col);

    if (!st->quote_all && !needs_quotes(cell, separator_of(st))) {
        if (guard)
            buf_addc(out, '\'');
        buf_adds(out, cell);
        return;
    }
    buf_adds(out, guard ? "\"'" : "\"");
    for (const char *quote; (quote = strchr(cell, '"')); cell = quote + 1) {
        buf_add(out, cell, (size_t)(quote - cell));
        buf_adds(out, "\"\"");
    }
    buf_adds(out, cell);
    buf_addc(out, '"');
}

static void end_row(struct buf *out, const struct csv_style *st, size_t start, int cells)
{
    if (cells <= 1 && out->len == start)
        buf_adds(out, "\"\"");
    buf_adds(out, st->crlf ? "\r\n" : "\n");
}

void csv_row(struct buf *out, const struct csv_style *st, const char *const *cell, int n)
{
    size_t start = out->len;

    for (int i = 0; i < n; i++) {
        if (i > 0)
            buf_addc(out, separator_of(st));
        csv_cell(out, st, cell[i], CSV_TEXT);
    }
    end_row(out, st, start, n);
}

/* ---- a file that appears whole --------------------------------------------------------------------- */

struct csvwrite {
    struct csv_style style;
    char *path, *temp;      /* temp is the name beside it, in the same folder; NULL: has none yet */
    int dir, fd;
    iconv_t cd;             /* (iconv_t)-1: written as it is */
    int error;              /* errno of the first failure, or 0 */
    struct buf out;
    size_t row_start;
    int cells;              /* of the row being written */
    int64_t rows;
    int64_t mark_at, mark_rows;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int open_folder(const char *path)
{
    char *folder = xstrdup(path);
    size_t n = (size_t)(base_name(path) - path);

    folder[n] = '\0';
    int fd = open(n ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    free(folder);
    return fd;
}

/* The open file under a name of its own, or a new one of that name. */
static int make_named(struct csvwrite *w, const char *name)
{
    char self[40];

    if (w->fd < 0)
        return w->fd = openat(w->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    snprintf(self, sizeof self, "/proc/self/fd/%d", w->fd);
    return linkat(AT_FDCWD, self, w->dir, name, AT_SYMLINK_FOLLOW);
}

/* Gives the file an exclusive name beside the final one. */
static int name_temp(struct csvwrite *w)
{
    struct buf name = BUF_INIT;
    int rc = -1;

    for (int i = 0; i < TEMP_TRIES; i++) {
        buf_clear(&name);
        buf_addf(&name, ".%.200s.%ld-%d", base_name(w->path), (long)getpid(), i);
        rc = make_named(w, name.s);
        if (rc >= 0 || errno != EEXIST)
            break;
    }
    if (rc < 0)
        buf_release(&name);
    else
        w->temp = buf_detach(&name);
    return rc;
}

/* Without a name nothing is left behind by a process that is killed. */
static int open_temp(struct csvwrite *w)
{
    if (access("/proc/self/fd", X_OK) == 0)
        w->fd = openat(w->dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
    return w->fd >= 0 ? w->fd : name_temp(w);
}

/* Held as long as the file is open: so others know that somebody is still writing it. */
static bool lock_temp(int fd)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/* ".NAME.PID-N", as name_temp makes them for this file. */
static bool is_temp(const char *name, const char *prefix)
{
    size_t n = strlen(prefix), digits;

    if (strncmp(name, prefix, n) != 0 || !(digits = strspn(name + n, "0123456789")) ||
        name[n + digits] != '-')
        return false;
    name += n + digits + 1;
    return *name && !name[strspn(name, "0123456789")];
}

/* Left by a process that was killed: nobody holds its lock, and it is no newborn without one yet. */
static void sweep_one(int dir, const char *name)
{
    struct stat st;
    int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        (int64_t)st.st_mtime + SWEEP_AFTER_S < clock_real() / 1000 && lock_temp(fd))
        unlinkat(dir, name, 0);
    close(fd);
}

static void sweep(const struct csvwrite *w)
{
    struct buf prefix = BUF_INIT;
    int fd = openat(w->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);

    buf_addf(&prefix, ".%.200s.", base_name(w->path));
    for (const struct dirent *x; d && (x = readdir(d));)
        if (is_temp(x->d_name, prefix.s))
            sweep_one(w->dir, x->d_name);
    if (d)
        closedir(d);
    buf_release(&prefix);
}

static void free_writer(struct csvwrite *w)
{
    if (w->fd >= 0)
        close(w->fd);
    if (w->dir >= 0)
        close(w->dir);
    if (w->cd != (iconv_t)-1)
        iconv_close(w->cd);
    buf_release(&w->out);
    free(w->temp);
    free(w->path);
    free(w);
}

static enum status start_file(struct csvwrite *w, struct err *e)
{
    struct stat st;

    if ((w->dir = open_folder(w->path)) < 0)
        return fail(e, ST_FAILED, "export.open", w->path, strerror(errno), NULL);
    if (!*base_name(w->path) || (fstatat(w->dir, base_name(w->path), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                                 !S_ISREG(st.st_mode)))
        return fail(e, ST_FAILED, "export.not_file", w->path, NULL);
    if (w->style.gb18030 && (w->cd = iconv_open("GB18030", "UTF-8")) == (iconv_t)-1)
        return fail(e, ST_FAILED, "export.open", w->path, strerror(errno), NULL);
    sweep(w);
    if (open_temp(w) < 0)
        return fail(e, ST_FAILED, "export.open", w->path, strerror(errno), NULL);
    (void)lock_temp(w->fd);         /* a file system without locks: nothing is swept there either */
    if (w->style.bom && !w->style.gb18030)
        buf_adds(&w->out, "\xEF\xBB\xBF");
    w->row_start = w->out.len;
    return ST_OK;
}

enum status csvwrite_open(const char *path, const struct csv_style *st, struct csvwrite **out, struct err *e)
{
    struct csvwrite *w = xcalloc(1, sizeof *w);

    w->style = *st;
    w->path = xstrdup(path);
    w->dir = w->fd = -1;
    w->cd = (iconv_t)-1;
    w->out = (struct buf)BUF_INIT;

    enum status rc = start_file(w, e);

    if (rc != ST_OK) {
        free_writer(w);
        w = NULL;
    }
    *out = w;
    return rc;
}

static void write_all(struct csvwrite *w, const char *s, size_t n)
{
    while (n > 0 && !w->error) {
        ssize_t did = write(w->fd, s, n);

        if (did < 0 && errno != EINTR)
            w->error = errno;
        if (did > 0) {
            s += did;
            n -= (size_t)did;
        }
    }
}

/* GB18030 holds every character, so only ill-formed text fails here. Whole rows are at hand. */
static void write_gb18030(struct csvwrite *w)
{
    char piece[8192], *in = w->out.s;
    size_t left = w->out.len;

    while (left > 0 && !w->error) {
        char *to = piece;
        size_t room = sizeof piece;

        if (iconv(w->cd, &in, &left, &to, &room) == (size_t)-1 && errno != E2BIG)
            w->error = errno;
        write_all(w, piece, (size_t)(to - piece));
    }
}

static void flush(struct csvwrite *w)
{
    if (w->cd != (iconv_t)-1)
        write_gb18030(w);
    else
        write_all(w, w->out.s, w->out.len);
    buf_clear(&w->out);
    w->row_start = 0;
}

void csvwrite_cell(struct csvwrite *w, const char *cell, enum csv_column col)
{
    if (w->cells++ > 0)
        buf_addc(&w->out, separator_of(&w->style));
    csv_cell(&w->out, &w->style, cell, col);
}

void csvwrite_end(struct csvwrite *w)
{
    end_row(&w->out, &w->style, w->row_start, w->cells);
    w->row_start = w->out.len;
    w->cells = 0;
    w->rows++;
    if (w->out.len >= FLUSH_AT)
        flush(w);
}

void csvwrite_row(struct csvwrite *w, const char *const *cell, int n)
{
    for (int i = 0; i < n; i++)
        csvwrite_cell(w, cell[i], CSV_TEXT);
    csvwrite_end(w);
}

void csvwrite_text(struct csvwrite *w, const char *s, size_t n)
{
    assert(w->cells == 0);
    buf_add(&w->out, s, n);
    if (w->out.len >= FLUSH_AT)
        flush(w);
    w->row_start = w->out.len;
}

int64_t csvwrite_rows(const struct csvwrite *w) { return w->rows; }

void csvwrite_mark(struct csvwrite *w)
{
    assert(w->cells == 0);
    if (w->rows == w->mark_rows)
        return;
    flush(w);
    off_t at = lseek(w->fd, 0, SEEK_CUR);
    if (at < 0)
        w->error = w->error ? w->error : errno;
    w->mark_at = at;
    w->mark_rows = w->rows;
}

void csvwrite_back(struct csvwrite *w)
{
    buf_clear(&w->out);
    w->row_start = 0;
    w->cells = 0;
    w->rows = w->mark_rows;
    if (lseek(w->fd, (off_t)w->mark_at, SEEK_SET) < 0 || ftruncate(w->fd, (off_t)w->mark_at) < 0)
        w->error = w->error ? w->error : errno;
}

static enum status not_written(const struct csvwrite *w, struct err *e)
{
    return fail(e, ST_FAILED, "export.write", w->path, strerror(w->error), NULL);
}

enum status csvwrite_sync(struct csvwrite *w, struct err *e)
{
    assert(w->cells == 0);
    flush(w);
    if (!w->error && fsync(w->fd) < 0)
        w->error = errno;
    return w->error ? not_written(w, e) : ST_OK;
}

enum status csvwrite_commit(struct csvwrite *w, struct err *e)
{
    assert(w->cells == 0);
    flush(w);
    if (!w->error && fsync(w->fd) < 0)
        w->error = errno;
    if (!w->error && !w->temp && name_temp(w) < 0)
        w->error = errno;
    if (!w->error && renameat(w->dir, w->temp, w->dir, base_name(w->path)) < 0)
        w->error = errno;
    if (w->error) {
        enum status st = not_written(w, e);

        csvwrite_abort(w);
        return st;
    }
    (void)fsync(w->dir);
    free_writer(w);
    return ST_OK;
}

void csvwrite_abort(struct csvwrite *w)
{
    if (!w)
        return;
    if (w->temp)
        unlinkat(w->dir, w->temp, 0);
    free_writer(w);
}
