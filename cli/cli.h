/* cli.h - the command line as tables: commands, their options, and what a run of one has at hand.
 *
 * Usage, --help, the man page and the completion are all made from the tables. stdout is data,
 * stderr is for people; the exit code is the status (base/status.h), 1 for ST_CANCELLED. One
 * thread, but for the cancel flag.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "core/api/backend.h"

/* TAKES_EMPTY is text that may be empty: no condition, no order. Any other empty value is refused: it is
 * a variable of a script that was not set. */
enum takes { TAKES_NOTHING, TAKES_TEXT, TAKES_EMPTY, TAKES_FILE, TAKES_CHOICE };

struct option {
    const char *name;           /* without the dashes */
    char letter;                /* the short form, or 0 */
    enum takes takes;
    const char *value; /* "FILE", what stands for the value in help; of TAKES_CHOICE the words:
                          "csv|json" */
    const char *help;           /* msgid */
};

enum {
    CMD_NO_AS = 2, /* nobody is asked for: --as is refused */
    CMD_NO_NOW = 4, /* no clock that could be set: --now is refused */
    CMD_NO_DATABASE = CMD_NO_AS | CMD_NO_NOW | 8, /* --db and --server are refused too */
    CMD_LOCAL = 128, /* works on a database of this machine, never through a server */
    CMD_NO_WORDS = 32, /* the words may be left out, all of them: run sees to it */
    CMD_OWN_WORDS = 64, /* says Gonghai's own words, not the bank's (base/i18n.h: i18n_terms) */
    CMD_CODES = 16, /* errors are read by programs: their code stands behind the sentence */
};

struct cli;

struct command {
    const char *name;           /* "import", "audit verify"; "" for the console */
    const char *args; /* words that follow: "KIND FILE", "OPERATION [JSON]"; "" for none */
    const char *summary;        /* msgid, one line */
    const char *more;           /* msgid, paragraphs for the man page; NULL for none */
    const struct option *options;   /* ends in a row without name; NULL for none */
    unsigned flags;
    enum status (*run)(struct cli *c);
};

extern const struct option global_options[];

/* Tables of commands, one a file; each ends in a row without run. All of them in the order of the
 * documentation: */
extern const struct command console_commands[], make_commands[], import_commands[],
    export_commands[], list_commands[], call_commands[], user_commands[], guard_commands[],
    docs_commands[], settings_commands[], serve_commands[];
extern const struct command *const command_tables[];    /* ends in NULL */

enum { CLI_ARGS = 4, CLI_OPTIONS = 32, CLI_NAME = 48, CONFIG_KEYS = 30 };

/* Where the value of a setting comes from, the weakest first. */
enum config_from { CONFIG_BUILT_IN, CONFIG_SYSTEM, CONFIG_USER, CONFIG_ENVIRONMENT, CONFIG_OPTION };
struct config_value {
    const char *value;          /* "" for none */
    enum config_from from;
    const char *where;          /* file, variable or option; NULL: built in */
    int line;                   /* in the file */
    bool locked;                /* by the system's file */
    const struct config_value *aside;   /* what was said against the lock, the last first */
};

struct cli {
    const struct command *command;      /* the console's when no command was named */
    const char *arg[CLI_ARGS]; /* words after the command, in UTF-8; files as they were given */
    int nargs;
    struct { const char *name, *value; } given[CLI_OPTIONS];
    int ngiven;
    struct arena arena;                 /* of the whole run */
    struct err err;
    struct backend *backend;            /* NULL until cli_open() */
    char *code;                         /* one-time, asked for with it */
    char *password;                     /* of --as, once it was asked for (cli/login.h); NULL: not known */
    int64_t now;                        /* of --now; NONE: the real time */
    struct config_value setting[CONFIG_KEYS];   /* in the order of the keys, see config.h */
    bool usage;                         /* the error is one of usage: the synopsis follows */
    bool silent;                        /* the error has been told already */
};

/* Runs a command line; returns the exit code. argv[0] is the program. */
int cli_main(int argc, char **argv);

/* The value of an option; NULL when it was not given. A flag's is "". The name is in the tables
 * (assert). */
const char *cli_option(const struct cli *c, const char *name);
bool cli_flag(const struct cli *c, const char *name);

/* A whole number of an option between min and max; `none` when it was not given. ST_INVALID
 * "cli.number". */
enum status cli_number(struct cli *c, const char *name, int64_t min, int64_t max, int64_t none,
                       int64_t *out);

/* Opens the database of --db, or the server of --server, as the user of --as, and sets the clock that --now
 * gave. Once a run. ST_INVALID "now.server": it is another machine's clock. */
enum status cli_open(struct cli *c);
struct backend_config cli_config(const struct cli *c);

/* One operation on the open database. in: a record of op->in; given: see struct call. What out
 * points to is in a. */
enum status cli_call(struct cli *c, const struct op *op, const void *in, const bool *given,
                     struct arena *a, void *out);

/* The operation NOUN.VERB; NULL if there is none. */
const struct op *cli_op(const char *noun, const char *verb);

/* A sentence with one parameter, in the run's arena. */
const char *cli_sentence(struct cli *c, const char *code, const char *param);

/* Sets one field of an operation's input from text, and marks it given. False: the input has no
 * such field. */
bool cli_set(struct cli *c, const struct op *op, void *in, bool *given, const char *name,
             const char *text, enum status *st);

/* A usage error: ST_INVALID, and the synopsis is shown. */
enum status cli_usage(struct cli *c, const char *code, ...) __attribute__((sentinel));

/* The noun that KIND names and whose verb there is. ST_INVALID "cli.kind" names the nearest. */
enum status cli_kind(struct cli *c, const char *word, const char *verb, const struct noun **out);

/* Set by Ctrl-C and by SIGTERM: jobs stop after their step, reads at once. A second one ends the
 * program. */
extern atomic_bool cli_cancel;

#endif
