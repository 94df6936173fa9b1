/* mhd.h - libmicrohttpd, opened at first use (late.h). */
#ifndef CORE_API_MHD_H
#define CORE_API_MHD_H

#include <microhttpd.h>

#include "base/status.h"

#define MHD_NAMES(X)                                                                               \
    X(start_daemon)                                                                                \
    X(stop_daemon) X(quiesce_daemon) X(get_daemon_info) X(get_connection_info)                     \
        X(create_response_from_buffer) X(create_response_from_callback) X(add_response_header)     \
            X(queue_response) X(destroy_response) X(suspend_connection) X(resume_connection)       \
                X(lookup_connection_value) X(get_connection_values)

struct mhd {
#define MHD_MEMBER(name) __typeof__(&MHD_##name) name;
    MHD_NAMES(MHD_MEMBER)
#undef MHD_MEMBER
};

/* The functions; NULL with ST_FAILED "library.missing". Any thread. */
const struct mhd *mhd_open(struct err *e);

#endif
