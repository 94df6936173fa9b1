/* The user's language. A copy of this program runs beside a catalogue of its own, in the
 * environments that users have; what it prints is compared. */
#include <fcntl.h>
#include <locale.h>
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

#include "base/i18n.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static char dir[64];

/* The copy: language, character set works, a word, its twin of another meaning, the word after
 * switching, a number; the word and its twin in the other language, before and after switching. */
static int child(const char *lang)
{
    const char *used = i18n_init(*lang ? lang : NULL), *other;

    printf("%s|", used);
    printf("%s|", MB_CUR_MAX >= 3 ? "multibyte" : "bytes");
    printf("%s|%s|", _("Lead"), C_("metal", "Lead"));
    printf("%s,%s|", i18n_other("Lead"), i18n_other(NC_("metal", "Lead")));
    other = i18n_set(strcmp(used, "en") == 0 ? "zh_CN" : "en");
    printf("%s|%s|%.1f|%s", other, _("Lead"), 0.5, i18n_other(NC_("metal", "Lead")));
    return 0;
}

static void write_file(const char *name, const void *data, size_t n)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, n, f), n);
    fclose(f);
}

/* The format of .mo files: header, two tables of length and offset, the strings. */
static void write_catalogue(void)
{
    static const char *const strings[] = {
        "", "Lead", NC_("metal", "Lead"), "Content-Type: text/plain; charset=UTF-8\n", "线索", "铅",
    };
    char mo[512];
    uint32_t head[7] = { 0x950412de, 0, 3, 28, 52, 0, 76 }, at = 76;

    memcpy(mo, head, sizeof head);
    for (uint32_t i = 0; i < COUNT(strings); i++) {
        uint32_t row[2] = { (uint32_t)strlen(strings[i]), at };

        memcpy(mo + 28 + i * 8, row, 8);
        memcpy(mo + at, strings[i], row[0] + 1);
        at += row[0] + 1;
    }
    write_file("locale/zh_CN/LC_MESSAGES/gonghai.mo", mo, at);
}

static void copy_program(void)
{
    char path[256], part[65536];
    FILE *in = fopen("/proc/self/exe", "rb"), *out;
    size_t n;

    snprintf(path, sizeof path, "%s/program", dir);
    out = fopen(path, "wb");
    assert_true(in && out);
    while ((n = fread(part, 1, sizeof part, in)) > 0)
        assert_int_equal(fwrite(part, 1, n, out), n);
    fclose(in);
    fclose(out);
    assert_int_equal(chmod(path, 0700), 0);
}

