/* test_views.c - the console's screens on a small bank with a fixed clock: what keys do. How they look:
 * test_golden.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "core/api/init.h"
#include "core/model/record_text.h"
#include "tests/screens/viewbank.h"
#include "tui/clip.h"
#include "views/words.h"

#define UNDO "u"

/* ---- what keys do ------------------------------------------------------------------------------------- */

static void test_claim(void **state)
{
    static struct screen s;
    (void)state;
    assert_int_equal(count(SHEN, "owner = me and open = yes"), 4);
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    shows(&s, "公海 7");
    keys(&s, "c");
    shows(&s, "已领取 李䶮，首次跟进最晚 明天 08:47");
    assert_int_equal(count(SHEN, "owner = me and open = yes"), 5);
    assert_int_equal(count(SHEN, "owner = me and name = 李䶮"), 1);
    close_screen(&s);
}

/* The pane beside the list tells at once where the lead is; only the list waits. */
static void test_the_pane_follows_a_claim(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    shows(&s, "归属  无人，零售公海(");
    shows_not(&s, "公海 零售公海");
    keys(&s, "c");
    shows(&s, "归属  沈");
    shows_not(&s, "无人，");
    close_screen(&s);
}

/* What a clerk must see on a small English screen: why a key does nothing, whom the follow-up is for, all
 * keys of a dialog, the examples of a condition. */
static void test_nothing_is_cut_in_english(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "en", 80, 24, NULL);
    keys(&s, "?");
    shows(&s, "Follow up             claim it first ");
    keys(&s, "Esc :");
    shows(&s, "claim it first ");
    keys(&s, "Esc /");
    shows(&s, "values to choose from");
    keys(&s, "Esc C");
    shows(&s, "[ To left  ] To right  + Wider  Esc Cancel");
    keys(&s, "Esc Tab f");
    shows(&s, "138****");
    shows(&s, "!late ");
    keys(&s, "Esc l");
    shows(&s, "1 with another bank ");
    keys(&s, "Esc i");
    shows(&s, "Import: your role may not");
    close_screen(&s);
    open_screen(&s, CHIEF, "leads", "en", 80, 24, NULL);
    keys(&s, "i");
    shows(&s, "Import leads");
    shows_not(&s, "Next field");        /* there is one only */
    close_screen(&s);
}

/* A copy has what the screen has: the number, the name, the phone as it is masked; a hidden name stays
 * hidden. */
static void test_copy(void **state)
{
    static struct screen s;
    char number[32], want[128];
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "Tab y");
    shows(&s, "已复制");
    const char *text = clip_text(s.app->ui);
    assert_int_equal(sscanf(text, "%31[^\t]", number), 1);
    shows(&s, number);                  /* the pane beside the list says it */
    snprintf(want, sizeof want, "%s\t赵婉君\t", number);
    assert_memory_equal(text, want, strlen(want));
    assert_non_null(strstr(text, "****"));
    shows(&s, text + strlen(want));     /* the phone as it stands there */
    keys(&s, "F9 y");
    snprintf(want, sizeof want, "%s\t***\t", number);
    assert_memory_equal(clip_text(s.app->ui), want, strlen(want));
    keys(&s, "F9 Enter y");
    snprintf(want, sizeof want, "%s\t赵婉君\t", number);
    assert_memory_equal(clip_text(s.app->ui), want, strlen(want));
    keys(&s, "Esc Space Space y");      /* of two marked leads none is copied */
    shows(&s, "只能一条");
    close_screen(&s);
}

/* Two people may have one name: the one it was given to has the code beside it. */
static void test_the_timeline_names_the_assignee(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, CHIEF, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "a text:赵磊 Enter Tab BTab BTab");
    keys(&s, "/ text:name_=_李䶮 Enter");
    shows(&s, "给 赵磊 (");
    close_screen(&s);
}

/* The subject is what stood there when the key was pressed: somebody else was faster with one of three. */
static void test_claim_marked_and_late(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    OP(ZHAO, "lead.claim", "id", lead_id("马超"));
    keys(&s, "Space Space Space");
    shows(&s, "已勾选 3");
    keys(&s, "c");
    shows(&s, "已领取 2 条线索");
    shows(&s, "没成 1 条");
    shows(&s, "赵磊");
    assert_int_equal(count(SHEN, "owner = me and name in (李䶮, 欧阳慧敏)"), 2);
    assert_int_equal(count(ZHAO, "owner = me and name = 马超"), 1);
    close_screen(&s);
}

