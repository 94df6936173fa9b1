/* edit.h - one piece of text being edited, on one row or on a few with soft line breaks.
 *
 * The text is UTF-8 without anything that text_safe() refuses, but for the line ends of a text with
 * `lines`. The edit point stands between characters as seen: a base with its marks moves and goes
 * as one. Editing keys: arrows, Home End (of the line), C-a C-e C-b C-f, C-Left C-Right M-b M-f (by
 * words), C-Home C-End, Backspace, Del, C-h C-d, C-w M-Backspace M-d (word), C-u (to the start of
 * the line), C-k (to its end), C-z undo, C-y redo; with several rows also Up, Down, PgUp, PgDn.
 */
#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tui/key.h"
#include "tui/surface.h"

/* A stretch of the text, [at, end) in bytes, and what it is drawn in. */
struct edit_ink { size_t at, end; int ink; };

struct edit {
    struct buf text;
    size_t at;                  /* the edit point, in bytes */
    int max;                    /* characters allowed; 0: no limit */
    int rows;                   /* rows on the screen; 0 or 1: one */
    bool secret;                /* shows dots; the text is wiped when freed; no undo */
    bool lines;                 /* Enter breaks the line; line ends of a paste stay */
    const char *hint;           /* msgid, dim, shown while empty */
    const char *prompt;         /* stands before the text: ": " */

    const struct edit_ink *ink;     /* in rising order; the rest is ROLE_FIELD. The owner's */
    size_t nink;

    int scroll, cells;          /* of the last drawing: first cell or row shown; width */
    int goal;                   /* cell that Up and Down keep to, -1: none yet */
    struct edit_past *past;     /* what can be taken back; NULL: nothing yet */
};

enum { EDIT_STEPS = 100 };      /* that can be taken back: a typed word, a paste, a removal each */

void edit_init(struct edit *f, int max, int rows);
void edit_free(struct edit *f);

/* Cleaned; the edit point goes to the end; what was before cannot be brought back. */
void edit_set(struct edit *f, const char *text);
const char *edit_text(const struct edit *f);
void edit_insert(struct edit *f, const char *text);   /* at the edit point, as far as max allows */
/* The bytes [from, to) become the text, as far as max allows, with the edit point behind it; it can be taken
 * back. Both stand between characters. */
void edit_replace(struct edit *f, size_t from, size_t to, const char *text);
/* The edit point goes there, between characters. */
void edit_move(struct edit *f, size_t at);
/* The cell of the last drawing at which byte `at` stands, from the surface's own first; it may lie
 * outside. */
int edit_cell(const struct edit *f, size_t at);

/* Takes a key or a paste; 0 when it is none of its own (Esc, Tab, F-keys; Enter without lines). */
unsigned edit_input(struct edit *f, const struct input *in);

/* Draws on its ground over s.w cells and its rows; the focused one shows the focus sign in its
 * first cell and holds the terminal's cursor. */
void edit_draw(struct edit *f, struct surface s, bool focused);

#endif
