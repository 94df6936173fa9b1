/* What a caller of the remote backend notices when the network does what networks do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/api/address.h"
#include "core/api/backend.h"
#include "core/guard/role.h"
#include "core/model/nouns.h"
#include "core/model/record_text.h"
#include "core/noun/crud.h"
#include "tests/unit/canned.h"

/* ---- a client ----------------------------------------------------------------------------------------- */

struct test {
    struct canned canned;
    struct backend *b;
    struct arena a;
    struct err e;
    void *out;
};

static void begin_as(struct test *t, bool (*play)(struct canned *s, int fd, const struct seen *rq, int n),
                     const char *as)
{
    *t = (struct test){ .a = ARENA_INIT };
    canned_open(&t->canned, play);
    struct backend_config config = { .server = t->canned.url, .as = as, .password = as ? "geheim" : NULL };
    assert_int_equal(backend_open(&config, &t->b, &t->e), ST_OK);
}

static void begin(struct test *t, bool (*play)(struct canned *s, int fd, const struct seen *rq, int n))
{
    begin_as(t, play, NULL);
}

static void end(struct test *t)
{
    backend_close(t->b);
    backend_leave();
    canned_close(&t->canned);
    arena_free(&t->a);
}

/* Calls an operation with fields given as "name=value" up to NULL; call holds the rest. */
static enum status ask(struct test *t, const char *name, struct call call, const char *const *fields)
{
    call.op = op_find(name);
    assert_non_null(call.op);
    bool *given = NULL;
    void *in = NULL;
    if (call.op->in) {
        in = record_new(call.op->in, &t->a);
        given = arena_array(&t->a, bool, call.op->in->nfields);
    }
    for (; fields && *fields; fields++) {
        size_t n = strcspn(*fields, "=");
        const struct field *f = record_field(call.op->in, arena_strndup(&t->a, *fields, n));
        assert_non_null(f);
        given[f - call.op->in->fields] = true;
        assert_int_equal(record_parse(f, *fields + n + 1, in, &t->a, &t->e), ST_OK);
    }
    call.in = in;
    call.given = given;
    size_t size = call.op->many == OUT_MANY ? sizeof(struct page) : call.op->out ? call.op->out->size : 1;
    t->out = arena_alloc(&t->a, size);
    return backend_call(t->b, &call, &t->a, t->out, &t->e);
}

#define FIELDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static enum status make_tag(struct test *t, const char *key)
{
    return ask(t, "tag.create", (struct call){ .key = key }, FIELDS("code=A", "name=甲"));
}

static enum status get_tag(struct test *t)
{
    return ask(t, "tag.get", (struct call){ .key = NULL }, FIELDS("id=7"));
}

static void failed(struct test *t, enum status got, enum status st, const char *code)
{
    assert_string_equal(t->e.code, code);
    assert_int_equal(got, st);
    assert_int_equal(t->e.status, st);
}

static bool none(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)fd, (void)rq, (void)n;
    return false;
}

#define TAG "{\"id\":\"7\",\"version\":3,\"code\":\"A\",\"name\":\"甲\",\"active\":true}"

/* ---- opening ------------------------------------------------------------------------------------------ */

