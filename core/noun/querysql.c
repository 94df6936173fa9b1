/* querysql.c - a plan as SQL. */
#include "core/noun/queryplan.h"
#include "core/noun/resolve.h"

static void sort_column(struct sql *q, const struct lang_sort *s)
{
    lang_column(q, s->name, "t", true);
}

/* References order by id: rows of one owner stand together, and the index serves. */
static void put_value(struct sql *q, const struct key_value *v)
{
    if (v->type == 't')
        sql_text(q, v->s);
    else if (v->type == 'd')
        sql_num(q, v->d);
    else
        sql_int(q, v->i);
}

/* Rows strictly beyond the cursor in reading direction, empty last in the list's order:
 * (k1 beyond) or (k1 equal and k2 beyond) or ... or (all equal and id beyond). */
static void beyond(struct sql *q, const struct plan *p, size_t i)
{
    if (i == p->nsort) {
        sql_addf(q, "t.id %s ", plan_ids_fall(p) != p->back ? "<" : ">");
        sql_int(q, p->from_id);
        return;
    }
    const struct lang_sort *s = &p->sort[i];
    const struct key_value *v = &p->from[i];
    const char *than = s->desc != p->back ? "<" : ">";
    sql_add(q, "(");
    if (v->type == 'n') {
        if (p->back) {              /* all that have a value stand before the empty ones */
            sort_column(q, s);
            sql_add(q, " is not null or ");
        }
        sort_column(q, s);
        sql_add(q, " is null and ");
    } else {
        sort_column(q, s);
        sql_addf(q, " %s ", than);
        put_value(q, v);
        if (!p->back) {
            sql_add(q, " or ");
            sort_column(q, s);
            sql_add(q, " is null");
        }
        sql_add(q, " or ");
        sort_column(q, s);
        sql_add(q, " = ");
        put_value(q, v);
        sql_add(q, " and ");
    }
    beyond(q, p, i + 1);
    sql_add(q, ")");
}

enum status sql_condition(struct plan *p, struct sql *q)
{
    if (!p->cond)
        return ST_OK;
    sql_add(q, " and (");
    p->env.sifts = p->ordered;
    enum status st = lang_compile(p->cond, &p->env, "t", q, &p->side, p->c->e);
    sql_add(q, ")");
    return st;
}

void sql_named(const struct plan *p, const char *gram, const char *unite, struct sql *q)
{
    sql_add(q, "select lead_id from lead_gram where gram = ");
    sql_text(q, gram);
    if (!p->due)
        return;
    sql_addf(q, " %s select lead_id from lead_gram_due where replace(name_key, ", unite);
    sql_text(q, gram);
    sql_add(q, ", '') <> name_key or replace(name_py, ");
    sql_text(q, gram);
    sql_add(q, ", '') <> name_py");
}

/* "lead t", with what drives before it: a cross join is done from left to right. The condition
 * has been compiled before, so that side is known. */
void sql_from(const struct plan *p, struct sql *q)
{
    if (p->gram) {
        sql_add(q, "(");
        sql_named(p, p->gram, "union", q);
        sql_add(q, ") g cross join ");
    }
    if (p->from_side)
        sql_addf(q, "%s x cross join %s t where t.id = x.id and ", p->noun->attr_table, p->noun->table);
    else
        row_from(q, &p->shape, p->side);
    sql_add(q, p->from_side ? "" : " where ");
    if (p->gram)
        sql_add(q, "t.id = g.lead_id and ");
    if (p->ordered && p->sieve) {
        sql_add(q, "(exists (select 1 from lead_gram n where n.gram = ");
        sql_text(q, p->sieve);
        sql_addf(q, " and n.lead_id = t.id)%s) and ",
                 p->due ? " or t.id in (select lead_id from lead_gram_due)" : "");
    }
}

static void add_head(const struct plan *p, struct sql *q)
{
    sql_add(q, "select ");
    row_columns(q, &p->shape);
    sql_add(q, " from ");
    sql_from(p, q);
}

/* The range of one part, behind the cursor if there is one. */
static void add_range(const struct plan *p, struct sql *where, enum part part)
{
    const struct lang_sort *s = &p->sort[0];
    const char *than = s->desc != p->back ? "<" : ">";
    bool from = p->from && (p->from[0].type == 'n') == (part == EMPTY);
    if (!plan_by_id(p)) {
        sql_add(where, " and ");
        sort_column(where, s);
        if (part == EMPTY)
            sql_add(where, " is null");
        else if (!from)
            sql_add(where, " is not null");
        else {
            sql_addf(where, " %s ", part == TIES ? "=" : than);
            put_value(where, &p->from[0]);
        }
    }
    if (from && (plan_by_id(p) || part != REST)) {
        sql_addf(where, " and t.id %s ", than);
        sql_int(where, p->from_id);
    }
}

static void add_source(const struct plan *p, const struct source *of, struct sql *where)
{
    sql_addf(where, "t.%s = ", of->of == OF_BRANCH ? p->noun->scope : "pool_id");
    sql_int(where, of->id);
    if (of->of == OF_WAITING)
        sql_add(where, " and t.open = 1");
}

/* One part of an index-ordered stream: of one source it gives id and key before the row's columns,
 * for the merge; with `of` NULL it is the whole scope's. */
enum status sql_of_part(struct plan *p, struct sql *q, const struct source *of, enum part part)
{
    const struct lang_sort *s = &p->sort[0];
    const char *dir = s->desc != p->back ? " desc" : "";
    struct sql where;
    sql_init(&where, p->c->arena);
    if (of)
        add_source(p, of, &where);
    else
        resolve_scope(p->c, p->noun, p->small, &where);
    add_range(p, &where, part);
    enum status st = sql_condition(p, &where);
    sql_add(q, "select ");
    if (of) {
        sql_add(q, "t.id, ");
        sort_column(q, s);
        sql_add(q, ", ");
    }
    row_columns(q, &p->shape);
    sql_add(q, " from ");
    sql_from(p, q);
    sql_append(q, &where);
    sql_release(&where);
    if (!plan_single(p)) {
        sql_add(q, " order by ");
        if (part == REST && !plan_by_id(p)) {
            sort_column(q, s);
            sql_addf(q, "%s, ", dir);
        }
        sql_addf(q, "t.id%s", dir);
    }
    sql_add(q, " limit ");
    sql_int(q, p->skip + p->limit + 1);
    return st;
}

/* Any order, by sorting. */
enum status sql_of_sorted(struct plan *p, struct sql *q)
{
    struct sql where;
    sql_init(&where, p->c->arena);
    resolve_scope(p->c, p->noun, !plan_narrow(p) && !p->gram, &where);
    if (p->from) {
        sql_add(&where, " and ");
        beyond(&where, p, 0);
    }
    enum status st = sql_condition(p, &where);
    add_head(p, q);
    sql_append(q, &where);
    sql_release(&where);
    sql_add(q, " order by ");
    for (size_t i = 0; i < p->nsort; i++) {
        const char *dir = p->sort[i].desc != p->back ? " desc" : "";
        sort_column(q, &p->sort[i]);
        sql_addf(q, " is null%s, ", p->back ? " desc" : "");
        sort_column(q, &p->sort[i]);
        sql_addf(q, "%s, ", dir);
    }
    sql_addf(q, "t.id%s limit ", plan_ids_fall(p) != p->back ? " desc" : "");
    sql_int(q, p->skip + p->limit + 1);
    return st;
}
