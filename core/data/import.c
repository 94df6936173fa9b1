/* import.c - the job: what is asked is checked, the file read twice, rows taken in steps. */
#include "core/data/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "core/data/gramsort.h"
#include "core/data/importer.h"
#include "core/noun/crud.h"
#include "core/org/org.h"

/* ---- records ------------------------------------------------------------------------------------------ */

static const struct choice modes[] = {
    { "create", N_("create") },
    { "update", N_("update") },
    { "upsert", N_("create or update") },
    { NULL, NULL },
};
static const struct choice duplicates[] = {
    { "skip", N_("skip") }, { "update", N_("update") }, { "error", N_("refuse") }, { NULL, NULL },
};
static const struct choice orders[] = {
    { "mdy", N_("month, day, year") }, { "dmy", N_("day, month, year") }, { "ymd", N_("year, month, day") },
    { NULL, NULL },
};

static const struct field in_fields[] = {
    FIELD_TEXT(struct import_in, file, N_("file"), .flags = FIELD_REQUIRED, .max = 4000),
    FIELD_TEXT(struct import_in, map, N_("map"), .max = 16000),
    FIELD_CHOICE(struct import_in, mode, N_("mode"), .choices = modes),
    FIELD_CHOICE(struct import_in, on_duplicate, N_("on a duplicate"), .choices = duplicates),
    FIELD_TEXT(struct import_in, encoding, N_("encoding"), .max = 40),
    FIELD_CHOICE(struct import_in, dates, N_("order of dates"), .choices = orders),
    FIELD_FLAG(struct import_in, create_missing, N_("create what is missing")),
    FIELD_FLAG(struct import_in, no_header, N_("no header")),
    FIELD_FLAG(struct import_in, again, N_("also a file that was taken before")),
    FIELD_FLAG(struct import_in, dry_run, N_("dry run")),
    FIELD_FLAG(struct import_in, strip_guard, N_("written by our own export")),
    FIELD_TEXT(struct import_in, rejects, N_("rejects file"), .max = 4000),
};
const struct record import_in_record = RECORD(struct import_in, "import_in", in_fields);

static const struct field out_fields[] = {
    FIELD_ID(struct import_out, id, N_("id")),
    FIELD_INT(struct import_out, rows, N_("rows")),
    FIELD_INT(struct import_out, created, N_("created")),
    FIELD_INT(struct import_out, updated, N_("updated")),
    FIELD_INT(struct import_out, skipped, N_("skipped")),
    FIELD_INT(struct import_out, rejected, N_("rejected")),
    FIELD_TEXT(struct import_out, rejects, N_("rejects file")),
    FIELD_TEXT(struct import_out, first_code, N_("first reason")),
};
const struct record import_out_record = RECORD(struct import_out, "import_out", out_fields);

/* ---- start -------------------------------------------------------------------------------------------- */

static void copy_request(struct importer *m, const struct import_in *in)
{
    m->in = *in;
    for (size_t i = 0; i < import_in_record.nfields; i++) {
        const struct field *f = &import_in_record.fields[i];
        if (f->type == F_TEXT || f->type == F_CHOICE)
            *field_text(f, &m->in) = arena_strdup(&m->mem, *field_text(f, &m->in));
    }
    if (!m->in.mode)
        m->in.mode = "create";
    if (!m->in.on_duplicate)
        m->in.on_duplicate = strcmp(m->in.mode, "upsert") == 0 ? "update" : "skip";
}

/* The last import of the same bytes, in `last`; all 0 when there is none. */
static enum status look_back(struct importer *m, struct ctx *c, struct import *last)
{
    *last = (struct import){ .state = "" };
    struct stmt *s = db_query(
        c->db,
        "select id, state, next_row, created_at, updated_at from import where sha256 = $1 and kind = $2 "
        "order by id desc limit 1",
        "tt", m->sha256, m->kind->noun->name);
    if (db_row(s)) {
        last->head.id = db_int(s, 0);
        last->state = db_strdup(s, 1, &m->mem);
        last->next_row = db_int(s, 2);
        last->head.created_at = db_int(s, 3);
        last->head.updated_at = db_int(s, 4);
    }
    return db_end(s, c->e);
}

