/* What a half typed condition is made of, what may come next, and how that is spelled, in both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/lang.h"
#include "core/model/nouns.h"

static const struct attr_def attrs[] = {
    { .id = 1, .key = "job", .label = "职业", .type = F_TEXT },
    { .id = 2, .key = "since", .label = "开户日", .type = F_TIME },
};

static struct arena arena = ARENA_INIT;

static struct lang_env env(void)
{
    return (struct lang_env){ .noun = &lead_noun, .attrs = attrs, .nattrs = 2, .me = 7 };
}

static int start(void **state)
{
    (void)state;
    clock_zone("Asia/Shanghai");
    i18n_init("en");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(&arena);
    arena = (struct arena)ARENA_INIT;
    i18n_set("en");
    return 0;
}

/* The wish at the `|` of a text, which is taken out of it. */
static const char *wish_at(const char *marked, struct lang_wish *out)
{
    struct lang_env e = env();
    size_t at = strcspn(marked, "|");
    assert_int_equal(marked[at], '|');
    const char *text = arena_printf(&arena, "%.*s%s", (int)at, marked, marked + at + 1);
    lang_wish(&arena, text, at, &e, out);
    assert_true(out->from <= out->to && out->to <= strlen(text));
    return text;
}

static const char *proposals_at(const char *marked, const char *lang)
{
    struct lang_env e = env();
    struct lang_wish w;
    struct lang_proposal *list;
    struct buf b = BUF_INIT;
    size_t n;
    const char *text = wish_at(marked, &w);
    lang_propose(&arena, text, &w, &e, lang, &list, &n);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "%s%s", i ? "|" : "", list[i].text);
    const char *all = arena_strdup(&arena, b.len ? b.s : "");
    buf_release(&b);
    return all;
}

/* ---- wishes
 * --------------------------------------------------------------------------------------------- */

enum { F = WISH_FIELD, O = WISH_OPERATOR, V = WISH_VALUE, L = WISH_LINK, N = WISH_NONE };

/* kind, the word that is begun, the field that is meant. */
static const struct { const char *text; int kind; const char *word, *field; } wishes[] = {
    { "|", F, "", NULL },
    { "sta|", F, "sta", NULL },
    { "st|age = new", F, "stage", NULL },
    { "stage |", O, "", "stage" },
    { "stage i|", O, "i", "stage" },
    { "stage is n|", O, "is n", "stage" },
    { "stage is |", O, "is ", "stage" },
    { "stage not |", O, "not ", "stage" },
    { "name starts |", O, "starts ", "name" },
    { "stage = |", V, "", "stage" },
    { "stage = ne|", V, "ne", "stage" },
    { "stage = \"ne|", V, "\"ne", "stage" },
    { "stage = \"new\"|", L, "", NULL },
    { "stage=|", V, "", "stage" },
    { "stage in |", L, "", NULL },
    { "stage in (|", V, "", "stage" },
    { "stage in (new, c|", V, "c", "stage" },
    { "stage in (new, |", V, "", "stage" },
    { "stage in (new |", L, "", NULL },
    { "stage in (new)|", L, "", NULL },
    { "stage = new |", L, "", NULL },
    { "stage = new a|", L, "a", NULL },
    { "stage = new and |", F, "", NULL },
    { "stage = new and not (s|", F, "s", NULL },
    { "not (stage = new) |", L, "", NULL },
    { "stage is empty |", L, "", NULL },
    { "stage is empty|", O, "is empty", "stage" },
    { "received_at > today - |", V, "", "received_at" },
    { "attr.|", F, "attr.", NULL },
    { "attr.jo|", F, "attr.jo", NULL },
    { "attr.job |", O, "", "job" },
    { "阶段 |", O, "", "stage" },
    { "阶段 属|", O, "属", "stage" },
    { "阶段 属于 （新线索，|", V, "", "stage" },
    { "阶段 属于 （新线索）　且　|", F, "", NULL },
    { "阶段 属于 （新线索）　且　评|", F, "评", NULL },
    { "客户 包含 “张|", V, "“张", "name" },
    { "阶段 为空 |", L, "", NULL },
    { "score between 60 |", L, "", NULL },
    { "score between 60 and |", V, "", "score" },
    { "score between 60 and 80 |", L, "", NULL },
    { "received_at within |", O, "within ", "received_at" },
    { "received_at within last |", V, "", "received_at" },
    { "到手时间 近30天 |", L, "", NULL },
    { "branch under my |", V, "my ", "branch" },
    { "did |", F, "", NULL },
    { "any follow_ups |", L, "", NULL },
    { "any follow_ups (result |", O, "", "result" },
    { "any follow_ups (result = refused) and sco|", F, "sco", NULL },
    { "做过 跟进 |", O, "", NULL },
    { "nonsense = |", N, "", NULL },
    { "stage = ? |", N, "", NULL },
    { "归属人为空|", O, "为空", "owner" },
    { "归属人为空 |", L, "", NULL },
    { "归属人的状态 |", O, "", "status" },
    { "owner.|", F, "owner.", NULL },
    { "owner.sta|", F, "owner.sta", NULL },
    { "owner.status = |", V, "", "status" },
    { "评分 介于 60 |", L, "", NULL },
    { "评分 介于 60 与 |", V, "", "score" },
    { "segment = |", V, "", NULL },
    { "bucket(\"a\") |", O, "", NULL },
    { "stage changed within |", V, "", "stage" },
    { "阶段 变更于 近7天 |", L, "", NULL },
    { "did follow_up at least 2 times |", L, "", NULL },
    { "did follow_up (result = reached) |", O, "", NULL },
    { "idle |", O, "", "idle" },
    { "idle > |", V, "", "idle" },
};

