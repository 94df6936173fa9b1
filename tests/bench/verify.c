/* verify.c - audit verify: `verify DB ROWS` appends rows to the audit until it has ROWS, and prints
 * how many are checked a second. */
#include <stdio.h>
#include <stdlib.h>

#include "core/api/open.h"
#include "core/guard/audit.h"
#include "tests/bench/bench.h"

static void grow(struct opened *d, int64_t rows, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct actor system;
    int64_t have = 0;
    actor_system(&system);
    struct ctx c = {
        .db = d->db, .arena = &a, .e = e, .who = &system, .now = clock_now(), .request = "bench-1"
    };
    struct audit_entry x = { .operation = "lead.claim",
                             .noun = "lead",
                             .subject = INT64_C(1882542158061240382),
                             .result = "ok",
                             .branch = INT64_C(1882542158023491594),
                             .detail = "{\"from\":\"pool\"}" };
    if (db_begin(d->db, e) || db_get_int(d->db, e, &have, "select count(*) from audit", ""))
        bench_stop("audit", e);
    for (; have < rows; have++) {
        if (audit_append(&c, d->keys, &x))
            bench_stop("audit", e);
        arena_reset(&a);
    }
    if (db_commit(d->db, e))
        bench_stop("audit", e);
    arena_free(&a);
}

int main(int argc, char **argv)
{
    struct opened d;
    struct err e = { 0 };
    struct audit_report report;
    if (argc != 3)
        return 2;
    if (database_open(argv[1], getenv("KEYS"), 0, &d, &e))
        bench_stop("open", &e);
    grow(&d, atoll(argv[2]), &e);
    double start = bench_seconds();
    if (audit_verify(d.db, d.keys, NULL, &report, &e) || !report.intact)
        bench_stop("verify", &e);
    printf("verify %.0f rows/s\n", (double)report.last_seq / (bench_seconds() - start));
    database_close(&d);
    return 0;
}
