/* undo.c - taking back: what a change leaves in its event so that it can be taken back, and lead.undo.
 *
 * A change that can be taken back writes into its event what the lead was before ("was": the fields that
 * it changed, and the version), which tasks it closed ("tasks") and which one it opened ("task"), and by
 * which account ("account"; not all who may assign are employees). Taking back puts just that back, as
 * long as it is the last thing that happened to the lead.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "core/noun/resolve.h"
#include "core/pool/private.h"

/* ---- what is left behind ------------------------------------------------------------------------------ */

/* Facts of people are never touched by what can be taken back, and stay out of events. */
static bool traced(const struct field *f)
{
    static const bool types[] = {
        [F_INT] = true, [F_MONEY] = true, [F_TIME] = true, [F_FLAG] = true,
        [F_TEXT] = true, [F_CHOICE] = true, [F_REF] = true, [F_LIST] = false,
    };
    return f->off >= sizeof(struct row_head) && types[f->type] && !(f->flags & (FIELD_PII | FIELD_VIRTUAL));
}

/* Numbers as text: they may be larger than JSON's keep. */
static void old_value(struct jw *w, const struct field *f, const struct lead *was)
{
    char text[24];
    void *rec = (void *)(uintptr_t)was;
    jw_key(w, f->name);
    if (f->type == F_REF)
        jw_id(w, field_ref(f, rec)->id);
    else if (f->type == F_TEXT || f->type == F_CHOICE)
        jw_str(w, *field_text(f, rec));
    else if (*field_int(f, rec) == NONE)
        jw_null(w);
    else {
        snprintf(text, sizeof text, "%" PRId64, *field_int(f, rec));
        jw_str(w, text);
    }
}

static void old_values(struct jw *w, const struct lead *was, const struct lead *now)
{
    jw_key(w, "was");
    jw_object(w);
    jw_key(w, "version");
    jw_id(w, was->head.version);
    for (size_t i = 0; i < lead_record.nfields; i++) {
        const struct field *f = &lead_record.fields[i];
        if (traced(f) && !field_equal(f, was, now))
            old_value(w, f, was);
    }
    jw_end_object(w);
}

const char *trace_json(struct ctx *c, const char *data, const struct lead *was, const struct lead *now,
                       const struct trace *t)
{
    struct buf b = BUF_INIT, more = BUF_INIT;
    struct jw w;
    jw_init(&w, &more);
    jw_object(&w);
    old_values(&w, was, now);
    jw_key(&w, "tasks");
    jw_array(&w);
    for (size_t i = 0; i < t->n; i++)
        jw_id(&w, t->closed[i]);
    jw_end_array(&w);
    jw_key(&w, "task");
    jw_id(&w, t->opened);
    jw_key(&w, "account");
    jw_id(&w, c->who->account);
    jw_end_object(&w);
    size_t len = data ? strlen(data) : 0;
    if (len > 2)
        buf_addf(&b, "%.*s,%s", (int)len - 1, data, more.s + 1);
    const char *text = arena_strdup(c->arena, len > 2 ? b.s : more.s);
    buf_release(&b);
    buf_release(&more);
    return text;
}

/* ---- what is read again ------------------------------------------------------------------------------- */

/* The last thing that happened to a lead; looking at it is nothing. */
struct last { int64_t at; const char *type; struct json *data; };

static enum status last_event(struct ctx *c, int64_t lead, struct last *out)
{
    const char *data = NULL;
    *out = (struct last){ .at = NONE };
    struct stmt *q = db_query(c->db,
                              "select type, at, data from event where subject = $1 and noun = 'lead' "
                              "and type <> 'lead.revealed' order by id desc limit 1",
                              "i", lead);
    if (db_row(q)) {
        out->type = db_strdup(q, 0, c->arena);
        out->at = db_int(q, 1);
        data = db_strdup(q, 2, c->arena);
    }
    enum status st = db_end(q, c->e);
    if (!st && data && json_parse(data, strlen(data), &out->data, NULL))
        out->data = NULL;
    return st;
}

