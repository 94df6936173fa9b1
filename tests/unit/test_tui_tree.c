#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/i18n.h"
#include "tui/dump.h"
#include "tui/loop.h"
#include "tui/tree.h"

/* Ids are their path in digits: 1..3, below 1: 11..13, below 11: 111..113. */
static struct {
    struct tree t;
    bool hold;
    int64_t gone;                           /* a row that is no longer there */
    struct { int64_t parent; uint32_t generation; } held[8];
    int nheld, asks, live;
} it;

static void answer(int64_t parent, uint32_t generation)
{
    struct tree_row rows[3];
    size_t n = 0;

    for (int i = 1; i <= 3; i++)
        if (parent * 10 + i != it.gone)
            rows[n++] = (struct tree_row){ .id = parent * 10 + i, .version = 4, .folder = parent < 10 };
    it.live += (int)n;
    tree_answer(&it.t, generation, parent, rows, n);
}

static void on_ask(void *self, struct tree *t, int64_t parent, uint32_t generation)
{
    (void)self;
    it.asks++;
    assert_ptr_equal(t, &it.t);
    if (it.hold) {
        it.held[it.nheld].parent = parent;
        it.held[it.nheld++].generation = generation;
    } else {
        answer(parent, generation);
    }
}

static void on_cell(void *self, struct tree *t, const struct tree_row *row, int column,
                    struct table_cell *out)
{
    (void)self;
    out->words = column ? tree_text(t, "%d", (int)row->id * 7) : tree_text(t, "网点 %d", (int)row->id);
}

static void on_free(void *self, struct tree_row *row)
{
    (void)self;
    (void)row;
    it.live--;
}

static const struct tree_source source = { .ask = on_ask, .cell = on_cell, .free_row = on_free };
static const struct table_column columns[] = {
    { .key = "unit", .title = "Unit", .min = 12, .max = 30 },
    { .key = "leads", .title = "Leads", .min = 5, .align = ALIGN_RIGHT, .number = true, .priority = 1 }
};

