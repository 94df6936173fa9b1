/* httpclient.h - a client that sends any bytes to a server of this process, and reads what comes back. */
#ifndef TESTS_CONTRACT_HTTPCLIENT_H
#define TESTS_CONTRACT_HTTPCLIENT_H

#include "base/arena.h"
#include "core/api/server.h"
#include "tests/contract/bank.h"

/* A server of the bank's database, on a unix socket in its folder. */
struct server *http_serve(struct bank *k, int group);
const char *http_socket(struct bank *k);

int http_connect(struct bank *k);

struct reply { int status; const char *head, *body; bool closed; };

/* Sends the bytes on the connection and reads one reply, in the arena; status 0: the connection
 * ended before. */
struct reply http_raw(int fd, struct arena *a, const char *bytes, size_t n);

/* A request on a connection of its own. headers: lines with their ends, or "". body NULL: none. */
struct reply http_ask(struct bank *k, const char *method, const char *path, const char *headers,
                      const char *body);

/* The value of a header; NULL: there is none. */
const char *http_header(struct bank *k, struct reply r, const char *name);

#endif
