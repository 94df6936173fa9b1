/* server.h - the operations of a database over HTTP (docs/server.md): `gonghai serve`.
 *
 * libmicrohttpd's threads read requests and carry out reads, each through a lane of its own; writes
 * go to the one writer, which groups commits. The process's clock, zone and language are the
 * server's.
 */
#ifndef CORE_API_SERVER_H
#define CORE_API_SERVER_H

#include "core/api/backend.h"
#include "core/guard/session.h"

struct server_config {
    struct backend_config data;     /* url, keys_dir, read_ms */
    /* "127.0.0.1:8080", "[::1]:8080", port 0: any; "unix:/run/gonghai/gonghai.sock" */
    const char *listen;
    int threads;                    /* that read; 0: one a processor */
    int group;                      /* writes that share a commit at most; 0: as many as may */
    const struct session_rules *sessions;       /* NULL: the usual ones; outlives the server */
};

struct server;

/* Opens the database and listens; the server works until it is stopped. ST_INVALID "server.address" (listen);
 * ST_INVALID "server.no_tls" (listen): without TLS only this machine may reach it; ST_FAILED
 * "server.bind" (listen, why), "library.missing", those of database_open(). */
enum status server_start(struct server **out, const struct server_config *config, struct err *e);

/* Where it listens: the port, 0 for a unix socket. */
int server_port(const struct server *s);

/* Takes no more connections, answers what was asked (for at most `ms` milliseconds), closes the
 * rest, and lets the writer empty its queue. */
void server_stop(struct server *s, int ms);

#endif
