/* UTF-8, cells, cleaning, normal forms. Expected bytes are written out by hand from the Unicode
 * standard. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#define FFFD "\xEF\xBF\xBD"
#define ACUTE "\xCC\x81"            /* U+0301 */
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* cmocka compares integers as unsigned long; sizes are fine with that. */
static void reads_characters_of_each_length(void **state)
{
    static const struct { const char *s; uint32_t c; size_t len; } rows[] = {
        { "A", 'A', 1 },
        { "\xC2\x80", 0x80, 2 },
        { "\xDF\xBF", 0x7FF, 2 },
        { "\xE0\xA0\x80", 0x800, 3 },
        { "\xE4\xB8\xAD", 0x4E2D, 3 },          /* 中 */
        { "\xED\x9F\xBF", 0xD7FF, 3 },
        { "\xEE\x80\x80", 0xE000, 3 },
        { "\xF0\x90\x80\x80", 0x10000, 4 },
        { "\xF4\x8F\xBF\xBF", 0x10FFFF, 4 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char back[4];
        size_t len, n = strlen(rows[i].s);

        assert_int_equal(text_char(rows[i].s, n, &len), rows[i].c);
        assert_int_equal(len, rows[i].len);
        assert_int_equal(text_put(back, rows[i].c), n);
        assert_memory_equal(back, rows[i].s, n);
        assert_true(text_valid(rows[i].s, n));
        if (n > 1) {
            assert_int_equal(text_char(rows[i].s, n - 1, &len), 0xFFFD);
            assert_int_equal(len, 1);
            assert_false(text_valid(rows[i].s, n - 1));
        }
    }
}

static void an_empty_string_has_no_character(void **state)
{
    size_t len = 9;

    (void)state;
    assert_int_equal(text_char("x", 0, &len), 0);
    assert_int_equal(len, 0);
    assert_true(text_valid("", 0));
    assert_int_equal(text_count(""), 0);
}

static void refuses_ill_formed_sequences(void **state)
{
    static const char *const rows[] = {
        "\x80", "\xBF", "\xC0\x80", "\xC1\xBF",             /* tail alone, overlong NUL and 0x7F */
        "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",      /* overlong */
        "\xED\xA0\x80", "\xED\xBF\xBF",                     /* surrogates */
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF",                 /* past U+10FFFF */
        "\xC2", "\xC2\x41", "\xE4\xB8", "\xE4\xB8\x41", "\xF0\x9F\x98", "\xF0\x9F\x98\x41",
        "long enough for the step of eight \xFF", "12345678\x80",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_false(text_valid(rows[i], strlen(rows[i])));
    assert_true(text_valid("a\0b", 3));
    assert_true(text_valid("12345678\x7F\x01", 10));
}

static void counts_characters(void **state)
{
    (void)state;
    assert_int_equal(text_count("abc"), 3);
    assert_int_equal(text_count("公海池"), 3);
    assert_int_equal(text_count("e" ACUTE), 2);
    assert_int_equal(text_count("\xE4\xB8" "a"), 3);        /* two ill-formed bytes and a letter */
}

static void cuts_between_characters(void **state)
{
    const char *s = "a中😀";                                 /* 1 + 3 + 4 bytes */
    static const size_t expect[] = { 0, 1, 1, 1, 4, 4, 4, 4, 8, 8, 8 };

    (void)state;
    for (size_t n = 0; n < COUNT(expect); n++)
        assert_int_equal(text_cut(s, n), expect[n]);
    assert_int_equal(text_cut("\x80\x80\x80\x80\x80", 4), 4);
    assert_int_equal(text_cut("ab\xC2", 3), 2);
}

static void knows_widths(void **state)
{
    (void)state;
    assert_int_equal(text_char_width('a'), 1);
    assert_int_equal(text_char_width(0x4E2D), 2);
    assert_int_equal(text_char_width(0x0301), 0);
    assert_int_equal(text_char_width(0xFF21), 2);            /* Ａ */
    assert_int_equal(text_char_width(0xFF71), 1);            /* half-width ｱ */
    assert_int_equal(text_char_width(0x1F600), 2);
    assert_int_equal(text_char_width(0xAC00), 2);            /* 가 */
    assert_int_equal(text_char_width(0x1B), 1);              /* its substitute */
    assert_int_equal(text_char_width(0x200B), 1);
    assert_int_equal(text_char_width(0x202E), 1);
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc公海"), 7);
    assert_int_equal(text_width("cafe" ACUTE), 4);
}

static void tells_what_is_safe(void **state)
{
    static const uint32_t unsafe[] = {
        0, 7, 9, 10, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160,
        0x180B, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B,
        0x202C, 0x202D, 0x202E, 0x2060, 0x2061, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xFE00,
        0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xE01EF, 0x0378, 0xFFFF,
        0x10FFFF,
    };
    static const uint32_t safe[] = {
        ' ', '~', 0xA0, 0xB7, 0xE9, 0x0301, 0x2014, 0x2026, 0x3000, 0x4E00, 0x9FA5, 0x20000,
        0x1F600, 0xFF01, 0xFFE5, 0x2588,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(unsafe); i++)
        if (text_safe(unsafe[i]))
            fail_msg("U+%04X passes", unsafe[i]);
    for (size_t i = 0; i < COUNT(safe); i++)
        if (!text_safe(safe[i]))
            fail_msg("U+%04X does not pass", safe[i]);
}

static const char *cleaned(const char *s, size_t n)
{
    static struct buf b = BUF_INIT;

    buf_clear(&b);
    text_clean(&b, s, n);
    return b.s;
}

#define assert_clean(in, expect) assert_string_equal(cleaned((in), sizeof(in) - 1), (expect))

static void cleaning_leaves_good_text_alone(void **state)
{
    (void)state;
    assert_clean("", "");
    assert_clean("plain ASCII, longer than eight bytes", "plain ASCII, longer than eight bytes");
    assert_clean("中国工商银行·张三", "中国工商银行·张三");
    assert_clean("Caf" "e" ACUTE "!", "Caf" "e" ACUTE "!");
    assert_clean("😀😀", "😀😀");
}

static void cleaning_disarms_controls(void **state)
{
    (void)state;
    assert_clean("a\tb\r\nc", "a b  c");
    assert_clean("\x1B[31mred", FFFD "[31mred");
    assert_clean("\x1B]52;c;AAAA\x07", FFFD "]52;c;AAAA" FFFD);
    assert_clean("\xC2\x9B" "31m", FFFD "31m");              /* C1 CSI */
    assert_clean("a\0b", "a" FFFD "b");
    assert_clean("x\x7F", "x" FFFD);
    assert_clean("12345678\x01" "12345678", "12345678" FFFD "12345678");
}

static void cleaning_shows_ill_formed_bytes_one_by_one(void **state)
{
    (void)state;
    assert_clean("\xE4\xB8", FFFD FFFD);
    assert_clean("\xC0\xAF" "x", FFFD FFFD "x");
    assert_clean("\xED\xA0\x80", FFFD FFFD FFFD);
    assert_clean("ok\xFF", "ok" FFFD);
}

/* An account number that bidi controls would show backwards, names that only look equal. */
static void cleaning_makes_invisible_characters_visible(void **state)
{
    (void)state;
    assert_clean("\xE2\x80\xAE" "1234", FFFD "1234");                   /* U+202E */
    assert_clean("\xE2\x81\xA6" "a\xE2\x81\xA9", FFFD "a" FFFD);        /* U+2066, U+2069 */
    assert_clean("张\xE2\x80\x8B三", "张" FFFD "三");                    /* U+200B */
    assert_clean("张\xE2\x80\x8D三", "张" FFFD "三");                    /* U+200D on no emoji */
    assert_clean("\xEF\xBB\xBF" "a", FFFD "a");                         /* U+FEFF */
    assert_clean("a\xE2\x80\xA8" "b", "a" FFFD "b");                    /* U+2028 */
    assert_clean("葛\xF3\xA0\x84\x80", "葛" FFFD);                       /* U+E0100 */
    assert_clean("a\xC2\xAD" "b", "a" FFFD "b");                        /* soft hyphen */
    assert_clean("\xEF\xBF\xBF", FFFD);                                 /* U+FFFF */
}

static void at_most_eight_marks_on_a_base(void **state)
{
#define FOUR ACUTE ACUTE ACUTE ACUTE
    (void)state;
    assert_clean("e" FOUR FOUR "f", "e" FOUR FOUR "f");
    assert_clean("e" FOUR FOUR ACUTE "f", "e" FOUR FOUR "f");
    assert_clean("e" FOUR FOUR FOUR "f" FOUR, "e" FOUR FOUR "f" FOUR);
}

/* A mark at the start of a cell would settle on the cell before it. */
static void a_mark_without_base_is_replaced(void **state)
{
    (void)state;
    assert_clean(ACUTE "a", FFFD "a");
    assert_clean(ACUTE ACUTE, FFFD ACUTE);
    assert_int_equal(text_width(ACUTE "a"), 2);
}

/* U+1F468 ZWJ U+1F469 is 2, 4 or 6 cells wide, as terminals like; the first character is 2 in
 * all. */
static void an_emoji_cluster_shows_its_first_character(void **state)
{
    (void)state;
    assert_clean("👨\xE2\x80\x8D👩\xE2\x80\x8D👧!", "👨!");
    assert_int_equal(text_width("👨\xE2\x80\x8D👩\xE2\x80\x8D👧!"), 3);
    assert_clean("❤\xEF\xB8\x8F张", "❤张");                             /* U+FE0F */
    assert_clean("👍\xF0\x9F\x8F\xBD" "ok", "👍ok");                     /* skin tone U+1F3FD */
    assert_clean("👍👍", "👍👍");
    assert_clean("👍\xE2\x80\x8D" "a", "👍a");
    assert_clean("👍\xE2\x80\xAE" "a", "👍" FFFD "a");                   /* a bidi control still shows */
    assert_clean("\xF0\x9F\x87\xA8\xF0\x9F\x87\xB3x", "\xF0\x9F\x87\xA8x");   /* flag: C of CN */
    assert_clean("\xF0\x9F\x87\xA8\xF0\x9F\x87\xB3\xF0\x9F\x87\xBA\xF0\x9F\x87\xB8", "\xF0\x9F\x87\xA8");
}

/* U+31350 (CJK extension H, 2022) is newer than the C library of Debian 12. */
static void an_unknown_ideograph_has_a_wide_substitute(void **state)
{
    (void)state;
    if (wcwidth(0x31350) >= 0) {
        print_message("skipped: this C library knows U+31350\n");
        skip();
    }
    assert_clean("\xF0\xB1\x8D\x90" "三", "〓三");
    assert_int_equal(text_width("\xF0\xB1\x8D\x90"), 2);
    assert_int_equal(text_char_width(0x31350), 2);
}

static const char *fitted(const char *s, int cells, int *used)
{
    static struct buf b = BUF_INIT;

    buf_clear(&b);
    *used = text_fit(&b, s, cells);
    return b.s;
}

static void fits_text_into_cells(void **state)
{
    static const struct { const char *s; int cells; const char *expect; int used; } rows[] = {
        { "", 5, "", 0 },
        { "abc", 0, "", 0 },
        { "abc", -3, "", 0 },
        { "abc", 3, "abc", 3 },
        { "abc", 9, "abc", 3 },
        { "abcd", 3, "ab…", 3 },
        { "abcd", 1, "…", 1 },
        { "a", 1, "a", 1 },
        { "abcdefghijklmnopqrstuvwxyz", 20, "abcdefghijklmnopqrs…", 20 },
        { "中文字", 6, "中文字", 6 },
        { "中文字", 5, "中文…", 5 },
        { "中文字", 4, "中…", 3 },
        { "中文字", 3, "中…", 3 },
        { "中文字", 2, "…", 1 },
        { "中", 1, "…", 1 },
        { "中", 2, "中", 2 },
        { "a中b", 4, "a中b", 4 },
        { "a中b", 3, "a…", 2 },
        { "ab中", 3, "ab…", 3 },
        { "ab中d", 4, "ab…", 3 },
        { "ab\x1B[1m", 4, "ab" FFFD "…", 4 },
        { "e" ACUTE "e" ACUTE "x", 2, "e" ACUTE "…", 2 },
        { "e" ACUTE "e" ACUTE, 2, "e" ACUTE "e" ACUTE, 2 },
        { "abcde" ACUTE "f", 5, "abcd…", 5 },
        { "abcd" ACUTE "ef", 5, "abcd" ACUTE "…", 5 },
        { "👨\xE2\x80\x8D👩x", 2, "…", 1 },
        { "👨\xE2\x80\x8D👩", 2, "👨", 2 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int used;
        const char *got = fitted(rows[i].s, rows[i].cells, &used);

        if (strcmp(got, rows[i].expect) != 0 || used != rows[i].used)
            fail_msg("row %zu: '%s' (%d)", i, got, used);
    }
}

/* Whatever the text: fitted text has the cells it says, never too many; and cleaning it again
 * changes nothing. */
static void fitting_never_lies_about_cells(void **state)
{
    static const char *const parts[] = {
        "a", "xyz", "中", "·", "é", ACUTE, ("e" ACUTE), "😀", "👨\xE2\x80\x8D👩", "\x1B", "\xFF", "\t",
        "\xE2\x80\xAE", "\xE2\x80\x8D", "\xF0\x9F\x87\xA8", "ｱ", "12345678", "\xEF\xB8\x8F", "\xE4\xB8",
    };
    unsigned seed = 12345;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct buf in = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
        int cells = round % 17, used;

        for (int k = 0; k < 8; k++) {
            seed = seed * 1103515245 + 12345;
            buf_adds(&in, parts[(seed >> 16) % COUNT(parts)]);
        }
        used = text_fit(&out, in.s, cells);
        assert_true(used <= cells);
        assert_int_equal(text_width(out.s), used);
        assert_true(text_valid(out.s, out.len));
        text_clean(&again, out.s, out.len);
        assert_string_equal(again.s, out.s);
        assert_int_equal(text_fit(&in, in.s, 0), 0);
        if (text_width(in.s) <= cells)
            assert_int_equal(used, text_width(in.s));
        buf_release(&in);
        buf_release(&out);
        buf_release(&again);
    }
}

/* A terminal that gives ambiguous characters two cells shows twins of certain width; one that agrees with
 * the locale shows them. */
static void ambiguous_characters_get_twins(void **state)
{
    static const char *const rows[][2] = {
        { "欧阳·慧敏", "欧阳・慧敏" }, { "“好”—…", "\"好\"-~" }, { "é①×", "e1x" }, { "Ⅳ℃☎", "〓〓〓" },
        { "中文 abc", "中文 abc" },    { "Я", "〓" },               { "\xFF", "?" },
    };
    struct buf b = BUF_INIT;
    int used;

    (void)state;
    assert_true(text_ambiguous(2));
    assert_false(text_ambiguous(2));
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_clear(&b);
        text_clean(&b, rows[i][0], strlen(rows[i][0]));
        assert_string_equal(b.s, rows[i][1]);
        assert_int_equal(text_width(rows[i][0]), text_width(rows[i][1]));
    }
    assert_int_equal(text_char_width(0xB7), 2);
    assert_string_equal(fitted("欧阳·慧敏", 7, &used), "欧阳・~");
    assert_int_equal(used, 7);
    assert_true(text_safe(0xB7));               /* it can still be typed */
    assert_true(text_ambiguous(1));
    buf_clear(&b);
    text_clean(&b, "欧阳·慧敏", strlen("欧阳·慧敏"));
    assert_string_equal(b.s, "欧阳·慧敏");
    assert_false(text_ambiguous(0));
    buf_release(&b);
}

/* Bytes by the standard's table: 中 D6D0, € A2E3, and 𠮷 of four bytes. */
static void text_leaves_in_the_encoding_of_the_locale(void **state)
{
    static const char words[] = "a中€𠮷\xFF!";
    struct buf b = BUF_INIT;

    (void)state;
    text_to_locale(&b, words, strlen(words));
    assert_string_equal(b.s, words);
    buf_clear(&b);
    if (!setlocale(LC_CTYPE, "zh_CN.gb18030")) {
        print_message("skipped: this machine has no locale zh_CN.gb18030\n");
        skip();
    }
    text_to_locale(&b, "a中€!", strlen("a中€!"));
    assert_string_equal(b.s, "a\xD6\xD0\xA2\xE3!");
    buf_clear(&b);
    text_to_locale(&b, "𠮷", strlen("𠮷"));
    assert_string_equal(b.s, "\x95\x34\xB2\x35");
    buf_release(&b);
    setlocale(LC_CTYPE, "C.UTF-8");
}

/* In a GB18030 locale lines, dots and the ellipsis are two cells wide, and emoji unknown. */
static void follows_the_locale(void **state)
{
    struct buf b = BUF_INIT;

    (void)state;
    if (!setlocale(LC_CTYPE, "zh_CN.gb18030")) {
        print_message("skipped: this machine has no locale zh_CN.gb18030\n");
        skip();
    }
    assert_int_equal(text_char_width(0xB7), wcwidth(0xB7));
    assert_int_equal(text_char_width(0x2500), 2);
    assert_int_equal(text_width("张·三"), 6);
    assert_int_equal(text_fit(&b, "中文字", 5), 5);
    assert_string_equal(b.s, wcwidth(0x2026) == 1 ? "中文…" : "中文~");
    buf_clear(&b);
    assert_int_equal(text_fit(&b, "张·三四", 5), 5);
    assert_string_equal(b.s, "张·~");
    buf_clear(&b);
    text_clean(&b, "\x1B", 1);
    assert_int_equal(text_width(b.s), 1);
    buf_release(&b);
    setlocale(LC_CTYPE, "C.UTF-8");
}

static void plain_c_locale_shows_question_marks(void **state)
{
    struct buf b = BUF_INIT;

    (void)state;
    setlocale(LC_CTYPE, "C");
    text_clean(&b, "a中\x1B", 5);
    assert_string_equal(b.s, "a??");
    assert_int_equal(text_width("a中"), 2);
    buf_release(&b);
    setlocale(LC_CTYPE, "C.UTF-8");
}

static void makes_keys(void **state)
{
    static const struct { const char *s, *key; } rows[] = {
        { "", "" },
        { "   ", "" },
        { "Zhang San", "zhang san" },
        { "  Zhang \t\r\n  San  ", "zhang san" },
        { "张三", "张三" },
        { " 张 三 ", "张 三" },
        { "买买提·艾合买提", "买买提·艾合买提" },
        { "ＡＢｃ１２３", "abc123" },                          /* full width */
        { "　张三　", "张三" },                                /* U+3000 */
        { "ÀÉ", "\xC3\xA0\xC3\xA9" },
        { "e" ACUTE, "\xC3\xA9" },                           /* composed */
        { "Straße", "strasse" },
        { "ΑΣ", "\xCE\xB1\xCF\x83" },                        /* no final sigma */
        { "ﬁ", "fi" },
        { "㈱", "(株)" },
        { "①", "1" },
        { "張\xE2\x80\x8B三", "張三" },                        /* without U+200B */
        { "a\xC2\xA0 b", "a b" },                            /* U+00A0 */
        { "a\xFF" "b", "ab" },
        { "中\xE4\xB8", "中" },
        { "\xE4\xB8" "Ａ ", "a" },
        { "\xEF\xA4\x80", "\xE8\xB1\x88" },                  /* U+F900 is U+8C48 */
    };
    struct arena a = ARENA_INIT;

    (void)state;
    assert_null(text_key(&a, NULL));
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(text_key(&a, rows[i].s), rows[i].key);
    arena_free(&a);
}

static void a_key_is_its_own_key(void **state)
{
    struct arena a = ARENA_INIT;
    char s[8];

    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        const char *key;

        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        s[text_put(s, c)] = '\0';
        key = text_key(&a, s);
        if (strcmp(text_key(&a, key), key) != 0)
            fail_msg("U+%04X", c);
        if (c % 4096 == 0)
            arena_reset(&a);
    }
    arena_free(&a);
}

