/* Sentences of the language with what they find, how they print and how they fail, worked out by
 * hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "lang_world.h"

static struct arena arena = ARENA_INIT;
static sqlite3 *db;

static int64_t moment(const char *text)
{
    int64_t ms;
    bool day;
    assert_true(clock_parse(text, &ms, &day));
    return ms;
}

static struct thing nothing(int64_t id)
{
    return (struct thing){ .id = id, .no = NONE, .amount = NONE, .at = NONE, .active = NONE,
                           .weight = NAN, .age = NAN, .since = NONE, .vip = NONE };
}

static int start(void **state)
{
    (void)state;
    struct thing t[6];
    assert_true(clock_zone("Asia/Shanghai"));
    clock_set(moment("2026-11-22T10:00:00+08:00"));
    for (int i = 1; i <= 5; i++)
        t[i] = nothing(i);

    t[1].name = "Zoe", t[1].no = 10, t[1].amount = 3000000, t[1].active = 1, t[1].weight = 1.5;
    t[1].at = moment("2026-11-22T00:00:00+08:00");
    t[1].note = "华东 100%", t[1].kind = "hot", t[1].phone = "13800138000";
    t[1].branch.id = 3, t[1].owner.id = 12, t[1].stage.id = 22;
    t[1].job = "blue-collar", t[1].age = 30, t[1].grade = "a1", t[1].vip = 1;
    t[1].since = moment("2026-11-21T12:00:00+08:00");

    t[2].name = "zo\xC3\xA9";                   /* and nothing else */

    t[3].name = "ZOE", t[3].no = 0, t[3].amount = 0, t[3].active = 0, t[3].weight = -3;
    t[3].at = moment("2026-11-21T23:59:59.999+08:00");
    t[3].note = "100a", t[3].kind = "cold", t[3].phone = "13900139000";
    t[3].branch.id = 2, t[3].owner.id = 13, t[3].stage.id = 21;
    t[3].job = "Yes", t[3].age = 18.5, t[3].vip = 0;

    t[4].name = "张三丰", t[4].no = -5, t[4].amount = -50;
    t[4].at = moment("2026-11-23T00:00:00+08:00");
    t[4].note = "a_b", t[4].kind = "in", t[4].branch.id = 4, t[4].stage.id = 23, t[4].job = "yes";

    t[5].name = "张伟", t[5].no = 5, t[5].amount = 150000000000;
    t[5].at = moment("2026-11-22T23:59:59.999+08:00");
    t[5].note = "x\"y\\z", t[5].branch.id = 1, t[5].stage.id = 21, t[5].age = 0;

    db = world_open();
    for (int i = 1; i <= 5; i++)
        world_insert(db, &t[i]);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    sqlite3_close(db);
    arena_free(&arena);
    clock_set(NONE);
    return 0;
}

/* ---- what they find -------------------------------------------------------------------------- */

