/* backend_open, once the three officers are appointed: by the password of an account. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/api/upkeep.h"
#include "tests/contract/bank.h"

static const char right_one[] = "Kaffee-2026";

/* As if everybody had set his own password since: one that another set is to be changed first. */
static void settle(struct bank *k)
{
    bank_sql(k, "update account set must_change = null");
}

static void appoint(struct bank *k, const char *login, const char *roles)
{
    bank_do(k, "account.create",
            bank_text(k, "{\"code\":\"%s\",\"roles\":\"%s\",\"branch\":\"HQ\"}", login, roles));
    bank_do(k, "account.password", bank_text(k, "{\"code\":\"%s\",\"password\":\"%s\"}", login, right_one));
    settle(k);
}

/* 101 has a password, 102 has none, 201 has one and is off; then the officers, the last inactive
 * until now. */
static void end_local_owner(struct bank *k)
{
    static const char *const staff[] = { "101", "201" };
    for (size_t i = 0; i < 2; i++)
        bank_do(k, "account.password",
                bank_text(k, "{\"code\":\"%s\",\"password\":\"%s\"}", staff[i], right_one));
    bank_do(k, "account.change",
            bank_text(k, "{\"id\":\"%s\",\"version\":%s,\"active\":false}",
                      bank_sql(k, "select id from account where code = '201'"),
                      bank_sql(k, "select version from account where code = '201'")));
    appoint(k, "sys", "sysadmin");
    appoint(k, "aud", "auditadmin");
    bank_do(k, "account.create", "{\"code\":\"sec\",\"roles\":\"secadmin\",\"active\":false}");
    bank_do(k, "account.password", bank_text(k, "{\"code\":\"sec\",\"password\":\"%s\"}", right_one));
    bank_do(k, "account.change",
            bank_text(k, "{\"id\":\"%s\",\"version\":%s,\"active\":true}",
                      bank_sql(k, "select id from account where code = 'sec'"),
                      bank_sql(k, "select version from account where code = 'sec'")));
    settle(k);
    backend_close(k->b);
    k->b = NULL;
}

static enum status open_with(struct bank *k, const char *as, const char *password)
{
    struct backend_config c = { .url = k->path, .keys_dir = k->keys, .as = as, .password = password };
    backend_close(k->b);
    k->b = NULL;
    memset(&k->e, 0, sizeof k->e);
    return backend_open(&c, &k->b, &k->e);
}

static void denied(struct bank *k, const char *as, const char *password, const char *code)
{
    assert_int_equal(open_with(k, as, password), ST_DENIED);
    assert_string_equal(k->e.code, code);
    assert_null(k->b);
}

static int64_t logins(struct bank *k, const char *account, const char *result, const char *code)
{
    return bank_sql_int(
        k, bank_text(k,
                     "select count(*) from audit where operation = 'login' and account = '%s' "
                     "and result = '%s' and coalesce(code, '') = '%s'",
                     account, result, code));
}

static const char *os_login(struct bank *k)
{
    return bank_text(k, "local:%u", (unsigned)getuid());
}

static void each_officer_comes_in_by_his_password(void **state)
{
    static const struct { const char *login, *may; } officers[] = {
        { "sys", "key.list" }, { "sec", "account.list" }, { "aud", "audit.list" },
    };
    struct bank *k = *state;
    end_local_owner(k);
    denied(k, NULL, NULL, "actor.local_ended");
    for (size_t i = 0; i < 3; i++) {
        denied(k, officers[i].login, NULL, "login.password");
        assert_string_equal(k->e.param[0], officers[i].login);
        assert_int_equal(open_with(k, officers[i].login, right_one), ST_OK);
        bank_do(k, officers[i].may, "{}");
        bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"Li\"}"), ST_DENIED, "right.missing");
        assert_int_equal(logins(k, officers[i].login, "ok", ""), 1);
    }
    assert_int_equal(open_with(k, "101", right_one), ST_OK);
    bank_do(k, "lead.create", "{\"name\":\"Li\",\"phone\":\"13900001111\"}");
    assert_string_equal(
        bank_sql(k, "select account from audit where operation = 'lead.create' and result = 'ok'"),
        "101");
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'account.as'"), 0);
    assert_string_equal(bank_sql(k, "select detail from audit where operation = 'login' and account = 'sys'"),
                        bank_text(k, "{\"os_user\":%u}", (unsigned)getuid()));
}