static enum status refuse_again(struct importer *m, struct ctx *c, const struct import *last)
{
    char day[CLOCK_TEXT];
    clock_minute(last->head.created_at, day);
    return fail(c->e, ST_CONFLICT, "import.again", m->in.file, day, NULL);
}

/* The same bytes were taken before: refused unless asked for. What a broken run left is taken up
 * where it ended. */
static enum status check_again(struct importer *m, struct ctx *c)
{
    enum status st = look_back(m, c, &m->last);
    if (st || !m->last.head.id || m->in.again == 1)
        return st;
    if (strcmp(m->last.state, "done") == 0)
        return refuse_again(m, c, &m->last);
    if (m->in.dry_run == 1)
        return ST_OK;
    st = row_get(c->db, &import_noun, m->last.head.id, NULL, &m->mem, &m->batch, c->e);
    m->saved = m->batch;
    m->last.next_row = m->resume = m->batch.next_row;
    m->last.state = m->batch.state;
    m->last.head.updated_at = m->batch.head.updated_at;
    return st;
}

static enum status open_file(struct importer *m, struct ctx *c)
{
    struct csv_opts opts = { .encoding = m->in.encoding, .no_header = m->in.no_header == 1,
                             .unguard = m->in.strip_guard == 1 };
    enum status st = csvread_open(m->in.file, &opts, &m->reader, c->e);
    return st ? st : csvread_sha256(m->reader, m->sha256, c->e);
}

/* A file is no way round the right that its rows need one by one. */
static enum status may_write(const struct importer *m, struct ctx *c)
{
    const struct op *create = m->kind->create ? import_op(m->kind->create) : NULL;
    bool change = strcmp(m->in.mode, "create") != 0 || strcmp(m->in.on_duplicate, "update") == 0;
    if (create && !actor_may(c->who, create->right))
        return fail(c->e, ST_DENIED, "right.missing", m->kind->create, right_label(create->right), NULL);
    if ((m->kind->changes || (change && !create)) && !actor_may(c->who, RIGHT_LEAD_WRITE))
        return fail(c->e, ST_DENIED, "right.missing", m->kind->changes ? "lead.win" : "lead.change",
                    right_label(RIGHT_LEAD_WRITE), NULL);
    return ST_OK;
}

static void importer_free(struct importer *m)
{
    if (m->reader)
        csvread_close(m->reader);
    csvwrite_abort(m->rejects);
    grams_due_free(m->due);
    row_writer_close(m->writer);
    bulk_free(m->bulk);
    db_close(m->scratch);
    struct arena mem = m->mem;
    free(m);
    arena_free(&mem);
}

static const char *const order_words[] = {
    [DATE_OPEN] = NULL, [DATE_MDY] = "mdy", [DATE_DMY] = "dmy", [DATE_YMD] = "ymd"
};

/* What was asked, to be read by people: names of columns, no data. A run that takes it up must ask
 * the same. */
static const char *options_json(struct importer *m)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "map");
    jw_str(&w, m->in.map);
    jw_key(&w, "on_duplicate");
    jw_str(&w, m->in.on_duplicate);
    jw_key(&w, "create_missing");
    jw_bool(&w, m->in.create_missing == 1);
    jw_key(&w, "no_header");
    jw_bool(&w, m->in.no_header == 1);
    jw_key(&w, "strip_guard");
    jw_bool(&w, m->in.strip_guard == 1);
    jw_key(&w, "dates");
    jw_str(&w, order_words[m->order]);
    jw_key(&w, "encoding");
    jw_str(&w, csvread_encoding(m->reader));
    jw_end_object(&w);
    const char *text = arena_strdup(&m->mem, b.s);
    buf_release(&b);
    return text;
}

/* A step takes OP_STEP_MS and writes how far the import is: one that stands still so long has died. */
enum { DEAD_MS = 200 };

