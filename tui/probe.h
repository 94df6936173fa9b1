/* probe.h - asking a terminal how wide it draws the characters that Unicode leaves open.
 *
 * Western tables give `·`, `“` or `—` one cell, East Asian ones two; PuTTY and Xshell in Chinese
 * banks are often set to two. The question is one such character and "where is the cursor?"
 * (CSI 6n), asked after the first frame and never waited for: keys that were typed meanwhile come
 * in their order, the answer comes as an INPUT_REPLY whenever it comes (key.h), and a terminal
 * that never answers is one of the width that the locale says.
 */
#ifndef TUI_PROBE_H
#define TUI_PROBE_H

#include <stdbool.h>

#include "base/buf.h"

/* Is the question safe to ask a terminal of this TERM? */
bool probe_is_answered(const char *term);

/* Appends the question at (y, x), from 0, y > 0, in the locale's bytes, the two cells blank and the
 * cursor back where it was afterwards. */
void probe_ask(struct buf *out, int y, int x);

/* The cells of an ambiguous character, by the answer that the cursor is at (y, x) to the question
 * asked at (asked_y, asked_x): 1 or 2; 0 when it answers something else. */
int probe_width(int asked_y, int asked_x, int y, int x);

#endif
