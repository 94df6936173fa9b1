/* csvwrite.h - CSV out: exports, rejects, `--format csv`.
 *
 * Cells are UTF-8 and end in NUL. A file appears whole or not at all: it is written in the same folder
 * without a name, or where the file system has no such files under another one (mode 0600 less the umask,
 * never through a link), synced, and renamed on commit. Whoever writes holds a lock on it: what a process
 * left that was killed in the middle is removed by the next one that writes the same file.
 *
 * The guard keeps spreadsheets from running a cell as a formula: a cell that begins with = + - @ TAB CR LF
 * or a full-width twin gets an apostrophe in front, unless its column is numeric and it is a number. A cell
 * that already looks guarded gets one more, so csv_unguard() gives back exactly what was there.
 */
#ifndef CORE_DATA_CSVWRITE_H
#define CORE_DATA_CSVWRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

struct csv_style {
    char separator;     /* 0 is ',' */
    bool crlf;          /* line ends CRLF, else LF */
    bool bom;           /* UTF-8 byte order mark first: Excel needs it; not with gb18030 */
    bool guard;         /* off only where a program reads, never a spreadsheet */
    bool quote_all;     /* quotes also where none are needed */
    bool gb18030;       /* files only: written in GB18030, for Excel without a mark */
};

/* What the cell's column holds: only a number may begin with a sign unguarded. */
enum csv_column { CSV_TEXT, CSV_NUMERIC };

/* Appends one cell, guarded and quoted as the style says; separators and line ends are the caller's.
 * An empty cell appends nothing (or "" with quote_all). */
void csv_cell(struct buf *out, const struct csv_style *st, const char *cell, enum csv_column col);

/* Appends a whole row with its line end. One empty cell alone is written "", for it is no empty line. */
void csv_row(struct buf *out, const struct csv_style *st, const char *const *cell, int n);

/* Would the guard put an apostrophe before this text? */
bool csv_risky(const char *cell);

/* The cell without the guard's apostrophe, if it has one: cell or cell + 1. */
const char *csv_unguard(const char *cell);

struct csvwrite;

/* Starts a file; st is copied. What stands at path stays until the commit; it must be a regular file or
 * nothing. Errors: ST_FAILED with export.open (path, reason), export.not_file (path). */
enum status csvwrite_open(const char *path, const struct csv_style *st, struct csvwrite **w, struct err *e);

/* Cells of a row, then its end. Errors of the disk are kept and told by the commit. */
void csvwrite_cell(struct csvwrite *w, const char *cell, enum csv_column col);
void csvwrite_end(struct csvwrite *w);
void csvwrite_row(struct csvwrite *w, const char *const *cell, int n);

/* Rows ended so far, the header included. */
int64_t csvwrite_rows(const struct csvwrite *w);

/* Remembers this place, between two rows; csvwrite_back drops what was written since, without a mark all. */
void csvwrite_mark(struct csvwrite *w);
void csvwrite_back(struct csvwrite *w);

/* Appends text as it stands, for files that are no CSV; between two rows. */
void csvwrite_text(struct csvwrite *w, const char *s, size_t n);

/* All that was written is on the disk, still unseen. ST_FAILED with export.write (path, reason). */
enum status csvwrite_sync(struct csvwrite *w, struct err *e);

/* Makes the file appear and frees w. ST_FAILED with export.write (path, reason) leaves the old file as it
 * was and no other behind. */
enum status csvwrite_commit(struct csvwrite *w, struct err *e);

/* Drops what was written and frees w; NULL allowed. */
void csvwrite_abort(struct csvwrite *w);

#endif
