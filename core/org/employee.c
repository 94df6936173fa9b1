/* employee.c - the staff: who comes, moves, leaves. */
#include <inttypes.h>
#include <string.h>

#include "core/guard/account.h"
#include "core/guard/session.h"
#include "core/org/private.h"

static bool leaves(const struct employee *old, const struct employee *x)
{
    return old && strcmp(old->status, "left") != 0 && strcmp(x->status, "left") == 0;
}

static bool moves(const struct employee *old, const struct employee *x)
{
    return old && old->branch.id != x->branch.id;
}

/* A leaver hands his leads over first: a lead of nobody's would be worked by nobody. */
static enum status check_handed_over(struct ctx *c, const struct employee *x)
{
    int64_t n = 0;
    enum status st =
        db_get_int(c->db, c->e, &n, "select count(*) from lead where owner_id = $1 and open = 1",
                   "i", x->head.id);
    if (st || n == 0)
        return st;
    return fail_field(c->e, ST_CONFLICT, "status", "employee.has_leads", x->name,
                      arena_printf(c->arena, "%" PRId64, n), NULL);
}

static enum status before(struct ctx *c, const void *old_, void *rec)
{
    const struct employee *old = old_;
    struct employee *x = rec;
    if (!x->status)
        x->status = old ? old->status : "active";
    enum status st = org_whole(c, &employee_noun, x);
    if (!st && (!old || moves(old, x)))
        st = org_branch_in_use(c, &x->branch);
    if (!st && old)
        st = org_no_ring(c, &employee_noun, "manager", x->head.id, x->manager.id);
    if (!st && leaves(old, x))
        st = check_handed_over(c, x);
    return st;
}

/* ---- what follows ---------------------------------------------------------------------------- */

/* Who has left does not come in any more. The checks of accounts hold here too: nobody switches
 * himself off, and the last one who manages accounts stays. */
static enum status close_account(struct ctx *c, int64_t employee)
{
    int64_t id = NONE;
    enum status st =
        db_get_int(c->db, c->e, &id, "select id from account where employee_id = $1 and active = 1",
                   "i", employee);
    if (st || id == NONE)
        return st;
    struct account was;
    struct shape shape;
    unsigned roles;
    st = shape_full(c->db, &account_noun, c->arena, &shape, c->e);
    if (!st)
        st = row_get(c->db, &account_noun, id, NULL, c->arena, &was, c->e);
    if (st)
        return st;
    struct account now = was;
    now.active = 0;
    now.head.updated_at = c->now;
    st = account_check(c, &was, &now, &roles);
    if (!st)
        st = row_update(c->db, &shape, &was, &now, c->arena, NULL, c->e);
    if (!st)
        st = session_account_off(c, id);
    return st ? st : ctx_event(c, "account.changed", "account", id, 0, "{\"changed\":\"active\"}");
}

/* The branch that he leaves hears of it too: employee.changed stands at the new one. */
static enum status tell_old_branch(struct ctx *c, const struct employee *old,
                                   const struct employee *x)
{
    const char *data = arena_printf(c->arena, "{\"from\":\"%" PRId64 "\",\"to\":\"%" PRId64 "\"}",
                                    old->branch.id, x->branch.id);
    return ctx_event(c, "employee.moved", "employee", x->head.id, old->branch.id, data);
}

static enum status after(struct ctx *c, const void *old_, void *rec)
{
    const struct employee *old = old_;
    const struct employee *x = rec;
    enum status st = moves(old, x) ? tell_old_branch(c, old, x) : ST_OK;
    if (!st && leaves(old, x))
        st = close_account(c, x->head.id);
    return st;
}

const struct crud employee_crud = { .noun = &employee_noun, .before = before, .after = after };
