#include "tui/edit.h"

#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/loop.h"

void edit_init(struct edit *f, int max, int rows)
{
    *f = (struct edit){ .text = BUF_INIT, .max = max, .rows = rows };
}

static void wipe(struct edit *f)
{
    if (f->secret && f->text.cap > 0)
        explicit_bzero(f->text.s, f->text.cap);
}

void edit_free(struct edit *f)
{
    wipe(f);
    buf_release(&f->text);
    f->at = 0;
}

const char *edit_text(const struct edit *f)
{
    return f->text.s;
}

void edit_set(struct edit *f, const char *text)
{
    wipe(f);
    buf_clear(&f->text);
    f->at = 0;
    f->scroll = 0;
    edit_insert(f, text ? text : "");
}

/* Room for a secret without leaving copies of it behind in freed memory. */
static void reserve(struct edit *f, size_t more)
{
    struct buf fresh = BUF_INIT;

    if (!f->secret || f->text.len + more < f->text.cap)
        return;
    for (size_t i = 0; i < (f->text.len + more) * 2 + 64; i++)
        buf_addc(&fresh, '\0');
    buf_clear(&fresh);
    buf_add(&fresh, f->text.s, f->text.len);
    wipe(f);
    buf_release(&f->text);
    f->text = fresh;
}

static void splice(struct edit *f, size_t from, size_t to, const char *s, size_t n)
{
    size_t tail = f->text.len - to;

    assert(from <= to && to <= f->text.len);
    reserve(f, n);
    if (n > to - from) {
        size_t grow = n - (to - from);

        buf_add(&f->text, s, grow);             /* only for the room: the tail goes over it */
        memmove(f->text.s + to + grow, f->text.s + to, tail);
    } else {
        memmove(f->text.s + from + n, f->text.s + to, tail);
        buf_cut(&f->text, from + n + tail);
    }
    memcpy(f->text.s + from, s, n);
}

/* The longest start of s that the field may still take, in bytes. */
static size_t fitting(const struct edit *f, const char *s)
{
    size_t have = text_count(f->text.s), len, at = 0, n = strlen(s);

    if (f->max <= 0)
        return n;
    while (at < n && have < (size_t)f->max) {
        text_char(s + at, n - at, &len);
        at += len;
        have++;
    }
    return at;
}

/* --- places ----------------------------------------------------------------------------------- */

/* Bytes of the character at `at` with its marks; 0 at the end. */
static size_t cluster(const struct edit *f, size_t at)
{
    size_t len, n = 0;

    while (at + n < f->text.len) {
        uint32_t c = text_char(f->text.s + at + n, f->text.len - at - n, &len);

        if (n > 0 && text_char_width(c) > 0)
            break;
        n += len;
    }
    return n;
}

static size_t cluster_before(const struct edit *f, size_t at)
{
    size_t start = 0, n;

    while ((n = cluster(f, start)) > 0 && start + n < at)
        start += n;
    return at > 0 ? at - start : 0;
}

/* Cleaned together with the character before it, which marks at the start of `text` join. */
void edit_insert(struct edit *f, const char *text)
{
    size_t before = cluster_before(f, f->at), n;
    struct buf raw = BUF_INIT, clean = BUF_INIT;

    buf_add(&raw, f->text.s + f->at - before, before);
    buf_adds(&raw, text);
    text_clean(&clean, raw.s, raw.len);
    n = fitting(f, clean.s + before);
    splice(f, f->at, f->at, clean.s + before, n);
    f->at += n;
    if (f->secret) {
        explicit_bzero(raw.s, raw.len);
        explicit_bzero(clean.s, clean.len);
    }
    buf_release(&raw);
    buf_release(&clean);
}

static int cluster_cells(const struct edit *f, size_t at)
{
    size_t len;

    if (f->secret)
        return 1;
    return text_char_width(text_char(f->text.s + at, f->text.len - at, &len));
}

static bool is_word(const struct edit *f, size_t at)
{
    size_t len;
    uint32_t c = text_char(f->text.s + at, f->text.len - at, &len);

    return c > 127 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '_';
}

/* Where the word before the edit point begins. */
static size_t word_before(const struct edit *f)
{
    size_t at = f->at, n;

    while ((n = cluster_before(f, at)) > 0 && !is_word(f, at - n))
        at -= n;
    while ((n = cluster_before(f, at)) > 0 && is_word(f, at - n))
        at -= n;
    return at;
}

/* The next character in rows of f->cells: takes a walk to where it stands, and returns its bytes
 * (0 at the end). */
struct walk { size_t at; int row, cell; };

static size_t stand(const struct edit *f, struct walk *w)
{
    int width = f->cells > 1 ? f->cells : 1;
    size_t n = cluster(f, w->at);

    if (w->cell + (n ? cluster_cells(f, w->at) : 1) > width) {
        w->row++;
        w->cell = 0;
    }
    return n;
}

static void step(const struct edit *f, struct walk *w, size_t n)
{
    w->cell += cluster_cells(f, w->at);
    w->at += n;
}

/* Row and cell of a place when the text is broken into rows. */
static struct walk place_of(const struct edit *f, size_t at)
{
    struct walk w = { 0 };
    size_t n;

    while ((n = stand(f, &w)) > 0 && w.at < at)
        step(f, &w, n);
    return w;
}

