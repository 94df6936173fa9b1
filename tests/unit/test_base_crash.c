/* Dying: each test crashes a child process and reads what it left. */
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/crash.h"

static char dir[64], report[8192], errors[4096];
static struct stat report_stat;

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "%s", "/tmp/gonghai-crash-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static void read_into(char *to, size_t size, FILE *f)
{
    size_t n = f ? fread(to, 1, size - 1, f) : 0;

    to[n] = '\0';
    if (f)
        fclose(f);
}

/* The only file in dir, into report; "" if there is none. */
static void read_report(void)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    char path[512];
    int n = 0;

    report[0] = '\0';
    while ((entry = readdir(d)))
        if (entry->d_name[0] != '.') {
            assert_int_equal(strncmp(entry->d_name, "crash-", 6), 0);
            snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
            assert_int_equal(stat(path, &report_stat), 0);
            read_into(report, sizeof report, fopen(path, "r"));
            n++;
        }
    closedir(d);
    assert_true(n <= 1);
}

static void restore(void)
{
    static const char text[] = "<restored>";

    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        _exit(3);
}

/* Runs f in a child with the handlers installed; returns the signal that ended it. */
static int crash(void (*f)(void), const char *into)
{
    static const struct rlimit no_core = { 0, 0 };
    int ends[2], status;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        for (int s = 1; s < 32; s++)
            signal(s, SIG_DFL);
        crash_install(into, "gonghai 9.9 (test)");
        crash_on_restore(restore);
        f();
        _exit(0);
    }
    close(ends[1]);
    read_into(errors, sizeof errors, fdopen(ends[0], "r"));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    read_report();
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void segv(void)
{
    crash_note("lead.claim");
    crash_note("lead.list");
    raise(SIGSEGV);
}

static void a_crash_leaves_a_report(void **state)
{
    (void)state;
    assert_int_equal(crash(segv, dir), SIGSEGV);
    assert_non_null(strstr(report, "version: gonghai 9.9 (test)\n"));
    assert_non_null(strstr(report, "signal: SIGSEGV"));
    assert_non_null(strstr(report, "newest first:\n  lead.list\n  lead.claim\nbacktrace:\n"));
    assert_non_null(strchr(strstr(report, "backtrace:"), '('));
    assert_int_equal(report_stat.st_mode & 0777, 0600);
    assert_non_null(strstr(errors, "<restored>gonghai: crashed: SIGSEGV (report: "));
}

static void without_a_folder_the_terminal_is_still_restored(void **state)
{
    (void)state;
    assert_int_equal(crash(segv, NULL), SIGSEGV);
    assert_string_equal(report, "");
    assert_string_equal(errors, "<restored>gonghai: crashed: SIGSEGV\n");
    assert_int_equal(crash(segv, "/nonexistent"), SIGSEGV);
    assert_string_equal(errors, "<restored>gonghai: crashed: SIGSEGV\n");
}

static void die(void)
{
    crash_die("out of memory");
}

static void dying_says_why(void **state)
{
    (void)state;
    assert_int_equal(crash(die, dir), SIGABRT);
    assert_non_null(strstr(report, "message: out of memory\n"));
    assert_non_null(strstr(errors, "<restored>gonghai: out of memory (report: "));
}

static void ask_for_too_much(void)
{
    struct arena a = ARENA_INIT;

    arena_alloc(&a, SIZE_MAX - 100);
}

static void no_memory_ends_the_program(void **state)
{
    (void)state;
    assert_int_equal(crash(ask_for_too_much, dir), SIGABRT);
    assert_non_null(strstr(errors, "gonghai: out of memory"));
}

static void fpe(void)
{
    raise(SIGFPE);
}

static void ill(void)
{
    raise(SIGILL);
}

static void bus(void)
{
    raise(SIGBUS);
}

static void every_fatal_signal_is_caught(void **state)
{
    (void)state;
    assert_int_equal(crash(fpe, NULL), SIGFPE);
    assert_non_null(strstr(errors, "SIGFPE"));
    assert_int_equal(crash(ill, NULL), SIGILL);
    assert_non_null(strstr(errors, "SIGILL"));
    assert_int_equal(crash(bus, NULL), SIGBUS);
    assert_non_null(strstr(errors, "SIGBUS"));
}

static void note_sixty(void)
{
    static const char *const names[] = { "n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9" };

    for (int i = 0; i < 10; i++)
        crash_note("old");
    for (int i = 0; i < CRASH_NOTES; i++)
        crash_note(names[i % 10]);
    raise(SIGSEGV);
}

