#include "core/data/target.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const sides[] = { "", "-wal", "-shm", "-journal", "-lock", "-notify" };
enum { SIDES = sizeof sides / sizeof *sides };

bool target_same(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Where the name leads, though nothing is there yet: SQLite would take a journal of that name for its own. */
static const char *whole_path(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = realpath(slash ? arena_strndup(a, path, (size_t)(slash - path) + 1) : ".", NULL);
    const char *whole =
        dir ? arena_printf(a, "%s/%s", strcmp(dir, "/") ? dir : "", slash ? slash + 1 : path)
            : path;
    free(dir);
    return whole;
}

/* A database, or a file of keys, by its first bytes. */
static bool is_precious(const char *path)
{
    static const char *const heads[] = { "SQLite format 3", "gonghai-key " };
    char head[16] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof head - 1);
    bool is = false;
    for (size_t i = 0; i < sizeof heads / sizeof *heads && n > 0; i++)
        is |= strncmp(head, heads[i], strlen(heads[i])) == 0;
    if (fd >= 0)
        close(fd);
    return is;
}

bool target_is_ours(struct ctx *c, const char *path)
{
    const char *db = db_path(c->db), *whole = whole_path(c->arena, path);
    bool is = is_precious(path);
    for (size_t i = 0; i < SIDES && !is; i++) {
        const char *side = arena_printf(c->arena, "%s%s", db, sides[i]);
        is = strcmp(whole, side) == 0 || target_same(path, side);
    }
    return is;
}
