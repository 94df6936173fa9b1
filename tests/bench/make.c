/* make.c - what the benches work on.
 *
 *     make demo DB N      the demo bank with N leads (seed 1); prints microseconds a lead
 *     make empty DB       an empty database with the products that the file names
 *     make rows N FROM    a file of N leads on stdout; the phones are those of the numbers FROM,
 *     FROM + 1, ...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/api/demo.h"
#include "core/model/nouns.h"
#include "core/noun/crud.h"
#include "tests/bench/bench.h"

static const char *const products[] = { "wealth", "deposit", "card", "fund", "loan", "pension" };

static int make_demo(const char *db, int64_t leads)
{
    struct err e = { 0 };
    struct init_options init = { .url = db, .keys_dir = getenv("KEYS"), .demo = true };
    struct demo_options demo = { .leads = leads, .seed = 1, .uid = (int64_t)getuid() };
    double start = bench_seconds();
    if (database_demo(&init, &demo, &e))
        bench_stop("demo", &e);
    printf("demo %.2f us/lead\ndemo_peak %.1f MiB\n",
           (bench_seconds() - start) * 1e6 / (double)leads, bench_peak_kib() / 1024.0);
    return 0;
}

static int make_empty(const char *db)
{
    struct err e = { 0 };
    struct arena a = ARENA_INIT;
    struct init_options init = { .url = db, .keys_dir = getenv("KEYS"), .test = true };
    if (database_init(&init, &e))
        bench_stop("init", &e);
    struct backend *b = bench_open(db, NULL);
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        struct product p;
        struct done done;
        record_empty(&product_record, &p);
        p.code = p.name = products[i];
        p.active = 1;
        bench_call(b, "product.create", &p, &a, &done);
    }
    backend_close(b);
    arena_free(&a);
    return 0;
}

/* Names of two and three characters from 100 surnames and 400 characters, which is about as varied
 * as a city's. */
static int put_name(char *out, uint64_t dice)
{
    int n = 0, chars = dice % 10 < 7 ? 3 : 2;
    for (int i = 0; i < chars; i++) {
        unsigned c = 0x4e00 + (unsigned)((dice >> (8 + 12 * i)) % (i ? 400 : 100)) * 37;
        out[n++] = (char)(0xe0 | c >> 12);
        out[n++] = (char)(0x80 | (c >> 6 & 63));
        out[n++] = (char)(0x80 | (c & 63));
    }
    out[n] = 0;
    return n;
}

static int make_rows(int64_t n, int64_t from)
{
    static const char *const channels[] = { "web",     "app",  "wechat",   "sms",
                                            "walk_in", "call", "referral", "event" };
    static const char *const intents[] = { "high", "mid", "low" };
    uint64_t x = 0x9e3779b97f4a7c15u;
    char name[16];
    puts("name,phone,created_at,channel,product,region,intent,score");
    for (int64_t i = from; i < from + n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        put_name(name, x);
        printf("%s,1%d%09lld,2026-%02d-%02d %02d:%02d:%02d,%s,%s,R%02d,%s,%d\n", name,
               3 + (int)(i % 7), (long long)((i * 123456789 + 7) % 999999937), 1 + (int)(x % 9),
               1 + (int)((x >> 8) % 28), (int)(x >> 40 & 15), (int)(x >> 20 & 31),
               (int)(x >> 30 & 31), channels[x >> 50 & 7], products[(x >> 53) % 6],
               (int)(x >> 44 & 31), intents[(x >> 13) % 3], (int)((x >> 3) % 101));
    }
    return ferror(stdout) || fflush(stdout);
}

int main(int argc, char **argv)
{
    clock_zone("Asia/Shanghai");
    if (argc == 4 && strcmp(argv[1], "demo") == 0)
        return make_demo(argv[2], atoll(argv[3]));
    if (argc == 3 && strcmp(argv[1], "empty") == 0)
        return make_empty(argv[2]);
    if (argc == 4 && strcmp(argv[1], "rows") == 0)
        return make_rows(atoll(argv[2]), atoll(argv[3]));
    fprintf(stderr, "usage: make demo DB N | make empty DB | make rows N FROM\n");
    return 2;
}
