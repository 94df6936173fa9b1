/* test_frame.c - what the frame around operations holds for all of them: what is out of scope answers
 * as what is not there, and is written to the audit; long work is done before the lock; codes compare
 * case-folded wherever one is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/api/upkeep.h"
#include "core/guard/password.h"
#include "core/org/org.h"
#include "tests/contract/bank.h"

#define NOBODYS "1" /* an id of no row */

/* ---- out of scope is not there ------------------------------------------------------------------------ */

/* S's lead, person, task and deal, and one lead of N1's staff. */
struct theirs {
    const char *lead, *person, *task, *deal, *follow_up;
};

static struct theirs make_theirs(struct bank *k)
{
    struct theirs t;
    t.lead = bank_get(k,
                      bank_do(k, "lead.create",
                              "{\"external_id\":\"S-1\",\"name\":\"Su\",\"phone\":"
                              "\"13800000099\",\"branch\":\"S\",\"owner\":\"400\"}"),
                      "id");
    t.person = bank_sql(k, bank_text(k, "select person_id from lead where id = %s", t.lead));
    bank_do(k, "lead.create",
            "{\"external_id\":\"S-2\",\"name\":\"So\",\"branch\":\"S\",\"owner\":\"400\"}");
    bank_do(k, "lead.win", "{\"lead\":\"S-2\",\"amount\":100}");
    bank_as(k, "400");
    t.task = bank_get(k,
                      bank_do(k, "task.create",
                              "{\"subject\":\"call\",\"owner\":\"400\",\"lead\":\"S-1\","
                              "\"due_at\":\"2030-01-01\"}"),
                      "id");
    t.follow_up =
        bank_get(k, bank_do(k, "lead.follow_up", "{\"lead\":\"S-1\",\"result\":\"busy\"}"), "id");
    bank_as(k, NULL);
    t.deal = bank_sql(k, "select id from deal");
    bank_do(k, "lead.create",
            "{\"external_id\":\"N-1\",\"name\":\"Na\",\"branch\":\"N1\",\"owner\":\"101\"}");
    return t;
}

/* %s is an id (of S's row, then of none) or a code. */
struct probe {
    const char *as, *op, *in, *of;
};

static const struct probe probes[] = {
    { "101", "lead.get", "{\"id\":\"%s\"}", "lead" },
    { "101", "lead.get", "{\"code\":\"%s\"}", "code" },
    { "101", "lead.change", "{\"id\":\"%s\",\"score\":1}", "lead" },
    { "101", "lead.claim", "{\"id\":\"%s\"}", "lead" },
    { "101", "lead.claim", "{\"lead\":\"%s\"}", "code" },
    { "101", "lead.claim", "{\"lead_id\":\"%s\"}", "lead" },
    { "300", "lead.assign", "{\"id\":\"%s\",\"employee\":\"101\"}", "lead" },
    { "300", "lead.assign", "{\"lead\":\"%s\",\"employee\":\"101\"}", "code" },
    { "300", "lead.assign", "{\"lead\":\"%s\"}", "code" }, /* whatever else is wrong */
    { "101", "lead.return", "{\"id\":\"%s\",\"reason\":\"far\"}", "lead" },
    { "101", "lead.return", "{\"lead\":\"%s\",\"reason\":\"far\"}", "code" },
    { "101", "lead.follow_up", "{\"id\":\"%s\",\"result\":\"reached\"}", "lead" },
    { "101", "lead.follow_up", "{\"lead\":\"%s\",\"result\":\"reached\"}", "code" },
    { "101", "lead.stage", "{\"lead\":\"%s\",\"stage\":\"mql\"}", "code" },
    { "101", "lead.win", "{\"lead\":\"%s\",\"amount\":1}", "code" },
    { "101", "lead.lose", "{\"lead\":\"%s\",\"reason\":\"no\"}", "code" },
    { "101", "lead.reveal", "{\"lead\":\"%s\",\"reason\":\"why\"}", "code" },
    { "101", "lead.reveal", "{\"id\":\"%s\",\"reason\":\"why\"}", "lead" },
    { "101", "lead.timeline", "{\"lead\":\"%s\"}", "code" },
    { "101", "lead.timeline", "{\"id\":\"%s\"}", "lead" },
    { "101", "task.create",
      "{\"subject\":\"x\",\"owner\":\"101\",\"due_at\":\"2030-01-01\",\"lead\":\"%s\"}", "code" },
    { "101", "task.create", "{\"lead\":\"%s\"}", "code" },
    { "101", "task.create", "{\"lead_id\":\"%s\"}", "lead" },
    { "101", "message.create", "{\"to\":\"102\",\"body\":\"look\",\"lead\":\"%s\"}", "code" },
    { "101", "consent.create", "{\"person_id\":\"%s\",\"way\":\"sms\",\"state\":\"refused\"}",
      "person" },
    { "101", "consent.create", "{\"person_id\":\"%s\"}", "person" },
    { "101", "person.get", "{\"id\":\"%s\"}", "person" },
    { "101", "person.change", "{\"id\":\"%s\",\"gender\":\"m\"}", "person" },
    { "101", "task.get", "{\"id\":\"%s\"}", "task" },
    { "101", "task.change", "{\"id\":\"%s\",\"subject\":\"y\"}", "task" },
    { "101", "task.done", "{\"id\":\"%s\"}", "task" },
    { "101", "deal.get", "{\"id\":\"%s\"}", "deal" },
    { "101", "follow_up.get", "{\"id\":\"%s\"}", "follow_up" },
    { "101", "task.list", "{\"where\":\"lead = \\\"%s\\\"\"}", "code" },
    { "101", "deal.count", "{\"where\":\"lead = \\\"%s\\\"\"}", "code" },
    { "101", "lead.list", "{\"where\":\"person = %s\"}", "person" },
};

