/* keyfile.c - the key file: where it is, how it is written and read, and the key on paper. */
#include "core/guard/keyfile.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"

enum {
    CHECK = 8,                  /* bytes of a checksum in the file */
    WRITTEN_CHECK = 4,          /* and on paper */
    LINE_LEAST = 64,            /* a line of the file without its hex digits */
    FILE_TEXT = (KEYS_MOST + 2) * (LINE_LEAST + KEY_PROOFS * (2 * KEY + 1)),    /* holds any key file */
};

const char *const key_proofs[KEY_PROOFS] = { "audit", "audit.first", "audit.head", "answer" };

void keys_start_sodium(void)
{
    if (sodium_init() < 0)
        crash_die("libsodium does not start");
}

/* ---- keys in memory -------------------------------------------------------------------------- */

struct ring *ring_new(void)
{
    keys_start_sodium();
    struct ring *r = sodium_malloc(sizeof *r);
    if (!r)
        crash_die("out of memory");
    memset(r, 0, sizeof *r);
    return r;
}

void ring_free(struct ring *r)
{
    sodium_free(r);
}

struct key *ring_find(struct ring *r, int number)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->key[i].number == number)
            return &r->key[i];
    return NULL;
}

bool key_sub(const struct key *k, const char *name, unsigned char out[KEY])
{
    if (!k->past) {
        crypto_generichash(out, KEY, (const unsigned char *)name, strlen(name), k->master, KEY);
        return true;
    }
    for (size_t i = 0; i < KEY_PROOFS; i++)
        if (strcmp(name, key_proofs[i]) == 0) {
            memcpy(out, k->proof[i], KEY);
            return true;
        }
    return false;
}

void key_forget(struct key *k)
{
    for (size_t i = 0; i < KEY_PROOFS && !k->past; i++)
        key_sub(k, key_proofs[i], k->proof[i]);
    k->past = true;
    sodium_memzero(k->master, KEY);
    sodium_memzero(k->seal, KEY);
    sodium_memzero(k->nonce, KEY);
    sodium_memzero(k->index, KEY);
}

/* ---- where the file is ----------------------------------------------------------------------- */

const char *keys_dir(const char *dir, struct arena *a)
{
    const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");
    if (dir && *dir)
        return arena_strdup(a, dir);
    if (config && *config == '/')
        return arena_printf(a, "%s/gonghai/keys", config);
    if (!home || *home != '/') {
        const struct passwd *me = getpwuid(geteuid());
        home = me ? me->pw_dir : "";
    }
    return arena_printf(a, "%s/.config/gonghai/keys", home);
}

bool keys_id_ok(const char *id)
{
    size_t n = strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz-");
    return n > 0 && n <= KEYS_ID_MAX && id[n] == 0;
}

/* Makes the directory and those above it that are missing. */
static bool make_dirs(char *dir)
{
    for (char *p = dir + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        int rc = mkdir(dir, 0700);
        *p = '/';
        if (rc && errno != EEXIST)
            return false;
    }
    return mkdir(dir, 0700) == 0 || errno == EEXIST;
}

/* Opens the key directory. Who may write it may put another key in place. */
static enum status open_dir(const char *dir, const char *path, int *fd, struct err *e)
{
    struct stat st;
    *fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0 || fstat(*fd, &st) < 0)
        return fail(e, ST_FAILED, "keys.read", path, strerror(errno), NULL);
    if (st.st_mode & (S_IWGRP | S_IWOTH)) {
        close(*fd);
        return fail(e, ST_FAILED, "keys.open_to_others", dir, NULL);
    }
    return ST_OK;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Wiped after use. In one piece: what grows leaves its bytes behind. */
struct text { size_t n; char s[FILE_TEXT]; };

__attribute__((format(printf, 2, 3)))
static void add(struct text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(t->s + t->n, sizeof t->s - t->n, fmt, ap);
    va_end(ap);
    t->n += (size_t)n;
    assert(n >= 0 && t->n < sizeof t->s);
}

