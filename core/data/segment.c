#include "core/data/segment.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "core/data/job.h"
#include "core/lang/lang.h"
#include "core/noun/crud.h"
#include "core/noun/kept.h"
#include "core/noun/resolve.h"

static bool is_kind(const struct segment *s, const char *kind)
{
    return strcmp(s->kind, kind) == 0;
}

static struct sharing sharing_of(struct segment *s)
{
    return (struct sharing){ &s->sharing, &s->branch, &s->owner, &s->account_id };
}

static enum status check_owner(struct ctx *c, const struct segment *s)
{
    struct segment copy = *s;
    struct sharing sharing = sharing_of(&copy);
    return share_mine(c, &segment_noun, &sharing);
}

/* ---- rings -------------------------------------------------------------------------------------------- */

/* written: the segment in the condition itself by which the others were met. */
struct ring { struct ctx *c; int64_t self; int depth; const struct value *written; };

static enum status walk(struct ring *r, const struct cond *t);

static enum status walk_segment(struct ring *r, const struct value *v)
{
    struct ctx *c = r->c;
    struct lang_segment s;
    struct lang_env env;
    struct cond *inner;
    r->written = r->depth ? r->written : v;
    enum status st = resolve_segment(c, &lead_noun, v->s, &s);
    if (st || !s.id)
        return st;
    if (s.id == r->self || r->depth == LANG_SEGMENTS)
        return fail_field(c->e, ST_INVALID, "condition", "cond.segment_ring", r->written->s,
                          arena_printf(c->arena, "%d", r->written->column), NULL);
    if (!s.where)
        return ST_OK;
    st = resolve_env(c, &lead_noun, &env);
    if (!st)
        st = lang_parse(c->arena, s.where, &env, &inner, c->e);
    r->depth++;
    if (!st)
        st = walk(r, inner);
    r->depth--;
    return st;
}

/* "segment = x": a test of no member of struct lang_name. */
static bool asks_segment(const struct cond *t)
{
    const struct lang_name *n = &t->name;
    return t->kind == COND_TEST && !n->via && !n->field && !n->attr && !n->span && !n->bucket;
}

static enum status walk(struct ring *r, const struct cond *t)
{
    enum status st = ST_OK;
    if (!t)
        return ST_OK;
    for (size_t i = 0; i < t->nvalues && !st && asks_segment(t); i++)
        if (t->values[i].kind == VAL_TEXT)
            st = walk_segment(r, &t->values[i]);
    for (size_t i = 0; i < t->nkids && !st && t->kind < COND_TEST; i++)
        st = walk(r, t->kids[i]);
    return st;
}

/* ---- list, create, change ----------------------------------------------------------------------------- */

static enum status check_condition(struct ctx *c, const struct segment *old, struct segment *s)
{
    struct cond *tree;
    bool changed = !old || !old->condition || !s->condition || strcmp(old->condition, s->condition) != 0;
    if (!is_kind(s, "dynamic")) {
        bool kept = old ? !changed || (!old->condition && !s->condition) : !s->condition;
        return kept ? ST_OK
                    : fail_field(c->e, ST_INVALID, "condition", "segment.listed", s->name, NULL);
    }
    if (!s->condition)
        return fail_field(c->e, ST_INVALID, "condition", "field.required", N_("condition"), NULL);
    if (!changed)
        return ST_OK;
    enum status st = kept_condition(c, &lead_noun, &s->condition, &tree);
    if (!st && !s->condition)
        st = fail_field(c->e, ST_INVALID, "condition", "field.required", N_("condition"), NULL);
    return st ? st : walk(&(struct ring){ .c = c, .self = s->head.id }, tree);
}

static void settle(struct segment *s)
{
    if (!s->noun)
        s->noun = "lead";
    if (!s->kind)
        s->kind = s->condition ? "dynamic" : "static";
    if (s->active == NONE)
        s->active = 1;
    if (s->members == NONE && !is_kind(s, "dynamic"))
        s->members = 0;
}

static enum status before(struct ctx *c, const void *old_, void *rec)
{
    struct segment *s = rec, old = old_ ? *(const struct segment *)old_ : *s;
    struct sharing was = sharing_of(&old), now = sharing_of(s);
    settle(s);
    enum status st = old_ ? share_mine(c, &segment_noun, &was) : ST_OK;
    if (!st)
        st = record_check(&segment_record, s, true, c->e);
    if (!st && !old_ && is_kind(s, "snapshot"))
        st = fail_field(c->e, ST_INVALID, "kind", "segment.by_snapshot", NULL);
    if (!st)
        st = share_settle(c, old_ ? &was : NULL, &now);
    return st ? st : check_condition(c, old_, s);
}

