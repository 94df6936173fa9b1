/* out.h - stdout and stderr of the command line.
 *
 * Text for people, and whatever goes to a terminal, is cleaned here (text_clean(), line ends stay) and is
 * in the locale's encoding: no caller has to think of it, and data can't drive the terminal. Data (CSV,
 * JSON) that goes to a file or a pipe is UTF-8 whatever the locale, byte for byte.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stddef.h>

#include "base/status.h"

/* Appends to stdout; data in whole characters. */
void out_data(const char *s, size_t n);
void out_text(const char *s);
void out_textf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Appends one line, its end included, to stdout. Line ends within become blanks: what stands in the data
 * can't look like a line of its own. */
void out_line(const char *s);
void out_linef(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Writes to stderr at once. */
void say(const char *s);
void sayf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same over the line at hand, then so many blanks. */
void say_over(const char *s, int blanks);

/* Flushes stdout: ST_FAILED "cli.stdout" (reason) if anything was lost since the start. */
enum status out_end(struct err *e);

/* Columns of the terminal on stdout; 0 when it is none. */
int out_columns(void);

/* A word of argv, typed in the locale's encoding, as UTF-8 in malloc'd memory; NULL when it is
 * ill-formed. */
char *in_utf8(const char *word);

#endif
