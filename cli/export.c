/* export.c - `export`: a noun into a file, by the operation NOUN.export. */
#include <string.h>

#include "base/i18n.h"
#include "cli/filejob.h"
#include "cli/out.h"
#include "core/model/noun.h"
#include "core/model/record_text.h"

static enum status run_export(struct cli *c)
{
    const struct op *op;
    void *out;
    if (cli_flag(c, "clear") && !cli_option(c, "reason"))
        return cli_usage(c, "cli.missing", "--reason", NULL);
    enum status st = cli_file_job(c, "export", _("Exporting"), &op, &out);
    if (!st)
        out_textf("rows %lld\n", (long long)*field_int(record_field(op->out, "rows"), out));
    return st;
}

static const struct option export_options[] = {
    { "where", 0, TAKES_EMPTY, "CONDITION",
      N_("only rows for which it holds, e.g. 'stage in (new, contacted)'") },
    { "columns", 0, TAKES_TEXT, "a,b", N_("these columns; custom fields as attr.NAME") },
    { "sort", 0, TAKES_EMPTY, "x,-y", N_("order by x, then by y from high to low") },
    { "bom", 0, TAKES_NOTHING, NULL,
      N_("begin a CSV file with a byte order mark, for spreadsheets") },
    { "clear", 0, TAKES_NOTHING, NULL,
      N_("phone, e-mail and id number in clear; needs the right to see them, and --reason") },
    { "reason", 0, TAKES_TEXT, "WORDS", N_("why they are needed in clear") },
    { 0 },
};

const struct command export_commands[] = {
    { "export", "KIND FILE", N_("writes rows to a CSV or JSON file"),
      N_("The file's ending says the format. What your roles show masked is masked in the file, "
         "unless --clear. Cells that a spreadsheet "
         "would run as a formula begin with an apostrophe. Every export is recorded in the audit "
         "log."),
      export_options, 0, run_export },
    { 0 },
};
