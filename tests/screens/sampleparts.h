/* sampleparts.h - the sample's screens of parts that the list does not show: tree, charts, months,
 * and a form with a reference and a text area. */
#ifndef TESTS_SCREENS_SAMPLEPARTS_H
#define TESTS_SCREENS_SAMPLEPARTS_H

#include "tui/ui.h"

/* Each opens over the list; what == 't' tree, 'c' charts, 'b' dots and bars, 'm' months, 'n' form. */
void sample_part(struct ui *ui, int what);

/* Lets the answers to the tree's asks that were held back come. */
void sample_tree_answer(struct ui *ui, bool hold);

#endif
