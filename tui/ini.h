/* ini.h - INI text for themes and keymaps, with file and line of the first mistake. */
#ifndef TUI_INI_H
#define TUI_INI_H

#include "base/status.h"

/* Takes one line `name = value` of a section. Returns NULL, or says in plain English what is wrong with it; the words
 * live until the next call. */
typedef const char *ini_line(void *self, int line, const char *section, const char *name, const char *value);

/* Reads the text; stops taking lines at the first mistake: ST_INVALID `code` (params: file, line, what). */
enum status ini_read(const char *file, const char *text, const char *code, ini_line *take, void *self, struct err *e);

/* The text of a file of at most 64 KiB in memory of the caller (free()). ST_FAILED `code` (params: file, reason). */
enum status ini_slurp(const char *file, const char *code, char **text, struct err *e);

#endif
