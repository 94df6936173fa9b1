#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/dump.h"
#include "tui/loop.h"
#include "tui/table.h"

/* A list of ids 1..total but a removed one; answers when the test says so. */
static struct {
    struct table t;
    struct table_ask ask;
    int64_t edge, total, removed;
    bool waiting;
    int asks, live_pages, selected, laid_out, sorted;
    bool desc;
} it;

static void answer(void)
{
    struct table_page *p = calloc(1, sizeof *p);
    const struct table_ask *a = &it.ask;
    int64_t from, to;
    bool before, after;

    assert_true(it.waiting);
    it.waiting = false;
    switch (a->side) {
    case TABLE_FIRST:
        from = 1;
        break;
    case TABLE_LAST:
        from = it.total - a->count + 1;
        break;
    case TABLE_AFTER:
        from = it.edge + 1 + a->skip;
        break;
    case TABLE_BEFORE:
        from = it.edge - a->skip - a->count;
        break;
    default:
        from = a->id - a->count / 2;
    }
    to = from + a->count - 1;
    if (a->side == TABLE_BEFORE)
        to = it.edge - 1 - a->skip;
    from = from < 1 ? 1 : from;
    to = to > it.total ? it.total : to;
    p->row = arena_array(&p->mem, struct table_row, (size_t)a->count + 1);
    for (int64_t id = from; id <= to; id++) {
        if (id == it.removed)
            continue;
        if (id < a->id)
            p->anchor++;
        p->row[p->n++] = (struct table_row){ .id = id, .version = 7 };
    }
    before = p->n && p->row[0].id > (it.removed == 1 ? 2 : 1);
    after = p->n && p->row[p->n - 1].id < it.total;
    it.live_pages++;
    table_answer(&it.t, a->generation, p, before,
                 a->side == TABLE_BEFORE || a->side == TABLE_LAST ? before : after);
}

static void on_ask(void *self, struct table *t, const struct table_ask *a)
{
    (void)self;
    (void)t;
    assert_true(a->count >= 1 && a->count <= 1000);
    it.ask = *a;
    it.edge = a->edge ? a->edge->id : 0;
    it.waiting = true;
    it.asks++;
}

static void on_cell(void *self, struct table *t, const struct table_row *row, int column,
                    struct table_cell *out)
{
    (void)self;
    if (column == 0)
        out->words = table_text(t, "客户%lld号阿卜杜热合曼", (long long)row->id);
    else if (column == 1)
        out->words = "官网";
    else {
        out->words = table_text(t, "%lld.25", (long long)row->id * 1000000);
        out->brief = table_text(t, "%lld", (long long)row->id * 1000000);
    }
}

static void on_free(void *self, struct table_page *p)
{
    (void)self;
    it.live_pages--;
    arena_free(&p->mem);
    free(p);
}

static void on_selected(void *self, struct table *t)
{
    (void)self;
    (void)t;
    it.selected++;
}

static void on_laid_out(void *self, struct table *t)
{
    (void)self;
    (void)t;
    it.laid_out++;
}

static void on_sort(void *self, struct table *t, int column, bool desc)
{
    (void)self;
    (void)t;
    it.sorted = column;
    it.desc = desc;
}

static const struct table_source source = {
    .ask = on_ask, .cell = on_cell, .free_page = on_free, .selected = on_selected,
    .laid_out = on_laid_out, .sort = on_sort
};
static const struct table_source skipping = { .skips = true, .ask = on_ask, .cell = on_cell,
                                              .free_page = on_free };
static const struct table_column columns[] = {
    { .key = "name", .title = "Name", .min = 8, .max = 12 },
    { .key = "source", .title = "Source", .min = 4, .priority = 2 },
    { .key = "money", .title = "Money", .min = 6, .align = ALIGN_RIGHT, .number = true,
      .priority = 1, .sortable = true, .sort_desc = true }
};

static void settle(void)
{
    for (int i = 0; it.waiting && i < 5000; i++)
        answer();
    assert_false(it.waiting);
}

