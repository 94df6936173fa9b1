/* test_record_json.c - records to JSON and back: every noun, every member; and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/nouns.h"
#include "core/model/record_json.h"
#include "tests/unit/record_fill.h"

struct world { struct arena a; struct err e; struct buf out; bool *given; };

static int setup(void **state)
{
    struct world *w = xcalloc(1, sizeof *w);
    w->out = (struct buf)BUF_INIT;
    *state = w;
    return clock_zone("Asia/Shanghai") ? 0 : -1;
}

static int teardown(void **state)
{
    struct world *w = *state;
    arena_free(&w->a);
    buf_release(&w->out);
    free(w);
    return 0;
}

static const char *write(struct world *w, const struct record *r, const void *rec)
{
    struct jw jw;
    buf_clear(&w->out);
    jw_init(&jw, &w->out);
    record_to_json(&jw, r, rec);
    return w->out.s;
}

static enum status read(struct world *w, const char *text, const struct record *r, void *rec)
{
    struct json *j;
    assert_int_equal(json_parse(text, strlen(text), &j, &w->e), ST_OK);
    enum status st = record_from_json(j, r, fill_defs, FILL_DEFS, &w->a, rec, &w->given, &w->e);
    json_free(j);
    return st;
}

static void every_noun_comes_back_equal(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; nouns[i]; i++)
        for (int64_t seed = 0; seed < 3; seed++) {
            const struct record *r = nouns[i]->rec;
            void *rec = arena_alloc(&w->a, r->size), *back = arena_alloc(&w->a, r->size);
            fill_record(r, seed, &w->a, rec);
            if (read(w, write(w, r, rec), r, back))
                fail_msg("%s: %s %s in %s", r->name, w->e.code, w->e.param[0], w->out.s);
            const char *differs = fill_differs(r, rec, back, false);
            if (differs)
                fail_msg("%s.%s differs: %s", r->name, differs, w->out.s);
            for (size_t k = 0; k < r->nfields; k++)
                assert_true(w->given[k]);
        }
}

static void an_empty_record_is_null_or_no_rows_and_comes_back_empty(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; nouns[i]; i++) {
        const struct record *r = nouns[i]->rec;
        void *rec = record_new(r, &w->a), *back = arena_alloc(&w->a, r->size);
        const char *text = write(w, r, rec);
        for (const char *p = strchr(text, ':'); p; p = strchr(p + 1, ':'))
            if (strncmp(p + 1, "[]", 2) != 0)
                assert_memory_equal(p + 1, "null", 4);
        assert_int_equal(read(w, text, r, back), ST_OK);
        assert_null(fill_differs(r, rec, back, false));
    }
}

static void values_are_written_as_the_contract_says(void **state)
{
    struct world *w = *state;
    struct lead l;
    record_empty(&lead_record, &l);
    l.head.id = INT64_C(1882541067150032942);
    l.amount = 30000000;
    l.open = 1;
    l.frozen = 0;
    l.closed_at = INT64_C(1795307403000);
    l.owner = (struct ref){ 7, "E7", "王芳" };
    struct attr age = { .def = &fill_defs[1], .i = NONE, .d = 0.1 };
    l.attr = (struct attrs){ &age, 1 };
    struct ref tags[] = { { 8, "vip", "贵宾" }, { 9, "x", NULL } };
    l.tags = (struct refs){ tags, 2 };
    const char *text = write(w, &lead_record, &l);
    assert_non_null(strstr(text, "\"id\":\"1882541067150032942\""));
    assert_non_null(strstr(text, "\"amount\":30000000"));
    assert_non_null(strstr(text, "\"open\":true"));
    assert_non_null(strstr(text, "\"frozen\":false"));
    assert_non_null(strstr(text, "\"closed_at\":\"2026-11-22T08:30:03+08:00\""));
    assert_non_null(strstr(text, "\"owner\":\"E7\",\"owner_name\":\"王芳\",\"owner_id\":\"7\""));
    assert_non_null(strstr(text, "\"attr.age\":0.1"));
    assert_non_null(strstr(text, "\"tags\":[\"vip\",\"x\"],\"tags_name\":[\"贵宾\",null],"
                                 "\"tags_id\":[\"8\",\"9\"]"));
    assert_non_null(strstr(text, "\"name\":null"));
}

static void some_members_only(void **state)
{
    struct world *w = *state;
    struct product p = { .head = { .id = 5, .version = 1 }, .code = "A", .name = "b", .active = 1 };
    bool want[16] = { false };
    for (size_t i = 0; i < product_record.nfields; i++)
        want[i] = strcmp(product_record.fields[i].name, "code") == 0;
    struct jw jw;
    jw_init(&jw, &w->out);
    record_to_json_some(&jw, &product_record, &p, want);
    assert_string_equal(w->out.s, "{\"code\":\"A\"}");
}

/* Records of one page, whose custom fields are not the same ones. */
static void several_by_one_plan_are_as_each_alone(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; nouns[i]; i++) {
        const struct record *r = nouns[i]->rec;
        struct json_plan *plan = json_plan(&w->a, r, NULL);
        for (int64_t seed = 0; seed < 8; seed++) {
            void *rec = arena_alloc(&w->a, r->size);
            struct buf out = BUF_INIT;
            struct jw jw;
            fill_record(r, seed, &w->a, rec);
            for (size_t k = 0; k < r->nfields; k++)
                if (r->fields[k].type == F_ATTRS) {
                    struct attrs *attrs = field_attrs(&r->fields[k], rec);
                    attrs->items += seed % 3;
                    attrs->n -= (size_t)(seed % 3 + (seed > 4));
                }
            jw_init(&jw, &out);
            record_to_json_by(&jw, plan, rec);
            assert_string_equal(out.s, write(w, r, rec));
            buf_release(&out);
        }
    }
}

