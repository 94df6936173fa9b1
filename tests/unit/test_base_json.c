/* JSON in and out. With SHARED set to a folder that has data/json, the files of JSONTestSuite
 * too. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct json *parsed(const char *s)
{
    struct json *root;
    struct err e;

    if (json_parse(s, strlen(s), &root, &e) != ST_OK)
        fail_msg("%s: %s %s", s, e.code, e.param[0]);
    return root;
}

static void reads_every_kind_of_value(void **state)
{
    struct json *root = parsed(" {\"s\":\"a\\n\\u4e2d\\ud83d\\ude00\\/\",\"n\":-12.5e1,\"t\":true,"
                               "\"f\":false,\"z\":null,\"a\":[1,\"x\",[]],\"o\":{\"\":0}}\n");
    const struct json *a, *c;

    (void)state;
    assert_int_equal(json_type(root), JSON_OBJECT);
    assert_string_equal(json_string(json_get(root, "s")), "a\n中😀/");
    assert_true(json_number(json_get(root, "n")) == -125.0);
    assert_true(json_bool(json_get(root, "t")));
    assert_false(json_bool(json_get(root, "f")));
    assert_int_equal(json_type(json_get(root, "f")), JSON_BOOL);
    assert_int_equal(json_type(json_get(root, "z")), JSON_NULL);
    a = json_get(root, "a");
    assert_int_equal(json_type(a), JSON_ARRAY);
    c = json_first(a);
    assert_true(json_number(c) == 1);
    c = json_next(c);
    assert_string_equal(json_string(c), "x");
    c = json_next(c);
    assert_null(json_first(c));
    assert_null(json_next(c));
    assert_string_equal(json_key(json_first(json_get(root, "o"))), "");
    json_free(root);
}

static void what_is_not_there_is_nothing(void **state)
{
    struct json *root = parsed("{\"a\":1}");

    (void)state;
    assert_null(json_get(root, "A"));
    assert_null(json_get(json_get(root, "a"), "b"));
    assert_null(json_get(NULL, "a"));
    assert_null(json_string(json_get(root, "a")));
    assert_null(json_string(NULL));
    assert_true(isnan(json_number(NULL)));
    assert_true(isnan(json_number(root)));
    assert_false(json_bool(json_get(root, "a")));
    assert_null(json_first(json_get(root, "a")));
    json_free(root);
    json_free(NULL);
}

static void says_what_is_wrong_and_where(void **state)
{
    static const struct { const char *s, *code, *param; } rows[] = {
        { "", "json.syntax", "0" },
        { "  ", "json.syntax", "2" },
        { "[1,]", "json.syntax", "3" },
        { "[1 2]", "json.syntax", "3" },
        { "{\"a\":1,}", "json.syntax", "7" },
        { "{a:1}", "json.syntax", "1" },
        { "{\"a\" 1}", "json.syntax", "5" },
        { "{\"a\":1", "json.syntax", "6" },
        { "[1] x", "json.syntax", "4" },
        { "01", "json.syntax", "1" },
        { "1.", "json.syntax", "2" },
        { ".5", "json.syntax", "0" },
        { "+1", "json.syntax", "0" },
        { "-", "json.syntax", "1" },
        { "1e", "json.syntax", "2" },
        { "0x1", "json.syntax", "1" },
        { "NaN", "json.syntax", "0" },
        { "nul", "json.syntax", "0" },
        { "True", "json.syntax", "0" },
        { "'a'", "json.syntax", "0" },
        { "\"a", "json.syntax", "2" },
        { "\"a\nb\"", "json.syntax", "2" },
        { "\"\\x\"", "json.syntax", "2" },
        { "\"\\u12g4\"", "json.syntax", "5" },
        { "\"\\u0000\"", "json.syntax", "2" },
        { "{\"a\\u0000b\":1}", "json.syntax", "4" },
        { "\"\\ud800\"", "json.syntax", "2" },
        { "\"\\ude00\\ud83d\"", "json.syntax", "2" },
        { "\"\\ud83d\\u0041\"", "json.syntax", "2" },
        { "[1e400]", "json.syntax", "1" },
        { "[\xFF]", "json.utf8", "1" },
        { "\"\xED\xA0\x80\"", "json.utf8", "1" },
        { "\"中\xE4\xB8\"", "json.utf8", "4" },
        { "\xEF\xBB\xBF{}", "json.syntax", "0" },
        { "{\"a\":1,\"b\":2,\"a\":3}", "json.duplicate", "a" },
        { "[{\"x\":{\"k\":1,\"\\u006b\":2}}]", "json.duplicate", "k" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *root = (struct json *)&root;
        struct err e;

        if (json_parse(rows[i].s, strlen(rows[i].s), &root, &e) != ST_INVALID ||
            strcmp(e.code, rows[i].code) != 0 || strcmp(e.param[0], rows[i].param) != 0)
            fail_msg("%s: %s %s", rows[i].s, e.code, e.param[0]);
        assert_null(root);
    }
}

static void a_nul_byte_does_not_end_the_text(void **state)
{
    struct json *root;
    struct err e;

    (void)state;
    assert_int_equal(json_parse("1\0", 2, &root, &e), ST_INVALID);
    assert_string_equal(e.param[0], "1");
    assert_int_equal(json_parse("[1]garbage", 3, &root, NULL), ST_OK);
    json_free(root);
}

static enum status parse_nested(int depth, struct err *e)
{
    struct buf b = BUF_INIT;
    struct json *root;
    enum status st;

    for (int i = 0; i < depth; i++)
        buf_adds(&b, i % 2 ? "{\"k\":" : "[");
    buf_adds(&b, "1");
    for (int i = depth - 1; i >= 0; i--)
        buf_adds(&b, i % 2 ? "}" : "]");
    st = json_parse(b.s, b.len, &root, e);
    json_free(root);
    buf_release(&b);
    return st;
}

static void depth_and_size_are_limited(void **state)
{
    struct buf b = BUF_INIT;
    struct json *root;
    struct err e;

    (void)state;
    assert_int_equal(parse_nested(32, &e), ST_OK);
    assert_int_equal(parse_nested(33, &e), ST_INVALID);
    assert_string_equal(e.code, "json.depth");
    assert_int_equal(parse_nested(100000, &e), ST_INVALID);
    assert_string_equal(e.code, "json.depth");
    for (int i = 0; i <= JSON_VALUES; i++)
        buf_adds(&b, i ? ",1" : "[1");
    buf_adds(&b, "]");
    assert_int_equal(json_parse(b.s, b.len, &root, &e), ST_INVALID);
    assert_string_equal(e.code, "json.size");
    buf_clear(&b);
    buf_addc(&b, '"');
    while (b.len < JSON_MAX)
        buf_adds(&b, "0123456789abcdef");
    buf_addc(&b, '"');
    assert_int_equal(json_parse(b.s, b.len, &root, &e), ST_INVALID);
    assert_string_equal(e.code, "json.size");
    buf_release(&b);
}

/* Quadratic work would take minutes here. */
static void a_large_object_is_checked_for_duplicates(void **state)
{
    struct buf b = BUF_INIT;
    struct json *root;
    struct err e;

    (void)state;
    for (int i = 0; i < 200000; i++)
        buf_addf(&b, "%s\"k%d\":%d", i ? "," : "{", i, i);
    buf_adds(&b, "}");
    assert_int_equal(json_parse(b.s, b.len, &root, &e), ST_OK);
    json_free(root);
    buf_cut(&b, b.len - 1);
    buf_adds(&b, ",\"k77\":0}");
    assert_int_equal(json_parse(b.s, b.len, &root, &e), ST_INVALID);
    assert_string_equal(e.param[0], "k77");
    buf_release(&b);
}