static int setup(void **state)
{
    (void)state;
    memset(&it, 0, sizeof it);
    it.total = 1000000;
    table_init(&it.t, columns, 3, &source, NULL);
    it.t.height = 20;
    table_set_total(&it.t, it.total);
    table_reset(&it.t);
    settle();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    table_free(&it.t);
    assert_int_equal(it.live_pages, 0);
    return 0;
}

static void stands_on(int64_t id)
{
    const struct table_row *row = table_selected(&it.t);

    assert_non_null(row);
    assert_int_equal(row->id, id);
    assert_int_equal(it.t.sel_id, id);
    assert_true(it.t.sel >= it.t.top && it.t.sel < it.t.top + (size_t)it.t.height);
}

/* Keys typed ahead by the hundred end where they would one by one, by two questions. */
static void many_keys_at_once_jump(void **state)
{
    (void)state;
    it.t.source = &skipping;
    int before = it.asks;
    for (int i = 0; i < 300; i++)
        table_move(&it.t, 38);
    settle();
    stands_on(1 + 300 * 38);
    assert_true(it.asks - before <= 4);
    assert_int_equal(it.t.first + (int64_t)it.t.sel, 300 * 38);     /* "11401 of 1000000" */
    for (int i = 0; i < 200; i++)
        table_move(&it.t, -38);
    settle();
    stands_on(1 + 100 * 38);
    assert_int_equal(it.t.first + (int64_t)it.t.sel, 100 * 38);
    for (int i = 0; i < 10; i++) {          /* and on from there, row by row */
        table_move(&it.t, 1);
        settle();
    }
    stands_on(11 + 100 * 38);
    table_move(&it.t, 300000);
    settle();
    stands_on(11 + 100 * 38 + 300000);
    table_move(&it.t, 900000);              /* past the end */
    settle();
    stands_on(1000000);
    table_move(&it.t, -2000000);
    settle();
    stands_on(1);
}

static void a_million_rows_are_walked_in_a_small_window(void **state)
{
    (void)state;
    stands_on(1);
    for (int i = 0; i < 2000; i++) {
        table_move(&it.t, 19);
        settle();
        assert_true(it.t.n <= TABLE_WINDOW + 1000);
    }
    stands_on(1 + 2000 * 19);
    assert_int_equal(table_place(&it.t), 1 + 2000 * 19);
    table_move(&it.t, -500 * 19);
    settle();
    stands_on(1 + 1500 * 19);
    assert_int_equal(table_place(&it.t), 1 + 1500 * 19);
    assert_true(it.asks < 1200);
}

static void ends_are_one_ask_away(void **state)
{
    int asks = it.asks;

    (void)state;
    table_move_end(&it.t, true);
    answer();
    stands_on(1000000);
    assert_int_equal(table_place(&it.t), 1000000);
    settle();
    table_move(&it.t, 5);
    settle();
    stands_on(1000000);
    table_move_end(&it.t, false);
    settle();
    stands_on(1);
    assert_true(it.asks - asks <= 4);
}

static void keys_typed_ahead_are_owed_and_paid(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++)           /* nothing is answered meanwhile */
        table_move(&it.t, 19);
    settle();
    stands_on(1 + 300 * 19);
    for (int i = 0; i < 400; i++)
        table_move(&it.t, -19);
    settle();
    stands_on(1);
}

static void the_selection_stays_with_its_record(void **state)
{
    (void)state;
    table_move(&it.t, 49);
    settle();
    stands_on(50);
    it.removed = 45;
    table_reload(&it.t);
    settle();
    stands_on(50);
    assert_int_equal(table_selected(&it.t)->version, 7);
    /* the record itself goes: the next one takes its place */
    it.removed = 50;
    table_reload(&it.t);
    settle();
    stands_on(51);
}

