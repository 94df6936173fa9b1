/* Who comes in over the network: the password, the session it begins, what ends it, and API keys; through the
 * operations and through the frame around them, with a line as the server has one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "core/api/login.h"
#include "core/api/run.h"
#include "core/model/record_json.h"
#include "tests/contract/bank.h"

static const char right_one[] = "Kaffee-2026";

/* ---- as the server does it --------------------------------------------------------------------- */

struct server {
    struct bank *k;
    struct line line;
};

/* The account of login gets a password; it is not the caller's to change at once. */
static void give_password(struct bank *k, const char *login)
{
    bank_do(k, "account.password", bank_text(k, "{\"code\":\"%s\",\"password\":\"%s\"}", login, right_one));
}

static int setup(void **state)
{
    if (bank_setup(state))
        return -1;
    struct server *s = calloc(1, sizeof *s);
    s->k = *state;
    struct backend_config c = { .url = s->k->path, .keys_dir = s->k->keys };
    if (line_open(&s->line, &c, &s->k->e))
        return -1;
    bank_do(s->k, "account.create", "{\"code\":\"sec\",\"roles\":\"secadmin\"}");
    give_password(s->k, "101");
    give_password(s->k, "sec");
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct server *s = *state;
    *state = s->k;
    line_close(&s->line);
    free(s);
    return bank_teardown(state);
}

static enum status log_in(struct server *s, const char *login, const char *password,
                          char token[SESSION_TOKEN])
{
    struct actor who;
    struct session_new new = { .from = "10.1.2.3", .agent = "test" };
    memset(&s->k->e, 0, sizeof s->k->e);
    return login_session(&s->line, login, password, &new, &s->k->arena, &who, token, &s->k->e);
}

static const char *token_of(struct server *s, const char *login)
{
    char token[SESSION_TOKEN];
    if (log_in(s, login, right_one, token))
        fail_msg("%s: %s", login, s->k->e.code);
    return bank_text(s->k, "%s", token);
}

static void wrong(struct server *s, const char *login, const char *password, const char *code)
{
    char token[SESSION_TOKEN];
    assert_int_equal(log_in(s, login, password, token), ST_DENIED);
    assert_string_equal(s->k->e.code, code);
    for (size_t i = 0; i < sizeof token; i++)
        assert_int_equal(token[i], 0);
}

/* One request: the token is looked up, its account loaded, the operation run. NULL: refused. */
static enum status load(const struct caller *c, struct line *l, struct arena *a, struct actor *out,
                        struct err *e)
{
    return bearer_actor(l->db, c->arg, clock_now(), a, out, e);
}

static const char *answer_of(struct bank *k, const struct op *op, void *out)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    const struct page *page = out;
    if (op->many == OUT_MANY) {
        jw_object(&w);
        jw_key(&w, "items");
        jw_array(&w);
    }
    for (size_t i = 0; op->many == OUT_MANY && i < page->rows.n; i++)
        record_to_json(&w, op->out, (const char *)page->rows.items + i * op->out->size);
    if (op->many == OUT_MANY) {
        jw_end_array(&w);
        jw_key(&w, "next");
        jw_str(&w, page->next);
        jw_end_object(&w);
    } else {
        record_to_json(&w, op->out, out);
    }
    const char *text = bank_text(k, "%s", b.s);
    buf_release(&b);
    return text;
}

static const char *request_key(struct server *s, const char *token, const char *name, const char *in,
                               const char *key)
{
    struct bank *k = s->k;
    const struct op *op = op_find(name);
    struct call call = { .op = op, .key = key };
    struct bearer b;
    struct json *j;
    bool *given;
    memset(&k->e, 0, sizeof k->e);
    if (bearer_find(s->line.db, token, clock_now(), &k->arena, &b, &k->e))
        return NULL;
    struct caller c = { .load = load, .arg = &b };
    if (caller_begin(&c, &s->line, &k->e))
        return NULL;
    if (op->in) {
        void *rec = record_new(op->in, &k->arena);
        assert_int_equal(json_parse(in, strlen(in), &j, &k->e), ST_OK);
        enum status read = record_from_json(j, op->in, NULL, 0, &k->arena, rec, &given, &k->e);
        json_free(j);
        if (read) {
            caller_free(&c);
            return NULL;
        }
        call.in = rec;
        call.given = given;
    }
    struct page page = { 0 };
    void *out = op->many == OUT_MANY ? (void *)&page : record_new(op->out, &k->arena);
    enum status st = run_call(&s->line, &c, &call, &k->arena, out, &k->e);
    caller_free(&c);
    return st ? NULL : answer_of(k, op, out);
}

