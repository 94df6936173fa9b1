/* load.c - the limit of the bulk load: a loop over SQLite that fills the same tables with the same
 * rows as lead.import.
 *
 *     load DB FILE       DB: an empty database of the product (make empty), FILE: the rows of `make rows`
 *
 * What the product does for a row is done here by the shortest way: RFC 4180 parse, check of the
 * phone, its keyed hash, sealing it for the lead and for its person, dedupe by (phone, product),
 * both rows by prepared statements, the initials of the name (one form, from the product's table), the
 * grams of both. The product's pragmas (WAL, synchronous
 * FULL, foreign keys, page cache of 16 MiB while rows are written and of 2 MiB while indexes are
 * built). Into empty tables a hash table in memory dedupes, and all indexes are dropped before and
 * built after; the grams are kept in memory, sorted there, and inserted in their order. Into tables
 * in use (the same file again) each row is looked for by the unique index, in one transaction, and
 * those that are new are inserted with the indexes in place.
 */
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "../../../base/pinyin_table.h"

struct cell { const char *p; int n; };
enum { COLUMNS = 8 };

static sqlite3 *db;
static unsigned char hash_key[32], seal_key[32];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(const char *sql)
{
    char *e = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &e)) {
        fprintf(stderr, "%s: %s\n", sql, e);
        exit(1);
    }
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *s;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL)) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
    return s;
}

static int step(sqlite3_stmt *s)
{
    int rc = sqlite3_step(s);
    sqlite3_reset(s);
    return rc;
}

static const char *parse(const char *p, const char *end, struct cell *c)
{
    static char plain[1 << 16];
    size_t used = 0;
    for (int k = 0;; k++) {
        if (p < end && *p == '"') {
            char *out = plain + used;
            for (p++; p < end && !(*p == '"' && (p + 1 == end || p[1] != '"')); p++) {
                p += *p == '"';
                plain[used++] = *p;
            }
            p++;
            if (k < COLUMNS)
                c[k] = (struct cell){ out, (int)(plain + used - out) };
        } else {
            const char *start = p;
            while (p < end && *p != ',' && *p != '\n')
                p++;
            if (k < COLUMNS)
                c[k] = (struct cell){ start, (int)(p - start) };
        }
        if (p >= end || *p == '\n')
            return p + 1;
        p++;
    }
}

/* "2026-03-05 10:12:13" of UTC+8 in ms; days by the civil calendar. */
static int64_t moment(const char *s)
{
    int v[6], at[] = { 0, 5, 8, 11, 14, 17 }, len[] = { 4, 2, 2, 2, 2, 2 };
    for (int i = 0; i < 6; i++)
        for (int k = v[i] = 0; k < len[i]; k++)
            v[i] = v[i] * 10 + (s[at[i] + k] - '0');
    int y = v[0] - (v[1] <= 2), m = v[1] + (v[1] > 2 ? -3 : 9);
    int64_t days = (int64_t)y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + v[2] - 1 - 719468;
    return (((days * 24 + v[3]) * 60 + v[4]) * 60 + v[5]) * 1000 - 8 * 3600000LL;
}

/* ---- codes to ids ------------------------------------------------------------------------------------- */

struct code { char text[40]; int64_t id; };

static int64_t one(const char *sql)
{
    sqlite3_stmt *s = prepare(sql);
    int64_t v = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return v;
}

static int codes_load(struct code *list, const char *sql)
{
    sqlite3_stmt *s = prepare(sql);
    int n = 0;
    for (; sqlite3_step(s) == SQLITE_ROW; n++) {
        snprintf(list[n].text, sizeof list[n].text, "%s", sqlite3_column_text(s, 0));
        list[n].id = sqlite3_column_int64(s, 1);
    }
    sqlite3_finalize(s);
    return n;
}

static int64_t code_find(const struct code *list, int n, struct cell c)
{
    for (int i = 0; i < n; i++)
        if ((int)strlen(list[i].text) == c.n && memcmp(list[i].text, c.p, (size_t)c.n) == 0)
            return list[i].id;
    return 0;
}

