#include "core/noun/explain.h"

#include <string.h>

#include "base/i18n.h"
#include "core/lang/lang.h"
#include "core/model/labels.h"
#include "core/model/record_text.h"
#include "core/noun/callnames.h"
#include "core/noun/crud.h"
#include "core/noun/masked.h"

static const struct field explain_in_fields[] = {
    FIELD_ID(struct explain_in, id, N_("id")),
    FIELD_TEXT(struct explain_in, code, N_("code"), .max = 128),
    FIELD_TEXT(struct explain_in, where, N_("condition"), .max = LANG_TEXT),
};
const struct record explain_in_record = RECORD(struct explain_in, "explain_in", explain_in_fields);

static const struct choice kind_choices[] = {
    { "and", NULL }, { "or", NULL }, { "not", NULL }, { "test", NULL }, { NULL, NULL },
};
static const struct field because_fields[] = {
    FIELD_INT(struct because, depth, N_("depth")),
    FIELD_CHOICE(struct because, kind, N_("kind"), .choices = kind_choices),
    FIELD_TEXT(struct because, text_en, N_("in English")),
    FIELD_TEXT(struct because, text_zh, N_("in Chinese")),
    FIELD_FLAG(struct because, holds, N_("holds")),
    FIELD_TEXT(struct because, actual, N_("actual value")),
};
const struct record because_record = RECORD(struct because, "because", because_fields);

static const struct field explained_fields[] = {
    FIELD_ID(struct explained, id, N_("id")),
    FIELD_FLAG(struct explained, matches, N_("matches")),
    FIELD_LIST(struct explained, lines, &because_record, N_("reasons")),
};
const struct record explained_record = RECORD(struct explained, "explained", explained_fields);

/* What is explained: a row as its reader sees it. */
struct subject {
    struct ctx *c;
    const struct noun *noun;
    void *rec;
    int64_t id;
    struct lang_env env;
};

/* ---- what the row has --------------------------------------------------------------------------------- */

static const struct attr *attr_of(const struct subject *s, const struct attr_def *def)
{
    const struct record *r = s->noun->rec;
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == F_ATTRS)
            return attr_get(field_attrs(&r->fields[i], s->rec), def->key);
    return NULL;
}

/* By name and code. */
static const char *ref_text(const struct field *f, const struct ref *r, struct arena *a)
{
    const char *name = r->name;
    if (!r->id)
        return NULL;
    if (strcmp(f->ref, "stage") == 0)
        name = i18n_text(stage_label(r));
    return name && r->code && strcmp(name, r->code) != 0 ? arena_printf(a, "%s (%s)", name, r->code)
                                                         : name ? name : r->code;
}

static const char *member_text(const struct subject *s, const struct field *f, const void *rec)
{
    if (f->type == F_REF)
        return ref_text(f, field_ref(f, (void *)(uintptr_t)rec), s->c->arena);
    return record_text(f, NULL, rec, TEXT_SHOW, s->c->arena);
}

static const char *attr_words(const struct subject *s, const struct attr_def *def)
{
    const struct attr *x = attr_of(s, def);
    return x ? record_text(NULL, x, s->rec, TEXT_SHOW, s->c->arena) : NULL;
}

/* What the row that a reference leads to has. */
static enum status behind(const struct subject *s, struct lang_name n, const char **out)
{
    const struct noun *noun = noun_find(n.via->ref);
    int64_t id = field_ref(n.via, s->rec)->id;
    void *rec = record_new(noun->rec, s->c->arena);
    if (!id)
        return ST_OK;
    enum status st = row_get(s->c->db, noun, id, &s->c->who->lens, s->c->arena, rec, s->c->e);
    *out = st ? NULL : member_text(s, n.field, rec);
    return st;
}

