#include "tests/screens/vt.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vterm.h>
#include <wchar.h>

#include "base/arena.h"
#include "base/text.h"

enum { STYLES = 80 };
/* what libvterm has in the right cell of a wide character */
#define HALF ((uint32_t)-1)

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+,/:;<=>?@[]^_{|}~";

struct style_seen { uint32_t fg, bg; unsigned attr; };

struct vt {
    VTerm *term;
    VTermScreen *screen;
    int rows, cols, fd;
    off_t seen;
    FILE *in, *out;
    struct buf row, bad;
    int cursor_y, cursor_x;
    bool cursor_shown;
    struct style_seen style[STYLES];
    int nstyles;
};

/* curses keeps a little for a terminal that it refused. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:new_prescr";
}

/* --- life ------------------------------------------------------------------------------------- */

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
    struct vt *vt = user;

    (void)old;
    (void)visible;
    vt->cursor_y = pos.row;
    vt->cursor_x = pos.col;
    return 1;
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    if (prop == VTERM_PROP_CURSORVISIBLE)
        ((struct vt *)user)->cursor_shown = value->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = { .movecursor = on_cursor,
                                                .settermprop = on_property };

struct vt *vt_open(int rows, int cols)
{
    struct vt *vt = xcalloc(1, sizeof *vt);

    vt->row = vt->bad = (struct buf)BUF_INIT;
    vt->rows = rows;
    vt->cols = cols;
    vt->term = vterm_new(rows, cols);
    vterm_set_utf8(vt->term, 1);
    vt->screen = vterm_obtain_screen(vt->term);
    vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
    vterm_screen_enable_altscreen(vt->screen, 1);
    vterm_screen_reset(vt->screen, 1);
    vt->fd = memfd_create("screen", MFD_CLOEXEC);
    vt->out = fdopen(dup(vt->fd), "w");
    vt->in = fopen("/dev/null", "r");
    return vt;
}

void vt_close(struct vt *vt)
{
    vterm_free(vt->term);
    fclose(vt->out);
    fclose(vt->in);
    close(vt->fd);
    buf_release(&vt->row);
    buf_release(&vt->bad);
    free(vt);
}

void vt_options(struct vt *vt, struct term_options *o, const char *term)
{
    o->in = vt->in;
    o->out = vt->out;
    o->term = term ? term : "xterm-256color";
    o->rows = vt->rows;
    o->cols = vt->cols;
}

