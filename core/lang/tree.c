#include <string.h>

#include "core/lang/test.h"

static bool same_value(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind || a->unit != b->unit)
        return false;
    switch (a->kind) {
    case VAL_TEXT: return strcmp(a->s, b->s) == 0;
    case VAL_NUMBER: return a->d == b->d;
    case VAL_ME:
    case VAL_MY_BRANCH: return true;
    default: return a->i == b->i;
    }
}

static bool same_test(const struct cond *a, const struct cond *b)
{
    if (!name_same(a->name, b->name) || a->list != b->list || a->times != b->times)
        return false;
    if (a->op != b->op || a->nvalues != b->nvalues)
        return false;
    for (size_t i = 0; i < a->nvalues; i++)
        if (!same_value(&a->values[i], &b->values[i]))
            return false;
    return true;
}

bool lang_equal(const struct cond *a, const struct cond *b)
{
    if (!a || !b || a->kind != b->kind || a->nkids != b->nkids)
        return a == b;
    for (size_t i = 0; i < a->nkids; i++)
        if (!lang_equal(a->kids[i], b->kids[i]))
            return false;
    return is_chain(a) || a->kind == COND_NOT || same_test(a, b);
}

bool lang_fixes(const struct cond *c, const char *field)
{
    if (!c)
        return false;
    if (c->kind == COND_AND)
        for (size_t i = 0; i < c->nkids; i++)
            if (lang_fixes(c->kids[i], field))
                return true;
    if (c->kind != COND_TEST || c->nvalues != 1 || (c->op != OP_EQ && c->op != OP_IN))
        return false;
    if (value_is_day(&c->values[0]))
        return false;
    return c->name.field && !c->name.via && strcmp(c->name.field->name, field) == 0;
}

bool lang_needs_side(const struct cond *c)
{
    if (!c || (c->kind != COND_TEST && !is_chain(c)))
        return false;
    if (c->kind == COND_TEST)
        return c->name.attr && c->op != OP_NE && c->op != OP_NOT_IN && c->op != OP_EMPTY;
    for (size_t i = 0; i < c->nkids; i++)
        if (lang_needs_side(c->kids[i]) == (c->kind == COND_AND))
            return c->kind == COND_AND;
    return c->kind == COND_OR;
}