static const char *request(struct server *s, const char *token, const char *name, const char *in)
{
    return request_key(s, token, name, in, NULL);
}

static void works(struct server *s, const char *token)
{
    if (!request(s, token, "account.has_password", "{}"))
        fail_msg("%s", s->k->e.code);
}

static void refused(struct server *s, const char *answer, enum status st, const char *code)
{
    assert_null(answer);
    assert_string_equal(s->k->e.code, code);
    assert_int_equal(s->k->e.status, st);
}

static void ended(struct server *s, const char *token, const char *why)
{
    refused(s, request(s, token, "account.has_password", "{}"), ST_DENIED, "session.ended");
    assert_string_equal(s->k->e.param[0], why);
}

static const char *session_id(struct server *s, const char *login)
{
    return bank_sql(
        s->k, bank_text(s->k,
                        "select max(s.id) from session s, account a where a.id = s.account_id "
                        "and a.code = '%s'",
                        login));
}

/* ---- the password ------------------------------------------------------------------------------ */

/* Not there, off, left, without a password, the local owner's, wrong, endless: one answer, in the audit under
 * the address it came from. */
static void what_is_wrong_is_not_told(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    char endless[2000];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = 0;
    give_password(k, "201");
    give_password(k, "400");
    bank_sql(k, "update account set active = 0 where code = '201'");
    bank_sql(k, "update employee set status = 'left' where code = '400'");
    const char *const logins[] = { "nobody", "201", "400", "102", "101", "", "x\"y\\", endless,
                                   bank_sql(k, "select code from account where local_uid is not null") };
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++)
        wrong(s, logins[i], strcmp(logins[i], "101") == 0 ? "Kaffee-2025" : right_one, "login.wrong");
    wrong(s, "101", endless, "login.wrong");
    wrong(s, "101", "", "login.wrong");
    assert_int_equal(
        bank_sql_int(k,
                     "select count(*) from audit where operation = 'login' and result = 'denied' "
                     "and code = 'login.wrong' and account = 'from:10.1.2.3'"),
        11);
    assert_int_equal(bank_sql_int(k, "select count(*) from session"), 0);
    works(s, token_of(s, "101"));
    assert_string_equal(
        bank_sql(k, "select account || detail from audit where operation = 'login' and result = "
                    "'ok'"),
        "101{\"from\":\"10.1.2.3\"}");
    assert_non_null(strstr(bank_do(k, "audit.verify", "{}"), "\"intact\":true"));
    assert_int_equal(bank_sql_int(k, "select count(*) from account where code like 'from:%'"), 0);
    bank_refused(k, bank_call(k, "account.create", "{\"code\":\"From:1\",\"roles\":\"auditor\"}"), ST_INVALID,
                 "account.login_reserved");
}

/* The same look-ups and writes, whoever it is: none may be found out by what it costs. */
static void nobody_costs_what_somebody_does(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    static const char *const logins[] = { "nobody", "101", "102" };
    for (size_t i = 0; i < 3; i++) {
        int64_t before = bank_sql_int(k, "select (select count(*) from password_try) + (select count(*) from "
                                      "login_try) + (select count(*) from audit)");
        wrong(s, logins[i], "Kaffee-2025", "login.wrong");
        assert_int_equal(bank_sql_int(k, "select (select count(*) from password_try) + (select count(*) from "
                                      "login_try) + (select count(*) from audit)"), before + 2);
    }
    for (size_t i = 0; i < 3; i++) {
        for (int n = 1; n < 5; n++)
            wrong(s, logins[i], "Kaffee-2025", "login.wrong");
        wrong(s, logins[i], right_one, "account.locked_for");
        assert_string_equal(k->e.param[0], "15");
    }
    wrong(s, "NOBODY", right_one, "account.locked_for");        /* logins compare case-folded */
    assert_int_equal(bank_sql_int(k, "select count(*) from login_try where instr(hash, 'nobody')"), 0);
    bank_later(15 * CLOCK_MINUTE);
    wrong(s, "nobody", right_one, "login.wrong");
    works(s, token_of(s, "101"));
    bank_later(2 * (int64_t)CLOCK_HOUR);
    wrong(s, "another", right_one, "login.wrong");
    assert_int_equal(bank_sql_int(k, "select count(*) from login_try"), 1);     /* those of before are gone */
}

