/* docs.c - `docs`: man page, completion and reference, from the tables that the program runs by. */
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/config.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/parse.h"
#include "core/api/openapi.h"
#include "core/model/noun.h"
#include "tui/keymapfile.h"
#include "version.h"

/* ---- the man page ---------------------------------------------------------------------------- */

/* Text for troff: backslashes, leading dots and quotes, and dashes that are to stay dashes. */
static void roff(const char *s)
{
    struct buf b = BUF_INIT;
    bool start = true;
    for (; *s; s++) {
        if (start && (*s == '.' || *s == '\''))
            buf_adds(&b, "\\&");
        if (*s == '\\')
            buf_adds(&b, "\\e");
        else if (*s == '-')
            buf_adds(&b, "\\-");
        else if (*s == '\'')
            buf_adds(&b, "\\(aq");
        else
            buf_addc(&b, *s);
        start = *s == '\n';
    }
    out_text(b.s);
    buf_release(&b);
}

static void roff_line(const char *macro, const char *s)
{
    out_textf("%s ", macro);
    roff(s);
    out_text("\n");
}

static void roff_paragraphs(const char *s)
{
    while (*s) {
        struct arena a = ARENA_INIT;
        const char *end = strstr(s, "\n\n");
        size_t n = end ? (size_t)(end - s) : strlen(s);
        out_text(".PP\n");
        roff(arena_strndup(&a, s, n));
        out_text("\n");
        arena_free(&a);
        s += n + (end ? 2 : 0);
    }
}

static void man_options(const struct option *list)
{
    struct arena a = ARENA_INIT;
    for (; list && list->name; list++) {
        out_text(".TP\n");
        roff_line(".B", help_option(&a, list));
        roff(i18n_text(list->help));
        out_text("\n");
    }
    arena_free(&a);
}

static void man_command(const struct command *cmd)
{
    struct arena a = ARENA_INIT;
    roff_line(".SS", arena_printf(&a, "%s%s%s", cmd->name, *cmd->args ? " " : "", cmd->args));
    roff(i18n_text(cmd->summary));
    out_text(".\n");
    if (cmd->more)
        roff_paragraphs(i18n_text(cmd->more));
    man_options(cmd->options);
    arena_free(&a);
}

static const struct { const char *code, *what; } exits[] = {
    { "0", N_("done") }, { "1", N_("failed: disk, database, refused file; or stopped") },
    { "2", N_("usage: the words are wrong") }, { "3", N_("not found") },
    { "4", N_("conflict: somebody was faster, or it exists already") }, { "5", N_("denied") },
    { "6", N_("the server can't be reached") },
};

static const struct { const char *name, *what; } files[] = {
    { "$XDG_DATA_HOME/gonghai/gonghai.db",
      N_("the database unless --db or the settings name another") },
    { "$XDG_CONFIG_HOME/gonghai/keys/",
      N_("key files, one a database; without its key a database can't be read") },
    { "$XDG_CONFIG_HOME/gonghai/gonghai.conf", N_("settings of the user, see SETTINGS") },
    { "/etc/gonghai/gonghai.conf",
      N_("settings of the system, after $XDG_CONFIG_DIRS/gonghai/gonghai.conf (/etc/xdg); "
         "`!key = value` locks a key") },
    { "terms.ini",
      N_("beside the settings files: the bank's own words, [zh_CN] and [en], `word = other word`") },
    { "$XDG_STATE_HOME/gonghai/",
      N_("log, reports of crashes, and what was chosen on the screens (view-*.ini)") },
};

#define MAN_ROWS(rows, tag, what) \
    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++) { \
        out_text(".TP\n"); \
        roff_line(".B", (rows)[i].tag); \
        roff(i18n_text((rows)[i].what)); \
        out_text("\n"); \
    }

/* What a key takes, and what holds without it. */
static const char *setting_takes(struct arena *a, const struct config_key *k)
{
    return *k->built_in ? arena_printf(a, "%s (%s)", k->takes, k->built_in) : k->takes;
}

static const char *layers_words(void)
{
    return _("A setting is looked up in this order, and the last one found holds: built in; "
             "gonghai.conf of the system; gonghai.conf of the user; the environment; options of the "
             "command line. In a system's file `!key = value` locks a key: then the user's file and the "
             "environment are left aside, and an option against it is refused. `gonghai config` shows "
             "each value and where it comes from.");
}

