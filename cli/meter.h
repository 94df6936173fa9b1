/* meter.h - one line on stderr while something long runs; nothing where stderr is no terminal. */
#ifndef CLI_METER_H
#define CLI_METER_H

#include <stdint.h>

struct meter {
    const char *what, *unit;    /* translated; unit NULL: only the share is shown */
    int64_t start, last;        /* ms */
    int shown;                  /* cells on the line */
};

void meter_start(struct meter *p, const char *what, const char *unit);

/* A struct call's progress; arg is the struct meter. Shows the share that is done (where a total is
 * known), how many units, and after a while how many a second and how long the rest will take. */
void meter_step(void *arg, int64_t done, int64_t total);

/* Takes the line away. */
void meter_end(struct meter *p);

#endif
