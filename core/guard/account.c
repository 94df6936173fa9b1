#include "core/guard/account.h"

#include <inttypes.h>
#include <string.h>

#include "core/guard/session.h"

/* ---- officers and the local owner ------------------------------------------------------------ */

enum status account_officers(struct db *db, int64_t except, unsigned *roles, struct err *e)
{
    struct stmt *q = db_query(db,
                              "select distinct a.roles from account a"
                              " left join employee e on e.id = a.employee_id"
                              " where a.active = 1 and a.id <> $1"
                              " and a.roles in ('sysadmin', 'secadmin', 'auditadmin')"
                              " and (e.id is null or e.status <> 'left')", "i", except);
    *roles = 0;
    while (db_row(q)) {
        unsigned one;
        const char *bad;
        if (roles_parse(db_text(q, 0), &one, &bad))
            *roles |= one;
    }
    return db_end(q, e);
}

static enum status is_marked(struct db *db, bool *marked, struct err *e)
{
    int64_t n;
    enum status st = db_get_int(db, e, &n,
                                "select count(*) from meta where key = 'local_owner.ended'", "");
    *marked = !st && n > 0;
    return st;
}

enum status account_local_ended(struct db *db, bool *ended, struct err *e)
{
    unsigned officers;
    enum status st = is_marked(db, ended, e);
    if (st || *ended)
        return st;
    st = account_officers(db, 0, &officers, e);
    *ended = !st && officers == ROLE_OFFICERS;
    return st;
}

enum status account_settle(struct ctx *c)
{
    bool marked;
    unsigned officers;
    enum status st = is_marked(c->db, &marked, c->e);
    if (!st && !marked)
        st = account_officers(c->db, 0, &officers, c->e);
    if (st || marked || officers != ROLE_OFFICERS)
        return st;

    int64_t owner;
    st = db_get_int(c->db, c->e, &owner, "select min(id) from account where local_uid is not null",
                    "");
    if (!st)
        st = db_exec(c->db, c->e, "insert into meta (key, value) values ('local_owner.ended', $1)",
                     "t", arena_printf(c->arena, "%" PRId64, c->now));
    if (!st)
        st = db_exec(c->db, c->e,
                     "update account set active = 0, version = version + 1, updated_at = $1"
                     " where local_uid is not null and active = 1", "i", c->now);
    if (!st && owner != NONE)
        st = session_account_off(c, owner);
    if (!st && owner != NONE)
        st = ctx_event(c, "account.local_ended", "account", owner, 0, NULL);
    return st;
}

/* ---- one account ----------------------------------------------------------------------------- */

static enum status check_roles(const char *text, unsigned *roles, struct arena *a, struct err *e)
{
    const char *bad;
    if (!roles_parse(text, roles, &bad)) {
        const char *word = arena_strndup(a, bad, strcspn(bad, ", "));
        bool local = strcmp(word, account_role_name(ROLE_LOCAL_OWNER)) == 0;
        return fail_field(e, ST_INVALID, "roles",
                          local ? "account.role_local" : "account.role_unknown", word, NULL);
    }
    if (*roles == 0)
        return fail_field(e, ST_INVALID, "roles", "account.no_role", NULL);
    if (!roles_allowed(*roles))
        return fail_field(e, ST_INVALID, "roles", "account.roles_apart", roles_text(*roles, a),
                          NULL);
    return ST_OK;
}

static bool same_text(const char *x, const char *y)
{
    return strcmp(x ? x : "", y ? y : "") == 0;
}

/* Do the two differ in what an account may do? */
static bool power_differs(const struct account *x, const struct account *y)
{
    return !same_text(x->roles, y->roles) || x->active != y->active || x->branch.id != y->branch.id
        || x->employee.id != y->employee.id;
}

static enum status check_local_owner(const struct account *before, const struct account *after,
                                     unsigned *roles, struct err *e)
{
    *roles = 1u << ROLE_LOCAL_OWNER;
    if (!same_text(before->roles, after->roles) || before->branch.id != after->branch.id
        || before->employee.id != after->employee.id || after->active > before->active)
        return fail(e, ST_DENIED, "account.local_owner", NULL);
    return ST_OK;
}

static enum status check_place(struct ctx *c, const struct account *after, unsigned roles)
{
    if (!after->branch.id && !after->employee.id && !roles_see_all(roles))
        return fail_field(c->e, ST_INVALID, "branch", "account.no_branch", NULL);
    if (!after->employee.id || after->active != 1)
        return ST_OK;
    int64_t left;
    enum status st = db_get_int(c->db, c->e, &left,
                                "select count(*) from employee where id = $1 and status = 'left'",
                                "i", after->employee.id);
    if (!st && left)
        return fail_field(c->e, ST_INVALID, "employee", "account.employee_left",
                          after->employee.code, NULL);
    return st;
}

/* Someone must stay who can manage accounts. */
static enum status check_last(struct ctx *c, const struct account *before,
                              const struct account *after, unsigned roles)
{
    const unsigned secadmin = 1u << ROLE_SECADMIN;
    unsigned was, others;
    const char *bad;
    if (!roles_parse(before->roles, &was, &bad) || !(was & secadmin) || before->active != 1)
        return ST_OK;
    if (roles & secadmin && after->active == 1)
        return ST_OK;
    enum status st = account_officers(c->db, before->head.id, &others, c->e);
    if (!st && !(others & secadmin))
        return fail(c->e, ST_CONFLICT, "account.last_secadmin", before->code, NULL);
    return st;
}

enum status account_check(struct ctx *c, const struct account *before, const struct account *after,
                          unsigned *roles)
{
    if (before && before->local_uid != NONE)
        return check_local_owner(before, after, roles, c->e);
    enum status st = check_roles(after->roles, roles, c->arena, c->e);
    if (st)
        return st;
    if (before && before->head.id == c->who->account && power_differs(before, after))
        return fail(c->e, ST_DENIED, "account.own", NULL);
    st = check_place(c, after, *roles);
    if (st || !before)
        return st;
    return check_last(c, before, after, *roles);
}