/* Not there, off, without a password, the local owner's own, and wrong: one answer. */
static void what_is_wrong_is_not_told(void **state)
{
    static const char *const logins_tried[] = { "nobody", "201", "102", "101", "", "x\"y\\" };
    struct bank *k = *state;
    end_local_owner(k);
    const char *owner = bank_sql(k, "select code from account where local_uid is not null");
    for (size_t i = 0; i < 6; i++)
        denied(k, logins_tried[i], i == 1 ? right_one : "Kaffee-2025", "login.wrong");
    denied(k, owner, right_one, "login.wrong");
    denied(k, "101", "", "login.wrong");
    assert_int_equal(logins(k, os_login(k), "denied", "login.wrong"), 8);
    assert_string_equal(bank_sql(k, "select detail from audit where operation = 'login' order by id limit 1"),
                        "{\"as\":\"nobody\"}");
    assert_int_equal(open_with(k, "101", right_one), ST_OK);
    assert_int_equal(open_with(k, "aud", right_one), ST_OK);
    assert_non_null(strstr(bank_do(k, "audit.verify", "{}"), "\"intact\":true"));
}

static void five_times(struct bank *k, const char *login)
{
    for (int i = 0; i < 5; i++)
        denied(k, login, "Kaffee-2025", "login.wrong");
    denied(k, login, right_one, "account.locked_for");
    assert_string_equal(k->e.param[0], "15");
    bank_later(14 * CLOCK_MINUTE + 1);
    denied(k, login, "Kaffee-2025", "account.locked_for");
    assert_string_equal(k->e.param[0], "1");
    bank_later(CLOCK_MINUTE - 1);
}

static void five_wrong_ones_lock_for_a_quarter_of_an_hour(void **state)
{
    struct bank *k = *state;
    end_local_owner(k);
    five_times(k, "sec");
    assert_int_equal(open_with(k, "sec", right_one), ST_OK);
    assert_int_equal(bank_sql_int(k, "select count(*) from password_try"), 0);
    five_times(k, "nobody");                    /* as if there were such an account */
    denied(k, "nobody", right_one, "login.wrong");
    five_times(k, "102");
    denied(k, "102", right_one, "login.wrong");
}

static void the_lock_screen_s_tries_are_counted_with_them(void **state)
{
    struct bank *k = *state;
    end_local_owner(k);
    for (int i = 0; i < 3; i++)
        denied(k, "101", "Kaffee-2025", "login.wrong");
    assert_int_equal(open_with(k, "101", right_one), ST_OK);
    for (int i = 0; i < 5; i++)
        bank_refused(k, bank_call(k, "account.verify", "{\"password\":\"Kaffee-2025\"}"), ST_DENIED,
                     "password.wrong");
    denied(k, "101", "Kaffee-2024", "account.locked_for");
}

/* A screen opens several connections, and its person may change the password between two of them. */
static void who_is_in_stays_in_while_the_account_may_be_used(void **state)
{
    struct bank *k = *state;
    end_local_owner(k);
    assert_int_equal(open_with(k, "101", right_one), ST_OK);
    bank_do(k, "account.password", bank_text(k, "{\"old\":\"%s\",\"password\":\"Tee-Tasse-27\"}", right_one));
    assert_int_equal(open_with(k, "101", right_one), ST_OK);
    assert_int_equal(logins(k, "101", "ok", ""), 1);
    bank_sql(k, "update account set active = 0 where code = '101'");
    denied(k, "101", right_one, "actor.inactive");
    denied(k, "101", "Tee-Tasse-27", "login.wrong");
}

static void the_local_owner_needs_no_password(void **state)
{
    struct bank *k = *state;
    bank_do(k, "account.password", bank_text(k, "{\"code\":\"101\",\"password\":\"%s\"}", right_one));
    assert_int_equal(open_with(k, "101", NULL), ST_OK);
    assert_int_equal(open_with(k, "101", "Kaffee-2025"), ST_OK);
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'account.as'"), 2);
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'login'"), 0);
}

/* Nobody's own account: by password as well, the local owner's right or not. */
static void another_os_user_comes_in_by_password(void **state)
{
    struct bank *k = *state;
    bank_do(k, "account.password", bank_text(k, "{\"code\":\"101\",\"password\":\"%s\"}", right_one));
    settle(k);
    bank_sql(k, "update account set local_uid = local_uid + 1 where local_uid is not null");
    denied(k, NULL, NULL, "actor.other_user");
    assert_string_equal(k->e.param[0], os_login(k));
    denied(k, "101", NULL, "login.password");
    denied(k, "101", "Kaffee-2025", "login.wrong");
    assert_int_equal(open_with(k, "101", right_one), ST_OK);
    assert_string_equal(k->b->who(k->b)->login, "101");
}

