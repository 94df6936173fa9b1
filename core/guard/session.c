#include "core/guard/session.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/text.h"

enum { TOKEN_BYTES = 32, DIGEST = 32, LABEL_MOST = 200 /* bytes of what is shown */, KEPT_DAYS = 30 };

#define KEY_MARK "ghk_"

static const int64_t touch_ms = CLOCK_MINUTE;

const struct session_rules session_rules = {
    .whole_ms = 12 * (int64_t)CLOCK_HOUR, .idle_ms = 30 * (int64_t)CLOCK_MINUTE, .most = 8,
};

/* ---- tokens ------------------------------------------------------------------------------------ */

static void make_token(const char *mark, char out[SESSION_TOKEN])
{
    unsigned char bytes[TOKEN_BYTES];
    size_t n = strlen(mark);
    memcpy(out, mark, n);
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(out + n, SESSION_TOKEN - n, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

/* Of what somebody sent, whatever it is. */
static void digest(const char *token, unsigned char out[DIGEST])
{
    crypto_generichash(out, DIGEST, (const unsigned char *)token, strlen(token), NULL, 0);
}

/* What a client says of itself goes on screens: no controls, and not without end. */
static const char *label(struct arena *a, const char *text)
{
    if (!text || !*text || !text_valid(text, strlen(text)))
        return NULL;
    char *copy = arena_strdup(a, text);
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    return strlen(copy) <= LABEL_MOST ? copy : NULL;
}

/* ---- ending ------------------------------------------------------------------------------------ */

static enum status tell(struct ctx *c, const char *type, const char *noun, int64_t id, const char *why)
{
    const char *data = why ? arena_printf(c->arena, "{\"why\":\"%s\"}", why) : NULL;
    return ctx_event(c, type, noun, id, 0, data);
}

enum status session_end(struct ctx *c, int64_t id, const char *why, bool *ended)
{
    enum status st = db_exec(c->db, c->e,
                             "update session set ended_at = $1, why = $2 where id = $3 and ended_at is null",
                             "iti", c->now, why, id);
    bool was = !st && db_changes(c->db) > 0;
    if (ended)
        *ended = was;
    return was ? tell(c, "session.ended", "session", id, why) : st;
}

struct ids { int64_t *items; size_t n, cap; };

static enum status read_ids(struct ctx *c, struct stmt *q, struct ids *out)
{
    *out = (struct ids){ 0 };
    while (db_row(q)) {
        out->items = arena_grow(c->arena, out->items, sizeof *out->items, &out->cap, out->n + 1);
        out->items[out->n++] = db_int(q, 0);
    }
    return db_end(q, c->e);
}

/* The account's open ones, the newest first. */
static enum status open_ones(struct ctx *c, int64_t account, struct ids *out)
{
    return read_ids(c, db_query(c->db,
                                "select id from session where account_id = $1 and ended_at is null"
                                " order by id desc", "i", account), out);
}

enum status session_end_all(struct ctx *c, int64_t account, int64_t keep, const char *why, int64_t *n)
{
    struct ids all;
    int64_t count = 0;
    enum status st = open_ones(c, account, &all);
    for (size_t i = 0; i < all.n && !st; i++) {
        bool ended = false;
        if (all.items[i] != keep)
            st = session_end(c, all.items[i], why, &ended);
        count += ended;
    }
    if (n)
        *n = count;
    return st;
}

enum status session_account_off(struct ctx *c, int64_t account)
{
    struct ids keys = { 0 };
    enum status st = session_end_all(c, account, 0, "account", NULL);
    if (!st)
        st = read_ids(c, db_query(c->db, "select id from api_key where account_id = $1 and ended_at is null",
                                  "i", account), &keys);
    for (size_t i = 0; i < keys.n && !st; i++)
        st = api_key_end(c, keys.items[i], NULL);
    return st;
}

/* ---- beginning --------------------------------------------------------------------------------- */

/* Those whose time is over are still open in the table: nobody was there to end them. */
static enum status end_the_late(struct ctx *c, int64_t account)
{
    enum status st = db_exec(c->db, c->e,
                             "update session set ended_at = ends_at, why = 'expired'"
                             " where account_id = $1 and ended_at is null and ends_at <= $2", "ii", account,
                             c->now);
    if (!st)
        st = db_exec(c->db, c->e,
                     "update session set ended_at = seen_at + idle_ms, why = 'idle'"
                     " where account_id = $1 and ended_at is null and seen_at + idle_ms <= $2", "ii",
                     account, c->now);
    if (!st)
        st = db_exec(c->db, c->e, "delete from session where ends_at < $1", "i",
                     c->now - KEPT_DAYS * (int64_t)CLOCK_DAY);
    return st;
}

static enum status make_room(struct ctx *c, int64_t account, int64_t most)
{
    struct ids all;
    enum status st = open_ones(c, account, &all);
    for (size_t i = most > 0 ? (size_t)most - 1 : 0; i < all.n && !st; i++)
        st = session_end(c, all.items[i], "many", NULL);
    return st;
}

enum status session_begin(struct ctx *c, const struct session_new *s, char token[SESSION_TOKEN], int64_t *id)
{
    const struct session_rules *r = s->rules ? s->rules : &session_rules;
    unsigned char hash[DIGEST];
    enum status st = end_the_late(c, s->account);
    if (!st)
        st = make_room(c, s->account, r->most);
    if (st)
        return st;
    make_token("", token);
    digest(token, hash);
    *id = db_new_id(c->db);
    st = db_exec(c->db, c->e,
                 "insert into session (id, account_id, token_hash, made_at, seen_at, ends_at, idle_ms,"
                 " from_addr, agent) values ($1, $2, $3, $4, $4, $5, $6, $7, $8)", "iibiiItt", *id,
                 s->account, hash, (size_t)DIGEST, c->now, c->now + r->whole_ms, r->idle_ms,
                 label(c->arena, s->from), label(c->arena, s->agent));
    return st ? st : tell(c, "session.created", "session", *id, NULL);
}

/* ---- finding ----------------------------------------------------------------------------------- */

enum { S_ID, S_ACCOUNT, S_LOGIN, S_SEEN, S_ENDS, S_IDLE, S_ENDED, S_WHY };
#define SESSION_COLUMNS \
    "select s.id, s.account_id, a.code, s.seen_at, s.ends_at, s.idle_ms, s.ended_at, s.why" \
    " from session s join account a on a.id = s.account_id where "

static enum status read_session(struct stmt *q, int64_t now, struct arena *a, struct bearer *out,
                                struct err *e)
{
    const char *code = NULL, *why = NULL;
    if (db_row(q)) {
        int64_t idle = db_int(q, S_IDLE), seen = db_int(q, S_SEEN);
        *out = (struct bearer){ .session = db_int(q, S_ID), .account = db_int(q, S_ACCOUNT),
                                .login = db_strdup(q, S_LOGIN, a), .touch = now - seen >= touch_ms };
        if (!db_null(q, S_ENDED)) {
            code = "session.ended";
            why = db_strdup(q, S_WHY, a);
        } else if (db_int(q, S_ENDS) <= now) {
            code = "session.expired";
        } else if (idle != NONE && now - seen >= idle) {
            code = "session.idle";
        }
    } else {
        code = "session.unknown";
    }
    enum status st = db_end(q, e);
    return st || !code ? st : fail(e, ST_DENIED, code, why, NULL);
}

enum { K_ID, K_ACCOUNT, K_LOGIN, K_SEEN, K_ENDS, K_RIGHTS, K_ENDED };
#define KEY_COLUMNS \
    "select k.id, k.account_id, a.code, k.seen_at, k.ends_at, k.rights, k.ended_at" \
    " from api_key k join account a on a.id = k.account_id where "

static enum status read_key(struct stmt *q, int64_t now, struct arena *a, struct bearer *out, struct err *e)
{
    const char *code = NULL;
    if (db_row(q)) {
        int64_t seen = db_int(q, K_SEEN);
        *out = (struct bearer){ .key = db_int(q, K_ID), .account = db_int(q, K_ACCOUNT),
                                .login = db_strdup(q, K_LOGIN, a), .rights = db_strdup(q, K_RIGHTS, a),
                                .touch = seen == NONE || now - seen >= touch_ms };
        if (!db_null(q, K_ENDED) || db_int(q, K_ENDS) <= now)
            code = "api_key.ended";
    } else {
        code = "api_key.unknown";
    }
    enum status st = db_end(q, e);
    return st || !code ? st : fail(e, ST_DENIED, code, NULL);
}

enum status bearer_find(struct db *db, const char *token, int64_t now, struct arena *a, struct bearer *out,
                        struct err *e)
{
    unsigned char hash[DIGEST];
    digest(token, hash);
    *out = (struct bearer){ 0 };
    if (strncmp(token, KEY_MARK, strlen(KEY_MARK)) == 0)
        return read_key(db_query(db, KEY_COLUMNS "k.key_hash = $1", "b", hash, (size_t)DIGEST), now, a, out,
                        e);
    return read_session(db_query(db, SESSION_COLUMNS "s.token_hash = $1", "b", hash, (size_t)DIGEST), now, a,
                        out, e);
}

enum status bearer_actor(struct db *db, const struct bearer *b, int64_t now, struct arena *a,
                         struct actor *out, struct err *e)
{
    struct bearer is;
    const char *bad;
    enum status st = b->key
        ? read_key(db_query(db, KEY_COLUMNS "k.id = $1", "i", b->key), now, a, &is, e)
        : read_session(db_query(db, SESSION_COLUMNS "s.id = $1", "i", b->session), now, a, &is, e);
    if (!st)
        st = actor_load(db, is.login, a, out, e);
    if (st)
        return st;
    out->session = is.session;
    out->key = is.key;
    if (is.key)
        out->rights &= api_key_rights(is.rights, a, &bad);
    return ST_OK;
}

enum status bearer_touch(struct db *db, const struct bearer *b, int64_t now, struct err *e)
{
    if (b->key)
        return db_exec(db, e,
                       "update api_key set seen_at = $1 where id = $2 and (seen_at is null or seen_at <= $3)",
                       "iii", now, b->key, now - touch_ms);
    return db_exec(db, e,
                   "update session set seen_at = $1 where id = $2 and ended_at is null and seen_at <= $3",
                   "iii", now, b->session, now - touch_ms);
}

/* ---- API keys ---------------------------------------------------------------------------------- */

static bool right_of(const char *word, uint64_t *bits)
{
    for (int r = 0; r < RIGHT_COUNT; r++)
        if (strcmp(right_name((enum right)r), word) == 0) {
            *bits |= UINT64_C(1) << r;
            return true;
        }
    return false;
}

uint64_t api_key_rights(const char *names, struct arena *a, const char **bad)
{
    uint64_t bits = UINT64_C(1) << RIGHT_NONE;
    *bad = NULL;
    for (const char *p = names; *p;) {
        size_t n = strcspn(p, ", ");
        const char *word = arena_strndup(a, p, n);
        if (n && !right_of(word, &bits) && !*bad)
            *bad = word;
        p += n;
        p += strspn(p, ", ");
    }
    return bits;
}

static enum status check_name(struct ctx *c, const char *name)
{
    int64_t n = 0;
    enum status st = db_get_int(c->db, c->e, &n,
                                "select count(*) from api_key where account_id = $1 and name_key = $2 and"
                                " ended_at is null", "it", c->who->account, text_key(c->arena, name));
    return st || !n ? st : fail_field(c->e, ST_CONFLICT, "name", "noun.duplicate", "api_key", name, NULL);
}

/* A name is free again when its key's time is over. */
static enum status end_late_keys(struct ctx *c)
{
    return db_exec(c->db, c->e,
                   "update api_key set ended_at = ends_at"
                   " where account_id = $1 and ended_at is null and ends_at <= $2", "ii", c->who->account,
                   c->now);
}

enum status api_key_make(struct ctx *c, const struct api_key_new *k, char key[SESSION_TOKEN], int64_t *id)
{
    unsigned char hash[DIGEST];
    enum status st = end_late_keys(c);
    if (!st)
        st = check_name(c, k->name);
    if (st)
        return st;
    make_token(KEY_MARK, key);
    digest(key, hash);
    *id = db_new_id(c->db);
    st = db_exec(c->db, c->e,
                 "insert into api_key (id, account_id, name, name_key, key_hash, rights, made_at, ends_at)"
                 " values ($1, $2, $3, $4, $5, $6, $7, $8)", "iittbtii", *id, c->who->account, k->name,
                 text_key(c->arena, k->name), hash, (size_t)DIGEST, k->rights, c->now, k->ends_at);
    return st ? st : tell(c, "api_key.created", "api_key", *id, NULL);
}

enum status api_key_end(struct ctx *c, int64_t id, bool *ended)
{
    enum status st = db_exec(c->db, c->e,
                             "update api_key set ended_at = $1 where id = $2 and ended_at is null", "ii",
                             c->now, id);
    bool was = !st && db_changes(c->db) > 0;
    if (ended)
        *ended = was;
    return was ? tell(c, "api_key.ended", "api_key", id, NULL) : st;
}
