/* list.c - `list`, `count` and `explain`: any noun, by its own operations. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/columns.h"
#include "cli/out.h"
#include "cli/pages.h"
#include "core/model/record_json.h"
#include "core/noun/explain.h"

enum { EXPLAIN_CELLS = 60 };     /* longer texts have the value right behind them */

/* ---- pages ----------------------------------------------------------------------------------- */

enum status pages_each(struct cli *c, const struct op *op, const struct query *what, int64_t limit,
                       page_row *each, void *ctx)
{
    struct query q = *what;
    struct arena rows = ARENA_INIT;
    char *cursor = NULL;
    enum status st = ST_OK;
    for (bool more = true; more;) {
        struct page page = { 0 };
        q.cursor = cursor;
        q.limit = limit == NONE || limit > PAGE_MOST ? PAGE_MOST : limit;
        st = cli_call(c, op, &q, NULL, &rows, &page);
        for (size_t i = 0; !st && i < page.rows.n; i++)
            st = each(ctx, (const char *)page.rows.items + i * op->out->size);
        if (limit != NONE)
            limit -= (int64_t)page.rows.n;
        more = !st && page.next && limit != 0;
        free(cursor);
        cursor = more ? xstrdup(page.next) : NULL;
        arena_reset(&rows);
    }
    arena_free(&rows);
    return st;
}

/* ---- list ------------------------------------------------------------------------------------ */

struct listing {
    struct columns cols;
    bool all;                   /* JSON without --columns: every field */
    struct table *table;
    struct buf out;
    struct arena row;           /* of the row at hand */
    int64_t n;
};

static enum status table_each(void *ctx, const void *rec)
{
    table_row(((struct listing *)ctx)->table, rec);
    return ST_OK;
}

static const struct csv_style style = { .guard = true };

static void csv_flush(struct listing *l)
{
    buf_addc(&l->out, '\n');
    out_data(l->out.s, l->out.len);
    buf_clear(&l->out);
    arena_reset(&l->row);
}

static void csv_header(struct listing *l)
{
    for (size_t i = 0; i < l->cols.n; i++) {
        buf_adds(&l->out, i ? "," : "");
        csv_cell(&l->out, &style, column_name(&l->cols.items[i], &l->row), CSV_TEXT);
    }
    csv_flush(l);
}

static enum status csv_each(void *ctx, const void *rec)
{
    struct listing *l = ctx;
    if (l->n++ == 0) {
        columns_learn(&l->cols, rec);
        csv_header(l);
    }
    for (size_t i = 0; i < l->cols.n; i++) {
        const struct column *col = &l->cols.items[i];
        const char *text = column_text(col, rec, &l->row);
        buf_adds(&l->out, i ? "," : "");
        csv_cell(&l->out, &style, text, col->number ? CSV_NUMERIC : CSV_TEXT);
    }
    if (l->out.len == 0)
        buf_adds(&l->out, "\"\"");      /* one empty cell is no empty line */
    csv_flush(l);
    return ST_OK;
}

static enum status json_each(void *ctx, const void *rec)
{
    struct listing *l = ctx;
    buf_adds(&l->out, l->n++ ? ",\n" : "[\n");
    if (l->all) {
        struct buf one = BUF_INIT;
        struct jw w;
        jw_init(&w, &one);
        record_to_json(&w, l->cols.noun->rec, rec);
        buf_add(&l->out, one.s, one.len);
        buf_release(&one);
    } else {
        columns_to_json(&l->cols, rec, &l->out);
    }
    out_data(l->out.s, l->out.len);
    buf_clear(&l->out);
    return ST_OK;
}

static enum status run_format(struct cli *c, struct listing *l, const struct op *op,
                              const struct query *q, int64_t limit)
{
    const char *format = cli_option(c, "format");
    enum status st;
    if (format && strcmp(format, "json") == 0) {
        st = pages_each(c, op, q, limit, json_each, l);
        if (!st)
            out_text(l->n ? "\n]\n" : "[]\n");
    } else if (format && strcmp(format, "csv") == 0) {
        st = pages_each(c, op, q, limit, csv_each, l);
        if (!st && l->n == 0)
            csv_header(l);
    } else {
        l->table = table_new(&l->cols);
        st = pages_each(c, op, q, limit, table_each, l);
        table_end(l->table, st == ST_OK);
    }
    buf_release(&l->out);
    arena_free(&l->row);
    return st;
}

static enum status run_list(struct cli *c)
{
    struct listing l = { .out = BUF_INIT };
    struct query q;
    const struct noun *noun;
    int64_t limit;
    record_empty(&query_record, &q);
    enum status st = cli_kind(c, c->arg[0], "list", &noun);
    if (!st)
        st = columns_parse(c, noun, cli_option(c, "columns"), &l.cols);
    if (!st)
        st = cli_number(c, "limit", 1, INT64_C(1000000000000), NONE, &limit);
    if (!st)
        st = cli_open(c);
    if (st)
        return st;
    const char *format = cli_option(c, "format");
    l.all = format && strcmp(format, "json") == 0 && !cli_option(c, "columns");
    q.where = cli_option(c, "where");
    q.sort = cli_option(c, "sort");
    q.columns = l.all ? NULL : l.cols.names;
    return run_format(c, &l, cli_op(noun->name, "list"), &q, limit);
}

