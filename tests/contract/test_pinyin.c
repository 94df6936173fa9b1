/* Names are found by the initials of their pinyin, whatever way they came in and whatever became of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "tests/contract/importing.h"

/* The grams of a lead that are two letters, in order: "sf,zs". */
static const char *pairs_of(struct bank *k, const char *name)
{
    return bank_sql(k, bank_text(k,
                                 "select coalesce(group_concat(gram), '') from (select g.gram from "
                                 "lead_gram g, lead l where l.id = g.lead_id and l.name = '%s' and "
                                 "g.gram glob '[a-z][a-z]' order by 1)", name));
}

static const char *initials_of(struct bank *k, const char *table, const char *name)
{
    return bank_sql(k, bank_text(k, "select coalesce(name_py, 'null') from %s where name = '%s'", table,
                                 name));
}

static const char *new_lead(struct bank *k, const char *name)
{
    const char *r = bank_do(k, "lead.create", bank_text(k, "{\"name\":\"%s\",\"branch\":\"N1\"}", name));
    return bank_get(k, r, "id");
}

/* ---- written ------------------------------------------------------------------------------------------ */

static void a_new_lead_has_them(void **state)
{
    struct bank *k = *state;
    new_lead(k, "张三丰");
    new_lead(k, "单雄信");
    new_lead(k, "王");
    new_lead(k, "Zhang San");
    assert_string_equal(initials_of(k, "lead", "张三丰"), "zsf");
    assert_string_equal(pairs_of(k, "张三丰"), "sf,zs");
    assert_string_equal(initials_of(k, "lead", "单雄信"), "dxx sxx");
    assert_string_equal(pairs_of(k, "单雄信"), "dx,sx,xx");
    assert_string_equal(initials_of(k, "lead", "王"), "w");
    assert_string_equal(pairs_of(k, "王"), "");
    assert_string_equal(initials_of(k, "lead", "Zhang San"), "null");
}

static void one_that_is_renamed_has_those_of_its_new_name(void **state)
{
    struct bank *k = *state;
    const char *id = new_lead(k, "张三丰");
    assert_non_null(bank_on(k, "lead.change", id, ",\"name\":\"李四\""));
    assert_string_equal(initials_of(k, "lead", "李四"), "ls");
    assert_string_equal(pairs_of(k, "李四"), "ls");
    assert_int_equal(bank_count(k, "name contains zs"), 0);
    assert_int_equal(bank_count(k, "name contains ls"), 1);
    assert_non_null(bank_on(k, "lead.change", id, ",\"name\":\"Bruce\""));
    assert_string_equal(initials_of(k, "lead", "Bruce"), "null");
    assert_int_equal(bank_count(k, "name contains ls"), 0);
    assert_int_equal(bank_count(k, "name contains ru"), 1);
    assert_non_null(bank_on(k, "lead.change", id, ",\"intent\":\"high\""));
    assert_non_null(bank_on(k, "lead.change", id, ",\"name\":\"王五\""));
    assert_string_equal(initials_of(k, "lead", "王五"), "ww");
}

static void persons_and_employees_have_them(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"王芳\",\"phone\":\"13800138000\",\"branch\":\"N1\"}");
    assert_string_equal(initials_of(k, "person", "王芳"), "wf");
    bank_do(k, "employee.create", "{\"code\":\"777\",\"name\":\"尉迟恭\",\"branch\":\"N1\"}");
    assert_string_equal(initials_of(k, "employee", "尉迟恭"), "wcg ycg");
    bank_do(k, "employee.change", bank_text(k, "{\"id\":\"%s\",\"name\":\"秦琼\"}",
                                            bank_sql(k, "select id from employee where code = '777'")));
    assert_string_equal(initials_of(k, "employee", "秦琼"), "qq");
    const char *r = bank_do(k, "employee.count", "{\"where\":\"name contains qq\"}");
    assert_string_equal(bank_get(k, r, "count"), "1");
}

