#include "core/noun/explain.h"

#include <string.h>

#include "base/i18n.h"
#include "core/lang/lang.h"
#include "core/model/labels.h"
#include "core/model/record_text.h"
#include "core/noun/crud.h"
#include "core/noun/resolve.h"

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

static const char *actual_of(const struct subject *s, const struct cond *test)
{
    struct lang_name n = test->name;
    const char *text = NULL;
    if (n.attr) {
        const struct attr *x = attr_of(s, n.attr);
        text = x ? record_text(NULL, x, s->rec, TEXT_SHOW, s->c->arena) : NULL;
    } else if (n.field) {
        text = member_text(s, n.field, s->rec);
    }
    return text && *text ? text : NULL;
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
    lang_print(c, &s->env, lang, &text);
    const char *out = arena_strndup(s->c->arena, text.s, text.len);
    buf_release(&text);
    return out;
}

static void fill(const struct subject *s, const struct lang_because *from, struct because *line)
{
    const struct cond *c = from->cond;
    *line = (struct because){ .depth = from->depth, .holds = from->holds };
    if (c->kind < sizeof groups / sizeof *groups && groups[c->kind].kind) {
        line->kind = groups[c->kind].kind;
        line->text_en = groups[c->kind].en;
        line->text_zh = groups[c->kind].zh;
        return;
    }
    line->kind = "test";
    line->text_en = print(s, c, "en");
    line->text_zh = print(s, c, "zh_CN");
    line->actual = actual_of(s, c);
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
        fill(s, &lines[i], &items[i]);
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
        st = lang_eval_add(c->arena, &ev, cond, &s.env, &index, c->e);
    if (st)
        return st;
    o->id = s.id = ((const struct row_head *)s.rec)->id;
    return ask(&s, ev, o);
}
