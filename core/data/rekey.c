#include "core/data/rekey.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "core/data/import.h"
#include "core/data/job.h"
#include "core/model/nouns.h"
#include "core/store/row.h"

/* ---- records --------------------------------------------------------------------------------- */

static const struct field rotate_in_fields[] = {
    FIELD_FLAG(struct key_rotate_in, forget, N_("forget the old key")),
};
const struct record key_rotate_in_record =
    RECORD(struct key_rotate_in, "key_rotate", rotate_in_fields);

static const struct field rotate_out_fields[] = {
    FIELD_INT(struct key_rotate_out, key, N_("key number")),
    FIELD_INT(struct key_rotate_out, former, N_("former key number")),
    FIELD_INT(struct key_rotate_out, sealed, N_("values sealed anew")),
    FIELD_FLAG(struct key_rotate_out, forgotten, N_("the former key is forgotten")),
};
const struct record key_rotate_out_record =
    RECORD(struct key_rotate_out, "key_rotated", rotate_out_fields);

static const struct field forget_in_fields[] = {
    FIELD_INT(struct key_forget_in, number, N_("key number"), .flags = FIELD_REQUIRED, .min = 1, .max = 255),
};
const struct record key_forget_in_record =
    RECORD(struct key_forget_in, "key_forget", forget_in_fields);

static const struct field forget_out_fields[] = {
    FIELD_INT(struct key_forget_out, number, N_("key number")),
};
const struct record key_forget_out_record =
    RECORD(struct key_forget_out, "key_forgotten", forget_out_fields);

static const struct choice states[] = {
    { "current", N_("current key") }, { "former", N_("being replaced") }, { "retired", N_("retired") },
    { "unused", N_("not in use") }, { "forgotten", N_("forgotten") },
    { "missing", N_("not in the key file") }, { 0 },
};
static const struct field row_fields[] = {
    FIELD_INT(struct key_row, number, N_("key number")),
    FIELD_CHOICE(struct key_row, state, N_("state"), .choices = states),
    FIELD_TIME(struct key_row, made_at, N_("made at")),
    FIELD_TEXT(struct key_row, algorithm, N_("algorithm")),
    FIELD_INT(struct key_row, values, N_("sealed values")),
};
const struct record key_row_record = RECORD(struct key_row, "key", row_fields);

/* ---- what is sealed -------------------------------------------------------------------------- */

/* Sealed, and no field of a noun. */
static const struct sealed_place others[] = {
    { .table = "import_reject", .id = "import_id", .id2 = "record", .n = 1,
      .at = { { .column = "sentence_enc", .name = "sentence" } } },
    { .table = "account_totp", .id = "account_id", .n = 1,
      .at = { { .column = "secret_enc", .name = "secret_enc" } } },
};

static void noun_place(const struct noun *n, struct arena *a, struct sealed_place *out)
{
    *out = (struct sealed_place){ .table = n->table, .id = "id" };
    for (size_t i = 0; i < n->rec->nfields; i++) {
        const struct field *f = &n->rec->fields[i];
        if (f->type != F_SECRET || (f->flags & FIELD_VIRTUAL))
            continue;
        char column[80];
        secret_column(f, column);
        if (out->n == SEALED_MOST)
            abort();
        out->at[out->n].column = out->at[out->n].name = arena_strdup(a, column);
        out->at[out->n++].field = f;
    }
}

bool sealed_place(size_t i, struct arena *a, struct sealed_place *out)
{
    for (size_t n = 0; nouns[n]; n++) {
        noun_place(nouns[n], a, out);
        if (out->n && i-- == 0)
            return true;
    }
    if (i >= sizeof others / sizeof *others)
        return false;
    *out = others[i];
    return true;
}

/* Adds up one answer of "first two bytes, count". */
static void add_counts(struct stmt *s, int64_t out[256])
{
    while (db_row(s)) {
        const unsigned char *b = db_blob(s, 0);
        bool ours = b && db_bytes(s, 0) == 2 && b[0] == KEYS_SEAL_V1;
        out[ours ? b[1] : 0] += db_int(s, 1);
    }
}

enum status sealed_count(struct db *db, int64_t out[256], struct err *e)
{
    struct arena a = ARENA_INIT;
    struct sealed_place p;
    enum status st = ST_OK;
    memset(out, 0, 256 * sizeof *out);
    for (size_t i = 0; !st && sealed_place(i, &a, &p); i++)
        for (size_t k = 0; k < p.n && !st; k++) {
            const char *c = p.at[k].column;
            struct stmt *s = db_query(db, arena_printf(&a, "select substr(%s, 1, 2), count(*) from %s "
                                                       "where %s is not null group by 1", c, p.table, c),
                                      "");
            add_counts(s, out);
            st = db_end(s, e);
        }
    arena_free(&a);
    return st;
}

