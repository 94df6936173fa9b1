/* Sessions and API keys: given out once, kept as digests, ended in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/guard/password.h"
#include "core/guard/session.h"
#include "tests/unit/tmpdb.h"

enum { STAFF = ACCOUNT + ROLE_STAFF, SUPERVISOR = ACCOUNT + ROLE_SUPERVISOR };

static int64_t begin_at(struct tmpdb *t, int64_t account, int64_t at, const struct session_rules *rules,
                        char token[SESSION_TOKEN])
{
    struct ctx c = tmpdb_ctx(t);
    struct session_new s = { account, "10.1.2.3", "gonghai \t0.1", rules };
    int64_t id = 0;
    c.now = at;
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(session_begin(&c, &s, token, &id), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    return id;
}

static int64_t begin(struct tmpdb *t, int64_t account, char token[SESSION_TOKEN])
{
    return begin_at(t, account, TMPDB_NOW, NULL, token);
}

static enum status find(struct tmpdb *t, const char *token, int64_t at, struct bearer *out)
{
    memset(&t->err, 0, sizeof t->err);
    return bearer_find(t->db, token, at, &t->arena, out, &t->err);
}

static void refused(struct tmpdb *t, const char *token, int64_t at, const char *code)
{
    struct bearer b;
    assert_int_equal(find(t, token, at, &b), ST_DENIED);
    assert_string_equal(t->err.code, code);
}

static void found(struct tmpdb *t, const char *token, int64_t at)
{
    struct bearer b;
    assert_int_equal(find(t, token, at, &b), ST_OK);
}

static int64_t count(struct tmpdb *t, const char *sql)
{
    int64_t n;
    assert_int_equal(db_get_int(t->db, &t->err, &n, sql, ""), ST_OK);
    return n;
}

/* ---- tokens ------------------------------------------------------------------------------------ */

static void a_token_is_random_and_not_kept(void **state)
{
    struct tmpdb *t = *state;
    char one[SESSION_TOKEN], two[SESSION_TOKEN];
    struct bearer b;
    int64_t id = begin(t, STAFF, one);
    begin(t, STAFF, two);
    assert_int_equal(strlen(one), 43);          /* 256 bits, six a character */
    assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
    assert_string_not_equal(one, two);
    assert_int_equal(find(t, one, TMPDB_NOW, &b), ST_OK);
    assert_int_equal(b.session, id);
    assert_int_equal(b.account, STAFF);
    assert_string_equal(b.login, "staff");
    assert_string_equal(raw_text(t->path, "select from_addr || '|' || agent from session", &t->arena),
                        "10.1.2.3|gonghai  0.1");
    assert_int_equal(count(t, "select count(*) from session where length(token_hash) = 32"), 2);
    char *near = arena_strdup(&t->arena, one);
    near[42] ^= 4;                              /* one character, another one of base64url or none */
    refused(t, near, TMPDB_NOW, "session.unknown");
    refused(t, "", TMPDB_NOW, "session.unknown");
    refused(t, "ghk_", TMPDB_NOW, "api_key.unknown");
    refused(t, arena_printf(&t->arena, "ghk_%s", one), TMPDB_NOW, "api_key.unknown");
    refused(t, arena_printf(&t->arena, "%s ", one), TMPDB_NOW, "session.unknown");
}

static void what_a_client_calls_itself_is_bounded(void **state)
{
    struct tmpdb *t = *state;
    struct ctx c = tmpdb_ctx(t);
    char token[SESSION_TOKEN], agent[300];
    int64_t id;
    memset(agent, 'x', sizeof agent - 1);
    agent[sizeof agent - 1] = 0;
    const char *agents[] = { agent, "\xff\xfe", "", NULL };
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    for (size_t i = 0; i < 4; i++) {
        struct session_new s = { .account = STAFF, .agent = agents[i] };
        assert_int_equal(session_begin(&c, &s, token, &id), ST_OK);
    }
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_int_equal(count(t, "select count(*) from session where agent is null and from_addr is null"), 4);
}

/* ---- time -------------------------------------------------------------------------------------- */

