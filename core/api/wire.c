#include "core/api/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "core/model/record_json.h"
#include "core/noun/query.h"

/* ---- escapes ------------------------------------------------------------------------------------------ */

void wire_escape(const char *s, struct buf *b)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     strchr("-._~", c);
        if (plain) {
            buf_addc(b, *s);
        } else {
            buf_addc(b, '%');
            buf_addc(b, hex[c >> 4]);
            buf_addc(b, hex[c & 15]);
        }
    }
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                          : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool wire_unescape(char *s, bool query)
{
    char *out = s, *begin = s;
    for (; *s; s++) {
        if (*s == '%') {
            int high = hex_digit(s[1]), low = high < 0 ? -1 : hex_digit(s[2]);
            if (low < 0 || high * 16 + low == 0)
                return false;
            *out++ = (char)(high * 16 + low);
            s += 2;
        } else {
            *out++ = query && *s == '+' ? ' ' : *s;
        }
    }
    *out = '\0';
    return text_valid(begin, (size_t)(out - begin));
}

/* ---- the row that a path names ------------------------------------------------------------------------ */

static bool has_id(const struct op *op)
{
    return strstr(op->path, "{id}") != NULL;
}

/* The member that {id} stands for: id, or else the reference to the operation's own noun. */
static const struct field *id_field(const struct op *op)
{
    size_t noun = strcspn(op->name, ".");
    const struct field *f = record_field(op->in, "id");
    for (size_t i = 0; !f && i < op->in->nfields; i++) {
        const struct field *ref = &op->in->fields[i];
        if (ref->type == F_REF && strlen(ref->ref) == noun && strncmp(ref->ref, op->name, noun) == 0)
            f = ref;
    }
    return f;
}

static int64_t *id_member(const struct field *f, void *in)
{
    return f->type == F_REF ? &field_ref(f, in)->id : field_int(f, in);
}

static bool read_id(const char *s, int64_t *id)
{
    char *end;
    errno = 0;
    *id = strtoll(s, &end, 10);
    return *s >= '1' && *s <= '9' && !*end && !errno;
}

static enum status take_id(const struct op *op, const char *text, void *in, bool *given, struct err *e)
{
    int64_t id;
    if (!text || strcmp(text, "_") == 0)
        return ST_OK;
    const struct field *f = id_field(op);
    if (!read_id(text, &id))
        return fail(e, ST_INVALID, "http.id", text, NULL);
    int64_t *member = id_member(f, in);
    if (*member > 0 && *member != id)
        return fail(e, ST_INVALID, "http.id", text, NULL);
    *member = id;
    given[f - op->in->fields] = true;
    return ST_OK;
}

/* ---- which version is meant --------------------------------------------------------------------------- */

/* "4", as ETag has it, or *. */
static bool read_match(const char *s, int64_t *version)
{
    char *end;
    *version = NONE;
    if (strcmp(s, "*") == 0)
        return true;
    if (s[0] != '"' || s[1] < '0' || s[1] > '9')
        return false;
    errno = 0;
    *version = strtoll(s + 1, &end, 10);
    return strcmp(end, "\"") == 0 && !errno;
}

static enum status take_version(const struct op *op, const char *match, void *in, bool *given, struct err *e)
{
    const struct field *f = record_field(op->in, "version");
    bool must = strcmp(op->method, "PATCH") == 0 || strcmp(op->method, "DELETE") == 0;
    int64_t version;
    if (!f)
        return ST_OK;
    int64_t *member = field_int(f, in);
    if (!match)
        return must && *member == NONE ? fail(e, ST_CONFLICT, "http.no_version", NULL) : ST_OK;
    if (!read_match(match, &version) || (*member != NONE && version != NONE && *member != version))
        return fail(e, ST_INVALID, "http.if_match", match, NULL);
    if (version != NONE) {
        *member = version;
        given[f - op->in->fields] = true;
    }
    return ST_OK;
}

/* ---- the input ---------------------------------------------------------------------------------------- */

/* A parameter is a text; what the field wants to be a number or a flag becomes one. */
static void write_param(struct jw *w, const struct field *f, const char *value)
{
    char *end;
    bool whole = f && (f->type == F_INT || f->type == F_MONEY);
    long long number = strtoll(value, &end, 10);
    if (whole && *value && !*end)
        jw_int(w, number);
    else if (f && f->type == F_FLAG && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0))
        jw_bool(w, *value == 't');
    else if (f && f->type == F_NUMBER && *value && (strtod(value, &end), !*end))
        jw_num(w, strtod(value, NULL));
    else
        jw_str(w, value);
}

