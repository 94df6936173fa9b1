/* init.h - a new database: file, key, schema, head office, default pool, product, stages, and its
 * maker as local owner. */
#ifndef CORE_API_INIT_H
#define CORE_API_INIT_H

#include <stdbool.h>

#include "base/status.h"

struct init_options {
    const char *url;            /* path, "sqlite:path"; NULL: the embedded default */
    const char *keys_dir;       /* NULL: the default */
    const char *admin;          /* login of a security administrator to make, or NULL */
    const char *password;       /* of that account; checked against the rules */
    bool test, demo;            /* marks: --now is allowed */
};

/* ST_CONFLICT "init.exists" (path) when there is a database already; on any error nothing is left behind. */
enum status database_init(const struct init_options *o, struct err *e);

#endif
