/* crash.c - the last words of a program that dies. From on_signal() down only async-signal-safe
 * calls. */
#include "base/crash.h"

#include <assert.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

enum {
    FRAMES = 64,
    STACK = 64 * 1024,
    PATIENCE = 5            /* seconds until a report that hangs is given up */
};

static const struct { int number; const char *name; } signals[] = {
    { SIGSEGV, "SIGSEGV" }, { SIGABRT, "SIGABRT" }, { SIGBUS, "SIGBUS" },
    { SIGFPE, "SIGFPE" }, { SIGILL, "SIGILL" },
};
enum { SIGNALS = sizeof signals / sizeof *signals };

static char report_dir[PATH_MAX], report_version[128];      /* written by crash_install() alone */
static atomic_bool installed;
static void (*_Atomic restore_hook)(void);
static const char *_Atomic last_words;
static _Atomic int dying;                                    /* thread id of who writes the report */

/* A ring: slot i % CRASH_NOTES holds the i-th note. */
static const char *_Atomic notes[CRASH_NOTES];
static _Atomic unsigned long noted;

void crash_note(const char *static_name)
{
    unsigned long i = atomic_fetch_add_explicit(&noted, 1, memory_order_relaxed);

    atomic_store_explicit(&notes[i % CRASH_NOTES], static_name, memory_order_release);
}

void crash_on_restore(void (*hook)(void))
{
    atomic_store(&restore_hook, hook);
}

static void say(int fd, const char *s)
{
    size_t n = strlen(s);
    ssize_t done;

    while (n > 0 && (done = write(fd, s, n)) > 0) {
        s += done;
        n -= (size_t)done;
    }
}

/* v in the base (10 or 16), written backwards into the end of out; returns its start. */
static char *number(char out[24], uint64_t v, unsigned base)
{
    char *p = out + 23;

    *p = '\0';
    do
        *--p = "0123456789abcdef"[v % base];
    while (v /= base);
    return p;
}

static void say_number(int fd, const char *before, uint64_t v, unsigned base)
{
    char digits[24];

    say(fd, before);
    say(fd, number(digits, v, base));
}

static const char *signal_name(int sig)
{
    for (int i = 0; i < SIGNALS; i++)
        if (signals[i].number == sig)
            return signals[i].name;
    return "signal";
}

static char *append(char *p, const char *end, const char *s)
{
    while (*s && p < end)
        *p++ = *s++;
    *p = '\0';
    return p;
}

