/* query.h - lists and counts of any noun: condition, scope, order, keyset pages.
 *
 * A list is never counted by offset: a cursor carries the sort values of a row and its id, and
 * says where empty stands (last, in either direction). A list ordered by a field that an index
 * leads with is stepped in that index's order, one stream for each branch of the caller's scope (and
 * for leads one for each pool that he sees from below), merged here: the cost is the page's, not
 * the table's. Rows that are equal stand by id; it
 * rises, and falls only under one falling key that an index leads with (FIELD_SORT), or that is
 * the id. */
#ifndef CORE_NOUN_QUERY_H
#define CORE_NOUN_QUERY_H

#include "core/guard/op.h"

enum { PAGE_DEFAULT = 50, SKIP_MOST = 100000, PAGE_MOST = 500 };

/* The input of every NOUN.list and NOUN.count. */
struct query {
    const char *where;      /* condition (core/lang) */
    const char *sort;       /* "left_at,-score"; NULL: the noun's own */
    const char *columns;    /* field names by comma; NULL: all */
    const char *cursor;     /* of a page before */
    int64_t back;           /* 1: the page before the cursor, not after it */
    int64_t limit;          /* rows; NONE: PAGE_DEFAULT; at most PAGE_MOST */
    int64_t around;         /* id: the page that begins with this row's place; 0: none */
    int64_t skip;           /* rows passed over before the page begins; NONE: 0; at most SKIP_MOST */
};
extern const struct record query_record;

struct count { int64_t count; };
extern const struct record count_record;

/* Fills out->rows with records of noun, in the list's order also when back is set. */
enum status query_list(struct ctx *c, const struct noun *noun, const struct query *in, struct page *out);

/* Counts the rows that the caller may see. With c->progress a count of a condition that takes longer says ten
 * times a second how many it has so far (total 0: not known). */
enum status query_count(struct ctx *c, const struct noun *noun, const char *where, int64_t *out);

/* Appends "from lead t ... where SCOPE and (CONDITION)": all rows that the caller may see, for a statement
 * that does something with them at once. After an error q is to be released. */
enum status query_from(struct ctx *c, const struct noun *noun, const char *where, struct sql *q);

#endif
