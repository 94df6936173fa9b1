/* exchange.h - one request to the server and its answer, whatever they are about. Of one thread, but for
 * exchange_wake().
 *
 * TLS 1.2 or newer with the server's certificate checked; no redirects, no proxy, no netrc: what answers is
 * the server that was named, or nothing. The connection is kept for the next request.
 */
#ifndef CORE_API_EXCHANGE_H
#define CORE_API_EXCHANGE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/buf.h"
#include "core/api/address.h"
#include "core/api/backend.h"

enum { EXCHANGE_HEADERS = 8, EXCHANGE_CONNECT_MS = 5000, EXCHANGE_SLICE_MS = 20 };

struct exchange;

struct ask {
    const char *method, *path;              /* "GET", "/v1/leads?limit=50" */
    const char *header[EXCHANGE_HEADERS];   /* "Name: value", up to the first NULL */
    const char *body;                       /* NULL: none */
    size_t nbody;
    int64_t limit_ms;                       /* for all of it; 0: as long as bytes come */
    /* so long without a byte is a lost connection; 0: as long as it takes */
    int64_t silence_ms;
    const atomic_bool *cancel;              /* looked at every EXCHANGE_SLICE_MS; NULL: never */
    /* who sets cancel calls exchange_wake() too: it is not looked at before */
    bool waked;
    bool once;                              /* never sent twice, not even where a kept connection had died */
    int from;                               /* a file that is sent as the body; -1: none */
    /* Told once the headers came; then takes the body in the place of answer.body, and ends the exchange by
     * false. Of an answer of status 200 only. NULL: none. */
    void (*begun)(void *arg);
    bool (*sink)(void *arg, const char *bytes, size_t n);
    void *arg;
};

struct answer {
    int status;                 /* of HTTP; 0: none came */
    struct buf body;            /* at most JSON_MAX bytes */
    char version[16];           /* Gonghai-Version; "": not said */
    char type[64];              /* Content-Type without its parameters */
    int64_t retry_after_ms;     /* Retry-After in seconds; -1: not said */
    bool sent;                  /* the request may have reached the server, whatever came of it */
};

/* config->server and its ca, cert, key. Nothing is sent yet. ST_INVALID as address_read(); ST_FAILED
 * "library.missing". */
enum status exchange_open(const struct backend_config *config, struct exchange **out, struct err *e);
void exchange_close(struct exchange *x);        /* NULL allowed */
const struct address *exchange_address(const struct exchange *x);

/* ST_OK: an answer came whole, of whatever status; answer->body is cleared first and released by the caller.
 * ST_CANCELLED "cancelled"; ST_UNREACHABLE "server.unreachable" (name, reason), "server.tls" (name, reason),
 * "server.lost" (name, reason): the connection broke or nothing came in time; "server.reply" (status): no
 * HTTP, or an endless answer. */
enum status exchange_run(struct exchange *x, const struct ask *ask, struct answer *answer, struct err *e);

/* Waits, looking at cancel every slice_ms, and says if it was not cancelled meanwhile. */
bool exchange_wait(struct exchange *x, int64_t ms, int slice_ms, const atomic_bool *cancel);

/* Makes an exchange or a wait look at its cancel flag. Any thread, as long as x is open. */
void exchange_wake(struct exchange *x);

#endif
