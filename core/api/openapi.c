#include "core/api/openapi.h"

#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "core/api/backend.h"
#include "core/api/wire.h"
#include "core/model/record_json.h"
#include "version.h"

#define SCHEMAS "#/components/schemas/"

enum { EXAMPLE_MEMBERS = 3 };

static const char id_pattern[] = "^[1-9][0-9]{0,18}$";

/* ---- small pieces -------------------------------------------------------------------------------------- */

static void text(struct jw *w, const char *key, const char *s)
{
    jw_key(w, key);
    jw_str(w, s);
}

static void flag(struct jw *w, const char *key, bool v)
{
    jw_key(w, key);
    jw_bool(w, v);
}

static void begin(struct jw *w, const char *key)
{
    jw_key(w, key);
    jw_object(w);
}

static void begin_list(struct jw *w, const char *key)
{
    jw_key(w, key);
    jw_array(w);
}

/* An object with the one member. */
static void only(struct jw *w, const char *key, const char *s)
{
    jw_object(w);
    text(w, key, s);
    jw_end_object(w);
}

static void only_list(struct jw *w, const char *key, const char *s)
{
    jw_object(w);
    begin_list(w, key);
    jw_str(w, s);
    jw_end_array(w);
    jw_end_object(w);
}

static bool has_id(const struct op *op)
{
    return strstr(op->path, "{id}") != NULL;
}

/* Does the path's {id} stand for it? The id, or a reference to the operation's own noun. */
static bool in_path(const struct op *op, const struct field *f)
{
    size_t noun = strcspn(op->name, ".");
    return has_id(op) && (strcmp(f->name, "id") == 0 ||
                          (f->type == F_REF && strlen(f->ref) == noun && !strncmp(f->ref, op->name, noun)));
}

static bool by_query(const struct op *op)
{
    return strcmp(op->method, "GET") == 0 || strcmp(op->method, "DELETE") == 0;
}

static bool is_new(const struct op *op)
{
    const char *dot = strchr(op->name, '.');
    return dot && strcmp(dot, ".create") == 0;
}

/* ---- examples ------------------------------------------------------------------------------------------ */

