#include "cli/help.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/out.h"
#include "cli/parse.h"

enum { WIDTH = 80, INDENT = 2 };

const char *help_option(struct arena *a, const struct option *o)
{
    const char *name = o->letter ? arena_printf(a, "-%c, --%s", o->letter, o->name)
                                 : arena_printf(a, "--%s", o->name);
    return o->value ? arena_printf(a, "%s %s", name, o->value) : name;
}

const char *help_synopsis(struct arena *a, const struct command *cmd)
{
    if (!*cmd->name)
        return _("gonghai [OPTIONS] [COMMAND [WORDS] [OPTIONS]]");
    const char *s = arena_printf(a, "gonghai %s", cmd->name);
    if (*cmd->args)
        s = arena_printf(a, "%s %s", s, cmd->args);
    for (const struct option *o = cmd->options; o && o->name; o++)
        s = arena_printf(a, "%s [%s]", s, help_option(a, o));
    return s;
}

/* ---- layout ---------------------------------------------------------------------------------- */

/* Bytes of the longest prefix that ends at a blank outside brackets, or between characters of two
 * cells, and takes at most `cells`. */
static size_t line_length(const char *s, int cells)
{
    size_t end = 0, at = 0, len;
    int width = 0, depth = 0;
    uint32_t c;
    while ((c = text_char(s + at, strlen(s + at), &len)) != 0) {
        int w = text_char_width(c);
        if (c == '\n' || (width + w > cells && end))
            return c == '\n' ? at : end;
        width += w;
        at += len;
        depth += (c == '[') - (c == ']');
        if ((s[at] == ' ' && depth <= 0) || s[at] == '\0' || (w == 2 && width < cells))
            end = at;
    }
    return at;
}

/* Text from column `from` on, the first line already there up to that column. */
static void print_wrapped(const char *s, int from)
{
    int room = WIDTH - from > 20 ? WIDTH - from : 20;
    for (bool first = true; *s || first; first = false) {
        size_t n = line_length(s, room);
        out_textf("%*s%.*s\n", first ? 0 : from, "", (int)n, s);
        s += n;
        s += strspn(s, " \n");
    }
}

static void print_entry(const char *term, int column, const char *text)
{
    int width = INDENT + text_width(term);
    out_textf("%*s%s", INDENT, "", term);
    if (width + 2 > column) {
        out_textf("\n%*s", column, "");
        width = column;
    }
    out_textf("%*s", column - width, "");
    print_wrapped(text, column);
}

static void print_options(const struct option *list)
{
    enum { COLUMN = 28 };
    struct arena a = ARENA_INIT;
    for (; list && list->name; list++) {
        const char *term = list->letter ? help_option(&a, list)
                                        : arena_printf(&a, "    %s", help_option(&a, list));
        print_entry(term, COLUMN, i18n_text(list->help));
    }
    arena_free(&a);
}

/* The synopsis, broken between its words. */
static void print_usage(const struct command *cmd)
{
    struct arena a = ARENA_INIT;
    const char *usage = _("Usage:");
    out_textf("%s ", usage);
    print_wrapped(help_synopsis(&a, cmd), text_width(usage) + 1);
    arena_free(&a);
}

/* ---- what is printed ------------------------------------------------------------------------- */

static void print_commands(void)
{
    enum { COLUMN = 20 };
    size_t table = 0, row = 0;
    const struct command *cmd;
    while ((cmd = command_next(&table, &row)))
        if (*cmd->name)
            print_entry(cmd->name, COLUMN, i18n_text(cmd->summary));
}

static void print_paragraphs(const char *s)
{
    while (*s) {
        const char *end = strstr(s, "\n\n");
        size_t n = end ? (size_t)(end - s) : strlen(s);
        struct arena a = ARENA_INIT;
        out_text("\n");
        print_wrapped(arena_strndup(&a, s, n), 0);
        arena_free(&a);
        s += n + (end ? 2 : 0);
    }
}

static void print_program(const struct command *console)
{
    print_usage(console);
    out_textf("\n%s\n\n%s\n",
              _("Gonghai is a console for marketing operations in banks: leads, claims, "
                "follow-ups, "
                "imports, audit."),
              _("Commands:"));
    print_commands();
    out_textf("\n%s\n", _("Options of the console:"));
    print_options(console->options);
    out_textf("\n%s\n", _("Options of every command:"));
    print_options(global_options);
    out_textf("\n%s\n", _("`gonghai COMMAND --help` tells more. Exit codes: 0 done, 1 failed, 2 "
                          "usage, 3 not found, "
                          "4 conflict,\n5 denied, 6 unreachable."));
}

void help_print(const struct command *cmd)
{
    if (!*cmd->name) {
        print_program(cmd);
        return;
    }
    print_usage(cmd);
    out_text("\n");
    print_wrapped(i18n_text(cmd->summary), 0);
    if (cmd->more)
        print_paragraphs(i18n_text(cmd->more));
    if (cmd->options && cmd->options->name) {
        out_textf("\n%s\n", _("Options:"));
        print_options(cmd->options);
    }
}
