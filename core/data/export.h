/* export.h - lists into files: CSV or JSON by the file's ending, masked as the caller's screens
 * are, and recorded. */
#ifndef CORE_DATA_EXPORT_H
#define CORE_DATA_EXPORT_H

#include "core/guard/op.h"

struct export_in {
    const char *file;           /* .csv or .json, on the machine that carries it out */
    const char *where, *sort, *columns;
    int64_t bom;                /* 1: with a byte order mark, for Excel */
    /* 1: phone, e-mail and id number in clear: needs the right to reveal, and a reason */
    int64_t clear;
    const char *reason;
};
struct export_out { int64_t rows; };

extern const struct record export_in_record, export_out_record;

/* NOUN.export for every noun that may leave the house. */
extern const struct op export_ops[];

#endif
