/* eval.c - many conditions over one scan of the leads: `eval DB` prints how many tests a second a core
 * makes, the stepping of the rows included, and what the scan took of memory. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lang/lang.h"
#include "core/model/nouns.h"
#include "core/store/row.h"
#include "tests/bench/bench.h"

static enum status find_ref(void *self, const char *noun, const char *word, int64_t *id, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct ref r = { 0 };
    enum status st = row_resolve(self, noun_find(noun), word, &r, &a, e);
    arena_free(&a);
    *id = r.id;
    return st;
}

/* One test each; %d is the condition's number. */
static const char *const tests[] = {
    "score > %d", "amount >= %d0000", "stage = contacted", "stage in (new, contacted, nurturing)",
    "intent = high", "follow_up_count >= %d", "created_at < 2026-10-%02d", "received_at > now - %dd",
    "last_follow_up_at is empty", "owner is set", "name contains \"\345\250\234%d\"",
    "name starts with \"\345\274\240\"", "next_follow_up_at < now + %dd", "channel is empty",
    "region != \"\346\265\267%d\"", "returned_count < %d",
    "score between %d and 80", "name matches \"\345\274\240?%d\"", "received_at within last %dd",
    "idle > %d working days",
    "bucket(\"b%d\") < 10%%", "created_at >= start of month - %dd",
};
enum { TESTS = sizeof tests / sizeof *tests };

static const char *some_test(char *out, size_t size, int i)
{
    snprintf(out, size, tests[i % TESTS], 10 + i / TESTS % 20);
    return out;
}

static void add(struct lang_eval **ev, struct arena *a, const struct lang_env *env, const char *text)
{
    struct err e = { 0 };
    struct cond *c;
    size_t index;
    if (lang_parse(a, text, env, &c, &e) || lang_eval_add(a, ev, c, env, &index, &e))
        bench_stop(text, &e);
}

static struct stmt *scan(struct db *db, struct arena *a, struct lang_eval *ev)
{
    struct sql q, columns;
    struct err e = { 0 };
    bool side;
    sql_init(&q, a);
    sql_init(&columns, a);
    if (lang_eval_columns(ev, "t", &columns, &side, &e))
        bench_stop("columns", &e);
    sql_add(&q, "select t.id, ");
    sql_append(&q, &columns);
    sql_add(&q, " from lead t");
    sql_add(&q, side ? " left join lead_x x on x.id = t.id" : "");
    struct stmt *s = sql_query(&q, db);
    sql_release(&q);
    sql_release(&columns);
    return s;
}

/* Asks all conditions of every row. *early, *late: the heap after the first rows and after the last. */
static int64_t pass(struct db *db, struct arena *a, struct lang_eval *ev, int conds, int64_t *held,
                    size_t *early, size_t *late)
{
    struct err e = { 0 };
    int64_t rows = 0;
    struct stmt *s = scan(db, a, ev);
    for (*held = 0; db_row(s); rows++) {
        lang_eval_row(ev, s, 1);
        for (int i = 0; i < conds; i++)
            *held += lang_eval_holds(ev, (size_t)i);
        if (rows == 1000)
            *early = mallinfo2().uordblks;
    }
    *late = mallinfo2().uordblks;
    if (db_end(s, &e))
        bench_stop("scan", &e);
    return rows;
}

/* `conds` conditions of `each` tests. The first pass fills the cache for pages. */
static void run(struct db *db, const struct lang_env *env, const char *name, int conds, int each)
{
    struct arena a = ARENA_INIT;
    struct lang_eval *ev = NULL;
    size_t early = 0, late = 0;
    int64_t held;
    char text[1000], one[200];
    for (int i = 0; i < conds; i++) {
        size_t n = 0;
        for (int k = 0; k < each; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", k ? " and " : "",
                                  some_test(one, sizeof one, i * each + k * 7));
        add(&ev, &a, env, text);
    }
    pass(db, &a, ev, conds, &held, &early, &late);
    double start = bench_seconds();
    double asked = (double)pass(db, &a, ev, conds, &held, &early, &late) * conds;
    double seconds = bench_seconds() - start;
    printf("%s %.1f million/s\n%s_grown %.1f KiB\n%s_held %.3f of_asked\n", name, asked / seconds / 1e6, name,
           ((double)late - (double)early) / 1024.0, name, (double)held / asked);
    arena_free(&a);
}

int main(int argc, char **argv)
{
    struct db *db;
    struct err e = { 0 };
    if (argc != 2)
        return 2;
    if (db_open(&db, argv[1], DB_READ, &e))
        bench_stop(argv[1], &e);
    struct lang_resolver resolver = { .self = db, .ref = find_ref };
    struct lang_env env = { .noun = &lead_noun, .resolver = &resolver };
    run(db, &env, "many", 1000, 1);
    run(db, &env, "rules", 1000, 3);
    run(db, &env, "few", 5, 1);
    db_close(db);
    return 0;
}
