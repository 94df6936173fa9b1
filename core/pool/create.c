/* create.c - lead.create: a new lead and what its person said of being reached, in one transaction. */
#include <string.h>

#include "core/org/org.h"
#include "core/pool/private.h"

_Static_assert(offsetof(struct lead_new, lead) == 0, "a lead comes first");

/* Choices are stored by code, whatever spelling was given. */
static enum status settle_said(struct ctx *c, struct consent_said *x)
{
    enum status st = record_check(&consent_said_record, x, true, c->e);
    for (size_t i = 0; i < consent_said_record.nfields && !st; i++) {
        const struct field *f = &consent_said_record.fields[i];
        const char **text = field_text(f, x);
        if (f->type == F_CHOICE && *text)
            *text = choice_find(f->choices, *text)->code;
    }
    return st;
}

static enum status keep_said(struct ctx *c, const struct lead *l, const struct consent_said *said)
{
    struct consent x;
    record_empty(consent_noun.rec, &x);
    x.person.id = l->person.id;
    x.way = said->way;
    x.state = said->state;
    x.source = said->source;
    x.note = said->note;
    x.at = c->now;
    x.employee = c->who->employee;
    return consent_put(c, &x, l->branch.id);
}

/* The person of the new lead: found by what he is reached by, else one of this lead alone. */
static enum status find_person(struct ctx *c, int64_t lead, struct lead *l)
{
    static const struct lens clear = { .show_secrets = true };
    enum status st = row_get(c->db, &lead_noun, lead, &clear, c->arena, l, c->e);
    if (st || l->person.id)
        return st;
    st = person_alone(c, l);
    return st ? st : db_exec(c->db, c->e, "update lead set person_id = $1 where id = $2", "ii", l->person.id,
                             l->head.id);
}

enum status op_create(struct ctx *c, const struct op *op, const void *in, void *out)
{
    const struct list *given = &((const struct lead_new *)in)->consent;
    struct consent_said *said = arena_memdup(c->arena, given->items, given->n * sizeof *said);
    struct lead l;
    enum status st = ST_OK;
    for (size_t i = 0; i < given->n && !st; i++)
        st = settle_said(c, &said[i]);
    if (!st)
        st = crud_create(c, op, in, out);
    if (st || !given->n)
        return st;
    st = find_person(c, ((struct done *)out)->id, &l);
    for (size_t i = 0; i < given->n && !st; i++)
        st = keep_said(c, &l, &said[i]);
    return st ? st : person_settle(c, l.person.id);     /* whoever refuses all ways is left alone */
}
