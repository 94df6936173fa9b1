#include "views/api.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/model/record.h"
#include "views/console.h"

/* ---- workers ------------------------------------------------------------------------------------------ */

struct api_worker { struct app *app; struct backend *backend; };

static void *worker_open(void *arg, enum worker which)
{
    (void)which;
    struct api_worker *w = xcalloc(1, sizeof *w);
    w->app = arg;
    return w;
}

static void worker_close(void *arg, void *worker)
{
    (void)arg;
    struct api_worker *w = worker;
    backend_close(w->backend);
    free(w);
}

/* Every job of the console is a struct api_job. */
static void worker_interrupt(void *arg, void *worker, struct job *j)
{
    (void)arg;
    (void)worker;
    atomic_store(&((struct api_job *)(void *)j)->stop, true);
}

const struct work_ops api_work = { .open = worker_open, .close = worker_close,
                                   .interrupt = worker_interrupt };

/* ---- making a job ------------------------------------------------------------------------------------- */

static void job_run(struct job *job, void *worker)
{
    struct api_job *j = (struct api_job *)(void *)job;
    j->worker = worker;
    if (job_cancelled(job))
        atomic_store(&j->stop, true);
    if (j->work) {
        j->work(j);
        return;
    }
    for (int i = 0; i < j->nsteps; i++)
        api_call(j, i);
}

static unsigned job_done(struct job *job)
{
    struct api_job *j = (struct api_job *)(void *)job;
    unsigned bits = app_heard(j->app, api_error(j));
    return bits | (j->done ? j->done(j->self, j) : 0);
}

static unsigned job_progress(struct job *job)
{
    struct api_job *j = (struct api_job *)(void *)job;
    return j->progress ? j->progress(j->self, j) : 0;
}

static void job_free(struct job *job)
{
    struct api_job *j = (struct api_job *)(void *)job;
    if (j->released)
        j->released(j->self);
    arena_free(&j->mem);
    free(j);
}

struct api_job *api_new(struct ui *ui, const void *owner, uint32_t generation, api_done *done, void *self)
{
    struct api_job *j = xcalloc(1, sizeof *j);
    j->job = (struct job){ .run = job_run, .done = job_done, .progress = job_progress, .free = job_free,
                           .owner = owner,
                           .generation = generation };
    j->app = app_of(ui);
    j->done = done;
    j->self = self;
    return j;
}

/* One a user's action and process, whatever the clock that is shown. */
static void make_key(struct api_job *j)
{
    static unsigned made;           /* UI thread only */
    snprintf(j->key, sizeof j->key, "console-%lx-%llx-%x", (unsigned long)getpid(),
             (unsigned long long)clock_real(), ++made);
}

int api_add(struct api_job *j, const char *op)
{
    assert(j->nsteps < API_STEPS);
    struct api_step *s = &j->step[j->nsteps];
    s->op = op_find(op);
    assert(s->op);
    s->in = s->op->in ? record_new(s->op->in, &j->mem) : NULL;
    s->out = s->op->many == OUT_MANY ? arena_alloc(&j->mem, sizeof(struct page))
             : s->op->out            ? record_new(s->op->out, &j->mem)
                                     : NULL;
    s->err.status = ST_CANCELLED;
    if (s->op->kind == OP_WRITE && !j->key[0])
        make_key(j);
    return j->nsteps++;
}

static const struct field *input(struct api_job *j, int step, const char *name)
{
    assert(step >= 0 && step < j->nsteps);
    const struct field *f = record_field(j->step[step].op->in, name);
    assert(f);
    return f;
}

void api_set_int(struct api_job *j, int step, const char *field, int64_t v)
{
    *field_int(input(j, step, field), j->step[step].in) = v;
}

void api_set_text(struct api_job *j, int step, const char *field, const char *v)
{
    *field_text(input(j, step, field), j->step[step].in) = v && *v ? arena_strdup(&j->mem, v) : NULL;
}

void api_set_ref(struct api_job *j, int step, const char *field, int64_t id)
{
    *field_ref(input(j, step, field), j->step[step].in) = (struct ref){ .id = id };
}

void api_set_code(struct api_job *j, int step, const char *field, const char *code)
{
    *field_ref(input(j, step, field), j->step[step].in) =
        (struct ref){ .code = code && *code ? arena_strdup(&j->mem, code) : NULL };
}

