/* worktime.h - counting by working days: all 24 hours of each working day, nothing on the others
 * (contract: Clocks).
 *
 * Working days are Monday to Friday of the bank's zone; the holiday table joins them with the
 * ranking. Pure; any thread.
 */
#ifndef CORE_MODEL_WORKTIME_H
#define CORE_MODEL_WORKTIME_H

#include <stdbool.h>
#include <stdint.h>

bool worktime_is_working_day(int64_t ms);

/* The moment `hours` of working days after `from`. A start on a free day counts from the next
 * working midnight. Friday 18:00 + 24 is Monday 18:00. */
int64_t worktime_add(int64_t from, int hours);

#endif
