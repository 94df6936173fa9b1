/* curl.h - libcurl, opened when a server is first talked to: a program that works on a file never loads it.
 *
 * Only its header is needed to build. Everything that includes this uses the table below; the library is
 * never linked and never closed again.
 */
#ifndef CORE_API_CURL_H
#define CORE_API_CURL_H

#include <curl/curl.h>

#include "base/status.h"

#define CURL_LIBRARY "libcurl.so.4"

/* Every function of the library that is used, each once. */
#define CURL_FUNCTIONS(X) \
    X(global_init) \
    X(easy_init) X(easy_setopt) X(easy_getinfo) X(easy_reset) X(easy_strerror) X(easy_cleanup) \
    X(multi_init) X(multi_add_handle) X(multi_remove_handle) X(multi_perform) X(multi_poll) \
    X(multi_wakeup) X(multi_info_read) X(multi_cleanup) \
    X(slist_append) X(slist_free_all)

struct curl_table {
#define X(name) __typeof__(&curl_##name) name;
    CURL_FUNCTIONS(X)
#undef X
};

/* The library, opened and started once a process; it lives as long. NULL and ST_FAILED "library.missing"
 * (file name, what the loader says) where it is not there, is too old or does not start. Any thread. */
const struct curl_table *curl_open(struct err *e);

#endif