/* What one client has shown, another has not: the server's process is everybody's. */
static void each_login_is_checked(void **state)
{
    struct server *s = *state;
    struct actor who;
    assert_int_equal(login_password(&s->line, "101", right_one, NULL, &s->k->arena, &who, &s->k->e), ST_OK);
    assert_string_equal(who.login, "101");
    assert_int_equal(who.session, 0);
    bank_sql(s->k, "update account set active = 0 where code = '101'");
    wrong(s, "101", right_one, "login.wrong");
    assert_int_equal(
        bank_sql_int(s->k,
                     "select count(*) from audit where operation = 'login' and result = 'ok'"),
        1);
}

/* Changed between the look at the hash and the moment he is let in: the trigger stands for another
 * console. */
static void a_password_that_changes_meanwhile_lets_nobody_in(void **state)
{
    struct server *s = *state;
    bank_sql(s->k, "create trigger meanwhile after insert on password_try begin update account set "
                   "password_hash "
                   "= password_hash || ' ' where id = new.account_id; end");
    wrong(s, "101", right_one, "login.wrong");
    assert_int_equal(bank_sql_int(s->k, "select count(*) from session"), 0);
}

/* ---- sessions ---------------------------------------------------------------------------------- */

static void a_session_outlives_the_server(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    const char *token = token_of(s, "101");
    struct backend_config c = { .url = k->path, .keys_dir = k->keys };
    line_close(&s->line);
    bank_do(k, "key.rotate", "{\"forget\":true}");      /* and the database's key */
    assert_int_equal(line_open(&s->line, &c, &k->e), ST_OK);
    works(s, token);
    const char *row = request(s, token, "session.list", "{}");
    assert_non_null(strstr(row, "\"account\":\"101\",\"from\":\"10.1.2.3\",\"agent\":\"test\""));
    assert_non_null(strstr(row, "\"state\":\"open\""));
    assert_non_null(strstr(row, "\"current\":true"));
}

static void people_see_and_end_their_own(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    const char *one = token_of(s, "101"), *first = session_id(s, "101"), *two = token_of(s, "101");
    const char *officer = token_of(s, "sec"), *his = session_id(s, "sec");
    assert_null(strstr(request(s, one, "session.list", "{}"), his));
    assert_non_null(strstr(request(s, one, "session.list", "{\"account\":\"101\"}"), first));
    refused(s, request(s, one, "session.list", "{\"account\":\"sec\"}"), ST_DENIED, "right.missing");
    refused(s, request(s, one, "session.list", "{\"account\":\"nobody\"}"), ST_DENIED, "right.missing");
    refused(s, request(s, one, "session.end", bank_text(k, "{\"id\":\"%s\"}", his)), ST_NOT_FOUND,
            "noun.not_found");
    assert_string_equal(
        bank_sql(k, "select account || ' ' || result || ' ' || noun || ' ' || subject from audit "
                    "order by id desc limit 1"),
        bank_text(k, "101 denied session %s", his));
    refused(s, request(s, one, "session.end", "{\"id\":\"1\"}"), ST_NOT_FOUND, "noun.not_found");
    works(s, officer);

    assert_string_equal(request(s, two, "session.end", bank_text(k, "{\"id\":\"%s\"}", first)),
                        "{\"count\":1}");
    ended(s, one, "revoked");
    assert_string_equal(request(s, two, "session.end", bank_text(k, "{\"id\":\"%s\"}", first)),
                        "{\"count\":0}");
    assert_string_equal(request(s, two, "session.end", "{}"), "{\"count\":1}");
    ended(s, two, "logout");
    assert_int_equal(
        bank_sql_int(k, "select count(*) from audit where operation = 'session.end' and result = "
                        "'ok' and account = '101'"),
        3);
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'session.ended'"), 2);
}

static void who_manages_accounts_ends_anybody_s(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    const char *one = token_of(s, "101"), *two = token_of(s, "101"), *officer = token_of(s, "sec");
    assert_non_null(strstr(request(s, officer, "session.list", "{}"), session_id(s, "101")));
    refused(s, request(s, officer, "session.list", "{\"account\":\"nobody\"}"), ST_NOT_FOUND,
            "account.not_found");
    refused(s, request(s, one, "account.end_sessions", "{\"code\":\"sec\"}"), ST_DENIED, "right.missing");
    refused(s, request(s, officer, "account.end_sessions", "{\"code\":\"nobody\"}"), ST_NOT_FOUND,
            "account.not_found");
    assert_string_equal(request(s, one, "account.end_sessions", "{}"), "{\"count\":1}");
    ended(s, two, "revoked");
    works(s, one);
    assert_string_equal(request_key(s, officer, "account.end_sessions", "{\"code\":\"101\"}", "k1"),
                        "{\"count\":1}");
    ended(s, one, "revoked");
    const char *again = token_of(s, "101");     /* the same key: the same answer, and nothing more */
    assert_string_equal(request_key(s, officer, "account.end_sessions", "{\"code\":\"101\"}", "k1"),
                        "{\"count\":1}");
    works(s, again);
    assert_string_equal(bank_get(k,
                                 request(s, officer, "session.end",
                                         bank_text(k, "{\"id\":\"%s\"}", session_id(s, "101"))),
                                 "count"),
                        "1");
    ended(s, again, "revoked");
}

