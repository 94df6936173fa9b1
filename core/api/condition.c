#include "core/api/condition.h"

#include "base/i18n.h"
#include "core/lang/lang.h"
#include "core/noun/callnames.h"
#include "core/noun/cost.h"
#include "core/noun/resolve.h"

static const struct field in_fields[] = {
    FIELD_TEXT(struct condition_in, noun, N_("of"), .flags = FIELD_REQUIRED, .max = 64),
    FIELD_TEXT(struct condition_in, where, N_("condition"), .max = LANG_TEXT),
};
static const struct record condition_in_record = RECORD(struct condition_in, "condition_in", in_fields);

/* The noun that is asked about, if the caller may list it. */
static enum status asked_noun(struct ctx *c, const char *name, const struct noun **out)
{
    *out = noun_find(name);
    return *out ? resolve_may_read(c, *out)
                : fail_field(c->e, ST_INVALID, "noun", "ref.unknown", N_("of"), name, NULL);
}

static enum status op_check(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct condition_in *in = in_;
    const struct noun *noun;
    enum status st = asked_noun(c, in->noun, &noun);
    return st ? st : cost_of(c, noun, in->where, out);
}

static enum status op_names(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct condition_in *in = in_;
    const struct noun *noun;
    enum status st = asked_noun(c, in->noun, &noun);
    return st ? st : called_in(c, noun, in->where, out);
}

const struct op condition_ops[] = {
    { .name = "condition.check",
      .method = "POST",
      .path = "/v1/conditions/check",
      .summary = N_("what a condition says in both languages, and what it costs"),
      .kind = OP_READ,
      .right = RIGHT_NONE,
      .in = &condition_in_record,
      .out = &cost_record,
      .many = OUT_ONE,
      .run = op_check },
    { .name = "condition.names",
      .method = "POST",
      .path = "/v1/conditions/names",
      .summary = N_("what the rows are called that a condition names by code"),
      .kind = OP_READ,
      .right = RIGHT_NONE,
      .in = &condition_in_record,
      .out = &called_rows_record,
      .many = OUT_ONE,
      .run = op_names },
    { .name = NULL },
};
