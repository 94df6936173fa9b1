#include "core/guard/actor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/guard/account.h"

/* What the query below gives, in its order. */
enum {
    A_ID, A_LOGIN, A_ROLES, A_ACTIVE, A_UID, E_ID, E_CODE, E_NAME, E_STATUS, B_ID, B_CODE, B_NAME,
    B_PATH, HOME, A_MUST_CHANGE, A_PASSWORD_AT
};

#define ACCOUNT_COLUMNS \
    "select a.id, a.code, a.roles, a.active, a.local_uid, e.id, e.code, e.name, e.status," \
    " b.id, b.code, b.name, b.path, coalesce(e.branch_id, a.branch_id), a.must_change, a.password_at" \
    " from account a left join employee e on e.id = a.employee_id" \
    " left join branch b on b.id = coalesce(a.branch_id, e.branch_id) "

struct found {
    bool there, active, local, left;
    const char *roles;
};

static struct ref read_ref(struct stmt *q, int col, struct arena *a)
{
    if (db_null(q, col))
        return (struct ref){ 0 };
    return (struct ref){ db_int(q, col), db_strdup(q, col + 1, a), db_strdup(q, col + 2, a) };
}

static enum status read_account(struct stmt *q, struct arena *a, struct actor *out,
                                struct found *f, struct err *e)
{
    *out = (struct actor){ 0 };
    *f = (struct found){ .there = db_row(q) };
    if (f->there) {
        f->active = db_int(q, A_ACTIVE) == 1;
        f->local = !db_null(q, A_UID);
        f->roles = db_strdup(q, A_ROLES, a);
        f->left = !db_null(q, E_ID) && strcmp(db_text(q, E_STATUS), "left") == 0;
        out->account = db_int(q, A_ID);
        out->login = db_strdup(q, A_LOGIN, a);
        out->employee = read_ref(q, E_ID, a);
        out->branch = read_ref(q, B_ID, a);
        out->path = db_strdup(q, B_PATH, a);
        out->must_change = db_int(q, A_MUST_CHANGE) == 1;
        out->password_at = db_int(q, A_PASSWORD_AT);
        out->home = db_null(q, HOME) ? 0 : db_int(q, HOME);
    }
    return db_end(q, e);
}

/* The first text, bytewise, behind all that begin with path. */
static const char *path_end(const char *path, struct arena *a)
{
    char *end = arena_strdup(a, path);
    end[strlen(end) - 1]++;
    return end;
}

static enum status load_branches(struct db *db, struct arena *a, struct actor *out, struct err *e)
{
    if (!out->path || !*out->path)
        return ST_OK;
    size_t cap = 0;
    struct stmt *q = db_query(db,
                              "select id from branch where path >= $1 and path < $2 order by id",
                              "tt", out->path, path_end(out->path, a));
    while (db_row(q)) {
        out->branches = arena_grow(a, out->branches, sizeof *out->branches, &cap,
                                   out->nbranches + 1);
        out->branches[out->nbranches++] = db_int(q, 0);
    }
    return db_end(q, e);
}

/* The pools of the branch and of those above it: few, and read once an actor. */
static enum status load_pools(struct db *db, struct arena *a, struct actor *out, struct err *e)
{
    if (!out->path || !*out->path)
        return ST_OK;
    size_t cap = 0;
    struct stmt *q = db_query(db,
                              "select q.id from pool q, branch p where p.id = q.branch_id and"
                              " p.path <= $1 and $1 < p.path || '~' order by q.id",
                              "t", out->path);
    while (db_row(q)) {
        out->pools = arena_grow(a, out->pools, sizeof *out->pools, &cap, out->npools + 1);
        out->pools[out->npools++] = db_int(q, 0);
    }
    return db_end(q, e);
}

static enum status take_roles(struct db *db, unsigned roles, struct arena *a, struct actor *out,
                              struct err *e)
{
    out->roles = roles;
    out->rights = roles_rights(roles);
    out->see_all = roles_see_all(roles);
    out->lens.mask_names = roles_mask_names(roles);
    if (!out->see_all) {
        enum status st = load_branches(db, a, out, e);
        return st ? st : load_pools(db, a, out, e);
    }
    out->branch = (struct ref){ 0 };
    out->path = NULL;
    return ST_OK;
}

enum status actor_load(struct db *db, const char *login, struct arena *a, struct actor *out,
                       struct err *e)
{
    struct found f;
    struct stmt *q = db_query(db, ACCOUNT_COLUMNS "where a.code_key = $1", "t", text_key(a, login));
    enum status st = read_account(q, a, out, &f, e);
    if (st)
        return st;
    if (!f.there)
        return fail(e, ST_DENIED, "actor.unknown", login, NULL);
    if (f.local)
        return fail(e, ST_DENIED, "actor.local_only", login, NULL);
    if (!f.active)
        return fail(e, ST_DENIED, "actor.inactive", login, NULL);
    if (f.left)
        return fail(e, ST_DENIED, "actor.left", login, NULL);

