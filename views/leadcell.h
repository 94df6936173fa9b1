/* leadcell.h - a lead as a row: columns, cells, what it is called. UI thread. */
#ifndef VIEWS_LEADCELL_H
#define VIEWS_LEADCELL_H

#include "tui/table.h"
#include "core/model/nouns.h"

enum lead_column {
    LEAD_NAME, LEAD_PRODUCT, LEAD_SOURCE, LEAD_INTENT, LEAD_STAGE, LEAD_IDLE, LEAD_LEFT, LEAD_SCORE,
        LEAD_OWNER, LEAD_COLUMNS
};
/* The columns for the language in use. */
const struct table_column *lead_columns(void);

/* The field that the server sorts by for a column, or NULL. */
const char *lead_sort_field(int column);

/* What the rows need of a lead: --columns of lead.list. The indexes of core/store/schema/005_lists carry just
 * this, so that a page never reads the table: the pane reads the rest by itself. */
extern const char lead_row_fields[];

/* Name, else phone, else external id, else the first custom field: never empty. In the arena. */
const char *lead_called(const struct lead *l, struct arena *a);

/* Name of a reference, else its code, else "". */
const char *ref_word(const struct ref *r);
/* The same of a product and of a pool; what init makes, "none" and "default", in the language in use. */
const char *product_word(const struct ref *r);
const char *pool_word(const struct ref *r);

/* The stage in the bank's words, and its ink. */
const char *stage_word(const struct lead *l, int *ink);
/* The intent, "-" without. */
const char *intent_word(const struct lead *l, int *ink);

/* Since when nobody has followed up. */
int64_t lead_idle_since(const struct lead *l);

void lead_cell(const struct lead *l, const char *called, int column, int64_t now, struct table *t,
               struct table_cell *out);

#endif
