/* tables.c - what leads refer to: channels, products, tags, pools, stages. Nothing is ever deleted;
 * what is no longer wanted is switched off, unless leads would be lost by it. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/model/labels.h"
#include "core/model/record_text.h"
#include "core/org/private.h"

/* Is this the row that the lead engine takes where nothing else was said? */
static bool is(struct ctx *c, const char *code, const char *word)
{
    return strcmp(text_key(c->arena, code), word) == 0;
}

/* ---- channels -------------------------------------------------------------------------------- */

static enum status before_channel(struct ctx *c, const void *old_, void *rec)
{
    const struct channel *old = old_;
    struct channel *x = rec;
    if (!x->kind)
        x->kind = old ? old->kind : "online";
    org_default(&x->active, 1);
    enum status st = org_whole(c, &channel_noun, x);
    return st || !old ? st : org_no_ring(c, &channel_noun, "parent", x->head.id, x->parent.id);
}

const struct crud channel_crud = { .noun = &channel_noun, .before = before_channel };

/* ---- products -------------------------------------------------------------------------------- */

static enum status before_product(struct ctx *c, const void *old_, void *rec)
{
    const struct product *old = old_;
    struct product *x = rec;
    org_default(&x->active, 1);
    if (old && org_switched_off(&old->active, x->active) && is(c, x->code, "none"))
        return fail_field(c->e, ST_CONFLICT, "active", "product.none_needed", NULL);
    return org_whole(c, &product_noun, x);
}

const struct crud product_crud = { .noun = &product_noun, .before = before_product };

/* ---- tags ------------------------------------------------------------------------------------ */

/* What stands in a list of tags is told apart again by its separators. */
static bool is_one_word(struct ctx *c, const char *code)
{
    struct refs words;
    refs_parse(code, c->arena, &words);
    return words.n == 1 && strcmp(words.items[0].code, code) == 0;
}

static enum status before_tag(struct ctx *c, const void *old, void *rec)
{
    struct tag *x = rec;
    org_default(&x->active, 1);
    if (!old && x->code && !is_one_word(c, x->code))
        return fail_field(c->e, ST_INVALID, "code", "tag.separator", x->code, NULL);
    return org_whole(c, &tag_noun, x);
}

const struct crud tag_crud = { .noun = &tag_noun, .before = before_tag };

/* ---- pools ----------------------------------------------------------------------------------- */

static enum status check_pool_off(struct ctx *c, const struct pool *x)
{
    int64_t others = 0;
    if (is(c, x->code, "default"))
        return fail_field(c->e, ST_CONFLICT, "active", "pool.default_needed", NULL);
    enum status st =
        db_get_int(c->db, c->e, &others, "select count(*) from pool where active = 1 and id <> $1",
                   "i", x->head.id);
    if (!st && others == 0)
        st = fail_field(c->e, ST_CONFLICT, "active", "pool.last", NULL);
    if (!st)
        st = org_none(c, "active", "pool.has_leads", "select count(*) from lead where pool_id = $1",
                      x->head.id);
    if (!st)
        st = org_none(c, "active", "pool.has_pools",
                      "select count(*) from pool where parent_id = $1 and active = 1", x->head.id);
    return st;
}

/* Leads are raised to the parent: it must be there to take them. */
static enum status check_pool_parent(struct ctx *c, const struct pool *old, const struct pool *x)
{
    bool same = old && old->parent.id == x->parent.id && old->active == x->active;
    if (!x->parent.id || x->active != 1 || same)
        return ST_OK;
    int64_t active = 0;
    enum status st = db_get_int(c->db, c->e, &active, "select active from pool where id = $1", "i",
                                x->parent.id);
    if (!st && active != 1)
        st = fail_field(c->e, ST_CONFLICT, "parent", "pool.inactive", x->parent.name, NULL);
    return st;
}

/* What waits in a pool that moves to another branch must still be seen by its own people. */
static enum status check_pool_moves(struct ctx *c, const struct pool *x)
{
    int64_t lost = 0;
    enum status st = db_get_int(c->db, c->e, &lost,
                                "select count(*) from lead l, branch b, branch p where l.pool_id = $1"
                                " and l.open = 1 and b.id = l.branch_id and p.id = $2"
                                " and not (p.path <= b.path and b.path < p.path || '~')",
                                "ii", x->head.id, x->branch.id);
    if (st || !lost)
        return st;
    return fail_field(c->e, ST_CONFLICT, "branch", "pool.leads_elsewhere",
                      arena_printf(c->arena, "%lld", (long long)lost), NULL);
}

static enum status before_pool(struct ctx *c, const void *old_, void *rec)
{
    const struct pool *old = old_;
    struct pool *x = rec;
    org_default(&x->active, 1);
    enum status st = org_whole(c, &pool_noun, x);
    if (!st && (!old || old->branch.id != x->branch.id))
        st = org_branch_in_use(c, &x->branch);
    if (!st && old && old->branch.id != x->branch.id)
        st = check_pool_moves(c, x);
    if (!st && old)
        st = org_no_ring(c, &pool_noun, "parent", x->head.id, x->parent.id);
    if (!st)
        st = check_pool_parent(c, old, x);
    if (!st && old && org_switched_off(&old->active, x->active))
        st = check_pool_off(c, x);
    return st;
}

const struct crud pool_crud = { .noun = &pool_noun, .before = before_pool };

/* ---- stages ---------------------------------------------------------------------------------- */

/* The stages that operations put leads into by themselves. */
static bool stage_needed(struct ctx *c, const char *code)
{
    static const char *const codes[] = { "new", "contacted", "won", "lost" };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (is(c, code, codes[i]))
            return true;
    return false;
}

static enum status check_stage_off(struct ctx *c, const struct stage *x)
{
    if (stage_needed(c, x->code))
        return fail_field(c->e, ST_CONFLICT, "active", "stage.needed", x->code, NULL);
    return org_none(c, "active", "stage.has_leads", "select count(*) from lead where stage_id = $1",
                    x->head.id);
}

static enum status before_stage(struct ctx *c, const void *old_, void *rec)
{
    const struct stage *old = old_;
    struct stage *x = rec;
    org_default(&x->active, 1);
    enum status st = org_whole(c, &stage_noun, x);
    if (!st && !x->name && !stage_shipped(x->code))
        st = fail_field(c->e, ST_INVALID, "name", "field.required", N_("name"), NULL);
    if (!st && old && org_switched_off(&old->active, x->active))
        st = check_stage_off(c, x);
    return st;
}

const struct crud stage_crud = { .noun = &stage_noun, .before = before_stage };
