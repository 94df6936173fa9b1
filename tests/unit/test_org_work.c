/* test_org_work.c - people and what they said, tasks, messages, the audit's proof. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/orgworld.h"

#define assert_code(w, text) assert_string_equal((w)->e.code, text)

static int64_t count_rows(struct world *w, const char *op)
{
    struct query q = { .limit = NONE, .back = NONE };
    struct count n = { -1 };
    assert_int_equal(world_call(w, op, &q, &n), ST_OK);
    return n.count;
}

/* ---- people ---------------------------------------------------------------------------------- */

static struct person person_change(int64_t id)
{
    struct person p;
    record_empty(&person_record, &p);
    p.head.id = id;
    return p;
}

static struct consent consent_of(int64_t person, const char *way, const char *state)
{
    struct consent x;
    record_empty(&consent_record, &x);
    x.person.id = person;
    x.way = way;
    x.state = state;
    return x;
}

static void people_are_seen_through_their_leads(void **state)
{
    struct world *w = *state;
    int64_t east = world_person(w, "李四", "13800138000"),
            west = world_person(w, "王五", "13900139000");
    world_lead(w, SH, 0, east);
    world_lead(w, WEST, 0, west);
    world_as(w, "staff");
    assert_int_equal(count_rows(w, "person.count"), 1);
    struct one one = { .id = east };
    struct person p;
    assert_int_equal(world_call(w, "person.get", &one, &p), ST_OK);
    assert_string_equal(p.name, "李四");
    assert_string_not_equal(p.phone, "13800138000");
    one.id = west;
    assert_int_equal(world_call(w, "person.get", &one, &p), ST_NOT_FOUND);
    p = person_change(west);
    p.name = "x";
    assert_int_equal(world_call(w, "person.change", &p, NULL), ST_NOT_FOUND);
    struct consent x = consent_of(west, "phone", "granted");
    assert_int_equal(world_call(w, "consent.create", &x, NULL), ST_NOT_FOUND);
}

static void contact_data_come_with_leads_only(void **state)
{
    struct world *w = *state;
    int64_t id = world_person(w, "李四", "13800138000");
    world_lead(w, SH, 0, id);
    struct person p = person_change(id);
    p.phone = "138****8000";            /* as it was shown */
    assert_int_equal(world_call(w, "person.change", &p, NULL), ST_INVALID);
    assert_string_equal(w->e.field, "phone");
    p = person_change(id);
    p.gender = "f";
    assert_int_equal(world_call(w, "person.change", &p, NULL), ST_OK);
    assert_string_equal(world_text(w, "select type from event order by id desc limit 1"),
                        "person.changed");
}

static void marketing_to_the_dead_and_to_minors_stops(void **state)
{
    struct world *w = *state;
    int64_t id = world_person(w, "李四", NULL), other = world_person(w, "王五", NULL);
    int64_t lead = world_lead(w, SH, 0, id);
    world_lead(w, WEST, 0, id);
    world_lead(w, SH, 0, other);
    world_as(w, "staff");               /* of SH: the lead in WEST stops as well */
    struct person p = person_change(id);
    p.minor = 1;
    assert_int_equal(world_call(w, "person.change", &p, NULL), ST_OK);
    assert_int_equal(world_int(w, "select count(*) from lead where frozen = 1"), 2);
    assert_int_equal(
        world_int(
            w,
            "select count(*) from lead l, person p where l.person_id = p.id and p.name = '王五' and"
            " l.frozen = 0"),
        1);
    assert_int_equal(world_int(w, "select min(subject) from event where type = 'lead.frozen'"),
                     lead);
    p.minor = 0;
    assert_int_equal(world_call(w, "person.change", &p, NULL), ST_OK);
    assert_int_equal(world_int(w, "select count(*) from lead where frozen = 1"), 0);
}

static void the_newest_word_holds(void **state)
{
    struct world *w = *state;
    int64_t id = world_person(w, "李四", NULL);
    world_lead(w, SH, 0, id);
    world_as(w, "staff");
    struct consent x = consent_of(id, "sms", "refused");
    assert_int_equal(world_call(w, "consent.create", &x, NULL), ST_OK);
    assert_int_equal(world_int(w, "select frozen from lead"), 0);       /* other ways are open */
    assert_string_equal(world_text(w, "select type || data from event order by id desc limit 1"),
                        "person.consent_changed{\"way\":\"sms\",\"state\":\"refused\"}");
    assert_int_equal(world_int(w, "select employee_id from consent"), EMPLOYEE + SH);
    x = consent_of(id, "all", "withdrawn");
    assert_int_equal(world_call(w, "consent.create", &x, NULL), ST_OK);
    assert_int_equal(world_int(w, "select frozen from lead"), 1);
    x = consent_of(id, "all", "granted");
    assert_int_equal(world_call(w, "consent.create", &x, NULL), ST_OK);
    assert_int_equal(world_int(w, "select frozen from lead"), 0);
    assert_int_equal(count_rows(w, "consent.count"), 3);

    x.at = 1;                           /* nobody backdates */
    assert_int_equal(world_call(w, "consent.create", &x, NULL), ST_INVALID);
    assert_code(w, "field.read_only");
}

