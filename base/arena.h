/* arena.h - memory that is freed all at once: one arena a request, a page, a file.
 *
 * Nothing allocated here is freed alone. Running out of memory ends the program with a message: no
 * caller handles it. Not shared between threads.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena { struct arena_block *head; };

#define ARENA_INIT { NULL }

/* size bytes, zeroed, aligned for any type; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* n pieces of size bytes each; a product past size_t ends the program. */
void *arena_calloc(struct arena *a, size_t n, size_t size);
#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_calloc((a), (n), sizeof(type)))

/* Grows an array that was allocated here to hold `want` items: returns old when it already does.
 * The new capacity, at least doubled, is written to *cap; the old block stays until the arena
 * goes. */
void *arena_grow(struct arena *a, void *old, size_t item, size_t *cap, size_t want);

/* Copies, always ending in NUL. s NULL gives NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
void *arena_memdup(struct arena *a, const void *p, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Forgets everything but keeps one block for reuse; free gives all back and leaves a usable empty
 * arena. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

/* malloc family that never returns NULL: ends the program instead. Freed with free(). */
void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);

#endif
