/* crash.h - the last words of a program that dies.
 *
 * On SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL a file with version, signal, the names of the last
 * actions and the backtrace is written, the terminal is given back through the hook, and the signal
 * is raised again with its default action. Nothing personal gets in: only what stands in the
 * program's own text.
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include <pthread.h>
#include <stdbool.h>

enum { CRASH_NOTES = 50 };

/* Installs the handlers, and a signal stack for the calling thread. dir, which exists, takes the
 * file crash-<seconds>-<pid>.txt (mode 0600); NULL for no file. version is copied. Once, before
 * other threads. */
void crash_install(const char *dir, const char *version);

/* Starts a thread that leaves signals to the others, as all threads but the first do: in it only
 * those of a crash are heard, and it has a signal stack of its own, so that even a stack that ran
 * out is reported. The caller joins it. False when none could be started. */
bool crash_spawn(pthread_t *out, void *(*run)(void *), void *arg);

/* Run before the signal is raised again; NULL for nothing. May only do what a signal handler
 * may. */
void crash_on_restore(void (*hook)(void));

/* Remembers the name of an action; the last CRASH_NOTES get into the file, newest first.
 * static_name stays as it is for good (a literal). Any thread, no lock. */
void crash_note(const char *static_name);

/* Gives the terminal back, says "gonghai: MESSAGE" on stderr and aborts: for what nobody could
 * handle. */
_Noreturn void crash_die(const char *message);

#endif
