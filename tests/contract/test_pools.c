/* Who sees what waits in a pool, who takes it, where it goes back to; and claims by the hundred, which
 * others and a crash get in between. A pool's public is the subtree of its branch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/model/nouns.h"
#include "core/pool/pool.h"
#include "tests/contract/bank.h"

static const char *made(struct bank *k, const char *json)
{
    bank_as(k, NULL);
    return bank_get(k, bank_do(k, "lead.create", json), "id");
}

/* As an import of head office leaves it: of HQ, in HQ's pool. */
static const char *at_head_office(struct bank *k)
{
    return made(k, "{\"name\":\"王芳\",\"phone\":\"13812345678\"}");
}

static void make_pool(struct bank *k, const char *code, const char *branch)
{
    bank_as(k, NULL);
    bank_do(k, "pool.create", bank_text(k, "{\"code\":\"%s\",\"name\":\"%s\",\"branch\":\"%s\"}", code, code,
                                        branch));
}

/* ---- who sees it -------------------------------------------------------------------------------------- */

static void what_waits_above_is_seen_below(void **state)
{
    static const char *const below[] = { "101", "300", "400" };
    struct bank *k = *state;
    const char *id = at_head_office(k);
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        bank_as(k, below[i]);
        assert_string_equal(bank_field(k, id, "phone"), "138****5678");
        assert_int_equal(bank_count(k, "name = \"王芳\""), 1);
        assert_non_null(strstr(bank_do(k, "lead.list", "{}"), id));
        assert_non_null(bank_on(k, "lead.timeline", id, ""));
        assert_string_equal(bank_get(k, bank_do(k, "lead.duplicate", "{\"phone\":\"13812345678\"}"), "no"),
                            "1");
        assert_non_null(strstr(bank_do(k, "person.list", "{}"), "王芳"));
        assert_non_null(strstr(bank_do(k, "pool.list", "{}"), "\"default\""));
    }
}

static void what_waits_beside_is_not(void **state)
{
    struct bank *k = *state;
    make_pool(k, "PN", "N");
    const char *id = made(k, "{\"name\":\"A\",\"branch\":\"N1\",\"pool\":\"PN\"}");
    bank_as(k, "201");                  /* at the outlet beside: of N's public */
    assert_int_equal(bank_count(k, "pool = PN"), 1);
    assert_non_null(bank_on(k, "lead.get", id, ""));
    bank_as(k, "400");                  /* at another branch */
    assert_int_equal(bank_count(k, ""), 0);
    bank_refused(k, bank_on(k, "lead.get", id, ""), ST_NOT_FOUND, "noun.not_found");
    bank_refused(k, bank_on(k, "lead.claim", id, ""), ST_NOT_FOUND, "noun.not_found");
    assert_null(strstr(bank_do(k, "pool.list", "{}"), "\"PN\""));
}

static void what_is_owned_or_closed_there_is_not(void **state)
{
    struct bank *k = *state;
    const char *owned = at_head_office(k), *lost = made(k, "{\"name\":\"B\"}");
    bank_as(k, NULL);
    assert_non_null(bank_on(k, "lead.lose", lost, ",\"reason\":\"late\""));
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", owned, ""));
    bank_as(k, "400");
    assert_int_equal(bank_count(k, ""), 0);
    bank_refused(k, bank_on(k, "lead.get", owned, ""), ST_NOT_FOUND, "noun.not_found");
    bank_refused(k, bank_on(k, "lead.claim", owned, ""), ST_CONFLICT, "TAKEN");   /* he saw it a moment ago */
    bank_refused(k, bank_on(k, "lead.claim", lost, ""), ST_NOT_FOUND, "noun.not_found");
    bank_refused(k, bank_on(k, "lead.get", lost, ""), ST_NOT_FOUND, "noun.not_found");
}

/* A pool that is made or moved is seen at once, also by those who are in already. */
static void a_new_pool_is_known_at_once(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    assert_int_equal(bank_count(k, ""), 0);
    struct backend *mine = k->b;
    k->b = NULL;
    make_pool(k, "P", "HQ");
    made(k, "{\"name\":\"A\",\"pool\":\"P\"}");
    backend_close(k->b);
    k->b = mine;
    assert_int_equal(bank_count(k, ""), 1);
}