static void long_text_has_a_key_too(void **state)
{
    struct arena a = ARENA_INIT;
    struct buf in = BUF_INIT, expect = BUF_INIT;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        buf_adds(&in, "Ａé ");
        buf_adds(&expect, i ? " aé" : "aé");
    }
    assert_string_equal(text_key(&a, in.s), expect.s);
    buf_release(&in);
    buf_release(&expect);
    arena_free(&a);
}

static void makes_nfc(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    assert_null(text_nfc(&a, NULL));
    assert_string_equal(text_nfc(&a, "张三 ABC"), "张三 ABC");
    assert_string_equal(text_nfc(&a, "Cafe" ACUTE), "Caf\xC3\xA9");
    assert_string_equal(text_nfc(&a, "Ａ ﬁ"), "Ａ ﬁ");        /* not NFKC */
    assert_string_equal(text_nfc(&a, "  a  "), "  a  ");
    assert_string_equal(text_nfc(&a, "e" ACUTE "\xFF"), "e" ACUTE "\xFF");
    assert_string_equal(text_nfc(&a, "\xE1\x84\x80\xE1\x85\xA1"), "가");
    arena_free(&a);
}

static void makes_half_width(void **state)
{
    char s[] = "１３８－０００　Ａｂ张三！", mixed[] = "plain";
    char bad[] = "\xEF\xBC";

    (void)state;
    text_halfwidth(s);
    assert_string_equal(s, "138-000 Ab张三!");
    text_halfwidth(mixed);
    assert_string_equal(mixed, "plain");
    text_halfwidth(bad);
    assert_string_equal(bad, "\xEF\xBC");
}

