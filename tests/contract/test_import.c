/* Files into leads: what is taken, and what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/contract/importing.h"

/* ---- the examples of the contract --------------------------------------------------------------------- */

static const char *shared(struct bank *k, const char *name)
{
    const char *dir = getenv("SHARED");
    const char *path = dir && *dir ? bank_text(k, "%s/data/%s", dir, name) : NULL;
    if (path && file_there(path))
        return path;
    print_message("skipped: %s needs SHARED\n", name);
    skip();
    return NULL;
}

#define OLIST_MAP "\"map\":\"external_id=mql_id,created_at=first_contact_date,channel=origin," \
                  "attr.landing_page=landing_page_id\",\"create_missing\":true"
#define DEAL_MAP                                                                                   \
    "\"map\":\"lead=mql_id,won_at=won_date,owner=sr_id,amount=declared_monthly_revenue,attr.sdr="  \
    "sdr_id,"                                                                                      \
    "attr.segment=business_segment\",\"create_missing\":true"

static void olist_as_in_the_contract(void **state)
{
    struct bank *k = *state;
    const char *leads = shared(k, "olist/olist_marketing_qualified_leads_dataset.csv");
    const char *deals = shared(k, "olist/olist_closed_deals_first_contact_to_2018-01.csv");
    const char *rejects = bank_text(k, ",\"rejects\":\"%s/r.csv\",", k->dir);
    assert_string_equal(imported(k, "lead", leads, bank_text(k, "%s%s", rejects, OLIST_MAP)),
                        "8000 8000 0 0 0");
    assert_string_equal(imported(k, "deal", deals, bank_text(k, "%s%s", rejects, DEAL_MAP)),
                        "213 213 0 0 0");
    assert_int_equal(bank_count(k, ""), 8000);
    assert_int_equal(bank_count(k, "channel is empty"), 60);
    assert_int_equal(bank_count(k, "stage = won"), 213);
    assert_int_equal(bank_count(k, "stage = won and channel = organic_search"), 79);
    assert_int_equal(bank_sql_int(k, "select sum(amount) from lead l join stage s on s.id = "
                                     "l.stage_id where s.code = 'won'"),
                     157000600);
    assert_int_equal(bank_sql_int(k, "select count(*) from deal where amount = 0"), 197);
    /* history stands as in the file; the event of the import as of now; no clock, no task */
    assert_string_equal(
        bank_get(k, bank_do(k, "lead.get", "{\"code\":\"dac32acd4db4c29c230538b72f8dd87d\"}"),
                 "created_at"),
        "2018-02-01T00:00:00+08:00");
    assert_int_equal(bank_sql_int(k, "select count(*) from task"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead where left_at is not null"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from event where type = 'lead.imported'"), 1);
    const char *won = bank_do(k, "lead.timeline", "{\"lead\":\"f5fee8f7da74f4887f5bcae2bafb6dd6\"}");
    assert_non_null(strstr(won, "2018-01-17T13:51:03+08:00"));
    /* the same bytes again */
    bank_call(k, "lead.import", bank_text(k, "{\"file\":\"%s\",%s}", leads, OLIST_MAP));
    assert_string_equal(k->e.code, "import.again");
    const char *again = bank_text(k, "%s\"again\":true,%s", rejects, OLIST_MAP);
    assert_string_equal(imported(k, "lead", leads, again), "8000 0 0 8000 0");
    /* the same leads with month first and CRLF: found to be so over the whole file, and the same dates */
    const char *us = shared(k, "dirty/olist_leads_mdY_3cols.csv");
    const char *more = bank_text(k, "%s\"mode\":\"upsert\",\"map\":\"external_id=mql_id,"
                                 "created_at=first_contact_date,channel=origin\"", rejects);
    assert_string_equal(imported(k, "lead", us, more), "8000 0 8000 0 0");
    assert_int_equal(bank_count(k, "channel is empty"), 60);
}

