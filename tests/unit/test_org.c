/* test_org.c - branches, employees and accounts: what a bank's administrators do, and what is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/guard/password.h"
#include "tests/unit/orgworld.h"

#define assert_code(w, text) assert_string_equal((w)->e.code, text)

static struct branch branch_of(const char *code, const char *name, int64_t parent)
{
    struct branch b;
    record_empty(&branch_record, &b);
    b.code = code;
    b.name = name;
    b.parent.id = parent;
    return b;
}

static struct branch branch_change(int64_t id)
{
    struct branch b = branch_of(NULL, NULL, 0);
    b.head.id = id;
    return b;
}

static struct employee employee_change(int64_t id)
{
    struct employee x;
    record_empty(&employee_record, &x);
    x.head.id = id;
    return x;
}

static struct account account_of(const char *code, const char *roles, int64_t branch)
{
    struct account x;
    record_empty(&account_record, &x);
    x.code = code;
    x.roles = roles;
    x.branch.id = branch;
    return x;
}

/* ---- branches -------------------------------------------------------------------------------- */

/* The path ends in the id, written in base 36: worked out here by division. */
static void a_new_branch_stands_below_its_parent(void **state)
{
    struct world *w = *state;
    struct done done;
    struct branch b = branch_of("SZ", "苏州", EAST);
    assert_int_equal(world_call(w, "branch.create", &b, &done), ST_OK);
    char digits[20] = "";
    for (int64_t id = done.id; id; id /= 36) {
        memmove(digits + 1, digits, strlen(digits) + 1);
        digits[0] = (char)(id % 36 < 10 ? '0' + id % 36 : 'a' + id % 36 - 10);
    }
    assert_string_equal(world_text(w, "select path from branch where code = 'SZ'"),
                        arena_printf(&w->t.arena, "1/2/%s/", digits));
    assert_string_equal(world_text(w, "select level from branch where code = 'SZ'"), "outlet");
    assert_int_equal(world_int(w, "select active from branch where code = 'SZ'"), 1);
    assert_string_equal(world_text(w, "select type from event order by id desc limit 1"),
                        "branch.created");
}

static void a_branch_needs_a_parent_in_use_and_in_scope(void **state)
{
    struct world *w = *state;
    struct branch b = branch_of("SZ", "苏州", 0);
    assert_int_equal(world_call(w, "branch.create", &b, NULL), ST_INVALID);
    assert_code(w, "field.required");
    assert_string_equal(w->e.field, "parent");

    tmpdb_run(&w->t, "update branch set active = 0 where id = 5");
    b.parent.id = WEST;
    assert_int_equal(world_call(w, "branch.create", &b, NULL), ST_CONFLICT);
    assert_code(w, "branch.inactive");

    world_as(w, "operations");      /* of EAST */
    b.parent.id = NORTH;
    assert_int_equal(world_call(w, "branch.create", &b, NULL), ST_DENIED);
    assert_code(w, "scope.branch");
    b.parent.id = SH;
    assert_int_equal(world_call(w, "branch.create", &b, NULL), ST_OK);
    b.code = "hq";
    assert_int_equal(world_call(w, "branch.create", &b, NULL), ST_CONFLICT);
    assert_code(w, "noun.duplicate");
}

/* NORTH's path "1/20/" begins with the digit of EAST's "1/2/": it must stay where it is. */
static void a_moved_branch_takes_its_subtree_along(void **state)
{
    struct world *w = *state;
    struct branch under = branch_of("SH1", "徐汇", SH), b = branch_change(EAST);
    struct done made;
    assert_int_equal(world_call(w, "branch.create", &under, &made), ST_OK);
    const char *tail = strrchr(
        arena_strndup(&w->t.arena, world_text(w, "select path from branch where code = 'SH1'"),
                      strlen(world_text(w, "select path from branch where code = 'SH1'")) - 1),
        '/');
    b.parent.id = WEST;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_OK);
    assert_string_equal(world_text(w, "select path from branch where code = 'EAST'"), "1/5/2/");
    assert_string_equal(world_text(w, "select path from branch where code = 'SH'"), "1/5/2/3/");
    assert_string_equal(world_text(w, "select path from branch where code = 'NJ'"), "1/5/2/4/");
    assert_string_equal(world_text(w, "select path from branch where code = 'SH1'"),
                        arena_printf(&w->t.arena, "1/5/2/3%s/", tail));
    assert_string_equal(world_text(w, "select path from branch where code = 'WEST'"), "1/5/");
    assert_string_equal(world_text(w, "select path from branch where code = 'NORTH'"), "1/20/");
    assert_int_equal(world_int(w, "select version from branch where code = 'SH'"), 2);

    world_as(w, "supervisor");      /* of EAST: still sees its own below the new place */
    assert_true(actor_covers(&w->who, SH) && actor_covers(&w->who, made.id) &&
                !actor_covers(&w->who, WEST));
}

