/* eval.h - what the files of the evaluator share. Private to core/lang.
 *
 * A condition is a stretch of flat instructions, one for each of its tests, in its order. An instruction
 * tests one slot and says where it goes on, so that `and`, `or` and `not` cost nothing. A slot is one
 * selected column, however many conditions ask for it. All that a value may mean is settled when the
 * condition is added: what is left for a row is to compare two numbers or two stretches of bytes.
 */
#ifndef CORE_LANG_EVAL_H
#define CORE_LANG_EVAL_H

#include "core/lang/test.h"

enum slot_type {
    SLOT_INT,       /* NONE is empty */
    SLOT_NUM,       /* NaN is empty */
    SLOT_TEXT,      /* bytes, of hashes too; NULL is empty */
    SLOT_INITIALS,  /* the pinyin initials of a text, as bytes */
    SLOT_BUCKET,    /* the id by which rows are drawn; the row's bucket once it is taken */
    SLOT_FLAG,      /* the database says 1 where the test holds, else 0 */
};

struct slot {
    enum slot_type type;
    struct lang_name name;          /* all but SLOT_FLAG */
    const struct cond *test;        /* SLOT_FLAG */
    const struct lang_env *env;
};

/* The value of a slot in the row at hand. */
struct cell {
    union { int64_t i; double d; const char *s; };
    size_t len;                     /* of s */
};

/* Values in rising order, for a binary search. */
struct range { int64_t lo, hi; };
struct bytes { const char *s; size_t n; };
struct set {
    size_t n;
    union { const struct range *ranges; const double *nums; const struct bytes *texts; };
};

enum eval_op {
    EV_NO_INT, EV_NO_NUM, EV_NO_TEXT,   /* empty */
    EV_INT,                         /* lo <= i <= hi */
    EV_INTS,                        /* in one of the ranges */
    EV_NUM,                         /* from <= d <= to */
    EV_LESS, EV_MORE,               /* d < to, d > from */
    EV_NUMS,                        /* one of these */
    EV_TEXT, EV_TEXTS,              /* equal to it, to one of these */
    EV_BEFORE, EV_UPTO, EV_AFTER, EV_FROM,      /* < <= > >= text */
    EV_WITHIN,                      /* from the first of two texts to the second */
    EV_STARTS, EV_CONTAINS,         /* or, with `also`, its initials do */
    EV_LIKE,                        /* the whole is like a pattern */
    EV_LIKE_FOLDED,                 /* ASCII letters of either case are one */
};

enum { EVAL_YES = -1, EVAL_NO = -2 };

struct instruction {
    unsigned char op;               /* enum eval_op */
    bool turned;                    /* the test holds where the operation does not */
    unsigned short slot, also;      /* also: of the initials, one more than its number; 0: none */
    int yes, no;                    /* the next instruction, EVAL_YES or EVAL_NO; of the operation */
    union {
        struct { int64_t lo, hi; };
        struct { double from, to; };
        struct bytes text;
        const struct set *set;
    };
};

struct lang_eval {
    struct arena *arena;
    const struct noun *noun;
    struct slot *slots;
    struct cell *cells;             /* of the row at hand, as many as slots */
    size_t nslots, slots_cap, cells_cap;
    struct instruction *code;
    size_t ncode, code_cap;
    struct { const struct cond *cond; int start; } *conds;
    size_t nconds, conds_cap;
};

/* eval.c. Does it bind parts of the same row's condition? All else is a test: one instruction. */
bool eval_is_group(const struct cond *c);
/* Slots of one evaluator: what one statement may select. */
enum { EVAL_SLOTS = 1500 };
/* The number of the slot in *out; made where there is none yet. ST_INVALID "cond.too_wide". */
enum status eval_slot(struct lang_eval *ev, const struct slot *want, unsigned short *out, struct err *e);

/* Appends the name's column or what is reckoned from columns. */
void eval_column(struct sql *q, const struct noun *noun, const struct slot *s, const char *alias);

/* evalrow.c. Is s like the pattern: `*` any characters, `?` one, of UTF-8? */
bool eval_like(struct bytes s, struct bytes pattern, bool folded);

/* evalvalue.c. The instruction of one test, without its jumps. */
enum status eval_test(struct lang_eval *ev, const struct lang_env *env, const struct cond *test,
                      struct instruction *out, struct err *e);

#endif
