/* ops.c - the one table of operations: what each engine offers, joined. */
#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "core/api/backend.h"
#include "core/api/condition.h"
#include "core/data/export.h"
#include "core/data/import.h"
#include "core/data/rekey.h"
#include "core/data/segment.h"
#include "core/org/org.h"
#include "core/pool/pool.h"

enum { OPS_MOST = 400 };

static const struct op *const tables[] = { pool_ops, org_ops, segment_ops, condition_ops, import_ops,
                                          export_ops, key_ops };

static const struct op *all[OPS_MOST + 1];      /* filled once */
static pthread_once_t joined = PTHREAD_ONCE_INIT;

/* What core/api/run.c takes for granted. Steps over several subjects run no prepare: what it made would
 * be of the first. */
static void check(const struct op *op)
{
    assert(op->many == OUT_NONE || op->out);
    switch (op->kind) {
    case OP_READ: assert(op->run && !op->each && !op->prepare); break;
    case OP_WRITE: assert(op->run && op->many != OUT_MANY); break;
    case OP_JOB: assert(op->arg && op->in && op->many == OUT_ONE && !op->each && !op->prepare); break;
    }
    assert(!op->each || (op->in && op->many == OUT_ONE && !op->prepare));
}

static void join(void)
{
    size_t n = 0;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const struct op *op = tables[t]; op->name; op++) {
            assert(n < OPS_MOST);
            check(op);
            all[n++] = op;
        }
}

const struct op *const *ops_all(void)
{
    pthread_once(&joined, join);
    return all;
}

const struct op *op_find(const char *name)
{
    for (const struct op *const *p = ops_all(); *p; p++)
        if (strcmp((*p)->name, name) == 0)
            return *p;
    return NULL;
}
