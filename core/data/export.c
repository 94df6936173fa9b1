#include "core/data/export.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "core/data/csvwrite.h"
#include "core/data/job.h"
#include "core/data/target.h"
#include "core/lang/lang.h"
#include "core/model/record_json.h"
#include "core/model/record_text.h"
#include "core/noun/crud.h"
#include "core/noun/resolve.h"

static const struct field in_fields[] = {
    FIELD_TEXT(struct export_in, file, N_("file"), .flags = FIELD_REQUIRED, .max = 4000),
    FIELD_TEXT(struct export_in, where, N_("condition"), .max = LANG_TEXT),
    FIELD_TEXT(struct export_in, sort, N_("order"), .max = 500),
    FIELD_TEXT(struct export_in, columns, N_("columns"), .max = 4000),
    FIELD_FLAG(struct export_in, bom, N_("byte order mark")),
    FIELD_FLAG(struct export_in, clear, N_("in clear")),
    FIELD_TEXT(struct export_in, reason, N_("reason"), .max = 500),
};
const struct record export_in_record = RECORD(struct export_in, "export_in", in_fields);

static const struct field out_fields[] = { FIELD_INT(struct export_out, rows, N_("rows")) };
const struct record export_out_record = RECORD(struct export_out, "export_out", out_fields);

struct export_kind { struct job_ops job; const struct noun *noun; };

struct exporter {
    struct arena mem;
    const struct export_kind *kind;
    struct export_in in;
    struct lang_name *columns;
    size_t ncolumns;
    struct csvwrite *file;      /* unseen until all of it is recorded */
    bool json;
    struct buf text;            /* of the row at hand, as JSON */
    struct json_plan *plan;     /* of the page at hand */
    int64_t rows;
    struct buf next;
};

/* ---- start -------------------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n > k && strcasecmp(s + n - k, end) == 0;
}

/* All fields but those left out of tables, then the custom ones. */
static enum status choose_columns(struct exporter *x, struct ctx *c)
{
    struct lang_env env;
    enum status st = resolve_env(c, x->kind->noun, &env);
    const struct record *r = x->kind->noun->rec;
    x->columns = arena_array(&x->mem, struct lang_name, r->nfields + env.nattrs + 1);
    struct attr_def *attrs = arena_array(&x->mem, struct attr_def, env.nattrs + 1);
    for (size_t i = 0; i < env.nattrs; i++) {
        attrs[i] = env.attrs[i];
        attrs[i].key = arena_strdup(&x->mem, env.attrs[i].key);
    }
    env.attrs = attrs;
    for (size_t i = 0; i < r->nfields && !st && !x->in.columns; i++) {
        const struct field *f = &r->fields[i];
        if (f->type != F_ATTRS && f->type != F_LIST && !(f->flags & (FIELD_VIRTUAL | FIELD_WIDE)))
            x->columns[x->ncolumns++].field = f;
    }
    for (size_t i = 0; i < env.nattrs && !st && !x->in.columns; i++)
        x->columns[x->ncolumns++].attr = &attrs[i];
    for (const char *s = x->in.columns; s && *s && !st;) {
        size_t len = strcspn(s, ",");
        st = lang_name_find(&env, arena_strndup(c->arena, s, len), &x->columns[x->ncolumns++], c->e);
        s += len + (s[len] == ',');
        if (!st && x->ncolumns > r->nfields + env.nattrs)
            st = fail_field(c->e, ST_INVALID, "columns", "list.columns", NULL);
    }
    return st;
}

/* In clear only for those who may reveal one by one, with a reason that stands in the audit. */
static enum status check_clear(struct exporter *x, struct ctx *c)
{
    if (x->in.clear != 1)
        return ST_OK;
    if (!actor_may(c->who, RIGHT_LEAD_REVEAL) || c->who->lens.mask_names)
        return fail_field(c->e, ST_DENIED, "clear", "right.missing", "export",
                          right_label(RIGHT_LEAD_REVEAL), NULL);
    return x->in.reason
               ? ST_OK
               : fail_field(c->e, ST_INVALID, "reason", "field.required", N_("reason"), NULL);
}

static void write_header(struct exporter *x)
{
    for (size_t i = 0; i < x->ncolumns; i++) {
        struct buf name = BUF_INIT;
        lang_name_print(x->columns[i], &name);
        csvwrite_cell(x->file, name.s, CSV_TEXT);
        buf_release(&name);
    }
    csvwrite_end(x->file);
}

static enum status open_file(struct exporter *x, struct ctx *c)
{
    x->json = ends_with(x->in.file, ".json");
    if (!x->json && !ends_with(x->in.file, ".csv"))
        return fail_field(c->e, ST_INVALID, "file", "export.ending", x->in.file, NULL);
    if (target_is_ours(c, x->in.file))
        return fail_field(c->e, ST_INVALID, "file", "export.ours", x->in.file, NULL);
    struct csv_style style = { .bom = x->in.bom == 1 && !x->json, .guard = true };
    enum status st = csvwrite_open(x->in.file, &style, &x->file, c->e);
    if (!st && !x->json)
        write_header(x);
    return st;
}