void api_set_several(struct api_job *j, int step, const char *field, int64_t id, const char *code)
{
    struct ref *one = arena_new(&j->mem, struct ref);
    *one = (struct ref){ .id = id, .code = id ? NULL : arena_strdup(&j->mem, code) };
    *field_refs(input(j, step, field), j->step[step].in) = (struct refs){ one, 1 };
}

void api_set_seen(struct api_job *j, int step, const char *field, const int64_t *ids,
                  const int64_t *versions, size_t n)
{
    const struct field *f = input(j, step, field);
    assert(f->type == F_LIST && f->rec);
    const struct field *id = record_field(f->rec, "id"), *version = record_field(f->rec, "version");
    char *items = arena_calloc(&j->mem, n, f->rec->size);
    for (size_t i = 0; i < n; i++) {
        char *item = items + i * f->rec->size;
        record_empty(f->rec, item);
        *field_int(id, item) = ids[i];
        *field_int(version, item) = versions[i];
    }
    *field_list(f, j->step[step].in) = (struct list){ items, n };
}

void api_set_row(struct api_job *j, int step, const char *field, const char *const *texts)
{
    const struct field *f = input(j, step, field);
    assert(f->type == F_LIST && f->rec);
    void *row = record_new(f->rec, &j->mem);
    for (; *texts; texts += 2) {
        const struct field *member = record_field(f->rec, texts[0]);
        assert(member);
        *field_text(member, row) = *texts[1] ? arena_strdup(&j->mem, texts[1]) : NULL;
    }
    *field_list(f, j->step[step].in) = (struct list){ row, 1 };
}

void api_post(struct api_job *j, enum worker which)
{
    work_post(ui_work(j->app->ui), which, &j->job);
}

void api_stop(struct api_job *j)
{
    atomic_store(&j->stop, true);
}

/* ---- carrying out, on the worker ---------------------------------------------------------------------- */

static void report(void *arg, int64_t done, int64_t total)
{
    struct api_job *j = arg;
    job_report(&j->job, done, total);
}

static enum status reach(struct api_job *j, struct err *e)
{
    if (j->worker->backend)
        return ST_OK;
    return backend_open(&j->app->config, &j->worker->backend, e);
}

enum status api_call(struct api_job *j, int step)
{
    struct api_step *s = &j->step[step];
    char key[64];
    if (atomic_load(&j->stop) && s->op->kind != OP_WRITE)
        return s->err.status = ST_CANCELLED;
    err_clear(&s->err);
    enum status st = reach(j, &s->err);
    if (st)
        return st;
    snprintf(key, sizeof key, "%s-%d", j->key, step);
    struct call call = { .op = s->op,
                         .in = s->in,
                         .key = s->op->kind == OP_WRITE ? key : NULL,
                         .cancel = s->op->kind == OP_WRITE ? NULL : &j->stop,
                         .progress = s->op->kind == OP_JOB || j->progress ? report : NULL,
                         .progress_arg = j };
    st = backend_call(j->worker->backend, &call, &j->mem, s->out, &s->err);
    s->err.status = st;
    return st;
}

/* ---- answers ------------------------------------------------------------------------------------------ */

const struct err *api_error(const struct api_job *j)
{
    for (int i = 0; i < j->nsteps; i++)
        if (j->step[i].err.status != ST_OK)
            return &j->step[i].err;
    return NULL;
}

int64_t record_int(const struct record *r, const void *rec, const char *field)
{
    const struct field *f = record_field(r, field);
    assert(f);
    return *field_int(f, (void *)(uintptr_t)rec);
}

const char *record_word(const struct record *r, const void *rec, const char *field)
{
    const struct field *f = record_field(r, field);
    assert(f);
    return *field_text(f, (void *)(uintptr_t)rec);
}

int64_t api_int(const struct api_job *j, int step, const char *field)
{
    const struct api_step *s = &j->step[step];
    return s->err.status == ST_OK ? record_int(s->op->out, s->out, field) : NONE;
}

const char *api_text(const struct api_job *j, int step, const char *field)
{
    const struct api_step *s = &j->step[step];
    return s->err.status == ST_OK ? record_word(s->op->out, s->out, field) : NULL;
}

const void *api_rows(const struct api_job *j, int step, size_t *n)
{
    const struct api_step *s = &j->step[step];
    const struct page *page = s->out;
    *n = s->err.status == ST_OK ? page->rows.n : 0;
    return *n ? page->rows.items : NULL;
}
