/* filteroffer.c - fields, comparisons and values by their names; signs and codes stand beside them. */
#include "views/filteroffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

static bool in_chinese(void)
{
    return strcmp(i18n_lang(), "zh_CN") == 0;
}

static enum ftype type_of(struct lang_name n)
{
    return n.field ? n.field->type : n.attr ? n.attr->type : n.span || n.bucket ? F_NUMBER : F_REF;
}

static const struct choice *choices_of(struct lang_name n)
{
    return n.field ? n.field->choices : n.attr ? n.attr->choices : NULL;
}

bool filter_has_choices(const struct lang_wish *w)
{
    return choices_of(w->name) || type_of(w->name) == F_FLAG;
}

/* ---- comparisons ------------------------------------------------------------------------------------ */

enum sort { SORT_NUMBER, SORT_TIME, SORT_TEXT, SORT_OTHER, SORTS };

static enum sort sort_of(struct lang_name n)
{
    switch (type_of(n)) {
    case F_ID:
    case F_INT:
    case F_MONEY:
    case F_NUMBER: return SORT_NUMBER;
    case F_TIME: return SORT_TIME;
    case F_TEXT: return SORT_TEXT;
    default: return SORT_OTHER;
    }
}

/* What each is called, and its place among the others: the usual first. */
struct op_words { const char *words, *of_time, *of_text; int place[SORTS]; };
static const struct op_words op_words[OP_COUNT] = {
    [OP_GE] = { NC_("comparison", "at least"), NC_("comparison", "not before"),
                NC_("comparison", "at or behind, in order"), { 1, 3, 12, 9 } },
    [OP_LE] = { NC_("comparison", "at most"), NC_("comparison", "not after"),
                NC_("comparison", "at or before, in order"), { 2, 4, 13, 10 } },
    [OP_BETWEEN] = { NC_("comparison", "between (with both ends)"), NULL, NULL, { 3, 5, 14, 11 } },
    [OP_GT] = { NC_("comparison", "more than"), NC_("comparison", "after"),
                NC_("comparison", "behind, in order"), { 4, 7, 15, 12 } },
    [OP_LT] = { NC_("comparison", "less than"), NC_("comparison", "before"),
                NC_("comparison", "before, in order"), { 5, 6, 16, 13 } },
    [OP_EQ] = { NC_("comparison", "is"), NULL, NULL, { 6, 8, 3, 1 } },
    [OP_NE] = { NC_("comparison", "is not"), NULL, NULL, { 7, 9, 4, 2 } },
    [OP_IN] = { NC_("comparison", "is one of"), NULL, NULL, { 8, 10, 5, 3 } },
    [OP_NOT_IN] = { NC_("comparison", "is none of"), NULL, NULL, { 9, 11, 6, 4 } },
    [OP_EMPTY] = { NC_("comparison", "is empty"), NULL, NULL, { 10, 12, 8, 7 } },
    [OP_SET] = { NC_("comparison", "is not empty"), NULL, NULL, { 11, 13, 9, 8 } },
    [OP_CONTAINS] = { NC_("comparison", "contains"), NULL, NULL, { 12, 14, 1, 14 } },
    [OP_STARTS] = { NC_("comparison", "starts with"), NULL, NULL, { 13, 15, 2, 15 } },
    [OP_MATCHES] = { NC_("comparison", "fits a pattern with * and ?"), NULL, NULL, { 14, 16, 7, 16 } },
    [OP_UNDER] = { NC_("comparison", "is this branch or one below"), NULL, NULL, { 15, 17, 17, 5 } },
    [OP_HAS] = { NC_("comparison", "has"), NULL, NULL, { 16, 18, 18, 0 } },
    [OP_LAST] = { NC_("comparison", "within the last"), NULL, NULL, { 17, 1, 19, 17 } },
    [OP_NEXT] = { NC_("comparison", "within the next"), NULL, NULL, { 18, 2, 20, 18 } },
    [OP_CHANGED] = { NC_("comparison", "changed within the last"), NULL, NULL, { 19, 19, 11, 6 } },
};

/* In Chinese a window comes with its span, which is another choice here. */
static const char *without_span(struct arena *a, const char *word)
{
    size_t n = strcspn(word, "0123456789");
    return in_chinese() && n ? arena_strndup(a, word, n) : word;
}

static struct lang_env env_for(const struct lang_wish *w, const struct lang_env *env)
{
    return w->noun && w->noun != env->noun ? lang_env_of(env, w->noun) : *env;
}

/* Which one a proposal is: asked of the field alone, as what stands before may not be whole. */
static bool is_op(struct arena *a, const char *word, const struct lang_wish *w, const struct lang_env *env,
                  enum cond_op *op)
{
    struct lang_env own = env_for(w, env);
    struct lang_wish next;
    struct cond *c;
    struct buf name = BUF_INIT;
    lang_name_print(w->name, &name);
    const char *text = arena_printf(a, "%s %s ", name.len ? name.s : "segment", word);
    buf_release(&name);
    lang_wish(a, text, strlen(text), &own, &next);
    bool more = next.kind == WISH_VALUE, whole = false;
    if (!more)
        whole = lang_parse(a, text, &own, &c, NULL) == ST_OK && c && c->kind == COND_TEST;
    *op = more ? next.op : whole ? c->op : OP_COUNT;
    return more || whole;
}

