/* work.c - working a lead: follow-ups, stages, winning and losing. */
#include <string.h>

#include "base/i18n.h"
#include "core/noun/resolve.h"
#include "core/org/org.h"
#include "core/pool/private.h"

/* ---- records ------------------------------------------------------------------------------------------ */

#define ONE_LEAD(T) \
    FIELD_ID(T, id, N_("id")), \
    FIELD_REF(T, lead, "lead", N_("lead")), \
    FIELD_INT(T, version, N_("version"))

enum { NOTE_MAX = 4000 };

static const struct field follow_up_in_fields[] = {
    ONE_LEAD(struct follow_up_in),
    FIELD_CHOICE(struct follow_up_in, way, N_("way"), .choices = follow_up_ways),
    FIELD_CHOICE(struct follow_up_in, result, N_("result"), .flags = FIELD_REQUIRED,
                 .choices = follow_up_results),
    FIELD_TEXT(struct follow_up_in, note, N_("note"), .max = NOTE_MAX),
    FIELD_TIME(struct follow_up_in, next_at, N_("next follow-up")),
};
const struct record follow_up_in_record = RECORD(struct follow_up_in, "follow_up_in", follow_up_in_fields);

static const struct field follow_up_out_fields[] = {
    FIELD_ID(struct follow_up_out, id, N_("id")),
    FIELD_INT(struct follow_up_out, version, N_("version")),
    FIELD_TEXT(struct follow_up_out, stage, N_("stage")),
    FIELD_TIME(struct follow_up_out, left_at, N_("time left")),
};
const struct record follow_up_out_record =
    RECORD(struct follow_up_out, "follow_up_out", follow_up_out_fields);

static const struct field stage_fields[] = {
    ONE_LEAD(struct stage_in),
    FIELD_REF(struct stage_in, stage, "stage", N_("stage"), .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct stage_in, reason, N_("reason"), .max = 500),
};
const struct record stage_in_record = RECORD(struct stage_in, "stage_in", stage_fields);

static const struct field win_fields[] = {
    ONE_LEAD(struct win_in),
    FIELD_MONEY(struct win_in, amount, N_("amount"), .min = 0, .max = INT64_C(100000000000000000)),
    FIELD_TIME(struct win_in, won_at, N_("won at")),
    FIELD_REF(struct win_in, product, "product", N_("product")),
    FIELD_TEXT(struct win_in, note, N_("note"), .max = NOTE_MAX),
};
const struct record win_record = RECORD(struct win_in, "win", win_fields);

static const struct field lose_fields[] = {
    ONE_LEAD(struct lose_in),
    FIELD_TEXT(struct lose_in, reason, N_("reason"), .flags = FIELD_REQUIRED, .max = 500),
};
const struct record lose_record = RECORD(struct lose_in, "lose", lose_fields);

/* ---- stages ------------------------------------------------------------------------------------------- */

static enum status load_mine(struct ctx *c, int64_t id, const struct ref *lead, int64_t version,
                             struct lead *out)
{
    id = id ? id : lead->id;
    if (!id)
        return fail_field(c->e, ST_INVALID, "id", "field.required", N_("lead"), NULL);
    enum status st = lead_load(c, id, version, out);
    return st ? st : lead_is_mine(c, out);
}

static enum status must_be_open(struct ctx *c, const struct lead *l)
{
    return l->open == 1 ? ST_OK : fail(c->e, ST_CONFLICT, "CLOSED", NULL);
}

/* ---- follow-up ---------------------------------------------------------------------------------------- */

/* Nobody was spoken to: it is written down, but no clock stops. */
static bool reached_nobody(const char *result)
{
    return strcmp(result, "no_answer") == 0 || strcmp(result, "busy") == 0;
}

/* The consent ways that a refusal in this way stops. */
static const char *refused_way(const char *way)
{
    return !way || strcmp(way, "counter") == 0 || strcmp(way, "visit") == 0 ? "all" : way;
}

static enum status refuse(struct ctx *c, struct lead *l, const char *way)
{
    if (!l->person.id) {
        enum status st = person_of(c, l, &l->person);
        if (st)
            return st;
    }
    if (!l->person.id) {
        enum status st = person_alone(c, l);
        if (st)
            return st;
    }
    struct consent x;
    record_empty(consent_noun.rec, &x);
    x.person = l->person;
    x.way = refused_way(way);
    x.state = "refused";
    x.at = c->now;
    x.source = "call";
    x.employee = c->who->employee;
    if (strcmp(x.way, "all") == 0)
        l->frozen = 1;
    return consent_put(c, &x, l->branch.id);
}