/* ---- who works it ------------------------------------------------------------------------------------- */

static void claiming_brings_it_home(void **state)
{
    struct bank *k = *state;
    const char *id = at_head_office(k);
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    assert_string_equal(bank_field(k, id, "owner"), "101");
    assert_string_equal(bank_field(k, id, "branch"), "N1");
    assert_non_null(bank_on(k, "lead.follow_up", id, ",\"result\":\"reached\""));
}

static void until_then_it_is_only_read(void **state)
{
    static const char *const deeds[][2] = {
        { "lead.change", ",\"intent\":\"high\"" },    { "lead.stage", ",\"stage\":\"mql\"" },
        { "lead.follow_up", ",\"result\":\"reached\"" }, { "lead.win", "" },
        { "lead.lose", ",\"reason\":\"x\"" },
    };
    static const char *const below[] = { "101", "300" };
    struct bank *k = *state;
    const char *id = at_head_office(k), *person = bank_sql(k, "select id from person");
    for (size_t who = 0; who < 2; who++) {
        bank_as(k, below[who]);
        for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
            bank_refused(k, bank_on(k, deeds[i][0], id, deeds[i][1]), ST_DENIED, "lead.in_pool");
        bank_refused(k, bank_on(k, "lead.return", id, ",\"reason\":\"x\""), ST_CONFLICT, "IN_POOL");
        bank_refused(k, bank_on(k, "person.change", person, ",\"gender\":\"f\""), ST_DENIED, "lead.in_pool");
        bank_refused(k,
                     bank_call(k, "consent.create",
                               bank_text(k, "{\"person\":\"%s\",\"way\":\"sms\",\"state\":\"granted\"}",
                                         person)),
                     ST_DENIED, "lead.in_pool");
    }
    assert_int_equal(bank_sql_int(k, "select count(*) from lead where version = 1"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where result = 'denied'"), 14);
}

static void a_supervisor_gives_it_to_his_people(void **state)
{
    struct bank *k = *state;
    const char *id = at_head_office(k);
    bank_as(k, "300");
    bank_refused(k, bank_on(k, "lead.assign", id, ",\"employee\":\"400\""), ST_DENIED, "scope.branch");
    assert_non_null(bank_on(k, "lead.assign", id, ",\"employee\":\"201\""));
    assert_string_equal(bank_field(k, id, "owner"), "201");
    assert_string_equal(bank_field(k, id, "branch"), "N2");
}

/* Of one's own branch too: what one has is changed, by others only by those who assign. */
static void staff_change_what_they_have(void **state)
{
    struct bank *k = *state;
    const char *id = made(k, "{\"name\":\"A\",\"branch\":\"N1\"}"),
               *closed = made(k, "{\"name\":\"B\",\"branch\":\"N1\",\"owner\":\"102\"}");
    bank_as(k, "102");
    assert_non_null(bank_on(k, "lead.lose", closed, ",\"reason\":\"late\""));
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.change", id, ",\"intent\":\"high\""), ST_DENIED, "lead.in_pool");
    bank_refused(k, bank_on(k, "lead.change", closed, ",\"intent\":\"high\""), ST_DENIED, "lead.not_yours");
    bank_as(k, "300");
    assert_non_null(bank_on(k, "lead.change", id, ",\"intent\":\"high\""));
    assert_non_null(bank_on(k, "lead.change", closed, ",\"intent\":\"high\""));
}

/* ---- where it goes back to ---------------------------------------------------------------------------- */

static void it_returns_to_the_nearest_pool(void **state)
{
    struct bank *k = *state;
    const char *id = made(k, "{\"name\":\"A\",\"branch\":\"N1\",\"owner\":\"101\"}");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.return", id, ",\"reason\":\"far\""));
    assert_string_equal(bank_field(k, id, "pool"), "default");
    make_pool(k, "PS", "S");
    make_pool(k, "PN", "N");
    make_pool(k, "PN2", "N2");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    assert_non_null(bank_on(k, "lead.return", id, ",\"reason\":\"far\""));
    assert_string_equal(bank_field(k, id, "pool"), "PN");
    assert_string_equal(bank_field(k, made(k, "{\"name\":\"B\",\"branch\":\"N2\"}"), "pool"), "PN2");
}

