/* log.c - JSON lines into a file that rotates.
 *
 * A line is one write() to a file opened with O_APPEND, so lines of several processes do not mix.
 * Who finds the file full takes a lock on it, looks whether another was faster (then the name leads
 * to another file), and renames the files one number up.
 */
#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static struct {
    char path[PATH_MAX];
    int fd;                 /* -1: closed */
    size_t max_bytes;
    int keep;
    int64_t lost;           /* lines that could not be written, told with the next one */
} out = { .fd = -1 };

static atomic_int least_level = LEVEL_ERROR + 1;
static _Thread_local char request[LOG_REQUEST];

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0640);
}

static void close_file(void)
{
    if (out.fd >= 0 && out.fd != STDERR_FILENO)
        close(out.fd);
    out.fd = -1;
}

enum status log_open(const char *path, size_t max_bytes, int keep, enum log_level least,
                     struct err *e)
{
    int fd;

    assert(keep >= 1 && max_bytes > 0);
    log_close();
    fd = strcmp(path, "-") == 0 ? STDERR_FILENO : open_file(path);
    if (fd < 0)
        return fail(e, ST_FAILED, "log.open", path, strerrordesc_np(errno), NULL);
    pthread_mutex_lock(&lock);
    snprintf(out.path, sizeof out.path, "%s", path);    /* open() takes no longer one */
    out.fd = fd;
    out.max_bytes = max_bytes;
    out.keep = keep;
    out.lost = 0;
    atomic_store(&least_level, (int)least);
    pthread_mutex_unlock(&lock);
    return ST_OK;
}

void log_close(void)
{
    pthread_mutex_lock(&lock);
    atomic_store(&least_level, LEVEL_ERROR + 1);
    close_file();
    pthread_mutex_unlock(&lock);
}

void log_set_level(enum log_level least)
{
    pthread_mutex_lock(&lock);
    if (out.fd >= 0)
        atomic_store(&least_level, (int)least);
    pthread_mutex_unlock(&lock);
}

bool log_wants(enum log_level level)
{
    return (int)level >= atomic_load_explicit(&least_level, memory_order_relaxed);
}

void log_request(const char *id)
{
    size_t n = id ? text_cut(id, LOG_REQUEST - 1) : 0;

    if (n)
        memcpy(request, id, n);
    request[n] = '\0';
}

static void shift_files(void)
{
    char from[PATH_MAX + 16], to[PATH_MAX + 16];

    for (int i = out.keep; i >= 1; i--) {
        snprintf(to, sizeof to, "%s.%d", out.path, i);
        if (i > 1)
            snprintf(from, sizeof from, "%s.%d", out.path, i - 1);
        else
            snprintf(from, sizeof from, "%s", out.path);
        rename(from, to);
    }
}

static bool same_file(int fd, const char *path)
{
    struct stat a, b;

    return fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/* Makes room for n bytes. Where the new file can't be made the old one grows on. */
static void rotate_for(size_t n)
{
    struct stat st;
    int fd;

    if (out.fd == STDERR_FILENO || fstat(out.fd, &st) != 0 || !S_ISREG(st.st_mode) ||
        st.st_size == 0 || (size_t)st.st_size + n <= out.max_bytes)
        return;
    if (flock(out.fd, LOCK_EX) != 0)
        return;
    if (same_file(out.fd, out.path))
        shift_files();
    fd = open_file(out.path);
    if (fd < 0) {
        flock(out.fd, LOCK_UN);
        return;
    }
    close_file();
    out.fd = fd;
}

static void add_head(struct jw *w, enum log_level level, const char *event)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    char now[CLOCK_TEXT];

    clock_rfc3339(clock_real(), now);
    jw_key(w, "time");
    jw_str(w, now);
    jw_key(w, "level");
    jw_str(w, names[level]);
    jw_key(w, "event");
    jw_str(w, event);
    jw_key(w, "pid");
    jw_int(w, getpid());
    if (*request) {
        jw_key(w, "req");
        jw_str(w, request);
    }
}

static void make_line(struct buf *line, enum log_level level, const char *event,
                      const struct log_field *f, int64_t lost)
{
    struct jw w;

    jw_init(&w, line);
    jw_object(&w);
    add_head(&w, level, event);
    for (; f->key; f++) {
        jw_key(&w, f->key);
        if (!f->is_text)
            jw_int(&w, f->number);
        else if (f->text)
            jw_strn(&w, f->text, text_cut(f->text, LOG_VALUE));
        else
            jw_null(&w);
    }
    if (lost) {
        jw_key(&w, "lost");
        jw_int(&w, lost);
    }
    jw_end_object(&w);
    buf_addc(line, '\n');
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    struct buf line = BUF_INIT;
    int was = errno;

    if (!log_wants(level))
        return;
    pthread_mutex_lock(&lock);
    if (out.fd >= 0) {
        make_line(&line, level, event, fields + 1, out.lost);
        rotate_for(line.len);
        if (write(out.fd, line.s, line.len) == (ssize_t)line.len)
            out.lost = 0;
        else
            out.lost++;
    }
    pthread_mutex_unlock(&lock);
    buf_release(&line);
    errno = was;
}
