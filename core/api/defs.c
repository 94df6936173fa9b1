#include "core/api/defs.h"

#include <string.h>

#include "core/model/nouns.h"
#include "core/noun/query.h"

bool defs_needed(const struct record *r)
{
    for (size_t i = 0; r && i < r->nfields; i++)
        if (r->fields[i].type == F_ATTRS || (r->fields[i].type == F_LIST && defs_needed(r->fields[i].rec)))
            return true;
    return false;
}

static enum ftype type_of(const char *type)
{
    static const struct { const char *name; enum ftype type; } types[] = {
        { "number", F_NUMBER }, { "date", F_TIME }, { "choice", F_CHOICE }, { "flag", F_FLAG },
    };
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i].name) == 0)
            return types[i].type;
    return F_TEXT;
}

enum status defs_load(struct backend *b, const atomic_bool *cancel, struct arena *a, struct attr_def **defs,
                      size_t *n, struct err *e)
{
    struct query q;
    struct page page;
    record_empty(&query_record, &q);
    q.limit = PAGE_MOST;
    q.where = "noun = lead";
    *n = 0;
    struct call call = { .op = op_find("custom_field.list"), .in = &q, .cancel = cancel };
    enum status st = backend_call(b, &call, a, &page, e);
    if (st)
        return st;
    *defs = arena_array(a, struct attr_def, page.rows.n);
    for (size_t i = 0; i < page.rows.n; i++) {
        const struct custom_field *f = (const struct custom_field *)page.rows.items + i;
        (*defs)[(*n)++] = (struct attr_def){
            .id = f->head.id, .key = f->code, .label = f->name, .type = type_of(f->type),
            .choices = choices_split(a, f->choices), .off = f->active == 0,
        };
    }
    return ST_OK;
}

static const struct choice *copy_choices(const struct choice *list, struct arena *a)
{
    size_t n = 0;
    if (!list)
        return NULL;
    while (list[n].code)
        n++;
    struct choice *copy = arena_array(a, struct choice, n + 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = (struct choice){ arena_strdup(a, list[i].code), arena_strdup(a, list[i].label) };
    return copy;
}

struct attr_def *defs_copy(const struct attr_def *defs, size_t n, struct arena *a)
{
    struct attr_def *copy = arena_array(a, struct attr_def, n);
    for (size_t i = 0; i < n; i++) {
        copy[i] = defs[i];
        copy[i].key = arena_strdup(a, defs[i].key);
        copy[i].label = arena_strdup(a, defs[i].label);
        copy[i].choices = copy_choices(defs[i].choices, a);
    }
    return copy;
}
