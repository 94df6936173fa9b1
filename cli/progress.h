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

/* A struct call's progress; arg is the struct progress. */
void progress_step(void *arg, int64_t done, int64_t total);

/* The same with the rows done so far: their rate is shown too. rows < 0: none. */
void progress_show(struct progress *p, int64_t done, int64_t total, int64_t rows);

/* Takes the line away. */
void progress_end(struct progress *p);

#endif
