/* look.c - looking at leads: the timeline, what is masked in clear, the duplicate look-up. The
 * table of operations. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "core/guard/cursor.h"
#include "core/noun/masked.h"
#include "core/pool/private.h"

/* ---- records ------------------------------------------------------------------------------------------ */

static const struct field reveal_in_fields[] = {
    FIELD_ID(struct reveal_in, id, N_("id")),
    FIELD_REF(struct reveal_in, lead, "lead", N_("lead")),
    FIELD_TEXT(struct reveal_in, reason, N_("reason"), .flags = FIELD_REQUIRED, .max = 500),
};
const struct record reveal_in_record = RECORD(struct reveal_in, "reveal_in", reveal_in_fields);

static const struct field reveal_out_fields[] = {
    FIELD_TEXT(struct reveal_out, name, N_("customer"), .flags = FIELD_PII),
    FIELD_TEXT(struct reveal_out, phone, N_("phone"), .flags = FIELD_PII),
    FIELD_TEXT(struct reveal_out, email, N_("e-mail"), .flags = FIELD_PII),
    FIELD_TEXT(struct reveal_out, id_no, N_("id number"), .flags = FIELD_PII),
};
const struct record reveal_out_record = RECORD(struct reveal_out, "reveal_out", reveal_out_fields);

static const struct field timeline_in_fields[] = {
    FIELD_ID(struct timeline_in, id, N_("id")),
    FIELD_REF(struct timeline_in, lead, "lead", N_("lead")),
    FIELD_TEXT(struct timeline_in, cursor, N_("cursor"), .max = CURSOR_MAX),
    FIELD_INT(struct timeline_in, limit, N_("rows at most"), .min = 1, .max = PAGE_MOST),
};
const struct record timeline_in_record = RECORD(struct timeline_in, "timeline_in", timeline_in_fields);

static const struct field moment_fields[] = {
    FIELD_ID(struct moment, id, N_("id")),
    FIELD_TIME(struct moment, at, N_("at")),
    FIELD_TEXT(struct moment, type, N_("event")),
    FIELD_REF(struct moment, actor, "employee", N_("by")),
    FIELD_REF(struct moment, to, "employee", NC_("assigned", "to")),
    FIELD_TEXT(struct moment, way, N_("way")),
    FIELD_TEXT(struct moment, result, N_("result")),
    FIELD_TEXT(struct moment, note, N_("note")),
    FIELD_TEXT(struct moment, data, N_("data")),
};
const struct record moment_record = RECORD(struct moment, "moment", moment_fields);

static const struct field duplicate_in_fields[] = {
    FIELD_TEXT(struct duplicate_in, phone, N_("phone"), .flags = FIELD_REQUIRED | FIELD_PII, .max = 40),
    FIELD_REF(struct duplicate_in, product, "product", N_("product")),
};
const struct record duplicate_in_record = RECORD(struct duplicate_in, "duplicate_in", duplicate_in_fields);

static const struct field duplicate_out_fields[] = {
    FIELD_TEXT(struct duplicate_out, verdict, N_("verdict")),
    FIELD_INT(struct duplicate_out, no, N_("number")),
    FIELD_TEXT(struct duplicate_out, owner, N_("owner")),
    FIELD_TEXT(struct duplicate_out, owner_name, N_("owner's name")),
};
const struct record duplicate_out_record =
    RECORD(struct duplicate_out, "duplicate_out", duplicate_out_fields);

/* ---- reveal ------------------------------------------------------------------------------------------- */

enum status op_reveal(struct ctx *c, const struct op *op, const void *in_, void *out_)
{
    (void)op;
    const struct reveal_in *in = in_;
    struct reveal_out *out = out_;
    struct lead l;
    enum status st = lead_load(c, in->id ? in->id : in->lead.id, NONE, &l);
    if (st)
        return st;
    *out = (struct reveal_out){ l.name, l.phone, l.email, l.id_no };
    c->subject = l.head.id;
    c->subject_branch = l.branch.id;
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "reason");
    jw_str(&w, in->reason);
    jw_end_object(&w);
    c->detail = arena_strdup(c->arena, b.s);
    buf_release(&b);
    return ctx_event(c, "lead.revealed", "lead", l.head.id, l.branch.id, c->detail);
}

