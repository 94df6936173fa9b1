/* Amounts: what is one, what is none, and how it reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/money.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void reads_amounts(void **state)
{
    static const struct { const char *s; int64_t fen; } rows[] = {
        { "0", 0 },
        { "-0", 0 },
        { "0.00", 0 },
        { "1234", 123400 },
        { "1234.5", 123450 },
        { "1234.56", 123456 },
        { "-0.5", -50 },
        { ".5", 50 },
        { "+7", 700 },
        { "007", 700 },
        { "1.230", 123 },
        { "1.2300000000000000000000000000000000", 123 },
        { " 12 ", 1200 },
        { "1,234.50", 123450 },
        { "1,234,567", 123456700 },
        { "-12,345.67", -1234567 },
        { "¥12", 1200 },
        { "￥12.30", 1230 },
        { "¥ 12", 1200 },
        { "-¥12", -1200 },
        { "¥-12", -1200 },
        { "100元", 10000 },
        { "3万", 3000000 },
        { "3万元", 3000000 },
        { "3 万", 3000000 },
        { "1.5亿", 15000000000 },
        { "1.234567万", 1234567 },
        { "0.000001万", 1 },
        { "0.0000000001亿", 1 },
        { "2万亿", 200000000000000 },
        { "-0.01万", -10000 },
        { "92233720368547758.07", INT64_MAX },
        { "-92233720368547758.07", -INT64_MAX },
        { "92,233,720,368,547,758.07", INT64_MAX },
        { "9223372036854.775807万", INT64_MAX },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t fen = 77;

        if (!money_parse(rows[i].s, &fen) || fen != rows[i].fen)
            fail_msg("'%s' gives %lld", rows[i].s, (long long)fen);
    }
}

static void refuses_what_is_no_amount(void **state)
{
    static const char *const rows[] = {
        "", " ", "-", "+", "¥", ".", "-.", "1.", "万", "亿", "元", "abc", "1a", "1 2", "1.2.3", "--1",
        "+-1", "-¥-1", "¥¥1", "$5", "0.001", "1.239", "0.0000001万", "1e5", "1E5", "inf", "-inf", "nan",
        "Infinity", "0x10", "12,34", "1,2345", "1234,567", ",123", "1,", "1,,234", "1,234,56", "1.2,3",
        "92233720368547758.08", "-92233720368547758.08", "922337203685477580.7", "99999999999999999999",
        "922337203685478万", "1亿万", "3万万", "(5)", "1%", "１２",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t fen = 77;

        if (money_parse(rows[i], &fen))
            fail_msg("'%s' gives %lld", rows[i], (long long)fen);
        assert_int_equal(fen, 77);
    }
}

static void writes_amounts(void **state)
{
    static const struct { int64_t fen; const char *plain, *grouped; } rows[] = {
        { 0, "0.00", "0.00" },
        { 1, "0.01", "0.01" },
        { -50, "-0.50", "-0.50" },
        { 123450, "1234.50", "1,234.50" },
        { 99999, "999.99", "999.99" },
        { 100000, "1000.00", "1,000.00" },
        { -123456789, "-1234567.89", "-1,234,567.89" },
        { INT64_MAX, "92233720368547758.07", "92,233,720,368,547,758.07" },
        { -INT64_MAX, "-92233720368547758.07", "-92,233,720,368,547,758.07" },
        { NONE, "", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[MONEY_TEXT];
        int64_t back;

        money_text(rows[i].fen, text);
        assert_string_equal(text, rows[i].plain);
        money_grouped(rows[i].fen, text);
        assert_string_equal(text, rows[i].grouped);
        if (*text) {
            assert_true(money_parse(text, &back));
            assert_int_equal(back, rows[i].fen);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_amounts),
        cmocka_unit_test(refuses_what_is_no_amount),
        cmocka_unit_test(writes_amounts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
