/* words.c - both spellings of the language's words. These are grammar, not translations: both are
 * read whatever the user's language is. Of each word the first English and the first Chinese row is
 * the printed one. */
#include <assert.h>
#include <pthread.h>
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
    { "等于", KW_EQ }, { "不等于", KW_NE }, { "不是", KW_NE },
    { "小于", KW_LT }, { "不大于", KW_LE }, { "小于等于", KW_LE },
    { "大于", KW_GT }, { "不小于", KW_GE }, { "大于等于", KW_GE },
    { "不足", KW_LT }, { "低于", KW_LT }, { "早于", KW_LT }, { "不超过", KW_LE },
    { "超过", KW_GT }, { "高于", KW_GT }, { "晚于", KW_GT }, { "不少于", KW_GE },
    { NULL, KW_NONE },
};

static const struct spelling specials[] = {
    { "me", SP_ME }, { "我", SP_ME }, { "本人", SP_ME },
    { "my", SP_MY }, { "branch", SP_BRANCH }, { "本机构", SP_MY_BRANCH },
    { "now", SP_NOW }, { "现在", SP_NOW },
    { "today", SP_TODAY }, { "今天", SP_TODAY }, { "今日", SP_TODAY },
    { "yesterday", SP_YESTERDAY }, { "昨天", SP_YESTERDAY }, { "昨日", SP_YESTERDAY },
    { "tomorrow", SP_TOMORROW }, { "明天", SP_TOMORROW }, { "明日", SP_TOMORROW },
    { "start", SP_START }, { "of", SP_OF },
    { "周初", SP_START_WEEK }, { "本周初", SP_START_WEEK },
    { "月初", SP_START_MONTH }, { "本月初", SP_START_MONTH },
    { "季初", SP_START_QUARTER }, { "本季初", SP_START_QUARTER },
    { "年初", SP_START_YEAR }, { "本年初", SP_START_YEAR }, { "今年初", SP_START_YEAR },
    { "yes", SP_YES }, { "true", SP_YES }, { "是", SP_YES },
    { "no", SP_NO }, { "false", SP_NO }, { "否", SP_NO },
    { "m", SP_MINUTE }, { "min", SP_MINUTE }, { "minute", SP_MINUTE }, { "minutes", SP_MINUTE },
    { "分钟", SP_MINUTE },
    { "h", SP_HOUR }, { "hour", SP_HOUR }, { "hours", SP_HOUR }, { "小时", SP_HOUR },
    { "d", SP_DAY }, { "day", SP_DAY }, { "days", SP_DAY }, { "天", SP_DAY }, { "日", SP_DAY },
    { "w", SP_WEEK }, { "week", SP_WEEK }, { "weeks", SP_WEEK }, { "周", SP_WEEK },
    { "month", SP_MONTH }, { "quarter", SP_QUARTER }, { "year", SP_YEAR },
    { "working", SP_WORKING },
    { "工作日", SP_WORKDAY }, { "个工作日", SP_WORKDAY }, { "工作小时", SP_WORKHOUR },
    { "between", SP_BETWEEN }, { "介于", SP_BETWEEN },
    { "to", SP_TO }, { "与", SP_TO }, { "至", SP_TO }, { "到", SP_TO }, { "和", SP_TO },
    { "matches", SP_MATCHES }, { "匹配", SP_MATCHES },
    { "has", SP_HAS }, { "含", SP_HAS }, { "含有", SP_HAS },
    { "within", SP_WITHIN }, { "last", SP_LAST }, { "next", SP_NEXT },
    { "近", SP_NEAR }, { "最近", SP_NEAR }, { "未来", SP_AHEAD }, { "今后", SP_AHEAD },
    { "changed", SP_CHANGED }, { "变更于", SP_CHANGED }, { "改变于", SP_CHANGED }, { "变动于", SP_CHANGED },
    { "any", SP_ANY }, { "有任一", SP_ANY }, { "任一", SP_ANY },
    { "every", SP_EVERY }, { "每条", SP_EVERY }, { "每个", SP_EVERY }, { "每次", SP_EVERY },
    { "did", SP_DID }, { "做过", SP_DID }, { "有过", SP_DID },
    { "at", SP_AT }, { "least", SP_LEAST }, { "most", SP_MOST },
    { "至少", SP_AT_LEAST }, { "至多", SP_AT_MOST }, { "最多", SP_AT_MOST },
    { "exactly", SP_EXACTLY }, { "恰好", SP_EXACTLY }, { "正好", SP_EXACTLY },
    { "more", SP_MORE }, { "fewer", SP_FEWER }, { "less", SP_FEWER }, { "than", SP_THAN },
    { "多于", SP_MORE_THAN }, { "少于", SP_FEWER_THAN },
    { "times", SP_TIMES }, { "time", SP_TIMES }, { "次", SP_TIMES },
    { "bucket", SP_BUCKET }, { "分桶", SP_BUCKET },
    { "segment", SP_SEGMENT }, { "客群", SP_SEGMENT },
    { NULL, SP_NONE },
};

