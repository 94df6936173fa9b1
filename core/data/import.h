/* import.h - files into nouns: one job for all kinds (contract: import).
 *
 * start reads the whole file once: it is refused here, whole, or its mapping, date order and types
 * of custom fields are settled. The steps then take rows. Into an empty table of leads all rows are
 * one transaction and the indexes are built after; into a table in use each step holds the write
 * lock at most OP_STEP_MS. What a row is refused for goes to the rejects file, with the row.
 */
#ifndef CORE_DATA_IMPORT_H
#define CORE_DATA_IMPORT_H

#include "core/guard/op.h"
#include "core/model/nouns.h"

struct import_in {
    const char *file;           /* path on the machine that carries it out */
    /* "FIELD=COLUMN,attr.KEY:number=COLUMN"; NULL: headers that are field names */
    const char *map;
    const char *mode;           /* create, update, upsert */
    const char *on_duplicate;   /* skip, update, error */
    const char *encoding, *dates;
    int64_t create_missing, no_header, again, dry_run;
    int64_t strip_guard;        /* 1: the file is our own export */
    const char *rejects;        /* where refused rows go; NULL: FILE.rejects.csv */
};

struct import_out {
    int64_t id;                 /* of the import row; 0 after a dry run */
    int64_t rows, created, updated, skipped, rejected;
    const char *rejects;        /* NULL when nothing was refused */
    const char *first_code;     /* why the first refused row was, for a preview */
};

extern const struct record import_in_record, import_out_record;

/* Rejects files carry sentences, and those are worded above (core/api/sentence.h): who starts a
 * backend says how. NULL: codes only. */
void import_words(const char *(*sentence)(struct arena *a, const struct err *e));

/* One for each KIND: lead.import, deal.import, branch.import, employee.import, channel.import,
 * product.import. */
extern const struct op import_ops[];

#endif