static void it_never_leaves_those_of_its_branch(void **state)
{
    struct bank *k = *state;
    make_pool(k, "PN", "N");
    make_pool(k, "PN2", "N2");
    make_pool(k, "PS", "S");
    const char *id = made(k, "{\"name\":\"A\",\"branch\":\"N1\",\"owner\":\"101\"}");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.return", id, ",\"reason\":\"x\",\"pool\":\"PS\""), ST_CONFLICT,
                 "pool.elsewhere");
    bank_refused(k, bank_on(k, "lead.return", id, ",\"reason\":\"x\",\"pool\":\"PN2\""), ST_CONFLICT,
                 "pool.elsewhere");
    assert_non_null(bank_on(k, "lead.return", id, ",\"reason\":\"x\",\"pool\":\"PN\""));
    bank_as(k, NULL);
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"B\",\"branch\":\"N1\",\"pool\":\"PS\"}"),
                 ST_CONFLICT, "pool.elsewhere");
    bank_refused(k, bank_on(k, "lead.change", id, ",\"branch\":\"S\""), ST_CONFLICT, "pool.elsewhere");
    assert_non_null(bank_on(k, "lead.change", id, ",\"branch\":\"N2\""));
    const char *file = bank_file(k, "a.csv", "name,branch,pool\nC,N1,PN\nD,N1,PS\nE,N2,\n");
    const char *reply = bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file));
    assert_string_equal(bank_get(k, reply, "created"), "2");
    assert_string_equal(bank_get(k, reply, "rejected"), "1");
    const char *pool = "select q.code from lead l, pool q where l.pool_id = q.id and l.name = 'E'";
    assert_string_equal(bank_sql(k, pool), "PN2");
}

static void a_pool_does_not_leave_its_leads(void **state)
{
    struct bank *k = *state;
    make_pool(k, "PN", "N");
    const char *id = bank_sql(k, "select cast(id as text) from pool where code = 'PN'"),
               *lead = made(k, "{\"name\":\"A\",\"branch\":\"N1\",\"pool\":\"PN\"}");
    bank_refused(k, bank_on(k, "pool.change", id, ",\"branch\":\"N2\""), ST_CONFLICT, "pool.leads_elsewhere");
    assert_non_null(bank_on(k, "pool.change", id, ",\"branch\":\"N1\""));
    assert_non_null(bank_on(k, "lead.assign", lead, ",\"employee\":\"101\""));
    assert_non_null(bank_on(k, "pool.change", id, ",\"branch\":\"N2\""));
}

/* ---- by the hundred ----------------------------------------------------------------------------------- */

enum { MANY = 500 };

/* Leads in HQ's pool; a claim of all of them. */
static const struct claim_in *make_many(struct bank *k)
{
    struct claim_in *in = record_new(op_find("lead.claim")->in, &k->arena);
    struct lead_at *leads = arena_array(&k->arena, struct lead_at, MANY);
    struct buf csv = BUF_INIT;
    buf_adds(&csv, "external_id,name\n");
    for (int i = 0; i < MANY; i++)
        buf_addf(&csv, "X%03d,N%d\n", i, i);
    bank_as(k, NULL);
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", bank_file(k, "many.csv", csv.s)));
    buf_release(&csv);
    struct stmt *s = db_query(k->raw.db, "select id from lead order by no", "");
    for (int i = 0; i < MANY && db_row(s); i++)
        leads[i] = (struct lead_at){ db_int(s, 0), NONE };
    assert_int_equal(db_end(s, &k->e), ST_OK);
    in->leads = (struct list){ leads, MANY };
    return in;
}

/* What happens between two steps, on the thread of the call; and how many steps there were. */
struct between {
    struct bank *k;
    const struct claim_in *in;
    int steps;
    struct backend *other;
};

static enum status claim(struct bank *k, const struct claim_in *in, const char *key,
                         void (*step)(void *, int64_t, int64_t), struct between *b, struct outcomes *out)
{
    const struct op *op = op_find("lead.claim");
    struct call c = { .op = op, .in = in, .key = key, .progress = step, .progress_arg = b };
    return backend_call(k->b, &c, &k->arena, out, &k->e);
}