static const char *sample_text(const struct field *f)
{
    static const struct { const char *name, *text; } known[] = {
        { "where", "stage = new and score > 60" }, { "condition", "score > 60" }, { "sort", "name" },
        { "columns", "name" }, { "name", "\347\216\213\350\212\263" }, { "phone", "13800138000" },
        { "email", "wang@example.com" }, { "file", "leads.csv" }, { "code", "A1" }, { "type", "text" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(f->name, known[i].name) == 0)
            return known[i].text;
    return f->name;
}

static int64_t inside(const struct field *f, int64_t v)
{
    bool bound = f->min || f->max;
    return bound && v < f->min ? f->min : bound && v > f->max ? f->max : v;
}

static void fill_some(const struct record *r, struct arena *a, void *rec);

static void fill_member(const struct field *f, struct arena *a, void *rec)
{
    static const struct ref some = { INT64_C(1882588717183402021), "A1", "A1" };
    const char *s;
    switch (f->type) {
    case F_ID: *field_int(f, rec) = some.id; break;
    case F_INT: *field_int(f, rec) = inside(f, 3); break;
    case F_MONEY: *field_int(f, rec) = inside(f, 30000000); break;
    case F_TIME: *field_int(f, rec) = INT64_C(1795402800000); break;
    case F_FLAG: *field_int(f, rec) = 1; break;
    case F_NUMBER: *field_number(f, rec) = 0.5; break;
    case F_CHOICE: *field_text(f, rec) = f->choices[0].code; break;
    case F_REF: *field_ref(f, rec) = some; break;
    case F_REFS: *field_refs(f, rec) = (struct refs){ arena_memdup(a, &some, sizeof some), 1 }; break;
    case F_LIST:
        *field_list(f, rec) = (struct list){ arena_alloc(a, f->rec->size), 1 };
        fill_some(f->rec, a, field_list(f, rec)->items);
        break;
    case F_ATTRS: break;
    default:
        s = sample_text(f);
        *field_text(f, rec) = f->max ? arena_strndup(a, s, text_cut(s, (size_t)f->max)) : s;
    }
}

static void fill_some(const struct record *r, struct arena *a, void *rec)
{
    record_empty(r, rec);
    for (size_t i = 0; i < r->nfields; i++)
        fill_member(&r->fields[i], a, rec);
}

/* May a caller give it? */
static bool may_give(const struct op *op, const struct field *f)
{
    static const char *const rare[] = { "version", "cursor", "back", "around", "skip" };
    for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
        if (strcmp(f->name, rare[i]) == 0)
            return false;
    unsigned never = FIELD_READONLY | (strcmp(op->method, "PATCH") == 0 ? FIELD_FIXED : 0);
    return f->type != F_ATTRS && !(f->flags & never) && !in_path(op, f) && strcmp(f->name, "id") != 0;
}

/* Must it be there? A noun's record may be given in part, and its operation fills what is missing. */
static bool must_give(const struct op *op, const struct field *f)
{
    return !op->own_checks && (f->flags & FIELD_REQUIRED) && !in_path(op, f);
}

/* What is required, or else likely, comes before what may be. */
static void choose(const struct op *op, bool *want)
{
    size_t n = 0;
    for (size_t i = 0; i < op->in->nfields; i++) {
        const struct field *f = &op->in->fields[i];
        want[i] = must_give(op, f) || (is_new(op) && may_give(op, f) && (f->flags & FIELD_REQUIRED));
        n += want[i];
    }
    for (size_t i = 0; i < op->in->nfields && n < EXAMPLE_MEMBERS; i++)
        if (!want[i] && may_give(op, &op->in->fields[i])) {
            want[i] = true;
            n++;
        }
}

/* An object as a person writes it: references by their codes alone. */
static void write_input(struct jw *w, const struct record *r, void *rec, const bool *want)
{
    jw_object(w);
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if ((want && !want[i]) || f->type == F_ATTRS)
            continue;
        if (f->type == F_REF) {
            text(w, f->name, field_ref(f, rec)->code);
        } else if (f->type == F_REFS) {
            begin_list(w, f->name);
            jw_str(w, field_refs(f, rec)->items[0].code);
            jw_end_array(w);
        } else if (f->type == F_LIST) {
            begin_list(w, f->name);
            write_input(w, f->rec, field_list(f, rec)->items, NULL);
            jw_end_array(w);
        } else {
            record_member_to_json(w, f, NULL, rec);
        }
    }
    jw_end_object(w);
}

static void write_example(struct jw *w, const struct op *op)
{
    struct arena a = ARENA_INIT;
    if (op->in) {
        void *rec = record_new(op->in, &a);
        bool *want = arena_array(&a, bool, op->in->nfields);
        fill_some(op->in, &a, rec);
        choose(op, want);
        write_input(w, op->in, rec, want);
    } else {
        jw_object(w);
        jw_end_object(w);
    }
    arena_free(&a);
}

void openapi_example(const struct op *op, struct buf *out)
{
    struct jw w;
    jw_init(&w, out);
    write_example(&w, op);
}

/* ---- values -------------------------------------------------------------------------------------------- */

static void write_type(struct jw *w, const char *type)
{
    begin_list(w, "type");
    jw_str(w, type);
    jw_str(w, "null");
    jw_end_array(w);
}

static void write_bounds(struct jw *w, const struct field *f)
{
    bool words = f->type == F_TEXT || f->type == F_SECRET;
    if (words && f->max) {                      /* of bytes: so many characters at most */
        jw_key(w, "maxLength");
        jw_int(w, f->max);
    } else if (!words && (f->min || f->max)) {
        jw_key(w, "minimum");
        jw_int(w, f->min);
        jw_key(w, "maximum");
        jw_int(w, f->max);
    }
}

