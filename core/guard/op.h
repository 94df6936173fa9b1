/* op.h - what an operation is: one row of a table and one function.
 *
 * From the rows come the local call, the command line, the documents, later the server's routes and
 * the remote client. What cuts across (rights, scope of reading, transaction, idempotency, audit,
 * change notice, timing) is done once around run by core/api/run.c; run does only what is its
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

/* A step of what takes long holds the write lock for so many milliseconds, measured, its commit
 * included (ctx.until); then others get their turn for so many microseconds at least: a lock file is
 * no queue. */
enum { OP_STEP_MS = 5, OP_REST_US = 200 };

/* An operation that takes several subjects at once: run does one, called for each in a savepoint of
 * its own, and each has an audit row of its own; what one is refused for stands in the answer and
 * undoes no other. They run in steps, each a transaction that holds the write lock for a few
 * milliseconds. With each step what is done is kept under the call's key: a call that died half way
 * goes on where it ended, when it comes again with its key. */
struct op_each {
    size_t (*count)(const void *in);        /* how many the input names; 0: one, the call is as any other */
    size_t (*done)(const void *out);        /* of how many the answer tells */
    /* Checks how many there are, and makes room in the answer for all of them beside those that
     * are done already. */
    enum status (*begin)(struct ctx *c, const void *in, void *out);
    /* Makes a copy of the input name its i-th alone; its id. */
    int64_t (*pick)(void *in, size_t i);
    /* Adds what became of one: its answer, or why it was refused (NULL: it was not). */
    void (*add)(struct ctx *c, void *out, int64_t id, const void *one, const struct err *refused);
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
    bool unlimited;                 /* a read that may take longer than others */
    const struct op_each *each;     /* it takes several subjects; NULL: it does not */
    const void *arg;                /* what run shares with its siblings: a noun, hooks */

    /* What takes long and needs no lock (the hash of a password), before the transaction of an
     * OP_WRITE; NULL: nothing. The right is checked by then. `in` is as the caller gave it: nothing
     * in it is checked, references are not found, and it is NULL where nothing goes in. It may read
     * c->db, where anything may have changed by the time run holds the lock, so it refuses nothing:
     * what it made goes to c->prepared, in c->arena, and run judges. What it writes, in short
     * transactions of its own, stands whatever comes of the call. An error is the call's. Of a
     * call whose answer is known by its key the outcome is dropped. Not beside `each`. */
    enum status (*prepare)(struct ctx *c, const struct op *op, const void *in);

    /* in is a record of op->in with only what the caller gave; c->given says which fields (a bit a
     * field). out is an empty record of op->out, or a struct page. Returns the status that *c->e
     * holds. */
    enum status (*run)(struct ctx *c, const struct op *op, const void *in, void *out);
};

/* A table of them ends in a row whose name is NULL. */

#endif
