/* record_json.h - records and JSON: names of the field table, ids as text, money as fen, times RFC 3339 with offset. */
#ifndef CORE_MODEL_RECORD_JSON_H
#define CORE_MODEL_RECORD_JSON_H

#include "base/json.h"
#include "core/model/record.h"

/* Writes one object. A reference x gives x (code), x_name and x_id; empty members give null; custom fields one object
 * `attr`. columns: names by comma ("attr.job" too), NULL for all but what is empty of FIELD_WIDE... : all. */
void record_to_json(struct jw *w, const struct record *r, const void *rec);

/* Only the fields whose bit is set (in the order of the table); attrs as above when their field's bit is set. */
void record_to_json_some(struct jw *w, const struct record *r, const void *rec, const bool *want);

/* Reads an object into a new record and says in given[] (nfields bits, in the arena) which members came, null included.
 * Unknown members are refused ("json.unknown", name), wrong types too ("json.type", field). defs: the custom fields that `attr` may
 * hold. A reference may come as x (code) or x_id. */
enum status record_from_json(const struct json *j, const struct record *r, const struct attr_def *defs, size_t ndefs,
                             struct arena *a, void *rec, bool **given, struct err *e);

#endif
