/* callbook.h - what the rows are called that conditions name by code, as far as this console has asked.
 *
 *     callbook_learn(&book, ui, &lead_noun, tree, where, told, self);
 *     env.called = &book.as;  lang_print(tree, &env, i18n_lang(), &text);
 *
 * A name that is not known yet is asked for once; told(self) is called when something was learned, to draw
 * anew. UI thread.
 */
#ifndef VIEWS_CALLBOOK_H
#define VIEWS_CALLBOOK_H

#include "core/lang/lang.h"
#include "views/api.h"

struct callbook {
    struct lang_called as;
    struct arena mem, answer;           /* answer: of the name that was printed last */
    struct called_row *row;
    size_t n, cap;
    struct ui *ui;
    unsigned (*told)(void *self);       /* reaction bits */
    void *self;
};

/* The book stays where it is, and is freed before ui goes. */
void callbook_init(struct callbook *k, struct ui *ui, unsigned (*told)(void *self), void *self);
void callbook_free(struct callbook *k);

/* Asks for the names that the tree (NULL: none) has and the book has not; where: its text, as it is
 * parsed. */
void callbook_learn(struct callbook *k, const struct noun *noun, const struct cond *tree, const char *where);

#endif
