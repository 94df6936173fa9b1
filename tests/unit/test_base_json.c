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
        cmocka_unit_test(what_it_writes_it_reads),
        cmocka_unit_test(writes_the_shortest_number),
        cmocka_unit_test(misuse_is_a_bug),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
