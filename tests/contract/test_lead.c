/* What happens to leads, as those who work them would notice. Expected values are worked by hand
 * from the contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/contract/bank.h"

/* A lead in the default pool, at outlet N1; its id. */
static const char *pooled(struct bank *k, const char *phone)
{
    bank_as(k, NULL);
    const char *reply =
        bank_do(k, "lead.create",
                bank_text(k,
                          "{\"name\":\"王芳\",\"phone\":\"%s\",\"product\":\"card\","
                          "\"channel\":\"web\",\"branch\":\"N1\",\"intent\":\"high\"}",
                          phone));
    return bank_get(k, reply, "id");
}

/* The same, in a pool of the branch N: of no concern to S. */
static const char *pooled_in_north(struct bank *k, const char *phone)
{
    bank_as(k, NULL);
    bank_do(k, "pool.create", "{\"code\":\"north\",\"name\":\"North pool\",\"branch\":\"N\"}");
    return pooled(k, phone);
}

/* ---- claim -------------------------------------------------------------------------------------------- */

static void claim_gives_owner_task_and_clock(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    assert_string_equal(bank_field(k, id, "owner"), "101");
    assert_string_equal(bank_field(k, id, "pool"), "");
    /* Monday 11:00 + 24 hours of working days: Tuesday 11:00 */
    assert_string_equal(bank_field(k, id, "first_due_at"), "2026-11-24T11:00:00+08:00");
    assert_string_equal(bank_field(k, id, "left_at"), "2026-11-24T11:00:00+08:00");
    assert_string_equal(bank_field(k, id, "recycle_at"), "2026-11-25T11:00:00+08:00");
    assert_int_equal(
        bank_sql_int(
            k, bank_text(k, "select count(*) from task where state = 'open' and lead_id = %s", id)),
        1);
    assert_int_equal(
        bank_sql_int(
            k,
            bank_text(k, "select count(*) from event where type = 'lead.claimed' and subject = %s",
                      id)),
        1);
    assert_int_equal(
        bank_sql_int(k, bank_text(k,
                                  "select count(*) from audit where operation = 'lead.claim' and "
                                  "result = 'ok' and subject = %s",
                                  id)),
        1);
}

static void a_claimed_lead_is_taken(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    bank_as(k, "102");
    bank_refused(k, bank_on(k, "lead.claim", id, ""), ST_CONFLICT, "TAKEN");
    assert_string_equal(k->e.param[0], "Li");
    assert_string_equal(bank_field(k, id, "owner"), "101");
}

static void several_claims_answer_one_by_one(void **state)
{
    struct bank *k = *state;
    const char *a = pooled(k, "13800000001"), *b = pooled(k, "13800000002");
    bank_as(k, "102");
    assert_non_null(bank_on(k, "lead.claim", b, ""));
    bank_as(k, "101");
    const char *reply = bank_do(
        k, "lead.claim", bank_text(k, "{\"leads\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]}", a, b));
    assert_string_equal(bank_get(k, reply, "ok"), "1");
    assert_string_equal(bank_get(k, reply, "refused"), "1");
    assert_non_null(strstr(reply, "\"TAKEN\""));
    assert_string_equal(bank_field(k, a, "owner"), "101");
}

static void another_branch_does_not_see_it(void **state)
{
    struct bank *k = *state;
    const char *id = pooled_in_north(k, "13800000001");
    bank_as(k, "400");
    bank_refused(k, bank_on(k, "lead.get", id, ""), ST_NOT_FOUND, "noun.not_found");
    bank_refused(k, bank_on(k, "lead.claim", id, ""), ST_NOT_FOUND, "noun.not_found");
    assert_int_equal(bank_count(k, "name is set"), 0);
}

static void a_stale_version_is_a_conflict(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    assert_non_null(bank_on(k, "lead.change", id, ",\"score\":5,\"version\":1"));
    bank_refused(k, bank_on(k, "lead.change", id, ",\"score\":6,\"version\":1"), ST_CONFLICT, "noun.stale");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.claim", id, ",\"version\":1"), ST_CONFLICT, "noun.stale");
    assert_non_null(bank_on(k, "lead.claim", id, ",\"version\":2"));
}

