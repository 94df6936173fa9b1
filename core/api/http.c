/* http.c - requests: what came is checked, the operation is found and carried out. */
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/api/serving.h"
#include "core/noun/crud.h"

static const char *header_of(const struct request *r, const char *name)
{
    return r->s->mhd->lookup_connection_value(r->at, MHD_HEADER_KIND, name);
}

/* ---- what a request may look like --------------------------------------------------------------------- */

struct heads { int length, coding, host; };

static enum MHD_Result count_head(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct heads *h = arg;
    (void)kind;
    (void)value;
    h->length += strcasecmp(name, "Content-Length") == 0;
    h->coding += strcasecmp(name, "Transfer-Encoding") == 0;
    h->host += strcasecmp(name, "Host") == 0;
    return MHD_YES;
}

/* Where two readers could see two different requests, nothing is read. */
static enum status check_heads(struct request *r)
{
    struct heads h = { 0 };
    r->s->mhd->get_connection_values(r->at, MHD_HEADER_KIND, count_head, &h);
    if (h.length > 1 || h.host > 1 || h.coding)
        r->too_big = true;              /* and closes */
    if (h.coding)
        return fail(&r->e, ST_INVALID, "http.length", NULL);
    return h.length > 1 || h.host > 1 ? fail(&r->e, ST_INVALID, "http.twice", "Content-Length", NULL) : ST_OK;
}

static enum status check_size(struct request *r)
{
    const char *length = header_of(r, "Content-Length");
    if (!length || strtoull(length, NULL, 10) <= WIRE_BODY)
        return ST_OK;
    r->too_big = true;
    return fail(&r->e, ST_INVALID, "http.size", "1 MiB", NULL);
}

/* A body is JSON, and says so. */
static enum status check_type(struct request *r)
{
    const char *type = header_of(r, "Content-Type");
    size_t n = strlen(WIRE_JSON);
    if (r->body.len == 0 || (type && strncasecmp(type, WIRE_JSON, n) == 0 && strchr("; ", type[n])))
        return ST_OK;
    return fail(&r->e, ST_INVALID, "http.type", type ? type : "", NULL);
}

/* [A-Za-z0-9._-]{1,63}, else one is made. */
static void name_request(struct request *r)
{
    const char *given = header_of(r, "X-Request-Id");
    size_t n = given ? strlen(given) : 0;
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (n > 0 && n < sizeof r->name && strspn(given, plain) == n)
        memcpy(r->name, given, n + 1);
    else
        snprintf(r->name, sizeof r->name, "h-%" PRIx64, (uint64_t)atomic_load(&r->s->requests));
}

/* ---- path and query ----------------------------------------------------------------------------------- */

static enum MHD_Result take_param(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct request *r = arg;
    char *n = arena_strdup(&r->arena, name), *v = arena_strdup(&r->arena, value ? value : "");
    (void)kind;
    if (r->wire.nparams == PARAMS_MOST || !wire_unescape(n, true) || !wire_unescape(v, true)) {
        fail(&r->e, ST_INVALID, "http.query", name, NULL);
        return MHD_NO;
    }
    r->param[r->wire.nparams++] = (struct wire_param){ n, v };
    return MHD_YES;
}

/* Where a client takes its files and asks for its jobs. */
static bool is_of_jobs(const char *path)
{
    return strncmp(path, "/v1/uploads/", 12) == 0 || strncmp(path, "/v1/jobs/", 9) == 0 ||
           strncmp(path, "/v1/files/", 10) == 0;
}

static enum status find_operation(struct request *r)
{
    char *path = arena_strdup(&r->arena, r->url);
    if (!wire_unescape(path, false))
        return fail(&r->e, ST_NOT_FOUND, "http.path", r->url, NULL);
    if (is_of_jobs(path))
        return fail(&r->e, ST_FAILED, "server.job", NULL);
    enum status st = wire_route(r->method, path, &r->arena, &r->op, &r->wire.id, &r->e);
    if (st)
        return st;
    r->s->mhd->get_connection_values(r->at, MHD_GET_ARGUMENT_KIND, take_param, r);
    r->wire.param = r->param;
    return r->e.status;
}

