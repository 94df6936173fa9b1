#include "tui/key.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/surface.h"

/* --- names ------------------------------------------------------------------------------------ */

/* The first name of a code is the one that is printed. */
static const struct { const char *name; int key; const char *label; } names[] = {
    { "Enter", K_ENTER, NULL },
    { "Esc", K_ESC, NULL },
    { "Tab", K_TAB, NULL },
    { "Space", K_SPACE, N_("Space") },
    { "Backspace", K_BACKSPACE, NULL },
    { "Up", K_UP, NULL },
    { "Down", K_DOWN, NULL },
    { "Left", K_LEFT, NULL },
    { "Right", K_RIGHT, NULL },
    { "Home", K_HOME, NULL },
    { "End", K_END, NULL },
    { "PgUp", K_PGUP, NULL },
    { "PgDn", K_PGDN, NULL },
    { "Ins", K_INS, NULL },
    { "Del", K_DEL, NULL },
    { "BTab", K_BTAB, N_("Shift-Tab") },
    { "Semicolon", ';', ";" },
    { "Hash", '#', "#" },
    { "Quote", '"', "\"" },
    { "Backslash", '\\', "\\" },
    { "PageUp", K_PGUP, NULL },
    { "PageDown", K_PGDN, NULL },
    { "Escape", K_ESC, NULL },
    { "Delete", K_DEL, NULL },
    { "Insert", K_INS, NULL }
};

static const struct { int key; enum glyph glyph; } arrows[] = {
    { K_UP, GLYPH_TO_UP }, { K_DOWN, GLYPH_TO_DOWN }, { K_LEFT, GLYPH_TO_LEFT },
    { K_RIGHT, GLYPH_TO_RIGHT }
};

enum { NNAMES = sizeof names / sizeof names[0] };

static int f_number(const char *name)
{
    char *end;
    long n;

    if (name[0] != 'F' || name[1] < '1' || name[1] > '9')
        return 0;
    n = strtol(name + 1, &end, 10);
    return *end || n > 24 ? 0 : (int)n;
}

static int plain_key(const char *name)
{
    size_t len;
    uint32_t c;

    if (name[0] > ' ' && name[0] < 127 && !name[1])
        return name[0];
    for (int i = 0; i < NNAMES; i++)
        if (names[i].name[0] == name[0] && !strcmp(names[i].name, name))
            return names[i].key;
    if (f_number(name))
        return K_F0 + f_number(name);
    c = text_char(name, strlen(name), &len);
    return len > 0 && !name[len] && c != 0xfffd && c > ' ' && c != 127 ? (int)c : K_NONE;
}

int key_find(const char *name)
{
    int mods = 0, key;

    for (; name[0] && name[1] == '-' && name[2]; name += 2) {
        if (name[0] == 'C')
            mods |= K_CTRL;
        else if (name[0] == 'M')
            mods |= K_ALT;
        else if (name[0] == 'S')
            mods |= K_SHIFT;
        else
            return K_NONE;
    }
    key = plain_key(name);
    if (key == K_NONE)
        return K_NONE;
    if ((mods & K_CTRL) && key >= 'A' && key <= 'Z')
        key += 'a' - 'A';
    return key | mods;
}

static void put_mods(int key, char out[K_NAME])
{
    snprintf(out, K_NAME, "%s%s%s", key & K_CTRL ? "C-" : "", key & K_ALT ? "M-" : "",
             key & K_SHIFT ? "S-" : "");
}

void key_print(int key, char out[K_NAME])
{
    int plain = key & ~K_MODS;
    char *end;

    put_mods(key, out);
    end = out + strlen(out);
    for (int i = 0; i < NNAMES; i++)
        if (names[i].key == plain) {
            snprintf(end, K_NAME - (size_t)(end - out), "%s", names[i].name);
            return;
        }
    if (plain > K_F0 && plain <= K_F0 + 24)
        snprintf(end, 4, "F%d", plain - K_F0);
    else if (plain < K_NAMED && plain > 0)
        end[text_put(end, (uint32_t)plain)] = '\0';
}

