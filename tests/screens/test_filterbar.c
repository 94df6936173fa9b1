/* test_filterbar.c - the bar in which a condition is typed: what it proposes, says, keeps and takes off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "tests/screens/viewbank.h"

static struct screen s;

static void open_leads(const char *lang, int cols, int rows, const char *theme)
{
    setenv("XDG_STATE_HOME", views_bank.dir, 1);    /* what is kept is this bank's */
    struct app_options o = { .backend = views_bank.config,
                             .theme = theme,
                             .lang = lang,
                             .cols = cols,
                             .rows = rows,
                             .remembers = true };
    o.backend.as = SHEN;
    start_screen(&s, "leads", &o);
    ui_run_until_idle(s.app->ui);
    vt_sync(s.vt);
}

/* Field, operator, value, link: each is begun, narrowed and taken, and the list answers. */
static void test_a_condition_without_typing_it(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:inte");
    shows(&s, "│ intent");
    keys(&s, "Tab");
    shows(&s, "▌intent");
    shows(&s, "is one of");                         /* operators, with what they mean */
    keys(&s, "text:=_");
    shows(&s, "│ high");
    keys(&s, "text:h Tab");
    shows(&s, "▌intent = high");
    shows(&s, "both hold");
    keys(&s, "Tab text:scor Tab text:>_60");
    turn_until(&s, "2 leads match", true);
    keys(&s, "Enter");
    shows(&s, "Filter  intent = high and score > 60");
    shows(&s, "2 leads");
    close_screen(&s);
    open_leads("zh_CN", 120, 40, NULL);
    keys(&s, "/ text:意向 Tab text:=_高 Tab");
    shows(&s, "▌意向 = 高");
    shows(&s, "两者都成立");
    keys(&s, "Esc Enter");
    shows(&s, "筛选  意向 = 高");
    close_screen(&s);
}

