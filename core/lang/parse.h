/* parse.h - what the two halves of the parser share: parse.c what binds tests, parsetest.c one test. Private
 * to core/lang. */
#ifndef CORE_LANG_PARSE_H
#define CORE_LANG_PARSE_H

#include "core/lang/test.h"

struct parser {
    struct lexer l;
    const struct lang_env *env;
    struct err *e;
    int depth;
    size_t test;            /* the byte where the test at hand begins */
    bool trying;            /* only to see whether it can be read on */
};

/* Says at the token at hand what was expected (a msgid); NULL, which is also false. */
void *parse_wrong(struct parser *p, const char *expected);
bool parse_at(const struct parser *p, enum keyword k);
/* Steps over the word, if it is this one. */
bool parse_take(struct parser *p, enum keyword k);
bool parse_take_special(struct parser *p, enum special s);
struct cond *parse_new(struct parser *p, enum cond_kind kind);

/* A condition in brackets, about rows of another noun; the opening one is at hand. */
struct cond *parse_inner(struct parser *p, const struct noun *noun);
/* Does another condition follow: `and` or `or`, and behind it a bracket or what can be read as a test? */
bool parse_goes_on(const struct parser *p);
/* ST_INVALID "cond.linked": the word may be one or several; how it is written as several. False. */
bool link_refuse(struct parser *p, const struct token *word, bool in_list);
/* One test; NULL if it is wrong. */
struct cond *parse_test(struct parser *p);

#endif
