#include "core/data/csvread.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/data/cell.h"
#include "core/data/csvwrite.h"

/* libcsv gets one line of the file at a time, so that we know on which line a record begins and no second
 * record can come out of one call. It runs strict, which makes it stop at each quote that is out of place;
 * parse() decides there. All state of one pass is in struct pass, so that a rewind is one assignment. */
enum { STRICT = CSV_STRICT | CSV_STRICT_FINI };

struct pass {
    const char *at, *end;       /* of the decoded piece, not yet parsed */
    const char *lf, *cr;        /* the next of each at or behind `at`, or `end`; NULL not looked for */
    int64_t line;               /* that `at` stands on */
    bool line_begins;           /* `at` is the beginning of a line */
    bool after_cr;              /* the piece before ended between CR and perhaps LF */
    char head[SNIFF_HEAD];      /* beginning of a suspicious line that a piece cut */
    size_t head_len;
    bool head_quoted;           /* that line begins inside a quoted cell */
    bool skip_line;             /* the sep= line */
    bool at_end;                /* the file is read out */

    bool in_record;
    int64_t record_line, cell_line;
    bool after_quote;           /* blanks after a closing quote, kept in `rest` */
    bool drop_cell;             /* the cell that ends now is blanks before a quote */
    bool stray;                 /* text after a closing quote: the rest of the line is the last cell */
    bool done;                  /* a record is complete */
    const char *fatal;          /* why the file is refused */
    int n;                      /* cells of the record so far */
    int64_t record;
};

struct csvread {
    struct decode *in;
    struct csv_opts opts;
    struct dialect dialect;
    struct csv_parser csv;
    struct pass p;
    struct buf text, rest;
    size_t offset[CSV_COLUMNS_MAX];
    const char *cell[CSV_COLUMNS_MAX];
    struct arena names;
    const char **name;
    int columns;                /* 0 while the first record is read */
    struct err refused;         /* status ST_OK until the file is refused */
};

/* ---- what libcsv calls ----------------------------------------------------------------------------- */

static int never_space(unsigned char c)
{
    (void)c;
    return 0;
}

/* The limit of a cell: libcsv gives up when its buffer can't grow. A quote and a NUL find room beside it. */
static void *limited_realloc(void *p, size_t size)
{
    return size > CSV_CELL_MAX + 2 ? NULL : realloc(p, size);
}

static void on_cell(void *cell, size_t n, void *data)
{
    struct csvread *r = data;
    struct pass *p = &r->p;

    if (p->drop_cell || p->fatal)
        return;
    if (n > CSV_CELL_MAX)
        p->fatal = "import.cell_size";
    else if (p->n == CSV_COLUMNS_MAX)
        p->fatal = "import.columns";
    else if (r->text.len + n + 1 > CSV_ROW_MAX)
        p->fatal = "import.row_size";
    if (p->fatal)
        return;
    r->offset[p->n++] = r->text.len;
    if (n > 0)
        buf_add(&r->text, cell, n);
    buf_addc(&r->text, '\0');
    p->cell_line = p->line;
}

static void on_record(int end, void *data)
{
    struct csvread *r = data;

    (void)end;
    r->p.done = true;
}

/* ---- quotes out of place --------------------------------------------------------------------------- */

static bool is_blank(const struct csvread *r, char c)
{
    return (c == ' ' || c == '\t') && c != r->dialect.separator;
}

static bool ends_cell(const struct csvread *r, char c)
{
    return c == r->dialect.separator || c == '\r' || c == '\n';
}

static bool only_blanks(const struct csvread *r)
{
    for (size_t i = 0; i < r->csv.entry_pos; i++)
        if (!is_blank(r, (char)r->csv.entry_buf[i]))
            return false;
    return true;
}

/* A quote inside an unquoted cell: after blanks alone it opens a quoted one, else it is a character like any
 * other. Returns how many bytes it took. */
static size_t inner_quote(struct csvread *r, const char *s)
{
    size_t took = 0;

    if (only_blanks(r)) {
        r->p.drop_cell = true;
        csv_parse(&r->csv, &r->dialect.separator, 1, on_cell, on_record, r);
        r->p.drop_cell = false;
        return 0;
    }
    csv_set_opts(&r->csv, 0);
    took = csv_parse(&r->csv, s, 1, on_cell, on_record, r);
    csv_set_opts(&r->csv, STRICT);
    return took;
}