static const struct { const char *text, *ids; } found[] = {
    { "", "1 2 3 4 5" },
    { "  \n ", "1 2 3 4 5" },
    /* empty values: two truths only */
    { "no < 5", "3 4" },
    { "not (no < 5)", "1 2 5" },
    { "no >= 5", "1 5" },
    { "not (no >= 5)", "2 3 4" },
    { "no = 0", "3" },
    { "no != 0", "1 2 4 5" },
    { "not no = 0", "1 2 4 5" },
    { "not (no != 0)", "3" },
    { "no in (0, 5)", "3 5" },
    { "no not in (0, 5)", "1 2 4" },
    { "not (no in (0, 5))", "1 2 4" },
    { "not (no not in (0, 5))", "3 5" },
    { "no is empty", "2" },
    { "no is set", "1 3 4 5" },
    { "no is not empty", "1 3 4 5" },
    { "no is not set", "2" },
    { "not (not (no < 5))", "3 4" },
    { "not (no < 5 or no > 5)", "2 5" },
    { "not (no < 5 and note contains 100)", "1 2 4 5" },
    { "no <= -5", "4" },
    { "no = 5 or no = 10 and stage = won", "1 5" },
    { "(no = 5 or no = 10) and stage = won", "1" },
    /* money, numbers, flags */
    { "amount = 3万", "1" },
    { "amount >= 30000", "1 5" },
    { "amount > 1.5亿", "5" },
    { "amount = 15亿", "5" },
    { "amount = -0.5", "4" },
    { "amount < \"30,000.00\"", "3 4" },
    { "amount = 0", "3" },
    { "weight = 1.5", "1" },
    { "weight < -2.5", "3" },
    { "weight > \"-1e3\"", "1 3" },
    { "active = yes", "1" },
    { "active = false", "3" },
    { "active != 是", "2 3 4 5" },
    /* texts: keys where there are any, bytes elsewhere */
    { "name = zoe", "1 3" },
    { "name = \" ZOE \"", "1 3" },
    { "name = \"zo\xC3\xA9\"", "2" },
    { "name = \"zoe\xCC\x81\"", "2" },
    { "name in (ZOE, 张伟)", "1 3 5" },
    { "name starts with zo", "1 2 3" },
    { "name starts with 张", "4 5" },
    { "name contains OE", "1 3" },
    { "name contains 三", "4" },
    { "name contains \"%\"", "" },
    { "note contains \"100%\"", "1" },
    { "note contains 100", "1 3" },
    { "note contains A", "" },
    { "note contains \"_\"", "4" },
    { "note = \"x\\\"y\\\\z\"", "5" },
    { "note starts with 100", "3" },
    { "not (note starts with 100)", "1 2 4 5" },
    { "note > a", "1 4 5" },
    { "name < a", "" },
    /* choices, references, secrets */
    { "kind = hot", "1" },
    { "kind = HOT", "1" },
    { "kind = 热", "1" },
    { "kind in (\"冷 淡\", \"in\")", "3 4" },
    { "stage = won", "1" },
    { "stage = WON", "1" },
    { "stage = 成交", "1" },
    { "stage = \"basic.4y\"", "4" },
    { "stage != new", "1 2 4" },
    { "stage in (new, won)", "1 3 5" },
    { "owner = me", "1" },
    { "owner = \"me\"", "3" },
    { "owner != me", "2 3 4 5" },
    { "owner is empty", "2 4 5" },
    { "phone = 13800138000", "1" },
    { "phone != 13800138000", "2 3 4 5" },
    { "phone in (13800138000, 13900139000)", "1 3" },
    { "phone is set", "1 3" },
    /* branches */
    { "branch = east", "3" },
    { "branch under east", "1 3" },
    { "branch under HQ", "1 3 4 5" },
    { "branch under \"静安\"", "" },
    { "not (branch under east)", "2 4 5" },
    /* days */
    { "at = 2026-11-22", "1 5" },
    { "at != 2026-11-22", "2 3 4" },
    { "at < 2026-11-22", "3" },
    { "at <= 2026-11-22", "1 3 5" },
    { "at > 2026-11-22", "4" },
    { "at >= 2026-11-22", "1 4 5" },
    { "not (at > 2026-11-22)", "1 2 3 5" },
    { "at = today", "1 5" },
    { "at = yesterday", "3" },
    { "at = tomorrow", "4" },
    { "at = today - 1d", "3" },
    { "at in (2026-11-21, 2026-11-23)", "3 4" },
    { "at not in (yesterday, tomorrow)", "1 2 5" },
    { "not (at in (2026-11-21, 2026-11-23))", "1 2 5" },
    { "at in (2026-11-22T00:00:00+08:00, 2026/11/23)", "1 4" },
    { "at < 2026-11-22T00:00:00+08:00", "3" },
    { "at <= 2026-11-21T16:00:00Z", "1 3" },
    { "at > 2026-11-22 23:59", "4 5" },
    { "at > now", "4 5" },
    { "at < now", "1 3" },
    { "at > now - 10h", "4 5" },
    { "at >= now - 10h", "1 4 5" },
    { "at >= now - 600m and at < now + 1d", "1 4 5" },
    /* custom fields */
    { "attr.job = \"blue-collar\"", "1" },
    { "attr.job = yes", "3 4" },
    { "attr.job != yes", "1 2 5" },
    { "attr.job is empty", "2 5" },
    { "attr.age < 18.6", "3 5" },
    { "not (attr.age < 18.6)", "1 2 4" },
    { "attr.since = yesterday", "1" },
    { "attr.grade = 甲等", "1" },
    { "attr.in = yes and stage = won", "1" },
    { "attr.in = no", "3" },
    { "attr.in is empty", "2 4 5" },
    /* Chinese, with an input method on */
    { "阶段 = 成交", "1" },
    { "阶段＝成交　且　金额＞＝３万", "1" },
    { "编号 属于（0、5）", "3 5" },
    { "编号 不在 （０，５）", "1 2 4" },
    { "编号 为空 或 编号 ＜ 0", "2 4" },
    { "机构 辖内 “华东”", "1 3" },
    { "机构 隶属于 “静安\"", "" },
    { "非 (编号 < 5) 并且 编号 不为空", "1 5" },
    { "归属人 = 本人", "1" },
    { "时间 = 昨天 或者 时间 > 今天", "3 4" },
    { "时间 >= 现在 - 10小时", "1 4 5" },
    { "attr。职业 ＝ yes", "3 4" },
    { "attr.等级 等于 甲等", "1" },
    { "\"客户 \\\"姓名\\\"\" 开头为 张", "4 5" },
    { "客户\\", "cond.unknown_field" },
};

static void test_finds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        const char *ids = world_where(db, &world_env, found[i].text);
        if (strcmp(ids, found[i].ids) != 0)
            fail_msg("%s: finds \"%s\", should find \"%s\"", found[i].text, ids, found[i].ids);
    }
}

/* Where the bank's day is not 24 hours: the clocks of New York went back on 2026-11-01. */
static void test_long_day(void **state)
{
    (void)state;
    assert_true(clock_zone("America/New_York"));
    struct thing t = nothing(9);
    t.at = moment("2026-11-01T23:30:00-05:00");         /* 24.5 hours after its midnight */
    sqlite3_exec(db, "savepoint s", NULL, NULL, NULL);
    world_insert(db, &t);
    assert_string_equal(world_where(db, &world_env, "id = 9 and at = 2026-11-01"), "9");
    assert_string_equal(world_where(db, &world_env, "id = 9 and at > 2026-11-01"), "");
    assert_string_equal(world_where(db, &world_env, "id = 9 and at <= 2026-11-01"), "9");
    sqlite3_exec(db, "rollback to s; release s", NULL, NULL, NULL);
    assert_true(clock_zone("Asia/Shanghai"));
}

