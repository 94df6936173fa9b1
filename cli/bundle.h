/* bundle.h - a text file for support: what was found, on which machine, and the end of the log. No
 * personal data: codes, counts and versions; the user's home folder is written as ~. */
#ifndef CLI_BUNDLE_H
#define CLI_BUNDLE_H

#include "core/api/upkeep.h"

struct bundle;

/* A new file, mode 0600. ST_CONFLICT "cli.exists" (path) when there is one; ST_FAILED "cli.file"
 * (path, reason). */
enum status bundle_open(const char *path, struct bundle **out, struct err *e);
void bundle_finding(struct bundle *b, const struct finding *f);

/* Adds sizes, log and the last crash, and closes. The database may be past telling its sizes. */
enum status bundle_close(struct bundle *b, const struct backend_config *config, struct err *e);

/* Removes the file. */
void bundle_abort(struct bundle *b);

#endif