static int64_t count(struct bank *k, const char *what)
{
    return bank_sql_int(k, bank_text(k, "select count(*) from %s", what));
}

static void each_is_taken_once(struct bank *k, const struct claim_in *in, const struct outcomes *out)
{
    const struct outcome *o = out->outcomes.items;
    const struct lead_at *at = in->leads.items;
    assert_int_equal(out->ok, MANY);
    assert_int_equal(out->refused, 0);
    assert_int_equal(out->outcomes.n, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(o[i].id, at[i].id);
        assert_string_equal(o[i].code, "OK");
        assert_int_equal(o[i].version, 2);
    }
    assert_int_equal(count(k, "lead where owner_id = (select id from employee where code = '101')"), MANY);
    assert_int_equal(count(k, "event where type = 'lead.claimed'"), MANY);
    assert_int_equal(bank_sql_int(k, "select count(distinct subject) from event where type = 'lead.claimed'"),
                     MANY);
    assert_int_equal(count(k, "task"), MANY);
    assert_int_equal(count(k, "audit where operation = 'lead.claim' and result = 'ok'"), MANY);
    const char *rows = "select count(distinct subject) from audit where operation = 'lead.claim'";
    assert_int_equal(bank_sql_int(k, rows), MANY);
}

/* Takes the last lead of the list for another one, and writes beside. */
static void others_turn(void *arg, int64_t done, int64_t total)
{
    struct between *b = arg;
    struct err e = { 0 };
    if (b->steps++ || done == total)
        return;
    const struct op *op = op_find("lead.claim");
    struct claim_in *in = record_new(op->in, &b->k->arena);
    struct outcomes out;
    in->id = ((const struct lead_at *)b->in->leads.items)[MANY - 1].id;
    struct call c = { .op = op, .in = in };
    assert_int_equal(backend_call(b->other, &c, &b->k->arena, &out, &e), ST_OK);
}

static void others_get_their_turn(void **state)
{
    struct bank *k = *state;
    const struct claim_in *in = make_many(k);
    struct between b = { .k = k, .in = in };
    struct outcomes out;
    bank_as(k, "102");
    b.other = k->b;
    k->b = NULL;
    bank_as(k, "101");
    assert_int_equal(claim(k, in, NULL, others_turn, &b, &out), ST_OK);
    backend_close(b.other);
    assert_true(b.steps > 1);
    assert_int_equal(out.ok, MANY - 1);
    assert_int_equal(out.refused, 1);
    const struct outcome *last = (const struct outcome *)out.outcomes.items + MANY - 1;
    assert_string_equal(last->code, "TAKEN");
    assert_string_equal(last->detail, "Wang");
    assert_int_equal(count(k, "event where type = 'lead.claimed'"), MANY);
}

static void too_many_are_refused_whole(void **state)
{
    struct bank *k = *state;
    struct claim_in in = *make_many(k);
    struct lead_at *more = arena_array(&k->arena, struct lead_at, MANY + 1);
    struct outcomes out;
    memcpy(more, in.leads.items, MANY * sizeof *more);
    more[MANY] = more[0];
    in.leads = (struct list){ more, MANY + 1 };
    bank_as(k, "101");
    assert_int_equal(claim(k, &in, NULL, NULL, NULL, &out), ST_INVALID);
    assert_string_equal(k->e.code, "lead.too_many");
    assert_int_equal(count(k, "event where type = 'lead.claimed'"), 0);
}

static void die(void *arg, int64_t done, int64_t total)
{
    struct between *b = arg;
    if (++b->steps == 2 && done < total)
        kill(getpid(), SIGKILL);
}