void key_label(int key, bool ascii, char out[K_NAME])
{
    int plain = key & ~K_MODS;
    char *end;

    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++)
        if (arrows[i].key == plain) {
            put_mods(key, out);
            end = out + strlen(out);
            if (glyph_char(arrows[i].glyph, ascii) < 128)
                break;
            end[text_put(end, glyph_char(arrows[i].glyph, ascii))] = '\0';
            return;
        }
    for (int i = 0; i < NNAMES; i++)
        if (names[i].key == key && names[i].label) {
            snprintf(out, K_NAME, "%s", _(names[i].label));
            return;
        }
    if ((key & K_MODS) == K_CTRL && plain < 128) {
        snprintf(out, K_NAME, "^%c", plain >= 'a' && plain <= 'z' ? plain - 'a' + 'A' : plain);
        return;
    }
    key_print(key, out);
}

bool key_is_text(int key)
{
    return key >= ' ' && key != K_BACKSPACE && key < 0x110000 && text_safe((uint32_t)key);
}

int key_narrow(int key)
{
    static const int twins[][2] = {
        { 0x3000, ' ' }, { 0x3001, '/' }, { 0x3002, '.' }, { 0x300a, '<' }, { 0x300b, '>' },
        { 0x2018, '\'' },
        { 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' }, { 0x2014, '-' }, { 0x2026, '^' },
        { 0x00b7, '`' },
        { 0xffe5, '$' }, { 0x3010, '[' }, { 0x3011, ']' }
    };

    if (key >= 0xff01 && key <= 0xff5e)
        return key - 0xff01 + '!';
    for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++)
        if (twins[i][0] == key)
            return twins[i][1];
    return key;
}

/* --- dialects --------------------------------------------------------------------------------- */

struct dialect { const char *bytes; int key; };

/* What terminals send beside what terminfo says: normal and application cursor keys, rxvt, linux
 * console, PuTTY and its kin for Home, End and F1 to F4. */
static const struct dialect dialects[] = {
    { "\033[A", K_UP }, { "\033[B", K_DOWN }, { "\033[C", K_RIGHT }, { "\033[D", K_LEFT },
    { "\033OA", K_UP }, { "\033OB", K_DOWN }, { "\033OC", K_RIGHT }, { "\033OD", K_LEFT },
    { "\033[H", K_HOME }, { "\033[F", K_END }, { "\033OH", K_HOME }, { "\033OF", K_END },
    { "\033[1~", K_HOME }, { "\033[2~", K_INS }, { "\033[3~", K_DEL }, { "\033[4~", K_END },
    { "\033[5~", K_PGUP }, { "\033[6~", K_PGDN }, { "\033[7~", K_HOME }, { "\033[8~", K_END },
    { "\033[Z", K_BTAB },
    { "\033OP", K_F0 + 1 }, { "\033OQ", K_F0 + 2 }, { "\033OR", K_F0 + 3 }, { "\033OS", K_F0 + 4 },
    { "\033[11~", K_F0 + 1 }, { "\033[12~", K_F0 + 2 }, { "\033[13~", K_F0 + 3 },
    { "\033[14~", K_F0 + 4 },
    { "\033[[A", K_F0 + 1 }, { "\033[[B", K_F0 + 2 }, { "\033[[C", K_F0 + 3 },
    { "\033[[D", K_F0 + 4 }, { "\033[[E", K_F0 + 5 },
    { "\033[15~", K_F0 + 5 }, { "\033[17~", K_F0 + 6 }, { "\033[18~", K_F0 + 7 },
    { "\033[19~", K_F0 + 8 },
    { "\033[20~", K_F0 + 9 }, { "\033[21~", K_F0 + 10 }, { "\033[23~", K_F0 + 11 },
    { "\033[24~", K_F0 + 12 },
    /* The numeric keypad in application mode: all seventeen keys mean what is printed on them. The 5
     * without NumLock has names of its own: xterm's, and PuTTY's and the Linux console's. */
    { "\033OE", '5' }, { "\033[E", '5' }, { "\033OG", '5' }, { "\033[G", '5' },
    { "\033OX", '=' }, { "\033OI", K_TAB },
    { "\033Op", '0' }, { "\033Oq", '1' }, { "\033Or", '2' }, { "\033Os", '3' }, { "\033Ot", '4' },
    { "\033Ou", '5' },
    { "\033Ov", '6' }, { "\033Ow", '7' }, { "\033Ox", '8' }, { "\033Oy", '9' }, { "\033On", '.' },
    { "\033Ol", '+' },
    { "\033Om", '-' }, { "\033Oj", '*' }, { "\033Oo", '/' }, { "\033Ok", '+' },
    { "\033OM", K_ENTER }
};

