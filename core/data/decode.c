#include "core/data/decode.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/text.h"
#include "core/data/sniff.h"

/* A raw block grows by half at most: two bytes of GB18030 or UTF-16 become three. */
enum { RAW = 64 << 10, OUT = RAW + RAW / 2, WIDE_PROOF = 3 };

enum encoding { ENC_UTF8, ENC_UTF16LE, ENC_UTF16BE, ENC_GB18030, ENC_COUNT };

static const struct { const char *name, *iconv, *mark; size_t mark_len; } encodings[ENC_COUNT] = {
    [ENC_UTF8] = { "utf-8", NULL, "\xEF\xBB\xBF", 3 },
    [ENC_UTF16LE] = { "utf-16le", "UTF-16LE", "\xFF\xFE", 2 },
    [ENC_UTF16BE] = { "utf-16be", "UTF-16BE", "\xFE\xFF", 2 },
    [ENC_GB18030] = { "gb18030", "GB18030", "\x84\x31\x95\x33", 4 },
};

static const struct { const char *name; enum encoding enc; } names[] = {
    { "utf-8", ENC_UTF8 }, { "utf8", ENC_UTF8 },
    { "utf-16le", ENC_UTF16LE }, { "utf16le", ENC_UTF16LE },
    { "utf-16be", ENC_UTF16BE }, { "utf16be", ENC_UTF16BE },
    { "gb18030", ENC_GB18030 }, { "gbk", ENC_GB18030 }, { "gb2312", ENC_GB18030 }, { "cp936", ENC_GB18030 },
};

struct decode {
    int fd;
    enum encoding enc;
    bool bom;
    iconv_t cd;             /* (iconv_t)-1 for UTF-8 */
    struct stat st;         /* as it was opened */
    int64_t offset;         /* where the next read begins */
    size_t len;             /* raw bytes at hand: raw[0..len) lies at offset - len */
    size_t used;            /* of them handed out */
    char raw[RAW];
    char out[OUT];
};

/* ---- reading --------------------------------------------------------------------------------------- */

