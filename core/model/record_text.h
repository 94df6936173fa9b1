/* record_text.h - a member as words: table cells, CSV, forms; and back. */
#ifndef CORE_MODEL_RECORD_TEXT_H
#define CORE_MODEL_RECORD_TEXT_H

#include "core/model/record.h"

enum text_style {
    TEXT_DATA,      /* CSV and tables of the command line: codes, yuan with two decimals, "2026-11-22 08:30" */
    TEXT_SHOW,      /* screens: translated labels of choices, names of references, grouped amounts */
};

/* In the arena; "" when empty. attr NULL: the field itself; else that custom field of the record. */
const char *record_text(const struct field *f, const struct attr *attr, const void *rec, enum text_style style,
                        struct arena *a);

/* Parses what a person typed or a flag said into the member; references get their code only (resolve_refs finds the row).
 * "" empties it. ST_INVALID with the field. */
enum status record_parse(const struct field *f, const char *text, void *rec, struct arena *a, struct err *e);
enum status attr_parse(const struct attr_def *def, const char *text, struct attr *out, struct arena *a, struct err *e);

#endif
