/* querycursor.c - the place of a row in a list: what core/guard/cursor.h seals. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/noun/queryplan.h"
#include "core/noun/resolve.h"

static enum status bad_cursor(struct plan *p)
{
    return fail_field(p->c->e, ST_INVALID, "cursor", "list.cursor", NULL);
}

/* "i42|n|t3:abc|ID": one value a sort key, then the id. Of a long text the start stands there:
 * the rest is read again from the row. */
static void cursor_put(struct buf *out, const struct key_value *v)
{
    switch (v->type) {
    case 'i': buf_addf(out, "i%" PRId64 "|", v->i); break;
    case 'd': buf_addf(out, "d%a|", v->d); break;
    case 't': {
        size_t len = strlen(v->s), cut = text_cut(v->s, CURSOR_TEXT);
        buf_addf(out, "%c%zu:%.*s|", cut < len ? 'T' : 't', cut, (int)cut, v->s);
        break;
    }
    default: buf_adds(out, "n|");
    }
}

static const char *cursor_take(struct arena *a, const char *s, struct key_value *v)
{
    char *end = NULL;
    v->type = *s++;
    if (v->type == 'i') {
        v->i = strtoll(s, &end, 10);
    } else if (v->type == 'd') {
        v->d = strtod(s, &end);
    } else if (v->type == 't' || v->type == 'T') {
        size_t len = strtoul(s, &end, 10);
        if (*end != ':' || strlen(end + 1) < len)
            return NULL;
        v->s = arena_strndup(a, end + 1, len);
        end += 1 + len;
    } else if (v->type == 'n') {
        end = (char *)(uintptr_t)s;
    }
    return end && *end == '|' ? end + 1 : NULL;
}

/* The value that the order compares, of a record that was read. References are ordered by their ids, keyed
 * texts by their key, which text_key makes from the row's. */
static struct key_value key_of(struct arena *a, const struct lang_sort *s, void *rec)
{
    const struct field *f = s->name.field;
    if (!f) {
        struct attrs *attrs = NULL;
        for (size_t i = 0; i < lead_noun.rec->nfields; i++)
            if (lead_noun.rec->fields[i].type == F_ATTRS)
                attrs = field_attrs(&lead_noun.rec->fields[i], rec);
        const struct attr *x = attrs ? attr_get(attrs, s->name.attr->key) : NULL;
        if (!x)
            return (struct key_value){ .type = 'n' };
        if (x->def->type == F_NUMBER)
            return (struct key_value){ .type = isnan(x->d) ? 'n' : 'd', .d = x->d };
        if (x->def->type == F_TIME || x->def->type == F_FLAG)
            return (struct key_value){ .type = x->i == NONE ? 'n' : 'i', .i = x->i };
        return (struct key_value){ .type = x->s ? 't' : 'n',
                                   .s = x->def->type == F_TEXT ? text_key(a, x->s) : x->s };
    }
    switch (f->type) {
    case F_ID: case F_INT: case F_MONEY: case F_TIME: case F_FLAG:
        return (struct key_value){ .type = *field_int(f, rec) == NONE ? 'n' : 'i', .i = *field_int(f, rec) };
    case F_NUMBER:
        return (struct key_value){ .type = isnan(*field_number(f, rec)) ? 'n' : 'd',
                                   .d = *field_number(f, rec) };
    case F_REF:
        return (struct key_value){ .type = field_ref(f, rec)->id ? 'i' : 'n', .i = field_ref(f, rec)->id };
    default: {
        const char *t = *field_text(f, rec);
        return (struct key_value){ .type = t ? 't' : 'n', .s = f->flags & FIELD_KEYED ? text_key(a, t) : t };
    }
    }
}

/* The values of the order of a row that the caller may see. ST_NOT_FOUND when there is none. */
enum status cursor_keys(const struct plan *p, int64_t id, struct key_value *keys)
{
    struct plan one = { .c = p->c,
                        .noun = p->noun,
                        .env = p->env,
                        .shape = { .noun = p->noun },
                        .sort = p->sort,
                        .nsort = p->nsort };
    struct ctx *c = p->c;
    void *rec = record_new(p->noun->rec, c->arena);
    struct row_reader r;
    struct sql q;
    enum status st = plan_columns(&one, "");
    sql_init(&q, c->arena);
    sql_add(&q, "select ");
    row_columns(&q, &one.shape);
    sql_add(&q, " from ");
    row_from(&q, &one.shape, false);
    sql_add(&q, " where t.id = ");
    sql_int(&q, id);
    sql_add(&q, " and ");
    resolve_scope(c, p->noun, false, &q);
    struct stmt *s = sql_query(&q, c->db);
    bool there = !st && db_row(s);
    row_reader_open(&r, c->db, &one.shape, &c->who->lens, c->arena, c->e);
    if (there)
        st = row_reader_read(&r, s, 0, rec);
    enum status end = db_end(s, st ? NULL : c->e);
    sql_release(&q);
    for (size_t i = 0; there && i < p->nsort; i++)
        keys[i] = key_of(c->arena, &p->sort[i], rec);
    return st ? st : end ? end : there ? ST_OK : ST_NOT_FOUND;
}

/* The whole of the texts that were cut. Where the row has another by now, the place is the one
 * from which no row is skipped. */
static enum status cursor_fill(struct plan *p)
{
    struct key_value *now = arena_array(p->c->arena, struct key_value, p->nsort + 1);
    enum status st = cursor_keys(p, p->from_id, now);
    if (st && st != ST_NOT_FOUND)
        return st;
    for (size_t i = 0; i < p->nsort; i++) {
        struct key_value *v = &p->from[i];
        if (v->type != 'T')
            continue;
        v->type = 't';
        if (!st && now[i].type == 't' && strncmp(now[i].s, v->s, strlen(v->s)) == 0)
            v->s = now[i].s;
        else if (p->sort[i].desc != p->back)            /* read downwards: from behind all that begin so */
            v->s = arena_printf(p->c->arena, "%s\xf4\x8f\xbf\xbf", v->s);
    }
    return ST_OK;
}

/* A custom field may have another type by now. */
static bool fits(const struct lang_sort *s, const struct key_value *v)
{
    enum ftype t = s->name.field ? s->name.field->type : s->name.attr->type;
    bool words = t == F_TEXT || t == F_CHOICE;
    switch (v->type) {
    case 'n': return true;
    case 'd': return t == F_NUMBER;
    case 'i': return t != F_NUMBER && !words;
    default: return words;
    }
}

enum status cursor_read(struct plan *p, const char *cursor)
{
    bool cut = false;
    const char *text = cursor_open(p->c, &p->list, cursor);
    if (!text)
        return ST_INVALID;
    p->from = arena_array(p->c->arena, struct key_value, p->nsort + 1);
    for (size_t i = 0; i < p->nsort; i++) {
        text = cursor_take(p->c->arena, text, &p->from[i]);
        if (!text || !fits(&p->sort[i], &p->from[i]))
            return bad_cursor(p);
        cut |= p->from[i].type == 'T';
    }
    char *end;
    p->from_id = strtoll(text, &end, 10);
    if (*end || end == text)
        return bad_cursor(p);
    return cut ? cursor_fill(p) : ST_OK;
}

const char *cursor_at(struct plan *p, void *rec)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < p->nsort; i++) {
        struct key_value v = key_of(p->c->arena, &p->sort[i], rec);
        cursor_put(&out, &v);
    }
    buf_addf(&out, "%" PRId64, *(int64_t *)rec);
    const char *text = cursor_seal(p->c, &p->list, out.s);
    buf_release(&out);
    return text;
}
