/* compilelist.c - tests of what lies in other tables: rows that belong to the record, what stands behind its
 * references, its changes, the segments that it is in. Each is true or false, never null. */
#include <string.h>

#include "base/clock.h"
#include "core/lang/compile.h"
#include "core/store/row.h"

/* ---- references ------------------------------------------------------------------------------ */

enum status compile_refs(struct compiler *c, const struct cond *test, bool negated)
{
    bool none = test->op == OP_EMPTY || test->op == OP_NOT_IN;
    enum status st = ST_OK;

    sql_add(c->q, none != negated ? "not exists (select 1" : "exists (select 1");
    row_refs_from(c->q, c->env->noun, test->name.field, c->alias);
    if (test->nvalues)
        sql_addf(c->q, " and r.%s_id in (", test->name.field->ref);
    for (size_t i = 0; i < test->nvalues && !st; i++) {
        int64_t id;
        st = compile_resolve(c, test->name, test->name.field->ref, &test->values[i], &id);
        sql_add(c->q, i ? ", " : "");
        sql_int(c->q, id);
    }
    sql_add(c->q, test->nvalues ? "))" : ")");
    return st;
}

/* Of a noun with few rows those that are meant are found once. */
static bool has_many_rows(const struct noun *n)
{
    return n == &person_noun;
}

/* The test on the row that the reference leads to. Where there is none it is on an empty field. */
enum status compile_behind(struct compiler *c, const struct cond *test, bool negated)
{
    const struct noun *noun = lang_behind(test->name.via);
    struct lang_env env = lang_env_of(c->env, noun);
    struct compiler inner = *c;
    struct cond plain = *test;
    const char *col =
        name_column(c->q->arena, (struct lang_name){ .field = test->name.via }, c->alias, false);
    bool opposite = test->op == OP_EMPTY || test->op == OP_NE || test->op == OP_NOT_IN;

    plain.name.via = NULL;
    if (opposite) {
        plain.op = test->op == OP_EMPTY ? OP_SET : test->op == OP_NE ? OP_EQ : OP_IN;
        negated = !negated;
    }
    inner.env = &env;
    inner.alias = "v";
    if (has_many_rows(noun))
        sql_addf(c->q, "%sexists (select 1 from %s v where v.id = %s and ", negated ? "not " : "",
                 noun->table, col);
    else if (negated)
        sql_addf(c->q, "(%s is null or %s not in (select v.id from %s v where ", col, col, noun->table);
    else
        sql_addf(c->q, "%s in (select v.id from %s v where ", col, noun->table);
    enum status st = compile_test(&inner, &plain, false);
    sql_add(c->q, negated && !has_many_rows(noun) ? "))" : ")");
    return st;
}

/* ---- rows that belong to it ------------------------------------------------------------------ */

/* " from follow_up r where r.lead_id = t.id", and the window. */
static void add_rows(struct compiler *c, const struct cond *cond)
{
    const struct noun_list *l = cond->list;
    int64_t first, last;
    sql_addf(c->q, " from %s r where r.%s = %s.%s", l->noun->table, l->key, c->alias, l->own);
    if (l->only)
        sql_addf(c->q, " and %s", l->only);
    if (!cond->nvalues)
        return;
    span_back(&cond->values[0], &first, &last);
    sql_addf(c->q, " and r.%s >= ", l->at);
    sql_int(c->q, first);
    sql_addf(c->q, " and r.%s <= ", l->at);
    sql_int(c->q, clock_now());
}

static enum status add_inner(struct compiler *c, const struct cond *cond, bool negated)
{
    struct lang_env env = lang_env_of(c->env, cond->list->noun);
    struct compiler inner = *c;
    if (!cond->nkids) {
        sql_add(c->q, negated ? " and 1 = 0" : "");
        return ST_OK;
    }
    inner.env = &env;
    inner.alias = "r";
    sql_add(c->q, " and ");
    return compile_part(&inner, cond->kids[0], negated);
}

static enum status emit_count(struct compiler *c, const struct cond *cond, bool negated)
{
    static const char *const symbols[] = {
        [OP_EQ] = "=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">="
    };
    sql_add(c->q, negated ? "not ((select count(*)" : "((select count(*)");
    add_rows(c, cond);
    enum status st = add_inner(c, cond, false);
    sql_addf(c->q, ") %s ", symbols[cond->op]);
    sql_int(c->q, cond->times);
    sql_add(c->q, ")");
    return st;
}

enum status compile_counted(struct compiler *c, const struct cond *cond, bool negated)
{
    bool every = cond->kind == COND_EVERY;
    if (cond->kind == COND_DID && !(cond->op == OP_GE && cond->times == 1))
        return emit_count(c, cond, negated);
    sql_add(c->q, every != negated ? "not exists (select 1" : "exists (select 1");
    add_rows(c, cond);
    enum status st = add_inner(c, cond, every);
    sql_add(c->q, ")");
    return st;
}

/* ---- changes --------------------------------------------------------------------------------- */

