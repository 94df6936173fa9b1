#include "cli/config.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/settings.h"
#include "base/text.h"
#include "tui/theme.h"

#define SYSTEM_FILE "/etc/gonghai/gonghai.conf"

const struct config_key config_keys[CONFIG_KEYS] = {
    { "database.url", NULL, "URL", "",
      N_("the database, where not the embedded one in the user's data folder") },
    { "database.read_seconds", NULL, "1-3600", "30",
      N_("seconds after which a list or count that is still running is stopped") },
    { "keys.dir", NULL, "FOLDER", "", N_("where key files lie") },
    { "account.password_days", NULL, "0-3650", "0",
      N_("days after which a password must be changed; 0: never") },
    { "server.url", NULL, "URL", "",
      N_("a server in place of a database: https://HOST[:PORT], or unix:PATH") },
    { "server.ca", NULL, "FILE", "",
      N_("the certificate that the server's must be signed by, where it is not one that this machine "
         "knows") },
    { "server.cert", NULL, "FILE", "", N_("this terminal's own certificate, where the server asks for one") },
    { "server.key", NULL, "FILE", "", N_("the key of server.cert") },
    { "session.hours", NULL, "1-168", "12", N_("hours after which a login over the network ends") },
    { "session.idle_minutes", NULL, "0-1440", "30",
      N_("minutes without a call after which a login over the network ends; 0: never by that") },
    { "session.most", NULL, "1-100", "8",
      N_("logins over the network that an account may have at a time: one more, and the oldest ends") },
    { "ui.lang", "console.language", "auto|en|zh_CN", "auto",
      N_("the language; auto takes that of the environment") },
    { "ui.theme", "console.theme", "NAME", "", N_("the colours: a theme by name, see --theme") },
    { "ui.theme_file", "console.theme_file", "FILE", "", N_("a theme of your own") },
    { "ui.keys", "console.keymap", "FILE", "", N_("a key table of your own") },
    { "ui.terms", NULL, "FILE", "",
      N_("the bank's own words in place of Gonghai's; without it terms.ini beside the settings files") },
    { "ui.color", NULL, "auto|2|8|16|256|true", "auto",
      N_("how many colours the terminal has; auto asks it, and heeds NO_COLOR") },
    { "ui.ascii", NULL, "yes|no", "no", N_("lines and marks from plain characters") },
    { "ui.ambiguous", NULL, "auto|1|2", "auto",
      N_("columns that characters of ambiguous width take; auto asks the terminal") },
    { "ui.plain", NULL, "yes|no", "no",
      N_("a console of lines in place of the full screen: for screen readers and simple terminals") },
    { "ui.large", NULL, "yes|no", "no", N_("large print: two rows a line, letters spaced wide") },
    { "ui.keybar", NULL, "yes|no", "no", N_("one more row at the bottom: what F1 to F12 do") },
    { "ui.cursor", NULL, "yes|no", "no",
      N_("the cursor stands on the selected row of lists, too: for screen readers") },
    { "ui.mouse", "console.mouse", "yes|no", "yes", N_("take the mouse; no leaves it to the terminal") },
    { "ui.paste", "console.paste", "yes|no", "yes", N_("text may be pasted into fields") },
    { "ui.clipboard", NULL, "yes|no", "yes",
      N_("what is copied may go to the terminal's clipboard (OSC 52)") },
    { "ui.scan", NULL, "yes|no", "yes",
      N_("a barcode scanner's burst looks up the lead, on every screen") },
    { "ui.esc_ms", NULL, "5-1000", "25",
      N_("milliseconds after which Esc is the key and not the start of a sequence") },
    { "ui.lock_minutes", NULL, "0-480", "5",
      N_("minutes without a key until the console locks; 0: never") },
    { "ui.watermark", NULL, "yes|no", "yes",
      N_("staff number, terminal and date stand dim behind real customers' data") },
};

/* ---- the table ------------------------------------------------------------------------------- */

