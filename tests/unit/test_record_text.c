/* test_record_text.c - members as words and back: CSV cells, tables, screens, forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/data/csvread.h"
#include "core/data/csvwrite.h"
#include "core/model/nouns.h"
#include "core/model/record_text.h"
#include "tests/unit/record_fill.h"

struct world { struct arena a; struct err e; };

static int setup(void **state)
{
    *state = xcalloc(1, sizeof(struct world));
    return clock_zone("Asia/Shanghai") ? 0 : -1;
}

static int teardown(void **state)
{
    arena_free(&((struct world *)*state)->a);
    free(*state);
    return 0;
}

/* ---- round trips ----------------------------------------------------------------------------- */

static struct attr *attr_at(const struct field *f, void *rec, size_t i)
{
    return &field_attrs(f, rec)->items[i];
}

/* Calls for each cell of a record: plain fields, and each custom field. */
typedef void each_cell(struct world *w, const struct field *f, struct attr *attr, void *rec,
                       void *back, void *arg);

static void walk(struct world *w, const struct record *r, void *rec, void *back, each_cell *each,
                 void *arg)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->type != F_ATTRS) {
            each(w, f, NULL, rec, back, arg);
            continue;
        }
        for (size_t k = 0; k < FILL_DEFS; k++)
            each(w, f, attr_at(f, rec, k), rec, back, arg);
    }
}

static void put_back(struct world *w, const struct field *f, const struct attr *attr,
                     const char *text, void *back)
{
    if (!attr) {
        if (record_parse(f, text, back, &w->a, &w->e))
            fail_msg("%s: %s of \"%s\"", f->name, w->e.code, text);
        return;
    }
    struct attrs *attrs = field_attrs(f, back);
    if (!attrs->items)
        attrs->items = arena_array(&w->a, struct attr, FILL_DEFS);
    if (attr_parse(attr->def, text, &attrs->items[attrs->n++], &w->a, &w->e))
        fail_msg("attr.%s: %s of \"%s\"", attr->def->key, w->e.code, text);
}

static void there_and_back(struct world *w, const struct field *f, struct attr *attr, void *rec,
                           void *back, void *arg)
{
    (void)arg;
    put_back(w, f, attr, record_text(f, attr, rec, TEXT_DATA, &w->a), back);
}

static void every_noun_comes_back_equal(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; nouns[i]; i++)
        for (int64_t seed = 0; seed < 3; seed++) {
            const struct record *r = nouns[i]->rec;
            void *rec = arena_alloc(&w->a, r->size), *back = record_new(r, &w->a);
            fill_record(r, seed, &w->a, rec);
            walk(w, r, rec, back, there_and_back, NULL);
            const char *differs = fill_differs(r, rec, back, true);
            if (differs)
                fail_msg("%s.%s differs", r->name, differs);
        }
}

static void empty_members_are_empty_words(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; nouns[i]; i++) {
        const struct record *r = nouns[i]->rec;
        void *rec = record_new(r, &w->a), *back = arena_alloc(&w->a, r->size);
        fill_record(r, 1, &w->a, back);
        for (size_t k = 0; k < r->nfields; k++) {
            const struct field *f = &r->fields[k];
            assert_string_equal(record_text(f, NULL, rec, TEXT_DATA, &w->a), "");
            assert_string_equal(record_text(f, NULL, rec, TEXT_SHOW, &w->a), "");
            assert_int_equal(record_parse(f, "", back, &w->a, &w->e),
                             ST_OK); /* "" empties a full one */
        }
        assert_null(fill_differs(r, rec, back, false));
    }
}

struct sheet { struct csvwrite *out; struct csvread *in; struct csv_row row; int column; };

static void write_cell(struct world *w, const struct field *f, struct attr *attr, void *rec,
                       void *back, void *arg)
{
    (void)back;
    enum ftype t = attr ? attr->def->type : f->type;
    bool number = t == F_ID || t == F_INT || t == F_MONEY || t == F_NUMBER;
    csvwrite_cell(((struct sheet *)arg)->out, record_text(f, attr, rec, TEXT_DATA, &w->a),
                  number ? CSV_NUMERIC : CSV_TEXT);
}

static void read_cell(struct world *w, const struct field *f, struct attr *attr, void *rec,
                      void *back, void *arg)
{
    struct sheet *s = arg;
    (void)rec;
    put_back(w, f, attr, s->row.cell[s->column++], back);
}