static void test_follow_up_in_under_ten_keys(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "Tab");
    shows(&s, "!超");
    keys(&s, "f 1 Tab text:+3 Enter");
    shows(&s, "已记下 赵婉君 的跟进，下一个时限 11-27 10:00");
    assert_int_equal(count(SHEN, "name = 赵婉君 and stage = contacted and follow_up_count = 1"), 1);
    assert_int_equal(count(SHEN, "name = 赵婉君 and next_follow_up_at = 2026-11-27"), 1);
    close_screen(&s);
}

/* What was said last is this lead's, however fast the keys come. */
static void test_follow_up_knows_the_last_talk(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "Tab Down f");
    shows(&s, "等年终奖到账，约下周");
    keys(&s, "Esc Up f");
    shows_not(&s, "等年终奖到账，约下周");
    close_screen(&s);
}

/* A condition that goes takes its count along: place and total are those of the list again. */
static void test_total_after_the_filter(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    for (int i = 0; i < 10; i++) {
        keys(&s, "/ text:score_>_80 Enter");
        shows(&s, " 1 条");
        keys(&s, "Esc");
        shows(&s, "已去掉筛选");
        shows(&s, " 7 条");
    }
    close_screen(&s);
}

static void test_refused_follow_up_stays_open(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "Tab f 1 Tab text:2026-11-20 Enter");
    shows(&s, "下次跟进的时间已过");
    shows(&s, "2026-11-20");
    assert_int_equal(count(SHEN, "name = 赵婉君 and follow_up_count = 0"), 1);
    keys(&s, "Esc");
    shows(&s, "再按一次 Esc");
    keys(&s, "Esc");
    shows_not(&s, "已接通");
    close_screen(&s);
}

static void test_return_win_lose(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "Tab x 2 Enter");
    shows(&s, "赵婉君将退回公海");                  /* what others feel is asked for first */
    keys(&s, "Enter");                              /* Cancel is the default */
    assert_int_equal(count(SHEN, "name = 赵婉君 and pool is set"), 0);
    keys(&s, "Enter Right Enter");
    shows(&s, "已退回公海：赵婉君");
    assert_int_equal(count(SHEN, "name = 赵婉君 and pool is set and reason = 联系不上"), 1);
    keys(&s, "F5 w text:30万 Enter");
    shows(&s, "成交：王彧");
    assert_int_equal(count(SHEN, "name = 王彧 and stage = won and amount = 300000"), 1);
    keys(&s, "Tab BTab F5 l 6 text:改主意了 Enter Right Enter");
    shows(&s, "已记为未成交：诸葛明");
    assert_int_equal(count(SHEN, "name = 诸葛明 and stage = lost and reason = 改主意了"), 1);
    close_screen(&s);
}

static void test_assign_is_the_supervisors(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "a");
    shows(&s, "你的角色没有这个权限");
    close_screen(&s);
    open_screen(&s, CHIEF, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "a text:赵磊 Enter");
    shows(&s, "已分配给 赵磊：李䶮");
    assert_int_equal(count(ZHAO, "owner = me and name = 李䶮"), 1);
    close_screen(&s);
}

static void test_tags_go_on_and_off(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, CHIEF, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "t");
    shows(&s, "还没有标签");
    close_screen(&s);
    OP(OWNER, "tag.create", "code", "vip", "name", "贵宾");
    OP(OWNER, "tag.create", "code", "cold", "name", "陌拜");
    open_screen(&s, CHIEF, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "t");
    shows_not(&s, "新标签");                        /* tags are made by those who set up the tables */
    keys(&s, "text:vip Enter");
    shows(&s, "已打上标签 贵宾：李䶮");
    assert_int_equal(count(CHIEF, "not (tags is empty) and name = 李䶮"), 1);
    keys(&s, "t text:陌拜 Enter");
    shows(&s, "陌拜、贵宾");                        /* in the pane */
    keys(&s, "t text:贵宾 Enter");                  /* what it has is taken off */
    shows(&s, "已去掉标签 贵宾：李䶮");
    shows_not(&s, "陌拜、贵宾");
    keys(&s, "Space Space t text:贵宾 Enter");      /* two at once */
    shows(&s, "已打上标签 贵宾：2 条线索");
    assert_int_equal(count(CHIEF, "not (tags is empty)"), 2);
    close_screen(&s);
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "t");
    shows(&s, "还在公海，请先领取");
    close_screen(&s);
    open_screen(&s, NULL, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "t text:新标签 Enter text:重点 Enter");
    shows(&s, "已打上标签 重点");
    assert_int_equal(count(OWNER, "not (tags is empty)"), 2);
    close_screen(&s);
}