static int place_of(const char *name)
{
    for (int i = 0; i < CONFIG_KEYS; i++)
        if (strcmp(config_keys[i].name, name) == 0 ||
            (config_keys[i].old && strcmp(config_keys[i].old, name) == 0))
            return i;
    return -1;
}

static const struct config_value *value_of(const struct cli *c, const char *name)
{
    int i = place_of(name);
    assert(i >= 0);
    return &c->setting[i];
}

const char *config_get(const struct cli *c, const char *name)
{
    const char *value = value_of(c, name)->value;
    return value && *value ? value : NULL;
}

bool config_is(const struct cli *c, const char *name)
{
    const char *value = config_get(c, name);
    return value && strcmp(value, "yes") == 0;
}

int config_number(const struct cli *c, const char *name)
{
    const char *value = config_get(c, name);
    return value ? atoi(value) : 0;
}

struct session_rules config_session(const struct cli *c)
{
    int idle = config_number(c, "session.idle_minutes");
    return (struct session_rules){
        .whole_ms = config_number(c, "session.hours") * (int64_t)CLOCK_HOUR,
        .idle_ms = idle ? idle * (int64_t)CLOCK_MINUTE : NONE,
        .most = config_number(c, "session.most"),
    };
}

void config_set(struct cli *c, const char *name, const char *value)
{
    c->setting[place_of(name)] = (struct config_value){ .value = value, .from = CONFIG_OPTION };
}

enum config_from config_from(const struct cli *c, const char *name)
{
    return value_of(c, name)->from;
}

bool config_locked(const struct cli *c, const char *name)
{
    return value_of(c, name)->locked;
}

const char *config_variable(struct arena *a, const struct config_key *key)
{
    char *name = arena_printf(a, "GONGHAI_%s", key->name);
    for (char *p = name; *p; p++)
        *p = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
    return name;
}

/* ---- what a key takes ------------------------------------------------------------------------ */

/* The word of "a|b|c" that value is, in the table's own memory of n bytes; NULL if none. */
static const char *choice_of(const char *words, const char *value, size_t *n)
{
    for (const char *w = words; *w; w += *n, w += *w == '|') {
        *n = strcspn(w, "|");
        if (strlen(value) == *n && strncmp(w, value, *n) == 0)
            return w;
    }
    return NULL;
}

static const char *yes_or_no(const char *value)
{
    static const char *const words[][2] = {
        { "yes", "yes" }, { "on", "yes" }, { "true", "yes" }, { "1", "yes" },
        { "no", "no" },   { "off", "no" }, { "false", "no" }, { "0", "no" },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(value, words[i][0]) == 0)
            return words[i][1];
    return NULL;
}

static bool in_range(const char *range, const char *value)
{
    int least, most;
    size_t n = strspn(value, "0123456789");
    return sscanf(range, "%d-%d", &least, &most) == 2 && n > 0 && n < 7 && value[n] == '\0' &&
           atoi(value) >= least && atoi(value) <= most;
}

/* The value as it is kept, in the arena; NULL when the key does not take it. */
static const char *taken(struct arena *a, const struct config_key *key, const char *value)
{
    size_t n;
    if (strcmp(key->takes, "yes|no") == 0)
        return yes_or_no(value);
    if (strcmp(key->name, "ui.lang") == 0 && strncmp(value, "zh", 2) == 0)
        value = "zh_CN";
    if (strchr(key->takes, '|'))
        return choice_of(key->takes, value, &n) ? arena_strndup(a, value, strlen(value)) : NULL;
    if (key->takes[0] >= '0' && key->takes[0] <= '9')
        return in_range(key->takes, value) ? arena_strdup(a, value) : NULL;
    return arena_strdup(a, value);
}

/* ---- layers ---------------------------------------------------------------------------------- */

/* A higher layer takes the place of a lower one, unless that is locked: then it is noted as left aside. */
static void lay(struct cli *c, int i, struct config_value v)
{
    struct config_value *at = &c->setting[i];
    if (at->locked && v.from > CONFIG_SYSTEM) {
        struct config_value *last = arena_new(&c->arena, struct config_value);
        *last = v;
        last->aside = at->aside;
        at->aside = last;
        return;
    }
    *at = v;
}

