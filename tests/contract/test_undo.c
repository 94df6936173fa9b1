/* Taking back: one's own last change of a lead, while nothing has happened to it since. And what lead.create
 * takes along in one go: the consents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "core/pool/pool.h"
#include "tests/contract/bank.h"

/* A lead of outlet N1 that waits in the default pool; its id. */
static const char *pooled(struct bank *k, const char *phone)
{
    bank_as(k, NULL);
    return bank_get(k, bank_do(k, "lead.create",
                               bank_text(k, "{\"name\":\"甲\",\"phone\":\"%s\",\"branch\":\"N1\"}",
                                         phone)), "id");
}

/* All that the lead is but its version and the time of the change, and the tasks on it that are open. */
static const char *whole(struct bank *k, const char *id)
{
    return bank_sql(k, bank_text(k,
        "select json_array(owner_id, pool_id, branch_id, stage_id, open, received_at, received_how, left_at, "
        "first_due_at, first_response_at, next_follow_up_at, last_follow_up_at, recycle_at, returned_count, "
        "reason, closed_at, frozen, (select json_group_array(x.tag_id) from lead_tag x where "
        "x.lead_id = l.id), "
        "(select json_group_array(t.id || t.kind || t.due_at || t.owner_id || coalesce(t.done_at, '')) "
        "from task t where t.lead_id = l.id and t.state = 'open')) from lead l where id = %s", id));
}

static int64_t open_tasks(struct bank *k, const char *id)
{
    return bank_sql_int(k, bank_text(k, "select count(*) from task where lead_id = %s and state = "
                                        "'open'", id));
}

/* A lead that 101 has just claimed, who is the caller from now on. */
static const char *claimed(struct bank *k)
{
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    return id;
}

static void does(struct bank *k, const char *op, const char *id, const char *more)
{
    bank_do(k, op, bank_text(k, "{\"id\":\"%s\"%s}", id, more));
}

static void goes_back(struct bank *k, const char *id, const char *before)
{
    assert_non_null(bank_on(k, "lead.undo", id, ""));
    assert_string_equal(whole(k, id), before);
}

static void a_claim_goes_back_to_its_pool(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001"), *before = whole(k, id);
    bank_as(k, "101");
    does(k, "lead.claim", id, "");
    assert_int_equal(open_tasks(k, id), 1);
    bank_later(CLOCK_MINUTE);
    const char *reply = bank_on(k, "lead.undo", id, "");
    assert_non_null(reply);
    assert_non_null(strstr(reply, "\"code\":\"OK\""));
    assert_string_equal(whole(k, id), before);
    assert_int_equal(open_tasks(k, id), 0);
    assert_string_equal(bank_sql(k, "select type || json_extract(data, '$.event') from event order by "
                                    "id desc "
                                    "limit 1"), "lead.undonelead.claimed");
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'lead.undo' and "
                                     "result = 'ok'"), 1);
    does(k, "lead.claim", id, "");      /* it is there to be claimed again */
}

/* Its tasks are open again, its clocks run from where they began, and those who were told are told again. */
static void an_assignment_gives_back_to_the_one_before(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    does(k, "lead.follow_up", id, ",\"result\":\"considering\",\"next_at\":\"2026-11-26 10:00\"");
    const char *before = whole(k, id);
    assert_int_equal(open_tasks(k, id), 1);
    bank_later(CLOCK_HOUR);
    bank_as(k, "300");
    does(k, "lead.assign", id, ",\"employee\":\"201\"");
    goes_back(k, id, before);
    assert_string_equal(bank_sql(k, "select group_concat(w) from (select e.code || ' ' || m.code w "
                                    "from message m, "
                                    "employee e where e.id = m.to_id order by m.id)"),
                        "201 message.assigned,101 message.taken_away,201 message.taken_away,101 "
                        "message.assigned");
}

static void a_return_comes_back_with_what_was_open(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    bank_do(k, "task.create", bank_text(k, "{\"subject\":\"备料\",\"owner\":\"101\",\"lead_id\":\"%s\","
                                           "\"due_at\":\"2026-11-26 10:00\"}", id));
    const char *before = whole(k, id);
    does(k, "lead.return", id, ",\"reason\":\"远\"");
    assert_int_equal(open_tasks(k, id), 0);
    goes_back(k, id, before);
    assert_int_equal(open_tasks(k, id), 2);
}