static void test_wishes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        struct lang_wish w;
        const char *text = wish_at(wishes[i].text, &w);
        const char *name = w.name.field ? w.name.field->name : w.name.attr ? w.name.attr->key
                         : w.name.span ? w.name.span->name : "";
        const char *word = arena_strndup(&arena, text + w.from, w.to - w.from);
        if ((int)w.kind != wishes[i].kind || strcmp(word, wishes[i].word) != 0)
            fail_msg("%s: kind %d \"%s\"", wishes[i].text, (int)w.kind, word);
        if (wishes[i].field && strcmp(name, wishes[i].field) != 0)
            fail_msg("%s: field %s", wishes[i].text, name);
    }
}

/* A list's condition is on the list's rows; behind its bracket it is the lead's again. */
static void test_whose_fields(void **state)
{
    struct lang_wish w;
    (void)state;
    wish_at("any follow_ups (|", &w);
    assert_ptr_equal(w.noun, &follow_up_noun);
    wish_at("any follow_ups (result = refused) and |", &w);
    assert_ptr_equal(w.noun, &lead_noun);
    wish_at("stage in (new, |", &w);
    assert_true(w.in_list);
    wish_at("stage = |", &w);
    assert_false(w.in_list);
    assert_int_equal(w.op, OP_EQ);
}

/* ---- proposals
 * ------------------------------------------------------------------------------------------ */