/* ---- how they print -------------------------------------------------------------------------- */

static const struct { const char *text, *en, *zh; } printed[] = {
    { "no=5", "no = 5", "编号 = 5" },
    { "NO == 5", "no = 5", "编号 = 5" },
    { "编号 <> -05", "no != -5", "编号 != -5" },
    { "no ≤ 5 AND (no≥0)", "no <= 5 and no >= 0", "编号 <= 5 且 编号 >= 0" },
    { "a.b = 1", NULL, NULL },
    { "not no is not empty", "not (no is set)", "非 (编号 不为空)" },
    { "不 编号 非空", "not (no is set)", "非 (编号 不为空)" },
    { "(no = 1 or no = 2) and (no = 3)", "(no = 1 or no = 2) and no = 3",
      "(编号 = 1 或 编号 = 2) 且 编号 = 3" },
    { "no = 1 and no = 2 or no = 3", "(no = 1 and no = 2) or no = 3",
      "(编号 = 1 且 编号 = 2) 或 编号 = 3" },
    { "no = 1 and (no = 2 and no = 3)", "no = 1 and (no = 2 and no = 3)",
      "编号 = 1 且 (编号 = 2 且 编号 = 3)" },
    { "amount > 3万", "amount > 30000", "金额 > 30000" },
    { "amount > 0.50", "amount > 0.50", "金额 > 0.50" },
    { "weight = 1.50", "weight = 1.5", "weight = 1.5" },
    { "note = 1", "note = 1", "note = 1" },
    { "weight = 1e+20", NULL, NULL },
    { "weight = \"1e+20\"", "weight = \"1e+20\"", "weight = \"1e+20\"" },
    { "weight = -0.0", "weight = 0", "weight = 0" },
    { "active = true", "active = yes", "启用 = 是" },
    { "kind in (hot, 冷, cold, \"in\")", NULL, NULL },
    { "kind in (热, \"冷 淡\", \"in\")", "kind in (hot, cold, \"in\")", "类型 属于 (热, \"冷 淡\", \"在\")" },
    { "name starts with 张", "name starts with 张", "\"客户 \\\"姓名\\\"\" 开头为 张" },
    { "name = \"and\"", "name = \"and\"", "\"客户 \\\"姓名\\\"\" = \"and\"" },
    { "name contains \"且\"", "name contains \"且\"", "\"客户 \\\"姓名\\\"\" 包含 \"且\"" },
    { "note = \"a\\\\b\\\"c\"", "note = \"a\\\\b\\\"c\"", "note = \"a\\\\b\\\"c\"" },
    { "note = “他说\\\"好\\\"”", "note = \"他说\\\"好\\\"\"", "note = \"他说\\\"好\\\"\"" },
    { "note = \"“好”，。\"", "note = \"“好”，。\"", "note = \"“好”，。\"" },
    { "owner in (me, \"me\", e11)", "owner in (me, \"me\", e11)", "归属人 属于 (我, \"me\", e11)" },
    { "branch under 华东", "branch under 华东", "机构 辖内 华东" },
    { "at = 2026/1/2", "at = 2026-01-02", "时间 = 2026-01-02" },
    { "at > \"2026-11-22 08:30\"", "at > 2026-11-22T08:30:00+08:00",
      "时间 > 2026-11-22T08:30:00+08:00" },
    { "at > today - 1d", "at > yesterday", "时间 > 昨天" },
    { "at > tomorrow + 2w", "at > today + 15d", "时间 > 今天 + 15天" },
    { "at > now - 90m", "at > now - 90m", "时间 > 现在 - 90分钟" },
    { "at > now - 48h", "at > now - 2d", "时间 > 现在 - 2天" },
    { "at > now - 0h", "at > now", "时间 > 现在" },
    { "attr.职业 = yes", "attr.job = yes", "attr.职业 = yes" },
    { "attr.年龄 > 1", NULL, NULL },
    { "attr.\"年龄(岁)\" > 1", "attr.age > 1", "attr.\"年龄(岁)\" > 1" },
    { "attr.in = 否", "attr.in = no", "attr.\"在\" = 否" },
    { "attr.grade = a1", "attr.grade = a1", "attr.等级 = 甲等" },
    { "attr.since is empty", "attr.since is empty", "attr.since 为空" },
};

static const char *print(const struct cond *c, const char *lang)
{
    struct buf b = BUF_INIT;
    lang_print(c, &world_env, lang, &b);
    const char *s = arena_strdup(&arena, b.s);
    buf_release(&b);
    return s;
}

static void test_prints(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++) {
        struct cond *c, *back;
        struct err e;
        bool ok = lang_parse(&arena, printed[i].text, &world_env, &c, &e) == ST_OK;
        if (ok != (printed[i].en != NULL))
            fail_msg("%s: %s", printed[i].text, ok ? "is taken" : e.code);
        if (!ok)
            continue;
        assert_string_equal(print(c, "en"), printed[i].en);
        assert_string_equal(print(c, "zh_CN"), printed[i].zh);
        assert_int_equal(lang_parse(&arena, printed[i].zh, &world_env, &back, &e), ST_OK);
        assert_true(lang_equal(c, back));
    }
}

