#include "core/data/gramsort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/pool/pool.h"

/* A gram's bytes (two characters are at most eight) as a big-endian number, zeros behind: numbers
 * order as texts do. */
struct gram { uint64_t text; int64_t lead; };

enum { RUN = 1 << 20, PIECE = 4096, RUNS_MOST = 4096 };

/* Names that wait, and grams of theirs, that are taken at once. */
enum { DUE_MOST = 30000, DUE_GRAMS = 1 << 18 };

/* A run in the file, read by pieces. */
struct run { off_t at, end; struct gram *piece; size_t i, n; };

struct gramsort {
    struct ctx *c;
    struct gram *grams, *spare;     /* of the run in the making; the other half of a merge sort */
    size_t n;
    int fd;                         /* -1 while one run is enough */
    off_t size;
    struct run runs[RUNS_MOST];
    size_t nruns;
    struct stmt *insert;
};

/* ---- one run ------------------------------------------------------------------------------------------ */

static bool before(const struct gram *a, const struct gram *b)
{
    return a->text != b->text ? a->text < b->text : a->lead < b->lead;
}

/* Least significant byte first, eight passes at most: a pass in which all bytes are the same is
 * left out. Stable, so the leads, which come in their order, stay so. */
static void sort(struct gram **grams, struct gram **spare, size_t n)
{
    for (int shift = 0; shift < 64 && n; shift += 8) {
        size_t count[257] = { 0 };
        for (size_t i = 0; i < n; i++)
            count[1 + ((*grams)[i].text >> shift & 255)]++;
        if (count[1 + ((*grams)[0].text >> shift & 255)] == n)
            continue;
        for (int k = 0; k < 256; k++)
            count[k + 1] += count[k];
        for (size_t i = 0; i < n; i++)
            (*spare)[count[(*grams)[i].text >> shift & 255]++] = (*grams)[i];
        struct gram *sorted = *spare;
        *spare = *grams;
        *grams = sorted;
    }
}

static enum status io_error(struct gramsort *g)
{
    return fail(g->c->e, ST_FAILED, "db.io", strerror(errno), NULL);
}

