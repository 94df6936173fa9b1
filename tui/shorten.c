#include "tui/shorten.h"

#include <stdlib.h>
#include <string.h>

enum { ESC = 27, SHIFT_OUT = 14, SHIFT_IN = 15, COLOR_BYTES = 24, ATTRS = 10, REPEAT_MOST = 1000 };

/* Letters' look: bits of SGR 1..9, and each colour as its parameters ("" is the terminal's own). */
struct look { unsigned attr; char fg[COLOR_BYTES], bg[COLOR_BYTES]; };

struct shortening {
    struct buf *out;
    struct shorten_can can;
    struct look now, want;          /* what the terminal has, what the next letter shall have */
    struct look saved;              /* with the cursor */
    bool has_saved;
    int row;                        /* where its cursor is, from 1; 0: not known */
    char last;                      /* the ASCII letter written just now, '\0': something else was */
};

/* --- looks ------------------------------------------------------------------------------------ */

static bool is_plain(const struct look *l)
{
    return !l->attr && !l->fg[0] && !l->bg[0];
}

/* The parameters of one colour from p on: "38;5;n", "38;2;r;g;b", "38:..", "3n"; NULL: something else. */
static const char *take_color(const char *p, size_t n, char out[COLOR_BYTES])
{
    size_t len = strcspn(p, ";m");

    if (len == 2 && p[1] == '8' && p[0] < '9') {
        int more = n < 4 ? 0 : !strncmp(p + 2, ";5;", 3) ? 2 : !strncmp(p + 2, ";2;", 3) ? 4 : 0;

        if (!more)
            return NULL;
        for (; more > 0 && p[len] == ';'; more--)
            len += 1 + strcspn(p + len + 1, ";m");
        if (more > 0)
            return NULL;
    }
    if (len > n || len >= COLOR_BYTES)
        return NULL;
    memcpy(out, p, len);
    out[len] = '\0';
    return p + len;
}

/* Which colour a parameter begins or sets: 3 letters, 4 ground, 0 neither. */
static int color_of(int code)
{
    int tens = code / 10;

    if (code % 10 == 9 || tens < 3)
        return 0;
    return tens == 3 || tens == 9 ? 3 : tens == 4 || tens == 10 ? 4 : 0;
}

static bool take_attr(struct look *l, int code)
{
    if (code == 0)
        *l = (struct look){ 0 };
    else if (code < ATTRS)
        l->attr |= 1u << code;
    else if (code == 22)
        l->attr &= ~(1u << 1 | 1u << 2);
    else if (code > 22 && code < 30)
        l->attr &= ~(1u << (code - 20));
    else if (code == 39)
        l->fg[0] = '\0';
    else if (code == 49)
        l->bg[0] = '\0';
    else
        return code == 10;          /* the usual letters */
    return true;
}

/* The parameters p[0..n) of an SGR sequence, after which stands its 'm'. */
static bool take_look(struct look *l, const char *p, size_t n)
{
    const char *end = p + n;

    if (*p == '?')
        return false;
    for (;; p++) {
        int code = atoi(p), which = color_of(code);

        if (which) {
            p = take_color(p, (size_t)(end - p), which == 3 ? l->fg : l->bg);
            if (!p)
                return false;
        } else {
            if (!take_attr(l, code))
                return false;
            p += strspn(p, "0123456789");
        }
        if (p == end)
            return true;
        if (*p != ';')
            return false;
    }
}

static void add_code(struct buf *b, const char *code)
{
    if (b->s[b->len - 1] != '[')
        buf_addc(b, ';');
    buf_adds(b, code);
}

static void add_color(struct buf *b, const char *now, const char *want, const char *own)
{
    if (strcmp(now, want))
        add_code(b, *want ? want : own);
}

/* The terminal's look becomes the one that is wanted. */
static void put_look(struct shortening *s)
{
    struct look *now = &s->now, *want = &s->want;
    bool lost = (!want->fg[0] && now->fg[0]) || (!want->bg[0] && now->bg[0]);

    if (now->attr == want->attr && !strcmp(now->fg, want->fg) && !strcmp(now->bg, want->bg))
        return;
    buf_adds(s->out, "\033[");
    if (!is_plain(want)) {
        if ((now->attr & ~want->attr) || (lost && !s->can.defaults)) {
            buf_addc(s->out, '0');
            *now = (struct look){ 0 };
        }
        for (int i = 1; i < ATTRS; i++)
            if (want->attr & ~now->attr & 1u << i)
                add_code(s->out, (char[]){ (char)('0' + i), '\0' });
        add_color(s->out, now->fg, want->fg, "39");
        add_color(s->out, now->bg, want->bg, "49");
    }
    buf_addc(s->out, 'm');
    *now = *want;
}

