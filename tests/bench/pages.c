/* pages.c - the lists that people look at, in-process: `pages DB AS TIMES` prints p50 and p99 in
 * microseconds of
 *
 *     page    the next 40 leads in the order of the time left, from a place in the list that changes
 *     look    one lead by phone
 *     due     my leads, the most urgent first
 *     filter  the next 40 leads of a stage, in the order of the time left
 *     name    40 leads whose name contains a character
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/nouns.h"
#include "core/noun/query.h"
#include "tests/bench/bench.h"

enum { WARM = 50, COLUMNS_MAX = 200 };

static const char columns[] = "no,name,phone,product,channel,stage,owner,left_at,score";

struct bench { struct backend *b; struct arena a; int times; double *us; };

static double list(struct bench *x, const struct query *q, struct page *out)
{
    double start = bench_seconds();
    bench_call(x->b, "lead.list", q, &x->a, out);
    return (bench_seconds() - start) * 1e6;
}

static void report(struct bench *x, const char *what, size_t rows)
{
    double p50 = bench_percentile(x->us, (size_t)x->times, 0.5);
    printf("%s_p50 %.1f us\n%s_p99 %.1f us\n%s_rows %zu\n", what, p50, what,
           bench_percentile(x->us, (size_t)x->times, 0.99), what, rows);
}

/* Pages one after the other, from the start again where the list ends. */
static void walk(struct bench *x, const char *what, struct query q)
{
    char cursor[400] = "";
    size_t rows = 0;
    for (int i = -WARM; i < x->times; i++) {
        struct page p;
        q.cursor = *cursor ? cursor : NULL;
        double us = list(x, &q, &p);
        if (i >= 0)
            x->us[i] = us;
        rows = p.rows.n > rows ? p.rows.n : rows;
        snprintf(cursor, sizeof cursor, "%s", p.next ? p.next : "");
        arena_reset(&x->a);
    }
    report(x, what, rows);
}

/* The demo's phones: make.c of the demo gives them the same walk. An account asks for so many different ones
 * an hour (core/guard/asks.h): each is asked for once before the measuring, which counts it. */
static void look_up(struct bench *x, int64_t leads)
{
    size_t rows = 0;
    uint64_t dice = 1;
    for (int i = -WARM; i < x->times; i++) {
        char where[60];
        struct query q = { .where = where, .columns = columns, .limit = 40, .back = NONE };
        struct page p;
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        int64_t place = i < 0 ? i + WARM : (int64_t)((dice >> 33) % WARM), k = place * (leads / WARM);
        snprintf(where, sizeof where, "phone = \"1%d%09lld\"", 3 + (int)(k % 7),
                 (long long)((k * 123456789 + 7) % 999999937));
        double us = list(x, &q, &p);
        if (i >= 0)
            x->us[i] = us;
        rows += p.rows.n;
        arena_reset(&x->a);
    }
    report(x, "look", rows);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: pages DB AS LEADS TIMES\n");
        return 2;
    }
    struct bench x = { .b = bench_open(argv[1], strcmp(argv[2], "-") ? argv[2] : NULL),
                       .times = atoi(argv[4]) };
    x.us = xcalloc((size_t)x.times, sizeof *x.us);
    struct query q = { .columns = columns, .limit = 40, .back = NONE };
    walk(&x, "page", q);
    look_up(&x, atoll(argv[3]));
    q.where = "owner = me";
    walk(&x, "due", q);
    q.where = "stage = new";
    walk(&x, "filter", q);
    q.where = "name contains \"\345\260\217\"";
    walk(&x, "name", q);
    backend_close(x.b);
    arena_free(&x.a);
    free(x.us);
    return 0;
}
