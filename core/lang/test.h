/* test.h - one test of a condition: its name, operator and values. Private to core/lang. */
#ifndef CORE_LANG_TEST_H
#define CORE_LANG_TEST_H

#include "core/lang/lex.h"

/* ---- names ---- */

/* The field (or, with `attr`, the custom field) of that name or label, in whichever language; where a
 * label is one field's in the language in use and another's in the other, the former. A label that two
 * fields share names neither. name_find() fails with the nearest name. */
bool name_lookup(const struct lang_env *env, bool attr, const char *text, struct lang_name *out);
enum status name_find(const struct lang_env *env, bool attr, const char *text, int column,
                      struct lang_name *out, struct err *e);

/* The same, and no span: what has a column, to be shown and sorted by. */
enum status name_find_stored(const struct lang_env *env, bool attr, const char *text, int column,
                             struct lang_name *out, struct err *e);
bool name_same(struct lang_name a, struct lang_name b);

/* No name that can be found in a run of words is longer than so many bytes. */
size_t name_longest(const struct lang_env *env);

/* The field of that name behind the reference. */
bool name_lookup_behind(const struct lang_env *env, const struct field *via, const char *text,
                        struct lang_name *out);

/* The list of that name (plural, singular or label); and what is said where there is none. */
const struct noun_list *list_lookup(const struct noun *noun, const char *text);
enum status list_unknown(const struct noun *noun, const char *text, int column, struct err *e);

/* In the language in use; NULL if it has none. */
const char *name_label(struct lang_name n);
/* The label for an error's parameters: a field's msgid, a custom field's own word; NULL if none. */
const char *name_msgid(struct lang_name n);

/* What it is to tests: a field's enum ftype, or one of these. */
enum { T_SPAN = F_LIST + 1, T_BUCKET, T_SEGMENT };
int name_type(struct lang_name n);
const struct choice *name_choices(struct lang_name n);
/* Does it compare by a key column? */
bool name_is_keyed(struct lang_name n);
/* Names a person that the lens hides? */
bool name_is_masked(const struct lang_env *env, struct lang_name n);
bool name_refers_to(struct lang_name n, const char *noun);
/* As English prints it, in a static-sized buffer for errors. */
enum { NAME_TEXT = 160 };
const char *name_text(struct lang_name n, char out[NAME_TEXT]);
/* Its column, in the arena. */
const char *name_column(struct arena *a, struct lang_name n, const char *alias, bool key);

/* ---- operators ---- */

enum { OP_TEXT = 32 };
const char *op_print(enum cond_op op, bool zh, char out[OP_TEXT]);
/* May this field be tested like that, by this caller? */
enum status test_check(const struct lang_env *env, struct lang_name n, enum cond_op op, int column,
                       struct err *e);

/* ---- values ---- */

/* Is it several tests bound together, not one? */
static inline bool is_chain(const struct cond *c)
{
    return c->kind == COND_AND || c->kind == COND_OR;
}
static inline bool is_counted(const struct cond *c)
{
    return c->kind == COND_ANY || c->kind == COND_EVERY || c->kind == COND_DID;
}

/* A value as it was written. */
struct operand {
    const char *text;       /* with its minus sign */
    enum special said;      /* what a bare word means: of "start of month" SP_START_MONTH */
    bool quoted;
    bool joined;            /* of several words: "start of month" */
    char sign;              /* + or - of an offset ("now - 3d"), else 0 */
    const char *offset;     /* "3d" */
    const char *all;        /* the whole, for errors */
    int column;
};

/* What the operand means to that field. */
enum status value_read(struct arena *a, struct lang_name n, const struct operand *o,
                       struct value *out, struct err *e);
/* A span of time in one word: "7d", "3工作日". False if it is none. */
bool span_read(const char *text, struct value *out);
void value_print(struct lang_name n, const struct value *v, bool zh, struct buf *out);

/* Is it a whole day, and from when to when (the next one's first moment)? */
bool value_is_day(const struct value *v);
void value_day(const struct value *v, int64_t *from, int64_t *to);
/* A span that ends now: the first moment that lies no further back than it, and the last one that lies no
 * nearer. In calendar time they are one. */
void span_back(const struct value *v, int64_t *first, int64_t *last);
/* The moment that lies so far ahead. */
int64_t span_ahead(const struct value *v);

/* Bare where it can be, else in quotes. */
void word_print(const char *s, bool quote, struct buf *out);

/* ---- errors ---- */

/* ST_INVALID "cond.syntax" at the token that l stands on. expected: a msgid. */
enum status syntax_fail(const struct lexer *l, const char *expected, struct err *e);

enum { NUMBER_TEXT = 24 };
const char *number_text(long long v, char out[NUMBER_TEXT]);

#endif