/* Passes over what the broken run has done; how far that was is asked again by the first step. */
static enum status take_up(struct importer *m, struct ctx *c, int64_t looked_us)
{
    const char *asked = options_json(m);
    if (strcmp(asked, m->batch.options ? m->batch.options : "") != 0 ||
        strcmp(m->in.mode, m->batch.mode) != 0)
        return fail(c->e, ST_CONFLICT, "import.other_options", m->in.file, NULL);
    enum status st = reject_resume(m, c);
    int64_t rest = looked_us + DEAD_MS * 1000 - clock_mono_us();
    if (!st && rest > 0 && strcmp(m->last.state, "running") == 0)
        usleep((useconds_t)rest);
    return st;
}

static enum status start(struct ctx *c, const struct op *op, const void *in, void **state)
{
    struct importer *m = xcalloc(1, sizeof *m);
    m->kind = op->arg;
    m->past = true;
    m->phone = record_field(&lead_record, "phone");
    m->attr = record_field(m->kind->noun->rec, "attr");
    copy_request(m, in);
    record_empty(&import_record, &m->batch);
    enum status st = may_write(m, c);
    if (!st)
        st = open_file(m, c);
    if (!st)
        st = reject_check(m, c);
    int64_t looked_us = clock_mono_us();
    if (!st)
        st = check_again(m, c);
    if (!st)
        st = import_map(m, c);
    if (!st)
        st = import_scan(m, c);
    if (!st)
        st = reject_begin(m, c);
    if (!st && m->batch.head.id)
        st = take_up(m, c, looked_us);
    if (st)
        importer_free(m);
    else
        *state = m;
    return st;
}

/* ---- the first step ----------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum status fail_running(struct importer *m)
{
    return fail(m->c->e, ST_CONFLICT, "import.running", m->in.file, NULL);
}

/* Since start looked another process may have begun the same file, or gone on with it. From here on
 * we hold the lock. */
static enum status check_others(struct importer *m)
{
    struct import now;
    enum status st = look_back(m, m->c, &now);
    bool same = now.head.id == m->last.head.id && now.next_row == m->last.next_row &&
                now.head.updated_at == m->last.head.updated_at && strcmp(now.state, m->last.state) == 0;
    if (st || same || m->in.again == 1 || m->in.dry_run == 1)
        return st;
    m->lost = true;
    return strcmp(now.state, "done") == 0 ? refuse_again(m, m->c, &now) : fail_running(m);
}

static enum status open_batch(struct importer *m)
{
    struct import *b = &m->batch;
    struct ctx *c = m->c;
    enum status st = check_others(m);
    if (st)
        return st;
    if (b->head.id)                     /* taken up again */
        return db_exec(c->db, c->e,
                       "update import set state = 'running', updated_at = $1, finished_at = null "
                       "where id = $2",
                       "ii", c->now, b->head.id);
    crud_stamp(c, &b->head);
    b->kind = m->kind->noun->name;
    b->file = base_name(m->in.file);
    b->sha256 = m->sha256;
    b->mode = m->in.mode;
    b->state = "running";
    b->total = csvread_total(m->reader);
    b->rows = b->created = b->updated = b->skipped = b->rejected = b->next_row = 0;
    b->employee.id = c->who->employee.id;
    b->options = options_json(m);
    return row_insert(c->db, &import_noun, b, c->arena, c->e);
}

/* They are found in the step's arena, and used in all steps. */
static enum status load_defaults(struct importer *m)
{
    struct lead_defaults *d = &m->defaults;
    struct ref *const refs[] = { &d->branch, &d->product, &d->pool, &d->stage };
    enum status st = lead_defaults_load(m->c, d);
    for (size_t i = 0; i < sizeof refs / sizeof *refs && !st; i++) {
        refs[i]->code = arena_strdup(&m->mem, refs[i]->code);
        refs[i]->name = arena_strdup(&m->mem, refs[i]->name);
    }
    return st;
}

