#include "core/guard/keys.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"

enum {
    KEY = 32,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    FIRST_KEY = 1,              /* the only key number so far */
    CHECK = 8,                  /* bytes of a checksum in the file */
    WRITTEN_CHECK = 4,          /* and on paper */
    FILE_TEXT = 512,            /* holds any key file */
    PLACE_MAX = 192,            /* table|column|id|key */
};

_Static_assert(NONCE == 8 + crypto_shorthash_siphashx24_BYTES
               && KEY >= crypto_shorthash_siphashx24_KEYBYTES, "what a nonce is made of");
_Static_assert(KEYS_SEAL_EXTRA == 2 + NONCE + TAG, "the layout in the header");
_Static_assert(KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES
               && KEY == (int)KEYS_MAC, "one size of keys");

/* In memory of its own: locked, between guard pages, read-only once made. */
struct keys {
    unsigned char master[KEY], seal[KEY], nonce[KEY], index[KEY];
    char id[KEYS_ID_MAX + 1];
    struct sealer sealer;
};

static const void *seal(void *self, struct arena *a, const char *table, const char *column,
                        int64_t id, const char *plain, size_t n, size_t *len);
static const char *open_sealed(void *self, struct arena *a, const char *table, const char *column,
                               int64_t id, const void *box, size_t len, struct err *e);
static void blind_index(void *self, const char *kind, const char *normal,
                        unsigned char out[SECRET_HASH]);

static void start_sodium(void)
{
    if (sodium_init() < 0)
        crash_die("libsodium does not start");
}

static struct keys *keys_new(const char *id, const unsigned char master[KEY])
{
    start_sodium();
    struct keys *k = sodium_malloc(sizeof *k);
    if (!k)
        crash_die("out of memory");
    memset(k, 0, sizeof *k);
    memcpy(k->master, master, KEY);
    snprintf(k->id, sizeof k->id, "%s", id);
    keys_sub(k, "seal", k->seal);
    keys_sub(k, "nonce", k->nonce);
    keys_sub(k, "index", k->index);
    k->sealer = (struct sealer){
        .self = k, .seal = seal, .open = open_sealed, .index = blind_index,
    };
    sodium_mprotect_readonly(k);
    return k;
}

void keys_free(struct keys *k)
{
    sodium_free(k);
}

const char *keys_id(const struct keys *k)
{
    return k->id;
}

const unsigned char *keys_sub(const struct keys *k, const char *name, unsigned char out[KEYS_MAC])
{
    crypto_generichash(out, KEYS_MAC, (const unsigned char *)name, strlen(name), k->master, KEY);
    return out;
}

void keys_mac(const struct keys *k, const char *name, const void *p, size_t n,
              unsigned char out[KEYS_MAC])
{
    unsigned char sub[KEYS_MAC];
    keys_sub(k, name, sub);
    crypto_generichash(out, KEYS_MAC, p, n, sub, sizeof sub);
    sodium_memzero(sub, sizeof sub);
}

/* ---- sealing --------------------------------------------------------------------------------- */

const struct sealer *keys_sealer(const struct keys *k)
{
    return &k->sealer;
}

static size_t put_int(char *out, int64_t v)
{
    char digits[24];
    size_t n = 0, len = 0;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        digits[n++] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        out[len++] = '-';
    while (n)
        out[len++] = digits[--n];
    return len;
}

/* "table|column|id|key": where a value stands. Done by hand, for every value pays for it. */
static size_t place(char out[PLACE_MAX], const char *table, const char *column, int64_t id,
                    int number)
{
    size_t t = strlen(table), c = strlen(column), n = 0;
    assert(t + c + 32 < PLACE_MAX);
    memcpy(out, table, t);
    n += t;
    out[n++] = '|';
    memcpy(out + n, column, c);
    n += c;
    out[n++] = '|';
    n += put_int(out + n, id);
    out[n++] = '|';
    return n + put_int(out + n, number);
}

/* The row's id, then a keyed hash of place and value: see the header. */
static void make_nonce(const struct keys *k, struct arena *a, const char *ad, size_t nad,
                       int64_t id, const char *plain, size_t n, unsigned char out[NONCE])
{
    unsigned char small[PLACE_MAX + 256], *text = small;
    size_t len = nad + 1 + n;
    if (len > sizeof small)
        text = arena_alloc(a, len);
    memcpy(text, ad, nad);
    text[nad] = 0;
    memcpy(text + nad + 1, plain, n);
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)((uint64_t)id >> 8 * i);
    crypto_shorthash_siphashx24(out + 8, text, len, k->nonce);
    sodium_memzero(text, len);
}

