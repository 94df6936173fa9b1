/* child.h - a test program that starts itself again for one job on a file: SQLite's connections do
 * not survive fork(). Its main() hands "JOB PATH" to child_run(). */
#ifndef TESTS_UNIT_CHILD_H
#define TESTS_UNIT_CHILD_H

#include <stddef.h>
#include <sys/types.h>

struct child_job { const char *name; int (*run)(const char *path); };

/* In the child: does the job of that name; its exit code. */
int child_run(const struct child_job *jobs, size_t n, const char *name, const char *path);

/* Starts one, which is killed with this program. out: its standard output, to be closed; NULL: nobody reads
 * it. */
pid_t child_start(const char *job, const char *path, int *out);

/* Starts one, and waits until it says "x" on its standard output: it is as far as it should be. */
pid_t child_start_ready(const char *job, const char *path);

/* Waits for its end, which must be exit code 0. */
void child_ended_well(pid_t pid);

#endif