static const char *name_it(const struct theirs *t, const char *of, bool unknown)
{
    if (strcmp(of, "code") == 0)
        return unknown ? "Z-1" : "S-1";
    if (unknown)
        return NOBODYS;
    return strcmp(of, "lead") == 0     ? t->lead
           : strcmp(of, "person") == 0 ? t->person
           : strcmp(of, "task") == 0   ? t->task
           : strcmp(of, "deal") == 0   ? t->deal
                                       : t->follow_up;
}

/* An operation's input has one place for the name. */
static const char *fill_in(struct bank *k, const char *in, const char *name)
{
    const char *at = strstr(in, "%s");
    return bank_text(k, "%.*s%s%s", (int)(at - in), in, name, at + 2);
}

/* In what the caller gets, the name that he gave himself is the only difference. */
static void same_answer(const struct probe *p, const struct err *x, const struct err *y,
                        const char *mine, const char *other)
{
    bool same = x->status == y->status && strcmp(x->code, y->code) == 0 &&
                strcmp(x->field, y->field) == 0 && x->nparam == y->nparam;
    for (int i = 0; same && i < x->nparam; i++)
        same = strcmp(x->param[i], y->param[i]) == 0 ||
               (strcmp(x->param[i], mine) == 0 && strcmp(y->param[i], other) == 0);
    if (!same)
        fail_msg("%s %s: %s %s [%s] and %s %s [%s]", p->op, p->in, status_name(x->status), x->code,
                 x->param[0], status_name(y->status), y->code, y->param[0]);
}

static int64_t audited(struct bank *k)
{
    return bank_sql_int(k, "select count(*) from audit where operation <> 'account.as'");
}

static void what_is_out_of_scope_answers_as_what_is_not_there(void **state)
{
    struct bank *k = *state;
    struct theirs t = make_theirs(k);
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        const struct probe *p = &probes[i];
        const char *there = name_it(&t, p->of, false), *none = name_it(&t, p->of, true);
        bank_as(k, p->as);
        int64_t rows = audited(k);
        assert_null(bank_call(k, p->op, fill_in(k, p->in, none)));
        struct err unknown = k->e;
        if (audited(k) != rows)
            fail_msg("%s %s: a row for what is not there", p->op, p->in);
        assert_null(bank_call(k, p->op, fill_in(k, p->in, there)));
        same_answer(p, &unknown, &k->e, none, there);
        const char *row = bank_sql(
            k, "select operation || ' ' || result || ' ' || code || ' ' || subject from audit "
               "order by id desc limit 1");
        const char *id = strcmp(p->of, "code") == 0 ? t.lead : name_it(&t, p->of, false);
        const char *want = bank_text(k, "%s denied %s %s", p->op, k->e.code, id);
        if (audited(k) != rows + 1 || strcmp(row, want) != 0)
            fail_msg("%s %s: audit has %s", p->op, p->in, row);
    }
}