static void man_settings(void)
{
    struct arena a = ARENA_INIT;
    out_textf(".SH %s\n", _("SETTINGS"));
    roff(layers_words());
    out_text("\n");
    for (int i = 0; i < CONFIG_KEYS; i++) {
        const struct config_key *k = &config_keys[i];
        out_text(".TP\n");
        roff_line(".B", arena_printf(&a, "%s = %s", k->name, setting_takes(&a, k)));
        roff(arena_printf(&a, "%s; %s", i18n_text(k->help), config_variable(&a, k)));
        out_text("\n");
    }
    arena_free(&a);
}

static enum status print_man(void)
{
    size_t table = 0, row = 0;
    const struct command *cmd = command_next(&table, &row);
    struct arena a = ARENA_INIT;
    out_textf(".\\\" Made by `gonghai docs man` from the program's own tables.\n.TH GONGHAI 1 \"\" "
              "\"gonghai %s\"\n",
              GONGHAI_VERSION);
    out_textf(".SH %s\n", _("NAME"));
    roff(arena_printf(&a, "gonghai - %s\n", _("console for marketing operations in banks")));
    out_textf(".SH %s\n", _("SYNOPSIS"));
    roff(help_synopsis(&a, cmd));
    out_textf("\n.SH %s\n", _("DESCRIPTION"));
    roff(_("Without a command the console opens on the database. Commands read and write the same "
           "database; data goes to the "
           "standard output, everything for people to the standard error."));
    out_textf("\n.SH %s\n", _("OPTIONS"));
    man_options(cmd->options);
    man_options(global_options);
    out_textf(".SH %s\n", _("COMMANDS"));
    while ((cmd = command_next(&table, &row)))
        man_command(cmd);
    man_settings();
    out_textf(".SH %s\n", _("EXIT STATUS"));
    MAN_ROWS(exits, code, what)
    out_textf(".SH %s\n", _("FILES"));
    MAN_ROWS(files, name, what)
    arena_free(&a);
    return ST_OK;
}

/* ---- bash completion ------------------------------------------------------------------------- */

/* "a|b" as "a b". */
static void out_words(const char *s)
{
    for (; *s; s++)
        out_textf("%c", *s == '|' ? ' ' : *s);
}

static void case_options(const struct option *list)
{
    for (; list && list->name; list++)
        if (list->takes == TAKES_CHOICE || (list->value && strchr(list->value, '|'))) {
            out_textf("        --%s) words='", list->name);
            out_words(list->value);
            out_text("' ;;\n");
        } else if (list->takes == TAKES_FILE) {
            out_textf("        --%s) files=1 ;;\n", list->name);
        } else if (list->takes == TAKES_TEXT || list->takes == TAKES_EMPTY) {
            out_textf("        --%s) words=' ' ;;\n", list->name);
        }
}

/* What the first word after the command may be. */
static void out_kinds(const struct command *cmd)
{
    if (strncmp(cmd->args, "KIND", 4) == 0) {
        for (size_t i = 0; nouns[i]; i++)
            if (cli_op(nouns[i]->name, cmd->name))
                out_textf("%s ", nouns[i]->plural);
    } else if (strstr(cmd->args, "OPERATION")) {
        for (const struct op *const *op = ops_all(); *op; op++)
            out_textf("%s ", (*op)->name);
    } else if (strchr(cmd->args, '|')) {
        out_words(cmd->args);
    }
}

static void out_options(const struct option *list)
{
    for (; list && list->name; list++)
        out_textf("--%s ", list->name);
}

static void case_command(const struct command *cmd)
{
    out_textf("    '%s')\n        case $last in\n", cmd->name);
    case_options(cmd->options);
    out_text("        esac\n        options='");
    out_options(cmd->options);
    out_text("'\n        kinds='");
    out_kinds(cmd);
    out_textf("'\n        %s\n        ;;\n", strstr(cmd->args, "FILE") ? "files=1" : ":");
}

/* The first words of commands, or the second words of those that begin with `group`. Each once:
 * they stand together. */
static void out_commands(const char *group)
{
    size_t table = 0, row = 0, n = strlen(group), length = 0;
    const char *last = "";
    const struct command *cmd;
    while ((cmd = command_next(&table, &row))) {
        bool member = n == 0 || (strncmp(cmd->name, group, n) == 0 && cmd->name[n] == ' ');
        const char *word = cmd->name + (n ? n + 1 : 0);
        if (!*cmd->name || !member || (strcspn(word, " ") == length && strncmp(word, last, length) == 0))
            continue;
        last = word;
        length = strcspn(word, " ");
        out_textf("%.*s ", (int)length, word);
    }
}

