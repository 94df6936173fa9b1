/* importer.h - what the files of the import share. Private to core/data. */
#ifndef CORE_DATA_IMPORTER_H
#define CORE_DATA_IMPORTER_H

#include "core/data/cell.h"
#include "core/data/csvread.h"
#include "core/data/csvwrite.h"
#include "core/data/import.h"
#include "core/data/importbulk.h"
#include "core/data/job.h"
#include "core/pool/pool.h"

/* Words of a column to the rows that they name: each word is looked up once. */
struct wordmap { struct word *slots; size_t nslots, n; };
struct word { const char *text; int64_t id; };
struct pending_word { struct wordmap *words; const char *text; int64_t id; };

/* One mapped column. */
struct column {
    int col;                        /* in the file */
    const char *header;
    const struct field *field;      /* NULL: a custom field */
    const char *key, *type;         /* of a custom field; type as mapped, or NULL until inferred */
    const char *label;              /* of a custom field whose name is not of ASCII: the name */
    const struct attr_def *attr;    /* once it exists */
    bool finds;                     /* a row is known again by it */
    struct cell_guess guess;
    struct wordmap words;
};

struct importer;

/* What a kind does with a row of the file. Returns ST_OK and *what (created, updated, skipped), or the
 * refusal. */
enum outcome_kind { ROW_CREATED, ROW_UPDATED, ROW_SKIPPED };

struct import_kind {
    struct job_ops job;             /* first: what local.c sees */
    const struct noun *noun;        /* whose fields a map may name */
    const char *create;             /* the operation that makes one; NULL: row does it */
    bool changes;                   /* whatever the mode, its rows change leads */
    enum right right;
    enum status (*row)(struct importer *m, const struct csv_row *row, enum outcome_kind *what);
    bool bulk;                      /* may load an empty table without its indexes */
    bool lazy;                      /* row calls import_guard itself, when it is about to write */
};

struct importer {
    struct arena mem;               /* lives as long as the job */
    struct ctx *c;                  /* of the step that runs */
    const struct import_kind *kind;
    struct import_in in;
    struct csvread *reader;
    char sha256[SHA256_TEXT];
    struct column *columns;
    size_t ncolumns;
    struct date_orders dates;
    enum date_order order;
    bool prepared, past;
    bool guarded;                   /* the row at hand has its savepoint */
    struct pending_word *pending;   /* words of the row at hand, kept if it is taken */
    size_t npending, pending_cap;
    struct bulk *bulk;              /* a load into empty tables; NULL: row by row */
    struct gram_due *due;           /* names whose grams are being written */
    bool naming, ended;             /* it is their turn; all rows are done */
    int64_t waiting;                /* names since the last such turn */
    int64_t names_upto;             /* those of this turn: of leads up to that id */
    int64_t found;                  /* rows of the file, from the first pass */
    /* what had changed when progress was last written, and when (monotonic, us) */
    int64_t told, told_at;
    struct csvwrite *rejects;
    const char *rejects_path;       /* NULL in a dry run */
    struct import batch;            /* the import row as it will be */
    struct import saved;            /* as it was last committed; head.id 0: not yet */
    /* id, state and next_row of the last import of the same file when start looked; id 0: none */
    struct import last;
    bool lost;                      /* another process has taken the import over */
    char first_code[48];
    int64_t denied;                 /* rows of this run that the caller may not write, or see */
    int64_t resume;                 /* rows that an earlier, broken run has done */
    struct db *scratch;             /* of a dry run: where its rows go; NULL else */
    struct db *real;                /* of a dry run: what is read only; NULL else */

    struct shape shape;             /* of the noun, with its custom fields */
    struct row_writer *writer;      /* of leads */
    const struct field *phone;      /* of leads */
    const struct field *attr;       /* where the kind's custom fields are; NULL: it has none */
    struct attrs *deal_attrs;       /* of the row at hand: columns of its lead */
    struct lead_defaults defaults;
};

/* importmap.c: which column fills which field; the first pass over the file. */
enum status import_map(struct importer *m, struct ctx *c);
enum status import_scan(struct importer *m, struct ctx *c);
/* In the first step's transaction: custom fields that are missing are made; then every column has
 * its field. */
enum status import_attrs(struct importer *m);

/* import.c: to be called before the row at hand writes anything: a row that is refused half way
 * leaves nothing. */
enum status import_guard(struct importer *m);
/* The same before --create-missing makes what the row names: in a bulk load too, where it may be
 * refused after that. */
enum status import_guard_made(struct importer *m);

/* importdry.c: one step of a dry run, inside a read of c->db: `rows` is carried out with the scratch
 * database in its place. */
enum status import_dry_step(struct importer *m, bool *more,
                            enum status (*rows)(struct ctx *c, struct importer *m, bool *more));
/* Brings into the scratch database the leads and persons that a row may meet; the lead that a cell
 * names (other nouns are there); one of the leads that hang on a branch or employee. */
enum status import_lift_lead(struct importer *m, const struct lead *l);
enum status import_lift_named(struct importer *m, const struct noun *n, const char *word);
enum status import_lift_hanging(struct importer *m, int64_t id);

/* importreject.c: rows that are refused. They go to a file, and stand in import_reject until that
 * is whole: a run that takes up a broken one writes them into its own. Both in start: may there be
 * such a file (what is something else is never replaced); and can it be written? */
enum status reject_check(struct importer *m, struct ctx *c);
enum status reject_begin(struct importer *m, struct ctx *c);
enum status reject_row(struct importer *m, const struct csv_row *row, const struct err *why);
/* Passes over the rows that the broken run did, and refuses again what it refused. */
enum status reject_resume(struct importer *m, struct ctx *c);
/* The step was committed, or is about to be. */
void reject_mark(struct importer *m);
/* Ends the file. how: as the import ended. *path: what was written, NULL for nothing. */
enum status reject_end(struct importer *m, enum status how, const char **path);

/* importcell.c: a row of cells into a record of the noun. */
void *import_record_of(struct importer *m, const struct csv_row *row);      /* NULL: with the error */
/* The same in two parts: what a row is known again by, and the rest, which need not be looked at where
 * what is there stays as it is. */
enum status import_record_begin(struct importer *m, const struct csv_row *row, void *rec);
enum status import_record_end(struct importer *m, const struct csv_row *row, void *rec);
/* At the end of a row that had its savepoint: the words that it looked up are kept, or forgotten
 * when it was refused. */
void import_keep_words(struct importer *m, bool keep);

/* importlead.c */
enum status import_lead_row(struct importer *m, const struct csv_row *row, enum outcome_kind *what);
enum status import_deal_row(struct importer *m, const struct csv_row *row, enum outcome_kind *what);

/* importnoun.c: rows of plain nouns, by their own create and change operations. */
enum status import_noun_row(struct importer *m, const struct csv_row *row, enum outcome_kind *what);
/* Makes a row with code = name = word for a reference that is missing; *id 0 when its kind is never
 * made so. */
enum status import_make(struct importer *m, const char *noun, const char *word, int64_t *id);

/* The sentence beside a refused row; set once by core/api, which words errors. */
const char *import_sentence(struct arena *a, const struct err *why);

/* The operation of that name among those of the engines below. */
const struct op *import_op(const char *name);

#endif
