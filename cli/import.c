/* import.c - `import`: a file into a noun, by the operation NOUN.import and the names of its input.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/filejob.h"
#include "cli/watch.h"
#include "cli/out.h"
#include "core/model/noun.h"
#include "core/model/record_json.h"
#include "core/model/record_text.h"

static int64_t out_int(const struct op *op, void *out, const char *name)
{
    const struct field *f = record_field(op->out, name);
    int64_t v = f ? *field_int(f, out) : NONE;
    return v == NONE ? 0 : v;
}

static const char *out_string(const struct op *op, void *out, const char *name)
{
    const struct field *f = record_field(op->out, name);
    return f ? *field_text(f, out) : NULL;
}

static void print_json(const struct op *op, const void *out)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    record_to_json(&w, op->out, out);
    buf_addc(&b, '\n');
    out_data(b.s, b.len);
    buf_release(&b);
}

void cli_counts(const struct op *op, void *out)
{
    static const char *const names[] = { "rows", "created", "updated", "skipped", "rejected" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        out_textf("%s%s %lld", i ? "  " : "", names[i], (long long)out_int(op, out, names[i]));
    out_text("\n");
}

static void print_counts(struct cli *c, const struct op *op, void *out)
{
    const char *rejects = out_string(op, out, "rejects");
    cli_counts(op, out);
    if (rejects)
        sayf("%s\n", cli_sentence(c, "cli.rejects", rejects));
}

/* Which words of the command line were wrong; any other refusal is of the file, and is exit code 1.
 */
static bool is_usage(const char *code)
{
    static const char *const codes[] = {
        "import.map",        "import.unknown_field", "import.attr",
        "import.dates_word", "import.encoding_name",
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

static enum status refusal(enum status st, const char *code)
{
    bool file = strncmp(code, "import.", 7) == 0 && (st == ST_INVALID || st == ST_CONFLICT);
    return file && !is_usage(code) ? ST_FAILED : st;
}

/* The words after the command are either KIND FILE or none. */
static enum status check_words(struct cli *c, const char *dir)
{
    if (dir && c->nargs)
        return cli_usage(c, "cli.too_many", c->arg[0], NULL);
    if (cli_flag(c, "once") && !dir)
        return cli_usage(c, "import.once", NULL);
    return dir || c->nargs ? ST_OK : cli_usage(c, "cli.missing", "KIND", NULL);
}

static enum status run_import(struct cli *c)
{
    const struct op *op;
    void *out;
    const char *dir = cli_option(c, "watch");
    enum status words = check_words(c, dir);
    if (words || dir)
        return words ? words : cli_watch(c, dir);
    enum status st = cli_file_job(c, "import", _("Importing"), &op, &out);
    if (st)
        return op ? refusal(st, c->err.code) : st;
    if (cli_flag(c, "json"))
        print_json(op, out);
    else
        print_counts(c, op, out);
    return ST_OK;
}

static const struct option import_options[] = {
    { "map", 0, TAKES_TEXT, "FIELD=COLUMN,...",
      N_("which column fills which field; attr.NAME=COLUMN or "
         "attr.NAME:TYPE=COLUMN keeps a column as a custom field. Without it headers that are "
         "field names map") },
    { "mode", 0, TAKES_CHOICE, "create|update|upsert",
      N_("make new rows (the default), change those there are, or both") },
    { "on-duplicate", 0, TAKES_CHOICE, "skip|update|error",
      N_("what becomes of a row that exists; skip unless given") },
    { "create-missing", 0, TAKES_NOTHING, NULL,
      N_("make the channels, employees, tags and custom fields that rows name") },
    { "encoding", 0, TAKES_TEXT, "E",
      N_("utf-8, utf-16le, utf-16be or gb18030; found out unless given") },
    { "dates", 0, TAKES_CHOICE, "mdy|dmy|ymd",
      N_("order of day and month where the file leaves it open") },
    { "no-header", 0, TAKES_NOTHING, NULL,
      N_("the first line is a row; columns are named 1, 2, ...") },
    { "again", 0, TAKES_NOTHING, NULL, N_("take a file that was imported before") },
    { "strip-guard", 0, TAKES_NOTHING, NULL,
      N_("a file of `gonghai export`: take off the apostrophe that it put before formulas") },
    { "dry-run", 0, TAKES_NOTHING, NULL, N_("only say what would come of it") },
    { "rejects", 0, TAKES_FILE, "FILE.csv",
      N_("where refused rows go; FILE.rejects.csv beside the input unless given") },
    { "json", 0, TAKES_NOTHING, NULL, N_("print the counts as JSON") },
    { "watch", 0, TAKES_FILE, "DIR",
      N_("in place of KIND FILE: take the files that come into this folder, each once") },
    { "once", 0, TAKES_NOTHING, NULL, N_("with --watch: only those that are there") },
    { 0 },
};

const struct command import_commands[] = {
    { "import", "KIND FILE", N_("takes rows from a CSV file"),
      N_("KIND is leads, deals, employees, branches, channels or products. Encoding, separator, "
         "date order and the types of "
         "custom fields are found out over the whole file. Rows that can't be taken go to "
         "FILE.rejects.csv with the reason; the "
         "rest is taken all the same.\n\nA column name with a comma or = is quoted. Ctrl-C stops "
         "after the step at hand; what "
         "was taken before stays.\n\nWith --watch a folder is watched. A file is taken when it was closed "
         "after writing or moved in; those that lie there at the start first, in the order of their names. "
         "The leading word of the name is the KIND: leads-2026.csv, deals_east.csv. What was taken goes to "
         "DIR/done, with FILE.rejects.csv beside it; what was refused to DIR/failed, with the reason in "
         "FILE.why.txt. Links, folders, hidden names and those ending in .tmp, .part or ~ are left alone. "
         "All other options hold for every file. SIGINT and SIGTERM end it after the step at hand with "
         "exit code 0; the next one goes on where it ended."),
      import_options, CMD_NO_WORDS, run_import },
    { 0 },
};