static void test_create_by_hand(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "n text:13612345678 Tab text:许诺 Enter");
    shows(&s, "请选一项");                          /* a product is chosen, never taken in silence */
    keys(&s, "1 Enter");
    shows(&s, "已新建线索：许诺");
    assert_int_equal(count(SHEN, "name = 许诺 and owner = me and product = card"), 1);
    keys(&s, "n text:13612345678 Tab Tab 1 Enter"); /* the same person again */
    shows(&s, "已有");
    assert_int_equal(count(SHEN, "phone = 13612345678"), 1);
    close_screen(&s);
}

/* Phone, name, product, source, consent and how it was given: what takes a clerk fifteen seconds is no more
 * than this many keys (an input method's two for the name among them, at two keys a second). */
static void test_create_in_fifteen_seconds(void **state)
{
    static const char *const script = "n 1 3 6 1 2 3 4 5 6 7 8 Tab 许 诺 Tab 2 1 1 1 Enter";
    static struct screen s;
    int n = 1;
    (void)state;
    for (const char *p = script; *p; p++)
        n += *p == ' ';
    assert_true(n <= 30);
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, script);
    shows(&s, "已新建线索：许诺");
    assert_int_equal(count(SHEN, "name = 许诺 and product = loan and channel = app"), 1);
    const struct page *said = try_op(OWNER, "consent.list", "sort", "-id", NULL);
    assert_true(said && said->rows.n == 1);
    assert_string_equal(((const struct consent *)said->rows.items)->way, "phone");
    assert_string_equal(((const struct consent *)said->rows.items)->state, "granted");
    assert_string_equal(((const struct consent *)said->rows.items)->source, "counter");
    close_screen(&s);
}

/* Who refuses at the counter is not called: the timeline says so in words. */
static void test_a_refusal_stands_in_the_timeline(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "n text:13612345678 Tab text:许诺 Tab 2 1 3 1 Enter Tab / text:name_=_许诺 Enter Enter");
    shows(&s, "停止营销：客户拒绝");
    shows_not(&s, "lead.frozen");
    close_screen(&s);
}

/* While the number is typed the form says who has it, for the product in hand; another number,
 * another word. */
static void test_create_says_who_has_the_phone(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "n text:1380000123");
    shows_not(&s, "可以新建");
    keys(&s, "4");
    shows(&s, "!已有人在跟：L-8，归 沈若溪");
    keys(&s, "Backspace");
    shows_not(&s, "已有人在跟");
    keys(&s, "4 Tab Tab 2");                        /* a loan; what she has is wealth */
    shows(&s, "有其他产品的线索：L-8，归 沈若溪");
    keys(&s, "BTab BTab BTab Backspace Backspace Backspace Backspace 9 8 7 6");
    shows(&s, "可以新建");
    keys(&s, "Esc Esc");
    close_screen(&s);
}

/* An input method that was left on types full-width digits: the form takes them for what they are. */
static void test_create_narrows_the_phone(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "n text:１３６１２３４５６７８");
    shows(&s, "13612345678");
    shows(&s, "可以新建");
    keys(&s, "Tab Tab 1 Enter");
    assert_int_equal(count(SHEN, "phone = 13612345678"), 1);
    close_screen(&s);
}

/* More products than there are digits are named by typing. */
static void test_create_among_many_products(void **state)
{
    static struct screen s;
    (void)state;
    for (int i = 0; i < 30; i++)
        OP(OWNER, "product.create", "code", arena_printf(&views_bank.mem, "p%02d", i), "name",
           arena_printf(&views_bank.mem, "理财%02d号", i));
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "n text:13612345678 Tab text:许诺 Tab text:27号 Enter Enter");
    shows(&s, "已新建线索：许诺");
    assert_int_equal(count(SHEN, "name = 许诺 and product = p27"), 1);
    close_screen(&s);
}

