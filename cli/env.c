#include "cli/env.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/cli.h"

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__ && !defined SANITIZED
#define SANITIZED 1
#endif

/* A name that ends in * stands for all that begin so. */
static const char *const kept[] = {
    "TERM",      "COLORTERM",    "LANG",          "LANGUAGE",       "LC_*",    "TZ",
    "NO_COLOR",  "COLUMNS",      "LINES",         "SSH_CONNECTION", "SSH_TTY", "TMUX",
    "TMUX_PANE", "XDG_*",        "HOME",          "USER",           "LOGNAME", "GONGHAI_*",
#ifdef SANITIZED
    "PATH",      "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
#endif
};

static bool is_kept(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        size_t end = strlen(kept[i]);
        bool all = kept[i][end - 1] == '*';
        if (all ? n >= end - 1 && strncmp(name, kept[i], end - 1) == 0
                : n == end && strncmp(name, kept[i], n) == 0)
            return true;
    }
    return false;
}

static void clean_environment(void)
{
    extern char **environ;
    for (size_t i = 0; environ && environ[i];) {
        size_t n = strcspn(environ[i], "=");
        if (is_kept(environ[i], n)) {
            i++;
            continue;
        }
        char *name = xmalloc(n + 1);
        memcpy(name, environ[i], n);
        name[n] = '\0';
        if (n == 0 || unsetenv(name) != 0)
            i++;                /* no name at all: nobody can ask for it */
        free(name);
    }
    const char *language = getenv("LANGUAGE");
    if (language && strchr(language, '/'))
        unsetenv("LANGUAGE");
}

/* No file that is opened later may be taken for one of the three. A standard output that was closed can't
 * be written still, so that whoever has data for it is told. */
static void open_missing(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) < 0)
            _exit(ST_FAILED);
}

void env_settle(void)
{
    open_missing();
    clean_environment();
    umask(077);
    signal(SIGXFSZ, SIG_IGN);           /* a file past the limit is an error like any other */
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
#if defined _FORTIFY_SOURCE && !defined SANITIZED     /* a release */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* ---- signals --------------------------------------------------------------------------------- */

atomic_bool cli_cancel;

static void cancel(int sig)
{
    if (atomic_exchange(&cli_cancel, true)) {
        signal(sig, SIG_DFL);
        raise(sig);
    }
}

void env_catch_signals(void)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction catch = { .sa_handler = cancel, .sa_flags = SA_RESTART };
    sigemptyset(&catch.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(signals[i], &catch, NULL);
    }
}
