#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tui/theme.h"

static void every_shipped_theme_sets_every_role(void **state)
{
    const char *wanted[] = { "default", "light", "mono", "high-contrast", "solar" };
    struct err e = { 0 };
    struct theme t;

    (void)state;
    for (const char *const *name = theme_names(); *name; name++) {
        assert_int_equal(theme_builtin(&t, *name, &e), ST_OK);
        assert_string_equal(t.name, *name);
    }
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(theme_builtin(&t, wanted[i], &e), ST_OK);
    assert_string_equal(theme_names()[0], "default");
    assert_int_equal(theme_builtin(&t, "no such", &e), ST_NOT_FOUND);
    assert_string_equal(e.param[0], "no such");
}

/* Relative luminance of WCAG 2. */
static double channel(int c)
{
    double v = c / 255.0;

    return v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(int32_t rgb)
{
    return 0.2126 * channel(rgb >> 16 & 255) + 0.7152 * channel(rgb >> 8 & 255) +
           0.0722 * channel(rgb & 255);
}

static double contrast(int32_t a, int32_t b)
{
    double x = luminance(a), y = luminance(b);

    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* The inks that the widgets put on each ground are legible in true colour. */
static void words_on_grounds_are_legible(void **state)
{
    static const enum role inks[] = { ROLE_TEXT, ROLE_STRONG, ROLE_DIM,  ROLE_ACCENT,
                                      ROLE_KEY,  ROLE_TITLE,  ROLE_MARK, ROLE_GOOD,
                                      ROLE_WARN, ROLE_BAD,    ROLE_STALE };
    static const enum role grounds[] = { ROLE_SELECT, ROLE_FIELD,   ROLE_DIALOG,
                                         ROLE_HEADER, ROLE_COLHEAD, ROLE_SELECT_OFF };
    static const char *const names[] = { "default", "light", "high-contrast", "solar" };
    static const int32_t paper[] = { 0x16181d, 0xffffff, 0x000000, 0x002b36 };
    struct err e = { 0 };
    struct theme t;
    int32_t own;

    (void)state;
    for (int k = 0; k < 4; k++) {
        assert_int_equal(theme_builtin(&t, names[k], &e), ST_OK);
        for (size_t i = 0; i < sizeof inks / sizeof inks[0]; i++) {
            for (size_t g = 0; g < sizeof grounds / sizeof grounds[0]; g++) {
                struct style s = theme_style(&t, (int)inks[i], grounds[g], DEPTH_TRUE);

                assert_true(s.fg != COLOR_NONE && s.bg != COLOR_NONE);
                if (contrast(s.fg & 0xffffff, s.bg & 0xffffff) < 4.5)
                    fail_msg("%s: %s on %s has %.2f", names[k], role_name(inks[i]),
                             role_name(grounds[g]), contrast(s.fg & 0xffffff, s.bg & 0xffffff));
            }
            own = theme_style(&t, (int)inks[i], ROLE_NONE, DEPTH_TRUE).fg;
            if (own != COLOR_NONE && contrast(own & 0xffffff, paper[k]) < 4.5)
                fail_msg("%s: %s on the terminal's own ground", names[k], role_name(inks[i]));
        }
    }
}

static char *without(const char *line_start, const char *text)
{
    const char *at = strstr(text, line_start), *end = strchr(at + 1, '\n');
    size_t before = (size_t)(at - text), after = strlen(end);
    char *copy = malloc(before + after + 1);

    memcpy(copy, text, before);
    memcpy(copy + before, end, after + 1);
    return copy;
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 65536);

    assert_non_null(f);
    assert_true(fread(text, 1, 65535, f) > 0);
    fclose(f);
    return text;
}

static void a_role_that_is_not_set_is_named(void **state)
{
    char *text = read_file("themes/light.ini"), *less = without("\nbanner ", text);
    struct err e = { 0 };
    struct theme t = { .name = "before" }, base;

    (void)state;
    assert_int_equal(theme_parse(&t, "x", "x.ini", less, NULL, &e), ST_INVALID);
    assert_string_equal(e.code, "theme.mistake");
    assert_non_null(strstr(e.param[2], "\"banner\""));
    assert_string_equal(t.name, "before");
    assert_int_equal(theme_builtin(&base, "default", &e), ST_OK);
    assert_int_equal(theme_parse(&t, "x", "x.ini", less, &base, &e), ST_OK);
    assert_int_equal(t.look[1][ROLE_BANNER].bg, base.look[1][ROLE_BANNER].bg);
    free(less);
    free(text);
}

static void a_mistake_names_file_and_line(void **state)
{
    static const struct { const char *text, *line, *what; } wrong[] = {
        { "[roles]\ntext = white | 7 | white\n", "2", "four looks" },
        { "[roles]\n\ntxet = white | 7 | white | normal\n", "3", "unknown role \"txet\"" },
        { "[roles]\ntext = #ffffff | 300 | white | normal\n", "2", "300" },
        { "[roles]\ntext = #fffffg | 7 | white | normal\n", "2", "#fffffg" },
        { "[roles]\ntext = #ffffff | 7 | white, blinking | normal\n", "2", "blinking" },
        { "[roles]\ntext = #ffffff | 7 | 7 | normal\n", "2", "\"7\"" },
        { "[roles]\ntext = #ffffff | 7 | white | white\n", "2", "\"white\"" },
        { "[theme]\nname = x\ncolour = red\n", "3", "colour" },
        { "[theme]\nflatten = header text\n", "2", "\"text\"" },
        { "[roles]\ntext=- | - | - | normal\ntext=- | - | - | normal\n", "3", "twice" }
    };
    struct theme t;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct err e = { 0 };

        assert_int_equal(theme_parse(&t, "x", "dir/x.ini", wrong[i].text, NULL, &e), ST_INVALID);
        assert_string_equal(e.param[0], "dir/x.ini");
        assert_string_equal(e.param[1], wrong[i].line);
        if (!strstr(e.param[2], wrong[i].what))
            fail_msg("\"%s\" does not say %s", e.param[2], wrong[i].what);
    }
}

