#include "core/data/sniff.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <csv.h>

/* ---- what is no table ------------------------------------------------------------------------------ */

static const struct { const char *magic; size_t n; const char *code; } formats[] = {
    { "PK\3\4", 4, "import.xlsx" },
    { "PK\5\6", 4, "import.xlsx" },
    { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "import.xlsx" },   /* the old .xls */
    { "%PDF-", 5, "import.pdf" },
    { "\x1F\x8B", 2, "import.binary" },                         /* gzip */
    { "BZh", 3, "import.binary" },
    { "\xFD" "7zXZ", 5, "import.binary" },
    { "7z\xBC\xAF\x27\x1C", 6, "import.binary" },
    { "Rar!\x1A\x07", 6, "import.binary" },
    { "\x28\xB5\x2F\xFD", 4, "import.binary" },                 /* zstd */
    { "\x7F" "ELF", 4, "import.binary" },
    { "SQLite format 3", 16, "import.binary" },                 /* with its NUL */
    { "\x89PNG", 4, "import.binary" },
    { "\xFF\xD8\xFF", 3, "import.binary" },                     /* JPEG */
    { "GIF8", 4, "import.binary" },
};

/* Beginnings of text, blanks before them skipped, in any case. */
static const struct { const char *start, *code; } openings[] = {
    { "<!doctype", "import.html" },
    { "<html", "import.html" },
    { "<head", "import.html" },
    { "<body", "import.html" },
    { "<meta", "import.html" },
    { "<table", "import.html" },
    { "<script", "import.html" },
    { "<style", "import.html" },
    { "<!--", "import.html" },
    { "<?xml", "import.xml" },
    { "version https://git-lfs.github.com/spec/", "import.lfs" },
};

enum status sniff_bytes(const void *p, size_t n, struct err *e)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (n >= formats[i].n && memcmp(p, formats[i].magic, formats[i].n) == 0)
            return fail(e, ST_FAILED, formats[i].code, NULL);
    return ST_OK;
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

bool sniff_conflict(const char *s, size_t n, bool quoted)
{
    if (n < 7 || !strchr("<>=", s[0]))
        return false;
    for (int i = 1; i < 7; i++)
        if (s[i] != s[0])
            return false;
    if (n == 7 || ends_line(s[7]))
        return s[0] != '=' || !quoted;
    return s[0] != '=' && s[7] == ' ';
}

/* The first marker in the prefix; equals signs could stand in a quoted cell, the reader will know. */
static enum status sniff_conflicts(const char *s, size_t n, struct err *e)
{
    int64_t line = 1;

    for (size_t i = 0; i < n; line++) {
        if (sniff_conflict(s + i, n - i, true)) {
            char text[24];

            snprintf(text, sizeof text, "%lld", (long long)line);
            return fail(e, ST_FAILED, "import.conflict", text, NULL);
        }
        while (i < n && !ends_line(s[i]))
            i++;
        i += i + 1 < n && s[i] == '\r' && s[i + 1] == '\n' ? 2 : 1;
    }
    return ST_OK;
}

enum status sniff_text(const char *s, size_t n, struct err *e)
{
    size_t at = 0;

    while (at < n && strchr(" \t\r\n\f\v", s[at]))
        at++;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        size_t len = strlen(openings[i].start);

        if (n - at >= len && strncasecmp(s + at, openings[i].start, len) == 0)
            return fail(e, ST_FAILED, openings[i].code, NULL);
    }
    return sniff_conflicts(s, n, e);
}

/* ---- the dialect ----------------------------------------------------------------------------------- */

enum { SAMPLE_RECORDS = 200 };

struct sample {
    int first;      /* cells of the first record */
    int cells;      /* of the record being read */
    int records;
    int alike;      /* records with as many cells as the first */
};

static void sample_cell(void *cell, size_t n, void *data)
{
    struct sample *s = data;

    (void)cell;
    (void)n;
    s->cells++;
}

static void sample_record(int end, void *data)
{
    struct sample *s = data;

    (void)end;
    if (s->records < SAMPLE_RECORDS) {
        if (s->records == 0)
            s->first = s->cells;
        s->records++;
        s->alike += s->cells == s->first;
    }
    s->cells = 0;
}

/* Counts cells of the first records as this separator cuts them. */
static struct sample take_sample(const char *s, size_t n, bool whole, char separator)
{
    struct sample sample = { 0 };
    struct csv_parser p;

    csv_init(&p, 0);
    csv_set_delim(&p, (unsigned char)separator);
    csv_set_blk_size(&p, 4096);
    csv_parse(&p, s, n, sample_cell, sample_record, &sample);
    if (whole || sample.records == 0)
        csv_fini(&p, sample_cell, sample_record, &sample);
    csv_free(&p);
    return sample;
}

static char find_separator(const char *s, size_t n, bool whole)
{
    static const char candidates[] = "\t|;,";
    char best = ',';
    double best_share = 0;

    for (const char *c = candidates; *c; c++) {
        struct sample sample = take_sample(s, n, whole, *c);
        double share = sample.first < 2 ? 0 : (double)sample.alike / sample.records;

        if (share > best_share) {
            best = *c;
            best_share = share;
        }
    }
    return best;
}

/* Excel's first line "sep=;" names the separator. Bytes of the line without its end, or 0. */
static size_t sep_line(const char *s, size_t n)
{
    if (n < 5 || strncasecmp(s, "sep=", 4) != 0 || !strchr(",;\t|:^~", s[4]) || !s[4])
        return 0;
    return n == 5 || ends_line(s[5]) ? 5 : 0;
}

static enum newline find_newline(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ends_line(s[i])) {
            if (s[i] == '\n')
                return NEWLINE_LF;
            return i + 1 < n && s[i + 1] == '\n' ? NEWLINE_CRLF : NEWLINE_CR;
        }
    return NEWLINE_LF;
}

void sniff_dialect(const char *s, size_t n, bool whole, struct dialect *d)
{
    d->newline = find_newline(s, n);
    d->sep_line = sep_line(s, n) > 0;
    d->separator = d->sep_line ? s[4] : find_separator(s, n, whole);
}
