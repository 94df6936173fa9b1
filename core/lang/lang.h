/* lang.h - the one language of conditions: text to tree, tree to text (English and Chinese), tree
 * to SQL, tree over a row.
 *
 *     stage in (new, contacted) and amount >= 3万 and not (owner is empty) and idle > 7d
 *     阶段 属于 (new, contacted) 且 金额 >= 30000 且 非 (归属人 为空) 且 未跟进 > 7天
 *
 * Both are spellings of one tree: parsed from either, printed in either. What is stored of a
 * condition is its English print: field names and codes, never labels. Meaning (docs/contract.md,
 * Conditions): there is no third value; on an empty field `= < <= > >= in contains` and their like
 * are false, `!=`, `not in` and `not` are true; negation stays as written. `any` is false and `every`
 * is true where there are no rows.
 *
 * A NULL tree is the empty condition: it is true of every row. Trees live in the arena they were
 * parsed into and are never changed. Any thread. Errors are ST_INVALID, and columns count characters
 * from 1. A field is named as it is typed; its label (a msgid, or of a custom field the bank's word)
 * comes last. Parameters of the codes:
 *
 *     cond.syntax         column, what stands there ("" at the end), what was expected (a msgid),
 *                         nearest word or ""
 *     cond.unknown_field  name, nearest name or "", column
 *     cond.unknown_list   name, nearest name or "", column: nothing of that name can be counted
 *     cond.operator       field, operator, column, label: the field can't be tested like that
 *     cond.type           field, value, what the field takes (a msgid), column, label
 *     cond.unknown_value  field, value, nearest value or "", column, label
 *     cond.empty_value    field, column: nothing stands between the quotes; `is empty` is meant
 *     cond.too_long       the most bytes
 *     cond.too_deep       the most levels; also what a database's parser can't hold
 *     cond.too_many       the most values of a list, or the most sort keys
 *     cond.linked         word, column, how it is written as several: a bare word in which 或, 且, 和 or their
 *                         like stands may be one or several
 *     cond.too_wide       the most columns that the conditions of one evaluator may ask of a row
 *     cond.pattern        field, value, column, the most stars, label: too many `*`, or too long
 *     cond.too_many_segments  the most conditions of segments in all
 *     cond.segment_ring   segment, column: a segment that asks for itself
 *     cond.masked_equality    field, column, label (ST_DENIED): only = != in with a full value
 *     cond.masked_sort        field, label (ST_DENIED): no order by what is masked
 *     cond.no_order       field, label: of several references none is the first
 */
#ifndef CORE_LANG_LANG_H
#define CORE_LANG_LANG_H

#include "base/buf.h"
#include "core/model/noun.h"
#include "core/store/row.h"
#include "core/store/sql.h"

enum {
    LANG_TEXT = 8192,       /* bytes of a condition, as typed and as stored */
    LANG_DEPTH = 50,        /* `not` and parentheses inside each other */
    LANG_VALUES = 1000,     /* values of one list */
    LANG_SORTS = 8,         /* keys of one order */
    LANG_STARS = 4,         /* `*` of one pattern */
    LANG_PATTERN = 200,     /* bytes of one pattern */
    LANG_SEGMENTS = 8,      /* segments inside each other */
    LANG_SEGMENTS_ALL = 50,     /* conditions of segments that one condition stands for, in all */
    LANG_BUCKETS = 10000,   /* random buckets */
};

/* The alias of the side table in compiled SQL: "left join lead_x x on x.id = t.id". */
#define LANG_SIDE "x"

/* A segment that a condition asks for: its own condition, or (where NULL) the rows that it lists. */
struct lang_segment { int64_t id; const char *where; };

