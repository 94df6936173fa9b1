/* json.h - JSON in (cJSON behind checks) and out (one streaming writer). Only json.c knows cJSON.
 *
 * In: UTF-8 is checked first; depth, size and duplicate keys are refused. Integers past 2^53 do not survive
 * a JSON number, so ids are text everywhere. Out: the writer asserts that what it is told is a legal sequence.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum { JSON_DEPTH = 32, JSON_MAX = 16 << 20 };

struct json;        /* a value inside a parsed document */

/* Parses exactly one document. *out is freed with json_free (of the root only). Errors: ST_INVALID with
 * "json.utf8", "json.syntax" (byte offset), "json.depth", "json.duplicate" (key), "json.size". */
enum status json_parse(const char *s, size_t n, struct json **out, struct err *e);
void json_free(struct json *root);

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
enum json_type json_type(const struct json *j);

/* The member of an object or NULL; j NULL gives NULL. */
const struct json *json_get(const struct json *j, const char *key);
/* First and next child of an array or object; the key of an object's child. */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);
const char *json_key(const struct json *j);

const char *json_string(const struct json *j);   /* NULL unless a string; lives as long as the root */
double json_number(const struct json *j);        /* NaN unless a number */
bool json_bool(const struct json *j);            /* true only for true */

/* The writer. Commas are its business; keys come before values inside objects. */
struct jw { struct buf *out; int depth; unsigned char state[JSON_DEPTH]; };

void jw_init(struct jw *w, struct buf *out);
void jw_object(struct jw *w);
void jw_end_object(struct jw *w);
void jw_array(struct jw *w);
void jw_end_array(struct jw *w);
void jw_key(struct jw *w, const char *key);
void jw_str(struct jw *w, const char *s);        /* NULL writes null; ill-formed bytes become U+FFFD */
void jw_strn(struct jw *w, const char *s, size_t n);
void jw_int(struct jw *w, int64_t v);
void jw_num(struct jw *w, double v);             /* shortest text that reads back equal; not finite: null */
void jw_bool(struct jw *w, bool v);
void jw_null(struct jw *w);
void jw_id(struct jw *w, int64_t id);            /* as text; 0 writes null */

#endif
