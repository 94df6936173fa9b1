/* queryplan.h - what the files of a list share. Private to core/noun. */
#ifndef CORE_NOUN_QUERYPLAN_H
#define CORE_NOUN_QUERYPLAN_H

#include "core/guard/cursor.h"
#include "core/lang/lang.h"
#include "core/noun/query.h"

/* Bytes of a text in a cursor, which has LANG_SORTS of them, each with its length, and the id. */
enum { CURSOR_TEXT = 256 };
_Static_assert(LANG_SORTS * (CURSOR_TEXT + 8) + 24 <= CURSOR_PLACE, "the longest place");

/* The value of one sort key in a cursor. */
struct key_value {
    char type;              /* i, d, t; T: the start of a longer text; n: empty */
    int64_t i;
    double d;
    const char *s;
};

/* What one stream of several is of: a branch, what waits in a pool (of any branch), or all of a pool. */
struct source { int64_t id; enum { OF_BRANCH, OF_WAITING, OF_POOL } of; };

struct plan {
    struct ctx *c;
    const struct noun *noun;
    struct cursor_list list;    /* what a cursor belongs to */
    struct shape shape;
    struct lang_env env;
    struct cond *cond;
    struct lang_sort *sort;
    size_t nsort;
    bool side;              /* the side table is needed */
    struct source *sources; /* one stream each, merged; NULL: one stream for all */
    size_t nsources;
    bool small;             /* the scope has few rows, and finds them */
    bool ordered;           /* the order's index drives, the condition sifts what it gives */
    const char *gram;       /* a part of a name that few have drives; NULL: none */
    const char *sieve;      /* a part of a name that many have: tried before a row is read; NULL: none */
    bool from_side;         /* all rows are looked at, and only those with custom fields can be meant */
    bool due;               /* names wait for their grams: they are asked too */
    bool back;
    struct key_value *from; /* of the cursor; NULL: from the start */
    int64_t from_id;
    int64_t limit, skip;
};

/* An index-ordered list is read in parts, each a plain range of the index: behind a cursor first what
 * has the same key as its row (TIES), then what lies beyond (REST), and last, or backwards first,
 * what has no key (EMPTY). As one range, (key, id) > ($1, $2), SQLite would step through all rows of
 * that key, and a Monday can have thousands. */
enum part { TIES, REST, EMPTY };

/* querysql.c: the leads with that part in their names, as lead_id; one that waits comes twice while it gets
 * its grams. */
void sql_named(const struct plan *p, const char *gram, const char *unite, struct sql *q);

/* queryplan.c. Reads condition, order and columns of `in`, and chooses what drives; the cursor is left
 * to cursor_read(). What is wrong in them is an error with the field's name. */
enum status plan_make(struct plan *p, struct ctx *c, const struct noun *noun, const struct query *in);
/* The fields to be read: those named (by comma), and those of the order. */
enum status plan_columns(struct plan *p, const char *columns);
bool plan_by_id(const struct plan *p);          /* in the order of the ids alone */
/* Do the ids of rows that are equal fall? Only where an index is read from its end, whether or not
 * this list is read from it. */
bool plan_ids_fall(const struct plan *p);
bool plan_indexed(const struct plan *p);        /* an index leads with the key: it can be stepped */
bool plan_single(const struct plan *p);         /* one row at most */
bool plan_narrow(const struct plan *p);         /* a field is fixed whose rows are few, or stand
                                                 in the list's order under it */
size_t plan_pools(const struct plan *p);        /* pools whose leads he sees wherever they are */

/* querycursor.c. Takes a cursor into p->from; ST_INVALID "list.cursor" for what is none of this list. */
enum status cursor_read(struct plan *p, const char *cursor);
/* The cursor of a record's place, in the arena. */
const char *cursor_at(struct plan *p, void *rec);
/* The values of the order (nsort of them) of a row that the caller may see; ST_NOT_FOUND. */
enum status cursor_keys(const struct plan *p, int64_t id, struct key_value *keys);

/* querysql.c. One part of an index-ordered list: of one source with id and key before the row's columns,
 * for the merge; with `of` NULL the whole scope's. */
enum status sql_of_part(struct plan *p, struct sql *q, const struct source *of, enum part part);
enum status sql_of_sorted(struct plan *p, struct sql *q);       /* all of it, by sorting */
/* " and (CONDITION)"; says in p->side if the side table is needed, so it comes before sql_from(). */
enum status sql_condition(struct plan *p, struct sql *q);
void sql_from(const struct plan *p, struct sql *q);             /* the tables, and "where" */

#endif