static void uci_as_in_the_contract(void **state)
{
    struct bank *k = *state;
    const char *file = shared(k, "uci_bank/bank-additional-rows-1-30000.csv");
    const char *more = bank_text(k, ",\"rejects\":\"%s/r.csv\",\"map\":\"attr.age:number=age,attr.job=job,"
                                 "attr.contact=contact,attr.month=month,attr.poutcome=poutcome,"
                                 "attr.contacts:number=campaign,attr.y=y\",\"create_missing\":true", k->dir);
    assert_string_equal(imported(k, "lead", file, more), "30000 30000 0 0 0");
    assert_int_equal(bank_count(k, "attr.y = yes"), 1716);
    assert_int_equal(bank_count(k, "attr.y = yes and attr.contact = cellular"), 1152);
    assert_int_equal(bank_count(k, "not (attr.y = yes)"), 30000 - 1716);
    /* by plain SQL on the side table */
    assert_int_equal(
        bank_count(k, "attr.age < 30 or attr.job = \"blue-collar\""),
        bank_sql_int(k, "select count(*) from lead_x where a_age < 30 or a_job = 'blue-collar'"));
}

static void names_come_back_byte_for_byte(void **state)
{
    struct bank *k = *state;
    const char *gbk = shared(k, "names_cn/derived_customers_gbk_crlf.csv");
    const char *more = bank_text(k, ",\"rejects\":\"%s/r.csv\",\"map\":\"external_id=客户号,name=姓名,"
                                 "phone=手机号,created_at=开户日期\"", k->dir);
    assert_string_equal(imported(k, "lead", gbk, more), "5000 5000 0 0 0");
    const char *rare = shared(k, "names_cn/derived_not_in_gbk_gb18030.txt");
    more = bank_text(k, ",\"rejects\":\"%s/r2.csv\",\"no_header\":true,\"map\":\"name=1\"", k->dir);
    assert_string_equal(imported(k, "lead", rare, more), "138 138 0 0 0");
    FILE *f = fopen(shared(k, "names_cn/derived_not_in_gbk_utf8.txt"), "r");
    char line[200];
    int found = 0;
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = 0;
        found += bank_sql_int(k, bank_text(k, "select count(*) > 0 from lead where name = '%s'", line)) == 1;
    }
    fclose(f);
    assert_int_equal(found, 138);
}

static void what_is_no_table_changes_nothing(void **state)
{
    static const struct { const char *file, *code; } files[] = {
        { "dirty/html_page.csv", "import.html" }, { "dirty/lfs_pointer.csv", "import.lfs" },
        { "names_cn/Chinese_Family_Name_1k.xlsx", "import.xlsx" },
    };
    struct bank *k = *state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_null(import_file(k, "lead", shared(k, files[i].file), ",\"map\":\"name=a\""));
        assert_string_equal(k->e.code, files[i].code);
    }
    assert_int_equal(
        bank_sql_int(k, "select (select count(*) from lead) + (select count(*) from import)"), 0);
}

/* ---- by hand ------------------------------------------------------------------------------------------ */

static void rejects_say_why_and_come_back_mended(void **state)
{
    struct bank *k = *state;
    const char *file = bank_file(k, "a.csv", "name,phone,channel\n"
                                 "Ann,13800000001,web\n"
                                 "Bob,1.38E+10,web\n"
                                 "Cid,12,web\n"
                                 "Dan,13800000004,nowhere\n"
                                 ",,web\n"
                                 "\"Eve\nTwo\",13800000005,\n");
    const char *reply = import_file(k, "lead", file, "");
    assert_string_equal(import_counts(k, reply), "6 2 0 0 4");
    const char *path = bank_get(k, reply, "rejects"), *text = file_text(k, path);
    assert_string_equal(path, bank_text(k, "%s.rejects.csv", file));
    assert_non_null(strstr(text, "name,phone,channel,code,sentence\n"));
    assert_non_null(strstr(text, "Bob,1.38E+10,web,import.exponent,"));
    assert_non_null(strstr(text, "Dan,13800000004,nowhere,ref.unknown,"));
    assert_non_null(strstr(text, ",,web,lead.nameless,"));
    const char *mended =
        bank_file(k, "b.csv",
                  "name,phone,channel,code,sentence\nBob,13800000002,web,import.exponent,x\n"
                  "Cid,13800000003,web,phone.invalid,y\n");
    assert_string_equal(imported(k, "lead", mended, ""), "2 2 0 0 0");
    assert_int_equal(bank_count(k, ""), 4);
    assert_int_equal(bank_count(k, "phone = 13800000002"), 1);
}