static void add_hex(struct text *t, const unsigned char *p, size_t n)
{
    char hex[2 * KEY + 1];
    add(t, " %s", sodium_bin2hex(hex, sizeof hex, p, n));
    sodium_memzero(hex, sizeof hex);
}

static void add_key(struct text *t, const struct ring *r, const struct key *k)
{
    add(t, "%s %d", k->past ? "past" : "key", k->number);
    if (!r->first)
        add(t, " %" PRId64, k->made);
    if (!k->past)
        add_hex(t, k->master, KEY);
    for (size_t i = 0; i < KEY_PROOFS && k->past; i++)
        add_hex(t, k->proof[i], KEY);
    add(t, "\n");
}

/* The file's text: a ring has exactly one, so that reading it is rendering it again and
 * comparing. */
static void render(const char *id, const struct ring *r, struct text *t)
{
    unsigned char sum[crypto_generichash_BYTES];
    t->n = 0;
    add(t, "gonghai-key %d\nid %s\n", r->first ? 1 : 2, id);
    for (size_t i = 0; i < r->n; i++)
        add_key(t, r, &r->key[i]);
    crypto_generichash(sum, sizeof sum, (const unsigned char *)t->s, t->n, NULL, 0);
    add(t, "check");
    add_hex(t, sum, CHECK);
    add(t, "\n");
}

static bool take_hex(const char **p, unsigned char out[KEY])
{
    const char *end;
    if (**p != ' ' || sodium_hex2bin(out, KEY, *p + 1, 2 * KEY, NULL, NULL, &end)
        || end != *p + 1 + 2 * KEY)
        return false;
    *p = end;
    return true;
}

/* One "key" or "past" line, up to its end. */
static bool take_key(struct ring *r, const char *line, bool past)
{
    char *p;
    long number = strtol(line, &p, 10);
    if (r->n == KEYS_MOST || number < 1 || number > KEYS_NUMBER_MAX
        || (r->n && number >= r->key[r->n - 1].number))
        return false;
    struct key *k = &r->key[r->n++];
    k->number = (int)number;
    k->past = past;
    if (!r->first)
        k->made = strtoll(p, &p, 10);
    const char *hex = p;
    if (!past)
        return take_hex(&hex, k->master);
    for (size_t i = 0; i < KEY_PROOFS; i++)
        if (!take_hex(&hex, k->proof[i]))
            return false;
    return true;
}

