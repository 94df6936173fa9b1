/* A bank's own words: which are replaced, where, and what a file of them may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/terms.h"

static char path[64];

static enum status load(const char *text, struct err *e)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return terms_load(path, 0, e);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s", "/tmp/gonghai-terms-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    terms_clear();
    return unlink(path);
}

static int forget(void **state)
{
    (void)state;
    terms_clear();
    return 0;
}

static void a_word_is_replaced_wherever_it_is_shown(void **state)
{
    (void)state;
    assert_int_equal(load("[zh_CN]\n公海 = 公共池\n", NULL), ST_OK);
    assert_string_equal(terms_said("zh_CN", "Public pool", "公海"), "公共池");
    assert_string_equal(terms_said("zh_CN", "Back to the public pool at %s.", "%s 退回公海。"), "%s 退回公共池。");
    assert_string_equal(terms_said("zh_CN", "Stage", "阶段"), "阶段");
    assert_string_equal(terms_said("en", "Public pool", "Public pool"), "Public pool");
}

static void a_whole_sentence_goes_by_its_english(void **state)
{
    (void)state;
    assert_int_equal(load("[zh_CN]\nClaim = 认领\n[en]\nClaim = Take on\n", NULL), ST_OK);
    assert_string_equal(terms_said("zh_CN", "Claim", "领取"), "认领");
    assert_string_equal(terms_said("zh_CN", "verb\004Claim", "领取"), "认领");
    assert_string_equal(terms_said("en", "Claim", "Claim"), "Take on");
}

static void the_longest_word_counts_and_nothing_is_replaced_twice(void **state)
{
    (void)state;
    assert_int_equal(load("[zh_CN]\n线索 = 商机\n新线索 = 线索池\n商机 = 机会\n", NULL), ST_OK);
    assert_string_equal(terms_said("zh_CN", "new lead", "新线索与线索"), "线索池与商机");
}

static void latin_words_are_whole_ones(void **state)
{
    (void)state;
    assert_int_equal(load("[en]\nlead = prospect\n", NULL), ST_OK);
    assert_string_equal(terms_said("en", "a lead, the leads, a lead.", "a lead, the leads, a lead."),
                        "a prospect, the leads, a prospect.");
}

static void directives_stay(void **state)
{
    (void)state;
    assert_int_equal(load("[en]\ns = X\nd = Y\nlld = Z\nb = c\n", NULL), ST_OK);
    assert_string_equal(terms_said("en", "%s %d %-5lld %2$s %1. d", "%s %d %-5lld %2$s %1. d"),
                        "%s %d %-5lld %2$s %1. Y");
}

static void the_later_word_counts(void **state)
{
    (void)state;
    assert_int_equal(load("[zh_CN]\n公海 = 甲\n", NULL), ST_OK);
    assert_string_equal(terms_said("zh_CN", "Public pool", "公海"), "甲");
    assert_int_equal(load("[zh_CN]\n公海 = 乙\n", NULL), ST_OK);
    assert_string_equal(terms_said("zh_CN", "Public pool", "公海"), "乙");
}

static void a_mistake_names_file_and_line_and_takes_nothing(void **state)
{
    static const struct { const char *text, *code, *line; } cases[] = {
        { "[zh_CN]\n公海 = 甲\n[fr]\na = b\n", "terms.language", "4" },
        { "公海 = 甲\n", "terms.language", "1" },
        { "[zh_CN]\n公海 =\n", "terms.empty", "2" },
        { "[zh_CN]\nClaimed %s. = 已领取\n", "terms.percent", "2" },
        { "[zh_CN]\n公海 = 100%s\n", "terms.percent", "2" },
        { "[zh_CN]\nnonsense\n", "settings.syntax", "2" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = { 0 };
        assert_int_equal(load(cases[i].text, &e), ST_INVALID);
        assert_string_equal(e.code, cases[i].code);
        assert_string_equal(e.param[0], path);
        assert_string_equal(e.param[1], cases[i].line);
        assert_false(terms_any());
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, forget, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_word_is_replaced_wherever_it_is_shown),
        TEST(a_whole_sentence_goes_by_its_english),
        TEST(the_longest_word_counts_and_nothing_is_replaced_twice),
        TEST(latin_words_are_whole_ones),
        TEST(directives_stay),
        TEST(the_later_word_counts),
        TEST(a_mistake_names_file_and_line_and_takes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
