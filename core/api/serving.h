/* serving.h - what the server's files share: server.c its life, http.c requests, reply.c answers.
 * Private to them. */
#ifndef CORE_API_SERVING_H
#define CORE_API_SERVING_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/log.h"
#include "core/api/mhd.h"
#include "core/api/server.h"
#include "core/api/wire.h"
#include "core/api/workers.h"
#include "core/api/writer.h"

enum {
    HEAD_S = 10,                    /* until a new connection's first request is whole */
    BODY_S = 30,                    /* from its first line until a request is whole */
    IDLE_S = 60,                    /* between two requests */
    SERVER_LANES = 64, PARAMS_MOST = 64
};

struct connection {
    struct connection *next, *before;
    int fd;
    int64_t until;                  /* monotonic microseconds, when it is cut off; 0: it is being answered */
};

struct server {
    const struct mhd *mhd;
    struct server_config config;
    struct MHD_Daemon *daemon;
    struct writer *writer;
    struct workers *workers;
    int listener;                   /* of a unix socket, else -1 */
    bool is_unix;
    char path[108];                 /* of the socket */
    int port;
    pthread_key_t lane;             /* of the calling thread */
    pthread_mutex_t lock;           /* of what follows */
    struct lane *lanes[SERVER_LANES];
    int nlanes;
    struct connection *connections;
    pthread_t reaper;
    pthread_cond_t wake;            /* the reaper, to end; whoever waits for active to be 0 */
    bool ending;
    atomic_bool stopping;
    atomic_int active;              /* requests being answered */
    atomic_int suspended;           /* of them, those that the writer has, or has just answered */
    atomic_llong requests, failures;
};

struct request {
    struct server *s;
    struct MHD_Connection *at;
    struct connection *connection;
    struct arena arena;
    bool suspended;                 /* it waits for the writer, or did */
    const char *method, *url;       /* url: as it came, without the query */
    char name[LOG_REQUEST];         /* its X-Request-Id */
    struct buf body;
    bool too_big;

    const struct op *op;            /* NULL: none of the table */
    struct wire_param param[PARAMS_MOST];
    struct wire_request wire;
    struct seat seat;
    void *in, *out;
    bool *given;
    struct write write;
    struct errand errand;
    char from[64];                  /* the address that it comes from */

    struct err e;                   /* status ST_OK: it went well */
    int status;
    struct buf reply;
    const char *type;               /* of the reply; NULL: it has none */
};

/* ---- server.c ---- */
/* The calling thread's own way to the database. */
enum status server_lane(struct server *s, struct lane **out, struct err *e);

/* ---- http.c ---- */
enum MHD_Result http_handle(void *server, struct MHD_Connection *at, const char *url, const char *method,
                            const char *version, const char *body, size_t *size, void **request);
void http_completed(void *server, struct MHD_Connection *at, void **request,
                    enum MHD_RequestTerminationCode why);

/* ---- seats.c ---- */
/* Finds r->seat; reads only. */
enum status seats_find(struct request *r, struct lane *l);
/* /v1/session: GET tells who it is, POST logs in, DELETE logs out. Makes the reply. */
void seats_session(struct request *r, struct lane *l);

/* ---- reply.c ---- */
/* Puts the reply together: of an operation that went well, or of r->e. */
void reply_make(struct request *r);
enum MHD_Result reply_send(struct request *r);

#endif
