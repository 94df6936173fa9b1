/* viewstate.c - what was chosen, in memory and in its file.
 *
 *     [gonghai]
 *     version = 1
 *     login = wang
 *     database = /srv/branch.db
 *     [chosen]
 *     ui.theme = light
 *
 * The file's name is made of a hash; login and database stand in it, so that another's is known. What INI
 * can't hold in a value is written as %XX.
 */
#include "views/viewstate.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "tui/loop.h"

enum { WRITE_MS = 1000, KEYS_MOST = 400 };

struct chosen { char *key, *value; bool changed; };    /* value NULL: forgotten */

struct viewstate {
    struct chosen item[KEYS_MOST];
    int n;
    struct loop *loop;
    int timer;
    char *path, *login, *database;      /* path NULL: in memory alone */
};

struct viewstate *viewstate_new(void)
{
    return xcalloc(1, sizeof(struct viewstate));
}

static struct chosen *find(const struct viewstate *s, const char *key)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->item[i].key, key) == 0)
            return (struct chosen *)&s->item[i];
    return NULL;
}

const char *viewstate_get(const struct viewstate *s, const char *key)
{
    const struct chosen *c = find(s, key);
    return c ? c->value : NULL;
}

/* ---- text of values -------------------------------------------------------------------------- */

static void encode(struct buf *b, const char *s)
{
    for (const char *p = s; *p; p++) {
        unsigned char c = (unsigned char)*p;
        bool edge = c == ' ' && (p == s || !p[1]);
        if (c < ' ' || c == 0x7f || strchr("%;#", c) || edge)
            buf_addf(b, "%%%02X", c);
        else
            buf_addc(b, *p);
    }
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* NULL when it is no text that encode() made; the caller's to free. */
static char *decode(const char *s)
{
    struct buf b = BUF_INIT;
    for (; *s; s++) {
        int hi = *s == '%' ? hex(s[1]) : 0, lo = *s == '%' && hi >= 0 ? hex(s[2]) : 0;
        int c = hi * 16 + lo;
        if (*s == '%' && (hi < 0 || lo < 0 || c == 0)) {
            buf_release(&b);
            return NULL;
        }
        buf_addc(&b, *s == '%' ? (char)c : *s);
        s += *s == '%' ? 2 : 0;
    }
    if (text_valid(b.s, b.len) && b.len <= VIEWSTATE_VALUE)
        return b.len ? buf_detach(&b) : xstrdup("");
    buf_release(&b);
    return NULL;
}

/* ---- the file -------------------------------------------------------------------------------- */

static const char *file_name(struct arena *a, const char *login, const char *database)
{
    uint64_t h = UINT64_C(14695981039346656037);
    const char *both = arena_printf(a, "%s\n%s", login, database);
    for (const char *p = both; *p; p++)
        h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return arena_printf(a, "view-%016llx.ini", (unsigned long long)h);
}

static bool names(const struct settings *list, const char *key, const char *value)
{
    const char *text = settings_get(list, "gonghai", key);
    char *own = text ? decode(text) : NULL;
    bool same = own && strcmp(own, value) == 0;
    free(own);
    return same;
}

/* Reads the file into list; false, with a log line, when it is of no use. */
static bool read_file(const struct viewstate *s, struct settings *list)
{
    struct err e = { 0 };
    if (settings_load(s->path, SETTINGS_OPTIONAL | SETTINGS_TRUSTED, settings_collect, list, &e)) {
        log_event(LEVEL_WARN, "viewstate.ignored", LOG_TEXT("file", s->path), LOG_TEXT("why", e.code));
        return false;
    }
    if (!list->n || (names(list, "version", "1") && names(list, "login", s->login) &&
                     names(list, "database", s->database)))
        return true;
    log_event(LEVEL_WARN, "viewstate.ignored", LOG_TEXT("file", s->path), LOG_TEXT("why", "foreign"));
    return false;
}

static void put(struct viewstate *s, const char *key, char *value, bool changed)
{
    struct chosen *c = find(s, key);
    if (!c && s->n == KEYS_MOST) {
        log_event(LEVEL_WARN, "viewstate.full", LOG_TEXT("key", key));
        free(value);
        return;
    }
    if (!c) {
        c = &s->item[s->n++];
        *c = (struct chosen){ .key = xstrdup(key) };
    }
    free(c->value);
    c->value = value;
    c->changed = changed;
}

/* Takes what the file has, but for what was changed here and is not written yet. */
static void take(struct viewstate *s)
{
    struct arena a = ARENA_INIT;
    struct settings list = { .arena = &a };
    if (read_file(s, &list))
        for (size_t i = 0; i < list.n; i++) {
            const struct chosen *c = find(s, list.item[i].key);
            char *value = strcmp(list.item[i].section, "chosen") == 0 && !(c && c->changed)
                              ? decode(list.item[i].value) : NULL;
            if (value)
                put(s, list.item[i].key, value, false);
        }
    arena_free(&a);
}

static void add(struct settings *list, const char *section, const char *key, const char *value)
{
    struct buf b = BUF_INIT;
    encode(&b, value);
    settings_collect(list, &(struct setting){ .file = "", .section = section, .key = key,
                                              .value = b.s, .line = 0 }, NULL);
    buf_release(&b);
}

static void write_file(struct viewstate *s)
{
    struct arena a = ARENA_INIT;
    struct settings list = { .arena = &a };
    struct err e = { 0 };
    add(&list, "gonghai", "version", "1");
    add(&list, "gonghai", "login", s->login);
    add(&list, "gonghai", "database", s->database);
    for (int i = 0; i < s->n; i++)
        if (s->item[i].value)
            add(&list, "chosen", s->item[i].key, s->item[i].value);
    if (settings_save(s->path, &list, &e))
        log_event(LEVEL_WARN, "viewstate.unsaved", LOG_TEXT("file", s->path), LOG_TEXT("why", e.code));
    for (int i = 0; i < s->n; i++)
        s->item[i].changed = false;
    arena_free(&a);
}

/* The folder is locked meanwhile: another console of the same person may be at it. */
static int lock_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = strndup(path, (size_t)(slash - path));
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) { /* the other is quick */
        usleep(20000);
        flock(fd, LOCK_EX | LOCK_NB);
    }
    return fd;
}

