/* The server over HTTP: what is asked well is answered as the command line would, once; what is off
 * gets a problem document or a closed connection, and changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "core/guard/totp.h"
#include "tests/contract/httpclient.h"

static struct server *server;

static int open_server(void **state)
{
    int rc = bank_setup(state);
    if (rc == 0)
        server = http_serve(*state, 64);
    return rc;
}

static int close_server(void **state)
{
    if (server)
        server_stop(server, 1000);
    server = NULL;
    return bank_teardown(state);
}

static int64_t number_of(struct bank *k, const char *sql)
{
    struct stmt *s = db_query(k->raw.db, sql, "");
    int64_t n = db_row(s) ? db_int(s, 0) : -1;
    assert_int_equal(db_end(s, &k->e), ST_OK);
    return n;
}

/* Ends the test unless the reply is that problem. */
static void refused(struct reply r, int status, const char *code)
{
    struct json *j;
    if (json_parse(r.body, strlen(r.body), &j, NULL) != ST_OK)
        fail_msg("%d %s, no problem", r.status, r.body);
    if (r.status != status)
        fail_msg("%d %s, not %d %s", r.status, r.body, status, code);
    assert_string_equal(json_string(json_get(j, "code")), code);
    assert_int_equal((int)json_number(json_get(j, "status")), status);
    json_free(j);
    assert_non_null(strstr(r.head, "application/problem+json"));
}

static const char *key(struct bank *k, const char *more)
{
    static int n;
    return arena_printf(&k->arena, "Idempotency-Key: k%d\r\n%s", ++n, more);
}

/* ---- what goes well ----------------------------------------------------------------------------------- */

static void a_row_is_made_read_and_changed(void **state)
{
    struct bank *k = *state;
    struct reply r = http_ask(k, "POST", "/v1/leads", key(k, ""),
                              "{\"name\":\"张三\",\"phone\":\"13812345678\",\"branch\":\"N1\"}");
    assert_int_equal(r.status, 201);
    const char *where = http_header(k, r, "Location");
    assert_non_null(where);
    r = http_ask(k, "GET", where, "", NULL);
    assert_int_equal(r.status, 200);
    assert_string_equal(bank_get(k, r.body, "name"), "张三");
    assert_string_equal(bank_get(k, r.body, "phone"), "138****5678");
    const char *etag = http_header(k, r, "ETag");
    r = http_ask(k, "GET", where, arena_printf(&k->arena, "If-None-Match: %s\r\n", etag), NULL);
    assert_int_equal(r.status, 304);
    assert_string_equal(r.body, "");
    const char *match = arena_printf(&k->arena, "If-Match: %s\r\n", etag);
    r = http_ask(k, "PATCH", where, key(k, match), "{\"score\":70}");
    assert_int_equal(r.status, 200);
    refused(http_ask(k, "PATCH", where, key(k, match), "{\"score\":80}"), 412, "noun.stale");
    refused(http_ask(k, "PATCH", where, key(k, ""), "{\"score\":80}"), 428, "http.no_version");
    assert_int_equal(http_ask(k, "PATCH", where, key(k, "If-Match: *\r\n"), "{\"score\":80}").status, 200);
    r = http_ask(k, "GET", where, arena_printf(&k->arena, "If-None-Match: %s\r\n", etag), NULL);
    assert_int_equal(r.status, 200);
    assert_string_equal(bank_get(k, r.body, "score"), "80");
}

static void the_same_key_makes_one_row(void **state)
{
    struct bank *k = *state;
    const char *body = "{\"code\":\"t1\",\"name\":\"标签\"}", *same = key(k, "");
    struct reply r = http_ask(k, "POST", "/v1/tags", same, body);
    const char *id = bank_get(k, r.body, "id");
    assert_int_equal(r.status, 201);
    r = http_ask(k, "POST", "/v1/tags", same, body);
    assert_int_equal(r.status, 201);
    assert_string_equal(bank_get(k, r.body, "id"), id);
    refused(http_ask(k, "POST", "/v1/tags", same, "{\"code\":\"t2\",\"name\":\"x\"}"), 422, "key.reused");
    refused(http_ask(k, "POST", "/v1/tags", "", "{\"code\":\"t2\",\"name\":\"x\"}"), 400, "key.missing");
    assert_int_equal(number_of(k, "select count(*) from tag where code_key in ('t1', 't2')"), 1);
}

