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

/* In the language in use; NULL if it has none. */
const char *name_label(struct lang_name n);
/* The label for an error's parameters: a field's msgid, a custom field's own word; NULL if none. */
const char *name_msgid(struct lang_name n);

enum ftype name_type(struct lang_name n);
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

/* A value as it was written. */
struct operand {
    const char *text;       /* with its minus sign */
    bool quoted;
    char sign;              /* + or - of an offset ("now - 3d"), else 0 */
    const char *offset;     /* "3d" */
    const char *all;        /* the whole, for errors */
    int column;
};

/* What the operand means to that field. */
enum status value_read(struct arena *a, struct lang_name n, const struct operand *o,
                       struct value *out, struct err *e);
void value_print(struct lang_name n, const struct value *v, bool zh, struct buf *out);

/* Bare where it can be, else in quotes. */
void word_print(const char *s, bool quote, struct buf *out);

/* ---- errors ---- */

/* ST_INVALID "cond.syntax" at the token that l stands on. expected: a msgid. */
enum status syntax_fail(const struct lexer *l, const char *expected, struct err *e);

enum { NUMBER_TEXT = 24 };
const char *number_text(long long v, char out[NUMBER_TEXT]);

#endif
