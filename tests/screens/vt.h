/* vt.h - a terminal in memory: what the console writes is read by libvterm and seen as a grid.
 *
 *     struct vt *vt = vt_open(24, 80);
 *     vt_options(vt, &options.term, "xterm-256color"); ... ui_start() ... ui_paint() ...
 *     vt_sync(vt);  vt_text(vt, &buf);  vt_golden(vt, "home-80x24");
 *
 * Golden files are tests/screens/golden/NAME.txt: the text, a line of dashes, then the styles of the rows
 * that have any, as "row letter count letter count ..": a count of 1 is left out, '.' is plain, "3-7" are
 * rows that look alike, row 1 is line 1 of the file. A legend says what the letters are. A second picture
 * of the same screen (mono) follows with its styles; with its text only where that is another.
 * With GOLDEN=update in the environment they are written anew; look at them before they are kept. Run from
 * the project's root.
 */
#ifndef TESTS_SCREENS_VT_H
#define TESTS_SCREENS_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/term.h"

struct vt;

struct vt *vt_open(int rows, int cols);
void vt_close(struct vt *vt);           /* after ui_stop() */

/* Points a terminal's options at this one, with its size. term NULL: xterm-256color. */
void vt_options(struct vt *vt, struct term_options *o, const char *term);

/* Reads what was written since the last call; returns the bytes. Fails the test on a byte or
 * sequence that no terminal should see from us: vt_bad() then says which, else it is NULL. */
size_t vt_sync(struct vt *vt);
const char *vt_bad(const struct vt *vt);
void vt_resize(struct vt *vt, int rows, int cols);

/* Under a locale of another encoding (GB18030) the bytes are read as that; a character that takes two
 * cells there and one in UTF-8 is seen with a blank after it. The cells of c in UTF-8: */
int vt_utf8_width(uint32_t c);

/* The rows of the screen, blanks at the ends cut. */
void vt_text(struct vt *vt, struct buf *out);
/* The styles as golden files have them. */
void vt_styles(struct vt *vt, struct buf *out);
/* One row; valid until the next call. */
const char *vt_row(struct vt *vt, int y);
/* Does the screen show these words in one row? */
bool vt_shows(struct vt *vt, const char *words);
void vt_cursor(struct vt *vt, int *y, int *x, bool *shown);

/* Adds a picture of the screen as golden files have it. title: NULL for the first of them. */
void vt_look(struct vt *vt, const char *title, struct buf *out);
/* Compares a picture with the golden file, or writes it; false prints both. NAME may have one folder. */
bool golden_same(const char *name, const char *picture);
/* Both. */
bool vt_golden(struct vt *vt, const char *name);

#endif