static void addresses_are_of_three_kinds(void **state)
{
    static const struct { const char *text, *base, *name, *code; } rows[] = {
        { "https://bank", "https://bank", "bank", NULL },
        { "https://bank.example:8443/", "https://bank.example:8443", "bank.example:8443", NULL },
        { "https://[2001:db8::1]:443", "https://[2001:db8::1]:443", "[2001:db8::1]:443", NULL },
        { "http://127.0.0.1:80", "http://127.0.0.1:80", "127.0.0.1:80", NULL },
        { "http://[::1]:80", "http://[::1]:80", "[::1]:80", NULL },
        { "unix:/run/gonghai/s", "http://localhost", "/run/gonghai/s", NULL },
        { "http://10.0.0.1", NULL, NULL, "server.plain" },
        { "http://127.0.0.1.evil.example", NULL, NULL, "server.plain" },
        { "http://localhost.evil", NULL, NULL, "server.plain" },
        { "https://u:p@bank", NULL, NULL, "server.url" },
        { "https://bank/path", NULL, NULL, "server.url" },
        { "https://bank:0", NULL, NULL, "server.url" },
        { "https://bank:65536", NULL, NULL, "server.url" },
        { "https://bank\r\nX: y", NULL, NULL, "server.url" },
        { "https://[bank]", NULL, NULL, "server.url" },
        { "https://", NULL, NULL, "server.url" },
        { "unix:relative", NULL, NULL, "server.url" },
        { "ftp://bank", NULL, NULL, "server.url" },
        { "", NULL, NULL, "server.url" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address at;
        struct err e = { 0 };
        enum status st = address_read(rows[i].text, &at, &e);
        if (rows[i].code) {
            assert_int_equal(st, ST_INVALID);
            assert_string_equal(e.code, rows[i].code);
        } else {
            assert_int_equal(st, ST_OK);
            assert_string_equal(at.base, rows[i].base);
            assert_string_equal(at.name, rows[i].name);
        }
    }
}

static void the_server_says_who_it_is(void **state)
{
    struct test t;
    (void)state;
    begin(&t, none);
    const struct whoami *w = t.b->who(t.b);
    assert_string_equal(w->login, "101");
    assert_string_equal(w->name, "李敏");
    assert_string_equal(w->branch_path[0], "总行");
    assert_string_equal(w->branch_path[1], "西区");
    assert_null(w->branch_path[2]);
    assert_int_equal(w->employee, 11);
    assert_int_equal(w->branch, 22);
    assert_int_equal(w->roles, 1u << ROLE_STAFF);
    assert_int_equal(w->rights, 1u << RIGHT_NONE | 1u << RIGHT_LEAD_READ | 1u << RIGHT_LEAD_WRITE);
    assert_true(w->test && !w->demo);
    assert_string_equal(w->place, t.canned.url + 5);
    assert_string_equal(canned_header(canned_seen(&t.canned, "/v1/session", 0), "Gonghai-Version"), "1");
    end(&t);
}

static void where_nobody_listens_it_says_so(void **state)
{
    struct err e = { 0 };
    struct backend *b;
    (void)state;
    assert_int_equal(backend_open(&(struct backend_config){ .server = "unix:/nonexistent/s" }, &b, &e),
                     ST_UNREACHABLE);
    assert_string_equal(e.code, "server.unreachable");
    assert_string_equal(e.param[0], "/nonexistent/s");
    assert_int_equal(backend_open(&(struct backend_config){ .server = "bank" }, &b, &e), ST_INVALID);
}

/* ---- a login ------------------------------------------------------------------------------------------ */

static bool tag(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)rq, (void)n;
    canned_answer(fd, 200, NULL, TAG);
    return true;
}

static void a_person_logs_in_once_for_all_backends_and_leaves_at_the_end(void **state)
{
    struct test t;
    struct backend *other;
    (void)state;
    begin_as(&t, tag, "101");
    struct backend_config config = { .server = t.canned.url, .as = "101", .password = "geheim" };
    assert_int_equal(backend_open(&config, &other, &t.e), ST_OK);
    assert_int_equal(get_tag(&t), ST_OK);
    backend_close(other);
    const struct seen *in = canned_seen(&t.canned, "/v1/session", 0);
    assert_string_equal(in->method, "POST");
    assert_string_equal(in->body, "{\"login\":\"101\",\"password\":\"geheim\"}");
    assert_null(canned_header(in, "Authorization"));
    assert_string_equal(canned_header(canned_seen(&t.canned, "/v1/tags/7", 0), "Authorization"),
                        "Bearer tok-123");
    assert_int_equal(canned_count(&t.canned, "/v1/session"), 3);
    backend_close(t.b);
    t.b = NULL;
    backend_leave();
    const struct seen *out = canned_seen(&t.canned, "/v1/session", 3);
    assert_string_equal(out->method, "DELETE");
    assert_string_equal(canned_header(out, "Authorization"), "Bearer tok-123");
    end(&t);
}

static void another_password_does_not_share_the_session(void **state)
{
    struct test t;
    struct backend *other;
    (void)state;
    begin_as(&t, none, "101");
    struct backend_config config = { .server = t.canned.url, .as = "101", .password = "guess" };
    assert_int_equal(backend_open(&config, &other, &t.e), ST_OK);
    backend_close(other);
    assert_string_equal(canned_seen(&t.canned, "/v1/session", 2)->method, "POST");
    config.password = NULL;
    failed(&t, backend_open(&config, &other, &t.e), ST_DENIED, "login.password");
    assert_string_equal(t.e.param[0], "101");
    end(&t);
}

