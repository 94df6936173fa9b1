/* Records out of tables: cells as they stand, faults where they are. */
#include "test_csv.h"

#include "base/clock.h"
#include "core/data/csvread.h"

static struct csvread *open_ok(const char *path, const struct csv_opts *o)
{
    struct csvread *r;
    struct err e = { 0 };

    if (csvread_open(path, o, &r, &e) != ST_OK)
        fail_msg("%s: %s (%s)", path, e.code, e.param[0]);
    return r;
}

/* All records as text: "line:[cell][cell]|" with "!code" after a fault, "ERR code(p0)" for a refusal. */
static void render(struct csvread *r, struct buf *out)
{
    struct csv_row row;
    struct err e = { 0 };
    int64_t last = 0;
    int rc;

    while ((rc = csvread_next(r, &row, &e)) == 1) {
        assert_int_equal(row.record, ++last);
        buf_addf(out, "%d:", (int)row.line);
        for (int i = 0; i < row.n; i++)
            buf_addf(out, "[%s]", row.cell[i]);
        buf_addf(out, "%s%s|", row.code ? "!" : "", row.code ? row.code : "");
    }
    if (rc < 0) {
        struct err again = { 0 };

        buf_addf(out, "ERR %s(%s)", e.code, e.param[0]);
        assert_int_equal(csvread_next(r, &row, &again), -1);
        assert_string_equal(again.code, e.code);
    } else {
        assert_int_equal(csvread_next(r, &row, &e), 0);
    }
}

static void check(const char *in, size_t n, const struct csv_opts *o, const char *want)
{
    struct csvread *r;
    struct buf got = BUF_INIT;
    struct err e = { 0 };

    if (csvread_open(put_bytes(in, n), o, &r, &e) != ST_OK) {
        assert_null(r);
        buf_addf(&got, "ERR %s(%s)", e.code, e.param[0]);
        assert_string_equal(got.s, want);
        buf_release(&got);
        return;
    }
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1)
            assert_int_equal(csvread_rewind(r, &e), ST_OK);
        buf_clear(&got);
        render(r, &got);
        if (strcmp(got.s, want) != 0)
            fail_msg("pass %d of %s\n gives %s\n  want %s", pass, in, got.s, want);
    }
    buf_release(&got);
    csvread_close(r);
}

