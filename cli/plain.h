/* plain.h - the console without a screen: a prompt, numbered lists, one line after the other. */
#ifndef CLI_PLAIN_H
#define CLI_PLAIN_H

#include "cli/cli.h"

/* Talks on stdin and stdout until the person leaves or the input ends. Nothing but lines is written: it works
 * on a dumb terminal, with a screen reader, over a pipe. */
enum status plain_open(struct cli *c);

#endif
