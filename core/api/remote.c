#include "core/api/remote.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "core/api/hear.h"
#include "core/api/jobs.h"
#include "core/api/remoting.h"
#include "core/api/wire.h"
#include "core/guard/role.h"

enum {
    WRITE_MS = 30000,           /* a write, each time it is sent */
    WHO_MS = 10000,
    LONG_MS = 3600000,          /* a read that may take as long as it likes */
    SLACK_MS = 5000,            /* what a read may take beside its work at the server */
    TRIES = 4,                  /* a write is sent so often at most */
    BACKOFF_MS = 200,           /* before the second time, doubled each time */
    WAIT_MOST_MS = 5000,
    DEFS_MS = 30000             /* definitions of custom fields are believed so long */
};

static struct remote *remote_of(struct backend *b)
{
    return (struct remote *)(void *)b;
}

/* ---- who it is ---------------------------------------------------------------------------------------- */

static const char *text_of(struct arena *a, const struct json *j, const char *key)
{
    const char *s = json_string(json_get(j, key));
    return arena_strdup(a, s ? s : "");
}

static int64_t id_of(const struct json *j, const char *key)
{
    const char *s = json_string(json_get(j, key));
    return s ? strtoll(s, NULL, 10) : 0;
}

/* The bits of those names in a list that there are; unknown ones are a newer server's. */
static uint64_t bits_of(const struct json *list, const char *(*name)(int i), int n)
{
    uint64_t bits = 0;
    for (const struct json *x = list ? json_first(list) : NULL; x; x = json_next(x))
        for (int i = 0; i < n; i++)
            if (json_string(x) && strcmp(json_string(x), name(i)) == 0)
                bits |= UINT64_C(1) << i;
    return bits;
}

static const char *right_at(int i) { return right_name((enum right)i); }
static const char *role_at(int i) { return account_role_name((enum account_role)i); }

static void read_branches(struct arena *a, const struct json *list, struct whoami *w)
{
    enum { MOST = sizeof w->branch_path / sizeof *w->branch_path - 1 };
    size_t n = 0;
    for (const struct json *x = list ? json_first(list) : NULL; x && n < MOST; x = json_next(x))
        if (json_string(x))
            w->branch_path[n++] = arena_strdup(a, json_string(x));
}

static void read_who(struct remote *r, const struct json *j)
{
    struct arena fresh = ARENA_INIT;
    struct whoami w = {
        .login = text_of(&fresh, j, "login"), .name = text_of(&fresh, j, "name"),
        .employee = id_of(j, "employee"), .branch = id_of(j, "branch"),
        .roles = (unsigned)bits_of(json_get(j, "roles"), role_at, ACCOUNT_ROLE_COUNT),
        .rights = bits_of(json_get(j, "rights"), right_at, RIGHT_COUNT) | UINT64_C(1) << RIGHT_NONE,
        .must_change = json_bool(json_get(j, "must_change")),
        .demo = json_bool(json_get(j, "demo")), .test = json_bool(json_get(j, "test")),
        .place = exchange_address(r->x)->name,
    };
    read_branches(&fresh, json_get(j, "branch_path"), &w);
    const char *zone = json_string(json_get(j, "zone"));
    if (zone && *zone && strcmp(zone, r->zone) != 0 && clock_zone(zone))
        snprintf(r->zone, sizeof r->zone, "%s", zone);
    arena_free(&r->mem);
    r->mem = fresh;
    r->who = w;
}

/* ---- one request -------------------------------------------------------------------------------------- */

static enum status problem(struct remote *r, struct err *e)
{
    struct err said = { 0 };
    wire_read_problem(r->answer.status, r->answer.body.s, r->answer.body.len, &said);
    /* It says of us what we say of it; and one that stops is about to be out of reach. */
    if (strcmp(said.code, "server.version") == 0 || strcmp(said.code, "server.stopping") == 0)
        said.status = ST_UNREACHABLE;
    if (said.status == ST_DENIED)
        r->who_age--;                                   /* rights have changed, perhaps */
    *e = said;
    return said.status;
}

