/* clock.h - the only place that asks for the time. A test or --now sets it; schedules and clocks
 * follow.
 *
 * Times are int64 milliseconds since 1970 in UTC. Civil dates are those of the bank's zone, an IANA
 * name of the database's setting (default Asia/Shanghai; it is the process's TZ). Years run from 1
 * to 9999: a time outside them counts as the nearest inside. NONE marks "no time". Thread-safe once
 * the zone is set.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Empty number, time or amount in a record. */
#define NONE INT64_MIN

enum { CLOCK_SECOND = 1000, CLOCK_MINUTE = 60000, CLOCK_HOUR = 3600000, CLOCK_DAY = 86400000 };

/* Now, or the moment that clock_set() fixed. */
int64_t clock_now(void);

/* Fixes now; NONE lets it run again. Only for tests and databases marked demo or test. */
void clock_set(int64_t ms);

/* The machine's clock, never fixed: for ids, leases, logs. */
int64_t clock_real(void);

/* Milliseconds and microseconds that only go forward: for measuring. */
int64_t clock_mono(void);
int64_t clock_mono_us(void);

/* Fixes clock_mono(), so that no timer fires and what counts seconds stands; NONE lets it run again. Only
 * for tests, before threads are started. */
void clock_mono_set(int64_t ms);

/* month 1..12, weekday 1 = Monday .. 7 */
struct civil { int year, month, day, hour, minute, second, ms, weekday; };

/* The bank's zone; false if the machine does not know the name (the old zone stays). Asia/Shanghai
 * and UTC are known on every machine; without a zone database Shanghai is +08:00 all the time. Not
 * while other threads ask for dates. */
bool clock_zone(const char *iana);

struct civil clock_civil(int64_t ms);
/* Out-of-range fields carry over as in mktime(); weekday is ignored. Of an hour that comes twice
 * the first is meant; an hour that is skipped counts on from before the gap. */
int64_t clock_from_civil(struct civil c);

/* The moment of a civil time in the bank's zone, or in one `east` seconds east of Greenwich. False,
 * and nothing written, for a day that does not exist. */
bool clock_moment(const struct civil *c, const int *east, int64_t *ms);

/* Midnight of the civil day that ms lies in, and of the day n days on. */
int64_t clock_day(int64_t ms);
int64_t clock_day_add(int64_t ms, int days);

/* Reads "2026-11-22", "2026-11-22 08:30[:15[.123]]", "2026-11-22T08:30:00Z", "...+08:00"; '/' and
 * '.' may stand for '-', one digit will do for month, day and hour, blanks around it are skipped.
 * Without a zone it is the bank's. *day_only (NULL allowed) says that no time of day was given.
 * False and nothing written if it is no date or a day that does not exist. Digits past milliseconds
 * are dropped. */
bool clock_parse(const char *s, int64_t *ms, bool *day_only);

/* RFC 3339 with the bank's offset, as JSON has it: "2026-11-22T08:30:00+08:00" (milliseconds if
 * any). NONE gives "" here and below. */
enum { CLOCK_TEXT = 40 };
void clock_rfc3339(int64_t ms, char out[CLOCK_TEXT]);
/* "2026-11-22 08:30" and "2026-11-22": tables and CSV. */
void clock_minute(int64_t ms, char out[CLOCK_TEXT]);
void clock_date(int64_t ms, char out[CLOCK_TEXT]);

#endif
