/* filejob.h - a job over a file: what `import` and `export` have in common. */
#ifndef CLI_FILEJOB_H
#define CLI_FILEJOB_H

#include "cli/cli.h"

/* Runs NOUN.VERB for the words KIND FILE: every option of the command that has a field of that name
 * in the operation's input ('-' for '_') is given to it. `what` is translated and stands on the
 * progress line. *op is NULL when KIND has no such job, else the operation; on ST_OK *out is a
 * record of (*op)->out in the arena of c. */
enum status cli_file_job(struct cli *c, const char *verb, const char *what, const struct op **op,
                         void **out);

/* One such job of many, on the open database. */
struct file_job {
    const char *what, *file;
    const char *rejects;        /* of imports; NULL: as the options say */
};
/* *out and what it points to are in a. */
enum status cli_file_run(struct cli *c, const struct op *op, const struct file_job *job, struct arena *a,
                         void **out, struct err *e);

#endif