static void the_denial_names_the_row_and_its_branch(void **state)
{
    struct bank *k = *state;
    struct theirs t = make_theirs(k);
    bank_as(k, "101");
    assert_null(bank_call(k, "task.create", "{\"lead\":\"s-1\"}"));
    assert_string_equal(
        bank_sql(k,
                 "select a.noun || ' ' || b.code from audit a join branch b on b.id = a.branch_id "
                 "order by a.id desc limit 1"),
        "lead S");
    assert_int_equal(bank_sql_int(k, "select subject from audit order by id desc limit 1"),
                     atoll(t.lead));
}

static void several_answer_alike_one_by_one(void **state)
{
    struct bank *k = *state;
    struct theirs t = make_theirs(k);
    bank_as(k, "101");
    const char *reply =
        bank_do(k, "lead.claim",
                bank_text(k, "{\"leads\":[{\"id\":\"%s\"},{\"id\":\"" NOBODYS "\"}]}", t.lead));
    const char *outcome = "\"code\":\"noun.not_found\",\"detail\":\"lead\"";
    const char *first = strstr(reply, outcome);
    assert_non_null(first);
    assert_non_null(strstr(first + 1, outcome));
    assert_int_equal(
        bank_sql_int(k, bank_text(k,
                                  "select count(*) from audit where operation = 'lead.claim' and "
                                  "result = 'denied' and subject = %s",
                                  t.lead)),
        1);
    assert_int_equal(bank_sql_int(k,
                                  "select count(*) from audit where operation = 'lead.claim' and "
                                  "result = 'denied' and subject = " NOBODYS),
                     0);
}

/* Of a row of one's own, what it refers to may have left the scope: that is no probe. */
static void a_row_in_scope_may_point_out_of_it(void **state)
{
    struct bank *k = *state;
    make_theirs(k);
    bank_as(k, "101");
    const char *task = bank_get(k,
                                bank_do(k, "task.create",
                                        "{\"subject\":\"call\",\"owner\":\"101\",\"lead\":"
                                        "\"N-1\",\"due_at\":\"2030-01-01\"}"),
                                "id");
    bank_as(k, NULL);
    bank_do(k, "lead.assign", "{\"lead\":\"N-1\",\"employee\":\"400\"}");
    bank_do(k, "task.change", bank_text(k, "{\"id\":\"%s\",\"state\":\"open\"}", task));
    bank_as(k, "101");
    bank_do(k, "task.change", bank_text(k, "{\"id\":\"%s\",\"subject\":\"mail\"}", task));
}

static const char *rejects(struct bank *k, const char *op, const char *name, const char *text,
                           const char *more)
{
    const char *file = bank_file(k, name, text),
               *out = bank_text(k, "%s/%s.rejects.csv", k->dir, name);
    bank_do(k, op, bank_text(k, "{\"file\":\"%s\",\"rejects\":\"%s\"%s}", file, out, more));
    FILE *f = fopen(out, "r");
    assert_non_null(f);
    char *all = arena_alloc(&k->arena, 4096);
    all[fread(all, 1, 4095, f)] = 0;
    fclose(f);
    return all;
}

/* What is said of the row that begins so. */
static const char *said_of(struct bank *k, const char *csv, const char *start)
{
    const char *line = strstr(csv, start);
    assert_non_null(line);
    return bank_text(k, "%.*s", (int)strcspn(line + strlen(start), "\r\n"), line + strlen(start));
}

static void files_answer_alike_too(void **state)
{
    struct bank *k = *state;
    make_theirs(k);
    bank_as(k, "300");
    const char *csv = rejects(k, "deal.import", "d.csv",
                              "lead,won_at,amount\nS-1,2026-01-02,1\nZ-1,2026-01-02,1\n", "");
    assert_non_null(strstr(said_of(k, csv, "S-1,2026-01-02,1"), "S-1"));
    char *own = (char *)(uintptr_t)said_of(k, csv, "S-1,2026-01-02,1"), *p = strstr(own, "S-1");
    *p = 'Z';
    assert_string_equal(own, said_of(k, csv, "Z-1,2026-01-02,1"));
    assert_non_null(strstr(bank_sql(k, "select detail from audit where operation = 'deal.import'"),
                           "\"denied\":1"));

    const char *update = ",\"mode\":\"update\"";
    csv = rejects(k, "lead.import", "u.csv", "external_id,score\nS-1,7\nZ-1,7\n", update);
    own = (char *)(uintptr_t)said_of(k, csv, "S-1,7");
    p = strstr(own, "S-1");
    assert_non_null(p);
    *p = 'Z';
    assert_string_equal(own, said_of(k, csv, "Z-1,7"));
    assert_string_equal(
        bank_sql(k, "select coalesce(score, -1) from lead where external_id = 'S-1'"), "-1");
    assert_non_null(strstr(bank_sql(k, "select detail from audit where operation = 'lead.import'"),
                           "\"denied\":1"));

    static const char out[] = "{\"file\":\"%s/o.csv\",\"where\":\"lead = \\\"%s\\\"\"}";
    const char *where[] = { "Z-1", "S-1" };
    for (size_t i = 0; i < 2; i++) {
        assert_null(bank_call(k, "deal.export", arena_printf(&k->arena, out, k->dir, where[i])));
        assert_string_equal(k->e.code, "cond.unknown_value");
        assert_int_equal(
            bank_sql_int(k, "select count(*) from audit where operation = 'deal.export' and "
                            "result = 'denied'"),
            i);
    }
}