void decoder_define(struct decoder *d, const char *bytes, int key)
{
    size_t n = bytes ? strlen(bytes) : 0;

    if (n < 2 || n >= sizeof d->seq[0].bytes)
        return;
    for (int i = 0; i < d->nseq; i++)
        if (!strcmp(d->seq[i].bytes, bytes)) {
            d->seq[i].key = key;
            return;
        }
    if (d->nseq == KEY_SEQUENCES)
        return;
    memcpy(d->seq[d->nseq].bytes, bytes, n + 1);
    d->seq[d->nseq++].key = key;
}

void decoder_init(struct decoder *d, bool esc_digit)
{
    memset(d, 0, sizeof *d);
    d->paste = d->word = (struct buf)BUF_INIT;
    d->esc_digit = esc_digit;
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++)
        decoder_define(d, dialects[i].bytes, dialects[i].key);
}

void decoder_free(struct decoder *d)
{
    buf_release(&d->paste);
    buf_release(&d->word);
}

size_t decoder_feed(struct decoder *d, const void *bytes, size_t n)
{
    size_t room = sizeof d->in - d->n;

    if (n > room)
        n = room;
    memcpy(d->in + d->n, bytes, n);
    d->n += n;
    return n;
}

bool decoder_waiting(const struct decoder *d)
{
    return d->pasting || (d->n > 0 && d->in[0] == 27);
}

static void eat(struct decoder *d, size_t n)
{
    assert(n <= d->n);
    d->n -= n;
    memmove(d->in, d->in + n, d->n);
}

/* --- escape sequences ------------------------------------------------------------------------- */

enum { NEED_MORE = -1 };

/* Length of the known sequence that the input begins with; 0 if none, NEED_MORE if it may still
 * become one. */
static int match_known(const struct decoder *d, int *key)
{
    int best = 0;
    bool more = false;

    for (int i = 0; i < d->nseq; i++) {
        size_t len = strlen(d->seq[i].bytes);

        if (len <= d->n) {
            if ((int)len > best && !memcmp(d->in, d->seq[i].bytes, len)) {
                best = (int)len;
                *key = d->seq[i].key;
            }
        } else if (!memcmp(d->in, d->seq[i].bytes, d->n)) {
            more = true;
        }
    }
    return best ? best : more ? NEED_MORE : 0;
}

/* Length of the control sequence ESC [ ... final at the input's start; 0: broken, NEED_MORE: not
 * whole yet. */
static int csi_length(const struct decoder *d)
{
    for (size_t i = 2; i < d->n; i++) {
        if (d->in[i] >= 0x40 && d->in[i] <= 0x7e)
            return (int)i + 1;
        if (d->in[i] < 0x20 || i > 40)
            return 0;
    }
    return NEED_MORE;
}

/* xterm's modifier number: 1 + shift 1 + alt 2 + ctrl 4. */
static int modifiers(int n)
{
    n--;
    return (n & 1 ? K_SHIFT : 0) | (n & 2 ? K_ALT : 0) | (n & 4 ? K_CTRL : 0);
}

/* ESC [ 1 ; M X  and  ESC [ N ; M ~ : a known key with modifiers. K_NONE if it is none. ESC [ N ; M R
 * with another N than 1 is the place of the cursor (tui/probe.h). */
