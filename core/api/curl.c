#include "core/api/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static struct {
    pthread_once_t once;
    bool there;
    char why[ERR_PARAM_SIZE];
    struct curl_table table;
} library = { .once = PTHREAD_ONCE_INIT };

static void note(const char *why)
{
    snprintf(library.why, sizeof library.why, "%s", why ? why : "");
}

/* A function's address travels as an object's: POSIX promises that dlsym()'s can. */
static bool find(void *handle, const char *name, void *place, size_t n)
{
    void *found = dlsym(handle, name);
    if (!found) {
        note(dlerror());
        return false;
    }
    memcpy(place, &found, n);
    return true;
}

static bool find_all(void *handle)
{
    struct curl_table *t = &library.table;
    return true
#define X(name) && find(handle, "curl_" #name, &t->name, sizeof t->name)
        CURL_FUNCTIONS(X)
#undef X
        ;
}

static void open_once(void)
{
    void *handle = dlopen(CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        note(dlerror());
        return;
    }
    if (!find_all(handle))
        return;
    CURLcode rc = library.table.global_init(CURL_GLOBAL_DEFAULT);
    if (rc != CURLE_OK)
        note(library.table.easy_strerror(rc));
    library.there = rc == CURLE_OK;
}

const struct curl_table *curl_open(struct err *e)
{
    pthread_once(&library.once, open_once);
    if (library.there)
        return &library.table;
    fail(e, ST_FAILED, "library.missing", CURL_LIBRARY, library.why, NULL);
    return NULL;
}