/* cJSON stops after 63 digits. */
static void long_numbers_are_read_whole(void **state)
{
    struct json *root = parsed(
        "{\"123456789012345678901234567890123456789012345678901234567890123456789\\\"\":"
        "0.1000000000000000000000000000000000000000000000000000000000000000000000000001,\"b\":"
        "[10000000000000000000000000000000000000000000000000000000000000000000000000000000000, 7]}");
    const struct json *b = json_get(root, "b");

    (void)state;
    assert_true(json_number(json_first(root)) == 0.1);
    assert_string_equal(json_key(json_first(root)),
                        "123456789012345678901234567890123456789012345678901234567890123456789\"");
    assert_true(json_number(json_first(b)) == 1e82);
    assert_true(json_number(json_next(json_first(b))) == 7);
    json_free(root);
}

/* --- JSONTestSuite ---------------------------------------------------------------------------- */

/* Right by RFC 8259, refused by us: json.h says why. */
static const char *const refused_on_purpose[] = {
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json", "y_string_null_escape.json",
};

static bool on_purpose(const char *name)
{
    for (size_t i = 0; i < COUNT(refused_on_purpose); i++)
        if (strcmp(name, refused_on_purpose[i]) == 0)
            return true;
    return false;
}

static enum status parse_file(const char *dir, const char *name, struct err *e)
{
    static char text[1 << 20];
    char path[1024];
    struct json *root;
    enum status st;
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    n = fread(text, 1, sizeof text, f);
    fclose(f);
    st = json_parse(text, n, &root, e);
    json_free(root);
    return st;
}