struct layer { struct cli *c; enum config_from from; };

static enum status bad_value(struct err *e, const struct setting *s, const char *takes)
{
    char line[16];
    snprintf(line, sizeof line, "%d", s->line);
    return fail(e, ST_INVALID, "config.value", s->file, line, s->key, s->value, takes, NULL);
}

static enum status take(void *ctx, const struct setting *s, struct err *e)
{
    struct layer *l = ctx;
    struct arena *a = &l->c->arena;
    bool lock = s->key[0] == '!';
    const char *key = s->key + lock + strspn(s->key + lock, " \t");
    int i = place_of(arena_printf(a, "%s.%s", s->section, key));
    if (i < 0)
        return settings_fail(e, s, "config.unknown");
    if (lock && l->from != CONFIG_SYSTEM)
        return settings_fail(e, s, "config.lock");
    struct config_value v = { .from = l->from, .line = s->line, .locked = lock,
                              .where = arena_strdup(a, s->file) };
    v.value = taken(a, &config_keys[i], s->value);
    if (!v.value)
        return bad_value(e, s, config_keys[i].takes);
    lay(l->c, i, v);
    return ST_OK;
}

static enum status read_file(struct cli *c, const char *path, enum config_from from)
{
    struct layer l = { c, from };
    return settings_load(path, SETTINGS_OPTIONAL | SETTINGS_TRUSTED, take, &l, &c->err);
}

/* The folders of XDG_CONFIG_DIRS stand most important first. */
static enum status read_shared(struct cli *c, const char *dirs)
{
    size_t n = strcspn(dirs, ":");
    enum status st = dirs[n] ? read_shared(c, dirs + n + 1) : ST_OK;
    if (st || dirs[0] != '/')           /* the specification: relative ones are left out */
        return st;
    return read_file(c, arena_printf(&c->arena, "%.*s/gonghai/gonghai.conf", (int)n, dirs),
                     CONFIG_SYSTEM);
}

static enum status read_files(struct cli *c)
{
    const char *dirs = getenv("XDG_CONFIG_DIRS");
    const char *own = settings_path(&c->arena, DIR_CONFIG, "gonghai.conf");
    enum status st = read_shared(c, dirs && *dirs ? dirs : "/etc/xdg");
    if (!st)
        st = read_file(c, SYSTEM_FILE, CONFIG_SYSTEM);
    return st || !own ? st : read_file(c, own, CONFIG_USER);
}

static enum status read_environment(struct cli *c)
{
    for (int i = 0; i < CONFIG_KEYS; i++) {
        const char *name = config_variable(&c->arena, &config_keys[i]), *text = getenv(name);
        if (!text || !*text)
            continue;
        struct config_value v = { .from = CONFIG_ENVIRONMENT, .where = name };
        v.value = text_valid(text, strlen(text)) ? taken(&c->arena, &config_keys[i], text) : NULL;
        if (!v.value)
            return fail(&c->err, ST_INVALID, "config.environment", name, text,
                        config_keys[i].takes, NULL);
        lay(c, i, v);
    }
    return ST_OK;
}

/* What an option of the command line sets; value NULL: the option's own. */
static const struct { const char *option, *key, *value; } set_by[] = {
    { "db", "database.url", NULL },      { "server", "server.url", NULL },
    { "lang", "ui.lang", NULL },
    { "theme", "ui.theme", NULL },       { "theme-file", "ui.theme_file", NULL },
    { "keymap", "ui.keys", NULL },       { "color", "ui.color", NULL },
    { "no-color", "ui.color", "2" },     { "ascii", "ui.ascii", "yes" },
    { "large", "ui.large", "yes" },      { "plain", "ui.plain", "yes" },
    { "no-mouse", "ui.mouse", "no" },    { "no-paste", "ui.paste", "no" },
};

/* option: without its dashes. */
static enum status refuse_locked(struct cli *c, const char *option, int key)
{
    const struct config_value *at = &c->setting[key];
    char line[16];
    snprintf(line, sizeof line, "%d", at->line);
    return fail(&c->err, ST_DENIED, "config.locked", option, config_keys[key].name, at->where, line, NULL);
}