static void duplicates_by_the_mode(void **state)
{
    struct bank *k = *state;
    const char *a = bank_file(
        k, "a.csv",
        "external_id,name,score\nx1,Ann,1\nx2,Bob,2\nx1,Ann again,3\n,No id,4\n,No id,4\n");
    assert_string_equal(imported(k, "lead", a, ""), "5 4 0 1 0");
    assert_int_equal(bank_sql_int(k, "select score from lead where external_id = 'x1'"), 1);
    const char *b = bank_file(k, "b.csv", "external_id,name,score\nx1,Anna,7\nx9,New,9\n");
    assert_string_equal(imported(k, "lead", b, ",\"mode\":\"update\""), "2 0 1 0 1");
    assert_int_equal(bank_sql_int(k, "select score from lead where name = 'Anna'"), 7);
    const char *c = bank_file(k, "c.csv", "external_id,name,score\nx1,,8\nx9,New,9\n");
    assert_string_equal(imported(k, "lead", c, ",\"mode\":\"upsert\""), "2 1 1 0 0");
    assert_string_equal(bank_sql(k, "select name || score from lead where external_id = 'x1'"), "Anna8");
    const char *d = bank_file(k, "d.csv", "external_id\nx1\nx10\n");
    assert_string_equal(imported(k, "lead", d, ",\"on_duplicate\":\"error\""), "2 1 0 0 1");
}

static void the_same_phone_is_one_lead_a_product(void **state)
{
    struct bank *k = *state;
    const char *a = bank_file(
        k, "a.csv",
        "name;phone;product\nAnn;138 0000 0001;card\nAnn;13800000001;card\nAnn;13800000001;loan\n");
    assert_string_equal(imported(k, "lead", a, ""), "3 2 0 1 0");
    assert_int_equal(bank_sql_int(k, "select count(*) from person"), 1);
    assert_string_equal(bank_sql(k, "select count(*) || ':' || max(no) from lead"), "2:2");
}

static void dates_are_never_guessed(void **state)
{
    struct bank *k = *state;
    const char *open = bank_file(k, "a.csv", "name,created_at\nA,1/2/2026\nB,3/4/2026\n");
    assert_null(import_file(k, "lead", open, ""));
    assert_string_equal(k->e.code, "import.dates_ask");
    assert_string_equal(imported(k, "lead", open, ",\"dates\":\"dmy\""), "2 2 0 0 0");
    assert_int_equal(bank_count(k, "created_at = 2026-02-01"), 1);
    const char *clash = bank_file(k, "b.csv", "name,created_at\nA,13/2/2026\nB,3/14/2026\n");
    assert_null(import_file(k, "lead", clash, ""));
    assert_string_equal(k->e.code, "import.dates_clash");
    const char *serial = bank_file(k, "c.csv", "name,created_at\nA,45000\n");
    assert_string_equal(imported(k, "lead", serial, ""), "1 0 0 0 1");
    assert_int_equal(bank_count(k, ""), 2);
}

