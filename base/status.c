/* status.c - filling and naming what went wrong. */
#include "base/status.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"

static void copy_cut(char *to, size_t size, const char *from)
{
    size_t n = text_cut(from, size - 1);

    memcpy(to, from, n);
    to[n] = '\0';
}

static void fill(struct err *e, enum status st, const char *field, const char *code, va_list ap)
{
    const char *p;

    assert(st != ST_OK);
    assert(code && strlen(code) < sizeof e->code);
    err_clear(e);
    e->status = st;
    copy_cut(e->code, sizeof e->code, code);
    copy_cut(e->field, sizeof e->field, field);
    while (e->nparam < ERR_PARAMS && (p = va_arg(ap, const char *)))
        copy_cut(e->param[e->nparam++], ERR_PARAM_SIZE, p);
}

enum status fail(struct err *e, enum status st, const char *code, ...)
{
    va_list ap;

    if (e) {
        va_start(ap, code);
        fill(e, st, "", code, ap);
        va_end(ap);
    }
    return st;
}

enum status fail_field(struct err *e, enum status st, const char *field, const char *code, ...)
{
    va_list ap;

    if (e) {
        va_start(ap, code);
        fill(e, st, field ? field : "", code, ap);
        va_end(ap);
    }
    return st;
}

void err_clear(struct err *e)
{
    memset(e, 0, sizeof *e);
}

const char *status_name(enum status st)
{
    static const char *const names[] = {
        [ST_OK] = "ok",
        [ST_FAILED] = "failed",
        [ST_INVALID] = "invalid",
        [ST_NOT_FOUND] = "not_found",
        [ST_CONFLICT] = "conflict",
        [ST_DENIED] = "denied",
        [ST_UNREACHABLE] = "unreachable",
        [ST_CANCELLED] = "cancelled",
    };

    assert((size_t)st < sizeof names / sizeof *names);
    return names[st];
}
