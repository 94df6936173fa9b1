/* buf.c - a string that grows. */
#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crash.h"

/* What every empty buf points to; nobody writes here but NUL over NUL, and that not either. */
char buf_empty[1] = "";

enum { BUF_FIRST = 64 };

static __attribute__((noinline)) void grow(struct buf *b, size_t n)
{
    size_t want, cap;

    if (__builtin_add_overflow(b->len, n, &want) || __builtin_add_overflow(want, 1, &want))
        crash_die("out of memory");
    if (__builtin_mul_overflow(b->cap, 2, &cap) || cap < want)
        cap = want > BUF_FIRST ? want : BUF_FIRST;
    b->s = xrealloc(b->cap ? b->s : NULL, cap);
    b->cap = cap;
}

/* Room for n more bytes and the NUL. */
static inline void reserve(struct buf *b, size_t n)
{
    if (n >= b->cap - b->len)
        grow(b, n);
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    assert(b->s);
    if (n == 0)
        return;
    reserve(b, n);
    memcpy(b->s + b->len, p, n);
    b->len += n;
    b->s[b->len] = '\0';
}

char *buf_room(struct buf *b, size_t n)
{
    assert(b->s);
    reserve(b, n);
    return b->s + b->len;
}

void buf_wrote(struct buf *b, size_t n)
{
    assert(n < b->cap - b->len);
    b->len += n;
    b->s[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
    assert(b->s);
    reserve(b, 1);
    b->s[b->len++] = c;
    b->s[b->len] = '\0';
}

void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    size_t room;
    int n;

    reserve(b, BUF_FIRST / 2);
    room = b->cap - b->len;
    va_copy(again, ap);
    n = vsnprintf(b->s + b->len, room, fmt, ap);
    assert(n >= 0);
    if ((size_t)n >= room) {
        reserve(b, (size_t)n);
        vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    b->len += (size_t)n;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(b, fmt, ap);
    va_end(ap);
}

enum { INT_DIGITS = 20 };       /* of the longest int64_t, with its sign */

void buf_addi(struct buf *b, int64_t v)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    char text[INT_DIGITS], *p = text + sizeof text;

    for (; left >= 100; left /= 100)
        memcpy(p -= 2, pairs + left % 100 * 2, 2);
    if (left >= 10)
        memcpy(p -= 2, pairs + left * 2, 2);
    else
        *--p = (char)('0' + left);
    if (v < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(text + sizeof text - p));
}

void buf_cut(struct buf *b, size_t n)
{
    assert(n <= b->len);
    if (n == b->len)
        return;
    b->len = n;
    b->s[n] = '\0';
}

void buf_clear(struct buf *b)
{
    buf_cut(b, 0);
}

void buf_release(struct buf *b)
{
    if (b->cap)
        free(b->s);
    *b = (struct buf)BUF_INIT;
}

char *buf_detach(struct buf *b)
{
    char *s = b->cap ? b->s : xstrdup("");

    *b = (struct buf)BUF_INIT;
    return s;
}
