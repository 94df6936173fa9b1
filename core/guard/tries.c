#include "core/guard/tries.h"

#include "base/clock.h"

enum { KEPT_HOURS = 1 };

static const int64_t span = TRIES_MINUTES * (int64_t)CLOCK_MINUTE;

/* The last TRIES_MOST, newest first; how many there are. */
static enum status last_tries(struct ctx *c, int64_t account, int64_t at[TRIES_MOST], int *n)
{
    *n = 0;
    struct stmt *q = db_query(c->db,
                              "select at from password_try where account_id = $1 order by id desc limit $2",
                              "ii", account, (int64_t)TRIES_MOST);
    while (*n < TRIES_MOST && db_row(q))
        at[(*n)++] = db_int(q, 0);
    return db_end(q, c->e);
}

int64_t tries_minutes(const int64_t at[TRIES_MOST], int n, int64_t now)
{
    if (n < TRIES_MOST || at[0] - at[TRIES_MOST - 1] > span || now - at[0] >= span)
        return 0;
    return (at[0] + span - now + CLOCK_MINUTE - 1) / CLOCK_MINUTE;
}

enum status tries_take(struct ctx *c, int64_t account, int64_t *minutes)
{
    int64_t at[TRIES_MOST];
    int n;
    enum status st = last_tries(c, account, at, &n);
    *minutes = st ? 0 : tries_minutes(at, n, c->now);
    if (st || *minutes)
        return st;
    st = db_exec(c->db, c->e, "delete from password_try where account_id = $1 and at < $2", "ii", account,
                 c->now - KEPT_HOURS * (int64_t)CLOCK_HOUR);
    return st ? st : db_exec(c->db, c->e, "insert into password_try (id, account_id, at) values ($1, $2, $3)",
                             "iii", db_new_id(c->db), account, c->now);
}

enum status tries_clear(struct ctx *c, int64_t account)
{
    return db_exec(c->db, c->e, "delete from password_try where account_id = $1", "i", account);
}