/* Text after a closing quote. The record ends here for libcsv; its last cell becomes what stands in the file,
 * quotes and all, and takes the rest of the line. */
static void begin_stray(struct csvread *r)
{
    struct pass *p = &r->p;
    struct buf raw = BUF_INIT;

    csv_fini(&r->csv, on_cell, on_record, r);
    p->stray = true;
    p->done = false;
    if (p->fatal)
        return;
    size_t start = r->offset[p->n - 1];

    buf_addc(&raw, '"');
    for (const char *c = r->text.s + start; *c; c++) {
        if (*c == '"')
            buf_addc(&raw, '"');
        buf_addc(&raw, *c);
    }
    buf_addc(&raw, '"');
    buf_add(&raw, r->rest.s, r->rest.len);
    buf_cut(&r->text, start);
    buf_add(&r->text, raw.s, raw.len);
    buf_release(&raw);
}

static void add_stray(struct csvread *r, const char *s, size_t n)
{
    if (r->text.len + n + 1 > CSV_ROW_MAX)
        r->p.fatal = "import.row_size";
    else
        buf_add(&r->text, s, n);
}

static void end_stray(struct csvread *r)
{
    buf_addc(&r->text, '\0');
    r->p.done = true;
}

/* ---- one line, or a piece of it -------------------------------------------------------------------- */

/* Blanks after a closing quote are skipped up to the end of the cell; anything else there is astray. */
static size_t close_quote(struct csvread *r, const char *s, size_t n)
{
    size_t i = 0;

    while (i < n && is_blank(r, s[i]))
        i++;
    buf_add(&r->rest, s, i);
    if (i == n)
        return n;
    r->p.after_quote = false;
    if (!ends_cell(r, s[i]))
        begin_stray(r);
    buf_clear(&r->rest);
    return i;
}

/* Up to the line end, without it. */
static size_t without_end(const char *s, size_t n)
{
    while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
        n--;
    return n;
}

static void parse(struct csvread *r, const char *s, size_t n)
{
    struct pass *p = &r->p;

    while (n > 0 && !p->fatal && !p->stray) {
        size_t took;

        if (p->after_quote) {
            took = close_quote(r, s, n);
        } else {
            took = csv_parse(&r->csv, s, n, on_cell, on_record, r);
            if (took < n && csv_error(&r->csv) != CSV_EPARSE)
                p->fatal = "import.cell_size";
            else if (took < n && !r->csv.quoted)
                took += inner_quote(r, s + took);
            else if (took < n)
                p->after_quote = true;
        }
        s += took;
        n -= took;
    }
    if (p->stray && !p->fatal)
        add_stray(r, s, without_end(s, n));
}

/* Looks for a conflict marker, also in a line whose beginning came in the piece before. */
static void watch_conflict(struct csvread *r, const char *s, size_t n, bool whole)
{
    struct pass *p = &r->p;

    if (p->line_begins) {
        p->head_len = 0;
        if (s[0] != '<' && s[0] != '>' && s[0] != '=')
            return;
        p->head_quoted = p->in_record;
    } else if (p->head_len == 0) {
        return;
    }
    size_t more = n < SNIFF_HEAD - p->head_len ? n : SNIFF_HEAD - p->head_len;

    memcpy(p->head + p->head_len, s, more);
    p->head_len += more;
    if (p->head_len < SNIFF_HEAD && !whole)
        return;
    if (sniff_conflict(p->head, p->head_len, p->head_quoted)) {
        p->fatal = "import.conflict";
        p->cell_line = p->line;
    }
    p->head_len = 0;
}

/* Takes a piece of a line; `whole`: it ends with the line's end. */
static void take_piece(struct csvread *r, const char *s, size_t n, bool whole)
{
    struct pass *p = &r->p;

    if (p->skip_line) {
        p->skip_line = !whole;
        return;
    }
    watch_conflict(r, s, n, whole);
    if (p->fatal)
        return;
    if (!p->in_record)
        p->record_line = p->cell_line = p->line;
    parse(r, s, n);
    if (p->stray && whole && !p->fatal)
        end_stray(r);
    if (p->done)
        p->in_record = false;
    else if (!p->in_record)
        p->in_record = without_end(s, n) > 0;
}

/* ---- cutting the text into lines ------------------------------------------------------------------- */

static const char *next_of(struct pass *p, const char **cache, char c)
{
    if (!*cache || *cache < p->at) {
        *cache = memchr(p->at, c, (size_t)(p->end - p->at));
        if (!*cache)
            *cache = p->end;
    }
    return *cache;
}