static const void *seal(void *self, struct arena *a, const char *table, const char *column,
                        int64_t id, const char *plain, size_t n, size_t *len)
{
    const struct keys *k = self;
    char ad[PLACE_MAX];
    size_t nad = place(ad, table, column, id, FIRST_KEY);
    unsigned char *box = arena_alloc(a, n + KEYS_SEAL_EXTRA);
    unsigned char *nonce = box + 2;
    box[0] = KEYS_SEAL_V1;
    box[1] = FIRST_KEY;
    make_nonce(k, a, ad, nad, id, plain, n, nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE, NULL, (const unsigned char *)plain, n,
                                               (const unsigned char *)ad, nad, NULL, nonce,
                                               k->seal);
    *len = n + KEYS_SEAL_EXTRA;
    return box;
}

static const char *not_opened(const char *table, const char *column, int64_t id, struct err *e)
{
    char text[24];
    text[put_int(text, id)] = 0;
    fail(e, ST_FAILED, "secret.damaged", table, column, text, NULL);
    return NULL;
}

static const char *odd_number(const char *code, int number, struct err *e)
{
    char text[8];
    snprintf(text, sizeof text, "%d", number);
    fail(e, ST_FAILED, code, text, NULL);
    return NULL;
}

static const char *open_sealed(void *self, struct arena *a, const char *table, const char *column,
                               int64_t id, const void *box, size_t len, struct err *e)
{
    const struct keys *k = self;
    const unsigned char *b = box;
    if (!b || len < KEYS_SEAL_EXTRA)
        return not_opened(table, column, id, e);
    if (b[0] != KEYS_SEAL_V1)
        return odd_number("secret.version", b[0], e);
    if (b[1] != FIRST_KEY)
        return odd_number("secret.key", b[1], e);
    char ad[PLACE_MAX];
    size_t nad = place(ad, table, column, id, b[1]);
    char *plain = arena_alloc(a, len - KEYS_SEAL_EXTRA + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)plain, NULL, NULL,
                                                   b + 2 + NONCE, len - 2 - NONCE,
                                                   (const unsigned char *)ad, nad, b + 2, k->seal))
        return not_opened(table, column, id, e);
    return plain;
}

