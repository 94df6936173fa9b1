/* claim.c - who has a lead: claimed from a pool, assigned, returned.
 *
 * A claim's checks have one order (domain B2) and stand in a table: who you are, where the lead is,
 * how fresh it is, whose it was, how much you hold, how much you took. Quotas come last, so that a
 * refused claim costs nothing. The caps come with the pools' rules and join the table at their
 * place.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "core/noun/resolve.h"
#include "core/org/org.h"
#include "core/pool/private.h"

/* ---- records ------------------------------------------------------------------------------------------ */

static const struct field lead_at_fields[] = {
    FIELD_ID(struct lead_at, id, N_("id"), .flags = FIELD_REQUIRED),
    FIELD_INT(struct lead_at, version, N_("version")),
};
const struct record lead_at_record = RECORD(struct lead_at, "lead_at", lead_at_fields);

#define ONE_OR_MANY(T) \
    FIELD_ID(T, id, N_("id")), \
    FIELD_REF(T, lead, "lead", N_("lead")), \
    FIELD_INT(T, version, N_("version")), \
    FIELD_LIST(T, leads, &lead_at_record, N_("leads"))

static const struct field claim_fields[] = { ONE_OR_MANY(struct claim_in) };
const struct record claim_record = RECORD(struct claim_in, "claim", claim_fields);

static const struct field assign_fields[] = {
    ONE_OR_MANY(struct assign_in),
    FIELD_REF(struct assign_in, employee, "employee", N_("employee"), .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct assign_in, reason, N_("reason"), .max = 500),
};
const struct record assign_record = RECORD(struct assign_in, "assign", assign_fields);

static const struct field return_fields[] = {
    ONE_OR_MANY(struct return_in),
    FIELD_REF(struct return_in, pool, "pool", N_("pool")),
    FIELD_TEXT(struct return_in, reason, N_("reason"), .flags = FIELD_REQUIRED, .max = 500),
};
const struct record return_record = RECORD(struct return_in, "return", return_fields);

static const struct field outcome_fields[] = {
    FIELD_ID(struct outcome, id, N_("id")),
    FIELD_INT(struct outcome, version, N_("version")),
    FIELD_TEXT(struct outcome, code, N_("result")),
    FIELD_TEXT(struct outcome, detail, N_("detail")),
};
static const struct record outcome_record = RECORD(struct outcome, "outcome", outcome_fields);

static const struct field outcomes_fields[] = {
    FIELD_INT(struct outcomes, ok, N_("done")),
    FIELD_INT(struct outcomes, refused, N_("refused")),
    FIELD_LIST(struct outcomes, outcomes, &outcome_record, N_("outcomes")),
};
const struct record outcomes_record = RECORD(struct outcomes, "outcomes", outcomes_fields);

/* ---- one or many -------------------------------------------------------------------------------------- */

enum { LEADS_MOST = 500 };

/* How the frame asks about several: all inputs begin as claim_in does, all answers are outcomes. */
static size_t leads_named(const void *in)
{
    return ((const struct claim_in *)in)->leads.n;
}

static size_t leads_done(const void *out)
{
    return ((const struct outcomes *)out)->outcomes.n;
}

static enum status make_room(struct ctx *c, const void *in, void *out_)
{
    struct outcomes *out = out_;
    size_t n = leads_named(in);
    if (n > LEADS_MOST)
        return fail_field(c->e, ST_INVALID, "leads", "lead.too_many", "500", NULL);
    struct outcome *o = arena_array(c->arena, struct outcome, n);
    if (out->outcomes.n)
        memcpy(o, out->outcomes.items, out->outcomes.n * sizeof *o);
    else
        out->ok = out->refused = 0;
    out->outcomes.items = o;
    return ST_OK;
}

static int64_t name_one(void *in_, size_t i)
{
    struct claim_in *in = in_;
    const struct lead_at *at = (const struct lead_at *)in->leads.items + i;
    in->id = at->id;
    in->version = at->version;
    in->lead = (struct ref){ 0 };
    in->leads = (struct list){ 0 };
    return at->id;
}

