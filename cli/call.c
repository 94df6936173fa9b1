/* call.c - `call`: any operation, its input and output as JSON. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/out.h"
#include "core/api/defs.h"
#include "core/api/wire.h"
#include "core/lang/lex.h"
#include "core/model/record_json.h"

/* ---- what goes in ---------------------------------------------------------------------------- */

static enum status read_stdin(struct cli *c, struct buf *out)
{
    char piece[16384];
    ssize_t n;
    while ((n = read(STDIN_FILENO, piece, sizeof piece)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(&c->err, ST_FAILED, "cli.stdin", strerror(errno), NULL);
        if (out->len + (size_t)n > JSON_MAX)
            return fail(&c->err, ST_INVALID, "json.size", "16 MiB", NULL);
        buf_add(out, piece, (size_t)n);
    }
    return out->len ? ST_OK : cli_usage(c, "cli.file_stdin", NULL);
}

static enum status parse_input(struct cli *c, const struct op *op, const struct json *j, void **in,
                               bool **given)
{
    struct attr_def *defs = NULL;
    size_t ndefs = 0;
    enum status st = ST_OK;
    if (defs_needed(op->in))
        st = defs_load(c->backend, &cli_cancel, &c->arena, &defs, &ndefs, &c->err);
    *in = arena_alloc(&c->arena, op->in->size);
    return st ? st : record_from_json(j, op->in, defs, ndefs, &c->arena, *in, given, &c->err);
}

static enum status take_input(struct cli *c, const struct op *op, void **in, bool **given)
{
    struct buf text = BUF_INIT;
    struct json *j = NULL;
    enum status st = ST_OK;
    if (c->nargs > 1 && strcmp(c->arg[1], "-") == 0)
        st = read_stdin(c, &text);
    else
        buf_adds(&text, c->nargs > 1 ? c->arg[1] : "{}");
    if (!st)
        st = json_parse(text.s, text.len, &j, &c->err);
    if (!st && op->in)
        st = parse_input(c, op, j, in, given);
    else if (!st && (json_type(j) != JSON_OBJECT || json_first(j)))
        st = fail(&c->err, ST_INVALID, "cli.no_input", op->name, NULL);
    json_free(j);
    buf_release(&text);
    return st;
}

/* ---- what comes out -------------------------------------------------------------------------- */

static void print_output(const struct op *op, const void *in, const void *out)
{
    struct buf b = BUF_INIT;
    wire_write_reply(op, in, out, &b);
    buf_addc(&b, '\n');
    out_data(b.s, b.len);
    buf_release(&b);
}

/* ---- the command ----------------------------------------------------------------------------- */

static enum status list_operations(void)
{
    for (const struct op *const *op = ops_all(); *op; op++)
        out_textf("%-26s %s\n", (*op)->name, i18n_text((*op)->summary));
    return ST_OK;
}

static enum status unknown_operation(struct cli *c, const char *name)
{
    struct near near;
    near_start(&near, name);
    for (const struct op *const *op = ops_all(); *op; op++)
        near_try(&near, (*op)->name, (*op)->name);
    return cli_usage(c, "cli.unknown_operation", name, near.found, NULL);
}

static enum status run_call(struct cli *c)
{
    if (cli_flag(c, "operations"))
        return list_operations();
    if (c->nargs == 0)
        return cli_usage(c, "cli.missing", "OPERATION", NULL);
    const struct op *op = op_find(c->arg[0]);
    if (!op)
        return unknown_operation(c, c->arg[0]);
    void *in = NULL;
    bool *given = NULL;
    size_t size = op->many == OUT_MANY ? sizeof(struct page) : op->out ? op->out->size : 1;
    void *out = arena_alloc(&c->arena, size);
    enum status st = cli_open(c);
    if (!st)
        st = take_input(c, op, &in, &given);
    if (st)
        return st;
    struct call call = {
        .op = op, .in = in, .given = given, .key = cli_option(c, "key"), .cancel = &cli_cancel
    };
    st = backend_call(c->backend, &call, &c->arena, out, &c->err);
    if (!st)
        print_output(op, in, out);
    return st;
}

static const struct option call_options[] = {
    { "key", 0, TAKES_TEXT, "KEY",
      N_("an Idempotency-Key: the same key again gives the same answer and changes nothing") },
    { "operations", 0, TAKES_NOTHING, NULL, N_("list the operations there are") },
    { 0 },
};

const struct command call_commands[] = {
    { "call", "[OPERATION] [JSON]", N_("carries out any operation, JSON in and out"),
      N_("JSON is an object with the fields of the operation's input; - reads it from the standard "
         "input. Ids are text, "
         "amounts whole fen, times RFC 3339. An operation that gives nothing prints {}, one that "
         "gives a page prints items and "
         "the cursor of the next page. An error's code stands in parentheses behind its sentence."),
      call_options, CMD_CODES, run_call },
    { 0 },
};