static void a_reload_keeps_the_place_on_the_screen(void **state)
{
    size_t offset;

    (void)state;
    table_move(&it.t, 500);
    settle();
    table_move(&it.t, -7);
    settle();
    offset = it.t.sel - it.t.top;
    assert_int_equal(offset, 12);
    table_reload(&it.t);
    settle();
    stands_on(494);
    assert_int_equal(it.t.sel - it.t.top, offset);
}

static void a_stale_answer_changes_nothing(void **state)
{
    struct table_page *p = calloc(1, sizeof *p);
    uint32_t old;

    (void)state;
    table_move_end(&it.t, true);
    old = it.ask.generation;
    table_goto(&it.t, 700);
    it.live_pages++;
    assert_false(table_answer(&it.t, old, p, false, false));
    stands_on(1);
    settle();
    stands_on(700);
    table_failed(&it.t, old);
    stands_on(700);
}

static void a_busy_list_is_asked_once_at_a_time(void **state)
{
    int asks = it.asks;

    (void)state;
    table_reload(&it.t);
    for (int i = 0; i < 50; i++)            /* fifty commits while one answer is on its way */
        table_reload(&it.t);
    assert_int_equal(it.asks, asks + 1);
    answer();
    assert_true(it.waiting);                /* and one more look when it came */
    settle();
    stands_on(1);
    assert_true(it.asks <= asks + 4);
}

static void an_empty_list_is_no_trouble(void **state)
{
    struct subject s;

    (void)state;
    it.total = 0;
    table_reset(&it.t);
    settle();
    assert_null(table_selected(&it.t));
    assert_false(table_subject(&it.t, &s));
    table_move(&it.t, 1);
    table_move_end(&it.t, true);
    settle();
    table_reload(&it.t);
    settle();
    assert_null(table_selected(&it.t));
}

static void marks_are_ids(void **state)
{
    const int64_t *ids;

    (void)state;
    table_mark(&it.t, 9, true);
    table_mark(&it.t, 3, true);
    table_mark(&it.t, 70000, true);
    table_mark(&it.t, 9, true);
    assert_int_equal(table_marks(&it.t, &ids), 3);
    assert_int_equal(ids[0], 3);
    assert_int_equal(ids[2], 70000);
    table_reload(&it.t);
    settle();
    table_mark(&it.t, 9, false);
    assert_false(table_marked(&it.t, 9));
    assert_true(table_marked(&it.t, 3));
    table_unmark_all(&it.t);
    assert_int_equal(table_marks(&it.t, &ids), 0);
}

static void the_subject_is_what_was_on_the_screen(void **state)
{
    struct subject s;

    (void)state;
    table_move(&it.t, 4);
    settle();
    assert_true(table_subject(&it.t, &s));
    assert_int_equal(s.id, 5);
    assert_int_equal(s.version, 7);
    assert_non_null(strstr(s.name, "客户5号"));
}

/* One drawing of the table in `cells` columns: the rows as text. */
static char *drawn(int cells)
{
    struct grid g;
    struct buf b = BUF_INIT;

    grid_init(&g, 4, cells);
    table_draw(&it.t, surface_of(&g));
    dump_text(&g, &b);
    grid_free(&g);
    return buf_detach(&b);
}

static void columns_give_way_by_priority(void **state)
{
    struct line l = LINE_INIT;
    char *text = drawn(44);

    (void)state;
    settle();
    assert_non_null(strstr(text, "  Name          Source       Money"));
    /* a number is never cut, a name is */
    assert_non_null(strstr(text, "▌ 客户1号阿卜…  官网    1000000.25"));
    free(text);
    text = drawn(28);
    assert_non_null(strstr(text, "官网    1000000"));           /* decimals go first */
    assert_null(strstr(text, ".25"));
    free(text);
    text = drawn(24);
    assert_null(strstr(text, "Source"));                    /* then a column */
    assert_non_null(strstr(text, "1000000.25"));
    table_dropped(&it.t, &l);
    assert_string_equal(l.text.s, "> Source");
    line_free(&l);
    free(text);
    text = drawn(12);
    assert_non_null(strstr(text, "客户1"));
    assert_null(strstr(text, "Money"));
    free(text);
    settle();
}

