/* branch.c - the tree of branches. A branch's path is its parent's with its own id in base 36
 * and a slash behind it, so that a subtree is a range of paths. */
#include <string.h>

#include "base/i18n.h"
#include "core/org/private.h"

static const char *base36(struct arena *a, int64_t id)
{
    char digits[16], *p = digits + sizeof digits - 1;
    *p = 0;
    for (; id; id /= 36)
        *--p = "0123456789abcdefghijklmnopqrstuvwxyz"[id % 36];
    return arena_strdup(a, p);
}

static bool moves(const struct branch *old, const struct branch *b)
{
    return !old || old->parent.id != b->parent.id;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static enum status check_head_office(struct ctx *c, const struct branch *b)
{
    if (b->parent.id)
        return fail_field(c->e, ST_CONFLICT, "parent", "branch.head_office_stays", NULL);
    if (b->active == 0)
        return fail_field(c->e, ST_CONFLICT, "active", "branch.head_office_needed", NULL);
    return ST_OK;
}

static enum status check_parent(struct ctx *c, const struct branch *old, struct branch *b)
{
    if (!b->parent.id)
        return fail_field(c->e, ST_INVALID, "parent", "field.required", N_("belongs to"), NULL);
    bool moved = moves(old, b), revived = old && old->active == 0 && b->active == 1;
    if (!moved && !revived)
        return ST_OK;

    struct branch parent;
    enum status st = row_get(c->db, &branch_noun, b->parent.id, NULL, c->arena, &parent, c->e);
    if (!st && moved)
        st = ctx_covers(c, parent.head.id);
    if (!st && parent.active != 1)
        st = fail_field(c->e, ST_CONFLICT, "parent", "branch.inactive", parent.name, NULL);
    if (!st && old && strncmp(parent.path, old->path, strlen(old->path)) == 0)
        st = fail_field(c->e, ST_CONFLICT, "parent", "noun.ring", "branch", NULL);
    if (!st && moved)
        b->path = arena_printf(c->arena, "%s%s/", parent.path, base36(c->arena, b->head.id));
    return st;
}

/* What hangs on a branch and would be orphaned without it. */
static const struct { const char *code, *sql; } hanging[] = {
    { "branch.has_branches", "select count(*) from branch where parent_id = $1 and active = 1" },
    { "branch.has_employees",
      "select count(*) from employee where branch_id = $1 and status <> 'left'" },
    { "branch.has_leads", "select count(*) from lead where branch_id = $1 and open = 1" },
    { "branch.has_pools", "select count(*) from pool where branch_id = $1 and active = 1" },
};

static enum status check_empty(struct ctx *c, int64_t id)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < sizeof hanging / sizeof *hanging && !st; i++)
        st = org_none(c, "active", hanging[i].code, hanging[i].sql, id);
    return st;
}

static enum status before(struct ctx *c, const void *old_, void *rec)
{
    const struct branch *old = old_;
    struct branch *b = rec;
    if (!b->level)
        b->level = old ? old->level : "outlet";
    org_default(&b->active, 1);
    bool head_office = old && !old->parent.id;
    enum status st = org_whole(c, &branch_noun, b);
    if (!st)
        st = head_office ? check_head_office(c, b) : check_parent(c, old, b);
    if (!st && old && org_switched_off(&old->active, b->active))
        st = check_empty(c, b->head.id);
    return st;
}

/* ---- the subtree follows --------------------------------------------------------------------- */

static enum status after(struct ctx *c, const void *old_, void *rec)
{
    const struct branch *old = old_;
    const struct branch *b = rec;
    if (!old || strcmp(old->path, b->path) == 0)
        return ST_OK;
    char *end = arena_strdup(c->arena, old->path);
    end[strlen(end) - 1]++;
    return db_exec(
        c->db, c->e,
        "update branch set path = $1 || substr(path, cast($2 as integer)), version = version + 1,"
        " updated_at = $3 where path > $4 and path < $5",
        "tiitt", b->path, (int64_t)strlen(old->path) + 1, c->now, old->path, end);
}

const struct crud branch_crud = { .noun = &branch_noun, .before = before, .after = after };