/* ---- how they fail --------------------------------------------------------------------------- */

#define A_VALUE "a value; the language's own words need quotes"
#define A_TIME "a date or time: 2026-11-22, today, now - 3d"
#define AN_INT "a whole number"

static const struct { const char *text, *code, *params[4]; } failing[] = {
    { "no", "cond.syntax", { "3", "", "a comparison", "" } },
    { "no =", "cond.syntax", { "5", "", A_VALUE, "" } },
    { "no = 1 an no = 2", "cond.syntax", { "8", "an", "`and`, `or` or the end", "and" } },
    { "编号 = 1 切 编号 = 2", "cond.syntax", { "8", "切", "`and`, `or` or the end", "" } },
    { "name contain a", "cond.syntax", { "6", "contain", "a comparison", "contains" } },
    { "name starts a", "cond.syntax", { "13", "a", "`with`", "" } },
    { "(no = 1", "cond.syntax", { "8", "", "`and`, `or` or a closing bracket", "" } },
    { "no = 1)", "cond.syntax", { "7", ")", "an opening bracket before it", "" } },
    { "no = and", "cond.syntax", { "6", "and", A_VALUE, "" } },
    { "note = 在", "cond.syntax", { "8", "在", A_VALUE, "" } },
    { "no in 5", "cond.syntax", { "7", "5", "a list in brackets", "" } },
    { "no in ()", "cond.syntax", { "8", ")", A_VALUE, "" } },
    { "no in (1,)", "cond.syntax", { "10", ")", A_VALUE, "" } },
    { "no in (1 2)", "cond.syntax", { "10", "2", "a comma or a closing bracket", "" } },
    { "no not 5", "cond.syntax", { "8", "5", "`in`", "" } },
    { "no is 5", "cond.syntax", { "7", "5", "`empty` or `set`", "" } },
    { "and no = 5", "cond.syntax", { "1", "and", "a field", "" } },
    { "no = - x", "cond.syntax", { "8", "x", "a number", "" } },
    { "at > now - ", "cond.syntax", { "12", "", "a span of time: 30m, 48h, 7d", "" } },
    { "note = \"a", "cond.syntax", { "8", "\"", A_VALUE, "" } },
    { "note = \"华\\n\"", "cond.syntax", { "10", "\\", A_VALUE, "" } },
    { "no ; drop", "cond.syntax", { "4", ";", "a comparison", "" } },
    { "华东 \xFF = 1", "cond.syntax", { "4", "\xEF\xBF\xBD", "text in UTF-8", "" } },
    { "job = 1", "cond.unknown_field", { "job", "attr.job", "1" } },
    { "no = 1 and nmae = 2", "cond.unknown_field", { "nmae", "name", "12" } },
    { "阶级 = 1", "cond.unknown_field", { "阶级", "阶段", "1" } },
    { "qqqq = 1", "cond.unknown_field", { "qqqq", "", "1" } },
    { "\"same label\" = 1", "cond.unknown_field", { "same label", "weight", "1" } },
    { "attr.jop = 1", "cond.unknown_field", { "attr.jop", "attr.job", "1" } },
    { "no.job = 1", "cond.syntax", { "3", ".", "a comparison", "" } },
    { "kustom.job = 1", "cond.unknown_field", { "kustom", "", "1" } },
    { "no = x", "cond.type", { "no", "x", AN_INT, "6" } },
    { "no = 1.5", "cond.type", { "no", "1.5", AN_INT, "6" } },
    { "no = 99999999999999999999", "cond.type", { "no", "99999999999999999999", AN_INT, "6" } },
    { "no = -9223372036854775808", "cond.type", { "no", "-9223372036854775808", AN_INT, "6" } },
    { "amount = 1.234", "cond.type", { "amount", "1.234", "an amount in yuan: 1234.50, 3万", "10" } },
    { "weight = nan", "cond.type", { "weight", "nan", "a number", "10" } },
    { "weight = 0x10", "cond.type", { "weight", "0x10", "a number", "10" } },
    { "weight = 1e999", "cond.type", { "weight", "1e999", "a number", "10" } },
    { "active = maybe", "cond.type", { "active", "maybe", "yes or no", "10" } },
    { "at = 2026-02-30", "cond.type", { "at", "2026-02-30", A_TIME, "6" } },
    { "at = today - 3h", "cond.type", { "at", "today - 3h", A_TIME, "6" } },
    { "at = now - 99999999d", "cond.type", { "at", "now - 99999999d", A_TIME, "6" } },
    { "at = now - 3x", "cond.type", { "at", "now - 3x", A_TIME, "6" } },
    { "note = -5", "cond.type", { "note", "-5", "a word, or text in quotes", "8" } },
    { "note = blue - collar", "cond.type", { "note", "blue - collar", "a word, or text in quotes", "8" } },
    { "kind = hott", "cond.unknown_value", { "kind", "hott", "hot", "8" } },
    { "attr.grade = 丙等", "cond.unknown_value", { "attr.grade", "丙等", "甲等", "14" } },
    { "kind > hot", "cond.operator", { "kind", ">", "1" } },
    { "stage under new", "cond.operator", { "stage", "under", "1" } },
    { "no contains 5", "cond.operator", { "no", "contains", "1" } },
    { "active starts with y", "cond.operator", { "active", "starts with", "1" } },
    { "note = \"\"", "cond.empty_value", { "note", "8" } },
    { "name contains \"  \"", "cond.empty_value", { "name", "15" } },
    { "phone > 1", "cond.masked_equality", { "phone", "1" } },
    { "phone starts with 138", "cond.masked_equality", { "phone", "1" } },
};