static enum status params_to_json(const struct op *op, const struct wire_request *rq, struct buf *b,
                                  struct err *e)
{
    struct jw w;
    jw_init(&w, b);
    jw_object(&w);
    for (size_t i = 0; i < rq->nparams; i++) {
        for (size_t k = 0; k < i; k++)
            if (strcmp(rq->param[k].name, rq->param[i].name) == 0)
                return fail(e, ST_INVALID, "http.twice", rq->param[i].name, NULL);
        jw_key(&w, rq->param[i].name);
        write_param(&w, op->in ? record_field(op->in, rq->param[i].name) : NULL, rq->param[i].value);
    }
    jw_end_object(&w);
    return ST_OK;
}

static enum status nothing_in(const struct op *op, const struct json *j, struct err *e)
{
    const struct json *first = json_first(j);
    if (json_type(j) == JSON_OBJECT && !first)
        return ST_OK;
    return first && json_key(first) ? fail(e, ST_INVALID, "json.unknown", json_key(first), NULL)
                                    : fail(e, ST_INVALID, "json.object", op->name, NULL);
}

enum status wire_read_input(const struct op *op, const struct wire_request *rq, struct arena *a, void **in,
                            bool **given, struct err *e)
{
    struct buf made = BUF_INIT;
    struct json *j = NULL;
    *in = NULL;
    *given = NULL;
    enum status st = rq->nbody ? ST_OK : params_to_json(op, rq, &made, e);
    if (!st && rq->nbody && rq->nparams)
        st = fail(e, ST_INVALID, "http.twice", rq->param[0].name, NULL);
    if (!st)
        st = rq->nbody ? json_parse(rq->body, rq->nbody, &j, e) : json_parse(made.s, made.len, &j, e);
    if (!st && !op->in) {
        st = nothing_in(op, j, e);
    } else if (!st) {
        *in = record_new(op->in, a);
        st = record_from_json(j, op->in, rq->defs, rq->ndefs, a, *in, given, e);
        if (!st)
            st = take_id(op, rq->id, *in, *given, e);
        if (!st)
            st = take_version(op, rq->if_match, *in, *given, e);
    }
    json_free(j);
    buf_release(&made);
    return st;
}

/* ---- a request ---------------------------------------------------------------------------------------- */

static bool is_given(const struct field *f, const bool *given, size_t i, void *in)
{
    const struct ref *r = f->type == F_REF ? field_ref(f, in) : NULL;
    return given ? given[i] : r ? r->id || r->code : !field_empty(f, in);
}

/* Up to its {id}, the id, the rest. */
static void write_path(const struct op *op, void *in, struct buf *path)
{
    const char *at = strstr(op->path, "{id}");
    if (!at) {
        buf_adds(path, op->path);
        return;
    }
    int64_t id = in ? *id_member(id_field(op), in) : 0;
    buf_add(path, op->path, (size_t)(at - op->path));
    if (id > 0)
        buf_addi(path, id);
    else
        buf_addc(path, '_');
    buf_adds(path, at + strlen("{id}"));
}

/* What stands in an address is kept in logs on the way. */
static bool is_private(const char *name)
{
    return strcmp(name, "where") == 0 || strcmp(name, "prefix") == 0 || strcmp(name, "code") == 0;
}

static void write_query(const struct op *op, void *in, const bool *want, struct buf *path)
{
    char sign = '?';
    for (size_t i = 0; i < op->in->nfields; i++) {
        const struct field *f = &op->in->fields[i];
        if (!want[i])
            continue;
        buf_addc(path, sign);
        sign = '&';
        buf_adds(path, f->name);
        buf_addc(path, '=');
        if (f->type == F_TEXT || f->type == F_CHOICE)
            wire_escape(*field_text(f, in), path);
        else if (f->type == F_FLAG)
            buf_adds(path, *field_int(f, in) ? "true" : "false");
        else
            buf_addi(path, *field_int(f, in));
    }
}

/* A text, a flag, a whole number. */
static bool fits_query(const struct field *f, void *in)
{
    switch (f->type) {
    case F_TEXT: case F_CHOICE: return *field_text(f, in) && !is_private(f->name);
    case F_ID: case F_INT: case F_MONEY: case F_FLAG: return *field_int(f, in) != NONE;
    default: return false;
    }
}