static void a_branch_is_never_its_own_parent(void **state)
{
    struct world *w = *state;
    struct branch b = branch_change(EAST);
    b.parent.id = EAST;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_CONFLICT);
    assert_code(w, "noun.ring");
    b.parent.id = SH;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_CONFLICT);
    assert_code(w, "noun.ring");
    assert_string_equal(world_text(w, "select path from branch where code = 'EAST'"), "1/2/");

    assert_int_equal(
        world_give(w, "branch.change", "parent", (b.parent = (struct ref){ 0 }, &b), NULL),
        ST_INVALID);
    assert_code(w, "field.required");
}

static void head_office_stays(void **state)
{
    struct world *w = *state;
    struct branch b = branch_change(HQ);
    b.parent.id = WEST;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_CONFLICT);
    assert_code(w, "branch.head_office_stays");
    b = branch_change(HQ);
    b.active = 0;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_CONFLICT);
    assert_code(w, "branch.head_office_needed");
    b = branch_change(HQ);
    b.name = "京海银行";
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_OK);
    b = branch_change(HQ);
    b.code = "HQ2";
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_INVALID);
    assert_code(w, "field.fixed");
}

static void a_branch_is_moved_within_ones_own_scope_only(void **state)
{
    struct world *w = *state;
    world_as(w, "operations");
    struct branch b = branch_change(SH);
    b.parent.id = WEST;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_DENIED);
    assert_code(w, "scope.branch");
    b = branch_change(WEST);
    b.name = "西北";
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_NOT_FOUND);
    b = branch_change(NJ);
    b.parent.id = SH;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_OK);
    assert_string_equal(world_text(w, "select path from branch where code = 'NJ'"), "1/2/3/4/");
}

static void a_branch_closes_when_nothing_hangs_on_it(void **state)
{
    struct world *w = *state;
    int64_t lead = world_lead(w, WEST, EMPLOYEE + WEST, 0);
    struct branch b = branch_change(EAST);
    b.active = 0;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_CONFLICT);
    assert_code(w, "branch.has_branches");
    assert_string_equal(w->e.param[0], "2");

    b.head.id = WEST;
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_CONFLICT);
    assert_code(w, "branch.has_employees");
    assert_string_equal(w->e.param[0], "1");
    tmpdb_run(&w->t, "update employee set status = 'left' where branch_id = 5");
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_CONFLICT);
    assert_code(w, "branch.has_leads");
    tmpdb_run(&w->t,
              arena_printf(&w->t.arena, "update lead set open = 0 where id = %d", (int)lead));
    assert_int_equal(world_call(w, "branch.change", &b, NULL), ST_OK);

    struct employee x = employee_change(EMPLOYEE + SH);
    x.branch.id = WEST;
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "branch.inactive");
}

/* ---- employees ------------------------------------------------------------------------------- */

static void a_new_employee_is_on_duty(void **state)
{
    struct world *w = *state;
    struct employee x = employee_change(0);
    x.code = "00217";
    x.name = "赵六";
    x.branch.code = "SH";
    assert_int_equal(world_call(w, "employee.create", &x, NULL), ST_OK);
    assert_string_equal(world_text(w, "select status from employee where code = '00217'"),
                        "active");

    world_as(w, "operations");
    x.code = "00218";
    x.branch.code = "WEST";
    assert_int_equal(world_call(w, "employee.create", &x, NULL), ST_DENIED);
    assert_code(w, "scope.branch");
}

static void required_fields_are_not_emptied(void **state)
{
    struct world *w = *state;
    struct employee x = employee_change(EMPLOYEE + SH);
    assert_int_equal(world_give(w, "employee.change", "name", &x, NULL), ST_INVALID);
    assert_code(w, "field.required");
    assert_int_equal(world_give(w, "employee.change", "branch", &x, NULL), ST_INVALID);
    assert_string_equal(w->e.field, "branch");
    assert_int_equal(world_give(w, "employee.change", "status", &x, NULL), ST_OK); /* what it was */
    assert_string_equal(world_text(w, "select status from employee where id = 103"), "active");
}

