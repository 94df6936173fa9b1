/* importdry.c - the dry run: the rows are taken into a scratch database that nobody else has.
 *
 * It begins as an empty twin with what is known by a code (branches, channels, custom fields); the
 * leads and persons that a row may meet are lifted into it when the row comes. There all of the
 * import is carried out, so that its counts are those of the real one, while the database is only
 * read, a step at a time, and no lock is held.
 */
#include <string.h>

#include "base/text.h"
#include "core/data/importer.h"

/* ---- lifting ------------------------------------------------------------------------------------------ */

/* Ends the query. *fresh (NULL allowed): a list of the ids that were not there before. */
struct ids { int64_t *id; size_t n, cap; };

static enum status lift(struct importer *m, const char *table, struct stmt *s, struct ids *fresh)
{
    struct ctx *c = m->c;
    enum status st = ST_OK;
    while (!st && db_row(s)) {
        bool is;
        st = db_lift(s, m->scratch, table, &is, c->e);
        if (st || !is || !fresh)
            continue;
        fresh->id = arena_grow(c->arena, fresh->id, sizeof *fresh->id, &fresh->cap, fresh->n + 1);
        fresh->id[fresh->n++] = db_int(s, 0);
    }
    enum status end = db_end(s, st ? NULL : c->e);
    return st ? st : end;
}

/* What hangs on a lead, and the others that it may collide with when it changes. */
static enum status lift_around(struct importer *m, int64_t id)
{
    enum status st =
        lift(m, "lead_x", db_query(m->real, "select * from lead_x where id = $1", "i", id), NULL);
    if (!st)
        st = lift(m, "lead_tag",
                  db_query(m->real, "select * from lead_tag where lead_id = $1", "i", id), NULL);
    if (!st)
        st = lift(m, "deal", db_query(m->real, "select * from deal where lead_id = $1", "i", id), NULL);
    if (!st)
        st =
            lift(m, "person",
                 db_query(m->real,
                          "select p.* from person p, lead l where l.id = $1 and p.id = l.person_id",
                          "i", id),
                 NULL);
    return st ? st : lift(m, "lead",
                          db_query(m->real,
                                   "select o.* from lead o, lead l where l.id = $1 and "
                                   "o.phone_hash = l.phone_hash and o.open = 1",
                                   "i", id), NULL);
}

static enum status lift_leads(struct importer *m, struct stmt *s)
{
    struct ids fresh = { 0 };
    enum status st = lift(m, "lead", s, &fresh);
    for (size_t i = 0; i < fresh.n && !st; i++)
        st = lift_around(m, fresh.id[i]);
    return st;
}

static enum status lift_by_hash(struct importer *m, const char *field, const char *value)
{
    static const struct { const char *field, *person; } ways[] = {
        { "phone", "select * from person where phone_hash in ($1, $2)" },
        { "id_no", "select * from person where id_no_hash in ($1, $2)" },
        { "email", "select * from person where email_hash in ($1, $2)" },
    };
    struct ctx *c = m->c;
    unsigned char hash[2][SECRET_HASH];
    enum status st = row_secret_hashes(c->db, record_field(&lead_record, field), value, c->arena, hash, c->e);
    for (size_t i = 0; i < sizeof ways / sizeof *ways && !st; i++)
        if (strcmp(ways[i].field, field) == 0)
            st = lift(m, "person",
                      db_query(m->real, ways[i].person, "bb", hash[0], (size_t)SECRET_HASH, hash[1],
                               (size_t)SECRET_HASH),
                      NULL);
    if (st || strcmp(field, "phone") != 0)
        return st;
    return lift_leads(
        m, db_query(m->real, "select * from lead where phone_hash in ($1, $2) and open = 1", "bb",
                    hash[0], (size_t)SECRET_HASH, hash[1], (size_t)SECRET_HASH));
}

enum status import_lift_lead(struct importer *m, const struct lead *l)
{
    const struct { const char *field, *value; } ways[] = {
        { "phone", l->phone }, { "id_no", l->id_no }, { "email", l->email },
    };
    enum status st = ST_OK;
    if (l->external_id)
        st = lift_leads(m, db_query(m->real, "select * from lead where external_id_key = $1", "t",
                                    text_key(m->c->arena, l->external_id)));
    for (size_t i = 0; i < sizeof ways / sizeof *ways && !st; i++)
        if (ways[i].value)
            st = lift_by_hash(m, ways[i].field, ways[i].value);
    return st;
}

enum status import_lift_named(struct importer *m, const struct noun *n, const char *word)
{
    struct ctx *c = m->c;
    struct ref r = { 0 };
    enum status st = n == &lead_noun ? row_resolve(m->real, n, word, &r, c->arena, c->e) : ST_OK;
    if (st || !r.id)
        return st;
    return lift_leads(m, db_query(m->real, "select * from lead where id = $1", "i", r.id));
}

enum status import_lift_hanging(struct importer *m, int64_t id)
{
    const struct noun *n = m->kind->noun;
    if (n == &branch_noun)
        return lift_leads(m, db_query(m->real, "select * from lead where branch_id = $1 and open = 1 limit 1",
                                      "i", id));
    if (n == &employee_noun)
        return lift_leads(m, db_query(m->real, "select * from lead where owner_id = $1 and open = 1 limit 1",
                                      "i", id));
    return ST_OK;
}

/* ---- a step ------------------------------------------------------------------------------------------- */

/* The counters too: numbers and ids go on where those of the database stand. */
static enum status fill(struct importer *m)
{
    enum status st = lift(m, "counter", db_query(m->real, "select * from counter", ""), NULL);
    for (size_t i = 0; nouns[i] && !st; i++)
        if (strcmp(nouns[i]->code, "code") == 0)
            st = lift(m, nouns[i]->table,
                      db_query(m->real, arena_printf(m->c->arena, "select * from %s", nouns[i]->table), ""),
                      NULL);
    return st;
}

enum status import_dry_step(struct importer *m, bool *more,
                            enum status (*rows)(struct ctx *c, struct importer *m, bool *more))
{
    struct ctx *c = m->c;
    bool first = !m->scratch;
    enum status st = first ? db_scratch(c->db, &m->scratch, c->e) : ST_OK;
    if (!st)
        st = db_begin(m->scratch, c->e);
    if (st)
        return st;
    m->real = c->db;
    c->db = m->scratch;
    if (first)
        st = fill(m);
    if (!st)
        st = rows(c, m, more);
    if (st)
        db_rollback(m->scratch);
    else
        st = db_commit(m->scratch, c->e);
    c->db = m->real;
    return st;
}
