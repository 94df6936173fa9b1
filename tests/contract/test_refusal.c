/* Who refuses marketing is left alone, by whatever way a lead of his comes to somebody's desk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "tests/contract/bank.h"

#define PHONE "13800000001"
#define OTHER "13800000002"

/* A lead of outlet N1 in the default pool; its id. The caller stays the local owner. */
static const char *pooled(struct bank *k, const char *more)
{
    bank_as(k, NULL);
    return bank_get(k, bank_do(k, "lead.create", bank_text(k, "{\"name\":\"甲\",\"branch\":\"N1\"%s}", more)),
                    "id");
}

/* A lead with the phone, in the hands of 101, who is the caller from now on. */
static const char *claimed(struct bank *k)
{
    const char *id = pooled(k, ",\"phone\":\"" PHONE "\"");
    bank_as(k, "101");
    assert_non_null(bank_on(k, "lead.claim", id, ""));
    return id;
}

static void does(struct bank *k, const char *op, const char *id, const char *more)
{
    if (!bank_on(k, op, id, more))
        fail_msg("%s: %s", op, k->e.code);
}

static void says(struct bank *k, const char *lead, const char *way, const char *state)
{
    bank_later(CLOCK_MINUTE);
    bank_do(k, "consent.create",
            bank_text(k, "{\"person_id\":\"%s\",\"way\":\"%s\",\"state\":\"%s\"}",
                      bank_sql(k, bank_text(k, "select person_id from lead where id = %s", lead)),
                      way, state));
}

/* What the person of the lead says today of one way: the newest word. */
static const char *word(struct bank *k, const char *lead, const char *way)
{
    return bank_sql(k, bank_text(k, "select c.state from consent c, lead l where l.id = %s and c.person_id = "
                                    "l.person_id and c.way = '%s' order by c.id desc limit 1", lead, way));
}

static void marked(struct bank *k, const char *lead, const char *frozen)
{
    assert_string_equal(bank_field(k, lead, "frozen"), frozen);
}

/* A lead whose person refuses all ways, without the mark: as files brought them before they were
 * looked at. */
static const char *unmarked(struct bank *k)
{
    const char *id = pooled(k, ",\"phone\":\"" PHONE "\"");
    says(k, id, "all", "refused");
    bank_sql(k, bank_text(k, "update lead set frozen = 0 where id = %s", id));
    marked(k, id, "false");
    return id;
}

static void neither_claimed_nor_assigned_against_his_word(void **state)
{
    struct bank *k = *state;
    const char *id = unmarked(k);
    bank_refused(k, bank_on(k, "lead.assign", id, ",\"employee\":\"101\""), ST_CONFLICT, "FROZEN");
    bank_as(k, "101");
    bank_refused(k, bank_on(k, "lead.claim", id, ""), ST_CONFLICT, "FROZEN");
    assert_string_equal(bank_field(k, id, "owner"), "");
}

static void nor_among_several(void **state)
{
    struct bank *k = *state;
    const char *id = unmarked(k), *free = pooled(k, ",\"phone\":\"" OTHER "\"");
    const char *both = bank_text(k, "\"leads\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]", id, free);
    bank_as(k, "300");
    const char *reply = bank_do(k, "lead.assign", bank_text(k, "{%s,\"employee\":\"101\"}", both));
    assert_string_equal(bank_get(k, reply, "ok"), "1");
    assert_string_equal(bank_get(k, reply, "refused"), "1");
    assert_string_equal(bank_field(k, id, "owner"), "");
    assert_string_equal(bank_field(k, free, "owner"), "101");
}

static void a_lead_that_opens_again_has_heard_what_was_said_meanwhile(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    does(k, "lead.lose", id, ",\"reason\":\"远\"");
    says(k, id, "all", "refused");
    does(k, "lead.stage", id, ",\"stage\":\"contacted\"");
    marked(k, id, "true");
    does(k, "lead.stage", id, ",\"stage\":\"invalid\",\"reason\":\"空号\"");
    says(k, id, "all", "granted");
    does(k, "lead.stage", id, ",\"stage\":\"contacted\"");
    marked(k, id, "false");
}

static void taking_back_the_end_hears_it_too(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    does(k, "lead.stage", id, ",\"stage\":\"invalid\",\"reason\":\"空号\"");
    says(k, id, "all", "refused");
    does(k, "lead.undo", id, "");
    assert_string_equal(bank_field(k, id, "open"), "true");
    marked(k, id, "true");
}