/* n rows: 张三丰1, 单于2, 李3 and so on. */
static const char *file_of(struct bank *k, const char *name, int n)
{
    static const char *const names[] = { "李", "张三丰", "单于" };
    struct buf b = BUF_INIT;
    buf_adds(&b, "external_id,name,phone\n");
    for (int i = 1; i <= n; i++)
        buf_addf(&b, "p%d,%s%d,139%08d\n", i, names[i % 3], i, i);
    const char *path = bank_file(k, name, b.s);
    buf_release(&b);
    return path;
}

static void check_file(struct bank *k, int n)
{
    assert_string_equal(initials_of(k, "lead", "张三丰1"), "zsf1");
    assert_string_equal(initials_of(k, "person", "张三丰1"), "zsf1");
    assert_string_equal(initials_of(k, "lead", "单于2"), "dy2 cy2");
    assert_string_equal(initials_of(k, "person", "单于2"), "dy2 cy2");
    assert_string_equal(pairs_of(k, "张三丰1"), "sf,zs");
    assert_string_equal(pairs_of(k, "单于2"), "cy,dy");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_gram_due"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_gram where gram in ('zs', 'dy', 'cy')"), n);
    assert_int_equal(bank_count(k, "name contains zs"), n / 3);
    assert_int_equal(bank_count(k, "name contains cy"), n / 3);
}

/* Into an empty table: in bulk. */
static void a_first_load_brings_them(void **state)
{
    struct bank *k = *state;
    assert_string_equal(imported(k, "lead", file_of(k, "a.csv", 300), ""), "300 300 0 0 0");
    check_file(k, 300);
}

/* Into one in use: they wait for their grams. */
static void a_load_beside_others_brings_them(void **state)
{
    struct bank *k = *state;
    new_lead(k, "先到");
    assert_string_equal(imported(k, "lead", file_of(k, "a.csv", 300), ""), "300 300 0 0 0");
    check_file(k, 300);
}

static void a_short_file_brings_them(void **state)
{
    struct bank *k = *state;
    new_lead(k, "先到");
    assert_string_equal(imported(k, "lead", file_of(k, "a.csv", 30), ""), "30 30 0 0 0");
    check_file(k, 30);
}

static void an_update_by_file_changes_them(void **state)
{
    struct bank *k = *state;
    new_lead(k, "先到");
    assert_string_equal(imported(k, "lead", file_of(k, "a.csv", 3), ""), "3 3 0 0 0");
    const char *file = bank_file(k, "b.csv", "external_id,name\np1,王五\n");
    const char *update = ",\"mode\":\"update\",\"on_duplicate\":\"update\"";
    assert_string_equal(imported(k, "lead", file, update), "1 0 1 0 0");
    assert_string_equal(initials_of(k, "lead", "王五"), "ww");
    assert_string_equal(pairs_of(k, "王五"), "ww");
    assert_int_equal(bank_count(k, "name contains zs"), 0);
}

/* In an empty table the names of a first load are changed by its own later rows. */
static void a_first_load_may_change_its_own(void **state)
{
    struct bank *k = *state;
    const char *file = bank_file(k, "a.csv", "external_id,name\nq1,张三\nq1,李四\n");
    const char *both = ",\"mode\":\"upsert\",\"on_duplicate\":\"update\"";
    assert_string_equal(imported(k, "lead", file, both), "2 1 1 0 0");
    assert_string_equal(initials_of(k, "lead", "李四"), "ls");
    assert_string_equal(pairs_of(k, "李四"), "ls");
}

/* ---- found -------------------------------------------------------------------------------------------- */

