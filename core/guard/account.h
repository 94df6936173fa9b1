/* account.h - what holds for all accounts together: separate duties, and the end of the local
 * owner.
 *
 * The operations that make and change accounts call account_check before they write and
 * account_settle after, in the same transaction.
 */
#ifndef CORE_GUARD_ACCOUNT_H
#define CORE_GUARD_ACCOUNT_H

#include "core/guard/ctx.h"
#include "core/model/nouns.h"

/* May `after` be written in the place of `before` (NULL: a new account)? On ST_OK *roles is the
 * set, and after->roles is to be stored as roles_text() of it. ST_INVALID with the field at fault:
 * "account.no_role", "account.role_unknown" (word), "account.role_local" (the local owner can't be
 * given), "account.roles_apart" (roles that one account can't hold together), "account.no_branch"
 * (a role with a scope, and neither branch nor employee), "account.employee_left". ST_DENIED:
 * "account.own" (nobody changes his own roles, scope or state), "account.local_owner" (its account
 * may only be switched off). ST_CONFLICT: "account.last_secadmin" (nobody would be left who may
 * manage accounts). */
enum status account_check(struct ctx *c, const struct account *before, const struct account *after,
                          unsigned *roles);

/* After a change: once all three officers are appointed the role of the local owner ends for good,
 * its account is switched off, and an event account.local_ended says so. */
enum status account_settle(struct ctx *c);

/* Has it ended? Also true while three officers stand and nobody has settled it yet. */
enum status account_local_ended(struct db *db, bool *ended, struct err *e);

/* The officers' roles, as bits, that accounts in use hold: active, and not of an employee who has
 * left. `except`: an account that does not count (0: none). */
enum status account_officers(struct db *db, int64_t except, unsigned *roles, struct err *e);

#endif