/* A list takes value after value; Down goes into the proposals and Enter takes the one in hand. */
static void test_values_of_a_list(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:intent_in_( Down Down Enter");
    shows(&s, "▌intent in (mid");
    keys(&s, "text:,_ Down Enter text:) Enter");
    shows(&s, "Filter  intent in (mid, high)");
    close_screen(&s);
}

/* Esc closes the list of proposals, then the bar; Up leads out of the list again. */
static void test_esc_closes_the_list_first(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:s Esc");
    shows(&s, "▌s");
    shows_not(&s, "┌");
    keys(&s, "Tab");
    shows(&s, "┌");
    keys(&s, "Esc Esc");
    shows(&s, "none: / narrows the list");
    shows_not(&s, "Enter Show");
    close_screen(&s);
}

/* What is typed in one language is said in the other; what is the same is not said twice. */
static void test_the_own_sentence(void **state)
{
    (void)state;
    open_leads("zh_CN", 80, 24, NULL);
    keys(&s, "/ text:intent_=_high_and_score_>_60");
    shows(&s, "= 意向 = 高 且 评分 > 60");
    keys(&s, "C-u text:意向_=_高_且_评分_>_60");
    shows_not(&s, "= 意向 = 高 且 评分 > 60 ");
    close_screen(&s);
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:阶段属于（new）且归属人为空");
    shows(&s, "= stage in (new) and owner is empty");
    close_screen(&s);
}

/* Columns are those of what was typed, whatever stands before it: of every kind of mistake. */
static void test_columns_of_mistakes(void **state)
{
    static const struct { const char *typed, *said; } wrong[] = {
        { "scor_>_1", "column 1)" }, { "score_>_high", "column 9)" }, { "stage_>_1", "column 1)" },
        { "intent_=_loud", "column 10)" }, { "any_nothing_(score_=_1)", "column 5)" },
        { "name_matches_\"*a*b*c*d*e\"", "column 14)" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        open_leads("en", 120, 40, NULL);
        keys(&s, arena_printf(&views_bank.mem, "/ text:%s Enter", wrong[i].typed));
        shows(&s, wrong[i].said);
        close_screen(&s);
    }
}

/* Up and Down in a bar that nobody typed in walk through what was asked before. */
static void test_history(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:score_>_60 Enter Esc");
    keys(&s, "/ text:intent_=_high Enter Esc");
    keys(&s, "/");
    shows(&s, "filters of before");
    keys(&s, "Up");
    shows(&s, "▌intent = high");
    keys(&s, "Up");
    shows(&s, "▌score > 60");
    keys(&s, "Down Down");
    shows(&s, "▌stage in (new");                    /* the empty bar's example */
    keys(&s, "Up Enter");
    shows(&s, "Filter  intent = high");
    close_screen(&s);
    open_leads("en", 80, 24, NULL);                 /* kept from one run to the next */
    keys(&s, "/ Up");
    shows(&s, "▌intent = high");
    close_screen(&s);
}

/* Conditions that name people are forgotten with the console: its file never holds them. */
static void test_history_keeps_no_customers(void **state)
{
    char key[64];
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:phone_=_13800006721 Enter Esc");
    keys(&s, "/ text:not_(name_contains_马)_and_score_>_1 Enter Esc");
    keys(&s, "/ text:score_>_7 Enter Esc / Up Up");
    shows(&s, "▌not (name contains 马)");
    keys(&s, "Esc");
    int kept = 0;
    for (int i = 0; i < 50; i++) {
        snprintf(key, sizeof key, "filter.lead.%02d", i);
        const char *where = viewstate_get(s.app->state, key);
        kept += where != NULL;
        assert_true(!where || (!strstr(where, "138") && !strstr(where, "马")));
    }
    assert_true(kept > 0);
    close_screen(&s);
}

static void filter_by(const char *typed)
{
    keys(&s, arena_printf(&views_bank.mem, "/ text:%s Enter", typed));
}

/* Parts of the condition go one by one: chosen with the arrows, the last by Backspace, all by Esc. */
static void test_chips(void **state)
{
    (void)state;
    open_leads("en", 120, 40, NULL);
    filter_by("intent_=_high_and_score_>_60_and_(stage_=_new_or_stage_=_contacted)");
    shows(&s, "Filter  intent = high and score > 60 and (stage = \"new lead\" or stage = contacted)");
    keys(&s, "\\");
    shows(&s, "intent = high ✗ and score > 60 ✗ and");
    keys(&s, "Left Enter");
    shows(&s, "intent = high ✗ and");
    shows_not(&s, "score > 60");
    keys(&s, "Esc");
    shows(&s, "Filter  intent = high and (stage = \"new lead\" or stage = contacted)");
    keys(&s, "Backspace");
    shows(&s, "Filter  intent = high ");
    shows_not(&s, "stage = new");
    keys(&s, "\\ Del");
    shows(&s, "none: / narrows the list");
    filter_by("intent_=_high_and_score_>_60");
    keys(&s, "Esc");
    shows(&s, "none: / narrows the list");
    close_screen(&s);
}

/* A click takes a part in hand, another one takes it off; where nothing is told a click does nothing. */
static void test_chips_by_mouse(void **state)
{
    (void)state;
    open_leads("zh_CN", 80, 24, NULL);
    filter_by("意向_=_高_且_评分_>_60");
    keys(&s, ": text:ui.mouse Enter");
    keys(&s, "click:3,24");                         /* 评分 > 60: columns 21 to 29 */
    shows(&s, "意向 = 高 ✗ 且  评分 > 60 ✗");
    keys(&s, "click:3,26 Esc");
    shows(&s, "筛选  意向 = 高");
    shows_not(&s, "评分 > 60");
    keys(&s, "click:3,50");
    shows(&s, "筛选  意向 = 高");
    close_screen(&s);
}

/* For who does not type: field, comparison and value from lists, and again. */
static void test_the_builder(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "B");
    shows(&s, "What is tested?");
    keys(&s, "text:intent Enter");
    shows(&s, "How?");
    keys(&s, "1");
    shows(&s, "Against what?");
    keys(&s, "text:high Enter");
    shows(&s, "And now?");
    keys(&s, "text:and Enter text:score Enter text:at_least Enter");
    shows(&s, "Type the value");                    /* a number has no list */
    keys(&s, "Enter");
    shows(&s, "Against what?");
    keys(&s, "text:many Enter");
    shows(&s, "score");                             /* is no number: the line below says so */
    shows(&s, "many");
    keys(&s, "C-u text:60 Enter");
    shows(&s, "And now?");
    keys(&s, "Enter");
    shows(&s, "Filter  intent = high and score >= 60");
    keys(&s, "/ F6 text:or Enter text:open Enter 1 text:no Enter Enter");
    shows(&s, "intent = high and score >= 60");
    shows(&s, "open = no");
    close_screen(&s);
}

/* Comparisons are words, the usual one first, by what is compared; a sign stands beside its word. */
static void test_the_builder_in_words(void **state)
{
    static const struct { const char *lang, *typed, *first, *also, *sign; } lists[] = {
        { "en", "B text:score Enter", "▌ 1 at least ", " 2 at most ", ">=" },
        { "zh_CN", "B text:评分 Enter", "▌ 1 不少于 ", " 2 不多于 ", ">=" },
        { "zh_CN", "B text:金额 Enter", "▌ 1 不少于 ", " 4 多于 ", ">=" },
        { "en", "B text:received\\_at Enter", "▌ 1 within the last ", " 3 not before ", ">=" },
        { "zh_CN", "B text:客户 Enter", "▌ 1 包含 ", " 2 开头是 ", "!=" },
        { "en", "B text:stage Enter", "▌ 1 is ", " 2 is not ", "!=" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        open_leads(lists[i].lang, 80, 24, NULL);
        keys(&s, lists[i].typed);
        shows(&s, lists[i].first);
        shows(&s, lists[i].also);
        shows(&s, lists[i].sign);
        close_screen(&s);
    }
    open_leads("zh_CN", 80, 24, NULL);              /* a window takes its own span */
    keys(&s, "B text:到手时间 Enter 1");
    shows(&s, "和什么比？");
    keys(&s, "text:30天 Enter");
    shows(&s, "▌到手时间 近30天");
    keys(&s, "Enter");
    shows(&s, "筛选  到手时间 近30天");
    close_screen(&s);
    open_leads("en", 120, 40, NULL);                /* both ends of a range, without a word of it typed */
    keys(&s, "B text:score Enter 3 text:60 Enter text:80 Enter Enter");
    shows(&s, "Filter  score between 60 and 80");
    close_screen(&s);
}

/* Values have their names, what is written stands behind them; the condition that grows is never covered. */
static void test_the_builder_and_the_sentence(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "B text:product Enter 1");
    turn_until(&s, "wealth", true);
    shows(&s, "稳健季季盈  wealth");
    shows(&s, "▌product =");
    shows(&s, "next: a value");
    keys(&s, "text:季季盈 Enter");
    shows(&s, "▌product = wealth");
    shows(&s, "And now?");
    close_screen(&s);
}

/* What is not whole yet is no mistake: the bar above says what comes next, and nothing else. */
static void test_the_builder_makes_no_mistakes(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "B text:did Enter");
    shows(&s, "▌did");
    shows(&s, "follow-up");
    shows_not(&s, "counting ..");                   /* it would find that this is no field */
    shows_not(&s, "There is no field");
    keys(&s, "text:follow Enter 1 Enter");
    shows(&s, "Filter  did follow_up at least 1 times in 30d");
    close_screen(&s);
}

