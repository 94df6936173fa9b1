/* console.h - the full screen, from the command line. */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include "cli/cli.h"

/* Runs the console on the database of the run until the person leaves it. What goes wrong it says
 * itself. */
enum status console_open(struct cli *c);

/* Puts the terminal right after a program that could not. */
void console_reset(void);

#endif
