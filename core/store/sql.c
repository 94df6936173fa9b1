#include "core/store/sql.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void sql_init(struct sql *q, struct arena *a)
{
    *q = (struct sql){ .text = BUF_INIT, .arena = a };
}

void sql_release(struct sql *q)
{
    buf_release(&q->text);
}

void sql_add(struct sql *q, const char *text)
{
    buf_adds(&q->text, text);
}

void sql_addf(struct sql *q, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&q->text, fmt, ap);
    va_end(ap);
}

static void add_value(struct sql *q, struct sql_value v)
{
    q->values = arena_grow(q->arena, q->values, sizeof *q->values, &q->cap, q->n + 1);
    q->values[q->n++] = v;
}

static void placeholder(struct sql *q, struct sql_value v)
{
    add_value(q, v);
    buf_addf(&q->text, "$%zu", q->n);
}

void sql_int(struct sql *q, int64_t v)
{
    placeholder(q, (struct sql_value){ .type = v == NONE ? 'n' : 'i', .i = v });
}

void sql_num(struct sql *q, double v)
{
    placeholder(q, (struct sql_value){ .type = 'd', .d = v });
}

void sql_text(struct sql *q, const char *v)
{
    placeholder(q, (struct sql_value){ .type = v ? 't' : 'n',
                                       .s = arena_strdup(q->arena, v),
                                       .len = v ? strlen(v) : 0 });
}

void sql_blob(struct sql *q, const void *v, size_t len)
{
    placeholder(q, (struct sql_value){ .type = v ? 'b' : 'n',
                                       .s = v ? arena_memdup(q->arena, v, len) : NULL,
                                       .len = len });
}

void sql_append(struct sql *q, const struct sql *part)
{
    size_t base = q->n;
    for (const char *p = part->text.s; *p;) {
        if (*p != '$') {
            buf_addc(&q->text, *p++);
            continue;
        }
        char *end;
        unsigned long n = strtoul(p + 1, &end, 10);
        buf_addf(&q->text, "$%zu", base + n);
        p = end;
    }
    for (size_t i = 0; i < part->n; i++)
        add_value(q, part->values[i]);
}

struct stmt *sql_query(struct sql *q, struct db *db)
{
    struct stmt *s = db_prepare(db, q->text.s);
    for (size_t i = 0; i < q->n; i++) {
        const struct sql_value *v = &q->values[i];
        int n = (int)i + 1;
        switch (v->type) {
        case 'i': db_bind_int(s, n, v->i); break;
        case 'd': db_bind_num(s, n, v->d); break;
        case 't': db_bind_text(s, n, v->s, v->len); break;
        case 'b': db_bind_blob(s, n, v->s, v->len); break;
        default: db_bind_null(s, n);
        }
    }
    return s;
}
