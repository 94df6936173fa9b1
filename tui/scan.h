/* scan.h - telling a barcode scanner from a person at the keyboard.
 *
 * A scanner is a keyboard that types its code and Enter. Where no text field has the focus each of
 * those characters would be a command, so a code must never be taken for keys. What tells the two
 * apart is the measured time between characters: a scanner leaves 1 to 20 ms, a person 40 and more.
 * A code is at least SCAN_LEAST printable characters of ASCII, the first a letter or digit (or one of
 * ([]*+%$), one at least a digit, each at most SCAN_GAP ms after the one before, then Enter.
 *
 * So a first letter or digit is held for SCAN_GAP ms, which nobody feels, and what turns out to be no
 * code is let go in its order: no key is lost, none is doubled. A letter that repeats is a key held
 * down, and passes. Keys that were typed ahead, while the console did not listen, have no measured
 * time: they pass, too, unless they are SCAN_LEAST_LATE digits and Enter, which nobody types blindly.
 *
 * Pure: it knows no clock and no screen. UI thread.
 */
#ifndef TUI_SCAN_H
#define TUI_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCAN_GAP = 25, SCAN_LEAST = 6, SCAN_LEAST_LATE = 8, SCAN_MOST = 128 };

struct scan {
    char held[SCAN_MOST + 1];
    size_t n;
    int64_t at;                 /* when the last key came */
    bool late;                  /* some of it had waited */
    bool passing;               /* a key is held down: all passes until a pause */
    bool code;                  /* the last thing was a code: a scanner may send CR and LF */
};

enum scan_step {
    SCAN_PASS,                  /* deliver what is held (scan_let_go), then this key */
    SCAN_HOLD,                  /* keep it: deliver what is held if nothing comes in SCAN_GAP ms */
    SCAN_CODE,                  /* what is held is a code: scan_text() */
    SCAN_EAT                    /* the second byte of its line end: drop it */
};

/* A key (key.h, narrowed to ASCII) that was read at `now` (ms, monotonic); late: it may have waited
 * before it was read. */
enum scan_step scan_key(struct scan *s, int key, int64_t now, bool late);

/* The code, valid until the next call. */
const char *scan_text(struct scan *s);

/* The held keys in their order, one a call; 0 when none is left. */
int scan_let_go(struct scan *s);

#endif
