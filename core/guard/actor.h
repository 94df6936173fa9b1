/* actor.h - who is asking: an account with its roles, rights and branches. */
#ifndef CORE_GUARD_ACTOR_H
#define CORE_GUARD_ACTOR_H

#include "core/guard/role.h"
#include "core/store/row.h"

struct actor {
    int64_t account;            /* 0: the system itself (sweeps, migrations) */
    const char *login;
    const char *behind;         /* who acts in its name (--as); NULL: the account's own person */
    int64_t session, key;       /* what it comes in by over the network (core/guard/session.h); 0: neither */
    struct ref employee;        /* id 0: an account without a person */
    struct ref branch;          /* where the scope begins; id 0 with see_all */
    int64_t home;               /* the branch that the employee works at, else the account's; 0: none */
    const char *path;           /* of that branch */
    unsigned roles;             /* bit a role */
    uint64_t rights;            /* bit a right */
    bool see_all;               /* every branch */
    int64_t *branches;          /* else: the ids of the subtree, ascending */
    size_t nbranches;
    int64_t *pools;             /* and those of the pools of his branch and of the branches above it: */
    size_t npools;              /* he is of their public, and may see and claim what waits there */
    struct lens lens;
};

/* Loads the account by login (`--as`, a session). ST_DENIED: "actor.unknown" (also for a login that
 * does not exist), "actor.inactive", "actor.left" (the employee has left), "actor.local_only" (the
 * local owner's account: only actor_local opens it). All text is in the arena. */
enum status actor_load(struct db *db, const char *login, struct arena *a, struct actor *out,
                       struct err *e);

/* Loads the account of the local owner by OS user. ST_DENIED: "actor.other_user" (he is not the one who
 * made the database), "actor.local_ended" once the three officers have been appointed
 * (core/guard/account.h), "actor.inactive", "actor.left". The login is "local:UID". */
enum status actor_local(struct db *db, int64_t uid, struct arena *a, struct actor *out,
                        struct err *e);

/* Gonghai itself: sweeps, migrations, the making of a database. All rights, all branches, login
 * "system". */
void actor_system(struct actor *out);

bool actor_may(const struct actor *who, enum right r);

/* A number that rises with every change of branches, employees, accounts or pools: as long as it stands,
 * an actor that was loaded is still true. actor_touched raises it, in the transaction of such a
 * change. */
enum status actor_age(struct db *db, int64_t *out, struct err *e);
void actor_touched(struct db *db, const struct noun *n);

/* Is the branch in the actor's scope? */
bool actor_covers(const struct actor *who, int64_t branch);

/* Is he of the public of that pool? It is the subtree of the pool's branch. */
bool actor_of_public(const struct actor *who, int64_t pool);

/* Is a lead seen that is at this branch and waits in this pool (0: it is owned, or closed)? */
bool actor_sees_lead(const struct actor *who, int64_t branch, int64_t pool);

/* Appends the scope as a condition: "1 = 1", "COLUMN = $1" or "COLUMN in (select id from branch
 * where path ...)" with two parameters however many branches there are, "1 = 0" for nobody. column
 * is the program's own, "t.branch_id". */
void actor_scope(const struct actor *who, const char *column, struct sql *q);

/* The two ways in which a lead under that alias is seen, each a condition to itself: by its branch
 * (actor_scope), and from outside of the actor's branches in a pool of whose public he is. No lead
 * is seen in both ways, so counts of the two add up. The second is "1 = 0" where there is no such
 * pool. */
void actor_scope_by_branch(const struct actor *who, const char *alias, struct sql *q);
void actor_scope_by_pool(const struct actor *who, const char *alias, struct sql *q);

/* Both in one. `drives` says that nothing narrower than the scope finds the rows: the indexes of
 * branch and pool may be used for it. Else it is a test of rows that come from elsewhere, and no
 * reason to leave their order. */
void actor_scope_leads(const struct actor *who, const char *alias, bool drives, struct sql *q);

#endif
