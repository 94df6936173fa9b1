#include "core/guard/ctx.h"

static int64_t or_none(int64_t id)
{
    return id ? id : NONE;
}

enum status ctx_event(struct ctx *c, const char *type, const char *noun, int64_t subject,
                      int64_t branch, const char *data)
{
    return db_exec(c->db, c->e,
                   "insert into event (id, version, created_at, updated_at, type, noun, subject,"
                   " branch_id, actor_id, at, data)"
                   " values ($1, 1, $2, $2, $3, $4, $5, $6, $7, $2, $8)",
                   "iittiIIt", db_next(c->db, "event"), c->now, type, noun, subject,
                   or_none(branch), or_none(c->who->employee.id), data);
}

enum status ctx_covers(struct ctx *c, int64_t branch)
{
    return actor_covers(c->who, branch) ? ST_OK : fail(c->e, ST_DENIED, "scope.branch", NULL);
}