/* ---- before the lock ---------------------------------------------------------------------------------- */

struct setter {
    struct bank *k;
    struct password_in in;
    pthread_t thread;
    pthread_barrier_t locked; /* passed when the other holds the lock */
    enum status st;
    struct err e;
};

static void *set_password(void *arg)
{
    struct setter *s = arg;
    struct arena a = ARENA_INIT;
    struct backend *b;
    struct backend_config c = { .url = s->k->path, .keys_dir = s->k->keys, .as = "101" };
    struct done done;
    struct call call = { .op = op_find("account.password"), .in = &s->in };
    s->st = backend_open(&c, &b, &s->e);
    pthread_barrier_wait(&s->locked);
    pthread_barrier_wait(&s->locked);
    if (!s->st) {
        s->st = backend_call(b, &call, &a, &done, &s->e);
        backend_close(b);
    }
    arena_free(&a);
    return NULL;
}

static int64_t cpu_ms(clockid_t clock)
{
    struct timespec t;
    assert_int_equal(clock_gettime(clock, &t), 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t cost_ms(struct bank *k)
{
    char hash[PASSWORD_HASH];
    int64_t least = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t before = cpu_ms(CLOCK_THREAD_CPUTIME_ID);
        assert_int_equal(password_hash("Kaffee-2026", &password_cost, hash, &k->e), ST_OK);
        int64_t cost = cpu_ms(CLOCK_THREAD_CPUTIME_ID) - before;
        least = cost < least ? cost : least;
    }
    return least;
}

/* Sets 101's password in a thread while we hold the lock, until the thread has spent what half of a hash
 * costs, which is many times what the rest does. False when it never did. */
static bool set_while_locked(struct setter *s)
{
    const struct timespec tick = { .tv_nsec = 2000000 };
    int64_t cost = cost_ms(s->k) / 2, spent = 0;
    clockid_t clock;
    pthread_barrier_init(&s->locked, NULL, 2);
    assert_int_equal(pthread_create(&s->thread, NULL, set_password, s), 0);
    pthread_barrier_wait(&s->locked);
    assert_int_equal(db_begin(s->k->raw.db, &s->k->e), ST_OK);
    pthread_barrier_wait(&s->locked);
    assert_int_equal(pthread_getcpuclockid(s->thread, &clock), 0);
    int64_t start = cpu_ms(clock);
    for (int i = 0; i < 5000 && spent < cost; i++) {
        nanosleep(&tick, NULL);
        spent = cpu_ms(clock) - start;
    }
    assert_int_equal(db_commit(s->k->raw.db, &s->k->e), ST_OK);
    pthread_join(s->thread, NULL);
    pthread_barrier_destroy(&s->locked);
    return spent >= cost;
}

/* The processor time of the thread says so. */
static void a_password_is_hashed_before_the_lock(void **state)
{
    struct setter s = { .k = *state, .in.password = "Kaffee-2026" };
    assert_true(set_while_locked(&s));
    assert_int_equal(s.st, ST_OK);
    assert_int_equal(
        bank_sql_int(s.k, "select count(*) from account where password_hash is not null"), 1);
}

static void an_old_password_that_has_changed_meanwhile_counts_for_nothing(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    bank_do(k, "account.password", "{\"password\":\"Kaffee-2026\"}");
    /* when it was looked at, and before the new one is set */
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "create trigger meanwhile after delete on password_try begin "
                "update account set password_hash = 'other' where code = '101'; end");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    bank_refused(k, bank_call(k, "account.password",
                              "{\"password\":\"Tee-Tasse-27\",\"old\":\"Kaffee-2026\"}"),
                 ST_CONFLICT, "noun.stale");
    assert_string_equal(bank_sql(k, "select password_hash from account where code = '101'"), "other");
}

