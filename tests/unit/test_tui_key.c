#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/i18n.h"
#include "tui/key.h"

static struct decoder d;

static int setup(void **state)
{
    (void)state;
    decoder_init(&d, false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    decoder_free(&d);
    return 0;
}

/* The one key that these bytes make. */
static int key_of(const char *bytes)
{
    struct input e = { 0 };

    assert_int_equal(decoder_feed(&d, bytes, strlen(bytes)), strlen(bytes));
    assert_true(decoder_next(&d, true, &e));
    assert_int_equal(e.kind, INPUT_KEY);
    assert_false(decoder_next(&d, true, &(struct input){ 0 }));
    return e.key;
}

static void all_dialects_of_a_key_mean_the_same(void **state)
{
    static const struct { const char *bytes[5]; int key; } rows[] = {
        { { "\033[A", "\033OA" }, K_UP },
        { { "\033[B", "\033OB" }, K_DOWN },
        { { "\033[H", "\033OH", "\033[1~", "\033[7~" }, K_HOME },
        { { "\033[F", "\033OF", "\033[4~", "\033[8~" }, K_END },
        { { "\033OP", "\033[11~", "\033[[A" }, K_F0 + 1 },
        { { "\033OS", "\033[14~", "\033[[D" }, K_F0 + 4 },
        { { "\033[15~", "\033[[E" }, K_F0 + 5 },
        { { "\033[24~" }, K_F0 + 12 },
        { { "\177", "\b" }, K_BACKSPACE },
        { { "\r", "\n", "\033OM" }, K_ENTER },
        { { "\033[Z" }, K_BTAB },
        { { "\t" }, K_TAB },
        { { "\033" }, K_ESC },
        { { "\033x" }, 'x' | K_ALT },
        { { "\033[1;5C" }, K_RIGHT | K_CTRL },
        { { "\033[5;2~" }, K_PGUP | K_SHIFT },
        { { "\023" }, 's' | K_CTRL },
        { { "领" }, 0x9886 }
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int k = 0; k < 5 && rows[i].bytes[k]; k++)
            assert_int_equal(key_of(rows[i].bytes[k]), rows[i].key);
}

static void the_keypad_types_what_is_printed_on_it(void **state)
{
    static const char codes[] = "pqrstuvwxynmjo", want[] = "0123456789.-*/";

    (void)state;
    for (size_t i = 0; codes[i]; i++)
        assert_int_equal(key_of((char[]){ 27, 'O', codes[i], 0 }), want[i]);
    assert_int_equal(key_of("\033Ok"), '+');
    assert_int_equal(key_of("\033Ol"), '+');
    assert_int_equal(key_of("\033OM"), K_ENTER);
    assert_int_equal(key_of("\033OX"), '=');
}

/* Without NumLock its 5 has a name of its own: xterm, and PuTTY and the Linux console. */
static void the_five_in_the_middle_is_a_five(void **state)
{
    static const char *const names[] = { "\033OE", "\033[E", "\033OG", "\033[G" };

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(key_of(names[i]), '5');
}

static void escape_and_digit_is_an_f_key_when_asked(void **state)
{
    (void)state;
    assert_int_equal(key_of("\0333"), '3' | K_ALT);
    decoder_free(&d);
    decoder_init(&d, true);
    assert_int_equal(key_of("\0333"), K_F0 + 3);
    assert_int_equal(key_of("\0330"), K_F0 + 10);
}

static void a_sequence_may_come_in_pieces(void **state)
{
    struct input e;

    (void)state;
    decoder_feed(&d, "\033", 1);
    assert_false(decoder_next(&d, false, &e));
    assert_true(decoder_waiting(&d));
    decoder_feed(&d, "[", 1);
    assert_false(decoder_next(&d, false, &e));
    decoder_feed(&d, "6~", 2);
    assert_true(decoder_next(&d, false, &e));
    assert_int_equal(e.key, K_PGDN);
    decoder_feed(&d, "\xe9\xa2", 2);
    assert_false(decoder_next(&d, false, &e));
    decoder_feed(&d, "\x86", 1);
    assert_true(decoder_next(&d, false, &e));
    assert_int_equal(e.key, 0x9886);
}

static void what_is_no_key_is_never_typed(void **state)
{
    static const char *const junk[] = { "\033[?62;c", "\033[200;7u",  "\033[99;99;99;99~",
                                        "\xff",       "\xe2\x80\xae", "\033[<2;3;4m",
                                        "\033O5P",    "\033Oz",      "\033O1;2c",
                                        "\033[<35;3;4M", "\033[<66;3;4M", "\033[<128;3;4M",
                                        "\033[M",     "\033[M c",    "\033[<0;0;4M", "\033[2;R" };
    struct input e;

    (void)state;
    for (size_t i = 0; i < sizeof junk / sizeof junk[0]; i++) {
        decoder_feed(&d, junk[i], strlen(junk[i]));
        assert_false(decoder_next(&d, true, &e));
    }
    assert_int_equal(key_of("a"), 'a');
}

static void a_paste_is_one_event_of_clean_words(void **state)
{
    static const char bytes[] = "\033[200~张三\n\033[31mred\007\xe2\x80\xae!\033[201~x";
    struct input e = { 0 };
    char whole[200] = "";

    (void)state;
    /* byte by byte, as a slow line brings it */
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        decoder_feed(&d, bytes + i, 1);
        if (decoder_next(&d, false, &e) && e.kind == INPUT_PASTE)
            snprintf(whole, sizeof whole, "%s", e.text);
    }
    assert_int_equal(e.kind, INPUT_KEY);
    assert_int_equal(e.key, 'x');
    assert_non_null(strstr(whole, "张三\n"));
    assert_non_null(strstr(whole, "red"));
    assert_null(strchr(whole, 27));
    assert_null(strchr(whole, 7));
    assert_null(strstr(whole, "\xe2\x80\xae"));
}

