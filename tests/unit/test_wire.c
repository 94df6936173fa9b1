/* How operations travel over HTTP: what one side writes the other reads back equal, for every
 * operation there is; what is off is refused with its own word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/api/backend.h"
#include "core/api/wire.h"
#include "core/noun/query.h"
#include "tests/unit/record_fill.h"

static struct arena a;
static struct err e;

/* Splits a path and its query, as the server does. */
static size_t split(char *path, struct wire_param *out, size_t most)
{
    char *at = strchr(path, '?');
    size_t n = 0;
    if (at)
        *at++ = '\0';
    while (at && n < most) {
        char *next = strchr(at, '&'), *value;
        if (next)
            *next++ = '\0';
        value = strchr(at, '=');
        assert_non_null(value);
        *value++ = '\0';
        assert_true(wire_unescape(value, true));
        out[n++] = (struct wire_param){ at, value };
        at = next;
    }
    return n;
}

/* Sends the input there; what arrives. */
static void *travel(const struct op *op, const void *in, const bool *given, bool **arrived)
{
    struct buf path = BUF_INIT, body = BUF_INIT;
    struct wire_param param[64];
    const struct op *found;
    int64_t version;
    void *back;
    struct wire_request rq = { .param = param, .defs = fill_defs, .ndefs = FILL_DEFS };
    const char *method = wire_write_request(op, in, given, &path, &body, &version);
    rq.nparams = split(path.s, param, 64);
    rq.body = body.s;
    rq.nbody = body.len;
    if (strcmp(method, "PATCH") == 0 || strcmp(method, "DELETE") == 0)
        rq.if_match = version == NONE ? "*" : arena_printf(&a, "\"%lld\"", (long long)version);
    if (wire_route(method, path.s, &a, &found, &rq.id, &e) != ST_OK)
        fail_msg("%s: no route to %s %s", op->name, method, path.s);
    assert_ptr_equal(found, op);
    if (wire_read_input(op, &rq, &a, &back, arrived, &e) != ST_OK)
        fail_msg("%s: %s %s %s: %s %s", op->name, method, path.s, body.s, e.code, e.nparam ? e.param[0] : "");
    buf_release(&path);
    buf_release(&body);
    return back;
}

static void every_input_arrives(void **state)
{
    (void)state;
    for (const struct op *const *op = ops_all(); *op; op++) {
        bool *arrived;
        if (!(*op)->in) {
            assert_null(travel(*op, NULL, NULL, &arrived));
            continue;
        }
        void *in = record_new((*op)->in, &a);
        fill_record((*op)->in, 3, &a, in);
        const char *lost = fill_differs((*op)->in, in, travel(*op, in, NULL, &arrived), false);
        if (lost)
            fail_msg("%s: %s is another", (*op)->name, lost);
        record_empty((*op)->in, in);                /* nothing given: nothing arrives */
        void *none = travel(*op, in, NULL, &arrived);
        assert_null(fill_differs((*op)->in, in, none, false));
    }
}

/* What is given empty empties, what is not given stays. */
static void empty_is_not_missing(void **state)
{
    const struct op *op = op_find("lead.change");
    void *in = record_new(op->in, &a);
    bool *given = arena_array(&a, bool, op->in->nfields), *arrived;
    (void)state;
    size_t id = 0, name = 0;
    while (strcmp(op->in->fields[id].name, "id") != 0)
        id++;
    while (strcmp(op->in->fields[name].name, "name") != 0)
        name++;
    *field_int(&op->in->fields[id], in) = 7;
    given[id] = given[name] = true;
    travel(op, in, given, &arrived);
    for (size_t i = 0; i < op->in->nfields; i++)
        assert_int_equal(arrived[i], i == id || i == name);
}

/* Whole numbers, texts and choices that the table would not take from a caller: a server may have other
 * bounds by now, and masks what it tells. */
static void spoil(const struct record *r, void *rec)
{
    static char longest[5000];
    memset(longest, '*', sizeof longest - 1);
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == F_INT && (f->min || f->max))
            *field_int(f, rec) = i % 2 ? f->min - 1 : f->max + 1;
        else if (f->type == F_TEXT && f->max)
            *field_text(f, rec) = longest;
        else if (f->type == F_TEXT)
            *field_text(f, rec) = i % 2 ? NULL : "186****1240";
        else if (f->type == F_CHOICE)
            *field_text(f, rec) = "of_tomorrow";
        else if (f->type == F_LIST)
            for (size_t k = 0; k < field_list(f, rec)->n; k++)
                spoil(f->rec, (char *)field_list(f, rec)->items + k * f->rec->size);
    }
}