/* A case for each first word of commands of two words: remembers it, or offers its second words. */
static void case_groups(bool offer)
{
    size_t table = 0, row = 0;
    const char *last = "";
    const struct command *cmd;
    while ((cmd = command_next(&table, &row))) {
        struct arena a = ARENA_INIT;
        size_t n = strcspn(cmd->name, " ");
        const char *group = arena_strndup(&a, cmd->name, n);
        if (cmd->name[n] && strncmp(last, cmd->name, n + 1) != 0) {
            last = cmd->name;
            out_textf("        %s) %s", group, offer ? "words='" : "first=$word; continue");
            if (offer)
                out_commands(group);
            out_text(offer ? "' ;;\n" : " ;;\n");
        }
        arena_free(&a);
    }
}

/* Options before the command take their value with them. */
static void case_globals(void)
{
    const char *bar = "";
    out_text("        ");
    for (const struct option *o = global_options; o->name; o++)
        if (o->takes != TAKES_NOTHING) {
            out_textf("%s--%s", bar, o->name);
            bar = " | ";
        }
    out_text(") ((i++)); continue ;;\n");
}

static const char completion_head[] =
    "# Made by `gonghai docs completion` from the program's own tables.\n"
    "_gonghai()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]} command= word i "
    "first=\n"
    "    local words= files= options= kinds= globals=\n"
    "    COMPREPLY=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        [ -z \"$command\" ] || break\n"
    "        case ${first:+-}$word in\n";

static const char completion_tail[] =
    "    esac\n"
    "    if [ -n \"$words\" ]; then\n"
    "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
    "    elif [[ $cur == -* ]]; then\n"
    "        COMPREPLY=($(compgen -W \"$options $globals\" -- \"$cur\"))\n"
    "    elif [ -n \"$kinds\" ] && [ \"$last\" = \"${command##* }\" ]; then\n"
    "        COMPREPLY=($(compgen -W \"$kinds\" -- \"$cur\"))\n"
    "    elif [ -n \"$files\" ]; then\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
    "    fi\n"
    "}\n"
    "complete -F _gonghai gonghai\n";

static enum status print_completion(void)
{
    size_t table = 0, row = 0;
    const struct command *cmd;
    out_text(completion_head);
    case_globals();
    out_text("        --*) continue ;;\n");
    case_groups(false);
    out_text("        esac\n        command=${first:+$first }$word\n    done\n    case $last in\n");
    case_options(global_options);
    out_text("    esac\n    globals='");
    out_options(global_options);
    out_text("'\n    if [ -z \"$command\" ] && [ -z \"$words$files\" ] && [[ $cur != -* ]]; then\n "
             "       case $first in\n");
    case_groups(true);
    out_text("        *) words='");
    out_commands("");
    out_text("' ;;\n        esac\n    fi\n    case $command in\n");
    while ((cmd = command_next(&table, &row)))
        case_command(cmd);
    out_text(completion_tail);
    return ST_OK;
}

/* ---- the reference --------------------------------------------------------------------------- */

static const char *type_name(enum ftype t)
{
    static const char *const names[] = {
        [F_ID] = N_("id"),         [F_INT] = N_("whole number"),    [F_MONEY] = N_("amount"),
        [F_TIME] = N_("time"),     [F_FLAG] = N_("yes or no"),      [F_NUMBER] = NC_("type", "number"),
        [F_TEXT] = N_("text"),     [F_CHOICE] = N_("choice"),       [F_SECRET] = N_("text, sealed"),
        [F_REF] = N_("reference"), [F_REFS] = N_("references"), [F_ATTRS] = N_("custom fields"),
        [F_LIST] = N_("list"),
    };
    return i18n_text(names[t]);
}

static void guide_field(const struct field *f)
{
    out_textf("| `%s%s` | %s | %s", f->name, f->type == F_ATTRS ? ".NAME" : "", i18n_text(f->label),
              type_name(f->type));
    if (f->ref)
        out_textf(": %s", f->ref);
    for (const struct choice *ch = f->choices; ch && ch->code; ch++)
        out_textf("%s%s", ch == f->choices ? ": " : ", ", ch->code);
    out_text(f->flags & FIELD_REQUIRED   ? _("; required |\n")
             : f->flags & FIELD_READONLY ? _("; set by Gonghai |\n")
                                         : " |\n");
}

static void guide_nouns(void)
{
    out_textf("\n## %s\n", _("Kinds and their fields"));
    for (size_t i = 0; nouns[i]; i++) {
        out_textf("\n### %s (`%s`)\n\n| %s | %s | %s |\n|---|---|---|\n",
                  i18n_text(nouns[i]->label), nouns[i]->plural, _("name"), _("label"), _("type"));
        for (size_t k = 0; k < nouns[i]->rec->nfields; k++)
            guide_field(&nouns[i]->rec->fields[k]);
    }
}

