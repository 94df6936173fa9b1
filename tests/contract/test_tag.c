/* Tags: the words that people put on leads, by hand and by files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "tests/contract/bank.h"

static void make_tag(struct bank *k, const char *code, const char *name)
{
    bank_do(k, "tag.create", bank_text(k, "{\"code\":\"%s\",\"name\":\"%s\"}", code, name));
}

/* A lead of that name in the default pool, at outlet N1; its id. */
static const char *lead(struct bank *k, const char *name, const char *more)
{
    return bank_get(k, bank_do(k, "lead.create", bank_text(k, "{\"name\":\"%s\",\"external_id\":\"%s\","
                                                              "\"branch\":\"N1\"%s}", name, name, more)),
                    "id");
}

static const char *tag(struct bank *k, const char *id, const char *more)
{
    return bank_call(k, "lead.tag", bank_text(k, "{\"id\":\"%s\"%s}", id, more));
}

/* The codes on a lead by plain SQL, "cold,vip". */
static const char *tags_of(struct bank *k, const char *name)
{
    return bank_sql(k, bank_text(k,
                                 "select coalesce(group_concat(code), '') from (select t.code from lead l, "
                                 "lead_tag x, tag t where l.external_id = '%s' and x.lead_id = l.id and "
                                 "t.id = x.tag_id order by t.code)",
                                 name));
}

static int64_t events(struct bank *k)
{
    return bank_sql_int(k, "select count(*) from event where type = 'lead.tagged'");
}

/* ---- the noun ----------------------------------------------------------------------------------------- */

static void a_tag_is_made_read_and_changed(void **state)
{
    struct bank *k = *state;
    make_tag(k, "VIP", "贵宾");
    assert_string_equal(bank_get(k, bank_do(k, "tag.get", "{\"code\":\"vip\"}"), "name"), "贵宾");
    assert_string_equal(bank_get(k, bank_do(k, "tag.get", "{\"code\":\"贵宾\"}"), "code"), "VIP");
    bank_refused(k, bank_call(k, "tag.create", "{\"code\":\"vip\",\"name\":\"x\"}"), ST_CONFLICT,
                 "noun.duplicate");
    bank_refused(k, bank_call(k, "tag.change", "{\"id\":\"1\",\"name\":\"x\"}"), ST_NOT_FOUND,
                 "noun.not_found");
    const char *id = bank_sql(k, "select id from tag");
    bank_do(k, "tag.change", bank_text(k, "{\"id\":\"%s\",\"name\":\"大客户\",\"active\":false}", id));
    assert_string_equal(bank_sql(k, "select name || active from tag"), "大客户0");
    assert_string_equal(bank_get(k, bank_do(k, "tag.count", "{\"where\":\"active = no\"}"), "count"), "1");
    assert_int_equal(bank_sql_int(k, "select count(*) from event where noun = 'tag' and "
                                     "type in ('tag.created', 'tag.changed')"), 2);
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'tag.create' and "
                                     "result = 'ok'"), 1);
}

/* A code with a separator inside could not be told from two. */
static void codes_are_one_word(void **state)
{
    static const char *const bad[] = { "a,b", "a;b", "a|b", "a、b", "a，b", "a；b", " a", "a " };
    struct bank *k = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        bank_refused(k, bank_call(k, "tag.create", bank_text(k, "{\"code\":\"%s\",\"name\":\"x\"}", bad[i])),
                     ST_INVALID, "tag.separator");
    make_tag(k, "二次 触达", "二次 触达");
}

/* ---- on a lead ---------------------------------------------------------------------------------------- */

