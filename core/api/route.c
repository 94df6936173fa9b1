/* route.c - which operation a method and a path mean, from the rows of the table. */
#include <pthread.h>
#include <string.h>

#include "core/api/backend.h"
#include "core/api/wire.h"

enum { SLOTS = 1024, SEGMENTS = 8, ID_AT = 2 };     /* {id} is always the third segment: /v1/leads/{id} */

static const struct op *slot[SLOTS];                /* by method and path; filled once */
static pthread_once_t filled = PTHREAD_ONCE_INIT;

/* FNV-1a */
static uint32_t hash(uint32_t h, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

static uint32_t place(const char *method, const char *path)
{
    return hash(hash(2166136261u, method, strlen(method)), path, strlen(path)) % SLOTS;
}

static void fill(void)
{
    for (const struct op *const *op = ops_all(); *op; op++) {
        uint32_t at = place((*op)->method, (*op)->path);
        while (slot[at])
            at = (at + 1) % SLOTS;
        slot[at] = *op;
    }
}

static const struct op *find(const char *method, const char *path)
{
    pthread_once(&filled, fill);
    for (uint32_t at = place(method, path); slot[at]; at = (at + 1) % SLOTS)
        if (strcmp(slot[at]->method, method) == 0 && strcmp(slot[at]->path, path) == 0)
            return slot[at];
    return NULL;
}

/* The path with {id} in the place of its third segment; NULL when there is none, or it is empty. */
static const char *with_id(const char *path, struct arena *a, const char **id)
{
    const char *at = path;
    for (int i = 0; i < ID_AT; i++) {
        at = *at ? strchr(at + 1, '/') : NULL;
        if (!at)
            return NULL;
    }
    size_t n = strcspn(++at, "/");
    *id = arena_strndup(a, at, n);
    return n ? arena_printf(a, "%.*s{id}%s", (int)(at - path), path, at + n) : NULL;
}

/* The methods that one of the two paths has. */
static const char *methods_of(const char *path, const char *other, struct arena *a)
{
    const char *list = "";
    for (const struct op *const *op = ops_all(); *op; op++)
        if (strcmp((*op)->path, path) == 0 || (other && strcmp((*op)->path, other) == 0))
            list = strstr(list, (*op)->method)
                       ? list
                       : arena_printf(a, "%s%s%s", list, *list ? ", " : "", (*op)->method);
    return list;
}

enum status wire_route(const char *method, const char *path, struct arena *a, const struct op **op,
                       const char **id, struct err *e)
{
    const char *as = strcmp(method, "QUERY") == 0 || strcmp(method, "HEAD") == 0 ? "GET" : method,
               *there = NULL;
    *id = NULL;
    *op = find(as, path);
    if (*op)
        return ST_OK;
    const char *pattern = with_id(path, a, &there);
    *op = pattern ? find(as, pattern) : NULL;
    if (*op) {
        *id = there;
        return ST_OK;
    }
    const char *methods = methods_of(path, pattern, a);
    return *methods ? fail(e, ST_INVALID, "http.method", methods, NULL)
                    : fail(e, ST_NOT_FOUND, "http.path", path, NULL);
}
