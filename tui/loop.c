#include "tui/loop.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

enum { LOOP_FDS = 16, LOOP_TIMERS = 64 };

struct watch { int fd; loop_callback *call; void *self; };
struct timer { int id; int64_t at; loop_callback *call; void *self; };

struct loop {
    struct watch watch[LOOP_FDS];
    int nwatch;
    struct timer timer[LOOP_TIMERS];
    int ntimers, last_id;
    int64_t heard, deaf;    /* when the last wait ended; ms from then to the next */
};

struct loop *loop_new(void)
{
    return xcalloc(1, sizeof(struct loop));
}

void loop_free(struct loop *l)
{
    free(l);
}

void loop_add_fd(struct loop *l, int fd, loop_callback *call, void *self)
{
    assert(l->nwatch < LOOP_FDS);
    l->watch[l->nwatch++] = (struct watch){ fd, call, self };
}

int loop_add_timer(struct loop *l, int64_t ms, loop_callback *call, void *self)
{
    assert(l->ntimers < LOOP_TIMERS);
    l->last_id = l->last_id == INT32_MAX ? 1 : l->last_id + 1;
    l->timer[l->ntimers++] =
        (struct timer){ l->last_id, clock_mono() + (ms > 0 ? ms : 0), call, self };
    return l->last_id;
}

void loop_cancel_timer(struct loop *l, int id)
{
    for (int i = 0; i < l->ntimers; i++)
        if (l->timer[i].id == id) {
            l->timer[i] = l->timer[--l->ntimers];
            return;
        }
}

int loop_next(const struct loop *l)
{
    int64_t first = INT64_MAX, left;

    for (int i = 0; i < l->ntimers; i++)
        if (l->timer[i].at < first)
            first = l->timer[i].at;
    if (first == INT64_MAX)
        return -1;
    left = first - clock_mono();
    return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

/* Runs what is due now, the earliest first; what the callbacks add waits for the next turn. */
static unsigned run_timers(struct loop *l)
{
    int64_t now = clock_mono();
    int newest = l->last_id;
    unsigned bits = 0;

    for (;;) {
        int found = -1;
        struct timer t;

        for (int i = 0; i < l->ntimers; i++)
            if (l->timer[i].at <= now && l->timer[i].id <= newest &&
                (found < 0 || l->timer[i].at < l->timer[found].at))
                found = i;
        if (found < 0)
            return bits;
        t = l->timer[found];
        l->timer[found] = l->timer[--l->ntimers];
        bits |= t.call(t.self);
    }
}

static unsigned run_fd(struct loop *l, int fd)
{
    for (int i = 0; i < l->nwatch; i++)     /* an earlier callback may have removed it */
        if (l->watch[i].fd == fd)
            return l->watch[i].call(l->watch[i].self);
    return 0;
}

int64_t loop_deaf(const struct loop *l)
{
    return l->deaf;
}

unsigned loop_wait(struct loop *l, int ms)
{
    struct pollfd fds[LOOP_FDS];
    int next = loop_next(l), n = l->nwatch, ready;
    unsigned bits = 0;

    if (next >= 0 && (ms < 0 || next < ms))
        ms = next;
    for (int i = 0; i < n; i++)
        fds[i] = (struct pollfd){ .fd = l->watch[i].fd, .events = POLLIN };
    l->deaf = l->heard ? clock_mono() - l->heard : 0;
    ready = poll(fds, (nfds_t)n, ms);
    l->heard = clock_mono();
    if (ready > 0)
        for (int i = 0; i < n; i++)
            if (fds[i].revents)
                bits |= run_fd(l, fds[i].fd);
    return bits | run_timers(l);
}
