#include "core/api/notice.h"

#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

void notice_begin(struct notice *n, struct db *db)
{
    char name[4096];
    *n = (struct notice){ .db = db, .fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC) };
    if (n->fd < 0)
        return;
    snprintf(name, sizeof name, "%s-notify", db_path(db));
    bool notes = inotify_add_watch(n->fd, name, IN_ATTRIB) >= 0;
    snprintf(name, sizeof name, "%s-wal", db_path(db));
    bool writes = inotify_add_watch(n->fd, name, IN_MODIFY) >= 0;
    if (!notes && !writes)              /* this user watches as many files as he may: none, not a deaf one */
        notice_end(n);
    n->seen = db_data_version(db);
}

bool notice_taken(struct notice *n, int *again_ms)
{
    char events[4096];
    bool told = false;
    while (n->fd >= 0 && read(n->fd, events, sizeof events) > 0)
        told = true;
    int64_t version = db_data_version(n->db);
    bool changed = version != n->seen;
    n->seen = version;
    if (changed)
        n->look_ms = 0;
    else if (told)
        n->look_ms = 1;
    else if (n->look_ms)
        n->look_ms = n->look_ms >= 512 ? 0 : n->look_ms * 2;
    *again_ms = n->look_ms;
    return changed;
}

void notice_end(struct notice *n)
{
    if (n->fd >= 0)
        close(n->fd);
    n->fd = -1;
}
