/* record.h - one description of each noun, read by every part that moves records about.
 *
 * A record is a plain struct; beside it stands a table of fields. The interpreters of the table are
 * core/store/row.h (SQL), core/model/record_json.h, core/model/record_text.h (table cells, CSV) and the entry
 * forms of the views. No other place lists the members of a record.
 *
 * Empty values: NONE (INT64_MIN) for whole numbers, times, amounts and flags; NaN for numbers; NULL for text
 * (never ""); id 0 for references. Text belongs to the arena that the record was read or parsed into.
 */
#ifndef CORE_MODEL_RECORD_H
#define CORE_MODEL_RECORD_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/status.h"

/* A reference to a row of another noun. In JSON `x` is the code and `x_id` the id; the name is for
 * screens. */
struct ref { int64_t id; const char *code, *name; };

/* References to several rows of one noun, no row twice; as read, in the order of their codes. */
struct refs { struct ref *items; size_t n; };

/* A list inside the input or the output of an operation. */
struct list { void *items; size_t n; };

/* The custom fields of a record: parallel to the table of definitions they were read with. */
struct attr;
struct attrs { struct attr *items; size_t n; };

enum ftype {
    F_ID,           /* int64_t; text in JSON */
    F_INT,          /* int64_t */
    F_MONEY,        /* int64_t fen */
    F_TIME,         /* int64_t ms UTC */
    F_FLAG,         /* int64_t 0 or 1 */
    F_NUMBER,       /* double */
    F_TEXT,         /* const char * */
    F_CHOICE,       /* const char *, one of field.choices */
    F_SECRET,       /* const char *, stored as x_enc and x_hash; masked unless revealed */
    F_REF,          /* struct ref, stored as x_id; field.ref names the noun */
    F_REFS,         /* struct refs, stored as rows of NOUN_REF (lead_tag); field.ref names the noun */
    F_ATTRS,        /* struct attrs, stored in the side table */
    F_LIST,         /* struct list of field.rec; not stored */
};

enum {
    FIELD_REQUIRED = 1,     /* create refuses it empty */
    FIELD_READONLY = 2,     /* set by operations, not by a caller's create or change */
    FIELD_PII = 4,          /* names a person: masked for roles that may not see people */
    FIELD_KEYED = 8,        /* F_TEXT with a column x_key (text_key of it); comparisons use that */
    FIELD_SORT = 16,        /* an index leads with it (after branch where the noun has one) */
    FIELD_FIXED = 32,       /* may be given at creation, never changed */
    FIELD_WIDE = 64,        /* left out of tables unless asked for */
    FIELD_VIRTUAL = 128,    /* not stored: an operation's own */
    FIELD_PINYIN = 256,     /* FIELD_KEYED with a column x_py beside: pinyin_initials() of the key */
};

struct choice { const char *code, *label; };    /* label is a msgid; the list ends in { NULL, NULL } */

struct record;

struct field {
    const char *name;               /* column, JSON key, CSV header, --columns: never changes */
    const char *label;              /* msgid; labels may change */
    enum ftype type;
    unsigned flags;
    size_t off;
    const char *ref;                /* F_REF, F_REFS: the noun */
    const struct choice *choices;   /* F_CHOICE */
    const struct record *rec;       /* F_LIST */
    /* numbers: bounds; text: bytes at most in max; F_REFS: rows at most in max; 0,0 = none */
    int64_t min, max;
    const char *help;               /* msgid of a sentence, or NULL */
};

struct record {
    const char *name;               /* "lead" */
    size_t size;
    const struct field *fields;
    size_t nfields;
};

/* The member's C type must be the field type's: a wrong one does not compile. */
#define FIELD_IS_(T, m, ctype) (0 * sizeof(char[_Generic(((T *)0)->m, ctype: 1, default: -1)]))
#define FIELD_(T, m, ftype_, ctype, label_, ...)                                                   \
    {                                                                                              \
        .name = #m, .label = (label_), .type = (ftype_),                                           \
        .off = offsetof(T, m) + FIELD_IS_(T, m, ctype), __VA_ARGS__                                \
    }