/* ---- what goes in ------------------------------------------------------------------------------------- */

static bool has_attrs(const struct record *in)
{
    for (size_t i = 0; in && i < in->nfields; i++)
        if (in->fields[i].type == F_ATTRS)
            return true;
    return false;
}

static enum status read_input(struct request *r, struct lane *l)
{
    enum status st = ST_OK;
    if (has_attrs(r->op->in)) {
        const char *noun = arena_strndup(&r->arena, r->op->name, strcspn(r->op->name, "."));
        st = attr_defs(l->line.db, noun_find(noun), &r->arena, &r->wire.defs, &r->wire.ndefs, &r->e);
    }
    r->wire.body = r->body.s;
    r->wire.nbody = r->body.len;
    r->wire.if_match = header_of(r, "If-Match");
    return st ? st : wire_read_input(r->op, &r->wire, &r->arena, &r->in, &r->given, &r->e);
}

static enum status check_key(struct request *r)
{
    const char *key = header_of(r, "Idempotency-Key");
    size_t n = key ? strlen(key) : 0;
    if (r->op->kind == OP_READ)
        return ST_OK;
    if (n == 0 || n > 128)
        return fail(&r->e, ST_INVALID, "key.missing", NULL);
    for (size_t i = 0; i < n; i++)
        if (key[i] <= ' ' || key[i] > '~')
            return fail(&r->e, ST_INVALID, "key.missing", NULL);
    r->write.call.key = arena_strdup(&r->arena, key);
    return ST_OK;
}

/* ---- carrying it out ---------------------------------------------------------------------------------- */

/* On the writer's thread. */
static void written(struct write *w)
{
    struct request *r = (struct request *)(void *)((char *)w - offsetof(struct request, write));
    r->e = w->e;
    reply_make(r);
    r->s->mhd->resume_connection(r->at);
}

/* Steps that pause between their transactions, and what takes long before it writes, would hold all
 * others up. */
static bool shares_commit(const struct request *r)
{
    const struct op *op = r->op;
    return op->kind == OP_WRITE && !op->prepare && !(op->each && op->each->count(r->in));
}

/* From here on the request is another thread's, until it is resumed. */
static void suspend(struct request *r)
{
    r->suspended = true;
    atomic_fetch_add(&r->s->suspended, 1);
    r->s->mhd->suspend_connection(r->at);
}

static void resume(struct request *r)
{
    r->s->mhd->resume_connection(r->at);
}

static void to_writer(struct request *r)
{
    r->write.seat = r->seat;
    r->write.arena = &r->arena;
    r->write.out = r->out;
    r->write.done = written;
    suspend(r);
    if (writer_put(r->s->writer, &r->write, &r->e) == ST_OK)
        return;
    reply_make(r);
    resume(r);
}

static void to_worker(struct request *r, void (*run)(struct errand *x, struct lane *l, const struct err *e))
{
    r->errand.run = run;
    suspend(r);
    if (workers_put(r->s->workers, &r->errand, &r->e) == ST_OK)
        return;
    reply_make(r);
    resume(r);
}

static void call_on(struct request *r, struct lane *l)
{
    struct caller *who;
    if (lane_caller(l, &r->seat, &who, &r->e) == ST_OK)
        run_call(&l->line, who, &r->write.call, &r->arena, r->out, &r->e);
    reply_make(r);
}

/* What a worker does with its request, if there is a way to the database. */
static void errand_run(struct errand *x, struct lane *l, const struct err *e,
                       void (*work)(struct request *r, struct lane *l))
{
    struct request *r = (struct request *)(void *)((char *)x - offsetof(struct request, errand));
    if (l) {
        work(r, l);
    } else {
        r->e = *e;
        reply_make(r);
    }
    resume(r);
}

static void call_errand(struct errand *x, struct lane *l, const struct err *e)
{
    errand_run(x, l, e, call_on);
}

