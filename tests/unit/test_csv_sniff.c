/* What is no table, and the dialect of what is. */
#include "test_csv.h"

#include "core/data/sniff.h"

#define BYTES(s) s, sizeof(s) - 1

static void knows_files_that_are_no_text(void **state)
{
    static const struct { const char *s; size_t n; const char *code; } cases[] = {
        { BYTES("PK\3\4\x14\0\6\0"), "import.xlsx" },
        { BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "import.xlsx" },
        { BYTES("%PDF-1.7\n"), "import.pdf" },
        { BYTES("\x1F\x8B\x08\0"), "import.binary" },
        { BYTES("SQLite format 3\0"), "import.binary" },
        { BYTES("\x89PNG\r\n\x1A\n"), "import.binary" },
        { BYTES("PK,name\n"), "" },
        { BYTES("%,PDF\n"), "" },
        { BYTES(""), "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err e = { 0 };

        sniff_bytes(cases[i].s, cases[i].n, &e);
        assert_string_equal(e.code, cases[i].code);
    }
}

static void knows_texts_that_are_no_table(void **state)
{
    static const struct { const char *s, *code, *line; } cases[] = {
        { "<!DOCTYPE html>\n<html>", "import.html", "" },
        { "\n\n\n   <HTML><head>", "import.html", "" },
        { "<table border=1><tr>", "import.html", "" },
        { "<!-- saved from -->", "import.html", "" },
        { "<?xml version=\"1.0\"?>", "import.xml", "" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:14\n", "import.lfs", "" },
        { "version,https\n1,2\n", "", "" },
        { "<b>,c\n", "", "" },
        { "a,b\n<<<<<<< HEAD\n1,2\n", "import.conflict", "2" },
        { "a,b\r\n1,2\r\n>>>>>>> feature\r\n", "import.conflict", "3" },
        { "a,b\r1,2\r<<<<<<< x\r", "import.conflict", "3" },
        { "a,b\n1,<<<<<<< x\n", "", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err e = { 0 };

        sniff_text(cases[i].s, strlen(cases[i].s), &e);
        assert_string_equal(e.code, cases[i].code);
        assert_string_equal(e.param[0], cases[i].line);
    }
}

static void knows_conflict_markers(void **state)
{
    static const struct { const char *s; bool quoted, marker; } cases[] = {
        { "<<<<<<< HEAD\n", false, true }, { "<<<<<<< HEAD\n", true, true },
        { ">>>>>>> a1b2\n", false, true }, { "=======\n", false, true },
        { "=======\r\n", false, true },    { "=======", false, true },
        { "=======\n", true, false },      { "========\n", false, false },
        { "======= x\n", false, false },   { "<<<<<<<<\n", false, false },
        { "<<<<<<\n", false, false },      { "|||||||\n", false, false },
        { "<<<<<<<x\n", false, false },    { "", false, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(sniff_conflict(cases[i].s, strlen(cases[i].s), cases[i].quoted), cases[i].marker);
}

static void finds_the_dialect(void **state)
{
    static const struct { const char *s; char separator; enum newline newline; bool sep_line; } cases[] = {
        { "a,b\n1,2\n", ',', NEWLINE_LF, false },
        { "a;b\r\n1,5;2,5\r\n", ';', NEWLINE_CRLF, false },         /* decimal commas */
        { "a\tb\r1\t2\r", '\t', NEWLINE_CR, false },
        { "a|b|c\n1|2|3\n", '|', NEWLINE_LF, false },
        { "\"x, y\";\"z\"\n\"1, 2\";3\n", ';', NEWLINE_LF, false }, /* commas only inside quotes */
        { "name,note\nA,\"1;2;3\"\nB,\"4;5\"\n", ',', NEWLINE_LF, false },
        { "\"a\nb\";c\n1;2\n", ';', NEWLINE_LF, false },            /* a line end inside the header */
        { "City, State\tn\nBoston, MA\t1\n", '\t', NEWLINE_LF, false },
        { "path;n\na > b, c;1\nd;2\n", ';', NEWLINE_LF, false },
        { "one\n1\n", ',', NEWLINE_LF, false },
        { "one", ',', NEWLINE_LF, false },
        { "", ',', NEWLINE_LF, false },
        { "sep=;\r\na,x;b\r\n", ';', NEWLINE_CRLF, true },
        { "SEP=|\na\n", '|', NEWLINE_LF, true },
        { "sep=a\nb\n", ',', NEWLINE_LF, false },
        { "sep=,b\n", ',', NEWLINE_LF, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dialect d;

        sniff_dialect(cases[i].s, strlen(cases[i].s), true, &d);
        if (d.separator != cases[i].separator || d.newline != cases[i].newline ||
            d.sep_line != cases[i].sep_line)
            fail_msg("case %zu: '%c' %d %d", i, d.separator, d.newline, d.sep_line);
    }
}

/* The last record of a prefix is cut off: it must not count against the right separator. */
static void ignores_the_record_cut_off(void **state)
{
    const char *s = "a;b;c\n1;2;3\n4,4";
    struct dialect d;

    (void)state;
    sniff_dialect(s, strlen(s), false, &d);
    assert_int_equal(d.separator, ';');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_files_that_are_no_text),
        cmocka_unit_test(knows_texts_that_are_no_table),
        cmocka_unit_test(knows_conflict_markers),
        cmocka_unit_test(finds_the_dialect),
        cmocka_unit_test(ignores_the_record_cut_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