static int setup(void **state)
{
    (void)state;
    memset(&it, 0, sizeof it);
    tree_init(&it.t, columns, 2, &source, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tree_free(&it.t);
    assert_int_equal(it.live, 0);
    return 0;
}

/* The ids that are to be seen, in order. */
static void shows(const char *want)
{
    struct buf b = BUF_INIT;

    for (size_t i = 0; i < it.t.n; i++)
        buf_addf(&b, "%s%d", i ? " " : "", (int)tree_row_at(&it.t, i, NULL)->id);
    assert_string_equal(b.s, want);
    buf_release(&b);
}

static unsigned press(int key)
{
    struct action_list l = { 0 };
    struct keymap *k = keymap_new();
    struct action_call call;
    unsigned bits = tree_input(&it.t, &(struct input){ .kind = INPUT_KEY, .key = key });

    tree_actions(&it.t, &l);
    if (!bits && action_by_key(k, &l, NULL, key, &call))
        bits = call.action->run(&call);
    keymap_free(k);
    return bits;
}

static void branches_open_and_close(void **state)
{
    (void)state;
    shows("1 2 3");
    assert_int_equal(it.asks, 1);                   /* what is below is not read before it is wanted */
    press(K_RIGHT);
    shows("1 11 12 13 2 3");
    press(K_RIGHT);
    assert_int_equal(it.t.sel_id, 11);
    press(K_RIGHT);
    shows("1 11 111 112 113 12 13 2 3");
    press('G');
    assert_int_equal(it.t.sel_id, 3);
    tree_select(&it.t, 112);
    press(K_LEFT);
    assert_int_equal(it.t.sel_id, 11);
    press(K_LEFT);
    shows("1 11 12 13 2 3");
    tree_select(&it.t, 12);
    tree_open(&it.t, 1, false);                     /* the selection goes up, it does not vanish */
    assert_int_equal(it.t.sel_id, 1);
    shows("1 2 3");
    press('*');
    shows("1 11 111 112 113 12 13 2 3");
    assert_int_equal(it.asks, 3);                   /* no more than was read */
    tree_select(&it.t, 113);
    press('-');
    shows("1 2 3");
    assert_int_equal(it.t.sel_id, 1);
}

static void answers_may_come_late(void **state)
{
    (void)state;
    it.hold = true;
    tree_open(&it.t, 1, true);
    tree_open(&it.t, 2, true);
    shows("1 2 3");
    assert_true(it.t.loading);
    tree_open(&it.t, 1, false);
    tree_open(&it.t, 1, true);
    assert_int_equal(it.nheld, 2);                  /* not asked twice */
    tree_failed(&it.t, it.held[1].generation, 2);
    assert_false(tree_is_open(&it.t, 2));
    answer(1, it.held[0].generation);
    shows("1 11 12 13 2 3");
    assert_false(it.t.loading);
    answer(1, it.held[0].generation);               /* once more: not wanted */
    tree_reload(&it.t);
    answer(1, it.held[0].generation);               /* of before the reload */
    answer(0, it.held[2].generation);
    answer(1, it.held[3].generation);
    shows("1 11 12 13 2 3");
}

static void a_reload_keeps_what_is_open(void **state)
{
    (void)state;
    tree_open(&it.t, 1, true);
    tree_open(&it.t, 12, true);
    tree_select(&it.t, 122);
    it.gone = 11;
    tree_reload(&it.t);
    shows("1 12 121 122 123 13 2 3");
    assert_int_equal(it.t.sel_id, 122);
    it.gone = 122;                                  /* the selected one went: its neighbour */
    tree_reload(&it.t);
    assert_int_equal(it.t.n, 8);
    assert_int_not_equal(it.t.sel_id, 122);
    assert_non_null(tree_selected(&it.t));
    it.gone = 1;
    tree_reload(&it.t);
    shows("2 3");
}

static void names_are_found_by_typing(void **state)
{
    (void)state;
    tree_open(&it.t, 2, true);
    tree_open(&it.t, 2, false);
    press('/');
    assert_true(tree_typing(&it.t));
    press('2');
    assert_int_equal(it.t.sel_id, 2);
    press('3');
    assert_int_equal(it.t.sel_id, 23);              /* in a branch that was shut */
    shows("1 2 21 22 23 3");
    press(K_BACKSPACE);
    press(K_ENTER);
    assert_false(tree_typing(&it.t));
    tree_select(&it.t, 2);
    press('n');
    assert_int_equal(it.t.sel_id, 21);
    press('N');
    press('N');
    assert_int_equal(it.t.sel_id, 23);              /* round the ends */
    press('/');
    press('x');
    assert_int_equal(it.t.sel_id, 23);              /* nothing fits: it stays */
    press(K_ESC);
}

static void it_looks_like_a_tree(void **state)
{
    struct grid g;
    struct buf b = BUF_INIT;
    struct input in = { .kind = INPUT_MOUSE, .button = MOUSE_LEFT, .y = 1, .x = 2 };
    struct subject who;

    (void)state;
    grid_init(&g, 8, 40);
    tree_draw(&it.t, surface_of(&g));
    tree_input(&it.t, &in);                         /* on the mark: it opens */
    assert_true(tree_is_open(&it.t, 1));
    in.y = 3;
    in.x = 10;
    tree_input(&it.t, &in);                         /* on the words: it is selected */
    assert_int_equal(it.t.sel_id, 12);
    assert_false(tree_is_open(&it.t, 12));
    grid_clear(&g);
    tree_draw(&it.t, surface_of(&g));
    dump_text(&g, &b);
    assert_non_null(strstr(b.s, "  ▾ 网点 1"));
    assert_non_null(strstr(b.s, "▌   ▸ 网点 12"));
    assert_non_null(strstr(b.s, "84"));             /* 12 * 7 in its column */
    assert_true(tree_subject(&it.t, &who));
    assert_string_equal(who.name, "网点 12");
    assert_int_equal(who.version, 4);
    for (int h = 1; h < 9; h++)
        for (int w = 1; w < 40; w++)
            tree_draw(&it.t, surface_sub(surface_of(&g), 0, 0, h, w));
    grid_free(&g);
    buf_release(&b);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = { CASE(branches_open_and_close), CASE(answers_may_come_late),
                                        CASE(a_reload_keeps_what_is_open), CASE(names_are_found_by_typing),
                                        CASE(it_looks_like_a_tree) };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