/* A channel that is missing is made, as --create-missing does. */
static int64_t channel_of(struct code *list, int *n, struct cell c)
{
    int64_t id = code_find(list, *n, c);
    if (id)
        return id;
    sqlite3_stmt *s = prepare(
        "insert into channel (version, created_at, updated_at, code, code_key, name, name_key) "
        "values (1, 0, 0, ?1, ?1, ?1, ?1)");
    sqlite3_bind_text(s, 1, c.p, c.n, SQLITE_STATIC);
    step(s);
    sqlite3_finalize(s);
    snprintf(list[*n].text, sizeof list[*n].text, "%.*s", c.n, c.p);
    return list[(*n)++].id = sqlite3_last_insert_rowid(db);
}

/* ---- grams -------------------------------------------------------------------------------------------- */

/* Up to two characters of a name packed so that numbers order as bytes do, and the lead's place. 12
 * bytes each. */
struct gram { uint32_t hi, lo, lead; };
static struct gram *grams;
static size_t ngrams, grams_cap;

static void gram_add(const char *p, int n, uint32_t lead)
{
    unsigned char b[8] = { 0 };
    memcpy(b, p, (size_t)n);
    if (ngrams == grams_cap) {
        grams_cap = grams_cap ? grams_cap * 2 : 1 << 16;
        grams = realloc(grams, grams_cap * sizeof *grams);
    }
    grams[ngrams++] =
        (struct gram){ (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3],
                       (uint32_t)b[4] << 24 | (uint32_t)b[5] << 16 | (uint32_t)b[6] << 8 | b[7],
                       lead };
}

/* One letter for each character of three bytes; returns how many. */
static int initials_of(struct cell name, char *py)
{
    int n = 0;
    for (int i = 0; i + 3 <= name.n; i += 3) {
        const unsigned char *p = (const unsigned char *)name.p + i;
        int c = (p[0] & 15) << 12 | (p[1] & 63) << 6 | (p[2] & 63);
        if (c >= PINYIN_COMMON_FIRST && c <= PINYIN_COMMON_LAST &&
            pinyin_common[c - PINYIN_COMMON_FIRST] != '.')
            py[n++] = pinyin_common[c - PINYIN_COMMON_FIRST];
    }
    return n;
}

static void grams_of(struct cell name, const char *py, int npy, uint32_t lead)
{
    for (int i = 0; i + 2 <= npy; i++)
        gram_add(py + i, 2, lead);
    for (int i = 0; i < name.n; i += 3) {
        gram_add(name.p + i, 3, lead);
        if (i + 6 <= name.n)
            gram_add(name.p + i, 6, lead);
    }
}

/* ---- who is there ------------------------------------------------------------------------------------- */

struct seen { unsigned char hash[16]; int64_t product; };
static struct seen *seen;
static size_t nseen, seen_size;

static struct seen *seen_place(const unsigned char hash[16], int64_t product)
{
    size_t i;
    memcpy(&i, hash, sizeof i);
    for (i = (i ^ (size_t)product * 0x9e3779b97f4a7c15u) & (seen_size - 1); seen[i].product;
         i = (i + 1) & (seen_size - 1))
        if (seen[i].product == product && memcmp(seen[i].hash, hash, 16) == 0)
            break;
    return &seen[i];
}

/* True if it was there before. */
static int seen_add(const unsigned char hash[16], int64_t product)
{
    if (2 * nseen >= seen_size) {
        struct seen *old = seen;
        size_t n = seen_size;
        seen_size = n ? 2 * n : 1 << 16;
        seen = calloc(seen_size, sizeof *seen);
        for (size_t i = 0; i < n; i++)
            if (old[i].product)
                *seen_place(old[i].hash, old[i].product) = old[i];
        free(old);
    }
    struct seen *s = seen_place(hash, product);
    if (s->product)
        return 1;
    memcpy(s->hash, hash, 16);
    s->product = product;
    nseen++;
    return 0;
}

static int by_gram(const void *x, const void *y)
{
    const struct gram *a = x, *b = y;
    if (a->hi != b->hi)
        return a->hi < b->hi ? -1 : 1;
    if (a->lo != b->lo)
        return a->lo < b->lo ? -1 : 1;
    return (a->lead > b->lead) - (a->lead < b->lead);
}

static void grams_write(int64_t base)
{
    sqlite3_stmt *s = prepare("insert into lead_gram (gram, lead_id) values (?1, ?2) on conflict do nothing");
    qsort(grams, ngrams, sizeof *grams, by_gram);
    for (size_t i = 0; i < ngrams; i++) {
        const struct gram *g = &grams[i];
        char text[8] = { (char)(g->hi >> 24), (char)(g->hi >> 16), (char)(g->hi >> 8), (char)g->hi,
                         (char)(g->lo >> 24), (char)(g->lo >> 16), (char)(g->lo >> 8), (char)g->lo };
        sqlite3_bind_text(s, 1, text, (int)strnlen(text, sizeof text), SQLITE_STATIC);
        sqlite3_bind_int64(s, 2, base + g->lead);
        step(s);
    }
    sqlite3_finalize(s);
}