static enum status prepare(struct importer *m)
{
    m->prepared = true;
    enum status st = open_batch(m);
    if (!st)
        st = import_attrs(m);
    if (!st && (m->kind->noun == &lead_noun || m->kind->noun == &deal_noun))
        st = load_defaults(m);
    db_use(m->c->db, USE_LOAD);
    if (!st && m->kind->bulk && m->in.dry_run != 1)
        st = bulk_begin(m->c, m->found, &m->bulk);
    if (!st && m->kind->noun == &lead_noun)
        st = row_writer_open(m->c->db, &m->shape, &m->writer, m->c->e);
    return st;
}

/* ---- words -------------------------------------------------------------------------------------------- */

static const char *(*words)(struct arena *a, const struct err *e);     /* set before threads start */

void import_words(const char *(*sentence)(struct arena *a, const struct err *e))
{
    words = sentence;
}

const char *import_sentence(struct arena *a, const struct err *why)
{
    return words ? words(a, why) : why->code;
}

/* ---- rows --------------------------------------------------------------------------------------------- */

/* A row that was refused half way leaves nothing: its savepoint is opened before it writes. In a
 * bulk load rows are checked before they are written, and what a constraint still refuses ends the
 * load. */
enum status import_guard(struct importer *m)
{
    return m->bulk ? ST_OK : import_guard_made(m);
}

enum status import_guard_made(struct importer *m)
{
    if (m->guarded)
        return ST_OK;
    enum status st = db_begin(m->c->db, m->c->e);
    m->guarded = !st;
    return st;
}

static enum status end_guard(struct importer *m, enum status st)
{
    bool guarded = m->guarded;
    m->guarded = false;
    if (guarded && !st)
        st = db_commit(m->c->db, m->c->e);
    else if (guarded)
        db_rollback(m->c->db);
    import_keep_words(m, !st);
    return st;
}

static enum status one_row(struct importer *m, const struct csv_row *row)
{
    struct ctx *c = m->c;
    enum outcome_kind what;
    enum status st = m->kind->lazy ? ST_OK : import_guard(m);
    if (!st)
        st = m->kind->row(m, row, &what);
    st = end_guard(m, st);
    m->batch.rows++;
    m->denied += st == ST_DENIED || (st && c->hidden.id);
    c->hidden = (struct hidden){ 0 };
    if (st == ST_FAILED)
        return st;
    if (st) {
        m->batch.rejected++;
        struct err why = *c->e;
        err_clear(c->e);
        return reject_row(m, row, &why);
    }
    *(what == ROW_CREATED   ? &m->batch.created
      : what == ROW_UPDATED ? &m->batch.updated
                            : &m->batch.skipped) += 1;
    return ST_OK;
}

/* How far it is. When somebody else has gone on with it since our last step, this one is taken back. */
static enum status save_progress(struct importer *m)
{
    const struct import *b = &m->batch;
    int64_t was = m->saved.head.id ? m->saved.next_row : 0;
    enum status st =
        db_exec(m->c->db, m->c->e,
                "update import set rows = $1, created = $2, updated = $3, skipped = $4, "
                "rejected = $5, next_row = $6, updated_at = $7 where id = $8 and next_row = $9",
                "iiiiiiiii", b->rows, b->created, b->updated, b->skipped, b->rejected, b->next_row,
                m->c->now, b->head.id, was);
    if (!st && db_changes(m->c->db) == 0) {
        m->lost = true;
        st = fail_running(m);
    }
    if (!st) {
        m->saved = *b;
        reject_mark(m);
    }
    return st;
}

/* Steps that only skipped rows write nothing, which spares them the disk; now and then they say how
 * far they are. What is not written is skipped once more after a crash. */
static bool worth_telling(struct importer *m)
{
    enum { TELL_EVERY_US = 100000 };
    const struct import *b = &m->batch;
    int64_t changed = b->created + b->updated + b->rejected, now = clock_mono_us();
    if (changed == m->told && now - m->told_at < TELL_EVERY_US)
        return false;
    m->told = changed;
    m->told_at = now;
    return true;
}

enum { BULK_SLICE = 4096 };

/* A bulk load is one step: it says itself how far it is. True: it is to stop. */
static bool bulk_slice(const struct ctx *c, const struct importer *m)
{
    if (c->progress)
        c->progress(c->progress_arg, m->batch.next_row, m->found);
    return c->cancel && atomic_load(c->cancel);
}

