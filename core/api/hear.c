#include "core/api/hear.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/json.h"
#include "core/api/sse.h"

enum {
    SILENCE_MS = 45000,         /* three beats of the server */
    STAND_MS = 250,             /* so long the start waits for the stream */
    AGAIN_MS = 1000,            /* before the first try anew, doubled each time */
    AGAIN_MOST_MS = 30000,
    REFUSED_MS = 30000,         /* who is refused asks again, but seldom */
    SLEEP_MS = 60000
};

struct hear {
    struct exchange *x;
    struct pass *pass;
    pthread_t thread;
    atomic_bool stop;
    int told, stands;           /* eventfds: of changes; that the stream stands */
    struct sse sse;
    struct answer answer;
    bool is_stream;             /* this time */
    bool ever;                  /* it stood before */
    atomic_bool late;           /* hear_start() has given up waiting */
};

static void raise_fd(int fd)
{
    const uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static bool lower_fd(int fd)
{
    uint64_t n;
    return read(fd, &n, sizeof n) == sizeof n;
}

/* ---- events ------------------------------------------------------------------------------------------- */

static bool is_among(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static void take_topic(struct hear *h, const char *topic)
{
    static const char *const who[] = { "account", "employee", "branch", "pool", "session", NULL };
    if (is_among(topic, who))
        atomic_fetch_add(&h->pass->who_age, 1);
    if (strcmp(topic, "custom_field") == 0)
        atomic_fetch_add(&h->pass->defs_age, 1);
}

/* "reset": what was missed can't be said any more. */
static void on_event(void *arg, const struct sse_event *ev)
{
    struct hear *h = arg;
    struct json *j = NULL;
    if (strcmp(ev->name, "bye") == 0)
        return;
    if (json_parse(ev->data, strlen(ev->data), &j, NULL) == ST_OK) {
        const struct json *topics = json_get(j, "topics");
        for (const struct json *t = topics ? json_first(topics) : NULL; t; t = json_next(t))
            take_topic(h, json_string(t) ? json_string(t) : "");
    }
    json_free(j);
    if (strcmp(ev->name, "reset") == 0) {
        atomic_fetch_add(&h->pass->who_age, 1);
        atomic_fetch_add(&h->pass->defs_age, 1);
    }
    raise_fd(h->told);
}

/* Without the id of an event the server can't say what came between: then all may have changed. */
static void on_begun(void *arg)
{
    struct hear *h = arg;
    h->is_stream = strcmp(h->answer.type, "text/event-stream") == 0 && strcmp(h->answer.version, "1") == 0;
    if (!h->is_stream)
        return;
    if (h->ever ? !*h->sse.id : atomic_load(&h->late))
        raise_fd(h->told);
    h->ever = true;
    raise_fd(h->stands);
}

static bool on_bytes(void *arg, const char *bytes, size_t n)
{
    struct hear *h = arg;
    return h->is_stream && sse_feed(&h->sse, bytes, n);
}

/* ---- the thread --------------------------------------------------------------------------------------- */

static enum status listen_once(struct hear *h, struct err *e)
{
    char token[PASS_HEADER], last[SSE_ID + 32];
    struct ask ask = { .method = "GET", .path = "/v1/changes", .from = -1, .silence_ms = SILENCE_MS,
                       .cancel = &h->stop, .waked = true, .begun = on_begun, .sink = on_bytes, .arg = h,
                       .header = { "Gonghai-Version: 1", "Accept: text/event-stream",
                                   "Cache-Control: no-store" } };
    int n = 3;
    pass_header(h->pass, token);
    snprintf(last, sizeof last, "Last-Event-ID: %s", h->sse.id);
    if (*token)
        ask.header[n++] = token;
    if (*h->sse.id)
        ask.header[n++] = last;
    h->is_stream = false;
    sse_restart(&h->sse);
    enum status st = exchange_run(h->x, &ask, &h->answer, e);
    if (h->answer.status == 401)
        pass_lost(h->pass, token);
    sodium_memzero(token, sizeof token);
    return st;
}

/* All who lost the server at once must not come back at once. */
static int64_t pause_ms(const struct hear *h, int tries)
{
    int64_t most = h->sse.retry_ms > 0 ? h->sse.retry_ms : AGAIN_MS;
    for (; tries > 0 && most < AGAIN_MOST_MS; tries--)
        most *= 2;
    most = most < AGAIN_MOST_MS ? most : AGAIN_MOST_MS;
    return 20 + (int64_t)randombytes_uniform((uint32_t)most);
}

static void *run(void *arg)
{
    struct hear *h = arg;
    struct err e;
    for (int tries = 0; !atomic_load(&h->stop);) {
        listen_once(h, &e);
        tries = h->is_stream ? 0 : tries + 1;
        bool refused = h->answer.status >= 400 && h->answer.status < 500;
        if (refused && h->ever && tries == 1)
            raise_fd(h->told);          /* who looks now is told why */
        exchange_wait(h->x, refused ? REFUSED_MS : pause_ms(h, tries), SLEEP_MS, &h->stop);
    }
    return NULL;
}

/* ---- start and stop ----------------------------------------------------------------------------------- */

static void release(struct hear *h)
{
    exchange_close(h->x);
    if (h->told >= 0)
        close(h->told);
    if (h->stands >= 0)
        close(h->stands);
    sse_free(&h->sse);
    buf_release(&h->answer.body);
    free(h);
}

/* Signals are for the threads that wait for them. */
static int start_thread(struct hear *h)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&h->thread, NULL, run, h);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

enum status hear_start(const struct backend_config *config, struct pass *pass, struct hear **out,
                       struct err *e)
{
    struct hear *h = xcalloc(1, sizeof *h);
    h->pass = pass;
    h->answer.body = (struct buf)BUF_INIT;
    h->told = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    h->stands = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    sse_init(&h->sse, on_event, h);
    enum status st = exchange_open(config, &h->x, e);
    int rc = h->told < 0 || h->stands < 0 ? EMFILE : 0;
    if (!st && !rc)
        rc = start_thread(h);
    if (!st && rc)
        st = fail(e, ST_FAILED, "server.listen", strerror(rc), NULL);
    if (st) {
        release(h);
        return st;
    }
    struct pollfd wait = { .fd = h->stands, .events = POLLIN };
    if (poll(&wait, 1, STAND_MS) <= 0)
        atomic_store(&h->late, true);
    *out = h;
    return ST_OK;
}

int hear_fd(const struct hear *h)
{
    return h->told;
}

bool hear_take(struct hear *h)
{
    return lower_fd(h->told);
}

void hear_stop(struct hear *h)
{
    if (!h)
        return;
    atomic_store(&h->stop, true);
    exchange_wake(h->x);
    pthread_join(h->thread, NULL);
    release(h);
}