/* ---- sealing ------------------------------------------------------------------------------------------ */

/* Version, key number, nonce of 24 bytes, the sealed text and its tag, as core/guard/keys.c stores them. */
static int seal(unsigned char *box, const char *table, int64_t id, struct cell c)
{
    char place[80];
    unsigned char text[160];
    int n = snprintf(place, sizeof place, "%s|phone_enc|%lld|1", table, (long long)id);
    memcpy(text, place, (size_t)n + 1);
    memcpy(text + n + 1, c.p, (size_t)c.n);
    box[0] = box[1] = 1;
    memcpy(box + 2, &id, 8);
    memset(box + 10, 0, 8);
    crypto_shorthash_siphashx24(box + 10, text, (size_t)(n + 1 + c.n), hash_key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        box + 26, NULL, (const unsigned char *)c.p, (unsigned long long)c.n,
        (const unsigned char *)place, (unsigned long long)n, NULL, box + 2, seal_key);
    return 26 + c.n + 16;
}

static void phone_hash(struct cell c, unsigned char out[16])
{
    char text[40] = "phone";
    memcpy(text + 6, c.p, (size_t)c.n);
    crypto_generichash(out, 16, (const unsigned char *)text, (size_t)(6 + c.n), hash_key, sizeof hash_key);
}

/* ---- the load ----------------------------------------------------------------------------------------- */

/* The indexes of the tables that are filled, by the SQL that made them: built after. */
enum { LATE_MOST = 40 };
static char *late[LATE_MOST];
static int nlate;

static void drop_indexes(void)
{
    char *drops[LATE_MOST];
    sqlite3_stmt *s = prepare("select 'drop index ' || name, sql from sqlite_master where type = 'index' "
                              "and sql is not null and tbl_name in ('lead', 'person')");
    for (; sqlite3_step(s) == SQLITE_ROW && nlate < LATE_MOST; nlate++) {
        drops[nlate] = strdup((const char *)sqlite3_column_text(s, 0));
        late[nlate] = strdup((const char *)sqlite3_column_text(s, 1));
    }
    sqlite3_finalize(s);
    for (int i = 0; i < nlate; i++)
        run(drops[i]);
}

/* ids of leads follow it; persons stand at the same distance from person_base */
static int64_t base;
static int64_t person_base;
static long created, skipped;
static int bulk;

static int number(struct cell c)
{
    int v = 0;
    for (int i = 0; i < c.n; i++)
        v = v * 10 + (c.p[i] - '0');
    return v;
}

static int good_phone(struct cell c)
{
    if (c.n != 11 || c.p[0] != '1' || c.p[1] < '3')
        return 0;
    for (int i = 0; i < 11; i++)
        if (c.p[i] < '0' || c.p[i] > '9')
            return 0;
    return 1;
}