void vt_resize(struct vt *vt, int rows, int cols)
{
    vt->rows = rows;
    vt->cols = cols;
    vterm_set_size(vt->term, rows, cols);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static bool allowed_csi(const char *s, size_t n)
{
    char final = s[n - 1];

    if (s[0] == '?')
        return strchr("hlc", final) != NULL;    /* c: the cursor's shape on the Linux console */
    if (final == 'n')
        return n == 2 && s[0] == '6';           /* tui/probe.h asks where the cursor is */
    return strchr("ABCDGHJKLMPSTXZ@dhlmrft", final) != NULL;    /* no b: not every xterm repeats letters */
}

/* A copy (tui/clip.h): base64 between fixed words, alone or wrapped for tmux. */
static size_t allowed_copy(const char *s, size_t n)
{
    static const char plain[] = "\033]52;c;", wrapped[] = "\033Ptmux;\033\033]52;c;";
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    size_t i = n > sizeof wrapped && !memcmp(s, wrapped, sizeof wrapped - 1) ? sizeof wrapped - 1
               : n > sizeof plain && !memcmp(s, plain, sizeof plain - 1)     ? sizeof plain - 1
                                                                             : n;
    bool inside = i == sizeof wrapped - 1;

    while (i < n && s[i] && strchr(digits, s[i]))
        i++;
    if (i >= n || s[i++] != '\a')
        return 0;
    return !inside ? i : i + 2 <= n && s[i] == 27 && s[i + 1] == '\\' ? i + 2 : 0;
}

/* Length of the escape sequence at s when it is one of those a screen is painted with; 0 if not. */
static size_t allowed(const char *s, size_t n)
{
    if (n < 2)
        return 0;
    if (s[1] == '[') {
        size_t i = 2;

        while (i < n && (unsigned char)s[i] >= 0x20 && (unsigned char)s[i] < 0x40)
            i++;
        return i < n && allowed_csi(s + 2, i - 1) ? i + 1 : 0;
    }
    if (s[1] == '(' || s[1] == ')')
        return n > 2 ? 3 : 0;
    if (s[1] == ']' || s[1] == 'P')
        return allowed_copy(s, n);
    return strchr("=>78MDc", s[1]) ? 2 : 0;
}

static void check_bytes(struct vt *vt, const char *s, size_t n)
{
    for (size_t i = 0; i < n && vt->bad.len == 0;) {
        unsigned char c = (unsigned char)s[i];
        size_t len;

        if (c == 27) {
            len = allowed(s + i, n - i);
            if (len == 0)
                buf_addf(&vt->bad, "sequence ESC %.10s", s + i + 1);
            i += len ? len : 1;
        } else if (c < 32) {
            if (!strchr("\r\n\b\t\016\017", c))
                buf_addf(&vt->bad, "control byte %02x", c);
            i++;
        } else {
            uint32_t u = text_char(s + i, n - i, &len);

            if (u == 127 || (u >= 0x80 && u < 0xa0) || (u >= 0x200b && u <= 0x200f) ||
                (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069))
                buf_addf(&vt->bad, "character U+%04X", (unsigned)u);
            i += len;
        }
    }
}

int vt_utf8_width(uint32_t c)
{
    static locale_t utf8;
    locale_t before;
    int width;

    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    before = uselocale(utf8);
    width = wcwidth((wchar_t)c);
    uselocale(before);
    return width;
}

/* What a terminal of the locale's encoding would show, in UTF-8. libvterm gives one cell to characters
 * that this encoding's terminals give two: a blank follows them. */
static void translate(struct vt *vt, const char *s, size_t n, struct buf *out)
{
    mbstate_t mb;
    size_t len;

    memset(&mb, 0, sizeof mb);
    for (size_t i = 0; i < n; i += len) {
        wchar_t wc = 0;
        char utf8[4];

        len = mbrtowc(&wc, s + i, n - i, &mb);
        if (len == (size_t)-1 || len == (size_t)-2) {
            buf_addf(&vt->bad, "a byte that is no %s: %02x", nl_langinfo(CODESET), (unsigned char)s[i]);
            return;
        }
        if (len == 0)
            len = 1;
        buf_add(out, utf8, text_put(utf8, (uint32_t)wc));
        if (wcwidth(wc) == 2 && vt_utf8_width((uint32_t)wc) == 1)
            buf_addc(out, ' ');
    }
}

static void take(struct vt *vt, const char *s, size_t n)
{
    check_bytes(vt, s, n);
    vterm_input_write(vt->term, s, n);
}

size_t vt_sync(struct vt *vt)
{
    struct stat st;
    size_t n;
    char *bytes;

    fflush(vt->out);
    fstat(vt->fd, &st);
    n = (size_t)(st.st_size - vt->seen);
    if (n == 0)
        return 0;
    bytes = xmalloc(n + 1);
    if (pread(vt->fd, bytes, n, vt->seen) != (ssize_t)n)
        abort();
    bytes[n] = '\0';
    if (!strcmp(nl_langinfo(CODESET), "UTF-8") || !strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968")) {
        take(vt, bytes, n);
    } else {
        struct buf utf8 = BUF_INIT;

        translate(vt, bytes, n, &utf8);
        take(vt, utf8.s, utf8.len);
        buf_release(&utf8);
    }
    vt->seen = st.st_size;
    free(bytes);
    return n;
}

const char *vt_bad(const struct vt *vt)
{
    return vt->bad.len ? vt->bad.s : NULL;
}

/* --- the grid --------------------------------------------------------------------------------- */

static void add_row(struct vt *vt, int y, struct buf *out)
{
    size_t start = out->len;

    for (int x = 0; x < vt->cols;) {
        VTermScreenCell cell = { 0 };
        char utf8[4];

        vterm_screen_get_cell(vt->screen, (VTermPos){ .row = y, .col = x }, &cell);
        if (cell.chars[0] == HALF)          /* of a character that was overwritten by halves */
            cell = (VTermScreenCell){ .width = 1 };
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && (i == 0 || cell.chars[i]); i++)
            buf_add(out, utf8, text_put(utf8, cell.chars[i] ? cell.chars[i] : ' '));
        x += cell.width > 0 ? cell.width : 1;
    }
    while (out->len > start && out->s[out->len - 1] == ' ')
        buf_cut(out, out->len - 1);
}

