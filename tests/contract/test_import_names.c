/* Names of a load into a table in use are found at every moment of it, and stand in the index of their
 * grams when it is done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <string.h>

#include "base/buf.h"
#include "core/data/import.h"
#include "tests/contract/importing.h"

enum { MANY = 300 };

/* n rows, of which every third is called 欧阳N, the others 李N. There is a lead already. */
static const char *file_of_n(struct bank *k, const char *name, int from, int n)
{
    struct buf b = BUF_INIT;
    if (!bank_count(k, ""))
        bank_do(k, "lead.create", "{\"name\":\"先到\"}");
    buf_adds(&b, "external_id,name\n");
    for (int i = from; i < from + n; i++)
        buf_addf(&b, "n%d,%s%d\n", i, i % 3 ? "李" : "欧阳", i);
    const char *path = bank_file(k, name, b.s);
    buf_release(&b);
    return path;
}

static const char *file_of_names(struct bank *k, const char *name, int from)
{
    return file_of_n(k, name, from, MANY);
}

/* The grams of all names by plain SQL, two hundred characters of a name at most. */
#define GRAMS                                                                                      \
    "with recursive at(i) as (select 1 union all select i + 1 from at where i < 200), g as "       \
    "(select distinct "                                                                            \
    "l.id, substr(l.name_key, at.i, n.n) as gram from lead l, at, (select 1 as n union select 2) " \
    "n "                                                                                           \
    "where at.i + n.n - 1 <= length(l.name_key)) "

static void all_stand(struct bank *k)
{
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_gram_due"), 0);
    assert_int_equal(bank_sql_int(k, GRAMS "select count(*) from (select gram, id from g except select gram, "
                                           "lead_id from lead_gram)"), 0);
    assert_int_equal(bank_sql_int(k, GRAMS "select count(*) from (select gram, lead_id from lead_gram except "
                                           "select gram, id from g)"), 0);
}

/* What a broken load leaves: every seventh name waits, and of the eighth some grams stand. */
static void leave_waiting(struct bank *k)
{
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "insert into lead_gram_due select id, name_key from lead where no % 7 < 2");
    bank_sql(k, "delete from lead_gram where lead_id in (select id from lead where no % 7 = 0) or "
                "(gram like '欧%' "
                "and lead_id in (select id from lead where no % 7 = 1))");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
}

static void a_long_file_ends_with_all_grams(void **state)
{
    struct bank *k = *state;
    assert_string_equal(imported(k, "lead", file_of_names(k, "a.csv", 0), ""), "300 300 0 0 0");
    all_stand(k);
    assert_int_equal(bank_count(k, "name contains \"欧阳\""), 100);
    assert_int_equal(bank_count(k, "name contains \"李1\""), bank_sql_int(k, "select count(*) from lead where "
                                                                          "name like '%李1%'"));
}

struct look { struct bank *k; int looks; bool waits; };

/* Between two steps of the load, in a call of its own: what is there is found. */
static void look(void *arg, int64_t done, int64_t total)
{
    struct look *l = arg;
    (void)total;
    l->looks++;
    l->waits |= bank_sql_int(l->k, "select count(*) from lead_gram_due") > 0;
    int64_t there = bank_sql_int(l->k, "select count(*) from lead where name like '%欧阳%'");
    assert_int_equal(there, (done + 2) / 3);
    const char *r = bank_do(l->k, "lead.count", "{\"where\":\"name contains \\\"欧阳\\\"\"}");
    assert_string_equal(bank_get(l->k, r, "count"), bank_text(l->k, "%lld", (long long)there));
}

static void names_are_found_while_it_runs(void **state)
{
    struct bank *k = *state;
    const char *file = file_of_names(k, "a.csv", 0);
    const struct op *op = op_find("lead.import");
    struct import_in *in = record_new(op->in, &k->arena);
    struct import_out out;
    struct bank other = *k;             /* with a backend and memory of its own */
    other.arena = (struct arena)ARENA_INIT;
    struct look l = { .k = &other };
    struct backend_config config = { .url = k->path, .keys_dir = k->keys };
    struct call c = { .op = op, .in = in, .progress = look, .progress_arg = &l };
    assert_int_equal(backend_open(&config, &other.b, &k->e), ST_OK);
    in->file = file;
    assert_int_equal(backend_call(k->b, &c, &k->arena, &out, &k->e), ST_OK);
    backend_close(other.b);
    arena_free(&other.arena);
    assert_true(l.looks > 2 && l.waits);
    all_stand(k);
}

/* A part that many names have is sifted in the order of the list: more than are looked up first (FEW). */
static void waiting_names_of_many_are_found(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_n(k, "a.csv", 0, 3600)));
    leave_waiting(k);
    for (int page = 0; page < 5; page++) {
        const char *r = bank_do(k, "lead.list",
                                bank_text(k,
                                          "{\"where\":\"name contains \\\"李\\\"\",\"sort\":"
                                          "\"left_at\",\"columns\":\"no\",\"limit\":500,"
                                          "\"skip\":%d}",
                                          500 * page));
        int found = 0;
        for (const char *at = r; (at = strstr(at, "\"no\":")); at++)
            found++;
        assert_int_equal(found, page < 4 ? 500 : 400);
    }
    assert_int_equal(bank_count(k, "name contains \"李\""), 2400);
}

/* What few names have is looked up first. */
static void waiting_names_are_found(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_names(k, "a.csv", 0)));
    leave_waiting(k);
    assert_int_equal(bank_count(k, "name contains \"欧阳\""), 100);
    assert_int_equal(bank_count(k, "name contains \"阳\""), 100);
    assert_int_equal(bank_count(k, "name contains \"李\" and external_id starts with \"n\""), 200);
    const char *r = bank_do(k, "lead.list", "{\"where\":\"name contains \\\"欧阳\\\"\",\"columns\":\"name\","
                                            "\"limit\":200}");
    int found = 0;
    for (const char *at = r; (at = strstr(at, "欧阳")); at++)
        found++;
    assert_int_equal(found, 100);           /* each once */
}

static void one_that_waits_is_renamed(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_names(k, "a.csv", 0)));
    leave_waiting(k);
    const char *waits = bank_sql(k, "select id from lead where no % 7 = 1 and name like '欧阳%' limit 1");
    const char *stands = bank_sql(k, "select id from lead where no % 7 = 3 and name like '欧阳%' limit 1");
    assert_non_null(bank_on(k, "lead.change", waits, ",\"name\":\"司马光\""));
    assert_non_null(bank_on(k, "lead.change", stands, ",\"name\":\"司马迁\""));
    assert_int_equal(bank_count(k, "name contains \"欧阳\""), 98);
    assert_int_equal(bank_count(k, "name contains \"司马\""), 2);
    assert_string_equal(imported(k, "lead", file_of_names(k, "b.csv", MANY), ""), "300 300 0 0 0");
    all_stand(k);
}

/* Any later load takes them along, also one that finds no name of its own. */
static void what_a_broken_load_left_is_done_by_the_next(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_names(k, "a.csv", 0)));
    leave_waiting(k);
    assert_string_equal(imported(k, "lead", bank_file(k, "one.csv", "external_id\nx1\n"), ""), "1 1 0 0 0");
    all_stand(k);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)
    const struct CMUnitTest tests[] = {
        T(a_long_file_ends_with_all_grams), T(names_are_found_while_it_runs), T(waiting_names_are_found),
        T(waiting_names_of_many_are_found),
        T(one_that_waits_is_renamed), T(what_a_broken_load_left_is_done_by_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
