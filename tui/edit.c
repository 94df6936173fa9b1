#include "tui/edit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/loop.h"

struct edit_step { char *text; size_t at; };

/* Texts before each change, the latest last; and those taken back. */
struct edit_past {
    struct edit_step undo[EDIT_STEPS], redo[EDIT_STEPS];
    int nundo, nredo;
    size_t typed_to;                /* where the word being typed ends; 0: none is */
};

void edit_init(struct edit *f, int max, int rows)
{
    *f = (struct edit){ .text = BUF_INIT, .max = max, .rows = rows, .goal = -1 };
}

/* --- the past --------------------------------------------------------------------------------- */

static void drop_steps(struct edit_step *step, int *n)
{
    while (*n > 0)
        free(step[--*n].text);
}

static void forget(struct edit *f)
{
    if (!f->past)
        return;
    drop_steps(f->past->undo, &f->past->nundo);
    drop_steps(f->past->redo, &f->past->nredo);
    free(f->past);
    f->past = NULL;
}

static void push_step(const struct edit *f, struct edit_step *step, int *n)
{
    if (*n == EDIT_STEPS) {
        free(step[0].text);
        memmove(step, step + 1, sizeof *step * (size_t)--*n);
    }
    step[(*n)++] = (struct edit_step){ .text = xstrdup(f->text.s), .at = f->at };
}

/* Before a change: the text as it is can be brought back. */
static void remember(struct edit *f)
{
    if (f->secret)
        return;
    if (!f->past)
        f->past = xcalloc(1, sizeof *f->past);
    f->past->typed_to = 0;
    push_step(f, f->past->undo, &f->past->nundo);
    drop_steps(f->past->redo, &f->past->nredo);
}

/* Before a character is typed: a word is one step. */
static void remember_typing(struct edit *f, int key)
{
    bool goes_on = f->past && f->past->typed_to > 0 && f->past->typed_to == f->at && key != K_SPACE;

    if (!goes_on)
        remember(f);
}

static void typed(struct edit *f)
{
    if (f->past)
        f->past->typed_to = f->at;
}

static void wipe(struct edit *f)
{
    if (f->secret && f->text.cap > 0)
        explicit_bzero(f->text.s, f->text.cap);
}

void edit_free(struct edit *f)
{
    wipe(f);
    forget(f);
    buf_release(&f->text);
    f->at = 0;
}