/* Is it the turn of names that wait? At the end also of those that a load left which was broken off, but not
 * of what another one leaves from now on: he who ends would work for it as long as it lasts. One that leaves
 * none of its own does not work for another at all while that one gets on. */
static enum status ask_names(struct importer *m)
{
    enum { ALIVE_MS = 10000 };
    static const char sql[] =
        "select max(lead_id) from lead_gram_due where $1 > 0 or not exists (select 1 from "
        "import where kind = 'lead' and state = 'running' and id <> $2 and updated_at > $3)";
    const struct ctx *c = m->c;
    m->names_upto = NONE;
    m->naming = false;
    if (m->kind->noun != &lead_noun || m->in.dry_run == 1 || (!m->ended && m->waiting < GRAMS_WAIT))
        return ST_OK;
    enum status st = db_get_int(c->db, c->e, &m->names_upto, sql, "iii", m->waiting, m->batch.head.id,
                                c->now - ALIVE_MS);
    m->naming = !st && m->names_upto != NONE;
    return st;
}

static enum status some_rows(struct ctx *c, struct importer *m, bool *more)
{
    enum status st = m->prepared ? ST_OK : prepare(m);
    struct csv_row row = { 0 };
    int rc = 1;
    while (!st && (rc = csvread_next(m->reader, &row, c->e)) > 0) {
        st = row.record <= m->found ? one_row(m, &row) : fail(c->e, ST_FAILED, "import.changed", NULL);
        m->batch.next_row = row.record;
        arena_reset(c->arena);
        if (m->bulk ? row.record % BULK_SLICE == 0 && bulk_slice(c, m) : clock_mono_us() >= c->until)
            break;
    }
    if (rc < 0)
        st = c->e->status;
    if (!st && m->bulk && rc > 0)
        st = fail(c->e, ST_CANCELLED, "cancelled", NULL);
    if (!st && m->bulk) {
        struct bulk *b = m->bulk;
        m->bulk = NULL;
        st = bulk_end(c, b);
    }
    *more = rc > 0;
    if (!st && (!*more || worth_telling(m)))
        st = save_progress(m);
    m->ended = rc == 0;
    if (!st)
        st = ask_names(m);
    *more = *more || m->naming;
    return st;
}

/* The names that wait get their grams: one step reads and sorts them, the next ones write; at the end again
 * until there are none. */
static enum status name_leads(struct ctx *c, struct importer *m, bool *more)
{
    bool left = false;
    enum status st;
    if (!m->due) {
        st = grams_due(c, m->names_upto, &m->due);
        m->naming = m->due != NULL;
        m->waiting = 0;
    } else {
        st = grams_write_due(c, m->due, &left);
        if (!st)
            st = save_progress(m);          /* who looks sees that it lives */
        if (!left) {
            grams_due_free(m->due);
            m->due = NULL;
            m->naming = m->ended;
        }
    }
    *more = m->naming || !m->ended;
    return st;
}

static enum status step(struct ctx *c, void *state, bool *more, int64_t *done, int64_t *total)
{
    struct importer *m = state;
    m->c = c;
    *more = false;
    enum status st = m->naming             ? name_leads(c, m, more)
                     : m->in.dry_run == 1 ? import_dry_step(m, more, some_rows) : some_rows(c, m, more);
    *done = m->batch.next_row;
    *total = m->found;
    return st;
}

/* ---- the end ------------------------------------------------------------------------------------------ */

static const char *counts_json(struct arena *a, const struct import *b, int64_t denied, bool dry_run)
{
    const char *of_which = denied ? arena_printf(a, ",\"denied\":%lld", (long long)denied) : "";
    return arena_printf(
        a,
        "{\"import\":\"%lld\",\"rows\":%lld,\"created\":%lld,\"updated\":%lld,\"skipped\":%lld,"
        "\"rejected\":%lld%s%s}",
        (long long)b->head.id, (long long)b->rows, (long long)b->created, (long long)b->updated,
        (long long)b->skipped, (long long)b->rejected, of_which, dry_run ? ",\"dry_run\":true" : "");
}

