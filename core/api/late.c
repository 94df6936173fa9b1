#include "core/api/late.h"

#include <dlfcn.h>

enum status late_open(const char *library, const char *const *names, size_t n, void **functions,
                      struct err *e)
{
    void *at = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; at && i < n; i++) {
        functions[i] = dlsym(at, names[i]);
        if (!functions[i])
            return fail(e, ST_FAILED, "library.missing", library, names[i], NULL);
    }
    return at ? ST_OK : fail(e, ST_FAILED, "library.missing", library, dlerror(), NULL);
}