static void it_ends_when_not_used_and_at_the_latest(void **state)
{
    struct tmpdb *t = *state;
    char token[SESSION_TOKEN];
    struct bearer b;
    begin(t, STAFF, token);
    found(t, token, TMPDB_NOW + 30 * CLOCK_MINUTE - 1);
    refused(t, token, TMPDB_NOW + 30 * CLOCK_MINUTE, "session.idle");
    for (int64_t at = TMPDB_NOW; at < TMPDB_NOW + 12 * CLOCK_HOUR; at += 29 * CLOCK_MINUTE) {
        assert_int_equal(find(t, token, at, &b), ST_OK);
        assert_int_equal(db_begin(t->db, &t->err), ST_OK);
        assert_int_equal(bearer_touch(t->db, &b, at, &t->err), ST_OK);
        assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    }
    found(t, token, TMPDB_NOW + 12 * CLOCK_HOUR - 1);
    refused(t, token, TMPDB_NOW + 12 * CLOCK_HOUR, "session.expired");
}

static void rules_are_the_caller_s(void **state)
{
    struct tmpdb *t = *state;
    struct session_rules rules = { .whole_ms = CLOCK_HOUR, .idle_ms = NONE, .most = 1 };
    char one[SESSION_TOKEN], two[SESSION_TOKEN];
    begin_at(t, STAFF, TMPDB_NOW, &rules, one);
    found(t, one, TMPDB_NOW + CLOCK_HOUR - 1);
    refused(t, one, TMPDB_NOW + CLOCK_HOUR, "session.expired");
    begin_at(t, STAFF, TMPDB_NOW + 1, &rules, two);
    refused(t, one, TMPDB_NOW + 2, "session.ended");
    assert_string_equal(t->err.param[0], "many");
    found(t, two, TMPDB_NOW + 2);
}

/* A read is followed by a write at most once a minute. */
static void it_is_touched_once_a_minute(void **state)
{
    struct tmpdb *t = *state;
    char token[SESSION_TOKEN];
    struct bearer b;
    begin(t, STAFF, token);
    assert_int_equal(find(t, token, TMPDB_NOW + CLOCK_MINUTE - 1, &b), ST_OK);
    assert_false(b.touch);
    assert_int_equal(find(t, token, TMPDB_NOW + CLOCK_MINUTE, &b), ST_OK);
    assert_true(b.touch);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    for (int i = 0; i < 3; i++) {               /* three threads that found it at once */
        assert_int_equal(bearer_touch(t->db, &b, TMPDB_NOW + CLOCK_MINUTE + i, &t->err), ST_OK);
        assert_int_equal(db_changes(t->db), i == 0);
    }
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_int_equal(find(t, token, TMPDB_NOW + CLOCK_MINUTE + 3, &b), ST_OK);
    assert_false(b.touch);
}

static void of_too_many_the_oldest_ends(void **state)
{
    struct tmpdb *t = *state;
    char token[10][SESSION_TOKEN], other[SESSION_TOKEN];
    begin(t, SUPERVISOR, other);
    for (int i = 0; i < 10; i++)
        begin_at(t, STAFF, TMPDB_NOW + i, NULL, token[i]);
    for (int i = 0; i < 10; i++)
        if (i < 2)
            refused(t, token[i], TMPDB_NOW + 10, "session.ended");
        else
            found(t, token[i], TMPDB_NOW + 10);
    found(t, other, TMPDB_NOW + 10);
    assert_int_equal(count(t, "select count(*) from event where type = 'session.ended' and data ="
                              " '{\"why\":\"many\"}'"), 2);
}

/* Those that nobody ended make room first, and are gone after a month. */
static void the_late_ones_make_room(void **state)
{
    struct tmpdb *t = *state;
    char token[SESSION_TOKEN];
    for (int i = 0; i < 8; i++)
        begin(t, STAFF, token);
    begin_at(t, STAFF, TMPDB_NOW + CLOCK_HOUR, NULL, token);
    assert_int_equal(count(t, "select count(*) from session where why = 'idle'"), 8);
    assert_int_equal(count(t, "select count(*) from session where why = 'many'"), 0);
    assert_int_equal(count(t, "select max(ended_at) from session"), TMPDB_NOW + 30 * CLOCK_MINUTE);
    begin_at(t, SUPERVISOR, TMPDB_NOW + 31 * (int64_t)CLOCK_DAY, NULL, token);
    assert_int_equal(count(t, "select count(*) from session"), 1);
}

