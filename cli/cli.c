#include "cli/cli.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/settings.h"
#include "cli/config.h"
#include "cli/console.h"
#include "cli/env.h"
#include "cli/help.h"
#include "cli/login.h"
#include "cli/out.h"
#include "cli/parse.h"
#include "core/api/sentence.h"
#include "core/data/import.h"
#include "core/lang/lex.h"
#include "core/model/noun.h"
#include "core/model/record_text.h"
#include "core/store/migrate.h"
#include "version.h"

const struct option global_options[] = {
    { "db", 0, TAKES_FILE, "URL", N_("the database: a path, or sqlite:PATH") },
    { "server", 0, TAKES_TEXT, "URL",
      N_("the server in place of a database: https://HOST[:PORT], or unix:PATH on this machine") },
    { "as", 0, TAKES_TEXT, "LOGIN",
      N_("act as this account, by the local owner's right or with its password; is audited") },
    { "password-file", 0, TAKES_FILE, "FILE",
      N_("the password of --as is this file's first line; without it, it is asked for on the terminal. "
         "Of a server, without --as: an API key") },
    { "now", 0, TAKES_TEXT, "TIME",
      N_("take this for the present time; on databases marked demo or test") },
    { "lang", 0, TAKES_TEXT, "en|zh_CN", N_("the language of this run") },
    { "help", 'h', TAKES_NOTHING, NULL, N_("show help, also of a command") },
    { "version", 'V', TAKES_NOTHING, NULL, N_("show version, commit and schema number") },
    { "reset-terminal", 0, TAKES_NOTHING, NULL,
      N_("put a terminal right that a killed program left in disorder") },
    { 0 },
};

const struct command *const command_tables[] = {
    console_commands, make_commands, import_commands, export_commands, list_commands,
    call_commands,    user_commands, guard_commands,  serve_commands,  settings_commands, docs_commands, NULL,
};

/* ---- what was given -------------------------------------------------------------------------- */

const char *cli_option(const struct cli *c, const char *name)
{
    assert(!c->command || option_find(c->command, name, strlen(name)));
    for (int i = 0; i < c->ngiven; i++)
        if (strcmp(c->given[i].name, name) == 0)
            return c->given[i].value;
    return NULL;
}

bool cli_flag(const struct cli *c, const char *name)
{
    return cli_option(c, name) != NULL;
}

enum status cli_number(struct cli *c, const char *name, int64_t min, int64_t max, int64_t none,
                       int64_t *out)
{
    const char *text = cli_option(c, name);
    char *end, least[24], most[24];
    *out = none;
    if (!text)
        return ST_OK;
    long long v = strtoll(text, &end, 10);
    if (*text && !*end && text[strspn(text, "0123456789-")] == '\0' && v >= min && v <= max) {
        *out = v;
        return ST_OK;
    }
    snprintf(least, sizeof least, "%lld", (long long)min);
    snprintf(most, sizeof most, "%lld", (long long)max);
    return cli_usage(c, "cli.number", name, least, most, NULL);
}

enum status cli_usage(struct cli *c, const char *code, ...)
{
    const char *p[ERR_PARAMS + 1] = { NULL };
    va_list ap;
    va_start(ap, code);
    for (int i = 0; i < ERR_PARAMS && (p[i] = va_arg(ap, const char *)); i++)
        ;
    va_end(ap);
    c->usage = true;
    return fail(&c->err, ST_INVALID, code, p[0], p[1], p[2], p[3], NULL);
}

enum status cli_kind(struct cli *c, const char *word, const char *verb, const struct noun **out)
{
    struct near near;
    char *list = arena_strdup(&c->arena, "");
    *out = noun_find(word);
    if (*out && cli_op((*out)->name, verb))
        return ST_OK;
    near_start(&near, word);
    for (size_t i = 0; nouns[i]; i++)
        if (cli_op(nouns[i]->name, verb)) {
            near_try(&near, nouns[i]->plural, nouns[i]->plural);
            list = arena_printf(&c->arena, "%s%s%s", list, *list ? ", " : "", nouns[i]->plural);
        }
    return cli_usage(c, "cli.kind", word, near.found, list, NULL);
}

