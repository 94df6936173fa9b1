#include "core/noun/values.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/model/labels.h"
#include "core/noun/queryplan.h"
#include "core/noun/resolve.h"

static const struct field in_fields[] = {
    FIELD_TEXT(struct values_in, field, N_("field"), .flags = FIELD_REQUIRED, .max = 200),
    FIELD_TEXT(struct values_in, prefix, N_("beginning"), .max = VALUES_TEXT),
    FIELD_TEXT(struct values_in, where, N_("condition"), .max = LANG_TEXT),
    FIELD_INT(struct values_in, limit, N_("values at most"), .min = 1, .max = VALUES_MOST),
};
const struct record values_in_record = RECORD(struct values_in, "values_in", in_fields);

static const struct field seen_fields[] = {
    FIELD_TEXT(struct value_seen, value, N_("value")),
    FIELD_TEXT(struct value_seen, label, N_("label")),
    FIELD_INT(struct value_seen, count, N_("count")),
};
static const struct record seen_record = RECORD(struct value_seen, "value_seen", seen_fields);

static const struct field out_fields[] = {
    FIELD_LIST(struct values, values, &seen_record, N_("values")),
    FIELD_INT(struct values, rows, N_("rows counted")),
    FIELD_FLAG(struct values, at_least, N_("there are more rows")),
};
const struct record values_record = RECORD(struct values, "values", out_fields);

struct asked {
    struct plan p;
    struct lang_name name;
    const char *key;            /* what the values begin with, folded; "": anything */
    bool raw;                   /* the text has no key: it is compared as it stands */
    int64_t limit;
    struct values *out;
};

static enum ftype type_of(struct lang_name n)
{
    return n.field ? n.field->type : n.attr->type;
}

static const struct choice *choices_of(struct lang_name n)
{
    return n.field ? n.field->choices : n.attr->choices;
}

static const struct noun *noun_of(const struct asked *x)
{
    return noun_find(x->name.field->ref);
}

/* Who a customer is, is no word to choose from. */
static bool has_values(struct lang_name n)
{
    switch (n.field || n.attr ? type_of(n) : F_LIST) {
    case F_TEXT: case F_CHOICE: case F_FLAG: return true;
    case F_REFS: return true;
    case F_REF: {
        const struct noun *to = noun_find(n.field->ref);
        return to != &lead_noun && to != &person_noun && to != &import_noun;
    }
    default: return false;
    }
}

static enum status check_masked(struct ctx *c, struct lang_name n)
{
    const struct field *f = n.field;
    if (!f || (f->type != F_SECRET && !((f->flags & FIELD_PII) && c->who->lens.mask_names)))
        return ST_OK;
    return fail_field(c->e, ST_DENIED, "field", "cond.masked_equality", f->name, "1", f->label, NULL);
}

/* ---- counting ----------------------------------------------------------------------------------------- */

/* "select VALUE v, SHOWN d from lead t ... where SCOPE and (CONDITION) and VALUE is not null limit N": the
 * rows that are counted. Of all branches from the newest back: an index by the value would give one value's
 * rows first. */
static enum status rows_sql(struct asked *x, struct sql *q)
{
    struct plan *p = &x->p;
    struct sql where;
    bool several = type_of(x->name) == F_REFS;
    sql_init(&where, p->c->arena);
    resolve_scope(p->c, p->noun, true, &where);
    enum status st = sql_condition(p, &where);
    p->side = p->side || x->name.attr;
    sql_add(q, "select ");
    if (several) {
        sql_add(q, "t.id as v, null as d");
    } else {
        lang_column(q, x->name, "t", true);
        sql_add(q, " as v, ");
        lang_column(q, x->name, "t", false);
        sql_add(q, " as d");
    }
    sql_add(q, " from ");
    sql_from(p, q);
    sql_append(q, &where);
    if (!several) {
        sql_add(q, " and ");
        lang_column(q, x->name, "t", true);
        sql_add(q, " is not null");
    }
    sql_addf(q, "%s limit ", p->c->who->see_all || !p->noun->scope ? " order by t.id desc" : "");
    sql_int(q, VALUES_ROWS + 1);
    sql_release(&where);
    return st;
}

