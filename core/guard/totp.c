#include "core/guard/totp.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* ---- SHA-1 ------------------------------------------------------------------------------------- */

enum { BLOCK = 64, SHA1 = 20 };

struct sha1 { uint32_t h[5]; uint64_t n; unsigned char block[BLOCK]; };

static uint32_t left(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static uint32_t read32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void write32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (24 - 8 * i));
}

/* FIPS 180-4, 6.1.2: f and K of each round of twenty. */
static uint32_t mix(int t, const uint32_t v[5])
{
    static const uint32_t k[4] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6 };
    uint32_t f = t < 20 ? (v[1] & v[2]) | (~v[1] & v[3])
                 : t >= 40 && t < 60 ? (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]) : v[1] ^ v[2] ^ v[3];
    return f + k[t / 20];
}

static void sha1_block(struct sha1 *s)
{
    uint32_t w[80], v[5];
    for (int t = 0; t < 80; t++)
        w[t] = t < 16 ? read32(s->block + 4 * t) : left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    memcpy(v, s->h, sizeof v);
    for (int t = 0; t < 80; t++) {
        uint32_t next = left(v[0], 5) + mix(t, v) + v[4] + w[t];
        v[4] = v[3];
        v[3] = v[2];
        v[2] = left(v[1], 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (int i = 0; i < 5; i++)
        s->h[i] += v[i];
    sodium_memzero(w, sizeof w);
}

static void sha1_init(struct sha1 *s)
{
    *s = (struct sha1){ .h = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 } };
}

static void sha1_add(struct sha1 *s, const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        s->block[s->n++ % BLOCK] = p[i];
        if (s->n % BLOCK == 0)
            sha1_block(s);
    }
}

static void sha1_end(struct sha1 *s, unsigned char out[SHA1])
{
    static const unsigned char one = 0x80, zero = 0;
    unsigned char bits[8];
    write32(bits, (uint32_t)(s->n * 8 >> 32));
    write32(bits + 4, (uint32_t)(s->n * 8));
    sha1_add(s, &one, 1);
    while (s->n % BLOCK != BLOCK - sizeof bits)
        sha1_add(s, &zero, 1);
    sha1_add(s, bits, sizeof bits);
    for (int i = 0; i < 5; i++)
        write32(out + 4 * i, s->h[i]);
    sodium_memzero(s, sizeof *s);
}