/* text ends in NUL. Loose: the comparison is strict. */
static bool parse(const char *id, const char *text, size_t n, struct ring *r)
{
    struct text same;
    bool ok = true;
    r->first = strncmp(text, "gonghai-key 1\n", 14) == 0;
    for (const char *p = text; ok && (p = strchr(p, '\n'));) {
        p++;
        if (strncmp(p, "key ", 4) == 0)
            ok = take_key(r, p + 4, false);
        else if (strncmp(p, "past ", 5) == 0)
            ok = take_key(r, p + 5, true);
    }
    if (!ok || !r->n)
        return false;
    render(id, r, &same);
    ok = same.n == n && sodium_memcmp(same.s, text, n) == 0;
    sodium_memzero(&same, sizeof same);
    return ok;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t got = write(fd, p, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static enum status write_file(int dir_fd, const char *name, const char *path, const char *text,
                              size_t n, struct err *e)
{
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return fail(e, ST_CONFLICT, "keys.exists", path, NULL);
    if (fd < 0)
        return fail(e, ST_FAILED, "keys.write", path, strerror(errno), NULL);
    bool ok = write_all(fd, text, n) && fsync(fd) == 0;
    int why = errno;
    if (close(fd) && ok) {
        ok = false;
        why = errno;
    }
    if (ok && fsync(dir_fd) == 0)
        return ST_OK;
    if (ok)
        why = errno;
    unlinkat(dir_fd, name, 0);
    return fail(e, ST_FAILED, "keys.write", path, strerror(why), NULL);
}

/* The key directory, made where it is missing, and the name of the file in it. */
struct place { struct arena a; const char *dir, *name, *path; int fd; };

static void place_end(struct place *p)
{
    if (p->fd >= 0)
        close(p->fd);
    arena_free(&p->a);
}

static enum status place_begin(struct place *p, const char *dir, const char *id, struct err *e)
{
    *p = (struct place){ .a = ARENA_INIT, .fd = -1 };
    char *where = arena_strdup(&p->a, keys_dir(dir, &p->a));
    p->dir = where;
    p->name = arena_printf(&p->a, "%s.key", id);
    p->path = arena_printf(&p->a, "%s/%s", where, p->name);
    enum status st = make_dirs(where) ? open_dir(where, p->path, &p->fd, e)
        : fail(e, ST_FAILED, "keys.write", p->path, strerror(errno), NULL);
    if (st)
        place_end(p);
    return st;
}

static enum status write_ring(struct place *p, const char *name, const char *id,
                              const struct ring *r, struct err *e)
{
    struct text text;
    render(id, r, &text);
    enum status st = write_file(p->fd, name, p->path, text.s, text.n, e);
    sodium_memzero(&text, sizeof text);
    return st;
}

enum status keyfile_make(const char *dir, const char *id, const struct ring *r, struct err *e)
{
    struct place p;
    enum status st = place_begin(&p, dir, id, e);
    if (st)
        return st;
    st = write_ring(&p, p.name, id, r, e);
    place_end(&p);
    return st;
}

static enum status check_file(int fd, const char *path, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return fail(e, ST_FAILED, "keys.read", path, strerror(errno), NULL);
    if (!S_ISREG(st.st_mode))
        return fail(e, ST_FAILED, "keys.damaged", path, NULL);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return fail(e, ST_FAILED, "keys.open_to_others", path, NULL);
    return ST_OK;
}

static enum status read_text(int fd, const char *id, const char *path, struct ring *r,
                             struct err *e)
{
    char text[FILE_TEXT];
    struct stat st;
    size_t n = 0;
    ssize_t got = 1;
    while (n < sizeof text - 1 && got > 0) {
        got = read(fd, text + n, sizeof text - 1 - n);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            n += (size_t)got;
    }
    enum status result = ST_OK;
    text[n] = 0;
    if (got < 0)
        result = fail(e, ST_FAILED, "keys.read", path, strerror(errno), NULL);
    else if (strlen(text) != n || !parse(id, text, n, r))
        result = fail(e, ST_FAILED, "keys.damaged", path, NULL);
    else if (r->first && fstat(fd, &st) == 0)
        r->key[0].made = st.st_mtime;
    sodium_memzero(text, sizeof text);
    return result;
}

/* O_NONBLOCK: a pipe in the file's place is refused, not waited for. */
static enum status load(const char *id, const char *where, const char *path, struct ring *r,
                        struct err *e)
{
    int dir_fd, fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(e, ST_FAILED, "keys.missing", id, path, NULL);
    if (fd < 0)
        return fail(e, ST_FAILED, "keys.read", path, strerror(errno), NULL);
    enum status st = open_dir(where, path, &dir_fd, e);
    if (!st) {
        close(dir_fd);
        st = check_file(fd, path, e);
    }
    if (!st)
        st = read_text(fd, id, path, r, e);
    close(fd);
    return st;
}

enum status keyfile_read(const char *dir, const char *id, struct ring *r, struct err *e)
{
    struct arena a = ARENA_INIT;
    const char *where = keys_dir(dir, &a);
    memset(r, 0, sizeof *r);
    enum status st = load(id, where, arena_printf(&a, "%s/%s.key", where, id), r, e);
    arena_free(&a);
    return st;
}

/* ---- changing it ----------------------------------------------------------------------------- */

/* The new file is whole on the disk before it takes the old one's name. */
static enum status replace(struct place *p, const char *id, const struct ring *r, struct err *e)
{
    const char *fresh = arena_printf(&p->a, "%s.new", p->name);
    unlinkat(p->fd, fresh, 0);          /* of a process that was killed: we hold the lock */
    enum status st = write_ring(p, fresh, id, r, e);
    if (!st && (renameat(p->fd, fresh, p->fd, p->name) || fsync(p->fd))) {
        st = fail(e, ST_FAILED, "keys.write", p->path, strerror(errno), NULL);
        unlinkat(p->fd, fresh, 0);
    }
    return st;
}

enum status keyfile_change(const char *dir, const char *id, struct ring *r,
                           enum status (*change)(struct ring *r, void *arg, struct err *e),
                           void *arg, struct err *e)
{
    struct place p;
    enum status st = place_begin(&p, dir, id, e);
    if (st)
        return st;
    if (flock(p.fd, LOCK_EX))
        st = fail(e, ST_FAILED, "keys.write", p.path, strerror(errno), NULL);
    memset(r, 0, sizeof *r);
    if (!st)
        st = load(id, p.dir, p.path, r, e);
    if (!st)
        st = change(r, arg, e);
    if (!st)
        st = replace(&p, id, r, e);
    place_end(&p);
    return st;
}

enum status keyfile_copy(const char *id, const struct ring *r, const char *path, struct err *e)
{
    struct place p = { .a = ARENA_INIT, .path = path };
    const char *slash = strrchr(path, '/');
    const char *dir = !slash ? "." : slash == path ? "/"
        : arena_strndup(&p.a, path, (size_t)(slash - path));
    p.fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status st = p.fd < 0 ? fail(e, ST_FAILED, "keys.write", path, strerror(errno), NULL)
        : write_ring(&p, slash ? slash + 1 : path, id, r, e);
    place_end(&p);
    return st;
}

/* ---- on paper -------------------------------------------------------------------------------- */

/* What is written down: the one key that was never changed and a checksum; or, after paper_mark, how
 * many bytes follow (2 bytes), for each key its number, whether it is past, when it was made (s, 4
 * bytes) and what the file has of it, and the checksum. */
enum { PAPER_LEN = 2, PAPER_HEAD = 6, PAPER_GROUPS = 16 /* a line */,
       PAPER_MAX = PAPER_LEN + KEYS_MOST * (PAPER_HEAD + KEY_PROOFS * KEY) + WRITTEN_CHECK };

static const char paper_mark[] = "K2";

static size_t paper_write(const struct ring *r, unsigned char *out)
{
    size_t n = 0;
    if (r->first) {
        memcpy(out, r->key[0].master, KEY);
        return KEY;
    }
    n = PAPER_LEN;
    for (size_t i = 0; i < r->n; i++) {
        const struct key *k = &r->key[i];
        out[n++] = (unsigned char)k->number;
        out[n++] = k->past;
        for (int b = 24; b >= 0; b -= 8)
            out[n++] = (unsigned char)((uint64_t)k->made >> b);
        const size_t size = k->past ? sizeof k->proof : sizeof k->master;
        memcpy(out + n, k->past ? &k->proof[0][0] : k->master, size);
        n += size;
    }
    out[0] = (unsigned char)((n - PAPER_LEN + WRITTEN_CHECK) >> 8);
    out[1] = (unsigned char)(n - PAPER_LEN + WRITTEN_CHECK);
    return n;
}

static bool paper_read(const unsigned char *p, size_t n, bool many, struct ring *r)
{
    memset(r, 0, sizeof *r);
    if (!many && n == KEY) {
        r->first = true;
        r->n = 1;
        r->key[0].number = 1;
        memcpy(r->key[0].master, p, KEY);
        return true;
    }
    size_t at = PAPER_LEN;
    if (!many || n < PAPER_LEN || (size_t)(p[0] << 8 | p[1]) != n - PAPER_LEN + WRITTEN_CHECK)
        return false;
    while (at < n && r->n < KEYS_MOST) {
        struct key *k = &r->key[r->n];
        if (n - at < PAPER_HEAD)
            return false;
        *k = (struct key){ .number = p[at], .past = p[at + 1] == 1 };
        for (int b = 0; b < 4; b++)
            k->made = k->made << 8 | p[at + 2 + (size_t)b];
        at += PAPER_HEAD;
        const size_t size = k->past ? sizeof k->proof : sizeof k->master;
        if (n - at < size || k->number < 1 || (r->n && k->number >= k[-1].number))
            return false;
        memcpy(k->past ? &k->proof[0][0] : k->master, p + at, size);
        at += size;
        r->n++;
    }
    return at == n && r->n > 0;
}

static void written_check(const char *id, const unsigned char *p, size_t n,
                          unsigned char out[WRITTEN_CHECK])
{
    unsigned char sum[crypto_generichash_BYTES];
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, sizeof sum);
    crypto_generichash_update(&st, (const unsigned char *)id, strlen(id) + 1);
    crypto_generichash_update(&st, p, n);
    crypto_generichash_final(&st, sum, sizeof sum);
    memcpy(out, sum, WRITTEN_CHECK);
}

char *keyfile_print(const char *id, const struct ring *r, struct arena *a)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char all[PAPER_MAX];
    size_t n = paper_write(r, all);
    written_check(id, all, n, all + n);
    n += WRITTEN_CHECK;
    char *text = arena_alloc(a, sizeof paper_mark + 5 * ((n + 1) / 2) + 2), *p = text;
    if (!r->first) {
        memcpy(p, paper_mark, sizeof paper_mark - 1);
        p += sizeof paper_mark - 1;
        *p++ = ' ';
    }
    for (size_t i = 0; i < n; i++) {
        if (i && i % 2 == 0)
            *p++ = i / 2 % PAPER_GROUPS == 0 && !r->first ? '\n' : ' ';
        *p++ = digits[all[i] >> 4];
        *p++ = digits[all[i] & 15];
    }
    *p = 0;
    sodium_memzero(all, sizeof all);
    return text;
}