/* By its row and by its employee's, in the transaction that does it. */
static void an_account_that_is_off_is_out_at_once(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    give_password(k, "400");
    const char *one = token_of(s, "101"), *gone = token_of(s, "400");
    bank_do(k, "account.change", bank_text(k, "{\"id\":\"%s\",\"active\":false}",
                                           bank_sql(k, "select id from account where code = '101'")));
    ended(s, one, "account");
    bank_do(k, "employee.change", bank_text(k, "{\"id\":\"%s\",\"status\":\"left\"}",
                                            bank_sql(k, "select id from employee where code = '400'")));
    ended(s, gone, "account");
    bank_do(k, "account.change", bank_text(k, "{\"id\":\"%s\",\"active\":true}",
                                           bank_sql(k, "select id from account where code = '101'")));
    ended(s, one, "account");
    works(s, token_of(s, "101"));
}

static void another_password_ends_the_others(void **state)
{
    struct server *s = *state;
    const char *one = token_of(s, "101"), *two = token_of(s, "101");
    if (!request(s, two, "account.password", "{\"old\":\"Kaffee-2026\",\"password\":\"Tee-Tasse-27\"}"))
        fail_msg("%s", s->k->e.code);
    ended(s, one, "password");
    works(s, two);
    give_password(s->k, "101");
    ended(s, two, "password");
}

static void what_has_ended_is_listed_when_asked_for(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    token_of(s, "101");
    bank_later(31 * CLOCK_MINUTE);
    const char *token = token_of(s, "101");
    token_of(s, "101");
    bank_sql(k, "update session set ends_at = 1 where id = (select max(id) from session)");
    assert_null(strstr(request(s, token, "session.list", "{}"), "ended\""));
    const char *all = request(s, token, "session.list", "{\"all\":true}");
    assert_non_null(strstr(all, "\"why\":\"idle\""));
    assert_non_null(strstr(all, "\"why\":\"expired\""));
}

static int items(const char *page)
{
    int n = 0;
    for (const char *p = page; (p = strstr(p, "\"made_at\"")); p++)
        n++;
    return n;
}

/* Page by page, each session once. */
static void a_list_has_pages(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    const char *token = NULL, *next = "";
    int n = 0, pages = 0;
    for (int i = 0; i < 5; i++)
        token = token_of(s, "101");
    do {
        const char *page = request(s, token, "session.list", *next
                                   ? bank_text(k, "{\"limit\":2,\"cursor\":\"%s\"}", next) : "{\"limit\":2}");
        if (!page)
            fail_msg("%s", k->e.code);
        n += items(page);
        pages++;
        next = bank_get(k, page, "next");
    } while (*next && pages < 9);
    assert_int_equal(n, 5);
    assert_int_equal(pages, 3);
    refused(s, request(s, token, "session.list", "{\"cursor\":\"x\"}"), ST_INVALID, "list.cursor");
}

/* ---- API keys ---------------------------------------------------------------------------------- */

static const char *key_of(struct server *s, const char *token, const char *in)
{
    const char *made = request(s, token, "api_key.create", in);
    if (!made)
        fail_msg("%s: %s", in, s->k->e.code);
    return bank_get(s->k, made, "key");
}

static void a_key_is_given_once_and_does_no_more_than_it_says(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    const char *token = token_of(s, "101"), *in = "{\"name\":\"nightly\",\"rights\":\"lead.read\"}";
    const char *made = request_key(s, token, "api_key.create", in, "k1");
    assert_non_null(made);
    const char *key = bank_get(k, made, "key");
    assert_int_equal(strncmp(key, "ghk_", 4), 0);
    refused(s, request_key(s, token, "api_key.create", in, "k1"), ST_CONFLICT, "noun.duplicate");
    assert_int_equal(bank_sql_int(k, "select count(*) from answer where instr(reply, 'ghk_')"), 0);
    assert_int_equal(
        bank_sql_int(k, "select count(*) from audit where instr(coalesce(detail, ''), 'ghk_')"), 0);
    const char *list = request(s, token, "api_key.list", "{}");
    assert_non_null(strstr(list, "\"rights\":\"lead.read\""));
    assert_null(strstr(list, key));

    assert_non_null(request(s, key, "lead.list", "{}"));
    refused(s, request(s, key, "lead.create", "{\"name\":\"Li\"}"), ST_DENIED, "right.missing");
    static const char *const by_hand[][2] = {
        { "account.password", "{\"old\":\"Kaffee-2026\",\"password\":\"Tee-Tasse-27\"}" },
        { "account.verify", "{\"password\":\"Kaffee-2026\"}" },
        { "account.end_sessions", "{}" },
        { "session.end", "{}" },
        { "api_key.create", "{\"name\":\"x\",\"rights\":\"lead.read\"}" },
        { "api_key.end", "{\"id\":\"1\"}" },
    };
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++)
        refused(s, request(s, key, by_hand[i][0], by_hand[i][1]), ST_DENIED, "api_key.person");
    works(s, token);
}

