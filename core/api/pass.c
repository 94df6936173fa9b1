#include "core/api/pass.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "core/api/wire.h"

enum { LOGIN_MS = 30000, LEAVE_MS = 2000 };

static struct {
    pthread_mutex_t lock;
    struct pass *first;
    bool has_salt;
    unsigned char salt[crypto_generichash_KEYBYTES];
} all = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* It becomes a header: what can't stand in one is no token. */
static bool is_token(const char *s)
{
    size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~+/=") : 0;
    return n && n <= PASS_TOKEN && !s[n];
}

/* ---- the list ----------------------------------------------------------------------------------------- */

static void add_text(crypto_generichash_state *h, const char *s)
{
    s = s ? s : "";
    crypto_generichash_update(h, (const unsigned char *)s, strlen(s) + 1);
}

/* The password itself is not kept. Under the list's lock. */
static void make_proof(const struct backend_config *config, unsigned char out[32])
{
    crypto_generichash_state h;
    if (!all.has_salt)
        randombytes_buf(all.salt, sizeof all.salt);
    all.has_salt = true;
    crypto_generichash_init(&h, all.salt, sizeof all.salt, 32);
    add_text(&h, config->server);
    add_text(&h, config->server_cert);
    add_text(&h, config->as);
    add_text(&h, config->as ? config->password : NULL);
    add_text(&h, config->token);
    crypto_generichash_final(&h, out, 32);
    sodium_memzero(&h, sizeof h);
}

static char *copy(const char *s)
{
    return s ? xstrdup(s) : NULL;
}

static struct pass *pass_new(const struct backend_config *config, const unsigned char proof[32])
{
    struct pass *p = xcalloc(1, sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    memcpy(p->proof, proof, sizeof p->proof);
    p->server = copy(config->server);
    p->ca = copy(config->server_ca);
    p->cert = copy(config->server_cert);
    p->key = copy(config->server_key);
    if (config->token && is_token(config->token)) {
        snprintf(p->token, sizeof p->token, "%s", config->token);
        p->lasts = true;
    }
    p->next = all.first;
    all.first = p;
    return p;
}

struct pass *pass_of(const struct backend_config *config)
{
    unsigned char proof[32];
    pthread_mutex_lock(&all.lock);
    make_proof(config, proof);
    struct pass *p = all.first;
    while (p && sodium_memcmp(p->proof, proof, sizeof proof) != 0)
        p = p->next;
    p = p ? p : pass_new(config, proof);
    pthread_mutex_unlock(&all.lock);
    return p;
}

/* ---- one session -------------------------------------------------------------------------------------- */

void pass_header(struct pass *p, char out[PASS_HEADER])
{
    pthread_mutex_lock(&p->lock);
    if (*p->token)
        snprintf(out, PASS_HEADER, "Authorization: Bearer %s", p->token);
    else
        *out = '\0';
    pthread_mutex_unlock(&p->lock);
}

static const char *token_in(const char *header)
{
    const char *blank = strrchr(header, ' ');
    return blank ? blank + 1 : "";
}

void pass_lost(struct pass *p, const char *header)
{
    pthread_mutex_lock(&p->lock);
    if (!p->lasts && strcmp(p->token, token_in(header)) == 0)
        sodium_memzero(p->token, sizeof p->token);
    pthread_mutex_unlock(&p->lock);
}

enum status pass_check(const struct answer *answer, struct err *e)
{
    char status[12];
    if (strcmp(answer->version, "1") == 0)
        return ST_OK;
    if (*answer->version)
        return fail(e, ST_UNREACHABLE, "server.version", answer->version, "1", NULL);
    snprintf(status, sizeof status, "%d", answer->status);
    return fail(e, ST_UNREACHABLE, "server.reply", status, NULL);
}

static enum status take_token(struct pass *p, const struct answer *answer, struct err *e)
{
    struct json *j = NULL;
    enum status st = json_parse(answer->body.s, answer->body.len, &j, NULL);
    const char *token = st ? NULL : json_string(json_get(j, "token"));
    if (is_token(token))
        snprintf(p->token, sizeof p->token, "%s", token);
    else
        st = fail(e, ST_UNREACHABLE, "server.reply", "201", NULL);
    json_free(j);
    return st;
}

/* Not sent again when it was lost: each try counts. */
static enum status log_in(struct pass *p, struct exchange *x, const struct backend_config *config,
                          struct err *e)
{
    struct answer answer = { .body = BUF_INIT };
    struct buf body = BUF_INIT;
    struct jw w;
    jw_init(&w, &body);
    jw_object(&w);
    jw_key(&w, "login");
    jw_str(&w, config->as);
    jw_key(&w, "password");
    jw_str(&w, config->password);
    jw_end_object(&w);
    struct ask ask = { .method = "POST", .path = "/v1/session", .body = body.s, .nbody = body.len,
                       .limit_ms = LOGIN_MS, .from = -1, .once = true,
                       .header = { "Gonghai-Version: 1", "Content-Type: " WIRE_JSON } };
    enum status st = exchange_run(x, &ask, &answer, e);
    if (!st)
        st = pass_check(&answer, e);
    if (!st && answer.status / 100 == 2) {
        st = take_token(p, &answer, e);
    } else if (!st) {
        struct err said = { 0 };
        wire_read_problem(answer.status, answer.body.s, answer.body.len, &said);
        *e = said;
        st = said.status;
    }
    sodium_memzero(body.s, body.len);
    sodium_memzero(answer.body.s, answer.body.len);
    buf_release(&body);
    buf_release(&answer.body);
    return st;
}

enum status pass_enter(struct pass *p, struct exchange *x, const struct backend_config *config, bool *made,
                       struct err *e)
{
    enum status st = ST_OK;
    *made = false;
    if (!config->as)
        return ST_OK;
    pthread_mutex_lock(&p->lock);
    if (!*p->token) {
        st = config->password ? log_in(p, x, config, e)
                              : fail(e, ST_DENIED, "login.password", config->as, NULL);
        *made = !st;
    }
    pthread_mutex_unlock(&p->lock);
    return st;
}

/* ---- the end ------------------------------------------------------------------------------------------ */

static void end_session(struct pass *p)
{
    struct backend_config config = { .server = p->server, .server_ca = p->ca, .server_cert = p->cert,
                                     .server_key = p->key };
    struct exchange *x = NULL;
    struct answer answer = { .body = BUF_INIT };
    struct err e = { 0 };
    char header[PASS_HEADER];
    pass_header(p, header);
    if (*header && !p->lasts && exchange_open(&config, &x, &e) == ST_OK) {
        struct ask ask = { .method = "DELETE", .path = "/v1/session", .limit_ms = LEAVE_MS, .from = -1,
                           .header = { "Gonghai-Version: 1", header } };
        exchange_run(x, &ask, &answer, &e);
    }
    sodium_memzero(header, sizeof header);
    buf_release(&answer.body);
    exchange_close(x);
}

static void pass_free(struct pass *p)
{
    pthread_mutex_destroy(&p->lock);
    free(p->server);
    free(p->ca);
    free(p->cert);
    free(p->key);
    sodium_memzero(p, sizeof *p);
    free(p);
}

void pass_leave(void)
{
    pthread_mutex_lock(&all.lock);
    struct pass *p = all.first;
    all.first = NULL;
    pthread_mutex_unlock(&all.lock);
    while (p) {
        struct pass *next = p->next;
        end_session(p);
        pass_free(p);
        p = next;
    }
}
