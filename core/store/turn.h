/* turn.h - the queue of those who write one file: a lock on its -lock file, of the open file itself
 * (OFD), so that two connections of one process queue too. Private to core/store. */
#ifndef CORE_STORE_TURN_H
#define CORE_STORE_TURN_H

#include <errno.h>
#include <fcntl.h>

static inline int turn_lock(int fd, int how, short type)
{
    struct flock f = { .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };
    int rc = 0;
    while (fd >= 0 && (rc = fcntl(fd, how, &f)) < 0 && errno == EINTR)
        ;
    return rc;
}

/* Waits for the turn. Without a queue (fd -1) it is had at once. */
static inline int turn_take(int fd)
{
    return turn_lock(fd, F_OFD_SETLKW, F_WRLCK);
}

static inline void turn_give(int fd)
{
    turn_lock(fd, F_OFD_SETLK, F_UNLCK);
}

#endif