static void gives_cells_as_they_stand(void **state)
{
    static const struct { const char *in, *want; } cases[] = {
        { "a,b\n1,2\n3,4", "2:[1][2]|3:[3][4]|" },
        { "a,b\r\n1,2\r\n", "2:[1][2]|" },
        { "a,b\r1,2\r", "2:[1][2]|" },
        /* empty lines are no records */
        { "a,b\n\n\r\n1,2\n\n", "4:[1][2]|" },
        { "a,b\n 1 , 2\t\n", "2:[ 1 ][ 2\t]|" },                                /* blanks stay */
        { "a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", "2:[1,5][say \"hi\"]|" },
        { "a,b\n\"x\ny\r\nz\",2\n3,4\n", "2:[x\ny\r\nz][2]|5:[3][4]|" },        /* line ends in quotes stay */
        /* quotes inside a bare cell */
        { "a,b\n12\" pipe,5'6\"\n", "2:[12\" pipe][5'6\"]|" },
        { "a,b\n1, \"2,5\" \n", "2:[1][2,5]|" },                                /* blanks outside quotes go */
        { "a,b\n  \"1\"\t,2\n", "2:[1][2]|" },
        { "a,b\n\"1\",\"\"\n", "2:[1][]|" },
        { "a,b,c\n1\n1,2\n", "2:[1][][]|3:[1][2][]|" },                         /* missing cells are empty */
        /* empty ones too many are dropped */
        { "a,b\n1,2,,\n", "2:[1][2]|" },
        { "a,b\n1,2,3\n4,5\n", "2:[1][2][3]!import.extra_cells|3:[4][5]|" },
        { "a,b\n", "" },
        { "a,b", "" },
        { "a\n\"\"\n", "2:[]|" },
        { "a,b\n1,", "2:[1][]|" },
        /* a lone CR ends a line as well */
        { "a,b\nx\ry,z\n", "2:[x][]|3:[y][z]|" },
        { "sep=;\na;b\n1;2\n", "3:[1][2]|" },
        { "姓名,电话\n王小明,１３８\n", "2:[王小明][１３８]|" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check(cases[i].in, strlen(cases[i].in), NULL, cases[i].want);
}

static void rejects_a_record_and_goes_on(void **state)
{
    static const struct { const char *in, *want; } cases[] = {
        { "a,b\n\"x\"y,2\n3,4\n", "2:[\"x\"y,2][]!import.quote|3:[3][4]|" },
        { "a,b\n1,\"x\" y\r\n3,4\r\n", "2:[1][\"x\" y]!import.quote|3:[3][4]|" },
        { "a,b\n1,\"say \"\"hi\"\" \"you\"\n3,4\n",
          "2:[1][\"say \"\"hi\"\" \"you\"]!import.quote|3:[3][4]|" },
        /* a quote left open */
        { "a,b\n\"x,1\ny,\"z\"\n3,4\n", "2:[\"x,1\ny,\"z\"][]!import.quote|4:[3][4]|" },
        { "a,b\n1,\"x\"y", "2:[1][\"x\"y]!import.quote|" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check(cases[i].in, strlen(cases[i].in), NULL, cases[i].want);
}

static void refuses_the_file(void **state)
{
    static const struct { const char *in, *want; } cases[] = {
        { "", "ERR import.empty()" },
        { "\n\r\n\n", "ERR import.empty()" },
        { "\xEF\xBB\xBF", "ERR import.empty()" },
        { "sep=;\n", "ERR import.empty()" },
        { "a,b\n1,2\n3,\"x\ny\n", "2:[1][2]|ERR import.unclosed_quote(3)" },
        /* where the cell begins, not the record */
        { "a,b\n\"x\ny\",\"z", "ERR import.unclosed_quote(3)" },
        { "a,b\n1,2\n=======\n3,4\n", "2:[1][2]|ERR import.conflict(3)" },
        { "a,b\n1,2\n=======", "2:[1][2]|ERR import.conflict(3)" },
        { "a,b\n\"x\n=======\ny\",2\n", "2:[x\n=======\ny][2]|" },
        { "a,b\n<<<<<<< HEAD\n1,2\n", "ERR import.conflict(2)" },
        { "\"a\"x,b\n", "ERR import.header(1)" },
        { "<html>\n", "ERR import.html()" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check(cases[i].in, strlen(cases[i].in), NULL, cases[i].want);
}

static void takes_options(void **state)
{
    (void)state;
    check("1,2\n3,4\n", 8, &(struct csv_opts){ .no_header = true }, "1:[1][2]|2:[3][4]|");
    check("1,2\n3,4,5\n", 10, &(struct csv_opts){ .no_header = true },
          "1:[1][2]|2:[3][4][5]!import.extra_cells|");
    check("a:b\n1,2:3\n", 10, &(struct csv_opts){ .separator = ':' }, "2:[1,2][3]|");
    check("a,b\n'=1+1,'x\n'-5,''+2\n", 22, &(struct csv_opts){ .unguard = true },
          "2:[=1+1]['x]|3:[-5]['+2]|");
    check("a,b\n'=1+1,2\n", 12, NULL, "2:['=1+1][2]|");
    check("\xCD\xF5,b\n1,2\n", 9, &(struct csv_opts){ .encoding = "utf-8" }, "ERR import.encoding(utf-8)");
}

static void tells_the_header(void **state)
{
    struct csvread *r = open_ok(put(" name ,phone,,phone,\xE3\x80\x80备注\xC2\xA0\n1,2\n"), NULL);

    (void)state;
    assert_int_equal(csvread_columns(r), 5);
    assert_string_equal(csvread_name(r, 0), "name");
    assert_string_equal(csvread_name(r, 2), "");
    assert_string_equal(csvread_name(r, 4), "备注");
    assert_int_equal(csvread_find(r, "phone"), 1);
    assert_int_equal(csvread_find(r, "备注"), 4);
    assert_int_equal(csvread_find(r, "Phone"), -1);
    assert_int_equal(csvread_twin(r, 1), -1);
    assert_int_equal(csvread_twin(r, 3), 1);
    csvread_close(r);

    r = open_ok(put("x;y;z\n"), &(struct csv_opts){ .no_header = true });
    assert_int_equal(csvread_columns(r), 3);
    assert_string_equal(csvread_name(r, 2), "3");
    assert_int_equal(csvread_find(r, "1"), 0);
    assert_int_equal(csvread_dialect(r)->separator, ';');
    csvread_close(r);
}

/* Lines of every length up to 200 bytes, quoted line ends and CRLF, over many blocks of the file: a cut in
 * any place changes nothing. */
static void blocks_leave_no_trace(void **state)
{
    static const char *const ends[] = { "\n", "\r\n", "\r" };
    char fill[201];

    (void)state;
    memset(fill, 'x', sizeof fill);
    for (size_t k = 0; k < COUNT(ends); k++) {
        struct buf in = BUF_INIT;
        struct csv_row row;
        struct err e = { 0 };
        int64_t line = 2;

        buf_addf(&in, "id,text%s", ends[k]);
        for (int i = 0; i < 3000; i++)
            buf_addf(&in, "%d,\"%.*s%sé王\"%s", i, i % 201, fill, i % 3 ? "" : ends[k], ends[k]);

        struct csvread *r = open_ok(put_bytes(in.s, in.len), NULL);

        for (int i = 0; i < 3000; i++) {
            char want[300], id[16];

            assert_int_equal(csvread_next(r, &row, &e), 1);
            snprintf(id, sizeof id, "%d", i);
            snprintf(want, sizeof want, "%.*s%sé王", i % 201, fill, i % 3 ? "" : ends[k]);
            assert_int_equal(row.n, 2);
            assert_string_equal(row.cell[0], id);
            assert_string_equal(row.cell[1], want);
            assert_int_equal(row.line, line);
            line += i % 3 ? 1 : 2;
        }
        assert_int_equal(csvread_next(r, &row, &e), 0);
        csvread_close(r);
        buf_release(&in);
    }
}

static void finds_a_conflict_far_behind(void **state)
{
    static const char *const markers[] = { "<<<<<<< HEAD", "=======" };

    (void)state;
    for (int shift = 0; shift < 48; shift++) {      /* the marker falls on each side of a block's end */
        struct buf in = BUF_INIT;
        struct csv_row row;
        struct err e = { 0 };
        int rc;

        buf_adds(&in, "id,n\n");
        while (in.len < (64 << 10) - 64)
            buf_adds(&in, "1,2\n");
        while (in.len < (64 << 10) - 20 + (size_t)shift / 2)
            buf_addc(&in, '3');
        buf_addf(&in, "\n%s\n5,6\n", markers[shift % 2]);

        struct csvread *r = NULL;

        if (csvread_open(put_bytes(in.s, in.len), NULL, &r, &e) == ST_OK) {
            while ((rc = csvread_next(r, &row, &e)) == 1)
                continue;
            assert_int_equal(rc, -1);
        }
        assert_string_equal(e.code, "import.conflict");
        csvread_close(r);
        buf_release(&in);
    }
}

static void one_far_cell(struct buf *in, size_t n)
{
    buf_adds(in, "a,b\n1,\"");
    for (size_t i = 0; i < n; i++)
        buf_addc(in, 'x');
    buf_adds(in, "\"\n3,4\n");
}

static void holds_its_limits(void **state)
{
    struct buf in = BUF_INIT;
    struct csvread *r;
    struct csv_row row;
    struct err e = { 0 };

    (void)state;
    one_far_cell(&in, CSV_CELL_MAX);
    r = open_ok(put_bytes(in.s, in.len), NULL);
    assert_int_equal(csvread_next(r, &row, &e), 1);
    assert_int_equal(strlen(row.cell[1]), CSV_CELL_MAX);
    assert_int_equal(csvread_next(r, &row, &e), 1);
    csvread_close(r);

    buf_clear(&in);
    one_far_cell(&in, CSV_CELL_MAX + 1);
    r = open_ok(put_bytes(in.s, in.len), NULL);
    assert_int_equal(csvread_next(r, &row, &e), -1);
    assert_string_equal(e.code, "import.cell_size");
    assert_string_equal(e.param[0], "2");
    assert_int_equal(csvread_rewind(r, &e), ST_OK);         /* and is usable again */
    assert_int_equal(csvread_next(r, &row, &e), -1);
    csvread_close(r);

    buf_clear(&in);
    for (int i = 1; i < CSV_COLUMNS_MAX; i++)
        buf_addc(&in, ',');
    buf_adds(&in, "\n1\n");
    r = open_ok(put_bytes(in.s, in.len), NULL);
    assert_int_equal(csvread_columns(r), CSV_COLUMNS_MAX);
    assert_int_equal(csvread_next(r, &row, &e), 1);
    assert_int_equal(row.n, CSV_COLUMNS_MAX);
    csvread_close(r);

    buf_adds(&in, ",");
    for (int i = 0; i < CSV_COLUMNS_MAX; i++)
        buf_adds(&in, "x,");
    r = open_ok(put_bytes(in.s, in.len), NULL);
    assert_int_equal(csvread_next(r, &row, &e), 1);
    assert_int_equal(csvread_next(r, &row, &e), -1);
    assert_string_equal(e.code, "import.columns");
    assert_string_equal(e.param[0], "3");
    csvread_close(r);

    buf_clear(&in);
    buf_adds(&in, "a\n1\n");
    for (int i = 0; i < 2100000; i += 1000)
        buf_addf(&in, "%01000d,", i);
    r = open_ok(put_bytes(in.s, in.len), NULL);
    assert_int_equal(csvread_next(r, &row, &e), 1);
    assert_int_equal(csvread_next(r, &row, &e), -1);
    assert_string_equal(e.code, "import.row_size");
    csvread_close(r);
    buf_release(&in);
}

static void hashes_and_measures(void **state)
{
    struct csvread *r = open_ok(put("abc"), NULL);
    char hex[SHA256_TEXT];

    (void)state;
    assert_int_equal(csvread_sha256(r, hex, NULL), ST_OK);  /* FIPS 180-2, appendix B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(csvread_total(r), 3);
    assert_string_equal(csvread_encoding(r), "utf-8");
    assert_false(csvread_bom(r));
    csvread_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_cells_as_they_stand),
        cmocka_unit_test(rejects_a_record_and_goes_on),
        cmocka_unit_test(refuses_the_file),
        cmocka_unit_test(takes_options),
        cmocka_unit_test(tells_the_header),
        cmocka_unit_test(blocks_leave_no_trace),
        cmocka_unit_test(finds_a_conflict_far_behind),
        cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(hashes_and_measures),
    };

    return cmocka_run_group_tests(tests, NULL, remove_file);
}
