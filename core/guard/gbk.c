/* gbk.c - the backup's file: a header in plain text,
 *
 *     gonghai-backup 1
 *     id 0123abcd
 *     key 2                                      not for the first key
 *     schema 1
 *     created 1790000000000
 *     bytes 1048576
 *     audit gonghai-audit 1 17 b2:... b2:...     not when there is no audit row
 *     rows lead 8000                             one line a table
 *     stream 48 hex digits                       the secretstream's header
 *     mac 64 hex digits                          over all lines before it
 *
 * and then the chunks, CHUNK bytes of database each (the last one less), the last tagged as final.
 */
#include "core/guard/gbk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define STREAM(name) crypto_secretstream_xchacha20poly1305_##name

enum { CHUNK = 64 << 10, SEALED_CHUNK = CHUNK + STREAM(ABYTES) };

static const char format_line[] = "gonghai-backup 1\n";

/* ---- progress -------------------------------------------------------------------------------- */

void stage_advance(void *arg, int done, int total)
{
    const struct stage *s = arg;
    if (s->watch && s->watch->progress && total > 0)
        s->watch->progress(s->watch->arg,
                           s->from + (int)((int64_t)(s->to - s->from) * done / total), 1000);
}

static void advance_bytes(struct stage *s, int64_t done, int64_t total)
{
    stage_advance(s, total > 0 ? (int)(done * 1000 / total) : 1000, 1000);
}

const atomic_bool *stage_cancel(const struct stage *s)
{
    return s->watch ? s->watch->cancel : NULL;
}

static enum status check_cancel(const struct stage *s, struct err *e)
{
    const atomic_bool *flag = stage_cancel(s);
    if (flag && atomic_load(flag))
        return fail(e, ST_CANCELLED, "cancelled", NULL);
    return ST_OK;
}

/* ---- files ----------------------------------------------------------------------------------- */

enum status gbk_io_error(struct err *e, const char *code, const char *path)
{
    return fail(e, ST_FAILED, code, path, strerror(errno), NULL);
}

/* Up to n bytes: less only at the end of the file; -1 on error. */
static ssize_t read_full(int fd, void *p, size_t n)
{
    size_t got = 0;
    while (got < n) {
        ssize_t r = read(fd, (char *)p + got, n - got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return -1;
        if (r == 0)
            break;
        got += (size_t)r;
    }
    return (ssize_t)got;
}

bool gbk_write_full(int fd, const void *p, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t w = write(fd, (const char *)p + done, n - done);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return false;
        done += (size_t)w;
    }
    return true;
}

static int new_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* ---- the header ------------------------------------------------------------------------------ */

