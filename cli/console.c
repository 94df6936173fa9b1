/* console.c - the console itself, and `show`: a screen as text. */
#include "cli/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/config.h"
#include "cli/out.h"
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

/* The option where this command has it and it was given, else the setting; NULL for neither. */
static const char *chosen(const struct cli *c, const char *option, const char *setting)
{
    const char *value = has_option(c, option) ? cli_option(c, option) : NULL;
    return value || !setting ? value : config_get(c, setting);
}

static bool switched_off(const struct cli *c, const char *option, const char *setting)
{
    const char *value = setting ? config_get(c, setting) : NULL;
    return chosen(c, option, NULL) ||
           (value && (strcmp(value, "no") == 0 || strcmp(value, "off") == 0));
}

static struct app_options options_of(struct cli *c)
{
    const char *no_color = getenv("NO_COLOR");
    return (struct app_options){
        .backend = cli_config(c),
        .view = chosen(c, "view", NULL),
        .theme = chosen(c, "theme", "console.theme"),
        .theme_file = chosen(c, "theme-file", "console.theme_file"),
        .lang = i18n_lang(),
        .keys = chosen(c, "keys", NULL),
        .keymap_file = chosen(c, "keymap", "console.keymap"),
        .no_color = (no_color && *no_color) || chosen(c, "no-color", NULL),
        .ascii = chosen(c, "ascii", NULL),
        .no_mouse = switched_off(c, "no-mouse", "console.mouse"),
        .no_paste = switched_off(c, "no-paste", "console.paste"),
        .quit_after_keys = chosen(c, "quit", NULL),
    };
}

/* --now is for marked databases only: ask this one before the screen starts. */
static enum status set_clock(struct cli *c)
{
    if (c->now == NONE || c->backend)
        return ST_OK;
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

enum status console_open(struct cli *c)
{
    enum status st = set_clock(c);
    if (st)
        return st;
    struct app_options o = options_of(c);
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
        st = set_clock(c);
    return st ? st : ended(c, app_show(&o, c->arg[0]));
}

#define LOOKS \
    { "theme", 0, TAKES_TEXT, "NAME", N_("default, light, high-contrast or mono") }, \
    { "theme-file", 0, TAKES_FILE, "FILE", N_("a theme of your own") }, \
    { "keymap", 0, TAKES_FILE, "FILE", N_("a key table of your own") }, \
    { "keys", 0, TAKES_TEXT, "SCRIPT", N_("play these keys first, e.g. '2 j j Enter'") }, \
    { "no-color", 0, TAKES_NOTHING, NULL, N_("without colours") }, \
    { "ascii", 0, TAKES_NOTHING, NULL, N_("lines and marks from plain characters") }

static const struct option console_options[] = {
    { "view", 0, TAKES_TEXT, "NAME", N_("begin at this view: home or leads") },
    LOOKS,
    { "no-mouse", 0, TAKES_NOTHING, NULL, N_("leave the mouse to the terminal") },
    { "no-paste", 0, TAKES_NOTHING, NULL, N_("for terminals without bracketed paste") },
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