static enum status read_at(const struct decode *d, int64_t offset, char *to, size_t want, size_t *got,
                           struct err *e)
{
    for (*got = 0; *got < want; ) {
        ssize_t n = pread(d->fd, to + *got, want - *got, offset + (int64_t)*got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(e, ST_FAILED, "import.read", strerror(errno), NULL);
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return ST_OK;
}

/* Moves what is not handed out to the front and fills up. */
static enum status refill(struct decode *d, struct err *e)
{
    size_t got;

    d->len -= d->used;
    memmove(d->raw, d->raw + d->used, d->len);
    d->used = 0;

    enum status st = read_at(d, d->offset, d->raw + d->len, RAW - d->len, &got, e);

    d->len += got;
    d->offset += (int64_t)got;
    return st;
}

/* ---- where something is wrong ---------------------------------------------------------------------- */

/* Counts line ends (LF, CR, CRLF) in n bytes; *cr carries a CR at the end over to the next piece. */
static int64_t count_lines(const char *p, size_t n, enum encoding enc, bool *cr)
{
    size_t unit = enc == ENC_UTF16LE || enc == ENC_UTF16BE ? 2 : 1;
    int64_t lines = 0;

    for (size_t i = 0; i + unit <= n; i += unit) {
        unsigned char lo = (unsigned char)p[i + (enc == ENC_UTF16BE)];
        unsigned char hi = unit == 2 ? (unsigned char)p[i + (enc == ENC_UTF16LE)] : 0;

        if (hi == 0 && (lo == '\r' || (lo == '\n' && !*cr)))
            lines++;
        *cr = hi == 0 && lo == '\r';
    }
    return lines;
}

/* The line that byte `at` of the file stands on. Slow: it reads the file again, once, to refuse it. */
static int64_t line_of(const struct decode *d, int64_t at)
{
    char piece[4096];
    int64_t line = 1;
    bool cr = false;
    size_t got;

    for (int64_t pos = 0; pos < at; pos += (int64_t)got) {
        size_t want = at - pos < (int64_t)sizeof piece ? (size_t)(at - pos) : sizeof piece;

        if (read_at(d, pos, piece, want, &got, NULL) != ST_OK || got == 0)
            break;
        line += count_lines(piece, got, d->enc, &cr);
    }
    return line;
}

/* Refuses the file because of byte `at`. name NULL leaves the encoding out of the parameters. */
static int refuse_at(const struct decode *d, int64_t at, const char *code, const char *name, struct err *e)
{
    char byte[24], line[24];

    snprintf(byte, sizeof byte, "%lld", (long long)at);
    snprintf(line, sizeof line, "%lld", (long long)line_of(d, at));
    if (name)
        fail(e, ST_FAILED, code, name, byte, line, NULL);
    else
        fail(e, ST_FAILED, code, byte, line, NULL);
    return -1;
}

/* ---- UTF-8 ----------------------------------------------------------------------------------------- */

/* Bytes of ASCII without NUL at s, eight at a time. */
static size_t ascii_span(const char *s, size_t n)
{
    const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
    size_t i = 0;

    for (uint64_t w; i + 8 <= n; i += 8) {
        memcpy(&w, s + i, 8);
        if (((w - ones) | w) & tops)
            break;
    }
    while (i < n && (signed char)s[i] > 0)
        i++;
    return i;
}

/* How long the character that begins with byte c is; 1 for what begins none. */
static size_t utf8_length(unsigned char c)
{
    return c >= 0xF0 && c <= 0xF4 ? 4 : c >= 0xE0 ? (c < 0xF0 ? 3 : 1) : c >= 0xC2 ? 2 : 1;
}

/* Could s, shorter than the character it begins, still become well-formed? */
static bool utf8_begun(const char *s, size_t n)
{
    unsigned char c = (unsigned char)s[0], second = n > 1 ? (unsigned char)s[1] : 0;

    for (size_t i = 1; i < n; i++)
        if (((unsigned char)s[i] & 0xC0) != 0x80)
            return false;
    if (n == 1)
        return true;
    return !((c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F) || (c == 0xF0 && second < 0x90) ||
             (c == 0xF4 && second > 0x8F));
}

size_t decode_utf8_span(const char *s, size_t n, bool *bad, int64_t *wide)
{
    size_t i = 0, len;

    *bad = false;
    while ((i += ascii_span(s + i, n - i)) < n) {
        size_t want = utf8_length((unsigned char)s[i]);

        if (want > n - i && utf8_begun(s + i, n - i))
            return i;
        text_char(s + i, n - i, &len);
        if (len != want || len == 1) {
            *bad = true;
            return i;
        }
        if (wide && len >= 3)
            ++*wide;
        i += len;
    }
    return n;
}

/* ---- the next piece -------------------------------------------------------------------------------- */

static int64_t here(const struct decode *d)
{
    return d->offset - (int64_t)(d->len - d->used);
}

/* Refuses what stands at the first byte not handed out. */
static int refuse_here(const struct decode *d, size_t skip, struct err *e)
{
    return refuse_at(d, here(d) + (int64_t)skip, "import.encoding", encodings[d->enc].name, e);
}

static int next_utf8(struct decode *d, const char **s, size_t *n, struct err *e)
{
    bool bad;
    size_t span = decode_utf8_span(d->raw, d->len, &bad, NULL);

    if (span == 0 && d->raw[0] == '\0')
        return refuse_at(d, here(d), "import.nul", NULL, e);
    if (span == 0)
        return refuse_here(d, 0, e);
    *s = d->raw;
    *n = d->used = span;
    return 1;
}

/* Refuses the first NUL among the characters that the raw bytes hold. */
static int refuse_nul(const struct decode *d, struct err *e)
{
    size_t unit = d->enc == ENC_GB18030 ? 1 : 2, at = 0;

    while (d->raw[at] != '\0' || (unit == 2 && d->raw[at + 1] != '\0'))
        at += unit;
    return refuse_at(d, here(d) + (int64_t)at, "import.nul", NULL, e);
}

static int next_iconv(struct decode *d, const char **s, size_t *n, struct err *e)
{
    char *in = d->raw, *out = d->out;
    size_t in_left = d->len, out_left = OUT;

    size_t rc = iconv(d->cd, &in, &in_left, &out, &out_left);

    assert(rc != (size_t)-1 || errno != E2BIG);
    (void)rc;
    if (in == d->raw)
        return refuse_here(d, 0, e);
    *s = d->out;
    *n = (size_t)(out - d->out);
    if (memchr(d->out, '\0', *n))
        return refuse_nul(d, e);
    d->used = (size_t)(in - d->raw);
    return 1;
}

/* Is the file what it was when it was opened? */
static enum status check_same(const struct decode *d, struct err *e)
{
    struct stat now;

    if (fstat(d->fd, &now) < 0)
        return fail(e, ST_FAILED, "import.read", strerror(errno), NULL);
    if (now.st_size != d->st.st_size || now.st_mtim.tv_sec != d->st.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != d->st.st_mtim.tv_nsec)
        return fail(e, ST_FAILED, "import.changed", NULL);
    return ST_OK;
}

int decode_next(struct decode *d, const char **s, size_t *n, struct err *e)
{
    if (refill(d, e) != ST_OK)
        return -1;
    if (d->len == 0 && d->offset != d->st.st_size)
        return fail(e, ST_FAILED, "import.changed", NULL), -1;
    if (d->len == 0)
        return check_same(d, e) == ST_OK ? 0 : -1;
    return d->enc == ENC_UTF8 ? next_utf8(d, s, n, e) : next_iconv(d, s, n, e);
}

/* ---- finding the encoding -------------------------------------------------------------------------- */

static void start_over(struct decode *d)
{
    d->offset = d->bom ? (int64_t)encodings[d->enc].mark_len : 0;
    d->len = d->used = 0;
}

/* Does the file begin with the mark of enc? */
static bool has_mark(const char *p, size_t n, enum encoding enc)
{
    return n >= encodings[enc].mark_len && memcmp(p, encodings[enc].mark, encodings[enc].mark_len) == 0;
}

/* A character that no text holds. */
static bool is_odd(unsigned char c)
{
    return c == 0x7F || (c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r' && c != 0x1A);
}

/* Text in UTF-16 without a mark: separators and line ends leave zeros, all on the same side, and the bytes
 * beside them are text. */
static bool looks_utf16(const char *p, size_t n, enum encoding *enc)
{
    size_t zeros[2] = { 0, 0 }, odd[2] = { 0, 0 };

    for (size_t i = 0; i + 1 < n; i += 2)
        for (size_t side = 0; side < 2; side++)
            if (p[i + side] == '\0') {
                zeros[side]++;
                odd[side] += is_odd((unsigned char)p[i + 1 - side]);
            }

    size_t side = zeros[1] > zeros[0];

    *enc = side ? ENC_UTF16LE : ENC_UTF16BE;
    return zeros[side] >= 2 && zeros[side] * 20 >= n && zeros[!side] * 20 <= zeros[side] &&
           odd[side] * 20 <= zeros[side];
}

/* More than one byte in twenty that no text holds, and not just the odd slip. */
static bool looks_binary(const char *p, size_t n)
{
    size_t odd = 0;

    for (size_t i = 0; i < n; i++)
        odd += is_odd((unsigned char)p[i]);
    return odd > 3 && odd * 20 > n;
}

enum pair { PAIR_BAD, PAIR_CUT, PAIR_ASCII, PAIR_LIKELY, PAIR_RARE, PAIR_ACCENT };

/* The character of GB18030 at p and its length. An accent of a western code page before an ASCII letter is
 * well-formed GBK too, but a rare one; the rows of GB 2312 and four-byte codes are what Chinese text uses. */
static enum pair gb18030_char(const unsigned char *p, size_t n, size_t *len)
{
    *len = 1;
    if (p[0] < 0x80)
        return PAIR_ASCII;
    if (p[0] == 0x80 || p[0] == 0xFF)
        return PAIR_BAD;
    if (n < 2)
        return PAIR_CUT;
    *len = 2;
    if (p[1] >= 0x30 && p[1] <= 0x39) {
        *len = 4;
        if (n < 4)
            return PAIR_CUT;
        return p[2] < 0x81 || p[2] > 0xFE || p[3] < 0x30 || p[3] > 0x39 ? PAIR_BAD : PAIR_LIKELY;
    }
    if (p[1] < 0x40 || p[1] == 0x7F || p[1] == 0xFF)
        return PAIR_BAD;
    if (p[0] >= 0xA1 && p[0] <= 0xF7 && p[1] >= 0xA1)
        return PAIR_LIKELY;
    return p[0] >= 0xC0 && ((p[1] | 32) >= 'a' && (p[1] | 32) <= 'z') ? PAIR_ACCENT : PAIR_RARE;
}

/* Well-formed GB18030, and more of it Chinese than accents? The last character may be cut off. */
static bool looks_gb18030(const unsigned char *p, size_t n)
{
    size_t count[PAIR_ACCENT + 1] = { 0 }, len;

    for (size_t i = 0; i < n; i += len)
        count[gb18030_char(p + i, n - i, &len)]++;
    return count[PAIR_BAD] == 0 && count[PAIR_LIKELY] + count[PAIR_RARE] > count[PAIR_ACCENT];
}

/* Looks at the lines around the first byte that is not UTF-8. */
static enum status judge_gb18030(struct decode *d, int64_t bad, bool *yes, struct err *e)
{
    int64_t from = bad > RAW / 2 ? bad - RAW / 2 : 0;
    size_t before = (size_t)(bad - from), got, skip = 0;

    if (read_at(d, from, d->raw, RAW, &got, e) != ST_OK)
        return ST_FAILED;
    while (from > 0 && skip < before && d->raw[skip] != '\n' && d->raw[skip] != '\r')
        skip++;     /* a line end is part of no character of GB18030 */
    *yes = looks_gb18030((const unsigned char *)d->raw + skip, got - skip);
    return ST_OK;
}

/* Reads the whole file as UTF-8; where that fails, decides what it is instead. */
static enum status find_8bit(struct decode *d, struct err *e)
{
    int64_t wide = 0, at;
    bool bad = false, gb = false;

    for (;;) {
        if (refill(d, e) != ST_OK)
            return ST_FAILED;
        if (d->len == 0)
            return ST_OK;
        d->used = decode_utf8_span(d->raw, d->len, &bad, &wide);
        if (bad || d->used == 0)
            break;
    }
    at = here(d);
    if (d->raw[d->used] == '\0')
        return refuse_at(d, at, "import.nul", NULL, e), ST_FAILED;
    if (wide >= WIDE_PROOF)
        return refuse_here(d, 0, e), ST_FAILED;
    if (judge_gb18030(d, at, &gb, e) != ST_OK)
        return ST_FAILED;
    if (!gb)
        return refuse_at(d, at, "import.encoding_unknown", NULL, e), ST_FAILED;
    d->enc = ENC_GB18030;
    return ST_OK;
}

static enum status find_encoding(struct decode *d, const char *p, size_t n, struct err *e)
{
    for (d->enc = 0; d->enc < ENC_COUNT; d->enc++)
        if ((d->bom = has_mark(p, n, d->enc)))
            return ST_OK;
    if (looks_utf16(p, n, &d->enc))
        return ST_OK;
    if (looks_binary(p, n))
        return fail(e, ST_FAILED, "import.binary", NULL);
    d->enc = ENC_UTF8;
    return find_8bit(d, e);
}

static enum status named_encoding(struct decode *d, const char *name, const char *p, size_t n, struct err *e)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i].name) == 0) {
            d->enc = names[i].enc;
            d->bom = has_mark(p, n, d->enc);
            return ST_OK;
        }
    return fail(e, ST_INVALID, "import.encoding_name", name, NULL);
}

