#include "core/api/curl.h"

#include <pthread.h>

#include "core/api/late.h"

#define NAME(name) "curl_" #name,
static const char *const names[] = { CURL_FUNCTIONS(NAME) };

static union { struct curl_table by_name; void *at[sizeof names / sizeof *names]; } table;
static struct err error;
static pthread_once_t opened = PTHREAD_ONCE_INIT;

_Static_assert(sizeof table.by_name == sizeof table.at, "a name for each function");

static void open_once(void)
{
    if (late_open(CURL_LIBRARY, names, sizeof names / sizeof *names, table.at, &error) != ST_OK)
        return;
    CURLcode rc = table.by_name.global_init(CURL_GLOBAL_DEFAULT);
    if (rc != CURLE_OK)
        fail(&error, ST_FAILED, "library.missing", CURL_LIBRARY, table.by_name.easy_strerror(rc), NULL);
}

const struct curl_table *curl_open(struct err *e)
{
    pthread_once(&opened, open_once);
    if (error.status && e)
        *e = error;
    return error.status ? NULL : &table.by_name;
}