static void the_same_key_claims_once(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001"), *in = bank_text(k, "{\"id\":\"%s\"}", id);
    bank_as(k, "101");
    const char *first = bank_call_key(k, "lead.claim", in, "k1");
    const char *again = bank_call_key(k, "lead.claim", in, "k1");
    assert_string_equal(bank_said(first), bank_said(again));
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'lead.claimed'"), 1);
    bank_refused(k, bank_call_key(k, "lead.claim", "{\"id\":\"1\"}", "k1"), ST_CONFLICT, "key.reused");
}

/* ---- give and take back ------------------------------------------------------------------------------- */

static void staff_may_not_assign(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.assign", id, ",\"employee\":\"102\""), ST_DENIED, "right.missing");
    assert_int_equal(
        bank_sql_int(
            k, "select count(*) from audit where result = 'denied' and operation = 'lead.assign'"),
        1);
}

static void assigning_tells_both(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    bank_as(k, "300");
    assert_non_null(bank_on(k, "lead.assign", id, ",\"employee\":\"201\",\"reason\":\"leave\""));
    assert_string_equal(bank_field(k, id, "owner"), "201");
    assert_int_equal(bank_sql_int(k, "select count(*) from message"), 2);
    assert_int_equal(
        bank_sql_int(
            k, bank_text(k, "select count(*) from task where state = 'open' and lead_id = %s", id)),
        1);
    assert_int_equal(
        bank_sql_int(
            k, bank_text(k, "select count(*) from task where state = 'cancelled' and lead_id = %s",
                         id)),
        1);
}

static void a_return_needs_a_reason(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    bank_refused(k, bank_on(k, "lead.return", id, ""), ST_INVALID, "field.required");
    assert_non_null(bank_on(k, "lead.return", id, ",\"reason\":\"wrong region\""));
    assert_string_equal(bank_field(k, id, "pool"), "default");
    assert_string_equal(bank_field(k, id, "owner"), "");
    assert_string_equal(bank_field(k, id, "returned_count"), "1");
    bank_refused(k, bank_on(k, "lead.return", id, ",\"reason\":\"again\""), ST_CONFLICT, "IN_POOL");
}

static void one_may_not_return_what_is_another_s(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    bank_as(k, "102");
    bank_refused(k, bank_on(k, "lead.return", id, ",\"reason\":\"mine now\""), ST_DENIED, "lead.not_yours");
}

/* ---- follow-ups --------------------------------------------------------------------------------------- */

static const char *claimed(struct bank *k)
{
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    return id;
}

static void a_reached_customer_moves_the_lead_on(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    bank_later(2 * CLOCK_HOUR);
    assert_non_null(bank_on(k, "lead.follow_up", id, ",\"result\":\"interested\",\"note\":\"年终奖\","
                            "\"next_at\":\"2026-11-26T10:00:00+08:00\""));
    assert_string_equal(bank_field(k, id, "stage"), "contacted");
    assert_string_equal(bank_field(k, id, "first_response_at"), "2026-11-23T13:00:00+08:00");
    /* the next call is due before the 7 working days of silence end */
    assert_string_equal(bank_field(k, id, "left_at"), "2026-11-26T10:00:00+08:00");
    /* 7 x 24 hours of working days from Monday 13:00: Wednesday of the week after, 13:00 */
    assert_string_equal(bank_field(k, id, "recycle_at"), "2026-12-02T13:00:00+08:00");
    assert_int_equal(
        bank_sql_int(k,
                     "select count(*) from task where state = 'done' and kind = 'first_follow_up'"),
        1);
    assert_int_equal(
        bank_sql_int(k, "select count(*) from task where state = 'open' and kind = 'follow_up'"),
        1);
}

static void nobody_answering_stops_no_clock(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    assert_non_null(bank_on(k, "lead.follow_up", id, ",\"result\":\"no_answer\""));
    assert_string_equal(bank_field(k, id, "stage"), "new");
    assert_string_equal(bank_field(k, id, "first_response_at"), "");
    assert_string_equal(bank_field(k, id, "left_at"), "2026-11-24T11:00:00+08:00");
    assert_string_equal(bank_field(k, id, "follow_up_count"), "1");
    assert_int_equal(
        bank_sql_int(k,
                     "select count(*) from task where state = 'open' and kind = 'first_follow_up'"),
        1);
}

