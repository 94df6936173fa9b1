#include "core/noun/resolve.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/model/labels.h"

/* A shipped stage is also known by its word in the reader's language: 阶段 = 新线索. */
static enum status stage_by_label(struct ctx *c, const char *word, int64_t *id)
{
    const char *key = text_key(c->arena, word);
    struct stmt *s = db_query(c->db, "select id, code, name from stage order by position", "");
    while (!*id && db_row(s)) {
        struct ref stage = { db_int(s, 0), db_strdup(s, 1, c->arena), db_strdup(s, 2, c->arena) };
        const char *label = stage_label(&stage);
        if (label && strcmp(text_key(c->arena, i18n_text(label)), key) == 0)
            *id = stage.id;
    }
    return db_end(s, c->e);
}

static enum status find_ref(void *self, const char *noun, const char *word, int64_t *id, struct err *e)
{
    struct ctx *c = self;
    struct ref r;
    enum status st = row_resolve(c->db, noun_find(noun), word, &r, c->arena, e);
    *id = st ? 0 : r.id;
    return st || *id || strcmp(noun, "stage") != 0 ? st : stage_by_label(c, word, id);
}

static enum status find_index(void *self, const struct field *f, const char *value,
                              unsigned char out[SECRET_HASH], struct err *e)
{
    struct ctx *c = self;
    return row_secret_index(c->db, f, value, c->arena, out, e);
}

static const char *const *list_codes(void *self, const char *noun, struct arena *a)
{
    struct ctx *c = self;
    enum { MOST = 200 };
    const struct noun *n = noun_find(noun);
    if (strcmp(n->code, "code") != 0)
        return NULL;
    const char **codes = arena_array(a, const char *, MOST + 1);
    size_t count = 0;
    struct stmt *s = db_query(
        c->db, arena_printf(a, "select code from %s order by code_key limit %d", n->table, MOST),
        "");
    while (db_row(s) && count < MOST)
        codes[count++] = db_strdup(s, 0, a);
    db_end(s, NULL);
    return codes;
}

enum status resolve_env(struct ctx *c, const struct noun *noun, struct lang_env *out)
{
    struct lang_resolver *r = arena_new(c->arena, struct lang_resolver);
    *r = (struct lang_resolver){
        .self = c, .ref = find_ref, .secret_index = find_index, .codes = list_codes
    };
    *out = (struct lang_env){ .noun = noun, .lens = &c->who->lens, .me = c->who->employee.id, .resolver = r };
    return noun->attr_table ? attr_defs(c->db, noun, c->arena, &out->attrs, &out->nattrs, c->e) : ST_OK;
}

void resolve_scope(const struct ctx *c, const struct noun *noun, struct sql *q)
{
    if (noun == &message_noun && c->who->account) {         /* messages are their receiver's alone */
        sql_add(q, "t.to_id = ");
        sql_int(q, c->who->employee.id);
    } else if (noun->scope) {
        actor_scope(c->who, arena_printf(c->arena, "t.%s", noun->scope), q);
    } else if ((noun == &person_noun || noun == &consent_noun) && !c->who->see_all) {
        /* a person is seen by those who may see one of his leads */
        sql_addf(q, "exists (select 1 from lead l where l.person_id = t.%s and ",
                 noun == &person_noun ? "id" : "person_id");
        actor_scope(c->who, "l.branch_id", q);
        sql_add(q, ")");
    } else {
        sql_add(q, "1 = 1");
    }
}

enum status resolve_refs(struct ctx *c, const struct record *r, void *rec)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->type != F_REF)
            continue;
        struct ref *ref = field_ref(f, rec);
        enum status st = ST_OK;
        const char *word = ref->code;
        if (ref->id)
            st = row_ref(c->db, f->ref, ref->id, c->arena, ref, c->e);
        else if (word)
            st = row_resolve(c->db, noun_find(f->ref), word, ref, c->arena, c->e);
        else
            continue;
        if (st)
            return st;
        if (!ref->id || !ref->code)
            return fail_field(c->e, ST_INVALID, f->name, "ref.unknown", f->label, word ? word : "", NULL);
    }
    return ST_OK;
}