/* The first proposals; `...`: others may follow. */
static const struct { const char *lang, *text, *proposals; } proposed[] = {
    { "en", "scor|", "score" },
    { "en", "ownr|", "owner..." },                      /* what is near */
    { "en", "name sta|", "starts with" },
    { "en", "intent is not|", "is set" },
    { "en", "intent = |", "high|mid|low" },
    { "en", "intent = hi|", "high" },
    { "en", "intent = 高|", "high" },
    { "en", "intent in (|", "high|mid|low" },
    { "en", "intent in (high |", ",|)" },
    { "en", "open = |", "yes|no" },
    { "en", "owner = |", "me" },
    { "en", "intent = high |", "and|or" },
    { "en", "(intent = high |", "and|or|)" },
    { "en", "intent = high a|", "and" },
    { "en", "received_at > to|", "today|tomorrow|today - 7d..." },
    { "en", "attr.|", "attr.job|attr.since" },
    { "en", "职业|", "attr.job" },
    { "en", "nonsense |", "" },
    { "en", "name = |", "" },                           /* the data knows */
    { "en", "idle > |", "24h|3d|7d|30d|90d|3 working days" },
    { "en", "received_at within last |", "24h|3d|7d|30d|90d|3 working days" },
    { "en", "stage changed within 7|", "7d..." },
    { "en", "branch = my|", "my branch" },
    { "en", "any |", "follow_ups|tasks|deals..." },
    { "en", "did |", "follow_up|task|deal..." },
    { "en", "any follow_ups |", "(" },
    { "en", "any follow_ups (resu|", "result" },
    { "en", "did follow_up at m|", "at most 3 times in 7d" },
    { "en", "score between 1 |", "and" },
    { "en", "owner.st|", "owner.status" },
    { "en", "received_at > start|", "start of week|start of month|start of quarter|start of year" },
    { "zh_CN", "到手时间 近|", "近7天..." },
    { "zh_CN", "归属人.状|", "归属人.状态" },
    { "zh_CN", "做过 |", "跟进..." },
    { "zh_CN", "做过 跟进 |", "至少 1 次 近30天|至少 2 次 近30天..." },
    { "zh_CN", "评分 介于 1 |", "与" },
    { "zh_CN", "机构 辖内 本|", "本机构" },
    { "zh_CN", "未跟进 > 7|", "7天" },
    { "zh_CN", "意|", "意向" },
    { "zh_CN", "intent|", "意向" },
    { "zh_CN", "意向 = |", "高|中|低" },
    { "zh_CN", "意向 = hi|", "高" },
    { "zh_CN", "意向 属|", "属于 (|不属于 (" },
    { "zh_CN", "意向 = 高 |", "且|或" },
    { "zh_CN", "归属人 = |", "我" },
    { "zh_CN", "到手时间 > 今|", "今天|今天 - 7天" },
    { "zh_CN", "职|", "attr.职业" },
};

static void test_proposals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof proposed / sizeof *proposed; i++) {
        i18n_set(proposed[i].lang);
        const char *got = proposals_at(proposed[i].text, proposed[i].lang), *want = proposed[i].proposals;
        const char *more = strstr(want, "...");
        if (more ? strncmp(got, want, (size_t)(more - want)) != 0 : strcmp(got, want) != 0)
            fail_msg("%s: %s", proposed[i].text, got);
    }
}

/* Fields begin with what tables show; operators are those that the type can take. */
static void test_what_comes_first(void **state)
{
    (void)state;
    assert_true(strncmp(proposals_at("|", "en"), "no|name|product|", 16) == 0);
    assert_null(strstr(proposals_at("open |", "en"), ">="));
    assert_null(strstr(proposals_at("phone |", "en"), "contains"));
    assert_non_null(strstr(proposals_at("score |", "en"), ">="));
    assert_non_null(strstr(proposals_at("name |", "en"), "contains"));
    assert_null(strstr(proposals_at("owner |", "en"), "under"));
    assert_non_null(strstr(proposals_at("branch |", "en"), "under"));
}

/* ---- any prefix
 * ----------------------------------------------------------------------------------------- */

static const char *const sentences[] = {
    "stage in (new, contacted) and amount >= 3万 and not (owner is empty)",
    "阶段 属于 (新线索, 已联系) 且 评分 >= 60 且 非 (归属人 为空)",
    "name contains \"a \\\" b\" or 备注 开头为 “华东” 且 received_at > now - 48h",
    "阶段＝新线索　且　（评分＞６０　或　意向 在（高、中））",
    "attr.job = \"x\" and attr.职业 != y",
    "score between 60 and 80 or received_at within last 30d and stage changed within 7d",
    "any follow_ups (result = refused and at within last 30d) and idle > 3 working days",
    "did follow_up (result = reached) at least 2 times in 30d or bucket(\"spring\") < 10%",
    "做过 跟进 至少 2 次 近30天 且 每条 跟进 (结果 = 拒绝) 且 分桶(\"a\") < 10%",
    "branch under my branch and segment in (a, b) and owner.status = leave",
    "归属人的状态 = 休假 且 机构 辖内 本机构 且 到手时间 近30天",
    "))(( , = = \"\\x\" and and ((( 不 不 ... - + % \xF0\x9F\x98\x80 在",
    "received_at > start of week - 7d and tags has VIP",
    "\x01\x7f \xE2\x80\xAE stage = new",
};

