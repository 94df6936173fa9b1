/* INI files: what is read, where it is wrong, which files are refused; the user's folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/settings.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static char dir[64];
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "%s", "/tmp/gonghai-settings-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    arena_free(&arena);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static const char *in_dir(const char *name)
{
    return arena_printf(&arena, "%s/%s", dir, name);
}

static const char *file_of(const char *name, const char *text, mode_t mode)
{
    const char *path = in_dir(name);
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static enum status parse(struct settings *list, const char *text, struct err *e)
{
    *list = (struct settings){ .arena = &arena };
    return settings_parse("x.ini", text, strlen(text), settings_collect, list, e);
}

#define assert_setting(s, l, sec, k, v) \
    do { \
        assert_int_equal((s).line, (l)); \
        assert_string_equal((s).section, (sec)); \
        assert_string_equal((s).key, (k)); \
        assert_string_equal((s).value, (v)); \
    } while (0)

static void reads_a_file(void **state)
{
    struct settings s;

    (void)state;
    assert_int_equal(parse(&s, "\xEF\xBB\xBF; comment\r\n"
                               "top = 1\r\n"
                               "\r\n"
                               "[ui]   ; about looks\n"
                               "# comment\n"
                               "theme=dark\n"
                               "   keybar :  fkeys   ; F1 .. F10\n"
                               "empty =\n"
                               "[ 表格 ]\n"
                               "列 = 姓名, 电话\n"
                               "eq = a=b:c;d#e\n"
                               "theme = last", NULL), ST_OK);
    assert_int_equal(s.n, 7);
    assert_setting(s.item[0], 2, "", "top", "1");
    assert_setting(s.item[1], 6, "ui", "theme", "dark");
    assert_setting(s.item[2], 7, "ui", "keybar", "fkeys");
    assert_setting(s.item[3], 8, "ui", "empty", "");
    assert_setting(s.item[4], 10, "表格", "列", "姓名, 电话");
    assert_setting(s.item[5], 11, "表格", "eq", "a=b:c;d#e");
    assert_setting(s.item[6], 12, "表格", "theme", "last");
    assert_string_equal(s.item[0].file, "x.ini");
    assert_string_equal(settings_get(&s, "ui", "theme"), "dark");
    assert_null(settings_get(&s, "ui", "top"));
    assert_null(settings_get(&s, "Ui", "theme"));
}

static void nothing_is_an_empty_list(void **state)
{
    struct settings s;

    (void)state;
    assert_int_equal(parse(&s, "", NULL), ST_OK);
    assert_int_equal(s.n, 0);
    assert_int_equal(parse(&s, "\n\n[a]\n;\n#x=1\n", NULL), ST_OK);
    assert_int_equal(s.n, 0);
}

/* inih would make the second line a part of the first value. */
static void indented_lines_are_lines(void **state)
{
    struct settings s;

    (void)state;
    assert_int_equal(parse(&s, "a = 1\n    b = 2\n\tc = 3\n", NULL), ST_OK);
    assert_int_equal(s.n, 3);
    assert_setting(s.item[1], 2, "", "b", "2");
    assert_setting(s.item[2], 3, "", "c", "3");
}

static void the_last_of_equal_keys_counts(void **state)
{
    struct settings s;

    (void)state;
    parse(&s, "[a]\nk=1\n[b]\nk=2\n[a]\nk=3\n", NULL);
    assert_int_equal(s.n, 3);
    assert_string_equal(settings_get(&s, "a", "k"), "3");
}

/* inih's own limit is 200 bytes a line. */
static void long_values_come_whole(void **state)
{
    struct buf text = BUF_INIT, value = BUF_INIT;
    struct settings s;

    (void)state;
    for (int i = 0; value.len < 4000; i++)
        buf_addf(&value, "%s值%d;%s#", i % 3 ? " " : "", i, i % 5 ? "x" : "  y");
    buf_cut(&value, value.len - 1);
    buf_addf(&text, "[s]\nbefore = 1\nlong = %s ; comment\nafter = 2\n", value.s);
    assert_int_equal(parse(&s, text.s, NULL), ST_OK);
    assert_int_equal(s.n, 3);
    assert_setting(s.item[1], 3, "s", "long", value.s);
    assert_setting(s.item[2], 4, "s", "after", "2");
    buf_release(&text);
    buf_release(&value);
}