/* " or name_py begins so": zs for 张三, in one of two readings. */
static void initials_begin(struct asked *x, const struct field *name, const char *col, struct sql *q)
{
    if (!name || !(name->flags & FIELD_PINYIN) || x->key[strspn(x->key, "abcdefghijklmnopqrstuvwxyz")])
        return;
    sql_addf(q, " or replace(' ' || %s_py, ", col);
    sql_text(q, arena_printf(q->arena, " %s", x->key));
    sql_addf(q, ", '') <> ' ' || %s_py", col);
}

/* Rows of another noun whose code or name begins so. */
static void ref_begins(struct asked *x, struct sql *q)
{
    const struct noun *to = noun_of(x);
    if (!*x->key || to == &stage_noun)          /* stages are known by the catalogue's words too */
        return;
    sql_addf(q, " where v in (select id from %s where substr(code_key, 1, length(", to->table);
    sql_text(q, x->key);
    sql_add(q, ")) = ");
    sql_text(q, x->key);
    if (record_field(to->rec, "name")) {
        sql_add(q, " or substr(name_key, 1, length(");
        sql_text(q, x->key);
        sql_add(q, ")) = ");
        sql_text(q, x->key);
        initials_begin(x, record_field(to->rec, "name"), "name", q);
    }
    sql_add(q, ")");
}

static void text_begins(struct asked *x, struct sql *q)
{
    sql_addf(q, " where length(d) <= %d", VALUES_TEXT);
    if (!*x->key)
        return;
    sql_add(q, " and substr(v, 1, length(");
    sql_text(q, x->key);
    sql_add(q, ")) = ");
    sql_text(q, x->key);
}

/* "select v, d, count(*), rows from (...) group by v": all of few words, the first of many. */
static enum status groups_sql(struct asked *x, struct sql *q)
{
    enum ftype t = type_of(x->name);
    const struct noun *n = x->p.noun;
    sql_add(q, "with seen as (");
    enum status st = rows_sql(x, q);
    sql_add(q, ") select ");
    if (t == F_REFS)
        sql_addf(q, "v, null, count(*), (select count(*) from seen) from (select r.%s_id as v from seen "
                 "join %s_%s r on r.%s_id = seen.v) g", x->name.field->ref, n->table, x->name.field->ref,
                 n->table);
    else
        sql_addf(q, "v, %s, count(*), (select count(*) from seen) from seen",
                 t == F_TEXT ? "min(d)" : "null");
    if (t == F_REF || t == F_REFS)
        ref_begins(x, q);
    else if (t == F_TEXT)
        text_begins(x, q);
    sql_add(q, " group by v order by count(*) desc, v");
    if (t == F_TEXT || ((t == F_REF || t == F_REFS) && noun_of(x) != &stage_noun)) {
        sql_add(q, " limit ");
        sql_int(q, x->limit);
    }
    return st;
}

/* ---- what they are called ----------------------------------------------------------------------------- */

static bool begins(const struct asked *x, const char *word)
{
    return word && strncmp(text_key(x->p.c->arena, word), x->key, strlen(x->key)) == 0;
}

/* By its code, or by its label in whichever language. */
static bool is_called(const struct asked *x, const struct value_seen *v)
{
    if (begins(x, v->value))
        return true;
    return v->label && (begins(x, i18n_text(v->label)) || begins(x, i18n_english(v->label)) ||
                        begins(x, i18n_other(v->label)));
}

static enum status name_ref(struct asked *x, int64_t id, struct value_seen *v, bool *fits)
{
    struct ref r;
    const struct noun *to = noun_of(x);
    enum status st = row_ref(x->p.c->db, to->name, id, x->p.c->arena, &r, x->p.c->e);
    bool stage = to == &stage_noun;
    v->value = r.code;
    v->label = stage && r.code ? stage_label(&r) : r.name;
    *fits = !stage || is_called(x, v);
    return st;
}

static void name_choice(struct asked *x, const char *code, struct value_seen *v, bool *fits)
{
    v->value = code;
    for (const struct choice *k = choices_of(x->name); k && k->code; k++)
        if (strcmp(k->code, code) == 0)
            v->label = k->label;
    *fits = is_called(x, v);
}