static enum status insert_follow_up(struct ctx *c, const struct follow_up_in *in,
                                    const struct lead *l, int64_t *id)
{
    struct follow_up f;
    record_empty(follow_up_noun.rec, &f);
    crud_stamp(c, &f.head);
    f.lead.id = l->head.id;
    f.employee = c->who->employee;
    f.branch = l->branch;
    f.at = c->now;
    f.way = in->way ? in->way : "phone";
    f.result = in->result;
    f.note = in->note;
    f.next_at = in->next_at;
    *id = f.head.id;
    return row_insert(c->db, &follow_up_noun, &f, c->arena, c->e);
}

static enum status settle_tasks(struct ctx *c, const struct follow_up_in *in, const struct lead *l)
{
    enum status st = ST_OK;
    if (!reached_nobody(in->result))
        st = tasks_close(c, l, "first_follow_up", "done");
    if (!st)
        st = tasks_close(c, l, "follow_up", "done");
    return st || in->next_at == NONE || !l->owner.id ? st : task_open(c, l, "follow_up", in->next_at);
}

/* A first real contact moves a new lead on; later stages are a person's decision. */
static enum status stage_after(struct ctx *c, struct lead *l)
{
    struct ref fresh;
    enum status st = row_needed(c, &stage_noun, "new", &fresh);
    return st || l->stage.id != fresh.id ? st : row_needed(c, &stage_noun, "contacted", &l->stage);
}

static enum status check_follow_up(struct ctx *c, const struct follow_up_in *in)
{
    if (in->next_at != NONE && in->next_at <= c->now)
        return fail_field(c->e, ST_INVALID, "next_at", "lead.next_past", NULL);
    return ST_OK;
}

enum status op_follow_up(struct ctx *c, const struct op *op, const void *in_, void *out_)
{
    (void)op;
    const struct follow_up_in *in = in_;
    struct follow_up_out *out = out_;
    struct lead was;
    enum status st = check_follow_up(c, in);
    if (!st)
        st = load_mine(c, in->id, &in->lead, in->version, &was);
    if (!st)
        st = must_be_open(c, &was);
    if (st)
        return st;
    struct lead now = was;
    now.last_follow_up_at = c->now;
    now.follow_up_count = (was.follow_up_count == NONE ? 0 : was.follow_up_count) + 1;
    now.next_follow_up_at = in->next_at;
    if (!reached_nobody(in->result)) {
        if (now.first_response_at == NONE)
            now.first_response_at = c->now;
        st = stage_after(c, &now);
    }
    if (!st && strcmp(in->result, "refuses_marketing") == 0)
        st = refuse(c, &now, in->way ? in->way : "phone");
    if (!st)
        st = insert_follow_up(c, in, &was, &out->id);
    if (!st)
        st = settle_tasks(c, in, &now);
    int64_t hours = NONE;
    if (!st)
        st = pool_hours(c, now.pool.id, &hours);
    lead_clocks(&now, hours);
    if (!st)
        st = lead_save(c, &was, &now, "lead.followed_up",
                       arena_printf(c->arena, "{\"follow_up\":\"%lld\",\"result\":\"%s\"}",
                                    (long long)out->id, in->result));
    if (!st && strcmp(in->result, "refuses_marketing") == 0)
        st = person_settle(c, now.person.id);       /* what else he is a lead for */
    out->version = now.head.version;
    out->stage = now.stage.code;
    out->left_at = now.left_at;
    return st;
}

/* ---- stages, winning, losing -------------------------------------------------------------------------- */

/* Back to work: to the caller's hands if he has any, else to the pool; refused where another open
 * lead has the same phone and product. */
static enum status reopen(struct ctx *c, struct lead *l)
{
    l->open = 1;
    l->closed_at = l->amount = NONE;
    struct employee to;
    if (l->owner.id && receiver_check(c, l->owner.id, &to)) {       /* gone meanwhile: nobody's */
        if (c->e->status == ST_FAILED)
            return ST_FAILED;
        err_clear(c->e);
        l->owner = (struct ref){ 0 };
    }
    if (!l->owner.id && !l->pool.id) {
        if (c->who->employee.id)
            l->owner = c->who->employee;
        else {
            enum status st = pool_nearest(c, l->branch.id, &l->pool);
            if (st)
                return st;
        }
    }
    l->received_at = c->now;
    l->received_how = l->owner.id ? "assign" : "return";
    return lead_heed(c, l);
}

static void closed_lead(struct ctx *c, struct lead *l, const char *reason)
{
    l->open = 0;
    l->closed_at = c->now;
    l->reason = reason;
    l->next_follow_up_at = NONE;
    lead_clocks(l, NONE);
}

static enum status close_lead(struct ctx *c, struct lead *l, const char *reason)
{
    closed_lead(c, l, reason);
    return tasks_close(c, l, NULL, "cancelled");
}

static enum status won_needs_deal(struct ctx *c, const struct stage *to)
{
    return strcmp(to->kind, "won") == 0 ? fail_field(c->e, ST_INVALID, "stage", "lead.win_it", NULL) : ST_OK;
}