/* The links lead through the list, each row once, and back. */
static void links_lead_through_a_list(void **state)
{
    enum { TAGS = 23 };
    struct bank *k = *state;
    struct buf seen = BUF_INIT;
    int n = 0, pages = 0;
    for (int i = 0; i < TAGS; i++)
        http_ask(k, "POST", "/v1/tags", key(k, ""),
                 arena_printf(&k->arena, "{\"code\":\"g%02d\",\"name\":\"名 %d\"}", i, i % 3));
    const char *next = "/v1/tags?where=code%20starts%20with%20g&sort=name&limit=5";
    for (; next && pages < 10; pages++) {
        struct json *j;
        struct reply r = http_ask(k, "GET", next, "", NULL);
        assert_int_equal(r.status, 200);
        assert_int_equal(json_parse(r.body, strlen(r.body), &j, NULL), ST_OK);
        for (const struct json *x = json_first(json_get(j, "items")); x; x = json_next(x), n++) {
            const char *code = json_string(json_get(x, "code"));
            assert_null(strstr(seen.s, code));
            buf_addf(&seen, "%s ", code);
        }
        json_free(j);
        const char *link = http_header(k, r, "Link");
        next = link && strstr(link, "rel=\"next\"")
                   ? arena_strndup(&k->arena, link + 1, strcspn(link + 1, ">")) : NULL;
    }
    assert_int_equal(n, TAGS);
    assert_int_equal(pages, 5);
    buf_release(&seen);
}

static void a_question_may_have_a_body(void **state)
{
    struct bank *k = *state;
    http_ask(k, "POST", "/v1/leads", key(k, ""),
             "{\"name\":\"李四\",\"phone\":\"13812345678\",\"branch\":\"N1\"}");
    struct reply r = http_ask(k, "QUERY", "/v1/leads/count", "", "{\"where\":\"phone = 13812345678\"}");
    assert_int_equal(r.status, 200);
    assert_string_equal(bank_get(k, r.body, "count"), "1");
    r = http_ask(k, "GET", "/v1/leads/count?where=name%20=%20%E6%9D%8E%E5%9B%9B", "", NULL);
    assert_string_equal(bank_get(k, r.body, "count"), "1");
}

/* ---- who asks ----------------------------------------------------------------------------------------- */

static void give_password(struct bank *k, const char *login)
{
    bank_do(k, "account.password",
            arena_printf(&k->arena, "{\"code\":\"%s\",\"password\":\"Kaffee-2026-x\"}", login));
}

static const char *log_in(struct bank *k, const char *login)
{
    struct reply r = http_ask(k, "POST", "/v1/session", "", arena_printf(&k->arena,
                              "{\"login\":\"%s\",\"password\":\"Kaffee-2026-x\"}", login));
    if (r.status != 201)
        fail_msg("%d %s", r.status, r.body);
    return arena_printf(&k->arena, "Authorization: Bearer %s\r\n", bank_get(k, r.body, "token"));
}

/* A password that another set is changed first: nothing else goes. */
static const char *enter(struct bank *k, const char *login)
{
    give_password(k, login);
    const char *token = log_in(k, login);
    refused(http_ask(k, "GET", "/v1/leads", token, NULL), 403, "password.change");
    struct reply r = http_ask(k, "POST", "/v1/accounts/password", key(k, token),
                              "{\"old\":\"Kaffee-2026-x\",\"password\":\"Kaffee-2026-own\"}");
    if (r.status != 200)
        fail_msg("%d %s", r.status, r.body);
    return token;
}