/* ---- the database ---------------------------------------------------------------------------- */

struct backend_config cli_config(const struct cli *c)
{
    return (struct backend_config){
        .url = config_get(c, "database.url"),
        .as = cli_option(c, "as"),
        .password = cli_option(c, "as") ? c->password : NULL,
        .token = cli_option(c, "as") ? NULL : c->password,
        .code = c->code,
        .keys_dir = config_get(c, "keys.dir"),
        .read_ms = config_number(c, "database.read_seconds") * INT64_C(1000),
        .password_ms = config_number(c, "account.password_days") * (int64_t)CLOCK_DAY,
        .trace = getenv("GONGHAI_TRACE"),
        .server = config_get(c, "server.url"),
        .server_ca = config_get(c, "server.ca"),
        .server_cert = config_get(c, "server.cert"),
        .server_key = config_get(c, "server.key"),
    };
}

enum status cli_open(struct cli *c)
{
    assert(!c->backend);
    if (c->now != NONE && config_get(c, "server.url"))
        return cli_usage(c, "now.server", NULL);
    enum status st = login_open(c, &c->backend);
    if (st)
        return st;
    env_catch_signals();
    const struct whoami *who = c->backend->who(c->backend);
    if (c->now == NONE)
        return ST_OK;
    if (!who->demo && !who->test)
        return fail(&c->err, ST_DENIED, "now.not_test", NULL);
    clock_parse(cli_option(c, "now"), &c->now, NULL); /* again, in the zone of this database */
    clock_set(c->now);
    return ST_OK;
}

enum status cli_call(struct cli *c, const struct op *op, const void *in, const bool *given,
                     struct arena *a, void *out)
{
    struct call call = { .op = op, .in = in, .given = given, .cancel = &cli_cancel };
    return backend_call(c->backend, &call, a, out, &c->err);
}

const struct op *cli_op(const char *noun, const char *verb)
{
    char name[2 * CLI_NAME];
    snprintf(name, sizeof name, "%s.%s", noun, verb);
    return op_find(name);
}

const char *cli_sentence(struct cli *c, const char *code, const char *param)
{
    return sentence_of(&c->arena, code, &param, 1);
}

