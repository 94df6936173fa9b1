/* A person or a scanner? Keys with the times at which they came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tui/key.h"
#include "tui/scan.h"

static struct scan scan;
static char heard[300];         /* the keys that were delivered, codes in <> */
static int64_t now;

static int setup(void **state)
{
    (void)state;
    memset(&scan, 0, sizeof scan);
    heard[0] = '\0';
    now = 100000;
    return 0;
}

static void hear(int key)
{
    size_t n = strlen(heard);

    snprintf(heard + n, sizeof heard - n, "%c", key == K_ENTER ? '\r' : key);
}

static void let_go(void)
{
    int key;

    while ((key = scan_let_go(&scan)) != 0)
        hear(key);
}

/* Types keys, each `gap` ms after the one before, as the console does: what is held goes when the gap is
 * over. */
static void type(const char *keys, int gap, bool late)
{
    for (; *keys; keys++) {
        int key = *keys == '\r' || *keys == '\n' ? K_ENTER : *keys;
        size_t n;

        now += gap;
        if (gap > SCAN_GAP)
            let_go();
        switch (scan_key(&scan, key, now, late)) {
        case SCAN_PASS:
            let_go();
            hear(key);
            break;
        case SCAN_CODE:
            n = strlen(heard);
            snprintf(heard + n, sizeof heard - n, "<%s>", scan_text(&scan));
            break;
        case SCAN_HOLD:
        case SCAN_EAT:
            break;
        }
    }
    now += SCAN_GAP + 1;
}

static void a_burst_is_a_code(void **state)
{
    static const int gaps[] = { 0, 1, 8, 16, SCAN_GAP };

    for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
        setup(state);
        type("6901234567892\r", gaps[i], false);
        assert_string_equal(heard, "<6901234567892>");
    }
    setup(state);
    type("e401013266745e5661589292315434968\r", 2, false);
    assert_string_equal(heard, "<e401013266745e5661589292315434968>");
    setup(state);
    type("https://bank.cn/r/7F3KQ2XZ\r", 2, false);
    assert_string_equal(heard, "<https://bank.cn/r/7F3KQ2XZ>");
    setup(state);
    type("(01)06901234567892\r", 2, false);
    assert_string_equal(heard, "<(01)06901234567892>");
}

static void two_line_ends_are_one(void **state)
{
    (void)state;
    type("6901234567892\r\n", 2, false);
    type("6901234567892\r\n", 2, false);
    assert_string_equal(heard, "<6901234567892><6901234567892>");
    type("\r", 200, false);         /* a person's */
    assert_string_equal(heard, "<6901234567892><6901234567892>\r");
}

/* 1000 characters a minute is a world champion: 60 ms each. */
static void a_person_types_what_he_types(void **state)
{
    (void)state;
    type("6901234567892\r", 60, false);
    assert_string_equal(heard, "6901234567892\r");
    setup(state);
    type("jjkkcf2\r", SCAN_GAP + 1, false);
    assert_string_equal(heard, "jjkkcf2\r");
}

/* Two keys at once by ten quick fingers, in their order. */
static void a_short_burst_is_keys(void **state)
{
    (void)state;
    type("jk", 3, false);
    let_go();
    type("12345\r", 3, false);
    type("action\r", 3, false);         /* a word without a digit */
    assert_string_equal(heard, "jk12345\raction\r");
}

/* At 50 a second, no key may wait until the finger leaves. */
static void a_key_held_down_passes_at_once(void **state)
{
    (void)state;
    type("jjjjjjjj", 20, false);
    assert_string_equal(heard, "jjjjjjjj");
    type("jjjjjjjj", 20, false);
    type("123456\r", 5, false);
    assert_string_equal(heard, "jjjjjjjjjjjjjjjj<123456>");
}

static void typed_ahead_is_keys(void **state)
{
    (void)state;
    type("2jjkk5\r", 0, true);
    assert_string_equal(heard, "2jjkk5\r");
    type("12345678\r", 0, true);        /* nobody types this blindly */
    assert_string_equal(heard, "2jjkk5\r<12345678>");
}

/* What opens a field is no code's beginning: it passes before the field's letters come. */
static void a_filter_is_typed(void **state)
{
    (void)state;
    assert_int_equal(scan_key(&scan, '/', now, false), SCAN_PASS);
    assert_int_equal(scan_key(&scan, ':', now, false), SCAN_PASS);
    assert_int_equal(scan_key(&scan, '?', now, false), SCAN_PASS);
    assert_int_equal(scan_key(&scan, K_DOWN, now, false), SCAN_PASS);
    assert_int_equal(scan_key(&scan, 0x9886, now, false), SCAN_PASS);
}

static void a_stream_without_end_does_not_fill_memory(void **state)
{
    char digits[SCAN_MOST * 2 + 1];

    (void)state;
    memset(digits, '7', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    type(digits, 1, false);
    let_go();
    assert_string_equal(heard, digits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_burst_is_a_code, setup),
        cmocka_unit_test_setup(two_line_ends_are_one, setup),
        cmocka_unit_test_setup(a_person_types_what_he_types, setup),
        cmocka_unit_test_setup(a_short_burst_is_keys, setup),
        cmocka_unit_test_setup(a_key_held_down_passes_at_once, setup),
        cmocka_unit_test_setup(typed_ahead_is_keys, setup),
        cmocka_unit_test_setup(a_filter_is_typed, setup),
        cmocka_unit_test_setup(a_stream_without_end_does_not_fill_memory, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