static void write_choices(struct jw *w, const struct field *f)
{
    begin_list(w, "enum");
    for (const struct choice *c = f->choices; c->code; c++)
        jw_str(w, c->code);
    jw_null(w);
    jw_end_array(w);
}

/* What the value of a member is; of references the code. in: as a request has it. */
static void write_value(struct jw *w, const struct field *f, bool in)
{
    switch (f->type) {
    case F_ID: write_type(w, "string"); text(w, "pattern", id_pattern); break;
    case F_INT: case F_MONEY: write_type(w, "integer"); break;
    case F_TIME: write_type(w, "string"); text(w, "format", "date-time"); break;
    case F_FLAG: write_type(w, "boolean"); break;
    case F_NUMBER: write_type(w, "number"); break;
    case F_CHOICE: write_choices(w, f); break;
    default: write_type(w, "string");
    }
    if (in && (f->type == F_INT || f->type == F_MONEY || f->type == F_TEXT || f->type == F_SECRET))
        write_bounds(w, f);
    text(w, "title", i18n_text(f->label));
    if (f->help)
        text(w, "description", i18n_text(f->help));
    if (in && (f->flags & FIELD_READONLY) && strcmp(f->name, "id") != 0 && strcmp(f->name, "version") != 0)
        flag(w, "readOnly", true);
}

/* One of the members of a reference, or of several: x, x_name, x_id. */
static void write_ref_part(struct jw *w, const struct field *f, const char *suffix)
{
    struct arena a = ARENA_INIT;
    bool several = f->type == F_REFS;
    begin(w, arena_printf(&a, "%s%s", f->name, suffix));
    if (several) {
        write_type(w, "array");
        begin(w, "items");
    }
    write_type(w, "string");
    if (strcmp(suffix, "_id") == 0)
        text(w, "pattern", id_pattern);
    if (several)
        jw_end_object(w);
    text(w, "title", i18n_text(f->label));
    jw_end_object(w);
    arena_free(&a);
}

static void write_schema_ref(struct jw *w, const struct record *r, bool in)
{
    struct arena a = ARENA_INIT;
    only(w, "$ref", arena_printf(&a, SCHEMAS "%s%s", r->name, in ? ".in" : ""));
    arena_free(&a);
}

static void write_property(struct jw *w, const struct field *f, bool in)
{
    static const char *const parts[] = { "", "_name", "_id" };
    if (f->type == F_REF || f->type == F_REFS) {
        for (size_t i = 0; i < 3; i++)
            write_ref_part(w, f, parts[i]);
        return;
    }
    begin(w, f->name);
    if (f->type == F_ATTRS) {
        write_type(w, "object");
    } else if (f->type == F_LIST) {
        write_type(w, "array");
        jw_key(w, "items");
        write_schema_ref(w, f->rec, in);
    } else {
        write_value(w, f, in);
    }
    jw_end_object(w);
}

/* ---- schemas ------------------------------------------------------------------------------------------- */

static void write_record(struct jw *w, const struct record *r, bool in)
{
    struct arena a = ARENA_INIT;
    bool attrs = false;
    begin(w, arena_printf(&a, "%s%s", r->name, in ? ".in" : ""));
    text(w, "type", "object");
    begin(w, "properties");
    for (size_t i = 0; i < r->nfields; i++) {
        attrs |= r->fields[i].type == F_ATTRS;
        if (in || r->fields[i].type != F_ATTRS)
            write_property(w, &r->fields[i], in);
    }
    jw_end_object(w);
    if (attrs) {
        begin(w, "patternProperties");
        begin(w, "^attr\\.");
        begin_list(w, "type");
        for (size_t i = 0; i < 4; i++)
            jw_str(w, ((const char *const[]){ "string", "number", "boolean", "null" })[i]);
        jw_end_array(w);
        jw_end_object(w);
        jw_end_object(w);
    }
    if (in)
        flag(w, "additionalProperties", false);
    jw_end_object(w);
    arena_free(&a);
}

