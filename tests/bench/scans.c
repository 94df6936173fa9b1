/* scans.c - what must look at every lead: `scans DB TIMES` prints the medians in ms of a count, a
 * filter and a sort, as the owner. */
#include <stdio.h>
#include <stdlib.h>

#include "core/model/nouns.h"
#include "core/noun/query.h"
#include "tests/bench/bench.h"

static double ms(double start) { return (bench_seconds() - start) * 1e3; }

int main(int argc, char **argv)
{
    static const char *const counts[][2] = {
        { "count_score", "score > 90" },
        { "count_name", "name contains \"\345\250\234\"" },
        { "count_and", "intent = high and score < 20" },
    };
    if (argc != 3)
        return 2;
    struct backend *b = bench_open(argv[1], NULL);
    struct arena a = ARENA_INIT;
    int times = atoi(argv[2]);
    double *v = xcalloc((size_t)times, sizeof *v);
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        struct count out = { 0 };
        for (int i = 0; i < times; i++) {
            struct query q = { .where = counts[k][1], .limit = NONE, .back = NONE };
            double start = bench_seconds();
            bench_call(b, "lead.count", &q, &a, &out);
            v[i] = ms(start);
            arena_reset(&a);
        }
        printf("%s %.1f ms\n%s_rows %lld\n", counts[k][0], bench_percentile(v, (size_t)times, 0.5),
               counts[k][0], (long long)out.count);
    }
    for (int i = 0; i < times; i++) {
        struct query q = { .sort = "-score", .columns = "no,name,score", .limit = 40, .back = NONE };
        struct page p;
        double start = bench_seconds();
        bench_call(b, "lead.list", &q, &a, &p);
        v[i] = ms(start);
        arena_reset(&a);
    }
    printf("sort %.1f ms\n", bench_percentile(v, (size_t)times, 0.5));
    backend_close(b);
    arena_free(&a);
    free(v);
    return 0;
}