/* ---- opening --------------------------------------------------------------------------------------- */

static enum status open_file(struct decode *d, const char *path, struct err *e)
{
    d->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (d->fd < 0 && errno == ENOENT)
        return fail(e, ST_NOT_FOUND, "import.no_file", path, NULL);
    if (d->fd < 0 || fstat(d->fd, &d->st) < 0)
        return fail(e, ST_FAILED, "import.open", path, strerror(errno), NULL);
    if (!S_ISREG(d->st.st_mode))
        return fail(e, ST_FAILED, "import.not_file", path, NULL);
    (void)posix_fadvise(d->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return ST_OK;
}

static enum status settle(struct decode *d, const char *encoding, struct err *e)
{
    char *prefix = d->out;
    size_t n;
    enum status st = read_at(d, 0, prefix, RAW, &n, e);

    if (st == ST_OK)
        st = sniff_bytes(prefix, n, e);
    if (st == ST_OK)
        st = encoding && *encoding ? named_encoding(d, encoding, prefix, n, e)
                                   : find_encoding(d, prefix, n, e);
    if (st == ST_OK && encodings[d->enc].iconv) {
        d->cd = iconv_open("UTF-8", encodings[d->enc].iconv);
        if (d->cd == (iconv_t)-1)
            st = fail(e, ST_FAILED, "import.encoding_name", encodings[d->enc].name, NULL);
    }
    start_over(d);
    return st;
}

enum status decode_open(const char *path, const char *encoding, struct decode **out, struct err *e)
{
    struct decode *d = xcalloc(1, sizeof *d);
    enum status st;