/* ---- tasks ----------------------------------------------------------------------------------- */

static struct task task_of(const char *subject, int64_t owner)
{
    struct task t;
    record_empty(&task_record, &t);
    t.subject = subject;
    t.owner.id = owner;
    t.due_at = TMPDB_NOW + 1000;
    return t;
}

static void one_sets_oneself_tasks(void **state)
{
    struct world *w = *state;
    struct done done;
    world_as(w, "staff");
    struct task t = task_of("打印折页", 0);
    assert_int_equal(world_call(w, "task.create", &t, &done), ST_OK);
    assert_string_equal(world_text(w, "select kind || state || owner_id || branch_id from task"),
                        "otheropen1033");
    t = task_of("x", EMPLOYEE + NJ);
    assert_int_equal(world_call(w, "task.create", &t, NULL), ST_DENIED);
    assert_code(w, "task.not_yours");
    t = task_of(NULL, 0);
    assert_int_equal(world_call(w, "task.create", &t, NULL), ST_INVALID);
    assert_string_equal(w->e.field, "subject");

    struct task_done_in in = { done.id, NONE };
    assert_int_equal(world_call(w, "task.done", &in, NULL), ST_OK);
    assert_string_equal(world_text(w, "select state from task"), "done");
    assert_int_equal(world_int(w, "select done_at from task"), TMPDB_NOW);
    assert_string_equal(world_text(w, "select type from event order by id desc limit 1"),
                        "task.done");
    assert_int_equal(world_call(w, "task.done", &in, NULL), ST_CONFLICT);
    assert_code(w, "task.closed");
}

static void supervisors_set_others_tasks(void **state)
{
    struct world *w = *state;
    struct done done;
    world_as(w, "supervisor");
    struct task t = task_of("回访名单", EMPLOYEE + SH);
    assert_int_equal(world_call(w, "task.create", &t, &done), ST_OK);
    struct task more = task_of("x", EMPLOYEE + WEST);
    assert_int_equal(world_call(w, "task.create", &more, NULL), ST_DENIED);
    assert_code(w, "scope.branch");

    t = task_of(NULL, EMPLOYEE + NJ);
    t.head.id = done.id;
    assert_int_equal(world_call(w, "task.change", &t, NULL), ST_OK);
    assert_int_equal(world_int(w, "select branch_id from task"), NJ);
    world_as(w, "staff");               /* of SH */
    t.owner.id = EMPLOYEE + SH;
    assert_int_equal(world_call(w, "task.change", &t, NULL), ST_NOT_FOUND);
}

static void tasks_of_the_clocks_are_not_ticked_off(void **state)
{
    struct world *w = *state;
    tmpdb_run(
        &w->t,
        "insert into task (id, version, created_at, updated_at, kind, owner_id, branch_id, due_at)"
        " values (1, 1, 0, 0, 'first_follow_up', 103, 3, 5)");
    world_as(w, "staff");
    struct task_done_in in = { 1, NONE };
    assert_int_equal(world_call(w, "task.done", &in, NULL), ST_CONFLICT);
    assert_code(w, "task.by_clock");
    struct task t = task_of("later", 0);
    t.head.id = 1;
    assert_int_equal(world_call(w, "task.change", &t, NULL), ST_CONFLICT);
    t = task_of("x", 0);
    t.kind = "follow_up";
    assert_int_equal(world_call(w, "task.create", &t, NULL), ST_CONFLICT);
}

static void a_task_shows_no_lead_of_others(void **state)
{
    struct world *w = *state;
    struct task t = task_of("x", 0);
    t.lead.id = world_lead(w, WEST, 0, 0);
    world_as(w, "staff");
    assert_int_equal(world_call(w, "task.create", &t, NULL), ST_NOT_FOUND);
    t.lead.id = world_lead(w, SH, 0, 0);
    assert_int_equal(world_call(w, "task.create", &t, NULL), ST_OK);
}

/* ---- messages -------------------------------------------------------------------------------- */

static struct message message_to(const char *to, const char *body, int64_t lead)
{
    struct message m;
    record_empty(&message_record, &m);
    m.to.code = to;
    m.body = body;
    m.lead.id = lead;
    return m;
}

