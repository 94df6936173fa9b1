/* help.h - what the tables say: usage, help, man page, completion, guide. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

/* "gonghai import KIND FILE [--map FIELD=COLUMN,...] ...": one line, in the arena. */
const char *help_synopsis(struct arena *a, const struct command *cmd);

/* To stdout: of the program for the console's command, else of that command. */
void help_print(const struct command *cmd);

/* "--limit N": an option as help and man page write it, in the arena. */
const char *help_option(struct arena *a, const struct option *o);

#endif