/* ---- whose ------------------------------------------------------------------------------------- */

static enum status actor_of(struct tmpdb *t, const char *token, struct actor *out)
{
    struct bearer b;
    memset(&t->err, 0, sizeof t->err);
    assert_int_equal(find(t, token, TMPDB_NOW + 1, &b), ST_OK);
    return bearer_actor(t->db, &b, TMPDB_NOW + 1, &t->arena, out, &t->err);
}

static void its_account_is_asked_anew_each_time(void **state)
{
    struct tmpdb *t = *state;
    char token[SESSION_TOKEN];
    struct actor who;
    int64_t id = begin(t, STAFF, token);
    assert_int_equal(actor_of(t, token, &who), ST_OK);
    assert_int_equal(who.account, STAFF);
    assert_int_equal(who.session, id);
    assert_true(actor_may(&who, RIGHT_LEAD_WRITE));
    tmpdb_run(t, "update account set active = 0 where code = 'staff'");
    assert_int_equal(actor_of(t, token, &who), ST_DENIED);
    assert_string_equal(t->err.code, "actor.inactive");
    tmpdb_run(t, "update account set active = 1");
    tmpdb_run(t, "update employee set status = 'left'");
    assert_int_equal(actor_of(t, token, &who), ST_DENIED);
    assert_string_equal(t->err.code, "actor.left");
    tmpdb_run(t, "update session set ended_at = 1, why = 'revoked'");
    struct bearer b = { .session = id };
    assert_int_equal(bearer_actor(t->db, &b, TMPDB_NOW, &t->arena, &who, &t->err), ST_DENIED);
    assert_string_equal(t->err.code, "session.ended");
}