static const struct crud segment_crud = { .noun = &segment_noun, .before = before };

/* ---- leads into a segment and out of it --------------------------------------------------------------- */

static const struct field lead_fields[] = {
    FIELD_ID(struct segment_lead, id, N_("id"), .flags = FIELD_REQUIRED),
};
static const struct record segment_lead_record = RECORD(struct segment_lead, "segment_lead", lead_fields);

static const struct field fill_fields[] = {
    FIELD_ID(struct segment_fill, id, N_("id")),
    FIELD_TEXT(struct segment_fill, code, N_("code"), .max = 128),
    FIELD_LIST(struct segment_fill, leads, &segment_lead_record, N_("leads")),
    FIELD_TEXT(struct segment_fill, where, N_("condition"), .max = LANG_TEXT),
};
static const struct record fill_record = RECORD(struct segment_fill, "segment_fill", fill_fields);

static const struct field filled_fields[] = {
    FIELD_ID(struct segment_filled, id, N_("id")),
    FIELD_INT(struct segment_filled, changed, N_("changed")),
    FIELD_INT(struct segment_filled, refused, N_("refused")),
    FIELD_INT(struct segment_filled, members, N_("members")),
};
static const struct record filled_record = RECORD(struct segment_filled, "segment_filled", filled_fields);

struct fill_kind { struct job_ops job; bool adds; };

struct fill {
    struct arena mem;
    const struct fill_kind *kind;
    int64_t segment;
    const char *where;          /* NULL: the leads were named */
    struct buf next;            /* cursor of the page after */
    bool last;                  /* there is none */
    int64_t *ids;               /* those at hand, and how far they are done */
    size_t n, at, cap;
    int64_t seen, changed, refused;
    int64_t pending;            /* of the step that is not committed yet */
};

static void fill_free(struct fill *f)
{
    buf_release(&f->next);
    struct arena mem = f->mem;
    free(f);
    arena_free(&mem);
}

static enum status check_fill(struct ctx *c, const struct segment_fill *in)
{
    if (!in->leads.n == !in->where)
        return fail_field(c->e, ST_INVALID, "leads", "segment.leads_or_where", NULL);
    if (in->leads.n > SEGMENT_LEADS_MOST)
        return fail_field(c->e, ST_INVALID, "leads", "lead.too_many", "500", NULL);
    return ST_OK;
}

static enum status check_listed(struct ctx *c, const struct segment *s)
{
    if (is_kind(s, "static"))
        return ST_OK;
    return fail(c->e, ST_CONFLICT, is_kind(s, "dynamic") ? "segment.by_condition" : "segment.taken_once",
                s->name, NULL);
}

static enum status start(struct ctx *c, const struct op *op, const void *in_, void **state)
{
    const struct segment_fill *in = in_;
    struct segment s;
    enum status st = check_fill(c, in);
    if (!st)
        st = crud_find(c, &segment_noun, in->id, in->code, &s);
    if (!st)
        st = check_owner(c, &s);
    if (!st)
        st = check_listed(c, &s);
    if (st)
        return st;
    struct fill *f = xcalloc(1, sizeof *f);
    f->kind = op->arg;
    f->segment = s.head.id;
    f->where = arena_strdup(&f->mem, in->where);
    f->next = (struct buf)BUF_INIT;
    f->last = !in->where;
    f->n = in->leads.n;
    f->ids = arena_grow(&f->mem, NULL, sizeof *f->ids, &f->cap, f->n > PAGE_MOST ? f->n : PAGE_MOST);
    for (size_t i = 0; i < f->n; i++)
        f->ids[i] = ((const struct segment_lead *)in->leads.items)[i].id;
    *state = f;
    return ST_OK;
}

/* The next page of a condition is read without a lock. */
static bool is_reading(const void *state)
{
    const struct fill *f = state;
    return f->at == f->n && !f->last;
}

