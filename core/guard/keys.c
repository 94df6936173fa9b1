/* keys.c - sealing, blind indexes and sub-keys. The file is keyfile.c. */
#include "core/guard/keys.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crash.h"
#include "core/guard/keyfile.h"
#include "core/store/refcache.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PLACE_MAX = 192,            /* table|column|id|key */
};

_Static_assert(NONCE == 8 + crypto_shorthash_siphashx24_BYTES
               && (int)KEY >= (int)crypto_shorthash_siphashx24_KEYBYTES, "what a nonce is made of");
_Static_assert(KEYS_SEAL_EXTRA == 2 + NONCE + TAG, "the layout in the header");
_Static_assert((int)KEY == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES
               && (int)KEY == (int)KEYS_MAC, "one size of keys");

struct keys {
    struct ring *ring;
    const struct key *now, *former;     /* in the ring; former NULL: none */
    char in_use[32];                    /* what the data said of them */
    char id[KEYS_ID_MAX + 1];
    char *dir;                          /* NULL: the default */
    struct sealer sealer;
};

static const void *seal(void *self, struct arena *a, const char *table, const char *column,
                        int64_t id, const char *plain, size_t n, size_t *len);
static const char *open_sealed(void *self, struct arena *a, const char *table, const char *column,
                               int64_t id, const void *box, size_t len, struct err *e);
static void blind_index(void *self, const char *kind, const char *normal,
                        unsigned char out[SECRET_HASH]);
static bool former_index(void *self, const char *kind, const char *normal,
                         unsigned char out[SECRET_HASH]);
static enum status fresh(void *self, struct db *db, struct err *e);

/* ---- what is known --------------------------------------------------------------------------- */

/* Takes the ring in the place of the one before. The newest key is the current one until the data
 * says otherwise. */
static void use_ring(struct keys *k, struct ring *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct key *x = &r->key[i];
        if (x->past)
            continue;
        key_sub(x, "seal", x->seal);
        key_sub(x, "nonce", x->nonce);
        key_sub(x, "index", x->index);
    }
    sodium_mprotect_readonly(r);
    ring_free(k->ring);
    k->ring = r;
    k->now = &r->key[0];
    k->former = NULL;
    k->in_use[0] = 0;
}

static struct keys *keys_new(const char *dir, const char *id, struct ring *r)
{
    struct keys *k = xcalloc(1, sizeof *k);
    snprintf(k->id, sizeof k->id, "%s", id);
    k->dir = dir ? xstrdup(dir) : NULL;
    k->sealer = (struct sealer){
        .self = k, .seal = seal, .open = open_sealed, .index = blind_index,
        .former = former_index, .fresh = fresh,
    };
    use_ring(k, r);
    return k;
}

void keys_free(struct keys *k)
{
    if (!k)
        return;
    ring_free(k->ring);
    free(k->dir);
    free(k);
}

enum status keys_create(const char *dir, const char *id, struct keys **out, struct err *e)
{
    if (!keys_id_ok(id))
        return fail(e, ST_INVALID, "keys.id", id, NULL);
    struct ring *r = ring_new();
    r->first = true;
    r->n = 1;
    r->key[0].number = 1;
    r->key[0].made = clock_now() / CLOCK_SECOND;
    randombytes_buf(r->key[0].master, KEY);
    enum status st = keyfile_make(dir, id, r, e);
    if (st)
        ring_free(r);
    else
        *out = keys_new(dir, id, r);
    return st;
}

enum status keys_load(const char *dir, const char *id, struct keys **out, struct err *e)
{
    if (!keys_id_ok(id))
        return fail(e, ST_INVALID, "keys.id", id, NULL);
    struct ring *r = ring_new();
    enum status st = keyfile_read(dir, id, r, e);
    if (st)
        ring_free(r);
    else
        *out = keys_new(dir, id, r);
    return st;
}

enum status keys_typed(const char *dir, const char *id, const char *text, struct keys **out, struct err *e)
{
    struct ring *r = ring_new();
    enum status st = keyfile_typed(id, text, r, e);
    if (st)
        ring_free(r);
    else
        *out = keys_new(dir, id, r);
    return st;
}