/* The same text with members that nobody knows, in front of every object's own. */
static void add_unknown(const char *text, struct buf *out)
{
    bool quoted = false;
    for (const char *s = text; *s; s++) {
        buf_addc(out, *s);
        if (*s == '\\') {
            buf_addc(out, *++s);
        } else if (*s == '"') {
            quoted = !quoted;
        } else if (*s == '{' && !quoted) {
            buf_adds(out, "\"attr.of_tomorrow\":1,\"of_tomorrow\":{\"a\":[{},null,\"x\"]},");
            buf_adds(out, "\"of_tomorrow_id\":[7],\"of_tomorrow_name\":\"\"");
            if (s[1] != '}')
                buf_addc(out, ',');
        }
    }
}

/* Two rows, or one record, through an answer that a newer server writes. */
static void newer_reply(const struct op *op, int64_t seed)
{
    struct buf b = BUF_INIT, newer = BUF_INIT;
    bool many = op->many == OUT_MANY;
    char *out = arena_calloc(&a, 2, op->out->size), *back = record_new(op->out, &a);
    struct page page = { .rows = { out, 2 }, .prev = "p" }, read = { 0 };
    for (size_t i = 0; i < 2; i++) {
        fill_record(op->out, seed + (int64_t)i, &a, out + i * op->out->size);
        spoil(op->out, out + i * op->out->size);
    }
    wire_write_reply(op, NULL, many ? (void *)&page : out, &b);
    add_unknown(b.s, &newer);
    if (wire_read_reply(op, newer.s, newer.len, fill_defs, FILL_DEFS, &a, many ? (void *)&read : back, &e))
        fail_msg("%s: %s in %s", op->name, e.code, newer.s);
    assert_int_equal(read.rows.n, many ? 2 : 0);
    for (size_t i = 0; i < (many ? 2 : 1); i++) {
        const char *got = many ? (char *)read.rows.items + i * op->out->size : back;
        const char *lost = fill_differs(op->out, out + i * op->out->size, got, false);
        if (lost)
            fail_msg("%s: %s is another in %s", op->name, lost, newer.s);
    }
    buf_release(&b);
    buf_release(&newer);
}

static void replies_of_a_newer_server_arrive(void **state)
{
    (void)state;
    for (const struct op *const *op = ops_all(); *op; op++)
        for (int64_t seed = 0; seed < 4 && (*op)->out; seed++)
            newer_reply(*op, seed);
}

