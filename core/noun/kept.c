#include "core/noun/kept.h"

#include <string.h>

#include "base/i18n.h"
#include "core/noun/masked.h"

/* ---- conditions --------------------------------------------------------------------------------------- */

/* As far as a list would get with it, without asking the database for a row. */
static enum status try_it(struct ctx *c, const struct lang_env *env, const char *text, struct cond **tree)
{
    struct sql q;
    sql_init(&q, c->arena);
    enum status st = lang_parse(c->arena, text, env, tree, c->e);
    if (!st)
        st = lang_compile(*tree, env, "t", &q, NULL, c->e);
    sql_release(&q);
    return st;
}

/* Codes stand in the place of names and labels, which may change. What names no row stays as it is. */
static enum status settle_word(struct ctx *c, const struct lang_env *env, const struct cond *t,
                               struct value *v)
{
    const char *noun = lang_names(t->name);
    struct ref r = { 0 };
    if (!noun || v->kind != VAL_TEXT)
        return ST_OK;
    enum status st = resolve_word(c, env, noun, v->s, &r);
    if (r.code)
        v->s = r.code;
    return st;
}

static enum status settle_words(struct ctx *c, const struct lang_env *env, struct cond *t)
{
    enum status st = ST_OK;
    if (!t)
        return ST_OK;
    for (size_t i = 0; i < t->nvalues && !st && t->kind == COND_TEST; i++)
        st = settle_word(c, env, t, &t->values[i]);
    for (size_t i = 0; i < t->nkids && !st; i++)
        st = settle_words(c, env, t->kids[i]);
    return st;
}

enum status kept_condition(struct ctx *c, const struct noun *noun, const char **condition, struct cond **tree)
{
    struct lang_env env;
    struct cond *t = NULL;
    enum status st = resolve_may_read(c, noun);
    if (!st)
        st = resolve_env(c, noun, &env);
    if (!st)
        st = try_it(c, &env, *condition ? *condition : "", &t);
    if (!st)
        st = masked_keep(c, t);
    if (!st)
        st = settle_words(c, &env, t);
    if (st)
        return st;
    struct buf text = BUF_INIT;
    if (t)
        lang_print(t, &env, "en", &text);
    if (text.len > LANG_TEXT)
        st = fail(c->e, ST_INVALID, "cond.too_long", arena_printf(c->arena, "%d", LANG_TEXT), NULL);
    *condition = t ? arena_strdup(c->arena, text.s) : NULL;
    buf_release(&text);
    if (tree)
        *tree = t;
    return st;
}

enum status kept_fault(struct ctx *c, const struct noun *noun, const char *condition, struct err *fault)
{
    struct ctx own = *c;
    struct lang_env env;
    struct cond *tree;
    err_clear(fault);
    own.e = fault;
    enum status st = resolve_may_read(&own, noun);
    if (!st)
        st = resolve_env(&own, noun, &env);
    if (!st)
        st = try_it(&own, &env, condition, &tree);
    if (st != ST_FAILED && st != ST_CANCELLED)
        return ST_OK;
    *c->e = *fault;
    return st;
}

/* ---- sharing ------------------------------------------------------------------------------------------ */

static bool is(const struct sharing *s, const char *word)
{
    return *s->sharing && strcmp(*s->sharing, word) == 0;
}

static bool may_share_all(const struct actor *who)
{
    return actor_may(who, RIGHT_CONFIG) || (actor_may(who, RIGHT_LEAD_ASSIGN) && who->see_all);
}

static enum status may_share(struct ctx *c, const struct sharing *s)
{
    if (is(s, "own"))
        return ST_OK;
    if (is(s, "all"))
        return may_share_all(c->who) ? ST_OK : fail_field(c->e, ST_DENIED, "sharing", "share.all", NULL);
    if (!actor_may(c->who, RIGHT_LEAD_ASSIGN) && !may_share_all(c->who))
        return fail_field(c->e, ST_DENIED, "sharing", "share.branch", NULL);
    return ctx_covers(c, s->branch->id);
}

/* What sharing with a branch means where no branch was named. */
static enum status settle_branch(struct ctx *c, const struct sharing *s)
{
    if (!is(s, "branch")) {
        *s->branch = (struct ref){ 0 };
        return ST_OK;
    }
    int64_t branch = s->branch->id ? s->branch->id : c->who->branch.id ? c->who->branch.id : c->who->home;
    if (!branch)
        return fail_field(c->e, ST_INVALID, "branch", "field.required", N_("branch"), NULL);
    return s->branch->id ? ST_OK : row_ref(c->db, "branch", branch, c->arena, s->branch, c->e);
}

enum status share_settle(struct ctx *c, const struct sharing *old, const struct sharing *now)
{
    if (!old) {
        *now->account = c->who->account;
        *now->owner = c->who->employee;
    }
    if (!*now->sharing)
        *now->sharing = "own";
    enum status st = settle_branch(c, now);
    bool same = old && is(old, *now->sharing) && old->branch->id == now->branch->id;
    return st || same ? st : may_share(c, now);
}

enum status share_mine(struct ctx *c, const struct noun *noun, const struct sharing *s)
{
    struct err why = *c->e;
    if (!c->who->account || *s->account == c->who->account)
        return ST_OK;
    if (!is(s, "own") && may_share(c, s) == ST_OK)
        return ST_OK;
    *c->e = why;
    const char *name = s->owner->name && !c->who->lens.mask_names ? s->owner->name : s->owner->code;
    return fail(c->e, ST_DENIED, "share.not_yours", noun->name, name ? name : "", NULL);
}