/* The line that should have ended it was lost: the console must hear keys again. */
static void a_paste_without_an_end_ends_by_itself(void **state)
{
    struct input e;

    (void)state;
    decoder_feed(&d, "\033[200~a\r\nb\rc\033[20", 15);
    assert_false(decoder_next(&d, false, &e));
    assert_true(decoder_waiting(&d));
    assert_true(decoder_next(&d, true, &e));
    assert_int_equal(e.kind, INPUT_PASTE);
    assert_string_equal(e.text, "a\nb\nc");
    assert_int_equal(key_of("x"), 'x');
}

static void assert_mouse(const char *bytes, enum mouse button, int y, int x, int mods)
{
    struct input e;

    decoder_feed(&d, bytes, strlen(bytes));
    assert_true(decoder_next(&d, false, &e));
    assert_int_equal(e.kind, INPUT_MOUSE);
    assert_int_equal(e.button, button);
    assert_int_equal(e.y, y);
    assert_int_equal(e.x, x);
    assert_int_equal(e.key, mods);
    assert_false(decoder_next(&d, false, &e));
}

static void the_mouse_speaks_two_dialects(void **state)
{
    (void)state;
    assert_mouse("\033[<0;12;3M", MOUSE_LEFT, 2, 11, 0);
    assert_mouse("\033[<32;13;3M", MOUSE_DRAG, 2, 12, 0);
    assert_mouse("\033[<0;14;3m", MOUSE_RELEASE, 2, 13, 0);
    assert_mouse("\033[<2;300;200M", MOUSE_RIGHT, 199, 299, 0);
    assert_mouse("\033[<16;1;1M", MOUSE_LEFT, 0, 0, K_CTRL);
    assert_mouse("\033[<64;1;1M", MOUSE_WHEEL_UP, 0, 0, 0);
    assert_mouse("\033[<69;1;1M", MOUSE_WHEEL_DOWN, 0, 0, K_SHIFT);
    /* X10: button, column, row, each a byte and 32; 3 is "let go" */
    assert_mouse("\033[M ,#", MOUSE_LEFT, 2, 11, 0);
    assert_mouse("\033[M@-#", MOUSE_DRAG, 2, 12, 0);
    assert_mouse("\033[M#.#", MOUSE_RELEASE, 2, 13, 0);
    assert_mouse("\033[M`!!", MOUSE_WHEEL_UP, 0, 0, 0);
    assert_mouse("\033[M!!!", MOUSE_MIDDLE, 0, 0, 0);
    assert_mouse("\033[M a\xff", MOUSE_LEFT, 222, 64, 0);
    assert_int_equal(key_of("q"), 'q');
}

/* F3 with Shift and the place of the cursor look alike; the console never asks in the first row. */
static void the_cursor_tells_its_place(void **state)
{
    struct input e;

    (void)state;
    assert_int_equal(key_of("\033[1;2R"), (K_F0 + 3) | K_SHIFT);
    decoder_feed(&d, "j\033[2;3Rk", 8);
    assert_true(decoder_next(&d, false, &e));
    assert_int_equal(e.key, 'j');
    assert_true(decoder_next(&d, false, &e));
    assert_int_equal(e.kind, INPUT_REPLY);
    assert_int_equal(e.y, 1);
    assert_int_equal(e.x, 2);
    assert_true(decoder_next(&d, false, &e));
    assert_int_equal(e.key, 'k');
}

