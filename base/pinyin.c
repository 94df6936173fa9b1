#include "base/pinyin.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/pinyin_table.h"
#include "base/text.h"

/* ---- what a table by the character can't know --------------------------------------------------------- */

/* A text of Chinese characters that is not read as the table says: a surname, at the beginning, in both ways;
 * a word only in its own. */
enum kind { SURNAME, WORD };
struct reading { char text[7], initials[3]; enum kind kind; };

enum { HAN = 3 };                   /* bytes of each of their characters */

/* By the bytes of the first character; of those that share it the longer first. */
static const struct reading readings[] = {
    { "万俟", "mq", SURNAME }, { "么", "y", SURNAME }, { "乐", "y", SURNAME }, { "乜", "n", SURNAME },
    { "人参", "rs", WORD }, { "仇", "q", SURNAME }, { "会计", "kj", WORD }, { "佴", "n", SURNAME },
    { "分行", "fh", WORD }, { "区", "o", SURNAME }, { "单于", "cy", SURNAME }, { "单", "s", SURNAME },
    { "厦门", "xm", WORD }, { "句", "g", SURNAME }, { "召", "s", SURNAME }, { "呙", "w", SURNAME },
    { "商行", "sh", WORD }, { "宓", "f", SURNAME }, { "尉迟", "yc", SURNAME }, { "折", "s", SURNAME },
    { "支行", "zh", WORD }, { "晟", "s", WORD }, { "曾", "z", SURNAME }, { "查", "z", SURNAME },
    { "澹台", "tt", SURNAME }, { "炅", "g", SURNAME }, { "畜牧", "xm", WORD }, { "番禺", "py", WORD },
    { "祭", "z", SURNAME }, { "种", "c", SURNAME }, { "秘", "b", SURNAME }, { "空调", "kt", WORD },
    { "粘", "n", SURNAME }, { "繁", "p", SURNAME }, { "翟", "z", SURNAME }, { "莘", "x", SURNAME },
    { "蔚", "y", SURNAME }, { "藏", "z", SURNAME }, { "行业", "hy", WORD }, { "西藏", "xz", WORD },
    { "覃", "q", SURNAME }, { "解", "x", SURNAME }, { "调味", "tw", WORD }, { "谌", "s", SURNAME },
    { "费", "b", SURNAME }, { "逢", "p", SURNAME }, { "郇", "x", SURNAME }, { "郗", "c", SURNAME },
    { "重庆", "cq", WORD }, { "重", "c", SURNAME }, { "银行", "yh", WORD }, { "长孙", "zs", SURNAME },
    { "长", "c", WORD }, { "阚", "k", SURNAME }, { "隗", "w", SURNAME }, { "音乐", "yy", WORD },
};

enum { READINGS = sizeof readings / sizeof *readings };

/* The longest of that kind that the n bytes at s begin with; NULL if none does. */
static const struct reading *find_reading(enum kind kind, const char *s, size_t n)
{
    size_t low = 0, high = n >= HAN ? READINGS : 0;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (memcmp(readings[mid].text, s, HAN) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; n >= HAN && low < READINGS && memcmp(readings[low].text, s, HAN) == 0; low++) {
        size_t len = strlen(readings[low].text);
        if (readings[low].kind == kind && len <= n && memcmp(readings[low].text, s, len) == 0)
            return &readings[low];
    }
    return NULL;
}

/* ---- one character ------------------------------------------------------------------------------------ */

static char initial_of(uint32_t c)
{
    char letter = '.';
    if (c >= PINYIN_COMMON_FIRST && c <= PINYIN_COMMON_LAST)
        letter = pinyin_common[c - PINYIN_COMMON_FIRST];
    else if (c >= PINYIN_RARE_FIRST && c <= PINYIN_RARE_LAST)
        letter = pinyin_rare[c - PINYIN_RARE_FIRST];
    else if (c == 0x3007)
        letter = 'l';                                   /* 〇, a numeral that Unihan does not have */
    return letter == '.' ? 0 : letter;
}

/* A letter or a digit of ASCII, folded; 0 for what is neither. */
static char ascii_of(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c | 0x20);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? (char)c : 0;
}

/* ---- a text ------------------------------------------------------------------------------------------- */

/* Writes the initials of the n bytes at s to out, n bytes at most; says in *han if a character had one. */
static size_t write_initials(const char *s, size_t n, char *out, bool *han)
{
    size_t w = 0, len;
    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len);
        const struct reading *word = len == HAN ? find_reading(WORD, s + i, n - i) : NULL;
        char letter = initial_of(c);
        *han = *han || letter;
        if (word) {
            len = strlen(word->text);
            memcpy(out + w, word->initials, len / HAN);
            w += len / HAN;
        } else if (letter || (letter = ascii_of(c))) {
            out[w++] = letter;
        }
    }
    return w;
}

/* The other form, behind the first and a blank; nothing where the two are the same. */
static size_t add_surname(const struct reading *r, const char *s, size_t n, char *out, size_t w)
{
    size_t len = strlen(r->text), k = len / HAN;
    char *other = out + w + 1;
    bool han = true;
    memcpy(other, r->initials, k);
    k += write_initials(s + len, n - len, other + k, &han);
    if (k == w && memcmp(out, other, k) == 0)
        return w;
    out[w] = ' ';
    return w + 1 + k;
}

char *pinyin_initials(struct arena *a, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    bool han = false;
    if (!n)
        return NULL;
    char *out = arena_alloc(a, 2 * n + 2);
    size_t w = write_initials(text, n, out, &han);
    if (!han)
        return NULL;
    const struct reading *r = find_reading(SURNAME, text, n);
    if (r)
        w = add_surname(r, text, n, out, w);
    out[w] = '\0';
    return out;
}