static const char *events_of(const struct noun *noun, const char *field)
{
    for (const struct noun_change *x = noun->changes; x && x->field; x++)
        if (strcmp(x->field, field) == 0)
            return x->events;
    return "";
}

/* A name inside a pattern of `like`. */
static const char *plainly(struct arena *a, const char *name)
{
    char *out = arena_alloc(a, 2 * strlen(name) + 1), *w = out;
    for (; *name; name++) {
        if (*name == '_')
            *w++ = '\\';
        *w++ = *name;
    }
    *w = '\0';
    return out;
}

/* An event's data say last what was changed: {...,"changed":"stage,owner"}. No text holds a quote without a
 * backslash, so none can look like it. */
void lang_changes(const struct noun *noun, const struct field *f, const char *alias, struct sql *q)
{
    static const struct { const char *before, *after; } shapes[] = {
        { "%\"changed\":\"", "\"}" }, { "%\"changed\":\"", ",%" },
        { "%\"changed\":\"%,", ",%" }, { "%\"changed\":\"%,", "\"}" },
    };
    const char *name = plainly(q->arena, f->name), *events = events_of(noun, f->name);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        sql_addf(q, "%s%s.data like ", i ? " or " : "(", alias);
        sql_text(q, arena_printf(q->arena, "%s%s%s", shapes[i].before, name, shapes[i].after));
        sql_add(q, " escape '\\'");
    }
    while (*events) {
        size_t n = strcspn(events, " ");
        sql_addf(q, " or %s.type = ", alias);
        sql_text(q, arena_strndup(q->arena, events, n));
        events += n + strspn(events + n, " ");
    }
    sql_add(q, ")");
}

enum status compile_changed(struct compiler *c, const struct cond *test, bool negated)
{
    struct sql *q = c->q;
    int64_t first, last;

    span_back(&test->values[0], &first, &last);
    sql_addf(q, "%sexists (select 1 from event r where r.subject = %s.id and r.noun = ",
             negated ? "not " : "", c->alias);
    sql_text(q, c->env->noun->name);
    sql_add(q, " and r.at >= ");
    sql_int(q, first);
    sql_add(q, " and r.at <= ");
    sql_int(q, clock_now());
    sql_add(q, " and ");
    lang_changes(c->env->noun, test->name.field, "r", q);
    sql_add(q, ")");
    return ST_OK;
}

/* ---- segments -------------------------------------------------------------------------------- */

static enum status find_segment(struct compiler *c, const struct cond *test, const struct value *v,
                                struct lang_segment *out)
{
    const struct lang_resolver *r = c->env->resolver;
    char name[NAME_TEXT], number[NUMBER_TEXT];
    *out = (struct lang_segment){ 0 };
    enum status st = r->segment ? r->segment(r->self, c->env->noun, v->s, out, c->q->arena, c->e) : ST_OK;
    if (!st && !out->id)
        st = fail(c->e, ST_INVALID, "cond.unknown_value", name_text(test->name, name), v->s, "",
                  number_text(v->column, number), name_msgid(test->name), NULL);
    if (!st && out->where && c->segments == LANG_SEGMENTS)
        st = fail(c->e, ST_INVALID, "cond.segment_ring", v->s, number_text(v->column, number), NULL);
    return st;
}

static enum status emit_segment(struct compiler *c, const struct cond *test, const struct value *v,
                                bool negated)
{
    struct lang_segment s;
    struct cond *inner = NULL;
    char number[NUMBER_TEXT];
    enum status st = find_segment(c, test, v, &s);
    if (st)
        return st;
    if (!s.where) {
        sql_addf(c->q, "%s.id %sin (select m.subject_id from segment_member m where m.segment_id = ",
                 c->alias, negated ? "not " : "");
        sql_int(c->q, s.id);
        sql_add(c->q, ")");
        return ST_OK;
    }
    if (++*c->asked > LANG_SEGMENTS_ALL)
        return fail(c->e, ST_INVALID, "cond.too_many_segments", number_text(LANG_SEGMENTS_ALL, number), NULL);
    st = lang_parse(c->q->arena, s.where, c->env, &inner, c->e);
    if (st)
        return st;
    c->segments++;
    sql_add(c->q, "(");
    st = compile_part(c, inner, negated);
    sql_add(c->q, ")");
    c->segments--;
    return st;
}

/* In one of several: each is asked, in the way that the negation leaves. */
struct several { struct compiler *c; const struct cond *test; bool negated; };

static enum status emit_one(const void *several, size_t i)
{
    const struct several *s = several;
    return emit_segment(s->c, s->test, &s->test->values[i], s->negated);
}

enum status compile_segment(struct compiler *c, const struct cond *test, bool negated)
{
    negated ^= test->op == OP_NE || test->op == OP_NOT_IN;
    struct several s = { c, test, negated };
    sql_add(c->q, "(");
    enum status st = compile_chain(c->q, negated ? " and " : " or ", &s, 0, test->nvalues, emit_one);
    sql_add(c->q, ")");
    return st;
}