static bool wrong(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)rq, (void)n;
    canned_answer(fd, 401, NULL,
                  "{\"code\":\"login.wrong\",\"word\":\"denied\",\"field\":null,\"params\":[]}");
    return true;
}

/* Each try counts: none is made twice. */
static void a_wrong_password_is_tried_once(void **state)
{
    struct canned s;
    struct err e = { 0 };
    struct backend *b;
    (void)state;
    canned_open(&s, wrong);
    s.session = NULL;
    struct backend_config config = { .server = s.url, .as = "101", .password = "guess" };
    assert_int_equal(backend_open(&config, &b, &e), ST_DENIED);
    assert_string_equal(e.code, "login.wrong");
    assert_int_equal(canned_count(&s, "/"), 1);
    backend_leave();
    canned_close(&s);
}

static bool evil_token(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)rq, (void)n;
    canned_answer(fd, 201, NULL, "{\"token\":\"a\\r\\nX-Evil: 1\"}");
    return true;
}

static void a_token_that_is_no_token_is_not_taken(void **state)
{
    struct canned s;
    struct err e = { 0 };
    struct backend *b;
    (void)state;
    canned_open(&s, evil_token);
    s.session = NULL;
    struct backend_config config = { .server = s.url, .as = "101", .password = "x" };
    assert_int_equal(backend_open(&config, &b, &e), ST_UNREACHABLE);
    assert_string_equal(e.code, "server.reply");
    backend_leave();
    canned_close(&s);
}

static bool ended(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)rq, (void)n;
    canned_answer(fd, 401, NULL, "{\"code\":\"login.wrong\",\"word\":\"denied\",\"params\":[]}");
    return true;
}

/* A session that the server has ended is not begun again behind the person's back; opening anew is a login.
 * */
static void a_session_that_ended_is_over(void **state)
{
    struct test t;
    struct backend *other;
    (void)state;
    begin_as(&t, ended, "101");
    failed(&t, get_tag(&t), ST_DENIED, "login.wrong");
    assert_int_equal(get_tag(&t), ST_DENIED);
    assert_null(canned_header(canned_seen(&t.canned, "/v1/tags/7", 1), "Authorization"));
    struct backend_config config = { .server = t.canned.url, .as = "101", .password = "geheim" };
    int before = canned_count(&t.canned, "/v1/session");
    assert_int_equal(backend_open(&config, &other, &t.e), ST_OK);
    assert_string_equal(canned_seen(&t.canned, "/v1/session", before)->method, "POST");
    backend_close(other);
    end(&t);
}

/* ---- reads -------------------------------------------------------------------------------------------- */

static void a_read_carries_no_key_and_gives_the_record(void **state)
{
    struct test t;
    (void)state;
    begin(&t, tag);
    assert_int_equal(get_tag(&t), ST_OK);
    const struct tag *got = t.out;
    assert_int_equal(got->head.id, 7);
    assert_string_equal(got->name, "甲");
    const struct seen *rq = canned_seen(&t.canned, "/v1/tags/7", 0);
    assert_string_equal(rq->method, "GET");
    assert_null(canned_header(rq, "Idempotency-Key"));
    assert_null(canned_header(rq, "If-Match"));
    end(&t);
}

static bool problem(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)rq, (void)n;
    canned_answer(fd, 409, NULL,
                  "{\"type\":\"urn:gonghai:problem:lead.taken\",\"status\":409,\"code\":\"lead.taken\","
                                "\"word\":\"conflict\",\"field\":\"lead\",\"params\":[\"李敏\",\"2\"]}");
    return true;
}

static void a_problem_is_the_error_that_it_was(void **state)
{
    struct test t;
    (void)state;
    begin(&t, problem);
    failed(&t, make_tag(&t, NULL), ST_CONFLICT, "lead.taken");
    assert_string_equal(t.e.field, "lead");
    assert_int_equal(t.e.nparam, 2);
    assert_string_equal(t.e.param[0], "李敏");
    assert_int_equal(canned_count(&t.canned, "/v1/tags"), 1);
    end(&t);
}

#define STRANGE(name, ...) \
    static bool name(struct canned *s, int fd, const struct seen *rq, int n) \
    { \
        (void)s, (void)rq, (void)n; \
        __VA_ARGS__; \
        return false; \
    }