/* ---- timeline ----------------------------------------------------------------------------------------- */

/* The id of the follow-up that an event speaks of; 0 if none. */
static int64_t follow_up_of(const char *data)
{
    const char *p = data ? strstr(data, "\"follow_up\":\"") : NULL;
    return p ? strtoll(p + 13, NULL, 10) : 0;
}

static enum status add_follow_up(struct ctx *c, struct moment *m)
{
    int64_t id = follow_up_of(m->data);
    if (!id)
        return ST_OK;
    struct stmt *s = db_query(c->db, "select way, result, note from follow_up where id = $1", "i", id);
    if (db_row(s)) {
        m->way = db_strdup(s, 0, c->arena);
        m->result = db_strdup(s, 1, c->arena);
        m->note = db_strdup(s, 2, c->arena);
    }
    return db_end(s, c->e);
}

/* The event keeps the code of whom the lead was given to; people read the name. */
static enum status add_assignee(struct ctx *c, struct moment *m)
{
    struct json *data;
    int64_t id = 0;
    if (!m->data || strcmp(m->type, "lead.assigned") != 0 ||
        json_parse(m->data, strlen(m->data), &data, NULL) != ST_OK)
        return ST_OK;
    const char *code = json_string(json_get(data, "to"));
    struct stmt *s = db_query(c->db, "select id from employee where code = $1", "t", code ? code : "");
    if (db_row(s))
        id = db_int(s, 0);
    json_free(data);
    enum status st = db_end(s, c->e);
    return st || !id ? st : row_ref(c->db, "employee", id, c->arena, &m->to, c->e);
}

static struct cursor_list timeline_of(struct ctx *c, int64_t lead)
{
    return (struct cursor_list){ .name = "lead.timeline",
                                 .where = arena_printf(c->arena, "%lld", (long long)lead) };
}

static enum status read_moments(struct ctx *c, int64_t lead, int64_t before, int64_t limit, struct page *out)
{
    struct moment *list = NULL;
    size_t n = 0, cap = 0;
    enum status st = ST_OK;
    struct stmt *s =
        db_query(c->db,
                 "select id, at, type, actor_id, data from event where subject = $1 and id < $2 "
                 "order by id desc limit $3",
                 "iii", lead, before, limit + 1);
    while (!st && db_row(s)) {
        list = arena_grow(c->arena, list, sizeof *list, &cap, n + 1);
        struct moment *m = &list[n++];
        *m = (struct moment){ .id = db_int(s, 0), .at = db_int(s, 1), .type = db_strdup(s, 2, c->arena),
                              .data = db_strdup(s, 4, c->arena) };
        st = row_ref(c->db, "employee", db_int(s, 3), c->arena, &m->actor, c->e);
        if (!st)
            st = add_follow_up(c, m);
        if (!st)
            st = add_assignee(c, m);
    }
    enum status end = db_end(s, st ? NULL : c->e);
    if (st || end)
        return st ? st : end;
    if ((int64_t)n > limit) {
        n = (size_t)limit;
        struct cursor_list of = timeline_of(c, lead);
        out->next = cursor_seal(c, &of, arena_printf(c->arena, "%lld", (long long)list[n - 1].id));
    }
    out->rows = (struct list){ list, n };
    return ST_OK;
}

/* What a file said of the past has no events: the arrival and the deal of an import stand behind
 * the rest, with the file's dates. */
