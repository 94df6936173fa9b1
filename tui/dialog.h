/* dialog.h - the ready-made dialogs: a question, a message, a form.
 *
 * Esc is always Cancel. Where something is at stake Cancel is the default and the letter that goes on
 * is not the key that opened the dialog; arrows or Tab go from Cancel to the other button, Enter
 * presses the one in hand. Dialogs of another kind are views of kind
 * VIEW_DIALOG (view.h).
 */
#ifndef TUI_DIALOG_H
#define TUI_DIALOG_H

#include "tui/form.h"
#include "tui/view.h"

enum stake { STAKE_NONE, STAKE_CONFIRM, STAKE_TYPED };

struct question {
    const char *title, *text;           /* translated, copied */
    const char *go_label;               /* the verb: "Return"; copied */
    const char *word;                   /* what STAKE_TYPED wants typed; copied */
    /* NONE: Enter goes on; CONFIRM: `y` (or `o` when y opened it); TYPED: the word, then Enter */
    enum stake stake;
    /* called once if the person goes on; reaction bits */
    unsigned (*go)(struct ui *ui, void *self);
    void (*free)(void *self);           /* always called last; NULL allowed */
    void *self;
};

/* Asks. q is copied. */
void dialog_ask(struct ui *ui, const struct question *q);

/* Tells; any of Enter, Esc, q closes. `code` stands small at the end (NULL: none). */
void dialog_tell(struct ui *ui, const char *title, const char *text, const char *code);

struct form_dialog {
    const char *title;                  /* translated, copied */
    const struct form_field *fields;    /* live as long as the dialog */
    size_t nfields;
    const char *go_label;               /* copied */
    int cells;                          /* width wanted inside; 0: 60 */
    /* The form is right by itself: take it. UI_CLOSE closes; without it the dialog stays
     * (form_error() says why, or a job is under way). */
    unsigned (*submit)(struct ui *ui, struct view *dialog, struct form *form, void *self);
    void (*ready)(struct form *form, void *self);       /* presets; NULL allowed */
    void (*free)(void *self);
    void *self;
};

/* Opens a form; returns the view, which is the owner for its jobs. */
struct view *dialog_form(struct ui *ui, const struct form_dialog *d);
/* The form of such a view. */
struct form *dialog_form_of(struct view *v);

#endif