STRANGE(html, canned_bytes(fd,
                           "HTTP/1.1 502 Bad\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>"))
STRANGE(redirect, canned_answer(fd, 302, "Location: /v1/tags/8\r\n", "{}"))
STRANGE(garbage, canned_bytes(fd, "SSH-2.0-OpenSSH\r\n"))
STRANGE(no_json, canned_answer(fd, 200, NULL, "{\"id\":"))
STRANGE(other_json, canned_answer(fd, 200, NULL, "{\"id\":7}"))
STRANGE(newer, canned_bytes(fd, "HTTP/1.1 200 OK\r\nGonghai-Version: 2\r\nContent-Length: 2\r\n\r\n{}"))
STRANGE(half,
        canned_bytes(
            fd,
            "HTTP/1.1 200 OK\r\nGonghai-Version: 1\r\nContent-Length: 900\r\n\r\n{\"id\":\"7\""))

static void what_is_no_answer_of_ours_is_told_apart(void **state)
{
    static const struct { bool (*play)(struct canned *, int, const struct seen *,
                                       int); const char *code; } rows[] = {
        { html, "server.reply" },     { redirect, "server.reply" },   { garbage, "server.reply" },
        { no_json, "server.reply" },  { other_json, "server.reply" }, { newer, "server.version" },
        { half, "server.lost" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct test t;
        begin(&t, rows[i].play);
        failed(&t, get_tag(&t), ST_UNREACHABLE, rows[i].code);
        assert_int_equal(canned_count(&t.canned, "/v1/tags/8"), 0);
        end(&t);
    }
}

static bool endless(struct canned *s, int fd, const struct seen *rq, int n)
{
    static char piece[65537];
    (void)s, (void)rq, (void)n;
    memset(piece, 'x', sizeof piece - 1);
    canned_bytes(fd, "HTTP/1.1 200 OK\r\nGonghai-Version: 1\r\n\r\n");
    for (int i = 0; i < 1000 && send(fd, piece, sizeof piece - 1, MSG_NOSIGNAL) > 0; i++)
        ;
    return false;
}

static void an_endless_answer_is_cut_off(void **state)
{
    struct test t;
    (void)state;
    begin(&t, endless);
    failed(&t, get_tag(&t), ST_UNREACHABLE, "server.reply");
    end(&t);
}

static bool with_attrs(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)n;
    if (strncmp(rq->path, "/v1/custom_fields", 17) == 0)
        canned_answer(
            fd, 200, NULL,
            s->arg ? "{\"items\":[{\"id\":\"5\",\"version\":1,\"noun\":\"lead\",\"code\":\"plate\","
                     "\"name\":\"车牌\",\"type\":\"text\",\"active\":true}],\"next\":null,\"prev\":"
                     "null}"
                   : "{\"items\":[],\"next\":null,\"prev\":null}");
    else
        canned_answer(fd, 200, NULL, "{\"items\":[{\"id\":\"1\",\"version\":1,\"attr.plate\":\"沪A1\"}],"
                                    "\"next\":\"c2\",\"prev\":null}");
    s->arg = s;
    return true;
}

/* The definitions were asked for before the field was made: they are asked for again. */
static void custom_fields_come_with_their_definitions(void **state)
{
    struct test t;
    (void)state;
    begin(&t, with_attrs);
    assert_int_equal(ask(&t, "lead.list", (struct call){ .key = NULL }, FIELDS("where=phone = 138",
                                                                               "limit=50")), ST_OK);
    const struct page *page = t.out;
    assert_int_equal(page->rows.n, 1);
    assert_string_equal(page->next, "c2");
    const struct attrs *attrs = field_attrs(record_field(op_find("lead.list")->out, "attr"),
                                            page->rows.items);
    assert_int_equal(attrs->n, 1);
    assert_string_equal(attrs->items[0].def->label, "车牌");
    assert_string_equal(attrs->items[0].s, "沪A1");
    assert_string_equal(canned_seen(&t.canned, "/v1/leads", 0)->method, "QUERY");
    assert_null(strstr(canned_seen(&t.canned, "/v1/leads", 0)->path, "138"));
    end(&t);
}

/* ---- writes ------------------------------------------------------------------------------------------- */

#define DONE "{\"id\":\"7\",\"version\":1}"

