/* shorten.h - takes out of a frame what changes nothing to the eye.
 *
 * curses sends both colours where one changes, turns all off where the next word turns it on again, and
 * names the row with each jump inside it. The bytes here mean the same and are fewer. Pure; any thread.
 */
#ifndef TUI_SHORTEN_H
#define TUI_SHORTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* What the terminal understands: CSI n G; 39 and 49 as the default colours. */
struct shorten_can { bool column, defaults; };

/* Appends to *out what has the effect of the n bytes at s, on a terminal that speaks ECMA-48, stands in
 * plain colours and letters, and keeps its cursor in the last column after writing there; words never run
 * over that column. From the first sequence that is not known here on, all is copied. */
void shorten(struct buf *out, const char *s, size_t n, struct shorten_can can);

#endif
