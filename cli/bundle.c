#include "cli/bundle.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/settings.h"
#include "base/text.h"
#include "core/store/migrate.h"
#include "version.h"

enum { TAIL = 256 << 10 };

struct bundle { FILE *f; char *path; const char *home; };

/* ---- writing --------------------------------------------------------------------------------- */

/* A line of another file: cleaned, the home folder taken out. */
static void add_line(struct bundle *b, const char *s, size_t n)
{
    struct buf clean = BUF_INIT;
    size_t home = b->home ? strlen(b->home) : 0;
    text_clean(&clean, s, n);
    for (const char *p = clean.s; *p;) {
        if (home > 1 && strncmp(p, b->home, home) == 0) {
            fputc('~', b->f);
            p += home;
        } else {
            fputc(*p++, b->f);
        }
    }
    fputc('\n', b->f);
    buf_release(&clean);
}

static void add_heading(struct bundle *b, const char *what)
{
    fprintf(b->f, "\n== %s ==\n", what);
}

/* The last TAIL bytes of a file, in whole lines. */
static void add_tail(struct bundle *b, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        fputs("none\n", b->f);
        if (fd >= 0)
            close(fd);
        return;
    }
    char *text = xmalloc(TAIL + 1);
    off_t from = st.st_size > TAIL ? st.st_size - TAIL : 0;
    ssize_t n = pread(fd, text, TAIL, from);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    char *s = from && strchr(text, '\n') ? strchr(text, '\n') + 1 : text;
    for (; *s; s += strcspn(s, "\n"), s += *s == '\n')
        add_line(b, s, strcspn(s, "\n"));
    free(text);
}

/* ---- the parts ------------------------------------------------------------------------------- */

static void add_machine(struct bundle *b)
{
    struct utsname u;
    const char *term = getenv("TERM");
    fprintf(b->f, "gonghai %s (%s), schema %d\n", GONGHAI_VERSION, GONGHAI_COMMIT, schema_newest());
    if (uname(&u) == 0)
        fprintf(b->f, "%s %s %s, %ld processors\n", u.sysname, u.release, u.machine,
                sysconf(_SC_NPROCESSORS_ONLN));
    fprintf(b->f, "language %s, encoding %s, terminal ", i18n_lang(), nl_langinfo(CODESET));
    add_line(b, term ? term : "none", term ? strlen(term) : 4);
}

static bool is_crash(const char *name)
{
    return strncmp(name, "crash-", 6) == 0;
}

/* Their names begin with the time: the last in order is the newest. */
static void add_crash(struct bundle *b, struct arena *a)
{
    const char *dir = settings_path(a, DIR_STATE, NULL), *newest = NULL;
    DIR *d = dir ? opendir(dir) : NULL;
    for (struct dirent *entry; d && (entry = readdir(d));)
        if (is_crash(entry->d_name) && (!newest || strcmp(entry->d_name, newest) > 0))
            newest = arena_strdup(a, entry->d_name);
    if (d)
        closedir(d);
    add_heading(b, "last crash");
    if (newest)
        add_tail(b, arena_printf(a, "%s/%s", dir, newest));
    else
        fputs("none\n", b->f);
}

static void add_sizes(struct bundle *b, const struct backend_config *config, struct arena *a)
{
    struct err e = { 0 };
    char *text;
    add_heading(b, "rows");
    enum status st = database_sizes(config, a, &text, &e);
    fputs(st ? e.code : text, b->f);
    fputs(st ? "\n" : "", b->f);
}

enum status bundle_open(const char *path, struct bundle **out, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno == EEXIST)
        return fail(e, ST_CONFLICT, "cli.exists", path, NULL);
    if (fd < 0)
        return fail(e, ST_FAILED, "cli.file", path, strerror(errno), NULL);
    *out = xcalloc(1, sizeof **out);
    **out = (struct bundle){ fdopen(fd, "w"), xstrdup(path), getenv("HOME") };
    add_machine(*out);
    add_heading(*out, "doctor");
    return ST_OK;
}

void bundle_finding(struct bundle *b, const struct finding *f)
{
    static const char *const words[] = {
        [VERDICT_OK] = "ok", [VERDICT_NOTE] = "note", [VERDICT_BAD] = "BAD"
    };
    fprintf(b->f, "%s  %s%s%s\n", words[f->verdict], f->what, *f->why.code ? "  " : "",
            f->why.code);
}

static void bundle_free(struct bundle *b)
{
    free(b->path);
    free(b);
}

enum status bundle_close(struct bundle *b, const struct backend_config *config, struct err *e)
{
    struct arena a = ARENA_INIT;
    enum status st = ST_OK;
    const char *log = settings_path(&a, DIR_STATE, "gonghai.log");
    add_sizes(b, config, &a);
    add_crash(b, &a);
    add_heading(b, "log");
    if (log)
        add_tail(b, log);
    bool lost = ferror(b->f) != 0;
    if (fclose(b->f) != 0 || lost)
        st = fail(e, ST_FAILED, "export.write", b->path, strerror(errno ? errno : EIO), NULL);
    bundle_free(b);
    arena_free(&a);
    return st;
}

void bundle_abort(struct bundle *b)
{
    fclose(b->f);
    unlink(b->path);
    bundle_free(b);
}
