/* out.h - stdout and stderr of the command line.
 *
 * Data (CSV, JSON) is UTF-8 whatever the locale. Text for people is in the locale's encoding; what
 * that lacks becomes '?'.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* Appends to stdout. The text has been cleaned by whoever made it. */
void out_data(const char *s, size_t n);
void out_text(const char *s);
void out_textf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Writes to stderr at once. */
void say(const char *s);
void sayf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Flushes stdout: ST_FAILED "cli.stdout" (reason) if anything was lost since the start. */
enum status out_end(struct err *e);

/* Columns of the terminal on stdout; 0 when it is none. */
int out_columns(void);
bool out_is_terminal(void);

/* A word of argv, typed in the locale's encoding, as UTF-8 in malloc'd memory; NULL when it is
 * ill-formed. */
char *in_utf8(const char *word);

#endif
