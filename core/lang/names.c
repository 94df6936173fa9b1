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

/* The i-th of the names that there are: fields, or custom fields. False past the last. */
static bool name_at(const struct lang_env *env, bool attr, size_t i, struct lang_name *out)
{
    if (i >= (attr ? env->nattrs : env->noun->rec->nfields))
        return false;
    *out = attr ? (struct lang_name){ .attr = &env->attrs[i] } :
                  (struct lang_name){ .field = &env->noun->rec->fields[i] };
    return true;
}

static bool is_usable(struct lang_name n)
{
    if (n.attr)
        return is_plain_key(n.attr->key);
    return n.field->type != F_ATTRS && n.field->type != F_LIST && !(n.field->flags & FIELD_VIRTUAL);
}

static const char *key_of(struct lang_name n)
{
    return n.attr ? n.attr->key : n.field->name;
}

/* In the language in use. Labels of custom fields are data, not sentences of the program. */
const char *name_label(struct lang_name n)
{
    return n.attr ? n.attr->label : i18n_text(n.field->label);
}

static enum called name_called(struct arena *a, const char *key, struct lang_name n)
{
    if (n.field)
        return how_called(a, key, n.field->name, n.field->label);
    return same_key(a, key, n.attr->key) ? CALLED_NAME :
           same_key(a, key, n.attr->label) ? CALLED_SHOWN : CALLED_NOT;
}

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
    for (size_t i = 0; name_at(env, attr, i, out); i++)
        if (strcmp(key_of(*out), text) == 0 && is_usable(*out))
            return true;
    return find_folded(env, attr, text, out);
}

/* Is its label that of another too? */
static bool is_shared(const struct lang_env *env, struct lang_name n)
{
    struct lang_name back;
    return !name_lookup(env, n.attr != NULL, name_label(n), &back) || back.field != n.field;
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
    return name_find(env, attr, text + (attr ? strlen(attr_prefix) : 0), 1, out, e);
}

/* ---- asking ---------------------------------------------------------------------------------- */

enum ftype name_type(struct lang_name n)
{
    return n.field ? n.field->type : n.attr->type;
}

const struct choice *name_choices(struct lang_name n)
{
    return n.field ? n.field->choices : n.attr->choices;
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
    return n.attr ? n.attr->label : n.field->label;
}

const char *name_text(struct lang_name n, char out[NAME_TEXT])
{
    const char *key = key_of(n);
    size_t len = strlen(key), before = n.attr ? sizeof attr_prefix - 1 : 0;
    assert(before + len < NAME_TEXT);
    memcpy(out, attr_prefix, before);
    memcpy(out + before, key, len + 1);
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
