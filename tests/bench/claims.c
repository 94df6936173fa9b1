/* claims.c - many processes take leads from the pools of one file, each a fixed number a second:
 * `claims DB WORKERS SECONDS [FILE]`
 *
 * With FILE, another process imports it at the same time, and the workers go on until it is done
 * (SECONDS at least). Prints p50, p99 and the worst of the time a claim takes, durable, in ms; then
 * what was lost (said to be done, but not there) and double (two winners), and how many of 50
 * processes win that want the same lead. Ends with 1 if anything was lost or double.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/data/import.h"
#include "core/noun/query.h"
#include "core/pool/pool.h"
#include "tests/bench/bench.h"

enum { A_SECOND = 20, MOST = 60000, CROWD = 50 };

struct shared {
    atomic_int ready, go, next, loading, won, refused;
    atomic_int calls;
    double ms[MOST];
    int64_t ids[MOST], taken[MOST];     /* taken: ids whose claim was said to be done */
    atomic_int ntaken;
    int leads;
};

static struct shared *sh;

/* Up to `most` leads that wait in a pool. */
static void find_leads(const char *db, int most)
{
    struct arena a = ARENA_INIT;
    struct backend *b = bench_open(db, NULL);
    char cursor[400] = "";
    while (sh->leads < most) {
        struct query q = { .where = "not (pool is empty)", .columns = "no", .limit = 500, .back = NONE,
                           .cursor = *cursor ? cursor : NULL };
        struct page p;
        bench_call(b, "lead.list", &q, &a, &p);
        for (size_t i = 0; i < p.rows.n && sh->leads < most; i++)
            sh->ids[sh->leads++] = ((struct lead *)p.rows.items + i)->head.id;
        if (!p.next)
            break;
        snprintf(cursor, sizeof cursor, "%s", p.next);
        arena_reset(&a);
    }
    backend_close(b);
    arena_free(&a);
}

static void nap(double seconds)
{
    if (seconds > 0)
        usleep((useconds_t)(seconds * 1e6));
}

static enum status claim(struct backend *b, struct arena *a, int64_t id)
{
    struct claim_in in = { .id = id, .version = NONE };
    struct outcomes out;
    struct err e = { 0 };
    struct call c = { .op = op_find("lead.claim"), .in = &in };
    enum status st = backend_call(b, &c, a, &out, &e);
    if (st && strcmp(e.code, "TAKEN"))
        fprintf(stderr, "claim: %s %s\n", e.code, e.nparam ? e.param[0] : "");
    return st;
}

static void wait_for_go(void)
{
    atomic_fetch_add(&sh->ready, 1);
    while (!atomic_load(&sh->go))
        usleep(1000);
}

static void worker(const char *db, int number, int workers, double seconds)
{
    struct arena a = ARENA_INIT;
    struct backend *b = bench_open(db, NULL);
    wait_for_go();
    double start = bench_seconds() + (double)number / (workers * A_SECOND);
    for (int i = 0; i < seconds * A_SECOND || atomic_load(&sh->loading); i++) {
        nap(start + (double)i / A_SECOND - bench_seconds());
        int k = atomic_fetch_add(&sh->next, 1);
        if (k >= sh->leads)
            break;
        double from = bench_seconds();
        enum status st = claim(b, &a, sh->ids[k]);
        /* the first prepares all statements: people are no 16 processes that begin at one moment */
        if (i > 0)
            sh->ms[atomic_fetch_add(&sh->calls, 1)] = (bench_seconds() - from) * 1e3;
        if (!st)
            sh->taken[atomic_fetch_add(&sh->ntaken, 1)] = sh->ids[k];
        arena_reset(&a);
    }
    backend_close(b);
    _exit(0);
}

static void one_of_the_crowd(const char *db, int64_t id)
{
    struct arena a = ARENA_INIT;
    struct backend *b = bench_open(db, NULL);
    wait_for_go();
    enum status st = claim(b, &a, id);
    atomic_fetch_add(st ? &sh->refused : &sh->won, 1);
    backend_close(b);
    _exit(0);
}

static void loader(const char *db, const char *file)
{
    struct arena a = ARENA_INIT;
    struct backend *b = bench_open(db, NULL);
    struct import_in in;
    struct import_out out;
    record_empty(&import_in_record, &in);
    in.file = file;
    in.create_missing = in.again = 1;
    wait_for_go();
    double start = bench_seconds();
    bench_call(b, "lead.import", &in, &a, &out);
    printf("load %.1f s\nloaded %lld\n", bench_seconds() - start, (long long)out.created);
    fflush(stdout);
    backend_close(b);
    atomic_store(&sh->loading, 0);
    _exit(0);
}

static void let_go(int processes)
{
    while (atomic_load(&sh->ready) < processes)
        usleep(1000);
    atomic_store(&sh->go, 1);
    while (wait(NULL) > 0)
        ;
    atomic_store(&sh->go, 0);
    atomic_store(&sh->ready, 0);
}

/* Of what was said to be done: each lead has an owner, and one event that says who took it. */
static int check(const char *db)
{
    struct arena a = ARENA_INIT;
    struct backend *b = bench_open(db, NULL);
    int n = atomic_load(&sh->ntaken), lost = 0, twice = 0;
    for (int i = 0; i < n; i++) {
        struct one one = { .id = sh->taken[i] };
        struct timeline_in t = { .id = sh->taken[i], .limit = NONE };
        struct lead l;
        struct page p;
        int claims = 0;
        bench_call(b, "lead.get", &one, &a, &l);
        bench_call(b, "lead.timeline", &t, &a, &p);
        for (size_t k = 0; k < p.rows.n; k++)
            claims += strcmp(((struct moment *)p.rows.items + k)->type, "lead.claimed") == 0;
        lost += !l.owner.id || claims < 1;
        twice += claims > 1;
        arena_reset(&a);
    }
    backend_close(b);
    arena_free(&a);
    printf("claimed %d\nlost %d\ndouble %d\n", n, lost, twice);
    return lost || twice;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: claims DB WORKERS SECONDS [FILE]\n");
        return 2;
    }
    int workers = atoi(argv[2]), most = (int)(atof(argv[3]) * A_SECOND) * workers;
    sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    find_leads(argv[1], argc > 4 ? MOST : most + 1);
    atomic_store(&sh->loading, argc > 4);
    sh->leads--;                        /* the last is the crowd's */
    for (int i = 0; i < workers; i++)
        if (fork() == 0)
            worker(argv[1], i, workers, atof(argv[3]));
    if (argc > 4 && fork() == 0)
        loader(argv[1], argv[4]);
    let_go(workers + (argc > 4));
    size_t n = (size_t)atomic_load(&sh->calls);
    if (n) {
        double p50 = bench_percentile(sh->ms, n, 0.5), p99 = bench_percentile(sh->ms, n, 0.99);
        printf("claims %zu\np50 %.2f ms\np99 %.2f ms\nworst %.2f ms\n", n, p50, p99, sh->ms[n - 1]);
    }
    for (int i = 0; i < CROWD; i++)
        if (fork() == 0)
            one_of_the_crowd(argv[1], sh->ids[sh->leads]);
    let_go(CROWD);
    printf("winners %d of %d\n", atomic_load(&sh->won), CROWD);
    return check(argv[1]) || atomic_load(&sh->won) != 1 || atomic_load(&sh->refused) != CROWD - 1;
}