static void digits_stand_in_groups_of_three(void **state)
{
    static const struct { int64_t n; const char *text; } rows[] = {
        { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 30854, "30,854" }, { -1234567, "-1,234,567" },
        { INT64_MAX, "9,223,372,036,854,775,807" }, { INT64_MIN, "-9,223,372,036,854,775,808" },
    };
    char out[TEXT_GROUPED];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        text_grouped(rows[i].n, out);
        assert_string_equal(out, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_stand_in_groups_of_three),
        cmocka_unit_test(reads_characters_of_each_length),
        cmocka_unit_test(an_empty_string_has_no_character),
        cmocka_unit_test(refuses_ill_formed_sequences),
        cmocka_unit_test(counts_characters),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(knows_widths),
        cmocka_unit_test(tells_what_is_safe),
        cmocka_unit_test(cleaning_leaves_good_text_alone),
        cmocka_unit_test(cleaning_disarms_controls),
        cmocka_unit_test(cleaning_shows_ill_formed_bytes_one_by_one),
        cmocka_unit_test(cleaning_makes_invisible_characters_visible),
        cmocka_unit_test(at_most_eight_marks_on_a_base),
        cmocka_unit_test(a_mark_without_base_is_replaced),
        cmocka_unit_test(an_emoji_cluster_shows_its_first_character),
        cmocka_unit_test(an_unknown_ideograph_has_a_wide_substitute),
        cmocka_unit_test(fits_text_into_cells),
        cmocka_unit_test(fitting_never_lies_about_cells),
        cmocka_unit_test(follows_the_locale),
        cmocka_unit_test(ambiguous_characters_get_twins),
        cmocka_unit_test(text_leaves_in_the_encoding_of_the_locale),
        cmocka_unit_test(plain_c_locale_shows_question_marks),
        cmocka_unit_test(makes_keys),
        cmocka_unit_test(a_key_is_its_own_key),
        cmocka_unit_test(long_text_has_a_key_too),
        cmocka_unit_test(makes_nfc),
        cmocka_unit_test(makes_half_width),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
