/* Initials of pinyin. What is expected was written by hand, from how the names are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/pinyin.h"
#include "base/text.h"

struct row { const char *name, *initials; };

static void check(const struct row *rows, size_t n)
{
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < n; i++) {
        const char *got = pinyin_initials(&a, text_key(&a, rows[i].name));
        const char *want = rows[i].initials;
        if ((got && want) ? strcmp(got, want) != 0 : got != want)
            fail_msg("%s gives %s, not %s", rows[i].name, got ? got : "none", want ? want : "none");
    }
    arena_free(&a);
}
#define CHECK(rows) check(rows, sizeof rows / sizeof *rows)

static void names_give_their_initials(void **state)
{
    static const struct row rows[] = {
        { "张三", "zs" }, { "李四", "ls" }, { "王芳", "wf" }, { "欧阳修", "oyx" }, { "诸葛亮", "zgl" },
        { "沈若溪", "srx" }, { "贾宝玉", "jby" }, { "司马光", "smg" }, { "吕布", "lb" }, { "鄂小娥", "exe" },
        { "安妮", "an" }, { "额尔古纳", "eegn" }, { "曹操", "cc" }, { "郭靖", "gj" }, { "黄蓉", "hr" },
        { "康熙", "kx" }, { "马云", "my" }, { "牛皋", "ng" }, { "潘金莲", "pjl" }, { "秦琼", "qq" },
        { "任盈盈", "ryy" }, { "唐僧", "ts" }, { "武松", "ws" }, { "丁典", "dd" }, { "白居易", "bjy" },
        { "方世玉", "fsy" }, { "徐霞客", "xxk" }, { "杨过", "yg" }, { "赵云", "zy" }, { "陳水扁", "csb" },
        { "張學良", "zxl" },
    };
    (void)state;
    CHECK(rows);
}

/* The hundred families in the order of the old rhyme. */
static void the_old_surnames_are_read_as_in_the_rhyme(void **state)
{
    static const struct row rows[] = {
        { "赵钱孙李周吴郑王", "zqslzwzw" }, { "冯陈褚卫蒋沈韩杨", "fccwjshy" },
        { "朱秦尤许何吕施张", "zqyxhlsz" }, { "孔曹严华金魏陶姜", "kcyhjwtj" },
        { "戚谢邹喻柏水窦章", "qxzybsdz" }, { "云苏潘葛奚范彭郎", "yspgxfpl" },
        { "鲁韦昌马苗凤花方", "lwcmmfhf" }, { "俞任袁柳酆鲍史唐", "yrylfbst" },
        { "廉岑薛雷贺倪汤", "lcxlhnt" }, { "滕殷罗毕郝邬安常", "tylbhwac" },
        { "于时傅皮卞齐康", "ysfpbqk" }, { "伍余元卜顾孟平黄", "wyybgmph" },
        { "和穆萧尹姚邵湛汪", "hmxyyszw" }, { "祁毛禹狄米贝明臧", "qmydmbmz" },
        { "计伏成戴谈宋茅庞", "jfcdtsmp" }, { "熊纪舒屈项祝董梁", "xjsqxzdl" },
        { "杜阮蓝闵席季麻强", "drlmxjmq" },
    };
    (void)state;
    CHECK(rows);
}

static void surnames_with_two_readings_give_both(void **state)
{
    static const struct row rows[] = {
        { "单雄信", "dxx sxx" }, { "解珍", "jz xz" }, { "查良镛", "cly zly" }, { "仇英", "cy qy" },
        { "区大相", "qdx odx" }, { "曾国藩", "cgf zgf" }, { "尉迟恭", "wcg ycg" }, { "翟让", "dr zr" },
        { "覃辉", "th qh" }, { "万俟卨", "wqx mqx" }, { "澹台灭明", "dtmm ttmm" }, { "单于", "dy cy" },
        { "长孙无忌", "cswj zswj" }, { "乐毅", "ly yy" }, { "阚泽", "hz kz" }, { "谌龙", "cl sl" },
        { "单", "d s" },
        /* The same letter in both: 盖 gai/ge, 朴 pu/piao, 缪 miao/mou. */
        { "盖聂", "gn" }, { "朴树", "ps" }, { "缪贤", "mx" },
        /* Only at the beginning. */
        { "李单", "ld" }, { "张解放", "zjf" },
    };
    (void)state;
    CHECK(rows);
}

static void words_are_read_as_words(void **state)
{
    static const struct row rows[] = {
        { "重庆银行", "cqyh" }, { "长沙会计", "cskj" }, { "厦门航空", "xmhk" }, { "西藏人参", "xzrs" },
        { "李长春", "lcc" }, { "王重庆", "wcq" }, { "李晟", "ls" }, { "银行音乐", "yhyy" },
        { "分行", "fh" }, { "支行", "zh" }, { "商行", "sh" }, { "行业", "hy" }, { "番禺", "py" },
        { "空调", "kt" }, { "调味", "tw" }, { "畜牧", "xm" }, { "行", "x" }, { "调", "d" }, { "银", "y" },
    };
    (void)state;
    CHECK(rows);
}

