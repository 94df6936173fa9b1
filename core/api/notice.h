/* notice.h - that another process, or another connection of this one, has changed a database. */
#ifndef CORE_API_NOTICE_H
#define CORE_API_NOTICE_H

#include "core/store/db.h"

struct notice {
    struct db *db;
    int fd;                     /* inotify, readable when something may have changed; -1: none */
    int64_t seen;               /* the file's version that is known */
    int look_ms;                /* next back-off look, 0: none */
};

/* Begins to watch: what is committed from here on is noticed. The descriptor is n->fd, -1 where
 * this user may watch no more files. Of the connection's thread, as all of these. */
void notice_begin(struct notice *n, struct db *db);

/* Was there a change since? The WAL's event comes before the commit can be seen: ask again after
 * *again_ms where that is not 0 (1, 2, 4 .. 512, then it falls silent). */
bool notice_taken(struct notice *n, int *again_ms);

void notice_end(struct notice *n);

#endif
