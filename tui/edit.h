/* edit.h - one piece of text being edited, on one row or on a few with soft line breaks.
 *
 * The text is UTF-8 without anything that text_safe() refuses. The edit point stands between
 * characters as seen: a base with its marks moves and goes as one. Editing keys: arrows, Home End,
 * C-a C-e C-b C-f, Backspace, Del, C-h C-d, C-w (word), C-u (to the start), C-k (to the end); with
 * several rows also Up and Down.
 */
#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tui/key.h"
#include "tui/surface.h"

struct edit {
    struct buf text;
    size_t at;                  /* the edit point, in bytes */
    int max;                    /* characters allowed; 0: no limit */
    int rows;                   /* rows on the screen; 0 or 1: one */
    bool secret;                /* shows dots; the text is wiped when freed */
    const char *hint;           /* msgid, dim, shown while empty */
    const char *prompt;         /* stands before the text: ": " */

    int scroll, cells;          /* of the last drawing: first cell or row shown; width */
};

void edit_init(struct edit *f, int max, int rows);
void edit_free(struct edit *f);

void edit_set(struct edit *f, const char *text);      /* cleaned; the edit point goes to the end */
const char *edit_text(const struct edit *f);
void edit_insert(struct edit *f, const char *text);   /* at the edit point, as far as max allows */

/* Takes a key or a paste; 0 when it is none of its own (Enter, Esc, Tab, F-keys). */
unsigned edit_input(struct edit *f, const struct input *in);

/* Draws on its ground over s.w cells and its rows; the focused one shows the focus sign in its
 * first cell and holds the terminal's cursor. */
void edit_draw(struct edit *f, struct surface s, bool focused);

#endif
