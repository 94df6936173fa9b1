/* Every file of the shared data parses, or is refused with a code that helps.
 *
 * The counts are those of Python's csv.reader over the decoded text (separator and encoding given by hand),
 * empty lines left out: columns of the first row, rows after it, rows that have something beyond the last
 * column. Where the two must differ the reason stands beside; -1 is not compared.
 */
#include "test_csv.h"

#include "base/clock.h"
#include "base/json.h"
#include "core/data/cell.h"
#include "core/data/csvread.h"

static const struct { const char *file; int columns, rows, rejects; const char *code; } files[] = {
    { "PapaParse/tests/long-sample.csv", 7, 7, 0, NULL },
    { "PapaParse/tests/verylong-sample.csv", 3, 2000, 0, NULL },
    { "agate/examples/empty.csv", 0, 0, 0, "import.empty" },
    { "agate/examples/realdata/Datagov_FY10_EDU_recp_by_State.csv", 9, 53, 0, NULL },
    { "agate/examples/realdata/README.csv", 4, 1, 0, NULL },
    { "agate/examples/realdata/exonerations-20150828.csv", 18, 1651, 0, NULL },
    { "agate/examples/tableset/table1.csv", 2, 3, 0, NULL },
    { "agate/examples/tableset/table3.csv", 2, 3, 0, NULL },
    { "agate/examples/test.csv", 6, 3, 0, NULL },
    { "agate/examples/test_crlf.csv", 6, 3, 0, NULL },
    { "agate/examples/test_csv_sniff.csv", 6, 3, 0, NULL },
    { "agate/examples/test_no_header.csv", 6, 2, 0, NULL },
    { "agate/examples/test_quote_nonnumeric.csv", 6, 3, 0, NULL },
    { "agate/examples/test_utf16_little.csv", 3, 2, 0, NULL },
    { "agate/examples/testfixed_converted.csv", 8, 4, 0, NULL },
    { "csv-spectrum/csvs/comma_in_quotes.csv", 5, 1, 0, NULL },
    { "csv-spectrum/csvs/empty.csv", 3, 2, 0, NULL },
    { "csv-spectrum/csvs/json.csv", 2, 1, 0, NULL },
    { "csv-spectrum/csvs/location_coordinates.csv", 4, 1, 0, NULL },
    { "csv-spectrum/csvs/newlines.csv", 3, 3, 0, NULL },
    { "csv-spectrum/csvs/quotes_and_newlines.csv", 2, 2, 0, NULL },
    { "csv-spectrum/csvs/simple_crlf.csv", 3, 1, 0, NULL },
    { "csvkit/examples/bad_skip_lines.csv", 3, 3, 1, NULL },
    { "csvkit/examples/dummy3.csv", 3, 2, 0, NULL },
    { "csvkit/examples/dummy_col_shuffled.csv", 3, 1, 0, NULL },
    { "csvkit/examples/dummy_col_shuffled_ragged.csv", 4, 1, 0, NULL },
    { "csvkit/examples/foo1.csv", 3, 2, 0, NULL },
    { "csvkit/examples/irismeta.csv", 3, 3, 0, NULL },
    { "csvkit/examples/join_a.csv", 3, 3, 0, NULL },
    { "csvkit/examples/mac_newlines.csv", 3, 2, 0, NULL },
    { "csvkit/examples/no_header_row.csv", 3, 0, 0, NULL },
    { "csvkit/examples/realdata/Datagov_FY10_EDU_recp_by_State.csv", 9, 57, 0, NULL },
    { "csvkit/examples/realdata/README.csv", 4, 3, 0, NULL },
    { "csvkit/examples/realdata/census_2000/README.txt", 1, -1, -1, NULL }, /* prose */
    { "csvkit/examples/realdata/census_2000/census2000_geo_schema.csv", 3, 83, 0, NULL },
    { "csvkit/examples/realdata/census_2000/determination.csv", 21, 1555, 0, NULL },
    { "csvkit/examples/realdata/census_2000/determination_schema.csv", 6, 21, 0, NULL },
    { "csvkit/examples/realdata/census_2010/census2010_geo_schema.csv", 3, 101, 0, NULL },
    { "csvkit/examples/realdata/census_2010/ilgeo2010_excerpt.csv", 101, 1000, 0, NULL },
    { "csvkit/examples/realdata/event-notification-rpt-lastmonth.txt", 72, 72, 0, NULL },
    { "csvkit/examples/sheetsxls_converted.csv", 9, 5, 0, NULL },
    { "csvkit/examples/sheetsxlsx_converted.csv", 9, 5, 0, NULL },
    { "csvkit/examples/sort_ints_nulls.csv", 3, 3, 0, NULL },
    { "csvkit/examples/test_date_format.csv", 1, 2, 0, NULL },
    { "csvkit/examples/test_date_format_converted.csv", 1, 2, 0, NULL },
    { "csvkit/examples/test_empty_columns.csv", 5, 3, 0, NULL },
    { "csvkit/examples/test_empty_columns_long_row.csv", 3, 1, 0, NULL },
    { "csvkit/examples/test_geo.csv", 12, 17, 0, NULL },
    { "csvkit/examples/test_latin1.csv", 0, 0, 0, "import.encoding_unknown" },
    { "csvkit/examples/test_literal_order.csv", 2, 3, 0, NULL },
    { "csvkit/examples/test_locale.csv", 3, 1, 0, NULL },
    { "csvkit/examples/test_numeric_date_format.csv", 1, 2, 0, NULL },
    { "csvkit/examples/test_precision.csv", 1, 1, 0, NULL },
    { "csvkit/examples/test_skip_lines.csv", 3, 1, 0, NULL },
    { "csvkit/examples/test_utf8_bom.csv", 3, 2, 0, NULL },
    { "csvkit/examples/testfixed_schema.csv", 3, 8, 0, NULL },
    { "csvkit/examples/testjson_converted.csv", 7, 5, 0, NULL },
    { "csvkit/examples/testjson_multiline_converted.csv", 3, 2, 0, NULL },
    { "csvkit/examples/testjson_nested_converted.csv", 7, 2, 0, NULL },
    { "csvkit/examples/testxls_converted.csv", 8, 5, 0, NULL },
    { "csvkit/examples/testxlsx_unicode_converted.csv", 3, 1, 0, NULL },
    { "double-entry-generator/example/abc_debit/example-abc_debit-records.csv", 9, 5, 0, NULL },
    { "double-entry-generator/example/alipay/example-alipay-records.csv", 1, 32, 11, NULL },
    { "double-entry-generator/example/bmo/credit/example-bmo-records.csv", 1, 4, 4, NULL },
    { "double-entry-generator/example/bmo/debit/example-bmo-records.csv", 1, 5, 5, NULL },
    { "double-entry-generator/example/bocom_credit/example-bocom_credit-records.csv",
      5, 8, 0, NULL },
    { "double-entry-generator/example/bocom_debit/example-bocom_debit-records.csv",
      11, 6, 0, NULL },
    { "double-entry-generator/example/cgb_credit/example-cgb_credit-records.csv", 7, 4, 0, NULL },
    { "double-entry-generator/example/cmb/debit/example-cmb-records.csv", 7, 5, 0, NULL },
    { "double-entry-generator/example/icbc/credit/example-icbc-credit-records.csv",
      1, 14, 12, NULL },
    { "double-entry-generator/example/icbc/debit-v2/example-icbc-debit-v2-records.csv",
      1, 16, 15, NULL },
    { "double-entry-generator/example/jd/example-jd-records.csv", 1, 45, 27, NULL },
    { "double-entry-generator/example/td/example-td-records.csv", 5, 8, 0, NULL },
    { "iconv-lite/gbkFile.txt", 0, 0, 0, "import.html" },
    { "messytables/horror/complex.csv", 4, 3, 0, NULL }, /* a blank before "6,000,000" */
    { "messytables/horror/long.csv", 1, 3999, 0, NULL },
    { "messytables/horror/mixedGLB.csv", 19, 136, 0, NULL },
    { "messytables/horror/null.csv", 4, 9, 0, NULL },
    { "messytables/horror/simple.csv", 3, 6, 0, NULL },
    { "messytables/horror/simple.psv", 6, 28, 0, NULL },
    { "messytables/horror/simple.ssv", 3, 6, 0, NULL },
    { "messytables/horror/skip_initials.csv", 2, 2, 0, NULL },
    { "messytables/horror/sparse_with_column_errors.csv", 0, 0, 0, "import.encoding_unknown" },
    { "messytables/horror/utf8bom.csv", 2, 0, 0, NULL },
    { "messytables/horror/weird_head_padding.csv", 5, 85, -1, NULL }, /* the header is prose */
    { "rust-csv/examples/data/smallpop-colon.csv", 1, 10, 0, NULL },
    { "rust-csv/examples/data/smallpop.csv", 4, 10, 0, NULL },
    { "rust-csv/examples/data/strange.csv", 0, 0, 0, "import.header" }, /* \" for "" */
    { "rust-csv/examples/data/uspop-latin1.csv", 0, 0, 0, "import.encoding_unknown" },
    { "rust-csv/examples/data/uspop-null.csv", 5, 100, 0, NULL },
    { "tabulator-py/data/matrix.csv", 4, 4, 0, NULL },
    { "tabulator-py/data/special/accent.csv", 17, 2, 0, NULL },
    { "tabulator-py/data/special/bom.csv", 2, 2, 0, NULL },
    { "tabulator-py/data/special/doublequote.csv", 17, 5, 0, NULL },
    { "tabulator-py/data/special/skip-blank-at-the-end.csv", 2, 2, 0, NULL },
    { "tabulator-py/data/special/skip-rows.csv", 1, 4, 3, NULL },
    { "tabulator-py/data/table.csv", 2, 2, 0, NULL },
    { "tabulator-py/data/table.tsv", 2, 3, 0, NULL },
    { "tabulator-py/data/table_unicode_headers.csv", 2, 2, 0, NULL },
};

