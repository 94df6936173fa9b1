#include "core/api/condition.h"

#include "base/i18n.h"
#include "core/api/backend.h"
#include "core/lang/lang.h"
#include "core/noun/cost.h"

static const struct field in_fields[] = {
    FIELD_TEXT(struct condition_in, noun, N_("of"), .flags = FIELD_REQUIRED, .max = 64),
    FIELD_TEXT(struct condition_in, where, N_("condition"), .max = LANG_TEXT),
};
static const struct record condition_in_record = RECORD(struct condition_in, "condition_in", in_fields);

static enum status op_check(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    const struct condition_in *in = in_;
    const struct noun *noun = noun_find(in->noun);
    (void)op;
    if (!noun)
        return fail_field(c->e, ST_INVALID, "noun", "ref.unknown", N_("of"), in->noun, NULL);
    return cost_of(c, noun, in->where, out);
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
    { .name = NULL },
};