static void full_width_keys_have_their_twins(void **state)
{
    static const int pairs[][2] = { { 0xff1a, ':' }, { 0xff1f, '?' }, { 0xff0f, '/' },
                                    { 0x3001, '/' }, { 0xff12, '2' }, { 0x3000, ' ' },
                                    { 0xff43, 'c' }, { 'x', 'x' },    { 0x9886, 0x9886 } };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_int_equal(key_narrow(pairs[i][0]), pairs[i][1]);
}

static void names_and_codes_go_both_ways(void **state)
{
    static const char *const names[] = { "Enter", "Esc",   "Up",   "PgDn",      "F1", "F12",
                                         "C-s",   "M-1",   "S-Up", "C-M-Del",   "a",  "?",
                                         "领",    "Space", "BTab", "Semicolon", "-",  "C--" };
    static const char *const wrong[] = { "", "Entr", "F0", "F25", "X-a", "ab", "C-" };
    char name[K_NAME];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int key = key_find(names[i]);

        assert_int_not_equal(key, K_NONE);
        key_print(key, name);
        assert_int_equal(key_find(name), key);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(key_find(wrong[i]), K_NONE);
    assert_int_equal(key_find("C-S"), key_find("C-s"));
}

static void labels_are_what_people_read(void **state)
{
    static const struct {
        const char *name, *label;
    } rows[] = { { "C-s", "^S" },      { "Up", "↑" },  { "Space", "Space" },
                 { "Semicolon", ";" }, { "F8", "F8" }, { "M-1", "M-1" } };
    char label[K_NAME];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        key_label(key_find(rows[i].name), false, label);
        assert_string_equal(label, rows[i].label);
    }
    key_label(K_UP, true, label);
    assert_string_equal(label, "Up");
}

static void a_script_types_pastes_and_resizes(void **state)
{
    struct script s = { .at = " Down text:a_领\\_ paste:x_y resize:10x40 F5 ", .word = BUF_INIT };
    const int keys[] = { K_DOWN, 'a', ' ', 0x9886, '_' };
    struct input e;
    const char *bad;

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_true(script_next(&s, &e, &bad));
        assert_null(bad);
        assert_int_equal(e.key, keys[i]);
    }
    assert_true(script_next(&s, &e, &bad));
    assert_int_equal(e.kind, INPUT_PASTE);
    assert_string_equal(e.text, "x y");
    assert_true(script_next(&s, &e, &bad));
    assert_int_equal(e.kind, INPUT_RESIZE);
    assert_int_equal(e.y, 10);
    assert_int_equal(e.x, 40);
    assert_true(script_next(&s, &e, &bad));
    assert_int_equal(e.key, K_F0 + 5);
    assert_false(script_next(&s, &e, &bad));
    s.at = "scan:A_1 drag:3,9";
    assert_true(script_next(&s, &e, &bad));
    assert_int_equal(e.kind, INPUT_SCAN);
    assert_string_equal(e.text, "A 1");
    assert_true(script_next(&s, &e, &bad));
    assert_int_equal(e.kind, INPUT_MOUSE);
    assert_int_equal(e.button, MOUSE_DRAG);
    assert_int_equal(e.x, 9);
    s.at = "Nonsense";
    assert_true(script_next(&s, &e, &bad));
    assert_string_equal(bad, "Nonsense");
    script_free(&s);
}

/* Random bytes never make a control character or an endless loop. */
static void noise_makes_only_keys(void **state)
{
    struct input e;

    (void)state;
    srand(7);
    for (int round = 0; round < 20000; round++) {
        unsigned char b =
            rand() % 4 ? (unsigned char)(rand() % 256) : (unsigned char)"\033[O<;~0~"[rand() % 8];

        decoder_feed(&d, &b, 1);
        while (decoder_next(&d, rand() % 8 == 0, &e))
            if (e.kind == INPUT_KEY && !(e.key & K_MODS) && e.key < K_NAMED)
                assert_true(key_is_text(e.key) || e.key == K_TAB || e.key == K_ENTER ||
                            e.key == K_ESC || e.key == K_BACKSPACE);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(all_dialects_of_a_key_mean_the_same), CASE(the_keypad_types_what_is_printed_on_it),
        CASE(escape_and_digit_is_an_f_key_when_asked), CASE(a_sequence_may_come_in_pieces),
        CASE(what_is_no_key_is_never_typed), CASE(a_paste_is_one_event_of_clean_words),
        CASE(a_paste_without_an_end_ends_by_itself), CASE(the_mouse_speaks_two_dialects),
        CASE(the_cursor_tells_its_place), CASE(the_five_in_the_middle_is_a_five),
        CASE(full_width_keys_have_their_twins), CASE(names_and_codes_go_both_ways),
        CASE(labels_are_what_people_read),
        CASE(a_script_types_pastes_and_resizes), CASE(noise_makes_only_keys)
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