static void exporter_free(struct exporter *x)
{
    csvwrite_abort(x->file);
    buf_release(&x->text);
    buf_release(&x->next);
    struct arena mem = x->mem;
    free(x);
    arena_free(&mem);
}

static enum status start(struct ctx *c, const struct op *op, const void *in_, void **state)
{
    const struct export_in *in = in_;
    struct exporter *x = xcalloc(1, sizeof *x);
    x->kind = op->arg;
    x->text = x->next = (struct buf)BUF_INIT;
    x->in = (struct export_in){ arena_strdup(&x->mem, in->file),
                                arena_strdup(&x->mem, in->where),
                                arena_strdup(&x->mem, in->sort),
                                arena_strdup(&x->mem, in->columns),
                                in->bom,
                                in->clear,
                                arena_strdup(&x->mem, in->reason) };
    /* each page is a snapshot of its own: an order in which no row moves meanwhile */
    if (!x->in.sort)
        x->in.sort = "id";
    enum status st = check_clear(x, c);
    if (!st)
        st = choose_columns(x, c);
    if (!st)
        st = open_file(x, c);
    if (st)
        exporter_free(x);
    else
        *state = x;
    return st;
}

/* ---- rows --------------------------------------------------------------------------------------------- */

static const struct attr *attr_of(struct exporter *x, void *rec, const struct attr_def *def)
{
    const struct field *f = record_field(x->kind->noun->rec, "attr");
    return f ? attr_get(field_attrs(f, rec), def->key) : NULL;
}

static void csv_record(struct exporter *x, struct ctx *c, void *rec)
{
    for (size_t i = 0; i < x->ncolumns; i++) {
        struct lang_name n = x->columns[i];
        const struct attr *a = n.attr ? attr_of(x, rec, n.attr) : NULL;
        enum ftype t = n.field ? n.field->type : n.attr->type;
        bool number = t == F_INT || t == F_MONEY || t == F_NUMBER;
        const char *text = n.field || a ? record_text(n.field, a, rec, TEXT_DATA, c->arena) : "";
        csvwrite_cell(x->file, text, number ? CSV_NUMERIC : CSV_TEXT);
    }
    csvwrite_end(x->file);
}

/* The columns that were chosen, in their order, each once; a custom field that the row lacks is null. */
static void json_columns(struct exporter *x, struct jw *w, void *rec)
{
    const struct field *attrs = record_field(x->kind->noun->rec, "attr");
    jw_object(w);
    for (size_t i = 0; i < x->ncolumns; i++) {
        struct lang_name n = x->columns[i];
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || (x->columns[k].field == n.field && x->columns[k].attr == n.attr);
        if (again)
            continue;
        const struct attr *a = n.attr ? attr_of(x, rec, n.attr) : NULL;
        if (n.field || a) {
            record_member_to_json(w, n.field ? n.field : attrs, a, rec);
            continue;
        }
        struct buf name = BUF_INIT;
        lang_name_print(n, &name);
        jw_key(w, name.s);
        jw_null(w);
        buf_release(&name);
    }
    jw_end_object(w);
}

/* Without a choice: what CSV has, and the custom fields that the row has. */
static struct json_plan *plan_all(struct exporter *x, struct arena *a)
{
    const struct record *r = x->kind->noun->rec;
    bool *want = arena_array(a, bool, r->nfields);
    for (size_t i = 0; i < x->ncolumns; i++)
        for (size_t k = 0; k < r->nfields; k++)
            if (x->columns[i].field == &r->fields[k] || (x->columns[i].attr && r->fields[k].type == F_ATTRS))
                want[k] = true;
    return json_plan(a, r, want);
}

static void json_record(struct exporter *x, void *rec)
{
    struct jw w;
    buf_clear(&x->text);
    buf_adds(&x->text, x->rows ? ",\n" : "[");
    jw_init(&w, &x->text);
    if (x->in.columns)
        json_columns(x, &w, rec);
    else
        record_to_json_by(&w, x->plan, rec);
    csvwrite_text(x->file, x->text.s, x->text.len);
}

static enum status step(struct ctx *c, void *state, bool *more, int64_t *done, int64_t *total)
{
    struct exporter *x = state;
    struct query q = { .where = x->in.where, .sort = x->in.sort, .cursor = x->next.len ? x->next.s : NULL,
                       .limit = PAGE_MOST };
    struct page page = { 0 };
    struct actor who = *c->who;
    struct ctx reading = *c;
    who.lens.show_secrets = x->in.clear == 1;
    reading.who = &who;
    enum status st = query_list(&reading, x->kind->noun, &q, &page);
    c->hidden = reading.hidden;
    if (st)
        return st;
    x->plan = plan_all(x, c->arena);
    for (size_t i = 0; i < page.rows.n; i++, x->rows++) {
        void *rec = (char *)page.rows.items + i * x->kind->noun->rec->size;
        if (x->json)
            json_record(x, rec);
        else
            csv_record(x, c, rec);
    }
    buf_clear(&x->next);
    if (page.next)
        buf_adds(&x->next, page.next);
    *more = page.next != NULL;
    *done = x->rows;
    *total = 0;
    return ST_OK;
}