static void tags_go_on_and_off_and_twice_is_once(void **state)
{
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    make_tag(k, "cold", "陌拜");
    const char *id = lead(k, "A", "");
    const char *reply = tag(k, id, ",\"add\":[\"VIP\",\"陌拜\",\"vip\"],\"version\":1");
    assert_non_null(strstr(reply, "\"version\":2"));
    assert_string_equal(tags_of(k, "A"), "cold,vip");
    const char *got = bank_do(k, "lead.get", bank_text(k, "{\"id\":\"%s\"}", id));
    assert_non_null(strstr(got, "\"tags\":[\"cold\",\"vip\"],\"tags_name\":[\"陌拜\",\"贵宾\"]"));
    assert_int_equal(events(k), 1);

    /* what is there already changes nothing, nor what is not there */
    assert_non_null(strstr(tag(k, id, ",\"add\":[\"cold\"]"), "\"version\":2"));
    assert_int_equal(events(k), 1);
    assert_non_null(strstr(tag(k, id, ",\"add\":[\"cold\"],\"remove\":[\"vip\"]"), "\"version\":3"));
    assert_non_null(strstr(tag(k, id, ",\"remove\":[\"vip\"]"), "\"version\":3"));
    assert_string_equal(tags_of(k, "A"), "cold");
    assert_string_equal(bank_sql(k, "select json_extract(data, '$.add') || json_extract(data, '$.remove') "
                                    "from event where type = 'lead.tagged' order by id desc limit 1"),
                        "[][\"vip\"]");
    assert_int_equal(bank_sql_int(k, "select count(*) from audit where operation = 'lead.tag' and "
                                     "result = 'ok'"), 4);

    bank_refused(k, tag(k, id, ",\"add\":[\"vip\"],\"version\":2"), ST_CONFLICT, "noun.stale");
    bank_refused(k, tag(k, id, ",\"add\":[\"nix\"]"), ST_INVALID, "ref.unknown");
    bank_refused(k, tag(k, id, ",\"add\":\"vip\""), ST_INVALID, "json.type");
    bank_refused(k, tag(k, id, ",\"add\":[1]"), ST_INVALID, "json.type");
    bank_refused(k, tag(k, id, ""), ST_INVALID, "field.required");
    bank_refused(k, tag(k, id, ",\"add\":[\"vip\"],\"remove\":[\"贵宾\"]"), ST_INVALID, "tag.both");
    assert_string_equal(tags_of(k, "A"), "cold");
}

static void several_leads_at_once(void **state)
{
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    const char *a = lead(k, "A", ""), *b = lead(k, "B", "");
    const char *reply = bank_do(k, "lead.tag", bank_text(k, "{\"leads\":[{\"id\":\"%s\"},{\"id\":\"%s\","
                                                            "\"version\":7}],\"add\":[\"vip\"]}", a, b));
    assert_string_equal(bank_get(k, reply, "ok"), "1");
    assert_string_equal(bank_get(k, reply, "refused"), "1");
    assert_non_null(strstr(reply, "noun.stale"));
    assert_string_equal(tags_of(k, "A"), "vip");
    assert_string_equal(tags_of(k, "B"), "");
}

static void create_and_change_take_the_whole_list(void **state)
{
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    make_tag(k, "cold", "陌拜");
    const char *id = lead(k, "A", ",\"tags\":[\"vip\",\"cold\"]");
    assert_string_equal(tags_of(k, "A"), "cold,vip");
    bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"tags\":[\"vip\"],\"score\":5}", id));
    assert_string_equal(tags_of(k, "A"), "vip");
    assert_string_equal(bank_sql(k, "select data from event where type = 'lead.changed'"),
                        "{\"changed\":\"score,tags\"}");
    bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"score\":6}", id));     /* not given: they stay */
    assert_string_equal(tags_of(k, "A"), "vip");
    bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"tags\":[]}", id));
    assert_string_equal(tags_of(k, "A"), "");
    assert_int_equal(bank_sql_int(k, "select version from lead where external_id = 'A'"), 4);
}

/* Other work on a lead leaves its tags alone. */
static void tags_stay_through_a_lead_s_life(void **state)
{
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    const char *id = lead(k, "A", ",\"tags\":[\"vip\"]");
    bank_as(k, "101");
    bank_do(k, "lead.claim", bank_text(k, "{\"id\":\"%s\"}", id));
    bank_do(k, "lead.follow_up", bank_text(k, "{\"id\":\"%s\",\"result\":\"reached\"}", id));
    bank_do(k, "lead.win", bank_text(k, "{\"id\":\"%s\",\"amount\":100}", id));
    assert_string_equal(tags_of(k, "A"), "vip");
    assert_non_null(tag(k, id, ",\"remove\":[\"vip\"]"));       /* of one that is closed, too */
    assert_string_equal(tags_of(k, "A"), "");
}