static void add_outcome(struct ctx *c, void *out_, int64_t id, const void *one_, const struct err *refused)
{
    struct outcomes *out = out_;
    const struct outcomes *one = one_;
    struct outcome *o = (struct outcome *)out->outcomes.items + out->outcomes.n++;
    if (!refused) {
        *o = *(const struct outcome *)one->outcomes.items;
        out->ok++;
        return;
    }
    *o = (struct outcome){ .id = id, .version = NONE, .code = arena_strdup(c->arena, refused->code) };
    o->detail = refused->nparam ? arena_strdup(c->arena, refused->param[0]) : NULL;
    out->refused++;
}

const struct op_each leads_each = {
    .count = leads_named, .done = leads_done, .begin = make_room, .pick = name_one, .add = add_outcome,
};
_Static_assert(offsetof(struct assign_in, leads) == offsetof(struct claim_in, leads) &&
               offsetof(struct return_in, leads) == offsetof(struct claim_in, leads) &&
               offsetof(struct tag_in, leads) == offsetof(struct claim_in, leads) &&
               offsetof(struct assign_in, version) == offsetof(struct claim_in, version) &&
               offsetof(struct return_in, version) == offsetof(struct claim_in, version) &&
               offsetof(struct tag_in, version) == offsetof(struct claim_in, version),
               "they begin alike");

enum status do_lead(struct ctx *c, const void *in_, one_lead *one, struct outcomes *out)
{
    const struct claim_in *in = in_;
    struct lead_at at = { in->id ? in->id : in->lead.id, in->version };
    if (!at.id)
        return fail_field(c->e, ST_INVALID, "id", "field.required", N_("lead"), NULL);
    struct outcome *o = arena_new(c->arena, struct outcome);
    *o = (struct outcome){ .id = at.id, .version = NONE, .code = "OK" };
    *out = (struct outcomes){ .ok = 1, .refused = 0, .outcomes = { o, 1 } };
    return one(c, in, &at, o);
}

/* ---- claim -------------------------------------------------------------------------------------------- */

struct claim { struct ctx *c; const struct lead *l; struct pool pool; };

static enum status check_person(struct claim *k)
{
    struct employee me;
    if (!k->c->who->employee.id)
        return fail(k->c->e, ST_DENIED, "NOT_MEMBER", NULL);
    enum status st =
        row_get(k->c->db, &employee_noun, k->c->who->employee.id, NULL, k->c->arena, &me, k->c->e);
    if (!st && strcmp(me.status, "active") != 0)
        st = fail(k->c->e, ST_DENIED, "OFF_DUTY", NULL);
    return st;
}

static enum status check_in_pool(struct claim *k)
{
    const struct lead *l = k->l;
    if (l->open == 1 && l->pool.id)
        return ST_OK;
    const char *who = l->owner.name && !k->c->who->lens.mask_names ? l->owner.name : l->owner.code;
    return fail(k->c->e, ST_CONFLICT, l->open == 1 ? "TAKEN" : "CLOSED", who ? who : "", NULL);
}

static enum status check_pool(struct claim *k)
{
    enum status st = row_get(k->c->db, &pool_noun, k->l->pool.id, NULL, k->c->arena, &k->pool, k->c->e);
    if (!st && k->pool.active == 0)
        st = fail(k->c->e, ST_CONFLICT, "POOL_DISABLED", k->pool.name, NULL);
    return st;
}

/* A pool's members are its public, and those who have it in a branch of their own. */
static enum status check_member(struct claim *k)
{
    const struct actor *who = k->c->who;
    if (actor_covers(who, k->pool.branch.id) || actor_of_public(who, k->pool.head.id))
        return ST_OK;
    return fail(k->c->e, ST_DENIED, "NOT_MEMBER", k->pool.name, NULL);
}

static enum status check_frozen(struct claim *k)
{
    return lead_reachable(k->c, k->l);
}

static enum status (*const claim_checks[])(struct claim *) = {
    check_person, check_in_pool, check_pool, check_member, check_frozen,
};

/* Whoever has a lead must see it: it goes to his branch unless it lies below that already. */
static enum status move_branch(struct ctx *c, struct lead *l, int64_t employee)
{
    int64_t branch = NONE, below = NONE;
    enum status st = db_get_int(c->db, c->e, &branch,
                                "select branch_id from employee where id = $1", "i", employee);
    if (!st)
        st = db_get_int(c->db, c->e, &below,
                        "select 1 from branch r, branch b where r.id = $1 and b.id = $2 and b.path "
                        ">= r.path and "
                        "b.path < r.path || '~'",
                        "ii", branch, l->branch.id);
    if (!st && below == NONE)
        l->branch = (struct ref){ .id = branch };
    return st;
}