/* ---- the state ------------------------------------------------------------------------------- */

enum { PLACES_MOST = 16, BATCH = 64 };

/* How far the walk is: in which pass, in which place, behind which row; and how many values this
 * pass has sealed. */
struct progress { int64_t pass, place, id, id2, changed; };

static const struct progress beginning = { .id = INT64_MIN + 1, .id2 = INT64_MIN + 1 };

struct rekey {
    struct arena mem;
    struct sealed_place places[PLACES_MOST];
    size_t nplaces;
    bool begun, forget;
    bool fresh;                 /* it begins a change; else it goes on with one */
    int forgotten;              /* key to be forgotten when all is recorded; 0: none */
    int64_t rows, walked;       /* for the progress bar */
    struct key_rotate_out out;
};

static struct keys *keys_of(struct ctx *c)
{
    return db_sealer(c->db)->self;      /* keys_sealer() of the database's keys */
}

static void rekey_free(void *state)
{
    struct rekey *r = state;
    struct arena mem = r->mem;
    free(r);
    arena_free(&mem);
}

static enum status count_rows(struct ctx *c, struct rekey *r)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < r->nplaces && !st; i++) {
        int64_t n = 0;
        st = db_get_int(c->db, c->e, &n,
                        arena_printf(c->arena, "select count(*) from %s", r->places[i].table), "");
        r->rows += n;
    }
    return st;
}

static enum status rotate_start(struct ctx *c, const struct op *op, const void *in_, void **state)
{
    (void)op;
    const struct key_rotate_in *in = in_;
    struct rekey *r = xcalloc(1, sizeof *r);
    r->forget = in->forget == 1;
    while (r->nplaces < PLACES_MOST && sealed_place(r->nplaces, &r->mem, &r->places[r->nplaces]))
        r->nplaces++;
    enum status st = db_begin_read(c->db, c->e);        /* also learns which keys are in use */
    if (!st) {
        st = count_rows(c, r);
        db_end_read(c->db);
    }
    r->fresh = !keys_former(keys_of(c));
    if (st)
        rekey_free(r);
    else
        *state = r;
    return st;
}

/* ---- what the data says ---------------------------------------------------------------------- */

static enum status put_meta(struct ctx *c, const char *key, const char *value)
{
    return db_exec(c->db, c->e, "insert into meta (key, value) values ($1, $2) "
                   "on conflict (key) do update set value = excluded.value", "tt", key, value);
}

static enum status put_in_use(struct ctx *c, int current, int former)
{
    return put_meta(c, "keys", arena_printf(c->arena, "%d %d", current, former));
}

static enum status read_progress(struct ctx *c, struct progress *p)
{
    *p = beginning;
    struct stmt *s = db_query(c->db, "select value from meta where key = 'keys_progress'", "");
    if (db_row(s) && sscanf(db_text(s, 0), "%" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64,
                            &p->pass, &p->place, &p->id, &p->id2, &p->changed) != 5)
        *p = beginning;
    return db_end(s, c->e);
}

static enum status write_progress(struct ctx *c, const struct progress *p)
{
    return put_meta(c, "keys_progress",
                    arena_printf(c->arena, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
                                 p->pass, p->place, p->id, p->id2, p->changed));
}

static enum status drop_progress(struct ctx *c)
{
    return db_exec(c->db, c->e, "delete from meta where key = 'keys_progress'", "");
}

static const char *numbers_json(struct ctx *c, int64_t key, int64_t former)
{
    return arena_printf(c->arena, "{\"key\":%" PRId64 ",\"former\":%" PRId64 "}", key, former);
}

/* A new key becomes the current one. Whoever writes from the next transaction on uses it. It is made
 * under the write lock, so that its number is above every one that was ever in use, and it is in the
 * file before the data names it. */
static enum status activate(struct ctx *c, struct rekey *r)
{
    int former = keys_current(keys_of(c)), added = 0;
    enum status st = keys_add(keys_of(c), &added, c->e);
    r->out.key = added;
    r->out.former = former;
    if (!st)
        st = put_in_use(c, added, former);
    if (!st)
        st = drop_progress(c);
    return st ? st : ctx_event(c, "key.changing", "database", 0, 0, numbers_json(c, added, former));
}