static void what_is_no_reply_is_said_to_be_none(void **state)
{
    static const struct { const char *op, *body; } cases[] = {
        { "lead.list", "" },
        { "lead.list", "[]" },
        { "lead.list", "{}" },
        { "lead.list", "null" },
        { "lead.list", "{\"items\":{}}" },
        { "lead.list", "{\"items\":[1]}" },
        { "lead.list", "{\"items\":[{\"score\":\"x\"}]}" },
        { "lead.get", "[]" },
        { "lead.get", "{\"id\":7}" },
        { "lead.get", "<html>" },
        { "lead.get", "{\"tags\":[\"a\"],\"tags_id\":[]}" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct op *op = op_find(cases[i].op);
        struct page page = { 0 };
        void *out = op->many == OUT_MANY ? (void *)&page : record_new(op->out, &a);
        enum status st = wire_read_reply(op, cases[i].body, strlen(cases[i].body), NULL, 0, &a, out, &e);
        if (st != ST_UNREACHABLE)
            fail_msg("%s took %s", cases[i].op, cases[i].body);
        assert_string_equal(e.code, "server.reply");
    }
}

/* A row is named by its code, or by its id, one or several. */
static void rows_are_named_either_way(void **state)
{
    const struct op *op = op_find("lead.create");
    struct ref both[] = { { .code = "vip" }, { .id = 7 } };
    void *in = record_new(op->in, &a);
    bool *arrived;
    (void)state;
    *field_refs(record_field(op->in, "tags"), in) = (struct refs){ both, 2 };
    field_ref(record_field(op->in, "owner"), in)->code = "101";
    void *back = travel(op, in, NULL, &arrived);
    const struct refs *tags = field_refs(record_field(op->in, "tags"), back);
    assert_int_equal(tags->n, 2);
    assert_string_equal(tags->items[0].code, "vip");
    assert_int_equal(tags->items[1].id, 7);
    assert_string_equal(field_ref(record_field(op->in, "owner"), back)->code, "101");
}

static void every_reply_arrives(void **state)
{
    (void)state;
    for (const struct op *const *op = ops_all(); *op; op++) {
        struct buf b = BUF_INIT;
        if (!(*op)->out)
            continue;
        void *out = record_new((*op)->out, &a), *back = record_new((*op)->out, &a);
        struct page page = { .rows = { out, 1 }, .next = "n", .prev = NULL }, read = { 0 };
        bool many = (*op)->many == OUT_MANY;
        fill_record((*op)->out, 5, &a, out);
        wire_write_reply(*op, NULL, many ? (void *)&page : out, &b);
        enum status st = wire_read_reply(*op, b.s, b.len, fill_defs, FILL_DEFS, &a,
                                         many ? (void *)&read : back, &e);
        if (st)
            fail_msg("%s: %s %s in %s", (*op)->name, e.code, e.nparam ? e.param[0] : "", b.s);
        const char *lost = fill_differs((*op)->out, out, many ? read.rows.items : back, false);
        if (lost)
            fail_msg("%s: %s is another in %s", (*op)->name, lost, b.s);
        if (many)
            assert_string_equal(read.next, "n");
        buf_release(&b);
    }
}

static void who_is_asked_for_stays_out_of_the_address(void **state)
{
    const struct op *op = op_find("lead.list");
    struct query q;
    struct buf path = BUF_INIT, body = BUF_INIT;
    int64_t version;
    (void)state;
    record_empty(&query_record, &q);
    q.limit = 50;
    q.sort = "-score,name";
    assert_string_equal(wire_write_request(op, &q, NULL, &path, &body, &version), "GET");
    assert_string_equal(path.s, "/v1/leads?sort=-score%2Cname&limit=50");
    buf_clear(&path);
    q.where = "phone = 13800138000";
    assert_string_equal(wire_write_request(op, &q, NULL, &path, &body, &version), "QUERY");
    assert_string_equal(path.s, "/v1/leads");
    buf_release(&path);
    buf_release(&body);
}

static enum status route(const char *method, const char *path)
{
    const struct op *op;
    const char *id;
    return wire_route(method, path, &a, &op, &id, &e);
}

static void paths_that_lead_nowhere(void **state)
{
    static const char *const nowhere[] = {
        "",          "/",          "/v1",          "/v1/",
        "/v1/lead",  "/v1/leads/", "/v1/leads/1/", "/v1/leads/1/nothing",
        "/v2/leads", "//v1/leads", "/v1//leads",   "/v1/leads/1/claim/2"
    };
    const struct op *op;
    const char *id;
    (void)state;
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        assert_int_equal(route("GET", nowhere[i]), ST_NOT_FOUND);
        assert_string_equal(e.code, "http.path");
    }
    assert_int_equal(route("PUT", "/v1/leads"), ST_INVALID);
    assert_string_equal(e.code, "http.method");
    assert_non_null(strstr(e.param[0], "GET"));
    assert_non_null(strstr(e.param[0], "POST"));
    assert_int_equal(wire_status(&e), 405);
    assert_int_equal(wire_route("GET", "/v1/leads/count", &a, &op, &id, &e), ST_OK);
    assert_string_equal(op->name, "lead.count");
    assert_null(id);
}

static enum status read_it(const char *name, struct wire_request rq)
{
    void *in;
    bool *given;
    memset(&e, 0, sizeof e);
    return wire_read_input(op_find(name), &rq, &a, &in, &given, &e);
}

#define BODY(s) .body = (s), .nbody = strlen(s)

