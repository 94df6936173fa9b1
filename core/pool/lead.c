/* lead.c - what a lead is made of: its names for search, its place, its clocks. Its person: people.c. */
#include <string.h>

#include "base/text.h"
#include "core/model/contact.h"
#include "core/model/worktime.h"
#include "core/noun/resolve.h"
#include "core/org/org.h"
#include "core/pool/private.h"

/* ---- clocks ------------------------------------------------------------------------------------------- */

static int64_t sooner(int64_t a, int64_t b)
{
    return a == NONE ? b : b == NONE || a < b ? a : b;
}

void lead_clocks(struct lead *l, int64_t raise_hours)
{
    l->first_due_at = l->recycle_at = l->left_at = NONE;
    if (l->open != 1)
        return;
    if (!l->owner.id) {
        if (raise_hours != NONE)
            l->left_at = l->received_at + raise_hours * CLOCK_HOUR;
        return;
    }
    if (l->first_response_at == NONE) {
        l->first_due_at = worktime_add(l->received_at, FIRST_DUE_HOURS);
        l->recycle_at = worktime_add(l->received_at, FIRST_RECYCLE_HOURS);
        l->left_at = sooner(sooner(l->first_due_at, l->recycle_at), l->next_follow_up_at);
    } else {
        int64_t since = l->last_follow_up_at > l->received_at ? l->last_follow_up_at : l->received_at;
        l->recycle_at = worktime_add(since, IDLE_RECYCLE_HOURS);
        l->left_at = sooner(l->next_follow_up_at, l->recycle_at);
    }
}

/* ---- a new lead --------------------------------------------------------------------------------------- */

enum status lead_defaults_load(struct ctx *c, struct lead_defaults *out)
{
    enum status st = row_needed(c, &product_noun, "none", &out->product);
    if (!st)
        st = row_needed(c, &stage_noun, "new", &out->stage);
    out->stage_open = 1;
    out->branch = c->who->branch;
    if (!st && !out->branch.id)
        st = row_needed(c, &branch_noun, "HQ", &out->branch);
    return st ? st : pool_nearest(c, out->branch.id, &out->pool);
}

/* ---- pools and their public --------------------------------------------------------------------------- */

enum status pool_nearest(struct ctx *c, int64_t branch, struct ref *out)
{
    struct ref of;
    struct stmt *q = db_query(c->db,
                              "select q.id, q.code, q.name from pool q, branch p, branch b where b.id = $1"
                              " and p.id = q.branch_id and q.active = 1 and p.path <= b.path"
                              " and b.path < p.path || '~' order by length(p.path) desc, q.id limit 1",
                              "i", branch);
    bool there = db_row(q);
    if (there)
        *out = (struct ref){ db_int(q, 0), db_strdup(q, 1, c->arena), db_strdup(q, 2, c->arena) };
    enum status st = db_end(q, c->e);
    if (st || there)
        return st;
    st = row_ref(c->db, "branch", branch, c->arena, &of, c->e);
    return st ? st : fail_field(c->e, ST_CONFLICT, "pool", "pool.none_above", of.name ? of.name : "", NULL);
}

enum status lead_fits_pool(struct ctx *c, const struct lead *l)
{
    int64_t fits = NONE;
    struct ref pool, branch;
    if (!l->pool.id || l->open != 1)
        return ST_OK;
    enum status st = db_get_int(c->db, c->e, &fits,
                                "select 1 from pool q, branch p, branch b where q.id = $1 and b.id = $2"
                                " and p.id = q.branch_id and p.path <= b.path and b.path < p.path || '~'",
                                "ii", l->pool.id, l->branch.id);
    if (st || fits != NONE)
        return st;
    st = row_ref(c->db, "pool", l->pool.id, c->arena, &pool, c->e);
    if (!st)
        st = row_ref(c->db, "branch", l->branch.id, c->arena, &branch, c->e);
    return st ? st
              : fail_field(c->e, ST_CONFLICT, "pool", "pool.elsewhere", pool.name ? pool.name : "",
                           branch.name ? branch.name : "", NULL);
}

/* Most leads of a file are of one branch and its pool, which the defaults know. */
static enum status settle_pool(struct ctx *c, const struct lead_defaults *d, struct lead *l)
{
    bool usual = l->branch.id == d->branch.id;
    if (!l->owner.id && !l->pool.id && !usual)
        return pool_nearest(c, l->branch.id, &l->pool);
    if (!l->owner.id && !l->pool.id)
        l->pool = d->pool;
    return usual && l->pool.id == d->pool.id ? ST_OK : lead_fits_pool(c, l);
}

enum status pool_hours(struct ctx *c, int64_t pool, int64_t *out)
{
    *out = NONE;
    return pool ? db_get_int(c->db, c->e, out, "select raise_hours from pool where id = $1", "i",
                             pool)
                : ST_OK;
}

static enum status stage_kind(struct ctx *c, int64_t stage, const char **kind)
{
    struct stage s;
    enum status st = row_get(c->db, &stage_noun, stage, NULL, c->arena, &s, c->e);
    *kind = st ? NULL : s.kind;
    return st;
}