static int set_up(void **state)
{
    static const char *const folders[] = { "locale", "locale/zh_CN", "locale/zh_CN/LC_MESSAGES" };
    char path[256];

    (void)state;
    snprintf(dir, sizeof dir, "%s", "/tmp/gonghai-i18n-XXXXXX");
    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < COUNT(folders); i++) {
        snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    write_catalogue();
    copy_program();
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static const char *run(const char *environment, const char *lang)
{
    static char out[512];
    char command[512];
    FILE *p;
    size_t n;

    snprintf(command, sizeof command, "env -i %s '%s/program' child '%s'", environment, dir, lang);
    p = popen(command, "r");
    assert_non_null(p);
    n = fread(out, 1, sizeof out - 1, p);
    out[n] = '\0';
    assert_int_equal(pclose(p), 0);
    return out;
}

#define EN "en|multibyte|Lead|Lead|线索,铅|zh_CN|线索|0.5|Lead"
#define ZH "zh_CN|multibyte|线索|铅|Lead,Lead|en|Lead|0.5|铅"

static void the_environment_chooses(void **state)
{
    static const struct { const char *environment, *lang, *expect; } rows[] = {
        { "", "", EN },
        { "LANG=C", "", EN },
        { "LANG=POSIX", "", EN },
        { "LANG=C.UTF-8", "", EN },
        { "LANG=C.UTF-8 LANGUAGE=zh_CN", "", ZH },
        { "LANG=C LANGUAGE=zh_CN", "", ZH },
        { "LANGUAGE=zh_CN:en", "", ZH },
        { "LANGUAGE=fr:zh:en", "", ZH },
        { "LANGUAGE=en LANG=zh_CN.UTF-8", "", EN },
        { "LANG=zh_CN.UTF-8", "", ZH },                     /* also where that locale is not made */
        { "LANG=zh_TW.UTF-8", "", ZH },
        { "LANG=en_US.UTF-8", "", EN },
        { "LANG=fr_FR.UTF-8", "", EN },
        { "LANG=zh_CN.UTF-8 LC_ALL=C.UTF-8", "", EN },
        { "LANG=en_US.UTF-8 LC_MESSAGES=zh_CN.UTF-8", "", ZH },
        { "LC_CTYPE=C.UTF-8 LC_MESSAGES=C LANGUAGE=zh_CN", "", ZH },
        { "LANG=zhxx", "", EN },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = run(rows[i].environment, rows[i].lang);

        if (strcmp(got, rows[i].expect) != 0)
            fail_msg("%s: %s", rows[i].environment, got);
    }
}

static void the_command_line_chooses_before_it(void **state)
{
    (void)state;
    assert_string_equal(run("LANG=en_US.UTF-8", "zh_CN"), ZH);
    assert_string_equal(run("LANG=zh_CN.UTF-8", "en"), EN);
    assert_string_equal(run("", "zh"), ZH);
    assert_string_equal(run("", "zh-CN"), ZH);
    assert_string_equal(run("LANG=zh_CN.UTF-8", "klingon"), ZH);
}

/* Cut in the middle, or no catalogue at all: the words stay English, nothing else happens. */
static void a_broken_catalogue_translates_nothing(void **state)
{
    static const char *const english = "en|multibyte|Lead|Lead|Lead,Lead|";
    static const uint32_t wild[7] = { 0x950412de, 0, 0x7fffffff, 0xfffffff0, 28, 0, 76 };

    (void)state;
    write_file("locale/zh_CN/LC_MESSAGES/gonghai.mo", wild, sizeof wild);
    assert_memory_equal(run("", "en"), english, strlen(english));
    write_file("locale/zh_CN/LC_MESSAGES/gonghai.mo", wild, 5);
    assert_memory_equal(run("", "en"), english, strlen(english));
    write_file("locale/zh_CN/LC_MESSAGES/gonghai.mo", "not a catalogue, but long enough for one", 40);
    assert_memory_equal(run("", "en"), english, strlen(english));
    write_catalogue();
}

static void unknown_languages_change_nothing(void **state)
{
    (void)state;
    i18n_init("en");
    assert_string_equal(i18n_set("fr"), "en");
    assert_string_equal(i18n_set(""), "en");
    assert_string_equal(i18n_set("english"), "en");
    assert_string_equal(i18n_lang(), "en");
    assert_string_equal(i18n_set("zh_CN.UTF-8"), "zh_CN");
    assert_string_equal(i18n_lang(), "zh_CN");
}

static void one_is_not_many(void **state)
{
    static const long long many[] = { 0, 2, 11, 101, -1 };

    (void)state;
    i18n_set("en");
    assert_string_equal(P_("%lld lead", "%lld leads", 1), "%lld lead");
    for (size_t i = 0; i < COUNT(many); i++)
        assert_string_equal(P_("%lld lead", "%lld leads", many[i]), "%lld leads");
}

static void nothing_is_not_translated(void **state)
{
    (void)state;
    assert_string_equal(i18n_text(NULL), "");
    assert_string_equal(i18n_text(""), "");
    assert_string_equal(i18n_text("no catalogue has this"), "no catalogue has this");
    assert_string_equal(C_("context", "no catalogue has this"), "no catalogue has this");
    i18n_set("en");
    assert_string_equal(i18n_other(NC_("context", "no catalogue has this")), "no catalogue has this");
    assert_string_equal(i18n_other(""), "");
    assert_string_equal(i18n_other(NULL), "");
    assert_string_equal(i18n_english(NC_("context", "word")), "word");
    assert_string_equal(i18n_english("word"), "word");
    assert_string_equal(i18n_english(NULL), "");        /* a choice of a custom field has no label */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_chooses),
        cmocka_unit_test(the_command_line_chooses_before_it),
        cmocka_unit_test(a_broken_catalogue_translates_nothing),
        cmocka_unit_test(unknown_languages_change_nothing),
        cmocka_unit_test(one_is_not_many),
        cmocka_unit_test(nothing_is_not_translated),
    };

    if (argc > 2 && strcmp(argv[1], "child") == 0)
        return child(argv[2]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