/* A session is the account's: its rights, its scope, its masks; until it ends. */
static void a_session_is_who_logged_in(void **state)
{
    struct bank *k = *state;
    const char *token = enter(k, "101");
    struct reply r = http_ask(k, "GET", "/v1/session", token, NULL);
    assert_int_equal(r.status, 200);
    assert_string_equal(bank_get(k, r.body, "login"), "101");
    assert_string_equal(bank_get(k, r.body, "zone"), "Asia/Shanghai");
    assert_non_null(strstr(r.body, "lead.read"));
    /* the socket's peer */
    assert_string_equal(bank_get(k, http_ask(k, "GET", "/v1/session", "", NULL).body, "login"),
                        bank_text(k, "local:%d", (int)getuid()));
    refused(http_ask(k, "POST", "/v1/branches", key(k, token), "{\"code\":\"X\",\"name\":\"x\"}"),
            403, "right.missing");
    refused(http_ask(k, "GET", "/v1/audit", token, NULL), 403, "right.missing");
    assert_int_equal(http_ask(k, "DELETE", "/v1/session", token, NULL).status, 200);
    refused(http_ask(k, "GET", "/v1/leads", token, NULL), 401, "session.ended");
    assert_int_equal(
        number_of(k,
                  "select count(*) from audit where operation = 'session.end' and result = 'ok'"),
        1);
}

/* The secret as the answer gives it; the code by the clock. */
static const char *code_of(struct bank *k, const char *secret)
{
    unsigned char bytes[TOTP_BYTES];
    assert_true(totp_secret(secret, bytes));
    int64_t step = clock_now() / (TOTP_SECONDS * (int64_t)CLOCK_SECOND);
    return bank_text(k, "%06u", totp_code(bytes, TOTP_BYTES, step, TOTP_DIGITS));
}

static void a_login_takes_a_code_where_there_are_such(void **state)
{
    struct bank *k = *state;
    const char *token = enter(k, "101");
    assert_non_null(strstr(http_ask(k, "GET", "/v1/session", token, NULL).body, "\"must_change\":false"));
    struct reply r = http_ask(k, "POST", "/v1/accounts/totp/start", key(k, token), "{}");
    assert_int_equal(r.status, 200);
    const char *secret = bank_get(k, r.body, "secret");
    r = http_ask(k, "POST", "/v1/accounts/totp/confirm", key(k, token),
                 bank_text(k, "{\"totp\":\"%s\"}", code_of(k, secret)));
    assert_int_equal(r.status, 200);
    bank_later(CLOCK_MINUTE);
    const char *login = "\"login\":\"101\",\"password\":\"Kaffee-2026-own\"";
    refused(http_ask(k, "POST", "/v1/session", "", bank_text(k, "{%s}", login)), 401, "login.totp");
    refused(http_ask(k, "POST", "/v1/session", "", bank_text(k, "{%s,\"code\":123456}", login)), 400,
            "json.object");
    refused(http_ask(k, "POST", "/v1/session", "", bank_text(k, "{%s,\"pin\":\"1\"}", login)), 400,
            "json.object");
    refused(http_ask(k, "POST", "/v1/session", "", bank_text(k, "{%s,\"code\":\"12345\"}", login)), 401,
            "login.totp_wrong");
    const char *right = bank_text(k, "{%s,\"code\":\"%s\"}", login, code_of(k, secret));
    assert_int_equal(http_ask(k, "POST", "/v1/session", "", right).status, 201);
    refused(http_ask(k, "POST", "/v1/session", "", right), 401, "login.totp_wrong");
}

