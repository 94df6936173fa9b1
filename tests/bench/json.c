/* json.c - a page of leads as the server writes it: `json DB AS TIMES FILE` prints the microseconds that 50
 * leads of nine columns take, records to JSON, and writes the text into FILE, which limit/json.c copies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/record_json.h"
#include "core/noun/query.h"
#include "core/model/nouns.h"
#include "tests/bench/bench.h"

static const char *const columns[] = { "id", "no", "name", "phone", "product", "channel", "stage", "owner",
                                       "left_at", "score" };
enum { COLUMNS = sizeof columns / sizeof *columns, ROWS = 50, FIELDS = 128, WARM = 200 };

static void write_page(struct arena *a, const struct page *p, const bool *want, struct buf *out)
{
    struct jw w;
    buf_clear(out);
    jw_init(&w, out);
    jw_array(&w);
    struct json_plan *plan = json_plan(a, &lead_record, want);
    for (size_t i = 0; i < p->rows.n; i++)
        record_to_json_by(&w, plan, (const struct lead *)p->rows.items + i);
    jw_end_array(&w);
}

static void keep(const char *path, const struct buf *text)
{
    FILE *f = fopen(path, "w");
    if (!f || fwrite(text->s, 1, text->len, f) != text->len || fclose(f)) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: json DB AS TIMES FILE\n");
        return 2;
    }
    struct backend *b = bench_open(argv[1], strcmp(argv[2], "-") ? argv[2] : NULL);
    struct arena a = ARENA_INIT, once = ARENA_INIT;
    struct buf out = BUF_INIT;
    struct page p = { 0 };
    struct query q = { .where = "owner is set", .limit = ROWS, .back = NONE,
                       .columns = "no,name,phone,product,channel,stage,owner,left_at,score" };
    int times = atoi(argv[3]);
    double *us = xcalloc((size_t)times, sizeof *us);
    bool want[FIELDS] = { false };
    for (size_t i = 0; i < COLUMNS; i++)
        want[record_field(&lead_record, columns[i]) - lead_record.fields] = true;
    bench_call(b, "lead.list", &q, &a, &p);
    for (int i = -WARM; i < times; i++) {
        double start = bench_seconds();
        write_page(&once, &p, want, &out);
        if (i >= 0)
            us[i] = (bench_seconds() - start) * 1e6;
        arena_reset(&once);
    }
    keep(argv[4], &out);
    printf("page %.2f us\nrows %zu\nbytes %zu\n", bench_percentile(us, (size_t)times, 0.5), p.rows.n,
           out.len);
    backend_close(b);
    buf_release(&out);
    arena_free(&once);
    arena_free(&a);
    free(us);
    return 0;
}