const char *edit_text(const struct edit *f)
{
    return f->text.s;
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
static void insert_piece(struct edit *f, const char *text, size_t len)
{
    size_t before = f->at > 0 && f->text.s[f->at - 1] == '\n' ? 0 : cluster_before(f, f->at), n;
    struct buf raw = BUF_INIT, clean = BUF_INIT;

    buf_add(&raw, f->text.s + f->at - before, before);
    buf_add(&raw, text, len);
    text_clean(&clean, raw.s, raw.len);
    n = clean.len > before ? fitting(f, clean.s + before) : 0;
    splice(f, f->at, f->at, clean.s + before, n);
    f->at += n;
    if (f->secret) {
        explicit_bzero(raw.s, raw.len);
        explicit_bzero(clean.s, clean.len);
    }
    buf_release(&raw);
    buf_release(&clean);
}

static void insert_line_end(struct edit *f)
{
    if (fitting(f, "\n") == 0)
        return;
    splice(f, f->at, f->at, "\n", 1);
    f->at++;
}

static void insert(struct edit *f, const char *text)
{
    while (f->lines && strchr(text, '\n')) {
        size_t n = strcspn(text, "\n");

        insert_piece(f, text, n > 0 && text[n - 1] == '\r' ? n - 1 : n);
        insert_line_end(f);
        text += n + 1;
    }
    insert_piece(f, text, strlen(text));
}

void edit_insert(struct edit *f, const char *text)
{
    remember(f);
    insert(f, text);
}

void edit_replace(struct edit *f, size_t from, size_t to, const char *text)
{
    remember(f);
    splice(f, from, to, "", 0);
    f->at = from;
    f->goal = -1;
    insert(f, text);
}

void edit_set(struct edit *f, const char *text)
{
    wipe(f);
    forget(f);
    buf_clear(&f->text);
    f->at = 0;
    f->scroll = 0;
    f->goal = -1;
    insert(f, text ? text : "");
}

static int cluster_cells(const struct edit *f, size_t at)
{
    size_t len;

    if (f->secret)
        return 1;
    if (f->text.s[at] == '\n')
        return 0;
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

/* Where the word after the edit point ends. */
static size_t word_after(const struct edit *f)
{
    size_t at = f->at, n;

    while ((n = cluster(f, at)) > 0 && !is_word(f, at))
        at += n;
    while ((n = cluster(f, at)) > 0 && is_word(f, at))
        at += n;
    return at;
}

static size_t line_start(const struct edit *f)
{
    size_t at = f->at;

    while (at > 0 && f->text.s[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const struct edit *f)
{
    return f->at + strcspn(f->text.s + f->at, "\n");
}

/* The next character in rows of f->cells: takes a walk to where it stands, and returns its bytes
 * (0 at the end). */
struct walk { size_t at; int row, cell; };

static bool at_line_end(const struct edit *f, size_t at)
{
    return at < f->text.len && f->text.s[at] == '\n';
}

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
    if (at_line_end(f, w->at)) {
        w->row++;
        w->cell = 0;
    } else {
        w->cell += cluster_cells(f, w->at);
    }
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

void edit_move(struct edit *f, size_t at)
{
    f->at = at;
    f->goal = -1;
}

static unsigned edit_point(struct edit *f, size_t at)
{
    edit_move(f, at);
    return UI_DONE;
}

static unsigned cut(struct edit *f, size_t from, size_t to)
{
    if (from < to) {
        remember(f);
        splice(f, from, to, "", 0);
    }
    return edit_point(f, from);
}

/* By rows, as far as it goes; keeps to the cell where the walk began. */
static unsigned up_down(struct edit *f, int by)
{
    struct walk w;
    int goal, to, last;
    size_t at;

    if (f->rows < 2)
        return 0;
    w = place_of(f, f->at);
    last = place_of(f, f->text.len).row;
    goal = f->goal >= 0 ? f->goal : w.cell;
    to = w.row + by < 0 ? 0 : w.row + by > last ? last : w.row + by;
    if (to == w.row || !find_place(f, to, goal, &at))
        return 0;
    edit_point(f, at);
    f->goal = goal;
    return UI_DONE;
}

/* Steps back to the last text of one stack, and lays this one on the other. */
static unsigned travel(struct edit *f, bool back)
{
    struct edit_past *p = f->past;
    struct edit_step *from, *to;
    int *nfrom, *nto;

    if (!p)
        return UI_HANDLED;
    from = back ? p->undo : p->redo;
    nfrom = back ? &p->nundo : &p->nredo;
    to = back ? p->redo : p->undo;
    nto = back ? &p->nredo : &p->nundo;
    if (*nfrom == 0)
        return UI_HANDLED;
    push_step(f, to, nto);
    --*nfrom;
    buf_clear(&f->text);
    buf_adds(&f->text, from[*nfrom].text);
    f->at = from[*nfrom].at;
    free(from[*nfrom].text);
    p->typed_to = 0;
    f->goal = -1;
    return UI_DONE;
}

/* Moves of the edit point; false when the key is none. */
static bool move_to(const struct edit *f, int key, size_t *at)
{
    switch (key) {
    case K_LEFT:
    case 'b' | K_CTRL:
        *at = f->at - cluster_before(f, f->at);
        return true;
    case K_RIGHT:
    case 'f' | K_CTRL:
        *at = f->at + cluster(f, f->at);
        return true;
    case K_LEFT | K_CTRL:
    case 'b' | K_ALT:
        *at = word_before(f);
        return true;
    case K_RIGHT | K_CTRL:
    case 'f' | K_ALT:
        *at = word_after(f);
        return true;
    case K_HOME:
    case 'a' | K_CTRL:
        *at = line_start(f);
        return true;
    case K_END:
    case 'e' | K_CTRL:
        *at = line_end(f);
        return true;
    case K_HOME | K_CTRL:
        *at = 0;
        return true;
    case K_END | K_CTRL:
        *at = f->text.len;
        return true;
    default:
        return false;
    }
}

static unsigned break_line(struct edit *f)
{
    if (!f->lines)
        return 0;
    remember(f);
    insert_line_end(f);
    return edit_point(f, f->at);
}

static unsigned field_key(struct edit *f, int key)
{
    size_t at;

    if (move_to(f, key, &at))
        return edit_point(f, at);
    switch (key) {
    case K_BACKSPACE:
    case 'h' | K_CTRL:
        return cut(f, f->at - cluster_before(f, f->at), f->at);
    case K_DEL:
    case 'd' | K_CTRL:
        return cut(f, f->at, f->at + cluster(f, f->at));
    case 'w' | K_CTRL:
    case K_BACKSPACE | K_ALT:
        return cut(f, word_before(f), f->at);
    case 'd' | K_ALT:
        at = f->at;
        return cut(f, at, word_after(f));
    case 'u' | K_CTRL:
        return cut(f, line_start(f), f->at);
    case 'k' | K_CTRL:
        return cut(f, f->at, line_end(f) + (f->at == line_end(f) && at_line_end(f, f->at)));
    case 'z' | K_CTRL:
        return travel(f, true);
    case 'y' | K_CTRL:
        return travel(f, false);
    case K_UP:
        return up_down(f, -1);
    case K_DOWN:
        return up_down(f, 1);
    case K_PGUP:
        return up_down(f, -f->rows);
    case K_PGDN:
        return up_down(f, f->rows);
    case K_ENTER:
        return break_line(f);
    default:
        return 0;
    }
}

unsigned edit_input(struct edit *f, const struct input *in)
{
    char utf8[5] = "";

    if (in->kind == INPUT_PASTE) {
        edit_insert(f, in->text);
        f->goal = -1;
        return UI_DONE;
    }
    if (in->kind != INPUT_KEY)
        return 0;
    if (!key_is_text(in->key))
        return field_key(f, in->key);
    utf8[text_put(utf8, (uint32_t)in->key)] = '\0';
    remember_typing(f, in->key);
    insert(f, utf8);
    typed(f);
    f->goal = -1;
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

static int ink_at(const struct edit *f, size_t at)
{
    for (size_t i = 0; i < f->nink; i++)
        if (f->ink[i].at <= at && at < f->ink[i].end)
            return f->ink[i].ink;
    return ROLE_FIELD;
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
    surface_text(s, y, x, ink_at(f, at), one, -1, ALIGN_LEFT);
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

/* `s` is one cell wider than a row: a full row's end stands there. */
static void draw_rows(struct edit *f, struct surface s, bool focused)
{
    struct walk point = place_of(f, f->at), w = { 0 };

    scroll_to(f, point.row, s.h);
    for (size_t n; (n = stand(f, &w)) > 0; step(f, &w, n))
        if (w.row >= f->scroll && w.row - f->scroll < s.h && !at_line_end(f, w.at))
            draw_cluster(f, s, w.row - f->scroll, w.cell, w.at, n);
    surface_thumb(s, s.w - 1, f->scroll, w.row + 1);
    if (focused)
        surface_cursor(s, point.row - f->scroll, point.cell, true);
}

int edit_cell(const struct edit *f, size_t at)
{
    int cells = 1 + (f->prompt ? text_width(f->prompt) : 0) - f->scroll;

    for (size_t i = 0, n; i < at && (n = cluster(f, i)) > 0; i += n)
        cells += cluster_cells(f, i);
    return cells;
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
        draw_rows(f, (struct surface){ in.grid, in.y, in.x, in.h, in.w + (in.w > 0), in.ground }, focused);
    else
        draw_row(f, in, focused);
}
