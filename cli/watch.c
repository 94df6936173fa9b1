/* watch.c - a spool folder: what is whole is taken, in the order of names, and moved to done/ or
 * failed/.
 *
 * A file is whole when it was closed after writing or moved in; at the start also when it lies there
 * and nobody has it open for writing. That no file is taken twice is the database's doing, not the
 * move's: it knows the bytes of what it took (import.again), and a file that was taken but not moved
 * before a crash is only moved. The folder is locked: one process watches it.
 */
#include "cli/watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/filejob.h"
#include "cli/out.h"
#include "core/api/sentence.h"
#include "core/data/csvwrite.h"
#include "core/model/noun.h"
#include "core/model/record_json.h"

enum { AGAIN_SECONDS = 1 };         /* between two tries of a file that is imported elsewhere */

struct watch {
    struct cli *c;
    const char *dir;
    int dir_fd, inotify;
    struct arena names;             /* of the batch at hand */
    const char **name;
    size_t n, cap;
    struct arena later_names;       /* of those that another process imports at this moment */
    const char **later;
    size_t nlater, later_cap;
    bool json, once, refused;       /* refused: one of the files was */
};

/* ---- names -------------------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n >= k && strcmp(s + n - k, end) == 0;
}

/* Hidden files, and those that editors and copying programs are still at. */
static bool is_passed_over(const char *name)
{
    return name[0] == '.' || ends_with(name, ".tmp") || ends_with(name, ".part") || ends_with(name, "~");
}

/* The kind is the leading word: leads-2026.csv, deals_east.csv. */
static enum status kind_of(struct arena *a, const char *name, const struct noun **out, struct err *e)
{
    size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    char *word = arena_strndup(a, name, n);
    for (char *p = word; *p; p++)
        *p |= 0x20;
    *out = noun_find(word);
    return *out && cli_op((*out)->name, "import") ? ST_OK : fail(e, ST_INVALID, "watch.kind", name, NULL);
}

