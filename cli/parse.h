/* parse.h - argv against the tables. */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/cli.h"

/* What was asked for besides a command. */
struct asked { bool help, version, reset_terminal; };

/* Fills c->command, arg, given. Options stand anywhere after the command they belong to, global
 * ones anywhere; `--` ends them. Values are checked against their choices, text is made UTF-8. On
 * an error c->command is what was found so far (the console if nothing was). Nothing is written. */
enum status parse_args(struct cli *c, int argc, char **argv, struct asked *asked);

/* The option of a command, or the global one; NULL if there is none. */
const struct option *option_find(const struct command *cmd, const char *name, size_t n);

/* Steps through the commands: *table and *row start at 0. NULL at the end. */
const struct command *command_next(size_t *table, size_t *row);

#endif