enum status remote_send(struct remote *r, struct ask *ask, struct err *e)
{
    char token[PASS_HEADER];
    int n = 0;
    while (ask->header[n])
        n++;
    ask->header[n++] = "Gonghai-Version: 1";
    ask->header[n++] = strcmp(i18n_lang(), "zh_CN") == 0 ? "Accept-Language: zh-CN" : "Accept-Language: en";
    pass_header(r->pass, token);
    if (*token)
        ask->header[n++] = token;
    enum status st = exchange_run(r->x, ask, &r->answer, e);
    if (!st)
        st = pass_check(&r->answer, e);
    if (!st && r->answer.status == 401)
        pass_lost(r->pass, token);
    if (!st && r->answer.status / 100 != 2)
        st = problem(r, e);
    sodium_memzero(token, sizeof token);
    return st;
}

static enum status ask_who(struct remote *r, struct err *e)
{
    struct json *j = NULL;
    struct ask ask = { .method = "GET", .path = "/v1/session", .limit_ms = WHO_MS, .from = -1 };
    unsigned age = atomic_load(&r->pass->who_age);
    enum status st = remote_send(r, &ask, e);
    if (!st && json_parse(r->answer.body.s, r->answer.body.len, &j, NULL))
        st = fail(e, ST_UNREACHABLE, "server.reply", "200", NULL);
    if (!st) {
        read_who(r, j);
        r->who_age = age;
    }
    json_free(j);
    return st;
}

/* ---- a write, once ------------------------------------------------------------------------------------ */

/* Was it done or not? An answer that did not come, or came from something on the way, does not say. */
static bool leaves_doubt(const struct remote *r, const struct err *e)
{
    return r->answer.sent && (e->status == ST_CANCELLED || strcmp(e->code, "server.lost") == 0 ||
                              strcmp(e->code, "server.reply") == 0);
}

/* What was wrong may be right a moment later. */
static bool is_worth_another(const struct err *e)
{
    if (strcmp(e->code, "key.running") == 0)            /* the one that was lost is still at work */
        return true;
    return e->status == ST_UNREACHABLE && strcmp(e->code, "server.version") != 0 &&
           strcmp(e->code, "server.tls") != 0;
}

static int64_t pause_ms(const struct remote *r, int tries)
{
    int64_t said = r->answer.retry_after_ms;
    if (said > 0)
        return said < WAIT_MOST_MS ? said : WAIT_MOST_MS;
    return 20 + (int64_t)randombytes_uniform((uint32_t)BACKOFF_MS << tries);
}

/* Nobody here can say whether it was done; e holds what went wrong last. */
static enum status unsure(const struct remote *r, struct err *e)
{
    char why[ERR_PARAM_SIZE];
    snprintf(why, sizeof why, "%s", e->nparam > 1 ? e->param[1] : "");
    enum status st = e->status == ST_CANCELLED ? ST_CANCELLED : ST_UNREACHABLE;
    return fail(e, st, "server.unsure", exchange_address(r->x)->name, why, NULL);
}

/* An answer that says what became of it clears up what was in doubt before. */
enum status remote_write(struct remote *r, const struct ask *ask, struct err *e)
{
    bool doubt = false;
    for (int tries = 1;; tries++) {
        struct ask once = *ask;
        err_clear(e);
        enum status st = remote_send(r, &once, e);
        bool open = st && (st == ST_CANCELLED || is_worth_another(e));
        doubt = open && (doubt || leaves_doubt(r, e));
        if (st && open && st != ST_CANCELLED && tries < TRIES) {
            if (exchange_wait(r->x, pause_ms(r, tries - 1), EXCHANGE_SLICE_MS, ask->cancel))
                continue;
            st = fail(e, ST_CANCELLED, "cancelled", NULL);
        }
        return doubt ? unsure(r, e) : st;
    }
}

/* ---- custom fields ------------------------------------------------------------------------------------ */