/* More leads than a person looks through are asked for first. */
static void test_many_at_once_are_asked_for(void **state)
{
    static struct screen s;
    struct buf marks = BUF_INIT;
    (void)state;
    for (int i = 0; i < 21; i++)
        OP(CHIEF, "lead.create", "name", arena_printf(&views_bank.mem, "客%02d", i), "branch", "LJZ", "pool",
           "retail");
    for (int i = 0; i < 21; i++)
        buf_adds(&marks, "Space ");
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, marks.s);
    keys(&s, "c");
    shows(&s, "一次 21 条线索");
    keys(&s, "Esc");
    assert_int_equal(count(SHEN, "owner = me and open = yes"), 4);
    keys(&s, "c y");
    assert_int_equal(count(SHEN, "owner = me and open = yes"), 25);
    close_screen(&s);
    buf_release(&marks);
}

/* What is read of a row is what its index carries; leads that have but custom fields are named by them. */
static void test_nameless_leads_are_called_by_their_fields(void **state)
{
    static struct screen s;
    (void)state;
    OP(OWNER, "custom_field.create", "noun", "lead", "code", "job", "name", "职业", "type", "text");
    FILE *f = fopen(arena_printf(&views_bank.mem, "%s/jobs.csv", views_bank.dir), "w");
    assert_non_null(f);
    fputs("job\nblue-collar\nretired\n", f);
    fclose(f);
    OP(OWNER, "lead.import", "file", arena_printf(&views_bank.mem, "%s/jobs.csv", views_bank.dir), "map",
       "attr.job=job");
    open_screen(&s, NULL, "leads", "zh_CN", 120, 40, NULL);
    shows(&s, "blue-collar");
    shows(&s, "retired");
    shows(&s, "李䶮");
    close_screen(&s);
}

/* A key blanks names while a customer looks on: in the list, the pane, on home, in dialogs and messages. */
static void test_names_are_blanked(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "F9 c");
    shows_not(&s, "李䶮");
    shows(&s, "已领取 ***");
    keys(&s, "Tab x");
    shows_not(&s, "赵婉君");
    keys(&s, "Esc 1");
    shows_not(&s, "赵婉君");
    keys(&s, "F9");
    shows(&s, "赵婉君");
    close_screen(&s);
}

/* Columns as a person made them, and the pane, are so the next time. */
static void test_columns_are_remembered(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "C Down Space Enter d");
    shows_not(&s, "稳健季季盈");
    assert_non_null(strstr(viewstate_get(s.app->state, "leads.columns"), "-product"));
    assert_string_equal(viewstate_get(s.app->state, "leads.pane"), "off");
    close_screen(&s);
}

/* A count that was under way when something changed again is no count of what is there now. */
static void test_tabs_count_what_changed_meanwhile(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, CHIEF, "leads", "zh_CN", 120, 40, NULL);
    shows(&s, "本机构 11   全部 11");
    app_changed(s.app);
    OP(CHIEF, "lead.create", "name", "许诺", "branch", "LJZ", "pool", "retail");
    app_changed(s.app);
    keys(&s, "");
    shows(&s, "本机构 12   全部 12");
    close_screen(&s);
}

/* A task need not be about a lead: it is called a task, and opens as one. */
static void test_a_task_without_a_lead(void **state)
{
    static struct screen s;
    (void)state;
    OP(SHEN, "task.create", "subject", "交回访记录", "due_at", "2026-11-24 09:30");
    open_screen(&s, SHEN, "home", "zh_CN", 120, 40, NULL);
    shows(&s, "待办       ");
    shows(&s, "09:30 ▸ 待办 交回访记录");
    shows_not(&s, "-922");
    keys(&s, "Down Enter");
    assert_string_equal(ui_top(s.app->ui)->ops->name, "ask");
    close_screen(&s);
}

/* The example in the empty bar is one that works, in its own language. */
static void test_the_example_of_a_condition_works(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "/");
    shows(&s, "阶段 属于 (新线索, 已联系) 且 评分 >= 60");
    keys(&s, "text:阶段_属于_(新线索,_已联系)_且_评分_>=_60 Enter");
    shows(&s, "筛选  阶段 属于 (新线索, 已联系) 且 评分 >= 60");
    shows(&s, "第 1/3 条");
    close_screen(&s);
}