/* "4 days: since 2026-11-20 09:00". Columns of spans are fields of their names. */
static const char *span_words(const struct subject *s, const struct noun_span *span)
{
    const struct field *f = record_field(s->noun->rec, span->from);
    if (span->or_from && field_empty(f, s->rec))
        f = record_field(s->noun->rec, span->or_from);
    if (field_empty(f, s->rec))
        return NULL;
    int64_t at = *field_int(f, s->rec), hours = (s->c->now - at) / CLOCK_HOUR, days = hours / 24;
    const char *since = record_text(f, NULL, s->rec, TEXT_SHOW, s->c->arena);
    bool whole = days > 1 || days < -1;
    return arena_printf(s->c->arena, whole ? P_("%lld day, since %s", "%lld days, since %s", days)
                                           : P_("%lld hour, since %s", "%lld hours, since %s", hours),
                        (long long)(whole ? days : hours), since);
}

/* The column of our row that a list's rows name: "id", "person_id". */
static int64_t own_id(const struct subject *s, const char *column)
{
    const struct record *r = s->noun->rec;
    size_t n = strlen(column);
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == F_REF && strlen(r->fields[i].name) + 3 == n &&
            strncmp(r->fields[i].name, column, n - 3) == 0)
            return field_ref(&r->fields[i], s->rec)->id;
    return s->id;
}

/* The condition on a list's rows, and the window in which they count. */
static struct cond *list_cond(const struct subject *s, const struct cond *c, bool inner)
{
    struct arena *a = s->c->arena;
    struct cond **kids = arena_array(a, struct cond *, 2), *all = arena_new(a, struct cond);
    size_t n = 0;
    if (inner && c->nkids)
        kids[n++] = c->kids[0];
    if (c->nvalues) {
        struct cond *window = arena_new(a, struct cond);
        *window = (struct cond){ .kind = COND_TEST, .op = OP_LAST, .values = c->values, .nvalues = 1,
                                 .name.field = record_field(c->list->noun->rec, c->list->at) };
        kids[n++] = window;
    }
    *all = (struct cond){ .kind = COND_AND, .kids = kids, .nkids = n };
    return n > 1 ? all : n ? kids[0] : NULL;
}

static enum status count_rows(const struct subject *s, const struct cond *c, bool inner, int64_t *out)
{
    const struct noun_list *l = c->list;
    struct lang_env env = lang_env_of(&s->env, l->noun);
    struct sql q;
    sql_init(&q, s->c->arena);
    sql_addf(&q, "select count(*) from %s r where r.%s = ", l->noun->table, l->key);
    sql_int(&q, own_id(s, l->own));
    sql_addf(&q, "%s%s and (", l->only ? " and " : "", l->only ? l->only : "");
    enum status st = lang_compile(list_cond(s, c, inner), &env, "r", &q, NULL, s->c->e);
    sql_add(&q, ")");
    if (!st) {
        struct stmt *row = sql_query(&q, s->c->db);
        *out = db_row(row) ? db_int(row, 0) : 0;
        st = db_end(row, s->c->e);
    }
    sql_release(&q);
    return st;
}

/* How many there are that meet it; of `every` how many of how many. */
static enum status counted(const struct subject *s, const struct cond *c, const char **out)
{
    int64_t good = 0, all = 0;
    enum status st = count_rows(s, c, true, &good);
    if (!st && c->kind == COND_EVERY)
        st = count_rows(s, c, false, &all);
    *out = c->kind == COND_EVERY ? arena_printf(s->c->arena, "%lld / %lld", (long long)good, (long long)all)
                                 : arena_printf(s->c->arena, "%lld", (long long)good);
    return st;
}

/* When the field was changed last: by an event of its own, or by one that names it. */
static enum status last_change(const struct subject *s, const struct field *f, const char **out)
{
    struct arena *a = s->c->arena;
    char text[CLOCK_TEXT];
    struct sql q;
    sql_init(&q, a);
    sql_add(&q, "select max(r.at) from event r where r.subject = ");
    sql_int(&q, s->id);
    sql_add(&q, " and r.noun = ");
    sql_text(&q, s->noun->name);
    sql_add(&q, " and ");
    lang_changes(s->noun, f, "r", &q);
    struct stmt *row = sql_query(&q, s->c->db);
    clock_minute(db_row(row) ? db_int(row, 0) : NONE, text);
    *out = arena_strdup(a, text);
    sql_release(&q);
    return db_end(row, s->c->e);
}