static void a_refusal_stops_that_way_for_the_person(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    assert_non_null(bank_on(k, "lead.follow_up", id, ",\"result\":\"refuses_marketing\",\"way\":\"phone\""));
    assert_string_equal(bank_sql(k, "select way || ' ' || state from consent"), "phone refused");
    assert_string_equal(
        bank_sql(
            k,
            bank_text(k, "select c.person_id = l.person_id from consent c, lead l where l.id = %s",
                      id)),
        "1");
    assert_string_equal(bank_field(k, id, "frozen"), "false");       /* other ways are open */
    assert_non_null(bank_on(k, "lead.follow_up", id, ",\"result\":\"hung_up\""));
    /* did not take the call: no refusal */
    assert_int_equal(bank_sql_int(k, "select count(*) from consent"), 1);
}

static void a_follow_up_in_the_past_is_refused(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    bank_refused(k,
                 bank_on(k, "lead.follow_up", id,
                         ",\"result\":\"reached\",\"next_at\":\"2026-11-23T10:59:00+08:00\""),
                 ST_INVALID, "lead.next_past");
    bank_refused(k, bank_on(k, "lead.follow_up", id, ",\"result\":\"hello\""), ST_INVALID, "field.choice");
    assert_int_equal(bank_sql_int(k, "select count(*) from follow_up"), 0);
}

static void the_timeline_tells_it_newest_first(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    bank_later(CLOCK_HOUR);
    assert_non_null(bank_on(k, "lead.follow_up", id, ",\"result\":\"reached\",\"note\":\"friendly\""));
    const char *reply = bank_do(k, "lead.timeline", bank_text(k, "{\"id\":\"%s\"}", id));
    const char *up = strstr(reply, "lead.followed_up"), *claim = strstr(reply, "lead.claimed"),
               *made = strstr(reply, "lead.created");
    assert_non_null(up);
    assert_non_null(claim);
    assert_non_null(made);
    assert_true(up < claim && claim < made);
    assert_non_null(strstr(reply, "friendly"));
}

/* ---- the end ------------------------------------------------------------------------------------------ */

static void winning_makes_the_deal(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    assert_non_null(bank_on(k, "lead.win", id, ",\"amount\":12345600"));
    assert_string_equal(bank_field(k, id, "stage"), "won");
    assert_string_equal(bank_field(k, id, "left_at"), "");
    assert_string_equal(bank_field(k, id, "amount"), "12345600");
    assert_string_equal(bank_sql(k, "select e.code from deal d join employee e on e.id = d.owner_id"), "101");
    bank_refused(k, bank_on(k, "lead.win", id, ""), ST_CONFLICT, "CLOSED");
    bank_refused(k, bank_on(k, "lead.follow_up", id, ",\"result\":\"reached\""), ST_CONFLICT, "CLOSED");
    bank_refused(k, bank_on(k, "lead.stage", id, ",\"stage\":\"new\""), ST_CONFLICT, "lead.won_stays");
}

static void a_lost_lead_can_come_back(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    bank_refused(k, bank_on(k, "lead.lose", id, ""), ST_INVALID, "field.required");
    assert_non_null(bank_on(k, "lead.lose", id, ",\"reason\":\"went elsewhere\""));
    assert_string_equal(bank_field(k, id, "stage"), "lost");
    assert_non_null(bank_on(k, "lead.stage", id, ",\"stage\":\"contacted\""));
    assert_string_equal(bank_field(k, id, "stage"), "contacted");
    assert_string_equal(bank_field(k, id, "owner"), "101");
}

static void reopening_beside_a_twin_is_refused_with_its_number(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    assert_non_null(bank_on(k, "lead.lose", id, ",\"reason\":\"later\""));
    bank_as(k, NULL);
    const char *twin = bank_get(
        k, bank_do(k, "lead.create", "{\"phone\":\"138 0000 0001\",\"product\":\"card\"}"), "id");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.stage", id, ",\"stage\":\"contacted\""), ST_CONFLICT, "lead.duplicate");
    const char *number = bank_text(k, "%s", k->e.param[0]);
    bank_as(k, NULL);
    assert_string_equal(number, bank_field(k, twin, "no"));
}

/* ---- uniqueness and secrecy --------------------------------------------------------------------------- */