static bool done(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)rq, (void)n;
    canned_answer(fd, 200, NULL, DONE);
    return true;
}

static void every_write_has_a_key_of_its_own(void **state)
{
    struct test t;
    char first[64];
    (void)state;
    begin(&t, done);
    assert_int_equal(make_tag(&t, NULL), ST_OK);
    assert_int_equal(make_tag(&t, NULL), ST_OK);
    assert_int_equal(make_tag(&t, "my-key"), ST_OK);
    snprintf(first, sizeof first, "%s", canned_header(canned_seen(&t.canned, "/v1/tags", 0),
                                                      "Idempotency-Key"));
    assert_int_equal(strlen(first), 32);
    assert_string_not_equal(first, canned_header(canned_seen(&t.canned, "/v1/tags", 1), "Idempotency-Key"));
    assert_string_equal(canned_header(canned_seen(&t.canned, "/v1/tags", 2), "Idempotency-Key"), "my-key");
    failed(&t, make_tag(&t, "a\r\nX: y"), ST_INVALID, "key.shape");
    assert_int_equal(canned_count(&t.canned, "/v1/tags"), 3);
    end(&t);
}

static void the_version_travels_as_if_match(void **state)
{
    struct test t;
    (void)state;
    begin(&t, done);
    struct call call = { .key = NULL };
    assert_int_equal(ask(&t, "tag.change", call, FIELDS("id=7", "version=4", "name=乙")), ST_OK);
    assert_int_equal(ask(&t, "tag.change", call, FIELDS("id=7", "name=乙")), ST_OK);
    const struct seen *rq = canned_seen(&t.canned, "/v1/tags/7", 0);
    assert_string_equal(rq->method, "PATCH");
    assert_string_equal(canned_header(rq, "If-Match"), "\"4\"");
    assert_string_equal(rq->body, "{\"name\":\"乙\"}");
    assert_string_equal(canned_header(canned_seen(&t.canned, "/v1/tags/7", 1), "If-Match"), "*");
    end(&t);
}

/* Answers by halves, then whole. */
static bool third_time(struct canned *s, int fd, const struct seen *rq, int n)
{
    return n < 2 ? half(s, fd, rq, n) : done(s, fd, rq, n);
}

static void same_key_throughout(struct test *t, int n)
{
    char key[64];
    assert_int_equal(canned_count(&t->canned, "/v1/tags"), n);
    snprintf(key, sizeof key, "%s", canned_header(canned_seen(&t->canned, "/v1/tags", 0), "Idempotency-Key"));
    for (int i = 1; i < n; i++)
        assert_string_equal(canned_header(canned_seen(&t->canned, "/v1/tags", i), "Idempotency-Key"), key);
}

static void a_lost_answer_is_asked_for_again_with_the_same_key(void **state)
{
    struct test t;
    (void)state;
    begin(&t, third_time);
    assert_int_equal(make_tag(&t, NULL), ST_OK);
    assert_int_equal(((const struct done *)t.out)->id, 7);
    same_key_throughout(&t, 3);
    end(&t);
}

static void after_four_times_nobody_knows(void **state)
{
    struct test t;
    (void)state;
    begin(&t, half);
    failed(&t, make_tag(&t, NULL), ST_UNREACHABLE, "server.unsure");
    same_key_throughout(&t, 4);
    end(&t);
}

static bool stopping(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)rq, (void)n;
    canned_answer(fd, 503, NULL, "{\"code\":\"server.stopping\",\"word\":\"failed\",\"params\":[]}");
    return true;
}

/* It said that it took nothing. */
static void a_server_that_stops_leaves_no_doubt(void **state)
{
    struct test t;
    (void)state;
    begin(&t, stopping);
    failed(&t, make_tag(&t, NULL), ST_UNREACHABLE, "server.stopping");
    same_key_throughout(&t, 4);
    end(&t);
}

static bool refuses_then(struct canned *s, int fd, const struct seen *rq, int n)
{
    return n == 0 ? half(s, fd, rq, n) : problem(s, fd, rq, n);
}

/* The server would have told the first answer again, had there been one. */
static void a_refusal_clears_up_what_was_in_doubt(void **state)
{
    struct test t;
    (void)state;
    begin(&t, refuses_then);
    failed(&t, make_tag(&t, NULL), ST_CONFLICT, "lead.taken");
    same_key_throughout(&t, 2);
    end(&t);
}