static void a_leaver_hands_his_leads_over_first(void **state)
{
    struct world *w = *state;
    world_lead(w, SH, EMPLOYEE + SH, 0);
    world_lead(w, SH, EMPLOYEE + SH, 0);
    world_lead(w, SH, EMPLOYEE + NJ, 0);
    struct employee x = employee_change(EMPLOYEE + SH);
    x.status = "left";
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "employee.has_leads");
    assert_string_equal(w->e.param[1], "2");
    assert_string_equal(world_text(w, "select status from employee where id = 103"), "active");

    tmpdb_run(&w->t, "update lead set owner_id = 104");
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_OK);
    assert_string_equal(world_text(w, "select status from employee where id = 103"), "left");
    assert_int_equal(world_int(w, "select active from account where code = 'staff'"), 0);
    assert_int_equal(world_int(w, "select count(*) from event where type = 'account.changed'"), 1);
    assert_int_equal(actor_load(w->t.db, "staff", &w->t.arena, &w->who, &w->e), ST_DENIED);
}

static void nobody_leaves_by_his_own_hand(void **state)
{
    struct world *w = *state;
    world_as(w, "operations");
    struct employee x = employee_change(EMPLOYEE + NJ);
    x.status = "left";
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_DENIED);
    assert_code(w, "account.own");
    assert_string_equal(world_text(w, "select status from employee where id = 104"), "active");
}

static void both_branches_hear_of_a_move(void **state)
{
    struct world *w = *state;
    struct employee x = employee_change(EMPLOYEE + SH);
    x.branch.id = NJ;
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_OK);
    assert_int_equal(world_int(w, "select branch_id from event where type = 'employee.moved'"), SH);
    assert_int_equal(world_int(w, "select branch_id from event where type = 'employee.changed'"),
                     NJ);
    assert_string_equal(world_text(w, "select data from event where type = 'employee.moved'"),
                        "{\"from\":\"3\",\"to\":\"4\"}");
}

static void supervisors_form_no_ring(void **state)
{
    struct world *w = *state;
    struct employee x = employee_change(EMPLOYEE + SH);
    x.manager.id = EMPLOYEE + EAST;
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_OK);
    x = employee_change(EMPLOYEE + EAST);
    x.manager.id = EMPLOYEE + SH;
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_CONFLICT);
    assert_code(w, "noun.ring");
    x.manager.id = EMPLOYEE + EAST;
    assert_int_equal(world_call(w, "employee.change", &x, NULL), ST_CONFLICT);
}

/* ---- accounts -------------------------------------------------------------------------------- */

static void accounts_keep_duties_apart(void **state)
{
    struct world *w = *state;
    struct account x = account_of("00300", " supervisor , staff", SH);
    assert_int_equal(world_call(w, "account.create", &x, NULL), ST_OK);
    assert_string_equal(world_text(w, "select roles from account where code = '00300'"),
                        "staff,supervisor");
    assert_int_equal(world_int(w, "select active from account where code = '00300'"), 1);

    static const struct { const char *roles, *code; } refused[] = {
        { "sysadmin,secadmin", "account.roles_apart" },
        { "staff,auditadmin", "account.roles_apart" },
        { "local_owner", "account.role_local" },
        { "king", "account.role_unknown" },
        { " ", "account.no_role" },
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        x = account_of("00301", refused[i].roles, SH);
        assert_int_equal(world_call(w, "account.create", &x, NULL), ST_INVALID);
        assert_code(w, refused[i].code);
    }
}

static void logins_of_the_system_are_nobody_elses(void **state)
{
    struct world *w = *state;
    static const char *const logins[] = { "system", "SYSTEM", "local:0", "Ｌocal:1" };
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        struct account x = account_of(logins[i], "staff", SH);
        assert_int_equal(world_call(w, "account.create", &x, NULL), ST_INVALID);
        assert_code(w, "account.login_reserved");
    }
}

static void nobody_grants_himself_roles(void **state)
{
    struct world *w = *state;
    tmpdb_run(&w->t, "update account set active = 1 where code = 'secadmin'");
    world_as(w, "secadmin");
    struct account x = account_of(NULL, "head_office", 0);
    x.head.id = ACCOUNT + ROLE_SECADMIN;
    assert_int_equal(world_call(w, "account.change", &x, NULL), ST_DENIED);
    assert_code(w, "account.own");
    x.head.id = ACCOUNT + ROLE_STAFF;
    x.roles = "staff,supervisor";
    assert_int_equal(world_call(w, "account.change", &x, NULL), ST_OK);
    assert_string_equal(world_text(w, "select roles from account where code = 'staff'"),
                        "staff,supervisor");
    world_as(w, "supervisor");
    assert_int_equal(world_call(w, "account.change", &x, NULL), ST_DENIED);
    assert_code(w, "right.missing");
}

