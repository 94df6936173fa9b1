/* settings.c - inih with what it lacks: line numbers, long lines, checks.
 *
 * inih asks for its lines through next_line(), which counts them, cuts comments and blanks, and
 * hands a line that is longer than inih's buffer (200 bytes) in pieces that look like continuation
 * lines; on_pair() joins them again. Since indented lines are handed on without their indent, no
 * file can make continuation lines itself.
 */
#include "base/settings.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

struct reading {
    const char *name, *at, *end;    /* what is left of the text */
    int line;                       /* of what was handed out last */
    const char *rest;               /* of a long line, rest_n bytes not yet handed out */
    size_t rest_n;
    bool joins;                     /* what was handed out last goes on with the pair before it */

    settings_each *each;
    void *ctx;
    struct err *e;
    enum status st;

    bool pending;                   /* a pair that each() has not seen: its value may go on */
    int pair_line;
    struct buf section, key, value;
};

static enum status fail_line(struct err *e, const char *code, const char *file, int line)
{
    char number[16];

    snprintf(number, sizeof number, "%d", line);
    return fail(e, ST_INVALID, code, file, number, NULL);
}

static char *stop(struct reading *r, const char *code)
{
    if (r->st == ST_OK)
        r->st = fail_line(r->e, code, r->name, r->line);
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Cuts blanks and comments at both ends of s; returns the start, *n is what is left. */
static const char *bare(const char *s, size_t *n)
{
    while (*n > 0 && is_blank(*s))
        s++, --*n;
    if (*n > 0 && (*s == ';' || *s == '#'))
        *n = 0;
    for (size_t i = 1; i < *n; i++)
        if (s[i] == ';' && is_blank(s[i - 1]))
            *n = i;
    while (*n > 0 && is_blank(s[*n - 1]))
        --*n;
    return s;
}

/* Where to cut the n bytes at s for a piece of at most room: between two bytes that inih takes as
 * they are. 0 if there is no such place, or only one in the key. */
static size_t piece(const char *s, size_t n, size_t room, bool has_key)
{
    size_t cut = room, least = 1;

    if (n <= room)
        return n;
    while (has_key && least < n && s[least - 1] != '=' && s[least - 1] != ':')
        least++;
    while (cut >= least &&
           (is_blank(s[cut]) || is_blank(s[cut - 1]) || s[cut] == ';' || s[cut] == '#'))
        cut--;
    return cut >= least ? cut : 0;
}

/* Hands out what it can of the line in rest. */
static char *hand_out(struct reading *r, char *out, size_t size)
{
    size_t n = piece(r->rest, r->rest_n, size - 3, !r->joins);
    char *p = out;

    if (n == 0 && r->rest_n > 0)
        return stop(r, "settings.long");
    if (r->joins)
        *p++ = ' ';
    memcpy(p, r->rest, n);
    p[n] = '\n';
    p[n + 1] = '\0';
    r->rest += n;
    r->rest_n -= n;
    return out;
}

/* The code of what is wrong with a line, NULL if it is empty, a section or a pair. */
static const char *fault_of(const char *s, size_t n)
{
    size_t i = 0;

    if (n == 0)
        return NULL;
    if (n > SETTINGS_LINE)
        return "settings.long";
    if (!text_valid(s, n))
        return "settings.utf8";
    if (memchr(s, '\0', n) || memchr(s, '\r', n))
        return "settings.syntax";
    /* a second mark, which inih would eat: the key would be empty */
    if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0)
        return "settings.syntax";
    while (i < n && !(*s == '[' ? s[i] == ']' : s[i] == '=' || s[i] == ':'))
        i++;
    if (i == 0 || i == n)
        return "settings.syntax";
    return i > (*s == '[' ? SETTINGS_SECTION + 1 : SETTINGS_KEY) ? "settings.long" : NULL;
}

/* The ini_reader. */
static char *next_line(char *out, int size, void *stream)
{
    struct reading *r = stream;
    const char *s = r->at, *newline, *fault;
    size_t n;

    if (r->st != ST_OK)
        return NULL;
    r->joins = r->rest_n > 0;
    if (r->joins)
        return hand_out(r, out, (size_t)size);
    if (s == r->end)
        return NULL;
    newline = memchr(s, '\n', (size_t)(r->end - s));
    n = (size_t)((newline ? newline : r->end) - s);
    r->at = newline ? newline + 1 : r->end;
    r->line++;
    s = bare(s, &n);
    fault = fault_of(s, n);
    if (fault)
        return stop(r, fault);
    r->rest = s;
    r->rest_n = n;
    return hand_out(r, out, (size_t)size);
}

static void deliver(struct reading *r)
{
    struct setting s = {
        .file = r->name, .section = r->section.s, .key = r->key.s, .value = r->value.s,
        .line = r->pair_line,
    };

    if (r->pending && r->st == ST_OK)
        r->st = r->each(r->ctx, &s, r->e);
    r->pending = false;
}

