/* people.c - whom a lead is about, and what he said of being reached. */
#include "core/noun/resolve.h"
#include "core/org/org.h"
#include "core/pool/private.h"

/* ---- his word ----------------------------------------------------------------------------------------- */

enum status lead_stopped(struct ctx *c, const struct lead *l, int64_t *stopped)
{
    *stopped = l->frozen == 1;
    return *stopped || !l->person.id ? ST_OK : person_stopped(c, l->person.id, stopped);
}

enum status lead_reachable(struct ctx *c, const struct lead *l)
{
    int64_t stopped;
    enum status st = lead_stopped(c, l, &stopped);
    return st || stopped != 1 ? st : fail(c->e, ST_CONFLICT, "FROZEN", NULL);
}

enum status lead_heed(struct ctx *c, struct lead *l)
{
    return l->person.id ? person_stopped(c, l->person.id, &l->frozen) : ST_OK;
}

/* What he refuses today and the other has not spoken of since, oldest first. */
static enum status refused_words(struct ctx *c, int64_t from, int64_t to, struct consent **out, size_t *n)
{
    size_t cap = 0;
    *n = 0;
    *out = NULL;
    struct stmt *q =
        db_query(c->db,
                 "select x.way, x.state, x.at, x.source, x.note, x.employee_id from consent x where"
                 " x.person_id = $1 and x.state <> 'granted' and x.id = (select max(y.id) from consent y"
                 " where y.person_id = x.person_id and y.way = x.way) and not exists (select 1 from consent z"
                 " where z.person_id = $2 and z.way = x.way and z.at >= x.at) order by x.id",
                 "ii", from, to);
    while (db_row(q)) {
        *out = arena_grow(c->arena, *out, sizeof **out, &cap, *n + 1);
        struct consent *x = &(*out)[(*n)++];
        record_empty(consent_noun.rec, x);
        x->person.id = to;
        x->way = db_strdup(q, 0, c->arena);
        x->state = db_strdup(q, 1, c->arena);
        x->at = db_int(q, 2);
        x->source = db_strdup(q, 3, c->arena);
        x->note = db_strdup(q, 4, c->arena);
        x->employee.id = db_int(q, 5) == NONE ? 0 : db_int(q, 5);
    }
    return db_end(q, c->e);
}

/* A lead whose contact data change may be another person's from now on. Whoever was called by it is the same,
 * and what he refused holds for the new number, too. */
static enum status words_go_along(struct ctx *c, const struct lead *l, int64_t from, int64_t to)
{
    struct consent *said;
    size_t n;
    enum status st = refused_words(c, from, to, &said, &n);
    for (size_t i = 0; i < n && !st; i++)
        st = consent_put(c, &said[i], l->branch.id);
    return st || !n ? st : person_settle(c, to);
}

/* ---- finding him -------------------------------------------------------------------------------------- */

static enum status by_hash(struct ctx *c, const char *sql, const struct field *f, const char *value,
                           int64_t *id)
{
    unsigned char hash[2][SECRET_HASH];
    enum status st = row_secret_hashes(c->db, f, value, c->arena, hash, c->e);
    return st ? st : db_get_int(c->db, c->e, id, sql, "bb", hash[0], (size_t)SECRET_HASH, hash[1],
                                (size_t)SECRET_HASH);
}

void person_new(struct ctx *c, const struct lead *l, struct person *out)
{
    record_empty(person_noun.rec, out);
    crud_stamp(c, &out->head);
    out->name = l->name;
    out->phone = l->phone;
    out->email = l->email;
    out->id_no = l->id_no;
    out->gender = l->gender;
    out->birthday = l->birthday;
    out->deceased = out->minor = 0;
}

static enum status make_person(struct ctx *c, const struct lead *l, int64_t *id)
{
    struct person p;
    person_new(c, l, &p);
    *id = p.head.id;
    return row_insert(c->db, &person_noun, &p, c->arena, c->e);
}

/* *id NONE: nobody, or (any false) nothing to find him by. */
static enum status find_person(struct ctx *c, struct lead *l, int64_t *id, bool *any)
{
    static const struct { const char *field, *sql; } ways[] = {
        { "phone", "select id from person where phone_hash in ($1, $2)" },
        { "id_no", "select id from person where id_no_hash in ($1, $2)" },
        { "email", "select id from person where email_hash in ($1, $2) order by id limit 1" },
    };
    enum status st = ST_OK;
    *id = NONE;
    *any = false;
    for (size_t i = 0; i < sizeof ways / sizeof *ways && *id == NONE && !st; i++) {
        const struct field *f = record_field(lead_noun.rec, ways[i].field);
        const char *value = *field_text(f, l);
        *any = *any || value;
        if (value)
            st = by_hash(c, ways[i].sql, f, value, id);
    }
    return st;
}

enum status person_of(struct ctx *c, struct lead *l, struct ref *out)
{
    int64_t before = l->person.id, id;
    bool any;
    enum status st = find_person(c, l, &id, &any);
    bool made = id == NONE && any;
    if (!st && made)
        st = make_person(c, l, &id);
    else if (!st && id == NONE && before)
        id = before;
    *out = (struct ref){ .id = st || id == NONE ? 0 : id };
    if (!st && before && before != id)
        st = words_go_along(c, l, before, id);
    return st || (made && !before) ? st : lead_stopped(c, l, &l->frozen);
}

enum status person_alone(struct ctx *c, struct lead *l)
{
    struct person p;
    record_empty(person_noun.rec, &p);
    crud_stamp(c, &p.head);
    p.name = l->name;
    p.deceased = p.minor = 0;
    l->person = (struct ref){ .id = p.head.id };
    return row_insert(c->db, &person_noun, &p, c->arena, c->e);
}