static enum status run_count(struct cli *c)
{
    struct query q;
    struct count n;
    const struct noun *noun;
    record_empty(&query_record, &q);
    enum status st = cli_kind(c, c->arg[0], "count", &noun);
    if (!st)
        st = cli_open(c);
    if (st)
        return st;
    q.where = cli_option(c, "where");
    st = cli_call(c, cli_op(noun->name, "count"), &q, NULL, &c->arena, &n);
    if (!st)
        out_textf("%lld\n", (long long)n.count);
    return st;
}

/* ---- explain --------------------------------------------------------------------------------- */

/* "yes  stage = new   contacted", a step in for each level. */
static void print_lines(const struct because *lines, size_t n, struct arena *a)
{
    bool zh = strcmp(i18n_lang(), "zh_CN") == 0;
    const char *yes = _("yes"), *no = _("no");
    int first = text_width(yes) > text_width(no) ? text_width(yes) : text_width(no), most = 0;
    const char **text = arena_array(a, const char *, n);
    for (size_t i = 0; i < n; i++) {
        text[i] = arena_printf(a, "%*s%s", (int)(2 * lines[i].depth), "",
                               zh ? lines[i].text_zh : lines[i].text_en);
        int w = text_width(text[i]);
        most = lines[i].actual && w > most ? w : most;
    }
    most = most < EXPLAIN_CELLS ? most : EXPLAIN_CELLS;
    for (size_t i = 0; i < n; i++) {
        const char *word = lines[i].holds ? yes : no;
        int gap = most - text_width(text[i]);
        const char *value = lines[i].actual ? lines[i].actual : "";
        out_linef("%s%*s  %s%*s%s", word, first - text_width(word), "", text[i],
                  *value ? (gap > 0 ? gap : 0) + 2 : 0, "", value);
    }
}

static enum status run_explain(struct cli *c)
{
    struct explain_in in;
    struct explained out;
    const struct noun *noun;
    record_empty(&explain_in_record, &in);
    record_empty(&explained_record, &out);
    enum status st = cli_kind(c, c->arg[0], "explain", &noun);
    if (!st)
        st = cli_open(c);
    if (st)
        return st;
    in.code = c->arg[1];
    in.where = cli_option(c, "where");
    st = cli_call(c, cli_op(noun->name, "explain"), &in, NULL, &c->arena, &out);
    if (st)
        return st;
    out_line(out.matches ? _("matches") : _("does not match"));
    print_lines(out.lines.items, out.lines.n, &c->arena);
    return ST_OK;
}

static const struct option list_options[] = {
    { "where", 0, TAKES_EMPTY, "CONDITION",
      N_("only rows for which it holds, e.g. 'stage in (new, contacted)'") },
    { "columns", 0, TAKES_TEXT, "a,b", N_("these columns; custom fields as attr.NAME") },
    { "sort", 0, TAKES_EMPTY, "x,-y", N_("order by x, then by y from high to low") },
    { "limit", 0, TAKES_TEXT, "N", N_("at most N rows") },
    { "format", 0, TAKES_CHOICE, "table|csv|json", N_("how it is written; table unless given") },
    { 0 },
};

static const struct option count_options[] = {
    { "where", 0, TAKES_EMPTY, "CONDITION",
      N_("only rows for which it holds, e.g. 'stage in (new, contacted)'") },
    { 0 },
};

static const struct option explain_options[] = {
    { "where", 0, TAKES_EMPTY, "CONDITION",
      N_("the condition that is explained, e.g. 'stage in (new, contacted)'") },
    { 0 },
};

const struct command list_commands[] = {
    { "list", "KIND", N_("prints rows of one kind"),
      N_("KIND is leads, deals, employees, branches, channels, products, tags, pools, stages, and so on. "
         "A table shows the "
         "usual columns, JSON every field. Amounts are yuan with two decimals in tables and CSV, "
         "whole fen in JSON; times in "
         "JSON have their offset."),
      list_options, 0, run_list },
    { "count", "KIND", N_("prints how many rows of one kind there are"), NULL, count_options, 0,
      run_count },
    { "explain", "KIND CODE", N_("prints why a row matches a condition, or not"),
      N_("CODE is what people call the row: a staff number, a lead's external id or number. Each part of the "
         "condition is a line: does it hold, and what the row has there. `gonghai call NOUN.explain` gives "
         "the same as JSON."),
      explain_options, 0, run_explain },
    { 0 },
};