static void who_may_tag(void **state)
{
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    const char *id = lead(k, "A", "");
    bank_as(k, "101");
    bank_refused(k, tag(k, id, ",\"add\":[\"vip\"]"), ST_DENIED, "lead.in_pool");
    bank_as(k, "300");
    assert_non_null(tag(k, id, ",\"add\":[\"vip\"]"));          /* those who assign */
    bank_as(k, "101");
    bank_do(k, "lead.claim", bank_text(k, "{\"id\":\"%s\"}", id));
    assert_non_null(tag(k, id, ",\"remove\":[\"vip\"]"));
    assert_non_null(tag(k, id, ",\"add\":[\"vip\"]"));
    bank_as(k, "102");
    bank_refused(k, tag(k, id, ",\"remove\":[\"vip\"]"), ST_DENIED, "lead.not_yours");
    bank_refused(k, bank_call(k, "tag.create", "{\"code\":\"x\",\"name\":\"x\"}"), ST_DENIED,
                 "right.missing");
    bank_as(k, "201");
    bank_refused(k, tag(k, id, ",\"remove\":[\"vip\"]"), ST_NOT_FOUND, "noun.not_found");
    bank_as(k, "300");
    assert_non_null(tag(k, id, ",\"remove\":[\"vip\"]"));
    bank_as(k, "audit");
    bank_refused(k, tag(k, id, ",\"add\":[\"vip\"]"), ST_DENIED, "right.missing");
}

static void what_is_switched_off_is_put_on_no_more(void **state)
{
    struct bank *k = *state;
    make_tag(k, "old", "旧");
    const char *a = lead(k, "A", ",\"tags\":[\"old\"]"), *b = lead(k, "B", "");
    bank_do(k, "tag.change",
            bank_text(k, "{\"id\":\"%s\",\"active\":false}", bank_sql(k, "select id from tag")));
    bank_refused(k, tag(k, b, ",\"add\":[\"old\"]"), ST_CONFLICT, "tag.inactive");
    bank_refused(k, bank_call(k, "lead.create", "{\"name\":\"C\",\"tags\":[\"old\"]}"), ST_CONFLICT,
                 "tag.inactive");
    bank_do(k, "lead.change", bank_text(k, "{\"id\":\"%s\",\"score\":1}", a));      /* who has it keeps it */
    assert_string_equal(tags_of(k, "A"), "old");
    assert_non_null(tag(k, a, ",\"remove\":[\"old\"]"));
}

static void there_is_an_end_to_them(void **state)
{
    struct bank *k = *state;
    struct buf many = BUF_INIT;
    for (int i = 0; i < 51; i++) {
        make_tag(k, bank_text(k, "t%d", i), bank_text(k, "t%d", i));
        buf_addf(&many, "%s\"t%d\"", i ? "," : "", i);
    }
    const char *id = lead(k, "A", "");
    bank_refused(k, tag(k, id, bank_text(k, ",\"add\":[%s]", many.s)), ST_INVALID, "field.many");
    buf_cut(&many, (size_t)(strrchr(many.s, ',') - many.s));
    assert_non_null(tag(k, id, bank_text(k, ",\"add\":[%s]", many.s)));
    bank_refused(k, tag(k, id, ",\"add\":[\"t50\"]"), ST_INVALID, "field.many");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_tag"), 50);
    buf_release(&many);
}

/* ---- lists, conditions -------------------------------------------------------------------------------- */

static void lists_show_them_and_tell_who_has_some(void **state)
{
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    make_tag(k, "cold", "陌拜");
    lead(k, "A", ",\"tags\":[\"vip\",\"cold\"]");
    lead(k, "B", "");
    lead(k, "C", ",\"tags\":[\"cold\"]");
    const char *list = bank_do(k, "lead.list", "{\"columns\":\"no,tags\",\"sort\":\"no\"}");
    const char *first = strstr(list, "\"tags\":[\"cold\",\"vip\"]");
    assert_non_null(first);
    const char *second = strstr(first, "\"tags\":[],");
    assert_non_null(second);
    assert_non_null(strstr(second, "\"tags\":[\"cold\"],"));
    assert_int_equal(bank_count(k, "tags is empty"), 1);
    assert_int_equal(bank_count(k, "tags is not empty"), 2);
    assert_int_equal(bank_count(k, "not (tags is empty)"), 2);
    assert_int_equal(bank_count(k, "not (tags is empty) and not (external_id = A)"), 1);
    bank_as(k, "101");
    bank_do(k, "lead.claim", "{\"lead\":\"A\"}");
    bank_as(k, "201");                  /* of another outlet, where leads in the pool are seen from, too */
    assert_int_equal(bank_count(k, "not (tags is empty)"), 1);
    assert_int_equal(bank_count(k, "tags is empty"), 1);
}

