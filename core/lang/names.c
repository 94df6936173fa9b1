#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/lang/test.h"

static const char attr_prefix[] = "attr.";

/* ---- finding --------------------------------------------------------------------------------- */

/* Keys become names of columns: one that could be anything else does not exist here. */
static bool is_plain_key(const char *key)
{
    size_t n = strlen(key);
    return n > 0 && n <= 64 && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static bool same_key(struct arena *a, const char *key, const char *text)
{
    return text && strcmp(text_key(a, text), key) == 0;
}

/* The i-th of the names that there are: fields and spans, or custom fields. False past the last. */
static bool name_at(const struct lang_env *env, bool attr, size_t i, struct lang_name *out)
{
    size_t nfields = env->noun->rec->nfields;
    const struct noun_span *spans = env->noun->spans;
    *out = (struct lang_name){ 0 };
    if (attr && i < env->nattrs)
        out->attr = &env->attrs[i];
    else if (!attr && i < nfields)
        out->field = &env->noun->rec->fields[i];
    else if (!attr && spans && spans[i - nfields].name)
        out->span = &spans[i - nfields];
    else
        return false;
    return true;
}

static bool is_usable(struct lang_name n)
{
    if (n.attr)
        return is_plain_key(n.attr->key);
    return n.span ||
           (n.field->type != F_ATTRS && n.field->type != F_LIST && !(n.field->flags & FIELD_VIRTUAL));
}

static const char *key_of(struct lang_name n)
{
    return n.attr ? n.attr->key : n.span ? n.span->name : n.field ? n.field->name :
           special_print(n.bucket ? SP_BUCKET : SP_SEGMENT, false);
}

/* In the language in use. Labels of custom fields are data, not sentences of the program. */
const char *name_label(struct lang_name n)
{
    return n.attr ? n.attr->label : i18n_text(name_msgid(n));
}

static enum called name_called(struct arena *a, const char *key, struct lang_name n)
{
    if (!n.attr)
        return how_called(a, key, key_of(n), name_msgid(n));
    return same_key(a, key, n.attr->key) ? CALLED_NAME :
           !same_key(a, key, n.attr->label) ? CALLED_NOT : n.attr->off ? CALLED_OTHER : CALLED_SHOWN;
}

bool name_same(struct lang_name a, struct lang_name b)
{
    return a.via == b.via && a.field == b.field && a.attr == b.attr && a.span == b.span &&
           !a.bucket == !b.bucket && (!a.bucket || strcmp(a.bucket, b.bucket) == 0);
}

/* ---- behind a reference ---------------------------------------------------------------------- */

/* The nouns whose rows may be asked about by whoever sees a row that refers to them. */
static const struct noun *const near_nouns[] = {
    &employee_noun, &branch_noun, &channel_noun, &product_noun, &stage_noun, &pool_noun, &person_noun,
};

const struct noun *lang_behind(const struct field *f)
{
    for (size_t i = 0; i < sizeof near_nouns / sizeof *near_nouns; i++)
        if (f && f->type == F_REF && strcmp(near_nouns[i]->name, f->ref) == 0)
            return near_nouns[i];
    return NULL;
}

struct lang_env lang_env_of(const struct lang_env *env, const struct noun *noun)
{
    struct lang_env other = *env;
    other.noun = noun;
    other.attrs = NULL;
    other.nattrs = 0;
    other.sifts = false;
    return other;
}

bool name_lookup_behind(const struct lang_env *env, const struct field *via, const char *text,
                        struct lang_name *out)
{
    const struct noun *noun = lang_behind(via);
    if (!noun)
        return false;
    struct lang_env other = lang_env_of(env, noun);
    if (!name_lookup(&other, false, text, out) || !out->field || out->field->type == F_REFS)
        return false;
    out->via = via;
    return true;
}

static const struct noun_list *find_list(const struct noun *noun, const char *key, struct arena *a)
{
    for (const struct noun_list *l = noun->lists; l && l->name; l++)
        if (strcmp(key, l->name) == 0 || how_called(a, key, l->one, l->label) != CALLED_NOT)
            return l;
    return NULL;
}

const struct noun_list *list_lookup(const struct noun *noun, const char *text)
{
    struct arena a = ARENA_INIT;
    const struct noun_list *l = find_list(noun, text_key(&a, text), &a);
    arena_free(&a);
    return l;
}

enum status list_unknown(const struct noun *noun, const char *text, int column, struct err *e)
{
    char number[NUMBER_TEXT];
    struct near near;
    near_start(&near, text);
    for (const struct noun_list *l = noun->lists; l && l->name; l++) {
        near_try(&near, l->name, l->name);
        near_try(&near, l->one, l->one);
        near_try(&near, i18n_text(l->label), i18n_text(l->label));
    }
    return fail(e, ST_INVALID, "cond.unknown_list", text, near.found, number_text(column, number), NULL);
}

/* ---- finding by name ------------------------------------------------------------------------- */

static bool find_folded(const struct lang_env *env, bool attr, const char *text,
                        struct lang_name *out)
{
    struct arena a = ARENA_INIT;
    const char *key = text_key(&a, text);
    enum called best = CALLED_NOT;
    struct lang_name n;
    int found = 0;

    for (size_t i = 0; *key && best != CALLED_NAME && name_at(env, attr, i, &n); i++) {
        enum called how = is_usable(n) ? name_called(&a, key, n) : CALLED_NOT;
        if (how == CALLED_NOT || how < best)
            continue;
        found = how > best ? 1 : found + 1;
        best = how;
        *out = n;
    }
    arena_free(&a);
    return found == 1;
}

bool name_lookup(const struct lang_env *env, bool attr, const char *text, struct lang_name *out)
{
    const struct record *r = env->noun->rec;
    for (size_t i = 0; !attr && i < r->nfields; i++)
        if (r->fields[i].name[0] == text[0] && strcmp(r->fields[i].name, text) == 0) {
            *out = (struct lang_name){ .field = &r->fields[i] };
            if (is_usable(*out))
                return true;
        }
    for (size_t i = attr ? 0 : r->nfields; name_at(env, attr, i, out); i++)
        if (strcmp(key_of(*out), text) == 0 && is_usable(*out))
            return true;
    return find_folded(env, attr, text, out);
}

static size_t longer(size_t n, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    return len > n ? len : n;
}

size_t name_longest(const struct lang_env *env)
{
    enum { FOLDED = 16 };               /* what is typed may be longer than the key that it has */
    struct lang_name n;
    size_t most = strlen(special_print(SP_SEGMENT, true));
    for (size_t i = 0; name_at(env, false, i, &n); i++) {
        const char *label = name_msgid(n);
        most = longer(longer(most, key_of(n)), i18n_text(label));
        most = longer(longer(most, i18n_english(label)), i18n_other(label));
    }
    return most + FOLDED;
}

/* Is its label that of another too? */
static bool is_shared(const struct lang_env *env, struct lang_name n)
{
    struct lang_name back;
    return !name_lookup(env, n.attr != NULL, name_label(n), &back) || !name_same(back, n);
}

static void near_names(const struct lang_env *env, bool attr, struct near *near)
{
    struct lang_name n;
    for (size_t i = 0; name_at(env, attr, i, &n); i++) {
        if (!is_usable(n))
            continue;
        near_try(near, key_of(n), key_of(n));
        if (name_label(n))
            near_try(near, name_label(n), n.attr || is_shared(env, n) ? key_of(n) : name_label(n));
    }
}

/* Custom fields are suggested as they have to be written. */
static void say_attr(const struct lang_env *env, struct near *near, char out[NAME_TEXT])
{
    for (size_t i = 0; i < env->nattrs; i++)
        if (near->found == env->attrs[i].key) {
            near->found = name_text((struct lang_name){ .attr = &env->attrs[i] }, out);
            return;
        }
}

enum status name_find(const struct lang_env *env, bool attr, const char *text, int column,
                      struct lang_name *out, struct err *e)
{
    if (name_lookup(env, attr, text, out))
        return ST_OK;
    struct near near;
    char say[NAME_TEXT], name[NAME_TEXT], number[NUMBER_TEXT];
    near_start(&near, text);
    if (!attr)
        near_names(env, false, &near);
    near_names(env, true, &near);
    say_attr(env, &near, say);
    snprintf(name, sizeof name, "%s%.*s", attr ? attr_prefix : "", (int)text_cut(text, 128), text);
    return fail(e, ST_INVALID, "cond.unknown_field", name, near.found, number_text(column, number),
                NULL);
}

enum status lang_name_find(const struct lang_env *env, const char *text, struct lang_name *out,
                           struct err *e)
{
    bool attr = strncmp(text, attr_prefix, strlen(attr_prefix)) == 0;
    return name_find_stored(env, attr, text + (attr ? strlen(attr_prefix) : 0), 1, out, e);
}

enum status name_find_stored(const struct lang_env *env, bool attr, const char *text, int column,
                             struct lang_name *out, struct err *e)
{
    char number[NUMBER_TEXT];
    enum status st = name_find(env, attr, text, column, out, e);
    if (!st && out->span)
        st = fail(e, ST_INVALID, "cond.unknown_field", text, out->span->from,
                  number_text(column, number), NULL);
    return st;
}

/* ---- asking ---------------------------------------------------------------------------------- */

int name_type(struct lang_name n)
{
    return n.field ? (int)n.field->type : n.attr ? (int)n.attr->type : n.span ? T_SPAN :
           n.bucket ? T_BUCKET : T_SEGMENT;
}

const struct choice *name_choices(struct lang_name n)
{
    return n.field ? n.field->choices : n.attr ? n.attr->choices : NULL;
}

bool name_is_keyed(struct lang_name n)
{
    return name_type(n) == F_TEXT && (n.attr || (n.field->flags & FIELD_KEYED));
}

bool name_is_masked(const struct lang_env *env, struct lang_name n)
{
    return n.field && (n.field->flags & FIELD_PII) && env->lens && env->lens->mask_names;
}

bool name_refers_to(struct lang_name n, const char *noun)
{
    return n.field && n.field->type == F_REF && strcmp(n.field->ref, noun) == 0;
}

bool lang_may_sort(const struct lang_env *env, struct lang_name name)
{
    return name_type(name) != F_SECRET && name_type(name) != F_REFS && !name_is_masked(env, name);
}

/* ---- writing --------------------------------------------------------------------------------- */

void lang_name_print(struct lang_name name, struct buf *out)
{
    char text[NAME_TEXT];
    buf_adds(out, name_text(name, text));
}

const char *name_msgid(struct lang_name n)
{
    return n.attr ? n.attr->label : n.span ? n.span->label : n.field ? n.field->label :
           n.bucket ? N_("random bucket") : N_("segment");
}

const char *name_text(struct lang_name n, char out[NAME_TEXT])
{
    int len = snprintf(out, NAME_TEXT, "%s%s%s", n.attr ? attr_prefix : n.via ? n.via->name : "",
                       n.via ? "." : "", key_of(n));
    assert(len < NAME_TEXT);
    (void)len;
    return out;
}

const char *name_column(struct arena *a, struct lang_name n, const char *alias, bool key)
{
    if (n.attr)
        return arena_printf(a, LANG_SIDE ".%s_%s", key && name_is_keyed(n) ? "k" : "a",
                            n.attr->key);
    const char *end = n.field->type == F_REF ? "_id" : n.field->type == F_SECRET ? "_hash" :
                      key && name_is_keyed(n) ? "_key" : "";
    return arena_printf(a, "%s.%s%s", alias, n.field->name, end);
}

void lang_column(struct sql *q, struct lang_name name, const char *alias, bool key)
{
    sql_add(q, name_column(q->arena, name, alias, key));
}

const char *number_text(long long v, char out[NUMBER_TEXT])
{
    snprintf(out, NUMBER_TEXT, "%lld", v);
    return out;
}