/* --- sequences -------------------------------------------------------------------------------- */

/* CSI y ; x H: within the row the column is enough. */
static void jump(struct shortening *s, const char *p, size_t n)
{
    int y = atoi(p) > 0 ? atoi(p) : 1;
    const char *x = memchr(p, ';', n);

    if (y == s->row && x && s->can.column && atoi(x + 1) == 1)
        buf_addc(s->out, '\r');
    else if (y == s->row && x && s->can.column)
        buf_addf(s->out, "\033[%dG", atoi(x + 1));
    else
        buf_addf(s->out, "\033[%.*sH", (int)n, p);
    s->row = y;
}

/* CSI n b repeats a letter. It is written out: not all that is called an xterm knows it (PuTTY before 0.71,
 * and its kin), and curses uses it where a line is drawn in ASCII. */
static bool repeat(struct shortening *s, const char *p)
{
    int n = atoi(p) > 0 ? atoi(p) : 1;

    if (!s->last || n > REPEAT_MOST)
        return false;
    while (n-- > 0)
        buf_addc(s->out, s->last);
    return true;
}

/* One control sequence of n bytes, parameters p[0..n-3). */
static bool control(struct shortening *s, const char *p, size_t n)
{
    size_t params = n - 3;
    char final = p[params];

    switch (final) {
    case 'm':
        return take_look(&s->want, p, params);
    case 'H':
        jump(s, p, params);
        return true;
    case 'b':
        if (repeat(s, p))
            return true;
        put_look(s);
        break;
    case 'G':
    case 'C':
    case 'D':
        break;
    case 'd':
        s->row = atoi(p);
        break;
    case 'A':
    case 'B':
        s->row = 0;
        break;
    case 'K':
    case 'X':
    case '@':
    case 'P':
        put_look(s);
        break;
    default:
        put_look(s);
        s->row = 0;
    }
    buf_add(s->out, p - 2, n);
    return true;
}

/* Bytes of the escape sequence at p; 0: cut off, or not one of ECMA-48's plain forms. */
static size_t sequence(const char *p, size_t n)
{
    size_t i = 2;

    if (n < 2)
        return 0;
    if (p[1] != '[')
        return p[1] == '(' ? (n > 2 ? 3 : 0) : strchr("78DEM=>", p[1]) ? 2 : 0;
    while (i < n && ((p[i] >= '0' && p[i] <= ';') || p[i] == '?'))
        i++;
    return i < n && p[i] >= '@' && p[i] <= '~' ? i + 1 : 0;
}

/* What stands at p; returns its bytes, 0 when it is not known. */
static size_t escape(struct shortening *s, const char *p, size_t n)
{
    size_t len = sequence(p, n);

    if (len && p[1] == '[')
        return control(s, p + 2, len) ? len : 0;
    if (len == 3)
        return p[2] == 'B' ? len : 0;           /* plain letters, which they are already */
    if (len == 2 && p[1] == '8' && !s->has_saved)
        return 0;
    if (len == 2) {
        put_look(s);
        buf_add(s->out, p, len);
        s->row = 0;
        if (p[1] == '7')
            s->saved = s->now;
        s->has_saved = s->has_saved || p[1] == '7';
        if (p[1] == '8')
            s->now = s->want = s->saved;
    }
    return len;
}

static size_t other(struct shortening *s, const char *p, size_t n)
{
    size_t len = 0;

    switch (*p) {
    case SHIFT_OUT:
        return 0;
    case SHIFT_IN:
        return 1;
    case '\r':
    case '\b':
        s->last = '\0';
        buf_addc(s->out, *p);
        return 1;
    case '\n':
        put_look(s);
        buf_addc(s->out, *p);
        s->row = 0;
        s->last = '\0';
        return 1;
    default:
        while (len < n && ((unsigned char)p[len] >= ' '))
            len++;
        len = len ? len : 1;
        put_look(s);
        buf_add(s->out, p, len);
        s->last = p[len - 1] >= ' ' && p[len - 1] <= '~' ? p[len - 1] : '\0';
        return len;
    }
}

void shorten(struct buf *out, const char *bytes, size_t n, struct shorten_can can)
{
    struct shortening s = { .out = out, .can = can };
    size_t i = 0;

    while (i < n) {
        struct look want = s.want;
        size_t len;

        if (bytes[i] == ESC) {
            len = escape(&s, bytes + i, n - i);
            s.last = '\0';
        } else {
            len = other(&s, bytes + i, n - i);
        }
        if (!len) {
            s.want = want;
            break;
        }
        i += len;
    }
    put_look(&s);
    buf_add(out, bytes + i, n - i);
}
