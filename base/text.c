/* text.c - UTF-8, widths, cleaning.
 *
 * Everything shown goes through one walker, next_shown(): it yields what stands in the cells, piece
 * by piece. A piece is a run of plain ASCII, one character, one mark on it, or the substitute of
 * what may not be shown. Width, cleaning and fitting are three loops over it, so they can't
 * disagree.
 */
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <langinfo.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#include "base/arena.h"
#include "base/buf.h"

enum {
    REPLACEMENT = 0xFFFD,
    GETA = 0x3013,              /* 〓, what Chinese print sets for a missing character */
    ELLIPSIS = 0x2026,
    MARKS_MAX = 8,
    FOLD_STACK = 512            /* code points that text_key() works on without malloc */
};

/* --- UTF-8 ------------------------------------------------------------------------------------ */

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Bytes of the well-formed sequence at p, 0 if there is none; Unicode 3.9, table 3-7. */
static size_t sequence(const unsigned char *p, size_t n)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t want;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    want = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (n < want)
        return 0;
    if (p[0] == 0xE0)
        low = 0xA0;
    else if (p[0] == 0xED)
        high = 0x9F;
    else if (p[0] == 0xF0)
        low = 0x90;
    else if (p[0] == 0xF4)
        high = 0x8F;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < want; i++)
        if (!is_tail(p[i]))
            return 0;
    return want;
}

uint32_t text_char(const char *s, size_t n, size_t *len)
{
    const unsigned char *p = (const unsigned char *)s;

    *len = 0;
    if (n == 0)
        return 0;
    *len = sequence(p, n);
    switch (*len) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3:
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    case 4:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
               (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default:
        *len = 1;
        return REPLACEMENT;
    }
}

