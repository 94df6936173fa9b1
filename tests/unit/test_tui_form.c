#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/dump.h"
#include "tui/form.h"
#include "tui/loop.h"

/* --- field ------------------------------------------------------------------------------------ */

static unsigned press(struct edit *f, int key)
{
    return edit_input(f, &(struct input){ .kind = INPUT_KEY, .key = key });
}

static void type(struct edit *f, const char *words)
{
    size_t len;

    for (size_t n = strlen(words); n > 0; words += len, n -= len)
        press(f, (int)text_char(words, n, &len));
}

static void editing_goes_by_characters_as_seen(void **state)
{
    struct edit f;

    (void)state;
    edit_init(&f, 0, 1);
    type(&f, "李e");
    edit_insert(&f, "\xcc\x81x");                   /* an accent joins the e */
    press(&f, K_LEFT);
    press(&f, K_LEFT);
    assert_int_equal(f.at, 3);
    press(&f, K_DEL);
    assert_string_equal(edit_text(&f), "李x");
    press(&f, K_BACKSPACE);
    assert_string_equal(edit_text(&f), "x");
    press(&f, K_BACKSPACE);
    press(&f, K_LEFT);
    assert_string_equal(edit_text(&f), "x");
    type(&f, "one two, three");
    press(&f, 'w' | K_CTRL);
    assert_string_equal(edit_text(&f), "one two, x");
    press(&f, 'w' | K_CTRL);
    assert_string_equal(edit_text(&f), "one x");
    press(&f, 'k' | K_CTRL);
    press(&f, 'a' | K_CTRL);
    type(&f, ">");
    assert_string_equal(edit_text(&f), ">one ");
    press(&f, K_END);
    press(&f, 'u' | K_CTRL);
    assert_string_equal(edit_text(&f), "");
    assert_int_equal(press(&f, K_ENTER), 0);
    assert_int_equal(press(&f, K_ESC), 0);
    edit_free(&f);
}

static void a_field_holds_no_more_than_it_may(void **state)
{
    struct edit f;

    (void)state;
    edit_init(&f, 4, 1);
    type(&f, "一二三四五");
    assert_string_equal(edit_text(&f), "一二三四");
    edit_set(&f, "ab");
    edit_input(&f, &(struct input){ .kind = INPUT_PASTE, .text = "cdefg" });
    assert_string_equal(edit_text(&f), "abcd");
    edit_set(&f, "x\033[2Jy\xe2\x80\xae");
    assert_null(strchr(edit_text(&f), 27));
    assert_null(strstr(edit_text(&f), "\xe2\x80\xae"));
    edit_free(&f);
}

static void the_cursor_stands_at_the_edit_point(void **state)
{
    struct grid g;
    struct edit f;

    (void)state;
    grid_init(&g, 3, 12);
    edit_init(&f, 0, 1);
    type(&f, "中文ab");
    edit_draw(&f, surface_of(&g), true);
    assert_true(g.cursor_shown);
    assert_int_equal(g.cursor_x, 1 + 6);
    press(&f, K_HOME);
    press(&f, K_RIGHT);
    edit_draw(&f, surface_of(&g), true);
    assert_int_equal(g.cursor_x, 1 + 2);
    press(&f, K_END);
    type(&f, "cdefghijkl");                          /* longer than the field: it scrolls */
    edit_draw(&f, surface_of(&g), true);
    assert_in_range(g.cursor_x, 1, 10);
    assert_int_equal(g.cells[9].c[0], 'l');
    edit_free(&f);
    grid_free(&g);
}

static void notes_break_into_rows(void **state)
{
    struct grid g;
    struct edit f;

    (void)state;
    grid_init(&g, 3, 10);                           /* eight cells inside */
    edit_init(&f, 0, 3);
    type(&f, "一二三四五六七");
    edit_draw(&f, surface_of(&g), true);
    assert_int_equal(g.cursor_y, 1);
    assert_int_equal(g.cursor_x, 1 + 6);
    assert_int_equal(g.cells[10 + 1].c[0], 0x4e94);  /* 五 */
    assert_int_equal(press(&f, K_UP), UI_DONE);
    edit_draw(&f, surface_of(&g), true);
    assert_int_equal(g.cursor_y, 0);
    assert_int_equal(g.cursor_x, 1 + 6);
    assert_int_equal(press(&f, K_UP), 0);            /* out of the field at its top */
    type(&f, "x");
    assert_string_equal(edit_text(&f), "一二三x四五六七");
    edit_free(&f);
    grid_free(&g);
}