static void every_length_of_line_is_read(void **state)
{
    (void)state;
    for (size_t n = 150; n < 450; n++) {
        char text[512] = "a=1\nkey = ";
        struct settings s;
        size_t at = strlen(text);

        memset(text + at, 'v', n);
        memcpy(text + at + n, "\nb=2\n", 6);
        assert_int_equal(parse(&s, text, NULL), ST_OK);
        assert_int_equal(s.n, 3);
        assert_int_equal(strlen(s.item[1].value), n);
        assert_setting(s.item[2], 3, "", "b", "2");
    }
}

static void says_which_line_is_wrong(void **state)
{
    static const struct { const char *text, *code, *line; } rows[] = {
        { "a=1\nnonsense\nb=2", "settings.syntax", "2" },
        { "a=1\n\n= 2\n", "settings.syntax", "3" },
        { "\xEF\xBB\xBF\xEF\xBB\xBF= c\n", "settings.syntax", "1" },
        { "[open\n", "settings.syntax", "1" },
        { "[a ; x ]\n", "settings.syntax", "1" },
        { "a=1\rb=2", "settings.syntax", "1" },
        { "ok=1\nbad=\xFF\n", "settings.utf8", "2" },
        { "[12345678901234567890123456789012345678901234567890]\n", "settings.long", "1" },
        { "1234567890123456789012345678901234567890123456789012345678901234567890"
          "1234567890123456789012345678901=x\n", "settings.long", "1" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct settings s;
        struct err e;

        assert_int_equal(parse(&s, rows[i].text, &e), ST_INVALID);
        assert_string_equal(e.code, rows[i].code);
        assert_string_equal(e.param[0], "x.ini");
        assert_string_equal(e.param[1], rows[i].line);
    }
    assert_int_equal(settings_parse("n", "a=\0b", 4, settings_collect,
                                    &(struct settings){ .arena = &arena }, NULL), ST_INVALID);
}

static void too_much_is_refused(void **state)
{
    struct buf b = BUF_INIT;
    struct settings s;
    struct err e;

    (void)state;
    buf_adds(&b, "k = ");
    while (b.len <= SETTINGS_LINE)
        buf_adds(&b, "0123456789");
    assert_int_equal(parse(&s, b.s, &e), ST_INVALID);
    assert_string_equal(e.code, "settings.long");
    while (b.len <= SETTINGS_MAX)
        buf_adds(&b, "\n# 0123456789");
    assert_int_equal(parse(&s, b.s, &e), ST_INVALID);
    assert_string_equal(e.code, "settings.size");
    assert_int_equal(settings_load(file_of("big", b.s, 0600), 0, settings_collect, &s, &e),
                     ST_INVALID);
    assert_string_equal(e.code, "settings.size");
    buf_release(&b);
}

/* Refuses the key "bad" and counts the others. */
static enum status pick(void *ctx, const struct setting *s, struct err *e)
{
    if (strcmp(s->key, "bad") == 0)
        return settings_fail(e, s, "theme.unknown");
    ++*(int *)ctx;
    return ST_OK;
}

static void the_caller_can_find_fault(void **state)
{
    static const char text[] = "a=1\n\nbad = x y\nb=2\nnonsense\n";
    struct err e;
    int n = 0;

    (void)state;
    assert_int_equal(settings_parse("t.ini", text, strlen(text), pick, &n, &e), ST_INVALID);
    assert_int_equal(n, 1);
    assert_string_equal(e.code, "theme.unknown");
    assert_string_equal(e.param[0], "t.ini");
    assert_string_equal(e.param[1], "3");
    assert_string_equal(e.param[2], "bad");
    assert_string_equal(e.param[3], "x y");
}

static void files_are_loaded_or_refused(void **state)
{
    struct settings s = { .arena = &arena };
    struct err e;

    (void)state;
    assert_int_equal(settings_load(file_of("a.ini", "k = v\n", 0644), SETTINGS_TRUSTED,
                                   settings_collect, &s, &e), ST_OK);
    assert_string_equal(settings_get(&s, "", "k"), "v");
    assert_int_equal(settings_load(in_dir("none"), 0, settings_collect, &s, &e), ST_NOT_FOUND);
    assert_string_equal(e.code, "settings.missing");
    assert_int_equal(settings_load(in_dir("none"), SETTINGS_OPTIONAL, settings_collect, &s, &e),
                     ST_OK);
    assert_int_equal(settings_load(dir, 0, settings_collect, &s, &e), ST_FAILED);
    assert_string_equal(e.code, "settings.open");
    assert_int_equal(mkfifo(in_dir("pipe"), 0600), 0);
    assert_int_equal(settings_load(in_dir("pipe"), 0, settings_collect, &s, &e), ST_FAILED);
}

static void files_that_others_may_write_are_refused_where_asked(void **state)
{
    static const mode_t modes[] = { 0666, 0664, 0622, 0602 };
    struct settings s = { .arena = &arena };
    struct err e;

    (void)state;
    for (size_t i = 0; i < COUNT(modes); i++) {
        const char *path = file_of("w.ini", "k = v\n", modes[i]);

        assert_int_equal(settings_load(path, SETTINGS_TRUSTED, settings_collect, &s, &e), ST_DENIED);
        assert_string_equal(e.code, "settings.writable");
        assert_string_equal(e.param[0], path);
        assert_int_equal(settings_load(path, 0, settings_collect, &s, &e), ST_OK);
    }
    if (geteuid() == 0) {
        const char *path = file_of("other.ini", "k = v\n", 0644);

        assert_int_equal(chown(path, 65534, 65534), 0);
        assert_int_equal(settings_load(path, SETTINGS_TRUSTED, settings_collect, &s, &e), ST_DENIED);
    }
}

static void what_is_saved_is_read_back(void **state)
{
    struct settings s, back = { .arena = &arena };
    struct stat st;

    (void)state;
    parse(&s, "top=1\n[leads]\ncolumns = 姓名,电话\nempty=\n[work]\nsort=-due\n[leads]\nmore=a;b\n", NULL);
    file_of("v.ini", "old = 1\n", 0644);
    assert_int_equal(settings_save(in_dir("v.ini"), &s, NULL), ST_OK);
    assert_int_equal(settings_load(in_dir("v.ini"), 0, settings_collect, &back, NULL), ST_OK);
    assert_int_equal(back.n, s.n);
    for (size_t i = 0; i < s.n; i++)
        assert_setting(back.item[i], back.item[i].line, s.item[i].section, s.item[i].key,
                       s.item[i].value);
    assert_int_equal(stat(in_dir("v.ini"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void what_a_line_cannot_hold_is_not_saved(void **state)
{
    static const char *const values[] = { " a", "a ", "a\nb", "a ; b", "a\t;b", ";", "\xFF" };
    static const char *const keys[] = { "", "a=b", "a:b", "[x]", "#a", ";a", " a", "a\nb" };
    struct err e;

    (void)state;
    file_of("v.ini", "old = 1\n", 0600);
    for (size_t i = 0; i < COUNT(values) + COUNT(keys); i++) {
        struct setting item = { "", "s", "k", "v", 0 };
        struct settings s = { &arena, &item, 1, 1 }, back = { .arena = &arena };

        if (i < COUNT(values))
            item.value = values[i];
        else
            item.key = keys[i - COUNT(values)];
        if (settings_save(in_dir("v.ini"), &s, &e) != ST_INVALID)
            fail_msg("'%s' = '%s' is saved", item.key, item.value);
        assert_string_equal(e.code, "settings.value");
        settings_load(in_dir("v.ini"), 0, settings_collect, &back, NULL);
        assert_string_equal(settings_get(&back, "", "old"), "1");
    }
}

static void a_place_it_cannot_write_is_an_error(void **state)
{
    struct settings s;
    struct err e;

    (void)state;
    parse(&s, "a=1\n", NULL);
    assert_int_equal(settings_save(in_dir("no/v.ini"), &s, &e), ST_FAILED);
    assert_string_equal(e.code, "settings.write");
}

static void folders_follow_xdg(void **state)
{
    static const struct { const char *variable, *below; enum settings_dir which; } rows[] = {
        { "XDG_CONFIG_HOME", "/.config/gonghai", DIR_CONFIG },
        { "XDG_DATA_HOME", "/.local/share/gonghai", DIR_DATA },
        { "XDG_STATE_HOME", "/.local/state/gonghai", DIR_STATE },
    };

    (void)state;
    setenv("HOME", "/home/li", 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsetenv(rows[i].variable);
        assert_string_equal(settings_path(&arena, rows[i].which, NULL),
                            arena_printf(&arena, "/home/li%s", rows[i].below));
        setenv(rows[i].variable, "relative", 1);        /* the specification: ignore it */
        assert_string_equal(settings_path(&arena, rows[i].which, "f.ini"),
                            arena_printf(&arena, "/home/li%s/f.ini", rows[i].below));
        setenv(rows[i].variable, "/else", 1);
        assert_string_equal(settings_path(&arena, rows[i].which, "f.ini"), "/else/gonghai/f.ini");
        unsetenv(rows[i].variable);
    }
}

static void the_runtime_folder_must_be_private(void **state)
{
    (void)state;
    unsetenv("XDG_RUNTIME_DIR");
    assert_null(settings_path(&arena, DIR_RUNTIME, "token"));
    setenv("XDG_RUNTIME_DIR", dir, 1);
    assert_string_equal(settings_path(&arena, DIR_RUNTIME, NULL), in_dir("gonghai"));
    assert_int_equal(chmod(dir, 0755), 0);
    assert_null(settings_path(&arena, DIR_RUNTIME, NULL));
    setenv("XDG_RUNTIME_DIR", "/nonexistent", 1);
    assert_null(settings_path(&arena, DIR_RUNTIME, NULL));
    unsetenv("XDG_RUNTIME_DIR");
}

static void folders_are_made(void **state)
{
    struct stat st;
    struct err e;

    (void)state;
    setenv("XDG_STATE_HOME", in_dir("a/b"), 1);
    assert_int_equal(settings_make_dir(DIR_STATE, NULL), ST_OK);
    assert_int_equal(settings_make_dir(DIR_STATE, NULL), ST_OK);
    assert_int_equal(stat(in_dir("a/b/gonghai"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    setenv("XDG_STATE_HOME", file_of("file", "", 0600), 1);
    assert_int_equal(settings_make_dir(DIR_STATE, &e), ST_FAILED);
    assert_string_equal(e.code, "settings.dir");
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_RUNTIME_DIR");
    assert_int_equal(settings_make_dir(DIR_RUNTIME, &e), ST_FAILED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_a_file),
        TEST(nothing_is_an_empty_list),
        TEST(indented_lines_are_lines),
        TEST(the_last_of_equal_keys_counts),
        TEST(long_values_come_whole),
        TEST(every_length_of_line_is_read),
        TEST(says_which_line_is_wrong),
        TEST(too_much_is_refused),
        TEST(the_caller_can_find_fault),
        TEST(files_are_loaded_or_refused),
        TEST(files_that_others_may_write_are_refused_where_asked),
        TEST(what_is_saved_is_read_back),
        TEST(what_a_line_cannot_hold_is_not_saved),
        TEST(a_place_it_cannot_write_is_an_error),
        TEST(folders_follow_xdg),
        TEST(the_runtime_folder_must_be_private),
        TEST(folders_are_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