static void types_are_of_the_whole_file(void **state)
{
    struct bank *k = *state;
    const char *a = bank_file(
        k, "a.csv", "name,age,code,when\nA,12,007,2026-01-02\nB,13.5,8,2026-01-03\nC,,9,\n");
    assert_string_equal(imported(k, "lead", a,
                                 ",\"map\":\"name=name,attr.age=age,attr.code=code,attr.when=when\","
                                 "\"create_missing\":true"), "3 3 0 0 0");
    assert_string_equal(bank_sql(k, "select group_concat(code || '=' || type, ' ') from (select * "
                                    "from custom_field order by code)"),
                        "age=number code=text when=date");
    assert_int_equal(bank_count(k, "attr.age > 12"), 1);
    assert_int_equal(bank_count(k, "attr.code = 007"), 1);
    assert_int_equal(bank_count(k, "attr.when = 2026-01-03"), 1);
    assert_int_equal(bank_count(k, "attr.age is empty"), 1);
}

static void a_dry_run_changes_nothing(void **state)
{
    struct bank *k = *state;
    const char *a = bank_file(k, "a.csv", "name,phone,x\nA,13800000001,1\nB,13800000001,2\nC,77,3\n");
    const char *more = ",\"dry_run\":true,\"create_missing\":true,\"map\":\"name=name,phone=phone,attr.x=x\"";
    assert_string_equal(imported(k, "lead", a, more), "3 1 0 1 1");
    assert_int_equal(bank_sql_int(k, "select (select count(*) from lead) + (select count(*) from "
                                     "person) + (select count(*) from import)"
                                     " + (select count(*) from custom_field)"),
                     0);
    assert_false(file_there(bank_text(k, "%s.rejects.csv", a)));
    assert_string_equal(imported(k, "lead", a,
                                 ",\"create_missing\":true,\"map\":\"name=name,phone=phone,attr.x=x\""),
                        "3 1 0 1 1");
}

static void staff_may_not_make_channels_by_a_file(void **state)
{
    struct bank *k = *state;
    const char *a = bank_file(k, "a.csv", "name,channel\nA,new one\n");
    bank_as(k, "101");
    assert_null(import_file(k, "lead", a, ",\"create_missing\":true"));
    assert_int_equal(k->e.status, ST_DENIED);
    assert_int_equal(bank_sql_int(k, "select count(*) from channel where code = 'new one'"), 0);
}

static void bad_maps_are_refused(void **state)
{
    static const struct { const char *map, *code;
    } maps[] = {
        { "name", "import.map" },
        { "nonsense=name", "import.unknown_field" },
        { "name=nonsense", "import.unknown_column" },
        { "name=name,name=phone", "import.twice" },
        { "version=name", "import.unknown_field" },
        { "attr.x=name", "import.no_custom_field" },
        { "attr.x:money=name", "import.attr" },
    };
    struct bank *k = *state;
    const char *a = bank_file(k, "a.csv", "name,phone\nA,13800000001\n");
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        assert_null(import_file(k, "lead", a, bank_text(k, ",\"map\":\"%s\"", maps[i].map)));
        assert_string_equal(k->e.code, maps[i].code);
    }
    const char *n = bank_file(k, "n.csv", "客户姓名,手机\n王芳,13800000001\n");
    assert_null(import_file(k, "lead", n, ""));
    assert_string_equal(k->e.code, "import.no_columns");
    assert_string_equal(k->e.param[1], "客户姓名, 手机");
    assert_non_null(strstr(k->e.param[2], "name"));
    assert_non_null(strstr(k->e.param[2], "phone"));
    assert_null(strstr(k->e.param[2], "version"));      /* no file fills that */
    assert_string_equal(
        imported(k, "lead", n, ",\"map\":\"客户=客户姓名,Phone=手机\",\"dry_run\":true"),
        "1 1 0 0 0");
    const char *b = bank_file(k, "b.csv", "\"a, b\",c=d\nA,13800000001\n");
    assert_string_equal(imported(k, "lead", b, ",\"map\":\"name=\\\"a, b\\\",phone=\\\"c=d\\\"\""),
                        "1 1 0 0 0");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead"), 1);
}