void totp_hmac(const unsigned char *key, size_t nkey, const unsigned char *text, size_t n,
               unsigned char out[20])
{
    unsigned char pad[BLOCK] = { 0 };
    struct sha1 s;
    sha1_init(&s);
    if (nkey > BLOCK) {
        sha1_add(&s, key, nkey);
        sha1_end(&s, pad);
    } else {
        memcpy(pad, key, nkey);
    }
    for (int i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36;
    sha1_init(&s);
    sha1_add(&s, pad, BLOCK);
    sha1_add(&s, text, n);
    sha1_end(&s, out);
    for (int i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    sha1_init(&s);
    sha1_add(&s, pad, BLOCK);
    sha1_add(&s, out, SHA1);
    sha1_end(&s, out);
    sodium_memzero(pad, sizeof pad);
}

/* ---- codes ------------------------------------------------------------------------------------- */

uint32_t totp_code(const unsigned char *secret, size_t n, int64_t step, int digits)
{
    unsigned char counter[8], mac[SHA1];
    uint32_t most = 1;
    write32(counter, (uint32_t)((uint64_t)step >> 32));
    write32(counter + 4, (uint32_t)step);
    totp_hmac(secret, n, counter, sizeof counter, mac);
    for (int i = 0; i < digits; i++)
        most *= 10;
    return (read32(mac + (mac[SHA1 - 1] & 15)) & 0x7fffffff) % most;
}

/* The six digits of what was typed, blanks left out; false: it is something else. */
static bool read_digits(const char *code, char out[TOTP_DIGITS])
{
    int n = 0;
    for (; *code; code++) {
        if (*code == ' ')
            continue;
        if (*code < '0' || *code > '9' || n == TOTP_DIGITS)
            return false;
        out[n++] = *code;
    }
    return n == TOTP_DIGITS;
}

bool totp_fits(const unsigned char secret[TOTP_BYTES], const char *code, int64_t now, int64_t last,
               int64_t *step)
{
    char typed[TOTP_DIGITS], right[TOTP_DIGITS + 1];
    int64_t at = now / (TOTP_SECONDS * (int64_t)CLOCK_SECOND);
    bool fits = false;
    if (!read_digits(code, typed))
        return false;
    for (int64_t s = at - 1; s <= at + 1; s++) {
        unsigned code_then = totp_code(secret, TOTP_BYTES, s, TOTP_DIGITS);
        snprintf(right, sizeof right, "%06u", code_then % 1000000);
        if (sodium_memcmp(typed, right, TOTP_DIGITS) == 0 && s > last && !fits) {
            *step = s;
            fits = true;
        }
    }
    sodium_memzero(right, sizeof right);
    return fits;
}

/* ---- base32 (RFC 4648, without padding: 20 bytes are 32 characters) ------------------------------ */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static void to_text(const unsigned char secret[TOTP_BYTES], char out[TOTP_TEXT])
{
    for (int i = 0; i < TOTP_TEXT - 1; i++) {
        int bit = i * 5, byte = bit / 8;
        unsigned two = (unsigned)secret[byte] << 8 | (byte + 1 < TOTP_BYTES ? secret[byte + 1] : 0u);
        out[i] = alphabet[two >> (11 - bit % 8) & 31];
    }
    out[TOTP_TEXT - 1] = 0;
}

bool totp_secret(const char *text, unsigned char out[TOTP_BYTES])
{
    memset(out, 0, TOTP_BYTES);
    if (strlen(text) != TOTP_TEXT - 1)
        return false;
    for (int i = 0; i < TOTP_TEXT - 1; i++) {
        const char *at = strchr(alphabet, text[i]);
        if (!at)
            return false;
        for (int b = 0; b < 5; b++)
            if ((at - alphabet) >> (4 - b) & 1)
                out[(i * 5 + b) / 8] |= (unsigned char)(0x80 >> (i * 5 + b) % 8);
    }
    return true;
}

/* ---- accounts ---------------------------------------------------------------------------------- */

struct stored { bool there, on; int64_t last; unsigned char secret[TOTP_BYTES]; };

static enum status find(struct ctx *c, int64_t account, struct stored *out)
{
    const struct sealer *s = db_sealer(c->db);
    struct err no = { 0 };
    *out = (struct stored){ 0 };
    struct stmt *q = db_query(c->db,
                              "select t.secret_enc, t.last_step, a.totp_at from account_totp t join account "
                              "a on a.id = t.account_id where t.account_id = $1", "i", account);
    if (db_row(q)) {
        const char *text = s->open(s->self, c->arena, "account_totp", "secret_enc", account, db_blob(q, 0),
                                   db_bytes(q, 0), &no);
        out->there = text && totp_secret(text, out->secret);
        out->last = db_int(q, 1);
        out->on = !db_null(q, 2);
        if (!out->there && !*no.code)
            fail(&no, ST_FAILED, "secret.damaged", "account_totp", "secret_enc", NULL);
    }
    enum status st = db_end(q, c->e);
    if (st || !*no.code)
        return st;
    *c->e = no;
    return no.status;
}

enum status totp_is_on(struct db *db, int64_t account, bool *on, struct err *e)
{
    int64_t n = 0;
    enum status st = db_get_int(db, e, &n,
                                "select count(*) from account where id = $1 and totp_at is not null", "i",
                                account);
    *on = !st && n > 0;
    return st;
}

static enum status check_off(struct ctx *c, int64_t account)
{
    bool on;
    enum status st = totp_is_on(c->db, account, &on, c->e);
    return st || !on ? st : fail(c->e, ST_CONFLICT, "totp.on", NULL);
}

enum status totp_start(struct ctx *c, int64_t account, char secret[TOTP_TEXT])
{
    const struct sealer *s = db_sealer(c->db);
    unsigned char bytes[TOTP_BYTES];
    size_t n;
    enum status st = check_off(c, account);
    if (st)
        return st;
    randombytes_buf(bytes, sizeof bytes);
    to_text(bytes, secret);
    sodium_memzero(bytes, sizeof bytes);
    const void *box = s->seal(s->self, c->arena, "account_totp", "secret_enc", account, secret,
                              TOTP_TEXT - 1, &n);
    return db_exec(c->db, c->e,
                   "insert into account_totp (account_id, secret_enc, made_at, last_step) values ($1, $2, "
                   "$3, 0) on conflict (account_id) do update set secret_enc = excluded.secret_enc,"
                   " made_at = excluded.made_at, last_step = 0", "ibi", account, box, n, c->now);
}

static enum status take(struct ctx *c, int64_t account, const struct stored *x, const char *code, bool *fits)
{
    int64_t step;
    *fits = totp_fits(x->secret, code, c->now, x->last, &step);
    if (!*fits)
        return ST_OK;
    return db_exec(c->db, c->e, "update account_totp set last_step = $1 where account_id = $2", "ii", step,
                   account);
}

static enum status put_on(struct ctx *c, int64_t account, int64_t at)
{
    return db_exec(c->db, c->e,
                   "update account set totp_at = $1, version = version + 1, updated_at = $2 where id = $3",
                   "Iii", at, c->now, account);
}

enum status totp_confirm(struct ctx *c, int64_t account, const char *code)
{
    struct stored x;
    bool fits = false;
    enum status st = find(c, account, &x);
    if (!st)
        st = x.on ? fail(c->e, ST_CONFLICT, "totp.on", NULL)
             : !x.there ? fail(c->e, ST_CONFLICT, "totp.none", NULL) : take(c, account, &x, code, &fits);
    if (!st && !fits)
        st = fail_field(c->e, ST_DENIED, "totp", "totp.wrong", NULL);
    sodium_memzero(&x, sizeof x);
    return st ? st : put_on(c, account, c->now);
}

enum status totp_take(struct ctx *c, int64_t account, const char *code, bool *fits)
{
    struct stored x;
    *fits = false;
    enum status st = find(c, account, &x);
    if (!st && x.on && x.there)
        st = take(c, account, &x, code, fits);
    sodium_memzero(&x, sizeof x);
    return st;
}

enum status totp_clear(struct ctx *c, int64_t account, bool *was)
{
    enum status st = totp_is_on(c->db, account, was, c->e);
    if (!st)
        st = db_exec(c->db, c->e, "delete from account_totp where account_id = $1", "i", account);
    return st || !*was ? st : put_on(c, account, NONE);
}
