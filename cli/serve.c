/* serve.c - `serve`: the server, until a signal ends it. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "base/i18n.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/config.h"
#include "cli/out.h"
#include "core/api/server.h"

enum { THREADS_MOST = 64, GROUP_MOST = 64, STOP_MS = 10000 };

/* Signals are waited for, not caught: no thread is interrupted by one. */
static void block_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void say_listening(struct cli *c, const struct server_config *config, const struct server *s)
{
    const char *where = config->listen;
    if (server_port(s)) {
        int host = (int)(strrchr(where, ':') - where);
        where = arena_printf(&c->arena, "http://%.*s:%d", host, where, server_port(s));
    }
    sayf("%s\n", cli_sentence(c, "server.listening", where));
}

static enum status run_serve(struct cli *c)
{
    const struct session_rules rules = config_session(c);
    struct server_config config = { .data = cli_config(c), .listen = cli_option(c, "listen"),
                                    .sessions = &rules };
    struct server *s;
    sigset_t ends;
    int64_t threads, group;
    int number = 0;
    enum status st = cli_number(c, "threads", 1, THREADS_MOST, 0, &threads);
    if (!st)
        st = cli_number(c, "group", 1, GROUP_MOST, 0, &group);
    if (st)
        return st;
    config.threads = (int)threads;
    config.group = (int)group;
    if (!config.listen)
        config.listen = "127.0.0.1:8443";
    block_signals(&ends);
    st = server_start(&s, &config, &c->err);
    if (st)
        return st;
    log_event(LEVEL_INFO, "server.start", LOG_TEXT("listen", config.listen), LOG_INT("port", server_port(s)));
    say_listening(c, &config, s);
    sigwait(&ends, &number);
    log_event(LEVEL_INFO, "server.stop", LOG_INT("signal", number));
    server_stop(s, STOP_MS);
    return ST_OK;
}

static const struct option serve_options[] = {
    { "listen", 0, TAKES_TEXT, "ADDR:PORT|unix:PATH",
      N_("where it listens: 127.0.0.1:8443 unless given; on a unix socket the peer's OS user is the login") },
    { "threads", 0, TAKES_TEXT, "N", N_("so many threads read; one a processor unless given") },
    { "group", 0, TAKES_TEXT, "N", N_("so many writes share a commit at most; 64 unless given") },
    { 0 },
};

const struct command serve_commands[] = {
    { "serve", "", N_("serves the database over HTTP"),
      N_("All operations of `call` are there, each by its method and path (docs/server.md). "
         "SIGTERM ends it: what was "
         "asked is answered first. Without TLS it listens on this machine only."),
      serve_options, CMD_NO_AS | CMD_NO_NOW, run_serve },
    { 0 },
};