/* A file without a name in the folder of the database. */
static enum status open_file(struct gramsort *g)
{
    char dir[4096];
    const char *path = db_path(g->c->db), *slash = strrchr(path, '/');
    snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
    g->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (g->fd < 0) {                /* a file system that has no such files */
        snprintf(dir, sizeof dir, "%s-grams", path);
        g->fd = open(dir, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (g->fd >= 0)
            unlink(dir);
    }
    return g->fd < 0 ? io_error(g) : ST_OK;
}

static enum status spill(struct gramsort *g)
{
    enum status st = g->fd < 0 ? open_file(g) : ST_OK;
    size_t bytes = g->n * sizeof *g->grams, done = 0;
    if (st)
        return st;
    if (g->nruns == RUNS_MOST)
        return fail(g->c->e, ST_FAILED, "db.too_big", NULL);
    sort(&g->grams, &g->spare, g->n);
    while (done < bytes) {
        ssize_t put = pwrite(g->fd, (const char *)g->grams + done, bytes - done, g->size + (off_t)done);
        if (put < 0 && errno != EINTR)
            return io_error(g);
        done += put > 0 ? (size_t)put : 0;
    }
    g->runs[g->nruns++] = (struct run){ .at = g->size, .end = g->size + (off_t)bytes };
    g->size += (off_t)bytes;
    g->n = 0;
    return ST_OK;
}

/* ---- what is put in ----------------------------------------------------------------------------------- */

static struct gram gram_of(const char *s, size_t n, int64_t lead)
{
    struct gram x = { 0, lead };
    for (size_t i = 0; i < 8; i++)
        x.text = x.text << 8 | (i < n ? (unsigned char)s[i] : 0);
    return x;
}

static enum status add_gram(struct gramsort *g, const char *s, size_t n, int64_t lead)
{
    g->grams[g->n++] = gram_of(s, n, lead);
    return g->n == RUN ? spill(g) : ST_OK;
}

static enum status add_name(struct gramsort *g, const char *s, size_t n, const char *py, int64_t lead)
{
    enum status st = ST_OK;
    struct gram_walk w = { .s = s, .left = n };
    const char *gram;
    for (size_t len; !st && gram_next(&w, &gram, &len);)
        st = add_gram(g, gram, len, lead);
    while (!st && (gram = gram_next_py(&py)))
        st = add_gram(g, gram, 2, lead);
    return st;
}

static enum status add_all(struct gramsort *g)
{
    struct ctx *c = g->c;
    enum status st = ST_OK;
    struct stmt *s =
        db_query(c->db, "select id, name_key, name_py from lead where name_key is not null order by id", "");
    while (!st && db_row(s))
        st = add_name(g, db_text(s, 1), db_bytes(s, 1), db_null(s, 2) ? NULL : db_text(s, 2), db_int(s, 0));
    enum status end = db_end(s, st ? NULL : c->e);
    return st ? st : end;
}

/* ---- what comes out ----------------------------------------------------------------------------------- */

static enum status insert(struct stmt *insert, const struct gram *x, struct err *e)
{
    char text[8];
    size_t n = 0;
    for (; n < 8 && (char)(x->text >> (56 - 8 * n)); n++)
        text[n] = (char)(x->text >> (56 - 8 * n));
    db_bind_text(insert, 1, text, n);
    db_bind_int(insert, 2, x->lead);
    while (db_row(insert))
        ;
    return db_ok(insert, e);
}

static enum status put(struct gramsort *g, const struct gram *x)
{
    return insert(g->insert, x, g->c->e);
}

static enum status refill(struct gramsort *g, struct run *r)
{
    size_t bytes = PIECE * sizeof *r->piece;
    r->i = r->n = 0;
    if (r->end - r->at < (off_t)bytes)
        bytes = (size_t)(r->end - r->at);
    if (!bytes)
        return ST_OK;
    ssize_t got = pread(g->fd, r->piece, bytes, r->at);
    if (got != (ssize_t)bytes)
        return io_error(g);
    r->at += got;
    r->n = bytes / sizeof *r->piece;
    return ST_OK;
}

/* The heads of the runs as a heap, the least on top. */
static void sift(struct run **heap, size_t n, size_t i)
{
    for (size_t k; (k = 2 * i + 1) < n; i = k) {
        if (k + 1 < n && before(&heap[k + 1]->piece[heap[k + 1]->i], &heap[k]->piece[heap[k]->i]))
            k++;
        if (!before(&heap[k]->piece[heap[k]->i], &heap[i]->piece[heap[i]->i]))
            return;
        struct run *tmp = heap[i];
        heap[i] = heap[k];
        heap[k] = tmp;
    }
}

static enum status merge(struct gramsort *g)
{
    struct run *heap[RUNS_MOST];
    size_t n = 0;
    enum status st = ST_OK;
    for (size_t i = 0; i < g->nruns && !st; i++) {
        g->runs[i].piece = xmalloc(PIECE * sizeof *g->runs[i].piece);
        st = refill(g, &g->runs[i]);
        heap[n++] = &g->runs[i];
    }
    for (size_t i = n; i-- > 0 && !st;)
        sift(heap, n, i);
    struct gram last = { 0, 0 };
    while (n && !st) {
        struct run *r = heap[0];
        const struct gram *x = &r->piece[r->i++];
        if (before(&last, x))       /* a name has 李 twice */
            st = put(g, x);
        last = *x;
        if (r->i == r->n && !st)
            st = refill(g, r);
        if (r->i == r->n)
            heap[0] = heap[--n];
        sift(heap, n, 0);
    }
    for (size_t i = 0; i < g->nruns; i++)
        free(g->runs[i].piece);
    return st;
}

static enum status from_memory(struct gramsort *g)
{
    enum status st = ST_OK;
    sort(&g->grams, &g->spare, g->n);
    for (size_t i = 0; i < g->n && !st; i++)
        if (i == 0 || before(&g->grams[i - 1], &g->grams[i]))
            st = put(g, &g->grams[i]);
    return st;
}

enum status grams_build(struct ctx *c)
{
    struct gramsort *g = xcalloc(1, sizeof *g);
    g->c = c;
    g->fd = -1;
    g->grams = xmalloc(RUN * sizeof *g->grams);
    g->spare = xmalloc(RUN * sizeof *g->spare);
    enum status st = add_all(g);
    if (!st && g->nruns && g->n)
        st = spill(g);
    g->insert = db_prepare(c->db, "insert into lead_gram (gram, lead_id) values ($1, $2)");
    if (!st)
        st = g->nruns ? merge(g) : from_memory(g);
    db_end(g->insert, NULL);
    if (g->fd >= 0)
        close(g->fd);
    free(g->grams);
    free(g->spare);
    free(g);
    return st;
}

/* ---- names that wait ---------------------------------------------------------------------------------- */

struct gram_due {
    int64_t *leads;
    struct gram *grams, *spare;
    size_t nleads, n, room;
    size_t written, gone;           /* grams that stand, leads that wait no more */
};

static void due_add_gram(struct gram_due *d, const char *s, size_t n, int64_t lead)
{
    if (d->n == d->room)
        d->grams = xrealloc(d->grams, (d->room = d->room ? 2 * d->room : 1024) * sizeof *d->grams);
    d->grams[d->n++] = gram_of(s, n, lead);
}

static void due_add(struct gram_due *d, int64_t lead, const char *key, size_t len, const char *py)
{
    struct gram_walk w = { .s = key, .left = len };
    const char *gram;
    d->leads[d->nleads++] = lead;
    for (size_t n; gram_next(&w, &gram, &n);)
        due_add_gram(d, gram, n, lead);
    while ((gram = gram_next_py(&py)))
        due_add_gram(d, gram, 2, lead);
}

enum status grams_due(struct ctx *c, int64_t upto, struct gram_due **out)
{
    struct gram_due *d = xcalloc(1, sizeof *d);
    d->leads = xmalloc(DUE_MOST * sizeof *d->leads);
    struct stmt *s = db_query(c->db, "select lead_id, name_key, name_py from lead_gram_due where "
                                     "lead_id <= $1 order by lead_id limit $2", "ii", upto,
                              (int64_t)DUE_MOST);
    while (d->n < DUE_GRAMS && db_row(s))
        due_add(d, db_int(s, 0), db_text(s, 1), db_bytes(s, 1), db_null(s, 2) ? NULL : db_text(s, 2));
    enum status st = db_end(s, c->e);
    *out = NULL;
    if (st || !d->nleads) {
        grams_due_free(d);
        return st;
    }
    d->spare = xmalloc((d->n + 1) * sizeof *d->spare);
    sort(&d->grams, &d->spare, d->n);
    *out = d;
    return ST_OK;
}

/* Is the step over? Never before it has done something: the clock may have run out while it waited. */
static bool is_over(const struct ctx *c, size_t done)
{
    enum { LEAST = 16 };
    return done >= LEAST && clock_mono_us() >= c->until;
}

/* One that was renamed meanwhile waits no more, and has its grams. */
static enum status write_due(struct ctx *c, struct gram_due *d)
{
    enum status st = ST_OK;
    struct stmt *s = db_prepare(c->db, "insert into lead_gram (gram, lead_id) select $1, lead_id from "
                                       "lead_gram_due where lead_id = $2 on conflict do nothing");
    for (size_t i = 0; !st && d->written < d->n && !is_over(c, i); i++)
        st = insert(s, &d->grams[d->written++], c->e);
    enum status end = db_end(s, st ? NULL : c->e);
    return st ? st : end;
}

static enum status end_due(struct ctx *c, struct gram_due *d)
{
    enum status st = ST_OK;
    for (size_t i = 0; !st && d->gone < d->nleads && !is_over(c, i); i++)
        st = db_exec(c->db, c->e, "delete from lead_gram_due where lead_id = $1", "i", d->leads[d->gone++]);
    return st;
}

enum status grams_write_due(struct ctx *c, struct gram_due *d, bool *more)
{
    enum status st = write_due(c, d);
    if (!st && d->written == d->n)
        st = end_due(c, d);
    *more = d->gone < d->nleads;
    return st;
}

void grams_due_free(struct gram_due *d)
{
    if (!d)
        return;
    free(d->leads);
    free(d->grams);
    free(d->spare);
    free(d);
}