static int64_t number_of(const struct json *j)
{
    const char *s = json_string(j);
    return s ? strtoll(s, NULL, 10) : NONE;
}

static void put_back(struct arena *a, const struct field *f, const struct json *old, struct lead *l)
{
    if (f->type == F_REF)
        *field_ref(f, l) = (struct ref){ .id = json_string(old) ? number_of(old) : 0 };
    else if (f->type == F_TEXT || f->type == F_CHOICE)
        *field_text(f, l) = arena_strdup(a, json_string(old));
    else
        *field_int(f, l) = number_of(old);
}

static void put_all_back(struct ctx *c, const struct json *was, struct lead *l)
{
    for (const struct json *old = json_first(was); old; old = json_next(old)) {
        const struct field *f = record_field(&lead_record, json_key(old));
        if (f && traced(f))
            put_back(c->arena, f, old, l);
    }
}

/* ---- may it be taken back? ---------------------------------------------------------------------------- */

static const struct { const char *event; enum right right; } ways_back[] = {
    { "lead.claimed", RIGHT_LEAD_CLAIM },   { "lead.assigned", RIGHT_LEAD_ASSIGN },
    { "lead.returned", RIGHT_LEAD_WRITE },  { "lead.stage_changed", RIGHT_LEAD_WRITE },
    { "lead.tagged", RIGHT_LEAD_WRITE },
};
enum { WAYS_BACK = sizeof ways_back / sizeof *ways_back };

static enum status check_last(struct ctx *c, const struct last *last, const struct lead *now)
{
    size_t i = 0;
    while (last->type && i < WAYS_BACK && strcmp(ways_back[i].event, last->type) != 0)
        i++;
    if (!last->type || !last->data || i == WAYS_BACK)
        return fail(c->e, ST_CONFLICT, "undo.nothing", NULL);
    if (number_of(json_get(last->data, "account")) != c->who->account)
        return fail(c->e, ST_DENIED, "undo.not_yours", NULL);
    if (!actor_may(c->who, ways_back[i].right))
        return fail(c->e, ST_DENIED, "right.missing", "lead.undo", right_label(ways_back[i].right), NULL);
    if (c->now - last->at > UNDO_MINUTES * (int64_t)CLOCK_MINUTE)
        return fail(c->e, ST_CONFLICT, "undo.late", arena_printf(c->arena, "%d", UNDO_MINUTES), NULL);
    int64_t version = number_of(json_get(json_get(last->data, "was"), "version"));
    if (version + 1 != now->head.version)
        return fail(c->e, ST_CONFLICT, "undo.nothing", NULL);
    return ST_OK;
}

/* The place that it goes back to may have changed meanwhile. */
static enum status check_place(struct ctx *c, const struct lead *now, const struct lead *back)
{
    struct employee to;
    struct pool pool;
    if (back->open != 1)
        return ST_OK;
    enum status st = lead_fits_pool(c, back);
    if (!st && back->owner.id && back->owner.id != now->owner.id)
        st = receiver_check(c, back->owner.id, &to);
    if (!st && back->pool.id && back->pool.id != now->pool.id)
        st = row_get(c->db, &pool_noun, back->pool.id, NULL, c->arena, &pool, c->e);
    if (!st && back->pool.id && back->pool.id != now->pool.id && pool.active == 0)
        st = fail(c->e, ST_CONFLICT, "POOL_DISABLED", pool.name, NULL);
    return st || now->open == 1 ? st : lead_collision(c, back);
}

/* ---- doing it ----------------------------------------------------------------------------------------- */

