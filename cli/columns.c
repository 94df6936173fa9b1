#include "cli/columns.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/out.h"
#include "core/lang/lex.h"
#include "core/model/record_json.h"
#include "core/model/record_text.h"

/* ---- which ----------------------------------------------------------------------------------- */

static bool is_column(const struct field *f)
{
    return f->type != F_ATTRS && f->type != F_LIST;
}

static const struct field *field_named(const struct record *r, const char *word)
{
    const struct field *f = record_field_called(r, word);
    return f && is_column(f) ? f : NULL;
}

static const struct field *attrs_field(const struct record *r)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == F_ATTRS)
            return &r->fields[i];
    return NULL;
}

static enum status unknown_column(struct cli *c, const struct noun *noun, const char *word)
{
    struct near near;
    near_start(&near, word);
    for (size_t i = 0; i < noun->rec->nfields; i++)
        if (is_column(&noun->rec->fields[i]))
            near_try(&near, noun->rec->fields[i].name, noun->rec->fields[i].name);
    return fail_field(&c->err, ST_INVALID, "columns", "cli.columns", word, noun->plural, near.found,
                      NULL);
}

static bool is_number(enum ftype t)
{
    return t == F_ID || t == F_INT || t == F_MONEY || t == F_NUMBER;
}

static enum status take_column(struct cli *c, const struct noun *noun, const char *word,
                               struct column *out)
{
    const struct field *attrs = attrs_field(noun->rec);
    *out = (struct column){ .field = field_named(noun->rec, word) };
    if (!out->field && attrs && strncmp(word, "attr.", 5) == 0 && word[5])
        *out = (struct column){ .field = attrs, .attr = word + 5 };
    out->number = out->field && is_number(out->field->type);
    return out->field ? ST_OK : unknown_column(c, noun, word);
}

static const char *trimmed(struct arena *a, const char *s, size_t n)
{
    while (n && *s == ' ')
        s++, n--;
    while (n && s[n - 1] == ' ')
        n--;
    return arena_strndup(a, s, n);
}

/* A column may be shown twice and is asked for once. */
static void ask_for(struct columns *cols, const char *name, struct arena *a)
{
    size_t n = strlen(name);
    for (const char *s = cols->names; *s; s += strcspn(s, ","), s += *s == ',')
        if (strcspn(s, ",") == n && strncmp(s, name, n) == 0)
            return;
    cols->names = arena_printf(a, "%s%s%s", cols->names, *cols->names ? "," : "", name);
}

enum status columns_parse(struct cli *c, const struct noun *noun, const char *text,
                          struct columns *out)
{
    size_t cap = 0;
    *out = (struct columns){ .noun = noun, .names = "" };
    for (const char *s = text ? text : noun->columns; s;
         s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL) {
        const char *word = trimmed(&c->arena, s, strcspn(s, ","));
        out->items = arena_grow(&c->arena, out->items, sizeof *out->items, &cap, out->n + 1);
        enum status st = take_column(c, noun, word, &out->items[out->n]);
        if (st)
            return st;
        ask_for(out, column_name(&out->items[out->n++], &c->arena), &c->arena);
    }
    return ST_OK;
}

