/* compile.h - what the parts of the compiler share: compile.c what binds tests, compiletest.c one test,
 * compilelist.c what lies in other tables. Private to core/lang. */
#ifndef CORE_LANG_COMPILE_H
#define CORE_LANG_COMPILE_H

#include "core/lang/test.h"

struct compiler {
    const struct lang_env *env;
    const char *alias;
    struct sql *q;
    struct err *e;
    bool side;
    int used;               /* places of SQLite's parser stack that stand around what is compiled now */
    int segments;           /* segments inside each other */
    int *asked;             /* conditions of segments in all */
};

/* One test and its column. */
struct term {
    struct compiler *c;
    const struct cond *test;
    const char *col;
};

/* A part of the tree under an even or odd number of `not`s. */
struct part { const struct cond *cond; bool negated; };

/* compile.c: a whole tree, about the rows of c->env->noun under c->alias; NULL is true of all.
 * Where it does not hold the expression is false or null. */
enum status compile_part(struct compiler *c, const struct cond *cond, bool negated);

/* compile.c: appends what link() does for each of [from, to), with the word between. */
typedef enum status (*link_fn)(const void *chain, size_t i);
enum status compile_chain(struct sql *q, const char *word, const void *chain, size_t from,
                          size_t to, link_fn link);

/* compiletest.c */
enum status compile_test(struct compiler *c, const struct cond *test, bool negated);
/* The placeholder of a value that stands for one moment, number, text or row. */
enum status compile_value(const struct term *t, const struct value *v);
enum status compile_resolve(struct compiler *c, struct lang_name n, const char *noun, const struct value *v,
                            int64_t *id);

/* compilelist.c: each is true or false, never null. */
enum status compile_refs(struct compiler *c, const struct cond *test, bool negated);
enum status compile_behind(struct compiler *c, const struct cond *test, bool negated);
enum status compile_counted(struct compiler *c, const struct cond *test, bool negated);
enum status compile_changed(struct compiler *c, const struct cond *test, bool negated);
enum status compile_segment(struct compiler *c, const struct cond *test, bool negated);

/* compiletest.c: the random bucket of a row, 0 .. LANG_BUCKETS - 1, as an SQL expression in the
 * arena: of the id by which the noun draws, by the name of the draw. lang_bucket() (lang.h) is the
 * same in C. */
const char *compile_bucket(struct arena *a, const struct lang_env *env, const char *alias, const char *draw);

#endif
