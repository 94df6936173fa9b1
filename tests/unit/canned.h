/* canned.h - a server made of canned answers, for tests of what a client does with them: one thread a
 * connection, on a socket of its own.
 */
#ifndef TESTS_UNIT_CANNED_H
#define TESTS_UNIT_CANNED_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/buf.h"

enum { CANNED_SEEN = 64, CANNED_THREADS = 64 };

struct seen {
    char method[16], path[512];
    char *head, *body;          /* the headers as they came; the body, NUL behind it */
    size_t nbody;
};

struct canned {
    char dir[64], url[128];             /* "unix:..." */
    int listen;
    pthread_t thread, each[CANNED_THREADS];
    int neach, fds[CANNED_THREADS];
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct seen seen[CANNED_SEEN];       /* every request, in order */
    int nseen;
    bool stop;
    /* Answers a request; n counts those of its kind from 0: all but sessions. False closes the connection. */
    bool (*play)(struct canned *s, int fd, const struct seen *rq, int n);
    int played;
    const char *session;                /* what GET /v1/session says */
    void *arg;
    atomic_bool cancel;
    int64_t at;                         /* clock_mono() of something that play() did */
};

void canned_open(struct canned *s, bool (*play)(struct canned *s, int fd, const struct seen *rq, int n));
void canned_close(struct canned *s);
/* No connection gets in any more, those that are there end. */
void canned_leave(struct canned *s);

/* A whole answer. extra: more headers, each with its CR LF; NULL: none. */
void canned_answer(int fd, int status, const char *extra, const char *body);
/* Bytes as they are. */
void canned_bytes(int fd, const char *text);

/* Waits until so many requests have come whose path begins so. */
void canned_wait(struct canned *s, const char *path, int n);
/* How many have, and the i-th of them (until canned_close()). */
int canned_count(struct canned *s, const char *path);
const struct seen *canned_seen(struct canned *s, const char *path, int i);
/* The value of a header, NULL: not there; good until the next call. */
const char *canned_header(const struct seen *rq, const char *name);

#endif