static void test_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        struct cond *c;
        struct err e = { 0 };
        enum status st = lang_parse(&arena, failing[i].text, &world_env, &c, &e);
        if (!st || strcmp(e.code, failing[i].code) != 0)
            fail_msg("%s: %s, not %s", failing[i].text, st ? e.code : "taken", failing[i].code);
        assert_int_equal(st, strcmp(e.code, "cond.masked_equality") == 0 ? ST_DENIED : ST_INVALID);
        assert_null(c);
        for (int p = 0; p < 4 && failing[i].params[p]; p++)
            if (strcmp(e.param[p], failing[i].params[p]) != 0)
                fail_msg("%s: parameter %d is \"%s\", should be \"%s\"", failing[i].text, p + 1,
                         e.param[p], failing[i].params[p]);
    }
}

/* What only the database knows is asked at compile time; a failed compile leaves no trace. */
static void test_unknown_codes(void **state)
{
    (void)state;
    struct cond *c;
    struct sql q;
    struct err e;
    bool side;
    sql_init(&q, &arena);
    sql_add(&q, "select 1 where x = ");
    sql_int(&q, 1);
    assert_int_equal(lang_parse(&arena, "no = 1 and stage in (new, wno)", &world_env, &c, &e),
                     ST_OK);
    assert_int_equal(lang_compile(c, &world_env, "t", &q, &side, &e), ST_INVALID);
    assert_string_equal(e.code, "cond.unknown_value");
    assert_string_equal(e.param[0], "stage");
    assert_string_equal(e.param[1], "wno");
    assert_string_equal(e.param[2], "won");
    assert_string_equal(e.param[3], "27");
    assert_string_equal(q.text.s, "select 1 where x = $1");
    assert_int_equal(q.n, 1);
    assert_string_equal(world_where(db, &world_env, "phone = \"138 x\""), "phone.invalid");
    sql_release(&q);
}

static const char *fails_with(const struct lang_env *env, const char *text)
{
    static char code[48];
    struct cond *c;
    struct err e = { 0 };
    lang_parse(&arena, text, env, &c, &e);
    snprintf(code, sizeof code, "%s", e.code);
    return code;
}

static void repeat(struct buf *b, const char *s, int n)
{
    while (n-- > 0)
        buf_adds(b, s);
}

static void test_limits(void **state)
{
    (void)state;
    static const char *const opening[] = { "(", "not ", "not (" };
    static const char *const closing[] = { ")", "", ")" };
    struct buf b = BUF_INIT;

    for (int i = 0; i < 3; i++)
        for (int depth = LANG_DEPTH; depth <= LANG_DEPTH + 1; depth++) {
            buf_clear(&b);
            repeat(&b, opening[i], depth);
            buf_adds(&b, "no = 1");
            repeat(&b, closing[i], depth);
            assert_string_equal(fails_with(&world_env, b.s),
                                depth > LANG_DEPTH ? "cond.too_deep" : "");
        }
    buf_clear(&b);
    repeat(&b, "(", 4000);
    assert_string_equal(fails_with(&world_env, b.s), "cond.too_deep");
    buf_clear(&b);
    /* its print needs brackets around the `and`: one level more */
    repeat(&b, "not (", LANG_DEPTH);
    buf_adds(&b, "no = 1 and no = 2 or no = 3");
    repeat(&b, ")", LANG_DEPTH);
    assert_string_equal(fails_with(&world_env, b.s), "cond.too_deep");

    for (int n = LANG_VALUES; n <= LANG_VALUES + 1; n++) {
        buf_clear(&b);
        buf_adds(&b, "no in (1");
        repeat(&b, ",1", n - 1);
        buf_adds(&b, ")");
        assert_string_equal(fails_with(&world_env, b.s), n > LANG_VALUES ? "cond.too_many" : "");
    }
    buf_clear(&b);
    buf_adds(&b, "note = \"");
    repeat(&b, "x", LANG_TEXT - 9);
    buf_adds(&b, "\"");
    assert_int_equal(b.len, LANG_TEXT);
    assert_string_equal(fails_with(&world_env, b.s), "");
    buf_adds(&b, " ");
    assert_string_equal(fails_with(&world_env, b.s), "cond.too_long");
    buf_release(&b);
}