static void every_csv_parses_or_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char name[200];
        struct csvread *r;
        struct csv_row row;
        struct err e = { 0 };
        int rows = 0, rejects = 0, rc = -1;

        snprintf(name, sizeof name, "csv/%s", files[i].file);
        if (csvread_open(shared(name), NULL, &r, &e) == ST_OK) {
            while ((rc = csvread_next(r, &row, &e)) == 1) {
                rows++;
                rejects += row.code != NULL;
            }
            if (csvread_columns(r) != files[i].columns)
                fail_msg("%s: %d columns", name, csvread_columns(r));
            csvread_close(r);
        }
        if (strcmp(e.code, files[i].code ? files[i].code : "") != 0)
            fail_msg("%s: %s", name, e.code);
        if (files[i].code)
            continue;
        if ((files[i].rows >= 0 && rows != files[i].rows) ||
            (files[i].rejects >= 0 && rejects != files[i].rejects))
            fail_msg("%s: %d rows, %d rejects", name, rows, rejects);
    }
}

/* ---- csv-spectrum ---------------------------------------------------------------------------------- */

static void compare_row(const struct csvread *r, const struct csv_row *row, const struct json *want)
{
    int members = 0;

    for (const struct json *m = json_first(want); m; m = json_next(m), members++) {
        int at = csvread_find(r, json_key(m));

        assert_true(at >= 0);
        /* The suite's own JSON has 1234567890 where its CSV has 2095257564. */
        if (strcmp(json_key(m), "Contact Phone Number") != 0)
            assert_string_equal(row->cell[at], json_string(m));
    }
    assert_int_equal(members, csvread_columns(r));
}