static void next_line(struct csvread *r)
{
    struct pass *p = &r->p;
    const char *s = p->at, *stop;

    if (p->after_cr) {
        p->after_cr = false;
        if (*s == '\n') {
            p->at++;
            p->line--;      /* the LF stands on the line that its CR ended */
            p->line_begins = false;
            take_piece(r, s, 1, true);
            p->line++;
            p->line_begins = true;
            return;
        }
    }
    const char *lf = next_of(p, &p->lf, '\n'), *cr = next_of(p, &p->cr, '\r');
    bool whole = lf < p->end || cr < p->end;

    stop = lf < cr ? lf : cr;
    if (stop < p->end)
        stop += stop == cr && stop + 1 == lf && lf < p->end ? 2 : 1;
    p->at = stop;
    p->after_cr = whole && stop == p->end && stop[-1] == '\r';
    take_piece(r, s, (size_t)(stop - s), whole);
    p->line += whole;
    p->line_begins = whole;
}

static void end_of_file(struct csvread *r)
{
    struct pass *p = &r->p;

    p->at_end = true;
    if (p->head_len > 0)
        watch_conflict(r, p->head, 0, true);
    if (p->fatal)
        return;
    if (p->stray)
        end_stray(r);
    else if (csv_fini(&r->csv, on_cell, on_record, r) != 0)
        p->fatal = "import.unclosed_quote";
}

static int refuse(struct csvread *r, struct err *e)
{
    if (e)
        *e = r->refused;
    return -1;
}

/* The line that the reason belongs to: where the record begins, or the cell (or the marker). */
static int refuse_fatal(struct csvread *r, struct err *e)
{
    const struct pass *p = &r->p;
    bool record = strcmp(p->fatal, "import.columns") == 0 || strcmp(p->fatal, "import.row_size") == 0;
    char line[24];

    snprintf(line, sizeof line, "%lld", (long long)(record ? p->record_line : p->cell_line));
    fail(&r->refused, ST_FAILED, p->fatal, line, NULL);
    return refuse(r, e);
}

/* Reads one record into text and offset. 1, 0 at the end, -1. */
static int read_record(struct csvread *r, struct err *e)
{
    struct pass *p = &r->p;

    if (r->refused.status != ST_OK)
        return refuse(r, e);
    p->n = 0;
    p->done = p->stray = false;
    buf_clear(&r->text);
    while (!p->done && !p->fatal && !p->at_end) {
        if (p->at == p->end) {
            size_t n = 0;
            int rc = decode_next(r->in, &p->at, &n, &r->refused);

            if (rc < 0)
                return refuse(r, e);
            p->end = p->at + n;
            p->lf = p->cr = NULL;
            if (rc == 0) {
                p->at = p->end = NULL;
                end_of_file(r);
            }
            continue;
        }
        next_line(r);
    }
    if (p->fatal)
        return refuse_fatal(r, e);
    return p->done;
}

/* ---- rows ------------------------------------------------------------------------------------------ */

int csvread_next(struct csvread *r, struct csv_row *row, struct err *e)
{
    struct pass *p = &r->p;
    int rc = read_record(r, e), n = p->n;

    if (rc <= 0)
        return rc;
    for (int i = 0; i < n; i++) {
        r->cell[i] = r->text.s + r->offset[i];
        if (r->opts.unguard)
            r->cell[i] = csv_unguard(r->cell[i]);
    }
    while (n > r->columns && *r->cell[n - 1] == '\0')
        n--;
    *row = (struct csv_row){
        .cell = r->cell, .n = n, .given = n, .record = ++p->record, .line = p->record_line,
        .code = p->stray ? "import.quote" : n > r->columns ? "import.extra_cells" : NULL,
    };
    while (row->n < r->columns)
        r->cell[row->n++] = "";
    return 1;
}

/* ---- opening --------------------------------------------------------------------------------------- */

static char *trimmed(struct arena *a, const char *s)
{
    size_t n;

    s = cell_trim(s, &n);
    return arena_strndup(a, s, n);
}

static void keep_names(struct csvread *r)
{
    r->columns = r->p.n;
    r->name = arena_array(&r->names, const char *, (size_t)r->columns + 1);
    for (int i = 0; i < r->columns; i++) {
        const char *cell = r->text.s + r->offset[i];

        r->name[i] = r->opts.no_header ? arena_printf(&r->names, "%d", i + 1)
                                       : trimmed(&r->names, r->opts.unguard ? csv_unguard(cell) : cell);
    }
}

