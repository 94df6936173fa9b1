/* demo.h - a bank to try things on: an organisation, its people, leads with a history. The same
 * seed and moment give the same bank. */
#ifndef CORE_DATA_DEMO_H
#define CORE_DATA_DEMO_H

#include <stdatomic.h>

#include "core/guard/keys.h"
#include "core/store/db.h"

struct demo_options {
    int64_t leads;                                  /* 1 .. 20,000,000 */
    uint64_t seed;
    int64_t uid;                                    /* OS user whose account gets leads of its own */
    void (*progress)(void *arg, int64_t done, int64_t total);   /* NULL allowed */
    void *arg;
    const atomic_bool *cancel;                      /* set by another to stop it; NULL: never */
};

enum { DEMO_LEADS = 3000, DEMO_LEADS_MOST = 20000000 };

/* Fills a database that database_init made, in one transaction; indexes are built after the rows.
 * ST_CANCELLED leaves it as it was. */
enum status demo_fill(struct db *db, const struct demo_options *o, struct err *e);

#endif