static void csv_spectrum_equals_its_json(void **state)
{
    static const char *const names[] = {
        "comma_in_quotes", "empty", "json", "location_coordinates", "newlines", "quotes_and_newlines",
        "simple_crlf",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        char name[200];
        struct csvread *r;
        struct csv_row row;
        struct json *doc;
        struct err e = { 0 };

        snprintf(name, sizeof name, "csv/csv-spectrum/json/%s.json", names[i]);
        struct buf text = slurp(shared(name));

        assert_int_equal(json_parse(text.s, text.len, &doc, &e), ST_OK);
        buf_release(&text);
        snprintf(name, sizeof name, "csv/csv-spectrum/csvs/%s.csv", names[i]);
        assert_int_equal(csvread_open(shared(name), NULL, &r, &e), ST_OK);

        /* A document is a list of records, or the only record itself. */
        const struct json *want = json_type(doc) == JSON_ARRAY ? json_first(doc) : doc;

        for (; want; want = json_type(doc) == JSON_ARRAY ? json_next(want) : NULL) {
            assert_int_equal(csvread_next(r, &row, &e), 1);
            compare_row(r, &row, want);
        }
        assert_int_equal(csvread_next(r, &row, &e), 0);
        csvread_close(r);
        json_free(doc);
    }
}

