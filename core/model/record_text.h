/* record_text.h - a member as words: table cells, CSV, forms; and back. */
#ifndef CORE_MODEL_RECORD_TEXT_H
#define CORE_MODEL_RECORD_TEXT_H

#include "core/model/record.h"

enum text_style {
    TEXT_DATA, /* CSV and tables of the command line: codes, yes and no, yuan with two decimals,
                * "2026-11-22 08:30"; a custom date field without a time of day is "2026-11-22" */
    TEXT_SHOW, /* screens: translated labels of choices, names of references, grouped amounts; a
                  time at midnight is its day */
};

/* In the arena; "" when empty. attr NULL: the field itself; else that custom field of the record.
 * References to several are joined by a comma (on screens as the language does it). What is no single
 * value: custom fields together are "key=value; key=value", a list says how many it has. */
const char *record_text(const struct field *f, const struct attr *attr, const void *rec,
                        enum text_style style, struct arena *a);

/* Parses what a person typed or a flag said into the member; references get their code only
 * (resolve_refs finds the row).
 * "" empties it; blanks around anything but text do not count. Choices and flags are taken by code
 * or label. ST_INVALID with the field: "field.integer", "field.id", "field.money", "field.time",
 * "field.flag", "field.number" (label, text), "field.compound" (label: custom fields together,
 * lists) and those of field_check(). */
enum status record_parse(const struct field *f, const char *text, void *rec, struct arena *a,
                         struct err *e);
/* "vip, black;old|新" to references with these codes, in the arena: by comma, semicolon, bar or 、,
 * full-width ones too; blanks around a word do not count, nor does a word twice. */
void refs_parse(const char *text, struct arena *a, struct refs *out);

enum status attr_parse(const struct attr_def *def, const char *text, struct attr *out,
                       struct arena *a, struct err *e);

#endif
