#include "core/model/labels.h"

#include <string.h>

#include "base/i18n.h"

static const struct choice stages[] = {
    { "new", N_("new lead") },
    { "contacted", N_("contacted") },
    { "nurturing", N_("nurturing") },
    { "mql", N_("MQL") },
    { "sql", N_("SQL") },
    { "opportunity", N_("opportunity") },
    { "won", N_("won") },
    { "lost", N_("lost") },
    { "invalid", N_("invalid") },
    { "duplicate", N_("duplicate") },
    { NULL, NULL },
};

static const struct choice *shipped(const char *code)
{
    for (const struct choice *s = stages; code && s->code; s++)
        if (strcmp(s->code, code) == 0)
            return s;
    return NULL;
}

const char *stage_label(const struct ref *stage)
{
    if (stage->name)
        return stage->name;
    const struct choice *s = shipped(stage->code);
    return s ? s->label : stage->code ? stage->code : "";
}

bool stage_shipped(const char *code)
{
    return shipped(code) != NULL;
}