/* Who leaves while home is read takes nothing from under the reading. */
static void test_home_is_left_while_it_is_read(void **state)
{
    static struct screen s;
    struct app_options o = { .backend = views_bank.config, .lang = "zh_CN", .cols = 80, .rows = 24 };
    (void)state;
    o.backend.as = SHEN;
    for (int i = 0; i < 12; i++) {
        start_screen(&s, "home", &o);
        for (int frames = 0; frames < i; frames++) {    /* each time a little later */
            ui_redraw(s.app->ui);
            ui_paint(s.app->ui);
        }
        close_screen(&s);
    }
}

/* Who has left home waits for none of its figures; who comes back gets them. */
static void test_home_stops_counting_when_left(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "home", "zh_CN", 120, 40, NULL);
    keys(&s, "2");
    OP(SHEN, "lead.claim", "id", lead_id("李䶮"));
    keys(&s, "1");
    turn_until(&s, "李䶮", true);
    close_screen(&s);
}

static void test_undo_from_the_toast(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "c");
    shows(&s, "已领取 李䶮");
    assert_int_equal(count(SHEN, "name = 李䶮 and owner = me"), 1);
    keys(&s, UNDO);
    shows(&s, "已撤销：李䶮");
    assert_null(strstr(vt_row(s.vt, 5), "已领取"));  /* in the row, too */
    assert_int_equal(count(SHEN, "name = 李䶮 and pool is set"), 1);
    keys(&s, "F5 Home Space Space c");
    assert_int_equal(count(SHEN, "owner = me and open = yes"), 6);
    keys(&s, UNDO);
    shows(&s, "已撤销：2 条线索");
    assert_int_equal(count(SHEN, "owner = me and open = yes"), 4);
    close_screen(&s);
}

/* Somebody worked on it meanwhile: it stays, and the sentence says why. */
static void test_undo_that_comes_too_late(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "c");
    OP(SHEN, "lead.follow_up", "id", lead_id("李䶮"), "result", "reached");
    keys(&s, UNDO);
    assert_int_equal(count(SHEN, "name = 李䶮 and owner = me"), 1);
    shows_not(&s, "已撤销");
    close_screen(&s);
}

static void test_the_pane_closes_and_stays_closed(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    shows(&s, "往来记录");
    keys(&s, "d");
    shows_not(&s, "往来记录");
    keys(&s, "Down 1 2");
    shows_not(&s, "往来记录");
    keys(&s, "d");
    shows(&s, "往来记录");
    close_screen(&s);
}

/* A mark carries the version at which its row was seen, wherever the list is by now. */
static void test_marks_outside_the_window_keep_their_version(void **state)
{
    static struct screen s;
    (void)state;
    for (int i = 0; i < 2500; i++)
        OP(CHIEF, "lead.create", "name", arena_printf(&views_bank.mem, "客%04d", i), "branch", "LJZ",
           "pool", "retail");
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "Space G");                            /* 李䶮, the first */
    OP(CHIEF, "lead.change", "id", lead_id("李䶮"), "score", "1");
    keys(&s, "c");
    assert_int_equal(count(OWNER, "name = 李䶮 and pool is set"), 1);
    shows(&s, "刚被别人改过");
    close_screen(&s);
}

static void test_reveal_asks_why(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    shows_not(&s, "13800001234");
    keys(&s, "Tab v Enter");
    shows_not(&s, "13800001234");
    keys(&s, "1 Enter");
    shows(&s, "记入审计");
    shows_not(&s, "13800001234");
    keys(&s, "y");
    shows(&s, "13800001234");
    keys(&s, "Esc");
    shows_not(&s, "13800001234");
    close_screen(&s);
}

/* e says why a lead is in the list: from the list, and from the lead's own screen over it; a condition
 * that is typed there asks of this lead alone. */
static void test_explain(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "e");
    shows(&s, "当前没有条件");
    keys(&s, "Esc / text:score_>_60_and_(intent_=_high_or_owner_is_set) Enter");
    shows(&s, "2 条");
    keys(&s, "e");
    shows(&s, " 命中 ");
    shows(&s, "✓ 评分 > 60                82");
    shows(&s, "✗ 归属人 不为空          -");
    keys(&s, "c");
    shows(&s, "score > 60 and");            /* what is in force is there to be changed */
    keys(&s, "C-u text:score_>_90 Enter");
    shows(&s, " 未命中 ");
    shows(&s, "✗ 评分 > 90 ");
    keys(&s, "Esc");
    shows(&s, "2 条");                      /* the list is as it was */
    keys(&s, "Enter e");
    shows(&s, "✓ 评分 > 60                82");
    keys(&s, "Esc Esc Space Space e");
    shows(&s, "只能一条");
    close_screen(&s);
    open_screen(&s, SHEN, "leads", "en", 80, 24, NULL);
    keys(&s, "/ text:name_=_李䶮_and_not_(score_<_80) Enter e");
    shows(&s, " matches ");
    shows(&s, "✓ name = 李䶮");
    shows(&s, "✗ score < 80");
    close_screen(&s);
}