/* The records of one direction, each once, and those of their lists. */
struct seen { const struct record *r[512]; size_t n; };

static void write_once(struct jw *w, struct seen *seen, const struct record *r, bool in)
{
    for (size_t i = 0; i < seen->n; i++)
        if (seen->r[i] == r)
            return;
    if (seen->n == sizeof seen->r / sizeof *seen->r)
        return;
    seen->r[seen->n++] = r;
    write_record(w, r, in);
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == F_LIST)
            write_once(w, seen, r->fields[i].rec, in);
}

static void write_problem_schema(struct jw *w)
{
    static const char *const words[] = { "type", "title", "detail", "instance", "code", "word" };
    begin(w, "problem");
    text(w, "type", "object");
    text(w, "description", "RFC 9457; the code is stable, field names the member at fault");
    begin(w, "properties");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        jw_key(w, words[i]);
        only(w, "type", "string");
    }
    jw_key(w, "status");
    only(w, "type", "integer");
    begin(w, "field");
    write_type(w, "string");
    jw_end_object(w);
    begin(w, "params");
    text(w, "type", "array");
    jw_key(w, "items");
    only(w, "type", "string");
    jw_end_object(w);
    jw_end_object(w);
    begin_list(w, "required");
    jw_str(w, "type");
    jw_str(w, "status");
    jw_str(w, "code");
    jw_end_array(w);
    jw_end_object(w);
}

static void write_schemas(struct jw *w)
{
    struct seen ins = { .n = 0 }, outs = { .n = 0 };
    begin(w, "schemas");
    for (const struct op *const *op = ops_all(); *op; op++) {
        if ((*op)->in)
            write_once(w, &ins, (*op)->in, true);
        if ((*op)->out)
            write_once(w, &outs, (*op)->out, false);
    }
    write_problem_schema(w);
    jw_end_object(w);
}

static void write_components(struct jw *w)
{
    begin(w, "components");
    write_schemas(w);
    begin(w, "responses");
    begin(w, "problem");
    text(w, "description", "What went wrong");
    begin(w, "content");
    begin(w, WIRE_PROBLEM);
    jw_key(w, "schema");
    only(w, "$ref", SCHEMAS "problem");
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
    begin(w, "securitySchemes");
    begin(w, "session");
    text(w, "type", "http");
    text(w, "scheme", "bearer");
    text(w, "description", "The token of a session. Over a Unix socket the peer's uid is the login.");
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
}

/* ---- requests ------------------------------------------------------------------------------------------ */

static void begin_parameter(struct jw *w, const char *name, const char *in, bool required)
{
    jw_object(w);
    text(w, "name", name);
    text(w, "in", in);
    flag(w, "required", required);
}

static void write_header(struct jw *w, const char *name, bool required, const char *pattern,
                         const char *example)
{
    begin_parameter(w, name, "header", required);
    begin(w, "schema");
    text(w, "type", "string");
    text(w, "pattern", pattern);
    jw_end_object(w);
    text(w, "example", example);
    jw_end_object(w);
}

static void write_query_parameter(struct jw *w, const struct op *op, const struct field *f, void *rec)
{
    begin_parameter(w, f->name, "query", must_give(op, f));
    begin(w, "schema");
    write_value(w, f, true);
    jw_end_object(w);
    if (f->type == F_REF) {
        text(w, "example", field_ref(f, rec)->code);
    } else {
        struct field as = *f;
        as.name = "example";
        record_member_to_json(w, &as, NULL, rec);
    }
    jw_end_object(w);
}