/* All of the list are found in it, whatever their place. */
static void every_surname_of_two_readings_is_known(void **state)
{
    static const struct row rows[] = {
        { "么一", "my yy" }, { "乜一", "my ny" }, { "佴一", "ey ny" }, { "句一", "jy gy" },
        { "召一", "zy sy" }, { "呙一", "gy wy" }, { "宓一", "my fy" }, { "折一", "zy sy" },
        { "炅一", "jy gy" }, { "祭一", "jy zy" }, { "种一", "zy cy" }, { "秘一", "my by" },
        { "粘一", "zy ny" }, { "繁一", "fy py" }, { "莘一", "sy xy" }, { "蔚一", "wy yy" },
        { "藏一", "cy zy" }, { "费一", "fy by" }, { "逢一", "fy py" }, { "郇一", "hy xy" },
        { "郗一", "xy cy" }, { "重一", "zy cy" }, { "隗一", "ky wy" },
    };
    (void)state;
    CHECK(rows);
}

static void letters_stay_and_all_else_goes(void **state)
{
    static const struct row rows[] = {
        { "A股·张三", "agzs" }, { "李·买买提", "lmmt" }, { "张 三", "zs" }, { "３Ｍ中国", "3mzg" },
        { "(北京) ABC-7 公司", "bjabc7gs" }, { "张三（小）", "zsx" }, { "Café 王", "cafw" },
        { "O'Neil", NULL }, { "Zhang San", NULL }, { "123", NULL }, { "", NULL }, { "·", NULL },
        { "ひらがな", NULL }, { "김철수", NULL }, { "山田たろう", "st" }, { "🐼", NULL },
    };
    (void)state;
    CHECK(rows);
    assert_null(pinyin_initials(NULL, NULL));
}

/* Of extension A (䶮 yan, 㛃 jie), of B and later (𨱇 qiu, 𬭎 hong, 𬍡 dang), the numeral 〇, one of
 * compatibility (U+F9E4: 理 li), and the first of each table. */
static void rare_characters_have_theirs(void **state)
{
    static const struct row rows[] = {
        { "刘䶮", "ly" }, { "王㛃", "wj" }, { "欧阳·𨱇", "oyq" }, { "孙𬭎", "sh" }, { "李𬍡", "ld" },
        { "二〇〇", "ell" }, { "\xEF\xA7\xA4", "l" }, { "㐀", "q" }, { "𠀀", "h" },
        /* No reading is known: U+3402. One alone has no initials, beside another it is left out. */
        { "\xE3\x90\x82", NULL }, { "王\xE3\x90\x82", "w" },
        /* Beyond the tables: U+9FFC, U+2FFFF. */
        { "\xE9\xBF\xBC", NULL }, { "\xF0\xAF\xBF\xBF", NULL },
    };
    (void)state;
    CHECK(rows);
}

/* What is no UTF-8 is passed over, also where a character is cut off at the end. */
static void ill_formed_text_does_no_harm(void **state)
{
    struct arena a = ARENA_INIT;
    (void)state;
    assert_string_equal(pinyin_initials(&a, "\xFF张\xE4\xB8三"), "zs");
    assert_string_equal(pinyin_initials(&a, "张\xE4\xB8"), "z");
    assert_string_equal(pinyin_initials(&a, "单\xE5"), "d s");
    assert_string_equal(pinyin_initials(&a, "尉\xE8\xBF"), "w");
    assert_null(pinyin_initials(&a, "\xE4\xB8"));
    arena_free(&a);
}

/* In one walk through U+3400..9FFF: no letter that begins no syllable, and nearly all have one. */
static void every_character_gives_one_letter_or_none(void **state)
{
    struct arena a = ARENA_INIT;
    int there = 0;
    (void)state;
    for (uint32_t c = 0x3400; c < 0xA000; c++) {
        char s[5] = "";
        text_put(s, c);
        const char *py = pinyin_initials(&a, s);
        if (!py)
            continue;
        there++;
        assert_true(strlen(py) == 1 || (strlen(py) == 3 && py[1] == ' ' && py[0] != py[2]));
        assert_true(py[0] >= 'a' && py[0] <= 'z' && !strchr("iuv", py[0]));
    }
    assert_true(there > 26000 && there < 27648);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_give_their_initials),
        cmocka_unit_test(the_old_surnames_are_read_as_in_the_rhyme),
        cmocka_unit_test(surnames_with_two_readings_give_both),
        cmocka_unit_test(words_are_read_as_words),
        cmocka_unit_test(every_surname_of_two_readings_is_known),
        cmocka_unit_test(letters_stay_and_all_else_goes),
        cmocka_unit_test(rare_characters_have_theirs),
        cmocka_unit_test(ill_formed_text_does_no_harm),
        cmocka_unit_test(every_character_gives_one_letter_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
