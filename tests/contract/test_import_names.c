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
#include "base/clock.h"
#include "core/api/upkeep.h"
#include "core/data/gramsort.h"
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

/* The grams of all names by plain SQL, two hundred characters of a name at most; of initials pairs only. */
#define GRAMS                                                                                      \
    "with recursive at(i) as (select 1 union all select i + 1 from at where i < 200), g as "       \
    "(select l.id, substr(l.name_key, at.i, n.n) as gram from lead l, at, (select 1 as n union "   \
    "select 2) n where at.i + n.n - 1 <= length(l.name_key) union "                                \
    "select l.id, substr(l.name_py, at.i, 2) from lead l, at where at.i < length(l.name_py) and "  \
    "substr(l.name_py, at.i, 2) not like '% %') "

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
    bank_sql(k, "insert into lead_gram_due select id, name_key, name_py from lead where no % 7 < 2");
    bank_sql(k, "delete from lead_gram where lead_id in (select id from lead where no % 7 = 0) or "
                "(gram in ('欧', '欧阳', 'oy') "
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
    assert_int_equal(bank_count(k, "name contains oy"), 100);
    assert_int_equal(bank_count(k, "name starts with oy"), 100);
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

/* A short file beside a long one is not kept by the names of that, unless it has died. */
static void one_without_names_does_not_work_for_another(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_names(k, "a.csv", 0)));
    leave_waiting(k);
    int64_t waiting = bank_sql_int(k, "select count(*) from lead_gram_due");
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "update import set state = 'running'");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    assert_string_equal(imported(k, "lead", bank_file(k, "one.csv", "name\n王一\n"), ""), "1 1 0 0 0");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_gram_due"), waiting);
    bank_later(CLOCK_MINUTE);
    assert_string_equal(imported(k, "lead", bank_file(k, "two.csv", "name\n王二\n"), ""), "1 1 0 0 0");
    all_stand(k);
}

/* ---- the writing itself ------------------------------------------------------------------------------- */

static struct ctx write_ctx(struct bank *k)
{
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    return (struct ctx){ .db = k->raw.db, .arena = &k->arena, .e = &k->e, .until = INT64_MAX };
}

/* Who got the lock and had no time left does something all the same: else he might never end. */
static void a_step_without_time_gets_on(void **state)
{
    struct bank *k = *state;
    struct gram_due *due;
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_n(k, "a.csv", 0, 20)));
    struct ctx c = write_ctx(k);
    bank_sql(k, "insert into lead_gram_due select id, name_key, name_py from lead");
    bank_sql(k, "delete from lead_gram");
    assert_int_equal(grams_due(&c, INT64_MAX, &due), ST_OK);
    c.until = 0;
    bool more = true;
    for (int i = 0; i < 1000 && more; i++)
        assert_int_equal(grams_write_due(&c, due, &more), ST_OK);
    grams_due_free(due);
    assert_false(more);
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    all_stand(k);
}

/* What is held in memory is bounded by grams, not by names: one name may have four hundred. */
static void long_names_are_taken_in_parts(void **state)
{
    struct bank *k = *state;
    struct gram_due *due;
    struct ctx c = write_ctx(k);
    bank_sql(k, "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200) insert into "
                "lead_gram_due (lead_id, name_key) select i, replace(printf('%2000d', i), ' ', 'a') from n");
    int rounds = 0;
    for (;; rounds++) {
        bool more = true;
        assert_int_equal(grams_due(&c, INT64_MAX, &due), ST_OK);
        if (!due)
            break;
        while (more)
            assert_int_equal(grams_write_due(&c, due, &more), ST_OK);
        grams_due_free(due);
    }
    assert_true(rounds > 2 && rounds < 10);     /* 800,000 grams */
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_gram where gram = 'aa'"), 200);
    db_rollback(k->raw.db);
}

struct others { struct bank *k; int left; };

