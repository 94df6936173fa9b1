/* One cell to one value: what is taken, what is refused, and with which code. */
#include "test_csv.h"

#include <locale.h>
#include <math.h>

#include "base/clock.h"
#include "core/data/cell.h"

static int shanghai(void **state)
{
    (void)state;
    return clock_zone("Asia/Shanghai") ? 0 : -1;
}

/* NULL and NULL, or the same code. */
static void same_code(const char *cell, const char *got, const char *want)
{
    if (strcmp(got ? got : "", want ? want : "") != 0)
        fail_msg("'%s' gives %s, not %s", cell, got ? got : "a value", want ? want : "a value");
}

static void empty_is_only_blanks(void **state)
{
    (void)state;
    assert_true(cell_empty(""));
    assert_true(cell_empty(" \t\r\n"));
    assert_true(cell_empty("\xC2\xA0\xE3\x80\x80"));    /* no-break and ideographic space */
    assert_false(cell_empty("0"));
    assert_false(cell_empty("-"));
    assert_false(cell_empty(" x"));
}

static void integers(void **state)
{
    static const struct { const char *s; int64_t v; bool bad; } cases[] = {
        { "0", 0, false }, { " 42 ", 42, false }, { "-7", -7, false }, { "+7", 7, false },
        { "1,234,567", 1234567, false }, { "12.0", 12, false }, { "１２", 12, false },
        { "9223372036854775807", INT64_MAX, false }, { "-9223372036854775807", -INT64_MAX, false },
        { "9223372036854775808", 0, true }, { "-9223372036854775808", 0, true },   /* that one is NONE */
        { "12.5", 0, true }, { "1e3", 0, true }, { "1,23", 0, true }, { "12,345,67", 0, true },
        { "1234,567", 0, true }, { ",123", 0, true }, { "0x10", 0, true }, { "", 0, true }, { "-", 0, true },
        { "12a", 0, true }, { "1 2", 0, true }, { ".", 0, true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t v = -99;

        same_code(cases[i].s, cell_integer(cases[i].s, &v), cases[i].bad ? "import.integer" : NULL);
        assert_int_equal(v, cases[i].bad ? -99 : cases[i].v);
    }
}

static void numbers(void **state)
{
    static const struct { const char *s; double v; } good[] = {
        { "0", 0 }, { "-1.5", -1.5 }, { ".5", 0.5 }, { "5.", 5 }, { "1e3", 1000 }, { "9.34E-05", 9.34e-05 },
        { "1,234.25", 1234.25 }, { "　12 ", 12 }, { "４.５", 4.5 }, { "1e-400", 0 },
    };
    static const char *const bad[] = {
        "", "inf", "-Infinity", "nan", "0x1p3", "1e999", "1.2.3", "1,2", "1e", "e5", "12%", "five", "1_000",
        "401013266745e5661589292315434968",     /* an id of Olist: 401013266745 times ten to the 10^30 */
    };
    double v;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        same_code(good[i].s, cell_number(good[i].s, &v), NULL);
        assert_true(v == good[i].v);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        same_code(bad[i], cell_number(bad[i], &v), "import.number");
}

/* In a locale that writes 1,5 the files still say 1.5. */
static void numbers_ignore_the_locale(void **state)
{
    double v = 0;

    (void)state;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8")) {
        print_message("no locale with a decimal comma is installed\n");
        skip();
    }
    assert_null(cell_number("1.5", &v));
    setlocale(LC_NUMERIC, "C");
    assert_true(v == 1.5);
}

static void amounts(void **state)
{
    static const struct { const char *s; int64_t fen; } good[] = {
        { "0", 0 }, { "0.0", 0 }, { " 1234.5 ", 123450 }, { "-0.01", -1 }, { "￥1,234.50", 123450 },
        { "１２.５", 1250 }, { "3万", 3000000 },
    };
    static const char *const bad[] = { "", "abc", "1.234", "1e5", "nan", "12,5" };
    int64_t fen;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        same_code(good[i].s, cell_money(good[i].s, &fen), NULL);
        assert_int_equal(fen, good[i].fen);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        same_code(bad[i], cell_money(bad[i], &fen), "import.money");
}