    unsigned roles;
    const char *bad;
    if (!roles_parse(f.roles, &roles, &bad) || !roles_allowed(roles))
        return fail(e, ST_DENIED, "actor.roles", login, f.roles, NULL);
    return take_roles(db, roles, a, out, e);
}

enum status actor_local(struct db *db, int64_t uid, struct arena *a, struct actor *out,
                        struct err *e)
{
    struct found f;
    struct stmt *q = db_query(db, ACCOUNT_COLUMNS "where a.local_uid = $1 order by a.id limit 1",
                              "i", uid);
    enum status st = read_account(q, a, out, &f, e);
    if (st)
        return st;
    const char *login = arena_printf(a, "local:%" PRId64, uid);
    if (!f.there)
        return fail(e, ST_DENIED, "actor.other_user", login, NULL);

    bool ended;
    st = account_local_ended(db, &ended, e);
    if (st)
        return st;
    if (ended)
        return fail(e, ST_DENIED, "actor.local_ended", login, NULL);
    if (!f.active)
        return fail(e, ST_DENIED, "actor.inactive", login, NULL);
    if (f.left)
        return fail(e, ST_DENIED, "actor.left", login, NULL);
    out->login = login;
    return take_roles(db, 1u << ROLE_LOCAL_OWNER, a, out, e);
}

void actor_system(struct actor *out)
{
    *out = (struct actor){
        .login = "system", .rights = roles_rights(1u << ROLE_LOCAL_OWNER), .see_all = true,
        .password_at = NONE,
    };
}

enum status actor_age(struct db *db, int64_t *out, struct err *e)
{
    return db_get_int(db, e, out, "select value from counter where name = 'org'", "");
}

void actor_touched(struct db *db, const struct noun *n)
{
    if (n == &branch_noun || n == &employee_noun || n == &account_noun || n == &pool_noun)
        db_next(db, "org");
}

const char *actor_must_change(const struct actor *who, int64_t password_ms, int64_t now)
{
    if (who->behind || who->key || who->password_at == NONE)
        return NULL;
    if (who->must_change)
        return "password.change";
    return password_ms && now - who->password_at >= password_ms ? "password.expired" : NULL;
}

bool actor_may(const struct actor *who, enum right r)
{
    return r == RIGHT_NONE || who->rights >> r & 1;
}

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

bool actor_covers(const struct actor *who, int64_t branch)
{
    if (who->see_all)
        return true;
    return who->nbranches && bsearch(&branch, who->branches, who->nbranches, sizeof branch, by_id);
}

bool actor_of_public(const struct actor *who, int64_t pool)
{
    if (who->see_all)
        return true;
    return who->npools && bsearch(&pool, who->pools, who->npools, sizeof pool, by_id);
}

bool actor_sees_lead(const struct actor *who, int64_t branch, int64_t pool)
{
    return actor_covers(who, branch) || (pool && actor_of_public(who, pool));
}

void actor_scope(const struct actor *who, const char *column, struct sql *q)
{
    if (who->see_all) {
        sql_add(q, "1 = 1");
    } else if (who->nbranches == 0) {
        sql_add(q, "1 = 0");
    } else if (who->nbranches == 1) {
        sql_addf(q, "%s = ", column);
        sql_int(q, who->branches[0]);
    } else {
        sql_addf(q, "%s in (select id from branch where path >= ", column);
        sql_text(q, who->path);
        sql_add(q, " and path < ");
        sql_text(q, path_end(who->path, q->arena));
        sql_add(q, ")");
    }
}

static const char *column_of(struct sql *q, const char *alias, const char *name)
{
    return arena_printf(q->arena, "%s.%s", alias, name);
}

/* "t.open = 1 and t.pool_id in ($1, $2)": what waits where the actor is of the public. A closed
 * lead keeps its pool, but waits no more. `+` keeps the index of pools out of it. */
static void in_pools(const struct actor *who, const char *alias, bool by_index, struct sql *q)
{
    sql_addf(q, "%s.open = 1 and %s%s.pool_id", alias, by_index ? "" : "+", alias);
    sql_add(q, who->npools == 1 ? " = " : " in (");
    for (size_t i = 0; i < who->npools; i++) {
        if (i)
            sql_add(q, ", ");
        sql_int(q, who->pools[i]);
    }
    if (who->npools > 1)
        sql_add(q, ")");
}

void actor_scope_by_branch(const struct actor *who, const char *alias, struct sql *q)
{
    actor_scope(who, column_of(q, alias, "branch_id"), q);
}

void actor_scope_by_pool(const struct actor *who, const char *alias, struct sql *q)
{
    if (who->see_all || !who->npools) {
        sql_add(q, "1 = 0");
        return;
    }
    in_pools(who, alias, true, q);
    sql_add(q, " and not (");
    actor_scope_by_branch(who, alias, q);
    sql_add(q, ")");
}

void actor_scope_leads(const struct actor *who, const char *alias, bool drives, struct sql *q)
{
    if (who->see_all || !who->npools) {
        actor_scope_by_branch(who, alias, q);
        return;
    }
    sql_add(q, "(");
    actor_scope_by_branch(who, alias, q);
    sql_add(q, " or (");
    in_pools(who, alias, drives, q);
    sql_add(q, "))");
}