/* The lead changes hands: clocks start anew, what was open for the one before is closed, the new
 * one gets his task. */
static enum status give(struct ctx *c, const struct lead *was, const struct ref *owner,
                        const char *how, const char *event, const char *data, struct outcome *o)
{
    struct lead now = *was;
    now.owner = *owner;
    now.pool = (struct ref){ 0 };
    now.received_at = c->now;
    now.received_how = how;
    now.first_response_at = now.next_follow_up_at = NONE;
    lead_clocks(&now, NONE);
    struct trace trace = { 0 };
    enum status st = move_branch(c, &now, owner->id);
    if (!st)
        st = trace_close(c, was, &trace);
    if (!st)
        st = trace_open(c, &now, "first_follow_up", now.first_due_at, &trace);
    if (!st)
        st = lead_save_traced(c, was, &now, event, data, &trace);
    o->version = now.head.version;
    return st;
}

/* The pool that a lead waited in until it was last claimed or assigned; 0 when it is not known. */
static enum status pool_before(struct ctx *c, int64_t lead, int64_t *pool)
{
    const char *data = NULL, *code;
    struct json *root = NULL;
    struct stmt *s = db_query(c->db,
                              "select data from event where subject = $1 and type in ('lead.claimed', "
                              "'lead.assigned') order by id desc limit 1",
                              "i", lead);
    if (db_row(s))
        data = db_strdup(s, 0, c->arena);
    enum status st = db_end(s, c->e);
    *pool = NONE;
    if (st || !data || json_parse(data, strlen(data), &root, NULL))
        return st;
    code = json_string(json_get(root, "from"));
    if (code)
        st = db_get_int(c->db, c->e, pool, "select id from pool where code_key = $1", "t",
                        text_key(c->arena, code));
    json_free(root);
    return st;
}

/* A lead of a shared pool that another branch has claimed is out of sight, but he saw it a moment
 * ago: it is taken, and he did not probe. */
static enum status gone_elsewhere(struct ctx *c, int64_t lead)
{
    int64_t pool;
    struct err why = *c->e;
    err_clear(c->e);
    enum status st = pool_before(c, lead, &pool);
    if (st)
        return st;
    for (size_t i = 0; i < c->who->npools; i++)
        if (c->who->pools[i] == pool) {
            c->hidden = (struct hidden){ 0 };
            return fail(c->e, ST_CONFLICT, "TAKEN", NULL);
        }
    *c->e = why;
    return why.status;
}

static enum status claim_one(struct ctx *c, const void *in, const struct lead_at *at, struct outcome *o)
{
    (void)in;
    struct lead l;
    enum status st = lead_load(c, at->id, NONE, &l);
    if (st == ST_NOT_FOUND && c->hidden.id)
        return gone_elsewhere(c, at->id);
    struct claim k = { .c = c, .l = &l };
    for (size_t i = 0; i < sizeof claim_checks / sizeof *claim_checks && !st; i++)
        st = claim_checks[i](&k);
    if (!st && at->version != NONE && at->version != l.head.version)
        st = fail(c->e, ST_CONFLICT, "noun.stale", "lead", NULL);
    return st ? st
              : give(c, &l, &c->who->employee, "claim", "lead.claimed",
                     texts_json(c->arena, "from", l.pool.code, NULL), o);
}

enum status op_claim(struct ctx *c, const struct op *op, const void *in, void *out)
{
    (void)op;
    return do_lead(c, in, claim_one, out);
}

/* ---- assign ------------------------------------------------------------------------------------------- */

enum status receiver_check(struct ctx *c, int64_t id, struct employee *to)
{
    enum status st = row_get(c->db, &employee_noun, id, NULL, c->arena, to, c->e);
    if (!st && strcmp(to->status, "active") != 0)
        st = fail_field(c->e, ST_CONFLICT, "employee", "lead.receiver_off", to->name, NULL);
    return st ? st : ctx_covers(c, to->branch.id);
}