/* Stretches stand in order, on whole characters; nothing is put where it would cut one. Whatever is
 * proposed can be put there without a crash. */
static void look_at(const char *text, size_t n)
{
    struct lang_env e = env();
    struct lang_stretch *s;
    size_t ns, last = 0;
    lang_look(&arena, text, &e, &s, &ns);
    for (size_t i = 0; i < ns; i++) {
        assert_true(s[i].at >= last && s[i].end > s[i].at && s[i].end <= n);
        assert_true(text_valid(text + s[i].at, s[i].end - s[i].at) || !text_valid(text, n));
        last = s[i].end;
    }
    for (size_t at = 0; at <= n; at++) {
        struct lang_wish w;
        struct lang_proposal *p;
        size_t np;
        lang_wish(&arena, text, at, &e, &w);
        assert_true(w.from <= w.to && w.to <= n);
        if (text_valid(text, n)) {
            assert_true(text_valid(text, w.from));
            assert_true(text_valid(text, w.to));
        }
        if (at == n)
            for (int zh = 0; zh < 2; zh++)
                lang_propose(&arena, text, &w, &e, zh ? "zh_CN" : "en", &p, &np);
    }
}

static void test_every_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        for (size_t n = 0; n <= strlen(sentences[i]); n++) {
            char *text = malloc(n + 1);             /* of its own: ASan sees who reads on */
            memcpy(text, sentences[i], n);
            text[n] = '\0';
            look_at(text, n);
            free(text);
            arena_free(&arena);
        }
}

/* What is proposed is right: put in its place, with what it still needs, the parser takes it. */
static void test_proposals_are_right(void **state)
{
    static const char *const places[] = {
        "|", "intent |", "intent = |", "owner |", "owner = |", "received_at |", "received_at > |", "score |",
        "branch |", "name |", "phone |", "open |", "attr.|", "attr.since |", "idle |", "idle > |",
    };
    static const char *const rests[] = { "",
                                         " = 1",
                                         " is set",
                                         " 1",
                                         " high",
                                         "high)",
                                         " today",
                                         " me",
                                         " 是",
                                         " 1 and 2",
                                         " x",
                                         " HQ",
                                         "HQ)",
                                         "1)",
                                         "today)",
                                         "x)",
                                         "是)",
                                         " 7d",
                                         " (stage is set)",
                                         " follow_ups (at is set)",
                                         " follow_up at least 1 times",
                                         " today and today",
                                         " 7d and 7d" };
    (void)state;
    for (int zh = 0; zh < 2; zh++)
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            struct lang_env e = env();
            struct lang_wish w;
            struct lang_proposal *p;
            size_t n;
            i18n_set(zh ? "zh_CN" : "en");
            const char *text = wish_at(places[i], &w);
            lang_propose(&arena, text, &w, &e, zh ? "zh_CN" : "en", &p, &n);
            for (size_t k = 0; k < n; k++) {
                bool right = false;
                for (size_t r = 0; r < sizeof rests / sizeof *rests && !right; r++) {
                    struct cond *c;
                    const char *whole =
                        arena_printf(&arena, "%.*s%s%s", (int)w.from, text, p[k].text, rests[r]);
                    right = lang_parse(&arena, whole, &e, &c, NULL) == ST_OK && c;
                }
                if (!right)
                    fail_msg("%s: %s is no way on", places[i], p[k].text);
            }
        }
}