static void the_old_password_is_the_one_that_stands(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    bank_do(k, "account.password", "{\"password\":\"Kaffee-2026\"}");
    assert_null(bank_call(k, "account.password",
                          "{\"password\":\"Tee-Tasse-27\",\"old\":\"Kaffee-2025\"}"));
    assert_int_equal(k->e.status, ST_DENIED);
    assert_string_equal(k->e.code, "password.wrong");
    const char *key = "once";
    assert_non_null(bank_call_key(k, "account.password",
                                  "{\"password\":\"Tee-Tasse-27\",\"old\":\"Kaffee-2026\"}", key));
    /* the answer that was given, though the old one is no longer that */
    assert_non_null(bank_call_key(k, "account.password",
                                  "{\"password\":\"Tee-Tasse-27\",\"old\":\"Kaffee-2026\"}", key));
    assert_null(bank_call(k, "account.password",
                          "{\"password\":\"Neu-Neu-2028\",\"old\":\"Kaffee-2026\"}"));
    assert_string_equal(k->e.code, "password.wrong");
}

/* ---- codes -------------------------------------------------------------------------------------------- */

static void an_external_id_compares_folded_and_stands_as_given(void **state)
{
    static const char *const spelled[] = { "AbC-ß", "abc-SS", "ＡＢＣ-ss" };
    struct bank *k = *state;
    const char *id = bank_get(
        k, bank_do(k, "lead.create", "{\"external_id\":\"AbC-ß\",\"branch\":\"N1\"}"), "id");
    for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
        const char *s = spelled[i];
        assert_null(bank_call(k, "lead.create",
                              bank_text(k, "{\"external_id\":\"%s\",\"name\":\"B\"}", s)));
        assert_int_equal(k->e.status, ST_CONFLICT);
        assert_string_equal(k->e.code, "noun.duplicate");
        assert_string_equal(k->e.field, "external_id");
        const char *got = bank_do(k, "lead.get", bank_text(k, "{\"code\":\"%s\"}", s));
        assert_string_equal(bank_get(k, got, "id"), id);
        assert_string_equal(bank_get(k, got, "external_id"), "AbC-ß");
        assert_int_equal(bank_count(k, bank_text(k, "external_id = \"%s\"", s)), 1);
    }
    bank_do(k, "lead.claim", "{\"lead\":\"aBc-sS\"}");
    assert_int_equal(bank_count(k, "external_id in (\"ABC-SS\", x)"), 1);
    assert_int_equal(bank_count(k, "external_id contains \"BC-S\""), 1);
    assert_int_equal(bank_count(k, "external_id starts with \"aBC\""), 1);
    assert_int_equal(
        atoll(bank_get(k, bank_do(k, "task.count", "{\"where\":\"lead = \\\"ABC-ss\\\"\"}"),
                       "count")),
        1);
}

static const char *imported(struct bank *k, const char *op, const char *name, const char *text,
                            const char *more)
{
    const char *reply =
        bank_do(k, op,
                bank_text(k, "{\"file\":\"%s\",\"rejects\":\"%s/%s.rejects.csv\"%s}",
                          bank_file(k, name, text), k->dir, name, more));
    return bank_text(k, "%s %s %s %s", bank_get(k, reply, "created"), bank_get(k, reply, "updated"),
                     bank_get(k, reply, "skipped"), bank_get(k, reply, "rejected"));
}

/* Once into empty tables, which are loaded at once, once beside rows that are there. */
static void files_meet_external_ids_folded(void **state)
{
    struct bank *k = *state;
    const char *text = "external_id,score\nAbC,1\nabc,2\nÄ1,3\nABC,4\nä1,5\n";
    assert_string_equal(imported(k, "lead.import", "dry.csv", text, ",\"dry_run\":true"),
                        "2 0 3 0");
    assert_string_equal(imported(k, "lead.import", "bulk.csv", text, ""), "2 0 3 0");
    assert_string_equal(
        imported(k, "lead.import", "more.csv", "external_id,score\nB1,6\nb1,7\naBc,8\n", ""),
        "1 0 2 0");
    assert_string_equal(imported(k, "lead.import", "up.csv", "external_id,score\naBC,9\nä1,9\n",
                                 ",\"mode\":\"update\""),
                        "0 2 0 0");
    assert_string_equal(
        bank_sql(
            k,
            "select group_concat(external_id || score, ' ') from (select * from lead order by no)"),
        "AbC9 Ä19 B16");
    assert_string_equal(
        imported(k, "deal.import", "deal.csv", "lead,won_at,amount\nABC,2026-01-02,1\n", ""),
        "1 0 0 0");
    assert_int_equal(bank_count(k, "stage = won and external_id = abc"), 1);
}