static void blind_index(void *self, const char *kind, const char *normal,
                        unsigned char out[SECRET_HASH])
{
    const struct keys *k = self;
    unsigned char text[256];
    size_t nkind = strlen(kind) + 1, n = strlen(normal);
    if (nkind + n <= sizeof text) {
        memcpy(text, kind, nkind);
        memcpy(text + nkind, normal, n);
        crypto_generichash(out, SECRET_HASH, text, nkind + n, k->index, KEY);
        sodium_memzero(text, nkind + n);
        return;
    }
    crypto_generichash_state st;
    crypto_generichash_init(&st, k->index, KEY, SECRET_HASH);
    crypto_generichash_update(&st, (const unsigned char *)kind, nkind);
    crypto_generichash_update(&st, (const unsigned char *)normal, n);
    crypto_generichash_final(&st, out, SECRET_HASH);
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

static bool id_ok(const char *id)
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

/* The file's text: a key has exactly one, so that reading it is rendering it again and
 * comparing. */
static size_t render(const char *id, const unsigned char master[KEY], char out[FILE_TEXT])
{
    char hex[2 * KEY + 1], check[2 * CHECK + 1];
    unsigned char sum[crypto_generichash_BYTES];
    sodium_bin2hex(hex, sizeof hex, master, KEY);
    int n = snprintf(out, FILE_TEXT, "gonghai-key 1\nid %s\nkey %d %s\n", id, FIRST_KEY, hex);
    crypto_generichash(sum, sizeof sum, (const unsigned char *)out, (size_t)n, NULL, 0);
    sodium_bin2hex(check, sizeof check, sum, CHECK);
    n += snprintf(out + n, FILE_TEXT - (size_t)n, "check %s\n", check);
    sodium_memzero(hex, sizeof hex);
    assert(n < FILE_TEXT);
    return (size_t)n;
}

static bool parse(const char *id, const char *text, size_t n, unsigned char master[KEY])
{
    char same[FILE_TEXT];
    const char *key = memmem(text, n, "\nkey 1 ", 7);
    if (!key || (size_t)(text + n - key) < 7 + 2 * KEY)
        return false;
    if (sodium_hex2bin(master, KEY, key + 7, 2 * KEY, NULL, NULL, NULL))
        return false;
    size_t len = render(id, master, same);
    bool ok = len == n && sodium_memcmp(same, text, n) == 0;
    sodium_memzero(same, sizeof same);
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

static enum status keep(const char *dir, const char *id, const unsigned char master[KEY],
                        struct err *e)
{
    struct arena a = ARENA_INIT;
    char *where = arena_strdup(&a, keys_dir(dir, &a));
    const char *name = arena_printf(&a, "%s.key", id);
    const char *path = arena_printf(&a, "%s/%s", where, name);
    char text[FILE_TEXT];
    enum status st = ST_OK;
    int fd = -1;
    if (!make_dirs(where))
        st = fail(e, ST_FAILED, "keys.write", path, strerror(errno), NULL);
    if (!st)
        st = open_dir(where, path, &fd, e);
    if (!st)
        st = write_file(fd, name, path, text, render(id, master, text), e);
    if (fd >= 0)
        close(fd);
    sodium_memzero(text, sizeof text);
    arena_free(&a);
    return st;
}

enum status keys_create(const char *dir, const char *id, struct keys **out, struct err *e)
{
    unsigned char master[KEY];
    if (!id_ok(id))
        return fail(e, ST_INVALID, "keys.id", id, NULL);
    start_sodium();
    randombytes_buf(master, sizeof master);
    enum status st = keep(dir, id, master, e);
    if (!st)
        *out = keys_new(id, master);
    sodium_memzero(master, sizeof master);
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

static enum status read_file(int fd, const char *id, const char *path, unsigned char master[KEY],
                             struct err *e)
{
    char text[FILE_TEXT];
    ssize_t n;
    enum status st = check_file(fd, path, e);
    if (st)
        return st;
    do
        n = read(fd, text, sizeof text);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        st = fail(e, ST_FAILED, "keys.read", path, strerror(errno), NULL);
    else if (!parse(id, text, (size_t)n, master))
        st = fail(e, ST_FAILED, "keys.damaged", path, NULL);
    sodium_memzero(text, sizeof text);
    return st;
}

/* O_NONBLOCK: a pipe in the file's place is refused, not waited for. */
static enum status load(const char *id, const char *where, const char *path,
                        unsigned char master[KEY], struct err *e)
{
    int dir_fd, fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(e, ST_FAILED, "keys.missing", id, path, NULL);
    if (fd < 0)
        return fail(e, ST_FAILED, "keys.read", path, strerror(errno), NULL);
    enum status st = open_dir(where, path, &dir_fd, e);
    if (!st) {
        close(dir_fd);
        st = read_file(fd, id, path, master, e);
    }
    close(fd);
    return st;
}

enum status keys_load(const char *dir, const char *id, struct keys **out, struct err *e)
{
    struct arena a = ARENA_INIT;
    unsigned char master[KEY];
    if (!id_ok(id))
        return fail(e, ST_INVALID, "keys.id", id, NULL);
    start_sodium();
    const char *where = keys_dir(dir, &a);
    enum status st = load(id, where, arena_printf(&a, "%s/%s.key", where, id), master, e);
    if (!st)
        *out = keys_new(id, master);
    sodium_memzero(master, sizeof master);
    arena_free(&a);
    return st;
}

/* ---- on paper -------------------------------------------------------------------------------- */

static void written_check(const char *id, const unsigned char master[KEY],
                          unsigned char out[WRITTEN_CHECK])
{
    unsigned char sum[crypto_generichash_BYTES];
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, sizeof sum);
    crypto_generichash_update(&st, (const unsigned char *)id, strlen(id) + 1);
    crypto_generichash_update(&st, master, KEY);
    crypto_generichash_final(&st, sum, sizeof sum);
    memcpy(out, sum, WRITTEN_CHECK);
}

char *keys_print(const struct keys *k, struct arena *a)
{
    enum { BYTES = KEY + WRITTEN_CHECK };
    unsigned char all[BYTES];
    char hex[2 * BYTES + 1], *text = arena_alloc(a, 3 * BYTES), *p = text;
    memcpy(all, k->master, KEY);
    written_check(k->id, k->master, all + KEY);
    sodium_bin2hex(hex, sizeof hex, all, sizeof all);
    for (size_t i = 0; hex[i]; i++) {
        if (i && i % 4 == 0)
            *p++ = ' ';
        *p++ = hex[i];
    }
    sodium_memzero(all, sizeof all);
    sodium_memzero(hex, sizeof hex);
    return text;
}

/* Hex digits among blanks and dashes into bytes; false unless they fill out exactly. */
static bool read_hex(const char *text, unsigned char *out, size_t n)
{
    size_t got = 0;
    for (; *text; text++) {
        int c = tolower((unsigned char)*text);
        if (isspace(c) || c == '-')
            continue;
        if (!isxdigit(c) || got == 2 * n)
            return false;
        unsigned v = c <= '9' ? (unsigned)c - '0' : (unsigned)c - 'a' + 10;
        out[got / 2] = (unsigned char)(got % 2 ? out[got / 2] | v : v << 4);
        got++;
    }
    return got == 2 * n;
}

enum status keys_import(const char *dir, const char *id, const char *text, struct err *e)
{
    unsigned char all[KEY + WRITTEN_CHECK], check[WRITTEN_CHECK];
    if (!id_ok(id))
        return fail(e, ST_INVALID, "keys.id", id, NULL);
    start_sodium();
    bool ok = read_hex(text, all, sizeof all);
    if (ok) {
        written_check(id, all, check);
        ok = sodium_memcmp(check, all + KEY, WRITTEN_CHECK) == 0;
    }
    enum status st = ok ? keep(dir, id, all, e) : fail(e, ST_INVALID, "keys.text", NULL);
    sodium_memzero(all, sizeof all);
    return st;
}