/* A connection that is closed without a word, as a server does that is killed. */
static bool closed_once(struct canned *s, int fd, const struct seen *rq, int n)
{
    return n == 0 ? false : done(s, fd, rq, n);
}

static void a_closed_connection_is_no_lost_write(void **state)
{
    struct test t;
    (void)state;
    begin(&t, closed_once);
    assert_int_equal(make_tag(&t, NULL), ST_OK);
    same_key_throughout(&t, 2);
    end(&t);
}

static void what_was_never_sent_is_not_in_doubt(void **state)
{
    struct test t;
    (void)state;
    begin(&t, none);
    canned_leave(&t.canned);
    failed(&t, make_tag(&t, NULL), ST_UNREACHABLE, "server.unreachable");
    assert_int_equal(canned_count(&t.canned, "/v1/tags"), 0);
    end(&t);
}

static bool running(struct canned *s, int fd, const struct seen *rq, int n)
{
    if (n == 0)
        return half(s, fd, rq, n);
    if (n == 1)
        canned_answer(fd, 409, NULL, "{\"code\":\"key.running\",\"word\":\"conflict\",\"params\":[]}");
    else
        canned_answer(fd, 200, NULL, DONE);
    return true;
}

/* The first is still at work when the second comes. */
static void the_answer_is_waited_for(void **state)
{
    struct test t;
    (void)state;
    begin(&t, running);
    assert_int_equal(make_tag(&t, NULL), ST_OK);
    same_key_throughout(&t, 3);
    end(&t);
}

/* ---- cancelling --------------------------------------------------------------------------------------- */

static bool cancels(struct canned *s, int fd, const struct seen *rq, int n)
{
    char byte;
    (void)rq, (void)n;
    s->at = clock_mono();
    atomic_store(&s->cancel, true);
    return recv(fd, &byte, 1, 0) > 0;       /* until the client goes away */
}

static void a_cancelled_call_is_back_at_once(void **state)
{
    struct test t;
    (void)state;
    begin(&t, cancels);
    struct call call = { .cancel = &t.canned.cancel };
    failed(&t, ask(&t, "tag.get", call, FIELDS("id=7")), ST_CANCELLED, "cancelled");
    assert_in_range(clock_mono() - t.canned.at, 0, 99);
    atomic_store(&t.canned.cancel, false);
    failed(&t, ask(&t, "tag.create", call, FIELDS("code=A", "name=甲")), ST_CANCELLED, "server.unsure");
    assert_in_range(clock_mono() - t.canned.at, 0, 99);
    assert_int_equal(canned_count(&t.canned, "/v1/tags"), 2);
    end(&t);
}

/* ---- what others change ------------------------------------------------------------------------------- */

#define STREAM "HTTP/1.1 200 OK\r\nGonghai-Version: 1\r\nContent-Type: text/event-stream\r\n\r\n"

static bool events(struct canned *s, int fd, const struct seen *rq, int n)
{
    char byte;
    (void)rq;
    canned_bytes(fd, STREAM "retry: 1\n\n");
    if (n == 0) {
        recv(((int *)s->arg)[0], &byte, 1, 0);      /* the test says when */
        canned_bytes(fd, "id: 41\nevent: change\ndata: {\"topics\":[\"account\"]}\n\n");
        return false;
    }
    return recv(fd, &byte, 1, 0) > 0;
}

static bool readable(int fd, int ms)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    return poll(&p, 1, ms) == 1;
}

static void changes_are_heard_and_the_stream_goes_on_where_it_broke(void **state)
{
    struct test t;
    int pair[2], again;
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    begin(&t, events);
    t.canned.arg = pair;
    int fd = t.b->watch(t.b);
    assert_true(fd >= 0);
    assert_int_equal(t.b->watch(t.b), fd);
    assert_false(t.b->changed(t.b, &again));
    assert_int_equal(again, 0);
    assert_int_equal(send(pair[1], "x", 1, 0), 1);
    assert_true(readable(fd, 5000));
    assert_true(t.b->changed(t.b, &again));
    assert_false(t.b->changed(t.b, &again));
    canned_wait(&t.canned, "/v1/changes", 2);
    assert_null(canned_header(canned_seen(&t.canned, "/v1/changes", 0), "Last-Event-ID"));
    assert_string_equal(canned_header(canned_seen(&t.canned, "/v1/changes", 1), "Last-Event-ID"), "41");
    int64_t before = clock_mono();
    backend_close(t.b);
    t.b = NULL;
    assert_in_range(clock_mono() - before, 0, 500);
    end(&t);
    close(pair[0]);
    close(pair[1]);
}