/* What was taken can always be stored: printed in English it is not too long to be read again. */
static void test_print_keeps_limits(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    struct cond *c, *back;
    buf_adds(&b, "no=1");
    repeat(&b, " or no=1", 900);
    assert_true(b.len < LANG_TEXT);
    assert_string_equal(fails_with(&world_env, b.s), "cond.too_long");
    buf_cut(&b, 4 + 8 * 600);
    assert_int_equal(lang_parse(&arena, b.s, &world_env, &c, NULL), ST_OK);
    assert_int_equal(lang_parse(&arena, print(c, "en"), &world_env, &back, NULL), ST_OK);
    assert_true(lang_equal(c, back));
    buf_release(&b);
}

/* SQLite refuses expressions deeper than 1,000: a flat list of that many days or alternatives is
 * none. */
static void test_long_chains(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_adds(&b, "at in (now");
    repeat(&b, ",today", LANG_VALUES - 1);
    buf_adds(&b, ")");
    assert_string_equal(world_where(db, &world_env, b.s), "1 5");
    buf_clear(&b);
    buf_adds(&b, "no=1");
    repeat(&b, " or no=0", 700);
    assert_string_equal(world_where(db, &world_env, b.s), "3");
    buf_release(&b);
}

/* Its parser has a stack of 100: the deepest conditions there may be still fit. */
static void test_deep(void **state)
{
    (void)state;
    static const struct { const char *before, *after; int times; const char *ids; } deep[] = {
        { "not (", ")", 50, "1 3" },
        { "not (", ")", 49, "2 4 5" },
        { "no = 0 or (no = 10 and (", "))", 25, "1 3" },
        { "((", " and no = 10) or no = 0)", 25, "1 3" },
        { "(no = 0 or (", ") and no is set)", 25, "1 3" },
        { "not (no != 0 and not (no is set and (", ")))", 16, "1 3" },
        { "not (no is empty or not (no in (0, 10) and ", "))", 25, "1 3" },
    };
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
        buf_clear(&b);
        repeat(&b, deep[i].before, deep[i].times);
        buf_adds(&b, "branch under east");
        repeat(&b, deep[i].after, deep[i].times);
        const char *ids = world_where(db, &world_env, b.s);
        if (strcmp(ids, deep[i].ids) != 0)
            fail_msg("%s ... finds %s", deep[i].before, ids);
    }
    buf_release(&b);
}

/* ---- attacks --------------------------------------------------------------------------------- */

/* Nothing that was written reaches the SQL. */
static void test_injection(void **state)
{
    (void)state;
    static const char evil[] = "x' or 1=1; drop table thing; --$1 %s";
    static const char *const texts[] = {
        "note = \"%s\"", "name contains \"%s\"", "note contains \"%s\"", "name starts with \"%s\"",
        "attr.job in (\"%s\", b)", "not (attr.job = \"%s\")",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *at = strstr(texts[i], "%s");
        const char *text = arena_printf(&arena, "%.*s%s%s", (int)(at - texts[i]), texts[i], evil,
                                        at + 2);
        struct cond *c;
        struct sql q;
        sql_init(&q, &arena);
        assert_int_equal(lang_parse(&arena, text, &world_env, &c, NULL), ST_OK);
        assert_int_equal(lang_compile(c, &world_env, "t", &q, NULL, NULL), ST_OK);
        assert_null(strstr(q.text.s, "drop"));
        assert_null(strchr(q.text.s, ';'));
        sql_release(&q);
        assert_string_equal(world_where(db, &world_env, text), i == 5 ? "1 2 3 4 5" : "");
    }
    assert_string_equal(fails_with(&world_env, "\"no or 1=1 --\" = 1"), "cond.unknown_field");
    assert_string_equal(fails_with(&world_env, "attr.\"job or 1=1\" = 1"), "cond.unknown_field");
    assert_string_equal(fails_with(&world_env, "stage.\"id or 1=1\" = 1"), "cond.unknown_field");
    assert_string_equal(fails_with(&world_env, "name_key = 1"), "cond.unknown_field");
    assert_string_equal(fails_with(&world_env, "t.no = 1"), "cond.unknown_field");
    assert_string_equal(world_where(db, &world_env, "no is set"), "1 3 4 5");
}

/* A registry that someone edited: a key that is no plain key is no name. */
static void test_hostile_keys(void **state)
{
    (void)state;
    static const struct attr_def hostile[] = {
        { .key = "a) or 1=1 --", .label = "x", .type = F_TEXT },
        { .key = "", .label = "y", .type = F_TEXT },
        { .key = "ok_1", .label = "z\xFF", .type = F_TEXT },
    };
    struct lang_env env = world_env;
    struct cond *c;
    env.attrs = hostile;
    env.nattrs = 3;
    assert_string_equal(fails_with(&env, "attr.\"a) or 1=1 --\" = 1"), "cond.unknown_field");
    assert_string_equal(fails_with(&env, "attr.x = 1"), "cond.unknown_field");
    assert_string_equal(fails_with(&env, "attr.y = 1"), "cond.unknown_field");
    assert_int_equal(lang_parse(&arena, "attr.ok_1 = 1", &env, &c, NULL), ST_OK);
    struct buf b = BUF_INIT;
    lang_print(c, &env, "zh_CN", &b);           /* a label that is no text is not printed */
    assert_string_equal(b.s, "attr.ok_1 = 1");
    buf_release(&b);
}

