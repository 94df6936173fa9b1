#include "core/api/caller.h"

#include "core/store/migrate.h"
#include "core/store/refcache.h"

/* ---- lines -------------------------------------------------------------------------------------------- */

enum status line_open(struct line *l, const struct backend_config *config, struct err *e)
{
    *l = (struct line){ .read_ms = config->read_ms ? config->read_ms : READ_MS, .unsure = true,
                        .password_ms = config->password_ms };
    enum status st = database_open(config->url, config->keys_dir, config->read_only ? DB_READ : 0, &l->at, e);
    l->db = l->at.db;
    l->keys = l->at.keys;
    return st;
}

void line_close(struct line *l)
{
    database_close(&l->at);
    l->db = NULL;
}

/* An answer that can't be had now is asked for again. */
enum status line_check(struct line *l, struct err *e)
{
    int at;
    if (refcache_check(l->db))
        l->unsure = true;
    if (l->unsure && !l->migrated) {
        enum status st = schema_number(l->db, &at, e);
        if (st)
            return st;
        l->unsure = false;
        l->migrated = at != schema_newest();
    }
    return l->migrated ? fail(e, ST_FAILED, "db.migrated", NULL) : ST_OK;
}

/* ---- callers ------------------------------------------------------------------------------------------ */

static bool meta_is(struct db *db, const char *key, const char *value)
{
    struct stmt *s = db_query(db, "select 1 from meta where key = $1 and value = $2", "tt", key, value);
    bool is = db_row(s);
    db_end(s, NULL);
    return is;
}

struct identity { struct arena mem; struct actor actor; struct whoami who; };

static enum status load_place(struct line *l, struct identity *me, struct err *e)
{
    size_t n = 0;
    if (!me->actor.branch.id)
        return ST_OK;
    struct stmt *s =
        db_query(l->db,
                 "select p.name from branch p, branch b where b.id = $1 and b.path >= p.path and "
                 "b.path < p.path || '~' order by length(p.path)",
                 "i", me->actor.branch.id);
    while (n < sizeof me->who.branch_path / sizeof *me->who.branch_path - 1 && db_row(s))
        me->who.branch_path[n++] = db_strdup(s, 0, &me->mem);
    return db_end(s, e);
}

static enum status load(struct caller *c, struct line *l, struct err *e)
{
    struct identity me = { .who = { .place = l->at.place } };
    enum status st = c->load(c, l, &me.mem, &me.actor, e);
    if (!st)
        st = load_place(l, &me, e);
    if (st) {
        arena_free(&me.mem);
        c->stale = true;
        return st;
    }
    struct whoami *w = &me.who;
    w->login = me.actor.login;
    w->name = me.actor.employee.name ? me.actor.employee.name : w->login;
    w->employee = me.actor.employee.id;
    w->branch = me.actor.branch.id;
    w->roles = me.actor.roles;
    w->rights = me.actor.rights;
    w->demo = meta_is(l->db, "mark", "demo");
    w->test = meta_is(l->db, "mark", "test");
    arena_free(&c->mem);
    c->mem = me.mem;
    c->actor = me.actor;
    c->who = me.who;
    c->who.must_change = actor_must_change(&c->actor, l->password_ms, clock_now()) != NULL;
    c->stale = false;
    return ST_OK;
}

/* Its age first: what changes meanwhile is noticed at the first call. */
enum status caller_begin(struct caller *c, struct line *l, struct err *e)
{
    enum status st = actor_age(l->db, &c->age, e);
    return st ? st : load(c, l, e);
}

enum status caller_refresh(struct caller *c, struct line *l, struct err *e)
{
    int64_t age;
    enum status st = line_check(l, e);
    if (!st)
        st = actor_age(l->db, &age, e);
    if (st || (age == c->age && !c->stale))
        return st;
    c->age = age;
    return load(c, l, e);
}

void caller_free(struct caller *c)
{
    arena_free(&c->mem);
}
