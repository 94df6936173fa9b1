/* record_json.h - records and JSON: names of the field table, ids as text, money as fen, times RFC
 * 3339 with offset.
 *
 * A reference x gives x (its code), x_name and x_id; references to several give the same three as
 * arrays, in one order; a custom field KEY gives attr.KEY; empty members give null, or an empty
 * array; a list gives an array of objects. Numbers are not rounded.
 */
#ifndef CORE_MODEL_RECORD_JSON_H
#define CORE_MODEL_RECORD_JSON_H

#include "base/json.h"
#include "core/model/record.h"

/* How the records of a table are written: the wanted fields (in the order of the table; custom fields
 * when their field is) with the texts of their keys. want NULL: all. In the arena; for one thread, and as
 * long as the definitions of the custom fields stand. */
struct json_plan;
struct json_plan *json_plan(struct arena *a, const struct record *r, const bool *want);

/* Writes one object. */
void record_to_json_by(struct jw *w, struct json_plan *p, const void *rec);

/* The same for one record: several cost less by one plan. */
void record_to_json(struct jw *w, const struct record *r, const void *rec);
void record_to_json_some(struct jw *w, const struct record *r, const void *rec, const bool *want);

/* Writes one member, keys and values, into the object that is open. attr: one custom field in the
 * place of all. */
void record_member_to_json(struct jw *w, const struct field *f, const struct attr *attr,
                           const void *rec);

/* Reads an object into a new record and says in given[] (one a field, in the arena) which members
 * came, null included. defs: the custom fields that may come, as attr.KEY or in one object `attr`;
 * only those that came are in the record. A reference may come as x (code) or x_id, and where both
 * come the id counts; x_name is taken and not believed. What a field can't hold is refused as
 * field_check() does; required fields may be missing, but not in the objects of a list. ST_INVALID
 * "json.object" (what stands in its place), "json.unknown" (name), "json.type" (name, what it
 * takes: a msgid) or field_check's, each with the field. */
enum status record_from_json(const struct json *j, const struct record *r,
                             const struct attr_def *defs, size_t ndefs, struct arena *a, void *rec,
                             bool **given, struct err *e);

/* The same of what a server answered, which may be newer, and has checked what it says: members that are
 * unknown here are passed over, custom fields among them; bounds, lengths and what is required are not
 * looked at, and a choice that is unknown here stays as its text. Errors: "json.object", "json.type". */
enum status record_from_reply(const struct json *j, const struct record *r, const struct attr_def *defs,
                              size_t ndefs, struct arena *a, void *rec, struct err *e);

#endif