static void a_stage_is_as_it_was_even_when_it_closed(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k), *before = whole(k, id);
    does(k, "lead.stage", id, ",\"stage\":\"sql\"");
    goes_back(k, id, before);
    does(k, "lead.stage", id, ",\"stage\":\"invalid\",\"reason\":\"空号\"");
    const char *closed = whole(k, id);
    goes_back(k, id, before);
    does(k, "lead.stage", id, ",\"stage\":\"invalid\",\"reason\":\"空号\"");
    bank_later(CLOCK_HOUR);
    does(k, "lead.stage", id, ",\"stage\":\"contacted\"");
    assert_non_null(bank_on(k, "lead.undo", id, ""));
    assert_int_equal(open_tasks(k, id), 0);
    assert_string_equal(bank_sql(k, bank_text(k, "select open from lead where id = %s", id)), "0");
    assert_non_null(closed);
}

/* A closed lead does not come back beside a twin that was made meanwhile. */
static void what_would_collide_stays(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    does(k, "lead.stage", id, ",\"stage\":\"invalid\",\"reason\":\"空号\"");
    pooled(k, "13800000001");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_CONFLICT, "lead.duplicate");
}

static void tags_go_off_and_on_again(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_do(k, "tag.create", "{\"code\":\"vip\",\"name\":\"贵宾\"}");
    bank_do(k, "tag.create", "{\"code\":\"cold\",\"name\":\"陌拜\"}");
    does(k, "lead.tag", id, ",\"add\":[\"vip\"]");
    const char *before = whole(k, id);
    does(k, "lead.tag", id, ",\"add\":[\"cold\"],\"remove\":[\"vip\"]");
    assert_string_not_equal(whole(k, id), before);
    goes_back(k, id, before);
}

static void too_late_is_too_late(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    bank_later(UNDO_MINUTES * (int64_t)CLOCK_MINUTE + 1);
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_CONFLICT, "undo.late");
    assert_string_equal(k->e.param[0], "5");
}

static void nothing_may_have_happened_since(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    does(k, "lead.reveal", id, ",\"reason\":\"回访\"");
    assert_non_null(bank_on(k, "lead.undo", id, ""));   /* to have looked changes nothing */
    does(k, "lead.claim", id, "");
    does(k, "lead.follow_up", id, ",\"result\":\"reached\"");
    const char *after = whole(k, id);
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_CONFLICT, "undo.nothing");
    does(k, "lead.change", id, ",\"score\":5");
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_CONFLICT, "undo.nothing");
    assert_string_equal(whole(k, id), after);
    bank_refused(k, bank_call(k, "lead.undo", bank_text(k, "{\"id\":\"%s\",\"version\":1}", id)), ST_CONFLICT,
                 "noun.stale");
}

static void only_one_s_own(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k), *after = whole(k, id);
    bank_as(k, "300");                                  /* may assign it, and yet did not claim it */
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_DENIED, "undo.not_yours");
    bank_as(k, "102");
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_DENIED, "undo.not_yours");
    bank_as(k, "201");
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_NOT_FOUND, "noun.not_found");
    assert_string_equal(whole(k, id), after);
}

static void twice_is_once(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001"), *before = whole(k, id), *in;
    bank_as(k, "101");
    does(k, "lead.claim", id, "");
    in = bank_text(k, "{\"id\":\"%s\"}", id);
    const char *first = bank_call_key(k, "lead.undo", in, "u1");
    assert_non_null(first);
    assert_string_equal(bank_call_key(k, "lead.undo", in, "u1"), first);
    assert_string_equal(whole(k, id), before);
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'lead.undone'"), 1);
    /* there is no undoing of the undone */
    bank_refused(k, bank_on(k, "lead.undo", id, ""), ST_CONFLICT, "undo.nothing");
}

