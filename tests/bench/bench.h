/* bench.h - what the bench programs share: a backend, a clock, medians and percentiles.
 *
 * Every program prints one line a result, `NAME VALUE UNIT`, which run.sh puts into its table.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "base/arena.h"
#include "core/api/backend.h"

/* Opens the database, as `as` (NULL: its owner), with the keys in the environment's KEYS. Ends the
 * program on an error. */
struct backend *bench_open(const char *db, const char *as);

/* Carries out one operation; ends the program with the error's code when it is refused. */
void bench_call(struct backend *b, const char *op, const void *in, struct arena *a, void *out);

/* Ends the program with a message: what went wrong and the error's code and first parameter. */
_Noreturn void bench_stop(const char *what, const struct err *e);

double bench_seconds(void);         /* of the monotonic clock */
int bench_peak_kib(void);           /* the most memory that this process has had */

/* Sorts v in place. The value below which the share p (0 .. 1) lies. */
double bench_percentile(double *v, size_t n, double p);

#endif