static void one_open_lead_a_phone_and_product(void **state)
{
    struct bank *k = *state;
    pooled(k, "13800000001");
    bank_refused(k,
                 bank_call(k, "lead.create", "{\"phone\":\"+86 138-0000-0001\",\"product\":\"card\"}"),
                 ST_CONFLICT, "lead.duplicate");
    bank_do(k, "lead.create", "{\"phone\":\"13800000001\",\"product\":\"loan\"}");
    assert_int_equal(bank_sql_int(k, "select count(*) from person"), 1);      /* the same human being */
    const char *verdict = bank_do(k, "lead.duplicate", "{\"phone\":\"13800000001\",\"product\":\"card\"}");
    assert_string_equal(bank_get(k, verdict, "verdict"), "open");
    verdict = bank_do(k, "lead.duplicate", "{\"phone\":\"13900000001\"}");
    assert_string_equal(bank_get(k, verdict, "verdict"), "free");
}

static void a_lead_needs_something_to_be_known_by(void **state)
{
    struct bank *k = *state;
    bank_refused(k, bank_call(k, "lead.create", "{\"intent\":\"high\"}"), ST_INVALID, "lead.nameless");
    bank_refused(k, bank_call(k, "lead.create", "{\"phone\":\"12345\"}"), ST_INVALID, "phone.invalid");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead"), 0);
}

static void phones_are_masked_and_sealed(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13812345678");
    assert_string_equal(bank_field(k, id, "phone"), "138****5678");
    assert_int_equal(
        bank_sql_int(
            k, "select count(*) from lead where instr(hex(phone_enc), hex('13812345678')) > 0"),
        0);
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.reveal", id, ""), ST_INVALID, "field.required");
    const char *clear = bank_on(k, "lead.reveal", id, ",\"reason\":\"to call\"");
    assert_string_equal(bank_get(k, bank_said(clear), "phone"), "13812345678");
    assert_int_equal(
        bank_sql_int(
            k, "select count(*) from audit where operation = 'lead.reveal' and result = 'ok'"),
        1);
    assert_int_equal(bank_count(k, "phone = \"138 1234 5678\""), 1);
    bank_call(k, "lead.count", "{\"where\":\"phone > 1\"}");
    assert_int_equal(k->e.status, ST_DENIED);
}

static void an_auditor_sees_no_names(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13812345678");
    bank_as(k, "audit");
    assert_string_equal(bank_field(k, id, "name"), "王*");
    bank_refused(k, bank_on(k, "lead.change", id, ",\"score\":1"), ST_DENIED, "right.missing");
    bank_refused(k, bank_on(k, "lead.reveal", id, ",\"reason\":\"x\""), ST_DENIED, "right.missing");
}

/* ---- paging ------------------------------------------------------------------------------------------- */

static const char *page_in(struct bank *k, const char *sort, const char *cursor)
{
    return cursor
               ? bank_text(k, "{\"sort\":\"%s\",\"limit\":3,\"columns\":\"no\",\"cursor\":\"%s\"}",
                           sort, cursor)
               : bank_text(k, "{\"sort\":\"%s\",\"limit\":3,\"columns\":\"no\"}", sort);
}

/* Every lead once, in any order, empty values included. */
static void pages_visit_each_row_once(void **state)
{
    static const char *const sorts[] = { "left_at",     "-left_at", "name", "-name", "score",
                                         "-score,name", "owner",    "no",   "-no" };
    struct bank *k = *state;
    for (int i = 0; i < 20; i++) {
        const char *id = pooled(k, bank_text(k, "138000000%02d", i));
        if (i % 3 == 0)
            bank_on(k, "lead.change", id, bank_text(k, ",\"score\":%d,\"name\":null", i / 6));
        if (i % 2) {
            bank_later(CLOCK_MINUTE);
            bank_as(k, i % 4 == 1 ? "101" : "102");
            assert_non_null(bank_on(k, "lead.claim", id, ""));
        }
    }
    for (int who = 0; who < 2; who++) {
        bank_as(k, who ? "300" : NULL);
        for (size_t s = 0; s < sizeof sorts / sizeof *sorts; s++) {
            bool seen[21] = { false };
            int n = 0;
            const char *cursor = NULL;
            do {
                const char *reply = bank_do(k, "lead.list", page_in(k, sorts[s], cursor));
                for (const char *p = reply; (p = strstr(p, "\"no\":")); p++, n++) {
                    int no = atoi(p + 5);
                    assert_in_range(no, 1, 20);
                    assert_false(seen[no]);
                    seen[no] = true;
                }
                cursor = bank_get(k, reply, "next");
            } while (*cursor);
            assert_int_equal(n, 20);
        }
    }
}

/* ---- what a review found ------------------------------------------------------------------------------ */