const char *wire_write_request(const struct op *op, const void *in_, const bool *given, struct buf *path,
                               struct buf *body, int64_t *version)
{
    void *in = (void *)(uintptr_t)in_;
    bool get = strcmp(op->method, "GET") == 0, fits = get || strcmp(op->method, "DELETE") == 0, any = false;
    *version = NONE;
    write_path(op, op->in ? in : NULL, path);
    if (!op->in || !in)
        return op->method;
    bool *want = xcalloc(op->in->nfields, sizeof *want);
    const struct field *id = has_id(op) ? id_field(op) : NULL, *v = record_field(op->in, "version");
    for (size_t i = 0; i < op->in->nfields; i++) {
        const struct field *f = &op->in->fields[i];
        want[i] = is_given(f, given, i, in) && !(f == id && *id_member(id, in) > 0);
        if (f == v && want[i]) {
            *version = *field_int(v, in);
            want[i] = strcmp(op->method, "POST") == 0;
        }
        any = any || want[i];
        fits = fits && (!want[i] || fits_query(f, in));
    }
    if (any && fits) {
        write_query(op, in, want, path);
    } else if (any || !fits) {
        struct jw w;
        jw_init(&w, body);
        record_to_json_some(&w, op->in, in, want);
    }
    free(want);
    return get && body->len ? "QUERY" : op->method;
}

/* ---- a reply ------------------------------------------------------------------------------------------ */

/* Which fields a list was asked for: those of its columns, and those that say which row it is.
 * NULL: all. */
static bool *wanted(const struct op *op, const void *in)
{
    const struct query *q = op->in == &query_record ? in : NULL;
    if (!q || !q->columns)
        return NULL;
    bool *want = xcalloc(op->out->nfields, sizeof *want);
    for (size_t i = 0; i < op->out->nfields; i++) {
        const struct field *f = &op->out->fields[i];
        size_t n = strlen(f->name);
        want[i] = i < 2;
        for (const char *s = q->columns; *s; s += strcspn(s, ","), s += *s == ',') {
            s += strspn(s, " ");
            size_t end = strcspn(s, ", ");
            want[i] = want[i] || (end == n && strncmp(s, f->name, n) == 0) ||
                      (f->type == F_ATTRS && strncmp(s, "attr.", 5) == 0);
        }
    }
    return want;
}

static void write_page(struct jw *w, const struct op *op, const void *in, const struct page *page)
{
    struct arena a = ARENA_INIT;
    bool *want = wanted(op, in);
    struct json_plan *plan = json_plan(&a, op->out, want);
    jw_object(w);
    jw_key(w, "items");
    jw_array(w);
    for (size_t i = 0; i < page->rows.n; i++)
        record_to_json_by(w, plan, (const char *)page->rows.items + i * op->out->size);
    jw_end_array(w);
    jw_key(w, "next");
    jw_str(w, page->next);
    jw_key(w, "prev");
    jw_str(w, page->prev);
    jw_end_object(w);
    free(want);
    arena_free(&a);
}

void wire_write_reply(const struct op *op, const void *in, const void *out, struct buf *b)
{
    struct jw w;
    jw_init(&w, b);
    if (op->many == OUT_MANY) {
        write_page(&w, op, in, out);
    } else if (op->many == OUT_ONE) {
        record_to_json(&w, op->out, out);
    } else {
        jw_object(&w);
        jw_end_object(&w);
    }
}

static enum status read_page(const struct op *op, const struct json *j, const struct attr_def *defs,
                             size_t ndefs, struct arena *a, struct page *page, struct err *e)
{
    const struct json *items = json_get(j, "items");
    enum status st = ST_OK;
    size_t n = 0;
    if (!items || json_type(items) != JSON_ARRAY)
        return ST_INVALID;
    for (const struct json *x = json_first(items); x; x = json_next(x))
        n++;
    *page = (struct page){ .rows.items = n ? arena_calloc(a, n, op->out->size) : NULL };
    for (const struct json *x = json_first(items); x && !st; x = json_next(x))
        st = record_from_reply(x, op->out, defs, ndefs, a,
                               (char *)page->rows.items + page->rows.n++ * op->out->size, e);
    const struct json *next = json_get(j, "next"), *prev = json_get(j, "prev");
    page->next = next ? arena_strdup(a, json_string(next)) : NULL;
    page->prev = prev ? arena_strdup(a, json_string(prev)) : NULL;
    return st;
}

enum status wire_read_reply(const struct op *op, const char *body, size_t n, const struct attr_def *defs,
                            size_t ndefs, struct arena *a, void *out, struct err *e)
{
    struct json *j;
    enum status st = json_parse(body, n, &j, e);
    if (!st && op->many == OUT_MANY)
        st = read_page(op, j, defs, ndefs, a, out, e);
    else if (!st && op->many == OUT_ONE)
        st = record_from_reply(j, op->out, defs, ndefs, a, out, e);
    json_free(j);
    return st ? fail(e, ST_UNREACHABLE, "server.reply", "200", NULL) : ST_OK;
}
