#include "core/api/pace.h"

#include <unistd.h>

#include "base/clock.h"
#include "core/guard/op.h"

/* Who waits longer than this found others there. They are believed to be there for the next steps
 * too, of which most may find the lock free just because of the rest. Where the commit alone takes most of a
 * step, less work in it would not shorten it, only write the pages that every step writes more often. */
enum { STEP_US = OP_STEP_MS * 1000, WORK_LEAST_US = 1500, WAITED_US = 300, CROWD_STEPS = 50 };

void pace_ask(struct pace *p)
{
    p->asked = clock_mono_us();
}

static int64_t hold_us(const struct pace *p)
{
    return p->crowd ? STEP_US / 2 : STEP_US;
}

int64_t pace_begin(struct pace *p)
{
    p->got = clock_mono_us();
    if (p->got - p->asked > WAITED_US)
        p->crowd = CROWD_STEPS;
    else if (p->crowd)
        p->crowd--;
    if (!p->work)
        p->work = STEP_US / 2;
    if (p->work > hold_us(p))
        p->work = hold_us(p);
    return p->got + p->work;
}

void pace_end(struct pace *p)
{
    int64_t now = clock_mono_us(), held = now - p->got;
    p->rest = p->crowd && held > OP_REST_US ? 2 * held : OP_REST_US;
    if (now < p->got + p->work)             /* it had no more to do */
        return;
    p->work = (p->work + p->work * hold_us(p) / held) / 2;
    if (p->work < WORK_LEAST_US)
        p->work = WORK_LEAST_US;
}

void pace_rest(const struct pace *p)
{
    usleep((useconds_t)(p->rest ? p->rest : OP_REST_US));
}