/* Which tag is a question for `has`, that comes with the language: until then it is refused, not guessed. */
static void what_conditions_can_t_ask_is_refused(void **state)
{
    static const char *const asked[] = { "tags = vip", "tags != vip", "tags contains vip", "tags > vip" };
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        bank_refused(k, bank_call(k, "lead.count", bank_text(k, "{\"where\":\"%s\"}", asked[i])), ST_INVALID,
                     "cond.operator");
    bank_refused(k, bank_call(k, "lead.list", "{\"sort\":\"tags\"}"), ST_INVALID, "cond.no_order");
}

/* ---- files -------------------------------------------------------------------------------------------- */

static const char *import(struct bank *k, const char *name, const char *text, const char *more)
{
    const char *file = bank_file(k, name, text);
    const char *reply = bank_call(k, "lead.import",
                                  bank_text(k, "{\"file\":\"%s\",\"rejects\":\"%s.rejects.csv\"%s}", file,
                                            file, more));
    if (!reply)
        return bank_text(k, "%s %s", k->e.code, k->e.param[0]);
    return bank_text(k, "%s %s %s", bank_get(k, reply, "created"), bank_get(k, reply, "updated"),
                     bank_get(k, reply, "rejected"));
}

#define FILE_OF_TAGS \
    "external_id,name,tags\n" \
    "A,甲,\"vip, cold\"\n" \
    "B,乙,vip;cold|新客、cold\n" \
    "C,丙,\n" \
    "D,丁,VIP\n"
#define CREATE ",\"create_missing\":true"

static void check_file(struct bank *k)
{
    assert_string_equal(tags_of(k, "A"), "cold,vip");
    assert_string_equal(tags_of(k, "B"), "cold,vip,新客");
    assert_string_equal(tags_of(k, "C"), "");
    assert_string_equal(tags_of(k, "D"), "vip");
    assert_string_equal(bank_sql(k, "select group_concat(code || name || active) from (select * from tag "
                                    "order by id)"), "vipvip1,coldcold1,新客新客1");
    assert_int_equal(bank_count(k, "tags is empty and external_id = C"), 1);
    assert_string_equal(bank_sql(k, "select group_concat(name) from (select name from sqlite_master where "
                                    "tbl_name = 'lead_tag' and type = 'index' order by name)"),
                        "lead_tag_tag");
    assert_string_equal(bank_sql(k, "pragma foreign_key_check"), "");
    assert_string_equal(bank_sql(k, "pragma integrity_check"), "ok");
}

static void a_file_brings_tags_into_an_empty_table(void **state)
{
    struct bank *k = *state;
    assert_string_equal(import(k, "t.csv", FILE_OF_TAGS, CREATE), "4 0 0");
    check_file(k);
}

static void a_file_brings_tags_into_a_table_in_use(void **state)
{
    struct bank *k = *state;
    lead(k, "Z", "");
    assert_string_equal(import(k, "t.csv", FILE_OF_TAGS, CREATE), "4 0 0");
    assert_int_equal(bank_count(k, "tags is empty and external_id = Z"), 1);
    check_file(k);
}

