/* problem.c - errors as HTTP has them: a status, and a problem document (RFC 9457). */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/sentence.h"
#include "core/api/wire.h"

/* Codes whose HTTP status is another than that of their kind. `minutes`: which parameter says how
 * long to wait;
 * -1: none, `wait` seconds. */
static const struct { const char *code; short status, wait; signed char minutes; } codes[] = {
    { "http.path", 404, 0, -1 },
    { "http.method", 405, 0, -1 },
    { "http.length", 411, 0, -1 },
    { "http.size", 413, 0, -1 },
    { "json.size", 413, 0, -1 },
    { "http.type", 415, 0, -1 },
    { "http.no_version", 428, 0, -1 },
    { "noun.stale", 412, 0, -1 },
    { "key.reused", 422, 0, -1 },
    { "login.password", 401, 0, -1 },
    { "login.wrong", 401, 0, -1 },
    { "login.totp", 401, 0, -1 },
    { "login.totp_wrong", 401, 0, -1 },
    { "session.unknown", 401, 0, -1 },
    { "session.ended", 401, 0, -1 },
    { "session.idle", 401, 0, -1 },
    { "session.expired", 401, 0, -1 },
    { "api_key.unknown", 401, 0, -1 },
    { "api_key.ended", 401, 0, -1 },
    { "account.locked_for", 429, 0, 0 },
    { "cond.masked_rate", 429, 60, -1 },
    { "server.busy", 503, 1, -1 },
    { "server.stopping", 503, 2, -1 },
    { "read.too_slow", 503, 5, -1 },
    { "db.busy", 503, 1, -1 },
    { "db.migrated", 503, 30, -1 },
    { "db.disk_full", 507, 0, -1 },
};
enum { NCODES = sizeof codes / sizeof *codes };

static int code_at(const char *code)
{
    int i = 0;
    while (i < NCODES && strcmp(codes[i].code, code) != 0)
        i++;
    return i;
}

int wire_status(const struct err *e)
{
    static const int of[] = { [ST_OK] = 200, [ST_FAILED] = 500, [ST_INVALID] = 400, [ST_NOT_FOUND] = 404,
                              [ST_CONFLICT] = 409, [ST_DENIED] = 403, [ST_UNREACHABLE] = 503,
                              [ST_CANCELLED] = 503 };
    int i = code_at(e->code);
    return i < NCODES ? codes[i].status : of[e->status];
}

int wire_retry_after(const struct err *e)
{
    int i = code_at(e->code);
    if (i == NCODES)
        return 0;
    int param = codes[i].minutes;
    return param >= 0 && param < e->nparam ? (int)strtol(e->param[param], NULL, 10) * 60 : codes[i].wait;
}

static const char *title(int status)
{
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return "Internal Server Error";
    }
}

static void member(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    jw_str(w, value);
}

void wire_write_problem(const struct err *e, const char *request, struct buf *b)
{
    struct arena a = ARENA_INIT;
    struct jw w;
    int status = wire_status(e);
    jw_init(&w, b);
    jw_object(&w);
    member(&w, "type", arena_printf(&a, "urn:gonghai:problem:%s", e->code));
    member(&w, "title", title(status));
    jw_key(&w, "status");
    jw_int(&w, status);
    member(&w, "detail", sentence(&a, e));
    member(&w, "instance", arena_printf(&a, "urn:gonghai:request:%s", request ? request : ""));
    member(&w, "code", e->code);
    member(&w, "word", status_name(e->status));
    member(&w, "field", *e->field ? e->field : NULL);
    jw_key(&w, "params");
    jw_array(&w);
    for (int i = 0; i < e->nparam; i++)
        jw_str(&w, e->param[i]);
    jw_end_array(&w);
    jw_end_object(&w);
    arena_free(&a);
}

static enum status word_status(const char *word)
{
    for (enum status st = ST_FAILED; word && st <= ST_CANCELLED; st++)
        if (strcmp(status_name(st), word) == 0)
            return st;
    return ST_OK;
}

static void read_params(const struct json *list, const char *param[ERR_PARAMS + 1])
{
    int n = 0;
    for (const struct json *x = list ? json_first(list) : NULL; x && n < ERR_PARAMS; x = json_next(x))
        param[n++] = json_string(x) ? json_string(x) : "";
    param[n] = NULL;
}

void wire_read_problem(int status, const char *body, size_t n, struct err *e)
{
    struct json *j = NULL;
    struct arena a = ARENA_INIT;
    const char *param[ERR_PARAMS + 1];
    enum status st = json_parse(body, n, &j, NULL) ? ST_OK : word_status(json_string(json_get(j, "word")));
    const char *code = json_string(json_get(j, "code")), *field = json_string(json_get(j, "field"));
    read_params(json_get(j, "params"), param);
    if (st && code)
        fail_field(e, st, field ? field : "", code, param[0], param[1], param[2], param[3], param[4], NULL);
    else
        fail(e, ST_UNREACHABLE, "server.reply", arena_printf(&a, "%d", status), NULL);
    arena_free(&a);
    json_free(j);
}