static void session_errand(struct errand *x, struct lane *l, const struct err *e)
{
    errand_run(x, l, e, seats_session);
}

/* False: it is answered later. */
static bool carry_out(struct request *r, struct lane *l)
{
    struct call *call = &r->write.call;
    size_t size = r->op->many == OUT_MANY ? sizeof(struct page) : r->op->out ? r->op->out->size : 1;
    r->out = arena_alloc(&r->arena, size);
    *call = (struct call){
        .op = r->op, .in = r->in, .given = r->given, .key = call->key, .request = r->name
    };
    if (r->op->kind == OP_READ) {
        call_on(r, l);
        return true;
    }
    if (shares_commit(r))
        to_writer(r);
    else
        to_worker(r, call_errand);
    return false;
}

/* Files are named by paths, and a path means nothing on another machine: they need a way of their own. */
static enum status check_kind(struct request *r)
{
    return r->op->kind == OP_JOB ? fail(&r->e, ST_FAILED, "server.job", NULL) : ST_OK;
}

static void answer_health(struct request *r)
{
    struct lane *l;
    bool ready = strcmp(r->url, "/readyz") == 0;
    if (ready && (server_lane(r->s, &l, &r->e) != ST_OK || line_check(&l->line, &r->e) != ST_OK)) {
        reply_make(r);
        return;
    }
    r->status = 200;
    r->type = "text/plain";
    buf_adds(&r->reply, "ok\n");
}

static void answer_metrics(struct request *r)
{
    int64_t writes, commits, waiting;
    writer_counts(r->s->writer, &writes, &commits, &waiting);
    r->status = 200;
    r->type = "text/plain; version=0.0.4";
    buf_addf(&r->reply,
             "# TYPE gonghai_requests_total counter\ngonghai_requests_total %lld\n"
             "# TYPE gonghai_failures_total counter\ngonghai_failures_total %lld\n"
             "# TYPE gonghai_requests_active gauge\ngonghai_requests_active %d\n"
             "# TYPE gonghai_listeners gauge\ngonghai_listeners %d\n"
             "# TYPE gonghai_writes_total counter\ngonghai_writes_total %" PRId64 "\n"
             "# TYPE gonghai_commits_total counter\ngonghai_commits_total %" PRId64 "\n"
             "# TYPE gonghai_writes_waiting gauge\ngonghai_writes_waiting %" PRId64 "\n",
             atomic_load(&r->s->requests), atomic_load(&r->s->failures), atomic_load(&r->s->active),
             feed_listeners(r->s->feed), writes, commits, waiting);
}

static bool is_own(struct request *r, const char *path)
{
    return strcmp(r->url, path) == 0 && (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0);
}

static enum status check_version(struct request *r)
{
    const char *said = header_of(r, "Gonghai-Version");
    if (said && strcmp(said, "1") != 0)
        return fail(&r->e, ST_INVALID, "server.version", "1", said, NULL);
    return atomic_load(&r->s->stopping) ? fail(&r->e, ST_FAILED, "server.stopping", NULL) : ST_OK;
}

static bool is_session(const struct request *r)
{
    return strcmp(r->url, "/v1/session") == 0;
}

/* Who logs in has no seat yet. */
static enum status check_session(struct request *r, struct lane *l)
{
    if (strcmp(r->method, "POST") == 0)
        return check_type(r);
    if (strcmp(r->method, "GET") == 0 || strcmp(r->method, "DELETE") == 0)
        return seats_find(r, l);
    return fail(&r->e, ST_INVALID, "http.method", "GET, POST, DELETE", NULL);
}

static enum status check_operation(struct request *r, struct lane *l)
{
    enum status st = find_operation(r);
    if (!st)
        st = check_type(r);
    if (!st)
        st = check_kind(r);
    if (!st)
        st = read_input(r, l);
    return st ? st : check_key(r);
}

static void listen_to_changes(struct request *r)
{
    r->stream = feed_listen(r->s->feed, r->at, r->connection->fd, &r->seat, header_of(r, "Last-Event-ID"));
    if (!r->stream) {
        fail(&r->e, ST_FAILED, "server.busy", NULL);
        reply_make(r);
    }
}