/* Two leads of before codes compared folded: row 2 is told apart. */
static void old_pair(struct bank *k)
{
    bank_do(k, "lead.create", "{\"external_id\":\"AbC\",\"branch\":\"N1\",\"score\":1}");
    bank_do(k, "lead.create", "{\"external_id\":\"other\",\"branch\":\"N1\",\"score\":2}");
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    assert_int_equal(db_exec(k->raw.db, &k->e,
                             "update lead set external_id = 'abc', external_id_key = 'abc', "
                             "external_id_twin = no where external_id = 'other'",
                             ""),
                     ST_OK);
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
}

static const char *number_of(struct bank *k, const char *code)
{
    return bank_get(k, bank_do(k, "lead.get", bank_text(k, "{\"code\":\"%s\"}", code)), "no");
}

static void old_pairs_are_told_apart_by_their_spelling(void **state)
{
    struct bank *k = *state;
    old_pair(k);
    assert_string_equal(number_of(k, "AbC"), "1");
    assert_string_equal(number_of(k, "abc"), "2");
    assert_string_equal(number_of(k, "ABC"), "1");
    assert_int_equal(bank_count(k, "external_id = abc"), 2);
    assert_string_equal(imported(k, "lead.import", "a.csv", "external_id,score\nAbC,10\nabc,20\n",
                                 ",\"mode\":\"update\""),
                        "0 2 0 0");
    assert_string_equal(
        bank_sql(k, "select group_concat(score) from (select * from lead order by no)"), "10,20");
    /* in pages of one, by any order, each comes once */
    static const char *const sorts[] = { "external_id", "-external_id", "left_at", "-score" };
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        const char *in =
            bank_text(k, "{\"limit\":1,\"where\":\"external_id = ABC\",\"sort\":\"%s\"", sorts[i]);
        const char *one = bank_do(k, "lead.list", bank_text(k, "%s}", in)),
                   *next = bank_get(k, one, "next");
        assert_string_not_equal(next, "");
        const char *two = bank_do(k, "lead.list", bank_text(k, "%s,\"cursor\":\"%s\"}", in, next));
        assert_string_equal(bank_get(k, two, "next"), "");
        assert_true((strstr(one, "\"no\":1,") != NULL) != (strstr(two, "\"no\":1,") != NULL));
        assert_true((strstr(one, "\"no\":2,") != NULL) != (strstr(two, "\"no\":2,") != NULL));
    }
}

static void note_pairs(void *arg, const struct finding *f)
{
    struct finding *out = arg;
    if (f->verdict != VERDICT_OK && strcmp(f->why.code, "doctor.same_code") == 0)
        *out = *f;
}

static void the_doctor_names_old_pairs(void **state)
{
    struct bank *k = *state;
    struct finding found = { 0 };
    struct backend_config c = { .url = k->path, .keys_dir = k->keys };
    bool bad;
    assert_int_equal(database_doctor(&c, NULL, note_pairs, &found, &bad, &k->e), ST_OK);
    assert_null(found.what);
    old_pair(k);
    assert_int_equal(database_doctor(&c, NULL, note_pairs, &found, &bad, &k->e), ST_OK);
    assert_int_equal(found.verdict, VERDICT_NOTE);
    assert_false(bad);
    assert_string_equal(found.why.param[0], "1");
    assert_string_equal(found.why.param[1], "2 (1)");
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_out_of_scope_answers_as_what_is_not_there),
        T(the_denial_names_the_row_and_its_branch),
        T(several_answer_alike_one_by_one),
        T(a_row_in_scope_may_point_out_of_it),
        T(files_answer_alike_too),
        T(a_password_is_hashed_before_the_lock),
        T(an_old_password_that_has_changed_meanwhile_counts_for_nothing),
        T(the_old_password_is_the_one_that_stands),
        T(an_external_id_compares_folded_and_stands_as_given),
        T(files_meet_external_ids_folded),
        T(old_pairs_are_told_apart_by_their_spelling),
        T(the_doctor_names_old_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
