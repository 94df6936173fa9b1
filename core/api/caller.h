/* caller.h - through which connection operations go, and for whom.
 *
 * A line is a database with its key; a caller is an account with its rights, loaded through a line and loaded
 * anew when rights or branches have changed. The local backend has one of each; the server has a line a
 * thread and a caller a session. Neither is for two threads at once.
 */
#ifndef CORE_API_CALLER_H
#define CORE_API_CALLER_H

#include "core/api/backend.h"
#include "core/api/open.h"

struct line {
    struct opened at;
    struct db *db;                  /* at.db and at.keys, for short */
    struct keys *keys;
    int64_t read_ms;                /* a read that runs longer is stopped */
    int64_t password_ms;            /* a password holds so long; 0: for ever */
    bool migrated;                  /* the file has another schema than this program: nothing goes any more */
    bool unsure;                    /* whether it has is to be asked */
    uint64_t calls;
};

/* As database_open(). On an error nothing is open. */
enum status line_open(struct line *l, const struct backend_config *config, struct err *e);
void line_close(struct line *l);

/* What another process changed may have changed even the schema: ST_FAILED "db.migrated" from then on. */
enum status line_check(struct line *l, struct err *e);

struct caller {
    /* Loads the account, its texts in the arena: ST_DENIED when it may not (or no longer) be used. */
    enum status (*load)(const struct caller *c, struct line *l, struct arena *a, struct actor *out,
                        struct err *e);
    const void *arg;                /* of load() */
    struct arena mem;               /* of actor and who; renewed with them */
    struct actor actor;
    struct whoami who;
    int64_t age;                    /* actor_age() when it was loaded */
    bool stale;                     /* it could not be loaded: asked again at the next call */
};

/* Loads it; what load() refuses is the error. */
enum status caller_begin(struct caller *c, struct line *l, struct err *e);

/* Loads it anew if need be; what was known stays until all of it is. */
enum status caller_refresh(struct caller *c, struct line *l, struct err *e);
void caller_free(struct caller *c);

#endif
