#include "core/data/gramsort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* A gram's bytes (two characters are at most eight) as a big-endian number, zeros behind: numbers
 * order as texts do. */
struct gram { uint64_t text; int64_t lead; };

enum { RUN = 1 << 20, PIECE = 4096, RUNS_MOST = 4096 };

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
static void sort_run(struct gramsort *g)
{
    for (int shift = 0; shift < 64; shift += 8) {
        size_t count[257] = { 0 };
        for (size_t i = 0; i < g->n; i++)
            count[1 + (g->grams[i].text >> shift & 255)]++;
        if (count[1 + (g->grams[0].text >> shift & 255)] == g->n)
            continue;
        for (int k = 0; k < 256; k++)
            count[k + 1] += count[k];
        for (size_t i = 0; i < g->n; i++)
            g->spare[count[g->grams[i].text >> shift & 255]++] = g->grams[i];
        struct gram *sorted = g->spare;
        g->spare = g->grams;
        g->grams = sorted;
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
    sort_run(g);
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

static enum status add(struct gramsort *g, const char *s, size_t n, int64_t lead)
{
    struct gram x = { 0, lead };
    for (size_t i = 0; i < 8; i++)
        x.text = x.text << 8 | (i < n ? (unsigned char)s[i] : 0);
    g->grams[g->n++] = x;
    return g->n == RUN ? spill(g) : ST_OK;
}

static enum status add_name(struct gramsort *g, const char *s, size_t n, int64_t lead)
{
    enum status st = ST_OK;
    for (size_t pos = 0, one, two; pos < n && !st; pos += one) {
        text_char(s + pos, n - pos, &one);
        text_char(s + pos + one, n - pos - one, &two);
        st = add(g, s + pos, one, lead);
        if (!st && two)
            st = add(g, s + pos, one + two, lead);
    }
    return st;
}

static enum status add_all(struct gramsort *g)
{
    struct ctx *c = g->c;
    enum status st = ST_OK;
    struct stmt *s =
        db_query(c->db, "select id, name_key from lead where name_key is not null order by id", "");
    while (!st && db_row(s))
        st = add_name(g, db_text(s, 1), db_bytes(s, 1), db_int(s, 0));
    enum status end = db_end(s, st ? NULL : c->e);
    return st ? st : end;
}

/* ---- what comes out ----------------------------------------------------------------------------------- */

static enum status put(struct gramsort *g, const struct gram *x)
{
    char text[8];
    size_t n = 0;
    for (; n < 8 && (char)(x->text >> (56 - 8 * n)); n++)
        text[n] = (char)(x->text >> (56 - 8 * n));
    db_bind_text(g->insert, 1, text, n);
    db_bind_int(g->insert, 2, x->lead);
    while (db_row(g->insert))
        ;
    return db_ok(g->insert, g->c->e);
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
    if (g->n)
        sort_run(g);
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