bool cli_set(struct cli *c, const struct op *op, void *in, bool *given, const char *name,
             const char *text, enum status *st)
{
    const struct field *f = op->in ? record_field(op->in, name) : NULL;
    if (!f)
        return false;
    given[f - op->in->fields] = true;
    if (!*st)
        *st = record_parse(f, text, in, &c->arena, &c->err);
    return true;
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void print_version(void)
{
    out_textf("gonghai %s (%s), schema %d\n", GONGHAI_VERSION, GONGHAI_COMMIT, schema_newest());
}

/* A database, or a server. */
static enum status check_place(struct cli *c)
{
    bool db = cli_option(c, "db") != NULL, server = cli_option(c, "server") != NULL;
    if ((db || server) && (c->command->flags & CMD_NO_DATABASE) == CMD_NO_DATABASE)
        return cli_usage(c, "cli.no_meaning", db ? "db" : "server", NULL);
    return db && server ? cli_usage(c, "cli.server_db", NULL) : ST_OK;
}

/* The languages' names, and a time in the zone that holds until the database names its own. */
static enum status check_globals(struct cli *c)
{
    const char *lang = cli_option(c, "lang"), *now = cli_option(c, "now");
    if (lang)
        i18n_set(lang);
    if (lang && strcmp(lang, "en") != 0 && strcmp(lang, "zh_CN") != 0)
        return cli_usage(c, "cli.unknown_language", lang, NULL);
    if (now && !clock_parse(now, &c->now, NULL))
        return cli_usage(c, "cli.time", now, NULL);
    if (now && (c->command->flags & CMD_NO_NOW))
        return cli_usage(c, "cli.no_meaning", "now", NULL);
    if (cli_option(c, "as") && (c->command->flags & CMD_NO_AS))
        return cli_usage(c, "cli.no_meaning", "as", NULL);
    if (cli_option(c, "password-file") && !cli_option(c, "as") && !config_get(c, "server.url"))
        return cli_usage(c, c->command->flags & CMD_NO_AS ? "cli.no_meaning" : "cli.no_as", "password-file",
                         NULL);
    return check_place(c);
}

/* Logs and last words go to the user's state folder; without one the program runs without. */
static void open_log(struct cli *c)
{
    const char *log = settings_path(&c->arena, DIR_STATE, "gonghai.log");
    if (!log || settings_make_dir(DIR_STATE, NULL) != ST_OK) {
        crash_install(NULL, GONGHAI_VERSION " " GONGHAI_COMMIT);
        return;
    }
    crash_install(settings_path(&c->arena, DIR_STATE, NULL), GONGHAI_VERSION " " GONGHAI_COMMIT);
    log_open(log, LOG_SIZE, LOG_KEEP, LEVEL_INFO, NULL);
}

/* The bank's own words: the file of the settings, else terms.ini of the system and of the user. */
static enum status load_terms(struct cli *c)
{
    const char *named = config_get(c, "ui.terms");
    const char *own = settings_path(&c->arena, DIR_CONFIG, "terms.ini");
    enum status st = config_check_file(c, "ui.terms");
    if (st || named)
        return st ? st : i18n_terms(named, 0, &c->err);
    st = i18n_terms("/etc/gonghai/terms.ini", SETTINGS_OPTIONAL, &c->err);
    return st || !own ? st : i18n_terms(own, SETTINGS_OPTIONAL, &c->err);
}

static enum status run(struct cli *c, int argc, char **argv)
{
    struct asked asked = { 0 };
    i18n_init(NULL);
    enum status parsed = parse_args(c, argc, argv, &asked);
    struct err kept = c->err;
    enum status st = check_globals(c);
    if (parsed) {
        c->err = kept;
        return parsed;
    }
    if (asked.help) {
        help_print(c->command);
        return ST_OK;
    }
    if (asked.version) {
        print_version();
        return ST_OK;
    }
    if (asked.reset_terminal) {
        console_reset();
        return ST_OK;
    }
    if (st)
        return st;
    st = config_load(c);
    if (st)
        return st;
    if ((c->command->flags & CMD_LOCAL) && config_get(c, "server.url"))
        return cli_usage(c, "cli.server_local", c->command->name, NULL);
    if (config_from(c, "ui.lang") != CONFIG_BUILT_IN)
        i18n_set(config_get(c, "ui.lang"));     /* "auto" changes nothing */
    open_log(c);
    st = c->command->flags & CMD_OWN_WORDS ? ST_OK : load_terms(c);
    if (st)
        return st;
    import_words(sentence);
    return c->command->run(c);
}

static void say_error(struct cli *c)
{
    const char *code =
        c->command->flags & CMD_CODES ? arena_printf(&c->arena, " (%s)", c->err.code) : "";
    sayf("gonghai: %s%s\n", sentence_typed(&c->arena, &c->err), code);
    if (c->usage)
        sayf("%s %s\n", _("Usage:"), help_synopsis(&c->arena, c->command));
}

int cli_main(int argc, char **argv)
{
    struct cli c = { .now = NONE };
    enum status st = run(&c, argc, argv);
    struct err lost;
    if (st && !c.silent)
        say_error(&c);
    if (out_end(&lost) && !st) {
        c.err = lost;
        st = lost.status;
        c.usage = false;
        say_error(&c);
    }
    backend_close(c.backend);
    backend_leave();
    login_end(&c);
    log_close();
    arena_free(&c.arena);
    return st == ST_CANCELLED ? ST_FAILED : (int)st;
}