size_t text_put(char *out, uint32_t c)
{
    unsigned char *p = (unsigned char *)out;

    assert(c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF));
    if (c < 0x80) {
        p[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (unsigned char)(0xC0 | c >> 6);
        p[1] = (unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (unsigned char)(0xE0 | c >> 12);
        p[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        p[2] = (unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    p[0] = (unsigned char)(0xF0 | c >> 18);
    p[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
    p[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
    p[3] = (unsigned char)(0x80 | (c & 0x3F));
    return 4;
}

/* Eight bytes at a step. */
size_t text_ascii(const char *s, size_t n)
{
    const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        uint64_t x;

        memcpy(&x, s + i, 8);
        if (((x - ones * 0x20) | (x + ones) | x) & tops)
            break;
    }
    while (i < n && s[i] >= 0x20 && s[i] < 0x7F)
        i++;
    return i;
}

bool text_valid(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t i = 0, len;

    while (i < n) {
        i += text_ascii(s + i, n - i);
        if (i == n)
            break;
        len = sequence(p + i, n - i);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

size_t text_count(const char *s)
{
    size_t n = strlen(s), count = 0, len;

    while (n > 0) {
        text_char(s, n, &len);
        s += len;
        n -= len;
        count++;
    }
    return count;
}

/* Never looks behind the n bytes: the last lead byte says how many should follow it. */
size_t text_cut(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t len = strnlen(s, n);

    if (len < n)
        return len;
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned char c = p[n - back];

        if (is_tail(c))
            continue;
        if (c >= 0xC2 && c <= 0xF4 && back < (c < 0xE0 ? 2u : c < 0xF0 ? 3u : 4u))
            return n - back;
        break;
    }
    return n;
}

/* --- what may be shown ------------------------------------------------------------------------ */

static bool between(uint32_t c, uint32_t low, uint32_t high)
{
    return c >= low && c <= high;
}

bool text_hidden(uint32_t c)
{
    if (c < 0x20 || between(c, 0x7F, 0x9F))
        return true;
    if (c < 0xAD || between(c, 0x3400, 0x9FFF))
        return false;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:          /* bidi, zero-width, tags, soft hyphen */
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        break;
    }
    /* Marks and letters that draw nothing: grapheme joiner, fillers, inherent vowels, variation
     * selectors; and what Unicode keeps free for more of the same. */
    return c == 0x034F || between(c, 0x115F, 0x1160) || between(c, 0x17B4, 0x17B5) ||
           between(c, 0x180B, 0x180F) || between(c, 0x2060, 0x206F) || c == 0x3164 ||
           between(c, 0xFE00, 0xFE0F) || c == 0xFFA0 || between(c, 0xFFF0, 0xFFF8) ||
           between(c, 0xE0000, 0xE0FFF);
}

bool text_safe(uint32_t c)
{
    if (c < 0x7F)
        return c >= 0x20;
    return !text_hidden(c) && wcwidth((wchar_t)c) >= 0;
}

/* Blocks whose characters take two cells, also those that this machine's tables do not know yet. */
static bool is_wide_block(uint32_t c)
{
    return between(c, 0x2E80, 0xA4CF) || between(c, 0xA960, 0xA97F) || between(c, 0xAC00, 0xD7A3) ||
           between(c, 0xF900, 0xFAFF) || between(c, 0xFE30, 0xFE6F) || between(c, 0xFF01, 0xFF60) ||
           between(c, 0x16FE0, 0x18DFF) || between(c, 0x1AFF0, 0x1B2FF) ||
           between(c, 0x1F300, 0x1FAFF) || between(c, 0x20000, 0x3FFFD);
}

/* --- ambiguous characters --------------------------------------------------------------------- */

/* What the terminal gives them; 0: as the locale says. */
static int ambiguous_cells;

/* East_Asian_Width=A of Unicode 14 without marks and private use. */
static const uint32_t ambiguous[][2] = {
    { 0xA1, 0xA1 }, { 0xA4, 0xA4 }, { 0xA7, 0xA8 }, { 0xAA, 0xAA }, { 0xAE, 0xAE }, { 0xB0, 0xB4 },
    { 0xB6, 0xBA }, { 0xBC, 0xBF }, { 0xC6, 0xC6 }, { 0xD0, 0xD0 }, { 0xD7, 0xD8 }, { 0xDE, 0xE1 },
    { 0xE6, 0xE6 }, { 0xE8, 0xEA }, { 0xEC, 0xED }, { 0xF0, 0xF0 }, { 0xF2, 0xF3 }, { 0xF7, 0xFA },
    { 0xFC, 0xFC }, { 0xFE, 0xFE }, { 0x101, 0x101 }, { 0x111, 0x111 }, { 0x113, 0x113 },
    { 0x11B, 0x11B }, { 0x126, 0x127 }, { 0x12B, 0x12B }, { 0x131, 0x133 }, { 0x138, 0x138 },
    { 0x13F, 0x142 }, { 0x144, 0x144 }, { 0x148, 0x14B }, { 0x14D, 0x14D }, { 0x152, 0x153 },
    { 0x166, 0x167 }, { 0x16B, 0x16B }, { 0x1CE, 0x1CE }, { 0x1D0, 0x1D0 }, { 0x1D2, 0x1D2 },
    { 0x1D4, 0x1D4 }, { 0x1D6, 0x1D6 }, { 0x1D8, 0x1D8 }, { 0x1DA, 0x1DA }, { 0x1DC, 0x1DC },
    { 0x251, 0x251 }, { 0x261, 0x261 }, { 0x2C4, 0x2C4 }, { 0x2C7, 0x2C7 }, { 0x2C9, 0x2CB },
    { 0x2CD, 0x2CD }, { 0x2D0, 0x2D0 }, { 0x2D8, 0x2DB }, { 0x2DD, 0x2DD }, { 0x2DF, 0x2DF },
    { 0x391, 0x3A1 }, { 0x3A3, 0x3A9 }, { 0x3B1, 0x3C1 }, { 0x3C3, 0x3C9 }, { 0x401, 0x401 },
    { 0x410, 0x44F }, { 0x451, 0x451 }, { 0x2010, 0x2010 }, { 0x2013, 0x2016 }, { 0x2018, 0x2019 },
    { 0x201C, 0x201D }, { 0x2020, 0x2022 }, { 0x2024, 0x2027 }, { 0x2030, 0x2030 },
    { 0x2032, 0x2033 }, { 0x2035, 0x2035 }, { 0x203B, 0x203B }, { 0x203E, 0x203E },
    { 0x2074, 0x2074 }, { 0x207F, 0x207F }, { 0x2081, 0x2084 }, { 0x20AC, 0x20AC },
    { 0x2103, 0x2103 }, { 0x2105, 0x2105 }, { 0x2109, 0x2109 }, { 0x2113, 0x2113 },
    { 0x2116, 0x2116 }, { 0x2121, 0x2122 }, { 0x2126, 0x2126 }, { 0x212B, 0x212B },
    { 0x2153, 0x2154 }, { 0x215B, 0x215E }, { 0x2160, 0x216B }, { 0x2170, 0x2179 },
    { 0x2189, 0x2189 }, { 0x2190, 0x2199 }, { 0x21B8, 0x21B9 }, { 0x21D2, 0x21D2 },
    { 0x21D4, 0x21D4 }, { 0x21E7, 0x21E7 }, { 0x2200, 0x2200 }, { 0x2202, 0x2203 },
    { 0x2207, 0x2208 }, { 0x220B, 0x220B }, { 0x220F, 0x220F }, { 0x2211, 0x2211 },
    { 0x2215, 0x2215 }, { 0x221A, 0x221A }, { 0x221D, 0x2220 }, { 0x2223, 0x2223 },
    { 0x2225, 0x2225 }, { 0x2227, 0x222C }, { 0x222E, 0x222E }, { 0x2234, 0x2237 },
    { 0x223C, 0x223D }, { 0x2248, 0x2248 }, { 0x224C, 0x224C }, { 0x2252, 0x2252 },
    { 0x2260, 0x2261 }, { 0x2264, 0x2267 }, { 0x226A, 0x226B }, { 0x226E, 0x226F },
    { 0x2282, 0x2283 }, { 0x2286, 0x2287 }, { 0x2295, 0x2295 }, { 0x2299, 0x2299 },
    { 0x22A5, 0x22A5 }, { 0x22BF, 0x22BF }, { 0x2312, 0x2312 }, { 0x2460, 0x24E9 },
    { 0x24EB, 0x254B }, { 0x2550, 0x2573 }, { 0x2580, 0x258F }, { 0x2592, 0x2595 },
    { 0x25A0, 0x25A1 }, { 0x25A3, 0x25A9 }, { 0x25B2, 0x25B3 }, { 0x25B6, 0x25B7 },
    { 0x25BC, 0x25BD }, { 0x25C0, 0x25C1 }, { 0x25C6, 0x25C8 }, { 0x25CB, 0x25CB },
    { 0x25CE, 0x25D1 }, { 0x25E2, 0x25E5 }, { 0x25EF, 0x25EF }, { 0x2605, 0x2606 },
    { 0x2609, 0x2609 }, { 0x260E, 0x260F }, { 0x261C, 0x261C }, { 0x261E, 0x261E },
    { 0x2640, 0x2640 }, { 0x2642, 0x2642 }, { 0x2660, 0x2661 }, { 0x2663, 0x2665 },
    { 0x2667, 0x266A }, { 0x266C, 0x266D }, { 0x266F, 0x266F }, { 0x269E, 0x269F },
    { 0x26BF, 0x26BF }, { 0x26C6, 0x26CD }, { 0x26CF, 0x26D3 }, { 0x26D5, 0x26E1 },
    { 0x26E3, 0x26E3 }, { 0x26E8, 0x26E9 }, { 0x26EB, 0x26F1 }, { 0x26F4, 0x26F4 },
    { 0x26F6, 0x26F9 }, { 0x26FB, 0x26FC }, { 0x26FE, 0x26FF }, { 0x273D, 0x273D },
    { 0x2776, 0x277F }, { 0x2B56, 0x2B59 }, { 0x3248, 0x324F }, { 0xFFFD, 0xFFFD },
    { 0x1F100, 0x1F10A }, { 0x1F110, 0x1F12D }, { 0x1F130, 0x1F169 }, { 0x1F170, 0x1F18D },
    { 0x1F18F, 0x1F190 }, { 0x1F19B, 0x1F1AC },
};

static bool is_ambiguous(uint32_t c)
{
    size_t low = 0, high = sizeof ambiguous / sizeof ambiguous[0];

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (c < ambiguous[mid][0])
            high = mid;
        else if (c > ambiguous[mid][1])
            low = mid + 1;
        else
            return true;
    }
    return false;
}

bool text_ambiguous(int cells)
{
    int before = ambiguous_cells, dot = wcwidth(0xB7);

    ambiguous_cells = cells == dot ? 0 : cells;
    return before != ambiguous_cells;
}

/* A character of certain width for an ambiguous one: what people write in its place, the letter without
 * its mark, else 〓. */
static uint32_t twin(uint32_t c)
{
    static const uint32_t twins[][2] = {
        { 0xB7, 0x30FB },   { 0x2010, '-' },  { 0x2013, '-' },  { 0x2014, '-' },  { 0x2015, '-' },
        { 0x2018, '\'' },   { 0x2019, '\'' }, { 0x201C, '"' },  { 0x201D, '"' },  { 0x2022, '*' },
        { 0x2026, '~' },    { 0x2027, 0x30FB }, { 0x203B, '*' }, { 0xD7, 'x' },   { 0xF7, '/' },
        { 0x2192, '>' },    { 0x2190, '<' },  { 0x2191, '^' },  { 0x2193, 'v' },  { 0x2212, '-' },
        { 0x2605, '*' },    { 0x2606, '*' },  { 0x25CF, '*' },  { 0x25CB, 'o' },  { 0x2264, '<' },
        { 0x2265, '>' },    { 0xA7, 'S' },    { 0xB1, '+' },    { 0x223C, '~' },  { 0x2500, '-' },
        { 0x2502, '|' },
    };
    utf8proc_int32_t base[4];
    utf8proc_ssize_t n;
    int bound = 0;

    for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++)
        if (twins[i][0] == c)
            return twins[i][1];
    n = utf8proc_decompose_char((utf8proc_int32_t)c, base, 4,
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK, &bound);
    return n == 1 && base[0] > ' ' && base[0] < 0x7F ? (uint32_t)base[0] : GETA;
}

uint32_t text_shown(uint32_t c)
{
    if (ambiguous_cells == 0 || c < 0xA1 || between(c, 0x3400, 0x9FFF) || !is_ambiguous(c) ||
        wcwidth((wchar_t)c) == ambiguous_cells)
        return c;
    return wcwidth(GETA) == 2 ? twin(c) : '?';
}

/* --- substitutes ------------------------------------------------------------------------------ */

/* What stands for c, and its cells. */
static uint32_t substitute(uint32_t c, int *width)
{
    if (c == '\t' || c == '\n' || c == '\r') {
        *width = 1;
        return ' ';
    }
    *width = 2;
    if (!text_hidden(c) && is_wide_block(c) && wcwidth(GETA) == 2)
        return GETA;
    *width = 1;
    return wcwidth(REPLACEMENT) == 1 && ambiguous_cells == 0 ? REPLACEMENT : '?';
}

/* The cells of a character as text_shown() has it; -1 where something else stands for it. Each wcwidth()
 * walks the locale's tables: one is enough for most. */
static int cells_of(uint32_t c)
{
    uint32_t shown;
    int cells;

    if (c < 0x7F)
        return c >= 0x20 ? 1 : -1;
    if (c == REPLACEMENT || text_hidden(c) || (cells = wcwidth((wchar_t)c)) < 0)
        return -1;
    shown = text_shown(c);
    return shown == c ? cells : wcwidth((wchar_t)shown);
}

int text_char_width(uint32_t c)
{
    int width = cells_of(c);

    if (width < 0)
        substitute(c, &width);
    return width;
}

/* --- the walker ------------------------------------------------------------------------------- */

struct walk {
    const char *s;
    size_t n;
    int marks;              /* on the base so far; -1: there is no base yet */
    bool emoji;             /* the base is a pictograph: the rest of its cluster is not shown */
    bool flag;              /* the base is a letter of a flag */
    utf8proc_int32_t last, state;
    const char *at;         /* the piece: len bytes in `cells` cells */
    size_t len;
    int cells;
    bool plain;             /* a run of printable ASCII; every other piece is one character */
    char sub[4];
};

static void put_substitute(struct walk *w, uint32_t c)
{
    w->len = text_put(w->sub, substitute(c, &w->cells));
    w->at = w->sub;
    w->marks = 0;
    w->emoji = false;
}

static bool is_flag_letter(uint32_t c)
{
    return between(c, 0x1F1E6, 0x1F1FF);
}

static bool is_pictograph(uint32_t c)
{
    return is_flag_letter(c) || utf8proc_get_property((utf8proc_int32_t)c)->boundclass ==
                                    UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Does c go on with the emoji before it (joiner, selector, skin tone, joined emoji, more of a
 * flag)? Terminals differ in the cells of such a cluster; one character they all agree on. */
static bool in_emoji(struct walk *w, uint32_t c)
{
    bool goes_on = w->emoji;

    if (goes_on && !(w->flag && is_flag_letter(c)))
        goes_on = !utf8proc_grapheme_break_stateful(w->last, (utf8proc_int32_t)c, &w->state);
    if (goes_on)
        w->last = (utf8proc_int32_t)c;
    return goes_on;
}

/* Takes character c, whose bytes are at w->at. False if nothing is shown for it. */
static bool take(struct walk *w, uint32_t c, bool ill_formed)
{
    if (in_emoji(w, c))
        return false;
    w->cells = ill_formed ? -1 : cells_of(c);
    if (w->cells < 0) {
        put_substitute(w, c);
        return true;
    }
    if (text_shown(c) != c) {
        c = text_shown(c);
        w->len = text_put(w->sub, c);
        w->at = w->sub;
    }
    if (w->cells == 0) {
        if (w->marks < 0)
            put_substitute(w, c);
        else if (w->marks++ >= MARKS_MAX)
            return false;
        return true;
    }
    w->marks = 0;
    w->emoji = c >= 0xA9 && !between(c, 0x3400, 0x9FFF) && is_pictograph(c);
    w->flag = is_flag_letter(c);
    w->last = (utf8proc_int32_t)c;
    w->state = 0;
    return true;
}

static bool next_shown(struct walk *w)
{
    size_t len;
    uint32_t c;

    while (w->n > 0) {
        w->at = w->s;
        w->len = text_ascii(w->s, w->n);
        w->plain = w->len > 0;
        if (w->plain) {
            w->s += w->len;
            w->n -= w->len;
            w->cells = w->len < INT_MAX ? (int)w->len : INT_MAX;
            w->marks = 0;
            w->emoji = false;
            return true;
        }
        c = text_char(w->s, w->n, &len);
        w->len = len;
        w->s += len;
        w->n -= len;
        if (take(w, c, len == 1 && c == REPLACEMENT))
            return true;
    }
    return false;
}

static struct walk walk_over(const char *s, size_t n)
{
    return (struct walk){ .s = s, .n = n, .marks = -1 };
}

int text_width(const char *s)
{
    struct walk w = walk_over(s, strlen(s));
    int64_t cells = 0;

    while (next_shown(&w))
        cells += w.cells;
    return cells < INT_MAX ? (int)cells : INT_MAX;
}

void text_clean(struct buf *out, const char *s, size_t n)
{
    struct walk w = walk_over(s, n);

    while (next_shown(&w))
        buf_add(out, w.at, w.len);
}

/* Takes back to keep bytes and ends with an ellipsis of one cell; '~' where the locale draws it
 * wider. */
static void add_ellipsis(struct buf *out, size_t keep)
{
    char mark[4];

    buf_cut(out, keep);
    buf_add(out, mark, text_put(mark, wcwidth(ELLIPSIS) == 1 && text_shown(ELLIPSIS) == ELLIPSIS
                                          ? ELLIPSIS : '~'));
}

/* keep is where the text ends if it has to make room for the ellipsis: always at most cells - 1
 * cells in. */
int text_fit(struct buf *out, const char *s, int cells)
{
    struct walk w = walk_over(s, strlen(s));
    size_t keep = out->len;
    int used = 0, kept = 0;

    if (cells <= 0)
        return 0;
    while (next_shown(&w)) {
        if (w.plain && used < cells && w.cells >= cells - used) {
            keep = out->len + (size_t)(cells - 1 - used);
            kept = cells - 1;
        }
        if (w.cells > cells - used) {
            if (keep > out->len)
                buf_add(out, w.at, keep - out->len);
            add_ellipsis(out, keep);
            return kept + 1;
        }
        buf_add(out, w.at, w.len);
        used += w.cells;
        if (used < cells) {
            keep = out->len;
            kept = used;
        }
    }
    return used;
}

/* --- other encodings -------------------------------------------------------------------------- */

void text_to_locale(struct buf *out, const char *s, size_t n)
{
    char bytes[MB_LEN_MAX];
    mbstate_t mb;
    size_t len;

    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
        buf_add(out, s, n);
        return;
    }
    memset(&mb, 0, sizeof mb);
    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len);
        size_t put = wcrtomb(bytes, (wchar_t)c, &mb);

        if (put == (size_t)-1) {
            memset(&mb, 0, sizeof mb);
            bytes[0] = '?';
            put = 1;
        }
        buf_add(out, bytes, put);
    }
}

/* --- normal forms ----------------------------------------------------------------------------- */

/* Bytes of the character at p if it is CJK U+4000..9FFF, which no normal form and no case changes;
 * else 0. */
static size_t plain_cjk(const unsigned char *p, size_t n)
{
    return n >= 3 && p[0] >= 0xE4 && p[0] <= 0xE9 && is_tail(p[1]) && is_tail(p[2]) ? 3 : 0;
}

/* Is s only of what normal forms leave alone: ASCII, common CJK, and the dot in names (·)? */
static bool is_stable(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t i = 0;

    while (i < n) {
        if (p[i] < 0x80)
            i++;
        else if (plain_cjk(p + i, n - i))
            i += 3;
        else if (p[i] == 0xC2 && i + 1 < n && p[i + 1] == 0xB7)
            i += 2;
        else
            return false;
    }
    return true;
}

static bool is_blank_ascii(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_blank(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return c == 0x85 || (c < 0x80 && is_blank_ascii((unsigned char)c));
    }
}

static char *key_of_stable(struct arena *a, const char *s, size_t n)
{
    char *key = arena_alloc(a, n + 1);
    size_t len = 0;
    bool gap = false;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];

        if (is_blank_ascii(c)) {
            gap = len > 0;
            continue;
        }
        if (gap)
            key[len++] = ' ';
        gap = false;
        key[len++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    key[len] = '\0';
    return key;
}

/* The n code points at in without blanks at the ends, runs of them made one; returns how many are
 * left. */
static utf8proc_ssize_t squeeze(utf8proc_int32_t *c, utf8proc_ssize_t n)
{
    utf8proc_ssize_t len = 0;
    bool gap = false;

    for (utf8proc_ssize_t i = 0; i < n; i++) {
        if (is_blank(c[i])) {
            gap = len > 0;
            continue;
        }
        if (gap)
            c[len++] = ' ';
        gap = false;
        c[len++] = c[i];
    }
    return len;
}

/* The normal form of n bytes at s, which are well-formed; squeezed if asked. */
static char *normal_form(struct arena *a, const char *s, size_t n, int options, bool squeezed)
{
    utf8proc_int32_t room[FOLD_STACK], *c = room;
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)s;
    utf8proc_ssize_t len;
    size_t bytes = 0;
    char *out;

    len = utf8proc_decompose(in, (utf8proc_ssize_t)n, c, FOLD_STACK, options);
    if (len > FOLD_STACK) {
        c = xmalloc((size_t)len * sizeof *c);
        len = utf8proc_decompose(in, (utf8proc_ssize_t)n, c, len, options);
    }
    assert(len >= 0);
    len = utf8proc_normalize_utf32(c, len, options);
    if (squeezed)
        len = squeeze(c, len);
    out = arena_alloc(a, (size_t)len * 4 + 1);
    for (utf8proc_ssize_t i = 0; i < len; i++)
        bytes += text_put(out + bytes, (uint32_t)c[i]);
    out[bytes] = '\0';
    if (c != room)
        free(c);
    return out;
}

