#include "core/api/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "core/api/wire.h"
#include "core/data/csvwrite.h"
#include "core/data/export.h"
#include "core/data/import.h"

enum {
    ASK_MS = 10000,             /* a question how far it is */
    LOOK_MS = 20,               /* before the first, and longer each time */
    LOOK_MOST_MS = 500,
    LOST_MOST = 8,              /* questions in a row without an answer */
    END_MS = 30000,             /* so long a cancelled job may take for its step */
    FILE_SILENCE_MS = 30000,
    ID_MOST = 64
};

/* ---- how it ends -------------------------------------------------------------------------------------- */

/* Goes into a path as it stands. */
static bool is_id(const char *s)
{
    size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") : 0;
    return n && n <= ID_MOST && !s[n];
}

/* A member as a document of its own, as if it had been the answer. */
static bool take_member(const struct json *j, const char *key, struct buf *out)
{
    struct jw w;
    const struct json *member = json_get(j, key);
    if (!member || json_type(member) != JSON_OBJECT)
        return false;
    jw_init(&w, out);
    jw_copy(&w, member);
    return true;
}

struct follow {
    struct remote *r;
    const struct call *call;
    struct arena *a;
    void *out;
    struct err *e;
    char id[ID_MOST + 1];
    int64_t done, total;
    bool cancelled;
    int64_t cancelled_at;
};

static enum status no_reply(struct follow *f)
{
    return fail(f->e, ST_UNREACHABLE, "server.reply", "200", NULL);
}

/* The id of the file that the job left, for jobs_run(). */
static void keep_files(struct follow *f, const struct json *j)
{
    const struct json *files = json_get(j, "files");
    bool any = files && json_type(files) == JSON_OBJECT;
    for (const struct json *x = any ? json_first(files) : NULL; x; x = json_next(x))
        if (f->r->file.field && strcmp(json_key(x), f->r->file.field) == 0 && is_id(json_string(x)))
            snprintf(f->r->file.id, sizeof f->r->file.id, "%s", json_string(x));
}

/* What was done until it failed is in out too. */
static enum status ended(struct follow *f, const struct json *j, bool good)
{
    struct buf reply = BUF_INIT, problem = BUF_INIT;
    bool has_reply = take_member(j, "reply", &reply), has_problem = take_member(j, "problem", &problem);
    enum status st = ST_OK;
    keep_files(f, j);
    if (has_reply)
        st = remote_read(f->r, f->call, &reply, f->a, f->out, f->e);
    else if (good && f->call->op->many != OUT_NONE)
        st = no_reply(f);
    if (!good && has_problem) {
        struct err why = { 0 };
        wire_read_problem(200, problem.s, problem.len, &why);
        *f->e = why;
        st = why.status;
    } else if (!good) {
        st = no_reply(f);
    }
    buf_release(&reply);
    buf_release(&problem);
    return st;
}

/* ---- following it ------------------------------------------------------------------------------------- */

static int64_t count_of(const struct json *j, const char *key)
{
    double v = json_number(json_get(j, key));
    return v >= 0 && v < 1e15 ? (int64_t)v : 0;
}

static void tell(struct follow *f, const struct json *j)
{
    int64_t done = count_of(j, "done"), total = count_of(j, "total");
    if (f->call->progress && (done != f->done || total != f->total))
        f->call->progress(f->call->progress_arg, done, total);
    f->done = done;
    f->total = total;
}

/* *over: it has ended, as the result says. */
static enum status look(struct follow *f, bool *over)
{
    char path[ID_MOST + 32];
    struct json *j = NULL;
    snprintf(path, sizeof path, "/v1/jobs/%s", f->id);
    struct ask ask = { .method = "GET", .path = path, .limit_ms = ASK_MS, .from = -1 };
    enum status st = remote_send(f->r, &ask, f->e);
    if (st)
        return st;
    const struct buf *body = &f->r->answer.body;
    if (json_parse(body->s, body->len, &j, NULL))
        return no_reply(f);
    const char *state = json_string(json_get(j, "state"));
    tell(f, j);
    *over = state && (strcmp(state, "done") == 0 || strcmp(state, "failed") == 0);
    st = !state ? no_reply(f) : *over ? ended(f, j, strcmp(state, "done") == 0) : ST_OK;
    json_free(j);
    return st;
}

