/* importreject.c - what was refused, with the reason. A file is complete or not there, and the
 * table keeps what a broken run has refused: its rows are in no other place. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/data/importer.h"
#include "core/data/target.h"

/* ---- the file ----------------------------------------------------------------------------------------- */

static enum status open_rejects(struct importer *m, struct ctx *c)
{
    if (m->rejects)
        return ST_OK;
    const struct dialect *d = csvread_dialect(m->reader);
    struct csv_style style = { .separator = d->separator,
                               .crlf = d->newline == NEWLINE_CRLF,
                               .bom = csvread_bom(m->reader),
                               .gb18030 = strcmp(csvread_encoding(m->reader), "gb18030") == 0 };
    enum status st = csvwrite_open(m->rejects_path, &style, &m->rejects, c->e);
    if (st || m->in.no_header == 1)
        return st;
    for (int i = 0; i < csvread_columns(m->reader); i++)
        csvwrite_cell(m->rejects, csvread_name(m->reader, i), CSV_TEXT);
    csvwrite_cell(m->rejects, "code", CSV_TEXT);
    csvwrite_cell(m->rejects, "sentence", CSV_TEXT);
    csvwrite_end(m->rejects);
    csvwrite_mark(m->rejects);
    return ST_OK;
}

/* A file that is something else is never replaced. */
static bool may_replace(const struct importer *m, struct ctx *c)
{
    struct stat there;
    size_t n = strlen(m->rejects_path);
    bool csv = n > 4 && strcasecmp(m->rejects_path + n - 4, ".csv") == 0;
    if (target_is_ours(c, m->rejects_path) || target_same(m->rejects_path, m->in.file))
        return false;
    return csv || lstat(m->rejects_path, &there) != 0 || !S_ISREG(there.st_mode);
}

enum status reject_check(struct importer *m, struct ctx *c)
{
    if (m->in.dry_run == 1)
        return ST_OK;
    m->rejects_path = m->in.rejects ? m->in.rejects : arena_printf(&m->mem, "%s.rejects.csv", m->in.file);
    if (!may_replace(m, c))
        return fail_field(c->e, ST_INVALID, "rejects", "import.rejects_file", m->rejects_path, NULL);
    return ST_OK;
}

/* Tried now, not at the first refused row, which may come late. */
enum status reject_begin(struct importer *m, struct ctx *c)
{
    enum status st = m->in.dry_run == 1 ? ST_OK : open_rejects(m, c);
    if (!st || m->in.rejects)
        return st;
    const char *reason = arena_strdup(c->arena, c->e->param[1]);
    return fail_field(c->e, ST_FAILED, "rejects", "import.rejects_folder", m->rejects_path, reason, NULL);
}

static void write_row(struct importer *m, const struct csv_row *row, const char *code, const char *sentence)
{
    assert(m->rejects);
    for (int i = 0; i < row->n; i++)
        csvwrite_cell(m->rejects, row->cell[i], CSV_TEXT);
    csvwrite_cell(m->rejects, code, CSV_TEXT);
    csvwrite_cell(m->rejects, sentence, CSV_TEXT);
    csvwrite_end(m->rejects);
}

/* ---- the table ---------------------------------------------------------------------------------------- */

/* The sentence may name what stood in the row: it is sealed. */
static enum status note_row(struct importer *m, int64_t record, const char *code, const char *sentence)
{
    struct ctx *c = m->c;
    const struct sealer *s = db_sealer(c->db);
    int64_t id = m->batch.head.id;
    size_t len;
    const void *box = s->seal(s->self, c->arena, "import_reject", "sentence", id, sentence,
                              strlen(sentence), &len);
    return db_exec(
        c->db, c->e,
        "insert into import_reject (import_id, record, code, sentence_enc) values ($1, $2, $3, $4)",
        "iitb", id, record, code, box, len);
}

static void note_first(struct importer *m, const char *code)
{
    if (!m->first_code[0])
        snprintf(m->first_code, sizeof m->first_code, "%s", code);
}

/* A bulk load is one transaction: nothing of a broken one is left to go on with. */
enum status reject_row(struct importer *m, const struct csv_row *row, const struct err *why)
{
    note_first(m, why->code);
    if (m->in.dry_run == 1)
        return ST_OK;
    const char *sentence = import_sentence(m->c->arena, why);
    write_row(m, row, why->code, sentence);
    return m->bulk ? ST_OK : note_row(m, row->record, why->code, sentence);
}

static enum status write_noted(struct importer *m, struct ctx *c, const struct csv_row *row,
                               struct stmt *s, struct arena *a)
{
    const struct sealer *sealer = db_sealer(c->db);
    note_first(m, db_text(s, 1));
    const char *sentence = sealer->open(sealer->self, a, "import_reject", "sentence",
                                        m->batch.head.id, db_blob(s, 2), db_bytes(s, 2), c->e);
    if (!sentence)
        return c->e->status;
    write_row(m, row, db_text(s, 1), sentence);
    return ST_OK;
}

enum status reject_resume(struct importer *m, struct ctx *c)
{
    struct arena a = ARENA_INIT;
    struct csv_row row;
    enum status st = ST_OK;
    struct stmt *s = db_query(
        c->db,
        "select record, code, sentence_enc from import_reject where import_id = $1 order by record",
        "i", m->batch.head.id);
    bool noted = db_row(s);
    for (int64_t i = 0; i < m->resume && !st; i++) {
        if (csvread_next(m->reader, &row, c->e) <= 0)
            st = c->e->status ? c->e->status : fail(c->e, ST_FAILED, "import.changed", NULL);
        else if (c->cancel && (i & 1023) == 0 && atomic_load(c->cancel))
            st = fail(c->e, ST_CANCELLED, "cancelled", NULL);
        else if (noted && db_int(s, 0) == row.record) {
            st = write_noted(m, c, &row, s, &a);
            noted = !st && db_row(s);
            arena_reset(&a);
        }
    }
    enum status end = db_end(s, st ? NULL : c->e);
    arena_free(&a);
    reject_mark(m);
    return st ? st : end;
}

/* ---- the end ------------------------------------------------------------------------------------------ */

void reject_mark(struct importer *m)
{
    if (m->rejects)
        csvwrite_mark(m->rejects);
}

/* Of an import that was broken off the file says what it refused until then. */
static enum status end_file(struct importer *m, enum status how, const char **path)
{
    struct csvwrite *w = m->rejects;
    struct err own = { 0 };
    m->rejects = NULL;
    if (how)
        csvwrite_back(w);
    if (m->lost || !m->batch.head.id || csvwrite_rows(w) <= (m->in.no_header != 1)) {
        csvwrite_abort(w);
        return ST_OK;
    }
    enum status st = csvwrite_commit(w, how ? &own : m->c->e);
    if (!st)
        *path = m->rejects_path;
    return how ? ST_OK : st;
}

enum status reject_end(struct importer *m, enum status how, const char **path)
{
    enum status st = m->rejects ? end_file(m, how, path) : ST_OK;
    if (st || how || !m->batch.head.id)
        return st;
    return db_exec(m->c->db, m->c->e, "delete from import_reject where import_id = $1", "i",
                   m->batch.head.id);
}