static void agrees_with_the_json_test_suite(void **state)
{
    const char *shared = getenv("SHARED");
    char dir[512];
    struct dirent *entry;
    int good = 0, bad = 0;
    DIR *d = NULL;

    (void)state;
    snprintf(dir, sizeof dir, "%s/data/json/JSONTestSuite/test_parsing", shared ? shared : "");
    if (shared)
        d = opendir(dir);
    if (!d) {
        print_message("skipped: JSONTestSuite is read from $SHARED/data/json\n");
        skip();
    }
    while ((entry = readdir(d))) {
        const char *name = entry->d_name;
        struct err e = { 0 };
        enum status st;

        if (name[0] == '.' || name[1] != '_')
            continue;
        st = parse_file(dir, name, &e);
        if (name[0] == 'y' && (st == ST_OK) == on_purpose(name))
            fail_msg("%s: %s %s", name, e.code, e.param[0]);
        if (name[0] == 'n' && st == ST_OK)
            fail_msg("%s is taken", name);
        good += name[0] == 'y';
        bad += name[0] == 'n';
    }
    closedir(d);
    assert_true(good > 10 && bad > 10);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void writes_nested_values(void **state)
{
    struct buf b = BUF_INIT;
    struct jw w;

    (void)state;
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "rows");
    jw_array(&w);
    jw_int(&w, INT64_MIN);
    jw_id(&w, 9007199254740993);
    jw_id(&w, 0);
    jw_bool(&w, true);
    jw_bool(&w, false);
    jw_null(&w);
    jw_str(&w, NULL);
    jw_array(&w);
    jw_end_array(&w);
    jw_object(&w);
    jw_end_object(&w);
    jw_end_array(&w);
    jw_key(&w, "");
    jw_strn(&w, "abc", 2);
    jw_end_object(&w);
    assert_string_equal(b.s, "{\"rows\":[-9223372036854775808,\"9007199254740993\",null,true,false,null,"
                             "null,[],{}],\"\":\"ab\"}");
    buf_release(&b);
}

static const char *written(const char *s, size_t n)
{
    static struct buf b = BUF_INIT;
    struct jw w;

    buf_clear(&b);
    jw_init(&w, &b);
    jw_strn(&w, s, n);
    return b.s;
}

#define assert_written(in, expect) assert_string_equal(written((in), sizeof(in) - 1), (expect))

static void escapes_what_it_must_and_what_drives_terminals(void **state)
{
    (void)state;
    assert_written("", "\"\"");
    assert_written("中文 é 😀", "\"中文 é 😀\"");
    assert_written("\"\\/", "\"\\\"\\\\/\"");
    assert_written("\b\t\n\v\f\r", "\"\\b\\t\\n\\u000b\\f\\r\"");
    assert_written("\x1B[0m\0\x7F", "\"\\u001b[0m\\u0000\\u007f\"");
    assert_written("\xC2\x9B", "\"\\u009b\"");
    assert_written("a\xE2\x80\xAE" "b", "\"a\\u202eb\"");
    assert_written("\xE2\x80\xA8", "\"\\u2028\"");
    assert_written("\xF3\xA0\x81\x81", "\"\\udb40\\udc41\"");            /* U+E0041 */
    assert_written("\xE4\xB8x\xFF", "\"\xEF\xBF\xBD\xEF\xBF\xBDx\xEF\xBF\xBD\"");
}