static void who_is_not_let_in(void **state)
{
    struct bank *k = *state;
    give_password(k, "101");
    refused(http_ask(k, "POST", "/v1/session", "", "{\"login\":\"101\",\"password\":\"wrong\"}"),
            401, "login.wrong");
    refused(http_ask(k, "POST", "/v1/session", "", "{\"login\":\"nobody\",\"password\":\"wrong\"}"),
            401, "login.wrong");
    refused(http_ask(k, "POST", "/v1/session", "", "{\"login\":\"101\"}"), 400, "json.object");
    refused(http_ask(k, "PUT", "/v1/session", "", "{}"), 405, "http.method");
    refused(http_ask(k, "GET", "/v1/leads", "Authorization: Bearer nonsense\r\n", NULL), 401,
            "session.unknown");
    refused(http_ask(k, "GET", "/v1/leads", "Authorization: Basic MTAxOng=\r\n", NULL), 401,
            "session.unknown");
    assert_int_equal(
        number_of(k, "select count(*) from audit where operation = 'login' and result = 'denied'"),
        2);
    for (int i = 0; i < 5; i++)
        http_ask(k, "POST", "/v1/session", "", "{\"login\":\"101\",\"password\":\"wrong\"}");
    struct reply r = http_ask(k, "POST", "/v1/session", "",
                              "{\"login\":\"101\",\"password\":\"Kaffee-2026-x\"}");
    refused(r, 429, "account.locked_for");
    assert_non_null(http_header(k, r, "Retry-After"));
}

/* Who may no longer is out at once, on every connection. */
static void who_leaves_is_out(void **state)
{
    struct bank *k = *state;
    const char *token = enter(k, "101");
    assert_int_equal(http_ask(k, "GET", "/v1/leads", token, NULL).status, 200);
    struct reply r = http_ask(k, "GET", "/v1/employees/_?code=101", "", NULL);
    const char *path = bank_text(k, "/v1/employees/%s", bank_get(k, r.body, "id"));
    assert_int_equal(
        http_ask(k, "PATCH", path, key(k, "If-Match: *\r\n"), "{\"status\":\"left\"}").status, 200);
    assert_int_equal(http_ask(k, "GET", "/v1/leads", token, NULL).status, 401);
}

/* ---- what others change ------------------------------------------------------------------------------- */

/* Reads of the stream until it says the words; false: it ended, or said something else for too long. */
static bool hears(int fd, struct buf *heard, const char *words)
{
    char piece[4096];
    ssize_t n = 1;
    while (!strstr(heard->s, words) && heard->len < 100000 && (n = recv(fd, piece, sizeof piece, 0)) > 0)
        buf_add(heard, piece, (size_t)n);
    return strstr(heard->s, words) != NULL;
}

static int listen_to(struct bank *k, const char *headers, struct buf *heard)
{
    int fd = http_connect(k);
    const char *ask = arena_printf(&k->arena, "GET /v1/changes HTTP/1.1\r\nHost: b\r\n%s\r\n", headers);
    assert_true(write(fd, ask, strlen(ask)) > 0);
    assert_true(hears(fd, heard, "text/event-stream"));
    assert_true(hears(fd, heard, "\nid: "));            /* it stands: what changes from here on is told */
    return fd;
}

static int64_t last_id(const struct buf *heard)
{
    const char *at = NULL;
    for (const char *p = heard->s; (p = strstr(p, "\nid: ")); p++)
        at = p;
    return at ? strtoll(at + 5, NULL, 10) : 0;
}

static void changes_are_told(void **state)
{
    struct bank *k = *state;
    struct buf heard = BUF_INIT;
    int fd = listen_to(k, "", &heard);
    http_ask(k, "POST", "/v1/tags", key(k, ""), "{\"code\":\"t1\",\"name\":\"n\"}");
    assert_true(hears(fd, &heard, "\"tag\""));
    bank_do(k, "lead.create", "{\"name\":\"x\",\"branch\":\"N1\"}");       /* of another process */
    assert_true(hears(fd, &heard, "\"lead\""));
    int64_t id = last_id(&heard);
    assert_int_equal(id, number_of(k, "select max(id) from event"));
    close(fd);
    http_ask(k, "POST", "/v1/products", key(k, ""), "{\"code\":\"p1\",\"name\":\"n\"}");
    buf_clear(&heard);                              /* what was missed is told */
    fd = listen_to(k, arena_printf(&k->arena, "Last-Event-ID: %lld\r\n", (long long)id), &heard);
    assert_true(hears(fd, &heard, "\"product\""));
    assert_null(strstr(heard.s, "\"tag\""));
    close(fd);
    buf_clear(&heard);                              /* an id that is still to come is another database's */
    fd = listen_to(k, "Last-Event-ID: 9000000000000000000\r\n", &heard);
    assert_true(hears(fd, &heard, "event: reset"));
    close(fd);
    buf_release(&heard);
}