const char *column_name(const struct column *col, struct arena *a)
{
    return col->attr ? arena_printf(a, "attr.%s", col->attr) : col->field->name;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static const struct attr *column_attr(const struct column *col, const void *rec)
{
    const struct attrs *attrs = field_attrs(col->field, (void *)(uintptr_t)rec);
    for (size_t i = 0; i < attrs->n; i++)
        if (strcmp(attrs->items[i].def->key, col->attr) == 0)
            return &attrs->items[i];
    return NULL;
}

void columns_learn(struct columns *cols, const void *rec)
{
    for (size_t i = 0; i < cols->n; i++) {
        const struct attr *x = cols->items[i].attr ? column_attr(&cols->items[i], rec) : NULL;
        if (x)
            cols->items[i].number = is_number(x->def->type);
    }
}

const char *column_text(const struct column *col, const void *rec, struct arena *a)
{
    if (!col->attr)
        return record_text(col->field, NULL, rec, TEXT_DATA, a);
    const struct attr *x = column_attr(col, rec);
    return x ? record_text(col->field, x, rec, TEXT_DATA, a) : "";
}

/* Was the i-th column there before? A member of an object stands once. */
static bool is_again(const struct columns *cols, size_t i)
{
    const struct column *col = &cols->items[i];
    for (size_t k = 0; k < i; k++)
        if (cols->items[k].field == col->field &&
            (!col->attr || (cols->items[k].attr && strcmp(cols->items[k].attr, col->attr) == 0)))
            return true;
    return false;
}

void columns_to_json(const struct columns *cols, const void *rec, struct buf *out)
{
    struct arena a = ARENA_INIT;
    struct jw w;
    jw_init(&w, out);
    jw_object(&w);
    for (size_t i = 0; i < cols->n; i++) {
        const struct column *col = &cols->items[i];
        const struct attr *x = col->attr ? column_attr(col, rec) : NULL;
        if (is_again(cols, i))
            continue;
        if (!col->attr || x) {
            record_member_to_json(&w, col->field, x, rec);
            continue;
        }
        jw_key(&w, column_name(col, &a));
        jw_null(&w);
    }
    jw_end_object(&w);
    arena_free(&a);
}

/* ---- the aligned table ----------------------------------------------------------------------- */

enum { ROWS_AHEAD = 5000, GAP = 2 };

struct table {
    struct columns *cols;
    struct arena arena;         /* of the rows that are kept */
    const char ***rows;
    size_t n, cap;
    int *width;
    bool fixed;                 /* widths stand: rows go out as they come */
    int terminal;               /* columns; 0: no terminal */
};

struct table *table_new(struct columns *cols)
{
    struct table *t = xcalloc(1, sizeof *t);
    t->cols = cols;
    t->width = xcalloc(cols->n, sizeof *t->width);
    t->terminal = out_columns();
    return t;
}

static const char *clean_text(struct arena *a, const char *s)
{
    struct buf b = BUF_INIT;
    text_clean(&b, s, strlen(s));
    const char *out = arena_strndup(a, b.s, b.len);
    buf_release(&b);
    return out;
}

static void add_blanks(struct buf *b, int n)
{
    buf_addf(b, "%*s", n > 0 ? n : 0, "");
}

static void write_line(struct table *t, const char *const *cell)
{
    struct buf line = BUF_INIT, cut = BUF_INIT;
    for (size_t i = 0; i < t->cols->n; i++) {
        int pad = t->width[i] - text_width(cell[i]);
        bool right = t->cols->items[i].number;
        add_blanks(&line, (i ? GAP : 0) + (right ? pad : 0));
        buf_adds(&line, cell[i]);
        if (!right && i + 1 < t->cols->n)
            add_blanks(&line, pad);
    }
    while (line.len && line.s[line.len - 1] == ' ')
        buf_cut(&line, line.len - 1);
    if (t->terminal)
        text_fit(&cut, line.s, t->terminal);
    out_text(t->terminal ? cut.s : line.s);
    out_text("\n");
    buf_release(&line);
    buf_release(&cut);
}

static void widen(struct table *t, const char *const *cell)
{
    for (size_t i = 0; i < t->cols->n; i++) {
        int w = text_width(cell[i]);
        t->width[i] = w > t->width[i] ? w : t->width[i];
    }
}

/* Settles the widths and writes what was kept, under its header. */
static void fix(struct table *t)
{
    const char **head = arena_array(&t->arena, const char *, t->cols->n);
    for (size_t i = 0; i < t->cols->n; i++)
        head[i] = column_name(&t->cols->items[i], &t->arena);
    widen(t, head);
    write_line(t, head);
    for (size_t i = 0; i < t->n; i++)
        write_line(t, t->rows[i]);
    t->fixed = true;
    t->n = 0;
}

void table_row(struct table *t, const void *rec)
{
    if (t->fixed)
        arena_reset(&t->arena);
    else if (t->n == 0)
        columns_learn(t->cols, rec);
    const char **cell = arena_array(&t->arena, const char *, t->cols->n);
    for (size_t i = 0; i < t->cols->n; i++)
        cell[i] = clean_text(&t->arena, column_text(&t->cols->items[i], rec, &t->arena));
    if (t->fixed) {
        write_line(t, cell);
        return;
    }
    widen(t, cell);
    t->rows = arena_grow(&t->arena, t->rows, sizeof *t->rows, &t->cap, t->n + 1);
    t->rows[t->n++] = cell;
    if (t->n == ROWS_AHEAD)
        fix(t);
}

void table_end(struct table *t, bool whole)
{
    if (!t->fixed && whole)
        fix(t);
    arena_free(&t->arena);
    free(t->width);
    free(t);
}