enum status keys_write(const struct keys *k, struct err *e)
{
    return keyfile_make(k->dir, k->id, k->ring, e);
}

enum status keys_reload(struct keys *k, struct err *e)
{
    struct ring *r = ring_new();
    int now = k->now->number, former = k->former ? k->former->number : 0;
    enum status st = keyfile_read(k->dir, k->id, r, e);
    if (st) {
        ring_free(r);
        return st;
    }
    const struct key *same = ring_find(r, now);
    use_ring(k, r);
    if (same)
        k->now = same;
    k->former = former ? ring_find(r, former) : NULL;
    return ST_OK;
}

const char *keys_id(const struct keys *k)
{
    return k->id;
}

int keys_current(const struct keys *k)
{
    return k->now->number;
}

int keys_former(const struct keys *k)
{
    return k->former ? k->former->number : 0;
}

int keys_number_of(const void *box, size_t len)
{
    const unsigned char *b = box;
    return b && len >= KEYS_SEAL_EXTRA && b[0] == KEYS_SEAL_V1 ? b[1] : 0;
}

size_t keys_count(const struct keys *k)
{
    return k->ring->n;
}

struct key_info keys_info(const struct keys *k, size_t i)
{
    const struct key *x = &k->ring->key[i];
    return (struct key_info){ x->number, x->made * CLOCK_SECOND, x->past };
}

/* ---- which are in use ------------------------------------------------------------------------ */

/* A key of the file that opens: the file is read again for one that is not known. */
static const struct key *open_key(struct keys *k, int number, struct err *e)
{
    const struct key *x = ring_find(k->ring, number);
    if (!x && !keys_reload(k, e))
        x = ring_find(k->ring, number);
    return x && !x->past ? x : NULL;
}

static enum status absent(const struct keys *k, int number, struct err *e)
{
    struct arena a = ARENA_INIT;
    char text[8];
    snprintf(text, sizeof text, "%d", number);
    enum status st = fail(e, ST_FAILED, "keys.absent", text,
                          arena_printf(&a, "%s/%s.key", keys_dir(k->dir, &a), k->id), NULL);
    arena_free(&a);
    return st;
}

/* "CURRENT FORMER", former 0: none. */
static enum status take_in_use(struct keys *k, const char *text, struct err *e)
{
    char *rest;
    int now = (int)strtol(text, &rest, 10), former = (int)strtol(rest, NULL, 10);
    if (!open_key(k, now, e))
        return absent(k, now, e);
    if (former && !open_key(k, former, e))
        return absent(k, former, e);
    k->now = ring_find(k->ring, now);
    k->former = former ? ring_find(k->ring, former) : NULL;
    snprintf(k->in_use, sizeof k->in_use, "%s", text);
    return ST_OK;
}

static enum status fresh(void *self, struct db *db, struct err *e)
{
    struct keys *k = self;
    char text[sizeof k->in_use] = "1 0";
    struct stmt *s = db_query(db, "select value from meta where key = 'keys'", "");
    if (db_row(s))
        snprintf(text, sizeof text, "%s", db_text(s, 0));
    enum status st = db_end(s, e);
    if (st || strcmp(text, k->in_use) == 0)
        return st;
    explicit_bzero(refcache_memo(db_refs(db)), sizeof(struct secret_memo));
    return take_in_use(k, text, e);
}

/* ---- changing the file ----------------------------------------------------------------------- */

static enum status add_key(struct ring *r, void *arg, struct err *e)
{
    int number = r->key[0].number + 1;
    if (r->n == KEYS_MOST || number > KEYS_NUMBER_MAX)
        return fail(e, ST_CONFLICT, "keys.full", r->n == KEYS_MOST ? "32" : "255", NULL);
    memmove(&r->key[1], &r->key[0], r->n++ * sizeof r->key[0]);
    r->key[0] = (struct key){ .number = number, .made = clock_now() / CLOCK_SECOND };
    randombytes_buf(r->key[0].master, KEY);
    r->first = false;
    *(int *)arg = number;
    return ST_OK;
}

