/* queries.c - the limits of pages and scans: the same rows by prepared statements on the product's
 * own file, with its pragmas.
 *
 *     queries DB LOGIN TIMES    prints the names of pages.c (us) and scans.c (ms). The page is that
 *     of a supervisor: the streams of his
 *                               branches, merged; the key and the masks of the columns are left
 *                               out, and so is opening a sealed phone
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *db;
static int times;
static double *v;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double share(double p)
{
    qsort(v, (size_t)times, sizeof *v, by_value);
    return v[(int)(p * times)];
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL)) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
    return s;
}

static int64_t one(const char *sql)
{
    sqlite3_stmt *s = prepare(sql);
    int64_t x = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return x;
}

#define COLUMNS                                                                                    \
    "t.id, t.version, t.no, t.name, t.phone_enc, t.product_id, t.channel_id, t.stage_id, "         \
    "t.owner_id, t.left_at, t.score"

/* Steps a statement to its end, touching each column. */
static int64_t drain(sqlite3_stmt *s, int64_t *last_left, int64_t *last_id)
{
    int64_t n = 0;
    while (sqlite3_step(s) == SQLITE_ROW) {
        for (int c = 0; c < sqlite3_column_count(s); c++)
            n += sqlite3_column_bytes(s, c) > 0;
        if (last_left)
            *last_left = sqlite3_column_int64(s, 9);
        if (last_id)
            *last_id = sqlite3_column_int64(s, 0);
    }
    sqlite3_reset(s);
    return n;
}

/* Pages behind each other, from lists in the order of the time left, merged here: first what has the
 * same time as the last row and a higher id, then what has more time. (In one comparison of the pair
 * SQLite steps through all rows of the same time.) */
struct stream { sqlite3_stmt *s; int live; int64_t left, id; };

static void step(struct stream *x)
{
    x->live = sqlite3_step(x->s) == SQLITE_ROW;
    if (!x->live)
        return;
    for (int c = 0; c < sqlite3_column_count(x->s); c++)
        (void)sqlite3_column_blob(x->s, c);
    x->id = sqlite3_column_int64(x->s, 0);
    x->left = sqlite3_column_int64(x->s, 9);
}

enum { STREAMS = 64, PAGE = 40 };

struct lists { sqlite3_stmt *ties[STREAMS], *rest[STREAMS]; int64_t key[STREAMS]; int n; };

static int merge(sqlite3_stmt **s, const struct lists *x, int got, int64_t *left, int64_t *id)
{
    struct stream streams[STREAMS];
    for (int k = 0; k < x->n; k++) {
        streams[k].s = s[k];
        sqlite3_bind_int64(s[k], 1, x->key[k]);
        sqlite3_bind_int64(s[k], 2, *left);
        if (sqlite3_bind_parameter_count(s[k]) > 2)
            sqlite3_bind_int64(s[k], 3, *id);
        step(&streams[k]);
    }
    for (; got < PAGE; got++) {
        struct stream *best = NULL;
        for (int k = 0; k < x->n; k++)
            if (streams[k].live &&
                (!best || streams[k].left < best->left ||
                 (streams[k].left == best->left && streams[k].id < best->id)))
                best = &streams[k];
        if (!best)
            break;
        *left = best->left;
        *id = best->id;
        step(best);
    }
    for (int k = 0; k < x->n; k++)
        sqlite3_reset(s[k]);
    return got;
}

static void lists_open(struct lists *x, const char *column)
{
    char sql[500];
    for (int k = 0; k < x->n; k++) {
        snprintf(sql, sizeof sql, "select " COLUMNS " from lead t where %s = ?1 and left_at = ?2 and "
                 "id > ?3 order by id limit 41", column);
        x->ties[k] = prepare(sql);
        snprintf(sql, sizeof sql, "select " COLUMNS " from lead t where %s = ?1 and left_at > ?2 "
                 "order by left_at, id limit 41", column);
        x->rest[k] = prepare(sql);
    }
}

static void walk(const char *name, struct lists *x, const char *column)
{
    int64_t left = -1, id = 0;
    lists_open(x, column);
    sqlite3_exec(db, "begin", NULL, NULL, NULL);
    for (int i = -50; i < times; i++) {
        double start = now();
        int got = left < 0 ? 0 : merge(x->ties, x, 0, &left, &id);
        if (got < PAGE)
            got = merge(x->rest, x, got, &left, &id);
        if (got < PAGE)
            left = -1;
        if (i >= 0)
            v[i] = (now() - start) * 1e6;
    }
    sqlite3_exec(db, "commit", NULL, NULL, NULL);
    printf("%s_p50 %.1f us\n%s_p99 %.1f us\n", name, share(0.5), name, share(0.99));
}

static void page(const char *login)
{
    struct lists x = { .n = 0 };
    char sql[400];
    snprintf(
        sql, sizeof sql,
        "select c.id from branch c, branch b, employee e, account a where a.code = '%s' and e.id = "
        "a.employee_id and "
        "b.id = coalesce(a.branch_id, e.branch_id) and c.path >= b.path and c.path < b.path || '~'",
        login);
    sqlite3_stmt *s = prepare(sql);
    while (x.n < STREAMS && sqlite3_step(s) == SQLITE_ROW)
        x.key[x.n++] = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    walk("page", &x, "branch_id");
}

static void look(void)
{
    sqlite3_stmt *hashes = prepare("select phone_hash from lead order by no limit ?1"),
                 *s = prepare("select " COLUMNS " from lead t where phone_hash = ?1");
    sqlite3_bind_int(hashes, 1, times * 7);
    for (int i = 0; i < times && sqlite3_step(hashes) == SQLITE_ROW; i++) {
        for (int k = 0; k < 6; k++)
            sqlite3_step(hashes);
        double start = now();
        sqlite3_bind_value(s, 1, sqlite3_column_value(hashes, 0));
        drain(s, NULL, NULL);
        v[i] = (now() - start) * 1e6;
    }
    printf("look_p50 %.1f us\nlook_p99 %.1f us\n", share(0.5), share(0.99));
}

static void due(const char *login)
{
    char sql[200];
    snprintf(sql, sizeof sql, "select employee_id from account where code = '%s'", login);
    struct lists x = { .key = { one(sql) }, .n = 1 };
    walk("due", &x, "owner_id");
}

static void scan(const char *name, const char *sql)
{
    sqlite3_stmt *s = prepare(sql);
    int all = times;
    times = times < 5 ? times : 5;
    for (int i = 0; i < times; i++) {
        double start = now();
        drain(s, NULL, NULL);
        v[i] = (now() - start) * 1e3;
    }
    printf("%s %.1f ms\n", name, share(0.5));
    times = all;
}

int main(int argc, char **argv)
{
    if (argc != 4 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL))
        return 2;
    sqlite3_exec(db, "pragma cache_size = -3072; pragma cell_size_check = on", NULL, NULL, NULL);
    times = atoi(argv[3]);
    v = calloc((size_t)times + 1, sizeof *v);
    page(argv[2]);
    look();
    due(argv[2]);
    scan("count_score", "select count(*) from lead where score > 90");
    scan("count_name", "select count(*) from lead where name_key like '%\345\250\234%'");
    scan("count_and", "select count(*) from lead where intent = 'high' and score < 20");
    scan("sort", "select " COLUMNS " from lead t order by score is null, score desc, id limit 41");
    return 0;
}
