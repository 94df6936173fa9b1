/* lex.h - the words of the language: text to tokens, and both spellings of every word. Private to
 * core/lang.
 */
#ifndef CORE_LANG_LEX_H
#define CORE_LANG_LEX_H

#include "core/lang/lang.h"

enum token_kind {
    TOK_END,
    TOK_WORD,           /* bare: a name, a word, a number, a date, a duration */
    TOK_TEXT,           /* quoted; the escapes are undone */
    TOK_OP,             /* = != < <= > >= */
    TOK_OPEN, TOK_CLOSE, TOK_COMMA, TOK_DOT, TOK_MINUS, TOK_PLUS,
    TOK_BAD,            /* a character that starts nothing, or a quote that does not end */
};

/* The words with a meaning of their own. In bare form they are never names or values. */
enum keyword {
    KW_NONE, KW_AND, KW_OR, KW_NOT, KW_IN, KW_NOT_IN, KW_IS, KW_EMPTY, KW_SET, KW_IS_EMPTY,
    KW_IS_SET, KW_UNDER, KW_CONTAINS, KW_STARTS, KW_WITH, KW_STARTS_WITH, KW_EQ,
    KW_NE, KW_LT, KW_LE, KW_GT, KW_GE
};

/* Words that mean something in one place only: as values of some types, or where a test begins or a
 * comparison stands. From SP_BETWEEN to SP_BUCKET they are those of the grammar. */
enum special {
    SP_NONE, SP_ME, SP_MY, SP_BRANCH, SP_MY_BRANCH, SP_NOW, SP_TODAY, SP_YESTERDAY, SP_TOMORROW,
    SP_START, SP_OF, SP_START_WEEK, SP_START_MONTH, SP_START_QUARTER, SP_START_YEAR,
    SP_YES, SP_NO,
    SP_MINUTE, SP_HOUR, SP_DAY, SP_WEEK, SP_MONTH, SP_QUARTER, SP_YEAR,
    SP_WORKING, SP_WORKDAY, SP_WORKHOUR,
    SP_BETWEEN, SP_TO, SP_MATCHES, SP_HAS, SP_WITHIN, SP_LAST, SP_NEXT, SP_NEAR, SP_AHEAD, SP_CHANGED,
    SP_ANY, SP_EVERY, SP_DID, SP_AT, SP_LEAST, SP_MOST, SP_AT_LEAST, SP_AT_MOST, SP_EXACTLY,
    SP_MORE, SP_FEWER, SP_THAN, SP_MORE_THAN, SP_FEWER_THAN, SP_TIMES,
    SP_BUCKET, SP_SEGMENT
};

struct token {
    enum token_kind kind;
    enum keyword kw;        /* of a TOK_WORD; and what it may mean if it is no keyword */
    enum special special;
    enum cond_op op;        /* of a TOK_OP */
    const char *text;       /* in the arena */
    size_t at, end;         /* bytes of lexer.text: [at, end) */
};

struct lexer {
    struct arena *arena;
    char *text;             /* with ASCII twins in place; one character stays one character */
    size_t pos;
    struct token now;
    bool plain;             /* of ASCII alone */
    bool order;             /* what goes wrong is told as an order's, not a condition's */
};

/* Starts on the first token. Fails on what is too long and what is no UTF-8. */
enum status lex_start(struct lexer *l, struct arena *a, const char *text, bool order, struct err *e);
void lex_next(struct lexer *l);

/* Makes the word at hand end after its first n bytes; what follows is the next token's. */
void lex_cut(struct lexer *l, size_t n);

/* Is the word at hand this one? */
static inline bool lex_at(const struct lexer *l, enum special s)
{
    return l->now.special == s && l->now.kind == TOK_WORD;
}

/* The column of a byte of l->text. */
int lex_column(const struct lexer *l, size_t at);

/* A bare word as it stands: letters, digits, _ and CJK, no keyword, and nothing that could be read as
 * several? Then it needs no quotes. */
bool lex_is_bare(const char *s);

/* Words that link, inside a word behind its first character: of conditions (且 或), of a list (和 与 及), of the
 * ends of a range (至 到). Bytes before the first of these kinds; 0 if there is none. */
enum { LINK_BINDS = 1, LINK_LISTS = 2, LINK_SPANS = 4, LINK_ALL = 7 };
size_t link_find(const char *word, unsigned kinds);
/* Does it name two, as no name does? 上海以及北京. */
bool link_lists(const char *word);
/* May it be read as several, so that as one it needs quotes? */
bool link_may_part(const char *word);

/* What a word means to the language, case folded; no word is both. False: nothing. */
bool word_find(const char *word, size_t n, enum keyword *kw, enum special *sp);
enum special special_find(const char *word, size_t n);

/* Chinese is written without blanks: the bytes of the longest Chinese spelling that begins the
 * word, 0 if none does. */
size_t special_starts(const char *word, enum special s);
size_t keyword_starts(const char *word, enum keyword *out);

/* The printed spelling. */
const char *keyword_print(enum keyword k, bool zh);
const char *special_print(enum special s, bool zh);

/* ---- nearest words ---- */

enum { NEAR_MAX = 64 };     /* longer words are near to nothing */

/* Of the words tried, the one nearest to the first by insertions, deletions, changes and swaps of
 * neighbours. */
struct near {
    uint32_t word[NEAR_MAX];
    size_t n;
    int best;
    const char *found;      /* one of those tried; "" if none was near enough */
};

void near_start(struct near *n, const char *word);
/* `say` is what is suggested if `candidate` is nearest. */
void near_try(struct near *n, const char *candidate, const char *say);
void near_keywords(struct near *n);

#endif
