/* importcell.c - a row of cells into a record. What was given is kept as it stands; normal forms
 * are made by the store. */
#include <stdlib.h>
#include <string.h>

#include "core/data/importer.h"
#include "core/model/record_text.h"
#include "core/noun/resolve.h"

/* ---- words to rows ------------------------------------------------------------------------------------ */

static uint64_t hash_word(const char *s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3u;
    return h;
}

static struct word *slot(struct wordmap *w, const char *text)
{
    size_t i = hash_word(text) & (w->nslots - 1);
    while (w->slots[i].text && strcmp(w->slots[i].text, text) != 0)
        i = (i + 1) & (w->nslots - 1);
    return &w->slots[i];
}

enum { WORDS_MOST = 20000 };

/* Keeps a word, up to a limit: a column of a million different words is looked up each time. */
static void keep_word(struct importer *m, struct wordmap *w, const char *text, int64_t id)
{
    if (w->n >= WORDS_MOST)
        return;
    if (w->n * 2 >= w->nslots) {
        struct wordmap bigger = { .nslots = w->nslots ? w->nslots * 4 : 64, .n = w->n };
        bigger.slots = arena_array(&m->mem, struct word, bigger.nslots);
        for (size_t i = 0; i < w->nslots; i++)
            if (w->slots[i].text)
                *slot(&bigger, w->slots[i].text) = w->slots[i];
        *w = bigger;
    }
    *slot(w, text) = (struct word){ arena_strdup(&m->mem, text), id };
    w->n++;
}

/* What the row at hand made goes when the row is refused, and its id is given to another: such a
 * word waits for the row's end. */
static void remember(struct importer *m, struct wordmap *w, const char *text, int64_t id)
{
    if (!m->guarded) {
        keep_word(m, w, text, id);
        return;
    }
    m->pending = arena_grow(&m->mem, m->pending, sizeof *m->pending, &m->pending_cap, m->npending + 1);
    m->pending[m->npending++] = (struct pending_word){ w, text, id };
}

void import_keep_words(struct importer *m, bool keep)
{
    for (size_t i = 0; i < m->npending && keep; i++)
        keep_word(m, m->pending[i].words, m->pending[i].text, m->pending[i].id);
    m->npending = 0;
}

static enum status find_word(struct importer *m, struct column *x, const char *text, int64_t *id)
{
    struct ctx *c = m->c;
    if (x->words.nslots) {
        const struct word *known = slot(&x->words, text);
        if (known->text) {
            *id = known->id;
            return ST_OK;
        }
    }
    const struct noun *n = noun_find(x->field->ref);
    struct ref r = { 0 };
    enum status st = m->real ? import_lift_named(m, n, text) : ST_OK;
    if (!st)
        st = row_resolve(c->db, n, text, &r, c->arena, c->e);
    bool seen = true;                   /* another branch's customer is no different from none */
    if (!st && n == &lead_noun)
        st = resolve_seen(c, n, r.id, &seen);
    *id = seen ? r.id : 0;
    if (!st && !*id && m->in.create_missing == 1)
        st = import_guard_made(m) ? c->e->status : import_make(m, x->field->ref, text, id);
    if (!st && !*id)
        st = fail_field(c->e, ST_INVALID, x->field->name, "ref.unknown", x->field->label, text, NULL);
    if (!st && n != &lead_noun)
        remember(m, &x->words, text, *id);
    return st;
}

/* ---- cells -------------------------------------------------------------------------------------------- */

static enum status refuse(struct importer *m, const struct column *x, const char *code, const char *cell)
{
    return fail_field(m->c->e, ST_INVALID, x->field ? x->field->name : x->key, code, x->header, cell, NULL);
}

static enum status secret_cell(struct importer *m, const struct column *x, const char *cell, const char **out)
{
    char normal[EMAIL_TEXT];
    const char *name = x->field->name;
    const char *code = strcmp(name, "email") == 0 ? cell_email(cell, normal)
                     : strcmp(name, "id_no") == 0 ? cell_idno(cell, normal) : cell_phone(cell, normal);
    *out = cell;
    return code ? refuse(m, x, code, cell) : ST_OK;
}