static bool first_breaks(struct canned *s, int fd, const struct seen *rq, int n)
{
    char byte;
    (void)s, (void)rq;
    canned_bytes(fd, STREAM "retry: 1\n\n");
    return n > 0 && recv(fd, &byte, 1, 0) > 0;
}

/* No event had an id: what came meanwhile is not known, so all may have changed. */
static void a_stream_that_broke_before_its_first_event_is_a_change(void **state)
{
    struct test t;
    int again;
    (void)state;
    begin(&t, first_breaks);
    int fd = t.b->watch(t.b);
    assert_true(readable(fd, 5000));
    assert_true(t.b->changed(t.b, &again));
    end(&t);
}

/* ---- jobs --------------------------------------------------------------------------------------------- */

static int64_t far[8][2];
static int nfar;

static void note(void *arg, int64_t at, int64_t total)
{
    (void)arg;
    if (nfar < 8)
        far[nfar][0] = at, far[nfar][1] = total;
    nfar++;
}

static bool exporting(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s;
    if (strncmp(rq->path, "/v1/jobs/J1", 11) == 0)
        canned_answer(fd, 200, NULL,
                      n == 1 ? "{\"state\":\"running\",\"done\":1,\"total\":2}"
                             : "{\"state\":\"done\",\"done\":2,\"total\":2,\"reply\":{\"rows\":2},"
                               "\"files\":{\"file\":\"F9\"}}");
    else if (strcmp(rq->path, "/v1/files/F9") == 0)
        canned_answer(fd, 200, NULL, "no,name\n1,甲\n");
    else
        canned_answer(fd, 202, NULL, "{\"job\":\"J1\"}");
    return true;
}

static char *file_of(const char *path)
{
    static char text[200];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

static void an_export_is_followed_and_its_file_fetched(void **state)
{
    struct test t;
    char path[120], field[130];
    (void)state;
    begin(&t, exporting);
    snprintf(path, sizeof path, "%s/out.csv", t.canned.dir);
    snprintf(field, sizeof field, "file=%s", path);
    nfar = 0;
    assert_int_equal(ask(&t, "lead.export", (struct call){ .progress = note }, FIELDS(field)), ST_OK);
    assert_string_equal(file_of(path), "no,name\n1,甲\n");
    assert_int_equal(nfar, 2);
    assert_int_equal(far[1][0], 2);
    assert_non_null(strstr(t.canned.seen[1].body, "\"file\":\"out.csv\""));
    assert_null(strstr(t.canned.seen[1].body, t.canned.dir));
    unlink(path);
    end(&t);
}

static bool importing(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)s, (void)n;
    if (strcmp(rq->method, "PUT") == 0)
        canned_answer(fd, 201, NULL, "{\"file\":\"upload:U1\"}");
    else if (strncmp(rq->path, "/v1/jobs/J1", 11) == 0)
        canned_answer(fd, 200, NULL,
                      "{\"state\":\"done\",\"reply\":{\"rows\":2,\"created\":1,\"rejected\":1},"
                                    "\"files\":{\"rejects\":\"R1\"}}");
    else if (strcmp(rq->path, "/v1/files/R1") == 0)
        canned_answer(fd, 200, NULL, "name,code,sentence\n");
    else
        canned_answer(fd, 202, NULL, "{\"job\":\"J1\"}");
    return true;
}

