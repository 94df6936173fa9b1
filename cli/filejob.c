#include "cli/filejob.h"

#include <string.h>

#include "cli/meter.h"
#include "core/model/noun.h"

/* "create-missing" to create_missing. */
static const char *field_of(struct arena *a, const char *option)
{
    char *name = arena_strdup(a, option);
    for (char *p = name; (p = strchr(p, '-')); p++)
        *p = '_';
    return name;
}

static enum status take_options(struct cli *c, const struct op *op, void *in, bool *given)
{
    enum status st = ST_OK;
    cli_set(c, op, in, given, "file", c->arg[1], &st);
    for (const struct option *o = c->command->options; o->name && !st; o++) {
        const char *value = cli_option(c, o->name);
        if (value)
            cli_set(c, op, in, given, field_of(&c->arena, o->name),
                    o->takes == TAKES_NOTHING ? "1" : value, &st);
    }
    return st;
}

enum status cli_file_job(struct cli *c, const char *verb, const char *what, const struct op **op,
                         void **out)
{
    struct meter bar;
    const struct noun *noun;
    *op = NULL;
    *out = NULL;
    enum status st = cli_kind(c, c->arg[0], verb, &noun);
    if (st)
        return st;
    *op = cli_op(noun->name, verb);
    *out = record_new((*op)->out, &c->arena);
    void *in = record_new((*op)->in, &c->arena);
    bool *given = arena_array(&c->arena, bool, (*op)->in->nfields);
    st = take_options(c, *op, in, given);
    if (!st)
        st = cli_open(c);
    if (st)
        return st;
    struct call call = { .op = *op,
                         .in = in,
                         .given = given,
                         .cancel = &cli_cancel,
                         .progress = meter_step,
                         .progress_arg = &bar };
    meter_start(&bar, what);
    st = backend_call(c->backend, &call, &c->arena, *out, &c->err);
    meter_end(&bar);
    return st;
}
