/* pace.h - what takes long leaves room for those who wait: how long a step of it may hold the write
 * lock, and how long it rests before it asks again (OP_STEP_MS, OP_REST_US in core/guard/op.h).
 *
 * How long a commit takes depends on the disk and on what was changed, so the time for a step's work
 * is found by measuring the steps before it. While others wait for the lock, a step holds it half as
 * long, and rests twice as long as it held it: a lock file is no queue, and one who always comes back at
 * once would leave each of the others a turn only between two of his own. */
#ifndef CORE_API_PACE_H
#define CORE_API_PACE_H

#include <stdint.h>

/* One for each job or call in steps; all 0 at first. Times are microseconds of the monotonic clock. */
struct pace { int64_t asked, got, work, rest; int crowd; };

void pace_ask(struct pace *p);          /* before the lock is asked for */
int64_t pace_begin(struct pace *p);     /* it was had: until when this step may work */
void pace_end(struct pace *p);          /* after the commit */
void pace_rest(const struct pace *p);   /* sleeps, between two steps */

#endif
