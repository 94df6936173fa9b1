#include "core/guard/asks.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

static const int64_t span = ASKS_MINUTES * (int64_t)CLOCK_MINUTE;

struct ask ask_of(struct ctx *c, const char *field, const char *normal)
{
    const struct sealer *s = db_sealer(c->db);
    struct ask out;
    s->index(s->self, "asked", arena_printf(c->arena, "%s:%s", field, normal), out.hash);
    return out;
}

static bool among(const struct ask *asks, size_t n, const struct ask *one)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(asks[i].hash, one->hash, ASK_HASH) == 0)
            return true;
    return false;
}

/* Those that were not asked within the hour, each once. */
static enum status find_new(struct ctx *c, const struct ask *asks, size_t n, struct ask *out, size_t *nout)
{
    enum status st = ST_OK;
    *nout = 0;
    for (size_t i = 0; i < n && !st; i++) {
        int64_t known = NONE;
        if (among(out, *nout, &asks[i]))
            continue;
        st = db_get_int(c->db, c->e, &known,
                        "select 1 from masked_ask where account_id = $1 and hash = $2 and at > $3", "ibi",
                        c->who->account, asks[i].hash, (size_t)ASK_HASH, c->now - span);
        if (known == NONE)
            out[(*nout)++] = asks[i];
    }
    return st;
}

/* For how many minutes n more are too many; 0: they are not. */
static enum status minutes_left(struct ctx *c, size_t n, int64_t *minutes)
{
    int64_t have = 0, at = NONE;
    *minutes = 0;
    enum status st = db_get_int(c->db, c->e, &have,
                                "select count(*) from masked_ask where account_id = $1 and at > $2", "ii",
                                c->who->account, c->now - span);
    int64_t over = have + (int64_t)n - ASKS_MOST;
    if (st || over <= 0)
        return st;
    *minutes = ASKS_MINUTES;
    if (over > have)                            /* more than an hour's at once */
        return ST_OK;
    st = db_get_int(
        c->db, c->e, &at,
        "select at from masked_ask where account_id = $1 and at > $2 order by at limit 1 offset $3", "iii",
        c->who->account, c->now - span, over - 1);
    *minutes = (at + span - c->now + CLOCK_MINUTE - 1) / CLOCK_MINUTE;
    return st;
}

static enum status refuse(struct ctx *c, int64_t minutes)
{
    return fail(c->e, ST_DENIED, "cond.masked_rate", arena_printf(c->arena, "%" PRId64, minutes),
                arena_printf(c->arena, "%d", ASKS_MOST), NULL);
}

static enum status count_new(struct ctx *c, const struct ask *asks, size_t n)
{
    int64_t minutes;
    struct ask *fresh = arena_array(c->arena, struct ask, n);
    size_t nfresh;
    enum status st = find_new(c, asks, n, fresh, &nfresh);
    if (!st)
        st = minutes_left(c, nfresh, &minutes);
    if (!st && minutes)
        st = refuse(c, minutes);
    if (!st)
        st = db_exec(c->db, c->e, "delete from masked_ask where account_id = $1 and at <= $2", "ii",
                     c->who->account, c->now - span);
    for (size_t i = 0; i < nfresh && !st; i++)
        st = db_exec(c->db, c->e, "insert into masked_ask (account_id, hash, at) values ($1, $2, $3)", "ibi",
                     c->who->account, fresh[i].hash, (size_t)ASK_HASH, c->now);
    return st;
}

static enum status count_apart(struct ctx *c, const struct ask *asks, size_t n)
{
    enum status st = db_begin(c->db, c->e);
    if (st)
        return st;
    st = count_new(c, asks, n);
    if (!st)
        return db_commit(c->db, c->e);
    db_rollback(c->db);
    return st;
}

enum status asks_take(struct ctx *c, const struct ask *asks, size_t n)
{
    size_t nfresh = 0;
    if (!c->who->account || !n)
        return ST_OK;
    struct ask *fresh = arena_array(c->arena, struct ask, n);
    enum status st = find_new(c, asks, n, fresh, &nfresh);
    if (st || !nfresh)
        return st;
    if (db_in_tx(c->db))
        return count_new(c, fresh, nfresh);
    bool reading = db_reading(c->db);
    if (reading)
        db_end_read(c->db);
    st = count_apart(c, fresh, nfresh);
    struct err again = { 0 };
    if (!reading || db_begin_read(c->db, &again) == ST_OK)
        return st;
    if (!st)
        *c->e = again;
    return st ? st : again.status;
}