/* s without blanks at its ends. */
static void put(struct buf *b, const char *s)
{
    size_t n = strlen(s);

    while (n > 0 && is_blank(*s))
        s++, n--;
    while (n > 0 && is_blank(s[n - 1]))
        n--;
    buf_clear(b);
    buf_add(b, s, n);
}

/* The ini_handler. */
static int on_pair(void *user, const char *section, const char *key, const char *value)
{
    struct reading *r = user;

    if (r->joins) {
        buf_adds(&r->value, value);
        return 1;
    }
    deliver(r);
    r->pending = true;
    r->pair_line = r->line;
    put(&r->section, section);
    put(&r->key, key);
    put(&r->value, value);
    return 1;
}

enum status settings_parse(const char *name, const char *text, size_t n, settings_each *each,
                           void *ctx, struct err *e)
{
    struct reading r = {
        .name = name, .at = text, .end = text + n, .each = each, .ctx = ctx, .e = e,
        .section = BUF_INIT, .key = BUF_INIT, .value = BUF_INIT,
    };
    char limit[16];

    if (n > SETTINGS_MAX) {
        snprintf(limit, sizeof limit, "%d", SETTINGS_MAX);
        return fail(e, ST_INVALID, "settings.size", name, limit, NULL);
    }
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        r.at += 3;
    if (ini_parse_stream(next_line, &r, on_pair, &r) != 0 && r.st == ST_OK)
        stop(&r, "settings.syntax");
    deliver(&r);
    buf_release(&r.section);
    buf_release(&r.key);
    buf_release(&r.value);
    return r.st;
}

/* --- files ------------------------------------------------------------------------------------ */

static bool is_trusted(const struct stat *st)
{
    return (st->st_mode & (S_IWGRP | S_IWOTH)) == 0 && (st->st_uid == 0 || st->st_uid == geteuid());
}

/* All of fd, at most one byte more than allowed. */
static bool read_all(int fd, struct buf *b)
{
    char part[16384];
    ssize_t n = 0;

    while (b->len <= SETTINGS_MAX && (n = read(fd, part, sizeof part)) != 0) {
        if (n > 0)
            buf_add(b, part, (size_t)n);
        else if (errno != EINTR)
            return false;
    }
    return true;
}

static enum status fail_errno(struct err *e, const char *code, const char *path, int error)
{
    return fail(e, ST_FAILED, code, path, strerrordesc_np(error), NULL);
}

static enum status load_from(int fd, const char *path, unsigned flags, struct buf *text,
                             struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fail_errno(e, "settings.open", path, errno);
    if (!S_ISREG(st.st_mode))
        return fail_errno(e, "settings.open", path, S_ISDIR(st.st_mode) ? EISDIR : EINVAL);
    if ((flags & SETTINGS_TRUSTED) && !is_trusted(&st))
        return fail(e, ST_DENIED, "settings.writable", path, NULL);
    if (!read_all(fd, text))
        return fail_errno(e, "settings.open", path, errno);
    return ST_OK;
}

enum status settings_load(const char *path, unsigned flags, settings_each *each, void *ctx,
                          struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct buf text = BUF_INIT;
    enum status st;

    if (fd < 0 && errno == ENOENT)
        return flags & SETTINGS_OPTIONAL ? ST_OK
                                         : fail(e, ST_NOT_FOUND, "settings.missing", path, NULL);
    if (fd < 0)
        return fail_errno(e, "settings.open", path, errno);
    st = load_from(fd, path, flags, &text, e);
    close(fd);
    if (st == ST_OK)
        st = settings_parse(path, text.s, text.len, each, ctx, e);
    buf_release(&text);
    return st;
}

enum status settings_fail(struct err *e, const struct setting *s, const char *code)
{
    char number[16];

    snprintf(number, sizeof number, "%d", s->line);
    return fail(e, ST_INVALID, code, s->file, number, s->key, s->value, NULL);
}

/* --- lists ------------------------------------------------------------------------------------ */

enum status settings_collect(void *ctx, const struct setting *s, struct err *e)
{
    struct settings *list = ctx;
    const struct setting *last = list->n ? &list->item[list->n - 1] : NULL;
    struct arena *a = list->arena;
    struct setting copy = { .line = s->line };

    (void)e;
    copy.file = last && strcmp(last->file, s->file) == 0 ? last->file : arena_strdup(a, s->file);
    copy.section = last && strcmp(last->section, s->section) == 0 ? last->section
                                                                : arena_strdup(a, s->section);
    copy.key = arena_strdup(a, s->key);
    copy.value = arena_strdup(a, s->value);
    list->item = arena_grow(a, list->item, sizeof copy, &list->cap, list->n + 1);
    list->item[list->n++] = copy;
    return ST_OK;
}

