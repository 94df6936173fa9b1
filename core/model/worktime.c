#include "core/model/worktime.h"

#include "base/clock.h"

bool worktime_is_working_day(int64_t ms)
{
    return clock_civil(ms).weekday <= 5;
}

int64_t worktime_add(int64_t from, int hours)
{
    int64_t left = (int64_t)hours * CLOCK_HOUR, at = from;
    for (;;) {
        int64_t tomorrow = clock_day_add(at, 1);
        if (!worktime_is_working_day(at)) {
            at = tomorrow;
            continue;
        }
        if (at + left <= tomorrow)      /* midnight belongs to the day that ends */
            return at + left;
        left -= tomorrow - at;
        at = tomorrow;
    }
}