static void load(const char *p, const char *end)
{
    struct code channels[100], products[100];
    int nc = codes_load(channels, "select code, id from channel"),
        np = codes_load(products, "select code, id from product");
    int64_t branch = one("select id from branch where code = 'HQ'"),
            pool = one("select id from pool where code = 'default'"),
            stage = one("select id from stage where code = 'new'"),
            first = one("select coalesce(max(no), 0) from lead");
    sqlite3_stmt *find =
        prepare("select id from lead where phone_hash = ?1 and product_id = ?2 and open = 1");
    sqlite3_stmt *person = prepare(
        "insert into person (id, version, created_at, updated_at, name, name_key, phone_enc, "
        "phone_hash, "
        "deceased, minor, name_py) values (?1, 1, ?2, ?2, ?3, ?3, ?4, ?5, 0, 0, ?6) on conflict do nothing");
    sqlite3_stmt *lead = prepare("insert into lead (id, version, created_at, updated_at, no, name, "
                                 "name_key, phone_enc, phone_hash, person_id, "
                                 "branch_id, product_id, channel_id, stage_id, open, pool_id, "
                                 "intent, region, score, received_at, received_how, "
                                 "follow_up_count, returned_count, frozen, name_py) values (?1, 1, ?2, ?2, "
                                 "?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, "
                                 "?12, ?13, ?14, ?15, ?2, 'import', 0, 0, 0, ?16)");
    struct cell c[COLUMNS];
    unsigned char hash[16], box[128];
    p = parse(p, end, c);       /* the header */
    while (p < end) {
        p = parse(p, end, c);
        if (!good_phone(c[1]))
            continue;
        phone_hash(c[1], hash);
        int64_t product = code_find(products, np, c[4]), at = moment(c[2].p);
        sqlite3_bind_blob(find, 1, hash, sizeof hash, SQLITE_STATIC);
        sqlite3_bind_int64(find, 2, product);
        if (bulk ? seen_add(hash, product) : step(find) == SQLITE_ROW) {
            skipped++;
            continue;
        }
        char py[256];
        int npy = c[0].n <= 3 * (int)sizeof py ? initials_of(c[0], py) : 0;
        created++;
        sqlite3_bind_int64(person, 1, person_base + created);
        sqlite3_bind_int64(person, 2, at);
        sqlite3_bind_text(person, 3, c[0].p, c[0].n, SQLITE_STATIC);
        sqlite3_bind_blob(person, 4, box, seal(box, "person", person_base + created, c[1]), SQLITE_STATIC);
        sqlite3_bind_blob(person, 5, hash, sizeof hash, SQLITE_STATIC);
        sqlite3_bind_text(person, 6, py, npy, SQLITE_STATIC);
        step(person);
        sqlite3_bind_int64(lead, 1, base + created);
        sqlite3_bind_int64(lead, 2, at);
        sqlite3_bind_int64(lead, 3, first + created);
        sqlite3_bind_text(lead, 4, c[0].p, c[0].n, SQLITE_STATIC);
        sqlite3_bind_blob(lead, 5, box, seal(box, "lead", base + created, c[1]), SQLITE_STATIC);
        sqlite3_bind_blob(lead, 6, hash, sizeof hash, SQLITE_STATIC);
        sqlite3_bind_int64(lead, 7, person_base + created);
        sqlite3_bind_int64(lead, 8, branch);
        sqlite3_bind_int64(lead, 9, product);
        sqlite3_bind_int64(lead, 10, channel_of(channels, &nc, c[3]));
        sqlite3_bind_int64(lead, 11, stage);
        sqlite3_bind_int64(lead, 12, pool);
        sqlite3_bind_text(lead, 13, c[6].p, c[6].n, SQLITE_STATIC);
        sqlite3_bind_text(lead, 14, c[5].p, c[5].n, SQLITE_STATIC);
        sqlite3_bind_int64(lead, 15, number(c[7]));
        sqlite3_bind_text(lead, 16, py, npy, SQLITE_STATIC);
        if (step(lead) != SQLITE_DONE) {
            fprintf(stderr, "lead: %s\n", sqlite3_errmsg(db));
            exit(1);
        }
        grams_of(c[0], py, npy, (uint32_t)created);
    }
    sqlite3_finalize(find);
    sqlite3_finalize(person);
    sqlite3_finalize(lead);
}

int main(int argc, char **argv)
{
    struct stat st;
    int fd = argc == 3 ? open(argv[2], O_RDONLY) : -1;
    if (fd < 0 || fstat(fd, &st) || sodium_init() < 0) {
        fprintf(stderr, "usage: load DB FILE\n");
        return 2;
    }
    memset(hash_key, 7, sizeof hash_key);
    memset(seal_key, 9, sizeof seal_key);
    double start = now();
    const char *file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (sqlite3_open(argv[1], &db))
        return 1;
    run("pragma foreign_keys = on; pragma synchronous = full; pragma cache_size = -16384");
    run("begin immediate");
    bulk = !one("select 1 from lead limit 1");
    if (bulk)
        drop_indexes();
    person_base = (int64_t)1 << 60;
    base = person_base + ((int64_t)1 << 40);
    load(file, file + st.st_size);
    double rows = now();
    free(seen);
    run("pragma cache_size = -2048");
    for (int i = 0; i < nlate; i++)
        run(late[i]);
    double indexes = now();
    grams_write(base);
    run("commit");
    sqlite3_close(db);
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    printf("seconds %.3f s\ncreated %ld\nskipped %ld\npeak %.1f MiB\nrows %.3f s\nindexes %.3f s\n",
           now() - start, created, skipped, u.ru_maxrss / 1024.0, rows - start, indexes - rows);
    return 0;
}
