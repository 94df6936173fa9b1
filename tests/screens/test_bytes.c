/* What a key costs on the line, in bytes: the goals of the lead list, here with no pane beside the list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/sampleterm.h"

enum { ROWS = 40, COLS = 80, LIST_ROWS = ROWS - 7, KEYS = 60, DOWN_BYTES = 330, PAGE_ROW_BYTES = 120 };

static struct vt *vt;
static struct ui *ui;

static int set_up(void **state)
{
    struct ui_options o = { 0 };

    (void)state;
    sample_morning();
    sample_start(&vt, &ui, &o, ROWS, COLS, 100000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return sample_stop(&vt, &ui);
}

/* Mean of some keys, the first of which scroll nothing. */
static size_t mean_of(const char *key)
{
    size_t sum = 0;

    for (int i = 0; i < KEYS; i++)
        sum += sample_press(vt, ui, key);
    return sum / KEYS;
}

static void a_step_down_writes_little(void **state)
{
    (void)state;
    assert_in_range(mean_of("Down"), 20, DOWN_BYTES);
}

static void a_page_down_writes_little(void **state)
{
    (void)state;
    assert_in_range(mean_of("PageDown"), LIST_ROWS, PAGE_ROW_BYTES * LIST_ROWS);
}

/* A key that changes nothing writes nothing. */
static void nothing_new_writes_nothing(void **state)
{
    (void)state;
    sample_press(vt, ui, "Up");
    assert_int_equal(sample_press(vt, ui, "Up"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_step_down_writes_little, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_down_writes_little, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_new_writes_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