static void a_secret_is_not_shown(void **state)
{
    struct grid g;
    struct edit f;
    struct buf b = BUF_INIT;

    (void)state;
    grid_init(&g, 1, 20);
    edit_init(&f, 0, 1);
    f.secret = true;
    type(&f, "geheim");
    edit_draw(&f, surface_of(&g), true);
    dump_text(&g, &b);
    assert_null(strstr(b.s, "geheim"));
    assert_non_null(strstr(b.s, "●●●●●●"));
    assert_string_equal(edit_text(&f), "geheim");
    buf_release(&b);
    edit_free(&f);
    grid_free(&g);
}

/* --- form ------------------------------------------------------------------------------------- */

static const char *short_name(void *self, const struct form_field *f, const char *value)
{
    assert_string_equal(f->key, "name");
    ++*(int *)self;
    return strlen(value) > 5 ? "too long a name" : NULL;
}

static const struct form_choice results[] = { { "ok", "reached", '1', 0 },
                                              { "no", "no answer", '2', 0 },
                                              { "busy", "busy", '3', 0 } };
static const struct form_choice ways[] = { { "phone", "phone", 'd', 0 },
                                           { "wechat", "WeChat", 'w', 0 } };
static const struct form_field fields[] = {
    { .key = "result", .label = "Result", .kind = FORM_GRID, .required = true, .choices = results,
      .nchoices = 3, .then = "name" },
    { .key = "way", .label = "Way", .kind = FORM_CHOICE, .choices = ways, .nchoices = 2 },
    { .key = "name", .label = "Name", .kind = FORM_TEXT, .required = true, .max = 20,
      .check = short_name },
    { .key = "amount", .label = "Amount", .kind = FORM_NUMBER, .width = 10 },
    { .key = "next", .label = "Next", .kind = FORM_DATE, .width = 18 },
    { .key = "hint", .label = "Words only", .kind = FORM_NOTE },
    { .key = "oral", .label = "Consent", .kind = FORM_FLAG, .help = "given" }
};
static int checks;

static struct form *fresh(void)
{
    checks = 0;
    return form_new(fields, sizeof fields / sizeof fields[0], &checks);
}