static enum status add_imported(struct ctx *c, const struct lead *l, struct page *out)
{
    struct moment *list = arena_array(c->arena, struct moment, out->rows.n + 2);
    size_t n = out->rows.n;
    if (n)
        memcpy(list, out->rows.items, n * sizeof *list);
    struct stmt *s = db_query(
        c->db, "select won_at, owner_id from deal where lead_id = $1 and batch_id is not null", "i",
        l->head.id);
    enum status st = ST_OK;
    if (db_row(s)) {
        struct moment *m = &list[n++];
        *m = (struct moment){ .at = db_int(s, 0), .type = "lead.won" };
        st = row_ref(c->db, "employee", db_int(s, 1), c->arena, &m->actor, c->e);
    }
    enum status end = db_end(s, st ? NULL : c->e);
    if (l->batch.id)
        list[n++] = (struct moment){ .at = l->head.created_at, .type = "lead.imported" };
    out->rows = (struct list){ list, n };
    return st ? st : end;
}

enum status op_timeline(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct timeline_in *in = in_;
    struct lead l;
    enum status st = crud_find(c, &lead_noun, in->id ? in->id : in->lead.id, NULL, &l);
    if (st)
        return st;
    int64_t before = INT64_MAX;
    if (in->cursor) {
        struct cursor_list of = timeline_of(c, l.head.id);
        const char *place = cursor_open(c, &of, in->cursor);
        if (!place)
            return ST_INVALID;
        before = strtoll(place, NULL, 10);
    }
    st = read_moments(c, l.head.id, before, in->limit == NONE ? PAGE_DEFAULT : in->limit, out);
    return st || ((struct page *)out)->next ? st : add_imported(c, &l, out);
}

/* ---- duplicate look-up -------------------------------------------------------------------------------- */

enum status op_duplicate(struct ctx *c, const struct op *op, const void *in_, void *out_)
{
    (void)op;
    const struct duplicate_in *in = in_;
    struct duplicate_out *out = out_;
    unsigned char hash[2][SECRET_HASH];
    const struct field *phone = record_field(lead_noun.rec, "phone");
    out->verdict = "free";
    enum status st = masked_ask_value(c, phone, in->phone);
    if (!st)
        st = row_secret_hashes(c->db, phone, in->phone, c->arena, hash, c->e);
    if (st)
        return st;
    struct stmt *s = db_query(
        c->db,
        "select no, open, product_id, owner_id, branch_id, pool_id from lead where (phone_hash in "
        "($1, $2) and open = 1) or person_id in (select id from person where phone_hash in ($1, "
        "$2)) order by open desc, id desc",
        "bb", hash[0], (size_t)SECRET_HASH, hash[1], (size_t)SECRET_HASH);
    while (!st && db_row(s)) {
        bool open = db_int(s, 1) == 1, same = !in->product.id || db_int(s, 2) == in->product.id;
        const char *verdict = open && same ? "open" : same ? "closed" : "other_product";
        if (strcmp(out->verdict, "free") != 0 && strcmp(verdict, "open") != 0)
            continue;
        out->verdict = verdict;
        struct ref owner = { 0 };
        int64_t pool = open && !db_null(s, 5) ? db_int(s, 5) : 0;
        bool ours = actor_sees_lead(c->who, db_int(s, 4), pool);    /* another branch's: taken, no more */
        if (ours && db_int(s, 3) != NONE)
            st = row_ref(c->db, "employee", db_int(s, 3), c->arena, &owner, c->e);
        out->no = ours ? db_int(s, 0) : NONE;
        out->owner = owner.code;
        out->owner_name = c->who->lens.mask_names ? NULL : owner.name;
        if (strcmp(verdict, "open") == 0)
            break;
    }
    enum status end = db_end(s, st ? NULL : c->e);
    return st ? st : end;
}

/* ---- the table ---------------------------------------------------------------------------------------- */

static const struct crud deal_crud = { .noun = &deal_noun };
static const struct crud follow_up_crud = { .noun = &follow_up_noun };

#define LEAD_ROW(name_, path_, summary_, right_, in_, out_, run_)                                  \
    .name = "lead." name_, .method = "POST", .path = "/v1/leads/{id}/" path_,                      \
    .summary = (summary_), .kind = OP_WRITE, .right = (right_), .in = (in_), .out = (out_),        \
    .many = OUT_ONE, .run = (run_)