/* The place in `row` nearest to `cell`; false when there is no such row. */
static bool find_place(const struct edit *f, int row, int cell, size_t *out)
{
    struct walk w = { 0 };
    bool found = false;
    size_t n;

    do {
        n = stand(f, &w);
        if (w.row == row && (w.cell <= cell || !found)) {
            *out = w.at;
            found = true;
        }
        if (n > 0)
            step(f, &w, n);
    } while (n > 0 && w.row <= row);
    return found;
}

/* --- keys ------------------------------------------------------------------------------------- */

static unsigned edit_point(struct edit *f, size_t at)
{
    f->at = at;
    return UI_DONE;
}

static unsigned cut(struct edit *f, size_t from, size_t to)
{
    splice(f, from, to, "", 0);
    f->at = from;
    return UI_DONE;
}

static unsigned up_down(struct edit *f, int by)
{
    struct walk w;
    size_t at;

    if (f->rows < 2)
        return 0;
    w = place_of(f, f->at);
    if (w.row + by < 0 || !find_place(f, w.row + by, w.cell, &at))
        return 0;
    return edit_point(f, at);
}

static unsigned field_key(struct edit *f, int key)
{
    switch (key) {
    case K_LEFT:
    case 'b' | K_CTRL:
        return edit_point(f, f->at - cluster_before(f, f->at));
    case K_RIGHT:
    case 'f' | K_CTRL:
        return edit_point(f, f->at + cluster(f, f->at));
    case K_HOME:
    case 'a' | K_CTRL:
        return edit_point(f, 0);
    case K_END:
    case 'e' | K_CTRL:
        return edit_point(f, f->text.len);
    case K_BACKSPACE:
    case 'h' | K_CTRL:
        return cut(f, f->at - cluster_before(f, f->at), f->at);
    case K_DEL:
    case 'd' | K_CTRL:
        return cut(f, f->at, f->at + cluster(f, f->at));
    case 'w' | K_CTRL:
        return cut(f, word_before(f), f->at);
    case 'u' | K_CTRL:
        return cut(f, 0, f->at);
    case 'k' | K_CTRL:
        return cut(f, f->at, f->text.len);
    case K_UP:
        return up_down(f, -1);
    case K_DOWN:
        return up_down(f, 1);
    default:
        return 0;
    }
}

unsigned edit_input(struct edit *f, const struct input *in)
{
    char utf8[5] = "";

    if (in->kind == INPUT_PASTE) {
        edit_insert(f, in->text);
        return UI_DONE;
    }
    if (in->kind != INPUT_KEY)
        return 0;
    if (!key_is_text(in->key))
        return field_key(f, in->key);
    utf8[text_put(utf8, (uint32_t)in->key)] = '\0';
    edit_insert(f, utf8);
    return UI_DONE;
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* The place scrolls just so far that the edit point is inside. */
static void scroll_to(struct edit *f, int point, int size)
{
    if (point < f->scroll)
        f->scroll = point;
    if (point >= f->scroll + size)
        f->scroll = point - size + 1;
    if (f->scroll < 0)
        f->scroll = 0;
}

static void draw_cluster(const struct edit *f, struct surface s, int y, int x, size_t at, size_t n)
{
    char one[64];

    if (f->secret) {
        surface_glyph(s, y, x, ROLE_FIELD, GLYPH_DOT);
        return;
    }
    n = n < sizeof one ? n : sizeof one - 1;
    memcpy(one, f->text.s + at, n);
    one[n] = '\0';
    surface_text(s, y, x, ROLE_FIELD, one, -1, ALIGN_LEFT);
}

static void draw_row(struct edit *f, struct surface s, bool focused)
{
    int x = 0, point = 0;

    for (size_t i = 0, n; i < f->at && (n = cluster(f, i)) > 0; i += n)
        point += cluster_cells(f, i);
    scroll_to(f, point, s.w);
    for (size_t i = 0, n; (n = cluster(f, i)) > 0 && x - f->scroll < s.w; i += n) {
        int w = cluster_cells(f, i);

        if (x >= f->scroll && x - f->scroll + w <= s.w)
            draw_cluster(f, s, 0, x - f->scroll, i, n);
        x += w;
    }
    if (focused)
        surface_cursor(s, 0, point - f->scroll, true);
}

static void draw_rows(struct edit *f, struct surface s, bool focused)
{
    struct walk point = place_of(f, f->at), w = { 0 };

    scroll_to(f, point.row, s.h);
    for (size_t n; (n = stand(f, &w)) > 0; step(f, &w, n))
        if (w.row >= f->scroll && w.row - f->scroll < s.h)
            draw_cluster(f, s, w.row - f->scroll, w.cell, w.at, n);
    if (focused)
        surface_cursor(s, point.row - f->scroll, point.cell, true);
}

void edit_draw(struct edit *f, struct surface s, bool focused)
{
    struct surface box =
                       surface_on(surface_sub(s, 0, 0, f->rows > 1 ? f->rows : 1, s.w), ROLE_FIELD),
                   in;

    surface_fill(box);
    if (focused)
        surface_vline(box, 0, 0, box.h, ROLE_ACCENT, GLYPH_FOCUS);
    in = surface_sub(box, 0, 1, box.h, -2);
    if (f->prompt)
        in = surface_sub(in, 0,
                         surface_text(in, 0, 0, ROLE_KEY | INK_BOLD, f->prompt, -1, ALIGN_LEFT),
                         in.h, -1);
    f->cells = in.w;
    if (f->text.len == 0 && f->hint)
        surface_text(in, 0, 0, ROLE_DIM, i18n_text(f->hint), in.w, ALIGN_LEFT);
    if (f->rows > 1)
        draw_rows(f, in, focused);
    else
        draw_row(f, in, focused);
}
