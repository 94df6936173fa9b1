/* load.c - lead.import of a file: `load DB FILE [again]` prints seconds, counts and the peak of memory. */
#include <stdio.h>
#include <string.h>

#include "core/data/import.h"
#include "tests/bench/bench.h"

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: load DB FILE [again]\n");
        return 2;
    }
    struct arena a = ARENA_INIT;
    struct backend *b = bench_open(argv[1], NULL);
    struct import_in in;
    struct import_out out;
    record_empty(&import_in_record, &in);
    in.file = argv[2];
    in.create_missing = 1;
    if (argc > 3)
        in.again = 1;
    double start = bench_seconds();
    bench_call(b, "lead.import", &in, &a, &out);
    backend_close(b);           /* the last checkpoint belongs to it */
    double took = bench_seconds() - start;
    printf("seconds %.3f s\nrows %lld\ncreated %lld\nskipped %lld\nrejected %lld\npeak %.1f MiB\n",
           took, (long long)out.rows, (long long)out.created, (long long)out.skipped,
           (long long)out.rejected, bench_peak_kib() / 1024.0);
    arena_free(&a);
    return 0;
}