static void header_write(const struct backup_info *info, const unsigned char stream[GBK_STREAM],
                         const struct keys *k, struct buf *out)
{
    char hex[2 * KEYS_MAC + 1];
    unsigned char mac[KEYS_MAC];
    buf_addf(out, "%sid %s\n", format_line, info->id);
    if (info->key != 1)
        buf_addf(out, "key %d\n", info->key);
    buf_addf(out, "schema %d\ncreated %" PRId64 "\nbytes %" PRId64 "\n", info->schema,
             info->created, info->bytes);
    if (info->anchor[0])
        buf_addf(out, "audit %s\n", info->anchor);
    for (size_t i = 0; i < info->ntables; i++)
        buf_addf(out, "rows %s %" PRId64 "\n", info->tables[i].name, info->tables[i].rows);
    buf_addf(out, "stream %s\n", sodium_bin2hex(hex, sizeof hex, stream, GBK_STREAM));
    keys_mac_of(k, info->key, "backup.header", out->s, out->len, mac);
    buf_addf(out, "mac %s\n", sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
}

static bool take_text(char *out, size_t size, const char *value)
{
    return (size_t)snprintf(out, size, "%s", value) < size;
}

static bool take_hex(unsigned char *out, size_t n, const char *value)
{
    return strlen(value) == 2 * n && sodium_hex2bin(out, n, value, 2 * n, NULL, NULL, NULL) == 0;
}

static bool take_rows(struct backup_info *info, const char *value)
{
    size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyz_");
    if (n == 0 || n >= BACKUP_NAME || value[n] != ' ' || info->ntables == BACKUP_TABLES)
        return false;
    memcpy(info->tables[info->ntables].name, value, n);
    info->tables[info->ntables++].rows = strtoll(value + n, NULL, 10);
    return true;
}

static bool take_line(struct gbk_header *h, const char *key, const char *value)
{
    if (strcmp(key, "id") == 0)
        return take_text(h->info.id, sizeof h->info.id, value);
    if (strcmp(key, "key") == 0)
        h->info.key = atoi(value);
    else if (strcmp(key, "schema") == 0)
        h->info.schema = atoi(value);
    else if (strcmp(key, "created") == 0)
        h->info.created = strtoll(value, NULL, 10);
    else if (strcmp(key, "bytes") == 0)
        h->info.bytes = strtoll(value, NULL, 10);
    else if (strcmp(key, "audit") == 0)
        return take_text(h->info.anchor, sizeof h->info.anchor, value);
    else if (strcmp(key, "rows") == 0)
        return take_rows(&h->info, value);
    else if (strcmp(key, "stream") == 0)
        return take_hex(h->stream, sizeof h->stream, value);
    else if (strcmp(key, "mac") == 0)
        return take_hex(h->mac, sizeof h->mac, value);
    else
        return false;
    return true;
}

/* Takes the lines apart, up to that of the MAC. */
static bool header_lines(struct gbk_header *h, size_t n)
{
    struct arena a = ARENA_INIT;
    size_t at = sizeof format_line - 1;
    bool ok = true;
    while (ok && !h->len) {
        char *end = memchr(h->text + at, '\n', n - at);
        char *line = end ? arena_strndup(&a, h->text + at, (size_t)(end - h->text) - at) : NULL;
        char *value = line ? strchr(line, ' ') : NULL;
        ok = value != NULL;
        if (!ok)
            break;
        *value++ = 0;
        ok = take_line(h, line, value);
        if (strcmp(line, "mac") == 0) {
            h->covered = at;
            h->len = (size_t)(end + 1 - h->text);
        }
        at = (size_t)(end + 1 - h->text);
    }
    arena_free(&a);
    return ok;
}

/* Reads the header and leaves fd at the first chunk. */
static enum status header_read(int fd, const char *path, struct gbk_header *h, struct err *e)
{
    const size_t common = sizeof format_line - 3;       /* "gonghai-backup " */
    *h = (struct gbk_header){ .info.key = 1 };
    ssize_t n = read_full(fd, h->text, GBK_HEADER_MAX);
    if (n < 0)
        return gbk_io_error(e, "backup.read", path);
    if ((size_t)n <= common || memcmp(h->text, format_line, common) != 0)
        return fail(e, ST_INVALID, "backup.not_ours", path, NULL);
    if (strncmp(h->text, format_line, sizeof format_line - 1) != 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", atoi(h->text + common));
        return fail(e, ST_FAILED, "backup.newer", path, number, NULL);
    }
    if (!header_lines(h, (size_t)n) || lseek(fd, (off_t)h->len, SEEK_SET) < 0)
        return fail(e, ST_FAILED, "backup.damaged", path, NULL);
    return ST_OK;
}

enum status gbk_open(const char *path, int *fd, struct gbk_header *h, struct err *e)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0 && errno == ENOENT)
        return fail(e, ST_NOT_FOUND, "backup.missing", path, NULL);
    if (*fd < 0)
        return gbk_io_error(e, "backup.read", path);
    enum status st = header_read(*fd, path, h, e);
    if (st)
        close(*fd);
    return st;
}

/* ---- sealing and opening --------------------------------------------------------------------- */

static enum status seal_chunks(int from, int to, STREAM(state) *stream, const char *path,
                               int64_t bytes, struct stage *stage, struct err *e)
{
    unsigned char *plain = xmalloc(CHUNK), *sealed = xmalloc(SEALED_CHUNK);
    enum status st = ST_OK;
    for (int64_t done = 0; !st;) {
        unsigned long long len;
        ssize_t n = read_full(from, plain, CHUNK);
        if (n < 0) {
            st = gbk_io_error(e, "backup.read", path);
            break;
        }
        done += n;
        bool last = n < CHUNK;
        STREAM(push)(stream, sealed, &len, plain, (unsigned long long)n, NULL, 0,
                     last ? STREAM(TAG_FINAL) : 0);
        if (!gbk_write_full(to, sealed, (size_t)len))
            st = gbk_io_error(e, "backup.write", path);
        if (!st)
            st = check_cancel(stage, e);
        advance_bytes(stage, done, bytes);
        if (last)
            break;
    }
    sodium_memzero(plain, CHUNK);
    free(plain);
    free(sealed);
    return st;
}

