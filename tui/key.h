/* key.h - keys: their names, their codes, and how bytes of a terminal become them.
 *
 * A key is a Unicode character or one of K_UP .. , with modifier bits. Shift is part of a character
 * and a bit only on named keys. Names: "a", "?", "领", "Enter", "Esc", "Tab", "BTab", "Space", "Up",
 * "PgDn", "F5", "C-s", "M-1", "S-Up", and "Semicolon", "Hash", "Quote" for what INI files cannot
 * hold. The decoder reads bytes itself: the terminal's own sequences by terminfo, both cursor
 * dialects, all F-key dialects, the keypad's application codes as digits and signs, Alt, bracketed
 * paste, and the mouse as SGR or X10 tell it. It needs no curses, so tests feed it bytes.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include "base/buf.h"

enum {
    K_NONE = 0,
    K_TAB = 9, K_ENTER = 13, K_ESC = 27, K_SPACE = 32, K_BACKSPACE = 127,
    K_NAMED = 0x200000,
    K_UP, K_DOWN, K_LEFT, K_RIGHT, K_HOME, K_END, K_PGUP, K_PGDN, K_INS, K_DEL, K_BTAB,
    K_F0 = 0x200100,          /* K_F0 + n is Fn, 1..24 */
    K_CTRL = 0x1000000, K_ALT = 0x2000000, K_SHIFT = 0x4000000,
    K_MODS = K_CTRL | K_ALT | K_SHIFT
};

enum { K_NAME = 32 };

/* The code of a name, K_NONE if there is none such. Case counts for letters ("c" is not "C"),
 * not for named keys. */
int key_find(const char *name);

/* The name of a code: what key_find() reads back. */
void key_print(int key, char out[K_NAME]);

/* As people see it in footer and help: "^S", "↑", "Space" in the user's language, else the name.
 * ascii: without arrows. */
void key_label(int key, bool ascii, char out[K_NAME]);

/* Is it a character that a text field would take? */
bool key_is_text(int key);

/* Full-width forms, CJK punctuation and digits to their ASCII twins (： to :, ？ to ?, ／ and 、 to
 * /, ２ to 2, 　 to Space); others as they are. Applied when no text field has the focus. */
int key_narrow(int key);

/* --- input ------------------------------------------------------------------------------------ */
enum input_kind {
    INPUT_KEY, INPUT_PASTE, INPUT_MOUSE, INPUT_RESIZE,
    INPUT_SCAN,                 /* a barcode scanner read `text` (scan.h) */
    INPUT_REPLY                 /* the terminal's answer: its cursor is at (y, x) */
};
/* A button was pressed, the wheel turned; DRAG: moved with the left button held, RELEASE: the left
 * button was let go. */
enum mouse { MOUSE_LEFT, MOUSE_MIDDLE, MOUSE_RIGHT, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN, MOUSE_DRAG,
             MOUSE_RELEASE };

struct input {
    enum input_kind kind;
    int key;                    /* INPUT_KEY; INPUT_MOUSE: K_SHIFT, K_CTRL, K_ALT held meanwhile */
    /* INPUT_PASTE: UTF-8, cleaned, every line end a '\n'. INPUT_SCAN: printable ASCII. Valid until
     * the next input */
    const char *text;
    enum mouse button;          /* INPUT_MOUSE */
    int y, x;                   /* cell of the screen, from 0; INPUT_RESIZE: rows and columns */
};

/* --- bytes to input --------------------------------------------------------------------------- */
enum { DECODER_BYTES = 4096, PASTE_MAX = 65536, KEY_SEQUENCES = 256 };
struct key_sequence { char bytes[16]; int key; };

struct decoder {
    unsigned char in[DECODER_BYTES];
    size_t n;
    struct key_sequence seq[KEY_SEQUENCES];
    int nseq;
    bool pasting, esc_digit;
    enum mouse pressed;         /* X10 does not say which button was let go */
    struct buf paste, word;
    mbstate_t mb;
};

/* Knows all dialects at once; esc_digit: ESC then a digit is that F-key (ESC 0: F10). */
void decoder_init(struct decoder *d, bool esc_digit);
void decoder_free(struct decoder *d);

/* Adds a sequence (of terminfo); ignored when empty, longer than 15 bytes, or a single byte.
 * Later ones win. */
void decoder_define(struct decoder *d, const char *bytes, int key);

/* Takes up to n bytes; returns how many were taken (fewer when full: read input, then go on). */
size_t decoder_feed(struct decoder *d, const void *bytes, size_t n);

/* The next whole input. `flush`: the ESC delay is over, take what is there as keys of their own.
 * False when nothing (more) can be made of the bytes. Bytes that are no character of the locale
 * are dropped. */
bool decoder_next(struct decoder *d, bool flush, struct input *out);

/* Does an ESC wait for more bytes, or for the ESC delay; or a paste for its end? A line that lost the
 * end must not leave the console deaf: after PASTE_DELAY ms without a byte it is to be flushed. */
enum { PASTE_DELAY = 1000 };
bool decoder_waiting(const struct decoder *d);

/* --- scripted keys ---------------------------------------------------------------------------- */
/* The next input of a script, advancing *s: key names parted by blanks; `text:WORDS` types each
 * character up to the next blank (`_` types a blank, `\_` an underscore), `paste:WORDS` pastes,
 * `scan:WORDS` is read by a barcode scanner, `resize:ROWSxCOLS`, and of the mouse `click:Y,X`,
 * `drag:Y,X`, `release:Y,X`, `wheel-up:Y,X`, `wheel-down:Y,X`. False at the
 * end; an unknown word gives K_NONE in *out and its text in *bad (inside the script). */
struct script { const char *at; const char *typing; struct buf word; };
bool script_next(struct script *s, struct input *out, const char **bad);
void script_free(struct script *s);

#endif