static void add_name(struct watch *w, const char *name)
{
    if (is_passed_over(name))
        return;
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->name[i], name) == 0)
            return;
    w->name = arena_grow(&w->names, w->name, sizeof *w->name, &w->cap, w->n + 1);
    w->name[w->n++] = arena_strdup(&w->names, name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void forget_names(struct watch *w)
{
    arena_reset(&w->names);
    w->name = NULL;
    w->n = w->cap = 0;
}

static void put_off(struct watch *w, const char *name)
{
    w->later = arena_grow(&w->later_names, w->later, sizeof *w->later, &w->later_cap, w->nlater + 1);
    w->later[w->nlater++] = arena_strdup(&w->later_names, name);
}

/* Those that were put off are the next batch, with what has come meanwhile. */
static void take_up(struct watch *w)
{
    for (size_t i = 0; i < w->nlater; i++)
        add_name(w, w->later[i]);
    arena_reset(&w->later_names);
    w->later = NULL;
    w->nlater = w->later_cap = 0;
}

/* ---- one file, moved ---------------------------------------------------------------------------------- */

static bool is_there(struct watch *w, struct arena *a, const char *path, const char *beside)
{
    struct stat st;
    return fstatat(w->dir_fd, arena_printf(a, "%s%s", path, beside), &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* NAME in the folder, or where that is taken NAME with a number before its ending. `beside` is what will be
 * written next to it, under its name and that ending: never over the one of an earlier file. */
static const char *free_name(struct watch *w, struct arena *a, const char *folder, const char *name,
                             const char *beside)
{
    const char *dot = strrchr(name, '.'), *path = arena_printf(a, "%s/%s", folder, name);
    for (int i = 2; is_there(w, a, path, "") || is_there(w, a, path, beside); i++)
        path = arena_printf(a, "%s/%.*s.%d%s", folder, (int)(dot ? dot - name : (long)strlen(name)), name, i,
                            dot ? dot : "");
    return path;
}

static enum status move(struct watch *w, const char *name, const char *to, struct err *e)
{
    if (renameat(w->dir_fd, name, w->dir_fd, to) == 0)
        return ST_OK;
    return fail(e, ST_FAILED, "watch.move", name, to, strerror(errno), NULL);
}

static enum status write_why(struct watch *w, struct arena *a, const char *to, const char *sentence,
                             struct err *e)
{
    struct csvwrite *f;
    const char *path = arena_printf(a, "%s/%s.why.txt", w->dir, to);
    enum status st = csvwrite_open(path, &(struct csv_style){ 0 }, &f, e);
    if (st)
        return st;
    csvwrite_text(f, sentence, strlen(sentence));
    csvwrite_text(f, "\n", 1);
    return csvwrite_commit(f, e);
}

/* ---- one line a file ---------------------------------------------------------------------------------- */

enum how { HOW_TAKEN, HOW_KNOWN, HOW_REFUSED, HOW_BUSY };

static void tell_json(const char *name, enum how how, const struct op *op, const void *out,
                      const struct err *e, const char *sentence)
{
    static const char *const words[] = { "done", "known", "failed", "running" };
    struct buf b = BUF_INIT, counts = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "file");
    jw_str(&w, name);
    jw_key(&w, "state");
    jw_str(&w, words[how]);
    if (sentence) {
        jw_key(&w, "code");
        jw_str(&w, e->code);
        jw_key(&w, "sentence");
        jw_str(&w, sentence);
    }
    jw_end_object(&w);
    if (how == HOW_TAKEN) {         /* the fields of the counts go on in the same object */
        jw_init(&w, &counts);
        record_to_json(&w, op->out, out);
        b.s[--b.len] = '\0';
        buf_addf(&b, ",%s", counts.s + 1);
    }
    buf_addc(&b, '\n');
    out_data(b.s, b.len);
    buf_release(&b);
    buf_release(&counts);
}

static void tell(struct watch *w, struct arena *a, const char *name, enum how how,
                 const struct op *op, void *out, const struct err *e)
{
    struct buf clean = BUF_INIT;
    text_clean(&clean, name, strlen(name));
    const char *why = e ? sentence(a, e) : NULL;
    if (w->json) {
        tell_json(clean.s, how, op, out, e, why);
    } else if (how == HOW_TAKEN) {
        out_textf("%s: ", clean.s);
        cli_counts(op, out);
    } else {
        out_linef("%s: %s", clean.s, why ? why : _("taken before, moved"));
    }
    fflush(stdout);
    buf_release(&clean);
}

/* ---- one file ----------------------------------------------------------------------------------------- */

/* Nothing that the file could help: the caller's rights, the database, its key, the folder. */
static bool is_ours(const struct err *e)
{
    static const char *const kinds[] = { "db.", "keys.", "export.", "watch.move", "import.rejects_file",
                                         "import.rejects_folder" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(e->code, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return e->status == ST_DENIED || e->status == ST_UNREACHABLE;
}

/* Another process imports the same bytes: it may end well or be killed, so the file is tried again until
 * the database knows it; with --once it is only told. */
static void wait_for_other(struct watch *w, struct arena *a, const char *name, const struct err *why)
{
    put_off(w, name);
    if (w->once)
        tell(w, a, name, HOW_BUSY, NULL, NULL, why);
}

static enum status refuse(struct watch *w, struct arena *a, const char *name, const struct err *why,
                          struct err *e)
{
    const char *to = free_name(w, a, "failed", name, ".why.txt");
    enum status st = write_why(w, a, to, sentence(a, why), e);
    if (!st)
        st = move(w, name, to, e);
    if (!st)
        tell(w, a, name, HOW_REFUSED, NULL, NULL, why);
    w->refused = true;
    return st;
}

static enum status take(struct watch *w, struct arena *a, const char *name, struct err *e)
{
    const struct noun *noun;
    const struct op *op = NULL;
    void *out = NULL;
    const char *to = free_name(w, a, "done", name, ".rejects.csv");
    struct err own = { 0 };
    enum status st = kind_of(a, name, &noun, &own);
    if (!st) {
        struct file_job job = { .what = arena_printf(a, "%s %s", _("Importing"), name),
                                .file = arena_printf(a, "%s/%s", w->dir, name),
                                .rejects = arena_printf(a, "%s/%s.rejects.csv", w->dir, to) };
        op = cli_op(noun->name, "import");
        st = cli_file_run(w->c, op, &job, a, &out, &own);
    }
    if (st == ST_CANCELLED)
        return ST_OK;                   /* left as it lies: to be taken up */
    if (strcmp(own.code, "import.running") == 0) {
        wait_for_other(w, a, name, &own);
        return ST_OK;
    }
    bool known = strcmp(own.code, "import.again") == 0;
    if (st && is_ours(&own)) {
        *e = own;
        return st;
    }
    if (st && !known)
        return refuse(w, a, name, &own, e);
    if (known)                          /* its own rejects may lie there, of a run that was killed */
        to = free_name(w, a, "done", name, "");
    st = move(w, name, to, e);
    if (!st)
        tell(w, a, name, known ? HOW_KNOWN : HOW_TAKEN, op, out, NULL);
    return st;
}

/* An ordinary file, still there, that nobody writes: the kernel gives a lease to read on no other. Where
 * it gives none to us at all the event has to do. */
static bool is_whole(struct watch *w, const char *name)
{
    struct stat st;
    int fd = openat(w->dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ELOOP))
        return false;
    bool whole = fd < 0 ? fstatat(w->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode)
                        : fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (whole && fd >= 0) {
        fcntl(fd, F_SETSIG, SIGURG);    /* who wants it back meanwhile: a signal that nobody minds */
        whole = fcntl(fd, F_SETLEASE, F_RDLCK) == 0 || errno != EAGAIN;
    }
    if (fd >= 0)
        close(fd);
    return whole;
}

static enum status take_all(struct watch *w, struct err *e)
{
    enum status st = ST_OK;
    if (w->n)
        qsort(w->name, w->n, sizeof *w->name, by_name);
    for (size_t i = 0; i < w->n && !st && !atomic_load(&cli_cancel); i++) {
        struct arena a = ARENA_INIT;
        if (is_whole(w, w->name[i]))
            st = take(w, &a, w->name[i], e);
        arena_free(&a);
    }
    forget_names(w);
    return st;
}

/* ---- the folder --------------------------------------------------------------------------------------- */

static void list_folder(struct watch *w)
{
    int fd = openat(w->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    for (const struct dirent *x; d && (x = readdir(d));)
        add_name(w, x->d_name);
    if (d)
        closedir(d);
}

/* What has come. Events that were lost are made up for by looking at the folder. */
static enum status read_events(struct watch *w, struct err *e)
{
    _Alignas(struct inotify_event) char events[16384];
    ssize_t n;
    while ((n = read(w->inotify, events, sizeof events)) > 0)
        for (char *p = events; p < events + n;) {
            const struct inotify_event *x = (const struct inotify_event *)(void *)p;
            if (x->mask & IN_Q_OVERFLOW)
                list_folder(w);
            else if (x->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT))
                return fail(e, ST_FAILED, "watch.gone", w->dir, NULL);
            else if (x->len)
                add_name(w, x->name);
            p += sizeof *x + x->len;
        }
    return ST_OK;
}

/* Sleeps until something comes, or a file that was put off is due; a signal ends it also when it came just
 * before. */
static void wait_for_events(struct watch *w)
{
    const struct timespec again = { .tv_sec = AGAIN_SECONDS };
    struct pollfd p = { .fd = w->inotify, .events = POLLIN };
    sigset_t stops, before;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGHUP);
    sigprocmask(SIG_BLOCK, &stops, &before);
    if (!atomic_load(&cli_cancel))
        ppoll(&p, 1, w->nlater ? &again : NULL, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static enum status open_folder(struct watch *w, struct err *e)
{
    static const char *const folders[] = { "done", "failed" };
    w->dir_fd = open(w->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w->dir_fd < 0)
        return fail(e, ST_FAILED, "watch.folder", w->dir, strerror(errno), NULL);
    if (flock(w->dir_fd, LOCK_EX | LOCK_NB) != 0)
        return fail(e, ST_CONFLICT, "watch.taken", w->dir, NULL);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct stat st;
        int why = mkdirat(w->dir_fd, folders[i], 0777) == 0 ? 0 : errno;
        if (why && (fstatat(w->dir_fd, folders[i], &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode)))
            return fail(e, ST_FAILED, "watch.folder", arena_printf(&w->c->arena, "%s/%s", w->dir, folders[i]),
                        strerror(why == EEXIST ? ENOTDIR : why), NULL);
    }
    w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->inotify < 0 ||
        inotify_add_watch(w->inotify, w->dir,
                          IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR) < 0)
        return fail(e, ST_FAILED, "watch.folder", w->dir, strerror(errno), NULL);
    return ST_OK;
}

static enum status run(struct watch *w, struct err *e)
{
    enum status st = open_folder(w, e);
    if (st)
        return st;
    if (!w->once)
        sayf("%s\n", cli_sentence(w->c, "watch.ready", w->dir));
    list_folder(w);
    st = take_all(w, e);
    while (!st && !w->once && !atomic_load(&cli_cancel)) {
        wait_for_events(w);
        st = read_events(w, e);
        take_up(w);
        if (!st)
            st = take_all(w, e);
    }
    return st;
}

enum status cli_watch(struct cli *c, const char *dir)
{
    static const char *const senseless[] = { "again", "dry-run", "rejects" };
    for (size_t i = 0; i < sizeof senseless / sizeof *senseless; i++)
        if (cli_option(c, senseless[i]))
            return cli_usage(c, "watch.senseless", senseless[i], NULL);
    enum status st = cli_open(c);
    if (st)
        return st;
    struct watch w = { .c = c, .dir = dir, .dir_fd = -1, .inotify = -1, .json = cli_flag(c, "json"),
                       .once = cli_flag(c, "once") };
    st = run(&w, &c->err);
    if (w.inotify >= 0)
        close(w.inotify);
    if (w.dir_fd >= 0)
        close(w.dir_fd);
    arena_free(&w.names);
    arena_free(&w.later_names);
    if (st || !w.once)
        return st;
    c->silent = true;                   /* each refusal has had its line */
    return atomic_load(&cli_cancel) || w.refused || w.nlater ? ST_FAILED : ST_OK;
}