static enum status seal_open(int from, int to, const char *path, const struct keys *k,
                             struct backup_info *info, struct stage *stage, struct err *e)
{
    unsigned char key[KEYS_MAC], start[GBK_STREAM];
    STREAM(state) stream;
    struct buf head = BUF_INIT;
    struct stat size;
    enum status st = ST_OK;
    if (fstat(from, &size) < 0)
        return gbk_io_error(e, "backup.read", path);
    info->bytes = size.st_size;
    keys_sub_of(k, info->key, "backup", key);
    STREAM(init_push)(&stream, start, key);
    header_write(info, start, k, &head);
    if (head.len > GBK_HEADER_MAX || !gbk_write_full(to, head.s, head.len))
        st = gbk_io_error(e, "backup.write", path);
    if (!st)
        st = seal_chunks(from, to, &stream, path, info->bytes, stage, e);
    if (!st && fsync(to) < 0)
        st = gbk_io_error(e, "backup.write", path);
    buf_release(&head);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&stream, sizeof stream);
    return st;
}

enum status gbk_seal(const char *from, const char *to, const struct keys *k,
                     struct backup_info *info, struct stage *stage, struct err *e)
{
    int in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (in < 0)
        return gbk_io_error(e, "backup.read", from);
    int out = new_file(to);
    enum status st = out < 0 ? gbk_io_error(e, "backup.write", to)
        : seal_open(in, out, to, k, info, stage, e);
    if (out >= 0 && close(out) < 0 && !st)
        st = gbk_io_error(e, "backup.write", to);
    close(in);
    return st;
}

static enum status open_chunks(int from, int to, STREAM(state) *stream, const char *path,
                               int64_t bytes, struct stage *stage, struct err *e)
{
    unsigned char *plain = xmalloc(CHUNK), *sealed = xmalloc(SEALED_CHUNK), tag = 0;
    enum status st = ST_OK;
    int64_t done = 0;
    while (!st && tag != STREAM(TAG_FINAL)) {
        unsigned long long len;
        ssize_t n = read_full(from, sealed, SEALED_CHUNK);
        if (n < 0)
            st = gbk_io_error(e, "backup.read", path);
        else if (STREAM(pull)(stream, plain, &len, &tag, sealed, (unsigned long long)n, NULL, 0))
            st = fail(e, ST_FAILED, "backup.damaged", path, NULL);
        else if (!gbk_write_full(to, plain, (size_t)len))
            st = gbk_io_error(e, "backup.write", path);
        else
            done += (int64_t)len;
        if (!st)
            st = check_cancel(stage, e);
        advance_bytes(stage, done, bytes);
    }
    if (!st && (done != bytes || read_full(from, sealed, 1) != 0))
        st = fail(e, ST_FAILED, "backup.damaged", path, NULL);
    sodium_memzero(plain, CHUNK);
    free(plain);
    free(sealed);
    return st;
}

static enum status check_header(const struct gbk_header *h, const struct keys *k, const char *path,
                                struct err *e)
{
    unsigned char mac[KEYS_MAC];
    if (!keys_mac_of(k, h->info.key, "backup.header", h->text, h->covered, mac)
        || sodium_memcmp(mac, h->mac, sizeof mac) != 0
        || strcmp(h->info.id, keys_id(k)) != 0)
        return fail(e, ST_FAILED, "backup.key", path, NULL);
    return ST_OK;
}

static enum status unseal_to(int from, const char *path, const char *to, const struct keys *k,
                             const struct gbk_header *h, struct stage *stage, struct err *e)
{
    unsigned char key[KEYS_MAC];
    STREAM(state) stream;
    enum status st;
    int out = new_file(to);
    if (out < 0)
        return gbk_io_error(e, "backup.write", to);
    keys_sub_of(k, h->info.key, "backup", key);
    if (STREAM(init_pull)(&stream, h->stream, key))
        st = fail(e, ST_FAILED, "backup.damaged", path, NULL);
    else
        st = open_chunks(from, out, &stream, path, h->info.bytes, stage, e);
    if (!st && fsync(out) < 0)
        st = gbk_io_error(e, "backup.write", to);
    if (close(out) < 0 && !st)
        st = gbk_io_error(e, "backup.write", to);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&stream, sizeof stream);
    return st;
}

enum status gbk_unseal(const char *path, const char *to, const struct keys *k, struct gbk_header *h,
                       struct stage *stage, struct err *e)
{
    int from;
    enum status st = gbk_open(path, &from, h, e);
    if (st)
        return st;
    st = check_header(h, k, path, e);
    if (!st)
        st = unseal_to(from, path, to, k, h, stage, e);
    close(from);
    return st;
}
