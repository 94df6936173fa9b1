/* chooser.h - a field that narrows a list below it: what pick, palette and help are made of. */
#ifndef TUI_CHOOSER_H
#define TUI_CHOOSER_H

#include <stddef.h>

#include "base/arena.h"
#include "tui/edit.h"

struct chooser {
    struct edit field;
    size_t n;                           /* items of the owner, 0 .. n-1 */
    size_t *hit;                        /* those that match, best first; nhits of them */
    size_t nhits, sel, top;
    int height;                         /* of the last drawing */
    /* How well item i fits the words typed (in text_key() form, not empty); 0: not at all. Equal
     * ones keep their order. */
    int (*score)(void *self, size_t i, const char *words);
    void *self;
};

void chooser_init(struct chooser *c, size_t n,
                  int (*score)(void *self, size_t i, const char *words), void *self);
void chooser_free(struct chooser *c);

/* Finds the hits anew; the selection goes to the best. */
void chooser_filter(struct chooser *c);

/* The item in hand, or n when there is none. */
size_t chooser_item(const struct chooser *c);
void chooser_select(struct chooser *c, size_t item);

/* Typing narrows; Up, Down, PgUp, PgDn, C-n, C-p move. 0 for the rest. */
unsigned chooser_input(struct chooser *c, const struct input *in);

/* Calls draw for the rows that are seen. */
void chooser_draw(struct chooser *c, struct surface s,
                  void (*draw)(void *self, size_t item, struct surface row, bool selected));

/* Scores words against a haystack in text_key() form: every word must be part of it. 3 it begins
 * so, 2 a word of it does, 1 somewhere. */
int chooser_match(const char *hay, const char *words);

#endif