static int modified_key(const struct decoder *d, int len)
{
    static const struct { char final; int key; } finals[] = {
        { 'A', K_UP }, { 'B', K_DOWN }, { 'C', K_RIGHT }, { 'D', K_LEFT }, { 'H', K_HOME },
        { 'F', K_END },
        { 'P', K_F0 + 1 }, { 'Q', K_F0 + 2 }, { 'R', K_F0 + 3 }, { 'S', K_F0 + 4 }
    };
    int number = 0, mods = 0, used = 0;
    char text[48], plain[24];

    memcpy(text, d->in, (size_t)len);
    text[len] = '\0';
    if (sscanf(text + 2, "%3d;%2d%n", &number, &mods, &used) != 2 || used + 3 != len || mods < 2 ||
        mods > 8)
        return K_NONE;
    if (number != 1 && text[len - 1] == 'R')
        return K_NONE;
    for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++)
        if (finals[i].final == text[len - 1])
            return finals[i].key | modifiers(mods);
    if (text[len - 1] != '~')
        return K_NONE;
    snprintf(plain, sizeof plain, "\033[%d~", number);
    for (int i = 0; i < d->nseq; i++)
        if (!strcmp(d->seq[i].bytes, plain))
            return d->seq[i].key | modifiers(mods);
    return K_NONE;
}

enum {
    BUTTON = 3, BUTTON_NONE = 3,                        /* bits of the byte that both dialects send */
    HELD_SHIFT = 4, HELD_ALT = 8, HELD_CTRL = 16, MOVED = 32, WHEEL = 64, OTHER_BUTTONS = 128
};

/* The button of a press, a drag or a release; false for what nobody here needs (movement without the
 * left button, the wheel sideways, more buttons). */
static bool mouse_button(struct decoder *d, int b, bool released, enum mouse *out)
{
    int button = b & BUTTON;

    if (b & WHEEL) {
        *out = button ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
        return button <= 1 && !released;
    }
    if (b & MOVED) {
        *out = MOUSE_DRAG;
        return button == MOUSE_LEFT;
    }
    if (released || button == BUTTON_NONE) {
        *out = MOUSE_RELEASE;
        return button == MOUSE_LEFT || (button == BUTTON_NONE && d->pressed == MOUSE_LEFT);
    }
    *out = d->pressed = (enum mouse)button;
    return true;
}

/* What happened at column x and row y, from 1. */
static bool mouse_event(struct decoder *d, int b, int x, int y, bool released, struct input *out)
{
    *out = (struct input){ .kind = INPUT_MOUSE, .y = y - 1, .x = x - 1,
                           .key = (b & HELD_SHIFT ? K_SHIFT : 0) | (b & HELD_ALT ? K_ALT : 0) |
                                  (b & HELD_CTRL ? K_CTRL : 0) };
    return x >= 1 && y >= 1 && b >= 0 && !(b & OTHER_BUTTONS) &&
           mouse_button(d, b, released, &out->button);
}

/* ESC [ < B ; X ; Y M|m */
static bool sgr_mouse(struct decoder *d, int len, struct input *out)
{
    int b, x, y;
    char text[48];

    memcpy(text, d->in, (size_t)len);
    text[len] = '\0';
    return sscanf(text + 3, "%4d;%4d;%4d", &b, &x, &y) == 3 &&
           mouse_event(d, b, x, y, text[len - 1] == 'm', out);
}

enum { X10_LENGTH = 6 };

/* ESC [ M B X Y, each a byte and 32: of terminals that do not know SGR. */
static bool x10_mouse(struct decoder *d, struct input *out)
{
    return mouse_event(d, d->in[3] - 32, d->in[4] - 32, d->in[5] - 32, false, out);
}

/* ESC [ Y ; X R */
static bool cursor_reply(const struct decoder *d, int len, struct input *out)
{
    int y, x, used = 0;
    char text[48];

    memcpy(text, d->in, (size_t)len);
    text[len] = '\0';
    if (sscanf(text + 2, "%4d;%4dR%n", &y, &x, &used) != 2 || used + 2 != len || y < 1 || x < 1)
        return false;
    *out = (struct input){ .kind = INPUT_REPLY, .y = y - 1, .x = x - 1 };
    return true;
}

static void set_key(struct input *out, int key)
{
    *out = (struct input){ .kind = INPUT_KEY, .key = key };
}

/* --- characters ------------------------------------------------------------------------------- */