/* A copy for the reply, in its arena; asked for anew when `fresh`. What may not be read is not there. */
static enum status defs_for(struct remote *r, const struct call *call, bool fresh, struct arena *a,
                            struct attr_def **defs, size_t *n, struct err *e)
{
    unsigned age = atomic_load(&r->pass->defs_age);
    int64_t now = clock_mono();
    if (fresh || !r->has_defs || age != r->defs_age || now - r->defs_at > DEFS_MS) {
        arena_free(&r->defs_mem);
        r->has_defs = false;
        enum status st = defs_load(&r->base, call->cancel, &r->defs_mem, &r->defs, &r->ndefs, e);
        if (st && st != ST_DENIED)
            return st;
        err_clear(e);
        r->ndefs = st ? 0 : r->ndefs;
        r->has_defs = true;
        r->defs_age = age;
        r->defs_at = now;
    }
    *defs = defs_copy(r->defs, r->ndefs, a);
    *n = r->ndefs;
    return ST_OK;
}

static void empty_out(const struct op *op, void *out)
{
    if (op->many == OUT_MANY)
        *(struct page *)out = (struct page){ 0 };
    else if (op->many == OUT_ONE)
        record_empty(op->out, out);
}

/* Loading definitions overwrites the answer: the reply's text is taken first. A reply that does not fit is
 * read again with definitions as they are now. */
enum status remote_read(struct remote *r, const struct call *call, struct buf *text, struct arena *a,
                        void *out, struct err *e)
{
    const struct op *op = call->op;
    bool attrs = defs_needed(op->out) && strstr(text->s, "\"attr");
    enum status st = ST_OK;
    for (int tries = 0; tries < (attrs ? 2 : 1); tries++) {
        struct attr_def *defs = NULL;
        size_t n = 0;
        err_clear(e);
        st = attrs ? defs_for(r, call, tries > 0, a, &defs, &n, e) : ST_OK;
        if (st)
            return st;
        empty_out(op, out);
        st = wire_read_reply(op, text->s, text->len, defs, n, a, out, e);
        if (!st)
            return ST_OK;
    }
    return st == ST_UNREACHABLE ? st : fail(e, ST_UNREACHABLE, "server.reply", "200", NULL);
}

/* ---- a call ------------------------------------------------------------------------------------------- */

/* Visible ASCII that goes into a header as it stands. */
static bool fits_header(const char *s, size_t most)
{
    size_t n = 0;
    for (; s[n]; n++)
        if (s[n] < 0x21 || s[n] > 0x7e || n == most)
            return false;
    return n > 0;
}

static const char *make_key(struct arena *a)
{
    unsigned char raw[16];
    char hex[sizeof raw * 2 + 1];
    randombytes_buf(raw, sizeof raw);
    sodium_bin2hex(hex, sizeof hex, raw, sizeof raw);
    return arena_strdup(a, hex);
}

static int64_t limit_of(const struct remote *r, const struct op *op)
{
    int64_t read_ms = r->config.read_ms ? r->config.read_ms : READ_MS;
    return op->kind != OP_READ ? WRITE_MS : op->unlimited ? LONG_MS : read_ms + SLACK_MS;
}

static const char *match_of(const struct op *op, const char *method, int64_t version, struct arena *a)
{
    if ((strcmp(method, "PATCH") != 0 && strcmp(method, "DELETE") != 0) || !op->in ||
        !record_field(op->in, "version"))
        return NULL;
    return version == NONE ? "If-Match: *" : arena_printf(a, "If-Match: \"%lld\"", (long long)version);
}

/* The headers that a call's request has beside those of every request. */
static void add_headers(const struct call *call, const char *key, const char *match, struct ask *ask,
                        struct arena *a)
{
    int n = 0;
    if (ask->body)
        ask->header[n++] = "Content-Type: " WIRE_JSON;
    if (key)
        ask->header[n++] = arena_printf(a, "Idempotency-Key: %s", key);
    if (match)
        ask->header[n++] = match;
    if (call->request && fits_header(call->request, 64))
        ask->header[n++] = arena_printf(a, "X-Request-Id: %s", call->request);
}

static enum status ask_op(struct remote *r, const struct call *call, const struct buf *path,
                          const struct buf *body, const char *method, int64_t version, struct err *e)
{
    const struct op *op = call->op;
    struct arena a = ARENA_INIT;
    const char *key = op->kind == OP_READ ? NULL : call->key ? call->key : make_key(&a);
    struct ask ask = { .method = method, .path = path->s, .limit_ms = limit_of(r, op), .cancel = call->cancel,
                       .from = -1 };
    if (strcmp(method, "GET") != 0 && strcmp(method, "DELETE") != 0) {
        ask.body = body->len ? body->s : "{}";
        ask.nbody = body->len ? body->len : 2;
    }
    add_headers(call, key, match_of(op, method, version, &a), &ask, &a);
    enum status st = key ? remote_write(r, &ask, e) : remote_send(r, &ask, e);
    arena_free(&a);
    return st;
}