static enum status end_change(struct ctx *c, struct rekey *r)
{
    enum status st = put_in_use(c, (int)r->out.key, 0);
    if (!st)
        st = drop_progress(c);
    if (!st)
        st = ctx_event(c, "key.changed", "database", 0, 0, numbers_json(c, r->out.key, r->out.former));
    r->forgotten = r->forget ? (int)r->out.former : 0;
    return st;
}

/* ---- the walk -------------------------------------------------------------------------------- */

struct sealed_row { int64_t id, id2; struct { const void *p; size_t n; } box[SEALED_MOST]; };

static const char *batch_sql(const struct sealed_place *p, struct arena *a)
{
    const char *columns = "";
    for (size_t i = 0; i < p->n; i++)
        columns = arena_printf(a, "%s, %s", columns, p->at[i].column);
    return p->id2
        ? arena_printf(a, "select %s, %s%s from %s where (%s, %s) > ($1, $2) order by %s, %s limit %d",
                       p->id, p->id2, columns, p->table, p->id, p->id2, p->id, p->id2, BATCH)
        : arena_printf(a, "select %s, 0%s from %s where %s > $1 order by %s limit %d", p->id, columns,
                       p->table, p->id, p->id, BATCH);
}

static enum status read_batch(struct ctx *c, const struct sealed_place *p, const struct progress *at,
                              struct sealed_row rows[BATCH], size_t *n)
{
    const char *sql = batch_sql(p, c->arena);
    struct stmt *s = p->id2 ? db_query(c->db, sql, "ii", at->id, at->id2) : db_query(c->db, sql, "i", at->id);
    for (*n = 0; *n < BATCH && db_row(s); ++*n) {
        struct sealed_row *row = &rows[*n];
        *row = (struct sealed_row){ .id = db_int(s, 0), .id2 = db_int(s, 1) };
        for (size_t i = 0; i < p->n; i++) {
            const void *box = db_blob(s, 2 + (int)i);
            row->box[i].n = box ? db_bytes(s, 2 + (int)i) : 0;
            row->box[i].p = box ? arena_memdup(c->arena, box, row->box[i].n) : NULL;
        }
    }
    return db_end(s, c->e);
}

static const char *update_sql(const struct sealed_place *p, struct arena *a)
{
    const char *sets = "";
    int n = 0;
    for (size_t i = 0; i < p->n; i++) {
        sets = arena_printf(a, "%s%s%s = $%d", sets, n ? ", " : "", p->at[i].column, n + 1);
        n++;
        if (p->at[i].field) {
            sets = arena_printf(a, "%s, %s_hash = $%d", sets, p->at[i].field->name, n + 1);
            n++;
        }
    }
    const char *sql = arena_printf(a, "update %s set %s where %s = $%d", p->table, sets, p->id, n + 1);
    return p->id2 ? arena_printf(a, "%s and %s = $%d", sql, p->id2, n + 2) : sql;
}

/* Binds value i of a row sealed anew, and its index. */
static enum status bind_sealed(struct ctx *c, const struct sealed_place *p, size_t i,
                               const struct sealed_row *row, struct stmt *s, int *n)
{
    const struct sealer *sealer = db_sealer(c->db);
    const char *plain;
    size_t len;
    if (!row->box[i].p) {
        db_bind_null(s, (*n)++);
        if (p->at[i].field)
            db_bind_null(s, (*n)++);
        return ST_OK;
    }
    plain = sealer->open(sealer->self, c->arena, p->table, p->at[i].name, row->id, row->box[i].p,
                         row->box[i].n, c->e);
    if (!plain)
        return c->e->status;
    const void *box = sealer->seal(sealer->self, c->arena, p->table, p->at[i].name, row->id, plain,
                                   strlen(plain), &len);
    db_bind_blob(s, (*n)++, box, len);
    if (!p->at[i].field)
        return ST_OK;
    unsigned char *hash = arena_alloc(c->arena, SECRET_HASH);
    enum status st = row_secret_index(c->db, p->at[i].field, plain, c->arena, hash, c->e);
    db_bind_blob(s, (*n)++, hash, SECRET_HASH);
    return st;
}

