/* progress.h - one line on stderr while something long runs; nothing where stderr is no terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

struct progress {
    const char *what;           /* translated */
    int64_t start, last;        /* ms */
    int shown;                  /* cells on the line */
};

void progress_start(struct progress *p, const char *what);

/* A struct call's progress; arg is the struct progress. Shows the share that is done and, after a while, how long the rest will
 * take at this pace. */
void progress_step(void *arg, int64_t done, int64_t total);

/* Takes the line away. */
void progress_end(struct progress *p);

#endif