/* Hex digits among blanks and dashes into bytes; 0 unless there are whole ones, at most `size`. */
static size_t read_hex(const char *text, unsigned char *out, size_t size)
{
    size_t got = 0;
    for (; *text; text++) {
        int c = tolower((unsigned char)*text);
        if (isspace(c) || c == '-')
            continue;
        if (!isxdigit(c) || got == 2 * size)
            return 0;
        unsigned v = c <= '9' ? (unsigned)c - '0' : (unsigned)c - 'a' + 10;
        out[got / 2] = (unsigned char)(got % 2 ? out[got / 2] | v : v << 4);
        got++;
    }
    return got % 2 ? 0 : got / 2;
}

static bool marked(const char **text)
{
    *text += strspn(*text, " \t\r\n");
    bool is = strncasecmp(*text, paper_mark, sizeof paper_mark - 1) == 0;
    *text += is ? sizeof paper_mark - 1 : 0;
    return is;
}

bool keys_text_whole(const char *text)
{
    unsigned char all[PAPER_MAX + 1];
    bool whole = true;
    if (marked(&text)) {
        size_t n = read_hex(text, all, sizeof all);
        whole = n >= PAPER_LEN && n - PAPER_LEN >= (size_t)(all[0] << 8 | all[1]);
    }
    sodium_memzero(all, sizeof all);
    return whole;
}

enum status keyfile_typed(const char *id, const char *text, struct ring *r, struct err *e)
{
    unsigned char all[PAPER_MAX], check[WRITTEN_CHECK];
    if (!keys_id_ok(id))
        return fail(e, ST_INVALID, "keys.id", id, NULL);
    bool many = marked(&text);
    size_t n = read_hex(text, all, sizeof all);
    bool ok = n > WRITTEN_CHECK;
    if (ok) {
        n -= WRITTEN_CHECK;
        written_check(id, all, n, check);
        ok = sodium_memcmp(check, all + n, WRITTEN_CHECK) == 0 && paper_read(all, n, many, r);
    }
    sodium_memzero(all, sizeof all);
    return ok ? ST_OK : fail(e, ST_INVALID, "keys.text", NULL);
}

enum status keys_import(const char *dir, const char *id, const char *text, struct err *e)
{
    struct ring *r = ring_new();
    enum status st = keyfile_typed(id, text, r, e);
    if (!st)
        st = keyfile_make(dir, id, r, e);
    ring_free(r);
    return st;
}
