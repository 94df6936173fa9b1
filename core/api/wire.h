/* wire.h - how an operation travels over HTTP: the server reads requests and writes replies, the
 * remote backend writes requests and reads replies, both from the operation's row alone.
 *
 *     GET    /v1/leads?where=score%20%3E%2060&limit=50        fields of the input in the query
 *     QUERY  /v1/leads               {"where":"phone = ..."}  the same, for what is long or names a person
 *     POST   /v1/leads/123/claim     {"version":4}            the id in the path, the rest as one JSON object
 *     PATCH  /v1/leads/123           {"name":"..."}           If-Match: "4" stands for the member version
 *     POST   /v1/leads/_/claim       {"leads":[...]}          `_`: the input says which
 *
 * A reply is one JSON object: of a list {"items":[...],"next":...,"prev":...}; an error is a problem document
 * (RFC 9457) of the type urn:gonghai:problem:CODE. Names and forms are those of `gonghai call`. Any thread.
 */
#ifndef CORE_API_WIRE_H
#define CORE_API_WIRE_H

#include "base/buf.h"
#include "core/guard/op.h"

#define WIRE_JSON "application/json"
#define WIRE_PROBLEM "application/problem+json"

enum { WIRE_BODY = 1 << 20 };       /* most bytes of a request's body, uploads apart */

/* ---- requests ---- */

/* The operation of method and path ("/v1/leads/123/claim", no query); *id is what stands for {id},
 * in the arena, or NULL. Literal segments go before {id}. ST_NOT_FOUND "http.path" (path);
 * ST_INVALID "http.method" (the methods that the path has, by comma). */
enum status wire_route(const char *method, const char *path, struct arena *a, const struct op **op,
                       const char **id, struct err *e);

/* One name and value of a query string, decoded. */
struct wire_param { const char *name, *value; };

/* What came with a request, beside its method and path. */
struct wire_request {
    const char *id;                         /* of wire_route() */
    const struct wire_param *param;         /* of a GET or DELETE */
    size_t nparams;
    const char *body;                       /* of the others: JSON, "" is {} */
    size_t nbody;
    const char *if_match;                   /* NULL: none */
    const struct attr_def *defs;            /* the custom fields that may come */
    size_t ndefs;
};

/* The input of op. *in is a new record in the arena (NULL: nothing goes in), *given as in struct
 * call. ST_INVALID "json.*", "field.*", "http.twice" (name), "http.id" (it is no id, or another
 * than the body's), "http.if_match"; ST_CONFLICT "http.no_version" where a PATCH or DELETE says no
 * version. */
enum status wire_read_input(const struct op *op, const struct wire_request *rq, struct arena *a, void **in,
                            bool **given, struct err *e);

/* Appends the path with its query, and the body (nothing for none); the method. given as in struct
 * call. *version: for If-Match, NONE: "*". */
const char *wire_write_request(const struct op *op, const void *in, const bool *given, struct buf *path,
                               struct buf *body, int64_t *version);

/* ---- replies ---- */

/* Appends the reply's JSON. in: what was asked (a list's columns); out: as struct backend's call()
 * fills it. */
void wire_write_reply(const struct op *op, const void *in, const void *out, struct buf *b);
/* Reads it back into out, of a newer server too (record_from_reply()). defs: the custom fields that may stand
 * in it. ST_UNREACHABLE "server.reply" ("200") for what is no reply of this operation. */
enum status wire_read_reply(const struct op *op, const char *body, size_t n, const struct attr_def *defs,
                            size_t ndefs, struct arena *a, void *out, struct err *e);

/* The HTTP status of an error. */
int wire_status(const struct err *e);
/* Seconds for Retry-After; 0: it goes without. */
int wire_retry_after(const struct err *e);
/* Appends the problem document: type, title, status, detail (the sentence), instance, and code,
 * word, field and params, of which the other side makes its own sentence. */
void wire_write_problem(const struct err *e, const char *request, struct buf *b);
/* Reads one; what is none becomes ST_UNREACHABLE "server.reply" (the status). */
void wire_read_problem(int status, const char *body, size_t n, struct err *e);

/* Appends s with what a path or query can't hold as %XX. */
void wire_escape(const char *s, struct buf *b);
/* Decodes %XX (and + in a query) in place; false on half an escape, a NUL, or bad UTF-8. */
bool wire_unescape(char *s, bool query);

#endif