/* What the compiler has to ask of others. Only lang_compile() and lang_eval_make() ask. */
struct lang_resolver {
    void *self;
    /* The id of the row of that noun which the word names: by code case-folded, else by a unique
     * name. 0 in *id with ST_OK when there is none. */
    enum status (*ref)(void *self, const char *noun, const char *word, int64_t *id, struct err *e);
    /* The blind index of a secret field's full value. ST_INVALID when it is no phone or no
     * e-mail, with that code. */
    enum status (*secret_index)(void *self, const struct field *f, const char *value,
                                unsigned char out[SECRET_HASH], struct err *e);
    /* The same under the key before this one, while rows of both stand beside each other: false
     * when there is none. Asked after secret_index took the value. May be NULL. */
    bool (*secret_former)(void *self, const struct field *f, const char *value,
                          unsigned char out[SECRET_HASH]);
    /* The codes of a noun that is small enough to list, ending in NULL, in the arena: the nearest
     * of them is suggested for an unknown word. May be NULL, and may return NULL. */
    const char *const *(*codes)(void *self, const char *noun, struct arena *a);
    /* The segment of that code or unique name that the caller may use, of this noun: id 0 with ST_OK
     * when there is none. May be NULL: there are none. */
    enum status (*segment)(void *self, const struct noun *noun, const char *word,
                           struct lang_segment *out, struct arena *a, struct err *e);
};

/* What people call the rows that conditions name by code: for prints that are only read. */
struct lang_called {
    void *self;
    /* What the row of that noun is called which the word names, in the language of the print; NULL: as it
     * stands there. Valid until the next call. */
    const char *(*name)(void *self, const char *noun, const char *word, bool zh);
};

/* What a condition is about and who wrote it. Everything outlives the trees made with it. */
struct lang_env {
    const struct noun *noun;
    const struct attr_def *attrs;           /* custom fields, if the noun has a side table */
    size_t nattrs;
    const struct lens *lens;                /* NULL: nothing is masked */
    int64_t me;                             /* the caller's employee; 0: none, no row is theirs */
    int64_t my_branch;                      /* his branch; 0: none */
    const struct lang_resolver *resolver;   /* NULL: parse and print only */
    const struct lang_called *called;       /* NULL: rows are printed as they were named */
    /* The condition only sifts what an order or a scope gives: no index is to serve it. SQLite knows
     * no LIMIT when it chooses, and would rather sort all rows of a condition than step to the
     * fortieth that meets it. */
    bool sifts;
};

/* The same caller asking about another noun (rows of a list, what a reference leads to). */
struct lang_env lang_env_of(const struct lang_env *env, const struct noun *noun);

/* ---- the tree -------------------------------------------------------------------------------- */

/* What is tested. One of field, attr, span and bucket is set, or none: the segments that the row is in.
 * With `via`, a reference of the record, `field` is one of the noun that it refers to (owner.branch). */
struct lang_name {
    const struct field *via, *field;
    const struct attr_def *attr;
    const struct noun_span *span;           /* how long ago */
    const char *bucket;                     /* the draw's name: the row's random bucket in it */
};

enum cond_op {
    OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_NOT_IN, OP_EMPTY, OP_SET,
    OP_CONTAINS, OP_STARTS, OP_UNDER,
    OP_BETWEEN,     /* both ends belong to it; a day as its whole */
    OP_MATCHES,     /* a pattern of the whole text: * any characters, ? one */
    OP_HAS,         /* references to several: this one is among them. `in`: one of these is */
    OP_LAST,        /* a time: within the last span of time, now included */
    OP_NEXT,        /* a time: within the next one */
    OP_CHANGED,     /* the field was changed within the last span of time */
    OP_COUNT
};

enum value_kind {
    VAL_TEXT,       /* s: text, a choice's code, the word for a reference, a secret */
    VAL_INT,        /* i: id, whole number, fen, flag, bucket (of LANG_BUCKETS) */
    VAL_NUMBER,     /* d */
    VAL_DAY,        /* i: a moment about noon of a civil day of the bank's zone */
    VAL_TIME,       /* i: ms */
    VAL_TODAY,      /* i: days from today: `yesterday` is -1 */
    VAL_NOW,        /* i: ms from now */
    VAL_START,      /* unit: the day on which this week, month, quarter or year began; i: days from it */
    VAL_SPAN,       /* i: ms; unit: of calendar or working time */
    VAL_ME,
    VAL_MY_BRANCH,
};

enum value_unit {
    UNIT_NONE, UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR,      /* VAL_START */
    UNIT_WORKING,                                                   /* VAL_SPAN; else calendar time */
};

struct value {
    enum value_kind kind;
    enum value_unit unit;
    int column;         /* where it stood, for errors; 0: unknown */
    int64_t i;
    double d;
    const char *s;
};

enum cond_kind {
    COND_AND, COND_OR, COND_NOT, COND_TEST,
    COND_ANY,           /* any LIST (CONDITION) */
    COND_EVERY,         /* every LIST (CONDITION) */
    COND_DID,           /* did ONE (CONDITION) at least N times in SPAN */
};

