/* settings.h - INI files and the folders they lie in.
 *
 *     ; comment            # comment
 *     [section]
 *     key = value          ; comment after a blank
 *
 * Blanks around keys and values and before lines do not count; ':' does for '='; a value goes on to
 * the end of its line and no further. UTF-8, with or without BOM, any line end but CR alone. What a
 * key means is the caller's business; a key that comes twice comes twice. Errors name file and
 * line: %1 and %2 of the sentence.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stddef.h>

#include "base/status.h"

struct arena;

enum {
    SETTINGS_MAX = 1 << 20,         /* bytes of a file */
    SETTINGS_LINE = 4096,           /* bytes of a line */
    SETTINGS_SECTION = 49,          /* bytes of a section's name */
    SETTINGS_KEY = 100              /* bytes of a key */
};

struct setting {
    const char *file;               /* as the caller named it */
    const char *section;            /* "" before the first [section] */
    const char *key, *value;
    int line;                       /* from 1 */
};

/* Called for each key in order; the strings live until it returns. Anything but ST_OK ends the
 * reading, and is its result: see settings_fail(). */
typedef enum status settings_each(void *ctx, const struct setting *s, struct err *e);

/* Reads n bytes of text; name is for messages. ST_INVALID "settings.syntax", "settings.utf8",
 * "settings.long" (a line, section or key over the limits above, or 90 blanks in a value), each
 * with file and line; "settings.size" (file, SETTINGS_MAX). */
enum status settings_parse(const char *name, const char *text, size_t n, settings_each *each,
                           void *ctx, struct err *e);

enum {
    SETTINGS_OPTIONAL = 1,  /* a file that is not there is an empty one */
    SETTINGS_TRUSTED = 2    /* refuse a file that others than its owner may write, or whose owner is
                             * neither root nor this user: ST_DENIED "settings.writable" (file) */
};

/* As settings_parse(), from a file. Missing: ST_NOT_FOUND "settings.missing" (file); otherwise
 * unreadable, or no regular file: ST_FAILED "settings.open" (file, reason). */
enum status settings_load(const char *path, unsigned flags, settings_each *each, void *ctx,
                          struct err *e);

/* A flat list of what was read; strings and items are in the arena. */
struct settings { struct arena *arena; struct setting *item; size_t n, cap; };

/* A settings_each whose ctx is a struct settings (all zero but .arena): adds to the list. */
settings_each settings_collect;

/* The value of a key, of the last one if there are several; NULL if there is none. */
const char *settings_get(const struct settings *list, const char *section, const char *key);

/* Writes the list, in its order, to path: whole or not at all (a new file is renamed over the old
 * one), mode 0600. For the program's own state; comments of an older file are gone. ST_INVALID
 * "settings.value" (file, key) for what an INI line can't hold; ST_FAILED "settings.write" (file,
 * reason). */
enum status settings_save(const char *path, const struct settings *list, struct err *e);

/* ST_INVALID with the parameters file, line, key, value: for a settings_each that finds fault. */
enum status settings_fail(struct err *e, const struct setting *s, const char *code);

/* The user's folders (XDG base directories, with /gonghai added). */
enum settings_dir { DIR_CONFIG, DIR_DATA, DIR_STATE, DIR_RUNTIME };

/* The folder, or the file `name` in it if name is not NULL; in the arena. NULL when there is none:
 * no home, or for DIR_RUNTIME no XDG_RUNTIME_DIR that is this user's alone. Makes nothing. */
char *settings_path(struct arena *a, enum settings_dir dir, const char *name);

/* Makes the folder and those above it, mode 0700. ST_FAILED "settings.dir" (folder, reason). */
enum status settings_make_dir(enum settings_dir dir, struct err *e);

#endif
