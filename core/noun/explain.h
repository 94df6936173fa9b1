/* explain.h - why a condition holds of a row, or not: NOUN.explain of every noun that has a list. */
#ifndef CORE_NOUN_EXPLAIN_H
#define CORE_NOUN_EXPLAIN_H

#include "core/guard/op.h"

struct explain_in {
    int64_t id;
    const char *code;       /* where there is no id */
    const char *where;      /* NULL or blank: no condition, which holds of all */
};
extern const struct record explain_in_record;

/* One part of the condition. */
struct because {
    int64_t depth;          /* 0: the whole */
    const char *kind;       /* "and", "or", "not": what binds those below it; else "test" */
    const char *text_en, *text_zh;      /* labels in the language in use */
    int64_t holds;          /* with every `not` above it left out */
    /* What the row has there, as people read it, masked as the caller sees it; NULL: empty, or nothing
     * to be shown. */
    const char *actual;
};
extern const struct record because_record;

struct explained {
    int64_t id;
    int64_t matches;        /* flag */
    struct list lines;      /* of struct because, in the order of the tree; none without a condition */
};
extern const struct record explained_record;

/* A row that is not there, or not in the caller's scope, is ST_NOT_FOUND as in crud_find(); errors of the
 * condition are lang.h's. */
enum status crud_explain(struct ctx *c, const struct op *op, const void *in, void *out);

#endif
