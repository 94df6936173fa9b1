#include "cli/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/out.h"
#include "core/lang/lex.h"

/* ---- the tables ------------------------------------------------------------------------------ */

const struct command *command_next(size_t *table, size_t *row)
{
    while (command_tables[*table]) {
        const struct command *cmd = &command_tables[*table][(*row)++];
        if (cmd->run)
            return cmd;
        (*table)++;
        *row = 0;
    }
    return NULL;
}

static const struct command *command_find(const char *name)
{
    size_t table = 0, row = 0;
    const struct command *cmd;
    while ((cmd = command_next(&table, &row)))
        if (strcmp(cmd->name, name) == 0)
            return cmd;
    return NULL;
}

/* Is the word the first of commands of two words? */
static bool is_group(const char *word)
{
    size_t table = 0, row = 0, n = strlen(word);
    const struct command *cmd;
    while ((cmd = command_next(&table, &row)))
        if (strncmp(cmd->name, word, n) == 0 && cmd->name[n] == ' ')
            return true;
    return false;
}

static const struct option *find_in(const struct option *list, const char *name, size_t n)
{
    for (; list && list->name; list++)
        if (strlen(list->name) == n && strncmp(list->name, name, n) == 0)
            return list;
    return NULL;
}

static const struct option *find_letter(const struct option *list, char letter)
{
    for (; list && list->name; list++)
        if (list->letter == letter)
            return list;
    return NULL;
}

const struct option *option_find(const struct command *cmd, const char *name, size_t n)
{
    const struct option *o = cmd ? find_in(cmd->options, name, n) : NULL;
    return o ? o : find_in(global_options, name, n);
}

/* Whatever command it belongs to: they agree on what it takes. */
static const struct option *option_anywhere(const char *name, size_t n)
{
    size_t table = 0, row = 0;
    const struct option *o = find_in(global_options, name, n);
    const struct command *cmd;
    while (!o && (cmd = command_next(&table, &row)))
        o = find_in(cmd->options, name, n);
    return o;
}

/* ---- suggestions ----------------------------------------------------------------------------- */

static const char *near_command(struct cli *c, const char *word)
{
    struct near near;
    size_t table = 0, row = 0;
    const struct command *cmd;
    near_start(&near, word);
    while ((cmd = command_next(&table, &row))) {
        near_try(&near, cmd->name, cmd->name);
        near_try(&near, arena_strndup(&c->arena, cmd->name, strcspn(cmd->name, " ")), cmd->name);
    }
    return near.found;
}

static const char *near_option(struct cli *c, const char *word)
{
    struct near near;
    const struct option *lists[] = { c->command->options, global_options };
    near_start(&near, word);
    for (size_t i = 0; i < 2; i++)
        for (const struct option *o = lists[i]; o && o->name; o++) {
            const char *name = arena_printf(&c->arena, "--%s", o->name);
            near_try(&near, name, name);
        }
    return near.found;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* An option's word: "--name", "--name=value", "-h". "-" and "-5" are none. */
static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

static size_t name_length(const char *word)
{
    return strcspn(word + 2, "=");
}

static bool takes_next(const char *word)
{
    if (word[1] != '-')
        return false;
    const struct option *o = option_anywhere(word + 2, name_length(word));
    return o && o->takes != TAKES_NOTHING && word[2 + name_length(word)] == '\0';
}

static enum status bad_group(struct cli *c, const char *group)
{
    size_t table = 0, row = 0, n = strlen(group);
    const struct command *cmd;
    char *list = arena_strdup(&c->arena, "");
    while ((cmd = command_next(&table, &row)))
        if (strncmp(cmd->name, group, n) == 0 && cmd->name[n] == ' ')
            list = arena_printf(&c->arena, "%s%s%s", list, *list ? ", " : "", cmd->name + n + 1);
    return cli_usage(c, "cli.group", group, list, NULL);
}

/* Finds the command among the words, and marks its words as used. */
static enum status find_command(struct cli *c, int argc, char **argv, bool *used)
{
    const char *group = NULL;
    int at = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            break;
        if (is_option(argv[i])) {
            i += takes_next(argv[i]);
            continue;
        }
        const char *name = group ? arena_printf(&c->arena, "%s %s", group, argv[i]) : argv[i];
        const struct command *cmd = *name ? command_find(name) : NULL;
        if (cmd) {
            c->command = cmd;
            used[i] = true;
            if (group)
                used[at] = true;
            return ST_OK;
        }
        if (group)
            return cli_usage(c, "cli.unknown_command", name, near_command(c, name), NULL);
        if (!is_group(argv[i]))
            return cli_usage(c, "cli.unknown_command", argv[i], near_command(c, argv[i]), NULL);
        group = argv[i];
        at = i;
    }
    return group ? bad_group(c, group) : ST_OK;
}

/* ---- options --------------------------------------------------------------------------------- */

static bool is_choice(const char *words, const char *value)
{
    size_t n = strlen(value);
    for (const char *w = words; *w; w += strcspn(w, "|"), w += *w == '|')
        if (strcspn(w, "|") == n && strncmp(w, value, n) == 0)
            return true;
    return false;
}

/* "a|b|c" as "a, b, c". */
static const char *spelled(struct cli *c, const char *words)
{
    char *s = arena_strdup(&c->arena, "");
    for (const char *w = words; *w; w += strcspn(w, "|"), w += *w == '|')
        s = arena_printf(&c->arena, "%s%s%.*s", s, *s ? ", " : "", (int)strcspn(w, "|"), w);
    return s;
}