static void what_is_revealed_is_never_kept(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13812345678"), *in = bank_text(k, "{\"id\":\"%s\",\"reason\":\"call\"}", id);
    assert_non_null(bank_call_key(k, "lead.reveal", in, "k1"));
    assert_non_null(bank_call_key(k, "lead.reveal", in, "k1"));
    assert_int_equal(bank_sql_int(k, "select count(*) from answer"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'lead.reveal'"), 2);
}

static void acting_as_another_leaves_a_trace(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    bank_as(k, "101");
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'account.as' "
                                     "and detail like '%\"101\"%'"),
                     1);
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    assert_string_equal(
        bank_sql(k, "select substr(account, 1, 12) from audit where operation = 'lead.claim'"),
        "101 by local");
}

static void refusing_all_reaches_every_lead_of_the_person(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    bank_as(k, NULL);
    const char *other =
        bank_get(k,
                 bank_do(k, "lead.create",
                         "{\"phone\":\"13800000001\",\"product\":\"loan\",\"branch\":\"N1\"}"),
                 "id");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.follow_up", id,
                            ",\"result\":\"refuses_marketing\",\"way\":\"counter\""));
    assert_string_equal(bank_field(k, id, "frozen"), "true");
    assert_string_equal(bank_field(k, other, "frozen"), "true");
    bank_refused(k, bank_on(k, "lead.claim", other, ""), ST_CONFLICT, "FROZEN");
    bank_as(k, NULL);
    const char *late =
        bank_get(k,
                 bank_do(k, "lead.create",
                         "{\"phone\":\"13800000001\",\"product\":\"none\",\"branch\":\"N1\"}"),
                 "id");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.claim", late, ""), ST_CONFLICT, "FROZEN");
}

static void a_won_lead_stays_won_without_an_amount(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    assert_non_null(bank_on(k, "lead.win", id, ""));
    bank_refused(k, bank_on(k, "lead.stage", id, ",\"stage\":\"contacted\""), ST_CONFLICT, "lead.won_stays");
}

static void whoever_has_a_lead_sees_it(void **state)
{
    struct bank *k = *state;
    bank_as(k, NULL);
    const char *id = bank_get(k, bank_do(k, "lead.create", "{\"name\":\"Ann\"}"), "id");
    assert_string_equal(bank_field(k, id, "branch"), "HQ");
    assert_non_null(bank_on(k, "lead.assign", id, ",\"employee\":\"101\""));
    bank_as(k, "101");
    assert_string_equal(bank_field(k, id, "branch"), "N1");
    assert_int_equal(bank_count(k, "owner = me"), 1);
    /* a supervisor who takes a lead of an outlet below leaves it there */
    const char *low = pooled(k, "13800000009");
    bank_as(k, "300");
    assert_non_null(bank_on(k, "lead.claim", low, ""));
    assert_string_equal(bank_field(k, low, "branch"), "N1");
}

static void a_key_survives_a_new_name(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001"), *in = bank_text(k, "{\"id\":\"%s\",\"employee\":\"101\"}", id);
    const char *first = bank_call_key(k, "lead.assign", in, "k9");
    bank_do(k, "employee.change",
            bank_text(k, "{\"id\":\"%s\",\"name\":\"Li Min\"}",
                      bank_sql(k, "select cast(id as text) from employee where code = '101'")));
    assert_string_equal(bank_said(bank_call_key(k, "lead.assign", in, "k9")), bank_said(first));
    const char *change = bank_text(k, "{\"id\":\"%s\"}", id),
               *clear = bank_text(k, "{\"id\":\"%s\",\"name\":null}", id);
    assert_non_null(bank_call_key(k, "lead.change", change, "k10"));
    bank_refused(k, bank_call_key(k, "lead.change", clear, "k10"), ST_CONFLICT, "key.reused");
}

static void what_only_the_program_sets_is_refused(void **state)
{
    struct bank *k = *state;
    bank_refused(k,
                 bank_call(k, "lead.create", "{\"name\":\"A\",\"created_at\":\"2020-01-01T00:00:00Z\"}"),
                 ST_INVALID, "field.read_only");
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"A\",\"id\":\"5\"}"), ST_INVALID,
                 "field.read_only");
    bank_do(k, "custom_field.create",
            "{\"noun\":\"lead\",\"code\":\"age\",\"name\":\"Age\",\"type\":\"number\",\"active\":"
            "true}");
    bank_refused(k, bank_call(k, "lead.create", "{\"attr\":{\"age\":null}}"), ST_INVALID, "lead.nameless");
    bank_do(k, "lead.create", "{\"attr\":{\"age\":30}}");
}

