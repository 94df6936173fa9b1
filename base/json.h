/* json.h - JSON in (cJSON behind checks) and out (one streaming writer). Only json.c knows cJSON.
 *
 * In: UTF-8 is checked first; depth, size and duplicate keys are refused. Integers past 2^53 do not
 * survive a JSON number, so ids are text everywhere. Out: the writer asserts that what it is told
 * is a legal sequence.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

enum { JSON_DEPTH = 32, JSON_MAX = 16 << 20, JSON_VALUES = 1 << 20 };

struct json;        /* a value inside a parsed document */

/* Parses exactly one document. *out is freed with json_free (of the root only); NULL on error.
 * Errors: ST_INVALID with "json.utf8" (byte offset), "json.syntax" (byte offset), "json.depth"
 * (JSON_DEPTH), "json.duplicate" (key), "json.size" (JSON_MAX bytes or JSON_VALUES values).
 * Stricter than RFC 8259 in three things, all "json.syntax": a string with U+0000 (C would cut it),
 * half a surrogate pair, a number that is not finite as a double. */
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

/* The writer. Commas are its business; keys come before values inside objects. One value for each
 * jw_init(), at most JSON_DEPTH deep. Numbers need LC_NUMERIC "C", see i18n.h. */
struct jw { struct buf *out; int depth; bool done; unsigned char state[JSON_DEPTH]; };

void jw_init(struct jw *w, struct buf *out);
void jw_object(struct jw *w);
void jw_end_object(struct jw *w);
void jw_array(struct jw *w);
void jw_end_array(struct jw *w);
void jw_key(struct jw *w, const char *key);

/* A key that is written often, its text worked out once: key and suffix in one, in the arena. */
struct jw_name { const char *text; size_t n; };
struct jw_name jw_name(struct arena *a, const char *key, const char *suffix);
void jw_named(struct jw *w, const struct jw_name *name);        /* as jw_key() */

void jw_str(struct jw *w, const char *s);        /* NULL writes null */
/* Ill-formed bytes become U+FFFD; what text_hidden() is written as \u escapes, so that what is
 * printed can't drive a terminal and still reads back equal. */
void jw_strn(struct jw *w, const char *s, size_t n);
void jw_int(struct jw *w, int64_t v);
void jw_num(struct jw *w, double v);             /* shortest that reads back equal; else null */
void jw_bool(struct jw *w, bool v);
void jw_null(struct jw *w);
void jw_copy(struct jw *w, const struct json *j);   /* a value that was read, with all in it */
void jw_id(struct jw *w, int64_t id);            /* as text; 0 writes null */

#endif