/* What is won has its deal, and stays. */
static enum status must_not_be_won(struct ctx *c, const struct lead *l)
{
    int64_t deal = NONE;
    enum status st =
        db_get_int(c->db, c->e, &deal, "select id from deal where lead_id = $1", "i", l->head.id);
    return st || deal == NONE ? st : fail(c->e, ST_CONFLICT, "lead.won_stays", NULL);
}

enum status op_stage(struct ctx *c, const struct op *op, const void *in_, void *out_)
{
    (void)op;
    const struct stage_in *in = in_;
    struct done *out = out_;
    struct lead was;
    struct stage to;
    enum status st = load_mine(c, in->id, &in->lead, in->version, &was);
    if (!st)
        st = row_get(c->db, &stage_noun, in->stage.id, NULL, c->arena, &to, c->e);
    if (!st)
        st = won_needs_deal(c, &to);
    if (!st && was.open != 1)
        st = must_not_be_won(c, &was);
    if (!st && to.active == 0)
        st = fail_field(c->e, ST_INVALID, "stage", "stage.inactive", to.code, NULL);
    if (!st && strcmp(to.kind, "open") != 0 && !in->reason)
        st = fail_field(c->e, ST_INVALID, "reason", "field.required", N_("reason"), NULL);
    if (st)
        return st;
    struct lead now = was;
    struct trace trace = { 0 };
    now.stage = (struct ref){ to.head.id, to.code, to.name };
    bool opens = strcmp(to.kind, "open") == 0;
    if (opens && was.open != 1) {
        st = reopen(c, &now);
        if (!st)
            st = lead_collision(c, &now);
    } else if (!opens) {
        closed_lead(c, &now, in->reason);
        st = trace_close(c, &was, &trace);
    }
    int64_t hours = NONE;
    if (!st)
        st = pool_hours(c, now.pool.id, &hours);
    lead_clocks(&now, hours);
    if (!st && opens && was.open != 1 && now.owner.id)
        st = trace_open(c, &now, "first_follow_up",
                        now.first_due_at != NONE ? now.first_due_at : now.left_at, &trace);
    if (!st)
        st = lead_save_traced(c, &was, &now, "lead.stage_changed",
                              texts_json(c->arena, "stage", to.code, "reason", in->reason, NULL), &trace);
    *out = (struct done){ now.head.id, now.head.version };
    return st;
}

enum status op_lose(struct ctx *c, const struct op *op, const void *in_, void *out_)
{
    (void)op;
    const struct lose_in *in = in_;
    struct done *out = out_;
    struct lead was;
    enum status st = load_mine(c, in->id, &in->lead, in->version, &was);
    if (!st)
        st = must_be_open(c, &was);
    if (st)
        return st;
    struct lead now = was;
    st = row_needed(c, &stage_noun, "lost", &now.stage);
    if (!st)
        st = close_lead(c, &now, in->reason);
    if (!st)
        st = lead_save(c, &was, &now, "lead.lost",
                       texts_json(c->arena, "stage", "lost", "reason", in->reason, NULL));
    *out = (struct done){ now.head.id, now.head.version };
    return st;
}

enum status lead_win(struct ctx *c, struct lead *l, const struct deal *d)
{
    struct deal row = *d;
    crud_stamp(c, &row.head);
    row.lead.id = l->head.id;
    row.branch = l->branch;
    if (!row.owner.id)
        row.owner = l->owner;
    if (!row.product.id)
        row.product = l->product;
    enum status st = row_needed(c, &stage_noun, "won", &l->stage);
    if (!st)
        st = row_insert(c->db, &deal_noun, &row, c->arena, c->e);
    if (st)
        return st;
    st = close_lead(c, l, NULL);
    l->closed_at = row.won_at;
    l->amount = row.amount;
    if (row.owner.id) {
        l->owner = row.owner;
        l->pool = (struct ref){ 0 };
    }
    return st;
}

enum status op_win(struct ctx *c, const struct op *op, const void *in_, void *out_)
{
    (void)op;
    const struct win_in *in = in_;
    struct done *out = out_;
    struct lead was;
    enum status st = load_mine(c, in->id, &in->lead, in->version, &was);
    if (!st)
        st = must_be_open(c, &was);
    if (!st && in->won_at != NONE && in->won_at > c->now)
        st = fail_field(c->e, ST_INVALID, "won_at", "lead.won_future", NULL);
    if (st)
        return st;
    struct deal d;
    record_empty(deal_noun.rec, &d);
    d.won_at = in->won_at == NONE ? c->now : in->won_at;
    d.amount = in->amount;
    d.product = in->product;
    d.note = in->note;
    struct lead now = was;
    st = lead_win(c, &now, &d);
    if (!st)
        st = lead_save(c, &was, &now, "lead.won", NULL);
    *out = (struct done){ now.head.id, now.head.version };
    return st;
}