/* He hears of what he may read, and no more once he is out. */
static void a_listener_who_leaves_is_cut_off(void **state)
{
    struct bank *k = *state;
    struct buf heard = BUF_INIT;
    const char *token = enter(k, "101");
    int fd = listen_to(k, token, &heard);
    bank_do(k, "account.change",
            bank_text(k, "{\"id\":\"%s\",\"roles\":\"supervisor\"}",
                      bank_sql(k, "select cast(id as text) from account where code = '102'")));
    bank_do(k, "tag.create", "{\"code\":\"t1\",\"name\":\"n\"}");
    assert_true(hears(fd, &heard, "\"tag\""));
    assert_null(strstr(heard.s, "\"account\""));
    assert_int_equal(http_ask(k, "DELETE", "/v1/session", token, NULL).status, 200);
    assert_true(hears(fd, &heard, "event: bye"));
    char more;
    while (recv(fd, &more, 1, 0) > 0)
        ;
    close(fd);
    refused(http_ask(k, "GET", "/v1/changes", token, NULL), 401, "session.ended");
    buf_release(&heard);
}

static void a_stop_ends_the_listeners(void **state)
{
    struct bank *k = *state;
    struct buf heard = BUF_INIT;
    int fd = listen_to(k, "", &heard), silent = listen_to(k, "", &heard);
    server_stop(server, 1000);
    server = NULL;
    buf_clear(&heard);
    assert_true(hears(fd, &heard, "event: bye"));
    close(fd);
    close(silent);
    buf_release(&heard);
}

/* ---- what is off -------------------------------------------------------------------------------------- */

static void paths_and_methods(void **state)
{
    struct bank *k = *state;
    refused(http_ask(k, "GET", "/v1/unicorns", "", NULL), 404, "http.path");
    refused(http_ask(k, "GET", "/v1/leads/123", "", NULL), 404, "noun.not_found");
    refused(http_ask(k, "GET", "/v1/leads/count%00x", "", NULL), 404, "http.path");
    refused(http_ask(k, "GET", "/v1/leads%2fcount%", "", NULL), 404, "http.path");
    refused(http_ask(k, "GET", "/v1/../v1/leads", "", NULL), 404, "http.path");
    refused(http_ask(k, "GET", "/v1/leads?where=%ff", "", NULL), 400, "http.query");
    refused(http_ask(k, "GET", "/v1/leads?limit=5&limit=6", "", NULL), 400, "http.twice");
    refused(http_ask(k, "GET", "/v1/leads?nonsense=1", "", NULL), 400, "json.unknown");
    refused(http_ask(k, "GET", "/v1/leads?cursor=forged", "", NULL), 400, "list.cursor");
    struct reply r = http_ask(k, "DELETE", "/v1/leads", "", NULL);
    refused(r, 405, "http.method");
    assert_non_null(strstr(http_header(k, r, "Allow"), "POST"));
    refused(http_ask(k, "POST", "/v1/leads/import", key(k, ""), "{\"file\":\"/etc/passwd\"}"), 500,
            "server.job");
    refused(http_ask(k, "PUT", "/v1/uploads/leads.csv", "", "x"), 500, "server.job");
}

/* Sent as they are; the server closes where two readers could disagree on where the request ends. */
static void heads_that_lie(void **state)
{
    static const struct { const char *bytes; int status;
    } bad[] = {
        { "POST /v1/tags HTTP/1.1\r\nHost: b\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
          400 },
        { "POST /v1/tags HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: "
          "chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
          400 },
        { "POST /v1/tags HTTP/1.1\r\nHost: b\r\nContent-Length: 9999999\r\n\r\n{", 413 },
        { "POST /v1/tags HTTP/1.1\r\nHost: b\r\nHost: c\r\nContent-Length: 2\r\n\r\n{}", 400 },
    };
    struct bank *k = *state;
    int64_t before = number_of(k, "select count(*) from tag");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int fd = http_connect(k);
        struct reply r = http_raw(fd, &k->arena, bad[i].bytes, strlen(bad[i].bytes));
        if (r.status != bad[i].status && !(bad[i].status == 400 && r.status == 411))
            fail_msg("%zu: %d, not %d", i, r.status, bad[i].status);
        assert_true(r.closed);
        close(fd);
    }
    assert_int_equal(number_of(k, "select count(*) from tag"), before);
}