static const char *words_of(enum cond_op op, enum sort sort)
{
    const struct op_words *w = &op_words[op];
    return i18n_text(sort == SORT_TIME && w->of_time   ? w->of_time
                     : sort == SORT_TEXT && w->of_text ? w->of_text
                                                       : w->words);
}

struct placed { struct filter_offer offer; int place; };

static int by_place(const void *a, const void *b)
{
    return ((const struct placed *)a)->place - ((const struct placed *)b)->place;
}

static void put_ops(struct arena *a, struct filter_offer *offer, size_t n, const struct lang_wish *w,
                    const struct lang_env *env)
{
    struct placed *p = arena_array(a, struct placed, n + 1);
    enum sort sort = sort_of(w->name);
    for (size_t i = 0; i < n; i++) {
        enum cond_op op;
        const char *word = without_span(a, offer[i].word);
        p[i] = (struct placed){ offer[i], 100 + (int)i };
        if (!is_op(a, word, w, env, &op))
            continue;
        p[i].offer = (struct filter_offer){ .word = word, .label = words_of(op, sort),
                                            .code = strchr("=<>!", *word) ? word : NULL, .count = -1 };
        p[i].place = op_words[op].place[sort];
    }
    qsort(p, n, sizeof *p, by_place);
    for (size_t i = 0; i < n; i++)
        offer[i] = p[i].offer;
}

/* ---- fields, values, links -------------------------------------------------------------------------- */

static bool is_list(const struct noun *noun, const char *word)
{
    for (const struct noun_list *r = noun ? noun->lists : NULL; r && r->name; r++)
        if (strcmp(r->name, word) == 0 || strcmp(r->one, word) == 0)
            return true;
    return false;
}

/* Is the word a code, and what stands beside it its name? In Chinese names are proposed. */
static bool is_code(const char *word, const struct lang_wish *w, const struct lang_env *env)
{
    struct lang_env own = env_for(w, env);
    struct lang_name name;
    const struct choice *c;
    if (in_chinese())
        return false;
    if (w->kind == WISH_FIELD)
        return lang_name_find(&own, word, &name, NULL) == ST_OK || is_list(w->noun, word);
    c = w->kind == WISH_VALUE ? choice_find(choices_of(w->name), word) : NULL;
    return c && strcmp(c->code, word) == 0;
}

static void put_words(struct arena *a, struct filter_offer *o, const struct lang_wish *w,
                      const struct lang_env *env)
{
    bool sign = w->kind == WISH_LINK && strchr(",()", *o->word);
    if (!o->code || (!sign && !is_code(o->word, w, env)))
        return;
    o->label = o->code;
    o->code = strcmp(o->label, o->word) == 0 ? NULL : arena_strdup(a, o->word);
}

size_t filter_offers(struct arena *a, const char *text, const struct lang_wish *w,
                     const struct lang_env *env, size_t more, struct filter_offer **out)
{
    struct lang_proposal *p;
    size_t n;
    lang_propose(a, text, w, env, i18n_lang(), &p, &n);
    struct filter_offer *offer = arena_array(a, struct filter_offer, n + more + 1);
    for (size_t i = 0; i < n; i++)
        offer[i] = (struct filter_offer){ p[i].text, p[i].text, p[i].label, -1 };
    if (w->kind == WISH_OPERATOR)
        put_ops(a, offer, n, w, env);
    for (size_t i = 0; i < n && w->kind != WISH_OPERATOR; i++)
        put_words(a, &offer[i], w, env);
    *out = offer;
    return n;
}

/* The name of a choice may stand in the place of its code. */
static bool same_value(const struct filter_offer *o, const struct filter_item *row)
{
    return strcmp(o->word, row->text) == 0 || (row->label && strcmp(o->word, row->label) == 0);
}

size_t filter_offer_rows(struct filter_offer *offer, size_t n, const struct filter_item *row, size_t nrows)
{
    for (size_t r = 0; r < nrows; r++) {
        size_t i = 0;
        while (i < n && !same_value(&offer[i], &row[r]))
            i++;
        if (i < n)
            offer[i].count = row[r].count;
        else
            offer[n++] = (struct filter_offer){ row[r].text, row[r].label ? row[r].label : row[r].text,
                                                row[r].label ? row[r].text : NULL, row[r].count };
    }
    return n;
}

const char *filter_example(const struct lang_wish *w)
{
    bool span = w->name.span || w->op == OP_LAST || w->op == OP_NEXT || w->op == OP_CHANGED;
    if (span)
        return _("7d, 48h, 3 working days");
    switch (type_of(w->name)) {
    case F_MONEY: return _("30000, 3万, 1.5亿");
    case F_TIME: return _("2026-11-22, today - 3d");
    case F_INT:
    case F_NUMBER: return w->name.bucket ? "10%" : "60";
    default: return "";
    }
}