/* Behind what is no condition there is nothing to choose; that is said, and the text stays. */
static void test_the_builder_behind_nonsense(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:score_>_60_\"open_quote F6 text:x");
    shows(&s, "Nothing can be chosen behind this: mend what is typed.");
    shows(&s, "quotex");
    close_screen(&s);
}

/* Esc takes one choice back, at last the builder itself and the bar that it opened. */
static void test_the_builder_goes_back(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "B text:intent Enter 1 text:high Enter");
    shows(&s, "And now?");
    keys(&s, "Esc");
    shows(&s, "Against what?");
    shows(&s, "▌intent =");
    shows_not(&s, "intent = high");
    shows(&s, "▌ 1 high");                          /* stands on what was chosen */
    keys(&s, "Esc");
    shows(&s, "How?");
    keys(&s, "Esc");
    shows(&s, "What is tested?");
    shows(&s, "▌ intent");
    keys(&s, "Esc");
    shows(&s, "none: / narrows the list");
    shows_not(&s, "F6");                            /* the bar is closed, too */
    keys(&s, "/ F6 Esc");
    shows(&s, "Enter Show");                        /* one that was open stays */
    close_screen(&s);
}

/* Who leaves the lists goes on typing where they stopped. */
static void test_the_builder_is_left(void **state)
{
    (void)state;
    open_leads("zh_CN", 80, 24, NULL);
    keys(&s, "B text:意向 Enter F6 text:=_高 Enter");
    shows(&s, "筛选  意向 = 高");
    close_screen(&s);
}