/* Another password ends all but the one through which its owner sets it. */
static void a_new_password_ends_them(void **state)
{
    struct tmpdb *t = *state;
    char token[3][SESSION_TOKEN], other[SESSION_TOKEN];
    int64_t keep = 0;
    for (int i = 0; i < 3; i++)
        keep = begin(t, STAFF, token[i]);
    begin(t, SUPERVISOR, other);
    struct ctx c = tmpdb_ctx(t);
    struct actor own = { .account = STAFF, .login = "staff", .session = keep };
    c.who = &own;
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(password_store(&c, STAFF, "x"), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    refused(t, token[0], TMPDB_NOW, "session.ended");
    assert_string_equal(t->err.param[0], "password");
    refused(t, token[1], TMPDB_NOW, "session.ended");
    found(t, token[2], TMPDB_NOW);
    found(t, other, TMPDB_NOW);
    c = tmpdb_ctx(t);                           /* by another */
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(password_store(&c, STAFF, "y"), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    refused(t, token[2], TMPDB_NOW, "session.ended");
    found(t, other, TMPDB_NOW);
}

/* ---- API keys ---------------------------------------------------------------------------------- */

static enum status make_key(struct tmpdb *t, const char *name, const char *rights, int64_t at,
                            char key[SESSION_TOKEN])
{
    struct ctx c = tmpdb_ctx(t);
    struct actor own = { .account = STAFF, .login = "staff" };
    struct api_key_new k = { name, rights, at + CLOCK_DAY };
    int64_t id;
    c.who = &own;
    c.now = at;
    memset(&t->err, 0, sizeof t->err);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    enum status st = api_key_make(&c, &k, key, &id);
    if (st)
        db_rollback(t->db);
    else
        assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    return st;
}

static void a_key_has_what_is_its_account_s_and_its_own(void **state)
{
    struct tmpdb *t = *state;
    char key[SESSION_TOKEN];
    struct actor who;
    assert_int_equal(make_key(t, "Nightly", "lead.read,account,no.longer.there", TMPDB_NOW, key), ST_OK);
    assert_int_equal(strlen(key), 47);
    assert_int_equal(strncmp(key, "ghk_", 4), 0);
    assert_int_equal(actor_of(t, key, &who), ST_OK);
    assert_true(who.key != 0 && who.session == 0);
    assert_true(actor_may(&who, RIGHT_LEAD_READ));
    assert_false(actor_may(&who, RIGHT_ACCOUNT));       /* the key's, not the account's */
    assert_false(actor_may(&who, RIGHT_LEAD_WRITE));    /* the account's, not the key's */
    refused(t, key, TMPDB_NOW + CLOCK_DAY, "api_key.ended");
    tmpdb_run(t, "update account set active = 0 where code = 'staff'");
    assert_int_equal(actor_of(t, key, &who), ST_DENIED);
    assert_string_equal(t->err.code, "actor.inactive");
}

static void a_name_is_an_account_s_own_while_it_holds(void **state)
{
    struct tmpdb *t = *state;
    char key[SESSION_TOKEN];
    assert_int_equal(make_key(t, "Nightly", "none", TMPDB_NOW, key), ST_OK);
    assert_int_equal(make_key(t, "NIGHTLY", "none", TMPDB_NOW + 1, key), ST_CONFLICT);
    assert_string_equal(t->err.code, "noun.duplicate");
    assert_string_equal(t->err.field, "name");
    assert_int_equal(make_key(t, "nightly", "none", TMPDB_NOW + CLOCK_DAY, key), ST_OK);
    assert_int_equal(count(t, "select count(*) from api_key"), 2);
}

static void rights_are_read_by_name(void **state)
{
    static const struct { const char *names; uint64_t bits; const char *bad; } cases[] = {
        { "lead.read", 1 << RIGHT_NONE | 1 << RIGHT_LEAD_READ, NULL },
        { " lead.read ,, lead.write", 1 << RIGHT_NONE | 1 << RIGHT_LEAD_READ | 1 << RIGHT_LEAD_WRITE, NULL },
        { "", 1 << RIGHT_NONE, NULL },
        { "lead", 1 << RIGHT_NONE, "lead" },
        { "export,Export,x", 1 << RIGHT_NONE | 1 << RIGHT_EXPORT, "Export" },
    };
    struct tmpdb *t = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *bad;
        assert_int_equal(api_key_rights(cases[i].names, &t->arena, &bad), cases[i].bits);
        if (cases[i].bad)
            assert_string_equal(bad, cases[i].bad);
        else
            assert_null(bad);
    }
}

static void an_account_that_is_off_loses_both(void **state)
{
    struct tmpdb *t = *state;
    char token[SESSION_TOKEN], key[SESSION_TOKEN];
    begin(t, STAFF, token);
    assert_int_equal(make_key(t, "a", "none", TMPDB_NOW, key), ST_OK);
    struct ctx c = tmpdb_ctx(t);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(session_account_off(&c, STAFF), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    refused(t, token, TMPDB_NOW, "session.ended");
    assert_string_equal(t->err.param[0], "account");
    refused(t, key, TMPDB_NOW, "api_key.ended");
    assert_int_equal(
        count(t, "select count(*) from event where type in ('session.ended', 'api_key.ended')"), 2);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, tmpdb_setup, tmpdb_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_token_is_random_and_not_kept),
        CASE(what_a_client_calls_itself_is_bounded),
        CASE(it_ends_when_not_used_and_at_the_latest),
        CASE(rules_are_the_caller_s),
        CASE(it_is_touched_once_a_minute),
        CASE(of_too_many_the_oldest_ends),
        CASE(the_late_ones_make_room),
        CASE(its_account_is_asked_anew_each_time),
        CASE(a_new_password_ends_them),
        CASE(a_key_has_what_is_its_account_s_and_its_own),
        CASE(a_name_is_an_account_s_own_while_it_holds),
        CASE(rights_are_read_by_name),
        CASE(an_account_that_is_off_loses_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
