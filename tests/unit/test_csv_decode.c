/* Bytes to UTF-8. Expected bytes are written by hand, or made by one iconv() over the whole file. */
#include "test_csv.h"

#include <iconv.h>

#include "core/data/decode.h"

/* All text of a file, or the code of its refusal in *e. Reads it twice: a rewind must change nothing. */
static struct buf decode_all(const char *path, const char *encoding, char name[16], struct err *e)
{
    struct buf pass[2] = { BUF_INIT, BUF_INIT };
    struct decode *d;
    const char *s;
    size_t n;
    int rc = 0;

    err_clear(e);
    if (decode_open(path, encoding, &d, e) != ST_OK) {
        assert_null(d);
        return pass[0];
    }
    snprintf(name, 16, "%s%s", decode_name(d), decode_bom(d) ? "+" : "");
    for (int i = 0; i < 2 && rc == 0; i++) {
        assert_int_equal(decode_rewind(d, e), ST_OK);
        while ((rc = decode_next(d, &s, &n, e)) == 1)
            buf_add(&pass[i], s, n);
    }
    if (rc == 0) {
        assert_int_equal(decode_consumed(d), decode_total(d));
        assert_int_equal(pass[0].len, pass[1].len);
        assert_memory_equal(pass[0].s, pass[1].s, pass[0].len);
    }
    decode_close(d);
    buf_release(&pass[1]);
    return pass[0];
}

#define BYTES(s) s, sizeof(s) - 1

/* 王小明 is CD F5 D0 A1 C3 F7 in GBK; 𬭚 (U+2CB5A) is 99 33 AA 34 in GB18030 and F0 AC AD 9A in UTF-8;
 * 㐂 (U+3402) is 81 39 EF 31. */
static const struct { const char *in; size_t n; const char *forced, *name, *text; } good[] = {
    { BYTES("a,b\n"), NULL, "utf-8", "a,b\n" },
    { BYTES(""), NULL, "utf-8", "" },
    { BYTES("\xEF\xBB\xBF王,1"), NULL, "utf-8+", "王,1" },
    { BYTES("\xEF\xBB\xBF王,1"), "UTF-8", "utf-8+", "王,1" },
    { BYTES("\xFF\xFEn\0,\0\x8B\x73\n\0"), NULL, "utf-16le+", "n,王\n" },
    { BYTES("\xFE\xFF\0n\0,\x73\x8B\0\n"), NULL, "utf-16be+", "n,王\n" },
    { BYTES("n\0,\0\x8B\x73\n\0" "1\0,\0" "2\0\n\0"), NULL, "utf-16le", "n,王\n1,2\n" },
    { BYTES("\0n\0,\x73\x8B\0\n\0" "1\0,\0" "2\0\n"), NULL, "utf-16be", "n,王\n1,2\n" },
    { BYTES("\x8B\x73"), "utf-16le", "utf-16le", "王" },
    { BYTES("\x73\xD8\x5A\xDF"), "utf-16le", "utf-16le", "\xF0\xAC\xBD\x9A" },   /* U+2CF5A by surrogates */
    { BYTES("n\n\xCD\xF5\xD0\xA1\xC3\xF7\n"), NULL, "gb18030", "n\n王小明\n" },
    { BYTES("n\n\xCD\xF5\xD0\xA1\xC3\xF7\n"), "gbk", "gb18030", "n\n王小明\n" },
    { BYTES("\xCD\xF5\x99\x33\xAA\x34\n"), NULL, "gb18030", "王\xF0\xAC\xAD\x9A\n" },
    { BYTES("\x81\x39\xEF\x31"), "gb18030", "gb18030", "\xE3\x90\x82" },
    { BYTES("\x84\x31\x95\x33\xCD\xF5"), NULL, "gb18030+", "王" },
    { BYTES("caf\xC3\xA9"), NULL, "utf-8", "café" },
};