/* A process of its own that is killed after its second step. */
static void die_half_way(struct bank *k, const struct claim_in *in, const char *key)
{
    backend_close(k->b);
    k->b = NULL;
    pid_t pid = fork();
    if (pid == 0) {
        struct between b = { .k = k, .in = in };
        struct outcomes out;
        struct err e = { 0 };
        struct backend_config c = { .url = k->path, .keys_dir = k->keys, .as = "101" };
        if (backend_open(&c, &k->b, &e) == ST_OK)
            claim(k, in, key, die, &b, &out);
        _exit(3);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    bank_as(k, "101");
}

static void a_replay_goes_on_where_it_died(void **state)
{
    struct bank *k = *state;
    const struct claim_in *in = make_many(k);
    struct outcomes out, again;
    die_half_way(k, in, "k1");
    int64_t half = count(k, "event where type = 'lead.claimed'");
    assert_true(half > 0 && half < MANY);
    assert_int_equal(claim(k, in, "k1", NULL, NULL, &out), ST_OK);
    each_is_taken_once(k, in, &out);
    assert_int_equal(claim(k, in, "k1", NULL, NULL, &again), ST_OK);
    each_is_taken_once(k, in, &again);
    struct claim_in fewer = *in;
    fewer.leads.n--;
    assert_int_equal(claim(k, &fewer, "k1", NULL, NULL, &again), ST_CONFLICT);
    assert_string_equal(k->e.code, "key.reused");
}

/* The same key twice at once: the second, between two steps of the first, takes over; the first tells what
 * both did. */
static void twin(void *arg, int64_t done, int64_t total)
{
    struct between *b = arg;
    struct err e = { 0 };
    struct outcomes out;
    if (b->steps++ || done == total)
        return;
    struct call c = { .op = op_find("lead.claim"), .in = b->in, .key = "k1" };
    assert_int_equal(backend_call(b->other, &c, &b->k->arena, &out, &e), ST_OK);
    assert_int_equal(out.ok, MANY);
}

static void the_same_key_twice_at_once(void **state)
{
    struct bank *k = *state;
    const struct claim_in *in = make_many(k);
    struct between b = { .k = k, .in = in };
    struct outcomes out;
    bank_as(k, "101");
    b.other = k->b;
    k->b = NULL;
    bank_as(k, "101");
    assert_int_equal(claim(k, in, "k1", twin, &b, &out), ST_OK);
    backend_close(b.other);
    each_is_taken_once(k, in, &out);
}

static void each_has_its_row_in_the_audit(void **state)
{
    struct bank *k = *state;
    make_pool(k, "PS", "S");
    const char *a = made(k, "{\"name\":\"A\"}"), *b = made(k, "{\"name\":\"B\",\"branch\":\"S\"}"),
               *c = made(k, "{\"name\":\"C\",\"branch\":\"N1\",\"owner\":\"102\"}");
    bank_as(k, "101");
    const char *reply = bank_do(k, "lead.claim",
                                bank_text(k, "{\"leads\":[{\"id\":\"%s\"},{\"id\":\"%s\"},{\"id\":\"%s\"}]}",
                                          a, b, c));
    assert_string_equal(bank_get(k, reply, "ok"), "1");
    assert_string_equal(bank_get(k, reply, "refused"), "2");
    assert_string_equal(bank_sql(k, bank_text(k, "select result from audit where subject = %s and "
                                                 "operation = 'lead.claim'", a)), "ok");
    assert_string_equal(bank_sql(k, bank_text(k, "select result || ' ' || code from audit where subject = %s "
                                                 "and operation = 'lead.claim'", b)),
                        "denied noun.not_found");
    assert_int_equal(count(k, "audit where operation = 'lead.claim'"), 2);
}

#define with_bank(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bank(what_waits_above_is_seen_below),
        with_bank(what_waits_beside_is_not),
        with_bank(what_is_owned_or_closed_there_is_not),
        with_bank(a_new_pool_is_known_at_once),
        with_bank(claiming_brings_it_home),
        with_bank(until_then_it_is_only_read),
        with_bank(a_supervisor_gives_it_to_his_people),
        with_bank(staff_change_what_they_have),
        with_bank(it_returns_to_the_nearest_pool),
        with_bank(it_never_leaves_those_of_its_branch),
        with_bank(a_pool_does_not_leave_its_leads),
        with_bank(others_get_their_turn),
        with_bank(too_many_are_refused_whole),
        with_bank(a_replay_goes_on_where_it_died),
        with_bank(the_same_key_twice_at_once),
        with_bank(each_has_its_row_in_the_audit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
