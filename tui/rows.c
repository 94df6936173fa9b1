#include "tui/rows.h"

size_t rows_top(size_t top, size_t sel, size_t n, int height)
{
    size_t rows = height > 0 ? (size_t)height : 1;

    if (top > sel)
        top = sel;
    if (sel >= top + rows)
        top = sel - rows + 1;
    if (top + rows > n)
        top = n > rows ? n - rows : 0;
    return top;
}

const char *rows_vtext(struct rows_text *t, const char *fmt, va_list ap)
{
    struct buf *b = &t->buf[t->turn ^= 1];

    buf_clear(b);
    buf_vaddf(b, fmt, ap);
    return b->s;
}

void rows_text_release(struct rows_text *t)
{
    buf_release(&t->buf[0]);
    buf_release(&t->buf[1]);
}
