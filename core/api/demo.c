#include "core/api/demo.h"

#include <string.h>
#include <unistd.h>

#include "core/api/backend.h"
#include "core/api/open.h"

enum status database_demo(const struct init_options *init, const struct demo_options *demo, struct err *e)
{
    struct init_options o = *init;
    o.demo = true;
    enum status st = database_init(&o, e);
    if (st)
        return st;
    struct opened d;
    st = database_open(o.url, o.keys_dir, 0, &d, e);
    if (!st)
        st = demo_fill(d.db, demo, e);
    database_close(&d);
    if (st)
        database_remove(o.url, o.keys_dir, d.id);
    return st;
}