/* The same a character at a time. */
static void add_plainly(struct buf *out, const char *s, size_t n)
{
    size_t len;

    buf_addc(out, '"');
    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len);

        if (len == 1 && (unsigned char)s[i] >= 0x80)
            buf_adds(out, "\xEF\xBF\xBD");
        else if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", (int)c);
        else if (c >= 8 && c <= 13 && c != 11)
            buf_addf(out, "\\%c", "btn.fr"[c - 8]);
        else if (text_hidden(c) && c < 0x10000)
            buf_addf(out, "\\u%04x", (unsigned)c);
        else if (text_hidden(c))
            buf_addf(out, "\\u%04x\\u%04x", 0xD800 + ((unsigned)(c - 0x10000) >> 10),
                     0xDC00 + ((unsigned)c & 0x3FF));
        else
            buf_add(out, s + i, len);
    }
    buf_addc(out, '"');
}

static void check_text(const char *s, size_t n)
{
    struct buf out = BUF_INIT, want = BUF_INIT;
    struct jw w;

    jw_init(&w, &out);
    jw_strn(&w, s, n);
    add_plainly(&want, s, n);
    assert_int_equal(out.len, want.len);
    assert_memory_equal(out.s, want.s, want.len + 1);
    buf_release(&out);
    buf_release(&want);
}

/* Clean text goes in runs and eight bytes at a step: each kind of character at each place among others. */
static void a_run_ends_where_an_escape_is_due(void **state)
{
    static const char *const pieces[] = {
        "\"", "\\", "\n", "\x01", "\x1f", " ", "~", "\x7f", "\xc2\x80", "\xc2\x9f", "\xc2\xa0", "\xc2\xad",
        "中", "\xe3\xbf\xbf", "\xe4\x80\x80", "\xe9\xbf\xbf", "\xea\x80\x80", "\xe2\x80\x8b",
        "\xef\xbb\xbf", "😀",
        "\xf3\xa0\x80\x81", "\x80", "\xff", "\xe4", "\xe4\xb8", "\xe4\xb8\x41", "\xed\xa0\x80", "\xc0\x80" };

    (void)state;
    for (size_t k = 0; k < COUNT(pieces); k++)
        for (size_t n = 0; n < 20; n++)
            for (size_t at = 0; at <= n; at++) {
                char text[64] = "";
                const char *next = pieces[(k + n) % COUNT(pieces)];
                size_t len = strlen(pieces[k]);

                for (size_t i = 0; i < at; i++)
                    text[i] = (char)('a' + i);
                memcpy(text + at, pieces[k], len);
                for (size_t i = at + len; i < n + len; i++)
                    text[i] = (char)('A' + i % 26);
                check_text(text, n + len);
                memcpy(text + at + len, next, strlen(next));
                check_text(text, n + len);
            }
}

/* Every byte alone, and every pair of them. */
static void every_pair_of_bytes_is_written_as_told(void **state)
{
    (void)state;
    for (int i = 0; i < 65536; i++) {
        char one = (char)(i >> 8), two = (char)i;
        char text[12] = { one, two, 'a', 'b', 'c', 'd', 'e', 'f', 'g', two, one, 'h' };

        check_text(text, sizeof text);
    }
}

static void numbers_have_all_their_digits(void **state)
{
    uint64_t dice = 7;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        static const int64_t edges[] = { 0, 9, 10, 99, 100, 101, 999, 1000, 9999, INT64_MAX, INT64_MIN };
        struct buf out = BUF_INIT;
        char want[32];
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        int64_t v = i < (int)COUNT(edges) ? edges[i] : (int64_t)dice >> (dice & 63);

        buf_addi(&out, v);
        snprintf(want, sizeof want, "%lld", (long long)v);
        assert_string_equal(out.s, want);
        buf_release(&out);
    }
}

