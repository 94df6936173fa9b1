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
    struct lang_name name;      /* with `via` of the noun that a reference leads to */
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
    case F_REFS: return !n.via;
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

/* What of the row itself is counted: of owner.status the owner. */
static struct lang_name own_of(const struct asked *x)
{
    return x->name.via ? (struct lang_name){ .field = x->name.via } : x->name;
}

/* "select VALUE v, SHOWN d from lead t ... where SCOPE and (CONDITION) and VALUE is not null limit N": the
 * rows that are counted. Of all branches from the newest back: an index by the value would give one value's
 * rows first. */
static enum status rows_sql(struct asked *x, struct sql *q)
{
    struct plan *p = &x->p;
    struct sql where;
    struct lang_name own = own_of(x);
    bool several = type_of(own) == F_REFS;
    sql_init(&where, p->c->arena);
    resolve_scope(p->c, p->noun, true, &where);
    enum status st = sql_condition(p, &where);
    p->side = p->side || x->name.attr;
    sql_add(q, "select ");
    if (several) {
        sql_add(q, "t.id as v, null as d");
    } else {
        lang_column(q, own, "t", true);
        sql_add(q, " as v, ");
        lang_column(q, own, "t", false);
        sql_add(q, " as d");
    }
    sql_add(q, " from ");
    sql_from(p, q);
    sql_append(q, &where);
    if (!several) {
        sql_add(q, " and ");
        lang_column(q, own, "t", true);
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

/* "(the code or the name begins so)" of a row of that noun. */
static void called_so(struct asked *x, const struct noun *to, struct sql *q)
{
    sql_add(q, "(substr(code_key, 1, length(");
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

/* Rows of another noun whose code or name begins so. */
static void ref_begins(struct asked *x, struct sql *q)
{
    const struct noun *to = noun_of(x);
    if (!*x->key || to == &stage_noun)          /* stages are known by the catalogue's words too */
        return;
    sql_addf(q, " where v in (select id from %s where ", to->table);
    called_so(x, to, q);
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

/* "select VALUE v, SHOWN d, rows n from ...": what is put together by its value. Of what lies behind a
 * reference the rows are counted by the reference first: few rows of the other noun are asked. */
static void counted_sql(struct asked *x, struct sql *q)
{
    const char *noun = x->p.noun->table;
    struct lang_name there = { .field = x->name.field };
    if (x->name.via) {
        sql_add(q, "select ");
        lang_column(q, there, "o", true);
        sql_add(q, " as v, ");
        lang_column(q, there, "o", false);
        sql_addf(q, " as d, r.n from (select v, count(*) as n from seen group by v) r join %s o "
                 "on o.id = r.v where ", lang_behind(x->name.via)->table);
        lang_column(q, there, "o", true);
        sql_add(q, " is not null");
    } else if (type_of(x->name) == F_REFS) {
        sql_addf(q, "select r.%s_id as v, null as d, 1 as n from seen join %s_%s r on r.%s_id = seen.v",
                 x->name.field->ref, noun, x->name.field->ref, noun);
    } else {
        sql_add(q, "select v, d, 1 as n from seen");
    }
}

/* "select v, d, sum(n), rows from (...) group by v": all of few words, the first of many. */
static enum status groups_sql(struct asked *x, struct sql *q)
{
    enum ftype t = type_of(x->name);
    sql_add(q, "with seen as (");
    enum status st = rows_sql(x, q);
    sql_addf(q, ") select v, %s, sum(n), (select count(*) from seen) from (",
             t == F_TEXT ? "min(d)" : "null");
    counted_sql(x, q);
    sql_add(q, ") g");
    if (t == F_REF || t == F_REFS)
        ref_begins(x, q);
    else if (t == F_TEXT)
        text_begins(x, q);
    sql_add(q, " group by v order by sum(n) desc, v");
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

/* ---- segments, and what has no values ----------------------------------------------------------------- */

/* Those that the caller may use. How many rows of his a segment has would take a count for each: it is said
 * where it is known, of one that lists its rows to one who sees them all. */
static enum status segment_values(struct asked *x)
{
    struct ctx *c = x->p.c;
    struct sql q;
    bool known = c->who->see_all && !x->p.cond;
    sql_init(&q, c->arena);
    sql_addf(&q, "select t.code, t.name, %s from segment t where t.active = 1 and t.noun = ",
             known ? "case when t.kind = 'dynamic' then null else t.members end" : "null");
    sql_text(&q, x->p.noun->name);
    sql_add(&q, " and ");
    resolve_scope(c, &segment_noun, false, &q);
    if (*x->key) {
        sql_add(&q, " and ");
        called_so(x, &segment_noun, &q);
    }
    sql_add(&q, " order by t.code_key, t.id limit ");
    sql_int(&q, x->limit);
    struct value_seen *v = arena_array(c->arena, struct value_seen, (size_t)x->limit);
    struct stmt *s = sql_query(&q, c->db);
    size_t n = 0;
    for (; (int64_t)n < x->limit && db_row(s); n++)
        v[n] = (struct value_seen){ db_strdup(s, 0, c->arena), db_strdup(s, 1, c->arena), db_int(s, 2) };
    enum status st = db_end(s, c->e);
    sql_release(&q);
    x->out->values = (struct list){ v, n };
    return st;
}

static bool is_word(struct asked *x, const char *text, const char *name, const char *label)
{
    struct arena *a = x->p.c->arena;
    return how_called(a, text_key(a, text), name, label) != CALLED_NOT;
}

/* A span of time and a share of all are typed. */
static enum status no_values(struct ctx *c, const char *name, const char *label, const char *takes)
{
    return fail_field(c->e, ST_INVALID, "field", "cond.no_values", name, takes, label, NULL);
}

/* What conditions name that no column holds; *done: it is one of these. */
static enum status words_of(struct asked *x, const char *field, bool *done)
{
    struct ctx *c = x->p.c;
    const struct noun_span *span = x->p.noun->spans;
    *done = true;
    if (is_word(x, field, "segment", N_("segment")))
        return segment_values(x);
    for (; span && span->name; span++)
        if (is_word(x, field, span->name, span->label))
            return no_values(c, span->name, span->label, N_("a span of time: 30m, 48h, 7d"));
    if (strncmp(field, "bucket", 6) == 0 || strncmp(field, "分桶", strlen("分桶")) == 0)
        return no_values(c, "bucket", N_("random bucket"), N_("a share of all: 10%, 12.5%"));
    *done = false;
    return ST_OK;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

/* The field, or the one behind a reference: owner.status. */
static enum status find_name(struct asked *x, const char *field)
{
    struct ctx *c = x->p.c;
    const char *dot = strchr(field, '.');
    struct lang_name via;
    struct err none;
    if (!dot || strncmp(field, "attr.", 5) == 0 || strchr(dot + 1, '.') ||
        lang_name_find(&x->p.env, arena_strndup(c->arena, field, (size_t)(dot - field)), &via, &none) ||
        !lang_behind(via.field))
        return lang_name_find(&x->p.env, field, &x->name, c->e);
    struct lang_env there = lang_env_of(&x->p.env, lang_behind(via.field));
    enum status st = lang_name_find(&there, dot + 1, &x->name, c->e);
    x->name.via = via.field;
    return st;
}

enum status query_values(struct ctx *c, const struct noun *noun, const struct values_in *in,
                         struct values *out)
{
    struct asked x = { .limit = in->limit == NONE ? VALUES_DEFAULT : in->limit, .out = out };
    struct query q = { .where = in->where, .sort = "id", .limit = NONE };
    const char *prefix = in->prefix ? in->prefix : "";
    bool done = false;
    *out = (struct values){ .at_least = 0 };
    enum status st = plan_make(&x.p, c, noun, &q);
    x.key = text_key(c->arena, prefix);
    if (!st && lang_name_find(&x.p.env, in->field, &x.name, &(struct err){ 0 }))
        st = words_of(&x, in->field, &done);
    if (!st && !done)
        st = find_name(&x, in->field);
    if (!st && !done)
        st = check_masked(c, x.name);
    if (st || done || !has_values(x.name))
        return st;
    x.p.shape.nattrs = 0;
    x.p.ordered = false;
    x.raw = type_of(x.name) == F_TEXT && x.name.field && !(x.name.field->flags & FIELD_KEYED);
    x.key = x.raw ? prefix : x.key;
    return count_groups(&x);
}