/* In UTF-8, in the run's arena; NULL when it is ill-formed. */
static const char *utf8_word(struct cli *c, const char *word)
{
    char *s = in_utf8(word);
    const char *copy = s ? arena_strdup(&c->arena, s) : NULL;
    free(s);
    return copy;
}

static enum status keep_option(struct cli *c, const struct option *o, const char *value)
{
    for (int i = 0; i < c->ngiven; i++)
        if (c->given[i].name == o->name)
            return cli_usage(c, "cli.twice", o->name, NULL);
    if (!*value && (o->takes == TAKES_TEXT || o->takes == TAKES_FILE))
        return cli_usage(c, "cli.value", o->name, spelled(c, o->value), NULL);
    const char *text = o->takes == TAKES_FILE ? value : utf8_word(c, value);
    if (!text)
        return cli_usage(c, "cli.utf8", value, NULL);
    if (o->takes == TAKES_CHOICE && !is_choice(o->value, text))
        return cli_usage(c, "cli.choice", o->name, spelled(c, o->value), text, NULL);
    if (c->ngiven == CLI_OPTIONS)
        return cli_usage(c, "cli.too_many", value, NULL);
    c->given[c->ngiven].name = o->name;
    c->given[c->ngiven++].value = text;
    return ST_OK;
}

static const char *command_words(struct cli *c)
{
    return arena_printf(&c->arena, "gonghai%s%s", *c->command->name ? " " : "", c->command->name);
}

static enum status parse_option(struct cli *c, const char *word, const char *next, int *i)
{
    bool longer = word[1] == '-';
    size_t n = longer ? name_length(word) : 0;
    const struct option *o = longer ? option_find(c->command, word + 2, n)
                                    : !word[2] ? find_letter(global_options, word[1]) : NULL;
    const char *value = longer && word[2 + n] ? word + 3 + n : NULL;
    if (!o) {
        const char *name = longer ? arena_strndup(&c->arena, word, n + 2) : word;
        return cli_usage(c, "cli.unknown_option", name, near_option(c, name), command_words(c),
                         NULL);
    }
    if (o->takes == TAKES_NOTHING)
        return value ? cli_usage(c, "cli.no_value", o->name, value, NULL) : keep_option(c, o, "");
    if (!value) {
        if (!next || strncmp(next, "--", 2) == 0)
            return cli_usage(c, "cli.value", o->name, spelled(c, o->value), NULL);
        value = next;
        (*i)++;
    }
    return keep_option(c, o, value);
}

/* ---- the words after the command ------------------------------------------------------------- */

/* The n-th word of the command's pattern, "[JSON]"; NULL past the last. */
static const char *pattern_at(struct cli *c, int n)
{
    const char *s = c->command->args;
    while (n-- && *s) {
        s += strcspn(s, " ");
        s += strspn(s, " ");
    }
    return *s ? arena_strndup(&c->arena, s, strcspn(s, " ")) : NULL;
}

/* "[JSON]" as "JSON". */
static const char *bare_pattern(struct cli *c, const char *pattern)
{
    pattern += *pattern == '[';
    return arena_strndup(&c->arena, pattern, strcspn(pattern, "]"));
}

static bool names_file(const char *pattern)
{
    return strstr(pattern, "FILE") || strstr(pattern, "DIR");
}

static enum status keep_arg(struct cli *c, const char *word)
{
    const char *pattern = c->nargs < CLI_ARGS ? pattern_at(c, c->nargs) : NULL;
    if (!pattern)
        return cli_usage(c, "cli.too_many", word, NULL);
    if (!*word)
        return cli_usage(c, "cli.missing", bare_pattern(c, pattern), NULL);
    const char *text = names_file(pattern) ? word : utf8_word(c, word);
    if (!text)
        return cli_usage(c, "cli.utf8", word, NULL);
    c->arg[c->nargs++] = text;
    return ST_OK;
}

static enum status check_args(struct cli *c)
{
    bool none = !c->nargs && (c->command->flags & CMD_NO_WORDS);
    const char *missing = c->nargs < CLI_ARGS && !none ? pattern_at(c, c->nargs) : NULL;
    return missing && *missing != '[' ? cli_usage(c, "cli.missing", missing, NULL) : ST_OK;
}

static void note_asked(const struct cli *c, struct asked *asked)
{
    *asked = (struct asked){ cli_flag(c, "help"), cli_flag(c, "version"),
                              cli_flag(c, "reset-terminal") };
}

enum status parse_args(struct cli *c, int argc, char **argv, struct asked *asked)
{
    bool *used = arena_array(&c->arena, bool, (size_t)argc + 1);
    bool options = true;
    c->command = command_find("");
    enum status found = find_command(c, argc, argv, used);
    struct err kept = c->err;
    for (int i = 1; i < argc; i++) {
        enum status st = ST_OK;
        if (used[i])
            continue;
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && is_option(argv[i]))
            st = parse_option(c, argv[i], argv[i + 1], &i);
        else if (!found)
            st = keep_arg(c, argv[i]);
        note_asked(c, asked);
        if (st && !found)
            return st;
    }
    if (asked->version || asked->reset_terminal ||
        (asked->help && (!found || strcmp(kept.code, "cli.group") == 0)))
        return ST_OK;
    if (found) {
        c->err = kept;
        return found;
    }
    return check_args(c);
}