static void a_lead_made_for_somebody_is_checked_and_has_its_task(void **state)
{
    struct bank *k = *state;
    bank_as(k, "300");
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"A\",\"branch\":\"N1\",\"owner\":\"400\"}"),
                 ST_DENIED, "scope.branch");
    bank_do(k, "lead.create", "{\"name\":\"A\",\"branch\":\"N1\",\"owner\":\"101\"}");
    assert_int_equal(
        bank_sql_int(k,
                     "select count(*) from task where state = 'open' and kind = 'first_follow_up'"),
        1);
}

static void a_migrated_file_ends_the_old_console_for_good(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "13800000001");
    assert_int_equal(db_script(k->raw.db, "pragma user_version = 999", &k->e), ST_OK);
    bank_refused(k, bank_on(k, "lead.get", id, ""), ST_FAILED, "db.migrated");
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"late\"}"), ST_FAILED, "db.migrated");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead"), 1);
}

static void the_next_call_is_what_is_left(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    assert_non_null(bank_on(k, "lead.follow_up", id,
                            ",\"result\":\"no_answer\",\"next_at\":\"2026-11-23T12:00:00+08:00\""));
    assert_string_equal(bank_field(k, id, "left_at"), "2026-11-23T12:00:00+08:00");
    bank_refused(k, bank_on(k, "lead.change", id, ",\"next_follow_up_at\":\"2026-12-01T12:00:00+08:00\""),
                 ST_INVALID, "field.fixed");
}

static void a_stage_is_known_by_its_word(void **state)
{
    struct bank *k = *state;
    pooled(k, "13800000001");
    assert_int_equal(bank_count(k, "stage = \"new lead\""), 1);
    assert_null(bank_call(k, "lead.count", "{\"where\":\"stage = nonsense\"}"));
    assert_string_equal(k->e.code, "cond.unknown_value");
}

static void a_denied_bulk_is_a_denial_in_the_audit(void **state)
{
    struct bank *k = *state;
    const char *id = pooled_in_north(k, "13800000001");
    bank_as(k, "400");
    bank_do(k, "lead.claim", bank_text(k, "{\"leads\":[{\"id\":\"%s\"}]}", id));
    assert_string_equal(bank_sql(k, "select result from audit where operation = 'lead.claim'"), "denied");
}

#define with_bank(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bank(claim_gives_owner_task_and_clock),
        with_bank(a_claimed_lead_is_taken),
        with_bank(several_claims_answer_one_by_one),
        with_bank(another_branch_does_not_see_it),
        with_bank(a_stale_version_is_a_conflict),
        with_bank(the_same_key_claims_once),
        with_bank(staff_may_not_assign),
        with_bank(assigning_tells_both),
        with_bank(a_return_needs_a_reason),
        with_bank(one_may_not_return_what_is_another_s),
        with_bank(a_reached_customer_moves_the_lead_on),
        with_bank(nobody_answering_stops_no_clock),
        with_bank(a_refusal_stops_that_way_for_the_person),
        with_bank(a_follow_up_in_the_past_is_refused),
        with_bank(the_timeline_tells_it_newest_first),
        with_bank(winning_makes_the_deal),
        with_bank(a_lost_lead_can_come_back),
        with_bank(reopening_beside_a_twin_is_refused_with_its_number),
        with_bank(one_open_lead_a_phone_and_product),
        with_bank(a_lead_needs_something_to_be_known_by),
        with_bank(phones_are_masked_and_sealed),
        with_bank(an_auditor_sees_no_names),
        with_bank(pages_visit_each_row_once),
        with_bank(what_is_revealed_is_never_kept),
        with_bank(acting_as_another_leaves_a_trace),
        with_bank(refusing_all_reaches_every_lead_of_the_person),
        with_bank(a_won_lead_stays_won_without_an_amount),
        with_bank(whoever_has_a_lead_sees_it),
        with_bank(a_key_survives_a_new_name),
        with_bank(what_only_the_program_sets_is_refused),
        with_bank(a_lead_made_for_somebody_is_checked_and_has_its_task),
        with_bank(a_migrated_file_ends_the_old_console_for_good),
        with_bank(the_next_call_is_what_is_left),
        with_bank(a_denied_bulk_is_a_denial_in_the_audit),
        with_bank(a_stage_is_known_by_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