static void plain_nouns_come_by_file_too(void **state)
{
    struct bank *k = *state;
    const char *b = bank_file(k, "b.csv", "code,name,parent\nE,East,HQ\nE1,East 1,E\n");
    assert_string_equal(imported(k, "branch", b, ""), "2 2 0 0 0");
    assert_int_equal(bank_count(k, "branch = E1"), 0);
    const char *m = bank_file(k, "m.csv", "code,name,branch\n501,Zhou,E1\n502,Wu,nowhere\n");
    assert_string_equal(imported(k, "employee", m, ""), "2 1 0 0 1");
    const char *n = bank_file(k, "n.csv", "code,name\n501,Zhou Min\n");
    assert_string_equal(imported(k, "employee", n, ",\"mode\":\"update\""), "1 0 1 0 0");
    assert_string_equal(bank_sql(k, "select name from employee where code = '501'"), "Zhou Min");
}

/* ---- what a row may do -------------------------------------------------------------------------------- */

static void what_a_refused_row_made_is_no_other(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"name\":\"seed\"}");
    const char *file = bank_file(k, "a.csv",
                                 "external_id,channel,phone\nr1,chX,notaphone\nr2,chY,13800138001\n"
                                 "r3,chX,13800138002\nr4,chX,13800138003\n");
    assert_string_equal(imported(k, "lead", file, ",\"create_missing\":true"), "4 3 0 0 1");
    assert_int_equal(bank_count(k, "channel = chX"), 2);
    assert_int_equal(bank_count(k, "channel = chY"), 1);
    const char *deals =
        bank_file(k, "d.csv",
                  "owner,lead,won_at,amount\nE1,nosuch,2026-01-01,1\nE2,r2,2026-01-01,1\n"
                  "E1,r3,2026-01-02,2\nE1,r4,2026-01-02,2\n");
    assert_string_equal(imported(k, "deal", deals, ",\"create_missing\":true"), "4 3 0 0 1");
    assert_string_equal(bank_sql(k, "select group_concat(code || '=' || n, ' ') from (select "
                                    "e.code, count(*) n from deal d join employee e "
                                    "on e.id = d.owner_id group by e.code order by e.code)"),
                        "E1=2 E2=1");
    const char *list = bank_do(k, "lead.list",
                               "{\"columns\":\"external_id,channel\",\"where\":\"channel = chX\"}");
    assert_null(strstr(list, "chY"));
    list = bank_do(k, "lead.list", "{\"columns\":\"external_id,channel\",\"where\":\"channel = chY\"}");
    assert_null(strstr(list, "chX"));
}

/* In a first load there is no savepoint for each row, and still nothing of a refused one stays. */
static void what_a_refused_row_made_is_not_kept_in_a_big_load(void **state)
{
    struct bank *k = *state;
    const char *file =
        bank_file(k, "a.csv",
                  "external_id,channel,owner,phone\nr1,chX,e1,notaphone\nr2,chY,e2,13800138001\n"
                  "r3,chZ,e3,\n,chQ,,\nr4,chX,e3,13800138003\n");
    assert_string_equal(imported(k, "lead", file, ",\"create_missing\":true"), "5 3 0 0 2");
    assert_string_equal(
        bank_sql(k, "select group_concat(code, ' ') from (select code from channel order by code)"),
        "chX chY chZ web");
    assert_int_equal(bank_sql_int(k, "select count(*) from employee where code in ('e1', 'e2', 'e3')"), 2);
    assert_int_equal(bank_count(k, "channel = chX"), 1);
    assert_string_equal(bank_sql(k, "select c.code from lead l join channel c on c.id = l.channel_id where "
                                    "l.external_id = 'r4'"), "chX");
    assert_int_equal(
        bank_sql_int(k, "select count(*) from event where type = 'channel.created' and subject not "
                        "in (select id from channel)"),
        0);
}