#define FIELD_ID(T, m, label, ...)     FIELD_(T, m, F_ID, int64_t, label, __VA_ARGS__)
#define FIELD_INT(T, m, label, ...)    FIELD_(T, m, F_INT, int64_t, label, __VA_ARGS__)
#define FIELD_MONEY(T, m, label, ...)  FIELD_(T, m, F_MONEY, int64_t, label, __VA_ARGS__)
#define FIELD_TIME(T, m, label, ...)   FIELD_(T, m, F_TIME, int64_t, label, __VA_ARGS__)
#define FIELD_FLAG(T, m, label, ...)   FIELD_(T, m, F_FLAG, int64_t, label, __VA_ARGS__)
#define FIELD_NUMBER(T, m, label, ...) FIELD_(T, m, F_NUMBER, double, label, __VA_ARGS__)
#define FIELD_TEXT(T, m, label, ...)   FIELD_(T, m, F_TEXT, const char *, label, __VA_ARGS__)
#define FIELD_CHOICE(T, m, label, ...) FIELD_(T, m, F_CHOICE, const char *, label, __VA_ARGS__)
#define FIELD_SECRET(T, m, label, ...) FIELD_(T, m, F_SECRET, const char *, label, __VA_ARGS__)
#define FIELD_REF(T, m, noun, label, ...) FIELD_(T, m, F_REF, struct ref, label, .ref = (noun), __VA_ARGS__)
#define FIELD_REFS(T, m, noun, label, ...) \
    FIELD_(T, m, F_REFS, struct refs, label, .ref = (noun), __VA_ARGS__)
#define FIELD_ATTRS(T, m, label, ...)  FIELD_(T, m, F_ATTRS, struct attrs, label, __VA_ARGS__)
#define FIELD_LIST(T, m, record_, label, ...)                                                      \
    FIELD_(T, m, F_LIST, struct list, label, .rec = (record_), __VA_ARGS__)

#define RECORD(T, name_, fields_)                                                                  \
    {                                                                                              \
        .name = (name_), .size = sizeof(T), .fields = (fields_),                                   \
        .nfields = sizeof(fields_) / sizeof(*(fields_))                                            \
    }

/* One custom field's definition, as the registry has it (attr_defs(), core/store/row.h). Custom
 * fields take part in conditions, columns and JSON as `attr.KEY`. */
struct attr_def {
    int64_t id;
    const char *key, *label;
    enum ftype type;            /* F_TEXT, F_NUMBER, F_TIME, F_CHOICE or F_FLAG */
    const struct choice *choices;
    bool off;                   /* switched off: what it holds stays, and its label may be another's */
};

struct attr {
    const struct attr_def *def;
    int64_t i;                  /* F_TIME, F_FLAG; NONE is empty */
    double d;                   /* F_NUMBER; NaN is empty */
    const char *s;              /* F_TEXT, F_CHOICE; NULL is empty */
};

/* The field by name, or NULL. */
const struct field *record_field(const struct record *r, const char *name);

/* How a word calls what has this name and label, the stronger later: by the label in the other language,
 * by the label as it is shown, by the name. key: text_key() of the word; label: a msgid, or NULL. */
enum called { CALLED_NOT, CALLED_OTHER, CALLED_SHOWN, CALLED_NAME };
enum called how_called(struct arena *a, const char *key, const char *name, const char *label);

/* The field that people call so, case-folded: the strongest above. NULL where there is none, or where one
 * label is as much another field's. */
const struct field *record_field_called(const struct record *r, const char *text);

/* The choices of a custom field, which stand as codes by comma; each is its own label. In the arena. */
const struct choice *choices_split(struct arena *a, const char *codes);

/* A record with every member empty, in the arena; and the same for one that stands. */
void *record_new(const struct record *r, struct arena *a);
void record_empty(const struct record *r, void *rec);

/* The member. The type must fit (assert). */
int64_t *field_int(const struct field *f, void *rec);          /* ID INT MONEY TIME FLAG */
double *field_number(const struct field *f, void *rec);
const char **field_text(const struct field *f, void *rec);     /* TEXT CHOICE SECRET */
struct ref *field_ref(const struct field *f, void *rec);
struct refs *field_refs(const struct field *f, void *rec);
struct attrs *field_attrs(const struct field *f, void *rec);
struct list *field_list(const struct field *f, void *rec);

/* Is the row of that id among them? */
bool refs_have(const struct refs *r, int64_t id);

bool field_empty(const struct field *f, const void *rec);
/* Attrs and lists are never equal; references to several are when they name the same rows. */
bool field_equal(const struct field *f, const void *a, const void *b);

/* The choice of that code, or that people call so; NULL if none. */
const struct choice *choice_find(const struct choice *list, const char *text);

/* Checks one member against the table: required (create only), choice, bounds, length, UTF-8. The error names
 * the field. record_check does it for all fields; `create` says that required ones must be there. */
enum status field_check(const struct field *f, const void *rec, bool create, struct err *e);
enum status record_check(const struct record *r, const void *rec, bool create, struct err *e);

#endif
