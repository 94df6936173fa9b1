/* Accounts: who gets in, how far the scope reaches, when the local owner ends, which changes are
 * refused; the event row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/guard/account.h"
#include "tests/unit/tmpdb.h"

static struct actor load(struct tmpdb *t, const char *login)
{
    struct actor who;
    if (actor_load(t->db, login, &t->arena, &who, &t->err))
        fail_msg("%s: %s", login, t->err.code);
    return who;
}

static void refused(struct tmpdb *t, const char *login, const char *code)
{
    struct actor who;
    assert_int_equal(actor_load(t->db, login, &t->arena, &who, &t->err), ST_DENIED);
    assert_string_equal(t->err.code, code);
}

/* ---- getting in ------------------------------------------------------------------------------ */

static void a_login_brings_person_rights_and_branch(void **state)
{
    struct tmpdb *t = *state;
    struct actor who = load(t, "SUPERVISOR");
    assert_string_equal(who.login, "supervisor");
    assert_int_equal(who.account, ACCOUNT + ROLE_SUPERVISOR);
    assert_string_equal(who.employee.code, "E.EAST");
    assert_string_equal(who.employee.name, "王华东");
    assert_string_equal(who.branch.code, "EAST");
    assert_string_equal(who.path, "1/2/");
    assert_int_equal(who.roles, 1u << ROLE_SUPERVISOR);
    assert_true(actor_may(&who, RIGHT_LEAD_ASSIGN));
    assert_false(actor_may(&who, RIGHT_AUDIT));
    assert_true(actor_may(&who, RIGHT_NONE));
    assert_false(who.lens.show_secrets);
    assert_false(who.lens.mask_names);
    assert_true(load(t, "auditor").lens.mask_names);
}

static void who_may_not_get_in(void **state)
{
    struct tmpdb *t = *state;
    refused(t, "nobody", "actor.unknown");
    refused(t, "", "actor.unknown");
    refused(t, "sysadmin", "actor.inactive");
    refused(t, "owner", "actor.local_only");
    tmpdb_run(t, "update employee set status = 'leave' where code = 'E.SH'");
    load(t, "staff");
    tmpdb_run(t, "update employee set status = 'left' where code = 'E.SH'");
    refused(t, "staff", "actor.left");
}

/* Somebody with a database tool gives an account what no operation would give. */
static void roles_that_do_not_go_together_let_nobody_in(void **state)
{
    static const char *const sets[] = {
        "secadmin,auditadmin", "secadmin,staff", "local_owner", "boss", "",
    };
    struct tmpdb *t = *state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        raw_run(t->path, arena_printf(&t->arena,
                                      "update account set roles = '%s' where code = 'staff'",
                                      sets[i]));
        refused(t, "staff", "actor.roles");
    }
}

/* ---- scope ----------------------------------------------------------------------------------- */

static const int64_t all[BRANCHES] = { HQ, EAST, SH, NJ, WEST, NORTH };

/* The branches that a condition made by actor_scope lets through, as one text of ids. */
static const char *scoped(struct tmpdb *t, const struct actor *who)
{
    struct sql q;
    struct buf out = BUF_INIT;
    sql_init(&q, &t->arena);
    sql_add(&q, "select b.id from branch b where b.code <> ");
    sql_text(&q, "none");
    sql_add(&q, " and ");
    actor_scope(who, "b.id", &q);
    sql_add(&q, " order by b.id");
    struct stmt *s = sql_query(&q, t->db);
    while (db_row(s))
        buf_addf(&out, "%d ", (int)db_int(s, 0));
    assert_int_equal(db_end(s, &t->err), ST_OK);
    const char *text = arena_strdup(&t->arena, out.s);
    buf_release(&out);
    sql_release(&q);
    return text;
}

static const char *covered(struct tmpdb *t, const struct actor *who)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < BRANCHES; i++)
        if (actor_covers(who, all[i]))
            buf_addf(&out, "%d ", (int)all[i]);
    const char *text = arena_strdup(&t->arena, out.s);
    buf_release(&out);
    return text;
}

