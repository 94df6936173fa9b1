/* remoting.h - a remote backend at work, shared by remote.c and jobs.c. Private to them. */
#ifndef CORE_API_REMOTING_H
#define CORE_API_REMOTING_H

#include "core/api/backend.h"
#include "core/api/defs.h"
#include "core/api/pass.h"

struct hear;

struct remote {
    struct backend base;
    struct backend_config config;
    struct exchange *x;
    struct pass *pass;
    struct answer answer;           /* of the last request */
    struct hear *hear;              /* NULL until watch() */
    struct whoami who;
    struct arena mem;               /* of who; renewed with it */
    unsigned who_age;               /* pass->who_age when it was asked for */
    char zone[64];                  /* the bank's, as the server told */
    struct arena defs_mem;
    struct attr_def *defs;          /* of the custom fields, when has_defs */
    size_t ndefs;
    bool has_defs;
    unsigned defs_age;              /* pass->defs_age when they were asked for */
    int64_t defs_at;                /* clock_mono() */
    struct { const char *field; char id[65]; } file;     /* that the job at hand leaves: jobs.c */
};

/* ---- remote.c ---- */
/* Sends it once, with the headers that all requests have. ST_OK: r->answer has status 2xx; a problem is the
 * error. */
enum status remote_send(struct remote *r, struct ask *ask, struct err *e);
/* The same for what carries an Idempotency-Key: sent again when its answer was lost. */
enum status remote_write(struct remote *r, const struct ask *ask, struct err *e);
/* Carries a call out, whatever its kind; of an OP_JOB without regard to its files. */
enum status remote_carry(struct remote *r, const struct call *call, struct arena *a, void *out,
                         struct err *e);
/* Reads the call's reply from text. */
enum status remote_read(struct remote *r, const struct call *call, struct buf *text, struct arena *a,
                        void *out, struct err *e);

#endif