static void messages_are_their_receivers_alone(void **state)
{
    struct world *w = *state;
    struct done first;
    world_as(w, "supervisor");
    struct message m = message_to("E.SH", "今天跟进三条", 0);
    m.kind = "nudge";
    assert_int_equal(world_call(w, "message.create", &m, &first), ST_OK);
    m = message_to("E.WEST", "你好", 0);         /* all over the bank */
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_OK);
    m = message_to("E.SH", "再催一次", 0);
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_OK);
    assert_int_equal(count_rows(w, "message.count"), 0);
    assert_int_equal(
        world_int(w, "select count(*) from event where data is not null and type like 'message%'"),
        0);

    world_as(w, "operations");
    struct message_read_in in = { first.id, NONE };
    assert_int_equal(world_call(w, "message.read", &in, NULL), ST_NOT_FOUND);

    world_as(w, "staff");
    struct query q = { .limit = NONE, .back = NONE, .sort = "id" };
    struct page page;
    assert_int_equal(world_call(w, "message.list", &q, &page), ST_OK);
    assert_int_equal(page.rows.n, 2);
    const struct message *got = page.rows.items;
    assert_string_equal(got->body, "今天跟进三条");
    assert_string_equal(got->kind, "nudge");
    assert_string_equal(got->from.code, "E.EAST");
    assert_true(got->read_at == NONE);

    struct count n;
    assert_int_equal(world_call(w, "message.read", &in, &n), ST_OK);
    assert_int_equal(n.count, 1);
    assert_int_equal(world_call(w, "message.read", &in, &n), ST_OK);
    assert_int_equal(n.count, 0);
    in = (struct message_read_in){ 0, NONE };
    assert_int_equal(world_call(w, "message.read", &in, &n), ST_INVALID);
    in.all = 1;
    assert_int_equal(world_call(w, "message.read", &in, &n), ST_OK);
    assert_int_equal(n.count, 1);
    assert_int_equal(world_int(w, "select count(*) from message where read_at is null"),
                     1); /* WEST's */
}

static void a_message_shows_no_lead_to_those_who_may_not_see_it(void **state)
{
    struct world *w = *state;
    int64_t lead = world_lead(w, SH, 0, 0);
    world_as(w, "supervisor");
    struct message m = message_to("E.WEST", "看看这条", lead);
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_DENIED);
    assert_code(w, "message.lead_unseen");
    m.to.code = "E.SH";
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_OK);
    m.to.code = "E.EAST";               /* has an account over SH */
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_OK);
    m.lead.id = world_lead(w, WEST, 0, 0);
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_NOT_FOUND);
}

static void a_message_has_a_sender_and_a_reader(void **state)
{
    struct world *w = *state;
    struct message m = message_to("E.SH", "来自系统?", 0);
    assert_int_equal(world_call(w, "message.create", &m, NULL),
                     ST_DENIED); /* the owner is no employee here */
    assert_code(w, "message.no_sender");
    world_as(w, "supervisor");
    m.code = "message.assigned";
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_INVALID);
    assert_code(w, "field.read_only");
    tmpdb_run(&w->t, "update employee set status = 'left' where id = 103");
    m.code = NULL;
    assert_int_equal(world_call(w, "message.create", &m, NULL), ST_CONFLICT);
    assert_code(w, "employee.has_left");
}

/* ---- the audit ------------------------------------------------------------------------------- */

static void the_audit_proves_itself(void **state)
{
    struct world *w = *state;
    struct task t = task_of("x", EMPLOYEE + SH);
    for (int i = 0; i < 3; i++)
        assert_int_equal(world_call(w, "task.create", &t, NULL), ST_OK);
    world_as(w, "auditadmin");
    struct audit_verdict v;
    struct audit_anchor_out anchor;
    struct audit_verify_in in = { NULL };
    assert_int_equal(world_call(w, "audit.verify", &in, &v), ST_OK);
    assert_int_equal(v.intact, 1);
    assert_int_equal(v.rows, 3);
    assert_null(v.finding);
    assert_int_equal(world_call(w, "audit.anchor", NULL, &anchor), ST_OK);
    in.anchor = anchor.anchor;
    assert_int_equal(world_call(w, "audit.verify", &in, &v), ST_OK);
    assert_int_equal(v.intact, 1);
    assert_int_equal(count_rows(w, "audit.count"), 3);

    raw_run(w->t.path,
            "drop trigger audit_no_update; update audit set account = 'nobody' where id = 2");
    assert_int_equal(world_call(w, "audit.verify", &in, &v), ST_OK);
    assert_int_equal(v.intact, 0);
    assert_int_equal(v.bad_seq, 2);
    assert_string_equal(v.finding, "audit.edited");
    in.anchor = "gonghai-audit 1 nonsense";
    assert_int_equal(world_call(w, "audit.verify", &in, &v), ST_INVALID);
    world_as(w, "supervisor");
    in.anchor = NULL;
    assert_int_equal(world_call(w, "audit.verify", &in, &v), ST_DENIED);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(people_are_seen_through_their_leads),
        T(contact_data_come_with_leads_only),
        T(marketing_to_the_dead_and_to_minors_stops),
        T(the_newest_word_holds),
        T(one_sets_oneself_tasks),
        T(supervisors_set_others_tasks),
        T(tasks_of_the_clocks_are_not_ticked_off),
        T(a_task_shows_no_lead_of_others),
        T(messages_are_their_receivers_alone),
        T(a_message_shows_no_lead_to_those_who_may_not_see_it),
        T(a_message_has_a_sender_and_a_reader),
        T(the_audit_proves_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
