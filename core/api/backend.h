/* backend.h - where operations are carried out: a file here, or a server over HTTP. Few functions, never one
 * method a query.
 *
 * A backend belongs to one thread: each worker opens its own. A call is one operation; everything
 * that the reply points to lives in the caller's arena.
 */
#ifndef CORE_API_BACKEND_H
#define CORE_API_BACKEND_H

#include <stdatomic.h>

#include "core/guard/op.h"

struct backend;

enum { READ_MS = 30000 };

/* How to reach the data. Plain; strings must outlive the backends opened with it. */
struct backend_config {
    const char *url;            /* path, "sqlite:path"; NULL: the embedded file in XDG_DATA_HOME/gonghai */
    const char *as;             /* --as: another login; NULL: the OS user */
    const char *password;       /* of `as`, where it is needed (core/api/login.h); NULL: none was given */
    const char *code;           /* one-time, where the account has such; NULL: none was given */
    const char *keys_dir;       /* NULL: the default of core/guard/keys.h */
    const char *trace;          /* a file that every call is written to (GONGHAI_TRACE); NULL: none */
    int64_t password_ms;        /* a password holds so long, then its owner must set another; 0: for ever */
    bool read_only;             /* never migrates or writes */
    /* core/api/address.h: a server in the place of url and keys_dir; NULL: none */
    const char *server;
    const char *server_ca;      /* file of the authority that signed its certificate; NULL: the machine's */
    const char *server_cert, *server_key;       /* files of this machine's own certificate; NULL: none */
    const char *token;          /* an API key for the server, in the place of as and password; NULL: none */
    int64_t read_ms;            /* a read that runs longer is stopped ("read.too_slow"); 0: READ_MS */
};

struct call {
    const struct op *op;
    const void *in;             /* record of op->in; NULL when nothing goes in */
    const bool *given;          /* fields of in that were given; NULL: those not empty */
    const char *key;            /* Idempotency-Key; NULL: none */
    const char *request;        /* id for logs; NULL: made here */
    const atomic_bool *cancel;  /* set by another thread to stop a read; NULL: never */
    /* Jobs: told after each step; counts: of what was counted so far, while it takes longer. On the calling
     * thread. NULL allowed. */
    void (*progress)(void *arg, int64_t done, int64_t total);
    void *progress_arg;
};

/* Who the backend acts for, for header and footer of screens. In the backend, until it is closed or
 * reloaded. */
struct whoami {
    const char *login, *name, *branch_path[8];      /* names from head office down, NULL at the end */
    int64_t employee, branch;
    unsigned roles;
    uint64_t rights;
    bool must_change;           /* the password first: account.password, and nothing else, is carried out */
    bool demo, test;            /* a database marked so: --now is allowed */
    const char *place;          /* file name or server */
};

struct backend {
    /* Carries out one operation. out: record of op->out, a struct page for OUT_MANY, ignored for OUT_NONE. */
    enum status (*call)(struct backend *b, const struct call *c, struct arena *a, void *out, struct err *e);
    /* A file descriptor that becomes readable when others changed something; changed() says if it was so and
     * re-arms it (it may take back-off looks of up to 512 ms: ask again when *again_ms > 0). -1 if
     * there is none. */
    int (*watch)(struct backend *b);
    bool (*changed)(struct backend *b, int *again_ms);
    const struct whoami *(*who)(struct backend *b);
    void (*close)(struct backend *b);
};

/* Opens what config names, a server where it names one (core/api/remote.h); a database of an older schema is
 * migrated first unless read_only. Who may not is told by the errors of core/api/login.h: "login.password"
 * asks for a password, "login.totp" for a one-time code. */
enum status backend_open(const struct backend_config *config, struct backend **out, struct err *e);

static inline enum status backend_call(struct backend *b, const struct call *c, struct arena *a, void *out,
                                       struct err *e)
{
    return b->call(b, c, a, out, e);
}

void backend_close(struct backend *b);      /* NULL allowed */

/* Ends the sessions that this process has at servers, when all is closed; a server that does not answer is
 * not waited for longer than two seconds. Nothing to do without. */
void backend_leave(void);

/* Every operation there is, in the order of the documentation; ends with NULL. op_find by name:
 * NULL if unknown. */
const struct op *const *ops_all(void);
const struct op *op_find(const char *name);

/* The embedded default, XDG_DATA_HOME/gonghai/gonghai.db; in the arena. */
const char *backend_default_path(struct arena *a);

#endif
