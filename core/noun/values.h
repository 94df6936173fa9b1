/* values.h - NOUN.values: what stands in a field, with counts, for completion while a condition is typed. */
#ifndef CORE_NOUN_VALUES_H
#define CORE_NOUN_VALUES_H

#include "core/guard/op.h"
#include "core/noun/query.h"

/* So many rows are counted at most; of one who sees all branches the newest. */
enum { VALUES_MOST = 50, VALUES_DEFAULT = 20, VALUES_ROWS = 200000, VALUES_TEXT = 100 };

struct values_in {
    const char *field;      /* as conditions name it: stage, attr.job, owner.status, tags */
    const char *prefix;     /* what is typed already: the beginning of a code, name (or its pinyin initials),
                               label or text, case-folded */
    const char *where;      /* what stands beside it: only rows for which it holds */
    int64_t limit;          /* values; NONE: VALUES_DEFAULT; at most VALUES_MOST */
};

/* One value, as a condition writes it: a code, yes or no, or the text. label: a row's own name, or a msgid
 * (of a choice, a flag, a shipped stage); NULL: none. */
struct value_seen { const char *value, *label; int64_t count; };

/* Those that most rows have come first; of owner.status the rows are counted by their owner's. Of segments
 * there is a count where it is known without counting (of one that lists its rows, to one who sees all of
 * them), else NONE. Numbers, times and references to leads, persons and imports have none. at_least: there
 * are more rows than were counted, so that a rare value may be missing too. */
struct values { struct list values; int64_t rows, at_least; };

extern const struct record values_in_record, values_record;

/* The values of a field in the caller's scope. ST_DENIED "cond.masked_equality" for what he sees masked;
 * ST_INVALID "cond.no_values" (name, what it takes, label; both msgids) for a span of time or a bucket, which
 * are typed. */
enum status query_values(struct ctx *c, const struct noun *noun, const struct values_in *in,
                         struct values *out);

#endif