static void a_file_moves_no_lead_out_of_the_branch(void **state)
{
    struct bank *k = *state;
    bank_do(k, "lead.create", "{\"external_id\":\"m1\",\"branch\":\"N1\"}");
    const char *file = bank_file(k, "a.csv", "external_id,branch\nm1,S\n");
    bank_as(k, "300");
    assert_string_equal(imported(k, "lead", file, ",\"mode\":\"update\""), "1 0 0 0 1");
    assert_string_equal(bank_sql(k, "select b.code from lead l join branch b on b.id = l.branch_id"), "N1");
}

static void choices_are_stored_as_they_are_defined(void **state)
{
    struct bank *k = *state;
    bank_do(k, "custom_field.create",
            "{\"noun\":\"lead\",\"code\":\"tier\",\"name\":\"Tier\",\"type\":\"choice\","
            "\"choices\":\"gold,silver\"}");
    const char *file = bank_file(k, "a.csv", "external_id,attr.tier\nr1,GOLD\nr2,gold\nr3,bronze\n");
    assert_string_equal(imported(k, "lead", file, ""), "3 2 0 0 1");
    assert_int_equal(bank_count(k, "attr.tier = gold"), 2);
    assert_int_equal(bank_sql_int(k, "select count(distinct a_tier) from lead_x"), 1);
}

static void names_of_any_script_make_custom_fields(void **state)
{
    struct bank *k = *state;
    const char *more = ",\"create_missing\":true";
    const char *a = bank_file(k, "a.csv", "external_id,attr.年龄,attr.性别,attr.Landing Page,"
                              "attr.verylongnameverylongnameverylongnameverylongname\n1,2,男,x,5\n");
    assert_string_equal(imported(k, "lead", a, more), "1 1 0 0 0");
    assert_string_equal(
        bank_sql(k,
                 "select group_concat(code, ' ') from (select * from custom_field order by code)"),
        "__ __2 landing_page verylongnameverylongnameverylongnamevery");
    /* the second alone is not taken for the first */
    const char *b = bank_file(k, "b.csv", "external_id,attr.性别\n2,女\n");
    assert_string_equal(imported(k, "lead", b, more), "1 1 0 0 0");
    assert_string_equal(bank_sql(k, "select group_concat(f.name || '=' || case f.code when '__' "
                                    "then x.a___ else x.a___2 end, ' ') from "
                                    "custom_field f, lead_x x, lead l where l.id = x.id and f.code "
                                    "like '\\_\\_%' escape '\\' and "
                                    "l.external_id = '2'"),
                        "性别=女");
    assert_string_equal(imported(k, "lead", bank_file(k, "c.csv", "x,y\n3,z\n"),
                                 ",\"create_missing\":true,\"map\":\"external_id=x,attr._lead=y\""),
                        "1 1 0 0 0");
}

static void a_lead_is_won_by_its_deal_only(void **state)
{
    struct bank *k = *state;
    const char *file = bank_file(
        k, "a.csv",
        "external_id,stage,created_at,last_follow_up_at,closed_at\n"
        "w1,won,2026-01-01,,\nl1,lost,2026-01-01,2026-01-05,\nl2,lost,2026-01-01,,2026-02-01\n"
        "l3,invalid,2026-01-03,,\n");
    const char *reply = import_file(k, "lead", file, "");
    assert_string_equal(import_counts(k, reply), "4 3 0 0 1");
    assert_string_equal(bank_get(k, reply, "first_code"), "import.won");
    assert_string_equal(bank_get(k, bank_do(k, "lead.get", "{\"code\":\"l1\"}"), "closed_at"),
                        "2026-01-05T00:00:00+08:00");
    assert_string_equal(bank_get(k, bank_do(k, "lead.get", "{\"code\":\"l2\"}"), "closed_at"),
                        "2026-02-01T00:00:00+08:00");
    assert_string_equal(bank_get(k, bank_do(k, "lead.get", "{\"code\":\"l3\"}"), "closed_at"),
                        "2026-01-03T00:00:00+08:00");
}