#define LEAD_OP(...) { LEAD_ROW(__VA_ARGS__) }
#define LEADS_OP(...) { LEAD_ROW(__VA_ARGS__), .each = &leads_each }

const struct op pool_ops[] = {
    CRUD_READ(lead, "/v1/leads", &lead_crud, &lead_record),
    { .name = "lead.create",
      .method = "POST",
      .path = "/v1/leads",
      .summary = N_("make a new one, with what the person said of being reached"),
      .kind = OP_WRITE,
      .right = RIGHT_LEAD_WRITE,
      .in = &lead_new_record,
      .out = &done_record,
      .many = OUT_ONE,
      .own_checks = true,
      .arg = &lead_crud,
      .run = op_create },
    { .name = "lead.change",
      .method = "PATCH",
      .path = "/v1/leads/{id}",
      .summary = N_("change fields of it"),
      .kind = OP_WRITE,
      .right = RIGHT_LEAD_WRITE,
      .in = &lead_record,
      .out = &done_record,
      .many = OUT_ONE,
      .own_checks = true,
      .arg = &lead_crud,
      .run = crud_change },
    LEADS_OP("claim", "claim", N_("take leads from a public pool"), RIGHT_LEAD_CLAIM, &claim_record,
            &outcomes_record, op_claim),
    LEADS_OP("assign", "assign", N_("give leads to an employee"), RIGHT_LEAD_ASSIGN, &assign_record,
            &outcomes_record, op_assign),
    LEADS_OP("return", "return", N_("give leads back to a public pool"), RIGHT_LEAD_WRITE,
            &return_record, &outcomes_record, op_return),
    LEAD_OP("follow_up", "follow_up", N_("record a follow-up"), RIGHT_LEAD_WRITE,
            &follow_up_in_record, &follow_up_out_record, op_follow_up),
    LEAD_OP("stage", "stage", N_("move to another stage"), RIGHT_LEAD_WRITE, &stage_in_record,
            &done_record, op_stage),
    LEAD_OP("win", "win", N_("close as won, with its deal"), RIGHT_LEAD_WRITE, &win_record,
            &done_record, op_win),
    LEAD_OP("lose", "lose", N_("close as lost, with a reason"), RIGHT_LEAD_WRITE, &lose_record,
            &done_record, op_lose),
    LEADS_OP("tag", "tag", N_("put tags on leads, take others off"), RIGHT_LEAD_WRITE, &tag_in_record,
            &outcomes_record, op_tag),
    LEADS_OP("undo", "undo", N_("take back one's own last change of leads"), RIGHT_LEAD_READ, &claim_record,
            &outcomes_record, op_undo),
    LEAD_OP("reveal", "reveal",
            N_("show phone, e-mail and id number in clear; counted and audited"), RIGHT_LEAD_REVEAL,
            &reveal_in_record, &reveal_out_record, op_reveal),
    { .name = "lead.timeline",
      .method = "GET",
      .path = "/v1/leads/{id}/timeline",
      .summary = N_("what happened to a lead, newest first"),
      .kind = OP_READ,
      .right = RIGHT_LEAD_READ,
      .in = &timeline_in_record,
      .out = &moment_record,
      .many = OUT_MANY,
      .run = op_timeline },
    { .name = "lead.duplicate",
      .method = "POST",
      .path = "/v1/leads/duplicate",
      .summary = N_("is somebody with this phone already a lead?"),
      .kind = OP_READ,
      .right = RIGHT_LEAD_READ,
      .in = &duplicate_in_record,
      .out = &duplicate_out_record,
      .many = OUT_ONE,
      .run = op_duplicate },
    CRUD_READ(deal, "/v1/deals", &deal_crud, &deal_record),
    CRUD_READ(follow_up, "/v1/follow_ups", &follow_up_crud, &follow_up_record),
    { .name = NULL },
};