static void a_key_worked_out_once_is_the_key(void **state)
{
    struct arena a = ARENA_INIT;
    struct buf out = BUF_INIT;
    struct jw_name plain = jw_name(&a, "owner", "_id"), odd = jw_name(&a, "attr.", "a\"中\x01");
    struct jw w;

    (void)state;
    jw_init(&w, &out);
    jw_object(&w);
    jw_named(&w, &plain);
    jw_int(&w, 1);
    jw_named(&w, &odd);
    jw_null(&w);
    jw_key(&w, "x");
    jw_object(&w);
    jw_named(&w, &odd);
    jw_bool(&w, true);
    jw_end_object(&w);
    jw_named(&w, &plain);
    jw_str(&w, "");
    jw_end_object(&w);
    assert_string_equal(out.s, "{\"owner_id\":1,\"attr.a\\\"中\\u0001\":null,"
                               "\"x\":{\"attr.a\\\"中\\u0001\":true},\"owner_id\":\"\"}");
    buf_release(&out);
    arena_free(&a);
}

static void what_it_writes_it_reads(void **state)
{
    char s[8];

    (void)state;
    for (unsigned c = 1; c < 0x11000; c += c < 0x3000 ? 1 : 97) {
        struct buf b = BUF_INIT;
        struct json *root;
        struct jw w;

        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        if (c < 0x80)
            snprintf(s, sizeof s, "%c", (int)c);
        else if (c < 0x800)
            snprintf(s, sizeof s, "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
        else if (c < 0x10000)
            snprintf(s, sizeof s, "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3F)),
                     (int)(0x80 | (c & 0x3F)));
        else
            continue;
        jw_init(&w, &b);
        jw_object(&w);
        jw_key(&w, s);
        jw_str(&w, s);
        jw_end_object(&w);
        root = parsed(b.s);
        assert_string_equal(json_string(json_get(root, s)), s);
        json_free(root);
        buf_release(&b);
    }
}

static void writes_the_shortest_number(void **state)
{
    static const struct { double v; const char *text; } rows[] = {
        { 0, "0" }, { 0.1, "0.1" }, { 1.0 / 3, "0.3333333333333333" }, { -2.5, "-2.5" },
        { 1e21, "1e+21" }, { 100, "100" }, { 5e-324, "5e-324" }, { 123456789012, "123456789012" },
        { 0.1 + 0.2, "0.30000000000000004" }, { 1.7976931348623157e308, "1.7976931348623157e+308" },
        { INFINITY, "null" }, { NAN, "null" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b = BUF_INIT;
        struct jw w;

        jw_init(&w, &b);
        jw_num(&w, rows[i].v);
        assert_string_equal(b.s, rows[i].text);
        buf_release(&b);
    }
}

static void value_without_key(struct jw *w)
{
    jw_object(w);
    jw_int(w, 1);
}

static void key_without_value(struct jw *w)
{
    jw_object(w);
    jw_key(w, "a");
    jw_end_object(w);
}

static void wrong_bracket(struct jw *w)
{
    jw_array(w);
    jw_end_object(w);
}

static void two_documents(struct jw *w)
{
    jw_int(w, 1);
    jw_int(w, 2);
}

static void too_deep(struct jw *w)
{
    for (int i = 0; i <= JSON_DEPTH; i++)
        jw_array(w);
}

static void misuse_is_a_bug(void **state)
{
    static void (*const rows[])(struct jw *) = {
        value_without_key, key_without_value, wrong_bracket, two_documents, too_deep,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int status;
        pid_t pid = fork();

        if (pid == 0) {
            struct buf b = BUF_INIT;
            struct jw w;

            signal(SIGABRT, SIG_DFL);
            fclose(stderr);
            jw_init(&w, &b);
            rows[i](&w);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind_of_value),
        cmocka_unit_test(what_is_not_there_is_nothing),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(a_nul_byte_does_not_end_the_text),
        cmocka_unit_test(depth_and_size_are_limited),
        cmocka_unit_test(a_large_object_is_checked_for_duplicates),
        cmocka_unit_test(long_numbers_are_read_whole),
        cmocka_unit_test(agrees_with_the_json_test_suite),
        cmocka_unit_test(writes_nested_values),
        cmocka_unit_test(escapes_what_it_must_and_what_drives_terminals),
        cmocka_unit_test(a_run_ends_where_an_escape_is_due),
        cmocka_unit_test(every_pair_of_bytes_is_written_as_told),
        cmocka_unit_test(numbers_have_all_their_digits),
        cmocka_unit_test(a_key_worked_out_once_is_the_key),
        cmocka_unit_test(what_it_writes_it_reads),
        cmocka_unit_test(writes_the_shortest_number),
        cmocka_unit_test(misuse_is_a_bug),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