static void test_filter(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "/ text:意向_=_high_且_评分_>_60 Enter");
    shows(&s, "意向 = 高 且 评分 > 60");
    shows(&s, "2 条");
    shows(&s, "李䶮");
    shows(&s, "马超");
    shows_not(&s, "陈可");
    keys(&s, "Esc");
    shows(&s, "陈可");
    keys(&s, "/ text:scor_>_1 Enter");
    shows(&s, "score");                             /* the nearest name */
    keys(&s, "Esc");
    shows(&s, "陈可");
    /* No way out of the tab's own condition: the list stays, the bracket is told where it was typed. */
    keys(&s, "/ text:stage_=_new)_or_(stage_=_won Enter");
    shows(&s, "条件在第 12 个字「)」");
    keys(&s, "Esc");
    shows(&s, "陈可");
    shows(&s, " 7 条");
    close_screen(&s);
    open_screen(&s, SHEN, "leads", "en", 80, 24, NULL);
    keys(&s, "/ text:评分_=_82");
    turn_until(&s, "1 lead matches", true);
    keys(&s, "Enter");
    shows(&s, "1 lead");
    shows_not(&s, "1 leads");
    close_screen(&s);
}

static void test_sort_and_ends(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    shows(&s, "第 1/7 条");
    keys(&s, "G");
    shows(&s, "第 7/7 条");
    keys(&s, "g o text:评分 Enter");
    assert_non_null(strstr(vt_row(s.vt, 5), "李䶮"));           /* 82 is the best of the pool */
    keys(&s, "o text:评分 Enter g");
    assert_non_null(strstr(vt_row(s.vt, 5), "陈可"));           /* 35 the least */
    close_screen(&s);
}

/* The list goes on without the lead that somebody else took; the selection stays with its own. */
static void test_sees_the_others(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 80, 24, NULL);
    keys(&s, "Down");
    OP(ZHAO, "lead.claim", "id", lead_id("李䶮"));
    turn_until(&s, "公海 6", true);
    turn_until(&s, "李䶮", false);
    keys(&s, "c");
    shows(&s, "已领取 马超");
    close_screen(&s);
}

static void test_home_opens_and_reads(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "home", "zh_CN", 80, 24, NULL);
    shows(&s, "消息 3");                            /* two leads assigned, one nudge: the newest */
    keys(&s, "Enter");
    shows(&s, "L-8");
    keys(&s, "Esc BTab Enter");
    shows(&s, "11:00 前给我结果");
    keys(&s, "Esc");
    shows(&s, "消息 2");
    keys(&s, "g o");
    shows(&s, "赵婉君");
    shows(&s, "1 条");
    close_screen(&s);
}

static void test_home_of_officers(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, "runner", "home", "zh_CN", 80, 24, NULL);
    shows(&s, "gonghai backup");
    shows_not(&s, "公海待领");
    keys(&s, "2");
    shows_not(&s, "李䶮");
    close_screen(&s);
}

static void test_language_switches(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    keys(&s, "F12");
    shows(&s, "Public pool 7");
    shows(&s, "relationship manager");
    shows_not(&s, "公海 7");
    keys(&s, "F12");
    shows(&s, "公海 7");
    close_screen(&s);
}

