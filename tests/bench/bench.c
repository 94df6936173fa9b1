#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

_Noreturn void bench_stop(const char *what, const struct err *e)
{
    fprintf(stderr, "bench: %s: %s %s\n", what, e->code, e->nparam ? e->param[0] : "");
    exit(1);
}

struct backend *bench_open(const char *db, const char *as)
{
    struct backend *b;
    struct err e = { 0 };
    struct backend_config config = { .url = db, .as = as, .keys_dir = getenv("KEYS") };
    if (backend_open(&config, &b, &e))
        bench_stop(db, &e);
    return b;
}

void bench_call(struct backend *b, const char *op, const void *in, struct arena *a, void *out)
{
    struct err e = { 0 };
    struct call c = { .op = op_find(op), .in = in };
    if (backend_call(b, &c, a, out, &e))
        bench_stop(op, &e);
}

double bench_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int bench_peak_kib(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (int)u.ru_maxrss;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_percentile(double *v, size_t n, double p)
{
    qsort(v, n, sizeof *v, by_value);
    size_t i = (size_t)(p * (double)n);
    return v[i < n ? i : n - 1];
}