static void unknown_tags_are_refused_unless_made(void **state)
{
    struct bank *k = *state;
    make_tag(k, "vip", "贵宾");
    assert_string_equal(import(k, "t.csv", "external_id,tags\nA,vip\nB,vip;nix\nC,贵宾\n", ""), "2 0 1");
    assert_string_equal(tags_of(k, "A"), "vip");
    assert_string_equal(tags_of(k, "C"), "vip");
    assert_int_equal(bank_sql_int(k, "select count(*) from lead where external_id = 'B'"), 0);
    assert_int_equal(bank_sql_int(k, "select count(*) from tag"), 1);
    assert_int_equal(bank_sql_int(k, "select count(*) from lead_tag"), 2);
    /* who may not make them has his rows refused */
    bank_as(k, "300");
    assert_string_equal(import(k, "u.csv", "external_id,tags\nD,neu\n", CREATE), "0 0 1");
    assert_int_equal(bank_sql_int(k, "select count(*) from tag"), 1);
}

/* As with every field: a cell that is filled replaces, an empty one leaves what stands. */
static void an_update_replaces_where_the_cell_is_filled(void **state)
{
    struct bank *k = *state;
    import(k, "t.csv", FILE_OF_TAGS, CREATE);
    assert_string_equal(import(k, "u.csv", "external_id,tags\nA,新客\nB,\nD,\"cold,vip\"\n",
                               ",\"mode\":\"update\""), "0 3 0");
    assert_string_equal(tags_of(k, "A"), "新客");
    assert_string_equal(tags_of(k, "B"), "cold,vip,新客");
    assert_string_equal(tags_of(k, "D"), "cold,vip");
}

/* What it says is what comes. */
static void a_dry_run_counts_the_same_and_changes_nothing(void **state)
{
    struct bank *k = *state;
    import(k, "t.csv", FILE_OF_TAGS, CREATE);
    assert_string_equal(import(k, "u.csv", "external_id,tags\nA,新客\nB,nix\nE,vip\n",
                               ",\"mode\":\"upsert\",\"dry_run\":true"), "1 1 1");
    assert_string_equal(import(k, "v.csv", "external_id,tags\nA,新客\nB,nix\nE,vip\n",
                               CREATE ",\"mode\":\"upsert\",\"dry_run\":true"), "1 2 0");
    check_file(k);
    assert_string_equal(import(k, "v.csv", "external_id,tags\nA,新客\nB,nix\nE,vip\n",
                               CREATE ",\"mode\":\"upsert\""), "1 2 0");
    assert_string_equal(tags_of(k, "B"), "nix");
}

/* The second row of a load into an empty table that is the first one again. */
static void a_load_updates_what_it_has_just_loaded(void **state)
{
    struct bank *k = *state;
    assert_string_equal(import(k, "t.csv", "external_id,tags\nA,vip\nA,\"cold,vip\"\n",
                               CREATE ",\"mode\":\"upsert\""), "1 1 0");
    assert_string_equal(tags_of(k, "A"), "cold,vip");
}

static void what_is_exported_comes_back(void **state)
{
    struct bank *k = *state;
    import(k, "t.csv", FILE_OF_TAGS, CREATE);
    const char *path = bank_text(k, "%s/out.csv", k->dir);
    bank_do(k, "lead.export", bank_text(k, "{\"file\":\"%s\",\"columns\":\"external_id,tags\"}", path));
    bank_sql(k, "delete from lead_tag");
    const char *reply = bank_call(k, "lead.import",
                                  bank_text(k, "{\"file\":\"%s\",\"mode\":\"update\"}", path));
    assert_string_equal(bank_get(k, reply, "updated"), "4");
    check_file(k);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bank_setup, bank_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_tag_is_made_read_and_changed),
        T(codes_are_one_word),
        T(tags_go_on_and_off_and_twice_is_once),
        T(several_leads_at_once),
        T(create_and_change_take_the_whole_list),
        T(tags_stay_through_a_lead_s_life),
        T(who_may_tag),
        T(what_is_switched_off_is_put_on_no_more),
        T(there_is_an_end_to_them),
        T(lists_show_them_and_tell_who_has_some),
        T(what_conditions_can_t_ask_is_refused),
        T(a_file_brings_tags_into_an_empty_table),
        T(a_file_brings_tags_into_a_table_in_use),
        T(unknown_tags_are_refused_unless_made),
        T(an_update_replaces_where_the_cell_is_filled),
        T(a_dry_run_counts_the_same_and_changes_nothing),
        T(a_load_updates_what_it_has_just_loaded),
        T(what_is_exported_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
