#include "core/noun/resolve.h"

#include <string.h>

#include "base/text.h"
#include "core/model/labels.h"

/* A shipped stage is also known by its word in either language: 阶段 = 新线索. */
static enum status stage_by_label(struct ctx *c, const char *word, int64_t *id)
{
    const char *key = text_key(c->arena, word);
    enum called best = CALLED_NOT;
    struct stmt *s = db_query(c->db, "select id, code, name from stage order by position", "");
    while (db_row(s)) {
        struct ref stage = { db_int(s, 0), db_strdup(s, 1, c->arena), db_strdup(s, 2, c->arena) };
        const char *label = stage_label(&stage);
        enum called how = label ? how_called(c->arena, key, stage.code, label) : CALLED_NOT;
        if (how > best) {
            best = how;
            *id = stage.id;
        }
    }
    return db_end(s, c->e);
}

bool resolve_is_customer(const struct noun *n)
{
    return n == &lead_noun || n == &person_noun;
}

static enum status find_ref(void *self, const char *noun, const char *word, int64_t *id, struct err *e)
{
    struct ctx *c = self;
    const struct noun *n = noun_find(noun);
    struct ref r;
    bool seen = true;
    enum status st = row_resolve(c->db, n, word, &r, c->arena, e);
    if (!st && resolve_is_customer(n))
        st = resolve_seen(c, n, r.id, &seen);
    *id = st || !seen ? 0 : r.id;
    return st || *id || strcmp(noun, "stage") != 0 ? st : stage_by_label(c, word, id);
}

static enum status find_index(void *self, const struct field *f, const char *value,
                              unsigned char out[SECRET_HASH], struct err *e)
{
    struct ctx *c = self;
    return row_secret_index(c->db, f, value, c->arena, out, e);
}

