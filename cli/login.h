/* login.h - the password of --as, where the database wants one (core/api/login.h): from the file of
 * --password-file, else typed unseen on the terminal; and the one-time code of an account that has them.
 */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "cli/cli.h"

/* Opens the database as the run's options say, and asks for the password if need be, once a run; it is in
 * cli_config() from then on. Errors are those of backend_open(); ST_INVALID "cli.password_file_open" and
 * "cli.password_file_empty" (path); "cli.file"; ST_CANCELLED. */
enum status login_open(struct cli *c, struct backend **out);

/* The same for what opens the database by itself, after this: only whether the account is let in counts, and
 * whether a server answers. */
enum status login_first(struct cli *c);

/* Wipes it. */
void login_end(struct cli *c);

#endif