static void reads_each_encoding(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct err e;
        char name[16] = "";
        struct buf text = decode_all(put_bytes(good[i].in, good[i].n), good[i].forced, name, &e);

        if (e.status != ST_OK)
            fail_msg("case %zu: %s", i, e.code);
        assert_string_equal(name, good[i].name);
        assert_string_equal(text.s, good[i].text);
        buf_release(&text);
    }
}

static const struct { const char *in; size_t n; const char *forced, *code, *p0, *p1, *p2; } bad[] = {
    { BYTES("a,b\n1,\0\n"), NULL, "import.nul", "6", "2", "" },
    { BYTES("a,b\r\n1,\0\n"), "utf-8", "import.nul", "7", "2", "" },
    { BYTES("a\0,\0\n\0\0\0"), "utf-16le", "import.nul", "6", "2", "" },
    { BYTES("a\n\xCD\xF5\0"), "gbk", "import.nul", "4", "2", "" },
    { BYTES("a\r\rb\xFF"), "utf-8", "import.encoding", "utf-8", "4", "3" },
    { BYTES("a\nb\xE7\x8E"), "utf-8", "import.encoding", "utf-8", "3", "2" },    /* cut off at the end */
    { BYTES("\xC0\x80"), "utf-8", "import.encoding", "utf-8", "0", "1" },              /* overlong NUL */
    { BYTES("\xED\xA0\x80"), "utf-8", "import.encoding", "utf-8", "0", "1" },          /* a surrogate */
    { BYTES("\xF4\x90\x80\x80"), "utf-8", "import.encoding", "utf-8", "0", "1" },      /* beyond Unicode */
    { BYTES("a\0\n\0\0\xDC\n\0"), "utf-16le", "import.encoding", "utf-16le", "4", "2" },    /* lone */
    { BYTES("\xFF\xFE" "a\0\n\0b"), NULL, "import.encoding", "utf-16le", "6", "2" },       /* half a unit */
    { BYTES("a\n\xCD"), "gb18030", "import.encoding", "gb18030", "2", "2" },
    { BYTES("a\n\xCD\x20"), "gb18030", "import.encoding", "gb18030", "2", "2" },
    /* Latin-1 */
    { BYTES("name\nGarc\xED" "a\nM\xFC" "ller\n"), NULL, "import.encoding_unknown", "9", "2", "" },
    { BYTES("a,\xA9\n"), NULL, "import.encoding_unknown", "2", "1", "" },
    /* UTF-8 with one byte lost is no GBK, though the bytes would pass for it. */
    { BYTES("姓名\n王小明\n李\xE5\x9B\n"), NULL, "import.encoding", "utf-8", "20", "3" },
    { BYTES("a"), "latin1", "import.encoding_name", "latin1", "", "" },
    { BYTES("\1\2\3\4\5\6\7"), NULL, "import.binary", "", "", "" },
    { BYTES("PK\3\4xx"), NULL, "import.xlsx", "", "", "" },
};

static void refuses_with_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct err e;
        char name[16];
        struct buf text = decode_all(put_bytes(bad[i].in, bad[i].n), bad[i].forced, name, &e);

        buf_release(&text);
        if (strcmp(e.code, bad[i].code) || strcmp(e.param[0], bad[i].p0) || strcmp(e.param[1], bad[i].p1) ||
            strcmp(e.param[2], bad[i].p2))
            fail_msg("case %zu: %s (%s, %s, %s)", i, e.code, e.param[0], e.param[1], e.param[2]);
    }
}

/* A line of ASCII 40,000 times (1.2 MB), then `tail`: what the first megabyte says is not the last word. */
static struct buf late(const char *line, const char *tail)
{
    struct buf b = BUF_INIT;

    for (int i = 0; i < 40000; i++)
        buf_adds(&b, line);
    buf_adds(&b, tail);
    return b;
}

static void finds_gbk_after_a_megabyte_of_ascii(void **state)
{
    struct buf in = late("aaaaaaaaa,bbbbbbbbb,ccccccccc\n", "\xCD\xF5\xD0\xA1\xC3\xF7\n");
    struct err e;
    char name[16];
    struct buf text = decode_all(put_bytes(in.s, in.len), NULL, name, &e);

    (void)state;
    assert_int_equal(e.status, ST_OK);
    assert_string_equal(name, "gb18030");
    assert_int_equal(text.len, 1200000 + 10);
    assert_string_equal(text.s + 1200000, "王小明\n");
    buf_release(&in);
    buf_release(&text);
}

