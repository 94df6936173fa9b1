/* leadfilter.c - the condition of the lead list: beside that of its tab, and what its bar asks. */
#include <stdlib.h>

#include "base/i18n.h"
#include "views/leads.h"

const char *leads_where(const struct leads *v, enum lead_tab tab, const char *own, struct arena *a)
{
    const char *base = tab == TAB_POOL ? "open = yes and pool is set" : tab == TAB_MINE
        ? "open = yes and owner = me"
                     : tab == TAB_BRANCH ? "open = yes" : "";
    if (tab == TAB_BRANCH && v->branch_code)
        base = arena_printf(a, "open = yes and branch under \"%s\"", v->branch_code);
    if (!own || !*own)
        return base;
    return *base ? arena_printf(a, "(%s) and %s", own, base) : own;
}

void leads_take_where(struct leads *v, const char *where)
{
    char *own = where && *where ? xstrdup(where) : NULL;
    free(v->where);
    v->where = own;
    filterbar_learn(&v->bar, own);
}

/* ---- what the bar asks --------------------------------------------------------------------------------- */

static void env_of(void *self, struct lang_env *out)
{
    const struct leads *v = self;
    *out = (struct lang_env){ .noun = &lead_noun, .attrs = v->attrs, .nattrs = v->nattrs,
                              .me = v->app->me.employee, .my_branch = v->app->me.branch };
}

static const char *whole(void *self, const char *own, struct arena *a)
{
    const struct leads *v = self;
    return leads_where(v, v->tab, own, a);
}

static const char *matches(int64_t n)
{
    return P_("lead matches", "leads match", n);
}

static const char *where_of(void *self)
{
    return ((const struct leads *)self)->where;
}

static void apply(void *self, const char *where)
{
    struct leads *v = self;
    leads_take_where(v, where);
    leads_restart(v);
}

const struct filter_host leads_filter = {
    .noun = &lead_noun, .count = "lead.count", .values = "lead.values", .env = env_of, .whole = whole,
    .matches = matches, .where = where_of, .apply = apply,
};