static void depths_choose_their_look(void **state)
{
    struct err e = { 0 };
    struct theme t;
    struct style s;

    (void)state;
    assert_int_equal(theme_builtin(&t, "default", &e), ST_OK);
    s = theme_style(&t, ROLE_BAD, ROLE_NONE, DEPTH_TRUE);
    assert_int_equal(s.fg, COLOR_RGB | 0xff9188);
    assert_int_equal(theme_style(&t, ROLE_BAD, ROLE_NONE, DEPTH_256).fg, 210);
    s = theme_style(&t, ROLE_BAD, ROLE_NONE, DEPTH_8);
    assert_int_equal(s.fg, 1);
    assert_int_equal(s.attr, STYLE_BOLD);
    assert_int_equal(theme_style(&t, ROLE_BAD, ROLE_NONE, DEPTH_16).fg, 9);
    s = theme_style(&t, ROLE_BAD, ROLE_NONE, DEPTH_MONO);
    assert_int_equal(s.fg, COLOR_NONE);
    assert_int_equal(s.attr, STYLE_BOLD);
    /* On the bar quiet words take the bar's own; loud ones keep their colour, but not in 8
     * colours. */
    assert_int_equal(theme_style(&t, ROLE_DIM, ROLE_SELECT, DEPTH_256).fg, 231);
    assert_int_equal(theme_style(&t, ROLE_BAD, ROLE_SELECT, DEPTH_256).fg, 210);
    assert_int_equal(theme_style(&t, ROLE_BAD, ROLE_SELECT, DEPTH_256).bg, 17);
    assert_int_equal(theme_style(&t, ROLE_BAD, ROLE_SELECT, DEPTH_8).fg, 0);
    assert_int_equal(theme_style(&t, ROLE_TEXT, ROLE_SELECT, DEPTH_MONO).attr, STYLE_REVERSE);
}

static void mono_has_no_colour_at_any_depth(void **state)
{
    struct err e = { 0 };
    struct theme t;

    (void)state;
    assert_int_equal(theme_builtin(&t, "mono", &e), ST_OK);
    for (int depth = DEPTH_MONO; depth <= DEPTH_TRUE; depth++)
        for (int ink = 0; ink < ROLE_COUNT; ink++)
            for (int ground = 0; ground < ROLE_COUNT; ground++) {
                struct style s = theme_style(&t, ink, (enum role)ground, (enum depth)depth);

                assert_int_equal(s.fg, COLOR_NONE);
                assert_int_equal(s.bg, COLOR_NONE);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_theme_sets_every_role),
        cmocka_unit_test(words_on_grounds_are_legible),
        cmocka_unit_test(a_role_that_is_not_set_is_named),
            cmocka_unit_test(a_mistake_names_file_and_line),
        cmocka_unit_test(depths_choose_their_look),
                   cmocka_unit_test(mono_has_no_colour_at_any_depth)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