/* A control byte as a key: 1..26 are C-a .. C-z but Tab, Enter, and Backspace's two bytes. */
static int control_key(unsigned char c)
{
    if (c == '\r' || c == '\n')
        return K_ENTER;
    if (c == '\t')
        return K_TAB;
    if (c == 8 || c == 127)
        return K_BACKSPACE;
    if (c == 0)
        return K_SPACE | K_CTRL;
    if (c <= 26)
        return ('a' + c - 1) | K_CTRL;
    return (c + '@') | K_CTRL;
}

/* A character of the locale from byte `from` on: its key and length; 0 dropped one byte,
 * NEED_MORE waits. */
static int locale_char(struct decoder *d, size_t from, int *key)
{
    wchar_t wc = 0;
    size_t n;

    *key = K_NONE;
    memset(&d->mb, 0, sizeof d->mb);
    n = mbrtowc(&wc, (const char *)d->in + from, d->n - from, &d->mb);
    if (n == (size_t)-2)
        return NEED_MORE;
    if (n == (size_t)-1 || n == 0)
        return 1;
    *key = (int)wc;
    return (int)n;
}

/* --- paste ------------------------------------------------------------------------------------ */

static const char paste_begin[] = "\033[200~", paste_end[] = "\033[201~";
enum { PASTE_MARK = 6 };

/* Cleaned line by line: the ends of lines stay. */
static void clean_lines(struct buf *out, const char *s)
{
    for (;;) {
        size_t n = strcspn(s, "\r\n");

        text_clean(out, s, n);
        s += n;
        if (!*s)
            return;
        s += s[0] == '\r' && s[1] == '\n' ? 2 : 1;
        buf_addc(out, '\n');
    }
}

/* The locale's bytes as clean UTF-8 words. */
static void paste_words(struct decoder *d)
{
    mbstate_t mb;
    const char *s = d->paste.s;
    size_t n = d->paste.len;
    struct buf utf8 = BUF_INIT;

    memset(&mb, 0, sizeof mb);
    while (n > 0) {
        wchar_t wc;
        size_t len = mbrtowc(&wc, s, n, &mb);
        char out[4];

        if (len == (size_t)-1 || len == (size_t)-2 || len == 0) {
            memset(&mb, 0, sizeof mb);
            len = 1;
        } else if ((uint32_t)wc < 0xd800 || ((uint32_t)wc > 0xdfff && (uint32_t)wc <= 0x10ffff)) {
            buf_add(&utf8, out, text_put(out, (uint32_t)wc));
        }
        s += len;
        n -= len;
    }
    buf_clear(&d->word);
    clean_lines(&d->word, utf8.s);
    buf_release(&utf8);
}

/* Inside a paste: everything up to the end mark, or what there is of it when no more comes. True when
 * it is whole. */
static bool take_paste(struct decoder *d, bool flush, struct input *out)
{
    unsigned char *end = memmem(d->in, d->n, paste_end, PASTE_MARK);
    size_t n = end ? (size_t)(end - d->in) : d->n;

    if (!end)                               /* its beginning may be at the end already */
        for (size_t k = PASTE_MARK - 1; k > 0; k--)
            if (n >= k && !memcmp(d->in + n - k, paste_end, k)) {
                n -= k;
                break;
            }
    if (d->paste.len < PASTE_MAX)
        buf_add(&d->paste, d->in, n < PASTE_MAX - d->paste.len ? n : PASTE_MAX - d->paste.len);
    eat(d, n);
    if (!end && !flush)
        return false;
    eat(d, end ? PASTE_MARK : d->n);
    d->pasting = false;
    paste_words(d);
    buf_clear(&d->paste);
    *out = (struct input){ .kind = INPUT_PASTE, .text = d->word.s };
    return true;
}

/* --- the decoder ------------------------------------------------------------------------------ */

/* What one step made of the input: an input, nothing worth telling, or a wish for more bytes. */
enum step { STEP_EVENT, STEP_NONE, STEP_WAIT };

/* ESC alone, or Alt with the character after it. */
static enum step alt_or_escape(struct decoder *d, bool flush, struct input *out)
{
    int key, len;