static enum status lay_option(struct cli *c, const char *option, int key, const char *value)
{
    const struct config_value *at = &c->setting[key];
    if (at->locked && strcmp(at->value, value) != 0)
        return refuse_locked(c, option, key);
    if (!at->locked)
        lay(c, key, (struct config_value){ .value = value, .from = CONFIG_OPTION,
                    .where = arena_printf(&c->arena, "--%s", option) });
    return ST_OK;
}

static enum status read_options(struct cli *c)
{
    enum status st = ST_OK;
    for (int g = 0; g < c->ngiven && !st; g++)
        for (size_t i = 0; i < sizeof set_by / sizeof *set_by && !st; i++)
            if (strcmp(c->given[g].name, set_by[i].option) == 0)
                st = lay_option(c, set_by[i].option, place_of(set_by[i].key),
                                set_by[i].value ? set_by[i].value : c->given[g].value);
    return st;
}

/* ---- what holds ------------------------------------------------------------------------------ */

/* Said by a file or the environment? An option's mistake is told as it was typed. */
static bool is_set(const struct config_value *v)
{
    return *v->value && v->from != CONFIG_BUILT_IN && v->from != CONFIG_OPTION;
}

/* What was said stays to be seen, but does not hold. */
static void put_aside(struct cli *c, int i)
{
    struct config_value *last = arena_new(&c->arena, struct config_value);
    *last = c->setting[i];
    c->setting[i] = (struct config_value){ .value = "", .aside = last };
}

/* A database or a server: of both the one that was said later holds, but not against a lock. */
static enum status check_place(struct cli *c)
{
    int db = place_of("database.url"), server = place_of("server.url");
    const struct config_value *d = &c->setting[db], *s = &c->setting[server];
    if (!*d->value || !*s->value)
        return ST_OK;
    bool server_wins = s->locked || (!d->locked && s->from > d->from);
    const struct config_value *lost = server_wins ? d : s, *won = server_wins ? s : d;
    if (won->locked && lost->from == CONFIG_OPTION)
        return refuse_locked(c, lost->where + 2, server_wins ? server : db);
    if (d->from == s->from && d->locked == s->locked)
        return fail(&c->err, ST_INVALID, "config.server_db", d->where, s->where, NULL);
    put_aside(c, server_wins ? db : server);
    return ST_OK;
}

/* A theme that no longer counts may be of another version. */
static enum status check_theme(struct cli *c)
{
    const struct config_value *v = value_of(c, "ui.theme");
    const char *takes = "", *const *name = theme_names();
    if (!is_set(v))
        return ST_OK;
    for (; *name; name++) {
        if (strcmp(*name, v->value) == 0)
            return ST_OK;
        takes = arena_printf(&c->arena, "%s%s%s", takes, *takes ? "|" : "", *name);
    }
    if (v->from == CONFIG_ENVIRONMENT)
        return fail(&c->err, ST_INVALID, "config.environment", v->where, v->value, takes, NULL);
    struct setting s = { .file = v->where, .line = v->line, .key = "theme", .value = v->value };
    return bad_value(&c->err, &s, takes);
}

enum status config_check_file(struct cli *c, const char *name)
{
    const struct config_value *v = value_of(c, name);
    char line[16] = "";
    if (!is_set(v) || access(v->value, R_OK) == 0)
        return ST_OK;
    if (v->line)
        snprintf(line, sizeof line, "%d", v->line);
    return fail(&c->err, ST_NOT_FOUND, "config.file", v->where, line, name, v->value, NULL);
}

enum status config_load(struct cli *c)
{
    for (int i = 0; i < CONFIG_KEYS; i++)
        c->setting[i] = (struct config_value){ .value = config_keys[i].built_in };
    enum status st = read_files(c);
    if (!st)
        st = read_environment(c);
    if (!st)
        st = read_options(c);
    if (!st)
        st = check_place(c);
    return st ? st : check_theme(c);
}