static void pass_on_cancel(struct follow *f)
{
    char path[ID_MOST + 32];
    struct err e;
    if (f->cancelled || !f->call->cancel || !atomic_load(f->call->cancel))
        return;
    f->cancelled = true;
    f->cancelled_at = clock_mono();
    snprintf(path, sizeof path, "/v1/jobs/%s/cancel", f->id);
    struct ask ask = { .method = "POST", .path = path, .body = "{}", .nbody = 2, .limit_ms = ASK_MS,
                       .from = -1, .header = { "Content-Type: " WIRE_JSON } };
    remote_send(f->r, &ask, &e);
}

static bool read_job(struct follow *f)
{
    struct json *j = NULL;
    const struct buf *body = &f->r->answer.body;
    bool good = json_parse(body->s, body->len, &j, NULL) == ST_OK && is_id(json_string(json_get(j, "job")));
    if (good)
        snprintf(f->id, sizeof f->id, "%s", json_string(json_get(j, "job")));
    json_free(j);
    return good;
}

/* An answer that is lost on the way is asked for again: the job goes on without us. */
enum status jobs_follow(struct remote *r, const struct call *call, struct arena *a, void *out, struct err *e)
{
    struct follow f = { .r = r, .call = call, .a = a, .out = out, .e = e };
    bool over = false;
    enum status st = ST_OK;
    if (!read_job(&f))
        return fail(e, ST_UNREACHABLE, "server.reply", "202", NULL);
    for (int64_t pause = LOOK_MS, lost = 0; !over && lost < LOST_MOST;) {
        exchange_wait(r->x, pause, EXCHANGE_SLICE_MS, f.cancelled ? NULL : call->cancel);
        pass_on_cancel(&f);
        err_clear(e);
        st = look(&f, &over);
        if (st && !over && st != ST_UNREACHABLE)
            return st;
        lost = st && !over ? lost + 1 : 0;
        pause = pause * 3 / 2 < LOOK_MOST_MS ? pause * 3 / 2 : LOOK_MOST_MS;
        if (!over && f.cancelled && clock_mono() - f.cancelled_at > END_MS)
            return fail(e, ST_CANCELLED, "cancelled", NULL);
    }
    return st;
}

/* ---- files -------------------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum status open_source(const char *path, int *fd, struct err *e)
{
    struct stat info;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*fd < 0)
        return errno == ENOENT ? fail(e, ST_NOT_FOUND, "import.no_file", path, NULL)
                               : fail(e, ST_FAILED, "import.open", path, strerror(errno), NULL);
    if (fstat(*fd, &info) == 0 && S_ISREG(info.st_mode))
        return ST_OK;
    close(*fd);
    *fd = -1;
    return fail(e, ST_FAILED, "import.not_file", path, NULL);
}

/* What the server says stands for the file; in the arena. */
static enum status upload(struct remote *r, const struct call *call, const char *path, struct arena *a,
                          const char **name, struct err *e)
{
    struct buf at = BUF_INIT;
    struct json *j = NULL;
    int fd;
    enum status st = open_source(path, &fd, e);
    if (st)
        return st;
    buf_adds(&at, "/v1/uploads/");
    wire_escape(base_name(path), &at);
    struct ask ask = { .method = "PUT", .path = at.s, .from = fd, .silence_ms = FILE_SILENCE_MS,
                       .cancel = call->cancel, .header = { "Content-Type: application/octet-stream" } };
    st = remote_send(r, &ask, e);
    if (!st && json_parse(r->answer.body.s, r->answer.body.len, &j, NULL))
        st = fail(e, ST_UNREACHABLE, "server.reply", "201", NULL);
    const char *file = st ? NULL : json_string(json_get(j, "file"));
    if (!st && !file)
        st = fail(e, ST_UNREACHABLE, "server.reply", "201", NULL);
    *name = arena_strdup(a, file);
    json_free(j);
    buf_release(&at);
    close(fd);
    return st;
}

