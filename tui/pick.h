/* pick.h - choose one of a list: type to narrow it, digits or arrows, Enter.
 *
 * Everything is copied; items may come from anywhere. Matching is by text_key(): parts of words,
 * any case.
 */
#ifndef TUI_PICK_H
#define TUI_PICK_H

#include "tui/view.h"

struct pick_item {
    const char *value, *label;          /* label: translated */
    const char *note;                   /* right of it, dim; NULL: none */
    const char *disabled;               /* why it cannot be chosen, translated; NULL: it can */
    /* further words that find it (a code, initials); NULL: none */
    const char *also;
};

struct pick {
    const char *title;                  /* translated */
    const struct pick_item *items;
    size_t n;
    const char *current;                /* value to stand on first; NULL: the first */
    /* after the list closed; reaction bits */
    unsigned (*chosen)(struct ui *ui, const char *value, void *self);
    void (*free)(void *self);           /* always called last; NULL allowed */
    void *self;
};

void pick_open(struct ui *ui, const struct pick *p);

#endif
