/* sql.h - a statement under construction: text and its bound values, never a value inside the text. */
#ifndef CORE_STORE_SQL_H
#define CORE_STORE_SQL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "core/store/db.h"

struct sql_value {
    char type;          /* i d t b n, as in db_query */
    int64_t i;
    double d;
    const char *s;      /* t and b: in the caller's arena */
    size_t len;
};

struct sql {
    struct buf text;
    struct sql_value *values;
    size_t n, cap;
    struct arena *arena;    /* values live here */
};

void sql_init(struct sql *q, struct arena *a);
void sql_release(struct sql *q);        /* the text; the values are the arena's */

/* Appends text that the program wrote itself: never data. */
void sql_add(struct sql *q, const char *text);
void sql_addf(struct sql *q, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Appends the next $N and remembers its value. */
void sql_int(struct sql *q, int64_t v);
void sql_num(struct sql *q, double v);
void sql_text(struct sql *q, const char *v);                     /* copied into the arena; NULL: null */
void sql_blob(struct sql *q, const void *v, size_t len);         /* copied */

/* Appends a part that was built apart: its $N are renumbered. */
void sql_append(struct sql *q, const struct sql *part);

/* Prepares and binds all. The values must live until db_end. */
struct stmt *sql_query(struct sql *q, struct db *db);

#endif