/* EAST is 1/2/ and NORTH 1/20/: alike as text, apart in the tree. */
static void scope_is_the_subtree(void **state)
{
    static const struct { const char *login, *reach; } cases[] = {
        { "staff", "3 " }, { "supervisor", "2 3 4 " }, { "operations", "2 3 4 " },
        { "config", "1 2 3 4 5 20 " }, { "head_office", "1 2 3 4 5 20 " },
        { "auditor", "1 2 3 4 5 20 " }, { "auditadmin", "1 2 3 4 5 20 " },
    };
    struct tmpdb *t = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct actor who = load(t, cases[i].login);
        assert_string_equal(scoped(t, &who), cases[i].reach);
        assert_string_equal(covered(t, &who), cases[i].reach);
    }
    struct actor who = load(t, "supervisor");
    assert_false(actor_covers(&who, 0));
    assert_false(actor_covers(&who, 999));
    assert_false(who.see_all);
    assert_true(load(t, "head_office").see_all);
}

static void an_account_without_a_branch_sees_none(void **state)
{
    struct tmpdb *t = *state;
    tmpdb_run(t, "update account set employee_id = null where code = 'staff'");
    struct actor who = load(t, "staff");
    assert_string_equal(scoped(t, &who), "");
    assert_string_equal(covered(t, &who), "");
}

static void denied_outside_the_scope(void **state)
{
    struct tmpdb *t = *state;
    struct actor who = load(t, "supervisor");
    struct ctx c = tmpdb_ctx(t);
    c.who = &who;
    assert_int_equal(ctx_covers(&c, SH), ST_OK);
    assert_int_equal(ctx_covers(&c, WEST), ST_DENIED);
    assert_string_equal(t->err.code, "scope.branch");
}

/* ---- the local owner ------------------------------------------------------------------------- */