static void start_pass(struct csvread *r)
{
    csv_set_opts(&r->csv, 0);
    csv_fini(&r->csv, NULL, NULL, NULL);
    csv_set_opts(&r->csv, STRICT);
    r->p = (struct pass){ .line = 1, .line_begins = true, .skip_line = r->dialect.sep_line };
    err_clear(&r->refused);
    buf_clear(&r->rest);
}

/* The first piece decides what the file is, and is then read as its beginning. */
static enum status look(struct csvread *r, struct err *e)
{
    const char *s = "";
    size_t n = 0;

    if (decode_next(r->in, &s, &n, e) < 0)
        return ST_FAILED;
    if (sniff_text(s, n, e) != ST_OK)
        return ST_FAILED;
    sniff_dialect(s, n, decode_consumed(r->in) == decode_total(r->in), &r->dialect);
    if (r->opts.separator)
        r->dialect.separator = r->opts.separator;
    csv_set_delim(&r->csv, (unsigned char)r->dialect.separator);
    start_pass(r);
    r->p.at = s;
    r->p.end = s + n;
    return ST_OK;
}

static enum status read_header(struct csvread *r, struct err *e)
{
    int rc = read_record(r, e);
    char line[24];

    if (rc < 0)
        return r->refused.status;
    if (rc == 0)
        return fail(e, ST_FAILED, "import.empty", NULL);
    snprintf(line, sizeof line, "%lld", (long long)r->p.record_line);
    if (r->p.stray && !r->opts.no_header)
        return fail(e, ST_FAILED, "import.header", line, NULL);
    keep_names(r);
    return r->opts.no_header ? csvread_rewind(r, e) : ST_OK;
}

enum status csvread_open(const char *path, const struct csv_opts *opts, struct csvread **out, struct err *e)
{
    struct csvread *r = xcalloc(1, sizeof *r);
    enum status st;

    r->text = r->rest = (struct buf)BUF_INIT;
    if (opts)
        r->opts = *opts;
    csv_init(&r->csv, STRICT);
    csv_set_space_func(&r->csv, never_space);
    csv_set_realloc_func(&r->csv, limited_realloc);
    csv_set_blk_size(&r->csv, 8192);
    st = decode_open(path, r->opts.encoding, &r->in, e);
    r->opts.encoding = NULL;
    if (st == ST_OK)
        st = look(r, e);
    if (st == ST_OK)
        st = read_header(r, e);
    if (st != ST_OK) {
        csvread_close(r);
        r = NULL;
    }
    *out = r;
    return st;
}

void csvread_close(struct csvread *r)
{
    if (!r)
        return;
    decode_close(r->in);
    csv_free(&r->csv);
    buf_release(&r->text);
    buf_release(&r->rest);
    arena_free(&r->names);
    free(r);
}

enum status csvread_rewind(struct csvread *r, struct err *e)
{
    enum status st = decode_rewind(r->in, e);

    if (st != ST_OK)
        return st;
    start_pass(r);
    if (!r->opts.no_header && read_record(r, e) < 0)
        return r->refused.status;
    return ST_OK;
}

/* ---- facts ----------------------------------------------------------------------------------------- */

int csvread_columns(const struct csvread *r) { return r->columns; }

const char *csvread_name(const struct csvread *r, int i)
{
    assert(i >= 0 && i < r->columns);
    return r->name[i];
}

static int find_before(const struct csvread *r, const char *name, int before)
{
    for (int i = 0; i < before; i++)
        if (strcmp(r->name[i], name) == 0)
            return i;
    return -1;
}

int csvread_find(const struct csvread *r, const char *name)
{
    return find_before(r, name, r->columns);
}

int csvread_twin(const struct csvread *r, int i)
{
    return find_before(r, csvread_name(r, i), i);
}

const struct dialect *csvread_dialect(const struct csvread *r) { return &r->dialect; }
const char *csvread_encoding(const struct csvread *r) { return decode_name(r->in); }
bool csvread_bom(const struct csvread *r) { return decode_bom(r->in); }
int64_t csvread_total(const struct csvread *r) { return decode_total(r->in); }

enum status csvread_sha256(const struct csvread *r, char out[SHA256_TEXT], struct err *e)
{
    return decode_sha256(r->in, out, e);
}