static void options_of_the_import_are_no_fields_of_its_rows(void **state)
{
    struct bank *k = *state;
    const char *file = bank_file(k, "b.csv", "code,name,parent\nBR1,x,N\n");
    assert_string_equal(imported(k, "branch", file, ",\"again\":true"), "1 1 0 0 0");
}

static void who_may_not_change_a_lead_may_not_by_a_file(void **state)
{
    static const char *const more[] = { ",\"mode\":\"update\"", ",\"mode\":\"upsert\"",
                                        ",\"on_duplicate\":\"update\"" };
    struct bank *k = *state;
    bank_do(k, "employee.create", "{\"code\":\"800\",\"name\":\"He\",\"branch\":\"HQ\"}");
    bank_do(k, "account.create",
            "{\"code\":\"800\",\"employee\":\"800\",\"roles\":\"head_office\",\"active\":true}");
    const char *file = bank_file(k, "a.csv", "external_id,name\nx1,Ann\n");
    const char *deal = bank_file(k, "d.csv", "lead,won_at\nx1,2026-01-01\n");
    bank_as(k, "800");
    assert_string_equal(imported(k, "lead", file, ""), "1 1 0 0 0");
    const char *other = bank_file(k, "b.csv", "external_id,name\nx1,Bob\n");
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        assert_null(import_file(k, "lead", other, more[i]));
        assert_int_equal(k->e.status, ST_DENIED);
    }
    assert_null(import_file(k, "deal", deal, ""));
    assert_int_equal(k->e.status, ST_DENIED);
    assert_int_equal(
        bank_sql_int(
            k, "select count(*) from audit where result = 'denied' and operation like '%.import'"),
        4);
}
/* What is there stays as it is, so nothing is asked of the rest of its row, and nothing is made for it. */
static void a_row_that_is_there_is_not_looked_at_further(void **state)
{
    struct bank *k = *state;
    const char *first = bank_file(k, "a.csv", "phone,name,score\n13900000001,王一,10\n"),
               *again = bank_file(k, "b.csv", "channel,score,phone,name\nnowhere,many,13900000001,王一\n");
    assert_string_equal(imported(k, "lead", first, ""), "1 1 0 0 0");
    assert_string_equal(imported(k, "lead", again, ",\"create_missing\":true"), "1 0 0 1 0");
    assert_int_equal(bank_sql_int(k, "select count(*) from channel where code = 'nowhere'"), 0);
    assert_string_equal(imported(k, "lead", again, ",\"again\":true,\"on_duplicate\":\"update\""),
                        "1 0 0 0 1");
    assert_int_equal(bank_sql_int(k, "select score from lead where name = '王一'"), 10);
}

#define with_bank(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bank(olist_as_in_the_contract),
        with_bank(uci_as_in_the_contract),
        with_bank(names_come_back_byte_for_byte),
        with_bank(what_is_no_table_changes_nothing),
        with_bank(rejects_say_why_and_come_back_mended),
        with_bank(duplicates_by_the_mode),
        with_bank(a_row_that_is_there_is_not_looked_at_further),
        with_bank(the_same_phone_is_one_lead_a_product),
        with_bank(dates_are_never_guessed),
        with_bank(types_are_of_the_whole_file),
        with_bank(a_dry_run_changes_nothing),
        with_bank(staff_may_not_make_channels_by_a_file),
        with_bank(bad_maps_are_refused),
        with_bank(plain_nouns_come_by_file_too),
        with_bank(what_a_refused_row_made_is_no_other),
        with_bank(what_a_refused_row_made_is_not_kept_in_a_big_load),
        with_bank(a_file_moves_no_lead_out_of_the_branch),
        with_bank(choices_are_stored_as_they_are_defined),
        with_bank(names_of_any_script_make_custom_fields),
        with_bank(a_lead_is_won_by_its_deal_only),
        with_bank(options_of_the_import_are_no_fields_of_its_rows),
        with_bank(who_may_not_change_a_lead_may_not_by_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
