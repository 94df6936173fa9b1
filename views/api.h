/* api.h - operations called from screens: inputs are copied into a job, a worker carries them out, the
 * answer comes back on the UI thread.
 *
 *     struct api_job *j = api_new(ui, &view->counts, 0, got_count, view);
 *     api_set_text(j, api_add(j, "lead.count"), "where", "owner = me");
 *     api_post(j, WORK_SCANS);
 *
 * Fields are named, so that screens need no header of an engine. An answer whose owner went or raised its
 * generation (work.h) is dropped. Writes carry an Idempotency-Key. All functions run on the UI thread but
 * those marked otherwise.
 */
#ifndef VIEWS_API_H
#define VIEWS_API_H

#include <stdatomic.h>

#include "core/api/backend.h"
#include "tui/ui.h"
#include "tui/work.h"

struct app;
struct api_job;

/* Reaction bits. The job's arena and everything in it go after it returns. */
typedef unsigned api_done(void *self, struct api_job *j);

struct api_step {
    const struct op *op;
    void *in;                       /* record of op->in */
    void *out;                      /* record of op->out, or a struct page; in the job's arena */
    struct err err;                 /* status ST_OK when it went well; ST_CANCELLED when it was not tried */
};

enum { API_STEPS = 32 };

struct api_job {
    struct job job;
    struct arena mem;
    struct app *app;
    struct api_step step[API_STEPS];
    int nsteps;
    /* Instead of one step after another; worker thread: it calls api_call() and nothing of the screen. */
    void (*work)(struct api_job *j);
    void *data;                     /* of work() */
    api_done *done;
    void (*released)(void *self);   /* when the job goes, done or not; UI thread */
    unsigned (*progress)(void *self, struct api_job *j);
    void *self;
    /* Of api.c. */
    struct api_worker *worker;
    atomic_bool stop;
    char key[48];
};

/* A job whose answer goes to done(self, job). owner and generation are those of work.h. */
struct api_job *api_new(struct ui *ui, const void *owner, uint32_t generation, api_done *done, void *self);

/* Adds a call; returns its number. At most API_STEPS. The operation exists (assert). */
int api_add(struct api_job *j, const char *op);

/* Fields of the step's input, by name (assert); text is copied, "" and NULL leave it empty. A reference is
 * given by id or by code. */
void api_set_int(struct api_job *j, int step, const char *field, int64_t v);
void api_set_text(struct api_job *j, int step, const char *field, const char *v);
void api_set_ref(struct api_job *j, int step, const char *field, int64_t id);
void api_set_code(struct api_job *j, int step, const char *field, const char *code);
/* References to several: the one row, by id, or by code where the id is 0. */
void api_set_several(struct api_job *j, int step, const char *field, int64_t id, const char *code);
/* A list of records that begin with id and version: leads as they were seen. */
void api_set_seen(struct api_job *j, int step, const char *field, const int64_t *ids,
                  const int64_t *versions, size_t n);

/* A list of one record: its texts as NAME, VALUE, ..., NULL. */
void api_set_row(struct api_job *j, int step, const char *field, const char *const *texts);

void api_post(struct api_job *j, enum worker which);

/* Asks a running job to stop between two of its steps; its answer still comes, with ST_CANCELLED. */
void api_stop(struct api_job *j);

/* In work(), worker thread: carries the step out. */
enum status api_call(struct api_job *j, int step);

/* --- answers --- */
/* The first step that went wrong, or NULL. */
const struct err *api_error(const struct api_job *j);
/* A member of a step's output; NONE or NULL where it is empty or the step failed. */
int64_t api_int(const struct api_job *j, int step, const char *field);
const char *api_text(const struct api_job *j, int step, const char *field);
/* Rows of a list operation, of the type that the operation's noun has; NULL with *n 0 when it failed. */
const void *api_rows(const struct api_job *j, int step, size_t *n);
/* A member of any record by its table: of rows whose struct no screen knows. */
int64_t record_int(const struct record *r, const void *rec, const char *field);
const char *record_word(const struct record *r, const void *rec, const char *field);

/* --- of the console: how workers get their backends --- */
extern const struct work_ops api_work;      /* its argument is the struct app */

#endif
