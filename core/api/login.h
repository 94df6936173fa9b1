/* login.h - the way in: for whom a configuration opens a database, and by what right.
 *
 * Without `as` it opens for the OS user, who must be the local owner. While he is there, `as` is his right.
 * Where he is not (his role has ended, or the OS user never was he), `as` is a login: it needs the password
 * of that account. Wrong ones are counted (core/guard/tries.h), and each login stands in the audit, whatever
 * came of it: one that was refused under the OS user, for nobody has shown yet who he is.
 *
 * Who has logged in stays so until the process ends, as on a connection that is open: a screen opens several,
 * and is asked once. Any thread.
 */
#ifndef CORE_API_LOGIN_H
#define CORE_API_LOGIN_H

#include "core/api/backend.h"
#include "core/api/open.h"

/* May the config open it? *proven: `as` came with its password. ST_DENIED "login.password" (login): one is
 * needed and was not given; "login.wrong": the same whether the account is not there, is off, has no
 * password, or has another; "account.locked_for" (minutes); "as.denied"; else as actor_local(). */
enum status login_enter(const struct backend_config *config, struct opened *at, bool *proven, struct err *e);

/* Who it is, once login_enter let him in; asked again when accounts have changed. The texts are in the
 * arena. ST_DENIED as actor_load() and actor_local(). */
enum status login_actor(const struct backend_config *config, struct db *db, bool proven, struct arena *a,
                        struct actor *out, struct err *e);

#endif