static void a_file_brings_no_lead_past_his_word(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    does(k, "lead.follow_up", id, ",\"result\":\"refuses_marketing\",\"way\":\"visit\"");
    bank_as(k, NULL);
    const char *path = bank_file(k, "a.csv", "external_id,phone,product,owner\nX1," PHONE ",loan,\n"
                                             "X2," PHONE ",card,102\nX3," OTHER ",loan,\n");
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", path));
    const char *ids[3];
    for (int i = 0; i < 3; i++) {
        ids[i] = bank_sql(k, bank_text(k, "select id from lead where external_id = 'X%d'", i + 1));
        marked(k, ids[i], i < 2 ? "true" : "false");
    }
    bank_refused(k, bank_on(k, "lead.assign", ids[0], ",\"employee\":\"101\""), ST_CONFLICT, "FROZEN");
    path = bank_file(k, "b.csv", "external_id,id_no\nX3,11010519491231002X\n");
    bank_do(k, "person.change", bank_text(k, "{\"id\":\"%s\",\"deceased\":true}",
                                          bank_sql(k, bank_text(k, "select person_id from lead where id = %s",
                                                                ids[2]))));
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\",\"mode\":\"update\"}", path));
    marked(k, ids[2], "true");
}

/* Nobody can be found by a name alone; he stays whom he was, with what he said. */
static void a_person_without_contact_data_is_kept(void **state)
{
    struct bank *k = *state;
    const char *id = pooled(k, "");
    bank_as(k, "101");
    does(k, "lead.claim", id, "");
    does(k, "lead.follow_up", id, ",\"result\":\"refuses_marketing\",\"way\":\"sms\"");
    does(k, "lead.change", id, ",\"name\":\"甲乙\"");
    assert_string_equal(word(k, id, "sms"), "refused");
    does(k, "lead.change", id, ",\"phone\":\"" PHONE "\"");
    assert_string_equal(word(k, id, "sms"), "refused");
    marked(k, id, "false");
}

/* The old number stays refused, the new one is from the start; whatever lead has it. */
static void a_new_number_is_no_way_round(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k);
    does(k, "lead.follow_up", id, ",\"result\":\"refuses_marketing\",\"way\":\"visit\"");
    does(k, "lead.change", id, ",\"phone\":\"" OTHER "\"");
    marked(k, id, "true");
    assert_string_equal(word(k, id, "all"), "refused");
    marked(k, pooled(k, ",\"phone\":\"" PHONE "\""), "true");
    marked(k, pooled(k, ",\"phone\":\"" OTHER "\",\"product\":\"loan\""), "true");
    bank_as(k, "101");
    does(k, "lead.stage", id, ",\"stage\":\"invalid\",\"reason\":\"空号\"");
    does(k, "lead.stage", id, ",\"stage\":\"contacted\"");
    marked(k, id, "true");
}

static void a_later_word_is_not_overruled_by_an_earlier_refusal(void **state)
{
    struct bank *k = *state;
    const char *id = claimed(k), *known = pooled(k, ",\"phone\":\"" OTHER "\",\"product\":\"loan\"");
    says(k, id, "sms", "refused");
    says(k, id, "email", "refused");
    says(k, id, "wechat", "granted");
    says(k, known, "sms", "granted");
    bank_as(k, "101");
    does(k, "lead.change", id, ",\"phone\":\"" OTHER "\"");
    assert_string_equal(word(k, id, "sms"), "granted");
    assert_string_equal(word(k, id, "email"), "refused");
    assert_string_equal(word(k, id, "wechat"), "");         /* what was allowed does not go along */
    assert_string_equal(word(k, known, "email"), "refused");
    does(k, "lead.change", id, ",\"phone\":\"" PHONE "\"");
    does(k, "lead.change", id, ",\"phone\":\"" OTHER "\"");
    assert_int_equal(bank_sql_int(k, "select count(*) from consent where way = 'email'"), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(neither_claimed_nor_assigned_against_his_word),
        TEST(nor_among_several),
        TEST(a_lead_that_opens_again_has_heard_what_was_said_meanwhile),
        TEST(taking_back_the_end_hears_it_too),
        TEST(a_file_brings_no_lead_past_his_word),
        TEST(a_person_without_contact_data_is_kept),
        TEST(a_new_number_is_no_way_round),
        TEST(a_later_word_is_not_overruled_by_an_earlier_refusal),
    };
    return cmocka_run_group_tests_name("refusal", tests, NULL, NULL);
}
