#include "core/data/importbulk.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/data/gramsort.h"
#include "core/pool/pool.h"
#include "core/store/ddl.h"

/* ---- sets --------------------------------------------------------------------------------------------- */

/* Where a key was seen: open addressing, one word a place, 0 is free. A word holds the row's id
 * less the first one plus one, and below it FP_BITS of the key's hash; other bits of the hash say
 * where it stands. */
enum { FP_BITS = 18, ID_BITS = 64 - FP_BITS };

struct seen { uint64_t *places; size_t size, n; int64_t base; };

static uint64_t fingerprint(uint64_t hash) { return hash >> ID_BITS; }

/* The first place from `at` on with the hash's fingerprint, or the free one at the end. */
static size_t seen_next(const struct seen *s, uint64_t hash, size_t at)
{
    at &= s->size - 1;
    while (s->places[at] && (s->places[at] & ((1u << FP_BITS) - 1)) != fingerprint(hash))
        at = (at + 1) & (s->size - 1);
    return at;
}

static int64_t seen_id(const struct seen *s, size_t at)
{
    return (int64_t)(s->places[at] >> FP_BITS) - 1 + s->base;
}

static enum status seen_put(struct seen *s, size_t rows, uint64_t hash, int64_t id, struct err *e)
{
    if (!s->places) {
        for (s->size = 64; s->size < rows + rows / 3 + 1; s->size *= 2)
            ;
        s->places = xcalloc(s->size, sizeof *s->places);
        s->base = id;
    }
    uint64_t place = (uint64_t)(id - s->base) + 1;
    if (place >> ID_BITS)               /* a load that has gone on for most of a day */
        return fail(e, ST_FAILED, "db.too_big", NULL);
    if (s->n >= rows)                   /* more than the first pass has counted */
        return fail(e, ST_FAILED, "import.changed", NULL);
    s->n++;
    size_t at = hash & (s->size - 1);
    while (s->places[at])
        at = (at + 1) & (s->size - 1);
    s->places[at] = place << FP_BITS | fingerprint(hash);
    return ST_OK;
}

/* ---- keys --------------------------------------------------------------------------------------------- */

enum key { KEY_PHONE_PRODUCT, KEY_EXTERNAL, KEY_PHONE, KEY_ID_NO, KEY_EMAIL, KEYS };

/* Is the key really that row's? $1 is the row's id, $2 the hash or text, $3 the product. */
static const char *const proofs[KEYS] = {
    [KEY_PHONE_PRODUCT] =
        "select 1 from lead where id = $1 and phone_hash = $2 and product_id = $3 and open = 1",
    [KEY_EXTERNAL] = "select 1 from lead where id = $1 and external_id_key = $2",
    [KEY_PHONE] = "select 1 from person where id = $1 and phone_hash = $2",
    [KEY_ID_NO] = "select 1 from person where id = $1 and id_no_hash = $2",
    [KEY_EMAIL] = "select 1 from person where id = $1 and email_hash = $2",
};

struct bulk {
    size_t rows;
    struct seen sets[KEYS];
    struct row_writer *people;
    struct saved_indexes indexes;
    struct arena mem;
};

/* What a row is looked up by. */
struct probe { enum key key; uint64_t hash; const void *value; size_t len; int64_t product; };

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 32) * 0xd6e8feb86659fd93u;
    return x ^ x >> 32;
}

static uint64_t hash_bytes(const char *s, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
    return mix(h);
}

static enum status prove(struct ctx *c, const struct probe *p, int64_t id, bool *is)
{
    int64_t there = NONE;
    const char *types = p->key == KEY_EXTERNAL ? "iT" : p->key == KEY_PHONE_PRODUCT ? "ibi" : "ib";
    enum status st = db_get_int(c->db, c->e, &there, proofs[p->key], types, id, p->value, p->len, p->product);
    *is = there != NONE;
    return st;
}

/* The row of that key; 0 if there is none. */
static enum status find(struct ctx *c, const struct bulk *b, const struct probe *p, int64_t *id)
{
    const struct seen *s = &b->sets[p->key];
    enum status st = ST_OK;
    *id = 0;
    if (!s->n)
        return ST_OK;
    for (size_t at = seen_next(s, p->hash, p->hash); s->places[at] && !st;
         at = seen_next(s, p->hash, at + 1)) {
        bool is;
        st = prove(c, p, seen_id(s, at), &is);
        if (!st && is) {
            *id = seen_id(s, at);
            break;
        }
    }
    return st;
}

static enum status note(struct ctx *c, struct bulk *b, const struct probe *p, int64_t id)
{
    return seen_put(&b->sets[p->key], b->rows, p->hash, id, c->e);
}