/* Another load leaves names after each step of ours. */
static void leave_more(void *arg, int64_t done, int64_t total)
{
    struct others *o = arg;
    if (done < total || o->left == 100)
        return;
    o->left++;
    struct db *db = o->k->raw.db;
    assert_int_equal(db_begin(db, &o->k->e), ST_OK);
    assert_int_equal(db_exec(db, &o->k->e,
                             "insert into lead_gram_due (lead_id, name_key) values ($1, 'x')", "i",
                             db_new_id(db)),
                     ST_OK);
    assert_int_equal(db_commit(db, &o->k->e), ST_OK);
}

static void one_that_ends_does_not_work_for_another(void **state)
{
    struct bank *k = *state;
    struct others o = { .k = k };
    const struct op *op = op_find("lead.import");
    struct import_in *in = record_new(op->in, &k->arena);
    struct import_out out;
    struct call c = { .op = op, .in = in, .progress = leave_more, .progress_arg = &o };
    in->file = file_of_names(k, "a.csv", 0);
    assert_int_equal(backend_call(k->b, &c, &k->arena, &out, &k->e), ST_OK);
    assert_true(o.left > 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_gram_due where name_key = 'x'"), o.left);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_gram_due where name_key <> 'x'"), 0);
}

/* ---- the doctor --------------------------------------------------------------------------------------- */

static void note_lost(void *arg, const struct finding *f)
{
    struct finding *out = arg;
    if (f->verdict != VERDICT_OK && strcmp(f->why.code, "doctor.name") == 0)
        *out = *f;
}

static const char *lost_names(struct bank *k)
{
    struct finding found = { 0 };
    struct backend_config c = { .url = k->path, .keys_dir = k->keys };
    bool bad;
    assert_int_equal(database_doctor(&c, NULL, note_lost, &found, &bad, &k->e), ST_OK);
    assert_true(bad == (found.what != NULL));
    return found.what ? bank_text(k, "%s", found.why.param[0]) : "";
}

/* One that waits is found, one that neither waits nor stands is not. */
static void the_doctor_counts_names_that_no_search_finds(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"王\"}");
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_names(k, "a.csv", 0)));
    assert_string_equal(lost_names(k), "");
    leave_waiting(k);
    bank_do(k, "lead.create", "{\"external_id\":\"nameless\"}");
    assert_string_equal(lost_names(k), "");
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "delete from lead_gram_due where lead_id in (select id from lead where no % 7 = 0)");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    assert_string_equal(lost_names(k),
                        bank_sql(k, "select count(*) from lead where no % 7 = 0 and name is not "
                                    "null"));
}

/* The same of initials: 100 of the names are 欧阳; one initial alone is in no index. */
static void the_doctor_counts_initials_that_no_search_finds(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"单\"}");
    bank_do(k, "lead.create", "{\"name\":\"Zhang\"}");
    bank_do(k, "lead.import", bank_text(k, "{\"file\":\"%s\"}", file_of_names(k, "a.csv", 0)));
    assert_string_equal(lost_names(k), "");
    assert_int_equal(db_begin(k->raw.db, &k->e), ST_OK);
    bank_sql(k, "delete from lead_gram where gram = 'oy'");
    assert_int_equal(db_commit(k->raw.db, &k->e), ST_OK);
    assert_string_equal(lost_names(k), "100");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)
    const struct CMUnitTest tests[] = {
        T(a_long_file_ends_with_all_grams),
        T(names_are_found_while_it_runs),
        T(waiting_names_are_found),
        T(waiting_names_of_many_are_found),
        T(one_that_waits_is_renamed),
        T(what_a_broken_load_left_is_done_by_the_next),
        T(one_without_names_does_not_work_for_another),
        T(a_step_without_time_gets_on),
        T(long_names_are_taken_in_parts),
        T(one_that_ends_does_not_work_for_another),
        T(the_doctor_counts_names_that_no_search_finds),
        T(the_doctor_counts_initials_that_no_search_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