static void an_import_sends_its_file_and_brings_back_what_was_refused(void **state)
{
    struct test t;
    char path[120], field[130], rejects[140];
    (void)state;
    begin(&t, importing);
    snprintf(path, sizeof path, "%s/leads 1.csv", t.canned.dir);
    snprintf(field, sizeof field, "file=%s", path);
    snprintf(rejects, sizeof rejects, "%s.rejects.csv", path);
    failed(&t, ask(&t, "lead.import", (struct call){ .key = NULL }, FIELDS(field)), ST_NOT_FOUND,
           "import.no_file");
    FILE *f = fopen(path, "w");
    fputs("name\n甲\n乙\n", f);
    fclose(f);
    assert_int_equal(ask(&t, "lead.import", (struct call){ .key = NULL }, FIELDS(field)), ST_OK);
    const struct seen *up = canned_seen(&t.canned, "/v1/uploads/leads%201.csv", 0);
    assert_non_null(up);
    assert_string_equal(up->body, "name\n甲\n乙\n");
    assert_non_null(strstr(canned_seen(&t.canned, "/v1/leads/", 0)->body, "\"file\":\"upload:U1\""));
    assert_string_equal(file_of(rejects), "name,code,sentence\n");
    assert_string_equal(*field_text(record_field(op_find("lead.import")->out, "rejects"), t.out), rejects);
    unlink(path);
    unlink(rejects);
    end(&t);
}

static bool cancelled_job(struct canned *s, int fd, const struct seen *rq, int n)
{
    (void)n;
    if (strcmp(rq->path, "/v1/jobs/J1/cancel") == 0) {
        s->arg = s;
        canned_answer(fd, 200, NULL, "{}");
    } else if (strcmp(rq->path, "/v1/jobs/J1") == 0 && s->arg) {
        canned_answer(fd, 200, NULL,
                      "{\"state\":\"failed\",\"reply\":{\"subjects\":3},\"problem\":{\"status\":503,"
                                    "\"code\":\"cancelled\",\"word\":\"cancelled\",\"params\":[]}}");
    } else if (strcmp(rq->path, "/v1/jobs/J1") == 0) {
        atomic_store(&s->cancel, true);
        canned_answer(fd, 200, NULL, "{\"state\":\"running\",\"done\":1,\"total\":9}");
    } else {
        canned_answer(fd, 202, NULL, "{\"job\":\"J1\"}");
    }
    return true;
}

static void a_cancelled_job_ends_at_the_server(void **state)
{
    struct test t;
    (void)state;
    begin(&t, cancelled_job);
    struct call call = { .cancel = &t.canned.cancel };
    failed(&t, ask(&t, "segment.add", call, FIELDS("code=S", "where=no > 0")), ST_CANCELLED, "cancelled");
    assert_int_equal(canned_count(&t.canned, "/v1/jobs/J1/cancel"), 1);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_of_three_kinds),
        cmocka_unit_test(the_server_says_who_it_is),
        cmocka_unit_test(where_nobody_listens_it_says_so),
        cmocka_unit_test(a_person_logs_in_once_for_all_backends_and_leaves_at_the_end),
        cmocka_unit_test(another_password_does_not_share_the_session),
        cmocka_unit_test(a_wrong_password_is_tried_once),
        cmocka_unit_test(a_token_that_is_no_token_is_not_taken),
        cmocka_unit_test(a_session_that_ended_is_over),
        cmocka_unit_test(a_read_carries_no_key_and_gives_the_record),
        cmocka_unit_test(a_problem_is_the_error_that_it_was),
        cmocka_unit_test(what_is_no_answer_of_ours_is_told_apart),
        cmocka_unit_test(an_endless_answer_is_cut_off),
        cmocka_unit_test(custom_fields_come_with_their_definitions),
        cmocka_unit_test(every_write_has_a_key_of_its_own),
        cmocka_unit_test(the_version_travels_as_if_match),
        cmocka_unit_test(a_lost_answer_is_asked_for_again_with_the_same_key),
        cmocka_unit_test(after_four_times_nobody_knows),
        cmocka_unit_test(a_server_that_stops_leaves_no_doubt),
        cmocka_unit_test(a_refusal_clears_up_what_was_in_doubt),
        cmocka_unit_test(a_closed_connection_is_no_lost_write),
        cmocka_unit_test(what_was_never_sent_is_not_in_doubt),
        cmocka_unit_test(the_answer_is_waited_for),
        cmocka_unit_test(a_cancelled_call_is_back_at_once),
        cmocka_unit_test(changes_are_heard_and_the_stream_goes_on_where_it_broke),
        cmocka_unit_test(a_stream_that_broke_before_its_first_event_is_a_change),
        cmocka_unit_test(an_export_is_followed_and_its_file_fetched),
        cmocka_unit_test(an_import_sends_its_file_and_brings_back_what_was_refused),
        cmocka_unit_test(a_cancelled_job_ends_at_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