static bool find_former(void *self, const struct field *f, const char *value,
                        unsigned char out[SECRET_HASH])
{
    struct ctx *c = self;
    return row_secret_former(c->db, f, value, out);
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

/* The segment of that noun, by code or else by a unique name, among those that he may use. */
static enum status segment_called(struct ctx *c, const struct noun *noun, const char *column, const char *key,
                                  struct lang_segment *out, struct arena *a, struct err *e)
{
    struct sql q;
    sql_init(&q, c->arena);
    sql_addf(&q, "select t.id, t.kind, t.condition from segment t where t.%s = ", column);
    sql_text(&q, key);
    sql_add(&q, " and t.active = 1 and t.noun = ");
    sql_text(&q, noun->name);
    sql_add(&q, " and ");
    resolve_scope(c, &segment_noun, false, &q);
    sql_add(&q, " limit 2");
    *out = (struct lang_segment){ 0 };
    struct stmt *s = sql_query(&q, c->db);
    if (db_row(s)) {
        bool listed = strcmp(db_text(s, 1), "dynamic") != 0;
        const char *where = listed ? NULL : db_null(s, 2) ? "" : db_strdup(s, 2, a);
        *out = (struct lang_segment){ .id = db_int(s, 0), .where = where };
    }
    if (out->id && db_row(s))
        *out = (struct lang_segment){ 0 };
    enum status st = db_end(s, e);
    sql_release(&q);
    return st;
}

static enum status find_segment(void *self, const struct noun *noun, const char *word,
                                struct lang_segment *out, struct arena *a, struct err *e)
{
    struct ctx *c = self;
    const char *key = text_key(c->arena, word);
    enum status st = segment_called(c, noun, "code_key", key, out, a, e);
    return st || out->id ? st : segment_called(c, noun, "name_key", key, out, a, e);
}

enum status resolve_may_read(struct ctx *c, const struct noun *noun)
{
    enum right right = right_to_read(noun->name);
    if (actor_may(c->who, right))
        return ST_OK;
    return fail(c->e, ST_DENIED, "right.missing", arena_printf(c->arena, "%s.list", noun->name),
                right_label(right), NULL);
}

enum status resolve_segment(struct ctx *c, const struct noun *noun, const char *word,
                            struct lang_segment *out)
{
    return find_segment(c, noun, word, out, c->arena, c->e);
}

enum status resolve_word(struct ctx *c, const struct lang_env *env, const char *noun, const char *word,
                         struct ref *out)
{
    struct lang_segment s = { 0 };
    enum status st = strcmp(noun, segment_noun.name) == 0
                         ? find_segment(c, env->noun, word, &s, c->arena, c->e)
                         : find_ref(c, noun, word, &s.id, c->e);
    *out = (struct ref){ 0 };
    return st || !s.id ? st : row_ref(c->db, noun, s.id, c->arena, out, c->e);
}

enum status resolve_env(struct ctx *c, const struct noun *noun, struct lang_env *out)
{
    struct lang_resolver *r = arena_new(c->arena, struct lang_resolver);
    *r = (struct lang_resolver){
        .self = c, .ref = find_ref, .secret_index = find_index, .secret_former = find_former,
        .codes = list_codes, .segment = find_segment
    };
    *out = (struct lang_env){ .noun = noun, .lens = &c->who->lens, .me = c->who->employee.id,
                              .my_branch = c->who->home, .resolver = r };
    return noun->attr_table ? attr_defs(c->db, noun, c->arena, &out->attrs, &out->nattrs, c->e) : ST_OK;
}

/* Pools are seen by those who have them in their branches, and by their public. */
static void scope_of_pools(const struct actor *who, struct sql *q)
{
    sql_add(q, "(");
    actor_scope(who, "t.branch_id", q);
    for (size_t i = 0; i < who->npools; i++) {
        sql_add(q, " or t.id = ");
        sql_int(q, who->pools[i]);
    }
    sql_add(q, ")");
}

/* Segments and filters are seen by their owner; shared with a branch, by those there and below, and by those
 * in whose scope it is; shared with all, by all. */
static void scope_of_shared(const struct actor *who, struct sql *q)
{
    if (!who->account) {
        sql_add(q, "1 = 1");
        return;
    }
    sql_add(q, "(t.account_id = ");
    sql_int(q, who->account);
    sql_add(q, " or t.sharing = 'all' or (t.sharing = 'branch' and (");
    actor_scope(who, "t.branch_id", q);
    if (who->path) {
        sql_add(q, " or exists (select 1 from branch b where b.id = t.branch_id and b.path <= ");
        sql_text(q, who->path);
        sql_add(q, " and ");
        sql_text(q, who->path);
        sql_add(q, " < b.path || '~')");
    }
    sql_add(q, ")))");
}

void resolve_scope(const struct ctx *c, const struct noun *noun, bool drives, struct sql *q)
{
    if (noun == &message_noun && c->who->account) {         /* messages are their receiver's alone */
        sql_add(q, "t.to_id = ");
        sql_int(q, c->who->employee.id);
    } else if (noun == &lead_noun) {
        actor_scope_leads(c->who, "t", drives, q);
    } else if (noun == &pool_noun) {
        scope_of_pools(c->who, q);
    } else if (noun == &segment_noun || noun == &filter_noun) {
        scope_of_shared(c->who, q);
    } else if (noun->scope) {
        actor_scope(c->who, arena_printf(c->arena, "t.%s", noun->scope), q);
    } else if ((noun == &person_noun || noun == &consent_noun) && !c->who->see_all) {
        /* a person is seen by those who may see one of his leads */
        sql_addf(q, "exists (select 1 from lead l where l.person_id = t.%s and ",
                 noun == &person_noun ? "id" : "person_id");
        actor_scope_leads(c->who, "l", false, q);
        sql_add(q, ")");
    } else {
        sql_add(q, "1 = 1");
    }
}

/* Is the row there at all? */
static enum status note_hidden(struct ctx *c, const struct noun *noun, int64_t id)
{
    struct stmt *s = db_query(c->db,
                              arena_printf(c->arena, "select %s from %s where id = $1",
                                           noun->scope ? noun->scope : "null", noun->table),
                              "i", id);
    if (db_row(s))
        c->hidden = (struct hidden){ noun, id, db_null(s, 0) ? 0 : db_int(s, 0) };
    return db_end(s, c->e);
}

enum status resolve_seen(struct ctx *c, const struct noun *noun, int64_t id, bool *seen)
{
    struct sql q;
    sql_init(&q, c->arena);
    sql_addf(&q, "select 1 from %s t where t.id = ", noun->table);
    sql_int(&q, id);
    sql_add(&q, " and ");
    resolve_scope(c, noun, false, &q);
    struct stmt *s = sql_query(&q, c->db);
    *seen = db_row(s);
    enum status st = db_end(s, c->e);
    sql_release(&q);
    return st || *seen ? st : note_hidden(c, noun, id);
}

enum status resolve_not_found(struct ctx *c, const struct noun *noun)
{
    return fail(c->e, ST_NOT_FOUND, "noun.not_found", noun->name, NULL);
}

/* The same answer, by the same steps, for what is not there and what is out of scope. */
static enum status resolve_secret(struct ctx *c, const struct noun *n, struct ref *ref)
{
    bool seen = false;
    enum status st = ref->id ? ST_OK : row_resolve(c->db, n, ref->code, ref, c->arena, c->e);
    int64_t id = ref->id;
    if (!st)
        st = resolve_seen(c, n, id, &seen);
    if (!st && !seen)
        st = resolve_not_found(c, n);
    return st ? st : row_ref(c->db, n->name, id, c->arena, ref, c->e);
}

/* The row that an id or a word names. */
static enum status resolve_one(struct ctx *c, const struct field *f, struct ref *ref)
{
    const struct noun *n = noun_find(f->ref);
    const char *word = ref->code;
    enum status st = ST_OK;
    if (!ref->id && !word)
        return ST_OK;
    if (resolve_is_customer(n))
        return resolve_secret(c, n, ref);
    if (ref->id)
        st = row_ref(c->db, f->ref, ref->id, c->arena, ref, c->e);
    else
        st = row_resolve(c->db, n, word, ref, c->arena, c->e);
    if (!st && (!ref->id || !ref->code))
        st = fail_field(c->e, ST_INVALID, f->name, "ref.unknown", f->label, word ? word : "", NULL);
    return st;
}

/* Several, in a copy without repeats: the caller's own stay as they came. */
static enum status resolve_several(struct ctx *c, const struct field *f, struct refs *refs)
{
    struct refs copy = { arena_array(c->arena, struct ref, refs->n), 0 };
    for (size_t i = 0; i < refs->n; i++) {
        struct ref one = refs->items[i];
        enum status st = resolve_one(c, f, &one);
        if (st)
            return st;
        if (one.id && !refs_have(&copy, one.id))
            copy.items[copy.n++] = one;
    }
    *refs = copy;
    return ST_OK;
}

static bool same_ref(const struct field *f, const void *old, struct ref *ref)
{
    return old && ref->id && field_ref(f, (void *)(uintptr_t)old)->id == ref->id;
}

enum status resolve_refs(struct ctx *c, const struct record *r, const void *old, void *rec)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < r->nfields && !st; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == F_REF && !same_ref(f, old, field_ref(f, rec)))
            st = resolve_one(c, f, field_ref(f, rec));
        else if (f->type == F_REFS && !field_empty(f, rec))
            st = resolve_several(c, f, field_refs(f, rec));
    }
    return st;
}
