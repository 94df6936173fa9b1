/* refcache.h - codes and names of the few (branches, employees, stages ...), kept by each connection.
 *
 * Every list shows them for every row; a join would cost more than the page. Private to core/store, but for refcache_check, which
 * the frame around operations calls once a call: what another connection changed is then read anew.
 */
#ifndef CORE_STORE_REFCACHE_H
#define CORE_STORE_REFCACHE_H

#include "core/model/noun.h"
#include "core/store/db.h"

struct refcache;

struct refcache *refcache_new(void);
void refcache_free(struct refcache *c);
void refcache_clear(struct refcache *c);

/* The cache of a connection. */
struct refcache *db_refs(struct db *db);

/* Forgets all if another connection has committed since the last call. True if it had. */
bool refcache_check(struct db *db);

/* The entry; NULL if it is not there. Strings live until the cache is cleared: copy them. */
const struct ref *refcache_get(const struct refcache *c, const struct noun *n, int64_t id);
void refcache_put(struct refcache *c, const struct noun *n, const struct ref *r);

#endif