static enum status secret_probe(struct ctx *c, enum key key, const char *field, const char *value,
                                int64_t product, struct probe *out)
{
    unsigned char *hash = arena_alloc(c->arena, SECRET_HASH);
    enum status st = row_secret_index(c->db, record_field(&lead_record, field), value, c->arena, hash, c->e);
    *out = (struct probe){ .key = key, .value = hash, .len = SECRET_HASH, .product = product };
    memcpy(&out->hash, hash, sizeof out->hash);
    if (key == KEY_PHONE_PRODUCT)
        out->hash = mix(out->hash ^ (uint64_t)product * 0x9e3779b97f4a7c15u);
    return st;
}

static void external_probe(struct ctx *c, const char *text, struct probe *out)
{
    const char *key = text_key(c->arena, text);
    size_t len = strlen(key);
    *out = (struct probe){ .key = KEY_EXTERNAL, .value = key, .len = len, .hash = hash_bytes(key, len) };
}

/* ---- leads -------------------------------------------------------------------------------------------- */

enum status bulk_find_lead(struct ctx *c, struct bulk *b, const struct lead *l, int64_t product, int64_t *id)
{
    struct probe p;
    enum status st = ST_OK;
    *id = 0;
    if (l->external_id) {
        external_probe(c, l->external_id, &p);
        st = find(c, b, &p, id);
    }
    if (st || *id || !l->phone || l->open == 0)
        return st;
    st = secret_probe(c, KEY_PHONE_PRODUCT, "phone", l->phone, product, &p);
    return st ? st : find(c, b, &p, id);
}

enum status bulk_note_lead(struct ctx *c, struct bulk *b, const struct lead *l)
{
    struct probe p;
    enum status st = ST_OK;
    if (l->external_id) {
        external_probe(c, l->external_id, &p);
        st = note(c, b, &p, l->head.id);
    }
    if (st || !l->phone || l->open != 1)
        return st;
    st = secret_probe(c, KEY_PHONE_PRODUCT, "phone", l->phone, l->product.id, &p);
    return st ? st : note(c, b, &p, l->head.id);
}

/* ---- persons ------------------------------------------------------------------------------------------ */

enum status bulk_person(struct ctx *c, struct bulk *b, const struct lead *l, struct ref *out)
{
    const struct { enum key key; const char *field, *value; } ways[] = {
        { KEY_PHONE, "phone", l->phone }, { KEY_ID_NO, "id_no", l->id_no }, { KEY_EMAIL, "email", l->email },
    };
    struct probe probes[3];
    size_t n = 0;
    int64_t id = 0;
    enum status st = ST_OK;
    *out = (struct ref){ 0 };
    for (size_t i = 0; i < 3 && !id && !st; i++) {
        if (!ways[i].value)
            continue;
        st = secret_probe(c, ways[i].key, ways[i].field, ways[i].value, 0, &probes[n]);
        if (!st)
            st = find(c, b, &probes[n++], &id);
    }
    out->id = id;
    if (st || id || !n)
        return st;
    struct person p;
    person_new(c, l, &p);
    st = row_writer_put(b->people, &p, c->arena, c->e);
    for (size_t i = 0; i < n && !st; i++)
        st = note(c, b, &probes[i], p.head.id);
    out->id = p.head.id;
    return st;
}

/* ---- begin and end ------------------------------------------------------------------------------------ */

static enum status drop_indexes(struct ctx *c, struct bulk *b)
{
    static const char *const tables[] = { "lead",      "person", "lead_tag", "task",
                                          "follow_up", "deal",   "event" };
    size_t n = b->rows ? 3 : sizeof tables / sizeof *tables;
    enum status st = ST_OK;
    for (size_t i = 0; i < n && !st; i++)
        st = db_drop_indexes(c->db, tables[i], &b->mem, &b->indexes, c->e);
    return st;
}

enum status bulk_begin(struct ctx *c, int64_t rows, struct bulk **out)
{
    int64_t any = NONE;
    *out = NULL;
    enum status st = db_get_int(c->db, c->e, &any,
                                "select 1 from lead union all select 1 from person limit 1", "");
    if (st || any != NONE)
        return st;
    struct bulk *b = xcalloc(1, sizeof *b);
    b->rows = (size_t)rows;
    db_use(c->db, USE_LOAD);
    st = drop_indexes(c, b);
    struct shape shape = { .noun = &person_noun };
    if (!st)
        st = row_writer_open(c->db, &shape, &b->people, c->e);
    if (st)
        bulk_free(b);
    else
        *out = b;
    return st;
}

static void forget(struct bulk *b)
{
    for (size_t i = 0; i < KEYS; i++) {
        free(b->sets[i].places);
        b->sets[i] = (struct seen){ 0 };
    }
    row_writer_close(b->people);
    b->people = NULL;
}

enum status bulk_end(struct ctx *c, struct bulk *b)
{
    forget(b);
    db_use(c->db, USE_SORT);
    enum status st = db_build_indexes(c->db, &b->indexes, c->e);
    if (!st)
        st = grams_build(c);
    db_use(c->db, USE_LISTS);
    bulk_free(b);
    return st;
}

void bulk_free(struct bulk *b)
{
    if (!b)
        return;
    forget(b);
    arena_free(&b->mem);
    free(b);
}