static enum status read_page(struct ctx *c, struct fill *f)
{
    struct query q = { .where = f->where, .sort = "id", .columns = "id", .limit = PAGE_MOST,
                       .cursor = f->next.len ? f->next.s : NULL };
    struct page page = { 0 };
    enum status st = query_list(c, &lead_noun, &q, &page);
    if (st)
        return st;
    f->n = page.rows.n;
    f->at = 0;
    for (size_t i = 0; i < f->n; i++)
        f->ids[i] = ((const struct lead *)page.rows.items)[i].head.id;
    buf_clear(&f->next);
    if (page.next)
        buf_adds(&f->next, page.next);
    f->last = !page.next;
    return ST_OK;
}

static enum status put_one(struct ctx *c, struct fill *f, int64_t lead)
{
    bool seen;
    enum status st = resolve_seen(c, &lead_noun, lead, &seen);
    if (st)
        return st;
    f->seen++;
    if (!seen) {                            /* or not any more, since its page was read */
        f->refused++;
        return ST_OK;
    }
    if (f->kind->adds)
        st = db_exec(c->db, c->e,
                     "insert into segment_member (segment_id, subject_id, entered_at) values ($1, $2, $3)"
                     " on conflict (segment_id, subject_id) do nothing",
                     "iii", f->segment, lead, c->now);
    else
        st = db_exec(c->db, c->e, "delete from segment_member where segment_id = $1 and subject_id = $2",
                     "ii", f->segment, lead);
    f->pending += st ? 0 : db_changes(c->db);
    return st;
}

static enum status put_some(struct ctx *c, struct fill *f)
{
    enum status st = ST_OK;
    do
        st = f->at < f->n ? put_one(c, f, f->ids[f->at++]) : ST_OK;
    while (!st && f->at < f->n && clock_mono_us() < c->until);
    if (st || !f->pending)
        return st;
    return db_exec(c->db, c->e, "update segment set members = members + $1, updated_at = $2 where id = $3",
                   "iii", f->kind->adds ? f->pending : -f->pending, c->now, f->segment);
}

static enum status step(struct ctx *c, void *state, bool *more, int64_t *done, int64_t *total)
{
    struct fill *f = state;
    f->changed += f->pending;
    f->pending = 0;
    enum status st = is_reading(f) ? read_page(c, f) : put_some(c, f);
    *more = f->at < f->n || !f->last;
    *done = f->seen;
    *total = 0;
    return st;
}

static enum status finish(struct ctx *c, void *state, enum status how, void *out_)
{
    struct fill *f = state;
    struct segment_filled *out = out_;
    f->changed += how ? 0 : f->pending;
    *out = (struct segment_filled){ f->segment, f->changed, f->refused, NONE };
    enum status st = db_get_int(c->db, c->e, &out->members, "select members from segment where id = $1", "i",
                                f->segment);
    c->subject = f->segment;
    c->detail = arena_printf(c->arena, "{\"%s\":%" PRId64 ",\"members\":%" PRId64 "}",
                             f->kind->adds ? "added" : "removed", f->changed, out->members);
    if (!st && f->changed)
        st = ctx_event(c, f->kind->adds ? "segment.added" : "segment.removed", "segment", f->segment, 0,
                       c->detail);
    fill_free(f);
    return st;
}

static void abandon(void *state)
{
    fill_free(state);
}

#define FILL \
    { .start = start, .step = step, .finish = finish, .abandon = abandon, .reads = is_reading }
static const struct fill_kind adding = { .job = FILL, .adds = true }, removing = { .job = FILL };

/* ---- snapshots ---------------------------------------------------------------------------------------- */

static const struct field snapshot_fields[] = {
    FIELD_TEXT(struct segment_snapshot, code, N_("code"), .flags = FIELD_REQUIRED, .max = 64),
    FIELD_TEXT(struct segment_snapshot, name, N_("name"), .flags = FIELD_REQUIRED, .max = 200),
    FIELD_TEXT(struct segment_snapshot, where, N_("condition"), .flags = FIELD_REQUIRED, .max = LANG_TEXT),
    FIELD_CHOICE(struct segment_snapshot, sharing, N_("shared"), .choices = sharing_choices),
    FIELD_REF(struct segment_snapshot, branch, "branch", N_("branch")),
    FIELD_TEXT(struct segment_snapshot, note, N_("note"), .max = 4000),
};
static const struct record snapshot_record =
    RECORD(struct segment_snapshot, "segment_snapshot", snapshot_fields);