static void flags(void **state)
{
    static const char *const yes[] = { "1", "yes", "Yes", "Y", "TRUE", "t", "是", " 是 ", "１", "对" };
    static const char *const no[] = { "0", "no", "N", "False", "F", "否", "错" };
    static const char *const bad[] = { "", "2", "maybe", "是的", "yes!", "00" };
    bool v;

    (void)state;
    for (size_t i = 0; i < COUNT(yes); i++) {
        v = false;
        same_code(yes[i], cell_flag(yes[i], &v), NULL);
        assert_true(v);
    }
    for (size_t i = 0; i < COUNT(no); i++) {
        v = true;
        same_code(no[i], cell_flag(no[i], &v), NULL);
        assert_false(v);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        same_code(bad[i], cell_flag(bad[i], &v), "import.flag");
}

/* 2018-02-01 is 17,563 days after 1970-01-01 (48 years of 365, 12 leap days, 31); midnight in Shanghai
 * is 16:00 UTC of the day before. */
#define FEB1 (17563LL * 86400000 - 8 * 3600000LL)
#define HOUR 3600000LL
#define MINUTE 60000LL

static void dates(void **state)
{
    static const struct { const char *s; enum date_order order; int64_t ms; bool day_only; } cases[] = {
        { "2018-02-01", DATE_OPEN, FEB1, true },
        { "2018/2/1", DATE_OPEN, FEB1, true },
        { "2018.2.1", DATE_OPEN, FEB1, true },
        { "20180201", DATE_OPEN, FEB1, true },
        { "2018年2月1日", DATE_OPEN, FEB1, true },
        { "2018年02月01号", DATE_OPEN, FEB1, true },
        { " ２０１８-０２-０１ ", DATE_OPEN, FEB1, true },
        { "2018-02-01", DATE_DMY, FEB1, true },             /* the year first is the same in every order */
        { "2/1/2018", DATE_MDY, FEB1, true },
        { "02/01/2018", DATE_MDY, FEB1, true },
        { "1/2/2018", DATE_DMY, FEB1, true },
        { "01.02.2018", DATE_DMY, FEB1, true },
        { "1-2-2018", DATE_DMY, FEB1, true },
        { "2/2/2018", DATE_OPEN, FEB1 + 24 * HOUR, true },  /* the same day in both orders */
        { "2/13/2018", DATE_OPEN, FEB1 + 12 * 24 * HOUR, true },
        { "13/2/2018", DATE_OPEN, FEB1 + 12 * 24 * HOUR, true },
        { "2018-02-01 00:00", DATE_OPEN, FEB1, false },
        { "2018-02-01 8:05", DATE_OPEN, FEB1 + 8 * HOUR + 5 * MINUTE, false },
        { "2018/2/1 13:51:03", DATE_OPEN, FEB1 + 13 * HOUR + 51 * MINUTE + 3000, false },
        { "2018-02-01 22:11:48.556739", DATE_OPEN, FEB1 + 22 * HOUR + 11 * MINUTE + 48556, false },
        { "2018-02-01 22:11:48.5", DATE_OPEN, FEB1 + 22 * HOUR + 11 * MINUTE + 48500, false },
        { "2018-02-01T08:30:00Z", DATE_OPEN, FEB1 + 16 * HOUR + 30 * MINUTE, false },
        { "2018-02-01T08:30:00+08:00", DATE_OPEN, FEB1 + 8 * HOUR + 30 * MINUTE, false },
        { "2018-02-01T08:30:00.250-0330", DATE_OPEN, FEB1 + 20 * HOUR + 250, false },
        { "20180201T0830", DATE_OPEN, NONE, false },
        { "2/1/2018 1:05 PM", DATE_MDY, FEB1 + 13 * HOUR + 5 * MINUTE, false },
        { "2/1/2018 12:05 am", DATE_MDY, FEB1 + 5 * MINUTE, false },
        { "2018年2月1日 下午1:05", DATE_OPEN, FEB1 + 13 * HOUR + 5 * MINUTE, false },
        { "2018年2月1日下午1时5分", DATE_OPEN, FEB1 + 13 * HOUR + 5 * MINUTE, false },
        { "2018年2月1日 8时5分30秒", DATE_OPEN, FEB1 + 8 * HOUR + 5 * MINUTE + 30000, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ms = NONE;
        bool day_only = !cases[i].day_only;
        const char *code = cell_date(cases[i].s, cases[i].order, &ms, &day_only);

        if (ms != cases[i].ms)
            fail_msg("'%s' gives %lld, not %lld (%s)", cases[i].s, (long long)ms, (long long)cases[i].ms,
                     code ? code : "");
        if (!code)
            assert_int_equal(day_only, cases[i].day_only);
    }
}

static void dates_refused(void **state)
{
    static const struct { const char *s; enum date_order order; const char *code; } cases[] = {
        { "2/1/2018", DATE_OPEN, "import.date_order" },
        { "2/1/2018", DATE_YMD, "import.date_order" },
        { "13/2/2018", DATE_MDY, "import.date" },
        { "2/13/2018", DATE_DMY, "import.date" },
        { "31/31/2018", DATE_OPEN, "import.date" },
        { "2018-02-30", DATE_OPEN, "import.date" },
        { "2019-02-29", DATE_OPEN, "import.date" },
        { "2018-13-01", DATE_OPEN, "import.date" },
        { "2018-00-01", DATE_OPEN, "import.date" },
        { "2018-2/1", DATE_OPEN, "import.date" },
        { "20180231", DATE_OPEN, "import.date" },
        { "1/2/18", DATE_DMY, "import.date" },
        { "18-02-01", DATE_YMD, "import.date" },
        { "2018-02", DATE_OPEN, "import.date" },
        { "2018-02-01x", DATE_OPEN, "import.date" },
        { "2018-02-01 25:00", DATE_OPEN, "import.date" },
        { "2018-02-01 08:60", DATE_OPEN, "import.date" },
        { "2018-02-01 13:05 PM", DATE_OPEN, "import.date" },
        { "2018-02-01 8", DATE_OPEN, "import.date" },
        { "2018-02-01T08:30+25:00", DATE_OPEN, "import.date" },
        { "1517443200", DATE_OPEN, "import.date" },
        { "yesterday", DATE_OPEN, "import.date" },
        { "", DATE_OPEN, "import.date" },
        { "0001-01-01", DATE_OPEN, "import.date" },
        { "43132", DATE_OPEN, "import.serial_date" },       /* 2018-02-01 in a spreadsheet */
        { "45000", DATE_MDY, "import.serial_date" },
        { "43132.5", DATE_OPEN, "import.serial_date" },
        { "12345", DATE_OPEN, "import.date" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ms = 7;

        same_code(cases[i].s, cell_date(cases[i].s, cases[i].order, &ms, NULL), cases[i].code);
        assert_int_equal(ms, 7);
    }
}

static void the_order_is_found_over_the_file(void **state)
{
    static const struct {
        const char *cells[5];
        enum date_verdict verdict;
        enum date_order order;
    } cases[] = {
        { { NULL }, DATES_KNOWN, DATE_OPEN },
        { { "2018-02-01", "2018/2/1", "20180201" }, DATES_KNOWN, DATE_OPEN },
        { { "2/1/2018", "10/20/2017" }, DATES_KNOWN, DATE_MDY },
        { { "2/1/2018", "20/10/2017 8:05" }, DATES_KNOWN, DATE_DMY },
        { { "2/1/2018", "3/4/2018" }, DATES_ASK, DATE_OPEN },
        { { "2/1/2018", "2018-02-01" }, DATES_ASK, DATE_OPEN },
        { { "2/2/2018", "3/3/2018" }, DATES_KNOWN, DATE_OPEN },
        { { "20/10/2017", "10/20/2017" }, DATES_CLASH, DATE_OPEN },
        { { "10/20/2017", "n/a", "", "45000", "31/31/2018" }, DATES_KNOWN, DATE_MDY },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct date_orders d = { 0 };
        enum date_order order;

        for (int k = 0; k < 5 && cases[i].cells[k]; k++)
            date_orders_feed(&d, cases[i].cells[k]);
        assert_int_equal(date_orders_verdict(&d, &order), cases[i].verdict);
        assert_int_equal(order, cases[i].order);
    }
}

static void exponents_are_no_contacts(void **state)
{
    char phone[PHONE_TEXT], email[EMAIL_TEXT], idno[IDNO_TEXT];

    (void)state;
    same_code("1.38E+10", cell_phone("1.38E+10", phone), "import.exponent");
    same_code("1.38e10", cell_phone(" 1.38e10 ", phone), "import.exponent");
    assert_string_equal(phone, "");
    same_code("1E5", cell_email("1E5", email), "import.exponent");
    same_code("1.10105E+17", cell_idno("1.10105E+17", idno), "import.exponent");
    same_code("phone", cell_phone("138 0013 8000", phone), NULL);
    assert_string_equal(phone, "13800138000");
    assert_true(cell_exponent("1.38E+10"));
    assert_false(cell_exponent("13800138000"));
    assert_false(cell_exponent("a1e5"));
}

static void custom_fields_get_a_type(void **state)
{
    static const struct { const char *cells[4]; enum cell_type type; } cases[] = {
        { { "1", "2.5", "", "-3e2" }, CELL_NUMBER },
        { { "1", "x" }, CELL_TEXT },
        { { "x", "1" }, CELL_TEXT },
        { { "", " " }, CELL_TEXT },
        { { "0", "0.5", "10" }, CELL_NUMBER },
        { { "08123", "12345" }, CELL_TEXT },                            /* a postal code */
        { { "6222020200112233445" }, CELL_TEXT },                       /* a card */
        { { "401013266745e5661589292315434968", "1" }, CELL_TEXT },     /* an id that reads as infinity */
        { { "1", "1e999" }, CELL_TEXT },
        { { "2018-02-01", "1/2/2018", "" }, CELL_DATE },
        { { "20180201", "20181231" }, CELL_DATE },
        { { "20180201", "99999999" }, CELL_NUMBER },
        { { "2018-02-01", "soon" }, CELL_TEXT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cell_guess g = { 0 };

        for (int k = 0; k < 4 && cases[i].cells[k]; k++)
            cell_guess_feed(&g, cases[i].cells[k]);
        assert_int_equal(cell_guess_type(&g), cases[i].type);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_only_blanks),
        cmocka_unit_test(integers),
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(amounts),
        cmocka_unit_test(flags),
        cmocka_unit_test(dates),
        cmocka_unit_test(dates_refused),
        cmocka_unit_test(the_order_is_found_over_the_file),
        cmocka_unit_test(exponents_are_no_contacts),
        cmocka_unit_test(custom_fields_get_a_type),
    };

    return cmocka_run_group_tests(tests, shanghai, NULL);
}