/* Values are those of the data, with how many rows have them: of the list at hand. */
static void test_values_of_the_data(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:product_=_");
    turn_until(&s, "wealth", true);
    shows(&s, "wealth  稳健季季盈  3 │");           /* of the pool's seven */
    shows(&s, "card");
    keys(&s, "text:wea Tab Esc Enter");
    shows(&s, "Filter  product = 稳健季季盈");            /* people read names */
    keys(&s, "Esc / text:intent_=_");
    turn_until(&s, "4 │", true);                    /* of high: the choices have their counts, too */
    keys(&s, "C-u text:name_=_李");
    turn_until(&s, "│ 李䶮", true);
    keys(&s, "Tab Enter");
    shows(&s, "Filter  name = 李䶮");
    close_screen(&s);
}

/* Codes are typed, names are read; what is kept stays codes. */
static void test_names_are_read(void **state)
{
    (void)state;
    open_leads("zh_CN", 120, 24, NULL);
    keys(&s, "/ text:product_=_wealth_and_stage_=_new");
    turn_until(&s, "= 产品 = 稳健季季盈 且 阶段 = 新线索", true);
    keys(&s, "Enter");
    shows(&s, "筛选  产品 = 稳健季季盈 且 阶段 = 新线索");
    keys(&s, "Backspace /");
    shows(&s, "▌product = wealth ");
    close_screen(&s);
    open_leads("en", 120, 24, NULL);                /* of what was asked before, too */
    keys(&s, "/ Up Enter");
    turn_until(&s, "Filter  product = 稳健季季盈", true);
    close_screen(&s);
}

/* Who types a name alone looks for it, and for a number that is one's phone. */
static void test_a_name_alone_is_looked_for(void **state)
{
    (void)state;
    open_leads("zh_CN", 80, 24, NULL);
    keys(&s, "/ text:司马");
    shows(&s, "│ 客户 包含 司马");
    keys(&s, "Enter");
    shows(&s, "筛选  客户 包含 司马");
    shows(&s, "1 条");
    keys(&s, "/ C-u text:13800138000");
    shows(&s, "│ 电话 = 13800138000");
    keys(&s, "C-u text:scor");                      /* a field is rather a field */
    shows_not(&s, "包含 scor");
    close_screen(&s);
}

static int cursor_cell(void)
{
    int y, x;
    bool shown;
    vt_cursor(s.vt, &y, &x, &shown);
    return x;
}

/* Enter leads to the word that is wrong, and says which it is. */
static void test_enter_goes_where_it_is_wrong(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:product_=_weath_and_intent_=_high");
    int end = cursor_cell();
    keys(&s, "Enter");
    shows(&s, "column 11");
    assert_int_equal(end - cursor_cell(), (int)strlen(" and intent = high"));
    keys(&s, "C-w text:wealth Enter");
    turn_until(&s, "Filter  product = 稳健季季盈 and intent = high", true);
    close_screen(&s);
}

/* What is complete asks for nothing more; who moves about wants no list. */
static void test_the_list_keeps_out_of_the_way(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "/ text:intent_is_empty");
    shows_not(&s, "┌");
    keys(&s, "C-u text:idle_>_7天");
    shows_not(&s, "┌");
    keys(&s, "Home");
    shows_not(&s, "┌");
    keys(&s, "Tab");
    shows(&s, "┌");
    close_screen(&s);
}

/* A sentence that is longer than the screen is wide is read on the next row. */
static void test_a_long_sentence_is_read_whole(void **state)
{
    (void)state;
    open_leads("zh_CN", 80, 24, NULL);
    keys(&s, "/ "
             "text:intent_=_high_and_score_>_60_and_stage_=_new_and_idle_>_1d_and_owner_is_empty_"
             "and_name_is_set");
    turn_until(&s, "阶段 = 新线索", true);
    shows(&s, "归属人 为空");
    shows(&s, "且 客户 不为空");
    shows(&s, "= 意向 = 高 且 评分 > 60");
    close_screen(&s);
}