static void bodies_that_are_none(void **state)
{
    static const struct { const char *body; int status; const char *code;
    } bad[] = {
        { "{\"code\":\"a\"", 400, "json.syntax" },
        { "[]", 400, "json.object" },
        { "null", 400, "json.object" },
        { "{\"code\":1}", 400, "json.type" },
        { "{\"code\":\"a\",\"code\":\"b\"}", 400, "json.duplicate" },
        { "{\"colour\":\"a\"}", 400, "json.unknown" },
        { "{\"name\":\"x\"}", 400, "field.required" },
        { "{\"code\":\"\xff\"}", 400, "json.utf8" },
    };
    struct bank *k = *state;
    struct reply r;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(http_ask(k, "POST", "/v1/tags", key(k, ""), bad[i].body), bad[i].status, bad[i].code);
    r = http_ask(k, "POST", "/v1/tags",
                 key(k, "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"), NULL);
    refused(r, 415, "http.type");
}

/* A client that says half of what it has to say, and goes. */
static void half_requests(void **state)
{
    static const char *const halves[] = {
        "G", "GET /v1/leads HTTP/1.1\r\nHo",
        "POST /v1/tags HTTP/1.1\r\nHost: b\r\nContent-Length: 90\r\n\r\n{\"code\":",
        "\x16\x03\x01\x02", "\r\n\r\n"
    };
    struct bank *k = *state;
    for (int round = 0; round < 20; round++) {
        int fd = http_connect(k);
        const char *half = halves[round % 5];
        assert_true(write(fd, half, strlen(half)) > 0);
        close(fd);
    }
    assert_int_equal(http_ask(k, "GET", "/healthz", "", NULL).status, 200);
    assert_int_equal(http_ask(k, "GET", "/readyz", "", NULL).status, 200);
}

/* Every file of the JSON test suite as a body: what is no JSON is told, what is JSON is refused for
 * what it says. */
static void json_of_all_kinds(void **state)
{
    struct bank *k = *state;
    const char *shared = getenv("SHARED");
    DIR *d =
        shared ? opendir(arena_printf(&k->arena, "%s/data/json/JSONTestSuite/test_parsing", shared))
               : NULL;
    if (!d) {
        print_message("skipped: SHARED has no data/json/JSONTestSuite\n");
        skip();
    }
    int files = 0;
    int64_t before = number_of(k, "select count(*) from audit");
    for (struct dirent *f = readdir(d); f; f = readdir(d)) {
        static char text[1 << 20];
        struct buf b = BUF_INIT;
        FILE *in = fopen(arena_printf(&k->arena, "%s/data/json/JSONTestSuite/test_parsing/%s",
                                      shared, f->d_name),
                         "rb");
        size_t n = in && strstr(f->d_name, ".json") ? fread(text, 1, sizeof text, in) : 0;
        if (in)
            fclose(in);
        if (!strstr(f->d_name, ".json"))
            continue;
        buf_addf(&b,
                 "POST /v1/tags HTTP/1.1\r\nHost: b\r\n%sContent-Type: "
                 "application/json\r\nContent-Length: %zu\r\n\r\n",
                 key(k, ""), n);
        buf_add(&b, text, n);
        int fd = http_connect(k);
        struct reply r = http_raw(fd, &k->arena, b.s, b.len);
        close(fd);
        buf_release(&b);
        files++;
        if (r.status < 400 || r.status >= 500)
            fail_msg("%s: %d %s", f->d_name, r.status, r.body);
        if (f->d_name[0] == 'y' && strstr(r.body, "json.syntax") && !strstr(f->d_name, "null_escape") &&
            !strstr(f->d_name, "u+0000"))
            fail_msg("%s: %s", f->d_name, r.body);
    }
    closedir(d);
    assert_true(files > 140);
    assert_int_equal(number_of(k, "select count(*) from audit"), before);
}