    if (d->n == 1) {
        if (!flush)
            return STEP_WAIT;
        eat(d, 1);
        set_key(out, K_ESC);
        return STEP_EVENT;
    }
    if (d->in[1] == 27) {                   /* two escapes: the first is a key */
        eat(d, 1);
        set_key(out, K_ESC);
        return STEP_EVENT;
    }
    len = d->in[1] < 32 || d->in[1] == 127 ? 1 : locale_char(d, 1, &key);
    if (len == NEED_MORE && !flush)
        return STEP_WAIT;
    if (d->in[1] < 32 || d->in[1] == 127)
        key = control_key(d->in[1]);
    eat(d, 1 + (size_t)(len > 0 ? len : 1));
    if (d->esc_digit && key >= '0' && key <= '9')
        set_key(out, K_F0 + (key == '0' ? 10 : key - '0'));
    else
        set_key(out, key | K_ALT);
    return key == K_NONE ? STEP_NONE : STEP_EVENT;
}

/* The terminal's own reports: true when the bytes were one, *told when it is worth an input. */
static bool report(struct decoder *d, int len, struct input *out, bool *told)
{
    if (d->in[2] == '<')
        *told = sgr_mouse(d, len, out);
    else if (d->in[2] == 'M')
        *told = x10_mouse(d, out);
    else if (d->in[len - 1] == 'R')
        *told = cursor_reply(d, len, out);
    else
        return false;
    return true;
}

/* ESC O with numbers is a key with modifiers in an old dialect (ESC O 5 P is Ctrl-F1); other letters are
 * keys that nobody knows. Both are dropped whole, never typed. */
static enum step ss3(struct decoder *d, bool flush)
{
    size_t n = 2;

    while (n < d->n && d->in[n] >= '0' && d->in[n] <= ';')
        n++;
    if (n == d->n && !flush)
        return STEP_WAIT;
    eat(d, n < d->n && d->in[n] >= 0x40 && d->in[n] <= 0x7e ? n + 1 : n);
    return STEP_NONE;
}

static enum step csi(struct decoder *d, bool flush, struct input *out)
{
    int len = csi_length(d), key;
    bool told = false;

    if (d->n > 2 && d->in[2] == 'M') {
        if (d->n < X10_LENGTH)
            return flush ? (eat(d, d->n), STEP_NONE) : STEP_WAIT;
        len = X10_LENGTH;
    }
    if (len == NEED_MORE && d->n > 2)
        return flush ? (eat(d, d->n), STEP_NONE) : STEP_WAIT;
    if (len <= 0)
        return d->n == 2 && !flush ? STEP_WAIT : alt_or_escape(d, flush, out);
    key = modified_key(d, len);
    if (key == K_NONE && report(d, len, out, &told)) {
        eat(d, (size_t)len);
        return told ? STEP_EVENT : STEP_NONE;
    }
    eat(d, (size_t)len);                    /* what no table knows is dropped whole, never typed */
    if (key == K_NONE)
        return STEP_NONE;
    set_key(out, key);
    return STEP_EVENT;
}

static enum step escape(struct decoder *d, bool flush, struct input *out)
{
    int key, len = match_known(d, &key);

    if (d->n >= PASTE_MARK && !memcmp(d->in, paste_begin, PASTE_MARK)) {
        eat(d, PASTE_MARK);
        d->pasting = true;
        return STEP_NONE;
    }
    if (len > 0) {
        eat(d, (size_t)len);
        set_key(out, key);
        return STEP_EVENT;
    }
    if (len == NEED_MORE && !flush)
        return STEP_WAIT;
    if (d->n >= 2 && d->in[1] == '[')
        return csi(d, flush, out);
    if (d->n > 2 && d->in[1] == 'O')
        return ss3(d, flush);
    return alt_or_escape(d, flush, out);
}

static enum step decode(struct decoder *d, bool flush, struct input *out)
{
    int key, len;