/* What no index serves says so, and how many rows it looks at. */
static void test_cost_is_said(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "Tab Tab Tab / text:gender_=_f");   /* of all: no other index to go by */
    turn_until(&s, "no index: looks at", true);
    keys(&s, "C-u text:no_=_1");
    turn_until(&s, "matches", true);
    shows_not(&s, "no index");
    close_screen(&s);
}

/* Saved under a name, shared or not, taken up again, called otherwise, removed. */
static void test_saved_filters(void **state)
{
    (void)state;
    open_leads("en", 120, 40, NULL);
    keys(&s, "/ text:意向_=_高_且_评分_>_60 F2");
    shows(&s, "Save the filter");
    keys(&s, "text:Hot_ones Enter");
    turn_until(&s, "Saved: Hot ones.", true);
    keys(&s, "Esc S");
    turn_until(&s, "Hot ones", true);
    shows(&s, "intent = high and score > 60");      /* in the person's language */
    shows(&s, "for oneself");
    keys(&s, "Enter");
    shows(&s, "Filter  intent = high and score > 60");
    keys(&s, "/ F3 F2 C-u text:Warm Enter");
    turn_until(&s, "Warm", true);
    keys(&s, "text:zzz");
    shows(&s, "nothing fits");
    keys(&s, "C-u F8 y");
    turn_until(&s, "no filter was saved yet", true);
    close_screen(&s);
}

/* What a row of the list cuts is there below it; who loses a filter is said, and u brings it back. */
static void test_saved_filters_whole(void **state)
{
    (void)state;
    OP(SHEN, "filter.create", "name", "All that were received this week and that nobody has talked to so far",
       "noun", "leads", "condition", "score > 10 and intent in (high, mid) and "
       "received_at >= start of week and not (did follow_up at least 1 times in 30d)");
    OP(OWNER, "filter.create", "name", "Everybody's", "noun", "leads", "condition", "product = wealth",
       "sharing", "all");
    open_leads("zh_CN", 80, 24, NULL);
    keys(&s, "S");
    turn_until(&s, "Everybody's", true);
    turn_until(&s, "产品 = 稳健季季盈", true);      /* a name in the place of its code */
    shows(&s, "nobody has talked to so ");
    shows(&s, "到手时间 >= 周初 且 非 (做过 跟");
    keys(&s, "Esc : text:ui.language Enter");
    keys(&s, "S F8");
    shows(&s, "for yourself alone");
    shows_not(&s, "everybody:");
    keys(&s, "y");
    turn_until(&s, "Removed: All that were", true);
    shows_not(&s, "did follow_up");
    shows(&s, "u Undo");
    keys(&s, "u");
    turn_until(&s, "Taken back: All that were", true);
    turn_until(&s, "did follow_up at least", true);     /* in hand, as it was */
    keys(&s, "Up F8");
    shows(&s, "is shared with everybody");
    close_screen(&s);
}

/* A branch's filter is its people's: who may not remove it is told whose it is, and it stays. */
static void test_saved_filters_of_others(void **state)
{
    (void)state;
    OP(CHIEF, "filter.create", "name", "Ours", "noun", "leads", "condition", "score > 50", "sharing",
       "branch");
    open_leads("en", 120, 40, NULL);
    keys(&s, "S F8");
    shows(&s, "\"Ours\" is shared with ");
    shows(&s, "it goes for all there");
    keys(&s, "y");
    turn_until(&s, "belongs to somebody else", true);
    shows(&s, "score > 50");
    shows_not(&s, "Undo");
    close_screen(&s);
}

/* u is a letter again as soon as a word is typed, and where nothing was removed. */
static void test_saved_filters_u_is_a_letter(void **state)
{
    (void)state;
    OP(SHEN, "filter.create", "name", "unique", "noun", "leads", "condition", "score > 10");
    OP(SHEN, "filter.create", "name", "plain", "noun", "leads", "condition", "score > 20");
    open_leads("en", 80, 24, NULL);
    keys(&s, "S text:u");
    shows(&s, "unique");
    shows_not(&s, "score > 20");
    keys(&s, "C-u Down F8 y");
    turn_until(&s, "Removed: plain", true);
    keys(&s, "text:nu");
    shows(&s, "nothing fits");
    close_screen(&s);
}

