/* custom.c - custom fields: a definition, and a real column of the side table for it (a second
 * one with the search form beside a text). This is the one place where an operation changes the
 * schema. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/org/private.h"
#include "core/store/ddl.h"

/* ---- choices --------------------------------------------------------------------------------- */

struct words { const char **items; size_t n; };

/* "gold, silver" to its words, blanks at their ends cut. */
static struct words split(struct arena *a, const char *text)
{
    struct words w = { 0 };
    size_t cap = 0;
    for (const char *p = text; p;) {
        size_t len = strcspn(p, ","), skip = strspn(p, " ");
        const char *next = p[len] ? p + len + 1 : NULL;
        size_t from = skip < len ? skip : len;
        while (len > from && p[len - 1] == ' ')
            len--;
        w.items = arena_grow(a, w.items, sizeof *w.items, &cap, w.n + 1);
        w.items[w.n++] = arena_strndup(a, p + from, len - from);
        p = next;
    }
    return w;
}

static const char *join(struct arena *a, const struct words *w)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < w->n; i++)
        buf_addf(&out, "%s%s", i ? "," : "", w->items[i]);
    const char *text = arena_strdup(a, out.s);
    buf_release(&out);
    return text;
}

static bool among(struct arena *a, const struct words *w, size_t n, const char *word)
{
    const char *key = text_key(a, word);
    for (size_t i = 0; i < n; i++)
        if (strcmp(text_key(a, w->items[i]), key) == 0)
            return true;
    return false;
}

static enum status check_words(struct ctx *c, const struct words *w)
{
    if (w->n > CUSTOM_CHOICES_MOST)
        return fail_field(c->e, ST_INVALID, "choices", "custom_field.too_many_choices",
                          arena_printf(c->arena, "%d", CUSTOM_CHOICES_MOST), NULL);
    for (size_t i = 0; i < w->n; i++) {
        if (!*text_key(c->arena, w->items[i]))
            return fail_field(c->e, ST_INVALID, "choices", "custom_field.empty_choice", NULL);
        if (among(c->arena, w, i, w->items[i]))
            return fail_field(c->e, ST_INVALID, "choices", "custom_field.same_choice", w->items[i],
                              NULL);
    }
    return ST_OK;
}

/* A choice that some lead has stays. */
static enum status check_kept(struct ctx *c, const struct custom_field *old,
                              const struct words *now)
{
    struct words were = split(c->arena, old->choices ? old->choices : "");
    enum status st = ST_OK;
    for (size_t i = 0; i < were.n && !st; i++) {
        if (among(c->arena, now, now->n, were.items[i]))
            continue;
        int64_t used = 0;
        st = db_get_int(c->db, c->e, &used,
                        arena_printf(c->arena, "select count(*) from %s where k_%s = $1",
                                     lead_noun.attr_table, old->code),
                        "t", text_key(c->arena, were.items[i]));
        if (!st && used)
            st = fail_field(c->e, ST_CONFLICT, "choices", "custom_field.choice_used", were.items[i],
                            arena_printf(c->arena, "%lld", (long long)used), NULL);
    }
    return st;
}

static enum status settle_choices(struct ctx *c, const struct custom_field *old,
                                  struct custom_field *x)
{
    if (strcmp(x->type, "choice") != 0)
        return x->choices ? fail_field(c->e, ST_INVALID, "choices", "custom_field.no_choices", NULL)
                          : ST_OK;
    if (!x->choices)
        return fail_field(c->e, ST_INVALID, "choices", "field.required", N_("choices"), NULL);
    struct words w = split(c->arena, x->choices);
    enum status st = check_words(c, &w);
    if (!st && old)
        st = check_kept(c, old, &w);
    x->choices = join(c->arena, &w);
    return st;
}

/* ---- the definition -------------------------------------------------------------------------- */

static enum status check_key(struct ctx *c, const char *key)
{
    size_t n = strlen(key);
    if (n > 0 && n <= CUSTOM_KEY_MAX &&
        strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == n)
        return ST_OK;
    return fail_field(c->e, ST_INVALID, "code", "custom_field.key", key,
                      arena_printf(c->arena, "%d", CUSTOM_KEY_MAX), NULL);
}

/* A new one stands behind all others, and there are not too many. */
static enum status settle_new(struct ctx *c, struct custom_field *x)
{
    int64_t n = 0;
    enum status st = check_key(c, x->code);
    if (!st)
        st = db_get_int(c->db, c->e, &n, "select count(*) from custom_field where noun = $1", "t",
                        x->noun);
    if (!st && n >= CUSTOM_FIELDS_MOST)
        st = fail(c->e, ST_CONFLICT, "custom_field.too_many",
                  arena_printf(c->arena, "%d", CUSTOM_FIELDS_MOST), NULL);
    org_default(&x->position, n);
    return st;
}

static enum status before(struct ctx *c, const void *old_, void *rec)
{
    const struct custom_field *old = old_;
    struct custom_field *x = rec;
    enum status st = old ? ST_OK : settle_new(c, x);
    org_default(&x->position, old ? old->position : 0);
    org_default(&x->active, 1);
    if (!st)
        st = org_whole(c, &custom_field_noun, x);
    return st ? st : settle_choices(c, old, x);
}

/* ---- the column ------------------------------------------------------------------------------ */

static enum ftype column_type(const char *type)
{
    if (strcmp(type, "number") == 0)
        return F_NUMBER;
    if (strcmp(type, "date") == 0)
        return F_TIME;
    return strcmp(type, "flag") == 0 ? F_FLAG : F_TEXT;
}

static enum status after(struct ctx *c, const void *old, void *rec)
{
    const struct custom_field *x = rec;
    if (old)
        return ST_OK;
    char column[CUSTOM_KEY_MAX + 3];
    enum ftype type = column_type(x->type);
    snprintf(column, sizeof column, "a_%s", x->code);
    enum status st = db_add_column(c->db, lead_noun.attr_table, column, type, c->e);
    column[0] = 'k';
    if (!st && type == F_TEXT)
        st = db_add_column(c->db, lead_noun.attr_table, column, F_TEXT, c->e);
    return st;
}

const struct crud custom_field_crud = {
    .noun = &custom_field_noun, .before = before, .after = after,
};