static void appoint(struct tmpdb *t, const char *officer)
{
    struct ctx c = tmpdb_ctx(t);
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(db_exec(t->db, &t->err, "update account set active = 1 where code = $1", "t",
                             officer), ST_OK);
    assert_int_equal(account_settle(&c), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
}

static enum status local(struct tmpdb *t, int64_t uid, struct actor *who)
{
    return actor_local(t->db, uid, &t->arena, who, &t->err);
}

static void the_local_owner_may_everything(void **state)
{
    struct tmpdb *t = *state;
    struct actor who;
    assert_int_equal(local(t, TMPDB_UID, &who), ST_OK);
    assert_string_equal(who.login, "local:4711");
    for (enum right r = 0; r < RIGHT_COUNT; r++)
        assert_true(actor_may(&who, r));
    assert_string_equal(covered(t, &who), "1 2 3 4 5 20 ");
    assert_false(who.lens.show_secrets);
    assert_false(who.lens.mask_names);
    assert_int_equal(local(t, TMPDB_UID + 1, &who), ST_DENIED);
    assert_string_equal(t->err.code, "actor.other_user");
}

static void it_ends_with_the_third_officer(void **state)
{
    struct tmpdb *t = *state;
    struct actor who;
    appoint(t, "sysadmin");
    assert_int_equal(local(t, TMPDB_UID, &who), ST_OK);
    appoint(t, "secadmin");
    assert_int_equal(local(t, TMPDB_UID, &who), ST_DENIED);
    assert_string_equal(t->err.code, "actor.local_ended");
    assert_string_equal(raw_text(t->path,
                                 "select count(*) from event where type = 'account.local_ended'",
                                 &t->arena), "1");
}

static void and_for_good(void **state)
{
    struct tmpdb *t = *state;
    struct actor who;
    appoint(t, "sysadmin");
    appoint(t, "secadmin");
    tmpdb_run(t, "update account set active = 0 where code = 'sysadmin'");
    tmpdb_run(t, "update account set active = 1 where code = 'owner'");
    assert_int_equal(local(t, TMPDB_UID, &who), ST_DENIED);
    assert_string_equal(t->err.code, "actor.local_ended");
    appoint(t, "sysadmin");
    assert_string_equal(raw_text(t->path,
                                 "select count(*) from event where type = 'account.local_ended'",
                                 &t->arena), "1");
}

/* Officers written by another tool count too, though nobody settled anything. */
static void it_ends_without_settling_as_well(void **state)
{
    struct tmpdb *t = *state;
    struct actor who;
    raw_run(t->path, "update account set active = 1");
    assert_int_equal(local(t, TMPDB_UID, &who), ST_DENIED);
    assert_string_equal(t->err.code, "actor.local_ended");
}

static void an_officer_who_left_is_none(void **state)
{
    struct tmpdb *t = *state;
    struct actor who;
    tmpdb_run(t, "update account set employee_id = 105 where code = 'sysadmin'");
    tmpdb_run(t, "update employee set status = 'left' where id = 105");
    appoint(t, "sysadmin");
    appoint(t, "secadmin");
    assert_int_equal(local(t, TMPDB_UID, &who), ST_OK);
}

/* ---- changing accounts ----------------------------------------------------------------------- */

static struct account account(struct tmpdb *t, const char *login)
{
    struct account x = { .local_uid = NONE, .password_at = NONE };
    struct stmt *q = db_query(t->db,
                              "select id, code, coalesce(employee_id, 0), coalesce(branch_id, 0),"
                              " roles, active, local_uid from account where code = $1", "t", login);
    assert_true(db_row(q));
    x.head.id = db_int(q, 0);
    x.code = db_strdup(q, 1, &t->arena);
    x.employee.id = db_int(q, 2);
    x.branch.id = db_int(q, 3);
    x.roles = db_strdup(q, 4, &t->arena);
    x.active = db_int(q, 5);
    x.local_uid = db_int(q, 6);
    assert_int_equal(db_end(q, &t->err), ST_OK);
    return x;
}

static enum status check(struct tmpdb *t, const char *as, const struct account *before,
                         const struct account *after)
{
    struct actor who = as ? load(t, as) : t->system;
    struct ctx c = tmpdb_ctx(t);
    unsigned roles;
    c.who = &who;
    return account_check(&c, before, after, &roles);
}

static void roles_of_a_new_account(void **state)
{
    static const struct { const char *roles, *code; enum status st; } cases[] = {
        { "staff", "", ST_OK }, { "staff,supervisor", "", ST_OK }, { "secadmin", "", ST_OK },
        { "secadmin,auditadmin", "account.roles_apart", ST_INVALID },
        { "sysadmin,secadmin,auditadmin", "account.roles_apart", ST_INVALID },
        { "sysadmin,staff", "account.roles_apart", ST_INVALID },
        { "auditor,staff", "account.roles_apart", ST_INVALID },
        { "local_owner", "account.role_local", ST_INVALID },
        { "staff,local_owner", "account.role_local", ST_INVALID },
        { "boss", "account.role_unknown", ST_INVALID }, { "", "account.no_role", ST_INVALID },
        { NULL, "account.no_role", ST_INVALID },
    };
    struct tmpdb *t = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct account x = {
            .code = "new", .branch = { .id = SH }, .roles = cases[i].roles, .active = 1,
            .local_uid = NONE,
        };
        assert_int_equal(check(t, NULL, NULL, &x), cases[i].st);
        if (cases[i].st) {
            assert_string_equal(t->err.code, cases[i].code);
            assert_string_equal(t->err.field, "roles");
        }
    }
}

static void a_role_with_a_scope_needs_a_place(void **state)
{
    struct tmpdb *t = *state;
    struct account x = { .code = "new", .roles = "staff", .active = 1, .local_uid = NONE };
    assert_int_equal(check(t, NULL, NULL, &x), ST_INVALID);
    assert_string_equal(t->err.code, "account.no_branch");
    x.employee.id = EMPLOYEE + WEST;
    assert_int_equal(check(t, NULL, NULL, &x), ST_OK);
    x.employee.id = 0;
    x.roles = "auditadmin";
    assert_int_equal(check(t, NULL, NULL, &x), ST_OK);
    tmpdb_run(t, "update employee set status = 'left' where id = 105");
    x.employee.id = EMPLOYEE + WEST;
    assert_int_equal(check(t, NULL, NULL, &x), ST_INVALID);
    assert_string_equal(t->err.code, "account.employee_left");
}