static void refuses_utf8_that_turns_into_gbk(void **state)
{
    /* A line has 6 + 1 + 9 + 1 + 11 + 1 = 29 bytes. */
    struct buf in = late("客户,王小明,13800138000\n", "\xCD\xF5\xD0\xA1\xC3\xF7\n");
    struct err e;
    char name[16];
    struct buf text = decode_all(put_bytes(in.s, in.len), NULL, name, &e);

    (void)state;
    assert_string_equal(e.code, "import.encoding");
    assert_string_equal(e.param[1], "1160000");     /* 40,000 lines of 29 bytes */
    assert_string_equal(e.param[2], "40001");
    buf_release(&in);
    buf_release(&text);
}

/* Characters of 1 to 4 bytes fall on every boundary of the blocks the file is read in. */
static void characters_survive_block_boundaries(void **state)
{
    static const struct { const char *iconv, *forced; } encodings[] = {
        { "UTF-8", "utf-8" }, { "UTF-16LE", "utf-16le" },
        { "UTF-16BE", "utf-16be" }, { "GB18030", "gb18030" },
    };
    struct buf want = BUF_INIT;

    (void)state;
    for (int i = 0; i < 60000; i++)
        buf_addf(&want, "%.*sé王\xF0\xAC\xAD\x9A\n", i % 3, "xy");
    for (size_t k = 0; k < COUNT(encodings); k++) {
        size_t left = want.len, room = want.len * 3;
        char *in = want.s, *raw = malloc(room), *out = raw, name[16];
        iconv_t cd = iconv_open(encodings[k].iconv, "UTF-8");
        struct err e;

        assert_int_equal(iconv(cd, &in, &left, &out, &room), 0);
        iconv_close(cd);
        for (int forced = 0; forced < 2; forced++) {
            struct buf text = decode_all(put_bytes(raw, (size_t)(out - raw)),
                                         forced ? encodings[k].forced : NULL, name, &e);

            if (e.status != ST_OK)
                fail_msg("%s: %s (%s, %s)", encodings[k].iconv, e.code, e.param[0], e.param[1]);
            assert_string_equal(name, encodings[k].forced);
            assert_int_equal(text.len, want.len);
            assert_memory_equal(text.s, want.s, want.len);
            buf_release(&text);
        }
        free(raw);
    }
    buf_release(&want);
}

static void span_ends_at_whole_characters(void **state)
{
    static const struct { const char *s; size_t n, span; bool bad; int64_t wide; } cases[] = {
        { BYTES("abcdefghij"), 10, false, 0 },
        { BYTES("abcdefgh\0j"), 8, true, 0 },
        { BYTES("abcdefg\x80j"), 7, true, 0 },
        { BYTES("王\xE7\x8E"), 3, false, 1 },
        { BYTES("é\xF0\xAC\xAD"), 2, false, 0 },
        { BYTES("\xF0\x80"), 0, true, 0 },
        { BYTES("\xE0\x80"), 0, true, 0 },
        { BYTES("\xC3("), 0, true, 0 },
    };
    bool is_bad;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t wide = 0;

        assert_int_equal(decode_utf8_span(cases[i].s, cases[i].n, &is_bad, &wide), cases[i].span);
        assert_int_equal(is_bad, cases[i].bad);
        assert_int_equal(wide, cases[i].wide);
    }
}

static void opens_only_regular_files(void **state)
{
    struct decode *d;
    struct err e;

    (void)state;
    assert_int_equal(decode_open("/nonexistent/x.csv", NULL, &d, &e), ST_NOT_FOUND);
    assert_string_equal(e.code, "import.no_file");
    assert_int_equal(decode_open("/", NULL, &d, &e), ST_FAILED);
    assert_string_equal(e.code, "import.not_file");
    assert_int_equal(decode_open("/dev/null", NULL, &d, &e), ST_FAILED);
    assert_string_equal(e.code, "import.not_file");
}