/* With the guard against formulas: it is taken back. */
static void every_noun_comes_back_through_a_csv_file(void **state)
{
    struct world *w = *state;
    const char *tmp = getenv("TMPDIR");
    const struct csv_style style = { .guard = true };
    const struct csv_opts opts = {
        .encoding = "utf-8", .separator = ',', .no_header = true, .unguard = true
    };
    for (size_t i = 0; nouns[i]; i++) {
        const struct record *r = nouns[i]->rec;
        void *rec = arena_alloc(&w->a, r->size), *back = record_new(r, &w->a);
        const char *path =
            arena_printf(&w->a, "%s/record_text_%ld.csv", tmp ? tmp : "/tmp", (long)getpid());
        struct sheet s = { 0 };
        fill_record(r, 2, &w->a, rec);
        assert_int_equal(csvwrite_open(path, &style, &s.out, &w->e), ST_OK);
        walk(w, r, rec, NULL, write_cell, &s);
        csvwrite_end(s.out);
        assert_int_equal(csvwrite_commit(s.out, &w->e), ST_OK);
        assert_int_equal(csvread_open(path, &opts, &s.in, &w->e), ST_OK);
        assert_int_equal(csvread_next(s.in, &s.row, &w->e), 1);
        walk(w, r, rec, back, read_cell, &s);
        csvread_close(s.in);
        unlink(path);
        const char *differs = fill_differs(r, rec, back, true);
        if (differs)
            fail_msg("%s.%s differs", r->name, differs);
    }
}

/* ---- what is printed ------------------------------------------------------------------------- */

static const char *lead_text(struct world *w, const struct lead *l, const char *field,
                             enum text_style style)
{
    return record_text(record_field(&lead_record, field), NULL, l, style, &w->a);
}

static void data_and_screens_differ(void **state)
{
    struct world *w = *state;
    struct lead l;
    record_empty(&lead_record, &l);
    l.amount = 123456789;
    l.intent = "mid";
    l.open = 1;
    l.frozen = 0;
    l.owner = (struct ref){ 7, "E7", "王芳" };
    l.channel = (struct ref){ 8, NULL, NULL };
    l.closed_at = INT64_C(1795307400000);
    l.birthday = INT64_C(1795276800000);        /* 2026-11-22 00:00 in Shanghai */
    assert_string_equal(lead_text(w, &l, "amount", TEXT_DATA), "1234567.89");
    assert_string_equal(lead_text(w, &l, "amount", TEXT_SHOW), "1,234,567.89");
    assert_string_equal(lead_text(w, &l, "owner", TEXT_DATA), "E7");
    assert_string_equal(lead_text(w, &l, "owner", TEXT_SHOW), "王芳");
    assert_string_equal(lead_text(w, &l, "channel", TEXT_DATA), "8"); /* gone, or not to be seen */
    assert_string_equal(lead_text(w, &l, "intent", TEXT_DATA), "mid");
    assert_string_equal(lead_text(w, &l, "open", TEXT_DATA), "yes");
    assert_string_equal(lead_text(w, &l, "frozen", TEXT_DATA), "no");
    assert_string_equal(lead_text(w, &l, "closed_at", TEXT_DATA), "2026-11-22 08:30");
    assert_string_equal(lead_text(w, &l, "birthday", TEXT_DATA), "2026-11-22 00:00");
    assert_string_equal(lead_text(w, &l, "birthday", TEXT_SHOW), "2026-11-22");
}

static void several_are_told_apart(void **state)
{
    static const char *const typed[] = { "vip,x", " vip ; x ", "vip|x|", "vip、x、vip", "，vip，x；", "vip｜x,," };
    struct world *w = *state;
    struct lead l;
    const struct field *f = record_field(&lead_record, "tags");
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        assert_int_equal(record_parse(f, typed[i], &l, &w->a, &w->e), ST_OK);
        assert_string_equal(record_text(f, NULL, &l, TEXT_DATA, &w->a), "vip,x");
    }
    assert_int_equal(record_parse(f, "年 轻 客户", &l, &w->a, &w->e), ST_OK);
    assert_string_equal(record_text(f, NULL, &l, TEXT_DATA, &w->a), "年 轻 客户");
    assert_int_equal(record_parse(f, " ;,", &l, &w->a, &w->e), ST_OK);
    assert_int_equal(l.tags.n, 0);
    struct ref tags[] = { { 8, "vip", "贵宾" }, { 9, "x", NULL } };
    l.tags = (struct refs){ tags, 2 };
    assert_string_equal(record_text(f, NULL, &l, TEXT_SHOW, &w->a), "贵宾, x");
}

