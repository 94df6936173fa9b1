#include "core/api/mhd.h"

#include <pthread.h>

#include "core/api/late.h"

#define NAME(name) "MHD_" #name,
static const char *const names[] = { MHD_NAMES(NAME) };

static union { struct mhd by_name; void *at[sizeof names / sizeof *names]; } table;
static struct err error;
static pthread_once_t opened = PTHREAD_ONCE_INIT;

_Static_assert(sizeof table.by_name == sizeof table.at, "a name for each function");

static void open_once(void)
{
    late_open("libmicrohttpd.so.12", names, sizeof names / sizeof *names, table.at, &error);
}

const struct mhd *mhd_open(struct err *e)
{
    pthread_once(&opened, open_once);
    if (error.status && e)
        *e = error;
    return error.status ? NULL : &table.by_name;
}