static void several_at_once_each_for_itself(void **state)
{
    struct bank *k = *state;
    const char *a = pooled(k, "13800000001"), *b = pooled(k, "13800000002"), *was = whole(k, a);
    bank_as(k, "101");
    bank_do(k, "lead.claim", bank_text(k, "{\"leads\":[{\"id\":\"%s\"},"
                                                          "{\"id\":\"%s\"}]}", a, b));
    does(k, "lead.follow_up", b, ",\"result\":\"reached\"");
    const char *reply = bank_do(k, "lead.undo", bank_text(k,
                                                          "{\"leads\":[{\"id\":\"%s\"},"
                                                          "{\"id\":\"%s\"}]}", a, b));
    assert_string_equal(bank_get(k, reply, "ok"), "1");
    assert_string_equal(bank_get(k, reply, "refused"), "1");
    assert_string_equal(whole(k, a), was);
    assert_int_equal(open_tasks(k, b), 0);              /* the follow-up was done */
}

/* ---- lead.create with consents ------------------------------------------------------------------------- */

static void a_consent_comes_with_the_lead_or_neither_does(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    bank_do(k, "lead.create", "{\"name\":\"乙\",\"phone\":\"13800000009\",\"consent\":[{\"way\":\"phone\","
                              "\"state\":\"granted\",\"source\":\"counter\"},"
                              "{\"way\":\"sms\",\"state\":\"refused\"}]}");
    assert_string_equal(bank_sql(k, "select group_concat(x.way || x.state || coalesce(x.source, '-') "
                                    "|| e.code) "
                                    "from consent x, lead l, employee e where l.name = '乙' and "
                                    "x.person_id = l.person_id and e.id = x.employee_id"),
                        "phonegrantedcounter101,smsrefused-101");
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'person.consent_changed'"), 2);
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"丙\",\"phone\":\"13800000010\",\"consent\":["
                                                "{\"way\":\"phone\"}]}"), ST_INVALID, "field.required");
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"丙\",\"phone\":\"13800000010\",\"consent\":["
                                                "{\"way\":\"phone\",\"state\":\"maybe\"}]}"),
                 ST_INVALID, "field.choice");
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"丁\",\"phone\":\"13800000009\",\"consent\":["
                                                "{\"way\":\"all\",\"state\":\"refused\"}]}"),
                 ST_CONFLICT, "lead.duplicate");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from consent"), 2);
}

static void who_refuses_all_ways_is_left_alone_from_the_start(void **state)
{
    struct bank *k = *state;
    bank_as(k, "101");
    const char *id = bank_get(k, bank_do(k, "lead.create", "{\"name\":\"乙\",\"consent\":[{\"way\":\"all\","
                                                           "\"state\":\"refused\"}]}"), "id");
    assert_string_equal(bank_field(k, id, "frozen"), "true");
}

static void the_verdict_names_whom_the_caller_sees(void **state)
{
    struct bank *k = *state;
    claimed(k);
    const char *mine = bank_do(k, "lead.duplicate", "{\"phone\":\"１３８００００００01\"}");
    assert_string_equal(bank_get(k, mine, "owner"), "101");
    assert_string_equal(bank_get(k, mine, "owner_name"),
                        bank_sql(k, "select name from employee where code = '101'"));
    bank_as(k, "201");
    const char *theirs = bank_do(k, "lead.duplicate", "{\"phone\":\"13800000001\"}");
    assert_string_equal(bank_get(k, theirs, "verdict"), "open");
    assert_string_equal(bank_get(k, theirs, "owner_name"), "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_claim_goes_back_to_its_pool),
        TEST(an_assignment_gives_back_to_the_one_before),
        TEST(a_return_comes_back_with_what_was_open),
        TEST(a_stage_is_as_it_was_even_when_it_closed),
        TEST(what_would_collide_stays),
        TEST(tags_go_off_and_on_again),
        TEST(too_late_is_too_late),
        TEST(nothing_may_have_happened_since),
        TEST(only_one_s_own),
        TEST(twice_is_once),
        TEST(several_at_once_each_for_itself),
        TEST(a_consent_comes_with_the_lead_or_neither_does),
        TEST(who_refuses_all_ways_is_left_alone_from_the_start),
        TEST(the_verdict_names_whom_the_caller_sees),
    };
    return cmocka_run_group_tests_name("undo", tests, NULL, NULL);
}