static void only_what_came_is_given(void **state)
{
    struct world *w = *state;
    struct lead l;
    assert_int_equal(
        read(w, "{\"name\":\"王芳\",\"phone\":null,\"owner_id\":\"77\",\"attr.job\":\"x\"}",
             &lead_record, &l),
        ST_OK);
    static const char *const came[] = { "name", "phone", "owner", "attr" };
    size_t n = 0;
    for (size_t i = 0; i < lead_record.nfields; i++)
        n += w->given[i];
    assert_int_equal(n, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(w->given[record_field(&lead_record, came[i]) - lead_record.fields]);
    assert_string_equal(l.name, "王芳");
    assert_null(l.phone);
    assert_int_equal(l.owner.id, 77);
    assert_int_equal(l.attr.n, 1);
    assert_string_equal(l.attr.items[0].s, "x");
}

/* By codes, by ids, or by both as we write them; names alone say nothing. */
static void several_references_come_by_codes_or_ids(void **state)
{
    struct world *w = *state;
    struct lead l;
    size_t tags = (size_t)(record_field(&lead_record, "tags") - lead_record.fields);
    assert_int_equal(read(w, "{\"tags\":[\"vip\",\"x\"]}", &lead_record, &l), ST_OK);
    assert_true(w->given[tags]);
    assert_int_equal(l.tags.n, 2);
    assert_string_equal(l.tags.items[1].code, "x");
    assert_int_equal(read(w, "{\"tags_id\":[\"8\"],\"tags\":[\"vip\"]}", &lead_record, &l), ST_OK);
    assert_int_equal(l.tags.n, 1);
    assert_int_equal(l.tags.items[0].id, 8);
    assert_string_equal(l.tags.items[0].code, "vip");
    assert_int_equal(read(w, "{\"tags\":[]}", &lead_record, &l), ST_OK);
    assert_true(w->given[tags]);
    assert_int_equal(l.tags.n, 0);
    assert_int_equal(read(w, "{\"tags_name\":[\"贵宾\"]}", &lead_record, &l), ST_OK);
    assert_false(w->given[tags]);
}

static void custom_fields_may_come_in_one_object(void **state)
{
    struct world *w = *state;
    struct lead l;
    assert_int_equal(read(w, "{\"attr\":{\"age\":41,\"vip\":true,\"level\":\"Gold\"}}",
                          &lead_record, &l),
                     ST_OK);
    assert_int_equal(l.attr.n, 3);
    assert_true(l.attr.items[0].d == 41);
    assert_int_equal(l.attr.items[1].i, 1);
    assert_string_equal(l.attr.items[2].s, "gold");
}

static void empty_text_is_no_text(void **state)
{
    struct world *w = *state;
    struct lead l;
    assert_int_equal(read(w, "{\"name\":\"\"}", &lead_record, &l), ST_OK);
    assert_null(l.name);
}

static void choices_are_taken_by_label_and_kept_by_code(void **state)
{
    struct world *w = *state;
    struct lead l;
    assert_int_equal(read(w, "{\"intent\":\"HIGH\"}", &lead_record, &l), ST_OK);
    assert_string_equal(l.intent, "high");
}

static const struct { const char *text, *code, *field; } refused[] = {
    { "{\"nme\":1}", "json.unknown", "nme" },
    { "{\"attr.nope\":1}", "json.unknown", "attr.nope" },
    { "{\"tags\":\"vip\"}", "json.type", "tags" },
    { "{\"tags\":[\"\"]}", "json.type", "tags" },
    { "{\"tags\":[\"vip\"],\"tags_id\":[]}", "json.type", "tags_id" },
    { "{\"tags_id\":[8]}", "json.type", "tags_id" },
    { "{\"attr\":{\"nope\":1}}", "json.unknown", "attr.nope" },
    { "{\"attr\":[]}", "json.type", "attr" },
    { "{\"attr.age\":\"41\"}", "json.type", "attr.age" },
    { "{\"attr.level\":\"bronze\"}", "field.choice", "attr.level" },
    { "{\"name\":5}", "json.type", "name" },
    { "{\"name\":[\"a\"]}", "json.type", "name" },
    { "{\"id\":5}", "json.type", "id" },
    { "{\"id\":\"5x\"}", "json.type", "id" },
    { "{\"id\":\"\"}", "json.type", "id" },
    { "{\"id\":\"-5\"}", "json.type", "id" },
    { "{\"id\":\"99999999999999999999\"}", "json.type", "id" },
    { "{\"score\":1.5}", "json.type", "score" },
    { "{\"score\":\"1\"}", "json.type", "score" },
    { "{\"score\":101}", "field.range", "score" },
    { "{\"amount\":9007199254740993000}", "json.type", "amount" },
    { "{\"open\":1}", "json.type", "open" },
    { "{\"birthday\":\"soon\"}", "json.type", "birthday" },
    { "{\"birthday\":19900101}", "json.type", "birthday" },
    { "{\"owner\":7}", "json.type", "owner" },
    { "{\"owner_id\":7}", "json.type", "owner_id" },
    { "{\"owner_name\":7}", "json.type", "owner_name" },
    { "{\"intent\":\"huge\"}", "field.choice", "intent" },
    { "[]", "json.object", "" },
    { "\"x\"", "json.object", "" },
    { "null", "json.object", "" },
};

static void what_is_wrong_is_refused_with_its_name(void **state)
{
    struct world *w = *state;
    struct lead l;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        err_clear(&w->e);
        if (read(w, refused[i].text, &lead_record, &l) != ST_INVALID)
            fail_msg("taken: %s", refused[i].text);
        if (strcmp(w->e.code, refused[i].code) != 0 || strcmp(w->e.field, refused[i].field) != 0)
            fail_msg("%s: %s of \"%s\"", refused[i].text, w->e.code, w->e.field);
    }
}