static void a_key_has_no_more_than_who_makes_it(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    const char *token = token_of(s, "101");
    refused(
        s, request(s, token, "api_key.create", "{\"name\":\"a\",\"rights\":\"lead.read,account\"}"),
        ST_DENIED, "api_key.right_not_yours");
    refused(s, request(s, token, "api_key.create", "{\"name\":\"a\",\"rights\":\"lead.reed\"}"), ST_INVALID,
            "api_key.right_unknown");
    assert_string_equal(k->e.param[0], "lead.reed");
    refused(
        s, request(s, token, "api_key.create", "{\"name\":\"a\",\"rights\":\"none\",\"days\":367}"),
        ST_INVALID, "field.range");
    bank_refused(k, bank_call(k, "api_key.create", "{\"name\":\"a\",\"rights\":\"none\"}"), ST_DENIED,
                 "api_key.local_owner");
    const char *key = key_of(s, token, "{\"name\":\"a\",\"rights\":\"lead.write, lead.read\",\"days\":1}");
    assert_non_null(request(s, key, "lead.create", "{\"name\":\"Li\"}"));
    assert_string_equal(
        bank_sql(k, "select account from audit where operation = 'lead.create' and result = 'ok'"),
        "101");
    bank_later(CLOCK_DAY);
    refused(s, request(s, key, "lead.list", "{}"), ST_DENIED, "api_key.ended");
}

static void keys_end_by_hand_and_with_the_account(void **state)
{
    struct server *s = *state;
    struct bank *k = s->k;
    const char *token = token_of(s, "101"), *officer = token_of(s, "sec");
    const char *one = key_of(s, token, "{\"name\":\"a\",\"rights\":\"lead.read\"}");
    const char *two = key_of(s, token, "{\"name\":\"b\",\"rights\":\"lead.read\"}");
    const char *his = key_of(s, officer, "{\"name\":\"a\",\"rights\":\"account\"}");
    const char *id = bank_sql(k, "select id from api_key where name = 'a' order by id limit 1");
    refused(s, request(s, token, "api_key.end", "{}"), ST_NOT_FOUND, "noun.not_found");
    refused(s,
            request(s, token, "api_key.end",
                    bank_text(k, "{\"id\":\"%s\"}", bank_sql(k, "select max(id) from api_key"))),
            ST_NOT_FOUND, "noun.not_found");
    assert_non_null(request(s, his, "account.list", "{}"));
    assert_string_equal(request(s, officer, "api_key.end", bank_text(k, "{\"id\":\"%s\"}", id)),
                        "{\"count\":1}");
    refused(s, request(s, one, "lead.list", "{}"), ST_DENIED, "api_key.ended");
    assert_non_null(request(s, two, "lead.list", "{}"));
    give_password(k, "101");                    /* a program's key is not the person's password */
    assert_non_null(request(s, two, "lead.list", "{}"));
    bank_do(k, "account.change", bank_text(k, "{\"id\":\"%s\",\"active\":false}",
                                           bank_sql(k, "select id from account where code = '101'")));
    refused(s, request(s, two, "lead.list", "{}"), ST_DENIED, "api_key.ended");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_wrong_is_not_told),
        CASE(nobody_costs_what_somebody_does),
        CASE(each_login_is_checked),
        CASE(a_password_that_changes_meanwhile_lets_nobody_in),
        CASE(a_session_outlives_the_server),
        CASE(people_see_and_end_their_own),
        CASE(who_manages_accounts_ends_anybody_s),
        CASE(an_account_that_is_off_is_out_at_once),
        CASE(another_password_ends_the_others),
        CASE(what_has_ended_is_listed_when_asked_for),
        CASE(a_list_has_pages),
        CASE(a_key_is_given_once_and_does_no_more_than_it_says),
        CASE(a_key_has_no_more_than_who_makes_it),
        CASE(keys_end_by_hand_and_with_the_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