struct cond {
    enum cond_kind kind;
    struct cond **kids;         /* AND, OR: two or more; NOT: one; ANY, EVERY, DID: the condition on
                                 * the list's noun, or none */
    size_t nkids;
    struct lang_name name;      /* TEST, and all below */
    enum cond_op op;            /* TEST; DID: how the count is compared, OP_EQ .. OP_GE but OP_NE */
    int column;                 /* where the name stood; 0: unknown */
    struct value *values;       /* IN, NOT_IN: one or more; BETWEEN: two; EMPTY, SET: none; else one.
                                 * DID: the window, a span, or none */
    size_t nvalues;
    const struct noun_list *list;   /* ANY, EVERY, DID */
    int64_t times;              /* DID */
};

/* Parses one condition, in either spelling or a mixture. Names are field names or labels in
 * either language; full-width forms outside quotes count as their ASCII twins. Every test is
 * checked against its field's type and the lens; words for references are not looked up. Blank text
 * gives NULL. */
enum status lang_parse(struct arena *a, const char *text, const struct lang_env *env,
                       struct cond **out, struct err *e);

/* May the text be put into brackets beside another condition? ST_INVALID where it would close a bracket
 * that it did not open (or is no text at all); the column is its own. What else may be wrong with it
 * lang_parse() says. */
enum status lang_alone(const char *text, struct err *e);

/* Appends the one spelling that is printed. lang: "en", or "zh_CN" with the labels of the language
 * in use. lang_parse() of what was printed gives an equal tree, but where env->called put names in. */
void lang_print(const struct cond *c, const struct lang_env *env, const char *lang,
                struct buf *out);

/* Same tree? Columns don't count. */
bool lang_equal(const struct cond *a, const struct cond *b);

/* Does c hold only where the field of that name equals one value (`owner = me and ...`)? A day is a
 * range. For planners. */
bool lang_fixes(const struct cond *c, const char *field);

/* Does c hold of no row that has no row in the side table? For planners. */
bool lang_needs_side(const struct cond *c);

/* ---- SQL ------------------------------------------------------------------------------------- */

/* Appends c to q as one expression of a `where`, to stand alone or beside `and`, on the noun's table
 * under `alias` and the side table under LANG_SIDE. Nothing of the condition's text gets into the
 * SQL: names come from the tables, values are bound in q's arena. Where the condition is false the
 * expression is false or null, so it is not for `not`. *side (NULL allowed) says that it needs the
 * side table. `today` and `now` are those of this call. Checks the lens again, so a tree parsed for
 * another caller is safe. After an error q is as it was; errors are those above and the
 * resolver's. */
enum status lang_compile(const struct cond *c, const struct lang_env *env, const char *alias,
                         struct sql *q, bool *side, struct err *e);

/* The random bucket (0 .. LANG_BUCKETS-1) of the row of that id in a draw: the same for ever, and on every
 * database; draws of different names are independent. */
int64_t lang_bucket(int64_t id, const char *draw);

/* Appends what holds of the events (under `alias`) by which the field changed: whose data say so,
 * and those of the noun's table. In brackets. */
void lang_changes(const struct noun *noun, const struct field *f, const char *alias, struct sql *q);

/* The noun that a reference leads to, if conditions may ask about its rows; else NULL. */
const struct noun *lang_behind(const struct field *f);

/* Appends the column that holds the name: x_id of a reference, x_hash of a secret, and for a keyed
 * text x_key if `key`, else x. */
void lang_column(struct sql *q, struct lang_name name, const char *alias, bool key);

/* ---- over a row ------------------------------------------------------------------------------ */

/* Conditions made ready to be asked of one row after another. What a row's own columns can't tell (lists,
 * tags, changes, segments, what stands behind a reference) the database tells in a column of its
 * own, so that all of them ask of one scan. Not for two threads at once. */
struct lang_eval;

/* Adds a condition to *ev (NULL: makes it, in the arena); *index is its number, from 0. `today` and `now` are
 * those of this call. Errors are lang_compile()'s, and "cond.too_wide"; then *ev is as it was. */
enum status lang_eval_add(struct arena *a, struct lang_eval **ev, const struct cond *c,
                          const struct lang_env *env, size_t *index, struct err *e);