static bool to_file(void *arg, const char *bytes, size_t n)
{
    csvwrite_text(arg, bytes, n);
    return true;
}

/* Into w, which is committed or dropped. */
static enum status download(struct remote *r, const char *id, struct csvwrite *w, struct err *e)
{
    char path[ID_MOST + 32];
    snprintf(path, sizeof path, "/v1/files/%s", id);
    struct ask ask = { .method = "GET", .path = path, .from = -1, .silence_ms = FILE_SILENCE_MS,
                       .sink = to_file, .arg = w };
    enum status st = remote_send(r, &ask, e);
    if (!st)
        return csvwrite_commit(w, e);
    csvwrite_abort(w);
    return st;
}

static enum status fetch(struct remote *r, const char *id, const char *path, struct err *e)
{
    struct csvwrite *w;
    enum status st = csvwrite_open(path, &(struct csv_style){ 0 }, &w, e);
    return st ? st : download(r, id, w, e);
}

/* In an error the server's name of a file becomes ours again. */
static void own_name(struct err *e, const char *theirs, const char *ours)
{
    for (int i = 0; i < e->nparam; i++)
        if (strcmp(e->param[i], theirs) == 0 || strcmp(e->param[i], base_name(ours)) == 0)
            snprintf(e->param[i], sizeof e->param[i], "%s", ours);
}

static void expect(struct remote *r, const char *field)
{
    r->file.field = field;
    r->file.id[0] = '\0';
}

static enum status run_import(struct remote *r, const struct call *call, struct arena *a,
                              struct import_out *out, struct err *e)
{
    const struct import_in *asked = call->in;
    struct import_in in = *asked;
    struct call ours = *call;
    ours.in = &in;
    enum status st = upload(r, call, asked->file, a, &in.file, e);
    if (st)
        return st;
    in.rejects = NULL;                  /* it is fetched, and written here */
    if (call->given) {
        bool *given = arena_memdup(a, call->given, call->op->in->nfields * sizeof *given);
        given[record_field(call->op->in, "rejects") - call->op->in->fields] = false;
        ours.given = given;
    }
    expect(r, "rejects");
    st = remote_carry(r, &ours, a, out, e);
    if (st)
        own_name(e, in.file, asked->file);
    const char *path = asked->rejects ? asked->rejects : arena_printf(a, "%s.rejects.csv", asked->file);
    out->rejects = *r->file.id ? path : NULL;
    struct err lost = { 0 };
    enum status got = *r->file.id ? fetch(r, r->file.id, path, &lost) : ST_OK;
    if (!st && got)
        *e = lost;
    return st ? st : got;
}

/* The place is tried before the job begins. */
static enum status run_export(struct remote *r, const struct call *call, struct arena *a, void *out,
                              struct err *e)
{
    const struct export_in *asked = call->in;
    struct export_in in = *asked;
    struct call ours = *call;
    struct csvwrite *w;
    ours.in = &in;
    in.file = base_name(asked->file);   /* its ending says of what kind it is */
    enum status st = csvwrite_open(asked->file, &(struct csv_style){ 0 }, &w, e);
    if (st)
        return st;
    expect(r, "file");
    st = remote_carry(r, &ours, a, out, e);
    if (!st && !*r->file.id)
        st = fail(e, ST_UNREACHABLE, "server.reply", "200", NULL);
    if (!st)
        return download(r, r->file.id, w, e);
    own_name(e, in.file, asked->file);
    csvwrite_abort(w);
    return st;
}

enum status jobs_run(struct remote *r, const struct call *call, struct arena *a, void *out, struct err *e)
{
    if (call->op->in == &import_in_record && call->in && ((const struct import_in *)call->in)->file)
        return run_import(r, call, a, out, e);
    if (call->op->in == &export_in_record && call->in && ((const struct export_in *)call->in)->file)
        return run_export(r, call, a, out, e);
    return remote_carry(r, call, a, out, e);
}