const char *vt_row(struct vt *vt, int y)
{
    buf_clear(&vt->row);
    add_row(vt, y, &vt->row);
    return vt->row.s;
}

void vt_text(struct vt *vt, struct buf *out)
{
    for (int y = 0; y < vt->rows; y++) {
        add_row(vt, y, out);
        buf_addc(out, '\n');
    }
}

bool vt_shows(struct vt *vt, const char *words)
{
    for (int y = 0; y < vt->rows; y++)
        if (strstr(vt_row(vt, y), words))
            return true;
    return false;
}

void vt_cursor(struct vt *vt, int *y, int *x, bool *shown)
{
    *y = vt->cursor_y;
    *x = vt->cursor_x;
    *shown = vt->cursor_shown;
}

static uint32_t color_of(const VTermColor *c, bool fg)
{
    if (fg ? VTERM_COLOR_IS_DEFAULT_FG(c) : VTERM_COLOR_IS_DEFAULT_BG(c))
        return 0xffffffff;
    if (VTERM_COLOR_IS_INDEXED(c))
        return c->indexed.idx;
    return 0x1000000u | (uint32_t)c->rgb.red << 16 | (uint32_t)c->rgb.green << 8 | c->rgb.blue;
}

/* The style's letter, in the order in which styles come. */
static char letter_of(struct vt *vt, const VTermScreenCell *cell)
{
    bool blank = cell->chars[0] == ' ' || cell->chars[0] == 0;
    struct style_seen s = { .fg = color_of(&cell->fg, true), .bg = color_of(&cell->bg, false),
                            .attr = (cell->attrs.bold ? 1u : 0) | (cell->attrs.underline ? 4u : 0) |
                                    (cell->attrs.reverse ? 8u : 0) };

    if (blank) {
        s.attr &= 4 | 8;
        s.fg = s.attr & 8 ? s.fg : 0xffffffff;
    }
    if (s.fg == 0xffffffff && s.bg == 0xffffffff && !s.attr)
        return '.';
    for (int i = 0; i < vt->nstyles; i++)
        if (vt->style[i].fg == s.fg && vt->style[i].bg == s.bg && vt->style[i].attr == s.attr)
            return letters[i];
    if (vt->nstyles + 1 >= (int)sizeof letters)
        return '\'';
    vt->style[vt->nstyles++] = s;
    return letters[vt->nstyles - 1];
}

static void add_color(struct buf *out, uint32_t c)
{
    if (c == 0xffffffff)
        buf_adds(out, "-");
    else if (c & 0x1000000)
        buf_addf(out, "#%06x", c & 0xffffff);
    else
        buf_addf(out, "%u", c);
}

static void add_legend(struct vt *vt, struct buf *out)
{
    for (int i = 0; i < vt->nstyles; i++) {
        const struct style_seen *s = &vt->style[i];

        buf_addf(out, "%c ", letters[i]);
        add_color(out, s->fg);
        buf_adds(out, " on ");
        add_color(out, s->bg);
        buf_addf(out, "%s%s%s\n", s->attr & 1 ? " bold" : "", s->attr & 4 ? " underline" : "",
                 s->attr & 8 ? " reverse" : "");
    }
}