/* ---- lists ----------------------------------------------------------------------------------- */

struct item { int64_t id; const char *note; };
struct basket { struct list items; double share; };
static const struct field item_fields[] = {
    FIELD_ID(struct item, id, "id", .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct item, note, "note", .max = 5),
};
static const struct record item_record = RECORD(struct item, "item", item_fields);
static const struct field basket_fields[] = {
    FIELD_LIST(struct basket, items, &item_record, "items"),
    FIELD_NUMBER(struct basket, share, "share"),
};
static const struct record basket_record = RECORD(struct basket, "basket", basket_fields);

static void lists_and_shares_come_back(void **state)
{
    struct world *w = *state;
    struct item items[] = { { 7, "a" }, { 8, NULL } };
    struct basket b = { { items, 2 }, 1.0 / 3 }, back;
    assert_string_equal(write(w, &basket_record, &b),
                        "{\"items\":[{\"id\":\"7\",\"note\":\"a\"},{\"id\":\"8\",\"note\":null}],"
                        "\"share\":0.3333333333333333}");
    assert_int_equal(read(w, w->out.s, &basket_record, &back), ST_OK);
    assert_true(back.share == 1.0 / 3);
    assert_int_equal(back.items.n, 2);
    const struct item *got = back.items.items;
    assert_int_equal(got[0].id, 7);
    assert_string_equal(got[0].note, "a");
    assert_null(got[1].note);
}

static void items_of_a_list_are_checked_whole(void **state)
{
    struct world *w = *state;
    struct basket b;
    assert_int_equal(read(w, "{\"items\":[{\"note\":\"a\"}]}", &basket_record, &b), ST_INVALID);
    assert_string_equal(w->e.code, "field.required");
    assert_int_equal(read(w, "{\"items\":[{\"id\":\"1\",\"note\":\"abcdef\"}]}", &basket_record,
                          &b),
                     ST_INVALID);
    assert_string_equal(w->e.code, "field.long");
    assert_int_equal(read(w, "{\"items\":[3]}", &basket_record, &b), ST_INVALID);
    assert_string_equal(w->e.code, "json.object");
    assert_int_equal(read(w, "{\"items\":{}}", &basket_record, &b), ST_INVALID);
    assert_string_equal(w->e.code, "json.type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_noun_comes_back_equal, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_record_is_null_or_no_rows_and_comes_back_empty, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(values_are_written_as_the_contract_says, setup, teardown),
        cmocka_unit_test_setup_teardown(some_members_only, setup, teardown),
        cmocka_unit_test_setup_teardown(several_by_one_plan_are_as_each_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(only_what_came_is_given, setup, teardown),
        cmocka_unit_test_setup_teardown(several_references_come_by_codes_or_ids, setup, teardown),
        cmocka_unit_test_setup_teardown(custom_fields_may_come_in_one_object, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_text_is_no_text, setup, teardown),
        cmocka_unit_test_setup_teardown(choices_are_taken_by_label_and_kept_by_code, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_refused_with_its_name, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_and_shares_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(items_of_a_list_are_checked_whole, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