static enum status actual_of(const struct subject *s, const struct lang_because *from, const char **out)
{
    const struct cond *c = from->cond;
    struct lang_name n = c->name;
    enum status st = ST_OK;
    *out = NULL;
    if (c->kind != COND_TEST)
        st = counted(s, c, out);
    else if (c->op == OP_CHANGED)
        st = last_change(s, n.field, out);
    else if (n.via)
        st = behind(s, n, out);
    else if (n.attr)
        *out = attr_words(s, n.attr);
    else if (n.field)
        *out = member_text(s, n.field, s->rec);
    else
        *out = n.span ? span_words(s, n.span) : n.bucket ? from->actual : NULL;
    if (*out && !**out)
        *out = NULL;
    return st;
}

/* ---- the lines ---------------------------------------------------------------------------------------- */

static const struct { const char *kind, *en, *zh; } groups[] = {
    [COND_AND] = { "and", "all of these", "以下全部" },
    [COND_OR] = { "or", "at least one of these", "以下任一" },
    [COND_NOT] = { "not", "not", "非" },
};

static const char *print(const struct subject *s, const struct cond *c, const char *lang)
{
    struct buf text = BUF_INIT;
    struct lang_env env = s->env;
    env.called = called_live(s->c, &s->env);
    lang_print(c, &env, lang, &text);
    const char *out = arena_strndup(s->c->arena, text.s, text.len);
    buf_release(&text);
    return out;
}

static enum status fill(const struct subject *s, const struct lang_because *from, struct because *line)
{
    const struct cond *c = from->cond;
    *line = (struct because){ .depth = from->depth, .holds = from->holds };
    if (c->kind < sizeof groups / sizeof *groups && groups[c->kind].kind) {
        line->kind = groups[c->kind].kind;
        line->text_en = groups[c->kind].en;
        line->text_zh = groups[c->kind].zh;
        return ST_OK;
    }
    line->kind = "test";
    line->text_en = print(s, c, "en");
    line->text_zh = print(s, c, "zh_CN");
    return actual_of(s, from, &line->actual);
}

/* Asks the one row. */
static enum status ask(const struct subject *s, struct lang_eval *ev, struct explained *out)
{
    struct ctx *c = s->c;
    struct shape shape = { .noun = s->noun };
    struct lang_because *lines;
    struct sql columns, q;
    size_t n = 0;
    bool side;
    sql_init(&columns, c->arena);
    sql_init(&q, c->arena);
    enum status st = lang_eval_columns(ev, "t", &columns, &side, c->e);
    if (!st) {
        sql_add(&q, "select ");
        sql_append(&q, &columns);
        sql_add(&q, " from ");
        row_from(&q, &shape, side);
        sql_add(&q, " where t.id = ");
        sql_int(&q, s->id);
        struct stmt *row = sql_query(&q, c->db);
        if (db_row(row)) {
            lang_eval_row(ev, row, 0);
            out->matches = lang_eval_holds(ev, 0);
            lang_eval_because(ev, 0, c->arena, &lines, &n);
        }
        st = db_end(row, c->e);
    }
    sql_release(&columns);
    sql_release(&q);
    struct because *items = arena_array(c->arena, struct because, n);
    for (size_t i = 0; i < n && !st; i++)
        st = fill(s, &lines[i], &items[i]);
    out->lines = (struct list){ items, n };
    return st;
}

enum status crud_explain(struct ctx *c, const struct op *op, const void *in, void *out)
{
    const struct explain_in *x = in;
    struct explained *o = out;
    struct subject s = { .c = c, .noun = ((const struct crud *)op->arg)->noun };
    struct lang_eval *ev = NULL;
    struct cond *cond = NULL;
    size_t index;
    s.rec = record_new(s.noun->rec, c->arena);
    enum status st = crud_find(c, s.noun, x->id, x->code, s.rec);
    if (!st)
        st = resolve_env(c, s.noun, &s.env);
    if (!st)
        st = lang_parse(c->arena, x->where ? x->where : "", &s.env, &cond, c->e);
    if (!st)
        st = masked_ask(c, s.noun, cond);
    if (!st)
        st = lang_eval_add(c->arena, &ev, cond, &s.env, &index, c->e);
    if (st)
        return st;
    o->id = s.id = ((const struct row_head *)s.rec)->id;
    return ask(&s, ev, o);
}
