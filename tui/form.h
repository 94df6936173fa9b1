/* form.h - fields with labels, made from descriptors that know no domain.
 *
 * Labels stand left, a sentence about what is wrong stands under its field: when the field is left,
 * and for all on submit. Up, Down, Tab and Shift-Tab walk; choices are walked with the arrows, or
 * taken by their digit or letter from wherever no text field is in hand. A PICK's list opens by
 * itself while nothing is taken: Down goes into it, Enter and Tab take what is in hand and go on,
 * Esc closes it; words that name exactly one row are taken when the field is left.
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
    FORM_AREA,                  /* `rows` rows of text with line breaks of its own: Enter breaks */
    /* names one row of something by what is typed: completions stand in a list beside the field.
     * Its value is the chosen one's value, its words their label */
    FORM_PICK,
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
    bool required;
    bool narrow;                        /* full-width characters become their ASCII twins */
    bool raw_labels;                    /* choice labels are data, not msgids */
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
    /* PICK: fills out[0..most) with what fits the text, best first, and returns how many; labels
     * are data. Strings stay valid until its next call: the form copies them. The text may also be
     * a value (of form_set()): then that one comes first. NULL: `choices` are matched. A source
     * that must ask elsewhere returns what it has and calls form_complete() when there is more. */
    size_t (*complete)(void *self, const char *text, struct form_choice *out, size_t most);
    const char *unknown;                /* PICK, msgid: what is said of other words; NULL: "no such one" */
};

enum { FORM_COMPLETIONS = 50 };

struct form;

/* Descriptors and choices live as long as the form. self goes to check(). */
struct form *form_new(const struct form_field *fields, size_t n, void *self);
void form_free(struct form *f);

/* Values are text as typed (choices: the value; dates: "2026-11-22 10:00"). Unknown keys are a
 * programmer's error. */
const char *form_get(const struct form *f, const char *key);
void form_set(struct form *f, const char *key, const char *value);
/* Sets a PICK whose label is known without asking. */
void form_set_pick(struct form *f, const char *key, const char *value, const char *label);
/* Asks complete() again for the text in the field: its source knows more now. */
void form_complete(struct form *f, const char *key);
bool form_changed(const struct form *f);                /* since form_new() and form_set() */

/* Puts a sentence under a field (of a refused write) and the focus on it. NULL takes it away. */
void form_error(struct form *f, const char *key, const char *sentence);

/* A sentence under a field that is no mistake (what its value means); copied, NULL takes it away.
 * An error stands in its place while there is one. The focus stays. */
void form_note(struct form *f, const char *key, int ink, const char *words);

/* Checks all; on a mistake the focus goes to the first and false comes back. */
bool form_check(struct form *f);

const char *form_focus(const struct form *f);           /* the key in hand */
void form_set_focus(struct form *f, const char *key);
bool form_typing(const struct form *f);                 /* a text field is in hand */

/* Moves, edits, chooses; takes clicks and the wheel; 0 for Enter and Esc that no list or area
 * wanted, and for what it does not know. */
unsigned form_input(struct form *f, const struct input *in);

/* Draws from row 0; scrolls when s is too low. Returns the rows it would need at this width. */
int form_draw(struct form *f, struct surface s, bool focused);
int form_rows(const struct form *f, int cells);

#endif