/* Who acts in another's name does so by the local owner's right, and no longer. */
static void acting_for_another_ends_with_the_local_owner(void **state)
{
    struct bank *k = *state;
    appoint(k, "sys", "sysadmin");
    appoint(k, "sec", "secadmin");
    assert_int_equal(open_with(k, "sec", NULL), ST_OK);
    bank_do(k, "account.create", "{\"code\":\"aud\",\"roles\":\"auditadmin\"}");
    bank_refused(k, bank_call(k, "account.list", "{}"), ST_DENIED, "actor.local_ended");
    denied(k, "sec", NULL, "login.password");
    assert_int_equal(open_with(k, "sec", right_one), ST_OK);
    bank_do(k, "account.list", "{}");
}

/* Nothing else is carried out, whether it is an operation or upkeep. */
static void a_password_of_another_s_is_changed_first(void **state)
{
    struct bank *k = *state;
    struct copy_watch quiet = { 0 };
    struct backup_info info;
    end_local_owner(k);
    bank_sql(k, "update account set must_change = 1 where code = 'sys'");
    assert_int_equal(open_with(k, "sys", right_one), ST_OK);
    assert_true(k->b->who(k->b)->must_change);
    bank_refused(k, bank_call(k, "key.list", "{}"), ST_DENIED, "password.change");
    bank_refused(k, bank_call(k, "account.verify", bank_text(k, "{\"password\":\"%s\"}", right_one)),
                 ST_DENIED,
                 "password.change");
    struct backend_config c = { .url = k->path, .keys_dir = k->keys, .as = "sys", .password = right_one };
    assert_int_equal(database_backup(&c, bank_text(k, "%s/b.gbk", k->dir), &quiet, &info, &k->e), ST_DENIED);
    assert_string_equal(k->e.code, "password.change");
    bank_do(k, "account.password", bank_text(k, "{\"old\":\"%s\",\"password\":\"Tee-Tasse-27\"}", right_one));
    bank_do(k, "key.list", "{}");
    assert_false(k->b->who(k->b)->must_change);
    assert_int_equal(database_backup(&c, bank_text(k, "%s/b.gbk", k->dir), &quiet, &info, &k->e), ST_OK);
}

static void an_old_password_is_changed_first(void **state)
{
    struct bank *k = *state;
    end_local_owner(k);
    struct backend_config c = { .url = k->path, .keys_dir = k->keys, .as = "sys", .password = right_one,
                                .password_ms = 90 * (int64_t)CLOCK_DAY };
    assert_int_equal(backend_open(&c, &k->b, &k->e), ST_OK);
    bank_later(90 * (int64_t)CLOCK_DAY - 1);
    bank_do(k, "key.list", "{}");
    bank_later(1);                              /* on a connection that is open */
    bank_refused(k, bank_call(k, "key.list", "{}"), ST_DENIED, "password.expired");
    bank_do(k, "account.password", bank_text(k, "{\"old\":\"%s\",\"password\":\"Tee-Tasse-27\"}", right_one));
    bank_do(k, "key.list", "{}");
}

/* ---- upkeep ------------------------------------------------------------------------------------------- */

static void a_backup_takes_the_same_way_in(void **state)
{
    struct bank *k = *state;
    struct copy_watch quiet = { 0 };
    struct backup_info info;
    const char *to = bank_text(k, "%s/b.gbk", k->dir);
    end_local_owner(k);
    struct backend_config c = { .url = k->path, .keys_dir = k->keys, .as = "sys" };
    assert_int_equal(database_backup(&c, to, &quiet, &info, &k->e), ST_DENIED);
    assert_string_equal(k->e.code, "login.password");
    c.password = "Kaffee-2025";
    assert_int_equal(database_backup(&c, to, &quiet, &info, &k->e), ST_DENIED);
    assert_string_equal(k->e.code, "login.wrong");
    assert_int_equal(access(to, F_OK), -1);
    c.as = "aud";
    c.password = right_one;
    assert_int_equal(database_backup(&c, to, &quiet, &info, &k->e), ST_DENIED);
    assert_string_equal(k->e.code, "right.missing");
    c.as = "sys";
    assert_int_equal(database_backup(&c, to, &quiet, &info, &k->e), ST_OK);
    assert_int_equal(access(to, F_OK), 0);
    assert_string_equal(
        bank_sql(k, "select group_concat(account || ' ' || result) from (select * from audit where "
                    "operation = 'database.backup' order by id)"),
        "aud denied,sys ok");
}

