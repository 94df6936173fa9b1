/* lang_plain.h - random rows and conditions of lang_world.h, and what a condition means, told a second
 * time as plainly as can be: nothing of it is the product's. */
#ifndef TESTS_UNIT_LANG_PLAIN_H
#define TESTS_UNIT_LANG_PLAIN_H

#include "lang_world.h"

/* Starts over with this seed (LANG_SEED sets another), in that zone, now at nine of that day. */
void plain_start(uint64_t seed, const char *zone, int year, int month, int day);

/* Gives the clock back, and what it kept. */
void plain_stop(void);

/* Below n. */
unsigned plain_pick(unsigned n);

struct thing plain_thing(int64_t id);
/* A tree of at most that depth, in the arena. Rows and conditions pick from the same values, so that
 * they meet. */
struct cond *plain_cond(struct arena *a, int depth);

bool plain_holds(const struct cond *c, const struct thing *t);

#endif