static enum status forget_key(struct ring *r, void *arg, struct err *e)
{
    const int *number = arg;
    struct key *x = ring_find(r, *number);
    char text[16];
    snprintf(text, sizeof text, "%d", *number);
    if (!x)
        return fail(e, ST_NOT_FOUND, "keys.none", text, NULL);
    key_forget(x);
    r->first = false;
    return ST_OK;
}

static enum status change_file(struct keys *k, int *number,
                               enum status (*change)(struct ring *r, void *arg, struct err *e),
                               struct err *e)
{
    struct ring *r = ring_new();
    enum status st = keyfile_change(k->dir, k->id, r, change, number, e);
    ring_free(r);
    return st ? st : keys_reload(k, e);
}

enum status keys_add(struct keys *k, int *number, struct err *e)
{
    return change_file(k, number, add_key, e);
}

enum status keys_forget(struct keys *k, int number, struct err *e)
{
    assert(number != keys_current(k) && number != keys_former(k));
    return change_file(k, &number, forget_key, e);
}

/* ---- sub-keys -------------------------------------------------------------------------------- */

bool keys_sub_of(const struct keys *k, int number, const char *name, unsigned char out[KEYS_MAC])
{
    const struct key *x = ring_find(k->ring, number);
    bool ok = x && key_sub(x, name, out);
    if (!ok)
        memset(out, 0, KEYS_MAC);
    return ok;
}

bool keys_mac_of(const struct keys *k, int number, const char *name, const void *p, size_t n,
                 unsigned char out[KEYS_MAC])
{
    unsigned char sub[KEYS_MAC];
    if (!keys_sub_of(k, number, name, sub)) {
        memset(out, 0, KEYS_MAC);
        return false;
    }
    crypto_generichash(out, KEYS_MAC, p, n, sub, sizeof sub);
    sodium_memzero(sub, sizeof sub);
    return true;
}

const unsigned char *keys_sub(const struct keys *k, const char *name, unsigned char out[KEYS_MAC])
{
    key_sub(k->now, name, out);
    return out;
}

void keys_mac(const struct keys *k, const char *name, const void *p, size_t n,
              unsigned char out[KEYS_MAC])
{
    keys_mac_of(k, k->now->number, name, p, n, out);
}

/* ---- copies ---------------------------------------------------------------------------------- */

char *keys_print(const struct keys *k, struct arena *a)
{
    return keyfile_print(k->id, k->ring, a);
}

static const char *folder_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    return !slash ? "." : slash == path ? "/" : arena_strndup(a, path, (size_t)(slash - path));
}

enum status keys_copy(const struct keys *k, const char *db, const char *path, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct stat theirs, ours;
    enum status st = ST_OK;
    if (stat(folder_of(path, &a), &ours) == 0 && stat(folder_of(db, &a), &theirs) == 0
        && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
        st = fail(e, ST_INVALID, "keys.beside", path, NULL);
    arena_free(&a);
    return st ? st : keyfile_copy(k->id, k->ring, path, e);
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
static void make_nonce(const struct key *k, struct arena *a, const char *ad, size_t nad,
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
    const struct key *k = ((const struct keys *)self)->now;
    char ad[PLACE_MAX];
    size_t nad = place(ad, table, column, id, k->number);
    unsigned char *box = arena_alloc(a, n + KEYS_SEAL_EXTRA);
    unsigned char *nonce = box + 2;
    box[0] = KEYS_SEAL_V1;
    box[1] = (unsigned char)k->number;
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
    const unsigned char *b = box;
    if (!b || len < KEYS_SEAL_EXTRA)
        return not_opened(table, column, id, e);
    if (b[0] != KEYS_SEAL_V1)
        return odd_number("secret.version", b[0], e);
    const struct key *k = open_key(self, b[1], NULL);
    if (!k)
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

static void index_with(const struct key *k, const char *kind, const char *normal,
                       unsigned char out[SECRET_HASH])
{
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

static void blind_index(void *self, const char *kind, const char *normal,
                        unsigned char out[SECRET_HASH])
{
    index_with(((const struct keys *)self)->now, kind, normal, out);
}

static bool former_index(void *self, const char *kind, const char *normal,
                         unsigned char out[SECRET_HASH])
{
    const struct keys *k = self;
    if (k->former)
        index_with(k->former, kind, normal, out);
    return k->former != NULL;
}