    d->fd = -1;
    d->cd = (iconv_t)-1;
    st = open_file(d, path, e);
    if (st == ST_OK)
        st = settle(d, encoding, e);
    if (st != ST_OK) {
        decode_close(d);
        d = NULL;
    }
    *out = d;
    return st;
}

void decode_close(struct decode *d)
{
    if (!d)
        return;
    if (d->cd != (iconv_t)-1)
        iconv_close(d->cd);
    if (d->fd >= 0)
        close(d->fd);
    free(d);
}

enum status decode_rewind(struct decode *d, struct err *e)
{
    enum status st = check_same(d, e);

    if (st == ST_OK)
        start_over(d);
    return st;
}

/* ---- facts ----------------------------------------------------------------------------------------- */

const char *decode_name(const struct decode *d) { return encodings[d->enc].name; }
bool decode_bom(const struct decode *d) { return d->bom; }
int64_t decode_consumed(const struct decode *d) { return here(d); }
int64_t decode_total(const struct decode *d) { return d->st.st_size; }

enum status decode_sha256(const struct decode *d, char out[SHA256_TEXT], struct err *e)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    char *piece = xmalloc(RAW);
    enum status st;
    size_t got = 0;

    crypto_hash_sha256_init(&state);
    for (int64_t pos = 0;; pos += (int64_t)got) {
        st = read_at(d, pos, piece, RAW, &got, e);
        if (st != ST_OK || got == 0)
            break;
        crypto_hash_sha256_update(&state, (unsigned char *)piece, got);
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(out, SHA256_TEXT, hash, sizeof hash);
    free(piece);
    return st;
}
