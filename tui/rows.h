/* rows.h - what lists and trees have in common: which row is on top, and words made for a cell. */
#ifndef TUI_ROWS_H
#define TUI_ROWS_H

#include <stdarg.h>
#include <stddef.h>

#include "base/buf.h"

/* The first row to show of n, so that row `sel` is seen in `height` rows and none stay empty below while
 * there are rows above: `top` itself where that will do. A height below 1 counts as 1. */
size_t rows_top(size_t top, size_t sel, size_t n, int height);

/* Words for two cells at a time; start with ROWS_TEXT_INIT. */
struct rows_text { struct buf buf[2]; int turn; };
#define ROWS_TEXT_INIT { .buf = { BUF_INIT, BUF_INIT } }

/* printf; the words live until the call after next. */
const char *rows_vtext(struct rows_text *t, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
void rows_text_release(struct rows_text *t);

#endif
