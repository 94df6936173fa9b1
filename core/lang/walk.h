/* walk.h - the machine that walks over the tokens of a condition while it is typed. It is never at
 * a loss: what it does not know it passes over. What is wrong the parser says. Private to
 * core/lang. */
#ifndef CORE_LANG_WALK_H
#define CORE_LANG_WALK_H

#include "core/lang/test.h"

enum state {
    AT_TEST,            /* a test begins */
    AT_ATTR,            /* after "attr." */
    AT_VIA,             /* after "owner." */
    AT_BUCKET,          /* inside bucket("...") */
    AT_OP,
    AT_OP_MORE,         /* "is", "within": more words of it follow */
    AT_VALUE,
    AT_OFFSET,          /* after the sign of "today - 3d" */
    AFTER_VALUE,
    AT_LIST,            /* its bracket */
    IN_LIST,            /* a value of it */
    IN_LIST_AFTER,
    AT_ROWS,            /* the list's name after `any` */
    AT_GROUP,           /* the bracket after it */
    AT_DEED,            /* the name after `did` */
    AT_TIMES,           /* "at least 2 times in 30d" */
    AT_LINK,
};

enum { LEVELS = LANG_DEPTH + 2, OP_WORDS = 48 };

struct machine {
    struct lexer l;
    struct arena *arena;
    size_t *place;              /* of each byte of l.text in the text itself */
    struct lang_env env;        /* its noun is the one meant here */
    enum state state;
    struct lang_name name;
    bool known;                 /* the name is one */
    enum cond_op op;
    int nvalues;
    char words[OP_WORDS];       /* of the operator that is not whole yet; of the value's beginning */
    size_t begun;               /* where name, operator or value began, in l.text */
    const struct noun_list *list;
    bool counted;               /* "times" was said */
    int depth;
    struct { struct lang_env env; bool deed; const struct noun_list *list; } outer[LEVELS];
};

/* walk.c. False for a text that the lexer does not take. */
bool walk_start(struct machine *m, struct arena *a, const char *text, const struct lang_env *env);
/* Ends the word at hand where a name or an operator in it ends: Chinese is written without blanks.
 * Before each step. */
void walk_cut(struct machine *m);
/* What the token at hand is; the state is what may stand behind it. */
enum lang_look walk_step(struct machine *m, const struct token *t);

/* Case folded: is it the other word, does it start with that? */
bool word_is(const char *word, const char *other);
bool word_starts(const char *s, const char *with);

/* complete.c: walks to byte `at` of the text; *out says what may stand there. False: nothing. */
bool walk_to_wish(struct machine *m, const char *text, size_t at, const struct lang_env *env,
                  struct lang_wish *out);

#endif