static void style_row(struct vt *vt, int y, char *row)
{
    for (int x = 0; x < vt->cols;) {
        VTermScreenCell cell = { 0 };

        vterm_screen_get_cell(vt->screen, (VTermPos){ .row = y, .col = x }, &cell);
        /* both halves as the left one: the right one keeps what it had */
        do
            row[x] = letter_of(vt, &cell);
        while (++x < vt->cols && --cell.width > 0);
    }
    row[vt->cols] = '\0';
    for (int x = vt->cols; x > 0 && row[x - 1] == '.';)
        row[--x] = '\0';
}

static void add_runs(const char *row, struct buf *out)
{
    for (size_t n; *row; row += n) {
        n = 1;
        while (row[n] == *row)
            n++;
        buf_addc(out, *row);
        if (n > 1)
            buf_addf(out, "%zu", n);
    }
}

void vt_styles(struct vt *vt, struct buf *out)
{
    char *row = xmalloc(2 * ((size_t)vt->cols + 1)), *next = row + vt->cols + 1, *held;

    vt->nstyles = 0;
    style_row(vt, 0, row);
    for (int y = 0, from; y < vt->rows;) {
        from = y;
        for (*next = '\0'; ++y < vt->rows;) {
            style_row(vt, y, next);
            if (strcmp(row, next) != 0)
                break;
        }
        if (*row) {
            buf_addf(out, y > from + 1 ? "%d-%d " : "%d ", from + 1, y);
            add_runs(row, out);
            buf_addc(out, '\n');
        }
        held = row;
        row = next;
        next = held;
    }
    free(row < next ? row : next);
    add_legend(vt, out);
}

/* --- golden files ----------------------------------------------------------------------------- */

static char *slurp(const char *path)
{
    FILE *f = fopen(path, "r");
    struct buf b = BUF_INIT;
    char part[4096];
    size_t n;

    if (!f)
        return NULL;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&b, part, n);
    fclose(f);
    return buf_detach(&b);
}

/* The rows that differ, as they should be and as they are. */
static void print_difference(const char *want, const char *have)
{
    for (int line = 1; *want || *have; line++) {
        size_t w = strcspn(want, "\n"), h = strcspn(have, "\n");

        if (w != h || memcmp(want, have, w))
            fprintf(stderr, "%3d -%.*s\n    +%.*s\n", line, (int)w, want, (int)h, have);
        want += w + (want[w] == '\n');
        have += h + (have[h] == '\n');
    }
}

void vt_look(struct vt *vt, const char *title, struct buf *out)
{
    struct buf text = BUF_INIT;

    vt_text(vt, &text);
    if (title)
        buf_addf(out, "---- %s\n", title);
    if (!title || strncmp(out->s, text.s, text.len) != 0) {
        buf_add(out, text.s, text.len);
        buf_adds(out, "----\n");
    }
    vt_styles(vt, out);
    buf_release(&text);
}

static bool write_golden(const char *path, const char *picture)
{
    char folder[200];
    char *slash;
    FILE *f;

    snprintf(folder, sizeof folder, "%s", path);
    slash = strrchr(folder, '/');
    *slash = '\0';
    mkdir(folder, 0777);
    f = fopen(path, "w");
    if (!f)
        return false;
    bool whole = fputs(picture, f) >= 0;
    return fclose(f) == 0 && whole;
}

bool golden_same(const char *name, const char *picture)
{
    char path[200], *want;
    const char *mode = getenv("GOLDEN");
    bool same;

    snprintf(path, sizeof path, "tests/screens/golden/%s.txt", name);
    if (mode && !strcmp(mode, "update"))
        return write_golden(path, picture);
    want = slurp(path);
    same = want && !strcmp(want, picture);
    if (!same) {
        fprintf(stderr, "%s %s\n", path, want ? "differs:" : "is missing");
        print_difference(want ? want : "", picture);
    }
    free(want);
    return same;
}

bool vt_golden(struct vt *vt, const char *name)
{
    struct buf b = BUF_INIT;
    bool same;

    vt_look(vt, NULL, &b);
    same = golden_same(name, b.s);
    buf_release(&b);
    return same;
}