/* The state of the import row, and the event. One that another process has gone on with is its business. */
static enum status close_batch(struct importer *m, enum status how)
{
    struct ctx *c = m->c;
    int64_t id = m->saved.head.id;
    const char *state = !how ? "done" : how == ST_CANCELLED ? "cancelled" : "failed";
    enum status st =
        db_exec(c->db, c->e,
                "update import set state = $1, finished_at = $2, updated_at = $2 where id = $3 "
                "and next_row = $4 and state = 'running'",
                "tiii", state, c->now, id, m->saved.next_row);
    if (st || how || db_changes(c->db) == 0)
        return st;
    return ctx_event(c, arena_printf(c->arena, "%s.imported", m->kind->noun->name), "import", id, 0,
                     c->detail);
}

static enum status finish(struct ctx *c, void *state, enum status how, void *out_)
{
    struct importer *m = state;
    struct import_out *out = out_;
    bool dry_run = m->in.dry_run == 1;
    if (how)                            /* the step at hand was taken back */
        m->batch = m->saved;
    if (dry_run)                        /* its row stands in the scratch database only */
        m->batch.head.id = 0;
    const struct import *b = &m->batch;
    const char *rejects = NULL;
    m->c = c;
    db_use(c->db, USE_LISTS);
    enum status st = reject_end(m, how, &rejects);
    *out = (struct import_out){ b->head.id,
                                b->rows,
                                b->created,
                                b->updated,
                                b->skipped,
                                b->rejected,
                                arena_strdup(c->arena, rejects),
                                m->first_code[0] ? arena_strdup(c->arena, m->first_code) : NULL };
    c->subject = b->head.id;
    c->detail = counts_json(c->arena, b, m->denied, dry_run);
    if (!st && b->head.id && !m->lost)
        st = close_batch(m, how);
    importer_free(m);
    return st;
}

/* ---- the kinds ---------------------------------------------------------------------------------------- */

static void abandon(void *state)
{
    importer_free(state);
}

static bool only_reads(const void *state)
{
    const struct importer *m = state;
    return m->in.dry_run == 1 || (m->naming && !m->due);
}

#define JOB                                                                                        \
    {                                                                                              \
        .start = start, .step = step, .finish = finish, .abandon = abandon, .reads = only_reads    \
    }

static const struct import_kind lead_kind = {
    .job = JOB, .noun = &lead_noun, .row = import_lead_row, .bulk = true, .lazy = true
};
static const struct import_kind deal_kind = {
    .job = JOB, .noun = &deal_noun, .row = import_deal_row, .changes = true
};
static const struct import_kind branch_kind = {
    .job = JOB, .noun = &branch_noun, .create = "branch.create", .row = import_noun_row };
static const struct import_kind employee_kind = {
    .job = JOB, .noun = &employee_noun, .create = "employee.create", .row = import_noun_row };
static const struct import_kind channel_kind = {
    .job = JOB, .noun = &channel_noun, .create = "channel.create", .row = import_noun_row };
static const struct import_kind product_kind = {
    .job = JOB, .noun = &product_noun, .create = "product.create", .row = import_noun_row };

#define IMPORT_OP(noun_, path_, kind_)                                                             \
    {                                                                                              \
        .name = noun_ ".import", .method = "POST", .path = path_ "/import",                        \
        .summary = N_("import a file"), .kind = OP_JOB, .right = RIGHT_IMPORT,                     \
        .in = &import_in_record, .out = &import_out_record, .many = OUT_ONE, .arg = (kind_)        \
    }

const struct op import_ops[] = {
    IMPORT_OP("lead", "/v1/leads", &lead_kind),
    IMPORT_OP("deal", "/v1/deals", &deal_kind),
    IMPORT_OP("branch", "/v1/branches", &branch_kind),
    IMPORT_OP("employee", "/v1/employees", &employee_kind),
    IMPORT_OP("channel", "/v1/channels", &channel_kind),
    IMPORT_OP("product", "/v1/products", &product_kind),
    { .name = NULL },
};