/* Parts of nothing can't be taken off: that is said, with what can be done. */
static void test_no_parts(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    keys(&s, "\\");
    shows(&s, "no condition is in force; press / to filter");
    close_screen(&s);
    open_leads("zh_CN", 80, 24, NULL);
    keys(&s, "Backspace");
    shows(&s, "按 / 可写一个");
    close_screen(&s);
}

/* An empty list says the keys of what has them: the list, the parts, the bar. */
static void test_ways_out_of_nothing(void **state)
{
    (void)state;
    open_leads("en", 120, 40, NULL);
    filter_by("score_>_100_and_intent_=_high");
    shows(&s, "Esc  show all of this list");
    keys(&s, "\\");
    shows_not(&s, "Esc  show all of this list");
    shows(&s, "Enter take this part off");
    shows(&s, "F4    show all of this list");
    keys(&s, "Esc");
    shows(&s, "Filter  score > 100 and intent = high");
    shows(&s, "Esc  show all of this list");
    keys(&s, "/");
    shows(&s, "Esc   leave the condition as it was");
    shows_not(&s, "enter a lead by hand");
    keys(&s, "F4");
    shows(&s, "none: / narrows the list");
    close_screen(&s);
}

/* Why, then / : the bar of the list, with the condition to be changed. */
static void test_explain_leads_to_the_bar(void **state)
{
    (void)state;
    open_leads("en", 80, 24, NULL);
    filter_by("score_>_60");
    keys(&s, "e");
    shows(&s, " matches ");
    keys(&s, "/");
    shows_not(&s, " matches ");
    shows(&s, "▌score > 60");
    keys(&s, "text:_and_intent_=_high Enter");
    shows(&s, "Filter  score > 60 and intent = high");
    keys(&s, "Enter e");
    shows_not(&s, "/ Filter");                      /* the lead's own screen has no bar */
    close_screen(&s);
}

static void test_every_size(void **state)
{
    static const struct { int cols, rows; const char *theme; } sizes[] = {
        { 80, 24, NULL }, { 120, 40, NULL }, { 80, 24, "mono" }, { 200, 60, NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int zh = 0; zh < 2; zh++) {
            open_leads(zh ? "zh_CN" : "en", sizes[i].cols, sizes[i].rows, sizes[i].theme);
            keys(&s, "/ Tab PgDn PgDn PgUp Esc "
                     "text:score_between_1_and_90_and_not_(intent_in_(high,mid Down Down Up");
            keys(&s, "F6 Esc C-u text:\"\\\\x");
            keys(&s, "Enter C-u Enter");
            close_screen(&s);
        }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_bank, close_bank)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_condition_without_typing_it),
        TEST(test_values_of_a_list),
        TEST(test_esc_closes_the_list_first),
        TEST(test_the_own_sentence),
        TEST(test_columns_of_mistakes),
        TEST(test_history),
        TEST(test_history_keeps_no_customers),
        TEST(test_chips),
        TEST(test_chips_by_mouse),
        TEST(test_the_builder),
        TEST(test_the_builder_is_left), TEST(test_the_builder_in_words),
        TEST(test_the_builder_makes_no_mistakes), TEST(test_the_builder_behind_nonsense),
        TEST(test_the_builder_and_the_sentence), TEST(test_the_builder_goes_back),
        TEST(test_saved_filters_whole), TEST(test_saved_filters_of_others),
        TEST(test_saved_filters_u_is_a_letter), TEST(test_no_parts),
        TEST(test_ways_out_of_nothing), TEST(test_explain_leads_to_the_bar),
        TEST(test_values_of_the_data),
        TEST(test_names_are_read),
        TEST(test_a_name_alone_is_looked_for),
        TEST(test_enter_goes_where_it_is_wrong),
        TEST(test_the_list_keeps_out_of_the_way),
        TEST(test_a_long_sentence_is_read_whole),
        TEST(test_cost_is_said), TEST(test_saved_filters),
        TEST(test_every_size),
    };
    return cmocka_run_group_tests_name("filterbar", tests, NULL, NULL);
}
