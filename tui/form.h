/* form.h - fields with labels, made from descriptors that know no domain.
 *
 * Labels stand left, a sentence about what is wrong stands under its field: when the field is left,
 * and for all on submit. Up, Down, Tab and Shift-Tab walk; choices are walked with the arrows, or
 * taken by their digit or letter from wherever no text field is in hand.
 */
#ifndef TUI_FORM_H
#define TUI_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/edit.h"
#include "tui/key.h"
#include "tui/surface.h"

enum form_kind {
    FORM_TEXT,                  /* one row, or `rows` with soft breaks */
    FORM_SECRET,
    FORM_NUMBER,                /* digits, sign and point only */
    /* "2026-11-22 [10:00]"; +N: N days on at ten; becomes "2026-11-22 10:00" when left */
    FORM_DATE,
    FORM_CHOICE,                /* one of choices, shown as words in a row */
    FORM_GRID,                  /* one of choices, shown in two columns with their digits */
    FORM_FLAG,                  /* "1" or "" */
    FORM_NOTE                   /* words only: nothing to fill in */
};

struct form_choice {
    const char *value, *label;          /* label: msgid, or data where raw_labels says so */
    char key;                           /* '1'..'9', '0', or a letter; 0: none */
    int ink;                            /* ROLE_BAD for the grave ones */
};

struct form_field {
    const char *key, *label;            /* label: msgid */
    enum form_kind kind;
    bool required, raw_labels;          /* raw_labels: choice labels are data, not msgids */
    int width, rows, max;               /* cells (0: all there is), rows, characters */
    /* msgids: inside while empty; right of it (of a choice: of its label), dim */
    const char *hint, *help;
    /* the field that gets the focus after a choice by key; NULL: it stays */
    const char *then;
    const struct form_choice *choices;
    size_t nchoices;
    /* Says what is wrong with the value, translated, or NULL. Not asked for empty values. The
     * sentence may live in a static table or in the caller's memory until the next check. */
    const char *(*check)(void *self, const struct form_field *f, const char *value);
};

struct form;

/* Descriptors and choices live as long as the form. self goes to check(). */
struct form *form_new(const struct form_field *fields, size_t n, void *self);
void form_free(struct form *f);

/* Values are text as typed (choices: the value; dates: "2026-11-22 10:00"). Unknown keys are a
 * programmer's error. */
const char *form_get(const struct form *f, const char *key);
void form_set(struct form *f, const char *key, const char *value);
bool form_changed(const struct form *f);                /* since form_new() and form_set() */

/* Puts a sentence under a field (of a refused write) and the focus on it. NULL takes it away. */
void form_error(struct form *f, const char *key, const char *sentence);

/* Checks all; on a mistake the focus goes to the first and false comes back. */
bool form_check(struct form *f);

const char *form_focus(const struct form *f);           /* the key in hand */
void form_set_focus(struct form *f, const char *key);
bool form_typing(const struct form *f);                 /* a text field is in hand */

/* Moves, edits, chooses; 0 for Enter, Esc and what it does not know. */
unsigned form_input(struct form *f, const struct input *in);

/* Draws from row 0; scrolls when s is too low. Returns the rows it would need at this width. */
int form_draw(struct form *f, struct surface s, bool focused);
int form_rows(const struct form *f, int cells);

#endif