/* Appends what the rows have to be selected with, by comma, on the table under `alias` and the side table
 * under LANG_SIDE; *side: it is needed. */
enum status lang_eval_columns(struct lang_eval *ev, const char *alias, struct sql *q, bool *side,
                              struct err *e);

struct stmt;
/* Takes the row at hand, whose columns begin with column `first` of s. Valid until s steps. */
void lang_eval_row(struct lang_eval *ev, struct stmt *s, int first);
/* Does the condition of that number hold of the row? */
bool lang_eval_holds(const struct lang_eval *ev, size_t index);

/* One line of an explanation, a tree in order: a test, or what binds those below it. */
struct lang_because {
    int depth;                  /* 0: the whole */
    const struct cond *cond;
    bool holds;                 /* of the row, with every `not` above it left out */
    const char *actual;         /* a test's value in the row, as text; NULL: empty, masked or none */
};

/* Why the condition of that number holds of the row, or not: one line for each part of the tree, in
 * the arena. */
void lang_eval_because(const struct lang_eval *ev, size_t index, struct arena *a,
                       struct lang_because **out, size_t *n);

/* Appends a value as a condition has it: bare where it can be, else in quotes. */
void lang_word_print(const char *word, struct buf *out);

/* The noun one of whose rows a word names that is a value of it; NULL: such words name no rows. */
const char *lang_names(struct lang_name name);

/* Which of the error's parameters is its column; -1: it has none. */
int lang_error_column(const struct err *e);

/* ---- while it is typed ----------------------------------------------------------------------- */

/* What a stretch of the text is, for its colour. */
enum lang_look { LOOK_FIELD, LOOK_OPERATOR, LOOK_VALUE, LOOK_TEXT, LOOK_LINK, LOOK_BRACKET, LOOK_WRONG };
struct lang_stretch { size_t at, end; enum lang_look look; };

/* The stretches of a text, right or wrong, in its order, blanks between them left out; in the arena. */
void lang_look(struct arena *a, const char *text, const struct lang_env *env,
               struct lang_stretch **out, size_t *n);

/* What may stand at byte `at` of a text that is right up to there. */
struct lang_wish {
    enum { WISH_FIELD, WISH_OPERATOR, WISH_VALUE, WISH_LINK, WISH_NONE } kind;
    size_t from, to;            /* the bytes of the word that is begun there */
    struct lang_name name;      /* WISH_OPERATOR, WISH_VALUE: what is tested */
    enum cond_op op;            /* WISH_VALUE */
    const struct noun *noun;    /* whose fields and rows are meant: that of a list inside its brackets */
    bool in_list;               /* another value, or the closing bracket */
};

/* A proposal: what is put in the place of the word, and what it is called beside it. `search`: a whole test
 * that looks for the word, which names no field. */
struct lang_proposal { const char *text, *label; bool search; };

void lang_wish(struct arena *a, const char *text, size_t at, const struct lang_env *env,
               struct lang_wish *out);

/* The word that is begun, without its quotes; in the arena. */
const char *lang_begun(struct arena *a, const char *text, const struct lang_wish *wish);

/* The proposals for a wish that need no data, best first: names, operators, choices, days, links, in
 * the language (as in lang_print()), those that go on with what is begun or are near to it. */
void lang_propose(struct arena *a, const char *text, const struct lang_wish *wish,
                  const struct lang_env *env, const char *lang,
                  struct lang_proposal **out, size_t *n);

/* ---- names and order ------------------------------------------------------------------------- */

/* The field of that name or label (in either language), `attr.KEY` too; only what is stored and can be
 * tested. */
enum status lang_name_find(const struct lang_env *env, const char *text, struct lang_name *out,
                           struct err *e);

/* The name as --columns, --sort and conditions have it. */
void lang_name_print(struct lang_name name, struct buf *out);

/* May the caller order by it? Not by what the lens masks: neighbours in a sorted list tell it; nor by
 * references to several. */
bool lang_may_sort(const struct lang_env *env, struct lang_name name);

struct lang_sort { struct lang_name name; bool desc; };

/* Parses "left,-received_at". *out is an array of *n in the arena; blank text gives none. */
enum status lang_sort_parse(struct arena *a, const char *text, const struct lang_env *env,
                            struct lang_sort **out, size_t *n, struct err *e);

#endif