static void write_parameters(struct jw *w, const struct op *op)
{
    struct arena a = ARENA_INIT;
    begin_list(w, "parameters");
    if (has_id(op)) {
        begin_parameter(w, "id", "path", true);
        begin(w, "schema");
        text(w, "type", "string");
        text(w, "pattern", "^([1-9][0-9]{0,18}|_)$");
        jw_end_object(w);
        text(w, "example", "1882588717183402021");
        text(w, "description", "_ where the input says which");
        jw_end_object(w);
    }
    void *rec = op->in ? record_new(op->in, &a) : NULL;
    if (rec)
        fill_some(op->in, &a, rec);
    for (size_t i = 0; rec && by_query(op) && i < op->in->nfields; i++) {
        const struct field *f = &op->in->fields[i];
        bool one = f->type != F_ATTRS && f->type != F_LIST && f->type != F_REFS;
        if (one && !(has_id(op) && strcmp(f->name, "id") == 0))
            write_query_parameter(w, op, f, rec);
    }
    if (rec && record_field(op->in, "version"))
        write_header(w, "If-Match", false, "^(\"[0-9]+\"|\\*)$", "\"4\"");
    if (op->kind != OP_READ)
        write_header(w, "Idempotency-Key", true, "^[!-~]{1,128}$", "0198f3a2-7c11");
    jw_end_array(w);
    arena_free(&a);
}

/* The input's schema, and what must be there: of a reference the code or the id. */
static void write_body_schema(struct jw *w, const struct op *op)
{
    struct arena a = ARENA_INIT;
    jw_object(w);
    begin_list(w, "allOf");
    write_schema_ref(w, op->in, true);
    for (size_t i = 0; i < op->in->nfields; i++) {
        const struct field *f = &op->in->fields[i];
        if (!must_give(op, f))
            continue;
        if (f->type == F_REF || f->type == F_REFS) {
            jw_object(w);
            begin_list(w, "anyOf");
            only_list(w, "required", f->name);
            only_list(w, "required", arena_printf(&a, "%s_id", f->name));
            jw_end_array(w);
            jw_end_object(w);
        } else {
            only_list(w, "required", f->name);
        }
    }
    jw_end_array(w);
    jw_end_object(w);
    arena_free(&a);
}

static void write_body(struct jw *w, const struct op *op)
{
    begin(w, "requestBody");
    begin(w, "content");
    begin(w, WIRE_JSON);
    jw_key(w, "schema");
    write_body_schema(w, op);
    jw_key(w, "example");
    write_example(w, op);
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
}

/* ---- replies ------------------------------------------------------------------------------------------- */

static void write_reply_schema(struct jw *w, const struct op *op)
{
    if (op->many == OUT_ONE) {
        write_schema_ref(w, op->out, false);
        return;
    }
    jw_object(w);
    text(w, "type", "object");
    if (op->many == OUT_MANY) {
        begin(w, "properties");
        begin(w, "items");
        text(w, "type", "array");
        jw_key(w, "items");
        write_schema_ref(w, op->out, false);
        jw_end_object(w);
        for (const char *const *s = (const char *const[]){ "next", "prev", NULL }; *s; s++) {
            begin(w, *s);
            write_type(w, "string");
            jw_end_object(w);
        }
        jw_end_object(w);
        begin_list(w, "required");
        jw_str(w, "items");
        jw_end_array(w);
    }
    jw_end_object(w);
}

static void write_reply_example(struct jw *w, const struct op *op)
{
    struct arena a = ARENA_INIT;
    void *rec = op->out ? record_new(op->out, &a) : NULL;
    if (rec)
        fill_some(op->out, &a, rec);
    if (op->many == OUT_ONE) {
        record_to_json(w, op->out, rec);
        arena_free(&a);
        return;
    }
    jw_object(w);
    if (op->many == OUT_MANY) {
        begin_list(w, "items");
        record_to_json(w, op->out, rec);
        jw_end_array(w);
        text(w, "next", NULL);
        text(w, "prev", NULL);
    }
    jw_end_object(w);
    arena_free(&a);
}

