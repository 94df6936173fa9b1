/* watch.h - `import --watch DIR`: a spool folder, each file once. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "cli/cli.h"

/* Takes the files of a folder as they come, until SIGINT or SIGTERM, which is ST_OK; with --once
 * those that are there, ST_FAILED when one was refused. One line a file on stdout. */
enum status cli_watch(struct cli *c, const char *dir);

/* "rows 5  created 4  ..." of an import's answer, with its line end (cli/import.c). */
void cli_counts(const struct op *op, void *out);

#endif