static void nobody_changes_his_own_power(void **state)
{
    struct tmpdb *t = *state;
    appoint(t, "secadmin");
    struct account me = account(t, "secadmin"), after = me;
    after.roles = "auditadmin";
    assert_int_equal(check(t, "secadmin", &me, &after), ST_DENIED);
    assert_string_equal(t->err.code, "account.own");
    after = me;
    after.active = 0;
    assert_int_equal(check(t, "secadmin", &me, &after), ST_DENIED);
    after = me;
    assert_int_equal(check(t, "secadmin", &me, &after), ST_OK);
    struct account other = account(t, "staff"), promoted = other;
    promoted.roles = "supervisor";
    assert_int_equal(check(t, "secadmin", &other, &promoted), ST_OK);
}

static void the_last_security_administrator_stays(void **state)
{
    struct tmpdb *t = *state;
    appoint(t, "secadmin");
    struct account last = account(t, "secadmin"), after = last;
    after.active = 0;
    assert_int_equal(check(t, NULL, &last, &after), ST_CONFLICT);
    assert_string_equal(t->err.code, "account.last_secadmin");
    after.active = 1;
    after.roles = "sysadmin";
    assert_int_equal(check(t, NULL, &last, &after), ST_CONFLICT);

    tmpdb_run(t, "update account set roles = 'secadmin' where code = 'auditor'");
    assert_int_equal(check(t, NULL, &last, &after), ST_OK);
    tmpdb_run(t, "update account set active = 0 where code = 'auditor'");
    assert_int_equal(check(t, NULL, &last, &after), ST_CONFLICT);
}

static void the_owners_account_can_only_be_switched_off(void **state)
{
    struct tmpdb *t = *state;
    struct account owner = account(t, "owner"), after = owner;
    after.active = 0;
    assert_int_equal(check(t, NULL, &owner, &after), ST_OK);
    assert_int_equal(check(t, NULL, &after, &owner), ST_DENIED);
    after = owner;
    after.roles = "staff";
    assert_int_equal(check(t, NULL, &owner, &after), ST_DENIED);
    assert_string_equal(t->err.code, "account.local_owner");
}

/* ---- events ---------------------------------------------------------------------------------- */

static void an_event_carries_who_what_when_where(void **state)
{
    struct tmpdb *t = *state;
    struct actor who = load(t, "staff");
    struct ctx c = tmpdb_ctx(t);
    c.who = &who;
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(ctx_event(&c, "lead.claimed", "lead", 77, SH, "{\"from\":\"pool\"}"), ST_OK);
    c.who = &t->system;
    assert_int_equal(ctx_event(&c, "lead.swept", "lead", 78, 0, NULL), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    const char *rows = raw_text(t->path,
                                "select group_concat(id || ' ' || type || ' ' || noun || ' ' ||"
                                " subject || ' ' || ifnull(branch_id, '-') || ' ' ||"
                                " ifnull(actor_id, '-') || ' ' || at || ' ' ||"
                                " ifnull(data, '-'), ';') from event", &t->arena);
    assert_string_equal(rows, "1 lead.claimed lead 77 3 103 1795305600000 {\"from\":\"pool\"};"
                              "2 lead.swept lead 78 - - 1795305600000 -");
}

#define test(f) cmocka_unit_test_setup_teardown(f, tmpdb_setup, tmpdb_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_login_brings_person_rights_and_branch),
        test(who_may_not_get_in),
        test(roles_that_do_not_go_together_let_nobody_in),
        test(scope_is_the_subtree),
        test(an_account_without_a_branch_sees_none),
        test(denied_outside_the_scope),
        test(the_local_owner_may_everything),
        test(it_ends_with_the_third_officer),
        test(and_for_good),
        test(it_ends_without_settling_as_well),
        test(an_officer_who_left_is_none),
        test(roles_of_a_new_account),
        test(a_role_with_a_scope_needs_a_place),
        test(nobody_changes_his_own_power),
        test(the_last_security_administrator_stays),
        test(the_owners_account_can_only_be_switched_off),
        test(an_event_carries_who_what_when_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