enum status lead_place(struct ctx *c, const struct lead_defaults *d, struct lead *l, bool past)
{
    l->no = db_next(c->db, "lead_no");
    if (!l->branch.id)
        l->branch = d->branch;
    if (!l->product.id)
        l->product = d->product;
    enum status st = ST_OK;
    l->open = d->stage_open;
    if (!l->stage.id) {
        l->stage = d->stage;
    } else if (l->stage.id != d->stage.id) {
        const char *kind;
        st = stage_kind(c, l->stage.id, &kind);
        l->open = kind && strcmp(kind, "open") == 0;
    }
    if (!st)
        st = settle_pool(c, d, l);
    if (l->received_at == NONE)
        l->received_at = past ? l->head.created_at : c->now;
    l->follow_up_count = l->returned_count = l->frozen = 0;
    int64_t hours = NONE;
    if (!st && !past)
        st = pool_hours(c, l->pool.id, &hours);
    if (!past)
        lead_clocks(l, hours);
    return st;
}

enum status lead_settle(struct ctx *c, const struct lead_defaults *d, struct lead *l, bool past)
{
    enum status st = lead_place(c, d, l, past);
    return st ? st : person_of(c, l, &l->person);
}

/* ---- create and change -------------------------------------------------------------------------------- */

static bool nameless(const struct lead *l)
{
    for (size_t i = 0; i < l->attr.n; i++)
        if (!attr_empty(&l->attr.items[i]))
            return false;
    return !l->name && !l->phone && !l->external_id;
}

/* Who may put a new lead into whose hands: into a pool or his own, everybody; another's, those who assign. */
static enum status check_place(struct ctx *c, const struct lead *l)
{
    if (l->owner.id && l->pool.id)
        return fail_field(c->e, ST_INVALID, "pool", "lead.owner_and_pool", NULL);
    if (l->owner.id && l->owner.id != c->who->employee.id && !actor_may(c->who, RIGHT_LEAD_ASSIGN))
        return fail_field(c->e, ST_DENIED, "owner", "lead.assign_right", NULL);
    struct employee to;
    return l->owner.id ? receiver_check(c, l->owner.id, &to) : ST_OK;
}

enum status lead_collision(struct ctx *c, const struct lead *l)
{
    if (!l->phone || l->open != 1)
        return ST_OK;
    unsigned char hash[2][SECRET_HASH];
    int64_t no = NONE;
    enum status st = row_secret_hashes(c->db, record_field(lead_noun.rec, "phone"), l->phone,
                                       c->arena, hash, c->e);
    if (!st)
        st = db_get_int(
            c->db, c->e, &no,
            "select no from lead where phone_hash in ($1, $2) and product_id = $3 and open = 1 "
            "and id <> $4",
            "bbii", hash[0], (size_t)SECRET_HASH, hash[1], (size_t)SECRET_HASH, l->product.id,
            l->head.id);
    if (st || no == NONE)
        return st;
    return fail_field(c->e, ST_CONFLICT, "phone", "lead.duplicate",
                      arena_printf(c->arena, "%lld", (long long)no), NULL);
}

static enum status before_create(struct ctx *c, struct lead *l)
{
    if (nameless(l))
        return fail_field(c->e, ST_INVALID, "name", "lead.nameless", NULL);
    struct lead_defaults d;
    enum status st = check_place(c, l);
    if (!st)
        st = tags_check(c, NULL, &l->tags);
    if (!st)
        st = lead_defaults_load(c, &d);
    l->received_how = "create";
    if (!st)
        st = lead_settle(c, &d, l, false);
    if (!st && l->open != 1)
        st = fail_field(c->e, ST_INVALID, "stage", "lead.born_closed", NULL);
    return st ? st : lead_collision(c, l);
}

static enum status before(struct ctx *c, const void *old, void *rec)
{
    struct lead *l = rec;
    const struct lead *was = old;
    if (!was)
        return before_create(c, l);
    if (nameless(l))
        return fail_field(c->e, ST_INVALID, "name", "lead.nameless", NULL);
    enum status st = lead_is_mine(c, was);
    if (!st)
        st = tags_check(c, &was->tags, &l->tags);
    if (!st && (!l->branch.id || !l->product.id))
        st = fail_field(c->e, ST_INVALID, l->branch.id ? "product" : "branch", "lead.needs_place", NULL);
    if (!st && l->branch.id != was->branch.id)
        st = lead_fits_pool(c, l);
    if (!st)
        st = person_of(c, l, &l->person);
    return st ? st : lead_collision(c, l);
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static enum status after(struct ctx *c, const void *old, void *rec)
{
    const struct lead *was = old, *l = rec;
    if (!was && l->owner.id) {
        enum status st = task_open(c, l, "first_follow_up", l->first_due_at);
        if (st)
            return st;
    }
    if (was ? same(was->name, l->name) : !l->name)
        return ST_OK;
    return grams_write(c, l->head.id, was ? was->name : NULL, l->name);
}

const struct crud lead_crud = { .noun = &lead_noun, .before = before, .after = after };