/* ---- many at once ------------------------------------------------------------------------------------- */

enum { CLIENTS = 16, EACH = 20 };

struct client { pthread_t thread; struct bank own; int number, made, refused; };

/* Every fifth is refused; each has a key of its own. */
static void *write_away(void *arg)
{
    struct client *c = arg;
    for (int i = 0; i < EACH; i++) {
        bool bad = i % 5 == 4;
        const char *head = arena_printf(&c->own.arena, "Idempotency-Key: c%d-%d\r\n", c->number, i);
        const char *body = arena_printf(
            &c->own.arena, bad ? "{\"code\":\"c%d-%d\"}" : "{\"code\":\"c%d-%d\",\"name\":\"n\"}",
            c->number, i);
        int status = http_ask(&c->own, "POST", "/v1/tags", head, body).status;
        c->made += status == 201;
        c->refused += status == 400;
    }
    return NULL;
}

static void what_is_acknowledged_is_there_once(void **state)
{
    struct bank *k = *state;
    static struct client client[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        client[i] = (struct client){ .number = i };
        snprintf(client[i].own.dir, sizeof client[i].own.dir, "%s", k->dir);
        pthread_create(&client[i].thread, NULL, write_away, &client[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(client[i].thread, NULL);
        assert_int_equal(client[i].made, EACH / 5 * 4);
        assert_int_equal(client[i].refused, EACH / 5);
        arena_free(&client[i].own.arena);
    }
    assert_int_equal(number_of(k, "select count(*) from tag where code_key like 'c%-%'"),
                     CLIENTS * EACH / 5 * 4);
    assert_int_equal(
        number_of(k, "select count(*) from audit where operation = 'tag.create' and result = 'ok'"),
        CLIENTS * EACH / 5 * 4);
}

static void *stop_it(void *arg)
{
    server_stop(arg, 5000);
    return NULL;
}

/* A server that is stopped answers what it took; what it answered is there. */
static void a_stop_loses_nothing(void **state)
{
    struct bank *k = *state;
    pthread_t stopper;
    int fd[CLIENTS], made = 0;
    for (int i = 0; i < CLIENTS; i++) {
        const char *body = arena_printf(&k->arena, "{\"code\":\"s%d\",\"name\":\"n\"}", i);
        const char *all =
            arena_printf(&k->arena,
                         "POST /v1/tags HTTP/1.1\r\nHost: b\r\n%sContent-Type: application/json\r\n"
                         "Content-Length: %zu\r\n\r\n%s",
                         key(k, ""), strlen(body), body);
        fd[i] = http_connect(k);
        assert_true(write(fd[i], all, strlen(all)) > 0);
    }
    pthread_create(&stopper, NULL, stop_it, server);
    for (int i = 0; i < CLIENTS; i++) {
        made += http_raw(fd[i], &k->arena, "", 0).status == 201;
        close(fd[i]);
    }
    pthread_join(stopper, NULL);
    server = NULL;
    assert_int_equal(number_of(k, "select count(*) from tag where code_key like 's%'"), made);
    assert_int_not_equal(access(http_socket(k), F_OK), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_server, close_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_is_made_read_and_changed),
        TEST(the_same_key_makes_one_row),
        TEST(links_lead_through_a_list),
        TEST(a_question_may_have_a_body),
        TEST(a_session_is_who_logged_in),
        TEST(a_login_takes_a_code_where_there_are_such),
        TEST(who_is_not_let_in),
        TEST(who_leaves_is_out),
        TEST(changes_are_told),
        TEST(a_listener_who_leaves_is_cut_off),
        TEST(a_stop_ends_the_listeners),
        TEST(paths_and_methods),
        TEST(heads_that_lie),
        TEST(bodies_that_are_none),
        TEST(half_requests),
        TEST(json_of_all_kinds),
        TEST(what_is_acknowledged_is_there_once),
        TEST(a_stop_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
