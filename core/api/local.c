/* local.c - the local backend: a database file, and the person who opened it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/api/login.h"
#include "core/api/pass.h"
#include "core/api/remote.h"
#include "core/api/run.h"
#include "core/api/sentence.h"
#include "core/data/import.h"

struct local {
    struct backend base;
    struct backend_config config;
    struct line line;
    struct caller caller;
    bool proven;                    /* config.as came with its password */
    int inotify;                    /* -1 until watch() */
    int64_t seen_version;
    int look_ms;                    /* next back-off look, 0: none */
};

static struct local *local_of(struct backend *b)
{
    return (struct local *)(void *)b;
}

static enum status local_call(struct backend *b, const struct call *call, struct arena *a, void *out,
                              struct err *e)
{
    struct local *l = local_of(b);
    return run_call(&l->line, &l->caller, call, a, out, e);
}

/* ---- what others change ------------------------------------------------------------------------------- */

static int local_watch(struct backend *b)
{
    struct local *l = local_of(b);
    if (l->inotify >= 0)
        return l->inotify;
    char name[4096];
    l->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (l->inotify < 0)
        return -1;
    snprintf(name, sizeof name, "%s-notify", db_path(l->line.db));
    bool notes = inotify_add_watch(l->inotify, name, IN_ATTRIB) >= 0;
    snprintf(name, sizeof name, "%s-wal", db_path(l->line.db));
    bool writes = inotify_add_watch(l->inotify, name, IN_MODIFY) >= 0;
    if (!notes && !writes) {            /* this user watches as many files as he may: none, not a deaf one */
        close(l->inotify);
        l->inotify = -1;
    }
    l->seen_version = db_data_version(l->line.db);
    return l->inotify;
}

/* The WAL's event comes before the commit can be seen: look again after 1, 2, 4 .. 512 ms, then
 * fall silent. */
static bool local_changed(struct backend *b, int *again_ms)
{
    struct local *l = local_of(b);
    char events[4096];
    bool told = false;
    while (read(l->inotify, events, sizeof events) > 0)
        told = true;
    int64_t version = db_data_version(l->line.db);
    bool changed = version != l->seen_version;
    l->seen_version = version;
    if (changed)
        l->look_ms = 0;
    else if (told)
        l->look_ms = 1;
    else if (l->look_ms)
        l->look_ms = l->look_ms >= 512 ? 0 : l->look_ms * 2;
    *again_ms = l->look_ms;
    return changed;
}

static const struct whoami *local_who(struct backend *b)
{
    return &local_of(b)->caller.who;
}

static void local_close(struct backend *b)
{
    struct local *l = local_of(b);
    if (l->inotify >= 0)
        close(l->inotify);
    line_close(&l->line);
    caller_free(&l->caller);
    free(l);
}

/* ---- opening ------------------------------------------------------------------------------------------ */

static enum status load(const struct caller *c, struct line *line, struct arena *a, struct actor *out,
                        struct err *e)
{
    const struct local *l = c->arg;
    return login_actor(&l->config, line->db, l->proven, a, out, e);
}

enum status backend_open(const struct backend_config *config, struct backend **out, struct err *e)
{
    struct err own = { 0 };
    e = e ? e : &own;
    if (config->server)
        return remote_open(config, out, e);
    struct local *l = xcalloc(1, sizeof *l);
    l->inotify = -1;
    l->base = (struct backend){ .call = local_call,
                                .watch = local_watch,
                                .changed = local_changed,
                                .who = local_who,
                                .close = local_close };
    l->config = *config;
    l->caller = (struct caller){ .load = load, .arg = l };
    enum status st = line_open(&l->line, config, e);
    if (!st)
        st = login_enter(config, &l->line.at, &l->proven, e);
    if (!st)
        st = caller_begin(&l->caller, &l->line, e);
    if (st) {
        struct err kept = *e;
        local_close(&l->base);
        *e = kept;
        return st;
    }
    import_words(sentence);
    *out = &l->base;
    return ST_OK;
}

void backend_close(struct backend *b)
{
    if (b)
        b->close(b);
}

void backend_leave(void)
{
    pass_leave();
}
