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

#include "core/api/caller.h"
#include "core/guard/session.h"

/* May the config open it? *proven: `as` came with its password. ST_DENIED "login.password" (login): one is
 * needed and was not given; "login.wrong": the same whether the account is not there, is off, has no
 * password, or has another; "account.locked_for" (minutes); "as.denied"; else as actor_local(). */
enum status login_enter(const struct backend_config *config, struct opened *at, bool *proven, struct err *e);

/* Who it is, once login_enter let him in; asked again when accounts have changed. The texts are in the
 * arena. ST_DENIED as actor_load() and actor_local(). */
enum status login_actor(const struct backend_config *config, struct db *db, bool proven, struct arena *a,
                        struct actor *out, struct err *e);

/* ---- for whoever comes over the network --------------------------------------------------------------- */

/* Does the password open the account? Counts the try and writes what became of it into the audit, in short
 * transactions of its own, for which the line must be able to write; it takes the tenth of a second
 * of a hash. `from`: the address, for the audit, which a refusal stands under ("from:ADDRESS");
 * NULL: the OS user of this process. On ST_OK the account is in *out, its texts in the arena.
 * ST_DENIED "login.wrong" or "account.locked_for" (minutes), with the same look-ups, writes and
 * hash whether the account is not there, is off, has no password, or has another. Nothing of it is
 * remembered in the process. */
enum status login_password(struct line *l, const char *login, const char *password, const char *from,
                           struct arena *a, struct actor *out, struct err *e);

/* The same, and begins a session in the transaction that lets him in: no change of the password falls between
 * the two. Of *session the account is found here. The token is given out here and never again: wipe it. */
enum status login_session(struct line *l, const char *login, const char *password,
                          const struct session_new *session, struct arena *a, struct actor *out,
                          char token[SESSION_TOKEN], struct err *e);

#endif