/* What takes long is answered at once: the reply is asked for at the job's own address. */
static void write_job_begun(struct jw *w)
{
    begin(w, "202");
    text(w, "description", "A job has begun; its address says how far it is, and its reply in the end");
    begin(w, "headers");
    begin(w, "Location");
    begin(w, "schema");
    text(w, "type", "string");
    text(w, "pattern", "^/v1/jobs/[^/]+$");
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
    begin(w, "content");
    begin(w, WIRE_JSON);
    begin(w, "schema");
    text(w, "type", "object");
    begin(w, "properties");
    jw_key(w, "job");
    only(w, "type", "string");
    jw_end_object(w);
    begin_list(w, "required");
    jw_str(w, "job");
    jw_end_array(w);
    jw_end_object(w);
    jw_key(w, "example");
    only(w, "job", "1882588717183402021");
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
}

static void write_done(struct jw *w, const struct op *op)
{
    begin(w, "200");
    text(w, "description", "Done");
    begin(w, "content");
    begin(w, WIRE_JSON);
    jw_key(w, "schema");
    write_reply_schema(w, op);
    jw_key(w, "example");
    write_reply_example(w, op);
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
}

static void write_responses(struct jw *w, const struct op *op)
{
    if (op->kind == OP_JOB) {
        jw_key(w, "x-reply");
        write_reply_schema(w, op);
    }
    begin(w, "responses");
    if (op->kind == OP_JOB)
        write_job_begun(w);
    else
        write_done(w, op);
    jw_key(w, "default");
    only(w, "$ref", "#/components/responses/problem");
    jw_end_object(w);
}

/* ---- the document -------------------------------------------------------------------------------------- */

static void write_op(struct jw *w, const struct op *op)
{
    struct arena a = ARENA_INIT;
    char *method = arena_strdup(&a, op->method);
    for (char *s = method; *s; s++)
        *s = (char)(*s + ('a' - 'A'));
    begin(w, method);
    text(w, "operationId", op->name);
    text(w, "summary", i18n_text(op->summary));
    begin_list(w, "tags");
    jw_str(w, arena_strndup(&a, op->name, strcspn(op->name, ".")));
    jw_end_array(w);
    write_parameters(w, op);
    if (op->in && !by_query(op))
        write_body(w, op);
    write_responses(w, op);
    jw_end_object(w);
    arena_free(&a);
}

static bool path_before(const struct op *const *op)
{
    for (const struct op *const *p = ops_all(); p < op; p++)
        if (strcmp((*p)->path, (*op)->path) == 0)
            return true;
    return false;
}

static void write_paths(struct jw *w)
{
    begin(w, "paths");
    for (const struct op *const *op = ops_all(); *op; op++) {
        if (path_before(op))
            continue;
        begin(w, (*op)->path);
        for (const struct op *const *p = op; *p; p++)
            if (strcmp((*p)->path, (*op)->path) == 0)
                write_op(w, *p);
        jw_end_object(w);
    }
    jw_end_object(w);
}

void openapi_write(struct buf *out)
{
    struct jw w;
    jw_init(&w, out);
    jw_object(&w);
    text(&w, "openapi", "3.1.0");
    begin(&w, "info");
    text(&w, "title", "Gonghai");
    text(&w, "version", GONGHAI_VERSION);
    text(&w, "description",
         "Every GET takes its parameters as a JSON object too, by the method QUERY: for a condition that is "
         "long or names a person.");
    jw_end_object(&w);
    begin_list(&w, "servers");
    only(&w, "url", "/");
    jw_end_array(&w);
    begin_list(&w, "security");
    jw_object(&w);
    begin_list(&w, "session");
    jw_end_array(&w);
    jw_end_object(&w);
    jw_end_array(&w);
    write_paths(&w);
    write_components(&w);
    jw_end_object(&w);
}