static void name_flag(struct asked *x, bool yes, struct value_seen *v, bool *fits)
{
    v->value = v->label = yes ? N_("yes") : N_("no");
    *fits = is_called(x, v);
}

static enum status take_group(struct asked *x, struct stmt *s)
{
    struct value_seen *v = (struct value_seen *)x->out->values.items + x->out->values.n;
    enum status st = ST_OK;
    bool fits = true;
    *v = (struct value_seen){ .count = db_int(s, 2) };
    x->out->rows = db_int(s, 3);
    switch (type_of(x->name)) {
    case F_TEXT: v->value = db_strdup(s, 1, x->p.c->arena); break;
    case F_CHOICE: name_choice(x, db_strdup(s, 0, x->p.c->arena), v, &fits); break;
    case F_FLAG: name_flag(x, db_int(s, 0) == 1, v, &fits); break;
    default: st = name_ref(x, db_int(s, 0), v, &fits);
    }
    x->out->values.n += fits;
    return st;
}

/* Of rows of which none has a value that is asked for. */
static enum status count_rows(struct asked *x)
{
    struct sql q;
    sql_init(&q, x->p.c->arena);
    sql_add(&q, "select count(*) from (");
    enum status st = rows_sql(x, &q);
    sql_add(&q, ") seen");
    if (!st) {
        struct stmt *s = sql_query(&q, x->p.c->db);
        x->out->rows = db_row(s) ? db_int(s, 0) : 0;
        st = db_end(s, x->p.c->e);
    }
    sql_release(&q);
    return st;
}

static enum status count_groups(struct asked *x)
{
    struct sql q;
    sql_init(&q, x->p.c->arena);
    x->out->values.items = arena_array(x->p.c->arena, struct value_seen, (size_t)x->limit);
    enum status st = groups_sql(x, &q);
    if (!st) {
        struct stmt *s = sql_query(&q, x->p.c->db);
        while (!st && (int64_t)x->out->values.n < x->limit && db_row(s))
            st = take_group(x, s);
        enum status end = db_end(s, st ? NULL : x->p.c->e);
        st = st ? st : end;
    }
    sql_release(&q);
    if (!st && x->out->values.n == 0)
        st = count_rows(x);
    x->out->at_least = x->out->rows > VALUES_ROWS;
    if (x->out->at_least)
        x->out->rows = VALUES_ROWS;
    return st;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

/* owner.status: the values of the noun that the reference leads to. False: there is no reference in it. */
static bool is_beyond(struct asked *x, const char *field, struct values_in *there, const struct noun **noun)
{
    const char *dot = strchr(field, '.');
    struct lang_name via;
    struct err none;
    if (!dot || strncmp(field, "attr.", 5) == 0 ||
        lang_name_find(&x->p.env, arena_strndup(x->p.c->arena, field, (size_t)(dot - field)), &via, &none) ||
        !lang_behind(via.field) || strchr(dot + 1, '.'))
        return false;
    *noun = lang_behind(via.field);
    there->field = dot + 1;
    there->where = NULL;
    return true;
}

enum status query_values(struct ctx *c, const struct noun *noun, const struct values_in *in,
                         struct values *out)
{
    struct asked x = { .limit = in->limit == NONE ? VALUES_DEFAULT : in->limit, .out = out };
    struct query q = { .where = in->where, .sort = "id", .limit = NONE };
    *out = (struct values){ .at_least = 0 };
    struct values_in there = *in;
    const struct noun *beyond;
    enum status st = plan_make(&x.p, c, noun, &q);
    if (!st && is_beyond(&x, in->field, &there, &beyond))
        return query_values(c, beyond, &there, out);
    if (!st)
        st = lang_name_find(&x.p.env, in->field, &x.name, c->e);
    if (!st)
        st = check_masked(c, x.name);
    if (st || !has_values(x.name))
        return st;
    x.p.shape.nattrs = 0;
    x.p.ordered = false;
    x.raw = type_of(x.name) == F_TEXT && x.name.field && !(x.name.field->flags & FIELD_KEYED);
    x.key = in->prefix ? x.raw ? in->prefix : text_key(c->arena, in->prefix) : "";
    return count_groups(&x);
}