enum status remote_carry(struct remote *r, const struct call *call, struct arena *a, void *out, struct err *e)
{
    struct buf path = BUF_INIT, body = BUF_INIT;
    int64_t version;
    const char *method = wire_write_request(call->op, call->in, call->given, &path, &body, &version);
    enum status st = ask_op(r, call, &path, &body, method, version, e);
    explicit_bzero(body.s, body.len);
    buf_release(&path);
    buf_release(&body);
    if (!st && r->answer.status == 202)
        return jobs_follow(r, call, a, out, e);
    struct buf text = r->answer.body;
    r->answer.body = (struct buf)BUF_INIT;
    if (!st)
        st = remote_read(r, call, &text, a, out, e);
    explicit_bzero(text.s, text.len);
    buf_release(&text);
    return st;
}

static enum status remote_call(struct backend *b, const struct call *call, struct arena *a, void *out,
                               struct err *e)
{
    struct remote *r = remote_of(b);
    struct err own;
    e = e ? e : &own;
    err_clear(e);
    if (call->op->kind != OP_READ && call->key && !fits_header(call->key, 128))
        return fail(e, ST_INVALID, "key.shape", NULL);
    if (r->who_age != atomic_load(&r->pass->who_age) && ask_who(r, e))
        err_clear(e);                       /* what is asked for now says what is wrong */
    return call->op->kind == OP_JOB ? jobs_run(r, call, a, out, e) : remote_carry(r, call, a, out, e);
}

/* ---- what others change ------------------------------------------------------------------------------- */

static int remote_watch(struct backend *b)
{
    struct remote *r = remote_of(b);
    struct err e;
    if (!r->hear && hear_start(&r->config, r->pass, &r->hear, &e) != ST_OK)
        return -1;
    return hear_fd(r->hear);
}

static bool remote_changed(struct backend *b, int *again_ms)
{
    struct remote *r = remote_of(b);
    *again_ms = 0;
    return r->hear && hear_take(r->hear);
}

static const struct whoami *remote_who(struct backend *b)
{
    return &remote_of(b)->who;
}

static void remote_close(struct backend *b)
{
    struct remote *r = remote_of(b);
    hear_stop(r->hear);
    exchange_close(r->x);
    buf_release(&r->answer.body);
    arena_free(&r->mem);
    arena_free(&r->defs_mem);
    free(r);
}

/* ---- opening ------------------------------------------------------------------------------------------ */

/* A session that ended since another backend began it is begun anew: this is a login like the first. */
static enum status enter(struct remote *r, struct err *e)
{
    bool made = false;
    enum status st = pass_enter(r->pass, r->x, &r->config, &made, e);
    if (!st)
        st = ask_who(r, e);
    if (st && !made && r->answer.status == 401 && r->config.as && r->config.password) {
        err_clear(e);
        st = pass_enter(r->pass, r->x, &r->config, &made, e);
        if (!st)
            st = ask_who(r, e);
    }
    if (st == ST_DENIED && r->answer.status == 401 && !r->config.as && !*exchange_address(r->x)->socket)
        st = fail(e, ST_DENIED, "server.login", NULL);
    return st;
}

enum status remote_open(const struct backend_config *config, struct backend **out, struct err *e)
{
    struct remote *r = xcalloc(1, sizeof *r);
    r->base = (struct backend){ .call = remote_call, .watch = remote_watch, .changed = remote_changed,
                                .who = remote_who, .close = remote_close };
    r->config = *config;
    r->answer.body = (struct buf)BUF_INIT;
    enum status st = exchange_open(config, &r->x, e);
    if (!st) {
        r->pass = pass_of(config);
        st = enter(r, e);
    }
    if (st) {
        remote_close(&r->base);
        return st;
    }
    *out = &r->base;
    return ST_OK;
}
