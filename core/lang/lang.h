/* lang.h - the one language of conditions: text to tree, tree to text (English and Chinese), tree
 * to SQL.
 *
 *     stage in (new, contacted) and amount >= 3万 and not (owner is empty)
 *     阶段 属于 (new, contacted) 且 金额 >= 30000 且 非 (归属人 为空)
 *
 * Both are spellings of one tree: parsed from either, printed in either. What is stored of a
 * condition is its English print: field names and codes, never labels. Meaning (docs/contract.md,
 * Conditions): there is no third value; on an empty field `= < <= > >= in contains` are false,
 * `!=`, `not in` and `not` are true; negation stays as written.
 *
 * A NULL tree is the empty condition: it is true of every row. Trees live in the arena they were
 * parsed into and are never changed. Any thread. Errors are ST_INVALID, and columns count characters
 * from 1. A field is named as it is typed; its label (a msgid, or of a custom field the bank's word)
 * comes last. Parameters of the codes:
 *
 *     cond.syntax         column, what stands there ("" at the end), what was expected (a msgid),
 *                         nearest word or ""
 *     cond.unknown_field  name, nearest name or "", column
 *     cond.operator       field, operator, column, label: the field can't be tested like that
 *     cond.type           field, value, what the field takes (a msgid), column, label
 *     cond.unknown_value  field, value, nearest value or "", column, label
 *     cond.empty_value    field, column: nothing stands between the quotes; `is empty` is meant
 *     cond.too_long       the most bytes
 *     cond.too_deep       the most levels; also what a database's parser can't hold
 *     cond.too_many       the most values of a list, or the most sort keys
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
};

/* The alias of the side table in compiled SQL: "left join lead_x x on x.id = t.id". */
#define LANG_SIDE "x"

/* What the compiler has to ask of others. Only lang_compile() asks. */
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
};

/* What a condition is about and who wrote it. Everything outlives the trees made with it. */
struct lang_env {
    const struct noun *noun;
    const struct attr_def *attrs;           /* custom fields, if the noun has a side table */
    size_t nattrs;
    const struct lens *lens;                /* NULL: nothing is masked */
    int64_t me;                             /* the caller's employee; 0: none, no row is theirs */
    const struct lang_resolver *resolver;   /* NULL: parse and print only */
    /* The condition only sifts what an order or a scope gives: no index is to serve it. SQLite knows
     * no LIMIT when it chooses, and would rather sort all rows of a condition than step to the
     * fortieth that meets it. */
    bool sifts;
};

/* ---- the tree -------------------------------------------------------------------------------- */

/* What is tested: a field of the record or a custom field; the other is NULL. */
struct lang_name { const struct field *field; const struct attr_def *attr; };

enum cond_op {
    OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_NOT_IN, OP_EMPTY, OP_SET,
    OP_CONTAINS, OP_STARTS, OP_UNDER,
    OP_COUNT
};

enum value_kind {
    VAL_TEXT,       /* s: text, a choice's code, the word for a reference, a secret */
    VAL_INT,        /* i: id, whole number, fen, flag */
    VAL_NUMBER,     /* d */
    VAL_DAY,        /* i: a moment about noon of a civil day of the bank's zone */
    VAL_TIME,       /* i: ms */
    VAL_TODAY,      /* i: days from today: `yesterday` is -1 */
    VAL_NOW,        /* i: ms from now */
    VAL_ME,
};

struct value {
    enum value_kind kind;
    int column;         /* where it stood, for errors; 0: unknown */
    int64_t i;
    double d;
    const char *s;
};

enum cond_kind { COND_AND, COND_OR, COND_NOT, COND_TEST };

struct cond {
    enum cond_kind kind;
    struct cond **kids;         /* AND, OR: two or more; NOT: one */
    size_t nkids;
    struct lang_name name;      /* TEST, and all below */
    enum cond_op op;
    int column;                 /* where the name stood; 0: unknown */
    struct value *values;       /* IN, NOT_IN: one or more; EMPTY, SET: none; else one */
    size_t nvalues;
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
 * in use. lang_parse() of what was printed gives an equal tree. */
void lang_print(const struct cond *c, const struct lang_env *env, const char *lang,
                struct buf *out);

/* Same tree? Columns don't count. */
bool lang_equal(const struct cond *a, const struct cond *b);

/* Does c hold only where the field of that name equals one value (`owner = me and ...`)? A day is a
 * range. For planners. */
bool lang_fixes(const struct cond *c, const char *field);

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

/* Appends the column that holds the name: x_id of a reference, x_hash of a secret, and for a keyed
 * text x_key if `key`, else x. */
void lang_column(struct sql *q, struct lang_name name, const char *alias, bool key);

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
