/* csvread.h - a streaming reader of tables: one record at a time, in constant memory.
 *
 * What was given comes out unchanged: blanks stay, quotes inside an unquoted cell stay, line ends inside a
 * quoted cell stay. Blanks between a separator and a quote belong to no cell. CR, LF and CRLF all end a
 * record; empty lines are no records. The encoding is decode.h's business, the dialect sniff.h's.
 *
 * A record can be at fault alone; then row.code says why and the file goes on:
 *   import.extra_cells   more cells than columns, and something in them (empty ones at the end are dropped)
 *   import.quote         text after a closing quote; the record ends with its line, and the last cell holds
 *                        the rest of the line as it stands
 * The file is refused (-1 and *e, ST_FAILED) for the errors of decode.h and sniff.h, and:
 *   import.empty                 no record at all, not even a header
 *   import.header                the header row itself has a quote at fault (line)
 *   import.conflict (line)       a merge conflict marker at the start of a line, however late
 *   import.unclosed_quote (line) a quoted cell is still open at the end: the line where it begins
 *   import.cell_size (line)      a cell longer than CSV_CELL_MAX, often a quote that never closes
 *   import.row_size (line)       a record longer than CSV_ROW_MAX
 *   import.columns (line)        more than CSV_COLUMNS_MAX cells in a record
 * A reader that refused says so again at every call until rewound. Not shared between threads.
 */
#ifndef CORE_DATA_CSVREAD_H
#define CORE_DATA_CSVREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "core/data/decode.h"
#include "core/data/sniff.h"

enum { CSV_CELL_MAX = 1 << 20, CSV_ROW_MAX = 2 << 20, CSV_COLUMNS_MAX = 4096 };

struct csvread;

struct csv_opts {
    const char *encoding;   /* NULL finds it */
    char separator;         /* 0 finds it */
    bool no_header;         /* columns are named "1", "2", ... and the first record is data */
    bool unguard;           /* the file is our own export: takes back csv_unguard()'s apostrophe */
};

struct csv_row {
    const char *const *cell;    /* n cells, UTF-8, ending in NUL; valid until the next call */
    int n;                      /* at least csvread_columns(): what is missing is "" */
    int given;                  /* cells that stand in the file, without dropped ones */
    int64_t record;             /* counts from 1; the header is not counted */
    int64_t line;               /* the line of the file where the record begins, from 1 */
    const char *code;           /* NULL, or why this record can't be taken; static */
};

/* Opens a table and reads its header. opts NULL is all zero. *r is freed with csvread_close(). */
enum status csvread_open(const char *path, const struct csv_opts *opts, struct csvread **r, struct err *e);
void csvread_close(struct csvread *r);

/* Returns 1 and fills *row; 0 at the end; -1 with *e when the file is refused. */
int csvread_next(struct csvread *r, struct csv_row *row, struct err *e);

/* Back to the first record of data: a second pass sees the same rows under the same numbers. */
enum status csvread_rewind(struct csvread *r, struct err *e);

/* The header, trimmed. csvread_find gives the first column of that exact name, or -1. csvread_twin gives
 * an earlier column of the same name as column i, or -1: a name used twice. An empty name is "". */
int csvread_columns(const struct csvread *r);
const char *csvread_name(const struct csvread *r, int i);
int csvread_find(const struct csvread *r, const char *name);
int csvread_twin(const struct csvread *r, int i);

/* What was found: for the preview, and for a rejects file in the same dialect. */
const struct dialect *csvread_dialect(const struct csvread *r);
const char *csvread_encoding(const struct csvread *r);
bool csvread_bom(const struct csvread *r);

/* Bytes of the file. */
int64_t csvread_total(const struct csvread *r);

/* SHA-256 of the file as it lies there. */
enum status csvread_sha256(const struct csvread *r, char out[SHA256_TEXT], struct err *e);

#endif