static void notices_that_the_file_changed(void **state)
{
    const char *path = put("a,b\n1,2\n");
    struct decode *d;
    struct err e;
    const char *s;
    size_t n;
    FILE *f;

    (void)state;
    assert_int_equal(decode_open(path, NULL, &d, &e), ST_OK);
    assert_int_equal(decode_next(d, &s, &n, &e), 1);
    f = fopen(path, "ab");
    fputs("3,4\n", f);
    fclose(f);
    assert_int_equal(decode_rewind(d, &e), ST_FAILED);
    assert_string_equal(e.code, "import.changed");
    decode_close(d);
}

/* The SHA-256 of "abc" is in FIPS 180-2, appendix B.1. */
static void hashes_the_raw_file(void **state)
{
    char hex[SHA256_TEXT];
    struct decode *d;

    (void)state;
    assert_int_equal(decode_open(put("abc"), NULL, &d, NULL), ST_OK);
    assert_int_equal(decode_sha256(d, hex, NULL), ST_OK);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    decode_close(d);
}

/* ---- real files ------------------------------------------------------------------------------------ */

static void gbk_customers_equal_iconv(void **state)
{
    const char *path = shared("names_cn/derived_customers_gbk_crlf.csv");
    struct buf raw = slurp(path);
    size_t left = raw.len, room = raw.len * 2;
    char *in = raw.s, *want = malloc(room), *out = want, name[16];
    iconv_t cd = iconv_open("UTF-8", "GB18030");
    struct err e;
    struct buf text = decode_all(path, NULL, name, &e);

    (void)state;
    assert_int_equal(iconv(cd, &in, &left, &out, &room), 0);
    iconv_close(cd);
    assert_string_equal(name, "gb18030");
    assert_int_equal(text.len, out - want);
    assert_memory_equal(text.s, want, text.len);
    free(want);
    buf_release(&raw);
    buf_release(&text);
}

static void rare_characters_equal_their_twin(void **state)
{
    struct buf want = slurp(shared("names_cn/derived_not_in_gbk_utf8.txt"));
    char name[16];
    struct err e;
    struct buf text = decode_all(shared("names_cn/derived_not_in_gbk_gb18030.txt"), NULL, name, &e);

    (void)state;
    assert_string_equal(name, "gb18030");
    assert_int_equal(text.len, want.len);
    assert_memory_equal(text.s, want.s, want.len);
    buf_release(&want);
    buf_release(&text);
}

static void utf8_files_come_back_unchanged(void **state)
{
    static const char *const files[] = {
        "names_cn/ancient_names_even.txt", "names_cn/derived_family_names.txt",
        "names_cn/derived_not_in_gbk_utf8.txt", "names_cn/tongyong_guifan_level-1.txt",
        "names_cn/tongyong_guifan_level-2.txt", "names_cn/tongyong_guifan_level-3.txt",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct buf want = slurp(shared(files[i]));
        char name[16];
        struct err e;
        struct buf text = decode_all(shared(files[i]), NULL, name, &e);

        assert_string_equal(name, "utf-8");
        assert_int_equal(text.len, want.len);
        assert_memory_equal(text.s, want.s, want.len);
        buf_release(&want);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_encoding),
        cmocka_unit_test(refuses_with_place),
        cmocka_unit_test(finds_gbk_after_a_megabyte_of_ascii),
        cmocka_unit_test(refuses_utf8_that_turns_into_gbk),
        cmocka_unit_test(characters_survive_block_boundaries),
        cmocka_unit_test(span_ends_at_whole_characters),
        cmocka_unit_test(opens_only_regular_files),
        cmocka_unit_test(notices_that_the_file_changed),
        cmocka_unit_test(hashes_the_raw_file),
        cmocka_unit_test(gbk_customers_equal_iconv),
        cmocka_unit_test(rare_characters_equal_their_twin),
        cmocka_unit_test(utf8_files_come_back_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, remove_file);
}
