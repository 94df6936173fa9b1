#include "core/guard/tries.h"

#include "base/clock.h"

enum { KEPT_HOURS = 1 };

static const int64_t span = TRIES_MINUTES * (int64_t)CLOCK_MINUTE;

/* Ends the query: the last TRIES_MOST, newest first, say how long none is heard. */
static enum status read_tries(struct ctx *c, struct stmt *q, int64_t *minutes)
{
    int64_t at[TRIES_MOST];
    int n = 0;
    while (n < TRIES_MOST && db_row(q))
        at[n++] = db_int(q, 0);
    *minutes = n < TRIES_MOST || at[0] - at[TRIES_MOST - 1] > span || c->now - at[0] >= span
                   ? 0 : (at[0] + span - c->now + CLOCK_MINUTE - 1) / CLOCK_MINUTE;
    return db_end(q, c->e);
}

enum status tries_take(struct ctx *c, int64_t account, int64_t *minutes)
{
    enum status st = read_tries(
        c,
        db_query(c->db,
                 "select at from password_try where account_id = $1 order by id desc limit $2",
                 "ii", account, (int64_t)TRIES_MOST),
        minutes);
    if (st || *minutes)
        return st;
    st = db_exec(c->db, c->e, "delete from password_try where account_id = $1 and at < $2", "ii", account,
                 c->now - KEPT_HOURS * (int64_t)CLOCK_HOUR);
    return st ? st : db_exec(c->db, c->e, "insert into password_try (id, account_id, at) values ($1, $2, $3)",
                             "iii", db_new_id(c->db), account, c->now);
}

enum status tries_take_nobody(struct ctx *c, const unsigned char login[TRIES_HASH], int64_t *minutes)
{
    enum status st = read_tries(
        c, db_query(c->db, "select at from login_try where hash = $1 order by id desc limit $2", "bi", login,
                    (size_t)TRIES_HASH, (int64_t)TRIES_MOST), minutes);
    if (st || *minutes)
        return st;
    st = db_exec(c->db, c->e, "delete from login_try where at < $1", "i",
                 c->now - KEPT_HOURS * (int64_t)CLOCK_HOUR);
    return st ? st : db_exec(c->db, c->e, "insert into login_try (id, hash, at) values ($1, $2, $3)", "ibi",
                             db_new_id(c->db), login, (size_t)TRIES_HASH, c->now);
}

enum status tries_clear(struct ctx *c, int64_t account)
{
    return db_exec(c->db, c->e, "delete from password_try where account_id = $1", "i", account);
}
