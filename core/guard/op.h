/* op.h - what an operation is: one row of a table and one function.
 *
 * From the rows come the local call, the command line, the documents, later the server's routes and
 * the remote client. What cuts across (rights, scope of reading, transaction, idempotency, audit,
 * change notice, timing) is done once around run by core/api/local.c; run does only what is its
 * own.
 */
#ifndef CORE_GUARD_OP_H
#define CORE_GUARD_OP_H

#include "core/guard/ctx.h"

enum op_kind {
    OP_READ,        /* no transaction of its own; may be cancelled */
    OP_WRITE,       /* in a write transaction; audited */
    OP_JOB,         /* a write that runs in steps, each a transaction: see core/data/job.h */
};
enum op_many { OUT_NONE, OUT_ONE, OUT_MANY };

/* The output of an operation whose `many` is OUT_MANY: records of op->out. */
struct page {
    struct list rows;
    const char *next;       /* cursor of the page after; NULL at the end */
    const char *prev;       /* cursor of the page before; NULL at the start */
};

struct op {
    const char *name;               /* "lead.claim" */
    const char *method, *path;      /* of HTTP: "POST", "/v1/leads/{id}/claim" */
    const char *summary;            /* msgid */
    enum op_kind kind;
    enum right right;
    const struct record *in, *out;  /* NULL: nothing goes in, or nothing comes out */
    enum op_many many;
    /* run checks the input itself (a noun's record, of which only a part may be given) */
    bool own_checks;
    const void *arg;                /* what run shares with its siblings: a noun, hooks */

    /* in is a record of op->in with only what the caller gave; c->given says which fields (a bit a
     * field). out is an empty record of op->out, or a struct page. Returns the status that *c->e
     * holds. */
    enum status (*run)(struct ctx *c, const struct op *op, const void *in, void *out);
};

/* A table of them ends in a row whose name is NULL. */

#endif
