/* reply.c - what a request is answered with: status, headers, and the document. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/api/serving.h"
#include "core/noun/query.h"

enum { ETAG_BYTES = 16, ETAG_TEXT = 48 };

static const char *header_of(const struct request *r, const char *name)
{
    return r->s->mhd->lookup_connection_value(r->at, MHD_HEADER_KIND, name);
}

static void add(struct request *r, struct MHD_Response *to, const char *name, const char *value)
{
    r->s->mhd->add_response_header(to, name, value);
}

/* ---- ETag --------------------------------------------------------------------------------------------- */

static bool is_read(const struct request *r)
{
    return r->op && strcmp(r->op->method, "GET") == 0;
}

/* A row's version; of anything else that is read, what stands in it. "": none. */
static void make_etag(const struct request *r, char out[ETAG_TEXT])
{
    unsigned char hash[ETAG_BYTES];
    char text[ETAG_BYTES * 2 + 1];
    const struct field *version =
        r->op && r->op->many == OUT_ONE ? record_field(r->op->out, "version") : NULL;
    int64_t number = version ? *field_int(version, r->out) : NONE;
    *out = '\0';
    if (number != NONE) {
        snprintf(out, ETAG_TEXT, "\"%lld\"", (long long)number);
    } else if (is_read(r)) {
        crypto_generichash(hash, sizeof hash, (const unsigned char *)r->reply.s, r->reply.len, NULL, 0);
        snprintf(out, ETAG_TEXT, "\"%s\"", sodium_bin2hex(text, sizeof text, hash, sizeof hash));
    }
}

/* Is it one of those that the client has? */
static bool has_it(const struct request *r, const char *etag)
{
    const char *list = header_of(r, "If-None-Match");
    return *etag && is_read(r) && list && (strcmp(list, "*") == 0 || strstr(list, etag));
}

/* ---- Link, Location ----------------------------------------------------------------------------------- */

/* The same question with another cursor. */
static void add_link(struct request *r, const char *cursor, bool back, struct buf *b)
{
    buf_adds(b, b->len ? ", <" : "<");
    buf_adds(b, r->url);
    buf_adds(b, "?cursor=");
    wire_escape(cursor, b);
    if (back)
        buf_adds(b, "&back=true");
    for (size_t i = 0; i < r->wire.nparams; i++) {
        const struct wire_param *p = &r->wire.param[i];
        if (strcmp(p->name, "cursor") == 0 || strcmp(p->name, "back") == 0)
            continue;
        buf_addc(b, '&');
        wire_escape(p->name, b);
        buf_addc(b, '=');
        wire_escape(p->value, b);
    }
    buf_addf(b, ">; rel=\"%s\"", back ? "prev" : "next");
}

static void add_links(struct request *r, struct MHD_Response *to)
{
    const struct page *page = r->out;
    struct buf b = BUF_INIT;
    if (!r->op || r->op->many != OUT_MANY || strcmp(r->method, "GET") != 0)
        return;
    if (page->next)
        add_link(r, page->next, false, &b);
    if (page->prev)
        add_link(r, page->prev, true, &b);
    if (b.len)
        add(r, to, "Link", b.s);
    buf_release(&b);
}

static bool is_create(const struct op *op)
{
    const char *verb = op ? strchr(op->name, '.') : NULL;
    return verb && strcmp(verb, ".create") == 0;
}

static void add_location(struct request *r, struct MHD_Response *to)
{
    const struct field *id = is_create(r->op) ? record_field(r->op->out, "id") : NULL;
    if (id)
        add(r, to, "Location",
            arena_printf(&r->arena, "%s/%lld", r->op->path, (long long)*field_int(id, r->out)));
}

/* ---- the reply ---------------------------------------------------------------------------------------- */

void reply_make(struct request *r)
{
    buf_clear(&r->reply);
    if (r->e.status) {
        r->status = wire_status(&r->e);
        r->type = WIRE_PROBLEM;
        wire_write_problem(&r->e, r->name, &r->reply);
    } else if (r->op) {
        r->status = is_create(r->op) ? 201 : 200;
        r->type = WIRE_JSON;
        wire_write_reply(r->op, r->in, r->out, &r->reply);
    }
}

static void add_headers(struct request *r, struct MHD_Response *to, const char *etag)
{
    char wait[16];
    add(r, to, "X-Request-Id", r->name);
    add(r, to, "X-Content-Type-Options", "nosniff");
    add(r, to, "Gonghai-Version", "1");
    add(r, to, "Cache-Control", r->status == 200 && *etag && is_read(r) ? "private, no-cache" : "no-store");
    if (r->type && r->status != 304)
        add(r, to, "Content-Type", r->type);
    if (*etag)
        add(r, to, "ETag", etag);
    if (r->status == 401)
        add(r, to, "WWW-Authenticate", "Bearer");
    if (r->status == 405 && r->e.nparam)
        add(r, to, "Allow", r->e.param[0]);
    if (r->e.status && wire_retry_after(&r->e)) {
        snprintf(wait, sizeof wait, "%d", wire_retry_after(&r->e));
        add(r, to, "Retry-After", wait);
    }
    if (atomic_load(&r->s->stopping) || r->too_big)
        add(r, to, "Connection", "close");
}

enum MHD_Result reply_send(struct request *r)
{
    const struct mhd *m = r->s->mhd;
    char etag[ETAG_TEXT] = "";
    if (!r->e.status && r->op)
        make_etag(r, etag);
    if (has_it(r, etag)) {
        r->status = 304;
        buf_clear(&r->reply);
    }
    size_t n = r->reply.len;
    struct MHD_Response *to = m->create_response_from_buffer(
        n, n ? buf_detach(&r->reply) : NULL, n ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!to)
        return MHD_NO;
    add_headers(r, to, etag);
    if (!r->e.status && r->op && r->status != 304) {
        add_links(r, to);
        add_location(r, to);
    }
    enum MHD_Result sent = m->queue_response(r->at, (unsigned)r->status, to);
    m->destroy_response(to);
    return sent;
}
