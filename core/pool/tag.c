/* tag.c - tags on leads: lead.tag, and what every way of putting them on checks. */
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "core/pool/private.h"

static const struct field tag_in_fields[] = {
    FIELD_ID(struct tag_in, id, N_("id")),
    FIELD_REF(struct tag_in, lead, "lead", N_("lead")),
    FIELD_INT(struct tag_in, version, N_("version")),
    FIELD_LIST(struct tag_in, leads, &lead_at_record, N_("leads")),
    FIELD_REFS(struct tag_in, add, "tag", N_("tags to put on")),
    FIELD_REFS(struct tag_in, remove, "tag", N_("tags to take off")),
};
const struct record tag_in_record = RECORD(struct tag_in, "tag_in", tag_in_fields);

enum status tags_check(struct ctx *c, const struct refs *had, const struct refs *now)
{
    enum status st = ST_OK;
    for (size_t i = 0; i < now->n && !st; i++) {
        int64_t active = 0;
        if (had && refs_have(had, now->items[i].id))
            continue;
        st = db_get_int(c->db, c->e, &active, "select active from tag where id = $1", "i", now->items[i].id);
        if (!st && active != 1)
            st = fail_field(c->e, ST_CONFLICT, "tags", "tag.inactive", now->items[i].name, NULL);
    }
    return st;
}

/* What is in `more` and not in `less`. */
static struct refs without(struct arena *a, const struct refs *more, const struct refs *less)
{
    struct refs out = { arena_array(a, struct ref, more->n), 0 };
    for (size_t i = 0; i < more->n; i++)
        if (!refs_have(less, more->items[i].id))
            out.items[out.n++] = more->items[i];
    return out;
}

static struct refs together(struct arena *a, const struct refs *x, const struct refs *y)
{
    struct refs out = { arena_array(a, struct ref, x->n + y->n), x->n };
    if (x->n)
        memcpy(out.items, x->items, x->n * sizeof *out.items);
    for (size_t i = 0; i < y->n; i++)
        out.items[out.n++] = y->items[i];
    return out;
}

struct refs tags_changed(struct arena *a, const struct refs *had, const struct refs *add,
                         const struct refs *remove)
{
    struct refs kept = without(a, had, remove), more = without(a, add, &kept);
    return together(a, &kept, &more);
}

static void codes_json(struct jw *w, const char *key, const struct refs *refs)
{
    jw_key(w, key);
    jw_array(w);
    for (size_t i = 0; i < refs->n; i++)
        jw_str(w, refs->items[i].code);
    jw_end_array(w);
}

/* {"add": ["vip"], "remove": []}: what really changed. */
static const char *change_json(struct arena *a, const struct refs *add, const struct refs *remove)
{
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_object(&w);
    codes_json(&w, "add", add);
    codes_json(&w, "remove", remove);
    jw_end_object(&w);
    const char *text = arena_strdup(a, b.s);
    buf_release(&b);
    return text;
}

static enum status tag_one(struct ctx *c, const void *in_, const struct lead_at *at, struct outcome *o)
{
    const struct tag_in *in = in_;
    struct lead was;
    enum status st = lead_load(c, at->id, at->version, &was);
    if (!st)
        st = lead_is_mine(c, &was);
    if (st)
        return st;
    struct lead now = was;
    struct refs kept = without(c->arena, &was.tags, &in->remove), more = without(c->arena, &in->add, &kept),
                fewer = without(c->arena, &was.tags, &kept);
    now.tags = tags_changed(c->arena, &was.tags, &in->add, &in->remove);
    st = tags_check(c, &was.tags, &now.tags);
    if (!st)
        st = field_check(record_field(&lead_record, "tags"), &now, false, c->e);
    c->subject = was.head.id;
    c->subject_branch = was.branch.id;
    if (!st && (more.n || fewer.n)) {
        const char *change = change_json(c->arena, &more, &fewer);
        st = lead_save_traced(c, &was, &now, "lead.tagged", change, &(struct trace){ 0 });
        c->detail = change;
    }
    o->version = now.head.version;
    return st;
}

enum status op_tag(struct ctx *c, const struct op *op, const void *in_, void *out)
{
    (void)op;
    const struct tag_in *in = in_;
    if (!in->add.n && !in->remove.n)
        return fail_field(c->e, ST_INVALID, "add", "field.required", N_("tags to put on"), NULL);
    for (size_t i = 0; i < in->add.n; i++)
        if (refs_have(&in->remove, in->add.items[i].id))
            return fail_field(c->e, ST_INVALID, "remove", "tag.both", in->add.items[i].name, NULL);
    return do_lead(c, in, tag_one, out);
}
