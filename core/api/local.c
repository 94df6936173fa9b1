/* local.c - the local backend: a database file, and the person who opened it. */
#include <stdlib.h>

#include "core/api/login.h"
#include "core/api/notice.h"
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
    struct notice notice;           /* fd -1 until watch() */
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
    if (l->notice.fd < 0)
        notice_begin(&l->notice, l->line.db);
    return l->notice.fd;
}

static bool local_changed(struct backend *b, int *again_ms)
{
    return notice_taken(&local_of(b)->notice, again_ms);
}

static const struct whoami *local_who(struct backend *b)
{
    return &local_of(b)->caller.who;
}

static void local_close(struct backend *b)
{
    struct local *l = local_of(b);
    notice_end(&l->notice);
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
    l->notice.fd = -1;
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