const char *settings_get(const struct settings *list, const char *section, const char *key)
{
    for (size_t i = list->n; i-- > 0;)
        if (strcmp(list->item[i].section, section) == 0 && strcmp(list->item[i].key, key) == 0)
            return list->item[i].value;
    return NULL;
}

/* A list, and how much of it was met again in the same order. */
struct echo { const struct settings *list; size_t met; };

/* The settings_each that compares. */
static enum status compare(void *ctx, const struct setting *s, struct err *e)
{
    struct echo *echo = ctx;
    const struct setting *own = &echo->list->item[echo->met];

    (void)e;
    if (echo->met == echo->list->n || strcmp(s->section, own->section) != 0 ||
        strcmp(s->key, own->key) != 0 || strcmp(s->value, own->value) != 0)
        return ST_INVALID;
    echo->met++;
    return ST_OK;
}

/* The text of the list. What it can't hold shows when it is read again. */
static enum status make_text(struct buf *b, const char *path, const struct settings *list,
                             struct err *e)
{
    struct echo echo = { .list = list };
    const char *section = "", *fault = "";

    for (size_t i = 0; i < list->n; i++) {
        const struct setting *s = &list->item[i];

        if (strcmp(s->section, section) != 0)
            buf_addf(b, "%s[%s]\n", i ? "\n" : "", s->section);
        section = s->section;
        buf_addf(b, "%s = %s\n", s->key, s->value);
    }
    if (settings_parse(path, b->s, b->len, compare, &echo, NULL) == ST_OK && echo.met == list->n)
        return ST_OK;
    if (echo.met < list->n)
        fault = list->item[echo.met].key;
    return fail(e, ST_INVALID, "settings.value", path, fault, NULL);
}

static bool write_all(int fd, const char *s, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, s, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return fsync(fd) == 0;
}

/* errno of what failed, 0 if the file is there. */
static int replace_file(const char *path, const struct buf *text)
{
    struct buf temporary = BUF_INIT;
    int error = 0, fd;

    buf_addf(&temporary, "%s.XXXXXX", path);
    fd = mkostemp(temporary.s, O_CLOEXEC);
    if (fd < 0) {
        error = errno;
    } else {
        if (!write_all(fd, text->s, text->len) || rename(temporary.s, path) != 0) {
            error = errno;
            unlink(temporary.s);
        }
        close(fd);
    }
    buf_release(&temporary);
    return error;
}

enum status settings_save(const char *path, const struct settings *list, struct err *e)
{
    struct buf text = BUF_INIT;
    enum status st = make_text(&text, path, list, e);
    int error;

    if (st == ST_OK && (error = replace_file(path, &text)) != 0)
        st = fail_errno(e, "settings.write", path, error);
    buf_release(&text);
    return st;
}

/* --- the user's folders ----------------------------------------------------------------------- */

static const struct { const char *variable, *below_home; } places[] = {
    [DIR_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
    [DIR_DATA] = { "XDG_DATA_HOME", ".local/share" },
    [DIR_STATE] = { "XDG_STATE_HOME", ".local/state" },
    [DIR_RUNTIME] = { "XDG_RUNTIME_DIR", NULL },
};

/* HOME, else what the system says; NULL if that is no absolute path. */
static const char *home(struct arena *a)
{
    const char *dir = getenv("HOME");
    struct passwd pw, *found = NULL;
    char room[4096];

    if (dir && *dir == '/')
        return dir;
    if (getpwuid_r(getuid(), &pw, room, sizeof room, &found) != 0 || !found)
        return NULL;
    return *found->pw_dir == '/' ? arena_strdup(a, found->pw_dir) : NULL;
}

static bool is_private_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
           (st.st_mode & 077) == 0;
}

char *settings_path(struct arena *a, enum settings_dir dir, const char *name)
{
    const char *base = getenv(places[dir].variable), *below = places[dir].below_home;

    if (base && *base == '/')       /* the specification: anything else is ignored */
        below = NULL;
    else
        base = below ? home(a) : NULL;
    if (!base || (dir == DIR_RUNTIME && !is_private_dir(base)))
        return NULL;
    return arena_printf(a, "%s%s%s/gonghai%s%s", base, below ? "/" : "", below ? below : "",
                        name ? "/" : "", name ? name : "");
}

enum status settings_make_dir(enum settings_dir dir, struct err *e)
{
    struct arena a = ARENA_INIT;
    char *path = settings_path(&a, dir, NULL);
    enum status st = ST_OK;
    int error = path ? 0 : ENOENT;

    for (char *p = path; p && *p && !error; p++) {
        if (p == path || (p[1] != '/' && p[1] != '\0'))
            continue;
        char next = p[1];

        p[1] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            error = errno;
        p[1] = next;
    }
    if (error)
        st = fail_errno(e, "settings.dir", path ? path : places[dir].variable, error);
    arena_free(&a);
    return st;
}
