/* settings.c - `config`: what holds, where it comes from, what is locked. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/config.h"
#include "cli/out.h"
#include "core/lang/lex.h"

/* "/etc/gonghai/gonghai.conf:3", "GONGHAI_UI_THEME", "--theme"; in the arena. */
static const char *place_words(struct arena *a, const struct config_value *v)
{
    if (v->from == CONFIG_BUILT_IN)
        return _("built in");
    return v->line ? arena_printf(a, "%s:%d", v->where, v->line) : v->where;
}

static void print_cell(const char *s, int cells)
{
    int width = text_width(s);
    out_textf("%s%*s", s, width < cells ? cells - width + 2 : 2, "");
}

static void print_key(struct cli *c, int i, int names, int values)
{
    const struct config_value *v = &c->setting[i];
    print_cell(config_keys[i].name, names);
    print_cell(*v->value ? v->value : "-", values);
    out_textf("%s%s\n", place_words(&c->arena, v), v->locked ? _(" (locked)") : "");
    for (const struct config_value *aside = v->aside; aside; aside = aside->aside)
        out_textf("    %s\n",
                  arena_printf(&c->arena, _("left aside: %s (%s)"), aside->value,
                               place_words(&c->arena, aside)));
}

static enum status print_one(struct cli *c, const char *name)
{
    struct near near;
    near_start(&near, name);
    for (int i = 0; i < CONFIG_KEYS; i++) {
        if (strcmp(config_keys[i].name, name) == 0) {
            const char *value = config_get(c, name);
            value = arena_printf(&c->arena, "%s\n", value ? value : "");
            out_data(value, strlen(value));
            return ST_OK;
        }
        near_try(&near, config_keys[i].name, config_keys[i].name);
    }
    return cli_usage(c, "cli.setting", name, near.found, NULL);
}

static enum status run_config(struct cli *c)
{
    enum { VALUES_MOST = 30 };
    int names = 0, values = 0;
    if (c->nargs)
        return print_one(c, c->arg[0]);
    for (int i = 0; i < CONFIG_KEYS; i++) {
        int name = text_width(config_keys[i].name), value = text_width(c->setting[i].value);
        names = name > names ? name : names;
        values = value > values && value <= VALUES_MOST ? value : values;
    }
    for (int i = 0; i < CONFIG_KEYS; i++)
        print_key(c, i, names, values);
    return ST_OK;
}

const struct command settings_commands[] = {
    { "config", "[KEY]", N_("shows the settings, where each comes from, and what is locked"),
      N_("With KEY the value alone. What each means stands in the manual under SETTINGS."), NULL,
      CMD_NO_AS | CMD_NO_NOW, run_config },
    { 0 },
};