/* ---- the end ------------------------------------------------------------------------------------------ */

/* Values that name a person do not get into the audit: `phone = "?"`. */
static void blank_people(struct cond *t)
{
    for (size_t i = 0; i < t->nkids; i++)
        blank_people(t->kids[i]);
    if (t->kind != COND_TEST || !t->name.field || !(t->name.field->flags & FIELD_PII))
        return;
    for (size_t i = 0; i < t->nvalues; i++)
        t->values[i] = (struct value){ .kind = VAL_TEXT, .s = "?" };
}

static const char *where_for_audit(struct exporter *x, struct ctx *c)
{
    struct lang_env env;
    struct cond *t = NULL;
    if (!x->in.where || resolve_env(c, x->kind->noun, &env) ||
        lang_parse(c->arena, x->in.where, &env, &t, c->e) || !t)
        return NULL;
    struct buf b = BUF_INIT;
    blank_people(t);
    lang_print(t, &env, "en", &b);
    const char *text = arena_strdup(c->arena, b.s);
    buf_release(&b);
    return text;
}

static const char *detail(struct exporter *x, struct ctx *c)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "rows");
    jw_int(&w, x->rows);
    jw_key(&w, "where");
    jw_str(&w, where_for_audit(x, c));
    jw_key(&w, "columns");
    jw_str(&w, x->in.columns);
    if (x->in.clear == 1) {
        jw_key(&w, "clear");
        jw_bool(&w, true);
        jw_key(&w, "reason");
        jw_str(&w, x->in.reason);
    }
    jw_end_object(&w);
    const char *text = arena_strdup(c->arena, b.s);
    buf_release(&b);
    return text;
}

/* It is recorded before anybody can see it: a file that appears without a trace would be worse than a
 * trace of one that did not. */
static enum status finish(struct ctx *c, void *state, enum status how, void *out)
{
    struct exporter *x = state;
    enum status st = ST_OK;
    const char *end = x->rows ? "]\n" : "[]\n";
    if (!how && x->json)
        csvwrite_text(x->file, end, strlen(end));
    if (!how)
        st = csvwrite_sync(x->file, c->e);
    ((struct export_out *)out)->rows = x->rows;
    c->detail = detail(x, c);
    if (!st && !how)
        st = ctx_event(c, arena_printf(c->arena, "%s.exported", x->kind->noun->name),
                       x->kind->noun->name, 0, 0, c->detail);
    return st;
}

static enum status publish(struct ctx *c, void *state, enum status how)
{
    struct exporter *x = state;
    enum status st = ST_OK;
    if (!how) {
        st = csvwrite_commit(x->file, c->e);
        x->file = NULL;
    }
    exporter_free(x);
    return st;
}

/* ---- the kinds ---------------------------------------------------------------------------------------- */

static void abandon(void *state)
{
    exporter_free(state);
}

static bool only_reads(const void *state)
{
    return state;
}

#define KIND(n)                                                                                    \
    static const struct export_kind n##_kind = { .job = { .start = start,                          \
                                                          .step = step,                            \
                                                          .finish = finish,                        \
                                                          .publish = publish,                      \
                                                          .abandon = abandon,                      \
                                                          .reads = only_reads },                   \
                                                 .noun = &n##_noun }

KIND(lead);
KIND(deal);
KIND(follow_up);
KIND(task);
KIND(branch);
KIND(employee);
KIND(channel);
KIND(product);
KIND(tag);

#define EXPORT_OP(noun_, path_, kind_)                                                             \
    {                                                                                              \
        .name = noun_ ".export", .method = "POST", .path = path_ "/export",                        \
        .summary = N_("write the list to a file"), .kind = OP_JOB, .right = RIGHT_EXPORT,          \
        .in = &export_in_record, .out = &export_out_record, .many = OUT_ONE, .arg = (kind_)        \
    }

const struct op export_ops[] = {
    EXPORT_OP("lead", "/v1/leads", &lead_kind),
    EXPORT_OP("deal", "/v1/deals", &deal_kind),
    EXPORT_OP("follow_up", "/v1/follow_ups", &follow_up_kind),
    EXPORT_OP("task", "/v1/tasks", &task_kind),
    EXPORT_OP("branch", "/v1/branches", &branch_kind),
    EXPORT_OP("employee", "/v1/employees", &employee_kind),
    EXPORT_OP("channel", "/v1/channels", &channel_kind),
    EXPORT_OP("product", "/v1/products", &product_kind),
    EXPORT_OP("tag", "/v1/tags", &tag_kind),
    { .name = NULL },
};
