/* noun.h - the nouns: which record, which table, which column carries the branch. */
#ifndef CORE_MODEL_NOUN_H
#define CORE_MODEL_NOUN_H

#include "core/model/record.h"

/* Rows of another noun that belong to a row of this one; conditions ask for them ("any follow_ups (...)",
 * "did follow_up at least 2 times in 30d"). A table of them ends in a row without a name. */
struct noun_list {
    const char *name;           /* "follow_ups" */
    const char *one;            /* "follow_up": after "did" */
    const char *label;          /* msgid of both */
    const struct noun *noun;
    const char *key;            /* its column that names our row */
    const char *own;            /* our column that it names: "id", "person_id" */
    const char *at;             /* its field that says when, for windows */
    const char *only;           /* SQL that holds of those that are meant, on alias "r"; NULL: all */
};

/* How long ago something was: a computed field of conditions ("idle > 7d"). Counted from the first of
 * two times that is set; empty where neither is. A table of them ends in a row without a name. */
struct noun_span { const char *name, *label, *from, *or_from; };

/* The events by which a field changes whatever their data say ("stage changed within 7d"): those of before
 * 2026-11 name no fields. A table of them ends in a row without a field. */
struct noun_change { const char *field; const char *events; /* types by blanks */ };

struct noun {
    const char *name;           /* "lead": operation names, --noun */
    const char *plural;         /* "leads": KIND of the command line, HTTP path */
    const char *label;          /* msgid, plural, for headings */
    const char *table;
    const struct record *rec;
    const char *scope;          /* the column that carries the branch, or NULL: seen by all who may read it */
    const char *code;           /* the field that names a row to people */
    const char *sort;           /* default sort, as --sort has it: "left", "-at" */
    const char *attr_table;     /* side table of custom fields, or NULL */
    const char *columns;        /* default columns of tables */
    const struct noun_list *lists;      /* NULL: none */
    const struct noun_span *spans;      /* NULL: none */
    const struct noun_change *changes;  /* NULL: none */
    const char *bucket;         /* the column by whose id rows are drawn into random buckets; NULL: "id" */
};

extern const struct noun branch_noun, employee_noun, account_noun, channel_noun, product_noun,
    tag_noun, pool_noun, stage_noun, person_noun, consent_noun, lead_noun, deal_noun, follow_up_noun,
    task_noun, message_noun, custom_field_noun, event_noun, audit_noun, import_noun,
    segment_noun, filter_noun;

/* All of them, in the order of the documentation; NULL at the end. */
extern const struct noun *const nouns[];

/* By singular or plural name; '-' stands for '_'. NULL if there is none. */
const struct noun *noun_find(const char *name);

#endif