/* ---- dirty ----------------------------------------------------------------------------------------- */

static struct csvread *open_shared(const char *name)
{
    struct csvread *r;
    struct err e = { 0 };

    if (csvread_open(shared(name), NULL, &r, &e) != ST_OK)
        fail_msg("%s: %s (%s)", name, e.code, e.param[0]);
    return r;
}

static void no_tables_are_refused(void **state)
{
    static const struct { const char *file, *code; } cases[] = {
        { "dirty/html_page.csv", "import.html" },
        { "dirty/lfs_pointer.csv", "import.lfs" },
        { "names_cn/Chinese_Family_Name_1k.xlsx", "import.xlsx" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct csvread *r;
        struct err e = { 0 };

        assert_int_equal(csvread_open(shared(cases[i].file), NULL, &r, &e), ST_FAILED);
        assert_string_equal(e.code, cases[i].code);
    }
}

/* One table in two dialects, 90,189 rows each (ab/README.md). */
static void dialects_give_the_same_cells(void **state)
{
    struct csvread *a = open_shared("dirty/cookie_cats_bom.csv");
    struct csvread *b = open_shared("dirty/cookie_cats_semicolon.csv");
    struct csv_row x, y;
    int rows = 0;

    (void)state;
    assert_true(csvread_bom(a));
    assert_false(csvread_bom(b));
    assert_int_equal(csvread_dialect(b)->separator, ';');
    assert_int_equal(csvread_dialect(a)->newline, NEWLINE_CRLF);
    while (csvread_next(a, &x, NULL) == 1) {
        assert_int_equal(csvread_next(b, &y, NULL), 1);
        assert_int_equal(x.n, 5);
        for (int i = 0; i < 5; i++)
            assert_string_equal(x.cell[i], y.cell[i]);
        rows++;
    }
    assert_int_equal(rows, 90189);
    csvread_close(a);
    csvread_close(b);
}

/* 10,000 rows between lone CRs: RowNumber counts them. */
static void lone_carriage_returns_end_rows(void **state)
{
    struct csvread *r = open_shared("dirty/churn_cr_only.csv");
    struct csv_row row;
    int64_t number, rows = 0;

    (void)state;
    assert_int_equal(csvread_dialect(r)->newline, NEWLINE_CR);
    while (csvread_next(r, &row, NULL) == 1) {
        assert_int_equal(row.n, 14);
        assert_null(cell_integer(row.cell[0], &number));
        assert_int_equal(number, ++rows);
        assert_int_equal(row.line, rows + 1);
    }
    assert_int_equal(rows, 10000);
    csvread_close(r);
}

/* The same 8,000 leads with dates as 2018-02-01 and as 2/1/2018: the order found makes the days equal. 60
 * have no origin (olist/README.md). */
static void american_dates_give_the_same_days(void **state)
{
    struct csvread *iso = open_shared("olist/olist_marketing_qualified_leads_dataset.csv");
    struct csvread *us = open_shared("dirty/olist_leads_mdY_3cols.csv");
    struct date_orders orders = { 0 };
    enum date_order order;
    struct csv_row x, y;
    int rows = 0, without_origin = 0;

    (void)state;
    while (csvread_next(us, &y, NULL) == 1)
        date_orders_feed(&orders, y.cell[1]);
    assert_int_equal(date_orders_verdict(&orders, &order), DATES_KNOWN);
    assert_int_equal(order, DATE_MDY);
    assert_int_equal(csvread_rewind(us, NULL), ST_OK);
    while (csvread_next(iso, &x, NULL) == 1) {
        int64_t a, b;
        bool day_only;

        assert_int_equal(csvread_next(us, &y, NULL), 1);
        assert_string_equal(x.cell[0], y.cell[0]);
        assert_null(cell_date(x.cell[1], DATE_OPEN, &a, &day_only));
        assert_true(day_only);
        assert_null(cell_date(y.cell[1], order, &b, &day_only));
        assert_int_equal(a, b);
        rows++;
        without_origin += cell_empty(x.cell[3]);
    }
    assert_int_equal(rows, 8000);
    assert_int_equal(without_origin, 60);
    csvread_close(iso);
    csvread_close(us);
}

/* The README gives 5,000 rows, made-up phones, dates as 2023-01-01: nothing is refused. */
static void gbk_customers_convert(void **state)
{
    struct csvread *r = open_shared("names_cn/derived_customers_gbk_crlf.csv");
    struct csv_row row;
    char phone[PHONE_TEXT];
    int64_t ms;
    int rows = 0;

    (void)state;
    assert_string_equal(csvread_encoding(r), "gb18030");
    assert_string_equal(csvread_name(r, 2), "手机号");
    while (csvread_next(r, &row, NULL) == 1) {
        assert_null(row.code);
        assert_null(cell_phone(row.cell[2], phone));
        assert_string_equal(phone, row.cell[2]);
        assert_null(cell_date(row.cell[3], DATE_OPEN, &ms, NULL));
        rows++;
    }
    assert_int_equal(rows, 5000);
    csvread_close(r);
}

/* 213 deals won, 157,000,600 fen, 197 of them 0 (contract, first issue's examples). */
static void olist_deals_add_up(void **state)
{
    struct csvread *r = open_shared("olist/olist_closed_deals_first_contact_to_2018-01.csv");
    int revenue = csvread_find(r, "declared_monthly_revenue"), won = csvread_find(r, "won_date");
    struct csv_row row;
    int64_t fen, ms, sum = 0;
    int rows = 0, zeros = 0;

    (void)state;
    while (csvread_next(r, &row, NULL) == 1) {
        assert_null(cell_money(row.cell[revenue], &fen));
        assert_null(cell_date(row.cell[won], DATE_OPEN, &ms, NULL));
        sum += fen;
        zeros += fen == 0;
        rows++;
    }
    assert_int_equal(rows, 213);
    assert_int_equal(sum, 157000600);
    assert_int_equal(zeros, 197);
    csvread_close(r);
}

/* attr.age:number and attr.contacts:number are numbers, job and y text; 1716 say yes (contract). */
static void uci_columns_have_their_types(void **state)
{
    struct csvread *r = open_shared("uci_bank/bank-additional-rows-1-30000.csv");
    struct cell_guess guess[21] = { { 0 } };
    struct csv_row row;
    int rows = 0, yes = 0;

    (void)state;
    assert_int_equal(csvread_columns(r), 21);
    while (csvread_next(r, &row, NULL) == 1) {
        for (int i = 0; i < 21; i++)
            cell_guess_feed(&guess[i], row.cell[i]);
        yes += strcmp(row.cell[20], "yes") == 0;
        rows++;
    }
    assert_int_equal(rows, 30000);
    assert_int_equal(yes, 1716);
    assert_int_equal(cell_guess_type(&guess[csvread_find(r, "age")]), CELL_NUMBER);
    assert_int_equal(cell_guess_type(&guess[csvread_find(r, "campaign")]), CELL_NUMBER);
    assert_int_equal(cell_guess_type(&guess[csvread_find(r, "emp.var.rate")]), CELL_NUMBER);
    assert_int_equal(cell_guess_type(&guess[csvread_find(r, "job")]), CELL_TEXT);
    assert_int_equal(cell_guess_type(&guess[csvread_find(r, "y")]), CELL_TEXT);
    csvread_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_csv_parses_or_is_refused),
        cmocka_unit_test(csv_spectrum_equals_its_json),
        cmocka_unit_test(no_tables_are_refused),
        cmocka_unit_test(dialects_give_the_same_cells),
        cmocka_unit_test(lone_carriage_returns_end_rows),
        cmocka_unit_test(american_dates_give_the_same_days),
        cmocka_unit_test(gbk_customers_convert),
        cmocka_unit_test(olist_deals_add_up),
        cmocka_unit_test(uci_columns_have_their_types),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