static int report_open(char path[PATH_MAX], time_t now)
{
    const char *end = path + PATH_MAX - 1;
    char digits[24], *p = path;

    if (!*report_dir)
        return -1;
    p = append(p, end, report_dir);
    p = append(p, end, "/crash-");
    p = append(p, end, number(digits, (uint64_t)now, 10));
    p = append(p, end, "-");
    p = append(p, end, number(digits, (uint64_t)getpid(), 10));
    append(p, end, ".txt");
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static void say_notes(int fd)
{
    unsigned long n = atomic_load(&noted), first = n > CRASH_NOTES ? n - CRASH_NOTES : 0;

    say(fd, "\nlast actions, newest first:\n");
    while (n-- > first) {
        const char *name = atomic_load_explicit(&notes[n % CRASH_NOTES], memory_order_acquire);

        say(fd, "  ");
        say(fd, name ? name : "?");
        say(fd, "\n");
    }
}

static void report(int fd, int sig, const siginfo_t *info, time_t now)
{
    const char *words = atomic_load(&last_words);
    void *frames[FRAMES];

    say(fd, "gonghai crash report\nversion: ");
    say(fd, report_version);
    say(fd, "\nsignal: ");
    say(fd, signal_name(sig));
    if (sig != SIGABRT)
        say_number(fd, " at 0x", (uintptr_t)info->si_addr, 16);
    say_number(fd, "\nseconds since 1970: ", (uint64_t)now, 10);
    say_number(fd, "\nthread: ", (uint64_t)syscall(SYS_gettid), 10);
    if (words) {
        say(fd, "\nmessage: ");
        say(fd, words);
    }
    say_notes(fd);
    say(fd, "backtrace:\n");
    backtrace_symbols_fd(frames, backtrace(frames, FRAMES), fd);
}

static void say_goodbye(int sig, const char *path)
{
    const char *words = atomic_load(&last_words);

    say(STDERR_FILENO, "gonghai: ");
    say(STDERR_FILENO, words ? words : "crashed: ");
    if (!words)
        say(STDERR_FILENO, signal_name(sig));
    if (path) {
        say(STDERR_FILENO, " (report: ");
        say(STDERR_FILENO, path);
        say(STDERR_FILENO, ")");
    }
    say(STDERR_FILENO, "\n");
}

static _Noreturn void die_of(int sig)
{
    sigset_t only;

    signal(sig, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, sig);
    raise(sig);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    _exit(128 + sig);
}

/* Once, even if the report crashes. */
static void restore_terminal(void)
{
    void (*hook)(void) = atomic_exchange(&restore_hook, NULL);

    if (hook)
        hook();
}

/* The report hangs: end without it, but not without the terminal. */
static void on_alarm(int sig)
{
    restore_terminal();
    die_of(sig);
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
    static char path[PATH_MAX];
    int self = (int)syscall(SYS_gettid), nobody = 0, fd;
    time_t now = time(NULL);

    (void)context;
    if (!atomic_compare_exchange_strong(&dying, &nobody, self)) {
        while (nobody != self)      /* another thread writes the report and takes us along */
            pause();
        restore_terminal();         /* the report itself crashed */
        die_of(sig);
    }
    signal(SIGALRM, on_alarm);
    alarm(PATIENCE);
    fd = report_open(path, now);
    if (fd >= 0) {
        report(fd, sig, info, now);
        close(fd);
    }
    restore_terminal();
    say_goodbye(sig, fd >= 0 ? path : NULL);
    die_of(sig);
}

/* A sanitizer's own signal stack stays: it unmaps what it finds when the thread ends. */
static void signal_stack(void)
{
    static _Thread_local char stack[STACK];
    stack_t mine = { .ss_sp = stack, .ss_size = sizeof stack }, old;

    if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE))
        sigaltstack(&mine, NULL);
}

struct thread { void *(*run)(void *); void *arg; };

static void *thread_main(void *arg)
{
    struct thread t = *(struct thread *)arg;

    free(arg);
    signal_stack();
    return t.run(t.arg);
}

/* A new thread has the mask of the one who starts it. */
bool crash_spawn(pthread_t *out, void *(*run)(void *), void *arg)
{
    struct thread *t = xmalloc(sizeof *t);
    sigset_t others, before;
    bool started;

    *t = (struct thread){ run, arg };
    sigfillset(&others);
    for (int i = 0; i < SIGNALS; i++)
        sigdelset(&others, signals[i].number);
    pthread_sigmask(SIG_BLOCK, &others, &before);
    started = pthread_create(out, NULL, thread_main, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!started)
        free(t);
    return started;
}

void crash_install(const char *dir, const char *version)
{
    struct sigaction sa = {
        .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
    };
    void *frame[1];

    assert(!atomic_load(&installed));
    if (dir)
        snprintf(report_dir, sizeof report_dir, "%s", dir);
    snprintf(report_version, sizeof report_version, "%s", version);
    backtrace(frame, 1);            /* loads the unwinder now: later that would call malloc */
    signal_stack();
    sigfillset(&sa.sa_mask);
    for (int i = 0; i < SIGNALS; i++)
        sigdelset(&sa.sa_mask, signals[i].number);
    sigdelset(&sa.sa_mask, SIGALRM);
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i].number, &sa, NULL);
    atomic_store(&installed, true);
}

_Noreturn void crash_die(const char *message)
{
    atomic_store(&last_words, message);
    if (!atomic_load(&installed))
        say_goodbye(SIGABRT, NULL);
    abort();
}