static void the_third_officer_ends_the_local_owner(void **state)
{
    struct world *w = *state;
    struct account x = account_of(NULL, NULL, 0);
    x.active = 1;
    x.head.id = ACCOUNT + ROLE_SYSADMIN;
    assert_int_equal(world_call(w, "account.change", &x, NULL), ST_OK);
    assert_int_equal(world_int(w, "select count(*) from event where type = 'account.local_ended'"),
                     0);
    x.head.id = ACCOUNT + ROLE_SECADMIN;
    assert_int_equal(world_call(w, "account.change", &x, NULL), ST_OK);
    assert_int_equal(world_int(w, "select count(*) from event where type = 'account.local_ended'"),
                     1);
    assert_int_equal(world_int(w, "select active from account where code = 'owner'"), 0);
}

static void passwords_are_ones_own_or_the_officers_business(void **state)
{
    struct world *w = *state;
    struct password_in in = { .password = "Kaffee-2026" };
    tmpdb_run(&w->t, "update account set active = 1 where code = 'secadmin'");
    world_as(w, "staff");
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_OK);     /* the first one */
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_INVALID);
    assert_string_equal(w->e.field, "old");
    in.old = "Kaffee-2025";
    in.password = "Tee-morgens-7";
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_DENIED);
    assert_code(w, "password.wrong");
    in.old = "Kaffee-2026";
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_OK);
    assert_int_equal(password_login(w->t.db, "staff", "Tee-morgens-7", &password_cost, NULL, &w->e),
                     ST_OK);
    assert_int_equal(password_login(w->t.db, "staff", "Kaffee-2026", &password_cost, NULL, &w->e),
                     ST_DENIED);

    in = (struct password_in){ .code = "supervisor", .password = "Kaffee-2026" };
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_DENIED);
    assert_code(w, "right.missing");
    in.code = "no-such-login";      /* looks the same: logins can't be tried out */
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_DENIED);
    assert_code(w, "right.missing");

    world_as(w, "secadmin");
    in = (struct password_in){ .code = "STAFF", .password = "kurz" };
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_INVALID);
    assert_code(w, "password.short");
    in.password = "Neu-gesetzt-1";
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_OK);
    in = (struct password_in){ .id = ACCOUNT + ROLE_LOCAL_OWNER, .password = "Neu-gesetzt-1" };
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_DENIED);
    assert_code(w, "account.local_owner");
}

/* Neither the words nor the hash stand anywhere but in their column. */
static void passwords_leave_no_trace(void **state)
{
    struct world *w = *state;
    struct password_in in = { .password = "Kaffee-2026" };
    world_as(w, "staff");
    assert_int_equal(world_call(w, "account.password", &in, NULL), ST_OK);
    assert_string_equal(world_text(w, "select type from event order by id desc limit 1"),
                        "account.password_set");
    assert_int_equal(
        world_int(w,
                  "select count(*) from event where data like '%affee%' or data like '%argon2%'"),
        0);
    assert_int_equal(
        world_int(
            w, "select count(*) from audit where detail like '%affee%' or detail like '%argon2%'"),
        0);
    assert_int_equal(
        world_int(w, "select count(*) from audit where operation = 'account.password'"), 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_new_branch_stands_below_its_parent),
        T(a_branch_needs_a_parent_in_use_and_in_scope),
        T(a_moved_branch_takes_its_subtree_along),
        T(a_branch_is_never_its_own_parent),
        T(head_office_stays),
        T(a_branch_is_moved_within_ones_own_scope_only),
        T(a_branch_closes_when_nothing_hangs_on_it),
        T(a_new_employee_is_on_duty),
        T(required_fields_are_not_emptied),
        T(a_leaver_hands_his_leads_over_first),
        T(nobody_leaves_by_his_own_hand),
        T(both_branches_hear_of_a_move),
        T(supervisors_form_no_ring),
        T(accounts_keep_duties_apart),
        T(logins_of_the_system_are_nobody_elses),
        T(nobody_grants_himself_roles),
        T(the_third_officer_ends_the_local_owner),
        T(passwords_are_ones_own_or_the_officers_business),
        T(passwords_leave_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
