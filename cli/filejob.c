#include "cli/filejob.h"

#include <string.h>

#include "base/i18n.h"
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
    for (const struct option *o = c->command->options; o->name && !st; o++) {
        const char *value = cli_option(c, o->name);
        if (value)
            cli_set(c, op, in, given, field_of(&c->arena, o->name),
                    o->takes == TAKES_NOTHING ? "1" : value, &st);
    }
    return st;
}

enum status cli_file_run(struct cli *c, const struct op *op, const struct file_job *job, struct arena *a,
                         void **out, struct err *e)
{
    struct meter bar;
    void *in = record_new(op->in, a);
    bool *given = arena_array(a, bool, op->in->nfields);
    enum status st = ST_OK;
    *out = record_new(op->out, a);
    cli_set(c, op, in, given, "file", job->file, &st);
    if (job->rejects)
        cli_set(c, op, in, given, "rejects", job->rejects, &st);
    if (!st)
        st = take_options(c, op, in, given);
    if (st) {
        *e = c->err;
        return st;
    }
    struct call call = { .op = op,
                         .in = in,
                         .given = given,
                         .cancel = &cli_cancel,
                         .progress = meter_step,
                         .progress_arg = &bar };
    meter_start(&bar, job->what, _("rows"));
    st = backend_call(c->backend, &call, a, *out, e);
    meter_end(&bar);
    return st;
}

/* The words are checked before the database is opened. */
static enum status try_options(struct cli *c, const struct op *op)
{
    void *in = record_new(op->in, &c->arena);
    return take_options(c, op, in, arena_array(&c->arena, bool, op->in->nfields));
}

enum status cli_file_job(struct cli *c, const char *verb, const char *what, const struct op **op,
                         void **out)
{
    const struct noun *noun;
    struct file_job job = { .what = what, .file = c->arg[1] };
    *op = NULL;
    *out = NULL;
    enum status st = cli_kind(c, c->arg[0], verb, &noun);
    if (st)
        return st;
    *op = cli_op(noun->name, verb);
    st = try_options(c, *op);
    if (!st)
        st = cli_open(c);
    return st ? st : cli_file_run(c, *op, &job, &c->arena, out, &c->err);
}
