#include "tui/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum { INI_SIZE_MAX = 65536 };

struct reading {
    ini_line *take;
    void *self;
    const char *at;             /* the rest of the text */
    int line;
    char what[160];
};

/* inih's reader: the next line, as fgets() gives it. What is longer than inih's buffer counts as several lines, none
 * of which is right. */
static char *next_line(char *out, int size, void *stream)
{
    struct reading *r = stream;
    size_t n = strcspn(r->at, "\n");

    if (!*r->at)
        return NULL;
    n += r->at[n] == '\n';
    if (n > (size_t)size - 1)
        n = (size_t)size - 1;
    memcpy(out, r->at, n);
    out[n] = '\0';
    r->at += n;
    r->line++;
    return out;
}

/* inih's handler: 1 goes on, 0 marks the line as wrong. */
static int on_line(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    const char *wrong;

    if (r->what[0])
        return 1;
    wrong = r->take(r->self, r->line, section, name, value ? value : "");
    if (!wrong)
        return 1;
    snprintf(r->what, sizeof r->what, "%s", wrong);
    return 0;
}

enum status ini_read(const char *file, const char *text, const char *code, ini_line *take, void *self, struct err *e)
{
    struct reading r = { .take = take, .self = self, .at = text };
    int line = ini_parse_stream(next_line, &r, on_line, &r);
    char number[16];

    if (line == 0)
        return ST_OK;
    snprintf(number, sizeof number, "%d", line > 0 ? line : 1);
    return fail(e, ST_INVALID, code, file, number, r.what[0] ? r.what : "not `name = value`", NULL);
}

enum status ini_slurp(const char *file, const char *code, char **text, struct err *e)
{
    struct stat st;
    ssize_t n;
    size_t got = 0;
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    *text = NULL;
    if (fd < 0)
        return fail(e, ST_FAILED, code, file, strerror(errno), NULL);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > INI_SIZE_MAX) {
        close(fd);
        return fail(e, ST_FAILED, code, file, "no regular file of at most 64 KiB", NULL);
    }
    *text = xmalloc(INI_SIZE_MAX + 1);
    while (got < INI_SIZE_MAX && (n = read(fd, *text + got, INI_SIZE_MAX - got)) > 0)
        got += (size_t)n;
    close(fd);
    (*text)[got] = '\0';
    return ST_OK;
}