static void custom_dates_are_days(void **state)
{
    struct world *w = *state;
    struct attr day = { .def = &fill_defs[2], .i = INT64_C(1795276800000), .d = NAN };
    const struct field *f = record_field(&lead_record, "attr");
    assert_string_equal(record_text(f, &day, NULL, TEXT_DATA, &w->a), "2026-11-22");
    day.i += CLOCK_HOUR;
    assert_string_equal(record_text(f, &day, NULL, TEXT_DATA, &w->a), "2026-11-22 01:00");
}

/* ---- what is typed --------------------------------------------------------------------------- */

static const struct { const char *field, *text, *code; } refused[] = {
    { "score", "12.5", "field.integer" },
    { "score", "1e2", "field.integer" },
    { "score", "101", "field.range" },
    { "score", "x", "field.integer" },
    { "score", "-", "field.integer" },
    { "id", "0", "field.id" },
    { "id", "99999999999999999999", "field.id" },
    { "amount", "1.005", "field.money" },
    { "amount", "a lot", "field.money" },
    { "birthday", "2026-02-30", "field.time" },
    { "birthday", "soon", "field.time" },
    { "open", "maybe", "field.flag" },
    { "intent", "huge", "field.choice" },
    { "name", "\xff", "field.utf8" },
    { "attr", "a=b", "field.compound" },
    { "gender", "x", "field.choice" },
};

static void what_is_wrong_is_refused_with_the_field(void **state)
{
    struct world *w = *state;
    struct lead l;
    record_empty(&lead_record, &l);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const struct field *f = record_field(&lead_record, refused[i].field);
        if (record_parse(f, refused[i].text, &l, &w->a, &w->e) != ST_INVALID)
            fail_msg("taken: %s = %s", refused[i].field, refused[i].text);
        assert_string_equal(w->e.code, refused[i].code);
        assert_string_equal(w->e.field, refused[i].field);
    }
}

static void what_is_too_long_is_refused(void **state)
{
    struct world *w = *state;
    struct lead l;
    char region[66];
    memset(region, 'x', sizeof region - 1);
    region[65] = '\0';
    record_empty(&lead_record, &l);
    assert_int_equal(record_parse(record_field(&lead_record, "region"), region, &l, &w->a, &w->e),
                     ST_INVALID);
    assert_string_equal(w->e.code, "field.long");
    region[64] = '\0';
    assert_int_equal(record_parse(record_field(&lead_record, "region"), region, &l, &w->a, &w->e),
                     ST_OK);
}

static void an_input_method_may_be_on(void **state)
{
    struct world *w = *state;
    struct lead l;
    record_empty(&lead_record, &l);
    assert_int_equal(record_parse(record_field(&lead_record, "score"), " 42 ", &l, &w->a, &w->e),
                     ST_OK);
    assert_int_equal(l.score, 42);
    assert_int_equal(record_parse(record_field(&lead_record, "score"), "\uFF14\uFF12", &l, &w->a,
                                  &w->e),
                     ST_OK);
    assert_int_equal(l.score, 42);
    assert_int_equal(record_parse(record_field(&lead_record, "amount"), "3万", &l, &w->a, &w->e),
                     ST_OK);
    assert_int_equal(l.amount, 3000000);
    assert_int_equal(record_parse(record_field(&lead_record, "open"), "是", &l, &w->a, &w->e),
                     ST_OK);
    assert_int_equal(l.open, 1);
    assert_int_equal(record_parse(record_field(&lead_record, "open"), "False", &l, &w->a, &w->e),
                     ST_OK);
    assert_int_equal(l.open, 0);
}

static void text_stands_as_it_was_given(void **state)
{
    struct world *w = *state;
    struct lead l;
    record_empty(&lead_record, &l);
    assert_int_equal(record_parse(record_field(&lead_record, "name"), "  王 芳 ", &l, &w->a, &w->e),
                     ST_OK);
    assert_string_equal(l.name, "  王 芳 ");
    assert_int_equal(record_parse(record_field(&lead_record, "score"), "   ", &l, &w->a, &w->e),
                     ST_OK);
    assert_true(l.score == NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_noun_comes_back_equal, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_members_are_empty_words, setup, teardown),
        cmocka_unit_test_setup_teardown(every_noun_comes_back_through_a_csv_file, setup, teardown),
        cmocka_unit_test_setup_teardown(data_and_screens_differ, setup, teardown),
        cmocka_unit_test_setup_teardown(several_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(custom_dates_are_days, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_refused_with_the_field, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(an_input_method_may_be_on, setup, teardown),
        cmocka_unit_test_setup_teardown(text_stands_as_it_was_given, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
