/* Who imports may lose what he needs for it while the file is being taken: his account, his right, or the
 * schema he knows. What was committed before stays, nothing is half, and it can be taken up again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/api/sentence.h"
#include "core/data/import.h"
#include "core/store/migrate.h"
#include "tests/contract/importing.h"

enum { MANY = 1500 };

/* What happens once, when some rows are there. */
struct shock {
    struct bank *k;
    void (*what)(struct bank *k);
    int64_t taken;              /* rows that were committed before it */
};

static void after_a_step(void *arg, int64_t done, int64_t total)
{
    struct shock *x = arg;
    assert_int_equal(x->taken, 0);      /* no step after it */
    assert_true(done < total);
    if (bank_sql_int(x->k, "select count(*) from lead") < 5)
        return;
    x->what(x->k);
    x->taken = bank_sql_int(x->k, "select count(*) from lead where external_id is not null");
}

static enum status import_until(struct shock *x, const char *file,
                                void (*progress)(void *, int64_t, int64_t))
{
    const struct op *op = op_find("lead.import");
    struct import_in *in = record_new(op->in, &x->k->arena);
    struct import_out out;
    in->file = file;
    struct call c = { .op = op, .in = in, .progress = progress, .progress_arg = x };
    return backend_call(x->k->b, &c, &x->k->arena, &out, &x->k->e);
}

/* By the local owner, from another console. */
static void change_account(struct bank *k, const char *more)
{
    struct bank other = *k;
    other.b = NULL;
    bank_as(&other, NULL);
    const char *id = bank_sql(&other, "select id from account where code = '300'");
    bank_do(&other, "account.change", bank_text(&other, "{\"id\":\"%s\",%s}", id, more));
    backend_close(other.b);
    k->arena = other.arena;
}

static void switch_off(struct bank *k)
{
    change_account(k, "\"active\":false");
}

static void make_auditor(struct bank *k)
{
    change_account(k, "\"roles\":\"auditor\"");
}

static void raise_schema(struct bank *k)
{
    char sql[64];
    snprintf(sql, sizeof sql, "pragma user_version = %d", schema_newest() + 1);
    assert_int_equal(db_script(k->raw.db, sql, &k->e), ST_OK);
}

static void lower_schema(struct bank *k)
{
    char sql[64];
    snprintf(sql, sizeof sql, "pragma user_version = %d", schema_newest());
    assert_int_equal(db_script(k->raw.db, sql, &k->e), ST_OK);
}

/* Leads with their persons, as many as were committed, and so says the batch. */
static void as_many_as_were_taken(struct bank *k, int64_t taken, const char *state)
{
    assert_true(taken > 0 && taken < MANY);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead where external_id is not null"), taken);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead l where external_id is not null and not "
                                     "exists (select 1 from person p where p.id = l.person_id)"), 0);
    assert_int_equal(bank_sql_int(k, "select created from import"), taken);
    assert_string_equal(bank_sql(k, "select group_concat(state) from import"), state);
}

static void the_rest_can_be_taken(struct bank *k, const char *file)
{
    assert_string_equal(imported(k, "lead", file, ""), bank_text(k, "%d %d 0 0 0", MANY, MANY));
    assert_int_equal(bank_sql_int(k, "select count(*) from lead where external_id is not null"), MANY);
    assert_int_equal(bank_count(k, "name contains \"Name\""), MANY);
}

static int64_t audited(struct bank *k, const char *result)
{
    return bank_sql_int(k, bank_text(k,
                                     "select count(*) from audit where operation = 'lead.import' and "
                                     "result = '%s'",
                                     result));
}

static void who_is_switched_off_takes_no_further_step(void **state)
{
    struct bank *k = *state;
    struct shock x = { k, switch_off, 0 };
    const char *file = many_rows(k, "a.csv", MANY, 0);
    bank_as(k, "300");
    assert_int_equal(import_until(&x, file, after_a_step), ST_DENIED);
    assert_string_equal(k->e.code, "actor.inactive");
    assert_string_equal(sentence(&k->arena, &k->e),
                        "The account 300 is switched off. Ask the security administrator to switch it on.");
    as_many_as_were_taken(k, x.taken, "failed");
    assert_int_equal(audited(k, "failed"), 1);
    assert_int_equal(audited(k, "ok"), 0);
    change_account(k, "\"active\":true");
    bank_as(k, "300");
    the_rest_can_be_taken(k, file);
}

static void who_loses_the_right_takes_no_further_step(void **state)
{
    struct bank *k = *state;
    struct shock x = { k, make_auditor, 0 };
    const char *file = many_rows(k, "a.csv", MANY, 0);
    bank_as(k, "300");
    assert_int_equal(import_until(&x, file, after_a_step), ST_DENIED);
    assert_string_equal(k->e.code, "right.missing");
    assert_string_equal(k->e.param[0], "lead.import");
    as_many_as_were_taken(k, x.taken, "failed");
    bank_as(k, NULL);
    the_rest_can_be_taken(k, file);
}

/* Each step: who he is is read anew, and the job must not hold on to what he was. */
static void rename_often(void *arg, int64_t done, int64_t total)
{
    struct shock *x = arg;
    (void)total;
    if (x->taken++ < 3)
        change_account(x->k, bank_text(x->k, "\"roles\":\"%s\"",
                                       done % 2 ? "supervisor" : "supervisor,staff"));
}

static void who_is_changed_but_may_goes_on(void **state)
{
    struct bank *k = *state;
    struct shock x = { k, NULL, 0 };
    const char *file = many_rows(k, "a.csv", MANY, 0);
    bank_as(k, "300");
    assert_int_equal(import_until(&x, file, rename_often), ST_OK);
    assert_true(x.taken >= 3);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead where external_id is not null"), MANY);
}

/* Another program brought the schema up: what this one does not know it does not write into, not even that
 * its import has failed. */
static void a_newer_schema_ends_it(void **state)
{
    struct bank *k = *state;
    struct shock x = { k, raise_schema, 0 };
    const char *file = many_rows(k, "a.csv", MANY, 0);
    bank_as(k, "300");
    int64_t rows = bank_sql_int(k, "select count(*) from audit");
    assert_int_equal(import_until(&x, file, after_a_step), ST_FAILED);
    assert_string_equal(k->e.code, "db.migrated");
    as_many_as_were_taken(k, x.taken, "running");
    assert_int_equal(bank_sql_int(k, "select count(*) from audit"), rows);
    assert_null(bank_call(k, "lead.create", "{\"name\":\"no\"}"));
    assert_string_equal(k->e.code, "db.migrated");
    lower_schema(k);
    assert_null(bank_call(k, "lead.create", "{\"name\":\"no\"}"));      /* not in this console any more */
    assert_string_equal(k->e.code, "db.migrated");
    bank_as(k, "300");
    the_rest_can_be_taken(k, file);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(who_is_switched_off_takes_no_further_step),
        T(who_loses_the_right_takes_no_further_step),
        T(who_is_changed_but_may_goes_on),
        T(a_newer_schema_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