    if (d->n == 0 && !(d->pasting && flush))
        return STEP_WAIT;
    if (d->pasting)
        return take_paste(d, flush, out) ? STEP_EVENT : STEP_WAIT;
    if (d->in[0] == 27)
        return escape(d, flush, out);
    if (d->in[0] < 32 || d->in[0] == 127) {
        set_key(out, control_key(d->in[0]));
        eat(d, 1);
        return STEP_EVENT;
    }
    len = locale_char(d, 0, &key);
    if (len == NEED_MORE) {
        if (d->n < 8)
            return STEP_WAIT;
        len = 1;
    }
    eat(d, (size_t)len);
    if (key == K_NONE || !text_safe((uint32_t)key))
        return STEP_NONE;
    set_key(out, key);
    return STEP_EVENT;
}

bool decoder_next(struct decoder *d, bool flush, struct input *out)
{
    enum step step;

    do
        step = decode(d, flush, out);
    while (step == STEP_NONE);
    return step == STEP_EVENT;
}

/* --- scripts ---------------------------------------------------------------------------------- */

/* "24x80", "3,10". */
static bool numbers(const char *word, char between, int *a, int *b)
{
    const char *second = strchr(word, between);

    return second && sscanf(word, "%4d", a) == 1 && sscanf(second + 1, "%4d", b) == 1;
}

/* "click:" and its kin. */
static bool mouse_word(const char *word, struct input *out)
{
    static const struct { const char *label; enum mouse button; } words[] = {
        { "click:", MOUSE_LEFT }, { "drag:", MOUSE_DRAG }, { "release:", MOUSE_RELEASE },
        { "wheel-up:", MOUSE_WHEEL_UP }, { "wheel-down:", MOUSE_WHEEL_DOWN }
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strncmp(word, words[i].label, strlen(words[i].label))) {
            *out = (struct input){ .kind = INPUT_MOUSE, .button = words[i].button };
            return true;
        }
    return false;
}

/* The next character of `text:WORDS`. */
static void type_next(struct script *s, struct input *out)
{
    size_t len;
    uint32_t c = text_char(s->typing, strcspn(s->typing, " "), &len);

    if (c == '\\' && s->typing[1] == '_') {
        c = '_';
        len = 2;
    } else if (c == '_') {
        c = ' ';
    }
    s->typing += len;
    if (!*s->typing || *s->typing == ' ') {
        s->at = s->typing;
        s->typing = NULL;
    }
    set_key(out, (int)c);
}

static void unblank(struct buf *word, const char *s, size_t n)
{
    buf_clear(word);
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\\' && i + 1 < n && s[i + 1] == '_')
            buf_addc(word, s[++i]);
        else
            buf_addc(word, s[i] == '_' ? ' ' : s[i]);
    }
}

bool script_next(struct script *s, struct input *out, const char **bad)
{
    size_t n;
    const char *word;
    char name[K_NAME + 64];

    *bad = NULL;
    if (s->typing) {
        type_next(s, out);
        return true;
    }
    if (!s->at)
        return false;
    word = s->at += strspn(s->at, " \n");
    n = strcspn(word, " \n");
    if (n == 0)
        return false;
    if (!strncmp(word, "text:", 5) && n > 5) {
        s->typing = word + 5;
        type_next(s, out);
        return true;
    }
    s->at += n;
    if (!strncmp(word, "paste:", 6) || !strncmp(word, "scan:", 5)) {
        size_t label = strcspn(word, ":") + 1;

        unblank(&s->word, word + label, n - label);
        *out = (struct input){ .kind = *word == 'p' ? INPUT_PASTE : INPUT_SCAN, .text = s->word.s };
        return true;
    }
    snprintf(name, sizeof name, "%.*s", (int)n, word);
    if (!strncmp(name, "resize:", 7)) {
        *out = (struct input){ .kind = INPUT_RESIZE };
        if (!numbers(name + 7, 'x', &out->y, &out->x))
            *bad = word;
        return true;
    }
    if (mouse_word(name, out)) {
        if (!numbers(strchr(name, ':') + 1, ',', &out->y, &out->x))
            *bad = word;
        return true;
    }
    set_key(out, key_find(name));
    if (out->key == K_NONE)
        *bad = word;
    return true;
}

void script_free(struct script *s)
{
    buf_release(&s->word);
}
