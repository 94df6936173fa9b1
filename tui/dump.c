#include "tui/dump.h"

#include <langinfo.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"

static void add_char(struct buf *out, uint32_t c)
{
    char utf8[4];

    buf_add(out, utf8, text_put(utf8, c));
}

static void cut_blanks(struct buf *out, size_t start)
{
    size_t n = out->len;

    while (n > start && out->s[n - 1] == ' ')
        n--;
    buf_cut(out, n);
}

/* Adds a character in the locale's encoding; '?' where that has none such. */
static void add_local(struct buf *out, uint32_t c)
{
    mbstate_t state = { 0 };
    char bytes[MB_LEN_MAX];
    size_t n = wcrtomb(bytes, (wchar_t)c, &state);

    if (n == (size_t)-1)
        buf_addc(out, '?');
    else
        buf_add(out, bytes, n);
}

void dump_text(const struct grid *g, struct buf *out)
{
    bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");

    for (int y = 0; y < g->h; y++) {
        size_t start = out->len;

        for (int x = 0; x < g->w; x++) {
            const struct cell *c = &g->cells[y * g->w + x];

            if (c->width == 0)
                continue;
            for (int i = 0; i < CELL_CHARS && (i == 0 || c->c[i]); i++)
                (utf8 ? add_char : add_local)(out, c->c[i] ? c->c[i] : ' ');
        }
        cut_blanks(out, start);
        buf_addc(out, '\n');
    }
}

static uint32_t shape_of(const struct cell *c)
{
    if (c->width == 2)
        return 0x56fd;          /* 国 */
    if (c->c[0] >= '0' && c->c[0] <= '9')
        return '9';
    if ((c->c[0] >= 'a' && c->c[0] <= 'z') || (c->c[0] >= 0xc0 && c->c[0] < 0x2000))
        return 'x';
    return c->c[0] >= 'A' && c->c[0] <= 'Z' ? 'X' : c->c[0];
}

void dump_shape(const struct grid *g, struct buf *out)
{
    for (int y = 0; y < g->h; y++) {
        size_t start = out->len;

        for (int x = 0; x < g->w; x++)
            if (g->cells[y * g->w + x].width > 0)
                add_char(out, shape_of(&g->cells[y * g->w + x]));
        cut_blanks(out, start);
        buf_addc(out, '\n');
    }
}
