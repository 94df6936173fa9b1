#include "tests/contract/importing.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

const char *many_rows(struct bank *k, const char *name, int n, int refused)
{
    struct buf b = BUF_INIT;
    bank_do(k, "lead.create", "{\"name\":\"seed\"}");
    buf_adds(&b, "external_id,name,phone\n");
    for (int i = 1; i <= n; i++)
        buf_addf(&b, i == refused ? "m%d,Name %d,12\n" : "m%d,Name %d,139%08d\n", i, i, i);
    const char *path = bank_file(k, name, b.s);
    buf_release(&b);
    return path;
}

const char *import_file(struct bank *k, const char *kind, const char *file, const char *more)
{
    return bank_call(k, bank_text(k, "%s.import", kind), bank_text(k, "{\"file\":\"%s\"%s}", file, more));
}

const char *import_counts(struct bank *k, const char *reply)
{
    if (!reply)
        return bank_text(k, "%s %s", k->e.code, k->e.param[0]);
    return bank_text(k, "%s %s %s %s %s", bank_get(k, reply, "rows"), bank_get(k, reply, "created"),
                     bank_get(k, reply, "updated"), bank_get(k, reply, "skipped"),
                     bank_get(k, reply, "rejected"));
}

const char *imported(struct bank *k, const char *kind, const char *file, const char *more)
{
    return import_counts(k, import_file(k, kind, file, more));
}

const char *file_text(struct bank *k, const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f)
        return "";
    char *text = arena_alloc(&k->arena, 1 << 16);
    size_t n = fread(text, 1, (1 << 16) - 1, f);
    text[n] = 0;
    fclose(f);
    return text;
}

bool file_there(const char *path)
{
    return access(path, F_OK) == 0;
}

int files_beginning(struct bank *k, const char *begin)
{
    DIR *d = opendir(k->dir);
    int n = 0;
    for (const struct dirent *x; (x = readdir(d));)
        n += strncmp(x->d_name, begin, strlen(begin)) == 0;
    closedir(d);
    return n;
}
