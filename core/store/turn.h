/* turn.h - the queue of those who write one file: a lock on its -lock file, of the open file itself
 * (OFD), so that two connections of one process queue too. Private to core/store. */
#ifndef CORE_STORE_TURN_H
#define CORE_STORE_TURN_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

/* What is taken in turn: a byte of the file each. */
enum turn { TURN_WRITE, TURN_RESTART };

static inline int turn_lock(int fd, enum turn of, int how, short type)
{
    struct flock f = { .l_type = type, .l_whence = SEEK_SET, .l_start = of, .l_len = 1 };
    int rc = 0;
    while (fd >= 0 && (rc = fcntl(fd, how, &f)) < 0 && errno == EINTR)
        ;
    return rc;
}

/* Waits for the turn. Without a queue (fd -1) it is had at once. */
static inline int turn_take(int fd)
{
    return turn_lock(fd, TURN_WRITE, F_OFD_SETLKW, F_WRLCK);
}

static inline void turn_give(int fd)
{
    turn_lock(fd, TURN_WRITE, F_OFD_SETLK, F_UNLCK);
}

/* To begin the WAL again, for one process at a time: false where another is at it. */
static inline bool turn_try_restart(int fd)
{
    return turn_lock(fd, TURN_RESTART, F_OFD_SETLK, F_WRLCK) == 0;
}

static inline void turn_end_restart(int fd)
{
    turn_lock(fd, TURN_RESTART, F_OFD_SETLK, F_UNLCK);
}

#endif
