/* wire.h - the line to the terminal: all that is written there goes over it, in its order, at once.
 *
 * curses writes at each move of the cursor, a hundred times in a frame. Between wire_catch() and wire_send()
 * it writes to a file in memory; the frame then goes out in one write, shortened where the terminal speaks
 * what shorten.h can read: no half frame is seen, and over a slow line it is one packet, not a hundred.
 *
 * A terminal that takes nothing for now is waited for: no byte is lost, and the next frame is not begun.
 * UI thread only but for wire_hurry() and wire_now().
 */
#ifndef TUI_WIRE_H
#define TUI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "tui/shorten.h"

struct wire;

/* fd, the terminal, stays the caller's. as_drawn: NULL, or a test's file, which gets each frame as curses
 * wrote it and all that is said. NULL when there is no descriptor left. */
struct wire *wire_open(int fd, FILE *as_drawn);
void wire_close(struct wire *w);            /* NULL allowed */

/* What curses is to write to, with a descriptor of its own: the terminal, or the frame. */
FILE *wire_paper(struct wire *w);

/* From now on frames are shortened. */
void wire_shorten(struct wire *w, struct shorten_can can);

/* Plain colours and letters, in which a shortened frame begins: another program may have left others. Says
 * nothing where frames go as they are. */
void wire_plain(struct wire *w);

void wire_catch(struct wire *w);
void wire_send(struct wire *w);

/* Our own few sequences, as they are. */
void wire_say(struct wire *w, const char *bytes, size_t n);

/* Someone wants the process to go: a write that waits is given up, and none waits any more.
 * Async-signal-safe. Holds until the next wire_open(). */
void wire_hurry(void);

/* Writes to any descriptor what it takes, waiting at most `ms` for each part: the last words of a process,
 * which no stopped terminal may hold up. Async-signal-safe. */
void wire_now(int fd, const char *bytes, size_t n, int ms);

#endif