static void the_last_fifty_notes_are_kept(void **state)
{
    const char *p;
    int n = 0;

    (void)state;
    crash(note_sixty, dir);
    assert_null(strstr(report, "old"));
    for (p = strstr(report, "\n  n"); p; p = strstr(p + 1, "\n  n"))
        n++;
    assert_int_equal(n, 50);
    assert_non_null(strstr(report, "newest first:\n  n9\n  n8\n"));
}

static void crash_again(void)
{
    raise(SIGSEGV);
}

static void break_in_restore(void)
{
    crash_on_restore(crash_again);
    raise(SIGSEGV);
}

static void a_crash_while_dying_still_ends(void **state)
{
    (void)state;
    assert_int_equal(crash(break_in_restore, dir), SIGSEGV);
    assert_non_null(strstr(report, "backtrace:"));
}

static void *abort_in_thread(void *arg)
{
    crash_note("in.thread");
    abort();
    return arg;
}

static void in_thread(void *(*run)(void *))
{
    pthread_t thread;

    if (!crash_spawn(&thread, run, NULL))
        _exit(2);
    pthread_join(thread, NULL);
}

static void from_thread(void)
{
    in_thread(abort_in_thread);
}

static void a_thread_can_crash(void **state)
{
    (void)state;
    assert_int_equal(crash(from_thread, dir), SIGABRT);
    assert_non_null(strstr(report, "in.thread"));
}

static volatile int endless = 1;

static int deeper(volatile char *above)
{
    volatile char here[4096];

    here[0] = (char)(above[0] + 1);
    return endless ? deeper(here) + here[0] : 0;
}

static void overflow(void)
{
    volatile char first[1] = { 0 };

    _exit(deeper(first) & 1);
}

static void *overflow_thread(void *arg)
{
    overflow();
    return arg;
}

static void overflow_in_thread(void)
{
    in_thread(overflow_thread);
}

static void *raise_in_thread(void *arg)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGUSR1, SIGCHLD };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        raise(numbers[i]);          /* to itself: it waits until it ends */
    raise(SIGSEGV);
    return arg;
}

static void signals_in_thread(void)
{
    in_thread(raise_in_thread);
}

static void a_stack_that_ran_out_is_reported(void **state)
{
    (void)state;
    assert_int_equal(crash(overflow, dir), SIGSEGV);
    assert_non_null(strstr(report, "signal: SIGSEGV at 0x"));
}

static void so_is_that_of_a_thread(void **state)
{
    (void)state;
    assert_int_equal(crash(overflow_in_thread, dir), SIGSEGV);
    assert_non_null(strstr(report, "signal: SIGSEGV at 0x"));
}

static void a_thread_hears_only_of_its_crash(void **state)
{
    (void)state;
    assert_int_equal(crash(signals_in_thread, dir), SIGSEGV);
    assert_non_null(strstr(report, "signal: SIGSEGV"));
}

static sigset_t mask_now(void)
{
    sigset_t now;

    pthread_sigmask(SIG_SETMASK, NULL, &now);
    return now;
}

static void *nothing(void *arg)
{
    return arg;
}

/* Whether it was started or not. */
static void the_starter_hears_as_before(void **state)
{
    sigset_t before = mask_now(), after;
    pthread_attr_t usual, huge;
    pthread_t thread;

    (void)state;
    assert_true(crash_spawn(&thread, nothing, NULL));
    pthread_join(thread, NULL);
    after = mask_now();
    assert_memory_equal(&before, &after, sizeof before);

    assert_int_equal(pthread_getattr_default_np(&usual), 0);
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, (size_t)1 << 48);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    assert_false(crash_spawn(&thread, nothing, NULL));
    assert_int_equal(pthread_setattr_default_np(&usual), 0);
    pthread_attr_destroy(&huge);
    pthread_attr_destroy(&usual);
    after = mask_now();
    assert_memory_equal(&before, &after, sizeof before);
}

static void before_install_dying_just_says_so(void **state)
{
    int ends[2], status;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        crash_die("no luck");
    }
    close(ends[1]);
    read_into(errors, sizeof errors, fdopen(ends[0], "r"));
    waitpid(pid, &status, 0);
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_string_equal(errors, "gonghai: no luck\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_crash_leaves_a_report),
        TEST(without_a_folder_the_terminal_is_still_restored),
        TEST(dying_says_why),
        TEST(no_memory_ends_the_program),
        TEST(every_fatal_signal_is_caught),
        TEST(the_last_fifty_notes_are_kept),
        TEST(a_crash_while_dying_still_ends),
        TEST(a_thread_can_crash),
        TEST(a_stack_that_ran_out_is_reported),
        TEST(so_is_that_of_a_thread),
        TEST(a_thread_hears_only_of_its_crash),
        TEST(the_starter_hears_as_before),
        TEST(before_install_dying_just_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
