/* refcache.h - codes and names of the few (branches, employees, stages ...), kept by each connection.
 *
 * Every list shows them for every row; a join would cost more than the page. Private to core/store,
 * but for refcache_check, which the frame around operations calls once a call: what another
 * connection changed is then read anew.
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

/* noun_find() of a name that is a literal in a field table: by its address from the second time on. */
const struct noun *refcache_noun(struct refcache *c, const char *name);

/* Forgets all if there are entries of that noun, of which a row was written. */
void refcache_written(struct refcache *c, const struct noun *n);

/* The blind index of a secret that was made last, for a row is looked up by it, then written with
 * it: a place to keep it. */
struct secret_memo { char field[8], value[56]; unsigned char hash[16]; };
struct secret_memo *refcache_memo(struct refcache *c);

/* The entry; NULL if it is not there. Strings live until the cache is cleared: copy them. */
const struct ref *refcache_get(const struct refcache *c, const struct noun *n, int64_t id);
void refcache_put(struct refcache *c, const struct noun *n, const struct ref *r);

#endif
