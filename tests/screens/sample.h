/* sample.h - a console on made-up data that shows the toolkit's parts together: for the screen
 * tests, and by hand: cc -DSAMPLE_MAIN tests/screens/sample.c ... runs it in a terminal. */
#ifndef TESTS_SCREENS_SAMPLE_H
#define TESTS_SCREENS_SAMPLE_H

#include <stdint.h>

#include "tui/table.h"
#include "tui/ui.h"

/* Registers the screens "list" (rows of a list of that many) and "import", announces others,
 * fills the frame. */
void sample_register(struct ui *ui, int64_t rows);

/* The list's table, once "list" was opened. */
struct table *sample_table(struct ui *ui);

/* Takes a record out of the list, or changes the place of it, as another console's commit would;
 * then reloads. */
void sample_remove(struct ui *ui, int64_t id);

/* The columns' layout after the last change of them; "" before. */
const char *sample_layout(void);

/* Pages asked for so far. */
int sample_asks(struct ui *ui);

/* Gives a record another name (an attack, a rare name). */
void sample_rename(struct ui *ui, int64_t id, const char *name);

#endif
