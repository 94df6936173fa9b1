/* columns.h - which columns of a noun a list or an export has, and rows of them as table, CSV and
 * JSON. */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "cli/cli.h"
#include "core/data/csvwrite.h"
#include "core/model/noun.h"

/* A field, or the custom field of that key (field is then the record's F_ATTRS). Of a custom field
 * the first row tells whether it is a number. */
struct column { const struct field *field; const char *attr; bool number; };

struct columns {
    const struct noun *noun;
    struct column *items;
    size_t n;
    const char *names;          /* by comma, as query.columns wants them */
};

/* From "a,b,attr.c" (names or labels); NULL: the noun's default ones. ST_INVALID "cli.columns"
 * names the nearest. */
enum status columns_parse(struct cli *c, const struct noun *noun, const char *text,
                          struct columns *out);

/* What stands above a column: its name. In a. */
const char *column_name(const struct column *col, struct arena *a);

/* Settles what only a row can tell. To be called with the first. */
void columns_learn(struct columns *cols, const void *rec);

/* One cell as data; in a. */
const char *column_text(const struct column *col, const void *rec, struct arena *a);

/* An object with these columns only. */
void columns_to_json(const struct columns *cols, const void *rec, struct buf *out);

/* ---- a table that is aligned for eyes -------------------------------------------------------- */

struct table;

/* Widths are those of the widest cell among the first rows; a longer one after them moves only its
 * own line. On a terminal lines are cut at its width, elsewhere never. */
struct table *table_new(struct columns *cols);
void table_row(struct table *t, const void *rec);
void table_end(struct table *t,
               bool whole); /* writes what is kept and frees; not whole: an error came first */

#endif
