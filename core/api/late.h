/* late.h - libraries that are opened when they are first used: the first screen does not wait for them, and a
 * machine without them has all the rest.
 *
 *     #define NAMES(X) X(start_daemon) X(stop_daemon)
 *     static const struct late_name names[] = { LATE_NAMES(MHD_, NAMES) };
 *     late_open("libmicrohttpd.so.12", names, n, table, e)
 */
#ifndef CORE_API_LATE_H
#define CORE_API_LATE_H

#include <stddef.h>

#include "base/status.h"

/* Opens the library and fills `functions` with the addresses of the n names, in their order; it stays open.
 * ST_FAILED "library.missing" (library, why). Once a process for each library: under a pthread_once. */
enum status late_open(const char *library, const char *const *names, size_t n, void **functions,
                      struct err *e);

#endif
