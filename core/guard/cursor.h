/* cursor.h - a place in a list, sealed: a text that a caller keeps and gives back, and can neither read
 * nor change.
 *
 * A place has values of a row, names that the caller sees masked among them. So it travels under the
 * database's key as every sealed value does (core/guard/keys.h), in base64url; a former key opens it
 * still. It is bound to its list: of another list, order or condition it is refused, as is one that was
 * changed or cut. Its length tells the place's only by steps of 64 bytes. Equal places give equal
 * cursors, so that equal questions have equal answers.
 */
#ifndef CORE_GUARD_CURSOR_H
#define CORE_GUARD_CURSOR_H

#include "core/guard/ctx.h"

/* Bytes of a place at most, and of the text that stands for it. */
enum { CURSOR_PLACE = 2880, CURSOR_MAX = 4000, CURSOR_LIST = 32 };

/* What it is a place of: noun or operation, and order and condition as they were given. NULL is "". */
struct cursor_list {
    const char *name, *order, *where;
    char digest[2 * CURSOR_LIST + 1];   /* of these, worked out at first use; "" before */
};

/* The cursor, in the arena. place has no NUL and at most CURSOR_PLACE bytes (assert). */
const char *cursor_seal(const struct ctx *c, struct cursor_list *list, const char *place);

/* The place again, in the arena; NULL and ST_INVALID "list.cursor" (field cursor) for anything but a cursor
 * that cursor_seal() made for this list. */
const char *cursor_open(const struct ctx *c, struct cursor_list *list, const char *cursor);

#endif