static void stubs_stand_for_rows_on_their_way(void **state)
{
    char *text;

    (void)state;
    table_free(&it.t);
    table_init(&it.t, columns, 3, &source, NULL);
    table_reset(&it.t);
    text = drawn(44);
    assert_non_null(strstr(text, "┄┄"));
    free(text);
    settle();
    text = drawn(44);
    assert_null(strstr(text, "┄┄"));
    free(text);
    settle();
}

/* --- columns by taste ------------------------------------------------------------------------- */

static void layout_is(const char *text)
{
    struct buf b = BUF_INIT;

    table_layout(&it.t, &b);
    assert_string_equal(b.s, text);
    buf_release(&b);
}

static void columns_are_hidden_moved_and_kept(void **state)
{
    char *text;

    (void)state;
    layout_is("name,source,money");
    assert_true(table_column_hide(&it.t, 1, 0));
    assert_false(table_column_hide(&it.t, 1, 1));           /* it is so already */
    assert_true(table_column_move(&it.t, 2, -9));           /* as far as it goes */
    assert_false(table_column_move(&it.t, 2, -1));
    assert_int_equal(it.laid_out, 2);
    layout_is("money,name,-source");
    assert_true(table_column_hidden(&it.t, 1));
    assert_int_equal(table_column_at(&it.t, 0), 2);
    text = drawn(60);
    assert_null(strstr(text, "Source"));
    assert_null(strstr(text, "官网"));
    assert_true(strstr(text, "Money") < strstr(text, "Name"));
    free(text);
    assert_int_equal(it.t.dropped, 0);                      /* hidden is no lack of room */
    assert_true(table_column_hide(&it.t, 0, 1));
    assert_false(table_column_hide(&it.t, 2, 1));           /* one stays */
    assert_true(table_column_hide(&it.t, 0, -1));
    settle();
}

static void a_column_takes_the_width_it_is_given(void **state)
{
    char *text = drawn(60);

    (void)state;
    assert_non_null(strstr(text, "客户1号阿卜…  官网"));      /* 12 cells of the name */
    free(text);
    assert_true(table_column_resize(&it.t, 0, 4));
    layout_is("name:16,source,money");
    text = drawn(60);
    assert_non_null(strstr(text, "客户1号阿卜杜热…  官网"));
    free(text);
    for (int i = 0; i < 30; i++) {
        table_column_resize(&it.t, 0, -1);
        free(drawn(60));
    }
    layout_is("name:3,source,money");
    assert_true(table_column_resize(&it.t, 0, 0));
    layout_is("name,source,money");
    table_set_layout(&it.t, "money:3");                     /* a number is never cut */
    text = drawn(60);
    assert_non_null(strstr(text, "1000000"));
    free(text);
    table_set_layout(&it.t, "name:80,source:80");           /* wider than the screen */
    text = drawn(40);
    assert_non_null(strstr(text, "客户1号"));
    free(text);
    settle();
}

static void a_strange_layout_is_taken_as_far_as_it_fits(void **state)
{
    static const struct { const char *text, *is; bool whole; } odd[] = {
        { "money,name,-source", "money,name,-source", true },
        { "name:12,-money", "name:12,source,-money", true },
        { "money,name", "money,name,source", true },        /* of an older version: one was added */
        { "money", "name,source,money", true },
        { "gone,money:9,name", "money:9,name,source", false },
        { "money,money,name", "money,name,source", false },
        { "name:2,source:999,money:x", "name,source,money", false },
        { "-name,-source,-money", "name,-source,-money", false },
        { ",,:,-,-:5,name:", "name,source,money", false },
        { "\xff\x01\x1b[2J", "name,source,money", false },
        { "", "name,source,money", true }
    };

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        table_set_layout(&it.t, "-source,money:20");
        assert_int_equal(table_set_layout(&it.t, odd[i].text), odd[i].whole);
        layout_is(odd[i].is);
    }
    assert_true(table_set_layout(&it.t, NULL));
    assert_int_equal(it.laid_out, 0);                       /* only the person's changes are told */
}

