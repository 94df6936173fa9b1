/* dump.h - a screen as text: for `gonghai show`, tests, and the bug report without data. Needs
 * no terminal. */
#ifndef TUI_DUMP_H
#define TUI_DUMP_H

#include "base/buf.h"
#include "tui/surface.h"

/* Rows in the locale's encoding, blanks at the ends cut, each ending in a newline. */
void dump_text(const struct grid *g, struct buf *out);

/* Every letter, digit and CJK character becomes one of its kind: the shape of the screen without
 * its data. */
void dump_shape(const struct grid *g, struct buf *out);

#endif