static void test_masked(void **state)
{
    (void)state;
    static const struct lens masked = { .mask_names = true };
    struct lang_env env = world_env;
    struct cond *c;
    struct sql q;
    struct err e;
    env.lens = &masked;
    assert_string_equal(world_where(db, &env, "name = zoe"), "1 3");
    assert_string_equal(world_where(db, &env, "name not in (zoe, 张伟)"), "2 4");
    assert_string_equal(world_where(db, &env, "name is empty"), "");
    assert_string_equal(world_where(db, &env, "name starts with 张"), "cond.masked_equality");
    assert_string_equal(world_where(db, &env, "not (name contains 三)"), "cond.masked_equality");
    assert_string_equal(world_where(db, &env, "name > zoe"), "cond.masked_equality");
    assert_string_equal(world_where(db, &env, "note contains 100"), "1 3");

    /* A tree that another, who sees names, had parsed (a shared filter). */
    assert_int_equal(lang_parse(&arena, "no = 1 or name < m", &world_env, &c, &e), ST_OK);
    sql_init(&q, &arena);
    assert_int_equal(lang_compile(c, &env, "t", &q, NULL, &e), ST_DENIED);
    assert_string_equal(e.code, "cond.masked_equality");
    assert_string_equal(e.param[0], "name");
    assert_int_equal(q.text.len, 0);
    sql_release(&q);
}

/* Nobody's leads are those of a caller who is no employee. */
static void test_me_is_nobody(void **state)
{
    (void)state;
    struct lang_env env = world_env;
    env.me = 0;
    assert_string_equal(world_where(db, &env, "owner = me"), "");
    assert_string_equal(world_where(db, &env, "owner != me"), "1 2 3 4 5");
}

/* ---- SQL ------------------------------------------------------------------------------------- */

static void plan(const char *text, const char *must)
{
    struct cond *c;
    struct sql q;
    struct buf got = BUF_INIT;
    sql_init(&q, &arena);
    sql_add(&q, "explain query plan select t.id from thing t where ");
    assert_int_equal(lang_parse(&arena, text, &world_env, &c, NULL), ST_OK);
    assert_int_equal(lang_compile(c, &world_env, "t", &q, NULL, NULL), ST_OK);
    sqlite3_stmt *st = world_prepare(db, &q);
    while (sqlite3_step(st) == SQLITE_ROW)
        buf_addf(&got, "%s\n", (const char *)sqlite3_column_text(st, 3));
    sqlite3_finalize(st);
    if (!strstr(got.s, must) || strstr(got.s, "SCAN"))
        fail_msg("%s: %s: %s", text, q.text.s, got.s);
    buf_release(&got);
    sql_release(&q);
}

static void test_uses_indexes(void **state)
{
    (void)state;
    plan("stage = won", "SEARCH t USING COVERING INDEX thing_stage (stage_id=?)");
    plan("no > 3 and (stage = won and active = yes)", "thing_stage (stage_id=?)");
    plan("stage in (won, new)", "thing_stage (stage_id=?)");
    plan("name = zoe", "thing_name (name_key=?)");
    plan("name starts with 张", "thing_name (name_key>? AND name_key<?)");
    plan("phone = 13800138000", "thing_phone (phone_hash=?)");
    plan("stage = won or name = zoe", "MULTI-INDEX OR");
    plan("stage = won and branch under east", "branch_path (path>? AND path<?)");
}

static void test_side_table(void **state)
{
    (void)state;
    static const struct { const char *text; bool side; } texts[] = {
        { "", false }, { "no = 1", false }, { "attr.job = a", true },
        { "no = 1 or not (attr.job is empty)", true },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct cond *c;
        struct sql q;
        bool side = !texts[i].side;
        sql_init(&q, &arena);
        assert_int_equal(lang_parse(&arena, texts[i].text, &world_env, &c, NULL), ST_OK);
        assert_int_equal(lang_compile(c, &world_env, "t", &q, &side, NULL), ST_OK);
        assert_int_equal(side, texts[i].side);
        sql_release(&q);
    }
}

static void test_fixes(void **state)
{
    (void)state;
    static const struct { const char *text, *field; bool fixed; } texts[] = {
        { "", "owner", false },
        { "owner = me", "owner", true },
        { "no > 1 and (owner = me and no < 5)", "owner", true },
        { "owner in (me)", "owner", true },
        { "owner in (me, e11)", "owner", false },
        { "owner = me or no = 1", "owner", false },
        { "not (owner = me)", "owner", false },
        { "owner != me", "owner", false },
        { "owner is empty", "owner", false },
        { "phone = 13800138000 and no = 1", "phone", true },
        { "phone = 13800138000 and no = 1", "stage", false },
        { "at = today", "at", false },
        { "at = now", "at", true },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct cond *c;
        assert_int_equal(lang_parse(&arena, texts[i].text, &world_env, &c, NULL), ST_OK);
        if (lang_fixes(c, texts[i].field) != texts[i].fixed)
            fail_msg("%s: %s", texts[i].text, texts[i].field);
    }
}

