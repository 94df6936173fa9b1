/* words.c - both spellings of the language's words. These are grammar, not translations: both are
 * read whatever the user's language is. Of each word the first English and the first Chinese row is
 * the printed one. */
#include <string.h>

#include "base/text.h"
#include "core/lang/lex.h"

struct spelling { const char *text; int word; };

static const struct spelling keywords[] = {
    { "and", KW_AND },
    { "or", KW_OR },
    { "not", KW_NOT },
    { "in", KW_IN },
    { "is", KW_IS },
    { "empty", KW_EMPTY },
    { "set", KW_SET },
    { "under", KW_UNDER },
    { "contains", KW_CONTAINS },
    { "starts", KW_STARTS },
    { "with", KW_WITH },
    { "且", KW_AND }, { "并且", KW_AND },
    { "或", KW_OR }, { "或者", KW_OR },
    { "非", KW_NOT }, { "不", KW_NOT },
    { "属于", KW_IN }, { "在", KW_IN },
    { "不属于", KW_NOT_IN }, { "不在", KW_NOT_IN },
    { "为空", KW_IS_EMPTY }, { "是空", KW_IS_EMPTY },
    { "不为空", KW_IS_SET }, { "非空", KW_IS_SET },
    { "辖内", KW_UNDER }, { "隶属于", KW_UNDER },
    { "包含", KW_CONTAINS },
    { "开头为", KW_STARTS_WITH },
    { "等于", KW_EQ }, { "不等于", KW_NE },
    { "小于", KW_LT }, { "不大于", KW_LE }, { "小于等于", KW_LE },
    { "大于", KW_GT }, { "不小于", KW_GE }, { "大于等于", KW_GE },
    { NULL, KW_NONE },
};

static const struct spelling specials[] = {
    { "me", SP_ME },
    { "now", SP_NOW },
    { "today", SP_TODAY },
    { "yesterday", SP_YESTERDAY },
    { "tomorrow", SP_TOMORROW },
    { "yes", SP_YES }, { "true", SP_YES },
    { "no", SP_NO }, { "false", SP_NO },
    { "m", SP_MINUTE }, { "min", SP_MINUTE },
    { "h", SP_HOUR },
    { "d", SP_DAY },
    { "w", SP_WEEK },
    { "我", SP_ME }, { "本人", SP_ME },
    { "现在", SP_NOW },
    { "今天", SP_TODAY }, { "今日", SP_TODAY },
    { "昨天", SP_YESTERDAY }, { "昨日", SP_YESTERDAY },
    { "明天", SP_TOMORROW }, { "明日", SP_TOMORROW },
    { "是", SP_YES },
    { "否", SP_NO },
    { "分钟", SP_MINUTE },
    { "小时", SP_HOUR },
    { "天", SP_DAY },
    { "周", SP_WEEK },
    { NULL, SP_NONE },
};

/* Case is folded by hand: the language's letters are ASCII whatever the locale. */
static bool same_word(const char *spelling, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] - 'A' + 'a') : word[i];
        if (spelling[i] != c)
            return false;
    }
    return spelling[n] == '\0';
}

static int find(const struct spelling *list, const char *word, size_t n)
{
    for (; list->text; list++)
        if (same_word(list->text, word, n))
            return list->word;
    return 0;
}

enum keyword keyword_find(const char *word, size_t n)
{
    return (enum keyword)find(keywords, word, n);
}

enum special special_find(const char *word, size_t n)
{
    return (enum special)find(specials, word, n);
}

static const char *print(const struct spelling *list, int word, bool zh)
{
    for (; list->text; list++)
        if (list->word == word && zh == ((list->text[0] & 0x80) != 0))
            return list->text;
    return "";
}

const char *keyword_print(enum keyword k, bool zh)
{
    return print(keywords, (int)k, zh);
}

const char *special_print(enum special s, bool zh)
{
    return print(specials, (int)s, zh);
}

/* ---- nearest words --------------------------------------------------------------------------- */

/* The characters of s with ASCII letters folded; their number, NEAR_MAX + 1 if there are more. */
static size_t spell(const char *s, uint32_t out[NEAR_MAX])
{
    size_t left = strlen(s), len, n = 0;
    for (; left; s += len, left -= len) {
        uint32_t c = text_char(s, left, &len);
        if (n == NEAR_MAX)
            return NEAR_MAX + 1;
        out[n++] = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    }
    return n;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Damerau and Levenshtein's distance, of neighbours swapped once. */
static int distance(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
    int rows[3][NEAR_MAX + 1], *two = rows[0], *one = rows[1], *row = rows[2];
    for (size_t j = 0; j <= nb; j++)
        one[j] = (int)j;
    for (size_t i = 1; i <= na; i++) {
        row[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            row[j] = least(least(one[j], row[j - 1]) + 1, one[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two[j - 2] + 1);
        }
        int *last = two;
        two = one;
        one = row;
        row = last;
    }
    return one[nb];
}

void near_start(struct near *n, const char *word)
{
    n->n = spell(word, n->word);
    n->found = "";
    n->best = n->n > NEAR_MAX ? 0 : n->n > 8 ? 4 : n->n > 3 ? 3 : 2;
}

void near_try(struct near *n, const char *candidate, const char *say)
{
    uint32_t other[NEAR_MAX];
    size_t m = spell(candidate, other);
    if (n->best == 0 || n->n == 0 || m > NEAR_MAX)
        return;
    int d = distance(n->word, n->n, other, m);
    if (d > 1 && n->n > 1 && n->n < m && memcmp(n->word, other, n->n * sizeof *other) == 0)
        d = 1;      /* the beginning of a word stands for it */
    if (d < n->best && d < (int)(n->n > m ? n->n : m)) {
        n->best = d;
        n->found = say;
    }
}

void near_keywords(struct near *n)
{
    for (const struct spelling *k = keywords; k->text; k++)
        near_try(n, k->text, k->text);
}