void viewstate_flush(struct viewstate *s)
{
    bool changed = false;
    for (int i = 0; i < s->n; i++)
        changed |= s->item[i].changed;
    if (s->loop)
        loop_cancel_timer(s->loop, s->timer);
    s->timer = 0;
    if (!changed || !s->path)
        return;
    int fd = lock_folder(s->path);
    take(s);
    write_file(s);
    if (fd >= 0)
        close(fd);
}

static unsigned due(void *self)
{
    struct viewstate *s = self;
    s->timer = 0;
    viewstate_flush(s);
    return 0;
}

void viewstate_attach(struct viewstate *s, struct loop *loop)
{
    if (s->loop)
        loop_cancel_timer(s->loop, s->timer);
    s->timer = 0;
    s->loop = loop;
}

void viewstate_set(struct viewstate *s, const char *key, const char *value)
{
    const char *now = viewstate_get(s, key);
    if (value ? now && strcmp(now, value) == 0 : !now)
        return;
    if (value && (strlen(value) > VIEWSTATE_VALUE || !text_valid(value, strlen(value)))) {
        log_event(LEVEL_WARN, "viewstate.value", LOG_TEXT("key", key));
        return;
    }
    put(s, key, value ? xstrdup(value) : NULL, true);
    if (s->loop && s->path && !s->timer)
        s->timer = loop_add_timer(s->loop, WRITE_MS, due, s);
}

/* ---- start and end --------------------------------------------------------------------------- */

static void clear(struct viewstate *s)
{
    for (int i = 0; i < s->n; i++) {
        free(s->item[i].key);
        free(s->item[i].value);
    }
    s->n = 0;
    free(s->path);
    free(s->login);
    free(s->database);
    s->path = s->login = s->database = NULL;
}

void viewstate_bind(struct viewstate *s, const char *login, const char *database)
{
    struct arena a = ARENA_INIT;
    viewstate_flush(s);
    clear(s);
    char *whole = realpath(database, NULL);         /* one file by whatever name; a server has none */
    const char *place = whole ? whole : database;
    const char *path = settings_path(&a, DIR_STATE, file_name(&a, login, place));
    s->login = xstrdup(login);
    s->database = xstrdup(place);
    if (path && settings_make_dir(DIR_STATE, NULL) == ST_OK) {
        s->path = xstrdup(path);
        take(s);
    }
    free(whole);
    arena_free(&a);
}

void viewstate_free(struct viewstate *s)
{
    if (!s)
        return;
    viewstate_flush(s);
    clear(s);
    free(s);
}
