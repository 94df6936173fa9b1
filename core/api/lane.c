#include "core/api/lane.h"

#include <pwd.h>
#include <stdlib.h>

#include "core/guard/session.h"

enum status lane_open(struct lane *l, const struct backend_config *config, struct err *e)
{
    *l = (struct lane){ .turn = 0 };
    return line_open(&l->line, config, e);
}

static void drop(struct lane *l, int i)
{
    if (l->chair[i]) {
        caller_free(&l->chair[i]->caller);
        free(l->chair[i]);
    }
    l->chair[i] = NULL;
}

void lane_close(struct lane *l)
{
    for (int i = 0; i < LANE_CHAIRS; i++)
        drop(l, i);
    line_close(&l->line);
}

static bool same_seat(const struct seat *a, const struct seat *b)
{
    return a->uid == b->uid && a->session == b->session && a->key == b->key;
}

/* The OS user is the local owner, or has the account of his name. */
static enum status load_local(struct line *l, int64_t uid, struct arena *a, struct actor *out, struct err *e)
{
    struct err own = { 0 };
    struct passwd entry, *user = NULL;
    enum { MOST = 4096 };
    enum status st = actor_local(l->db, uid, a, out, e);
    if (st != ST_DENIED || getpwuid_r((uid_t)uid, &entry, arena_alloc(a, MOST), MOST, &user) != 0 || !user)
        return st;
    return actor_load(l->db, user->pw_name, a, out, &own) == ST_OK ? (err_clear(e), ST_OK) : st;
}

static enum status load(const struct caller *c, struct line *l, struct arena *a, struct actor *out,
                        struct err *e)
{
    const struct seat *s = c->arg;
    struct bearer b = { .session = s->session, .key = s->key };
    return s->uid != NONE ? load_local(l, s->uid, a, out, e)
                          : bearer_actor(l->db, &b, clock_now(), a, out, e);
}

/* The one that was not used for the longest time. */
static int oldest(const struct lane *l)
{
    int at = 0;
    for (int i = 0; i < LANE_CHAIRS; i++) {
        if (!l->chair[i])
            return i;
        if (l->chair[i]->used < l->chair[at]->used)
            at = i;
    }
    return at;
}

static enum status sit_down(struct lane *l, const struct seat *s, struct chair **out, struct err *e)
{
    int at = oldest(l);
    struct chair *c = xcalloc(1, sizeof *c);
    c->seat = *s;
    c->caller = (struct caller){ .load = load, .arg = &c->seat };
    enum status st = caller_begin(&c->caller, &l->line, e);
    if (st) {
        free(c);
        return st;
    }
    drop(l, at);
    *out = l->chair[at] = c;
    return ST_OK;
}

enum status lane_caller(struct lane *l, const struct seat *s, struct caller **out, struct err *e)
{
    struct chair *c = NULL;
    enum status st = ST_OK;
    for (int i = 0; i < LANE_CHAIRS && !c; i++)
        if (l->chair[i] && same_seat(&l->chair[i]->seat, s))
            c = l->chair[i];
    if (!c)
        st = sit_down(l, s, &c, e);
    if (st)
        return st;
    c->used = ++l->turn;
    *out = &c->caller;
    return ST_OK;
}
