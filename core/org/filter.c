/* filter.c - saved filters: a condition, an order and columns under a name, for oneself or shared
 * (core/noun/kept.h). One whose field is gone stays, and says so. */
#include <string.h>

#include "base/i18n.h"
#include "core/lang/lang.h"
#include "core/noun/kept.h"
#include "core/org/private.h"

static struct sharing sharing_of(struct filter *f)
{
    return (struct sharing){ &f->sharing, &f->branch, &f->owner, &f->account_id };
}

/* ---- what it asks for --------------------------------------------------------------------------------- */

static enum status check_sort(struct ctx *c, const struct lang_env *env, const char *sort)
{
    struct lang_sort *keys;
    size_t n;
    return sort ? lang_sort_parse(c->arena, sort, env, &keys, &n, c->e) : ST_OK;
}

static enum status check_columns(struct ctx *c, const struct lang_env *env, const char *columns)
{
    enum status st = ST_OK;
    for (const char *s = columns; s && *s && !st;) {
        size_t len = strcspn(s, ",");
        struct lang_name name;
        st = lang_name_find(env, arena_strndup(c->arena, s, len), &name, c->e);
        s += len + (s[len] == ',');
    }
    return st;
}

static enum status check_list(struct ctx *c, const struct noun *noun, const struct filter *f)
{
    struct lang_env env;
    enum status st = resolve_env(c, noun, &env);
    if (!st)
        st = check_sort(c, &env, f->sort);
    return st ? st : check_columns(c, &env, f->columns);
}

/* ---- writing ------------------------------------------------------------------------------------------ */

static enum status settle_noun(struct ctx *c, struct filter *f, const struct noun **noun)
{
    *noun = noun_find(f->noun);
    if (!*noun)
        return fail_field(c->e, ST_INVALID, "noun", "ref.unknown", N_("of"), f->noun, NULL);
    f->noun = (*noun)->plural;
    return ST_OK;
}

/* A new one stands behind the owner's others. */
static enum status settle_place(struct ctx *c, struct filter *f)
{
    if (f->position != NONE)
        return ST_OK;
    return db_get_int(c->db, c->e, &f->position,
                      "select coalesce(max(position) + 1, 0) from saved_filter where account_id = $1"
                      " and position < 9999", "i", f->account_id);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* One that can't be used any more may still be renamed, moved and shared. */
static bool asks_same(const struct filter *a, const struct filter *b)
{
    return same_text(a->condition, b->condition) && same_text(a->sort, b->sort) &&
           same_text(a->columns, b->columns);
}

static enum status before(struct ctx *c, const void *old_, void *rec)
{
    struct filter *f = rec, old = old_ ? *(const struct filter *)old_ : *f;
    struct sharing was = sharing_of(&old), now = sharing_of(f);
    const struct noun *noun;
    enum status st = old_ ? share_mine(c, &filter_noun, &was) : ST_OK;
    if (!st)
        st = org_whole(c, &filter_noun, f);
    if (!st && !old_)
        st = settle_noun(c, f, &noun);
    if (!st)
        st = share_settle(c, old_ ? &was : NULL, &now);
    if (!st)
        st = settle_place(c, f);
    if (st || (old_ && asks_same(&old, f)))
        return st;
    st = settle_noun(c, f, &noun);
    if (!st)
        st = kept_condition(c, noun, &f->condition, NULL);
    return st ? st : check_list(c, noun, f);
}

/* ---- reading ------------------------------------------------------------------------------------------ */

/* The parameters of a sentence by TAB. */
static const char *words_of(struct arena *a, const struct err *e)
{
    struct buf b = BUF_INIT;
    for (int i = 0; i < e->nparam; i++)
        buf_addf(&b, "%s%s", i ? "\t" : "", e->param[i]);
    const char *text = arena_strdup(a, b.s);
    buf_release(&b);
    return text;
}

static enum status find_fault(struct ctx *c, const struct filter *f, struct err *fault)
{
    const struct noun *noun = noun_find(f->noun);
    struct ctx own = *c;
    if (!noun)
        return fail_field(fault, ST_INVALID, "noun", "ref.unknown", N_("of"), f->noun, NULL), ST_OK;
    enum status st = kept_fault(c, noun, f->condition ? f->condition : "", fault);
    if (st || fault->status)
        return st;
    own.e = fault;
    st = check_list(&own, noun, f);
    if (st == ST_FAILED || st == ST_CANCELLED)
        *c->e = *fault;
    return st == ST_FAILED || st == ST_CANCELLED ? st : ST_OK;
}

static enum status say_fault(struct ctx *c, void *rec)
{
    struct filter *f = rec;
    struct err fault = { 0 };
    if (!f->noun)                           /* not among the columns */
        return ST_OK;
    enum status st = find_fault(c, f, &fault);
    if (!st && fault.status) {
        f->fault = arena_strdup(c->arena, fault.code);
        f->fault_words = words_of(c->arena, &fault);
    }
    return st;
}

const struct crud filter_crud = { .noun = &filter_noun, .before = before, .read = say_fault };

/* ---- removing ----------------------------------------------------------------------------------------- */

static const struct field remove_fields[] = {
    FIELD_ID(struct filter_remove_in, id, N_("id"), .flags = FIELD_REQUIRED),
    FIELD_INT(struct filter_remove_in, version, N_("version")),
};
const struct record filter_remove_record = RECORD(struct filter_remove_in, "filter_remove", remove_fields);

enum status op_filter_remove(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct filter_remove_in *in = in_;
    struct filter f;
    enum status st = crud_find(c, &filter_noun, in->id, NULL, &f);
    if (!st && in->version != NONE && in->version != f.head.version)
        st = fail(c->e, ST_CONFLICT, "noun.stale", "filter", NULL);
    struct sharing s = sharing_of(&f);
    if (!st)
        st = share_mine(c, &filter_noun, &s);
    if (!st)
        st = db_exec(c->db, c->e, "delete from saved_filter where id = $1", "i", in->id);
    if (st)
        return st;
    c->subject = in->id;
    *(struct done *)out = (struct done){ in->id, f.head.version };
    return ctx_event(c, "filter.removed", "filter", in->id, 0, NULL);
}
