/* noun.h - the nouns: which record, which table, which column carries the branch. */
#ifndef CORE_MODEL_NOUN_H
#define CORE_MODEL_NOUN_H

#include "core/model/record.h"

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
};

extern const struct noun branch_noun, employee_noun, account_noun, channel_noun, product_noun,
    tag_noun, pool_noun, stage_noun, person_noun, consent_noun, lead_noun, deal_noun, follow_up_noun,
    task_noun, message_noun, custom_field_noun, event_noun, audit_noun, import_noun;

/* All of them, in the order of the documentation; NULL at the end. */
extern const struct noun *const nouns[];

/* By singular or plural name; '-' stands for '_'. NULL if there is none. */
const struct noun *noun_find(const char *name);

#endif
