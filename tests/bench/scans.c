/* scans.c - what conditions cost: `scans DB TIMES` prints the medians in ms of counts that look at
 * every lead, of the first rows of filters, and of a sort, as the owner. */
#include <stdio.h>
#include <stdlib.h>

#include "core/api/open.h"
#include "core/model/nouns.h"
#include "core/noun/crud.h"
#include "core/noun/query.h"
#include "tests/bench/bench.h"

static double ms(double start) { return (bench_seconds() - start) * 1e3; }

/* A custom field with the values of a built-in one, so that their scans can be compared. */
static void add_custom_field(const char *path, struct backend *b, struct arena *a)
{
    struct opened d;
    struct err e = { 0 };
    struct count had = { 0 };
    struct query q = { .where = "code = points", .limit = NONE, .back = NONE };
    struct custom_field *f = record_new(&custom_field_record, a);
    struct done done;
    bench_call(b, "custom_field.count", &q, a, &had);
    if (had.count)
        return;
    f->noun = "lead";
    f->code = f->name = "points";
    f->type = "number";
    bench_call(b, "custom_field.create", f, a, &done);
    if (database_open(path, getenv("KEYS"), 0, &d, &e) || db_begin(d.db, &e) ||
        db_exec(d.db, &e, "insert into lead_x (id, a_points) select id, score from lead", "") ||
        db_commit(d.db, &e))
        bench_stop("lead_x", &e);
    database_close(&d);
}

static struct arena arena = ARENA_INIT;
static double *took;
static int times;

static void put(const char *name)
{
    printf("%s %.3f ms\n", name, bench_percentile(took, (size_t)times, 0.5));
}

static void time_count(struct backend *b, const char *name, const char *where)
{
    struct count out = { 0 };
    for (int i = 0; i < times; i++) {
        struct query q = { .where = where, .limit = NONE, .back = NONE };
        double start = bench_seconds();
        bench_call(b, "lead.count", &q, &arena, &out);
        took[i] = ms(start);
        arena_reset(&arena);
    }
    put(name);
    printf("%s_rows %lld\n", name, (long long)out.count);
}

static void time_list(struct backend *b, const char *name, const char *where, const char *sort)
{
    for (int i = 0; i < times; i++) {
        struct query q = {
            .where = where, .sort = sort, .columns = "no,name,score", .limit = 40, .back = NONE
        };
        struct page p;
        double start = bench_seconds();
        bench_call(b, "lead.list", &q, &arena, &p);
        took[i] = ms(start);
        arena_reset(&arena);
    }
    put(name);
}

int main(int argc, char **argv)
{
    static const char *const counts[][2] = {
        { "count_score", "score > 90" },
        { "count_custom", "attr.points > 90" },
        { "count_name", "name contains \"娜\"" },
        { "count_and", "intent = high and score < 20" },
        { "count_did", "did follow_up at least 1 time in 3d" },
    };
    static const char *const lists[][2] = {
        { "first_stage", "stage = new and score >= 60" },
        { "first_owner", "owner = me and idle > 1d" },
        { "first_two", "name contains \"丽娜\"" },
        { "first_initials", "name contains ln" },
    };
    if (argc != 3)
        return 2;
    struct backend *b = bench_open(argv[1], NULL);
    times = atoi(argv[2]);
    took = xcalloc((size_t)times, sizeof *took);
    add_custom_field(argv[1], b, &arena);
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        time_count(b, counts[k][0], counts[k][1]);
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        time_list(b, lists[k][0], lists[k][1], NULL);
    time_list(b, "sort", NULL, "-score");
    backend_close(b);
    arena_free(&arena);
    free(took);
    return 0;
}