/* Three officers without a password would be a database for nobody. */
static void the_first_password_may_still_be_set(void **state)
{
    static const char *const officers[] = { "sysadmin", "auditadmin", "secadmin" };
    struct bank *k = *state;
    struct backend_config c = { .url = k->path, .keys_dir = k->keys };
    assert_int_equal(database_first_password(&c, "101", right_one, &k->e), ST_CONFLICT);
    for (size_t i = 0; i < 3; i++)
        bank_do(k, "account.create",
                bank_text(k, "{\"code\":\"%s\",\"roles\":\"%s\"}", officers[i], officers[i]));
    assert_int_equal(database_first_password(&c, "sysadmin", right_one, &k->e), ST_DENIED);
    assert_string_equal(k->e.code, "actor.local_ended");
    assert_int_equal(database_first_password(&c, "secadmin", "short", &k->e), ST_INVALID);
    assert_int_equal(database_first_password(&c, "secadmin", right_one, &k->e), ST_OK);
    assert_int_equal(open_with(k, "secadmin", right_one), ST_OK);
    bank_do(k, "account.password", bank_text(k, "{\"code\":\"sysadmin\",\"password\":\"%s\"}", right_one));
    assert_int_equal(database_first_password(&c, "secadmin", "Tee-Tasse-27", &k->e), ST_DENIED);
    assert_string_equal(k->e.code, "actor.local_ended");
    assert_int_equal(
        bank_sql_int(k,
                     "select count(*) from audit where operation = 'account.password' and result = "
                     "'ok'"),
        2);
}

/* ---- key restore -------------------------------------------------------------------------------------- */

static const char *key_path(struct bank *k)
{
    return bank_text(k, "%s/%s.key", k->keys, bank_sql(k, "select value from meta where key = 'id'"));
}

static void a_lost_key_file_is_made_again_from_paper(void **state)
{
    struct bank *k = *state;
    char *text = NULL, *old = NULL, *other = NULL;
    struct backend_config c = { .url = k->path, .keys_dir = k->keys };
    bank_do(k, "lead.create", "{\"name\":\"Li\",\"phone\":\"13900001111\"}");
    assert_int_equal(database_key(&c, &k->arena, &old, &k->e), ST_OK);
    bank_do(k, "key.rotate", "{}");
    assert_int_equal(database_key(&c, &k->arena, &text, &k->e), ST_OK);
    const char *path = key_path(k), *away = bank_text(k, "%s/away", k->dir);

    assert_int_equal(database_key_restore(&c, text, &k->e), ST_CONFLICT);       /* it is there */
    assert_string_equal(k->e.code, "keys.exists");
    assert_string_equal(k->e.param[0], path);
    assert_int_equal(rename(path, away), 0);
    assert_int_equal(open_with(k, NULL, NULL), ST_FAILED);
    assert_string_equal(k->e.code, "keys.missing");
    assert_int_equal(database_key_restore(&c, old, &k->e), ST_INVALID);         /* of before the change */
    assert_string_equal(k->e.code, "keys.printed_old");
    assert_string_equal(k->e.param[0], "2");
    other = arena_strdup(&k->arena, text);
    char *digit = strrchr(other, other[strlen(other) - 2]);
    *digit = *digit == '0' ? '1' : '0';
    assert_int_equal(database_key_restore(&c, other, &k->e), ST_INVALID);       /* a digit is wrong */
    assert_string_equal(k->e.code, "keys.text");
    assert_int_equal(access(path, F_OK), -1);

    assert_int_equal(database_key_restore(&c, text, &k->e), ST_OK);
    struct stat made;
    assert_int_equal(stat(path, &made), 0);
    assert_int_equal(made.st_mode & 0777, 0600);
    assert_int_equal(open_with(k, NULL, NULL), ST_OK);
    assert_non_null(strstr(bank_do(k, "audit.verify", "{}"), "\"intact\":true"));
    assert_non_null(strstr(bank_do(k, "lead.list", "{\"where\":\"phone = 13900001111\"}"), "Li"));
    assert_int_equal(
        bank_sql_int(k, "select count(*) from audit where operation = 'database.key_restore' and "
                        "result = 'ok'"),
        1);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_officer_comes_in_by_his_password),
        CASE(what_is_wrong_is_not_told),
        CASE(five_wrong_ones_lock_for_a_quarter_of_an_hour),
        CASE(the_lock_screen_s_tries_are_counted_with_them),
        CASE(who_is_in_stays_in_while_the_account_may_be_used),
        CASE(the_local_owner_needs_no_password),
        CASE(another_os_user_comes_in_by_password),
        CASE(acting_for_another_ends_with_the_local_owner),
        CASE(a_password_of_another_s_is_changed_first),
        CASE(an_old_password_is_changed_first),
        CASE(a_backup_takes_the_same_way_in),
        CASE(the_first_password_may_still_be_set),
        CASE(a_lost_key_file_is_made_again_from_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