/* False: it is answered later, and perhaps was already. */
static bool process(struct request *r)
{
    struct lane *l;
    bool metrics = is_own(r, "/metrics"), changes = is_own(r, "/v1/changes");
    if (is_own(r, "/healthz") || is_own(r, "/readyz")) {
        answer_health(r);
        return true;
    }
    enum status st = check_version(r);
    if (!st)
        st = server_lane(r->s, &l, &r->e);
    if (!st)
        st = is_session(r) ? check_session(r, l) : seats_find(r, l);
    if (!st && !is_session(r) && !metrics && !changes)
        st = check_operation(r, l);
    if (st)
        reply_make(r);
    else if (metrics)
        answer_metrics(r);
    else if (changes)
        listen_to_changes(r);
    else if (!is_session(r))
        return carry_out(r, l);
    else
        to_worker(r, session_errand);
    return st || metrics || changes;
}

/* ---- one request, as libmicrohttpd tells of it -------------------------------------------------------- */

/* Where it comes from, for the audit and the list of sessions. */
static void note_address(struct request *r)
{
    const union MHD_ConnectionInfo *info;
    info = r->s->mhd->get_connection_info(r->at, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *a = info ? info->client_addr : NULL;
    if (r->s->is_unix || !a ||
        getnameinfo(
            a, a->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in),
            r->from, sizeof r->from, NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(r->from, sizeof r->from, "%s", r->s->is_unix ? "unix" : "?");
}

static struct request *begin(struct server *s, struct MHD_Connection *at, const char *url, const char *method)
{
    const union MHD_ConnectionInfo *info =
        s->mhd->get_connection_info(at, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct request *r = xcalloc(1, sizeof *r);
    *r = (struct request){ .s = s, .at = at, .connection = info->socket_context, .arena = ARENA_INIT,
                           .body = BUF_INIT, .reply = BUF_INIT };
    r->url = arena_strdup(&r->arena, url);
    r->method = arena_strdup(&r->arena, method);
    atomic_fetch_add(&s->requests, 1);
    atomic_fetch_add(&s->active, 1);
    name_request(r);
    note_address(r);
    return r;
}

static void take_body(struct request *r, const char *body, size_t n)
{
    if (r->body.len + n <= WIRE_BODY)
        buf_add(&r->body, body, n);
    else if (!r->e.status)
        check_size(r);
}

enum MHD_Result http_handle(void *server, struct MHD_Connection *at, const char *url, const char *method,
                            const char *version, const char *body, size_t *size, void **request)
{
    struct request *r = *request;
    (void)version;
    if (!r) {
        *request = r = begin(server, at, url, method);
        if (check_heads(r) == ST_OK && check_size(r) == ST_OK)
            return MHD_YES;
        reply_make(r);
        return reply_send(r);
    }
    if (*size) {
        take_body(r, body, *size);
        *size = 0;
        return MHD_YES;
    }
    if (r->suspended) {                     /* and resumed */
        atomic_fetch_sub(&r->s->suspended, 1);
        return reply_send(r);
    }
    __atomic_store_n(&r->connection->until, 0, __ATOMIC_RELAXED);
    return process(r) ? reply_send(r) : MHD_YES;
}

void http_completed(void *server, struct MHD_Connection *at, void **request,
                    enum MHD_RequestTerminationCode why)
{
    struct server *s = server;
    struct request *r = *request;
    (void)at;
    (void)why;
    if (!r)
        return;
    __atomic_store_n(&r->connection->until, clock_mono_us() + IDLE_S * INT64_C(1000000), __ATOMIC_RELAXED);
    if (r->e.status)
        atomic_fetch_add(&s->failures, 1);
    arena_free(&r->arena);
    buf_release(&r->body);
    buf_release(&r->reply);
    free(r);
    *request = NULL;
    pthread_mutex_lock(&s->lock);
    atomic_fetch_sub(&s->active, 1);
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
}