static const struct field taken_fields[] = {
    FIELD_ID(struct segment_taken, id, N_("id")),
    FIELD_INT(struct segment_taken, version, N_("version")),
    FIELD_INT(struct segment_taken, members, N_("members")),
};
static const struct record taken_record = RECORD(struct segment_taken, "segment_taken", taken_fields);

/* One statement takes all that meet the condition while it holds the lock, and a write is not stopped: so it
 * is tried before whether it can be answered within the time that reads have. */
static enum status snapshot_prepare(struct ctx *c, const struct op *op, const void *in_)
{
    (void)op;
    const struct segment_snapshot *in = in_;
    int64_t n;
    return in && in->where ? query_count(c, &lead_noun, in->where, &n) : ST_OK;
}

static enum status take_members(struct ctx *c, const char *where, struct segment *s)
{
    struct sql q;
    sql_init(&q, c->arena);
    sql_add(&q, "insert into segment_member (segment_id, subject_id, entered_at) select ");
    sql_int(&q, s->head.id);
    sql_add(&q, ", t.id, ");
    sql_int(&q, c->now);
    sql_add(&q, " ");
    enum status st = query_from(c, &lead_noun, where, &q);
    if (!st) {
        struct stmt *x = sql_query(&q, c->db);
        while (db_row(x))
            ;
        s->members = db_last_changes(c->db);
        st = db_end(x, c->e);
    }
    sql_release(&q);
    return st;
}

static enum status op_snapshot(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct segment_snapshot *in = in_;
    struct segment s;
    record_empty(&segment_record, &s);
    crud_stamp(c, &s.head);
    s.code = in->code;
    s.name = in->name;
    s.condition = in->where;
    const struct choice *shared = in->sharing ? choice_find(sharing_choices, in->sharing) : NULL;
    s.sharing = shared ? shared->code : NULL;
    s.branch = in->branch;
    s.note = in->note;
    s.kind = "snapshot";
    s.taken_at = c->now;
    settle(&s);
    struct sharing sharing = sharing_of(&s);
    enum status st = share_settle(c, NULL, &sharing);
    if (!st)
        st = kept_condition(c, &lead_noun, &s.condition, NULL);
    if (!st && !s.condition)
        st = fail_field(c->e, ST_INVALID, "where", "field.required", N_("condition"), NULL);
    if (!st)
        st = record_check(&segment_record, &s, true, c->e);
    if (!st)
        st = row_insert(c->db, &segment_noun, &s, c->arena, c->e);
    if (!st)
        st = take_members(c, s.condition, &s);
    if (!st)
        st =
            db_exec(c->db, c->e, "update segment set members = $1 where id = $2", "ii", s.members, s.head.id);
    c->subject = s.head.id;
    c->detail = arena_printf(c->arena, "{\"members\":%" PRId64 "}", s.members);
    *(struct segment_taken *)out = (struct segment_taken){ s.head.id, 1, s.members };
    return st ? st : ctx_event(c, "segment.taken", "segment", s.head.id, 0, c->detail);
}

/* ---- the table ---------------------------------------------------------------------------------------- */

#define FILL_OP(name_, path_, summary_, kind_)                                                     \
    { .name = "segment." name_, .method = "POST", .path = "/v1/segments/{id}/" path_,              \
      .summary = (summary_), .kind = OP_JOB, .right = RIGHT_LEAD_ASSIGN, .in = &fill_record,       \
      .out = &filled_record, .many = OUT_ONE, .arg = (kind_) }

const struct op segment_ops[] = {
    CRUD_READ(segment, "/v1/segments", &segment_crud, &segment_record),
    CRUD_WRITE("segment", "/v1/segments", RIGHT_LEAD_ASSIGN, &segment_crud, &segment_record),
    FILL_OP("add", "add", N_("put leads into a segment that lists them"), &adding),
    FILL_OP("remove", "remove", N_("take leads out of a segment that lists them"), &removing),
    { .name = "segment.snapshot",
      .method = "POST",
      .path = "/v1/segments/snapshot",
      .summary = N_("make a segment of those that a condition has now"),
      .kind = OP_WRITE,
      .right = RIGHT_LEAD_ASSIGN,
      .in = &snapshot_record,
      .out = &taken_record,
      .many = OUT_ONE,
      .prepare = snapshot_prepare,
      .run = op_snapshot },
    { .name = NULL },
};