static enum status tasks_back(struct ctx *c, const struct last *last, int64_t lead)
{
    int64_t opened = number_of(json_get(last->data, "task"));
    enum status st = ST_OK;
    if (opened != NONE)
        st = db_exec(c->db, c->e,
                     "update task set state = 'cancelled', done_at = $1, updated_at = $1, version = "
                     "version + 1 "
                     "where id = $2 and lead_id = $3 and state = 'open'",
                     "iii", c->now, opened, lead);
    for (const struct json *j = json_first(json_get(last->data, "tasks")); j && !st; j = json_next(j))
        st = db_exec(c->db, c->e,
                     "update task set state = 'open', done_at = null, updated_at = $1, version = version + 1 "
                     "where id = $2 and lead_id = $3 and state = 'cancelled'",
                     "iii", c->now, number_of(j), lead);
    return st;
}

static enum status find_tags(struct ctx *c, const struct json *codes, struct refs *out)
{
    size_t n = 0;
    enum status st = ST_OK;
    for (const struct json *j = json_first(codes); j; j = json_next(j))
        n++;
    *out = (struct refs){ arena_array(c->arena, struct ref, n), 0 };
    for (const struct json *j = json_first(codes); j && !st; j = json_next(j)) {
        struct ref *r = &out->items[out->n];
        st = row_resolve(c->db, &tag_noun, json_string(j), r, c->arena, c->e);
        if (!st && r->id)
            out->n++;
        else if (!st)
            st = fail(c->e, ST_CONFLICT, "undo.nothing", NULL);
    }
    return st;
}

static enum status tags_back(struct ctx *c, const struct last *last, struct lead *l)
{
    struct refs added, removed;
    enum status st = find_tags(c, json_get(last->data, "add"), &added);
    if (!st)
        st = find_tags(c, json_get(last->data, "remove"), &removed);
    if (!st)
        l->tags = tags_changed(c->arena, &l->tags, &removed, &added);
    return st ? st : tags_check(c, NULL, &removed);
}

/* Whom an assignment told of his new lead, or of the one that was taken away, hears how it is now. */
static enum status tell(struct ctx *c, const struct last *last, const struct lead *now,
                        const struct lead *back)
{
    if (strcmp(last->type, "lead.assigned") != 0)
        return ST_OK;
    enum status st = lead_notify(c, now, now->owner.id, "message.taken_away");
    return st || !back->owner.id ? st : lead_notify(c, back, back->owner.id, "message.assigned");
}

static enum status take_back(struct ctx *c, const struct last *last, const struct lead *now, int64_t *version)
{
    struct lead back = *now;
    enum status st = check_last(c, last, now);
    if (st)
        return st;
    put_all_back(c, json_get(last->data, "was"), &back);
    if (strcmp(last->type, "lead.tagged") == 0)
        st = tags_back(c, last, &back);
    if (!st)
        st = check_place(c, now, &back);
    if (!st && back.open == 1 && now->open != 1)
        st = lead_heed(c, &back);
    if (!st)
        st = tasks_back(c, last, now->head.id);
    if (!st)
        st = tell(c, last, now, &back);
    c->detail = arena_printf(c->arena, "{\"event\":\"%s\"}", last->type);
    if (!st)
        st = lead_save(c, now, &back, "lead.undone", c->detail);
    *version = back.head.version;
    return st;
}

static enum status undo_one(struct ctx *c, const void *in, const struct lead_at *at, struct outcome *o)
{
    (void)in;
    struct lead now;
    struct last last;
    enum status st = lead_load(c, at->id, at->version, &now);
    if (!st)
        st = last_event(c, at->id, &last);
    if (st)
        return st;
    c->subject = now.head.id;
    c->subject_branch = now.branch.id;
    st = take_back(c, &last, &now, &o->version);
    json_free(last.data);
    return st;
}

/* Whoever may do one of the things may take it back; which right it needs is known when the event is. */
enum status op_undo(struct ctx *c, const struct op *op, const void *in, void *out)
{
    bool may = false;
    for (size_t i = 0; i < WAYS_BACK; i++)
        may = may || actor_may(c->who, ways_back[i].right);
    if (!may)
        return fail(c->e, ST_DENIED, "right.missing", op->name, right_label(RIGHT_LEAD_WRITE), NULL);
    return do_lead(c, in, undo_one, out);
}
