#include "cli/config.h"

#include <stdio.h>
#include <string.h>

#include "base/settings.h"

static const char *const known[] = {
    "database.url",   "keys.dir",         "console.theme", "console.theme_file",
    "console.keymap", "console.language", "console.mouse", "console.paste",
};
_Static_assert(sizeof known / sizeof *known == CLI_SETTINGS, "one place for each setting");

static int place_of(const char *section, const char *key)
{
    for (int i = 0; i < CLI_SETTINGS; i++) {
        size_t n = strlen(section);
        if (strncmp(known[i], section, n) == 0 && known[i][n] == '.' &&
            strcmp(known[i] + n + 1, key) == 0)
            return i;
    }
    return -1;
}

static enum status take(void *ctx, const struct setting *s, struct err *e)
{
    struct cli *c = ctx;
    int i = place_of(s->section, s->key);
    if (i < 0)
        return settings_fail(e, s, "config.unknown");
    c->setting[i] = arena_strdup(&c->arena, s->value);
    return ST_OK;
}

enum status config_load(struct cli *c)
{
    const char *own = settings_path(&c->arena, DIR_CONFIG, "gonghai.conf");
    unsigned flags = SETTINGS_OPTIONAL | SETTINGS_TRUSTED;
    enum status st = settings_load("/etc/gonghai/gonghai.conf", flags, take, c, &c->err);
    return st || !own ? st : settings_load(own, flags, take, c, &c->err);
}

const char *config_get(const struct cli *c, const char *name)
{
    for (int i = 0; i < CLI_SETTINGS; i++)
        if (strcmp(known[i], name) == 0)
            return c->setting[i];
    return NULL;
}
