/* buf.h - a string that grows.
 *
 * Invariant: s is never NULL after BUF_INIT and always ends in NUL at s[len]; len does not count
 * it. The bytes may hold NULs when the caller added them by length.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct buf { char *s; size_t len, cap; };

extern char buf_empty[1];
#define BUF_INIT { buf_empty, 0, 0 }

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
/* For writers of many small pieces: a place for n bytes at the end; then how many of them were written. */
char *buf_room(struct buf *b, size_t n);
void buf_wrote(struct buf *b, size_t n);
/* The number in digits, without the cost of a format. */
void buf_addi(struct buf *b, int64_t v);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Cuts to n bytes (n <= len). buf_clear keeps the memory, buf_release gives it back and leaves
 * BUF_INIT. */
void buf_cut(struct buf *b, size_t n);
void buf_clear(struct buf *b);
void buf_release(struct buf *b);

/* The string, now the caller's (free()); b is BUF_INIT again. */
char *buf_detach(struct buf *b);

#endif
