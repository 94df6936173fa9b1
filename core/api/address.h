/* address.h - where a server is: what --server and server.url take.
 *
 *     https://host[:port]         over TLS
 *     http://127.0.0.1[:port]     plain, on this machine only: also [::1] and localhost
 *     unix:/path                  the server's socket on this machine
 */
#ifndef CORE_API_ADDRESS_H
#define CORE_API_ADDRESS_H

#include <stdbool.h>

#include "base/status.h"

enum { ADDRESS_HOST = 253, ADDRESS_PATH = 107 };

struct address {
    /* "https://bank:8443": paths follow; "http://localhost" for a socket */
    char base[ADDRESS_HOST + 40];
    char socket[ADDRESS_PATH + 1];          /* the path; "": none */
    char name[ADDRESS_HOST + 24];           /* for people: "bank:8443", or the path */
    bool tls;
};

/* ST_INVALID "server.url" (text): none of these; "server.plain" (text): without TLS to another machine. */
enum status address_read(const char *text, struct address *out, struct err *e);

#endif