static void what_is_off_is_refused(void **state)
{
    const struct wire_param twice[] = { { "limit", "1" }, { "limit", "2" } }, unknown[] = { { "page", "2" } },
                            word[] = { { "limit", "many" } };
    static const struct { const char *name; struct wire_request rq; const char *code; int http; } bad[] = {
        { "lead.change", { .id = "7", BODY("{\"name\":\"x\"}") }, "http.no_version", 428 },
        { "lead.change", { .id = "7", BODY("{\"id\":\"8\"}"), .if_match = "*" }, "http.id", 400 },
        { "lead.change", { .id = "A7", BODY("{}"), .if_match = "*" }, "http.id", 400 },
        { "lead.change", { .id = "99999999999999999999", BODY("{}"), .if_match = "*" }, "http.id", 400 },
        { "lead.change", { .id = "7", BODY("{\"version\":3}"), .if_match = "\"4\"" }, "http.if_match", 400 },
        { "lead.change", { .id = "7", BODY("{}"), .if_match = "W/\"4\"" }, "http.if_match", 400 },
        { "lead.change", { .id = "7", BODY("{}"), .if_match = "4" }, "http.if_match", 400 },
        { "lead.create", { BODY("[]") }, "json.object", 400 },
        { "lead.create", { BODY("{\"nonsense\":1}") }, "json.unknown", 400 },
        { "lead.create", { BODY("{\"name\":\"a\",\"name\":\"b\"}") }, "json.duplicate", 400 },
        { "lead.create", { BODY("{\"name\":") }, "json.syntax", 400 },
        { "lead.create", { BODY("{\"tags\":[\"vip\",null]}") }, "json.type", 400 },
        { "account.has_password", { BODY("{\"login\":\"x\"}") }, "json.unknown", 400 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (read_it(bad[i].name, bad[i].rq) == ST_OK || strcmp(e.code, bad[i].code) != 0)
            fail_msg("%zu: %s, not %s", i, e.code, bad[i].code);
        assert_int_equal(wire_status(&e), bad[i].http);
    }
    assert_int_equal(read_it("lead.list", (struct wire_request){ .param = twice, .nparams = 2 }), ST_INVALID);
    assert_string_equal(e.code, "http.twice");
    assert_int_equal(read_it("lead.list", (struct wire_request){ .param = unknown, .nparams = 1 }),
                     ST_INVALID);
    assert_string_equal(e.code, "json.unknown");
    assert_int_equal(read_it("lead.list", (struct wire_request){ .param = word, .nparams = 1 }), ST_INVALID);
    assert_string_equal(e.code, "json.type");
    assert_int_equal(
        read_it("lead.change",
                (struct wire_request){ .id = "_", BODY("{\"id\":\"7\",\"version\":2}") }),
        ST_OK);
}

/* A problem is the same error on the other side, whatever its status. */
static void problems_arrive(void **state)
{
    struct buf b = BUF_INIT;
    struct err sent = { 0 }, got = { 0 };
    (void)state;
    fail_field(&sent, ST_CONFLICT, "owner", "lead.taken", "\"李\xE2\x80\xAE", "", "b\n", NULL);
    wire_write_problem(&sent, "r-1", &b);
    wire_read_problem(409, b.s, b.len, &got);
    assert_int_equal(got.status, ST_CONFLICT);
    assert_string_equal(got.code, "lead.taken");
    assert_string_equal(got.field, "owner");
    assert_int_equal(got.nparam, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(got.param[i], sent.param[i]);
    assert_null(strstr(b.s, "\xE2\x80\xAE"));       /* what turns the text round is written as \u */
    wire_read_problem(502, "<html>", 6, &got);
    assert_int_equal(got.status, ST_UNREACHABLE);
    assert_string_equal(got.code, "server.reply");
    assert_string_equal(got.param[0], "502");
    fail(&sent, ST_DENIED, "account.locked_for", "15", NULL);
    assert_int_equal(wire_status(&sent), 429);
    assert_int_equal(wire_retry_after(&sent), 900);
    buf_release(&b);
}

static void escapes_are_undone(void **state)
{
    static const char *const bad[] = { "%", "%4", "%zz", "a%00b", "%ff", "%c3" };
    struct buf b = BUF_INIT;
    (void)state;
    wire_escape("a/b?c=d&e+f %李\n", &b);
    assert_null(strpbrk(b.s, "/?=&+ \n"));
    assert_true(wire_unescape(b.s, true));
    assert_string_equal(b.s, "a/b?c=d&e+f %李\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *s = strdup(bad[i]);
        assert_false(wire_unescape(s, false));
        free(s);
    }
    buf_release(&b);
}

static int clean(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_input_arrives, clean),
        cmocka_unit_test_teardown(empty_is_not_missing, clean),
        cmocka_unit_test_teardown(rows_are_named_either_way, clean),
        cmocka_unit_test_teardown(every_reply_arrives, clean),
        cmocka_unit_test_teardown(replies_of_a_newer_server_arrive, clean),
        cmocka_unit_test_teardown(what_is_no_reply_is_said_to_be_none, clean),
        cmocka_unit_test_teardown(who_is_asked_for_stays_out_of_the_address, clean),
        cmocka_unit_test_teardown(paths_that_lead_nowhere, clean),
        cmocka_unit_test_teardown(what_is_off_is_refused, clean),
        cmocka_unit_test_teardown(problems_arrive, clean),
        cmocka_unit_test_teardown(escapes_are_undone, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