/* Rows of a page by name, in the order of the ids: "张三,詹森". */
static const char *found(struct bank *k, const char *where, const char *sort)
{
    const char *r = bank_do(k, "lead.list",
                            bank_text(k, "{\"where\":\"%s\",\"sort\":\"%s\",\"columns\":\"name\"}", where,
                                      sort));
    struct buf b = BUF_INIT;
    for (const char *at = r; (at = strstr(at, "\"name\":\"")); ) {
        at += strlen("\"name\":\"");
        buf_addf(&b, "%s%.*s", b.len ? "," : "", (int)strcspn(at, "\""), at);
    }
    const char *out = bank_text(k, "%s", b.s ? b.s : "");
    buf_release(&b);
    return out;
}

static void names_are_found_by_parts_of_their_initials(void **state)
{
    static const char *const names[] = { "张三", "詹森", "李张三", "Zsa Zsa", "单雄信", "王五", "重庆银行" };
    static const struct { const char *where, *found; } rows[] = {
        { "name contains zs", "张三,詹森,李张三,Zsa Zsa" },
        { "name contains ZS", "张三,詹森,李张三,Zsa Zsa" },
        { "name contains lzs", "李张三" },
        { "name contains sx", "单雄信" },
        { "name contains dxx", "单雄信" },
        { "name contains xs", "" },             /* not from one form to the other */
        { "name contains z", "张三,詹森,李张三,Zsa Zsa" },
        { "name contains w", "王五" },
        { "name contains v", "" },
        { "name contains q", "重庆银行" },
        { "name contains cqyh", "重庆银行" },
        { "name contains zs and name contains 张", "张三,李张三" },
        { "name starts with zs", "张三,詹森,Zsa Zsa" },
        { "name starts with sx", "单雄信" },
        { "name starts with l", "李张三" },
        { "name contains \\\"z s\\\"", "" },
        { "not (name contains zs) and not (name contains w)", "单雄信,重庆银行" },
    };
    struct bank *k = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        new_lead(k, names[i]);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(found(k, rows[i].where, "id"), rows[i].found);
        assert_string_equal(found(k, rows[i].where, "no"), rows[i].found);
    }
}

/* The owner's name is not the lead's: the index of leads' names says nothing of it. */
static void a_name_over_a_reference_is_another(void **state)
{
    struct bank *k = *state;
    bank_do(k, "employee.create", "{\"code\":\"777\",\"name\":\"秦琼\",\"branch\":\"N1\"}");
    bank_do(k, "lead.create", "{\"name\":\"张三\",\"branch\":\"N1\",\"owner\":\"777\"}");
    assert_int_equal(bank_count(k, "owner.name contains qq"), 1);
    assert_int_equal(bank_count(k, "owner.name contains 琼"), 1);
    assert_string_equal(found(k, "owner.name contains qq", "id"), "张三");
    assert_string_equal(found(k, "owner.name contains qq", "left_at"), "张三");
}

/* More than are looked up first: the pair is then tried before a row is read. */
static void what_many_have_is_found_too(void **state)
{
    struct bank *k = *state;
    assert_string_equal(imported(k, "lead", file_of(k, "a.csv", 7500), ""), "7500 7500 0 0 0");
    assert_int_equal(bank_count(k, "name contains zs"), 2500);
    assert_int_equal(bank_count(k, "name contains z"), 2500);
    const char *r = bank_do(k, "lead.list", "{\"where\":\"name contains zs\",\"sort\":\"left_at\","
                                            "\"columns\":\"name\",\"limit\":500,\"skip\":2400}");
    int there = 0;
    for (const char *at = r; (at = strstr(at, "张三丰")); at++)
        there++;
    assert_int_equal(there, 100);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)
    const struct CMUnitTest tests[] = {
        T(a_new_lead_has_them),
        T(one_that_is_renamed_has_those_of_its_new_name),
        T(persons_and_employees_have_them),
        T(a_first_load_brings_them),
        T(a_load_beside_others_brings_them),
        T(a_short_file_brings_them),
        T(an_update_by_file_changes_them),
        T(a_first_load_may_change_its_own),
        T(names_are_found_by_parts_of_their_initials),
        T(a_name_over_a_reference_is_another),
        T(what_many_have_is_found_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
