/* help.h - `?`: what can be done here, from the action rows, with the keys that hold now; grey
 * and with the reason what cannot. Type to narrow, Enter runs. */
#ifndef TUI_HELP_H
#define TUI_HELP_H

#include "tui/view.h"

void help_open(struct ui *ui);

#endif