/* ---- looks
 * ---------------------------------------------------------------------------------------------- */

/* f field, o operator, v value, t text, l link, b bracket, ! wrong. */
static const struct { const char *text, *looks; } looks[] = {
    { "stage = new", "fov" },
    { "stage in (new, contacted) and not (owner is empty)", "fobvbvbllbfoob" },
    { "阶段 属于 （新线索，已联系） 且 评分 >= 60", "fobvbvblfov" },
    { "scor = 1", "!ov" },
    { "score > high", "fo!" },
    { "intent = hihg", "fo!" },
    { "stage = ", "fo" },                               /* not finished is not wrong */
    { "name = \"a b", "fov" },
    { "stage = new ? x", "fov!t" },
    { "received_at > today - 3d", "fovvv" },
    { "attr.job = x", "fffov" },
    { "阶段属于（新线索）且归属人为空", "fobvblfo" },
    { "评分>60且阶段=won", "fovlfov" },
    { "归属人为空 且 到手时间 近30天", "folfov" },
    { "any follow_ups (result = considering) or did task at least 2 times in 7d", "lfbfovbllfoovoov" },
    { "bucket(\"a\") < 10%", "fbvbov" },
    { "branch under my branch", "fovv" },
    { "score between 60 and 80", "fovov" },
    { "open > yes", "!ov" },                            /* what cannot be tested so */
};

static void test_looks(void **state)
{
    (void)state;
    i18n_set("en");
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct lang_env e = env();
        struct lang_stretch *s;
        char got[100] = "";
        size_t n;
        lang_look(&arena, looks[i].text, &e, &s, &n);
        assert_true(n < sizeof got);
        for (size_t k = 0; k < n; k++)
            got[k] = "fovtlb!"[s[k].look];
        if (strcmp(got, looks[i].looks) != 0)
            fail_msg("%s: %s", looks[i].text, got);
    }
}

/* Full-width characters are as long as they are in what was typed. */
static void test_places_are_of_the_text(void **state)
{
    struct lang_env e = env();
    struct lang_stretch *s;
    size_t n;
    (void)state;
    lang_look(&arena, "阶段＝新线索", &e, &s, &n);
    assert_int_equal(n, 3);
    assert_int_equal(s[1].at, 6);
    assert_int_equal(s[1].end, 9);
    assert_int_equal(s[2].end, 18);
}

static void test_error_columns(void **state)
{
    static const struct { const char *text; const char *column; } wrong[] = {
        { "stage = new zzz", "13" }, { "zzz = 1", "1" }, { "stage > new", "1" }, { "open = perhaps", "8" },
        { "intent = loud", "10" }, { "name = \"\"", "8" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lang_env e = env();
        struct cond *c;
        struct err err = { 0 };
        assert_int_not_equal(lang_parse(&arena, wrong[i].text, &e, &c, &err), ST_OK);
        int param = lang_error_column(&err);
        assert_true(param >= 0);
        assert_string_equal(err.param[param], wrong[i].column);
    }
    struct err other = { .code = "cond.too_long", .nparam = 1 };
    assert_int_equal(lang_error_column(&other), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_wishes, start, stop),
        cmocka_unit_test_setup_teardown(test_whose_fields, start, stop),
        cmocka_unit_test_setup_teardown(test_proposals, start, stop),
        cmocka_unit_test_setup_teardown(test_what_comes_first, start, stop),
        cmocka_unit_test_setup_teardown(test_every_prefix, start, stop),
        cmocka_unit_test_setup_teardown(test_proposals_are_right, start, stop),
        cmocka_unit_test_setup_teardown(test_looks, start, stop),
        cmocka_unit_test_setup_teardown(test_places_are_of_the_text, start, stop),
        cmocka_unit_test_setup_teardown(test_error_columns, start, stop),
    };
    return cmocka_run_group_tests_name("lang_complete", tests, NULL, NULL);
}
