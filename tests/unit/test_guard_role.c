/* Who may what: each role against each right, as the bank's rule book has it; and which roles go
 * together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "core/guard/role.h"

/* Written by hand, by names: a change in role.c has to be made here too. "x" may, "." may not. */
static const char *const columns[] = {
    "sysadmin", "secadmin", "auditadmin", "staff", "supervisor", "operations", "head_office",
    "config", "auditor",
    "local_owner",
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct { const char *right, *may; } book[] = {
    /*                  sysadmin
     *                  | secadmin
     *                  | | auditadmin
     *                  | | | staff
     *                  | | | | supervisor
     *                  | | | | | operations
     *                  | | | | | | head_office
     *                  | | | | | | | config
     *                  | | | | | | | | auditor
     *                  | | | | | | | | | local_owner */
    { "none",          "x x x x x x x x x x" },
    { "org.read",      "x x . x x x x x x x" },
    { "lead.read",     ". . . x x x x . x x" },
    { "lead.write",    ". . . x x x . . . x" },
    { "lead.claim",    ". . . x x . . . . x" },
    { "lead.assign",   ". . . . x x x . . x" },
    { "lead.reveal",   ". . . x x . . . . x" },
    { "import",        ". . . . x x x . . x" },
    { "export",        ". . . . x x x . . x" },
    { "message",       ". . . x x x x . . x" },
    { "org.write",     ". . . . . x x . . x" },
    { "config",        ". . . . . x . x . x" },
    { "account",       ". x . . . . . . . x" },
    { "audit",         ". . x . . . . . . x" },
    { "system",        "x . . . . . . . . x" },
    { "event.read",    ". . . . . x x . x x" },
};
static const char see_all[] = "x x x . . . x . x x";
static const char mask_names[] = ". . . . . . . . x .";

static enum account_role column_role(size_t column)
{
    for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++)
        if (strcmp(account_role_name(r), columns[column]) == 0)
            return r;
    fail_msg("no role is called %s", columns[column]);
    return 0;
}

static enum right row_right(size_t row)
{
    for (enum right r = 0; r < RIGHT_COUNT; r++)
        if (strcmp(right_name(r), book[row].right) == 0)
            return r;
    fail_msg("no right is called %s", book[row].right);
    return 0;
}

static void every_role_has_the_rights_of_the_book(void **state)
{
    (void)state;
    assert_int_equal(sizeof book / sizeof *book, RIGHT_COUNT);
    assert_int_equal(COLUMNS, ACCOUNT_ROLE_COUNT);
    for (size_t row = 0; row < RIGHT_COUNT; row++)
        for (size_t col = 0; col < COLUMNS; col++) {
            bool may = roles_rights(1u << column_role(col)) >> row_right(row) & 1;
            if (may != (book[row].may[2 * col] == 'x'))
                fail_msg("%s %s %s", columns[col], may ? "may" : "may not", book[row].right);
        }
}

static void scope_and_masking_follow_the_book(void **state)
{
    (void)state;
    for (size_t col = 0; col < COLUMNS; col++) {
        unsigned set = 1u << column_role(col);
        if (roles_see_all(set) != (see_all[2 * col] == 'x'))
            fail_msg("%s: see all", columns[col]);
        if (roles_mask_names(set) != (mask_names[2 * col] == 'x'))
            fail_msg("%s: names", columns[col]);
    }
}

static void rights_of_several_roles_add_up(void **state)
{
    (void)state;
    unsigned set = 1u << ROLE_STAFF | 1u << ROLE_CONFIG;
    uint64_t both = roles_rights(1u << ROLE_STAFF) | roles_rights(1u << ROLE_CONFIG);
    assert_true(roles_rights(set) == both);
    assert_true(roles_rights(0) == 1u << RIGHT_NONE);
}

static void words_become_roles_and_back(void **state)
{
    struct arena a = ARENA_INIT;
    const char *bad;
    unsigned set;
    (void)state;
    assert_true(roles_parse("staff,supervisor", &set, &bad));
    assert_int_equal(set, 1u << ROLE_STAFF | 1u << ROLE_SUPERVISOR);
    assert_true(roles_parse("  supervisor , staff ", &set, &bad));
    assert_int_equal(set, 1u << ROLE_STAFF | 1u << ROLE_SUPERVISOR);
    assert_string_equal(roles_text(set, &a), "staff,supervisor");
    assert_true(roles_parse("staff,staff", &set, &bad));
    assert_int_equal(set, 1u << ROLE_STAFF);
    assert_true(roles_parse("", &set, &bad) && set == 0);
    assert_true(roles_parse(NULL, &set, &bad) && set == 0);
    assert_string_equal(roles_text(0, &a), "");
    for (enum account_role r = 0; r < ROLE_LOCAL_OWNER; r++)
        assert_true(roles_parse(account_role_name(r), &set, &bad) && set == 1u << r);
    arena_free(&a);
}

static void words_at_fault_are_shown(void **state)
{
    static const struct { const char *text, *bad; } cases[] = {
        { "staff,boss", "boss" }, { "Staff", "Staff" }, { "staf", "staf" }, { "staffs", "staffs" },
        { "local_owner", "local_owner" }, { "staff,,config", ",config" }, { "staff,", "" },
        { ",", "," },
        { "staff config", "config" }, { "staff\n", "staff\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *bad = NULL;
        unsigned set;
        assert_false(roles_parse(cases[i].text, &set, &bad));
        assert_string_equal(bad, cases[i].bad);
    }
}

static void duties_are_separate(void **state)
{
    const unsigned officers[] = { 1u << ROLE_SYSADMIN, 1u << ROLE_SECADMIN, 1u << ROLE_AUDITADMIN };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_true(roles_allowed(officers[i]));
        for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++)
            if (1u << r != officers[i])
                assert_false(roles_allowed(officers[i] | 1u << r));
    }
    assert_false(roles_allowed(ROLE_OFFICERS));
    assert_true(roles_allowed(1u << ROLE_STAFF | 1u << ROLE_SUPERVISOR));
    assert_true(roles_allowed(1u << ROLE_OPERATIONS | 1u << ROLE_HEAD_OFFICE));
    assert_true(roles_allowed(1u << ROLE_AUDITOR));
    assert_false(roles_allowed(1u << ROLE_AUDITOR | 1u << ROLE_STAFF));
    assert_false(roles_allowed(0));
    assert_false(roles_allowed(1u << ROLE_LOCAL_OWNER));
    assert_false(roles_allowed(1u << ACCOUNT_ROLE_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_has_the_rights_of_the_book),
        cmocka_unit_test(scope_and_masking_follow_the_book),
        cmocka_unit_test(rights_of_several_roles_add_up),
        cmocka_unit_test(words_become_roles_and_back),
        cmocka_unit_test(words_at_fault_are_shown),
        cmocka_unit_test(duties_are_separate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
