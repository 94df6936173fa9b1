/* seats.c - who asks: the peer of a unix socket, or a session's token; logging in and out. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/json.h"
#include "core/api/login.h"
#include "core/api/serving.h"
#include "core/store/migrate.h"

/* ---- who it is ---------------------------------------------------------------------------------------- */

static enum status seat_of_peer(struct request *r)
{
    struct ucred peer;
    socklen_t n = sizeof peer;
    if (!r->s->is_unix || getsockopt(r->connection->fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
        return fail(&r->e, ST_DENIED, "session.unknown", NULL);
    r->seat = (struct seat){ .uid = (int64_t)peer.uid };
    return ST_OK;
}

/* That it is in use is written down by the writer, at most once a minute. */
static enum status seat_of_token(struct request *r, struct lane *l, const char *token)
{
    struct bearer b;
    enum status st = bearer_find(l->line.db, token, clock_now(), &r->arena, &b, &r->e);
    if (!st) {
        r->seat = (struct seat){ .uid = NONE, .session = b.session, .key = b.key };
        if (b.touch)
            writer_touch(r->s->writer, &r->seat);
    }
    return st;
}

enum status seats_find(struct request *r, struct lane *l)
{
    static const char scheme[] = "Bearer ";
    const char *said = r->s->mhd->lookup_connection_value(r->at, MHD_HEADER_KIND, "Authorization");
    if (!said)
        return seat_of_peer(r);
    if (strncasecmp(said, scheme, strlen(scheme)) != 0)
        return fail(&r->e, ST_DENIED, "session.unknown", NULL);
    return seat_of_token(r, l, said + strlen(scheme) + strspn(said + strlen(scheme), " "));
}

/* ---- GET /v1/session ---------------------------------------------------------------------------------- */

static void text(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    jw_str(w, value);
}

static void add_names(struct jw *w, const struct caller *who)
{
    jw_key(w, "branch_path");
    jw_array(w);
    for (size_t i = 0; who->who.branch_path[i]; i++)
        jw_str(w, who->who.branch_path[i]);
    jw_end_array(w);
    jw_key(w, "roles");
    jw_array(w);
    for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++)
        if (who->who.roles & 1u << i)
            jw_str(w, account_role_name((enum account_role)i));
    jw_end_array(w);
    jw_key(w, "rights");
    jw_array(w);
    for (int i = 0; i < RIGHT_COUNT; i++)
        if (who->who.rights & UINT64_C(1) << i)
            jw_str(w, right_name((enum right)i));
    jw_end_array(w);
}

/* Names, not bits and numbers: versions differ. */
static void tell_who(struct request *r, struct lane *l)
{
    struct caller *who;
    struct jw w;
    if (lane_caller(l, &r->seat, &who, &r->e) != ST_OK || caller_refresh(who, &l->line, &r->e) != ST_OK) {
        reply_make(r);
        return;
    }
    jw_init(&w, &r->reply);
    jw_object(&w);
    text(&w, "login", who->who.login);
    text(&w, "name", who->who.name);
    jw_key(&w, "employee");
    jw_id(&w, who->who.employee);
    jw_key(&w, "branch");
    jw_id(&w, who->who.branch);
    add_names(&w, who);
    jw_key(&w, "must_change");
    jw_bool(&w, who->who.must_change);
    jw_key(&w, "demo");
    jw_bool(&w, who->who.demo);
    jw_key(&w, "test");
    jw_bool(&w, who->who.test);
    text(&w, "zone", l->line.at.zone);
    jw_key(&w, "schema");
    jw_int(&w, schema_newest());
    jw_end_object(&w);
    r->status = 200;
    r->type = WIRE_JSON;
}

/* ---- POST and DELETE ---------------------------------------------------------------------------------- */

struct entry { const char *login, *password, *code; };

static const char *take_text(struct request *r, const struct json *j, const char *key)
{
    const char *s = json_string(json_get(j, key));
    return s ? arena_strdup(&r->arena, s) : NULL;
}

/* Texts, and nothing beside them. */
static enum status read_entry(struct request *r, struct entry *x)
{
    struct json *j;
    enum status st = json_parse(r->body.s, r->body.len, &j, &r->e);
    if (st)
        return st;
    int n = 0;
    for (const struct json *kid = json_type(j) == JSON_OBJECT ? json_first(j) : NULL; kid;
         kid = json_next(kid))
        n++;
    *x = (struct entry){ take_text(r, j, "login"), take_text(r, j, "password"), take_text(r, j, "code") };
    if (!x->login || !x->password || n != 2 + (x->code != NULL))
        st = fail(&r->e, ST_INVALID, "json.object", "login, password, code", NULL);
    json_free(j);
    return st;
}

static void log_in(struct request *r, struct lane *l)
{
    struct entry x;
    const char *agent = r->s->mhd->lookup_connection_value(r->at, MHD_HEADER_KIND, "User-Agent");
    struct session_new new = { .from = r->from, .agent = agent, .rules = r->s->config.sessions };
    struct actor who;
    char token[SESSION_TOKEN];
    struct jw w;
    enum status st = read_entry(r, &x);
    if (!st) {
        st = login_session(&l->line, x.login, x.password, x.code, &new, &r->arena, &who, token, &r->e);
        explicit_bzero((void *)(uintptr_t)x.password, strlen(x.password));
        explicit_bzero(r->body.s, r->body.len);
    }
    if (st)
        return;
    jw_init(&w, &r->reply);
    jw_object(&w);
    text(&w, "token", token);
    text(&w, "login", who.login);
    jw_end_object(&w);
    explicit_bzero(token, sizeof token);
    r->status = 201;
    r->type = WIRE_JSON;
}

/* An operation as any other: it is audited, and heard of. */
static void log_out(struct request *r, struct lane *l)
{
    struct caller *who;
    struct call call = { .op = op_find("session.end"), .request = r->name };
    if (!r->seat.session) {
        fail(&r->e, ST_DENIED, "session.unknown", NULL);
        return;
    }
    call.in = record_new(call.op->in, &r->arena);
    if (lane_caller(l, &r->seat, &who, &r->e) == ST_OK &&
        run_call(&l->line, who, &call, &r->arena, record_new(call.op->out, &r->arena), &r->e) == ST_OK) {
        r->status = 200;
        r->type = WIRE_JSON;
        buf_adds(&r->reply, "{}");
    }
}

/* On a worker: a login takes a tenth of a second, and writes. */
void seats_session(struct request *r, struct lane *l)
{
    if (strcmp(r->method, "GET") == 0)
        tell_who(r, l);
    else if (strcmp(r->method, "POST") == 0)
        log_in(r, l);
    else
        log_out(r, l);
    if (r->e.status)
        reply_make(r);
}