/* What can only be true of rows with custom fields. */
static void test_needs_side(void **state)
{
    (void)state;
    static const struct { const char *text; bool needs; } texts[] = {
        { "attr.age > 3", true }, { "attr.age != 3", false }, { "attr.age is empty", false },
        { "attr.age is set", true }, { "not (attr.age > 3)", false }, { "no = 1", false }, { "", false },
        { "no = 1 and attr.age > 3", true }, { "no = 1 or attr.age > 3", false },
        { "attr.job = a or attr.age > 3", true }, { "attr.job not in (a)", false },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct cond *c;
        assert_int_equal(lang_parse(&arena, texts[i].text, &world_env, &c, NULL), ST_OK);
        if (lang_needs_side(c) != texts[i].needs)
            fail_msg("%s", texts[i].text);
    }
}

static void test_alone(void **state)
{
    static const struct { const char *text, *column; } rows[] = {
        { "", NULL }, { "no = 1 or (no = 2)", NULL }, { "name = \") or (\"", NULL }, { "((no = 1", NULL },
        { "name = \"unfinished)", NULL }, { "no = 1) or (no = 2", "7" }, { "（no = 1））", "9" }, { ")", "1" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e;
        enum status st = lang_alone(rows[i].text, &e);
        assert_int_equal(st, rows[i].column ? ST_INVALID : ST_OK);
        if (st) {
            assert_string_equal(e.code, "cond.syntax");
            assert_string_equal(e.param[0], rows[i].column);
            assert_string_equal(e.param[1], ")");
        }
    }
}

/* ---- order ----------------------------------------------------------------------------------- */

static void test_sort(void **state)
{
    (void)state;
    static const struct lens masked = { .mask_names = true };
    struct lang_env env = world_env;
    struct lang_sort *s;
    struct err e;
    struct buf b = BUF_INIT;
    size_t n;

    assert_int_equal(lang_sort_parse(&arena, " no, -时间，attr.age,-attr.职业", &env, &s, &n, &e),
                     ST_OK);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++) {
        buf_adds(&b, i ? " " : "");
        buf_adds(&b, s[i].desc ? "-" : "");
        lang_name_print(s[i].name, &b);
    }
    assert_string_equal(b.s, "no -at attr.age -attr.job");
    buf_release(&b);

    assert_int_equal(lang_sort_parse(&arena, " ", &env, &s, &n, &e), ST_OK);
    assert_int_equal(n, 0);
    assert_int_equal(lang_sort_parse(&arena, "no,", &env, &s, &n, &e), ST_INVALID);
    assert_string_equal(e.code, "cond.order");
    assert_int_equal(lang_sort_parse(&arena, "no at", &env, &s, &n, &e), ST_INVALID);
    assert_string_equal(e.param[0], "4");
    assert_int_equal(lang_sort_parse(&arena, "no,nmae", &env, &s, &n, &e), ST_INVALID);
    assert_string_equal(e.code, "cond.unknown_field");
    assert_string_equal(e.param[2], "4");
    assert_int_equal(lang_sort_parse(&arena, "no,no,no,no,no,no,no,no,no", &env, &s, &n, &e),
                     ST_INVALID);
    assert_string_equal(e.code, "cond.order_long");
    assert_int_equal(lang_sort_parse(&arena, ",", &env, &s, &n, &e), ST_INVALID);
    assert_string_equal(e.code, "cond.order");

    assert_int_equal(lang_sort_parse(&arena, "-phone", &env, &s, &n, &e), ST_DENIED);
    assert_int_equal(lang_sort_parse(&arena, "name", &env, &s, &n, &e), ST_OK);
    assert_true(lang_may_sort(&env, s[0].name));
    env.lens = &masked;
    assert_false(lang_may_sort(&env, s[0].name));
    assert_int_equal(lang_sort_parse(&arena, "name", &env, &s, &n, &e), ST_DENIED);
    assert_string_equal(e.code, "cond.masked_sort");
}

static void test_columns(void **state)
{
    (void)state;
    static const struct { const char *name; bool key; const char *column; } columns[] = {
        { "no", true, "t.no" }, { "name", true, "t.name_key" }, { "name", false, "t.name" },
        { "note", true, "t.note" },
        { "stage", true, "t.stage_id" }, { "phone", false, "t.phone_hash" },
        { "attr.job", true, "x.k_job" },
        { "attr.job", false, "x.a_job" }, { "attr.age", true, "x.a_age" },
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct lang_name n;
        struct sql q;
        sql_init(&q, &arena);
        assert_int_equal(lang_name_find(&world_env, columns[i].name, &n, NULL), ST_OK);
        lang_column(&q, n, "t", columns[i].key);
        assert_string_equal(q.text.s, columns[i].column);
        sql_release(&q);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_long_day),
        cmocka_unit_test(test_prints),
        cmocka_unit_test(test_fails),
        cmocka_unit_test(test_unknown_codes),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_print_keeps_limits),
        cmocka_unit_test(test_long_chains),
        cmocka_unit_test(test_deep),
        cmocka_unit_test(test_injection),
        cmocka_unit_test(test_hostile_keys),
        cmocka_unit_test(test_masked),
        cmocka_unit_test(test_me_is_nobody),
        cmocka_unit_test(test_uses_indexes),
        cmocka_unit_test(test_side_table),
        cmocka_unit_test(test_fixes),
        cmocka_unit_test(test_needs_side),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
