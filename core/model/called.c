#include "core/model/called.h"

#include <string.h>

#include "base/i18n.h"
#include "core/model/labels.h"

static const struct field row_fields[] = {
    FIELD_TEXT(struct called_row, noun, N_("of")),
    FIELD_TEXT(struct called_row, word, N_("value")),
    FIELD_TEXT(struct called_row, code, N_("code")),
    FIELD_TEXT(struct called_row, name, N_("name")),
    FIELD_FLAG(struct called_row, alone, N_("the only one called so")),
};
static const struct record row_record = RECORD(struct called_row, "called_row", row_fields);

static const struct field called_fields[] = {
    FIELD_LIST(struct called_rows, rows, &row_record, N_("rows")),
};
const struct record called_rows_record = RECORD(struct called_rows, "called_rows", called_fields);

const char *called_text(struct arena *a, const struct called_row *row, bool zh)
{
    struct ref stage = { .code = row->code, .name = row->name };
    const char *label = strcmp(row->noun, "stage") == 0 ? stage_label(&stage) : NULL;
    if (label)
        return zh ? i18n_text(label) : label;
    if (!row->name || row->alone == 1 || strcmp(row->name, row->code) == 0)
        return row->name;
    return arena_printf(a, "%s (%s)", row->name, row->code);
}
