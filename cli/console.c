/* console.c - the console itself, and `show`: a screen as text. */
#include "cli/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/config.h"
#include "cli/login.h"
#include "cli/out.h"
#include "cli/plain.h"
#include "tui/term.h"
#include "views/app.h"

enum { COLS_LEAST = 20, COLS_MOST = 500, ROWS_LEAST = 5, ROWS_MOST = 200 };

static bool has_option(const struct cli *c, const char *name)
{
    for (const struct option *o = c->command->options; o && o->name; o++)
        if (strcmp(o->name, name) == 0)
            return true;
    return false;
}

/* An option that not every command of this file has; NULL when it was not given. */
static const char *chosen(const struct cli *c, const char *option)
{
    return has_option(c, option) ? cli_option(c, option) : NULL;
}

/* NO_COLOR counts more than the system's settings and less than the user's own. */
static enum color_choice colors_of(const struct cli *c)
{
    static const struct { const char *word; enum color_choice choice; } words[] = {
        { "auto", COLORS_AUTO }, { "2", COLORS_NEVER },  { "8", COLORS_8 },
        { "16", COLORS_16 },     { "256", COLORS_256 },  { "true", COLORS_TRUE },
    };
    const char *no_color = getenv("NO_COLOR"), *said = config_get(c, "ui.color");
    bool weak = config_from(c, "ui.color") <= CONFIG_SYSTEM && !config_locked(c, "ui.color");
    if (no_color && *no_color && (weak || strcmp(said, "auto") == 0))
        return COLORS_NEVER;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, said) == 0)
            return words[i].choice;
    return COLORS_AUTO;
}

/* Said for this run, or for good by the system: what was chosen on a screen does not count. */
static bool is_fixed(const struct cli *c, const char *key)
{
    return config_locked(c, key) || config_from(c, key) >= CONFIG_ENVIRONMENT;
}

static struct app_options options_of(struct cli *c)
{
    const char *columns = config_get(c, "ui.ambiguous");
    return (struct app_options){
        .backend = cli_config(c),
        .view = chosen(c, "view"),
        .theme = config_get(c, "ui.theme"),
        .theme_file = config_get(c, "ui.theme_file"),
        .lang = i18n_lang(),
        .keys = chosen(c, "keys"),
        .keymap_file = config_get(c, "ui.keys"),
        .colors = colors_of(c),
        .ascii = config_is(c, "ui.ascii"),
        .large = config_is(c, "ui.large"),
        .keybar = config_is(c, "ui.keybar"),
        .cursor = config_is(c, "ui.cursor"),
        .no_mouse = !config_is(c, "ui.mouse"),
        .no_paste = !config_is(c, "ui.paste"),
        .no_clipboard = !config_is(c, "ui.clipboard"),
        .no_scan = !config_is(c, "ui.scan"),
        .esc_ms = config_number(c, "ui.esc_ms"),
        .ambiguous = strcmp(columns, "auto") == 0 ? 0 : atoi(columns),
        .lock_minutes = config_number(c, "ui.lock_minutes"),
        .watermark = config_is(c, "ui.watermark"),
        .fixed_theme = is_fixed(c, "ui.theme") || is_fixed(c, "ui.theme_file"),
        .fixed_lang = is_fixed(c, "ui.lang"),
        .quit_after_keys = chosen(c, "quit"),
    };
}

/* What must be known before the screen starts: the password of --as, and whether --now may be (it is for
 * marked databases only). */
static enum status ask_first(struct cli *c)
{
    if (c->backend)
        return ST_OK;
    if (c->now == NONE)
        return login_first(c);
    enum status st = cli_open(c);
    backend_close(c->backend);
    c->backend = NULL;
    return st;
}

/* The views have said what went wrong. */
static enum status ended(struct cli *c, int code)
{
    c->silent = code != 0;
    return (enum status)code;
}

/* A person sits there, but no word can be placed on the screen. */
static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && (!term || !*term || strcmp(term, "dumb") == 0);
}

static enum status check_files(struct cli *c)
{
    enum status st = config_check_file(c, "ui.theme_file");
    return st ? st : config_check_file(c, "ui.keys");
}

enum status console_open(struct cli *c)
{
    bool plain = config_is(c, "ui.plain") || is_dumb();
    enum status st = plain ? ST_OK : check_files(c);
    if (!st)
        st = ask_first(c);
    if (st)
        return st;
    if (plain)
        return plain_open(c);
    struct app_options o = options_of(c);
    o.remembers = true;
    return ended(c, app_run(&o));
}

void console_reset(void)
{
    term_reset(isatty(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO);
}

static enum status parse_size(struct cli *c, struct app_options *o)
{
    const char *text = cli_option(c, "size");
    char x, end;
    if (!text)
        return ST_OK;
    if (sscanf(text, "%d%c%d%c", &o->cols, &x, &o->rows, &end) != 3 || x != 'x' ||
        o->cols < COLS_LEAST || o->cols > COLS_MOST || o->rows < ROWS_LEAST || o->rows > ROWS_MOST)
        return cli_usage(c, "cli.size", NULL);
    return ST_OK;
}

static enum status run_show(struct cli *c)
{
    struct app_options o = options_of(c);
    enum status st = parse_size(c, &o);
    if (!st)
        st = check_files(c);
    o.watermark = false;                /* a dump has no onlookers, and scripts read it */
    if (!st)
        st = ask_first(c);
    o.backend = cli_config(c);
    return st ? st : ended(c, app_show(&o, c->arg[0]));
}

#define LOOKS \
    { "theme", 0, TAKES_TEXT, "NAME", N_("default, light, high-contrast, mono or solar") }, \
    { "theme-file", 0, TAKES_FILE, "FILE", N_("a theme of your own") }, \
    { "keymap", 0, TAKES_FILE, "FILE", N_("a key table of your own") }, \
    { "keys", 0, TAKES_EMPTY, "SCRIPT", N_("play these keys first, e.g. '2 j j Enter'") }, \
    { "color", 0, TAKES_CHOICE, "auto|2|8|16|256|true", N_("how many colours; auto asks the terminal") }, \
    { "no-color", 0, TAKES_NOTHING, NULL, N_("without colours; as --color 2") }, \
    { "ascii", 0, TAKES_NOTHING, NULL, N_("lines and marks from plain characters") }

static const struct option console_options[] = {
    { "view", 0, TAKES_TEXT, "home|leads", N_("begin at this view") },
    LOOKS,
    { "plain", 0, TAKES_NOTHING, NULL,
      N_("line by line, without a screen: for screen readers and simple terminals") },
    { "large", 0, TAKES_NOTHING, NULL, N_("large print") },
    { "no-mouse", 0, TAKES_NOTHING, NULL, N_("leave the mouse to the terminal") },
    { "no-paste", 0, TAKES_NOTHING, NULL, N_("nothing may be pasted") },
    { "quit", 0, TAKES_NOTHING, NULL, N_("leave when the keys of --keys are played") },
    { 0 },
};

static const struct option show_options[] = {
    { "size", 0, TAKES_TEXT, "120x40", N_("columns and rows; 120x40 unless given") },
    LOOKS,
    { 0 },
};

const struct command console_commands[] = {
    { "", "", N_("opens the console"), NULL, console_options, 0, console_open },
    { "show", "VIEW", N_("prints a screen as text"), N_("VIEW is home or leads."), show_options, 0,
      run_show },
    { 0 },
};