static unsigned mouse(enum mouse button, int y, int x)
{
    return table_input(&it.t, &(struct input){ .kind = INPUT_MOUSE, .button = button, .y = y, .x = x });
}

/* The cell where words begin in the head. */
static int head_at(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    char before[200];

    assert_non_null(at);
    snprintf(before, sizeof before, "%.*s", (int)(at - text), text);
    return text_width(before);
}

static void a_click_on_a_head_sorts(void **state)
{
    char *text = drawn(60);
    int money = head_at(text, "Money"), name = head_at(text, "Name");

    (void)state;
    it.sorted = -1;
    assert_int_equal(mouse(MOUSE_LEFT, 0, money), UI_DONE);
    assert_int_equal(it.sorted, 2);
    assert_true(it.desc);                                   /* its first direction */
    free(text);
    text = drawn(60);
    mouse(MOUSE_LEFT, 0, head_at(text, "Money"));
    assert_false(it.desc);                                  /* the second click turns it */
    it.sorted = -1;
    assert_int_equal(mouse(MOUSE_LEFT, 0, name), 0);        /* it has no order */
    assert_int_equal(it.sorted, -1);
    free(text);
    settle();
}

static void a_border_is_dragged(void **state)
{
    char *text = drawn(60);
    int border = head_at(text, "Source") - 1;

    (void)state;
    free(text);
    mouse(MOUSE_LEFT, 0, border);
    mouse(MOUSE_DRAG, 0, border + 2);
    layout_is("name:14,source,money");
    assert_int_equal(it.laid_out, 0);
    mouse(MOUSE_RELEASE, 3, border + 5);                    /* let go below the head */
    layout_is("name:17,source,money");
    assert_int_equal(it.laid_out, 1);
    mouse(MOUSE_DRAG, 0, 2);                                /* nothing is in hand any more */
    layout_is("name:17,source,money");
    free(drawn(60));
    mouse(MOUSE_LEFT, 0, border + 5);
    mouse(MOUSE_RELEASE, 0, 0);
    layout_is("name:3,source,money");
    settle();
}

static void large_print_gives_a_row_two_lines(void **state)
{
    struct grid g;
    struct buf b = BUF_INIT;

    (void)state;
    table_set_layout(&it.t, "money,name,source");
    grid_init(&g, 10, 60);
    g.large = true;
    table_draw(&it.t, surface_of(&g));
    settle();
    assert_int_equal(it.t.height, 3);                       /* 9 rows below the head */
    table_draw(&it.t, surface_of(&g));
    dump_text(&g, &b);
    assert_non_null(strstr(b.s, "客户1号"));
    mouse(MOUSE_LEFT, 5, 10);                               /* the second line of the second row */
    stands_on(2);
    grid_free(&g);
    buf_release(&b);
    settle();
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = { CASE(many_keys_at_once_jump),
                                        CASE(a_million_rows_are_walked_in_a_small_window),
                                        CASE(ends_are_one_ask_away),
                                        CASE(keys_typed_ahead_are_owed_and_paid),
                                        CASE(the_selection_stays_with_its_record),
                                        CASE(a_reload_keeps_the_place_on_the_screen),
                                        CASE(a_stale_answer_changes_nothing),
                                        CASE(a_busy_list_is_asked_once_at_a_time),
                                        CASE(an_empty_list_is_no_trouble),
                                        CASE(marks_are_ids),
                                        CASE(the_subject_is_what_was_on_the_screen),
                                        CASE(columns_give_way_by_priority),
                                        CASE(stubs_stand_for_rows_on_their_way),
                                        CASE(columns_are_hidden_moved_and_kept),
                                        CASE(a_column_takes_the_width_it_is_given),
                                        CASE(a_strange_layout_is_taken_as_far_as_it_fits),
                                        CASE(a_click_on_a_head_sorts),
                                        CASE(a_border_is_dragged),
                                        CASE(large_print_gives_a_row_two_lines) };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