static void test_import(void **state)
{
    static struct screen s;
    char path[320], script[600];
    (void)state;
    snprintf(path, sizeof path, "%s/list.csv", views_bank.dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("客户姓名,手机,产品,渠道名\n古丽娜尔,19900002764,card,web\n孙思齐,1.38E+10,loan,web\n", f);
    fclose(f);
    open_screen(&s, CHIEF, "leads", "zh_CN", 120, 40, NULL);
    snprintf(script, sizeof script, "i paste:%s Enter", path);
    keys(&s, script);
    shows(&s, "name=客户姓名,phone=手机,product=产品,channel=");
    keys(&s, "F5");
    shows(&s, "试算");
    assert_int_equal(count(CHIEF, "name = 古丽娜尔"), 0);
    keys(&s, "Enter");
    shows(&s, "新建 1");
    shows(&s, "拒收 1");
    shows(&s, "rejects.csv");
    shows(&s, "2 / 2 行");
    keys(&s, "Enter");
    assert_int_equal(count(CHIEF, "name = 古丽娜尔"), 1);
    assert_int_equal(count(CHIEF, "name = 孙思齐"), 0);
    close_screen(&s);
}

/* Where the form has no room for the figures beside it, the message row has them. */
static void test_dry_run_tells_on_a_small_screen(void **state)
{
    static struct screen s;
    char path[320], script[600];
    (void)state;
    snprintf(path, sizeof path, "%s/small.csv", views_bank.dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("客户姓名,手机\n古丽娜尔,19900002764\n孙思齐,1.38E+10\n", f);
    fclose(f);
    open_screen(&s, CHIEF, "leads", "zh_CN", 80, 24, NULL);
    snprintf(script, sizeof script, "i paste:%s Enter F5", path);
    keys(&s, script);
    shows(&s, "试算 2 行：新建 1，更新 0，跳过 0，拒收 1。");
    assert_int_equal(count(CHIEF, "name = 古丽娜尔"), 0);
    close_screen(&s);
}

static void test_import_refuses(void **state)
{
    static struct screen s;
    (void)state;
    open_screen(&s, CHIEF, "leads", "en", 80, 24, NULL);
    keys(&s, "i paste:/no/such/file.csv Enter");
    shows(&s, "There is no file");
    close_screen(&s);
}

/* Any size, and back: nothing is lost and nothing breaks. */
static void test_sizes(void **state)
{
    static const char *const sizes[] = { "resize:24x80", "resize:10x40", "resize:5x20", "resize:60x200",
                                         "resize:30x110",
                                         "resize:30x109", "resize:40x120" };
    static struct screen s;
    (void)state;
    open_screen(&s, SHEN, "leads", "zh_CN", 120, 40, NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int rows, cols;
        sscanf(sizes[i], "resize:%dx%d", &rows, &cols);
        vt_resize(s.vt, rows, cols);
        keys(&s, sizes[i]);
        keys(&s, "1");
        keys(&s, "2 f Esc / Esc Enter Esc");
    }
    shows(&s, "李䶮");
    close_screen(&s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_bank, close_bank)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_claim),
        TEST(test_the_pane_follows_a_claim),
        TEST(test_the_timeline_names_the_assignee),
        TEST(test_nothing_is_cut_in_english),
        TEST(test_copy),
        TEST(test_a_refusal_stands_in_the_timeline),
        TEST(test_dry_run_tells_on_a_small_screen),
        TEST(test_claim_marked_and_late),
        TEST(test_follow_up_in_under_ten_keys),
        TEST(test_refused_follow_up_stays_open),
        TEST(test_follow_up_knows_the_last_talk),
        TEST(test_total_after_the_filter),
        TEST(test_return_win_lose),
        TEST(test_assign_is_the_supervisors),
        TEST(test_tags_go_on_and_off),
        TEST(test_create_by_hand),
        TEST(test_create_in_fifteen_seconds),
        TEST(test_create_says_who_has_the_phone),
        TEST(test_create_narrows_the_phone),
        TEST(test_create_among_many_products),
        TEST(test_many_at_once_are_asked_for),
        TEST(test_nameless_leads_are_called_by_their_fields),
        TEST(test_names_are_blanked),
        TEST(test_columns_are_remembered),
        TEST(test_home_stops_counting_when_left),
        TEST(test_tabs_count_what_changed_meanwhile),
        TEST(test_home_is_left_while_it_is_read),
        TEST(test_the_example_of_a_condition_works),
        TEST(test_a_task_without_a_lead),
        TEST(test_undo_from_the_toast),
        TEST(test_undo_that_comes_too_late),
        TEST(test_the_pane_closes_and_stays_closed),
        TEST(test_marks_outside_the_window_keep_their_version),
        TEST(test_reveal_asks_why),
        TEST(test_explain),
        TEST(test_filter),
        TEST(test_sort_and_ends),
        TEST(test_sees_the_others),
        TEST(test_home_opens_and_reads),
        TEST(test_home_of_officers),
        TEST(test_language_switches),
        TEST(test_import),
        TEST(test_import_refuses),
        TEST(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