/* s without its ill-formed bytes, to be freed. */
static char *well_formed(const char *s, size_t n, size_t *left)
{
    char *out = xmalloc(n + 1);
    size_t len, w = 0;

    for (size_t i = 0; i < n; i += len) {
        len = sequence((const unsigned char *)s + i, n - i);
        if (len > 0) {
            memcpy(out + w, s + i, len);
            w += len;
        } else {
            len = 1;
        }
    }
    *left = w;
    return out;
}

char *text_key(struct arena *a, const char *s)
{
    const int options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                        UTF8PROC_IGNORE;
    char *clean, *key;
    size_t n;

    if (!s)
        return NULL;
    n = strlen(s);
    if (is_stable(s, n))
        return key_of_stable(a, s, n);
    if (text_valid(s, n))
        return normal_form(a, s, n, options, true);
    clean = well_formed(s, n, &n);
    key = normal_form(a, clean, n, options, true);
    free(clean);
    return key;
}

char *text_nfc(struct arena *a, const char *s)
{
    size_t n;

    if (!s)
        return NULL;
    n = strlen(s);
    if (is_stable(s, n) || !text_valid(s, n))
        return arena_strndup(a, s, n);
    return normal_form(a, s, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE, false);
}

void text_halfwidth(char *s)
{
    s += strcspn(s, "\xE3\xEF");         /* what U+3000 and U+FFxx begin with */

    size_t n = strlen(s), len, w = 0;

    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len);

        if (between(c, 0xFF01, 0xFF5E))
            s[w++] = (char)(c - 0xFF01 + '!');
        else if (c == 0x3000)
            s[w++] = ' ';
        else {
            memmove(s + w, s + i, len);
            w += len;
        }
    }
    s[w] = '\0';
}

void text_grouped(int64_t n, char out[TEXT_GROUPED])
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n < 0 ? -(uint64_t)n : (uint64_t)n), to = 0;

    if (n < 0)
        out[to++] = '-';
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[to++] = ',';
        out[to++] = digits[i];
    }
    out[to] = '\0';
}