enum status lead_notify(struct ctx *c, const struct lead *l, int64_t to, const char *code)
{
    if (to == c->who->employee.id)
        return ST_OK;
    struct message m;
    record_empty(message_noun.rec, &m);
    crud_stamp(c, &m.head);
    m.to.id = to;
    m.from.id = c->who->employee.id;
    m.kind = "notice";
    m.code = code;
    m.body = arena_printf(c->arena, "%lld", (long long)l->no);
    m.lead.id = l->head.id;
    m.at = c->now;
    return row_insert(c->db, &message_noun, &m, c->arena, c->e);
}

static enum status assign_one(struct ctx *c, const void *in, const struct lead_at *at, struct outcome *o)
{
    const struct assign_in *k = in;
    struct lead l;
    struct employee to;
    enum status st = lead_load(c, at->id, at->version, &l);
    if (!st)
        st = receiver_check(c, k->employee.id, &to);
    if (!st && l.open != 1)
        st = fail(c->e, ST_CONFLICT, "CLOSED", NULL);
    if (!st)
        st = lead_reachable(c, &l);
    if (!st && l.owner.id == to.head.id)
        st = fail(c->e, ST_CONFLICT, "TAKEN", to.name, NULL);
    if (st)
        return st;
    struct ref owner = { to.head.id, to.code, to.name };
    int64_t before = l.owner.id;
    st = give(c, &l, &owner, "assign", "lead.assigned",
              texts_json(c->arena, "to", to.code, "from", l.pool.code, "reason", k->reason, NULL),
              o);
    if (!st)
        st = lead_notify(c, &l, owner.id, "message.assigned");
    return st || !before ? st : lead_notify(c, &l, before, "message.taken_away");
}

enum status op_assign(struct ctx *c, const struct op *op, const void *in, void *out)
{
    (void)op;
    return do_lead(c, in, assign_one, out);
}

/* ---- return ------------------------------------------------------------------------------------------- */

/* The pool that was named, or the nearest up the lead's branch; where those of its branch see it. */
static enum status target_pool(struct ctx *c, const struct return_in *k, const struct lead *l,
                               struct pool *out)
{
    struct lead there = *l;
    there.pool = k->pool;
    enum status st = k->pool.id ? lead_fits_pool(c, &there) : pool_nearest(c, l->branch.id, &there.pool);
    if (!st)
        st = row_get(c->db, &pool_noun, there.pool.id, NULL, c->arena, out, c->e);
    if (!st && out->active == 0)
        st = fail_field(c->e, ST_CONFLICT, "pool", "POOL_DISABLED", out->name, NULL);
    return st;
}

static enum status return_one(struct ctx *c, const void *in, const struct lead_at *at, struct outcome *o)
{
    const struct return_in *k = in;
    struct lead l;
    struct pool pool;
    enum status st = lead_load(c, at->id, at->version, &l);
    if (!st && l.open == 1 && !l.owner.id)
        st = fail(c->e, ST_CONFLICT, "IN_POOL", NULL);
    if (!st && l.open != 1)
        st = fail(c->e, ST_CONFLICT, "CLOSED", NULL);
    if (!st)
        st = lead_is_mine(c, &l);
    if (!st)
        st = target_pool(c, k, &l, &pool);
    if (st)
        return st;
    struct lead now = l;
    now.owner = (struct ref){ 0 };
    now.pool = (struct ref){ pool.head.id, pool.code, pool.name };
    now.received_at = c->now;
    now.received_how = "return";
    now.next_follow_up_at = NONE;
    now.returned_count = (l.returned_count == NONE ? 0 : l.returned_count) + 1;
    now.reason = k->reason;
    lead_clocks(&now, pool.raise_hours);
    struct trace trace = { 0 };
    st = trace_close(c, &l, &trace);
    if (!st)
        st = lead_save_traced(c, &l, &now, "lead.returned",
                              texts_json(c->arena, "pool", pool.code, "reason", k->reason, NULL), &trace);
    o->version = now.head.version;
    return st;
}

enum status op_return(struct ctx *c, const struct op *op, const void *in, void *out)
{
    (void)op;
    return do_lead(c, in, return_one, out);
}
