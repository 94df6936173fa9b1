/* view.h - a screen or a dialog: a table of functions and a struct that begins with `struct view`.
 *
 * Views stand on one stack. A VIEW_SCREEN fills the frame's body and stands in the tabs when it is
 * registered; a VIEW_DIALOG floats over what is below and takes all keys. Handlers change state and
 * say what must happen next; draw() draws from state and changes nothing that a person could
 * notice. All on the UI thread.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"
#include "tui/key.h"
#include "tui/surface.h"

struct view;

enum view_kind { VIEW_SCREEN, VIEW_DIALOG };

struct view_ops {
    const char *name;                   /* "leads": of --view, show and the palette */
    /* msgids; short stands in the tabs below 100 columns, NULL: title */
    const char *title, *short_title;
    int number;                         /* function number, 0: none */
    enum view_kind kind;
    bool personal;                      /* shows data of persons: the watermark belongs on it */
    /* of the struct that begins with struct view; it comes zeroed */
    size_t size;

    /* Makes the view ready and asks for its first data; arg belongs to the caller. Not ST_OK:
     * the view is dropped without close(), and the caller of ui_push() gets NULL with the error.
     * NULL allowed. */
    enum status (*open)(struct view *v, const void *arg, struct err *e);
    void (*close)(struct view *v);      /* jobs of owner v are already cancelled. NULL allowed */
    /* it became the top again: look for changes. NULL allowed */
    void (*shown)(struct view *v);
    /* another screen took its place or stands on it: what only the eye needs can rest. NULL allowed */
    void (*hidden)(struct view *v);
    /* Esc on a screen that stays: gives up what is waited for. False: there was nothing. NULL
     * allowed */
    bool (*stop)(struct view *v);

    void (*draw)(struct view *v, struct surface s);

    /* First hand on every input that no field of the toolkit took; reaction bits. NULL allowed. */
    unsigned (*input)(struct view *v, const struct input *in);
    /* Adds the sets that hold now, most specific first. NULL allowed. */
    void (*actions)(struct view *v, struct action_list *out);
    /* Screens: the rows it will offer, self NULL, no subject: what the palette lists before the
     * screen was ever opened. NULL: none. */
    void (*rows)(struct action_list *out);
    /* A click on cells that draw() gave to ui_clickable(); reaction bits. NULL allowed. */
    unsigned (*clicked)(struct view *v, int id);
    /* Has a text field the focus? Then characters go to input() only, and full-width ones stay
     * as they are. NULL: never. */
    bool (*typing)(const struct view *v);

    /* Screens: rows 2 (row 0) and 3 (row 1) of the frame; and the status row. NULL: empty. */
    void (*context)(struct view *v, int row, struct line *left, struct line *right);
    void (*status)(struct view *v, struct line *left, struct line *right);
    /* Screens: has it work under way that a person waits for? Turns the spinner. NULL: asks
     * work.h for jobs of owner v. */
    bool (*busy)(const struct view *v);

    /* Dialogs: rows and cells wanted for what draw() draws, at most max_h x max_w; box, keys and
     * air come around it. NULL: all of it. */
    void (*measure)(struct view *v, int max_h, int max_w, int *h, int *w);
    /* Dialogs: rows at the top of the screen that its box leaves free, right under which it stands. NULL:
     * none, it stands in the middle. */
    int (*top)(struct view *v);
    /* Words of the box's top line; an untouched title is the ops'. Keys come from the rows with
     * ACTION_FOOTER. NULL allowed. */
    void (*subject)(struct view *v, struct line *title, struct line *right);
};

struct view {
    const struct view_ops *ops;
    struct ui *ui;
    struct view *below;                 /* on the stack */
    int trigger;                        /* the key that opened it: no confirming key may equal it */
};

/* --- layout ----------------------------------------------------------------------------------- */
struct split { struct surface left, right; };       /* right.w is 0 when there was no room */

/* Parts s into `percent` for the left and the rest, with a rule and air between, but only when
 * both get at least the cells they need; draws the rule. */
struct split view_split(struct surface s, int percent, int left_min, int right_min);

/* A pane's title row at y: bold words on a light rule, accent with the focus sign when focused,
 * note at the right (NULL allowed). */
void view_pane_title(struct surface s, int y, const char *title, const struct line *note,
                     bool focused);

/* "label  value" rows of a detail pane; label dim in label_cells. Returns the rows used (values
 * wrap). */
int view_fact(struct surface s, int y, int label_cells, const char *label, int ink,
              const char *value);

/* The empty state: one bold line, why, and numbered ways on (each may be NULL), from row y.
 * Returns the rows used. */
int view_empty(struct surface s, int y, const char *what, const char *why, const char *const *ways,
               size_t n);

#endif
