/* pass.h - a session at a server. All backends of this process that go to one server as one login share it: a
 * screen opens several, and a person logs in once. It stays until pass_leave().
 */
#ifndef CORE_API_PASS_H
#define CORE_API_PASS_H

#include <pthread.h>

#include "core/api/exchange.h"

enum { PASS_TOKEN = 200, PASS_HEADER = PASS_TOKEN + 32 };

struct pass {
    struct pass *next;
    pthread_mutex_t lock;           /* of what follows */
    char token[PASS_TOKEN + 1];     /* "": none; the socket's or the certificate's owner is who asks */
    /* Raised when the server tells that accounts, or custom fields' definitions, have changed. Any thread. */
    atomic_uint who_age, defs_age;
    bool lasts;                     /* it was given: an API key, which outlives this process */
    /* The rest is pass.c's own. */
    unsigned char proof[32];        /* of server, login and password */
    char *server, *ca, *cert, *key;
};

/* The one of config's server, login and password; made, without a token, when it is not there. Never NULL. */
struct pass *pass_of(const struct backend_config *config);

/* Logs in where config names a login and there is no token yet; *made: so it did. ST_DENIED "login.password"
 * (login): a password is needed and was not given; else what the server says, or exchange_run(). */
enum status pass_enter(struct pass *p, struct exchange *x, const struct backend_config *config, bool *made,
                       struct err *e);

/* Writes the header that shows the token; "" without one. */
void pass_header(struct pass *p, char out[PASS_HEADER]);

/* The server knows the token no more. header: as it was shown; another that came meanwhile stays. */
void pass_lost(struct pass *p, const char *header);

/* Is the answer one of a server that speaks as this program does? ST_UNREACHABLE "server.version" (its,
 * ours); "server.reply" (status). */
enum status pass_check(const struct answer *answer, struct err *e);

/* Ends all sessions, two seconds at most for each, and forgets them. Nothing may be open any more. */
void pass_leave(void);

#endif