/* Several words in one cell, each of them a row. */
static enum status refs_cell(struct importer *m, struct column *x, const char *cell, struct refs *out)
{
    enum status st = ST_OK;
    struct refs words;
    size_t n = 0;
    refs_parse(cell, m->c->arena, &words);
    for (size_t i = 0; i < words.n && !st; i++) {
        int64_t id;
        st = find_word(m, x, words.items[i].code, &id);
        *out = (struct refs){ words.items, n };
        if (!st && !refs_have(out, id))
            words.items[n++] = (struct ref){ .id = id };
    }
    *out = (struct refs){ words.items, n };
    return st;
}

static enum status field_cell(struct importer *m, struct column *x, const char *cell, void *rec)
{
    const struct field *f = x->field;
    const char *code = NULL;
    bool flag;
    const struct choice *choice;
    switch (f->type) {
    case F_INT: code = cell_integer(cell, field_int(f, rec)); break;
    case F_MONEY: code = cell_money(cell, field_int(f, rec)); break;
    case F_NUMBER: code = cell_number(cell, field_number(f, rec)); break;
    case F_TIME: code = cell_date(cell, m->order, field_int(f, rec), NULL); break;
    case F_FLAG:
        code = cell_flag(cell, &flag);
        if (!code)
            *field_int(f, rec) = flag;
        break;
    case F_CHOICE:
        choice = choice_find(f->choices, cell);
        if (!choice)
            return refuse(m, x, "field.choice", cell);
        *field_text(f, rec) = choice->code;
        break;
    case F_SECRET: return secret_cell(m, x, cell, field_text(f, rec));
    case F_REF: return find_word(m, x, cell, &field_ref(f, rec)->id);
    case F_REFS: {
        enum status st = refs_cell(m, x, cell, field_refs(f, rec));
        return st ? st : field_check(f, rec, false, m->c->e);
    }
    default: *field_text(f, rec) = cell;
    }
    return code ? refuse(m, x, code, cell) : field_check(f, rec, false, m->c->e);
}

static enum status attr_cell(struct importer *m, const struct column *x, const char *cell, struct attr *out)
{
    const char *code = NULL;
    bool flag;
    const struct choice *choice;
    *out = (struct attr){ .def = x->attr, .i = NONE, .d = NAN };
    switch (x->attr->type) {
    case F_NUMBER: code = cell_number(cell, &out->d); break;
    case F_TIME: code = cell_date(cell, m->order, &out->i, NULL); break;
    case F_FLAG:
        code = cell_flag(cell, &flag);
        if (!code)
            out->i = flag;
        break;
    case F_CHOICE:
        choice = choice_find(x->attr->choices, cell);
        if (!choice)
            return refuse(m, x, "field.choice", cell);
        out->s = choice->code;
        break;
    default: out->s = cell;
    }
    return code ? refuse(m, x, code, cell) : ST_OK;
}

/* The cells of the columns by which a row is known again, or those of all others. */
static enum status cells(struct importer *m, const struct csv_row *row, bool keys, void *rec,
                         struct attrs *attrs)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < m->ncolumns && !st; i++) {
        struct column *x = &m->columns[i];
        const char *cell = row->cell[x->col];
        if (x->finds != keys || cell_empty(cell))
            continue;
        st = x->field ? field_cell(m, x, cell, rec) : attr_cell(m, x, cell, &attrs->items[attrs->n++]);
    }
    return st;
}

enum status import_record_begin(struct importer *m, const struct csv_row *row, void *rec)
{
    record_empty(m->kind->noun->rec, rec);
    return row->code ? fail(m->c->e, ST_INVALID, row->code, NULL) : cells(m, row, true, rec, NULL);
}

enum status import_record_end(struct importer *m, const struct csv_row *row, void *rec)
{
    struct attrs *attrs = m->attr ? field_attrs(m->attr, rec) : arena_new(m->c->arena, struct attrs);
    if (!m->attr)                   /* a deal's custom fields are its lead's */
        m->deal_attrs = attrs;
    *attrs = (struct attrs){ arena_array(m->c->arena, struct attr, m->ncolumns), 0 };
    return cells(m, row, false, rec, attrs);
}

void *import_record_of(struct importer *m, const struct csv_row *row)
{
    void *rec = arena_alloc(m->c->arena, m->kind->noun->rec->size);
    bool taken = !import_record_begin(m, row, rec) && !import_record_end(m, row, rec);
    return taken ? rec : NULL;
}
