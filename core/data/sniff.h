/* sniff.h - what a file is: no table at all, or a table in which dialect. Looks at a prefix only.
 *
 * Pure functions. Refusals are ST_FAILED: import.xlsx (a workbook: export it as CSV), import.pdf,
 * import.binary, import.html, import.xml, import.lfs (the file itself was never fetched), import.conflict
 * (line).
 */
#ifndef CORE_DATA_SNIFF_H
#define CORE_DATA_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Looks at the first bytes as they stand in the file: workbooks, PDF, archives, pictures, databases. */
enum status sniff_bytes(const void *p, size_t n, struct err *e);

/* Looks at the first decoded text: web pages, XML, pointers, merge conflicts. */
enum status sniff_text(const char *s, size_t n, struct err *e);

/* Is this line a marker that git leaves in a conflict? s is the line's beginning: at least SNIFF_HEAD bytes,
 * or the whole line with its line end. `quoted` says that the line starts inside a quoted cell, where a row
 * of equals signs is somebody's text. */
enum { SNIFF_HEAD = 8 };
bool sniff_conflict(const char *s, size_t n, bool quoted);

enum newline { NEWLINE_LF, NEWLINE_CRLF, NEWLINE_CR };

struct dialect {
    char separator;         /* ',' ';' '\t' '|', or what the sep= line names */
    enum newline newline;   /* of the first line; the reader takes all three anywhere */
    bool sep_line;          /* the first line is Excel's "sep=;" and no row */
};

/* Finds the dialect of a table by reading the prefix with each separator: the one with which most of the
 * first records have as many cells as the first, and at least two; at a tie tab, bar, semicolon, comma in
 * this order. Comma when there is only one column. `whole`: the prefix is the whole file. */
void sniff_dialect(const char *s, size_t n, bool whole, struct dialect *d);

#endif
