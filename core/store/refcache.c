#include "core/store/refcache.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256, MOST_ENTRIES = 20000, NOUN_PLACES = 64 };

struct entry { const struct noun *noun; struct ref ref; };

struct refcache {
    struct arena mem;
    struct entry *slots;
    size_t nslots, n;
    int64_t version;            /* of the database when last checked */
    uint64_t kinds;             /* a bit of each noun that has entries, perhaps shared */
    struct { const char *name; const struct noun *noun; } nouns[NOUN_PLACES];
    struct secret_memo memo;
};

struct refcache *refcache_new(void)
{
    struct refcache *c = xcalloc(1, sizeof *c);
    c->nslots = FIRST_SLOTS;
    c->slots = xcalloc(c->nslots, sizeof *c->slots);
    return c;
}

void refcache_free(struct refcache *c)
{
    if (!c)
        return;
    arena_free(&c->mem);
    explicit_bzero(&c->memo, sizeof c->memo);
    free(c->slots);
    free(c);
}

void refcache_clear(struct refcache *c)
{
    for (size_t i = 0; i < c->nslots; i++)
        c->slots[i] = (struct entry){ 0 };
    c->n = 0;
    c->kinds = 0;
    arena_reset(&c->mem);
}

static uint64_t kind_bit(const struct noun *n)
{
    return (uint64_t)1 << ((uintptr_t)n / sizeof *n % 64);
}

void refcache_written(struct refcache *c, const struct noun *n)
{
    if (c->kinds & kind_bit(n))
        refcache_clear(c);
}

struct secret_memo *refcache_memo(struct refcache *c)
{
    return &c->memo;
}

const struct noun *refcache_noun(struct refcache *c, const char *name)
{
    size_t i = (uintptr_t)name % NOUN_PLACES;
    if (c->nouns[i].name != name) {
        c->nouns[i].name = name;
        c->nouns[i].noun = noun_find(name);
    }
    return c->nouns[i].noun;
}

bool refcache_check(struct db *db)
{
    struct refcache *c = db_refs(db);
    int64_t version = db_data_version(db);
    bool changed = version != c->version;
    if (changed)
        refcache_clear(c);
    c->version = version;
    return changed;
}

static struct entry *slot(const struct refcache *c, const struct noun *n, int64_t id)
{
    uint64_t h = ((uint64_t)id ^ (uint64_t)(uintptr_t)n) * 0x9e3779b97f4a7c15u;
    size_t i = (size_t)(h >> 32) & (c->nslots - 1);
    while (c->slots[i].noun && !(c->slots[i].noun == n && c->slots[i].ref.id == id))
        i = (i + 1) & (c->nslots - 1);
    return &c->slots[i];
}

const struct ref *refcache_get(const struct refcache *c, const struct noun *n, int64_t id)
{
    const struct entry *e = slot(c, n, id);
    return e->noun ? &e->ref : NULL;
}

static void grow(struct refcache *c)
{
    struct entry *old = c->slots;
    size_t nold = c->nslots;
    c->nslots *= 2;
    c->slots = xcalloc(c->nslots, sizeof *c->slots);
    for (size_t i = 0; i < nold; i++)
        if (old[i].noun)
            *slot(c, old[i].noun, old[i].ref.id) = old[i];
    free(old);
}

void refcache_put(struct refcache *c, const struct noun *n, const struct ref *r)
{
    if (c->n >= MOST_ENTRIES)
        refcache_clear(c);
    if (c->n * 2 >= c->nslots)
        grow(c);
    c->kinds |= kind_bit(n);
    struct entry *e = slot(c, n, r->id);
    if (!e->noun)
        c->n++;
    *e = (struct entry){ n, { r->id, arena_strdup(&c->mem, r->code), arena_strdup(&c->mem, r->name) } };
}