/* The members that a caller may give: a noun's record by the noun's table above, any other by name. */
static void guide_input(const struct record *in)
{
    for (size_t i = 0; in && nouns[i]; i++)
        if (nouns[i]->rec == in) {
            out_textf(_("the fields of `%s`"), nouns[i]->plural);
            return;
        }
    const char *comma = "";
    for (size_t i = 0; in && i < in->nfields; i++) {
        const char *mark = in->fields[i].flags & FIELD_REQUIRED ? "**" : "";
        if (in->fields[i].flags & FIELD_READONLY)
            continue;
        out_textf("%s%s`%s`%s", comma, mark, in->fields[i].name, mark);
        comma = ", ";
    }
}

static void guide_operations(void)
{
    out_textf("\n## %s\n\n%s %s\n\n| %s | %s | %s | %s |\n|---|---|---|---|\n", _("Operations"),
              _("`gonghai call OPERATION JSON` carries them out."), _("What must be given is bold."),
              _("operation"), _("what it does"), _("takes"), _("right"));
    for (const struct op *const *op = ops_all(); *op; op++) {
        out_textf("| `%s` | %s | ", (*op)->name, i18n_text((*op)->summary));
        guide_input((*op)->in);
        out_textf(" | %s |\n", right_name((*op)->right));
    }
}

static void guide_options(const struct option *list)
{
    struct arena a = ARENA_INIT;
    for (const struct option *o = list; o && o->name; o++)
        out_textf("%s- `%s`: %s\n", o == list ? "\n" : "", help_option(&a, o), i18n_text(o->help));
    arena_free(&a);
}

static void guide_commands(void)
{
    size_t table = 0, row = 0;
    const struct command *cmd;
    out_textf("## %s\n\n%s\n", _("Commands"), _("Options of every command:"));
    guide_options(global_options);
    while ((cmd = command_next(&table, &row))) {
        struct arena a = ARENA_INIT;
        out_textf("\n### %s\n\n    %s\n\n%s.\n", *cmd->name ? cmd->name : "gonghai",
                  help_synopsis(&a, cmd), i18n_text(cmd->summary));
        out_textf("%s%s%s", cmd->more ? "\n" : "", i18n_text(cmd->more), cmd->more ? "\n" : "");
        guide_options(cmd->options);
        arena_free(&a);
    }
}

static void guide_settings(void)
{
    struct arena a = ARENA_INIT;
    out_textf("\n## %s\n\n%s\n\n| %s | %s | %s | %s |\n|---|---|---|---|\n", _("Settings"),
              layers_words(), _("key"), _("takes"), _("what it does"), _("variable"));
    for (int i = 0; i < CONFIG_KEYS; i++) {
        const struct config_key *k = &config_keys[i];
        out_textf("| `%s` | `", k->name);
        for (const char *s = setting_takes(&a, k); *s; s++)     /* a bar would part cells */
            out_text(*s == '|' ? "\\|" : arena_strndup(&a, s, 1));
        out_textf("` | %s | `%s` |\n", i18n_text(k->help), config_variable(&a, k));
    }
    arena_free(&a);
}

static enum status print_guide(void)
{
    out_textf("# %s\n\n%s\n\n", _("Gonghai: reference"),
              _("Made by `gonghai docs guide` from the program's own tables."));
    guide_commands();
    guide_settings();
    guide_nouns();
    guide_operations();
    return ST_OK;
}

/* The key table as it is built in: what a table of one's own is copied from. */
static enum status print_keys(void)
{
    out_text(keymap_builtin());
    return ST_OK;
}

static enum status print_openapi(void)
{
    struct buf b = BUF_INIT;
    openapi_write(&b);
    buf_addc(&b, '\n');
    out_data(b.s, b.len);
    buf_release(&b);
    return ST_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static enum status run_docs(struct cli *c)
{
    static const struct { const char *name; enum status (*print)(void); } pages[] = {
        { "man", print_man }, { "completion", print_completion }, { "guide", print_guide },
        { "keys", print_keys }, { "openapi", print_openapi },
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(c->arg[0], pages[i].name) == 0)
            return pages[i].print();
    return cli_usage(c, "cli.docs", c->arg[0], NULL);
}

const struct command docs_commands[] = {
    { "docs", "man|completion|guide|keys|openapi",
      N_("prints man page, completion, reference or the key table"), NULL, NULL,
      CMD_NO_DATABASE | CMD_OWN_WORDS, run_docs },
    { 0 },
};
