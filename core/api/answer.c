/* answer.c - the same key, the same answer. */
#include <string.h>

#include "base/json.h"
#include "core/api/running.h"
#include "core/model/record_json.h"

enum { ANSWER_DAYS = 7 };           /* answers are kept so long for their keys */

bool answer_is_kept(const struct running *r)
{
    const struct record *out = r->call->op->out;
    for (size_t i = 0; out && i < out->nfields; i++)
        if (out->fields[i].flags & FIELD_PII)
            return false;
    return r->call->key != NULL;
}

/* Over the input as it was given: what it refers to may be renamed before the key comes again.
 * number: of the database's key; false when it is not here. */
static bool digest_request(struct running *r, int number, unsigned char out[32])
{
    const struct record *in = r->call->op->in;
    struct buf b = BUF_INIT;
    struct jw w;
    jw_init(&w, &b);
    jw_array(&w);
    jw_str(&w, r->call->op->name);
    if (in && r->call->in)
        record_to_json(&w, in, r->call->in);
    for (size_t i = 0; in && r->call->given && i < in->nfields; i++)
        jw_bool(&w, r->call->given[i]);
    jw_end_array(&w);
    bool known = keys_mac_of(r->line->keys, number, "answer", b.s, b.len, out);
    buf_release(&b);
    return known;
}

/* Is it the digest of this request, under the key of its time? */
static bool same_request(struct running *r, const unsigned char digest[32])
{
    unsigned char mine[32];
    for (size_t i = 0; i < keys_count(r->line->keys); i++)
        if (digest_request(r, keys_info(r->line->keys, i).number, mine) && memcmp(mine, digest, 32) == 0)
            return true;
    return false;
}

static enum status parse_reply(struct running *r, const char *text)
{
    const struct op *op = r->call->op;
    if (op->many != OUT_ONE)
        return ST_OK;
    struct json *j;
    bool *given;
    enum status st = json_parse(text, strlen(text), &j, r->ctx.e);
    if (st)
        return st;
    st = record_from_json(j, op->out, NULL, 0, r->ctx.arena, r->out, &given, r->ctx.e);
    json_free(j);
    return st;
}

enum status answer_replay(struct running *r, bool *known)
{
    *known = false;
    if (!answer_is_kept(r))
        return ST_OK;
    struct stmt *s =
        db_query(r->line->db, "select request, reply from answer where account_id = $1 and key = $2",
                 "it", r->who->actor.account, r->call->key);
    bool there = db_row(s), same = false;
    const char *reply = NULL;
    if (there) {
        same = db_bytes(s, 0) == 32 && same_request(r, db_blob(s, 0));
        bool ours = r->kept && strcmp(db_text(s, 1), r->kept) == 0;
        reply = ours ? r->kept : db_strdup(s, 1, r->ctx.arena);
    }
    enum status st = db_end(s, r->ctx.e);
    if (st || !there)
        return st;
    if (!same)
        return fail(r->ctx.e, ST_CONFLICT, "key.reused", NULL);
    *known = true;
    if (reply == r->kept)
        return ST_OK;
    r->kept = reply;
    return parse_reply(r, reply);
}

enum status answer_keep(struct running *r)
{
    unsigned char digest[32] = { 0 };
    const struct op *op = r->call->op;
    if (!answer_is_kept(r))
        return ST_OK;
    digest_request(r, keys_current(r->line->keys), digest);
    enum status old = db_exec(r->line->db, r->ctx.e, "delete from answer where at < $1", "i",
                              r->ctx.now - ANSWER_DAYS * (int64_t)CLOCK_DAY);
    if (old)
        return old;
    struct buf b = BUF_INIT;
    if (op->many == OUT_ONE) {
        struct jw w;
        jw_init(&w, &b);
        record_to_json(&w, op->out, r->out);
    }
    enum status st = db_exec(r->line->db, r->ctx.e,
                             "insert into answer (account_id, key, operation, request, reply, at) "
                             "values ($1, $2, $3, $4, $5, $6) on conflict (account_id, key) "
                             "do update set reply = excluded.reply, at = excluded.at",
                             "ittbti", r->who->actor.account, r->call->key, op->name, digest,
                             (size_t)32, b.s, r->ctx.now);
    r->kept = op->each ? arena_strdup(r->ctx.arena, b.s) : NULL;
    buf_release(&b);
    return st;
}
