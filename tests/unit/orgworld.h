/* orgworld.h - the bank of tmpdb.h with what leads need, and operations called as its people. */
#ifndef TESTS_UNIT_ORGWORLD_H
#define TESTS_UNIT_ORGWORLD_H

#include "core/org/org.h"
#include "tests/unit/tmpdb.h"

/* Ids: stages and pools of the bank, leads as they are made. */
enum {
    STAGE_NEW = 401,
    STAGE_MQL = 402,
    STAGE_WON = 403,
    STAGE_LOST = 404,
    POOL_DEFAULT = 501,          /* of HQ: seen by all */
    POOL_WEST = 502,
    PRODUCT_NONE = 601
};

struct world {
    struct tmpdb t;
    struct actor who;
    struct err e;
    int64_t leads;
};

int world_setup(void **state);
int world_teardown(void **state);

/* The caller from now on: a role's name (its account in tmpdb.h), or "owner". */
void world_as(struct world *w, const char *login);

/* Carries out an operation as the backend does: references found, checked, one transaction. w->e
 * has the error. */
enum status world_call(struct world *w, const char *op, const void *in, void *out);

/* The same with fields given by name ("parent,name"), so that empty ones empty. */
enum status world_give(struct world *w, const char *op, const char *fields, const void *in,
                       void *out);

/* A lead of the branch: in the default pool (WEST has its own), or with an employee; its id. person 0:
 * none. */
int64_t world_lead(struct world *w, int64_t branch, int64_t owner, int64_t person);
int64_t world_person(struct world *w, const char *name, const char *phone);

/* The first column of the first row. */
const char *world_text(struct world *w, const char *sql);
int64_t world_int(struct world *w, const char *sql);

#endif
