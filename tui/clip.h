/* clip.h - copying to the clipboard of the terminal, over any number of SSH hops (OSC 52).
 *
 * No program is ever started for it (xclip, tmux), and nothing but this file's own base64 of cleaned
 * words is inside the sequence: a lead's name cannot drive the terminal. Where the terminal takes
 * no copies they stay in the console's own buffer, and the person is told so.
 */
#ifndef TUI_CLIP_H
#define TUI_CLIP_H

#include <stdbool.h>

#include "base/buf.h"

struct ui;

/* xterm takes 100,000 bytes; 74,994 bytes of base64 is what everyone takes. */
enum { CLIP_BASE64_MAX = 74994 };

/* Copies words (UTF-8, rows parted by line ends, cells by tabs; cleaned here) and says in a toast
 * what came of it: to the terminal, to the console's buffer only, too long (nothing is copied, not
 * even a part), or forbidden by the setting. Reaction bits. UI thread. */
unsigned clip_copy(struct ui *ui, const char *words);

/* The last copy, "" for none. Valid until the next one. */
const char *clip_text(const struct ui *ui);

/* --- the sequence, for term.c and tests ------------------------------------------------------- */
enum clip_way {
    CLIP_NOWHERE,           /* this terminal would print it: the Linux console, no terminal */
    CLIP_PLAIN,
    CLIP_TMUX,              /* once through tmux to the terminal outside, once for tmux itself */
    CLIP_SCREEN             /* GNU screen: in pieces that it passes on */
};

/* term: $TERM; tmux: $TMUX; each may be NULL. */
enum clip_way clip_way(const char *term, const char *tmux);

/* Appends words with controls, bidi and invisible characters taken out; tabs and line ends stay. */
void clip_clean(struct buf *out, const char *words);

/* Appends the sequence that carries words, cleaned; false and nothing when they are too long. */
bool clip_encode(struct buf *out, const char *words, enum clip_way way);

#endif