/* Case is folded by hand: the language's letters are ASCII whatever the locale. */
static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(const char *spelling, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (spelling[i] != fold(word[i]))
            return false;
    return spelling[n] == '\0';
}

/* Every word of a condition is looked up: chains of the spellings of one hash, in both lists, 0 ends them. */
enum { CHAINS = 512, SPELLINGS = 256 };
static struct {
    unsigned char head[CHAINS];
    struct { const struct spelling *word; unsigned char next, n; } at[SPELLINGS];
    unsigned char n;
} known;

static unsigned hash_word(const char *word, size_t n)
{
    unsigned h = (unsigned)n;
    for (size_t i = 0; i < n && i < 9; i++)
        h = h * 31 + (unsigned char)fold(word[i]);
    return (h ^ h >> 9) % CHAINS;
}

static void know(const struct spelling *list)
{
    for (; list->text; list++) {
        unsigned h = hash_word(list->text, strlen(list->text));
        assert(known.n < SPELLINGS - 1);
        known.at[++known.n].word = list;
        known.at[known.n].next = known.head[h];
        known.at[known.n].n = (unsigned char)strlen(list->text);
        known.head[h] = known.n;
    }
}

static void know_all(void)
{
    know(keywords);
    know(specials);
}

bool word_find(const char *word, size_t n, enum keyword *kw, enum special *sp)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, know_all);
    *kw = KW_NONE;
    *sp = SP_NONE;
    for (unsigned i = known.head[hash_word(word, n)]; i; i = known.at[i].next) {
        const struct spelling *s = known.at[i].word;
        if (known.at[i].n != n || !same_word(s->text, word, n))
            continue;
        if (s >= keywords && s < keywords + sizeof keywords / sizeof *keywords)
            *kw = (enum keyword)s->word;
        else
            *sp = (enum special)s->word;
        return true;
    }
    return false;
}

enum special special_find(const char *word, size_t n)
{
    enum keyword kw;
    enum special sp;
    word_find(word, n, &kw, &sp);
    return sp;
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
    for (const struct spelling *k = specials; k->text; k++)
        if (k->word == SP_BETWEEN || k->word == SP_MATCHES || k->word == SP_HAS || k->word == SP_WITHIN ||
            k->word == SP_CHANGED)
            near_try(n, k->text, k->text);
}

size_t special_starts(const char *word, enum special s)
{
    size_t best = 0;
    if (!(word[0] & 0x80))
        return 0;
    for (const struct spelling *k = specials; k->text; k++) {
        size_t n = strlen(k->text);
        if (k->word == (int)s && n > best && strncmp(k->text, word, n) == 0)
            best = n;
    }
    return best;
}

size_t keyword_starts(const char *word, enum keyword *out)
{
    size_t best = 0;
    if (!(word[0] & 0x80))
        return 0;
    for (const struct spelling *k = keywords; k->text; k++) {
        size_t n = strlen(k->text);
        if ((k->text[0] & 0x80) && n > best && strncmp(k->text, word, n) == 0) {
            best = n;
            *out = (enum keyword)k->word;
        }
    }
    return best;
}
