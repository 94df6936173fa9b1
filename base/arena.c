/* arena.c - blocks in a list; the head is the one that small pieces come from.
 *
 * A piece too big for a block of the usual size gets a block of its own behind the head, so that
 * the room left in the head stays in use. Under AddressSanitizer what is not handed out is
 * poisoned, with a gap between pieces.
 */
#include "base/arena.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define poison(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define unpoison(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
enum { GAP = 16 };
#else
#define poison(p, n) ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

enum { ALIGN = _Alignof(max_align_t), BLOCK_FIRST = 4096, BLOCK_MAX = 256 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;                      /* bytes of data[] */
    _Alignas(max_align_t) char data[];
};

static struct arena_block *block_new(size_t size)
{
    struct arena_block *b = xmalloc(sizeof *b + size);

    b->next = NULL;
    b->size = size;
    b->used = 0;
    poison(b->data, size);
    return b;
}

static void block_free(struct arena_block *b)
{
    unpoison(b->data, b->size);
    free(b);
}

/* A block with room for need bytes, linked in; sizes double up to BLOCK_MAX. */
static struct arena_block *block_for(struct arena *a, size_t need)
{
    size_t size = BLOCK_FIRST - sizeof(struct arena_block);
    struct arena_block *b;

    if (a->head && a->head->size - a->head->used >= need)
        return a->head;
    if (a->head)
        size = a->head->size * 2 < BLOCK_MAX ? a->head->size * 2 : BLOCK_MAX;
    if (a->head && need > size / 4) {
        b = block_new(need);
        b->next = a->head->next;
        a->head->next = b;
        return b;
    }
    b = block_new(need > size ? need : size);
    b->next = a->head;
    a->head = b;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct arena_block *b;
    size_t need;
    char *p;

    if (size > SIZE_MAX / 2)
        crash_die("out of memory");
    need = (size + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (need == 0)
        need = ALIGN;
    b = block_for(a, need);
    p = b->data + b->used;
    b->used += need;
    unpoison(p, size);
    return memset(p, 0, size);
}

void *arena_calloc(struct arena *a, size_t n, size_t size)
{
    size_t all;

    if (__builtin_mul_overflow(n, size, &all))
        crash_die("out of memory");
    return arena_alloc(a, all);
}

void *arena_grow(struct arena *a, void *old, size_t item, size_t *cap, size_t want)
{
    size_t grown = *cap * 2 > 8 ? *cap * 2 : 8;
    void *p;

    assert(item > 0);
    if (want <= *cap && old)
        return old;
    if (grown < want)
        grown = want;
    p = arena_calloc(a, grown, item);
    if (old)
        memcpy(p, old, *cap * item);
    *cap = grown;
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    size_t len;
    char *p;

    if (!s)
        return NULL;
    len = strnlen(s, n);
    p = arena_alloc(a, len + 1);
    memcpy(p, s, len);
    return p;
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
    char *copy = arena_alloc(a, n + 1);

    if (n)
        memcpy(copy, p, n);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *p;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(n >= 0);
    p = arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return p;
}

/* Keeps the largest block of usual size, so that an arena in a loop stops asking malloc. */
void arena_reset(struct arena *a)
{
    struct arena_block *b, *next, *keep = NULL;

    for (b = a->head; b; b = next) {
        next = b->next;
        if (b->size <= BLOCK_MAX && (!keep || b->size > keep->size)) {
            if (keep)
                block_free(keep);
            keep = b;
        } else {
            block_free(b);
        }
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
        poison(keep->data, keep->size);
    }
    a->head = keep;
}

void arena_free(struct arena *a)
{
    struct arena_block *b, *next;

    for (b = a->head; b; b = next) {
        next = b->next;
        block_free(b);
    }
    a->head = NULL;
}

void *xmalloc(size_t n)
{
    void *p = malloc(n ? n : 1);

    if (!p)
        crash_die("out of memory");
    return p;
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);

    if (!p)
        crash_die("out of memory");
    return p;
}

void *xrealloc(void *old, size_t n)
{
    void *p = realloc(old, n ? n : 1);

    if (!p)
        crash_die("out of memory");
    return p;
}

char *xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;

    return memcpy(xmalloc(n), s, n);
}
