/* palette.h - `:`: every action by its words, name, initials or four-digit number; below it what
 * it does, and why not now. Words after the found name go to the action as its argument. The
 * last 50 lines come back with Up in an empty field and C-p. */
#ifndef TUI_PALETTE_H
#define TUI_PALETTE_H

#include "tui/view.h"

void palette_open(struct ui *ui);

#endif
