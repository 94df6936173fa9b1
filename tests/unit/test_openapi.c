/* The document of the operations over HTTP: every operation stands in it, and what it gives as an example the
 * server would take. tests/system/openapi.sh asks whether the document is a valid one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "core/api/backend.h"
#include "core/api/openapi.h"
#include "core/api/wire.h"

static struct json *document(void)
{
    struct buf b = BUF_INIT;
    struct err e;
    struct json *j;
    openapi_write(&b);
    if (json_parse(b.s, b.len, &j, &e))                 /* refuses a key that comes twice */
        fail_msg("%s %s", e.code, e.param[0]);
    buf_release(&b);
    return j;
}

/* The member whose name is the method's, in small letters. */
static const struct json *method_of(const struct json *path, const char *method)
{
    for (const struct json *m = path ? json_first(path) : NULL; m; m = json_next(m))
        if (strcasecmp(json_key(m), method) == 0)
            return m;
    return NULL;
}

static void every_operation_is_described(void **state)
{
    struct json *doc = document();
    size_t n = 0, described = 0;
    (void)state;
    for (const struct op *const *op = ops_all(); *op; op++, n++) {
        const struct json *m = method_of(json_get(json_get(doc, "paths"), (*op)->path), (*op)->method);
        if (!m)
            fail_msg("%s is not in it", (*op)->name);
        assert_string_equal(json_string(json_get(m, "operationId")), (*op)->name);
        assert_non_null(json_string(json_get(m, "summary")));
    }
    for (const struct json *p = json_first(json_get(doc, "paths")); p; p = json_next(p))
        for (const struct json *m = json_first(p); m; m = json_next(m))
            described++;
    assert_int_equal(described, n);
    json_free(doc);
}

/* As the frame does before it checks: the rows of the codes. */
static void find_refs(const struct record *r, void *rec)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == F_REF && field_ref(&r->fields[i], rec)->code)
            field_ref(&r->fields[i], rec)->id = 1;
}

static void the_server_takes_every_example(void **state)
{
    (void)state;
    for (const struct op *const *op = ops_all(); *op; op++) {
        struct arena a = ARENA_INIT;
        struct buf b = BUF_INIT;
        struct err e = { 0 };
        void *in;
        bool *given;
        openapi_example(*op, &b);
        struct wire_request rq = { .body = b.s, .nbody = b.len, .if_match = "\"4\"",
                                   .id = strstr((*op)->path, "{id}") ? "1882588717183402021" : NULL };
        enum status st = wire_read_input(*op, &rq, &a, &in, &given, &e);
        if (!st && in)
            find_refs((*op)->in, in);
        if (!st && in && !(*op)->own_checks)
            st = record_check((*op)->in, in, true, &e);
        if (st)
            fail_msg("%s: %s: %s %s", (*op)->name, b.s, e.code, e.field);
        buf_release(&b);
        arena_free(&a);
    }
}

/* A reference that is required may come by its code or by its id, and no other way. */
static void what_is_required_is_said(void **state)
{
    struct json *doc = document();
    const struct json *m = json_get(json_get(json_get(doc, "paths"), "/v1/leads/{id}/reveal"), "post"),
                      *body = json_get(json_get(json_get(m, "requestBody"), "content"), WIRE_JSON),
                      *ref = json_first(json_get(json_get(body, "schema"), "allOf")), *must = json_next(ref);
    (void)state;
    assert_string_equal(json_string(json_get(ref, "$ref")), "#/components/schemas/reveal_in.in");
    assert_string_equal(json_string(json_first(json_get(must, "required"))), "reason");
    assert_null(json_next(must));
    json_free(doc);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_is_described),
        cmocka_unit_test(the_server_takes_every_example),
        cmocka_unit_test(what_is_required_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
