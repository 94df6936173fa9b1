/* lang.c - the language alone: `lang [N]` parses and prints what people ask for N times, and prints how many
 * conditions that is a second. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/lang/lang.h"
#include "tests/bench/bench.h"

/* What is typed in a lead list, one to four tests each. */
static const char *const typed[] = {
    "owner = me",
    "stage = new",
    "score >= 60",
    "name contains \"张\"",
    "phone = \"13800138000\"",
    "stage in (new, contacted)",
    "idle > 7d",
    "tags has VIP",
    "open = yes and pool is set",
    "stage in (new, contacted) and score >= 60",
    "branch under my branch and intent = high",
    "owner = me and left_at within next 24h",
    "received_at >= start of month and channel = wechat",
    "amount >= 3万 and not (owner is empty)",
    "did follow_up at least 2 times in 30d",
    "stage = won or (score > 80 and intent = high and idle > 3d)",
};
enum { TYPED = sizeof typed / sizeof *typed };

static void parse_and_print(const char *text, struct arena *a, struct buf *out)
{
    static const struct lang_env env = { .noun = &lead_noun, .me = 1, .my_branch = 1 };
    struct cond *c;
    struct err e = { 0 };
    if (lang_parse(a, text, &env, &c, &e))
        bench_stop(text, &e);
    out->len = 0;
    lang_print(c, &env, "en", out);
    arena_reset(a);
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? atol(argv[1]) : 2000000;
    struct arena a = ARENA_INIT;
    struct buf out = BUF_INIT;
    double start = bench_seconds();
    for (long i = 0; i < n; i++)
        parse_and_print(typed[i % TYPED], &a, &out);
    printf("conditions %.0f conditions/s\n", (double)n / (bench_seconds() - start));
    buf_release(&out);
    arena_free(&a);
    return 0;
}