static unsigned key(struct form *f, int k)
{
    return form_input(f, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void keys(struct form *f, const char *s)
{
    size_t len;

    for (size_t n = strlen(s); n > 0; s += len, n -= len)
        key(f, (int)text_char(s, n, &len));
}

/* What the form looks like in 50 x 24. */
static char *look(struct form *f)
{
    struct grid g;
    struct buf b = BUF_INIT;

    grid_init(&g, 24, 50);
    form_draw(f, surface_of(&g), true);
    dump_text(&g, &b);
    grid_free(&g);
    return buf_detach(&b);
}

static void a_follow_up_takes_few_keys(void **state)
{
    struct form *f = fresh();

    (void)state;
    assert_string_equal(form_focus(f), "result");
    assert_false(form_typing(f));
    /* a choice's key works from any field that is not typed in */
    keys(f, "w2");
    assert_string_equal(form_get(f, "way"), "wechat");
    assert_string_equal(form_get(f, "result"), "no");
    assert_string_equal(form_focus(f), "name");
    assert_true(form_typing(f));
    keys(f, "d1年");                                /* typed, not chosen */
    assert_string_equal(form_get(f, "name"), "d1年");
    assert_string_equal(form_get(f, "way"), "wechat");
    assert_true(form_changed(f));
    assert_true(form_check(f));
    form_free(f);
}

static void mistakes_are_told_under_the_field(void **state)
{
    struct form *f = fresh();
    char *text;

    (void)state;
    assert_false(form_check(f));
    assert_string_equal(form_focus(f), "result");
    text = look(f);
    assert_non_null(strstr(text, "! choose one"));
    assert_non_null(strstr(text, "! needed"));
    free(text);
    keys(f, "1");
    keys(f, "toolong");
    assert_int_equal(checks, 0);
    key(f, K_TAB);                                  /* leaving it checks it */
    text = look(f);
    assert_non_null(strstr(text, "! too long a name"));
    assert_null(strstr(text, "! needed"));
    free(text);
    assert_false(form_check(f));
    assert_string_equal(form_focus(f), "name");
    key(f, K_BACKSPACE);
    text = look(f);
    assert_null(strstr(text, "too long"));          /* typing takes the sentence away */
    free(text);
    form_error(f, "amount", "The server says no");
    assert_string_equal(form_focus(f), "amount");
    text = look(f);
    assert_non_null(strstr(text, "! The server says no"));
    free(text);
    form_free(f);
}

static void numbers_take_only_what_makes_numbers(void **state)
{
    struct form *f = fresh();

    (void)state;
    form_set(f, "result", "ok");
    form_set(f, "name", "x");
    form_set_focus(f, "amount");
    /* full-width digits come from an input method left on */
    keys(f, "1a２x.5-");
    assert_string_equal(form_get(f, "amount"), "12.5-");
    assert_false(form_check(f));
    assert_string_equal(form_focus(f), "amount");
    key(f, K_BACKSPACE);
    assert_true(form_check(f));
    form_free(f);
}

static void dates_settle_when_left(void **state)
{
    struct form *f = fresh();

    (void)state;
    clock_zone("Asia/Shanghai");
    clock_set(clock_from_civil((struct civil){ .year = 2026, .month = 11, .day = 24, .hour = 8 }));
    form_set_focus(f, "next");
    keys(f, "+3");
    key(f, K_TAB);
    assert_string_equal(form_get(f, "next"), "2026-11-27 10:00");
    form_set(f, "next", "2026/1/5 9:30");
    form_set_focus(f, "next");
    key(f, K_DOWN);
    assert_string_equal(form_get(f, "next"), "2026-01-05 09:30");
    form_set(f, "next", "2026-02-30");
    form_set(f, "result", "ok");
    form_set(f, "name", "x");
    assert_false(form_check(f));
    assert_string_equal(form_focus(f), "next");
    form_set(f, "next", "");
    assert_true(form_check(f));
    clock_set(NONE);
    form_free(f);
}

static void walking_skips_words_and_wraps(void **state)
{
    static const char *const order[] = { "way", "name", "amount", "next", "oral", "result" };
    struct form *f = fresh();

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        key(f, K_TAB);
        assert_string_equal(form_focus(f), order[i]);
    }
    key(f, K_BTAB);
    assert_string_equal(form_focus(f), "oral");
    key(f, K_SPACE);
    assert_string_equal(form_get(f, "oral"), "1");
    key(f, K_SPACE);
    assert_string_equal(form_get(f, "oral"), "");
    form_free(f);
}

static void arrows_walk_choices(void **state)
{
    struct form *f = fresh();

    (void)state;
    key(f, K_DOWN);                                 /* nothing chosen yet: the first */
    assert_string_equal(form_get(f, "result"), "ok");
    key(f, K_RIGHT);
    assert_string_equal(form_get(f, "result"), "no");
    key(f, K_RIGHT);
    key(f, K_RIGHT);
    assert_string_equal(form_get(f, "result"), "busy");
    key(f, K_UP);
    assert_string_equal(form_get(f, "result"), "ok");
    key(f, K_UP);                                   /* out of it, backwards */
    assert_string_equal(form_focus(f), "oral");
    form_free(f);
}

static void a_low_window_scrolls_to_the_field_in_hand(void **state)
{
    struct form *f = fresh();
    struct grid g;
    struct buf b = BUF_INIT;

    (void)state;
    grid_init(&g, 4, 40);
    form_set_focus(f, "oral");
    form_draw(f, surface_of(&g), true);
    dump_text(&g, &b);
    assert_non_null(strstr(b.s, "Consent"));
    assert_null(strstr(b.s, "Result"));
    for (int h = 0; h < 6; h++)
        for (int w = 0; w < 30; w += 3) {
            grid_resize(&g, h, w);
            form_draw(f, surface_of(&g), true);
        }
    buf_release(&b);
    grid_free(&g);
    form_free(f);
}

/* --- undo, words, lines ----------------------------------------------------------------------- */

static void what_was_typed_can_be_taken_back(void **state)
{
    struct edit f;

    (void)state;
    edit_init(&f, 0, 1);
    press(&f, 'z' | K_CTRL);                        /* nothing was done yet */
    type(&f, "one two");
    press(&f, 'w' | K_CTRL);
    assert_string_equal(edit_text(&f), "one ");
    press(&f, 'z' | K_CTRL);
    assert_string_equal(edit_text(&f), "one two");
    assert_int_equal(f.at, 7);
    press(&f, 'z' | K_CTRL);                        /* a word at a time */
    assert_string_equal(edit_text(&f), "one");
    press(&f, 'z' | K_CTRL);
    assert_string_equal(edit_text(&f), "");
    press(&f, 'z' | K_CTRL);
    press(&f, 'y' | K_CTRL);
    press(&f, 'y' | K_CTRL);
    press(&f, 'y' | K_CTRL);
    assert_string_equal(edit_text(&f), "one ");
    press(&f, 'y' | K_CTRL);
    press(&f, 'z' | K_CTRL);
    type(&f, "!");                                  /* a new turn: no way forward any more */
    press(&f, 'y' | K_CTRL);
    assert_string_equal(edit_text(&f), "one two!");
    for (int i = 0; i < 300; i++)
        type(&f, "a ");
    for (int i = 0; i < 300; i++)
        press(&f, 'z' | K_CTRL);
    assert_int_equal(strncmp(edit_text(&f), "one two!", 8), 0);
    edit_set(&f, "fresh");
    press(&f, 'z' | K_CTRL);                        /* what was set is where it begins */
    assert_string_equal(edit_text(&f), "fresh");
    edit_free(&f);
    edit_init(&f, 0, 1);
    f.secret = true;
    type(&f, "pass");
    press(&f, 'z' | K_CTRL);                        /* a secret leaves no copies */
    assert_string_equal(edit_text(&f), "pass");
    edit_free(&f);
}

static void words_are_walked(void **state)
{
    struct edit f;

    (void)state;
    edit_init(&f, 0, 1);
    edit_set(&f, "one, two 三四");
    press(&f, K_LEFT | K_CTRL);
    assert_int_equal(f.at, 9);
    press(&f, 'b' | K_ALT);
    assert_int_equal(f.at, 5);
    press(&f, K_RIGHT | K_CTRL);
    assert_int_equal(f.at, 8);
    press(&f, K_HOME | K_CTRL);
    press(&f, 'd' | K_ALT);
    assert_string_equal(edit_text(&f), ", two 三四");
    edit_free(&f);
}

static void an_area_has_lines_of_its_own(void **state)
{
    struct edit f;
    struct grid g;
    struct buf b = BUF_INIT;

    (void)state;
    edit_init(&f, 0, 4);
    f.lines = true;
    grid_init(&g, 4, 10);                           /* eight cells inside */
    type(&f, "ab");
    assert_int_equal(press(&f, K_ENTER), UI_DONE);
    type(&f, "12345678");                           /* a full row */
    press(&f, K_ENTER);
    type(&f, "z");
    assert_string_equal(edit_text(&f), "ab\n12345678\nz");
    edit_draw(&f, surface_of(&g), true);
    assert_int_equal(g.cursor_y, 2);                /* no empty row after the full one */
    assert_int_equal(g.cursor_x, 2);
    dump_text(&g, &b);
    assert_non_null(strstr(b.s, "12345678"));
    press(&f, K_UP);
    press(&f, K_UP);
    press(&f, K_END);
    assert_int_equal(f.at, 2);
    press(&f, K_DOWN);
    press(&f, K_END);
    edit_draw(&f, surface_of(&g), true);
    assert_int_equal(g.cursor_y, 1);                /* at the end of the full row, not below it */
    assert_int_equal(g.cursor_x, 9);
    press(&f, K_HOME);
    assert_int_equal(f.at, 3);
    press(&f, K_BACKSPACE);                         /* joins the lines */
    assert_string_equal(edit_text(&f), "ab12345678\nz");
    press(&f, 'k' | K_CTRL);
    assert_string_equal(edit_text(&f), "ab\nz");
    press(&f, 'k' | K_CTRL);
    assert_string_equal(edit_text(&f), "abz");
    edit_set(&f, "");
    edit_input(&f, &(struct input){ .kind = INPUT_PASTE, .text = "one\r\ntwo\n\xcc\x81x\033[2J" });
    assert_int_equal(strncmp(edit_text(&f), "one\ntwo\n", 8), 0);
    assert_null(strchr(edit_text(&f), 27));
    assert_null(strstr(edit_text(&f), "\n\xcc"));   /* no mark stands on a line end */
    for (int cells = 1; cells < 12; cells++)        /* no width is too odd */
        for (int y = 1; y < 5; y++) {
            edit_draw(&f, surface_sub(surface_of(&g), 0, 0, y, cells), true);
            press(&f, y % 2 ? K_UP : K_PGDN);
        }
    grid_free(&g);
    buf_release(&b);
    edit_free(&f);
}

/* --- naming a row by words -------------------------------------------------------------------- */

static const char *const people[][2] = { { "11", "沈若溪" }, { "12", "沈若兰" }, { "13", "Zhao Lei" },
                                         { "14", "zhao lei" } };
static bool slow;

static size_t complete(void *self, const char *text, struct form_choice *out, size_t most)
{
    size_t n = 0;

    (void)self;
    assert_int_equal(most, FORM_COMPLETIONS);
    for (size_t i = 0; i < 4 && !slow; i++)
        if (strstr(people[i][1], text) || !strcmp(people[i][0], text)) {
            static char value[4][8];                /* its own memory, gone with the next call */

            snprintf(value[n], sizeof value[n], "%s", people[i][0]);
            out[n] = (struct form_choice){ .value = value[n], .label = people[i][1] };
            n++;
        }
    return n;
}

static const struct form_choice channels[] = { { "web", "website", 0, 0 }, { "walk", "walk-in", 0, 0 },
                                               { "ref", "referral", 0, 0 } };
static const struct form_field picks[] = {
    { .key = "owner", .label = "Owner", .kind = FORM_PICK, .complete = complete, .required = true,
      .unknown = "nobody of that name" },
    { .key = "channel", .label = "Channel", .kind = FORM_PICK, .choices = channels, .nchoices = 3 },
    { .key = "story", .label = "Story", .kind = FORM_AREA, .rows = 3 },
    { .key = "phone", .label = "Phone", .kind = FORM_TEXT, .narrow = true }
};

static bool shows(struct form *f, const char *words)
{
    char *text = look(f);
    bool is = strstr(text, words) != NULL;

    free(text);
    return is;
}

static void a_row_is_named_by_typing(void **state)
{
    struct form *f = form_new(picks, 4, NULL);

    (void)state;
    slow = false;
    assert_true(shows(f, "沈若兰"));                  /* all of them while nothing is typed */
    keys(f, "若");
    assert_false(shows(f, "Zhao"));
    key(f, K_DOWN);
    assert_int_equal(key(f, K_ENTER), UI_DONE);
    assert_string_equal(form_get(f, "owner"), "12");
    assert_string_equal(form_focus(f), "channel");
    assert_true(shows(f, "沈若兰"));
    keys(f, "w");                                   /* website and walk-in: the first is in hand */
    key(f, K_TAB);
    assert_string_equal(form_get(f, "channel"), "web");
    assert_string_equal(form_focus(f), "story");
    keys(f, "a");
    assert_int_equal(key(f, K_ENTER), UI_DONE);     /* a line, not the end of the form */
    keys(f, "b");
    assert_string_equal(form_get(f, "story"), "a\nb");
    key(f, K_TAB);
    keys(f, "１３８");
    assert_string_equal(form_get(f, "phone"), "138");
    form_input(f, &(struct input){ .kind = INPUT_PASTE, .text = "００" });
    assert_string_equal(form_get(f, "phone"), "13800");
    assert_int_equal(key(f, K_ENTER), 0);
    assert_true(form_check(f));
    form_free(f);
}

static void words_that_name_nobody_are_told(void **state)
{
    struct form *f = form_new(picks, 4, NULL);

    (void)state;
    slow = false;
    keys(f, "nobody");
    key(f, K_TAB);
    assert_true(shows(f, "! nobody of that name"));
    assert_string_equal(form_get(f, "owner"), "");
    assert_false(form_check(f));
    assert_string_equal(form_focus(f), "owner");
    form_set(f, "owner", "13");                     /* by value: the words are its label */
    assert_true(shows(f, "Zhao Lei"));
    assert_string_equal(form_get(f, "owner"), "13");
    key(f, K_BACKSPACE);                            /* other words: it names nobody now */
    assert_string_equal(form_get(f, "owner"), "");
    assert_int_equal(key(f, K_ESC), UI_DONE);       /* shuts the list */
    assert_int_equal(key(f, K_ESC), 0);             /* and is the dialog's then */
    key(f, 'u' | K_CTRL);
    keys(f, "沈若溪");
    key(f, K_ESC);
    key(f, K_TAB);                                  /* its whole name is as good as choosing */
    assert_string_equal(form_get(f, "owner"), "11");
    form_set(f, "owner", "");
    keys(f, "Zhao Lei");
    key(f, K_ESC);
    assert_false(form_check(f));                    /* two have this name: choose */
    form_free(f);
}

static void a_slow_source_is_asked_again(void **state)
{
    struct form *f = form_new(picks, 4, NULL);

    (void)state;
    slow = true;
    keys(f, "Zhao");
    assert_false(shows(f, "Zhao Lei"));
    slow = false;
    form_complete(f, "owner");
    assert_true(shows(f, "Zhao Lei"));
    key(f, K_ENTER);
    assert_string_equal(form_get(f, "owner"), "13");
    form_set_pick(f, "owner", "77", "Someone else");
    assert_string_equal(form_get(f, "owner"), "77");
    assert_true(shows(f, "Someone else"));
    assert_false(form_changed(f));
    form_free(f);
}

static void a_list_finds_room_anywhere(void **state)
{
    struct form *f = form_new(picks, 4, NULL);
    struct grid g;

    (void)state;
    slow = false;
    grid_init(&g, 24, 80);
    for (int h = 1; h < 24; h += 3)
        for (int y = 0; y + h <= 24; y += 5)
            for (int w = 1; w < 80; w += 13)
                form_draw(f, surface_sub(surface_of(&g), y, 80 - w, h, w), true);
    form_note(f, "owner", ROLE_GOOD, "free: nobody has this lead");
    assert_true(shows(f, "沈若溪"));
    key(f, K_TAB);
    assert_true(shows(f, "free: nobody has this lead"));
    form_note(f, "owner", ROLE_GOOD, NULL);
    assert_false(shows(f, "free: nobody"));
    grid_free(&g);
    form_free(f);
}

static void a_click_takes_what_is_under_it(void **state)
{
    struct form *f = fresh();
    struct input in = { .kind = INPUT_MOUSE, .button = MOUSE_LEFT };

    (void)state;
    free(look(f));
    in.y = 2;                                       /* second row of the grid: "busy" */
    in.x = 3;
    assert_int_equal(form_input(f, &in), UI_DONE);
    assert_string_equal(form_get(f, "result"), "busy");
    in.button = MOUSE_WHEEL_DOWN;
    form_input(f, &in);
    assert_string_equal(form_focus(f), "way");
    in.button = MOUSE_RELEASE;
    assert_int_equal(form_input(f, &in), 0);
    form_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(editing_goes_by_characters_as_seen),
        cmocka_unit_test(a_field_holds_no_more_than_it_may),
        cmocka_unit_test(the_cursor_stands_at_the_edit_point),
        cmocka_unit_test(notes_break_into_rows),
        cmocka_unit_test(a_secret_is_not_shown), cmocka_unit_test(a_follow_up_takes_few_keys),
        cmocka_unit_test(mistakes_are_told_under_the_field),
        cmocka_unit_test(numbers_take_only_what_makes_numbers),
        cmocka_unit_test(dates_settle_when_left), cmocka_unit_test(walking_skips_words_and_wraps),
        cmocka_unit_test(arrows_walk_choices),
        cmocka_unit_test(a_low_window_scrolls_to_the_field_in_hand),
        cmocka_unit_test(what_was_typed_can_be_taken_back), cmocka_unit_test(words_are_walked),
        cmocka_unit_test(an_area_has_lines_of_its_own), cmocka_unit_test(a_row_is_named_by_typing),
        cmocka_unit_test(words_that_name_nobody_are_told),
        cmocka_unit_test(a_slow_source_is_asked_again),
        cmocka_unit_test(a_list_finds_room_anywhere),
        cmocka_unit_test(a_click_takes_what_is_under_it)
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