static enum status seal_row(struct ctx *c, const struct sealed_place *p, const struct sealed_row *row,
                            int64_t *changed)
{
    int current = keys_current(keys_of(c)), n = 1;
    int64_t stale = 0;
    for (size_t i = 0; i < p->n; i++)
        stale += row->box[i].p && keys_number_of(row->box[i].p, row->box[i].n) != current;
    if (!stale)
        return ST_OK;
    *changed += stale;
    struct stmt *s = db_prepare(c->db, update_sql(p, c->arena));
    enum status st = ST_OK;
    for (size_t i = 0; i < p->n && !st; i++)
        st = bind_sealed(c, p, i, row, s, &n);
    db_bind_int(s, n, row->id);
    if (p->id2)
        db_bind_int(s, n + 1, row->id2);
    while (!st && db_row(s))
        ;
    enum status end = db_end(s, st ? NULL : c->e);
    return st ? st : end;
}

/* One batch, or the step to the next place or pass. *over: a whole pass had nothing to do. */
static enum status walk_batch(struct ctx *c, struct rekey *r, struct progress *p, bool *over)
{
    struct sealed_row rows[BATCH];
    size_t n = 0, i = 0;
    const struct sealed_place *place = &r->places[p->place];
    int64_t before = p->changed;
    enum status st = read_batch(c, place, p, rows, &n);
    for (; i < n && !st && (i == 0 || clock_mono_us() < c->until); i++) {
        st = seal_row(c, place, &rows[i], &p->changed);
        p->id = rows[i].id;
        p->id2 = rows[i].id2;
    }
    r->walked += (int64_t)i;
    r->out.sealed += p->changed - before;
    if (st || n)
        return st;
    struct progress next = beginning;
    next.pass = p->pass;
    next.changed = p->changed;
    next.place = p->place + 1;
    if (next.place == (int64_t)r->nplaces) {
        *over = p->changed == 0;
        next.place = next.changed = 0;
        next.pass++;
    }
    *p = next;
    return ST_OK;
}

static enum status walk(struct ctx *c, struct rekey *r, bool *more)
{
    struct progress p;
    bool over = false;
    enum status st = read_progress(c, &p);
    if (!st && (p.place < 0 || p.place >= (int64_t)r->nplaces))
        p = beginning;
    do {
        st = st ? st : walk_batch(c, r, &p, &over);
    } while (!st && !over && clock_mono_us() < c->until);
    *more = !over;
    return st ? st : over ? end_change(c, r) : write_progress(c, &p);
}

static enum status rotate_step(struct ctx *c, void *state, bool *more, int64_t *done, int64_t *total)
{
    struct rekey *r = state;
    int former = keys_former(keys_of(c));
    bool first = !r->begun;
    r->begun = *more = true;
    *total = 2 * r->rows;
    *done = r->walked < *total ? r->walked : *total;
    if (first && r->fresh && !former)
        return activate(c, r);
    r->out.key = keys_current(keys_of(c));
    if (!former) {              /* another process has ended it */
        *more = false;
        return ST_OK;
    }
    r->out.former = former;
    return walk(c, r, more);
}

static enum status rotate_finish(struct ctx *c, void *state, enum status how, void *out)
{
    struct rekey *r = state;
    r->out.forgotten = !how && r->forgotten;
    *(struct key_rotate_out *)out = r->out;
    c->detail = arena_printf(c->arena, "{\"key\":%" PRId64 ",\"former\":%" PRId64 ",\"sealed\":%" PRId64
                             "%s}", r->out.key, r->out.former, r->out.sealed,
                             r->out.forgotten ? ",\"forgotten\":true" : "");
    return ST_OK;
}

/* The file is changed after the change is recorded: what is lost by a crash between the two is only
 * that the old key stays. */
static enum status forget_now(struct ctx *c, void *state, enum status how)
{
    struct rekey *r = state;
    int number = how ? 0 : r->forgotten;
    rekey_free(r);
    return number ? keys_forget(keys_of(c), number, c->e) : ST_OK;
}

static const struct job_ops rotate_job = {
    .start = rotate_start, .step = rotate_step, .finish = rotate_finish, .publish = forget_now,
    .abandon = rekey_free,
};

/* ---- forgetting ------------------------------------------------------------------------------ */

static const char *number_text(struct ctx *c, int64_t n)
{
    return arena_printf(c->arena, "%" PRId64, n);
}

static enum status check_known(struct ctx *c, int64_t number)
{
    struct keys *k = keys_of(c);
    if (number == keys_current(k) || number == keys_former(k))
        return fail_field(c->e, ST_CONFLICT, "number", "keys.in_use", number_text(c, number), NULL);
    size_t i = 0;
    while (i < keys_count(k) && keys_info(k, i).number != number)
        i++;
    if (i == keys_count(k))
        return fail_field(c->e, ST_NOT_FOUND, "number", "keys.none", number_text(c, number), NULL);
    /* Who made it may be about to use it. Those below the current one never come back, whatever
     * happens before the file is changed. */
    if (number > keys_current(k))
        return fail_field(c->e, ST_CONFLICT, "number", "keys.unused", number_text(c, number), NULL);
    return ST_OK;
}

static enum status forget_start(struct ctx *c, const struct op *op, const void *in_, void **state)
{
    (void)op;
    const struct key_forget_in *in = in_;
    enum status st = keys_reload(keys_of(c), c->e);
    if (st)
        return st;
    struct rekey *r = xcalloc(1, sizeof *r);
    r->forgotten = (int)in->number;
    *state = r;
    return ST_OK;
}

/* Looks at every value there is. */
static enum status forget_step(struct ctx *c, void *state, bool *more, int64_t *done, int64_t *total)
{
    struct rekey *r = state;
    int64_t counts[256];
    *more = false;
    *done = *total = 1;
    enum status st = check_known(c, r->forgotten);
    if (!st)
        st = sealed_count(c->db, counts, c->e);
    if (!st && counts[r->forgotten])
        st = fail_field(c->e, ST_CONFLICT, "number", "keys.values", number_text(c, r->forgotten),
                        number_text(c, counts[r->forgotten]), NULL);
    return st;
}

static bool forget_reads(const void *state)
{
    (void)state;
    return true;
}

static enum status forget_finish(struct ctx *c, void *state, enum status how, void *out)
{
    struct rekey *r = state;
    *(struct key_forget_out *)out = (struct key_forget_out){ r->forgotten };
    c->detail = arena_printf(c->arena, "{\"key\":%d}", r->forgotten);
    return how ? ST_OK : ctx_event(c, "key.forgotten", "database", 0, 0, c->detail);
}

static const struct job_ops forget_job = {
    .start = forget_start, .step = forget_step, .finish = forget_finish, .publish = forget_now,
    .abandon = rekey_free, .reads = forget_reads,
};

/* ---- the list -------------------------------------------------------------------------------- */

static const char *state_of(const struct keys *k, struct key_info x)
{
    return x.number == keys_current(k) ? "current" : x.number == keys_former(k) ? "former"
        : x.past ? "forgotten" : x.number > keys_current(k) ? "unused" : "retired";
}

static struct key_row row_of(int number, int64_t made, const char *state, int64_t values)
{
    return (struct key_row){ number, made, "XChaCha20-Poly1305, BLAKE2b-256", state, values };
}

static enum status list(struct ctx *c, const struct op *op, const void *in, void *out)
{
    (void)op;
    (void)in;
    struct keys *k = keys_of(c);
    int64_t counts[256];
    enum status st = keys_reload(k, c->e);      /* what another process has put there */
    if (!st)
        st = sealed_count(c->db, counts, c->e);
    if (st)
        return st;
    struct key_row *rows = arena_array(c->arena, struct key_row, KEYS_MOST + 256);
    size_t n = 0;
    for (size_t i = 0; i < keys_count(k); i++) {
        struct key_info x = keys_info(k, i);
        rows[n++] = row_of(x.number, x.made, state_of(k, x), counts[x.number]);
        counts[x.number] = 0;
    }
    for (int i = 0; i < 256; i++)
        if (counts[i])
            rows[n++] = row_of(i, NONE, "missing", counts[i]);
    ((struct page *)out)->rows = (struct list){ rows, n };
    return ST_OK;
}

const struct op key_ops[] = {
    { .name = "key.list", .method = "GET", .path = "/v1/keys",
      .summary = N_("the database's keys, and what is sealed with each"), .kind = OP_READ,
      .right = RIGHT_SYSTEM, .out = &key_row_record, .many = OUT_MANY, .run = list },
    { .name = "key.rotate", .method = "POST", .path = "/v1/keys/rotate",
      .summary = N_("make a new key and seal everything with it"), .kind = OP_JOB,
      .right = RIGHT_SYSTEM, .in = &key_rotate_in_record, .out = &key_rotate_out_record,
      .many = OUT_ONE, .arg = &rotate_job },
    { .name = "key.forget", .method = "POST", .path = "/v1/keys/forget",
      .summary = N_("take a key that nothing uses out of the key file"), .kind = OP_JOB,
      .right = RIGHT_SYSTEM, .in = &key_forget_in_record, .out = &key_forget_out_record,
      .many = OUT_ONE, .arg = &forget_job },
    { .name = NULL },
};
